"""Finding the order line that rows are for, and how many serials it still takes (RULES 2.13, 2.17 and 3)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key, misspelt
from scanstation.domain.gtin import product_key
from scanstation.domain.import_facts import ClientFacts, ImportFacts, LineFacts, OrderFacts
from scanstation.domain.imports import FoundUnit, ImportedCount, NewUnits, TakenUnits, room_left
from scanstation.domain.orders import Order
from scanstation.domain.products import Product
from scanstation.domain.sheet_kinds import SHEET_OF
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.tracking import Asks, ImportRule, TrackingPolicy
from scanstation.workflows.codes.new_codes import NewCodes
from scanstation.workflows.imports.problems import RowFinding
from scanstation.workflows.imports.rows import CLIENT, PRIMARY, SKU, WAREHOUSE, Head, ParsedRow

_DONE = {OrderKind.PURCHASE: "received", OrderKind.SHIPMENT: "packed"}


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
        return say.line_count(self.number, self.sku, self.before + self.new, self.owed)


@dataclass(slots=True)
class FilledLine:
    """A line of an order as the rows of a file fill it, with what those rows are held against."""

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
    written: dict[str, str]
    """What rows have in place of their codes, a line for each cell, where a mark was taken off: by the first's key."""

    @property
    def count(self) -> LineCount:
        """How many serials it had, and how many it gets."""
        before = self.imported.one_code + self.imported.two_codes
        new = len(self.new) + len(self.taken)
        return LineCount(self.order.id, self.order.number, self.product.sku, before, new, self.owed)


def import_asks(kind: OrderKind, policy: TrackingPolicy) -> Asks:
    """Which codes a row of an import on an order of this kind must have."""
    return policy.po_import_asks if kind is OrderKind.PURCHASE else policy.so_import_asks


def _takes_imports(kind: OrderKind, policy: TrackingPolicy) -> bool:
    rule = policy.po_import if kind is OrderKind.PURCHASE else policy.so_import
    return rule is not ImportRule.REFUSED


class LineFinder:
    """Finds the line that rows are for, or says why they are for none."""

    def __init__(self, kind: OrderKind, policies: Mapping[int, TrackingPolicy], facts: ImportFacts) -> None:
        self._kind = kind
        self._policies = policies
        self._facts = facts
        self._number_column = SHEET_OF[kind].columns[2].name
        self._by_head: dict[Head, FilledLine | RowFinding] = {}
        self._lines: dict[tuple[int, str], FilledLine | RowFinding] = {}
        self._seen_codes: dict[int, dict[str, int]] = defaultdict(dict)
        self._new_codes: dict[int, NewCodes[int]] = {}

    def line_of(self, head: Head) -> FilledLine | RowFinding:
        """The line, or why there is none; looked for once for all rows that say the same."""
        line = self._by_head.get(head)
        if line is None:
            order = self._order(head)
            line = self._by_head[head] = order if isinstance(order, RowFinding) else self._line(order, head)
        return line

    def lines(self) -> Iterator[FilledLine]:
        """All lines that were found."""
        return (line for line in self._lines.values() if isinstance(line, FilledLine))

    def scenario_of(self, row: ParsedRow, line: FilledLine) -> int:
        """Which of the scenarios that the line's pieces were taken under this row is for (RULES 2.17).

        One that asks for as many codes as the row has; where either of two is enough, what the unit has decides.
        """
        left = line.left
        asks = {one: import_asks(self._kind, self._policies[one]) for one in left}
        given_two = row.secondary is not None
        has_two = given_two
        is_shipment = self._kind is OrderKind.SHIPMENT
        if is_shipment and isinstance(row.primary, Code) and (unit := line.units.get(row.primary.key)) is not None:
            has_two = given_two or unit.secondary_key is not None
        fitting = [one for one in left if asks[one] is Asks.EITHER or (asks[one] is Asks.BOTH) is given_two]
        fitting = sorted(fitting or left, key=lambda one: self._policies[one].two_codes is not has_two)
        return next((one for one in fitting if left[one] > 0), fitting[0])

    # -- the order -----------------------------------------------------------------------------------------

    def _order(self, head: Head) -> OrderFacts | RowFinding:
        surroundings, number_column = self._facts.surroundings, self._number_column
        for column, text in zip((WAREHOUSE, CLIENT, number_column, SKU), head.texts, strict=True):
            if not text:
                return RowFinding("empty", column, say.cell_is_empty(column))
        started = surroundings.started
        if started is not None and head.place[2] != code_key(started.number):
            return RowFinding("other-order", number_column, say.other_order(head.texts[2], started.number))
        order = surroundings.orders.get(head.place)
        if order is None or (started is not None and order.record.id != started.id):
            return self._no_such_order(head)
        if fault := misspelt(head.texts[2], order.record.number):
            return RowFinding("bad-name", number_column, say.told_of(head.texts[2], fault))
        return self._closed(order) or order

    def _no_such_order(self, head: Head) -> RowFinding:
        """Why there is no such order: its number is not known, or is another client's or another warehouse's."""
        warehouse, client, number, _ = head.texts
        started = self._facts.surroundings.started
        namesakes = (started,) if started is not None else self._facts.surroundings.namesakes.get(head.place[2], ())
        if not namesakes:
            return RowFinding("unknown-order", self._number_column, say.no_order_of_row(self._kind, number))
        if all(code_key(order.client) != head.place[1] for order in namesakes):
            said = say.wrong_client(self._kind, number, client, [order.client for order in namesakes])
            return RowFinding("wrong-client", CLIENT, said)
        places = [one.warehouse for one in namesakes if code_key(one.client) == head.place[1]]
        return RowFinding("wrong-warehouse", WAREHOUSE, say.wrong_warehouse(self._kind, number, warehouse, places))

    def _closed(self, order: OrderFacts) -> RowFinding | None:
        """Why an order takes no serials now."""
        status, number = order.record.status, order.record.number
        if self._kind is OrderKind.PURCHASE:
            if status is not OrderStatus.OPEN:
                return None
            problem_text = say.nothing_received_yet(self._kind, number)
            return RowFinding("nothing-received", self._number_column, problem_text)
        if status in (OrderStatus.READY_TO_SHIP, OrderStatus.SHIPPED):
            return None
        ready, is_cancelled = OrderStatus.READY_TO_SHIP.value, status is OrderStatus.CANCELLED
        problem_text = say.order_not_ready(
            self._kind, number, status=status.value, ready=ready, is_cancelled=is_cancelled
        )
        return RowFinding("not-ready", self._number_column, problem_text)

    # -- its line ------------------------------------------------------------------------------------------

    def _line(self, order: OrderFacts, head: Head) -> FilledLine | RowFinding:
        line = self._lines.get((order.record.id, head.sku_key))
        if line is None:
            line = self._lines[order.record.id, head.sku_key] = self._find_line(order, head)
        return line

    def _find_line(self, order: OrderFacts, head: Head) -> FilledLine | RowFinding:
        line = order.lines.get(head.sku_key)
        if line is None:
            return self._not_on_order(order, head)
        if fault := misspelt(head.texts[3], line.product.sku):
            return RowFinding("bad-name", SKU, say.told_of(head.texts[3], fault))
        takes = {
            scenario: count
            for scenario, count in line.pieces.items()
            if _takes_imports(self._kind, self._policies[scenario])
        }
        if not takes:
            return self._takes_none(order, line)
        product_id = line.product.id
        order_id, here = order.record.id, order.record.warehouse_id
        new = NewUnits(order_id=order_id, line_id=line.id, product_id=product_id, warehouse_id=here)
        return FilledLine(
            order=order.record,
            id=line.id,
            product=line.product,
            done=line.done,
            imported=line.imported,
            shown_sku=line.shown_sku,
            client=self._facts.surroundings.clients[order.record.client_id],
            units=self._facts.units.get(product_id, {}),
            seen=self._seen_codes[product_id],
            owed=sum(takes.values()),
            left=room_left(takes, line.imported, self._policies.__getitem__),
            wanted_by={scenario: [] for scenario in takes},
            new=new,
            taken=TakenUnits(order_id=order_id, line_id=line.id, product_id=product_id, warehouse_id=here),
            codes=self._codes_of(line.product),
            written=new.written,
        )

    def _codes_of(self, product: Product) -> NewCodes[int]:
        """Those of all its lines together: they share one namespace."""
        known, alike = self._facts.units.get(product.id, {}), self._facts.alike.get(product.id, {})
        return self._new_codes.setdefault(product.id, NewCodes(product, known, alike, say.in_row))

    def _not_on_order(self, order: OrderFacts, head: Head) -> RowFinding:
        sku, client = head.texts[3], self._facts.surroundings.clients[order.record.client_id]
        if head.sku_key in client.skus:
            return RowFinding("not-on-order", SKU, say.sku_not_on_order(sku, order.record.number))
        if (of_barcode := client.product_codes.get(product_key(head.sku_key))) is not None:
            return RowFinding("not-a-sku", SKU, say.barcode_is_no_sku(sku, of_barcode))
        return RowFinding("unknown-sku", SKU, say.sku_of_nobody(sku, order.record.client))

    def _takes_none(self, order: OrderFacts, line: LineFacts) -> RowFinding:
        """Why none of the line's pieces takes imported serials."""
        sku, number, done = line.shown_sku, order.record.number, _DONE[self._kind]
        # Of what has not come yet its settings of today tell whether it would take any.
        scenarios = [scenario for scenario in line.pieces if line.pieces[scenario]] or [
            line.product.settings.policy().scenario
        ]
        policies = [self._policies[scenario] for scenario in scenarios]
        if any(_takes_imports(self._kind, policy) for policy in policies):
            is_open = order.record.status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_RECEIVED)
            said = say.nothing_is_done(self._kind, sku, number, may_come=is_open)
            return RowFinding(f"nothing-{done}", SKU, said)
        if not any(scenarios):
            return RowFinding("not-imported", SKU, say.sku_not_tracked(sku))
        is_purchase = self._kind is OrderKind.PURCHASE
        at_receiving = is_purchase and any(policy.receiving_asks is not Asks.NOTHING for policy in policies)
        return RowFinding("not-imported", SKU, say.never_imported(sku, at_receiving=at_receiving))


def too_many(kind: OrderKind, line: FilledLine, scenario: int) -> RowFinding | None:
    """RULES 2.13: no more serials than units. Why the rows that want one of a scenario are more than its room."""
    rows, surplus = len(line.wanted_by[scenario]), -line.left[scenario]
    if not rows or surplus <= 0:
        return None
    imported = line.imported.one_code + line.imported.two_codes
    sentence = say.more_than_units(
        kind,
        line.order.number,
        line.shown_sku,
        rows=rows,
        room=max(0, rows - surplus),
        count=line.done,
        unscanned=line.owed,
        imported=imported,
        out=surplus,
    )
    return RowFinding("too-many", PRIMARY, sentence)
