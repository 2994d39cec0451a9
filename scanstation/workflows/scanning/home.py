"""The front door: what a code means before any order is on a desk, and what this station left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scanstation.domain import days
from scanstation.domain import sentences as say
from scanstation.domain.commands import Act
from scanstation.domain.days import SaidDay
from scanstation.domain.language import worded
from scanstation.domain.orders import Order, Progress
from scanstation.domain.plurals import counted
from scanstation.domain.products import ListedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.returns import Owed
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.store import counts as stock_counts
from scanstation.store import orders, returns, works
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import (
    Commanded,
    Look,
    NoCode,
    NothingFound,
    OrdersFound,
    ProductsFound,
    ReturnsFound,
    StockCountFound,
    TransferFound,
    UnitsFound,
    Unusable,
    resolve,
)
from scanstation.workflows.reports import tracing
from scanstation.workflows.reports.today import Day, Today
from scanstation.workflows.reports.tracing import Life
from scanstation.workflows.scanning.order_on_desk import owes_first
from scanstation.workflows.scanning.views import ScreenTarget
from scanstation.workflows.site import Site, local_time

_DUE_NEXT = 12
_NEXT_AT_HOME = 5
_WANTING = 5
LOOKS: tuple[Look[OrdersFound | ReturnsFound | TransferFound | StockCountFound | UnitsFound | ProductsFound], ...] = (
    lookup.orders,
    lookup.returned,
    lookup.transfer,
    lookup.stock_count,
    lookup.units,
    lookup.products,
    lookup.products_after_identifier,
    lookup.units_by_marks,
)
"""What a scan may stand for at the front door, in this order."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A receipt or a packing that this station has not completed."""

    order: Order
    pieces: int
    owes: bool
    since: str
    """Local time."""


@dataclass(frozen=True, slots=True)
class OwnReturn:
    """A return that this station has not completed."""

    number: str
    pieces: int
    owes: bool
    since: str
    """Local time."""


@dataclass(frozen=True, slots=True)
class OwnCount:
    """An open count that this station has counted on; others may count on it too."""

    number: str
    pieces: int
    """By this station."""
    since: str
    """Local time."""


@dataclass(frozen=True, slots=True)
class NextOrder:
    """An order to go on with."""

    order: Order
    counts: Progress

    def why(self, today: date) -> tuple[SaidDay, str]:
        """Why it is this one's turn: its day, and what is left of it."""
        counts = self.counts
        units = counted(max(0, counts.wanted - counts.done - counts.in_work), "unit")
        if counts.in_work:
            return days.due(self.order, today), worded(
                "{units} left, {count} in hand", units=units, count=counts.in_work
            )
        return days.due(self.order, today), worded("{units} left", units=units)


@dataclass(frozen=True, slots=True)
class ToReturn:
    """The code is the number of a return."""

    number: str


@dataclass(frozen=True, slots=True)
class ToTransfer:
    """The code is the number of a transfer."""

    number: str


@dataclass(frozen=True, slots=True)
class ToCount:
    """The code is the number of a count."""

    number: str


@dataclass(frozen=True, slots=True)
class ToDesk:
    """A command barcode that leads to a desk, or stays at home."""

    place: ScreenTarget


@dataclass(frozen=True, slots=True)
class Traced:
    """The code belongs to units."""

    code: str
    lives: tuple[Life, ...]


@dataclass(frozen=True, slots=True)
class AtHome:
    """What Home shows beside its menu, as of one moment."""

    works: tuple[OwnWork, ...] = ()
    own_return: OwnReturn | None = None
    own_counts: tuple[OwnCount, ...] = ()
    today: Today | None = None
    """Where there is room for it."""
    next: tuple[tuple[OrderKind, tuple[NextOrder, ...], int], ...] = ()
    """For each kind the orders to go on with, and of how many they are the first."""


def at_home(site: Site, day: Day | None = None) -> AtHome:
    """What this station left open, and how the day stands where that is wanted: in one read."""
    with site.store.read() as tx:
        now = site.store.clock()
        works, own_return = _own_work(tx, site.station, now), _own_return(tx, site.station, now)
        own_counts = _own_counts(tx, site.station, now)
        if day is None:
            return AtHome(works, own_return, own_counts)
        today, _ = day.look(tx, now)
        waiting = {OrderKind.SHIPMENT: today.to_pack, OrderKind.PURCHASE: today.to_receive}
        return AtHome(
            works,
            own_return,
            own_counts,
            today,
            tuple((kind, _next(tx, kind, _NEXT_AT_HOME), count) for kind, count in waiting.items() if count),
        )


def own_work(site: Site) -> tuple[OwnWork, ...]:
    """What this station can go on with, the newest first."""
    with site.store.read() as tx:
        return _own_work(tx, site.station, site.store.clock())


def _own_work(tx: Transaction, station: str, now: datetime) -> tuple[OwnWork, ...]:
    return tuple(
        OwnWork(orders.get(tx, one.work.order_id), one.pieces, one.owes, local_time(one.work.opened_at, now))
        for one in works.open_at(tx, station)
        if one.pieces
    )


def _own_return(tx: Transaction, station: str, now: datetime) -> OwnReturn | None:
    work = returns.own(tx, station)
    pieces = returns.pieces(tx, work.id) if work else []
    if work is None or not pieces:
        return None
    owes = any(piece.owed is not Owed.NOTHING for piece in pieces)
    since = local_time(work.opened_at, now)
    return OwnReturn(returns.get(tx, work.return_id).number, sum(piece.quantity for piece in pieces), owes, since)


def _own_counts(tx: Transaction, station: str, now: datetime) -> tuple[OwnCount, ...]:
    """The open counts that a station can go on with, the newest first."""
    return tuple(
        OwnCount(number, pieces, local_time(since, now))
        for number, pieces, since in stock_counts.open_of_station(tx, station)
    )


def due_next(site: Site, kind: OrderKind) -> tuple[tuple[NextOrder, ...], int]:
    """The orders to go on with, as many as an empty desk has room for, those that are due first; and of how many."""
    with site.store.read() as tx:
        return _next(tx, kind, _DUE_NEXT), orders.waiting(tx, kind)


def _next(tx: Transaction, kind: OrderKind, limit: int) -> tuple[NextOrder, ...]:
    return tuple(NextOrder(order, counts) for order, counts in orders.due_next(tx, kind, limit))


def meaning(site: Site, scan: Scan) -> Order | Traced | ToDesk | ToReturn | ToTransfer | ToCount | Verdict:
    """What a scan at the front door is: an order, a unit, a command, or why it is none of these.

    Raises:
        StoreError: the store cannot be used.
    """
    meant = resolve(site, scan, *LOOKS)
    match meant:
        case Unusable(verdict):
            return verdict
        case Commanded(command):
            return ToDesk(DESKS[command.act]) if command.act in DESKS else say.no_order_open(scan.text)
        case OrdersFound(found, reading):
            return _one_of(reading.text, found)
        case ReturnsFound(found, _):
            return ToReturn(found[0].number)
        case TransferFound(number):
            return ToTransfer(number)
        case StockCountFound(number):
            return ToCount(number)
        case UnitsFound(code, units):
            with site.store.read() as tx:
                return Traced(code.text, tracing.lives(tx, units))
        case ProductsFound(products, reading):
            return _product_alone(site, reading, products)
        case NoCode(bad):
            return say.bad_code(bad, "the number of an order, or a serial")
        case NothingFound(reading):
            return say.unknown_anywhere(reading.text)


def opened(site: Site, scan: Scan) -> Order | Traced | ToDesk | ToReturn | ToTransfer | ToCount | Verdict:
    """The same where an order is opened: another one has to wait while this station's work owes a serial.

    Raises:
        StoreError: the store cannot be used.
    """
    meant = meaning(site, scan)
    if isinstance(meant, Order):
        with site.store.read() as tx:
            return owes_first(tx, site.station, meant) or meant
    return meant


def _one_of(number: str, candidates: Sequence[Order]) -> Order | Verdict:
    """The order of a number: of several, the one that still takes goods."""
    meant = [order for order in candidates if order.status.takes_goods] or candidates
    if len(meant) == 1:
        return meant[0]
    return say.order_shared(number, [_place(order) for order in meant])


def _place(order: Order) -> str:
    client, warehouse = order.client, order.warehouse
    return worded("a {kind} of {client} in {warehouse}", kind=order.kind.noun, client=client, warehouse=warehouse)


def _product_alone(site: Site, reading: Reading, candidates: Sequence[ListedProduct]) -> Verdict:
    """A product, where nothing is received or packed: the orders that want it."""
    with site.store.read() as tx:
        wanting = [
            f"{kind.value} {order.number}"
            for kind in OrderKind
            for order in [order for one in candidates for order in orders.wanting(tx, kind, one.product.id)][:_WANTING]
        ]
    skus = [f"{one.product.sku} of {one.client}" if len(candidates) > 1 else one.product.sku for one in candidates]
    return say.product_alone(reading.text, skus, wanting, on_label=not reading.is_plain)


DESKS: dict[Act, ScreenTarget] = {
    Act.HOME: ScreenTarget.HOME,
    Act.RECEIVE: ScreenTarget.RECEIVE,
    Act.PACK: ScreenTarget.PACK,
    Act.RETURN: ScreenTarget.RETURN,
    Act.TRANSFER: ScreenTarget.TRANSFER,
    Act.COUNT: ScreenTarget.COUNT,
}
"""Where command barcodes lead to where no order is on a desk."""
