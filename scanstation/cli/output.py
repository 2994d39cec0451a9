"""What the commands say: data on standard output, everything else on standard error.

Nothing that came from outside reaches a terminal as it is: control characters are made visible, and there is no
markup in data.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar

if TYPE_CHECKING:
    from scanstation.domain.outcome import Done, Refused

Command = TypeVar("Command", bound=Callable[..., Any])

_BETWEEN = "  "
_NARROWEST = 10
"""Cells that a column needs at least where its values have more."""

DONE, REFUSED, WRONG_USE, OUT_OF_REACH = 0, 1, 2, 3
"""The exit statuses of the contract."""


def say(*lines: str) -> None:
    """Messages, each on a line of its own, on standard error.

    Where nobody can read them the command continues: its exit status still says how it ended.
    """
    from scanstation.domain.codes import visible

    try:
        for line in lines:
            print(visible(line), file=sys.stderr)
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Release an output: Python flushes it once more on its way out, and would wait or complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(outcome: "Done | Refused") -> None:
    """Say how an act ended."""
    from scanstation.domain.outcome import Refused

    if isinstance(outcome, Refused):
        say(*(reason.text for reason in outcome.reasons))
    else:
        say(outcome.text, *(f"  {note}" for note in outcome.notes))


def end_with(outcome: "Done | Refused") -> None:
    """Say how an act ended; a refusal ends the command with status 1."""
    from scanstation.domain.outcome import Refused

    if isinstance(outcome, Refused):
        give_up(outcome)
    tell(outcome)


def give_up(refusal: "Refused", status: int = REFUSED) -> NoReturn:
    """Say why nothing was done, and end the command; `WRONG_USE` where the words or the settings are to be mended."""
    import click

    tell(refusal)
    raise click.exceptions.Exit(status)


def by_reader() -> str:
    """A table for people, JSON for machines."""
    return "table" if sys.stdout.isatty() else "json"


def format_option(*formats: str, default: Callable[[], str] | None = by_reader) -> Callable[[Command], Command]:
    import click

    return click.option(
        "--format",
        type=click.Choice(formats),
        default=default,
        show_default="table on a terminal, else json",
        help="How it is written.",
    )


def print_json(value: object) -> None:
    """One JSON value on standard output; what a terminal might obey is escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    print(text if text.replace("\n", "").isprintable() else json.dumps(value, indent=2))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> int:
    """Rows under their headings, numbers at the right; how many rows there were.

    Nothing is cut, because the end of a serial matters. On a terminal a value that is too long goes on below, and
    where all would have to, each row is a list of its filled cells; elsewhere a line is as long as it needs to be.
    """
    # Not rich's own table: it takes a minute for what a large warehouse has on hand.
    import shutil

    from rich.cells import cell_len

    from scanstation.domain.codes import visible

    body = [["" if cell is None else cell for cell in row] for row in rows]
    at_the_right = [bool(body) and all(isinstance(row[index], int) for row in body) for index in range(len(headings))]
    visible_rows = [[visible(str(cell)) for cell in row] for row in body]
    widths = [max([cell_len(heading), *map(cell_len, column)]) for heading, column in _columns(headings, visible_rows)]
    if sys.stdout.isatty() and not _fit(widths, shutil.get_terminal_size().columns):
        _print_lists(headings, visible_rows)
        return len(body)
    for row in ([*headings], *visible_rows):
        for line in _lines(row, widths, at_the_right):
            print(line)
    return len(body)


def _columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Iterator[str]]]:
    for index, heading in enumerate(headings):
        yield heading, (row[index] for row in rows)


def _fit(widths: list[int], room: int) -> bool:
    """Make the widest columns narrower until a line fits; False where they would be too narrow to be read."""
    room -= len(_BETWEEN) * (len(widths) - 1)
    while sum(widths) > room:
        if max(widths) <= _NARROWEST:
            return False
        widths[widths.index(max(widths))] -= 1
    return True


def _print_lists(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len, set_cell_size

    width = max(map(cell_len, headings))
    for number, row in enumerate(rows):
        if number:
            print()
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                print(f"{set_cell_size(heading, width)}{_BETWEEN}{cell}")


def _lines(row: Sequence[str], widths: Sequence[int], at_the_right: Sequence[bool]) -> Iterator[str]:
    """One row, on as many lines as its longest value needs."""
    from rich.cells import cell_len, chop_cells

    parts = [
        chop_cells(cell, width) if cell_len(cell) > width else [cell] for cell, width in zip(row, widths, strict=True)
    ]
    for pieces in zip_longest(*parts, fillvalue=""):
        cells = []
        for piece, width, right in zip(pieces, widths, at_the_right, strict=True):
            blank = " " * (width - cell_len(piece))
            cells.append(blank + piece if right else piece + blank)
        yield _BETWEEN.join(cells).rstrip()


def local(stamp: str | None) -> str | None:
    """A stored moment as people here read it."""
    from datetime import datetime

    return datetime.fromisoformat(stamp).astimezone().strftime("%Y-%m-%d %H:%M") if stamp else None
