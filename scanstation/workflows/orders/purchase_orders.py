"""What a supervisor does to a purchase order: the Receive PO button, closing it short, reopening it, and marking it as
one that brings units back.
"""

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.status import OrderKind, OrderStatus, WorkStatus
from scanstation.domain.tracking import ImportRule
from scanstation.domain.units import Stamp
from scanstation.domain.work import OpenWork
from scanstation.store import orders, works
from scanstation.store.store import Transaction
from scanstation.workflows.orders.discrepancies import open_on
from scanstation.workflows.orders.order_book import (
    Shortfall,
    act_on,
    blank_reason,
    end_empty_work,
    shortfall,
    what_lacks,
    work_in_the_way,
)
from scanstation.workflows.site import Site


def receive_all(site: Site, order_id: int, *, asked: int | None = None) -> Done | Refused:
    """The Receive PO button: receive every outstanding unit of every line, with nothing scanned (RULES 2.2).

    `asked` is how many a person has said yes to: refused where it is another number by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        lines = orders.lines(tx, order_id)
        if hindrance := _receive_all_hindrance(site, tx, order, lines):
            return hindrance
        left = sum(line.left for line in lines)
        if asked not in (None, left):
            return say.not_so_many_asked(order.number, left, asked)
        end_empty_work(tx, works.open_on(tx, order_id), stamp)
        work = works.start(tx, order_id, stamp, WorkStatus.COMPLETED)
        works.close(tx, work.id, WorkStatus.COMPLETED, stamp)
        outstanding = [line for line in lines if line.left]
        for line in outstanding:
            scenario = site.policy(line.product.settings).scenario
            works.add_pieces(tx, work.id, line.id, scenario=scenario, quantities=[line.left], owed=False)
            assert orders.take(tx, line.id, line.left), f"line {line.id} had {line.left} left"
            orders.book(tx, line.id, line.left)
        status = orders.refresh_status(tx, order_id)
        orders.note_act(tx, order_id, "Received by button", stamp)
        taken = sum(line.left for line in outstanding)
        notes = _imports_owed(site, outstanding)
        if order.brings_back:
            notes.append(say.back_by_serial_only())
        return say.all_received(order.number, status.value, taken, notes)

    return act_on(site, Deed.RECEIVE_ORDER, order_id, OrderKind.PURCHASE, act)


def receive_all_hindrance(site: Site, order_id: int) -> Refused | None:
    """Why the Receive PO button would refuse now, for its label; None when it would not. Nothing is logged."""
    with site.store.read() as tx:
        return _receive_all_hindrance(site, tx, orders.get(tx, order_id), orders.lines(tx, order_id))


def close_short(site: Site, order_id: int, reason: str, *, asked: Shortfall | None = None) -> Done | Refused:
    """End a purchase order that will not be received in full; what was ordered stays written.

    `asked` is what was missing as a person said yes: refused where it is something else by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        if refusal := closing_refused(site, tx, order):
            return refusal
        if asked not in (None, lacks := what_lacks(orders.lines(tx, order_id))):
            return say.lacks_otherwise(order.number, lacks.texts)
        if blank := blank_reason(order.number, reason, "closed short"):
            return blank
        return close_now(site, tx, order, stamp, reason)

    return act_on(site, Deed.CLOSE_SHORT, order_id, OrderKind.PURCHASE, act)


def lacking(site: Site, order_id: int) -> Shortfall | Refused:
    """What an order lacks that is to be closed short, for the question; a refusal is logged."""
    with site.store.read() as tx:
        refusal = closing_refused(site, tx, orders.get(tx, order_id))
        if refusal is None:
            return what_lacks(orders.lines(tx, order_id))
    return site.log_refusal(refusal, order_id=order_id)


def closing_refused(site: Site, tx: Transaction, order: Order) -> Refused | None:
    """Why an order cannot be closed short; None where it can."""
    if order.status is OrderStatus.COMPLETED:
        return say.nothing_to_close(visible(order.number))
    busy = [one for one in works.open_on(tx, order.id) if one.pieces]
    return Refused(work_in_the_way(order, busy, site.store.clock())) if busy else None


def close_now(_site: Site, tx: Transaction, order: Order, stamp: Stamp, reason: str) -> Done:
    """Close an order short that is locked, and of which nothing speaks against it."""
    end_empty_work(tx, works.open_on(tx, order.id), stamp)
    lines = orders.lines(tx, order.id)
    for line in lines:
        orders.set_closed_short(tx, line.id, max(0, line.ordered - line.done))
    orders.refresh_status(tx, order.id)
    orders.note_act(tx, order.id, "Closed short", stamp, reason.strip())
    done, ordered = sum(line.done for line in lines), sum(line.ordered for line in lines)
    notes = (*shortfall(lines), *open_on(tx, order.id))
    return say.receipt_closed_short(order.number, done, ordered, notes)


def reopen(site: Site, order_id: int, reason: str) -> Done | Refused:
    """Let a purchase order that was closed short take goods again.

    One whose every line is full is refused: its counts would make it Completed again at once. It reopens by
    itself when a received unit is taken back (`unreceive`).
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        number = visible(order.number)
        if order.status is not OrderStatus.COMPLETED:
            return say.not_completed(number, status=order.status.value)
        lines = orders.lines(tx, order_id)
        if not any(line.closed_short for line in lines):
            return say.nothing_to_reopen(number)
        if blank := blank_reason(order.number, reason, "reopened"):
            return blank
        orders.note_act(tx, order_id, "Reopened", stamp, reason.strip())
        for line in lines:
            orders.set_closed_short(tx, line.id, 0)
        lines = orders.lines(tx, order_id)
        status = orders.refresh_status(tx, order_id)
        left = sum(line.left for line in lines)
        return say.receipt_reopened(number, status.value, left, shortfall(lines))

    return act_on(site, Deed.REOPEN, order_id, OrderKind.PURCHASE, act)


def mark_returns(site: Site, order_id: int, reason: str, *, off: bool = False) -> Done | Refused:
    """Let units that were shipped come in on an order again, or (`off`) no longer (RULES 2.22)."""

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        number = visible(order.number)
        if order.brings_back is not off:
            return say.marked_already(number, brings_back=order.brings_back)
        if blank := blank_reason(order.number, reason, "marked so"):
            return blank
        orders.set_brings_back(tx, order_id, brings_back=not off)
        orders.note_act(tx, order_id, NO_RETURNS if off else RETURNS, stamp, reason.strip())
        return say.returns_marked(number, off=off)

    return act_on(site, Deed.MARK_RETURNS, order_id, OrderKind.PURCHASE, act)


RETURNS, NO_RETURNS = "Marked as bringing units back", "No longer brings units back"


def _receive_all_hindrance(site: Site, tx: Transaction, order: Order, lines: list[OrderLine]) -> Refused | None:
    number = visible(order.number)
    if not order.status.takes_goods:
        return say.takes_no_receiving(number, status=order.status.value)
    # A line that loading dropped stands at 0 of 0 and asks nothing any more.
    scanned = [
        line
        for line in lines
        if (line.ordered or line.done) and not site.policy(line.product.settings).receive_po_allowed
    ]
    if scanned:
        return Refused(tuple(_must_be_scanned(site, order, line) for line in scanned))
    if busy := [one for one in works.open_on(tx, order.id) if not _just_opened_here(site, one)]:
        return Refused(work_in_the_way(order, busy, site.store.clock()))
    if not any(line.left for line in lines):
        return say.nothing_to_receive(number)
    return None


def _just_opened_here(site: Site, one: OpenWork) -> bool:
    """Does this station merely show the order? Whoever presses the button knows of that."""
    return one.pieces == 0 and code_key(one.work.station) == code_key(site.station)


def _must_be_scanned(site: Site, order: Order, line: OrderLine) -> Reason:
    asks = site.policy(line.product.settings).receiving_asks.value
    return say.must_be_scanned(sku=line.product.sku, asks=asks, number=order.number)


def _imports_owed(site: Site, lines: list[OrderLine]) -> list[str]:
    return [
        say.import_owed(line.product.sku, line.left)
        for line in lines
        if site.policy(line.product.settings).po_import is ImportRule.NEEDED
    ]
