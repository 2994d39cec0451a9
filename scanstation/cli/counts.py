"""`count` and `counts`: what is there, scanned and held against the books."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanstation.cli.output import end_with, format_option, give_up, local, print_json, print_table, say
from scanstation.cli.start import TEXT, Start
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused

if TYPE_CHECKING:
    from scanstation.domain.counts import Count

_NUMBER = click.argument("number", metavar="NUMBER", type=TEXT)
_CLIENT = click.option("--client", metavar="CLIENT", type=TEXT, help="Of this client.")
_SKU = click.option("--sku", metavar="SKU", type=TEXT, help="Of this SKU.")
_REASON = click.option("--reason", metavar="TEXT", type=TEXT, required=True, help="Why; kept with the unit.")


@click.command()
@click.argument("number", metavar="[NUMBER]", required=False, type=TEXT)
@click.pass_obj
def count(start: Start, number: str | None) -> None:
    """Open the station on Counts, with this count.

    Several stations may scan one count; what is expected is not told before it ends.
    """

    from scanstation.cli.station import open_place

    open_place(start, "count", number or "")


@click.group()
def counts() -> None:
    """Counts of what is there."""


@counts.command()
@click.option("--warehouse", metavar="WAREHOUSE", type=TEXT, help="Where.")
@click.option("--client", metavar="CLIENT", type=TEXT, help="This client's goods alone.")
@click.option("--sku", "skus", metavar="SKU", type=TEXT, multiple=True, help="This SKU alone; several may be named.")
@click.option("--partial", is_flag=True, help="Not everything is to be scanned: nothing is missing then.")
@click.option("--again", metavar="NUMBER", type=TEXT, help="A second round over what that count lacks.")
@click.pass_obj
def new(
    start: Start, warehouse: str | None, client: str | None, skus: tuple[str, ...], again: str | None, *, partial: bool
) -> None:
    """Begin a count of a warehouse, of a client's goods or of some SKUs there; its number is said.

    The second round over what a count lacks (--again) is another person's.
    """
    if (warehouse is None) == (again is None) or (again is not None and (client or skus or partial)):
        raise click.UsageError(
            worded("Say what is counted: --warehouse, with --client and --sku, or --again NUMBER alone.")
        )
    if skus and client is None:
        raise click.UsageError(worded("--sku wants --client."))
    if again is not None:
        count_id = _chosen(start, again).id
        from scanstation.workflows.orders import count_book

        end_with(count_book.begin_again(start.site, count_id))
        return
    site = start.site
    from scanstation.workflows.orders import count_book

    assert warehouse is not None
    end_with(count_book.begin(site, warehouse, client, skus, is_partial=partial))


@counts.command("list")
@format_option("table", "json")
@click.pass_obj
def list_(start: Start, format: str) -> None:
    """All counts, the newest first."""
    site = start.site
    from scanstation.workflows.orders import count_book

    listed_counts = count_book.listing(site)
    if format == "json":
        print_json([count_book.as_json(one) for one in listed_counts])
    elif not print_table(
        ("Number", "Warehouse", "Client", "Second round of", "Status", "Begun", "Counted", "Missing"),
        [
            (
                one.of.number,
                one.of.warehouse,
                one.of.client,
                one.of.of_number,
                f"{one.of.status.value}{', partial' if one.of.is_partial else ''}",
                local(one.of.at),
                one.pieces,
                one.missing,
            )
            for one in listed_counts
        ],
    ):
        say(worded("There is no count."))


@counts.command()
@_NUMBER
@format_option("table", "json", "csv", "xlsx")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="A file in place of standard output.")
@click.pass_obj
def show(start: Start, number: str, format: str, output: Path | None) -> None:
    """What came of a count; of one that is open, what was scanned, and nothing of what is expected."""
    from scanstation.cli.reports import put_out

    if output is not None and format == "table":
        raise click.UsageError(worded("A table is for the terminal. Write json, csv or xlsx to a file."))
    count_id = _chosen(start, number).id
    from scanstation.workflows.reports import count_report

    put_out(count_report.report(start.site, count_id), format, output)


@counts.command()
@_NUMBER
@click.argument("codes", metavar="CODE...", nargs=-1, type=TEXT)
@click.option("--unknown", is_flag=True, help="Also serials that no unit has.")
@click.option(
    "--quantity", metavar="N", type=click.IntRange(min=1), help="Goods without serials; wants --client and --sku."
)
@_CLIENT
@_SKU
@click.pass_obj
def scan(
    start: Start,
    number: str,
    codes: tuple[str, ...],
    quantity: int | None,
    client: str | None,
    sku: str | None,
    *,
    unknown: bool,
) -> None:
    """Count units, by either of their serials, at whichever station; what is expected is not told.

    All or none are counted. Goods that have no serials before packing go by --quantity.
    """
    if bool(codes) == (quantity is not None):
        raise click.UsageError(worded("Name units by their serials, or goods without serials by --quantity N."))
    if quantity is not None and not (client and sku):
        raise click.UsageError(worded("--quantity N wants --client and --sku."))
    count_id = _chosen(start, number).id
    from scanstation.workflows.orders import count_book

    if quantity is not None and client and sku:
        end_with(count_book.count_goods(start.site, count_id, client, sku, quantity))
    else:
        end_with(count_book.scan(start.site, count_id, codes, client=client, sku=sku, unknown=unknown))


@counts.command()
@_NUMBER
@click.pass_obj
def undo(start: Start, number: str) -> None:
    """Take back the last that this station counted, again and again."""
    count_id = _chosen(start, number).id
    from scanstation.workflows.orders import count_book

    end_with(count_book.undo(start.site, count_id))


@counts.command()
@_NUMBER
@click.pass_obj
def close(start: Start, number: str) -> None:
    """End a count: what is missing, has moved, or should not be there is said now.

    What was found Shipped goes on hold. Nothing else changes.
    """
    count_id = _chosen(start, number).id
    from scanstation.workflows.orders import count_book

    end_with(count_book.close(start.site, count_id))


@counts.command("write-off")
@_NUMBER
@click.argument("codes", metavar="[CODE]...", nargs=-1, type=TEXT)
@_REASON
@click.pass_obj
def write_off(start: Start, number: str, codes: tuple[str, ...], reason: str) -> None:
    """Dispose of what both rounds of a count lack, as lost: these units, or all.

    What has moved since stays. `counts found` takes it back.
    """
    count_id = _chosen(start, number).id
    from scanstation.workflows.orders import count_book

    end_with(count_book.write_off(start.site, count_id, codes, reason))


@counts.command()
@click.argument("code", type=TEXT)
@_REASON
@_CLIENT
@_SKU
@click.pass_obj
def found(start: Start, code: str, reason: str, client: str | None, sku: str | None) -> None:
    """Take the write-off of a unit back: it is there after all, the same unit, Received again.

    Likewise what `dispose --how lost` gave up.
    """
    site = start.site
    from scanstation.workflows.orders import corrections, finding

    one = corrections.choose(site, code, client=client, sku=sku)
    if isinstance(one, Refused):
        give_up(one)
    end_with(finding.found_again(site, one.unit.id, reason, seen=one))


def _chosen(start: Start, number: str) -> "Count":
    site = start.site
    from scanstation.workflows.orders import count_book

    one = count_book.choose(site, number)
    return give_up(one) if isinstance(one, Refused) else one
