#!/bin/sh
# zxing-cpp 3.1.1: asked for ECI, it sends the escape of a character set behind AIM identifiers that say there is none.
#
# ISO/IEC 15424 tells by the modifier whether `\000026` and doubled backslashes are to be undone. Of two-dimensional
# barcodes zxing-cpp changes the modifier (]Q3 becomes ]Q4). EAN-13, Code 39 and Code 128 have none for it: the identifier
# stays ]E0, ]A0, ]C0, ]C1, and the escape is sent all the same. biip 5.2.0 takes the text as it is there, and also where
# the modifier tells: of a GS1 label it then finds no product and no serial.
#
# Seen with Python 3.11:
#   EAN13   ]E0\0000264006381333931             gtin: None
#   Code39  ]A0\000026ABC-123                   gtin: None
#   Code128 ]C0\000026A\\B                      gtin: None
#   Code128 ]C1\000026010400638133393121SN-1    gtin: None
#   QRCode  ]Q4\000026010400638133393121SN-1    gtin: None
#
# So what begins with such an escape behind any AIM identifier is undone. No ScanStation runs here.
set -eu
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check zxing-cpp==3.1.1 biip==5.2.0
"$folder/venv/bin/python" - <<'PROGRAM'
import sys

import biip
import zxingcpp

GS1 = "(01)04006381333931(21)SN-1"
CODES = (
    ("EAN13", "4006381333931", {}, r"]E0\0000264006381333931"),
    ("Code39", "ABC-123", {}, r"]A0\000026ABC-123"),
    ("Code128", "A\\B", {}, r"]C0\000026A\\B"),
    ("Code128", GS1, {"gs1": True}, r"]C1\000026010400638133393121SN-1"),
    ("QRCode", GS1, {"gs1": True}, r"]Q4\000026010400638133393121SN-1"),
)
as_before = True
for name, content, options, expected in CODES:
    image = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, name), **options).to_image(scale=4)
    text = zxingcpp.read_barcode(image, text_mode=zxingcpp.TextMode.ECI).text
    gtin = biip.parse(text).gtin
    print(f"{name:7} {text:35} gtin: {gtin}")
    as_before = as_before and text == expected and gtin is None
sys.exit(0 if as_before else "zxing-cpp or biip does otherwise now")
PROGRAM
