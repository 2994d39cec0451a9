#!/bin/sh
# openpyxl 3.1.5: a workbook that is loaded and saved, with nothing changed in it, has another serial.
#
# XlsxWriter 3.3.1 writes the text LOT_x0041_7 as the format asks, with what looks like an escape guarded
# (_x005F_x0041_): readers show LOT_x0041_7. openpyxl takes the guard off when it loads and puts none on when it saves,
# so that readers of the saved file decode an escape that was none, and show another lot.
#
# Seen with Python 3.11 and python-calamine 0.9.1 as the reader:
#   before: LOT_x0041_7
#   after:  LOTA7
#
# So a mended copy of somebody's sheet has to be held against the sheet, cell by cell. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 XlsxWriter==3.3.1 python-calamine==0.9.1
cd "$folder"
"$folder/venv/bin/python" - <<'PROGRAM'
import sys

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

book = xlsxwriter.Workbook("before.xlsx")
book.add_worksheet().write_string("A1", "LOT_x0041_7")
book.close()
openpyxl.load_workbook("before.xlsx").save("after.xlsx")
before, after = (
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0][0] for path in ("before.xlsx", "after.xlsx")
)
print(f"before: {before}\nafter:  {after}")
sys.exit(0 if (before, after) == ("LOT_x0041_7", "LOTA7") else "openpyxl, or its reader, does otherwise now")
PROGRAM
