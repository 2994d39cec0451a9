"""The lines of an order as their table has them: full ones at the end, and what the widest of them take.

An order may have ten thousand lines, and a scan changes one or two: only those are put in anew.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, count
from operator import is_not
from typing import NamedTuple

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.workflows.scanning.views import LineView


class Widths(NamedTuple):
    """Cells that the widest text of each column takes."""

    sku: int
    ordered: int
    done: int
    serials: int


class LinesInOrder:
    """An order's lines: full ones sink to the end, but for the line in work."""

    def __init__(self, lines: Sequence[LineView] = ()) -> None:
        self._lines = tuple(lines)
        self._places: tuple[list[int], list[int]] = [], []
        """Places in `_lines`, ascending: of the lines that have not sunk, and of those that have."""
        for place, line in enumerate(self._lines):
            self._places[_has_sunk(line)].append(place)
        self._counts = tuple(map(Counter[int], zip(*map(_widths, self._lines), strict=True)))
        """For each column how many lines take so many cells."""
        self._in_work = next((place for place, line in enumerate(self._lines) if line.in_work), None)

    def become(self, lines: Sequence[LineView]) -> bool:
        """Be these lines, of this order or another; False where nothing differs."""
        after, before = tuple(lines), self._lines
        if len(after) != len(before):
            LinesInOrder.__init__(self, after)
            return True
        changed = [place for place in compress(count(), map(is_not, before, after)) if before[place] != after[place]]
        if len(changed) > len(after) // 4:
            LinesInOrder.__init__(self, after)
            return True
        self._lines = after
        for place in changed:
            self._change(place, before[place], after[place])
        return bool(changed)

    def _change(self, place: int, before: LineView, after: LineView) -> None:
        if before.in_work and self._in_work == place:
            self._in_work = None
        if after.in_work:
            self._in_work = place
        if _has_sunk(before) is not _has_sunk(after):
            old = self._places[_has_sunk(before)]
            del old[bisect_left(old, place)]
            insort(self._places[_has_sunk(after)], place)
        for counts, old_width, width in zip(self._counts, _widths(before), _widths(after), strict=True):
            counts[width] += 1
            counts[old_width] -= 1
            if not counts[old_width]:
                del counts[old_width]

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, at: int) -> LineView:
        wanting, sunk = self._places
        return self._lines[wanting[at] if at < len(wanting) else sunk[at - len(wanting)]]

    def beginning_at(self, first: int) -> Iterator[LineView]:
        """The lines from there to the end."""
        return map(self.__getitem__, range(first, len(self._lines)))

    @property
    def in_work(self) -> LineView | None:
        """The line that the last product scan was for."""
        return None if self._in_work is None else self._lines[self._in_work]

    @property
    def at_in_work(self) -> int:
        """Where it stands; 0 where there is none."""
        return 0 if self._in_work is None else bisect_left(self._places[False], self._in_work)

    def full_beyond(self, at: int) -> int:
        """How many of the lines from there on are full."""
        wanting, sunk = self._places
        line = self.in_work
        return min(len(sunk), len(self) - at) + (
            line is not None and line.full and at <= self.at_in_work < len(wanting)
        )

    @property
    def widths(self) -> Widths:
        """Of the widest texts; there is a line."""
        return Widths(*map(max, self._counts))


def _has_sunk(line: LineView) -> bool:
    return line.full and not line.in_work


def _widths(line: LineView) -> Widths:
    return Widths(
        cell_len(visible(line.sku)), len(str(line.ordered)), len(str(line.done)), cell_len(visible(line.serials))
    )
