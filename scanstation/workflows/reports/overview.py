"""What waits at this site, for its supervisors: orders, open work, imports, the day's pace, what was refused.

Nobody is timed: the units of an hour are the site's, of all stations together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.orders import Order, Progress, SerialCount
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.work import OpenWork
from scanstation.store import house_serials, orders, overview, works
from scanstation.store.store import Transaction, timestamp
from scanstation.workflows.site import Site, local_time

LISTED = 60
"""How many orders of a sort are named; the rest are a count, and in the lists of orders."""
_ORDERS_AT_ONCE = 100
_REFUSALS_TOLD = 40
_WAITING = {
    OrderKind.PURCHASE: (OrderStatus.OPEN, OrderStatus.PARTIALLY_RECEIVED),
    OrderKind.SHIPMENT: (OrderStatus.OPEN, OrderStatus.PACKING),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits for goods or for its packing."""

    order: Order
    counts: Progress
    late: bool
    """It was due before today."""


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


@dataclass(frozen=True, slots=True)
class RefusedToday:
    """One reason, how often, and what was said the last time."""

    reason: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The units received and packed in one hour of today, local time."""

    hour: int
    units: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it, as of one moment. Lists are cut at `LISTED`; the counts beside them are not."""

    to_receive: tuple[Waiting, ...] = ()
    to_receive_count: int = 0
    to_pack: tuple[Waiting, ...] = ()
    to_pack_count: int = 0
    works: tuple[WorkInHand, ...] = ()
    imports: tuple[ImportOwed, ...] = ()
    imports_count: int = 0
    imports_counted: bool = False
    """Has every purchase order been looked at? Until then there may be more."""
    can_ship_count: int = 0
    stuck: tuple[Stuck, ...] = ()
    stuck_count: int = 0
    hours: tuple[Hour, ...] = ()
    """From the first hour with units to the present one."""
    refusals: tuple[RefusedToday, ...] = ()
    to_be_found: int = 0
    """Units in the house that are known by a house serial, because nobody could read one of their own."""

    @property
    def units_today(self) -> int:
        """The sum of the hours."""
        return sum(hour.units for hour in self.hours)


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
        self._last_work = 0
        self._open_works: dict[int, int] = {}
        """Work id → order id."""
        self._day = ""
        self._minutes: dict[str, int] = {}
        """The units of completed work today, by the minute of their scan."""

    def begin_anew(self) -> None:
        """Count all imports again; what is known stays shown meanwhile."""
        self._counted_to = 0
        self._counted = False

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
        today = now.astimezone().date().isoformat()
        with self._site.store.read() as tx:
            in_hand = self._works(tx, now)
            minutes = self._look_at_works(tx, midnight)
            self._recount(tx, self._touched | self._owed.keys())
            ready = overview.with_status(tx, OrderKind.SHIPMENT, OrderStatus.READY_TO_SHIP)
            gone = overview.shipped_without_serials(tx)
            owed_on = _owed_on(tx, OrderKind.SHIPMENT, [order.id for order in (*ready, *gone)])
            owed_on |= self._owed
            lacking = [order for order in ready if order.id in owed_on]
            late, late_count = self._late(tx, today)
            imports = [
                ImportOwed(order, owed_on[order.id])
                for order in (*overview.with_ids(tx, self._owed.keys()), *lacking, *gone)
                if order.id in owed_on
            ]
            stuck = [*self._lacking(tx, lacking[:LISTED]), *late]
            return Overview(
                to_receive=self._waiting(tx, OrderKind.PURCHASE, today),
                to_receive_count=overview.count_with_status(tx, OrderKind.PURCHASE, _WAITING[OrderKind.PURCHASE]),
                to_pack=self._waiting(tx, OrderKind.SHIPMENT, today),
                to_pack_count=overview.count_with_status(tx, OrderKind.SHIPMENT, _WAITING[OrderKind.SHIPMENT]),
                works=in_hand,
                imports=tuple(imports[:LISTED]),
                imports_count=len(imports),
                imports_counted=self._counted,
                can_ship_count=len(ready) - len(lacking),
                stuck=tuple(stuck[:LISTED]),
                stuck_count=len(lacking) + late_count,
                hours=_hours(minutes, now),
                refusals=tuple(
                    RefusedToday(one.reason, say.refused_for(one.reason, one.last_sentence), one.count)
                    for one in overview.refusals_since(tx, midnight)
                ),
                to_be_found=house_serials.count(tx),
            )

    def _waiting(self, tx: Transaction, kind: OrderKind, today: str) -> tuple[Waiting, ...]:
        due = orders.due_next(tx, kind, LISTED)
        counts = overview.progress(tx, [order.id for order in due])
        return tuple(
            Waiting(order, counts[order.id], bool(order.due) and order.due < today)
            for order in due
            if order.id in counts
        )

    def _works(self, tx: Transaction, now: datetime) -> tuple[WorkInHand, ...]:
        works_with_pieces = [one for one in works.everywhere(tx) if one.pieces]
        of = {order.id: order for order in overview.with_ids(tx, {one.work.order_id for one in works_with_pieces})}
        return tuple(
            WorkInHand(of[one.work.order_id], one, local_time(one.work.opened_at, now))
            for one in works_with_pieces
            if one.work.order_id in of
        )

    def _look_at_works(self, tx: Transaction, midnight: str) -> dict[str, int]:
        """The day's units by the minute, open work's included; and which orders have had work completed."""
        completed = overview.completed_of(tx, self._last_work, self._open_works.keys()) if self._day else []
        self._touched |= {order_id for _, order_id in completed}
        new = [work_id for work_id, _ in completed]
        if self._day != midnight:
            self._day, self._minutes = midnight, {}
            new = overview.completed_since(tx, midnight)
        _add(self._minutes, overview.units_by_minute(tx, new, midnight))
        self._last_work = overview.last_work(tx)
        self._open_works = {one.work.id: one.work.order_id for one in works.everywhere(tx)}
        minutes = dict(self._minutes)
        _add(minutes, overview.units_by_minute(tx, list(self._open_works), midnight))
        return minutes

    def _recount(self, tx: Transaction, order_ids: Sequence[int] | set[int]) -> None:
        for order_id in order_ids:
            self._owed.pop(order_id, None)
        self._owed |= _owed_on(tx, OrderKind.PURCHASE, list(order_ids))

    def _lacking(self, tx: Transaction, lacking: Sequence[Order]) -> list[Stuck]:
        """Packed orders without all their serials: which product lacks how many."""
        ids = [order.id for order in lacking]
        counts = orders.serial_counts(tx, OrderKind.SHIPMENT, ids)
        lines = orders.lines_of(tx, ids)
        lacking_orders = []
        for order in lacking:
            short = [
                f"{visible(line.product.sku)} {count.present} of {count.needed}"
                for line in lines[order.id]
                if (count := counts.get(line.id)) and count.present < count.needed
            ]
            lacking_orders.append(Stuck(order, f"lacks serials: {', '.join(short)}"))
        return lacking_orders

    def _late(self, tx: Transaction, today: str) -> tuple[list[Stuck], int]:
        """Orders whose day has passed, not all packed."""
        late = overview.overdue(tx, today, LISTED)
        counts = overview.progress(tx, [order.id for order in late])
        packing = set(self._open_works.values())
        count = len(late) if len(late) < LISTED else overview.count_overdue(tx, today)
        late_orders = []
        for order in late:
            done = counts[order.id]
            who = "being packed" if order.id in packing else "nobody is packing it"
            late_orders.append(Stuck(order, f"late: {done.done} of {done.wanted} {order.kind.done_word}, {who}"))
        return late_orders, count


def refusals_today(site: Site, reason: str) -> list[str]:
    """What was refused today for one reason, the newest first: when, at which station, what was said."""
    now = site.store.clock()
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    with site.store.read() as tx:
        found = overview.refusals_for(tx, reason, timestamp(midnight), _REFUSALS_TOLD)
    return [f"{local_time(one.at, now)}, {visible(one.station)}: {visible(one.sentence)}" for one in found]


def pace_words(seen: Overview) -> str:
    """The day in words: `430 units today, 112 since 11:00`."""
    if not seen.hours:
        return "No units today yet"
    last = seen.hours[-1]
    since = f", {last.units} since {last.hour:02}:00" if len(seen.hours) > 1 else ""
    return f"{counted(seen.units_today, 'unit')} today{since}"


def _owed_on(tx: Transaction, kind: OrderKind, order_ids: Sequence[int]) -> dict[int, SerialCount]:
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


def _hours(minutes: dict[str, int], now: datetime) -> tuple[Hour, ...]:
    by_hour: dict[int, int] = {}
    for minute, count in minutes.items():
        hour = datetime.fromisoformat(f"{minute}:00+00:00").astimezone().hour
        by_hour[hour] = by_hour.get(hour, 0) + count
    present = now.astimezone().hour
    first = min(by_hour, default=present + 1)
    return tuple(Hour(hour, by_hour.get(hour, 0)) for hour in range(first, max(present, first - 1) + 1))


def _add(sums: dict[str, int], more: dict[str, int]) -> None:
    for minute, count in more.items():
        sums[minute] = sums.get(minute, 0) + count
