"""The steps of a supervisor's act: ask, do it in turn, show how it ended."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from textual.app import App

from scanstation.domain import sentences as say
from scanstation.domain.language import worded
from scanstation.domain.operators import PIN
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Question, Verdict
from scanstation.screens.base import StationScreen
from scanstation.screens.overlays import (
    AskScreen,
    ChoiceScreen,
    CodeScreen,
    PinScreen,
    ReadScreen,
    ReasonScreen,
    TextScreen,
    WhoScreen,
)
from scanstation.screens.station import Station
from scanstation.workflows.access import signing_in

Found = TypeVar("Found")


class Asking(Protocol):
    """What an act's steps ask of the screen they are taken on; `ActingScreen` answers."""

    station: Station

    @property
    def app(self) -> App[object]:
        """For a screen of the steps' own."""

    def show_verdict(self, verdict: Verdict) -> None:
        """Put an answer into the bar."""

    def show_outcome(self, outcome: Done | Refused) -> None:
        """Put how an act ended into the bar."""

    async def sure(self, question: str) -> bool:
        """Yes or no."""

    async def ask_text(self, title: str, hint: str, value: str = "") -> str | None:
        """A line of text; None where nothing is to happen."""

    async def ask_who(self, title: str, value: str = "") -> str | None:
        """A person's name; None where nothing is to happen."""

    async def act(self, act: Callable[[], Done | Refused | None]) -> Done | Refused | None:
        """Do it in turn."""

    async def look_up(self, look: Callable[[], Found | Refused]) -> Found | None:
        """Read something in turn, for the next question."""

    async def tell(self, outcome: Done | Refused | None) -> None:
        """Show how it ended."""


class ActingScreen(StationScreen, inherit_bindings=True):
    """A screen on which something is done to what it shows.

    The steps wait for a person, so they are taken in a worker (`@work`) and never by the one who answers a scan.
    """

    async def read_anew(self) -> bool:
        """Before a question that names a count, which another station may have changed, and after an act.

        False where the store failed, which the bar then says.
        """
        async with self.station.turn:
            try:
                await self.refresh_counts()
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return False
        return True

    async def sure(self, question: str, *, by_hand: bool = False) -> bool:
        """Yes or no; `by_hand`: yes is a key, and no scan."""
        asked = Question(question, by_hand=by_hand)
        sure: bool = await self.app.push_screen_wait(AskScreen(self.station, asked))
        return sure

    async def choose(self, question: str, choices: Sequence[str]) -> str | None:
        """One of several; None where nothing is to happen."""
        asked = Question(question, choices=tuple(choices))
        number: int = await self.app.push_screen_wait(ChoiceScreen(self.station, asked))
        return choices[number - 1] if number else None

    async def ask_text(self, title: str, hint: str, value: str = "") -> str | None:
        """A line of text; None where nothing is to happen."""
        text: str | None = await self.app.push_screen_wait(TextScreen(self.station, title, hint, value))
        return text

    async def ask_who(self, title: str, value: str = "") -> str | None:
        """A person's name, typed or by that person's badge where people sign in; None where nothing is to happen."""
        scans = self.station.sign_in_on
        hint = worded("scan the badge, or type the name") if scans else worded("type the name")
        text: str | None = await self.app.push_screen_wait(WhoScreen(self.station, title, hint, value))
        return text

    async def ask_code(self, title: str, hint: str) -> Scan | None:
        """A code, scanned or typed; None where nothing is to happen."""
        code: Scan | None = await self.app.push_screen_wait(CodeScreen(self.station, title, hint))
        return code

    async def reason(self, title: str) -> str | None:
        """Why something is done, typed or by a card; None where it is not to happen."""
        reason: str | None = await self.app.push_screen_wait(ReasonScreen(self.station, title))
        return reason

    async def act(self, act: Callable[[], Done | Refused | None]) -> Done | Refused | None:
        """Do it in turn, after a PIN where it takes one.

        None where it returns nothing, or where the store failed, which the bar then says.
        """
        outcome = await self._once(act)
        if not (isinstance(outcome, Refused) and outcome.reasons[0].name == PIN):
            return outcome
        pin: str | None = await self.app.push_screen_wait(PinScreen(self.station, outcome.text))
        if pin is None:
            self.show_verdict(say.left_as_it_is())
            return None
        proved = await self._once(partial(signing_in.prove, self.station.site, pin))
        try:
            return await self._once(act) if isinstance(proved, Done) else proved
        finally:
            self.station.site.seat.proved_pin = ""

    async def _once(self, act: Callable[[], Done | Refused | None]) -> Done | Refused | None:
        async with self.station.turn:
            try:
                with self.station.at_work(""):
                    return await self.station.run(act)
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return None

    async def look_up(self, look: Callable[[], Found | Refused]) -> Found | None:
        """Read something in turn, for the next question; None where it is refused or the store failed."""
        async with self.station.turn:
            try:
                with self.station.at_work(""):
                    resolved = await self.station.run(look)
            except StoreError as error:
                self.show_verdict(say.store_trouble(error))
                return None
        if isinstance(resolved, Refused):
            self.show_outcome(resolved)
            return None
        return resolved

    async def do(self, act: Callable[[], Done | Refused]) -> None:
        """Do it in turn, and show how it ended."""
        await self.tell(await self.act(act))

    async def tell(self, outcome: Done | Refused | None) -> None:
        """Show how it ended, and what the screen shows as it is now."""
        if outcome is None:
            return
        await self.read_anew()
        self.show_outcome(outcome)
        texts = outcome.notes if isinstance(outcome, Done) else tuple(reason.text for reason in outcome.reasons)
        if len(texts) > 1 or (isinstance(outcome, Done) and texts):
            await self.app.push_screen_wait(ReadScreen(self.station, say.how_it_ended(outcome), texts))
