#!/bin/sh
# XlsxWriter 3.3.1 and openpyxl 3.1.5: what stands in a cell whose formula nobody has counted.
#
# XlsxWriter writes the number 0 for the result of every formula that is given none, and for value='' the very cell that
# openpyxl writes for a formula without a result. So 0 says nothing, and an empty text made by XlsxWriter cannot be told
# from a formula that was never counted. Both set fullCalcOnLoad, which says that their results are not to be relied on.
#
# Seen with Python 3.11:
#   XlsxWriter, no value:   <c r="A1"><f>B1</f><v>0</v></c>
#   XlsxWriter, value='':   <c r="A1"><f>B1</f><v></v></c>
#   openpyxl:               <c r="A1"><f>B1</f><v /></c>
#
# So a formula with 0 for its result is no serial, and one with nothing is refused and not blank. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check XlsxWriter==3.3.1 openpyxl==3.1.5
cd "$folder"
"$folder/venv/bin/python" - <<'PROGRAM'
import re
import zipfile

import openpyxl
import xlsxwriter

for name, said in (("no value", {}), ("value=''", {"value": ""})):
    book = xlsxwriter.Workbook("serials.xlsx")
    book.add_worksheet().write_formula("A1", "=B1", **said)
    book.close()
    print("XlsxWriter,", name, re.search(r"<c .*?</c>", zipfile.ZipFile("serials.xlsx").read("xl/worksheets/sheet1.xml").decode())[0])
book = openpyxl.Workbook()
book.active["A1"] = "=B1"
book.save("serials.xlsx")
print("openpyxl", re.search(r"<c .*?</c>", zipfile.ZipFile("serials.xlsx").read("xl/worksheets/sheet1.xml").decode())[0])
PROGRAM
