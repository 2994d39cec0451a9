"""Where one is: the screen, the order; the station, its scanners, the time."""

from collections.abc import Mapping
from datetime import datetime

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from scanstation.domain.codes import visible
from scanstation.screens.widgets.rows import fit


class Header(Widget):
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
            self.refresh()

    def show_station(self, station: str, scanners: Mapping[str, bool], now: datetime) -> None:
        """Who and when."""
        shown = (visible(station), tuple(scanners.items()), now.astimezone().strftime("%H:%M"))
        if shown != (self._station, self._scanners, self._time):
            self._station, self._scanners, self._time = shown
            self.refresh()

    def show_waiting(self, waiting: int) -> None:
        """How many scans wait for their answer."""
        if waiting != self._waiting:
            self._waiting = waiting
            self.refresh()

    def render(self) -> RenderResult:
        """The row; the right half stays, the left half gives way."""
        width = self.size.width
        waiting = f" {self._waiting} waiting " if self._waiting else ""
        scanners = [f"{'●' if here else '○'} {name}" + ("" if here else " lost") for name, here in self._scanners]
        right = " · ".join([self._station, *scanners, self._time]) + " "
        if width < 60:
            lost = [f"○ {name} lost" for name, here in self._scanners if not here]
            right = " · ".join([*lost, self._time]) + " "
        room = max(0, width - len(right) - len(waiting) - 2)
        name = f" {self._screen_name.upper()}"
        words = list(self._subject)
        while len(words) > 1 and len(name) + 3 + len(" · ".join(words)) > room:
            words.pop()
        left = fit(f"{name}   {' · '.join(words)}", room) if words else fit(name, room)
        return Content.assemble(
            (left[: len(name)], "bold"),
            left[len(name) :],
            " ",
            (waiting, "$check-ink on $check"),
            " ",
            (right, "$quiet"),
        )
