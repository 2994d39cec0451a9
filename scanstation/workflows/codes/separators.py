"""Separators that do not come as such: spelt out, replaced by a mark, or left out."""

import re
from collections.abc import Iterable
from typing import Final

from scanstation.domain import lots
from scanstation.domain.gtin import gtin_key
from scanstation.workflows.codes.data_identifiers import DATA_FIELD, USED
from scanstation.workflows.codes.gs1_fields import GROUP_SEPARATOR, BrokenLabel, begins_a_field, segment_fields

RECORD_SEPARATOR: Final = "\x1e"
ENVELOPE = re.compile(rf"\[\)>(?:{RECORD_SEPARATOR}(?=[0-9A-Z]{{2}})|(?=[0-9]{{2}}|DD{GROUP_SEPARATOR}))")
_SPELT_WORDS = r"[<{\[(|](?:GS|FNC1)[>}\])|]|[<{\[](?:0x1D|\\?x1D|1D|029|29)[>}\]]|\\x1D|\\u001D"
_SPELT = re.compile(rf"{_SPELT_WORDS}|\^\]|°{{1,2}}²¹|0?029|~d029|%1D", re.IGNORECASE)
"""What scanners and terminals make of a group separator where they write it out (`°²¹`: Alt+029 in xterm)."""
SPELT_LAST = re.compile(rf"(?:{_SPELT_WORDS}|\^\]|°{{1,2}}²¹)\Z", re.IGNORECASE)
SPELT_SURELY = re.compile(rf"{_SPELT_WORDS}|\^\]|°{{1,2}}²¹", re.IGNORECASE)
"""Those that need no other evidence that the code is one of GS1."""
_SPELT_WORD = re.compile(_SPELT_WORDS, re.IGNORECASE)
_UNLIKE_GS1 = r"[^\x00-\x20!\"%-?A-Z_a-z]"
_MARK = re.compile(f"{_UNLIKE_GS1}{{1,4}}")
"""What cannot be in a field of GS1, and may so have been chosen to stand between two."""
MARK_LAST = re.compile(rf"{_UNLIKE_GS1}{{1,4}}\Z")
_SPELT_RECORD = (
    r"[<{\[(|](?:RS|0x1E|\\?x1E|1E|030|30)[>}\])|]|RS|\\x1E|\\u001E|\^\^|°{1,2}³°|0?030(?=(?:[0-9]{2}|DD)0?029)"
)
SPELT_ENVELOPE = re.compile(rf"\[\)>(?P<spelt>{_SPELT_RECORD})(?= ?(?:[0-9]{{2}}|DD))", re.IGNORECASE)
ENVELOPE_HEAD = "[)>"
MARKED_ENVELOPE = re.compile(
    r"\[\)>\x1e?(?:(?P<head>[^\x00-\x200-9A-Za-z]{1,4})[0-9]{2}|[0-9]{2}(?P<mark>[^\x00-\x200-9A-Za-z]{1,4}))(?=.)"
)
"""An envelope with a mark in place of a separator, before its format or after it."""
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_LOT = re.compile(r"10[!-z]{1,20}")


def find_spelt_separator(body: str, *, evident: bool) -> re.Match[str] | None:
    """The first separator that is spelt out: a known field follows, and the text then reads to its end.

    Where nothing else says that the code is one of GS1, digits prove nothing, and data identifiers may follow too.
    """
    for match in _SPELT.finditer(body):
        head, tail = body[: match.start()], body[match.end() :].replace(match[0], GROUP_SEPARATOR)
        is_sure = SPELT_SURELY.fullmatch(match[0]) is not None
        if evident:
            # Nobody's serial has the word in it; where digits stand for it, all must fit.
            fits = not tail or begins_a_field(tail) if is_sure else tail and _reads(tail)
            if fits and _reads(head):
                return match
        elif is_sure and tail:
            field = DATA_FIELD.fullmatch(tail.split(GROUP_SEPARATOR)[0]) if _SPELT_WORD.fullmatch(match[0]) else None
            if _reads(tail) or (field and field[2] and field[1] in USED):
                return match
    return None


def mark_between_fields(body: str) -> str | None:
    """The mark that stands between fields of GS1, where all of the text reads with a separator in its place."""
    for mark in dict.fromkeys(_MARK.findall(body)):
        segments = [segment for segment in body.split(mark) if segment]
        if len(segments) > 1 and all(map(begins_a_field, segments)) and _reads(body.replace(mark, GROUP_SEPARATOR)):
            return str(mark)
    return None


def is_label(segments: Iterable[str]) -> bool:
    """Do fields say by themselves that they are a label's? A product does, and a serial beside a date."""
    names = [field for segment in segments for field in segment_fields(segment)]
    if any(name == "01" and gtin_key(value) for name, value in names):
        return True
    return "21" in dict(names) and any(name in _DATES and _is_day(value) for name, value in names)


def _reads(text: str) -> bool:
    """Is this, all of it, fields of GS1?"""
    try:
        return all(True for segment in text.split(GROUP_SEPARATOR) for _ in segment_fields(segment))
    except BrokenLabel:
        return False


def before_further_fields(serial: str) -> tuple[str, ...]:
    """What a serial would be if the separator after it was lost: it then ends in dates, a lot, or both."""
    return tuple(serial[:end] for end in range(1, len(serial) - 2) if _are_further_fields(serial[end:]))


def _are_further_fields(text: str) -> bool:
    rest = text
    while rest[:2] in _DATES and _is_day(rest[2:8]):
        rest = rest[8:]
    return _LOT.fullmatch(rest) is not None if rest else bool(text)


def _is_day(digits: str) -> bool:
    """Is this YYMMDD a day of the calendar, or, with the day 00, a month?"""
    return lots.is_gs1_day(digits[:6])
