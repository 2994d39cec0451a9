"""Text to read, of any length: only the visible rows are wrapped and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.geometry import Size

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, translated
from scanstation.screens.widgets.rows import Row, Rows, fit, spread, wrapped

_MORE = said_later("▼ more: PgDn")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One thing to read: a sentence, a count at the right of its name, or a bar."""

    text: str
    style: str = ""
    """One of the names of `rows.STYLES`."""
    lead: str = ""
    """Stands before the sentence in a style of its own: a cell, a batch."""
    lead_style: str = "strong"
    right: str = ""
    """A count; the text before it is truncated to make room."""
    part: float | None = None
    """How much of a bar is full, from 0 to 1; the text stands after it."""


class Report(Rows):
    """Entries below each other; PgUp and PgDn read on."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._entries: tuple[ReportLine, ...] = ()
        self._at = (0, 0)
        """The first visible row: which entry, which of its rows."""

    def show(self, entries: Sequence[ReportLine]) -> None:
        """Show these from their beginning; the same ones stay where they are."""
        if tuple(entries) == self._entries:
            return
        if len(entries) != len(self._entries) or all(entry.part is None for entry in entries):
            self._at = (0, 0)
        self._entries = tuple(entries)
        self.refresh(layout=True)
        self.redraw()

    def read(self, pages: int) -> None:
        """Read on, or back."""
        width, height = self.size
        self._at = self._moved(pages * max(1, height - 2), width, height)
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As tall as it takes, where the style sheet says `auto`."""
        del container, viewport
        return sum(len(_rows(entry, width)) for entry in self._entries)

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The visible rows; the last one says where there is more."""
        rows: list[Row] = []
        which, skipped = self._moved(0, width, height)
        while which < len(self._entries) and len(rows) <= height:
            rows += _rows(self._entries[which], width)[skipped:]
            which, skipped = which + 1, 0
        if len(rows) > height and height > 2:
            rows[height - 1 :] = [((fit(translated(_MORE), width, right=True), "quiet"),)]
        return rows

    def _moved(self, by: int, width: int, height: int) -> tuple[int, int]:
        """The first row in sight so many rows further, the last page as full as it can be."""
        which, row = self._at
        row += by
        while row < 0 and which > 0:
            which -= 1
            row += len(_rows(self._entries[which], width))
        while which < len(self._entries) and row >= (count := len(_rows(self._entries[which], width))):
            which, row = which + 1, row - count
        return min((which, max(0, row)), self._last(width, height))

    def _last(self, width: int, height: int) -> tuple[int, int]:
        which, room = len(self._entries), height
        while which > 0 and room > 0:
            which -= 1
            room -= len(_rows(self._entries[which], width))
        return which, max(0, -room)


def _rows(entry: ReportLine, width: int) -> list[Row]:
    if entry.part is not None:
        room = max(4, width - cell_len(entry.text) - 2)
        full = round(min(1.0, entry.part) * room)
        bar = (("█" * full, entry.style), ("░" * (room - full), "quiet"))
        return [(*bar, ("  " + fit(entry.text, width - room - 2), ""))]
    if entry.right:
        return [((spread(entry.text, entry.right, width), entry.style),)]
    if not entry.lead:
        return [((text, entry.style),) for text in wrapped(entry.text, width)]
    lead = f"{entry.lead}  "
    text = visible(entry.text)
    first_row: Row
    if cell_len(lead) >= width // 2:
        rest, first_row = text, ((fit(lead, width), entry.lead_style),)
    else:
        first = wrapped(f"{'x' * cell_len(lead)}{text}", width)[0][cell_len(lead) :]
        rest, first_row = text[len(first) :].lstrip(" "), ((lead, entry.lead_style), (first, entry.style))
    return [first_row, *(((f"  {row}", entry.style),) for row in (wrapped(rest, width - 2) if rest else ()))]
