"""Stations are killed at random instants while scans run: what was answered OK is there, and nothing twice.

Several stand at one store, each with an order of its own. One after the other is killed, and started again at once, so
that the next ones are ready by the time that they are to scan.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.reliability.rounds import rounds, seen
from tests.terminal import Terminal

STATIONS = 5
UNITS = 9000
_ANSWERED = re.compile(r"(P\d{6}) \+ (L\d{6}) → CAM")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_LOOKED_THROUGH = 200
"""After so many kills the whole store is looked through."""


class Station:
    """One place, the program that stands there at the moment, and what was answered there."""

    def __init__(self, store: Store, folder: Path, place: int) -> None:
        self.order = f"N-{place}"
        self.answered: set[tuple[str, ...]] = set()
        self._place, self._store, self._folder = place, store, folder
        self.terminal = self.begin()

    def begin(self) -> Terminal:
        """Start the real program."""
        arguments = ["--db", self._store.url, "--station", f"dock-{self._place}", "receive", self.order]
        self.terminal = Terminal([sys.executable, "-m", "scanstation", *arguments], cwd=self._folder)
        return self.terminal

    def take_in(self) -> None:
        """Keep what it has told of units that were saved."""
        told = _ESCAPES.sub("", self.terminal.raw_output.decode(errors="replace"))
        self.answered |= {match.groups() for match in _ANSWERED.finditer(told)}

    def stream(self, first: int, owed: tuple[str, ...] | None, units: int = 15) -> list[str]:
        """The scans of the coming units; the first of them may have been begun before."""
        scans: list[str] = []
        for unit in range(first, first + units):
            scans += ["CAM-300", f"P{self._place}{unit:05}", f"L{self._place}{unit:05}"]
        if owed is None:
            return scans
        return scans[2:] if owed[0] else scans[1:]

    # What the store says of the one order's units, read beside the station

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        with self._store.read() as tx:
            rows = tx.exec_driver_sql(
                f"WITH ours AS (SELECT piece.* FROM piece JOIN work ON work.id = work_id"
                f" JOIN orders ON orders.id = order_id WHERE number = ?) {query}",
                (self.order,),
            )
            return [tuple(row) for row in rows]

    def finished(self) -> set[tuple[str, ...]]:
        """The pairs of codes of the units that owe nothing."""
        return set(
            self._rows(
                "SELECT first.text, second.text FROM ours"
                " JOIN unit_code first ON first.unit_id = ours.unit_id AND first.kind = 'primary' AND first.live"
                " JOIN unit_code second ON second.unit_id = ours.unit_id AND second.kind = 'secondary' AND second.live"
                " WHERE NOT ours.owed"
            )
        )

    def owed(self) -> tuple[str, ...] | None:
        """The primary of the unit that owes a code: its text, or an empty one; None when nothing is owed."""
        rows = self._rows(
            "SELECT COALESCE((SELECT text FROM unit_code WHERE unit_id = ours.unit_id AND live), '')"
            " FROM ours WHERE ours.owed"
        )
        assert len(rows) <= 1, "one unit at a time owes a code"
        return rows[0] if rows else None

    def codes(self) -> list[str]:
        """Every live code, as often as it is there."""
        return [row[0] for row in self._rows("SELECT text FROM ours JOIN unit_code USING (unit_id) WHERE live")]

    def pieces(self) -> int:
        """How many units the work has taken."""
        return int(self._rows("SELECT COALESCE(SUM(quantity), 0) FROM ours")[0][0])


def _last_answered(text: str) -> int:
    return max((int(first[2:]) for first, _ in _ANSWERED.findall(text)), default=0)


class Stations:
    """All of them; while one is waited for, the others are heard."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.all = [Station(store, folder, place) for place in range(1, STATIONS + 1)]

    def wait(self, one: Station, condition: Callable[[str], object]) -> None:
        """Wait until it holds of what one shows."""

        def holds(terminal: Terminal) -> object:
            for other in self.all:
                if other is not one:
                    other.terminal.listen()
            return condition(terminal.text)

        one.terminal.wait_for(holds)

    def wait_until_ready(self, one: Station, owed: tuple[str, ...] | None) -> None:
        """Wait until it has its order, and what is owed of it."""
        self.wait(one, lambda text: "goes on" in text or "is open" in text)
        if owed is not None:
            self.wait(one, lambda text: ("Secondary serial" if owed[0] else "Primary serial") in text)

    def close(self) -> None:
        """End all."""
        for one in self.all:
            one.terminal.close()


def kill_while_scanning(stations: Stations, one: Station, chance: random.Random) -> None:
    """Kill a station in the middle of its scans, look what it has left, and start it again."""
    finished, owed = one.finished(), one.owed()
    stations.wait_until_ready(one, owed)
    one.terminal.scan(*one.stream(len(finished) + 1, owed))
    if units := chance.randint(0, 4):
        last = len(finished) + units
        # That answer or a later one: they come quicker than pictures are drawn.
        stations.wait(one, lambda text: _last_answered(text) >= last)
    one.terminal.pause(chance.uniform(0.0, 0.06))  # so that the blow falls anywhere in a scan
    one.terminal.kill()
    one.terminal.wait_exit()
    one.take_in()
    one.terminal.close()
    kept, codes = one.finished(), one.codes()
    assert one.answered <= kept, f"answered OK and gone: {sorted(one.answered - kept)}"
    assert len(codes) == len(set(codes)), "a code is there twice"
    assert one.pieces() == len(kept) + (one.owed() is not None), "a unit was taken without a scan"
    one.begin()


def finish(stations: Stations, one: Station, store: Store) -> None:
    """Close the owed unit, complete, and look at the counts."""
    finished, owed = one.finished(), one.owed()
    stations.wait_until_ready(one, owed)
    if owed is not None:
        codes = one.stream(len(finished) + 1, owed, 1)
        for code in codes:  # each by itself: two in one burst are asked about
            one.terminal.scan(code)
            one.terminal.wait_for(code)
        one.terminal.wait_for(f"{one.stream(len(finished) + 1, None, 1)[1]} + {codes[-1]}")
    units = len(one.finished())
    one.terminal.press("f10")
    one.terminal.wait_for("lacks")
    one.terminal.press("y")
    one.terminal.wait_for("saved")
    with store.read() as tx:
        done, in_work = tx.exec_driver_sql(
            "SELECT done, in_work FROM order_line JOIN orders ON orders.id = order_id WHERE number = ?", (one.order,)
        ).one()
    assert (done, in_work) == (units, 0)


@pytest.fixture
def stations(store: Store, site: Site, tmp_path: Path) -> Iterator[Stations]:
    product(site, "CAM-300", 3)
    for place in range(1, STATIONS + 1):
        purchase(site, f"N-{place}", {"CAM-300": UNITS})
    running = Stations(store, tmp_path)
    yield running
    running.close()


@pytest.mark.long
def test_what_was_answered_survives_every_kill(store: Store, stations: Stations) -> None:
    chance, done = random.Random(200), 0
    for number in rounds(20):
        kill_while_scanning(stations, stations.all[number % STATIONS], chance)
        done += 1
        if done % _LOOKED_THROUGH == 0:
            assert findings(store) == []
    for one in stations.all:
        finish(stations, one, store)
    assert findings(store) == []
    answered = sum(len(one.answered) for one in stations.all)
    assert answered, "each was killed before it could answer anything"
    with store.read() as tx:
        received = tx.exec_driver_sql("SELECT COUNT(*) FROM unit WHERE status = 'Received'").scalar_one()
    assert received == sum(len(one.finished()) for one in stations.all)
    seen("SIGKILL of stations in terminals", stations=STATIONS, kills=done, units_answered=answered, lost=0)
