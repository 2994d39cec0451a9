"""No statement of a day's work walks through all units, codes or events: a store has millions of them."""

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.store import batches, orders, works
from scanstation.store import tables as t
from scanstation.store.store import Store, Transaction
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import order_book, purchase_orders, shipment_orders
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning import home
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
        ("", "CAM", 13),
        ("CAM", "P-1", 13),
        ("CAM", "P-0", 10),
        ("CAM", "N-1", 9),
        ("CAM", "SS-CANCEL", 14),
        ("", "SS-UNDO", 20),
        ("", "NOBODY", 9),
        ("", "P-0", 13),
        ("", "SS-QTY-3", 5),
        ("DUO", "D-1", 14),
        ("DUO D-1", "E-1", 12),
    ],
)
def test_a_scan_asks_the_store_little(site: Site, asked: list[str], before: str, code: str, most: int) -> None:
    """A new serial is held against products, names with open orders, all products' serials and look-alikes, and whoever
    scans it against their rights: one each. The order and the work are locked by one."""
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


_SCANS = {
    PO: ("CAM", "P-1", "CAM", "P-0", "SS-CANCEL", "P-0", "NOBODY", "P-1", "SS-QTY-2", "SS-UNDO", "SS-UNDO", "SS-UNDO"),
    SO: ("NOBODY", "P-0", "P-0", "SS-UNDO", "CAM", "P-9", "P-0", "CAM", "SS-CANCEL", "S-1", "SS-UNDO", "SS-UNDO"),
}
"""What one person does at a desk, refusals among it; nothing is left in hand."""


@pytest.mark.parametrize("kind", [PO, SO])
@pytest.mark.parametrize("large", ["lines", "work"])
def test_no_scan_does_more_on_a_large_order_or_in_large_work(site: Site, kind: OrderKind, large: str) -> None:
    """Counted in steps of the database's machine and in calls of functions: no other program disturbs them."""
    product(site, "CAM", 1)
    purchase(site, "N-0", {"CAM": 9})
    scans(site, PO, "N-0", "CAM", "P-0", "SS-COMPLETE", "SS-YES")
    purchase(site, "N-1", {"CAM": 9})
    shipment(site, "S-1", {"CAM": 9})
    desk = Desk(site, kind)
    opened = "N-1" if kind is PO else "S-1"
    costs = []
    for grow in (None, with_lines if large == "lines" else with_pieces):
        desk.answer(Scan(opened))
        if grow:
            site.store.act(grow)
        desk.answer(Scan("SS-QTY-2"))  # reads what has changed
        desk.answer(Scan("SS-UNDO"))
        costs.append([cost_of(site, desk, code) for code in _SCANS[kind]])
    grown = [
        (code, few, many)
        for code, few, many in zip(_SCANS[kind], *costs, strict=True)
        if any(more > 1.2 * less for less, more in zip(few, many, strict=True))
    ]
    assert not grown


def with_lines(tx: Transaction) -> None:
    """5,000 more lines on the newest order of open work."""
    copied = ", ".join(column.name for column in t.product.c if column.name not in ("id", "sku", "sku_key"))
    tx.exec_driver_sql(
        f"INSERT INTO product (sku, sku_key, {copied}) WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 "
        f"FROM n WHERE i < 5000) SELECT 'X-' || i, 'X-' || i, {copied} FROM n, product WHERE sku = 'CAM'"
    )
    (order_id,) = tx.exec_driver_sql("SELECT order_id FROM work WHERE status = 'open'").one()
    ids = tx.exec_driver_sql("SELECT id FROM product WHERE sku LIKE 'X-%'").scalars()
    orders.add_lines(tx, order_id, [(product_id, 5, ()) for product_id in ids])


def with_pieces(tx: Transaction) -> None:
    """5,000 finished pieces in the open work."""
    work_id, order_id = tx.exec_driver_sql("SELECT id, order_id FROM work WHERE status = 'open'").one()
    (line,) = orders.lines(tx, order_id)
    orders.set_ordered(tx, line.id, 9_000)
    assert orders.take(tx, line.id, 5_000)
    works.add_pieces(tx, work_id, line.id, scenario=1, quantities=[1] * 5_000, owed=False)
    # Each with the scan of its code.
    tx.exec_driver_sql(
        "INSERT INTO entry (op_id, work_id, piece_id, act, code, summary, at, operator, source, undone) "
        "SELECT 'X-' || id, work_id, id, 'primary', 'X-' || id, '', '', '', 'scan', 0 FROM piece WHERE work_id = ? "
        "AND unit_id IS NULL AND entry_id IS NULL",
        (work_id,),
    )


def cost_of(site: Site, desk: Desk, code: str) -> tuple[int, int]:
    """Steps of the database's machine, roughly, and calls of functions."""
    steps = calls = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def called(_frame: Any, what: str, _about: Any) -> None:
        nonlocal calls
        calls += what in ("call", "c_call")

    def watch(connection: Any, *_more: Any) -> None:
        connection.set_progress_handler(step, 1)

    event.listen(site.store.engine, "checkout", watch)
    sys.setprofile(called)
    try:
        desk.answer(Scan(code))
    finally:
        sys.setprofile(None)
        event.remove(site.store.engine, "checkout", watch)
        with site.store.read() as tx:
            tx.connection.dbapi_connection.set_progress_handler(None, 0)  # type: ignore[union-attr]
    return steps, calls - steps  # each step called `step`


def test_what_is_owed_is_found_without_going_through_all_that_was_taken(site: Site) -> None:
    query = works._OWED.on(site.store.engine.dialect)
    with site.store.read() as tx:
        plan = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1,) * query.count("?"))]
    assert plan[0] == "SEARCH piece USING INDEX ix_piece_owed (work_id=?)", plan


def test_the_pieces_that_came_after_one_are_counted_without_being_read(site: Site) -> None:
    """A serial of the beginning of a work of 10,000 pieces, scanned again."""
    found: list[str] = []

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "count(*)" in statement:
            found.extend(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    desk = receiving_desk(site, "CAM P-1")
    event.listen(site.store.engine, "before_cursor_execute", note)
    desk.answer(Scan("CAM"))
    verdict = desk.answer(Scan("P-0")).verdict
    assert verdict is not None
    assert "unit 1 of this receipt" in verdict.text
    event.remove(site.store.engine, "before_cursor_execute", note)
    assert "SEARCH piece USING COVERING INDEX ix_piece_work_id (work_id=? AND id>?)" in found, found


def test_an_unknown_code_on_home_is_held_against_the_ways_of_marking_and_not_against_every_product(
    site: Site, asked: list[str]
) -> None:
    product(site, "CAM", 1)
    costs = []
    for start, many in ((1, 5), (6, 5_000)):
        site.store.act(partial(with_marked_products, first=start, last=many))
        home.meaning(site, Scan("S/N:NOBODY"))  # imports, compiles
        asked.clear()
        calls = 0

        def called(_frame: Any, what: str, _about: Any) -> None:
            nonlocal calls
            calls += what in ("call", "c_call")

        sys.setprofile(called)
        try:
            meant = home.meaning(site, Scan("S/N:NOBODY"))
        finally:
            sys.setprofile(None)
        assert isinstance(meant, Verdict)
        costs.append((len(asked), calls))
    (asked_few, calls_few), (asked_many, calls_many) = costs
    assert asked_many == asked_few
    assert calls_many <= 1.2 * calls_few


def with_marked_products(tx: Transaction, first: int, last: int) -> None:
    """Products with a mark and a pattern that a code is taken out by."""
    copied = ", ".join(
        column.name for column in t.product.c if column.name not in ("id", "sku", "sku_key", "strip", "serial_pattern")
    )
    tx.exec_driver_sql(
        f"INSERT INTO product (sku, sku_key, strip, serial_pattern, {copied}) WITH RECURSIVE n(i) AS (VALUES ({first}) "
        f"UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        f"SELECT 'M-' || i, 'M-' || i, 'S/N:', '(?P<serial>[0-9]{{8}})', {copied} FROM n, product WHERE sku = 'CAM'"
    )
