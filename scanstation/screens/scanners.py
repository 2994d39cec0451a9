"""Scanners: what they send, byte by byte, and the check card that shows how one is set up. Nothing is booked here."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import sentences as say
from scanstation.domain.check_card import find_card_like
from scanstation.domain.commands import Act, Command
from scanstation.domain.heard import Change, CheckUp, Heard, read_as
from scanstation.domain.language import joined, word, worded
from scanstation.domain.outcome import Done
from scanstation.domain.scan import KEYBOARD, Scan, Source
from scanstation.domain.special import Special
from scanstation.domain.verdict import Tone, Verdict
from scanstation.files import here, typed_path
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import HelpPage, StyleSheets
from scanstation.screens.files import refused_path
from scanstation.screens.home import way_to
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.scan_sheet import LookedAt, ScanSheet
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.scanning.home import DESKS, ToDesk

_MOST_LOOKED_AT = 100
_LONGEST_PATH = 44
_COLUMNS = (
    Column("", rank=2),
    Column("", most=10, rank=2),
    Column("", most=8),
    Column("", grows=True, most=80),
)
_WHAT_FOR = {
    "require_aim": "Do all keyboard scanners here send the AIM identifier? Then the station can insist on it.",
    "prefix": "Do all keyboard scanners here send this prefix? Then the station can take it off.",
    "suffix": "Do all keyboard scanners here send a suffix? Then a code that is cut off is known by its lack.",
}
_WHAT_FOR_A_SCANNER = {"prefix": "Is it meant to send this prefix? Then the station can take it off, and insist on it."}
_WITHOUT_SUFFIX = "Only for a scanner that cannot send a suffix: without it, a code that is cut off may pass."


class ScannersScreen(ActingScreen, inherit_bindings=True):
    """Scans are taken apart and shown, whichever scanner they came from."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "scanners.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("f5", "record", "Record", id="record"),
    ]

    wants_raw = frozenset({Special.CHECK_CARD})
    live = True

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._bench = station.bench
        self._looked_at: deque[LookedAt] = deque(maxlen=_MOST_LOOKED_AT)
        self._count = 0
        self._is_watching = False

    def compose_body(self) -> ComposeResult:
        """The scan that is marked, and all of them."""
        yield Container(ScanSheet(), PickList(_COLUMNS, id="heard"), id="scanners")

    def help_page(self) -> HelpPage:
        """Looking, not booking."""
        now = [
            "Each scan is shown as it came in: every byte, the times, the suffix, and what it was read as.",
            "Scan the check card: it tells what is set up wrong, and offers to write what can be mended here.",
            "A recording keeps all bytes and times in a file, to be sent along with a report or played again.",
        ]
        keys = [
            ("↑ ↓", "look at an earlier scan"),
            ("F5", "begin or end a recording"),
            ("Esc  {}CANCEL", "close" if self._bench.alone else "back to where you were"),
        ]
        return HelpPage("Scanners", now, keys)

    async def enter(self, go: Go) -> None:
        """Listen. A code that comes along is the file to record in."""
        if not self._is_watching:
            self._is_watching = True
            self._bench.watch(self._heard)
        if go.code:
            # As it was given on the command line, whose files are its user's own business.
            self.show_outcome(self._bench.record(Path(go.code)))
        await self.refresh_counts()

    async def leave(self) -> None:
        """Listen no more."""
        self._is_watching = False
        self._bench.leave()

    async def refresh_counts(self) -> None:
        """A scanner may have been plugged in."""
        self.header.show_place("Scanners", self._bench.recording or worded("nothing is booked here"))
        self.slot.show_scan("Scan anything, or the check card", "typing is shown with its times too")
        keys = [KeyHint("F1", "Help", short="?"), KeyHint("↑↓", "Earlier", rank=2)]
        keys.append(KeyHint("F5", "End recording" if self._bench.is_recording else "Record"))
        self.keys.show([*keys, KeyHint("Esc", "Close" if self._bench.alone else "Back")])
        self._show_marked()

    def _show_marked(self) -> None:
        chosen = self.query_one(PickList).chosen
        marked = next((one for one in self._looked_at if chosen and one.number == chosen.value), None)
        self.query_one(ScanSheet).show(marked, self._bench.scanners())

    # What comes in

    async def answer(self, scan: Scan) -> Go | None:
        """Say what it was read as; its bytes are shown when they are all in."""
        if find_card_like(scan.text):
            self.show_verdict(say.card_came())
            return None
        if scan.fault:
            self.show_verdict(say.faulty(scan.text, scan.fault))
            return None
        reading = interpret(scan.text, command_prefix=self.station.site.rules.command_prefix)
        if reading.command:
            return self._commanded(reading.command, scan)
        if scan.source is Source.TYPED:
            self.show_verdict(say.typed_here(scan.text))
        elif reading.fault:
            self.show_verdict(say.faulty(scan.text, reading.fault))
        else:
            self.show_verdict(say.read_as(scan.text, read_as(reading), scan.note))
        return None

    def _commanded(self, command: Command, scan: Scan) -> Go | None:
        if command.act is Act.CANCEL or (command.act is Act.HOME and self._bench.alone):
            return Go(Where.BACK, verdict=say.back(scan.text))
        if command.act in DESKS and not self._bench.alone:
            return way_to(ToDesk(DESKS[command.act]), scan)
        self.show_verdict(say.command_read(scan.text))
        return None

    def _heard(self, heard: Heard) -> None:
        """All of it is in."""
        if heard.scan is None and len(heard.body) < 2:
            return  # a Y, an Enter
        self._count += 1
        bench = self._bench
        time = self.station.site.store.clock().astimezone().strftime("%H:%M:%S")
        check = bench.check_up(heard)
        one = LookedAt(self._count, time, heard, bench.barcode(heard), bench.read_as(heard), check)
        self._looked_at.appendleft(one)
        picks = self.query_one(PickList)
        picks.show([_pick(each) for each in self._looked_at])
        picks.mark_first()
        self.header.show_place("Scanners", bench.recording or worded("nothing is booked here"))
        self._show_marked()
        if check is not None and self.app.screen is self:
            if heard.scan is None:
                self.slot.field.value = ""  # a card that came too slowly stands in the line like typing
            self.show_verdict(_verdict(check))
            if check.changes or check.optional:
                self._offer(check)

    @work(name="offer")
    async def _offer(self, check: CheckUp) -> None:
        """Ask, and write; first what mends the scanner, then what makes it safer."""
        if check.changes and await self.sure(_question(check.changes, self._bench.config_file)):
            await self._write_down(check.changes)
        for change in check.optional:
            known = _WHAT_FOR_A_SCANNER if change.scanner else _WHAT_FOR
            what_for = _WITHOUT_SUFFIX if change.value == "none" else known[change.key]
            question = worded(
                "{what_for} {question}",
                what_for=word(what_for),
                question=_question([change], self._bench.config_file),
            )
            if await self.sure(question):
                await self._write_down([change])

    async def _write_down(self, changes: Sequence[Change]) -> None:
        outcome = await self.act(lambda: self._bench.write(changes))
        if isinstance(outcome, Done):
            self._bench.use_written()
        await self.tell(outcome)

    # Keys

    def action_move(self, by: int) -> None:
        """Look at another one."""
        self.query_one(PickList).move(by)
        self._show_marked()

    @work(name="record")
    async def action_record(self) -> None:
        """Begin a recording, or end it."""
        if self._bench.is_recording:
            await self.tell(self._bench.stop_recording())
            return
        name = f"scanners-{self.station.site.store.clock().astimezone():%Y%m%d-%H%M%S}.jsonl"
        text = await self.ask_text("Record in which file?", "Enter records, Esc leaves it", name)
        if text is not None:
            path = typed_path(text, here())
            await self.tell(refused_path(path, (".jsonl",)) or self._bench.record(path))

    def action_trace(self) -> None:
        """F3: there is nothing to trace where there is no store."""
        if not self._bench.alone:
            super().action_trace()


def _verdict(check: CheckUp) -> Verdict:
    wrong = sum(finding.tone is not Tone.OK for finding in check.findings)
    return say.card_checked(check.tone, wrong)


def _question(changes: Sequence[Change], file: str) -> str:
    told = joined([change.words for change in changes])
    table = worded("[[serial]] {scanner}", scanner=changes[0].scanner) if changes[0].scanner else "[wedge]"
    return worded("Write {told} into {table} of {end_of}?", told=told, table=table, end_of=_end_of(file))


def _end_of(path: str) -> str:
    """The end of a long path says more than its beginning."""
    return path if len(path) <= _LONGEST_PATH else f"…{path[-_LONGEST_PATH:]}"


def _pick(one: LookedAt) -> Pick:
    device = worded("keyboard") if one.heard.device == KEYBOARD else one.heard.device
    return Pick(one.number, (one.time, device, one.word, one.heard.readable))
