"""The floor for a scan: the least that a database has to do for one, with the same care for power cuts."""

from pathlib import Path
from typing import Any

import psycopg

from scanstation.store.engine import sqlite_library

_TABLES = """
CREATE TABLE product (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE);
CREATE TABLE line (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, ordered INTEGER, done INTEGER);
INSERT INTO product VALUES (1, 'SER-100');
INSERT INTO line VALUES (1, 1, 1000000, 0);
"""
_LEAST = (
    "SELECT id FROM product WHERE sku = 'SER-100'",
    "SELECT id FROM line WHERE product_id = 1 AND done < ordered",
    "INSERT INTO unit (code, status) VALUES (?, 'Received') RETURNING id",
    "INSERT INTO event (unit_id, what, at) VALUES (?, 'Received', 'now')",
    "UPDATE line SET done = done + 1 WHERE id = 1",
)
"""Is it a product, is its line open; the unit, what happened to it, the line's count."""


class RawSqlite:
    """The standard driver alone, on a file with so many units."""

    def __init__(self, folder: Path, units: int) -> None:
        self._connection: Any = sqlite_library().connect(str(folder / "floor.db"), isolation_level=None)
        execute = self._connection.execute
        execute("PRAGMA journal_mode=WAL")
        execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_TABLES)
        execute("CREATE TABLE unit (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, status TEXT NOT NULL) STRICT")
        execute("CREATE TABLE event (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL, what TEXT, at TEXT) STRICT")
        execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
            " INSERT INTO unit (code, status) SELECT printf('OLD%08d', n), 'Received' FROM numbers",
            (units,),
        )
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
        execute("PRAGMA synchronous=FULL")

    def receive(self, code: str) -> None:
        """One synced transaction."""
        execute = self._connection.execute
        product, line, unit, event, count = _LEAST
        execute("BEGIN IMMEDIATE")
        execute(product).fetchone()
        execute(line).fetchone()
        (unit_id,) = execute(unit, (code,)).fetchone()
        execute(event, (unit_id,))
        execute(count)
        execute("COMMIT")


class RawPostgres:
    """psycopg alone: the same statements, one after the other, prepared."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True, prepare_threshold=1)
        with self._connection.transaction():
            for statement in _TABLES.split(";"):
                if statement.strip():
                    self._connection.execute(statement.encode())
            key = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            self._connection.execute(
                f"CREATE TABLE unit (id {key}, code text NOT NULL UNIQUE, status text NOT NULL)".encode()
            )
            self._connection.execute(
                f"CREATE TABLE event (id {key}, unit_id bigint NOT NULL, what text, at text)".encode()
            )
        self._least = [statement.replace("?", "%s").encode() for statement in _LEAST]

    def receive(self, code: str) -> None:
        """One synced transaction."""
        execute = self._connection.execute
        product, line, unit, event, count = self._least
        with self._connection.transaction():
            execute(product).fetchone()
            execute(line).fetchone()
            row = execute(unit, (code,)).fetchone()
            assert row is not None
            execute(event, (row[0],))
            execute(count)
