"""Pages, filters, searches and traces over many units beside few; exports beside the plain writers of the format."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from benchmarks.frame import Family, Row, Sizes, Target, absolute, in_turns, median, timed
from benchmarks.history import years
from benchmarks.stock import address
from scanstation.domain.status import UnitStatus
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report, RowPosition, Sort
from scanstation.workflows.site import Site

_FEW = 10_000
_PAGE, _TURNS, _ROUNDS = 20, 10, 5
_IN_THE_WAY = "Pages of a larger index, and more of them outside the database's cache."
_KINDS = ("report page", "filter", "search by last characters", "trace")


def _targets(units: str) -> dict[str, Target]:
    return {kind: Target(f"{kind}, {units} units", "10,000 units", 1.3, in_the_way=_IN_THE_WAY) for kind in _KINDS}


_MORE, _MOST = _targets("100,000"), _targets("10,000,000")

SERIALS, RECEIVED, SHIPPED = Report.SERIALS, Report.RECEIVING_HISTORY, Report.SHIPMENT_HISTORY
NEWEST, CODE = Sort.NEWEST, Sort.CODE
ON_HAND, PACKED, GONE = UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED


@dataclass(frozen=True, slots=True)
class _Asked:
    """A report as it is narrowed and sorted."""

    title: str
    report: Report
    sort: Sort
    filters: Filters


_PAGES = (
    _Asked("serials", SERIALS, NEWEST, Filters()),
    _Asked("serials by code", SERIALS, CODE, Filters()),
    _Asked("received", RECEIVED, NEWEST, Filters()),
    _Asked("shipped", SHIPPED, NEWEST, Filters()),
    _Asked("shipped by code", SHIPPED, CODE, Filters()),
)
_FILTERS = (
    _Asked("a client", SERIALS, NEWEST, Filters(client="SÜDWIND")),
    _Asked("a client, by code", SERIALS, CODE, Filters(client="SÜDWIND")),
    _Asked("a SKU on hand", SERIALS, NEWEST, Filters(sku="S-000", statuses=(ON_HAND,))),
    _Asked("a SKU by code", SERIALS, CODE, Filters(sku="S-000")),
    _Asked("a warehouse", SERIALS, NEWEST, Filters(warehouse="W-WEST")),
    _Asked("packed", SERIALS, NEWEST, Filters(statuses=(PACKED,))),
    _Asked("a purchase order", SERIALS, NEWEST, Filters(purchase_order="N-000042")),
    _Asked("a shipment by code", SERIALS, CODE, Filters(shipment_order="S-000042")),
    _Asked("a beginning", SERIALS, CODE, Filters(code="SN00")),
    _Asked("shipped since a day", SERIALS, NEWEST, Filters(statuses=(GONE,), since="2025-01-01")),
    _Asked("received by a client", RECEIVED, NEWEST, Filters(client="SÜDWIND")),
    _Asked("received until a day", RECEIVED, NEWEST, Filters(until="2025-03-01")),
    _Asked("shipped on an order", SHIPPED, NEWEST, Filters(shipment_order="S-000042")),
)
_SEARCHES = (_Asked("ends in 11", SERIALS, CODE, Filters(code="*11")),)


def _flat(sizes: Sizes, folder: Path, count: int, targets: dict[str, Target]) -> Iterator[Row]:
    few, many = years(folder, sizes(_FEW, 2_000)), years(folder, sizes(count, 4_000))
    for kind, pages in zip(_KINDS[:3], (_PAGES, _FILTERS, _SEARCHES), strict=True):
        contests = {one.title: in_turns(_ROUNDS, _turning(few, one), _turning(many, one)) for one in pages}
        yield _worst(targets[kind], contests)
    codes = [f"SN{number * 7919 % 100_000_007:09}" for number in range(0, sizes(_FEW, 2_000), 97)]
    yield _worst(targets["trace"], {"a serial": in_turns(20, _tracing(few, codes), _tracing(many, codes))})


def _worst(target: Target, contests: dict[str, list[list[float]]]) -> Row:
    ratios = {title: median(many) / median(few) for title, (few, many) in contests.items()}
    worst = max(ratios, key=ratios.__getitem__)
    few, many = (absolute(median(times), "ms") for times in contests[worst])
    return target.value(ratios[worst], f"worst: {worst}, {many}", few)


def _turning(site: Site, asked: _Asked) -> Callable[[int], float]:
    """The middle of the milliseconds of pages turned onward from the first one."""

    def turn(_: int) -> float:
        times: list[float] = []
        start: RowPosition | None = None
        for _ in range(_TURNS):
            pages: list[reporting.ReportPage] = []
            times.append(timed(lambda start=start, pages=pages: pages.append(_page(site, asked, start))))  # type: ignore[misc]
            if len(pages[0].rows) < _PAGE:
                break
            start = pages[0].positions[-1]
        return median(times)

    return turn


def _page(site: Site, asked: _Asked, start: RowPosition | None) -> reporting.ReportPage:
    return reporting.page(site, asked.report, asked.filters, sort=asked.sort, start=start, limit=_PAGE)


def _tracing(site: Site, codes: list[str]) -> Callable[[int], float]:
    def trace(number: int) -> float:
        code = codes[number % len(codes)]
        return timed(lambda: _found(site, code))

    return trace


def _found(site: Site, code: str) -> None:
    assert tracing.trace(site, code), code


_EXPORT_IN_THE_WAY = "Reading the rows from the store, and starting the process, beside writing them."


def _export_targets(rows: str, bound: float | None) -> dict[str, Target]:
    writers = {"csv": "Python's csv", "xlsx": "XlsxWriter in constant memory"}
    return {
        format: Target(
            f"export of {rows} rows to .{format}",
            f"{writer} writing the same rows",
            bound,
            in_the_way=_EXPORT_IN_THE_WAY,
        )
        for format, writer in writers.items()
    }


_EXPORTED = _export_targets("50,000", None)
"""Stated: the start of the process is a good part of it."""
_EXPORTED_MILLION = _export_targets("1,000,000", 1.5)


def _exports(sizes: Sizes, folder: Path, count: int, targets: dict[str, Target], rounds: int) -> Iterator[Row]:
    site = years(folder, sizes(count, 1_000))
    here, plain = address(site), folder / "plain.csv"
    _export(here, plain)
    with plain.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for format, write in (("csv", _write_csv), ("xlsx", _write_xlsx)):
        cells = _with_dates(rows) if format == "xlsx" else rows
        to, limit_to = folder / f"ours.{format}", folder / f"limit.{format}"
        ours, limit = in_turns(
            rounds,
            lambda _, to=to: _export(here, to) / 1000,  # type: ignore[misc]
            lambda _, to=limit_to, write=write, cells=cells: timed(lambda: write(to, cells)) / 1000,  # type: ignore[misc]
            warm=0,
        )
        yield targets[format].ratio(ours, limit, unit="s")


def _export(here: str, to: Path) -> float:
    command = [sys.executable, "-m", "scanstation", "--db", here, "report", "serials", "--output", str(to)]
    return timed(lambda: subprocess.run(command, stderr=subprocess.DEVNULL, check=True))  # noqa: S603 - our own


def _with_dates(rows: list[list[str]]) -> list[list[str | datetime]]:
    """As our workbook has them: moments are dates."""
    moments = [heading.endswith(" At") for heading in rows[0]]
    return [
        [
            datetime.fromisoformat(cell).replace(tzinfo=None) if is_moment and cell[:1].isdigit() else cell
            for cell, is_moment in zip(row, moments, strict=True)
        ]
        for row in rows
    ]


def _write_csv(to: Path, rows: list[list[str]]) -> None:
    with to.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(to: Path, rows: list[list[str | datetime]]) -> None:
    with xlsxwriter.Workbook(str(to), {"constant_memory": True}) as book:
        page, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, moment)
                elif cell:
                    page.write_string(number, column, cell)


def _more(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _flat(sizes, folder, 100_000, _MORE)


def _most(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _flat(sizes, folder, 10_000_000, _MOST)


def _some_exports(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _exports(sizes, folder, 50_000, _EXPORTED, 3)


def _million_exports(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _exports(sizes, folder, 1_000_000, _EXPORTED_MILLION, 2)


FAMILIES = (
    Family("reports", _more, tuple(_MORE.values())),
    Family("reports-millions", _most, tuple(_MOST.values()), full=True, patience_s=3_600),
    Family("exports", _some_exports, tuple(_EXPORTED.values()), patience_s=400),
    Family("exports-million", _million_exports, tuple(_EXPORTED_MILLION.values()), full=True, patience_s=3_600),
)
