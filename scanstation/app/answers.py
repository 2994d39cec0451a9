"""The one consumer of the scans: each is answered by the screen in front before the next is taken."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import NoReturn

from textual.app import App

from scanstation.app.ways import Ways
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.scanners import SerialScanners
from scanstation.devices.tap import Tap
from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.commands import OF_THE_STATION, Act
from scanstation.domain.scan import Fault, Scan, Source
from scanstation.domain.special import Special, special
from scanstation.domain.store_errors import StoreError, WrongSchema
from scanstation.domain.verdict import Tone, Verdict
from scanstation.logbook import note
from scanstation.screens.base import QuitWanted, StationScreen
from scanstation.screens.help import HelpScreen
from scanstation.screens.overlays import AskScreen, Overlay, WhoScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.entry_slot import Mode

_WAYS_OUT = (Act.HOME, Act.CANCEL)
_HELD_UP_S = 0.3
_LATE_S = 1.0
_SLOW_S = 1.0


class Answers:
    """Takes scan after scan from the pipe, and has it answered, sounded and, where nobody can have seen it, kept."""

    def __init__(
        self,
        app: App[None],
        station: Station,
        ways: Ways,
        pipe: ScanPipe,
        tap: Tap,
        scanners: SerialScanners,
        ring: Callable[[Tone], None],
        signed_in: Callable[[], None],
        *,
        notes_codes: bool = False,
    ) -> None:
        self._app, self._station, self._ways = app, station, ways
        self._pipe, self._tap, self._scanners, self._ring = pipe, tap, scanners, ring
        self._signed_in = signed_in
        """Called when a badge was scanned: another name may stand in the headers."""
        self._came_at = 0.0
        """When the scan that is being answered came in."""
        self._begun_at = 0.0
        self._notes_codes = notes_codes
        self._last: dict[str, Verdict] = {}
        """What each scanner's last scan was answered with."""

    async def take_scans(self, may_begin: Callable[[], Awaitable[object]]) -> NoReturn:
        """Answer scans for ever; `may_begin` is awaited before each that does not answer a question."""
        while True:
            scan = await self._pipe.next()
            if not isinstance(self._app.screen, AskScreen):
                await may_begin()
            async with self._station.turn:
                self._station.scan_begins()
                # Whatever stands in the line when a typed code is answered was typed after it.
                with self._station.answering(0.0 if scan.source is Source.TYPED else scan.came_at):
                    await self._answer(scan)

    @property
    def waiting(self) -> int:
        """How many scans wait; one that the store holds up is among them."""
        code, since = self._station.waited_for or ("", 0.0)
        held_up = bool(code) and monotonic() - since > _HELD_UP_S
        return self._pipe.waiting + held_up

    @property
    def late(self) -> Verdict | None:
        """What somebody has waited for so long that the last answer must not stand for it."""
        if self._station.waited_for is None:
            return None
        what, since = self._station.waited_for
        return say.not_saved_yet(what, self._pipe.waiting) if monotonic() - since > _LATE_S else None

    @property
    def next_is_there(self) -> bool:
        """Has another scan come in, or begun to, after the one that is being answered?"""
        return self._pipe.waiting > 0 or self._tap.text_at > self._came_at * 1000

    async def _answer(self, scan: Scan) -> None:
        """One scan, one answer: by the screen in front."""
        self._came_at, self._begun_at = scan.came_at, monotonic()
        try:
            self._station.site.seat.touch()
            badge = self._station.badge(scan)
            with self._station.at_work(say.MASKED if badge else scan.text):
                await self._answer_by_screen(scan, badge)
        finally:
            self._pipe.answered_at = monotonic()

    async def _answer_by_screen(self, scan: Scan, badge: str) -> None:
        self._station.answered = None
        if scan.source is Source.SCAN and (field := self._ways.field) is not None:
            field.forget_put()
        act = self._act_of_station(scan)
        if isinstance(self._app.screen, HelpScreen) and act is not Act.HELP:
            await self._app.pop_screen()
        try:
            if scan.follows and isinstance(self._app.screen, Overlay) and self._station.command(scan) is not None:
                scan = replace(scan, fault=Fault.TOO_SOON)
            what = special(scan)
            if badge and not self._owes:
                await self._sign_in(badge)
            elif self._station.is_signed_out and not self._asks_for_badge:
                self._ways.front.show_verdict(say.badge_first(scan.text))
            elif what is not None and what not in self._ways.front.wants_raw:
                self._answer_special(what, scan)
            elif act is not None:
                await self._do(act, scan)
            elif go := await self._ways.front.answer(scan):
                await self._ways.go(go)
            from scanstation.domain.operators import SIGN_IN

            if (said := self._station.answered) and said.reason == SIGN_IN and not self._station.sign_in_on:
                await self._station.look_at_sign_in()  # it was turned on elsewhere a moment ago
                self._signed_in()
        except StoreError as error:
            self._ways.front.show_verdict(say.store_trouble(error, say.MASKED if badge else scan.text))
            command = self._station.command(scan)
            if isinstance(error, WrongSchema) and command is not None and command.act in _WAYS_OUT:
                self._ways.front.post_message(QuitWanted(say.close_station()))
        if badge:
            scan = replace(scan, text=say.MASKED)  # from here on it is kept: in the log, among the unseen
        else:
            self._keep_refused(scan)
        self._last.pop(scan.device, None)
        if answered := self._station.answered:
            self._last[scan.device] = answered
            self._keep_if_unseen(scan, answered)
            self._scanners.answer(scan, ok=answered.tone is not Tone.STOP)  # what is shown is durable
            # After what is painted now.
            loop = asyncio.get_running_loop()
            loop.call_soon(self._ring, answered.tone)
            loop.call_soon(self._note, scan, answered, monotonic() - self._begun_at)

    def _keep_refused(self, scan: Scan) -> None:
        """At a desk a typed code that was refused stays in the line, to be mended; none that its own fault refuses."""
        screen, field, answered = self._app.screen, self._ways.field, self._station.answered
        if field is None or answered is None or not isinstance(screen, StationScreen) or not screen.is_desk:
            return
        if answered.tone is Tone.OK:
            field.forget_refused()
        elif answered.tone is Tone.STOP and scan.source is Source.TYPED and not scan.fault:
            field.keep_refused(visible(scan.text))

    def _note(self, scan: Scan, answered: Verdict, took: float) -> None:
        note(
            "slow answer" if took > _SLOW_S else "answer",
            verdict=answered.tone.value,
            reason=answered.reason,
            scanner=scan.device,
            ms=round(took * 1000, 1),
            waiting=self._pipe.waiting or None,
            code=scan.text if self._notes_codes else None,
        )

    def _keep_if_unseen(self, scan: Scan, answered: Verdict) -> None:
        """A STOP that the next scan is about to replace is kept until somebody has seen it."""
        time = self._station.site.store.clock().astimezone().strftime("%H:%M:%S")
        self._station.unseen.answered(scan, answered, time, followed=self._station.followed)
        self._ways.front.show_unseen()

    # Who works here

    @property
    def _owes(self) -> bool:
        """Is a code owed on the screen in front? Then a badge is judged as one."""
        screen = self._app.screen
        return isinstance(screen, StationScreen) and screen.slot.mode is Mode.PROMPT

    @property
    def _asks_for_badge(self) -> bool:
        """Does the screen in front say by itself that a badge is wanted?"""
        screen = self._app.screen
        return isinstance(screen, Overlay) or (isinstance(screen, StationScreen) and screen.is_desk)

    async def _sign_in(self, badge: str) -> None:
        """A badge takes the seat at once, unless something has to be answered first."""
        from scanstation.workflows.access import signing_in

        screen, site = self._app.screen, self._station.site
        if isinstance(screen, WhoScreen):
            await screen.badge_scanned(badge)
            return
        if not isinstance(screen, StationScreen) or screen.slot.mode is Mode.QUESTION:
            self._ways.front.show_verdict(say.badge_not_code())
            return
        outcome = await self._station.run(signing_in.by_badge, site, badge)
        await self._station.look_at_sign_in()
        await self._ways.speak_anew()
        screen.show_outcome(outcome)
        self._signed_in()

    # What means the same on every screen

    def _act_of_station(self, scan: Scan) -> Act | None:
        """The card that means the same on every screen; where a question is open it has to wait like any other scan."""
        screen = self._app.screen
        if self._station.site.rules.command_prefix not in scan.text or not isinstance(screen, StationScreen):
            return None
        command = self._station.command(scan)
        if command is None or screen.slot.mode is Mode.QUESTION:
            return None
        begins = command.act in (Act.SWAP, Act.HOLD) and screen.slot.mode is not Mode.PROMPT
        if command.act not in OF_THE_STATION and not begins:
            return None
        if command.act in (Act.TRACE, Act.SWAP, Act.HOLD) and self._ways.only is not None:
            return None  # there is no store to look into
        return command.act

    async def _do(self, act: Act, scan: Scan) -> None:
        """What a key does too. It changes no work: a serial that is owed stays owed."""
        screen = self._app.screen
        assert isinstance(screen, StationScreen)
        if act is Act.SWAP:
            if order_id := screen.packed_order:
                await self._ways.go(Go(Where.ORDER, order_id=order_id, begins=act, verdict=say.swap_begun(scan.text)))
            else:
                screen.show_verdict(say.swap_wants_order(scan.text))
        elif act is Act.HOLD:
            await self._ways.go(Go(Where.TRACE, code=screen.last_code, begins=act, verdict=say.hold_begun(scan.text)))
        elif act is Act.SEEN:
            screen.show_verdict(say.seen(scan.text, self._station.unseen.acknowledge()))
        elif act is Act.HELP:
            if isinstance(screen, HelpScreen):
                screen.read_on()
            else:
                await self._ways.push(HelpScreen(self._station, screen.help_page()))
            self._ways.front.show_verdict(say.help_shown(scan.text))
        else:
            await self._ways.go(Go(Where.TRACE, code=screen.last_code))
            if self._station.answered is None:
                self._ways.front.show_verdict(say.trace_shown(scan.text))

    def _answer_special(self, what: Special, scan: Scan) -> None:
        """The same on every screen, whatever the code is there."""
        match what:
            case Special.TWICE:
                self._ways.front.show_verdict(self._answer_to_repeat(scan))
            case Special.CHECK_CARD:
                self._ways.front.show_verdict(say.check_card())
            case Special.LINES:
                self._ask_about_lines(scan)

    def _answer_to_repeat(self, scan: Scan) -> Verdict:
        """What was taken is counted once; what still wants something done is said again, not covered up."""
        before = self._last.get(scan.device)
        return say.read_twice(scan.text) if before is None or before.accepted else before

    def _ask_about_lines(self, scan: Scan) -> None:
        """A long paste may be a mistake: it is taken, line by line, when somebody says so."""

        def answered(meant: bool | None) -> None:
            for line in scan.lines if meant else ():
                self._pipe.put(line)

        self._ways.front.show_verdict(say.many_lines(scan.text, len(scan.lines)))
        question = say.take_lines(len(scan.lines))
        self._app.push_screen(AskScreen(self._station, question), answered)
