"""What the commands say: data on standard output, everything else on standard error.

Nothing that came from outside reaches a terminal as it is: control characters are made visible, and there is no
markup in data.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NoReturn, TypeVar

import click

from scanstation.domain.codes import visible
from scanstation.domain.outcome import Done, Refused

Command = TypeVar("Command", bound=Callable[..., Any])

_WIDEST = 1_000_000

DONE, REFUSED, WRONG_USE, OUT_OF_REACH = 0, 1, 2, 3
"""The exit statuses of the contract."""


def say(*lines: str) -> None:
    """Messages, each on a line of its own, on standard error."""
    for line in lines:
        print(visible(line), file=sys.stderr)


def tell(outcome: Done | Refused) -> None:
    """Say how an act ended."""
    if isinstance(outcome, Refused):
        say(*(reason.text for reason in outcome.reasons))
    else:
        say(outcome.text, *(f"  {note}" for note in outcome.notes))


def end_with(outcome: Done | Refused) -> None:
    """Say how an act ended; a refusal ends the command with status 1."""
    if isinstance(outcome, Refused):
        give_up(outcome)
    tell(outcome)


def give_up(refusal: Refused) -> NoReturn:
    """Say why nothing was done, and end the command."""
    tell(refusal)
    raise click.exceptions.Exit(REFUSED)


def by_reader() -> str:
    """A table for people, JSON for machines."""
    return "table" if sys.stdout.isatty() else "json"


def format_option(*formats: str, default: Callable[[], str] | None = by_reader) -> Callable[[Command], Command]:
    """`--format`."""
    return click.option(
        "--format",
        type=click.Choice(formats),
        default=default,
        show_default="table on a terminal, else json",
        help="How it is written.",
    )


def print_json(told: object) -> None:
    """One JSON value on standard output; what a terminal might obey is escaped."""
    text = json.dumps(told, ensure_ascii=False, indent=2)
    print(text if text.replace("\n", "").isprintable() else json.dumps(told, indent=2))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> int:
    """Rows under their headings, numbers at the right; how many rows there were."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    body = [["" if cell is None else cell for cell in row] for row in rows]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for index, heading in enumerate(headings):
        is_count = bool(body) and all(isinstance(row[index], int) for row in body)
        table.add_column(heading, justify="right" if is_count else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    if not sys.stdout.isatty():
        # A line of a file is as long as it needs to be. On a terminal a long value is folded: the end of a serial
        # matters, so nothing is cut.
        wide = console.options.update(max_width=_WIDEST)
        console.width = max(1, console.measure(table, options=wide).maximum)
    console.print(table)
    return len(body)


def local(stamp: str | None) -> str | None:
    """A stored moment as people here read it."""
    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M") if stamp else None
