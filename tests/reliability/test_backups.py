"""Backups beside writers that never pause: whoever writes waits no longer for them."""

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanstation.domain.backups import BackupPlan
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import backups
from tests.reliability.rounds import rounds, seen
from tests.reliability.writers import lost, stocked, writers

pytestmark = pytest.mark.long
WRITER = """
import sys, time
from scanstation.store.store import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
end, worst, count = time.monotonic() + 8, 0.0, 0
while time.monotonic() < end:
    began = time.monotonic()
    store.act(lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num = version_num"))
    worst, count = max(worst, time.monotonic() - began), count + 1
print(worst, count)
"""


def worst_wait(store: Store, folder: Path, *, beside: bool) -> tuple[float, int]:
    """The longest wait of eight writers, in seconds, and how many backups were made beside them."""
    url = f"sqlite:///{store.path}"
    words = [sys.executable, "-c", WRITER, url]
    running = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "open\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    made = 0
    if beside:
        maker = [sys.executable, "-c", MAKER, url, str(folder)]
        while running[0].poll() is None:
            subprocess.run(maker, check=True)
            made += 1
    return max(float(one.communicate()[0].split()[0]) for one in running), made


MAKER = """
import os, sys
from datetime import UTC, datetime
os.nice(10)
from scanstation.domain.backups import BackupPlan
from scanstation.workflows.upkeep import backups
found = backups.make_if_due(sys.argv[1], BackupPlan(sys.argv[2], every_hours=1e-9, keep=2), datetime.now(UTC))
assert not found.trouble, found
"""


def test_they_wait_at_most_three_tenths_longer(site: Site, store: Store, tmp_path: Path) -> None:
    store.act(lambda tx: tx.exec_driver_sql("CREATE TABLE mine AS SELECT randomblob(34000000) AS much") and None)
    folder = tmp_path / "backups"
    folder.mkdir()
    without, _ = worst_wait(store, folder, beside=False)
    beside, made = worst_wait(store, folder, beside=True)
    figures = {"backups_of_34_MB": made, "ms_worst_wait_without": round(without * 1000)}
    seen("backup beside eight writers", **figures, ms_worst_wait_beside=round(beside * 1000))
    assert made > 0
    assert beside - without <= 0.3


def test_a_backup_that_is_killed_leaves_no_half_one(site: Site, store: Store, tmp_path: Path) -> None:
    stocked(site)
    folder, chance, killed = tmp_path / "backups", random.Random(5), 0
    folder.mkdir()
    url = f"sqlite:///{store.path}"
    with writers(url, tmp_path, "dock-1") as running:
        for _ in rounds(5):
            running.wait_for(3)
            with subprocess.Popen([sys.executable, "-c", MAKER, url, str(folder)]) as maker:
                try:
                    maker.wait(chance.uniform(0.0, 4.0))
                except subprocess.TimeoutExpired:
                    killed += 1
                    maker.kill()
            for made in folder.glob("store.backup.*.db"):
                assert not made.with_name(made.name + "-wal").exists()
    found = backups.make_if_due(url, BackupPlan(str(folder), 1e-9), datetime.now(UTC))
    assert found.trouble == ""
    half = len([*folder.glob(".store.*.part")])
    seen("backups that were killed", kills=killed, half_ones_left=half)
    assert half == 0
    assert lost(store, running.acknowledged()) == set()
