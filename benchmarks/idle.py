"""A station that nobody uses: what it computes, holds and writes."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.frame import Family, Row, Sizes, Target, absolute, in_turns
from benchmarks.stations import app, station
from benchmarks.stock import address, with_order
from scanstation.store.store import create_store
from scanstation.workflows.site import Site
from tests.terminal import Terminal

_WATCHED_S, _SETTLED_S, _STEP_S = 90, 10, 0.25
_TURN_S = 2.0
"""So long after a minute began what is written may be the clock's."""
_WIDGETS = 20

_PROCESSOR = Target(
    "station idle: processor",
    "a bare Textual app",
    0.2,
    "%",
    in_the_way="What is looked at again and again: the store, others' acts, the sign of life.",
)
_MEMORY = Target("station idle: memory", "a bare Textual app", 80, "MB", in_the_way="The libraries that are imported.")
_BYTES = Target(
    "station idle: bytes to the terminal but for the clock's minute",
    "a bare Textual app",
    0,
    "bytes",
    in_the_way="Something is painted although nothing has changed.",
)


class _Watched:
    """A terminal with its program, and what it has used since it settled."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._process = psutil.Process(terminal.pid)
        self._computed, self._at = self._seconds(), time.monotonic()
        self.bytes_written = 0
        self._written = len(terminal.raw_output)

    def _all(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _seconds(self) -> float:
        return float(sum(sum(one.cpu_times()[:2]) for one in self._all()))

    def look(self) -> None:
        """Let it run for a moment."""
        self._terminal.pause(_STEP_S)
        new = len(self._terminal.raw_output) - self._written
        self._written += new
        if time.time() % 60 > _TURN_S:
            self.bytes_written += new

    @property
    def percent(self) -> float:
        """Processor time, of one core."""
        return (self._seconds() - self._computed) / (time.monotonic() - self._at) * 100

    @property
    def megabytes(self) -> float:
        """Resident, of all its processes."""
        return float(sum(one.memory_info().rss for one in self._all())) / (1 << 20)


def _idle(sizes: Sizes, folder: Path) -> Iterator[Row]:
    site = with_order(Site(create_store(f"sqlite:///{folder / 'idle.db'}"), "Ana", "dock-2"))
    with station(address(site), "dock-2") as terminal, app("bare.py", str(_WIDGETS)) as bare:
        terminal.wait_for("Scan an order")
        bare.wait_for("ready")
        for one in (terminal, bare):
            one.pause(sizes(_SETTLED_S, 2) / 2)
        ours, limit = _Watched(terminal), _Watched(bare)
        ends = time.monotonic() + sizes(_WATCHED_S, 10)
        while time.monotonic() < ends:
            ours.look()
            limit.look()
        yield _PROCESSOR.value(ours.percent, "of one core", f"{limit.percent:.2f} %")
        yield _MEMORY.value(ours.megabytes, "resident", absolute(limit.megabytes, "MB"))
        yield _BYTES.value(ours.bytes_written, "", f"{limit.bytes_written} bytes")


_IN_GERMAN = Target("station idle: memory, in German", "the same in English", 1.1, in_the_way="The catalog.")


def _in_german(sizes: Sizes, folder: Path) -> Iterator[Row]:
    site = with_order(Site(create_store(f"sqlite:///{folder / 'idle.db'}"), "Ana", "dock-2"))
    config = folder / "config.toml"
    config.write_text('[ui]\nlanguage = "de"\n', encoding="utf-8")

    def held(name: str, painted: str, *words: str) -> float:
        with station(address(site), name, *words) as terminal:
            terminal.wait_for(painted)
            terminal.pause(sizes(_SETTLED_S, 2) / 2)
            return _Watched(terminal).megabytes

    german, english = in_turns(
        sizes(5, 1),
        lambda number: held(f"german-{number}", "Seriennummer", "--config", str(config)),
        lambda number: held(f"english-{number}", "Scan an order"),
    )
    yield _IN_GERMAN.ratio(german, english, unit="MB")


FAMILIES = (
    Family("idle", _idle, (_PROCESSOR, _MEMORY, _BYTES)),
    Family("idle-german", _in_german, (_IN_GERMAN,)),
)
