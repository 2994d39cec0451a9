"""Text for the fonts that every PDF reader has: Western European letters."""

import unicodedata

_FONT = "cp1252"


def printable(text: str) -> str:
    """The text in letters that the fonts have: another loses its accent, or becomes a question mark."""
    return "".join(map(_letter, text))


def _letter(letter: str) -> str:
    if _has(letter):
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if _has(base) else "?"


def _has(letter: str) -> bool:
    try:
        letter.encode(_FONT)
    except UnicodeEncodeError:
        return False
    return letter.isprintable()
