"""A store as the first version made it, with units in it, brought to this version."""

from collections.abc import Sequence

import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from scanstation.domain.status import Move
from scanstation.domain.verdict import CodeKind
from scanstation.store import orders, units
from scanstation.store.engine import APPLICATION_ID, Use, build_engine
from scanstation.store.schema import SCHEMA, migration_config
from scanstation.store.store import Store, open_for_upkeep, open_store
from scanstation.store.upkeep import contents, findings, look_at_record
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests import builders
from tests.serials import code, held, moved, opening


def of_first_schema(url: str) -> None:
    """Make an empty store of schema 0001."""
    engine = build_engine(url, Use.CREATE)
    with engine.begin() as tx:
        if tx.dialect.name == "sqlite":
            tx.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        config = migration_config()
        config.attributes["connection"] = tx
        command.upgrade(config, "0001")
    engine.dispose()


def fill_and_upgrade(url: str) -> None:
    """Put units of every status into it, upgrade, and see that all is there and guarded as in a new store."""
    old = open_for_upkeep(url)
    with_columns_since(old)
    site = Site(old, "Ana", "dock-2")
    builders.product(site, "CAM-300", 4)
    gone, packed, here = opening(site, "NORDWIND", "W-EAST", "CAM-300", "C-1", ("C-2", "L-2"), ("C-3", "L-3"))
    moved(site, Move.REMOVE, [gone])
    (again,) = opening(site, "NORDWIND", "W-EAST", "CAM-300", "C-1")
    order_id = builders.shipment(site, "S-901", {"CAM-300": 5})
    moved(site, Move.PACK, [packed], order_id, "CAM-300")
    held(site, order_id, "CAM-300", "C-4")
    ready = builders.shipment(site, "S-902", {"CAM-300": 1})
    for statement in (
        f"UPDATE orders SET status = 'Ready to Ship' WHERE id = {ready}",
        "INSERT INTO work (order_id, station, station_key, operator, status, opened_at, closed_at) "
        f"VALUES ({ready}, 'dock-2', 'DOCK-2', 'Ana', 'completed', '2026-01-01', '2026-01-02')",
    ):
        old.act(lambda tx, statement=statement: tx.exec_driver_sql(statement) and None)  # type: ignore[misc]
    without_columns_since(old)
    before = contents(old)
    old.close()

    assert f"from schema 0001 to {SCHEMA}" in upkeep.upgrade(url).text
    store = open_store(url)
    assert contents(store) == before
    assert [(head.station, head.number) for head in look_at_record(store).heads] == [("", 1)]
    # The line counts are those of no pieces; nothing else may be wrong.
    assert {finding.name for finding in findings(store)} <= {"surplus"}
    with store.read() as tx:
        assert (orders.get(tx, ready).waits_since, orders.get(tx, order_id).waits_since) == ("2026-01-02", "")
    site = Site(store, "Ana", "dock-2")
    refused(store, "UPDATE unit SET status = 'Lost'")
    refused(
        store,
        f"INSERT INTO unit_event (unit_id, at, what, status, operator, station, source, reason) "
        f"VALUES ({here}, 'now', 'Mislaid', 'Received', '', '', '', '')",
    )
    with pytest.raises(IntegrityError):
        site.store.act(lambda tx: units.add_code(tx, here, product_of(tx), CodeKind.SECONDARY, code("L-9")))
    moved(site, Move.REMOVE, [again, here])
    opening(site, "NORDWIND", "W-EAST", "CAM-300", "C-1", ("C-3", "L-3"))
    assert {finding.name for finding in findings(store)} <= {"surplus"}
    store.close()


_SINCE = {
    "orders": (
        *(f"{name} INTEGER NOT NULL DEFAULT 0" for name in ("changes", "relined")),
        "brings_back BOOLEAN NOT NULL DEFAULT false",
        "waits_since TEXT NOT NULL DEFAULT ''",
    ),
    "order_line": (
        *(f"{name} INTEGER NOT NULL DEFAULT 0" for name in ("changed", "closed_short")),
        "parts TEXT NOT NULL DEFAULT ''",
    ),
    "product": (
        *(
            f"{name} TEXT NOT NULL DEFAULT ''"
            for name in ("strip", "secondary_strip", "told_apart", "retired_at", "shapes")
        ),
        *(f"{name} BOOLEAN NOT NULL DEFAULT false" for name in ("serial_takes_unit", "is_listed")),
    ),
    "unit": (
        *(f"{name} TEXT" for name in ("on_hold", "lot", "lot_key", "use_by", "best_before", "made")),
        "coming_to INTEGER",
    ),
    "unit_event": ("client TEXT", "sku TEXT", "order_number TEXT", "scanned TEXT", "seal_id INTEGER"),
    "work": ("unlisted TEXT NOT NULL DEFAULT ''",),
}
"""Columns that tables have got since: what fills the store here names them."""


def with_columns_since(store: Store) -> None:
    """Let the tables of an old store be as today's code wants them."""
    _alter(store, [f"{table} ADD COLUMN {column}" for table, columns in _SINCE.items() for column in columns])


def without_columns_since(store: Store) -> None:
    """Let them be as they were again."""
    _alter(
        store, [f"{table} DROP COLUMN {column.split()[0]}" for table, columns in _SINCE.items() for column in columns]
    )


def _alter(store: Store, changes: Sequence[str]) -> None:
    if store.engine.dialect.name == "sqlite":
        changes = [change.replace("BOOLEAN NOT NULL DEFAULT false", "INTEGER NOT NULL DEFAULT 0") for change in changes]
    for change in changes:
        store.act(lambda tx, change=change: tx.exec_driver_sql(f"ALTER TABLE {change}") and None)  # type: ignore[misc]


def product_of(tx: Connection) -> int:
    """The one product's id."""
    found: int = tx.exec_driver_sql("SELECT id FROM product").scalar_one()
    return found


def refused(store: Store, statement: str) -> None:
    """The database itself does not take it."""
    with pytest.raises(IntegrityError, match=r"[Cc][Hh][Ee][Cc][Kk]"):
        store.act(lambda tx: tx.exec_driver_sql(statement) and None)
