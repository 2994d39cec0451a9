"""What every screen of the station has: header, body, verdict bar, entry slot, keys."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import nullcontext
from time import monotonic
from typing import Any, ClassVar, NamedTuple

from textual._path import CSSPathType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.css.query import NoMatches
from textual.message import Message

from scanstation.domain import sentences as say
from scanstation.domain.commands import Act
from scanstation.domain.language import spoken
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.special import Special
from scanstation.domain.store_errors import StoreError, WrongSchema
from scanstation.domain.verdict import Question, Verdict
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.entry_slot import EntryField, EntrySlot, Mode
from scanstation.screens.widgets.header import Header
from scanstation.screens.widgets.key_bar import KeyBar
from scanstation.screens.widgets.painting import PaintedScreen
from scanstation.screens.widgets.rows import ROW_STYLES, Rows
from scanstation.screens.widgets.verdict_bar import BarVerdicts, VerdictBar

StyleSheets = CSSPathType | None
"""What `CSS_PATH` of a screen may be; Textual has no public name for it."""
HELP_KEY, SEEN_KEY = "?", "!"
"""Typed and entered by themselves: F1 is the terminal's own in some, and no key is left for the other."""
BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (110, "-wide")]
LOW = [(0, "-low"), (23, "-tall")]


def slot_of(station: Station) -> EntrySlot:
    """An entry slot for one of the station's screens."""
    return EntrySlot(lambda: station.answering_since)


class HelpPage(NamedTuple):
    """What F1 says: about this screen, in this state."""

    about: str
    now: Sequence[str]
    """What can be done now, a sentence each."""
    keys: Sequence[tuple[str, str]]
    """Key or command barcode (`F10  {}COMPLETE`, {} for the site's prefix), and what it does."""


class GoWanted(Message):
    """A key asks for another screen."""

    def __init__(self, go: Go) -> None:
        super().__init__()
        self.go = go


class HelpWanted(Message):
    """F1 was pressed."""


class QuitWanted(Message):
    """Somebody wants to close the station; it is asked first."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


class StationScreen(PaintedScreen[None], inherit_bindings=False):
    """A screen in front of which someone scans.

    The app hands it one scan at a time (`answer`) and waits for it; keys take their turn through `in_turn`.
    """

    AUTO_FOCUS = "#entry"
    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss"]
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = LOW
    COMPONENT_CLASSES = ROW_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="help"),
        Binding("f3", "trace", "Trace", id="trace"),
        Binding("escape", "back", "Back", id="back"),
    ]

    wants_raw: ClassVar[frozenset[Special]] = frozenset()
    """What comes here to be answered although the station could answer it by itself."""

    is_desk: ClassVar[bool] = False
    """Is an order worked on here?"""

    keeps_answer: ClassVar[bool] = False
    """Does the last answer still say how it stands, when another screen was in front?"""

    live: ClassVar[bool] = False
    """Is what other stations do shown here as it happens?"""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.station = station
        self.shown_in = spoken()
        """What tells the language apart in which all of it was shown."""
        self._answered_at = 0
        """How many scans had begun when the bar's answer was shown."""
        self.header, self.bar, self.slot, self.keys = (
            Header(),
            VerdictBar(is_big=station.is_big),
            slot_of(station),
            KeyBar(),
        )

    # What a screen is made of

    def compose(self) -> ComposeResult:
        """From the top down."""
        yield self.header
        yield Container(*self.compose_body(), id="body")
        yield self.bar
        yield self.slot
        yield self.keys

    def compose_body(self) -> ComposeResult:
        """What is between the header and the verdict bar."""
        return []

    async def enter(self, go: Go) -> None:
        """The screen comes to the front, with what it was asked for."""

    async def leave(self) -> None:
        """The screen goes, and is not coming back."""

    async def answer(self, scan: Scan) -> Go | None:
        """Answer a scan; another screen may follow from it."""
        raise NotImplementedError

    async def refresh_counts(self) -> None:
        """Look at what other stations have done; called now and then, in turn."""

    async def show_anew(self) -> None:
        """Whoever is here now reads another language: say in it what stands here; the bar keeps what it said."""
        self.shown_in = spoken()
        await self.enter(Go(Where.BACK))
        for rows in self.query(Rows):
            rows.redraw()

    def show_ready(self) -> None:
        """Somebody has signed in or out."""

    def help_page(self) -> HelpPage:
        """What F1 says about this screen in this state."""
        raise NotImplementedError

    # Answers

    def come_back(self) -> None:
        """To the front again, after another screen: what this one said before is over if scans came meanwhile."""
        if self._answered_at != self.station.begun:
            self.bar.put(BarVerdicts())

    def come_with_answer(self) -> None:
        """To the front again, of a screen that keeps its answer."""

    def on_screen_suspend(self) -> None:
        """Another screen is in front."""
        self.slot.field.post_message(EntryField.Covered())

    def show_late(self, late: Verdict | None) -> None:
        """Cover the last answer while the next one is late."""
        self.bar.wait(late)

    def show_unseen(self) -> None:
        """Say below the answer what the station suffers, and what was refused unseen."""
        self.bar.stand(self.station.standing())

    @property
    def count(self) -> str:
        """How far the line in work is, for the bar: `4/10`; empty where there is none."""
        return ""

    def show_verdict(self, verdict: Verdict) -> None:
        """Put an answer into the bar, with the count where something was booked."""
        self.station.answered = verdict
        self.bar.show(verdict, self.count if verdict.accepted and not verdict.quiet else "")
        self._answered_at = self.station.begun

    def show_news(self, news: Verdict) -> None:
        """Put what nobody has asked for into the bar: a scanner was unplugged."""
        self.bar.show_news(news)

    def take_over_from(self, overlay: VerdictBar) -> None:
        """What an overlay answers is this screen's answer."""
        self.bar.put(overlay.verdicts)
        self._answered_at = self.station.begun

    def show_outcome(self, outcome: Done | Refused) -> None:
        """Put how an act ended into the bar."""
        self.show_verdict(say.how_it_ended(outcome))

    # Keys

    def in_turn(self, act: Callable[[], Coroutine[Any, Any, None]], since: float | None = None) -> None:
        """Do what a key asks for as soon as the scan that is being answered is done.

        Where what is asked changes by it, what was typed `since` then is kept: by default since now.
        """
        before, since = self.station.arrived(), monotonic() if since is None else since

        async def take_turn() -> None:
            await self.station.after_scans(before)
            async with self.station.turn:
                try:
                    # A look at what others do is waited for by nobody.
                    waited_for = self.station.at_work("") if since else nullcontext()
                    with self.station.answering(since), waited_for:
                        await act()
                except NoMatches:
                    if self.app.is_running and self in self.app.screen_stack:
                        raise  # else it was closed meanwhile, and nobody sees it
                except StoreError as error:
                    if since:  # else the station says below the answer what it suffers, and the answer stays
                        self.show_verdict(say.store_trouble(error))
                        if isinstance(error, WrongSchema):
                            self.post_message(QuitWanted(say.close_station()))

        self.run_worker(take_turn(), name="key")

    def look_again(self) -> None:
        """Refresh the counts, unless somebody is being answered just now. Nothing that is being typed is lost by it."""
        if not self.station.turn.locked():
            self.in_turn(self.refresh_counts, since=0.0)

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """What was typed goes the way of every scan."""
        event.stop()
        if event.text.strip(" ") == HELP_KEY:
            self.action_help()
        elif event.text.strip(" ") == SEEN_KEY and self.slot.mode in (Mode.SCAN, Mode.PROMPT):
            self.station.hand_in(self.station.typed(f"{self.station.site.rules.command_prefix}{Act.SEEN}"))
        else:
            self.entered(event.text)

    def on_entry_field_through(self, event: EntryField.Through) -> None:
        """What was typed before is answered."""
        event.stop()
        event.then()

    def entered(self, text: str) -> None:
        """Enter was pressed in the entry field."""
        if text:
            self.station.hand_in(self.station.typed(text))

    def action_help(self) -> None:
        """Ask for the help of this screen."""
        self.post_message(HelpWanted())

    def action_trace(self) -> None:
        """F3: the life of what was scanned last, if that is a unit."""
        self.post_message(GoWanted(Go(Where.TRACE, code=self.last_code)))

    @property
    def packed_order(self) -> int:
        """The id of the shipment order that a unit of may be swapped; 0 where none is shown."""
        return 0

    @property
    def last_code(self) -> str:
        """What the bar's answer is about."""
        return self.bar.verdict.code if self.bar.verdict else ""

    def action_back(self) -> None:
        """Go back to where this screen was opened from."""
        self.post_message(GoWanted(Go(Where.BACK)))
