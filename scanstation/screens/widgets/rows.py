"""Rows of styled text: what all widgets of the station are drawn with.

A scan changes a few rows of a screen. Only what differs in them is drawn and sent to the terminal, which may be at the
other end of a slow line; that is also why none of these widgets uses `Static`, which draws all of itself.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, takewhile, zip_longest
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widget import Widget

from scanstation.domain.codes import visible
from scanstation.domain.language import shown
from scanstation.screens.widgets.painting import PaintedScreen, Piece

Span = tuple[str, str]
"""A text, and the name of its style in `station.tcss` (`quiet` for `.rows--quiet`), or "" for the plain one."""
Row = tuple[Span, ...]

STYLES = (
    "quiet",
    "strong",
    "marked",
    "tinted",
    "note",
    "rule",
    "owed",
    "owed-strong",
    "check-title",
    "waiting",
    "ok-word",
    "check-word",
    "stop-word",
    "ok",
    "check",
    "stop",
    "ok-strong",
    "check-strong",
    "stop-strong",
)
ROW_STYLES: Final = {f"rows--{name}" for name in STYLES}
"""The component classes of a screen that has rows."""
_TEXT = "\0"
"""Stands for a text where it is worked out what is sent around one."""


class Rows(Widget):
    """A widget that says its rows; the base draws what has changed in them."""

    def __init__(self, *, id: str, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: list[Row] = []
        self._style_of: dict[str, Style] = {}
        self._sent_around: dict[str, tuple[str, str]] = {}
        """What a terminal is sent before and after text of a style."""
        self._room: Size | None = None
        """Its size, which Textual works out anew whenever it is asked."""
        self._corner: Offset | None = None
        """Where its content begins; the same holds for that."""

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """What to show in so much room; more rows than fit are cut off."""
        raise NotImplementedError

    def redraw(self) -> None:
        """What is shown has changed: draw what differs."""
        if self._room is None:
            self._room = self.size
        width, height = self._room
        if not width or not height:
            self._room = None
            return
        before, self._drawn = self._drawn, list(self.rows(width, height))[:height]
        rows = zip_longest(before, self._drawn, fillvalue=())
        changed = [(y, old, new) for y, (old, new) in enumerate(rows) if old != new]
        if not changed:
            return
        screen = self.screen
        if not isinstance(screen, PaintedScreen):
            self.refresh(*(Region(0, y, width, 1) for y, _, _ in changed))
            return
        if self._corner is None:
            self._corner = self.content_offset
        left, top = self._corner
        self._styles_cache.set_dirty(*(Region(left, top + y, width, 1) for y, _, _ in changed))
        screen.painter.add(
            self,
            [
                Piece(left + x, top + y, cells, "".join(map(self._sent, spans)))
                for y, old, new in changed
                for x, cells, spans in _differing(_filled(old, width), _filled(new, width))
            ],
        )

    def _sent(self, span: Span) -> str:
        text, name = span
        if name not in self._sent_around:
            self._sent_around[name] = self._around(name)
        before, after = self._sent_around[name]
        return f"{before}{text}{after}"

    def _around(self, name: str) -> tuple[str, str]:
        """As Textual would send it, by a text of its own."""
        strip = Strip([Segment(_TEXT, self._styled(name))])
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        before, _, after = strip.render(self.app.console).partition(_TEXT)
        return before, after

    def on_resize(self) -> None:
        """Everything is somewhere else."""
        self._room = self.size
        self._corner = None
        self._drawn = list(self.rows(*self._room))[: self._room.height]
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme or the size class has changed."""
        super().notify_style_update()
        self._style_of.clear()
        self._sent_around.clear()
        self._room = self._corner = None

    def render(self) -> RenderResult:
        """Not used: the rows are drawn one by one."""
        return ""

    def render_line(self, y: int) -> Strip:
        row = self._drawn[y] if y < len(self._drawn) else ()
        segments = [Segment(text, self._styled(name)) for text, name in row if text]
        return Strip(segments).adjust_cell_length(self.size.width, self._styled(""))

    def _styled(self, name: str) -> Style:
        if name not in self._style_of:
            self._style_of[name] = self._worked_out(name) if name else self.rich_style
        return self._style_of[name]

    def _worked_out(self, name: str) -> Style:
        """The style of a piece, on this widget's own. The screen has them: each widget would work all of them out."""
        return self.rich_style + self.screen.get_component_rich_style(f"rows--{name}", partial=True)


def _filled(row: Row, width: int) -> Row:
    """A row in exactly so many cells."""
    cells = sum(_cells(text) for text, _ in row)
    if cells < width:
        return (*row, (" " * (width - cells), ""))
    kept = list(row)
    while cells > width:
        text, name = kept.pop()
        cells -= _cells(text)
        if cells < width:
            kept.append((set_cell_size(text, width - cells), name))
            break
    return tuple(kept)


def _differing(before: Row, after: Row) -> Iterator[tuple[int, int, Sequence[Span]]]:
    """Where two rows of one length differ: from which cell, for how many, and the spans that stand there now."""
    places = [0, *accumulate(_cells(text) for text, _ in after)]
    if [_cells(text) for text, _ in before] == [_cells(text) for text, _ in after]:
        differs = [old != new for old, new in zip(before, after, strict=True)]
    else:
        head = _alike(before, after)
        tail = min(_alike(before[::-1], after[::-1]), len(after) - head, len(before) - head)
        differs = [head <= place < len(after) - tail for place in range(len(after))]
    first = 0
    for is_sent, run in groupby(differs):
        last = first + len(list(run))
        if is_sent:
            yield places[first], places[last] - places[first], after[first:last]
        first = last


def _alike(one: Row, other: Row) -> int:
    """How many spans both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def length(text: str) -> int:
    """How many cells a text takes, made visible, in the language of who reads it."""
    return cell_len(visible(shown(text)))


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text, made visible, in exactly so many cells; what is cut ends in `…`."""
    if width <= 0:
        return ""
    visible_text = visible(shown(text))
    cells = cell_len(visible_text)
    if cells > width:
        return set_cell_size(visible_text, width - 1) + "…"
    blanks = " " * (width - cells)
    return blanks + visible_text if right else visible_text + blanks


def fit_ends(text: str, width: int) -> str:
    """The same, but what is cut is cut in its middle: numbers differ at their ends."""
    visible_text = visible(shown(text))
    if cell_len(visible_text) <= width or width < 4:
        return fit(visible_text, width)
    tail = set_cell_size(visible_text[::-1], (width - 1) // 2)[::-1]
    return fit(set_cell_size(visible_text, width - 1 - cell_len(tail)) + "…" + tail, width)


def spread(left: str, right: str, width: int) -> str:
    """One text at the left and one at the right of a row; the left one is truncated."""
    right = shown(right)
    room = width - cell_len(right)
    if room <= 1:
        return fit(right, width)
    return fit(left, room - 1) + " " + right if right else fit(left, width)


def how_far(done: int, wanted: int, width: int) -> tuple[str, str]:
    """How far something is, as the header's rule says it: the double part and the rest.

    What has begun has a cell at least, and only what is all there has all of them.
    """
    if wanted <= 0:
        return "", " " * width
    full = width if done >= wanted else min(width - 1, max(1 if done else 0, width * done // wanted))
    return "═" * full, "─" * (width - full)


_IN_A_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_NO_BREAK = "\ue000"
"""Stands for the blank within a number while a text is wrapped: one cell wide, and no text that is shown has it."""


def wrapped(text: str, width: int) -> list[str]:
    """The text, made visible, in rows of at most so many cells; `12 500`, as some languages write it, is one word."""
    visible_text = visible(shown(text))
    if cell_len(visible_text) <= width:
        return [visible_text]
    whole = _IN_A_NUMBER.sub(_NO_BREAK, visible_text)
    return [row.plain.rstrip(" ").replace(_NO_BREAK, " ") for row in Content(whole).wrap(max(4, width))]
