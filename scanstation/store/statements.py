"""Statements of every scan: compiled once, and run on the driver's cursor.

SQLAlchemy's own part of a small statement costs more than the database's. Errors go the way of all others
(`failures`), a connection that was lost is given up, and whoever listens to statements hears of these too.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Executable, literal_column
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import replacement_traverse

Values = Mapping[str, object]


class Statement:
    """One statement with named parameters, of numbers and texts only, whose rows have the names of its columns."""

    def __init__(self, built: Executable, *columns: str) -> None:
        self._built = built
        self._columns = columns
        """The columns that parameters of the same name give their values to; of an INSERT or UPDATE without others."""
        self._of_dialect: dict[str, _Compiled] = {}

    def all(self, tx: Connection, values: Values) -> list[Any]:
        """All its rows."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values))
        rows = [*map(compiled.row, cursor.fetchall())]
        cursor.close()
        return rows

    def tuples(self, tx: Connection, values: Values) -> list[tuple[Any, ...]]:
        """All its rows as the driver gives them."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.close()
        return rows

    def first(self, tx: Connection, values: Values) -> Any:
        """Its first row; None where it has none."""
        compiled = self._compiled(tx.dialect)
        cursor = _run(tx, compiled.sql, compiled.arguments(values))
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
        cursor = _run(tx, compiled.sql, compiled.arguments(values))
        count: int = cursor.rowcount
        cursor.close()
        return count

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
        as_taken: Any = built
        if dialect.name == "sqlite":
            as_taken = replacement_traverse(as_taken, {}, _written_out)
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
    """A fixed text or number of our own, such as a status, as SQLite is to have it; None for all else.

    Where a partial index or a LIMIT may hang on a value, SQLite plans the statement anew each time it is given one:
    about ten times the work of the statement itself. The value written out is the same one, and planned once.
    """
    if not isinstance(element, BindParameter) or element.required or type(element.value) not in (str, int):
        return None
    text = element.value.replace("'", "''") if isinstance(element.value, str) else None
    return literal_column(str(element.value) if text is None else f"'{text}'", element.type)


def _run(tx: Connection, sql: str, arguments: Any) -> Any:
    if not tx.in_transaction():
        tx.begin()  # as the first statement of SQLAlchemy's own does
    raw = tx.connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor()
    for heard in tx.dispatch.before_cursor_execute:
        sql, arguments = heard(tx, cursor, sql, arguments, None, False)
    try:
        cursor.execute(sql, arguments)
    except Exception as error:  # noqa: BLE001 - SQLAlchemy tells what it is, and raises it
        tx._handle_dbapi_exception(error, sql, arguments, cursor, None)
    return cursor
