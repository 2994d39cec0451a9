"""`po` and `so`."""

from pathlib import Path

import openpyxl
import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command
from tests.workflows.done_work import open_work, packed, received


@pytest.fixture
def dock(site: Site) -> Site:
    """Orders over products of scenarios 1, 5 and of one that is not tracked."""
    builders.product(site, "BAT-100", 1)
    builders.product(site, "CAM-500", 5)
    builders.product(site, "CBL-010", 0)
    builders.purchase(site, "N-1", {"BAT-100": 2})
    builders.purchase(site, "N-5", {"CAM-500": 3, "CBL-010": 7}, due="2026-11-30")
    builders.shipment(site, "S-1", {"CBL-010": 2})
    builders.shipment(site, "S-5", {"CAM-500": 2})
    return site


def order(site: Site, number: str) -> int:
    with site.store.read() as tx:
        found: int = tx.exec_driver_sql("SELECT id FROM orders WHERE number = ?", (number,)).scalar_one()
        return found


def sheet(path: Path, kind: str, number: str, *serials: str) -> Path:
    rows = ["Warehouse,Client,%s Number,SKU,Primary Serial Number" % kind]  # noqa: UP031
    rows += [f"W-EAST,NORDWIND,{number},CAM-500,{serial}" for serial in serials]
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_list_is_an_array_of_what_show_tells(dock: Site, ana: Command) -> None:
    listed = ana("po", "list").json
    assert [told["number"] for told in listed] == ["N-5", "N-1"]
    assert listed[1] == ana("po", "show", "n-1").json
    assert listed[1] == {
        "warehouse": "W-EAST",
        "client": "NORDWIND",
        "number": "N-1",
        "status": "Open",
        "lines": [
            {
                "sku": "BAT-100",
                "line": None,
                "ordered": 2,
                "received": 0,
                "open": 0,
                "closed_short": 0,
                "serials_needed": 0,
                "serials_present": 0,
            }
        ],
    }
    assert "packed" in ana("so", "show", "S-1").json["lines"][0]


def test_an_order_is_marked_as_one_that_brings_units_back(dock: Site, ana: Command) -> None:
    assert "Missing option" in ana("po", "returns", "N-1").err
    assert ana("po", "returns", "N-1", "--reason", "repaired").status == 0
    assert ana("po", "show", "N-1").json["returns"] is True
    assert "may come back on it" in ana("po", "show", "N-1", "--format", "table").out
    ana("po", "returns", "N-5", "--reason", "repaired")
    ran = ana("po", "receive", "N-5")
    assert "only its serial, scanned or imported, brings it back" in ran.out + ran.err
    assert ana("po", "returns", "N-1", "--reason", "again").status == 1
    assert ana("po", "returns", "N-1", "--reason", "none left", "--off").status == 0
    assert "returns" not in ana("po", "show", "N-1").json


def test_open_work_is_counted_beside_what_is_done(dock: Site, ana: Command) -> None:
    received(dock, order(dock, "N-1"), "BAT-100", "B-1")
    open_work(dock, order(dock, "N-1"), "BAT-100", serials=["B-2"])
    (line,) = ana("po", "show", "N-1").json["lines"]
    assert (line["received"], line["open"], line["serials_needed"], line["serials_present"]) == (1, 1, 1, 1)
    ran = ana("po", "show", "N-1", "--format", "table")
    assert "dock-2" in ran.out
    assert "1 of 1" in ran.out


def test_the_list_is_narrowed(dock: Site, ana: Command) -> None:
    builders.purchase(dock, "N-9", {}, client="SÜDWIND", warehouse="W-WEST")
    assert len(ana("po", "list", "--client", "südwind").json) == 1
    assert len(ana("po", "list", "--warehouse", "W-EAST").json) == 2
    assert ana("po", "close", "N-5", "--reason", "lost").status == 0
    assert [told["number"] for told in ana("po", "list", "--open", "--client", "NORDWIND").json] == ["N-1"]


def test_a_number_that_stands_for_two_orders_lists_them_and_is_chosen_by_client(dock: Site, ana: Command) -> None:
    builders.product(dock, "BAT-100", 1, client="SÜDWIND")
    builders.purchase(dock, "N-1", {"BAT-100": 1}, client="SÜDWIND")
    ran = ana("po", "show", "N-1")
    assert (ran.status, ran.out) == (1, "")
    assert "NORDWIND in W-EAST, SÜDWIND in W-EAST" in ran.err
    assert "--client" in ran.err
    assert ana("po", "show", "N-1", "--client", "SÜDWIND").json["client"] == "SÜDWIND"
    assert ana("po", "show", "N-1", "--warehouse", "W-WEST").status == 1


def test_a_number_that_only_folds_to_an_orders_is_refused_by_name(dock: Site, ana: Command) -> None:
    builders.purchase(dock, "Nº-7", {"BAT-100": 1})
    assert ana("po", "show", "Nº-7").json["number"] == "Nº-7", "named so since before"
    ran = ana("po", "show", "N-①")
    assert (ran.status, ran.out) == (1, "")
    assert "N-① contains “①” (circled digit one), which is not on a label" in ran.err


def test_receive_po_receives_or_says_why_not(dock: Site, ana: Command) -> None:
    ran = ana("po", "receive", "N-5")
    assert (ran.status, ran.out) == (0, "")
    assert "N-5 is Completed: 10 units received." in ran.err
    assert ana("po", "show", "N-5").json["status"] == "Completed"
    ran = ana("po", "receive", "N-1")
    assert ran.status == 1
    assert "BAT-100" in ran.err
    assert ana("po", "show", "N-1").json["lines"][0]["received"] == 0


def test_an_order_is_closed_and_reopened_with_a_reason(dock: Site, ana: Command) -> None:
    assert ana("po", "close", "N-1", "--reason", " ").status == 1
    assert ana("po", "close", "N-1", "--reason", "supplier cannot").status == 0
    assert ana("po", "show", "N-1").json["status"] == "Completed"
    assert "supplier cannot" in ana("po", "show", "N-1", "--format", "table").out
    assert ana("po", "reopen", "N-1", "--reason", "found some").status == 0
    assert ana("po", "show", "N-1").json["status"] == "Open"


def test_serials_are_imported_listed_and_removed(dock: Site, ana: Command, in_folder: Path) -> None:
    ana("po", "receive", "N-5")
    good = sheet(in_folder / "good.csv", "PO", "N-5", "C-1", "C-2")
    ran = ana("po", "import-serials", "N-5", good)
    assert (ran.status, ran.out) == (0, "")
    assert ana("po", "show", "N-5").json["lines"][0]["serials_present"] == 2
    shown = ana("po", "show", "N-5", "--format", "table").out
    assert "good.csv" in shown
    assert ana("po", "remove-serials", "N-5", "--batch", "99").status == 1
    assert ana("po", "remove-serials", "N-5", "--batch", "1", "--only-received").status == 0
    assert ana("po", "show", "N-5").json["lines"][0]["serials_present"] == 0


def test_the_rows_to_mend_never_take_the_place_of_what_is_imported(ana: Command, in_folder: Path) -> None:
    (in_folder / "serials.xlsx").write_bytes(b"what came from the supplier")
    (in_folder / "same.xlsx").symlink_to("serials.xlsx")
    assert ana("po", "import-serials", "serials.xlsx", "--errors", "same.xlsx").status == 2
    assert (in_folder / "serials.xlsx").read_bytes() == b"what came from the supplier"


def test_an_import_with_bad_rows_changes_nothing_and_saves_them(dock: Site, ana: Command, in_folder: Path) -> None:
    ana("po", "receive", "N-5")
    bad = sheet(in_folder / "bad.csv", "PO", "N-5", "C-1", "C-1", "BAT-100")
    ran = ana("po", "import-serials", bad, "--errors", "mend.xlsx")
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) >= 3
    rows = list(openpyxl.load_workbook(in_folder / "mend.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[0][-1] == "Error"
    assert ana("po", "show", "N-5").json["lines"][0]["serials_present"] == 0
    assert ana("po", "import-serials", "N-99", bad).status == 1


def test_orders_are_shipped_each_by_itself(dock: Site, ana: Command) -> None:
    packed(dock, order(dock, "S-1"), "CBL-010", quantity=2)
    ran = ana("so", "ship", "S-1", "S-99", "S-5")
    assert ran.status == 1
    assert "S-1 is Shipped" in ran.err
    assert "no shipment order S-99" in ran.err
    assert "S-5 is Open, not Ready to Ship" in ran.err
    assert ana("so", "show", "S-1").json["status"] == "Shipped"


def test_an_order_ships_without_its_serials_for_a_reason(dock: Site, ana: Command) -> None:
    packed(dock, order(dock, "S-5"), "CAM-500", quantity=2)
    ran = ana("so", "ship", "S-5")
    assert ran.status == 1
    assert "0 of 2" in ran.err
    assert ana("so", "ship", "S-5", "--without-serials", "--reason", "truck leaves").status == 0
    assert "truck leaves" in ana("so", "show", "S-5", "--format", "table").out


def test_a_shipment_is_closed_short_or_cancelled(dock: Site, ana: Command) -> None:
    packed(dock, order(dock, "S-1"), "CBL-010", quantity=1)
    assert ana("so", "close", "S-1", "--reason", "no more").status == 0
    assert ana("so", "show", "S-1").json["status"] == "Ready to Ship"
    assert ana("so", "cancel", "S-1", "--reason", "customer left").status == 0
    assert ana("so", "show", "S-1").json["status"] == "Cancelled"
    assert ana("so", "remove-serials", "S-1").status == 1


def test_what_is_done_is_signed(dock: Site, ana: Command) -> None:
    ana("po", "close", "N-1", "--reason", "why")
    with dock.store.read() as tx:
        assert tuple(tx.exec_driver_sql("SELECT operator, station, reason FROM order_act").one()) == (
            "Ana",
            "dock-2",
            "why",
        )


def test_a_table_lists_orders(dock: Site, ana: Command) -> None:
    ran = ana("so", "list", "--format", "table")
    assert len(ran.out.splitlines()) == 3
    assert "S-5" in ran.out


def test_what_was_written_down_is_entered_and_told_row_by_row(dock: Site, ana: Command) -> None:
    def enter(*rows: str, **how: str) -> tuple[int, str]:
        Path("written.csv").write_text("\n".join(["SKU,Primary Serial Number", *rows]) + "\n")
        words = ("downtime", "enter", "po", "n-1", "written.csv", "--at", "00:00", "--by", "Ben")
        ran = ana(*words, *(f"--{name}{word}" for name, word in how.items()))
        assert ran.out == ""
        return ran.status, ran.err

    assert enter("BAT-100,A-1", "BAT-100,A-1")[0] == 1
    status, told = enter("BAT-100,A-1", "BAT-100,A-1", **{"good-rows": "", "errors": "=mend.xlsx"})
    assert status == 1
    assert told.startswith("1 unit of N-1, written down by Ben, entered. ")
    assert "written.csv!B3: A-1 " in told
    assert "mend.xlsx" in told
    assert Path("mend.xlsx").exists()
    assert "downtime, entered 20" in ana("trace", "A-1", "--format", "table").out
    assert ana("template", "downtime", "left.xlsx", "--po", "N-1").status == 0
    assert [row[0].value for row in openpyxl.load_workbook("left.xlsx").worksheets[0].rows] == ["SKU", "BAT-100"]
