"""The three reports: what they are narrowed to, their columns, their rows (RULES §4, CONTRACT 'JSON')."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache, partial
from typing import TextIO

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, shorten, trim
from scanstation.domain.language import said_later
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.reports import Filters, HistoryRow, Look, ReportPage, RowPosition, SerialRow, Sort
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.store import report_pages, reports
from scanstation.store.store import timestamp
from scanstation.workflows.site import Site

__all__ = [
    "Filters",
    "HistoryRow",
    "Report",
    "ReportPage",
    "ReportRow",
    "RowPosition",
    "SerialRow",
    "Sort",
    "cells",
    "export",
    "export_to",
    "hindrance",
    "narrowed",
    "page",
    "position_of",
    "rows",
]

ReportRow = SerialRow | HistoryRow

_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)
"""Days beyond them limit nothing; their midnights cannot be written in every time zone."""

MOMENTS = ("at", "received_at", "packed_at", "shipped_at")
"""Columns that say when, in ISO 8601 and UTC."""
_TOLD_EVERY = 1_000
"""Rows."""
_EVENT_COLUMNS = ("sku", "primary_serial", "secondary_serial", "operator", "station", "source", "kind")
_HEADINGS = {
    "warehouse": "Warehouse",
    "client": "Client",
    "sku": "SKU",
    "description": "Description",
    "primary_serial": "Primary Serial Number",
    "secondary_serial": "Secondary Serial Number",
    "status": "Status",
    "po_number": "PO Number",
    "received_at": "Received At",
    "so_number": "SO Number",
    "packed_at": "Packed At",
    "shipped_at": "Shipped At",
    "at": "At",
    "operator": "Operator",
    "station": "Station",
    "source": "Source",
    "kind": "Kind",
    "hold": "On Hold",
    "lot": "Lot",
    "expiry": "Expiry",
    "best_before": "Best Before",
    "made": "Made",
    "in_transit_to": "In Transit To",
}


class Report(Enum):
    """The reports by the words of the command line."""

    SERIALS = "serials"
    RECEIVING_HISTORY = "receiving-history"
    SHIPMENT_HISTORY = "shipment-history"

    @property
    def title(self) -> str:
        """What people call it."""
        return {
            Report.SERIALS: said_later("Serial Number Report"),
            Report.RECEIVING_HISTORY: said_later("Serial Number Receiving History"),
            Report.SHIPMENT_HISTORY: said_later("Serial Number Shipment History"),
        }[self]

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row in JSON, in order."""
        if self is Report.SERIALS:
            return (
                *("warehouse", "client", "sku", "description", "primary_serial", "secondary_serial", "status"),
                *("po_number", "received_at", "so_number", "packed_at", "shipped_at", "hold"),
                *("in_transit_to", "lot", "expiry"),
            )
        number = "po_number" if self is Report.RECEIVING_HISTORY else "so_number"
        return ("at", "warehouse", "client", number, *_EVENT_COLUMNS)

    @property
    def headings(self) -> tuple[str, ...]:
        """The header of a sheet or a table, which say more of the report of units than JSON does (CONTRACT)."""
        more = ("best_before", "made") if self is Report.SERIALS else ()
        return tuple(_HEADINGS[column] for column in (*self.columns, *more))

    @property
    def event(self) -> Move | None:
        """Which events a history shows; None for the report of units."""
        return {Report.RECEIVING_HISTORY: Move.RECEIVE, Report.SHIPMENT_HISTORY: Move.SHIP}.get(self)

    @property
    def order_kind(self) -> OrderKind:
        """Of which orders a history's events are."""
        return OrderKind.SHIPMENT if self is Report.SHIPMENT_HISTORY else OrderKind.PURCHASE


def hindrance(site: Site) -> Refused | None:
    """Why whoever is here may not read reports; asked before anything of one is read."""
    return site.may(Deed.VIEW)


def narrowed(
    *,
    client: str = "",
    warehouse: str = "",
    sku: str = "",
    statuses: Sequence[UnitStatus] = (),
    purchase_order: str = "",
    shipment_order: str = "",
    code: str = "",
    since: date | None = None,
    until: date | None = None,
    on_hold: bool = False,
    lot: str = "",
    expiry: str = "",
    kinds: Sequence[Move] = (),
) -> Filters:
    """What a report is narrowed to.

    Args:
        client, warehouse, sku, purchase_order, shipment_order: compared without regard to case; empty lets all pass.
        statuses: of those that reports know; none named lets all three pass.
        code: the beginning of either code, or its end with a leading `*`.
        since, until: local days, both included.
        on_hold: only what is on hold now.
        lot: the whole lot.
        expiry: a use-by day, or a month of them.
        kinds: of a history, other events than those that it is the history of.
    """
    return Filters(
        client=client,
        warehouse=warehouse,
        sku=sku,
        statuses=tuple(statuses),
        purchase_order=purchase_order,
        shipment_order=shipment_order,
        code=trim(code),
        since=_midnight(since) if since and since >= _FIRST_DAY else "",
        until=_midnight(until + timedelta(days=1)) if until and until <= _LAST_DAY else "",
        on_hold=on_hold,
        lot=trim(lot),
        expiry=expiry,
        kinds=tuple(dict.fromkeys(kinds)),
    )


def rows(site: Site, report: Report, filters: Filters, sort: Sort | None = None) -> Iterator[ReportRow]:
    """All rows of a report, read as they are taken; the histories have the oldest event first.

    By code they follow each other as people count, SN9 before SN10, which a screen's pages do not.
    """
    event = report.event
    if filters.kinds:
        return reports.history_of_kinds(site.store, report.order_kind, filters)
    if sort is Sort.NEWEST:
        return _page_by_page(site, report, filters, sort)
    ids = reports.ids_by_code(site.store, event, filters) if sort is Sort.CODE else None
    if event is None:
        return reports.serials(site.store, filters, ids)
    return reports.history(site.store, event, filters, ids)


def _page_by_page(site: Site, report: Report, filters: Filters, sort: Sort) -> Iterator[ReportRow]:
    start: RowPosition | None = None
    while True:
        one_page = page(site, report, filters, sort=sort, start=start, limit=_TOLD_EVERY)
        yield from one_page.rows
        if one_page.looked_to is None and len(one_page.rows) < _TOLD_EVERY:
            return
        start = one_page.looked_to or one_page.positions[-1]


def page(
    site: Site,
    report: Report,
    filters: Filters,
    *,
    sort: Sort = Sort.NEWEST,
    start: RowPosition | None = None,
    including: bool = False,
    backwards: bool = False,
    limit: int = 50,
) -> ReportPage:
    """A page for a screen, in the same time whatever is in the store.

    Args:
        site: where.
        report: which.
        filters: what it is narrowed to.
        sort: a searched code wins over it: then the rows are in the order of the codes.
        start: the position after which the page begins; without it, the report's beginning (its end, backwards).
        including: with the row at `start` itself.
        backwards: the rows before `start`, still in the report's order.
        limit: so many rows; fewer may come where `Page.looked_to` says how far was looked.
    """
    look = Look(report.event, filters, sort, start, including, backwards, limit)
    with site.store.read() as tx:
        return report_pages.page(tx, look)


def position_of(site: Site, report: Report, filters: Filters, sort: Sort, code: str) -> RowPosition | None:
    """Where the unit with this very code stands in a report whose filters name no code; None where it is not in it."""
    with site.store.read() as tx:
        return report_pages.find(tx, Look(report.event, filters, sort), code_key(code))


def cells(row: ReportRow) -> tuple[str | None, ...]:
    """A row's values in the order of `Report.headings`; None where there is none."""
    if isinstance(row, SerialRow):
        return (
            *(row.warehouse, row.client, row.sku, row.description, row.primary, row.secondary, row.status.value),
            *(row.purchase_order, row.received_at, row.shipment_order, row.packed_at, row.shipped_at, row.hold),
            row.in_transit_to,
            *(row.lot.lot, row.lot.use_by, row.lot.best_before, row.lot.made),
        )
    return (
        *(row.at, row.warehouse, row.client, row.order, row.sku, row.primary, row.secondary),
        *(row.operator, row.station, row.source, row.kind),
    )


def export(
    site: Site,
    report: Report,
    filters: Filters,
    path: str | os.PathLike[str],
    format: str,
    written: Callable[[int, int], None] | None = None,
    sort: Sort | None = None,
) -> Done | Refused:
    """Write everything that is filtered to a file, in place of one that is there.

    Args:
        site: where.
        report: which.
        filters: what it is narrowed to.
        path: the file.
        format: `xlsx`, `csv` or `json`.
        written: called now and then with how many rows are written, and of how many, and at last when the file is
            whole; what it raises ends the export, and nothing is left of it.
        sort: the order of a screen's pages; without it the quickest, the histories with the oldest event first.

    Raises:
        UnwritableFile: there is no room, no right, no such folder.
    """
    from scanstation.sheets.writing import MOST_ROWS, write_rows  # not needed to look at a page

    file_name = shorten(str(path), 200)
    events = filters.kinds or (report.event,)
    total = sum(reports.count(site.store, event, filters) for event in events) if written or format == "xlsx" else 0
    if format == "xlsx" and total >= MOST_ROWS:
        return say.too_many_rows(title=report.title, total=total, most=MOST_ROWS - 1)
    columns = report.columns if format == "json" else report.headings
    cells_of_rows: Iterator[Sequence[str | datetime | None]] = _cells_of_rows(site, report, filters, sort, len(columns))
    moments = {_HEADINGS[column] for column in report.columns if column in MOMENTS}
    if format == "xlsx":
        cells_of_rows = _with_dates(cells_of_rows, [heading in moments for heading in report.headings])
    if written is None:
        count = write_rows(path, format, columns, cells_of_rows, moments=moments)
    else:
        cells_of_rows = _counted(cells_of_rows, total, written)
        whole = partial(_all_written, written)
        count = write_rows(path, format, columns, cells_of_rows, moments=moments, whole=whole)
    return say.rows_written(report.title, count, file_name)


def _with_dates(
    rows: Iterable[Sequence[str | datetime | None]], are_moments: Sequence[bool]
) -> Iterator[Sequence[str | datetime | None]]:
    """The rows for a spreadsheet: moments in the time of this computer, as on its screens."""
    local = lru_cache(4_096)(lambda moment: datetime.fromisoformat(moment).astimezone())  # many rows came at once
    moments = [place for place, is_moment in enumerate(are_moments) if is_moment]
    for row in rows:
        cells = [*row]
        for place in moments:
            if (cell := row[place]) is not None:
                cells[place] = local(cell)
        yield cells


def _all_written(written: Callable[[int, int], None], count: int) -> None:
    written(count, count)


def _counted(
    rows: Iterable[Sequence[str | datetime | None]], total: int, written: Callable[[int, int], None]
) -> Iterator[Sequence[str | datetime | None]]:
    for number, row in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            written(number, max(total, number))
        yield row


def export_to(
    site: Site, report: Report, filters: Filters, stream: TextIO, format: str, sort: Sort | None = None
) -> int:
    """Write everything that is filtered to a text stream as `csv` or `json`; the count of rows."""
    from scanstation.sheets.writing import write_stream

    columns = report.columns if format == "json" else report.headings
    return write_stream(stream, format, columns, _cells_of_rows(site, report, filters, sort, len(columns)))


def _cells_of_rows(
    site: Site, report: Report, filters: Filters, sort: Sort | None, most: int
) -> Iterator[Sequence[str | None]]:
    """The first cells of all `rows`; those of a whole report are read as cells, which takes a third of the time."""
    read: Iterator[Sequence[str | None]]
    if filters.kinds or sort is Sort.NEWEST:
        read = map(cells, rows(site, report, filters, sort))
    else:
        event = report.event
        ids = reports.ids_by_code(site.store, event, filters) if sort is Sort.CODE else None
        if event is None:
            read = reports.serial_cells(site.store, filters, ids)
        else:
            read = reports.history_cells(site.store, event, filters, ids)
    return read if most == len(report.headings) else (row[:most] for row in read)


def _midnight(day: date) -> str:
    """The beginning of a local day as the store keeps time."""
    return timestamp(datetime.combine(day, time()).astimezone())
