"""A page of a report: as many rows as fit, in columns where there is room, else on two lines each."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.geometry import Size

from scanstation.domain.language import translated
from scanstation.screens.widgets.rows import Row, Rows, fit, length, spread

_GAP = 2
_MARK, _EDGE = 3, 1
_NARROW = 60
_CODE = 24
"""A longer code is truncated before a whole column is left out."""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report on the screen."""

    title: str
    most: int
    rank: int
    """Columns of a higher rank are left out first; those of rank 0 never."""


def room_for(size: Size) -> int:
    """How many rows of a report fit."""
    return max(1, (size.height - 1) // 2 if size.width < _NARROW else size.height - 2)


class ReportRows(Rows):
    """The chosen row is marked ▶ and reversed. A line above says what is shown."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._columns: tuple[ReportColumn, ...] = ()
        self._cells: tuple[tuple[str, ...], ...] = ()
        self._counts = ("", "")
        self._empty = ""
        self._at = 0

    def show(
        self,
        columns: Sequence[ReportColumn],
        cells: Sequence[tuple[str, ...]],
        at: int,
        counts: tuple[str, str],
        empty: str,
    ) -> None:
        """Show a page.

        Args:
            columns: of the report; the first is the code.
            cells: one text a column, for each row.
            at: which row is marked.
            counts: what the line above says, at its left and at its right.
            empty: what is said where there is no row.
        """
        self._columns, self._cells, self._at = tuple(columns), tuple(cells), at
        self._counts, self._empty = counts, empty
        self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The line above, the columns' titles, the rows."""
        del height
        rows: list[Row] = [((" " * _MARK, ""), (spread(*self._counts, width - _MARK - 1), "quiet"))]
        if not self._cells:
            return [*rows, (("", ""),), ((fit(f"   {self._empty}", width), ""),)]
        if width < _NARROW:
            return [*rows, *self._in_two_lines(width)]
        columns = self._that_fit(width)
        widths = self._widths(columns, width)
        titles = "  ".join(fit(translated(self._columns[place].title), widths[place]) for place in columns)
        rows.append(((" " * _MARK + titles, "quiet"),))
        for number, cells in enumerate(self._cells):
            marked = number == self._at
            told = "  ".join(_ending(cells[place], widths[place], place == 0) for place in columns)
            rows.append(((fit((" ▶ " if marked else "   ") + told, width), "marked" if marked else ""),))
        return rows

    def _in_two_lines(self, width: int) -> list[Row]:
        """The code and the column that matters most; beneath them the next two."""
        order = sorted(range(1, len(self._columns)), key=lambda place: (self._columns[place].rank, place))
        rows: list[Row] = []
        for number, cells in enumerate(self._cells):
            marked = number == self._at
            first, second, third = (cells[place] for place in order[:3])
            room = width - _MARK - length(first) - 1 - _EDGE
            style = "marked" if marked else ""
            code = _ending(cells[0], max(4, room), True).rstrip()
            upper = spread(f"{' ▶ ' if marked else '   '}{code}", first, width - _EDGE)
            rows.append(((fit(upper, width), style),))
            rows.append(((fit(spread(f"   {second}", third, width - _EDGE), width), style or "quiet"),))
        return rows

    def _that_fit(self, width: int) -> list[int]:
        """The columns to show: those of the highest rank go first until the others have room."""
        places = list(range(len(self._columns)))
        while len(places) > 1:
            wanted = [min(self._wanted(place), _CODE if place == 0 else self._wanted(place)) for place in places]
            needed = _MARK + sum(wanted) + _GAP * (len(places) - 1) + _EDGE
            worst = max(places, key=lambda place: (self._columns[place].rank, place))
            if needed <= width or self._columns[worst].rank == 0:
                break
            places.remove(worst)
        return places

    def _wanted(self, place: int) -> int:
        column = self._columns[place]
        return max(
            length(translated(column.title)), min(column.most, max(length(cells[place]) for cells in self._cells))
        )

    def _widths(self, places: Sequence[int], width: int) -> dict[int, int]:
        widths = {place: self._wanted(place) for place in places}
        over = _MARK + sum(widths.values()) + _GAP * (len(places) - 1) + _EDGE - width
        if over > 0:
            widths[0] = max(6, widths[0] - over)
        return widths


def _ending(text: str, width: int, code: bool) -> str:
    """The text in so many cells; of a code that is cut its end stays, which is what people read out."""
    if not code or cell_len(text) <= width or width < 6:
        return fit(text, width)
    tail = text[-(width // 2) :]
    return fit(text, width - cell_len(tail)) + tail
