"""Command barcodes: acts of the keyboard, printed to be scanned."""

from dataclasses import dataclass
from enum import StrEnum

MAX_QUANTITY = 9999
ALL_LEFT = 0
"""In place of a quantity: all that the line still takes, whoever has taken the rest."""


class Act(StrEnum):
    """What a command barcode asks for; its value stands after the site's prefix."""

    COMPLETE = "COMPLETE"
    UNDO = "UNDO"
    CANCEL = "CANCEL"
    YES = "YES"
    NO = "NO"
    HOME = "HOME"
    RECEIVE = "RECEIVE"
    PACK = "PACK"
    RETURN = "RETURN"
    TRANSFER = "TRANSFER"
    COUNT = "COUNT"
    QUANTITY = "QTY"
    HELP = "HELP"
    TRACE = "TRACE"
    SEEN = "SEEN"
    SWAP = "SWAP"
    HOLD = "HOLD"
    NO_SERIAL = "NOSERIAL"
    LEARN = "LEARN"
    NOTE = "NOTE"
    RANGE = "RANGE"
    REASON = "REASON"


MOST_REASONS = 99
_NUMBERED = {Act.QUANTITY: MAX_QUANTITY, Act.REASON: MOST_REASONS}
"""Acts whose card says a number behind a hyphen, and the highest."""
OF_THE_STATION = frozenset({Act.HELP, Act.TRACE, Act.SEEN})
"""The same on every screen, and no work is changed by them: a serial that is owed stays owed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command barcode that was scanned."""

    act: Act
    quantity: int = 0
    """How many, or the number of a reason."""


def read_command(text: str, prefix: str) -> Command | None:
    """The command that a code is; None for every other code. Only exact codes are commands."""
    if not text.startswith(prefix):
        return None
    word = text[len(prefix) :]
    if word == "QTY-ALL":
        return Command(Act.QUANTITY, ALL_LEFT)
    for act, most in _NUMBERED.items():
        digits = word.removeprefix(f"{act.value}-")
        if digits != word and digits.isascii() and digits.isdigit() and not digits.startswith("0"):
            return Command(act, int(digits)) if len(digits) <= len(str(most)) and int(digits) <= most else None
    return next((Command(act) for act in Act if act.value == word and act not in _NUMBERED), None)
