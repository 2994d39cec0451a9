"""What loading would write, held beside what is in the store, and how a person reads it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, visible
from scanstation.domain.language import joined, said_later, word
from scanstation.domain.line_parts import Parts
from scanstation.domain.lots import LotFacts
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.plurals import counted
from scanstation.domain.products import Barcode, Product
from scanstation.domain.returns import Return, ReturnLine
from scanstation.domain.sheet_kinds import SERIAL_TAKES_UNIT
from scanstation.domain.status import OrderKind
from scanstation.store.store import Transaction
from scanstation.workflows.master_data.products import SETTING_NAMES, StockWarning, stock_warnings
from scanstation.workflows.master_data.sheets import (
    OrderKey,
    ProductKey,
    Trouble,
    WantedLine,
    WantedOrder,
    WantedProduct,
    WantedReturn,
    WantedReturnLine,
    WantedSerial,
    WantedUnit,
)
from scanstation.workflows.site import Site


class State(StrEnum):
    """What loading does to one thing."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "as before"


@dataclass(frozen=True, slots=True)
class Change:
    """One product or order of the sheets, or the stock of one SKU, beside what is in the store."""

    noun: str
    name: str
    state: State
    differences: tuple[str, ...] = ()
    warning: str = ""
    """Units on hand that will lack serials (RULES 2.17)."""


@dataclass(slots=True)
class ProductChange:
    """One product of the sheets, beside that of the store."""

    wanted: WantedProduct
    record: Product
    """As it will be; id 0 for a new one, client id 0 for a new client."""
    before: Product | None
    same: bool
    known_barcodes: Sequence[Barcode] = ()
    """Those that it has now."""

    @property
    def other_barcodes(self) -> bool:
        """Do its barcodes change?"""
        return set(self.known_barcodes) != set(self.wanted.barcodes)

    @property
    def other_settings(self) -> bool:
        """Does one of the five change on a product that is there?"""
        return self.before is not None and self.before.settings != self.record.settings

    @property
    def differences(self) -> list[str]:
        """What changes of a product that is there."""
        if self.before is None:
            return []
        changed_fields = [say.changed_description()] if self.before.description != self.record.description else []
        for name, column in SETTING_NAMES.items():
            now = getattr(self.record.settings, name)
            if getattr(self.before.settings, name) != now:
                changed_fields.append(say.switched(column, on=now))
        if self.before.serial_takes_unit != self.record.serial_takes_unit:
            changed_fields.append(say.switched(SERIAL_TAKES_UNIT, on=self.record.serial_takes_unit))
        if self.other_barcodes:
            changed_fields.append(say.changed_barcodes())
        if product_texts(self.before) != product_texts(self.record):
            changed_fields.append(say.changed_pattern())
        return changed_fields


class Ending(Enum):
    """What becomes of an order that a sheet cancels."""

    CANCEL = said_later("cancelled")
    CLOSE_SHORT = said_later("closed short")
    ENDED = "ended already"


@dataclass(slots=True)
class OrderChange:
    """One order of the sheets, beside that of the store."""

    wanted: WantedOrder
    before: Order | None
    head: tuple[str, str, str]
    """Partner, reference and due, as they will be."""
    new: dict[str, WantedLine] = field(default_factory=dict)
    """By SKU key."""
    changed: list[tuple[OrderLine, int, Parts]] = field(default_factory=list)
    """A line, what it is to order, and the lines of its paper."""
    dropped: list[OrderLine] = field(default_factory=list)
    ends: Ending | None = None
    """Set where the sheet cancels it: then nothing else of it changes."""

    @property
    def other_mark(self) -> bool:
        """Does an order that is there bring units back from now on, or no longer?"""
        wanted = self.wanted.brings_back
        return self.before is not None and wanted is not None and wanted is not self.before.brings_back

    @property
    def same_head(self) -> bool:
        """Is it an order that is there, with partner, reference and date as before?"""
        return self.before is not None and self.head == (self.before.partner, self.before.reference, self.before.due)

    @property
    def same(self) -> bool:
        """Does nothing of it change?"""
        if self.ends is not None:
            return self.ends is Ending.ENDED
        return self.same_head and not (self.new or self.changed or self.dropped or self.other_mark)

    @property
    def differences(self) -> list[str]:
        """What changes of an order that is there: `LAP 10 → 12`."""
        if self.ends is not None:
            return [] if self.ends is Ending.ENDED else [word(self.ends.value)]
        changed_fields = [
            say.line_becomes(line.product.sku, line.ordered, quantity) for line, quantity, _ in self.changed
        ]
        changed_fields += [say.is_dropped(line.product.sku) for line in self.dropped]
        changed_fields += [say.is_added(line.sku, line.quantity) for line in self.new.values()]
        if self.other_mark:
            changed_fields.append(say.brings_back_words(brings_back=bool(self.wanted.brings_back)))
        return changed_fields if self.same_head else [*changed_fields, say.head_changes()]


@dataclass(slots=True)
class ReturnChange:
    """One return of the sheets, beside that of the store."""

    wanted: WantedReturn
    client_id: int
    before: Return | None
    new: list[tuple[WantedReturnLine, ProductKey, Code | None]] = field(default_factory=list)
    """A line, its product, and the serial that it means."""
    changed: list[tuple[ReturnLine, WantedReturnLine]] = field(default_factory=list)
    dropped: list[ReturnLine] = field(default_factory=list)

    @property
    def adopts(self) -> bool:
        """Did a desk begin it, before anybody knew whose it is?"""
        return self.before is not None and self.before.client_id is None

    @property
    def same(self) -> bool:
        """Does nothing of it change?"""
        return self.before is not None and not (self.adopts or self.new or self.changed or self.dropped)

    @property
    def differences(self) -> list[str]:
        """What changes: `CAM A1 expected, BAG 3 → 4`."""
        texts = [say.return_expects(line.sku, code.text if code else line.quantity) for line, _, code in self.new]
        texts += [
            say.expected_of(line.sku, line.serial or f"{line.quantity} → {wanted.quantity}", wanted.order)
            for line, wanted in self.changed
        ]
        texts += [say.is_dropped(line.sku, line.serial or line.quantity) for line in self.dropped]
        return texts


@dataclass(frozen=True, slots=True)
class StockUnit:
    """One unit of opening stock with the codes that its row means."""

    wanted: WantedUnit
    primary: Code
    secondary: Code | None


@dataclass(frozen=True, slots=True)
class AnnouncedUnit:
    """One unit of a supplier's list with the codes that its row means."""

    wanted: WantedSerial
    primary: Code
    secondary: Code | None
    is_new: bool
    """Is it not on a list of its order yet? Else its row now says something else."""


@dataclass(slots=True)
class Changes:
    """What the run would write, and what is against it."""

    troubles: list[Trouble]
    products: list[ProductChange] = field(default_factory=list)
    orders: list[OrderChange] = field(default_factory=list)
    stock: list[StockUnit] = field(default_factory=list)
    returns: list[ReturnChange] = field(default_factory=list)
    stock_as_before: int = 0
    lots: list[tuple[int, LotFacts]] = field(default_factory=list)
    """What units that are there get of lots and dates."""
    expected: list[AnnouncedUnit] = field(default_factory=list)
    expected_as_before: int = 0
    file_name: str = ""
    """The file that all of it comes from, where that is one."""
    notes: list[str] = field(default_factory=list)
    """What somebody should look at of stock and lists that are taken anyway."""
    warnings: dict[int, StockWarning] = field(default_factory=dict)
    """By product id."""

    def leave_out(self, bad: Collection[OrderKey | None]) -> None:
        """Without these orders and returns, and what their suppliers announce."""
        self.orders = [order for order in self.orders if order.wanted.key not in bad]
        self.returns = [one for one in self.returns if one.wanted.key not in bad]
        self.expected = [one for one in self.expected if one.wanted.order not in bad]

    def warn(self, site: Site, tx: Transaction) -> None:
        """See what changed settings mean for units on hand."""
        changed = [change for change in self.products if change.other_settings]
        self.warnings = stock_warnings(site, tx, [change.record for change in changed])


def product_texts(product: Product) -> Sequence[str]:
    """A product's patterns, hints and marks, in the order of `WantedProduct.texts`."""
    return (
        product.serial_pattern,
        product.serial_hint,
        product.secondary_pattern,
        product.secondary_hint,
        product.strip,
        product.secondary_strip,
    )


def change_list(changes: Changes) -> Iterator[Change]:
    """Everything as a person is shown it: as the sheets have it."""
    for product in changes.products:
        change = _change(word("product"), product.wanted.sku, product.before is None, product.same, product.differences)
        warning = changes.warnings.get(product.record.id)
        yield replace(change, warning=warning.text) if warning else change
    for order in changes.orders:
        wanted = order.wanted
        differences = order.differences
        if order.before is None:
            differences = [say.of_product(line.sku, line.quantity) for line in order.new.values()]
            differences += [say.brings_back_words(brings_back=True)] * bool(wanted.brings_back)
        yield _change(wanted.kind.noun, wanted.number, order.before is None, order.same, differences)
    for back in changes.returns:
        yield _change(word("return"), back.wanted.number, back.before is None, back.same, back.differences)
    units_of: dict[str, int] = {}
    for unit in changes.stock:
        units_of[unit.wanted.sku] = units_of.get(unit.wanted.sku, 0) + 1
    for sku, count in units_of.items():
        yield Change(word("opening stock"), visible(sku), State.NEW, (counted(count, "unit"),))
    of_orders: dict[str, dict[str, list[AnnouncedUnit]]] = {}
    for one in changes.expected:
        of_orders.setdefault(one.wanted.number, {}).setdefault(one.wanted.sku, []).append(one)
    for number, of_skus in of_orders.items():
        told = [say.of_product(sku, counted(len(some), "serial")) for sku, some in of_skus.items()]
        all_new = all(one.is_new for some in of_skus.values() for one in some)
        yield Change(
            word("list of expected serials"), visible(number), State.NEW if all_new else State.CHANGED, tuple(told)
        )


def _change(noun: str, name: str, is_new: bool, is_same: bool, differences: Sequence[str]) -> Change:
    state = State.NEW if is_new else State.SAME if is_same else State.CHANGED
    return Change(noun, visible(name), state, () if is_same else tuple(differences))


def summary_of(changes: Changes) -> str:
    """`Loaded: 4 products (3 new, 1 as before).`"""
    return say.is_loaded(counts_of(changes))


def counts_of(changes: Changes) -> str:
    """`4 products (3 new, 1 as before), …`; empty when there is nothing to load."""
    parts = []
    if changes.products:
        new, same = sum(one.before is None for one in changes.products), sum(one.same for one in changes.products)
        parts.append(say.loaded_products(len(changes.products), new, same))
    for kind in OrderKind:
        some = [order for order in changes.orders if order.wanted.kind is kind]
        if some:
            new, same = sum(one.before is None for one in some), sum(one.same for one in some)
            parts.append(say.loaded_orders(kind, len(some), new, same))
    if changes.returns:
        new, same = sum(one.before is None for one in changes.returns), sum(one.same for one in changes.returns)
        parts.append(say.loaded_returns(len(changes.returns), new, same))
    if changes.stock or changes.stock_as_before:
        count = len(changes.stock) + changes.stock_as_before
        as_before = changes.stock_as_before - len(changes.lots)
        parts.append(say.loaded_stock(count, len(changes.stock), as_before))
    if changes.expected or changes.expected_as_before:
        count, new = len(changes.expected) + changes.expected_as_before, sum(one.is_new for one in changes.expected)
        parts.append(say.loaded_lists(count, new, changes.expected_as_before))
    return joined(parts)
