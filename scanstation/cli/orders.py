"""`po` and `so`: looking at orders, and a supervisor's acts on them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanstation.cli.output import (
    REFUSED,
    Command,
    end_with,
    format_option,
    local,
    print_json,
    print_table,
    say,
    tell,
)
from scanstation.cli.start import TEXT, Start, chosen, spare
from scanstation.domain.discrepancies import Differs
from scanstation.domain.language import word, worded
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind

if TYPE_CHECKING:
    from scanstation.workflows.orders.order_book import OrderDetail
    from scanstation.workflows.site import Site

Outcome = Done | Refused
Act = Callable[..., Outcome]
_FILE = click.Path(path_type=Path)
_REASON = click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the order.")


@click.group()
def po() -> None:
    """Purchase orders."""


@click.group()
def so() -> None:
    """Shipment orders."""


_GROUPS = {OrderKind.PURCHASE: po, OrderKind.SHIPMENT: so}


def _of_one(kind: OrderKind, name: str, *parameters: Callable[[Command], Command]) -> Callable[[Act], None]:
    """A command on the one order that a number stands for; it ends with what the act returns."""

    def frame(act: Act) -> None:
        def command(start: Start, number: str, client: str | None, warehouse: str | None, **given: Any) -> None:
            order_id = start.order_id(kind, number, client, warehouse)
            end_with(act(start.site, order_id, **given))

        framed: Callable[..., Any] = chosen(command)
        for parameter in reversed(parameters):
            framed = parameter(framed)
        framed = click.argument("number", metavar=kind.value, type=TEXT)(framed)
        _GROUPS[kind].command(name, help=act.__doc__)(click.pass_obj(framed))

    return frame


# What both kinds have


def _list(kind: OrderKind) -> None:
    @_GROUPS[kind].command("list", help=f"All {kind.noun}s, those with a due date first.")
    @chosen
    @click.option("--open", "only_open", is_flag=True, help="Only those that somebody still has to work on.")
    @format_option("table", "json")
    @click.pass_obj
    def command(start: Start, client: str | None, warehouse: str | None, only_open: bool, format: str) -> None:
        site = start.site
        from scanstation.workflows.orders.order_book import as_json, listing

        details = listing(site, kind, client=client, warehouse=warehouse, only_open=only_open)
        if format == "json":
            print_json([as_json(detail) for detail in details])
        elif not print_table(
            ("Number", "Client", "Warehouse", "Status", "Due", "Ordered", _done(kind), "Open", "Serials"),
            [_summary(detail) for detail in details],
        ):
            say(worded("There is no such {kind}.", kind=word(kind.noun)))


def _show(kind: OrderKind) -> None:
    @_GROUPS[kind].command("show", help=f"One {kind.noun}: its lines, the work on it, what was done to it.")
    @click.argument("number", metavar=kind.value, type=TEXT)
    @chosen
    @format_option("table", "json")
    @click.pass_obj
    def command(start: Start, number: str, client: str | None, warehouse: str | None, format: str) -> None:
        order_id = start.order_id(kind, number, client, warehouse)
        from scanstation.workflows.orders.order_book import as_json, detail

        order_detail = detail(start.site, order_id)
        if format == "json":
            print_json(as_json(order_detail))
        else:
            _print_order(order_detail)


def _others_reason(kind: OrderKind) -> "Callable[[Callable[..., object]], Callable[..., object]]":
    if kind is OrderKind.PURCHASE:
        return lambda command: command
    told = "Import rows too that were not scanned into the box, for this reason; it is kept."
    return click.option("--reason", metavar="TEXT", default="", type=TEXT, help=told)


def _import_serials(kind: OrderKind) -> None:
    @_GROUPS[kind].command(
        "import-serials",
        help=f"Import the serials of a workbook or CSV file, all or none. Without {kind.value}, "
        "each row goes to the order it names.",
    )
    @click.argument("number_and_file", metavar=f"[{kind.value}] FILE", nargs=-1, required=True, type=TEXT)
    @click.option("--errors", metavar="FILE", type=_FILE, help="Save a copy here, with what is wrong marked in it.")
    @_others_reason(kind)
    @chosen
    @click.pass_obj
    def command(
        start: Start,
        number_and_file: tuple[str, ...],
        errors: Path | None,
        client: str | None,
        warehouse: str | None,
        reason: str = "",
    ) -> None:
        if len(number_and_file) > 2:
            raise click.UsageError(worded("One file at a time: [{kind}] FILE.", kind=kind.value))
        *number, file = number_and_file
        path = Path(file)
        spare([path], errors)
        from scanstation.domain.sheet_kinds import SHEET_OF
        from scanstation.sheets.reading import reading_of

        # Read by another process while this one gets ready for the store.
        with reading_of(path, [SHEET_OF[kind]], single=True, sheet_map=start.sheet_map) as reading:
            order_id = start.order_id(kind, number[0], client, warehouse) if number else None
            site = start.site
            from scanstation.workflows.imports.importing import import_serials

            end_with(
                import_serials(
                    site,
                    kind,
                    path,
                    order_id=order_id,
                    errors_file=errors,
                    reading=reading,
                    others_reason=reason,
                )
            )


for _kind in OrderKind:
    _list(_kind)
    _show(_kind)
    _import_serials(_kind)


# Purchase orders


@_of_one(OrderKind.PURCHASE, "receive")
def po_receive(site: "Site", order_id: int) -> Outcome:
    """Receive all that is outstanding, with nothing scanned (the Receive PO button)."""
    from scanstation.workflows.orders.purchase_orders import receive_all

    return receive_all(site, order_id)


@_of_one(OrderKind.PURCHASE, "close", _REASON)
def po_close(site: "Site", order_id: int, reason: str) -> Outcome:
    """End an order with less than was ordered."""
    from scanstation.workflows.orders.purchase_orders import close_short

    return close_short(site, order_id, reason)


@_of_one(OrderKind.PURCHASE, "reopen", _REASON)
def po_reopen(site: "Site", order_id: int, reason: str) -> Outcome:
    """Let a closed order take goods again."""
    from scanstation.workflows.orders.purchase_orders import reopen

    return reopen(site, order_id, reason)


@_of_one(
    OrderKind.PURCHASE,
    "returns",
    _REASON,
    click.option("--off", is_flag=True, help="It takes new units only, from now on."),
)
def po_returns(site: "Site", order_id: int, reason: str, off: bool) -> Outcome:
    """Mark an order as bringing units back: what was shipped is received on it again, by scan or import.

    So does a Yes in the column Returns of its sheet. What comes back without an order goes to Returns.
    """
    from scanstation.workflows.orders.purchase_orders import mark_returns

    return mark_returns(site, order_id, reason, off=off)


@_of_one(
    OrderKind.PURCHASE,
    "lower",
    click.argument("sku", metavar="SKU", type=TEXT),
    click.argument("count", metavar="N", type=click.IntRange(min=0)),
    _REASON,
)
def po_lower(site: "Site", order_id: int, sku: str, count: int, reason: str) -> Outcome:
    """Lower what was received of a SKU to N units, the number that really came.

    Units that have their serials stay: take those back with `unreceive`. A Completed order that lacks units by it
    takes goods again.
    """
    from scanstation.workflows.orders.corrections import lower

    return lower(site, order_id, sku, count, reason)


@_of_one(
    OrderKind.PURCHASE,
    "remove-serials",
    click.option("--batch", metavar="N", type=int, help="Only those of one imported file; po show lists them."),
    click.option("--only-received", is_flag=True, help="Those still Received; keep the ones that have moved on."),
)
def po_remove_serials(site: "Site", order_id: int, batch: int | None, only_received: bool) -> Outcome:
    """Remove the serials that were imported on an order."""
    from scanstation.workflows.imports.removing import remove_serials

    return remove_serials(site, OrderKind.PURCHASE, order_id, batch=batch, only_received=only_received)


@_of_one(
    OrderKind.PURCHASE,
    "expect",
    click.argument("file", metavar="FILE", type=_FILE),
    click.option("--errors", metavar="FILE", type=_FILE, help="Save a copy here, with what is wrong marked in it."),
)
def po_expect(site: "Site", order_id: int, file: Path, errors: Path | None) -> Outcome:
    """Load the serials that a supplier announces for an order, all or none: what is scanned is held against them.

    The columns are those of the import of serials. A serial that is listed already is kept, or is as this file
    says. No unit is made by it.
    """
    spare([file], errors)
    from scanstation.workflows.master_data.loading import expect

    return expect(site, order_id, file, errors_file=errors)


@_of_one(
    OrderKind.PURCHASE,
    "remove-expected",
    click.option("--list", "list_id", metavar="N", type=int, help="Only those of one file; po show lists them."),
)
def po_remove_expected(site: "Site", order_id: int, list_id: int | None) -> Outcome:
    """Remove what a supplier announced for an order. No unit is changed."""
    from scanstation.workflows.orders.expected_lists import remove_expected

    return remove_expected(site, order_id, list_id=list_id)


@po.command("expected")
@click.argument("number", metavar="PO", type=TEXT)
@chosen
@click.option("--missing", "only_missing", is_flag=True, help="Only those that have not come.")
@format_option("table", "json", "csv", "xlsx", default=None)
@click.option("--output", metavar="FILE", type=_FILE, help="Write to a file: .xlsx, .csv or .json.")
@click.pass_obj
def po_expected(
    start: Start,
    number: str,
    client: str | None,
    warehouse: str | None,
    only_missing: bool,
    format: str | None,
    output: Path | None,
) -> None:
    """What a supplier announced for an order, serial by serial: verified, missing, unexpected."""
    format = _format_of_listing(format, output)
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.cli.reports import put_out
    from scanstation.workflows.reports.expected_list import expected_list

    put_out(expected_list(start.site, order_id, only_missing=only_missing), format, output)


def _format_of_listing(format: str | None, output: Path | None) -> str:
    from scanstation.cli.reports import format_for

    format = format or format_for(output)
    if format == "table" and output is not None:
        raise click.UsageError(worded("A table is for reading here. Write json, csv or xlsx to a file."))
    if format == "xlsx" and output is None:
        raise click.UsageError(worded("A workbook is written to a file. Add --output FILE.xlsx."))
    return format


_KINDS = tuple(differs.value for differs in Differs)


@_of_one(
    OrderKind.PURCHASE,
    "note",
    click.argument("sku", metavar="SKU", type=TEXT),
    click.argument("differs", metavar="|".join(_KINDS), type=click.Choice(_KINDS)),
    click.option("--count", metavar="N", type=click.IntRange(1, 1_000_000), help="How many units; else its serials."),
    click.option("--words", metavar="TEXT", type=TEXT, default="", help="What is to be said of it."),
    click.option("--serial", "serials", metavar="CODE", type=TEXT, multiple=True, help="May be given more than once."),
)
def po_note(site: "Site", order_id: int, sku: str, differs: str, **given: Any) -> Outcome:
    """Note what came damaged, wrong, short or over of a SKU, for the client. No count is changed."""
    from scanstation.workflows.orders.discrepancies import note

    return note(site, order_id, sku, Differs(differs), **given)


@_of_one(
    OrderKind.PURCHASE,
    "settle",
    click.argument("note", metavar="N", type=int),
    click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="What came of it; kept with it."),
)
def po_settle(site: "Site", order_id: int, note: int, reason: str) -> Outcome:
    """Settle a discrepancy, given by its number: it is open no longer."""
    from scanstation.workflows.orders.discrepancies import settle

    return settle(site, order_id, note, reason)


@po.command("discrepancies")
@click.argument("number", metavar="[PO]", required=False, type=TEXT)
@chosen
@click.option("--open", "only_open", is_flag=True, help="Only those that nobody has settled.")
@format_option("table", "json", "csv", "xlsx", default=None)
@click.option("--output", metavar="FILE", type=_FILE, help="Write to a file: .xlsx, .csv or .json.")
@click.pass_obj
def po_discrepancies(
    start: Start,
    number: str | None,
    client: str | None,
    warehouse: str | None,
    only_open: bool,
    format: str | None,
    output: Path | None,
) -> None:
    """What was noted of one purchase order, or of all, to be told to the client."""
    format = _format_of_listing(format, output)
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse) if number else None
    from scanstation.cli.reports import put_out
    from scanstation.workflows.reports.discrepancy_list import discrepancy_list

    of_place = {"client": client or "", "warehouse": warehouse or ""}
    put_out(discrepancy_list(start.site, order_id=order_id, only_open=only_open, **of_place), format, output)


# Shipment orders


@_of_one(OrderKind.SHIPMENT, "close", _REASON)
def so_close(site: "Site", order_id: int, reason: str) -> Outcome:
    """Ship what is packed: nobody waits for the rest."""
    from scanstation.workflows.orders.shipment_orders import close_short

    return close_short(site, order_id, reason)


@_of_one(OrderKind.SHIPMENT, "import-scanned")
def so_import_scanned(site: "Site", order_id: int) -> Outcome:
    """Import what was scanned into the box, where every unit was scanned: no file is needed."""
    from scanstation.workflows.imports.scanned import import_scanned

    return import_scanned(site, order_id)


@_of_one(OrderKind.SHIPMENT, "cancel", _REASON)
def so_cancel(site: "Site", order_id: int, reason: str) -> Outcome:
    """Cancel an order that has not left: its units are unpacked."""
    from scanstation.workflows.orders.shipment_orders import cancel

    return cancel(site, order_id, reason)


@_of_one(
    OrderKind.SHIPMENT,
    "remove-serials",
    click.option("--batch", metavar="N", type=int, help="Only those of one imported file; so show lists them."),
)
def so_remove_serials(site: "Site", order_id: int, batch: int | None) -> Outcome:
    """Remove the serials that were imported on an order that has not left."""
    from scanstation.workflows.imports.removing import remove_serials

    return remove_serials(site, OrderKind.SHIPMENT, order_id, batch=batch)


@so.command("ship")
@click.argument("numbers", metavar="SO...", nargs=-1, required=True, type=TEXT)
@click.option("--without-serials", is_flag=True, help="Even where serials are missing; wants --reason.")
@click.option("--reason", metavar="TEXT", type=TEXT, help="Why it leaves without its serials; kept with the order.")
@chosen
@click.pass_obj
def so_ship(
    start: Start,
    numbers: tuple[str, ...],
    without_serials: bool,
    reason: str | None,
    client: str | None,
    warehouse: str | None,
) -> None:
    """The orders have left. Each ships by itself; those refused are listed."""
    if without_serials != (reason is not None):
        raise click.UsageError(worded("--without-serials and --reason TEXT go together."))
    site = start.site
    from scanstation.workflows.orders.order_book import choose
    from scanstation.workflows.orders.shipment_orders import ship

    refused = False
    for number in numbers:
        order = choose(site, OrderKind.SHIPMENT, number, client=client, warehouse=warehouse)
        outcome = order if isinstance(order, Refused) else ship(site, order.id, without_serials_reason=reason)
        tell(outcome)
        refused = refused or isinstance(outcome, Refused)
    if refused:
        raise click.exceptions.Exit(REFUSED)


@_of_one(OrderKind.SHIPMENT, "unship", _REASON)
def so_unship(site: "Site", order_id: int, reason: str) -> Outcome:
    """The truck did not leave: the whole order is Ready to Ship again."""
    from scanstation.workflows.orders.shipment_orders import unship

    return unship(site, order_id, reason)


@_of_one(
    OrderKind.SHIPMENT,
    "swap",
    click.argument("old", metavar="OLD", type=TEXT),
    click.argument("new", metavar="NEW", type=TEXT),
    click.option("--secondary", metavar="CODE", type=TEXT, default="", help="The other serial of NEW, if it has two."),
    click.option("--hold", "on_hold", is_flag=True, help="Put OLD on hold."),
    click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the order and both units."),
)
def so_swap(site: "Site", order_id: int, **given: Any) -> Outcome:
    """Take the unit OLD out of a packed order and put NEW in its place.

    OLD is Received again; where packing created it, it is gone, unless it goes on hold.
    """
    from scanstation.workflows.orders.swapping import swap

    return swap(site, order_id, **given)


@so.command("serials")
@click.argument("number", metavar="SO", type=TEXT)
@click.option("--output", metavar="FILE", type=_FILE, help="Write to a file; one that ends in .xlsx is a workbook.")
@click.option("--format", type=click.Choice(["text", "xlsx"]), help="Otherwise the file's ending says it.")
@chosen
@click.pass_obj
def so_serials(
    start: Start, number: str, output: Path | None, format: str | None, client: str | None, warehouse: str | None
) -> None:
    """The serials of an order, for the customer: text for a printer, or a workbook."""
    if format == "xlsx" and output is None:
        raise click.UsageError(worded("A workbook is written to a file. Add --output FILE.xlsx."))
    order_id = start.order_id(OrderKind.SHIPMENT, number, client, warehouse)
    from scanstation.workflows.orders import packing_list

    if output is not None:
        tell(packing_list.write(start.site, order_id, output, format or ""))
    else:
        print(packing_list.as_text(packing_list.packing_list(start.site, order_id)), end="")


# How orders are shown


def _done(kind: OrderKind) -> str:
    return "Received" if kind is OrderKind.PURCHASE else "Packed"


def _summary(detail: "OrderDetail") -> tuple[str | int, ...]:
    order, lines = detail.order, detail.lines
    return (
        order.number,
        order.client,
        order.warehouse,
        order.status.value,
        order.due,
        sum(line.ordered for line in lines),
        sum(line.done for line in lines),
        sum(line.open for line in lines),
        _serials(sum(line.serials_present for line in lines), sum(line.serials_needed for line in lines)),
    )


def _serials(present: int, needed: int) -> str:
    return f"{present} of {needed}" if present or needed else ""


def _print_order(detail: "OrderDetail") -> None:
    order = detail.order
    print_table(
        ("Number", "Client", "Warehouse", "Status", "Due", "Partner", "Reference"),
        [(order.number, order.client, order.warehouse, order.status.value, order.due, order.partner, order.reference)],
    )
    if order.brings_back:
        print(worded("Units that were shipped may come back on it."))
    print()
    is_short = any(line.closed_short for line in detail.lines)
    has_lines = any(line.parts for line in detail.lines)
    print_table(
        (
            *(["Line"] if has_lines else []),
            *("SKU", "Description", "Ordered", _done(order.kind), "Open"),
            *(["Closed short"] if is_short else []),
            "Serials",
        ),
        [
            (
                *([share.line] if has_lines else []),
                *(line.sku, line.description, share.ordered, share.done, share.open),
                *([share.closed_short] if is_short else []),
                _serials(share.serials_present, share.serials_needed),
            )
            for line in detail.lines
            for share in line.shares
        ],
    )
    if detail.expected:
        print()
        print_table(
            ("SKU", "Listed", "Verified", "Unexpected", "Missing"),
            [(one.sku, one.listed, one.verified, one.unexpected, one.missing) for one in detail.expected],
        )
        if detail.missing:
            from scanstation.domain.sentences import missing_words

            print(missing_words(detail.missing))
    if detail.lists:
        print()
        print_table(
            ("Expected list", "Number", "Serials", "At", "Operator", "Station"),
            [(one.file_name, one.id, one.serials, local(one.at), one.operator, one.station) for one in detail.lists],
        )
    if detail.works:
        print()
        print_table(
            ("Open at", "Operator", "Since", "Units", ""),
            [
                (
                    one.work.station,
                    one.work.operator,
                    local(one.work.opened_at),
                    one.pieces,
                    worded("a serial is owed") if one.owes else "",
                )
                for one in detail.works
            ],
        )
    if detail.batches:
        print()
        print_table(
            ("Imported file", "Batch", "Serials", "At", "Operator", "Station"),
            [
                (batch.file_name, batch.id, batch.serials, local(batch.at), batch.operator, batch.station)
                for batch in detail.batches
            ],
        )
    if detail.acts:
        print()
        print_table(
            ("What was done", "Reason", "At", "Operator", "Station"),
            [(act.act, act.reason, local(act.at), act.operator, act.station) for act in detail.acts],
        )
