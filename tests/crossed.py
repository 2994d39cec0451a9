"""A language in which every letter of every template is crossed out: what can still be read is said in English only."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from scanstation.domain import language

_OUTSIDE_FIELDS = re.compile(r"(\{[^{}]*\})")
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w])")


class Crossed:
    """A catalog that has everything, as x."""

    def gettext(self, message: str) -> str:
        parts = _OUTSIDE_FIELDS.split(message)
        return "".join(part if part.startswith("{") else re.sub(r"[^\W\d_]", "x", part) for part in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def crossed_out() -> Iterator[None]:
    """Everything is said in that language."""
    language.speak(Crossed())
    try:
        yield
    finally:
        language.speak(None)


def english_in(texts: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The texts in which a word can be read, in small letters; of what is `known`, such as a file's name, none is."""
    names = sorted(known, key=len, reverse=True)

    def without_names(text: str) -> str:
        for name in names:
            text = text.replace(name, "")
        return text

    return [text for text in texts if any(found.strip("x") for found in _WORD.findall(without_names(text)))]
