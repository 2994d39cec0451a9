"""What all screens share: the site, the one thread that talks to the store, and the way to the pipe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from scanstation.domain import sentences as say
from scanstation.domain.badges import BADGE_PREFIX
from scanstation.domain.codes import code_key
from scanstation.domain.commands import Act, Command
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreUnreachable
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import Tone, Verdict
from scanstation.logbook import note
from scanstation.screens.widgets.verdict_bar import Trouble

if TYPE_CHECKING:
    from scanstation.domain.heard import Change, CheckUp, Heard
    from scanstation.workflows.papers.printing import Prints
    from scanstation.workflows.scanning.counting import CountDesk
    from scanstation.workflows.scanning.desk import Desk
    from scanstation.workflows.scanning.transferring import TransferDesk
    from scanstation.workflows.site import Site
    from scanstation.workflows.upkeep.backup_process import Backups
    from scanstation.workflows.upkeep.handover_process import StationHandOver

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Where(Enum):
    """The screens that the station can be sent to."""

    HOME = "home"
    BACK = "back"
    RECEIVE = "receive"
    PACK = "pack"
    RETURN = "return"
    TRANSFER = "transfer"
    COUNT = "count"
    PURCHASE_ORDERS = "purchase orders"
    SHIPMENT_ORDERS = "shipment orders"
    ORDER = "order"
    TRACE = "trace"
    OVERVIEW = "overview"
    SHIP = "ship"
    IMPORT = "import"
    PRODUCTS = "products"
    PRODUCT = "product"
    REPORTS = "reports"
    RECALL = "recall"
    SCANNERS = "scanners"


@dataclass(frozen=True, slots=True)
class Go:
    """Another screen, and with what."""

    where: Where
    code: str = ""
    """The order's number, or the code to trace."""
    order_id: int = 0
    """The order itself, where a number alone might stand for several."""
    product_id: int = 0
    new: bool = False
    """A product that is not there yet."""
    kind: OrderKind | None = None
    written_down: bool = False
    """What was written down for the order is entered there."""
    begins: Act | None = None
    """What is begun there at once."""
    verdict: Verdict | None = None
    """The answer that is shown there: the scan that led there was answered."""


@dataclass(slots=True)
class Devices:
    """The scanners on serial ports: name → the word for why it takes no scan now; empty while it does."""

    missing: dict[str, str] = field(default_factory=dict)


class ScannerBench(Protocol):
    """What the scanner screen sees of the devices; the app puts it together (`bench.Bench`)."""

    alone: bool
    """Nothing but the scanner screen is open: there is no store to go to."""

    def watch(self, on_heard: Callable[[Heard], None]) -> None:
        """Hand in everything that is heard from now on."""

    def leave(self) -> None:
        """Listen no more, and end the recording."""

    def read_as(self, heard: Heard) -> str:
        """What it was read as, in words."""

    def barcode(self, heard: Heard) -> str:
        """What kind of barcode the scanner says it was."""

    def check_up(self, heard: Heard) -> CheckUp | None:
        """What a check card shows; None for every other code."""

    def scanners(self) -> Sequence[tuple[str, bool, str]]:
        """Each scanner on a serial port: its id, whether it is there, and what there is to say about it."""

    @property
    def config_file(self) -> str:
        """The file that `write` would write."""

    def write(self, changes: Sequence[Change]) -> Done | Refused:
        """Write what a check card showed. Waits for the disk."""

    def use_written(self) -> None:
        """Go by what was written."""

    @property
    def recording(self) -> str:
        """What there is to say about the recording; empty where none is made."""

    @property
    def is_recording(self) -> bool:
        """Is a trace being recorded?"""

    def record(self, path: Path) -> Done | Refused:
        """Begin a trace in a new file."""

    def stop_recording(self) -> Done | None:
        """End the trace; None where none is recorded."""


RETURN_WORK = "return"
"""What work at the return desk is called."""
TRANSFER_WORK = "transfer"
"""And at the transfer desk."""
COUNT_WORK = "count"
"""And where stock is counted."""
_STORE, _LOST = "store", "lost"
"""As the header names them."""


class Station:
    """One terminal. Screens hold it; it knows none of them."""

    def __init__(
        self,
        site: Site,
        hand_in: Callable[[Scan], None],
        typed: Callable[[str], Scan],
        waiting: Callable[[], int],
        arrived: Callable[[], int],
        examples: tuple[tuple[str, str], ...],
        make_bench: Callable[[], ScannerBench],
        make_backups: Callable[[], Backups],
        make_prints: Callable[[], Prints],
        make_hand_over: Callable[[], StationHandOver],
    ) -> None:
        self.site = site
        self._make_backups, self._make_prints, self._make_hand_over = make_backups, make_prints, make_hand_over
        self._make_bench = make_bench
        self._bench: ScannerBench | None = None
        self.sign_in_on = False
        """Do people sign in here, as far as was last seen?"""
        self.hand_in = hand_in
        """Puts a typed entry at the end of the pipe, after the scans that wait there."""
        self.typed = typed
        """What a typed line is, as a code."""
        self.waiting = waiting
        """How many scans wait in the pipe."""
        self.examples = examples
        """Codes to try and what they are; the demo's."""
        self.is_big = False
        """Is the bar read from far away?"""
        self.devices = Devices()
        self.arrived = arrived
        """How many scans have ever come in."""
        self.turn = asyncio.Lock()
        """Held by whoever answers a scan or a key: two never are at once, and the earlier is first."""
        self._answering_since = inf
        self.waited_for: tuple[str, float] | None = None
        """What somebody waits for, and since when, on the clock of `time.monotonic`."""
        self.work_begins: Callable[[], None] = lambda: None
        """Called when somebody begins to wait."""
        self.begun = 0
        """How many scans have had their turn, or have it."""
        self._scan_begins = asyncio.Event()
        self.unseen = Unseen()
        """The refusals that nobody can have seen."""
        self.troubles: dict[str, Trouble] = {}
        """What the station itself suffers until it is over, by what it is about."""
        self._answered: Verdict | None = None
        self.next_is_there: Callable[[], bool] = lambda: False
        """Has another scan come in, or begun to, after the one that is being answered?"""
        self.followed = False
        """Was that so when the last verdict was shown? Then the next replaces it before anybody can read it."""
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._desks: dict[str, Desk] = {}
        """By what work there is called."""

    @cached_property
    def backups(self) -> Backups:
        """What is known of the backups that are made by themselves."""
        return self._make_backups()

    @cached_property
    def hand_over(self) -> StationHandOver:
        """What is known of this station's own hand-over to an ERP."""
        return self._make_hand_over()

    @cached_property
    def prints(self) -> Prints:
        """What is being printed."""
        return self._make_prints()

    @property
    def bench(self) -> ScannerBench:
        """Where scanners are looked at, made when somebody first does."""
        if self._bench is None:
            self._bench = self._make_bench()
        return self._bench

    def leave_bench(self) -> None:
        """Nobody looks at scanners any more."""
        if self._bench is not None:
            self._bench.leave()

    @property
    def answered(self) -> Verdict | None:
        """The last verdict that a screen has shown, until the app has sounded it."""
        return self._answered

    @answered.setter
    def answered(self, verdict: Verdict | None) -> None:
        self._answered = verdict
        self.followed = self.next_is_there()

    @property
    def answering_since(self) -> float:
        """When what is being answered came in, on the clock of `time.monotonic`; `inf` while nothing is."""
        return self._answering_since

    @contextmanager
    def answering(self, since: float) -> Iterator[None]:
        """Answer what came in then; whoever does holds the turn."""
        self._answering_since = since
        try:
            yield
        finally:
            self._answering_since = inf

    @contextmanager
    def at_work(self, what: str) -> Iterator[None]:
        """Somebody waits for the answer to a scan (its code) or a key (nothing); what is late is shown meanwhile."""
        self.waited_for = what, monotonic()
        self.work_begins()
        try:
            yield
        finally:
            self.waited_for = None

    def scan_begins(self) -> None:
        """The oldest scan has its turn."""
        self.begun += 1
        self._scan_begins.set()
        self._scan_begins = asyncio.Event()

    async def after_scans(self, arrived: int) -> None:
        """Wait until so many scans have had their turn: a key does not overtake the scans that came before it."""
        while self.begun < arrived:
            await self._scan_begins.wait()

    def command(self, scan: Scan) -> Command | None:
        """The command barcode that a scan is, after an AIM identifier or not; None for every other code."""
        from scanstation.workflows.codes.lookup import Commanded, read

        heard = read(self.site, scan)
        return heard.command if isinstance(heard, Commanded) else None

    def badge(self, scan: Scan) -> str:
        """The code of the badge that a scan is; '' for every other code."""
        if BADGE_PREFIX not in code_key(scan.text):
            return ""
        from scanstation.workflows.codes.lookup import Unusable, read

        heard = read(self.site, scan)
        return heard.badge if isinstance(heard, Unusable) else ""

    async def look_at_sign_in(self) -> None:
        """Look whether people sign in here.

        Raises:
            StoreError: the store cannot be used now.
        """
        from scanstation.workflows.access import signing_in

        self.sign_in_on = await self.run(signing_in.is_on, self.site)

    @property
    def is_signed_out(self) -> bool:
        """Does somebody have to sign in before anything else?"""
        return self.sign_in_on and self.site.seat.operator is None

    @property
    def who_works(self) -> str:
        """The operator's name, for the header; empty where nobody signs in."""
        if not self.sign_in_on:
            return ""
        return self.site.seat.operator.name if self.site.seat.operator else "nobody"

    def standing(self, *, with_unseen: bool = True) -> list[Trouble]:
        """What stands on every screen: what the station suffers, and refusals that nobody can have seen."""
        troubles, unseen = [*self.troubles.values()], self.unseen
        if unseen.refusals and with_unseen:
            command = f"{self.site.rules.command_prefix}{Act.SEEN}"
            troubles.append(Trouble(Tone.STOP, say.refused_unseen(unseen.codes, len(unseen.refusals), command)))
        return troubles

    def desk(self, kind: OrderKind) -> Desk:
        """The station's one receiving or packing desk: its order stays on it while another screen is in front."""
        if kind.work_word not in self._desks:
            from scanstation.workflows.scanning.desk import Desk

            self._desks[kind.work_word] = Desk(self.site, kind, self.unseen)
        return self._desks[kind.work_word]

    def return_desk(self) -> Desk:
        """The one where things come back."""
        if RETURN_WORK not in self._desks:
            from scanstation.workflows.scanning.returning import ReturnDesk

            self._desks[RETURN_WORK] = ReturnDesk(self.site, self.unseen)
        return self._desks[RETURN_WORK]

    def transfer_desk(self) -> TransferDesk:
        """The one where things go to other warehouses, and come from them."""
        from scanstation.workflows.scanning.transferring import TransferDesk

        desk = self._desks.setdefault(TRANSFER_WORK, TransferDesk(self.site, self.unseen))
        assert isinstance(desk, TransferDesk)
        return desk

    def count_desk(self) -> CountDesk:
        """The one where stock is counted."""
        from scanstation.workflows.scanning.counting import CountDesk

        desk = self._desks.setdefault(COUNT_WORK, CountDesk(self.site, self.unseen))
        assert isinstance(desk, CountDesk)
        return desk

    @property
    def has_work(self) -> bool:
        """Is there work on a desk that others may end or change?"""
        return any(desk.has_work for desk in self._desks.values())

    def look_at_desks(self) -> dict[str, Verdict]:
        """What others have done to the work on the desks since their last answers; it stands until that is over."""
        news = {work_word: told for work_word, desk in self._desks.items() if (told := desk.look_again())}
        for work_word, told in news.items():
            self.troubles[work_word] = Trouble(told.tone, told.text, told.reason)
        return news

    def note(self, news: Verdict) -> None:
        """Keep what nobody has asked for among the last answers of the desks."""
        for desk in self._desks.values():
            desk.note(news)

    def forget_desks(self) -> None:
        """The station goes by another name now: nothing of its own is open."""
        self._desks.clear()

    async def run(self, act: Callable[Given, Answer], *args: Given.args, **more: Given.kwargs) -> Answer:
        """Do database work apart from the screens, one piece after another; the header says whether the store is there.

        Raises:
            StoreError: the store cannot be used now.
        """
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._store_thread, partial(act, *args, **more))
        except StoreUnreachable:
            self.devices.missing[_STORE] = _LOST
            self.troubles[_STORE] = Trouble(Tone.STOP, say.store_away(), say.STORE)
            raise
        if self.devices.missing.pop(_STORE, None):
            note("store is back")
            del self.troubles[_STORE]
        return answer

    @property
    def store_is_lost(self) -> bool:
        """Was it out of reach when it was last asked?"""
        return _STORE in self.devices.missing

    def close(self) -> None:
        """Finish what the store is doing, and take no more."""
        self.site.store.stop_waiting()
        self._store_thread.shutdown(wait=True)
