"""At the truck: each shipment order that is scanned leaves at once, or is refused with why."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.commands import Act
from scanstation.domain.language import worded
from scanstation.domain.orders import Order, SerialCount
from scanstation.domain.outcome import Reason, Refused, refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.verdict import Verdict
from scanstation.store import orders
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import Commanded, NoCode, NothingFound, OrdersFound, Unusable, resolve
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.orders.order_book import waits_since
from scanstation.workflows.reports import overview
from scanstation.workflows.scanning.home import DESKS, ToDesk
from scanstation.workflows.site import Site

MOST_READY = 200
_GONE = (OrderStatus.SHIPPED, OrderStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class AtTruck:
    """How one order fared."""

    order: Order
    verdict: Verdict
    refusal: Refused | None = None
    """Why it does not leave; None for one that has left."""

    @property
    def serials_only(self) -> bool:
        """Are missing serials all that is in the way? Then a supervisor may release it (RULES 2.14)."""
        return self.refusal is not None and all(one.name == "serials-missing" for one in self.refusal.reasons)


@dataclass(frozen=True, slots=True)
class ReadyOrder:
    """An order that waits for its truck."""

    order: Order
    units: int
    since: str
    """When it was ready, or became so again; local time."""
    lacks: SerialCount | None = None
    """Its serials, where they are not all there: it cannot leave."""


def ship_scanned(site: Site, scan: Scan) -> AtTruck | ToDesk | Verdict:
    """Ship the order of a scan; a verdict alone where the scan is no shipment order's number.

    Raises:
        StoreError: the store cannot be used.
    """
    meant = resolve(site, scan, lookup.orders)
    match meant:
        case Unusable(verdict):
            return verdict
        case Commanded(command):
            return _command(command.act, scan.text)
        case NoCode(bad):
            return say.bad_code(bad, worded("the number of a {kind}", kind=OrderKind.SHIPMENT.noun))
        case NothingFound(reading):
            unknown = say.unknown_order(reading.text, OrderKind.SHIPMENT)
            site.log_refusal(refused(unknown.reason, unknown.text), code=reading.text)
            return unknown
        case OrdersFound(found, reading):
            chosen = _choose(found, reading.text)
    if isinstance(chosen, Refused):
        first = site.log_refusal(chosen, code=reading.text).reasons[0]
        return say.refused_with(first, reading.text)
    return ship(site, chosen)


def ship(
    site: Site, order: Order, *, without_serials_reason: str | None = None, asked: Sequence[Reason] = ()
) -> AtTruck:
    """Ship one order; a reason to ship it without serials is one for those that are missing as it was asked."""
    outcome = shipment_orders.ship(site, order.id, without_serials_reason=without_serials_reason, asked=asked)
    if isinstance(outcome, Refused):
        return AtTruck(order, say.not_shipped(order.number, outcome), outcome)
    return AtTruck(order, say.shipped(order.number, outcome))


def ready(site: Site) -> list[ReadyOrder]:
    """The orders that are ready, those that are due first; as many as a list is good for."""
    with site.store.read() as tx:
        now = site.store.clock()
        packed = orders.ready_to_ship(tx, MOST_READY)
        owing = overview.owed_on(tx, OrderKind.SHIPMENT, [order.id for order, _ in packed])
        return [
            ReadyOrder(order, counts.done, waits_since(order, now), owing.get(order.id)) for order, counts in packed
        ]


def has_left(site: Site, refused_before: list[AtTruck]) -> set[int]:
    """Which orders that were refused have been shipped since, at whichever station: their ids."""
    waiting = [one.order.id for one in refused_before if one.order.status is not OrderStatus.SHIPPED]
    with site.store.read() as tx:
        return {order_id for order_id in waiting if orders.get(tx, order_id).status is OrderStatus.SHIPPED}


def _choose(candidates: Sequence[Order], number: str) -> Order | Refused:
    """The shipment order of a number; of several, the one that has not left."""
    shipments = [order for order in candidates if order.kind is OrderKind.SHIPMENT]
    here = [order for order in shipments if order.status not in _GONE]
    if len(here) == 1 or (len(shipments) == 1 and not here):
        return (here or shipments)[0]
    if len(shipments) > 1:
        return Refused((say.several_to_ship(number, [(one.client, one.warehouse) for one in shipments]),))
    return Refused((say.not_to_ship(number),))


def _command(act: Act, code: str) -> ToDesk | Verdict:
    if act in DESKS:
        return ToDesk(DESKS[act])
    if act is Act.UNDO:
        return say.shipped_for_good(code)
    if act in (Act.YES, Act.NO):
        return say.no_question(code)
    if act is Act.COMPLETE:
        return say.nothing_to_ship(code)
    return say.order_to_ship_wanted(code)
