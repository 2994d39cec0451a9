"""What the rows of the reports are read from, and what they are narrowed by; exports and pages both stand on it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, bindparam, case, func, or_, select, true
from sqlalchemy.engine import Row
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from scanstation.domain.codes import code_key
from scanstation.domain.reports import Filters, HistoryRow, SerialRow
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.transfers import Leg
from scanstation.domain.verdict import CodeKind
from scanstation.store import lots
from scanstation.store import tables as t
from scanstation.store.units import code_of, unbooked

REPORTED = (UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED)
"""The statuses that the Serial Number Report knows; held and gone units are in no report."""
_IN_HISTORIES = (*REPORTED, UnitStatus.IN_TRANSIT, UnitStatus.DISPOSED)
"""What was disposed of came all the same."""

MOMENT_OF = {
    UnitStatus.RECEIVED: t.unit.c.received_at,
    UnitStatus.PACKED: t.unit.c.packed_at,
    UnitStatus.SHIPPED: t.unit.c.shipped_at,
}
"""When a unit came to a status."""

LAST_CHARACTER = "\U0010ffff"
"""No character sorts after it."""

PRIMARY = t.unit_code.alias("primary_code")
SECONDARY = t.unit_code.alias("secondary_code")
"""A unit's codes beside it, joined by `live_code`."""
_purchase_line = t.order_line.alias("purchase_line")
_purchase = t.orders.alias("purchase")
_shipment_line = t.order_line.alias("shipment_line")
_shipment = t.orders.alias("shipment")
_on_the_way = t.transfer_unit.alias("on_the_way")
_going_to = t.warehouse.alias("going_to")


# The rows


def serial_columns() -> Select[Any]:
    """All units, as `serial` reads them; after the id, all is in the order in which a sheet has it."""
    return (
        select(
            t.unit.c.id,
            t.warehouse.c.code.label("warehouse"),
            t.client.c.code.label("client"),
            t.product.c.sku,
            t.product.c.description,
            PRIMARY.c.text.label("primary"),
            SECONDARY.c.text.label("secondary"),
            case(
                (t.unit.c.status == UnitStatus.IN_TRANSIT.value, UnitStatus.RECEIVED.value), else_=t.unit.c.status
            ).label("status"),
            _purchase.c.number.label("purchase_order"),
            t.unit.c.received_at,
            _shipment.c.number.label("shipment_order"),
            t.unit.c.packed_at,
            t.unit.c.shipped_at,
            t.unit.c.on_hold,
            _going_to.c.code.label("in_transit_to"),
            *lots.COLUMNS,
        )
        .select_from(t.unit)
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(PRIMARY, live_code(PRIMARY, CodeKind.PRIMARY))
        .outerjoin(SECONDARY, live_code(SECONDARY, CodeKind.SECONDARY))
        .outerjoin(_purchase_line, _purchase_line.c.id == t.unit.c.purchase_line_id)
        .outerjoin(_purchase, _purchase.c.id == _purchase_line.c.order_id)
        .outerjoin(_shipment_line, _shipment_line.c.id == t.unit.c.shipment_line_id)
        .outerjoin(_shipment, _shipment.c.id == _shipment_line.c.order_id)
        .outerjoin(_on_the_way, and_(_on_the_way.c.unit_id == t.unit.c.id, _on_the_way.c.leg == Leg.ON_THE_WAY.value))
        .outerjoin(t.transfer, t.transfer.c.id == _on_the_way.c.transfer_id)
        .outerjoin(_going_to, _going_to.c.id == t.transfer.c.to_id)
    )


def history_columns() -> Select[Any]:
    """All events, as `happened` reads them; after the id, all but the last is in the order in which a sheet has it."""
    return (
        select(
            t.unit_event.c.id,
            t.unit_event.c.at,
            t.warehouse.c.code.label("warehouse"),
            # As they were called then; older versions kept no names.
            func.coalesce(t.unit_event.c.client, t.client.c.code).label("client"),
            t.orders.c.number.label("order_number"),
            func.coalesce(t.unit_event.c.sku, t.product.c.sku).label("sku"),
            t.unit_event.c.primary_serial,
            t.unit_event.c.secondary_serial,
            t.unit_event.c.operator,
            t.unit_event.c.station,
            t.unit_event.c.source,
            t.unit_event.c.what,
            t.orders.c.kind.label("order_kind"),
        )
        .select_from(t.unit_event)
        .join(t.unit, t.unit.c.id == t.unit_event.c.unit_id)
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(t.order_line, t.order_line.c.id == t.unit_event.c.line_id)
        .outerjoin(t.orders, t.orders.c.id == t.order_line.c.order_id)
    )


def serial(row: Row[Any]) -> SerialRow:
    """One row of `serial_columns`."""
    return SerialRow(
        id=row.id,
        warehouse=row.warehouse,
        client=row.client,
        sku=row.sku,
        description=row.description,
        primary=row.primary,
        secondary=row.secondary,
        status=UnitStatus(row.status),
        purchase_order=row.purchase_order,
        received_at=row.received_at,
        shipment_order=row.shipment_order,
        packed_at=row.packed_at,
        shipped_at=row.shipped_at,
        hold=row.on_hold,
        lot=lots.facts(row),
        in_transit_to=row.in_transit_to,
    )


def happened(row: Row[Any]) -> HistoryRow:
    """One row of `history_columns`."""
    return HistoryRow(
        id=row.id,
        at=row.at,
        warehouse=row.warehouse,
        client=row.client,
        order=row.order_number,
        sku=row.sku,
        primary=row.primary_serial,
        secondary=row.secondary_serial,
        operator=row.operator,
        station=row.station,
        source=row.source,
        kind=row.what,
        order_kind=OrderKind(row.order_kind) if row.order_kind else None,
    )


def live_code(alias: FromClause, kind: CodeKind) -> ColumnElement[bool]:
    """Is a row of `alias`, which stands for `unit_code`, the code of this kind that the reports know of the unit?"""
    return and_(code_of(t.unit.c.id, alias, kind), ~unbooked(alias))


# The conditions


def unit_conditions(filters: Filters, what: Move | None = None, *, by_index: bool = True) -> list[ColumnElement[bool]]:
    """What a unit has to be for a report, its codes and times apart.

    Args:
        filters: what is asked for.
        what: the events of a history; None for the Serial Number Report.
        by_index: may the planner look the units up by these? Otherwise they only sift what it has come upon.
    """

    def plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return column if by_index else column + 0

    def plain_text(column: ColumnElement[str]) -> ColumnElement[str]:
        return column if by_index else column + ""

    conditions = [of_status(filters, what)]
    if filters.client or filters.sku:
        conditions.append(plain(t.unit.c.product_id).in_(products_of(filters)))
    if filters.warehouse:
        key = code_key(filters.warehouse)
        warehouses = select(t.warehouse.c.id).where(t.warehouse.c.code_key == key)
        conditions.append(plain(t.unit.c.warehouse_id).in_(warehouses))
    if filters.purchase_order:
        lines = lines_of(OrderKind.PURCHASE, filters.purchase_order)
        conditions.append(plain(t.unit.c.purchase_line_id).in_(lines))
    if filters.shipment_order:
        lines = lines_of(OrderKind.SHIPMENT, filters.shipment_order)
        conditions.append(plain(t.unit.c.shipment_line_id).in_(lines))
    if filters.on_hold:
        conditions.append(t.unit.c.on_hold.is_not(None))
    if filters.lot:
        conditions.append(plain_text(t.unit.c.lot_key) == code_key(filters.lot))
    if filters.expiry:
        conditions.append(begins(plain_text(t.unit.c.use_by), filters.expiry))
    return conditions


def products_of(filters: Filters) -> Select[tuple[int]]:
    """The products of the client and the SKU asked for."""
    products = select(t.product.c.id)
    if filters.client:
        products = products.join(t.client, t.client.c.id == t.product.c.client_id)
        products = products.where(t.client.c.code_key == code_key(filters.client))
    if filters.sku:
        products = products.where(t.product.c.sku_key == code_key(filters.sku))
    return products


def of_status(filters: Filters, what: Move | None = None) -> ColumnElement[bool]:
    """Has a unit a status that is asked for, in the report or in the history of one kind of events?"""
    return t.unit.c.status.in_([status.value for status in statuses_of(filters, what)])


def statuses_of(filters: Filters, what: Move | None = None) -> tuple[UnitStatus, ...]:
    """The statuses that are asked for, as the store has them."""
    return stored(filters.statuses or (REPORTED if what is None else _IN_HISTORIES))


def stored(statuses: Sequence[UnitStatus]) -> tuple[UnitStatus, ...]:
    """The statuses as the store has them: what reports call Received may be between two warehouses."""
    if UnitStatus.RECEIVED not in statuses or UnitStatus.IN_TRANSIT in statuses:
        return tuple(statuses)
    return (*statuses, UnitStatus.IN_TRANSIT)


def lines_of(kind: OrderKind, number: str) -> Select[tuple[int]]:
    """The lines of the orders of a kind that have the number."""
    return (
        select(t.order_line.c.id)
        .join(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .where(t.orders.c.kind == kind.value, t.orders.c.number_key == code_key(number))
    )


def within(moment: ColumnElement[Any], filters: Filters) -> ColumnElement[bool]:
    """Is a moment in the days asked for?"""
    limits: list[ColumnElement[bool]] = []
    if filters.since:
        limits.append(moment >= filters.since)
    if filters.until:
        limits.append(moment < filters.until)
    return and_(true(), *limits)


def came_within(filters: Filters) -> ColumnElement[bool]:
    """Did a unit come to one of the statuses asked for within the days asked for?"""
    if not filters.days:
        return true()
    return or_(*(within(MOMENT_OF[status], filters) for status in filters.statuses or REPORTED))


def coded(code: str, *, live: bool = False) -> Select[tuple[int]]:
    """The units with a code that begins so; with a leading `*`, that ends so.

    Args:
        live: only codes that are in use. One that was corrected is not its unit's any more; only the histories and
            `trace` know it.
    """
    column, beginning = code_range(code)
    query = select(t.unit_code.c.unit_id).where(begins(t.unit_code.c[column], beginning))
    return query.where(t.unit_code.c.live.is_(True), ~unbooked(t.unit_code)) if live else query


def code_range(code: str) -> tuple[str, str]:
    """The column of `unit_code` that a code is looked up in, and what it begins with there."""
    if code.startswith("*"):
        return "reversed_key", code_key(code[1:])[::-1]
    return "text_key", code_key(code)


class begins(FunctionElement[bool]):  # noqa: N801 - reads as the condition it is
    """Does a text begin with another? Not LIKE: `%` and `_` are ordinary characters of codes, and SQLite's LIKE
    would not use the index. Without a type: for a Boolean, SQLAlchemy would write `(…) = 1`, which does neither."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[str], beginning: str) -> None:
        super().__init__(column, bindparam(None, beginning, Text))


@compiles(begins, "sqlite")
def begins_in_sqlite(element: begins, compiler: Any, **options: Any) -> str:
    column, beginning = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} >= {beginning} AND {column} < {beginning} || char({ord(LAST_CHARACTER)}))"


@compiles(begins, "postgresql")
def begins_in_postgresql(element: begins, compiler: Any, **options: Any) -> str:
    return f"starts_with({compiler.process(element.clauses, **options)})"
