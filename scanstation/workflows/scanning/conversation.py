"""The conversation at a desk: what stands between two scans, and what happens in the transaction of one."""

from collections.abc import Callable
from dataclasses import dataclass

from scanstation.domain.discrepancies import Draft
from scanstation.domain.order_lines import OrderLines
from scanstation.domain.scan import Scan
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import NOTHING_ASKED, Answers, Verdict
from scanstation.store.store import Transaction
from scanstation.workflows.scanning.learning import Learning, Taught
from scanstation.workflows.scanning.ranging import Ranging
from scanstation.workflows.scanning.remembered import Remembered
from scanstation.workflows.scanning.viewing import AtHand
from scanstation.workflows.scanning.views import ScreenTarget
from scanstation.workflows.scanning.work_facts import WorkFacts


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a desk remembers between two scans, and a person would have to say again after a power cut."""

    order_id: int | None = None
    work_id: int | None = None
    quantity: int = 1
    """How many scans the next product scan stands for, or `ALL_LEFT`."""
    learning: Learning | None = None
    """A barcode that is being learned, and how far that is."""
    taught: Taught | None = None
    """What was learned by the last scan."""
    ranging: Ranging | None = None
    """A range of serials that is begun."""
    draft: Draft | None = None
    """A discrepancy that is being noted, as far as it is."""
    noted: int | None = None
    """The discrepancy that was noted by the last scan."""
    in_hand: int = 0
    """How many units the work had after the last answer: whoever ends it elsewhere leaves them in somebody's hands."""
    pending: "Pending | None" = None
    answers: Answers = NOTHING_ASKED
    """What was said to the questions of the scan that is being judged."""
    expired: "Pending | None" = None
    """The last scan, where it was refused for its use-by: somebody with the right to release may take it."""
    go: ScreenTarget | None = None
    go_order: str = ""
    transfer_id: int | None = None
    """The transfer on the desk, where that is one of transfers."""
    sends: bool = False
    """Does it go out from here?"""
    count_id: int | None = None
    """The count on the desk, where that is one of counts."""
    completed: tuple[int, int] | None = None
    """The order and the work that the last answer completed."""

    back: tuple[int, int] | None = None
    """The order and the work that come back once nothing is owed here: a product of this order was scanned there."""
    aside: tuple[int, int] | None = None
    """The order and the work that took the last scan, in place of the one on the desk: Undo means it."""
    also_open: tuple[str, ...] = ()
    """The numbers of orders that took scans so, and whose receipts are open here."""

    def closed(self) -> "Conversation":
        """No order is on the desk any longer."""
        return Conversation()


@dataclass(slots=True)
class Moment:
    """One transaction of the conversation."""

    tx: Transaction
    stamp: Stamp
    remembered: Remembered
    facts: WorkFacts | None = None
    """What was read of the work on the desk: by the act on it (`ActContext`), or as it was put there."""

    at_hand: AtHand | None = None
    """What the desk has kept of its order since the last transaction."""

    def lines_at_hand(self, order_id: int) -> OrderLines | None:
        """The lines of that, if it is of this order."""
        return self.at_hand.lines if self.at_hand and self.at_hand.order_id == order_id else None

    def facts_of(self, work_id: int | None) -> WorkFacts | None:
        """That, if it is of this work."""
        return self.facts if self.facts and self.facts.work_id == work_id else None


Step = tuple[Conversation, Verdict]
Take = Callable[[Moment, Conversation], Step]
"""A scan or a key, to be judged against a conversation, again and again if it has to be."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A question or a refusal, and the scan it is about: what is said to it has the same scan judged again."""

    asked: Verdict
    take: Take
    scan: Scan
    same: str
    """What the same scan again, or the same key, has in common with it."""
    answers: Answers
    """What was said to the questions before this one."""
    owed_piece: int | None
    """The unit that owed a code when it was asked."""
