"""One field of GS1: its identifier, its value, and what is wrong with it.

The tables of GS1 (541 fields, their lengths and characters) are biip's. biip is only handed what is sure to be GS1: by
itself it raises IndexError on `]` and ValueError on `http://[bad`, takes full-width digits for digits, misses links
after `]Q1`, drops what follows a bracket in a value, and reads on in the middle of a field that is too long. All of
this is looked at here, and in the modules of each kind of label, before it is called.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from scanstation.domain import sentences as say

if TYPE_CHECKING:
    from biip import ParseConfig
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

GROUP_SEPARATOR: Final = "\x1d"
Field = tuple[str, str]
"""A field's identifier and its value: ('21', 'SN-1')."""

UNREADABLE = "unreadable"
"""In place of a field's identifier: the field that is its value is of a lot or a date, and cannot be read."""


class BrokenLabel(Exception):
    """Sure to be GS1 or ISO 15434, and not whole."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class BrokenField(BrokenLabel):
    """One field is wrong; nobody misses it where it is one that the station does not use."""

    def __init__(self, fault: str, identifier: str) -> None:
        super().__init__(fault)
        self.identifier = identifier


GTIN_FIELD = re.compile(r"01([0-9]{14})")
_SIMPLE_FORMAT = re.compile(r"N[0-9]\+[NX](\.\.)?([0-9]+)")


def get_ready() -> None:
    """Import biip's tables, which take half as long as SQLAlchemy, before the first code needs them."""
    from biip import gs1_application_identifiers, gs1_element_strings, upc  # noqa: F401


@cache
def _config() -> "ParseConfig":
    from biip import ParseConfig

    # Dates of all zeros are common; what is no day is left aside later.
    return ParseConfig(gs1_element_strings_verify_date=False)


def identifier_of(text: str) -> "GS1ApplicationIdentifier | None":
    """The identifier that a text begins with."""
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        return GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None


def is_identifier(digits: str) -> bool:
    """Are these digits an identifier of GS1, and nothing more?"""
    identifier = identifier_of(digits)
    return identifier is not None and identifier.ai == digits


def begins_a_field(text: str) -> bool:
    """Does a text begin with an identifier of GS1?"""
    return text.isascii() and identifier_of(text) is not None


def segment_fields(segment: str) -> Iterator[Field]:
    """The fields of what stands between two separators."""
    rest = segment
    while rest:
        identifier = identifier_of(gs1_text(rest))
        if identifier is None:
            fault = say.begins_no_field(rest[:8])
            raise BrokenField(fault, "") if rest == segment else BrokenLabel(fault)
        end = len(rest) if identifier.separator_required else len(identifier) + _fixed_length(identifier)
        try:
            yield element_field(identifier, rest[len(identifier) : end])
        except BrokenField as broken:
            raise broken if end >= len(rest) and rest == segment else BrokenLabel(broken.fault) from broken
        rest = rest[end:]


def element_field(identifier: "GS1ApplicationIdentifier", value: str) -> Field:
    """A field, if its value fits it."""
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    try:
        element = GS1ElementString.parse(f"{identifier.ai}{value}", config=_config())
    except ParseError as error:
        raise BrokenField(_misfit(identifier, value), identifier.ai) from error
    return element.ai.ai, element.value


def _misfit(identifier: "GS1ApplicationIdentifier", value: str) -> str:
    """Why a value does not fit its field."""
    field = f"({identifier.ai})"
    if not value:
        return say.field_is_empty(field)
    if shape := _SIMPLE_FORMAT.fullmatch(identifier.format):
        most = int(shape[2])
        if not shape[1] and len(value) < most:
            return say.field_is_short(field, len(value), most)
        if len(value) > most:
            return say.field_is_long(field, len(value), most)
    return say.value_misfits(field, value)


def _fixed_length(identifier: "GS1ApplicationIdentifier") -> int:
    """Characters of a field that needs no separator. In biip's table all of these have one simple format."""
    shape = _SIMPLE_FORMAT.fullmatch(identifier.format)
    assert shape is not None
    return int(shape[2])


def gs1_text(text: str) -> str:
    """The text, if GS1 could have written it; biip's patterns take every script's digits."""
    strange = next((character for character in text if not " " <= character <= "~"), None)
    if strange is not None:
        raise BrokenLabel(say.strange_character(strange))
    return text
