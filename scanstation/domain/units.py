"""Units as the store knows them, and where they are."""

from dataclasses import dataclass
from enum import StrEnum

from scanstation.domain.codes import code_key
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, UnitStatus


def is_free(status: UnitStatus, held_by: int | None, on_hold: str | None) -> bool:
    """Is a unit Received, reserved by nobody and not on hold, so that work or an import may take it?"""
    return status is UnitStatus.RECEIVED and held_by is None and on_hold is None


class Disposal(StrEnum):
    """What becomes of a unit that is disposed of."""

    SCRAP = "scrap"
    VENDOR = "return to vendor"
    LOST = "lost"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit that a live code belongs to."""

    id: int
    product_id: int
    warehouse_id: int
    warehouse: str
    status: UnitStatus
    held_by: int | None
    purchase_line_id: int | None
    shipment_line_id: int | None
    primary: str | None
    secondary: str | None
    on_hold: str | None = None
    """Why it is on hold (RULES 2.23); None where it is not."""
    lot: LotFacts = NO_LOT
    is_boxed: bool = False
    """Was it scanned into the box of an order, where it waits for an import (RULES 2.10)?"""

    @property
    def free(self) -> bool:
        """Received, reserved by nobody and not on hold."""
        return is_free(self.status, self.held_by, self.on_hold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a unit was last seen: for the sentence of a refusal."""

    status: UnitStatus
    order_kind: OrderKind | None
    """None with HELD: an open return has it, whose number stands in place of the order's."""
    order_number: str | None
    at: str
    station: str
    operator: str
    hold: "Hold | None" = None
    came_back: bool = False
    """Is it here because it was returned?"""
    is_lost: bool = False
    """Was it written off, or lost on a transfer? Then it may be found again (RULES 2.27, 2.28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a unit is on hold, and who said so."""

    reason: str
    at: str
    station: str
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A unit as far as putting it on hold, or lifting that, needs to know it."""

    unit_id: int
    sku: str
    code: str
    status: UnitStatus
    held_by: int | None
    on_hold: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHold:
    """Units of one client that are in the house and on hold for the same reason."""

    client: str
    reason: str
    came_back: bool
    """Did they go on hold as they came back?"""
    sku: str
    """Of the first of their products."""
    skus: int
    """How many products they are of."""
    units: int
    since: str
    """When the first of them went on hold, as the store keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When an act happens, who acts and where."""

    at: str
    operator: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One unit of a move: on which order line, and how its code came in."""

    unit_id: int
    line_id: int | None
    source: Source
    batch_id: int | None = None
    scanned: str | None = None
    """What was scanned for it, a line for each scan, where it is not its primary as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeCode:
    """A code that differs from another only by marks or separators, and whose it is."""

    text: str
    key: str
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedCode:
    """A code that a correction replaced: whose it was, and what stands in its place."""

    product_id: int
    unit_id: int
    text: str
    key: str
    free: bool
    """Is the unit Received, reserved by nobody and not on hold?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockOnce:
    """A unit that came as opening stock, with what its row said then and what it is now."""

    unit_id: int
    warehouse_id: int
    client: str
    sku: str
    primary: str
    secondary: str
    sku_now: str
    codes_now: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedUnit:
    """A Packed unit of a shipment order."""

    unit_id: int
    line_id: int
    was_received: bool
    """False when packing or an import of the shipment order created it."""
    on_hold: str | None
    primary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedUnit:
    """A Shipped unit of a shipment order."""

    unit_id: int
    line_id: int
    primary: str
    last: Move
    """What last happened to it, holds apart."""
    on_hold: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedUnit:
    """A unit that has a code now, and whose it is."""

    unit: Unit
    client_id: int
    client: str
    sku: str
    was_received: bool
    """False when packing or an import of its shipment order created it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person has looked at of a unit: an act of theirs is one on just that."""

    events: int
    """How many there were."""
    box: int | None = None
    """The order into whose box it was scanned, which is no event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedUnit:
    """A unit as it stands, gone ones included; its last codes, where it has none any more."""

    id: int
    warehouse: str
    client: str
    sku: str
    description: str
    status: UnitStatus
    primary: str | None
    secondary: str | None
    on_hold: str | None
    """Why it is on hold."""
    lot: LotFacts
    held_order: str | None
    """The order, or the return, whose open work has it reserved, and that work's station, operator and beginning."""
    held_order_kind: OrderKind | None
    """None of a return."""
    held_at: str | None
    held_by: str | None
    held_since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedEvent:
    """One happening in a unit's life."""

    unit_id: int
    at: str
    what: Move
    status: UnitStatus
    order_kind: OrderKind | None
    order: str | None
    operator: str
    station: str
    source: str
    file_name: str | None
    reason: str
    primary: str | None
    secondary: str | None
    sku: str | None = None
    """What its product was called then; none where an older version wrote it, nor is the client's name."""
    client: str | None = None
    recorded_at: str | None = None
    """By the store's clock; later than `at` where it was entered afterwards. None where an older version wrote it."""

    @property
    def entered_at(self) -> str | None:
        """When it was entered, of what was written down before."""
        return self.recorded_at if self.source == Source.DOWNTIME else None

    def formerly(self, unit: TracedUnit) -> str:
        """What it was of then, where that is called otherwise now: its SKU, and its client if that differs."""
        other = self.client and code_key(self.client) != code_key(unit.client)
        if not other and (self.sku is None or code_key(self.sku) == code_key(unit.sku)):
            return ""
        return f"formerly {self.sku}" + (f" of {self.client}" if other else "")
