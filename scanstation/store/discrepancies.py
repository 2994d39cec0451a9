"""Discrepancies: what is noted on the lines of purchase orders, without changing their counts (RULES 2.24)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.discrepancies import Differs, Discrepancy
from scanstation.domain.units import Stamp
from scanstation.store import tables as t


def add(
    tx: Connection, line_id: int, differs: Differs, count: int, words: str, serials: Sequence[str], stamp: Stamp
) -> Discrepancy:
    """Note something on a line."""
    new = insert(t.discrepancy).values(
        line_id=line_id,
        differs=differs.value,
        count=count,
        words=words,
        serials="\n".join(serials),
        at=stamp.at,
        operator=stamp.operator,
        station=stamp.station,
    )
    note_id = tx.execute(new.returning(t.discrepancy.c.id)).scalar_one()
    (note,) = _read(tx, t.discrepancy.c.id == note_id)
    return note


def on_order(tx: Connection, order_id: int) -> list[Discrepancy]:
    """All of an order, the oldest first."""
    return [*_read(tx, t.orders.c.id == order_id)]


def listed(tx: Connection, *, client: str = "", warehouse: str = "", only_open: bool = False) -> Iterator[Discrepancy]:
    """All of a client and a warehouse, given by their keys, the oldest first."""
    conditions: list[ColumnElement[bool]] = []
    if client:
        conditions.append(t.client.c.code_key == client)
    if warehouse:
        conditions.append(t.warehouse.c.code_key == warehouse)
    if only_open:
        conditions.append(t.discrepancy.c.settled_at.is_(None))
    return _read(tx, *conditions)


def count_open(tx: Connection, order_id: int) -> int:
    """How many of an order nobody has settled."""
    counted = (
        select(func.count(t.discrepancy.c.id))
        .join(t.order_line, t.order_line.c.id == t.discrepancy.c.line_id)
        .where(t.order_line.c.order_id == order_id, t.discrepancy.c.settled_at.is_(None))
    )
    number: int = tx.execute(counted).scalar_one()
    return number


def settle(tx: Connection, note_id: int, words: str, stamp: Stamp) -> None:
    """Somebody says what came of it."""
    values = {"settled_at": stamp.at, "settled_by": stamp.operator, "settled_as": words}
    tx.execute(update(t.discrepancy).where(t.discrepancy.c.id == note_id).values(values))


def _read(tx: Connection, *conditions: ColumnElement[bool]) -> Iterator[Discrepancy]:
    query = (
        select(
            t.discrepancy,
            t.orders.c.id.label("order_id"),
            t.orders.c.number,
            t.product.c.sku,
            t.client.c.code.label("client"),
            t.warehouse.c.code.label("warehouse"),
        )
        .join(t.order_line, t.order_line.c.id == t.discrepancy.c.line_id)
        .join(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .join(t.product, t.product.c.id == t.order_line.c.product_id)
        .join(t.client, t.client.c.id == t.orders.c.client_id)
        .join(t.warehouse, t.warehouse.c.id == t.orders.c.warehouse_id)
        .where(*conditions)
        .order_by(t.discrepancy.c.id)
    )
    return map(_discrepancy, tx.execute(query))


def _discrepancy(row: Row[Any]) -> Discrepancy:
    return Discrepancy(
        id=row.id,
        order_id=row.order_id,
        warehouse=row.warehouse,
        client=row.client,
        number=row.number,
        sku=row.sku,
        differs=Differs(row.differs),
        count=row._mapping["count"],
        words=row.words,
        serials=tuple(row.serials.splitlines()),
        at=row.at,
        operator=row.operator,
        station=row.station,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        settled_as=row.settled_as,
    )
