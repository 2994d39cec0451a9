"""An import is killed while it writes: nothing of its file is there, and the same file may come again."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.store.engine import sqlite_library
from scanstation.store.upkeep import findings
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from tests.builders import product, purchase

ROWS = 20_000


@pytest.fixture
def sheet(site: Site, tmp_path: Path) -> Path:
    """Serials for an order whose units are received."""
    product(site, "TAB", 7)
    assert isinstance(purchase_orders.receive_all(site, purchase(site, "N-1", {"TAB": ROWS})), Done)
    path = tmp_path / "serials.csv"
    rows = "".join(f"W-EAST,NORDWIND,N-1,TAB,A{number:06},B{number:06}\n" for number in range(ROWS))
    path.write_text(
        f"Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\n{rows}", encoding="utf-8"
    )
    return path


@pytest.fixture
def other(site: Site) -> Iterator[sqlite3.Connection]:
    """Another connection to the store, which never waits."""
    connection = sqlite_library().connect(str(site.store.path), timeout=0, isolation_level=None)
    yield connection
    connection.close()


def is_locked(connection: sqlite3.Connection) -> bool:
    """Does another process hold the write lock?"""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite_library().OperationalError as error:
        return "locked" in str(error)
    connection.execute("ROLLBACK")
    return False


def counts(connection: sqlite3.Connection) -> list[int]:
    return [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("unit", "unit_code", "unit_event", "import_batch")
    ]


def test_an_import_killed_while_it_writes_leaves_nothing(
    site: Site, sheet: Path, other: sqlite3.Connection, tmp_path: Path
) -> None:
    url = f"sqlite:///{site.store.path}"
    command = [sys.executable, "-m", "scanstation", "--db", url, "po", "import-serials", "N-1", str(sheet)]
    with subprocess.Popen(command, cwd=tmp_path) as importer:
        # Nothing is written before the one transaction, so the lock is its, and stays until all rows are in.
        while not is_locked(other):
            assert importer.poll() is None, "it was done before it could be killed"
        psutil.Process(importer.pid).suspend()
        assert is_locked(other), "it was suspended in the middle"
        assert counts(other) == [0, 0, 0, 0], "nobody sees half a file"
        importer.kill()
    assert importer.returncode != 0
    assert not is_locked(other), "the lock went with the process"
    assert counts(other) == [0, 0, 0, 0]
    assert findings(site.store) == []
    assert isinstance(import_serials(site, OrderKind.PURCHASE, sheet), Done)
    assert counts(other) == [ROWS, 2 * ROWS, ROWS, 1]
    assert findings(site.store) == []
