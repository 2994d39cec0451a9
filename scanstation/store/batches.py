"""Imported files, and the units that came or moved by them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

from sqlalchemy import Column, Select, and_, func, insert, literal_column, select, true, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.imports import Batch, FoundUnit, ImportedCount, ImportedUnit
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import events
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids, listed_texts
from scanstation.store.rough_key import ROUGH_KEY, IsMarked
from scanstation.store.units import IS_FREE, code_of


def add(tx: Connection, kind: OrderKind, file_name: str, rows: int, stamp: Stamp) -> int:
    """Keep that a file was imported; returns the batch's number."""
    number: int = tx.execute(
        insert(t.import_batch)
        .values(
            kind=kind.value,
            file_name=file_name,
            at=stamp.at,
            operator=stamp.operator,
            station=stamp.station,
            rows=rows,
        )
        .returning(t.import_batch.c.id)
    ).scalar_one()
    return number


def on_order(tx: Connection, kind: OrderKind, order_id: int) -> list[Batch]:
    """The batches whose serials stand on an order, the oldest first."""
    batch, line = _columns(kind)
    rows = tx.execute(
        select(t.import_batch, func.count(t.unit.c.id).label("serials"))
        .join(t.unit, batch == t.import_batch.c.id)
        .join(t.order_line, t.order_line.c.id == line)
        .where(t.order_line.c.order_id == order_id, t.unit.c.status != UnitStatus.GONE.value)
        .group_by(t.import_batch.c.id)
        .order_by(t.import_batch.c.id)
    )
    return [
        Batch(
            id=row.id,
            file_name=row.file_name,
            at=row.at,
            operator=row.operator,
            station=row.station,
            serials=row.serials,
        )
        for row in rows
    ]


def orders_of(tx: Connection, kind: OrderKind, number: int) -> list[int]:
    """The orders on which serials of a batch still stand, by their ids."""
    batch, line = _columns(kind)
    return list(
        tx.scalars(
            select(t.order_line.c.order_id)
            .join(t.unit, line == t.order_line.c.id)
            .where(batch == number, t.unit.c.status != UnitStatus.GONE.value)
            .distinct()
            .order_by(t.order_line.c.order_id)
        )
    )


def get(tx: Connection, number: int) -> Batch | None:
    """A batch by its number; `serials` is the file's rows."""
    row = tx.execute(select(t.import_batch).where(t.import_batch.c.id == number)).one_or_none()
    return (
        Batch(
            id=row.id, file_name=row.file_name, at=row.at, operator=row.operator, station=row.station, serials=row.rows
        )
        if row
        else None
    )


def imported_counts(tx: Connection, kind: OrderKind, order_ids: Collection[int]) -> dict[int, ImportedCount]:
    """What was imported on each line so far: line id → counts."""
    batch, line = _columns(kind)
    has_secondary = select(t.unit_code.c.id).where(code_of(t.unit.c.id, t.unit_code, CodeKind.SECONDARY)).exists()
    rows = tx.execute(
        select(
            line.label("line_id"),
            func.count(t.unit.c.id).filter(~has_secondary).label("one_code"),
            func.count(t.unit.c.id).filter(has_secondary).label("two_codes"),
        )
        .join(t.order_line, t.order_line.c.id == line)
        .where(
            t.order_line.c.order_id.in_(listed_ids(tx, order_ids)),
            batch.is_not(None),
            t.unit.c.status != UnitStatus.GONE.value,
        )
        .group_by(line)
    )
    counts = {row.line_id: ImportedCount(row.one_code, row.two_codes) for row in rows}
    is_shipment = kind is OrderKind.SHIPMENT
    for one in events.came_back(tx, order_ids) if is_shipment else events.came_again(tx, order_ids):
        if one.imported:
            before, has_two = counts.get(one.line_id, ImportedCount()), bool(one.secondary)
            counts[one.line_id] = ImportedCount(before.one_code + (not has_two), before.two_codes + has_two)
    return counts


def units_of_keys(
    tx: Connection, keys: Iterable[str], product_ids: Collection[int] | None = None
) -> dict[int, dict[str, FoundUnit]]:
    """The units that have one of these codes: product id → key → unit. Three statements.

    Args:
        tx: the transaction to look in.
        keys: the codes.
        product_ids: the products that matter; without them all do.
    """
    codes = _codes_of_keys(tx, keys, product_ids)
    units: dict[int, dict[str, FoundUnit]] = defaultdict(dict)
    if not codes:
        return units
    primary = t.unit_code.alias("primary_code")
    secondary = t.unit_code.alias("secondary_code")
    unit = t.unit.c
    rows = tx.execute(
        # In the order of FoundUnit's fields, but for the warehouse's name: there are few of those.
        select(
            unit.id,
            unit.product_id,
            unit.warehouse_id,
            unit.status,
            func.coalesce(unit.held_by, unit.coming_to),
            unit.purchase_line_id,
            unit.shipment_line_id,
            unit.receiving_batch_id,
            unit.packing_batch_id,
            primary.c.text,
            primary.c.text_key,
            secondary.c.text,
            secondary.c.text_key,
            unit.received_at,
            unit.on_hold,
        )
        .outerjoin(primary, code_of(unit.id, primary, CodeKind.PRIMARY))
        .outerjoin(secondary, code_of(unit.id, secondary, CodeKind.SECONDARY))
        .where(unit.id.in_(listed_ids(tx, {unit_id for _, _, unit_id in codes})))
    ).all()
    names = dict(tx.execute(select(t.warehouse.c.id, t.warehouse.c.code)).all())
    known = {status.value: status for status in UnitStatus}
    ids, products, warehouses, statuses, *rest = zip(*rows, strict=True) if rows else ((),) * 15
    standing = (map(names.__getitem__, warehouses), map(known.__getitem__, statuses))
    of_id = dict(zip(ids, map(FoundUnit, ids, products, warehouses, *standing, *rest), strict=True))
    for product_id, key, unit_id in codes:
        # A unit that open work dropped between the two statements has no codes any more.
        if (one := of_id.get(unit_id)) is not None:
            units[product_id][key] = one
    return units


def _codes_of_keys(tx: Connection, keys: Iterable[str], product_ids: Collection[int] | None) -> Sequence[Any]:
    """Rows of product id, key and unit id of each live code that is one of these."""
    # In the order of the index: many codes looked up all over it take four times as long.
    listed = listed_texts(tx, sorted(keys))
    code = t.unit_code.c
    query = (
        select(code.product_id, code.text_key, code.unit_id)
        .join(listed, listed.c.value == code.text_key)
        .where(code.live.is_(True))
    )
    if product_ids is not None:
        query = query.where(code.product_id.in_(listed_ids(tx, product_ids)))
    return tx.execute(query).all()


def alike_keys(
    tx: Connection, rough_keys: Collection[str], product_ids: Collection[int]
) -> dict[int, dict[str, list[str]]]:
    """The live codes that may differ from others only by marks or separators: product id → rough key → keys."""
    alike: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    listed, meant = listed_texts(tx, sorted(rough_keys)), listed_ids(tx, product_ids)
    code = t.unit_code.c
    # The second condition of the index says `live` in these words.
    is_live, is_rough = code.live == true(), listed.c.value == literal_column(ROUGH_KEY)
    for condition in (listed.c.value == code.text_key, and_(is_rough, IsMarked())):
        columns = select(code.product_id, listed.c.value, code.text_key)
        query = columns.select_from(t.unit_code.join(listed, condition))
        for product_id, rough_key, key in tx.execute(query.where(code.product_id.in_(meant), is_live)):
            alike[product_id][rough_key].append(key)
    return alike


def units_to_pack(
    tx: Connection, primary_keys: Collection[str], product_ids: Collection[int], warehouse_id: int
) -> dict[str, FoundUnit] | None:
    """The units with these different primary codes, by key, if each is free and Received in this warehouse; else None.

    For files in which nothing is wrong, in half the time that `units_of_keys` takes: what is said of how a unit came
    and went is left out.
    """
    listed = listed_texts(tx, sorted(primary_keys))
    code, other, unit = t.unit_code, t.unit_code.alias("secondary_code"), t.unit
    query = (
        select(code.c.product_id, unit.c.id, code.c.text, code.c.text_key, other.c.text, other.c.text_key)
        .join(listed, listed.c.value == code.c.text_key)
        .join(unit, code_of(unit.c.id, code, CodeKind.PRIMARY))
        .outerjoin(other, code_of(unit.c.id, other, CodeKind.SECONDARY))
        .where(
            code.c.product_id.in_(listed_ids(tx, product_ids)),
            IS_FREE,
            unit.c.warehouse_id == warehouse_id,
        )
    )
    rows = tx.execute(query).all()
    if len(rows) != len(primary_keys) or not rows:
        return None
    products, ids, texts, keys, *secondary = zip(*rows, strict=True)
    standing = (repeat(warehouse_id), repeat(""), repeat(UnitStatus.RECEIVED))
    nothing = repeat(None)
    units = map(FoundUnit, ids, products, *standing, *[nothing] * 5, texts, keys, *secondary, nothing, nothing)
    found = dict(zip(keys, units, strict=True))
    return found if len(found) == len(rows) else None


def lock_units(tx: Connection, unit_ids: Collection[int]) -> None:
    """Let nobody else take or move these units until the transaction ends."""
    tx.execute(
        select(t.unit.c.id).where(t.unit.c.id.in_(listed_ids(tx, unit_ids))).order_by(t.unit.c.id).with_for_update()
    ).all()


def records(tx: Connection, numbers: Collection[int]) -> dict[int, Batch]:
    """Batches by their numbers; `serials` is the file's rows."""
    if not numbers:
        return {}
    rows = tx.execute(select(t.import_batch).where(t.import_batch.c.id.in_(listed_ids(tx, numbers))))
    return {
        row.id: Batch(
            id=row.id, file_name=row.file_name, at=row.at, operator=row.operator, station=row.station, serials=row.rows
        )
        for row in rows
    }


def imported(tx: Connection, kind: OrderKind, order_id: int, number: int | None = None) -> list[ImportedUnit]:
    """The units imported on an order (by one batch, if given) that have not gone since."""
    batch, line = _columns(kind)
    query = (
        _imported(line)
        .join(t.order_line, t.order_line.c.id == line)
        .where(t.order_line.c.order_id == order_id, batch.is_not(None), t.unit.c.status != UnitStatus.GONE.value)
    )
    if number is not None:
        query = query.where(batch == number)
    return [_imported_unit(row) for row in tx.execute(query)]


def imported_once(tx: Connection, order_id: int, number: int | None = None) -> list[ImportedUnit]:
    """The units imported on a purchase order (by one batch, if given) that have left and come in on one again since."""
    lines = events.imported_once(tx, order_id, number)
    if not lines:
        return []
    rows = tx.execute(_imported(t.unit.c.purchase_line_id).where(t.unit.c.id.in_(listed_ids(tx, lines))))
    return [replace(_imported_unit(row), line_id=lines[row.id]) for row in rows]


def _imported(line: Column[int]) -> Select[Any]:
    return (
        select(
            t.unit.c.id,
            line.label("line_id"),
            t.unit.c.status,
            t.unit.c.held_by,
            t.unit.c.received_at,
            t.unit.c.on_hold,
            t.unit_code.c.text,
        )
        .join(t.unit_code, code_of(t.unit.c.id, t.unit_code, CodeKind.PRIMARY))
        .order_by(t.unit.c.id)
    )


def _imported_unit(row: Row[Any]) -> ImportedUnit:
    return ImportedUnit(
        id=row.id,
        line_id=row.line_id,
        status=UnitStatus(row.status),
        held_by=row.held_by,
        was_received=row.received_at is not None,
        primary=row.text,
        on_hold=row.on_hold,
    )


def drop_added_secondaries(tx: Connection, unit_ids: Collection[int]) -> int:
    """Free the secondary serials that units have only since they were last packed; returns how many.

    A shipment import may give a Received unit its secondary (scenario 8); with the import it goes again. The
    event before the packing says whether the unit had one.
    """
    meant = listed_ids(tx, unit_ids)
    event = t.unit_event
    packed = (
        select(event.c.unit_id, func.max(event.c.id).label("id"))
        .where(event.c.unit_id.in_(meant), event.c.what == Move.PACK.value)
        .group_by(event.c.unit_id)
        .subquery("packed")
    )
    before = (
        select(event.c.unit_id, func.max(event.c.id).label("id"))
        .join(packed, packed.c.unit_id == event.c.unit_id)
        .where(event.c.id < packed.c.id)
        .group_by(event.c.unit_id)
        .subquery("before")
    )
    had_none = select(event.c.unit_id).join(before, before.c.id == event.c.id).where(event.c.secondary_serial.is_(None))
    changed = tx.execute(
        update(t.unit_code)
        .where(
            t.unit_code.c.unit_id.in_(had_none),
            t.unit_code.c.kind == CodeKind.SECONDARY.value,
            t.unit_code.c.live.is_(True),
        )
        .values(live=False)
    )
    return changed.rowcount


def _columns(kind: OrderKind) -> tuple[Column[int], Column[int]]:
    if kind is OrderKind.PURCHASE:
        return t.unit.c.receiving_batch_id, t.unit.c.purchase_line_id
    return t.unit.c.packing_batch_id, t.unit.c.shipment_line_id
