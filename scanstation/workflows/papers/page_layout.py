"""The one layout of a page: rows of text in A4, and the order's number as a barcode above them."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from scanstation.domain.codes import BadCode, read_code
from scanstation.domain.papers import fits_lines
from scanstation.workflows.codes.letters import faces_for
from scanstation.workflows.codes.symbols import draw, lines_of

_LEFT, _TOP = 20.0, 25.0
"""Millimetres; what fits into the shorter and wider Letter too."""
_SIZE, _LEADING = 10.0, 11.4
"""Points."""
_BARCODE_ROOM, _BARCODE_HEIGHT = 90.0, 10.0
_WIDEST_MODULE = 0.33


def as_pdf(title: str, number: str, pages: Sequence[Sequence[str]]) -> bytes:
    """Pages of text as a PDF; the same bytes each time.

    Args:
        title: of the document.
        number: the order's, as a barcode on the first page, which a scan opens the order by.
        pages: the rows of each.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    faces = faces_for([title, *(row for page in pages for row in page)])
    canvas.setTitle(title)
    for place, page in enumerate(pages):
        if place == 0:
            _draw_number(canvas, number)
        canvas.setFont(faces.fixed, _SIZE)
        for number_of_row, row in enumerate(page):
            canvas.drawString(_LEFT * mm, A4[1] - _TOP * mm - (number_of_row + 1) * _LEADING, faces.printable(row))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_number(canvas: Canvas, number: str) -> None:
    if isinstance(read_code(number), BadCode):
        return  # a number that no Code 128 holds
    lines = lines_of(number)
    if fits_lines(lines.width, _BARCODE_ROOM):
        width = lines.width * min(_WIDEST_MODULE, _BARCODE_ROOM / lines.width)
        draw(canvas, lines, A4[0] / mm - _LEFT - width, A4[1] / mm - _TOP + 2, width, _BARCODE_HEIGHT)
