"""What a scan stands for: the one look-up for every place that reads a code.

A place names what it has a use for, in its order (`orders`, `units`, `client_product(…)`), and dispatches on the one
answer. What it does not name is not looked for, so nobody pays for another place's questions:

    meant = resolve(site, scan, orders, units)
    match meant:
        case Unusable(verdict): …
        case OrdersFound(found): …

A desk, where a question stands between reading a code and asking the store, calls the two halves: `read` and `find`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from scanstation.domain import counts as counting
from scanstation.domain import sentences as say
from scanstation.domain import transfers as transferring
from scanstation.domain.badges import is_badge
from scanstation.domain.codes import BadCode, Code, code_key, misspelt, read_code
from scanstation.domain.commands import Command
from scanstation.domain.gtin import product_key
from scanstation.domain.orders import Order
from scanstation.domain.products import ListedProduct, ScannedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.returns import Return
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.units import TracedUnit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.store import catalog, reports
from scanstation.store import counts as stored_counts
from scanstation.store import orders as stored_orders
from scanstation.store import returns as stored_returns
from scanstation.store import transfers as stored_transfers
from scanstation.store import units as stored_units
from scanstation.store.store import Transaction
from scanstation.workflows.codes.data_identifiers import count_after_identifier, product_after_identifier
from scanstation.workflows.codes.interpreting import interpret
from scanstation.workflows.site import Site

# What a scan is before anything is looked up


@dataclass(frozen=True, slots=True)
class Unusable:
    """It must not be taken for a code; why, and what to do, is the same everywhere."""

    verdict: Verdict
    badge: str = ""
    """The code of a badge, for the one place that signs people in."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command barcode."""

    command: Command
    reading: Reading


Heard = Unusable | Commanded | Reading
"""What a scan is by itself."""


# What it stands for


@dataclass(frozen=True, slots=True)
class OrdersFound:
    """The number of an order; of several where clients or warehouses share it."""

    orders: tuple[Order, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReturnsFound:
    """The number of a return; of several where clients share it."""

    returns: tuple[Return, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class TransferFound:
    """The number of a transfer."""

    number: str


@dataclass(frozen=True, slots=True)
class StockCountFound:
    """The number of a count of what stands in a warehouse."""

    number: str


@dataclass(frozen=True, slots=True)
class ProductFound:
    """A SKU, a barcode or a label of one client's product."""

    product: ScannedProduct


@dataclass(frozen=True, slots=True)
class ProductsFound:
    """The same where every client's products count."""

    products: tuple[ListedProduct, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class UnitsFound:
    """A code that units have or had, gone ones included."""

    code: Code
    units: tuple[TracedUnit, ...]


@dataclass(frozen=True, slots=True)
class CountFound:
    """A barcode that says how many, and not of what."""

    count: int


@dataclass(frozen=True, slots=True)
class NoCode:
    """Nothing has it, and nothing can: no label carries such a code."""

    bad: BadCode


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Nothing that the place asked for has it."""

    reading: Reading


Found = TypeVar("Found", covariant=True)


class Look(Protocol[Found]):
    """One thing that a place has a use for, looked for in the store."""

    def __call__(self, tx: Transaction, reading: Reading, /) -> Found | None:
        """What the code stands for; None where it is no such thing."""


def resolve(site: Site, scan: Scan, *looks: Look[Found]) -> Unusable | Commanded | Found | NoCode | NothingFound:
    """What a scan is; of what it may stand for, the first that is found.

    Raises:
        StoreError: the store cannot be used.
    """
    heard = read(site, scan)
    if not isinstance(heard, Reading):
        return heard
    with site.store.read() as tx:
        return find(tx, heard, *looks)


def read(site: Site, scan: Scan) -> Heard:
    """What a scan is by itself; nothing is looked up."""
    if scan.fault:
        return Unusable(say.faulty(scan.text, scan.fault))
    reading = interpret(scan.text, command_prefix=site.rules.command_prefix)
    if reading.command:
        return Commanded(reading.command, reading)
    if is_badge(reading.text):
        return Unusable(say.badge_not_code(), reading.text)
    if reading.fault and scan.lacks_prefix:
        return Unusable(say.faulty(scan.text, Fault.NO_START_MARK))
    if reading.fault:
        return Unusable(say.faulty(reading.text, reading.fault))
    return reading


def find(tx: Transaction, reading: Reading, *looks: Look[Found]) -> Found | NoCode | NothingFound:
    """What a code stands for: the first of these that is found."""
    for look in looks:
        if (found := look(tx, reading)) is not None:
            return found
    code = read_code(reading.code) if reading.code is not None else None
    return NoCode(code) if isinstance(code, BadCode) else NothingFound(reading)


# Looks


def orders(tx: Transaction, reading: Reading) -> OrdersFound | None:
    """The orders of a number. A label in fields is never one, whatever its serial is."""
    code = read_code(reading.text)
    if not reading.is_plain or isinstance(code, BadCode):
        return None
    found = stored_orders.find(tx, code.text)
    return OrdersFound(tuple(found), reading) if found else None


def returned(tx: Transaction, reading: Reading) -> ReturnsFound | None:
    """The returns of a number; like an order's, it is never a label in fields."""
    code = read_code(reading.text)
    if not reading.is_plain or isinstance(code, BadCode):
        return None
    found = stored_returns.find(tx, code.text)
    return ReturnsFound(tuple(found), reading) if found else None


def transfer(tx: Transaction, reading: Reading) -> TransferFound | None:
    """The transfer of a number."""
    found = stored_transfers.find(tx, reading.text) if _of_the_house(reading, transferring.NUMBER_PREFIX) else None
    return TransferFound(found.number) if found else None


def stock_count(tx: Transaction, reading: Reading) -> StockCountFound | None:
    """The count of a number."""
    found = stored_counts.find(tx, reading.text) if _of_the_house(reading, counting.NUMBER_PREFIX) else None
    return StockCountFound(found.number) if found else None


def _of_the_house(reading: Reading, prefix: str) -> bool:
    """May it be a number that the house gives? What does not look like one is not asked for."""
    key = code_key(reading.text)
    digits = key.removeprefix(prefix)
    return reading.is_plain and digits != key and digits.isascii() and digits.isdigit()


def units(tx: Transaction, reading: Reading) -> UnitsFound | None:
    """The units of all clients that have or ever had a serial."""
    code = read_code(reading.code or "")
    if isinstance(code, BadCode):
        return None
    found = reports.traced_units(tx, code.key)
    return UnitsFound(code, tuple(found)) if found else None


def units_by_marks(tx: Transaction, reading: Reading) -> UnitsFound | None:
    """The units whose serial is less than what their label says."""
    code = read_code(reading.text)
    meant = without_its_marks(tx, code) if reading.is_plain and isinstance(code, Code) else None
    return UnitsFound(meant, tuple(reports.traced_units(tx, meant.key))) if meant else None


def without_its_marks(tx: Transaction, code: Code) -> Code | None:
    """The code of units that a label's text means by the marks and patterns of their products (RULES 2.8).

    For a text that no unit has just so; None where it may mean several codes.
    """
    from scanstation.workflows.codes import label_serials  # loads the engine of patterns, which few commands want

    meant: dict[str, Code] = {}
    ways = catalog.ways_of_marking(tx)
    less = {key for way in ways for key in label_serials.variants(way, code)} - {code.key}
    for product_id, known in (stored_units.with_codes(tx, less) if less else {}).items():
        read = label_serials.serial_on(catalog.product(tx, product_id), [*CodeKind], code.text, known.__contains__)
        if isinstance(read, Code) and read.key in known:
            meant[read.key] = read
    for product_id, alike in stored_units.alike_of_all(tx, code.key).items():
        product = catalog.product(tx, product_id)
        same = (one for one in alike if label_serials.is_same_code(product, one.key, code.key))
        meant.update({one.key: Code(one.text, one.key) for one in same})
    return next(iter(meant.values())) if len(meant) == 1 else None


def products(tx: Transaction, reading: Reading) -> ProductsFound | None:
    """The products of all clients that a label names, or that have a text as their SKU or barcode."""
    return _any_clients(tx, reading, _codes(reading))


def products_after_identifier(tx: Transaction, reading: Reading) -> ProductsFound | None:
    """The same after a data identifier: X-200 of 1PX-200."""
    return _any_clients(tx, reading, product_after_identifier(reading.text) if reading.is_plain else ())


def client_product(client_id: int) -> Look[ProductFound]:
    """The client's product that a label names, or that has a text as its SKU or barcode."""

    def look(tx: Transaction, reading: Reading) -> ProductFound | None:
        found = next(_client_products(tx, client_id, _codes(reading)), None)
        return ProductFound(found) if found else None

    return look


def client_identifier(client_id: int) -> Look[ProductFound | CountFound]:
    """The client's product, or how many, after a data identifier; no unit may have the code as it stands."""

    def look(tx: Transaction, reading: Reading) -> ProductFound | CountFound | None:
        if not reading.is_plain:
            return None
        product = next(_client_products(tx, client_id, product_after_identifier(reading.text)), None)
        count = count_after_identifier(reading.text)
        if not (product or count) or stored_units.of_client(tx, client_id, code_key(reading.text)):
            return None
        if product:
            return ProductFound(product)
        return CountFound(count) if count else None

    return look


def named_products(tx: Transaction, client_id: int, reading: Reading) -> list[ScannedProduct]:
    """The client's products that a label names, by its GTIN or by part numbers in an envelope: mostly one."""
    return [*_client_products(tx, client_id, _named(reading))]


def _named(reading: Reading) -> list[str]:
    return [code for code in (reading.gtin, *reading.product_codes) if code]


def _codes(reading: Reading) -> Iterable[str]:
    """What may name a product; a GTIN and the text that it was read from are looked up once."""
    codes = [*_named(reading), *([reading.text] if reading.is_plain else [])]
    return {product_key(code): code for code in codes}.values()


def _client_products(tx: Transaction, client_id: int, codes: Iterable[str]) -> Iterator[ScannedProduct]:
    """The client's products that these codes stand for; what only folds to a code is none."""
    for code in codes:
        found = catalog.scanned_product(tx, client_id, code)
        if found and not misspelt(code, found.product.sku):
            yield found


def _any_clients(tx: Transaction, reading: Reading, codes: Iterable[str]) -> ProductsFound | None:
    for code in codes:
        found = [one for one in catalog.products_of_code(tx, code) if not misspelt(code, one.product.sku)]
        if found:
            return ProductsFound(tuple(found), reading)
    return None
