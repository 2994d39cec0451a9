"""`python -m benchmarks [screen] [desk] [import]`: a few tables. Only the ratios travel between machines."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.figures import percentile, show, spread
from benchmarks.floor import floor_times
from benchmarks.stock import ORDER, SKU, stocked
from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows import purchase_orders
from scanstation.workflows.desk import Desk
from scanstation.workflows.importing import import_serials
from tests.builders import product, purchase
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


def sheet(folder: Path) -> None:
    """10,000 serials imported from .xlsx, beside python-calamine reading the same file."""
    site = stocked(folder, 100)
    count = 10_000
    product(site, "IMP-5", 5)
    order = purchase(site, "N-IMPORT", {"IMP-5": count})
    assert isinstance(purchase_orders.receive_all(site, order), Done)
    path = folder / "serials.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"])
        for number in range(count):
            page.write_row(number + 1, 0, ["W-EAST", "NORDWIND", "N-IMPORT", "IMP-5", f"IMP{number:08}"])
    begun = time.perf_counter()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    outcome = import_serials(site, OrderKind.PURCHASE, path, order_id=order)
    ours = time.perf_counter() - begun
    assert isinstance(outcome, Done), outcome
    rows = [("import", f"{ours:.2f}"), ("python-calamine reads it", f"{read:.2f}"), ("ratio", f"{ours / read:.1f}")]
    show(f"{count:,} serials from .xlsx", rows, ("", "s"))


BENCHES: dict[str, Callable[[Path], None]] = {"screen": screen, "desk": desk, "import": sheet}


def main(names: list[str]) -> int:
    """Run the benches named, or all."""
    if unknown := [name for name in names if name not in BENCHES]:
        sys.stderr.write(f"There is no bench {unknown[0]}. There are: {', '.join(BENCHES)}.\n")
        return 2
    for name in names or BENCHES:
        with tempfile.TemporaryDirectory() as folder:
            BENCHES[name](Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
