"""A few things and what there is to say about each: the day's figures, orders to go on with, codes to try."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.domain.language import translated, worded
from scanstation.screens.widgets.rows import Row, Rows, fit, fit_ends


class Fact(NamedTuple):
    """One of them, the more telling words first."""

    name: str
    words: str
    first: str = ""
    """What is told before it."""
    warns: bool = False
    """Is that coloured?"""


class Part(NamedTuple):
    """Facts below a heading."""

    heading: str
    facts: Sequence[Fact]
    of: int = 0
    """How many there are in all, where these are not all of them."""
    are_counts: bool = False
    """Do their names stand at the right, under one another?"""


class Facts(Rows):
    """A row each; where not all of a part fit, its last row says how many there are."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._parts: tuple[Part, ...] = ()

    def show(self, *parts: Part) -> None:
        """Show these below each other, as far as there is room."""
        if parts != self._parts:
            self._parts = parts
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The headings, and the facts that fit."""
        rows: list[Row] = []
        for part in self._parts:
            if rows:
                rows.append(())
            if height - len(rows) < 2:
                break
            rows += _rows(part, width, height - len(rows))
        return rows


def _rows(part: Part, width: int, height: int) -> list[Row]:
    rows: list[Row] = [((fit(translated(part.heading), width), "strong"),)]
    facts, unseen = part.facts, max(0, part.of - len(part.facts))
    names = min(max((cell_len(visible(one.name)) for one in facts), default=0), width * 2 // 5)
    firsts = max((cell_len(visible(one.first)) for one in facts), default=0)
    in_sight = facts if len(facts) + bool(unseen) < height else facts[: max(0, height - 2)]
    for one in in_sight:
        name = fit(one.name, names, right=True) if part.are_counts else fit_ends(one.name, names)
        row: Row = ((f"{name}  ", ""),)
        if firsts:
            row += ((f"{fit(one.first, min(firsts, width - names - 2))}  ", "note" if one.warns else "quiet"),)
        rows.append((*row, (fit(one.words, width - sum(cell_len(text) for text, _ in row)), "quiet")))
    if more := len(facts) + unseen - len(in_sight):
        rows.append(((worded("… {more} more", more=more), "quiet"),))
    return rows
