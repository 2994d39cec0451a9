"""The station's name: this terminal's alone, for as long as it gives signs of life."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import App

from scanstation.domain import sentences as say
from scanstation.domain.store_errors import StoreError
from scanstation.screens.overlays import AskScreen
from scanstation.screens.station import Station

if TYPE_CHECKING:
    from scanstation.workflows.upkeep.station_names import Terminal


class StationName:
    """Takes the name at the start, keeps it, gives it back at the end."""

    def __init__(self, app: App[None], station: Station, *, from_host: bool) -> None:
        self._app, self._station = app, station
        self._from_host = from_host
        """Nobody chose it: where it is taken, the next free one is."""
        self._terminal: Terminal | None = None
        """This one, once it has asked for the name."""
        self._is_taken = False

    async def take(self) -> bool:
        """Be the only terminal of this name; False, with the app ending, where the person would rather not.

        Raises:
            StoreError: the store cannot be used.
        """
        from scanstation.workflows.upkeep import station_names

        station, site = self._station, self._station.site
        self._terminal = station_names.this_terminal()
        if self._from_host:
            station.site = await station.run(station_names.claim_any, site, self._terminal)
            self._is_taken = True
            return True
        answer = await station.run(station_names.claim, site, self._terminal)
        while isinstance(answer, station_names.NameTaken):
            question = say.open_as(answer.text, answer.offered)
            if not await self._app.push_screen_wait(AskScreen(station, question)):
                self._app.exit(return_code=1)
                return False
            answer = await station.run(station_names.claim, site.at_station(answer.offered), self._terminal)
        station.site = answer
        self._is_taken = True
        return True

    async def beat(self) -> bool:
        """Give a sign of life; False where another terminal has taken the name meanwhile."""
        from scanstation.workflows.upkeep import station_names

        assert self._terminal is not None
        try:
            return await self._station.run(station_names.beat, self._station.site, self._terminal)
        except StoreError:
            return True  # the header says so; the next beat tries again

    def give_back(self) -> None:
        """Let others have it."""
        if self._is_taken and self._terminal is not None:
            from scanstation.workflows.upkeep import station_names

            # Where the store is gone, the name is free all the same: this process ends.
            with suppress(StoreError):
                station_names.release(self._station.site, self._terminal)
