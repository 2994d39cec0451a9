"""Pages of reports: whatever they are narrowed to and sorted by, turned forwards and backwards they are the report."""

from collections.abc import Iterator
from itertools import product as combinations
from typing import Any

import pytest
from sqlalchemy import event

from scanstation.domain.reports import Filters, HistoryRow, Look, ReportPage, RowPosition, Sort
from scanstation.domain.status import Move, UnitStatus
from scanstation.store import report_pages, reports
from scanstation.store.report_pages import find, page
from scanstation.workflows.reports.reporting import cells
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import moved, opening, received

R, P, S = UnitStatus.RECEIVED, UnitStatus.PACKED, UnitStatus.SHIPPED

FILTERS = {
    "all": Filters(),
    "client": Filters(client="nordwind"),
    "nobody": Filters(client="NOBODY"),
    "sku": Filters(sku="CAM-300"),
    "sku of a client": Filters(client="SÜDWIND", sku="CAM-300"),
    "warehouse": Filters(warehouse="W-WEST"),
    "received": Filters(statuses=(R,)),
    "packed and shipped": Filters(statuses=(P, S)),
    "client, shipped": Filters(client="NORDWIND", statuses=(S,)),
    "purchase": Filters(purchase_order="N-1003"),
    "shipment": Filters(shipment_order="S-901"),
    "shipment, code": Filters(shipment_order="S-901", code="SN"),
    "shipment, since": Filters(shipment_order="S-901", since="2026-11-20T09:00:00.010"),
    "begins": Filters(code="SN-0"),
    "begins, both codes": Filters(code="s"),
    "begins, sku": Filters(code="s", sku="CAM-300"),
    "ends": Filters(code="*1"),
    "ends, client": Filters(code="*1", client="NORDWIND"),
    "since": Filters(since="2026-11-20T09:00:00.009"),
    "until": Filters(until="2026-11-20T09:00:00.012"),
    "between": Filters(since="2026-11-20T09:00:00.004", until="2026-11-20T09:00:00.012"),
    "between, packed": Filters(since="2026-11-20T09:00:00.004", until="2026-11-20T09:00:00.014", statuses=(P,)),
    "since, sku": Filters(since="2026-11-20T09:00:00.004", sku="BAT-100"),
    "since, code": Filters(since="2026-11-20T09:00:00.004", code="SN"),
}
GROWING = ("unit", "unit_code", "unit_event")
ALONG = ("SCAN unit", *(f"SCAN unit_code USING {kind} ix_unit_code_primary" for kind in ("INDEX", "COVERING INDEX")))
"""From one end, in the order that is asked for, and no further than the page needs."""
WHATS = (None, Move.RECEIVE, Move.SHIP)


@pytest.fixture
def dock(site: Site) -> Site:
    """Two clients and warehouses, all statuses, codes of both kinds, times of their own."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "BAT-100", 1)
    builders.product(site, "CAM-300", 1, client="SÜDWIND")
    bought = builders.purchase(site, "N-1003", {"CAM-300": 40, "BAT-100": 9})
    sold = builders.shipment(site, "S-901", {"CAM-300": 20})
    other = builders.purchase(site, "N-9", {"CAM-300": 9}, client="SÜDWIND", warehouse="W-WEST")
    cameras = []
    for batch in range(3):
        pairs = [(f"SN-{number:03}", f"S{number:03}-L") for number in range(batch * 4, batch * 4 + 4)]
        cameras += received(site, bought, "CAM-300", *pairs)
    received(site, bought, "BAT-100", "B-1", "SN-B1", "B-3")
    received(site, other, "CAM-300", "SN-001", "SN-0011", "Z-1")
    moved(site, Move.PACK, cameras[1:4], sold, "CAM-300")
    moved(site, Move.SHIP, cameras[1:3], sold, "CAM-300")
    moved(site, Move.PACK, cameras[6:9], sold, "CAM-300")
    moved(site, Move.SHIP, cameras[6:7], sold, "CAM-300")
    gone = opening(site, "NORDWIND", "W-EAST", "BAT-100", "SN-GONE-1")
    moved(site, Move.REMOVE, gone)
    return site


def filters_on(site: Site) -> list[str]:
    """Fewer on the server, where the conditions are the same and only how they are written differs."""
    return [*FILTERS][:: 3 if site.store.path is None else 1]


def expected(site: Site, what: Move | None, filters: Filters) -> set[int]:
    if what is None:
        return {row.id for row in reports.serials(site.store, filters)}
    return {row.id for row in reports.history(site.store, what, filters)}


def turned(site: Site, what: Move | None, filters: Filters, sort: Sort, *, backwards: bool) -> Iterator[ReportPage]:
    """All pages of three."""
    start: RowPosition | None = None
    while True:
        with site.store.read() as tx:
            found = page(tx, Look(what, filters, sort, start, backwards=backwards, limit=3))
        yield found
        if found.looked_to is not None:
            start = found.looked_to
        elif len(found.rows) < 3:
            return
        else:
            start = found.positions[0 if backwards else -1]


@pytest.mark.both_stores
def test_the_cells_of_a_sheet_are_those_of_the_rows(dock: Site) -> None:
    for filters in (Filters(), FILTERS["packed and shipped"], FILTERS["begins"]):
        ids = [row.id for row in reports.serials(dock.store, filters)]
        rows = [cells(row) for row in reports.serials(dock.store, filters)]
        assert [*reports.serial_cells(dock.store, filters)] == rows
        assert [*reports.serial_cells(dock.store, filters, reversed(ids))] == rows[::-1]
        for what in (Move.RECEIVE, Move.SHIP):
            events = [cells(row) for row in reports.history(dock.store, what, filters)]
            assert [*reports.history_cells(dock.store, what, filters)] == events
            assert events


@pytest.mark.both_stores
@pytest.mark.parametrize(
    "slowly", [False, pytest.param(True, marks=pytest.mark.long)], ids=["at once", "in many looks"]
)
def test_pages_turned_to_the_end_are_the_report(dock: Site, slowly: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if slowly:
        monkeypatch.setattr(report_pages, "STRETCH", 2)
        monkeypatch.setattr(report_pages, "LOOKS_FOR_S", -1.0)
        monkeypatch.setattr(report_pages, "GATHERED", -1)
    for name, what, sort in combinations(filters_on(dock), WHATS, Sort):
        filters = FILTERS[name]
        onward = [row.id for one in turned(dock, what, filters, sort, backwards=False) for row in one.rows]
        assert len(onward) == len(set(onward)), (name, what, sort)
        assert set(onward) == expected(dock, what, filters), (name, what, sort)
        back = [row.id for one in turned(dock, what, filters, sort, backwards=True) for row in reversed(one.rows)]
        assert back == onward[::-1], (name, what, sort)


@pytest.mark.both_stores
def test_a_page_may_begin_at_any_row_and_with_it(dock: Site) -> None:
    for name, what, sort in combinations(filters_on(dock), WHATS, Sort):
        filters = FILTERS[name]
        with dock.store.read() as tx:
            everything = page(tx, Look(what, filters, sort, limit=100))
            for number, position in enumerate(everything.positions):
                here = page(tx, Look(what, filters, sort, position, including=True, limit=100))
                assert here.rows == everything.rows[number:], (name, what, sort, number)


def test_the_orders_are_what_they_say(dock: Site) -> None:
    with dock.store.read() as tx:
        newest = page(tx, Look(None, Filters()))
        by_code = page(tx, Look(None, Filters(), Sort.CODE))
        shipped = page(tx, Look(Move.SHIP, Filters()))
    ids = [row.id for row in newest.rows]
    assert ids == sorted(ids, reverse=True)
    codes = [row.primary or "" for row in by_code.rows]
    assert codes == sorted(codes)
    times = [row.at for row in shipped.rows if isinstance(row, HistoryRow)]
    assert times == sorted(times, reverse=True)


@pytest.mark.both_stores
def test_a_code_is_found_where_its_row_stands(dock: Site) -> None:
    without_code = [name for name in filters_on(dock) if not FILTERS[name].code]
    for name, what, sort in combinations(without_code, WHATS, Sort):
        filters = FILTERS[name]
        with dock.store.read() as tx:
            everything = page(tx, Look(what, filters, sort, limit=100))
            for code in ("S007-L", "SN-002", "B-1", "SN-GONE-1", "NOBODY"):
                position = find(tx, Look(what, filters, sort), code)
                rows = [row for row in everything.rows if code in (row.primary, row.secondary)]
                assert (position is not None) is bool(rows), (name, what, sort, code)
                if position is not None:
                    there = page(tx, Look(what, filters, sort, position, including=True, limit=1))
                    assert there.rows[0] in rows, (name, what, sort, code)


def test_a_code_that_several_units_have_is_gone_to_at_the_first_of_them(dock: Site) -> None:
    with dock.store.read() as tx:
        for sort in Sort:
            position = find(tx, Look(None, Filters(), sort), "SN-001")
            assert position is not None
            following = page(tx, Look(None, Filters(), sort, position, including=True, limit=100))
            assert sum(row.primary == "SN-001" for row in following.rows) == 2


@pytest.mark.both_stores
def test_a_unit_whose_codes_both_fit_is_told_once(dock: Site) -> None:
    with dock.store.read() as tx:
        found = page(tx, Look(None, Filters(code="S"), limit=100))
    ids = [row.id for row in found.rows]
    assert len(ids) == len(set(ids)) == 15


def look_is_small(filters: Filters, statement: str) -> bool:
    return bool(filters.purchase_order or filters.shipment_order) or " AS first" in statement


def test_no_page_reads_a_whole_table(dock: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pages, "GATHERED", -1)  # no SKU is a rare one
    asked: list[tuple[Filters, str, Any]] = []
    filters = Filters()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((filters, statement, parameters))

    event.listen(dock.store.engine, "before_cursor_execute", note)
    for filters, what, sort in combinations(FILTERS.values(), WHATS, Sort):
        with dock.store.read() as tx:
            first = page(tx, Look(what, filters, sort, limit=3))
            if first.positions:
                page(tx, Look(what, filters, sort, first.positions[-1], limit=3))
    event.remove(dock.store.engine, "before_cursor_execute", note)
    with dock.store.read() as tx:
        for looked_for, statement, parameters in asked:
            if not statement.startswith("SELECT"):
                continue
            steps = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            whole = [step for step in steps if step.startswith("SCAN ") and step.split()[1] in GROWING]
            # The units that have the same code, of several products, are sorted among themselves.
            steps = [step for step in steps if step != "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"]
            in_order = not any("TEMP B-TREE" in step for step in steps)
            assert not whole or (whole[0] in ALONG and in_order and "LIMIT" in statement), (steps, statement)
            # An order's rows are sorted, and the shares of the stock.
            assert in_order or look_is_small(looked_for, statement), (steps, statement)
