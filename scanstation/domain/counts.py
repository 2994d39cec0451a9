"""Counting what is there: what a scan of a count turns out to be once it ends (RULES 2.28)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.units import Disposal

NUMBER_PREFIX: Final = "C-"
"""Before the number of a count, which the house gives."""


class CountStatus(StrEnum):
    """Is more scanned on a count?"""

    OPEN = "Open"
    CLOSED = "Closed"


class Result(StrEnum):
    """What a unit, or a scan, of a count is; the value is how the store and the exports write it."""

    COUNTED = "counted"
    """Scanned; before the count ends nobody is told more. Of goods without serials it stays so."""
    FOUND = "found"
    """Received at its start, and here."""
    MISSING = "missing"
    """Received at its start, not scanned, and nothing has happened to it since."""
    MOVED = "moved"
    """Received at its start, not scanned, and something has happened to it since."""
    CAME_SINCE = "came since"
    """Here and Received, and was not so at its start."""
    STAGED = "staged"
    """Packed."""
    LEFT = "shipped"
    """By the books it has left."""
    ELSEWHERE = "other warehouse"
    """By the books it stands in another building."""
    IN_TRANSIT = "in transit"
    IN_WORK = "in work"
    """Open work is about to receive or pack it, or takes it back."""
    DISPOSED = "disposed of"
    UNKNOWN = "unknown serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count: of what, and where it stands."""

    id: int
    number: str
    warehouse_id: int
    warehouse: str
    client_id: int | None
    client: str
    """Empty where all clients are counted."""
    of_number: str
    """The count whose missing this second round is about; empty of a first round."""
    of_id: int | None
    is_of_skus: bool
    """Only of the products on its lines?"""
    is_partial: bool
    """Was not everything meant to be scanned? Then nothing is missing."""
    status: CountStatus
    at: str
    operator: str
    station: str
    closed_at: str | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedScan:
    """A scan of a count that stands."""

    id: int
    unit_id: int | None
    product_id: int | None
    client: str
    sku: str
    code: str
    primary: str | None
    secondary: str | None
    """The unit's codes as they are now."""
    quantity: int
    status: UnitStatus | None
    """Of the unit as it was scanned; None of goods and of unknown serials."""
    warehouse_id: int | None
    """Where the unit stood by the books as it was scanned."""
    was_in_work: bool
    where: str
    result: Result
    at: str
    station: str
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedUnit:
    """A unit that was Received at the start of a count, as it stands."""

    id: int
    unit_id: int
    client: str
    sku: str
    primary: str | None
    secondary: str | None
    status: UnitStatus
    has_moved: bool
    """Has anything happened to it since?"""
    result: Result | None
    """None before the count ends."""
    is_written_off: bool
    held_back: str
    """Why it was on hold as it was written off; empty where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLine:
    """What was scanned of one product on a count so far, in pieces; how many there should be nobody is told."""

    product_id: int | None
    """None of serials that no unit has."""
    sku: str
    description: str
    is_by_serial: bool
    here: int
    """By one station."""
    others: tuple[tuple[str, int], ...]
    """By the others: station → pieces."""
    is_last: bool
    """Was the station's last scan of it?"""

    @property
    def counted(self) -> int:
        """By all stations."""
        return self.here + sum(pieces for _, pieces in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedGoods:
    """Goods of a count that go by quantity, of one product."""

    client: str
    sku: str
    on_hand: int | None
    """By the books at its start; None where those do not say it for one warehouse."""
    counted: int


def found(scan: CountedScan, count: Count, *, was_expected: bool) -> Result:
    """What a scan is once its count ends, by how its unit stood as it was scanned."""
    if scan.unit_id is None or scan.status is None:
        return Result.UNKNOWN if scan.product_id is None else Result.COUNTED
    if was_expected and scan.status is UnitStatus.RECEIVED:
        return Result.FOUND
    if scan.was_in_work or scan.status is UnitStatus.HELD:
        return Result.IN_WORK
    if scan.status is UnitStatus.RECEIVED:
        if count.of_id is not None and scan.warehouse_id == count.warehouse_id:
            return Result.COUNTED  # the first round did not miss it
        return Result.CAME_SINCE if scan.warehouse_id == count.warehouse_id else Result.ELSEWHERE
    return {
        UnitStatus.PACKED: Result.STAGED,
        UnitStatus.SHIPPED: Result.LEFT,
        UnitStatus.IN_TRANSIT: Result.IN_TRANSIT,
        UnitStatus.DISPOSED: Result.DISPOSED,
        UnitStatus.GONE: Result.UNKNOWN,
    }[scan.status]


def not_scanned(unit: ExpectedUnit) -> Result:
    """What a unit is that was Received at the start of a count and that nobody scanned."""
    return Result.MOVED if unit.has_moved or unit.status is not UnitStatus.RECEIVED else Result.MISSING


def write_off_reason(number: str, why: str) -> str:
    """What a unit's history says of its write-off: the count and why."""
    return f"{Disposal.LOST.value} {number}: {why}"


def is_lost(what: Move, reason: str) -> bool:
    """Is an event a write-off, by a count or by hand, or the loss on a transfer? Then the unit may be found again."""
    lost = Disposal.LOST.value
    return what is Move.LOSE or (what is Move.DISPOSE and reason.startswith((f"{lost} ", f"{lost}:")))
