"""From a file to its serials in the store, and away again, by a person at a terminal."""

from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.warehouse import Station, Warehouse

SIZES = [(80, 24), (40, 20)]


def received(warehouse: Warehouse) -> None:
    """Two purchase orders whose serials are owed."""
    warehouse.load(products={"HDD-5": 5}, purchase={"N-501": {"HDD-5": 3}, "N-502": {"HDD-5": 1}})
    warehouse.done("po", "receive", "N-501")
    warehouse.done("po", "receive", "N-502")


@pytest.mark.parametrize(("columns", "rows"), SIZES, ids=[f"{columns}x{rows}" for columns, rows in SIZES])
def test_from_choosing_the_file_to_a_removed_batch(warehouse: Warehouse, columns: int, rows: int) -> None:
    received(warehouse)
    warehouse.serials_sheet("PO Number", "N-501", "HDD-5", "H5-0001", "H5-0002", "H5-0003", name="delivery.xlsx")
    with warehouse.station(columns=columns, rows=rows) as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("deliv")  # a part of the name is enough
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "All 3 rows", "0 of 3 → 3 of 3")
        assert warehouse.serials() == [], "a preview changes nothing"
        office.back_to_step(3)
        office.back_to_step(2)
        office.wait_for(lambda _: "delivery.xlsx" in office.marked)  # what was chosen is still marked
        office.press("enter")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "All 3 rows")
        office.stop("H5-0001", says="An import is being prepared")
        office.press("enter")
        office.expect_question("Import 3 serials on PO N-501?")
        office.press("y")
        office.expect_step(5, "3 serials imported as batch 1")
        assert len(warehouse.serials("--status", "received")) == 3

        office.choose("Take this import back, batch 1")
        office.shows("3 serials go, and may be imported again.")
        office.press("enter")
        office.expect("OK", "3 serials removed from PO N-501")
        assert warehouse.serials() == []
        office.choose("To the order")
        office.expect_title("Purchase order")
        assert all(len(line) <= columns for line in office.lines)


def test_a_bad_file_is_saved_with_its_errors_mended_and_imported(warehouse: Warehouse) -> None:
    received(warehouse)
    warehouse.serials_sheet("PO Number", "N-501", "HDD-5", "H5-0001", "HDD-5", "H5-0001", name="bad.xlsx")
    mended = warehouse.folder / "bad-errors.xlsx"
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("bad.xlsx")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "2 of 3 rows", "E3", "HDD-5 is the product HDD-5", "E4", "H5-0001 stands in row 2 too")
        office.type("e4")
        office.wait_for(lambda _: "1 of 2 problems have “e4”" in office.text)
        assert "E3" not in office.text
        office.press("backspace", "backspace")
        office.wait_for(lambda _: "E3" in office.text)
        office.choose("Save all rows")
        office.shows("bad-errors.xlsx")
        office.press("enter")
        office.expect("OK", "All rows are saved with an Error column")
        assert warehouse.serials() == []

        book = openpyxl.load_workbook(mended)
        sheet = book.worksheets[0]
        assert [row[-1].value is None for row in sheet.iter_rows(min_row=2)] == [True, False, False]
        sheet["E3"], sheet["E4"] = "H5-0002", "H5-0003"
        book.save(mended)
        office.back_to_step(3)
        office.back_to_step(2)
        office.press("escape")
        office.expect_title("Purchase order")
        office.import_file(mended)
    assert warehouse.statuses() == {f"H5-000{number}": "Received" for number in (1, 2, 3)}


def test_the_good_rows_come_in_and_the_others_wait_in_a_file_of_their_own(warehouse: Warehouse) -> None:
    received(warehouse)
    warehouse.serials_sheet("PO Number", "N-501", "HDD-5", "H5-0001", "HDD-5", "H5-0002", name="bad.xlsx")
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("bad.xlsx")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "1 of 3 rows")
        office.wait_for(lambda _: "Save all rows" in office.marked)  # the good rows never by default
        office.choose("Import 2 good rows, save the other")
        office.shows("bad-to-mend.xlsx")
        office.press("enter")
        office.expect_question("Import 2 serials on PO N-501, and leave 1 row out?")
        office.scan("SS-YES")
        office.expect_step(5, "2 serials imported", "1 row is saved with an Error column")
    assert set(warehouse.statuses()) == {"H5-0001", "H5-0002"}
    rows = openpyxl.load_workbook(warehouse.folder / "bad-to-mend.xlsx").worksheets[0].iter_rows(values_only=True)
    assert [row[4] for row in rows] == ["Primary Serial Number", "HDD-5"]


def test_two_fitting_sheets_are_asked_about_and_foreign_columns_chosen(warehouse: Warehouse) -> None:
    received(warehouse)
    path = warehouse.serials_sheet("PO Number", "N-501", "HDD-5", "H5-0001", name="two.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Last week")
    for row in book.worksheets[0].iter_rows(values_only=True):
        book["Last week"].append(["S/N" if cell == "Primary Serial Number" else cell for cell in row])
    book.copy_worksheet(book.worksheets[0]).title = "Copy"
    book.save(path)
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("two.xlsx")
        office.expect_step(3, "two.xlsx: 2 sheets have the header")
        office.choose("Last week")
        office.expect_step(3, "1 column was not found: Primary Serial Number")
        office.press("enter")
        office.expect("CHECK", "1 column was not found")
        office.choose("Primary Serial Number")
        office.shows("Which column is Primary Serial Number?")
        office.choose("S/N")
        office.expect_step(3, "E S/N")
        office.choose("Read and check")
        office.expect_step(4, "All 1 row", "0 of 3 → 1 of 3")


def test_a_column_that_is_there_twice_is_asked_about(warehouse: Warehouse) -> None:
    received(warehouse)
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "primary_serial_number"]
    warehouse.sheet(header, [["W-EAST", "NORDWIND", "N-501", "HDD-5", "OLD-1", "H5-0001"]], "twice.xlsx")
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("twice.xlsx")
        office.expect_step(3, "1 column is there twice: Primary Serial Number. Choose below.")
        office.press("enter")
        office.expect("CHECK", "1 column is there twice")
        office.choose("there twice")
        office.choose("F ")
        office.expect_step(3, "F primary_serial_number")
        office.choose("Read and check")
        office.expect_step(4, "All 1 row")
        office.press("enter")
        office.expect_question("Import 1 serial")
        office.press("y")
        office.expect_step(5, "1 serial imported")
    assert set(warehouse.statuses()) == {"H5-0001"}


def test_an_order_is_scanned_and_a_file_that_names_others_is_taken_for_all(warehouse: Warehouse) -> None:
    received(warehouse)
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"]
    rows = [["W-EAST", "NORDWIND", f"N-50{number}", "HDD-5", f"H5-000{number}"] for number in (1, 2)]
    warehouse.sheet(header, rows, "both.csv")
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Import serials")
        office.expect_step(2)
        office.ok("N-502", says="The serials go to PO N-502")
        office.type("both.csv")
        office.press("enter")
        office.expect_step(3)
        office.press("enter")
        office.expect_step(4, "N-501 is another order than N-502")
        office.choose("Take all orders")
        office.shows("All 2 rows", "N-501 HDD-5", "N-502 HDD-5")
        office.choose("Import 2 serials")
        office.expect_question("Import 2 serials on PO N-501 and N-502?")
        office.press("y")
        office.expect_step(5, "2 serials imported")
        office.choose("Take this import back, batch 1")
        office.shows("2 serials go")
        office.press("enter")
        office.expect("OK", "2 serials removed from PO N-501 and PO N-502")
    assert warehouse.serials() == []


def test_products_and_orders_are_loaded_after_a_look(warehouse: Warehouse) -> None:
    warehouse.load(products={"BAT-0": 0}, purchase={"N-101": {"BAT-0": 5}})
    header = ["Warehouse", "Client", "PO Number", "SKU", "Quantity"]
    rows = [["W-EAST", "NORDWIND", number, "BAT-0", quantity] for number, quantity in (("N-101", 7), ("N-102", 2))]
    warehouse.sheet(header, rows, "orders.xlsx")
    with warehouse.station() as office:
        _to_jobs(office)
        office.choose("Orders")
        office.expect_step(2)
        office.type("orders.xlsx")
        office.press("enter")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "2 purchase orders (1 new, 1 changed)", "BAT-0 5 → 7", "new purchase order N-102")
        assert len(warehouse.done("po", "list").json) == 1, "a preview changes nothing"
        office.press("enter")
        office.expect_question("Load 2 purchase orders")
        office.press("y")
        office.expect_step(5, "Loaded: 2 purchase orders")
    assert warehouse.po("N-101")["lines"][0]["ordered"] == 7


def test_a_sheet_to_fill_in_has_a_row_for_each_serial_owed(warehouse: Warehouse) -> None:
    received(warehouse)
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Import serials")
        office.expect_step(2)
        office.choose("A sheet to fill in")
        office.shows("po-serials-N-501.xlsx")
        office.press("enter")
        office.expect("OK", "3 rows to fill in for N-501")
        office.shows("po-serials-N-501.xlsx")
    (sheet,) = openpyxl.load_workbook(warehouse.folder / "po-serials-N-501.xlsx").worksheets
    assert [cell.value for cell in sheet[2]][:4] == ["W-EAST", "NORDWIND", "N-501", "HDD-5"]
    assert sheet.max_row == 4


def test_one_batch_is_removed_and_what_has_moved_on_is_kept_by_choice(warehouse: Warehouse) -> None:
    received(warehouse)
    warehouse.load(shipment={"S-501": {"HDD-5": 1}})
    for number, codes in enumerate((["H5-0001", "H5-0002"], ["H5-0003"]), 1):
        path = warehouse.serials_sheet("PO Number", "N-501", "HDD-5", *codes, name=f"batch-{number}.xlsx")
        warehouse.done("po", "import-serials", path)
    with warehouse.station("pack", "S-501") as bench:
        bench.ok("HDD-5", says="1 of 1")
        bench.ok("SS-COMPLETE", says="S-501 complete")
    warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-501", "HDD-5", "H5-0001"))
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Remove the imported")
        office.choose("Batch 2: 1 serial, batch-2.xlsx")
        office.shows("1 serial goes")
        office.press("escape")
        office.wait_for(lambda _: "1 serial goes" not in office.text)
        office.choose("Remove the imported")
        office.choose("Batch 1: 2 serials, batch-1.xlsx")
        office.shows("1 serial has moved on", "H5-0001", "is already Packed on SO S-501")
        office.wait_for(lambda _: "Leave everything" in office.marked)
        office.choose("Remove only 1 still Received, keep 1")
        office.expect("OK", "1 serial removed from PO N-501")
    assert warehouse.statuses() == {"H5-0001": "Packed", "H5-0003": "Received"}


def test_a_path_of_another_folder_is_typed_or_dropped(warehouse: Warehouse, tmp_path: Path) -> None:
    received(warehouse)
    folder = tmp_path / "far away"
    folder.mkdir()
    warehouse.serials_sheet("PO Number", "N-501", "HDD-5", "H5-0001", name="far.xlsx").rename(folder / "far.xlsx")
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Import serials")
        office.expect_step(2)
        office.pause(0.4)
        office.paste(f"'{folder / 'far.xlsx'}'")
        office.wait_for(lambda _: str(folder)[:20] in office.lines[-4])  # as much as there is room for
        office.press("enter")
        office.expect_step(3, "Read and check")
        office.press("escape")
        office.expect_step(2)
        office.type(f"{tmp_path}/far")
        office.shows("far away/")


def _to_jobs(office: Station) -> None:
    """To the first step, with no order."""
    office.expect_title("Home")
    office.press("f9")
    office.wait_for(lambda _: not office.lines[0].startswith(" HOME"))
    office.press("f6")
    office.wait_for(lambda _: "1 of 5" in office.lines[0])


def test_the_station_closes_while_a_file_is_read(warehouse: Warehouse) -> None:
    received(warehouse)
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"]
    warehouse.sheet(
        header, [["W-EAST", "NORDWIND", "N-501", "HDD-5", f"H5-{n:06}"] for n in range(300_000)], "long.csv"
    )
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("long.csv")
        office.expect_step(3, "Read and check")
        office.send("\r")
        office.wait_for(lambda _: "reading" in office.lines[0])
        office.press("ctrl+q")
        office.expect_question("Close this station?")
        office.press("y")
        assert office.wait_exit(30) == 0
    assert warehouse.serials() == []
