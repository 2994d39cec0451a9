"""The units of each hour as bars, the numbers above and the hours below them."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from textual.renderables.sparkline import Sparkline

from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped

_LEAST_CELLS = 3
_NUMBERS, _HOURS = 1, 1
_TALL = 8


class HoursPlot(Rows):
    """A title, and as many of the last hours as there is room for. The bars are Textual's, from zero up."""

    def __init__(self) -> None:
        super().__init__(id="plot")
        self._title = ""
        self._hours: tuple[tuple[int, int], ...] = ()

    def show(self, title: str, hours: Sequence[tuple[int, int]]) -> None:
        """Show these: (hour, units) each, one hour after the other."""
        if (title, tuple(hours)) != (self._title, self._hours):
            self._title, self._hours = title, tuple(hours)
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The numbers go first where there is little room, then the hours."""
        titles = wrapped(self._title, width - 2)
        titles = titles if height >= _TALL else [self._title]
        rows: list[Row] = [((fit(f" {line}", width), "strong"),) for line in titles]
        cells = max(_LEAST_CELLS, *(len(str(units)) + 1 for _, units in self._hours)) if self._hours else 0
        room = (width - 2) // cells if cells else 0
        hours = self._hours[-room:] if room else ()
        bars = height - len(rows) - _HOURS
        if not hours or bars < 1:
            return rows
        with_numbers = bars > 1
        if with_numbers:
            bars -= _NUMBERS
            rows.append(_labels((str(units) if units else "" for _, units in hours), cells))
        rows += [((f" {line}", "ok-word"),) for line in _bars([units for _, units in hours], cells, bars)]
        rows.append(_labels((f"{hour:02}" for hour, _ in hours), cells))
        return rows


def _labels(texts: Iterable[str], cells: int) -> Row:
    return ((" " + "".join(f"{text:>{cells}}" for text in texts), "quiet"),)


def _bars(units: Sequence[int], cells: int, height: int) -> list[str]:
    """The bars' rows, each bar one cell narrower than its column."""
    # The first value only says where zero is: the plot would otherwise begin at the lowest hour.
    values = [0, *units]
    console = Console(width=len(values), color_system=None)
    plot = Sparkline(values, width=len(values), height=height)
    lines = ["".join(piece.text for piece in line) for line in console.render_lines(plot, pad=False)]
    return ["".join(" " + bar * (cells - 1) for bar in line[1:]) for line in lines]
