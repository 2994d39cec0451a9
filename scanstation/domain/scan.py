"""One scan, whichever way it came in."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4


class Source(StrEnum):
    """How a code came in; kept with every event."""

    SCAN = "scan"
    TYPED = "typed"
    IMPORT = "import"
    BUTTON = "button"
    OPENING = "opening"
    RETURN = "return"


def new_op_id() -> str:
    """A unique name for one act, made before its first try, so that a retry is never a second act."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Scan:
    """What a gun, a paste or the keyboard handed in: one code, its suffix taken off, else untouched."""

    text: str
    source: Source = Source.SCAN
    device: str = "wedge"
    fault: str | None = None
    """Why this must not be taken as a code ('came in pieces'); the station answers STOP with it."""
    note: str | None = None
    """What was mended on the way in, shown beside the answer."""
    op_id: str = field(default_factory=new_op_id)
