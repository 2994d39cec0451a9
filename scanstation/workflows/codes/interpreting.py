"""What a barcode says: the one place that distinguishes a command, GS1, a link, an envelope and a plain code.

The tables of GS1 (541 fields, their lengths and characters) and the long form of a UPC-E are biip's. biip is only
handed what is sure to be GS1: by itself it raises IndexError on `]` and ValueError on `http://[bad`, takes full-width
digits for digits, misses links after `]Q1`, drops what follows a bracket in a value, and reads on in the middle of a
field that is too long. All of this is looked at here before it is called. Links are taken apart here: biip's takes a
`+` for a blank, and refuses the words of the first edition, qualifiers in another order, and a link with anything
wrong in a parameter that nobody needs.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from scanstation.domain.codes import shorten, trim
from scanstation.domain.commands import MAX_QUANTITY, Act, read_command
from scanstation.domain.gtin import KEY_LENGTH, expected_check_digit, gtin_key, is_digits, ppn_codes
from scanstation.domain.reading import PALLET, Doubt, Form, Reading
from scanstation.domain.scan import Fault
from scanstation.domain.sentences import spelt_separator

if TYPE_CHECKING:
    from biip import ParseConfig
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

GROUP_SEPARATOR: Final = "\x1d"
_RECORD_SEPARATOR: Final = "\x1e"
_END_OF_TRANSMISSION: Final = "\x04"

_CHECK_SCANNER = "Check how the scanner is set up"
_SCAN_AGAIN = "Scan it again, or check how the scanner is set up"
_NOTHING_READ = "no product or serial is read from it"
_SCAN_ALONE = "Scan the barcode that carries the serial alone"

_OTHER_CASE = "is a command barcode in other letters: Caps Lock seems to be on"
_NO_QUANTITY = f"is no quantity: a product scan takes 1 to {MAX_QUANTITY}"

_LABELS_KEPT = 128
"""A scan is read in several places, and a product's label is scanned again and again."""

_Field = tuple[str, str]
"""A field's identifier and its value: ('21', 'SN-1')."""


class _Broken(Exception):
    """Sure to be GS1 or ISO 15434, and not whole; its text is the fault."""


class _BrokenField(_Broken):
    """One field is wrong; nobody misses it where it is one that the station does not use."""

    def __init__(self, fault: str, identifier: str) -> None:
        super().__init__(fault)
        self.identifier = identifier


@lru_cache(_LABELS_KEPT)
def interpret(text: str, *, command_prefix: str) -> Reading:
    """Read a barcode's text; never raises, whatever the text.

    The first of these that fits decides:

    1. An AIM identifier in front (`]C1`) is taken off; it says which barcode it was. Unknown ones are text.
    2. A command barcode: exactly the site's prefix and a command's word. In other letters it is nothing else either,
       and neither is a quantity out of range.
    3. A GS1 element string, on evidence only: a GS1 AIM identifier; a group separator; `(01)…` with its fields in
       brackets; or 01 and 14 digits with the right check digit, with nothing or a known field after. Bare digits
       of any other kind stay what they are.
    4. A GS1 Digital Link with a product in its path, of any host; it is never opened.
    5. An ISO 15434 envelope; formats 05 (GS1 fields) and 06 (data identifiers) are read, others are named.
    6. An EAN or UPC, if the AIM identifier says so: a UPC-E in its long form, an add-on of a magazine left out.
    7. Plain text.

    What is sure to be 3 to 6 and does not parse has a fault that says what is wrong, and no parts. Fields that the
    station does not use are in nobody's way, right or wrong. A serial in which a separator may be hidden, spelt out
    or left out, has a `doubt`.
    """
    whole = trim(text)
    aim, body = _split_aim(whole)
    damaged = ""
    if aim in _WITH_CHARACTER_SETS or (aim and aim[0] not in _TOLD_BY_MODIFIER and _CHARACTER_SET.match(body)):
        damaged = _damaged_escape(body)
        body = _ESCAPE.sub(lambda found: found[1].strip("0123456789"), body)
    if aim and not body:
        return Reading(whole, fault=Fault.TOO_SHORT)
    symbology = _GS1_SYMBOLOGIES.get(aim) or _SYMBOLOGIES.get(aim[:1], "")
    reading = Reading(body, symbology=symbology)
    if damaged:
        what = f"“{shorten(damaged, 12)}” is no escape that ]{aim} sends"
        return replace(reading, fault=f"is a damaged label: {what}. {_SCAN_AGAIN}")
    if command := read_command(body, command_prefix):
        return replace(reading, form=Form.COMMAND, command=command)
    if read_command(body.swapcase(), command_prefix) or read_command(body.upper(), command_prefix):
        return replace(reading, fault=_OTHER_CASE)
    if is_digits(body.removeprefix(f"{command_prefix}{Act.QUANTITY.value}-")) and not is_digits(body):
        return replace(reading, fault=_NO_QUANTITY)
    try:
        if _is_gs1(body, aim):
            reading = replace(reading, form=Form.GS1)
            return _gs1(reading, body, aim)
        if link := _link(body):
            reading = replace(reading, form=Form.LINK)
            return _with_parts(reading, _linked(*link))
        if aim in _OF_CARRIERS and GROUP_SEPARATOR in body and not _ENVELOPE.match(body):
            return replace(reading, form=Form.ENVELOPE, note=f"a carrier's label (MaxiCode): {_NOTHING_READ}")
        if any(head.match(body) for head in (_ENVELOPE, _SPELT_ENVELOPE, _MARKED_ENVELOPE)):
            reading = replace(reading, form=Form.ENVELOPE)
            return _envelope(reading, body)
        if body.startswith(_ENVELOPE_HEAD):
            reading = replace(reading, form=Form.ENVELOPE)
            raise _Broken(_headless(body))
        if spelt := _spelt_separator(body, evident=False):
            return replace(reading, doubt=Doubt((body[: spelt.start()],), spelt[0]))
        if (mark := _mark_between_fields(body)) and _is_label(body.split(mark)):
            return replace(reading, doubt=Doubt((body[: body.index(mark)],), mark))
        product = _retail_product(body, aim)
        return reading if product is None else replace(reading, gtin=product)
    except _Broken as broken:
        return replace(reading, fault=str(broken))


# AIM identifiers (ISO/IEC 15424)

_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_SYMBOLOGIES = {
    "A": "Code 39",
    "B": "Telepen",
    "C": "Code 128",
    "D": "Code One",
    "E": "EAN/UPC",
    "F": "Codabar",
    "G": "Code 93",
    "H": "Code 11",
    "I": "Interleaved 2 of 5",
    "J": "DotCode",
    "K": "Code 16K",
    "L": "PDF417",
    "M": "MSI",
    "N": "Anker",
    "O": "Codablock",
    "P": "Plessey",
    "Q": "QR Code",
    "R": "2 of 5",
    "S": "2 of 5",
    "T": "Code 49",
    "U": "MaxiCode",
    "X": "another barcode",
    "Z": "no barcode",
    "c": "Channel Code",
    "d": "Data Matrix",
    "e": "GS1 DataBar",
    "g": "Grid Matrix",
    "h": "Han Xin",
    "o": "OCR",
    "p": "PosiCode",
    "s": "SuperCode",
    "z": "Aztec",
}
_GS1_SYMBOLOGIES = {
    "C1": "GS1-128",
    "D1": "Code One with GS1 fields",
    "J1": "GS1 DotCode",
    "J4": "GS1 DotCode",
    "K1": "Code 16K with GS1 fields",
    # MicroPDF417 that stands in for a Code 128.
    "L3": "MicroPDF417 with GS1 fields",
    "O1": "Codablock with GS1 fields",
    "O5": "Codablock with GS1 fields",
    "Q3": "GS1 QR Code",
    "Q4": "GS1 QR Code",
    "T1": "Code 49 with GS1 fields",
    "d2": "GS1 DataMatrix",
    "d5": "GS1 DataMatrix",
    # The rectangular extension (ISO/IEC 21471).
    "d8": "GS1 DataMatrix",
    "dB": "GS1 DataMatrix",
    "e0": "GS1 DataBar",
    # What is printed above a GS1 DataBar or GS1-128, if the scanner sends it by itself.
    "e1": "GS1 Composite",
    "e2": "GS1 Composite",
    "e3": "GS1 Composite",
    "g2": "Grid Matrix with GS1 fields",
    "g3": "Grid Matrix with GS1 fields",
    "h2": "Han Xin with GS1 fields",
    "p1": "PosiCode with GS1 fields",
    "z1": "Aztec with GS1 fields",
    "z4": "Aztec with GS1 fields",
    "z7": "Aztec with GS1 fields",
    "zA": "Aztec with GS1 fields",
}
"""Those whose modifier says 'FNC1 in first position'. In the second it says that an industry's own fields follow."""
_WITH_CHARACTER_SETS = frozenset(
    "J3 J4 J5 L1 Q2 Q4 Q6 U2 U3 d4 d5 d6 dA dB dC e3 g1 g3 g5 h1 z3 z4 z5 z9 zA zB".split()  # noqa: SIM905 it reads better
)
"""Scanners that send these also send which character set the barcode names, and every backslash twice."""
_TOLD_BY_MODIFIER = frozenset("JLQUdghz")
"""Barcodes whose modifier always says so. Of others it cannot, and some decoders send character sets all the same:
there a code that begins with one tells."""
_CHARACTER_SET = re.compile(r"\\[0-9]{6}")
_ESCAPE = re.compile(r"\\(\\|[0-9]{6})")
_ESCAPE_OR_LESS = re.compile(r"\\(?:\\|(?P<eci>[0-9]{6})|.{0,8})", re.DOTALL)
_ASSIGNED = frozenset({*range(36), 170, *range(898, 1000)})
"""The ECIs of character sets, of binary data and of sites' own; a longer number may be half an escape and digits."""


def _damaged_escape(body: str) -> str:
    """The first backslash that is neither doubled nor begins an escape, with what follows; '' if all are whole."""
    for found in _ESCAPE_OR_LESS.finditer(body):
        if found["eci"] is not None:
            if int(found["eci"]) not in _ASSIGNED:
                return found[0]
        elif found[0] != "\\\\":
            return found[0]
    return ""


def _split_aim(text: str) -> tuple[str, str]:
    """The AIM identifier without its bracket, '' if there is none, and the rest."""
    aim = _AIM.match(text)
    if aim is None or aim[1][0] not in _SYMBOLOGIES:
        return "", text
    return aim[1], trim(text[aim.end() :])


# GS1 element strings

_LINK_START = re.compile(r"https?://", re.IGNORECASE)
_ENVELOPE = re.compile(rf"\[\)>(?:{_RECORD_SEPARATOR}(?=[0-9A-Z]{{2}})|(?=[0-9]{{2}}|DD{GROUP_SEPARATOR}))")
_GTIN_FIELD = re.compile(r"01([0-9]{14})")
_BRACKET = re.compile(r"\(([0-9]{2,4})\)")
_NUMBER_IN_BRACKETS = re.compile(r"\(01\)|\(02\) ?[0-9]{14}|\(00\) ?[0-9]{18}")
"""Of an item, of what a package contains, of a package: with one of them a text in brackets is a label."""
_SIMPLE_FORMAT = re.compile(r"N[0-9]\+[NX](\.\.)?([0-9]+)")


def get_ready() -> None:
    """Import biip's tables, which take half as long as SQLAlchemy, before the first code needs them."""
    from biip import gs1_application_identifiers, gs1_element_strings, upc  # noqa: F401


@cache
def _config() -> "ParseConfig":
    from biip import ParseConfig

    # Expiry dates of all zeros are common, and no business of this station.
    return ParseConfig(gs1_element_strings_verify_date=False)


def _is_gs1(body: str, aim: str) -> bool:
    if _LINK_START.match(body) or _ENVELOPE.match(body):
        return False
    if aim in _GS1_SYMBOLOGIES or GROUP_SEPARATOR in body:
        return aim not in _OF_CARRIERS
    if _BRACKET.match(body):
        return _is_bracketed(body) and (_NUMBER_IN_BRACKETS.search(body) is not None or _has_serial_in_brackets(body))
    product = _GTIN_FIELD.match(body)
    if product is None or gtin_key(product[1]) is None:
        return False
    rest = body[product.end() :]
    return not rest or _identifier(rest) is not None or _mark_between_fields(body) is not None


def _is_bracketed(body: str) -> bool:
    bracket = _BRACKET.match(body)
    return bracket is not None and _known(bracket[1])


def _has_serial_in_brackets(body: str) -> bool:
    """Does it have a serial's field and another one? Alone, `(21)` may be a serial's own."""
    names = [bracket[1] for bracket in _BRACKET.finditer(body) if _known(bracket[1])]
    return "21" in names and len(names) > 1


def _identifier(text: str) -> "GS1ApplicationIdentifier | None":
    """The identifier that a text begins with."""
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        return GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None


def _known(digits: str) -> bool:
    identifier = _identifier(digits)
    return identifier is not None and identifier.ai == digits


def _gs1(reading: Reading, body: str, aim: str) -> Reading:
    """The parts of an element string, and the doubt where a separator may be hidden in its serial."""
    if body.startswith("(") and (aim in _GS1_SYMBOLOGIES or _is_bracketed(body)):
        return _with_parts(reading, _bracketed(body))
    separated = GROUP_SEPARATOR in body
    spelt = None if separated else _spelt_separator(body, evident=True)
    try:
        # Without other evidence, two codes with a separator between them may begin like fields.
        fields = [*_elements(body, tolerant=aim in _GS1_SYMBOLOGIES or _has_product(body))]
        read = _with_parts(reading, fields)
    except _Broken as broken:
        mark = spelt[0] if spelt else None if separated else _mark_between_fields(body)
        if mark:
            raise _Broken(spelt_separator(mark)) from broken
        if separated and not (aim in _GS1_SYMBOLOGIES or _has_product(body)) and not _all_begin_fields(body):
            raise _Broken(_several(body)) from broken
        raise
    last, value = fields[-1] if fields else ("", "")
    if separated or last not in ("21", "250"):
        return read
    if spelt:
        return replace(read, doubt=Doubt((value[: spelt.start() - len(body)],), spelt[0]))
    shorter = _before_further_fields(value)
    return replace(read, doubt=Doubt(shorter)) if shorter else read


def _has_product(body: str) -> bool:
    found = _GTIN_FIELD.match(body.lstrip(GROUP_SEPARATOR))
    return found is not None and gtin_key(found[1]) is not None


def _begins_a_field(text: str) -> bool:
    return text.isascii() and _identifier(text) is not None


def _all_begin_fields(body: str) -> bool:
    return all(_begins_a_field(segment) for segment in body.split(GROUP_SEPARATOR) if segment)


def _several(body: str) -> str:
    """What a text is that has group separators and no GS1 fields."""
    pieces = [piece for piece in body.split(GROUP_SEPARATOR) if piece]
    if len(pieces) < 2:
        return (
            f"has a group separator beside “{shorten(''.join(pieces), 20)}”, which is no field of GS1: "
            f"the scanner adds it. {_CHECK_SCANNER}"
        )
    names = [found[1] for piece in pieces if (found := _DATA_FIELD.fullmatch(piece)) and found[1] in _USED]
    if len(names) == len(pieces) and len({*names}) > 1:
        return (
            f"has fields of an ISO 15434 label ({', '.join(names)}) without its head “[)>”: it is cut short, "
            f"or printed so. {_SCAN_ALONE}"
        )
    first, second = (shorten(piece, 20) for piece in pieces[:2])
    return f"is no single code: a group separator stands between “{first}” and “{second}”. {_SCAN_ALONE}"


def _elements(body: str, *, tolerant: bool = True) -> Iterator[_Field]:
    """The fields of an element string. A field of variable length ends at a separator or at the end, nowhere else.

    If tolerant, what stands alone between two separators and is no field that the station uses is left out, right or
    wrong.
    """
    is_first = True
    for segment in body.split(GROUP_SEPARATOR):
        if not segment:
            continue
        try:
            fields = [*_segment(segment)]
        except _BrokenField as broken:
            if is_first or not tolerant or broken.identifier in _USED:
                raise
            continue
        yield from fields
        is_first = False


def _segment(segment: str) -> Iterator[_Field]:
    rest = segment
    while rest:
        identifier = _identifier(_ascii(rest))
        if identifier is None:
            fault = f"is no whole GS1 code: no field begins with “{shorten(rest[:8])}”. {_SCAN_AGAIN}"
            raise _BrokenField(fault, "") if rest == segment else _Broken(fault)
        end = len(rest) if identifier.separator_required else len(identifier) + _fixed_length(identifier)
        try:
            yield _element(identifier, rest[len(identifier) : end])
        except _BrokenField as broken:
            raise broken if end >= len(rest) and rest == segment else _Broken(str(broken)) from broken
        rest = rest[end:]


def _bracketed(body: str) -> Iterator[_Field]:
    """The fields of an element string as it is printed below its barcode: '(01)04006381333931(21)SN-1'.

    Brackets are allowed in values too: only those around a known field's number begin a field.
    """
    starts = [bracket for bracket in _BRACKET.finditer(body) if _known(bracket[1])]
    if not starts or starts[0].start() > 0:
        raise _Broken(f"is no whole GS1 code: no field begins with “{shorten(body[:8])}”. {_SCAN_AGAIN}")
    ends = [bracket.start() for bracket in starts[1:]] + [len(body)]
    for bracket, end in zip(starts, ends, strict=True):
        identifier = _identifier(bracket[1])
        assert identifier is not None, "known, or it would begin no field"
        value = trim(body[bracket.end() : end].strip(GROUP_SEPARATOR))
        if end < len(body) and (spelt := _SPELT_LAST.search(value) or _MARK_LAST.search(value)):
            raise _Broken(spelt_separator(spelt[0]))
        try:
            yield _element(identifier, _ascii(value))
        except _BrokenField as broken:
            if broken.identifier in _USED:
                raise


def _element(identifier: "GS1ApplicationIdentifier", value: str) -> _Field:
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    try:
        element = GS1ElementString.parse(f"{identifier.ai}{value}", config=_config())
    except ParseError as error:
        raise _BrokenField(_misfit(identifier, value), identifier.ai) from error
    return element.ai.ai, element.value


def _misfit(identifier: "GS1ApplicationIdentifier", value: str) -> str:
    """Why a value does not fit its field."""
    field = f"({identifier.ai})"
    if not value:
        return f"is cut short: nothing follows its field {field}. {_SCAN_AGAIN}"
    if shape := _SIMPLE_FORMAT.fullmatch(identifier.format):
        most = int(shape[2])
        if not shape[1] and len(value) < most:
            return f"is cut short: its field {field} has {len(value)} of {most} characters. {_SCAN_AGAIN}"
        if len(value) > most:
            return (
                f"has {len(value)} characters in its field {field}, which takes {most}: "
                f"the scanner seems to leave out the group separators. {_CHECK_SCANNER}"
            )
    return f"is no whole GS1 code: “{shorten(value)}” cannot be in its field {field}. {_SCAN_AGAIN}"


def _fixed_length(identifier: "GS1ApplicationIdentifier") -> int:
    """Characters of a field that needs no separator. In biip's table all of these have one simple format."""
    shape = _SIMPLE_FORMAT.fullmatch(identifier.format)
    assert shape is not None
    return int(shape[2])


def _ascii(text: str) -> str:
    """The text, if GS1 could have written it; biip's patterns take every script's digits."""
    strange = next((character for character in text if not " " <= character <= "~"), None)
    if strange is not None:
        raise _Broken(f"is no whole GS1 code: “{shorten(strange)}” cannot be in one. {_SCAN_AGAIN}")
    return text


# Separators that do not come as such

_SPELT_WORDS = r"[<{\[(|](?:GS|FNC1)[>}\])|]|[<{\[](?:0x1D|\\?x1D|1D|029|29)[>}\]]|\\x1D|\\u001D"
_SPELT = re.compile(rf"{_SPELT_WORDS}|\^\]|°{{1,2}}²¹|0?029|~d029|%1D", re.IGNORECASE)
"""What scanners and terminals make of a group separator where they write it out (`°²¹`: Alt+029 in xterm)."""
_SPELT_LAST = re.compile(rf"(?:{_SPELT_WORDS}|\^\]|°{{1,2}}²¹)\Z", re.IGNORECASE)
_SPELT_SURELY = re.compile(rf"{_SPELT_WORDS}|\^\]|°{{1,2}}²¹", re.IGNORECASE)
"""Those that need no other evidence that the code is one of GS1."""
_SPELT_WORD = re.compile(_SPELT_WORDS, re.IGNORECASE)
_UNLIKE_GS1 = r"[^\x00-\x20!\"%-?A-Z_a-z]"
_MARK = re.compile(f"{_UNLIKE_GS1}{{1,4}}")
"""What cannot be in a field of GS1, and may so have been chosen to stand between two."""
_MARK_LAST = re.compile(rf"{_UNLIKE_GS1}{{1,4}}\Z")
_SPELT_RECORD = (
    r"[<{\[(|](?:RS|0x1E|\\?x1E|1E|030|30)[>}\])|]|RS|\\x1E|\\u001E|\^\^|°{1,2}³°|0?030(?=(?:[0-9]{2}|DD)0?029)"
)
_SPELT_ENVELOPE = re.compile(rf"\[\)>(?P<spelt>{_SPELT_RECORD})(?= ?(?:[0-9]{{2}}|DD))", re.IGNORECASE)
_ENVELOPE_HEAD = "[)>"
_MARKED_ENVELOPE = re.compile(
    r"\[\)>\x1e?(?:(?P<head>[^\x00-\x200-9A-Za-z]{1,4})[0-9]{2}|[0-9]{2}(?P<mark>[^\x00-\x200-9A-Za-z]{1,4}))(?=.)"
)
"""An envelope with a mark in place of a separator, before its format or after it."""
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_LOT = re.compile(r"10[!-z]{1,20}")


def _spelt_separator(body: str, *, evident: bool) -> re.Match[str] | None:
    """The first separator that is spelt out: a known field follows, and the text then reads to its end.

    Where nothing else says that the code is one of GS1, digits prove nothing, and data identifiers may follow too.
    """
    for match in _SPELT.finditer(body):
        head, tail = body[: match.start()], body[match.end() :].replace(match[0], GROUP_SEPARATOR)
        is_sure = _SPELT_SURELY.fullmatch(match[0]) is not None
        if evident:
            # Nobody's serial has the word in it; where digits stand for it, all must fit.
            fits = not tail or _begins_a_field(tail) if is_sure else tail and _reads(tail)
            if fits and _reads(head):
                return match
        elif is_sure and tail:
            field = _DATA_FIELD.fullmatch(tail.split(GROUP_SEPARATOR)[0]) if _SPELT_WORD.fullmatch(match[0]) else None
            if _reads(tail) or (field and field[2] and field[1] in _USED):
                return match
    return None


def _mark_between_fields(body: str) -> str | None:
    """The mark that stands between fields of GS1, where all of the text reads with a separator in its place."""
    for mark in dict.fromkeys(_MARK.findall(body)):
        segments = [segment for segment in body.split(mark) if segment]
        if len(segments) > 1 and all(map(_begins_a_field, segments)) and _reads(body.replace(mark, GROUP_SEPARATOR)):
            return str(mark)
    return None


def _is_label(segments: Iterable[str]) -> bool:
    """Do fields say by themselves that they are a label's? A product does, and a serial beside a date."""
    names = [field for segment in segments for field in _segment(segment)]
    if any(name == "01" and gtin_key(value) for name, value in names):
        return True
    return "21" in dict(names) and any(name in _DATES and _is_day(value) for name, value in names)


def _reads(text: str) -> bool:
    """Is this, all of it, fields of GS1?"""
    try:
        return all(True for segment in text.split(GROUP_SEPARATOR) for _ in _segment(segment))
    except _Broken:
        return False


def _before_further_fields(serial: str) -> tuple[str, ...]:
    """What a serial would be if the separator after it was lost: it then ends in dates, a lot, or both."""
    return tuple(serial[:end] for end in range(1, len(serial) - 2) if _are_further_fields(serial[end:]))


def _are_further_fields(text: str) -> bool:
    rest = text
    while rest[:2] in _DATES and _is_day(rest[2:8]):
        rest = rest[8:]
    return _LOT.fullmatch(rest) is not None if rest else bool(text)


def _is_day(digits: str) -> bool:
    """Is this YYMMDD a day of the calendar, or, with the day 00, a month?"""
    if len(digits) < 6 or not is_digits(digits):
        return False
    year, month, day = (int(digits[place : place + 2]) for place in (0, 2, 4))
    return 1 <= month <= 12 and day <= monthrange(2000 + year, month)[1]


# GS1 Digital Links

_LINK = re.compile(r"https?://[^/?#]*/(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.IGNORECASE)
_LINKED_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_LINK_WORDS = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21"}
"""What links of the first edition of the standard write in place of numbers."""


def _link(body: str) -> tuple[list[str], str] | None:
    """The path of a link from its product on, and its query; None if it is no link of GS1's."""
    link = _LINK.match(body)
    if link is None:
        return None
    path = [unquote(part) for part in link["path"].rstrip("/").split("/")]
    for place, (name, value) in enumerate(pairwise(path)):
        if _LINK_WORDS.get(name.lower(), name) == "01" and _LINKED_GTIN.fullmatch(value):
            return path[place:], link["query"] or ""
    return None


def _linked(path: list[str], query: str) -> Iterator[_Field]:
    """The fields of a link. Host, path in front and foreign parameters say nothing and are left out."""
    if len(path) % 2:
        raise _Broken(f"is cut short: nothing follows “/{shorten(path[-1])}”. {_SCAN_AGAIN}")
    # The standard has an order for what follows the product; a label with another says the same.
    in_path = zip(path[::2], path[1::2], strict=True)
    # A link is no form: its “+” is no blank.
    told = parse_qsl(query.replace(";", "&").replace("+", "%2B"), keep_blank_values=True)
    in_query = (pair for pair in told if pair[0] in ("21", "250") or (pair[0] == "30" and _COUNT.fullmatch(pair[1])))
    for name, value in (*in_path, *in_query):
        digits = _LINK_WORDS.get(name.lower(), name)
        identifier = _identifier(digits) if _known(digits) else None
        if identifier is None:
            raise _Broken(f"is no whole GS1 link: its path “{shorten('/'.join(path))}” does not fit. {_SCAN_AGAIN}")
        yield _element(identifier, _ascii(value.zfill(KEY_LENGTH) if digits == "01" else value))


# ISO 15434 envelopes

_DATA_FIELD = re.compile(r"([0-9]{0,3}[A-Z])(.*)", re.DOTALL)
_PRODUCTS = ("P", "1P", "30P", "8P", "3P", "9N", "2P")
"""Data identifiers (ANSI MH10.8.2) that name the product: customer's and maker's numbers first, a revision last."""
_SERIALS = ("21", "S", "18S", "25S")
"""What names the unit; where a label has several, the first of these is the serial alone, without who gave it."""
_PACKAGES = ("00", "J", "1J", "2J", "3J", "4J", "5J", "6J", "3S", "4S")
_USED = frozenset({"01", "02", "250", "30", "37", "Q", "7Q", *_PRODUCTS, *_SERIALS, *_PACKAGES})
_OF_CARRIERS = frozenset({"U1", "U3"})
"""A MaxiCode in the modes 2 and 3 begins with where a parcel goes."""
_FORMATS = {
    "01": "a carrier's label",
    "02": "a message of EDI",
    "03": "a message of EDI",
    "04": "a message of EDI",
    "07": "free text",
    "08": "a message of EDI",
    "09": "binary data",
    "12": "a part's mark in text identifiers",
    "DD": "a part's mark in text identifiers",
}
_WITHOUT_FIELDS = frozenset({"02", "03", "04", "07", "08", "09"})


def _envelope(reading: Reading, body: str) -> Reading:
    """The parts of an envelope, or what it is: '[)>␞06␝1PX-200␝SSN-1␞␄'. Scanners may drop ␞ and ␄, but not ␝."""
    if spelt := _SPELT_ENVELOPE.match(body):
        raise _Broken(spelt_separator(spelt["spelt"]))
    records = [one for one in body[3:].rstrip(_END_OF_TRANSMISSION).split(_RECORD_SEPARATOR) if one]
    forms = [record[:2] for record in records]
    if GROUP_SEPARATOR not in body and forms[0] not in _WITHOUT_FIELDS:
        if spelt := _SPELT_SURELY.search(body) or re.compile("0?029").match(body, 5):
            raise _Broken(spelt_separator(spelt[0]))
        if marked := _MARKED_ENVELOPE.match(body):
            raise _Broken(spelt_separator(marked["head"] or marked["mark"]))
        raise _Broken(f"has lost the separators between its fields. {_CHECK_SCANNER}")
    read = _with_parts(reading, _enveloped(records))
    foreign = next((form for form in forms if form not in ("05", "06")), None)
    if read.note is None or foreign is None:
        return read
    what = _FORMATS.get(foreign, "a label")
    return replace(read, note=f"{what} (ISO 15434, format {shorten(foreign)}): {_NOTHING_READ}")


def _headless(body: str) -> str:
    """What is wrong with an envelope whose head is followed by no separator and no format."""
    after = body.removeprefix(_ENVELOPE_HEAD)
    if not after:
        return f"is cut short: nothing follows its head “{_ENVELOPE_HEAD}”. {_SCAN_AGAIN}"
    return (
        f"is a damaged label of ISO 15434: “{shorten(after[:6])}” stands behind its head “{_ENVELOPE_HEAD}” "
        f"in place of a separator and a format. {_CHECK_SCANNER}"
    )


def _enveloped(records: Iterable[str]) -> Iterator[_Field]:
    for record in records:
        form, fields = record[:2], record[2:]
        if form == "05":
            yield from _elements(fields)
        elif form == "06":
            yield from _data_fields(fields)


def _data_fields(fields: str) -> Iterator[_Field]:
    for field in fields.split(GROUP_SEPARATOR):
        found = _DATA_FIELD.fullmatch(field)
        if found and found[1] in _USED:
            yield found[1], trim(found[2])


# Data identifiers as barcodes of their own

_ALONE = re.compile(rf"(?P<name>{'|'.join(sorted(_PRODUCTS, key=len, reverse=True))}|Q)(?P<value>.+)")


def product_after_identifier(text: str) -> tuple[str, ...]:
    """The product codes that a plain text says after a data identifier: ('X-200',) of '1PX-200'; empty for others.

    They are meant only where this client has one of them, and nothing has the text as it stands.
    """
    match = _ALONE.fullmatch(text)
    if match is None or match["name"] == "Q":
        return ()
    value = trim(match["value"])
    return ppn_codes(value) if match["name"] == "9N" else (value,)


def count_after_identifier(text: str) -> int | None:
    """How many a plain text says by the data identifier Q: 10 of 'Q10'. Meant only where nothing else has the text."""
    found = _ALONE.fullmatch(text)
    if found is None or found["name"] != "Q" or not _COUNT.fullmatch(value := trim(found["value"])):
        return None
    return int(value) if 0 < int(value) <= MAX_QUANTITY else None


# Parts

_ONCE = {
    "01": "product numbers",
    "21": "serials",
    "S": "serials",
    "250": "secondary serials",
    "P": "products",
    "1P": "products",
}
_COUNT = re.compile("[0-9]{1,8}")


def _with_parts(reading: Reading, fields: Iterable[_Field]) -> Reading:
    """The reading with the fields that the station uses. One label is one unit: two serials are refused."""
    parts: dict[str, str] = {}
    for name, value in fields:
        known = parts.setdefault(name, value) if value else value
        if name in _ONCE and known != value:
            raise _two(_ONCE[name], known, value)
        if name in ("S", "21") and not value:
            raise _Broken(f"is cut short: nothing follows its field {name}. {_SCAN_AGAIN}")
    if "21" in parts and parts.get("S", parts["21"]) != parts["21"]:
        raise _two("serials", parts["21"], parts["S"])
    count, remark = _count(parts)
    package = next((parts[name] for name in _PACKAGES if name in parts), None)
    reading = replace(
        reading,
        gtin=_product_of(parts),
        serial=next((parts[name] for name in _SERIALS if name in parts), None),
        secondary=parts.get("250"),
        product_codes=tuple(dict.fromkeys(_product_codes(parts))),
        count=count,
        remark=remark,
        package=package,
        is_sscc=package is not None and package == parts.get("00"),
    )
    if reading.gtin is None:
        _refuse_swallowed(reading)
    if not (reading.gtin or reading.serial or reading.secondary or reading.product_codes):
        if reading.is_sscc:
            return replace(reading, note=PALLET)
        if package:
            return replace(reading, note="the label of a package, without a product or a serial")
        return replace(reading, note=f"a label of {reading.form} without a product or a serial")
    return reading


def _two(what: str, one: str, other: str) -> _Broken:
    return _Broken(f"carries two {what}, {shorten(one)} and {shorten(other)}. Scan the label of one unit")


def _product_of(parts: dict[str, str]) -> str | None:
    """The product's GTIN. What a package contains (02) counts only with how many (37): else it is not said what for."""
    contents = parts.get("02") if "37" in parts else None
    written = parts.get("01") or contents
    gtin = _product(written) if written else None
    of_identifier = parts.get("8P", "")
    # 3P carries a GTIN, and may carry more.
    other = _product(of_identifier) if is_digits(of_identifier) else gtin_key(parts.get("3P", ""))
    if gtin and other and gtin != other:
        raise _two("product numbers", gtin, other)
    return gtin or other


def _product_codes(parts: dict[str, str]) -> Iterator[str]:
    for name in _PRODUCTS:
        if name in parts and gtin_key(parts[name]) is None:
            yield from ppn_codes(parts[name]) if name == "9N" else (parts[name],)


def _count(parts: dict[str, str]) -> tuple[int | None, str | None]:
    """How many the label says, and what is to be said of a count that is none."""
    written = parts.get("37") if "02" in parts else None
    written = written or parts.get("30") or parts.get("Q") or parts.get("7Q")
    if written is None:
        return None, None
    if _COUNT.fullmatch(written):
        return int(written) or None, None
    return None, f"its count “{shorten(written)}” is no whole number and was left aside"


_RETAIL = {
    "E0": re.compile("([0-9]{12,13})"),
    # Magazines and books: two or five digits more, of an add-on beside the barcode, with a blank before them or not.
    "E3": re.compile("([0-9]{12,13}) ?(?:[0-9]{2}|[0-9]{5})"),
    "E4": re.compile("([0-9]{8})"),
}
_UPC_E = re.compile("[0-9]{6,8}")


def _retail_product(body: str, aim: str) -> str | None:
    """The product of what the scanner knows for an EAN or UPC; None for everything else."""
    if found := _RETAIL[aim].fullmatch(body) if aim in _RETAIL else None:
        return _product(found[1])
    return _upc_e_product(body) if aim == "E0" and _UPC_E.fullmatch(body) else None


def _upc_e_product(body: str) -> str | None:
    """The product of a UPC-E, which scanners send with its number system and check digit, or without either.

    None where seven digits could be meant both ways: no product is guessed.
    """
    if len(body) == 8:
        if body[0] not in "01":
            return None
        whole = _upc_a(body[:7])[:-1] + body[7]
        # An EAN-8 from a scanner that calls it a UPC has its own check digit.
        return None if gtin_key(body) and not gtin_key(whole) else _product(whole)
    if len(body) == 6:
        return gtin_key(_upc_a(f"0{body}"))
    with_check = gtin_key(_upc_a(f"0{body[:6]}")[:-1] + body[6])
    with_system = gtin_key(_upc_a(body)) if body[0] in "01" else None
    return None if with_check and with_system else with_check or with_system


def _upc_a(system_and_six: str) -> str:
    """The UPC-A, with its check digit, of a UPC-E: its number system, which must be 0 or 1, and its six digits.

    biip is not asked what eight digits are, since it knows no EAN-8 from them, nor seven, which it never doubts.
    """
    from biip.upc import Upc

    return Upc.parse(system_and_six).as_upc_a()


def _product(digits: str) -> str | None:
    """The key of a product number, None for the zeros that some makers fill in."""
    expected = expected_check_digit(digits)
    if expected is not None and not digits.endswith(expected):
        raise _Broken(
            f"has a wrong check digit: product number {digits} should end in {expected}. "
            "Scan it again, or have the label looked at"
        )
    return gtin_key(digits)


def _refuse_swallowed(reading: Reading) -> None:
    """Refuse a serial that ends in a whole product field: the separator between the two was lost."""
    for serial in (reading.serial, reading.secondary):
        tail = _GTIN_FIELD.fullmatch((serial or "")[-KEY_LENGTH - 2 :])
        if reading.form is Form.GS1 and tail and gtin_key(tail[1]):
            raise _Broken(f"has lost the separator in front of its field (01). {_CHECK_SCANNER}")
