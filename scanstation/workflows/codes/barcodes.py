"""Barcodes of a product as people write them, in a sheet or on the screen: as a scan will bring them, or why not."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, misspelt, read_code, trim, visible
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import expected_check_digit, gtin_key, is_digits
from scanstation.domain.language import up_to
from scanstation.domain.outcome import Reason
from scanstation.domain.products import Barcode
from scanstation.workflows.codes.interpreting import interpret

LONGEST_NAME = 64

_BLANKS = re.compile(r"\s+")
_BETWEEN = re.compile(r"[,/|\n\r\t]+")
_BETWEEN_OR_BLANK = re.compile(r"[,/|\s]+")
_LIKE_A_LIST = re.compile(r"[,|]|\s/|/\s")
_BOOK = re.compile(r"97[89][0-9-]+-[0-9]")


class WrittenBarcode(NamedTuple):
    """A barcode, and what it was read from where that is not its own text."""

    record: Barcode
    note: str = ""
    """Follows what stands there: '36000291452 was read as …'."""


def read_barcodes(cell: str, command_prefix: str) -> Iterator[WrittenBarcode | Reason]:
    """Each barcode of a cell, `;` between them, or what is wrong with it.

    Where people write `,` `/` `|` or a line break instead, a text is only taken for several if each part is a GTIN
    with the right check digit: all these signs may be in a code.
    """
    for text in cell.split(";"):
        if not (text := trim(text)).strip():
            continue
        parts = _several(text)
        if len(parts) == 1:
            yield read_barcode(text, command_prefix)
            continue
        for part in parts:
            found = read_barcode(part, command_prefix)
            note = say.read_as_many(text, parts)
            yield found if isinstance(found, Reason) else found._replace(note=note)


def read_barcode(text: str, command_prefix: str) -> WrittenBarcode | Reason:
    """One barcode as it is written, `code` or `code=12`; or what is wrong with it.

    `code=1` says that digits are no GTIN, and stand on the label just so.
    """
    return _read(text, command_prefix, written=True)


def scanned_barcode(text: str, command_prefix: str) -> WrittenBarcode | Reason:
    """The barcode that a scanner has read from a label, and that it will read again as it is: no list, no lost zero."""
    return _read(text, command_prefix, written=False)


def _read(text: str, command_prefix: str, *, written: bool) -> WrittenBarcode | Reason:
    code, equals, pack = (trim(piece) for piece in text.partition("="))
    if equals and not (is_digits(pack) and int(pack[:6]) > 0 and len(pack) <= 5):
        return say.no_pack_quantity(text)
    barcode = _as_scanned(code, command_prefix, written=written, as_it_stands=bool(equals) and int(pack) == 1)
    if isinstance(barcode, Reason):
        return barcode
    read_as, why = barcode
    note = say.read_as_another(code, read_as, why) if why else ""
    if not note and written and _LIKE_A_LIST.search(code):
        note = say.read_as_one(code)
    return WrittenBarcode(Barcode(read_as, int(pack) if equals else 1), note)


def learnable_barcode(text: str, command_prefix: str) -> str | Reason:
    """What a scan of a label will be looked up by, for a label that nobody has written down yet; or why it cannot be.

    A sign that a product's list of barcodes is written with cannot be in it.
    """
    if any(sign in text for sign in "=;"):
        return say.sign_of_lists(text)
    barcode = _as_scanned(trim(text), command_prefix, written=False, as_it_stands=False)
    return barcode if isinstance(barcode, Reason) else barcode[0]


def name_trouble(what: str, text: str) -> Reason | None:
    """Why a text is no name that can be shown and scanned."""
    if not text:
        return say.name_is_empty(what)
    if visible(text) != text:
        return say.name_is_unseen(text)
    if len(text) > LONGEST_NAME:
        return say.name_is_too_long(text=text, most=LONGEST_NAME)
    if what.lower() not in ("client", "warehouse") and (wrong := misspelt(text)):  # nobody scans the names of those
        return say.name_is_misspelt(text=text, why=wrong)
    return None


def _several(text: str) -> Sequence[str]:
    """The GTINs that a text lists; the text alone where it is one barcode."""
    if gtin_key(_digits(text.partition("=")[0])):
        return [text]
    for signs in (_BETWEEN, _BETWEEN_OR_BLANK):
        parts = [part for piece in signs.split(text) if (part := trim(piece))]
        if len(parts) > 1 and all(gtin_key(_digits(part.partition("=")[0])) for part in parts):
            return parts
    return [text]


def _as_scanned(code: str, prefix: str, *, written: bool, as_it_stands: bool) -> tuple[str, str] | Reason:
    """What a scan of the code will be looked up by, and why that is not the code itself; or why it never will be."""
    written = written and not as_it_stands
    read_as, why = (_without_blanks(code) if written else None) or (code, "")
    wrong = None if as_it_stands else _wrong_check_digit(read_as)
    if wrong := wrong or name_trouble("barcode", read_as):
        return wrong
    if written and len(read_as) == 11 and gtin_key(f"0{read_as}"):
        return f"0{read_as}", say.with_lost_zero()
    reading = interpret(read_as, command_prefix=prefix)
    if reading.command or read_command(code_key(read_as), code_key(prefix)):
        return say.barcode_is_command(read_as)
    if reading.fault:
        # What there is to do about a scan is nothing to do about a sheet.
        return _never_scanned(read_as, up_to(reading.fault, ". "))
    if reading.gtin and not (reading.is_plain and gtin_key(reading.text) == reading.gtin):
        return reading.gtin, say.its_product_number()
    if written and reading.is_plain and (wrong := _more_than_a_gtin(read_as)):
        return wrong
    text = next(iter(reading.product_codes), "") if not reading.is_plain else reading.text
    if not text:
        return _never_scanned(read_as, say.label_without_product())
    again = interpret(text, command_prefix=prefix)
    if again.text != text or not again.is_plain or again.fault:
        return _never_scanned(read_as, say.read_as_something_else())
    usable = read_code(text)
    if isinstance(usable, BadCode):
        return _never_scanned(text, usable.reason)
    return (text, why) if text == read_as else (text, say.behind_scanners_mark())


def _never_scanned(code: str, why: str) -> Reason:
    return say.never_scanned(code=code, why=why)


def _without_blanks(code: str) -> tuple[str, str] | None:
    """The digits of a GTIN that is written as it is printed, in groups."""
    digits = _digits(code)
    if digits == code or not gtin_key(digits):
        return None
    return digits, say.without_blanks(hyphens=not _BLANKS.search(code))


def _digits(text: str) -> str:
    """A text without its blanks; a book's number without its hyphens too."""
    close = _BLANKS.sub("", text)
    return close.replace("-", "") if _BOOK.fullmatch(close) else close


def _wrong_check_digit(code: str) -> Reason | None:
    """Eight digits are too often something else; all that is longer comes from an EAN, a UPC or an ITF-14."""
    digits = _digits(code)
    expected = expected_check_digit(digits)
    if expected is None or len(digits) <= 8 or digits.endswith(expected):
        return None
    return say.barcode_check_digit(code=code, expected=expected)


def _more_than_a_gtin(code: str) -> Reason | None:
    """A GTIN beside something else: a list that is none, or a number with words."""
    parts = [part for piece in _BETWEEN_OR_BLANK.split(code) if (part := trim(piece))]
    if len(parts) < 2 or "://" in code:
        return None
    for part in parts:
        if wrong := _wrong_check_digit(part):
            return wrong
    gtin = next((part for part in parts if gtin_key(part)), None)
    if gtin is None:
        return None
    return say.more_than_a_barcode(code=code, gtin=gtin)
