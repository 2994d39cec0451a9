"""Transfers: which units and goods are on their way between two warehouses, and what became of them (RULES 2.27)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.transfers import (
    NUMBER_PREFIX,
    Leg,
    Transfer,
    TransferEntry,
    TransferGoods,
    TransferLine,
    TransferStatus,
    TransferUnit,
)
from scanstation.domain.units import Moved, Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.moves import move
from scanstation.store.units import code_of

_MOVES = {Leg.ARRIVED: Move.ARRIVE, Leg.BACK: Move.BRING_BACK, Leg.LOST: Move.LOSE}
_from = t.warehouse.alias("from_warehouse")
_to = t.warehouse.alias("to_warehouse")
_primary = t.unit_code.alias("primary_of_transfer")
_secondary = t.unit_code.alias("secondary_of_transfer")


def create(tx: Connection, from_id: int, to_id: int, stamp: Stamp) -> Transfer:
    """A new transfer, with the next number of the house."""
    new = insert(t.transfer).values(
        number="",
        # Until it has its number: no two are made by one stamp at one station.
        number_key=f"{stamp.station} {stamp.at}",
        from_id=from_id,
        to_id=to_id,
        status=TransferStatus.OPEN.value,
        at=stamp.at,
        operator=stamp.operator,
        station=stamp.station,
    )
    transfer_id = tx.execute(new.returning(t.transfer.c.id)).scalar_one()
    number = f"{NUMBER_PREFIX}{transfer_id}"
    named = update(t.transfer).where(t.transfer.c.id == transfer_id)
    tx.execute(named.values(number=number, number_key=code_key(number)))
    return get(tx, transfer_id)


def find(tx: Connection, number: str) -> Transfer | None:
    """The transfer of a number."""
    row = tx.execute(_transfers().where(t.transfer.c.number_key == code_key(number))).one_or_none()
    return _transfer(row) if row else None


def get(tx: Connection, transfer_id: int, *, lock: bool = False) -> Transfer:
    """A transfer by its id; locked, nobody else sends, takes in or closes until the transaction ends."""
    query = _transfers().where(t.transfer.c.id == transfer_id)
    return _transfer(tx.execute(query.with_for_update(of=t.transfer) if lock else query).one())


def listed(tx: Connection) -> list[Transfer]:
    """All of them, the newest first."""
    return [_transfer(row) for row in tx.execute(_transfers().order_by(t.transfer.c.id.desc()))]


def open_at(tx: Connection, warehouse_id: int, most: int) -> list[Transfer]:
    """The open ones that go out from a warehouse or come to it, the newest first."""
    c = t.transfer.c
    here = _transfers().where(
        c.status == TransferStatus.OPEN.value, or_(c.from_id == warehouse_id, c.to_id == warehouse_id)
    )
    return [_transfer(row) for row in tx.execute(here.order_by(c.id.desc()).limit(most))]


def close(tx: Connection, transfer_id: int) -> None:
    """Nothing more is sent out on it."""
    closed = update(t.transfer).where(t.transfer.c.id == transfer_id)
    tx.execute(closed.values(status=TransferStatus.CLOSED.value))


# Units


def units_of(tx: Connection, transfer_id: int) -> list[TransferUnit]:
    """The list: every unit that was sent, as it stands."""
    rows = tx.execute(
        select(
            t.transfer_unit.c.unit_id,
            t.transfer_unit.c.leg,
            t.client.c.code.label("client"),
            t.product.c.sku,
            _primary.c.text.label("primary"),
            _secondary.c.text.label("secondary"),
        )
        .join(t.unit, t.unit.c.id == t.transfer_unit.c.unit_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(_primary, code_of(t.unit.c.id, _primary, CodeKind.PRIMARY))
        .outerjoin(_secondary, code_of(t.unit.c.id, _secondary, CodeKind.SECONDARY))
        .where(t.transfer_unit.c.transfer_id == transfer_id)
        .order_by(t.transfer_unit.c.id)
    )
    return [
        TransferUnit(
            unit_id=row.unit_id,
            client=row.client,
            sku=row.sku,
            primary=row.primary,
            secondary=row.secondary,
            leg=Leg(row.leg),
        )
        for row in rows
    ]


def legs(tx: Connection, transfer_id: int, unit_ids: Collection[int]) -> dict[int, Leg]:
    """Where units stand that are on the list of a transfer: unit id → the last of its legs."""
    rows = tx.execute(
        select(t.transfer_unit.c.unit_id, t.transfer_unit.c.leg)
        .where(t.transfer_unit.c.transfer_id == transfer_id, t.transfer_unit.c.unit_id.in_(listed_ids(tx, unit_ids)))
        .order_by(t.transfer_unit.c.id)
    )
    return {row.unit_id: Leg(row.leg) for row in rows}


def on_the_way(tx: Connection, unit_ids: Collection[int]) -> dict[int, str]:
    """The number of the transfer that each unit is on now: unit id → number."""
    rows = tx.execute(
        select(t.transfer_unit.c.unit_id, t.transfer.c.number)
        .join(t.transfer, t.transfer.c.id == t.transfer_unit.c.transfer_id)
        .where(
            t.transfer_unit.c.leg == Leg.ON_THE_WAY.value,
            t.transfer_unit.c.unit_id.in_(listed_ids(tx, unit_ids)),
        )
    )
    return {row.unit_id: row.number for row in rows}


def ever_sent(tx: Connection, unit_ids: Collection[int]) -> set[int]:
    """Those of the units that were ever on a transfer."""
    if not unit_ids:
        return set()
    sent = select(t.transfer_unit.c.unit_id).where(t.transfer_unit.c.unit_id.in_(listed_ids(tx, unit_ids)))
    return set(tx.execute(sent).scalars())


def lost_on(tx: Connection, unit_id: int) -> Transfer | None:
    """The transfer that has lost a unit, and whose unit nobody has found since."""
    row = t.transfer_unit.c
    lost = select(row.transfer_id).where(row.unit_id == unit_id, row.leg == Leg.LOST.value)
    found = tx.execute(lost.order_by(row.id.desc()).limit(1)).scalar_one_or_none()
    return get(tx, found) if found is not None else None


def find_lost(tx: Connection, of: Transfer, unit_id: int, leg: Leg) -> None:
    """A unit that was lost has arrived after all, or is back; it stands in that warehouse, its status is as it was.

    Raises:
        ConcurrencyConflict: it is not lost any more.
    """
    row = t.transfer_unit.c
    lost = update(t.transfer_unit).where(row.transfer_id == of.id, row.unit_id == unit_id, row.leg == Leg.LOST.value)
    if tx.execute(lost.values(leg=leg.value)).rowcount != 1:
        raise ConcurrencyConflict("the unit was not lost")
    place = of.to_id if leg is Leg.ARRIVED else of.from_id
    tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(warehouse_id=place))


def send(tx: Connection, of: Transfer, unit_ids: Sequence[int], stamp: Stamp, source: Source) -> None:
    """Units go out: they are on the list, and in transit.

    Raises:
        ConcurrencyConflict: one is not Received any more, or in somebody's hands.
    """
    if not unit_ids:
        return
    moved = [Moved(unit_id=unit_id, line_id=None, source=source) for unit_id in unit_ids]
    move(tx, Move.SEND, moved, stamp, reason=f"{of.number} to {of.to_warehouse}")
    leg = Leg.ON_THE_WAY.value
    tx.execute(
        insert(t.transfer_unit), [{"transfer_id": of.id, "unit_id": unit_id, "leg": leg} for unit_id in unit_ids]
    )


def end_leg(
    tx: Connection, of: Transfer, unit_ids: Sequence[int], leg: Leg, stamp: Stamp, source: Source, why: str = ""
) -> None:
    """Units on the way arrive, come back, or are lost.

    Raises:
        ConcurrencyConflict: one is not on the way any more.
    """
    if not unit_ids:
        return
    moved = [Moved(unit_id=unit_id, line_id=None, source=source) for unit_id in unit_ids]
    move(tx, _MOVES[leg], moved, stamp, reason=f"{of.number}{f': {why}' if why else ''}")
    meant = listed_ids(tx, unit_ids)
    row = t.transfer_unit.c
    ended = tx.execute(
        update(t.transfer_unit)
        .where(row.transfer_id == of.id, row.unit_id.in_(meant), row.leg == Leg.ON_THE_WAY.value)
        .values(leg=leg.value)
    )
    if ended.rowcount != len(unit_ids):
        raise ConcurrencyConflict(f"{len(unit_ids) - ended.rowcount} of {len(unit_ids)} units were not on the way")
    if leg is Leg.ARRIVED:
        tx.execute(update(t.unit).where(t.unit.c.id.in_(listed_ids(tx, unit_ids))).values(warehouse_id=of.to_id))


def lines(tx: Connection, transfer_id: int) -> list[TransferLine]:
    """What is on a transfer by product, in the order of their SKUs; two statements, however long the list is."""
    ended = (Leg.BACK.value, Leg.LOST.value)
    unit, goods = t.transfer_unit.c, t.transfer_goods.c
    arrived = func.count(case((unit.leg == Leg.ARRIVED.value, 1)))
    by_unit = (
        select(t.unit.c.product_id, func.count().label("sent"), arrived.label("arrived"))
        .join(t.unit, t.unit.c.id == unit.unit_id)
        .where(unit.transfer_id == transfer_id, unit.leg.not_in(ended))
        .group_by(t.unit.c.product_id)
    )
    by_quantity = select(goods.product_id, (goods.sent - goods.back - goods.lost).label("sent"), goods.arrived).where(
        goods.transfer_id == transfer_id
    )
    counts = {row.product_id: (int(row.sent), int(row.arrived)) for row in tx.execute(by_unit)}
    with_units = set(counts)
    for row in tx.execute(by_quantity):
        sent, there = counts.get(row.product_id, (0, 0))
        counts[row.product_id] = (sent + row.sent, there + row.arrived)
    products = select(t.product.c.id, t.product.c.sku, t.product.c.description)
    named = tx.execute(products.where(t.product.c.id.in_(listed_ids(tx, counts))).order_by(t.product.c.sku_key))
    return [
        TransferLine(
            product_id=row.id,
            sku=row.sku,
            description=row.description,
            has_units=row.id in with_units,
            sent=counts[row.id][0],
            arrived=counts[row.id][1],
        )
        for row in named
    ]


def take_back(tx: Connection, of: Transfer, unit_id: int, stamp: Stamp, source: Source) -> None:
    """A unit that is on the way was not sent after all: it stays where it was, and is on no list.

    Raises:
        ConcurrencyConflict: it is not on the way any more.
    """
    end_leg(tx, of, [unit_id], Leg.BACK, stamp, source, "taken back")
    row = t.transfer_unit.c
    last = select(func.max(row.id)).where(row.transfer_id == of.id, row.unit_id == unit_id)
    tx.execute(delete(t.transfer_unit).where(row.id == last.scalar_subquery()))


def set_out_again(tx: Connection, of: Transfer, unit_id: int, stamp: Stamp, source: Source) -> None:
    """A unit that has arrived has not, after all: it is on the way again.

    Raises:
        ConcurrencyConflict: it is not Received any more, or in somebody's hands.
    """
    moved = [Moved(unit_id=unit_id, line_id=None, source=source)]
    move(tx, Move.SEND, moved, stamp, reason=f"{of.number}: taken back, still on the way to {of.to_warehouse}")
    row = t.transfer_unit.c
    last = select(func.max(row.id)).where(row.transfer_id == of.id, row.unit_id == unit_id)
    again = update(t.transfer_unit).where(row.id == last.scalar_subquery(), row.leg == Leg.ARRIVED.value)
    if tx.execute(again.values(leg=Leg.ON_THE_WAY.value)).rowcount != 1:
        raise ConcurrencyConflict("the unit had not arrived")
    tx.execute(update(t.unit).where(t.unit.c.id == unit_id).values(warehouse_id=of.from_id))


# Goods without serials


def goods_of(tx: Connection, transfer_id: int) -> list[TransferGoods]:
    """What goes by quantity."""
    rows = tx.execute(
        select(t.transfer_goods, t.product.c.sku, t.client.c.code.label("client"))
        .join(t.product, t.product.c.id == t.transfer_goods.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .where(t.transfer_goods.c.transfer_id == transfer_id)
        .order_by(t.transfer_goods.c.id)
    )
    return [
        TransferGoods(
            product_id=row.product_id,
            client=row.client,
            sku=row.sku,
            sent=row.sent,
            arrived=row.arrived,
            back=row.back,
            lost=row.lost,
        )
        for row in rows
    ]


def send_goods(tx: Connection, of: Transfer, product_id: int, quantity: int) -> None:
    """So many more of a product go out."""
    goods = t.transfer_goods.c
    meant = update(t.transfer_goods).where(goods.transfer_id == of.id, goods.product_id == product_id)
    if not tx.execute(meant.values(sent=goods.sent + quantity)).rowcount:
        values: Mapping[str, int] = {"arrived": 0, "back": 0, "lost": 0}
        new = insert(t.transfer_goods).values(transfer_id=of.id, product_id=product_id, sent=quantity, **values)
        tx.execute(new)


def end_goods(tx: Connection, of: Transfer, product_id: int, leg: Leg, quantity: int) -> None:
    """So many of a product arrive, come back, or are lost; the table's check refuses more than are on the way."""
    goods = t.transfer_goods.c
    column = goods[leg.value]
    meant = update(t.transfer_goods).where(goods.transfer_id == of.id, goods.product_id == product_id)
    tx.execute(meant.values({column: column + quantity}))


def find_goods(tx: Connection, of: Transfer, product_id: int, leg: Leg, quantity: int) -> None:
    """So many of a product that were lost have arrived after all, or are back; the table's check refuses more."""
    goods = t.transfer_goods.c
    meant = update(t.transfer_goods).where(goods.transfer_id == of.id, goods.product_id == product_id)
    tx.execute(meant.values({goods.lost: goods.lost - quantity, goods[leg.value]: goods[leg.value] + quantity}))


def take_back_goods(tx: Connection, of: Transfer, product_id: int, leg: Leg, quantity: int) -> None:
    """So many of a product were not sent, or have not arrived, after all; never more than that."""
    goods = t.transfer_goods.c
    meant = goods.transfer_id == of.id, goods.product_id == product_id
    column = goods.sent if leg is Leg.ON_THE_WAY else goods[leg.value]
    tx.execute(update(t.transfer_goods).where(*meant).values({column: column - quantity}))
    tx.execute(delete(t.transfer_goods).where(*meant, goods.sent == 0))


# Scans


def add_entry(
    tx: Connection,
    of: Transfer,
    scan: Scan,
    stamp: Stamp,
    *,
    leg: Leg,
    product_id: int,
    unit_id: int | None = None,
    quantity: int = 1,
    was_listed: bool = True,
    summary: str,
) -> None:
    """Keep an accepted scan."""
    tx.execute(
        insert(t.transfer_entry).values(
            op_id=scan.op_id,
            transfer_id=of.id,
            station_key=code_key(stamp.station),
            leg=leg.value,
            product_id=product_id,
            unit_id=unit_id,
            quantity=quantity,
            was_listed=was_listed,
            summary=summary,
            undone=False,
            is_past=False,
        )
    )


def kept(tx: Connection, op_id: str) -> str | None:
    """What a scan was that was accepted under this name before; None where none was."""
    query = select(t.transfer_entry.c.summary).where(t.transfer_entry.c.op_id == op_id)
    return tx.execute(query).scalar_one_or_none()


def entries(tx: Connection, transfer_id: int, station: str) -> list[TransferEntry]:
    """What a station has scanned of a transfer since it completed last, and not taken back; the last first."""
    query = select(t.transfer_entry).where(*_of_station(transfer_id, station)).order_by(t.transfer_entry.c.id.desc())
    return [
        TransferEntry(
            id=row.id,
            leg=Leg(row.leg),
            product_id=row.product_id,
            unit_id=row.unit_id,
            quantity=row.quantity,
            was_listed=row.was_listed,
            summary=row.summary,
        )
        for row in tx.execute(query)
    ]


def mark_undone(tx: Connection, entry_id: int) -> None:
    """This scan was taken back."""
    tx.execute(update(t.transfer_entry).where(t.transfer_entry.c.id == entry_id).values(undone=True))


def mark_past(tx: Connection, transfer_id: int, station: str) -> None:
    """A station has completed: Undo does not reach behind that."""
    tx.execute(update(t.transfer_entry).where(*_of_station(transfer_id, station)).values(is_past=True))


def _of_station(transfer_id: int, station: str) -> tuple[ColumnElement[bool], ...]:
    entry = t.transfer_entry.c
    of_station = entry.transfer_id == transfer_id, entry.station_key == code_key(station)
    return *of_station, entry.undone.is_(False), entry.is_past.is_(False)


def _transfers() -> Select[Any]:
    return (
        select(t.transfer, _from.c.code.label("from_warehouse"), _to.c.code.label("to_warehouse"))
        .join(_from, _from.c.id == t.transfer.c.from_id)
        .join(_to, _to.c.id == t.transfer.c.to_id)
    )


def _transfer(row: Row[Any]) -> Transfer:
    return Transfer(
        id=row.id,
        number=row.number,
        from_id=row.from_id,
        from_warehouse=row.from_warehouse,
        to_id=row.to_id,
        to_warehouse=row.to_warehouse,
        status=TransferStatus(row.status),
        at=row.at,
        operator=row.operator,
        station=row.station,
    )
