"""Lists of expected serials: loaded for purchase orders, removed, and held against what comes (RULES 2.26)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, func, insert, or_, select, union
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.expected import NOTHING_MISSING, ExpectedList, ExpectedSerial, ListCount, Missing
from scanstation.domain.lots import LotFacts
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.statements import Statement

_serial = t.expected_serial.c
_NAMED = 3
"""So many of what is missing are named where it is told."""


# Loaded and removed


def add(
    tx: Connection, order_id: int, file_name: str, serials: Mapping[int, Sequence[ExpectedSerial]], stamp: Stamp
) -> int:
    """Keep the units of a file for an order, by product id; one that is listed there already is this list's now."""
    new = insert(t.expected_list).values(
        order_id=order_id, file_name=file_name, at=stamp.at, operator=stamp.operator, station=stamp.station
    )
    list_id: int = tx.execute(new.returning(t.expected_list.c.id)).scalar_one()
    for product_id, units in serials.items():
        rows = [_values(list_id, order_id, product_id, one) for one in units]
        again = [{"again": row["primary_key"], "of_order": order_id, "of_product": product_id} for row in rows]
        tx.execute(_DROP_ONE, again)
        tx.execute(insert(t.expected_serial), rows)
        catalog.set_listed(tx, product_id, is_listed=True)
    return list_id


def remove(tx: Connection, order_id: int, list_id: int | None) -> int:
    """Forget what an order expects, or one of its lists; returns how many units."""
    gone = _serial.order_id == order_id
    if list_id is not None:
        gone = and_(gone, _serial.list_id == list_id)
    products = tx.execute(select(_serial.product_id).where(gone).distinct()).scalars().all()
    count = tx.execute(delete(t.expected_serial).where(gone)).rowcount
    for product_id in sorted(products):
        left = select(_serial.id).where(_serial.product_id == product_id).limit(1)
        if tx.execute(left).first() is None:
            catalog.set_listed(tx, product_id, is_listed=False)
    return count


def lists_of(tx: Connection, order_id: int) -> list[ExpectedList]:
    """The lists of an order of which units still stand, the oldest first."""
    rows = tx.execute(
        select(t.expected_list, func.count(_serial.id).label("serials"))
        .join(t.expected_serial, _serial.list_id == t.expected_list.c.id)
        .where(t.expected_list.c.order_id == order_id)
        .group_by(t.expected_list.c.id)
        .order_by(t.expected_list.c.id)
    )
    return [
        ExpectedList(
            id=row.id,
            file_name=row.file_name,
            serials=row.serials,
            at=row.at,
            operator=row.operator,
            station=row.station,
        )
        for row in rows
    ]


def on_orders(tx: Connection, order_ids: Collection[int]) -> dict[tuple[int, int], list[ExpectedSerial]]:
    """All that orders expect: (order id, product id) → units."""
    serials_of: dict[tuple[int, int], list[ExpectedSerial]] = {}
    for row in tx.execute(_rows().where(_serial.order_id.in_(listed_ids(tx, order_ids)))):
        serials_of.setdefault((row.order_id, row.product_id), []).append(_expected(row))
    return serials_of


# Held against what comes


def of_codes(
    tx: Connection, product_id: int, warehouse_id: int, key: str, other_key: str | None
) -> list[ExpectedSerial]:
    """The units of a product's lists in a warehouse that have one of these codes, in whichever column."""
    values = {"of_product": product_id, "here": warehouse_id, "one": key, "other": other_key or key}
    return [_expected(row) for row in _OF_CODES.all(tx, values)]


def has_list(tx: Connection, product_id: int, *, order_id: int) -> bool:
    """Has an order a list of this product?"""
    return _OF_ORDER.first(tx, {"of_product": product_id, "of_order": order_id}) is not None


def has_any_list(tx: Connection, product_id: int, *, warehouse_id: int) -> bool:
    """Is there a list of this product for a warehouse?"""
    return _IN_WAREHOUSE.first(tx, {"of_product": product_id, "here": warehouse_id}) is not None


# How orders stand


def missing(tx: Connection, order_id: int, product_ids: Collection[int]) -> Missing:
    """What an order expects of these products and has not got, in open work neither."""
    gone = and_(_serial.order_id == order_id, _serial.product_id.in_(product_ids), ~_has_come())
    count: int = tx.execute(select(func.count()).select_from(t.expected_serial).where(gone)).scalar_one()
    if not count:
        return NOTHING_MISSING
    codes = tx.execute(select(_serial.primary_text).where(gone).order_by(_serial.primary_key).limit(_NAMED)).scalars()
    return Missing([*codes], count)


def of_purchases(
    tx: Connection, order_ids: Collection[int], *, at_packing: Collection[int] = ()
) -> dict[int, ListCount]:
    """How the lines of purchase orders stand to their lists: line id → counts, of lines that have one.

    Serials of the products `at_packing` are scanned there and never on a purchase order: what of them has a unit
    anywhere is verified, and nobody can say what is missing.
    """
    line, code = t.order_line.c, t.unit_code.alias("anywhere").c
    known = (
        select(code.id)
        .where(
            code.text_key == _serial.primary_key,
            code.product_id == _serial.product_id,
            *_live(code, CodeKind.PRIMARY),
        )
        .correlate(t.expected_serial)
        .exists()
    )
    rows = tx.execute(
        select(
            line.id,
            line.product_id,
            t.product.c.sku,
            func.count(_serial.id).label("listed"),
            func.count(_serial.id).filter(_has_come()).label("come"),
            func.count(_serial.id).filter(_has_come(as_listed=True)).label("verified"),
            func.count(_serial.id).filter(known).label("known"),
        )
        .join(t.product, t.product.c.id == line.product_id)
        .join(t.expected_serial, and_(_serial.order_id == line.order_id, _serial.product_id == line.product_id))
        .where(line.order_id.in_(listed_ids(tx, order_ids)))
        .group_by(line.id, line.product_id, t.product.c.sku)
    ).all()
    here = _units_on(tx, [row.id for row in rows])
    counts: dict[int, ListCount] = {}
    for row in rows:
        if row.product_id in at_packing:
            counts[row.id] = ListCount(sku=row.sku, listed=row.listed, verified=row.known, unexpected=0, missing=None)
        else:
            unexpected = max(0, here.get(row.id, 0) - row.verified)
            counts[row.id] = ListCount(
                sku=row.sku,
                listed=row.listed,
                verified=row.verified,
                unexpected=unexpected,
                missing=row.listed - row.come,
            )
    return counts


def _units_on(tx: Connection, line_ids: Collection[int]) -> dict[int, int]:
    """How many units with a serial stand on each line, those of open work among them."""
    if not line_ids:
        return {}
    rows = tx.execute(
        select(t.piece.c.line_id, func.count())
        .join(t.unit_code, and_(t.unit_code.c.unit_id == t.piece.c.unit_id, *_live(t.unit_code.c, CodeKind.PRIMARY)))
        .where(t.piece.c.line_id.in_(listed_ids(tx, line_ids)))
        .group_by(t.piece.c.line_id)
    )
    return dict(rows.all())


def of_shipments(tx: Connection, order_ids: Collection[int]) -> dict[int, ListCount]:
    """How units that packing brought stand to all lists of their warehouse: line id → counts, of listed products."""
    line, first, second = t.order_line.c, t.unit_code.alias("first").c, t.unit_code.alias("second").c
    announced = (
        select(_serial.id)
        .join(_list_order, _list_order.c.id == _serial.order_id)
        .where(
            _serial.product_id == line.product_id,
            _list_order.c.warehouse_id == t.orders.c.warehouse_id,
            _serial.primary_key == first.text_key,
            or_(_serial.secondary_key.is_(None), second.text_key.is_(None), second.text_key == _serial.secondary_key),
        )
        .correlate(t.order_line, t.orders, first.text_key.table, second.text_key.table)
        .exists()
    )
    rows = tx.execute(
        select(line.id, t.product.c.sku, func.count().label("units"), func.count().filter(announced).label("verified"))
        .select_from(t.order_line)
        .join(t.orders, t.orders.c.id == line.order_id)
        .join(t.product, t.product.c.id == line.product_id)
        .join(t.piece, t.piece.c.line_id == line.id)
        .join(t.unit, t.unit.c.id == t.piece.c.unit_id)
        .join(first.text_key.table, and_(first.unit_id == t.unit.c.id, *_live(first, CodeKind.PRIMARY)))
        .outerjoin(second.text_key.table, and_(second.unit_id == t.unit.c.id, *_live(second, CodeKind.SECONDARY)))
        .where(
            line.order_id.in_(listed_ids(tx, order_ids)),
            t.product.c.is_listed.is_(True),
            t.unit.c.received_at.is_(None),
        )
        .group_by(line.id, t.product.c.sku)
    )
    return {
        row.id: ListCount(
            sku=row.sku, listed=row.verified, verified=row.verified, unexpected=row.units - row.verified, missing=None
        )
        for row in rows
    }


def units_of(tx: Connection, order_id: int) -> Iterator[tuple[str, ExpectedSerial, bool, bool]]:
    """What an order expects, by SKU and serial: SKU, unit, whether it has come, and whether as it is listed."""
    query = (
        _rows()
        .add_columns(t.product.c.sku, _has_come().label("come"), _has_come(as_listed=True).label("verified"))
        .join(t.product, t.product.c.id == _serial.product_id)
        .where(_serial.order_id == order_id)
        .order_by(t.product.c.sku_key, _serial.primary_key)
    )
    for row in tx.execute(query):
        yield row.sku, _expected(row), bool(row.come), bool(row.verified)


def unexpected(tx: Connection, order_id: int) -> Iterator[tuple[str, str, str | None]]:
    """The units on a purchase order's lines of listed products that none of its lists has: SKU and both codes."""
    line, first, second = t.order_line.c, t.unit_code.alias("first").c, t.unit_code.alias("second").c
    of_line = and_(_serial.order_id == line.order_id, _serial.product_id == line.product_id)
    query = (
        select(t.product.c.sku, first.text, second.text.label("secondary"))
        .select_from(t.order_line)
        .join(t.product, t.product.c.id == line.product_id)
        .join(t.piece, t.piece.c.line_id == line.id)
        .join(first.text.table, and_(first.unit_id == t.piece.c.unit_id, *_live(first, CodeKind.PRIMARY)))
        .outerjoin(second.text.table, and_(second.unit_id == t.piece.c.unit_id, *_live(second, CodeKind.SECONDARY)))
        .where(
            line.order_id == order_id,
            select(_serial.id).where(of_line).correlate(t.order_line).exists(),
            ~select(_serial.id)
            .where(of_line, _serial.primary_key == first.text_key)
            .correlate(t.order_line, first.text.table)
            .exists(),
        )
        .order_by(t.product.c.sku_key, first.text_key)
    )
    for row in tx.execute(query):
        yield row.sku, row.text, row.secondary


# The statements

_list_order = t.orders.alias("list_order")


def _live(code: Any, kind: CodeKind) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return code.kind == kind.value, code.live.is_(True)


def _has_come(*, as_listed: bool = False) -> ColumnElement[bool]:
    """Stands a unit with this primary on a line of the list's order, with the listed secondary or (yet) none?"""
    code, other = t.unit_code.alias("its_code"), t.unit_code.alias("its_other").c
    line = t.order_line.alias("its_line")
    come = (
        select(code.c.id)
        .join(t.piece, t.piece.c.unit_id == code.c.unit_id)
        .join(line, line.c.id == t.piece.c.line_id)
        .where(
            code.c.text_key == _serial.primary_key,
            *_live(code.c, CodeKind.PRIMARY),
            line.c.order_id == _serial.order_id,
            line.c.product_id == _serial.product_id,
        )
        .correlate(t.expected_serial)
    )
    if as_listed:
        differs = (
            select(other.id)
            .where(
                other.unit_id == code.c.unit_id,
                *_live(other, CodeKind.SECONDARY),
                other.text_key != _serial.secondary_key,
            )
            .correlate(t.expected_serial, code)
            .exists()
        )
        come = come.where(~differs)
    return come.exists()


def _rows() -> Select[Any]:
    return select(t.expected_serial, t.orders.c.number).join(t.orders, t.orders.c.id == _serial.order_id)


def _with(column: ColumnElement[str]) -> Select[Any]:
    named: tuple[BindParameter[str], ...] = (bindparam("one"), bindparam("other"))
    here = t.orders.c.warehouse_id == bindparam("here")
    return _rows().where(_serial.product_id == bindparam("of_product"), or_(*(column == one for one in named)), here)


_OF_CODES = Statement(union(_with(_serial.primary_key), _with(_serial.secondary_key)))
_OF_ORDER = Statement(
    select(_serial.id)
    .where(_serial.order_id == bindparam("of_order"), _serial.product_id == bindparam("of_product"))
    .limit(1)
)
_IN_WAREHOUSE = Statement(
    select(_serial.id)
    .join(t.orders, t.orders.c.id == _serial.order_id)
    .where(_serial.product_id == bindparam("of_product"), t.orders.c.warehouse_id == bindparam("here"))
    .limit(1)
)
_DROP_ONE = delete(t.expected_serial).where(
    _serial.order_id == bindparam("of_order"),
    _serial.product_id == bindparam("of_product"),
    _serial.primary_key == bindparam("again"),
)


def _values(list_id: int, order_id: int, product_id: int, one: ExpectedSerial) -> dict[str, object]:
    lot = one.lot
    return {
        "list_id": list_id,
        "order_id": order_id,
        "product_id": product_id,
        "primary_text": one.primary,
        "primary_key": code_key(one.primary),
        "secondary_text": one.secondary,
        "secondary_key": None if one.secondary is None else code_key(one.secondary),
        "lot": lot.lot,
        "use_by": lot.use_by,
        "best_before": lot.best_before,
        "made": lot.made,
    }


def _expected(row: Row[Any]) -> ExpectedSerial:
    return ExpectedSerial(
        order_id=row.order_id,
        number=row.number,
        primary=row.primary_text,
        secondary=row.secondary_text,
        lot=LotFacts(row.lot, row.use_by, row.best_before, row.made),
    )
