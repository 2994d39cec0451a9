"""The power is cut at any instant, in the middle of a sector's neighbour: by replaying what a writer asked of the disk.

Nothing that was answered OK is lost. The same harness sees synchronous=NORMAL lose.
"""

import random
import shutil
from pathlib import Path

import pytest

from scanstation.store.engine import sqlite_library
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.reliability.recorded import Call, Disk, recorded
from tests.reliability.rounds import rounds, seen
from tests.reliability.writers import ORDER, stocked

pytestmark = pytest.mark.long
UNITS = 60


def cuts(store: Store, folder: Path, *more: str) -> tuple[int, int, int]:
    """Rounds, those that lost something, and acknowledged serials that were lost; nothing may be damaged."""
    assert store.path is not None
    disk = folder / "disk"
    disk.mkdir()
    path = shutil.copy(store.path, disk / "store.db")
    before = Path(path).read_bytes()
    calls = recorded(
        ["-m", "tests.reliability.writer", f"sqlite:///{path}", ORDER, "dock-1", "-", str(UNITS), *more], disk
    )
    answers = [call for call in calls if call.what == "answer"]
    assert len(answers) == UNITS
    chance, done, losing, lost = random.Random(3), 0, 0, 0
    for number in rounds(60):
        cut = chance.randrange(1, len(calls))
        missing = missing_after(calls[:cut], str(path), before, chance, folder / f"cut-{number}")
        done, losing, lost = done + 1, losing + bool(missing), lost + len(missing)
    return done, losing, lost


def missing_after(calls: list[Call], path: str, before: bytes, chance: random.Random, place: Path) -> set[str]:
    """What was acknowledged before the cut, and is not there after it."""
    disk, answered = Disk({path: bytearray(before)}), set()
    for call in calls:
        if call.what == "answer":
            answered.add(call.data.decode().split()[1])
        else:
            disk.do(call)
    place.mkdir()
    for name, content in disk.after_a_cut(chance).items():
        (place / Path(name).name).write_bytes(content)
    connection = sqlite_library().connect(str(place / "store.db"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    there = {row[0] for row in connection.execute("SELECT text FROM unit_code WHERE live")}
    connection.close()
    shutil.rmtree(place)
    return answered - there


@pytest.fixture
def closed(site: Site, store: Store) -> Store:
    """A store with an order, in one file."""
    stocked(site)
    store.close()
    return store


def test_a_power_cut_loses_nothing_that_was_answered(closed: Store, tmp_path: Path) -> None:
    done, _, lost = cuts(closed, tmp_path)
    seen("power cuts with torn sectors, synchronous=FULL", cuts=done, acknowledged_and_lost=lost)
    assert lost == 0


def test_the_harness_sees_what_is_lost_without_a_sync(closed: Store, tmp_path: Path) -> None:
    done, losing, lost = cuts(closed, tmp_path, "--normal")
    seen("the same, synchronous=NORMAL", cuts=done, of_them_losing=losing, acknowledged_and_lost=lost)
    assert losing > 0
