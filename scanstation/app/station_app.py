"""The app: starts and ends the station, and passes Textual's events to the part they belong to."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from scanstation import __version__
from scanstation.app.after_keys import AfterKeys
from scanstation.app.answers import Answers
from scanstation.app.name import StationName
from scanstation.app.ways import Ways
from scanstation.config import Settings
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.scanners import SerialScanners
from scanstation.devices.tap import Tap
from scanstation.devices.wedge import typed_code
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.defaults import PIN_FILE
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Fault, Scan, Source
from scanstation.domain.store_errors import StoreError, WrongSchema
from scanstation.domain.verdict import Tone, Verdict
from scanstation.files import keep_error
from scanstation.keyboard import ScanAfterKeys, TakesScans
from scanstation.logbook import Logbook, note
from scanstation.processes import give_memory_back
from scanstation.screens import places
from scanstation.screens.base import BREAKPOINTS, LOW, GoWanted, QuitWanted, StationScreen, StyleSheets
from scanstation.screens.help import HelpScreen
from scanstation.screens.home import HomeScreen
from scanstation.screens.overlays import AskScreen, Overlay
from scanstation.screens.station import Go, ScannerBench, Station, Where
from scanstation.screens.themes import HIGH_CONTRAST, SIXTEEN, theme_for
from scanstation.screens.widgets.entry_slot import EntryField, Mode
from scanstation.screens.widgets.verdict_bar import Trouble

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.worker import Worker

    from scanstation.devices.open_port import PortState
    from scanstation.devices.serial_port import ScannerStatus
    from scanstation.workflows.papers.printing import Prints
    from scanstation.workflows.site import Site
    from scanstation.workflows.upkeep.backup_process import Backups
    from scanstation.workflows.upkeep.handover_process import StationHandOver

Examples = tuple[tuple[str, str], ...]

Opening = Callable[[], "tuple[Site, Go]"]
"""Opens the store, and says which screen comes first."""

_HOME = Go(Where.HOME)
_DESK_TITLES = {
    Where.RECEIVE: "Receiving",
    Where.PACK: "Packing",
    Where.RETURN: "Returns",
    Where.TRANSFER: "Transfers",
    Where.COUNT: "Counts",
}
_FOR_EVERYBODY = (Where.HOME, Where.BACK, *_DESK_TITLES, Where.SCANNERS)
"""Where a key leads although nobody has signed in: the desks say so themselves."""
_LOOK_AT_WAITING_S = 0.2
_LOOK_AT_OTHERS_S = 5.0
_LOOK_AT_BACKUPS_S = 2.0
_LOOK_AT_HAND_OVER_S = 1.0
_LOOK_AT_PRINTS_S = 0.5
_LOOK_NOW_AND_THEN_S = 1.0
_LOOK_AT_DESKS_S = 2.0
"""Somebody goes on filling a carton of an order that was cancelled until this station says so."""
_LAST_ANSWER_S = 1.0
_USUAL_GARBAGE = (700, 10, 10)
"""As Python starts: what a scan leaves is looked through a little at a time. A command looks more seldom."""
_UNREACHABLE = 3
"""The exit status when the store cannot be reached."""
_RINGS = {Tone.OK: 1, Tone.CHECK: 2, Tone.STOP: 3}
_BETWEEN_RINGS_S = 0.15


class NothingToOpen(Exception):
    """What the station was to open on is not there; why, and what to do, is in `refusal`."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class StationApp(App[None], inherit_bindings=False):
    """One terminal, one station."""

    TITLE = "ScanStation"
    CSS_PATH: ClassVar[StyleSheets] = ["../screens/station.tcss", "../screens/home.tcss"]  # Home is there at once
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = LOW
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "ask_to_quit", "Quit", id="quit", priority=True),
        Binding("ctrl+l", "lock", "Sign out", id="lock"),
    ]

    def __init__(
        self,
        site: Site,
        settings: Settings,
        *,
        first: Go = _HOME,
        alone: bool = False,
        name_from_host: bool = False,
        examples: Examples = (),
        config_file: Path | None = None,
        pipe: ScanPipe | None = None,
        tap: Tap | None = None,
        driver_class: type[Driver] | None = None,
        opening: Opening | None = None,
    ) -> None:
        self.pipe = pipe or ScanPipe()
        self.tap = tap or Tap()
        super().__init__(driver_class=driver_class)

        def make_bench() -> ScannerBench:
            from scanstation.scanner_check import Bench

            return Bench(
                self.tap,
                settings,
                config_file=config_file,
                statuses=lambda: self._scanners.statuses,
                use_wedge=self._use_wedge,
                traits=site.scanner_traits,
                alone=alone,
            )

        def make_backups() -> Backups:
            from scanstation.workflows.upkeep.backup_process import Backups

            # The example is nothing to be kept.
            return Backups() if examples else Backups(settings.database_url, settings.backup.plan)

        def make_hand_over() -> StationHandOver:
            from scanstation.workflows.upkeep.handover_process import StationHandOver

            section = settings.handover
            if examples or alone or not section.by_stations:  # no ERP is to hear of the example
                return StationHandOver()
            operator = section.operator or settings.operator_name
            return StationHandOver(settings.database_url, section.plan, operator, os.environ.get(PIN_FILE, ""))

        def make_prints() -> Prints:
            from scanstation.workflows.papers.printing import Prints

            return Prints(settings.print.plan)

        self.station = Station(
            site,
            self.pipe.put,
            self._typed,
            lambda: self.pipe.waiting,
            lambda: self.pipe.arrived,
            examples,
            make_bench,
            make_backups,
            make_prints,
            make_hand_over,
        )
        self.station.is_big = settings.ui.big
        self._looks_for_store: Worker[None] | None = None
        self._look_often: Timer | None = None
        """Runs while somebody waits."""
        self._opening = opening
        """Opens the store, where that is still to be done: Home stands meanwhile."""
        self.not_opened: StoreError | NothingToOpen | None = None
        """Why the store, or what was wanted first, could not be opened; the station has ended."""
        self._settings = settings
        self._wedge: WedgeSettings = settings.wedge
        self._first = first
        self.ways = Ways(self, self.station, first.where if alone else None, self._show_station)
        self._station_name = StationName(self, self.station, from_host=name_from_host)
        self._after_keys = AfterKeys(self, self.pipe, lambda: self.ways.field)
        self._in_front = True
        """Does the terminal's window have the keyboard? True where the terminal does not tell."""
        self._open_for_scans = asyncio.Event()
        """Set while the station has its name: before that, scans can only answer what is asked about it."""
        self._scans: Worker[None] | None = None
        self._ends = False
        self._logbook: Logbook | None = None
        scanners = settings.serial
        self._scanners = SerialScanners(scanners, self.pipe, self._scanner_changed, self.tap)
        self._answers = Answers(
            self,
            self.station,
            self.ways,
            self.pipe,
            self.tap,
            self._scanners,
            self._ring,
            self._signed_in,
            notes_codes=settings.log.codes,
        )
        self.station.next_is_there = lambda: self._answers.next_is_there
        self._scanner_states: dict[str, PortState] = {}
        """The last status of each scanner."""
        self._loop: asyncio.AbstractEventLoop | None = None
        if driver_class is not None and issubclass(driver_class, TakesScans):
            driver_class.for_station = True
        for theme in (HIGH_CONTRAST, SIXTEEN):
            self.register_theme(theme)
        self.theme = theme_for(os.environ) if settings.ui.theme == "auto" else settings.ui.theme

    def get_default_screen(self) -> Screen[None]:
        """Home is at the bottom of everything."""
        return HomeScreen(self.station)

    # The start

    def on_mount(self) -> None:
        """Take the name, open the first screen, then answer scans until the end."""
        self._listen_for_the_end()
        self._loop = asyncio.get_running_loop()
        self._scanners.start()
        self._scans = self.run_worker(self._answers.take_scans(self._open_for_scans.wait), name="scans")
        self.run_worker(self._open(), name="start")

    async def _open(self) -> None:
        if self._opening is not None and not await self._opened(self._opening):
            return
        from scanstation.workflows.upkeep.station_names import BEAT_EVERY_S

        # What was sent to the server is told to be saved or not, however long that takes.
        self.station.site.store.patience_s = inf
        try:
            if not await self._station_name.take():
                return
        except StoreError as error:
            self.exit(return_code=_UNREACHABLE, message=Text(f"{error} {error.hint}"))
            return
        async with self.station.turn:
            try:
                await self._begin()
            except StoreError as error:
                self.ways.front.show_verdict(say.store_trouble(error))
        self._logbook = Logbook(self.station.site.station)
        note(
            "start",
            version=__version__,
            process=os.getpid(),
            store=self.station.site.store.where,
            terminal=f"{os.environ.get('TERM', '')} {self.size.width}×{self.size.height}",
        )
        self._open_for_scans.set()
        self.run_worker(self._settle(), name="settle")
        self._look_often = self.set_interval(_LOOK_AT_WAITING_S, self._look_at_waiting, pause=True)
        self.station.work_begins = self._look_often.resume
        self.set_interval(_LOOK_AT_OTHERS_S, self._look_at_others)
        self.set_interval(_LOOK_AT_DESKS_S, self._look_at_desks)
        self.set_interval(BEAT_EVERY_S, self._beat)
        if self.station.backups.plan.is_on:
            self.set_interval(_LOOK_AT_BACKUPS_S, self._look_at_backups)
        if self._settings.handover.by_stations:
            self.set_interval(_LOOK_AT_HAND_OVER_S, self._look_at_hand_over)
        if self.station.prints.plan.is_on:
            self.set_interval(_LOOK_AT_PRINTS_S, self._look_at_prints)
        self.set_interval(_LOOK_NOW_AND_THEN_S, self._look_now_and_then)

    async def _settle(self) -> None:
        """Import what the first scans want, in the store's thread; somebody can work already."""
        from scanstation.workflows.codes import gs1_fields

        for fetch in (places.fetch, say.fetch, gs1_fields.get_ready):
            await self.station.run(fetch)
        # All that was imported stays for good: looking through it for garbage would hold up a scan now and then.
        gc.collect()
        give_memory_back()
        gc.freeze()
        gc.set_threshold(*_USUAL_GARBAGE)

    async def _opened(self, opening: Opening) -> bool:
        """Open the store while a first frame stands; False, with the app ending, where it cannot be opened.

        What is scanned and keyed in meanwhile is kept, and answered after that.
        """
        home, painted = self.ways.home, asyncio.Event()
        assert isinstance(home, HomeScreen)
        await home.is_made.wait()
        self._show_station()
        if self._first.where is Where.HOME:
            home.show_menu()
        else:
            home.show_opening(self._first.where, _DESK_TITLES[self._first.where], self._first.code)
        home.call_after_refresh(painted.set)
        await painted.wait()
        async with self.station.turn:
            try:
                self.station.site, self._first = await self.station.run(opening)
                if self._first.where is Where.HOME:
                    await self.station.run(places.fetch)
                else:  # the others are fetched when it is there
                    await self.station.run(places.place, self._first.where)
            except (StoreError, NothingToOpen) as error:
                self.not_opened = error
                self.exit()
                return False
        return True

    async def _begin(self) -> None:
        if self.ways.only is None:
            await self.station.look_at_sign_in()
        self._show_station()
        # Whoever comes back to Home from the first screen has it entered then.
        await (self.ways.home.enter(_HOME) if self._first.where is Where.HOME else self.ways.go(self._first))

    # What was keyed in

    def on_scan_after_keys(self, event: ScanAfterKeys) -> None:
        """A typed code may be on its way to the pipe: the scan goes in after it."""
        self._after_keys.take(event)

    def on_entry_field_dropped(self, event: EntryField.Dropped) -> None:
        """The line that was begun is not in front any more; what is entered or scanned next may be its rest."""
        if (field := self.ways.field) is not None:
            field.dropped = event.text

    def on_entry_field_not_taken(self, event: EntryField.NotTaken) -> None:
        """Keys that must not count are refused aloud, in turn."""
        self.pipe.put(Scan(event.text, Source.TYPED, "keyboard", fault=event.fault))

    def on_entry_field_rest(self, event: EntryField.Rest) -> None:
        """It is entered."""
        self.pipe.put(Scan(event.text, Source.TYPED, "keyboard", fault=Fault.UNFINISHED))

    def _ring(self, tone: Tone) -> None:
        """One ring for OK, two for CHECK, three for STOP."""
        if self._settings.feedback.bell:
            self.bell()
            for ring in range(1, _RINGS[tone]):
                self.set_timer(ring * _BETWEEN_RINGS_S, self.bell)

    def on_go_wanted(self, event: GoWanted) -> None:
        """A key asks for another screen: after the scan that is being answered."""
        front, before = self.screen, self.station.arrived()

        async def go() -> None:
            await self._open_for_scans.wait()
            await self.station.after_scans(before)
            async with self.station.turn:
                if front is not self.screen:
                    return  # a scan has led elsewhere meanwhile
                if self.station.is_signed_out and event.go.where not in _FOR_EVERYBODY:
                    self.ways.front.show_verdict(say.badge_wanted())
                    return
                try:
                    await self.ways.go(event.go)
                except StoreError as error:
                    self.ways.front.show_verdict(say.store_trouble(error))
                    if isinstance(error, WrongSchema):
                        self.action_ask_to_quit()  # no way leads anywhere any more

        # Not a worker of the screen: it would end with the screen that it takes away.
        self.run_worker(go(), name="go")

    def on_help_wanted(self) -> None:
        """Lay the help over what is in front."""
        if isinstance(self.screen, StationScreen) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.station, self.screen.help_page()))
            self._show_station()

    # What changes by itself

    def _typed(self, text: str) -> Scan:
        return typed_code(text, self._wedge)

    def _use_wedge(self, settings: WedgeSettings) -> None:
        """The settings of the keyboard decoder were changed."""
        self._wedge = settings
        if self.driver_class is not None and issubclass(self.driver_class, TakesScans):
            self.driver_class.wedge_settings = settings

    def _show_station(self) -> None:
        """The clock, the name, the scanners and the focus, in every header: an overlay has that of the screen below."""
        site, scanners = self.station.site, self.station.devices.missing
        for screen in self.screen_stack:
            if isinstance(screen, StationScreen):
                header = screen.header
                header.show_station(site.station, scanners, site.store.clock(), self.station.who_works)
                header.show_waiting(self._answers.waiting)
                header.show_front(in_front=self._in_front)
            if isinstance(screen, StationScreen | Overlay):
                screen.show_unseen()

    def on_app_blur(self, event: events.AppBlur) -> None:
        """The window has lost the keyboard: scans go elsewhere, and somebody must see it.

        The entry line keeps its focus. Textual would take it away, and give it back to no screen but this one.
        """
        event.prevent_default()
        self._in_front = False
        self._show_station()

    def on_app_focus(self, event: events.AppFocus) -> None:
        """The window has the keyboard again."""
        event.prevent_default()
        self._in_front = True
        self._show_station()

    def _scanner_changed(self, status: ScannerStatus) -> None:
        """Called from the scanner's own thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._show_scanner, status)

    def _show_scanner(self, status: ScannerStatus) -> None:
        """The header at once; what happened, in turn."""
        self.station.devices.missing[status.device] = "" if status.is_here else status.state.value
        self._show_station()
        if self._open_for_scans.is_set() and isinstance(self.screen, StationScreen) and self.screen.live:
            self.screen.in_turn(self.screen.refresh_counts, since=0.0)  # the screen of the scanners shows more of it
        if self._scanner_states.get(status.device) is not status.state:
            note("scanner", scanner=status.device, state=status.state.value)
        if status.is_connecting:
            return
        before, self._scanner_states[status.device] = self._scanner_states.get(status.device), status.state
        # A scanner that is there from the start is no news, and neither is another try that came to the same.
        if before is not status.state and not (before is None and status.is_here):
            news = say.scanner_news(status.text, is_here=status.is_here)
            self.station.troubles.pop(status.device, None)
            if not status.is_here:
                self.station.troubles[status.device] = Trouble(news.tone, news.text)
            self.run_worker(self._tell(news), name="news")

    async def _tell(self, news: Verdict) -> None:
        """Show and sound what nobody has asked for, without taking away what still wants something done.

        Not before the first screen is open, whose own words would cover it at once.
        """
        await self._open_for_scans.wait()
        async with self.station.turn:
            await self.station.run(self.station.note, news)
            self.ways.front.show_news(news)
            self._ring(news.tone)

    def _look_at_waiting(self) -> None:
        """While somebody waits for an answer: how many do, and what is late."""
        if self.screen_stack:  # as the station ends, its screens go before its timers
            self._show_station()
            self.ways.front.show_late(self._answers.late)
        if self._look_often is not None and self.station.waited_for is None and not self.pipe.waiting:
            self._look_often.pause()

    def _look_now_and_then(self) -> None:
        """The clock in the headers; a store that was lost is seen back at once."""
        self._look_at_waiting()
        self._look_for_store()
        if self.pipe.waiting:
            self.station.work_begins()

    def _look_at_others(self) -> None:
        """Other stations work too; scans come first."""
        screen = self.screen if self.screen_stack else None
        if screen is not None and self.station.sign_in_on and not self.pipe.waiting:
            self.run_worker(self._look_at_seat(), name="seat")
        if isinstance(screen, StationScreen) and screen.live and not self.pipe.waiting:
            screen.look_again()

    def _look_at_backups(self) -> None:
        """They are made elsewhere; the overview tells how they stand."""
        if found := self.station.backups.look(monotonic()):
            last = found.last.isoformat() if found.last else None
            note("backups", last=last, count=found.count, trouble=found.trouble)

    def _look_at_hand_over(self) -> None:
        """Messages for an ERP go out elsewhere; the overview tells how that stands."""
        if not self._ends and (stand := self.station.hand_over.look(self.station.site.station, monotonic())):
            note("hand-over", holder=stand.holder, trouble=stand.trouble)

    def _look_at_prints(self) -> None:
        """What was not printed is told, in turn: nobody waits at the printer for nothing."""
        if refusal := self.station.prints.look():
            note("not printed", why=refusal.text)
            self.run_worker(self._tell(say.not_printed(refusal.reasons[0])), name="news")

    def _look_for_store(self) -> None:
        """One that was lost is seen back at once, and not only by the next sign of life."""
        looks = self._looks_for_store is not None and self._looks_for_store.is_running
        if self.station.store_is_lost and not looks:
            self._looks_for_store = self.run_worker(self._beat(), name="beat")

    def _look_at_desks(self) -> None:
        """What was done elsewhere to an order on a desk is said soon, and not at the next scan."""
        busy = self.pipe.waiting or self.station.turn.locked() or self.station.store_is_lost
        if self.station.has_work and not busy:  # an idle station asks its store nothing
            self.run_worker(self._tell_others_acts(), name="desks")

    async def _tell_others_acts(self) -> None:
        from scanstation.screens.desk import DeskScreen

        async with self.station.turn:
            try:
                news = await self.station.run(self.station.look_at_desks)
                for work_word, told in news.items():
                    if isinstance(self.screen, DeskScreen) and self.screen.work_word == work_word:
                        await self.screen.show_others_act(told)
                    self._ring(told.tone)
            except StoreError:
                return  # the header says so; the next look tries again
        if news:
            self._show_station()

    async def _look_at_seat(self) -> None:
        """Whoever sat here may have gone; the store is not asked."""
        site = self.station.site
        name = site.who
        async with self.station.turn:
            if site.seat.look(site.store.now(), self.tap.text_at / 1000):
                await self._lock(name)
            elif site.seat.operator is None:  # an act may have seen that he is gone
                await self._speak_anew()
        self._signed_in()

    async def _look_at_sign_in(self) -> None:
        """It may have been turned on elsewhere, or off."""
        before = self.station.sign_in_on
        try:
            async with self.station.turn:
                await self.station.look_at_sign_in()
        except StoreError:
            return  # the next scan says so
        if self.station.sign_in_on is not before:
            self._signed_in()

    async def _lock(self, name: str) -> None:
        """Nobody is here any more: back to Home, but for a code that is owed and what is being asked."""
        site = self.station.site
        site.seat.get_up()
        screen = self.screen
        if isinstance(screen, StationScreen) and screen.slot.mode is Mode.SCAN:
            with suppress(StoreError):  # it is away: the header says so, and nobody is here all the same
                await self.ways.go(_HOME)
        await self._speak_anew()
        self.ways.front.show_news(say.locked(visible(name)))

    async def _speak_anew(self) -> None:
        """In the station's own language, where whoever sat here read another."""
        with suppress(StoreError):  # the header says so; the next look tries again
            await self.ways.speak_anew()

    def action_lock(self) -> None:
        """Ctrl+L: whoever works here goes."""

        async def lock() -> None:
            async with self.station.turn:
                if self.station.sign_in_on and self.station.site.seat.operator is not None:
                    await self._lock(self.station.site.who)
            self._signed_in()

        self.run_worker(lock(), name="lock")

    def _signed_in(self) -> None:
        """Another name stands in the headers, perhaps, and what is wanted first."""
        self._show_station()
        for screen in self.screen_stack:
            if isinstance(screen, StationScreen):
                screen.show_ready()

    async def _beat(self) -> None:
        is_ours = await self._station_name.beat()
        if not is_ours and self.screen_stack and not isinstance(self.screen, AskScreen):
            self.run_worker(self._name_lost(), name="name")
        elif self.screen_stack and self.ways.only is None and not self.station.store_is_lost:
            await self._look_at_sign_in()

    async def _name_lost(self) -> None:
        """This terminal was silent for so long that another took its name."""
        self._open_for_scans.clear()
        note("name lost")
        try:
            if not await self._station_name.take():
                return
            async with self.station.turn:
                self.station.forget_desks()
                await self.ways.go(_HOME)
        except StoreError as error:
            self.ways.front.show_verdict(say.store_trouble(error))  # the next sign of life asks again
        self._open_for_scans.set()

    # The end

    def action_ask_to_quit(self) -> None:
        """Ctrl+Q and Ctrl+C only ask."""
        self.on_quit_wanted(QuitWanted(say.close_station()))

    def on_quit_wanted(self, event: QuitWanted) -> None:
        """Ask, once."""
        if isinstance(self.screen, AskScreen):
            return

        def answered(close: bool | None) -> None:
            if close:
                self.exit()

        self.push_screen(AskScreen(self.station, event.question), answered)

    def _listen_for_the_end(self) -> None:
        """A closed window and a stopped service end the station as its menu does."""
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":  # where a closed window ends the process without a word
            for number in (signal.SIGBREAK, signal.SIGTERM):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.exit))
        else:
            for number in (signal.SIGHUP, signal.SIGTERM):
                loop.add_signal_handler(number, self.exit)

    async def on_exit_app(self) -> None:
        """However the end comes: what is being answered is answered first, and nothing is begun any more."""
        if self._ends:
            return  # a closed window ends it twice: SIGHUP, and the end of the input
        self._ends = True
        self.station.leave_bench()
        await asyncio.to_thread(self._scanners.close)  # they speak to this loop, so they end before it
        try:
            async with asyncio.timeout(_LAST_ANSWER_S):
                await self.station.turn.acquire()  # and never given back
        except TimeoutError:
            pass  # what is in the store's hands is finished by `close`; the next start shows it
        if self._scans is not None:
            self._scans.cancel()

    def close(self) -> None:
        """Finish what the store is doing, release the scanners and the station's name."""
        self._scanners.close()
        if self._settings.handover.by_stations:
            self.station.hand_over.close()
        self.station.close()
        self._station_name.give_back()
        if self._logbook is not None:
            note("stop", status=self.return_code or 0)
            self._logbook.close()

    def _fatal_error(self) -> None:
        """An error of our own: no traceback for the operator, all of it in a file."""
        path = keep_error(traceback.format_exc())
        note("own error", file=path.name)
        self._exit_renderables.append(
            Text(
                worded(
                    "ScanStation had to close because of an error of its own. Nothing that was shown as OK "
                    "is lost.\nStart it again. What happened is written down in {path}.",
                    path=path,
                )
            )
        )
        self._close_messages_no_wait()
