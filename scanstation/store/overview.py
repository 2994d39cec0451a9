"""What a supervisor's overview asks: counts by index, a page of orders, never a walk through all units."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.engine import Connection

from scanstation.domain.orders import Order, Progress
from scanstation.domain.refusals import LoggedRefusal, RefusalCount
from scanstation.domain.status import OrderKind, OrderStatus, WorkStatus
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.orders import WANTED, orders_where

_RECEIVED = (OrderStatus.PARTIALLY_RECEIVED, OrderStatus.COMPLETED)
SHIPPED = "Shipped"
"""The act of an order that left with all its serials."""
WITHOUT_SERIALS = "Shipped without serials"
"""The act of a supervisor that lets an order leave before its import (RULES 2.14)."""


def count_with_status(tx: Connection, kind: OrderKind, statuses: Collection[OrderStatus]) -> int:
    """How many orders of a kind stand so."""
    counted: int = tx.execute(
        select(func.count())
        .select_from(t.orders)
        .where(t.orders.c.kind == kind.value, t.orders.c.status.in_([status.value for status in statuses]))
    ).scalar_one()
    return counted


def with_status(tx: Connection, kind: OrderKind, status: OrderStatus) -> list[Order]:
    """The orders of a kind that stand so, by due date."""
    return orders_where(
        tx,
        t.orders.c.kind == kind.value,
        t.orders.c.status == status.value,
        order_by=(t.orders.c.due, t.orders.c.number_key, t.orders.c.id),
    )


def overdue(tx: Connection, today: str, limit: int) -> list[Order]:
    """Shipment orders that were due before a day (ISO) and are not packed yet, the oldest first."""
    return orders_where(
        tx,
        *_overdue(today),
        order_by=(t.orders.c.due, t.orders.c.number_key, t.orders.c.id),
        limit=limit,
    )


def count_overdue(tx: Connection, today: str) -> int:
    """How many orders `overdue` would list without a limit."""
    counted: int = tx.execute(select(func.count()).select_from(t.orders).where(*_overdue(today))).scalar_one()
    return counted


def _overdue(today: str) -> tuple[ColumnElement[bool], ...]:
    return (
        t.orders.c.kind == OrderKind.SHIPMENT.value,
        t.orders.c.status.in_([OrderStatus.OPEN.value, OrderStatus.PACKING.value]),
        t.orders.c.due > "",
        t.orders.c.due < today,
    )


def shipped_without_serials(tx: Connection) -> list[Order]:
    """Orders that a supervisor released before their serials were all there; some have been completed since."""
    acts = select(t.order_act.c.order_id).where(t.order_act.c.act == WITHOUT_SERIALS)
    return orders_where(
        tx,
        t.orders.c.status == OrderStatus.SHIPPED.value,
        t.orders.c.id.in_(acts),
        order_by=(t.orders.c.due, t.orders.c.number_key, t.orders.c.id),
    )


def received_orders(tx: Connection, after: int, limit: int) -> list[int]:
    """A page of the purchase orders on which something was received: ids above `after`."""
    rows = tx.execute(
        select(t.orders.c.id)
        .where(
            t.orders.c.id > after,
            t.orders.c.kind == OrderKind.PURCHASE.value,
            t.orders.c.status.in_([status.value for status in _RECEIVED]),
        )
        .order_by(t.orders.c.id)
        .limit(limit)
    )
    return list(rows.scalars())


def with_ids(tx: Connection, order_ids: Collection[int]) -> list[Order]:
    """Orders by their ids, by number."""
    return orders_where(
        tx, t.orders.c.id.in_(listed_ids(tx, order_ids)), order_by=(t.orders.c.number_key, t.orders.c.id)
    )


def progress(tx: Connection, order_ids: Collection[int]) -> dict[int, Progress]:
    """How far orders are: order id → counts of all its lines."""
    counts = t.order_line.c
    rows = tx.execute(
        select(
            counts.order_id,
            func.sum(WANTED).label("wanted"),
            # More than wanted on one line makes up for nothing on another.
            func.sum(case((counts.done > WANTED, WANTED), else_=counts.done)).label("done"),
            func.sum(counts.in_work).label("in_work"),
        )
        .where(counts.order_id.in_(listed_ids(tx, order_ids)))
        .group_by(counts.order_id)
    )
    return {
        row.order_id: Progress(wanted=int(row.wanted), done=int(row.done), in_work=int(row.in_work)) for row in rows
    }


def order_of_lines(tx: Connection, line_ids: Collection[int]) -> dict[int, int]:
    """Which order lines belong to: line id → order id."""
    lines = t.order_line.c
    return dict(tx.execute(select(lines.id, lines.order_id).where(lines.id.in_(listed_ids(tx, line_ids)))).all())


def last_work(tx: Connection) -> int:
    """The id of the newest work; 0 where there is none."""
    newest: int | None = tx.execute(select(func.max(t.work.c.id))).scalar_one()
    return newest or 0


def completed_since(tx: Connection, moment: str) -> list[int]:
    """The ids of all works completed since a moment. Looks at every work there is: once, not every few seconds."""
    done = t.work.c
    return list(
        tx.execute(select(done.id).where(done.status == WorkStatus.COMPLETED.value, done.closed_at >= moment)).scalars()
    )


def completed_of(tx: Connection, after: int, open_before: Collection[int]) -> list[tuple[int, int]]:
    """The works completed by now that are newer than `after` or were open before: (work id, order id) each."""
    done = t.work.c
    rows = tx.execute(
        select(done.id, done.order_id).where(
            or_(done.id > after, done.id.in_(listed_ids(tx, open_before))),
            done.status == WorkStatus.COMPLETED.value,
        )
    )
    return [(row.id, row.order_id) for row in rows]


def units_by_minute(tx: Connection, work_ids: Sequence[int], since: str) -> dict[tuple[OrderKind, str], int]:
    """The units that works took, by what they are for and the minute of their scan (`2026-11-20T09:31`, UTC).

    What is owed is none yet. What the Receive PO button took counts at the moment of the button.
    """
    at = func.coalesce(t.entry.c.at, t.work.c.closed_at)
    minute = func.substr(at, 1, 16)
    rows = tx.execute(
        select(t.orders.c.kind, minute.label("minute"), func.sum(t.piece.c.quantity).label("quantity"))
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .join(t.orders, t.orders.c.id == t.work.c.order_id)
        .outerjoin(t.entry, t.entry.c.id == t.piece.c.entry_id)
        .where(t.piece.c.work_id.in_(listed_ids(tx, work_ids)), t.piece.c.owed.is_(False), at >= since)
        .group_by(t.orders.c.kind, minute)
    )
    return {(OrderKind(row.kind), row.minute): int(row.quantity) for row in rows}


def first_act_since(tx: Connection, moment: str) -> int:
    """The id of the first act on an order since a moment. Looks at every act there is: once, not every few seconds."""
    first: int | None = tx.execute(select(func.min(t.order_act.c.id)).where(t.order_act.c.at >= moment)).scalar_one()
    if first is None:
        last: int | None = tx.execute(select(func.max(t.order_act.c.id))).scalar_one()
        return (last or 0) + 1
    return first


def shipped_by(tx: Connection, first_act: int) -> tuple[int, int]:
    """How many orders have left by an act from this one on and are away, and the units in them."""
    acts = select(t.order_act.c.order_id).where(
        t.order_act.c.id >= first_act, t.order_act.c.act.in_([SHIPPED, WITHOUT_SERIALS])
    )
    row = tx.execute(
        select(
            func.count(t.orders.c.id.distinct()).label("orders"),
            func.coalesce(func.sum(t.order_line.c.done), 0).label("units"),
        )
        .select_from(t.orders)
        .outerjoin(t.order_line, t.order_line.c.order_id == t.orders.c.id)
        .where(t.orders.c.id.in_(acts), t.orders.c.status == OrderStatus.SHIPPED.value)
    ).one()
    return int(row.orders), int(row.units)


def refusals_since(tx: Connection, moment: str) -> list[RefusalCount]:
    """What was refused since a moment, the most frequent first."""
    counted = (
        select(t.refusal.c.reason, func.count().label("count"), func.max(t.refusal.c.id).label("last"))
        .where(t.refusal.c.at >= moment)
        .group_by(t.refusal.c.reason)
        .subquery()
    )
    rows = tx.execute(
        select(counted.c.reason, counted.c.count, t.refusal.c.sentence)
        .join(t.refusal, t.refusal.c.id == counted.c.last)
        .order_by(counted.c.count.desc(), counted.c.reason)
    )
    return [RefusalCount(reason=row.reason, count=row[1], last_sentence=row.sentence) for row in rows]


def refusals_for(tx: Connection, reason: str, moment: str, limit: int) -> list[LoggedRefusal]:
    """The refusals for one reason since a moment, the newest first."""
    query = (
        select(t.refusal.c.at, t.refusal.c.station, t.refusal.c.sentence)
        .where(and_(t.refusal.c.at >= moment, t.refusal.c.reason == reason))
        .order_by(t.refusal.c.id.desc())
        .limit(limit)
    )
    return [LoggedRefusal(at=row.at, station=row.station, sentence=row.sentence) for row in tx.execute(query)]
