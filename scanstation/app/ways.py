"""From screen to screen: what is in front, and how another one gets there."""

from collections.abc import Callable

from textual.app import App

from scanstation.domain.language import spoken
from scanstation.screens.base import StationScreen
from scanstation.screens.help import HelpScreen
from scanstation.screens.overlays import Overlay
from scanstation.screens.places import place
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.entry_slot import EntryField


class Ways:
    """The screens of one station, one above the other, Home at the bottom."""

    def __init__(self, app: App[None], station: Station, only: Where | None, changed: Callable[[], None]) -> None:
        self._app = app
        self._station = station
        self.only = only
        """The one screen that there is, where the station is opened for it alone."""
        self._changed = changed
        """Called when another screen has come to the front."""

    @property
    def front(self) -> StationScreen | Overlay[object]:
        """The screen in front."""
        screen = self._app.screen
        assert isinstance(screen, StationScreen | Overlay)
        return screen

    @property
    def home(self) -> StationScreen:
        """The one at the bottom."""
        home = self._app.screen_stack[0]
        assert isinstance(home, StationScreen)
        return home

    @property
    def field(self) -> EntryField | None:
        """The line with the focus."""
        stack = self._app.screen_stack  # empty before the first screen and after the last
        focused = stack[-1].focused if stack else None
        return focused if isinstance(focused, EntryField) else None

    async def go(self, go: Go) -> None:
        """Bring a screen to the front; whoever calls holds the turn.

        Raises:
            StoreError: what the screen shows could not be read.
        """
        if self.only is not None and go.where is not self.only:
            self._app.exit()  # there is nothing but the first screen
        elif go.where is Where.BACK:
            left = self.front
            await self._drop_front()
            await self._home_again(go, after_help=isinstance(left, HelpScreen))
        elif go.where is Where.HOME:
            await self._drop_all()
            self.home.come_back()
            await self.home.enter(go)
            self.home.shown_in = spoken()
        else:
            wanted, on_home = place(go.where)
            if not isinstance(self._app.screen, wanted):
                if on_home:
                    await self._drop_all()
                await self.push(wanted(self._station))
            await self._enter(go)

    async def push(self, screen: StationScreen) -> None:
        """Put a screen before the one in front."""
        await self._app.push_screen(screen)
        self._changed()

    async def _enter(self, go: Go) -> None:
        assert isinstance(self._app.screen, StationScreen)
        await self._app.screen.enter(go)

    async def _drop_front(self) -> None:
        if len(self._app.screen_stack) > 1:
            if isinstance(self._app.screen, StationScreen):
                await self._app.screen.leave()
            await self._app.pop_screen()
            self._changed()

    async def _drop_all(self) -> None:
        while len(self._app.screen_stack) > 1:
            await self._drop_front()

    async def _home_again(self, go: Go, *, after_help: bool) -> None:
        """After a screen was left: look anew at what has changed. A desk's last answer still says how it stands."""
        front = self._app.screen
        assert isinstance(front, StationScreen)
        if not front.keeps_answer:
            if not after_help:
                front.come_back()
            await self._enter(Go(Where.BACK, verdict=go.verdict))
            front.shown_in = spoken()
            return
        if front.shown_in is not spoken():
            await front.show_anew()
        front.come_with_answer()
        if go.verdict:
            front.show_verdict(go.verdict)

    async def speak_anew(self) -> None:
        """Say in the language of whoever is here now what stands on the screen in front; whoever calls holds the turn.

        Those below it follow when they come to the front. Raises StoreError: what it shows could not be read.
        """
        front = next(screen for screen in reversed(self._app.screen_stack) if isinstance(screen, StationScreen))
        if front.shown_in is not spoken():
            await front.show_anew()
