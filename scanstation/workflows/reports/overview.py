"""What waits at this site, for its supervisors: orders, open work, imports, the day's pace, what was refused.

Nobody is timed: the units of an hour are the site's, of all stations together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.language import joined, worded
from scanstation.domain.orders import Order, Progress, SerialCount
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.units import OnHold
from scanstation.domain.work import OpenWork
from scanstation.store import holds, house_serials, orders, overview, works
from scanstation.store.store import Transaction, timestamp
from scanstation.workflows.orders.order_book import waits_since
from scanstation.workflows.reports.today import NOTHING_YET, Day, Today
from scanstation.workflows.site import Site, local_time

LISTED = 60
"""How many orders of a sort are named; the rest are a count, and in the lists of orders."""
_ORDERS_AT_ONCE = 100
_REFUSALS_TOLD = 40
_UNITS_TOLD = 200
_HOLDS_EVERY = timedelta(minutes=1)
"""A lot on hold may be of many thousand units."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits for goods or for its packing."""

    order: Order
    counts: Progress
    since: str = ""
    """Local time at which somebody last completed a part of it, or took something out; '' while it is in hand."""


@dataclass(frozen=True, slots=True)
class WorkInHand:
    """A receipt or a packing that is open somewhere."""

    order: Order
    work: OpenWork
    since: str
    """Local time."""


@dataclass(frozen=True, slots=True)
class ImportOwed:
    """An order whose serials are not all imported."""

    order: Order
    count: SerialCount


@dataclass(frozen=True, slots=True)
class Stuck:
    """A shipment order that should leave and cannot."""

    order: Order
    why: str
    since: str = ""
    """Local time since which it waits so; '' where nobody has touched it."""


@dataclass(frozen=True, slots=True)
class RefusedToday:
    """One reason, how often, and what was said the last time."""

    reason: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it, as of one moment. Lists are cut at `LISTED`; the counts beside them are not."""

    today: Today = NOTHING_YET
    to_receive: tuple[Waiting, ...] = ()
    to_pack: tuple[Waiting, ...] = ()
    works: tuple[WorkInHand, ...] = ()
    imports: tuple[ImportOwed, ...] = ()
    imports_count: int = 0
    imports_counted: bool = False
    """Has every purchase order been looked at? Until then there may be more."""
    can_ship_count: int = 0
    stuck: tuple[Stuck, ...] = ()
    stuck_count: int = 0
    refusals: tuple[RefusedToday, ...] = ()
    on_hold: tuple[OnHold, ...] = ()
    """What is on hold in the house, what waits longest first; not older than `_HOLDS_EVERY`."""
    to_be_found: int = 0
    """Units in the house that are known by a house serial, because nobody could read one of their own."""


class Watch:
    """Looks at the site again and again, each time at what may have changed only.

    Counting the imports of every order ever received takes seconds in a big store: `count_imports` does that in
    short steps, and `look` keeps what it found true by way of the works completed since. What takes serials away
    again (Remove Serial Numbers) is seen when the count begins anew.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._counted_to = 0
        self._counted = False
        self._owed: dict[int, SerialCount] = {}
        """Purchase orders whose imports are not complete."""
        self._touched: set[int] = set()
        """Orders with work completed since the count began."""
        self._day = Day()
        self._on_hold: tuple[OnHold, ...] = ()
        self._held_at: datetime | None = None
        """When the holds were last looked at."""

    def begin_anew(self) -> None:
        """Count all imports again; what is known stays shown meanwhile."""
        self._counted_to = 0
        self._counted = False
        self._held_at = None

    def count_imports(self) -> bool:
        """Look at some more purchase orders; False when all of them have been looked at."""
        if self._counted:
            return False
        with self._site.store.read() as tx:
            page = overview.received_orders(tx, self._counted_to, _ORDERS_AT_ONCE)
            self._recount(tx, page)
        if len(page) < _ORDERS_AT_ONCE:
            self._counted = True
        else:
            self._counted_to = page[-1]
        return not self._counted

    def look(self) -> Overview:
        """The site as it is now."""
        now = self._site.store.clock()
        midnight = timestamp(now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0))
        with self._site.store.read() as tx:
            in_hand = self._works(tx, now)
            today, completed = self._day.look(tx, now)
            self._touched |= completed
            self._recount(tx, self._touched | self._owed.keys())
            ready = overview.with_status(tx, OrderKind.SHIPMENT, OrderStatus.READY_TO_SHIP)
            gone = overview.shipped_without_serials(tx)
            owing = owed_on(tx, OrderKind.SHIPMENT, [order.id for order in (*ready, *gone)])
            owing |= self._owed
            lacking = [order for order in ready if order.id in owing]
            late, late_count = self._late(tx)
            imports = [
                ImportOwed(order, owing[order.id])
                for order in (*overview.with_ids(tx, self._owed.keys()), *lacking, *gone)
                if order.id in owing
            ]
            stuck = [*self._lacking(tx, lacking[:LISTED]), *late]
            if self._held_at is None or now - self._held_at > _HOLDS_EVERY:
                self._held_at, self._on_hold = now, tuple(holds.groups(tx))
            return Overview(
                today=today,
                to_receive=_waiting(tx, OrderKind.PURCHASE, now),
                to_pack=_waiting(tx, OrderKind.SHIPMENT, now),
                works=in_hand,
                imports=tuple(imports[:LISTED]),
                imports_count=len(imports),
                imports_counted=self._counted,
                can_ship_count=len(ready) - len(lacking),
                stuck=tuple(stuck[:LISTED]),
                stuck_count=len(lacking) + late_count,
                refusals=tuple(
                    RefusedToday(one.reason, say.refused_for(one.reason, one.last_sentence), one.count)
                    for one in overview.refusals_since(tx, midnight)
                ),
                on_hold=self._on_hold,
                to_be_found=house_serials.count(tx),
            )

    def _works(self, tx: Transaction, now: datetime) -> tuple[WorkInHand, ...]:
        works_with_pieces = [one for one in works.everywhere(tx) if one.pieces]
        of = {order.id: order for order in overview.with_ids(tx, {one.work.order_id for one in works_with_pieces})}
        return tuple(
            WorkInHand(of[one.work.order_id], one, local_time(one.work.opened_at, now))
            for one in works_with_pieces
            if one.work.order_id in of
        )

    def _recount(self, tx: Transaction, order_ids: Sequence[int] | set[int]) -> None:
        for order_id in order_ids:
            self._owed.pop(order_id, None)
        self._owed |= owed_on(tx, OrderKind.PURCHASE, list(order_ids))

    def _lacking(self, tx: Transaction, lacking: Sequence[Order]) -> list[Stuck]:
        """Packed orders without all their serials: which product lacks how many."""
        ids = [order.id for order in lacking]
        counts = orders.serial_counts(tx, OrderKind.SHIPMENT, ids)
        lines = orders.lines_of(tx, ids)
        lacking_orders = []
        for order in lacking:
            short = [
                worded(
                    "{sku} {present} of {needed}",
                    sku=visible(line.product.sku),
                    present=count.present,
                    needed=count.needed,
                )
                for line in lines[order.id]
                if (count := counts.get(line.id)) and count.present < count.needed
            ]
            why = worded("lacks serials: {short}", short=joined(short))
            lacking_orders.append(Stuck(order, why, waits_since(order, self._site.store.clock())))
        return lacking_orders

    def _late(self, tx: Transaction) -> tuple[list[Stuck], int]:
        """Orders whose day has passed, not all packed."""
        today = self._site.today.isoformat()
        late = overview.overdue(tx, today, LISTED)
        counts = overview.progress(tx, [order.id for order in late])
        packing = set(self._day.open_works.values())
        count = len(late) if len(late) < LISTED else overview.count_overdue(tx, today)
        late_orders = []
        for order in late:
            done = counts[order.id]
            why = worded(
                "late: {done} of {wanted} {how}, being packed"
                if order.id in packing
                else "late: {done} of {wanted} {how}, nobody is packing it",
                done=done.done,
                wanted=done.wanted,
                how=order.kind.done_word,
            )
            since = "" if order.id in packing else _begun_since(order, self._site.store.clock())
            late_orders.append(Stuck(order, why, since))
        return late_orders, count


def refusals_today(site: Site, reason: str) -> list[str]:
    """What was refused today for one reason, the newest first: when, at which station, what was said."""
    now = site.store.clock()
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    with site.store.read() as tx:
        found = overview.refusals_for(tx, reason, timestamp(midnight), _REFUSALS_TOLD)
    return [f"{local_time(one.at, now)}, {visible(one.station)}: {visible(one.sentence)}" for one in found]


def units_on_hold(site: Site, one: OnHold) -> list[str]:
    """The units of a row of what is on hold, a line each; of very many the first."""
    with site.store.read() as tx:
        found = holds.of_group(tx, one, _UNITS_TOLD)
    return [f"{visible(unit.code)} · {visible(unit.sku)} · {unit.status.value}" for unit in found]


def _waiting(tx: Transaction, kind: OrderKind, now: datetime) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(order, counts, "" if counts.in_work else _begun_since(order, now))
        for order, counts in orders.due_next(tx, kind, LISTED)
    )


def _begun_since(order: Order, now: datetime) -> str:
    """Since when an order waits that was begun."""
    return "" if order.status is OrderStatus.OPEN else waits_since(order, now)


def owed_on(tx: Transaction, kind: OrderKind, order_ids: Sequence[int]) -> dict[int, SerialCount]:
    """The orders that owe imported serials: order id → counts of all their lines."""
    counts_by_order: dict[int, SerialCount] = {}
    for start in range(0, len(order_ids), _ORDERS_AT_ONCE):
        part = order_ids[start : start + _ORDERS_AT_ONCE]
        counts = orders.serial_counts(tx, kind, part)
        lines = overview.order_of_lines(tx, [line for line, one in counts.items() if one.present < one.needed])
        for line_id, order_id in lines.items():
            before = counts_by_order.get(order_id, SerialCount())
            count = counts[line_id]
            counts_by_order[order_id] = SerialCount(before.needed + count.needed, before.present + count.present)
    return counts_by_order
