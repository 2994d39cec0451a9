"""`downtime`."""

from pathlib import Path

import click

from scanstation.cli.output import end_with, give_up
from scanstation.cli.start import TEXT, Start, chosen, spare
from scanstation.domain.outcome import Refused
from scanstation.domain.status import OrderKind

_FILE = click.Path(path_type=Path)


@click.group()
def downtime() -> None:
    """What was written down while the station was away."""


@downtime.command("enter")
@click.argument("kind", metavar="po|so", type=click.Choice(["po", "so"]))
@click.argument("number", metavar="NUMBER", type=TEXT)
@click.argument("file", metavar="FILE", type=_FILE)
@click.option(
    "--at", metavar="TIME", type=TEXT, required=True, help="When: 09:20, 2026-11-30, or 2026-11-30 09:20; local."
)
@click.option("--by", metavar="NAME", type=TEXT, required=True, help="Who received or packed it.")
@click.option("--yes", is_flag=True, help="Answer yes to what the station would ask of a scan.")
@click.option("--good-rows", is_flag=True, help="Enter the rows that are right; those that are not are listed.")
@click.option("--errors", metavar="FILE", type=_FILE, help="Save a copy here, with what is wrong marked in it.")
@chosen
@click.pass_obj
def enter(
    start: Start,
    kind: str,
    number: str,
    file: Path,
    at: str,
    by: str,
    client: str | None,
    warehouse: str | None,
    errors: Path | None,
    *,
    yes: bool,
    good_rows: bool,
) -> None:
    """Enter what was written down for an order, under the rules of scanning, with its true time and person.

    FILE is .xlsx or .csv with the columns SKU, Primary Serial Number, Secondary Serial Number, Quantity and At;
    `template downtime` writes one. A row is a unit with the serials that scanning would ask, or of goods without
    serials a Quantity. Rows that nobody filled in are passed over. At is the time of a row, where it has its own.

    All rows or none, unless --good-rows is given. It is booked as a receipt or packing of its own.
    """
    spare([file], errors)
    order_id = start.order_id(OrderKind(kind.upper()), number, client, warehouse)
    from scanstation.workflows.scanning import downtime as written

    entered = written.enter(start.site, order_id, file, at=at, by=by, yes=yes, good_rows=good_rows, errors_file=errors)
    end_with(entered)
    if not isinstance(entered, Refused) and entered.refused:
        give_up(Refused(entered.refused))
