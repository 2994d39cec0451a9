"""What a row of an import of serials must be (RULES 1, 2.7, 2.8, 2.13, 2.19 and 3), judged on plain values.

Nothing here reads a store or a clock: `judge` may be run once without a lock, and its answer stands as long as
the facts it was given are still the facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from scanstation.domain.codes import BadCode, Code, code_key, read_code, shorten, visible
from scanstation.domain.commands import read_command
from scanstation.domain.gtin import product_key
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.tracking import Admits, Asks, ImportRule, TrackingPolicy
from scanstation.sheets.columns import PO_SERIALS, SO_SERIALS, SheetKind
from scanstation.sheets.reading import Row, Table
from scanstation.store.batches import BatchRecord, FoundUnit, ImportedCount
from scanstation.store.catalog import ProductRecord
from scanstation.store.imports import NewUnit, TakenUnit
from scanstation.store.orders import OrderRecord
from scanstation.store.units import Whereabouts
from scanstation.workflows import serial_pattern
from scanstation.workflows.site import Site

WAREHOUSE, CLIENT, SKU = "Warehouse", "Client", "SKU"
PRIMARY, SECONDARY = "Primary Serial Number", "Secondary Serial Number"
SHEET_OF: dict[OrderKind, SheetKind] = {OrderKind.PURCHASE: PO_SERIALS, OrderKind.SHIPMENT: SO_SERIALS}

_ALREADY = "already-imported"
_NOT_COUNTED = {_ALREADY, "twice-in-file", "in-use"}
"""What makes a row go away when the file is mended; the others will still want their place on the line."""

_DONE_WORD = {OrderKind.PURCHASE: "received", OrderKind.SHIPMENT: "packed"}
_WORK_WORD = {OrderKind.PURCHASE: "receipt", OrderKind.SHIPMENT: "packing"}
_LISTED_RANGES = 12


class ParsedRow(NamedTuple):
    """One row of the sheet, with its codes read. A tuple and no dataclass: a file has 100,000 of them."""

    number: int
    texts: tuple[str, str, str, str]
    """Warehouse, client, order, SKU as written."""
    place: tuple[str, str, str]
    """Warehouse, client and order as keys."""
    sku_key: str
    primary: Code | BadCode | None
    """None when the cell is empty."""
    secondary: Code | BadCode | None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What imports may still put on a line."""

    id: int
    product: ProductRecord
    done: int
    pieces: Mapping[int, int]
    """Scenario → how many pieces completed work took under it."""
    imported: ImportedCount
    shown_sku: str
    """The SKU as sentences show it."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order that the file names."""

    record: OrderRecord
    lines: Mapping[str, LineFacts]
    """By SKU key."""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What of a client can be mistaken for a serial."""

    skus: Mapping[str, str]
    """SKU key → SKU."""
    product_codes: Mapping[str, str]
    """Every SKU and barcode as key → the SKU it stands for."""
    open_numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the store has to say about a file beside its units: little, and quickly compared."""

    started: OrderRecord | None
    """The order that the import was started from."""
    orders: Mapping[tuple[str, str, str], OrderFacts]
    """By the keys of warehouse, client and number."""
    namesakes: Mapping[str, tuple[OrderRecord, ...]]
    """All orders of this kind with the numbers of the file, whoever's they are."""
    clients: Mapping[int, ClientFacts]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the store has to say about the rows of one file."""

    surroundings: Surroundings
    units: Mapping[tuple[int, str], FoundUnit]
    """Product id and code key → the unit that has the code."""
    where: Mapping[int, Whereabouts]
    """Of the units that stand in the way."""
    batches: Mapping[int, BatchRecord]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong, with every row that it is wrong with."""

    name: str
    rows: tuple[int, ...]
    """Row numbers of the sheet; none for what is wrong with the whole file."""
    where: str
    """Sheet and cells: `Sheet1!E2:E9`; empty for the whole file."""
    said: str
    """What happened, to which thing, what to do now."""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.where}: {self.said}" if self.where else self.said


@dataclass(frozen=True, slots=True)
class LineCount:
    """What the file does to one line: `37 of 50`."""

    order_id: int
    number: str
    sku: str
    before: int
    new: int
    owed: int

    @property
    def text(self) -> str:
        """The count after the import."""
        now = self.before + self.new
        complete = ", complete" if now == self.owed else ""
        return f"{visible(self.number)} {visible(self.sku)} {now} of {self.owed}{complete}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with the rows, and what the good ones do."""

    problems: tuple[RowProblem, ...] = ()
    lines: tuple[LineCount, ...] = ()
    new: tuple[NewUnit, ...] = ()
    taken: tuple[TakenUnit, ...] = ()


def parse(table: Table) -> list[ParsedRow]:
    """Read the codes of all rows whose cells could be read."""
    unreadable = {problem.row for problem in table.problems}
    heads: dict[tuple[str, ...], _Head] = {}
    return [_parsed(row, heads) for row in table.rows if row.number not in unreadable]


def judge(site: Site, kind: OrderKind, table: Table, rows: Sequence[ParsedRow], facts: Facts) -> Judgement:
    """Hold every row against the rules; the site says what scenario 6 does and how commands begin."""
    judge_ = _Judge(site, kind, table, facts)
    for row in rows:
        judge_.row(row)
    judge_.count()
    return judge_.judgement()


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


def moment(at: str) -> str:
    """A stored moment as a file that is kept may say it: with its date, in local time."""
    return datetime.fromisoformat(at).astimezone().strftime("%d %b %Y %H:%M")


def never_a_serial(
    code: Code, product: ProductRecord, client: ClientFacts, command_prefix: str, *, is_primary: bool
) -> tuple[str, str] | None:
    """Why a code cannot be a new serial of a product (RULES 2.8): a short name, and what follows the code."""
    pattern = product.serial_pattern if is_primary else product.secondary_pattern
    fits = bool(pattern) and serial_pattern.fits(pattern, code.text)
    # Only of digits there are several spellings: a GTIN has four lengths.
    named = product_key(code.key) if code.key.isdigit() else code.key
    if (sku := client.product_codes.get(named)) is not None:
        said = f"is the product {visible(sku)}, not a serial. Write the code of the serial label."
        return "product-not-serial", said
    if code.key.startswith(command_prefix) and read_command(code.key, command_prefix) is not None:
        return "command-not-serial", "is a command barcode, not a serial. Correct it."
    if code.key in client.open_numbers and not fits:
        return "order-not-serial", "is the number of an open order, not a serial. Correct it."
    if pattern and not fits:
        hint = product.serial_hint if is_primary else product.secondary_hint
        wanted = f" It should be: {visible(hint)}." if hint else ""
        return "pattern", f"does not look like a serial of {visible(product.sku)}.{wanted} Correct it."
    return None


def whereabouts_words(seen: Whereabouts, warehouse: str = "") -> str:
    """Where a unit is, to follow its code: `is already Packed on SO S-1, 20 Nov 2026 10:32, bench-2, by Ana`.

    Args:
        seen: where it was last seen.
        warehouse: another building that it stands in.
    """
    who, station, number = visible(seen.operator), visible(seen.station), visible(seen.order_number or "")
    if seen.status is UnitStatus.HELD and seen.order_kind is not None:
        return f"is on {who}'s open {_WORK_WORD[seen.order_kind]} {number} at {station}"
    on = f" on {seen.order_kind} {number}" if seen.order_kind else ""
    there = f" in warehouse {visible(warehouse)}" if warehouse else ""
    return f"is already {seen.status.value}{on}{there}, {moment(seen.at)}, {station}, by {who}"


class _Head(NamedTuple):
    """What a row says before its codes; one object for all rows that say the same."""

    texts: tuple[str, str, str, str]
    place: tuple[str, str, str]
    sku_key: str


def _parsed(row: Row, heads: dict[tuple[str, ...], _Head]) -> ParsedRow:
    named = row.values[:4]
    head = heads.get(named)
    if head is None:
        warehouse, client, number, sku = named
        place = (code_key(warehouse), code_key(client), code_key(number))
        head = heads[named] = _Head((warehouse, client, number, sku), place, code_key(sku))
    return ParsedRow(row.number, *head, read_serial(row.values[4]), read_serial(row.values[5]))


def read_serial(text: str) -> Code | BadCode | None:
    """The code of a cell; None for an empty one."""
    if not text:
        return None
    if text.isascii() and text.isprintable() and len(text) <= 64 and text[0] != " " and text[-1] != " ":
        return Code(text, text.upper())  # what read_code answers, without looking at each character
    return read_code(text)


class _Wrong(NamedTuple):
    """A rule that a row breaks."""

    name: str
    column: str
    said: str


@dataclass(slots=True)
class _Slots:
    """How many serials of each scenario a line still takes, and which rows want them."""

    owed: int
    left: dict[int, int]
    rows: dict[int, list[int]] = field(default_factory=dict)
    good: int = 0


class _Judge:
    def __init__(self, site: Site, kind: OrderKind, table: Table, facts: Facts) -> None:
        self._site = site
        self._kind = kind
        self._table = table
        self._facts = facts
        self._number = SHEET_OF[kind].columns[2].name
        self._command_prefix = code_key(site.rules.command_prefix)
        self._wrongs: dict[_Wrong, list[int]] = {}
        self._places: dict[tuple[tuple[str, str, str], tuple[str, str, str, str]], OrderFacts | _Wrong] = {}
        self._lines: dict[tuple[int, str], LineFacts | _Wrong] = {}
        self._texts: tuple[str, ...] = ()
        """What the row before said, and who that is."""
        self._said: tuple[OrderFacts, LineFacts] | _Wrong = _Wrong("", "", "")
        self._slots: dict[int, _Slots] = {}
        self._line_of: dict[int, tuple[OrderFacts, LineFacts]] = {}
        self._seen_codes: dict[tuple[int, str], int] = {}
        self._seen_units: dict[int, int] = {}
        self._repeats: dict[tuple[int, int], _Wrong] = {}
        self._policies: dict[int, TrackingPolicy] = {}
        self._new: list[NewUnit] = []
        self._taken: list[TakenUnit] = []

    # -- one row -------------------------------------------------------------------------------------------

    def row(self, row: ParsedRow) -> None:
        """Judge one row."""
        if row.texts is not self._texts:
            self._texts, self._said = row.texts, self._said_by(row)
        if isinstance(self._said, _Wrong):
            self._wrongs.setdefault(self._said, []).append(row.number)
            return
        order, line = self._said
        slots = self._slots[line.id]
        scenario = self._scenario(slots, row)
        judge_codes = self._received if self._kind is OrderKind.PURCHASE else self._packed
        wrongs = judge_codes(row, order, line, self._policy(scenario))
        if not wrongs:
            slots.good += 1
        for wrong in wrongs:
            self._wrongs.setdefault(wrong, []).append(row.number)
        if not any(wrong.name in _NOT_COUNTED for wrong in wrongs):
            slots.left[scenario] -= 1
            slots.rows.setdefault(scenario, []).append(row.number)

    def _said_by(self, row: ParsedRow) -> tuple[OrderFacts, LineFacts] | _Wrong:
        """The order and the line that a row is for, or why it is for none; asked once for rows that say the same."""
        order = self._order(row)
        if isinstance(order, _Wrong):
            return order
        line = self._line(order, row)
        return line if isinstance(line, _Wrong) else (order, line)

    def _order(self, row: ParsedRow) -> OrderFacts | _Wrong:
        found = self._places.get((row.place, row.texts))
        if found is None:
            found = self._places[row.place, row.texts] = self._find_order(row)
        return found

    def _find_order(self, row: ParsedRow) -> OrderFacts | _Wrong:
        for column, text in zip((WAREHOUSE, CLIENT, self._number, SKU), row.texts, strict=True):
            if not text:
                return _Wrong("empty", column, f"the {column} is empty. Fill it in.")
        warehouse, client, number, _ = (shorten(text) for text in row.texts)
        noun = f"{self._kind.noun} {number}"
        started = self._facts.surroundings.started
        if started is not None and row.place[2] != code_key(started.number):
            return _Wrong(
                "other-order",
                self._number,
                f"{number} is another order than {visible(started.number)}, which this import was started from. "
                "Take the rows out, or import for all the orders named.",
            )
        if (found := self._facts.surroundings.orders.get(row.place)) is not None and (
            started is None or found.record.id == started.id
        ):
            return self._closed(found) or found
        namesakes = (started,) if started is not None else self._facts.surroundings.namesakes.get(row.place[2], ())
        if not namesakes:
            return _Wrong("unknown-order", self._number, f"there is no {noun}. Check the number, or load the order.")
        if all(code_key(order.client) != row.place[1] for order in namesakes):
            owners = " and ".join(visible(order.client) for order in namesakes)
            return _Wrong("wrong-client", CLIENT, f"{noun} is not of client {client}, but of {owners}. Correct it.")
        places = " and ".join(visible(one.warehouse) for one in namesakes if code_key(one.client) == row.place[1])
        return _Wrong("wrong-warehouse", WAREHOUSE, f"{noun} is not in {warehouse}, but in {places}. Correct it.")

    def _closed(self, order: OrderFacts) -> _Wrong | None:
        status, number = order.record.status, visible(order.record.number)
        if self._kind is OrderKind.PURCHASE:
            if status is not OrderStatus.OPEN:
                return None
            return _Wrong(
                "nothing-received",
                self._number,
                f"nothing has been received on {self._kind.noun} {number} yet. Complete its receipt first.",
            )
        if status in (OrderStatus.READY_TO_SHIP, OrderStatus.SHIPPED):
            return None
        way = "It takes no serials any more." if status is OrderStatus.CANCELLED else "Complete its packing first."
        return _Wrong(
            "not-ready",
            self._number,
            f"{self._kind.noun} {number} is {status.value}; serials are imported once it is Ready to Ship. {way}",
        )

    def _line(self, order: OrderFacts, row: ParsedRow) -> LineFacts | _Wrong:
        found = self._lines.get((order.record.id, row.sku_key))
        if found is None:
            found = self._lines[order.record.id, row.sku_key] = self._find_line(order, row)
        return found

    def _find_line(self, order: OrderFacts, row: ParsedRow) -> LineFacts | _Wrong:
        sku, number = shorten(row.texts[3]), visible(order.record.number)
        line = order.lines.get(row.sku_key)
        if line is None:
            client = self._facts.surroundings.clients[order.record.client_id]
            if row.sku_key in client.skus:
                return _Wrong("not-on-order", SKU, f"{sku} is not on {number}. Check the SKU and the order.")
            code = client.product_codes.get(product_key(row.sku_key))
            if code is not None:
                return _Wrong("not-a-sku", SKU, f"{sku} is a barcode. Write the SKU, {visible(code)}.")
            return _Wrong("unknown-sku", SKU, f"{sku} is not a SKU of {visible(order.record.client)}. Correct it.")
        takes = {
            scenario: count
            for scenario, count in line.pieces.items()
            if self._import_rule(scenario) is not ImportRule.REFUSED
        }
        if not takes:
            return self._takes_none(order, line)
        self._slots[line.id] = _Slots(sum(takes.values()), room_left(takes, line.imported, self._policy))
        self._line_of[line.id] = (order, line)
        return line

    def _takes_none(self, order: OrderFacts, line: LineFacts) -> _Wrong:
        sku, number, done = line.shown_sku, visible(order.record.number), _DONE_WORD[self._kind]
        if not line.pieces:
            return _Wrong(f"nothing-{done}", SKU, f"nothing of {sku} is {done} on {number}. Take its rows out.")
        if not any(line.pieces[scenario] for scenario in line.pieces if scenario):
            why = f"{sku} is not tracked: it has no serial numbers"
        elif self._kind is OrderKind.PURCHASE and any(
            self._policy(scenario).receiving_asks is not Asks.NOTHING for scenario in line.pieces
        ):
            why = f"serials of {sku} are scanned at receiving and never imported"
        else:
            why = f"serials of {sku} are scanned at packing and never imported"
        return _Wrong("not-imported", SKU, f"{why}. Take its rows out.")

    def _scenario(self, slots: _Slots, row: ParsedRow) -> int:
        """Which of the scenarios that the line's pieces were taken under this row is for (RULES 2.17)."""
        left = slots.left
        if len(left) == 1:
            return next(iter(left))
        two_codes = row.secondary is not None
        fitting = [one for one in left if self._policy(one).two_codes is two_codes] or list(left)
        return next((one for one in fitting if left[one] > 0), fitting[0])

    # -- its codes -----------------------------------------------------------------------------------------

    def _received(self, row: ParsedRow, order: OrderFacts, line: LineFacts, policy: TrackingPolicy) -> list[_Wrong]:
        asks_two = policy.po_import_asks is Asks.BOTH
        if unusable := self._unusable(row, line, asks_two, secondary_allowed=asks_two):
            return unusable
        primary, secondary = row.primary, row.secondary
        assert isinstance(primary, Code), "an empty or unusable primary was refused before"
        assert not isinstance(secondary, BadCode), "an unusable secondary was refused before"
        unit = self._facts.units.get((line.product.id, primary.key))
        if unit is not None and self._is_repeat(unit, line, primary, secondary):
            return [self._repeated(order, unit)]
        wrong = self._not_new(row, order, line, PRIMARY, primary)
        wrongs = [] if wrong is None else [wrong]
        if secondary is not None and (wrong := self._not_new(row, order, line, SECONDARY, secondary)) is not None:
            wrongs.append(wrong)
        if not wrongs:
            self._new.append(
                NewUnit(order.record.id, line.id, line.product.id, order.record.warehouse_id, primary, secondary)
            )
        return wrongs

    def _packed(self, row: ParsedRow, order: OrderFacts, line: LineFacts, policy: TrackingPolicy) -> list[_Wrong]:
        asks = policy.so_import_asks
        either = asks is Asks.EITHER
        two_allowed = asks is not Asks.PRIMARY
        if unusable := self._unusable(row, line, asks is Asks.BOTH, secondary_allowed=two_allowed, either=either):
            return unusable
        given = [
            (column, code) for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary)) if code is not None
        ]
        codes = [(column, code) for column, code in given if isinstance(code, Code)]
        assert len(codes) == len(given), "unusable codes were refused before"
        units = [self._facts.units.get((line.product.id, code.key)) for _, code in codes]
        wrong_or_none = self._twice(row, line, codes, units)
        if wrong_or_none is not None:
            return [wrong_or_none]
        known = [unit for unit in units if unit is not None]
        if not known:
            if policy.so_import_admits is Admits.RECEIVED:
                return [self._unknown(line, column, code, policy) for column, code in codes]
            wrongs = [
                wrong
                for column, code in codes
                if (wrong := self._never_a_serial(order, line, column, code)) is not None
            ]
            secondary = codes[1][1] if len(codes) > 1 else None
            if not wrongs:
                self._new.append(
                    NewUnit(
                        order.record.id, line.id, line.product.id, order.record.warehouse_id, codes[0][1], secondary
                    )
                )
            return wrongs
        unit = known[0]
        if all(one is not None and one.id == unit.id for one in units) and self._is_repeat(unit, line):
            return [self._repeated(order, unit)]
        added: Code | None = None
        if len(codes) > 1 and units != [unit, unit]:
            answer = self._one_unit(order, line, codes, units, either=either)
            if isinstance(answer, _Wrong):
                return [answer]
            added = answer
        elif asks is Asks.PRIMARY and codes[0][1].key != unit.primary_key:
            said = f"{shorten(codes[0][1].text)} is the secondary serial of {shorten(unit.primary or '')}."
            return [_Wrong("secondary-given", PRIMARY, f"{said} Write the primary.")]
        if (wrong_unit := self._not_free(order, codes[units.index(unit)], unit)) is not None:
            return [wrong_unit]
        named = tuple(code for (_, code), one in zip(codes, units, strict=True) if one is not None)
        self._taken.append(TakenUnit(order.record.id, line.id, line.product.id, unit.id, named, added))
        return []

    def _unusable(
        self, row: ParsedRow, line: LineFacts, asks_two: bool, *, secondary_allowed: bool, either: bool = False
    ) -> list[_Wrong]:
        """What is wrong with the cells as such: filled where they must not be, empty where they must, no code."""
        if isinstance(row.primary, Code) and row.secondary is None and not asks_two:
            return []  # as most rows are
        sku = line.shown_sku
        wrongs = []
        if row.primary is None and not (either and row.secondary is not None):
            either_word = " (or the secondary)" if either else ""
            wrongs.append(_Wrong("empty", PRIMARY, f"the {PRIMARY}{either_word} of {sku} is empty. Fill it in."))
        if row.secondary is None and asks_two:
            wrongs.append(_Wrong("empty", SECONDARY, f"{sku} needs a {SECONDARY} in each row. Fill it in."))
        if row.secondary is not None and not secondary_allowed:
            shown = shorten(row.secondary.text)
            wrongs.append(
                _Wrong("secondary-given", SECONDARY, f"{shown}: a {sku} has no secondary serial. Empty the cell.")
            )
        wrongs.extend(
            _Wrong("bad-serial", column, f"{shorten(code.text)} {code.reason}. Correct the serial.")
            for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary))
            if isinstance(code, BadCode)
        )
        if not wrongs and not either and row.primary is not None and row.secondary is not None:
            assert isinstance(row.primary, Code), "unusable codes were found before"
            assert isinstance(row.secondary, Code), "unusable codes were found before"
            if row.primary.key == row.secondary.key:
                shown = shorten(row.secondary.text)
                wrongs.append(
                    _Wrong("same-code", SECONDARY, f"{shown} is this row's primary serial too. Write its secondary.")
                )
        return wrongs

    def _not_new(self, row: ParsedRow, order: OrderFacts, line: LineFacts, column: str, code: Code) -> _Wrong | None:
        if (wrong := self._seen(row, line, column, code)) is not None:
            return wrong
        unit = self._facts.units.get((line.product.id, code.key))
        if unit is not None:
            return _Wrong("in-use", column, f"{shorten(code.text)} {self._where(unit, order)}. Take the row out.")
        return self._never_a_serial(order, line, column, code)

    def _seen(self, row: ParsedRow, line: LineFacts, column: str, code: Code) -> _Wrong | None:
        """The same code in an earlier row."""
        first = self._seen_codes.setdefault((line.product.id, code.key), row.number)
        if first == row.number:
            return None
        return _Wrong(
            "twice-in-file", column, f"{shorten(code.text)} stands in row {first} too. Take one of the two out."
        )

    def _twice(
        self,
        row: ParsedRow,
        line: LineFacts,
        codes: Sequence[tuple[str, Code]],
        units: Sequence[FoundUnit | None],
    ) -> _Wrong | None:
        """The same code or the same unit in an earlier row."""
        for (column, code), unit in zip(codes, units, strict=True):
            if (wrong := self._seen(row, line, column, code)) is not None:
                return wrong
            if unit is not None and (first := self._seen_units.setdefault(unit.id, row.number)) != row.number:
                return _Wrong(
                    "twice-in-file",
                    column,
                    f"{shorten(code.text)} is the same unit as row {first}. Take one of the two out.",
                )
        return None

    def _never_a_serial(self, order: OrderFacts, line: LineFacts, column: str, code: Code) -> _Wrong | None:
        """RULES 2.8: what a new code must not be, and what it must look like."""
        client = self._facts.surroundings.clients[order.record.client_id]
        found = never_a_serial(code, line.product, client, self._command_prefix, is_primary=column == PRIMARY)
        return _Wrong(found[0], column, f"{shorten(code.text)} {found[1]}") if found else None

    def _unknown(self, line: LineFacts, column: str, code: Code, policy: TrackingPolicy) -> _Wrong:
        shown, sku = shorten(code.text), line.shown_sku
        other = next(
            (
                one.product
                for one_order in self._facts.surroundings.orders.values()
                for one in one_order.lines.values()
                if one.product.id != line.product.id and (one.product.id, code.key) in self._facts.units
            ),
            None,
        )
        if other is not None:
            return _Wrong(
                "other-sku", column, f"{shown} is a serial of {visible(other.sku)}, not of {sku}. Correct the row."
            )
        way = "Import it on its purchase order first."
        if policy.scenario == 6:
            way = (
                "Import it on its purchase order first, or let shipments create serials: "
                'rules.scenario6_unknown_serials = "create" in config.toml.'
            )
        return _Wrong("unknown-serial", column, f"{shown} is not known as a serial of {sku}. {way}")

    def _one_unit(
        self,
        order: OrderFacts,
        line: LineFacts,
        codes: Sequence[tuple[str, Code]],
        units: Sequence[FoundUnit | None],
        *,
        either: bool,
    ) -> Code | _Wrong | None:
        """Two codes of which not both are of one known unit: the secondary that a unit without one gets, or why not."""
        (_, primary), (_, secondary) = codes
        of_primary, of_secondary = units
        first, second = shorten(primary.text), shorten(secondary.text)
        if of_primary is not None and of_secondary is not None:
            return _Wrong("two-units", SECONDARY, f"{second} and {first} are not one unit. Correct the row.")
        if of_primary is None:
            assert of_secondary is not None, "two unknown codes make a new unit"
            whose = shorten(of_secondary.primary or "")
            said = f"{first} is not known, but {second} is a serial of the unit {whose}. Correct the row."
            return _Wrong("two-units", PRIMARY, said)
        if of_primary.secondary is not None or of_primary.primary_key != primary.key:
            is_secondary = primary.key == of_primary.secondary_key
            theirs = shorten((of_primary.primary if is_secondary else of_primary.secondary) or "")
            return _Wrong("two-units", SECONDARY, f"{first} belongs with {theirs}, not with {second}. Correct the row.")
        if either:
            return _Wrong(
                "unknown-serial", SECONDARY, f"{second} is not known, and {first} has no secondary. Empty the cell."
            )
        return self._never_a_serial(order, line, SECONDARY, secondary) or secondary

    def _not_free(self, order: OrderFacts, given: tuple[str, Code], unit: FoundUnit) -> _Wrong | None:
        column, code = given
        shown = shorten(code.text)
        if not unit.free:
            way = "Take the row out."
            if unit.status is UnitStatus.HELD or unit.held_by is not None:
                way = "Complete or cancel it there, or take the row out."
            name = "held" if unit.held_by is not None else "in-use"
            return _Wrong(name, column, f"{shown} {self._where(unit, order)}. {way}")
        if unit.warehouse_id != order.record.warehouse_id:
            return _Wrong(
                "other-warehouse",
                column,
                f"{shown} was received in warehouse {visible(unit.warehouse)}, "
                f"and {visible(order.record.number)} leaves from {visible(order.record.warehouse)}. Take the row out.",
            )
        return None

    def _is_repeat(
        self, unit: FoundUnit, line: LineFacts, primary: Code | None = None, secondary: Code | None = None
    ) -> bool:
        """Did an import put this unit, with just these codes, on this line?"""
        if unit.batch_of(self._kind) is None or unit.line_of(self._kind) != line.id:
            return False
        if self._kind is OrderKind.SHIPMENT:
            return unit.status in (UnitStatus.PACKED, UnitStatus.SHIPPED)
        assert primary is not None, "a row of a purchase order has a primary"
        return unit.primary_key == primary.key and unit.secondary_key == (secondary.key if secondary else None)

    def _repeated(self, order: OrderFacts, unit: FoundUnit) -> _Wrong:
        number = unit.batch_of(self._kind) or 0
        known = self._repeats.get((order.record.id, number))
        if known is None:
            batch = self._facts.batches[number]
            known = self._repeats[order.record.id, number] = _Wrong(
                _ALREADY,
                PRIMARY,
                f"already imported on {self._kind} {visible(order.record.number)} as batch {batch.id} "
                f"on {moment(batch.at)} by {visible(batch.operator)} at {visible(batch.station)} "
                f"(from {shorten(batch.file_name)}). Take the rows out, or remove that batch first.",
            )
        return known

    def _where(self, unit: FoundUnit, order: OrderFacts) -> str:
        elsewhere = unit.warehouse_id != order.record.warehouse_id
        return whereabouts_words(self._facts.where[unit.id], unit.warehouse if elsewhere else "")

    # -- the whole file ------------------------------------------------------------------------------------

    def count(self) -> None:
        """RULES 2.13: no more serials than units."""
        for line_id, slots in self._slots.items():
            order, line = self._line_of[line_id]
            over = [(scenario, -left) for scenario, left in slots.left.items() if left < 0 and slots.rows.get(scenario)]
            for scenario, too_many in over:
                rows = slots.rows[scenario]
                self._wrongs[self._too_many(order, line, slots, len(rows), too_many)] = rows

    def _too_many(self, order: OrderFacts, line: LineFacts, slots: _Slots, rows: int, too_many: int) -> _Wrong:
        sku, number, done = line.shown_sku, visible(order.record.number), _DONE_WORD[self._kind]
        imported = line.imported.one_code + line.imported.two_codes
        by_scan = f", {slots.owed} of them without a scanned serial" if slots.owed != line.done else ""
        serials = "1 serial" if rows == 1 else f"{rows} serials"
        room = max(0, rows - too_many)
        return _Wrong(
            "too-many",
            PRIMARY,
            f"{serials} of {sku} for {self._kind} {number}, and {room or 'none'} can still come: "
            f"{line.done} {done}{by_scan}, {imported} imported before. Take {too_many} out.",
        )

    def judgement(self) -> Judgement:
        """Everything found, in the order of the sheet."""
        problems = [self._problem(wrong, rows) for wrong, rows in self._wrongs.items()]
        problems.sort(key=lambda problem: problem.rows)
        lines = tuple(
            LineCount(
                order.record.id,
                order.record.number,
                line.product.sku,
                line.imported.one_code + line.imported.two_codes,
                slots.good,
                slots.owed,
            )
            for line_id, slots in self._slots.items()
            for order, line in (self._line_of[line_id],)
        )
        return Judgement(tuple(problems), lines, tuple(self._new), tuple(self._taken))

    def _problem(self, wrong: _Wrong, rows: Sequence[int]) -> RowProblem:
        said = wrong.said
        if wrong.name == _ALREADY:
            said = f"{'1 serial is' if len(rows) == 1 else f'{len(rows)} serials are'} {said}"
        where = f"{shorten(self._table.sheet)}!{cells(self._table.columns.get(wrong.column, ''), rows)}"
        return RowProblem(wrong.name, tuple(rows), where, said[0].upper() + said[1:] if said[:4] == "the " else said)

    def _policy(self, scenario: int) -> TrackingPolicy:
        found = self._policies.get(scenario)
        if found is None:
            found = self._policies[scenario] = self._site.policy_of(scenario)
        return found

    def _import_rule(self, scenario: int) -> ImportRule:
        policy = self._policy(scenario)
        return policy.po_import if self._kind is OrderKind.PURCHASE else policy.so_import


def cells(letter: str, rows: Sequence[int]) -> str:
    """Cells of one column, runs of rows as ranges: `E2:E9, E12`."""
    ranges = []
    for _, run in groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        first, last = numbers[0], numbers[-1]
        ranges.append(f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}")
    shown = ", ".join(ranges[:_LISTED_RANGES])
    return f"{shown} and {len(ranges) - _LISTED_RANGES} more" if len(ranges) > _LISTED_RANGES else shown
