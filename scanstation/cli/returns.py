"""`return` and `returns`: what comes back."""

from typing import TYPE_CHECKING

import click

from scanstation.cli.output import end_with, format_option, give_up, local, print_json, print_table, say
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused

if TYPE_CHECKING:
    from scanstation.domain.returns import Return

_CLIENT = click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client, where several use the number.")


@click.command("return")
@click.argument("reference", metavar="[REFERENCE]", required=False, type=TEXT)
@click.pass_obj
def return_(start: Start, reference: str | None) -> None:
    """Open the station on Returns, with this return.

    A reference that is not known here, such as a customer's RMA number, begins a new return.
    """

    from scanstation.cli.station import open_place

    open_place(start, "return", reference or "")


@click.group()
def returns() -> None:
    """What has come back, and under which numbers."""


@returns.command("list")
@format_option("table", "json")
@click.pass_obj
def list_(start: Start, format: str) -> None:
    """All returns, the newest first."""
    site = start.site
    from scanstation.workflows.orders import return_book

    details = return_book.listed(site)
    if format == "json":
        print_json(return_book.as_json(details))
    elif not print_table(
        ("Number", "Client", "Status", "Expected", "Back", "Unknown", "In hand", "Missing"),
        [
            (
                *(one.of.number, one.of.client, one.of.status.value, one.awaited if one.expected else ""),
                *(one.sums.done, one.sums.unknown, one.sums.open, one.missing if one.expected else ""),
            )
            for one in details
        ],
    ):
        say(worded("Nothing has come back yet."))


@returns.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@_CLIENT
@format_option("table", "json")
@click.pass_obj
def show(start: Start, number: str, client: str | None, format: str) -> None:
    """One return: what its list expects, and all that came back of it."""
    one = _chosen(start, number, client)
    from scanstation.workflows.orders import return_book

    detail = return_book.detail(start.site, one.id)
    if format == "json":
        print_json(return_book.as_json([detail], with_goods=True)[0])
        return
    state = f"{one.status.value}, {one.client}" if one.client else one.status.value
    print(worded("Return {number}: {state}", number=one.number, state=state))
    if detail.expected:
        print_table(
            ("Expected", "Serial", "Quantity", "Order", "Back"),
            [(line.sku, line.serial, line.quantity, line.order_number, back) for line, back in detail.expected],
        )
    print_table(
        ("Client", "SKU", "Primary", "Secondary", "Quantity", "What", "Warehouse", "When", "Station", "Operator"),
        [
            (
                item.client,
                item.sku,
                item.primary,
                item.secondary,
                item.quantity,
                ", ".join(
                    word
                    for word in (
                        worded("unknown return") if item.is_unknown else "",
                        worded("part missing: {part}", part=item.part_missing) if item.part_missing else "",
                        "" if item.is_booked else worded("in hand"),
                    )
                    if word
                ),
                item.warehouse,
                local(item.at),
                item.station,
                item.operator,
            )
            for item in detail.goods
        ],
    )


@returns.command()
@click.argument("number", metavar="NUMBER", type=TEXT)
@_CLIENT
@click.pass_obj
def close(start: Start, number: str, client: str | None) -> None:
    """Expect nothing more of a return: what comes all the same is asked about, and goes on hold."""
    one = _chosen(start, number, client)
    from scanstation.workflows.orders import return_book

    end_with(return_book.close(start.site, one.id))


def _chosen(start: Start, number: str, client: str | None) -> "Return":
    site = start.site
    from scanstation.workflows.orders import return_book

    found = return_book.choose(site, number, client=client)
    if isinstance(found, Refused):
        give_up(found)
    return found
