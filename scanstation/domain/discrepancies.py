"""What of a purchase order did not come as ordered, noted beside its counts (RULES 2.24)."""

from dataclasses import dataclass
from enum import StrEnum


class Differs(StrEnum):
    """How what came differs from what was ordered."""

    DAMAGED = "damaged"
    WRONG = "wrong"
    SHORT = "short"
    OVER = "over"


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
        return f"{self.id}: {self.count} {self.sku} {self.differs.value}"


def count_of(given: int | None, serials: int) -> int | None:
    """How many units a note is about: as many as its serials, or one, where nobody says; None where serials are more.

    >>> count_of(None, 0), count_of(None, 3), count_of(5, 3), count_of(2, 3)
    (1, 3, 5, None)
    """
    if given is None:
        return max(1, serials)
    return given if given >= serials else None
