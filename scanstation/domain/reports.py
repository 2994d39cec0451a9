"""The rows of the three reports, and what they are narrowed to."""

from dataclasses import dataclass
from enum import Enum

from scanstation.domain.language import said_later
from scanstation.domain.lots import LotFacts
from scanstation.domain.status import Move, OrderKind, UnitStatus


@dataclass(frozen=True, slots=True)
class Filters:
    """What a report is narrowed to; everything left empty lets all pass. Names compare as `code_key`.

    >>> Filters(client="NORDWIND", statuses=(UnitStatus.PACKED,), code="*311", since="2026-11-20").days
    True
    """

    client: str = ""
    warehouse: str = ""
    sku: str = ""
    statuses: tuple[UnitStatus, ...] = ()
    """The unit's present status."""
    purchase_order: str = ""
    shipment_order: str = ""
    code: str = ""
    """The beginning of either code, or its end with a leading `*`."""
    since: str = ""
    """A time as the store keeps it; the histories look at their events, the serial report at when the unit came
    to one of `statuses` (to any of the three where none is named)."""
    until: str = ""
    """The first moment that is too late."""
    on_hold: bool = False
    """Only units that are on hold now."""
    lot: str = ""
    expiry: str = ""
    """A use-by as 2027-03-31, or the beginning of some: 2027-03."""
    kinds: tuple[Move, ...] = ()
    """Of a history, the events of these kinds in place of those that it is the history of."""

    @property
    def days(self) -> bool:
        """Are there days that limit it?"""
        return bool(self.since or self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialRow:
    """One line of the Serial Number Report: a unit."""

    id: int
    warehouse: str
    client: str
    sku: str
    description: str
    primary: str | None
    secondary: str | None
    status: UnitStatus
    purchase_order: str | None
    received_at: str | None
    shipment_order: str | None
    packed_at: str | None
    shipped_at: str | None
    hold: str | None
    """Why it is on hold."""
    lot: LotFacts
    in_transit_to: str | None
    """The warehouse that it is on its way to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of a history: an event, with the codes that the unit had then."""

    id: int
    at: str
    warehouse: str
    client: str
    order: str | None
    sku: str
    primary: str | None
    secondary: str | None
    operator: str
    station: str
    source: str
    kind: str
    """What happened, as `trace` calls it."""
    order_kind: OrderKind | None
    """None of an event that belongs to no order."""


class Sort(Enum):
    """The order of a page's rows."""

    NEWEST = said_later("newest first")
    CODE = said_later("by code")


@dataclass(frozen=True, slots=True, order=True)
class RowPosition:
    """Where a row stands in the order of its report."""

    key: str
    """The time or the code; empty where the id alone counts."""
    id: int
    then: int = 0
    """The event, where one code stands for several."""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Rows as they follow each other, whichever way they were read."""

    rows: tuple[SerialRow | HistoryRow, ...]
    positions: tuple[RowPosition, ...]
    """Of the rows."""
    looked_to: RowPosition | None = None
    """The page is not full, and what is beyond this has not been looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is asked for.

    `start` is the position that the page begins beyond (or at, with `including`); from the report's beginning without
    it. Backwards, it is what comes before, or the report's end.
    """

    what: Move | None
    """The events of a history; None for the Serial Number Report."""
    filters: Filters
    sort: Sort = Sort.NEWEST
    start: RowPosition | None = None
    including: bool = False
    backwards: bool = False
    limit: int = 50

    @property
    def order(self) -> Sort:
        """How the rows follow each other: where a code is searched they follow the codes."""
        return Sort.CODE if self.filters.code and not self.of_an_order else self.sort

    @property
    def of_an_order(self) -> bool:
        """Is it about one order's units?"""
        return bool(self.filters.purchase_order or self.filters.shipment_order)

    @property
    def descending(self) -> bool:
        """Are the largest positions read first?"""
        return (self.order is Sort.NEWEST) is not self.backwards

    def begin(self) -> RowPosition | None:
        """The position that every row has to be beyond."""
        if self.start is None or not self.including:
            return self.start
        return RowPosition(self.start.key, self.start.id, self.start.then + (1 if self.descending else -1))
