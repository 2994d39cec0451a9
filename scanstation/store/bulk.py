"""Many values in one statement: an import of 100,000 rows asks once, not a thousand times."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Integer, Select, Table, Text, bindparam, func, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias

_MANY_ROWS = 5_000
_ROOM_KB = 131_072


def listed_texts(tx: Connection, values: Collection[str]) -> TableValuedAlias:
    """The texts as a table with the one column `value`, to be joined."""
    if tx.dialect.name == "postgresql":
        source = func.unnest(bindparam("listed_texts", list(values), type_=ARRAY(Text), unique=True))
        return source.table_valued("value").render_derived()
    return func.json_each(json.dumps(list(values))).table_valued("value")


def listed_ids(tx: Connection, ids: Collection[int]) -> Select[Any]:
    """The ids as a query, to stand in an IN of any length."""
    if tx.dialect.name == "postgresql":
        source = func.unnest(bindparam("listed_ids", list(ids), type_=ARRAY(Integer), unique=True))
        return select(source.table_valued("value").render_derived().c.value)
    return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)


class is_listed(FunctionElement[bool]):  # noqa: N801 - reads as the condition it is
    """Is an id in the JSON list that a parameter holds? For a `Statement`, which takes numbers and texts only."""

    inherit_cache = True

    def __init__(self, column: ColumnElement[int], parameter: str) -> None:
        super().__init__(column, bindparam(parameter, type_=Text))


@compiles(is_listed, "sqlite")
def is_listed_in_sqlite(element: is_listed, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - our own column


@compiles(is_listed, "postgresql")
def is_listed_in_postgresql(element: is_listed, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({ids} AS JSON)))"  # noqa: S608


def reserve_ids(tx: Connection, table: Table, count: int) -> Sequence[int]:
    """Ids for new rows of a table: inserting many rows and asking for their ids afterwards takes far longer."""
    if tx.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        numbered = func.generate_series(1, count).table_valued("value").render_derived()
        return list(tx.execute(select(func.nextval(sequence, type_=BigInteger)).select_from(numbered)).scalars())
    # Nobody else writes until this transaction ends.
    last = tx.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one()  # noqa: S608 - our own table
    return range(last + 1, last + count + 1)


def insert_rows(tx: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows given as tuples, straight through the driver: three times as fast as one dictionary a row.

    The columns' types must be those of the database; no value is converted.
    """
    if rows:
        insert_columns(tx, table, dict(zip(columns, zip(*rows, strict=True), strict=True)))


def insert_columns(tx: Connection, table: Table, columns: Mapping[str, Collection[object]]) -> None:
    """The same of rows that are there by columns."""
    rows = len(next(iter(columns.values())))
    if not rows:
        return
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    if tx.dialect.name == "postgresql":
        arrays = ", ".join(f"%s::{table.c[name].type.compile(tx.dialect)}[]" for name in columns)
        values = tuple(list(column) for column in columns.values())
        tx.exec_driver_sql(f"{into} SELECT * FROM unnest({arrays})", values)  # noqa: S608 - our own names
        return
    with large_page_cache(tx, rows):
        places = ", ".join("?" * len(columns))
        tx.exec_driver_sql(f"{into} VALUES ({places})", list(zip(*columns.values(), strict=True)))


@contextmanager
def without_foreign_keys(tx: Connection, rows: int) -> Iterator[None]:
    """For many rows whose references were looked at beforehand: each is not looked up again, ten for one unit.

    To be entered outside of a transaction, since SQLite ignores the pragma inside of one. `db check` looks at all
    references of a store.
    """
    if tx.dialect.name == "postgresql" or rows < _MANY_ROWS:
        yield
        return
    raw: Any = tx.connection.dbapi_connection  # through SQLAlchemy it would begin a transaction
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        if not raw.execute("PRAGMA foreign_keys").fetchone()[0]:
            tx.invalidate()  # never handed on like that


@contextmanager
def large_page_cache(tx: Connection, rows: int) -> Iterator[None]:
    """Memory for the pages of all indexes: with SQLite's usual 2 MB, many rows are written over and over."""
    if tx.dialect.name == "postgresql" or rows < _MANY_ROWS:
        yield
        return
    usual = tx.exec_driver_sql("PRAGMA cache_size").scalar_one()
    tx.exec_driver_sql(f"PRAGMA cache_size=-{_ROOM_KB}")
    try:
        yield
    finally:
        tx.exec_driver_sql(f"PRAGMA cache_size={usual}")


def take_all_the_time(tx: Connection) -> None:
    """A server ends what takes longer than a scan may; here one table may take minutes."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tx.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
