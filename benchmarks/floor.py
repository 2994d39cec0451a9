"""The floor for a scan: the least that raw SQLite has to do for one, with the same care for power cuts."""

import time
from pathlib import Path

from scanstation.store.engine import sqlite_library

_SCHEMA = """
CREATE TABLE product (id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE line (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, ordered INTEGER, done INTEGER) STRICT;
CREATE TABLE unit (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, status TEXT NOT NULL) STRICT;
CREATE TABLE event (id INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL, what TEXT NOT NULL, at TEXT NOT NULL) STRICT;
"""


def floor_times(folder: Path, count: int, scans: int) -> list[float]:
    """Milliseconds for each of `scans` serials in one synced transaction each, `count` units being there."""
    connection = sqlite_library().connect(str(folder / f"floor-{count}.db"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO product VALUES (1, 'SER-100')")
    connection.execute("INSERT INTO line VALUES (1, 1, 1000000, 0)")
    connection.executemany(
        "INSERT INTO unit (code, status) VALUES (?, 'Received')", ((f"OLD{number:08}",) for number in range(count))
    )
    connection.execute("COMMIT")
    times = []
    for number in range(scans):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT id FROM product WHERE sku = 'SER-100'").fetchone()
        connection.execute("SELECT id FROM line WHERE product_id = 1 AND done < ordered").fetchone()
        unit = connection.execute("INSERT INTO unit (code, status) VALUES (?, 'Received')", (f"NEW{number:08}",))
        connection.execute("INSERT INTO event (unit_id, what, at) VALUES (?, 'Received', 'now')", (unit.lastrowid,))
        connection.execute("UPDATE line SET done = done + 1 WHERE id = 1")
        connection.execute("COMMIT")
        times.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return times
