"""A whole store from one database to another: in one transaction, then held against the first row by row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Any

from sqlalchemy import Boolean, Table, delete, func, insert, select
from sqlalchemy.engine import Connection

from scanstation.domain.language import worded
from scanstation.store import tables as t
from scanstation.store.bulk import take_all_the_time
from scanstation.store.store import Store

_AT_ONCE = 10_000
_OF_STATIONS = {"station_session", "done_act"}
"""Tables that speak of stations as they run, and mean nothing in another database."""

RowsDone = Callable[[str, int], None]
"""Called with the table and how many of its rows are done."""


class NotTheSame(Exception):
    """What was copied is not what was read; nothing of it stays."""


def is_empty(store: Store) -> bool:
    """Has nothing ever been put into it?"""
    with store.read() as tx:
        return not any(tx.execute(select(table).limit(1)).first() for table in _tables() if table is not t.store_key)


def copy(source: Store, target: Store, rows_done: RowsDone) -> int:
    """Copy all rows into an empty store: all of it, or nothing. Returns how many rows.

    The source is read as it stands at the beginning; what is written to it meanwhile is not copied.

    Raises:
        NotTheSame: a row came out otherwise than it went in.
        StoreError: either store cannot be used.
    """
    with source.read() as before:

        def act(after: Connection) -> int:
            for tx in (before, after):
                take_all_the_time(tx)
            after.execute(delete(t.store_key))  # the seals are copied, and so their key stays
            count = 0
            for table in _tables():
                count += _copy_table(before, after, table, rows_done)
            _number_on(after)
            for table in _tables():
                _compare(before, after, table, rows_done)
            return count

        rows = target.act(act)
    target.site_key = source.site_key
    return rows


def _tables() -> list[Table]:
    """What holds what, before what refers to it."""
    return [table for table in t.metadata.sorted_tables if table.name not in _OF_STATIONS]


def _rows(tx: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """All rows, as values that both databases have."""
    kinds = [isinstance(column.type, Boolean) for column in table.columns]
    streamed = tx.execution_options(stream_results=True, yield_per=_AT_ONCE)
    with closing(streamed.execute(select(table).order_by(*table.primary_key.columns))) as result:
        for row in result:
            yield [bool(value) if is_flag else value for value, is_flag in zip(row, kinds, strict=True)]


def _copy_table(before: Connection, after: Connection, table: Table, rows_done: RowsDone) -> int:
    names = [column.name for column in table.columns]
    count = 0
    block: list[dict[str, Any]] = []

    def write() -> None:
        if block:
            after.execute(insert(table), block)
            rows_done(table.name, count)
            block.clear()

    if after.dialect.name == "postgresql":
        return _stream_in(before, after, table, names, rows_done)
    for row in _rows(before, table):
        block.append(dict(zip(names, row, strict=True)))
        count += 1
        if len(block) == _AT_ONCE:
            write()
    write()
    return count


def _stream_in(before: Connection, after: Connection, table: Table, names: list[str], rows_done: RowsDone) -> int:
    """COPY: ten times as fast as INSERT, and a store of a million units has some ten million rows."""
    count = 0
    columns = ", ".join(f'"{name}"' for name in names)
    raw: Any = after.connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as into:
        for row in _rows(before, table):
            into.write_row(row)
            count += 1
            if count % _AT_ONCE == 0:
                rows_done(table.name, count)
    rows_done(table.name, count)
    return count


def _number_on(after: Connection) -> None:
    """New rows get numbers above those that were copied; SQLite does that by itself."""
    if after.dialect.name != "postgresql":
        return
    for table in _tables():
        if "id" not in table.c:
            continue  # numbered by its rows themselves
        last = after.execute(select(func.max(table.c.id))).scalar_one()
        if last is not None:
            after.exec_driver_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table.name, last))


def _compare(before: Connection, after: Connection, table: Table, rows_done: RowsDone) -> None:
    for count, (one, other) in enumerate(zip_longest(_rows(before, table), _rows(after, table)), 1):
        if one != other:
            number = (one or other or ["?"])[0]
            raise NotTheSame(
                worded(
                    "row {number} of {table} came out otherwise than it went in", number=str(number), table=table.name
                )
            )
        if count % _AT_ONCE == 0:
            rows_done(worded("{table}, compared", table=table.name), count)
