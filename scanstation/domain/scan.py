"""One scan, whichever way it came in."""

from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Final
from uuid import uuid4

from scanstation.domain.language import said_later, word

KEYBOARD: Final = "wedge"
"""The device of everything that is typed, by a scanner or by a person."""


class Source(StrEnum):
    """How a code came in; kept with every event."""

    SCAN = "scan"
    TYPED = said_later("typed")
    IMPORT = said_later("import")
    BUTTON = said_later("button")
    OPENING = said_later("opening")
    RETURN = said_later("return")
    HOUSE = said_later("house")
    TRANSFER = said_later("transfer")
    RANGE = said_later("range")
    DOWNTIME = said_later("downtime")


class Fault(StrEnum):
    """Why what came in must not be taken as a code. Each follows the code itself: 'SN-1 came in pieces…'."""

    PIECES = "came in pieces: scan it again"
    NO_END = "is not whole, no end came: scan it again. If it always says so, scan the check card"
    UNFINISHED = "was not taken: an unfinished entry stood in the line. Scan it again"
    CONTROL_KEYS = "contains control keys: scan it again, or check how the scanner is set up"
    TOO_LONG = "is too long: a code has at most 4096 characters"
    TOO_SHORT = "is too short: nothing follows its start mark"
    NO_START_MARK = "has no start mark: scan it again, or check how the scanner is set up"
    NOT_TEXT = "cannot be read: the scanner sends bytes that are not UTF-8"
    CAPS_LOCK = "was changed on its way: Caps Lock seems to be on"
    KEYBOARD = "was changed on its way: the keyboard language of the scanner does not match"
    TOO_MANY_LINES = "has too many lines: paste at most 10 codes at once, or import them from a sheet"
    TOO_SOON = "came too soon to be an answer: read the question, then scan the card or press the key once"
    TYPED_LINE = "was not taken: it came at a scanner's pace, and this line is typed"
    PASTED_REASON = "was not taken: a reason is typed, not pasted"
    TOO_EARLY = "was pressed before the desk stood: press it again"
    OPEN_PASTE = "was pasted, and the end of the paste is missing: paste it again"


def fault_text(fault: str) -> str:
    """A fault as it stands in a sentence."""
    return word(fault.value) if isinstance(fault, StrEnum) else fault


FOLDED = said_later("full-width characters were folded")
OWN_ACT_MS = 300.0
"""What comes sooner after anything else from the same scanner is no act of its own: nobody has read an answer yet."""


def new_op_id() -> str:
    """A unique name for one act, made before its first try, so that a retry is never a second act."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner, a paste or the keyboard handed in: one code, its suffix taken off, else untouched."""

    text: str
    source: Source = Source.SCAN
    device: str = KEYBOARD
    fault: str | None = None
    """Why this must not be taken as a code, one of `Fault` or a sentence like it; the station answers STOP with it."""
    note: str | None = None
    """What was mended on the way in, shown beside the answer."""
    repeat: bool = False
    """The same code came from the same scanner a moment ago: it is counted once, and this one answers CHECK."""
    lacks_prefix: bool = False
    """Its scanner sends a prefix before every code, and here it is missing: if it is no whole label, that is why."""
    typed_before: str = ""
    """What was typed before it and not entered: it may be the tail of a code that began with this."""
    follows: bool = False
    """It came so soon after what its scanner sent before that one label may hold both: it answers no question."""
    second_of_two: bool = False
    """It came from a keyboard scanner right after one other code, and no third followed: one label may hold both."""
    lines: "tuple[Scan, ...]" = ()
    """With the fault TOO_MANY_LINES: what was pasted, one scan a line, for whoever says that it was meant so."""
    came_at: float = field(default_factory=monotonic, compare=False)
    """When it came in, on the clock of `time.monotonic`."""
    op_id: str = field(default_factory=new_op_id)
