"""Units on hold: a mark beside the status, set and lifted with an event (RULES 2.23)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import Connection

from scanstation.domain.reports import Filters
from scanstation.domain.returns import reason_of
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import HoldRow, OnHold, Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.boxes import boxed_in
from scanstation.store.bulk import listed_ids
from scanstation.store.moves import not_before, tell_of_all
from scanstation.store.report_conditions import PRIMARY, REPORTED, SECONDARY, stored, unit_conditions, within
from scanstation.store.units import code_of

_IN_THE_HOUSE = stored(REPORTED)
_HERE = (UnitStatus.RECEIVED.value, UnitStatus.IN_TRANSIT.value, UnitStatus.PACKED.value)


def matching(tx: Connection, filters: Filters) -> list[HoldRow]:
    """The units that filters fit, on hold or not; their days are those on which the units were received."""
    return _read(tx, *unit_conditions(filters), within(t.unit.c.received_at, filters))


def standing(tx: Connection, unit_ids: Sequence[int]) -> list[HoldRow]:
    """How units stand, in the order of their ids."""
    return _read(tx, t.unit.c.id.in_(listed_ids(tx, unit_ids)))


def for_reason(tx: Connection, product_id: int, reason: str) -> list[HoldRow]:
    """The units of a product that are on hold for just this reason."""
    return _read(tx, t.unit.c.product_id == product_id, t.unit.c.on_hold == reason)


def in_work(tx: Connection, work_id: int) -> list[HoldRow]:
    """The units on hold that open work has reserved, or scanned into a box (RULES 2.10)."""
    reserved = select(t.unit.c.id).where(t.unit.c.held_by == work_id)
    ids = reserved.union(boxed_in(t.piece.c.work_id == work_id))
    return _read(tx, t.unit.c.id.in_(ids), t.unit.c.on_hold.is_not(None))


def in_boxes(tx: Connection, order_id: int) -> list[HoldRow]:
    """The units on hold that were scanned into an order's boxes, and wait there for its import."""
    of_order = select(t.order_line.c.id).where(t.order_line.c.order_id == order_id)
    return _read(tx, t.unit.c.id.in_(boxed_in(t.piece.c.line_id.in_(of_order))), t.unit.c.on_hold.is_not(None))


def groups(tx: Connection) -> list[OnHold]:
    """What is on hold in the house, by client and reason, what waits longest first. Looks at each such unit."""
    unit, event = t.unit.c, t.unit_event.c
    last = select(func.max(event.id)).where(event.unit_id == unit.id, event.what == Move.HOLD.value)
    came_back = event.source == Source.RETURN.value
    rows = tx.execute(
        select(
            t.client.c.code.label("client"),
            unit.on_hold,
            came_back.label("came_back"),
            func.min(t.product.c.sku).label("sku"),
            func.count(unit.product_id.distinct()).label("skus"),
            func.count().label("units"),
            func.min(event.at).label("since"),
        )
        .select_from(t.unit)
        .join(t.unit_event, event.id == last.correlate(t.unit).scalar_subquery())
        .join(t.product, t.product.c.id == unit.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .where(unit.on_hold.is_not(None), unit.status.in_(_HERE))
        .group_by(t.client.c.code, unit.on_hold, came_back)
        .order_by(func.min(event.at), t.client.c.code, unit.on_hold)
    )
    return [
        OnHold(
            client=row.client,
            reason=row.on_hold,
            came_back=bool(row.came_back),
            sku=row.sku,
            skus=row.skus,
            units=row.units,
            since=row.since,
        )
        for row in rows
    ]


def of_group(tx: Connection, one: OnHold, limit: int) -> list[HoldRow]:
    """The first units of one."""
    unit = t.unit.c
    of_client = select(t.product.c.id).join(t.client).where(t.client.c.code == one.client)
    meant = select(unit.id).where(unit.on_hold == one.reason, unit.status.in_(_HERE), unit.product_id.in_(of_client))
    return _read(tx, unit.id.in_(meant.order_by(unit.id).limit(limit)))


def last_reason(tx: Connection, unit_id: int) -> str:
    """Why a unit that is no stock any more was on hold at its end; empty where it was not."""
    event = t.unit_event.c
    last = select(event.what, event.reason).where(
        event.unit_id == unit_id, event.what.in_([Move.HOLD.value, Move.LIFT.value])
    )
    row = tx.execute(last.order_by(event.id.desc()).limit(1)).one_or_none()
    return row.reason if row and row.what == Move.HOLD.value else ""


def put(tx: Connection, unit_ids: Sequence[int], reason: str, stamp: Stamp, source: Source) -> None:
    """Put units on hold; each is Received (in transit too), Packed or Shipped, and not on hold.

    Raises:
        ConcurrencyConflict: one is no longer so.
    """
    _mark(tx, Move.HOLD, unit_ids, reason, stamp, source)


def put_back(
    tx: Connection, unit_ids: Sequence[int], number: str, parts: Mapping[int, str], stamp: Stamp, *, all_of_them: bool
) -> int:
    """Put units on hold that came back on a purchase order; returns how many are on hold now.

    Args:
        tx: the transaction.
        unit_ids: what came back.
        number: of the order.
        parts: unit id → the code of the part that it lacks, which is reason enough.
        stamp: when, and by whom.
        all_of_them: does the site want all on hold that comes back?
    """
    rows, reasons = standing(tx, unit_ids) if unit_ids else [], dict[str, list[int]]()
    for row in rows:
        part = parts.get(row.unit_id, "")
        if row.on_hold is None and (part or all_of_them):
            reasons.setdefault(reason_of(number, part), []).append(row.unit_id)
    stamp = not_before(tx, unit_ids, stamp) if reasons else stamp
    for reason, ids in reasons.items():
        put(tx, ids, reason, stamp, Source.RETURN)
    return sum(row.on_hold is not None for row in rows) + sum(map(len, reasons.values()))


def lift(tx: Connection, unit_ids: Sequence[int], reason: str, stamp: Stamp, source: Source) -> None:
    """Lift the hold of units that are on hold.

    Raises:
        ConcurrencyConflict: one is no longer so.
    """
    _mark(tx, Move.LIFT, unit_ids, reason, stamp, source)


def _mark(tx: Connection, what: Move, unit_ids: Sequence[int], reason: str, stamp: Stamp, source: Source) -> None:
    meant = t.unit.c.id.in_(listed_ids(tx, unit_ids))
    is_new = t.unit.c.on_hold.is_(None) if what is Move.HOLD else t.unit.c.on_hold.is_not(None)
    for status in _IN_THE_HOUSE:
        meant_so = [meant, is_new, t.unit.c.status == status.value]
        tell_of_all(tx, meant_so, what, status, stamp, source=source, reason=reason, is_in_work=True)
    changed = tx.execute(
        update(t.unit)
        .where(meant, is_new, t.unit.c.status.in_([status.value for status in _IN_THE_HOUSE]))
        .values(on_hold=reason if what is Move.HOLD else None)
    )
    if changed.rowcount != len(unit_ids):
        raise ConcurrencyConflict(f"{len(unit_ids) - changed.rowcount} of {len(unit_ids)} units are not as they were")


def _read(tx: Connection, *conditions: ColumnElement[bool]) -> list[HoldRow]:
    rows = tx.execute(
        select(
            t.unit.c.id,
            t.product.c.sku,
            t.unit.c.status,
            t.unit.c.held_by,
            t.unit.c.on_hold,
            PRIMARY.c.text.label("primary"),
            SECONDARY.c.text.label("secondary"),
        )
        .select_from(t.unit)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .outerjoin(PRIMARY, code_of(t.unit.c.id, PRIMARY, CodeKind.PRIMARY))
        .outerjoin(SECONDARY, code_of(t.unit.c.id, SECONDARY, CodeKind.SECONDARY))
        .where(*conditions)
        .order_by(t.unit.c.id)
    )
    return [
        HoldRow(
            unit_id=row.id,
            sku=row.sku,
            code=row.primary or row.secondary or "",
            status=UnitStatus(row.status),
            held_by=row.held_by,
            on_hold=row.on_hold,
        )
        for row in rows
    ]
