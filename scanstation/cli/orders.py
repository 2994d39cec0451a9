"""`po` and `so`: looking at orders, and a supervisor's acts on them."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import (
    REFUSED,
    end_with,
    format_option,
    local,
    print_json,
    print_table,
    say,
    tell,
)
from scanstation.cli.start import TEXT, Start, chosen, spare
from scanstation.domain.outcome import Refused
from scanstation.domain.status import OrderKind

if TYPE_CHECKING:
    from scanstation.workflows.orders.order_book import OrderDetail

_FILE = click.Path(path_type=Path)
_REASON = click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the order.")


@click.group()
def po() -> None:
    """Purchase orders."""


@click.group()
def so() -> None:
    """Shipment orders."""


# What both kinds have


def _list(kind: OrderKind) -> None:
    group = po if kind is OrderKind.PURCHASE else so

    @group.command("list", help=f"All {kind.noun}s, those with a due date first.")
    @chosen
    @click.option("--open", "only_open", is_flag=True, help="Only those that somebody still has to work on.")
    @format_option("table", "json")
    @click.pass_obj
    def command(start: Start, client: str | None, warehouse: str | None, only_open: bool, format: str) -> None:
        site = start.site
        from scanstation.workflows.orders.order_book import as_json, listing

        found = listing(site, kind, client=client, warehouse=warehouse, only_open=only_open)
        if format == "json":
            print_json([as_json(shown) for shown in found])
        elif not print_table(
            ("Number", "Client", "Warehouse", "Status", "Due", "Ordered", _done(kind), "Open", "Serials"),
            [_summary(shown) for shown in found],
        ):
            say(f"There is no such {kind.noun}.")


def _show(kind: OrderKind) -> None:
    group = po if kind is OrderKind.PURCHASE else so

    @group.command("show", help=f"One {kind.noun}: its lines, the work on it, what was done to it.")
    @click.argument("number", metavar=kind.value, type=TEXT)
    @chosen
    @format_option("table", "json")
    @click.pass_obj
    def command(start: Start, number: str, client: str | None, warehouse: str | None, format: str) -> None:
        order_id = start.order_id(kind, number, client, warehouse)
        from scanstation.workflows.orders.order_book import as_json, detail

        shown = detail(start.site, order_id)
        if format == "json":
            print_json(as_json(shown))
        else:
            _print_order(shown)


def _import_serials(kind: OrderKind) -> None:
    group = po if kind is OrderKind.PURCHASE else so

    @group.command(
        "import-serials",
        help=f"Import the serials of a workbook or CSV file, all or none. Without {kind.value}, "
        "each row goes to the order it names.",
    )
    @click.argument("number_and_file", metavar=f"[{kind.value}] FILE", nargs=-1, required=True, type=TEXT)
    @click.option("--errors", metavar="FILE", type=_FILE, help="Save a copy here, with what is wrong marked in it.")
    @chosen
    @click.pass_obj
    def command(
        start: Start,
        number_and_file: tuple[str, ...],
        errors: Path | None,
        client: str | None,
        warehouse: str | None,
    ) -> None:
        if len(number_and_file) > 2:
            raise click.UsageError(f"One file at a time: [{kind.value}] FILE.")
        *number, file = number_and_file
        path = Path(file)
        spare([path], errors)
        from scanstation.domain.sheet_kinds import SHEET_OF
        from scanstation.sheets.reading import reading_of

        # Read by another process while this one gets ready for the store.
        with reading_of(path, [SHEET_OF[kind]], single=True) as reading:
            order_id = start.order_id(kind, number[0], client, warehouse) if number else None
            site = start.site
            from scanstation.workflows.imports.importing import import_serials

            end_with(import_serials(site, kind, path, order_id=order_id, errors_file=errors, reading=reading))


for _kind in OrderKind:
    _list(_kind)
    _show(_kind)
    _import_serials(_kind)


# Purchase orders


@po.command("receive")
@click.argument("number", metavar="PO", type=TEXT)
@chosen
@click.pass_obj
def po_receive(start: Start, number: str, client: str | None, warehouse: str | None) -> None:
    """Receive all that is outstanding, with nothing scanned (the Receive PO button)."""
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.workflows.orders.purchase_orders import receive_all

    end_with(receive_all(start.site, order_id))


@po.command("close")
@click.argument("number", metavar="PO", type=TEXT)
@_REASON
@chosen
@click.pass_obj
def po_close(start: Start, number: str, reason: str, client: str | None, warehouse: str | None) -> None:
    """End an order with less than was ordered."""
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.workflows.orders.purchase_orders import close_short

    end_with(close_short(start.site, order_id, reason))


@po.command("reopen")
@click.argument("number", metavar="PO", type=TEXT)
@_REASON
@chosen
@click.pass_obj
def po_reopen(start: Start, number: str, reason: str, client: str | None, warehouse: str | None) -> None:
    """Let a closed order take goods again."""
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.workflows.orders.purchase_orders import reopen

    end_with(reopen(start.site, order_id, reason))


@po.command("lower")
@click.argument("number", metavar="PO", type=TEXT)
@click.argument("sku", metavar="SKU", type=TEXT)
@click.argument("count", metavar="N", type=click.IntRange(min=0))
@_REASON
@chosen
@click.pass_obj
def po_lower(
    start: Start, number: str, sku: str, count: int, reason: str, client: str | None, warehouse: str | None
) -> None:
    """Lower what was received of a SKU to N units, the number that really came.

    Units that have their serials stay: take those back with `unreceive`. A Completed order that lacks units by it
    takes goods again.
    """
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.workflows.orders.corrections import lower

    end_with(lower(start.site, order_id, sku, count, reason))


@po.command("remove-serials")
@click.argument("number", metavar="PO", type=TEXT)
@click.option("--batch", metavar="N", type=int, help="Only those of one imported file; po show lists them.")
@click.option("--only-received", is_flag=True, help="Those still Received; keep the ones that have moved on.")
@chosen
@click.pass_obj
def po_remove_serials(
    start: Start, number: str, batch: int | None, only_received: bool, client: str | None, warehouse: str | None
) -> None:
    """Remove the serials that were imported on an order."""
    order_id = start.order_id(OrderKind.PURCHASE, number, client, warehouse)
    from scanstation.workflows.imports.removing import remove_serials

    end_with(remove_serials(start.site, OrderKind.PURCHASE, order_id, batch=batch, only_received=only_received))


# Shipment orders


@so.command("close")
@click.argument("number", metavar="SO", type=TEXT)
@_REASON
@chosen
@click.pass_obj
def so_close(start: Start, number: str, reason: str, client: str | None, warehouse: str | None) -> None:
    """Ship what is packed: what was ordered becomes what is packed."""
    order_id = start.order_id(OrderKind.SHIPMENT, number, client, warehouse)
    from scanstation.workflows.orders.shipment_orders import close_short

    end_with(close_short(start.site, order_id, reason))


@so.command("cancel")
@click.argument("number", metavar="SO", type=TEXT)
@_REASON
@chosen
@click.pass_obj
def so_cancel(start: Start, number: str, reason: str, client: str | None, warehouse: str | None) -> None:
    """Cancel an order that has not left: its units are unpacked."""
    order_id = start.order_id(OrderKind.SHIPMENT, number, client, warehouse)
    from scanstation.workflows.orders.shipment_orders import cancel

    end_with(cancel(start.site, order_id, reason))


@so.command("remove-serials")
@click.argument("number", metavar="SO", type=TEXT)
@click.option("--batch", metavar="N", type=int, help="Only those of one imported file; so show lists them.")
@chosen
@click.pass_obj
def so_remove_serials(start: Start, number: str, batch: int | None, client: str | None, warehouse: str | None) -> None:
    """Remove the serials that were imported on an order that has not left."""
    order_id = start.order_id(OrderKind.SHIPMENT, number, client, warehouse)
    from scanstation.workflows.imports.removing import remove_serials

    end_with(remove_serials(start.site, OrderKind.SHIPMENT, order_id, batch=batch))


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
        raise click.UsageError("--without-serials and --reason TEXT go together.")
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
        raise click.UsageError("A workbook is written to a file. Add --output FILE.xlsx.")
    order_id = start.order_id(OrderKind.SHIPMENT, number, client, warehouse)
    from scanstation.workflows.orders import packing_list

    if output is not None:
        tell(packing_list.write(start.site, order_id, output, format or ""))
    else:
        print(packing_list.as_text(packing_list.packing_list(start.site, order_id)), end="")


# How orders are shown


def _done(kind: OrderKind) -> str:
    return "Received" if kind is OrderKind.PURCHASE else "Packed"


def _summary(shown: "OrderDetail") -> tuple[str | int, ...]:
    order, lines = shown.order, shown.lines
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


def _print_order(shown: "OrderDetail") -> None:
    order = shown.order
    print_table(
        ("Number", "Client", "Warehouse", "Status", "Due", "Partner", "Reference"),
        [(order.number, order.client, order.warehouse, order.status.value, order.due, order.partner, order.reference)],
    )
    print()
    print_table(
        ("SKU", "Description", "Ordered", _done(order.kind), "Open", "Serials"),
        [
            (
                line.sku,
                line.description,
                line.ordered,
                line.done,
                line.open,
                _serials(line.serials_present, line.serials_needed),
            )
            for line in shown.lines
        ],
    )
    if shown.works:
        print()
        print_table(
            ("Open at", "Operator", "Since", "Units", ""),
            [
                (
                    one.work.station,
                    one.work.operator,
                    local(one.work.opened_at),
                    one.pieces,
                    "a serial is owed" if one.owes else "",
                )
                for one in shown.works
            ],
        )
    if shown.batches:
        print()
        print_table(
            ("Imported file", "Batch", "Serials", "At", "Operator", "Station"),
            [
                (batch.file_name, batch.id, batch.serials, local(batch.at), batch.operator, batch.station)
                for batch in shown.batches
            ],
        )
    if shown.acts:
        print()
        print_table(
            ("What was done", "Reason", "At", "Operator", "Station"),
            [(act.act, act.reason, local(act.at), act.operator, act.station) for act in shown.acts],
        )
