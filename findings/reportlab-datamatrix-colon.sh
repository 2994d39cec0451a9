#!/bin/sh
# reportlab 5.1.0: its Data Matrix (ecc200datamatrix) of a code with a colon reads as another code.
#
# A label for the serial 00:1A:2B:3C:4D:5E, a network card's address, is drawn without a complaint and every scanner
# reads it; but it reads 00^1A^2B^3C^4D^5E. C40 has its punctuation in two runs, 15 to 21 for : to @ and 22 to 26 for
# [ to _ (ISO/IEC 16022, the set of the second shift); reportlab counts on from ! through both, so : and ; become the
# ^ and _ ten places on. Letters, digits, blanks and hyphens are right. (A NUL that its filling leaves at the end of some
# codes is taken off here.)
#
# Seen with Python 3.11, zxing-cpp 3.1.1 as the reader, which reads its own symbols of the same codes rightly:
#   SN-4711              reportlab's reads SN-4711              zxing-cpp's reads SN-4711
#   00:1A:2B:3C:4D:5E    reportlab's reads 00^1A^2B^3C^4D^5E    zxing-cpp's reads 00:1A:2B:3C:4D:5E
#   LOT12;7              reportlab's reads LOT12_7              zxing-cpp's reads LOT12;7
#
# So the labels of serials are drawn by zxing-cpp. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check reportlab==5.1.0 zxing-cpp==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PROGRAM'
import sys

import numpy
import zxingcpp
from reportlab.graphics.barcode.ecc200datamatrix import ECC200DataMatrix

CODES = {"SN-4711": "SN-4711", "00:1A:2B:3C:4D:5E": "00^1A^2B^3C^4D^5E", "LOT12;7": "LOT12_7"}


def drawn_by_reportlab(code: str) -> numpy.ndarray:
    symbol = ECC200DataMatrix(code)
    symbol.validate()
    if not symbol.valid:
        sys.exit(f"reportlab now refuses {code}")
    symbol.encode()
    light = ~numpy.pad(numpy.array(symbol.encoded, dtype=bool), 4)
    return numpy.kron(light, numpy.ones((6, 6), dtype=bool)).astype(numpy.uint8) * 255


def read(image: object) -> str:
    found = zxingcpp.read_barcodes(image)
    return found[0].text.removesuffix("<NUL>").rstrip("\0") if found else "nothing"


as_seen = True
for code, seen in CODES.items():
    theirs = read(drawn_by_reportlab(code))
    right = read(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=6))
    print(f"{code:<20} reportlab's reads {theirs:<20} zxing-cpp's reads {right}")
    as_seen = as_seen and (theirs, right) == (seen, code)
sys.exit(0 if as_seen else "reportlab, or zxing-cpp, does otherwise now")
PROGRAM
