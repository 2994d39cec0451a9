"""`report` and `trace`."""

import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import by_reader, end_with, format_option, give_up, local, print_json, print_table, say
from scanstation.cli.start import DAY, DAY_OR_MONTH, TEXT, Start
from scanstation.domain.language import english, worded
from scanstation.domain.outcome import Refused
from scanstation.domain.status import Move

if TYPE_CHECKING:
    from scanstation.workflows.reports.listing import Listing
    from scanstation.workflows.reports.reporting import Filters, Report, Sort
    from scanstation.workflows.reports.tracing import Life
    from scanstation.workflows.site import Site

_AUDIT, _STOCK, _RECALL = "audit", "stock", "recall"
_REPORTS = ("serials", "receiving-history", "shipment-history", _STOCK, _RECALL, _AUDIT)
_HISTORIES = ("receiving-history", "shipment-history")
_EVENTS = tuple(move.value for move in Move)
_SORTS = {"time": "newest first", "code": "by code"}
_STATUSES = ("Received", "Packed", "Shipped")
_FORMAT_OF = {".xlsx": "xlsx", ".csv": "csv", ".json": "json"}


@click.command()
@click.argument("name", metavar="|".join(_REPORTS), type=click.Choice(_REPORTS))
@click.option("--client", metavar="CLIENT", type=TEXT, default="")
@click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, default="")
@click.option("--sku", metavar="SKU", type=TEXT, default="")
@click.option(
    "--status",
    "statuses",
    type=click.Choice(_STATUSES, case_sensitive=False),
    multiple=True,
    help="The unit's present status; may be given more than once.",
)
@click.option("--po", metavar="PO", type=TEXT, default="", help="The purchase order it came in on.")
@click.option("--so", metavar="SO", type=TEXT, default="", help="The shipment order it goes out on.")
@click.option("--code", metavar="CODE", type=TEXT, default="", help="How either serial begins; *4711: how it ends.")
@click.option("--since", metavar="DAY", type=DAY, help="On this local day or later: 2026-11-22.")
@click.option("--until", metavar="DAY", type=DAY, help="On this local day or earlier.")
@click.option("--on-hold", is_flag=True, help="Only what is on hold now.")
@click.option("--lot", metavar="LOT", type=TEXT, default="", help="Of this lot.")
@click.option("--expiry", metavar="DAY", type=DAY_OR_MONTH, help="With this use-by: 2027-03-31, or 2027-03.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(_EVENTS, case_sensitive=False),
    multiple=True,
    help="Of a history: these events in place of what was received or shipped; may be given more than once.",
)
@click.option(
    "--file", metavar="FILE", type=click.Path(path_type=Path), help="Of recall: a text of serials, one a line."
)
@click.option("--sort", type=click.Choice([*_SORTS]), help="The newest first, or by the serials: SN9 before SN10.")
@format_option("table", "json", "csv", "xlsx", default=None)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to .xlsx, .csv or .json.")
@click.pass_obj
def report(
    start: Start,
    name: str,
    client: str,
    warehouse: str,
    sku: str,
    statuses: tuple[str, ...],
    po: str,
    so: str,
    code: str,
    lot: str,
    expiry: str | None,
    file: Path | None,
    kinds: tuple[str, ...],
    since: date | None,
    until: date | None,
    sort: str | None,
    format: str | None,
    output: Path | None,
    *,
    on_hold: bool,
) -> None:
    """The Serial Number Report, the histories of receiving and shipping, the stock and the audit.

    serials has one line a unit; --since and --until look at when it came to the status asked for. The histories have
    one line an event, stock one for each product, with its counts. audit has one line for each thing that somebody
    did to an order, a product or the site. recall has one line a unit of a lot (--sku and --lot), of a use-by
    (--expiry), of a receipt (--po; --since and --until: received then) or of a list of serials (--file), with where it
    is or to whom it went, and then the units of the SKU whose lot, or use-by, is unknown.
    """
    if file and name != _RECALL:
        raise click.UsageError(worded("--file is for recall."))
    if kinds and (name not in _HISTORIES or sort):
        raise click.UsageError(
            worded("--kind is for the histories, which have the oldest event first then: leave out --sort.")
        )
    if since and until and since > until:
        problem = worded("--since {since} is later than --until {until}.", since=str(since), until=str(until))
        raise click.UsageError(problem)
    format = format or format_for(output)
    if format == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError(worded("A workbook cannot be shown on a terminal. Add --output FILE.xlsx."))
    if format == "table" and output is not None:
        raise click.UsageError(worded("A table is for reading here. Write json, csv or xlsx to a file."))
    site = start.site
    from scanstation.domain.status import UnitStatus
    from scanstation.workflows.reports import reporting

    if refusal := reporting.hindrance(site):
        give_up(refusal)
    filters = reporting.narrowed(
        client=client,
        warehouse=warehouse,
        sku=sku,
        statuses=[UnitStatus(status) for status in statuses],
        purchase_order=po,
        shipment_order=so,
        code=code,
        since=since,
        until=until,
        on_hold=on_hold,
        lot=lot,
        expiry=expiry or "",
        kinds=[Move(kind) for kind in kinds],
    )
    if name == _AUDIT:
        if statuses or code or sort or lot or expiry:
            raise click.UsageError(
                worded("The audit has no units: leave out --status, --code, --lot, --expiry and --sort.")
            )
        from scanstation.workflows.reports.auditing import audit

        put_out(audit(site, filters), format, output)
        return
    if name == _STOCK:
        if filters != reporting.narrowed(client=client, sku=sku) or sort:
            raise click.UsageError(worded("The stock is by client and SKU: give --client and --sku alone."))
        from scanstation.workflows.reports.stock import stock

        put_out(stock(site, filters), format, output)
        return
    if name == _RECALL:
        put_out(_recall(site, filters, file, is_sorted=sort is not None), format, output)
        return
    asked = reporting.Report(name)
    order = reporting.Sort(_SORTS[sort]) if sort else None
    if output is not None:
        end_with(reporting.export(site, asked, filters, output, format, sort=order))
    else:
        _print(site, asked, filters, format, order)


@click.command()
@click.argument("code", type=TEXT)
@format_option("table", "json")
@click.pass_obj
def trace(start: Start, code: str, format: str) -> None:
    """The whole life of every unit that ever had this serial."""
    site = start.site
    from scanstation.workflows.reports import tracing

    lives = tracing.trace(site, code)
    if format == "json":
        print_json(tracing.as_json(lives))
    for number, life in enumerate(lives):
        if format == "table":
            if number:
                print()
            _print_life(life)
    if not lives:
        say(worded("No unit has or ever had the serial {code}.", code=code))


def _recall(site: "Site", filters: "Filters", file: Path | None, *, is_sorted: bool) -> "Listing":
    from scanstation.domain.codes import visible
    from scanstation.sheets.reading import read_lines
    from scanstation.workflows.reports import recall
    from scanstation.workflows.reports.reporting import narrowed

    if file:
        if is_sorted or filters != narrowed(client=filters.client, sku=filters.sku):
            raise click.UsageError(worded("A list is what is recalled: beside --file there are --client and --sku."))
        return recall.of_list(site, read_lines(file), filters)
    taken = replace(filters, statuses=(), shipment_order="", code="", on_hold=False)
    if is_sorted or filters != taken or not recall.is_said(filters):
        problem = worded(
            "Say what is recalled: --sku and --lot, --expiry, --po, --since and --until, or --file; "
            "--sku, --client and --warehouse narrow it."
        )
        raise click.UsageError(problem)
    if refusal := recall.hindrance(site, filters):
        give_up(refusal)
    if not recall.has_any(site, filters):
        of_lot = filters == narrowed(
            client=filters.client, warehouse=filters.warehouse, sku=filters.sku, lot=filters.lot
        )
        say(
            worded("No unit of {sku} is known to be of lot {lot}.", sku=visible(filters.sku), lot=visible(filters.lot))
            if of_lot and filters.lot
            else worded("No unit is known to be what is recalled.")
        )
    return recall.of_filters(site, filters)


def format_for(output: Path | None) -> str:
    """The format that a file's ending says, or that who reads it here wants."""
    if output is None:
        return by_reader()
    if found := _FORMAT_OF.get(output.suffix.lower()):
        return found
    problem = worded(
        "{file} does not say its format. End it in .xlsx, .csv or .json, or add --format.", file=output.name
    )
    raise click.UsageError(problem)


def put_out(listing: "Listing", format: str, output: Path | None) -> None:
    """Print a listing, or write it to a file."""
    if output is not None:
        end_with(listing.export(output, format))
    elif format == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.xlsx"
            listing.export(path, format)
            sys.stdout.buffer.write(path.read_bytes())
    elif format != "table":
        listing.export_to(sys.stdout, format)
    else:
        moments = [column in listing.moments for column in listing.headings]
        rows = (
            [
                local(cell) if is_moment and isinstance(cell, str) else cell
                for cell, is_moment in zip(row, moments, strict=True)
            ]
            for row in listing.read()
        )
        if not print_table([*listing.headings.values()], rows):
            say(worded("{title}: nothing fits.", title=listing.title))


def _print(site: "Site", report: "Report", filters: "Filters", format: str, sort: "Sort | None") -> None:
    from scanstation.workflows.reports import reporting

    if format == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.xlsx"
            outcome = reporting.export(site, report, filters, path, format, sort=sort)
            if isinstance(outcome, Refused):
                give_up(outcome)
            sys.stdout.buffer.write(path.read_bytes())
        return
    if format != "table":
        reporting.export_to(site, report, filters, sys.stdout, format, sort)
        return
    moments = {index for index, column in enumerate(report.columns) if column in reporting.MOMENTS}
    rows = (
        [local(cell) if index in moments else cell for index, cell in enumerate(reporting.cells(row))]
        for row in reporting.rows(site, report, filters, sort)
    )
    if not print_table(report.headings, rows):
        say(worded("{title}: nothing fits.", title=report.title))


def _print_life(life: "Life") -> None:
    unit = life.unit
    codes = " + ".join(code for code in (unit.primary, unit.secondary) if code)
    print_table(
        ("Serial", "SKU", "Description", "Client", "Warehouse", "Now"),
        [(codes, unit.sku, unit.description, unit.client, unit.warehouse, english(life.standing))],
    )
    if unit.lot:
        print(unit.lot.words())
    print()
    print_table(
        ("At", "What", "Order", "Serials", "Operator", "Station", "Source", "File", "Reason"),
        [
            (
                local(event.at),
                event.what.value,
                event.order,
                " + ".join(code for code in (event.primary, event.secondary) if code),
                event.operator,
                event.station,
                worded("{source}, entered {at}", source=str(event.source), at=local(event.entered_at))
                if event.entered_at
                else event.source,
                event.file_name,
                event.reason,
            )
            for event in life.events
        ],
    )
