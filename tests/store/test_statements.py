"""Statements on the driver's cursor stand in SQLAlchemy's transactions as its own do."""

import pytest
from sqlalchemy import event, insert, literal, select

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import names, units, works
from scanstation.store import tables as t
from scanstation.store.statements import Statement
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders


@pytest.mark.both_stores
def test_the_first_statement_of_a_connection_begins_its_transaction(site: Site) -> None:
    add = Statement(insert(t.warehouse), "code", "code_key")
    with site.store.engine.connect() as tx:
        assert add.changed(tx, {"code": "W-9", "code_key": "W-9"}) == 1
        tx.rollback()
    with site.store.read() as tx:
        assert tx.execute(select(t.warehouse.c.id).where(t.warehouse.c.code_key == "W-9")).first() is None


@pytest.mark.both_stores
def test_a_fixed_value_is_read_as_it_was_meant(site: Site) -> None:
    with site.store.read() as tx:
        for text in ("open", "it's", "", "%s 100 %", "?", ":name", 'a "b"'):
            assert tuple(Statement(select(literal(text), literal(7))).one(tx, {})) == (text, 7)


def test_what_is_asked_by_every_scan_is_planned_once(site: Site) -> None:
    """SQLite plans anew for each value where a partial index or a LIMIT hangs on it: only what a scan gives is one."""
    dialect = site.store.engine.dialect
    for statement, given in ((works._OWED, 2), (works._STANDING, 5), (units._OF_CLIENT, 2), (names._OF_KEY, 8)):
        assert statement.on(dialect).count("?") == given, statement.on(dialect)


@pytest.mark.parametrize("lines", [1, 40])
def test_a_scan_asks_for_so_many_statements_however_many_lines_the_order_has(site: Site, lines: int) -> None:
    """As docs/performance.md says; how often a server is waited for is counted in `on_postgresql/test_ways`."""
    for number in range(lines):
        builders.product(site, f"CAM-{number}", 1)
    builders.purchase(site, "N-1", {f"CAM-{number}": 9 for number in range(lines)})
    desk, asked = Desk(site, OrderKind.PURCHASE), list[str]()
    for code in ("N-1", "CAM-0", "C-1"):
        desk.answer(Scan(code))
    event.listen(site.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = {}
    for what, code in {"a product": "CAM-0", "a serial": "C-2"}.items():
        asked.clear()
        desk.answer(Scan(code))
        counts[what] = len(asked)
    assert counts == {"a product": 12, "a serial": 13}, asked
