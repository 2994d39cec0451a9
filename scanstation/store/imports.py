"""The units of an imported file, brought into the store in one short turn of the write lock.

What takes time is done before: the rows are put into temporary tables (`staged`), which no lock of the store guards.
Then `write` copies them in a few statements. Status and event go together here as in `units.move`, and a unit that
is no longer where the file was held against it makes the whole file `Stale`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    Table,
    Text,
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
    Column("number", BigInteger, primary_key=True),
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


@contextmanager
def staged(tx: Connection, new: Sequence[NewUnit], taken: Sequence[TakenUnit]) -> Iterator[None]:
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
        _fill_codes(
            tx,
            _new_code,
            [
                (number, one.product_id, kind.value, code)
                for number, one in zip(numbers, new, strict=True)
                for kind, code in ((CodeKind.PRIMARY, one.primary), (CodeKind.SECONDARY, one.secondary))
                if code is not None
            ],
        )
        _fill(tx, _taken, [(one.unit_id, one.line_id) for one in taken])
        _fill(tx, _known, [(one.unit_id, one.product_id, code.key) for one in taken for code in one.known])
        _fill_codes(
            tx,
            _added_code,
            [
                (one.unit_id, one.product_id, CodeKind.SECONDARY.value, one.added_secondary)
                for one in taken
                if one.added_secondary is not None
            ],
        )
    try:
        yield
    finally:
        with aside(tx):
            for table in _staging.sorted_tables:
                tx.execute(DropTable(table, if_exists=True))


def write(tx: Connection, kind: OrderKind, batch: int, stamp: Stamp, *, shipped_lines: Collection[int]) -> None:
    """Create and move the staged units; those on lines of an order that has left are Shipped at once.

    Raises:
        Stale: a unit or a code is no longer as the file was held against it. Nothing may be kept of the act.
    """
    what = Move.RECEIVE if kind is OrderKind.PURCHASE else Move.PACK
    with room(tx, _count(tx, _new) + _count(tx, _taken)):
        try:
            _create(tx, what, batch, stamp)
            _add_codes(tx, _added_code, _added_code.c.of)
        except IntegrityError as error:
            raise Stale("a serial of the file has come into use") from error
        if what is Move.PACK:
            _take(tx, batch, stamp)
    for line_id in shipped_lines:
        on_line = select(t.unit.c.id).where(t.unit.c.shipment_line_id == line_id, t.unit.c.packing_batch_id == batch)
        unit_ids = list(tx.execute(on_line).scalars())
        move_all(tx, Move.SHIP, unit_ids, line_id, stamp, source=Source.IMPORT, batch_id=batch)


def _create(tx: Connection, what: Move, batch: int, stamp: Stamp) -> None:
    base = 0 if _on_server(tx) else tx.execute(select(func.coalesce(func.max(t.unit.c.id), 0))).scalar_one()
    unit_id = (_new.c.number + literal(base)).label("id")
    columns = (unit_id, _new.c.product_id, _new.c.warehouse_id, _new.c.line_id)
    values = {"status": ARROWS[what][0].after.value, _AT[what]: stamp.at, _BATCH[what]: batch}
    names = ["id", "product_id", "warehouse_id", _LINE[what], *values]
    tx.execute(insert(t.unit).from_select(names, select(*columns, *_fixed(t.unit, values))))
    _add_codes(tx, _new_code, _new_code.c.of + literal(base))
    _tell(tx, what, batch, stamp, select(unit_id, _new.c.line_id, _new.c.primary_serial, _new.c.secondary_serial))


def _take(tx: Connection, batch: int, stamp: Stamp) -> None:
    """Pack the units that were Received before."""
    meant = t.unit.c.id.in_(select(_taken.c.unit_id))
    line_id = select(_taken.c.line_id).where(_taken.c.unit_id == t.unit.c.id).scalar_subquery()
    arrow = ARROWS[Move.PACK][0]
    packed = tx.execute(
        update(t.unit)
        .where(meant, t.unit.c.status == UnitStatus.RECEIVED.value, t.unit.c.held_by.is_(None))
        .values(status=arrow.after.value, packed_at=stamp.at, shipment_line_id=line_id, packing_batch_id=batch)
    )
    named = tx.execute(
        select(func.count())
        .select_from(_known)
        .join(
            t.unit_code,
            (t.unit_code.c.product_id == _known.c.product_id)
            & (t.unit_code.c.text_key == _known.c.text_key)
            & (t.unit_code.c.unit_id == _known.c.unit_id)
            & t.unit_code.c.live.is_(True),
        )
    ).scalar_one()
    wanted = [_count(tx, table) for table in (_taken, _known)]
    if [packed.rowcount, named] != wanted:
        raise Stale(f"{packed.rowcount} of {wanted[0]} units are free, {named} of {wanted[1]} serials are theirs")
    columns = (_taken.c.unit_id, _taken.c.line_id, _code(CodeKind.PRIMARY), _code(CodeKind.SECONDARY))
    _tell(tx, Move.PACK, batch, stamp, select(*columns))


def _code(kind: CodeKind) -> ScalarSelect[str]:
    code = t.unit_code.c
    return (
        select(code.text)
        .where(code.unit_id == _taken.c.unit_id, code.kind == kind.value, code.live.is_(True))
        .scalar_subquery()
    )


def _add_codes(tx: Connection, staged_codes: Table, unit_id: ColumnElement[int]) -> None:
    names = ["unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live"]
    columns = [unit_id, *(staged_codes.c[name] for name in names[1:-1]), literal(True, Boolean)]
    tx.execute(insert(t.unit_code).from_select(names, select(*columns)))


def _tell(tx: Connection, what: Move, batch: int, stamp: Stamp, moved: Select[Any]) -> None:
    """One event for each row of unit, line, primary and secondary."""
    values = {
        "at": stamp.at,
        "what": what.value,
        "status": ARROWS[what][0].after.value,
        "batch_id": batch,
        "operator": stamp.operator,
        "station": stamp.station,
        "source": Source.IMPORT.value,
        "reason": "",
    }
    names = ["unit_id", "line_id", "primary_serial", "secondary_serial", *values]
    tx.execute(insert(t.unit_event).from_select(names, moved.add_columns(*_fixed(t.unit_event, values))))


def _count(tx: Connection, staged_rows: Table) -> int:
    counted: int = tx.execute(select(func.count()).select_from(staged_rows)).scalar_one()
    return counted


def _fixed(table: Table, values: Mapping[str, object]) -> list[ColumnElement[Any]]:
    return [literal(value, table.c[name].type).label(name) for name, value in values.items()]


def _fill(tx: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    insert_rows(tx, table, table.c.keys(), rows)


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
