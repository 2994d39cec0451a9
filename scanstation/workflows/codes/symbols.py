"""Codes as barcodes to print, in modules: whoever prints them draws bars, and nothing reads their text on the way."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

_QUIET_LINES, _QUIET_QR, _QUIET_DATA_MATRIX = 10, 4, 2
"""Blank modules around a barcode; Data Matrix needs one."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode in modules, its quiet zone included. Bars are (column, row, length) and one module high."""

    width: int
    height: int
    bars: tuple[tuple[int, int, int], ...]


def lines_of(code: str) -> Symbol:
    """Code 128: one row, to be drawn as high as there is room."""
    barcode = Code128(code)
    barcode.validate()
    barcode.encode()
    barcode.decompose()
    column, bars = _QUIET_LINES, []
    # Letters are widths, a for 1: small ones are blanks, large ones bars.
    for letter in barcode.decomposed:
        length = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((column, 0, length))
        column += length
    return Symbol(column + _QUIET_LINES, 1, tuple(bars))


def qr_of(code: str) -> Symbol:
    """QR Code; a quarter of it may be dirty or scratched."""
    encoder = QrCodeWidget(code, barLevel="Q").qr
    encoder.make()
    return _matrix(encoder.modules, _QUIET_QR)


def data_matrix_of(code: str) -> Symbol:
    """Data Matrix, as small as the code lets it be."""
    import zxingcpp  # late: the sheet of commands has none

    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    image: Any = memoryview(barcode.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type] # it has a buffer
    return _matrix([[value == 0 for value in row] for row in image.tolist()], _QUIET_DATA_MATRIX)


def _matrix(modules: Any, quiet: int) -> Symbol:
    bars = []
    for row, line in enumerate(modules):
        column = quiet
        for is_dark, run in groupby(line, bool):
            length = len(list(run))
            if is_dark:
                bars.append((column, row + quiet, length))
            column += length
    return Symbol(len(modules[0]) + 2 * quiet, len(modules) + 2 * quiet, tuple(bars))


def draw(canvas: Canvas, symbol: Symbol, left: float, bottom: float, width: float, height: float) -> None:
    """Draw a barcode into a box of a page, in millimetres."""
    canvas.saveState()
    canvas.translate(left * mm, bottom * mm)
    canvas.scale(width * mm / symbol.width, height * mm / symbol.height)
    path = canvas.beginPath()
    for column, row, length in symbol.bars:
        path.rect(column, symbol.height - row - 1, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
