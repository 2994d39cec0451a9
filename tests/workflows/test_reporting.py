"""What the three reports show, and what they are narrowed by."""

import csv
import json
import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Connection

from scanstation.domain.outcome import Done
from scanstation.domain.status import Move, UnitStatus
from scanstation.store import reports as reports_store
from scanstation.workflows.reports.reporting import (
    MOMENTS,
    Filters,
    HistoryRow,
    Report,
    Sort,
    cells,
    export,
    narrowed,
    rows,
)
from scanstation.workflows.site import Site
from tests import builders
from tests.conftest import Clock
from tests.serials import held, moved, opening, received


def run_sql(site: Site, statement: str) -> None:
    def do(tx: Connection) -> None:
        tx.exec_driver_sql(statement)

    site.store.act(do)


def shown(site: Site, report: Report, column: str = "primary_serial", **asked: object) -> list[str | None]:
    index = report.columns.index(column)
    return [cells(row)[index] for row in rows(site, report, narrowed(**asked))]  # type: ignore[arg-type]


@pytest.fixture
def berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def dock(site: Site) -> Site:
    """Two Received cameras, a Packed and a Shipped one; three batteries; another client's unit elsewhere."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "BAT-100", 1)
    builders.product(site, "CAM-300", 1, client="SÜDWIND")
    bought = builders.purchase(site, "N-1003", {"CAM-300": 10, "BAT-100": 3})
    sold = builders.shipment(site, "S-901", {"CAM-300": 5})
    pairs = [("SN-0001", "LENS-1"), ("SN-0002", "LENS-2"), ("SN-0003", "LENS-3"), ("SN-0004", "LENS-4")]
    cameras = received(site, bought, "CAM-300", *pairs)
    received(site, bought, "BAT-100", "B_1", "B%1", "BX1")
    moved(site, Move.PACK, cameras[2:], sold, "CAM-300")
    moved(site, Move.SHIP, cameras[3:], sold, "CAM-300")
    elsewhere = builders.purchase(site, "N-1003", {"CAM-300": 1}, client="SÜDWIND", warehouse="W-WEST")
    received(site, elsewhere, "CAM-300", "SN-0001")
    return site


def test_a_unit_is_one_line_with_both_codes_and_its_way(dock: Site) -> None:
    (row,) = rows(dock, Report.SERIALS, narrowed(code="SN-0004"))
    told = dict(zip(Report.SERIALS.columns, cells(row), strict=False))  # sheets say more than JSON
    assert told["warehouse"] == "W-EAST"
    assert told["client"] == "NORDWIND"
    assert (told["sku"], told["description"]) == ("CAM-300", "CAM-300 described")
    assert (told["primary_serial"], told["secondary_serial"]) == ("SN-0004", "LENS-4")
    assert (told["status"], told["po_number"], told["so_number"]) == ("Shipped", "N-1003", "S-901")
    for moment in ("received_at", "packed_at", "shipped_at"):
        assert datetime.fromisoformat(told[moment] or "").utcoffset() == timedelta(0)


def test_what_did_not_happen_yet_is_none(dock: Site) -> None:
    (row,) = rows(dock, Report.SERIALS, narrowed(code="LENS-1"))
    told = dict(zip(Report.SERIALS.columns, cells(row), strict=False))  # sheets say more than JSON
    assert [told[key] for key in ("so_number", "packed_at", "shipped_at")] == [None, None, None]


def test_held_and_gone_units_are_in_no_report(dock: Site) -> None:
    moved(dock, Move.REMOVE, opening(dock, "NORDWIND", "W-EAST", "BAT-100", "NOT-1"))
    held(dock, builders.purchase(dock, "N-1004", {"BAT-100": 1}), "BAT-100", "NOT-2")
    for report in Report:
        assert shown(dock, report, code="NOT") == []


def test_the_statuses_narrow_the_report(dock: Site) -> None:
    assert shown(dock, Report.SERIALS, statuses=[UnitStatus.PACKED]) == ["SN-0003"]
    assert shown(dock, Report.SERIALS, statuses=[UnitStatus.PACKED, UnitStatus.SHIPPED]) == ["SN-0003", "SN-0004"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"client": "nordwind", "sku": "cam-300"}, 4),
        ({"client": "südwind"}, 1),
        ({"client": "nobody"}, 0),
        ({"sku": "BAT-100"}, 3),
        ({"warehouse": "w-east"}, 7),
        ({"warehouse": "W-WEST"}, 1),
        ({"purchase_order": "n-1003"}, 8),
        ({"purchase_order": "S-901"}, 0),
        ({"shipment_order": "s-901"}, 2),
        ({"shipment_order": "N-1003"}, 0),
    ],
)
def test_a_column_narrows_the_report(dock: Site, asked: dict[str, str], expected: int) -> None:
    assert len(shown(dock, Report.SERIALS, **asked)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("SN-000", ["SN-0001", "SN-0002", "SN-0003", "SN-0004", "SN-0001"]),
        ("sn-0002", ["SN-0002"]),
        ("lens-3", ["SN-0003"]),
        ("*2", ["SN-0002"]),
        ("*0003", ["SN-0003"]),
        (" *0003 ", ["SN-0003"]),
        ("\u00a0sn-0003", ["SN-0003"]),
        ("*ens-1", ["SN-0001"]),
        ("N-000", []),
        ("B_", ["B_1"]),
        ("B%", ["B%1"]),
        ("*%1", ["B%1"]),
        ("*", ["SN-0001", "SN-0002", "SN-0003", "SN-0004", "B_1", "B%1", "BX1", "SN-0001"]),
        ("' OR 1=1 --", []),
    ],
)
def test_a_code_is_found_by_its_beginning_or_its_end(dock: Site, asked: str, expected: list[str]) -> None:
    assert shown(dock, Report.SERIALS, code=asked) == expected


def test_the_histories_tell_events_with_who_and_where(dock: Site) -> None:
    came_in = list(rows(dock, Report.RECEIVING_HISTORY, Filters()))
    assert [row.primary for row in came_in if isinstance(row, HistoryRow)] == [
        "SN-0001",
        "SN-0002",
        "SN-0003",
        "SN-0004",
        "B_1",
        "B%1",
        "BX1",
        "SN-0001",
    ]
    (shipped,) = rows(dock, Report.SHIPMENT_HISTORY, Filters())
    told = dict(zip(Report.SHIPMENT_HISTORY.columns, cells(shipped), strict=True))
    assert told.pop("at")
    assert told == {
        "warehouse": "W-EAST",
        "client": "NORDWIND",
        "so_number": "S-901",
        "sku": "CAM-300",
        "primary_serial": "SN-0004",
        "secondary_serial": "LENS-4",
        "operator": "Ana",
        "station": "dock-2",
        "source": "scan",
        "kind": "Shipped",
    }


def test_a_history_keeps_the_codes_that_the_event_had(dock: Site) -> None:
    run_sql(dock, "UPDATE unit_code SET text = 'SN-9', text_key = 'SN-9' WHERE text = 'SN-0004'")
    assert shown(dock, Report.SHIPMENT_HISTORY) == ["SN-0004"]
    assert shown(dock, Report.SERIALS, statuses=[UnitStatus.SHIPPED]) == ["SN-9"]


def test_opening_stock_is_in_the_receiving_history_without_an_order(dock: Site) -> None:
    opening(dock, "NORDWIND", "W-EAST", "BAT-100", "OLD-1")
    (row,) = rows(dock, Report.RECEIVING_HISTORY, narrowed(code="OLD-1"))
    assert isinstance(row, HistoryRow)
    assert (row.order, row.source) == (None, "opening")


def test_days_are_local_and_both_ends_count(dock: Site, clock: Clock, berlin: None) -> None:
    for moment, serial in (
        ("2026-11-21T22:59:59+00:00", "DAY-21"),  # 23:59:59 in Berlin
        ("2026-11-21T23:00:00+00:00", "DAY-22A"),
        ("2026-11-22T22:59:59+00:00", "DAY-22B"),
        ("2026-11-22T23:00:00+00:00", "DAY-23"),
    ):
        clock.moment = datetime.fromisoformat(moment) - timedelta(milliseconds=1)
        opening(dock, "NORDWIND", "W-EAST", "BAT-100", serial)
    day = date(2026, 11, 22)
    for report in (Report.SERIALS, Report.RECEIVING_HISTORY):
        assert shown(dock, report, since=day, until=day) == ["DAY-22A", "DAY-22B"]
        assert shown(dock, report, since=day) == ["DAY-22A", "DAY-22B", "DAY-23"]
        assert shown(dock, report, code="DAY", until=day) == ["DAY-21", "DAY-22A", "DAY-22B"]


def test_days_of_the_serial_report_are_those_of_the_statuses_asked_for(dock: Site, clock: Clock) -> None:
    clock.moment += timedelta(days=5)
    sold = builders.shipment(dock, "S-902", {"CAM-300": 1})
    (late,) = received(dock, builders.purchase(dock, "N-9", {"CAM-300": 1}), "CAM-300", ("SN-0009", "LENS-9"))
    clock.moment += timedelta(days=1)
    moved(dock, Move.PACK, [late], sold, "CAM-300")
    packed_on = clock.moment.astimezone().date()
    assert shown(dock, Report.SERIALS, since=packed_on) == ["SN-0009"]
    assert shown(dock, Report.SERIALS, since=packed_on, statuses=[UnitStatus.PACKED]) == ["SN-0009"]
    assert shown(dock, Report.SERIALS, since=packed_on, statuses=[UnitStatus.RECEIVED]) == []


def test_days_far_away_limit_nothing(dock: Site) -> None:
    assert len(shown(dock, Report.SERIALS, since=date.min, until=date.max)) == 8


def test_a_report_longer_than_a_read_is_whole(dock: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports_store, "ROWS_AT_ONCE", 2)
    for report in Report:
        assert len(list(rows(dock, report, Filters()))) == 1 if report is Report.SHIPMENT_HISTORY else 8


def test_an_export_is_everything_that_is_filtered(dock: Site, tmp_path: Path) -> None:
    asked = narrowed(client="NORDWIND", code="SN-000")
    done = export(dock, Report.SERIALS, asked, tmp_path / "out.json", "json")
    assert isinstance(done, Done)
    assert done.text.startswith("Serial Number Report: 4 rows")
    told = json.loads((tmp_path / "out.json").read_text())
    assert [row["primary_serial"] for row in told] == ["SN-0001", "SN-0002", "SN-0003", "SN-0004"]
    assert told[0]["shipped_at"] is None
    export(dock, Report.SERIALS, asked, tmp_path / "out.csv", "csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        header, *lines = csv.reader(file)
    assert header == list(Report.SERIALS.headings)
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [("UTC", {"+00:00"}), ("Europe/Berlin", {"+01:00", "+02:00"}), ("Asia/Kolkata", {"+05:30"})],
)
def test_moments_are_dates_of_the_local_time_in_a_workbook_and_codes_are_text(
    dock: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, offsets: set[str]
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for report in Report:
            export(dock, report, narrowed(), tmp_path / "out.xlsx", "xlsx")
            export(dock, report, narrowed(), tmp_path / "out.json", "json")
            told = json.loads((tmp_path / "out.json").read_text())
            sheet: Any = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
            for row, of_row in zip(told, sheet.iter_rows(min_row=2), strict=True):
                for (key, value), cell in zip(row.items(), of_row, strict=False):  # and so does a workbook
                    if key in MOMENTS and value is not None:
                        _, offset, _ = cell.number_format.split('"')
                        assert cell.is_date
                        assert offset in offsets
                        moment = datetime.fromisoformat(f"{cell.value}{offset}")
                        assert moment == datetime.fromisoformat(value).replace(microsecond=0)
                    else:
                        assert (cell.value, cell.data_type) == (value or None, "s" if value else "n")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("asked", [{}, {"client": "nordwind"}, {"sku": "CAM-300"}, {"code": "SN-"}, {"code": "*1"}])
@pytest.mark.parametrize("report", Report)
@pytest.mark.parametrize("sort", Sort)
def test_in_another_order_the_rows_are_the_same(dock: Site, report: Report, sort: Sort, asked: dict[str, str]) -> None:
    told = [cells(row) for row in rows(dock, report, narrowed(**asked), sort)]  # type: ignore[arg-type]
    assert sorted(map(repr, told)) == sorted(repr(cells(row)) for row in rows(dock, report, narrowed(**asked)))  # type: ignore[arg-type]


def test_by_code_the_rows_follow_each_other_as_people_count(site: Site) -> None:
    builders.product(site, "CAM-300", 1)
    serials = ["SN10", "SN9", "SN1B2", "SN1B10", "sn11", "SN0010"]
    received(site, builders.purchase(site, "N-1", {"CAM-300": 6}), "CAM-300", *serials)
    for report in (Report.SERIALS, Report.RECEIVING_HISTORY):
        place = report.columns.index("primary_serial")
        told = [cells(row)[place] for row in rows(site, report, narrowed(), Sort.CODE)]
        assert told == ["SN1B2", "SN1B10", "SN9", "SN0010", "SN10", "sn11"]


def test_an_order_goes_over_many_pages(site: Site) -> None:
    builders.product(site, "CAM-300", 1)
    count = 2_003
    received(site, builders.purchase(site, "N-1", {"CAM-300": count}), "CAM-300", *(f"SN-{i:04}" for i in range(count)))

    by_code = [cells(row)[4] for row in rows(site, Report.SERIALS, narrowed(), Sort.CODE)]

    assert by_code == [f"SN-{i:04}" for i in range(count)]
    newest = [cells(row)[5] for row in rows(site, Report.RECEIVING_HISTORY, narrowed(), Sort.NEWEST)]
    assert newest == [cells(row)[5] for row in rows(site, Report.RECEIVING_HISTORY, narrowed())][::-1]
