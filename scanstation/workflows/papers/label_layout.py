"""The one layout of a label, 100 by 50 mm, as PDF and as ZPL.

Both draw the same texts and bars. No text of a label is ever read by a printer as anything but text: in ZPL every byte
that is not a letter, a digit or one of a few signs is written in hex, and barcodes are drawn as boxes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from scanstation.domain.codes import visible
from scanstation.domain.papers import NARROWEST_MM, Label, fits_lines
from scanstation.workflows.codes.letters import faces_for, is_western
from scanstation.workflows.codes.symbols import Symbol, data_matrix_of, draw, lines_of

WIDTH, HEIGHT = 100.0, 50.0
"""Millimetres."""
_MARGIN = 4.0
_ROOM = WIDTH - 2 * _MARGIN
_LINES_HEIGHT = 17.0
_WIDEST_MODULE = 0.5
_MATRIX_SIDE = 26.0
_OF_CODES = "Courier-Bold"
_UNICODE_FONT = "E:TT0003M_.FNT"
"""What label printers that know more than Western European letters have those in; their own font 0 lacks them."""
_LETTER = 0.6
"""How wide a letter of Courier is, of its size."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A row of text; `top` is where its box begins, from the label's upper edge."""

    text: str
    left: float
    top: float
    size: float
    """Millimetres."""
    bold: bool = False
    fixed: bool = False
    """In letters of one width: for codes."""


@dataclass(frozen=True, slots=True)
class _Bars:
    """A barcode in a box."""

    symbol: Symbol
    left: float
    top: float
    module: float
    """How wide a module is, at most."""
    height: float


def _laid_out(label: Label, code_kind: str) -> Iterator[_Text | _Bars]:
    lines = lines_of(label.code)
    as_lines = code_kind == "code128" and fits_lines(lines.width, _ROOM)
    yield _Text(_cut(label.sku, 30), _MARGIN, 3, 5, bold=True)
    yield _Text(_cut(label.description, 60), _MARGIN, 9, 3)
    yield _Text(_cut(f"{label.client} · {label.kind}", 60), _MARGIN, 13, 3)
    code = visible(label.code)
    if as_lines:
        yield _Bars(lines, _MARGIN, 19, min(_WIDEST_MODULE, _ROOM / lines.width), _LINES_HEIGHT)
        size = min(5.0, _ROOM / (len(code) * _LETTER))
        yield _Text(code, _MARGIN, 39, size, bold=True, fixed=True)
        return
    matrix = data_matrix_of(label.code)
    module = _MATRIX_SIDE / max(matrix.width, matrix.height)
    yield _Bars(matrix, WIDTH - _MARGIN - _MATRIX_SIDE, 19, module, matrix.height * module)
    room = _ROOM - _MATRIX_SIDE - 2
    a_row = int(room / (4 * _LETTER))
    for number, first in enumerate(range(0, len(code), a_row)):
        yield _Text(code[first : first + a_row], _MARGIN, 20 + 6 * number, 4, bold=True, fixed=True)


def _cut(text: str, most: int) -> str:
    text = visible(text)
    return text if len(text) <= most else text[: most - 1] + "…"


# PDF


def as_pdf(labels: Sequence[Label], code_kind: str) -> bytes:
    """A page for each label; the same bytes each time."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH * mm, HEIGHT * mm), invariant=1)
    canvas.setTitle("ScanStation: labels")
    faces = faces_for(f"{one.sku}{one.description}{one.client}{one.kind}" for one in labels)
    for label in labels:
        for part in _laid_out(label, code_kind):
            if isinstance(part, _Text):
                # A code is ASCII, and its letters are of one width.
                font = _OF_CODES if part.fixed else faces.bold if part.bold else faces.plain
                text, size = faces.printable(part.text), part.size * mm
                canvas.setFont(font, min(size, size * _ROOM * mm / max(1.0, stringWidth(text, font, size))))
                canvas.drawString(part.left * mm, (HEIGHT - part.top - part.size) * mm, text)
            else:
                width = part.symbol.width * part.module
                draw(canvas, part.symbol, part.left, HEIGHT - part.top - part.height, width, part.height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


# ZPL


def as_zpl(labels: Iterable[Label], code_kind: str, dots_per_mm: float) -> bytes:
    """The labels for a printer that speaks ZPL II."""
    return b"".join(_zpl_of(label, code_kind, dots_per_mm) for label in labels)


def _zpl_of(label: Label, code_kind: str, dots_per_mm: float) -> bytes:
    def dots(length: float) -> int:
        return round(length * dots_per_mm)

    # UTF-8, the size of the label, and nothing left over from what was printed before.
    parts = [f"^XA^CI28^PW{dots(WIDTH)}^LL{dots(HEIGHT)}^LH0,0^LT0^PON^FWN"]
    for part in _laid_out(label, code_kind):
        if isinstance(part, _Text):
            size = dots(part.size)
            wide = int(size * _LETTER) if part.fixed else size
            font = f"^A0N,{size},{wide}" if is_western(part.text) else f"^A@N,{size},{wide},{_UNICODE_FONT}"
            parts.append(f"^FO{dots(part.left)},{dots(part.top)}{font}^FH_^FD{field_data(part.text)}^FS")
            continue
        # Whole dots: a module that is now two and now three dots wide is read by no scanner.
        module = max(int(part.module * dots_per_mm), round(NARROWEST_MM * dots_per_mm), 1)
        high = dots(part.height) if part.symbol.height == 1 else module
        for column, row, length in part.symbol.bars:
            left, top = dots(part.left) + column * module, dots(part.top) + row * module
            wide = length * module
            parts.append(f"^FO{left},{top}^GB{wide},{high},{min(wide, high)}^FS")
    return ("\n".join([*parts, "^XZ"]) + "\n").encode("ascii")


_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -./")


def field_data(text: str) -> str:
    """Text as the data of a ZPL field behind ^FH_: what a printer could take for a command is written in hex."""
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in text.encode("utf-8", "replace"))
