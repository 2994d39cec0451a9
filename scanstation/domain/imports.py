"""Imported files, and the units that they name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scanstation.domain.codes import Code
from scanstation.domain.lots import LotFacts
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.tracking import TrackingPolicy
from scanstation.domain.units import is_free


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One imported file, as far as its serials still stand on an order."""

    id: int
    file_name: str
    at: str
    operator: str
    station: str
    serials: int


@dataclass(frozen=True, slots=True)
class ImportedCount:
    """How many units imports have put on a line: those with one code, and those with two."""

    one_code: int = 0
    two_codes: int = 0


class FoundUnit(NamedTuple):
    """A unit that has a code of an import already, and how it came and went. A tuple: there may be 100,000 of them."""

    id: int
    product_id: int
    warehouse_id: int
    warehouse: str
    status: UnitStatus
    held_by: int | None
    purchase_line_id: int | None
    shipment_line_id: int | None
    receiving_batch_id: int | None
    packing_batch_id: int | None
    primary: str | None
    primary_key: str | None
    secondary: str | None
    secondary_key: str | None
    received_at: str | None
    """None of a unit that packing or a shipment import created."""
    on_hold: str | None

    @property
    def free(self) -> bool:
        """Received, reserved by nobody and not on hold."""
        return is_free(self.status, self.held_by, self.on_hold)

    def line_of(self, kind: OrderKind) -> int | None:
        """The line it came or went by."""
        return self.purchase_line_id if kind is OrderKind.PURCHASE else self.shipment_line_id

    def batch_of(self, kind: OrderKind) -> int | None:
        """The batch that put it on that line; None when it was scanned."""
        return self.receiving_batch_id if kind is OrderKind.PURCHASE else self.packing_batch_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedUnit:
    """A unit that an import put on an order."""

    id: int
    line_id: int
    status: UnitStatus
    held_by: int | None
    was_received: bool
    """False when the import of a shipment order created it."""
    primary: str
    on_hold: str | None

    @property
    def free(self) -> bool:
        """Received, reserved by nobody and not on hold."""
        return is_free(self.status, self.held_by, self.on_hold)


@dataclass(slots=True, kw_only=True)
class NewUnits:
    """Units that the import creates on one line, in the order of the file. Columns: there may be a million of them."""

    order_id: int
    line_id: int
    product_id: int
    warehouse_id: int
    primaries: list[str] = field(default_factory=list)
    primary_keys: list[str] = field(default_factory=list)
    secondaries: list[str | None] = field(default_factory=list)
    secondary_keys: list[str | None] = field(default_factory=list)
    lots: list[LotFacts] = field(default_factory=list)
    """Of each, or empty where the file says nothing of any."""
    written: dict[str, str] = field(default_factory=dict)
    """What the file has for a unit, a line for each cell, where a mark was taken off: by its primary's key."""

    def __len__(self) -> int:
        return len(self.primaries)

    def append(self, primary: Code, secondary: Code | None) -> None:
        """One more."""
        self.primaries.append(primary.text)
        self.primary_keys.append(primary.key)
        self.secondaries.append(secondary.text if secondary else None)
        self.secondary_keys.append(secondary.key if secondary else None)


@dataclass(slots=True, kw_only=True)
class TakenUnits:
    """Known units that the import moves on one line: Received ones that it packs, or Shipped ones that come back."""

    order_id: int
    line_id: int
    product_id: int
    warehouse_id: int
    """The order's, where units that are packed must stand."""
    unit_ids: list[int] = field(default_factory=list)
    primaries: list[str | None] = field(default_factory=list)
    """Their serials, as the store has them."""
    secondaries: list[str | None] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """A code by which the file names each of them."""
    other_keys: list[str | None] = field(default_factory=list)
    """Their other code, where the file names it too."""
    added: list[tuple[int, Code]] = field(default_factory=list)
    """The secondaries that units get with it."""
    written: list[str] = field(default_factory=list)
    """What the file has for each of them: the first cell, or a line for each cell where a mark was taken off."""
    lots: list[tuple[int, LotFacts]] = field(default_factory=list)
    """What the file says of their lots and dates: (unit id, that)."""
    lacking: dict[int, str] = field(default_factory=dict)
    """Which of those that come back lack a part: unit id → the code of that part."""

    def __len__(self) -> int:
        return len(self.unit_ids)

    def append(self, unit: FoundUnit, key: str, other_key: str | None, added: Code | None, written: str) -> None:
        """One more, with the keys that name it."""
        self.written.append(written)
        self.unit_ids.append(unit.id)
        self.primaries.append(unit.primary)
        self.secondaries.append(unit.secondary)
        self.keys.append(key)
        self.other_keys.append(other_key)
        if added is not None:
            self.added.append((unit.id, added))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much is staged."""

    new: int
    new_secondaries: int
    taken: int
    added_secondaries: int


def room_left(
    takes: Mapping[int, int], imported: ImportedCount, policy: Callable[[int], TrackingPolicy]
) -> dict[int, int]:
    """The room of each scenario of a line; what was imported fills the scenarios of as many codes first."""
    left = dict(takes)
    for count, two_codes in ((imported.two_codes, True), (imported.one_code, False)):
        for scenario in sorted(left, key=lambda one: policy(one).two_codes is not two_codes):
            filled = min(count, left[scenario])
            left[scenario] -= filled
            count -= filled
        if count:
            # More than fits, which a correction may leave: no scenario has room.
            left[min(left)] -= count
    return left
