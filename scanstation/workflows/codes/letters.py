"""The fonts of what is printed as a PDF, and text in the letters that they have.

Where all letters are Western European ones the fonts are those that every PDF reader has, and none is in the file.
Polish, Czech, Greek or Cyrillic letters those fonts do not have: then the whole document is in fonts that stand beside
this module, and the letters that it uses of them are in the file.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_CODING = "cp1252"
_FONTS = Path(__file__).with_name("fonts")


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of one document, by the names that a canvas knows them by."""

    plain: str
    bold: str
    fixed: str
    """Letters of one width."""

    def printable(self, text: str) -> str:
        """The text in letters that the fonts have: another loses its accent, or becomes a question mark."""
        return "".join(map(self._letter, text))

    def _letter(self, letter: str) -> str:
        if self._has(letter):
            return letter
        base = unicodedata.normalize("NFKD", letter)[:1]
        return base if self._has(base) else "?"

    def _has(self, letter: str) -> bool:
        if self is _OF_EVERY_READER:
            return is_western(letter)
        return letter.isprintable() and all(ord(letter) in glyphs for glyphs in _letters_of_ours())


_OF_EVERY_READER = Faces("Helvetica", "Helvetica-Bold", "Courier")
_OURS = Faces("DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansMono")


def faces_for(texts: Iterable[str]) -> Faces:
    """The fonts of a document with these texts."""
    if all(map(is_western, texts)):
        return _OF_EVERY_READER
    _letters_of_ours()
    return _OURS


def is_western(text: str) -> bool:
    """Are all of its letters Western European ones?"""
    try:
        text.encode(_CODING)
    except UnicodeEncodeError:
        return False
    return text.isprintable()


@cache
def _letters_of_ours() -> tuple[frozenset[int], ...]:
    """The letters of each of our fonts, which a canvas knows from then on."""
    letters = []
    for name in (_OURS.plain, _OURS.bold, _OURS.fixed):
        font = TTFont(name, str(_FONTS / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        letters.append(frozenset(font.face.charToGlyph))
    return tuple(letters)
