"""What was scanned into boxes with units whose serials come by import, until that import (RULES 2.10)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, insert, or_, select
from sqlalchemy.engine import Connection

from scanstation.domain.codes import Code
from scanstation.domain.status import OrderStatus, UnitStatus, WorkStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import Boxed
from scanstation.store import catalog
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids


def keep(
    tx: Connection,
    piece_id: int,
    line_id: int,
    product_id: int,
    codes: Sequence[tuple[CodeKind, Code]],
    unit_id: int | None,
) -> None:
    """Keep the serials of a piece's unit. The unique index refuses one that was scanned into another box."""
    tx.execute(
        insert(t.boxed_code),
        [
            {
                "piece_id": piece_id,
                "line_id": line_id,
                "product_id": product_id,
                "kind": kind.value,
                "text": code.text,
                "text_key": code.key,
                "unit_id": unit_id,
            }
            for kind, code in codes
        ],
    )


def keep_others_off(tx: Connection, product_ids: Collection[int]) -> None:
    """Until the transaction ends, no other one gives a serial of these products that nobody knows a box or a unit.

    Whoever writes such a serial looks afterwards whether it has come into use: of two, the second then sees the first.
    Where one writes at a time it is so anyway.
    """
    if tx.dialect.name == "postgresql":
        catalog.locked(tx, product_ids)


def keep_unknown(tx: Connection, product_id: int, keys: Collection[str]) -> None:
    """Before serials that nobody knows are kept for a box: they stay so until the transaction ends.

    Raises:
        ConcurrencyConflict: a unit has one of them by now.
    """
    if tx.dialect.name != "postgresql":
        return
    keep_others_off(tx, [product_id])
    code = t.unit_code.c
    has_it = select(code.unit_id).where(code.product_id == product_id, code.text_key.in_(keys), code.live.is_(True))
    if tx.execute(has_it.limit(1)).first():
        raise ConcurrencyConflict(f"a unit of product {product_id} has one of {keys} by now")


def found(tx: Connection, product_id: int, keys: Collection[str], unit_ids: Collection[int]) -> list[Boxed]:
    """What was scanned into a box of these codes of a product, or of these units; few of either."""
    meant = [t.boxed_code.c.text_key.in_(keys)]
    if unit_ids:
        meant.append(t.boxed_code.c.unit_id.in_(unit_ids))
    return _read(tx, t.boxed_code.c.product_id == product_id, or_(*meant))


def of_units(tx: Connection, unit_ids: Collection[int]) -> dict[int, Boxed]:
    """Those of the units that were scanned into a box, and wait there for their import: unit id → what was scanned."""
    if not unit_ids:
        return {}
    boxed = _read(tx, t.boxed_code.c.unit_id.in_(listed_ids(tx, unit_ids)))
    return {one.unit_id: one for one in boxed if one.unit_id is not None}


def boxed_in(pieces: ColumnElement[bool]) -> Select[tuple[int | None]]:
    """The ids of the units that were scanned into boxes for these pieces."""
    return select(t.boxed_code.c.unit_id).join(t.piece, t.piece.c.id == t.boxed_code.c.piece_id).where(pieces)


def of_products(tx: Connection, product_ids: Collection[int]) -> list[Boxed]:
    """All that was scanned into boxes of these products, in that order."""
    return _read(tx, t.boxed_code.c.product_id.in_(listed_ids(tx, product_ids)))


def of_order(tx: Connection, order_id: int) -> list[Boxed]:
    """All that was scanned into an order's boxes and waits for its import, in that order."""
    return _read(tx, t.order_line.c.order_id == order_id)


def drop(tx: Connection, ids: Collection[int]) -> None:
    """These were imported or taken out: they are reserved no longer."""
    tx.execute(delete(t.boxed_code).where(t.boxed_code.c.id.in_(listed_ids(tx, ids))))


def drop_of_order(tx: Connection, order_id: int) -> None:
    """An order is taken back as a whole."""
    of_order = select(t.order_line.c.id).where(t.order_line.c.order_id == order_id)
    tx.execute(delete(t.boxed_code).where(t.boxed_code.c.line_id.in_(of_order)))


def _read(tx: Connection, *conditions: ColumnElement[bool]) -> list[Boxed]:
    boxed, then, now = t.boxed_code, t.unit, t.unit_code
    has_unit = and_(boxed.c.unit_id.is_not(None), then.c.status != UnitStatus.GONE.value)
    columns: tuple[Any, ...] = (
        boxed,
        t.orders.c.id.label("order_id"),
        t.orders.c.number,
        t.orders.c.status.label("order_status"),
        t.piece.c.scenario,
        t.work.c.station,
        t.work.c.operator,
        t.work.c.status,
        case((has_unit, boxed.c.unit_id), else_=now.c.unit_id).label("now_unit"),
    )
    rows = tx.execute(
        select(*columns)
        .join(t.order_line, t.order_line.c.id == boxed.c.line_id)
        .join(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .join(t.piece, t.piece.c.id == boxed.c.piece_id)
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .outerjoin(then, then.c.id == boxed.c.unit_id)
        .outerjoin(
            now,
            and_(now.c.product_id == boxed.c.product_id, now.c.text_key == boxed.c.text_key, now.c.live.is_(True)),
        )
        .where(*conditions)
        .order_by(boxed.c.id)
    )
    return [
        Boxed(
            id=row.id,
            piece_id=row.piece_id,
            line_id=row.line_id,
            order_id=row.order_id,
            number=row.number,
            product_id=row.product_id,
            kind=CodeKind(row.kind),
            scenario=row.scenario,
            text=row.text,
            key=row.text_key,
            unit_id=row.now_unit,
            station=row.station,
            operator=row.operator,
            in_work=row.status == WorkStatus.OPEN.value,
            has_left=row.order_status == OrderStatus.SHIPPED.value,
        )
        for row in rows
    ]
