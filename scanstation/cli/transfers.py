"""`transfer` and `transfers`: goods between two warehouses."""

from typing import TYPE_CHECKING

import click

from scanstation.cli.output import end_with, format_option, give_up, local, print_json, print_table, say
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused
from scanstation.domain.transfers import Leg, Missing

if TYPE_CHECKING:
    from scanstation.workflows.orders.transfer_book import TransferDetail

_CODES = click.argument("codes", metavar="CODE...", nargs=-1, type=TEXT)
_CLIENT = click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")
_SKU = click.option("--sku", metavar="SKU", type=TEXT, help="Of this SKU.")
_QUANTITY = click.option(
    "--quantity", metavar="N", type=click.IntRange(min=1), help="Goods without serials; wants --client and --sku."
)


@click.command()
@click.argument("number", metavar="[NUMBER]", required=False, type=TEXT)
@click.pass_obj
def transfer(start: Start, number: str | None) -> None:
    """Open the station on Transfers, with this transfer.

    What the station's warehouse sends goes out by scan, and what comes to it is taken in.
    """

    from scanstation.cli.station import open_place

    open_place(start, "transfer", number or "")


@click.group()
def transfers() -> None:
    """Goods sent from one warehouse to another."""


@transfers.command()
@click.option("--from", "sending", metavar="WAREHOUSE", required=True, type=TEXT, help="Where it goes out.")
@click.option("--to", "receiving", metavar="WAREHOUSE", required=True, type=TEXT, help="Where it is taken in.")
@click.pass_obj
def new(start: Start, sending: str, receiving: str) -> None:
    """Begin a transfer; its number is said."""
    site = start.site
    from scanstation.workflows.orders import transfer_book

    end_with(transfer_book.begin(site, sending, receiving))


@transfers.command("list")
@format_option("table", "json")
@click.pass_obj
def list_(start: Start, format: str) -> None:
    """All transfers, the newest first."""
    site = start.site
    from scanstation.workflows.orders import transfer_book

    listed_transfers = transfer_book.listing(site)
    if format == "json":
        print_json([transfer_book.as_json(one) for one in listed_transfers])
    elif not print_table(
        ("Number", "From", "To", "Status", "Begun", "Sent", "Arrived", "On the way"),
        [(*_head(one), one.sent, one.count(Leg.ARRIVED), one.count(Leg.ON_THE_WAY)) for one in listed_transfers],
    ):
        say(worded("There is no transfer."))


@transfers.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@format_option("table", "json")
@click.pass_obj
def show(start: Start, number: str, format: str) -> None:
    """One transfer: what was sent on it, and what became of that."""
    transfer_id = _transfer_id(start, number)
    from scanstation.workflows.orders import transfer_book

    one = transfer_book.detail(start.site, transfer_id)
    if format == "json":
        print_json(transfer_book.as_json(one))
        return
    print_table(("Number", "From", "To", "Status", "Begun"), [_head(one)])
    if one.units:
        print()
        print_table(
            ("Client", "SKU", "Primary", "Secondary", "Now"),
            [(unit.client, unit.sku, unit.primary, unit.secondary, unit.leg.value) for unit in one.units],
        )
    if one.goods:
        print()
        print_table(
            ("Client", "SKU", "Sent", "Arrived", "Back", "Lost", "On the way"),
            [
                (goods.client, goods.sku, goods.sent, goods.arrived, goods.back, goods.lost, goods.on_the_way)
                for goods in one.goods
            ],
        )


@transfers.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@_CODES
@_QUANTITY
@_CLIENT
@_SKU
@click.pass_obj
def send(
    start: Start, number: str, codes: tuple[str, ...], quantity: int | None, client: str | None, sku: str | None
) -> None:
    """Send units out, by either of their serials: in transit, until they have arrived.

    All or none go. Goods without serials go by --quantity.
    """
    _either(codes, quantity, client, sku)
    transfer_id = _transfer_id(start, number)
    from scanstation.workflows.orders import transfer_book

    if quantity is not None and client and sku:
        end_with(transfer_book.send_goods(start.site, transfer_id, client, sku, quantity))
    else:
        end_with(transfer_book.send(start.site, transfer_id, codes, client=client, sku=sku))


@transfers.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@_CODES
@click.option("--not-on-list", is_flag=True, help="Also units that nobody has sent out: they are here.")
@_QUANTITY
@_CLIENT
@_SKU
@click.pass_obj
def receive(
    start: Start,
    number: str,
    codes: tuple[str, ...],
    quantity: int | None,
    client: str | None,
    sku: str | None,
    *,
    not_on_list: bool,
) -> None:
    """Take units in, by either of their serials: Received in the other warehouse.

    All or none arrive. Goods without serials arrive by --quantity.
    """
    _either(codes, quantity, client, sku)
    transfer_id = _transfer_id(start, number)
    from scanstation.workflows.orders import transfer_book

    if quantity is not None and client and sku:
        end_with(transfer_book.take_in_goods(start.site, transfer_id, client, sku, quantity))
    else:
        taken = transfer_book.take_in(start.site, transfer_id, codes, client=client, sku=sku, unlisted=not_on_list)
        end_with(taken)


@transfers.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@click.option(
    "--missing",
    type=click.Choice([one.value for one in Missing]),
    help="What became of what has not arrived; on-the-way: it may still come.",
)
@click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the transfer.")
@click.pass_obj
def close(start: Start, number: str, missing: str | None, reason: str) -> None:
    """End a transfer; of what has not arrived it is said what became of it."""
    transfer_id = _transfer_id(start, number)
    from scanstation.workflows.orders import transfer_book

    end_with(transfer_book.close(start.site, transfer_id, Missing(missing) if missing else None, reason))


@transfers.command()
@click.argument("code", metavar="[CODE]", required=False, type=TEXT)
@click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Where it was; kept with the unit.")
@click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, default="", help="At which of the transfer's two ends.")
@click.option("--transfer", "number", metavar="NUMBER", type=TEXT, help="Of goods without serials: which lost them.")
@_QUANTITY
@_CLIENT
@_SKU
@click.pass_obj
def found(
    start: Start,
    code: str | None,
    reason: str,
    warehouse: str,
    number: str | None,
    quantity: int | None,
    client: str | None,
    sku: str | None,
) -> None:
    """A unit that was closed as lost is there after all, the same unit, Received where it was found.

    Without --warehouse that is the station's own. Goods without serials are found by --transfer and --quantity.
    """
    _either((code,) if code else (), quantity, client, sku)
    if (number is None) != (quantity is None):
        raise click.UsageError(worded("--transfer NUMBER goes with --quantity N."))
    site = start.site
    from scanstation.workflows.orders import corrections, finding

    if number is not None and quantity is not None and client and sku:
        transfer_id = _transfer_id(start, number)
        end_with(finding.goods_found(site, transfer_id, client, sku, quantity, reason, warehouse=warehouse))
        return
    one = corrections.choose(site, code or "", client=client, sku=sku)
    if isinstance(one, Refused):
        give_up(one)
    end_with(finding.found_again(site, one.unit.id, reason, warehouse=warehouse, seen=one))


def _either(codes: tuple[str, ...], quantity: int | None, client: str | None, sku: str | None) -> None:
    if bool(codes) == (quantity is not None):
        raise click.UsageError(worded("Name units by their serials, or goods without serials by --quantity N."))
    if quantity is not None and not (client and sku):
        raise click.UsageError(worded("--quantity N wants --client and --sku."))


def _transfer_id(start: Start, number: str) -> int:
    site = start.site
    from scanstation.workflows.orders import transfer_book

    found = transfer_book.choose(site, number)
    return give_up(found) if isinstance(found, Refused) else found.id


def _head(one: "TransferDetail") -> tuple[str | None, ...]:
    of = one.of
    return of.number, of.from_warehouse, of.to_warehouse, of.status.value, local(of.at)
