"""The sheet of command barcodes, to print and hang up at the dock, and the check cards for setting up scanners.

Each command is there twice, as Code 128 for scanners that read lines only and as QR Code for those that read a phone's
screen or from far off. HTML is for the browser's printer, PDF for everything else; both draw the same bars, as paths,
so that no printer smooths them.
"""

import html
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from scanstation.domain import sentences as say
from scanstation.domain.check_card import GS1_CARD, GS1_FIELDS, PLAIN_CARD
from scanstation.domain.codes import shorten, visible
from scanstation.domain.commands import Act
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import said_later, translated, worded
from scanstation.domain.outcome import Done
from scanstation.files import write_whole
from scanstation.workflows.codes.letters import Faces, faces_for
from scanstation.workflows.codes.symbols import Symbol, draw, lines_of, qr_of

QUANTITIES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 20, 24, 50)
"""The packs that come up most, and one, which drops what was asked for; any other is F4."""
_ACTS: Final = {
    Act.COMPLETE: (said_later("Complete"), said_later("Book what this station has scanned")),
    Act.UNDO: (said_later("Undo"), said_later("Take back the last scan")),
    Act.CANCEL: (said_later("Cancel"), said_later("Drop the unit whose serial is owed")),
    Act.HOME: (said_later("Home"), said_later("Back to the first screen")),
    Act.YES: (said_later("Yes"), said_later("Answer the question on the screen")),
    Act.RECEIVE: (said_later("Receive"), said_later("Open receiving")),
    Act.NO: (said_later("No"), said_later("Answer the question on the screen")),
    Act.PACK: (said_later("Pack"), said_later("Open packing")),
    Act.RETURN: (said_later("Return"), said_later("Take in what comes back")),
    Act.TRANSFER: (said_later("Transfer"), said_later("To or from another warehouse")),
    Act.COUNT: (said_later("Count"), said_later("What stands in the warehouse")),
    Act.TRACE: (said_later("Trace"), said_later("The life of the last code")),
    Act.HELP: (said_later("Help"), said_later("What can be done now; again: read on")),
    Act.SWAP: (said_later("Swap"), said_later("One unit of the packed order on the screen for another")),
    Act.HOLD: (said_later("Hold"), said_later("The unit scanned last, or next, is not to leave")),
    Act.NO_SERIAL: (said_later("No serial"), said_later("The unit has none to be read: the site gives one")),
    Act.RANGE: (said_later("Range"), said_later("Units in a row: the first serial and the last")),
    Act.LEARN: (said_later("Learn"), said_later("An unknown barcode: from two pieces, then its SKU")),
    Act.NOTE: (said_later("Note"), said_later("What of a purchase order is damaged, wrong, short or over")),
    Act.SEEN: (said_later("Seen"), said_later("The refused scans of a run were seen")),
}
_LANGUAGE: Final = said_later("en")
"""The code of the language that the sheet is in: its translation is that language's own."""
_REASONS_ON_SCREEN: Final = 4
"""The most reasons that a question of the station's own lists."""
_SHORT_REASON: Final = 20
"""A longer one has no room for its number beside it."""
_FNC1: Final = "\xf1"
"""What reportlab makes the function character of, which begins a GS1-128 and separates its fields."""


@dataclass(frozen=True, slots=True)
class Card:
    """One command, or a check card: what it is called, what it does, and what its barcodes say."""

    title: str
    hint: str
    code: str
    """As it is printed below the barcode."""
    in_lines: str = ""
    """What the Code 128 holds where that is not the code itself."""
    in_matrix: str = ""
    """What the QR Code holds where that is not the code itself."""
    is_wide: bool = False
    """Takes the whole width of the page."""


Page = tuple[str, tuple[Card, ...]]
"""A heading, and the cards below it."""


def cards(prefix: str, reasons: Sequence[str] = ()) -> tuple[tuple[Card, ...], tuple[Card, ...], tuple[Card, ...]]:
    """The parts of the sheet: the acts, the quantities, and the reasons, those that the site lists by their words."""
    acts = tuple(
        Card(translated(title), translated(hint), f"{prefix}{act.value}") for act, (title, hint) in _ACTS.items()
    )
    quantities = tuple(
        Card(f"{count} ×", worded("The product that is scanned next"), f"{prefix}{Act.QUANTITY.value}-{count}")
        for count in QUANTITIES
    )
    rest = Card(
        worded("All left"),
        worded("All that is left of the product that is scanned next"),
        f"{prefix}{Act.QUANTITY.value}-ALL",
    )
    numbered = zip_longest(range(1, max(len(reasons), _REASONS_ON_SCREEN) + 1), reasons)
    whys = tuple(
        Card(
            worded("Reason {number}", number=number),
            _reason_hint(number, reason),
            f"{prefix}{Act.REASON.value}-{number}",
        )
        for number, reason in numbered
    )
    return acts, (*quantities, rest), whys


def _reason_hint(number: int, reason: str | None) -> str:
    if reason is None:
        return worded("Number {number} of the reasons on the screen", number=number)
    said = visible(reason)
    if number > _REASONS_ON_SCREEN or len(said) >= _SHORT_REASON:
        return said
    return worded("{said}, or {number} of those on the screen", said=said, number=number)


def check_cards() -> tuple[Card, ...]:
    """The third page. The lines of the GS1 card are a GS1-128; its QR Code holds the separator as a character."""
    first, second = GS1_FIELDS
    return (
        Card(
            worded("Check card"),
            worded("Scan it on the scanners screen: it tells how the scanner is set up"),
            PLAIN_CARD,
            is_wide=True,
        ),
        Card(
            worded("Check card, GS1"),
            worded("The same for labels with several fields: it tells what becomes of the separator between them"),
            "".join(f"({field[:2]}){field[2:]}" for field in GS1_FIELDS),
            in_lines=f"{_FNC1}{first}{_FNC1}{second}",
            in_matrix=GS1_CARD,
            is_wide=True,
        ),
    )


def write_sheet(path: str | os.PathLike[str], prefix: str, reasons: Sequence[str] = ()) -> Done:
    """Write the sheet of a site's command barcodes, as .html or .pdf by the name of the file.

    Raises UnwritableFile where the file cannot be written, or its name says neither; what was there before then stays.
    """
    target = Path(path)
    _write(target, worded("ScanStation: commands"), [*_titled(prefix, reasons)])
    count = sum(map(len, cards(prefix, reasons)))
    return say.command_sheet_written(count, shorten(str(target), 200))


def write_badge(path: Path, name: str, code: str, *, for_today: bool) -> Done:
    """Write the badge of an operator, as .html or .pdf by the name of the file.

    Raises UnwritableFile as `write_sheet` does.
    """
    hint = worded("Scan it to work here; good until midnight") if for_today else worded("Scan it to work here")
    card = Card(visible(name), hint, code, is_wide=True)
    _write(path, f"ScanStation: {visible(name)}", [(worded("ScanStation: badge"), (card,))])
    return say.badge_written(shorten(str(path), 200))


def badge_ending(path: Path) -> str:
    """The ending of a sheet's file, in lower case; raises UnwritableFile where it is none of a sheet's."""
    if (ending := path.suffix.lower()) not in (".html", ".htm", ".pdf"):
        raise UnwritableFile(
            worded("{name} is neither .html nor .pdf.", name=shorten(path.name or str(path))),
            worded("Name the file with one of these endings."),
        )
    return ending


def _write(path: Path, title: str, pages: Sequence[Page]) -> None:
    ending = badge_ending(path)
    content = _document(title, pages) if ending == ".pdf" else _page(title, pages).encode()
    write_whole(path, content, (ending,))


# Measures of the printed sheet, in millimetres. An A4 page whose content also fits the shorter Letter.

_MARGIN = 12.0
_GUTTER = 6.0
_CARD_WIDTH = (210 - 2 * _MARGIN - _GUTTER) / 2
_CARD_HEIGHT = 36.0
_ON_A_PAGE = 12
_ROW_GAP = 4.0
_PADDING = 3.0
_LINES_HEIGHT = 14.0
_MATRIX_SIDE = 20.0
_WIDE_MATRIX_SIDE = 30.0
_WIDEST_MODULE = 0.36
"""Of Code 128. A longer prefix makes it narrower, down to 0.23 at 12 characters, which scanners still read at 20 cm."""
_HEAD = 10.0


def _card_width(card: Card) -> float:
    return 2 * _CARD_WIDTH + _GUTTER if card.is_wide else _CARD_WIDTH


def _matrix_side(card: Card) -> float:
    """A check card's QR Code has more modules, and there is room to keep them as large."""
    return _WIDE_MATRIX_SIDE if card.is_wide else _MATRIX_SIDE


def _lines_width(card: Card, lines: Symbol) -> float:
    room = _card_width(card) - 2 * _PADDING - _matrix_side(card)
    return min(lines.width * _WIDEST_MODULE, room)


# HTML

_STYLE = """\
@page { margin: 12mm }
body { margin: 0 auto; width: 186mm; font-family: sans-serif; color: #000; background: #fff }
h1 { font-size: 14pt; margin: 0 0 4mm }
section + section { break-before: page }
li.wide { grid-column: span 2 }
ul { display: grid; grid-template-columns: 90mm 90mm; gap: 4mm 6mm; margin: 0; padding: 0; list-style: none }
li { box-sizing: border-box; height: 36mm; padding: 3mm; border: .3mm dashed #888; break-inside: avoid;
  display: flex; justify-content: space-between; align-items: flex-end }
h2 { font-size: 13pt; margin: 0 } p { font-size: 8.5pt; margin: 0 0 1.5mm }
svg { display: block } code { display: block; font-size: 8pt; padding-left: 3mm }"""


def _page(title: str, pages: Sequence[Page]) -> str:
    """The sheet as one HTML file that asks for no other."""
    sections = "\n".join(
        f"<section>\n<h1>{html.escape(heading)}</h1>\n<ul>\n{''.join(map(_item, page))}</ul>\n</section>"
        for heading, page in pages
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(translated(_LANGUAGE))}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n{sections}\n</body>\n</html>\n"
    )


def _titled(prefix: str, reasons: Sequence[str]) -> Iterator[Page]:
    headings = (
        worded("ScanStation: commands"),
        worded("ScanStation: quantities"),
        worded("ScanStation: reasons"),
    )
    for heading, part in zip(headings, cards(prefix, reasons), strict=True):
        for start in range(0, len(part), _ON_A_PAGE):
            yield heading, part[start : start + _ON_A_PAGE]
    yield worded("ScanStation: check cards"), check_cards()


def _item(card: Card) -> str:
    lines = lines_of(card.in_lines or card.code)
    side = _matrix_side(card)
    item = '<li class="wide">' if card.is_wide else "<li>"
    return (
        f"{item}<div><h2>{html.escape(card.title)}</h2><p>{html.escape(card.hint)}</p>"
        f"{_svg(lines, _lines_width(card, lines), _LINES_HEIGHT, f'{card.title}, Code 128')}"
        f"<code>{html.escape(card.code)}</code></div>"
        f"{_svg(qr_of(card.in_matrix or card.code), side, side, f'{card.title}, QR Code')}</li>\n"
    )


def _svg(symbol: Symbol, width: float, height: float, label: str) -> str:
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in symbol.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{html.escape(label)}" '
        f'width="{width:.2f}mm" height="{height:.2f}mm" viewBox="0 0 {symbol.width} {symbol.height}" '
        f'preserveAspectRatio="none" shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )


# PDF


def _document(title: str, pages: Sequence[Page]) -> bytes:
    """The sheet as a PDF; the same bytes each time."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    faces = faces_for(
        [heading for heading, _ in pages] + [f"{one.title}{one.hint}" for _, page in pages for one in page]
    )
    canvas.setTitle(title)
    for heading, page in pages:
        top = A4[1] / mm - _MARGIN
        canvas.setFont(faces.bold, 14)
        canvas.drawString(_MARGIN * mm, (top - 5) * mm, faces.printable(heading))
        for place, card in enumerate(page):
            row, column = (place, 0) if card.is_wide else divmod(place, 2)
            left = _MARGIN + column * (_CARD_WIDTH + _GUTTER)
            _draw_card(canvas, faces, card, left, top - _HEAD - (row + 1) * _CARD_HEIGHT - row * _ROW_GAP)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_card(canvas: Canvas, faces: Faces, card: Card, left: float, bottom: float) -> None:
    """Draw a card with its lower left corner at a point, in millimetres."""
    canvas.setStrokeGray(0.5)
    canvas.setDash(3, 2)
    canvas.rect(left * mm, bottom * mm, _card_width(card) * mm, _CARD_HEIGHT * mm)
    text, upper = (left + _PADDING) * mm, bottom + _CARD_HEIGHT - _PADDING
    for told, font, size, below in ((card.title, faces.bold, 13.0, 4), (card.hint, faces.plain, 8.5, 8)):
        words = faces.printable(told)
        room = (_card_width(card) - 2 * _PADDING) * mm
        canvas.setFont(font, min(size, size * room / max(1.0, stringWidth(words, font, size))))
        canvas.drawString(text, (upper - below) * mm, words)
    canvas.setFont("Courier", 8)
    canvas.drawString((left + 2 * _PADDING) * mm, (bottom + _PADDING) * mm, card.code)
    lines, above = lines_of(card.in_lines or card.code), bottom + _PADDING + 4
    draw(canvas, lines, left + _PADDING, above, _lines_width(card, lines), _LINES_HEIGHT)
    side = _matrix_side(card)
    right = left + _card_width(card) - _PADDING - side
    draw(canvas, qr_of(card.in_matrix or card.code), right, bottom + _PADDING, side, side)
