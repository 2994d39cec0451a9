"""What comes back: its paper, the work that takes it, and what a known unit at the return desk means (RULES 2.22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NamedTuple

from scanstation.domain.codes import code_key, shorten
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus, WorkStatus
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind


class ReturnStatus(StrEnum):
    """Is more expected of a return?"""

    OPEN = "Open"
    CLOSED = "Closed"


class Owed(StrEnum):
    """What a piece of a return still lacks."""

    NOTHING = ""
    PRODUCT = "product"
    """An unknown serial was scanned: whose is it?"""
    SERIAL = "serial"
    """A product was scanned whose units have serials."""
    OTHER = "other"
    """The other of a unit's two codes, or that its part is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One return: what a client or a customer sends back under one reference."""

    id: int
    number: str
    """The RMA number; where nobody gave one, a number of the house (`R-12`)."""
    client_id: int | None
    """Whose goods are expected; None where no list was loaded."""
    client: str
    status: ReturnStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """What a list expects of a return: one unit by its serial, or so many of a product."""

    id: int
    product_id: int
    sku: str
    serial: str
    """Empty where a quantity is expected."""
    serial_key: str
    quantity: int
    order_number: str
    """The shipment order that it went out on; empty where the list does not say."""


class CameBack(NamedTuple):
    """Something that came back of a return, or is in hand."""

    product_id: int
    quantity: int
    keys: frozenset[str]
    """Of its codes; none of goods without serials."""
    is_booked: bool = True


class Unlisted(Enum):
    """Why what came back is not what a list expects."""

    NOT_LISTED = "not on its list"
    OTHER_ORDER = "of another order"
    OTHER_CLIENT = "of another client"
    TOO_MANY = "more than expected"
    ELSEWHERE = "expected on another return"


class Doubt(NamedTuple):
    """Something that came back and is not expected so."""

    why: Unlisted
    expected: str = ""
    """The order, the client or the return that it should have been, or how many are expected."""

    @property
    def reason(self) -> str:
        """As a hold says it."""
        detail = f": {shorten(self.expected)}" if self.expected and self.why is Unlisted.ELSEWHERE else ""
        return f"{self.why.value}{detail}"


def held_against(
    lines: Sequence[ReturnLine], came: Sequence[CameBack], one: CameBack, order_key: str | None
) -> Doubt | None:
    """What is wrong with something that comes back, as a list has it; None where it is expected.

    Args:
        lines: of the return's list.
        came: what has come back of it before, at any station.
        one: what comes now.
        order_key: the order that it left on; None where nobody knows.
    """
    of_product = [line for line in lines if line.product_id == one.product_id]
    by_serial = next((line for line in of_product if line.serial_key in one.keys), None)
    if by_serial is not None:
        return _other_order([by_serial], order_key)
    by_count = [line for line in of_product if not line.serial_key]
    if not by_count:
        return Doubt(Unlisted.NOT_LISTED)
    if doubt := _other_order(by_count, order_key):
        return doubt
    listed = {line.serial_key for line in of_product if line.serial_key}
    taken = sum(each.quantity for each in came if each.product_id == one.product_id and not each.keys & listed)
    expected = sum(line.quantity for line in by_count)
    return Doubt(Unlisted.TOO_MANY, str(expected)) if taken + one.quantity > expected else None


def _other_order(lines: Sequence[ReturnLine], order_key: str | None) -> Doubt | None:
    if order_key is None or any(code_key(line.order_number) in ("", order_key) for line in lines):
        return None
    return Doubt(Unlisted.OTHER_ORDER, lines[0].order_number)


def settled(lines: Sequence[ReturnLine], came: Sequence[CameBack]) -> dict[int, int]:
    """How much of each line has come back, by its id; what is only in hand has not."""
    keys = {(one.product_id, key) for one in came if one.is_booked for key in one.keys}
    back = {line.id: int((line.product_id, line.serial_key) in keys) for line in lines if line.serial_key}
    for product_id in {line.product_id for line in lines}:
        listed = {line.serial_key for line in lines if line.serial_key and line.product_id == product_id}
        left = sum(
            one.quantity for one in came if one.is_booked and one.product_id == product_id and not one.keys & listed
        )
        for line in lines:
            if line.product_id == product_id and not line.serial_key:
                back[line.id] = min(line.quantity, left)
                left -= back[line.id]
    return back


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWork:
    """What one station takes in of one return, until it is completed."""

    id: int
    return_id: int
    warehouse_id: int
    warehouse: str
    station: str
    operator: str
    status: WorkStatus
    opened_at: str
    closed_at: str | None
    closed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPiece:
    """A unit that came back, or a quantity of goods without serials."""

    id: int
    work_id: int
    entry_id: int
    product_id: int | None
    """None until somebody has said whose the unknown serial is."""
    quantity: int
    unit_id: int | None
    code: str
    """What was scanned for it first."""
    owed: Owed
    other: CodeKind | None
    """Which of its codes is the other one."""
    part_missing: str
    """The code of the part that did not come back."""
    is_unknown: bool
    """Was it never known to have left? Then it is an unknown return."""
    doubt: str
    """What somebody said yes to all the same; such a unit goes on hold whatever the site wants of the others."""
    source: Source


class ReturnStep(StrEnum):
    """What an accepted scan of a return did."""

    TAKEN = "taken"
    """It took a unit, or goods."""
    PRODUCT = "product"
    """It said whose an unknown serial is."""
    SERIAL = "serial"
    """It said which unit of a product it is."""
    OTHER = "other"
    """It was the other code, or said that its part is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEntry:
    """An accepted scan of a return."""

    id: int
    piece_id: int | None
    act: ReturnStep
    summary: str
    at: str


@dataclass(frozen=True, slots=True)
class ReturnSums:
    """What has come back of a return, in units."""

    done: int = 0
    unknown: int = 0
    """How many of those were never known to have left."""
    open: int = 0
    """In hand at stations that have not completed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedGoods:
    """A unit, or a quantity, that came back."""

    client: str
    sku: str
    primary: str | None
    secondary: str | None
    quantity: int
    is_unknown: bool
    part_missing: str
    is_booked: bool
    warehouse: str
    station: str
    operator: str
    at: str
    """When its work was completed, or begun where it is not."""


class EntryText(NamedTuple):
    """What an accepted scan was."""

    id: int
    piece_id: int | None
    act: ReturnStep
    code: str


class Meeting(Enum):
    """What it means that a known unit stands at the return desk."""

    BACK = "back"
    """It had left: it is taken."""
    PACKED = "packed"
    IN_STOCK = "in stock"
    """By the books it never left, or is no stock any more: another unit must have."""
    IN_WORK = "in work"
    """Somebody has it in hand."""


def meet(unit: Unit, *, in_return: bool) -> Meeting:
    """What is to be done with a unit whose code was scanned as one that comes back.

    Args:
        unit: as the store knows it.
        in_return: has an open return taken it already?
    """
    if in_return or unit.held_by is not None or unit.status in (UnitStatus.HELD, UnitStatus.IN_TRANSIT):
        return Meeting.IN_WORK
    if unit.status is UnitStatus.SHIPPED:
        return Meeting.BACK
    return Meeting.PACKED if unit.status is UnitStatus.PACKED else Meeting.IN_STOCK


def other_kind(unit: Unit, key_of_secondary: str, scanned_key: str) -> CodeKind | None:
    """Which code of a unit is to be asked beside the one that was scanned; None where it has only one."""
    if not (unit.primary and unit.secondary):
        return None
    return CodeKind.PRIMARY if scanned_key == key_of_secondary else CodeKind.SECONDARY


def reason_of(reference: str, part_missing: str = "") -> str:
    """Why a unit goes on hold that came back, under a return's number or a purchase order's, perhaps without a part."""
    return f"returned {reference}" + (f", {_lacks(part_missing)}" if part_missing else "")


def _lacks(part: str) -> str:
    return f"part missing: {shorten(part)}"


def hold_reason(piece: ReturnPiece, reference: str, *, on_hold: bool) -> str:
    """Why a unit goes on hold as it comes back; empty where it does not.

    Args:
        piece: how it came back.
        reference: the return's number.
        on_hold: does the site want everything on hold that comes back?
    """
    reasons = [f"unknown return {reference}" if piece.is_unknown else reason_of(reference)]
    if piece.part_missing:
        reasons.append(_lacks(piece.part_missing))
    if piece.doubt:
        reasons.append(piece.doubt)
    return ", ".join(reasons) if on_hold or piece.is_unknown or len(reasons) > 1 else ""


def scanned_for(piece: ReturnPiece, entries: Sequence[EntryText]) -> str:
    """What was scanned for a unit, a line for each code; its product's scan is none."""
    later = [one for one in entries if one.piece_id == piece.id]
    first = [one for one in entries if one.id == piece.entry_id]
    by_serial = any(one.act is ReturnStep.SERIAL for one in later)
    others = [one for one in later if one.act is ReturnStep.OTHER and not piece.part_missing]
    serials = [one for one in later if one.act is ReturnStep.SERIAL] if by_serial else first
    return "\n".join(one.code for one in [*serials, *others])
