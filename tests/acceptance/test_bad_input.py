"""Every kind of bad input is refused in a sentence that says what is wrong, and nothing is changed by it.

`Warehouse.refused` asserts exit status 1, an empty standard output and whole sentences on standard error;
`Warehouse.run` and the stations assert that no traceback is shown. Each test compares all that anybody can see
(the report, both histories, both lists of orders) with what it was before.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.clerk import Clerk
from tests.acceptance.warehouse import CLIENT, FLAGS, PRIMARY, SECONDARY, SETTINGS, WAREHOUSE, Station, Warehouse
from tests.sheets.workbooks import ole

PO_SERIALS = ("Warehouse", "Client", "PO Number", "SKU", PRIMARY, SECONDARY)
SO_SERIALS = ("Warehouse", "Client", "SO Number", "SKU", PRIMARY, SECONDARY)
PRODUCTS = ("Client", "SKU", "Description", "Barcodes", *FLAGS, "Serial Pattern", "Serial Hint")
PURCHASE = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")
SHIPMENT = ("Warehouse", "Client", "SO Number", "SKU", "Quantity")
STOCK = ("Warehouse", "Client", "SKU", PRIMARY, SECONDARY)

Row = tuple[object, ...]
Says = str | tuple[str, ...]


class World:
    """A warehouse in mid-work, and what it looked like before anything bad came in."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._settle()
        self.before = warehouse.everything()

    def _settle(self) -> None:
        warehouse = self.warehouse
        warehouse.load(
            products={"LAP-1": 1, "PAD-2": 2, "CAM-3": 3, "HDD-5": 5, "ROU-7": 7, "BAT-0": 0},
            purchase={
                "N-101": {"LAP-1": 2, "CAM-3": 1, "BAT-0": 3},
                "N-105": {"HDD-5": 3},
                "N-107": {"ROU-7": 2},
                "N-109": {"PAD-2": 1},
            },
            shipment={
                "S-101": {"LAP-1": 2, "BAT-0": 1},
                "S-105": {"HDD-5": 1},
                "S-106": {"HDD-5": 1},
                "S-109": {"LAP-1": 1},
            },
            opening=[("LAP-1", "L1-0900"), ("LAP-1", "L1-0901"), ("LAP-1", "L1-0902"), ("HDD-5", "H5-0900")],
        )
        warehouse.load(opening=[("LAP-1", "L1-WEST"), ("HDD-5", "H5-WEST")], warehouse="W-WEST")
        pattern = [CLIENT, "SIM-1", "SIM card", "", *SETTINGS[1], "SIM[0-9]{4}", "SIM and 4 digits"]
        warehouse.done("load", warehouse.sheet(PRODUCTS, [pattern]))
        warehouse.load(purchase={"N-102": {"SIM-1": 1}})
        for number in ("N-105", "N-107", "N-109"):
            warehouse.done("po", "receive", number)
        imported = warehouse.serials_sheet("PO Number", "N-105", "HDD-5", "H5-0001", "H5-0002", name="imported.xlsx")
        warehouse.done("po", "import-serials", imported)
        with warehouse.station("pack", "S-105", name="bench-1") as bench:
            bench.expect("OK", "S-105 is open")
            bench.ok("HDD-5", says="1 of 1")
            bench.ok("S-106", says=("S-105 complete", "S-106 is open"))
            bench.ok("HDD-5", says="1 of 1")
            bench.ok("S-109", says=("S-106 complete", "S-109 is open"))
            bench.ok("LAP-1", "L1-0901", says="1 of 1")
            bench.ok("SS-COMPLETE", says="S-109 complete")
        warehouse.done("so", "import-serials", warehouse.serials_sheet("SO Number", "S-105", "HDD-5", "H5-0001"))
        assert warehouse.statuses() == {
            "L1-0900": "Received",
            "L1-0901": "Packed",
            "L1-0902": "Received",
            "L1-WEST": "Received",
            "H5-0001": "Packed",
            "H5-0002": "Received",
            "H5-0900": "Received",
            "H5-WEST": "Received",
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, clerk: Clerk) -> World:
    """Shared: what is refused changes nothing."""
    return World(Warehouse(tmp_path_factory.mktemp("world") / "warehouse", clerk))


@pytest.fixture
def warehouse(world: World) -> Iterator[Warehouse]:
    """The shared warehouse; after the test it must look as it did before."""
    yield world.warehouse
    before, world.before = world.before, world.warehouse.everything()
    assert world.before == before


@pytest.fixture
def own(world: World, tmp_path: Path, clerk: Clerk) -> Warehouse:
    """A copy of the warehouse, for stations: opening an order there is a change of its own."""
    shutil.copytree(world.warehouse.folder, tmp_path / "warehouse")
    return Warehouse(tmp_path / "warehouse", clerk, made=True)


# -- serials on a purchase order: N-105 has 3 received and 2 imported, of which one is Packed --------------------


def po_row(
    code: object = "H5-0003",
    second: object = "",
    *,
    number: object = "N-105",
    sku: str = "HDD-5",
    client: str = CLIENT,
    warehouse: str = WAREHOUSE,
) -> Row:
    return warehouse, client, number, sku, code, second


BAD_PO_ROWS: dict[str, tuple[list[Row], Says]] = {
    "another order": ([po_row(number="N-107")], ("C2", "N-107 is another order than N-105")),
    "another client": ([po_row(client="SUDWIND")], ("B2", "SUDWIND", "NORDWIND")),
    "another warehouse": ([po_row(warehouse="W-WEST")], ("A2", "W-WEST", "W-EAST")),
    "a SKU that nobody knows": ([po_row(sku="HDD-55")], ("D2", "HDD-55 is not a SKU of NORDWIND")),
    "a SKU that is not on the order": ([po_row(sku="ROU-7")], ("D2", "ROU-7 is not on N-105")),
    "a barcode for the SKU": ([po_row(sku="EAN-HDD-5")], ("D2", "is a barcode", "HDD-5")),
    "no serial": ([po_row("")], ("E2", "is empty")),
    "too many": ([po_row("H5-0003"), po_row("H5-0004")], ("E2:E3", "2 serials of HDD-5", "Take 1 out")),
    "twice in the file": ([po_row("H5-0003"), po_row("h5-0003 ")], ("E3", "h5-0003 stands in row 2 too")),
    "twice in the file, full width": ([po_row("H5-0003"), po_row("H5-０００３")], ("E3", "stands in row 2 too")),
    "in the store": ([po_row("H5-0900")], ("E2", "H5-0900 is already Received")),
    "in the store in another form": ([po_row("h5-0900")], ("E2", "h5-0900 is already Received")),
    "in the store in another warehouse": ([po_row("H5-WEST")], ("E2", "H5-WEST is already Received", "W-WEST")),
    "imported before": ([po_row("H5-0002")], ("E2", "already imported on PO N-105")),
    "imported before and Packed since": ([po_row("H5-0001")], ("E2", "already imported on PO N-105")),
    "a secondary that the product does not have": ([po_row("H5-0003", "X-1")], ("F2", "has no secondary serial")),
    "a product": ([po_row("LAP-1")], ("E2", "LAP-1 is the product LAP-1, not a serial")),
    "a product's barcode": ([po_row("ean-bat-0")], ("E2", "is the product BAT-0, not a serial")),
    "a web address": ([po_row("https://example.org/7")], ("E2", "is a web address, not a serial")),
    "a product behind its identifier": ([po_row("1PBAT-0")], ("E2", "1PBAT-0 is the product BAT-0 behind 1P")),
    "a placeholder": ([po_row("n.a.")], ("E2", "n.a. stands for a missing serial")),
    "a command barcode": ([po_row("SS-COMPLETE")], ("E2", "is a command barcode")),
    "65 characters": ([po_row("H5-" + "0" * 62)], ("E2", "is too long: 65 characters, 64 at most")),
    "a look-alike letter": ([po_row("Н5-0003")], ("E2", "cyrillic")),
    "a zero-width character": ([po_row("H5-\u200b0003")], ("E2", "a zero-width space")),
    "a line break": ([po_row("H5-\n0003")], ("E2", "contains a line break")),
    "a number that lost digits": (
        [po_row(1234567890123456789)],
        ("E2", "more than 15 digits", "Format the column as Text"),
    ),
    "a number with an exponent": (
        [po_row("1.23E+15")],
        ("E2", "its last digits are lost", "Format the column as Text"),
    ),
    "a number with decimals": ([po_row(12.5)], ("E2", "decimals", "Format the column as Text")),
    "a logical value": ([po_row(True)], ("E2", "a logical value")),
    "an error value": ([po_row("#REF!")], ("E2", "an error value")),
    "a formula without a value": ([po_row("=A1")], ("E2", "formula")),
}


@pytest.mark.wide(24)
@pytest.mark.parametrize(("rows", "says"), BAD_PO_ROWS.values(), ids=BAD_PO_ROWS)
def test_serials_for_a_purchase_order(warehouse: Warehouse, rows: list[Row], says: Says) -> None:
    warehouse.refused("po", "import-serials", "N-105", warehouse.sheet(PO_SERIALS, rows), says=says)


def test_every_bad_row_is_reported_and_the_good_ones_are_not_taken(warehouse: Warehouse) -> None:
    rows = [po_row("H5-0003"), po_row("H5-0900"), po_row("H5-0004", sku="HDD-55"), po_row(client="SUDWIND")]
    errors = warehouse.folder / "errors.xlsx"
    warehouse.refused(
        *("po", "import-serials", "N-105", warehouse.sheet(PO_SERIALS, rows), "--errors", errors),
        says=("E3", "H5-0900", "D4", "HDD-55", "B5", "SUDWIND", "errors.xlsx"),
    )
    sheet = openpyxl.load_workbook(errors).worksheets[0]
    told = [list(row) for row in sheet.iter_rows(values_only=True)]
    at = told[0].index("Error")
    assert [bool(row[at]) for row in told[1:]] == [False, True, True, True]


@pytest.mark.parametrize(
    ("number", "sku", "says"),
    [
        ("N-404", "HDD-5", "there is no purchase order N-404"),
        ("N-101", "LAP-1", "nothing has been received on purchase order N-101"),
        ("N-109", "PAD-2", "serials of PAD-2 are scanned at packing and never imported"),
        ("S-105", "HDD-5", "there is no purchase order S-105"),
    ],
)
def test_serials_for_an_order_that_takes_none(warehouse: Warehouse, number: str, sku: str, says: str) -> None:
    sheet = warehouse.serials_sheet("PO Number", number, sku, "X-0001")
    warehouse.refused("po", "import-serials", sheet, says=says)


def test_both_serials_of_a_unit_are_one_code(warehouse: Warehouse) -> None:
    sheet = warehouse.serials_sheet("PO Number", "N-107", "ROU-7", ("R7-0001", "r7-0001"), ("R7-0002", ""))
    warehouse.refused(
        "po", "import-serials", sheet, says=("r7-0001 is this row's primary serial too", "needs a Secondary")
    )


def test_the_same_file_again(warehouse: Warehouse) -> None:
    warehouse.refused(
        "po", "import-serials", "N-105", "imported.xlsx", says=("E2:E3", "2 serials are already imported on PO N-105")
    )


@pytest.mark.parametrize("column", PO_SERIALS[:-1])
def test_a_missing_column(warehouse: Warehouse, column: str) -> None:
    sheet = warehouse.serials_sheet("PO Number", "N-105", "HDD-5", "H5-0003", without=column)
    warehouse.refused("po", "import-serials", "N-105", sheet, says=("lacks", column))


# -- files that are none --------------------------------------------------------------------------------------


def _cut(folder: Path) -> Path:
    whole = (folder / "imported.xlsx").read_bytes()
    path = folder / "cut.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _with_password(folder: Path) -> Path:
    return ole(folder / "secret.xlsx", {"EncryptionInfo": bytes(5000), "EncryptedPackage": bytes(5000)})


def _written(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return write


def _two_sheets(folder: Path) -> Path:
    book = openpyxl.load_workbook(folder / "imported.xlsx")
    book.copy_worksheet(book.worksheets[0])
    book.save(folder / "two.xlsx")
    return folder / "two.xlsx"


def _header_only(folder: Path) -> Path:
    return _written("none.csv", ",".join(PO_SERIALS).encode())(folder)


BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "with a password": (_with_password, "protected with a password"),
    "cut off": (_cut, "cut off or damaged"),
    "empty": (_written("empty.xlsx", b""), "is empty"),
    "a picture": (_written("photo.xlsx", b"\x89PNG\r\n\x1a\n"), "a picture"),
    "text with a workbook's name": (_written("list.xlsx", b"Warehouse,Client\n"), "is not what its name says"),
    "bytes": (_written("list.csv", b"a,b\x00\x01\n"), "neither a workbook nor text"),
    "with two sheets that fit": (_two_sheets, "two sheets that fit"),
    "without a header": (_written("rows.csv", b"W-EAST,NORDWIND,N-105,HDD-5,H5-0003\n"), "no sheet with the header"),
    "without a row": (_header_only, "no row below the header"),
}


@pytest.mark.parametrize(("make", "says"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file(warehouse: Warehouse, make: Callable[[Path], Path], says: str) -> None:
    path = make(warehouse.folder)
    warehouse.refused("po", "import-serials", "N-105", path, says=says)


@pytest.mark.parametrize("path", ["nowhere.xlsx", "."])
def test_a_path_that_cannot_be_read(warehouse: Warehouse, path: str) -> None:
    for command in (("po", "import-serials", "N-105"), ("so", "import-serials"), ("load",)):
        ran = warehouse.run(*command, path)
        assert ran.status == 2, ran
        assert "There is no file nowhere.xlsx" in ran.err or "is a folder" in ran.err


# -- serials on a shipment order: S-106 has 1 packed and none imported ------------------------------------------


def so_row(
    code: object, second: object = "", *, number: str = "S-106", sku: str = "HDD-5", client: str = CLIENT
) -> Row:
    return WAREHOUSE, client, number, sku, code, second


BAD_SO_ROWS: dict[str, tuple[list[Row], Says]] = {
    "unknown": ([so_row("H5-0777")], ("E2", "H5-0777 is not known as a serial of HDD-5")),
    "Packed": ([so_row("H5-0001")], ("E2", "H5-0001 is already Packed on SO S-105", "office", "Mia")),
    "of another warehouse": ([so_row("H5-WEST")], ("E2", "was received in warehouse W-WEST", "W-EAST")),
    "of another product": ([so_row("L1-0900")], ("E2", "L1-0900")),
    "too many": ([so_row("H5-0002"), so_row("H5-0900")], ("E2:E3", "2 serials of HDD-5", "Take 1 out")),
    "twice": ([so_row("H5-0002"), so_row("h5-0002")], ("E3", "stands in row 2 too")),
    "another order": ([so_row("H5-0002", number="S-101")], ("C2", "S-101 is another order than S-106")),
    "another client": ([so_row("H5-0002", client="SUDWIND")], ("B2", "SUDWIND")),
    "an unknown SKU": ([so_row("H5-0002", sku="HDD-55")], ("D2", "HDD-55")),
    "a number that lost digits": ([so_row(1234567890123456789)], ("E2", "more than 15 digits")),
}


@pytest.mark.parametrize(("rows", "says"), BAD_SO_ROWS.values(), ids=BAD_SO_ROWS)
def test_serials_for_a_shipment_order(warehouse: Warehouse, rows: list[Row], says: Says) -> None:
    warehouse.refused("so", "import-serials", "S-106", warehouse.sheet(SO_SERIALS, rows), says=says)


def test_serials_for_a_shipment_order_that_is_not_packed(warehouse: Warehouse) -> None:
    sheet = warehouse.serials_sheet("SO Number", "S-101", "LAP-1", "L1-0900")
    warehouse.refused("so", "import-serials", sheet, says=("S-101 is Open", "Ready to Ship"))


# -- acts on orders -------------------------------------------------------------------------------------------

BAD_ACTS: dict[str, tuple[tuple[str, ...], Says]] = {
    "Receive PO, serials are scanned": (("po", "receive", "N-101"), ("LAP-1", "CAM-3", "Both Receiving and Packing")),
    "Receive PO, completed": (("po", "receive", "N-109"), "N-109 is Completed"),
    "Receive PO, unknown": (("po", "receive", "N-404"), "There is no purchase order N-404"),
    "Receive PO of a shipment": (("po", "receive", "S-101"), "There is no purchase order S-101"),
    "close, completed": (("po", "close", "N-109", "--reason", "short"), "N-109 is Completed already"),
    "close without a reason": (("po", "close", "N-101", "--reason", "  "), "Say why N-101"),
    "reopen, open": (("po", "reopen", "N-101", "--reason", "more came"), "N-101 is Open"),
    "Remove, moved on": (("po", "remove-serials", "N-105"), ("H5-0001", "is already Packed on SO S-105")),
    "Remove, nothing imported": (("po", "remove-serials", "N-107"), "No imported serials are on PO N-107"),
    "Remove, unknown batch": (
        ("po", "remove-serials", "N-105", "--batch", "77"),
        "Batch 77 has no serials on PO N-105",
    ),
    "Remove from a shipment without imports": (
        ("so", "remove-serials", "S-106"),
        "No imported serials are on SO S-106",
    ),
    "Ship, serials are missing": (("so", "ship", "S-106"), ("S-106 lacks serials of HDD-5", "0 of 1")),
    "Ship, not packed": (("so", "ship", "S-101"), "S-101 is Open, not Ready to Ship"),
    "Ship, unknown": (("so", "ship", "S-404"), "There is no shipment order S-404"),
    "Ship without serials, no reason": (
        ("so", "ship", "S-106", "--without-serials", "--reason", " "),
        "Say why S-106",
    ),
    "Ship short, nothing packed": (("so", "close", "S-101", "--reason", "short"), "Nothing is packed on S-101"),
}


@pytest.mark.parametrize(("command", "says"), BAD_ACTS.values(), ids=BAD_ACTS)
def test_an_act(warehouse: Warehouse, command: tuple[str, ...], says: Says) -> None:
    warehouse.refused(*command, says=says)


# -- master data ----------------------------------------------------------------------------------------------


def product(sku: str, settings: tuple[object, ...] = SETTINGS[1], *, barcodes: str = "", pattern: str = "") -> Row:
    return CLIENT, sku, "new", barcodes, *settings, pattern, ""


BAD_SHEETS: dict[str, tuple[tuple[str, ...], list[Row], Says]] = {
    "both settings on": (
        PRODUCTS,
        [product("NEW-1", (True, True, True, False, False))],
        ("NEW-1", "“Both Receiving and Packing” and “Only Packing” are both on"),
    ),
    "both settings off": (
        PRODUCTS,
        [product("NEW-1", (True, False, False, True, True))],
        ("NEW-1", "“Both Receiving and Packing” and “Only Packing” are both off"),
    ),
    "a setting that is none": (
        PRODUCTS,
        [product("NEW-1", ("maybe", True, False, False, False))],
        ("E2", "maybe is neither yes nor no"),
    ),
    "a barcode of two products": (
        PRODUCTS,
        [product("NEW-1", barcodes="EAN-LAP-1")],
        ("D2", "EAN-LAP-1 is a barcode of LAP-1 too"),
    ),
    "a barcode of two new products": (
        PRODUCTS,
        [product("NEW-1", barcodes="EAN-9"), product("NEW-2", barcodes="ean-9")],
        ("D3", "is a barcode of NEW-1 too"),
    ),
    "a product twice": (PRODUCTS, [product("NEW-1"), product("new-1")], ("new-1", "row 2", "Take one of the two out")),
    "a pattern that is none": (PRODUCTS, [product("NEW-1", pattern="SN[0-9")], ("J2", "not a regular expression")),
    "an order of an unknown client": (PURCHASE, [(WAREHOUSE, "SUDWIND", "N-108", "LAP-1", 1)], ("B2", "SUDWIND")),
    "an order of an unknown SKU": (
        PURCHASE,
        [(WAREHOUSE, CLIENT, "N-108", "NEW-9", 1), (WAREHOUSE, CLIENT, "N-108", "LAP-1", 1)],
        ("D2", "NEW-9 is not a SKU of NORDWIND"),
    ),
    "a shipment of an unknown SKU": (SHIPMENT, [(WAREHOUSE, CLIENT, "S-108", "NEW-9", 1)], ("D2", "NEW-9")),
    "a quantity that is none": (PURCHASE, [(WAREHOUSE, CLIENT, "N-108", "LAP-1", 1.5)], ("E2", "not a whole number")),
    "a quantity below zero": (SHIPMENT, [(WAREHOUSE, CLIENT, "S-108", "LAP-1", -1)], ("E2", "below zero")),
    "no quantity": (PURCHASE, [(WAREHOUSE, CLIENT, "N-108", "LAP-1", "")], ("E2", "Quantity is empty")),
    "a new order of nothing": (PURCHASE, [(WAREHOUSE, CLIENT, "N-108", "LAP-1", 0)], ("E2", "N-108")),
    "a completed order": (PURCHASE, [(WAREHOUSE, CLIENT, "N-109", "PAD-2", 5)], ("N-109", "Completed")),
    "fewer than are done": (PURCHASE, [(WAREHOUSE, CLIENT, "N-105", "HDD-5", 2)], "N-105"),
    "stock of an untracked product": (STOCK, [(WAREHOUSE, CLIENT, "BAT-0", "B-1", "")], ("BAT-0 is not tracked")),
    "stock of an unknown SKU": (STOCK, [(WAREHOUSE, CLIENT, "NEW-9", "B-1", "")], "NEW-9 is not a SKU of NORDWIND"),
    "stock that is Packed": (STOCK, [(WAREHOUSE, CLIENT, "HDD-5", "H5-0001", "")], ("H5-0001", "already Packed")),
    "stock that is a product": (STOCK, [(WAREHOUSE, CLIENT, "LAP-1", "EAN-BAT-0", "")], "is the product BAT-0"),
    "stock twice": (
        STOCK,
        [(WAREHOUSE, CLIENT, "LAP-1", "L1-1", ""), (WAREHOUSE, CLIENT, "LAP-1", "l1-1", "")],
        "Take one of the two out",
    ),
    "expected serials that are imported": (PO_SERIALS, [po_row()], "are imported and not scanned"),
    "no known header": (("Client", "Article", "Count"), [(CLIENT, "LAP-1", 1)], "header"),
}


@pytest.mark.parametrize(("header", "rows", "says"), BAD_SHEETS.values(), ids=BAD_SHEETS)
def test_master_data(warehouse: Warehouse, header: tuple[str, ...], rows: list[Row], says: Says) -> None:
    warehouse.refused("load", warehouse.sheet(header, rows), says=says)


def test_a_good_sheet_is_not_loaded_beside_a_bad_one(warehouse: Warehouse) -> None:
    good = warehouse.sheet(PURCHASE, [(WAREHOUSE, CLIENT, "N-108", "LAP-1", 1)])
    bad = warehouse.sheet(SHIPMENT, [(WAREHOUSE, CLIENT, "S-108", "NEW-9", 1)])
    warehouse.refused("load", good, bad, says=("NEW-9", bad.name))


# -- at the stations ------------------------------------------------------------------------------------------


def _unchanged(own: Warehouse, before: dict[str, Any], station: Station) -> None:
    assert own.everything() == before
    assert "Traceback" not in station.text


def test_scans_at_receiving(own: Warehouse) -> None:
    with own.station("receive") as dock:
        dock.expect_title("Receiving")
        before = own.everything()
        dock.stop("N-404", says="N-404 is not an order here")
        dock.stop("N-109", says="Purchase order N-109 is Completed")
        dock.stop("LAP-1", says="LAP-1 is not an order here")
        _unchanged(own, before, dock)

        dock.ok("N-101", says="N-101 is open, 6 units")
        dock.ok("BAT-0", says="1 of 3")
        before = own.everything()
        dock.stop("NO-SUCH", says="NO-SUCH is not known here")
        dock.stop("PAD-2", says="PAD-2 is not on N-101")
        dock.stop("L1-0900", says=("L1-0900 is a serial of LAP-1", "Scan the product first"))
        dock.stop("L1-0901", says="L1-0901 is already Packed on S-109")
        dock.ok("SS-QTY-3", says="takes 3")
        dock.stop("BAT-0", says=("BAT-0 takes 2 more, not 3", "None was taken"))
        dock.stop("BA\x01T-0", says="contains control keys")
        dock.stop("X" * 65, says="is too long: 65 characters")
        _unchanged(own, before, dock)


def test_scans_at_the_serial_prompt(own: Warehouse) -> None:
    with own.station("receive", "N-101") as dock:
        dock.expect("OK", "N-101 is open")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        before = own.everything()
        dock.stop("EAN-BAT-0", says="EAN-BAT-0 is the product BAT-0, not a serial")
        dock.stop("cam-3", says="cam-3 is the product CAM-3, not a serial")
        dock.stop("https://example.org/sn/1", says="is a web address, not a serial. Scan the primary serial of CAM-3")
        dock.stop("SN:1;PN:2", says="holds several fields (SN, PN), not a serial alone")
        dock.stop("N/A", says="N/A stands for a missing serial")
        dock.check(
            "S-101", says="S-101 is the number of an open shipment order. Is it the primary serial of this CAM-3?"
        )
        dock.check("SS-NO", says="Nothing was changed")
        dock.check("dock-2", says="dock-2 is the name of a station.")
        dock.check("SS-NO", says="Nothing was changed")
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.stop("SS-QTY-2", says=("SS-QTY-2", "A serial is owed"))
        dock.stop("SS-RECEIVE", says=("SS-RECEIVE", "A serial is owed"))
        dock.stop("C" * 65, says="is too long: 65 characters, 64 at most")
        dock.stop("C3\x1b-0001", says="contains control keys")
        dock.stop("C3-0001\u202e", says="a text direction mark")
        dock.stop("СС-0001", says="cyrillic")
        dock.expect_prompt("Primary serial", "CAM-3", "1 of 1")
        _unchanged(own, before, dock)
        dock.ok("C3-0001", says="Now the secondary serial")
        before = own.everything()
        dock.stop("c3-0001", says="is this unit's primary serial")
        dock.expect_prompt("Secondary serial", "CAM-3", "1 of 1")
        _unchanged(own, before, dock)
        dock.ok("LENS-0001", says="1 of 1")

        dock.ok("LAP-1", says="Now its primary serial")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        before = own.everything()
        dock.stop("L1-0900", says="L1-0900 is already Received")
        dock.stop("l1-0902", says="l1-0902 is already Received")
        dock.stop("Ｌ１-０９０１", says="already Packed on S-109")
        dock.stop("L1-WEST", says="L1-WEST is already Received")
        dock.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        _unchanged(own, before, dock)
        dock.ok("L1-0001", says="1 of 2")
        dock.ok("LAP-1", says="Now its primary serial")
        dock.stop("l1-0001", says=("l1-0001 is already captured on line 1 (LAP-1), unit 1",))
        dock.expect_prompt("Primary serial", "LAP-1", "2 of 2")
        dock.ok("SS-CANCEL", says="the unit without its serial is dropped")
        dock.expect_no_prompt()
        assert [line["open"] for line in own.po("N-101")["lines"]] == [1, 1, 0]


def test_a_serial_that_does_not_match_its_pattern(own: Warehouse) -> None:
    with own.station("receive", "N-102") as dock:
        dock.expect("OK", "N-102 is open")
        dock.ok("SIM-1", says="Now its primary serial")
        dock.shows("SIM and 4 digits")
        before = own.everything()
        dock.stop("SIM12345", says=("SIM12345 does not look like a serial of SIM-1", "SIM and 4 digits"))
        dock.expect_prompt("Primary serial", "SIM-1", "1 of 1")
        _unchanged(own, before, dock)
        dock.ok("sim1234", says="1 of 1")


def test_scans_at_packing(own: Warehouse) -> None:
    with own.station("receive", "N-101") as dock, own.station("pack", "S-101", name="bench-1", operator="Ben") as bench:
        dock.expect("OK", "N-101 is open")
        dock.ok("LAP-1", "L1-0001", says="1 of 2")
        bench.expect("OK", "S-101 is open, 3 units")
        bench.ok("BAT-0", says="1 of 1")
        before = own.everything()
        bench.stop("PAD-2", says="PAD-2 is not on S-101")
        bench.stop("EAN-BAT-0", says="BAT-0 is full: 1 of 1")
        bench.stop("H5-0900", says=("H5-0900 is a serial of HDD-5", "not on S-101"))
        bench.stop("L1-0777", says="L1-0777 is not known here")
        bench.stop("L1-0901", says="L1-0901 is already Packed on S-109")
        bench.stop("l1-west", says=("received in warehouse W-WEST", "W-EAST"))
        _unchanged(own, before, bench)
        bench.ok("LAP-1", says="Now its primary serial")
        before = own.everything()
        bench.stop("L1-0778", says="L1-0778 was never received")
        bench.stop("L1-WEST", says=("L1-WEST was received in warehouse W-WEST", "W-EAST"))
        bench.stop("L1-0901", says="L1-0901 is already Packed on S-109")
        bench.stop("L1-0001", says=("on Ana's open receipt N-101 at dock-2", "complete it there"))
        bench.stop("BAT-0", says="BAT-0 is the product BAT-0, not a serial")
        own.done("so", "ship", "S-109")
        before = own.everything()
        bench.stop("L1-0901", says="L1-0901 is already Shipped on S-109")
        bench.expect_prompt("Primary serial", "LAP-1", "1 of 2")
        _unchanged(own, before, bench)


def test_acts_on_an_orders_screen(own: Warehouse) -> None:
    with own.station() as office:
        office.expect_title("Home")
        before = own.everything()
        office.open_order("f7", "N-105")
        office.choose_file("nowhere.xlsx")
        office.expect("STOP", "There is no file nowhere.xlsx")
        office.press("escape")
        office.expect_title("Purchase order")
        office.choose_file("imported.xlsx")
        office.expect_step(3, "Read and check")
        office.press("enter")
        office.expect_step(4, "2 serials are already imported on PO N-105")
        assert "Import 2" not in office.text, "there is nothing that could be imported"
        office.back_to_step(3)
        office.back_to_step(2)
        office.press("escape")
        office.expect_title("Purchase order")
        office.choose("Remove")
        office.shows("H5-0001", "already Packed on SO S-105", "Remove only 1 still Received, keep 1")
        office.wait_for(lambda _: "Leave everything" in office.marked)
        office.press("enter")
        office.wait_for(lambda _: "Leave everything" not in office.text)
        _unchanged(own, before, office)

        office.open_order("f8", "S-106")
        office.choose("Ship")
        office.expect_question("Has S-106 left?")
        office.scan("SS-YES")
        office.expect_question("S-106 lacks serials of HDD-5", "Ship S-106 without them?")
        office.scan("SS-NO")
        office.wait_for(lambda _: "Question" not in office.text)
        _unchanged(own, before, office)
