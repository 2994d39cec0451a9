"""Importing: how long, how much memory, and how long a scan waits meanwhile."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import show, spread
from benchmarks.importer import TWO_CODES, imported, packed_order, prepare, received_order, write_sheet
from benchmarks.stock import ORDER, SKU, stocked
from scanstation.domain.status import OrderKind
from scanstation.workflows.site import Site
from tests.terminal import Terminal

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
_SPREAD = ("p50 ms", "p99 ms", "max ms")
_MEGABYTE = 1 << 20


def sheet(folder: Path) -> None:
    """100,000 serials imported from .xlsx, beside python-calamine reading the same file."""
    purchases = [_imported(folder, 100_000, PO, scenario) for scenario in (5, 7)]
    shipments = [_imported(folder, 100_000, SO, scenario) for scenario in (5, 7, 8)]
    show(
        "Serials imported from .xlsx, beside python-calamine reading the same file",
        purchases + shipments,
        _IMPORT_COLUMNS,
    )


def million(folder: Path) -> None:
    """1,000,000 serials: is it ten times as long as 100,000?"""
    rows = [_imported(folder, count, PO, 5) for count in (10_000, 100_000, 1_000_000)]
    show("Serials imported from .xlsx: ten times as many, and again", rows, _IMPORT_COLUMNS)


_IMPORT_COLUMNS = ("", "the command s", "calamine s", "ratio", "s for 100,000", "most MB of all processes")


def _imported(folder: Path, count: int, kind: OrderKind, scenario: int) -> tuple[str, ...]:
    folder = folder / f"{kind}-{count}-{scenario}"
    folder.mkdir()
    site = stocked(folder, 100)
    prepare(site)
    path = folder / "serials.xlsx"
    known = kind is SO and scenario != 8
    if kind is PO or known:
        order = received_order(site, "N-IMPORT", count, scenario)
    if known:
        write_sheet(path, PO, "N-IMPORT", 0, count, scenario)
        imported(site, path, order)
    if kind is SO:
        packed_order(site, "N-IMPORT", count, scenario)
    write_sheet(path, kind, "N-IMPORT", 0, count, scenario)
    read = min(_read_by_calamine(path) for _ in range(3))
    site.store.close()
    took, most = min(_import_command(_copied(site, folder / f"try-{number}.db"), kind, path) for number in range(3))
    shutil.rmtree(folder)
    codes = "two codes" if scenario in TWO_CODES else "one code"
    units = "known units" if known else "new units"
    each = took / count * 100_000
    return (
        *(f"{kind}, {count:,} {units}, {codes} each", f"{took:.2f}", f"{read:.2f}", f"{took / read:.1f}"),
        *(f"{each:.2f}", f"{most / _MEGABYTE:.0f}"),
    )


def _read_by_calamine(path: Path) -> float:
    """The seconds of the reading alone, in a process of its own."""
    program = (
        "import sys, time; from python_calamine import CalamineWorkbook; begun = time.perf_counter();"
        "CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python();"
        "print(time.perf_counter() - begun)"
    )
    return float(subprocess.check_output([sys.executable, "-c", program, str(path)]))  # noqa: S603 - our own program


def _copied(site: Site, to: Path) -> Path:
    """The store as it is, to be imported into."""
    assert site.store.path is not None
    return Path(shutil.copy(site.store.path, to))


def _import_command(store: Path, kind: OrderKind, path: Path) -> tuple[float, int]:
    """The seconds from the command's start to its end, and the most bytes that it and its children had in memory."""
    command = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store}"]
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*command, kind.value.lower(), "import-serials", "N-IMPORT", str(path)], stderr=subprocess.DEVNULL
    )
    # Looked at by a process of its own: to look for children is to look through all processes.
    watch = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.memory", str(process.pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with watch:
        assert process.wait() == 0, "the import was refused"
        took = time.perf_counter() - begun
        return took, int(watch.communicate()[0].split()[-1])


# Beside a station

_SMALL, _LARGE = 1_000, 100_000


def beside(folder: Path) -> None:
    """Scans on the screen while another process imports 1,000 rows again and again, and then 100,000 at once."""
    rows = []
    for name, files in ((f"{_SMALL:,} rows, again and again", [_SMALL] * 40), (f"{_LARGE:,} rows at once", [_LARGE])):
        site = stocked(folder, 10_000 + len(files))
        prepare(site)
        times, imports = _scans_beside(site, files)
        waited = sum(time > 50 for time in times)
        took = f"{sum(imports) / len(imports):.2f}"
        rows.append((name, *spread(times), str(len(times)), str(waited), took))
    columns = ("another process imports (two codes)", *_SPREAD, "scans", "waited over 50 ms", "s a file")
    show("Serial at receiving while files are imported: last byte → verdict on the screen", rows, columns)


def _scans_beside(site: Site, files: list[int]) -> tuple[list[float], list[float]]:
    """Milliseconds of each scan while the files are imported, and the seconds of each import."""
    assert site.store.path is not None
    url = f"sqlite:///{site.store.path}"
    mark = f"B{len(files)}"
    program = [sys.executable, "-m", "scanstation", "--db", url, "--station", f"dock-{mark}", "receive", ORDER]
    command = [sys.executable, "-m", "benchmarks.importer", url, *map(str, files)]
    with (
        Terminal(program) as station,
        subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as importer,
    ):
        assert importer.stdin is not None
        assert importer.stdout is not None
        station.wait_for("is open", timeout=60)
        importer.stdout.readline()
        importer.stdin.write("go\n")
        importer.stdin.flush()
        times: list[float] = []
        while importer.poll() is None:
            for code in (SKU, f"{mark}-{len(times):06}"):
                station.scan(code)
                times.append(station.wait_for(f"{code} → " if code != SKU else "Primary serial", timeout=30))
        return times, [float(line) for line in importer.stdout]
