"""The three reports: what they are narrowed to, their columns, their rows (RULES §4, CONTRACT 'JSON')."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TextIO

from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Done
from scanstation.domain.status import Move, UnitStatus
from scanstation.store import reports
from scanstation.store.reports import Filters, HistoryRow, SerialRow
from scanstation.store.store import timestamp
from scanstation.workflows.site import Site

__all__ = [
    "Filters",
    "HistoryRow",
    "Report",
    "ReportRow",
    "SerialRow",
    "cells",
    "export",
    "export_to",
    "narrowed",
    "page",
    "rows",
]

ReportRow = SerialRow | HistoryRow

_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)
"""Days beyond them limit nothing; their midnights cannot be told in every time zone."""

_EVENT_COLUMNS = ("sku", "primary_serial", "secondary_serial", "operator", "station", "source")
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
            Report.SERIALS: "Serial Number Report",
            Report.RECEIVING_HISTORY: "Serial Number Receiving History",
            Report.SHIPMENT_HISTORY: "Serial Number Shipment History",
        }[self]

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row in JSON, in order."""
        if self is Report.SERIALS:
            return (
                *("warehouse", "client", "sku", "description", "primary_serial", "secondary_serial", "status"),
                *("po_number", "received_at", "so_number", "packed_at", "shipped_at"),
            )
        number = "po_number" if self is Report.RECEIVING_HISTORY else "so_number"
        return ("at", "warehouse", "client", number, *_EVENT_COLUMNS)

    @property
    def headings(self) -> tuple[str, ...]:
        """The header of a sheet or a table."""
        return tuple(_HEADINGS[column] for column in self.columns)

    @property
    def move(self) -> Move:
        """Which events a history shows."""
        return {Report.RECEIVING_HISTORY: Move.RECEIVE, Report.SHIPMENT_HISTORY: Move.SHIP}[self]


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
) -> Filters:
    """What a report is narrowed to.

    Args:
        client, warehouse, sku, purchase_order, shipment_order: compared without regard to case; empty lets all pass.
        statuses: of those that reports know; none named lets all three pass.
        code: the beginning of either code, or its end with a leading `*`.
        since, until: local days, both included.
    """
    return Filters(
        client=client,
        warehouse=warehouse,
        sku=sku,
        statuses=tuple(statuses),
        purchase_order=purchase_order,
        shipment_order=shipment_order,
        code=code,
        since=_midnight(since) if since and since >= _FIRST_DAY else "",
        until=_midnight(until + timedelta(days=1)) if until and until <= _LAST_DAY else "",
    )


def rows(site: Site, report: Report, filters: Filters) -> Iterator[ReportRow]:
    """All rows of a report, read as they are taken; the histories have the oldest event first."""
    if report is Report.SERIALS:
        return reports.serials(site.store, filters)
    return reports.history(site.store, report.move, filters)


def page(
    site: Site, report: Report, filters: Filters, *, after: ReportRow | None = None, limit: int = 50
) -> list[ReportRow]:
    """A page for a screen: the rows after one of the page before; the histories have the newest event first."""
    with site.store.read() as tx:
        if report is Report.SERIALS:
            assert after is None or isinstance(after, SerialRow)
            return list(reports.serials_page(tx, filters, after=after, limit=limit))
        assert after is None or isinstance(after, HistoryRow)
        return list(reports.history_page(tx, report.move, filters, after=after, limit=limit))


def cells(row: ReportRow) -> tuple[str | None, ...]:
    """A row's values in the order of `Report.columns`; None where there is none."""
    if isinstance(row, SerialRow):
        return (
            *(row.warehouse, row.client, row.sku, row.description, row.primary, row.secondary, row.status.value),
            *(row.purchase_order, row.received_at, row.shipment_order, row.packed_at, row.shipped_at),
        )
    return (
        *(row.at, row.warehouse, row.client, row.order, row.sku, row.primary, row.secondary),
        *(row.operator, row.station, row.source),
    )


def export(site: Site, report: Report, filters: Filters, path: str | os.PathLike[str], format: str) -> Done:
    """Write everything that is filtered to a file, in place of one that is there.

    Args:
        format: `xlsx`, `csv` or `json`.

    Raises:
        UnwritableFile: there is no room, no right, no such folder.
    """
    from scanstation.sheets.writing import write_rows  # the workbook writer is not needed to look at a page

    columns = report.columns if format == "json" else report.headings
    count = write_rows(path, format, columns, (cells(row) for row in rows(site, report, filters)))
    return Done(f"{report.title}: {count:,} {'row' if count == 1 else 'rows'} written to {shorten(str(path), 200)}.")


def export_to(site: Site, report: Report, filters: Filters, stream: TextIO, format: str) -> int:
    """Write everything that is filtered to a text stream as `csv` or `json`; the count of rows."""
    from scanstation.sheets.writing import write_stream

    columns = report.columns if format == "json" else report.headings
    return write_stream(stream, format, columns, (cells(row) for row in rows(site, report, filters)))


def _midnight(day: date) -> str:
    """The beginning of a local day as the store keeps time."""
    return timestamp(datetime.combine(day, time()).astimezone())
