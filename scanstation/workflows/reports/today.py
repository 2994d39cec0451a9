"""Today: what was received, packed and shipped, apart from each other, and what waits.

Nobody is timed: the units are the site's, of all stations together.
"""

from dataclasses import dataclass
from datetime import datetime

from scanstation.domain.language import worded
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.store import overview, works
from scanstation.store.store import Transaction, timestamp

WAITING = {
    OrderKind.PURCHASE: (OrderStatus.OPEN, OrderStatus.PARTIALLY_RECEIVED),
    OrderKind.SHIPMENT: (OrderStatus.OPEN, OrderStatus.PACKING),
}
_Minute = tuple[OrderKind, str]


@dataclass(frozen=True, slots=True)
class Hour:
    """The units of one hour of today, local time."""

    hour: int
    units: int


@dataclass(frozen=True, slots=True)
class Today:
    """The day as of one moment."""

    received: int = 0
    """Units, those in open work too."""
    packed: int = 0
    shipped: int = 0
    shipped_orders: int = 0
    to_receive: int = 0
    """Orders, as those below."""
    to_pack: int = 0
    to_ship: int = 0
    received_by_hour: tuple[Hour, ...] = ()
    """From the first hour with units of any kind to the present one."""
    packed_by_hour: tuple[Hour, ...] = ()

    def counts(self) -> tuple[tuple[int, str], ...]:
        """How many, and of what."""
        shipped = self._orders_shipped()
        if self.shipped:
            shipped = worded("{shipped}, {units} in them", shipped=shipped, units=counted(self.shipped, "unit"))
        return (
            (self.received, worded("unit received" if self.received == 1 else "units received")),
            (self.packed, worded("unit packed" if self.packed == 1 else "units packed")),
            (self.shipped_orders, shipped),
            (self.to_receive, worded("order to receive" if self.to_receive == 1 else "orders to receive")),
            (self.to_pack, worded("order to pack" if self.to_pack == 1 else "orders to pack")),
            (self.to_ship, worded("order to ship" if self.to_ship == 1 else "orders to ship")),
        )

    def _orders_shipped(self) -> str:
        return worded("order shipped" if self.shipped_orders == 1 else "orders shipped")

    def in_brief(self) -> tuple[tuple[int, str], ...]:
        """The same where lists below say what is to be received and packed."""
        return (
            (self.received, worded("received")),
            (self.packed, worded("packed")),
            (self.shipped_orders, self._orders_shipped()),
            (self.to_ship, worded("to ship")),
        )

    def by_hour(self) -> tuple[tuple[str, tuple[Hour, ...]], ...]:
        """What is counted, and the hours."""
        return (worded("Units received, by the hour"), self.received_by_hour), (
            worded("Units packed, by the hour"),
            self.packed_by_hour,
        )


NOTHING_YET = Today()


class Day:
    """Looks at the day again and again, each time at what may have changed only."""

    def __init__(self) -> None:
        self._day = ""
        self._minutes: dict[_Minute, int] = {}
        """The units of completed work today, by the minute of their scan."""
        self._last_work = 0
        self._first_act = 0
        self.open_works: dict[int, int] = {}
        """Work id → order id, of all stations."""

    def look(self, tx: Transaction, now: datetime) -> tuple[Today, set[int]]:
        """The day as it is now, and the orders on which work was completed since the last look."""
        midnight = timestamp(now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0))
        completed = overview.completed_of(tx, self._last_work, self.open_works.keys()) if self._day else []
        new = [work_id for work_id, _ in completed]
        if self._day != midnight:
            self._day, self._minutes = midnight, {}
            new = overview.completed_since(tx, midnight)
            self._first_act = overview.first_act_since(tx, midnight)
        _add(self._minutes, overview.units_by_minute(tx, new, midnight))
        self._last_work = overview.last_work(tx)
        self.open_works = {one.work.id: one.work.order_id for one in works.everywhere(tx)}
        minutes = dict(self._minutes)
        _add(minutes, overview.units_by_minute(tx, list(self.open_works), midnight))
        shipped_orders, shipped = overview.shipped_by(tx, self._first_act)
        today = Today(
            received=_sum(minutes, OrderKind.PURCHASE),
            packed=_sum(minutes, OrderKind.SHIPMENT),
            shipped=shipped,
            shipped_orders=shipped_orders,
            to_receive=overview.count_with_status(tx, OrderKind.PURCHASE, WAITING[OrderKind.PURCHASE]),
            to_pack=overview.count_with_status(tx, OrderKind.SHIPMENT, WAITING[OrderKind.SHIPMENT]),
            to_ship=overview.count_with_status(tx, OrderKind.SHIPMENT, [OrderStatus.READY_TO_SHIP]),
            received_by_hour=_hours(minutes, OrderKind.PURCHASE, now),
            packed_by_hour=_hours(minutes, OrderKind.SHIPMENT, now),
        )
        return today, {order_id for _, order_id in completed}


def _sum(minutes: dict[_Minute, int], kind: OrderKind) -> int:
    return sum(count for (of, _), count in minutes.items() if of is kind)


def _hours(minutes: dict[_Minute, int], kind: OrderKind, now: datetime) -> tuple[Hour, ...]:
    """Of one kind; of both the same hours, so that two plots below each other are read as one."""
    by_hour: dict[int, int] = {}
    for (of, minute), count in minutes.items():
        hour = datetime.fromisoformat(f"{minute}:00+00:00").astimezone().hour
        by_hour[hour] = by_hour.get(hour, 0) + (count if of is kind else 0)
    present = now.astimezone().hour
    first = min(by_hour, default=present + 1)
    return tuple(Hour(hour, by_hour.get(hour, 0)) for hour in range(first, max(present, first - 1) + 1))


def _add(sums: dict[_Minute, int], more: dict[_Minute, int]) -> None:
    for minute, count in more.items():
        sums[minute] = sums.get(minute, 0) + count
