"""Receiving and Packing: one desk each, scan by scan."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.commands import ALL_LEFT, MAX_QUANTITY
from scanstation.domain.language import said_later, translated, worded
from scanstation.domain.operators import PIN
from scanstation.domain.orders import Order, with_kind
from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import key_here
from scanstation.domain.verdict import Question, Tone, Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StationScreen, StyleSheets
from scanstation.screens.home import next_fact
from scanstation.screens.overlays import PinScreen, ReadScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.entry_slot import EntryField, Mode
from scanstation.screens.widgets.facts import Facts, Part
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.last_scans import LastScans
from scanstation.screens.widgets.lines_table import LinesTable
from scanstation.screens.widgets.verdict_bar import VerdictBar
from scanstation.workflows.access import signing_in
from scanstation.workflows.scanning import home
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.views import Answered, DeskView, OrderView, ScreenTarget

if TYPE_CHECKING:
    from textual.widget import Widget

_WHERE = {
    ScreenTarget.HOME: Where.HOME,
    ScreenTarget.RECEIVE: Where.RECEIVE,
    ScreenTarget.PACK: Where.PACK,
    ScreenTarget.RETURN: Where.RETURN,
    ScreenTarget.TRANSFER: Where.TRANSFER,
    ScreenTarget.COUNT: Where.COUNT,
}


ALWAYS = [
    ("{}HOME", "to Home"),
    ("{}RECEIVE", "to Receiving"),
    ("{}PACK", "to Packing"),
    ("{}RETURN", "to Returns"),
    ("{}TRANSFER", "to Transfers"),
]
"""Cards that lead to other places."""


class DeskScreen(StationScreen, inherit_bindings=True):
    """What both desks have in common. It shows a `DeskView` and decides nothing itself."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "desk.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "undo", "Undo", id="undo"),
        Binding("f4", "quantity", "Quantity", id="quantity"),
        Binding("f10,f12", "complete", "Complete", id="complete"),
        Binding("up", "scroll_lines(-1)", "Earlier lines", id="earlier"),
        Binding("down", "scroll_lines(1)", "Later lines", id="later"),
        Binding("pageup", "scroll_lines(-8)", "Earlier lines", id="much-earlier"),
        Binding("pagedown", "scroll_lines(8)", "Later lines", id="much-later"),
    ]

    is_desk = keeps_answer = live = True
    kind: ClassVar[OrderKind]
    title_word: ClassVar[str]
    done_word: ClassVar[str]
    wanted_word: ClassVar[str] = said_later("ordered")

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.view = DeskView()
        self.last_scans = LastScans()

    @property
    def desk(self) -> Desk:
        """The conversation that this screen shows."""
        return self.station.desk(self.kind)

    @property
    def work_word(self) -> str:
        """What work at this desk is called; what others did to it is known by it."""
        return self.kind.work_word

    def compose_body(self) -> ComposeResult:
        """The lines and the last scans."""
        parts: list[Widget] = [LinesTable(self.done_word, self.wanted_word), Facts(id="idle"), self.last_scans]
        yield Container(*parts, id="desk")

    def help_page(self) -> HelpPage:
        """This desk, in this state."""
        view, order = self.view, self.view.order
        always = ALWAYS
        if view.question:
            return self.help_on_question(view.question)
        if view.prompt and view.prompt.end:
            return self._help_on_range()
        if view.prompt:
            now = [
                worded(
                    "A serial of {sku} is owed, unit {unit} of {ordered}.",
                    sku=visible(view.prompt.sku),
                    unit=view.prompt.unit,
                    ordered=view.prompt.ordered,
                ),
                "Scan the label on the unit, or type it and press Enter. Every scan goes to this question.",
                "The unit counts when its last serial is in. Complete has to wait until then.",
            ]
            keys = [
                ("Esc  {}CANCEL", "drop this unit; finished ones stay"),
                ("F2  {}UNDO", "take back the last scan"),
                *self._help_on_f4(),
                ("F3  {}TRACE", "the life of the last code; the serial stays owed"),
                ("{}HOME", "to Home; the serial stays owed"),
            ]
            return HelpPage(self.title_word, now, keys)
        if order is None:
            now = [worded("Scan the number of a {noun}, or type it and press Enter.", noun=self.kind.noun)]
            return HelpPage(
                self.title_word, now, [("Esc", "back to Home"), ("F3  {}TRACE", "trace a serial number"), *always]
            )
        if view.noting:
            return self._help_on_note()
        now = [
            worded("Scan a product of {number}: its SKU or its barcode takes one unit.", number=visible(order.number)),
            "Complete makes it count. Scanning the next order completes this one if nothing is missing.",
            "Esc goes back and leaves this open; it goes on from Home.",
        ]
        keys = [
            ("F2  {}UNDO", "take back the last scan, again and again"),
            ("F3  {}TRACE", "the life of the last code"),
            ("F4  {}QTY-5", "the next product scan counts five times; QTY-1: once"),
            ("{}QTY-ALL", "the next product scan takes all that is left of it"),
            ("{}HOLD", "the unit scanned last, or next, is not to leave"),
            ("{}LEARN", "teach it a barcode: from two pieces, its SKU, how many"),
            *self.cards_on_order,
            ("F10  {}COMPLETE", "complete what was scanned"),
            ("↑ ↓", "look at the other lines"),
            *([("F7", "release what was refused for its use-by; it asks why")] if self.keys_on_order() else []),
            *always,
        ]
        return HelpPage(self.title_word, now, keys)

    def _help_on_range(self) -> HelpPage:
        """While a range of serials is begun."""
        now = [
            worded("Units in a row: scan the first serial, then the last one, or type how many."),
            worded(
                "The serials between are the same text with a number of the same width. All are shown "
                "before any is taken."
            ),
        ]
        keys = [
            ("{}QTY-5", worded("five units from the first one on")),
            ("{}QTY-ALL", worded("as many as this run still asks")),
            ("Esc  {}CANCEL", worded("drop the range; the serials stay owed")),
            ("F4  {}RANGE", worded("begin it again")),
        ]
        return HelpPage(self.title_word, now, keys)

    def _help_on_note(self) -> HelpPage:
        """While a discrepancy is noted."""
        now = [
            worded("Scan the product, or a unit of it by its serial: once for each unit, or say how many."),
            worded(
                "Each serial that is scanned is kept with the note; it need not be known here. No count is changed."
            ),
        ]
        keys = [
            ("Enter  {}YES", worded("keep the note")),
            ("Esc  {}CANCEL", worded("drop it")),
            ("F2  {}UNDO", worded("take back the last scan of it")),
            ("{}QTY-5", worded("how many units it is about, or type the number")),
            ("{}QTY-ALL", worded("short by all that is left")),
            ("F7", worded("say what is wrong with them, in words")),
            ("{}REASON-1", worded("the same by a reason that the site lists")),
        ]
        return HelpPage(self.title_word, now, keys)

    @property
    def cards_on_order(self) -> Sequence[tuple[str, str]]:
        """What counts at this desk alone while an order is on it."""
        return []

    def help_on_question(self, question: Question) -> HelpPage:
        """How a question is answered."""
        rest = "Answer it first; the same scan asks again, any other is refused and not kept."
        if question.again_is_yes:
            rest = "The same scan again is a yes. Any other drops the question."
        if question.choices:
            said = map(translated, question.choices)
            numbers = [(f"{number}  {{}}REASON-{number}", one) for number, one in enumerate(said, 1)]
            rest = "Say which, by its number or its card. Any other scan is refused and not kept."
            return HelpPage(self.title_word, [question.text, rest], [*numbers, ("Esc", "drop it")])
        no = worded("no, {meaning}", meaning=question.no) if question.no else worded("no")
        keys = [("Y  {}YES", "yes"), ("N  {}NO", no), ("Esc", "drop it")]
        return HelpPage(self.title_word, [question.text, rest], keys)

    # Scans

    def show_unseen(self) -> None:
        """Mark them among the last scans too; the question about them says the same as the bar."""
        question = self.view.question
        is_asked = question is not None and question.reason == say.REFUSED_UNSEEN
        self.bar.stand(self.station.standing(with_unseen=not is_asked))
        refused = [Answered(one.time, Tone.STOP, one.text) for one in reversed(self.station.unseen.refusals)]
        self.last_scans.mark(refused)

    async def enter(self, go: Go) -> None:
        """Put the wanted order on the desk, or show the desk as it is."""
        if go.order_id:
            await self._present(await self.station.run(self.desk.open_order, go.order_id))
        elif go.code:
            if other_desk := await self._present(await self.station.run(self.desk.open, go.code)):
                self.post_message(GoWanted(other_desk))  # `receive` with the number of a shipment order
        else:
            await self._present(await self.station.run(self.desk.refresh), answered=False)
            if go.verdict:
                self.show_verdict(go.verdict)

    async def leave(self) -> None:
        """Work that took something stays open."""
        self.station.troubles.pop(self.work_word, None)
        await self.station.run(self.desk.leave)

    async def answer(self, scan: Scan) -> Go | None:
        """Hand the scan to the desk and show what it says."""
        return await self._present(await self.station.run(self.desk.answer, scan))

    async def refresh_counts(self) -> None:
        """Other stations' work on the same order counts too."""
        if self.view.order and self.slot.mode is not Mode.ENTRY:
            await self._present(await self.station.run(self.desk.refresh), answered=False)

    def come_with_answer(self) -> None:
        """Work that was ended meanwhile wants no scan of its order any more."""
        if self.slot.mode is not Mode.ENTRY:
            self._show_slot()

    async def show_others_act(self, news: Verdict) -> None:
        """Somebody ended or changed what is on the desk."""
        await self._present(await self.station.run(self.desk.refresh), answered=False)
        self.show_verdict(news)

    # Keys

    def action_undo(self) -> None:
        """Take the last scan back."""
        self._act(self.desk.undo)

    def action_complete(self) -> None:
        """Complete the work."""
        self._act(self.desk.complete)

    def action_back(self) -> None:
        """Esc: out of the quantity's line, drop a question, cancel the unit that is owed or the quantity, else home."""
        if self.slot.mode is Mode.ENTRY:
            self._show_slot()
        elif self.view.question or self._begun:
            self._act(self.desk.cancel)
        else:
            self.post_message(GoWanted(Go(Where.BACK)))

    @property
    def _begun(self) -> bool:
        """Is something owed or armed that Esc drops?"""
        view = self.view
        return bool(view.prompt or view.whose or view.learning or view.noting or view.quantity != 1)

    def _help_on_f4(self) -> list[tuple[str, str]]:
        """What F4 and SS-NOSERIAL do while a code is owed."""
        if self._may_lack:
            return [("F4  {}NO", "part missing: the unit goes on hold")]
        a_range = [("F4  {}RANGE", "units in a row: the first serial, then the last")] if self._in_a_run else []
        return [*a_range, ("{}NOSERIAL", "none to be read: the site gives one")]

    def action_quantity(self) -> None:
        """F4: how many the next product scan takes, a range, or that a part is missing."""
        if self.view.order and not (self.view.prompt or self.view.question or self.view.whose):
            self.slot.show_entry("How many?", "of the next product, then Enter")
            self._show_keys()
        elif self._may_lack:
            self._act(self.desk.no)
        elif self._in_a_run:
            self._act(self.desk.range)
        else:
            # The desk has the sentence that says why not.
            self._act(lambda: self.desk.set_quantity(self.view.quantity))

    @property
    def _may_lack(self) -> bool:
        """Is the other code of a unit owed that comes back? Its part may be missing."""
        return self.view.prompt is not None and self.view.prompt.may_lack and not self.view.question

    @property
    def _in_a_run(self) -> bool:
        """Are serials of several units owed, so that a range may name them?"""
        return self.view.prompt is not None and self.view.prompt.run > 1 and not self.view.question

    def action_scroll_lines(self, by: int) -> None:
        """Look at other lines."""
        self.query_one(LinesTable).scroll_lines(by)

    def on_entry_field_answered(self, event: EntryField.Answered) -> None:
        """Y, N, or the number of a reason."""
        event.stop()
        if event.number:
            self._act(lambda: self.desk.choose(event.number), since=event.at)
        else:
            self._act(self.desk.yes if event.yes else self.desk.no, since=event.at)

    def entered(self, text: str) -> None:
        """A typed code, or the quantity."""
        if self.slot.mode is not Mode.ENTRY:
            if not text and self.view.can_keep and not self.view.question:
                self._act(self.desk.yes)  # Enter alone keeps the note
            else:
                super().entered(text)
            return
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_QUANTITY:
            quantity = int(text)
            self._act(lambda: self.desk.set_quantity(quantity))
        elif text:
            self.show_verdict(say.no_quantity(text, MAX_QUANTITY))
        self._show_slot()

    def _act(self, act: Callable[[], DeskView], since: float | None = None) -> None:
        async def show() -> None:
            go = await self._present(await self.station.run(act))
            self.show_unseen()  # what the act acknowledged; after a scan the station looks by itself
            if go:
                self.post_message(GoWanted(go))

        self.in_turn(show, since)

    # Showing

    async def _present(self, view: DeskView, *, answered: bool = True) -> Go | None:
        """Show a view at once; then, on an empty desk, the orders to go on with."""
        if answered and view.verdict and view.verdict.reason == PIN:
            self._show(view, answered=False)
            self.run_worker(self._ask_pin(view.verdict.text), name="pin")
            return None
        go = self._show(view, answered=answered)
        if answered and view.to_read and view.verdict:
            await self.app.push_screen(ReadScreen(self.station, view.verdict, view.to_read))
        if answered and view.verdict and view.verdict.house:
            self.station.prints.house(self.station.site, view.verdict.house)
        if answered and view.completed:
            self.station.prints.completed(self.station.site, self.kind, *view.completed)
        if view.order is None and go is None:
            due, waiting = await self.station.run(home.due_next, self.station.site, self.kind)
            today = self.station.site.today
            facts = [next_fact(one, today, whose=_whose(one.order)) for one in due]
            self.query_one("#idle", Facts).show(Part("Next" if due else "Nothing is waiting.", facts, of=waiting))
        return go

    async def _ask_pin(self, why: str) -> None:
        """What was asked for takes a PIN; whoever gives none leaves everything as it is."""
        pin: str | None = await self.app.push_screen_wait(PinScreen(self.station, why))
        if pin is None:
            self.show_verdict(say.left_as_it_is())
            return

        async def show() -> None:
            proved = await self.station.run(signing_in.prove, self.station.site, pin)
            if isinstance(proved, Refused):
                self.show_outcome(proved)
                return
            try:
                await self._present(await self.station.run(self.desk.once_more))
            finally:
                self.station.site.seat.proved_pin = ""

        self.in_turn(show)

    def _show(self, view: DeskView, *, answered: bool = True) -> Go | None:
        """Show a view; widgets that show the same as before draw nothing."""
        self.view = view
        order = view.order
        self.header.show_place(self.title_word, *(self._about(order) if order else ()), order=order is not None)
        self.header.show_progress(order.ordered - order.left if order else 0, order.ordered if order else 0)
        self.set_class(order is None, "-idle")
        self.query_one(LinesTable).show(order.lines if order else ())
        if answered and view.verdict:
            self.station.troubles.pop(self.work_word, None)
            self.show_verdict(view.verdict)
        self._show_slot()
        self.last_scans.show(view.last, view.verdict.text if view.verdict else "")
        if view.go is None:
            return None
        return Go(_WHERE[view.go], code=view.go_order, verdict=view.verdict)

    @property
    def count(self) -> str:
        """The unit that is asked about, or what is done, of the line in work."""
        if not self.bar.draws_big:
            return ""
        if prompt := self.view.prompt:
            return f"{prompt.unit}/{prompt.ordered}"
        line = self.query_one(LinesTable).line_in_work if self.view.order else None
        return (str(line.done) if line.is_open else f"{line.done}/{line.ordered}") if line else ""

    def _about(self, order: OrderView) -> Sequence[str]:
        """What is on the desk, for the header."""
        return with_kind(self.kind, order.number), order.client, order.warehouse

    def show_ready(self) -> None:
        """Somebody has signed in or out."""
        self._show_slot()

    def show_verdict(self, verdict: Verdict) -> None:
        """Where it covers why something is asked, the panel says all of the question."""
        super().show_verdict(verdict)
        if self.view.question:
            self.ask(self.view.question)

    def take_over_from(self, overlay: VerdictBar) -> None:
        """The same for what an overlay has answered."""
        super().take_over_from(overlay)
        if self.view.question:
            self.ask(self.view.question)

    def ask(self, question: Question) -> None:
        """Ask in the panel; the bar says why, and nothing is said twice."""
        self.slot.show_question(question, why_is_said=self.bar.says_why(question))

    def _show_slot(self) -> None:
        view, order = self.view, self.view.order
        if view.question:
            self.ask(view.question)
        elif view.prompt and not self.desk.is_over:
            self.slot.show_prompt(view.prompt)
        elif order is None and self.station.is_signed_out:
            self.slot.show_scan("Scan your badge", worded("then a {noun}", noun=self.kind.noun))
        elif order is None or self.desk.is_over:
            self.slot.show_scan(worded("Scan a {noun}", noun=self.kind.noun), "or type its number and press Enter")
        elif view.learning:
            self.slot.show_scan(view.learning, "learning a barcode; Esc drops it")
        elif view.noting:
            hint = worded("Enter or Yes keeps it, or scan on") if view.can_keep else worded("noting a discrepancy")
            self.slot.show_scan(view.noting, hint)
        elif view.quantity != 1:
            many = (
                worded("all that is left")
                if view.quantity == ALL_LEFT
                else worded("{quantity} units", quantity=view.quantity)
            )
            undo = key_here("F2", os.environ)
            self.slot.show_scan(
                worded("Scan the product: {many}", many=many),
                worded("one scan takes them; {undo} or Esc drops this", undo=undo),
            )
        elif order.left:
            what = (
                worded("Scan a product")
                if self.has_class("-narrow")
                else worded("Scan a product of {number}", number=order.number)
            )
            self.slot.show_scan(what, "or type its SKU and press Enter", worded("{left} left", left=order.left))
        else:
            complete = key_here("F10", os.environ)
            self.slot.show_scan(
                worded("All scanned: {complete} or the next order", complete=complete),
                worded("{number}, nothing left", number=order.number),
            )
        self._show_keys()

    def keys_on_order(self) -> list[KeyHint]:
        """What else can be done while an order is on the desk."""
        return []

    def _show_keys(self) -> None:
        view = self.view
        if view.question:
            choices = len(view.question.choices)
            answers = [KeyHint(f"1-{choices}", "Say which")] if choices else [KeyHint("Y", "Yes"), KeyHint("N", "No")]
            self.keys.show(
                [
                    *answers,
                    KeyHint("F1", "Help", short="?"),
                    KeyHint("Esc", "Drop" if view.question.no else "No"),
                ]
            )
            return
        if self.slot.mode is Mode.ENTRY:
            self.keys.show([KeyHint("Enter", "Go on"), KeyHint("F1", "Help", short="?"), KeyHint("Esc", "Cancel")])
            return
        keys = [KeyHint("F1", "Help", short="?")]
        if view.order:
            keys += [
                KeyHint("F2", "Undo", rank=2),
                KeyHint("F3", "Trace", rank=4),
                self._f4,
                KeyHint("F10", "Complete", note=view.complete_hindrance),
                *self.keys_on_order(),
            ]
        else:
            keys.append(KeyHint("F3", "Trace", rank=2))
        keys.append(KeyHint("Esc", "Cancel" if self._begun else "Back", short=""))
        self.keys.show(keys)

    @property
    def _f4(self) -> KeyHint:
        """What F4 does now."""
        if self._may_lack:
            return KeyHint("F4", "Part missing", short="Missing")
        return KeyHint("F4", "Range") if self._in_a_run else KeyHint("F4", "Quantity", short="Qty")


class ReceivingScreen(DeskScreen, ActingScreen, inherit_bindings=True):
    """Goods come in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "note", "Note", id="note")]
    kind = OrderKind.PURCHASE
    title_word = "Receiving"
    done_word = said_later("done")

    @property
    def cards_on_order(self) -> Sequence[tuple[str, str]]:
        """What came damaged, wrong, short or over."""
        return [("F7  {}NOTE", worded("note what is damaged, wrong, short or over"))]

    def keys_on_order(self) -> list[KeyHint]:
        """What is noted may be said in words."""
        return [KeyHint("F7", "Words")] if self.view.noting else []

    @work
    async def action_note(self) -> None:
        """F7: note a discrepancy; of one that is begun, say in words what is wrong."""
        if not self.view.noting:
            self._act(self.desk.note_discrepancy)
            return
        words = await self.reason(worded("What is to be said of {noting}?", noting=self.view.noting))
        if words is not None:
            self._act(lambda: self.desk.note_words(words))


class PackingScreen(DeskScreen, ActingScreen, inherit_bindings=True):
    """Goods go out."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "release", "Release", id="release")]
    kind = OrderKind.SHIPMENT
    title_word = "Packing"
    done_word = said_later("done")

    @property
    def packed_order(self) -> int:
        """The order on the desk."""
        return self.view.order.order_id if self.view.order else 0

    def keys_on_order(self) -> list[KeyHint]:
        """What is behind its use-by may be released."""
        return [KeyHint(say.RELEASE_KEY, "Release", short="Rel.")] if self.desk.has_expired else []

    @work
    async def action_release(self) -> None:
        """F7: pack what was refused for its use-by all the same, by somebody who may, with a reason."""
        if not self.desk.has_expired:
            self.show_outcome(say.nothing_to_release())
            return
        reason = await self.reason("Past its use-by. Why is it packed all the same?")
        if reason is None:
            return
        outcome = await self.act(partial(self.desk.release_expired, reason))
        if isinstance(outcome, Refused):
            self.show_outcome(outcome)
        elif outcome is not None:
            async with self.station.turn:
                await self._present(self.desk.view)


def _whose(order: Order) -> str:
    return " · ".join((order.client, order.warehouse))
