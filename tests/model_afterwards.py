"""RULES.md once more, the other half of the day: hold, unship, regrade, returns, transfers and counts (tests/model.py).

Each act answers with the reasons why it is refused, none when it was done; a question that it asks is said beforehand.
"""

import re
from dataclasses import dataclass, field
from itertools import count

from tests.model import (
    DISPOSED,
    HELD,
    IN_TRANSIT,
    PACKED,
    READY,
    RECEIVED,
    SHIPPED,
    Back,
    Model,
    Order,
    Unit,
    key,
)

COUNTED_BY_SERIAL = (1, 3, 5, 7)
"""§2.28: the scenarios whose units get serials before packing."""
ON_THE_WAY, ARRIVED, BACK, LOST = "on the way", "arrived", "back", "lost"


@dataclass(eq=False)
class ReturnPiece:
    """A unit that came back, as far as it is known which."""

    client: str
    code: str
    unit: Unit | None = None
    owed: str = ""
    """`product` of an unknown serial, `other` of a unit with two codes."""
    other: str = ""
    """Which of its codes that is."""
    is_unknown: bool = False
    has_doubt: bool = False
    part_missing: bool = False
    label: str = ""
    """What its label says, where that is another unit's serial."""
    stock: tuple[Unit, int] | None = None
    """The one in stock that has this serial, if it went on hold for it, and how often it had been then."""

    @property
    def sku(self) -> str:
        return self.unit.sku if self.unit else ""


@dataclass(eq=False)
class Return:
    """What a station takes in of a return (§2.22)."""

    number: str
    client: str
    station: str
    warehouse: str
    pieces: list[ReturnPiece] = field(default_factory=list)
    entries: list[tuple[ReturnPiece, str]] = field(default_factory=list)

    @property
    def owing(self) -> ReturnPiece | None:
        return next((piece for piece in self.pieces if piece.owed), None)


@dataclass(eq=False)
class Leg:
    unit: Unit
    state: str = ON_THE_WAY
    held_back: bool = False


@dataclass(eq=False)
class Transfer:
    number: str
    sending: str
    to: str
    is_closed: bool = False
    legs: list[Leg] = field(default_factory=list)
    scans: dict[str, list[tuple[Leg, bool, bool]]] = field(default_factory=dict)
    """Station → leg, whether it was sent there, and whether it was on the list."""

    def leg(self, unit: Unit) -> Leg | None:
        """The last of a unit's legs."""
        return next((leg for leg in reversed(self.legs) if leg.unit is unit), None)


@dataclass(eq=False)
class CountUnit:
    """A unit that was Received as a count began."""

    unit: Unit
    happenings: int
    result: str = ""
    is_written_off: bool = False
    held_back: bool = False

    @property
    def has_moved(self) -> bool:
        return self.unit.happenings != self.happenings or self.unit.status != RECEIVED


@dataclass(eq=False)
class CountScan:
    unit: Unit | None
    code: str
    station: str
    status: str
    at: int
    """Before which other scans, and counts, it was."""
    was_in_return: bool


@dataclass(eq=False)
class StockCount:
    number: str
    warehouse: str
    client: str | None
    is_partial: bool
    first: "StockCount | None"
    expected: list[CountUnit]
    at: int
    is_open: bool = True
    scans: list[CountScan] = field(default_factory=list)
    people: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[CountUnit]:
        return [one for one in self.expected if one.result == "missing"]


class WholeModel(Model):
    """The model with the other half of the day."""

    returns_on_hold = True

    def begin_the_day(self) -> None:
        """Nothing has come back, been sent or counted yet."""
        self.at_returns: dict[str, Return] = {}
        """Station → what it has open."""
        self.transfers: list[Transfer] = []
        self.counts: list[StockCount] = []
        self._house = count(1)

    def change_settings(self, client: str, sku: str, scenario: int) -> set[str]:
        """What a return has in hand keeps its settings as what open work has (§2.17)."""
        in_hand = [piece.unit for work in self.at_returns.values() for piece in work.pieces if piece.unit]
        if self.products[client, sku] != scenario and any((one.client, one.sku) == (client, sku) for one in in_hand):
            return {"product-in-work"}
        return super().change_settings(client, sku, scenario)

    # On hold (§2.23)

    def hold(self, station: str, units: list[Unit]) -> set[str]:
        why = {{HELD: "held", DISPOSED: "disposed"}.get(unit.status, "") for unit in units} - {""}
        if not why and all(unit.on_hold for unit in units):
            why.add("on-hold-already")
        if not why:
            for unit in units:
                if not unit.on_hold:
                    self.put_on_hold(station, unit, "typed")
        return why

    def release(self, station: str, units: list[Unit]) -> set[str]:
        if not any(unit.on_hold for unit in units):
            return {"not-on-hold"}
        for unit in units:
            if unit.on_hold:
                self.lift_hold(station, unit, "typed")
        return set()

    # Unship and regrade (§2.15)

    def unship(self, station: str, order: Order) -> set[str]:
        if order.status != SHIPPED:
            return {"not-shipped"}
        shipped = [unit for unit in self.units if unit.so is order and unit.status == SHIPPED]
        if order.came_back or any(unit.in_return or unit.last != "Shipped" for unit in shipped):
            return {"moved-on"}
        for unit in shipped:
            self.happened(unit, "Unshipped", station, unit.packed_by, order)
        order.status = READY
        return set()

    def regrade(self, station: str, unit: Unit, sku: str) -> set[str]:
        if why := self._not_free(unit):
            return why
        if sku == unit.sku:
            return {"as-it-is"}
        if not self.products[unit.client, sku]:
            return {"not-tracked"}
        if any(code and self.unit_of(unit.client, sku, code) for code in (unit.primary, unit.secondary)):
            return {"in-use"}
        unit.sku = sku
        self.told(unit, "Regraded", station, "button")
        return set()

    # Returns (§2.22)

    def open_return(self, station: str, warehouse: str, number: str, client: str) -> None:
        assert station not in self.at_returns
        self.at_returns[station] = Return(number, client, station, warehouse)

    def return_asks(self, work: Return, code: str) -> str:
        """The question that a serial leads to."""
        one = self._returned(work, code)
        return "not-away" if (isinstance(one, Unit) and one.stands) or _is_gone(one) else ""

    def _returned(self, work: Return, code: str) -> Unit | str:
        """The unit that a code means at a return desk, or why it means none."""
        known = [unit for unit in self.units if unit.has(code)]
        known = [unit for unit in known if unit.client == work.client] or known
        known = [unit for unit in known if unit.status == SHIPPED] or known
        if len(known) > 1:
            return "serial-of-several"
        return known[0] if known else ""

    def take_back_in(self, work: Return, code: str) -> set[str]:
        """A serial is scanned, and a question is answered with yes."""
        assert work.owing is None
        one = self._returned(work, code)
        if one == "":
            self._piece(work, ReturnPiece(work.client, code, owed="product", is_unknown=True))
            return set()
        if not isinstance(one, Unit):
            return {one}
        if one.in_return or one.held_by is not None or one.status == IN_TRANSIT:
            return {"in-return", "in-hand"}
        if one.status == PACKED:
            return {"return-packed"}
        if one.status != SHIPPED:
            self._another_unit(work, one, code)
            return set()
        one.in_return = work
        other = "secondary" if key(code) == key(one.primary) else "primary"
        piece = ReturnPiece(one.client, code, one, owed="other" if getattr(one, other) else "", other=other)
        piece.has_doubt = one.client != work.client
        self._piece(work, piece)
        return set()

    def _another_unit(self, work: Return, stock: Unit, code: str) -> None:
        """The one in stock never left: what is in hand is another, under a house serial."""
        piece = ReturnPiece(stock.client, code, is_unknown=True, has_doubt=True, label=key(code))
        if stock.status == RECEIVED and not stock.on_hold:
            self.put_on_hold(work.station, stock, "return")
            piece.stock = stock, stock.holds
        piece.unit = self._unknown_unit(work, stock.client, stock.sku, f"HS-{next(self._house):06}")
        self._piece(work, piece)

    def _unknown_unit(self, work: Return, client: str, sku: str, code: str) -> Unit:
        unit = Unit(client, sku, work.warehouse, HELD, code, held_by=work, in_return=work)
        self.units.append(unit)
        return unit

    @staticmethod
    def _piece(work: Return, piece: ReturnPiece) -> None:
        work.pieces.append(piece)
        work.entries.append((piece, "taken"))

    def say_whose(self, work: Return, sku: str) -> set[str]:
        """The product of an unknown serial is scanned."""
        piece = work.owing
        assert piece is not None
        assert piece.owed == "product"
        if not self.products[work.client, sku]:
            return {"return-untracked"}
        pattern = self.patterns.get((work.client, sku), ("", ""))[0]
        if pattern and not _fits(pattern, piece.code):
            return {"pattern"}
        piece.unit, piece.owed = self._unknown_unit(work, work.client, sku, piece.code), ""
        work.entries.append((piece, "product"))
        return set()

    def give_other_code(self, work: Return, code: str | None) -> set[str]:
        """The other code of a unit with two, or None: its part is missing."""
        piece = work.owing
        assert piece is not None
        assert piece.owed == "other"
        if code is not None and key(code) != key(self.other_code(piece)):
            return {"wrong-part"}
        piece.owed, piece.part_missing = "", code is None
        work.entries.append((piece, "other"))
        return set()

    @staticmethod
    def other_code(piece: ReturnPiece) -> str:
        """The code that is owed, as it is now."""
        assert piece.unit
        code: str | None = getattr(piece.unit, piece.other)
        return code or ""

    def undo_return(self, work: Return) -> set[str]:
        if not work.entries:
            return {"nothing-taken"}
        piece, act = work.entries.pop()
        self._release_stock(work, piece)
        if act == "other":
            piece.owed, piece.part_missing = "other", False
        elif act == "product":
            self._no_such_unit(piece)
            piece.owed = "product"
        else:
            self._no_such_unit(piece)
            work.pieces.remove(piece)
        return set()

    def _release_stock(self, work: Return, piece: ReturnPiece) -> None:
        """The one in stock is not on hold any more, unless another in hand says the same of it."""
        others = [one.label for one in work.pieces if one is not piece and one.unit and one.unit.sku == piece.sku]
        if piece.stock is None or piece.label in others:
            return
        stock, holds = piece.stock
        is_it = stock.on_hold and stock.holds == holds and stock.sku == piece.sku and stock.has(piece.label)
        if is_it:
            self.lift_hold(work.station, stock, "return")

    def cancel_return(self, work: Return) -> set[str]:
        piece = work.owing
        if piece is None:
            return {"nothing-owed"}
        self._no_such_unit(piece)
        work.pieces.remove(piece)
        work.entries = [one for one in work.entries if one[0] is not piece]
        return set()

    def _no_such_unit(self, piece: ReturnPiece) -> None:
        """It is not in hand any more; one that was new never was."""
        if piece.unit is None:
            return
        piece.unit.in_return = None
        if piece.unit.status == HELD:
            self.units.remove(piece.unit)
        piece.unit = None

    def complete_return(self, work: Return) -> set[str]:
        if work.owing:
            return {"serial-owed", "product-owed"}
        if not work.pieces:
            return {"nothing-back"}
        del self.at_returns[work.station]
        for piece in work.pieces:
            unit = piece.unit
            assert unit is not None
            order = unit.so
            if order:
                order.came_back.append(Back(unit.sku, bool(unit.secondary), bool(unit.so_batch)))
            unit.warehouse, unit.in_return = work.warehouse, None
            self.happened(unit, "Returned", work.station, "return", order)
            unit.has_come_back = True
            suspect = piece.is_unknown or piece.has_doubt or piece.part_missing
            if (self.returns_on_hold or suspect) and not unit.on_hold:
                self.put_on_hold(work.station, unit, "return")
        return set()

    # Transfers (§2.27)

    def begin_transfer(self, sending: str, to: str) -> None:
        self.transfers.append(Transfer(f"T-{len(self.transfers) + 1}", sending, to))

    def meant_in(self, of: Transfer, code: str, *, sends: bool) -> list[Unit]:
        """The units that a code may mean at a transfer desk: of the list, of the sending warehouse, or whichever."""
        known = [unit for unit in self.units if unit.has(code)]
        legs = [] if sends else [unit for unit in known if (leg := of.leg(unit)) and leg.state == ON_THE_WAY]
        return legs or [one for one in known if one.status == RECEIVED and one.warehouse == of.sending] or known

    def send(self, station: str, of: Transfer, code: str) -> set[str]:
        if of.is_closed:
            return {"transfer-closed"}
        units = self.meant_in(of, code, sends=True)
        if len(units) != 1:
            return {"serial-of-several"} if units else {"unknown-code"}
        (unit,) = units
        why = set[str]()
        if unit.status == IN_TRANSIT:
            why.add("in-transit")
        elif not unit.stands:
            why.add("not-free")
        elif unit.warehouse != of.sending:
            why.add("other-warehouse")
        elif self._is_boxed(unit):
            why.add("reserved")
        if not why:
            leg = self._send(station, of, unit)
            of.scans.setdefault(station, []).append((leg, True, True))
        return why

    def _send(self, station: str, of: Transfer, unit: Unit) -> Leg:
        self.happened(unit, "Sent", station, "transfer")
        leg = Leg(unit)
        of.legs.append(leg)
        unit.lists.append(leg)
        return leg

    def take_in(self, station: str, of: Transfer, code: str, *, is_here: bool) -> set[str]:
        """A unit arrives; one that is not on the list is asked about, and `is_here` is the answer."""
        units = self.meant_in(of, code, sends=False)
        if len(units) != 1:
            return {"serial-of-several"} if units else {"unknown-code"}
        (unit,) = units
        leg, is_listed = of.leg(unit), True
        if leg is None or leg.state != ON_THE_WAY:
            if leg and leg.state == ARRIVED and unit.stands and unit.warehouse == of.to:
                return {"arrived"}
            if not unit.stands or unit.warehouse != of.sending or of.is_closed:
                return {"not-on-the-way"}
            if self._is_boxed(unit):
                return {"reserved"}
            if not is_here:
                return {"not-on-list"}
            leg, is_listed = self._send(station, of, unit), False
        self.happened(unit, "Arrived", station, "transfer")
        unit.warehouse, leg.state = of.to, ARRIVED
        of.scans.setdefault(station, []).append((leg, False, is_listed))
        return set()

    def undo_transfer(self, station: str, of: Transfer) -> set[str]:
        if not of.scans.get(station):
            return {"nothing-taken"}
        leg, was_sent, was_listed = of.scans[station][-1]
        unit = leg.unit
        if of.leg(unit) is not leg or leg.state != (ON_THE_WAY if was_sent else ARRIVED):
            return {"moved-on"}
        if not was_sent:
            if not unit.stands or unit.warehouse != of.to or self._is_boxed(unit):
                return {"moved-on"}
            self.happened(unit, "Sent", station, "transfer")
            unit.warehouse, leg.state = of.sending, ON_THE_WAY
        if was_sent or not was_listed:
            self.happened(unit, "Brought back", station, "transfer")
            of.legs.remove(leg)
            unit.lists.remove(leg)
        of.scans[station].pop()
        return set()

    def close_transfer(self, station: str, of: Transfer, missing: str | None) -> set[str]:
        left = [leg for leg in of.legs if leg.state == ON_THE_WAY]
        if not of.legs:
            return {"nothing-sent"}
        if of.is_closed and not left:
            return {"closed-already"}
        if left and missing is None:
            return {"missing"}
        for leg in left:
            if missing == "lost":
                leg.state, leg.held_back = LOST, leg.unit.on_hold
                self.happened(leg.unit, "Lost", station, "button")
            elif missing == "back":
                leg.state = BACK
                self.happened(leg.unit, "Brought back", station, "button")
        of.is_closed = True
        return set()

    # Counts (§2.28)

    def begin_count(self, warehouse: str, client: str | None, sku: str | None, *, is_partial: bool) -> None:
        self.counts.append(
            StockCount(
                f"C-{len(self.counts) + 1}",
                warehouse,
                client,
                is_partial,
                None,
                [
                    CountUnit(unit, unit.happenings)
                    for unit in self.units
                    if unit.status == RECEIVED
                    and unit.warehouse == warehouse
                    and client in (None, unit.client)
                    and sku in (None, unit.sku)
                    and self.products[unit.client, unit.sku] in COUNTED_BY_SERIAL
                ],
                next(self._ids),
            )
        )

    def look_again(self, operator: str, first: StockCount) -> set[str]:
        if first.first:
            return {"second-of-second"}
        if first.is_open:
            return {"count-open"}
        if first.is_partial:
            return {"partial-count"}
        if operator in first.people:
            return {"another-person"}
        again = [one for one in self.counts if one.first is first]
        found = {id(one.unit) for second in again for one in second.expected if one.result == "found"}
        lacking = [one for one in first.missing if not one.has_moved and id(one.unit) not in found]
        if not lacking:
            return {"nothing-missing"}
        units = [CountUnit(one.unit, one.unit.happenings) for one in lacking]
        number = f"C-{len(self.counts) + 1}"
        self.counts.append(StockCount(number, first.warehouse, first.client, False, first, units, next(self._ids)))
        return set()

    def no_counter(self, operator: str, of: StockCount) -> set[str]:
        if not of.is_open:
            return {"count-closed"}
        return {"another-person"} if of.first and operator in of.first.people else set()

    def count_unit(
        self, station: str, operator: str, of: StockCount, unit: Unit | None, code: str, sku: str | None
    ) -> set[str]:
        """A unit is counted by a code; None where no unit has it and it is there all the same.

        `sku` is what the count is of alone.
        """
        if why := self.no_counter(operator, of):
            return why
        if unit:
            if self.products[unit.client, unit.sku] not in COUNTED_BY_SERIAL:
                return {"by-quantity"}
            if of.client not in (None, unit.client) or sku not in (None, unit.sku):
                return {"not-of-this-count"}
        if any(self._is_same(one, unit, code) for one in of.scans):
            return {"counted-already"}
        back = any(piece.unit is unit for work in self.at_returns.values() for piece in work.pieces if piece.unit)
        status = unit.status if unit else ""
        of.scans.append(CountScan(unit, key(code), station, status, next(self._ids), back))
        of.people.add(operator)
        return set()

    def _there(self, scan: CountScan) -> Unit | None:
        """The unit that was scanned; none where open work made it and dropped it again (§2.5)."""
        return scan.unit if any(unit is scan.unit for unit in self.units) else None

    def _is_same(self, scan: CountScan, unit: Unit | None, code: str) -> bool:
        there = self._there(scan)
        return there is unit if unit else there is None and scan.code == key(code)

    def undo_count(self, station: str, of: StockCount) -> set[str]:
        if not of.is_open:
            return {"count-closed"}
        mine = [one for one in of.scans if one.station == station]
        if not mine:
            return {"nothing-counted"}
        of.scans.remove(mine[-1])
        return set()

    def close_count(self, station: str, operator: str, of: StockCount) -> set[str]:
        if why := self.no_counter(operator, of):
            return why
        scanned = [(one, there) for one in of.scans if (there := self._there(one))]
        for one in of.expected:
            if any(there is one.unit for _, there in scanned):
                one.result = "found"
            elif not of.is_partial:
                one.result = "moved" if one.has_moved else "missing"
        for scan, unit in scanned:
            if scan.status == unit.status == SHIPPED and not (unit.on_hold or scan.was_in_return):
                self.put_on_hold(station, unit, "button")
        of.is_open = False
        of.people.add(operator)
        return set()

    def write_off(self, station: str, asked: StockCount) -> set[str]:
        first = asked.first or asked
        if first.is_partial:
            return {"partial-count"}
        rounds = [one for one in self.counts if one.first is first and not one.is_open]
        if not rounds:
            return {"count-open"} if first.is_open else {"no-second-round"}
        lacking = [one for one in rounds[-1].missing if not one.is_written_off and one.unit.status != "Gone"]
        seen = [self._there(scan) for of in self.counts if of is not first for scan in of.scans if scan.at > first.at]
        going = [
            one
            for one in lacking
            if not (one.has_moved or one.unit.held_by or self._is_boxed(one.unit))
            and not any(unit is one.unit for unit in seen)
        ]
        if not going:
            return {"moved-since-count", "reserved", "seen-since-count"} if lacking else {"nothing-to-write-off"}
        for one in going:
            one.is_written_off, one.held_back = True, one.unit.on_hold
            self.happened(one.unit, "Disposed", station, "button")
        return set()

    def find_again(self, station: str, unit: Unit, warehouse: str) -> set[str]:
        for of in self.transfers:
            if unit.status == DISPOSED and (leg := of.leg(unit)) and leg.state == LOST:
                if warehouse not in (of.sending, of.to):
                    return {"found-where"}
                leg.state, unit.warehouse = (ARRIVED if warehouse == of.to else BACK), warehouse
                self.happened(unit, "Found again", station, "button")
                if leg.held_back:
                    self.put_on_hold(station, unit, "button")
                return set()
        rows = [one for of in self.counts for one in of.expected if one.unit is unit and one.is_written_off]
        if unit.status != DISPOSED or not rows:
            return {"not-written-off"}
        self.happened(unit, "Found again", station, "button")
        rows[-1].is_written_off = False
        if rows[-1].held_back:
            self.put_on_hold(station, unit, "button")
        return set()


def _is_gone(one: Unit | str) -> bool:
    return isinstance(one, Unit) and one.status == DISPOSED


def _fits(pattern: str, code: str) -> bool:
    return re.fullmatch(pattern, code, re.IGNORECASE) is not None
