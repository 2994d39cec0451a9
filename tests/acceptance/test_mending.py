"""Refused rows come back in the supervisor's own workbook; mended there, it is imported."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.acceptance.warehouse import Warehouse

PO_HEADER = ("Pallet", "Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Checked on")
SO_HEADER = ("Pallet", "Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number", "Checked on")
MARK = "FFFFC9CE"


def own_workbook(path: Path, header: tuple[str, ...], number: str, *serials: object) -> Path:
    """As XlsxWriter writes it: a title, widths, colours, a date, another sheet with a formula."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Delivery")
    head = book.add_format({"bold": True, "bg_color": "#123456"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_string(0, 0, "What came on Friday")
    sheet.set_column("F:F", 31)
    sheet.freeze_panes(3, 0)
    for column, text in enumerate(header):
        sheet.write_string(2, column, text, head)
    for row, serial in enumerate(serials, 3):
        for column, text in enumerate((f"P-{row:03}", "W-EAST", "NORDWIND", number, "HDD-5")):
            sheet.write_string(row, column, text)
        if isinstance(serial, str):
            sheet.write_string(row, 5, serial)
        else:
            sheet.write_number(row, 5, serial)
        sheet.write_datetime(row, 6, date(2026, 11, 27), day)
    book.add_worksheet("Count").write_formula("A1", "=COUNTA(Delivery!F4:F99)", None, len(serials))
    book.close()
    return path


def check_copy(path: Path, header: tuple[str, ...], errors: list[bool], *marked: str) -> Any:
    book: Any = openpyxl.load_workbook(path)
    sheet = book["Delivery"]
    assert book.sheetnames == ["Delivery", "Count"]
    assert book["Count"]["A1"].value == "=COUNTA(Delivery!F4:F99)"
    assert sheet["A1"].value == "What came on Friday"
    assert [cell.value for cell in sheet[3]] == [*header, "Error"]
    assert sheet["H3"].fill.fgColor.rgb == sheet["A3"].fill.fgColor.rgb == "FF123456"
    assert (sheet.column_dimensions["F"].width, sheet.freeze_panes) == (pytest.approx(31, abs=1), "A4")
    assert [cell.value is not None for cell in sheet["H"][3:]] == errors
    assert [cell.number_format for cell in sheet["G"][3:]] == ["dd/mm/yyyy"] * len(errors)
    found = {cell.coordinate for row in sheet.iter_rows(max_col=7) for cell in row if cell.fill.fgColor.rgb == MARK}
    assert found == set(marked)
    return book


def owed(warehouse: Warehouse) -> None:
    warehouse.load(products={"HDD-5": 5}, purchase={"N-501": {"HDD-5": 4}})
    warehouse.done("po", "receive", "N-501")


def test_on_the_command_line_until_nothing_is_refused(warehouse: Warehouse) -> None:
    owed(warehouse)
    sent = own_workbook(warehouse.folder / "sent.xlsx", PO_HEADER, "N-501", "H5-0001", 12.5, "HDD-5", "H5-0004")
    before = sent.read_bytes()
    one, two = warehouse.folder / "one.xlsx", warehouse.folder / "two.xlsx"

    warehouse.refused(
        *("po", "import-serials", "N-501", sent, "--errors", one),
        says=("F5", "F6", "All rows are saved with an Error column in", "It is a copy of sent.xlsx."),
    )

    assert sent.read_bytes() == before
    check_copy(one, PO_HEADER, [False, True, True, False], "F5", "F6")
    warehouse.refused("po", "import-serials", "N-501", one, says=("F5", "12.5 is a number with decimals", "F6"))

    book = check_copy(one, PO_HEADER, [False, True, True, False], "F5", "F6")
    book["Delivery"]["F5"] = "H5-0002"
    book.save(one)
    warehouse.refused("po", "import-serials", "N-501", one, "--errors", two, says=("F6", "It is a copy of one.xlsx."))
    book = check_copy(two, PO_HEADER, [False, False, True, False], "F6")
    book["Delivery"]["F6"] = "H5-0003"
    book.save(two)
    warehouse.done("po", "import-serials", "N-501", two)
    assert warehouse.statuses() == {f"H5-000{number}": "Received" for number in (1, 2, 3, 4)}


def test_of_a_shipment_and_of_a_csv_which_has_no_copy(warehouse: Warehouse) -> None:
    warehouse.load(products={"HDD-5": 5}, purchase={"N-501": {"HDD-5": 2}}, shipment={"S-501": {"HDD-5": 2}})
    warehouse.done("po", "receive", "N-501")
    with warehouse.station("pack", "S-501") as station:
        station.expect_title("Packing")
        station.ok("HDD-5", says="1 of 2")
        station.ok("HDD-5", says="2 of 2")
        station.ok("SS-COMPLETE", says="S-501 complete")
    copy = warehouse.folder / "copy.xlsx"
    sent = own_workbook(warehouse.folder / "sent.xlsx", SO_HEADER, "S-501", "H5-0001", "H5-0002")
    warehouse.refused(*("so", "import-serials", sent, "--errors", copy), says="It is a copy of sent.xlsx.")
    check_copy(copy, SO_HEADER, [True, True], "F4", "F5")

    plain = warehouse.folder / "sent.csv"
    plain.write_text(
        "Pallet,Warehouse,Client,SO Number,SKU,Primary Serial Number\nP-007,W-EAST,NORDWIND,S-501,HDD-5,X1\n"
    )
    warehouse.refused(
        *("so", "import-serials", plain, "--errors", copy),
        says="It is a new workbook with the columns of the sheet, and no copy: only .xlsx and .xlsm are copied.",
    )
    rows = list(openpyxl.load_workbook(copy).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == (*SO_HEADER[:6], "Error")
    assert rows[1][:6] == ("P-007", "W-EAST", "NORDWIND", "S-501", "HDD-5", "X1")


def test_orders_that_are_loaded(warehouse: Warehouse) -> None:
    warehouse.load(products={"HDD-5": 5})
    path = warehouse.folder / "orders.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Buyer"))
    sheet.write_row(1, 0, ("W-EAST", "NORDWIND", "N-601", "HDD-5", 3, "Ina"))
    sheet.write_row(2, 0, ("W-EAST", "NORDWIND", "N-602", "HDD-6", 4, "Olaf"))
    sheet.set_column("F:F", 22)
    book.close()
    mend = warehouse.folder / "mend.xlsx"

    warehouse.refused("load", path, "--errors", mend, says=("Orders!D3", "It is a copy of orders.xlsx."))

    copy: Any = openpyxl.load_workbook(mend)
    rows = list(copy["Orders"].iter_rows(values_only=True))
    assert rows[1] == ("W-EAST", "NORDWIND", "N-601", "HDD-5", 3, "Ina", None)
    assert rows[2][-1].startswith("HDD-6 is not a SKU of NORDWIND.")
    assert copy["Orders"]["D3"].fill.fgColor.rgb == MARK
    copy["Orders"]["D3"] = "HDD-5"
    copy.save(mend)
    warehouse.done("load", mend)
    assert warehouse.po("N-602")["lines"][0]["ordered"] == 4


def test_in_the_import_wizard_whole_and_beside_the_good_rows(warehouse: Warehouse) -> None:
    owed(warehouse)
    own_workbook(warehouse.folder / "sent.xlsx", PO_HEADER, "N-501", "H5-0001", "HDD-5", "H5-0003", 12.5)
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose_file("sent.xlsx")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "2 of 4 rows")
        office.choose("Save all rows")
        office.shows("sent-errors.xlsx")
        office.press("enter")
        office.expect("OK", "All rows are saved with an Error column")
        check_copy(warehouse.folder / "sent-errors.xlsx", PO_HEADER, [False, True, False, True], "F5", "F7")

        office.choose("Import 2 good rows, save 2 others")
        office.shows("sent-to-mend.xlsx")
        office.press("enter")
        office.expect_question("Import 2 serials on PO N-501, and leave 2 rows out?")
        office.press("y")
        office.expect_step(5, "2 serials imported", "2 rows are saved with an Error column", "a copy of sent.xlsx")
    book = check_copy(warehouse.folder / "sent-to-mend.xlsx", PO_HEADER, [True, True], "F4", "F5")
    sheet = book["Delivery"]
    assert [cell.value for cell in sheet["A"][3:]] == ["P-004", "P-006"]
    sheet["F4"], sheet["F5"] = "H5-0002", "H5-0004"
    book.save(warehouse.folder / "sent-to-mend.xlsx")
    warehouse.done("po", "import-serials", warehouse.folder / "sent-to-mend.xlsx")
    assert warehouse.statuses() == {f"H5-000{number}": "Received" for number in (1, 2, 3, 4)}
