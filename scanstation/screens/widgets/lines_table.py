"""The lines of the order on the desk."""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, translated, worded
from scanstation.domain.plurals import counted
from scanstation.screens.widgets.lines_in_order import LinesInOrder
from scanstation.screens.widgets.rows import Row, Rows, fit, length, spread
from scanstation.workflows.scanning.views import UNSCANNED, LineView

_MARK, _EDGE, _GAP = 3, 1, 2
_MOST_SKU, _LEAST_DESCRIPTION, _LEAST_COUNT = 24, 8, 7
_DESCRIPTION, _SERIALS = said_later("Description"), said_later("serials")


class _Columns(NamedTuple):
    sku: int
    description: int
    ordered: int
    done: int
    serials: int


class LinesTable(Rows):
    """One row a line: the line in work is the only tinted one, full lines sink to the end.

    Where the screen is narrow the line in work stands alone, with its counts below it. Without a word for what is
    wanted nobody is told that: one column is less, and no line is full.
    """

    def __init__(self, done_word: str, wanted_word: str = "ordered") -> None:
        super().__init__(id="lines")
        self._done_word, self._wanted_word = done_word, wanted_word
        self._lines = LinesInOrder()
        self._first = 0
        """The first line shown, when there are more than fit."""
        self._looked_at = 0
        """Beside a line in work that stands alone: which of the others is looked at first, from 1; 0 for none."""

    def show(self, lines: Sequence[LineView]) -> None:
        """Show these lines, the one in work in sight."""
        if self._lines.become(lines):
            self._looked_at = 0
            self._bring_into_sight()
            self.redraw()

    @property
    def _wants(self) -> str:
        """The head of what is wanted; empty where nothing says how much is to come."""
        lines = self._lines.beginning_at(0) if self._wanted_word else ()
        return self._wanted_word if any(not line.is_open for line in lines) else ""

    @property
    def line_in_work(self) -> LineView | None:
        """The one that is tinted."""
        return self._lines.in_work

    def scroll_lines(self, by: int) -> None:
        """Show earlier or later lines."""
        if self.screen.has_class("-narrow") and self._lines.in_work:
            others, room = len(self._lines) - 1, self.size.height - 1
            looked_at = max(0, min(self._looked_at + by, others, max(1, others - room + 1)))
            if looked_at != self._looked_at:
                self._looked_at = looked_at
                self.redraw()
            return
        first = max(0, min(self._first + by, self._last_first))
        if first != self._first:
            self._first = first
            self.redraw()

    def on_resize(self) -> None:
        """Keep the line in work in sight."""
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        room = max(1, self.size.height - 2)
        at = self._lines.at_in_work
        if not self._first <= at < self._first + room:
            self._first = max(0, at - room // 2)
        self._first = max(0, min(self._first, self._last_first))

    @property
    def _last_first(self) -> int:
        """The first line when the last one is in sight."""
        room, first = self.size.height - 1, len(self._lines)
        while first and (room := room - (2 if self._lines[first - 1].others else 1)) >= 0:
            first -= 1
        return first

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The table, or the line in work alone."""
        if not self._lines:
            return []
        return self._alone(width, height) if self.screen.has_class("-narrow") else self._table(width, height)

    # The table

    def _table(self, width: int, height: int) -> list[Row]:
        columns = self._columns(width)
        rows = [self._head(columns)]
        room = height - 1
        for place, line in enumerate(self._lines.beginning_at(self._first), self._first):
            own = self._rows_of(line, columns, width)
            beyond = len(self._lines) - place
            # The last row tells what is below, unless all of it fits.
            if len(own) + (1 if beyond > 1 else 0) > room:
                rows.append(self._more(beyond))
                break
            rows += own
            room -= len(own)
        return rows

    def _columns(self, width: int) -> _Columns:
        widths = self._lines.widths
        sku = min(_MOST_SKU, widths.sku)
        wanted = self._wants
        ordered = max(_LEAST_COUNT, length(translated(wanted)), widths.ordered)
        done = max(length(translated(self._done_word)), widths.done)
        serials = max(*(length(translated(text)) for text in (_SERIALS, *UNSCANNED)), widths.serials)
        gaps = 4
        if not wanted:
            ordered, gaps = 0, 3
        fixed = _MARK + _EDGE + gaps * _GAP + ordered + done + serials
        sku = min(sku, max(6, width - fixed - _LEAST_DESCRIPTION))
        return _Columns(sku, max(0, width - fixed - sku), ordered, done, serials)

    def _head(self, columns: _Columns) -> Row:
        gap = " " * _GAP
        wanted = [fit(translated(self._wants), columns.ordered, right=True)] if columns.ordered else []
        text = " " * _MARK + gap.join(
            [
                fit("SKU", columns.sku),
                fit(translated(_DESCRIPTION), columns.description),
                *wanted,
                fit(translated(self._done_word), columns.done, right=True),
                fit(translated(_SERIALS), columns.serials),
            ]
        )
        return ((text, "quiet"),)

    def _rows_of(self, line: LineView, columns: _Columns, width: int) -> list[Row]:
        gap = " " * _GAP
        style = "tinted" if line.in_work else ""
        quiet = style or "quiet"
        counts = "quiet" if line.full and not line.in_work else style
        count = "" if line.is_open else str(line.ordered)
        wanted = fit(count, columns.ordered, right=True) + gap if columns.ordered else ""
        row: Row = (
            (_mark(line), style or "ok-word"),
            (f"{fit(line.sku, columns.sku)}{gap}", counts),
            (fit(line.description, columns.description) + gap, quiet),
            (wanted, counts),
            (fit(str(line.done), columns.done, right=True) + gap, counts),
            (fit(translated(line.serials), columns.serials), quiet),
            (" " * _EDGE, style),
        )
        if not line.others:
            return [row]
        return [row, ((fit(_others(line), width - _EDGE, right=True), "quiet"),)]

    def _more(self, beyond: int) -> Row:
        full = self._lines.full_beyond(len(self._lines) - beyond)
        more_text = (
            worded("   … {beyond} more", beyond=beyond)
            + (worded(", {full} of them full", full=full) if full else "")
            + "   ↑ ↓"
        )
        return ((more_text, "quiet"),)

    # The line in work alone

    def _alone(self, width: int, height: int) -> list[Row]:
        line = self._lines.in_work
        if line is None:
            return self._brief(width, height)
        rows: list[Row] = [((self._counted(line, width), "tinted"),)]
        if self._looked_at:
            return rows + self._beside(width, height - 1)
        rows += [
            ((fit(f"   {text}", width), "quiet"),)
            for text in (line.description, worded("serials {serials}", serials=translated(line.serials)))
        ]
        if line.others:
            rows.append(((fit(f"   {_others(line)}", width), "quiet"),))
        if others := len(self._lines) - 1:
            left = others - self._lines.full_beyond(0) + line.full
            not_full = worded(", {left} not full", left=left) if self._wants else ""
            rows.append(((fit(f"   {counted(others, 'other line') + not_full}", width), "quiet"),))
        return rows

    def _beside(self, width: int, room: int) -> list[Row]:
        """Those beside the line in work, from the one that is looked at on."""
        first = self._looked_at - 1
        others = (line for line in self._lines.beginning_at(0) if not line.in_work)
        rows: list[Row] = [
            ((self._counted(line, width), "quiet" if line.full else ""),)
            for line in islice(others, first, first + room)
        ]
        beyond = len(self._lines) - 1 - first - room
        return rows if beyond <= 0 else [*rows[: room - 1], self._more(beyond + 1)]

    def _brief(self, width: int, height: int) -> list[Row]:
        rows: list[Row] = [
            ((self._counted(line, width), "quiet" if line.full else ""),)
            for line in islice(self._lines.beginning_at(self._first), height)
        ]
        beyond = len(self._lines) - self._first - height
        return rows if beyond <= 0 else [*rows[: height - 1], self._more(beyond + 1)]

    def _counted(self, line: LineView, width: int) -> str:
        counts = (
            worded("{done} of {ordered}", done=line.done, ordered=line.ordered)
            if self._wanted_word and not line.is_open
            else f"{line.done} {translated(self._done_word)}"
        )
        return spread(f"{_mark(line)}{visible(line.sku)}", f"{counts} ", width)


def _mark(line: LineView) -> str:
    return " ▶ " if line.in_work else " ✓ " if line.full else "   "


def _others(line: LineView) -> str:
    at_other_stations = ", ".join(
        worded("{pieces} of them at {station}", pieces=pieces, station=visible(station))
        for station, pieces in line.others
    )
    return f"{line.done}, {at_other_stations}"
