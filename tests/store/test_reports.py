"""How the reports read a store that is a file."""

import pytest
from sqlalchemy import select

from scanstation.domain.reports import Filters
from scanstation.domain.status import Move
from scanstation.store import reports
from scanstation.store import tables as t
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import moved, opening


@pytest.fixture
def dock(site: Site) -> Site:
    """Five batteries."""
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "B-1", "B-2", "B-3", "B-4", "B-5")
    return site


def test_a_report_that_is_being_read_holds_no_read_open(dock: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "ROWS_AT_ONCE", 2)
    reading = reports.serials(dock.store, Filters())
    next(reading)
    other = dock.store.engine.raw_connection()
    # TRUNCATE waits for every reader that still looks at the log; none may.
    blocked, *_ = other.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    other.close()
    assert not blocked
    dock.store.act(lambda tx: tx.exec_driver_sql("UPDATE product SET description = 'new'") and None)
    *_, last = reading
    assert last.description == "new"


def test_a_unit_that_goes_while_a_report_is_read_is_left_out(dock: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "ROWS_AT_ONCE", 2)
    reading = reports.serials(dock.store, Filters())
    assert next(reading).primary == "B-1"
    moved(dock, Move.REMOVE, [4])
    assert [row.primary for row in reading] == ["B-2", "B-3", "B-5"]


def test_a_code_search_reads_its_index(dock: Site) -> None:
    for asked, index in (("SN-0", "uq_unit_code_live"), ("*4711", "ix_unit_code_end")):
        query = reports._narrowed_units(select(t.unit.c.id), Filters(code=asked)).order_by(t.unit.c.id)
        statement = str(query.compile(dock.store.engine, compile_kwargs={"literal_binds": True}))
        with dock.store.read() as tx:
            plan = " ".join(str(row) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
        assert f"USING INDEX {index} (" in plan, plan
