"""`load --watch` as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.workflows.site import Site
from tests.builders import product
from tests.cli.conftest import Command
from tests.workflows.watched import BAD, ORDER


class Watcher:
    """The watching process, and what it says."""

    def __init__(self, site: Site, folder: Path) -> None:
        arguments = ["--db", f"sqlite:///{site.store.path}", "load", "--watch", str(folder)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scanstation", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LOGNAME": "erp"},
        )

    def says(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline().rstrip("\n")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        status = self.process.wait(60)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return status


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    product(site, "CAM-500", 5)
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def watcher(site: Site, folder: Path) -> Iterator[Watcher]:
    watching = Watcher(site, folder)
    assert watching.says() == f"Watching {folder}. Ctrl-C ends it."
    yield watching
    if watching.process.poll() is None:
        watching.end(signal.SIGKILL)


def hand_over(folder: Path, name: str, content: str) -> None:
    """As an ERP does that says when a file is complete."""
    (folder / name).write_text(content)
    (folder / f"{name}.done").touch()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_files_are_loaded_as_they_arrive_until_a_signal(
    site: Site, folder: Path, watcher: Watcher, ana: Command, number: int
) -> None:
    hand_over(folder, "orders.csv", ORDER)
    assert watcher.says() == "orders.csv: Loaded: 1 purchase order (1 new). It is loaded/orders.csv now."
    assert "W-EAST" in watcher.says(), "a new warehouse is named"
    hand_over(folder, "bad.csv", BAD)
    assert watcher.says().endswith("It is failed/bad.csv now.")
    assert "NO-SUCH" in watcher.says()
    assert watcher.end(number) == 0
    assert [told["number"] for told in ana("po", "list").json] == ["N-1"]


def test_what_a_killed_watcher_left_is_taken_up_by_the_next(site: Site, folder: Path, watcher: Watcher) -> None:
    hand_over(folder, "orders.csv", ORDER)
    assert watcher.says().endswith("It is loaded/orders.csv now.")
    assert watcher.end(signal.SIGKILL) == -signal.SIGKILL
    (folder / "loaded" / "orders.csv").rename(folder / "orders.csv")  # as if it had died before it moved it
    (folder / "orders.csv.done").touch()
    second = Watcher(site, folder)
    assert second.says().startswith("Watching ")
    assert second.says() == "orders.csv: Loaded: 1 purchase order (1 as before). It is loaded/orders-2.csv now."
    assert second.end(signal.SIGTERM) == 0


def test_a_second_watcher_of_the_folder_is_refused(folder: Path, watcher: Watcher, ana: Command) -> None:
    ran = ana("load", "--watch", folder)
    assert ran.status == 1
    assert ran.err.startswith(f"Another watcher has the folder {folder}.")


def test_a_watch_that_cannot_begin_says_why(site: Site, ana: Command, command: Command, folder: Path) -> None:
    for arguments in (("load",), ("load", "--watch", folder, "x.csv"), ("load", "--watch", folder / "none")):
        assert ana(*arguments).status == 2, arguments
    assert command("--db", f"sqlite:///{folder}/none.db", "load", "--watch", folder).status == 3
