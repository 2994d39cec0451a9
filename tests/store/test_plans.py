"""No statement of a day's work walks through all units, codes or events: a store has millions of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import batches, works
from scanstation.store.store import Store
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import order_book, purchase_orders, shipment_orders
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
_WALK = re.compile(r"SCAN (unit|unit_code|unit_event|entry|piece|primary_code|secondary_code)\b(?! USING)")


@pytest.fixture
def walks(store: Store) -> Iterator[list[str]]:
    """Every statement that reads a large table from end to end, with its plan."""
    found: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        # Of a new row the plan also shows what is looked at only where a reference hangs in the air.
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")) and " VALUES " not in statement:
            own = cursor.connection.cursor()
            one = parameters[0] if many else parameters
            plan = [row[3] for row in own.execute(f"EXPLAIN QUERY PLAN {statement}", one)]
            own.close()
            if any(_WALK.match(step) for step in plan):
                found.append(f"{statement}\n{plan}")

    event.listen(store.engine, "before_cursor_execute", explain)
    yield found
    event.remove(store.engine, "before_cursor_execute", explain)


@pytest.fixture
def asked(store: Store) -> Iterator[list[str]]:
    """Every statement that the store is asked."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield found
    event.remove(store.engine, "before_cursor_execute", note)


def scans(site: Site, kind: OrderKind, *codes: str) -> None:
    desk = Desk(site, kind)
    for code in codes:
        desk.answer(Scan(code))


def table(path: Path, kind: str, order: str, sku: str, *rows: str) -> Path:
    header = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number,Secondary Serial Number"
    path.write_text("\n".join([header, *(f"W-EAST,NORDWIND,{order},{sku},{row}" for row in rows)]) + "\n")
    return path


def test_scans_look_everything_up(site: Site, walks: list[str]) -> None:
    product(site, "CAM", 3)
    purchase(site, "N-1", {"CAM": 9})
    shipment(site, "S-1", {"CAM": 3})
    scans(site, PO, "N-1", "CAM", "P-1", "L-1", "CAM", "P-2", "SS-CANCEL", "P-1", "SS-UNDO", "L-1", "CAM", "P-1")
    scans(site, PO, "N-1", "P-3", "L-3", "SS-COMPLETE", "SS-YES")
    scans(site, SO, "S-1", "CAM", "L-1", "P-3", "SS-UNDO", "P-3", "NOBODY", "SS-COMPLETE", "SS-YES")
    tracing.trace(site, "P-1")
    assert not walks, "\n".join(walks)


def test_imports_and_supervisors_look_everything_up(site: Site, walks: list[str], tmp_path: Path) -> None:
    product(site, "TAB", 8)
    bought, sold = purchase(site, "N-1", {"TAB": 3}), shipment(site, "S-1", {"TAB": 3})
    assert isinstance(purchase_orders.receive_all(site, bought), Done)
    incoming = table(tmp_path / "in.csv", "PO", "N-1", "TAB", "A-1,B-1", "A-2,B-2")
    assert isinstance(import_serials(site, PO, incoming), Done)
    assert isinstance(removing.remove_serials(site, PO, bought), Done)
    assert isinstance(import_serials(site, PO, incoming), Done)
    scans(site, SO, "S-1", "SS-QTY-3", "TAB", "SS-COMPLETE")
    outgoing = table(tmp_path / "out.csv", "SO", "S-1", "TAB", "A-1,B-1", "A-2,B-2", "A-9,B-9")
    assert isinstance(import_serials(site, SO, outgoing), Done)
    assert isinstance(removing.remove_serials(site, SO, sold), Done)
    assert isinstance(import_serials(site, SO, outgoing), Done)
    assert isinstance(shipment_orders.ship(site, sold), Done)
    with site.store.read() as tx:
        assert batches.orders_of(tx, SO, 4) == [sold]
    order_book.detail(site, sold)
    fewer = tmp_path / "orders.csv"
    fewer.write_text("Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-2,TAB,3\nW-EAST,NORDWIND,N-2,CAM,1\n")
    product(site, "CAM", 1)
    load(site, [fewer])
    fewer.write_text("Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-2,TAB,0\n")
    load(site, [fewer])
    assert not walks, "\n".join(walks)


@pytest.mark.parametrize(
    ("before", "code", "most"),
    [
        ("", "CAM", 14),
        ("CAM", "P-1", 18),
        ("CAM", "P-0", 11),
        ("CAM", "N-1", 13),
        ("CAM", "SS-CANCEL", 16),
        ("", "SS-UNDO", 21),
        ("", "NOBODY", 11),
        ("", "P-0", 14),
        ("", "SS-QTY-3", 7),
        ("DUO", "D-1", 17),
        ("DUO D-1", "E-1", 16),
    ],
)
def test_a_scan_asks_the_store_little(site: Site, asked: list[str], before: str, code: str, most: int) -> None:
    """A new serial is held against products, names, open orders, all products' serials and look-alikes, and whoever
    scans it against their rights: one each."""
    desk = receiving_desk(site, before)
    asked.clear()
    desk.answer(Scan(code))
    assert len(asked) <= most, "\n".join(asked)


@pytest.mark.parametrize(
    ("before", "code"),
    [("CAM", "P-0"), ("CAM", "CAM"), ("CAM", "N-1"), ("DUO D-1", "D-1"), ("", "P-0"), ("", "NOBODY"), ("", "SS-QTY-2")],
)
def test_what_is_refused_was_asked_nothing_twice(site: Site, asked: list[str], before: str, code: str) -> None:
    """Nothing is written before a refusal, so that nothing has to be read again."""
    desk = receiving_desk(site, before)
    asked.clear()
    desk.answer(Scan(code))
    # Products are asked for by several codes of one form.
    twice = [one for one in asked if asked.count(one) > 1 and not one.startswith("SELECT product.")]
    assert not twice, "\n".join(twice)


def receiving_desk(site: Site, before: str) -> Desk:
    """A desk that has received P-0 on N-1, and then was given these codes."""
    product(site, "CAM", 1)
    product(site, "DUO", 3)
    purchase(site, "N-1", {"CAM": 9, "DUO": 9})
    desk = Desk(site, PO)
    for code in ("N-1", "CAM", "P-0", *before.split()):
        desk.answer(Scan(code))
    return desk


def test_what_is_owed_is_found_without_going_through_all_that_was_taken(site: Site) -> None:
    query = works._OWED.on(site.store.engine.dialect)
    with site.store.read() as tx:
        plan = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1,) * query.count("?"))]
    assert plan[0] == "SEARCH piece USING INDEX ix_piece_owed (work_id=?)", plan
