"""Files of programs whose workbooks the quick reader misreads by itself (`make_other_fixtures.sh`)."""

import struct
import zipfile
from pathlib import Path

import pytest

from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.sheet_kinds import PO_SERIALS
from scanstation.sheets.reading import Row, Table, look_into, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, READ, inline, ods, ole, raw_xlsx, sheet_xml, start

OTHERS = Path(__file__).parent / "fixtures" / "others"
WHOSE = ("W-EAST", "NORDWIND", "N-1", "LAP")
CODES = ["000123", "SN-0001", "AB 12  CD", "1234567890123456", "3-4", "SN-äß"]
HIDDEN = "is a number, and this kind of file does not show how it is displayed"


def read_serials(path: Path) -> Table:
    return read_workbook(path, [PO_SERIALS], single=True).tables[0]


def serials(table: Table) -> list[str]:
    return [row.values[4] for row in table.rows]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("sheetjs.ods", CODES),
        ("sheetjs.xlsb", CODES),
        ("sheetjs-sst.xlsb", CODES),
        ("writeexcel.xls", [*CODES, "SN-漢字"]),
        ("writeexcel-long.xls", [*CODES, "SN-漢字"]),
        ("gnumeric-good.ods", ["SN-1", "0042", "1.23"]),
        ("gnumeric-formulas.ods", ["SN-1", "SN-2", ""]),
    ],
)
def test_every_cell_of_another_programs_workbook_is_read(name: str, wanted: list[str]) -> None:
    table = read_serials(OTHERS / name)
    assert serials(table) == wanted
    assert {row.values[:4] for row in table.rows} == {WHOSE}
    assert table.problems == ()


@pytest.mark.parametrize("name", ["sheetjs.ods", "sheetjs.xlsb", "writeexcel.xls", "gnumeric-good.ods"])
def test_the_wizard_sees_what_is_read(name: str) -> None:
    (top,) = look_into(OTHERS / name, [PO_SERIALS])
    assert top.fits([PO_SERIALS])
    assert top.rows[0][:5] == PO_HEADER[:5]


@pytest.mark.parametrize("name", ["sheetjs-mixed.ods", "sheetjs-mixed.xlsb"])
def test_gaps_and_other_kinds_of_cells_keep_their_places(name: str) -> None:
    table = read_serials(OTHERS / name)
    day = "46053" if name.endswith(".ods") else "2026-01-31"
    assert [Row(row.number, row.values[:6]) for row in table.rows] == [
        Row(2, (*WHOSE, "5", "")),
        Row(3, ("W-EAST", "", "N-1", "LAP", "TRUE", "")),
        Row(4, ("W-EAST", "NORDWIND", "", "LAP", "12345678.5", "")),
        Row(5, ("", "", "", "", "SN-1", "")),
        Row(7, (*WHOSE, day, "")),
    ]
    assert [(one.cell, one.value) for one in table.problems] == [
        ("E2", "5"),
        ("E3", "TRUE"),
        ("E4", "12345678.5"),
        ("E7", day),
    ]


def test_error_values_of_gnumeric_are_named() -> None:
    problems = {one.cell: (one.value, one.reason) for one in read_serials(OTHERS / "gnumeric-cells.ods").problems}
    assert problems["E9"] == ("#DIV/0!", "is an error value")
    assert problems["E10"] == ("#N/A", "is an error value")
    assert problems["E2"] == ("12345", HIDDEN)


def text_cell(inside: str) -> str:
    return f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>SN<text:tab/>2</text:p>", "SN\t2"),
        ("<text:p>SN<text:tab></text:tab>2</text:p>", "SN\t2"),
        ('<text:p>SN<text:tab text:tab-ref="1"/>2</text:p>', "SN\t2"),
        ("<text:p>SN<text:line-break/>2</text:p>", "SN\n2"),
        ("<text:p>SN</text:p>\n  <text:p>2</text:p>", "SN\n2"),
        ("\n  <text:p>SN-2</text:p>\n ", "SN-2"),
        ("\n  <text:p>SN <text:span>2</text:span> A</text:p>\n ", "SN 2 A"),
        ("<office:annotation><text:p>look at it</text:p></office:annotation><text:p>SN-2</text:p>", "SN-2"),
        ("<text:p>SN-2</text:p><draw:frame><draw:text-box><text:p>new</text:p></draw:text-box></draw:frame>", "SN-2"),
        ("<draw:g><draw:frame><draw:text-box><text:p>a</text:p></draw:text-box></draw:frame></draw:g>"
         "<text:p>SN-2</text:p>", "SN-2"),
        ("<text:p><text:ruby><text:ruby-base>SN-2</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby>"
         "</text:p>", "SN-2"),
        ("\n<text:p>a&gt; &lt;table:b</text:p>", "a> <table:b"),
        ("\n<text:p><![CDATA[a> <table:b]]></text:p>", "a> <table:b"),
        ("<!-- a> <table:b -->\n<text:p>SN-2</text:p>", "SN-2"),
    ],
)  # fmt: skip
def test_a_text_in_a_cell_is_what_a_person_sees_in_it(tmp_path: Path, inside: str, text: str) -> None:
    path = ods(tmp_path / "a.ods", PO_HEADER, GOOD, (*GOOD[:4], text_cell(inside), "IM-2"))
    table = read_serials(path)
    assert serials(table) == ["SN-1", text]
    assert (table.rows[1].values[5], table.problems) == ("IM-2", ())


def test_an_indented_sheet_keeps_its_repeated_rows_and_hidden_sheets(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", PO_HEADER, GOOD, GOOD)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = (
        parts["content.xml"]
        .replace(b"<table:table-row", b"\n   <table:table-row")
        .replace(b"</table:table-row>", b"\n  </table:table-row>\n")
    )
    last = content.rindex(b"<table:table-row")
    parts["content.xml"] = content[:last] + content[last:].replace(
        b"<table:table-row", b'<table:table-row table:number-rows-repeated="3"', 1
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert read_serials(path).rows == [Row(number, READ) for number in range(2, 6)]


def biff8(code_page: int) -> bytes:
    """The stream of a workbook that names this code page; its texts are UTF-16 all the same."""
    whole = (OTHERS / "writeexcel.xls").read_bytes()
    stream = whole[512 : whole.rindex(b"\x0a\x00\x00\x00") + 4]
    return stream.replace(struct.pack("<HHH", 0x42, 2, 1252), struct.pack("<HHH", 0x42, 2, code_page), 1)


@pytest.mark.parametrize("code_page", [1200, 1250, 1251, 1252, 932, 936, 10000, 65001])
@pytest.mark.parametrize("more", [b"", bytes(4096)])
def test_texts_of_an_old_workbook_are_utf_16_whatever_code_page_it_names(
    tmp_path: Path, code_page: int, more: bytes
) -> None:
    stream = biff8(code_page)
    assert len(stream) < 4096, "so that it is kept among the small streams"
    table = read_serials(ole(tmp_path / "a.xls", {"Notes": bytes(200), "Workbook": stream + more}))
    assert serials(table) == [*CODES, "SN-漢字"]


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def moved(path: Path, workbook: str, *, target: str, types: str = OFFICE, with_types: bool = True) -> Path:
    """A good workbook whose main part has this name, as its package says."""
    folder, _, name = workbook.rpartition("/")
    made = raw_xlsx(path, "")
    with zipfile.ZipFile(made) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    parts[workbook] = parts.pop("xl/workbook.xml")
    parts[f"{folder}/_rels/{name}.rels".lstrip("/")] = parts.pop("xl/_rels/workbook.xml.rels").replace(OFFICE, types)
    parts["_rels/.rels"] = parts["_rels/.rels"].replace("xl/workbook.xml", target).replace(OFFICE, types)
    parts[f"{folder}/worksheets/sheet1.xml".lstrip("/")] = sheet_xml(inline(PO_HEADER, GOOD))
    if with_types:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            "/>", f'><Override PartName="/{target.lstrip("/")}" ContentType="{kind}"/></Types>'
        )
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


@pytest.mark.parametrize(
    ("workbook", "target"),
    [
        ("xl/workbook22.xml", "xl/workbook22.xml"),
        ("xl/workbook22.xml", "/xl/workbook22.xml"),
        ("xl/book.xml", "./xl/book.xml"),
        ("book.xml", "book.xml"),
        ("content/the book.xml", "content/the%20book.xml"),
        ("xl/Workbook.xml", "xl/workbook.xml"),
        ("xl/myworkbook.xml", "xl/myworkbook.xml"),
        ("other/workbook.xml", "other/workbook.xml"),
    ],
)
@pytest.mark.parametrize("types", [OFFICE, STRICT])
def test_the_workbook_is_the_part_that_the_package_names(
    tmp_path: Path, workbook: str, target: str, types: str
) -> None:
    path = moved(tmp_path / "a.xlsx", workbook, target=target, types=types)
    assert read_serials(path).rows == [Row(2, READ)]


def test_a_left_over_workbook_beside_the_named_one_is_not_read(tmp_path: Path) -> None:
    path = moved(tmp_path / "a.xlsx", "other/book.xml", target="other/book.xml")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert read_serials(path).rows == [Row(2, READ)]


def test_a_sheet_that_needs_nothing_is_read_as_it_is(tmp_path: Path) -> None:
    book, _ = start(PO_HEADER, GOOD)
    book.save(tmp_path / "a.xlsx")
    assert read_serials(tmp_path / "a.xlsx").rows == [Row(2, READ)]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("sheetjs.fods", "a flat OpenDocument file (.fods)"),
        ("sheetjs-html.xls", "a web page (HTML)"),
    ],
)
def test_what_is_no_workbook_is_named(name: str, what: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_serials(OTHERS / name)
    assert what in caught.value.title
