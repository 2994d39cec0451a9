"""Imported files, and the units that came or moved by them."""

from dataclasses import dataclass

from sqlalchemy import Column, func, insert, select
from sqlalchemy.engine import Connection

from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.store import tables as t
from scanstation.store.units import Stamp


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One imported file, as far as its serials still stand on an order."""

    id: int
    file_name: str
    at: str
    operator: str
    station: str
    serials: int


def add(tx: Connection, kind: OrderKind, file_name: str, rows: int, stamp: Stamp) -> int:
    """Keep that a file was imported; answers the batch's number."""
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


def on_order(tx: Connection, kind: OrderKind, order_id: int) -> list[BatchRecord]:
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
    return [BatchRecord(row.id, row.file_name, row.at, row.operator, row.station, row.serials) for row in rows]


def get(tx: Connection, number: int) -> BatchRecord | None:
    """A batch by its number; `serials` is the file's rows."""
    row = tx.execute(select(t.import_batch).where(t.import_batch.c.id == number)).one_or_none()
    return BatchRecord(row.id, row.file_name, row.at, row.operator, row.station, row.rows) if row else None


def imported_units(tx: Connection, kind: OrderKind, order_id: int, number: int | None = None) -> list[int]:
    """The ids of the units imported on an order (by one batch, if given) that have not gone since."""
    batch, line = _columns(kind)
    query = (
        select(t.unit.c.id)
        .join(t.order_line, t.order_line.c.id == line)
        .where(
            t.order_line.c.order_id == order_id,
            batch.is_not(None),
            t.unit.c.status != UnitStatus.GONE.value,
        )
        .order_by(t.unit.c.id)
    )
    if number is not None:
        query = query.where(batch == number)
    return list(tx.execute(query).scalars())


def _columns(kind: OrderKind) -> tuple[Column[int], Column[int]]:
    if kind is OrderKind.PURCHASE:
        return t.unit.c.receiving_batch_id, t.unit.c.purchase_line_id
    return t.unit.c.packing_batch_id, t.unit.c.shipment_line_id
