"""The three reports and the life of a unit, read in a way that never stands in a station's way.

A report asks for the ids of its rows, many at once, then reads the rows by those ids in short reads of their own: a
long export, or one whose reader has gone to lunch, holds no read open and takes no more memory than a short one. A row
is thus as it is when it is read; a unit that has gone or gone on to another status by then is left out.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.engine import Connection

from scanstation.domain.codes import code_key, natural_key
from scanstation.domain.reports import Filters, HistoryRow, SerialRow
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.units import TracedEvent, TracedUnit
from scanstation.domain.verdict import CodeKind
from scanstation.store import lots
from scanstation.store import tables as t
from scanstation.store.bulk import is_listed
from scanstation.store.report_conditions import (
    PRIMARY,
    REPORTED,
    SECONDARY,
    came_within,
    coded,
    happened,
    history_columns,
    live_code,
    of_status,
    products_of,
    serial,
    serial_columns,
    statuses_of,
    unit_conditions,
    within,
)
from scanstation.store.statements import Statement
from scanstation.store.store import Store

ROWS_AT_ONCE = 500
CELLS_AT_ONCE = 2_000
"""Rows without an object each."""
IDS_AT_ONCE = 50_000


def serials(store: Store, filters: Filters, ids: Iterable[int] | None = None) -> Iterator[SerialRow]:
    """The Serial Number Report, the units in the order they were taken, or in that of their ids as given."""
    for part in _parts(_unit_ids(store, filters) if ids is None else iter(ids)):
        query = serial_columns().where(of_status(filters), t.unit.c.id.in_(part))
        with store.read() as tx:
            rows = {row.id: serial(row) for row in tx.execute(query)}
        yield from (rows[unit_id] for unit_id in part if unit_id in rows)


def history(store: Store, what: Move, filters: Filters, ids: Iterable[int] | None = None) -> Iterator[HistoryRow]:
    """The events of one kind, the oldest first, or in the order of their ids as given."""
    for part in _parts(_event_ids(store, what, filters) if ids is None else iter(ids)):
        # Without the other filters, or the planner would take their indexes and read everything for each part.
        query = history_columns().where(of_status(filters, what), t.unit_event.c.id.in_(part))
        with store.read() as tx:
            rows = {row.id: happened(row) for row in tx.execute(query)}
        yield from (rows[event_id] for event_id in part if event_id in rows)


def serial_cells(store: Store, filters: Filters, ids: Iterable[int] | None = None) -> Iterator[tuple[str | None, ...]]:
    """What `serials` reads, as the cells of a sheet, without an object for each row."""
    statuses = or_(*(t.unit.c.status == status.value for status in statuses_of(filters)))
    query = Statement(serial_columns().where(statuses, is_listed(t.unit.c.id, "listed")))
    return _cells(store, query, _unit_ids(store, filters) if ids is None else iter(ids), slice(1, None))


def history_cells(
    store: Store, what: Move, filters: Filters, ids: Iterable[int] | None = None
) -> Iterator[tuple[str | None, ...]]:
    """What `history` reads, likewise."""
    statuses = or_(*(t.unit.c.status == status.value for status in statuses_of(filters, what)))
    query = Statement(history_columns().where(statuses, is_listed(t.unit_event.c.id, "listed")))
    return _cells(store, query, _event_ids(store, what, filters) if ids is None else iter(ids), slice(1, -1))


def _cells(store: Store, query: Statement, ids: Iterator[int], cells: slice) -> Iterator[tuple[str | None, ...]]:
    for part in _parts(ids, CELLS_AT_ONCE):
        with store.read() as tx:
            rows = {row[0]: row[cells] for row in query.tuples(tx, {"listed": json.dumps(part)})}
        yield from (rows[row_id] for row_id in part if row_id in rows)


def history_of_kinds(store: Store, kind: OrderKind, filters: Filters) -> Iterator[HistoryRow]:
    """The events of some kinds on orders of one kind, or on none, the oldest first."""
    of_each = (history(store, what, filters) for what in filters.kinds)
    in_order = merge(*of_each, key=lambda row: (row.at, row.id))
    return (row for row in in_order if row.order_kind in (kind, None))


def ids_by_code(store: Store, what: Move | None, filters: Filters) -> Sequence[int]:
    """The ids of a report's rows in the order in which people count their primary serials: SN9 before SN10.

    No index has that order: all codes are held at once, about 100 bytes each.
    """
    keys: list[str] = []
    for part in _parts(_unit_ids(store, filters) if what is None else _event_ids(store, what, filters)):
        if what is None:
            query = select(t.unit.c.id, PRIMARY.c.text).select_from(t.unit)
            query = query.outerjoin(PRIMARY, live_code(PRIMARY, CodeKind.PRIMARY)).where(t.unit.c.id.in_(part))
        else:
            query = select(t.unit_event.c.id, t.unit_event.c.primary_serial).where(t.unit_event.c.id.in_(part))
        with store.read() as tx:
            keys += [f"{natural_key(code or '')}\0{row_id:020}" for row_id, code in tx.execute(query)]
    keys.sort()
    return array("q", (int(key.rpartition("\0")[2]) for key in keys))


def count(store: Store, what: Move | None, filters: Filters) -> int:
    """How many rows a report has: it looks at all of them, so not for each page.

    Args:
        what: the events of a history; None for the Serial Number Report.
    """
    if what is None:
        query = _narrowed_units(select(func.count()).select_from(t.unit), filters)
    else:
        units = t.unit_event.join(t.unit, t.unit.c.id == t.unit_event.c.unit_id)
        query = _narrowed_events(select(func.count()).select_from(units), what, filters)
    with store.read() as tx:
        return int(tx.execute(query).scalar_one())


def serials_of_lines(tx: Connection, kind: OrderKind, line_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """What came in on lines of purchase orders, or is packed or shipped on lines of shipment orders.

    Line id → primary and secondary serials, by primary.
    """
    serials: dict[int, list[tuple[str, str]]] = {}
    for row in tx.execute(_on_lines(kind, line_ids, _PRINTED[kind])):
        serials.setdefault(row.line_id, []).append((row.primary or "", row.secondary or ""))
    return serials


def serials_to_label(
    tx: Connection, kind: OrderKind, line_ids: Sequence[int], work_id: int | None = None
) -> list[tuple[int, str, str]]:
    """The units of lines that are in the house, of one work or all: line id, primary and secondary serial.

    What came in on a purchase order is labelled while it is Received, what goes out until it is away.
    """
    statuses = (UnitStatus.RECEIVED,) if kind is OrderKind.PURCHASE else (UnitStatus.PACKED,)
    query = _on_lines(kind, line_ids, statuses)
    if work_id is not None:
        query = query.where(t.unit.c.id.in_(select(t.piece.c.unit_id).where(t.piece.c.work_id == work_id)))
    return [(row.line_id, row.primary or "", row.secondary or "") for row in tx.execute(query)]


_PRINTED = {OrderKind.PURCHASE: REPORTED, OrderKind.SHIPMENT: (UnitStatus.PACKED, UnitStatus.SHIPPED)}


def _on_lines(kind: OrderKind, line_ids: Sequence[int], statuses: Sequence[UnitStatus]) -> Select[Any]:
    line_id = t.unit.c.purchase_line_id if kind is OrderKind.PURCHASE else t.unit.c.shipment_line_id
    return (
        select(line_id.label("line_id"), PRIMARY.c.text.label("primary"), SECONDARY.c.text.label("secondary"))
        .select_from(t.unit)
        .outerjoin(PRIMARY, live_code(PRIMARY, CodeKind.PRIMARY))
        .outerjoin(SECONDARY, live_code(SECONDARY, CodeKind.SECONDARY))
        .where(line_id.in_(line_ids), t.unit.c.status.in_([status.value for status in statuses]))
        .order_by(line_id, PRIMARY.c.text_key, t.unit.c.id)
    )


def known_names(tx: Connection) -> tuple[list[str], list[str]]:
    """The clients and the warehouses that there are."""
    clients, warehouses = (
        list(tx.execute(select(table.c.code).order_by(table.c.code_key)).scalars()) for table in (t.client, t.warehouse)
    )
    return clients, warehouses


def skus(tx: Connection, beginning: str, client: str, limit: int) -> list[tuple[str, str]]:
    """SKUs that begin so, with their descriptions: of a client, or (empty) of all."""
    product = t.product.c
    query = select(product.sku, product.description, t.client.c.code).join(t.client).order_by(product.sku_key)
    query = query.where(product.sku_key.startswith(code_key(beginning), autoescape=True)).limit(limit)
    if client:
        query = query.where(t.client.c.code_key == code_key(client))
    return [(sku, description if client else f"{of} · {description}") for sku, description, of in tx.execute(query)]


def has_product(tx: Connection, filters: Filters) -> bool:
    """Is there a product of the client and the SKU asked for?"""
    return tx.execute(products_of(filters).limit(1)).first() is not None


def traced_units(tx: Connection, key: str) -> list[TracedUnit]:
    """Every unit that has or ever had a code, in the order they were taken."""
    ever = select(t.unit_code.c.unit_id).where(t.unit_code.c.text_key == key)
    rows = tx.execute(
        select(
            t.unit.c.id,
            t.unit.c.status,
            t.unit.c.on_hold,
            *lots.COLUMNS,
            t.warehouse.c.code.label("warehouse"),
            t.client.c.code.label("client"),
            t.product.c.sku,
            t.product.c.description,
            _last_code(CodeKind.PRIMARY),
            _last_code(CodeKind.SECONDARY),
            func.coalesce(t.orders.c.number, t.goods_return.c.number).label("held_order"),
            t.orders.c.kind.label("held_order_kind"),
            func.coalesce(t.work.c.station, t.return_work.c.station).label("held_at"),
            func.coalesce(t.work.c.operator, t.return_work.c.operator).label("held_by_operator"),
            func.coalesce(t.work.c.opened_at, t.return_work.c.opened_at).label("held_since"),
        )
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(t.work, t.work.c.id == func.coalesce(t.unit.c.held_by, t.unit.c.coming_to))
        .outerjoin(t.orders, t.orders.c.id == t.work.c.order_id)
        .outerjoin(t.return_piece, (t.return_piece.c.unit_id == t.unit.c.id) & t.return_piece.c.in_hand.is_(True))
        .outerjoin(t.return_work, t.return_work.c.id == t.return_piece.c.work_id)
        .outerjoin(t.goods_return, t.goods_return.c.id == t.return_work.c.return_id)
        .where(t.unit.c.id.in_(ever))
        .order_by(t.unit.c.id)
    )
    return [
        TracedUnit(
            id=row.id,
            warehouse=row.warehouse,
            client=row.client,
            sku=row.sku,
            description=row.description,
            status=UnitStatus(row.status),
            primary=row.primary,
            secondary=row.secondary,
            on_hold=row.on_hold,
            lot=lots.facts(row),
            held_order=row.held_order,
            held_order_kind=OrderKind(row.held_order_kind) if row.held_order_kind else None,
            held_at=row.held_at,
            held_by=row.held_by_operator,
            held_since=row.held_since,
        )
        for row in rows
    ]


def traced_events(tx: Connection, unit_ids: Sequence[int]) -> list[TracedEvent]:
    """All that happened to units, in the order it happened."""
    rows = tx.execute(
        select(
            t.unit_event,
            t.orders.c.kind.label("order_kind"),
            # As it was called then; an older version did not keep that.
            func.coalesce(t.unit_event.c.order_number, t.orders.c.number).label("called"),
            t.import_batch.c.file_name,
            t.seal.c.at.label("recorded_at"),
        )
        .outerjoin(t.seal, t.seal.c.id == t.unit_event.c.seal_id)
        .outerjoin(t.order_line, t.order_line.c.id == t.unit_event.c.line_id)
        .outerjoin(t.orders, t.orders.c.id == t.order_line.c.order_id)
        # What was swapped in stands in a file that never had its serial.
        .outerjoin(
            t.import_batch,
            and_(t.import_batch.c.id == t.unit_event.c.batch_id, t.unit_event.c.source == Source.IMPORT.value),
        )
        .where(t.unit_event.c.unit_id.in_(unit_ids))
        .order_by(t.unit_event.c.id)
    )
    return [
        TracedEvent(
            unit_id=row.unit_id,
            at=row.at,
            what=Move(row.what),
            status=UnitStatus(row.status),
            order_kind=OrderKind(row.order_kind) if row.order_kind else None,
            order=row.called,
            operator=row.operator,
            station=row.station,
            source=row.source,
            file_name=row.file_name,
            reason=row.reason,
            primary=row.primary_serial,
            secondary=row.secondary_serial,
            sku=row.sku,
            client=row.client,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]


def _unit_ids(store: Store, filters: Filters) -> Iterator[int]:
    """The ids of a report's rows, so many at once: all of them would grow with the store."""
    query, unit_id = _narrowed_units(select(t.unit.c.id), filters), t.unit.c.id
    last = 0
    while True:
        with store.read() as tx:
            further = query.where(unit_id > last).order_by(unit_id).limit(IDS_AT_ONCE)
            ids = array("q", tx.execute(further).scalars())
        yield from ids
        if len(ids) < IDS_AT_ONCE:
            return
        last = ids[-1]


def _event_ids(store: Store, what: Move, filters: Filters) -> Iterator[int]:
    event = t.unit_event.c
    # The first day is said by where it begins: with both, the planner would begin there each time.
    query = select(event.id, event.at).join(t.unit, t.unit.c.id == event.unit_id)
    query = _narrowed_events(query, what, replace(filters, since=""))
    at, last = filters.since, 0
    while True:
        with store.read() as tx:
            further = query.where(tuple_(event.at, event.id) > tuple_(literal(at), literal(last)))
            rows = tx.execute(further.order_by(event.at, event.id).limit(IDS_AT_ONCE)).all()
            ids = array("q", (row.id for row in rows))
        if rows:
            at, last = rows[-1].at, rows[-1].id
        full = len(rows) == IDS_AT_ONCE
        del rows  # while the rows are read and written, only their ids are kept
        yield from ids
        if not full:
            return


def _parts(ids: Iterator[int], at_once: int | None = None) -> Iterator[list[int]]:
    while part := list(islice(ids, at_once or ROWS_AT_ONCE)):
        yield part


def _last_code(kind: CodeKind) -> ColumnElement[str | None]:
    """The live code; of a unit that is gone the last one it had."""
    return (
        select(t.unit_code.c.text)
        .where(t.unit_code.c.unit_id == t.unit.c.id, t.unit_code.c.kind == kind.value)
        .order_by(t.unit_code.c.live.desc(), t.unit_code.c.id.desc())
        .limit(1)
        .correlate(t.unit)
        .scalar_subquery()
        .label(kind.value)
    )


def _narrowed_units(query: Select[Any], filters: Filters) -> Select[Any]:
    query = query.where(*unit_conditions(filters), came_within(filters))
    return query.where(t.unit.c.id.in_(coded(filters.code, live=True))) if filters.code else query


def _narrowed_events(query: Select[Any], what: Move, filters: Filters) -> Select[Any]:
    query = query.where(*unit_conditions(filters, what), t.unit_event.c.what == what.value)
    query = query.where(within(t.unit_event.c.at, filters))
    if filters.code:
        query = query.where(t.unit.c.id.in_(coded(filters.code)))
    return query
