"""`report` and `trace`."""

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command
from tests.workflows.done_work import packed, received


@pytest.fixture
def stock(site: Site) -> Site:
    """Cameras of scenario 3: two Received, one Packed; and a name that a terminal and a sheet would obey."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "=1+1", 1)
    bought = builders.purchase(site, "N-1003", {"CAM-300": 10, "=1+1": 1})
    sold = builders.shipment(site, "S-901", {"CAM-300": 1})
    received(site, bought, "CAM-300", "SN-0001/LENS-1", "SN-0002/LENS-2", "SN-0003/LENS-3")
    received(site, bought, "=1+1", "[red]x[x]")
    packed(site, sold, "CAM-300", "SN-0003")
    return site


def test_the_serial_report_is_what_the_contract_says(stock: Site, ana: Command) -> None:
    ran = ana("report", "serials", "--code", "SN-0003")
    assert (ran.status, ran.err) == (0, "")
    (row,) = ran.json
    assert list(row) == [
        *("warehouse", "client", "sku", "description", "primary_serial", "secondary_serial", "status"),
        *("po_number", "received_at", "so_number", "packed_at", "shipped_at", "hold", "in_transit_to"),
        *("lot", "expiry"),
    ]
    assert (row["primary_serial"], row["secondary_serial"], row["status"]) == ("SN-0003", "LENS-3", "Packed")
    assert (row["po_number"], row["so_number"], row["shipped_at"]) == ("N-1003", "S-901", None)
    assert datetime.fromisoformat(row["packed_at"]).tzinfo is not None


def test_the_histories_are_what_the_contract_says(stock: Site, ana: Command) -> None:
    first, *others = ana("report", "receiving-history").json
    assert list(first) == [
        *("at", "warehouse", "client", "po_number", "sku", "primary_serial", "secondary_serial"),
        *("operator", "station", "source", "kind"),
    ]
    assert len(others) == 3
    assert (first["operator"], first["station"], first["source"]) == ("Ana", "dock-2", "scan")
    assert ana("report", "shipment-history").json == []


def test_a_history_of_other_kinds_has_the_events_on_its_orders(stock: Site, ana: Command) -> None:
    told = ana("report", "shipment-history", "--kind", "packed", "--kind", "Shipped").json
    assert [(row["so_number"], row["primary_serial"], row["kind"]) for row in told] == [("S-901", "SN-0003", "Packed")]
    assert ana("report", "receiving-history", "--kind", "Packed").json == []
    both = ana("report", "receiving-history", "--kind", "received", "--kind", "removed", "--output", "r.xlsx")
    assert both.err.startswith("Serial Number Receiving History: 4 rows written")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--client", "nordwind"], 4),
        (["--client", "nobody"], 0),
        (["--warehouse", "W-EAST"], 4),
        (["--sku", "cam-300"], 3),
        (["--status", "received"], 3),
        (["--status", "Packed", "--status", "Shipped"], 1),
        (["--po", "N-1003"], 4),
        (["--so", "s-901"], 1),
        (["--code", "*0002"], 1),
        (["--since", "2026-11-19"], 4),
        (["--since", "2026-11-22"], 0),
        (["--until", "2026-11-18"], 0),
        (["--client", "NORDWIND", "--sku", "CAM-300", "--status", "Packed", "--po", "N-1003", "--so", "S-901"], 1),
    ],
)
def test_filters_narrow_it(stock: Site, ana: Command, filters: list[str], expected: int) -> None:
    ran = ana("report", "serials", *filters)
    assert ran.status == 0
    assert len(ran.json) == expected


def test_rows_come_by_time_or_by_code_on_request(stock: Site, ana: Command, in_folder: Path) -> None:
    def codes(*more: str) -> list[str]:
        return [row["primary_serial"] for row in ana("report", "serials", "--sku", "CAM-300", *more).json]

    assert codes("--sort", "code") == ["SN-0001", "SN-0002", "SN-0003"]
    assert codes("--sort", "time") == ["SN-0003", "SN-0002", "SN-0001"]
    assert ana("report", "receiving-history", "--sort", "code", "--output", "r.csv").status == 0
    with (in_folder / "r.csv").open(newline="") as file:
        assert [row[5] for row in csv.reader(file)][1:] == ["SN-0001", "SN-0002", "SN-0003", "[red]x[x]"]


def test_csv_on_standard_output_runs_nothing_in_a_spreadsheet(stock: Site, ana: Command) -> None:
    ran = ana("report", "serials", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(ran.out))
    assert header[:6] == [
        *("Warehouse", "Client", "SKU", "Description", "Primary Serial Number", "Secondary Serial Number")
    ]
    assert rows[-1][2] == "'=1+1"
    assert rows[-1][4] == "[red]x[x]"


def test_a_table_shows_data_as_it_is_and_local_time(stock: Site, ana: Command) -> None:
    ran = ana("report", "serials", "--format", "table")
    assert "[red]x[x]" in ran.out
    assert "=1+1" in ran.out
    assert "Primary Serial Number" in ran.out
    assert "2026-11-20T" not in ran.out
    assert all(line == line.rstrip() or "\x1b" not in line for line in ran.out.splitlines())
    assert len(ran.out.splitlines()) == 5


def test_an_empty_table_says_so_beside_it(stock: Site, ana: Command) -> None:
    ran = ana("report", "serials", "--format", "table", "--code", "nothing")
    assert ran.status == 0
    assert ran.err == "Serial Number Report: nothing fits.\n"


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv", "out.json", "OUT.CSV"])
def test_the_files_ending_says_the_format(stock: Site, ana: Command, in_folder: Path, name: str) -> None:
    ran = ana("report", "serials", "--output", name)
    assert (ran.status, ran.out) == (0, "")
    assert "4 rows" in ran.err
    assert (in_folder / name).read_bytes()[:1] == {"x": b"P", "c": b'"', "j": b"["}[name.lower().rpartition(".")[2][0]]


def test_the_format_may_be_named(stock: Site, ana: Command, in_folder: Path) -> None:
    assert ana("report", "serials", "--output", "report", "--format", "csv").status == 0
    assert (in_folder / "report").read_text().startswith('"Warehouse"')


def test_a_workbook_can_go_to_a_pipe(stock: Site, ana: Command, in_folder: Path) -> None:
    assert ana("report", "serials", "--output", "out.xlsx").status == 0
    rows = list(openpyxl.load_workbook(in_folder / "out.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[1][4] == "SN-0001"
    assert len(rows) == 5


def test_a_file_that_cannot_be_written_is_status_2(stock: Site, ana: Command) -> None:
    ran = ana("report", "serials", "--output", "nowhere/out.csv")
    assert ran.status == 2
    assert "there is no folder" in ran.err


def test_the_serials_of_a_shipment_are_printed_or_written(stock: Site, ana: Command, in_folder: Path) -> None:
    ran = ana("so", "serials", "s-901")
    assert (ran.status, ran.err) == (0, "")
    assert "SN-0003 + LENS-3" in ran.out
    assert "Shipment    S-901" in ran.out
    assert ana("so", "serials", "S-901", "--output", "list.xlsx").status == 0
    rows = list(openpyxl.load_workbook(in_folder / "list.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[1][8:10] == ("SN-0003", "LENS-3")
    assert isinstance(rows[1][4], datetime)
    assert ana("so", "serials", "S-901", "--output", "list.txt").status == 0
    assert "SN-0003 + LENS-3" in (in_folder / "list.txt").read_text()
    assert ana("so", "serials", "S-9").status == 1
    assert ana("so", "serials", "S-901", "--format", "xlsx").status == 2


def test_a_workbook_that_would_be_too_long_is_refused_before_it_is_written(
    stock: Site, ana: Command, in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanstation.sheets.writing.MOST_ROWS", 4)
    ran = ana("report", "serials", "--output", "out.xlsx")
    assert ran.status == 1
    assert "4 rows, and a sheet of .xlsx holds 3. Narrow the filters, or write .csv or .json." in ran.err
    assert list(in_folder.iterdir()) == []
    assert ana("report", "serials", "--format", "xlsx").err == ran.err, "nor on standard output"
    assert ana("report", "serials", "--output", "out.csv").status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("report", "serials", "--format", "csv", "--output", "out.xlsx"),
        ("report", "serials", "--format", "json", "--output", "out.ods"),
        ("so", "serials", "S-901", "--output", "out.pdf"),
        ("so", "serials", "S-901", "--format", "text", "--output", "out.XLSX"),
    ],
    ids=" ".join,
)
def test_no_text_is_written_under_the_name_of_another_kind_of_file(
    stock: Site, ana: Command, in_folder: Path, words: tuple[str, ...]
) -> None:
    ran = ana(*words)
    assert ran.status == 2
    assert "under a misleading name" in ran.err
    assert list(in_folder.iterdir()) == []


def test_a_life_is_told_in_json_and_as_a_table(stock: Site, ana: Command) -> None:
    (life,) = ana("trace", "lens-3").json
    assert [event["what"] for event in life["events"]] == ["Received", "Packed"]
    ran = ana("trace", "SN-0003", "--format", "table")
    assert "SN-0003 + LENS-3" in ran.out
    assert "N-1003" in ran.out
    assert "S-901" in ran.out


def test_a_code_without_a_life_is_an_empty_answer(stock: Site, ana: Command) -> None:
    ran = ana("trace", "SN-9\x1b")
    assert (ran.status, ran.json) == (0, [])
    assert ran.err == "No unit has or ever had the serial SN-9␛.\n"


def test_a_report_never_takes_the_place_of_the_store(site: Site, ana: Command) -> None:
    assert site.store.path is not None
    ran = ana("report", "serials", "--format", "csv", "--output", site.store.path)
    assert ran.status == 2
    assert "is a database" in ran.err
    assert ana("report", "serials").status == 0


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_report_never_takes_the_place_of_what_sqlite_keeps_beside_the_store(
    site: Site, ana: Command, ending: str
) -> None:
    assert site.store.path is not None
    beside = site.store.path.with_name(site.store.path.name + ending)
    before = beside.read_bytes() if beside.exists() else None
    ran = ana("report", "serials", "--format", "json", "--output", beside)
    assert ran.status == 2
    assert "belongs to the database beside it" in ran.err
    assert (beside.read_bytes() if beside.exists() else None) == before
    assert ana("report", "serials", "--format", "json", "--output", site.store.path.with_name("notes-wal")).status == 0


def test_the_audit_lists_who_did_what_and_why(stock: Site, ana: Command, tmp_path: Path) -> None:
    sheet = tmp_path / "orders.csv"
    sheet.write_text("Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-1003,CAM-300,12\n")
    assert ana("load", str(sheet)).status == 0
    assert ana("po", "close", "N-1003", "--reason", "supplier sent less").status == 0
    assert ana("so", "cancel", "S-901", "--reason", "=customer").status == 0
    acts = ana("report", "audit", "--client", "nordwind").json
    keys = ("act", "subject", "client", "became", "reason", "operator", "station")
    assert [tuple(act[key] for key in keys) for act in acts] == [
        ("Changed by a sheet", "PO N-1003", "NORDWIND", "CAM-300 10 → 12", None, "Ana", "dock-2"),
        ("Closed short", "PO N-1003", "NORDWIND", None, "supplier sent less", "Ana", "dock-2"),
        ("Cancelled", "SO S-901", "NORDWIND", None, "=customer", "Ana", "dock-2"),
    ]
    assert all(datetime.fromisoformat(act[key]).tzinfo for act in acts for key in ("at", "recorded_at"))
    assert [act["subject"] for act in ana("report", "audit", "--so", "s-901").json] == ["SO S-901"]
    assert len(ana("report", "audit", "--po", "n-1003").json) == 2
    assert ana("report", "audit", "--until", "2020-01-01").json == []
    assert "Closed short" in ana("report", "audit", "--format", "table").out
    assert "'=customer" in ana("report", "audit", "--format", "csv").out
    book = tmp_path / "audit.xlsx"
    assert "3 acts written" in ana("report", "audit", "--output", str(book)).err
    assert openpyxl.load_workbook(book).active["H4"].value == "=customer"  # type: ignore[index]
    assert ana("report", "audit", "--status", "Packed").status == 2


def test_the_stock_is_counted_by_client_and_sku(stock: Site, ana: Command, tmp_path: Path) -> None:
    assert ana("hold", "SN-0001", "--reason", "wet").status == 0
    before = {row["sku"]: row for row in ana("report", "stock").json}
    camera = before["CAM-300"]
    assert list(camera) == [
        "client",
        "sku",
        "description",
        "on_hand",
        "on_hold",
        "packed",
        "in_transit",
        "serials_missing",
    ]
    counts = ("on_hand", "on_hold", "packed", "in_transit", "serials_missing")
    assert tuple(camera[key] for key in counts) == (2, 1, 1, 0, 0)
    assert ana("release", "SN-0001", "--reason", "dry").status == 0
    assert ana("dispose", "SN-0001", "--reason", "dropped").status == 0
    (after,) = ana("report", "stock", "--client", "nordwind", "--sku", "cam-300").json
    assert (after["on_hand"], after["on_hold"]) == (camera["on_hand"] - 1, 0)
    assert ana("report", "stock", "--client", "nobody").json == []
    assert "CAM-300" in ana("report", "stock", "--format", "table").out
    book = tmp_path / "stock.xlsx"
    assert f"{len(before)} products written" in ana("report", "stock", "--output", str(book)).err
    assert openpyxl.load_workbook(book).active["D1"].value == "On hand"  # type: ignore[index]
    assert ana("report", "stock", "--po", "N-1003").status == 2


def test_a_recall_says_what_is_recalled(stock: Site, ana: Command, in_folder: Path) -> None:
    (in_folder / "list.txt").write_text("SN-0003\nSN-9999\n")
    listed = ana("report", "recall", "--file", "list.txt").json
    assert [row["match"] for row in listed] == ["listed", "serial not known"]
    ran = ana("report", "recall", "--sku", "CAM-300", "--lot", "L-1")
    assert ran.err == "No unit of CAM-300 is known to be of lot L-1.\n"
    assert {row["match"] for row in ran.json} == {"lot unknown"}
    for wrong, status in (
        (["--client", "NORDWIND"], 2),
        (["--expiry", "2027-03"], 0),
        (["--lot", "L-1"], 2),
        (["--sku", "CAM-300", "--lot", "L-1", "--file", "list.txt"], 2),
        (["--sku", "CAM-300", "--lot", "L-1", "--so", "S-901"], 2),
        (["--file", "none.txt"], 2),
        (["--sku", "CAM-33", "--lot", "L-1"], 1),
    ):
        assert ana("report", "recall", *wrong).status == status, wrong
    assert ana("report", "serials", "--file", "list.txt").status == 2
