"""The events of units: the one place that writes them, and what they tell of where a unit is."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy import ColumnElement, Insert, Select, func, insert, literal, select
from sqlalchemy.engine import Connection

from scanstation.domain.counts import is_lost
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
    reason: Value
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


def named_events_of(
    rows: Select[Any], *, id: Value, client: Value, sku: Value, order_number: Value, **columns: Unpack[EventColumns]
) -> Insert:
    """The same where the ids and the names of the moment are known: nothing is looked up for a row."""
    said = {**_stored(columns), "id": id, "client": client, "sku": sku, "order_number": order_number}
    chosen = {
        name: value if isinstance(value, ColumnElement) else literal(value, t.unit_event.c[name].type)
        for name, value in said.items()
    }
    return insert(t.unit_event).from_select(list(chosen), rows.add_columns(*chosen.values()))


_unit, _product, _client, _line, _order = (
    table.alias(f"{table.name}_of_event") for table in (t.unit, t.product, t.client, t.order_line, t.orders)
)


def _stored(columns: EventColumns) -> dict[str, Any]:
    return {**columns, "what": columns["what"].value, "status": columns["status"].value}


class CameBack(NamedTuple):
    """A unit that came back from a shipment order, or came in on a purchase order and then on one again."""

    line_id: int
    primary: str
    secondary: str
    imported: bool
    """Was its serial imported there?"""


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
            t.unit_event.c.what,
            t.unit_event.c.status,
            t.unit_event.c.at,
            t.unit_event.c.station,
            t.unit_event.c.operator,
            t.unit_event.c.reason,
            t.orders.c.kind,
            t.orders.c.number,
        )
        .outerjoin(t.order_line, t.order_line.c.id == t.unit_event.c.line_id)
        .outerjoin(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .where(t.unit_event.c.id.in_(last))
    ):
        came_back = row.what == Move.RETURN.value
        places[row.unit_id] = Whereabouts(
            status=UnitStatus(row.status),
            order_kind=OrderKind(row.kind) if row.kind and not came_back else None,
            order_number=None if came_back else row.number,
            came_back=came_back,
            is_lost=is_lost(Move(row.what), row.reason),
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
        .join(t.work, t.work.c.id == func.coalesce(t.unit.c.held_by, t.unit.c.coming_to))
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
    for back in tx.execute(
        select(
            t.return_piece.c.unit_id,
            t.return_work.c.opened_at,
            t.return_work.c.station,
            t.return_work.c.operator,
            t.goods_return.c.number,
        )
        .join(t.return_work, t.return_work.c.id == t.return_piece.c.work_id)
        .join(t.goods_return, t.goods_return.c.id == t.return_work.c.return_id)
        .where(t.return_piece.c.in_hand.is_(True), t.return_piece.c.unit_id.in_(meant))
    ):
        places[back.unit_id] = Whereabouts(
            status=UnitStatus.HELD,
            order_kind=None,
            order_number=back.number,
            at=back.opened_at,
            station=back.station,
            operator=back.operator,
        )
    for unit_id, hold in holds(tx, unit_ids).items():
        places[unit_id] = replace(places[unit_id], hold=hold)
    return places


def last_of(tx: Connection, unit_id: int) -> tuple[str, Move] | None:
    """When something last happened to a unit, and what; None of a unit that is about to be."""
    event = t.unit_event.c
    query = select(event.at, event.what).where(event.unit_id == unit_id).order_by(event.id.desc()).limit(1)
    row = tx.execute(query).first()
    return (row.at, Move(row.what)) if row else None


def count_of(tx: Connection, unit_id: int) -> int:
    """How many events a unit has."""
    count: int = tx.execute(select(func.count()).where(t.unit_event.c.unit_id == unit_id)).scalar_one()
    return count


def returned(tx: Connection, unit_ids: Collection[int]) -> set[int]:
    """Which of the units have come back at any time."""
    if not unit_ids:
        return set()
    back = t.unit_event.c
    query = select(back.unit_id).where(back.what == Move.RETURN.value, back.unit_id.in_(listed_ids(tx, unit_ids)))
    return set(tx.execute(query).scalars())


def came_back(tx: Connection, order_ids: Collection[int]) -> list[CameBack]:
    """The units that came back from shipment orders, one for each time: they were on the orders' lines all the same."""
    back, packing = t.unit_event.c, t.unit_event.alias("packing")
    imported = (
        select(packing.c.id)
        .where(
            packing.c.unit_id == back.unit_id,
            packing.c.line_id == back.line_id,
            packing.c.what == Move.PACK.value,
            packing.c.batch_id.is_not(None),
        )
        .exists()
    )
    # Few events are returns: the planner is to begin with those, and not with all that an order's lines have.
    rows = tx.execute(
        select(back.line_id, back.primary_serial, back.secondary_serial, imported.label("imported"))
        .join(t.order_line, t.order_line.c.id == back.line_id)
        .where(back.what == Move.RETURN.value, (t.order_line.c.order_id + 0).in_(listed_ids(tx, order_ids)))
        .order_by(back.id)
    )
    return [
        CameBack(row.line_id, row.primary_serial or "", row.secondary_serial or "", imported=bool(row.imported))
        for row in rows
    ]


def came_again(tx: Connection, order_ids: Collection[int]) -> list[CameBack]:
    """The units that came in on purchase orders, left, and came in on one again, one for each time.

    They count on the first order as well, though they stand on the last one's line.
    """
    came = t.unit_event.c
    rows = tx.execute(
        select(came.line_id, came.primary_serial, came.secondary_serial, came.batch_id)
        .join(t.order_line, t.order_line.c.id == came.line_id)
        .where(*_HAS_COME_AGAIN, (t.order_line.c.order_id + 0).in_(listed_ids(tx, order_ids)))
        .order_by(came.id)
    )
    return [
        CameBack(row.line_id, row.primary_serial or "", row.secondary_serial or "", imported=row.batch_id is not None)
        for row in rows
    ]


def imported_once(tx: Connection, order_id: int, batch_id: int | None) -> dict[int, int]:
    """The units that an import on a purchase order (one batch, if given) brought, that left, and came in on one again.

    They stand on the last one's line: unit id → the line of this order.
    """
    came = t.unit_event.c
    rows = (
        select(came.unit_id, came.line_id)
        .join(t.order_line, t.order_line.c.id == came.line_id)
        .where(*_HAS_COME_AGAIN, (t.order_line.c.order_id + 0) == order_id, came.batch_id.is_not(None))
        .order_by(came.id)
    )
    if batch_id is not None:
        rows = rows.where(came.batch_id == batch_id)
    return {row.unit_id: row.line_id for row in tx.execute(rows)}


def count_come_again(line_id: ColumnElement[int]) -> ColumnElement[int]:
    """How many units came in on a purchase order's line, left, and came in on one again."""
    query = select(func.count()).select_from(t.unit_event)
    return query.where(*_HAS_COME_AGAIN, t.unit_event.c.line_id == line_id).scalar_subquery()


# Few events are returns: the planner is to begin with their units.
_back_once, _again = t.unit_event.alias("back_once"), t.unit_event.alias("received_again")
_came_later = select(_again.c.id).where(_again.c.unit_id == t.unit_event.c.unit_id, _again.c.id > t.unit_event.c.id)
_HAS_COME_AGAIN = (
    t.unit_event.c.what == Move.RECEIVE.value,
    t.unit_event.c.unit_id.in_(select(_back_once.c.unit_id).where(_back_once.c.what == Move.RETURN.value)),
    _came_later.where(_again.c.what == Move.RECEIVE.value).correlate(t.unit_event).exists(),
)


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
