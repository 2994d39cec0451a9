"""What a receiving or packing screen shows: plain values, made anew after every act."""

from dataclasses import dataclass
from enum import Enum

from scanstation.domain.language import said_later
from scanstation.domain.status import OrderStatus
from scanstation.domain.verdict import Prompt, Question, Tone, Verdict


class ScreenTarget(Enum):
    """Where a command barcode leads."""

    HOME = "home"
    RECEIVE = "receive"
    PACK = "pack"
    RETURN = "return"
    TRANSFER = "transfer"
    COUNT = "count"

    @property
    def title(self) -> str:
        """What its screen is called."""
        return {
            ScreenTarget.HOME: "Home",
            ScreenTarget.RECEIVE: "Receiving",
            ScreenTarget.PACK: "Packing",
            ScreenTarget.RETURN: "Returns",
            ScreenTarget.TRANSFER: "Transfers",
            ScreenTarget.COUNT: "Counts",
        }[self]


NOT_TRACKED, NOT_ASKED, BY_IMPORT = said_later("not tracked"), said_later("not asked"), said_later("by import")
UNSCANNED = (NOT_TRACKED, NOT_ASKED, BY_IMPORT)
"""What stands in place of the counts of serials that are not scanned."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One product of the order on the desk. Counts are pieces, open work of all stations included."""

    line_id: int
    sku: str
    description: str
    ordered: int
    """Without what was closed short."""
    done: int
    """Taken and finished: a unit whose code is owed is not in it yet."""
    serials: str
    """What the serials column says: `3 of 3`, `not asked`, `not tracked`, `by import`."""
    others: tuple[tuple[str, int], ...] = ()
    """Other stations' open work: station → pieces of `done` that are theirs."""
    in_work: bool = False
    """The line that the last product scan was for."""
    is_open: bool = False
    """Is nobody told how many there should be? Then it is never full."""

    @property
    def full(self) -> bool:
        """Is everything ordered done?"""
        return self.done >= self.ordered and not self.is_open


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order on the desk."""

    order_id: int
    number: str
    client: str
    warehouse: str
    partner: str
    status: OrderStatus
    lines: tuple[LineView, ...]
    in_hand: int = 0
    """What this station's open work has taken, units whose codes are owed among it."""
    left: int = 0
    """Pieces still to be done."""
    ordered: int = 0
    """All pieces, without what was closed short; 0 where it is not known what will come."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of the last scans."""

    time: str
    """Local time, HH:MM:SS."""
    tone: Tone
    text: str
    fact: str = ""
    """The same without what to do now; empty where the text says no more."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything a receiving or packing screen shows."""

    order: OrderView | None = None
    prompt: Prompt | None = None
    question: Question | None = None
    whose: str = ""
    """An unknown serial whose product is owed; at the return desk."""
    verdict: Verdict | None = None
    quantity: int = 1
    """How many scans the next product scan stands for, or `ALL_LEFT`."""
    learning: str = ""
    """What is scanned next of a barcode that is being learned; empty while none is."""
    noting: str = ""
    """What is scanned next of a discrepancy that is being noted, or how it reads so far; empty while none is."""
    can_keep: bool = False
    """May the note be kept as it is?"""
    to_read: tuple[str, ...] = ()
    """More than the answer could say: every serial of a range that cannot be taken, with its reason."""
    complete_hindrance: str = ""
    """Why F10 would be refused now, in three words; empty when it would not."""
    last: tuple[Answered, ...] = ()
    """The last answers, the newest first."""
    go: ScreenTarget | None = None
    """A command barcode, or the number of an order of the other kind, asks for another screen."""
    go_order: str = ""
    """The order to open there, if any."""
    completed: tuple[int, int] | None = None
    """The order and the work that this answer completed."""
