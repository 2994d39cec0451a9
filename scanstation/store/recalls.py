"""The units of a recall: those of a lot, a use-by, a receipt or a list, and those of which nobody can say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.lots import LotFacts
from scanstation.domain.reports import Filters
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.verdict import CodeKind
from scanstation.store import lots
from scanstation.store import tables as t
from scanstation.store.bulk import listed_texts
from scanstation.store.report_conditions import begins, lines_of, products_of, within
from scanstation.store.units import code_of

_primary, _secondary = t.unit_code.alias("primary_code"), t.unit_code.alias("secondary_code")
_bought_line, _sold_line = t.order_line.alias("bought_line"), t.order_line.alias("sold_line")
_bought, _sold, _held = t.orders.alias("bought"), t.orders.alias("sold"), t.orders.alias("held")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledUnit:
    """A unit, and where it is or to whom it went."""

    id: int
    client: str
    sku: str
    primary: str | None
    secondary: str | None
    lot: LotFacts
    status: UnitStatus
    warehouse: str
    on_hold: str | None
    held_order: str | None
    """The order whose open work has it in hand, and where and by whom."""
    held_at: str | None
    held_by: str | None
    purchase_order: str | None
    received_at: str | None
    shipment_order: str | None
    ship_to: str | None
    packed_at: str | None
    shipped_at: str | None


def of_lot(tx: Connection, filters: Filters, after: int, limit: int, *, is_known: bool) -> list[RecalledUnit]:
    """The next units that filters fit, or (not `is_known`) whose lot is not known, by their ids; without a lot: use-by.

    Those that open work has in hand count too: their labels have been read.
    """
    units = _units().where(*_meant(filters, is_known), t.unit.c.id > after)
    return [_unit(row) for row in tx.execute(units.order_by(t.unit.c.id).limit(limit))]


def counted(tx: Connection, filters: Filters, *, is_known: bool) -> dict[tuple[UnitStatus, bool], int]:
    """How many of them there are of each status, on hold and not."""
    on_hold = t.unit.c.on_hold.is_not(None)
    rows = tx.execute(
        select(t.unit.c.status, on_hold.label("on_hold"), func.count().label("units"))
        .where(*_meant(filters, is_known), t.unit.c.status != UnitStatus.GONE.value)
        .group_by(t.unit.c.status, on_hold)
    )
    return {(UnitStatus(row.status), bool(row.on_hold)): row.units for row in rows}


def lots_of(tx: Connection, filters: Filters, beginning: str, limit: int) -> list[tuple[str, str | None, int]]:
    """The lots of a product's units that begin so, or whose use-by does: name, first use-by, and how many units."""
    unit = t.unit.c
    conditions = [unit.lot_key.is_not(None), unit.status != UnitStatus.GONE.value, *_of_products(filters)]
    if beginning:
        begins = unit.lot_key.startswith(code_key(beginning), autoescape=True)
        conditions.append(begins | unit.use_by.startswith(beginning, autoescape=True))
    rows = tx.execute(
        select(func.min(unit.lot).label("lot"), func.min(unit.use_by).label("use_by"), func.count().label("units"))
        .where(*conditions)
        .group_by(unit.lot_key)
        .order_by(unit.lot_key)
        .limit(limit)
    )
    return [(row.lot, row.use_by, row.units) for row in rows]


def days_of(tx: Connection, filters: Filters, beginning: str, limit: int) -> list[tuple[str, int]]:
    """The use-bys of units that begin so, and how many units each has."""
    unit = t.unit.c
    conditions = [unit.use_by.is_not(None), unit.status != UnitStatus.GONE.value, *_of_products(filters)]
    if beginning:
        conditions.append(unit.use_by.startswith(beginning, autoescape=True))
    days = select(unit.use_by, func.count().label("units")).where(*conditions).group_by(unit.use_by)
    return [(row.use_by, row.units) for row in tx.execute(days.order_by(unit.use_by).limit(limit))]


def _meant(filters: Filters, is_known: bool) -> list[ColumnElement[bool]]:
    """The units of a lot and a use-by, as far as each is asked for, or those whose lot, else use-by, is not known."""
    meant: list[ColumnElement[bool]] = []
    if not is_known:
        meant.append(_lot_key.is_(None) if filters.lot else _use_by.is_(None))
    else:
        if filters.lot:
            meant.append(_lot_key == code_key(filters.lot))
        if filters.expiry:
            meant.append(begins(_use_by, filters.expiry))
    return [*meant, *_of_products(filters)]


def _of_products(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.client or filters.sku:
        conditions.append(t.unit.c.product_id.in_(products_of(filters)))
    if filters.purchase_order:
        conditions.append(t.unit.c.purchase_line_id.in_(lines_of(OrderKind.PURCHASE, filters.purchase_order)))
    if filters.days:
        conditions.append(within(t.unit.c.received_at, filters))
    if filters.warehouse:
        meant = select(t.warehouse.c.id).where(t.warehouse.c.code_key == code_key(filters.warehouse))
        conditions.append(t.unit.c.warehouse_id.in_(meant))
    return conditions


def of_codes(tx: Connection, keys: Sequence[str], filters: Filters) -> list[tuple[str, RecalledUnit]]:
    """The units that have or had one of these codes, each with that code's key."""
    listed = listed_texts(tx, keys)
    rows = tx.execute(
        _units()
        .add_columns(t.unit_code.c.text_key.label("by_key"))
        .join(t.unit_code, t.unit_code.c.unit_id == t.unit.c.id)
        .join(listed, listed.c.value == t.unit_code.c.text_key)
        .where(t.unit.c.product_id.in_(products_of(filters)))
        .order_by(t.unit.c.id)
    )
    return [(row.by_key, _unit(row)) for row in rows]


# What the labels of open work have said, which no unit has yet.
def _or_said_now(kept: ColumnElement[Any], said: ColumnElement[Any]) -> ColumnElement[Any]:
    said_now = (
        select(func.max(said))
        .join(t.entry, t.entry.c.id == t.entry_lot.c.entry_id)
        .join(t.piece, t.piece.c.id == t.entry_lot.c.piece_id)
        .where(t.piece.c.unit_id == t.unit.c.id, t.entry.c.undone.is_(False))
        .correlate(t.unit)
        .scalar_subquery()
    )
    return func.coalesce(kept, case((t.unit.c.held_by.is_not(None), said_now)))


_lot_key = _or_said_now(t.unit.c.lot_key, func.upper(t.entry_lot.c.lot))
_use_by = _or_said_now(t.unit.c.use_by, t.entry_lot.c.use_by)


def _units() -> Select[Any]:
    return (
        select(
            t.unit.c.id,
            t.client.c.code.label("client"),
            t.product.c.sku,
            _primary.c.text.label("primary"),
            _secondary.c.text.label("secondary"),
            *lots.COLUMNS,
            t.unit.c.status,
            t.warehouse.c.code.label("warehouse"),
            t.unit.c.on_hold,
            _held.c.number.label("held_order"),
            t.work.c.station.label("held_at"),
            t.work.c.operator.label("held_by_operator"),
            _bought.c.number.label("purchase_order"),
            t.unit.c.received_at,
            _sold.c.number.label("shipment_order"),
            _sold.c.partner.label("ship_to"),
            t.unit.c.packed_at,
            t.unit.c.shipped_at,
        )
        .select_from(t.unit)
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(_primary, code_of(t.unit.c.id, _primary, CodeKind.PRIMARY))
        .outerjoin(_secondary, code_of(t.unit.c.id, _secondary, CodeKind.SECONDARY))
        .outerjoin(_bought_line, _bought_line.c.id == t.unit.c.purchase_line_id)
        .outerjoin(_bought, _bought.c.id == _bought_line.c.order_id)
        .outerjoin(_sold_line, _sold_line.c.id == t.unit.c.shipment_line_id)
        .outerjoin(_sold, _sold.c.id == _sold_line.c.order_id)
        .outerjoin(t.work, t.work.c.id == func.coalesce(t.unit.c.held_by, t.unit.c.coming_to))
        .outerjoin(_held, _held.c.id == t.work.c.order_id)
        .where(t.unit.c.status != UnitStatus.GONE.value)
    )


def _unit(row: Row[Any]) -> RecalledUnit:
    return RecalledUnit(
        id=row.id,
        client=row.client,
        sku=row.sku,
        primary=row.primary,
        secondary=row.secondary,
        lot=lots.facts(row),
        status=UnitStatus(row.status),
        warehouse=row.warehouse,
        on_hold=row.on_hold,
        held_order=row.held_order,
        held_at=row.held_at,
        held_by=row.held_by_operator,
        purchase_order=row.purchase_order,
        received_at=row.received_at,
        shipment_order=row.shipment_order,
        ship_to=row.ship_to or None,
        packed_at=row.packed_at,
        shipped_at=row.shipped_at,
    )
