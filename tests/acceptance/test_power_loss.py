"""The station is killed at random instants while scans run: what was answered OK is there, and nothing twice."""

import random
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.reliability.rounds import rounds, seen
from tests.terminal import Terminal

UNITS = 3000
_ANSWERED = re.compile(r"(P\d{5}) \+ (L\d{5}) → CAM")

Start = Callable[[str, str], Terminal]


@pytest.fixture
def start(store: Store, tmp_path: Path) -> Start:
    """Starts the real program on the test's store, at the one station whose work must survive."""

    def begin(screen: str, order: str) -> Terminal:
        assert store.path is not None
        url = f"sqlite:///{store.path}"
        return Terminal(
            [sys.executable, "-m", "scanstation", "--db", url, "--station", "dock-2", screen, order], cwd=tmp_path
        )

    return begin


class Ledger:
    """What the store says of the one order's units, read beside the station."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        with self._store.read() as tx:
            return [tuple(row) for row in tx.exec_driver_sql(query)]

    def finished(self) -> set[tuple[str, ...]]:
        """The pairs of codes of the units that owe nothing."""
        return set(
            self._rows(
                "SELECT first.text, second.text FROM piece"
                " JOIN unit_code first ON first.unit_id = piece.unit_id AND first.kind = 'primary' AND first.live"
                " JOIN unit_code second ON second.unit_id = piece.unit_id AND second.kind = 'secondary' AND second.live"
                " WHERE NOT piece.owed"
            )
        )

    def owed(self) -> tuple[str, ...] | None:
        """The primary of the unit that owes a code: its text, or an empty one; None when nothing is owed."""
        rows = self._rows(
            "SELECT COALESCE((SELECT text FROM unit_code WHERE unit_id = piece.unit_id AND live), '')"
            " FROM piece WHERE piece.owed"
        )
        assert len(rows) <= 1, "one unit at a time owes a code"
        return rows[0] if rows else None

    def codes(self) -> list[str]:
        """Every live code, as often as it is there."""
        return [row[0] for row in self._rows("SELECT text FROM unit_code WHERE live")]

    def pieces(self) -> int:
        """How many units the work has taken."""
        return int(self._rows("SELECT COALESCE(SUM(quantity), 0) FROM piece")[0][0])


def stream(first: int, owed: tuple[str, ...] | None) -> list[str]:
    """The scans of the coming units; the first of them may have been begun before."""
    scans: list[str] = []
    for unit in range(first, first + 15):
        scans += ["CAM-300", f"P{unit:05}", f"L{unit:05}"]
    if owed is None:
        return scans
    return scans[2:] if owed[0] else scans[1:]


def _last_answered(text: str) -> int:
    return max((int(first[1:]) for first, _ in _ANSWERED.findall(text)), default=0)


def kill_while_scanning(store: Store, start: Start, kills: Iterable[int], chance: random.Random) -> tuple[int, int]:
    """Kill the station in the middle of its scans, again and again, and look after each; how often."""
    ledger, done = Ledger(store), 0
    answered: set[tuple[str, ...]] = set()
    for _ in kills:
        finished, owed = ledger.finished(), ledger.owed()
        with start("receive", "N-1") as station:
            station.wait_for(lambda terminal: "goes on" in terminal.text or "is open" in terminal.text)
            if owed is not None:
                station.wait_for("Secondary serial" if owed[0] else "Primary serial")
            station.scan(*stream(len(finished) + 1, owed))
            if units := chance.randint(0, 4):
                last = len(finished) + units
                # That answer or a later one: they come quicker than pictures are drawn.
                station.wait_for(lambda here, last=last: _last_answered(here.text) >= last)  # type: ignore[misc]
            station.pause(chance.uniform(0.0, 0.06))  # so that the blow falls anywhere in a scan
            station.kill()
            station.wait_exit()
            seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", station.raw_output.decode(errors="replace"))
        answered |= {match.groups() for match in _ANSWERED.finditer(seen)}
        kept = ledger.finished()
        assert answered <= kept, f"answered OK and gone: {sorted(answered - kept)}"
        codes = ledger.codes()
        assert len(codes) == len(set(codes)), "a code is there twice"
        assert ledger.pieces() == len(kept) + (ledger.owed() is not None), "a unit was taken without a scan"
        done += 1
    assert answered, "the station was killed before it could answer anything"
    return done, len(answered)


def finish(store: Store, start: Start) -> None:
    """Resume once more, close the owed unit, complete, and look at the counts."""
    ledger = Ledger(store)
    finished, owed = ledger.finished(), ledger.owed()
    with start("receive", "N-1") as station:
        station.wait_for("goes on")
        if owed is not None:
            codes = stream(len(finished) + 1, owed)[: 1 if owed[0] else 2]
            for code in codes:  # each by itself: two in one burst are asked about
                station.scan(code)
                station.wait_for(code)
            last = len(finished) + 1
            station.wait_for(f"P{last:05} + L{last:05}")
        units = len(ledger.finished())
        station.press("f10")
        station.wait_for("lacks")
        station.press("y")
        station.wait_for("saved")
    with store.read() as tx:
        done, in_work = tx.exec_driver_sql(
            "SELECT done, in_work FROM order_line JOIN orders ON orders.id = order_id WHERE kind = 'PO'"
        ).one()
        received = tx.exec_driver_sql("SELECT COUNT(*) FROM unit WHERE status = 'Received'").scalar_one()
        astray = tx.exec_driver_sql(
            "SELECT COUNT(*) FROM unit WHERE status IS NOT"
            " (SELECT status FROM unit_event WHERE unit_id = unit.id ORDER BY id DESC LIMIT 1)"
        ).scalar_one()
    assert (done, in_work, received, astray) == (units, 0, units, 0)


@pytest.fixture
def order(site: Site) -> None:
    product(site, "CAM-300", 3)
    purchase(site, "N-1", {"CAM-300": UNITS})
    shipment(site, "S-1", {"CAM-300": 2})


@pytest.mark.long
@pytest.mark.usefixtures("order")
def test_what_was_answered_survives_twenty_kills(store: Store, start: Start) -> None:
    kill_while_scanning(store, start, range(20), random.Random(20))
    finish(store, start)


@pytest.mark.long
@pytest.mark.usefixtures("order")
def test_what_was_answered_survives_many_kills(store: Store, start: Start) -> None:
    done = kill_while_scanning(store, start, rounds(30), random.Random(200))
    finish(store, start)
    seen("SIGKILL of a station in a terminal", kills=done[0], units_answered=done[1], lost=0)
