"""Standing holds: a lot of a product is on hold, and what is received of it later goes on hold too (RULES 2.23)."""

from collections.abc import Collection, Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select, Table, insert, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.lots import LotHold
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Stamp
from scanstation.store import holds
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids


class _Lock(TypedDict):
    of: Table
    key_share: bool
    read: bool


_STANDS = t.lot_hold.c.lifted_at.is_(None)
_LETS_WAIT: _Lock = {"of": t.lot_hold, "key_share": True, "read": True}
"""Of a query: `keep_others_off` waits for whoever has asked it, be there a hold or none."""
_NOT_THERE = (UnitStatus.HELD.value, UnitStatus.DISPOSED.value, UnitStatus.GONE.value)


def listed(tx: Connection) -> list[LotHold]:
    """Those that stand, the newest first."""
    return [_lot_hold(row) for row in tx.execute(_lot_holds().order_by(t.lot_hold.c.id.desc()))]


def of_lot(tx: Connection, product_id: int, lot: str) -> LotHold | None:
    """The one that stands on a lot of a product."""
    hold = t.lot_hold.c
    row = tx.execute(_lot_holds().where(hold.product_id == product_id, hold.lot_key == code_key(lot))).one_or_none()
    return _lot_hold(row) if row else None


def of_products(tx: Connection, product_ids: Collection[int]) -> dict[tuple[int, str], LotHold]:
    """Those that stand on lots of products: product id and key of the lot → hold."""
    rows = tx.execute(_lot_holds().where(t.lot_hold.c.product_id.in_(listed_ids(tx, product_ids))))
    found = [_lot_hold(row) for row in rows]
    return {(one.product_id, code_key(one.lot)): one for one in found}


def begin(tx: Connection, product_id: int, lot: str, reason: str, stamp: Stamp) -> LotHold:
    """A lot is on hold from now on; the unique index refuses a second hold of it."""
    values = {"product_id": product_id, "lot": lot, "lot_key": code_key(lot), "reason": reason, "at": stamp.at}
    tx.execute(insert(t.lot_hold).values(**values, operator=stamp.operator, station=stamp.station))
    begun = of_lot(tx, product_id, lot)
    assert begun is not None
    return begun


def keep_others_off(tx: Connection) -> None:
    """Until the transaction ends, nobody else puts a lot on hold, ends that, or takes in units that a hold may be on.

    Where one writes at a time it is so anyway. Acts that were there first (`under` and `put` let this one wait) have
    ended then, and what they took in is seen.
    """
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("LOCK TABLE lot_hold IN EXCLUSIVE MODE")


def end(tx: Connection, hold_id: int, stamp: Stamp) -> None:
    """What is received of it from now on is not put on hold."""
    ended = update(t.lot_hold).where(t.lot_hold.c.id == hold_id)
    tx.execute(ended.values(lifted_at=stamp.at, lifted_by=stamp.operator))


def units_of(tx: Connection, one: LotHold, *, on_hold: bool) -> list[int]:
    """The units of the lot that are there or have left: those that are on hold by it, or on hold by nothing."""
    unit = t.unit.c
    marked = unit.on_hold == one.mark if on_hold else unit.on_hold.is_(None)
    query = select(unit.id).where(
        unit.product_id == one.product_id,
        unit.lot_key == code_key(one.lot),
        unit.status.not_in(_NOT_THERE),
        marked,
    )
    return list(tx.execute(query.order_by(unit.id)).scalars())


def under(tx: Connection, *those: ColumnElement[bool]) -> list[int]:
    """Those of certain units whose lot is on hold; no unit is looked at where no hold stands."""
    if tx.execute(select(t.lot_hold.c.id).where(_STANDS).limit(1).with_for_update(**_LETS_WAIT)).one_or_none() is None:
        return []
    unit, hold = t.unit.c, t.lot_hold.c
    lot = (unit.product_id == hold.product_id) & (unit.lot_key == hold.lot_key) & _STANDS
    return list(tx.execute(select(unit.id).join(t.lot_hold, lot).where(*those)).scalars())


def has_ended(tx: Connection, product_id: int, mark: str) -> bool:
    """Was a unit on hold for a lot (`LotHold.mark`) that is not on hold any more?"""
    every = _every().where(t.lot_hold.c.product_id == product_id)
    return mark in {_lot_hold(row).mark for row in tx.execute(every.where(~_STANDS))} - {
        _lot_hold(row).mark for row in tx.execute(every.where(_STANDS))
    }


def over(tx: Connection, unit_ids: Sequence[int]) -> list[LotHold]:
    """Those that stand on the lots of units."""
    unit, hold = t.unit.c, t.lot_hold.c
    same = (unit.product_id == hold.product_id) & (unit.lot_key == hold.lot_key)
    meant = select(hold.id).join(t.unit, same).where(unit.id.in_(listed_ids(tx, unit_ids)))
    return [_lot_hold(row) for row in tx.execute(_lot_holds().where(hold.id.in_(meant)).order_by(hold.id))]


def put(tx: Connection, unit_ids: Sequence[int], stamp: Stamp, source: Source) -> int:
    """Put those of these units on hold whose lot is so, and that are not on hold; returns how many."""
    if not unit_ids:
        return 0
    unit, hold = t.unit.c, t.lot_hold.c
    under = (
        _lot_holds()
        .add_columns(unit.id.label("unit_id"))
        .join(t.unit, (unit.product_id == hold.product_id) & (unit.lot_key == hold.lot_key))
        .where(unit.id.in_(listed_ids(tx, unit_ids)), unit.on_hold.is_(None), unit.status.not_in(_NOT_THERE))
        .order_by(unit.id)
        .with_for_update(**_LETS_WAIT)
    )
    by_mark: dict[str, list[int]] = {}
    for row in tx.execute(under).all():
        by_mark.setdefault(_lot_hold(row).mark, []).append(row.unit_id)
    for mark, ids in by_mark.items():
        holds.put(tx, ids, mark, stamp, source)
    return sum(map(len, by_mark.values()))


def _lot_holds() -> Select[Any]:
    return _every().where(_STANDS)


def _every() -> Select[Any]:
    return (
        select(t.lot_hold, t.product.c.sku, t.client.c.code.label("client"))
        .join(t.product, t.product.c.id == t.lot_hold.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
    )


def _lot_hold(row: Row[Any]) -> LotHold:
    return LotHold(
        id=row.id,
        product_id=row.product_id,
        client=row.client,
        sku=row.sku,
        lot=row.lot,
        reason=row.reason,
        at=row.at,
        station=row.station,
        operator=row.operator,
    )
