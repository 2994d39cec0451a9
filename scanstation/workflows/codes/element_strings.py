"""GS1 element strings: on which evidence a text is one, and what its fields are."""

import re
from collections.abc import Iterator
from dataclasses import replace

from scanstation.domain import lots
from scanstation.domain import sentences as say
from scanstation.domain.codes import trim
from scanstation.domain.gtin import gtin_key
from scanstation.domain.reading import Doubt, Reading
from scanstation.domain.sentences import spelt_separator
from scanstation.workflows.codes.aim import GS1_SYMBOLOGIES, OF_CARRIERS
from scanstation.workflows.codes.data_identifiers import DATA_FIELD, USED
from scanstation.workflows.codes.gs1_fields import (
    GROUP_SEPARATOR,
    GTIN_FIELD,
    UNREADABLE,
    BrokenField,
    BrokenLabel,
    Field,
    begins_a_field,
    element_field,
    gs1_text,
    identifier_of,
    is_identifier,
    segment_fields,
)
from scanstation.workflows.codes.label_parts import with_parts
from scanstation.workflows.codes.separators import (
    ENVELOPE,
    ENVELOPE_HEAD,
    MARK_LAST,
    SPELT_LAST,
    before_further_fields,
    find_spelt_separator,
    mark_between_fields,
)

_LINK_START = re.compile(r"https?://", re.IGNORECASE)
_BRACKET = re.compile(r"\(([0-9]{2,4})\)")
_NUMBER_IN_BRACKETS = re.compile(r"\(01\)|\(02\) ?[0-9]{14}|\(00\) ?[0-9]{18}")
"""Of an item, of what a package contains, of a package: with one of them a text in brackets is a label."""


def is_element_string(body: str, aim: str) -> bool:
    """Is there evidence that a text is one? See `interpret`, 3."""
    if _LINK_START.match(body) or ENVELOPE.match(body):
        return False
    if aim in GS1_SYMBOLOGIES or GROUP_SEPARATOR in body:
        return aim not in OF_CARRIERS
    if _BRACKET.match(body):
        return _is_bracketed(body) and (_NUMBER_IN_BRACKETS.search(body) is not None or _has_serial_in_brackets(body))
    product = GTIN_FIELD.match(body)
    if product is None or gtin_key(product[1]) is None:
        return False
    rest = body[product.end() :]
    return not rest or identifier_of(rest) is not None or mark_between_fields(body) is not None


def _is_bracketed(body: str) -> bool:
    bracket = _BRACKET.match(body)
    return bracket is not None and is_identifier(bracket[1])


def _has_serial_in_brackets(body: str) -> bool:
    """Does it have a serial's field and another one? Alone, `(21)` may be a serial's own."""
    names = [bracket[1] for bracket in _BRACKET.finditer(body) if is_identifier(bracket[1])]
    return "21" in names and len(names) > 1


def read_element_string(reading: Reading, body: str, aim: str) -> Reading:
    """The parts of an element string, and the doubt where a separator may be hidden in its serial."""
    if body.startswith("(") and (aim in GS1_SYMBOLOGIES or _is_bracketed(body)):
        return with_parts(reading, _bracketed(body))
    separated = GROUP_SEPARATOR in body
    spelt = None if separated else find_spelt_separator(body, evident=True)
    try:
        # Without other evidence, two codes with a separator between them may begin like fields.
        fields = [*element_fields(body, tolerant=aim in GS1_SYMBOLOGIES or _has_product(body))]
        read = with_parts(reading, fields)
    except BrokenLabel as broken:
        mark = spelt[0] if spelt else None if separated else mark_between_fields(body)
        if mark:
            raise BrokenLabel(spelt_separator(mark)) from broken
        if separated and not (aim in GS1_SYMBOLOGIES or _has_product(body)) and not _all_begin_fields(body):
            raise BrokenLabel(_several(body)) from broken
        raise
    last, value = fields[-1] if fields else ("", "")
    if separated or last not in ("21", "250"):
        return read
    if spelt:
        return replace(read, doubt=Doubt((value[: spelt.start() - len(body)],), spelt[0]))
    shorter = before_further_fields(value)
    return replace(read, doubt=Doubt(shorter)) if shorter else read


def _has_product(body: str) -> bool:
    found = GTIN_FIELD.match(body.lstrip(GROUP_SEPARATOR))
    return found is not None and gtin_key(found[1]) is not None


def _all_begin_fields(body: str) -> bool:
    return all(begins_a_field(segment) for segment in body.split(GROUP_SEPARATOR) if segment)


def _several(body: str) -> str:
    """What a text is that has group separators and no GS1 fields."""
    pieces = [piece for piece in body.split(GROUP_SEPARATOR) if piece]
    if len(pieces) < 2:
        return say.added_separator("".join(pieces))
    names = [found[1] for piece in pieces if (found := DATA_FIELD.fullmatch(piece)) and found[1] in USED]
    if len(names) == len(pieces) and len({*names}) > 1:
        return say.without_head(names, ENVELOPE_HEAD)
    return say.several_codes(pieces[0], pieces[1])


def element_fields(body: str, *, tolerant: bool = True) -> Iterator[Field]:
    """The fields of an element string. A field of variable length ends at a separator or at the end, nowhere else.

    If tolerant, what stands alone between two separators and is no field that the station uses is left out, right or
    wrong.
    """
    is_first = True
    for segment in body.split(GROUP_SEPARATOR):
        if not segment:
            continue
        try:
            fields = [*segment_fields(segment)]
        except BrokenField as broken:
            if is_first or not tolerant or broken.identifier in USED:
                raise
            if broken.identifier in lots.FIELDS:
                yield UNREADABLE, broken.identifier
            continue
        yield from fields
        is_first = False


def _bracketed(body: str) -> Iterator[Field]:
    """The fields of an element string as it is printed below its barcode: '(01)04006381333931(21)SN-1'.

    Brackets are allowed in values too: only those around a known field's number begin a field.
    """
    starts = [bracket for bracket in _BRACKET.finditer(body) if is_identifier(bracket[1])]
    if not starts or starts[0].start() > 0:
        raise BrokenLabel(say.begins_no_field(body[:8]))
    ends = [bracket.start() for bracket in starts[1:]] + [len(body)]
    for bracket, end in zip(starts, ends, strict=True):
        identifier = identifier_of(bracket[1])
        assert identifier is not None, "known, or it would begin no field"
        value = trim(body[bracket.end() : end].strip(GROUP_SEPARATOR))
        if end < len(body) and (spelt := SPELT_LAST.search(value) or MARK_LAST.search(value)):
            raise BrokenLabel(spelt_separator(spelt[0]))
        try:
            yield element_field(identifier, gs1_text(value))
        except BrokenField as broken:
            if broken.identifier in USED:
                raise
            if broken.identifier in lots.FIELDS:
                yield UNREADABLE, broken.identifier
