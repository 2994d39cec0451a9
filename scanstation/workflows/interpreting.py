"""What a barcode says: the one place that tells a command, GS1, a link, an envelope and a plain code apart.

The tables of GS1 (541 fields, their lengths and characters) are biip's. biip is only handed what is sure to be
GS1: by itself it raises IndexError on `]` and ValueError on `http://[bad`, takes full-width digits for digits,
misses links behind `]Q1`, drops what follows a bracket in a value, and reads on in the middle of a field that is
too long. All of this is looked at here before it is called.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, unquote

from biip import ParseConfig, ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_element_strings import GS1ElementString

from scanstation.domain.codes import shorten, trim
from scanstation.domain.commands import MAX_QUANTITY, Act, read_command
from scanstation.domain.gtin import KEY_LENGTH, expected_check_digit, gtin_key, is_digits, upc_a
from scanstation.domain.reading import Form, Reading
from scanstation.domain.scan import Fault

GROUP_SEPARATOR: Final = "\x1d"
_RECORD_SEPARATOR: Final = "\x1e"
_END_OF_TRANSMISSION: Final = "\x04"

_CHECK_SCANNER = "Check how the scanner is set up"
_SCAN_AGAIN = "Scan it again, or check how the scanner is set up"

_OTHER_CASE = "is a command barcode in other letters: Caps Lock seems to be on"
_NO_QUANTITY = f"is no quantity: a product scan takes 1 to {MAX_QUANTITY}"

_Field = tuple[str, str]
"""A field's identifier and its value: ('21', 'SN-1')."""


class _Broken(Exception):
    """Sure to be GS1 or ISO 15434, and not whole; its text is the fault."""


def interpret(text: str, *, command_prefix: str) -> Reading:
    """Read a barcode's text; never raises, whatever the text.

    The first of these that fits decides:

    1. An AIM identifier in front (`]C1`) is taken off; it says which barcode it was. Unknown ones are text.
    2. A command barcode: exactly the site's prefix and a command's word. In other letters it is nothing else either,
       and neither is a quantity out of range.
    3. A GS1 element string, on evidence only: a GS1 AIM identifier; a group separator; `(01)…` with its fields in
       brackets; or 01 and 14 digits with the right check digit, with nothing or a known field behind. Bare digits
       of any other kind stay what they are.
    4. A GS1 Digital Link with a product in its path, of any host; it is never opened.
    5. An ISO 15434 envelope; formats 05 (GS1 fields) and 06 (data identifiers) are read.
    6. An EAN or UPC, if the AIM identifier says so: a UPC-E in its long form, an add-on of a magazine left out.
    7. Plain text.

    What is sure to be 3 to 6 and does not parse has a fault that says what is wrong, and no parts.
    """
    whole = trim(text)
    aim, body = _split_aim(whole)
    if aim in _WITH_CHARACTER_SETS:
        body = _ESCAPE.sub(lambda found: found[1].strip("0123456789"), body)
    if aim and not body:
        return Reading(whole, fault=Fault.TOO_SHORT)
    symbology = _GS1_SYMBOLOGIES.get(aim) or _SYMBOLOGIES.get(aim[:1], "")
    reading = Reading(body, symbology=symbology)
    if command := read_command(body, command_prefix):
        return replace(reading, form=Form.COMMAND, command=command)
    if read_command(body.swapcase(), command_prefix) or read_command(body.upper(), command_prefix):
        return replace(reading, fault=_OTHER_CASE)
    if is_digits(body.removeprefix(f"{command_prefix}{Act.QUANTITY.value}-")) and not is_digits(body):
        return replace(reading, fault=_NO_QUANTITY)
    try:
        if _is_gs1(body, aim):
            reading = replace(reading, form=Form.GS1)
            return _with_parts(reading, _bracketed(body) if body.startswith("(") else _elements(body))
        if link := _link(body):
            reading = replace(reading, form=Form.LINK)
            return _with_parts(reading, _linked(*link))
        if _ENVELOPE.match(body):
            reading = replace(reading, form=Form.ENVELOPE)
            return _with_parts(reading, _enveloped(body))
        return replace(reading, gtin=_retail_product(body, aim))
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
    "h": "Han Xin",
    "o": "OCR",
    "p": "PosiCode",
    "s": "SuperCode",
    "z": "Aztec",
}
_GS1_SYMBOLOGIES = {
    "C1": "GS1-128",
    "d2": "GS1 DataMatrix",
    "d5": "GS1 DataMatrix",
    "Q3": "GS1 QR Code",
    "Q4": "GS1 QR Code",
    "e0": "GS1 DataBar",
    # What is printed above a GS1 DataBar or GS1-128, if the scanner sends it by itself.
    "e1": "GS1 Composite",
    "e2": "GS1 Composite",
    "J1": "GS1 DotCode",
}
_WITH_CHARACTER_SETS = frozenset({"d4", "d5", "d6", "Q2", "Q4", "Q6"})
"""Scanners that send these also send which character set the barcode names, and every backslash twice."""
_ESCAPE = re.compile(r"\\(\\|[0-9]{6})")


def _split_aim(text: str) -> tuple[str, str]:
    """The AIM identifier without its bracket, '' if there is none, and the rest."""
    found = _AIM.match(text)
    if found is None or found[1][0] not in _SYMBOLOGIES:
        return "", text
    return found[1], trim(text[found.end() :])


# GS1 element strings

_LINK_START = re.compile(r"https?://", re.IGNORECASE)
_ENVELOPE = re.compile(rf"\[\)>{_RECORD_SEPARATOR}?(?=[0-9]{{2}})")
_GTIN_FIELD = re.compile(r"01([0-9]{14})")
_BRACKET = re.compile(r"\(([0-9]{2,4})\)")
_SIMPLE_FORMAT = re.compile(r"N[0-9]\+[NX](\.\.)?([0-9]+)")
# Expiry dates of all zeros are common, and no business of this station.
_CONFIG = ParseConfig(gs1_element_strings_verify_date=False)


def _is_gs1(body: str, aim: str) -> bool:
    if _LINK_START.match(body) or _ENVELOPE.match(body):
        return False
    if aim in _GS1_SYMBOLOGIES or GROUP_SEPARATOR in body:
        return True
    if bracket := _BRACKET.match(body):
        return _known(bracket[1]) and "(01)" in body
    product = _GTIN_FIELD.match(body)
    if product is None or gtin_key(product[1]) is None:
        return False
    rest = body[product.end() :]
    return not rest or _identifier(rest) is not None


def _identifier(text: str) -> GS1ApplicationIdentifier | None:
    """The identifier that a text begins with."""
    try:
        return GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None


def _known(digits: str) -> bool:
    identifier = _identifier(digits)
    return identifier is not None and identifier.ai == digits


def _elements(body: str) -> Iterator[_Field]:
    """The fields of an element string. A field of variable length ends at a separator or at the end, nowhere else."""
    for segment in body.split(GROUP_SEPARATOR):
        rest = segment
        while rest:
            identifier = _identifier(_ascii(rest))
            if identifier is None:
                raise _Broken(f"is no whole GS1 code: no field begins with “{shorten(rest[:8])}”. {_SCAN_AGAIN}")
            end = len(rest) if identifier.separator_required else len(identifier) + _fixed_length(identifier)
            yield _element(identifier, rest[len(identifier) : end])
            rest = rest[end:]


def _bracketed(body: str) -> Iterator[_Field]:
    """The fields of an element string as it is printed below its barcode: '(01)04006381333931(21)SN-1'.

    Brackets are allowed in values too: only those around a known field's number begin a field.
    """
    starts = [found for found in _BRACKET.finditer(body) if _known(found[1])]
    if not starts or starts[0].start() > 0:
        raise _Broken(f"is no whole GS1 code: no field begins with “{shorten(body[:8])}”. {_SCAN_AGAIN}")
    ends = [found.start() for found in starts[1:]] + [len(body)]
    for found, end in zip(starts, ends, strict=True):
        identifier = _identifier(found[1])
        assert identifier is not None, "known, or it would begin no field"
        value = trim(body[found.end() : end].strip(GROUP_SEPARATOR))
        yield _element(identifier, _ascii(value))


def _element(identifier: GS1ApplicationIdentifier, value: str) -> _Field:
    try:
        element = GS1ElementString.parse(f"{identifier.ai}{value}", config=_CONFIG)
    except ParseError as error:
        raise _Broken(_misfit(identifier, value)) from error
    return element.ai.ai, element.value


def _misfit(identifier: GS1ApplicationIdentifier, value: str) -> str:
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


def _fixed_length(identifier: GS1ApplicationIdentifier) -> int:
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
    in_query = (pair for pair in told if pair[0] in ("21", "250"))
    for name, value in (*in_path, *in_query):
        digits = _LINK_WORDS.get(name.lower(), name)
        identifier = _identifier(digits) if _known(digits) else None
        if identifier is None:
            raise _Broken(f"is no whole GS1 link: its path “{shorten('/'.join(path))}” does not fit. {_SCAN_AGAIN}")
        yield _element(identifier, _ascii(value.zfill(KEY_LENGTH) if digits == "01" else value))


# ISO 15434 envelopes

_DATA_FIELD = re.compile(r"([0-9]{0,3}[A-Z])(.*)", re.DOTALL)
_IDENTIFIERS = {"S": "21", "P": "P", "1P": "1P"}
"""Data identifiers (ANSI MH10.8.2) that the station uses; a serial by this name is one by GS1's name too."""


def _enveloped(body: str) -> Iterator[_Field]:
    """The fields of an envelope: '[)>␞06␝1PX-200␝SSN-1␞␄'. Scanners may drop ␞ and ␄, but not ␝."""
    content = body[3:].rstrip(_END_OF_TRANSMISSION)
    if GROUP_SEPARATOR not in content:
        raise _Broken(f"has lost the separators between its fields. {_CHECK_SCANNER}")
    for record in content.split(_RECORD_SEPARATOR):
        form, fields = record[:2], record[2:]
        if form == "05":
            yield from _elements(fields)
        elif form == "06":
            yield from _data_fields(fields)


def _data_fields(fields: str) -> Iterator[_Field]:
    for field in fields.split(GROUP_SEPARATOR):
        found = _DATA_FIELD.fullmatch(field)
        if found is None or found[1] not in _IDENTIFIERS:
            continue
        value = trim(found[2])
        if not value:
            raise _Broken(f"is cut short: nothing follows its field {found[1]}. {_SCAN_AGAIN}")
        yield _IDENTIFIERS[found[1]], value


# Parts

_NAMES = {"01": "product numbers", "21": "serials", "250": "secondary serials", "P": "products", "1P": "products"}


def _with_parts(reading: Reading, fields: Iterable[_Field]) -> Reading:
    """The reading with the fields that the station uses. One label is one unit: two serials are refused."""
    parts: dict[str, str] = {}
    for name, value in fields:
        if name in _NAMES and parts.setdefault(name, value) != value:
            raise _Broken(
                f"carries two {_NAMES[name]}, {shorten(parts[name])} and {shorten(value)}. Scan the label of one unit"
            )
    reading = replace(
        reading,
        gtin=_product(parts["01"]) if "01" in parts else None,
        serial=parts.get("21"),
        secondary=parts.get("250"),
        product_codes=tuple(parts[name] for name in ("P", "1P") if name in parts),
    )
    if reading.gtin is None:
        _refuse_swallowed(reading)
    if not (reading.gtin or reading.serial or reading.secondary or reading.product_codes):
        return replace(reading, note=f"a label of {reading.form} without a product or a serial")
    return reading


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
        whole = upc_a(body[:7])[:-1] + body[7]
        # An EAN-8 from a scanner that calls it a UPC has its own check digit.
        return None if gtin_key(body) and not gtin_key(whole) else _product(whole)
    if len(body) == 6:
        return gtin_key(upc_a(f"0{body}"))
    with_check = gtin_key(upc_a(f"0{body[:6]}")[:-1] + body[6])
    with_system = gtin_key(upc_a(body)) if body[0] in "01" else None
    return None if with_check and with_system else with_check or with_system


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
