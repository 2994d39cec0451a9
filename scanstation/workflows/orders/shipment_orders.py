"""What a supervisor does to a shipment order: closing it short, cancelling it, shipping it."""

from collections.abc import Sequence
from datetime import datetime

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import english, joined
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, OrderStatus, WorkStatus
from scanstation.domain.units import Moved, ShippedUnit, Stamp
from scanstation.domain.work import Work
from scanstation.store import batches, boxes, events, holds, moves, orders, returns, works
from scanstation.store import units as serial_units
from scanstation.store.overview import SHIPPED, WITHOUT_SERIALS
from scanstation.store.store import Transaction
from scanstation.store.units import chunks
from scanstation.workflows.orders.order_book import (
    Shortfall,
    act_on,
    blank_reason,
    end_empty_work,
    shortfall,
    what_lacks,
    work_in_the_way,
)
from scanstation.workflows.site import Site, local_time


def close_short(site: Site, order_id: int, reason: str, *, asked: Shortfall | None = None) -> Done | Refused:
    """Ship what is packed: the order is Ready to Ship, and what was ordered stays written.

    `asked` is what was missing as a person said yes: refused where it is something else by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        number = visible(order.number)
        lines = orders.lines(tx, order_id)
        if refusal := _closing_refused(site, tx, order, lines):
            return refusal
        if asked not in (None, lacks := what_lacks(lines)):
            return say.lacks_otherwise(order.number, lacks.texts)
        if blank := blank_reason(order.number, reason, "closed short"):
            return blank
        end_empty_work(tx, works.open_on(tx, order_id), stamp)
        for line in lines:
            orders.set_closed_short(tx, line.id, max(0, line.ordered - line.done))
        status = orders.refresh_status(tx, order_id)
        short = shortfall(lines)
        orders.note_act(tx, order_id, f"Closed short: {english(joined(short))}", stamp, reason.strip())
        return say.packing_closed_short(number, status.value, short)

    return act_on(site, Deed.CLOSE_SHORT, order_id, OrderKind.SHIPMENT, act)


def lacking(site: Site, order_id: int) -> Shortfall | Refused:
    """What an order lacks that is to be closed short, for the question; a refusal is logged."""
    with site.store.read() as tx:
        lines = orders.lines(tx, order_id)
        refusal = _closing_refused(site, tx, orders.get(tx, order_id), lines)
    return what_lacks(lines) if refusal is None else site.log_refusal(refusal, order_id=order_id)


def _closing_refused(site: Site, tx: Transaction, order: Order, lines: Sequence[OrderLine]) -> Refused | None:
    number = visible(order.number)
    if not order.status.takes_goods:
        return say.too_late_to_close(number, status=order.status.value)
    if busy := [one for one in works.open_on(tx, order.id) if one.pieces]:
        return Refused(work_in_the_way(order, busy, site.store.clock()))
    return None if any(line.done for line in lines) else say.nothing_packed(number)


def cancel(site: Site, order_id: int, reason: str, *, asked: tuple[int, int] | None = None) -> Done | Refused:
    """Take a shipment order back as a whole, open work of all stations included.

    `asked` is how many units were packed, and how many in open work, as a person said yes: refused where it is others.

    A packed unit that had been received is Received again, without a secondary that came in at packing; one that
    packing or an import on this order created is gone, and its codes are free. What was ordered stays written.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        if refusal := cancelling_refused(order):
            return refusal
        lines = orders.lines(tx, order_id)
        now = sum(line.done for line in lines), sum(line.in_work for line in lines)
        if asked not in (None, now):
            return say.packed_otherwise(order.number, now, asked)
        if blank := blank_reason(order.number, reason, "cancelled"):
            return blank
        return cancel_now(site, tx, order, stamp, reason)

    return act_on(site, Deed.CANCEL_ORDER, order_id, OrderKind.SHIPMENT, act)


def cancelling_refused(order: Order) -> Refused | None:
    """Why an order cannot be cancelled; None where it can."""
    if order.status is OrderStatus.SHIPPED:
        return say.too_late_to_cancel(visible(order.number))
    return say.already_cancelled(visible(order.number)) if order.status is OrderStatus.CANCELLED else None


def cancel_now(_site: Site, tx: Transaction, order: Order, stamp: Stamp, reason: str) -> Done:
    """Cancel an order that is locked, and of which nothing speaks against it."""
    number, order_id = visible(order.number), order.id
    notes = [
        say.packing_was_ended(one.work.operator, one.work.station, one.pieces) for one in works.open_on(tx, order_id)
    ]
    for work in works.lock_open(tx, order_id):
        _drop_work(tx, work, stamp)
    back, gone, freed = _unpack_all(tx, order_id, stamp, reason.strip())
    works.void_completed(tx, order_id)
    boxes.drop_of_order(tx, order_id)
    lines = orders.lines(tx, order_id)
    for line in lines:
        orders.give_back(tx, line.id, line.in_work)
        orders.set_done(tx, line.id, 0)
    orders.set_status(tx, order_id, OrderStatus.CANCELLED)
    orders.note_act(tx, order_id, "Cancelled", stamp, reason.strip())
    notes += say.what_became_of_packed(back, freed, gone)
    return say.order_is_cancelled(number, sum(line.done for line in lines), notes)


def ship(
    site: Site, order_id: int, *, without_serials_reason: str | None = None, asked: Sequence[Reason] = ()
) -> Done | Refused:
    """The order has left: it and all its serials are Shipped.

    Args:
        site: where, and on whose behalf.
        order_id: the shipment order.
        without_serials_reason: a supervisor's reason to ship although serials are missing (RULES 2.14);
            of no account when none is.
        asked: which serials were missing as the supervisor was asked: refused where it is others by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        number = visible(order.number)
        lines = orders.lines(tx, order_id)
        if order.status is not OrderStatus.READY_TO_SHIP:
            return _not_ready(tx, order, lines, site.store.clock())
        missing = _serials_missing(tx, order, lines)
        if missing and (without_serials_reason is None or (asked and set(missing) != set(asked))):
            return Refused(tuple(missing))
        if missing and (blank := blank_reason(order.number, without_serials_reason or "", "shipped without serials")):
            return blank
        packed = serial_units.packed_on(tx, order_id)
        on_hold = [(one.primary, one.on_hold) for one in packed if one.on_hold is not None]
        on_hold += [(one.code, one.on_hold or "") for one in holds.in_boxes(tx, order_id)]
        if on_hold:
            return _on_hold(order, on_hold)
        end_empty_work(tx, works.open_on(tx, order_id), stamp)
        sources = serial_units.last_source(tx, [one.unit_id for one in packed], Move.PACK)
        moves.move(
            tx,
            Move.SHIP,
            [Moved(unit_id=one.unit_id, line_id=one.line_id, source=sources[one.unit_id]) for one in packed],
            stamp,
        )
        orders.set_status(tx, order_id, OrderStatus.SHIPPED)
        if missing:
            orders.note_act(tx, order_id, WITHOUT_SERIALS, stamp, (without_serials_reason or "").strip())
        else:
            orders.note_act(tx, order_id, SHIPPED, stamp)
        count = sum(line.done for line in lines)
        return say.order_has_left(number, count, len(packed), lacks_serials=bool(missing))

    deed = Deed.SHIP if without_serials_reason is None else Deed.SHIP_WITHOUT_SERIALS
    return act_on(site, deed, order_id, OrderKind.SHIPMENT, act)


def unship(site: Site, order_id: int, reason: str) -> Done | Refused:
    """The truck did not leave: the order is Ready to Ship again, and all its units are Packed (RULES 2.15).

    A hold that was set since, such as a count's that found the goods here, stops nothing and stays: the order does not
    leave again before somebody has lifted it, or the unit is out.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        number = visible(order.number)
        if order.status is not OrderStatus.SHIPPED:
            return say.nothing_to_unship(number, status=order.status.value)
        shipped = serial_units.shipped_on(tx, order_id)
        if later := _since_it_left(tx, order_id, shipped):
            return Refused(
                tuple(say.shipped_and_moved_on(number=number, primary=code, what=what) for code, what in later)
            )
        if blank := blank_reason(order.number, reason, "unshipped"):
            return blank
        sources = serial_units.last_source(tx, [one.unit_id for one in shipped], Move.PACK)
        moves.move(
            tx,
            Move.UNSHIP,
            [Moved(unit_id=one.unit_id, line_id=one.line_id, source=sources[one.unit_id]) for one in shipped],
            stamp,
            reason=reason.strip(),
        )
        orders.set_status(tx, order_id, OrderStatus.READY_TO_SHIP)
        orders.note_act(tx, order_id, "Unshipped", stamp, reason.strip())
        count = sum(line.done for line in orders.lines(tx, order_id))
        on_hold = [one.primary for one in shipped if one.on_hold is not None]
        return say.order_has_not_left(number, count, len(shipped), on_hold)

    return act_on(site, Deed.UNSHIP, order_id, OrderKind.SHIPMENT, act)


def _since_it_left(tx: Transaction, order_id: int, shipped: Sequence[ShippedUnit]) -> list[tuple[str, str]]:
    """The units of a shipment that something has happened to since: each one's code, and what."""
    in_hand = returns.in_hand(tx, [one.unit_id for one in shipped])
    coming = serial_units.expected_back(tx, [one.unit_id for one in shipped])
    where = events.whereabouts(tx, coming)
    return [
        *((one.primary, Move.RETURN.value) for one in events.came_back(tx, [order_id])),
        *((one.primary, one.last.value) for one in shipped if one.last is not Move.SHIP),
        *(
            (one.primary, say.on_open_return(work.station, work.operator))
            for one in shipped
            if one.last is Move.SHIP and (work := in_hand.get(one.unit_id))
        ),
        *(
            (one.primary, say.on_open_receipt(seen.order_number or "", seen.station, seen.operator))
            for one in shipped
            if (seen := where.get(one.unit_id))
        ),
    ]


def _on_hold(order: Order, units: Sequence[tuple[str, str]]) -> Refused:
    number = visible(order.number)
    return Refused(tuple(say.on_hold_here(number=number, primary=code, why=shorten(why, 60)) for code, why in units))


def _drop_work(tx: Transaction, work: Work, stamp: Stamp) -> None:
    """End open work as if it had never taken anything."""
    serial_units.drop_codes_of_entry(tx, works.entry_ids(tx, work.id))
    serial_units.release(tx, serial_units.reserved(tx, work.id))
    for part in chunks(piece.id for piece in works.pieces(tx, work.id)):
        works.drop_pieces(tx, part)
    works.close(tx, work.id, WorkStatus.CANCELLED, stamp)


def _unpack_all(tx: Transaction, order_id: int, stamp: Stamp, reason: str) -> tuple[int, int, int]:
    """Unpack every unit of an order; returns how many are Received again, how many are gone, and how many of the
    first have lost a secondary that packing had added.
    """
    back, gone = list[Moved](), list[Moved]()
    for one in serial_units.packed_on(tx, order_id):
        stays = one.was_received or one.on_hold is not None
        (back if stays else gone).append(Moved(unit_id=one.unit_id, line_id=one.line_id, source=Source.BUTTON))
    freed = batches.drop_added_secondaries(tx, [one.unit_id for one in back])
    moves.move(tx, Move.UNPACK, back, stamp, reason=reason)
    moves.move(tx, Move.REMOVE, gone, stamp, reason=reason)
    return len(back), len(gone), freed


def _serials_missing(tx: Transaction, order: Order, lines: list[OrderLine]) -> list[Reason]:
    counts = orders.serial_counts(tx, order.kind, [order.id])
    return [
        say.serials_missing(number=order.number, sku=line.product.sku, present=count.present, needed=count.needed)
        for line in lines
        if (count := counts.get(line.id)) and count.present < count.needed
    ]


def _not_ready(tx: Transaction, order: Order, lines: list[OrderLine], now: datetime) -> Refused:
    number = visible(order.number)
    if order.status is OrderStatus.SHIPPED:
        act = next(act for act in reversed(orders.acts_on(tx, order.id)) if act.act in (SHIPPED, WITHOUT_SERIALS))
        at = local_time(act.at, now)
        return say.shipped_already(number=number, at=at, operator=act.operator, station=act.station)
    if order.status is OrderStatus.CANCELLED:
        return say.cancelled_must_stay(number)
    return say.not_ready(number, order.status.value, shortfall(lines))
