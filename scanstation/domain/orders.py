"""Purchase and shipment orders, their lines and what was done to them."""

from dataclasses import dataclass, field

from scanstation.domain.line_parts import Parts
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind, OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The head of an order."""

    id: int
    kind: OrderKind
    warehouse_id: int
    warehouse: str
    client_id: int
    client: str
    number: str
    partner: str
    reference: str
    due: str
    status: OrderStatus
    changes: int = field(default=0, compare=False)
    """How often its lines had changed when it was read."""
    relined: int = field(default=0, compare=False)
    """At which of these changes all lines had to be read again."""
    brings_back: bool = False
    """May units that were shipped come in on it again (RULES 2.22)?"""
    waits_since: str = field(default="", compare=False)
    """Since when it stands as it does, or lacks what was taken out of it again; '' where nobody has touched it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One product of an order; counts in pieces."""

    id: int
    order_id: int
    product: Product
    ordered: int
    done: int
    """By completed work."""
    in_work: int
    """By open work of all stations."""
    closed_short: int = 0
    """What of the ordered nobody waits for any more."""
    parts: Parts = ()
    """The lines of the paper that the product stands on, where its sheet named them."""

    @property
    def wanted(self) -> int:
        """What has to be done for the line to be full."""
        return self.ordered - self.closed_short

    @property
    def left(self) -> int:
        """What can still be taken."""
        return max(0, self.wanted - self.done - self.in_work)


def with_kind(kind: OrderKind, number: str) -> str:
    """An order as people call it.

    >>> with_kind(OrderKind.PURCHASE, "N-1003"), with_kind(OrderKind.PURCHASE, "PO-17")
    ('PO N-1003', 'PO-17')
    """
    return number if number.upper().startswith(kind.value) else f"{kind.value} {number}"


@dataclass(frozen=True, slots=True)
class SerialCount:
    """How many units of a line owe their serials to this step, and how many of the line have them."""

    needed: int = 0
    present: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAct:
    """What a supervisor did to an order."""

    at: str
    act: str
    reason: str
    operator: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order to be loaded."""

    kind: OrderKind
    warehouse_id: int
    client_id: int
    number: str
    partner: str = ""
    reference: str = ""
    due: str = ""
    brings_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePiece:
    """A quantity of a line that completed work took, as far as corrections have left it."""

    id: int
    scenario: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The counts of a whole order, in units; what was closed short is not wanted."""

    wanted: int
    done: int
    in_work: int
