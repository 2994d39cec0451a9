"""Remove Serial Numbers: what imports put on an order goes again (RULES 2.9). Scanned serials stay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.imports import ImportedUnit
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Reason, Refused
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus
from scanstation.domain.units import Stamp, Whereabouts
from scanstation.domain.work import Boxed
from scanstation.store import batches, boxes, events, moves, orders, transfers, works
from scanstation.store.store import Transaction
from scanstation.workflows.codes.serial_rules import moment, whereabouts_words
from scanstation.workflows.orders.order_book import act_on
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing imports would do, and what hinders it. Changes nothing by itself."""

    going: int
    """Serials that go for good."""
    back: int
    """Units of a shipment order that are Received again."""
    hindrances: tuple[Reason, ...] = ()
    """Why nothing goes: one for each serial that has moved on, or one for the whole order."""
    can_keep: bool = False
    """May those that have moved on be kept, and the others go (RULES 2.9)?"""

    @property
    def text(self) -> str:
        """What goes, in a sentence."""
        return say.what_would_go(self.going, self.back)


def preview(site: Site, order_id: int, *, batch: int | None = None) -> Removal:
    """What removing the imports of an order, or one batch of them, would do now."""
    with site.store.read() as tx:
        return _preview([_look(tx, orders.get(tx, order_id), batch)])


def preview_batch(site: Site, kind: OrderKind, number: int) -> Removal:
    """What removing a whole batch would do now, on whichever orders its serials stand."""
    with site.store.read() as tx:
        ids = batches.orders_of(tx, kind, number)
        return _preview([_look(tx, orders.get(tx, order_id), number) for order_id in ids])


def remove_serials(
    site: Site,
    kind: OrderKind,
    order_id: int,
    *,
    batch: int | None = None,
    only_received: bool = False,
    seen: Removal | None = None,
) -> Done | Refused:
    """Take back the imports of an order, all of them or one batch.

    From a purchase order the serials go; if some have moved on nothing goes, unless `only_received` says to keep
    those. From a shipment order they are Received again, or go if the import created them; never once it is Shipped.
    `seen` is what somebody was shown first: refused where something else would go by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        return _removed(tx, [_look(tx, order, batch, lock=True)], stamp, only_received=only_received, seen=seen)

    return act_on(site, Deed.REMOVE_SERIALS, order_id, kind, act)


def remove_batch(
    site: Site, kind: OrderKind, number: int, *, only_received: bool = False, seen: Removal | None = None
) -> Done | Refused:
    """Take back one imported file, on all the orders that it was for; `seen` as above."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        records = [orders.lock(tx, order_id) for order_id in batches.orders_of(tx, kind, number)]
        if not records:
            return say.batch_was_removed(number)
        for order in records:
            works.lock_open(tx, order.id)
        looks = [_look(tx, order, number, lock=True) for order in records]
        return _removed(tx, looks, stamp, only_received=only_received, seen=seen)

    answer = site.act(Deed.REMOVE_SERIALS, act)
    return site.logged(answer)


@dataclass(frozen=True, slots=True)
class _Look:
    """What of the imports of one order can go, and what cannot."""

    order: Order
    batch: int | None
    going: Sequence[ImportedUnit]
    back: Sequence[ImportedUnit]
    moved_on: Sequence[ImportedUnit]
    where: Mapping[int, Whereabouts]
    boxed: Mapping[int, Boxed]
    """Those that were scanned into the box of an order, and wait there for its import (RULES 2.10)."""
    closed: Refused | None
    """Why nothing can go at all."""
    came_back: Collection[int] = ()
    """Those that have left and come back."""
    sent: Collection[int] = ()
    """Those that were ever sent to another warehouse."""


def _look(tx: Transaction, order: Order, batch: int | None, *, lock: bool = False) -> _Look:
    units = batches.imported(tx, order.kind, order.id, batch)
    if units and lock:
        batches.lock_units(tx, [unit.id for unit in units])
        units = batches.imported(tx, order.kind, order.id, batch)
    known = {unit.id for unit in units}
    before = batches.imported_once(tx, order.id, batch) if order.kind is OrderKind.PURCHASE else []
    units += [unit for unit in before if unit.id not in known]
    if not units:
        return _Look(order, batch, (), (), (), {}, {}, _nothing_there(tx, order, batch))
    if order.kind is OrderKind.PURCHASE:
        ids = [unit.id for unit in units]
        came_back = events.returned(tx, ids)
        sent = transfers.ever_sent(tx, ids)
        since = sent | came_back
        boxed = boxes.of_units(tx, [unit.id for unit in units if unit.free])
        since |= boxed.keys()
        moved_on = [unit for unit in units if not unit.free or unit.id in since]
        where = events.whereabouts(tx, [unit.id for unit in moved_on])
        going = [unit for unit in units if unit.free and unit.id not in since]
        return _Look(order, batch, going, (), moved_on, where, boxed, None, came_back, sent)
    closed = None
    if order.status is OrderStatus.SHIPPED:
        closed = say.imported_and_shipped(kind=order.kind, number=order.number)
    back = [unit for unit in units if unit.was_received or unit.on_hold is not None]
    going = [unit for unit in units if not unit.was_received and unit.on_hold is None]
    return _Look(order, batch, going, back, (), {}, {}, closed)


def _preview(looks: Sequence[_Look]) -> Removal:
    going, back = _counts(looks)
    moved_on = any(look.moved_on for look in looks)
    return Removal(going, back, _hindrances(looks), moved_on and going > 0 and not any(look.closed for look in looks))


def _counts(looks: Sequence[_Look]) -> tuple[int, int]:
    return sum(len(look.going) for look in looks), sum(len(look.back) for look in looks)


def _hindrances(looks: Sequence[_Look]) -> tuple[Reason, ...]:
    going, _ = _counts(looks)
    way = say.remove_the_others(going) if going else ""
    return tuple(
        reason
        for look in looks
        for reason in (look.closed.reasons if look.closed else [_moved_on(look, unit, way) for unit in look.moved_on])
    )


def _removed(
    tx: Transaction, looks: Sequence[_Look], stamp: Stamp, *, only_received: bool, seen: Removal | None
) -> Done | Refused:
    closed = any(look.closed for look in looks)
    going, back = _counts(looks)
    if closed or (any(look.moved_on for look in looks) and not (only_received and going)):
        return Refused(_hindrances(looks))
    now = _preview(looks)
    if seen is not None and (now.going, now.back) != (seen.going, seen.back):
        return say.other_imports(now.text)
    for look in looks:
        batches.drop_added_secondaries(tx, [unit.id for unit in look.back])
        _move(tx, Move.UNPACK, look.back, stamp)
        _move(tx, Move.REMOVE, look.going, stamp)
        orders.note_act(tx, look.order.id, "Serials removed", stamp, _which(look.batch))
    from_orders = [f"{look.order.kind} {visible(look.order.number)}" for look in looks]
    kept = [say.was_kept(unit.primary, _where(look, unit)) for look in looks for unit in look.moved_on]
    of_shipments = looks[0].order.kind is OrderKind.SHIPMENT
    return say.serials_removed(from_orders, going, back, kept, of_shipments=of_shipments)


def _where(look: _Look, unit: ImportedUnit) -> str:
    if boxed := look.boxed.get(unit.id):
        return say.scanned_into(boxed.number, boxed.station)
    return whereabouts_words(look.where[unit.id])


def _move(tx: Transaction, what: Move, imported: Sequence[ImportedUnit], stamp: Stamp) -> None:
    of_line: dict[int, list[int]] = {}
    for unit in imported:
        of_line.setdefault(unit.line_id, []).append(unit.id)
    for line_id, unit_ids in of_line.items():
        moves.move_all(tx, what, unit_ids, line_id, stamp, source=Source.IMPORT)


def _moved_on(look: _Look, unit: ImportedUnit, way: str) -> Reason:
    if boxed := look.boxed.get(unit.id):
        return say.imported_and_boxed(unit.primary, look.order.number, boxed, way)
    where = look.where[unit.id]
    has_left = unit.status.has_left
    back = say.what_moved_on(
        has_left=has_left,
        on_hold=where.hold is not None and unit.status is UnitStatus.RECEIVED,
        came_back=unit.id in look.came_back and not has_left,
        was_sent=unit.id in look.sent and unit.status is UnitStatus.RECEIVED and unit.held_by is None,
    )
    return say.imported_and_moved_on(
        serial=unit.primary, number=look.order.number, where=whereabouts_words(where), back=back, way=way
    )


def _nothing_there(tx: Transaction, order: Order, batch: int | None) -> Refused:
    number = f"{order.kind} {visible(order.number)}"
    known = batches.on_order(tx, order.kind, order.id)
    if batch is None or not known:
        return say.nothing_imported(number)
    told = say.imports_known([(one.id, one.file_name, moment(one.at), one.serials) for one in known])
    return say.unknown_batch(batch=batch, number=number, known=told)


def _which(batch: int | None) -> str:
    return "all imports" if batch is None else f"batch {batch}"
