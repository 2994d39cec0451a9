"""Messages for an ERP: numbered in the order in which what they tell was saved, and how far each target has come.

Who hands over holds a target by a lease, and claims what acts have left in the outbox: in one transaction, which no
other may do at the same time, rows become messages with the next numbers. Of two acts on one order the second began
when the first was saved, so its row has the higher id and is never seen without the first. A row whose act is saved
late comes late, with a number of its own: it is passed over by nobody, for nobody reads the outbox on from a number.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.handover import ORDER_REVERSES, REVERSES, UNIT_KINDS, Failure, Message
from scanstation.domain.status import Move, UnitStatus
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.dialects import insert_on
from scanstation.store.sealing import FORMS, SealedRows

_CLOCK = ""
"""The row of `handover_target` that counts messages, and that whoever numbers them has locked."""
AT_ONCE = 500
"""So many messages are numbered in one transaction: in a file all others wait for it."""
_ROWS_AT_ONCE = 200


def claim(tx: Connection) -> int:
    """Give numbers to what has been saved since; returns to how many, 0 where nothing waits."""
    _ensure(tx, _CLOCK)
    target = t.handover_target.c
    number: int = tx.execute(select(target.upto).where(target.name == _CLOCK).with_for_update()).scalar_one()
    before = number
    messages: list[Message] = []
    done: list[int] = []
    for row in tx.execute(select(t.outbox).order_by(t.outbox.c.id).limit(_ROWS_AT_ONCE)).all():
        room = AT_ONCE - len(messages)
        if row.body is not None:
            key, is_whole = f"order {row.order_id}", True
            body = json.loads(row.body)
            keyed_bodies = [(key, {**body, "reverses": _reversed_message(tx, key, body["kind"], messages)})]
        else:
            ids = _events_of(tx, row.link_id)[row.told :]
            is_whole = len(ids) <= room
            keyed_bodies = _of_events(tx, ids[:room])
        for key, body in keyed_bodies:
            number += 1
            numbered = json.dumps({"number": number, **body}, ensure_ascii=False)
            messages.append(Message(number=number, kind=body["kind"], key=key, at=body["at"], body=numbered))
        if not is_whole:
            tx.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(told=row.told + room))
            break
        done.append(row.id)
        if len(messages) >= AT_ONCE:
            break
    if done:
        tx.execute(delete(t.outbox).where(t.outbox.c.id.in_(listed_ids(tx, done))))
    if messages:
        columns = [{"number": m.number, "kind": m.kind, "key": m.key, "at": m.at, "body": m.body} for m in messages]
        tx.execute(insert(t.handover_message), columns)
        tx.execute(update(t.handover_target).where(target.name == _CLOCK).values(upto=number))
    return number - before


def waiting(tx: Connection) -> int:
    """How many acts nobody has made messages of yet."""
    count: int = tx.execute(select(func.count()).select_from(t.outbox)).scalar_one()
    return count


def _events_of(tx: Connection, link_id: int) -> Sequence[int]:
    seal = tx.execute(select(t.seal.c.form, t.seal.c.rows).where(t.seal.c.id == link_id)).one()
    tables = list(FORMS[seal.form])
    return SealedRows.unpacked(seal.rows, len(tables)).tables[tables.index("unit_event")].ids


def _of_events(tx: Connection, ids: Sequence[int]) -> list[tuple[str, dict[str, Any]]]:
    """The messages of events, each with its key."""
    if not ids:
        return []
    event = t.unit_event
    rows = tx.execute(
        select(
            event,
            t.warehouse.c.code.label("warehouse"),
            t.unit.c.lot,
            t.unit.c.use_by,
            t.unit.c.best_before,
            t.unit.c.made,
            t.order_line.c.order_id,
            t.orders.c.kind.label("order_kind"),
            t.orders.c.number,
        )
        .join(t.unit, t.unit.c.id == event.c.unit_id)
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .outerjoin(t.order_line, t.order_line.c.id == event.c.line_id)
        .outerjoin(t.orders, t.orders.c.id == t.order_line.c.order_id)
        .where(event.c.id.in_(listed_ids(tx, ids)))
        .order_by(event.c.id)
    ).all()
    keys = [[f"order {row.order_id}"] * bool(row.order_id) + [f"unit {row.unit_id}"] for row in rows]
    return [(";".join(key), _of_event(tx, row)) for key, row in zip(keys, rows, strict=True)]


def _of_event(tx: Connection, row: Row[Any]) -> dict[str, Any]:
    what = Move(row.what)
    order = {"kind": row.order_kind, "number": row.order_number or row.number, "line": row.line_id}
    return {
        "kind": UNIT_KINDS[what],
        "at": row.at,
        "operator": row.operator,
        "station": row.station,
        "warehouse": row.warehouse,
        "client": row.client,
        "order": order if row.line_id else None,
        "sku": row.sku,
        "quantity": 1,
        "unit": row.unit_id,
        "event": row.id,
        "status": None if row.status == UnitStatus.GONE.value else row.status,
        "primary_serial": row.primary_serial,
        "secondary_serial": row.secondary_serial,
        "lot": row.lot,
        "expiry": row.use_by,
        "best_before": row.best_before,
        "made": row.made,
        "source": row.source,
        "reason": row.reason or None,
        "reverses": _reversed(tx, row, REVERSES[what]) if what in REVERSES else None,
    }


def _reversed_message(tx: Connection, key: str, kind: str, just_numbered: Sequence[Message]) -> int | None:
    """The number of the order's message that one of this kind takes back; None where it takes back none, or one that is
    not kept any more."""
    if (which := ORDER_REVERSES.get(kind)) is None:
        return None
    if now := [message.number for message in just_numbered if message.key == key and message.kind == which]:
        return now[-1]
    of = t.handover_message.c
    number: int | None = tx.execute(select(func.max(of.number)).where(of.key == key, of.kind == which)).scalar()
    return number


def _reversed(tx: Connection, row: Row[Any], which: Collection[Move]) -> int | None:
    event = t.unit_event.c
    kinds = event.what.in_([one.value for one in which])
    query = select(func.max(event.id)).where(event.unit_id == row.unit_id, kinds, event.id < row.id)
    number: int | None = tx.execute(query).scalar()
    return number


# Targets


def take(tx: Connection, target: str, runner: str, now: str, until: str) -> str | None:
    """Hold a target until a moment; who holds it, if it is somebody else whose lease is still good."""
    _ensure(tx, target)
    one = t.handover_target.c
    row = tx.execute(select(one.runner, one.until).where(one.name == target).with_for_update()).one()
    if row.runner not in ("", runner) and row.until > now:
        return str(row.runner)
    tx.execute(update(t.handover_target).where(one.name == target).values(runner=runner, until=until))
    return None


def held_by_another(tx: Connection, targets: Sequence[str], runner: str, now: str) -> str | None:
    """Who else holds one of these targets, by a lease that is still good."""
    one = t.handover_target.c
    others = one.name.in_(targets) & one.runner.not_in(("", runner)) & (one.until > now)
    held: str | None = tx.execute(select(one.runner).where(others).order_by(one.name).limit(1)).scalar()
    return held


def let_go(tx: Connection, target: str, runner: str) -> None:
    """Nobody holds a target any more."""
    one = t.handover_target.c
    held = (one.name == target) & (one.runner == runner)
    tx.execute(update(t.handover_target).where(held).values(runner="", until=""))


def next_messages(tx: Connection, target: str, limit: int) -> list[Message]:
    """What a target has to be given next, in order."""
    one = t.handover_target.c
    upto = select(func.coalesce(func.max(one.upto), 0)).where(one.name == target).scalar_subquery()
    query = select(t.handover_message).where(t.handover_message.c.number > upto)
    rows = tx.execute(query.order_by(t.handover_message.c.number).limit(limit))
    return [_message(row) for row in rows]


def message(tx: Connection, number: int) -> Message | None:
    """A message by its number, as long as it is kept."""
    row = tx.execute(select(t.handover_message).where(t.handover_message.c.number == number)).one_or_none()
    return _message(row) if row else None


def passed(tx: Connection, target: str, number: int) -> None:
    """A target has come so far: this message was taken, or is kept among the failures."""
    one = t.handover_target.c
    tx.execute(update(t.handover_target).where(one.name == target, one.upto < number).values(upto=number))


def fail(tx: Connection, target: str, failure: Failure) -> None:
    """Keep that a message was not taken, in place of what was kept of it before."""
    taken(tx, target, failure.number)
    columns = {"number": failure.number, "tries": failure.tries, "due": failure.due, "said": failure.said}
    tx.execute(insert(t.handover_failure).values(target=target, **columns))


def taken(tx: Connection, target: str, number: int) -> None:
    """A message that had failed was taken after all."""
    one = t.handover_failure.c
    tx.execute(delete(t.handover_failure).where(one.target == target, one.number == number))


def failures(tx: Connection, target: str | None = None) -> list[tuple[str, Failure]]:
    """What was not taken, by target, in order."""
    one, of = t.handover_failure.c, t.handover_message.c
    query = select(t.handover_failure, of.kind, of.key).join(t.handover_message, of.number == one.number)
    if target is not None:
        query = query.where(one.target == target)
    return [
        (row.target, Failure(row.number, row.kind, row.key, row.tries, row.due, row.said))
        for row in tx.execute(query.order_by(one.target, one.number))
    ]


def standing(tx: Connection) -> dict[str, int]:
    """How far each target has come: name → number."""
    rows = tx.execute(select(t.handover_target).where(t.handover_target.c.name != _CLOCK))
    return {row.name: row.upto for row in rows}


def newest(tx: Connection) -> int:
    """The highest number that was given."""
    one = t.handover_target.c
    return tx.execute(select(one.upto).where(one.name == _CLOCK)).scalar() or 0


def forget(tx: Connection, before: str, targets: Sequence[str]) -> None:
    """Drop what all of these targets have taken and that is older than a moment."""
    kept, one = t.handover_message.c, t.handover_target.c
    upto = select(func.min(one.upto)).where(one.name.in_(targets)).scalar_subquery()
    failed = select(t.handover_failure.c.number)
    tx.execute(delete(t.handover_message).where(kept.number <= upto, kept.at < before, kept.number.not_in(failed)))


def _ensure(tx: Connection, target: str) -> None:
    row = insert_on(tx.dialect.name, t.handover_target).values(name=target, upto=0, runner="", until="")
    tx.execute(row.on_conflict_do_nothing(index_elements=["name"]))


def _message(row: Row[Any]) -> Message:
    return Message(number=row.number, kind=row.kind, key=row.key, at=row.at, body=row.body)
