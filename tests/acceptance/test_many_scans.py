"""More scans than a station can answer at once: one scanner at full speed into a busy store, and three at once."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from scanstation.domain.codes import Code, read_code
from scanstation.domain.reports import Filters
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, OrderKind
from scanstation.store import catalog, moves, units
from scanstation.store import tables as t
from scanstation.store.reports import serials
from scanstation.store.store import Store, Transaction
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.devices.lines import Cable
from tests.terminal import Terminal

PATIENCE_S = 120
# A machine that is busy with other tests may hold up one key of a code for longer than a scanner ever would. What
# follows from such gaps is tested in tests/devices/test_wedge.py, where time is an argument.
PATIENT_WEDGE = "[wedge]\nmax_gap_ms = 3000\nburst_gap_ms = 3000\nsplit_guard_ms = 3000\nmax_avg_ms = 3000\n"


def station(store: Store, *words: str, folder: Path) -> Terminal:
    """The real program on the test's store."""
    argv = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "--station", "dock-2", *words]
    return Terminal(argv, cwd=folder)


def booked(store: Store) -> list[str]:
    """The codes of all accepted scans, in the order of their transactions."""
    with store.read() as tx:
        return list(tx.execute(select(t.entry.c.code).order_by(t.entry.c.id)).scalars())


def refused(store: Store) -> int:
    with store.read() as tx:
        return tx.execute(select(func.count()).select_from(t.refusal)).scalar_one()


@contextmanager
def kept_busy(store: Store) -> Iterator[subprocess.Popen[str]]:
    """Another process writes to the store again and again, for 100 ms at a time."""
    argv = [sys.executable, "-m", "tests.acceptance.store_holder", f"sqlite:///{store.path}"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "busy\n"
        yield holder
        holder.stdin.close()
        assert int(holder.stdout.readline()) > 10, "the store was hardly ever busy"


def send_at_pace(descriptor: int, data: bytes, per_second: float) -> None:
    """Send byte by byte by the clock: one that is late is made up for by the next."""
    began = time.monotonic()
    for number, byte in enumerate(data):
        if (early := began + number / per_second - time.monotonic()) > 0:
            time.sleep(early)
        os.write(descriptor, bytes([byte]))


@pytest.mark.parametrize(
    "sku",
    ["P-{:03}", pytest.param("P{:02}", marks=pytest.mark.long)],
    ids=["a scan", "too short for a scan"],
)
def test_200_scans_in_a_second_and_a_half_are_all_booked_in_order_while_the_store_is_busy(
    store: Store, site: Site, tmp_path: Path, sku: str
) -> None:
    skus = [sku.format(number) for number in range(100)]
    for sku in skus:
        product(site, sku, 1)
    purchase(site, "N-1", dict.fromkeys(skus, 1))
    pairs = {sku: f"SN-{number:03}" for number, sku in enumerate(skus)}
    codes = [code for pair in pairs.items() for code in pair]
    burst = "".join(f"{code}\r" for code in codes).encode()
    (tmp_path / "config.toml").write_text(PATIENT_WEDGE, encoding="utf-8")

    with station(store, "receive", "N-1", folder=tmp_path) as dock:
        dock.wait_for("N-1 is open", PATIENCE_S)
        with kept_busy(store):
            scanner = Thread(target=send_at_pace, args=(dock.fileno(), burst, 1000))
            scanner.start()
            dock.wait_for(" waiting ", PATIENCE_S)
            # Each pair only fits together: one scan lost, doubled or overtaken, and the rest is refused.
            dock.wait_for(lambda _: f"SN-099 → {skus[-1]}, 1 of 1" in dock.text or "STOP" in dock.text, PATIENCE_S)
            scanner.join()
            assert refused(store) == 0
        dock.wait_for(lambda _: " waiting " not in dock.lines[0], PATIENCE_S)
        assert booked(store) == codes
        dock.scan("SS-COMPLETE")
        dock.wait_for("N-1 complete, 100 units", PATIENCE_S)

    assert {row.sku: row.primary for row in serials(store, Filters())} == pairs


def test_a_scan_that_the_store_holds_up_is_shown_as_waiting_and_answered_when_its_turn_comes(
    store: Store, site: Site, tmp_path: Path
) -> None:
    product(site, "BOX", 0)
    purchase(site, "N-1", {"BOX": 2})
    with station(store, "receive", "N-1", folder=tmp_path) as dock:
        dock.wait_for("N-1 is open", PATIENCE_S)
        with store.engine.begin():  # the write lock
            dock.scan("BOX")
            dock.wait_for(" 1 waiting ", PATIENCE_S)
            assert "1 of 2" not in dock.text
        dock.wait_for("BOX taken, 1 of 2", PATIENCE_S)
        dock.wait_for(lambda _: " waiting " not in dock.lines[0], PATIENCE_S)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("f10", "N-1 complete, 2 units"),
        ("f2", "Taken back: BOX LEFT-2"),
        ("escape", "Scan an order or a serial number"),
    ],
)
def test_a_key_takes_its_turn_after_the_scans_that_the_store_holds_up(
    store: Store, site: Site, tmp_path: Path, key: str, says: str
) -> None:
    product(site, "BOX", 1)
    purchase(site, "N-1", {"BOX": 2})
    with station(store, "receive", "N-1", folder=tmp_path) as dock:
        dock.wait_for("N-1 is open", PATIENCE_S)
        with store.engine.begin():  # the write lock
            dock.scan("BOX", "LEFT-1", "BOX", "LEFT-2")
            dock.wait_for(" 4 waiting ", PATIENCE_S)
            dock.press(key)
        dock.wait_for(says, PATIENCE_S)
        assert refused(store) == 0
        assert booked(store) == ["BOX", "LEFT-1", "BOX", "LEFT-2"]


def test_what_is_typed_while_a_scan_waits_answers_what_is_asked_then(store: Store, site: Site, tmp_path: Path) -> None:
    product(site, "BOX-1", 1)
    purchase(site, "N-1", {"BOX-1": 2})
    with station(store, "receive", "N-1", folder=tmp_path) as dock:
        dock.wait_for("N-1 is open", PATIENCE_S)
        with store.engine.begin():  # the write lock
            dock.scan("BOX-1")
            dock.wait_for(" 1 waiting ", PATIENCE_S)
            dock.type("S-1")
            dock.wait_for("│ S-1 ", PATIENCE_S)
        dock.wait_for("│ S-1 ", PATIENCE_S)
        dock.press("enter")
        dock.wait_for("S-1 → BOX-1, 1 of 2", PATIENCE_S)


def test_what_is_being_typed_stays_when_another_station_takes_something(
    store: Store, site: Site, tmp_path: Path
) -> None:
    product(site, "BOX-1", 0)
    purchase(site, "N-1", {"BOX-1": 9})
    with station(store, "receive", "N-1", folder=tmp_path) as dock:
        dock.wait_for("9 left", PATIENCE_S)
        dock.type("BO")
        dock.wait_for("│ BO", PATIENCE_S)
        other = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
        other.open("N-1")
        other.answer(Scan("BOX-1"))
        dock.wait_for("8 left", PATIENCE_S)
        dock.type("X-1\r")
        dock.wait_for("BOX-1 taken, 2 of 9", PATIENCE_S)


class Scanner:
    """One of several scanners, scanning its own codes from a thread of its own; every seventh is one nobody knows."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.known = list(known)
        self._name = name
        self._thread = Thread(target=self._scan)
        self._descriptor = -1
        self._pace = 0.0
        self.answers: list[bool] = []
        """What each of its scans deserves, in order."""
        self._sent: list[str] = []
        for number, code in enumerate(known):
            self._sent.append(code)
            self.answers.append(True)
            if number % 7 == 6:
                self._sent.append(f"{name}-LOST-{number}")
                self.answers.append(False)

    def start(self, descriptor: int, pace: float = 0.0) -> None:
        """Begin to scan; with a `pace`, byte by byte with so many a second."""
        self._descriptor, self._pace = descriptor, pace
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return not self._thread.is_alive()

    def _scan(self) -> None:
        dice = random.Random(self._name)
        for code in self._sent:
            data = f"{code}\r".encode()
            if self._pace:
                send_at_pace(self._descriptor, data, self._pace)
            else:
                os.write(self._descriptor, data)
            time.sleep(dice.uniform(0.1, 0.3))


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.long)])
def test_three_scanners_at_once_are_each_heard_and_each_told_what_became_of_their_own(
    store: Store, site: Site, tmp_path: Path, seconds: int
) -> None:
    count = seconds * 5
    scanners = {
        name: Scanner(name, [f"{name}-{number:04}" for number in range(count)]) for name in ("WDG", "ONE", "TWO")
    }
    known = [code for scanner in scanners.values() for code in scanner.known]
    in_stock(site, known)
    shipment(site, "S-1", {"LAP-1": len(known)})
    one, two = Cable(tmp_path / "one").plug_in(), Cable(tmp_path / "two").plug_in()
    tables = [
        f'[[serial]]\nid = "{cable.link.name}"\nport = "{cable.link}"\npartial_timeout_ms = 2000\n'
        f'feedback = "custom"\ngood = "{good}"\nbad = "{bad}"\n'
        for cable, good, bad in ((one, "06", "15"), (two, "47", "42"))
    ]
    (tmp_path / "config.toml").write_text("".join(tables), encoding="utf-8")

    with station(store, "pack", "S-1", folder=tmp_path) as dock:
        dock.wait_for("S-1 is open", PATIENCE_S)
        dock.wait_for("● one · ● two", PATIENCE_S)
        scanners["WDG"].start(dock.fileno())
        scanners["ONE"].start(one.descriptor, pace=960)  # 9600 baud
        scanners["TWO"].start(two.descriptor, pace=240)
        dock.wait_for(lambda _: all(scanner.is_done for scanner in scanners.values()), seconds * 3 + PATIENCE_S)
        told = {"ONE": b"", "TWO": b""}

        def all_were_told(_: Terminal) -> bool:
            """Awaited with the screen read meanwhile: a station whose terminal is full tells nobody anything."""
            for name, cable in (("ONE", one), ("TWO", two)):
                if cable.hears_more():
                    told[name] += os.read(cable.descriptor, 4096)
            return all(len(told[name]) == len(scanners[name].answers) for name in told)

        dock.wait_for(all_were_told, seconds * 3 + PATIENCE_S)
        dock.pause(0.3)
        dock.scan("SS-SEEN")  # where scanners came close, a refusal was covered by the next answer, and Complete asks
        dock.wait_for(lambda seen: "acknowledged." in " ".join(seen.text.split()), PATIENCE_S)
        dock.pause(0.3)
        dock.scan("SS-COMPLETE")
        dock.wait_for(f"S-1 complete, {len(known)} units", PATIENCE_S)
        assert not one.hears_more()
        assert not two.hears_more()

    taken = booked(store)
    assert {name: [code for code in taken if code.startswith(name)] for name in scanners} == {
        name: scanner.known for name, scanner in scanners.items()
    }
    assert len(taken) == len(known)
    assert refused(store) == sum(scanner.answers.count(False) for scanner in scanners.values())
    assert told == {
        name: bytes(good if answer else bad for answer in scanners[name].answers)
        for name, good, bad in (("ONE", 0x06, 0x15), ("TWO", 0x47, 0x42))
    }


def in_stock(site: Site, codes: Sequence[str]) -> None:
    """Laptops that were received before the shift, by their serials."""
    laptop = product(site, "LAP-1", 1)
    pairs = [(_code(text), None) for text in codes]

    def make(tx: Transaction) -> None:
        warehouse = catalog.warehouse_id(tx, "W-EAST", create=True)
        assert warehouse is not None
        made = units.create_many(tx, [laptop] * len(pairs), [warehouse] * len(pairs), pairs)
        moves.move_all(tx, Move.RECEIVE, made, None, site.stamp(), source=Source.OPENING)

    site.store.act(make)


def _code(text: str) -> Code:
    found = read_code(text)
    assert isinstance(found, Code)
    return found
