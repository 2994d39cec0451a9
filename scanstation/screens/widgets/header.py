"""Where one is: the screen, the order; the station, its scanners, the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.screens.widgets.rows import Row, Rows, fit


class Header(Rows):
    """One row. The clock changes with the minute and nothing else moves by itself."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._screen_name = ""
        self._subject: tuple[str, ...] = ()
        self._station = ""
        self._scanners: tuple[tuple[str, bool], ...] = ()
        self._time = ""
        self._waiting = 0

    def show_place(self, screen_name: str, *subject: str) -> None:
        """Which screen, and what about: the more telling words first, the last give way."""
        shown = (screen_name, tuple(visible(word) for word in subject))
        if shown != (self._screen_name, self._subject):
            self._screen_name, self._subject = shown
            self.redraw()

    def show_station(self, station: str, scanners: Mapping[str, bool], now: datetime) -> None:
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

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The right half stays, the left half gives way."""
        del height
        waiting = f" {self._waiting} waiting " if self._waiting else ""
        scanners = [f"{'●' if here else '○'} {name}" + ("" if here else " lost") for name, here in self._scanners]
        if width < 60:  # only what is wrong
            scanners = [f"○ {name} lost" for name, here in self._scanners if not here]
            right = " · ".join([*scanners, self._time]) + " "
        else:
            right = " · ".join([self._station, *scanners, self._time]) + " "
        room = max(0, width - cell_len(right) - len(waiting) - 2)
        name = f" {self._screen_name.upper()}"
        words = list(self._subject)
        while len(words) > 1 and len(name) + 3 + cell_len(" · ".join(words)) > room:
            words.pop()
        left = fit(f"{name}   {' · '.join(words)}" if words else name, room)
        told: Row = ((left[: len(name)], "strong"), (left[len(name) :], ""))
        return [(*told, (" ", ""), (waiting, "waiting"), (" ", ""), (right, "quiet"))]
