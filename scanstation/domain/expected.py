"""Serials that suppliers announce: what a scan finds on their lists, and how an order stands to them (RULES 2.26)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from scanstation.domain.codes import code_key
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.verdict import CodeKind

MANY_IN_A_ROW = 3
"""So many units that are on no list, one after the other, are rather a wrong list."""
MOST_IN_A_ROW = 100
"""So many of them are told apart; that there are more says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSerial:
    """One unit of a list."""

    order_id: int
    number: str
    """Of the purchase order."""
    primary: str
    secondary: str | None = None
    lot: LotFacts = NO_LOT

    def text(self, kind: CodeKind) -> str | None:
        """Its code of a kind; a list may have no secondary."""
        return self.primary if kind is CodeKind.PRIMARY else self.secondary

    def key(self, kind: CodeKind) -> str | None:
        """What that is compared by."""
        text = self.text(kind)
        return None if text is None else code_key(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedList:
    """A file that was loaded for an order, and how many units of it still stand."""

    id: int
    file_name: str
    serials: int
    at: str
    operator: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCount:
    """How the units of one product stand to the lists. All counts are units."""

    sku: str
    listed: int
    verified: int
    """Units that came as they are listed."""
    unexpected: int
    """Units that are on no list, or listed with another secondary serial."""
    missing: int | None
    """Listed units that have not come; None where their serials are not scanned before packing."""


class Standing(Enum):
    """What the lists say of a code."""

    EXPECTED = "expected"
    UNLISTED = "unlisted"
    OTHERWISE = "otherwise"
    """It is listed as another unit's, or its unit's other code is."""
    SILENT = "silent"
    """They say nothing of it."""


@dataclass(frozen=True, slots=True)
class OnList:
    """What the lists say of a code, and the row of which that is true."""

    standing: Standing
    row: ExpectedSerial | None = None


SILENT = OnList(Standing.SILENT)


def held_against(key: str, kind: CodeKind, other_key: str | None, rows: Iterable[ExpectedSerial]) -> OnList:
    """How a new code stands to lists that name its product.

    Args:
        key: the code.
        kind: which of the unit's two it is.
        other_key: the unit's other code, where that is in already.
        rows: the units of the lists that have the one or the other, in whichever column.
    """
    rows = list(rows)
    own = [row for row in rows if row.key(kind) == key]
    if other_key is None:
        if own:
            return OnList(Standing.EXPECTED, own[0])
    elif pair := _first(row for row in own if row.key(kind.other) == other_key):
        return OnList(Standing.EXPECTED, pair)
    elif elsewhere := _first(row for row in own if row.key(kind.other) is not None):
        return OnList(Standing.OTHERWISE, elsewhere)
    elif promised := _first(row for row in rows if row.key(kind.other) == other_key and row.key(kind) is not None):
        return OnList(Standing.OTHERWISE, promised)
    elif own:
        return OnList(Standing.EXPECTED, own[0])
    if crossed := _first(row for row in rows if row.key(kind.other) == key):
        return OnList(Standing.OTHERWISE, crossed)
    # A list may name the primaries alone.
    return OnList(Standing.UNLISTED) if kind is CodeKind.PRIMARY else SILENT


def _first(rows: Iterable[ExpectedSerial]) -> ExpectedSerial | None:
    return next(iter(rows), None)


@dataclass(frozen=True, slots=True)
class Missing:
    """The listed units that have not come: some by name, and how many in all."""

    codes: Sequence[str] = ()
    count: int = 0

    def __bool__(self) -> bool:
        return self.count > 0


NOTHING_MISSING = Missing()
