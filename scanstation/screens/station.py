"""What all screens share: the site, the one thread that talks to the store, and the way to the pipe."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import ParamSpec, TypeVar

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.workflows.desk import Desk
from scanstation.workflows.site import Site

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Where(Enum):
    """The screens that the station can be sent to."""

    HOME = "home"
    BACK = "back"
    RECEIVE = "receive"
    PACK = "pack"
    PURCHASE_ORDERS = "purchase orders"
    SHIPMENT_ORDERS = "shipment orders"
    ORDER = "order"
    TRACE = "trace"
    OVERVIEW = "overview"
    SHIP = "ship"
    IMPORT = "import"
    PRODUCTS = "products"
    REPORTS = "reports"
    SCANNERS = "scanners"


@dataclass(frozen=True, slots=True)
class Go:
    """Another screen, and with what."""

    where: Where
    code: str = ""
    """The order's number, or the code to trace."""
    order_id: int = 0
    """The order itself, where a number alone might stand for several."""
    kind: OrderKind | None = None
    verdict: Verdict | None = None
    """The answer that is shown there: the scan that led there was answered."""


@dataclass(slots=True)
class Devices:
    """The scanners on serial ports: name → is it there now."""

    connected: dict[str, bool] = field(default_factory=dict)


class Station:
    """One terminal. Screens hold it; it knows none of them."""

    def __init__(
        self,
        site: Site,
        hand_in: Callable[[Scan], None],
        waiting: Callable[[], int],
        examples: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.site = site
        self.hand_in = hand_in
        """Puts a typed entry at the end of the pipe, behind the scans that wait there."""
        self.waiting = waiting
        """How many scans wait in the pipe."""
        self.examples = examples
        """Codes to try and what they are; the demo's."""
        self.devices = Devices()
        self.turn = asyncio.Lock()
        """Held by whoever answers a scan or a key: two never are at once, and the earlier is first."""
        self.answered: Verdict | None = None
        """The last verdict that a screen has shown, until the app has sounded it."""
        self._store_thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._desks: dict[OrderKind, Desk] = {}

    def desk(self, kind: OrderKind) -> Desk:
        """The station's one receiving or packing desk: its order stays on it while another screen is in front."""
        if kind not in self._desks:
            self._desks[kind] = Desk(self.site, kind)
        return self._desks[kind]

    def forget_desks(self) -> None:
        """The station goes by another name now: nothing of its own is open."""
        self._desks.clear()

    async def run(self, act: Callable[Given, Answer], *args: Given.args, **more: Given.kwargs) -> Answer:
        """Do database work apart from the screens, one piece after another."""
        return await asyncio.get_running_loop().run_in_executor(self._store_thread, partial(act, *args, **more))

    def close(self) -> None:
        """Finish what the store is doing, and take no more."""
        self._store_thread.shutdown(wait=True)
