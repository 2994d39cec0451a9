"""Disks that fail or are full, and rights that are taken away: told, nothing half done, and work goes on afterwards.

The system's answers are changed by strace; the small disk is a tmpfs in a name space of its own (unshare).
"""

import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic, sleep

import pytest

from scanstation.store.store import Store, open_store
from scanstation.workflows.site import Site
from tests.reliability.rounds import seen
from tests.reliability.writers import ORDER, lost, stocked

pytestmark = pytest.mark.long
UNITS = 25
WRITER = [sys.executable, "-m", "tests.reliability.writer"]
HARM = {
    "writes fail": ("pwrite64:error=EIO", "StoreFailed"),
    "syncs fail": ("fdatasync,fsync:error=EIO", "StoreFailed"),
    "no room": ("pwrite64:error=ENOSPC", "StoreFull"),
    "over the quota": ("pwrite64:error=EDQUOT", "StoreFailed"),
    "cut short": ("ftruncate:error=EIO", ""),
}
"""What the system answers, and what it is told as; empty where it is met seldom."""


def answers(out: str) -> tuple[list[str], Counter[str]]:
    lines = out.splitlines()
    return (
        [line[3:] for line in lines if line.startswith("OK ")],
        Counter(line[3:] for line in lines if line.startswith("NO ")),
    )


@pytest.mark.parametrize("what", HARM)
def test_while_the_disk_fails_nothing_is_saved_and_then_work_goes_on(site: Site, store: Store, what: str) -> None:
    inject, told = HARM[what]
    stocked(site)
    store.close()
    files = [word for ending in ("", "-wal") for word in ("-P", f"{store.path}{ending}")]
    harm = ["-e", f"trace={inject.partition(':')[0]}", "-e", f"inject={inject}:when=30..60"]
    words = ["strace", "-qq", "-o", "/dev/null", *files, *harm]
    ran = subprocess.run(
        [*words, *WRITER, f"sqlite:///{store.path}", ORDER, "dock-1", "-", str(UNITS)], capture_output=True, text=True
    )
    acknowledged, failures = answers(ran.stdout)
    assert ran.returncode == 0, ran.stderr
    assert set(failures) == ({told} if told else set())
    again = open_store(f"sqlite:///{store.path}")
    gone = lost(again, acknowledged)
    again.close()
    seen(f"a disk whose {what}", acknowledged=len(acknowledged), told=sum(failures.values()), lost=len(gone))
    assert gone == set()
    assert len(acknowledged) == UNITS


def test_a_file_that_may_not_grow_is_told_and_then_work_goes_on(site: Site, store: Store, tmp_path: Path) -> None:
    stocked(site)
    store.close()
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))

    words = [*WRITER, f"sqlite:///{store.path}", ORDER, "dock-1", str(acknowledged)]
    with subprocess.Popen(words, preexec_fn=limit) as writer:
        wait_for(acknowledged, "NO ", 5)
        resource.prlimit(writer.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_for(acknowledged, "OK ", len(answers(acknowledged.read_text())[0]) + 20)
        writer.kill()
    done, failures = answers(acknowledged.read_text())
    again = open_store(f"sqlite:///{store.path}")
    assert lost(again, done) == set()
    again.close()
    seen("RLIMIT_FSIZE", acknowledged=len(done), told=sum(failures.values()), lost=0)
    assert set(failures) <= {"StoreFailed", "StoreFull"}


def wait_for(file: Path, beginning: str, count: int) -> None:
    give_up = monotonic() + 120
    while sum(line.startswith(beginning) for line in file.read_text().splitlines()) < count:
        assert monotonic() < give_up, file.read_text()[-500:]
        sleep(0.01)


def test_a_full_disk_is_told_and_then_work_goes_on(tmp_path: Path) -> None:
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    words = [*alone, sys.executable, "-m", "tests.reliability.on_small_disk", str(tmp_path)]
    ran = subprocess.run(words, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    seen("a tmpfs of 16 MB that is full", told=ran.stdout.strip())


def test_rights_that_are_taken_away_are_told_and_then_work_goes_on(site: Site, store: Store) -> None:
    stocked(site)
    store.close()
    assert store.path is not None
    words = [sys.executable, "-m", "tests.reliability.without_rights", str(store.path)]
    ran = subprocess.run(words, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    seen("a file that may only be read", told=ran.stdout.strip())
