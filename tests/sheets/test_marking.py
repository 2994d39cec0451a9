"""Refused rows come back to be mended: in a copy of the file that was sent, or in a plain workbook of its columns."""

import datetime
import io
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as ExcelTable
from PIL import Image as Picture

from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.sheet_kinds import PO_SERIALS, PURCHASE_ORDERS
from scanstation.sheets import copying
from scanstation.sheets.marking import Refusals, Saved, write_errors
from scanstation.sheets.reading import Limits, Table, look_into, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, inline, ods, raw_xlsx, save, sheet_xml, start, with_serial

if TYPE_CHECKING:
    from scanstation.sheets.layouts import Layout

HEADER = (*PO_HEADER[:5], "Box", "Checked")
MARK = copying.MARK
MAY = datetime.datetime(2026, 5, 1)  # noqa: DTZ001 - a sheet knows no time zones


def table_of(path: Path) -> Table:
    (table,) = read_workbook(path, [PO_SERIALS]).tables
    return table


def saved(source: Path, to: Path, errors: dict[int, str], *cells: str, only_refused: bool = False) -> Saved:
    return write_errors(to, [Refusals(table_of(source), errors, cells)], only_refused=only_refused)


def sheet_of(path: Path, title: str = "Serials") -> Any:
    return openpyxl.load_workbook(path)[title]


def cells(path: Path) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows()]


def marked(path: Path) -> set[str]:
    return {cell.coordinate for row in sheet_of(path).iter_rows() for cell in row if cell.fill.fgColor.rgb == MARK}


def sent(folder: Path) -> Path:
    """A supervisor's own workbook: title rows, two more columns, widths, colours, a note, a list, another sheet."""
    book, sheet = start(("Delivery of May",), (), HEADER, title="Serials")
    for row in (
        (*GOOD[:4], "SN-1", "B1", datetime.date(2026, 5, 1)),
        (*GOOD[:4], "SN-2", 12.5, True),
        (*GOOD[:4], 1.5, "B3", None),
    ):
        sheet.append(row)
    sheet.column_dimensions["E"].width = 33
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[5].height = 40
    for cell in sheet[3]:
        cell.font = Font(bold=True, color="FF0000FF")
    sheet["E5"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["D4"].comment = Comment("ask Ana", "Ben")
    sheet["G4"].number_format = "dd/mm/yyyy"
    sheet["A1"].hyperlink = "https://example.com/may"
    sheet.merge_cells("A1:C1")
    sheet.freeze_panes = "A4"
    sheet.auto_filter.ref = "A3:G6"
    rule = DataValidation("list", formula1='"B1,B2,B3"')
    rule.add("F4:F100")
    sheet.add_data_validation(rule)
    yellow = CellIsRule("equal", ['"B1"'], fill=PatternFill(bgColor="FFFFFF00"))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("F4:F9", yellow)
    other = book.create_sheet("Notes")
    other.append(("=1+1", "keep this", 7))
    other.sheet_properties.tabColor = "FF123456"
    book.create_sheet("Lists").sheet_state = "hidden"
    path = folder / "may.xlsx"
    book.save(path)
    return path


def test_the_copy_is_the_supervisors_own_workbook(tmp_path: Path) -> None:
    source = sent(tmp_path)
    before = source.read_bytes()

    told = saved(source, tmp_path / "e.xlsx", {6: "1.5 is a number with decimals."}, "E6")

    assert told == Saved(3, "may.xlsx")
    assert source.read_bytes() == before
    book: Any = openpyxl.load_workbook(tmp_path / "e.xlsx")
    sheet = book["Serials"]
    assert book.sheetnames == ["Serials", "Notes", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["Notes"][1]] == ["=1+1", "keep this", 7]
    assert book["Notes"].sheet_properties.tabColor.rgb == "FF123456"
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        [*HEADER, "Error"],
        [*GOOD[:4], "SN-1", "B1", MAY, None],
        [*GOOD[:4], "SN-2", 12.5, True, None],
        [*GOOD[:4], 1.5, "B3", None, "1.5 is a number with decimals."],
    ]
    assert sheet.column_dimensions["E"].width == 33
    assert sheet.column_dimensions["F"].hidden
    assert sheet.row_dimensions[5].height == 40
    assert sheet["E3"].font.color.rgb == "FF0000FF"
    assert sheet["H3"].font.b, "the header looks like its neighbours"
    assert sheet["E5"].fill.fgColor.rgb == "FF00FF00"
    assert sheet["D4"].comment.text == "ask Ana"
    assert sheet["G4"].number_format == "dd/mm/yyyy"
    assert sheet["A1"].hyperlink.target == "https://example.com/may"
    assert "A1:C1" in sheet.merged_cells
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:G6")
    assert sheet.data_validations.dataValidation[0].formula1 == '"B1,B2,B3"'
    assert len(sheet.conditional_formatting) == 1
    assert marked(tmp_path / "e.xlsx") == {"E6", "H6"}
    assert sheet.column_dimensions["H"].width == 60


def test_the_copy_is_read_as_the_file_was_and_nothing_passes_unmended(tmp_path: Path) -> None:
    source = sent(tmp_path)
    saved(source, tmp_path / "e.xlsx", {6: "1.5 is a number with decimals."})
    before, after = table_of(source), table_of(tmp_path / "e.xlsx")
    assert after.rows == before.rows
    assert after.problems == before.problems
    assert after.ignored_columns == ("Box", "Checked", "Error")


@pytest.mark.parametrize(
    "cell",
    [
        True,
        12.5,
        -5,
        datetime.date(2026, 1, 31),
        MAY.replace(hour=12, minute=30, second=15, microsecond=250_000),
        datetime.time(8, 30),
        datetime.timedelta(hours=30),
        10**15,
        12345678901234567890,
        "1.23E+15",
        "#N/A",
        "=A1",
        '=CONCATENATE("SN-","1")',
    ],
    ids=str,
)
def test_a_cell_that_was_refused_is_refused_in_the_copy_too(tmp_path: Path, cell: object) -> None:
    source = save(tmp_path / "a.xlsx", PO_HEADER, GOOD, (*GOOD[:4], cell))
    told = saved(source, tmp_path / "e.xlsx", {3: "refused."}, "E3")
    assert [(one.cell, one.reason) for one in table_of(tmp_path / "e.xlsx").problems] == [
        (one.cell, one.reason) for one in table_of(source).problems
    ]
    assert told.copy_of == "a.xlsx"


@pytest.mark.parametrize("number_format", ["General", "0", "000000", "@", "#,##0", "0.00E+00"])
def test_numbers_keep_their_format(tmp_path: Path, number_format: str) -> None:
    book, _ = with_serial(123, number_format)
    book.save(tmp_path / "a.xlsx")
    saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", {2: "refused."})
    before, after = table_of(tmp_path / "a.xlsx"), table_of(tmp_path / "e.xlsx")
    assert (after.rows, after.problems) == (before.rows, before.problems)


def test_texts_that_look_like_escapes_or_formulas_stay_what_they_are(tmp_path: Path) -> None:
    """What openpyxl reads of XlsxWriter's `_x005F_x0041_` it would write as an A."""
    texts = ["LOT_x0041_7", "_x0031_", "=SN", "+1", "#N/B", " SN-9 ", "'SN", "_xyz", "000123", "1e5"]
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet("Serials")
    for row, values in enumerate([PO_HEADER, *((*GOOD[:4], text, "") for text in texts)]):
        for column, value in enumerate(values):
            sheet.write_string(row, column, value)
    book.close()
    assert [row.values[4] for row in table_of(path).rows][:2] == texts[:2]

    told = saved(path, tmp_path / "e.xlsx", {2: "=SUM(A1) is refused, _x0041_ too, and \x1b[31m."}, "E2")

    assert told.copy_of
    after = table_of(tmp_path / "e.xlsx")
    assert after.rows == table_of(path).rows
    error = sheet_of(tmp_path / "e.xlsx")["G2"]
    assert error.data_type == "s"
    (error_told,) = [row for row in look_into(tmp_path / "e.xlsx", [PO_SERIALS])[0].rows if row[6].startswith("=")]
    assert error_told[6] == "=SUM(A1) is refused, _x0041_ too, and ␛[31m."


def test_the_error_column_of_an_earlier_round_is_used_again(tmp_path: Path) -> None:
    source = sent(tmp_path)
    saved(source, tmp_path / "one.xlsx", {5: "SN-2 is known already.", 6: "1.5 is a number."}, "E5", "E6")
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    book["Serials"]["E5"].value = "SN-5"
    book.save(tmp_path / "two.xlsx")

    saved(tmp_path / "two.xlsx", tmp_path / "three.xlsx", {6: "1.5 is still a number."}, "E6")

    sheet = sheet_of(tmp_path / "three.xlsx")
    assert [cell.value for cell in sheet[3]] == [*HEADER, "Error"]
    assert [cell.value for cell in sheet["H"]] == [None, None, "Error", None, None, "1.5 is still a number."]
    assert marked(tmp_path / "three.xlsx") == {"E6", "H6"}


def test_a_column_error_of_somebodys_own_stays(tmp_path: Path) -> None:
    source = save(tmp_path / "a.xlsx", (*PO_HEADER[:5], "Error", "Box"), (*GOOD[:5], "E17", "B1"), (*GOOD[:5], None, 2))
    saved(source, tmp_path / "e.xlsx", {3: "twice."})
    saved(tmp_path / "e.xlsx", tmp_path / "f.xlsx", {3: "still twice."})
    assert cells(tmp_path / "f.xlsx") == [
        (*PO_HEADER[:5], "Error", "Box", "Error 2"),
        (*GOOD[:5], "E17", "B1", None),
        (*GOOD[:5], None, 2, "still twice."),
    ]


def test_the_error_column_goes_where_nothing_is(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER[:5], GOOD[:5], GOOD[:5])
    sheet["F3"] = "no header above"
    sheet["H1"] = "Far"
    sheet.merge_cells("I2:J3")
    for letters in ("A", "G"):  # formats of whole columns, of several in one
        sheet.column_dimensions[letters].number_format = "@"
    sheet.column_dimensions["G"].min, sheet.column_dimensions["G"].max = 7, 16384
    book.save(tmp_path / "a.xlsx")

    saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", {2: "refused."})

    copy = sheet_of(tmp_path / "e.xlsx")
    assert (copy["K1"].value, copy["K2"].value, copy["F3"].value) == ("Error", "refused.", "no header above")
    with zipfile.ZipFile(tmp_path / "e.xlsx") as archive:
        columns = archive.read("xl/worksheets/sheet1.xml").decode()
    spans = sorted(
        (int(part.split('min="')[1].split('"')[0]), int(part.split('max="')[1].split('"')[0]))
        for part in columns.split("<col ")[1:]
    )
    assert all(last < first for (_, last), (first, _) in pairwise(spans)), spans
    assert spans[-1] == (12, 16384)


def test_rows_that_were_taken_are_left_out_and_the_others_move_up(tmp_path: Path) -> None:
    serials = [(*GOOD[:4], f"SN-{number}") for number in range(4, 10)]
    book, sheet = start(("May",), (), PO_HEADER[:5], *serials)
    sheet["F4"] = "beside a taken row"
    sheet["F6"] = "beside a refused row"
    sheet["E6"].comment = Comment("x", "y")
    sheet["D9"].hyperlink = "https://example.com/"
    sheet["D9"].value = "SKU-1"
    sheet["E9"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.row_dimensions[5].height = 50
    sheet.row_dimensions[9].height = 40
    sheet.row_dimensions[6].hidden = True
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("F7:G7")
    sheet.merge_cells("G8:H9")
    sheet.auto_filter.ref = "A3:E9"
    sheet.add_table(ExcelTable(displayName="Serials", ref="A3:E9"))
    book.save(tmp_path / "a.xlsx")
    table = table_of(tmp_path / "a.xlsx")

    bad = {6: "twice.", 8: "unknown.", 9: "unknown."}
    told = saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", bad, "E6", "E9", only_refused=True)

    assert told == Saved(3, "a.xlsx")
    again = table_of(tmp_path / "e.xlsx")
    assert [(row.number, row.values[:6]) for row in again.rows] == [
        (4, ("MAIN", "ACME", "N-1000", "SKU-1", "SN-6", "")),
        (5, ("MAIN", "ACME", "N-1000", "SKU-1", "SN-8", "")),
        (6, ("MAIN", "ACME", "N-1000", "SKU-1", "SN-9", "")),
    ]
    assert len(table.rows) == 6
    copy = sheet_of(tmp_path / "e.xlsx")
    assert [cell.value for cell in copy["I"]] == [None, None, "Error", "twice.", "unknown.", "unknown."]
    assert [cell.value for cell in copy["F"]] == [None, None, None, "beside a refused row", None, None]
    assert marked(tmp_path / "e.xlsx") == {"E4", "E6", "I4", "I5", "I6"}
    assert (copy["E4"].comment.text, copy["D6"].hyperlink.ref) == ("x", "D6")
    assert [copy.row_dimensions[row].height for row in (4, 5, 6)] == [None, None, 40]
    assert not copy.row_dimensions[4].hidden, "a refused row is seen"
    assert {str(one) for one in copy.merged_cells.ranges} == {"A1:D1", "G5:H6"}
    assert (copy.auto_filter.ref, copy.tables["Serials"].ref) == ("A3:E6", "A3:E6")


def test_merged_cells_that_join_taken_rows_with_others_are_not_copied(tmp_path: Path) -> None:
    book, sheet = start((*PO_HEADER[:5], "Pallet"), GOOD[:5], GOOD[:5], GOOD[:5])
    sheet["F2"] = "P-1"
    sheet.merge_cells("F2:F3")
    book.save(tmp_path / "a.xlsx")
    told = saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", {3: "twice."}, only_refused=True)
    assert told.why_plain == "merged cells join rows that are left out with others"
    assert saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", {4: "twice."}, only_refused=True).copy_of == "a.xlsx"


def test_of_a_sheet_whose_rows_were_all_taken_the_header_is_left(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD, title="East")
    for row in (PO_HEADER, GOOD, GOOD):
        book["West"].append(row) if "West" in book.sheetnames else book.create_sheet("West").append(row)
    book.save(tmp_path / "a.xlsx")
    east, west = read_workbook(tmp_path / "a.xlsx", [PO_SERIALS]).tables
    sheets = [Refusals(east, {}), Refusals(west, {3: "twice."})]
    assert write_errors(tmp_path / "e.xlsx", sheets, only_refused=True) == Saved(1, "a.xlsx")
    assert cells(tmp_path / "e.xlsx") == [(*PO_HEADER, "Error")]


def test_without_the_rows_that_were_taken_formulas_would_change(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER[:6], GOOD, (*GOOD[:4], "SN-2", "=E2"))
    told = saved(path, tmp_path / "e.xlsx", {3: "refused."}, only_refused=True)
    assert (told.copy_of, told.why_plain) == ("", "its formulas would change without the rows that are left out")
    assert saved(path, tmp_path / "e.xlsx", {3: "refused."}).copy_of == "a.xlsx"


def test_formulas_stay_and_their_results_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, PO_HEADER)
    sheet.write_row(1, 0, GOOD)
    sheet.write_row(2, 0, GOOD[:4])
    sheet.write_formula("E3", '="SN-"&2', None, "SN-2")
    sheet.write_formula("H3", "=1+1", None, 2)
    book.close()
    assert table_of(path).problems == ()

    told = saved(path, tmp_path / "e.xlsx", {2: "refused."})

    assert told.has_formulas
    assert sheet_of(tmp_path / "e.xlsx")["E3"].value == '="SN-"&2'
    assert sheet_of(tmp_path / "e.xlsx")["H3"].value == "=1+1"
    assert [one.cell for one in table_of(tmp_path / "e.xlsx").problems] == ["E3"], "none passes without its result"


def picture() -> io.BytesIO:
    content = io.BytesIO()
    Picture.new("RGB", (4, 4), "red").save(content, "PNG")
    content.seek(0)
    return content


def test_pictures_charts_and_tables_are_kept(tmp_path: Path) -> None:
    book, sheet = start(PO_HEADER, GOOD, GOOD)
    sheet.add_image(Image(picture()), "J2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=1, max_row=3))
    sheet.add_chart(chart, "J9")
    sheet.add_table(ExcelTable(displayName="Received", ref="A1:F3"))
    book.save(tmp_path / "a.xlsx")

    told = saved(tmp_path / "a.xlsx", tmp_path / "e.xlsx", {2: "refused."})

    assert told == Saved(2, "a.xlsx")
    copy = sheet_of(tmp_path / "e.xlsx")
    assert (len(copy._images), len(copy._charts), list(copy.tables)) == (1, 1, ["Received"])
    assert copy["G1"].value == "Error", "beside the table"


def test_what_cannot_be_copied_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, PO_HEADER)
    sheet.write_row(1, 0, GOOD)
    sheet.insert_textbox("J2", "read me")
    sheet.add_sparkline("J9", {"range": "Serials!A2:F2"})
    book.close()

    told = saved(path, tmp_path / "e.xlsx", {2: "refused."})

    assert told.copy_of == "a.xlsx"
    assert told.lacks == ("sparklines", "shapes and text boxes")


def test_macros_are_kept_under_a_name_that_may_have_them(tmp_path: Path) -> None:
    project = tmp_path / "vbaProject.bin"
    project.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    path = tmp_path / "a.xlsm"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, PO_HEADER)
    sheet.write_row(1, 0, GOOD)
    book.add_vba_project(str(project))
    book.close()

    kept = saved(path, tmp_path / "e.xlsm", {2: "refused."})
    without = saved(path, tmp_path / "e.xlsx", {2: "refused."})

    assert (kept.copy_of, kept.lacks) == ("a.xlsm", ())
    with zipfile.ZipFile(tmp_path / "e.xlsm") as archive:
        assert archive.read("xl/vbaProject.bin") == project.read_bytes()
        assert b"macroEnabled" in archive.read("[Content_Types].xml")
    assert without.lacks == ("macros",)
    with zipfile.ZipFile(tmp_path / "e.xlsx") as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
    with pytest.raises(UnwritableFile, match="misleading name"):
        saved(save(tmp_path / "b.xlsx", PO_HEADER, GOOD), tmp_path / "f.xlsm", {2: "refused."})


def test_a_workbook_of_two_tables_is_one_copy(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD, title="East")
    west = book.create_sheet("West")
    for row in (PO_HEADER, GOOD, GOOD):
        west.append(row)
    book.save(tmp_path / "a.xlsx")
    east, other = read_workbook(tmp_path / "a.xlsx", [PO_SERIALS]).tables

    told = write_errors(tmp_path / "e.xlsx", [Refusals(east, {}), Refusals(other, {3: "twice."}, ["E3"])])

    assert told == Saved(3, "a.xlsx")
    assert sheet_of(tmp_path / "e.xlsx", "East")["G2"].value is None
    assert sheet_of(tmp_path / "e.xlsx", "West")["G3"].value == "twice."


def test_columns_that_somebody_chose_are_chosen_in_the_copy_too(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER[:4], "S/N", "Primary Serial Number"), (*GOOD[:4], "SN-1", "old"))
    (top,) = look_into(path, [PO_SERIALS])
    layout = top.layout([PO_SERIALS]).with_column(4, 4, top)
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    assert table.rows[0].values[4] == "SN-1"

    told = write_errors(tmp_path / "e.xlsx", [Refusals(table, {2: "refused."}, ["E2"])])

    assert told.copy_of == "a.xlsx"
    assert cells(tmp_path / "e.xlsx")[0] == (*PO_HEADER[:4], "S/N", "Primary Serial Number", "Error")
    assert marked(tmp_path / "e.xlsx") == {"E2", "G2"}


# Files of other programs


WITH_BAD_CELLS = [
    path
    for name in ("cells", "formulas", "invisible", "layout", "merged", "times")
    for path in sorted((Path(__file__).parent / "fixtures").glob(f"{name}.*"))
]


@pytest.mark.parametrize("source", WITH_BAD_CELLS, ids=lambda path: path.name)
def test_of_files_by_libreoffice_nothing_that_was_refused_passes_unmended(tmp_path: Path, source: Path) -> None:
    before = table_of(source)
    bad = {row.number: "refused." for row in before.rows[-1:]} | {one.row: "refused." for one in before.problems}

    told = saved(source, tmp_path / "e.xlsx", bad)

    assert told.copy_of == (source.name if source.suffix == ".xlsx" else "")
    after = table_of(tmp_path / "e.xlsx")
    refused = {(one.row, one.column) for one in after.problems}
    values = {row.number: row.values for row in after.rows}
    places = {row.number: at for at, row in enumerate(before.rows, 2)}  # a plain workbook begins with the header
    for one in before.problems:
        row = one.row if told.copy_of else places.get(one.row, 0)
        slot = PO_SERIALS.index(one.column)
        assert (row, one.column) in refused or values.get(row, [""] * 9)[slot] == "", one


# What is no copy


def csv(folder: Path, *rows: Sequence[str]) -> Path:
    path = folder / "a.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path


def test_of_other_files_all_columns_are_in_the_plain_workbook(tmp_path: Path) -> None:
    path = csv(tmp_path, ("Row", *PO_HEADER[:5], "Box"), ("1", *GOOD[:5], "007"), ("2", *GOOD[:4], "1.23E+15", ""))
    told = saved(path, tmp_path / "e.xlsx", {3: "refused."})
    assert told == Saved(2, why_plain="only .xlsx and .xlsm are copied")
    assert cells(tmp_path / "e.xlsx") == [
        ("Row", *PO_HEADER[:5], "Box", "Error"),
        ("1", *GOOD[:5], "007", None),
        ("2", *GOOD[:4], "1.23E+15", None, "refused."),
    ]
    again = table_of(tmp_path / "e.xlsx")
    assert again.suspects.keys() == table_of(path).suspects.keys() == {3}
    assert again.ignored_columns == ("Row", "Box", "Error")


def test_the_plain_workbook_of_an_ods_has_the_texts_of_its_numbers(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", (*PO_HEADER[:5], "Weight"), (*GOOD[:5], 1.5), (*GOOD[:4], 12.0, 3.0))
    told = saved(path, tmp_path / "e.xlsx", {3: "refused."})
    assert told.copy_of == ""
    assert cells(tmp_path / "e.xlsx") == [
        (*PO_HEADER[:5], "Weight", "Error"),
        (*GOOD[:5], "1.5", None),
        (*GOOD[:4], None, "3", "refused."),
    ]


@pytest.mark.parametrize("cell", ["12.5", "2026-01-31", "TRUE"])
def test_what_was_refused_for_its_kind_is_empty_where_all_is_text(tmp_path: Path, cell: str) -> None:
    value = {
        "12.5": '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12.5</text:p>'
        "</table:table-cell>",
        "TRUE": '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p>'
        "</table:table-cell>",
        "2026-01-31": '<table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31/01/26'
        "</text:p></table:table-cell>",
    }[cell]
    path = ods(tmp_path / "a.ods", PO_HEADER[:5], (*GOOD[:4], value))
    saved(path, tmp_path / "e.xlsx", {2: "refused."})
    (again,) = read_workbook(tmp_path / "e.xlsx", [PO_SERIALS]).tables
    assert again.problems or again.rows[0].values[4] == ""


def test_the_errors_of_an_earlier_round_are_not_kept_beside_the_new_ones(tmp_path: Path) -> None:
    path = csv(tmp_path, (*PO_HEADER[:5], "Error"), (*GOOD[:5], "twice."), (*GOOD[:5], ""))
    saved(path, tmp_path / "e.xlsx", {3: "still twice."})
    assert cells(tmp_path / "e.xlsx") == [
        (*PO_HEADER[:5], "Error"),
        (*GOOD[:5], None),
        (*GOOD[:5], "still twice."),
    ]


def test_only_the_refused_rows_are_in_the_plain_workbook_where_the_others_were_taken(tmp_path: Path) -> None:
    path = csv(tmp_path, (*PO_HEADER, "Box"), (*GOOD, "1"), (*GOOD, "2"))
    told = saved(path, tmp_path / "e.xlsx", {3: "twice."}, only_refused=True)
    assert told.rows == 1
    assert cells(tmp_path / "e.xlsx")[1:] == [(*GOOD, "2", "twice.")]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_day_that_only_its_neighbours_gave_away_does_not_pass_without_them(tmp_path: Path, ending: str) -> None:
    rows = [*((*GOOD[:4], f"SN-{number}") for number in range(20)), (*GOOD[:4], "04-Mar")]
    path = csv(tmp_path, PO_HEADER[:5], *rows)
    if ending == "xlsx":
        path = save(tmp_path / "a.xlsx", PO_HEADER[:5], *rows)
    assert table_of(path).suspects.keys() == {22}

    whole = saved(path, tmp_path / "whole.xlsx", {22: "is a day."})
    told = saved(path, tmp_path / "e.xlsx", {22: "is a day."}, only_refused=True)

    assert whole.copy_of == ("a.xlsx" if ending == "xlsx" else "")
    assert table_of(tmp_path / "whole.xlsx").suspects.keys() == {22}
    assert told.copy_of == ""
    assert cells(tmp_path / "e.xlsx")[1] == (*GOOD[:4], None, "is a day.")


def test_empty_cells_of_the_plain_workbook_are_text(tmp_path: Path) -> None:
    path = csv(tmp_path, PO_HEADER, (*GOOD[:4], "", ""))
    saved(path, tmp_path / "e.xlsx", {2: "refused."})
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").worksheets[0]["E2"].number_format == "@"


def test_a_column_that_was_not_chosen_is_not_taken_for_it_in_the_plain_workbook(tmp_path: Path) -> None:
    path = csv(tmp_path, (*PO_HEADER[:4], "S/N", "Primary Serial Number"), (*GOOD[:4], "SN-1", "old"))
    (top,) = look_into(path, [PO_SERIALS])
    layout: Layout = top.layout([PO_SERIALS]).with_column(4, 4, top)
    (table,) = read_workbook(path, [PO_SERIALS], layouts=[layout]).tables
    write_errors(tmp_path / "e.xlsx", [Refusals(table, {2: "refused."})])
    assert [row.values[4] for row in table_of(tmp_path / "e.xlsx").rows] == ["SN-1"]


def test_rows_of_several_files_are_one_plain_workbook(tmp_path: Path) -> None:
    one = save(tmp_path / "a.xlsx", (*PO_HEADER, "Box"), (*GOOD, "B1"))
    two = save(tmp_path / "b.xlsx", PO_HEADER, GOOD)
    told = write_errors(tmp_path / "e.xlsx", [Refusals(table_of(one), {2: "a."}), Refusals(table_of(two), {})])
    assert told == Saved(2, why_plain="the rows are of several files")
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").sheetnames == ["po-serials 1", "po-serials 2"]
    assert cells(tmp_path / "e.xlsx") == [(*PO_HEADER, "Box", "Error"), (*GOOD, "B1", "a.")]


def test_a_file_too_large_to_be_copied_is_said_to_be(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER[:5], "Box"), (*GOOD[:5], "B1"), (*GOOD[:5], "B2"))
    sheets = [Refusals(table_of(path), {2: "refused."})]
    told = write_errors(tmp_path / "e.xlsx", sheets, limits=Limits(copied=5_000))
    assert told == Saved(2, why_plain="a.xlsx is too large to be copied")
    assert cells(tmp_path / "e.xlsx")[1] == (*GOOD[:5], "B1", "refused.")
    assert write_errors(tmp_path / "e.xlsx", sheets, limits=Limits(copied=50_000)).copy_of == "a.xlsx"


def test_the_limits_of_reading_hold_for_the_copy(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    table = table_of(path)
    told = write_errors(tmp_path / "e.xlsx", [Refusals(table, {2: "refused."})], limits=Limits(seconds=0.001))
    assert told == Saved(1, why_plain="a.xlsx takes too long to read")
    assert cells(tmp_path / "e.xlsx")[1][-1] == "refused."


def test_a_file_that_was_changed_or_is_gone_leaves_what_was_read(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", (*PO_HEADER, "Box"), (*GOOD, "B1"))
    table = table_of(path)
    save(path, PO_HEADER, (*GOOD[:4], "OTHER", ""), (*GOOD[:4], "ROWS", ""))
    changed = write_errors(tmp_path / "e.xlsx", [Refusals(table, {2: "refused."})])
    path.unlink()
    gone = write_errors(tmp_path / "f.xlsx", [Refusals(table, {2: "refused."})])
    assert changed == gone == Saved(1, why_plain="a.xlsx was changed since it was read")
    for written in ("e.xlsx", "f.xlsx"):
        assert cells(tmp_path / written) == [(*PO_HEADER, "Error"), (*GOOD, "refused.")]


def test_what_openpyxl_does_not_know_is_not_copied(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(inline(PO_HEADER, GOOD)))  # without its table of content types
    told = saved(path, tmp_path / "e.xlsx", {2: "refused."})
    assert told == Saved(1, why_plain="something in it cannot be copied")
    assert cells(tmp_path / "e.xlsx") == [(*PO_HEADER, "Error"), (*GOOD, "refused.")]


def test_a_copy_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", PO_HEADER, GOOD)
    with pytest.raises(UnwritableFile, match="no folder"):
        saved(path, tmp_path / "no" / "e.xlsx", {2: "refused."})
    with pytest.raises(UnwritableFile, match="misleading"):
        saved(path, tmp_path / "e.ods", {2: "refused."})
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["a.xlsx"]


def test_orders_are_copied_with_their_numbers_and_dates(tmp_path: Path) -> None:
    header = ("Warehouse", "Client", "PO Number", "SKU", "Quantity", "Supplier", "Due", "Price")
    row = ("MAIN", "ACME", "N-1", "SKU-1", 3, "S", datetime.date(2026, 5, 1), 12.25)
    path = save(tmp_path / "a.xlsx", header, row, title="Orders")
    (table,) = read_workbook(path, [PURCHASE_ORDERS]).tables
    told = write_errors(tmp_path / "e.xlsx", [Refusals(table, {2: "refused."}, ["D2"])])
    assert told.copy_of == "a.xlsx"
    assert cells(tmp_path / "e.xlsx")[1] == (*row[:6], MAY, 12.25, "refused.")
