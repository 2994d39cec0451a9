"""`unpack`, `unreceive`, `dispose` and `correct`: what a supervisor mends after completion."""

from typing import TYPE_CHECKING

import click

from scanstation.cli.output import Command, end_with, give_up
from scanstation.cli.start import TEXT, Start
from scanstation.domain.outcome import Refused

if TYPE_CHECKING:
    from scanstation.domain.units import NamedUnit


def _chosen(command: Command) -> Command:
    """`--reason`, and `--client` and `--sku` where several units have one code."""
    command = click.option("--sku", metavar="SKU", type=TEXT, help="Of this SKU.")(command)
    command = click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")(command)
    return click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the unit.")(command)


@click.command()
@click.argument("code", type=TEXT)
@_chosen
@click.pass_obj
def unpack(start: Start, code: str, reason: str, client: str | None, sku: str | None) -> None:
    """Take a Packed unit out of its shipment, by either of its serials.

    It is Received again, or gone if packing created it; its order lacks a unit again.
    """
    one = _unit(start, code, client, sku)
    from scanstation.workflows.orders import corrections

    end_with(corrections.unpack(start.site, one.unit.id, reason, seen=one))


@click.command()
@click.argument("code", type=TEXT)
@_chosen
@click.pass_obj
def unreceive(start: Start, code: str, reason: str, client: str | None, sku: str | None) -> None:
    """Take back a Received unit that never came, by either of its serials.

    It is gone, and the count of its purchase order falls. For units without a serial: po lower.
    """
    one = _unit(start, code, client, sku)
    from scanstation.workflows.orders import corrections

    end_with(corrections.unreceive(start.site, one.unit.id, reason, seen=one))


@click.command()
@click.argument("code", type=TEXT)
@click.option(
    "--as",
    "how",
    type=click.Choice(("scrap", "return to vendor", "lost", "sample"), case_sensitive=False),
    default="scrap",
    show_default=True,
    help="What becomes of it.",
)
@click.option("--reference", metavar="TEXT", type=TEXT, default="", help="The number of another paper.")
@_chosen
@click.pass_obj
def dispose(
    start: Start, code: str, reason: str, client: str | None, sku: str | None, *, how: str, reference: str
) -> None:
    """End a Received unit, by either of its serials: it leaves the stock, and no order's count changes.

    It may be on hold. Its serials stay its own; trace and the histories keep it. `counts found` takes back what was
    disposed of as lost.
    """
    one = _unit(start, code, client, sku)
    from scanstation.domain.units import Disposal
    from scanstation.workflows.orders import corrections

    end_with(corrections.dispose(start.site, one.unit.id, reason, how=Disposal(how), reference=reference, seen=one))


@click.command()
@click.argument("code", type=TEXT)
@click.argument("to", metavar="SKU", type=TEXT)
@click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")
@click.option("--from", "sku", metavar="SKU", type=TEXT, help="Of this SKU, where several have CODE.")
@click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the unit.")
@click.pass_obj
def regrade(start: Start, code: str, to: str, reason: str, client: str | None, sku: str | None) -> None:
    """Make a Received unit one of another SKU of its client.

    It still counts as received where it came in; its history keeps both.
    """
    one = _unit(start, code, client, sku, sku_option="--from")
    from scanstation.workflows.orders.regrading import regrade as do

    end_with(do(start.site, one.unit.id, to, reason, seen=one))


@click.command()
@click.argument("code", type=TEXT)
@click.argument("new", type=TEXT)
@click.option(
    "--another-unit", is_flag=True, help="A serial that differs from NEW only by its marks is another unit's."
)
@_chosen
@click.pass_obj
def correct(
    start: Start, code: str, new: str, reason: str, client: str | None, sku: str | None, *, another_unit: bool
) -> None:
    """Give a unit of any status the serial NEW in place of CODE.

    The old one stays in its history, and trace finds it.
    """
    one = _unit(start, code, client, sku)
    from scanstation.workflows.orders import corrections

    end_with(corrections.correct(start.site, one.unit.id, code, new, reason, another_unit=another_unit, seen=one))


def _unit(start: Start, code: str, client: str | None, sku: str | None, *, sku_option: str = "--sku") -> "NamedUnit":
    """The unit that a code stands for; ends the command when it stands for none or several."""
    site = start.site
    from scanstation.workflows.orders.corrections import choose

    found = choose(site, code, client=client, sku=sku, sku_option=sku_option)
    return give_up(found) if isinstance(found, Refused) else found
