"""A language whose texts are two fifths longer than the English, with a mark at each end: what is cut lacks one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from scanstation.domain import language

_OUTSIDE_FIELDS = re.compile(r"(\{[^{}]*\})")
_VOWELS = str.maketrans("aeiouAEIOU", "âêîôûÂÊÎÔÛ")
FIRST, LAST = "⟦", "⟧"


class Longer:
    """A catalog that has everything."""

    def gettext(self, message: str) -> str:
        parts = [part if part.startswith("{") else part.translate(_VOWELS) for part in _OUTSIDE_FIELDS.split(message)]
        letters = sum(sum(map(str.isalpha, part)) for part in parts if not part.startswith("{"))
        if letters < 2:
            return message
        body = "".join(parts)
        start, end = body[: len(body) - len(body.lstrip(" "))], body[len(body.rstrip(" .?!:,")) :]
        more = " ".join(["ôû"] * max(1, round(letters * 0.4 / 3)))
        return f"{start}{FIRST}{body[len(start) : len(body) - len(end)]} {more}{LAST}{end}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def longer_texts() -> Iterator[None]:
    """Everything is said in that language."""
    language.speak(Longer())
    try:
        yield
    finally:
        language.speak(None)
