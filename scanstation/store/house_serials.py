"""House serials (RULES 2.8): the next one, each given once, and the units that are still known by one."""

from collections.abc import Collection

from sqlalchemy import exists, func, insert, select
from sqlalchemy.engine import Connection

from scanstation.domain.codes import Code
from scanstation.domain.house_serials import WhyNone, house_serial
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Stamp
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids, reserve_ids

_IN_THE_HOUSE = (UnitStatus.RECEIVED, UnitStatus.PACKED)


def give(tx: Connection, product_id: int, prefix: str, why: WhyNone, stamp: Stamp) -> Code:
    """The next house serial of the site, for a unit of this product.

    No number is given twice, also where its unit is dropped again: its label may have been written. A number that
    anything has or had as its code already is passed over.
    """
    while True:
        (number,) = reserve_ids(tx, t.house_serial, 1)
        code = house_serial(prefix, number)
        tx.execute(
            insert(t.house_serial).values(
                id=number,
                product_id=product_id,
                text=code.text,
                text_key=code.key,
                why=why.value,
                at=stamp.at,
                operator=stamp.operator,
                station=stamp.station,
            )
        )
        taken = select(t.unit_code.c.id).where(t.unit_code.c.text_key == code.key).limit(1)
        if tx.execute(taken).first() is None:
            return code


def labelled(tx: Connection, key: str) -> tuple[str, str, str, str] | None:
    """What stands on the label of one: its text, the SKU, what that is, the client; None where it was never given."""
    row = tx.execute(
        select(t.house_serial.c.text, t.product.c.sku, t.product.c.description, t.client.c.code)
        .join(t.product, t.product.c.id == t.house_serial.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .where(t.house_serial.c.text_key == key)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def of_units(tx: Connection, unit_ids: Collection[int]) -> dict[int, str]:
    """Why those of the units that have a house serial now have it: unit id → why."""
    if not unit_ids:
        return {}
    rows = tx.execute(
        select(t.unit_code.c.unit_id, t.house_serial.c.why)
        .join(t.house_serial, t.house_serial.c.text_key == t.unit_code.c.text_key)
        .where(t.unit_code.c.live.is_(True), t.unit_code.c.unit_id.in_(listed_ids(tx, unit_ids)), _SAME_CLIENT)
    )
    return {row.unit_id: row.why for row in rows}


def count(tx: Connection) -> int:
    """How many units in the house are known by one: their own serial is still to be found."""
    counted: int = tx.execute(
        select(func.count(t.unit.c.id.distinct()))
        .select_from(t.house_serial)
        .join(t.unit_code, t.unit_code.c.text_key == t.house_serial.c.text_key)
        .join(t.unit, t.unit.c.id == t.unit_code.c.unit_id)
        .where(
            t.unit_code.c.live.is_(True), t.unit.c.status.in_([status.value for status in _IN_THE_HOUSE]), _SAME_CLIENT
        )
    ).scalar_one()
    return counted


_given_to, _now_of = t.product.alias("given_to"), t.product.alias("now_of")
_SAME_CLIENT = exists(
    select(_given_to.c.id)
    .join(_now_of, _now_of.c.client_id == _given_to.c.client_id)
    .where(_given_to.c.id == t.house_serial.c.product_id, _now_of.c.id == t.unit_code.c.product_id)
)
"""A unit may have been moved to another SKU of its client; another client's code is no house serial of ours."""
