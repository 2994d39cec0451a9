"""Statements on the driver's cursor stand in SQLAlchemy's transactions as its own do."""

import pytest
from sqlalchemy import insert, select

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
