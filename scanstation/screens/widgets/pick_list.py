"""A list to choose from with the arrow keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.geometry import Size

from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped

_LEAST_FOR_MORE = 3
"""In fewer rows there is no room to say that there are more."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One row: `cells` in the list's columns, `note` beneath it, `value` to act on."""

    value: object
    cells: tuple[str, ...]
    note: str = ""
    quiet: bool = False
    heading: str = ""
    """What stands above it where a part of the list begins."""
    brief: str = ""
    """What stands beneath it where only the columns of rank 1 have room: what it differs in from other rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: as wide as its widest cell, at most `most`; the one with `grows` takes the rest."""

    title: str = ""
    right: bool = False
    grows: bool = False
    most: int = 24
    rank: int = 1
    """Columns of a higher rank are left out first where the screen is narrow."""


class PickList(Rows):
    """The chosen row is marked ▶ and reversed. Only visible rows are drawn."""

    def __init__(self, columns: Sequence[Column], *, id: str, empty: str = "") -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._picks: tuple[Pick, ...] = ()
        self._at = 0
        self._first = 0
        self._empty = empty

    @property
    def chosen(self) -> Pick | None:
        """The marked row."""
        return self._picks[self._at] if self._picks else None

    def show(self, picks: Sequence[Pick]) -> None:
        """Show these, the mark on the same value as before if it is still there."""
        if tuple(picks) == self._picks:
            return
        before = self.chosen
        self._picks = tuple(picks)
        self._at = next((at for at, pick in enumerate(picks) if before and pick.value == before.value), 0)
        self.refresh(layout=True)
        self.redraw()

    def mark_first(self) -> None:
        """Mark the first row."""
        self.move(-len(self._picks))

    def mark(self, value: object) -> None:
        """Mark the row of this value, if there is one."""
        self.mark_where(lambda one: one == value)

    def mark_where(self, fits: Callable[[object], bool]) -> None:
        """Mark the first row with a value that fits, if there is one."""
        self._at = next((at for at, pick in enumerate(self._picks) if fits(pick.value)), self._at)
        self.redraw()

    def move(self, by: int) -> None:
        """Mark an earlier or a later row."""
        self._at = max(0, min(self._at + by, len(self._picks) - 1))
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As tall as all rows with their notes, where the style sheet says `auto`."""
        del container, viewport
        return self._title_rows + max(1, self._rows(self._picks, width))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The visible rows."""
        if not self._picks:
            return [((f"   {self._empty}", "quiet"),)]
        window = self._window(max(1, height - self._title_rows), width)
        rank = self._rank_that_fits(width)
        columns = [(place, column) for place, column in enumerate(self._columns) if column.rank <= rank]
        widths = self._widths([pick for _, pick in window], columns, width)
        rows: list[Row] = []
        if self._title_rows:
            cells = [fit(column.title, widths[place], right=column.right) for place, column in columns]
            rows.append((("   " + "  ".join(cells), "quiet"),))
        for at, pick in window:
            cells = [fit(pick.cells[place], widths[place], right=column.right) for place, column in columns]
            if pick.heading:
                rows.append(((fit(f" {pick.heading}", width), "strong"),))
            mark = " ▶ " if at == self._at else "   "
            style = "marked" if at == self._at else "quiet" if pick.quiet else ""
            rows.append(((fit(mark + "  ".join(cells), width), style),))
            rows += [((f"     {text}", "note"),) for text in _lines(pick.note, width)]
            if rank == 1:
                rows += [((f"     {text}", "quiet"),) for text in _lines(pick.brief, width)]
        if (len(window) < len(self._picks) or len(rows) > height) and height >= _LEAST_FOR_MORE:
            before, after = window[0][0], len(self._picks) - 1 - window[-1][0]
            more = f"… {after} more below" if after else f"… {before} more above" if before else "…"
            rows[height - 1 :] = [((f"   {more}", "quiet"),)]
        return rows

    def _window(self, room: int, width: int) -> list[tuple[int, Pick]]:
        """The visible picks, each with its heading and notes; the last row of a long list counts the others."""
        if self._rows(self._picks, width) <= room:
            self._first = 0
            return list(enumerate(self._picks))
        if room + self._title_rows >= _LEAST_FOR_MORE:
            room -= 1
        self._first = min(self._first, self._at)
        while self._rows(self._picks[self._first : self._at + 1], width) > room and self._first < self._at:
            self._first += 1
        last = self._first
        taken = 0
        while last < len(self._picks) and (last == self._first or taken + _head(self._picks[last]) <= room):
            taken += self._rows(self._picks[last : last + 1], width)
            last += 1
        return list(enumerate(self._picks))[self._first : last]

    @property
    def _title_rows(self) -> int:
        return 1 if any(column.title for column in self._columns) else 0

    def _rows(self, picks: Sequence[Pick], width: int) -> int:
        notes = sum(len(_lines(pick.note, width)) for pick in picks)
        if self._rank_that_fits(width) == 1:
            notes += sum(len(_lines(pick.brief, width)) for pick in picks)
        return len(picks) + notes + sum(1 for pick in picks if pick.heading)

    def _rank_that_fits(self, width: int) -> int:
        return 1 if width < 50 else 2 if width < 96 else 3

    def _widths(self, picks: Sequence[Pick], columns: Sequence[tuple[int, Column]], width: int) -> dict[int, int]:
        widths = {
            place: min(column.most, max(len(column.title), *(cell_len(pick.cells[place]) for pick in picks)))
            for place, column in columns
        }
        room = width - 3 - 2 * (len(columns) - 1) - 1
        grows = next((place for place, column in columns if column.grows), None)
        if grows is None:
            widest = max(widths, key=widths.__getitem__)
            widths[widest] = max(4, min(widths[widest], room - sum(widths.values()) + widths[widest]))
        else:
            widths[grows] = max(4, room - sum(cells for place, cells in widths.items() if place != grows))
        return widths


def _lines(note: str, width: int) -> list[str]:
    return wrapped(note, width - 6) if note else []


def _head(pick: Pick) -> int:
    """The rows without which a pick is not there; of its notes some may be cut."""
    return 2 if pick.heading else 1
