"""What an import is judged by, read from the store: the orders that the rows name, and the units that have their codes.

`read_surroundings` is the quick part, which is read once more under the lock.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain, repeat
from types import NoneType

from scanstation.domain.codes import code_key, visible
from scanstation.domain.import_facts import ClientFacts, ImportFacts, LineFacts, OrderFacts, Surroundings
from scanstation.domain.imports import FoundUnit, ImportedCount
from scanstation.domain.lots import LotFacts, LotHold
from scanstation.domain.orders import Order
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Admits
from scanstation.domain.work import Boxed
from scanstation.store import batches, boxes, catalog, events, lot_holds, lots, orders
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.serial_facts import known_and_alike, site_names
from scanstation.workflows.imports.rows import Codes, ParsedRows, keys_of
from scanstation.workflows.site import Site


def read_facts(
    site: Site,
    tx: Transaction,
    kind: OrderKind,
    rows: Sequence[ParsedRows],
    order_id: int | None,
    lot_of_row: Mapping[int, LotFacts],
) -> ImportFacts:
    """What the store has to say about rows that are imported for one order or (None) for all that they name.

    `lot_of_row` is what rows say of lots and dates.
    """
    surroundings = read_surroundings(tx, kind, rows, order_id)
    today = site.today.isoformat()
    if kind is OrderKind.SHIPMENT and (ready := _all_to_pack(site, tx, rows, surroundings)) is not None:
        kept = _kept_lots(tx, ready, lot_of_row, today)
        elsewhere = boxed_elsewhere(tx, surroundings)
        held = _lot_holds(tx, ready, lot_of_row)
        return ImportFacts(
            surroundings, ready, {}, {}, lots=kept, lot_holds=held, today=today, boxed_elsewhere=elsewhere
        )
    # One column after the other: files are sorted, more or less, and so is sorting them.
    columns = chain((block.primaries for block in rows), (block.secondaries for block in rows))
    keys = [*chain.from_iterable(map(keys_of, columns))]
    lines = [line for order in surroundings.orders.values() for line in order.lines.values()]
    products = {line.product.id: line.product for line in lines}
    changing = [product for product in products.values() if label_serials.changes_texts(product)]
    if changing:
        texts = [code for block in rows for row in block.rows() for code in (row.primary, row.secondary)]
        keys += [key for product in changing for code in texts for key in label_serials.variants(product, code)]
    # Those of the clients' other products too: a serial of one of them is named.
    of_clients = {one for client in surroundings.clients.values() for one in client.sku_of}
    known, alike = known_and_alike(tx, keys, products, of_clients)
    # Of a unit that can be packed nothing is ever told.
    facts = {
        unit.id: unit
        for product_id, of_product in known.items()
        if product_id in products
        for unit in of_product.values()
        if kind is OrderKind.PURCHASE or not unit.free
    }
    batch_ids = {number for unit in facts.values() if (number := unit.batch_of(kind)) is not None}
    where, records = events.whereabouts(tx, facts), batches.records(tx, batch_ids)
    kept = _kept_lots(tx, known, lot_of_row, today) if lot_of_row or kind is OrderKind.SHIPMENT else {}
    elsewhere = boxed_elsewhere(tx, surroundings) if kind is OrderKind.SHIPMENT else ()
    held = _lot_holds(tx, products, lot_of_row) if kind is OrderKind.SHIPMENT else {}
    return ImportFacts(surroundings, known, where, records, alike, site_names(site, tx), kept, held, today, elsewhere)


def boxed_elsewhere(tx: Transaction, surroundings: Surroundings) -> Sequence[Boxed]:
    """What of the products of these orders was scanned into the boxes of others."""
    own = {order.record.id for order in surroundings.orders.values()}
    return [one for one in boxes.of_products(tx, _product_ids(surroundings.orders)) if one.order_id not in own]


def _product_ids(of_orders: Mapping[tuple[str, str, str], OrderFacts]) -> set[int]:
    return {line.product.id for order in of_orders.values() for line in order.lines.values()}


def _kept_lots(
    tx: Transaction, known: Mapping[int, Mapping[str, FoundUnit]], lot_of_row: Mapping[int, LotFacts], today: str
) -> dict[int, LotFacts]:
    """The lots and dates of the units: of all where the file says some, else of those whose days are over."""
    if lot_of_row:
        return lots.of_units(tx, {unit.id for of_product in known.values() for unit in of_product.values()})
    return lots.past(tx, known, today)


def _lot_holds(
    tx: Transaction, product_ids: Collection[int], lot_of_row: Mapping[int, LotFacts]
) -> Mapping[tuple[int, str], LotHold]:
    """The lots of these products that are on hold, where the file says lots."""
    return lot_holds.of_products(tx, product_ids) if lot_of_row else {}


def _all_to_pack(
    site: Site, tx: Transaction, rows: Sequence[ParsedRows], surroundings: Surroundings
) -> Mapping[int, Mapping[str, FoundUnit]] | None:
    """The units of a shipment's file, if each row names a known one that can be packed: none of them needs a note.

    None for all other files, and where what a unit has decides for which of several settings its row is.
    """
    warehouses = {order.record.warehouse_id for order in surroundings.orders.values()}
    lines = [line for order in surroundings.orders.values() for line in order.lines.values()]
    settings = [site.policy_of(scenario) for line in lines for scenario in line.pieces]
    two_codes = bool(rows) and rows[0].secondaries is not None
    if (
        len(warehouses) != 1
        or any(len(line.pieces) > 1 for line in lines)
        or any(policy.so_import_admits is not Admits.RECEIVED for policy in settings)
        or {type(block.primaries) for block in rows} != {Codes}
        or {type(block.secondaries) for block in rows} != {Codes if two_codes else NoneType}
    ):
        return None
    keys, others = (
        [*chain.from_iterable(map(keys_of, columns))]
        for columns in ([block.primaries for block in rows], [block.secondaries for block in rows])
    )
    product_ids = {line.product.id for line in lines}
    of_key = batches.units_to_pack(tx, keys, product_ids, *warehouses)
    if of_key is None:
        return None
    units = [of_key[key] for key in keys]
    if two_codes and [unit.secondary_key for unit in units] != others:
        return None
    if len(product_ids) > 1 and [unit.product_id for unit in units] != _products_named(rows, surroundings):
        return None  # a product may have as a secondary what another has as a primary
    named = chain(zip(keys, units, strict=True), zip(others, units, strict=False))
    if len(lines) == 1:
        return {lines[0].product.id: dict(named)}
    known: dict[int, dict[str, FoundUnit]] = defaultdict(dict)
    for key, unit in named:
        known[unit.product_id][key] = unit
    return known


def _products_named(rows: Sequence[ParsedRows], surroundings: Surroundings) -> list[int | None]:
    """The product that each row is for, by its id; None where its order has no such line."""
    product_of = {
        (place, sku_key): line.product.id
        for place, order in surroundings.orders.items()
        for sku_key, line in order.lines.items()
    }
    return [
        product
        for block in rows
        for product in repeat(product_of.get((block.head.place, block.head.sku_key)), len(block.numbers))
    ]


def read_surroundings(
    tx: Transaction, kind: OrderKind, rows: Sequence[ParsedRows], order_id: int | None
) -> Surroundings:
    """The orders, lines and clients of the file, without its units."""
    started = None if order_id is None else orders.get(tx, order_id)
    places = {block.head.place for block in rows}
    namesakes: dict[str, tuple[Order, ...]] = {}
    for order in orders.with_numbers(tx, kind, {number for _, _, number in places}):
        key = _place_of(order)[2]
        namesakes[key] = (*namesakes.get(key, ()), order)
    records = [order for found in namesakes.values() for order in found if _place_of(order) in places]
    if started is not None:
        records = [order for order in records if order.id == started.id]
    clients = {client_id: _client_facts(tx, client_id) for client_id in {order.client_id for order in records}}
    found = _order_facts(tx, kind, records)
    own = {order.id for order in records}
    boxed = boxes.of_products(tx, _product_ids(found)) if kind is OrderKind.SHIPMENT else []
    return Surroundings(started, found, namesakes, clients, tuple(one for one in boxed if one.order_id in own))


def _place_of(order: Order) -> tuple[str, str, str]:
    """What a row names an order by: warehouse, client and number."""
    return code_key(order.warehouse), code_key(order.client), code_key(order.number)


def _order_facts(
    tx: Transaction, kind: OrderKind, records: Sequence[Order]
) -> Mapping[tuple[str, str, str], OrderFacts]:
    ids = [order.id for order in records]
    lines = orders.lines_of(tx, ids)
    pieces = orders.pieces_by_scenario(tx, ids)
    imported = batches.imported_counts(tx, kind, ids)
    return {
        _place_of(order): OrderFacts(
            order,
            {
                line.product.sku_key: LineFacts(
                    line.id,
                    line.product,
                    line.done,
                    pieces.get(line.id, {}),
                    imported.get(line.id, ImportedCount()),
                    visible(line.product.sku),
                )
                for line in lines[order.id]
            },
        )
        for order in records
    }


def _client_facts(tx: Transaction, client_id: int) -> ClientFacts:
    products = catalog.products_of(tx, client_id)
    sku_of = {product.id: product.sku for product in products}
    product_codes = {key: sku_of[product_id] for key, product_id in catalog.product_codes(tx, client_id).items()}
    skus = {product.sku_key: product.sku for product in products}
    return ClientFacts(skus, product_codes, orders.open_number_keys(tx, client_id), sku_of)
