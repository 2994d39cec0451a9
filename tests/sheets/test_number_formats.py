"""A number in a text column of an .xlsx is taken as its cell shows it: which format that is, however it is written."""

from itertools import permutations
from pathlib import Path

import pytest
import xlsxwriter

from scanstation.domain.sheet_kinds import PO_SERIALS
from scanstation.sheets.reading import Table, read_workbook
from tests.sheets.workbooks import GOOD, PO_HEADER, inline, raw_xlsx, sheet_xml

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

SIX = '<numFmts count="1"><numFmt numFmtId="164" formatCode="000000"/></numFmts>'
NORMAL_IS_SIX = '<cellStyleXfs count="1"><xf numFmtId="164"/></cellStyleXfs>'
FIRST_IS_SIX = '<cellXfs count="2"><xf numFmtId="164" xfId="0"/><xf numFmtId="0" xfId="0"/></cellXfs>'
OTHERS = '<dxfs count="1"><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs>'
PLAIN_CELL = "<c><v>123</v></c>"


def read_serials(path: Path) -> Table:
    return read_workbook(path, [PO_SERIALS], single=True).tables[0]


def styled(path: Path, styles: str, cell: str = PLAIN_CELL, *, main: str = MAIN, office: str = OFFICE) -> Path:
    """A workbook with these styles and one serial, the cell."""
    return raw_xlsx(
        path,
        sheet_xml(inline(PO_HEADER[:5], (*GOOD[:4], cell))).replace(MAIN, main),
        {
            "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>' if styles[:5] != "<?xml" else styles,
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{PACKAGE}">'
                f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>'
            ),
        },
    )


def taken(path: Path) -> str:
    """The serial as it was taken, or why not."""
    table = read_serials(path)
    return table.problems[0].reason if table.problems else table.rows[0].values[4]


@pytest.mark.parametrize("parts", permutations((SIX, NORMAL_IS_SIX, FIRST_IS_SIX, OTHERS)), ids=str)
def test_a_cell_without_a_style_has_the_first_one_wherever_it_stands(tmp_path: Path, parts: tuple[str, ...]) -> None:
    assert taken(styled(tmp_path / "a.xlsx", "".join(parts))) == "000123"


@pytest.mark.parametrize(
    ("styles", "cell", "wanted"),
    [
        # Whose style a cell has.
        (SIX + FIRST_IS_SIX, '<c s="0"><v>123</v></c>', "000123"),
        (SIX + FIRST_IS_SIX, "<c t='n' s='0'><v>123</v></c>", "000123"),
        (SIX + FIRST_IS_SIX, '<c s="00"><v>123</v></c>', "000123"),
        (SIX + FIRST_IS_SIX, '<c s="1"><v>123</v></c>', "123"),
        (SIX + FIRST_IS_SIX, '<c t="n"><v>123</v></c>', "000123"),
        (SIX + FIRST_IS_SIX, "<c><f>100+23</f><v>123</v></c>", "000123"),
        ("", PLAIN_CELL, "123"),
        ("<cellXfs/>", PLAIN_CELL, "123"),
        # How the format is written.
        (SIX + "<cellXfs><xf/></cellXfs>", PLAIN_CELL, "123"),
        (SIX + NORMAL_IS_SIX + '<cellXfs><xf xfId="0"/></cellXfs>', PLAIN_CELL, "000123"),
        (SIX + NORMAL_IS_SIX + "<cellXfs><xf/></cellXfs>", PLAIN_CELL, "000123"),
        (SIX + NORMAL_IS_SIX + '<cellXfs><xf numFmtId="0" xfId="0"/></cellXfs>', PLAIN_CELL, "123"),
        (SIX + '<cellXfs><xf applyNumberFormat="1" xfId="0" numFmtId="164"/></cellXfs>', PLAIN_CELL, "000123"),
        (SIX + '<cellXfs><xf numFmtId="164" applyNumberFormat="0"/></cellXfs>', PLAIN_CELL, "000123"),
        (SIX + "<cellXfs><xf numFmtId='0164'></xf></cellXfs>", PLAIN_CELL, "000123"),
        (
            SIX + '<cellXfs><xf numFmtId="164"><alignment wrapText="1"/><protection/><extLst><ext/></extLst></xf>'
            '<xf numFmtId="0"/></cellXfs>',
            '<c s="1"><v>123</v></c>',
            "123",
        ),
        ('<numFmts><numFmt formatCode="000000" numFmtId="7"/></numFmts><cellXfs><xf numFmtId="7"/></cellXfs>',
         PLAIN_CELL, "000123"),
        ('<numFmts><numFmt numFmtId="164" formatCode="&#48;00000"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>',
         PLAIN_CELL, "000123"),
        # Formats without a code in the file.
        ('<cellXfs><xf numFmtId="1"/></cellXfs>', PLAIN_CELL, "123"),
        ('<cellXfs><xf numFmtId="49"/></cellXfs>', PLAIN_CELL, "123"),
        ('<cellXfs><xf numFmtId="3"/></cellXfs>', PLAIN_CELL, "is a number displayed with the format #,##0"),
        ('<cellXfs><xf numFmtId="10"/></cellXfs>', PLAIN_CELL, "is a number displayed with the format 0.00%"),
        ('<cellXfs><xf numFmtId="37"/></cellXfs>', PLAIN_CELL, "is a number displayed with the format number 37"),
        ('<cellXfs><xf numFmtId="200"/></cellXfs>', PLAIN_CELL, "is a number displayed with the format number 200"),
        # What row and column have is for cells that are not there.
        (SIX + '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>', PLAIN_CELL, "123"),
    ],
)  # fmt: skip
def test_the_format_of_a_cell_is_found_however_it_is_written(
    tmp_path: Path, styles: str, cell: str, wanted: str
) -> None:
    assert taken(styled(tmp_path / "a.xlsx", styles, cell)) == wanted


@pytest.mark.parametrize(
    ("main", "office"), [(MAIN, OFFICE), (STRICT_MAIN, STRICT_OFFICE)], ids=["transitional", "strict"]
)
@pytest.mark.parametrize("prefix", ["", "x:", "ss:"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_styles_are_read_whatever_names_and_quotes_the_xml_uses(
    tmp_path: Path, main: str, office: str, prefix: str, quote: str
) -> None:
    named = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    styles = (
        f"<?xml version='1.0'?><{prefix}styleSheet {named}='{main}'><{prefix}cellXfs><{prefix}xf xfId='0' "
        f"numFmtId = '165' /></{prefix}cellXfs><{prefix}numFmts><{prefix}numFmt formatCode='00000'\n numFmtId='165'/>"
        f"</{prefix}numFmts></{prefix}styleSheet>"
    ).replace("'", quote)
    assert taken(styled(tmp_path / "a.xlsx", styles, main=main, office=office)) == "00123"


def test_a_row_and_a_column_with_a_format_say_nothing_of_a_cell_that_is_there(tmp_path: Path) -> None:
    path = styled(tmp_path / "a.xlsx", SIX + '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>', PLAIN_CELL)
    cells = inline(PO_HEADER[:5], (*GOOD[:4], PLAIN_CELL)).replace('<row r="2">', '<row r="2" s="1" customFormat="1">')
    sheet = sheet_xml(cells).replace("<sheetData>", '<cols><col min="5" max="5" style="1"/></cols><sheetData>')
    raw_xlsx(path, sheet)
    assert taken(path) == "123"


@pytest.mark.parametrize(("another", "code"), [(False, "number 164"), (True, "0.000")])
def test_a_writer_that_loses_the_code_of_its_default_format_is_believed_as_the_file_stands(
    tmp_path: Path, another: bool, code: str
) -> None:
    # XlsxWriter 3.3.1 leaves that code out, and the next format's code takes its number.
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"default_format_properties": {"num_format": "000000"}})
    sheet = book.add_worksheet("Serials")
    sheet.write_row(0, 0, (*PO_HEADER[:5], "Price"))
    sheet.write_row(1, 0, (*GOOD[:4], 123))
    if another:
        sheet.write(1, 5, 0.5, book.add_format({"num_format": "0.000"}))
    book.close()
    assert taken(tmp_path / "a.xlsx") == f"is a number displayed with the format {code}"
