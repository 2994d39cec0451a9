"""Writing what a comparison came to, in the caller's act."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.expected import ExpectedSerial
from scanstation.domain.language import english, joined
from scanstation.domain.line_parts import merged
from scanstation.domain.orders import NewOrder
from scanstation.domain.plurals import counted
from scanstation.domain.products import Difference
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import (
    acts,
    catalog,
    expected,
    holds,
    lot_holds,
    lots,
    moves,
    orders,
    return_lists,
    returns,
    shapes,
    units,
    works,
)
from scanstation.store.store import Transaction
from scanstation.workflows.master_data.changes import (
    AnnouncedUnit,
    Changes,
    Ending,
    OrderChange,
    ProductChange,
    ReturnChange,
    StockUnit,
)
from scanstation.workflows.master_data.products import product_differences
from scanstation.workflows.master_data.sheets import OrderKey, ProductKey
from scanstation.workflows.orders import purchase_orders, shipment_orders
from scanstation.workflows.site import Site


def write(site: Site, tx: Transaction, changes: Changes, stamp: Stamp) -> list[str]:
    """Write everything; returns what a person should know of it."""
    notes: list[str] = []
    warehouses, clients = catalog.ids_by_key(tx)
    for name in [change.wanted.client for change in changes.products]:
        if code_key(name) not in clients:
            clients[code_key(name)] = catalog.client_id(tx, name, create=True) or 0
            notes.append(say.new_client(name))
    for name in [order.wanted.warehouse for order in changes.orders] + [
        unit.wanted.warehouse for unit in changes.stock
    ]:
        if code_key(name) not in warehouses:
            warehouses[code_key(name)] = catalog.warehouse_id(tx, name, create=True) or 0
            notes.append(say.new_warehouse(name))
    changed = [change for change in changes.products if not change.same]
    changes.warn(site, tx)
    _let_nobody_change(tx, changed)
    catalog.drop_barcodes(tx, [change.record.id for change in changed if change.record.id])
    kept: dict[int, Sequence[Difference]] = {}
    for change in changed:
        record = replace(change.record, client_id=clients[change.wanted.key[0]])
        product_id = catalog.save_product(tx, record)
        catalog.save_barcodes(tx, record.client_id, product_id, change.wanted.barcodes)
        kept[product_id] = product_differences(change.before, change.known_barcodes, record, change.wanted.barcodes)
        if change.other_settings:
            notes.append(say.new_settings(record.sku))
            if warning := changes.warnings.get(record.id):
                notes.append(warning.text)
    catalog.note_changes(tx, kept, stamp)
    ids = _product_ids(tx, changes, clients)
    for order in changes.orders:
        if order.ends is not None:
            notes += _end_order(site, tx, order, stamp)
            continue
        notes += _write_order(tx, order, warehouses, clients, ids)
        _note_order(tx, order, stamp)
    if catalog.any_retired(tx, _ordered_anew(changes, ids)):
        raise ConcurrencyConflict("a product of an order was retired meanwhile")
    for one in changes.returns:
        notes += _write_return(tx, one, ids, stamp)
    if of_lots := _write_stock(tx, changes.stock, warehouses, ids, stamp):
        notes += say.wait_on_hold(came_back=0, as_their_lot=of_lots)
    if of_new_lots := lot_holds.put(tx, lots.give(tx, changes.lots), stamp, Source.OPENING):
        notes += say.wait_on_hold(came_back=0, as_their_lot=of_new_lots)
    _write_lists(tx, changes, warehouses, clients, stamp)
    return notes


def _let_nobody_change(tx: Transaction, changed: Sequence[ProductChange]) -> None:
    """The products that are there stay as the sheets were held against them."""
    before = {change.before.id: change.before for change in changed if change.before}
    if before and any(one != before[one.id] for one in catalog.locked(tx, before)):
        raise ConcurrencyConflict("a product was changed meanwhile")


def _ordered_anew(changes: Changes, ids: Mapping[ProductKey, int]) -> set[int]:
    """The products that came onto orders by new lines, which keep whoever would retire one of them waiting."""
    return {ids[order.wanted.key[2], sku_key] for order in changes.orders for sku_key in order.new}


def _write_lists(
    tx: Transaction, changes: Changes, warehouses: Mapping[str, int], clients: Mapping[str, int], stamp: Stamp
) -> None:
    """Keep what suppliers announce, a list for each order and file."""
    lists: dict[tuple[OrderKey, str], list[AnnouncedUnit]] = {}
    for one in changes.expected:
        lists.setdefault((one.wanted.order, one.wanted.spot.file), []).append(one)
    if not lists:
        return
    numbers = {key[3] for key, _ in lists}
    places = {
        (order.warehouse_id, order.client_id, code_key(order.number)): order
        for order in orders.with_numbers(tx, OrderKind.PURCHASE, numbers)
    }
    for (key, file), announced in lists.items():
        order = places[warehouses[key[1]], clients[key[2]], key[3]]
        ids = {line.product.sku_key: line.product.id for line in orders.lines(tx, order.id)}
        serials: dict[int, list[ExpectedSerial]] = {}
        for one in announced:
            secondary = one.secondary.text if one.secondary else None
            serial = ExpectedSerial(
                order_id=order.id,
                number=order.number,
                primary=one.primary.text,
                secondary=secondary,
                lot=one.wanted.lot,
            )
            serials.setdefault(ids[one.wanted.product_key[1]], []).append(serial)
        name = file or changes.file_name
        expected.add(tx, order.id, name, serials, stamp)
        became = f"{counted(len(announced), 'serial')} of {name}"
        acts.note(tx, "Expected serials loaded", f"PO {order.number}", stamp, client=order.client, became=became)


def _end_order(site: Site, tx: Transaction, change: OrderChange, stamp: Stamp) -> list[str]:
    """Cancel an order, or close it short, as the commands do."""
    if change.same or change.before is None or change.wanted.cancelled is None:
        return []
    works.lock_open(tx, change.before.id)
    origin = change.wanted.cancelled.table.origin
    reason = change.wanted.reason or f"cancelled by {origin.path.name if origin else 'a sheet'}"
    end = shipment_orders.cancel_now if change.ends is Ending.CANCEL else purchase_orders.close_now
    done = end(site, tx, change.before, stamp, reason)
    return [done.text, *done.notes]


def _note_order(tx: Transaction, change: OrderChange, stamp: Stamp) -> None:
    """Keep what a sheet made of an order."""
    if change.same:
        return
    wanted = change.wanted
    became = english(joined(change.differences)) if change.before else counted(len(change.new), "line")
    if not change.before and wanted.brings_back:
        became += f", {english(say.brings_back_words(brings_back=True))}"
    act = acts.CHANGED if change.before else acts.LOADED
    acts.note(tx, act, f"{wanted.kind} {wanted.number}", stamp, client=wanted.client, became=became)


def _product_ids(tx: Transaction, changes: Changes, clients: Mapping[str, int]) -> dict[ProductKey, int]:
    named = {unit.wanted.product_key[0] for unit in changes.stock}
    named |= {order.wanted.key[2] for order in changes.orders if order.new}
    named |= {one.wanted.key[2] for one in changes.returns if one.new}
    return {
        (client_key, product.sku_key): product.id
        for client_key in named
        for product in catalog.products_of(tx, clients[client_key])
    }


def _write_order(
    tx: Transaction,
    change: OrderChange,
    warehouses: Mapping[str, int],
    clients: Mapping[str, int],
    ids: Mapping[ProductKey, int],
) -> list[str]:
    if change.same:
        return []
    wanted = change.wanted
    _, warehouse_key, client_key, _ = wanted.key
    new_lines = [
        (ids[client_key, sku_key], line.quantity, merged((), line.parts)) for sku_key, line in change.new.items()
    ]
    if change.before is None:
        partner, reference, due = change.head
        order = NewOrder(
            kind=wanted.kind,
            warehouse_id=warehouses[warehouse_key],
            client_id=clients[client_key],
            number=wanted.number,
            partner=partner,
            reference=reference,
            due=due,
            brings_back=bool(wanted.brings_back),
        )
        orders.add_lines(tx, orders.add(tx, order), new_lines)
        return []
    partner, reference, due = change.head
    orders.change_head(tx, change.before.id, partner=partner, reference=reference, due=due)
    if change.other_mark:
        orders.set_brings_back(tx, change.before.id, brings_back=bool(wanted.brings_back))
    for line, quantity, parts in change.changed:
        orders.set_ordered(tx, line.id, quantity, parts)
    for line in change.dropped:
        orders.drop_line(tx, line.id)
    orders.add_lines(tx, change.before.id, new_lines)
    notes = [say.order_was_changed(wanted.kind, wanted.number, change.differences)]
    status = orders.refresh_status(tx, change.before.id)
    if status is not change.before.status:
        notes.append(say.order_status_changed(wanted.kind, wanted.number, status.value, change.before.status.value))
    return notes


def _write_return(tx: Transaction, change: ReturnChange, ids: Mapping[ProductKey, int], stamp: Stamp) -> list[str]:
    if change.same:
        return []
    wanted, before = change.wanted, change.before or returns.create(tx, change.wanted.number, change.client_id, stamp)
    if change.adopts:
        return_lists.adopt(tx, before.id, change.client_id)
    return_lists.drop(tx, [line.id for line in change.dropped])
    for line, now in change.changed:
        return_lists.change(tx, line.id, quantity=now.quantity, order_number=now.order)
    return_lists.add(
        tx,
        before.id,
        [
            (ids[key], code.text if code else "", code.key if code else "", line.quantity, line.order)
            for line, key, code in change.new
        ],
    )
    act, became = (acts.CHANGED, joined(change.differences)) if change.before else (acts.LOADED, "")
    became = became or counted(len(change.new), "line")
    acts.note(tx, act, f"Return {wanted.number}", stamp, client=wanted.client, became=became)
    return [say.return_changed(wanted.number, became)] if change.before else []


def _write_stock(
    tx: Transaction,
    stock: Sequence[StockUnit],
    warehouses: Mapping[str, int],
    ids: Mapping[ProductKey, int],
    stamp: Stamp,
) -> int:
    """Opening stock; returns how much of it is on hold because its lot is."""
    created = units.create_many(
        tx,
        [ids[unit.wanted.product_key] for unit in stock],
        [warehouses[code_key(unit.wanted.warehouse)] for unit in stock],
        [(unit.primary, unit.secondary) for unit in stock],
    )
    of_lots = lots.give(tx, ((unit_id, unit.wanted.lot) for unit_id, unit in zip(created, stock, strict=True)))
    moves.move_all(tx, Move.RECEIVE, created, None, stamp, source=Source.OPENING)
    codes: dict[tuple[int, CodeKind], list[str]] = {}
    for unit in stock:
        for kind, code in ((CodeKind.PRIMARY, unit.primary), (CodeKind.SECONDARY, unit.secondary)):
            if code is not None:
                codes.setdefault((ids[unit.wanted.product_key], kind), []).append(code.text)
    shapes.learn(tx, codes)
    on_hold: dict[str, list[int]] = {}
    for unit, unit_id in zip(stock, created, strict=True):
        if reason := unit.wanted.on_hold:
            on_hold.setdefault(reason, []).append(unit_id)
    for reason, unit_ids in on_hold.items():
        holds.put(tx, unit_ids, reason, stamp, Source.OPENING)
    return lot_holds.put(tx, of_lots, stamp, Source.OPENING)
