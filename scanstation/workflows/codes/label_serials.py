"""What of a label is a product's serial: taken out of a longer text, or its mark taken off (RULES 2.8, Marks)."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from scanstation.domain import shapes
from scanstation.domain.codes import BadCode, Code, read_code, trim
from scanstation.domain.marks import without_mark
from scanstation.domain.products import Product
from scanstation.domain.reading import Reading
from scanstation.domain.verdict import CodeKind
from scanstation.workflows.codes import serial_pattern


def pattern_of(product: Product, kind: CodeKind) -> str:
    """What the product's codes of this kind look like."""
    return product.serial_pattern if kind is CodeKind.PRIMARY else product.secondary_pattern


def strip_of(product: Product, kind: CodeKind) -> str:
    """The marks that are no part of its codes of this kind."""
    return product.strip if kind is CodeKind.PRIMARY else product.secondary_strip


def changes_texts(product: Product) -> bool:
    """May a code of this product be less than what its label says?"""
    return bool(product.strip or product.secondary_strip) or takes_out(product)


def takes_out(product: Product) -> bool:
    """May a code of this product stand within a longer text?"""
    return any(map(serial_pattern.takes_out, (product.serial_pattern, product.secondary_pattern)))


def ignores_separators(product: Product) -> bool:
    """May two spellings be one code of this product?"""
    return any(map(serial_pattern.ignores_separators, (product.serial_pattern, product.secondary_pattern)))


def serial_on(
    product: Product, kinds: Iterable[CodeKind], text: str, is_known: Callable[[str], bool]
) -> Code | BadCode:
    """The code that a label's text means: as it stands if that is known, else without its mark.

    Args:
        product: whose code it is.
        kinds: which of a unit's two codes it may be; where neither way is known, the first that changes it counts.
        text: what the label says.
        is_known: has a unit of the product a code with this key?
    """
    whole = read_code(text)
    if not changes_texts(product) or (isinstance(whole, Code) and is_known(whole.key)):
        return whole
    others = [other for kind in kinds if (other := _shorter(product, kind, text, whole)) is not None]
    known = next((other for other in others if is_known(other.key)), None)
    return known or next(iter(others), whole)


def _shorter(product: Product, kind: CodeKind, text: str, whole: Code | BadCode) -> Code | None:
    pattern = pattern_of(product, kind)
    out = serial_pattern.taken_out(pattern, _folded(text))
    if out is None and isinstance(whole, Code) and (found := without_mark(strip_of(product, kind), whole.text)):
        mark, rest = found
        needs_pattern = len(mark) == 1 and mark.isalpha()
        rest_fits = bool(pattern) and serial_pattern.fits(pattern, rest)
        may_go = rest_fits or not needs_pattern or shapes.is_usual(product.shapes, kind, rest)
        is_whole = bool(pattern) and not rest_fits and serial_pattern.fits(pattern, whole.text)
        out = None if is_whole or not may_go else rest
    code = read_code(out) if out else None
    return code if isinstance(code, Code) else None


def variants(product: Product, code: Code | BadCode | None) -> list[str]:
    """The keys that a text may mean beside its own."""
    if code is None or not changes_texts(product):
        return []
    whole = read_code(code.text)
    found = (_shorter(product, kind, code.text, whole) for kind in CodeKind)
    return [one.key for one in found if one is not None]


def fits(pattern: str, text: str, code: Code) -> bool:
    """Does a code look like the pattern, or does the pattern take it out of its label's text?"""
    return bool(pattern) and (
        serial_pattern.fits(pattern, code.text) or serial_pattern.taken_out(pattern, _folded(text)) == code.text
    )


def with_parts(product: Product, reading: Reading) -> Reading:
    """A plain text with the codes that the product's patterns take out of it: one label may answer both prompts."""
    if not reading.is_plain:
        return reading
    text = _folded(reading.text)
    serial, secondary = (
        serial_pattern.taken_out(pattern, text) for pattern in (product.serial_pattern, product.secondary_pattern)
    )
    # A text that is nothing but its code is a plain code, and may be of either kind.
    return replace(
        reading,
        serial=serial if serial != text else None,
        secondary=secondary if secondary != text else None,
    )


def is_same_code(product: Product, one: str, other: str) -> bool:
    """Are two different keys one code, as MACs and IMEIs are with and without their separators?"""
    ignoring = [
        pattern
        for pattern in (product.serial_pattern, product.secondary_pattern)
        if serial_pattern.ignores_separators(pattern)
    ]
    return any(
        serial_pattern.fits(pattern, one) and serial_pattern.fits(pattern, other) for pattern in ignoring
    ) and serial_pattern.plain(one) == serial_pattern.plain(other)


def without_separators(product: Product, code: Code) -> Code:
    """A MAC or IMEI without its separators, as lists have it; any other code as it is."""
    ignoring = filter(serial_pattern.ignores_separators, (product.serial_pattern, product.secondary_pattern))
    if any(serial_pattern.fits(pattern, code.text) for pattern in ignoring):
        return Code(serial_pattern.plain(code.text), serial_pattern.plain(code.key))
    return code


def _folded(text: str) -> str:
    return trim(unicodedata.normalize("NFKC", trim(text)))
