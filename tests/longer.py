"""A language whose texts are two fifths longer than the English, with a mark at each end: what is cut lacks one."""

from tests.crossed import OUTSIDE_FIELDS, MadeUp

_VOWELS = str.maketrans("aeiouAEIOU", "âêîôûÂÊÎÔÛ")
FIRST, LAST = "⟦", "⟧"


class Longer(MadeUp):
    """A catalog that has everything."""

    def gettext(self, message: str) -> str:
        parts = [part if part.startswith("{") else part.translate(_VOWELS) for part in OUTSIDE_FIELDS.split(message)]
        letters = sum(sum(map(str.isalpha, part)) for part in parts if not part.startswith("{"))
        if letters < 2:
            return message
        body = "".join(parts)
        start, end = body[: len(body) - len(body.lstrip(" "))], body[len(body.rstrip(" .?!:,")) :]
        more = " ".join(["ôû"] * max(1, round(letters * 0.4 / 3)))
        return f"{start}{FIRST}{body[len(start) : len(body) - len(end)]} {more}{LAST}{end}"


longer_texts = Longer().spoken
