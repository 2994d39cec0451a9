"""The check card: a printed code whose every character is known, so that what comes in shows how a scanner is set up.

It has letters in both cases, digits and symbols that other keyboards have elsewhere, and none that is a dead key on
any of them. The GS1 card has a group separator as well. The codes are fixed: a printed card is good for ever.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from scanstation.domain.keyboards import US, Layout, Mismatch, mismatches, typed
from scanstation.domain.language import said_later

GROUP_SEPARATOR: Final = "\x1d"
_HEAD = "Check/AZQWYMazqwym-"
_TAIL = "0123456789_?:;!&()"
PLAIN_CARD: Final = f"{_HEAD}{_TAIL}#"
GS1_FIELDS: Final = (f"91{_HEAD}", f"92{_TAIL}")
"""Two fields for a company's own use; the first is of variable length, so that a separator ends it."""
GS1_CARD: Final = GROUP_SEPARATOR.join(GS1_FIELDS)

_WORD = "check"
_SHORTEST, _LONGEST = 28, 90
_LIKE = 0.6
"""The share of a card that must be recognised before a code is taken for one that was changed on its way."""
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")

_SEPARATOR_FORMS = {
    GROUP_SEPARATOR: "0x1D",
    "\x1b[93;5u": "Ctrl+]",
    "\x1b[27;5;93~": "Ctrl+]",
    "\x1b0\x1b2\x1b9": "Alt+029",
    "º™ª": said_later("Alt+029 as a Mac types it"),
    "\u2194": said_later("Alt+029 as a PC types it"),
    "\u241d": said_later("the picture ␝"),
    "\uf70b": "F8",
}
"""The forms that the station knows by itself, and what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFound:
    """What a scanned check card says of its scanner."""

    is_gs1: bool
    layout: tuple[Mismatch, ...] = ()
    """The layouts that would explain it, all alike; none where the layout is right."""
    is_exact: bool = True
    """Every character is explained; False where the code only looks like the card."""
    caps_lock: bool = False
    aim: str = ""
    """The AIM identifier in front of it, `]C1`."""
    prefix: str = ""
    """What else is in front of it."""
    separator: str = ""
    """What came in place of the GS1 card's separator."""

    @property
    def separator_name(self) -> str | None:
        """What the separator's form is called, if the station knows it by itself."""
        return _SEPARATOR_FORMS.get(self.separator)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which a card may be changed."""

    pattern: re.Pattern[str]
    is_gs1: bool
    mismatch: Mismatch | None
    caps_lock: bool
    expected: str


def find_card(text: str) -> CardFound | None:
    """The card that a code is, whatever a keyboard made of it; None for every other code."""
    # The letters of this word are where they are on every keyboard; no other scan pays for more than this look.
    if not _SHORTEST <= len(text) <= _LONGEST or _WORD not in text.lower():
        return None
    for caps_lock in (False, True):
        matches = [(way, match) for way in _ways() if way.caps_lock is caps_lock if (match := way.pattern.search(text))]
        if matches:
            way, match = matches[0]
            if way.mismatch is None:
                matches = matches[:1]
            layouts = tuple(each.mismatch for each, _ in matches if each.mismatch and each.is_gs1 is way.is_gs1)
            aim, prefix = _split(match["before"])
            separator = match["separator"] if way.is_gs1 else ""
            return CardFound(
                is_gs1=way.is_gs1,
                layout=layouts,
                is_exact=True,
                caps_lock=caps_lock,
                aim=aim,
                prefix=prefix,
                separator=separator,
            )
    return None


def find_card_like(text: str) -> CardFound | None:
    """The card, or what looks so much like one that it must be one: for where scanners are set up, and nowhere else."""
    if card := find_card(text):
        return card
    if not _SHORTEST <= len(text) <= _LONGEST:
        return None
    best, way = max(
        ((SequenceMatcher(None, text, way.expected, autojunk=False).ratio(), way) for way in _ways()),
        key=lambda each: each[0],
    )
    if best < _LIKE:
        return None
    return CardFound(
        is_gs1=way.is_gs1, layout=(way.mismatch,) if way.mismatch else (), is_exact=False, caps_lock=way.caps_lock
    )


def _split(before: str) -> tuple[str, str]:
    """The AIM identifier and the prefix; scanners send them in either order."""
    aim = _AIM.search(before)
    return (aim[0], before.replace(aim[0], "", 1)) if aim else ("", before)


@cache
def _ways() -> tuple[_Way, ...]:
    return tuple(_every_way())


def _every_way() -> Iterator[_Way]:
    yield from _of(None, US, US)
    for mismatch, scanner, computer in mismatches():
        yield from _of(mismatch, scanner, computer)


def _of(mismatch: Mismatch | None, scanner: Layout, computer: Layout) -> Iterator[_Way]:
    for caps_lock in (False, True):
        first, second = (typed(field, scanner, computer) for field in GS1_FIELDS)
        plain = typed(PLAIN_CARD, scanner, computer)
        in_fields = f"{_pattern(first, caps_lock)}(?P<separator>.{{0,12}}?){_pattern(second, caps_lock)}"
        for is_gs1, pattern, expected in (
            (True, in_fields, first + second),
            (False, _pattern(plain, caps_lock), plain),
        ):
            whole = re.compile(f"^(?P<before>.{{0,16}}?){pattern}$", re.DOTALL)
            yield _Way(whole, is_gs1, mismatch, caps_lock, "".join(_cased(each or "", caps_lock) for each in expected))


def _pattern(characters: list[str | None], caps_lock: bool) -> str:
    """What cannot be known is up to three characters of any kind."""
    return "".join(".{0,3}?" if each is None else re.escape(_cased(each, caps_lock)) for each in characters)


def _cased(character: str, caps_lock: bool) -> str:
    swapped = character.swapcase()
    return swapped if caps_lock and len(swapped) == 1 else character
