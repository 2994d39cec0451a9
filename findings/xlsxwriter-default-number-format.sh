#!/bin/sh
# XlsxWriter 3.3.1: a workbook whose default format has a number format shows its numbers in another one.
#
# With default_format_properties={"num_format": "000000"} the number 123 is to be read as 000123 in every cell that has
# no format of its own. XlsxWriter gives the first cell style the number 164 for it, but never writes what 164 is; the
# code of the next format that a cell uses takes that number. So the serial 123 is displayed as that other format says
# (here 123.000), and where no cell has a format of its own, as nobody says.
#
# Seen with Python 3.11, openpyxl 3.1.5 as the reader:
#   no other format:   first style 164, its code is not in the file
#   another, 0.000:    first style 164, its code is 0.000
#
# So a number in a code column is taken only if its format is in the file and is one of zeros. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check XlsxWriter==3.3.1 openpyxl==3.1.5
cd "$folder"
"$folder/venv/bin/python" - <<'PROGRAM'
import re
import sys
import zipfile

import openpyxl
import xlsxwriter

seen = []
for another in (False, True):
    book = xlsxwriter.Workbook("serials.xlsx", {"default_format_properties": {"num_format": "000000"}})
    sheet = book.add_worksheet()
    sheet.write_number("A1", 123)
    if another:
        sheet.write_number("B1", 0.5, book.add_format({"num_format": "0.000"}))
    book.close()
    styles = zipfile.ZipFile("serials.xlsx").read("xl/styles.xml").decode()
    first = re.search(r'<cellXfs[^>]*><xf numFmtId="(\d+)"', styles)[1]
    code = re.search(rf'<numFmt numFmtId="{first}" formatCode="([^"]*)"', styles)
    seen.append((first, code and code[1]))
    print(f"{'another, 0.000' if another else 'no other format'}: first style {first}, its code {code and code[1]}")
shown = openpyxl.load_workbook("serials.xlsx").active["A1"].number_format
print(f"openpyxl reads the second file's 123 with the format {shown}")
as_seen = seen == [("164", None), ("164", "0.000")] and shown == "0.000"
sys.exit(0 if as_seen else "XlsxWriter, or openpyxl, does otherwise now")
PROGRAM
