"""Statements of every scan: compiled once, and run on the driver's cursor, or on the wire to a server.

SQLAlchemy's own part of a small statement costs more than the database's, and a server's plan more than its rows, so
it keeps the plans of these, and of no others: reports are planned for what is asked. Errors go the way of all others
(`failures`), a connection that was lost is given up, and whoever listens to statements hears of these too.
"""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Executable, Integer, SelectBase, func, literal_column, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import replacement_traverse

from scanstation.store import together
from scanstation.store.messages import Message

Values = Mapping[str, object]


class Statement:
    """One statement with named parameters, of numbers and texts only, whose rows have the names of its columns."""

    def __init__(self, built: Executable, *columns: str, lasts: bool = False) -> None:
        self._built = built
        self.reads = isinstance(built, SelectBase)
        """Does it write nothing? A lock is no write."""
        self.lasts = lasts
        """Is its answer as good after something was written?"""
        self._columns = columns
        """The columns that parameters of the same name give their values to; of an INSERT or UPDATE without others."""
        self._of_dialect: dict[str, _Compiled] = {}

    def all(self, tx: Connection, values: Values) -> list[Any]:
        """All its rows."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values), reads=self.reads)
        rows = [*map(compiled.row, cursor.fetchall())]
        cursor.close()
        return rows

    def tuples(self, tx: Connection, values: Values) -> list[tuple[Any, ...]]:
        """All its rows as the driver gives them."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values), reads=self.reads)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
        return rows

    def first(self, tx: Connection, values: Values) -> Any:
        """Its first row; None where it has none."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values), reads=self.reads)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else compiled.row(row)

    def one(self, tx: Connection, values: Values) -> Any:
        """Its first row, which there is."""
        row = self.first(tx, values)
        if row is None:
            raise LookupError(f"no row of {values}")
        return row

    def changed(self, tx: Connection, values: Values) -> int:
        """Run what returns no rows; how many it changed."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values), reads=self.reads)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def run(self, tx: Connection, values: Values) -> None:
        """Run what nobody needs an answer to: on a server it goes with the next that is waited for."""
        unsent = together.of(tx)
        if unsent is None:
            self.changed(tx, values)
        else:
            unsent.later(self._message(tx, values))

    def _message(self, tx: Connection, values: Values) -> Message:
        compiled = self._compiled(tx.dialect)
        return _told(tx, compiled.sql, compiled.arguments(values))

    def on(self, dialect: Dialect) -> str:
        """What a database is asked."""
        return self._compiled(dialect).sql

    def _compiled(self, dialect: Dialect) -> "_Compiled":
        compiled = self._of_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._of_dialect[dialect.name] = _Compiled(self._built, self._columns, dialect)
        return compiled


class _Compiled:
    """A statement as one driver takes it."""

    def __init__(self, built: Executable, columns: Sequence[str], dialect: Dialect) -> None:
        assert isinstance(built, ClauseElement)
        as_taken: Any = replacement_traverse(built, {}, _written_out)
        compiled = as_taken.compile(dialect=dialect, column_keys=list(columns) or None)
        assert isinstance(compiled, SQLCompiler)
        self.sql = compiled.string
        self._fixed: dict[str, object] = {
            name: bind.value for bind, name in compiled.bind_names.items() if not bind.required
        }
        self._order = compiled.positiontup
        names = [str(column.keyname) for column in compiled._result_columns]
        make: Any = namedtuple  # of names that are known here alone
        self.row = make("Row", names, rename=True)._make

    def arguments(self, values: Values) -> Any:
        given = {**self._fixed, **values}
        return given if self._order is None else tuple([given[name] for name in self._order])


def compile_beforehand(tx: Connection, built: Executable, *names: str) -> None:
    """Have SQLAlchemy compile what an act is about to run with parameters of these names.

    The first act of a process would do that while it keeps others from writing.
    """
    assert isinstance(built, ClauseElement)
    built._compile_w_cache(
        tx.dialect,
        compiled_cache=tx.engine._compiled_cache,
        column_keys=sorted(names),
        for_executemany=False,
        schema_translate_map=None,
    )


def _written_out(element: Any, **_how: Any) -> Any:
    """A fixed text or number of our own, such as a status, as the database is to have it; None for all else.

    Where a partial index or a LIMIT may hang on a value, SQLite plans the statement anew each time it is given one:
    about ten times the work of the statement itself. The value written out is the same one, and planned once. A server
    that is to keep a plan for all values would not use such an index.
    """
    if not isinstance(element, BindParameter) or element.required or type(element.value) not in (str, int):
        return None
    text = element.value.replace("'", "''") if isinstance(element.value, str) else None
    return literal_column(str(element.value) if text is None else f"'{text}'", element.type)


def ask_ahead(tx: Connection, questions: Iterable[tuple[Statement, Values]]) -> None:
    """What is sure to be asked soon, in this order: on a server it goes with the next that is waited for.

    Whoever asks it then gets that answer, unless something was written since: so it may be left out everywhere.
    """
    if (unsent := together.of(tx)) is not None:
        for statement, values in questions:
            unsent.ask(statement._message(tx, values), lasts=statement.lasts)


def next_number(table: str) -> Statement:
    """The next id of a table on a server, which nobody else gets: what is written under it need not be waited for."""
    return Statement(
        select(func.nextval(func.pg_get_serial_sequence(table, "id"), type_=Integer).label("id")), lasts=True
    )


def _run(tx: Connection, sql: str, arguments: Any, *, reads: bool) -> Any:
    if not tx.in_transaction():
        tx.begin()  # as the first statement of SQLAlchemy's own does
    unsent = together.of(tx)
    if unsent is not None:
        if reads and (cursor := unsent.answer(tx, sql, arguments)) is not None:
            return cursor
        if not reads:
            unsent.forget()
        message = _told(tx, sql, arguments)
        unsent.send(tx, message)
        return message.cursor
    message = _told(tx, sql, arguments)
    try:
        if tx.dialect.name == "postgresql":
            together.wire_of(tx).exchange([message])
        else:
            message.cursor.execute(message.sql, message.arguments)
    except Exception as error:  # noqa: BLE001 - SQLAlchemy tells what it is, and raises it
        tx._handle_dbapi_exception(error, message.sql, message.arguments, message.cursor, None)
    return message.cursor


def _told(tx: Connection, sql: str, arguments: Any) -> Message:
    """A statement of which everybody has heard who listens to them."""
    if tx.dialect.name == "postgresql":
        cursor: Any = together.wire_of(tx).answer()
    else:
        raw = tx.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
    for heard in tx.dispatch.before_cursor_execute:
        sql, arguments = heard(tx, cursor, sql, arguments, None, False)
    return Message(cursor, sql, arguments)
