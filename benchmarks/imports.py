"""Imports of serials by the command, beside python-calamine reading the same file; the memory of all its processes."""

import csv
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import openpyxl

from benchmarks import profiles
from benchmarks.frame import Family, Row, Sizes, Target, in_turns, median
from benchmarks.importer import imported, packed_order, prepare, received_order, write_sheet
from benchmarks.stock import address
from scanstation.domain.status import OrderKind
from scanstation.store.store import create_store
from scanstation.workflows.site import Site

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
_ORDER = "N-IMPORT"
_ROWS, _MILLION = 100_000, 1_000_000
_ROUNDS = 3
_MEGABYTE = 1 << 20
_LIMIT = "python-calamine reading it"
_IN_THE_WAY = (
    "SQLite's own writing of a unit, an event and its codes, with their indexes, takes longer than reading the row; it "
    "begins when all rows are read and judged."
)


class _Kind(NamedTuple):
    """What is imported."""

    kind: OrderKind
    scenario: int
    words: str

    @property
    def is_known(self) -> bool:
        """Are its serials in stock before?"""
        return self.kind is SO and self.scenario != 8


_KINDS = (
    _Kind(PO, 5, "PO, one code a row"),
    _Kind(PO, 7, "PO, two codes"),
    _Kind(SO, 5, "SO, known serials, one code"),
    _Kind(SO, 7, "SO, known serials, two codes"),
    _Kind(SO, 8, "SO, new serials, two codes"),
)
_OF_KIND = {
    kind: Target(f"import of {_ROWS:,} rows of .xlsx, {kind.words}", _LIMIT, 2.2, in_the_way=_IN_THE_WAY)
    for kind in _KINDS
}


class _Ready(NamedTuple):
    """A store that lacks the serials of a sheet."""

    store: Path
    sheet: Path
    kind: OrderKind

    def imported(self, number: int) -> "_Run":
        """Import it by the command, into a copy of the store."""
        to = Path(shutil.copy(self.store, self.store.with_name(f"try-{number}.db")))
        run = _command(self.words(to))
        to.unlink()
        return run

    def words(self, store: Path) -> list[str]:
        """The command's."""
        return [f"--db=sqlite:///{store}", self.kind.value.lower(), "import-serials", _ORDER, str(self.sheet)]


class _Run(NamedTuple):
    """A command that has ended."""

    seconds: float
    most_bytes: int
    """That it and its children had in memory at one time."""


def _made_ready(folder: Path, kind: _Kind, count: int) -> _Ready:
    folder.mkdir()
    site = Site(create_store(f"sqlite:///{folder / 'import.db'}"), "Ana", "dock-2")
    prepare(site)
    path = folder / "serials.xlsx"
    if kind.kind is PO or kind.is_known:
        order = received_order(site, _ORDER, count, kind.scenario)
    if kind.is_known:
        write_sheet(path, PO, _ORDER, 0, count, kind.scenario)
        imported(site, path, order)
    if kind.kind is SO:
        packed_order(site, _ORDER, count, kind.scenario)
    write_sheet(path, kind.kind, _ORDER, 0, count, kind.scenario)
    store = Path(address(site).removeprefix("sqlite:///"))
    site.store.close()
    return _Ready(store, path, kind.kind)


def _kinds(sizes: Sizes, folder: Path) -> Iterator[Row]:
    for number, kind in enumerate(_KINDS):
        ready = _made_ready(folder / str(number), kind, sizes(_ROWS, 500))
        yield _against_calamine(_OF_KIND[kind], ready, _ROUNDS)
        shutil.rmtree(ready.store.parent)


def _against_calamine(target: Target, ready: _Ready, rounds: int) -> Row:
    most: list[int] = []

    def ours(number: int) -> float:
        run = ready.imported(number)
        most.append(run.most_bytes)
        return run.seconds

    times, reading = in_turns(rounds, ours, lambda _: _read_by_calamine(ready.sheet), warm=0)
    row = target.ratio(times, reading, unit="s")
    copy = Path(shutil.copy(ready.store, ready.store.with_name("profiled.db")))
    profile = profiles.of_program(ready.words(copy), ready.store.parent)
    copy.unlink()
    return replace(row, ours=f"{row.ours}, {median(most) / _MEGABYTE:.0f} MB", profile=profile)


def _read_by_calamine(path: Path) -> float:
    """The seconds of the reading alone, in a process of its own."""
    program = (
        "import sys, time; from python_calamine import CalamineWorkbook; begun = time.perf_counter();"
        "CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python();"
        "print(time.perf_counter() - begun)"
    )
    return float(subprocess.check_output([sys.executable, "-c", program, str(path)]))  # noqa: S603 - our own program


def _command(words: Sequence[str]) -> _Run:
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "scanstation", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    # Looked at by a process of its own: to look for children is to look through all processes.
    watch = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.memory", str(process.pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with watch:
        assert process.wait() == 0, "the import was refused"
        took = time.perf_counter() - begun
        return _Run(took, int(watch.communicate()[0].split()[-1]))


_LARGE = Target(f"import of {_MILLION:,} rows of .xlsx, PO, one code a row", _LIMIT, 2.2, in_the_way=_IN_THE_WAY)
_IN_MEMORY = {
    ".xlsx": Target("its memory, all processes, .xlsx", "stated: calamine alone needs most of it", 900, "MB"),
    ".csv": Target("its memory, all processes, .csv", "the same rows", 300, "MB"),
}


def _million(sizes: Sizes, folder: Path) -> Iterator[Row]:
    ready = _made_ready(folder / "million", _KINDS[0], sizes(_MILLION, 500))
    most = 0

    def ours(number: int) -> float:
        nonlocal most
        run = ready.imported(number)
        most = max(most, run.most_bytes)
        return run.seconds

    times, reading = in_turns(2, ours, lambda _: _read_by_calamine(ready.sheet), warm=0)
    yield _LARGE.ratio(times, reading, unit="s")
    yield _IN_MEMORY[".xlsx"].value(most / _MEGABYTE)
    run = ready._replace(sheet=_as_csv(ready.sheet)).imported(9)
    yield _IN_MEMORY[".csv"].value(run.most_bytes / _MEGABYTE, f"{run.seconds:.1f} s")


def _as_csv(sheet: Path) -> Path:
    to = sheet.with_suffix(".csv")
    book = openpyxl.load_workbook(sheet, read_only=True)
    with to.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return to


FAMILIES = (
    Family("imports", _kinds, tuple(_OF_KIND.values()), patience_s=900),
    Family("imports-million", _million, (_LARGE, *_IN_MEMORY.values()), full=True, patience_s=1_800),
)
