"""`load`, `template` and `demo`."""

import sys
from pathlib import Path

import openpyxl
import pytest

from scanstation.store.store import create_store
from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command, process
from tests.terminal import Terminal

PRODUCTS = (
    "Client,SKU,Description,Barcodes,Track Serial Number,Both Receiving and Packing,Only Packing,"
    "Skip Scan Serial Number,Scan Secondary Serial Number\n"
    "NORDWIND,CAM-500,Camera,,x,x,,x,\n"
)
ORDERS = "Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-1,CAM-500,3\n"


@pytest.fixture
def sheets(in_folder: Path) -> Path:
    (in_folder / "products.csv").write_text(PRODUCTS)
    (in_folder / "orders.csv").write_text(ORDERS)
    return in_folder


def test_what_is_loaded_is_named_beside_standard_output(ana: Command, sheets: Path) -> None:
    ran = ana("load", "products.csv", "orders.csv")
    assert (ran.status, ran.out) == (0, "")
    assert "NORDWIND" in ran.err
    assert "W-EAST" in ran.err
    assert [told["number"] for told in ana("po", "list").json] == ["N-1"]
    assert ana("load", "products.csv", "orders.csv").status == 0


def test_a_file_is_explained_and_nothing_is_loaded(ana: Command, sheets: Path) -> None:
    with (sheets / "products.csv").open("a") as file:
        file.write("NORDWIND,LAP-1,Laptop,,x,,,,\n")
    ran = ana("load", "--explain", "products.csv")
    assert ran.status == 1  # as loading it would
    told = [line.split() for line in ran.out.splitlines()]
    assert ["products.csv", "products", "SKU", "column", "B", "CAM-500"] in told
    assert ["products.csv", "products", "Serial", "Pattern", "—"] in told
    assert "Would be loaded: " in ran.err
    assert "LAP-1" in ran.err.splitlines()[-1]
    assert ana("po", "list").json == []
    assert "column E" in ana("load", "--explain", "orders.csv").out
    assert ana("load", "--explain", "products.csv", "orders.csv").status == 2


def test_a_map_is_named_in_the_configuration_and_a_bad_one_is_one_sentence(
    ana: Command, sheets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ana("load", "products.csv").status == 0
    (sheets / "export.csv").write_text("Name,Lineitem sku,Lineitem quantity,Id\n#1001,CAM-500,2,51\n")
    (sheets / "config.toml").write_text(
        '[load.map]\nuse = "shopify"\n[load.map.constants]\nWarehouse = "W-EAST"\nClient = "NORDWIND"\n'
    )
    assert "column A, “Name”" in ana("load", "--explain", "export.csv").out
    assert ana("load", "export.csv").status == 0
    assert [told["number"] for told in ana("so", "list").json] == ["#1001"]
    for text, said in (
        ("[load.map.shipment-orders]\n", "The map config.toml names no column."),
        ('[load.map.shipment-orders.columns]\n"No" = "Nummer"\n', "Nummer is no column of shipment orders."),
        ('[load]\nmap = "/no/map.toml"\n', "The map /no/map.toml cannot be read"),
        ("[load]\nmap = 5\n", "[load] map must be a ready map's name"),
    ):
        (sheets / "config.toml").write_text(text)
        ran = ana("load", "export.csv")
        assert (ran.status, ran.out, len(ran.err.strip().splitlines())) == (2, "", 1), ran
        assert said in ran.err
    (sheets / "config.toml").write_text("")
    monkeypatch.setenv("SCANSTATION_LOAD__MAP", "sap")
    assert "The map sap cannot be read" in ana("load", "export.csv").err


def test_bad_rows_are_listed_and_nothing_is_loaded(ana: Command, sheets: Path) -> None:
    with (sheets / "orders.csv").open("a") as file:
        file.write("W-EAST,NORDWIND,N-2,NO-SUCH,3\nW-EAST,NOBODY,N-3,CAM-500,3\n")
    ran = ana("load", "products.csv", "orders.csv")
    assert (ran.status, ran.out) == (1, "")
    assert "\norders.csv!D3: NO-SUCH is not a SKU" in ran.err, "the file is named once"
    assert "NOBODY" in ran.err
    assert ana("po", "list").json == []


def test_good_orders_are_loaded_when_that_is_asked_for(ana: Command, sheets: Path) -> None:
    with (sheets / "orders.csv").open("a") as file:
        file.write("W-EAST,NORDWIND,N-2,NO-SUCH,3\n")
    assert ana("load", "products.csv").status == 0
    ran = ana("load", "orders.csv", "--good-orders")
    assert ran.status == 1
    assert "NO-SUCH" in ran.err
    assert [told["number"] for told in ana("po", "list").json] == ["N-1"]


def test_what_was_added_up_is_said_on_standard_error(ana: Command, sheets: Path) -> None:
    with (sheets / "orders.csv").open("a") as file:
        file.write("W-EAST,NORDWIND,N-1,CAM-500,4\n")
    ran = ana("load", "products.csv", "orders.csv")
    assert (ran.status, ran.out) == (0, "")
    assert "  orders.csv: CAM-500 of N-1 stands in rows 2 and 3; they are added up to 7.\n" in ran.err
    assert ana("po", "show", "N-1", "--format", "json").json["lines"][0]["ordered"] == 7


def test_all_rows_are_saved_to_be_mended_on_request(ana: Command, sheets: Path) -> None:
    with (sheets / "orders.csv").open("a") as file:
        file.write("W-EAST,NORDWIND,N-2,NO-SUCH,3\n")
    ran = ana("load", "products.csv", "orders.csv", "--errors", "mend.xlsx")
    assert (ran.status, ran.out) == (1, "")
    assert (
        ran.err.splitlines()[-1]
        == "All rows are saved with an Error column in mend.xlsx: mend them and import that file. "
        "It is a new workbook with the columns of the sheet, and no copy: the rows are of several files."
    )
    book = openpyxl.load_workbook(sheets / "mend.xlsx")
    book["purchase-orders"]["D3"] = "CAM-500"
    book.save(sheets / "mend.xlsx")
    assert ana("load", "mend.xlsx").status == 0
    assert [told["number"] for told in ana("po", "list").json] == ["N-1", "N-2"]


def test_the_rows_to_mend_never_take_the_place_of_what_is_loaded(ana: Command, sheets: Path) -> None:
    assert ana("load", "orders.csv", "--errors", "orders.csv").status == 2
    assert (sheets / "orders.csv").read_text() == ORDERS


def test_a_path_with_nothing_to_read_is_status_2(ana: Command, sheets: Path) -> None:
    for path in ("nowhere.xlsx", "."):
        assert ana("load", path).status == 2


def test_content_that_is_no_sheet_is_status_1(ana: Command, sheets: Path) -> None:
    (sheets / "x.xlsx").write_bytes(b"no workbook")
    assert ana("load", "x.xlsx").status == 1


@pytest.mark.parametrize(
    "kind",
    ["products", "purchase-orders", "shipment-orders", "opening-stock", "po-serials", "so-serials", "returns"],
)
def test_a_template_needs_no_store(command: Command, in_folder: Path, kind: str) -> None:
    ran = command("template", kind, "sheet.xlsx")
    assert (ran.status, ran.out) == (0, "")
    header = next(openpyxl.load_workbook(in_folder / "sheet.xlsx").worksheets[0].iter_rows(values_only=True))
    assert "Client" in header


def test_a_template_of_an_order_has_a_row_for_each_serial_owed(site: Site, ana: Command, in_folder: Path) -> None:
    builders.product(site, "CAM-500", 5)
    builders.purchase(site, "N-5", {"CAM-500": 3})
    ana("po", "receive", "N-5")
    assert ana("template", "po-serials", "owed.xlsx", "--po", "N-5").status == 0
    rows = list(openpyxl.load_workbook(in_folder / "owed.xlsx").worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 4
    assert ana("template", "po-serials", "owed.xlsx", "--po", "N-99").status == 1
    assert ana("template", "po-serials", "nowhere/owed.xlsx").status == 2


def test_an_empty_number_is_no_order_to_make_a_template_of(ana: Command, in_folder: Path) -> None:
    assert ana("template", "po-serials", "x.xlsx", "--po", "").status == 1
    assert not (in_folder / "x.xlsx").exists()


def test_the_example_is_made_opened_kept_and_made_anew(home: Path) -> None:
    words = [sys.executable, "-m", "scanstation", "demo"]
    store = f"sqlite:///{home}/.local/share/scanstation/demo.db"

    def look_around(*more: str) -> None:
        with Terminal([*words, *more], env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
            terminal.wait_for("N-1003")
            terminal.press("ctrl+q")
            terminal.wait_for("Close this station?")
            terminal.press("y")
            assert terminal.wait_exit() == 0

    look_around()
    assert process("--db", store, "po", "close", "N-1003", "--reason", "test", home=home).returncode == 0
    look_around()
    assert '"Completed"' in process("--db", store, "po", "show", "N-1003", home=home).stdout
    look_around("--reset")
    assert '"Open"' in process("--db", store, "po", "show", "N-1003", home=home).stdout
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
        terminal.wait_for("N-1003")
        terminal.scan("N-1003", "CAM-300")
        terminal.wait_for("Primary serial")
        terminal.press("ctrl+q")
        terminal.wait_for("Close this station?")
        terminal.press("y")
        assert terminal.wait_exit() == 0
        assert "What was done is kept in" in terminal.text
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
        terminal.wait_for("begin again?")
        terminal.type("y\r")
        terminal.wait_for("takes one camera")
        assert "✓" not in terminal.text
        terminal.press("ctrl+q")
        terminal.wait_for("Close this station?")
        terminal.press("y")
        assert terminal.wait_exit() == 0
    assert process("--db", store, "db", "check", home=home).returncode == 0


def test_the_example_is_in_no_store_of_ones_own(ana: Command) -> None:
    assert ana("demo").status == 2
    assert ana("po", "list").json == []


def test_a_lost_example_says_how_to_make_it_anew(command: Command, home: Path) -> None:
    assert command("demo").status == 2  # made, but not opened: there is no terminal here
    (home / ".local/share/scanstation/demo.db").unlink()
    ran = command("demo")
    assert ran.status == 3
    assert "scanstation demo --reset" in ran.err
    assert command("demo", "--reset").status == 2
    assert (home / ".local/share/scanstation/demo.db").exists()


def test_an_example_whose_making_was_cut_short_is_made_or_says_how(command: Command, home: Path) -> None:
    store = home / ".local/share/scanstation/demo.db"
    url = f"sqlite:///{store}"
    create_store(url).close()
    assert command("demo").status == 2
    assert command("--db", url, "po", "show", "N-1003").status == 0
    for half_made in (b"", b"no database"):
        store.write_bytes(half_made)
        ran = command("demo")
        assert ran.status == 3
        assert "scanstation demo --reset" in ran.err
    assert command("demo", "--reset").status == 2
    assert command("--db", url, "po", "show", "N-1003").status == 0


def test_an_example_that_is_made_anew_keeps_its_key_and_a_test_of_scanners_leaves_none(
    command: Command, home: Path
) -> None:
    for _ in range(3):
        assert command("demo", "--reset").status == 2
    assert command("devices", "test").status == 2
    assert len([*home.rglob("*.key")]) == 1


def test_the_template_of_products_says_how_several_barcodes_are_written(ana: Command, in_folder: Path) -> None:
    ran = ana("template", "products", "products.xlsx")
    assert (ran.status, ran.out) == (0, "")
    assert "  Barcodes: Several barcodes stand in one cell with ; between them; code=12 is a pack of 12.\n" in ran.err
    assert "  Strip: What labels put before a serial, with ; between them: SN:;S/N.\n" in ran.err
    assert "  Serial Pattern: A regular expression for the whole serial, or imei, mac, luhn:15; " in ran.err
