"""The way of a changed row to the terminal.

Textual's compositor wakes each changed widget, then renders every widget between the first changed row and the last,
whether it has changed or not. A scan changes a few rows at both ends of the screen, so that was two thirds of what it
cost the event loop. Here the pieces that have changed are sent as they are, all of them in one write.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.geometry import Offset, Region
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class Piece(NamedTuple):
    """Changed cells of one row of a widget, `x` and `y` from the widget's own corner, and what to send for them."""

    x: int
    y: int
    cells: int
    sequence: str


class Painter:
    """Sends what has changed on one screen, once the event loop has heard of all of it.

    Nothing is kept here of what the terminal shows. Textual draws the same whenever it draws a widget itself: after a
    change of size, below an overlay, where something lies over a row.
    """

    def __init__(self, screen: Screen[ScreenResultType]) -> None:
        self._screen = screen
        self._changed: list[tuple[Widget, Sequence[Piece]]] = []

    def add(self, widget: Widget, pieces: Sequence[Piece]) -> None:
        """Pieces of a widget have changed."""
        if not self._changed:
            asyncio.get_running_loop().call_soon(self._paint)
        self._changed.append((widget, pieces))

    def _paint(self) -> None:
        changed, self._changed = self._changed, []
        app, screen = self._screen.app, self._screen
        driver = app._driver
        if driver is None or not app._running or app._closed or not screen.is_attached:
            return  # the screen has gone, and nobody sees it
        sequences: list[str] = []
        is_free = app.screen_stack[-1] is screen and not (app._batch_count or screen._layout_required)
        seen = screen._compositor.visible_widgets if is_free else {}
        moves = is_free and any(part._layout_required for widget, _ in changed for part in (widget, *widget.children))
        for widget, pieces in changed:
            region, clip = seen.get(widget, (Region(), Region()))
            if moves or not region or not clip.contains_region(region):
                _leave_to_textual(widget, pieces)
                continue
            above = [seen[child][0] for child in widget.children if child in seen]
            for piece in pieces:
                place = Offset(region.x + piece.x, region.y + piece.y)
                if any(Region(*place, piece.cells, 1).overlaps(other) for other in above):
                    _leave_to_textual(widget, [piece])
                else:
                    sequences += (_move_to(place), piece.sequence)
        if sequences:
            sequences.append(_move_to(screen.outer_size.clamp_offset(app.cursor_position)))
            whole = "".join(sequences)
            driver.write(f"{SYNC_START}{whole}{SYNC_END}" if app._sync_available else whole)


def _leave_to_textual(widget: Widget, pieces: Sequence[Piece]) -> None:
    offset = widget.content_offset
    widget.refresh(*(Region(piece.x - offset.x, piece.y - offset.y, piece.cells, 1) for piece in pieces))


def _move_to(place: Offset) -> str:
    return f"\x1b[{place.y + 1};{place.x + 1}H"


class PaintedScreen(Screen[ScreenResultType], inherit_bindings=False):
    """A screen whose rows go to the terminal by a painter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.painter = Painter(self)
