"""Scanners: what is read on their screen, and what becomes of them."""

from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Tone, Verdict, check, shown

_TEXTS = Texts(
    {
        "card-came": "The check card came in.",
        "typed": "{code} was typed, or came too slowly for a scan.",
        "read-as": "Read as {read_as}{note}.",
        "read-well": "The command {code} is read well. Here it does nothing.",
        "check-card/well": "The check card: all is right with this scanner.",
        "check-card/one": "The check card: one thing to look at.",
        "check-card/several": "The check card: {wrong} things to look at.",
    }
)
_PARTS = Texts({"note": " ({note})"})


def scanner_news(text: str, *, is_here: bool) -> Verdict:
    """What nobody has asked for: a scanner was unplugged, or came back."""
    return shown(text) if is_here else check("scanner", text)


def card_came() -> Verdict:
    """The check card, before all its bytes were looked at."""
    return _TEXTS.shown("card-came")


def typed_here(code: str) -> Verdict:
    """Keystrokes that are not as fast as a scanner's."""
    return _TEXTS.check("typed", code)


def read_as(code: str, kind: str, note: str | None) -> Verdict:
    """What a scan would be taken for."""
    return _TEXTS.shown("read-as", code, read_as=kind, note=_PARTS("note", note=note) if note else "")


def command_read(code: str) -> Verdict:
    """A command barcode that does nothing on the screen of the scanners."""
    return _TEXTS.shown("read-well", code)


def card_checked(tone: Tone, wrong: int) -> Verdict:
    """How many things the check card has found, and the worst of their tones."""
    if not wrong:
        return _TEXTS.shown("check-card/well")
    text = _TEXTS("check-card/one") if wrong == 1 else _TEXTS("check-card/several", wrong=wrong)
    return Verdict(tone, text, reason="check-card")
