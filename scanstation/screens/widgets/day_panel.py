"""The day: its figures, and where there is room the units of each hour as bars, with the numbers and the hours."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from textual.renderables.sparkline import Sparkline

from scanstation.domain.language import worded
from scanstation.screens.widgets.rows import Row, Rows, fit
from scanstation.workflows.reports.today import NOTHING_YET, Hour, Today

_LEAST_CELLS = 3
_NUMBERS, _HOURS = 1, 1
_BARS, _LEAST_BARS = 4, 2


class DayPanel(Rows):
    """One row or two of counts where there is little room; else a row for each, and a plot of each kind of work.

    A plot says what it counts, and has as many of the last hours as there is room for. The bars are Textual's, from
    zero up.
    """

    def __init__(self) -> None:
        super().__init__(id="day")
        self._today: Today = NOTHING_YET

    def show(self, today: Today) -> None:
        """Show this day."""
        if today != self._today:
            self._today = today
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The figures, then the plots that fit."""
        counts = self._today.counts()
        if height < len(counts) + 1:
            return _brief([f"{count} {words}" for count, words in self._today.in_brief()], width, height)
        rows: list[Row] = [((fit(" " + worded("Today"), width), "strong"),)]
        widest = max(len(str(count)) for count, _ in counts)
        rows += [
            ((f"   {count:>{widest}}  ", ""), (fit(words, width - widest - 5), "quiet")) for count, words in counts
        ]
        plots = [(title, hours) for title, hours in self._today.by_hour() if any(hour.units for hour in hours)]
        for title, hours in plots:
            bars = min(_BARS, (height - len(rows)) // len(plots) - 2 - _NUMBERS - _HOURS)
            if bars >= _LEAST_BARS:
                rows += [(), *_plot(title, hours, width, bars)]
        return rows


def _brief(words: Sequence[str], width: int, height: int) -> list[Row]:
    """All of it in so many rows; a count is not torn from its word."""
    lines = [" " + worded("Today") + "  "] if width >= 60 else [" "]
    begun = False
    for word in words:
        more = f" · {word}" if begun else word
        if cell_len(lines[-1] + more) > width - 1 and begun:
            lines.append(f" {word}")
        else:
            lines[-1] += more
        begun = True
    return [((fit(line, width), "strong"),) for line in lines[:height]]


def _plot(title: str, hours: Sequence[Hour], width: int, bars: int) -> list[Row]:
    cells = max(_LEAST_CELLS, *(len(str(hour.units)) + 1 for hour in hours))
    hours = hours[-max(1, (width - 2) // cells) :]
    return [
        ((fit(f" {title}", width), "strong"),),
        _labels((str(hour.units) if hour.units else "" for hour in hours), cells),
        *(((f" {line}", "ok-word"),) for line in _bars([hour.units for hour in hours], cells, bars)),
        _labels((f"{hour.hour:02}" for hour in hours), cells),
    ]


def _labels(texts: Iterable[str], cells: int) -> Row:
    return ((" " + "".join(f"{text:>{cells}}" for text in texts), "quiet"),)


def _bars(units: Sequence[int], cells: int, height: int) -> list[str]:
    """The bars' rows, each bar one cell narrower than its column."""
    # The first value only says where zero is: the plot would otherwise begin at the lowest hour.
    values = [0, *units]
    console = Console(width=len(values), color_system=None)
    plot = Sparkline(values, width=len(values), height=height)
    lines = ["".join(piece.text for piece in line) for line in console.render_lines(plot, pad=False)]
    # Textual draws nothing at all as the lowest bar that there is.
    return [
        "".join(" " + (bar if count else " ") * (cells - 1) for bar, count in zip(line[1:], units, strict=True))
        for line in lines
    ]
