"""Files that people and programs open: whole, harmless, and as they were meant."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import openpyxl
import pytest

from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.sheet_kinds import ALL_KINDS, PO_SERIALS, PRODUCTS, PURCHASE_ORDERS, SheetKind, column_letter
from scanstation.sheets import writing
from scanstation.sheets.reading import read_workbook
from scanstation.sheets.writing import Cell, write_rows, write_stream, write_template
from tests.sheets.workbooks import PO_HEADER

COLUMNS = ("sku", "serial", "count")
ROWS: list[tuple[Cell, ...]] = [("SKU-1", "000123", 3), ("é", None, -4)]
FORMATS = ("xlsx", "csv", "json")


def cells(path: Path) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_workbook_holds_the_rows_as_they_were(tmp_path: Path) -> None:
    assert write_rows(tmp_path / "a.xlsx", "xlsx", COLUMNS, ROWS) == 2
    assert cells(tmp_path / "a.xlsx") == [COLUMNS, *ROWS]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet["B2"].number_format == "@"
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"


def test_csv_holds_the_rows_all_quoted(tmp_path: Path) -> None:
    assert write_rows(tmp_path / "a.csv", "csv", COLUMNS, ROWS) == 2
    assert (tmp_path / "a.csv").read_text() == '"sku","serial","count"\n"SKU-1","000123","3"\n"é","","-4"\n'


def test_json_is_an_array_of_objects(tmp_path: Path) -> None:
    assert write_rows(tmp_path / "a.json", "json", COLUMNS, ROWS) == 2
    assert json.loads((tmp_path / "a.json").read_text()) == [
        {"sku": "SKU-1", "serial": "000123", "count": 3},
        {"sku": "é", "serial": None, "count": -4},
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_no_rows_make_a_file_without_rows(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    assert write_rows(path, form, COLUMNS, []) == 0
    if form == "xlsx":
        assert cells(path) == [COLUMNS]
    elif form == "csv":
        assert path.read_text() == '"sku","serial","count"\n'
    else:
        assert json.loads(path.read_text()) == []


def test_a_text_never_becomes_a_formula_a_link_or_a_number_in_a_workbook(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@a", "https://example.com", "1e5", "007", "12345678901234567890", "{=1}"]
    write_rows(tmp_path / "a.xlsx", "xlsx", ["code"], [[text] for text in texts])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in sheet["A"][1:]] == [
        (text, "s", None) for text in texts
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_text_never_runs_as_a_formula_from_csv(text: str) -> None:
    stream = io.StringIO()
    write_stream(stream, "csv", ["code"], [[text]])
    (row,) = list(csv.reader(io.StringIO(stream.getvalue())))[1:]
    assert row[0].startswith("'")
    assert "\t" not in row[0]
    assert "\r" not in row[0]


def test_csv_that_was_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    values = ("MAIN", "ACME", "N-1", "SKU", "=SN-1", "-IM-1")
    write_rows(tmp_path / "a.csv", "csv", PO_HEADER, [values])
    assert read_workbook(tmp_path / "a.csv", [PO_SERIALS]).tables[0].rows[0].values[:6] == values


@pytest.mark.parametrize("odd", ['a "b"', '"', "=1", " -1", "a\nb", "a,b", "", None, 7, True])
def test_an_odd_cell_among_many_is_written_as_by_itself(odd: Cell) -> None:
    rows: list[list[Cell]] = [[f"SN-{number}", "same", None] for number in range(1_001)]
    rows[700][0] = rows[20][1] = rows[1_000][2] = odd
    stream, alone = io.StringIO(), io.StringIO()
    assert write_stream(stream, "csv", ["a", "b", "c"], rows) == 1_001
    for row in rows:
        write_stream(alone, "csv", ["a", "b", "c"], [row])
    lines = alone.getvalue().splitlines(keepends=True)
    assert stream.getvalue() == "".join([lines[0], *lines[1::2]])
    shown = "" if odd is None else str(odd).replace("\n", "␊")
    assert [*csv.reader(io.StringIO(stream.getvalue()))][701][0] in (shown, f"'{shown}")


@pytest.mark.parametrize("form", FORMATS)
def test_control_characters_do_not_reach_a_file_raw(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    write_rows(path, form, ["code\x07"], [["a\x1b[31mb\u202ec\x00\ud800"]])
    if form == "xlsx":
        assert cells(path)[1] == ("a␛[31mb<U+202E>c␀<U+D800>",)
    else:
        text = path.read_text()
        assert not {"\x1b", "\x00", "\u202e", "\x07"} & set(text)
    if form == "json":
        assert json.loads(path.read_text()) == [{"code\x07": "a\x1b[31mb\u202ec\x00\ud800"}]


def test_numbers_that_a_spreadsheet_would_round_are_written_as_text(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.xlsx", "xlsx", ["n"], [[10**15 - 1], [10**15]])
    assert cells(tmp_path / "a.xlsx")[1:] == [(10**15 - 1,), (str(10**15),)]


def test_a_text_longer_than_a_cell_is_cut_visibly(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.xlsx", "xlsx", ["text"], [["x" * 40_000]])
    (value,) = cells(tmp_path / "a.xlsx")[1]
    assert value == "x" * 32_766 + "…"


def test_more_rows_than_a_sheet_has_are_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 4)
    assert write_rows(tmp_path / "a.xlsx", "xlsx", ["n"], [[1], [2], [3]]) == 3
    with pytest.raises(UnwritableFile, match="more than the 4 rows"):
        write_rows(tmp_path / "b.xlsx", "xlsx", ["n"], [[1], [2], [3], [4]])
    assert names(tmp_path) == ["a.xlsx"]


def breaking_off() -> Iterator[list[Cell]]:
    yield ["SN-1"]
    raise RuntimeError("the store went away")


@pytest.mark.parametrize("form", FORMATS)
def test_rows_that_break_off_leave_what_was_there(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    path.write_text("before")
    with pytest.raises(RuntimeError, match="went away"):
        write_rows(path, form, ["code"], breaking_off())
    assert path.read_text() == "before"
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("form", FORMATS)
def test_the_file_is_not_there_before_it_is_whole(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"

    def rows() -> Iterator[list[Cell]]:
        assert not path.exists()
        yield ["SN-1"]

    write_rows(path, form, ["code"], rows())
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(UnwritableFile, match="the disk is full"):
            write_rows(tmp_path / f"a.{form}", form, ["code"], [["SN-1"]])
    assert names(tmp_path) == []


def test_a_disk_that_fills_while_a_workbook_is_packed_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.fdopen

    class Full:
        """A file on a disk that is full from the first byte."""

        def __init__(self, file: BinaryIO) -> None:
            self._file = file

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_error: object) -> None:
            self._file.close()

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

        def write(self, _content: bytes) -> int:
            raise OSError(28, "No space left on device")

    def opened(descriptor: int, mode: str) -> Full:
        return Full(original(descriptor, "w+b"))

    with monkeypatch.context() as patch:
        patch.setattr("os.fdopen", opened)
        with pytest.raises(UnwritableFile, match="the disk is full"):
            write_rows(tmp_path / "a.xlsx", "xlsx", ["code"], [["SN-1"]])
    assert names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="there is no folder"):
        write_rows(tmp_path / "no" / "a.csv", "csv", ["code"], [])


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="is a folder"):
        write_rows(tmp_path, "csv", ["code"], [])


def test_a_path_through_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(UnwritableFile, match="is not a folder"):
        write_rows(tmp_path / "a" / "b.csv", "csv", ["code"], [])


def test_a_folder_one_may_not_write_in_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("os.open", denied)
        with pytest.raises(UnwritableFile, match="may not be written"):
            write_rows(tmp_path / "a.csv", "csv", ["code"], [])


def test_a_file_one_may_not_change_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("before")
    with monkeypatch.context() as patch:
        patch.setattr("os.access", lambda _path, _mode: False)
        with pytest.raises(UnwritableFile, match="may not be changed"):
            write_rows(tmp_path / "a.csv", "csv", ["code"], [])
    assert (tmp_path / "a.csv").read_text() == "before"


def test_a_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(UnwritableFile, match="device or a pipe"):
        write_rows(tmp_path / "a.csv", "csv", ["code"], [])


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("before")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_rows(tmp_path / "link.csv", "csv", ["code"], [])
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == '"code"\n'


def test_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("before")
    (tmp_path / "a.csv").chmod(0o640)
    write_rows(tmp_path / "a.csv", "csv", ["code"], [])
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_workbook_under_the_name_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match="misleading name"):
        write_template(tmp_path / "a.csv", PO_SERIALS)


def test_a_stream_takes_text_only() -> None:
    with pytest.raises(ValueError, match="text stream"):
        write_stream(io.StringIO(), "xlsx", COLUMNS, [])


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.key)
def test_a_template_is_read_back_as_its_kind(tmp_path: Path, kind: SheetKind) -> None:
    write_template(tmp_path / "a.xlsx", kind)
    (table,) = read_workbook(tmp_path / "a.xlsx", [kind], single=True).tables
    assert table.kind is kind
    assert list(table.columns) == [column.name for column in kind.columns if not column.of_report]
    assert (table.ignored_columns, table.rows) == ((), [])


def test_a_template_has_a_bold_frozen_header_and_text_columns(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", PURCHASE_ORDERS)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.b for cell in sheet[1])
    formats = {
        column_letter(index - 1): columns.number_format
        for columns in sheet.column_dimensions.values()
        for index in range(columns.min or 1, (columns.max or 1) + 1)
    }
    assert formats == {**dict.fromkeys("ABCDFHJ", "@"), **dict.fromkeys("EGIK", "General")}


def test_a_template_of_products_says_how_several_barcodes_are_written(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", PRODUCTS)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    rule, pattern, marks, takes_unit = sheet.data_validations.dataValidation
    assert takes_unit.promptTitle == "Serial Takes Unit"
    assert str(marks.sqref).startswith("N2:")
    assert marks.prompt == "What labels put before a serial, with ; between them: SN:;S/N."
    assert (str(pattern.sqref)[:3], pattern.promptTitle) == ("J2:", "Serial Pattern")
    assert (str(rule.sqref), rule.type) == ("D2:D1048576", None)
    assert rule.prompt == "Several barcodes stand in one cell with ; between them; code=12 is a pack of 12."


def test_a_template_is_prefilled_with_what_is_owed(tmp_path: Path) -> None:
    owed = ("MAIN", "ACME", "0042", "SKU-1", None, None)
    assert write_template(tmp_path / "a.xlsx", PO_SERIALS, [owed, owed]) == 2
    assert [row[:6] for row in cells(tmp_path / "a.xlsx")[1:]] == [owed, owed]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.number_format for cell in sheet[3][:6]} == {"@"}, "what is written into an empty cell stays text"
    (table,) = read_workbook(tmp_path / "a.xlsx", [PO_SERIALS]).tables
    assert table.rows[1].values[:6] == ("MAIN", "ACME", "0042", "SKU-1", "", "")
