"""Where a unit stands, where an order stands, and the moves between."""

from dataclasses import dataclass
from enum import StrEnum

from scanstation.domain.language import word


class UnitStatus(StrEnum):
    """The status of a serial unit. The Serial Number Report knows Received, Packed and Shipped."""

    HELD = "Held"
    """Its codes are taken by open work that would create it; not yet a unit to anybody else."""
    RECEIVED = "Received"
    PACKED = "Packed"
    SHIPPED = "Shipped"
    IN_TRANSIT = "In transit"
    """Between two warehouses, on a transfer; reports know it as Received, and say where it goes."""
    DISPOSED = "Disposed"
    """Scrapped, returned to its vendor, lost or given away: no stock any more, but its codes stay its own."""
    GONE = "Gone"
    """Removed or unpacked out of existence; its codes are free again, `trace` still knows it."""

    @property
    def has_left(self) -> bool:
        """Is such a unit no longer in the house?"""
        return self in (UnitStatus.SHIPPED, UnitStatus.DISPOSED)


class Move(StrEnum):
    """What can happen to a unit; each happening is one event."""

    RECEIVE = "Received"
    PACK = "Packed"
    SHIP = "Shipped"
    UNPACK = "Unpacked"
    UNSHIP = "Unshipped"
    REMOVE = "Removed"
    CORRECT = "Corrected"
    RETURN = "Returned"
    DISPOSE = "Disposed"
    REGRADE = "Regraded"
    SEND = "Sent"
    ARRIVE = "Arrived"
    BRING_BACK = "Brought back"
    LOSE = "Lost"
    FIND = "Found again"
    """What a count had written off, or a transfer lost, is there after all."""
    HOLD = "On hold"
    LIFT = "Hold lifted"


@dataclass(frozen=True, slots=True)
class _Arrow:
    before: UnitStatus
    after: UnitStatus


ARROWS: dict[Move, tuple[_Arrow, ...]] = {
    Move.RECEIVE: (_Arrow(UnitStatus.HELD, UnitStatus.RECEIVED),),
    Move.PACK: (_Arrow(UnitStatus.HELD, UnitStatus.PACKED), _Arrow(UnitStatus.RECEIVED, UnitStatus.PACKED)),
    Move.SHIP: (_Arrow(UnitStatus.PACKED, UnitStatus.SHIPPED),),
    Move.UNPACK: (_Arrow(UnitStatus.PACKED, UnitStatus.RECEIVED),),
    Move.UNSHIP: (_Arrow(UnitStatus.SHIPPED, UnitStatus.PACKED),),
    Move.RETURN: (_Arrow(UnitStatus.SHIPPED, UnitStatus.RECEIVED), _Arrow(UnitStatus.HELD, UnitStatus.RECEIVED)),
    Move.DISPOSE: (_Arrow(UnitStatus.RECEIVED, UnitStatus.DISPOSED),),
    Move.SEND: (_Arrow(UnitStatus.RECEIVED, UnitStatus.IN_TRANSIT),),
    Move.ARRIVE: (_Arrow(UnitStatus.IN_TRANSIT, UnitStatus.RECEIVED),),
    Move.BRING_BACK: (_Arrow(UnitStatus.IN_TRANSIT, UnitStatus.RECEIVED),),
    Move.LOSE: (_Arrow(UnitStatus.IN_TRANSIT, UnitStatus.DISPOSED),),
    Move.FIND: (_Arrow(UnitStatus.DISPOSED, UnitStatus.RECEIVED),),
    Move.REMOVE: (_Arrow(UnitStatus.RECEIVED, UnitStatus.GONE), _Arrow(UnitStatus.PACKED, UnitStatus.GONE)),
}
"""Every way a status may change; the store refuses all others. A correction changes no status, nor does a
regrade or a hold."""

TELLS_NO_PLACE = (Move.CORRECT, Move.REGRADE, Move.HOLD, Move.LIFT)
"""Events that say nothing of where a unit is."""


class OrderKind(StrEnum):
    """A purchase order brings goods in, a shipment order sends them out."""

    PURCHASE = "PO"
    SHIPMENT = "SO"

    @property
    def noun(self) -> str:
        """What people call it."""
        return word("purchase order") if self is OrderKind.PURCHASE else word("shipment order")

    @property
    def work_word(self) -> str:
        """What work on it is called."""
        return word("receipt") if self is OrderKind.PURCHASE else word("packing")

    @property
    def done_word(self) -> str:
        """What its units are when that work is done."""
        return word("received") if self is OrderKind.PURCHASE else word("packed")


class OrderStatus(StrEnum):
    """Where an order stands (RULES 2.3)."""

    OPEN = "Open"
    PARTIALLY_RECEIVED = "Partially Received"
    COMPLETED = "Completed"
    PACKING = "Packing"
    READY_TO_SHIP = "Ready to Ship"
    SHIPPED = "Shipped"
    CANCELLED = "Cancelled"

    @property
    def takes_goods(self) -> bool:
        """Can goods still be received or packed on an order of this status?"""
        return self in (OrderStatus.OPEN, OrderStatus.PARTIALLY_RECEIVED, OrderStatus.PACKING)


def order_status(kind: OrderKind, *, wanted: int, done: int, open_work: bool, was_packed: bool = False) -> OrderStatus:
    """The status that an order's counts make it (before anyone closes, ships or cancels it).

    Args:
        kind: purchase or shipment.
        wanted: units ordered on all lines, without what was closed short.
        done: units received or packed by completed work, on all lines; never above a line's order.
        open_work: does open work hold units of the order?
        was_packed: has packing of a shipment order been completed before? Unpacking its last unit leaves it in
            Packing (2.15), whatever is scanned and undone on it afterwards.
    """
    if kind is OrderKind.PURCHASE:
        if done >= wanted:
            return OrderStatus.COMPLETED
        return OrderStatus.PARTIALLY_RECEIVED if done else OrderStatus.OPEN
    if done >= wanted and not open_work:
        return OrderStatus.READY_TO_SHIP
    return OrderStatus.PACKING if done or open_work or was_packed else OrderStatus.OPEN


class WorkStatus(StrEnum):
    """Where a receipt or a packing stands."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    TAKEN_OVER = "taken over"
