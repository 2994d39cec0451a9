"""Serial units and their codes: how they are found, reserved and created; what changes a status is in `moves`."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    literal_column,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import Code
from scanstation.domain.marks import alike as marks_alike
from scanstation.domain.marks import rough
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, UnitStatus, WorkStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.units import (
    AlikeCode,
    NamedUnit,
    PackedUnit,
    ReplacedCode,
    ShippedUnit,
    StockOnce,
    Unit,
    is_free,
)
from scanstation.domain.verdict import CodeKind
from scanstation.store import lots
from scanstation.store import tables as t
from scanstation.store.bulk import insert_rows, listed_ids, listed_texts, reserve_ids
from scanstation.store.rough_key import ROUGH_KEY, IsMarked
from scanstation.store.statements import Statement, ask_ahead, next_number

Item = TypeVar("Item")

IS_FREE = and_(t.unit.c.status == UnitStatus.RECEIVED.value, t.unit.c.held_by.is_(None), t.unit.c.on_hold.is_(None))
"""What `Unit.free` says, of rows of `unit`."""
_IN_LIMIT = 500
"""How many values one IN list takes; SQLite's default limit of variables is far above."""


def by_code(tx: Connection, product_id: int, key: str) -> Unit | None:
    """The unit of this product that a code belongs to, as its primary or its secondary."""
    row = _BY_CODE.first(tx, {"of_product": product_id, "the_key": key})
    return _known(row) if row else None


def with_codes(tx: Connection, keys: Collection[str]) -> dict[int, set[str]]:
    """Which of some codes units have, of whichever products: product id → keys."""
    of = t.unit_code.c
    keys_of: dict[int, set[str]] = {}
    for product_id, key in tx.execute(
        select(of.product_id, of.text_key).where(of.text_key.in_(keys), of.live.is_(True))
    ):
        keys_of.setdefault(product_id, set()).add(key)
    return keys_of


def of_client(tx: Connection, client_id: int, key: str) -> list[Unit]:
    """The units of all products of a client that a code belongs to."""
    return [_known(row) for row in _OF_CLIENT.all(tx, {"of_client": client_id, "the_key": key})]


def code_ahead(tx: Connection, client_id: int, key: str) -> None:
    """What a code that is owed is asked first: whose it is, and the number of a new unit."""
    ask_ahead(tx, [(_OF_CLIENT, {"of_client": client_id, "the_key": key}), (_NEXT_UNIT, {})])


def alike_ahead(tx: Connection, product_id: int, key: str) -> None:
    """What `alike` asks."""
    ask_ahead(tx, [(_ROUGHLY, {"of_product": product_id, "the_rough": rough(key)})])


def alike(tx: Connection, product_id: int, key: str) -> list[AlikeCode]:
    """The live codes of a product that differ from this one only by usual marks or separators."""
    rows = _ROUGHLY.all(tx, {"of_product": product_id, "the_rough": rough(key)})
    found = [row for row in rows if row.text_key != key and marks_alike(row.text_key, key)]
    return [AlikeCode(text=row.text, key=row.text_key, unit=known(tx, row.unit_id)) for row in found]


def alike_of_all(tx: Connection, key: str) -> dict[int, list[AlikeCode]]:
    """What `alike` finds, of whichever products: product id → codes."""
    alike_codes: dict[int, list[AlikeCode]] = {}
    for row in _ROUGHLY_OF_ALL.all(tx, {"the_rough": rough(key)}):
        if row.text_key != key and marks_alike(row.text_key, key):
            one = AlikeCode(text=row.text, key=row.text_key, unit=known(tx, row.unit_id))
            alike_codes.setdefault(row.product_id, []).append(one)
    return alike_codes


def replaced(tx: Connection, client_id: int, key: str) -> list[ReplacedCode]:
    """The codes of a client's units that stand in the place of one which a correction took away."""
    rows = _REPLACED.all(tx, {"of_client": client_id, "the_key": key})
    return [
        ReplacedCode(
            product_id=row.product_id,
            unit_id=row.id,
            text=row.text,
            key=row.text_key,
            free=is_free(UnitStatus(row.status), row.held_by, row.on_hold),
        )
        for row in rows
    ]


def once_with_code(tx: Connection, key: str) -> list[int]:
    """The units of all clients that had a code before a correction gave them another in its place."""
    query = (
        select(t.unit.c.id)
        .select_from(_before)
        .join(_now, and_(_now.c.unit_id == _before.c.unit_id, _now.c.kind == _before.c.kind, _now.c.live == true()))
        .join(t.unit, t.unit.c.id == _before.c.unit_id)
        .where(_before.c.text_key == key, _before.c.live == false(), t.unit.c.status != UnitStatus.GONE.value)
    )
    return list(tx.execute(query.distinct()).scalars())


def once_stock(tx: Connection, keys: Collection[str]) -> list[StockOnce]:
    """The units that came as opening stock and had one of these as their primary then, whatever they are now."""
    came, first, second = t.unit_event, t.unit_code.alias("first_code"), t.unit_code.alias("second_code")
    wanted = listed_texts(tx, keys)
    query = (
        select(t.unit.c.id, t.unit.c.warehouse_id, came.c.client, came.c.sku, came.c.primary_serial)
        .add_columns(came.c.secondary_serial, t.product.c.sku.label("sku_now"))
        .add_columns(first.c.text.label("primary_now"), second.c.text.label("secondary_now"))
        .select_from(wanted)
        .join(t.unit_code, t.unit_code.c.text_key == wanted.c.value)
        .join(t.unit, t.unit.c.id == t.unit_code.c.unit_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(came, came.c.unit_id == t.unit.c.id)
        .join(first, code_of(t.unit.c.id, first, CodeKind.PRIMARY))
        .outerjoin(second, code_of(t.unit.c.id, second, CodeKind.SECONDARY))
        .where(
            t.unit_code.c.kind == CodeKind.PRIMARY.value,
            t.unit.c.status != UnitStatus.GONE.value,
            came.c.what == Move.RECEIVE.value,
            came.c.source == Source.OPENING.value,
        )
        .distinct()
    )
    return [
        StockOnce(
            unit_id=row.id,
            warehouse_id=row.warehouse_id,
            client=row.client or "",
            sku=row.sku or "",
            primary=row.primary_serial or "",
            secondary=row.secondary_serial or "",
            sku_now=row.sku_now,
            codes_now=tuple(text for text in (row.primary_now, row.secondary_now) if text),
        )
        for row in tx.execute(query)
    ]


def codes_ever(tx: Connection, unit_ids: Sequence[int]) -> set[str]:
    """The keys of all codes that units have or had: a correction may have replaced one."""
    return set(tx.execute(select(t.unit_code.c.text_key).where(t.unit_code.c.unit_id.in_(unit_ids))).scalars())


def known(tx: Connection, unit_id: int) -> Unit:
    """A unit by its id."""
    return _known(_UNIT.one(tx, {"the_unit": unit_id}))


def hold_new(tx: Connection, product_id: int, warehouse_id: int, work_id: int) -> int:
    """A unit that open work is about to create; returns its id."""
    held = UnitStatus.HELD.value
    values = {"product_id": product_id, "warehouse_id": warehouse_id, "status": held, "held_by": work_id}
    new_id: int
    if tx.dialect.name == "postgresql":
        (new_id,) = _NEXT_UNIT.one(tx, {})
        _ADD_NUMBERED_UNIT.run(tx, {**values, "id": new_id})
    else:
        (new_id,) = _ADD_UNIT.one(tx, values)
    return new_id


def hold(tx: Connection, unit_id: int, work_id: int) -> None:
    """Reserve a Received unit for open work.

    Raises:
        ConcurrencyConflict: it is not free.
    """
    if _HOLD.changed(tx, {"the_unit": unit_id, "held_by": work_id}) != 1:
        raise ConcurrencyConflict(f"unit {unit_id} is not free")


def lock_free(tx: Connection, unit_id: int, warehouse_id: int) -> None:
    """Let nobody else take or move a Received unit of a warehouse until the transaction ends.

    Raises:
        ConcurrencyConflict: it is not free, or not there any more.
    """
    unit = t.unit.c
    meant = select(unit.id).where(unit.id == unit_id, unit.warehouse_id == warehouse_id, IS_FREE)
    if tx.execute(meant.with_for_update()).one_or_none() is None:
        raise ConcurrencyConflict(f"unit {unit_id} is not free in its warehouse")


def expect_back(tx: Connection, unit_id: int, work_id: int) -> None:
    """Reserve a Shipped unit for an open receipt that brings it back; its row is locked.

    Raises:
        ConcurrencyConflict: it is not Shipped any more, or in other hands.
    """
    if _EXPECT_BACK.changed(tx, {"the_unit": unit_id, "coming_to": work_id}) != 1:
        raise ConcurrencyConflict(f"unit {unit_id} does not come back")


def coming_to(tx: Connection, work_id: int) -> list[int]:
    """The ids of the Shipped units that an open receipt has in hand."""
    return list(tx.execute(select(t.unit.c.id).where(t.unit.c.coming_to == work_id)).scalars())


def expected_back(tx: Connection, unit_ids: Collection[int]) -> set[int]:
    """Which of these units open receipts have in hand."""
    query = select(t.unit.c.id).where(t.unit.c.id.in_(listed_ids(tx, unit_ids)), t.unit.c.coming_to.is_not(None))
    return set(tx.execute(query).scalars())


def not_shipped(tx: Connection, unit_ids: Collection[int]) -> list[str]:
    """The primary codes of those units that are not Shipped any more."""
    rows = tx.execute(
        select(PRIMARY_CODE.c.text)
        .join(t.unit, code_of(t.unit.c.id, PRIMARY_CODE, CodeKind.PRIMARY))
        .where(t.unit.c.id.in_(listed_ids(tx, unit_ids)), t.unit.c.status != UnitStatus.SHIPPED.value)
        .order_by(t.unit.c.id)
    )
    return list(rows.scalars())


def left_on(tx: Connection, unit_ids: Collection[int]) -> dict[int, int]:
    """The lines of shipment orders that units have left on: unit id → line."""
    line = t.unit.c.shipment_line_id
    rows = tx.execute(select(t.unit.c.id, line).where(t.unit.c.id.in_(listed_ids(tx, unit_ids)), line.is_not(None)))
    return dict(rows.all())


def bring_to(tx: Connection, unit_ids: Collection[int], warehouse_id: int) -> None:
    """Units stand in this warehouse from now on, whichever they left from."""
    tx.execute(update(t.unit).where(t.unit.c.id.in_(listed_ids(tx, unit_ids))).values(warehouse_id=warehouse_id))


def release(tx: Connection, unit_ids: Sequence[int]) -> None:
    """Release units: those that work would have created cease to be, the others are free again.

    Codes that the open work added to a Received unit must have been dropped before (`drop_codes_of_entry`).
    """
    for part in chunks(unit_ids):
        new = select(t.unit.c.id).where(t.unit.c.id.in_(part), t.unit.c.status == UnitStatus.HELD.value)
        gone = list(tx.execute(new).scalars())
        if gone:
            tx.execute(delete(t.unit_code).where(t.unit_code.c.unit_id.in_(gone)))
            tx.execute(update(t.piece).where(t.piece.c.unit_id.in_(gone)).values(unit_id=None))
            drop_held(tx, gone)
        tx.execute(update(t.unit).where(t.unit.c.id.in_(part)).values(held_by=None, coming_to=None))


def drop_held(tx: Connection, unit_ids: Sequence[int]) -> None:
    """Units that open work was about to create, and that have no codes any more, cease to be.

    Where a count has scanned one, its serial is one that no unit has.
    """
    scans = update(t.count_scan).where(t.count_scan.c.unit_id.in_(unit_ids))
    tx.execute(scans.values(unit_id=None, product_id=None))
    tx.execute(delete(t.unit).where(t.unit.c.id.in_(unit_ids)))


def merge(tx: Connection, new_id: int, known_id: int) -> None:
    """A unit that open work was about to create turns out to be a known one, which gets its code."""
    tx.execute(update(t.unit_code).where(t.unit_code.c.unit_id == new_id).values(unit_id=known_id))
    tx.execute(update(t.piece).where(t.piece.c.unit_id == new_id).values(unit_id=known_id))
    drop_held(tx, [new_id])


def split(tx: Connection, unit_id: int, entry_ids: Sequence[int]) -> int:
    """Undo of `merge`: the codes that these scans brought are again those of a unit about to be created.

    Returns that unit's id; the unit itself where it is about to be created, or these scans brought it no code.
    """
    brought = (t.unit_code.c.unit_id == unit_id) & t.unit_code.c.entry_id.in_(entry_ids)
    unit = tx.execute(select(t.unit).where(t.unit.c.id == unit_id)).one()
    if unit.status == UnitStatus.HELD.value or tx.execute(select(t.unit_code.c.id).where(brought)).first() is None:
        return unit_id
    new_id = hold_new(tx, unit.product_id, unit.warehouse_id, unit.held_by or unit.coming_to)
    tx.execute(update(t.unit_code).where(brought).values(unit_id=new_id))
    release(tx, [unit_id])
    return new_id


def hand_over(tx: Connection, from_work: int, to_work: int) -> None:
    """Another station's work takes over everything this one has reserved."""
    for column in (t.unit.c.held_by, t.unit.c.coming_to):
        tx.execute(update(t.unit).where(column == from_work).values({column: to_work}))


def add_code(
    tx: Connection, unit_id: int, product_id: int, kind: CodeKind, code: Code, entry_id: int | None = None
) -> None:
    """Give a unit a code. The unique index refuses one that the SKU has in use already."""
    _ADD_CODE.run(tx, code_values(unit_id, product_id, kind, code, entry_id))


def code_values(
    unit_id: int, product_id: int, kind: CodeKind, code: Code, entry_id: int | None = None
) -> dict[str, object]:
    """The row of a code."""
    return {
        "unit_id": unit_id,
        "product_id": product_id,
        "kind": kind.value,
        "text": code.text,
        "text_key": code.key,
        "reversed_key": code.key[::-1],
        "live": True,
        "entry_id": entry_id,
    }


def drop_codes_of_entry(tx: Connection, entry_ids: Sequence[int]) -> None:
    """Undo: the codes that these scans of open work brought are free again."""
    for part in chunks(entry_ids):
        tx.execute(delete(t.unit_code).where(t.unit_code.c.entry_id.in_(part)))


def create_many(
    tx: Connection,
    product_ids: Sequence[int],
    warehouse_ids: Sequence[int],
    codes: Sequence[tuple[Code, Code | None]],
) -> list[int]:
    """Units for the rows of an import, to be booked by `move` in the same act; returns their ids in order."""
    if not codes:
        return []
    ids = list(reserve_ids(tx, t.unit, len(codes)))
    held = UnitStatus.HELD.value
    insert_rows(
        tx,
        t.unit,
        ("id", "product_id", "warehouse_id", "status"),
        [(*new, held) for new in zip(ids, product_ids, warehouse_ids, strict=True)],
    )
    add_codes(
        tx,
        [
            (unit_id, product_id, kind, code)
            for unit_id, product_id, both in zip(ids, product_ids, codes, strict=True)
            for kind, code in zip((CodeKind.PRIMARY, CodeKind.SECONDARY), both, strict=True)
            if code is not None
        ],
    )
    return ids


def was_received(tx: Connection, unit_id: int) -> bool:
    """Did it come in before it was packed? False when packing or an import of its shipment order created it."""
    return tx.execute(select(t.unit.c.received_at).where(t.unit.c.id == unit_id)).scalar_one() is not None


def packing_batch(tx: Connection, unit_id: int) -> int | None:
    """The file that brought a unit's serial to its shipment order; what is swapped in stands there in its place."""
    batch_id: int | None = tx.execute(select(t.unit.c.packing_batch_id).where(t.unit.c.id == unit_id)).scalar_one()
    return batch_id


def stand_in_for(tx: Connection, new_id: int, old_id: int, source: Source) -> None:
    """A unit that was just packed stands where another did, in its piece."""
    line = select(t.unit.c.shipment_line_id).where(t.unit.c.id == old_id).scalar_subquery()
    tx.execute(
        update(t.piece)
        .where(t.piece.c.unit_id == old_id, t.piece.c.line_id == line)
        .values(unit_id=new_id, source=source.value)
    )


def origins(tx: Connection, unit_ids: Sequence[int]) -> set[tuple[int | None, int | None, str | None]]:
    """On which orders units came in, by which imports, and of those that came on no order, when."""
    came = case((t.unit.c.purchase_line_id.is_(None), t.unit.c.received_at))
    query = (
        select(t.order_line.c.order_id, t.unit.c.receiving_batch_id, came)
        .select_from(t.unit)
        .outerjoin(t.order_line, t.order_line.c.id == t.unit.c.purchase_line_id)
        .where(t.unit.c.id.in_(listed_ids(tx, unit_ids)))
        .distinct()
    )
    return {(order_id, batch_id, at) for order_id, batch_id, at in tx.execute(query)}


def last_source(tx: Connection, unit_ids: Sequence[int], what: Move) -> dict[int, Source]:
    """How the code of each unit came in at its last event of this kind."""
    sources: dict[int, Source] = {}
    for part in chunks(unit_ids):
        rows = tx.execute(
            select(t.unit_event.c.unit_id, t.unit_event.c.source)
            .where(t.unit_event.c.unit_id.in_(part), t.unit_event.c.what == what.value)
            .order_by(t.unit_event.c.id)
        )
        sources.update({row.unit_id: Source(row.source) for row in rows})
    return sources


def chunks(items: Iterable[Item], size: int = _IN_LIMIT) -> Iterator[list[Item]]:
    """The items in lists short enough for one statement."""
    part: list[Item] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


PRIMARY_CODE = t.unit_code.alias("primary_code")
SECONDARY_CODE = t.unit_code.alias("secondary_code")
_is_boxed = select(t.boxed_code.c.id).where(t.boxed_code.c.unit_id == t.unit.c.id).exists()


def _known_units() -> Select[Any]:
    return (
        select(
            t.unit.c.id,
            t.unit.c.product_id,
            t.unit.c.warehouse_id,
            t.unit.c.status,
            func.coalesce(t.unit.c.held_by, t.unit.c.coming_to).label("held_by"),
            t.unit.c.purchase_line_id,
            t.unit.c.shipment_line_id,
            t.unit.c.on_hold,
            *lots.COLUMNS,
            _is_boxed.label("is_boxed"),
            t.warehouse.c.code.label("warehouse"),
            PRIMARY_CODE.c.text.label("primary_text"),
            SECONDARY_CODE.c.text.label("secondary_text"),
        )
        .join(t.warehouse, t.warehouse.c.id == t.unit.c.warehouse_id)
        .outerjoin(PRIMARY_CODE, code_of(t.unit.c.id, PRIMARY_CODE, CodeKind.PRIMARY))
        .outerjoin(SECONDARY_CODE, code_of(t.unit.c.id, SECONDARY_CODE, CodeKind.SECONDARY))
    )


def code_of(unit_id: ColumnElement[int], alias: FromClause, kind: CodeKind) -> ColumnElement[bool]:
    """Is a row of `alias`, which stands for `unit_code`, the unit's live code of this kind?"""
    return and_(alias.c.unit_id == unit_id, alias.c.kind == kind.value, alias.c.live.is_(True))


def unbooked(code: FromClause) -> ColumnElement[bool]:
    """Did work that is still open give a unit this code? Nothing is told of it before Complete (RULES 2.4)."""
    return (
        select(t.entry.c.id)
        .join(t.work, t.work.c.id == t.entry.c.work_id)
        .where(t.entry.c.id == code.c.entry_id, t.work.c.status == WorkStatus.OPEN.value)
        .correlate(code)
        .exists()
    )


def _known(row: Row[Any]) -> Unit:
    return Unit(
        id=row.id,
        product_id=row.product_id,
        warehouse_id=row.warehouse_id,
        warehouse=row.warehouse,
        status=UnitStatus(row.status),
        held_by=row.held_by,
        purchase_line_id=row.purchase_line_id,
        shipment_line_id=row.shipment_line_id,
        primary=row.primary_text,
        secondary=row.secondary_text,
        on_hold=row.on_hold,
        lot=lots.facts(row),
        is_boxed=bool(row.is_boxed),
    )


def packed_on(tx: Connection, order_id: int) -> list[PackedUnit]:
    """The Packed units of a shipment order."""
    rows = tx.execute(
        select(
            t.unit.c.id,
            t.unit.c.shipment_line_id,
            t.unit.c.received_at,
            t.unit.c.on_hold,
            PRIMARY_CODE.c.text.label("code"),
        )
        .join(t.order_line, t.order_line.c.id == t.unit.c.shipment_line_id)
        .outerjoin(PRIMARY_CODE, code_of(t.unit.c.id, PRIMARY_CODE, CodeKind.PRIMARY))
        .where(t.order_line.c.order_id == order_id, t.unit.c.status == UnitStatus.PACKED.value)
        .order_by(t.unit.c.id)
    )
    return [
        PackedUnit(
            unit_id=row.id,
            line_id=row.shipment_line_id,
            was_received=row.received_at is not None,
            on_hold=row.on_hold,
            primary=row.code or "",
        )
        for row in rows
    ]


def shipped_on(tx: Connection, order_id: int) -> list[ShippedUnit]:
    """The Shipped units of a shipment order, each with what last happened to it; a hold stops nothing of those."""
    last = (
        select(t.unit_event.c.what)
        .where(
            t.unit_event.c.unit_id == t.unit.c.id,
            t.unit_event.c.what.not_in([Move.HOLD.value, Move.LIFT.value]),
        )
        .order_by(t.unit_event.c.id.desc())
        .limit(1)
        .correlate(t.unit)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(t.unit.c.id, t.unit.c.shipment_line_id, t.unit.c.on_hold)
        .add_columns(last.label("last"), PRIMARY_CODE.c.text.label("code"))
        .join(t.order_line, t.order_line.c.id == t.unit.c.shipment_line_id)
        .outerjoin(PRIMARY_CODE, code_of(t.unit.c.id, PRIMARY_CODE, CodeKind.PRIMARY))
        .where(t.order_line.c.order_id == order_id, t.unit.c.status == UnitStatus.SHIPPED.value)
        .order_by(t.unit.c.id)
    )
    return [
        ShippedUnit(
            unit_id=row.id,
            line_id=row.shipment_line_id,
            primary=row.code or "",
            last=Move(row.last),
            on_hold=row.on_hold,
        )
        for row in rows
    ]


def reserved(tx: Connection, work_id: int) -> list[int]:
    """The ids of the units that open work has reserved."""
    return list(tx.execute(select(t.unit.c.id).where(t.unit.c.held_by == work_id)).scalars())


# Run by every scan, so built once.
_UNIT = Statement(_known_units().where(t.unit.c.id == bindparam("the_unit")))
_BY_CODE = Statement(
    _known_units()
    .join(t.unit_code, t.unit_code.c.unit_id == t.unit.c.id)
    .where(
        t.unit_code.c.product_id == bindparam("of_product"),
        t.unit_code.c.text_key == bindparam("the_key"),
        t.unit_code.c.live.is_(True),
    )
)
_OF_CLIENT = Statement(
    _known_units()
    .join(t.unit_code, t.unit_code.c.unit_id == t.unit.c.id)
    .join(t.product, t.product.c.id == t.unit.c.product_id)
    .where(
        t.unit_code.c.text_key == bindparam("the_key"),
        t.unit_code.c.live.is_(True),
        t.product.c.client_id == bindparam("of_client"),
    )
    .order_by(t.unit.c.id)
)
_before, _now = t.unit_code.alias("code_before"), t.unit_code.alias("code_now")
_REPLACED = Statement(
    select(t.unit.c.id, t.unit.c.product_id, t.unit.c.status, t.unit.c.held_by, t.unit.c.on_hold, _now.c.text)
    .add_columns(_now.c.text_key)
    .select_from(_before)
    .join(_now, and_(_now.c.unit_id == _before.c.unit_id, _now.c.kind == _before.c.kind, _now.c.live == true()))
    .join(t.unit, t.unit.c.id == _before.c.unit_id)
    .join(t.product, t.product.c.id == _before.c.product_id)
    .where(
        _before.c.text_key == bindparam("the_key"),
        _before.c.live == false(),
        t.product.c.client_id == bindparam("of_client"),
    )
    .order_by(t.unit.c.id)
)
_rough_codes = select(t.unit_code.c.unit_id, t.unit_code.c.product_id, t.unit_code.c.text, t.unit_code.c.text_key)
_as_they_stand = _rough_codes.where(t.unit_code.c.text_key == bindparam("the_rough"), t.unit_code.c.live.is_(True))
_marked = _rough_codes.where(
    literal_column(ROUGH_KEY) == bindparam("the_rough"),
    t.unit_code.c.live == true(),
    IsMarked(),
)
_of_product = t.unit_code.c.product_id == bindparam("of_product")
_ROUGHLY = Statement(union_all(_as_they_stand.where(_of_product), _marked.where(_of_product)))
_ROUGHLY_OF_ALL = Statement(union_all(_as_they_stand, _marked))
_OF_HELD = ("product_id", "warehouse_id", "status", "held_by")
_ADD_UNIT = Statement(insert(t.unit).returning(t.unit.c.id), *_OF_HELD)
_ADD_NUMBERED_UNIT = Statement(insert(t.unit).inline(), "id", *_OF_HELD)
_NEXT_UNIT = next_number("unit")
_HOLD = Statement(update(t.unit).where(t.unit.c.id == bindparam("the_unit"), IS_FREE), "held_by")
_EXPECT_BACK = Statement(
    update(t.unit).where(
        t.unit.c.id == bindparam("the_unit"),
        t.unit.c.status == UnitStatus.SHIPPED.value,
        t.unit.c.coming_to.is_(None),
    ),
    "coming_to",
)
_ADD_CODE = Statement(
    insert(t.unit_code).inline(),
    *("unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live", "entry_id"),
)


def add_codes(tx: Connection, codes: Sequence[tuple[int, int, CodeKind, Code]]) -> None:
    """What `add_code` does, for many: (unit id, product id, kind, code)."""
    words = {kind: kind.value for kind in CodeKind}
    insert_rows(
        tx,
        t.unit_code,
        ("unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live"),
        [
            (unit_id, product_id, words[kind], code.text, code.key, code.key[::-1], True)
            for unit_id, product_id, kind, code in codes
        ],
    )


def with_code(tx: Connection, key: str) -> list[NamedUnit]:
    """The units of all clients and products that have a code now."""
    rows = tx.execute(
        _named_units()
        .join(t.unit_code, t.unit_code.c.unit_id == t.unit.c.id)
        .where(t.unit_code.c.text_key == key, t.unit_code.c.live.is_(True))
    )
    return [_named(row) for row in rows]


def named(tx: Connection, unit_id: int) -> NamedUnit | None:
    """A unit and whose it is; None for one that open work made and dropped again."""
    row = tx.execute(_named_units().where(t.unit.c.id == unit_id)).one_or_none()
    return _named(row) if row else None


def _named_units() -> Select[Any]:
    return (
        _known_units()
        .add_columns(
            t.client.c.id.label("client_id"), t.client.c.code.label("client"), t.product.c.sku, t.unit.c.received_at
        )
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .order_by(t.client.c.code_key, t.product.c.sku_key, t.unit.c.id)
    )


def _named(row: Row[Any]) -> NamedUnit:
    return NamedUnit(
        unit=_known(row),
        client_id=row.client_id,
        client=row.client,
        sku=row.sku,
        was_received=row.received_at is not None,
    )
