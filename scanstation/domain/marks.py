"""What a label puts before a serial, and what it puts between its characters: when two codes may be one unit's.

`S/N 12-345` on the carton and `12345` on the device are two codes and most likely one unit (RULES 2.8).
"""

from collections.abc import Collection
from functools import lru_cache
from itertools import repeat
from typing import Generic, TypeVar

from scanstation.domain.language import said_later, word

T = TypeVar("T")

SEPARATORS = " -:."
"""What stands between the parts of a serial on one label and is missing on another."""
USUAL = ("S", "SN", "S/N", "SER", "SERNO", "SERIAL", "SERIALNO", "SERIALNUMBER", "IMEI")
"""Marks that mean 'serial number', without their separators."""
_NUMBER_SIGN = "#"
MARK_CHARACTERS = "".join(sorted({*"".join(USUAL), _NUMBER_SIGN}))
"""Every character that a usual mark may have."""
BY_MARKS, BY_SEPARATORS = "marks", "separators"
"""By what two codes of one product may differ and still be of one unit."""
_WITHOUT_SEPARATORS = str.maketrans("", "", SEPARATORS)

SERIAL_IDENTIFIERS = ("S", "18S", "25S")
"""Data identifiers of serials: a label that begins its barcodes with one begins each of them with one."""
_OTHER_IDENTIFIERS = {
    "1P": said_later("the maker's product number"),
    "2P": said_later("a revision of the product"),
    "3P": said_later("a product number"),
    "8P": said_later("a product number"),
    "30P": said_later("the supplier's product number"),
    "1T": said_later("a lot number"),
    "3S": said_later("a package number"),
    "4L": said_later("a country"),
    "P": said_later("a product number"),
    "Q": said_later("a quantity"),
    "V": said_later("a supplier"),
    "K": said_later("an order number"),
    "D": said_later("a date"),
}


def bare(key: str) -> str:
    """A code's key without separators."""
    return key.translate(_WITHOUT_SEPARATORS)


def rough(key: str) -> str:
    """What codes that may be alike always have in common; so may others. The store finds codes by it."""
    return bare(key).lstrip(MARK_CHARACTERS)


def rough_of(keys: Collection[str]) -> list[str]:
    """What `rough` says of each of many keys, in a fifth of the time."""
    bare_keys = bare("\n".join(keys)).split("\n") if keys else []  # no key has a line break
    return list(map(str.lstrip, bare_keys, repeat(MARK_CHARACTERS)))


def alike(one: str, other: str) -> bool:
    """Do two different keys differ only by usual marks, and by separators inside?"""
    return not _unmarked(bare(one)).isdisjoint(_unmarked(bare(other)))


def difference(one: str, other: str) -> str:
    """By what two keys that are alike differ."""
    return BY_SEPARATORS if bare(one) == bare(other) else BY_MARKS


class Spellings(Generic[T]):
    """Codes with what each is about, found by whatever is alike, however many are.

    Of those that differ by separators alone the first stands for all.
    """

    def __init__(self) -> None:
        self._of: dict[str, dict[str, tuple[str, T]]] = {}

    def add(self, key: str, about: T) -> None:
        plain = bare(key)
        for form in _unmarked(plain):
            self._of.setdefault(form, {}).setdefault(plain, (key, about))

    def alike(self, key: str) -> list[tuple[str, T]]:
        """The codes that a person should hold beside this one, in the order in which they came."""
        likely: dict[str, tuple[str, T]] = {}
        for form in _unmarked(bare(key)):
            likely.update(self._of.get(form, {}))
        return [one for one in likely.values() if one[0] != key]


@lru_cache(maxsize=4096)
def _unmarked(text: str) -> frozenset[str]:
    """A text without separators, as it is and without each mark that it may begin with."""
    spellings = {text}
    for mark in USUAL:
        if text.startswith(mark):
            spellings.add(text.removeprefix(mark))
            spellings.add(text.removeprefix(mark).removeprefix(_NUMBER_SIGN))
    return frozenset(spellings - {""})


def listed(strip: str) -> tuple[str, ...]:
    """The marks that a product lists, `;` between, without blanks around them, the longest first."""
    marks = {mark.strip(" ").upper() for mark in strip.split(";")}
    return tuple(sorted(marks - {""}, key=lambda mark: (-len(mark), mark)))


def without_mark(strip: str, text: str) -> tuple[str, str] | None:
    """The longest listed mark that a code begins with, and what is after it; None where it begins with none.

    Colons, number signs, dashes and blanks after a mark belong to it.
    """
    upper = text.upper()
    for mark in listed(strip):
        if upper.startswith(mark) and (rest := text[len(mark) :].lstrip(" :#-")):
            return mark, rest
    return None


def other_identifier(strip: str, text: str) -> tuple[str, str] | None:
    """A data identifier that says that a code is no serial, and what it says.

    Only where a product lists one of serials; something must follow it, and the longest one counts.
    """
    if not any(mark in SERIAL_IDENTIFIERS for mark in listed(strip)):
        return None
    upper = text.upper()
    found = [name for name in _OTHER_IDENTIFIERS if upper.startswith(name) and len(upper) > len(name)]
    return (name := max(found, key=len), word(_OTHER_IDENTIFIERS[name])) if found else None
