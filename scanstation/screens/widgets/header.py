"""Where one is: the screen, the order; the station, its scanners, the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.screens.widgets.rows import Piece, Row, Rows, fit

_NARROW = 60
_LEAST_LEFT, _LEAST_LEFT_NARROW = 24, 12
"""Cells for the screen's name, and an order's where there is room; the names of scanners give way before."""


class Header(Rows):
    """One row. The clock changes with the minute and nothing else moves by itself."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._screen_name = ""
        self._subject: tuple[str, ...] = ()
        self._station = ""
        self._scanners: tuple[tuple[str, str], ...] = ()
        self._time = ""
        self._waiting = 0
        self._elsewhere = False

    def show_place(self, screen_name: str, *subject: str) -> None:
        """Which screen, and what about: the more telling words first, the last give way."""
        shown = (screen_name, tuple(visible(word) for word in subject))
        if shown != (self._screen_name, self._subject):
            self._screen_name, self._subject = shown
            self.redraw()

    def show_station(self, station: str, scanners: Mapping[str, str], now: datetime) -> None:
        """Who and when."""
        shown = (visible(station), tuple(scanners.items()), now.astimezone().strftime("%H:%M"))
        if shown != (self._station, self._scanners, self._time):
            self._station, self._scanners, self._time = shown
            self.redraw()

    def show_waiting(self, waiting: int) -> None:
        """How many scans wait for their answer."""
        if waiting != self._waiting:
            self._waiting = waiting
            self.redraw()

    def show_front(self, *, in_front: bool) -> None:
        """Does this window have the keyboard? If not, that is all there is to read here."""
        if self._elsewhere is in_front:
            self._elsewhere = not in_front
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The right half stays, the left half gives way."""
        del height
        if self._elsewhere:
            return [((fit(f" {self._warning(width)}", width), "stop-strong"),)]
        waiting = f" {self._waiting} waiting " if self._waiting else ""
        right = self._right(width)
        room = max(0, width - _length(right) - len(waiting) - 2)
        name = f" {self._screen_name.upper()}"
        words = list(self._subject)
        while len(words) > 1 and len(name) + 3 + cell_len(" · ".join(words)) > room:
            words.pop()
        left = fit(f"{name}   {' · '.join(words)}" if words else name, room)
        told: Row = ((left[: len(name)], "strong"), (left[len(name) :], ""))
        return [(*told, (" ", ""), (waiting, "waiting"), (" ", ""), *right)]

    def _right(self, width: int) -> Row:
        """Station, scanners, time. Where room is scarce, one that is there is a dot; lost ones keep their names."""
        named = [
            (f"○ {name} {missing}", "note") if missing else (f"● {name}", "quiet") for name, missing in self._scanners
        ]
        lost = [piece for piece in named if piece[1] == "note"]
        here = [("●" * (len(named) - len(lost)), "quiet")] if len(named) > len(lost) else []
        station, time = (self._station, "quiet"), (self._time, "quiet")
        words = {missing for _, missing in self._scanners if missing}
        count = f"○ {len(lost)} {words.pop() if len(words) == 1 else 'not ready'}"
        forms, least = [[*lost, *here, time], [(count, "note"), *here, time]], _LEAST_LEFT_NARROW
        if width >= _NARROW:
            forms, least = [[station, *form] for form in ([*named, time], *forms)], _LEAST_LEFT
        rows = [_joined(form) for form in forms]
        return next((row for row in rows if width - _length(row) >= least), rows[-1])

    def _warning(self, width: int) -> str:
        if self._scanners:  # those on ports of their own are heard all the same
            wide, narrow = "This window is not in front: what is keyed goes elsewhere. Click it.", "Keys go elsewhere"
        else:
            wide, narrow = "This window is not in front: scans go elsewhere. Click it.", "Scans go elsewhere"
        return wide if width >= _NARROW else f"{narrow}: click this window."


def _joined(words: Sequence[Piece]) -> Row:
    """Words with points between them; neighbours of one style are one piece."""
    *others, (last, style) = words
    ended = [*((f"{text} · ", style) for text, style in others), (f"{last} ", style)]
    return tuple(("".join(text for text, _ in group), style) for style, group in groupby(ended, itemgetter(1)))


def _length(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
