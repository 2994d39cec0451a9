"""Pages of the reports for a screen: as quick among ten million units as among ten thousand.

A page begins where another ended (never OFFSET from the beginning), and its rows come in the order of one index:
the events of a history by time, the units by product, warehouse and status, the codes as they are asked for. The
other filters sift what the index brings. Where they let few pass, a call goes through so many entries and no more and
says how far it has looked (`Page.looked_to`), so that scans are answered between two calls. Only the rows of one
order, and a rare SKU's by code, are gathered and sorted: there are as many as the order is large.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.engine import Connection

from scanstation.domain.codes import code_key
from scanstation.domain.reports import Filters, HistoryRow, Look, ReportPage, RowPosition, SerialRow, Sort
from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import is_listed
from scanstation.store.report_conditions import (
    LAST_CHARACTER,
    MOMENT_OF,
    REPORTED,
    begins,
    came_within,
    code_range,
    coded,
    happened,
    history_columns,
    products_of,
    serial,
    serial_columns,
    stored,
    unit_conditions,
    within,
)
from scanstation.store.statements import Statement
from scanstation.store.units import unbooked

STRETCH = 2_500
"""Entries of an index that one statement goes through."""
LOOKS_FOR_S = 0.06
"""Where few entries are rows, a call ends after this time at the next such stretch."""
GATHERED = 500
"""The units of a SKU are sorted by their codes where there are no more of them than this."""
_AT_ONE_PLACE = 20
"""Rows of one entry that were on the page before, at most: a unit is not shipped more often."""
_BEYOND = 2**62

_CAME_BY = {UnitStatus.RECEIVED: Move.RECEIVE, UnitStatus.PACKED: Move.PACK, UnitStatus.SHIPPED: Move.SHIP}


Row = SerialRow | HistoryRow


class _Hit(NamedTuple):
    """A row that is to be read: where it stands, and its unit or event."""

    position: RowPosition
    of: int


class _Walk(NamedTuple):
    """A way along an index, from its lowest to its highest position or back."""

    entries: Select[Any]
    """The index alone, with the columns `key` (where it is not always the same) and `number`."""
    hits: Select[Any]
    """The entries that are rows: also with `of` and, where an entry may be several rows, `then`."""
    key: ColumnElement[Any] | None
    number: ColumnElement[Any]
    lowest: RowPosition | None = None
    highest: RowPosition | None = None
    """Itself no more a part of it."""


def page(tx: Connection, look: Look) -> ReportPage:
    """The rows that follow the position that `look` begins at, in its order."""
    looked_to = None
    if look.of_an_order or _of_few(tx, look):
        hits = _gathered(tx, look)
    elif look.order is Sort.NEWEST and look.what is None and not look.filters.days and look.filters != Filters():
        hits = _of_stock(tx, look)
    else:
        hits, looked_to = _along_all(tx, look, _walks(tx, look))
    rows = _rows(tx, look, [hit.of for hit in hits])
    placed_rows = [(rows[hit.of], hit.position) for hit in hits if hit.of in rows]
    if look.backwards:
        placed_rows.reverse()
    return ReportPage(tuple(row for row, _ in placed_rows), tuple(position for _, position in placed_rows), looked_to)


def find(tx: Connection, look: Look, key: str) -> RowPosition | None:
    """Where the unit with this very code stands; None where the filters leave it out. They must not name a code."""
    holders = select(t.unit_code.c.unit_id).where(t.unit_code.c.text_key == key)
    if look.what is None:
        holders = holders.where(t.unit_code.c.live.is_(True), ~unbooked(t.unit_code))
    event, unit_ids = t.unit_event.c, list(tx.execute(holders).scalars())
    conditions = [t.unit.c.id.in_(unit_ids), *unit_conditions(look.filters, look.what, by_index=False)]
    if look.what is None:
        found = tx.execute(select(t.unit).where(*conditions, came_within(look.filters))).all()
        positions = [_position_of_unit(tx, look, row) for row in found]
    else:
        events = select(event.id, event.at, event.unit_id).join(t.unit, t.unit.c.id == event.unit_id)
        events = events.where(*conditions, event.what + "" == look.what.value, within(event.at + "", look.filters))
        positions = [
            _position_of_code(tx, row.unit_id, row.id) if look.order is Sort.CODE else RowPosition(row.at, row.id)
            for row in tx.execute(events).all()
        ]
    return max(positions, default=None) if look.order is Sort.NEWEST else min(positions, default=None)


def _position_of_code(tx: Connection, unit_id: int, then: int = 0) -> RowPosition:
    code = t.unit_code.c
    own = select(code.text_key, code.id).where(code.unit_id == unit_id, *_is_primary(t.unit_code))
    key, number = tx.execute(own).one()
    return RowPosition(key, number, then)


def _position_of_unit(tx: Connection, look: Look, unit: Any) -> RowPosition:
    if look.order is Sort.CODE:
        return _position_of_code(tx, unit.id)
    if look.of_an_order or not look.filters.days:
        return RowPosition("", unit.id)
    event = t.unit_event.c
    positions = [
        RowPosition(row.at, row.id)
        for status in look.filters.statuses or REPORTED
        for row in tx.execute(
            select(event.at, event.id)
            .join(t.unit, t.unit.c.id == event.unit_id)
            .where(event.unit_id == unit.id, *_came_last_by(status, look.filters))
        )
    ]
    return positions[0]


# Along an index


def _along_all(tx: Connection, look: Look, walks: Sequence[_Walk]) -> tuple[list[_Hit], RowPosition | None]:
    """The first hits of several walks, which never meet the same row."""
    if len(walks) == 1:
        return _along(tx, look, walks[0])
    ends = [_along(tx, look, walk) for walk in walks]
    hits = sorted((hit for found, _ in ends for hit in found), key=lambda hit: hit.position, reverse=look.descending)
    stops = [end for _, end in ends if end is not None]
    if not stops:
        return hits[: look.limit], None
    # Beyond the nearest position where a walk has stopped there may be rows that it has not met yet.
    stop = max(stops) if look.descending else min(stops)
    known = [hit for hit in hits if (hit.position > stop if look.descending else hit.position < stop)]
    return known[: look.limit], stop if len(known) < look.limit else None


def _along(tx: Connection, look: Look, walk: _Walk) -> tuple[list[_Hit], RowPosition | None]:
    """The hits of one walk until the page is full or the index ends (None), or to where enough was looked at."""
    begun, hits, begin = monotonic(), list[_Hit](), look.begin()
    at, last = (walk.highest, walk.lowest) if look.descending else (walk.lowest, walk.highest)
    if begin is not None and (at is None or (begin < at if look.descending else begin > at)):
        at = begin
    while True:
        ahead = _between(walk.entries, walk, look, at, last).offset(STRETCH).limit(1)
        end = tx.execute(ahead).one_or_none()
        until = last if end is None else RowPosition("" if walk.key is None else end.key, end.number)
        for row in tx.execute(_between(walk.hits, walk, look, at, until).limit(look.limit + _AT_ONE_PLACE)):
            position = RowPosition("" if walk.key is None else row.key, row.number, getattr(row, "then", 0))
            if (
                begin is None
                or (position.key, position.id) != (begin.key, begin.id)
                or _is_further(look, position, begin)
            ):
                hits.append(_Hit(position, row.of))
        if len(hits) >= look.limit or end is None:
            return _in_order(look, hits)[: look.limit], None
        assert until is not None
        if monotonic() - begun > LOOKS_FOR_S:
            return _in_order(look, hits), RowPosition(
                until.key, until.id, _BEYOND if look.descending else -1
            )  # it is looked at next
        at = until


def _is_further(look: Look, position: RowPosition, begin: RowPosition) -> bool:
    """Of rows at one code or moment."""
    return position.then < begin.then if look.descending else position.then > begin.then


def _in_order(look: Look, hits: Sequence[_Hit]) -> list[_Hit]:
    """The rows at one code by their events. Codes follow each other as the database has them, whatever its order is."""
    at_one_position = groupby(hits, key=lambda hit: (hit.position.key, hit.position.id))
    return [
        hit
        for _, several in at_one_position
        for hit in sorted(several, key=lambda hit: hit.position.then, reverse=look.descending)
    ]


def _between(
    query: Select[Any], walk: _Walk, look: Look, at: RowPosition | None, until: RowPosition | None
) -> Select[Any]:
    """The query's entries from a position, itself included, to another, itself left out."""
    key, number = walk.key, walk.number
    here: ColumnElement[Any] = number if key is None else tuple_(key, number)

    def there(position: RowPosition) -> ColumnElement[Any]:
        return literal(position.id) if key is None else tuple_(literal(position.key), literal(position.id))

    if at is not None:
        query = query.where(here <= there(at) if look.descending else here >= there(at))
    if until is not None:
        query = query.where(here > there(until) if look.descending else here < there(until))
    columns = [number] if key is None else [key, number]
    return query.order_by(*(column.desc() if look.descending else column for column in columns))


def _units() -> _Walk:
    """All units by their ids, which is how they came in."""
    number = t.unit.c.id
    entries = select(number.label("number"))
    hits = entries.add_columns(number.label("of")).where(*unit_conditions(Filters()))
    return _Walk(entries, hits, None, number)


def _walks(tx: Connection, look: Look) -> list[_Walk]:
    if look.order is Sort.CODE:
        return [_codes(tx, look)]
    if look.what is not None:
        return [_events(look, look.what)]
    if not look.filters.days:
        return [_units()]
    return [_comings(look, status) for status in look.filters.statuses or REPORTED]


def _events(look: Look, what: Move) -> _Walk:
    """The events of a history, by time."""
    event = t.unit_event.c
    entries = select(event.at.label("key"), event.id.label("number")).where(event.what == what.value)
    hits = entries.add_columns(event.id.label("of")).join(t.unit, t.unit.c.id == event.unit_id)
    hits = hits.where(*unit_conditions(look.filters, what, by_index=False))
    return _Walk(entries, hits, event.at, event.id, *_days(look.filters))


def _comings(look: Look, status: UnitStatus) -> _Walk:
    """The units that came to a status within the days asked for, by when; each at the last such moment only."""
    event = t.unit_event.c
    entries = select(event.at.label("key"), event.id.label("number")).where(event.what == _CAME_BY[status].value)
    hits = entries.add_columns(event.unit_id.label("of")).join(t.unit, t.unit.c.id == event.unit_id)
    hits = hits.where(*_came_last_by(status, look.filters), *unit_conditions(look.filters, by_index=False))
    return _Walk(entries, hits, event.at, event.id, *_days(look.filters))


def _days(filters: Filters) -> tuple[RowPosition | None, RowPosition | None]:
    """Below and above them is no event of the days asked for."""
    return RowPosition(filters.since, -1) if filters.since else None, RowPosition(
        filters.until, -1
    ) if filters.until else None


def _came_last_by(status: UnitStatus, filters: Filters) -> list[ColumnElement[bool]]:
    """Of an event and its unit: did it come to this status then, and to no later one within the days asked for?"""
    event, asked = t.unit_event.c, filters.statuses or REPORTED
    later = [one for one in REPORTED[REPORTED.index(status) + 1 :] if one in asked]
    return [
        event.what == _CAME_BY[status].value,
        event.at == MOMENT_OF[status],
        *(~func.coalesce(within(MOMENT_OF[one], filters), false()) for one in later),
    ]


def _codes(tx: Connection, look: Look) -> _Walk:
    """The codes that begin or end as is asked, else each unit's primary, in their own order."""
    code, filters, event = t.unit_code, look.filters, t.unit_event.c
    asked, beginning = code_range(filters.code)
    column = code.c[asked]
    entries = select(column.label("key"), code.c.id.label("number"))
    lowest = highest = None
    if not filters.code:
        entries = entries.where(*_is_primary(code))
    hits = entries.join(t.unit, t.unit.c.id == code.c.unit_id).where(
        *unit_conditions(filters, look.what, by_index=False)
    )
    if filters.code:
        hits = hits.where(begins(column + "", beginning), ~_is_double(asked, beginning, live=look.what is None))
        if tx.dialect.name == "sqlite":
            # Elsewhere texts may follow each other otherwise than their characters do.
            lowest, highest = RowPosition(beginning, -1), RowPosition(beginning + LAST_CHARACTER, -1)
        else:
            entries = entries.where(begins(column, beginning))
    else:
        hits = hits.where(code.c.kind + "" == CodeKind.PRIMARY.value)
        if filters.sku:
            # The index has the product in it: what is not asked for is ignored without being read.
            hits = hits.where(code.c.product_id.in_(_asked_products(tx, filters)))
    if look.what is None or not filters.code:
        # A code that was corrected is not this unit's any more; only the histories and `trace` know it.
        hits = hits.where(code.c.live.is_(True), ~unbooked(code))
    if look.what is None:
        hits = hits.add_columns(t.unit.c.id.label("of")).where(came_within(filters))
    else:
        hits = hits.add_columns(event.id.label("of"), event.id.label("then"))
        hits = hits.join(t.unit_event, event.unit_id == t.unit.c.id)
        hits = hits.where(event.what + "" == look.what.value, within(event.at + "", filters))
    return _Walk(entries, hits, column, code.c.id, lowest, highest)


def _is_primary(code: FromClause) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """In the words of its index, which SQLite uses only where they are the same."""
    return code.c.kind == literal_column(f"'{CodeKind.PRIMARY.value}'"), code.c.live == true()


def _is_double(asked: str, beginning: str, *, live: bool) -> ColumnElement[bool]:
    """Does another code of the unit fit as well? The unit is listed once, with the one that it had first."""
    code, twin = t.unit_code, t.unit_code.alias("twin")
    others = select(twin.c.id).where(
        twin.c.unit_id == code.c.unit_id, twin.c.id < code.c.id, begins(twin.c[asked] + "", beginning)
    )
    if live:
        others = others.where(twin.c.live.is_(True), ~unbooked(twin))
    return others.correlate(code).exists()


def _asked_products(tx: Connection, filters: Filters) -> list[int]:
    """The products that the filters leave, by their ids."""
    return [row.id for row in tx.execute(products_of(filters))]


# Gathered


def _of_few(tx: Connection, look: Look) -> bool:
    """Are the codes in their order asked of a SKU with so few units that they would be far between?"""
    if look.order is not Sort.CODE or look.filters.code or not look.filters.sku:
        return False
    some = select(t.unit.c.id).where(t.unit.c.product_id.in_(products_of(look.filters))).limit(GATHERED + 1)
    counted: int = tx.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return counted <= GATHERED


def _gathered(tx: Connection, look: Look) -> list[_Hit]:
    """The rows of an order or of a few units, sorted: as many as these are, however large the store is."""
    filters, event, code = look.filters, t.unit_event.c, t.unit_code.c
    key: ColumnElement[Any] = literal("")
    then: ColumnElement[Any] = literal(0)
    number: ColumnElement[Any] = t.unit.c.id
    of: ColumnElement[Any] = t.unit.c.id
    source: FromClause = t.unit
    conditions = unit_conditions(filters)
    if look.what is None:
        conditions.append(came_within(filters))
    else:
        key, number, of = event.at, event.id, event.id
        source = source.join(t.unit_event, event.unit_id == t.unit.c.id)
        conditions += [event.what + "" == look.what.value, within(event.at, filters)]
    if look.order is Sort.CODE:
        its_primary = (code.kind + "" == CodeKind.PRIMARY.value, code.live.is_(True))
        source = source.join(t.unit_code, and_(code.unit_id == t.unit.c.id, *its_primary))
        then = literal(0) if look.what is None else event.id
        key, number = code.text_key, code.id
    if filters.code:
        conditions.append(t.unit.c.id.in_(coded(filters.code, live=look.what is None)))
    named = (key.label("key"), number.label("number"), then.label("then"), of.label("of"))
    rows = select(*named).select_from(source).where(*conditions).subquery()
    columns = (rows.c.key, rows.c.number, rows.c.then)
    query = select(rows)
    if (begin := look.begin()) is not None:
        left, right = tuple_(*columns), tuple_(literal(begin.key), literal(begin.id), literal(begin.then))
        query = query.where(left < right if look.descending else left > right)
    query = query.order_by(*(column.desc() if look.descending else column for column in columns)).limit(look.limit)
    return [_Hit(RowPosition(row.key, row.number, row.then), row.of) for row in tx.execute(query)]


def _of_stock(tx: Connection, look: Look) -> list[_Hit]:
    """The units by product, warehouse and status: in each of these shares an index has the units in their order.

    The shares whose first units come first hold the page; they are read until they can no longer add to it.
    """
    filters, begin = look.filters, look.begin()
    unit = t.unit.c
    beyond = None if begin is None else unit.id < begin.id + begin.then
    if begin is not None and not look.descending:
        beyond = unit.id > begin.id + begin.then
    statuses = union_all(
        *(select(literal(one.value).label("status")) for one in stored(filters.statuses or REPORTED))
    ).subquery()
    in_share = [
        unit.product_id == t.product.c.id,
        unit.warehouse_id == t.warehouse.c.id,
        unit.status == statuses.c.status,
    ]
    first = select(func.max(unit.id) if look.descending else func.min(unit.id)).where(*in_share)
    first = first if beyond is None else first.where(beyond)
    shares = (
        select(
            t.product.c.id.label("product_id"),
            t.warehouse.c.id.label("warehouse_id"),
            statuses.c.status,
            first.correlate(t.product, t.warehouse, statuses).scalar_subquery().label("first"),
        )
        .select_from(t.product.join(t.warehouse, true()).join(statuses, true()))
        .where(t.product.c.id.in_(products_of(filters)))
    )
    if filters.warehouse:
        shares = shares.where(t.warehouse.c.code_key == code_key(filters.warehouse))
    there = shares.subquery()
    leading = select(there).where(there.c.first.is_not(None))
    leading = leading.order_by(there.c.first.desc() if look.descending else there.c.first).limit(look.limit)
    ids: list[int] = []
    for share in tx.execute(leading).all():
        if len(ids) >= look.limit and (share.first < ids[-1] if look.descending else share.first > ids[-1]):
            break
        query = select(unit.id).where(
            unit.product_id == share.product_id,
            unit.warehouse_id == share.warehouse_id,
            unit.status == share.status,
            unit.id <= share.first if look.descending else unit.id >= share.first,
        )
        query = query.order_by(unit.id.desc() if look.descending else unit.id).limit(look.limit)
        ids = sorted([*ids, *tx.execute(query).scalars()], reverse=look.descending)[: look.limit]
    return [_Hit(RowPosition("", unit_id), unit_id) for unit_id in ids]


# The rows


_SERIALS = Statement(serial_columns().where(is_listed(t.unit.c.id, "listed")))
_EVENTS = Statement(history_columns().where(is_listed(t.unit_event.c.id, "listed")))


def _rows(tx: Connection, look: Look, ids: Sequence[int]) -> dict[int, Row]:
    """The rows of units or events, by their ids."""
    listed = {"listed": json.dumps(ids)}
    if look.what is None:
        return {row.id: serial(row) for row in _SERIALS.all(tx, listed)}
    return {row.id: happened(row) for row in _EVENTS.all(tx, listed)}
