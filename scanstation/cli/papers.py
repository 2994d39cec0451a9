"""`print`."""

from pathlib import Path

import click

from scanstation.cli.output import WRONG_USE, end_with, give_up
from scanstation.cli.start import TEXT, Start, chosen
from scanstation.domain.language import joined, worded
from scanstation.domain.papers import Paper
from scanstation.domain.status import OrderKind


@click.command("print")
@click.argument("kind", metavar="po|so", type=click.Choice(["po", "so"]))
@click.argument("number", metavar="NUMBER", type=TEXT)
@click.option(
    "--paper",
    type=click.Choice([paper.value for paper in Paper]),
    default=Paper.SLIP.value,
    show_default=True,
    help="The slip with its serials, a label for each serial, or a sheet to write on while the station is away.",
)
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file: .pdf, labels also .zpl."
)
@chosen
@click.pass_obj
def print(
    start: Start,
    kind: str,
    number: str,
    paper: str,
    output: Path | None,
    client: str | None,
    warehouse: str | None,
) -> None:
    """Print the slip, the serial labels or a downtime sheet of an order.

    Without --output it goes where [print] of config.toml says.
    """
    plan, which = start.settings.print.plan, Paper(paper)
    if output is None and not plan.printer_of(which):
        key = "labels" if which is Paper.LABELS else "slips"
        problem = worded("No printer is set: [print] {key} in config.toml names one; or add --output FILE.", key=key)
        raise click.UsageError(problem)
    if output is not None and output.suffix.lower() not in which.endings:
        from scanstation.domain import sentences

        give_up(sentences.no_such_form(output.name, joined([*which.endings], " or ")), WRONG_USE)
    order_id = start.order_id(OrderKind(kind.upper()), number, client, warehouse)
    from scanstation.workflows.papers.printing import Job, print_paper, write_paper

    job = Job(order_id, which)
    if output is not None:
        end_with(write_paper(start.site, plan, job, output))
    else:
        end_with(print_paper(start.site, plan, job))
