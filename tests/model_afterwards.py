"""RULES.md once more, the other half of the day: hold, unship, regrade, returns, transfers and counts (tests/model.py).

Each act answers with the reasons why it is refused, none when it was done; a question that it asks is said beforehand.
"""

import re
from collections import Counter
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
    LotHold,
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
    """A unit that came back, as far as it is known which; or goods, by quantity."""

    client: str
    code: str
    unit: Unit | None = None
    owed: str = ""
    """`product` of an unknown serial, `serial` of a product that was scanned, `other` of a unit with two codes."""
    product: str = ""
    """The SKU that it came back as; a regrade later changes nothing of that."""
    quantity: int = 1
    is_first: bool = True
    """Was the unit's serial what was scanned first, and not its product?"""
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

    def has(self, serial: str) -> bool:
        """Is it the unit of a serial, by a code that it has or had?"""
        return self.unit is not None and key(serial) in codes_ever(self.unit)


@dataclass(frozen=True)
class Listed:
    """What the list of a return expects: one unit by its serial, or so many of a product."""

    sku: str
    serial: str = ""
    quantity: int = 1
    order: str = ""
    """The shipment order that it left on, if the list says."""


@dataclass(eq=False)
class ReturnPaper:
    """A return by its number: whose it is, what is expected of it, and what has come."""

    number: str
    client: str
    lines: list[Listed] = field(default_factory=list)
    is_closed: bool = False
    is_of_house: bool = False
    """Nobody gave it a number."""
    booked: list[ReturnPiece] = field(default_factory=list)

    def back(self) -> list[int]:
        """How much of each line has come back."""
        found: list[int] = []
        left = {sku: sum(piece.quantity for piece in self.booked if self._by_count(piece, sku)) for sku in self.skus}
        for line in self.lines:
            if line.serial:
                found.append(int(any(piece.product == line.sku and piece.has(line.serial) for piece in self.booked)))
            else:
                found.append(min(line.quantity, left[line.sku]))
                left[line.sku] -= found[-1]
        return found

    @property
    def skus(self) -> set[str]:
        return {line.sku for line in self.lines}

    def _by_count(self, piece: ReturnPiece, sku: str) -> bool:
        """Is it one of so many, and none that is listed by its serial?"""
        listed = [line.serial for line in self.lines if line.sku == sku and line.serial]
        return (piece.client, piece.product) == (self.client, sku) and not any(piece.has(one) for one in listed)

    def doubt(self, one: ReturnPiece, in_hand: list[ReturnPiece], order: str | None) -> str:
        """Why something that comes back is not as its list has it; '' where it is (§2.22)."""
        if not self.lines:
            return ""
        of_product = [line for line in self.lines if line.sku == one.product]
        meant = [line for line in of_product if line.serial and one.has(line.serial)]
        by_count = [line for line in of_product if not line.serial]
        if not (meant or by_count):
            return "not-listed"
        if order is not None and not any(line.order in ("", order) for line in meant[:1] or by_count):
            return "other-order"
        came = sum(piece.quantity for piece in (*self.booked, *in_hand) if self._by_count(piece, one.product))
        expected = sum(line.quantity for line in by_count)
        return "" if meant or came + one.quantity <= expected else "too-many"


@dataclass(eq=False)
class Return:
    """What a station takes in of a return (§2.22)."""

    paper: ReturnPaper
    id: int
    station: str
    warehouse: str
    pieces: list[ReturnPiece] = field(default_factory=list)
    entries: list[tuple[ReturnPiece, str]] = field(default_factory=list)

    @property
    def client(self) -> str:
        return self.paper.client

    @property
    def count(self) -> int:
        return sum(piece.quantity for piece in self.pieces)

    @property
    def owing(self) -> ReturnPiece | None:
        return next((piece for piece in self.pieces if piece.owed), None)


@dataclass(eq=False)
class Leg:
    unit: Unit
    state: str = ON_THE_WAY
    held: str = ""
    """For what it was on hold as it was lost."""


@dataclass(eq=False)
class Goods:
    """What went by quantity on a transfer, of one product."""

    sent: int = 0
    arrived: int = 0
    back: int = 0
    lost: int = 0

    @property
    def on_the_way(self) -> int:
        return self.sent - self.arrived - self.back - self.lost


@dataclass(eq=False)
class Transfer:
    number: str
    sending: str
    to: str
    is_closed: bool = False
    legs: list[Leg] = field(default_factory=list)
    goods: dict[tuple[str, str], "Goods"] = field(default_factory=dict)
    """Client and SKU → how many."""
    scans: dict[str, list[tuple[Leg | tuple["Goods", int], bool, bool]]] = field(default_factory=dict)
    """Station → leg, or goods and how many; whether it was sent there, and whether it was on the list."""

    def on_list(self) -> set[tuple[str, str]]:
        """Client and SKU of all that is on it; of units, those that were neither lost nor brought back."""
        there = {(leg.unit.client, leg.unit.sku) for leg in self.legs if leg.state in (ON_THE_WAY, ARRIVED)}
        return there | {product for product, one in self.goods.items() if one.sent}

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
    held: str = ""
    """For what it was on hold as it was written off."""

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
    was_in_return: bool = False
    goods: tuple[str, str] | None = None
    """Client and SKU of what is counted by quantity."""
    quantity: int = 1


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

    def begin_the_day(self) -> None:
        """Nothing has come back, been sent or counted yet."""
        self.papers: list[ReturnPaper] = []
        self.at_returns: dict[str, Return] = {}
        """Station → what it has open."""
        self.shown_returns: dict[str, Return] = {}
        """Station → what its desk shows, which another may have taken over."""
        self.transfers: list[Transfer] = []
        self.counts: list[StockCount] = []
        self._house = count(1)

    def change_settings(self, client: str, sku: str, scenario: int) -> set[str]:
        """What a return has in hand keeps its settings as what open work has (§2.17)."""
        in_hand = [piece for work in self.at_returns.values() for piece in work.pieces]
        if self.products[client, sku] != scenario and any(
            (one.client, one.product) == (client, sku) for one in in_hand
        ):
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

    def hold_lot(self, station: str, client: str, sku: str, lot: str, reason: str) -> set[str]:
        """A standing hold: of the units that there are, and of those that come later."""
        if any((one.client, one.sku, one.lot) == (client, sku, key(lot)) for one in self.lot_holds):
            return {"lot-on-hold-already"}
        begun = LotHold(client, sku, key(lot), f"lot {lot}: {reason}")
        self.lot_holds.append(begun)
        for unit in self.units:
            if begun.is_of(unit):
                self.hold_as_its_lot(station, unit, "typed")
        return set()

    def release_lot(self, station: str, client: str, sku: str, lot: str) -> set[str]:
        """What is on hold for another reason stays so."""
        stands = [one for one in self.lot_holds if (one.client, one.sku, one.lot) == (client, sku, key(lot))]
        if not stands:
            return {"lot-not-on-hold"}
        self.lot_holds.remove(stands[0])
        self.ended_lot_holds += stands
        for unit in self.units:
            if stands[0].is_of(unit) and unit.held_as == stands[0].mark:
                self.lift_hold(station, unit, "typed")
        return set()

    # Unship and regrade (§2.15)

    def unship(self, station: str, order: Order) -> set[str]:
        if order.status != SHIPPED:
            return {"not-shipped"}
        shipped = [unit for unit in self.units if unit.so is order and unit.status == SHIPPED]
        if order.came_back or any(unit.in_return or unit.held_by or unit.last != "Shipped" for unit in shipped):
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
        self.hold_as_its_lot(station, unit, "button")
        return set()

    # Returns (§2.22)

    def works_on(self, paper: ReturnPaper) -> list[Return]:
        """Open work on a return, the oldest first."""
        return sorted((one for one in self.at_returns.values() if one.paper is paper), key=lambda one: one.id)

    def opening_asks(self, paper: ReturnPaper) -> list[str]:
        """The questions that a return's number leads to, where the desk has none open."""
        open_works = self.works_on(paper)
        is_elsewhere = bool(open_works and open_works[0].pieces)
        return ["return-closed"] * paper.is_closed + ["return-elsewhere"] * is_elsewhere

    def open_return(self, station: str, warehouse: str, paper: ReturnPaper, *, take_over: bool = False) -> None:
        """A return is begun, or what another station left open of it is this station's from now on."""
        assert station not in self.at_returns
        if take_over:
            work = self.works_on(paper)[0]
            del self.at_returns[work.station]
            work.station = station
        else:
            work = Return(paper, next(self._ids), station, warehouse)
        self.at_returns[station] = self.shown_returns[station] = work

    def look_at_returns(self, station: str) -> None:
        """The desk has shown what the station has open."""
        if station in self.at_returns:
            self.shown_returns[station] = self.at_returns[station]

    def is_taken_over(self, station: str) -> bool:
        """Did another station take what the desk shows? That is told once."""
        shown = self.shown_returns.get(station)
        return shown is not None and shown is not self.at_returns.get(station)

    def close_paper(self, paper: ReturnPaper) -> set[str]:
        """Nothing more is expected of it."""
        if paper.is_closed:
            return {"return-closed-already"}
        if self.works_on(paper):
            return {"return-in-work"}
        paper.is_closed = True
        return set()

    def paper_of(self, unit: Unit) -> ReturnPaper | None:
        """The one open return whose list expects a unit; None where none does, or several do."""
        codes = {key(code) for code in (unit.primary, unit.secondary) if code}
        expecting = self._expecting(unit.client, unit.sku, codes)
        return expecting[0] if len(expecting) == 1 else None

    def _expecting(self, client: str, sku: str, codes: set[str]) -> list[ReturnPaper]:
        return [
            paper
            for paper in self.papers
            if paper.client == client
            and not paper.is_closed
            and any(line.sku == sku and key(line.serial) in codes for line in paper.lines if line.serial)
        ]

    def _unlisted(self, work: Return, piece: ReturnPiece, order: str | None) -> str:
        """What is wrong with what comes back, held against the lists."""
        if work.client and work.client != piece.client:
            return "other-client"
        others = [one for each in self.works_on(work.paper) for one in each.pieces if one is not piece and one.product]
        doubt = work.paper.doubt(piece, others, order)
        if work.paper.lines and not doubt:
            return ""
        expecting = self._expecting(piece.client, piece.product, codes_ever(piece.unit)) if piece.unit else []
        return "elsewhere" if any(one is not work.paper for one in expecting) else doubt

    def take_goods_back(self, work: Return, sku: str, many: int) -> set[str]:
        """A product is scanned: goods by quantity, or a unit whose serial comes next."""
        if not work.client:
            return {"product-of-several"}
        if self.products[work.client, sku]:
            if many != 1:
                return {"one-by-one"}
            self._piece(work, ReturnPiece(work.client, "", owed="serial", product=sku, is_first=False))
            return set()
        piece = ReturnPiece(work.client, "", product=sku, quantity=many)
        piece.has_doubt = bool(self._unlisted(work, piece, None))
        self._piece(work, piece)
        return set()

    def name_the_unit(self, work: Return, code: str) -> set[str]:
        """The serial of a product that was scanned before, and a question is answered with yes."""
        piece = work.owing
        assert piece is not None
        one = self.unit_of(piece.client, piece.product, code)
        if one is None:
            known = [unit for unit in self.units if unit.has(code)]
            if any(unit.status == SHIPPED for unit in [one for one in known if one.client == work.client] or known):
                return {"other-products-serial"}
            pattern = self.patterns.get((piece.client, piece.product), ("", ""))[0]
            if pattern and not _fits(pattern, code):
                return {"pattern"}
            piece.unit, piece.owed = self._unknown_unit(work, piece.client, piece.product, code), ""
            piece.is_unknown, piece.code = True, code
            work.entries.append((piece, "serial"))
            return set()
        if why := self._not_back(one):
            return why
        work.entries.append((piece, "serial"))
        if one.status != SHIPPED:
            self._another_unit(work, one, code, piece)
        else:
            self._back(work, piece, one, code)
        return set()

    def return_asks(self, work: Return, code: str) -> str:
        """The question that a serial leads to."""
        one: Unit | str | None = self._returned(work, code)
        if work.owing is not None:
            one = self.unit_of(work.owing.client, work.owing.product, code)
        return "not-away" if isinstance(one, Unit) and (one.stands or one.status == DISPOSED) else ""

    def _returned(self, work: Return, code: str) -> Unit | str:
        """The unit that a code means at a return desk, or why it means none."""
        known = [unit for unit in self.units if unit.has(code)]
        known = [unit for unit in known if work.client and unit.client == work.client] or known
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
        if why := self._not_back(one):
            return why
        piece = ReturnPiece(one.client, code)
        if one.status != SHIPPED:
            self._another_unit(work, one, code, piece)
        else:
            self._back(work, piece, one, code)
        self._piece(work, piece)
        return set()

    @staticmethod
    def _not_back(one: Unit) -> set[str]:
        """Why a known unit cannot be what came back."""
        if one.in_return or one.held_by is not None or one.status == IN_TRANSIT:
            return {"in-return", "in-hand"}
        return {"return-packed"} if one.status == PACKED else set()

    def _back(self, work: Return, piece: ReturnPiece, one: Unit, code: str) -> None:
        """A unit that had left is in hand."""
        other = "secondary" if key(code) == key(one.primary) else "primary"
        piece.unit, piece.code, piece.product, piece.other = one, code, one.sku, other
        piece.owed = "other" if getattr(one, other) else ""
        one.in_return = work
        assert one.so
        piece.has_doubt = work.paper.is_closed or bool(self._unlisted(work, piece, one.so.number))

    def _another_unit(self, work: Return, stock: Unit, code: str, piece: ReturnPiece) -> None:
        """The one in stock never left: what is in hand is another, under a house serial."""
        piece.product, piece.owed, piece.is_unknown, piece.has_doubt = stock.sku, "", True, True
        piece.code, piece.label = code, key(code)
        if stock.status == RECEIVED and not stock.on_hold:
            self.put_on_hold(work.station, stock, "return")
            piece.stock = stock, stock.holds
        house = f"HS-{next(self._house):06}"
        self.house[house] = stock.client
        piece.unit = self._unknown_unit(work, stock.client, stock.sku, house)

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
        if not work.client:
            return {"product-of-several"}
        if not self.products[work.client, sku]:
            return {"return-untracked"}
        pattern = self.patterns.get((work.client, sku), ("", ""))[0]
        if pattern and not _fits(pattern, piece.code):
            return {"pattern"}
        piece.unit, piece.owed, piece.product = self._unknown_unit(work, work.client, sku, piece.code), "", sku
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
            piece.owed, piece.product = "product", ""
        elif act == "serial":
            self._no_such_unit(piece)
            piece.owed, piece.stock, piece.label = "serial", None, ""
            piece.is_unknown, piece.has_doubt, piece.part_missing = False, False, False
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
            self.hold_as_its_lot(work.station, stock, "return")

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
        del self.at_returns[work.station], self.shown_returns[work.station]
        work.paper.booked += work.pieces
        work.paper.is_closed = work.paper.is_closed or work.paper.is_of_house
        for piece in work.pieces:
            unit = piece.unit
            if unit is None:
                continue  # goods
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
        if not isinstance(leg, Leg):
            goods, many = leg
            if many > (goods.on_the_way if was_sent else goods.arrived):
                return {"moved-on"}
            if was_sent:
                goods.sent -= many
            else:
                goods.arrived -= many
            of.scans[station].pop()
            return set()
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
        goods = [one for one in of.goods.values() if one.on_the_way]
        if not (of.legs or any(one.sent for one in of.goods.values())):
            return {"nothing-sent"}
        if of.is_closed and not (left or goods):
            return {"closed-already"}
        if (left or goods) and missing is None:
            return {"missing"}
        for one in goods:
            if missing == "lost":
                one.lost += one.on_the_way
            elif missing == "back":
                one.back += one.on_the_way
        for leg in left:
            if missing == "lost":
                leg.state, leg.held = LOST, leg.unit.held
                self.happened(leg.unit, "Lost", station, "button")
            elif missing == "back":
                leg.state = BACK
                self.happened(leg.unit, "Brought back", station, "button")
        of.is_closed = True
        return set()

    def send_goods(self, of: Transfer, client: str, sku: str, many: int) -> set[str]:
        if of.is_closed:
            return {"transfer-closed"}
        if self.products[client, sku] in COUNTED_BY_SERIAL:
            return {"has-serials"}
        of.goods.setdefault((client, sku), Goods()).sent += many
        return set()

    def take_in_goods(self, of: Transfer, client: str, sku: str, many: int) -> set[str]:
        if self.products[client, sku] in COUNTED_BY_SERIAL:
            return {"has-serials"}
        goods = of.goods.get((client, sku), Goods())
        if many > goods.on_the_way:
            return {"not-so-many"}
        goods.arrived += many
        return set()

    def find_goods(self, of: Transfer, client: str, sku: str, many: int, place: str) -> set[str]:
        """What was lost is there, at one of the two ends."""
        if self.products[client, sku] in COUNTED_BY_SERIAL:
            return {"has-serials"}
        goods = of.goods.get((client, sku), Goods())
        if many > goods.lost:
            return {"not-so-many"}
        goods.lost -= many
        if place == of.to:
            goods.arrived += many
        else:
            goods.back += many
        return set()

    def scan_goods(self, station: str, of: Transfer, sku: str, many: int, *, sends: bool) -> set[str]:
        """Of several clients' products it is the one that is on the list (§2.27)."""
        if sends and of.is_closed:
            return {"transfer-closed"}
        on_it = {client for client, name in of.on_list() if name == sku}
        if len(on_it) != 1:
            return {"product-of-several"}
        (client,) = on_it
        why = (self.send_goods if sends else self.take_in_goods)(of, client, sku, many)
        if not why:
            of.scans.setdefault(station, []).append(((of.goods[client, sku], many), sends, True))
        return {"one-by-one"} if "has-serials" in why else why

    # Counts (§2.28)

    def sums(self) -> tuple[dict[object, object], ...]:
        """What has come back, went by quantity and was counted, by the numbers of returns, transfers and counts."""
        back: dict[object, object] = {}
        for paper in self.papers:
            unknown = sum(piece.quantity for piece in paper.booked if piece.is_unknown)
            in_hand = sum(work.count for work in self.works_on(paper))
            row = (paper.is_closed, sum(piece.quantity for piece in paper.booked), unknown, in_hand, paper.back())
            if row[1] or row[3] or row[4]:
                back[paper.number] = row
        goods: dict[object, object] = {
            (of.number, *product): (one.sent, one.arrived, one.back, one.lost)
            for of in self.transfers
            for product, one in of.goods.items()
            if one.sent
        }
        counted: dict[object, object] = {}
        pieces: dict[object, object] = {}
        for of in self.counts:
            by_product = Counter[tuple[str, str]]()
            for scan in of.scans:
                if scan.goods:
                    by_product[scan.goods] += scan.quantity
            counted |= {(of.number, *product): many for product, many in by_product.items()}
            pieces[of.number] = sum(scan.quantity for scan in of.scans)
        return back, goods, counted, pieces

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
        back = back or (unit is not None and unit.held_by is not None)
        status = unit.status if unit else ""
        of.scans.append(CountScan(unit, key(code), station, status, next(self._ids), back))
        of.people.add(operator)
        return set()

    def count_goods(
        self, station: str, operator: str, of: StockCount, client: str, sku: str, many: int, only: str | None
    ) -> set[str]:
        """So many of a product that is counted by quantity; `only` is the SKU that the count is of alone."""
        if why := self.no_counter(operator, of):
            return why
        if of.first:
            return {"only-units"}
        if self.products[client, sku] in COUNTED_BY_SERIAL:
            return {"by-serial"}
        if of.client not in (None, client) or only not in (None, sku):
            return {"not-of-this-count"}
        of.scans.append(CountScan(None, "", station, "", next(self._ids), goods=(client, sku), quantity=many))
        of.people.add(operator)
        return set()

    def _there(self, scan: CountScan) -> Unit | None:
        """The unit that was scanned; none where open work made it and dropped it again (§2.5)."""
        return scan.unit if any(unit is scan.unit for unit in self.units) else None

    def _is_same(self, scan: CountScan, unit: Unit | None, code: str) -> bool:
        there = self._there(scan)
        return there is unit if unit else there is None and not scan.goods and scan.code == key(code)

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
            one.is_written_off, one.held = True, one.unit.held
            self.happened(one.unit, "Disposed", station, "button")
        return set()

    def find_again(self, station: str, unit: Unit, warehouse: str) -> set[str]:
        for of in self.transfers:
            if unit.status == DISPOSED and (leg := of.leg(unit)) and leg.state == LOST:
                if warehouse not in (of.sending, of.to):
                    return {"found-where"}
                leg.state, unit.warehouse = (ARRIVED if warehouse == of.to else BACK), warehouse
                self.happened(unit, "Found again", station, "button")
                self.hold_again(station, unit, leg.held)
                return set()
        rows = [one for of in self.counts for one in of.expected if one.unit is unit and one.is_written_off]
        if unit.status != DISPOSED or not rows:
            return {"not-written-off"}
        self.happened(unit, "Found again", station, "button")
        rows[-1].is_written_off = False
        self.hold_again(station, unit, rows[-1].held)
        return set()


def codes_ever(unit: Unit) -> set[str]:
    """The keys of the codes that a unit has or had."""
    return {key(code) for code in (unit.primary, unit.secondary) if code} | {*unit.replaced, *unit.once}


def _fits(pattern: str, code: str) -> bool:
    return re.fullmatch(pattern, code, re.IGNORECASE) is not None
