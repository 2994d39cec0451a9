"""RULES.md once more, in plain Python: what a warehouse should answer and look like after each act.

Nothing of the program's own rules is used here. Each refusal is looked for by itself, in no order: an act is
refused if any rule forbids it, and then for one of the rules that do.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

PO, SO = "PO", "SO"
OPEN, PARTIALLY, COMPLETED = "Open", "Partially Received", "Completed"
PACKING, READY, SHIPPED, CANCELLED = "Packing", "Ready to Ship", "Shipped", "Cancelled"
HELD, RECEIVED, PACKED, DISPOSED, GONE = "Held", "Received", "Packed", "Disposed", "Gone"
IN_TRANSIT = "In transit"
BY_ITSELF = "by itself"
TAKES_GOODS = (OPEN, PARTIALLY, PACKING)

ASKS: dict[str, dict[int, str]] = {
    # RULES §1: which codes are asked for: "", 1 the primary, 2 both, E either of the two
    PO: {0: "", 1: "1", 2: "", 3: "2", 4: "", 5: "", 6: "", 7: "", 8: ""},
    SO: {0: "", 1: "1", 2: "1", 3: "E", 4: "2", 5: "", 6: "", 7: "", 8: ""},
}
BUTTON_ALLOWED = {0: True, 1: False, 2: True, 3: False, 4: True, 5: True, 6: True, 7: True, 8: True}
NEW_AT_PACKING = {1: False, 2: True, 3: False, 4: True}
IMPORT: dict[str, dict[int, str]] = {
    PO: {0: "refused", 1: "refused", 2: "refused", 3: "refused", 4: "refused"}
    | {5: "needed", 6: "possible", 7: "needed", 8: "possible"},
    SO: {0: "refused", 1: "refused", 2: "refused", 3: "refused", 4: "refused"}
    | {5: "needed", 6: "needed", 7: "needed", 8: "needed"},
}
IMPORT_ASKS: dict[str, dict[int, str]] = {PO: {5: "1", 6: "1", 7: "2", 8: "2"}, SO: {5: "1", 6: "1", 7: "E", 8: "2"}}
TWO_CODES = {0: False, 1: False, 2: False, 3: True, 4: True, 5: False, 6: False, 7: True, 8: True}
NEW_IN_SO_IMPORT = {5: False, 6: False, 7: False, 8: True}
MOVES = {
    # §2.3, 2.9, 2.15, 2.22, 2.27, 2.28: what may happen to a unit of each status, and what it is then
    ("Received", HELD): RECEIVED,
    ("Packed", HELD): PACKED,
    ("Packed", RECEIVED): PACKED,
    ("Shipped", PACKED): SHIPPED,
    ("Unpacked", PACKED): RECEIVED,
    ("Unshipped", SHIPPED): PACKED,
    ("Returned", SHIPPED): RECEIVED,
    ("Returned", HELD): RECEIVED,
    ("Disposed", RECEIVED): DISPOSED,
    ("Sent", RECEIVED): IN_TRANSIT,
    ("Arrived", IN_TRANSIT): RECEIVED,
    ("Brought back", IN_TRANSIT): RECEIVED,
    ("Lost", IN_TRANSIT): DISPOSED,
    ("Found again", DISPOSED): RECEIVED,
    ("Removed", RECEIVED): GONE,
    ("Removed", PACKED): GONE,
}


def fold(text: str) -> str:
    """A code as it is shown."""
    return unicodedata.normalize("NFKC", text).strip()


def key(text: str | None) -> str:
    """A code as it is compared."""
    return fold(text or "").upper()


@dataclass(frozen=True)
class Expected:
    """The word of an answer, and for which of these reasons it is not OK."""

    tone: str
    reasons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Said:
    """What a label or a row says of the lot and the use-by of a unit (§2.29)."""

    lot: str = ""
    use_by: str = ""
    """YYYY-MM-DD."""

    def and_of(self, other: "Said") -> "Said":
        """This, and what it does not say as the other says it."""
        return Said(self.lot or other.lot, self.use_by or other.use_by)

    def against(self, other: "Said") -> list[str]:
        """What the other says otherwise."""
        pairs = (("lot", self.lot, other.lot), ("use-by", self.use_by, other.use_by))
        return [what for what, mine, its in pairs if mine and its and key(mine) != key(its)]


OK, NOTHING_SAID = Expected("OK"), Said()


def check(*reasons: str) -> Expected:
    return Expected("CHECK", frozenset(reasons))


def stop(*reasons: str) -> Expected:
    return Expected("STOP", frozenset(reasons))


@dataclass(eq=False)
class Taken:
    """What completed work took of a line in one go, as far as corrections have left it."""

    id: int
    """The higher, the later it was taken."""
    scenario: int
    quantity: int
    unit: "Unit | None" = None
    """The one that was scanned for it."""


@dataclass(eq=False)
class Line:
    ordered: int
    closed_short: int = 0
    takings: list[Taken] = field(default_factory=list)

    @property
    def wanted(self) -> int:
        return self.ordered - self.closed_short

    @property
    def done(self) -> int:
        return sum(taking.quantity for taking in self.takings)

    @property
    def taken(self) -> Counter[int]:
        """Scenario → how many completed work took."""
        found: Counter[int] = Counter()
        for taking in self.takings:
            found[taking.scenario] += taking.quantity
        return found

    def without_unit(self) -> list[Taken]:
        """What no serial was scanned for, the latest first."""
        return sorted((one for one in self.takings if one.unit is None), key=lambda one: -one.id)

    def take_back(self, taking: Taken, quantity: int) -> None:
        assert quantity <= taking.quantity
        taking.quantity -= quantity
        if not taking.quantity:
            self.takings.remove(taking)


@dataclass(eq=False)
class Back:
    """A unit that has come back from a shipment order, which counts it all the same (§2.22)."""

    sku: str
    two_codes: bool
    imported: bool


@dataclass(eq=False)
class Order:
    kind: str
    number: str
    client: str
    warehouse: str
    lines: dict[str, Line]
    status: str = OPEN
    was_packed: bool = False
    """Packing was completed on it: unpacking its last unit does not make it Open again (§2.15)."""
    came_back: list[Back] = field(default_factory=list)
    """What it counts although it has come back, or come in on another order since."""
    brings_back: bool = False
    """Is it a purchase order that brings units back?"""

    @property
    def takes_goods(self) -> bool:
        return self.status in TAKES_GOODS


@dataclass(eq=False)
class Unit:
    client: str
    sku: str
    warehouse: str
    status: str
    primary: str | None = None
    secondary: str | None = None
    on_hold: bool = False
    holds: int = 0
    """How often it was put on hold."""
    held_as: str = ""
    """Which hold of a lot (§2.23) it is on hold for, as people read it; empty where it is for something else."""
    kept: Said = NOTHING_SAID
    """Its lot and use-by."""
    held_by: "object | None" = None
    """The work, or the return, that has it in hand."""
    in_return: "object | None" = None
    """A return that has it in hand while by the books it is away."""
    po: Order | None = None
    came_as: str = ""
    """The SKU that it came in as; a regrade makes it another."""
    so: Order | None = None
    was_received: bool = False
    secondary_is_new: bool = False
    """Open work gave a Received unit its secondary: nobody sees it before Complete."""
    packed_by: str = "scan"
    po_batch: int = 0
    so_batch: int = 0
    secondary_at_packing: bool = False
    """Packing or an import of its shipment order gave it its secondary: what takes it back from there takes that."""
    id: int = 0
    """Its row in the store, once that is known."""
    replaced: dict[str, bool] = field(default_factory=dict)
    """Codes that corrections took from it, as keys, and whether each was its secondary."""
    once: set[str] = field(default_factory=set)
    """Keys of codes that were taken from it again."""
    came_before: list[tuple[Order, int]] = field(default_factory=list)
    """The purchase orders that it came in on before, and the batches that brought it."""
    lists: list[object] = field(default_factory=list)
    """The transfers that it was ever sent on."""
    has_come_back: bool = False
    last: str = ""
    """What happened to it last, holds apart."""
    happenings: int = 0

    @property
    def held(self) -> str:
        """For what it is on hold: its lot, or something else; empty where it is not."""
        return (self.held_as or BY_ITSELF) if self.on_hold else ""

    @property
    def free(self) -> bool:
        return self.stands and not self.on_hold

    @property
    def stands(self) -> bool:
        """Is it in stock and in nobody's hands, on hold or not?"""
        return self.status == RECEIVED and self.held_by is None

    @property
    def is_away(self) -> bool:
        """Has it left, and has nobody it in hand since?"""
        return self.status == SHIPPED and self.held_by is None and self.in_return is None

    @property
    def has_moved_on(self) -> bool:
        """§2.15: neither unreceived nor removed any more, whatever it is now."""
        return self.has_come_back or bool(self.lists)

    def has(self, code: str) -> bool:
        return self.status != GONE and key(code) in {key(one) for one in (self.primary, self.secondary) if one}


@dataclass(eq=False)
class Piece:
    id: int
    sku: str
    scenario: int
    quantity: int
    asks: str
    owed: bool
    entry: "Entry"
    unit: Unit | None = None
    has_primary: bool = False
    """Of two codes either may come first, where the unit is known by it."""
    source: str = "scan"
    """How its primary came in."""
    part_missing: bool = False


@dataclass(eq=False)
class Entry:
    id: int
    act: str
    code: str = ""
    piece: Piece | None = None
    gave_code: bool = False
    together: int = 0
    """What it was one act with, where that was a range."""
    said: Said = NOTHING_SAID
    """What its label says of the unit."""


@dataclass(eq=False)
class Work:
    order: Order
    station: str
    state: str = "open"
    entries: list[Entry] = field(default_factory=list)
    """Not undone."""
    pieces: list[Piece] = field(default_factory=list)
    ever: bool = False
    unlisted: set[str] = field(default_factory=set)
    """Serials in a row that are on no list."""
    is_wrong_list: bool = False
    """Did somebody say that it is the wrong list?"""

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def asked(self) -> str:
        """Which code is owed now."""
        return "secondary" if self.owed and self.owed.has_primary else "primary"

    @property
    def owed(self) -> Piece | None:
        return next((piece for piece in self.pieces if piece.owed), None)

    @property
    def quantity(self) -> int:
        return sum(piece.quantity for piece in self.pieces)


@dataclass(eq=False)
class Box:
    """A serial that was scanned with a unit whose serials come by import (§2.10)."""

    order: Order
    sku: str
    code: str
    unit: Unit
    taking: "Piece | Taken"


@dataclass(eq=False)
class Conversation:
    """What a desk remembers between two scans."""

    station: str
    kind: str
    work: Work | None = None
    quantity: int = 1
    question: tuple[str, str] | None = None
    """Its name, and what it is about."""
    same: str = ""
    """The scan or the key that led to it."""
    retry: Callable[[], Expected] = field(default=lambda: OK)
    """That scan, judged again."""
    owing: "Piece | None" = None
    """What was owed when it was asked."""
    yes_to: set[tuple[str, str]] = field(default_factory=set)
    no_to: set[tuple[str, str]] = field(default_factory=set)
    no_means: bool = False
    """Is the scan judged again after a no, too?"""
    on_list: str = ""
    """How the code that was taken last stands to suppliers' lists."""

    def clear(self) -> None:
        self.work, self.quantity, self.question = None, 1, None

    def ask(self, name: str, about: str, *, no_means: bool = False) -> Expected | None:
        """The question, unless it was answered (§2.12)."""
        if (name, about) in self.yes_to | self.no_to:
            return None
        self.question, self.no_means = (name, about), no_means
        return check(name)


@dataclass(frozen=True)
class LotHold:
    """A lot of a client's SKU is on hold, and what comes of it later (§2.23)."""

    client: str
    sku: str
    lot: str
    """Its key."""
    mark: str
    """What units on hold for it show."""

    def is_of(self, unit: Unit, lot: str = "") -> bool:
        return (self.client, self.sku, self.lot) == (unit.client, unit.sku, key(lot or unit.kept.lot))


@dataclass(frozen=True)
class Row:
    """A row of a sheet of serials."""

    warehouse: str
    client: str
    number: str
    sku: str
    primary: str
    secondary: str
    said: Said = NOTHING_SAID

    @property
    def codes(self) -> list[str]:
        return [code for code in (self.primary, self.secondary) if code]


class Model:
    """All orders, units and works of one run."""

    returns_on_hold = True
    today = ""

    def __init__(
        self,
        products: dict[tuple[str, str], int],
        barcodes: dict[tuple[str, str], tuple[str, int]],
        orders: list[Order],
        *,
        patterns: dict[tuple[str, str], tuple[str, str]] | None = None,
        marks: dict[tuple[str, str], tuple[str, str]] | None = None,
        confirms_over_receipt: bool = False,
        scenario6_creates: bool = False,
    ) -> None:
        self.products = products
        """Client and SKU → scenario."""
        self.barcodes = barcodes
        """Client and barcode → SKU and pack quantity."""
        self.orders = orders
        self.boxes: list[Box] = []
        self.announced: dict[tuple[int, str], list[tuple[str, str | None]]] = {}
        """What suppliers' lists say of an order's SKU: primaries, and secondaries where they know them."""
        self.house: dict[str, str] = {}
        """Key of a house serial → the client for whose unit it was given."""
        self.patterns = patterns or {}
        """Client and SKU → what its primary and its secondary serials look like."""
        self.marks = marks or {}
        """Client and SKU → the mark that is no part of its primary and of its secondary serials."""
        self.confirms = confirms_over_receipt
        self.creates6 = scenario6_creates
        self.lot_holds: list[LotHold] = []
        """Those that stand."""
        self.ended_lot_holds: list[LotHold] = []
        self.units: list[Unit] = []
        self.works: list[Work] = []
        self.events: Counter[tuple[object, ...]] = Counter()
        self._ids = count(1)

    # What is where

    def open_works(self, order: Order) -> list[Work]:
        return [work for work in self.works if work.is_open and work.order is order]

    def in_work(self, order: Order, sku: str) -> int:
        return sum(piece.quantity for work in self.open_works(order) for piece in work.pieces if piece.sku == sku)

    def owed_in(self, order: Order, sku: str) -> int:
        return sum(
            piece.quantity
            for work in self.open_works(order)
            for piece in work.pieces
            if piece.sku == sku and piece.owed
        )

    def left(self, order: Order, sku: str) -> int:
        line = order.lines[sku]
        return max(0, line.wanted - line.done - self.in_work(order, sku))

    def lacks(self, order: Order) -> int:
        return sum(self.left(order, sku) for sku in order.lines)

    def unit_of(self, client: str, sku: str, code: str) -> Unit | None:
        found = [unit for unit in self.units if (unit.client, unit.sku) == (client, sku) and unit.has(code)]
        assert len(found) < 2, f"{code} is twice in {sku} of {client}"
        return found[0] if found else None

    def was_once(self, client: str, sku: str, code: str) -> bool:
        """Was a code corrected away from a unit?"""
        return any((one.client, one.sku) == (client, sku) and key(code) in one.replaced for one in self.units)

    def meant(self, client: str, sku: str, text: str, *which: str) -> str:
        """A code as it stands if a unit has it, else without the mark that the product lists (§2.8, Marks)."""
        if self.unit_of(client, sku, text) is not None:
            return text
        without: list[str] = []
        for one in which:
            mark, pattern = (
                found.get((client, sku), ("", ""))[one == "secondary"] for found in (self.marks, self.patterns)
            )
            rest = fold(text)[len(mark) :].lstrip(" :#-")
            fits = bool(pattern) and re.fullmatch(pattern, rest, re.IGNORECASE) is not None
            if mark and rest and key(text).startswith(mark) and (len(mark) > 1 or fits):
                without.append(rest)
        known = [rest for rest in without if self.unit_of(client, sku, rest) is not None]
        return [*known, *without, text][0]

    def product(self, client: str, text: str) -> tuple[str, int] | None:
        for owner, sku in self.products:
            if owner == client and key(sku) == key(text):
                return sku, 1
        return self.barcodes.get((client, key(text)))

    def is_open_number(self, client: str, text: str) -> bool:
        return any(
            order.client == client and key(order.number) == key(text) and (order.takes_goods or order.status == READY)
            for order in self.orders
        )

    def scenario(self, order: Order, sku: str) -> int:
        return self.products[order.client, sku]

    def refresh(self, order: Order) -> None:
        lines = order.lines.values()
        full = all(line.done >= line.wanted for line in lines)
        some = any(line.done for line in lines)
        if order.kind == PO:
            order.status = COMPLETED if full else PARTIALLY if some else OPEN
        else:
            working = any(self.in_work(order, sku) for sku in order.lines)
            order.status = READY if full and not working else PACKING if some or working or order.was_packed else OPEN

    def happened(self, unit: Unit, what: str, station: str, source: str, order: Order | None = None) -> None:
        """Move a unit and keep its event."""
        assert (what, unit.status) in MOVES, f"{unit} cannot be {what}"
        unit.status = MOVES[what, unit.status]
        unit.held_by = None
        self.told(unit, what, station, source, order)
        if what == "Received":
            unit.po, unit.came_as, unit.was_received = order, unit.sku, True
        elif what == "Packed":
            unit.so, unit.packed_by = order, source
        elif what in ("Unpacked", "Returned"):
            unit.so, unit.so_batch, unit.was_received = None, 0, True
            unit.secondary_at_packing = False
        elif what in ("Disposed", "Lost"):
            unit.on_hold, unit.held_as = False, ""

    def told(self, unit: Unit, what: str, station: str, source: str, order: Order | None = None) -> None:
        """Keep an event of a unit, with the names of the moment (§2.16)."""
        number = order.number if order else None
        secondary = None if unit.secondary_is_new else unit.secondary
        self.events[what, unit.status, unit.client, unit.sku, unit.primary, secondary, number, station, source] += 1
        if what not in ("On hold", "Hold lifted"):
            unit.last = what
        unit.happenings += 1

    # Scans

    def scan(self, conversation: Conversation, text: str, said: Said = NOTHING_SAID, label: str = "") -> Expected:
        """What a desk should answer to a scan that is no command.

        `label` is the whole of a label that has the text as a serial and says something of its unit.
        """
        return self._judged(conversation, key(label or text), None, lambda: self._meant(conversation, text, said))

    def choose(self, conversation: Conversation, chosen: Order) -> Expected:
        """What it should answer to an order that is chosen from the list."""
        return self._judged(
            conversation, f"from the list {id(chosen)}", None, lambda: self.leave_for(conversation, chosen)
        )

    def _judged(
        self, conversation: Conversation, same: str, said: bool | None, judge: Callable[[], Expected]
    ) -> Expected:
        """An open question is answered, repeated or in the way of everything else (§2.12)."""
        conversation.on_list = ""
        if conversation.question:
            question, leaving = conversation.question, conversation.question[0] == "order-lacks"
            if said is None and same == conversation.same:
                if not leaving:
                    return check(question[0])
                said = True
            if said is None and not leaving:
                return stop("question-open")
            conversation.question = None
            if said is False and not conversation.no_means:
                return check("answered-no")
            if said is not None:
                if gone := self._gone(conversation):
                    return gone
                if conversation.work and conversation.work.owed is not conversation.owing:
                    return stop("serial-owed") if conversation.work.owed else check("answered-no")
                (conversation.yes_to if said else conversation.no_to).add(question)
                judge, same = conversation.retry, conversation.same
        expected = judge()
        if conversation.question:
            conversation.same, conversation.retry, conversation.owing = (
                same,
                judge,
                conversation.work.owed if conversation.work else None,
            )
        else:
            conversation.yes_to.clear()
            conversation.no_to.clear()
        return expected

    def _meant(self, conversation: Conversation, text: str, said: Said) -> Expected:
        if gone := self._gone(conversation):
            return gone
        work = conversation.work
        if work is None:
            return self._open_or_next(conversation, text)
        if work.owed:
            return self._serial(conversation, work, work.owed, text, said)
        client = work.order.client
        if product := self.product(client, text):
            return self._take(conversation, work, product[0], product[1] * conversation.quantity)
        if any(key(order.number) == key(text) for order in self.orders):
            return self._open_or_next(conversation, text)
        return self._bare_serial(conversation, work, text, said)

    def _gone(self, conversation: Conversation) -> Expected | None:
        if conversation.work is None or conversation.work.is_open:
            return None
        state = conversation.work.state
        conversation.clear()
        return stop("taken-over" if state == "taken over" else "work-ended")

    def _take(self, conversation: Conversation, work: Work, sku: str, wanted: int) -> Expected:
        order = work.order
        if sku not in order.lines:
            asked = self._on_another(conversation, order, sku)
            return asked or stop("not-on-order")
        if not order.takes_goods:
            return stop("over-order", "order-finished")
        if (beyond := wanted - self.left(order, sku)) > 0:
            if order.kind != PO or not self.confirms:
                return stop("over-order")
            if asked := conversation.ask("over-order", f"{beyond} {sku}"):
                return asked
        conversation.quantity = 1
        scenario = self.scenario(order, sku)
        asks = ASKS[order.kind][scenario]
        entry = self._enter(work, "product", "")
        for quantity in [1] * wanted if asks else [wanted]:
            work.pieces.append(Piece(next(self._ids), sku, scenario, quantity, asks, bool(asks), entry))
        self.refresh(order)
        return OK

    def _on_another(self, conversation: Conversation, order: Order, sku: str) -> Expected | None:
        """The question whether it is received on the one other order that wants it (§2.12)."""
        wanting = [
            one
            for one in self.orders
            if (one.kind, one.client, one.warehouse) == (PO, order.client, order.warehouse)
            and one.takes_goods
            and sku in one.lines
            and self.left(one, sku)
        ]
        if order.kind != PO or len(wanting) != 1:
            return None
        return conversation.ask("on-another-order", f"{sku} {wanting[0].number}")

    def _enter(self, work: Work, act: str, code: str, piece: Piece | None = None, said: Said = NOTHING_SAID) -> Entry:
        entry = Entry(next(self._ids), act, code, piece, said=said)
        work.entries.append(entry)
        work.ever = True
        return entry

    # Serials

    def may_be_mistaken(self, order: Order, sku: str, text: str) -> str:
        """What a new code is asked about before it is taken (§2.8): an order's number, another product's serial."""
        if self.is_open_number(order.client, text):
            return "order-not-serial"
        others = self.of_others(order.client, sku, text)
        here = any(unit.warehouse == order.warehouse and unit.status not in (SHIPPED, DISPOSED) for unit in others)
        here = here or (order.brings_back and any(unit.status == SHIPPED for unit in others))
        return "serial-of-another" if here else ""

    def of_others(self, client: str, sku: str, text: str) -> list[Unit]:
        """The units of the client's other products that have a code."""
        return [unit for unit in self.units if unit.client == client and unit.sku != sku and unit.has(text)]

    def serial_refusals(self, work: Work, piece: Piece, text: str) -> set[str]:
        """Every reason why a text is not the code that is owed (§1, 2.6, 2.7, 2.8, 2.19)."""
        order = work.order
        why: set[str] = set()
        if self.product(order.client, text):
            why.add("product-not-serial")
        unit = self.unit_of(order.client, piece.sku, text)
        if order.kind == PO:
            why |= self._received_refusals(work, piece, unit, text)
        elif piece.unit is None:
            why |= self._first_code_refusals(work, piece, unit)
        else:
            why |= self._other_code_refusals(work, piece, unit, text)
        if order.kind == SO and self.is_past(unit):
            why.add("expired")
        if unit is None:
            patterns = self._patterns(work, piece, text)
            fits = any(one and re.fullmatch(one, fold(text), re.IGNORECASE) is not None for one in patterns)
            if all(patterns) and not fits:
                why.add("pattern")
            if why & {"pattern", "unknown-serial"}:
                # What it is instead may be told as well.
                why |= {"order-not-serial"} if self.is_open_number(order.client, text) else set()
                why |= {"serial-of-another"} if self.of_others(order.client, piece.sku, text) else set()
        return why

    def _received_refusals(self, work: Work, piece: Piece, unit: Unit | None, text: str) -> set[str]:
        """A code is new, or on an order that brings units back that of a Shipped one; both codes are of one unit."""
        mine = piece.unit
        if mine is None:
            return set() if unit is None or self._comes_back(work, unit) else {self._taken(work, unit)}
        there, wanted = (mine.primary, mine.secondary) if piece.has_primary else (mine.secondary, mine.primary)
        if unit is mine:
            same = mine.status == HELD or key(text) == key(there)
            return {"same-as-primary", "same-as-secondary"} if same else set()
        if unit is None:
            return {"two-units"} if wanted else set()
        why = set() if self._comes_back(work, unit) else {self._taken(work, unit)}
        may_be_one = not piece.has_primary and unit.secondary is None and not wanted
        return why if may_be_one else why | {"two-units"}

    @staticmethod
    def _comes_back(work: Work, unit: Unit) -> bool:
        return work.order.brings_back and unit.is_away

    def _doubt(self, work: Work, piece: Piece, text: str) -> str:
        """Why a code that nothing speaks against is asked about."""
        if self.unit_of(work.order.client, piece.sku, text) is not None:
            return ""
        patterns = self._patterns(work, piece, text)
        fits = any(one and re.fullmatch(one, fold(text), re.IGNORECASE) is not None for one in patterns)
        return "" if fits else self.may_be_mistaken(work.order, piece.sku, text)

    def _patterns(self, work: Work, piece: Piece, text: str) -> tuple[str, ...]:
        """What a code that answers a prompt may look like; one of these."""
        primary, secondary = self.patterns.get((work.order.client, piece.sku), ("", ""))
        if piece.asks == "E":
            return primary, secondary
        return (secondary,) if self._is_secondary(work, piece, text) else (primary,)

    def _is_secondary(self, work: Work, piece: Piece, text: str) -> bool:
        """Either of two codes may come first, where the unit is known by it or only the other's pattern fits."""
        if piece.unit is not None:
            return piece.has_primary
        if piece.asks != "2":
            return False
        unit = self.unit_of(work.order.client, piece.sku, text)
        if unit is not None:
            return key(text) == key(unit.secondary)
        patterns = self.patterns.get((work.order.client, piece.sku))
        return patterns is not None and [
            re.fullmatch(pattern, fold(text), re.IGNORECASE) is not None for pattern in patterns
        ] == [False, True]

    def _first_code_refusals(self, work: Work, piece: Piece, unit: Unit | None) -> set[str]:
        if unit is None:
            return set() if NEW_AT_PACKING[piece.scenario] else {"unknown-serial"}
        why = set() if unit.free else {self._taken(work, unit)}
        if unit.warehouse != work.order.warehouse:
            why.add("other-warehouse")
        return why

    def _other_code_refusals(self, work: Work, piece: Piece, unit: Unit | None, text: str) -> set[str]:
        """Both codes are new, or both belong to one Received unit, which may get its secondary with this."""
        mine = piece.unit
        assert mine is not None
        there, wanted = (mine.primary, mine.secondary) if piece.has_primary else (mine.secondary, mine.primary)
        if unit is mine:
            return {"same-as-primary", "same-as-secondary"} if key(text) == key(there) else set()
        why = set()
        if wanted:
            why.add("two-units")
        if unit is not None:
            if not unit.free:
                why.add(self._taken(work, unit))
            if piece.has_primary or unit.secondary:
                why.add("two-units")
            elif unit.warehouse != work.order.warehouse:
                why.add("other-warehouse")
        return why

    def _taken(self, work: Work, unit: Unit) -> str:
        if unit.in_return is not None:
            return "in-return"
        if unit.held_by is not None:
            return "already-captured" if unit.held_by is work else "held-elsewhere"
        if unit.status == RECEIVED and unit.on_hold and work.order.kind == SO:
            return "on-hold"
        return "in-transit" if unit.status == IN_TRANSIT else f"already-{unit.status.lower()}"

    def _serial(
        self, conversation: Conversation, work: Work, piece: Piece, text: str, said: Said = NOTHING_SAID
    ) -> Expected:
        which = ("primary", "secondary") if piece.asks == "E" else (work.asked,)
        text = self.meant(work.order.client, piece.sku, text, *which)
        why = self.serial_refusals(work, piece, text)
        if not why & {"product-not-serial", "pattern"} and (
            now := self._in_its_place(conversation, work, piece.sku, text, known=self._wants_known(piece))
        ):
            if isinstance(now, Expected):
                return now
            text = now
            why = self.serial_refusals(work, piece, text)
        if why:
            return stop(*why)
        if (doubt := self._doubt(work, piece, text)) and (asked := conversation.ask(doubt, key(text))):
            return asked
        order, code = work.order, fold(text)
        unit = self.unit_of(order.client, piece.sku, text)
        its = unit or piece.unit
        if order.kind == SO and (why := self.said_refusals(order.client, piece.sku, its, said)):
            return stop(*why)
        its_label_came_first = unit is not None and piece.unit not in (None, unit)
        if unit and its_label_came_first:
            before = self._asks_of_lot(conversation, unit.kept, self.noted(work, piece), code)
            if before:
                return before
        kept = (its.kept if its else NOTHING_SAID).and_of(self.noted(work, piece))
        if asked := self._asks_of_lot(conversation, kept, said, code):
            return asked
        first, piece_unit_before = piece.unit is None, piece.unit
        secondary = self._is_secondary(work, piece, text)
        entry = self._enter(work, "secondary" if secondary else "primary", text, piece, said)
        if unit is None or unit.status == SHIPPED:
            other = (piece.unit.primary if secondary else piece.unit.secondary) if piece.unit else None
            conversation.on_list = self.on_list(order, piece.sku, text, other, secondary=secondary)
        if unit is None:
            unit = piece.unit
            entry.gave_code = True
            if unit is None:
                unit = Unit(order.client, piece.sku, order.warehouse, HELD)
                self.units.append(unit)
            if secondary:
                unit.secondary = code
                unit.secondary_is_new = unit.status != HELD
            else:
                unit.primary = code
        elif piece.unit is not None and piece.unit is not unit:
            # The secondary came first; it is for a Received unit that had none.
            unit.secondary, unit.secondary_is_new = piece.unit.secondary, True
            self.units.remove(piece.unit)
        unit.held_by, piece.unit = work, unit
        back = unit.status == SHIPPED and unit is not piece_unit_before
        piece.has_primary = piece.has_primary or not secondary
        piece.owed = first and piece.asks == "2"
        return check("came-back") if back and unit.on_hold else OK

    def range_begins(self, work: Work) -> str:
        """§2.25: why the units that are owed can be named by no range; '' where they can."""
        assert work.owed
        if work.owed.asks != "1":
            return "range-two-codes"
        return "" if len(self._run(work)) > 1 else "range-no-run"

    def _run(self, work: Work) -> list[Piece]:
        return [piece for piece in work.pieces if piece.owed and work.owed and piece.entry is work.owed.entry]

    def range_refusals(self, work: Work, codes: list[str]) -> set[str]:
        """Every reason why codes in a row are not taken; each of them has to be one that could be scanned."""
        assert work.owed
        why: set[str] = set()
        if len(codes) > len(self._run(work)):
            why.add("range-too-many")
        found = [self.unit_of(work.order.client, work.owed.sku, code) for code in codes]
        for code, unit in zip(codes, found, strict=True):
            refused = self.serial_refusals(work, work.owed, code) or self._doubt(work, work.owed, code)
            on_list = self.on_list(work.order, work.owed.sku, code, None, secondary=False)
            if on_list in ("unlisted", "listed-otherwise") and not work.is_wrong_list:
                why.add("range-collides")  # it would be asked about
            if refused or (work.order.kind == SO) is (unit is None):  # what comes back is scanned one by one
                why.add("range-collides")
        if len({id(unit.po) for unit in found if unit}) > 1:
            why.add("range-origins")
        return why

    def take_range(self, conversation: Conversation, work: Work, codes: list[str]) -> None:
        together = next(self._ids)
        for code in codes:
            piece = work.owed
            assert piece is not None
            assert self._serial(conversation, work, piece, code) == OK  # what comes back is no part of a range
            piece.source = "range"
            work.entries[-1].together = together

    def _wants_known(self, piece: Piece) -> bool:
        """Must the code that is owed at packing be a known unit's?"""
        if piece.unit is None:
            return not NEW_AT_PACKING[piece.scenario]
        return (piece.unit.secondary if piece.has_primary else piece.unit.primary) is not None

    def _in_its_place(
        self, conversation: Conversation, work: Work, sku: str, text: str, *, known: bool
    ) -> str | Expected | None:
        """§2.10: at packing, what a correction put in the place of a code, or the question."""
        client = work.order.client
        if work.order.kind != SO or self.unit_of(client, sku, text) is not None:
            return None
        units = [
            (one, now)
            for one in self.units
            if (one.client, one.sku) == (client, sku) and one.status != GONE and key(text) in one.replaced
            if (now := one.secondary if one.replaced[key(text)] else one.primary)
        ]
        if len(units) != 1:
            return None
        (unit, now) = units[0]
        if known and not unit.free:
            return now
        if asked := conversation.ask("is-now", now, no_means=not known):
            return asked
        return now if ("is-now", now) in conversation.yes_to else None

    def _bare_serial(self, conversation: Conversation, work: Work, text: str, said: Said) -> Expected:
        """§2.10: a serial while no prompt is open."""
        order = work.order
        known = [unit for unit in self.units if unit.client == order.client and unit.has(text)]
        if not known:
            marked = [(sku, self.meant(order.client, sku, text, "primary", "secondary")) for sku in order.lines]
            meant = [code for sku, code in marked if self.unit_of(order.client, sku, code)]
            if not meant:
                skus = [sku for sku in order.lines if self.scenario(order, sku)]
                now = [self._in_its_place(conversation, work, sku, text, known=True) for sku in skus]
                meant_now = [one for one in now if one]
                if len(meant_now) != 1:
                    return stop("unknown-code")
                if isinstance(meant_now[0], Expected):
                    return meant_now[0]
                meant = [meant_now[0]]
            text = meant[0]
            known = [unit for unit in self.units if unit.client == order.client and unit.has(text)]
        if order.kind == PO:
            return self._bare_serial_of_receipt(conversation, work, text, known, said)
        here = [unit for unit in known if unit.sku in order.lines]
        if len(here) > 1 and not any(unit.free for unit in here):
            return stop(*(self._taken(work, unit) for unit in here))
        if len(here) != 1:
            return stop("ambiguous-serial" if here else "not-on-order")
        (unit,) = here
        scenario = self.scenario(order, unit.sku)
        asks = ASKS[SO][scenario]
        why = set() if unit.free else {self._taken(work, unit)}
        if unit.warehouse != order.warehouse:
            why.add("other-warehouse")
        if not self.left(order, unit.sku):
            why.add("over-order")
        if not order.takes_goods:
            why.add("order-finished")
        why |= self.said_refusals(order.client, unit.sku, unit, said)
        if not asks and any(entry.act == "unit" and unit.has(entry.code) for entry in work.entries):
            why.add("already-captured")
        names = {*unit.replaced, *(key(code) for code in (unit.primary, unit.secondary) if code)}
        for box in self.boxes:
            if box.unit is unit or ((box.order.client, box.sku) == (unit.client, unit.sku) and box.code in names):
                why.add("already-captured" if box.order is order else "reserved")
        if why <= {"over-order"} and (asked := self._asks_of_lot(conversation, unit.kept, said, text)):
            return asked
        if why:
            return stop(*why)
        entry = self._enter(work, "unit", text, said=said if asks else NOTHING_SAID)
        piece = Piece(next(self._ids), unit.sku, scenario, 1, asks, asks == "2", entry)
        work.pieces.append(piece)
        if asks:
            unit.held_by, piece.unit = work, unit
            piece.has_primary = asks != "2" or key(text) != key(unit.secondary)
        else:
            self.boxes.append(Box(order, unit.sku, key(text), unit, piece))
        self.refresh(order)
        return OK

    def on_list(self, order: Order, sku: str, code: str, other: str | None, *, secondary: bool) -> str:
        """§2.26: how a new code stands to the order's lists, at packing to all of its client, SKU and warehouse."""
        if order.kind == PO:
            rows = self.announced.get((id(order), sku), [])
        else:
            here = [one for one in self.orders if (one.client, one.warehouse) == (order.client, order.warehouse)]
            rows = [row for one in here for row in self.announced.get((id(one), sku), [])]
        own = [row for row in rows if key(row[secondary]) == key(code)]
        if other is None and own:
            return "expected"
        if other is not None:
            if any(key(row[not secondary]) == key(other) for row in own):
                return "expected"
            if any(row[not secondary] for row in own):
                return "listed-otherwise"
            if any(key(row[not secondary]) == key(other) and row[secondary] for row in rows):
                return "listed-otherwise"
            if own:
                return "expected"
        if any(key(row[not secondary]) == key(code) for row in rows):
            return "listed-otherwise"
        return "unlisted" if rows and not secondary else ""

    def _bare_serial_of_receipt(
        self, conversation: Conversation, work: Work, text: str, known: list[Unit], said: Said
    ) -> Expected:
        """§2.22: on an order that brings units back a Shipped one is taken by itself; it owes its other code."""
        order = work.order
        other = ["not-on-order"] * order.brings_back
        refused = stop("serial-without-prompt", *other, *(self._taken(work, unit) for unit in known))
        if any(unit.held_by is work for unit in known):
            return stop("already-captured")
        coming = [unit for unit in known if self._comes_back(work, unit)]
        here = [unit for unit in coming if unit.sku in order.lines]
        if not coming or (not here and any(unit.sku in order.lines for unit in known)):
            return refused
        if len(here) != 1:
            return stop("ambiguous-serial" if here else "not-on-order")
        (unit,) = here
        why = set() if order.takes_goods else {"order-finished"}
        if not self.left(order, unit.sku):
            why.add("over-order")
        if why <= {"over-order"} and (asked := self._asks_of_lot(conversation, unit.kept, said, text)):
            return asked
        if why:
            return stop(*why)
        scenario = self.scenario(order, unit.sku)
        owes = (unit.secondary is not None and TWO_CODES[scenario]) or ASKS[PO][scenario] == "2"
        entry = self._enter(work, "unit", text, said=said)
        secondary = key(text) == key(unit.secondary)
        conversation.on_list = self.on_list(order, unit.sku, text, None, secondary=secondary)
        piece = Piece(next(self._ids), unit.sku, 3 if owes else 1, 1, "2" if owes else "1", owes, entry)
        work.pieces.append(piece)
        unit.held_by, piece.unit = work, unit
        piece.has_primary = key(text) != key(unit.secondary)
        self.refresh(order)
        return check("came-back") if unit.on_hold else OK

    def may_lack(self, work: Work) -> bool:
        """Is the other code of a unit that comes back owed, so that No says that its part is missing?"""
        piece = work.owed
        if work.order.kind != PO or piece is None or piece.unit is None or piece.unit.status != SHIPPED:
            return False
        return (piece.unit.secondary if piece.has_primary else piece.unit.primary) is not None

    # Orders on the desk

    def _open_or_next(self, conversation: Conversation, text: str) -> Expected:
        found = [order for order in self.orders if key(order.number) == key(text)]
        candidates = [order for order in found if order.kind == conversation.kind] or found
        if not candidates:
            return stop("unknown-order")
        if len(candidates) > 1:
            candidates = [order for order in candidates if order.takes_goods]
            if len(candidates) != 1:
                return stop("ambiguous-order")
        return self.leave_for(conversation, candidates[0])

    def leave_for(self, conversation: Conversation, chosen: Order) -> Expected:
        """Put an order on the desk, whatever is there now (§2.4)."""
        if conversation.work is not None and not conversation.work.is_open:
            conversation.clear()
        work = conversation.work
        if work is not None and work.order is chosen:
            return check("already-open")
        if chosen.kind == conversation.kind and not chosen.takes_goods:
            return stop("order-finished")
        owing = [one.order for one in self.works if one.is_open and one.station == conversation.station and one.owed]
        if (work is not None and work.owed) or (owing and chosen not in owing):
            return stop("serial-owed")
        if work is None:
            return self._go_to(conversation, chosen)
        lacks = self.lacks(work.order)
        if work.quantity and lacks and (asked := conversation.ask("order-lacks", chosen.number)):
            return asked
        if work.quantity and not lacks:
            if self._on_hold_in(work):
                return stop("on-hold")
            self._book(work)
        else:
            self.put_down(conversation)
        return self._go_to(conversation, chosen)

    def _on_hold_in(self, work: Work) -> bool:
        """§2.23: is a unit of it on hold? Then Complete is refused until it is out."""
        boxed = [box.unit for box in self.boxes if box.taking in work.pieces]
        labelled = [piece for piece in work.pieces if work.order.kind == SO and piece.unit and not piece.unit.kept.lot]
        if any(self.is_lot_on_hold(work.order.client, one.sku, self.noted(work, one).lot) for one in labelled):
            return True
        # On Shipped ones it stops nothing, and is said when they come back.
        return any(
            unit is not None and unit.on_hold and unit.status != SHIPPED
            for unit in (*(piece.unit for piece in work.pieces), *boxed)
        )

    def _go_to(self, conversation: Conversation, chosen: Order) -> Expected:
        conversation.clear()
        if chosen.kind == conversation.kind:
            mine = [work for work in self.open_works(chosen) if work.station == conversation.station]
            conversation.work = mine[0] if mine else self._start(chosen, conversation.station)
        return OK

    def _start(self, order: Order, station: str) -> Work:
        work = Work(order, station)
        self.works.append(work)
        return work

    def put_down(self, conversation: Conversation) -> None:
        """Work that took nothing is forgotten."""
        if conversation.work is not None and conversation.work.is_open and not conversation.work.pieces:
            conversation.work.state = "cancelled"

    # Commands

    def command(self, conversation: Conversation, act: str, *, scanned: bool, quantity: int = 0) -> Expected:
        """What a desk should answer to a key or a command barcode."""
        said = (
            {"YES": True, "NO": False, "CANCEL": None if scanned else False}.get(act) if conversation.question else None
        )
        return self._judged(
            conversation, f"{act} {quantity}", said, lambda: self._commanded(conversation, act, quantity)
        )

    def _commanded(self, conversation: Conversation, act: str, quantity: int) -> Expected:
        if gone := self._gone(conversation):
            return gone
        work = conversation.work
        if work and work.owed and act == "NO" and self.may_lack(work):
            self._enter(work, "part", "", work.owed)
            work.owed.part_missing, work.owed.owed = True, False
            return check("part-missing")
        if work and work.owed and act not in ("CANCEL", "UNDO", "HOME"):
            return stop("serial-owed")
        if act in ("YES", "NO"):
            return check("no-question")
        if act == "HOME":
            self.put_down(conversation)
            conversation.clear()
            return OK
        if work is None:
            return check("no-order")
        if act == "QTY":
            conversation.quantity = quantity
            return OK
        if act in ("UNDO", "CANCEL") and conversation.quantity != 1:
            conversation.quantity = 1
            return OK
        if act == "UNDO":
            return self._undo(work)
        if act == "CANCEL":
            return self._cancel_unit(work)
        if not work.quantity:
            return check("nothing-scanned")
        if self.lacks(work.order) and (asked := conversation.ask("in-part", work.order.number)):
            return asked
        if self._on_hold_in(work):
            return stop("on-hold")
        self._book(work)
        conversation.clear()
        return OK

    def _book(self, work: Work) -> None:
        """Complete (§2.4): the only moment at which anything of it counts."""
        order = work.order
        assert not work.owed, "§2.5"
        work.state = "completed"
        order.was_packed = order.kind == SO
        for piece in work.pieces:
            taking = Taken(piece.id, piece.scenario, piece.quantity, piece.unit)
            for box in self.boxes:
                if box.taking is piece:
                    box.taking = taking
            order.lines[piece.sku].takings.append(taking)
            if piece.unit is not None and piece.unit.status == SHIPPED:
                piece.unit.secondary_is_new = False
                said = self.noted(work, piece)
                self._bring_back(piece.unit, order, work.station, piece.source, said, part_missing=piece.part_missing)
            elif piece.unit is not None:
                piece.unit.secondary_at_packing = piece.unit.secondary_is_new
                piece.unit.secondary_is_new = False
                what = "Received" if order.kind == PO else "Packed"
                self.happened(piece.unit, what, work.station, piece.source, order)
                self.give(work.station, piece.unit, self.noted(work, piece), "scan")
                codes = {key(code) for code in (piece.unit.primary, piece.unit.secondary) if code}
                is_house = any(self.house.get(code) == order.client for code in codes)
                if order.kind == PO and is_house and not piece.unit.on_hold:
                    self.put_on_hold(work.station, piece.unit, "house")  # §2.8: its own serial is to be found
        self.refresh(order)

    def _bring_back(
        self,
        unit: Unit,
        order: Order,
        station: str,
        source: str,
        said: Said,
        *,
        batch: int = 0,
        part_missing: bool = False,
    ) -> None:
        """A Shipped unit comes in on a purchase order: the ones it left on and came in on keep their counts (§2.22)."""
        left_on, came_on = unit.so, unit.po
        assert left_on is not None
        left_on.came_back.append(Back(unit.sku, bool(unit.secondary), bool(unit.so_batch)))
        if came_on is not None:
            came_on.came_back.append(Back(unit.came_as, bool(unit.secondary), bool(unit.po_batch)))
            unit.came_before.append((came_on, unit.po_batch))
        unit.warehouse = order.warehouse
        self.happened(unit, "Returned", station, "return", left_on)
        unit.has_come_back = True
        self.told(unit, "Received", station, source, order)
        unit.po, unit.came_as, unit.po_batch = order, unit.sku, batch
        self.give(station, unit, said, "import" if batch else "scan")
        if not unit.on_hold and (self.returns_on_hold or part_missing):
            self.put_on_hold(station, unit, "return")

    def _undo(self, work: Work) -> Expected:
        if not work.entries:
            return check("nothing-to-undo")
        together = work.entries[-1].together
        while work.entries and work.entries[-1].together == together:
            self._undo_entry(work, work.entries.pop())
            if not together:
                break
        self.refresh(work.order)
        return OK

    def _undo_entry(self, work: Work, entry: Entry) -> None:
        if entry.act in ("product", "unit"):
            self._drop(work, [piece for piece in work.pieces if piece.entry is entry])
            return
        piece = entry.piece
        assert piece is not None
        self._take_code_back(work, entry)
        piece.owed, piece.source, piece.part_missing = True, "scan", False

    def _take_code_back(self, work: Work, entry: Entry) -> None:
        piece = entry.piece
        assert piece is not None
        unit = piece.unit
        assert unit is not None
        if entry.act == "secondary" and entry.gave_code:
            unit.secondary, unit.secondary_is_new = None, False
        if entry.act == "primary":
            piece.has_primary = False
            if entry.gave_code:
                unit.primary = None
        others = [one for one in work.entries if one.piece is piece and one is not entry]
        if entry.act == "primary" and unit.secondary_is_new and any(one.gave_code for one in others):
            # What came first is again the secondary of a new unit.
            piece.unit = Unit(unit.client, unit.sku, unit.warehouse, HELD, None, unit.secondary, held_by=work)
            self.units.append(piece.unit)
            unit.secondary, unit.secondary_is_new = None, False
            self._let_go(unit)
        if not others and piece.entry.act != "unit":
            self._let_go(unit)
            piece.unit = None

    def _let_go(self, unit: Unit) -> None:
        unit.held_by = None
        if unit.status == HELD:
            self.units.remove(unit)

    def _cancel_unit(self, work: Work) -> Expected:
        owed = work.owed
        if owed is None:
            return check("nothing-to-cancel")
        run = [piece for piece in work.pieces if piece.entry is owed.entry]
        unfinished = [piece for piece in run if piece.owed]
        self._drop(work, unfinished)
        if len(unfinished) == len(run):
            work.entries.remove(owed.entry)
        self.refresh(work.order)
        return OK

    def _drop(self, work: Work, pieces: list[Piece]) -> None:
        for entry in [entry for entry in work.entries if entry.piece in pieces][::-1]:
            self._take_code_back(work, entry)
            work.entries.remove(entry)
        for piece in pieces:
            if piece.unit is not None:
                self._let_go(piece.unit)
            work.pieces.remove(piece)
        self.boxes = [box for box in self.boxes if box.taking not in pieces]

    # What a supervisor does: the reasons why it is refused; none when it was done

    def take_over(self, station: str, theirs: Work) -> set[str]:
        if not theirs.is_open:
            return {"work-ended"}
        if theirs.station == station:
            return {"own-work"}
        mine = next((work for work in self.open_works(theirs.order) if work.station == station), None)
        if mine and mine.owed:
            return {"serial-owed"}
        mine = mine or self._start(theirs.order, station)
        for piece in theirs.pieces:
            if piece.unit is not None:
                piece.unit.held_by = mine
        mine.pieces = sorted(mine.pieces + theirs.pieces, key=lambda piece: piece.id)
        mine.entries = sorted(mine.entries + theirs.entries, key=lambda entry: entry.id)
        mine.unlisted |= theirs.unlisted
        mine.is_wrong_list = mine.is_wrong_list or theirs.is_wrong_list
        theirs.pieces, theirs.entries, theirs.state = [], [], "taken over"
        return set()

    def receive_all(self, station: str, order: Order) -> set[str]:
        """The Receive PO button (§2.2)."""
        why = set()
        if not order.takes_goods:
            why.add("already-completed")
        if not all(BUTTON_ALLOWED[self.scenario(order, sku)] for sku in order.lines):
            why.add("receive-po-not-allowed")
        if any(work.pieces or work.station != station for work in self.open_works(order)):
            why.add("work-open")
        if not self.lacks(order):
            why.add("nothing-left")
        if why:
            return why
        self._end_empty(order)
        for sku, line in order.lines.items():
            if left := self.left(order, sku):
                line.takings.append(Taken(next(self._ids), self.scenario(order, sku), left))
        self.refresh(order)
        return set()

    def close_short(self, order: Order) -> set[str]:
        why = set()
        if order.kind == PO and order.status == COMPLETED:
            why.add("already-completed")
        if order.kind == SO and not order.takes_goods:
            why.add("order-finished")
        if any(work.pieces for work in self.open_works(order)):
            why.add("work-open")
        if order.kind == SO and not any(line.done for line in order.lines.values()):
            why.add("nothing-packed")
        if why:
            return why
        self._end_empty(order)
        for line in order.lines.values():
            line.closed_short = max(0, line.ordered - line.done)
        order.status = COMPLETED if order.kind == PO else READY
        return set()

    def reopen(self, order: Order) -> set[str]:
        if order.status != COMPLETED:
            return {"not-completed"}
        if not any(line.closed_short for line in order.lines.values()):
            return {"nothing-to-reopen"}
        for line in order.lines.values():
            line.closed_short = 0
        self.refresh(order)
        return set()

    def cancel_order(self, station: str, order: Order) -> set[str]:
        if order.status in (SHIPPED, CANCELLED):
            return {f"already-{order.status.lower()}"}
        for work in self.open_works(order):
            self._drop(work, list(work.pieces))
            work.state, work.entries = "cancelled", []
        for unit in [unit for unit in self.units if unit.so is order and unit.status == PACKED]:
            self._unpack(unit, station, "button", order)
        for line in order.lines.values():
            line.takings.clear()
        self.boxes = [box for box in self.boxes if box.order is not order]
        order.status = CANCELLED
        return set()

    def _unpack(self, unit: Unit, station: str, source: str, order: Order, *, stays: bool = False) -> None:
        """Received again as before packing, or gone if this packing created it; on hold it stays (§2.9, 2.15)."""
        stays = stays or unit.on_hold
        if unit.was_received and unit.secondary_at_packing:
            unit.once.add(key(unit.secondary))
            unit.secondary, unit.secondary_at_packing = None, False
        self.happened(unit, "Unpacked" if unit.was_received or stays else "Removed", station, source, order)

    def ship(self, station: str, order: Order, *, override: bool) -> set[str]:
        if order.status != READY:
            return {{SHIPPED: "already-shipped", CANCELLED: "order-cancelled"}.get(order.status, "not-ready")}
        why = set()
        if not override and any(self.needed(order, sku) > self.present(order, sku) for sku in order.lines):
            why.add("serials-missing")
        boxed = [box.unit for box in self.boxes if box.order is order]
        packed = [unit for unit in self.units if unit.so is order and unit.status == PACKED]
        if any(unit.on_hold for unit in (*packed, *boxed)):
            why.add("on-hold")
        if why:
            return why
        self._end_empty(order)
        for unit in self.units:
            if unit.so is order and unit.status == PACKED:
                self.happened(unit, "Shipped", station, unit.packed_by, order)
        order.status = SHIPPED
        return set()

    # Serials by import (§3), and their removal (§2.9)

    def import_refusals(self, kind: str, started: Order | None, rows: list["Row"]) -> set[str]:
        """Every reason why a file is refused; it is taken only if there is none."""
        why: set[str] = set()
        seen_codes: set[tuple[str, str, str]] = set()
        seen_units: set[int] = set()
        rooms: dict[tuple[int, str], dict[int, int]] = {}
        for row in map(self._unmarked, rows):
            order = self._order_of(kind, row)
            if started is not None and key(row.number) != key(started.number):
                why.add("other-order")
            elif order is None or (started is not None and order is not started):
                why |= {"unknown-order", "wrong-client", "wrong-warehouse"}
            elif refusal := self._closed_to_import(order, row.sku):
                why |= refusal
            else:
                room = rooms.setdefault((id(order), row.sku), self.room(order, row.sku))
                scenario = self._row_is_for(order, room, row)
                room[scenario] -= 1
                if room[scenario] < 0:
                    why.add("too-many")
                # Whether a bad row takes its place is nobody's business: the rows after it may be for other units.
                for one in room if why else (scenario,):
                    why |= self._row_refusals(order, row, one)
                codes = {(order.client, row.sku, key(code)) for code in row.codes}
                units = {
                    id(unit) for code in row.codes if (unit := self.unit_of(order.client, row.sku, code)) is not None
                }
                if codes & seen_codes or units & seen_units:
                    why.add("twice-in-file")
                seen_codes |= codes
                seen_units |= units
        if kind == SO:
            why |= {"reserved", "not-scanned"} if why else self._held_against_boxes(rows)[0]
        return why

    def _held_against_boxes(self, rows: list["Row"]) -> tuple[set[str], list[Box]]:
        """§2.10: why a good file is refused for what was scanned into boxes; and what is imported of that."""
        why, done = set[str](), list[Box]()
        lines: dict[tuple[int, str], list[Row]] = {}
        for row in map(self._unmarked, rows):
            order = self._order_of(SO, row)
            lines.setdefault((id(order), row.sku), []).append(row)
        for (_, sku), some in lines.items():
            order = self._order_of(SO, some[0])
            assert order is not None
            alike = [box for box in self.boxes if (box.order.client, box.sku) == (order.client, sku)]
            mine = [box for box in alike if box.order is order]
            matched = {id(box) for row in some for box in mine if self._is_of(row, box)}
            unmatched = [row for row in some if not any(self._is_of(row, box) for box in mine)]
            if any(self._is_of(row, box) for row in some for box in alike if box.order is not order):
                why.add("reserved")
            before, owed = self.imported(order, sku), self._takes_by_import(order, sku)
            unscanned = max(0, owed - before - len(mine))
            nameless = [box for box in mine if id(box) not in matched and self._unit_in(box) is None]
            if mine and len(unmatched) > unscanned + len(nameless):
                why.add("not-scanned")
            done += mine if before + len(some) >= owed else [box for box in mine if id(box) in matched]
        return why, done

    def _unit_in(self, box: Box) -> Unit | None:
        return box.unit if box.unit.status != GONE else self.unit_of(box.order.client, box.sku, box.code)

    def _is_of(self, row: "Row", box: Box) -> bool:
        if box.code in {key(code) for code in row.codes}:
            return True
        unit = self._unit_in(box)
        units = [self.unit_of(row.client, row.sku, code) for code in row.codes]
        return unit is not None and any(one is unit for one in units)

    def _unmarked(self, row: "Row") -> "Row":
        primary, secondary = (
            self.meant(row.client, row.sku, code, which) if code else code
            for code, which in ((row.primary, "primary"), (row.secondary, "secondary"))
        )
        return replace(row, primary=primary, secondary=secondary)

    def _order_of(self, kind: str, row: "Row") -> Order | None:
        place = (kind, key(row.warehouse), key(row.client), key(row.number))
        return next(
            (one for one in self.orders if (one.kind, key(one.warehouse), key(one.client), key(one.number)) == place),
            None,
        )

    def _takes_by_import(self, order: Order, sku: str) -> int:
        return sum(
            quantity
            for scenario, quantity in order.lines[sku].taken.items()
            if IMPORT[order.kind][scenario] != "refused"
        )

    def owed_by_import(self, order: Order, sku: str) -> int:
        """How many serials an import may put on a line now."""
        if self._closed_to_import(order, sku):
            return 0
        return self._takes_by_import(order, sku) - self.imported(order, sku)

    def imported(self, order: Order, sku: str) -> int:
        return len(self._imported_two(order, sku))

    def _imported_two(self, order: Order, sku: str) -> list[bool]:
        """Whether each serial that was imported on a line came with a second one; those that came back count."""
        there = [bool(unit.secondary) for unit in self.imported_on(order) if self._sku_on(order, unit) == sku]
        return there + [back.two_codes for back in order.came_back if back.imported and back.sku == sku]

    @staticmethod
    def _sku_on(order: Order, unit: Unit) -> str:
        """The line that a unit stands on."""
        return unit.came_as if order.kind == PO else unit.sku

    def _closed_to_import(self, order: Order, sku: str) -> set[str]:
        if order.kind == PO and order.status == OPEN:
            return {"nothing-received"}
        if order.kind == SO and order.status not in (READY, SHIPPED):
            return {"not-ready"}
        if sku not in order.lines:
            return {"not-on-order", "unknown-sku", "not-a-sku"}
        if not self._takes_by_import(order, sku):
            return {"not-imported", "nothing-received", "nothing-packed"}
        return set()

    def room(self, order: Order, sku: str) -> dict[int, int]:
        """Scenario → how many serials may still come for the units of a line that were taken under it (§2.17)."""
        taken = order.lines[sku].taken
        room = {one: taken[one] for one in sorted(taken) if IMPORT[order.kind][one] != "refused"}
        imported = self._imported_two(order, sku)
        for two in (True, False):
            for _ in range(imported.count(two)):
                fitting = sorted(room, key=lambda one: (TWO_CODES[one] is not two, one))
                room[next((one for one in fitting if room[one]), min(room))] -= 1
        return room

    def _row_is_for(self, order: Order, room: dict[int, int], row: "Row") -> int:
        """Under which scenario the unit of a row was taken: one that asks such a row, and has room for it."""
        unit = next((one for code in row.codes if (one := self.unit_of(order.client, row.sku, code))), None)
        two = bool(row.secondary) or (order.kind == SO and unit is not None and bool(unit.secondary))
        asked = {one: IMPORT_ASKS[order.kind][one] for one in room}
        fitting = [one for one in room if asked[one] == "E" or (asked[one] == "2") is bool(row.secondary)] or [*room]
        fitting.sort(key=lambda one: (TWO_CODES[one] is not two, one))
        return next((one for one in fitting if room[one] > 0), fitting[0])

    def _row_refusals(self, order: Order, row: "Row", scenario: int) -> set[str]:
        asks = IMPORT_ASKS[order.kind][scenario]
        why: set[str] = set()
        if asks == "2" and order.brings_back and (unit := self._lacking_a_part(order, row)):
            if unit.is_away:
                return why
            if unit.po is order and unit.po_batch:
                return {"already-imported"}
        if not row.codes or (asks in "12" and not row.primary) or (asks == "2" and not row.secondary):
            why.add("empty")
        if asks == "1" and row.secondary:
            why.add("secondary-given")
        if asks == "2" and row.primary and key(row.primary) == key(row.secondary):
            why.add("same-code")
        if why:
            return why
        units = [self.unit_of(order.client, row.sku, code) for code in row.codes]
        if order.brings_back and units[0] is not None and units[0].is_away:
            return self._comes_back_refusals(order, row, units[0])
        for code, unit in zip(row.codes, units, strict=True):
            if unit is None:
                if self.product(order.client, code):
                    why.add("product-not-serial")
            elif order.kind == PO or not unit.free:
                why |= {"in-use", "held", "already-imported", "on-hold"}
            elif unit.warehouse != order.warehouse:
                why.add("other-warehouse")
        if order.kind == PO:
            return why
        known = [unit for unit in units if unit is not None]
        why |= self.said_refusals(order.client, row.sku, known[0] if known else None, row.said)
        admits_new = NEW_IN_SO_IMPORT[scenario] or (scenario == 6 and self.creates6)
        if not known:
            return why if admits_new else why | {"unknown-serial", "serial-of-another", "order-not-serial"}
        if asks == "1" and key(row.primary) != key(known[0].primary):
            why.add("secondary-given")
        if len(set(map(id, known))) > 1:
            why.add("two-units")
        if len(known) < len(units):
            # One is known: the other may be the secondary that a Received unit does not have yet.
            lacks_it = asks == "2" and units[0] is not None and known[0].secondary is None
            if not lacks_it or key(row.primary) != key(known[0].primary):
                why |= {"two-units", "unknown-serial"}
        return why

    def asks_two(self, order: Order, row: "Row") -> bool:
        """Is a row for a unit that was taken under a scenario that asks both codes?"""
        return IMPORT_ASKS[order.kind][self._row_is_for(order, self.room(order, row.sku), row)] == "2"

    def _lacking_a_part(self, order: Order, row: "Row") -> Unit | None:
        """The unit with two codes of which a row has one, in its own column."""
        if len(row.codes) != 1:
            return None
        unit = self.unit_of(order.client, row.sku, row.codes[0])
        if unit is None or not (unit.primary and unit.secondary):
            return None
        own = unit.primary if row.primary else unit.secondary
        return unit if key(own) == key(row.codes[0]) else None

    def _comes_back_refusals(self, order: Order, row: "Row", unit: Unit) -> set[str]:
        """§2.22: the row's codes are those of one Shipped unit, which may get its secondary with this."""
        if unit.po is order and unit.po_batch and key(row.secondary) == key(unit.secondary):
            return {"already-imported"}
        if key(row.primary) != key(unit.primary):
            return {"secondary-given"}
        if not row.secondary or key(row.secondary) == key(unit.secondary):
            return set()
        if unit.secondary:
            return {"two-units"}
        why = {"in-use", "held", "on-hold"} if self.unit_of(order.client, row.sku, row.secondary) else set[str]()
        return why | ({"product-not-serial"} if self.product(order.client, row.secondary) else set())

    def import_rows(self, station: str, kind: str, rows: list["Row"], batch: int) -> None:
        """Carry out what no rule refuses."""
        if kind == SO:
            done = self._held_against_boxes(rows)[1]
            self.boxes = [box for box in self.boxes if box not in done]
        for row in map(self._unmarked, rows):
            order = self._order_of(kind, row)
            assert order is not None
            unit = next((one for code in row.codes if (one := self.unit_of(order.client, row.sku, code))), None)
            if unit is None:
                first, second = fold(row.primary), fold(row.secondary) or None
                unit = Unit(order.client, row.sku, order.warehouse, HELD, first, second)
                self.units.append(unit)
            else:
                unit.secondary_at_packing = kind == SO and bool(row.secondary) and unit.secondary is None
                unit.secondary = unit.secondary or fold(row.secondary) or None
            if kind == PO and unit.status == SHIPPED:
                part_missing = self.asks_two(order, row) and self._lacking_a_part(order, row) is not None
                self._bring_back(unit, order, station, "import", row.said, batch=batch, part_missing=part_missing)
                continue
            if kind == PO:
                self.happened(unit, "Received", station, "import", order)
                unit.po_batch = batch
                self.give(station, unit, row.said, "import")
                continue
            self.happened(unit, "Packed", station, "import", order)
            unit.so_batch = batch
            self.give(station, unit, row.said, "import")
            if order.status == SHIPPED:
                self.happened(unit, "Shipped", station, "import", order)

    def imported_on(self, order: Order) -> list[Unit]:
        """The units that imports put on an order and that are still there."""
        if order.kind == PO:
            return [unit for unit in self.units if unit.po is order and unit.po_batch and unit.status != GONE]
        return [unit for unit in self.units if unit.so is order and unit.so_batch and unit.status != GONE]

    def remove(self, station: str, order: Order, batch: int | None, *, only_received: bool) -> set[str]:
        found = [
            unit
            for unit in self.imported_on(order)
            if batch in (None, unit.po_batch if order.kind == PO else unit.so_batch)
        ]
        moved = self._moved_from(order, batch)
        if not found and not moved:
            return {"nothing-imported", "unknown-batch"}
        if order.kind == PO:
            going = [unit for unit in found if self._goes(unit)]
            found += moved
            if len(going) < len(found) and not (only_received and going):
                return {"moved-on"}
            for unit in going:
                self.happened(unit, "Removed", station, "import", order)
            return set()
        if order.status == SHIPPED:
            return {"already-shipped"}
        for unit in found:
            self._unpack(unit, station, "import", order)
        return set()

    def remove_batch(self, station: str, kind: str, batch: int, *, only_received: bool) -> set[str]:
        """One file, on all the orders that it was for."""
        numbered = [order for order in self.orders if order.kind == kind]
        found = [
            (unit, order)
            for order in numbered
            for unit in self.imported_on(order)
            if batch == (unit.po_batch if kind == PO else unit.so_batch)
        ]
        found += [(unit, order) for order in numbered for unit in self._moved_from(order, batch)]
        if not found:
            return {"nothing-imported"}
        if kind == SO and any(order.status == SHIPPED for _, order in found):
            return {"already-shipped"}
        going = [(unit, order) for unit, order in found if kind == SO or self._goes(unit)]
        if len(going) < len(found) and not (only_received and going):
            return {"moved-on"}
        for unit, order in going:
            if kind == PO:
                self.happened(unit, "Removed", station, "import", order)
            else:
                self._unpack(unit, station, "import", order)
        return set()

    def _moved_from(self, order: Order, batch: int | None) -> list[Unit]:
        """What an import brought to a purchase order and came in on another since: it is named, and stays."""
        befores = [(unit, before) for unit in self.units if unit.status != GONE for before in unit.came_before]
        return [unit for unit, (po, of) in befores if po is order and of and batch in (None, of)]

    def _goes(self, unit: Unit) -> bool:
        return unit.free and not unit.has_moved_on and not self._is_boxed(unit)

    # Corrections (§2.15), and other settings (§2.17)

    def unpack(self, station: str, unit: Unit) -> set[str]:
        if unit.held_by is not None:
            return {"held", "already-shipped"} if unit.status == SHIPPED else {"held"}
        boxed = next((box for box in self.boxes if box.unit is unit), None)
        if boxed and unit.stands:
            if isinstance(boxed.taking, Piece):
                return {"reserved"}
            boxed.order.lines[unit.sku].take_back(boxed.taking, 1)
            self.boxes.remove(boxed)
            self.refresh(boxed.order)
            return set()
        if unit.status != PACKED:
            return {
                RECEIVED: {"not-packed"},
                SHIPPED: {"already-shipped"},
                DISPOSED: {"already-disposed"},
                IN_TRANSIT: {"in-transit"},
            }[unit.status]
        order = unit.so
        assert order is not None
        self._take_off_line(order, unit)
        self._unpack(unit, station, "button", order)
        self.refresh(order)
        return set()

    def swap(self, station: str, out: Unit, code: str, new: Unit, *, on_hold: bool = False) -> set[str]:
        """A Packed unit leaves its order by this code, and a known one takes its place (§2.15).

        One that goes on hold stays, whoever created it.
        """
        order = out.so
        assert order is not None
        there = [one for one in self.units if one.so is order and one.status == PACKED and one.has(code)]
        if len(there) > 1:
            return {"ambiguous-code"}
        if new is out:
            return {"same-unit"}
        if why := self._not_free(new, on_hold=True):
            return why
        if new.warehouse != order.warehouse:
            return {"other-warehouse"}
        if self.is_past(new):
            return {"expired", "secondary-missing"}
        taking = self._taking_of(order, out)
        if taking.scenario in (4, 8) and not new.secondary:
            return {"secondary-missing"}
        if taking.unit is out:
            taking.unit = new
        self.happened(new, "Packed", station, "typed", order)
        new.so_batch = out.so_batch
        self._unpack(out, station, "button", order, stays=on_hold or out.on_hold)
        if on_hold and not out.on_hold:
            self.put_on_hold(station, out, "button")
        return set()

    def put_on_hold(self, station: str, unit: Unit, source: str, *, held_as: str = "") -> None:
        unit.on_hold, unit.held_as = True, held_as
        unit.holds += 1
        self.told(unit, "On hold", station, source)

    def lift_hold(self, station: str, unit: Unit, source: str) -> None:
        unit.on_hold, unit.held_as = False, ""
        self.told(unit, "Hold lifted", station, source)

    # Lots and dates (§2.23, 2.29)

    def is_past(self, unit: Unit | None, said: Said = NOTHING_SAID) -> bool:
        """Is its use-by past, or that on its label? The earlier of two days counts."""
        days = [one.use_by for one in (unit.kept if unit else NOTHING_SAID, said) if one.use_by]
        return bool(days) and min(days) < self.today

    def is_lot_on_hold(self, client: str, sku: str, lot: str) -> bool:
        return bool(lot) and any((one.client, one.sku, one.lot) == (client, sku, key(lot)) for one in self.lot_holds)

    def said_refusals(self, client: str, sku: str, unit: Unit | None, said: Said) -> set[str]:
        """Why what its label, or its row, says keeps a unit here; one of a known lot is on hold by itself, or free."""
        why = {"expired"} if self.is_past(unit, said) else set[str]()
        known = unit is not None and bool(unit.kept.lot)
        return why | ({"on-hold"} if not known and self.is_lot_on_hold(client, sku, said.lot) else set())

    @staticmethod
    def noted(work: Work, piece: Piece) -> Said:
        """What the labels of a piece have said of its unit; the first one counts."""
        said = NOTHING_SAID
        for entry in work.entries:
            if entry.piece is piece or entry is piece.entry:
                said = said.and_of(entry.said)
        return said

    @staticmethod
    def _asks_of_lot(conversation: Conversation, kept: Said, said: Said, code: str) -> Expected | None:
        """The question where a label says otherwise than what is kept; yes takes the unit as it is kept."""
        asked = (conversation.ask("other-lot", f"{what} {key(code)}") for what in kept.against(said))
        return next((one for one in asked if one), None)

    def open_stock(self, station: str, unit: Unit, said: Said) -> None:
        """§2.18: a unit that was there before, with its lot and dates."""
        self.units.append(unit)
        self.happened(unit, "Received", station, "opening")
        self.give(station, unit, said, "opening")

    def give(self, station: str, unit: Unit, said: Said, source: str) -> None:
        """What was not known of a unit is as a label, or a row, says; it goes on hold with its lot."""
        had_lot, unit.kept = bool(unit.kept.lot), unit.kept.and_of(said)
        if not had_lot:
            self.hold_as_its_lot(station, unit, source)

    def lot_hold(self, unit: Unit) -> LotHold | None:
        """The hold that stands on the lot of a unit."""
        return next((one for one in self.lot_holds if unit.kept.lot and one.is_of(unit)), None)

    def hold_as_its_lot(self, station: str, unit: Unit, source: str) -> None:
        """A unit that has come goes on hold if its lot is."""
        hold = self.lot_hold(unit)
        if hold and not unit.on_hold and unit.status not in (HELD, DISPOSED, GONE):
            self.put_on_hold(station, unit, source, held_as=hold.mark)

    def hold_again(self, station: str, unit: Unit, held: str) -> None:
        """What was given up is there again: on hold if it was, unless that was for a lot that was released since.

        `held` is for what it was on hold then.
        """
        here = [
            [one.mark for one in holds if (one.client, one.sku) == (unit.client, unit.sku)]
            for holds in (self.ended_lot_holds, self.lot_holds)
        ]
        if held and not (held in here[0] and held not in here[1]):
            self.put_on_hold(station, unit, "button", held_as="" if held == BY_ITSELF else held)
        else:
            self.hold_as_its_lot(station, unit, "button")

    def dispose(self, station: str, unit: Unit) -> set[str]:
        if why := self._not_free(unit):
            return why
        self.happened(unit, "Disposed", station, "button")
        return set()

    def _is_boxed(self, unit: Unit) -> bool:
        return any(box.unit is unit for box in self.boxes)

    def _not_free(self, unit: Unit, *, on_hold: bool = False) -> set[str]:
        """Why a unit is not in stock and in nobody's hands, or on hold where that matters."""
        if unit.held_by is not None:
            return {"held", "already-shipped"} if unit.status == SHIPPED else {"held"}
        why = {"reserved"} if self._is_boxed(unit) else set[str]()
        return {
            RECEIVED: why | ({"on-hold"} if on_hold and unit.on_hold else set()),
            PACKED: {"packed"},
            SHIPPED: {"already-shipped"},
            DISPOSED: {"already-disposed"},
            IN_TRANSIT: {"in-transit"},
        }[unit.status]

    def unreceive(self, station: str, unit: Unit) -> set[str]:
        why = self._not_free(unit, on_hold=True)
        if unit.status == RECEIVED and unit.has_moved_on:
            why |= {"moved-on", "transferred"}
        if why:
            return why
        if unit.po is not None:
            self._take_off_line(unit.po, unit)
        self.happened(unit, "Removed", station, "button", unit.po)
        if unit.po is not None:
            self.refresh(unit.po)
        return set()

    def _take_off_line(self, order: Order, unit: Unit) -> None:
        """The count falls: by what was scanned for the unit, else by the latest that its import can have been for."""
        taking = self._taking_of(order, unit)
        order.lines[self._sku_on(order, unit)].take_back(taking, 1)
        if not taking.quantity:
            self.boxes = [box for box in self.boxes if box.taking is not taking]

    def _taking_of(self, order: Order, unit: Unit) -> Taken:
        line = order.lines[self._sku_on(order, unit)]
        scanned = [taking for taking in line.takings if taking.unit is unit]
        imports = [one for one in line.without_unit() if IMPORT[order.kind][one.scenario] != "refused"]
        alike = [one for one in imports if TWO_CODES[one.scenario] is bool(unit.secondary)]
        best = scanned or alike or imports or line.without_unit()
        boxed = {id(box.taking) for box in self.boxes}
        return next((one for one in best if id(one) not in boxed), best[0])

    def lower(self, order: Order, sku: str, to: int) -> set[str]:
        if sku not in order.lines:
            return {"not-on-order"}
        line = order.lines[sku]
        if to == line.done:
            return {"as-it-is"}
        if to > line.done:
            return {"not-lower"}
        if to < self.present(order, sku):
            return {"serials-back-it"}
        room = self.room(order, sku)
        for taking in line.without_unit():
            off = min(line.done - to, taking.quantity, room.get(taking.scenario, taking.quantity))
            if off > 0:
                line.take_back(taking, off)
                room = {one: left - off * (one == taking.scenario) for one, left in room.items()}
        assert line.done == to
        self.refresh(order)
        return set()

    def correct(self, station: str, unit: Unit, before: str, new: str) -> set[str]:
        if unit.held_by is not None:
            return {"held"}
        if unit.status == IN_TRANSIT:
            return {"in-transit"}
        is_secondary = key(before) == key(unit.secondary)
        old, other = (unit.secondary, unit.primary) if is_secondary else (unit.primary, unit.secondary)
        new = self.meant(unit.client, unit.sku, new, "secondary" if is_secondary else "primary")
        why = set()
        if fold(new) == old or (other and key(new) == key(other)):
            why.add("same-code")
        if self.unit_of(unit.client, unit.sku, new) not in (None, unit):
            why.add("in-use")
        if self.product(unit.client, new):
            why.add("product-not-serial")
        pattern = self.patterns.get((unit.client, unit.sku), ("", ""))[is_secondary]
        if pattern and not re.fullmatch(pattern, fold(new), re.IGNORECASE):
            why.add("pattern")
        if why:
            return why
        if old and key(old) != key(new):
            unit.replaced[key(old)] = is_secondary
        unit.replaced.pop(key(new), None)
        if is_secondary:
            unit.secondary = fold(new)
        else:
            unit.primary = fold(new)
        self.told(unit, "Corrected", station, "typed", unit.so or unit.po)
        return set()

    def change_settings(self, client: str, sku: str, scenario: int) -> set[str]:
        """Units taken afterwards are asked by the new settings; what the others owe was fixed."""
        open_works = [work for work in self.works if work.is_open and work.order.client == client]
        in_hand = {piece.sku for work in open_works for piece in work.pieces}
        if self.products[client, sku] != scenario and sku in in_hand:
            return {"product-in-work"}
        self.products[client, sku] = scenario
        return set()

    def mark_returns(self, order: Order, *, off: bool) -> set[str]:
        """A supervisor lets units that were shipped come in on an order again, or no longer."""
        if order.brings_back is not off:
            return {"marked-already"}
        order.brings_back = not off
        return set()

    def _end_empty(self, order: Order) -> None:
        for work in self.open_works(order):
            work.state = "cancelled"

    # What is shown

    def needed(self, order: Order, sku: str) -> int:
        """How many units of a line owe this step their serials."""
        return sum(
            quantity
            for scenario, quantity in order.lines[sku].taken.items()
            if ASKS[order.kind][scenario] or IMPORT[order.kind][scenario] == "needed"
        )

    def present(self, order: Order, sku: str) -> int:
        booked = (RECEIVED, PACKED, SHIPPED, DISPOSED, IN_TRANSIT) if order.kind == PO else (PACKED, SHIPPED)
        there = sum(
            self._sku_on(order, unit) == sku
            and (unit.po if order.kind == PO else unit.so) is order
            and unit.status in booked
            for unit in self.units
        )
        return there + sum(back.sku == sku for back in order.came_back)

    def report(self) -> Counter[tuple[object, ...]]:
        """The Serial Number Report, a line each."""
        return Counter(
            (
                *(unit.warehouse, unit.client, unit.sku, unit.primary),
                *(None if unit.secondary_is_new else unit.secondary, unit.on_hold),
                # What is in transit is stock that was received (§2.27).
                RECEIVED if unit.status == IN_TRANSIT else unit.status,
                *(unit.po.number if unit.po else None, unit.so.number if unit.so else None),
            )
            for unit in self.units
            if unit.status in (RECEIVED, PACKED, SHIPPED, IN_TRANSIT)
        )

    def lines(self) -> Counter[tuple[object, ...]]:
        """All lines of all orders with their counts."""
        return Counter(
            (
                *(order.kind, order.client, order.number, order.status, sku),
                *(line.ordered, line.done, self.in_work(order, sku), line.closed_short),
            )
            for order in self.orders
            for sku, line in order.lines.items()
        )

    def shown_orders(self) -> dict[tuple[str, str, str], tuple[object, ...]]:
        """Kind, client and number → status and the counts of each line."""
        return {
            (order.kind, order.client, order.number): (
                order.status,
                {
                    sku: (
                        line.ordered,
                        line.done,
                        self.in_work(order, sku),
                        self.needed(order, sku),
                        self.present(order, sku),
                    )
                    for sku, line in order.lines.items()
                },
            )
            for order in self.orders
        }

    def codes(self) -> Counter[tuple[object, ...]]:
        """All live codes: client, SKU, kind, key, and the unit's status, warehouse, lot, use-by, and is it on hold."""
        return Counter(
            (
                *(unit.client, unit.sku, kind, key(text), unit.status, unit.warehouse),
                *(key(unit.kept.lot), unit.kept.use_by, unit.on_hold),
            )
            for unit in self.units
            if unit.status != GONE
            for kind, text in (("primary", unit.primary), ("secondary", unit.secondary))
            if text
        )
