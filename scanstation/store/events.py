"""The events of units: the one place that writes them, and what they tell of where a unit is."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Insert, Select, func, insert, literal, select
from sqlalchemy.engine import Connection

from scanstation.domain.status import TELLS_NO_PLACE, Move, OrderKind, UnitStatus
from scanstation.domain.units import Hold, Whereabouts
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids

Value = object
"""What one event has as it is written, or the column, the query or the parameter that it comes from."""


class EventColumns(TypedDict):
    """All that an event says; nothing of it can be left out. The names of the moment are looked up."""

    unit_id: Value
    what: Move
    status: UnitStatus
    """The unit's status afterwards."""
    line_id: Value
    batch_id: Value
    at: Value
    operator: Value
    station: Value
    source: Value
    reason: str
    primary_serial: Value
    secondary_serial: Value
    scanned: Value
    """What was scanned, where it is not the primary as it stands."""


def event(**columns: Unpack[EventColumns]) -> Insert:
    """One event, to be executed for each unit."""
    stored = _stored(columns)
    unit = select().where(t.unit.c.id == columns["unit_id"]).join_from(t.unit, t.product)
    line = select().where(t.order_line.c.id == columns["line_id"]).join_from(t.order_line, t.orders)
    names = {
        "client": unit.join(t.client, t.client.c.id == t.product.c.client_id).add_columns(t.client.c.code),
        "sku": unit.add_columns(t.product.c.sku),
        "order_number": line.add_columns(t.orders.c.number),
    }
    return insert(t.unit_event).values(stored | {name: query.scalar_subquery() for name, query in names.items()})


def events_of(rows: Select[Any], **columns: Unpack[EventColumns]) -> Insert:
    """One event for each of the rows, in their order; `rows` selects no columns itself."""
    stored = _stored(columns)
    chosen = {
        name: value if isinstance(value, ColumnElement) else literal(value, t.unit_event.c[name].type)
        for name, value in stored.items()
    }
    # Outer joins stay in the order of the rows.
    rows = (
        rows.outerjoin(_unit, _unit.c.id == chosen["unit_id"])
        .outerjoin(_product, _product.c.id == _unit.c.product_id)
        .outerjoin(_client, _client.c.id == _product.c.client_id)
        .outerjoin(_line, _line.c.id == chosen["line_id"])
        .outerjoin(_order, _order.c.id == _line.c.order_id)
    )
    chosen |= {"client": _client.c.code, "sku": _product.c.sku, "order_number": _order.c.number}
    return insert(t.unit_event).from_select(list(chosen), rows.add_columns(*chosen.values()))


_unit, _product, _client, _line, _order = (
    table.alias(f"{table.name}_of_event") for table in (t.unit, t.product, t.client, t.order_line, t.orders)
)


def _stored(columns: EventColumns) -> dict[str, Any]:
    return {**columns, "what": columns["what"].value, "status": columns["status"].value}


def whereabouts(tx: Connection, unit_ids: Collection[int]) -> dict[int, Whereabouts]:
    """Who has each unit reserved, or what last happened to it: unit id → whereabouts."""
    places: dict[int, Whereabouts] = {}
    if not unit_ids:
        return places
    meant = listed_ids(tx, unit_ids)
    last = (
        select(func.max(t.unit_event.c.id))
        .where(t.unit_event.c.unit_id.in_(meant), t.unit_event.c.what.not_in([one.value for one in TELLS_NO_PLACE]))
        .group_by(t.unit_event.c.unit_id)
    )
    for row in tx.execute(
        select(
            t.unit_event.c.unit_id,
            t.unit_event.c.status,
            t.unit_event.c.at,
            t.unit_event.c.station,
            t.unit_event.c.operator,
            t.orders.c.kind,
            t.orders.c.number,
        )
        .outerjoin(t.order_line, t.order_line.c.id == t.unit_event.c.line_id)
        .outerjoin(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .where(t.unit_event.c.id.in_(last))
    ):
        kind = OrderKind(row.kind) if row.kind else None
        places[row.unit_id] = Whereabouts(
            status=UnitStatus(row.status),
            order_kind=kind,
            order_number=row.number,
            at=row.at,
            station=row.station,
            operator=row.operator,
        )
    for held in tx.execute(
        select(
            t.unit.c.id,
            t.work.c.opened_at,
            t.work.c.station,
            t.work.c.operator,
            t.orders.c.kind,
            t.orders.c.number,
        )
        .join(t.work, t.work.c.id == t.unit.c.held_by)
        .join(t.orders, t.orders.c.id == t.work.c.order_id)
        .where(t.unit.c.id.in_(meant))
    ):
        places[held.id] = Whereabouts(
            status=UnitStatus.HELD,
            order_kind=OrderKind(held.kind),
            order_number=held.number,
            at=held.opened_at,
            station=held.station,
            operator=held.operator,
        )
    for unit_id, hold in holds(tx, unit_ids).items():
        places[unit_id] = replace(places[unit_id], hold=hold)
    return places


def holds(tx: Connection, unit_ids: Collection[int]) -> dict[int, Hold]:
    """Why those of the units that are on hold are so, and since when: unit id → hold."""
    last = (
        select(func.max(t.unit_event.c.id))
        .join(t.unit, t.unit.c.id == t.unit_event.c.unit_id)
        .where(
            t.unit_event.c.unit_id.in_(listed_ids(tx, unit_ids)),
            t.unit.c.on_hold.is_not(None),
            t.unit_event.c.what == Move.HOLD.value,
        )
        .group_by(t.unit_event.c.unit_id)
    )
    event = t.unit_event.c
    rows = tx.execute(
        select(event.unit_id, event.reason, event.at, event.station, event.operator).where(event.id.in_(last))
    )
    return {row.unit_id: Hold(reason=row.reason, at=row.at, station=row.station, operator=row.operator) for row in rows}
