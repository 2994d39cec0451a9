"""What the station uses of a label's fields: product, serials, lot and dates, count, package.

Also the product of an EAN or UPC; the long form of a UPC-E is biip's.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scanstation.domain import lots
from scanstation.domain import sentences as say
from scanstation.domain.gtin import KEY_LENGTH, expected_check_digit, gtin_key, is_digits, ppn_codes
from scanstation.domain.language import said_later, word
from scanstation.domain.reading import PALLET, Form, Reading
from scanstation.workflows.codes.data_identifiers import COUNT, PACKAGES, PRODUCTS, SERIALS
from scanstation.workflows.codes.gs1_fields import GTIN_FIELD, UNREADABLE, BrokenLabel, Field

_ONCE = {
    lots.LOT: said_later("lots"),
    lots.USE_BY: said_later("use-by dates"),
    lots.BEST_BEFORE: said_later("best-before dates"),
    "01": said_later("product numbers"),
    "21": said_later("serial numbers"),
    "S": said_later("serial numbers"),
    "250": said_later("secondary serials"),
    "P": said_later("products"),
    "1P": said_later("products"),
}


def with_parts(reading: Reading, fields: Iterable[Field]) -> Reading:
    """The reading with the fields that the station uses. One label is one unit: two serials are refused."""
    parts: dict[str, str] = {}
    for name, value in fields:
        known = parts.setdefault(name, value) if value else value
        if name in _ONCE and known != value:
            raise _two(_ONCE[name], known, value)
        if name in ("S", "21") and not value:
            raise BrokenLabel(say.field_is_empty(name))
    if "21" in parts and parts.get("S", parts["21"]) != parts["21"]:
        raise _two(_ONCE["21"], parts["21"], parts["S"])
    count, remark = _count(parts)
    dates = {name: parts[name] for name in lots.DATES if name in parts}
    # All zeros are filled in where there is no date.
    wrong = (name for name, digits in dates.items() if digits.strip("0") and not lots.is_gs1_day(digits))
    if unread := parts.get(UNREADABLE) or next(wrong, None):
        remark = remark or say.unread_field(unread)
    package = next((parts[name] for name in PACKAGES if name in parts), None)
    reading = replace(
        reading,
        gtin=_product_of(parts),
        serial=next((parts[name] for name in SERIALS if name in parts), None),
        secondary=parts.get("250"),
        product_codes=tuple(dict.fromkeys(_product_codes(parts))),
        count=count,
        lot=parts.get(lots.LOT),
        dates=tuple((name, digits) for name, digits in dates.items() if lots.is_gs1_day(digits)),
        remark=remark,
        package=package,
        is_sscc=package is not None and package == parts.get("00"),
    )
    if reading.gtin is None:
        _refuse_swallowed(reading)
    if not (reading.gtin or reading.serial or reading.secondary or reading.product_codes):
        if reading.is_sscc:
            return replace(reading, note=word(PALLET))
        if package:
            return replace(reading, note=say.package_alone())
        return replace(reading, note=say.label_of_form(reading.form.value))
    return reading


def _two(what: str, one: str, other: str) -> BrokenLabel:
    return BrokenLabel(say.carries_two(what, one, other))


def _product_of(parts: dict[str, str]) -> str | None:
    """The product's GTIN. What a package contains (02) counts only with how many (37): else it is not said what for."""
    contents = parts.get("02") if "37" in parts else None
    written = parts.get("01") or contents
    gtin = _product(written) if written else None
    of_identifier = parts.get("8P", "")
    # 3P carries a GTIN, and may carry more.
    other = _product(of_identifier) if is_digits(of_identifier) else gtin_key(parts.get("3P", ""))
    if gtin and other and gtin != other:
        raise _two(_ONCE["01"], gtin, other)
    return gtin or other


def _product_codes(parts: dict[str, str]) -> Iterator[str]:
    for name in PRODUCTS:
        if name in parts and gtin_key(parts[name]) is None:
            yield from ppn_codes(parts[name]) if name == "9N" else (parts[name],)


def _count(parts: dict[str, str]) -> tuple[int | None, str | None]:
    """How many the label says, and what is to be said of a count that is none."""
    written = parts.get("37") if "02" in parts else None
    written = written or parts.get("30") or parts.get("Q") or parts.get("7Q")
    if written is None:
        return None, None
    if COUNT.fullmatch(written):
        return int(written) or None, None
    return None, say.unread_count(written)


_RETAIL = {
    "E0": re.compile("([0-9]{12,13})"),
    # Magazines and books: two or five digits more, of an add-on beside the barcode, with a blank before them or not.
    "E3": re.compile("([0-9]{12,13}) ?(?:[0-9]{2}|[0-9]{5})"),
    "E4": re.compile("([0-9]{8})"),
}
_UPC_E = re.compile("[0-9]{6,8}")


def retail_product(body: str, aim: str) -> str | None:
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
        raise BrokenLabel(say.product_check_digit(digits, expected))
    return gtin_key(digits)


def _refuse_swallowed(reading: Reading) -> None:
    """Refuse a serial that ends in a whole product field: the separator between the two was lost."""
    for serial in (reading.serial, reading.secondary):
        tail = GTIN_FIELD.fullmatch((serial or "")[-KEY_LENGTH - 2 :])
        if reading.form is Form.GS1 and tail and gtin_key(tail[1]):
            raise BrokenLabel(say.separator_lost("(01)"))
