"""Counts: what was Received as one began, what stations scanned, and what came of both (RULES 2.28)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, insert, literal, select, update
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.counts import (
    NUMBER_PREFIX,
    Count,
    CountedGoods,
    CountedLine,
    CountedScan,
    CountStatus,
    ExpectedUnit,
    Result,
)
from scanstation.domain.scan import Scan
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import Stamp, Unit
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.units import code_of

_primary = t.unit_code.alias("primary_of_count")
_secondary = t.unit_code.alias("secondary_of_count")
_first_round = t.stock_count.alias("first_round")
_BY_SERIAL = t.product.c.track.is_(True) & t.product.c.both_steps.is_(True)
"""`gives_serials_before_packing`, of rows of `product`."""
_NEWEST_EVENT = func.coalesce(
    select(func.max(t.unit_event.c.id)).where(t.unit_event.c.unit_id == t.unit.c.id).scalar_subquery(), 0
)

# Counts


def create(
    tx: Connection,
    warehouse_id: int,
    client_id: int | None,
    stamp: Stamp,
    *,
    of_id: int | None = None,
    is_of_skus: bool = False,
    is_partial: bool = False,
) -> Count:
    """A new count, with the next number of the house; nothing is expected of it yet."""
    new = insert(t.stock_count).values(
        number="",
        # Until it has its number: no two are made by one stamp at one station.
        number_key=f"{stamp.station} {stamp.at}",
        warehouse_id=warehouse_id,
        client_id=client_id,
        of_id=of_id,
        is_of_skus=is_of_skus,
        is_partial=is_partial,
        status=CountStatus.OPEN.value,
        at=stamp.at,
        operator=stamp.operator,
        station=stamp.station,
    )
    count_id: int = tx.execute(new.returning(t.stock_count.c.id)).scalar_one()
    number = f"{NUMBER_PREFIX}{count_id}"
    named = update(t.stock_count).where(t.stock_count.c.id == count_id)
    tx.execute(named.values(number=number, number_key=code_key(number)))
    return get(tx, count_id)


def find(tx: Connection, number: str) -> Count | None:
    """The count of a number."""
    row = tx.execute(_counts().where(t.stock_count.c.number_key == code_key(number))).one_or_none()
    return _count(row) if row else None


def get(tx: Connection, count_id: int, *, lock: bool = False) -> Count:
    """A count by its id; locked, nobody else scans or closes until the transaction ends."""
    query = _counts().where(t.stock_count.c.id == count_id)
    return _count(tx.execute(query.with_for_update(of=t.stock_count) if lock else query).one())


def listed(tx: Connection) -> list[Count]:
    """All of them, the newest first."""
    return [_count(row) for row in tx.execute(_counts().order_by(t.stock_count.c.id.desc()))]


def second_rounds(tx: Connection, count_id: int) -> list[Count]:
    """Those over what a count was missing, the oldest first."""
    query = _counts().where(t.stock_count.c.of_id == count_id).order_by(t.stock_count.c.id)
    return [_count(row) for row in tx.execute(query)]


def open_at(tx: Connection, warehouse_id: int | None, most: int) -> list[Count]:
    """The open ones of a warehouse, or of all, the newest first."""
    return _some(tx, warehouse_id, t.stock_count.c.status == CountStatus.OPEN.value, most)


def to_look_for_again(tx: Connection, warehouse_id: int | None, most: int) -> list[Count]:
    """The closed ones of a warehouse, or of all, that lacked something and have no second round, the newest first."""
    c, unit, again = t.stock_count.c, t.count_unit.c, t.stock_count.alias("again")
    lacks = select(unit.id).where(unit.count_id == c.id, unit.result == Result.MISSING.value).exists()
    looked_for = select(again.c.id).where(again.c.of_id == c.id).exists()
    closed = c.status == CountStatus.CLOSED.value
    return _some(tx, warehouse_id, closed & c.of_id.is_(None) & c.is_partial.is_(False) & lacks & ~looked_for, most)


def _some(tx: Connection, warehouse_id: int | None, those: ColumnElement[bool], most: int) -> list[Count]:
    query = _counts().where(those).order_by(t.stock_count.c.id.desc()).limit(most)
    if warehouse_id is not None:
        query = query.where(t.stock_count.c.warehouse_id == warehouse_id)
    return [_count(row) for row in tx.execute(query)]


def open_of_station(tx: Connection, station: str) -> list[tuple[str, int, str]]:
    """The open ones on which a station has counted, the newest first: number, its pieces, since when."""
    scan, c = t.count_scan.c, t.stock_count.c
    query = (
        select(c.id, c.number, scan.station, func.sum(scan.quantity).label("pieces"), func.min(scan.at).label("since"))
        .join(t.stock_count, c.id == scan.count_id)
        .where(c.status == CountStatus.OPEN.value, scan.undone.is_(False))
        .group_by(c.id, c.number, scan.station)
        .order_by(c.id.desc())
    )
    return [
        (row.number, int(row.pieces), row.since)
        for row in tx.execute(query)
        if code_key(row.station) == code_key(station)
    ]


def close(tx: Connection, count_id: int, stamp: Stamp) -> None:
    """Nothing more is scanned on it."""
    values = {"status": CountStatus.CLOSED.value, "closed_at": stamp.at, "closed_by": stamp.operator}
    tx.execute(update(t.stock_count).where(t.stock_count.c.id == count_id).values(values))


def people(tx: Connection, count_id: int) -> set[str]:
    """Who scanned on a count, and who closed it, as keys."""
    scanned = select(t.count_scan.c.operator).where(t.count_scan.c.count_id == count_id).distinct()
    closed = select(t.stock_count.c.closed_by).where(t.stock_count.c.id == count_id)
    names = [*tx.execute(scanned).scalars(), *tx.execute(closed).scalars()]
    return {code_key(name) for name in names if name}


# What is expected


def expect_units(tx: Connection, of: Count) -> int:
    """Keep which units are Received in the warehouse now, of the products that a count counts by serial."""
    expected = (
        select(literal(of.id), t.unit.c.id, _NEWEST_EVENT, literal(""), literal(False), literal(""))
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .where(
            t.unit.c.warehouse_id == of.warehouse_id,
            t.unit.c.status == UnitStatus.RECEIVED.value,
            _BY_SERIAL,
        )
    )
    if of.client_id is not None:
        expected = expected.where(t.product.c.client_id == of.client_id)
    if of.is_of_skus:
        named = select(t.count_line.c.product_id).where(t.count_line.c.count_id == of.id)
        expected = expected.where(t.product.c.id.in_(named))
    columns = ["count_id", "unit_id", "last_event", "result", "written_off", "held_back"]
    return tx.execute(insert(t.count_unit).from_select(columns, expected)).rowcount


def expect_missing(tx: Connection, of: Count, unit_ids: Sequence[int]) -> None:
    """Keep that a second round is about these units of the first."""
    expected = select(literal(of.id), t.unit.c.id, _NEWEST_EVENT, literal(""), literal(False), literal("")).where(
        t.unit.c.id.in_(listed_ids(tx, unit_ids))
    )
    columns = ["count_id", "unit_id", "last_event", "result", "written_off", "held_back"]
    tx.execute(insert(t.count_unit).from_select(columns, expected))


def add_lines(tx: Connection, count_id: int, on_hand: Mapping[int, int | None]) -> None:
    """The products that a count is of: product id → how many are on hand, where that is counted and known."""
    rows = [{"count_id": count_id, "product_id": one, "on_hand": units} for one, units in on_hand.items()]
    if rows:
        tx.execute(insert(t.count_line), rows)


def is_of(tx: Connection, of: Count, product_id: int, client_id: int) -> bool:
    """Is a product one that a count counts?"""
    if of.client_id is not None and of.client_id != client_id:
        return False
    if not of.is_of_skus:
        return True
    line = t.count_line.c
    query = select(line.id).where(line.count_id == of.id, line.product_id == product_id)
    return tx.execute(query).one_or_none() is not None


def by_quantity(tx: Connection, client_id: int | None) -> list[int]:
    """The products of a client, or of all, that are counted by quantity."""
    query = select(t.product.c.id).where(~_BY_SERIAL)
    return list(tx.execute(query if client_id is None else query.where(t.product.c.client_id == client_id)).scalars())


def expected(tx: Connection, count_id: int, unit_ids: Collection[int] | None = None) -> list[ExpectedUnit]:
    """The units that were Received as a count began, or those of them, as they stand now."""
    query = (
        select(
            t.count_unit,
            t.client.c.code.label("client"),
            t.product.c.sku,
            t.unit.c.status,
            (t.count_unit.c.last_event != _NEWEST_EVENT).label("has_moved"),
            _primary.c.text.label("primary"),
            _secondary.c.text.label("secondary"),
        )
        .join(t.unit, t.unit.c.id == t.count_unit.c.unit_id)
        .join(t.product, t.product.c.id == t.unit.c.product_id)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(_primary, code_of(t.unit.c.id, _primary, CodeKind.PRIMARY))
        .outerjoin(_secondary, code_of(t.unit.c.id, _secondary, CodeKind.SECONDARY))
        .where(t.count_unit.c.count_id == count_id)
        .order_by(t.count_unit.c.id)
    )
    if unit_ids is not None:
        query = query.where(t.count_unit.c.unit_id.in_(listed_ids(tx, unit_ids)))
    return [_expected(row) for row in tx.execute(query)]


def last_written_off(tx: Connection, unit_id: int) -> tuple[int, str, str] | None:
    """The row by which a unit stands written off, its count's number, and why the unit was on hold before."""
    unit = t.count_unit.c
    query = (
        select(unit.id, t.stock_count.c.number, unit.held_back)
        .join(t.stock_count, t.stock_count.c.id == unit.count_id)
        .where(unit.unit_id == unit_id, unit.written_off.is_(True))
        .order_by(unit.id.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return (row.id, row.number, row.held_back) if row else None


def set_results(tx: Connection, results: Mapping[int, Result]) -> None:
    """What became of expected units: their rows' ids → result."""
    for result in set(results.values()):
        ids = listed_ids(tx, [row_id for row_id, one in results.items() if one is result])
        tx.execute(update(t.count_unit).where(t.count_unit.c.id.in_(ids)).values(result=result.value))


def set_written_off(tx: Connection, row_ids: Sequence[int], *, written_off: bool, held_back: str = "") -> None:
    """Units were written off, or are no more so."""
    rows = update(t.count_unit).where(t.count_unit.c.id.in_(listed_ids(tx, row_ids)))
    tx.execute(rows.values(written_off=written_off, held_back=held_back))


# Scans


def add_scan(
    tx: Connection,
    count_id: int,
    scan: Scan,
    stamp: Stamp,
    *,
    product_id: int | None,
    unit: Unit | None = None,
    in_hand: bool = False,
    quantity: int = 1,
    place: str = "",
) -> int:
    """Keep a scan; the unique index refuses a unit that another station scanned a moment ago.

    `in_hand`: has open work, or an open return, the unit in its hands?
    """
    values = {
        "op_id": scan.op_id,
        "count_id": count_id,
        "product_id": product_id,
        "unit_id": unit.id if unit else None,
        "code": scan.text,
        "code_key": code_key(scan.text),
        "quantity": quantity,
        "status": unit.status.value if unit else "",
        "warehouse_id": unit.warehouse_id if unit else None,
        "in_work": in_hand,
        "place": place,
        "result": Result.COUNTED.value,
        "at": stamp.at,
        "operator": stamp.operator,
        "station": stamp.station,
        "source": scan.source.value,
    }
    scan_id: int = tx.execute(insert(t.count_scan).values(values).returning(t.count_scan.c.id)).scalar_one()
    return scan_id


def scans(tx: Connection, count_id: int) -> list[CountedScan]:
    """All that was scanned on a count and not taken back, in order."""
    scan = t.count_scan.c
    query = _scans().where(scan.count_id == count_id, scan.undone.is_(False)).order_by(scan.id)
    return [_scan(row) for row in tx.execute(query)]


def scanned_before(tx: Connection, count_id: int, unit_id: int | None, key: str) -> tuple[str, str, str] | None:
    """Where, when and by whom a unit, or an unknown serial, was scanned on a count already."""
    scan = t.count_scan.c
    same = (scan.unit_id == unit_id) if unit_id is not None else (scan.product_id.is_(None) & (scan.code_key == key))
    query = select(scan.at, scan.station, scan.operator).where(scan.count_id == count_id, scan.undone.is_(False), same)
    row = tx.execute(query).first()
    return (row.at, row.station, row.operator) if row else None


def seen_since(tx: Connection, unit_ids: Collection[int], first: Count) -> dict[int, tuple[str, str, str]]:
    """Those of the units that other counts have scanned since one began: on which, where and by whom, the last time."""
    scan, c = t.count_scan.c, t.stock_count.c
    later = c.id > first.id  # whatever a clock says that was set back meanwhile
    others = select(c.id).where(later | ((c.id != first.id) & (c.closed_at.is_(None) | (c.closed_at >= first.at))))
    query = (
        select(scan.unit_id, c.number, scan.station, scan.operator)
        .join(t.stock_count, c.id == scan.count_id)
        .where(
            scan.count_id.in_(others),
            scan.unit_id.in_(listed_ids(tx, unit_ids)),
            scan.undone.is_(False),
            later | (scan.at >= first.at),
        )
        .order_by(scan.id)
    )
    return {row.unit_id: (row.number, row.station, row.operator) for row in tx.execute(query)}


def last_scan(tx: Connection, count_id: int, station: str) -> CountedScan | None:
    """The last that a station scanned on a count and did not take back."""
    scan = t.count_scan.c
    last = (
        select(scan.station, func.max(scan.id).label("id"))
        .where(scan.count_id == count_id, scan.undone.is_(False))
        .group_by(scan.station)
    )
    ids = [row.id for row in tx.execute(last) if code_key(row.station) == code_key(station)]
    return _scan(tx.execute(_scans().where(scan.id == max(ids))).one()) if ids else None


def label_before(tx: Connection, count_id: int, key: str) -> tuple[str, str, str] | None:
    """Where, when and by whom a label of goods was scanned on a count already."""
    scan = t.count_scan.c
    query = select(scan.at, scan.station, scan.operator).where(
        scan.count_id == count_id, scan.undone.is_(False), scan.unit_id.is_(None), scan.code_key == key
    )
    row = tx.execute(query).first()
    return (row.at, row.station, row.operator) if row else None


def kept(tx: Connection, op_id: str) -> CountedScan | None:
    """The scan that was accepted under this name before; None where none was."""
    row = tx.execute(_scans().where(t.count_scan.c.op_id == op_id)).one_or_none()
    return _scan(row) if row else None


def lines(tx: Connection, count_id: int, station: str) -> list[CountedLine]:
    """What was scanned of each product, in the order of their SKUs, and last what no unit has."""
    scan, product = t.count_scan.c, t.product.c
    query = (
        select(scan.product_id, scan.station, func.sum(scan.quantity).label("pieces"), func.max(scan.id).label("last"))
        .where(scan.count_id == count_id, scan.undone.is_(False))
        .group_by(scan.product_id, scan.station)
        .order_by(scan.station)
    )
    here, others = dict[int | None, int](), dict[int | None, list[tuple[str, int]]]()
    last, product_of_last = 0, None
    for row in tx.execute(query):
        others.setdefault(row.product_id, [])
        if code_key(row.station) == code_key(station):
            here[row.product_id] = here.get(row.product_id, 0) + int(row.pieces)
            if row.last > last:
                last, product_of_last = row.last, row.product_id
        else:
            others[row.product_id].append((row.station, int(row.pieces)))
    ids = listed_ids(tx, [one for one in others if one is not None])
    products = select(product.id, product.sku, product.description, _BY_SERIAL.label("is_by_serial"))
    named: list[tuple[int | None, str, str, bool]] = [
        (row.id, row.sku, row.description, bool(row.is_by_serial))
        for row in tx.execute(products.where(product.id.in_(ids)).order_by(product.sku_key, product.id))
    ]
    if None in others:
        named.append((None, "", "", True))
    return [
        CountedLine(
            product_id=product_id,
            sku=sku,
            description=description,
            is_by_serial=is_by_serial,
            here=here.get(product_id, 0),
            others=tuple(others[product_id]),
            is_last=bool(last) and product_id == product_of_last,
        )
        for product_id, sku, description, is_by_serial in named
    ]


def take_back(tx: Connection, scan_id: int) -> None:
    """A scan was taken back."""
    tx.execute(update(t.count_scan).where(t.count_scan.c.id == scan_id).values(undone=True))


def set_scan_results(tx: Connection, results: Mapping[int, Result]) -> None:
    """What scans turned out to be: their ids → result."""
    for result in set(results.values()):
        ids = listed_ids(tx, [scan_id for scan_id, one in results.items() if one is result])
        tx.execute(update(t.count_scan).where(t.count_scan.c.id.in_(ids)).values(result=result.value))


def quantities(tx: Connection, count_ids: Collection[int]) -> dict[int, int]:
    """How many pieces were scanned on counts: count id → pieces."""
    scan = t.count_scan.c
    query = (
        select(scan.count_id, func.sum(scan.quantity))
        .where(scan.count_id.in_(listed_ids(tx, count_ids)), scan.undone.is_(False))
        .group_by(scan.count_id)
    )
    return {count_id: int(pieces) for count_id, pieces in tx.execute(query)}


def missing(tx: Connection, count_ids: Collection[int]) -> dict[int, int]:
    """How many units counts were missing as they ended: count id → units; of those that missed none, nothing."""
    unit = t.count_unit.c
    query = (
        select(unit.count_id, func.count())
        .where(unit.count_id.in_(listed_ids(tx, count_ids)), unit.result == Result.MISSING.value)
        .group_by(unit.count_id)
    )
    return dict(tx.execute(query).all())


def goods(tx: Connection, count_id: int) -> list[CountedGoods]:
    """The goods of a count that go by quantity: what is on its lines, and what was scanned beside them."""
    line, scan = t.count_line.c, t.count_scan.c
    counted = (
        select(scan.product_id, func.sum(scan.quantity).label("counted"))
        .where(scan.count_id == count_id, scan.undone.is_(False), scan.unit_id.is_(None), scan.product_id.is_not(None))
        .group_by(scan.product_id)
        .subquery()
    )
    query = (
        select(t.client.c.code.label("client"), t.product.c.sku, line.on_hand, counted.c.counted)
        .select_from(t.product)
        .join(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(t.count_line, (line.product_id == t.product.c.id) & (line.count_id == count_id))
        .outerjoin(counted, counted.c.product_id == t.product.c.id)
        .where(~_BY_SERIAL, line.id.is_not(None) | counted.c.product_id.is_not(None))
        .order_by(t.client.c.code, t.product.c.sku_key)
    )
    return [
        CountedGoods(client=row.client, sku=row.sku, on_hand=row.on_hand, counted=int(row.counted or 0))
        for row in tx.execute(query)
    ]


def _scans() -> Select[Any]:
    return (
        select(
            t.count_scan,
            t.client.c.code.label("client"),
            t.product.c.sku,
            _primary.c.text.label("primary"),
            _secondary.c.text.label("secondary"),
        )
        .outerjoin(t.product, t.product.c.id == t.count_scan.c.product_id)
        .outerjoin(t.client, t.client.c.id == t.product.c.client_id)
        .outerjoin(_primary, code_of(t.count_scan.c.unit_id, _primary, CodeKind.PRIMARY))
        .outerjoin(_secondary, code_of(t.count_scan.c.unit_id, _secondary, CodeKind.SECONDARY))
    )


def _counts() -> Select[Any]:
    return (
        select(
            t.stock_count,
            t.warehouse.c.code.label("warehouse"),
            func.coalesce(t.client.c.code, "").label("client"),
            case((_first_round.c.id.is_not(None), _first_round.c.number), else_="").label("of_number"),
        )
        .join(t.warehouse, t.warehouse.c.id == t.stock_count.c.warehouse_id)
        .outerjoin(t.client, t.client.c.id == t.stock_count.c.client_id)
        .outerjoin(_first_round, _first_round.c.id == t.stock_count.c.of_id)
    )


def _count(row: Row[Any]) -> Count:
    return Count(
        id=row.id,
        number=row.number,
        warehouse_id=row.warehouse_id,
        warehouse=row.warehouse,
        client_id=row.client_id,
        client=row.client,
        of_number=row.of_number,
        of_id=row.of_id,
        is_of_skus=row.is_of_skus,
        is_partial=row.is_partial,
        status=CountStatus(row.status),
        at=row.at,
        operator=row.operator,
        station=row.station,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _scan(row: Row[Any]) -> CountedScan:
    return CountedScan(
        id=row.id,
        unit_id=row.unit_id,
        product_id=row.product_id,
        client=row.client or "",
        sku=row.sku or "",
        code=row.code,
        primary=row.primary,
        secondary=row.secondary,
        quantity=row.quantity,
        status=UnitStatus(row.status) if row.status else None,
        warehouse_id=row.warehouse_id,
        was_in_work=row.in_work,
        where=row.place,
        result=Result(row.result),
        at=row.at,
        station=row.station,
        operator=row.operator,
    )


def _expected(row: Row[Any]) -> ExpectedUnit:
    return ExpectedUnit(
        id=row.id,
        unit_id=row.unit_id,
        client=row.client,
        sku=row.sku,
        primary=row.primary,
        secondary=row.secondary,
        status=UnitStatus(row.status),
        has_moved=bool(row.has_moved),
        result=Result(row.result) if row.result else None,
        is_written_off=row.written_off,
        held_back=row.held_back,
    )
