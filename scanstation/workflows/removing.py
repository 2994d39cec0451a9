"""Remove Serial Numbers: what imports put on an order goes again (RULES 2.9). Scanned serials stay."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten, visible
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, OrderStatus
from scanstation.store import batches, orders, units
from scanstation.store.batches import ImportedUnit
from scanstation.store.orders import OrderRecord
from scanstation.store.store import Transaction
from scanstation.store.units import Stamp, Whereabouts
from scanstation.workflows.import_rules import moment, whereabouts_words
from scanstation.workflows.order_book import act_on
from scanstation.workflows.site import Site


def remove_serials(
    site: Site, kind: OrderKind, order_id: int, *, batch: int | None = None, only_received: bool = False
) -> Done | Refused:
    """Take back the imports of an order, all of them or one batch.

    From a purchase order the serials go; if some have moved on nothing goes, unless `only_received` says to keep
    those. From a shipment order they are Received again, or go if the import created them; never once it is Shipped.
    """

    def act(tx: Transaction, order: OrderRecord, stamp: Stamp) -> Done | Refused:
        found = batches.imported(tx, kind, order_id, batch)
        if not found:
            return _nothing_there(tx, order, batch)
        batches.lock_units(tx, [unit.id for unit in found])
        found = batches.imported(tx, kind, order_id, batch)
        if kind is OrderKind.PURCHASE:
            return _removed_from_purchase(tx, order, found, stamp, batch, only_received=only_received)
        return _removed_from_shipment(tx, order, found, stamp, batch)

    return act_on(site, order_id, kind, act)


def _removed_from_purchase(
    tx: Transaction,
    order: OrderRecord,
    found: Sequence[ImportedUnit],
    stamp: Stamp,
    batch: int | None,
    *,
    only_received: bool,
) -> Done | Refused:
    moved_on = [unit for unit in found if not unit.free]
    going = [unit for unit in found if unit.free]
    where = batches.whereabouts(tx, [unit.id for unit in moved_on])
    if moved_on and not (only_received and going):
        way = "" if not going else f" Or remove only the {_serials(len(going))} still Received."
        return Refused(tuple(_moved_on(order, unit, where[unit.id], way) for unit in moved_on))
    _move(tx, Move.REMOVE, going, stamp)
    orders.note_act(tx, order.id, "Serials removed", stamp, _which(batch))
    kept = tuple(f"Kept: {shorten(unit.primary)} {whereabouts_words(where[unit.id])}." for unit in moved_on)
    return Done(f"{_serials(len(going))} removed from {order.kind} {visible(order.number)}.", kept)


def _removed_from_shipment(
    tx: Transaction, order: OrderRecord, found: Sequence[ImportedUnit], stamp: Stamp, batch: int | None
) -> Done | Refused:
    number = visible(order.number)
    if order.status is OrderStatus.SHIPPED:
        return refused("already-shipped", f"{order.kind} {number} is Shipped: its serials have left with it and stay.")
    back = [unit for unit in found if unit.was_received]
    created = [unit for unit in found if not unit.was_received]
    batches.drop_added_secondaries(tx, [unit.id for unit in back])
    _move(tx, Move.UNPACK, back, stamp)
    _move(tx, Move.REMOVE, created, stamp)
    orders.note_act(tx, order.id, "Serials removed", stamp, _which(batch))
    parts = [f"{len(back)} back to Received"] if back else []
    parts += [f"{len(created)} gone, which came with the import"] if created else []
    return Done(f"{_serials(len(found))} removed from {order.kind} {number}: {', '.join(parts)}.")


def _move(tx: Transaction, what: Move, found: Sequence[ImportedUnit], stamp: Stamp) -> None:
    of_line: dict[int, list[int]] = {}
    for unit in found:
        of_line.setdefault(unit.line_id, []).append(unit.id)
    for line_id, unit_ids in of_line.items():
        units.move_all(tx, what, unit_ids, line_id, stamp, source=Source.IMPORT)


def _moved_on(order: OrderRecord, unit: ImportedUnit, where: Whereabouts, way: str) -> Reason:
    serial = f"{shorten(unit.primary)} of {visible(order.number)}"
    return Reason("moved-on", f"{serial} {whereabouts_words(where)}. Take it back there first.{way}")


def _nothing_there(tx: Transaction, order: OrderRecord, batch: int | None) -> Refused:
    number = f"{order.kind} {visible(order.number)}"
    known = batches.on_order(tx, order.kind, order.id)
    if batch is None or not known:
        return refused(
            "nothing-imported", f"No imported serials are on {number}. Scanned serials are not removed here."
        )
    listed = ", ".join(
        f"{one.id} ({shorten(one.file_name)}, {moment(one.at)}, {_serials(one.serials)})" for one in known
    )
    return refused("unknown-batch", f"Batch {batch} has no serials on {number}. Its batches are: {listed}.")


def _which(batch: int | None) -> str:
    return "all imports" if batch is None else f"batch {batch}"


def _serials(count: int) -> str:
    return "1 serial" if count == 1 else f"{count} serials"
