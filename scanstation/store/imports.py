"""The units of an imported file, brought into the store in one short turn of the write lock.

What takes time is done before: the rows are put into temporary tables (`staged`), which no lock of the store guards.
Then `write` copies them in a few statements. Status and event go together here as in `units.move`, and a unit that
is no longer where the file was held against it makes the whole file `Stale`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    Table,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable, DropTable

from scanstation.domain.codes import Code
from scanstation.domain.scan import Source
from scanstation.domain.status import ARROWS, Move, OrderKind, UnitStatus
from scanstation.domain.verdict import CodeKind
from scanstation.store import tables as t
from scanstation.store.bulk import insert_rows, reserve_ids, room
from scanstation.store.errors import Stale
from scanstation.store.units import Stamp, move_all


class NewUnit(NamedTuple):
    """A unit that the import creates."""

    order_id: int
    line_id: int
    product_id: int
    warehouse_id: int
    primary: Code
    secondary: Code | None


class TakenUnit(NamedTuple):
    """A Received unit that the import packs."""

    order_id: int
    line_id: int
    product_id: int
    unit_id: int
    known: tuple[Code, ...]
    """The codes by which the file names it."""
    added_secondary: Code | None
    """The secondary that the unit gets with it."""


_AT = {Move.RECEIVE: "received_at", Move.PACK: "packed_at"}
_LINE = {Move.RECEIVE: "purchase_line_id", Move.PACK: "shipment_line_id"}
_BATCH = {Move.RECEIVE: "receiving_batch_id", Move.PACK: "packing_batch_id"}

_staging = MetaData()
_new = Table(
    "import_new",
    _staging,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("product_id", Integer),
    Column("warehouse_id", Integer),
    Column("line_id", Integer),
    Column("primary_serial", Text),
    Column("secondary_serial", Text),
    prefixes=["TEMPORARY"],
)
_taken = Table(
    "import_taken",
    _staging,
    Column("unit_id", Integer, primary_key=True),
    Column("line_id", Integer),
    prefixes=["TEMPORARY"],
)
_known = Table(
    "import_known",
    _staging,
    Column("unit_id", Integer),
    Column("product_id", Integer),
    Column("text_key", Text),
    prefixes=["TEMPORARY"],
)
_new_code, _added_code = (
    Table(
        name,
        _staging,
        Column("of", BigInteger),
        Column("product_id", Integer),
        Column("kind", Text),
        Column("text", Text),
        Column("text_key", Text),
        Column("reversed_key", Text),
        prefixes=["TEMPORARY"],
    )
    for name in ("import_new_code", "import_added_code")
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is staged."""

    new: int
    taken: int
    known_codes: int
    """Codes by which the file names the units that are taken."""
    added_codes: int


@contextmanager
def staged(tx: Connection, new: Sequence[NewUnit], taken: Sequence[TakenUnit]) -> Iterator[Amounts]:
    """The units of a file in temporary tables of this connection, ready for `write`; made for `Store.act`."""
    with aside(tx):
        for table in _staging.sorted_tables:
            tx.execute(DropTable(table, if_exists=True))
            tx.execute(CreateTable(table))
        # A server's ids can be taken beforehand; SQLite's follow the last one, which only holds under the lock.
        numbers = reserve_ids(tx, t.unit, len(new)) if _on_server(tx) else range(1, len(new) + 1)
        _fill(
            tx,
            _new,
            [
                (
                    number,
                    one.product_id,
                    one.warehouse_id,
                    one.line_id,
                    one.primary.text,
                    one.secondary.text if one.secondary else None,
                )
                for number, one in zip(numbers, new, strict=True)
            ],
        )
        primary, secondary = CodeKind.PRIMARY.value, CodeKind.SECONDARY.value
        numbered = list(zip(numbers, new, strict=True))
        codes = [(number, one.product_id, primary, one.primary) for number, one in numbered]
        codes += [(number, one.product_id, secondary, one.secondary) for number, one in numbered if one.secondary]
        _fill_codes(tx, _new_code, codes)
        _fill(tx, _taken, [(one.unit_id, one.line_id) for one in taken])
        known = [(one.unit_id, one.product_id, code.key) for one in taken for code in one.known]
        _fill(tx, _known, known)
        added = [
            (one.unit_id, one.product_id, secondary, one.added_secondary)
            for one in taken
            if one.added_secondary is not None
        ]
        _fill_codes(tx, _added_code, added)
        amounts = Amounts(len(new), len(taken), len(known), len(added))
        del numbered, codes, known, added
    try:
        yield amounts
    finally:
        with aside(tx):
            for table in _staging.sorted_tables:
                tx.execute(DropTable(table, if_exists=True))


def write(
    tx: Connection, kind: OrderKind, batch: int, stamp: Stamp, amounts: Amounts, *, shipped_lines: Collection[int]
) -> None:
    """Create and move the staged units; those on lines of an order that has left are Shipped at once.

    Raises:
        Stale: a unit or a code is no longer as the file was held against it. Nothing may be kept of the act.
    """
    what = Move.RECEIVE if kind is OrderKind.PURCHASE else Move.PACK
    told = {"at": stamp.at, "batch": batch, "operator": stamp.operator, "station": stamp.station}
    with room(tx, amounts.new + amounts.taken):
        try:
            if amounts.new:
                # A server's ids were taken beforehand.
                base = 0 if _on_server(tx) else tx.execute(_LAST_UNIT).scalar_one()
                tx.execute(_CREATE[what], {**told, "base": base})
                tx.execute(_ADD_NEW_CODES, {"base": base})
                tx.execute(_TELL_NEW[what], {**told, "base": base})
            if amounts.added_codes:
                tx.execute(_ADD_ADDED_CODES)
        except IntegrityError as error:
            raise Stale("a serial of the file has come into use") from error
        if amounts.taken:
            _take(tx, told, amounts)
    for line_id in shipped_lines:
        on_line = select(t.unit.c.id).where(t.unit.c.shipment_line_id == line_id, t.unit.c.packing_batch_id == batch)
        unit_ids = list(tx.execute(on_line).scalars())
        move_all(tx, Move.SHIP, unit_ids, line_id, stamp, source=Source.IMPORT, batch_id=batch)


def _take(tx: Connection, told: Mapping[str, object], amounts: Amounts) -> None:
    """Pack the units that were Received before."""
    packed = tx.execute(_PACK_TAKEN, {"at": told["at"], "batch": told["batch"]}).rowcount
    named = tx.execute(_NAMED).scalar_one()
    if (packed, named) != (amounts.taken, amounts.known_codes):
        raise Stale(f"{packed} of {amounts.taken} units are free, {named} of {amounts.known_codes} serials are theirs")
    tx.execute(_TELL_TAKEN, told)


def _create(what: Move) -> Insert:
    values: dict[str, ColumnElement[Any]] = {
        "status": literal(ARROWS[what][0].after.value),
        _AT[what]: bindparam("at", type_=Text),
        _BATCH[what]: bindparam("batch", type_=Integer),
    }
    names = ["id", "product_id", "warehouse_id", _LINE[what], *values]
    columns = (_new_id, _new.c.product_id, _new.c.warehouse_id, _new.c.line_id)
    return insert(t.unit).from_select(names, select(*columns, *values.values()))


def _code(kind: CodeKind) -> ScalarSelect[str]:
    code = t.unit_code.c
    return (
        select(code.text)
        .where(code.unit_id == _taken.c.unit_id, code.kind == kind.value, code.live.is_(True))
        .scalar_subquery()
    )


def _add_codes(staged_codes: Table, unit_id: ColumnElement[int]) -> Insert:
    names = ["unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live"]
    columns = [unit_id, *(staged_codes.c[name] for name in names[1:-1]), literal(True, Boolean)]
    return insert(t.unit_code).from_select(names, select(*columns))


def _tell(what: Move, moved: Select[Any]) -> Insert:
    """One event for each row of unit, line, primary and secondary."""
    values: dict[str, ColumnElement[Any]] = {
        "at": bindparam("at", type_=Text),
        "what": literal(what.value),
        "status": literal(ARROWS[what][0].after.value),
        "batch_id": bindparam("batch", type_=Integer),
        "operator": bindparam("operator", type_=Text),
        "station": bindparam("station", type_=Text),
        "source": literal(Source.IMPORT.value),
        "reason": literal(""),
    }
    names = ["unit_id", "line_id", "primary_serial", "secondary_serial", *values]
    return insert(t.unit_event).from_select(names, moved.add_columns(*values.values()))


# Built once: under the lock they are only run.

_new_id = (_new.c.number + bindparam("base", type_=BigInteger)).label("id")
_LAST_UNIT = select(func.coalesce(func.max(t.unit.c.id), 0))
_CREATE = {what: _create(what) for what in _AT}
_ADD_NEW_CODES = _add_codes(_new_code, _new_code.c.of + bindparam("base", type_=BigInteger))
_ADD_ADDED_CODES = _add_codes(_added_code, _added_code.c.of)
_TELL_NEW = {
    what: _tell(what, select(_new_id, _new.c.line_id, _new.c.primary_serial, _new.c.secondary_serial)) for what in _AT
}
_TELL_TAKEN = _tell(
    Move.PACK, select(_taken.c.unit_id, _taken.c.line_id, _code(CodeKind.PRIMARY), _code(CodeKind.SECONDARY))
)
_PACK_TAKEN = (
    update(t.unit)
    .where(
        t.unit.c.id.in_(select(_taken.c.unit_id)),
        t.unit.c.status == UnitStatus.RECEIVED.value,
        t.unit.c.held_by.is_(None),
    )
    .values(
        status=ARROWS[Move.PACK][0].after.value,
        packed_at=bindparam("at", type_=Text),
        shipment_line_id=select(_taken.c.line_id).where(_taken.c.unit_id == t.unit.c.id).scalar_subquery(),
        packing_batch_id=bindparam("batch", type_=Integer),
    )
)
_NAMED = (
    select(func.count())
    .select_from(_known)
    .join(
        t.unit_code,
        (t.unit_code.c.product_id == _known.c.product_id)
        & (t.unit_code.c.text_key == _known.c.text_key)
        & (t.unit_code.c.unit_id == _known.c.unit_id)
        & t.unit_code.c.live.is_(True),
    )
)


def _fill(tx: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Without the columns that are empty in all rows: over None alone SQLite's driver is as long as over the rest."""
    filled = [any(value is not None for value in values) for values in zip(*rows, strict=True)]
    if not all(filled):
        rows = [tuple(compress(row, filled)) for row in rows]
    insert_rows(tx, table, list(compress(table.c.keys(), filled)), rows)


def _fill_codes(tx: Connection, table: Table, codes: list[tuple[int, int, str, Code]]) -> None:
    """Sorted, so that they go into the largest indexes from one end to the other."""
    codes.sort(key=lambda one: one[3].key)
    _fill(
        tx,
        table,
        [(unit_id, product_id, kind, code.text, code.key, code.key[::-1]) for unit_id, product_id, kind, code in codes],
    )


@contextmanager
def aside(tx: Connection) -> Iterator[None]:
    """A transaction of its own that does not ask for the write lock."""
    usual = tx.get_execution_options().get("readonly", False)
    tx.execution_options(readonly=True)
    try:
        with tx.begin():
            yield
    finally:
        tx.execution_options(readonly=usual)


def version(tx: Connection) -> int | None:
    """What changes as soon as another connection has written; None on a server, which tells no such thing."""
    if _on_server(tx):
        return None
    found: int = tx.exec_driver_sql("PRAGMA data_version").scalar_one()
    return found


def _on_server(tx: Connection) -> bool:
    return tx.dialect.name == "postgresql"
