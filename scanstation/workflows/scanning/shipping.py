"""At the truck: each shipment order that is scanned leaves at once, or is refused with why."""

from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, read_code, shorten, visible
from scanstation.domain.commands import Act
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Refused, refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.verdict import Tone, Verdict, check, ok, stop
from scanstation.store import orders
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.scanning.home import DESKS, ToDesk
from scanstation.workflows.site import Site

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
        """Are missing serials all that is in the way? Then a supervisor may let it go (RULES 2.14)."""
        return self.refusal is not None and all(one.name == "serials-missing" for one in self.refusal.reasons)


def ship_scanned(site: Site, scan: Scan) -> AtTruck | ToDesk | Verdict:
    """Ship the order of a scan; a verdict alone where the scan is no shipment order's number.

    Raises:
        StoreError: the store cannot be used.
    """
    if scan.fault:
        return say.faulty(scan.text, scan.fault)
    reading = interpret(scan.text, command_prefix=site.rules.command_prefix)
    if reading.command:
        return _command(reading.command.act, scan.text)
    if reading.fault:
        return say.faulty(reading.text, reading.fault)
    if not reading.is_plain:  # a label in fields is never an order's number
        return say.unknown_order(reading.text, OrderKind.SHIPMENT)
    code = read_code(reading.text)
    if isinstance(code, BadCode):
        return stop("bad-code", f"{code}. Scan the number of the order.", code.text)
    found = _choose(site, code.text)
    if isinstance(found, Refused):
        first = found.reasons[0]
        return stop(first.name, first.text, code.text)
    return ship(site, found)


def ship(site: Site, order: Order, *, without_serials_reason: str | None = None) -> AtTruck:
    """Ship one order."""
    outcome = shipment_orders.ship(site, order.id, without_serials_reason=without_serials_reason)
    if isinstance(outcome, Refused):
        first = outcome.reasons[0]
        more = f" And {len(outcome.reasons) - 1} products more." if len(outcome.reasons) > 1 else ""
        return AtTruck(order, stop(first.name, first.text + more, order.number), outcome)
    text = " ".join([outcome.text, *outcome.notes])
    return AtTruck(order, Verdict(Tone.OK, text, shorten(order.number)))


def shipped_before(number: str, at: str) -> Verdict:
    """An order that was scanned and has left, a second time."""
    return check("shipped-before", f"{visible(number)} is shipped already, here at {at}. Scan the next order.", number)


def has_left(site: Site, refused_before: list[AtTruck]) -> set[int]:
    """Which orders that were refused have been shipped since, at whichever station: their ids."""
    waiting = [one.order.id for one in refused_before if one.order.status is not OrderStatus.SHIPPED]
    with site.store.read() as tx:
        return {order_id for order_id in waiting if orders.get(tx, order_id).status is OrderStatus.SHIPPED}


def _choose(site: Site, number: str) -> Order | Refused:
    """The shipment order of a number; of several, the one that has not left."""
    with site.store.read() as tx:
        found = orders.find(tx, number)
    shipments = [order for order in found if order.kind is OrderKind.SHIPMENT]
    here = [order for order in shipments if order.status not in _GONE]
    if len(here) == 1 or (len(shipments) == 1 and not here):
        return (here or shipments)[0]
    shown = shorten(number)
    if len(shipments) > 1:
        places = " and ".join(f"{visible(one.client)} in {visible(one.warehouse)}" for one in shipments)
        text = f"{shown} is an order of {places}. Open the right one from the list of shipment orders."
        return site.log_refusal(refused("ambiguous-order", text), code=number)
    if found:
        text = f"{shown} is a purchase order: it is not shipped. Scan the number of a shipment order."
        return site.log_refusal(refused("wrong-kind", text), code=number)
    text = f"{shown} is not an order here. Scan the number of a shipment order."
    return site.log_refusal(refused("unknown-order", text), code=number)


def _command(act: Act, code: str) -> ToDesk | Verdict:
    if act in DESKS:
        return ToDesk(DESKS[act])
    if act is Act.UNDO:
        text = "Shipped cannot be taken back. Was it the wrong order? Keep it here, and tell your supervisor."
        return check("cannot-undo", text, code)
    if act in (Act.YES, Act.NO):
        return say.no_question(code)
    if act is Act.COMPLETE:
        return ok("Nothing to complete: each order has left as it was scanned. Scan the next one.", code)
    return check("no-order", "Each order scanned here leaves at once. Scan the number of an order.", code)
