#!/bin/sh
# calamine 0.9.1 (python-calamine): of a tab or a line break inside a cell of an .ods nothing is left, and a text in a
# CDATA section is empty.
#
# A scanner's field separator that was pasted into LibreOffice stands in the file as <text:tab/>, two lines of a cell as
# <text:line-break/>. Both vanish, so that two codes in one cell become one code that nobody has: SN-1<tab>SN-2 is read
# as SN-1SN-2.
#
# Seen with Python 3.11:
#   SN-1<text:tab/>SN-2:          'SN-1SN-2'
#   SN-1<text:line-break/>SN-2:   'SN-1SN-2'
#   <![CDATA[SN-1]]>:             ''
#
# So the content of such a file is rewritten before it is read. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1
cd "$folder"
"$folder/venv/bin/python" - <<'PROGRAM'
import sys
import zipfile

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import LineBreak, P, Tab
from python_calamine import CalamineWorkbook


def cell(*inside):
    made = TableCell(valuetype="string")
    paragraph = P()
    for one in inside:
        paragraph.addText(one) if isinstance(one, str) else paragraph.addElement(one)
    made.addElement(paragraph)
    return made


book = OpenDocumentSpreadsheet()
table, row = Table(name="Serials"), TableRow()
for one in (cell("SN-1", Tab(), "SN-2"), cell("SN-1", LineBreak(), "SN-2"), cell("CDATA")):
    row.addElement(one)
table.addElement(row)
book.spreadsheet.addElement(table)
book.save("made.ods")
with zipfile.ZipFile("made.ods") as made, zipfile.ZipFile("serials.ods", "w") as file:
    for name in made.namelist():
        file.writestr(name, made.read(name).replace(b">CDATA<", b"><![CDATA[SN-1]]><"))
(seen,) = CalamineWorkbook.from_path("serials.ods").get_sheet_by_index(0).to_python()
print(seen)
sys.exit(0 if seen == ["SN-1SN-2", "SN-1SN-2", ""] else "calamine does otherwise now")
PROGRAM
