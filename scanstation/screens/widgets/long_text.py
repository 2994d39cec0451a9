"""Something to read: rows below each other, more of them than there may be room for."""

from collections.abc import Callable, Sequence

from scanstation.domain.language import worded
from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped

RowsInWidth = Callable[[int], Sequence[Row]]
"""A width in cells → the rows that fill it."""


class LongText(Rows):
    """Shows as many rows as fit; the last one says where there is more."""

    def __init__(self, *, id: str, more: str = "PgDn") -> None:
        super().__init__(id=id)
        self._rows_in: RowsInWidth | None = None
        self._first = 0
        self._more = more

    def show(self, rows_in: RowsInWidth) -> None:
        """Show this, from where it was read."""
        self._rows_in = rows_in
        self.redraw()

    def read(self, by: int) -> None:
        """Read on, or back."""
        if self._rows_in is not None:
            self._first = max(0, min(self._first + by, self._last_first(len(self._rows_in(self.size.width)))))
            self.redraw()

    def read_on(self) -> None:
        """Read the next page; after the last one, the first."""
        before = self._first
        self.read(max(1, self.size.height - 1))
        if self._first == before:
            self.from_the_top()

    def from_the_top(self) -> None:
        """Read it anew."""
        self._first = 0
        self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The visible rows."""
        rows = list(self._rows_in(width)) if self._rows_in else []
        first = min(self._first, self._last_first(len(rows)))
        visible_rows = rows[first : first + height]
        if first + height < len(rows) and height > 1:
            visible_rows[-1] = ((fit(worded("▼ more: {key}", key=self._more), width, right=True), "quiet"),)
        return visible_rows

    def _last_first(self, count: int) -> int:
        return max(0, count - self.size.height)


def hanging(lead: str, text: str, width: int, style: str = "", *, lead_style: str = "quiet") -> list[Row]:
    """A text after a lead, its further rows below its beginning; below the lead where that leaves too little room."""
    indent = len(lead)
    if width - indent < min(16, width // 2):
        return [((lead.rstrip(" "), lead_style),), *(((f"  {row}", style),) for row in wrapped(text, width - 2))]
    first, *more = wrapped(text, width - indent)
    return [((lead, lead_style), (first, style)), *(((" " * indent + row, style),) for row in more)]
