"""A warehouse with years of units in it, written straight into the tables: a million in half a minute."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.store.engine import sqlite_library
from scanstation.store.store import create_store, open_store
from scanstation.workflows.site import Site
from tests.builders import product

CLIENTS = ("NORDWIND", "SÜDWIND", "OSTWIND")
WAREHOUSES = ("W-EAST", "W-WEST")
SKUS = 5
"""Of each client."""
PER_ORDER = 100
"""Units of an order, all of one product."""

_BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
_PERIOD = timedelta(days=1000)
_AT_ONCE = 50_000
_WITH_LENS = range(0, 15, 4)
"""Which products have a second code."""
_SHIPPED, _PACKED = 0.90, 0.92
"""The oldest have left, a few stand packed, the youngest are on hand."""


def years(folder: Path, count: int) -> Site:
    """A store with `count` units: most have left, the last came in a moment ago."""
    store = create_store(f"sqlite:///{folder / f'years-{count}.db'}")
    site = Site(store, "Ana", "dock-2")
    products = [product(site, f"{client[0]}-{sku:03}", 1, client=client) for sku in range(SKUS) for client in CLIENTS]

    path = store.path
    assert path is not None
    store.close()
    connection = sqlite_library().connect(str(path), isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=OFF",
        "cache_size=-400000",
        "foreign_keys=OFF",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    # Filled first and indexed afterwards: in random order the indexes alone would take minutes.
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('unit', 'unit_code', 'unit_event')"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    fill = _Filling(connection.executemany)
    fill("warehouse", ("id", "code", "code_key"), [(at + 1, name, name) for at, name in enumerate(WAREHOUSES)])
    _orders(fill, count, products)
    for first in range(0, count, _AT_ONCE):
        _units(fill, range(first, min(first + _AT_ONCE, count)), count, products)
    for _, statement in indexes:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return Site(open_store(f"sqlite:///{path}"), "Ana", "dock-2")


class _Filling:
    """Rows into a table, as fast as the driver takes them."""

    def __init__(self, executemany: Callable[[str, Sequence[tuple[object, ...]]], object]) -> None:
        self._executemany = executemany

    def __call__(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        self._executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own


def _orders(fill: _Filling, count: int, products: list[int]) -> None:
    columns = (
        "id",
        "kind",
        "warehouse_id",
        "client_id",
        "number",
        "number_key",
        "partner",
        "reference",
        "due",
        "status",
    )
    lines = ("id", "order_id", "product_id", "ordered", "done", "in_work")
    for kind, letter in ((OrderKind.PURCHASE, "N"), (OrderKind.SHIPMENT, "S")):
        heads, bodies = [], []
        for number in range(-(-count // PER_ORDER)):
            order_id, name = _order_id(kind, number), f"{letter}-{number:06}"
            of_client = number % len(CLIENTS) + 1
            heads.append(
                (order_id, kind.value, number % 2 + 1, of_client, name, name, "", "", "", OrderStatus.OPEN.value)
            )
            bodies.append((order_id, order_id, products[number % len(products)], PER_ORDER, PER_ORDER, 0))
        fill("orders", columns, heads)
        fill("order_line", lines, bodies)


def _order_id(kind: OrderKind, number: int) -> int:
    """Also of its one line."""
    return number * 2 + (1 if kind is OrderKind.PURCHASE else 2)


def _units(fill: _Filling, numbers: range, count: int, products: list[int]) -> None:
    """Whole orders of units: what an order's units share is worked out once."""
    units: list[tuple[object, ...]] = []
    codes: list[tuple[object, ...]] = []
    events: list[tuple[object, ...]] = []
    received, packed, shipped, primary, secondary = "Received", "Packed", "Shipped", "primary", "secondary"
    for first in range(numbers.start, numbers.stop, PER_ORDER):
        order, share = first // PER_ORDER, first / count
        product_id, warehouse_id = products[order % len(products)], order % len(WAREHOUSES) + 1
        bought, sold = _order_id(OrderKind.PURCHASE, order), _order_id(OrderKind.SHIPMENT, order)
        seconds = [
            (_BEGUN + _PERIOD * share + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S") for days in (0, 20, 21)
        ]
        status = shipped if share < _SHIPPED else packed if share < _PACKED else received
        has_lens = order % len(products) in _WITH_LENS
        for number in range(first, first + PER_ORDER):
            unit_id = number + 1
            came, went_in, left = (f"{second}.{number % PER_ORDER:06}Z" for second in seconds)
            serial = f"SN{number * 7919 % 100_000_007:09}"
            codes.append((unit_id, product_id, primary, serial, serial, serial[::-1], 1))
            if has_lens:
                lens = f"LENS{number:09}"
                codes.append((unit_id, product_id, secondary, lens, lens, lens[::-1], 1))
            by = ("Ana", "dock-2", "scan", "", serial, None)
            events.append((unit_id, came, received, received, bought, *by))
            if status != received:
                events.append((unit_id, went_in, packed, packed, sold, *by))
            if status == shipped:
                events.append((unit_id, left, shipped, shipped, sold, *by))
            units.append(
                (
                    *(unit_id, product_id, warehouse_id, status, bought, None if status == received else sold, came),
                    *(None if status == received else went_in, left if status == shipped else None),
                )
            )
    fill(
        "unit",
        (
            *("id", "product_id", "warehouse_id", "status", "purchase_line_id", "shipment_line_id"),
            *("received_at", "packed_at", "shipped_at"),
        ),
        units,
    )
    fill("unit_code", ("unit_id", "product_id", "kind", "text", "text_key", "reversed_key", "live"), codes)
    fill(
        "unit_event",
        (
            *("unit_id", "at", "what", "status", "line_id", "operator", "station", "source", "reason"),
            *("primary_serial", "secondary_serial"),
        ),
        events,
    )
