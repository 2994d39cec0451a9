"""What is taken from a good file, and what is said about it."""

import datetime
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from scanstation import languages
from scanstation.domain.sheet_kinds import (
    MASTER_DATA,
    OPENING_STOCK,
    PO_SERIALS,
    PRODUCTS,
    PURCHASE_ORDERS,
    SHIPMENT_ORDERS,
    SO_SERIALS,
)
from scanstation.sheets.reading import Row, Table, Workbook, read_workbook
from tests.sheets.workbooks import (
    GOOD,
    LAST,
    PO_HEADER,
    READ,
    inline,
    ods,
    raw_xlsx,
    save,
    sheet_xml,
    start,
    with_serial,
    xlsb,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = Path(__file__).parent / "files"


def only_table(book: Workbook) -> Table:
    assert len(book.tables) == 1
    return book.tables[0]


def read_serials(path: Path) -> Table:
    return only_table(read_workbook(path, [PO_SERIALS], single=True))


def serials(table: Table) -> list[str]:
    slot = table.kind.index("Primary Serial Number")
    return [row.values[slot] for row in table.rows]


def test_a_plain_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    table = read_serials(save(tmp_path / "a.xlsx", PO_HEADER, GOOD, (*GOOD[:4], "SN-2", None)))
    assert table.rows == [Row(2, READ), Row(3, (*GOOD[:4], "SN-2", "", *LAST))]
    assert (table.sheet, table.header_row, table.notes, table.problems) == ("Serials", 1, (), ())
    assert table.cell(table.rows[1], "Primary Serial Number") == "E3"


def test_headers_may_stand_lower_elsewhere_and_in_any_order(tmp_path: Path) -> None:
    book, sheet = start()
    sheet["B5"] = "Delivery of Monday"
    header = ("sku", "po_number", "Remark", "CLIENT", "warehouse", "Primary  Serial_Number")
    values = ("SKU-1", "N-1", "fragile", "ACME", "MAIN", "SN-1")
    for column, (title, value) in enumerate(zip(header, values, strict=True), 3):
        sheet.cell(7, column, title)
        sheet.cell(9, column, value)
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert table.header_row == 7
    assert table.rows == [Row(9, ("MAIN", "ACME", "N-1", "SKU-1", "SN-1", "", *LAST))]
    assert table.columns["Primary Serial Number"] == "H"
    assert "Secondary Serial Number" not in table.columns
    assert table.ignored_columns == ("Remark",)
    assert table.notes == ("1 blank row was passed over.",)


def test_a_header_in_row_20_is_found_and_rows_below_it_counted(tmp_path: Path) -> None:
    rows: list[tuple[str, ...]] = [("title",)] * 19
    assert read_serials(save(tmp_path / "a.xlsx", *rows, PO_HEADER, GOOD)).rows == [Row(21, READ)]


def test_the_shipment_import_reads_po_number_in_place_of_so_number(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    table = only_table(read_workbook(path, [SO_SERIALS]))
    assert table.columns["SO Number"] == "C"
    assert table.rows[0].values == READ


def test_the_shipment_import_prefers_so_number_and_names_po_number_as_ignored(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER, "SO Number"), (*GOOD, "S-900"))
    table = only_table(read_workbook(path, [SO_SERIALS]))
    assert table.rows[0].values[2] == "S-900"
    assert table.ignored_columns == ("PO Number",)


def test_a_workbook_may_hold_several_kinds_one_a_sheet(tmp_path: Path) -> None:
    book, _ = start(("Warehouse", "Client", "PO Number", "SKU", "Quantity"), ("MAIN", "ACME", "N-1", "SKU-1", 5))
    sheets: dict[str, list[tuple[str, ...]]] = {
        "Ship": [("Warehouse", "Client", "SO Number", "SKU", "Quantity"), ("MAIN", "ACME", "S-1", "SKU-1", "3")],
        "Notes": [("Nothing", "here")],
        "Stock": [("Warehouse", "Client", "SKU", "Primary Serial Number"), ("MAIN", "ACME", "SKU-1", "SN-1")],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    read = read_workbook(tmp_path / "a.xlsx", MASTER_DATA)
    assert [table.kind for table in read.tables] == [PURCHASE_ORDERS, SHIPMENT_ORDERS, OPENING_STOCK]
    assert read.tables[0].rows[0].values == ("MAIN", "ACME", "N-1", "SKU-1", "5", *[""] * 6)
    assert read.ignored_sheets == ("Notes",)


def test_products_come_with_their_flags_however_they_are_written(tmp_path: Path) -> None:
    header = [column.name for column in PRODUCTS.columns[:9]]
    path = save(
        tmp_path / "a.xlsx",
        header,
        ("ACME", "SKU-1", "Drill", "4006381333931;14006381333938=12", True, "Yes", None, "x", 1),
        ("ACME", "SKU-2", "Saw", None, "TRUE", "no", "0", False, " "),
        ("ACME", "SKU-3", "Axe", None, "１", "Yes ", "０", None, None),
    )
    table = only_table(read_workbook(path, [PRODUCTS]))
    assert [row.values[4:9] for row in table.rows] == [
        ("True", "True", "False", "True", "True"),
        ("True", "False", "False", "False", "False"),
        ("True", "True", "False", "False", "False"),
    ]
    assert {text for row in table.rows for text in row.values[9:]} == {""}
    assert table.problems == ()


def test_due_dates_come_as_iso_days(tmp_path: Path) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Due")
    day = datetime.date(2026, 1, 31)
    due: list[Any] = [day, datetime.datetime(2026, 1, 31, 14, 30), "2026-01-31", "2026-01-31T08:00", None]  # noqa: DTZ001
    path = save(tmp_path / "a.xlsx", header, *(("MAIN", "ACME", "N-1", "SKU", 1, value) for value in due))
    table = only_table(read_workbook(path, [PURCHASE_ORDERS]))
    assert [row.values[6] for row in table.rows] == [*["2026-01-31"] * 4, ""]


TWO_DAYS = "may mean two days: neither ui.language nor the locale says which number is its month"


@pytest.fixture
def settled() -> Iterator[None]:
    """The site's language is as it was, afterwards."""
    before = languages.site()
    yield
    languages.settle(before)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("setting", "locale", "text", "said"),
    [
        ("auto", "de_DE.UTF-8", "01.12.2026", "2026-12-01"),
        ("en", "pl_PL", "1. 12. 2026", "2026-12-01"),
        ("de", "en_US.UTF-8", "01.12.2026", "2026-12-01"),
        ("auto", "de_AT.UTF-8", "31.02.2026", "is a day that does not exist"),
        ("fr", "en_US.UTF-8", "01.12.2026", TWO_DAYS),
        ("auto", "C.UTF-8", "12.01.2026", TWO_DAYS),
        ("auto", "en_US.UTF-8", "24.12.2026", "2026-12-24"),
        ("auto", "de_DE.UTF-8", "01/12/2026", "is not a date"),
    ],
)
def test_a_day_with_points_is_read_where_the_language_writes_it_so_or_it_can_mean_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, locale: str, text: str, said: str
) -> None:
    for name in ("LC_ALL", "LC_TIME", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_TIME", locale)
    languages.settle(setting)
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Due")
    table = only_table(
        read_workbook(save(tmp_path / "a.xlsx", header, ("MAIN", "ACME", "N-1", "SKU", 1, text)), [PURCHASE_ORDERS])
    )
    assert [*(row.values[6] for row in table.rows), *(problem.reason for problem in table.problems)][-1] == said


@pytest.mark.parametrize("flag", ["✓", "Y", "ja", "J", "on", "✔", "SÍ", "tak", "oui"])
def test_a_flag_is_yes_in_the_words_that_people_write(tmp_path: Path, flag: str) -> None:
    header = [column.name for column in PRODUCTS.columns[:9]]
    path = save(tmp_path / "a.xlsx", header, ("ACME", "SKU-1", "Drill", None, flag, "N", "nein", "off", None))
    row = only_table(read_workbook(path, [PRODUCTS])).rows[0]
    assert list(row.values[4:9]) == ["True", "False", "False", "False", "False"]


def test_blank_rows_are_counted_but_not_those_at_the_end(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD)
    sheet["A5"] = " \u00a0"
    sheet["E7"] = "SN-7"
    sheet["A9"] = "  "
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert [row.number for row in table.rows] == [2, 7]
    assert table.notes == ("4 blank rows were passed over.",)


def test_blank_rows_are_counted_across_thousands_of_them(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD)
    sheet["E9000"] = "SN-9000"
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert [row.number for row in table.rows] == [2, 9000]
    assert table.notes == ("8,997 blank rows were passed over.",)


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, (*GOOD[:4], "SN-2", "IM-2"))
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert serials(table) == ["SN-1", "SN-2"]
    assert table.notes == ("1 hidden row was read too.",)


def test_a_hidden_sheet_is_read_and_named(tmp_path: Path) -> None:
    book, sheet = start(("Read me",), title="Cover")
    hidden = book.create_sheet("Data")
    hidden.append(PO_HEADER)
    hidden.append(GOOD)
    hidden.sheet_state = "hidden"
    assert sheet.title == "Cover"
    book.save(tmp_path / "a.xlsx")
    assert read_serials(tmp_path / "a.xlsx").notes == ("The sheet Data is hidden; it was read all the same.",)


@pytest.mark.parametrize(
    ("cell", "text", "note"),
    [
        ("\u00a0SN-2 ", "SN-2", "blanks at the edges were taken off"),
        ("\u3000SN-2\u202f", "SN-2", "blanks at the edges were taken off"),
        ("\ufeffSN-2", "SN-2", "a byte-order mark at the edges was taken off"),
        ("SN-2\n", "SN-2", "a line break at the edges was taken off"),
        ("\tSN-2\u200b ", "SN-2", "a tab and a zero-width space at the edges was taken off"),
        ("'000777", "000777", "the mark of a text (') before the digits was taken off"),
        ("'123-45A", "123-45A", "the mark of a text (') before the digits was taken off"),
        ("SN\uff11\uff12", "SN12", "full-width digits were read as digits"),
        (12345, "12345", "numbers were read as their digits"),
        (999_999_999_999_999, "999999999999999", "numbers were read as their digits"),
        (0, "0", "numbers were read as their digits"),
    ],
)
def test_a_mended_cell_is_taken_with_a_note(tmp_path: Path, cell: object, text: str, note: str) -> None:
    book, _ = with_serial(cell)
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert serials(table) == ["SN-1", text]
    assert table.notes == (f"Primary Serial Number: {note} in 1 cell, first E3.",)
    assert table.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "SN 2",
        "O'Neill",
        "'SN-2",
        "'12'",
        "5'",
        "A\u200bB",
        "12E5",
        "1.5",
        "0012",
        "a\u200bb",
        "SN\u202e2",
        "A\nB",
        "A\tB",
        "=SN",
        "é",
    ],
)
def test_a_text_comes_as_it_is_whatever_the_workflow_will_say_of_it(tmp_path: Path, text: str) -> None:
    book, sheet = with_serial("x")
    sheet["E3"].value = text
    sheet["E3"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert serials(table) == ["SN-1", text]
    assert (table.problems, table.notes) == ((), ())


@pytest.mark.parametrize(
    ("number", "number_format", "text"),
    [
        (123, "000000", "000123"),
        (0, "000", "000"),
        (1234, "000", "1234"),
        (123, "0", "123"),
        (123, "@", "123"),
        (123, "GENERAL", "123"),
    ],
)
def test_a_number_is_taken_as_it_is_displayed(tmp_path: Path, number: int, number_format: str, text: str) -> None:
    book, _ = with_serial(number, number_format)
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert serials(table) == ["SN-1", text]
    assert table.problems == ()


def test_formats_are_found_where_the_styles_have_another_name(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    path = raw_xlsx(
        tmp_path / "a.xlsx",
        sheet_xml(inline(PO_HEADER[:5], (*GOOD[:4], '<c s="1"><v>77</v></c>'))),
        {
            "xl/formats.xml": (
                f'<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
                '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
                '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
                # What conditional formats show is not what the cell is.
                '<dxfs><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs></styleSheet>'
            ),
            "xl/_rels/workbook.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="r1" Type="{office}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{office}/styles" Target="formats.xml"/></Relationships>'
            ),
        },
    )
    assert serials(read_serials(path)) == ["00077"]


def test_a_formula_with_a_stored_text_is_taken(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, PO_HEADER)
    sheet.write_row(1, 0, GOOD)
    sheet.write_formula(1, 4, '="SN"&"-9"', value="SN-9")
    book.close()
    table = read_serials(tmp_path / "a.xlsx")
    assert serials(table) == ["SN-9"]
    assert table.problems == ()


def test_quantities_are_whole_numbers_from_numbers_or_text(tmp_path: Path) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")
    quantities: Sequence[object] = (5, 5.0, "5", " 5\u00a0", "\uff15", "005", 0, None)
    path = save(tmp_path / "a.xlsx", header, *(("MAIN", "ACME", "N-1", "SKU", quantity) for quantity in quantities))
    table = only_table(read_workbook(path, [PURCHASE_ORDERS]))
    assert [row.values[4] for row in table.rows] == ["5"] * 6 + ["0", ""]
    assert table.problems == ()


def test_order_numbers_and_skus_follow_the_rules_of_serials(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, ("MAIN", "ACME", 1000, 4006381333931, "SN-1", None))
    table = read_serials(path)
    assert table.rows[0].values[:6] == ("MAIN", "ACME", "1000", "4006381333931", "SN-1", "")
    assert len(table.notes) == 2


def test_an_old_workbook_is_read_but_for_its_numbers() -> None:
    # serials.xls was made with xlwt 1.3: a text, a number, an empty cell, a boolean, a date, two merged cells.
    table = read_serials(FILES / "serials.xls")
    assert table.rows[0] == Row(2, ("MAIN", "ACME", "N-1", "SKU-1", "SN-1", "IM-1", *LAST))
    assert [(problem.cell, problem.value) for problem in table.problems] == [
        ("E3", "12345"),
        ("E5", "TRUE"),
        ("E6", "2026-01-31"),
        ("E7", "E7:E8"),
    ]
    assert "save the file as .xlsx" in table.problems[0].mend
    assert any("error values" in note for note in table.notes)


def test_an_opendocument_spreadsheet_is_read_but_for_its_numbers(tmp_path: Path) -> None:
    table = read_serials(ods(tmp_path / "a.ods", PO_HEADER, GOOD, (*GOOD[:4], 5, "IM-2")))
    assert table.rows[0] == Row(2, READ)
    assert [(problem.cell, problem.value) for problem in table.problems] == [("E3", "5")]


def test_hidden_rows_of_an_opendocument_spreadsheet_are_counted(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", PO_HEADER, GOOD, GOOD)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    hidden = b'</table:table-row><table:table-row table:visibility="collapse">'
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table-row><table:table-row>", hidden, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert read_serials(path).notes == ("1 hidden row was read too.",)


def test_a_binary_workbook_is_read_but_for_its_numbers(tmp_path: Path) -> None:
    table = read_serials(xlsb(tmp_path / "a.xlsb", PO_HEADER, GOOD, (*GOOD[:4], 5.0, "IM-2")))
    assert table.rows[0] == Row(2, READ)
    assert [(problem.cell, problem.value) for problem in table.problems] == [("E3", "5")]


def test_a_workbook_with_macros_is_read_as_one_without(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsm", sheet_xml(inline(PO_HEADER, GOOD)), {"xl/vbaProject.bin": b"macros"})
    assert read_serials(path).rows == [Row(2, READ)]


def test_cells_are_found_whatever_names_and_quotes_the_xml_uses(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = "".join(f"<x:c t='inlineStr'><x:is><x:t>{text}</x:t></x:is></x:c>" for text in PO_HEADER[:5])
    errors = "".join(f"<x:c t='inlineStr'><x:is><x:t>{text}</x:t></x:is></x:c>" for text in GOOD[:4])
    path = raw_xlsx(
        tmp_path / "a.xlsx",
        f"<x:worksheet xmlns:x='{main}'><x:sheetData><x:row r='1'>{cells}</x:row>"
        f"<x:row r='2'>{errors}<x:c t='e'><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>",
    )
    assert [(problem.cell, problem.value) for problem in read_serials(path).problems] == [("E2", "#N/A")]


def test_ten_thousand_rows_keep_their_order_and_numbers(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, PO_HEADER)
    for number in range(1, 10_001):
        sheet.write_row(number, 0, ("MAIN", "ACME", "N-1", "SKU-1", f"SN-{number}"))
    book.close()
    table = read_serials(tmp_path / "a.xlsx")
    assert [row.number for row in table.rows] == list(range(2, 10_002))
    assert serials(table) == [f"SN-{number}" for number in range(1, 10_001)]


def test_a_sheet_of_a_header_only_has_no_rows(tmp_path: Path) -> None:
    assert read_serials(save(tmp_path / "a.xlsx", PO_HEADER)).rows == []


def test_the_child_reads_no_module_of_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    (tmp_path / "json.py").write_text("raise SystemExit('somebody else is here')")
    monkeypatch.chdir(tmp_path)
    assert read_serials(path).rows == [Row(2, READ)]
    assert json.dumps({}) == "{}"
