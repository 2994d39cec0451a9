"""`load` and `template`."""

from pathlib import Path

import click

from scanstation.cli.output import end_with, give_up, tell
from scanstation.cli.start import TEXT, Start
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind

_FILE = click.Path(path_type=Path)
_KINDS = ("products", "purchase-orders", "shipment-orders", "opening-stock", "po-serials", "so-serials")


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option("--good-orders", is_flag=True, help="Load the orders that are right; those that are not are listed.")
@click.pass_obj
def load(start: Start, files: tuple[Path, ...], good_orders: bool) -> None:
    """Load products, orders and opening stock from .xlsx or .csv.

    The kind of each sheet is told by its header. All or nothing; a second run changes what has changed.
    """
    site = start.site
    from scanstation.workflows import loading

    loaded = loading.load(site, files, good_orders=good_orders)
    if loaded.text:
        tell(Done(loaded.text, loaded.notes))
    if loaded.refused:
        give_up(Refused(loaded.reasons))


@click.command()
@click.argument("kind", metavar="|".join(_KINDS), type=click.Choice(_KINDS))
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--po", metavar="PO", type=TEXT, help="With one row for each serial this purchase order owes.")
@click.option("--so", metavar="SO", type=TEXT, help="With one row for each serial this shipment order owes.")
@click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")
@click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, help="Of this warehouse.")
@click.pass_obj
def template(
    start: Start, kind: str, file: Path, po: str | None, so: str | None, client: str | None, warehouse: str | None
) -> None:
    """Write a workbook with the right header and text columns, to be filled in."""
    for number, option, wanted in ((po, "--po", "po-serials"), (so, "--so", "so-serials")):
        if number is not None and kind != wanted:
            raise click.UsageError(f"{option} goes with {wanted}, not with {kind}.")
    order_id = None
    if number := po or so:
        order_kind = OrderKind.PURCHASE if po else OrderKind.SHIPMENT
        order_id = start.order_id(order_kind, number, client, warehouse)
    from scanstation.workflows import templates

    end_with(
        templates.write_template(file, kind)
        if order_id is None
        else templates.write_template(file, kind, site=start.site, order_id=order_id)
    )
