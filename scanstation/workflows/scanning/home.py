"""The front door: what a code means before any order is on a desk, and what this station left open."""

from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, read_code, shorten
from scanstation.domain.commands import Act
from scanstation.domain.orders import Order
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict, stop
from scanstation.store import orders, works
from scanstation.store.store import Transaction
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.reports import tracing
from scanstation.workflows.reports.tracing import Life
from scanstation.workflows.scanning.desk import owes_first
from scanstation.workflows.site import Site, local_time

_DUE_NEXT = 12


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A receipt or a packing that this station has not completed."""

    order: Order
    pieces: int
    owes: bool
    since: str
    """Local time."""


@dataclass(frozen=True, slots=True)
class ToDesk:
    """A command barcode that leads to a desk, or stays at home (None)."""

    kind: OrderKind | None


@dataclass(frozen=True, slots=True)
class Traced:
    """The code belongs to units."""

    code: str
    lives: tuple[Life, ...]


def own_work(site: Site) -> tuple[OwnWork, ...]:
    """What this station can go on with, the newest first."""
    with site.store.read() as tx:
        found = works.open_at(tx, site.station)
        now = site.store.clock()
        return tuple(
            OwnWork(orders.get(tx, one.work.order_id), one.pieces, one.owes, local_time(one.work.opened_at, now))
            for one in found
            if one.pieces
        )


def due_next(site: Site, kind: OrderKind) -> tuple[Order, ...]:
    """The orders to go on with: as many as an empty desk has room for, those that are due first."""
    with site.store.read() as tx:
        return tuple(orders.due_next(tx, kind, _DUE_NEXT))


def meaning(site: Site, scan: Scan) -> Order | Traced | ToDesk | Verdict:
    """What a scan at the front door is: an order, a unit, a command, or nothing known.

    Raises:
        StoreError: the store cannot be used.
    """
    if scan.fault:
        return say.faulty(scan.text, scan.fault)
    reading = interpret(scan.text, command_prefix=site.rules.command_prefix)
    if reading.command:
        if reading.command.act in DESKS:
            return ToDesk(DESKS[reading.command.act])
        return say.no_order_open(scan.text)
    if reading.fault:
        return say.faulty(reading.text, reading.fault)
    unknown = stop(
        "unknown-code", f"{shorten(scan.text)} is not known here. Scan the number of an order, or a serial.", scan.text
    )
    text = reading.text if reading.is_plain else reading.serial or reading.secondary
    if text is None:
        return unknown
    code = read_code(text)
    if isinstance(code, BadCode):
        return stop("bad-code", f"{code}. Scan it again.", code.text)
    with site.store.read() as tx:
        found = _orders(tx, code.text)
    if len(found) == 1:
        return found[0]
    if found:
        used = " and ".join(f"a {order.kind.noun} of {order.client} in {order.warehouse}" for order in found)
        return stop(
            "ambiguous-order",
            f"{shorten(scan.text)} is {used}. Open the right one from the list of orders.",
            scan.text,
        )
    if lives := tracing.trace(site, code.text):
        return Traced(code.text, lives)
    return unknown


def opened(site: Site, scan: Scan) -> Order | Traced | ToDesk | Verdict:
    """The same where an order is opened: another one has to wait while this station's work owes a serial.

    Raises:
        StoreError: the store cannot be used.
    """
    meant = meaning(site, scan)
    if isinstance(meant, Order):
        with site.store.read() as tx:
            return owes_first(tx, site.station, meant) or meant
    return meant


def _orders(tx: Transaction, number: str) -> list[Order]:
    """The orders of a number: those that still take goods, if any do."""
    found = orders.find(tx, number)
    return [order for order in found if order.status.takes_goods] or found


DESKS: dict[Act, OrderKind | None] = {
    Act.HOME: None,
    Act.RECEIVE: OrderKind.PURCHASE,
    Act.PACK: OrderKind.SHIPMENT,
}
"""Where command barcodes lead to where no order is on a desk; None is Home."""
