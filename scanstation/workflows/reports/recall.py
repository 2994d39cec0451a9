"""`report recall`: units of a lot, a use-by, a receipt or a list, and where they are, or who got them (RULES 2.29)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, trim
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.status import UnitStatus
from scanstation.store import holds, recalls, reports
from scanstation.store.recalls import RecalledUnit
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.reports.reporting import Filters
from scanstation.workflows.site import Site

_HEADINGS = {
    "match": "Recalled",
    "client": "Client",
    "sku": "SKU",
    "primary_serial": "Primary Serial Number",
    "secondary_serial": "Secondary Serial Number",
    "lot": "Lot",
    "expiry": "Expiry",
    "status": "Status",
    "where": "Where",
    "ship_to": "Ship To",
    "so_number": "SO Number",
    "packed_at": "Packed At",
    "shipped_at": "Shipped At",
    "po_number": "PO Number",
    "received_at": "Received At",
    "hold": "On Hold",
}
_MOMENTS = ("packed_at", "shipped_at", "received_at")
_AT_ONCE = 500
"""Units, or codes of a list."""
_MOST_LISTED = 200


class Match(StrEnum):
    """Why a row is in a recall."""

    LOT = "lot"
    USE_BY = "use-by"
    MEANT = "meant"
    """By its product, its receipt."""
    LISTED = "listed"
    LOT_UNKNOWN = "lot unknown"
    """The product is the one, and nobody can say the unit's lot."""
    USE_BY_UNKNOWN = "use-by unknown"
    """Likewise its use-by, where no lot is recalled."""
    NOT_KNOWN = "serial not known"
    """A serial of the list that no unit has or had."""


LONGEST_ON_A_SCREEN = 2_000
"""Serials of a list; the command takes longer ones."""
_MAY_BE_HELD = (UnitStatus.RECEIVED, UnitStatus.IN_TRANSIT, UnitStatus.PACKED, UnitStatus.SHIPPED)


def is_said(filters: Filters) -> bool:
    """Do filters say what is recalled? A lot does so with its SKU alone; client and warehouse narrow."""
    of_receipt = bool(filters.purchase_order or filters.days)
    return bool(filters.sku) or (not filters.lot and (bool(filters.expiry) or of_receipt))


def _parts(filters: Filters) -> tuple[tuple[Match, bool], ...]:
    """What a recall has, one after the other; what nobody knows of a product's units stands apart."""
    if filters.lot:
        return (Match.LOT, True), (Match.LOT_UNKNOWN, False)
    if not filters.expiry:
        return ((Match.MEANT, True),)
    return ((Match.USE_BY, True), *(((Match.USE_BY_UNKNOWN, False),) if filters.sku else ()))


def hindrance(site: Site, filters: Filters) -> Refused | None:
    """Why there is no such recall: its SKU is not known, which no empty list may hide."""
    if not filters.sku:
        return None
    with site.store.read() as tx:
        if reports.has_product(tx, filters):
            return None
    return site.log_refusal(say.no_sku_to_recall(filters.sku, filters.client))


def has_any(site: Site, filters: Filters) -> bool:
    """Is any unit known to be of the lot, to have the use-by?"""
    with site.store.read() as tx:
        return bool(recalls.of_lot(tx, filters, 0, 1, is_known=True))


@dataclass(frozen=True, slots=True)
class Recalled:
    """One row of a recall on the screen."""

    match: Match
    unit: RecalledUnit

    @property
    def where(self) -> str:
        """Where it is, or to whom it went; empty where nobody knows."""
        unit = self.unit
        if unit.status is UnitStatus.SHIPPED:
            return " → ".join(word for word in (unit.shipment_order, unit.ship_to) if word)
        where = _where(unit) or ""
        if unit.status is UnitStatus.PACKED and unit.shipment_order:
            return worded("{where}, packed on {number}", where=where, number=unit.shipment_order)
        return where


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A serial of a list that no unit has or had."""

    code: str


Row = Recalled | NotKnown


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units a recall concerns."""

    standing: Mapping[UnitStatus, int]
    """Of what is recalled, by their status."""
    on_hold: int
    """Those of them that are on hold."""
    unknown: int
    """Units of the product whose lot, or use-by, nobody knows; of a list the serials that no unit has or had."""

    @property
    def units(self) -> int:
        """Of what is recalled."""
        return sum(self.standing.values())

    @property
    def shipped(self) -> int:
        """Of what is recalled, gone to customers."""
        return self.standing.get(UnitStatus.SHIPPED, 0)


def tally(site: Site, filters: Filters) -> Tally:
    """How a recall stands."""
    with site.store.read() as tx:
        counts = [recalls.counted(tx, filters, is_known=is_known) for _, is_known in _parts(filters)]
    known, unknown = counts[0], counts[1] if len(counts) > 1 else {}
    statuses = {status for status, _ in known}
    return Tally(
        {one: known.get((one, False), 0) + known.get((one, True), 0) for one in UnitStatus if one in statuses},
        sum(count for (_, on_hold), count in known.items() if on_hold),
        sum(unknown.values()),
    )


def page(site: Site, filters: Filters, after: Recalled | None, limit: int) -> Sequence[Recalled]:
    """The rows after one, or the first: the units that are meant, then those whose lot or use-by is unknown."""
    rows: list[Recalled] = []
    with site.store.read() as tx:
        for match, is_known in _parts(filters):
            if after is not None and after.match in (Match.LOT_UNKNOWN, Match.USE_BY_UNKNOWN) and is_known:
                continue
            last = after.unit.id if after is not None and after.match is match else 0
            units = recalls.of_lot(tx, filters, last, limit - len(rows), is_known=is_known)
            rows += [Recalled(match, unit) for unit in units]
            if len(rows) == limit:
                break
    return rows


def lots(site: Site, filters: Filters, beginning: str) -> tuple[list[tuple[str, str]], bool]:
    """The lots that units of a product have and that begin so, or whose use-by does; and whether there are more."""
    with site.store.read() as tx:
        known_lots = recalls.lots_of(tx, filters, trim(beginning), _MOST_LISTED + 1)
    choices = []
    for lot, use_by, units in known_lots[:_MOST_LISTED]:
        count = counted(units, "unit", grouped=True)
        choices.append((lot, worded("{count}, use-by {day}", count=count, day=use_by) if use_by else count))
    return choices, len(known_lots) > _MOST_LISTED


def use_bys(site: Site, filters: Filters, beginning: str) -> tuple[list[tuple[str, str]], bool]:
    """The use-bys that units have and that begin so; and whether there are more."""
    with site.store.read() as tx:
        days = recalls.days_of(tx, filters, trim(beginning), _MOST_LISTED + 1)
    choices = [(day, counted(units, "unit", grouped=True)) for day, units in days[:_MOST_LISTED]]
    return choices, len(days) > _MOST_LISTED


def to_hold(site: Site, filters: Filters) -> tuple[list[int], dict[int, str]]:
    """The units that a hold may be put on, by their ids, and those that are on hold, with why."""
    with site.store.read() as tx:
        rows = holds.matching(tx, filters)
    marks = {row.unit_id: row.on_hold for row in rows if row.on_hold is not None}
    return [row.unit_id for row in rows if row.on_hold is None], marks


def to_hold_of(rows: Sequence[Row]) -> tuple[list[int], dict[int, str]]:
    """Likewise of a list."""
    units = [row.unit for row in rows if isinstance(row, Recalled) and row.unit.status in _MAY_BE_HELD]
    marks = {one.id: one.on_hold for one in units if one.on_hold is not None}
    return [one.id for one in units if one.on_hold is None], marks


def listed(site: Site, codes: Sequence[str], filters: Filters) -> list[Row]:
    """The rows of a list on the screen: the units that have or had one of the serials, then those that none has."""
    unknown: list[str] = []
    rows = [Recalled(Match.LISTED, unit) for unit in _of_codes(site, codes, filters, unknown)]
    return [*rows, *map(NotKnown, unknown)]


def tally_of(rows: Sequence[Row]) -> Tally:
    """How a list stands."""
    units = [row.unit for row in rows if isinstance(row, Recalled)]
    standing = {one: sum(unit.status is one for unit in units) for one in UnitStatus}
    return Tally(
        {one: count for one, count in standing.items() if count},
        sum(unit.on_hold is not None for unit in units),
        len(rows) - len(units),
    )


def read_list(path: Path) -> list[str] | Refused:
    """The serials of a file that a screen names, one a line.

    Raises:
        UnreadablePath: there is no such file, or it cannot be read.
        UnreadableFile: it is no text, or larger than a list is.
    """
    from scanstation.sheets.reading import read_lines

    codes = read_lines(path)
    return codes if len(codes) <= LONGEST_ON_A_SCREEN else say.list_too_long(len(codes), LONGEST_ON_A_SCREEN)


def of_filters(site: Site, filters: Filters) -> Listing:
    """The units that are meant; then, apart from them, those of the product whose lot or use-by is unknown."""

    def read() -> Iterator[tuple[Value, ...]]:
        for match, is_known in _parts(filters):
            last = 0
            while True:
                with site.store.read() as tx:
                    units = recalls.of_lot(tx, filters, last, _AT_ONCE, is_known=is_known)
                yield from (_row(match, unit) for unit in units)
                if len(units) < _AT_ONCE:
                    break
                last = units[-1].id

    return _listing(read)


def of_list(site: Site, codes: Sequence[str], filters: Filters) -> Listing:
    """The units that have or had one of these serials; then the serials that none has or had."""

    def read() -> Iterator[tuple[Value, ...]]:
        unknown: list[str] = []
        for unit in _of_codes(site, codes, filters, unknown):
            yield _row(Match.LISTED, unit)
        for code in unknown:
            values: dict[str, Value] = {"match": Match.NOT_KNOWN.value, "primary_serial": code}
            yield tuple(values.get(name) for name in _HEADINGS)

    return _listing(read)


def _of_codes(site: Site, codes: Sequence[str], filters: Filters, unknown: list[str]) -> Iterator[RecalledUnit]:
    """The units of a list, each once; what no unit has or had goes into `unknown`."""
    by_key = {code_key(code): code for code in codes}
    keys, seen = list(by_key), set[int]()
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        with site.store.read() as tx:
            rows = recalls.of_codes(tx, part, filters)
        for _, unit in rows:
            if unit.id not in seen:
                seen.add(unit.id)
                yield unit
        known_keys = {key for key, _ in rows}
        unknown += [by_key[key] for key in part if key not in known_keys]


def _listing(read: Callable[[], Iterator[tuple[Value, ...]]]) -> Listing:
    return Listing(title="Recall", noun="row", headings=_HEADINGS, read=read, moments=_MOMENTS)


def _row(match: Match, unit: RecalledUnit) -> tuple[Value, ...]:
    values: dict[str, Value] = {
        "match": match.value,
        "client": unit.client,
        "sku": unit.sku,
        "primary_serial": unit.primary,
        "secondary_serial": unit.secondary,
        "lot": unit.lot.lot,
        "expiry": unit.lot.use_by,
        "status": unit.status.value,
        "where": _where(unit),
        "ship_to": unit.ship_to,
        "so_number": unit.shipment_order,
        "packed_at": unit.packed_at,
        "shipped_at": unit.shipped_at,
        "po_number": unit.purchase_order,
        "received_at": unit.received_at,
        "hold": unit.on_hold,
    }
    return tuple(values[name] for name in _HEADINGS)


def _where(unit: RecalledUnit) -> str | None:
    """The warehouse, and in whose hands there; nothing of what has left."""
    if unit.status.has_left or unit.status is UnitStatus.GONE:
        return None
    if unit.held_order is None:
        return unit.warehouse
    return f"{unit.warehouse}, in {unit.held_by}'s hands at {unit.held_at}, on {unit.held_order}"
