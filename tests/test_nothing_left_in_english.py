"""What a station says in another language is said in it whole: no part of a sentence is left in English."""

import datetime
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from scanstation.domain import sentences as say
from scanstation.domain import tracking
from scanstation.domain.addresses import address_fault
from scanstation.domain.backups import BackupPlan
from scanstation.domain.codes import Code, read_code
from scanstation.domain.file_errors import UnreadableFile, UnwritableFile
from scanstation.domain.language import english, shown
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.sheet_kinds import PO_SERIALS, PRODUCTS, PURCHASE_ORDERS, SheetKind
from scanstation.domain.sheet_maps import BadMap
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError
from scanstation.files import replacing
from scanstation.sheets.map_files import find_map, ready_maps
from scanstation.sheets.marking import Refusals, write_errors
from scanstation.sheets.reading import Limits, read_workbook
from scanstation.store import copies
from scanstation.store import upkeep as store_upkeep
from scanstation.store.failures import meaning
from scanstation.store.schema import GRANTS
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import FileState, ServerState
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.codes.barcodes import WrittenBarcode, read_barcodes
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.imports.importing import check, import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import backups, fitness, upkeep
from tests import builders
from tests.crossed import crossed_out, english_in
from tests.serials import opening
from tests.sheets.workbooks import GOOD, ole, save, start
from tests.workflows.at_the_desk import scan, text
from tests.workflows.done_work import packed, received
from tests.workflows.sheets_to_load import BAG, LAP, PO_HEADER, PRODUCT_HEADER, STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
GS, RS = "\x1d", "\x1e"
LETTER = "latin capital letter e with acute"
"""What Unicode calls É; letters have no other name in any language here."""


@pytest.fixture
def crossed() -> Iterator[None]:
    with crossed_out():
        yield


@pytest.fixture
def here(store: Store) -> Site:
    """A site whose names are in capitals, as everything is that no template has."""
    return Site(store, operator="ANA", station="DOCK-2")


# Labels


@pytest.mark.parametrize(
    "label",
    [
        "ss-undo",
        "SS-QTY-100000",
        f"]d2{GS}ABC",
        "]C10104006381333930",
        f"]C1010400638133393121A{GS}0104006381333932",
        "]C10104006381333931310312",
        f"]C121A{GS}21B",
        f"]C10104006381333931{GS}21",
        f"A{GS}",
        f"SA{GS}1PB",
        f"AB{GS}CD",
        f"[)>{RS}06S1",
        "[)>",
        "[)>XX",
        "https://id.gs1.org/01/04006381333931/21",
        "https://id.gs1.org/01/04006381333931/ABC/1",
        "]d20104006381333931<GS>21A",
        "]C121ABC0104006381333931",
    ],
)
def test_a_damaged_label_is_told_whole(label: str) -> None:
    plain = interpret(label, command_prefix="SS-").fault
    assert plain
    with crossed_out():
        fault = interpret(label, command_prefix="SS-").fault
        assert fault
        assert english(fault) == plain
        assert english_in([say.faulty(label, fault).text], ["ss-undo", "https://id.gs1.org", "https://id.gs…"]) == []
    assert interpret(label, command_prefix="SS-").fault == plain


@pytest.mark.parametrize(
    "label", ["]C100340123450000000017", f"[)>{RS}06{GS}QABC{GS}1PX{RS}", f"[)>{RS}07ABC{RS}", "]C110LOT"]
)
def test_a_label_that_is_neither_product_nor_serial_is_told_whole(crossed: None, label: str) -> None:
    reading = interpret(label, command_prefix="SS-")
    assert english_in([shown(reading.note or reading.remark or "nothing")]) == []


def test_what_is_no_code_is_told_whole(crossed: None) -> None:
    bad = [read_code(raw) for raw in ("", "A\u200bB", "A\u00adB", "AÉ", "A\x00B", "A" * 65, "\u0378")]
    assert not any(isinstance(one, Code) for one in bad)
    assert english_in([say.bad_code(one).text for one in bad if not isinstance(one, Code)], [LETTER]) == []


@pytest.mark.parametrize("cell", ["36000291452", "4006381333931,4006381333931", "A,B", "]C0ABC", "978-3-16-148410-0"])
def test_a_barcode_that_is_read_otherwise_is_told_whole(crossed: None, cell: str) -> None:
    notes = [one.note for one in read_barcodes(cell, "SS-") if isinstance(one, WrittenBarcode)]
    assert [one for one in notes if one]
    assert english_in(notes) == []


def test_a_pattern_that_is_none_is_told_whole(crossed: None) -> None:
    assert (
        english_in(
            [serial_pattern.refusal("A" * 300) or "nothing", serial_pattern.refusal("luhn:A") or "nothing"], ["luhn"]
        )
        == []
    )


# Doubts at a desk


def test_doubts_at_a_desk_are_told_whole(here: Site, crossed: None) -> None:
    builders.product(here, "CAM", 1, strip="S;SN:")
    builders.purchase(here, "N-1", {"CAM": 9})
    desk = Desk(here, PO)
    scan(desk, "N-1", "CAM")
    said = [
        text(scan(desk, code)) for code in ("1PABC", "QABC", "N-1", "ANA", "W-EAST", "00340123450000000017", "0000")
    ]
    assert english_in(said) == []
    said = [text(scan(desk, code)) for code in ("SS-CANCEL", "SS-NOTE", "SS-REASON-2", "CAM", "SS-QTY-ALL", "SS-YES")]
    assert english_in(said, ["SS"]) == []


# Rows of an import

ODD = (
    *(
        "",
        "a b",
        "BOX-1",
        "4006381333931",
        "12345670",
        "S-NEXT",
        "SS-UNDO",
        "N/A",
        "0000",
        "00",
        "DOCK-2",
        "W-EAST",
        "ANA",
    ),
    *("HTTP://A.B", "SN:1;PN:2", "00340123450000000017", "010400638133393121X", "4006381333932", "P1234567", "]C0SN-1"),
    *("R-1", "R-1", "SN:R-1", "1PBOX-1", "40063813339311 2", "A\u200bB", f"]C121A{GS}21B", "L-1", "L-3", "É"),
)


def sheet(path: Path, kind: OrderKind, rows: Sequence[tuple[str, ...]]) -> Path:
    header = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number,Secondary Serial Number"
    path.write_text("\n".join([header, *map(",".join, rows)]), encoding="utf-8")
    return path


COLUMNS = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number")


@pytest.mark.parametrize(("kind", "scenario"), [(PO, 7), (PO, 8), (SO, 5), (SO, 6), (SO, 8)])
def test_what_an_import_says_of_rows_is_told_whole(here: Site, tmp_path: Path, kind: OrderKind, scenario: int) -> None:
    builders.product(here, "BOX-1", 1)
    builders.shipment(here, "S-NEXT", {"BOX-1": 1})
    builders.product(here, "LAP", scenario)
    builders.product(here, "NONE", 0)
    opening(here, "NORDWIND", "W-EAST", "LAP", "L-1", ("L-2", "K-2"))
    opening(here, "NORDWIND", "W-WEST", "LAP", "L-3")
    order = (builders.purchase if kind is PO else builders.shipment)(here, f"{kind}-1", {"LAP": 20, "NONE": 1})
    (received if kind is PO else packed)(here, order, "NONE", quantity=1)
    (received if kind is PO else packed)(here, order, "LAP", quantity=20)
    (builders.purchase if kind is PO else builders.shipment)(here, f"{kind}-2", {"LAP": 20})
    good = ("W-EAST", "NORDWIND", f"{kind}-1", "LAP")
    rows = [(*good, code, "") for code in ODD] + [(*good, f"T-{at}", f"U-{at}") for at in range(3)]
    rows += [
        (*good, "L-2", "L-1"),
        (*good, "K-2", ""),
        (*good, "L-1", "K-9"),
        (*good, "Z-1", "Z-1"),
        (*good, "L-2", "K-2"),
    ]
    rows += [("", *good[1:], "A-1", ""), ("W-WEST", *good[1:], "A-1", ""), ("W-EAST", "OTHER", *good[2:], "A-1", "")]
    rows += [(*good[:2], number, "LAP", "A-1", "") for number in ("NO-1", f"{kind}-2")]
    rows += [(*good[:3], sku, "A-1", "") for sku in ("BOX-1", "NO-SKU", "NONE")]
    path = sheet(tmp_path / "rows.csv", kind, rows)
    plain = check(here, kind, path)
    with crossed_out():
        plan = check(here, kind, path)
        said = [*(problem.text for problem in plan.problems), *plan.notes]
        assert len(said) > 15
        assert (
            english_in(
                said,
                [
                    "rows.csv",
                    "rows",
                    "a b",
                    LETTER,
                    *COLUMNS,
                    "Ready to Ship",
                    'rules.scenario6_unknown_serials = "create"',
                    "config.toml",
                ],
            )
            == []
        )
        assert [english(problem.text) for problem in plan.problems] == [problem.text for problem in plain.problems]
        assert [english(note) for note in plan.notes] == [*plain.notes]


def test_what_an_import_came_to_is_told_whole(here: Site, tmp_path: Path, crossed: None) -> None:
    builders.product(here, "LAP", 5)
    received(here, builders.purchase(here, "PO-1", {"LAP": 3}), "LAP", quantity=3)
    rows = [("W-EAST", "NORDWIND", "PO-1", "LAP", f"T-{at}", "") for at in range(2)]
    done = import_serials(here, PO, sheet(tmp_path / "rows.csv", PO, rows))
    again = import_serials(here, PO, sheet(tmp_path / "again.csv", PO, rows * 3))
    assert isinstance(done, Done)
    assert isinstance(again, Refused)
    assert english_in([done.text], ["rows.csv"]) == []
    assert english_in([reason.text for reason in again.reasons], ["again.csv", "rows.csv", "again"]) == []


# Loading

ORDER = ["W-EAST", "NORDWIND", "N-1", "LAP", "3", "", "", ""]
PO_COLUMNS = [*PO_HEADER, "Line"]
PRODUCT_COLUMNS = [*PRODUCT_HEADER, "Serial Pattern", "Strip"]
RETURN_COLUMNS = ["RMA", "Client", "SKU", "Serial", "Quantity", "SO Number"]
LIST_COLUMNS = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number"]


def order_row(**cells: str) -> list[str]:
    names = ("warehouse", "client", "number", "sku", "quantity", "supplier", "due", "line")
    return [cells.get(name, usual) for name, usual in zip(names, ORDER, strict=True)]


def test_what_a_load_says_is_told_whole(here: Site, tmp_path: Path) -> None:
    builders.product(here, "LAP", 1)
    builders.product(here, "CAM", 5)
    builders.product(here, "BOX", 0, barcodes=[Barcode("4006381333931", 1)])
    received(here, builders.purchase(here, "N-2", {"LAP": 2, "BOX": 3}), "LAP", "R-1", "R-2")
    received(here, builders.purchase(here, "N-3", {"BOX": 1}), "BOX", quantity=1)
    opening(here, "NORDWIND", "W-EAST", "LAP", "L-1")
    files = Files(tmp_path)
    paths = [
        files(
            PRODUCT_COLUMNS,
            ["NORDWIND", "NEW", "", "4006381333931", "1", "1", "", "", ""],
            ["NORDWIND", "NEW-2", "", "4006381333932", "1", "1", "1", "", "", "", "123"],
            ["NORDWIND", "NEW-3", "", "LAP", "1", "1", "", "", "", "luhn:X"],
            ["NORDWIND", "NEW-4", "", "SS-UNDO;A=0;B,C;D=2;D=3", "", "", "", "", ""],
            ["NORDWIND", "NEW-4", "", "", "", "", "", "", ""],
            ["", "SS-UNDO", "", "", "", "", "", "", ""],
        ),
        files(
            PO_COLUMNS,
            order_row(quantity=""),
            order_row(quantity="99999999"),
            order_row(sku="NO-SKU"),
            order_row(client="OTHER"),
            order_row(number="SS-UNDO"),
            order_row(supplier="ACME"),
            order_row(supplier="OTHER"),
            order_row(line="1"),
            order_row(number="N-2", quantity="1"),
            order_row(number="N-2", sku="BOX", quantity="0"),
            order_row(number="N-3", sku="BOX", quantity="5"),
            order_row(number="N-4", quantity="0"),
        ),
        files(
            STOCK_HEADER,
            ["W-EAST", "NORDWIND", "LAP", "", ""],
            ["W-EAST", "NORDWIND", "LAP", "R-1", ""],
            ["W-EAST", "NORDWIND", "LAP", "T-1", "T-2"],
            ["W-EAST", "NORDWIND", "BOX", "T-1", ""],
            ["W-EAST", "NORDWIND", "NO-SKU", "T-1", ""],
            ["W-EAST", "NORDWIND", "LAP", "A\u200bB", ""],
            ["W-EAST", "NORDWIND", "LAP", "T-3", ""],
            ["W-EAST", "NORDWIND", "LAP", "T-3", ""],
        ),
        files(
            RETURN_COLUMNS,
            ["R-1", "NORDWIND", "LAP", "", "", ""],
            ["R-1", "NORDWIND", "BOX", "A-1", "", ""],
            ["R-1", "NORDWIND", "LAP", "A-1", "2", ""],
            ["R-1", "OTHER", "LAP", "A-1", "", ""],
            ["R-2", "NORDWIND", "NO-SKU", "A-1", "", ""],
        ),
        files(
            LIST_COLUMNS,
            ["W-EAST", "NORDWIND", "N-2", "LAP", "", ""],
            ["W-EAST", "NORDWIND", "N-2", "LAP", "A-1", "A-2"],
            ["W-EAST", "NORDWIND", "N-9", "LAP", "A-1", ""],
            ["W-EAST", "OTHER", "N-2", "LAP", "A-1", ""],
            ["W-WEST", "NORDWIND", "N-2", "LAP", "A-1", ""],
            ["W-EAST", "NORDWIND", "N-2", "CAM", "A-1", ""],
            ["W-EAST", "NORDWIND", "N-2", "BOX", "A-1", ""],
        ),
    ]
    known = [*(path.name for path in paths), *PO_COLUMNS, *PRODUCT_COLUMNS, *STOCK_HEADER, *RETURN_COLUMNS]
    known += ["luhn:15", "luhn:X", "code=12"]
    plain = load(here, paths)
    with crossed_out():
        loaded = load(here, paths)
        assert len(loaded.reasons) > 25
        assert english_in([loaded.text, *(reason.text for reason in loaded.reasons)], known) == []
    assert [english(reason.text) for reason in loaded.reasons] == [reason.text for reason in plain.reasons]


def test_what_a_load_came_to_is_told_whole(here: Site, tmp_path: Path, crossed: None) -> None:
    files = Files(tmp_path)
    first = load(here, [files(PRODUCT_HEADER, LAP, BAG), files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAG", "3"])])
    lap = [*LAP[:2], "OTHER", "", *LAP[4:-1], "1"]
    again = load(here, [files(PRODUCT_HEADER, lap, BAG), files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAG", "4"])])
    for loaded in (first, again):
        assert not loaded.refused
        changes = [text for change in loaded.changes for text in (change.noun, *change.differences)]
        assert english_in([loaded.text, *loaded.notes, *map(shown, changes)], PRODUCT_HEADER) == []
    assert english(again.text) == "Loaded: 2 products (1 changed, 1 as before), 1 purchase order (1 changed)."


# Sheets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FLAT = "urn:oasis:names:tc:opendocument:x"
NONE_TO_READ = {
    "EMPTY.xlsx": b"",
    "A.xlsx": b"%PDF-1.7\n",
    "B.xls": b"<html><table><tr><td>SKU",
    "C.xls": b"\r\nMIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n",
    "D.ods": f'<?xml version="1.0"?><office:document xmlns:office="{FLAT}">'.encode(),
    "E.xls": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    "F.xls": b"\x09\x00\x04\x00\x02\x00\x10\x00",
    "G.csv": b"SKU\x00\x01\x02",
    "H.xlsx": b"PK\x05\x06" + bytes(18),
    "I.xlsx": b"PK\x03\x04" + bytes(300),
    "J.xls": OLE + bytes(504),
    "K.xlsx": b"Warehouse,Client\n",
    "L.csv": b"A,B\n\x83\x65\x83\x58\x83\x67\n",
    "M.csv": b"\xff\xfe\x00\xd8\x00",
    "N.csv": b'Warehouse,Client,PO Number,SKU,Primary Serial Number\nA,B,"C,D,E\n',
    "O.csv": b"Warehouse,Client,PO Number,PO Number,SKU,Primary Serial Number\nA,B,C,C,D,E\n",
    "P.csv": b"Warehouse,Client,SKU,Primary Serial Number,Colour\nA,B,C,D,E\n",
    "Q.csv": b"Warehouse,Client,PO Number\nA,B,C\n",
    "R.csv": b"A,B\n1,2\n",
    "S.json": b"[1, 2]",
    "T.json": b'{"A": [',
    "U.json": b'[{"Warehouse": "A", "Client": "B", "PO Number": ["C"], "SKU": "D", "Primary Serial Number": "E"}]',
    "V.json": b"[" * 100_000,
}
SHEET_COLUMNS = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number")


@pytest.mark.parametrize("name", NONE_TO_READ)
def test_a_file_that_cannot_be_read_is_told_whole(tmp_path: Path, name: str, crossed: None) -> None:
    (tmp_path / name).write_bytes(NONE_TO_READ[name])
    _is_refused_whole(tmp_path / name)


def test_a_workbook_that_cannot_be_read_is_told_whole(tmp_path: Path, crossed: None) -> None:
    rows = [SHEET_COLUMNS, ("A", "B", "C", "D", "E", "F")]
    (tmp_path / "FOLDER").mkdir()
    book, sheet = start(*rows)
    sheet.sheet_state = "veryHidden"
    book.create_sheet("Z")
    book.save(tmp_path / "HIDDEN.xlsx")
    book, _ = start(*rows)
    for row in rows:
        second = book["SECOND"] if "SECOND" in book else book.create_sheet("SECOND")
        second.append(row)
    book.save(tmp_path / "TWO.xlsx")
    with zipfile.ZipFile(tmp_path / "ZIP.xlsx", "w") as archive:
        archive.writestr("A", b"B")
    with zipfile.ZipFile(tmp_path / "NOBOOK.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", b"<A/>")
    with zipfile.ZipFile(tmp_path / "BOMB.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(40 << 20))
    ole(tmp_path / "WORD.xls", {"WordDocument": b"X".ljust(5000)})
    ole(tmp_path / "LOCKED.xls", {"EncryptedPackage": b"X".ljust(5000)})
    for name in ("FOLDER", "NONE.xlsx", "HIDDEN.xlsx", "TWO.xlsx", "ZIP.xlsx", "NOBOOK.xlsx", "BOMB.xlsx"):
        _is_refused_whole(tmp_path / name)
    for name in ("WORD.xls", "LOCKED.xls"):
        _is_refused_whole(tmp_path / name)


def _is_refused_whole(path: Path) -> None:
    with pytest.raises(UnreadableFile) as error:
        read_workbook(path, [PO_SERIALS], single=True)
    of_others = ["Expecting", "value", "delimiter", "line", "column", "char", "unexpected end of data", "(no", "Sheets"]
    known = [str(path), path.name, "Serials", *SHEET_COLUMNS, ".xlsx", "Cannot detect file format"]
    assert english_in([error.value.title, error.value.hint], [*known, *of_others]) == []
    assert "xx" not in english(error.value)


BAD_CELLS = (
    *(1_000_000_000_000_000, 12.5, -5, datetime.date(2026, 1, 31), datetime.time(12, 30), True, "#N/A", "=A1&1"),
    *("12.5E+17", "12.0", "NaN", "31/01/2026 10:00", "1-Feb", " X\n", "\uff11\uff12", "'012", 12),
)


def test_bad_cells_and_what_was_mended_are_told_whole(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(*GOOD[:4], cell, f"IM-{at}") for at, cell in enumerate(BAD_CELLS)]
    rows += [("", "", "", "", "", ""), (datetime.date(2026, 1, 31), *GOOD[1:5], ""), ("1/2/2026", *GOOD[1:5], "")]
    book, sheet = start((*SHEET_COLUMNS, "COLOUR"), *rows, *([(*GOOD, "RED")] * 3))
    last = len(rows) + 4
    sheet[f"E{last - 1}"].number_format = "0%"
    sheet[f"E{last - 1}"].value = 5
    sheet.merge_cells(f"A{last - 2}:A{last - 1}")
    sheet.merge_cells(f"E{last}:F{last}")
    sheet.row_dimensions[last].hidden = True
    sheet.sheet_state = "hidden"
    book.create_sheet("Z")
    book.save(tmp_path / "A.xlsx")
    _is_told_whole(tmp_path / "A.xlsx", PO_SERIALS, more_than=12)


def test_bad_quantities_flags_and_days_are_told_whole(tmp_path: Path) -> None:
    orders = [("W", "C", f"N-{at}", "SKU", quantity, due) for at, (quantity, due) in enumerate(BAD_ORDERS)]
    save(tmp_path / "A.xlsx", ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Due"), *orders)
    _is_told_whole(tmp_path / "A.xlsx", PURCHASE_ORDERS, more_than=6, has_remarks=False)
    flags = ("Both Receiving and Packing", "Only Packing", "Skip Scan Serial Number", "Scan Secondary Serial Number")
    header = ("Client", "SKU", "Description", "Barcodes", "Track Serial Number", *flags)
    lines = [",".join(header), "C,SKU,,,PERHAPS,,,,", "C,SKU,,,1,,,,,BEYOND", "C,SK\x9c,'=1,,1,,,,", "", "C,D,,,,,,,"]
    (tmp_path / "B.csv").write_bytes("\r\n".join(lines).encode("cp1252", "replace") + b"\x96\r\n\x1a")
    _is_told_whole(tmp_path / "B.csv", PRODUCTS, more_than=1)


BAD_ORDERS = (("1.5", ""), (-1, ""), (2.5, ""), (1, "2026-02-31"), (1, "SOON"), (1, "31.01.2026"), (True, 12.5))


def _is_told_whole(path: Path, kind: SheetKind, *, more_than: int, has_remarks: bool = True) -> None:
    plain = read_workbook(path, [kind])
    with crossed_out():
        book = read_workbook(path, [kind])
        (table,) = book.tables
        assert len(table.problems) > more_than
        assert bool(table.remarks) is has_remarks
        found = [text for problem in table.problems for text in (problem.reason, problem.mend)]
        found += [why for row in table.suspects.values() for why in row.values()]
        known = [column.name for column in kind.columns]
        assert english_in([*map(shown, found), *table.remarks, *book.remarks], known) == []
        said = [say.unreadable_cell("X", problem.reason, problem.mend) for problem in table.problems]
    assert [*map(english, said)] == [
        say.unreadable_cell("X", problem.reason, problem.mend) for problem in plain.tables[0].problems
    ]
    assert [*map(english, table.remarks)] == [*plain.tables[0].remarks]


def test_why_there_is_no_copy_is_told_whole(tmp_path: Path, crossed: None) -> None:
    rows = [SHEET_COLUMNS, (*GOOD[:4], 12.5, "IM-1"), (*GOOD[:4], "SN-2", "IM-2")]
    book, sheet = start(*rows)
    sheet["H3"] = "=A1"
    book.save(tmp_path / "A.xlsx")
    with zipfile.ZipFile(tmp_path / "A.xlsx", "a") as archive:
        archive.writestr("xl/ctrlProps/ctrlProp1.xml", "<A/>")
        archive.writestr("xl/slicers/slicer1.xml", "<A/>")
    save(tmp_path / "B.xlsx", *rows)
    (tmp_path / "C.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    told = []
    for at, name in enumerate(("A.xlsx", "B.xlsx", "C.csv", "A.xlsx", "B.xlsx")):
        table = read_workbook(tmp_path / name, [PO_SERIALS]).tables[0]
        limits = Limits(copied=100) if at == 4 else None
        said = write_errors(
            tmp_path / f"OUT-{at}.xlsx", [Refusals(table, {2: "No."})], only_refused=at != 1, limits=limits
        )
        told.append(shown(said.why_plain) or "X")
        told += map(shown, said.lacks)
    assert english_in(told, [".xlsx", ".xlsm"]) == []


# Failures


@pytest.mark.parametrize(
    "state",
    [
        *("08006", "57P01", "25P04", "57014", "53300", "40001", "53100", "53200", "53400", "58030", "XX001", "28P01"),
        *("3D000", "42501", "42P01", "25006"),
    ],
)
def test_what_a_server_refuses_is_told_whole(crossed: None, state: str) -> None:
    refused = psycopg.errors.lookup(state)("AWAY")
    error = meaning(OperationalError("SELECT 1", {}, refused), "DB")
    assert error is not None
    said = say.store_trouble(error)
    assert english_in([said.text], [GRANTS]) == []
    assert "xx" not in english(said.text)


def test_a_store_that_is_none_is_told_whole(crossed: None, tmp_path: Path) -> None:
    (tmp_path / "TEXT.DB").write_text("NO STORE, AND LONG ENOUGH TO BE READ AS ONE" * 30)
    (tmp_path / "EMPTY.DB").touch()
    (tmp_path / "FOLDER.DB").mkdir()
    for name in ("TEXT.DB", "EMPTY.DB", "FOLDER.DB", "NONE.DB"):
        with pytest.raises(StoreError) as error:
            open_store(f"sqlite:///{tmp_path / name}")
        said = say.store_trouble(error.value)
        assert english_in([said.text], [str(tmp_path)]) == [], name
        assert "xx" not in english(said.text)


def test_a_file_that_cannot_be_written_is_told_whole(crossed: None, tmp_path: Path) -> None:
    (tmp_path / "FOLDER.XLSX").mkdir()
    (tmp_path / "OTHER").touch()
    for name in ("FOLDER.XLSX", "NONE/A.XLSX", "OTHER/A.XLSX", "A" * 300, ".HIDDEN", "OTHER"):
        with pytest.raises(UnwritableFile) as error, replacing(tmp_path / name, (".xlsx",)):
            pass
        assert english_in([str(error.value)], [str(tmp_path), ".xlsx"]) == [], name
        assert "xx" not in english(error.value)


# Addresses, maps, copies, backups, the health of a store


@pytest.mark.parametrize(
    "url",
    [
        *("mysql://A", "sqlite:///:memory:", "postgresql://A@B/C?password=X", "postgresql://A:B@C@D/E", "C:/A"),
        *("postgresql://A@B,,C/D", "postgresql://A@B/C?autocommit=1", "postgresql://A@B/C?port=1&service=2&service=3"),
        *("postgresql://A@::1:5/B", "postgresql://A@B:99999/C"),
    ],
)
def test_what_is_wrong_with_an_address_is_told_whole(crossed: None, url: str) -> None:
    fault = address_fault(url)
    assert fault
    names = ["sqlite:///", "postgresql://", "autocommit", "password", "service", "libpq"]
    assert english_in([shown(fault)], names) == []


BAD_MAPS: tuple[dict[str, object], ...] = (
    {},
    {"nothing": {}},
    {"constants": {"NO-COLUMN": "A"}},
    {"products": "A"},
    {"products": {"other": {}}},
    {"products": {"columns": {"A": "SKUU"}}},
    {"products": {"columns": {"A": "QQQ"}}},
    {"products": {"columns": {"": "SKU"}}},
    {"products": {"columns": {"A": 1}}},
    {"products": {"columns": "A"}},
    {"products": {"columns": {"A": "SKU"}, "rows": 1}},
    {"products": {"columns": {"A": "SKU"}, "values": {"SKU": 1}}},
    {"products": {"columns": {"A": "SKU"}, "take": {"SKU": "("}}},
    {"products": {"columns": {"A": "SKU"}, "take": {"SKU": "A"}}},
    {"products": {"columns": {"A": "SKU"}, "needs": 1}},
    {"use": "NONE"},
)


@pytest.mark.parametrize("raw", BAD_MAPS, ids=str)
def test_what_is_wrong_with_a_map_is_told_whole(crossed: None, raw: dict[str, object]) -> None:
    with pytest.raises(BadMap) as error:
        find_map(raw)
    known = {*re.findall(r"[a-z-]+", str(raw)), *KIND_WORDS, *ready_maps(), "config.toml", "their header", *OF_PATTERNS}
    known |= {column.name for column in PRODUCTS.columns}
    assert english_in([str(error.value)], known) == []


KIND_WORDS = (
    *("products", "purchase-orders", "shipment-orders", "opening-stock", "po-serials", "so-serials", "returns"),
    *("columns", "values", "constants", "join", "skip", "take", "carry", "needs", "rows", "use"),
)
OF_PATTERNS = ("missing ), unterminated subpattern at position", "group")


def test_a_map_file_that_cannot_be_read_is_told_whole(crossed: None, tmp_path: Path) -> None:
    (tmp_path / "A.TOML").write_bytes(b"\xff")
    (tmp_path / "B.TOML").write_text("[[[")
    (tmp_path / "C.TOML").write_text("#" * (1 << 20) + "##")
    of_others = ["No such file or directory", "Invalid initial character for a key part (at line 1, column 3)"]
    for name in ("A.TOML", "B.TOML", "C.TOML", "NONE.TOML"):
        with pytest.raises(BadMap) as error:
            find_map(str(tmp_path / name))
        assert english_in([str(error.value)], [str(tmp_path), *ready_maps(), *of_others]) == [], name


OF_SQLITE = (
    "unable to open database file",
    "file is not a database",
    "No such file or directory",
    "scanstation db backup",
    "scanstation db check",
)


def test_a_copy_that_cannot_be_made_is_told_whole(here: Site, tmp_path: Path, crossed: None) -> None:
    assert here.store.path
    (tmp_path / "TEXT.DB").write_text("NO STORE" * 200)
    other = sqlite3.connect(tmp_path / "OTHER.DB")
    other.execute("CREATE TABLE A (B)")
    other.close()
    told = []
    for source, target in ((tmp_path / "TEXT.DB", "A.DB"), (here.store.path, "NONE/A.DB")):
        with pytest.raises(StoreError) as error:
            copies.copy_to(source, tmp_path / target)
        told.append(say.store_trouble(error.value).text)
    for name in ("TEXT.DB", "OTHER.DB"):
        refused = upkeep.restore(f"sqlite:///{here.store.path}", tmp_path / name)
        assert isinstance(refused, Refused)
        told.append(refused.text)
    assert english_in(told, [str(tmp_path), str(here.store.path), *OF_SQLITE]) == []
    assert "xx" not in "".join(map(english, told))


def test_why_no_backup_is_made_is_told_whole(here: Site, tmp_path: Path, crossed: None) -> None:
    (tmp_path / "FILE").touch()
    (tmp_path / "TEXT.DB").write_text("NO STORE" * 200)
    url, now = f"sqlite:///{here.store.path}", datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC)
    (tmp_path / "FOLDER").mkdir()
    found = [
        *(backups.make_if_due(url, BackupPlan(str(tmp_path / name)), now) for name in ("NONE", "FILE")),
        backups.make_if_due(f"sqlite:///{tmp_path / 'TEXT.DB'}", BackupPlan(str(tmp_path / "FOLDER")), now),
    ]
    troubles = [one.trouble for one in found]
    assert all(troubles)
    assert english_in(troubles, [str(tmp_path), "[backup] folder", "config.toml", *OF_SQLITE]) == []


def test_the_health_of_a_store_is_told_whole(here: Site, crossed: None) -> None:
    builders.product(here, "CAM", 1)
    received(here, builders.purchase(here, "N-1", {"CAM": 2}), "CAM", "C-1", "C-2")
    assert here.store.path
    found = [one.text for one in fitness.look(f"sqlite:///{here.store.path}")]
    worst = FileState("3.0", True, "wal", "tmpfs", 10, 0o666)
    found += [one.text for state in (worst, replace(worst, journal="delete")) for one in fitness.of_file(state)]
    server = ServerState("17", ("fsync",), False, "A", 0, True, 60.0)
    states = [server, replace(server, is_standby=True), replace(server, standbys=1)]
    states.append(replace(server, standbys_wanted=""))
    states.append(replace(server, standbys_wanted="", standbys=1, switched_off=(), is_pooled=False, ahead_s=0.0))
    found += [one.text for state in states for one in fitness.of_server(state)]
    assert len(found) > 25
    assert (
        english_in(found, [str(here.store.path), "tmpfs", "wal", "delete", "ext", "overlay", "fsync", *OF_SYSTEM]) == []
    )


OF_SYSTEM = (
    "tmpfs",
    "wal",
    "delete",
    "ext",
    "overlay",
    "fsync",
    "scanstation db check",
    "db check",
    "timedatectl set-ntp true",
    "chmod o-rwx",
    "target_session_attrs=read-write",
    "synchronous_standby_names",
    "postgresql.conf",
    "xfs",
    "btrfs",
)


def test_what_does_not_agree_in_a_store_is_told_whole(here: Site, crossed: None) -> None:
    builders.product(here, "CAM", 1)
    received(here, builders.purchase(here, "N-1", {"CAM": 3}), "CAM", "C-1", "C-2", "C-3")
    with here.store.engine.begin() as connection:
        for statement in DAMAGES:
            connection.exec_driver_sql(statement)
    looked = store_upkeep.look_through(here.store)
    texts = [*(one.text for one in looked.findings), *looked.notes]
    assert len(texts) > 3
    known = ["trigger", "table", "index", "unit_event", "unit_code", "order_line", "seal", "other_table", "is_append"]
    assert english_in(texts, [*known, *(row for row in re.findall(r"[a-z_]+\.?[a-z_]*", " ".join(DAMAGES)))]) == []


DAMAGES = (
    "DROP TRIGGER unit_event_no_update",
    "CREATE TABLE other_table (id INTEGER)",
    "UPDATE order_line SET done = done + 1",
    "UPDATE unit SET on_hold = 'X' WHERE id = 1",
)


@pytest.mark.parametrize("scenario", range(9))
def test_what_settings_lead_to_is_told_whole(crossed: None, scenario: int) -> None:
    told = [text for line in tracking.words(tracking.policy_of(scenario)) for text in line]
    assert english_in(told, ["Received", "Receive"]) == []
