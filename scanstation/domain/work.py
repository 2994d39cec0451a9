"""Work: one receipt or packing of one order at one station, its pieces and its accepted scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scanstation.domain.scan import Source
from scanstation.domain.status import WorkStatus
from scanstation.domain.verdict import CodeKind

PART_MISSING: Final = "part missing"
"""The act of an entry that said so of a unit which comes back; its code is that of the part."""


class OncePerWork(StrEnum):
    """What is asked once of a work, wherever it is continued; the value is how the store writes it."""

    WRONG_LIST = "wrong list"
    """Is what is on no list rather the list's fault (RULES 2.26)? Yes ends all asking."""
    WHOLE_SERIAL = "whole serial"
    """Of a product: is a serial whole that may be two elements run together?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A receipt or a packing of one order at one station."""

    id: int
    order_id: int
    station: str
    operator: str
    status: WorkStatus
    opened_at: str
    closed_at: str | None
    closed_by: str | None
    closed_at_station: str | None
    unlisted: tuple[str, ...] = ()
    """The keys of what is on no supplier's list, since something was (RULES 2.26)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """Open work as a supervisor or another station sees it."""

    work: Work
    pieces: int
    owes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A quantity that work took on a line."""

    id: int
    work_id: int
    line_id: int
    entry_id: int | None
    scenario: int
    quantity: int
    owed: bool
    unit_id: int | None
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPiece:
    """A piece with a code missing."""

    piece: Piece
    waiting: int
    """How many of the same line wait for a code in this work, this one included."""
    known: str | None
    """The unit's primary, once it is in."""
    known_secondary: str | None
    """Its secondary, where that came first."""
    run: int = 1
    """How many pieces its product scan took."""
    run_left: int = 1
    """How many of those wait for a code, this one included."""
    waiting_in_all: int = 0
    """How many of all lines wait for a code in this work, this one included; 0 where nobody has counted."""

    def code(self, kind: CodeKind) -> str | None:
        """The unit's code of this kind, once it is in."""
        return self.known if kind is CodeKind.PRIMARY else self.known_secondary


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum of a work."""

    quantity: int
    last_line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An accepted scan, or one of the acts that one scan was."""

    id: int
    op_id: str
    work_id: int
    piece_id: int | None
    act: str
    code: str
    summary: str
    at: str
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """A serial that was scanned with a unit of a packing and that no import has brought yet (RULES 2.10)."""

    id: int
    piece_id: int
    line_id: int
    order_id: int
    number: str
    product_id: int
    kind: CodeKind
    scenario: int
    """Under which its unit was taken."""
    text: str
    key: str
    unit_id: int | None
    """The unit that it names; none where nobody knows it."""
    station: str
    operator: str
    in_work: bool
    """Is its packing still open?"""
    has_left: bool
    """Is its order Shipped, without this serial?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShare:
    """How much of a line one station's open work has taken."""

    line_id: int
    station: str
    quantity: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What the others than one work have taken, as it was when their order had changed so many times."""

    work_id: int
    changes: int
    others: Sequence[LineShare]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one station's open work stands among the others on the same order."""

    others: list[LineShare]
    """What the others have taken, by station."""
    owed: dict[int, int]
    """How many units of its own wait for a code: line id → count."""
    last_line: int | None
    """Where it took something last; None where it has nothing."""
