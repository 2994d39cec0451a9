"""What of a purchase order did not come as ordered, noted beside its counts (RULES 2.24)."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from scanstation.domain.codes import Code, shorten
from scanstation.domain.language import joined, word, worded
from scanstation.domain.plurals import counted


class Differs(StrEnum):
    """How what came differs from what was ordered."""

    DAMAGED = "damaged"
    WRONG = "wrong"
    SHORT = "short"
    OVER = "over"

    @property
    def word(self) -> str:
        """What people call it."""
        return word(self.value)

    @property
    def past(self) -> str:
        """Completes 'the product that …'."""
        if self is Differs.WRONG:
            return word("came wrong")
        if self is Differs.DAMAGED:
            return word("is damaged")
        return word("is short") if self is Differs.SHORT else word("is over")


CHOICES = tuple(one.value for one in Differs)
"""What the card SS-NOTE asks, each by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One note on a line; it is open until somebody has settled it."""

    id: int
    order_id: int
    warehouse: str
    client: str
    number: str
    """Of the order."""
    sku: str
    differs: Differs
    count: int
    words: str
    serials: tuple[str, ...]
    at: str
    operator: str
    station: str
    settled_at: str | None
    settled_by: str | None
    settled_as: str | None
    """What came of it."""

    @property
    def is_open(self) -> bool:
        """Has nobody settled it yet?"""
        return self.settled_at is None

    @property
    def told(self) -> str:
        """As a sentence names it.

        >>> Discrepancy(id=7, order_id=1, warehouse="W", client="C", number="N-1", sku="LAP-1", differs=Differs.SHORT,
        ...     count=2, words="", serials=(), at="", operator="", station="", settled_at=None, settled_by=None,
        ...     settled_as=None).told
        '7: 2 LAP-1 short'
        """
        return worded(
            "{id}: {count} {sku} {differs}", id=self.id, count=self.count, sku=self.sku, differs=self.differs.word
        )


def count_of(given: int | None, serials: int) -> int | None:
    """How many units a note is about: as many as its serials, or one, where nobody says; None where serials are more.

    >>> count_of(None, 0), count_of(None, 3), count_of(5, 3), count_of(2, 3)
    (1, 3, 5, None)
    """
    if given is None:
        return max(1, serials)
    return given if given >= serials else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A note that is being made at a desk; nothing of it is in the store yet."""

    differs: Differs
    line_id: int | None = None
    sku: str = ""
    pieces: int = 0
    """How many were scanned by their product's barcode."""
    given: int | None = None
    """How many somebody has said."""
    serials: tuple[Code, ...] = ()
    words: str = ""
    before: "Draft | None" = None
    """As it was before the last scan."""

    @property
    def count(self) -> int:
        """How many units it is about: as somebody has said, else as many as were scanned.

        >>> Draft(differs=Differs.SHORT, pieces=2, serials=(Code("A1", "A1"),)).count
        2
        >>> Draft(differs=Differs.SHORT, pieces=2, given=1).count
        1
        """
        return max(1, self.pieces, len(self.serials)) if self.given is None else self.given

    @property
    def told(self) -> str:
        """As far as it is: `2 CAM-300 damaged, 1 serial`."""
        told = worded("{count} {sku} {differs}", count=self.count, sku=shorten(self.sku), differs=self.differs.word)
        return joined([told, counted(len(self.serials), "serial")]) if self.serials else told

    def having(self, **more: Any) -> "Draft":
        """The same after one scan more, which can be taken back."""
        return replace(self, before=self, **more)
