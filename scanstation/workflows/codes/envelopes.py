"""ISO 15434 envelopes: formats 05 (fields of GS1) and 06 (data identifiers) are read, others are named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from scanstation.domain import sentences as say
from scanstation.domain.language import said_later
from scanstation.domain.reading import Reading
from scanstation.domain.sentences import spelt_separator
from scanstation.workflows.codes.data_identifiers import data_fields
from scanstation.workflows.codes.element_strings import element_fields
from scanstation.workflows.codes.gs1_fields import GROUP_SEPARATOR, BrokenLabel, Field
from scanstation.workflows.codes.label_parts import with_parts
from scanstation.workflows.codes.separators import (
    ENVELOPE_HEAD,
    MARKED_ENVELOPE,
    RECORD_SEPARATOR,
    SPELT_ENVELOPE,
    SPELT_SURELY,
)

_END_OF_TRANSMISSION: Final = "\x04"
_FORMATS = {
    "01": said_later("a carrier's label"),
    "02": said_later("a message of EDI"),
    "03": said_later("a message of EDI"),
    "04": said_later("a message of EDI"),
    "07": said_later("free text"),
    "08": said_later("a message of EDI"),
    "09": said_later("binary data"),
    "12": said_later("a part's mark in text identifiers"),
    "DD": said_later("a part's mark in text identifiers"),
}
_ANOTHER = said_later("a label")
_WITHOUT_FIELDS = frozenset({"02", "03", "04", "07", "08", "09"})


def read_envelope(reading: Reading, body: str) -> Reading:
    """The parts of an envelope, or what it is: '[)>␞06␝1PX-200␝SSN-1␞␄'. Scanners may drop ␞ and ␄, but not ␝."""
    if spelt := SPELT_ENVELOPE.match(body):
        raise BrokenLabel(spelt_separator(spelt["spelt"]))
    records = [one for one in body[3:].rstrip(_END_OF_TRANSMISSION).split(RECORD_SEPARATOR) if one]
    forms = [record[:2] for record in records]
    if GROUP_SEPARATOR not in body and forms[0] not in _WITHOUT_FIELDS:
        if spelt := SPELT_SURELY.search(body) or re.compile("0?029").match(body, 5):
            raise BrokenLabel(spelt_separator(spelt[0]))
        if marked := MARKED_ENVELOPE.match(body):
            raise BrokenLabel(spelt_separator(marked["head"] or marked["mark"]))
        raise BrokenLabel(say.separators_lost())
    read = with_parts(reading, _enveloped(records))
    foreign = next((form for form in forms if form not in ("05", "06")), None)
    if read.note is None or foreign is None:
        return read
    return replace(read, note=say.foreign_label(_FORMATS.get(foreign, _ANOTHER), foreign))


def headless(body: str) -> str:
    """What is wrong with an envelope whose head is followed by no separator and no format."""
    after = body.removeprefix(ENVELOPE_HEAD)
    if not after:
        return say.bare_head(ENVELOPE_HEAD)
    return say.damaged_head(after[:6], ENVELOPE_HEAD)


def _enveloped(records: Iterable[str]) -> Iterator[Field]:
    for record in records:
        form, fields = record[:2], record[2:]
        if form == "05":
            yield from element_fields(fields)
        elif form == "06":
            yield from data_fields(fields)
