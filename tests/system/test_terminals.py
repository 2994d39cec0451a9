"""Codes at the pace of scanners, through terminals that are not ours: each is taken whole, or refused aloud.

How fast the keys arrive at the station is up to the terminal and to what else the machine does, so what becomes of a
single code is not foretold. What must never be: a part of a code that is booked, a code without an answer.
"""

import os
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanstation.domain.products import Barcode
from scanstation.domain.reports import Filters
from scanstation.store.reports import serials
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.acceptance.warehouse import Station
from tests.builders import product, purchase
from tests.system.ways import Way, Window, in_lxterminal, in_screen, in_tmux, in_xterm, over_ssh

pytestmark = pytest.mark.system

GTIN = "04006381333931"
NOTHING, NOTHING_DONE = "SS-YES", ("SS-YES: There is no question to answer", "SS-YES: A serial is owed")
"""A command that changes nothing, and what is said to it."""
TRIES = 20
SCANNED_AGAIN_AFTER_S = 5.0


@dataclass(frozen=True)
class Pace:
    """How a scanner's keys come."""

    gap_ms: int
    hole_ms: int = 0
    """In the middle of a code: a network that stalls, a scanner at the end of its radio's reach."""

    def __str__(self) -> str:
        return f"{self.gap_ms:02}{self.hole_ms:03}"


PACES = (Pace(2), Pace(8), Pace(20), Pace(40), Pace(4, 400), Pace(20, 900))
USUAL = Pace(8)


def keyed(dock: Station, text: str, pace: Pace) -> None:
    """Press the keys of a code, and Enter."""
    half = len(text) // 2 if pace.hole_ms else 0
    for keys in filter(None, (text[:half], f"{text[half:]}\r")):
        if isinstance(dock, Window):
            dock.strike(keys, pace.gap_ms)
        else:
            due = time.monotonic()
            for key in keys.encode():
                time.sleep(max(0.0, due - time.monotonic()))
                os.write(dock.fileno(), bytes([key]))
                due += pace.gap_ms / 1000
        if not keys.endswith("\r"):
            time.sleep(pace.hole_ms / 1000)


def insist(dock: Station, text: str, taken: Callable[[], object]) -> None:
    """Scan a code again and again, as people do, until it was taken."""
    for _ in range(TRIES):
        keyed(dock, text, USUAL)
        with suppress(TimeoutError):
            dock.wait_for(lambda _: taken(), timeout=SCANNED_AGAIN_AFTER_S)
            return
    raise AssertionError(dock._dump(f"{text} was never taken"))


def settle(dock: Station, look: Callable[[], object] = lambda: None) -> None:
    """Wait until all that was scanned is answered: answers come in order, and a command that does nothing is last."""

    def has_settled() -> bool:
        look()
        return dock.verdict[1].startswith(NOTHING_DONE)

    insist(dock, NOTHING, has_settled)


def answers(dock: Station, text: str, pace: Pace) -> list[tuple[str, str]]:
    """Scan a code before a station that has settled, and tell all that is said to it."""
    said: list[tuple[str, str]] = []

    def look() -> bool:
        text = dock.verdict[1]
        # Half drawn, perhaps: the beginning alone, or the next answer's beginning before the rest of this one.
        is_begun = text[: len(NOTHING)] == NOTHING[: len(text)]
        is_nothing = is_begun or any(done[-22:] in text for done in NOTHING_DONE)
        if dock.verdict[0] and not is_nothing and dock.verdict not in said:
            said.append(dock.verdict)
        return bool(said)

    assert not look(), said
    keyed(dock, text, pace)
    dock.wait_for(lambda _: look())
    settle(dock, look)
    return said


@pytest.fixture
def login(store: Store, site: Site, home: Path, tmp_path: Path) -> Path:
    """Starts the station on an order."""
    product(site, "CAM-300", 1, barcodes=[Barcode(GTIN)])
    purchase(site, "N-1", {"CAM-300": 1000})
    argv = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "--station", "dock-2"]
    path = tmp_path / "station"
    path.write_text(
        "#!/bin/sh\nexport LANG=C.UTF-8 LC_ALL=C.UTF-8 "
        f"HOME={shlex.quote(str(home))}\nexec {shlex.join(argv)} receive N-1\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("way", [in_xterm, in_lxterminal, in_screen, in_tmux, over_ssh])
def test_every_code_is_taken_whole_or_refused_aloud(way: Way, login: Path, store: Store) -> None:
    sent: list[str] = []
    taken: list[str] = []

    def receive(code: str, serial: str, pace: Pace) -> bool:
        """Scan a code that holds a serial, or a product's; was it taken?"""
        said = answers(dock, code, pace)
        accepted = [told for word, told in said if word != "STOP"]
        assert all(serial in told for told in accepted), f"{code}, {pace}, was answered with {said}"
        return bool(accepted)

    with way(login) as dock:
        dock.wait_for("N-1 is open")
        settle(dock)
        for pace in PACES:
            for number in (1, 2):
                label, serial = f"GL{pace}{number}XK90210", f"SN{pace}{number}7AB345678"
                sent += [label, serial]
                if receive(f"01{GTIN}21{label}", label, pace):
                    taken.append(label)
                assert not dock.asks(), f"a part of the label {label} was taken"
                if receive("CAM-300", "CAM-300", pace):
                    if not receive(serial, serial, pace):
                        insist(dock, serial, lambda: not dock.asks())
                        settle(dock)
                    taken.append(serial)
        insist(dock, "SS-COMPLETE", lambda: "Question" in dock.text)
        insist(dock, "SS-YES", lambda: "N-1" not in dock.lines[0])
    booked = [str(row.primary) for row in serials(store, Filters())]
    assert taken
    assert sorted(booked) == sorted(taken)
    assert set(booked) <= set(sent)
