"""What a row of an import of serials must be (RULES 1, 2.7, 2.8, 2.13, 2.19 and 3), judged on plain values.

Nothing here reads a store or a clock: `judge` may be run once without a lock, and its answer stands as long as
the facts it was given are still the facts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, groupby, islice, repeat
from operator import attrgetter
from typing import NamedTuple, cast

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, listed, misspelt, shorten, visible
from scanstation.domain.gtin import product_key
from scanstation.domain.imports import Batch, FoundUnit, ImportedCount, NewUnits, TakenUnits, room_left
from scanstation.domain.marks import alike, rough
from scanstation.domain.not_serials import Kind, Sieve
from scanstation.domain.orders import Order
from scanstation.domain.products import Product
from scanstation.domain.sheet_kinds import SHEET_OF
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.tracking import SCENARIOS, Admits, Asks, ImportRule, TrackingPolicy
from scanstation.domain.units import Whereabouts
from scanstation.domain.verdict import CodeKind
from scanstation.sheets.reading import Table
from scanstation.workflows.codes import serial_pattern
from scanstation.workflows.codes.known_serials import (
    ClientFacts,
    Neighbours,
    Objection,
    moment,
    never_a_serial,
    no_code,
    noted,
    whereabouts_words,
)
from scanstation.workflows.codes.new_codes import Alike, NewCodes, text_of
from scanstation.workflows.imports.rows import CLIENT, PRIMARY, SECONDARY, SKU, WAREHOUSE, Head, ParsedRow
from scanstation.workflows.site import Site

_ALREADY = "already-imported"
_NOT_COUNTED = {_ALREADY, "twice-in-file", "in-use"}
"""What makes a row go away when the file is mended; the others will still want their place on the line."""

_COUNTED_WHOLE = {_ALREADY, "too-many"}
"""What is said once with how many rows there are; of all else each cell is named."""

_DONE_WORD = {OrderKind.PURCHASE: "received", OrderKind.SHIPMENT: "packed"}
_LISTED_RANGES = 12
ROWS_AT_ONCE = 2000
"""Judged together while nothing speaks against any of them: a few looks into sets, not some for each row."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What imports may still put on a line."""

    id: int
    product: Product
    done: int
    pieces: Mapping[int, int]
    """Scenario → how many pieces completed work took under it."""
    imported: ImportedCount
    shown_sku: str
    """The SKU as sentences show it."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order that the file names."""

    record: Order
    lines: Mapping[str, LineFacts]
    """By SKU key."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the store has to say about a file beside its units: little, and quickly compared."""

    started: Order | None
    """The order that the import was started from."""
    orders: Mapping[tuple[str, str, str], OrderFacts]
    """By the keys of warehouse, client and number."""
    namesakes: Mapping[str, tuple[Order, ...]]
    """All orders of this kind with the numbers of the file, whoever's they are."""
    clients: Mapping[int, ClientFacts]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the store has to say about the rows of one file."""

    surroundings: Surroundings
    units: Mapping[int, Mapping[str, FoundUnit]]
    """Product id → code key → the unit that has the code."""
    where: Mapping[int, Whereabouts]
    """Of the units that stand in the way."""
    batches: Mapping[int, Batch]
    alike: Mapping[int, Alike] = field(default_factory=dict)
    """By product id."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What is called by a name of the site, as key → `a station`. Only notes come of them, so they may change."""


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
    letter: str | None = None
    """The column of its cells, where the sheet has it."""

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
    new: tuple[NewUnits, ...] = ()
    taken: tuple[TakenUnits, ...] = ()
    notes: tuple[RowProblem, ...] = ()
    """What a person should look at of rows that are taken: what is a CHECK where a code is scanned (RULES 2.12)."""


def judge(site: Site, kind: OrderKind, table: Table, rows: Sequence[ParsedRow], facts: Facts) -> Judgement:
    """Hold every row against the rules; the site says what scenario 6 does and how commands begin."""
    judge_ = _Judge(site, kind, table, facts)
    for head, same in groupby(rows, key=attrgetter("head")):
        judge_.rows(head, same)
    judge_.count()
    return judge_.judgement()


def _all_fit(pattern: str, codes: Iterable[Code]) -> bool:
    """Do all codes match the pattern, if there is one?"""
    return not pattern or all(serial_pattern.fits(pattern, code.text) for code in codes)


class _Wrong(NamedTuple):
    """A rule that a row breaks."""

    name: str
    column: str
    said: str


@dataclass(slots=True)
class _Line:
    """A line of an order as the rows of a file fill it; what they are held against is looked up once for all."""

    order: Order
    id: int
    product: Product
    done: int
    imported: ImportedCount
    shown_sku: str
    client: ClientFacts
    units: Mapping[str, FoundUnit]
    """The units of the product that have a code of the file, by its key."""
    seen: dict[str, int]
    """The codes of the product that rows had so far, and which row was the first."""
    owed: int
    left: dict[int, int]
    """How many serials of each scenario the line still takes."""
    wanted_by: dict[int, list[int]]
    """The rows that want a serial of each scenario."""
    new: NewUnits
    taken: TakenUnits
    codes: NewCodes[int]
    """The new codes that rows of the product had so far."""

    @property
    def good(self) -> int:
        """How many serials it gets."""
        return len(self.new) + len(self.taken)


class _Judge:
    def __init__(self, site: Site, kind: OrderKind, table: Table, facts: Facts) -> None:
        self._site = site
        self._kind = kind
        self._table = table
        self._facts = facts
        self._number = SHEET_OF[kind].columns[2].name
        self._words = site.rules.words
        self._wrongs: dict[_Wrong, list[int]] = {}
        self._doubts: list[_Wrong] = []
        """What is noted of the row in hand, if it is taken."""
        self._noted: dict[_Wrong, list[int]] = {}
        self._said: dict[Head, _Line | _Wrong] = {}
        self._lines: dict[tuple[int, str], _Line | _Wrong] = {}
        self._about: dict[_Wrong, Code] = {}
        """Which code such a doubt is about, where the same may be said of others."""
        self._firsts: dict[_Wrong, Code] = {}
        """Of what is noted once for all codes that it is true of, the first of those."""
        self._sieves: dict[int, Sieve] = {}
        self._seen_codes: dict[int, dict[str, int]] = defaultdict(dict)
        self._seen_units: dict[int, int] = {}
        self._new_codes: dict[int, NewCodes[int]] = {}
        self._repeats: dict[tuple[int, int], _Wrong] = {}
        self._policies = {scenario: site.policy_of(scenario) for scenario in SCENARIOS}
        self._suspicions: Mapping[str, str] = {}
        """Of the row that is judged, by column."""

    # -- rows ----------------------------------------------------------------------------------------------

    def rows(self, head: Head, rows: Iterable[ParsedRow]) -> None:
        """Judge rows that say the same before their codes."""
        line = self._said_by(head)
        if isinstance(line, _Wrong):
            self._wrongs.setdefault(line, []).extend(row.number for row in rows)
            return
        pending = iter(rows)
        if line.codes.changes_texts:
            pending = (self._as_meant(row, line) for row in rows)
        only = next(iter(line.left)) if len(line.left) == 1 else None
        while block := list(islice(pending, ROWS_AT_ONCE)):
            if only is not None and self._take_together(block, line, self._policies[only]):
                line.left[only] -= len(block)
                line.wanted_by[only] += [row.number for row in block]
            else:
                self._take_one_by_one(block, line, only)

    def _as_meant(self, row: ParsedRow, line: _Line) -> ParsedRow:
        """A row with its codes as the product's units spell them: marks taken off, or taken out of longer texts."""
        kinds = {PRIMARY: CodeKind.PRIMARY, SECONDARY: CodeKind.SECONDARY}
        meant: list[Code | BadCode | None] = []
        for column, code in ((PRIMARY, row.primary), (SECONDARY, row.secondary)):
            if code is None:
                meant.append(None)
                continue
            likely = [kinds[column]] if self._kind is OrderKind.PURCHASE else [kinds[column], kinds[column].other]
            meant.append(line.codes.meant(likely, code))
        return row._replace(primary=meant[0], secondary=meant[1])

    def _take_one_by_one(self, rows: Iterable[ParsedRow], line: _Line, only: int | None) -> None:
        judge_codes = self._received if self._kind is OrderKind.PURCHASE else self._packed
        for row in rows:
            self._suspicions = self._table.suspects.get(row.number, {})
            scenario = self._scenario(line, row) if only is None else only
            self._doubts.clear()
            if wrongs := judge_codes(row, line, self._policies[scenario]):
                for wrong in wrongs:
                    self._wrongs.setdefault(wrong, []).append(row.number)
                if any(wrong.name in _NOT_COUNTED for wrong in wrongs):
                    continue
            else:
                for doubt in self._doubts:
                    self._noted.setdefault(doubt, []).append(row.number)
                    if doubt in self._about:
                        self._firsts.setdefault(doubt, self._about[doubt])
            line.left[scenario] -= 1
            line.wanted_by[scenario].append(row.number)

    def _take_together(self, rows: Sequence[ParsedRow], line: _Line, policy: TrackingPolicy) -> bool:
        """Take rows that all are as rows mostly are, by the rules of `_received` and `_packed`.

        False, with nothing taken, where one of them needs a look of its own: because it is wrong, or to be noted.
        """
        purchase = self._kind is OrderKind.PURCHASE
        asks = policy.po_import_asks if purchase else policy.so_import_asks
        found = [row.primary for row in rows]
        secondaries = [row.secondary for row in rows]
        one_code = not any(secondaries)
        if asks is (Asks.BOTH if one_code else Asks.PRIMARY):
            return False
        if not one_code:
            found += secondaries
        if set(map(type, found)) != {Code}:
            return False
        codes = cast("list[Code]", found)
        keys = [code.key for code in codes]
        different = set(keys)
        if len(different) != len(keys) or not line.seen.keys().isdisjoint(different):
            return False
        numbers = [row.number for row in rows]
        if line.units.keys().isdisjoint(different):
            creates = purchase or policy.so_import_admits is not Admits.RECEIVED
            creates = creates and self._table.suspects.keys().isdisjoint(numbers)
            if not creates or not self._may_all_be_new(codes[: len(rows)], codes[len(rows) :], different, line):
                return False
            roughly = list(map(rough, keys))
            if not line.codes.none_is_alike(roughly):
                return False
            rows_of_keys = numbers if one_code else numbers * 2
            line.codes.first_of.update(zip(roughly, zip(keys, rows_of_keys, strict=True), strict=True))
            line.new.primaries += codes[: len(rows)]
            line.new.secondaries += codes[len(rows) :] or repeat(None, len(rows))
        elif purchase or not self._take_units(keys, numbers, line, asks):
            return False
        line.seen.update(zip(keys, numbers if one_code else numbers * 2, strict=True))
        return True

    def _may_all_be_new(
        self, primaries: Sequence[Code], secondaries: Sequence[Code], keys: Collection[str], line: _Line
    ) -> bool:
        """Does nothing of `never_a_serial` speak against any of these codes?"""
        product = line.product
        return (
            _all_fit(product.serial_pattern, primaries)
            and _all_fit(product.secondary_pattern, secondaries)
            and self._others.keys().isdisjoint(keys)
            and not self._sieve(line).caught([*keys])
        )

    def _sieve(self, line: _Line) -> Sieve:
        """What finds the codes of a client that need a look."""
        found = self._sieves.get(line.order.client_id)
        if found is None:
            names = (*self._facts.names, *line.client.open_orders)
            found = self._sieves[line.order.client_id] = Sieve(line.client.product_codes, names, self._words)
        return found

    def _take_units(self, keys: Sequence[str], numbers: Sequence[int], line: _Line, asks: Asks) -> bool:
        """Take the Received units that the rows name by these codes: all primaries, then all secondaries if given."""
        units = [line.units.get(key) for key in keys]
        named, named_again = units[: len(numbers)], units[len(numbers) :]
        known = [unit for unit in named if unit is not None]
        ids = [unit.id for unit in known]
        free_here = (UnitStatus.RECEIVED, None, line.order.warehouse_id)
        if (
            len(known) != len(numbers)
            or (named_again and named_again != named)
            or len(set(ids)) != len(ids)
            or not self._seen_units.keys().isdisjoint(ids)
            or {(unit.status, unit.held_by, unit.warehouse_id) for unit in known} != {free_here}
            or (asks is Asks.PRIMARY and any(unit.primary_key != key for unit, key in zip(known, keys, strict=True)))
        ):
            return False
        line.taken.unit_ids += ids
        line.taken.keys += keys[: len(ids)]
        line.taken.other_keys += keys[len(ids) :] or repeat(None, len(ids))
        self._seen_units.update(zip(ids, numbers, strict=True))
        return True

    def _said_by(self, head: Head) -> _Line | _Wrong:
        """The line that rows are for, or why they are for none; asked once for rows that say the same."""
        found = self._said.get(head)
        if found is None:
            order = self._find_order(head)
            found = self._said[head] = order if isinstance(order, _Wrong) else self._line(order, head)
        return found

    def _find_order(self, head: Head) -> OrderFacts | _Wrong:
        for column, text in zip((WAREHOUSE, CLIENT, self._number, SKU), head.texts, strict=True):
            if not text:
                return _Wrong("empty", column, f"the {column} is empty. Fill it in.")
        warehouse, client, number, _ = (shorten(text) for text in head.texts)
        noun = f"{self._kind.noun} {number}"
        started = self._facts.surroundings.started
        if started is not None and head.place[2] != code_key(started.number):
            return _Wrong(
                "other-order",
                self._number,
                f"{number} is another order than {visible(started.number)}, which this import was started from. "
                "Take the rows out, or import for all the orders named.",
            )
        if (found := self._facts.surroundings.orders.get(head.place)) is not None and (
            started is None or found.record.id == started.id
        ):
            if wrong := misspelt(head.texts[2], found.record.number):
                return _Wrong("bad-name", self._number, f"{number} {wrong}")
            return self._closed(found) or found
        namesakes = (started,) if started is not None else self._facts.surroundings.namesakes.get(head.place[2], ())
        if not namesakes:
            return _Wrong("unknown-order", self._number, f"there is no {noun}. Check the number, or load the order.")
        if all(code_key(order.client) != head.place[1] for order in namesakes):
            owners = " and ".join(visible(order.client) for order in namesakes)
            return _Wrong("wrong-client", CLIENT, f"{noun} is not of client {client}, but of {owners}. Correct it.")
        places = " and ".join(visible(one.warehouse) for one in namesakes if code_key(one.client) == head.place[1])
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

    def _line(self, order: OrderFacts, head: Head) -> _Line | _Wrong:
        found = self._lines.get((order.record.id, head.sku_key))
        if found is None:
            found = self._lines[order.record.id, head.sku_key] = self._find_line(order, head)
        return found

    def _find_line(self, order: OrderFacts, head: Head) -> _Line | _Wrong:
        sku, number = shorten(head.texts[3]), visible(order.record.number)
        line = order.lines.get(head.sku_key)
        if line is None:
            client = self._facts.surroundings.clients[order.record.client_id]
            if head.sku_key in client.skus:
                return _Wrong("not-on-order", SKU, f"{sku} is not on {number}. Check the SKU and the order.")
            code = client.product_codes.get(product_key(head.sku_key))
            if code is not None:
                return _Wrong("not-a-sku", SKU, f"{sku} is a barcode. Write the SKU, {visible(code)}.")
            return _Wrong("unknown-sku", SKU, f"{sku} is not a SKU of {visible(order.record.client)}. Correct it.")
        if wrong := misspelt(head.texts[3], line.product.sku):
            return _Wrong("bad-name", SKU, f"{sku} {wrong}")
        takes = {
            scenario: count
            for scenario, count in line.pieces.items()
            if self._import_rule(scenario) is not ImportRule.REFUSED
        }
        if not takes:
            return self._takes_none(order, line)
        product_id = line.product.id
        return _Line(
            order.record,
            line.id,
            line.product,
            line.done,
            line.imported,
            line.shown_sku,
            self._facts.surroundings.clients[order.record.client_id],
            self._facts.units.get(product_id, {}),
            self._seen_codes[product_id],
            sum(takes.values()),
            room_left(takes, line.imported, self._policies.__getitem__),
            {scenario: [] for scenario in takes},
            NewUnits(order.record.id, line.id, product_id, order.record.warehouse_id),
            TakenUnits(order.record.id, line.id, product_id),
            self._codes_of(line.product),
        )

    def _codes_of(self, product: Product) -> NewCodes[int]:
        """Those of all its lines together: they share one namespace."""
        known, alike_ones = self._facts.units.get(product.id, {}), self._facts.alike.get(product.id, {})
        return self._new_codes.setdefault(product.id, NewCodes(product, known, alike_ones, "row {}".format))

    def _takes_none(self, order: OrderFacts, line: LineFacts) -> _Wrong:
        sku, number, done = line.shown_sku, visible(order.record.number), _DONE_WORD[self._kind]
        # Of what has not come yet its settings of today tell whether it would take any.
        scenarios = [scenario for scenario in line.pieces if line.pieces[scenario]] or [
            self._site.policy(line.product.settings).scenario
        ]
        if any(self._import_rule(scenario) is not ImportRule.REFUSED for scenario in scenarios):
            is_open = order.record.status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_RECEIVED)
            way = "Complete its receipt first, or take its rows out." if is_open else "Take its rows out."
            return _Wrong(f"nothing-{done}", SKU, f"nothing of {sku} is {done} on {number}. {way}")
        if not any(scenarios):
            why = f"{sku} is not tracked: it has no serial numbers"
        elif self._kind is OrderKind.PURCHASE and any(
            self._policies[scenario].receiving_asks is not Asks.NOTHING for scenario in scenarios
        ):
            why = f"serials of {sku} are scanned at receiving and never imported"
        else:
            why = f"serials of {sku} are scanned at packing and never imported"
        return _Wrong("not-imported", SKU, f"{why}. Take its rows out.")

    def _scenario(self, line: _Line, row: ParsedRow) -> int:
        """Which of the scenarios that the line's pieces were taken under this row is for (RULES 2.17).

        One that asks for as many codes as the row has; where either of two is enough, what the unit has tells.
        """
        left, purchase = line.left, self._kind is OrderKind.PURCHASE
        asks = {
            one: self._policies[one].po_import_asks if purchase else self._policies[one].so_import_asks for one in left
        }
        given_two = row.secondary is not None
        has_two = given_two
        if not purchase and isinstance(row.primary, Code) and (unit := line.units.get(row.primary.key)) is not None:
            has_two = given_two or unit.secondary_key is not None
        fitting = [one for one in left if asks[one] is Asks.EITHER or (asks[one] is Asks.BOTH) is given_two]
        fitting = sorted(fitting or left, key=lambda one: self._policies[one].two_codes is not has_two)
        return next((one for one in fitting if left[one] > 0), fitting[0])

    # -- its codes -----------------------------------------------------------------------------------------

    def _received(self, row: ParsedRow, line: _Line, policy: TrackingPolicy) -> list[_Wrong]:
        asks_two = policy.po_import_asks is Asks.BOTH
        if unusable := self._unusable(row, line, asks_two, secondary_allowed=asks_two):
            return unusable
        primary, secondary = row.primary, row.secondary
        assert isinstance(primary, Code), "an empty or unusable primary was refused before"
        assert not isinstance(secondary, BadCode), "an unusable secondary was refused before"
        unit = line.units.get(primary.key)
        if unit is not None and self._is_repeat(unit, line, primary, secondary):
            return [self._repeated(line, unit)]
        wrong = self._not_new(row, line, PRIMARY, primary)
        wrongs = [] if wrong is None else [wrong]
        if secondary is not None and (wrong := self._not_new(row, line, SECONDARY, secondary)) is not None:
            wrongs.append(wrong)
        if not wrongs:
            line.new.append(primary, secondary)
        return wrongs

    def _packed(self, row: ParsedRow, line: _Line, policy: TrackingPolicy) -> list[_Wrong]:
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
        units = [line.units.get(code.key) for _, code in codes]
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
                if (wrong := self._never_a_serial(line, column, code) or self._doubt(row, line, column, code))
                is not None
            ]
            secondary = codes[1][1] if len(codes) > 1 else None
            if not wrongs:
                line.new.append(codes[0][1], secondary)
            return wrongs
        unit = known[0]
        if all(one is not None and one.id == unit.id for one in units) and self._is_repeat(unit, line):
            return [self._repeated(line, unit)]
        added: Code | None = None
        if len(codes) > 1 and units != [unit, unit]:
            answer = self._one_unit(line, codes, units, either=either)
            if isinstance(answer, _Wrong):
                return [answer]
            added = answer
        elif asks is Asks.PRIMARY and codes[0][1].key != unit.primary_key:
            said = f"{shorten(codes[0][1].text)} is the secondary serial of {shorten(unit.primary or '')}."
            return [_Wrong("secondary-given", PRIMARY, f"{said} Write the primary.")]
        if (wrong_unit := self._not_free(line, codes[units.index(unit)], unit)) is not None:
            return [wrong_unit]
        named = [code.key for (_, code), one in zip(codes, units, strict=True) if one is not None]
        line.taken.append(unit.id, named[0], named[1] if len(named) > 1 else None, added)
        return []

    def _unusable(
        self, row: ParsedRow, line: _Line, asks_two: bool, *, secondary_allowed: bool, either: bool = False
    ) -> list[_Wrong]:
        """What is wrong with the cells as such: filled where they must not be, empty where they must, no code."""
        primary, secondary, sku = row.primary, row.secondary, line.shown_sku
        if isinstance(primary, Code) and secondary is None and not asks_two:
            return []
        if isinstance(primary, Code) and isinstance(secondary, Code) and secondary_allowed:
            if either or primary.key != secondary.key:
                return []
            said = f"{shorten(secondary.text)} is this row's primary serial too. Write its secondary."
            return [_Wrong("same-code", SECONDARY, said)]
        wrongs = []
        if primary is None and not (either and secondary is not None):
            either_word = " (or the secondary)" if either else ""
            wrongs.append(_Wrong("empty", PRIMARY, f"the {PRIMARY}{either_word} of {sku} is empty. Fill it in."))
        if secondary is None and asks_two:
            way = "Fill it in." if SECONDARY in self._table.columns else "Add the column, and fill it in."
            wrongs.append(_Wrong("empty", SECONDARY, f"{sku} needs a {SECONDARY} in each row. {way}"))
        if secondary is not None and not secondary_allowed:
            shown = shorten(secondary.text)
            wrongs.append(
                _Wrong("secondary-given", SECONDARY, f"{shown}: a {sku} has no secondary serial. Empty the cell.")
            )
        for column, code in ((PRIMARY, primary), (SECONDARY, secondary)):
            if isinstance(code, BadCode):
                found = no_code(code)
                wrongs.append(_Wrong(found.name, column, f"{shorten(code.text)} {found.said}"))
        return wrongs

    def _not_new(self, row: ParsedRow, line: _Line, column: str, code: Code) -> _Wrong | None:
        if (first := line.seen.setdefault(code.key, row.number)) != row.number:
            return self._in_row(first, column, code)
        if (unit := line.units.get(code.key)) is not None:
            return _Wrong("in-use", column, f"{shorten(code.text)} {self._where(unit, line)}. Take the row out.")
        return self._never_a_serial(line, column, code) or self._doubt(row, line, column, code)

    def _doubt(self, row: ParsedRow, line: _Line, column: str, code: Code) -> _Wrong | None:
        """Note what is doubtful of a new code (RULES 2.8, Marks), or answer why it is none."""
        kind = CodeKind.PRIMARY if column == PRIMARY else CodeKind.SECONDARY
        for doubt in line.codes.doubts(kind, code, row.number):
            if doubt.refuses:
                return _Wrong(doubt.name, column, doubt.said)
            self._doubts.append(_Wrong(doubt.name, column, doubt.said))
        return None

    def _in_row(self, first: int, column: str, code: Code) -> _Wrong:
        """The same code in an earlier row."""
        said = f"{shorten(code.text)} stands in row {first} too. Take one of the two out."
        return _Wrong("twice-in-file", column, said)

    def _twice(
        self,
        row: ParsedRow,
        line: _Line,
        codes: Sequence[tuple[str, Code]],
        units: Sequence[FoundUnit | None],
    ) -> _Wrong | None:
        """The same code or the same unit in an earlier row."""
        for (column, code), unit in zip(codes, units, strict=True):
            if (first := line.seen.setdefault(code.key, row.number)) != row.number:
                return self._in_row(first, column, code)
            if unit is not None and (first := self._seen_units.setdefault(unit.id, row.number)) != row.number:
                return _Wrong(
                    "twice-in-file",
                    column,
                    f"{shorten(code.text)} is the same unit as row {first}. Take one of the two out.",
                )
        return None

    def _never_a_serial(self, line: _Line, column: str, code: Code) -> _Wrong | None:
        """RULES 2.8: what a new code must not be, and what it must look like; what only needs a look is noted."""
        found = self._objection(line, column, code)
        if found is None:
            return None
        if found.may_be_taken:
            self._doubts.append(doubt := _Wrong(found.name, column, found.said))
            self._about[doubt] = code
            return None
        return _Wrong(found.name, column, f"{shorten(code.text)} {found.said}")

    def _objection(self, line: _Line, column: str, code: Code) -> Objection | None:
        facts = Neighbours(line.client, self._facts.names, lambda key: self._other_here(line, key))
        return never_a_serial(
            code,
            line.product,
            facts,
            self._words,
            is_primary=column == PRIMARY,
            suspicion=self._suspicions.get(column),
            was_taken_out=line.codes.settles_pattern(code),
        )

    @cached_property
    def _others(self) -> Mapping[str, Sequence[FoundUnit]]:
        """Code → the units of all products that have it; empty where no code of the file can be another product's."""
        of_key: dict[str, list[FoundUnit]] = defaultdict(list)
        orders = self._facts.surroundings.orders.values()
        of_file = {line.product.id for order in orders for line in order.lines.values()}
        if len(of_file) > 1 or not self._facts.units.keys() <= of_file:
            for of_product in self._facts.units.values():
                for key, unit in of_product.items():
                    of_key[key].append(unit)
        return of_key

    def _other_unit(self, line: _Line, key: str) -> FoundUnit | None:
        """A unit of another product of the client that has a code; one in this warehouse before others."""
        others = (
            unit
            for unit in self._others.get(key, ())
            if unit.product_id != line.product.id and unit.product_id in line.client.sku_of
        )
        return min(others, key=lambda unit: not self._is_here(line, unit), default=None)

    def _is_here(self, line: _Line, unit: FoundUnit) -> bool:
        return unit.warehouse_id == line.order.warehouse_id and unit.status is not UnitStatus.SHIPPED

    def _other_here(self, line: _Line, key: str) -> str:
        """The SKU of another product with a unit in this warehouse that has a code."""
        unit = self._other_unit(line, key)
        return line.client.sku_of[unit.product_id] if unit and self._is_here(line, unit) else ""

    def _unknown(self, line: _Line, column: str, code: Code, policy: TrackingPolicy) -> _Wrong:
        shown, sku = shorten(code.text), line.shown_sku
        found = self._objection(line, column, code)
        if found is not None and not found.may_be_taken and found.name != "pattern":
            return _Wrong(found.name, column, f"{shown} {found.said}")
        if (unit := self._other_unit(line, code.key)) is not None:
            other = line.client.sku_of[unit.product_id]
            elsewhere = "" if unit.warehouse_id == line.order.warehouse_id else unit.warehouse
            said = say.serial_of(other, unit.status, elsewhere)
            return _Wrong(Kind.OTHER_SERIAL.value, column, f"{shown} {said} Correct the row.")
        if found is not None and found.may_be_taken:
            return _Wrong(found.name, column, f"{shown} {found.said}. Correct the row.")
        likely = [
            (key, unit)
            for key, unit in line.codes.alike.get(rough(code.key), ())
            if unit.status is UnitStatus.RECEIVED and alike(code.key, key)
        ]
        if likely:
            texts = [text_of(unit, key) for key, unit in likely]
            told = f"{shown} is not known, but differs only by its marks from {listed(texts, 5)}. Correct the row."
            return _Wrong("alike-known", column, told)
        way = "Import it on its purchase order first."
        if policy.scenario == 6:
            way = (
                "Import it on its purchase order first, or let shipments create serials: "
                'rules.scenario6_unknown_serials = "create" in config.toml.'
            )
        return _Wrong("unknown-serial", column, f"{shown} is not known as a serial of {sku}. {way}")

    def _one_unit(
        self,
        line: _Line,
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
        return self._never_a_serial(line, SECONDARY, secondary) or secondary

    def _not_free(self, line: _Line, given: tuple[str, Code], unit: FoundUnit) -> _Wrong | None:
        if unit.free and unit.warehouse_id == line.order.warehouse_id:
            return None
        column, code = given
        shown = shorten(code.text)
        if not unit.free:
            way = "Take the row out."
            if unit.status is UnitStatus.HELD or unit.held_by is not None:
                way = "Complete or cancel it there, or take the row out."
            name = "held" if unit.held_by is not None else "in-use"
            return _Wrong(name, column, f"{shown} {self._where(unit, line)}. {way}")
        return _Wrong(
            "other-warehouse",
            column,
            f"{shown} was received in warehouse {visible(unit.warehouse)}, "
            f"and {visible(line.order.number)} leaves from {visible(line.order.warehouse)}. Take the row out.",
        )

    def _is_repeat(
        self, unit: FoundUnit, line: _Line, primary: Code | None = None, secondary: Code | None = None
    ) -> bool:
        """Did an import put this unit, with just these codes, on this line?"""
        if unit.batch_of(self._kind) is None or unit.line_of(self._kind) != line.id:
            return False
        if self._kind is OrderKind.SHIPMENT:
            return unit.status in (UnitStatus.PACKED, UnitStatus.SHIPPED)
        assert primary is not None, "a row of a purchase order has a primary"
        return unit.primary_key == primary.key and unit.secondary_key == (secondary.key if secondary else None)

    def _repeated(self, line: _Line, unit: FoundUnit) -> _Wrong:
        number = unit.batch_of(self._kind) or 0
        known = self._repeats.get((line.order.id, number))
        if known is None:
            batch = self._facts.batches[number]
            # From an order that has left nothing can be removed (RULES 2.9).
            or_remove = "" if line.order.status is OrderStatus.SHIPPED else ", or remove that batch first"
            known = self._repeats[line.order.id, number] = _Wrong(
                _ALREADY,
                PRIMARY,
                f"already imported on {self._kind} {visible(line.order.number)} as batch {batch.id} "
                f"on {moment(batch.at)} by {visible(batch.operator)} at {visible(batch.station)} "
                f"(from {shorten(batch.file_name)}). Take the rows out{or_remove}.",
            )
        return known

    def _where(self, unit: FoundUnit, line: _Line) -> str:
        elsewhere = unit.warehouse_id != line.order.warehouse_id
        return whereabouts_words(self._facts.where[unit.id], unit.warehouse if elsewhere else "")

    # -- the whole file ------------------------------------------------------------------------------------

    def count(self) -> None:
        """RULES 2.13: no more serials than units."""
        for line in self._filled_lines():
            for scenario, rows in line.wanted_by.items():
                if rows and line.left[scenario] < 0:
                    self._wrongs[self._too_many(line, len(rows), -line.left[scenario])] = rows

    def _too_many(self, line: _Line, rows: int, too_many: int) -> _Wrong:
        sku, number, done = line.shown_sku, visible(line.order.number), _DONE_WORD[self._kind]
        imported = line.imported.one_code + line.imported.two_codes
        by_scan = f", {line.owed} of them without a scanned serial" if line.owed != line.done else ""
        serials = "1 serial" if rows == 1 else f"{rows} serials"
        room = max(0, rows - too_many)
        return _Wrong(
            "too-many",
            PRIMARY,
            f"{serials} of {sku} for {self._kind} {number}, and {room or 'none'} can still come: "
            f"{line.done} {done}{by_scan}, {imported} imported before. Take {too_many} out.",
        )

    def _filled_lines(self) -> Iterator[_Line]:
        return (line for line in self._lines.values() if isinstance(line, _Line))

    def judgement(self) -> Judgement:
        """Everything found, in the order of the sheet."""
        problems, notes = self._located(self._wrongs), self._located(self._noted)
        lines = tuple(
            LineCount(
                line.order.id,
                line.order.number,
                line.product.sku,
                line.imported.one_code + line.imported.two_codes,
                line.good,
                line.owed,
            )
            for line in self._filled_lines()
        )
        new = tuple(line.new for line in self._filled_lines() if line.new)
        taken = tuple(line.taken for line in self._filled_lines() if line.taken)
        return Judgement(problems, lines, new, taken, notes)

    def _located(self, wrongs: Mapping[_Wrong, Sequence[int]]) -> tuple[RowProblem, ...]:
        """What was found, with its cells."""
        problems = [
            self._problem(wrong, some)
            for wrong, rows in wrongs.items()
            for some in ([rows] if wrong.name in _COUNTED_WHOLE or wrong in self._firsts else _few_ranges(rows))
        ]
        return tuple(sorted(problems, key=lambda problem: problem.rows))

    def _problem(self, wrong: _Wrong, rows: Sequence[int]) -> RowProblem:
        said = wrong.said
        if first := self._firsts.get(wrong):
            said = noted(first, said, len(rows))
        if wrong.name == _ALREADY:
            said = f"{'1 serial is' if len(rows) == 1 else f'{len(rows)} serials are'} {said}"
        letter = self._table.columns.get(wrong.column)
        row_word = "row" if len(rows) == 1 else "rows"
        at = f", {row_word} {cells('', rows)}" if letter is None else f"!{cells(letter, rows)}"
        where = f"{shorten(self._table.sheet)}{at}"
        said = said[0].upper() + said[1:] if said[:4] == "the " else said
        return RowProblem(wrong.name, tuple(rows), where, said, letter)

    def _import_rule(self, scenario: int) -> ImportRule:
        policy = self._policies[scenario]
        return policy.po_import if self._kind is OrderKind.PURCHASE else policy.so_import


def _runs(rows: Sequence[int]) -> list[list[int]]:
    """Row numbers in order, each run of neighbours by itself."""
    runs = groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in runs]


def _few_ranges(rows: Sequence[int]) -> Iterator[list[int]]:
    """The rows in groups of which `cells` names every one."""
    runs = _runs(rows)
    for first in range(0, len(runs), _LISTED_RANGES):
        yield list(chain.from_iterable(runs[first : first + _LISTED_RANGES]))


def cells(letter: str, rows: Sequence[int]) -> str:
    """Cells of one column, runs of rows as ranges: `E2:E9, E12`."""
    ranges = []
    for numbers in _runs(rows):
        first, last = numbers[0], numbers[-1]
        ranges.append(f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}")
    shown = ", ".join(ranges[:_LISTED_RANGES])
    return f"{shown} and {len(ranges) - _LISTED_RANGES} more" if len(ranges) > _LISTED_RANGES else shown
