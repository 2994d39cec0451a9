"""`report audit`: who did what to orders, products and the site, and why."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import TextIO

from scanstation.domain.audit import AuditedAct, AuditFilters
from scanstation.domain.codes import shorten
from scanstation.domain.outcome import Done
from scanstation.domain.plurals import counted
from scanstation.store import acts
from scanstation.workflows.reports.reporting import Filters
from scanstation.workflows.site import Site

HEADINGS = {
    "at": "At",
    "act": "Act",
    "subject": "Of",
    "warehouse": "Warehouse",
    "client": "Client",
    "was": "Was",
    "became": "Became",
    "reason": "Reason",
    "operator": "Operator",
    "station": "Station",
    "recorded_at": "Recorded at",
}
"""The keys of a row in JSON, and what people call them."""
MOMENTS = ("at", "recorded_at")
TITLE = "Audit"


def narrowed(filters: Filters) -> AuditFilters:
    """Of what reports are narrowed to, what an act has: names and days."""
    return AuditFilters(
        client=filters.client,
        warehouse=filters.warehouse,
        sku=filters.sku,
        purchase_order=filters.purchase_order,
        shipment_order=filters.shipment_order,
        since=filters.since,
        until=filters.until,
    )


def rows(site: Site, filters: AuditFilters) -> Iterator[tuple[str, ...]]:
    """All acts that pass, the oldest first; values in the order of `HEADINGS`."""
    with site.store.read() as tx, closing(acts.listed(tx, filters)) as found:
        for act in found:
            yield cells(act)


def cells(act: AuditedAct) -> tuple[str, ...]:
    """An act's values in the order of `HEADINGS`."""
    return tuple(str(getattr(act, column)) for column in HEADINGS)


def export(site: Site, filters: AuditFilters, path: str | os.PathLike[str], format: str) -> Done:
    """Write all acts that pass to a file, in place of one that is there.

    Raises:
        UnwritableFile: there is no room, no right, no such folder.
    """
    from scanstation.sheets.writing import write_rows

    written: Iterator[Sequence[str | datetime | None]] = (
        _for_a_sheet(row) if format == "xlsx" else _with_nulls(row) for row in rows(site, filters)
    )
    moments = {HEADINGS[column] for column in MOMENTS}
    count = write_rows(path, format, _columns(format), written, moments=moments)
    return Done(f"{TITLE}: {counted(count, 'act', grouped=True)} written to {shorten(str(path), 200)}.")


def export_to(site: Site, filters: AuditFilters, stream: TextIO, format: str) -> int:
    """Write all acts that pass to a text stream as `csv` or `json`; the count of acts."""
    from scanstation.sheets.writing import write_stream

    return write_stream(stream, format, _columns(format), (_with_nulls(row) for row in rows(site, filters)))


def _columns(format: str) -> Sequence[str]:
    return [*HEADINGS] if format == "json" else [*HEADINGS.values()]


def _with_nulls(row: Sequence[str]) -> list[str | None]:
    return [cell or None for cell in row]


def _for_a_sheet(row: Sequence[str]) -> list[str | datetime | None]:
    """Moments in the time of this computer, as on its screens."""
    return [
        datetime.fromisoformat(cell).astimezone() if cell and column in MOMENTS else cell or None
        for column, cell in zip(HEADINGS, row, strict=True)
    ]
