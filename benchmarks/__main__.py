"""`python -m benchmarks [NAME…]`: a few tables. Only the ratios travel between machines.

Without names all run but `million`, in about ten minutes; it imports 10,000, 100,000 and 1,000,000 rows.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import imports, reports
from benchmarks.figures import percentile, show, spread
from benchmarks.floor import floor_times
from benchmarks.reading import reading
from benchmarks.stock import ORDER, SKU, stocked
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.scanning.desk import Desk
from tests.terminal import Terminal, python_program

SCANS = 300
_SPREAD = ("p50 ms", "p99 ms", "max ms")


def screen(folder: Path) -> None:
    """A serial at receiving, from its last byte to its verdict on the screen, 10,000 units in store."""
    site = stocked(folder, 10_000)
    assert site.store.path is not None
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "--station", "dock-2"]
    ours, echo = [], []
    with (
        Terminal([*program, "receive", ORDER]) as station,
        Terminal(python_program(Path(__file__).with_name("echo.py"))) as app,
    ):
        station.wait_for("is open", timeout=60)
        app.wait_for("ready", timeout=60)
        for number in range(SCANS):
            station.scan(SKU)
            station.wait_for("Primary serial")
            station.scan(f"NEW{number:06}")
            ours.append(station.wait_for(f"NEW{number:06} → "))
            app.scan(f"NEW{number:06}")
            echo.append(app.wait_for(f"got NEW{number:06}"))
    ratio = percentile(ours, 0.5) / percentile(echo, 0.5)
    rows = [
        ("the station", *spread(ours)),
        ("an app that only echoes", *spread(echo)),
        ("ratio of p50", f"{ratio:.1f}"),
    ]
    show("Serial at receiving: last byte → verdict on the screen, 10,000 units in store", rows, ("", *_SPREAD))


def desk(folder: Path) -> None:
    """The same scan without a screen, beside what raw SQLite needs for the least that could be done."""
    rows = []
    for count in (10_000, 100_000):
        site = stocked(folder, count)
        at = Desk(site, OrderKind.PURCHASE)
        at.answer(Scan(ORDER))
        times = []
        for number in range(SCANS):
            at.answer(Scan(SKU))
            begun = time.perf_counter()
            at.answer(Scan(f"NEW{number:06}"))
            times.append((time.perf_counter() - begun) * 1000)
        floor = floor_times(folder, count, SCANS)
        ratio = percentile(times, 0.5) / percentile(floor, 0.5)
        rows += [
            (f"desk, {count:,} units", *spread(times)),
            (f"raw SQLite, {count:,} units", *spread(floor)),
            ("ratio of p50", f"{ratio:.1f}"),
        ]
    show("Serial at receiving: one synced transaction", rows, ("", *_SPREAD))


BENCHES: dict[str, Callable[[Path], None]] = {
    "reading": reading,
    "import": imports.sheet,  # early, so that its memory is not that of the others
    "screen": screen,
    "desk": desk,
    "beside": imports.beside,
    "reports": reports.reports,
}
ONLY_NAMED: dict[str, Callable[[Path], None]] = {"million": imports.million}
"""Those that take longer than one likes to wait."""


def main(names: list[str]) -> int:
    """Run the benches named, or all that do not take too long."""
    known = BENCHES | ONLY_NAMED
    if unknown := [name for name in names if name not in known]:
        others = ", ".join(ONLY_NAMED)
        sys.stderr.write(f"There is no bench {unknown[0]}. There are: {', '.join(BENCHES)}; and if named: {others}.\n")
        return 2
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            known[name](Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
