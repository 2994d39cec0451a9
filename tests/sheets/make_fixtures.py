"""Makes the files in `fixtures/` with LibreOffice, as a person with that program would.

Run it with the Python that has LibreOffice's `uno` module, from the project's folder:

    python3 tests/sheets/make_fixtures.py

The committed files were made with LibreOffice 7.4. Made again they differ in their dates and in nothing that is read.
"""

# It runs in LibreOffice's Python, whose modules nobody has typed.
# mypy: ignore-errors

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FOLDER = Path(__file__).parent / "fixtures"
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}
CSV = "Text - txt - csv (StarCalc)"
HEADER = ("Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number")
WHOSE = ("W-EAST", "NORDWIND", "N-1", "LAP")
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"


def main() -> None:
    """Make them all."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [
                shutil.which("soffice") or "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *("--headless", "--norestore", "--accept=pipe,name=fixtures;urp;"),
            ]
        )
        try:
            desktop = connected()
            for make in (
                good,
                cells,
                layout,
                sheets,
                merged,
                no_column,
                column_twice,
                characters,
                formulas,
                times,
            ):
                make(desktop)
            desktop.terminate()
        except BaseException:
            office.terminate()
            raise
        finally:
            office.wait(60)


def connected():
    """The running program."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve("uno:pipe,name=fixtures;urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.5)
    sys.exit("LibreOffice does not answer.")


def new(desktop, *serials, header=HEADER):
    """A document with one sheet: a header, and one row for each serial, as text."""
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (value("Hidden", True),))
    sheet = document.Sheets.getByIndex(0)
    sheet.Name = "Serials"
    fill(sheet, 0, header)
    for row, serial in enumerate(serials, 1):
        fill(sheet, row, (*WHOSE, serial))
    return document, sheet


def fill(sheet, row, texts):
    """Text into the cells of a row, from A on."""
    for column, text in enumerate(texts):
        sheet.getCellByPosition(column, row).String = text


def save(document, name, *endings, **more):
    """The document in each of these formats."""
    for ending in endings:
        store(document, f"{name}.{ending}", FILTERS[ending], **more)
    document.close(True)


def store(document, name, filter_name, **more):
    """The document under this name."""
    properties = [value("FilterName", filter_name), *(value(key, one) for key, one in more.items())]
    document.storeToURL((FOLDER / name).as_uri(), tuple(properties))


def value(name, content):
    """A named value, as LibreOffice takes them."""
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def number_format(document, code):
    """The key of a number format, written as in the United States."""
    locale = uno.createUnoStruct("com.sun.star.lang.Locale")
    locale.Language, locale.Country = "en", "US"
    key = document.NumberFormats.queryKey(code, locale, False)
    return document.NumberFormats.addNew(code, locale) if key == -1 else key


def good(desktop):
    """Nothing to complain about, in every format; with umlauts where the encoding matters; behind a password."""
    document, _ = new(desktop, "SN-1", "0042", "1.23")
    for name, options in (
        ("good-comma-utf8", "44,34,76"),
        ("good-semicolon-1252", "59,34,1"),
        ("good-tab-utf16", "9,34,65535"),
    ):
        fill(document.Sheets.getByIndex(0), 0, (*HEADER, "Größe"))
        store(document, f"{name}.csv", CSV, FilterOptions=options)
    store(document, "password.ods", FILTERS["ods"], Password="secret")
    store(document, "password.xls", FILTERS["xls"], Password="secret")
    save(document, "good", "xlsx", "xls", "ods")


def cells(desktop):
    """A serial of each type that a cell can have."""
    document, sheet = new(desktop)
    for row in range(1, 11):
        fill(sheet, row, WHOSE)
    for row, (number, code) in enumerate(
        (
            (12345, "General"),
            (42, "000000"),
            (1234567890123456, "0"),
            (1.5, "General"),
            (1.23e15, "0.00E+00"),
            (46000, "YYYY-MM-DD"),
        ),
        1,
    ):
        cell = sheet.getCellByPosition(4, row)
        cell.Value = float(number)
        cell.NumberFormat = number_format(document, code)
    for row, formula in ((7, "=TRUE()"), (8, "=1/0"), (9, "=NA()")):
        sheet.getCellByPosition(4, row).Formula = formula
    sheet.getCellByPosition(4, 10).String = "SN-10"
    save(document, "cells", "xlsx", "xls", "ods")


def formulas(desktop):
    """A formula that makes a text, and one that makes an empty one."""
    document, sheet = new(desktop, "SN-1")
    for row, formula in ((2, '="SN-"&"2"'), (3, '=""')):
        fill(sheet, row, WHOSE)
        sheet.getCellByPosition(4, row).Formula = formula
    save(document, "formulas", "xlsx", "ods")


def times(desktop):
    """Times of a day, of more than a day and below zero, and a text that looks like one."""
    document, sheet = new(desktop)
    for row, (days, code) in enumerate(((0.25, "HH:MM"), (1.25, "[HH]:MM:SS"), (-0.5, "[HH]:MM:SS")), 1):
        fill(sheet, row, WHOSE)
        cell = sheet.getCellByPosition(4, row)
        cell.Value = days
        cell.NumberFormat = number_format(document, code)
    fill(sheet, 4, (*WHOSE, "PT30H00M00S"))
    save(document, "times", "xlsx", "xls", "ods")


def layout(desktop):
    """A title above the header, blank rows between, a hidden row and a hidden column."""
    document, sheet = new(desktop)
    fill(sheet, 0, ("Serials of our delivery",))
    fill(sheet, 3, ("", *reversed(HEADER), "Remark"))
    for row, serial in ((4, "SN-1"), (6, "SN-2"), (9, "SN-3")):
        fill(sheet, row, ("", serial, *reversed(WHOSE), "packed well"))
    sheet.Rows.getByIndex(6).IsVisible = False
    sheet.Columns.getByIndex(3).IsVisible = False
    save(document, "layout", "xlsx", "xls", "ods")


def sheets(desktop):
    """Two sheets that fit, and one that does not."""
    document, _ = new(desktop, "SN-1")
    document.Sheets.insertNewByName("More", 1)
    fill(document.Sheets.getByName("More"), 0, HEADER)
    fill(document.Sheets.getByName("More"), 1, (*WHOSE, "SN-2"))
    document.Sheets.insertNewByName("Notes", 2)
    fill(document.Sheets.getByName("Notes"), 0, ("to do",))
    save(document, "two-sheets", "xlsx", "xls", "ods")


def merged(desktop):
    """One serial over two rows."""
    document, sheet = new(desktop, "SN-1", "SN-2", "")
    sheet.getCellRangeByName("E3:E4").merge(True)
    save(document, "merged", "xlsx", "ods")


def no_column(desktop):
    """The serials have a name of their own."""
    document, _ = new(desktop, "SN-1", header=(*HEADER[:4], "Seriennummer"))
    save(document, "no-such-column", "xlsx", "xls", "ods")


def column_twice(desktop):
    """Two columns of serials."""
    document, sheet = new(desktop, "SN-1", header=(*HEADER, "Primary Serial Number"))
    sheet.getCellByPosition(5, 1).String = "SN-2"
    save(document, "column-twice", "xlsx", "xls", "ods")


def characters(desktop):
    """Characters that one does not see, or sees as others."""
    document, sheet = new(desktop, f"{NBSP}SN-1{NBSP}", "SN-２３", "SN-4")
    sheet.getCellByPosition(3, 3).String = f"LAP{NBSP}"
    save(document, "blanks-and-wide", "xlsx", "ods")
    document, _ = new(desktop, "SN-1", f"SN{ZERO_WIDTH}-2", "SN-3\u202e")
    save(document, "invisible", "xlsx", "xls", "ods")


if __name__ == "__main__":
    main()
