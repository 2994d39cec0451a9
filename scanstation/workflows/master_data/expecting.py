"""Suppliers' lists of serials, held against the store: what an order will expect, and what is against that."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, misspelt, shorten
from scanstation.domain.expected import ExpectedSerial
from scanstation.domain.gtin import product_key
from scanstation.domain.import_facts import ClientFacts
from scanstation.domain.imports import FoundUnit
from scanstation.domain.not_serials import Sieve
from scanstation.domain.orders import Order
from scanstation.domain.products import Product
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store import events, expected, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.new_codes import NewCodes
from scanstation.workflows.codes.serial_facts import known_and_alike, site_names
from scanstation.workflows.codes.serial_rules import Neighbours, never_a_serial, no_code, whereabouts_words
from scanstation.workflows.imports.rows import PRIMARY, SECONDARY
from scanstation.workflows.master_data.changes import AnnouncedUnit, Changes, OrderChange
from scanstation.workflows.master_data.sheets import CellRef, OrderKey, ProductKey, Spot, Trouble, Wanted, WantedSerial
from scanstation.workflows.site import Site

_IMPORT = "scanstation po import-serials"


@dataclass(slots=True)
class _Line:
    """What one order announces of one product."""

    key: OrderKey
    number: str
    order_id: int | None
    """None of an order that the same run makes."""
    warehouse_id: int | None
    product: Product
    ordered: int
    listed: Mapping[str, ExpectedSerial]
    """What its lists have already, by primary."""
    rows: list[AnnouncedUnit] = field(default_factory=list)
    """Those of the sheets."""


class Announced:
    """Holds the rows of suppliers' lists against the store, and puts what is good among the changes."""

    def __init__(
        self,
        site: Site,
        tx: Transaction,
        wanted: Wanted,
        changes: Changes,
        products: Mapping[ProductKey, Product],
        client_facts: Callable[[str], ClientFacts],
        *,
        warehouses: Mapping[str, int],
        lock: bool,
    ) -> None:
        self._site, self._tx, self._wanted, self._changes = site, tx, wanted, changes
        self._products, self._client_facts, self._warehouses = products, client_facts, warehouses
        self._orders = self._orders_named(lock=lock)
        ids = [order.id for order in self._orders.values()]
        self._order_lines = orders.lines_of(tx, ids)
        self._listed = expected.on_orders(tx, ids)
        self._names = site_names(site, tx)
        self._clients: dict[str, ClientFacts] = {}
        self._lines: dict[tuple[OrderKey, str], _Line | tuple[str, str, str]] = {}
        self._doubts: list[Trouble] = []
        self._elsewhere: list[tuple[FoundUnit, CellRef, Code]] = []
        """Listed units that are here already, and not of their order."""
        self._noted: dict[tuple[str, str], list[tuple[CellRef, Code]]] = {}
        self._judge(self._read())
        self._tell()

    # -- the order and its line ----------------------------------------------------------------------------

    def _orders_named(self, *, lock: bool) -> dict[OrderKey, Order]:
        self._namesakes: dict[str, list[Order]] = {}
        order_of_key: dict[OrderKey, Order] = {}
        wanted = {one.order for one in self._wanted.expected}
        numbers = {key[3] for key in wanted}
        for order in sorted(orders.with_numbers(self._tx, OrderKind.PURCHASE, numbers), key=lambda order: order.id):
            key = (OrderKind.PURCHASE, code_key(order.warehouse), code_key(order.client), code_key(order.number))
            self._namesakes.setdefault(key[3], []).append(order)
            if key in wanted:
                order_of_key[key] = orders.lock(self._tx, order.id) if lock else order
        return order_of_key

    def _line_of(self, one: WantedSerial) -> _Line | tuple[str, str, str]:
        """The line that a row is for; or what is wrong: a name, the column, a sentence."""
        place = (one.order, code_key(one.sku))
        if place not in self._lines:
            self._lines[place] = self._find_line(one)
        return self._lines[place]

    def _find_line(self, one: WantedSerial) -> _Line | tuple[str, str, str]:
        order, sku, number = self._orders.get(one.order), one.sku, one.number
        change = next((change for change in self._changes.orders if change.wanted.key == one.order), None)
        if order is None and change is None:
            return self._no_order(one)
        if order and (fault := misspelt(one.number, order.number)):
            return "bad-name", "PO Number", say.told_of(number, fault)
        product = self._products.get(one.product_key)
        if product is None:
            barcode = self._facts(one.order[2]).product_codes.get(product_key(one.product_key[1]))
            if barcode is not None:
                return "not-a-sku", "SKU", say.barcode_is_no_sku(sku, barcode)
            return "unknown-sku", "SKU", say.no_sku_to_load(sku, one.client)
        if fault := misspelt(one.sku, product.sku):
            return "bad-name", "SKU", say.told_of(sku, fault)
        ordered = self._ordered(order, change)
        if product.sku_key not in ordered:
            return "not-on-order", "SKU", say.sku_not_on_order(sku, number)
        policy = self._site.policy(product.settings)
        if not policy.tracked:
            return "not-tracked", "SKU", say.row_not_tracked(sku)
        if not policy.scans_new_serials:
            return "by-import", "SKU", say.comes_by_import(sku, _IMPORT)
        order_id = order.id if order else None
        listed = self._listed.get((order.id, product.id), ()) if order else ()
        return _Line(
            key=one.order,
            number=order.number if order else one.number,
            order_id=order_id,
            warehouse_id=self._warehouses.get(one.order[1]),
            product=product,
            ordered=ordered[product.sku_key],
            listed={code_key(row.primary): row for row in listed},
        )

    def _ordered(self, order: Order | None, change: OrderChange | None) -> dict[str, int]:
        """What an order will have of each product once the sheets are loaded."""
        lines = self._order_lines.get(order.id, ()) if order else ()
        ordered = {line.product.sku_key: line.wanted for line in lines}
        if change:
            ordered |= {sku_key: line.quantity for sku_key, line in change.new.items()}
            ordered |= {line.product.sku_key: quantity for line, quantity, _ in change.changed}
            for line in change.dropped:
                del ordered[line.product.sku_key]
        return ordered

    def _no_order(self, one: WantedSerial) -> tuple[str, str, str]:
        number, namesakes = one.number, self._namesakes.get(one.order[3], ())
        if not namesakes:
            return "unknown-order", "PO Number", say.no_order_of_row(OrderKind.PURCHASE, number)
        theirs = [order for order in namesakes if code_key(order.client) == one.order[2]]
        if not theirs:
            owners = [order.client for order in namesakes]
            return "wrong-client", "Client", say.wrong_client(OrderKind.PURCHASE, number, one.client, owners)
        told = say.order_of_other_place(OrderKind.PURCHASE, number, [order.warehouse for order in theirs])
        return "wrong-warehouse", "Warehouse", told

    def _facts(self, client_key: str) -> ClientFacts:
        if client_key not in self._clients:
            self._clients[client_key] = self._client_facts(client_key)
        return self._clients[client_key]

    # -- its codes -----------------------------------------------------------------------------------------

    def _read(self) -> dict[ProductKey, "_Codes"]:
        """Every row with its line and the codes that it means; those that mean none are troubles."""
        keys: list[str] = []
        rows_with_lines: list[tuple[WantedSerial, _Line]] = []
        for one in self._wanted.expected:
            line = self._line_of(one)
            if not isinstance(line, _Line):
                # Of an order of this run that has a trouble itself nothing more is said.
                spoiled = one.order in self._wanted.orders and line[0] == "unknown-order"
                if not spoiled and one.product_key not in self._wanted.spoiled_products:
                    self._trouble(one, line[0], line[1], line[2])
                continue
            rows_with_lines.append((one, line))
            codes = [code for code in (one.primary, one.secondary) if code is not None]
            keys += [code.key for code in codes if isinstance(code, Code)]
            keys += [key for code in codes for key in label_serials.variants(line.product, code)]
        products = {line.product.id: line.product for _, line in rows_with_lines if line.product.id}
        known, alike = known_and_alike(self._tx, keys, products, None)
        others: dict[str, list[FoundUnit]] = {}
        for of_product in known.values():
            for key, unit in of_product.items():
                others.setdefault(key, []).append(unit)
        codes_of: dict[ProductKey, _Codes] = {}
        caught: dict[str, Collection[str]] = {}
        for one, line in rows_with_lines:
            client_key = one.order[2]
            if client_key not in caught:
                facts = self._facts(client_key)
                sieve = Sieve(facts.product_codes, (*self._names, *facts.open_orders), self._site.rules.words)
                caught[client_key] = sieve.caught(keys) | others.keys()
            if one.product_key not in codes_of:
                product = line.product
                new = NewCodes[Spot](
                    product, known.get(product.id, {}), alike.get(product.id, {}), lambda spot: spot.short
                )
                codes_of[one.product_key] = _Codes(new, self._facts(client_key), others, caught[client_key])
            self._mean(one, line, codes_of[one.product_key])
        return codes_of

    def _mean(self, one: WantedSerial, line: _Line, codes: "_Codes") -> None:
        """Put a row on its line with the codes that it means, as the product's units spell them."""
        if one.secondary is not None and not self._site.policy(line.product.settings).two_codes:
            sentence = say.no_secondary_here(one.secondary.text, shorten(one.sku))
            self._trouble(one, "secondary-given", SECONDARY, sentence)
            return
        primary = codes.new.meant([CodeKind.PRIMARY], one.primary)
        secondary = codes.new.meant([CodeKind.SECONDARY], one.secondary) if one.secondary else None
        for column, code in ((PRIMARY, primary), (SECONDARY, secondary)):
            if isinstance(code, BadCode):
                reason = no_code(code)
                self._trouble(one, reason.name, column, say.told_of(code.text, reason.sentence))
        if isinstance(primary, BadCode) or isinstance(secondary, BadCode):
            return
        primary = label_serials.without_separators(line.product, primary)
        secondary = label_serials.without_separators(line.product, secondary) if secondary else None
        if secondary is not None and secondary.key == primary.key:
            sentence = say.same_code_in_row(secondary.text)
            self._trouble(one, "same-code", SECONDARY, sentence)
            return
        unit = AnnouncedUnit(one, primary, secondary, is_new=primary.key not in line.listed)
        for column, _, code in _codes(unit):
            first = codes.spots.setdefault(code.key, one.spot)
            if first is not one.spot:
                sentence = say.stands_twice(code, first.short)
                self._trouble(one, "twice-in-file", column, sentence)
                return
        line.rows.append(unit)

    def _judge(self, codes_of: Mapping[ProductKey, "_Codes"]) -> None:
        for line in self._lines.values():
            if isinstance(line, _Line) and line.rows:
                self._judge_line(line, codes_of[line.key[2], line.product.sku_key])

    def _judge_line(self, line: _Line, codes: "_Codes") -> None:
        replaced = {unit.primary.key for unit in line.rows}
        staying = {
            code_key(text): row
            for key, row in line.listed.items()
            if key not in replaced
            for text in (row.primary, row.secondary)
            if text is not None
        }
        for unit in line.rows:
            before = line.listed.get(unit.primary.key)
            if (
                before
                and before.key(CodeKind.SECONDARY) == (unit.secondary and unit.secondary.key)
                and (before.lot == unit.wanted.lot)
            ):
                self._changes.expected_as_before += 1
            elif self._is_good(unit, line, codes, staying):
                self._changes.expected.append(unit)
        now = len(line.listed.keys() | replaced)
        if now > line.ordered:
            told = say.more_listed_than_ordered(line.number, line.product.sku, now, line.ordered)
            self._changes.notes.append(told)

    def _is_good(
        self, unit: AnnouncedUnit, line: _Line, codes: "_Codes", staying: Mapping[str, ExpectedSerial]
    ) -> bool:
        """May it be expected? Else its troubles are noted."""
        one, good = unit.wanted, True
        doubts: list[Trouble] = []
        to_note: list[tuple[str, str, Code]] = []
        for column, kind, code in _codes(unit):
            cell = one.spot.at(column)
            if row := staying.get(code.key):
                sentence = say.listed_already(code.text, line.number, row.primary)
                self._trouble(one, "listed-already", column, sentence)
                good = False
                continue
            if (known := codes.new.known.get(code.key)) is not None:
                # Never judged by what follows; that it came on another order is said.
                self._elsewhere.append((known, cell, code))
                continue
            objection = never_a_serial(
                code,
                line.product,
                Neighbours(codes.client, self._names, lambda key: _other_here(line, codes, key)),
                self._site.rules.words,
                is_primary=column == PRIMARY,
                suspicion=one.spot.suspicion(column),
                was_taken_out=codes.new.settles_pattern(code),
                passed_sieve=code.key not in codes.caught,
            )
            if objection is not None and not objection.may_be_taken:
                self._trouble(one, objection.name, column, say.told_of(code.text, objection.sentence))
                good = False
                continue
            if objection is not None:
                to_note.append((column, objection.sentence, code))
            for doubt in codes.new.doubts(kind, code, one.spot):
                told_of = Trouble(doubt.name, doubt.sentence, cell, one.order)
                (self._changes.troubles if doubt.refuses else doubts).append(told_of)
                good = good and not doubt.refuses
        if good:
            self._doubts += doubts
            for column, sentence, code in to_note:
                self._noted.setdefault((column, sentence), []).append((one.spot.at(column), code))
        return good

    # -- what is said --------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """What somebody should look at, said once for all rows of which the same is to be said."""
        for (_, told), of in self._noted.items():
            place, code = of[0]
            self._changes.notes.append(say.problem_at(str(place), say.noted(code.text, told, len(of))))
        where = events.whereabouts(self._tx, {unit.id for unit, _, _ in self._elsewhere})
        lines = {line.id for of_order in self._order_lines.values() for line in of_order}
        here = [
            Trouble("here-already", say.is_here_already(code.text, whereabouts_words(where[unit.id])), cell)
            for unit, cell, code in self._elsewhere
            if unit.purchase_line_id not in lines
        ]
        told_of = [*self._doubts, *here]
        self._changes.notes += say.few_notes([one.name for one in told_of], [one.text for one in told_of])

    def _trouble(self, one: WantedSerial, name: str, column: str, sentence: str) -> None:
        self._changes.troubles.append(Trouble(name, sentence, one.spot.at(column), one.order))


@dataclass(slots=True)
class _Codes:
    """The codes of one product's rows, and what they are held against."""

    new: NewCodes[Spot]
    client: ClientFacts
    others: Mapping[str, Sequence[FoundUnit]]
    """The units that have each code already, whoever's they are."""
    caught: Collection[str]
    """The codes of the sheets that need a look."""
    spots: dict[str, Spot] = field(default_factory=dict)
    """Key → the first row that has it."""


def _codes(unit: AnnouncedUnit) -> Iterator[tuple[str, CodeKind, Code]]:
    yield PRIMARY, CodeKind.PRIMARY, unit.primary
    if unit.secondary is not None:
        yield SECONDARY, CodeKind.SECONDARY, unit.secondary


def _other_here(line: _Line, codes: _Codes, key: str) -> str:
    """The SKU of another product of the client that has a unit with a code in this warehouse."""
    skus = codes.client.sku_of
    return next(
        (
            skus[unit.product_id]
            for unit in codes.others.get(key, ())
            if unit.product_id != line.product.id
            and unit.product_id in skus
            and unit.warehouse_id == line.warehouse_id
            and not unit.status.has_left
        ),
        "",
    )
