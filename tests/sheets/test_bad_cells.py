"""Cells that cannot be taken: every one of them is told, with its place and what to do."""

import datetime
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter

from scanstation.domain.sheet_kinds import PO_SERIALS, PRODUCTS, PURCHASE_ORDERS
from scanstation.sheets.reading import Problem, Table, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, READ, inline, ods, raw_xlsx, save, sheet_xml, start, with_serial


def read_serials(path: Path) -> Table:
    return read_workbook(path, [PO_SERIALS], single=True).tables[0]


@pytest.mark.parametrize(
    ("cell", "number_format", "shown", "reason"),
    [
        (1_000_000_000_000_000, None, "1E+15", "more than 15 digits"),
        (123456789012345678, None, "1.23456789012346E+17", "more than 15 digits"),
        (12.5, None, "12.5", "decimals"),
        (12.5, "0", "12.5", "decimals"),
        (-5, None, "-5", "below zero"),
        (1234, "#,##0", "1234", "displayed with the format #,##0"),
        (12, "0%", "12", "displayed with the format 0%"),
        (12, '"SN"0000', "12", 'displayed with the format "SN"0000'),
        (12, "0.00E+00", "12", "displayed with the format"),
        (datetime.date(2026, 1, 31), None, "2026-01-31", "a date"),
        (datetime.time(12, 30), None, "12:30:00", "a time"),
        (True, None, "TRUE", "a logical value"),
        ("#N/A", None, "#N/A", "an error value"),
        ("#REF!", None, "#REF!", "an error value"),
        ("=A1&1", None, "=A1&1", "a formula that has no result in the file"),
    ],
)
def test_a_cell_that_is_no_text_is_refused_with_its_place_and_the_way_out(
    tmp_path: Path, cell: object, number_format: str | None, shown: str, reason: str
) -> None:
    book, _ = with_serial(cell, number_format)
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    (problem,) = table.problems
    assert (problem.sheet, problem.cell, problem.row) == ("Serials", "E3", 3)
    assert problem.column == "Primary Serial Number"
    assert problem.value == shown
    assert reason in problem.reason
    assert problem.mend
    # The row is there too, as it looks, so that a file to be mended can be made of it.
    assert table.rows[1].values[4] == shown


@pytest.mark.parametrize("cell", [1_000_000_000_000_000, 12.5, datetime.date(2026, 1, 31), True, "=A1"])
def test_the_way_out_is_to_format_the_column_as_text(tmp_path: Path, cell: object) -> None:
    book, _ = with_serial(cell)
    book.save(tmp_path / "a.xlsx")
    assert read_serials(tmp_path / "a.xlsx").problems[0].mend.startswith("Format the column as Text and paste again.")


def test_a_real_error_value_is_told_from_an_empty_cell(tmp_path: Path) -> None:
    cells = inline(
        PO_HEADER,
        (*GOOD[:4], '<c t="e"><v>#N/A</v></c>', "IM-1"),
        (*GOOD[:4], "<c><f>A1</f><v/></c>", "IM-2"),
        (*GOOD[:4], '<c t="str"><f>""</f><v></v></c>', "IM-3"),
        (*GOOD[:4], '<c t="e"><f>NA()</f><v>#N/A</v></c>', "IM-4"),
    )
    table = read_serials(raw_xlsx(tmp_path / "a.xlsx", sheet_xml(cells)))
    assert [(problem.cell, problem.value) for problem in table.problems] == [
        ("E2", "#N/A"),
        ("E3", "=A1"),
        ("E5", "#N/A"),
    ]
    assert [row.values[4] for row in table.rows] == ["#N/A", "=A1", "", "#N/A"]


def test_rows_of_nothing_but_empty_formulas_at_the_end_are_told_too(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD, (None, None, None, None, "=A1"), (None, None, None, "=A1"))
    table = read_serials(path)
    assert [problem.cell for problem in table.problems] == ["E3", "D4"]
    assert [row.number for row in table.rows] == [2, 3, 4]


def test_every_bad_cell_is_told_in_the_order_of_the_rows(tmp_path: Path) -> None:
    bad = (True, 1.5, "1.23E+15", datetime.date(2026, 1, 31), 10**15, -1)
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD, bad, GOOD, bad)
    problems = read_serials(path).problems
    assert [problem.cell for problem in problems] == [f"{letter}{row}" for row in (3, 5) for letter in "ABCDEF"]


def test_bad_cells_of_columns_that_are_not_read_do_no_harm(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER, "Price"), (*GOOD, 12.5), (*GOOD, "=1/0"))
    table = read_serials(path)
    assert (table.problems, table.ignored_columns) == ((), ("Price",))


def test_merged_cells_in_a_serial_column_are_refused(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, (*GOOD[:4], "SN-2", "IM-2"), (*GOOD[:4], None, "IM-3"))
    sheet.merge_cells("E3:E4")
    book.save(tmp_path / "a.xlsx")
    (problem,) = read_serials(tmp_path / "a.xlsx").problems
    assert (problem.cell, problem.value) == ("E3", "E3:E4")
    assert "merged" in problem.reason


def test_merged_cells_above_the_header_are_nothing(tmp_path: Path) -> None:
    book, sheet = start(("Delivery of Monday",), PO_HEADER, GOOD)
    sheet.merge_cells("A1:F1")
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert (table.problems, table.notes) == ((), ())


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
def test_merged_cells_of_a_name_are_its_value_in_each_row(tmp_path: Path, letter: str) -> None:
    slot = "ABCD".index(letter)
    covered = [*GOOD]
    covered[slot] = ""
    book, sheet = start(PO_HEADER, GOOD, (*covered[:4], "SN-2"), (*covered[:4], "SN-3"), (*GOOD[:4], "SN-4"))
    sheet.merge_cells(f"{letter}2:{letter}4")
    book.save(tmp_path / "a.xlsx")
    table = read_serials(tmp_path / "a.xlsx")
    assert [row.values[:4] for row in table.rows] == [GOOD[:4]] * 4
    assert table.problems == ()
    name = PO_HEADER[slot]
    assert table.notes == (f"{name}: the value of merged cells was taken for each of their rows: {letter}2:{letter}4.",)


def test_a_merge_that_ends_below_the_last_row_makes_no_rows(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, (None, *GOOD[1:4], "SN-2"))
    sheet.merge_cells("A2:A40")
    book.save(tmp_path / "a.xlsx")
    assert [row.values[0] for row in read_serials(tmp_path / "a.xlsx").rows] == ["MAIN", "MAIN"]


def test_a_merge_over_thousands_of_rows_is_its_value_in_all(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, *((None, None, *GOOD[2:4], f"SN-{row}") for row in range(3, 5003)))
    sheet.merge_cells("A2:A5002")
    sheet.merge_cells("B2:B2500")
    sheet.merge_cells("B2501:B5002")
    sheet["B2501"] = "OTHER"
    book.save(tmp_path / "a.xlsx")
    rows = read_serials(tmp_path / "a.xlsx").rows
    assert {row.values[0] for row in rows} == {"MAIN"}
    assert [row.values[1] for row in rows] == ["ACME"] * 2499 + ["OTHER"] * 2502


def test_merged_cells_over_several_names_are_refused_by_their_name(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, ("MAIN", None, *GOOD[2:4], "SN-2"))
    sheet.merge_cells("A3:B3")
    book.save(tmp_path / "a.xlsx")
    (problem,) = read_serials(tmp_path / "a.xlsx").problems
    assert (problem.cell, problem.value) == ("B3", "A3:B3")
    assert "begin in column A" in problem.reason


def test_a_value_that_lies_beneath_merged_cells_is_refused(tmp_path: Path) -> None:
    covered = '<table:covered-table-cell office:value-type="string"><text:p>OTHER</text:p></table:covered-table-cell>'
    merged = (
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="1">'
        "<text:p>MAIN</text:p></table:table-cell>"
    )
    path = ods(tmp_path / "a.ods", PO_HEADER, (merged, *GOOD[1:]), (covered, *GOOD[1:4], "SN-2", ""), GOOD)
    (problem,) = read_serials(path).problems
    assert (problem.cell, problem.value) == ("A3", "OTHER")
    assert "beneath the merged cells A2:A3" in problem.reason


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        (1.5, "not a whole number"),
        (-1, "below zero"),
        (10**15, "not a whole number"),
        (True, "not a whole number"),
        ("ten", "not a whole number"),
        ("1,000", "not a whole number"),
        ("5.0", "not a whole number"),
        ("-1", "not a whole number"),
        ("1E+3", "not a whole number"),
        (datetime.date(2026, 1, 31), "not a whole number"),
        ("=A1", "no result in the file"),
    ],
)
def test_a_quantity_that_is_no_whole_number_is_refused(tmp_path: Path, quantity: object, reason: str) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")
    path = save(tmp_path / "a.xlsx", header, ("MAIN", "ACME", "N-1", "SKU", quantity))
    (problem,) = read_workbook(path, [PURCHASE_ORDERS]).tables[0].problems
    assert problem.cell == "E2"
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        ("2026-02-30", "does not exist"),
        (46053, "not a date"),
        (True, "not a date"),
        (datetime.time(8, 0), "not a date"),
    ],
)
def test_a_due_that_is_no_day_is_refused(tmp_path: Path, due: object, reason: str) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Due")
    path = save(tmp_path / "a.xlsx", header, ("MAIN", "ACME", "N-1", "SKU", 1, due))
    (problem,) = read_workbook(path, [PURCHASE_ORDERS]).tables[0].problems
    assert problem.cell == "F2"
    assert reason in problem.reason


@pytest.mark.parametrize("flag", ["maybe", "2", "jein", "✗", 2, 0.5, datetime.date(2026, 1, 31)])
def test_a_flag_that_is_neither_yes_nor_no_is_refused(tmp_path: Path, flag: object) -> None:
    header = [column.name for column in PRODUCTS.columns[:9]]
    path = save(tmp_path / "a.xlsx", header, ("ACME", "SKU-1", "Drill", None, flag, True, None, None, None))
    (problem,) = read_workbook(path, [PRODUCTS]).tables[0].problems
    assert problem.cell == "E2"
    assert "neither yes nor no" in problem.reason


def test_a_formula_with_a_stored_number_is_judged_as_a_number(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, PO_HEADER)
    sheet.write_row(1, 0, GOOD)
    sheet.write_formula(1, 4, "=5+7", None, 12)
    sheet.write_formula(1, 5, "=5/2", None, 2.5)
    book.close()
    table = read_serials(tmp_path / "a.xlsx")
    assert table.rows[0].values[4] == "12"
    assert table.problems == (
        Problem(
            "Serials",
            2,
            "F2",
            "Secondary Serial Number",
            "2.5",
            "is a number with decimals, not text",
            "Format the column as Text and paste again.",
        ),
    )


def test_control_characters_of_a_bad_value_are_made_visible(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Warehouse,Client,PO Number,SKU,Quantity\nMAIN,ACME,N-1,SKU,\x1b[2J5\n")
    (problem,) = read_workbook(path, [PURCHASE_ORDERS]).tables[0].problems
    assert problem.value == "␛[2J5"


def test_errors_empty_formulas_and_merged_cells_of_an_opendocument_sheet_are_told(tmp_path: Path) -> None:
    failed = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    # Twice, in both serial columns.
    empty = '<table:table-cell table:formula="of:=[.A1]" table:number-columns-repeated="2"/>'
    merged = (
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2" table:number-columns-spanned="1">'
        "<text:p>SN-4</text:p></table:table-cell>"
    )
    path = ods(
        tmp_path / "a.ods",
        PO_HEADER,
        (*GOOD[:4], failed, "IM-1"),
        (*GOOD[:4], empty),
        (*GOOD[:4], merged, "IM-3"),
        (*GOOD[:4], "<table:covered-table-cell/>", "IM-4"),
        GOOD,
    )
    table = read_serials(path)
    assert [(problem.cell, problem.value) for problem in table.problems] == [
        ("E2", "#N/A"),
        ("E3", "=[.A1]"),
        ("F3", "=[.A1]"),
        ("E4", "E4:E5"),
    ]
    assert table.rows[-1].values == READ


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("<text:p>#N/A</text:p>", "#N/A"),
        ("<text:p>#DIV/0!</text:p>", "#DIV/0!"),
        ("<text:p>#<text:span>REF</text:span>!</text:p>", "#REF!"),
        ("<text:p>Err:502</text:p>", "Err:502"),
        ("\n  <text:p>#NAME?</text:p>\n ", "#NAME?"),
        ("<text:p/>", "#ERROR"),
        ("", "#ERROR"),
    ],
)
def test_an_error_of_an_opendocument_sheet_is_told_as_it_is_shown(tmp_path: Path, shown: str, told: str) -> None:
    said = 'table:formula="of:=X" office:value-type="string" office:string-value="" calcext:value-type="error"'
    cell = f"<table:table-cell {said}>{shown}</table:table-cell>"
    table = read_serials(ods(tmp_path / "a.ods", PO_HEADER, (*GOOD[:4], cell, "IM-1"), (*GOOD[:4], cell, cell), GOOD))
    assert [(one.cell, one.value) for one in table.problems] == [("E2", told), ("E3", told), ("F3", told)]
    assert table.rows[-1].values == READ


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>', None),
        ('<table:table-cell table:formula="of:=T([.A9])"><text:p></text:p></table:table-cell>', None),
        ('<table:table-cell table:formula="of:=[.A9]" office:value-type="string"><text:p/></table:table-cell>', None),
        ('<table:table-cell table:formula="of:=[.A9]"/>', "=[.A9]"),
        ('<table:table-cell table:formula="of:=[.A9]"></table:table-cell>', "=[.A9]"),
    ],
)  # fmt: skip
def test_a_formula_of_an_opendocument_sheet_that_made_an_empty_text_is_blank(
    tmp_path: Path, cell: str, value: str | None
) -> None:
    path = ods(tmp_path / "a.ods", PO_HEADER, GOOD, (*GOOD[:5], cell), ("", "", "", "", cell, ""))
    table = read_serials(path)
    assert [one.value for one in table.problems] == ([] if value is None else [value, value])
    assert len(table.rows) == (2 if value is None else 3)


def test_an_empty_text_formula_of_an_xlsx_is_blank_however_it_is_stored(tmp_path: Path) -> None:
    cells = inline(
        PO_HEADER,
        (*GOOD[:4], "SN-1", '<c><f>""</f><v></v></c>'),
        (*GOOD[:4], "SN-2", '<c><f>""</f></c>'),
        (*GOOD[:4], "SN-3", '<c t="str"><f>IF(A9="","",A9)</f><v></v></c>'),
        (*GOOD[:4], "SN-4", '<c t="str"><f>IF(A9="","",A9)</f></c>'),
        ("", "", "", "", '<c><f> "" </f><v/></c>', ""),
        (*GOOD[:4], "SN-5", '<c><f>"x"</f><v/></c>'),
    )
    table = read_serials(raw_xlsx(tmp_path / "a.xlsx", sheet_xml(cells)))
    assert [one.cell for one in table.problems] == ["F7"]
    assert [row.values[4:6] for row in table.rows[:4]] == [(f"SN-{number}", "") for number in range(1, 5)]


@pytest.mark.parametrize(
    ("kind", "moment"), [("time", "PT30H00M00S"), ("time", "-PT01H00M00S"), ("date", "-0044-03-15")]
)
def test_a_moment_that_the_reader_gives_as_text_is_no_serial(tmp_path: Path, kind: str, moment: str) -> None:
    said = f'office:value-type="{kind}" office:{kind}-value="{moment}" calcext:value-type="{kind}"'
    cell = f"<table:table-cell {said}><text:p>as shown</text:p></table:table-cell>"
    table = read_serials(ods(tmp_path / "a.ods", PO_HEADER, (*GOOD[:4], cell, "IM-1"), (*GOOD[:4], "PT30H", "IM-2")))
    assert [(problem.cell, problem.value, problem.reason) for problem in table.problems] == [
        ("E2", moment, "is a date or a time, not text")
    ]
    assert table.rows[1].values[4] == "PT30H", "a text that looks like one is a serial"


@pytest.mark.parametrize("moment", ["2026-01-31T10:00:00Z", "2026-01-31T10:00", "PT30H"])
def test_a_date_in_iso_form_is_no_serial(tmp_path: Path, moment: str) -> None:
    cells = inline(PO_HEADER, (*GOOD[:4], f'<c t="d"><v>{moment}</v></c>', "IM-1"), GOOD)
    table = read_serials(raw_xlsx(tmp_path / "a.xlsx", sheet_xml(cells)))
    assert [(problem.cell, problem.value) for problem in table.problems] == [("E2", moment)]
    assert table.problems[0].mend == "Format the column as Text and paste again."


def test_a_formula_that_no_program_has_counted_is_no_serial_whatever_its_writer_put_there(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, PO_HEADER)
    said: list[dict[str, object]] = [{}, {"value": 0}, {"value": ""}, {"value": "SN-5"}, {"value": 12}]
    for number, value in enumerate(said, 1):
        sheet.write_row(number, 0, GOOD[:4])
        sheet.write_formula(number, 4, "=H1", **value)
    sheet.write_row(6, 0, GOOD[:3])
    sheet.write_formula(6, 3, "=H1")
    sheet.write(6, 4, "SN-7")
    book.close()
    table = read_serials(path)
    assert [(one.cell, one.value) for one in table.problems] == [
        ("E2", "=H1"),
        ("E3", "=H1"),
        ("E4", "=H1"),
        ("D7", "=H1"),
    ]
    assert [row.values[4] for row in table.rows[3:]] == ["SN-5", "12", "SN-7"]
    assert "has no result in the file" in table.problems[0].reason
    for way in ("save it", "empty", "values as text"):
        assert way in table.problems[0].mend


@pytest.mark.parametrize(
    ("cell", "is_refused"),
    [
        ("<c><f>H1</f><v>0</v></c>", True),
        ("<c><f>H1</f><v>0.0</v></c>", True),
        ("<c><f>H1</f><v> 0 </v></c>", True),
        ('<c t="n"><f>H1</f><v>0</v></c>', True),
        ("<c><f>H1</f><v>10</v></c>", False),
        ('<c t="str"><f>H1</f><v>0</v></c>', False),
        ("<c><v>0</v></c>", False),
    ],
)
def test_only_the_number_zero_of_a_formula_is_none(tmp_path: Path, cell: str, is_refused: bool) -> None:
    table = read_serials(raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, (*GOOD[:4], cell, "IM-1"), GOOD))))
    assert [one.cell for one in table.problems] == (["E2"] if is_refused else [])


@pytest.mark.parametrize(("counts_on_load", "is_refused"), [(True, True), (False, False)])
def test_a_quantity_of_zero_that_no_program_has_counted_drops_no_line(
    tmp_path: Path, counts_on_load: bool, is_refused: bool
) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity")
    path = raw_xlsx(
        tmp_path / "a.xlsx",
        sheet_xml(inline(header, ("MAIN", "ACME", "N-1", "SKU", "<c><f>SUM(H1:H9)</f><v>0</v></c>"))),
    )
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    if counts_on_load:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            "</workbook>", '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
        )
    table = read_workbook(raw_xlsx(path, "", parts), [PURCHASE_ORDERS]).tables[0]
    assert [(one.cell, one.value) for one in table.problems] == ([("E2", "=SUM(H1:H9)")] if is_refused else [])


def test_openpyxl_writes_what_xlsxwriter_writes_for_an_empty_text(tmp_path: Path) -> None:
    book, _ = with_serial("=H1")
    book.save(tmp_path / "openpyxl.xlsx")
    written = xlsxwriter.Workbook(tmp_path / "xlsxwriter.xlsx")
    written.add_worksheet().write_formula("E3", "=H1", None, "")
    written.close()
    cells = []
    for name in ("openpyxl.xlsx", "xlsxwriter.xlsx"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            tree = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        (cell,) = [one for one in tree.iter() if one.get("r") == "E3"]
        cells.append((cell.attrib, [(one.tag, one.text) for one in cell]))
    assert cells[0] == cells[1], "so nobody can tell them apart"
