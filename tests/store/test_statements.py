"""Statements on the driver's cursor stand in SQLAlchemy's transactions as its own do."""

import pytest
from sqlalchemy import insert, literal, select

from scanstation.store import names, units, works
from scanstation.store import tables as t
from scanstation.store.statements import Statement
from scanstation.workflows.site import Site


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
