"""Returns: what is expected, what stations have in hand of it, and the scans that they accepted (RULES 2.22)."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.returns import (
    EntryText,
    Owed,
    Return,
    ReturnedGoods,
    ReturnEntry,
    ReturnPiece,
    ReturnStatus,
    ReturnStep,
    ReturnSums,
    ReturnWork,
)
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import UnitStatus, WorkStatus
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.units import code_of, drop_held

# Returns


def find(tx: Connection, number: str) -> list[Return]:
    """The returns of a number; several where clients use the same."""
    query = _returns().where(t.goods_return.c.number_key == code_key(number)).order_by(t.goods_return.c.id)
    return [_return(row) for row in tx.execute(query)]


def get(tx: Connection, return_id: int) -> Return:
    """A return by its id."""
    return _return(tx.execute(_returns().where(t.goods_return.c.id == return_id)).one())


def create(tx: Connection, number: str, client_id: int | None, stamp: Stamp) -> Return:
    """A new return; without a number it is given one of the house."""
    new = insert(t.goods_return).values(
        number=number,
        number_key=code_key(number),
        client_id=client_id,
        status=ReturnStatus.OPEN.value,
        opened_at=stamp.at,
    )
    return_id = tx.execute(new.returning(t.goods_return.c.id)).scalar_one()
    if not number:
        number = house_number(return_id)
        named = update(t.goods_return).where(t.goods_return.c.id == return_id)
        tx.execute(named.values(number=number, number_key=code_key(number)))
    return get(tx, return_id)


def house_number(return_id: int) -> str:
    """The number of a return that came without one."""
    return f"R-{return_id}"


def set_status(tx: Connection, return_id: int, status: ReturnStatus) -> None:
    """Is more of it expected?"""
    tx.execute(update(t.goods_return).where(t.goods_return.c.id == return_id).values(status=status.value))


# Work


def own(tx: Connection, station: str, *, lock: bool = False) -> ReturnWork | None:
    """A station's open work, if it has any; locked, it stays as it is until the transaction ends."""
    return _one_work(tx, _works().where(t.return_work.c.station_key == code_key(station), _IS_OPEN), lock=lock)


def get_work(tx: Connection, work_id: int, *, lock: bool = False) -> ReturnWork | None:
    """Work by its id; None where it took nothing and was forgotten."""
    return _one_work(tx, _works().where(t.return_work.c.id == work_id), lock=lock)


def _one_work(tx: Connection, query: Select[Any], *, lock: bool) -> ReturnWork | None:
    row = tx.execute(query.with_for_update(of=t.return_work) if lock else query).one_or_none()
    return _work(row) if row else None


def everywhere(tx: Connection) -> list[ReturnWork]:
    """All open work, the oldest first."""
    return [_work(row) for row in tx.execute(_works().where(_IS_OPEN).order_by(t.return_work.c.id))]


def start(tx: Connection, return_id: int, warehouse_id: int, stamp: Stamp) -> int:
    """New work of a station; returns its id."""
    values = {
        "return_id": return_id,
        "warehouse_id": warehouse_id,
        "station": stamp.station,
        "station_key": code_key(stamp.station),
        "operator": stamp.operator,
        "status": WorkStatus.OPEN.value,
        "opened_at": stamp.at,
    }
    work_id: int = tx.execute(insert(t.return_work).values(values).returning(t.return_work.c.id)).scalar_one()
    return work_id


def take_over(tx: Connection, work_id: int, stamp: Stamp) -> None:
    """Make open work this station's own."""
    values = {"station": stamp.station, "station_key": code_key(stamp.station), "operator": stamp.operator}
    tx.execute(update(t.return_work).where(t.return_work.c.id == work_id).values(values))


def close(tx: Connection, work_id: int, status: WorkStatus, stamp: Stamp) -> None:
    """End work; nobody has its units in hand any more."""
    values = {"status": status.value, "closed_at": stamp.at, "closed_by": stamp.operator}
    tx.execute(update(t.return_work).where(t.return_work.c.id == work_id).values(values))
    tx.execute(update(t.return_piece).where(t.return_piece.c.work_id == work_id).values(in_hand=False))


def forget(tx: Connection, work: ReturnWork) -> None:
    """Forget work that has nothing in hand, and its return where that has no other work and no list."""
    tx.execute(delete(t.return_entry).where(t.return_entry.c.work_id == work.id))
    tx.execute(delete(t.return_work).where(t.return_work.c.id == work.id))
    others = [
        select(table.c.id).where(table.c.return_id == work.return_id).exists()
        for table in (t.return_work, t.return_line)
    ]
    tx.execute(delete(t.goods_return).where(t.goods_return.c.id == work.return_id, *(~other for other in others)))


# Scans and what they took


def add_entry(
    tx: Connection,
    work_id: int,
    scan: Scan,
    act: ReturnStep,
    summary: str,
    stamp: Stamp,
    piece_id: int | None = None,
) -> int:
    """Keep an accepted scan; returns its id."""
    values = {
        "op_id": scan.op_id,
        "work_id": work_id,
        "piece_id": piece_id,
        "act": act.value,
        "code": scan.text,
        "summary": summary,
        "at": stamp.at,
        "operator": stamp.operator,
        "source": scan.source.value,
    }
    entry_id: int = tx.execute(insert(t.return_entry).values(values).returning(t.return_entry.c.id)).scalar_one()
    return entry_id


def kept(tx: Connection, op_id: str) -> str | None:
    """What a scan was that was accepted under this name before; None where none was."""
    query = select(t.return_entry.c.summary).where(t.return_entry.c.op_id == op_id)
    return tx.execute(query).scalar_one_or_none()


def texts(tx: Connection, work_id: int) -> list[EntryText]:
    """What work has scanned and not taken back, in order."""
    entry = t.return_entry.c
    query = select(entry.id, entry.piece_id, entry.act, entry.code).where(
        entry.work_id == work_id, entry.undone.is_(False)
    )
    rows = tx.execute(query.order_by(entry.id))
    return [EntryText(row.id, row.piece_id, ReturnStep(row.act), row.code) for row in rows]


def last_entry(tx: Connection, work_id: int) -> ReturnEntry | None:
    """The last scan that was not taken back."""
    entry = t.return_entry.c
    query = select(t.return_entry).where(entry.work_id == work_id, entry.undone.is_(False))
    row = tx.execute(query.order_by(entry.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return ReturnEntry(id=row.id, piece_id=row.piece_id, act=ReturnStep(row.act), summary=row.summary, at=row.at)


def mark_undone(tx: Connection, entry_ids: Sequence[int]) -> None:
    """These scans were taken back."""
    tx.execute(update(t.return_entry).where(t.return_entry.c.id.in_(entry_ids)).values(undone=True))


def entries_of(tx: Connection, piece: ReturnPiece) -> list[int]:
    """The scans that made a piece what it is."""
    query = select(t.return_entry.c.id).where(t.return_entry.c.piece_id == piece.id, t.return_entry.c.undone.is_(False))
    return [piece.entry_id, *tx.execute(query).scalars()]


def add_piece(
    tx: Connection,
    work_id: int,
    entry_id: int,
    *,
    product_id: int | None,
    quantity: int = 1,
    unit_id: int | None = None,
    code: str = "",
    owed: Owed = Owed.NOTHING,
    other: CodeKind | None = None,
    is_unknown: bool = False,
    doubt: str = "",
    source: Source,
) -> int:
    """What a scan took; the unique index refuses a unit that another station took a moment ago."""
    values = {
        "work_id": work_id,
        "entry_id": entry_id,
        "product_id": product_id,
        "quantity": quantity,
        "unit_id": unit_id,
        "code": code,
        "owed": owed.value,
        "other": other.value if other else "",
        "is_unknown": is_unknown,
        "doubt": doubt,
        "source": source.value,
    }
    piece_id: int = tx.execute(insert(t.return_piece).values(values).returning(t.return_piece.c.id)).scalar_one()
    return piece_id


def change_piece(tx: Connection, piece_id: int, **values: object) -> None:
    """Columns of a piece, as a later scan leaves them."""
    tx.execute(update(t.return_piece).where(t.return_piece.c.id == piece_id).values(values))


def drop_piece(tx: Connection, piece_id: int) -> None:
    """The unit was never taken."""
    tx.execute(delete(t.return_piece).where(t.return_piece.c.id == piece_id))


def pieces(tx: Connection, work_id: int) -> list[ReturnPiece]:
    """All that work has taken, the first first."""
    query = select(t.return_piece).where(t.return_piece.c.work_id == work_id).order_by(t.return_piece.c.id)
    return [_piece(row) for row in tx.execute(query)]


def piece(tx: Connection, piece_id: int) -> ReturnPiece:
    """One of them."""
    return _piece(tx.execute(select(t.return_piece).where(t.return_piece.c.id == piece_id)).one())


def in_hand(tx: Connection, unit_ids: Collection[int]) -> dict[int, ReturnWork]:
    """The units that open returns have taken: unit id → the work."""
    if not unit_ids:
        return {}
    query = (
        _works()
        .add_columns(t.return_piece.c.unit_id)
        .join(t.return_piece, t.return_piece.c.work_id == t.return_work.c.id)
        .where(t.return_piece.c.in_hand.is_(True), t.return_piece.c.unit_id.in_(listed_ids(tx, unit_ids)))
    )
    return {row.unit_id: _work(row) for row in tx.execute(query)}


# Units that a return is about to create


def hold_new(tx: Connection, product_id: int, warehouse_id: int) -> int:
    """A unit that an open return is about to create; returns its id."""
    values = {"product_id": product_id, "warehouse_id": warehouse_id, "status": UnitStatus.HELD.value}
    unit_id: int = tx.execute(insert(t.unit).values(values).returning(t.unit.c.id)).scalar_one()
    return unit_id


def drop_new(tx: Connection, unit_id: int) -> None:
    """Such a unit never was; any other stays as it is."""
    is_new = tx.execute(select(t.unit.c.status).where(t.unit.c.id == unit_id)).scalar_one() == UnitStatus.HELD.value
    if is_new:
        tx.execute(delete(t.unit_code).where(t.unit_code.c.unit_id == unit_id))
        tx.execute(update(t.return_piece).where(t.return_piece.c.unit_id == unit_id).values(unit_id=None))
        drop_held(tx, [unit_id])


def everything(tx: Connection) -> list[Return]:
    """All returns, the newest first."""
    return [_return(row) for row in tx.execute(_returns().order_by(t.goods_return.c.id.desc()))]


def sums(tx: Connection, return_ids: Collection[int]) -> dict[int, ReturnSums]:
    """What has come back of returns, by id; of those of which nothing has, none."""
    piece, work = t.return_piece.c, t.return_work.c
    is_done = work.status == WorkStatus.COMPLETED.value
    query = (
        select(
            work.return_id,
            func.coalesce(func.sum(case((is_done, piece.quantity))), 0).label("done"),
            func.coalesce(func.sum(case((is_done & piece.is_unknown, piece.quantity))), 0).label("unknown"),
            func.coalesce(func.sum(case((_IS_OPEN, piece.quantity))), 0).label("open"),
        )
        .join(t.return_piece, piece.work_id == work.id)
        .where(work.return_id.in_(listed_ids(tx, return_ids)))
        .group_by(work.return_id)
    )
    return {row.return_id: ReturnSums(int(row.done), int(row.unknown), int(row.open)) for row in tx.execute(query)}


def goods(tx: Connection, return_id: int) -> list[ReturnedGoods]:
    """All that came back of a return, in the order it was scanned; an unknown serial without a product is none yet."""
    primary, secondary = (t.unit_code.alias(kind.value) for kind in CodeKind)
    query = (
        select(
            t.return_piece,
            t.client.c.code.label("client"),
            t.product.c.sku,
            t.warehouse.c.code.label("warehouse"),
            t.return_work.c.station,
            t.return_work.c.operator,
            t.return_work.c.status,
            func.coalesce(t.return_work.c.closed_at, t.return_work.c.opened_at).label("at"),
            primary.c.text.label("primary"),
            secondary.c.text.label("secondary"),
        )
        .join(t.return_work, t.return_work.c.id == t.return_piece.c.work_id)
        .join(t.warehouse, t.warehouse.c.id == t.return_work.c.warehouse_id)
        .join(t.product, t.product.c.id == t.return_piece.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(primary, code_of(t.return_piece.c.unit_id, primary, CodeKind.PRIMARY))
        .outerjoin(secondary, code_of(t.return_piece.c.unit_id, secondary, CodeKind.SECONDARY))
        .where(t.return_work.c.return_id == return_id)
        .order_by(t.return_piece.c.id)
    )
    return [
        ReturnedGoods(
            client=row.client,
            sku=row.sku,
            primary=row.primary,
            secondary=row.secondary,
            quantity=row.quantity,
            is_unknown=row.is_unknown,
            part_missing=row.part_missing,
            is_booked=row.status == WorkStatus.COMPLETED.value,
            warehouse=row.warehouse,
            station=row.station,
            operator=row.operator,
            at=row.at,
        )
        for row in tx.execute(query)
    ]


_IS_OPEN = t.return_work.c.status == WorkStatus.OPEN.value


def _returns() -> Select[Any]:
    return select(t.goods_return, t.client.c.code.label("client")).outerjoin(
        t.client, t.client.c.id == t.goods_return.c.client_id
    )


def _return(row: Row[Any]) -> Return:
    return Return(
        id=row.id,
        number=row.number,
        client_id=row.client_id,
        client=row.client or "",
        status=ReturnStatus(row.status),
    )


def _works() -> Select[Any]:
    return select(t.return_work, t.warehouse.c.code.label("warehouse")).join(
        t.warehouse, t.warehouse.c.id == t.return_work.c.warehouse_id
    )


def _work(row: Row[Any]) -> ReturnWork:
    return ReturnWork(
        id=row.id,
        return_id=row.return_id,
        warehouse_id=row.warehouse_id,
        warehouse=row.warehouse,
        station=row.station,
        operator=row.operator,
        status=WorkStatus(row.status),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _piece(row: Row[Any]) -> ReturnPiece:
    return ReturnPiece(
        id=row.id,
        work_id=row.work_id,
        entry_id=row.entry_id,
        product_id=row.product_id,
        quantity=row.quantity,
        unit_id=row.unit_id,
        code=row.code,
        owed=Owed(row.owed),
        other=CodeKind(row.other) if row.other else None,
        part_missing=row.part_missing,
        is_unknown=row.is_unknown,
        doubt=row.doubt,
        source=Source(row.source),
    )
