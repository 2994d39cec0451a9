"""What is asked over a screen: yes or no, a line of text, or to read a long list. Each returns a typed value.

An overlay lies on the entry slot of the screen below it, at the same rows; nothing else is covered.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.commands import Act
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.special import Special
from scanstation.domain.verdict import Question, Verdict
from scanstation.screens.base import BREAKPOINTS, LOW, StationScreen, StyleSheets, slot_of
from scanstation.screens.station import Go, Station
from scanstation.screens.widgets.entry_slot import EntryField, EntrySlot
from scanstation.screens.widgets.key_bar import KeyBar, KeyHint
from scanstation.screens.widgets.long_text import LongText, hanging
from scanstation.screens.widgets.rows import ROW_STYLES
from scanstation.screens.widgets.verdict_bar import VerdictBar

Result = TypeVar("Result")


class Overlay(ModalScreen[Result], Generic[Result], inherit_bindings=False):
    """Something to be answered before the screen below continues."""

    wants_raw: ClassVar[frozenset[Special]] = frozenset({Special.CHECK_CARD, Special.LINES})
    """They have to wait like any other scan, unless the next scan would be taken for a code."""

    AUTO_FOCUS = "#entry"
    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "overlays.tcss"]
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = LOW
    COMPONENT_CLASSES = ROW_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", id="back")]

    def __init__(self, station: Station) -> None:
        super().__init__()
        self.station = station

    def compose(self) -> ComposeResult:
        """A bar for refusals, the slot, the keys."""
        yield VerdictBar(is_big=self.station.is_big)
        yield slot_of(self.station)
        yield KeyBar()

    def on_mount(self) -> None:
        """Have the last answer in its own bar: a long question would cover that of the screen below."""
        bar = self.query_one(VerdictBar)
        bar.put(self._below.bar.verdicts)
        bar.stand(self.station.standing())

    @property
    def _below(self) -> StationScreen:
        """The screen that this lies on."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, StationScreen))

    def show_late(self, late: Verdict | None) -> None:
        """Cover the last answer while the next one is late."""
        for bar in self.query(VerdictBar):
            bar.wait(late)

    def show_unseen(self) -> None:
        """Say below the answer what the station suffers, and what was refused unseen."""
        for bar in self.query(VerdictBar):  # there is none yet while it is being put together
            bar.stand(self.station.standing())

    def on_screen_suspend(self) -> None:
        """Another screen is in front."""
        self.query_one(EntryField).post_message(EntryField.Covered())

    async def answer(self, scan: Scan) -> Go | None:
        """Answer a scan; none is ever typed into the line."""
        if scan.fault:
            self.show_verdict(say.faulty(scan.text, scan.fault))
        else:
            self.show_verdict(say.answer_first(scan.text))
        return None

    def on_entry_field_through(self, event: EntryField.Through) -> None:
        """What was typed before is answered."""
        event.stop()
        event.then()

    def scanned(self, scan: Scan, *acts: Act) -> bool:
        """Is a scan one of these command barcodes?"""
        command = self.station.command(scan)
        return command is not None and command.act in acts

    def show_verdict(self, verdict: Verdict) -> None:
        """Put an answer over the bar of the screen below, and into it."""
        self.station.answered = verdict
        bar = self.query_one(VerdictBar)
        bar.show(verdict)
        self._below.take_over_from(bar)

    def show_news(self, news: Verdict) -> None:
        """Put what nobody has asked for over the bar of the screen below."""
        bar = self.query_one(VerdictBar)
        bar.show_news(news)
        self._below.take_over_from(bar)

    def action_back(self) -> None:
        """Esc: as if nothing had been asked."""
        raise NotImplementedError


class AskScreen(Overlay[bool]):
    """Yes or no, from the keyboard or by SS-YES and SS-NO."""

    def __init__(self, station: Station, question: Question) -> None:
        super().__init__(station)
        self._question = question

    def on_mount(self) -> None:
        self.query_one(EntrySlot).show_question(self._question)
        self.query_one(KeyBar).show([KeyHint("Y", "Yes"), KeyHint("N", "No"), KeyHint("Esc", "No")])

    async def answer(self, scan: Scan) -> Go | None:
        """A command barcode answers; nothing else does."""
        if self._question.by_hand and self.scanned(scan, Act.YES):
            self.show_verdict(say.key_needed(scan.text))
            return None
        if self.scanned(scan, Act.YES, Act.NO):
            self._answered(self.scanned(scan, Act.YES))
            return None
        return await super().answer(scan)

    def on_entry_field_answered(self, event: EntryField.Answered) -> None:
        """Y or N."""
        self._answered(event.yes)

    def _answered(self, yes: bool) -> None:
        if not yes:
            self.show_verdict(say.left_as_it_is())
        self.dismiss(yes)

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """A code that came too slowly for a scan is refused like any other."""
        self.station.hand_in(self.station.typed(event.text))

    def action_back(self) -> None:
        """Esc is no."""
        self.dismiss(False)


class ChoiceScreen(Overlay[int]):
    """One of several, by its number or its card SS-REASON-n; 0 where nothing is to happen."""

    def __init__(self, station: Station, question: Question) -> None:
        super().__init__(station)
        self._question = question

    def on_mount(self) -> None:
        self.query_one(EntrySlot).show_question(self._question)
        self.query_one(KeyBar).show([KeyHint(f"1-{self._most}", "Say which"), KeyHint("Esc", "Cancel")])

    @property
    def _most(self) -> int:
        return len(self._question.choices)

    async def answer(self, scan: Scan) -> Go | None:
        """A card of a reason says which; nothing else does."""
        command = self.station.command(scan)
        if command and command.act is Act.REASON and command.quantity > self._most:
            self.show_verdict(say.no_such_reason(scan.text, self._most))
        elif command and command.act is Act.REASON:
            self.dismiss(command.quantity)
        elif self.scanned(scan, Act.YES):
            self._which(scan.text)
        elif self.scanned(scan, Act.NO, Act.CANCEL):
            self.action_back()
        else:
            return await super().answer(scan)
        return None

    def on_entry_field_answered(self, event: EntryField.Answered) -> None:
        """A number; Y says nothing here, N drops it."""
        if event.number:
            self.dismiss(event.number)
        elif event.yes:
            self._which("Y")
        else:
            self.action_back()

    def _which(self, text: str) -> None:
        self.show_verdict(say.which_reason(text, self.station.site.rules.command_prefix, self._most))

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """A code that came too slowly for a scan is answered like any other."""
        self.station.hand_in(self.station.typed(event.text))

    def action_back(self) -> None:
        """Esc: none of them."""
        self.show_verdict(say.left_as_it_is())
        self.dismiss(0)


class TextScreen(Overlay[str | None]):
    """A line of text: a reason, the path of a file. A scanner does not fill the line; a paste does, but for reasons."""

    def __init__(self, station: Station, title: str, hint: str, value: str = "", *, pastes: bool = True) -> None:
        super().__init__(station)
        self._title, self._hint, self._value, self._pastes = title, hint, value, pastes

    def on_mount(self) -> None:
        self.query_one(EntrySlot).show_entry(self._title, self._hint, self._value, takes_text=True)
        self.query_one(KeyBar).show([KeyHint("Enter", "Go on"), KeyHint("Esc", "Cancel")])

    async def answer(self, scan: Scan) -> Go | None:
        """CANCEL leaves the line as Esc does; a pasted text is meant for it."""
        if self.scanned(scan, Act.CANCEL):
            self.show_verdict(say.left_as_it_is())
            self.action_back()
            return None
        if scan.device != "paste" or scan.fault:
            return await super().answer(scan)
        if not self._pastes:
            return await super().answer(replace(scan, fault=Fault.PASTED_REASON))
        field = self.query_one(EntryField)
        field.insert_text_at_cursor(visible(scan.text))
        return None

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """The text is complete."""
        if event.text.strip(" "):
            self.dismiss(event.text)

    def action_back(self) -> None:
        """Esc: no text, and nothing happens."""
        self.dismiss(None)


class WhoScreen(TextScreen):
    """Who did something: a name that is typed, or the badge of that person, which lets nobody in here."""

    async def badge_scanned(self, badge: str) -> None:
        """Whose badge it is; one that is not good is refused, and the question stays."""
        from scanstation.workflows.access import signing_in

        owner = await self.station.run(signing_in.owner_of, self.station.site, badge)
        if isinstance(owner, Refused):
            self.show_verdict(say.how_it_ended(owner))
        else:
            self.dismiss(owner[0].name)

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """A badge that is typed, as a slow scanner does, is one too; any other text is the name, by the class above."""
        scan = self.station.typed(event.text)
        if self.station.badge(scan):
            event.prevent_default()
            self.station.hand_in(scan)


class ReasonScreen(TextScreen):
    """Why something is done: typed, or one that the site lists, by its card or its number."""

    def __init__(self, station: Station, title: str) -> None:
        self._listed = station.site.rules.reasons
        listed = " · ".join(f"{number} {visible(one)}" for number, one in enumerate(self._listed, 1))
        super().__init__(station, title, listed or worded("the reason is kept; Esc: no change"), pastes=False)

    async def answer(self, scan: Scan) -> Go | None:
        """A card of a reason is the reason."""
        command = self.station.command(scan)
        if command is None or command.act is not Act.REASON:
            return await super().answer(scan)
        if command.quantity > len(self._listed):
            self.show_verdict(say.no_listed_reason(scan.text))
        else:
            self.dismiss(self._listed[command.quantity - 1])
        return None

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """The number of one that is listed stands for it; any other text is taken as it is, by the class below."""
        number = event.text.strip(" ")
        if number.isascii() and number.isdigit() and 0 < int(number) <= len(self._listed):
            event.prevent_default()
            self.dismiss(self._listed[int(number) - 1])


class PinScreen(Overlay[str | None]):
    """A PIN: typed, never shown, and never scanned or pasted."""

    def __init__(self, station: Station, why: str) -> None:
        super().__init__(station)
        self._why = why

    def on_mount(self) -> None:
        who = self.station.site.who
        self.query_one(EntrySlot).show_entry(worded("PIN of {who}", who=visible(who)), self._why, takes_text=True)
        self.query_one(EntryField).password = True
        self.query_one(KeyBar).show([KeyHint("Enter", "Go on"), KeyHint("Esc", "Cancel")])

    async def answer(self, scan: Scan) -> Go | None:
        """CANCEL leaves as Esc does; whatever else is scanned is no PIN, and is not repeated on the screen."""
        if self.scanned(scan, Act.CANCEL):
            self.action_back()
        else:
            self.show_verdict(say.pin_by_hand())
        return None

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """The PIN is complete."""
        if event.text:
            self.dismiss(event.text)

    def action_back(self) -> None:
        """Esc: no PIN, and nothing happens."""
        self.dismiss(None)


class CodeScreen(Overlay[Scan | None]):
    """A code: the next scan is it, and it may be typed or pasted too."""

    wants_raw = frozenset({Special.LINES})

    def __init__(self, station: Station, title: str, hint: str) -> None:
        super().__init__(station)
        self._title, self._hint = title, hint

    def on_mount(self) -> None:
        self.query_one(EntrySlot).show_entry(self._title, self._hint)
        self.query_one(KeyBar).show([KeyHint("Scan", "or type, then Enter"), KeyHint("Esc", "Cancel")])

    async def answer(self, scan: Scan) -> Go | None:
        """The code; of the command barcodes only CANCEL means something here."""
        command = self.station.command(scan)
        if command and command.act is Act.CANCEL:
            self.show_verdict(say.left_as_it_is())
            self.action_back()
        elif scan.fault or command:
            return await super().answer(scan)
        else:
            self.dismiss(scan)
        return None

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """It was typed."""
        if event.text.strip(" "):
            self.station.hand_in(self.station.typed(event.text))

    def action_back(self) -> None:
        """Esc: no code, and nothing happens."""
        self.dismiss(None)


class ReadScreen(Overlay[None]):
    """A long answer: every reason why something was refused, every note on what was done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", "Up", id="up"),
        Binding("down", "scroll(1)", "Down", id="down"),
        Binding("pageup", "scroll(-10)", "Page up", id="page-up"),
        Binding("pagedown", "scroll(10)", "Page down", id="page-down"),
    ]

    def __init__(self, station: Station, verdict: Verdict, texts: Sequence[str]) -> None:
        super().__init__(station)
        self._verdict, self._texts = verdict, texts

    def compose(self) -> ComposeResult:
        """The list above the bar."""
        yield LongText(id="texts")
        yield from super().compose()

    def on_mount(self) -> None:
        self.show_verdict(self._verdict)
        self.query_one(LongText).show(lambda width: [row for text in self._texts for row in hanging("· ", text, width)])
        self.query_one(EntrySlot).show_scan(
            worded("{things} to read", things=counted(len(self._texts), "thing")), "↑ ↓ to read, Enter or Esc to go on"
        )
        self.query_one(KeyBar).show([KeyHint("↑↓", "Read"), KeyHint("Esc", "Back")])

    async def answer(self, scan: Scan) -> Go | None:
        """CANCEL and YES close the list; any other scan has to wait until it was read."""
        if self.scanned(scan, Act.CANCEL, Act.YES):
            self.action_back()
            return None
        self.show_verdict(say.read_first(scan.text))
        return None

    def on_entry_field_entered(self, event: EntryField.Entered) -> None:
        """Enter alone closes."""
        if not event.text:
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one(LongText).read(by)

    def action_back(self) -> None:
        """Esc closes."""
        self.dismiss(None)
