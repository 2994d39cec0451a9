"""The moves that change a unit's status; imports change it too (`store.imports`).

A move is a compare-and-set on the status together with its event, in the caller's transaction. A move that
does not find its unit where it should be raises `ConcurrencyConflict`, which rolls the whole act back.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Text, and_, bindparam, func, or_, select, update
from sqlalchemy.engine import Connection

from scanstation.domain.codes import Code
from scanstation.domain.scan import Source
from scanstation.domain.status import ARROWS, Move, UnitStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import Moved, Stamp, Unit
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.events import event, events_of
from scanstation.store.units import PRIMARY_CODE, SECONDARY_CODE, add_code, chunks, code_of, unbooked


def move(
    tx: Connection,
    what: Move,
    moved: Sequence[Moved],
    stamp: Stamp,
    *,
    reason: str = "",
    by_work: int | None = None,
) -> None:
    """Move units along an arrow of `domain.status.ARROWS`, each with its event.

    All units of one call must end in the same status; REMOVE also frees their codes.

    Args:
        by_work: the open work that has the units reserved; none when nobody may have reserved them.

    Raises:
        ConcurrencyConflict: a unit is not in a status that this move starts from, or reserved by other work.
    """
    if not moved:
        return
    stamp = not_before(tx, [one.unit_id for one in moved], stamp)
    befores = [arrow.before.value for arrow in ARROWS[what]]
    after = ARROWS[what][0].after
    _tell(tx, what, after, moved, stamp, reason)
    in_hand = func.coalesce(t.unit.c.held_by, t.unit.c.coming_to)
    changed = tx.execute(
        update(t.unit)
        # No IN list: a statement for many rows cannot expand one.
        .where(
            t.unit.c.id == bindparam("the_unit"),
            or_(*(t.unit.c.status == before for before in befores)),
            in_hand.is_(None) if by_work is None else in_hand == by_work,
            *_not_on_hold(what),
        )
        .values(status=after.value, held_by=None, **_columns_of(what, stamp)),
        [{"the_unit": one.unit_id, "the_line": one.line_id, "the_batch": one.batch_id} for one in moved],
    )
    if changed.rowcount != len(moved):
        raise ConcurrencyConflict(
            f"{len(moved) - changed.rowcount} of {len(moved)} units were not {' or '.join(befores)}, or in other hands"
        )
    if after is UnitStatus.GONE:
        for part in chunks([one.unit_id for one in moved]):
            tx.execute(update(t.unit_code).where(t.unit_code.c.unit_id.in_(part)).values(live=False))


def receive_again(tx: Connection, moved: Sequence[Moved], stamp: Stamp) -> None:
    """Units that have just come back are counted on lines of purchase orders, each with its event (RULES 2.22).

    Raises:
        ConcurrencyConflict: a unit is not Received, or in other hands.
    """
    if not moved:
        return
    _tell(tx, Move.RECEIVE, UnitStatus.RECEIVED, moved, not_before(tx, [one.unit_id for one in moved], stamp), "")
    changed = tx.execute(
        update(t.unit)
        .where(
            t.unit.c.id == bindparam("the_unit"),
            t.unit.c.status == UnitStatus.RECEIVED.value,
            t.unit.c.held_by.is_(None),
        )
        .values(purchase_line_id=bindparam("the_line"), receiving_batch_id=bindparam("the_batch")),
        [{"the_unit": one.unit_id, "the_line": one.line_id, "the_batch": one.batch_id} for one in moved],
    )
    if changed.rowcount != len(moved):
        raise ConcurrencyConflict(f"{len(moved) - changed.rowcount} of {len(moved)} units have not come back")


def move_all(
    tx: Connection,
    what: Move,
    unit_ids: Sequence[int],
    line_id: int | None,
    stamp: Stamp,
    *,
    source: Source,
    batch_id: int | None = None,
    reason: str = "",
) -> None:
    """What `move` does, for the many units of one line that an import moves: in two statements, not two a unit.

    Raises:
        ConcurrencyConflict: a unit is not in a status that this move starts from, or reserved by open work.
    """
    if not unit_ids:
        return
    stamp = not_before(tx, unit_ids, stamp)
    befores = [arrow.before.value for arrow in ARROWS[what]]
    after = ARROWS[what][0].after
    meant = t.unit.c.id.in_(listed_ids(tx, unit_ids))
    tell_of_all(tx, [meant], what, after, stamp, source=source, line_id=line_id, batch_id=batch_id, reason=reason)
    changed = tx.execute(
        update(t.unit)
        .where(meant, t.unit.c.status.in_(befores), t.unit.c.held_by.is_(None), *_not_on_hold(what))
        .values(status=after.value, **_columns_of(what, stamp)),
        {"the_line": line_id, "the_batch": batch_id},
    )
    if changed.rowcount != len(unit_ids):
        raise ConcurrencyConflict(
            f"{len(unit_ids) - changed.rowcount} of {len(unit_ids)} units were not {' or '.join(befores)}"
        )
    if after is UnitStatus.GONE:
        tx.execute(update(t.unit_code).where(t.unit_code.c.unit_id.in_(listed_ids(tx, unit_ids))).values(live=False))


def _tell(tx: Connection, what: Move, after: UnitStatus, moved: Sequence[Moved], stamp: Stamp, reason: str) -> None:
    """An event of each unit, with the codes it has now."""
    tx.execute(
        event(
            unit_id=bindparam("the_unit"),
            what=what,
            status=after,
            line_id=bindparam("the_line"),
            batch_id=bindparam("the_batch"),
            at=stamp.at,
            operator=stamp.operator,
            station=stamp.station,
            source=bindparam("the_source"),
            reason=reason,
            primary_serial=_code_now(CodeKind.PRIMARY),
            secondary_serial=_code_now(CodeKind.SECONDARY),
            scanned=func.nullif(bindparam("was_scanned", type_=Text), _code_now(CodeKind.PRIMARY)),
        ),
        [
            {
                "the_unit": one.unit_id,
                "the_line": one.line_id,
                "the_batch": one.batch_id,
                "the_source": one.source.value,
                "was_scanned": one.scanned,
            }
            for one in moved
        ],
    )


def _not_on_hold(what: Move) -> list[ColumnElement[bool]]:
    """What is on hold is neither packed nor shipped (RULES 2.23)."""
    return [t.unit.c.on_hold.is_(None)] if what in (Move.PACK, Move.SHIP) else []


def _columns_of(what: Move, stamp: Stamp) -> dict[str, object]:
    if what is Move.RECEIVE:
        return {
            "received_at": stamp.at,
            "purchase_line_id": bindparam("the_line"),
            "receiving_batch_id": bindparam("the_batch"),
        }
    if what is Move.PACK:
        return {
            "packed_at": stamp.at,
            "shipment_line_id": bindparam("the_line"),
            "packing_batch_id": bindparam("the_batch"),
        }
    if what is Move.SHIP:
        return {"shipped_at": stamp.at}
    if what is Move.UNSHIP:
        return {"shipped_at": None}
    if what in (Move.DISPOSE, Move.LOSE):
        return {"on_hold": None}
    if what is Move.RETURN:
        return {
            "received_at": stamp.at,
            "packed_at": None,
            "shipped_at": None,
            "shipment_line_id": None,
            "packing_batch_id": None,
            "coming_to": None,
        }
    if what is Move.UNPACK:
        # One that packing created is in stock from now on, and the next packing has not created it.
        since = func.coalesce(t.unit.c.received_at, stamp.at)
        return {"received_at": since, "packed_at": None, "shipment_line_id": None, "packing_batch_id": None}
    return {}


def _code_now(kind: CodeKind) -> ScalarSelect[str]:
    return (
        select(t.unit_code.c.text)
        .where(code_of(bindparam("the_unit", type_=Integer), t.unit_code, kind))
        .scalar_subquery()
    )


def tell_of_all(
    tx: Connection,
    conditions: Sequence[ColumnElement[bool]],
    what: Move,
    status: UnitStatus,
    stamp: Stamp,
    *,
    source: Source,
    line_id: int | None = None,
    batch_id: int | None = None,
    reason: str = "",
    is_in_work: bool = False,
) -> None:
    """An event of each unit that the conditions mean, with the codes it has now; `status` is what it is afterwards.

    Where open work may have units in hand, what it has given them is told when it is completed, and not before.
    """
    secondary = code_of(t.unit.c.id, SECONDARY_CODE, CodeKind.SECONDARY)
    rows = (
        select()
        .select_from(t.unit)
        .outerjoin(PRIMARY_CODE, code_of(t.unit.c.id, PRIMARY_CODE, CodeKind.PRIMARY))
        .outerjoin(SECONDARY_CODE, and_(secondary, ~unbooked(SECONDARY_CODE)) if is_in_work else secondary)
        .where(*conditions)
        .order_by(t.unit.c.id)
    )
    tx.execute(
        events_of(
            rows,
            unit_id=t.unit.c.id,
            what=what,
            status=status,
            line_id=line_id,
            batch_id=batch_id,
            at=stamp.at,
            operator=stamp.operator,
            station=stamp.station,
            source=source.value,
            reason=reason,
            primary_serial=PRIMARY_CODE.c.text,
            secondary_serial=SECONDARY_CODE.c.text,
            scanned=None,
        )
    )


def not_before(tx: Connection, unit_ids: Collection[int], stamp: Stamp) -> Stamp:
    """The stamp, at a moment no earlier than what is recorded of the units: a clock that was set back turns no life."""
    known = t.unit.c
    last = select(func.max(func.coalesce(known.shipped_at, known.packed_at, known.received_at)))
    at = tx.execute(last.where(known.id.in_(listed_ids(tx, unit_ids)))).scalar_one()
    return stamp if at is None or at <= stamp.at else replace(stamp, at=at)


def correct_code(
    tx: Connection,
    unit: Unit,
    kind: CodeKind,
    before: str,
    new: Code,
    stamp: Stamp,
    *,
    source: Source,
    reason: str,
) -> None:
    """Give a unit another code in place of one it has; its status stays, and the event keeps both codes it has then.

    Args:
        tx: the act.
        unit: as it was a moment ago; reserved by nobody.
        kind: which of its two codes.
        before: the key of the code that goes.
        new: the code that comes; the unique index refuses one that the SKU has in use.
        stamp: when, who, where.
        source: how the new code came in.
        reason: why.

    Raises:
        ConcurrencyConflict: the unit or its code is not as it was.
    """
    dropped = tx.execute(
        update(t.unit_code)
        .where(
            t.unit_code.c.unit_id == unit.id,
            t.unit_code.c.kind == kind.value,
            t.unit_code.c.text_key == before,
            t.unit_code.c.live.is_(True),
        )
        .values(live=False)
    )
    in_place = tx.execute(
        update(t.unit)
        .where(t.unit.c.id == unit.id, t.unit.c.status == unit.status.value, t.unit.c.held_by.is_(None))
        .values(status=unit.status.value)
    )
    if dropped.rowcount != 1 or in_place.rowcount != 1:
        raise ConcurrencyConflict(
            f"unit {unit.id} is not {unit.status.value} with the {kind.value} code {before} any more"
        )
    add_code(tx, unit.id, unit.product_id, kind, new)
    tx.execute(
        event(
            unit_id=bindparam("the_unit"),
            what=Move.CORRECT,
            status=unit.status,
            line_id=unit.shipment_line_id or unit.purchase_line_id,
            batch_id=None,
            at=stamp.at,
            operator=stamp.operator,
            station=stamp.station,
            source=source.value,
            reason=reason,
            primary_serial=_code_now(CodeKind.PRIMARY),
            secondary_serial=_code_now(CodeKind.SECONDARY),
            scanned=None,
        ),
        {"the_unit": unit.id},
    )


def regrade(tx: Connection, unit: Unit, product_id: int, stamp: Stamp, *, reason: str) -> None:
    """A Received unit is another product's from now on, with all codes that it has and had.

    Raises:
        ConcurrencyConflict: it is not as it was.
    """
    meant = (t.unit.c.id == unit.id, t.unit.c.status == UnitStatus.RECEIVED.value, t.unit.c.held_by.is_(None))
    changed = tx.execute(
        update(t.unit).where(*meant, t.unit.c.product_id == unit.product_id).values(product_id=product_id)
    )
    if changed.rowcount != 1:
        raise ConcurrencyConflict(f"unit {unit.id} is not Received and free any more")
    tx.execute(update(t.unit_code).where(t.unit_code.c.unit_id == unit.id).values(product_id=product_id))
    tell_of_all(tx, [meant[0]], Move.REGRADE, UnitStatus.RECEIVED, stamp, source=Source.BUTTON, reason=reason)
