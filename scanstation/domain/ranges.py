"""Ranges: the first and the last serial of units in a row, or the first and how many (RULES 2.25)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from scanstation.domain.codes import code_key

MOST = 1000
"""How many units a range may name, and the most that a site may allow."""
_DIGITS = re.compile(r"([0-9]+)")
_PAIRS = re.compile(r"[0-9A-F]{2}([-: ])[0-9A-F]{2}(\1[0-9A-F]{2}){4}(\1[0-9A-F]{2}){0,2}", re.IGNORECASE)
_DOTTED = re.compile(r"[0-9A-F]{4}(\.[0-9A-F]{4}){2}", re.IGNORECASE)
_HEX = re.compile(r"[0-9A-F]{12}", re.IGNORECASE)
_COUNTED_UP = re.compile(r"[A-F]*[0-9]+", re.IGNORECASE)


class Unfit(Enum):
    """Why two codes are no ends of a range."""

    SAME = auto()
    """They are one code."""
    OTHER_TEXT = auto()
    """What stands before or behind the number differs, or there is none."""
    OTHER_WIDTH = auto()
    """One number has more digits than the other."""
    BACKWARDS = auto()
    """The last is before the first."""
    NO_ROOM = auto()
    """So many would need a digit more."""


@dataclass(frozen=True, slots=True)
class Range:
    """Codes in a row: the same text before and behind a number of the same width."""

    before: str
    low: int
    high: int
    width: int
    behind: str

    @property
    def count(self) -> int:
        """How many they are."""
        return self.high - self.low + 1

    @property
    def first(self) -> str:
        """The first code."""
        return self._code(self.low)

    @property
    def last(self) -> str:
        """The last one."""
        return self._code(self.high)

    def codes(self) -> Iterator[str]:
        """All of them, in their order."""
        return map(self._code, range(self.low, self.high + 1))

    def _code(self, number: int) -> str:
        return f"{self.before}{number:0{self.width}d}{self.behind}"


def between(first: str, last: str) -> Range | Unfit:
    """The range from one code to another.

    >>> found = between("SN-0098/A", "SN-0101/A")
    >>> (found.count, list(found.codes()))
    (4, ['SN-0098/A', 'SN-0099/A', 'SN-0100/A', 'SN-0101/A'])
    >>> between("SN-1-5", "SN-2-6"), between("SN-9", "SN-10"), between("SN-9", "SN-8")
    (<Unfit.OTHER_TEXT: 2>, <Unfit.OTHER_WIDTH: 3>, <Unfit.BACKWARDS: 4>)
    """
    ours, theirs = _DIGITS.split(first), _DIGITS.split(last)
    if len(ours) != len(theirs):
        return Unfit.OTHER_TEXT
    differ = [at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if code_key(one) != code_key(other)]
    if not differ:
        return Unfit.SAME
    at = differ[0]
    if len(differ) > 1 or at % 2 == 0:  # numbers stand at the odd places
        return Unfit.OTHER_TEXT
    if len(ours[at]) != len(theirs[at]):
        return Unfit.OTHER_WIDTH
    found = Range("".join(ours[:at]), int(ours[at]), int(theirs[at]), len(ours[at]), "".join(ours[at + 1 :]))
    return found if found.count > 0 else Unfit.BACKWARDS


def counted_from(first: str, count: int) -> Range | Unfit:
    """So many codes from one on; its last number counts up.

    >>> found = counted_from("24W07-0099", 3)
    >>> found.last
    '24W07-0101'
    >>> counted_from("A98", 3), counted_from("ABC", 3)
    (<Unfit.NO_ROOM: 5>, <Unfit.OTHER_TEXT: 2>)
    """
    parts = _DIGITS.split(first)
    if len(parts) < 3:
        return Unfit.OTHER_TEXT
    digits = parts[-2]
    low = int(digits)
    found = Range("".join(parts[:-2]), low, low + count - 1, len(digits), parts[-1])
    return found if len(str(found.high)) <= len(digits) else Unfit.NO_ROOM


def is_counting(code: str) -> bool:
    """Does a code hold a number at all?"""
    return _DIGITS.search(code) is not None


def is_address(code: str) -> bool:
    """Is a code a MAC or the like, of which nobody counts the next?

    Twelve hex digits are one unless they are letters and then a number, as serials are.

    >>> is_address("00:1A:2B:3C:4D:05"), is_address("001A2B3C4D05"), is_address("AB0000000012"), is_address("SN-12")
    (True, True, False, False)
    """
    if _PAIRS.fullmatch(code) or _DOTTED.fullmatch(code):
        return True
    return _HEX.fullmatch(code) is not None and _COUNTED_UP.fullmatch(code) is None


def in_runs(codes: Sequence[str]) -> list[Range | str]:
    """Codes in their order, those that follow each other together, so that all of them can be named.

    >>> [one if isinstance(one, str) else f"{one.first} to {one.last}" for one in in_runs(["A1", "A2", "A3", "A7"])]
    ['A1 to A3', 'A7']
    """
    runs: list[Range | str] = []
    for code in codes:
        last = runs[-1] if runs else None
        joined = between(last.last if isinstance(last, Range) else last, code) if last is not None else Unfit.SAME
        if not isinstance(joined, Range) or joined.count != 2:
            runs.append(code)
        elif not isinstance(last, Range):
            runs[-1] = joined
        elif (joined.before, joined.behind) == (last.before, last.behind):
            runs[-1] = replace(last, high=joined.high)
        else:
            runs.append(code)
    return runs
