"""Serial numbers, SKUs and order numbers as text: what is a code, and when two codes are the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain.language import Telling, joined, said_later, word, worded

MAX_LENGTH = 64
_NUMBERS = re.compile("([0-9]+)")
_EDGE_BLANKS = " \u00a0\u2007\u202f\u3000"
_SLIPS = {
    "\t": said_later("a tab"),
    "\n": said_later("a line break"),
    "\r": said_later("a line break"),
    "\x0b": said_later("a line break"),
    "\x0c": said_later("a page break"),
    "\x85": said_later("a line break"),
    "\u2028": said_later("a line break"),
    "\u2029": said_later("a line break"),
    "\u200b": said_later("a zero-width space"),
    "\u200c": said_later("a zero-width non-joiner"),
    "\u200d": said_later("a zero-width joiner"),
    "\u2060": said_later("a word joiner"),
    "\ufeff": said_later("a byte-order mark"),
}
"""What copying and pasting leaves at the edges of a code. Inside one it is refused by name."""
_EDGES = _EDGE_BLANKS + "".join(_SLIPS)
_INVISIBLE = {
    **_SLIPS,
    "\u00ad": said_later("a soft hyphen"),
    "\u200e": said_later("a left-to-right mark"),
    "\u200f": said_later("a right-to-left mark"),
    "\u202a": said_later("a text direction mark"),
    "\u202b": said_later("a text direction mark"),
    "\u202c": said_later("a text direction mark"),
    "\u202d": said_later("a text direction mark"),
    "\u202e": said_later("a text direction mark"),
    "\u2066": said_later("a text direction mark"),
    "\u2067": said_later("a text direction mark"),
    "\u2068": said_later("a text direction mark"),
    "\u2069": said_later("a text direction mark"),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A usable code: as it is shown, and as it is compared."""

    text: str
    key: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class BadCode(Telling):
    """Why a text is no code; `reason` completes the sentence 'The code …'."""

    text: str
    reason: str

    @property
    def words(self) -> str:
        """The beginning of a sentence: what was scanned, and what is wrong with it."""
        if not trim(self.text):
            return word("The code has nothing but blanks")
        return word("{code} {why}", code=shorten(self.text), why=self.reason)


def trim(text: str) -> str:
    """The text without blanks and the slips of copying at its edges; `trimmed_off` names the slips.

    Never `str.strip`, which also eats GS1's group separators.
    """
    return text.strip(_EDGES)


def trimmed_off(text: str) -> str:
    """What `trim` takes off besides blanks, by name: 'a line break and a byte-order mark'; '' for nothing."""
    kept = trim(text)
    start = text.index(kept)
    edges = text[:start] + text[start + len(kept) :]
    names = list(dict.fromkeys(_SLIPS[character] for character in edges if character in _SLIPS))
    *first, last = [word(name) for name in names] or [""]
    return worded("{first} and {last}", first=joined(first), last=last) if first else last


def code_key(text: str) -> str:
    """What codes, SKUs and order numbers are compared by: trimmed, NFKC, upper case (RULES 2.7).

    NFKC also makes `o` of `º` and `TM` of `™`. What `look_alike` names is refused before it is compared.
    """
    return trim(unicodedata.normalize("NFKC", trim(text))).upper()


def natural_key(text: str) -> str:
    """What codes are sorted by for people: digits count as the numbers they are, `SN9` before `SN10`."""
    key = code_key(text)
    # How many digits a number has comes before them; what differs in zeros in front only is told apart at the end.
    return f"{_NUMBERS.sub(_counted, key)}\0{key}"


def _counted(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0") or "0"
    return f"{chr(len(digits))}{digits}"


def look_alike(text: str) -> str | None:
    """The first character that folding makes another one, by name: `º`, `²`, `ﬁ`, a no-break space inside.

    Another width is no other character.
    """
    for character in trim(text):
        is_other = character > "~" and unicodedata.normalize("NFKC", character) != character
        if is_other and not unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
            return _named(character)
    return None


def misspelt(text: str, known: str = "") -> str | None:
    """Why a text is no SKU, barcode or number of an order: it only folds to one. What is `known` so, is one."""
    if (named := look_alike(text)) is None or trim(text) == trim(known):
        return None
    return word("contains {named}, which is not on a label. Write plain letters and digits.", named=named)


def _narrow(character: str) -> str | None:
    """The ASCII character that a full-width one is; None for every other."""
    way, _, points = unicodedata.decomposition(character).partition(" ")
    return chr(int(points, 16)) if way == "<wide>" and int(points, 16) <= 0x7E else None


def visible(text: str) -> str:
    """The text with control, format and other unprintable characters made visible, for any output edge."""
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def shorten(text: str, limit: int = 40) -> str:
    """The visible text, cut in its middle when it is longer than a sentence can carry."""
    visible_text = visible(text[: limit * 2] if len(text) > limit * 2 else text)
    if len(text) <= limit and len(visible_text) <= limit:
        return visible_text
    return word("{beginning}… ({count} characters)", beginning=visible_text[: limit - 4], count=len(text))


def listed(names: Sequence[str], most: int = 20) -> str:
    """Names for a sentence; of very many, such as a sheet's 16,384 columns, the first ones and how many more."""
    first = joined([shorten(name) for name in names[:most]])
    return word("{names} and {more:,} more", names=first, more=len(names) - most) if len(names) > most else first


def read_code(raw: str) -> Code | BadCode:
    """Fold a scanned or imported text into a code, or say what is wrong with it.

    A code has 1 to 64 printable ASCII characters. Full-width ones fold; every other that would become ASCII
    (`º`, `™`, `²`), look-alike letters, text direction marks and invisible characters are refused by name.
    """
    text = trim(raw)
    if not text:
        return BadCode(raw, word("is empty"))
    for character in text:
        if name := _INVISIBLE.get(character):
            return BadCode(raw, word("contains {named}, which cannot be seen", named=word(name)))
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in text):
        return BadCode(raw, word("contains control keys"))
    if any(map(unicodedata.combining, text)):
        text = unicodedata.normalize("NFC", text)  # refused either way; `é` is named as one letter
    folded = trim("".join(_narrow(character) or character for character in text))
    for character in folded:
        if not " " <= character <= "~":
            named = _named(character)
            return BadCode(raw, word("contains {named}, which is not on a serial label", named=named))
    if len(folded) > MAX_LENGTH:
        count = len(folded)
        return BadCode(raw, word("is too long: {count} characters, {most} at most", count=count, most=MAX_LENGTH))
    return Code(folded, folded.upper())


def _named(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    if not name:
        return f"U+{ord(character):04X}"
    # A blank that is no plain one would show as nothing between the quotation marks.
    return f"“{character}” ({name})" if character.isprintable() else word("a {name}", name=name)


def _visible(character: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "␡"
    if character.isprintable():
        return character
    return f"<U+{point:04X}>"
