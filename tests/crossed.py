"""A language in which every letter of every template is crossed out: what can still be read is said in English only."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from scanstation.domain import language

OUTSIDE_FIELDS = re.compile(r"(\{[^{}]*\})")
_WORD = re.compile(r"(?<![\w.-])[a-z]{2,}(?![\w])")


class MadeUp(ABC):
    """A catalog that has everything, without a translation of it."""

    @abstractmethod
    def gettext(self, message: str) -> str:
        """What stands in place of a text; its fields stay."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The same of a text that counts."""
        return self.gettext(msgid1 if n == 1 else msgid2)

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Everything is said in it."""
        language.speak(self)
        try:
            yield
        finally:
            language.speak(None)


class Crossed(MadeUp):
    """All letters are x."""

    def gettext(self, message: str) -> str:
        parts = OUTSIDE_FIELDS.split(message)
        return "".join(part if part.startswith("{") else re.sub(r"[^\W\d_]", "x", part) for part in parts)


crossed_out = Crossed().spoken


def english_in(texts: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The texts in which a word can be read, in small letters; of what is `known`, such as a file's name, none is."""
    names = sorted(known, key=len, reverse=True)

    def without_names(text: str) -> str:
        for name in names:
            text = text.replace(name, "")
        return text

    return [text for text in texts if any(found.strip("x") for found in _WORD.findall(without_names(text)))]
