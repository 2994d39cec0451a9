"""Goods on their way from one warehouse to another (RULES 2.27)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NUMBER_PREFIX: Final = "T-"
"""Before the number of a transfer, which the house gives."""


class TransferStatus(StrEnum):
    """Is more sent out on a transfer?"""

    OPEN = "Open"
    CLOSED = "Closed"


class Leg(StrEnum):
    """Where a unit of a transfer stands; the value is how the store writes it."""

    ON_THE_WAY = "on the way"
    ARRIVED = "arrived"
    BACK = "back"
    LOST = "lost"


class Missing(StrEnum):
    """What a supervisor says of what has not arrived."""

    LOST = "lost"
    BACK = "back"
    ON_THE_WAY = "on-the-way"
    """It may still arrive, on the closed transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer: from where, to where."""

    id: int
    number: str
    from_id: int
    from_warehouse: str
    to_id: int
    to_warehouse: str
    status: TransferStatus
    at: str
    operator: str
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferUnit:
    """A unit on the list of a transfer."""

    unit_id: int
    client: str
    sku: str
    primary: str | None
    secondary: str | None
    leg: Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """One product of a transfer, units and goods without serials added up."""

    product_id: int
    sku: str
    description: str
    has_units: bool
    sent: int
    """Without what is back or lost."""
    arrived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEntry:
    """An accepted scan: a unit, or a quantity, that was sent or has arrived."""

    id: int
    leg: Leg
    product_id: int
    unit_id: int | None
    quantity: int
    was_listed: bool
    """Of a unit that arrived: had somebody sent it out before?"""
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferGoods:
    """Goods without serials on a transfer, in pieces."""

    product_id: int
    client: str
    sku: str
    sent: int
    arrived: int = 0
    back: int = 0
    lost: int = 0

    @property
    def on_the_way(self) -> int:
        """What nobody has seen since it was sent."""
        return self.sent - self.arrived - self.back - self.lost

    def count(self, leg: Leg) -> int:
        """How many stand so."""
        on_the_way = self.on_the_way
        return {Leg.ON_THE_WAY: on_the_way, Leg.ARRIVED: self.arrived, Leg.BACK: self.back, Leg.LOST: self.lost}[leg]
