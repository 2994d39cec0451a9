"""Warehouses, clients, products and their barcodes."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.engine import Connection, Row

from scanstation.domain.codes import code_key
from scanstation.domain.gtin import product_key, spellings
from scanstation.domain.language import said_later
from scanstation.domain.products import (
    LEARNED,
    UNLEARNED,
    Barcode,
    Difference,
    ListedProduct,
    OnHand,
    Product,
    ProductAct,
    ScannedProduct,
    SetApart,
)
from scanstation.domain.shapes import Shapes, read, written
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus, WorkStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.units import Stamp
from scanstation.store import tables as t
from scanstation.store.bulk import listed_ids
from scanstation.store.statements import Statement, Values, ask_ahead

TOLD_APART = said_later("what alone may tell units apart")
"""What the history of a product calls `told_apart`."""


def warehouse_id(tx: Connection, code: str, *, create: bool = False) -> int | None:
    """The id of a warehouse by its code, made when asked for."""
    return _named(tx, t.warehouse, code, create=create)


def warehouse_code(tx: Connection, warehouse_id: int) -> str:
    """What a warehouse is called."""
    code: str = tx.execute(select(t.warehouse.c.code).where(t.warehouse.c.id == warehouse_id)).scalar_one()
    return code


def only_warehouse(tx: Connection) -> int | None:
    """The id of the warehouse where there is one and no other."""
    found = tx.execute(select(t.warehouse.c.id).limit(2)).scalars().all()
    return found[0] if len(found) == 1 else None


def client_id(tx: Connection, code: str, *, create: bool = False) -> int | None:
    """The id of a client by its code, made when asked for."""
    return _named(tx, t.client, code, create=create)


def product_by_sku(tx: Connection, client: int, sku: str) -> Product | None:
    """The client's product of this SKU."""
    row = tx.execute(
        select(t.product).where(t.product.c.client_id == client, t.product.c.sku_key == code_key(sku))
    ).one_or_none()
    return product_from(row) if row else None


def product(tx: Connection, product_id: int) -> Product:
    """A product by its id."""
    return product_from(_PRODUCT.one(tx, {"of_product": product_id}))


def products_of(tx: Connection, client: int) -> list[Product]:
    """All products of a client, by SKU."""
    rows = tx.execute(select(t.product).where(t.product.c.client_id == client).order_by(t.product.c.sku_key))
    return [product_from(row) for row in rows]


def ways_of_marking(tx: Connection) -> list[Product]:
    """The first product of each way in which codes may be less than what their labels say; thousands may share one."""
    product = t.product.c
    patterns = (product.serial_pattern.contains("(?P<"), product.secondary_pattern.contains("(?P<"))
    has_marks = or_(product.strip != "", product.secondary_strip != "", *patterns)
    way = (product.strip, product.secondary_strip, product.serial_pattern, product.secondary_pattern)
    firsts = select(func.min(product.id)).where(has_marks).group_by(*way)
    return [product_from(row) for row in tx.execute(select(t.product).where(product.id.in_(firsts)))]


def _scanned(client: int, code: str) -> Values:
    return {"of_client": client, "the_sku": code_key(code), "the_barcode": product_key(code)}


def product_ahead(tx: Connection, client: int, code: str) -> None:
    """What `scanned_product` asks first."""
    ask_ahead(tx, [(_SCANNED, _scanned(client, code))])


def scanned_product(tx: Connection, client: int, code: str) -> ScannedProduct | None:
    """The client's product that a SKU or a barcode stands for; a GTIN in any of its lengths."""
    sku = code_key(code)
    row = _SCANNED.first(tx, _scanned(client, code))
    if row is None and (ways := spellings(sku)):
        # A SKU that is a GTIN, written with other zeros than on this label.
        row = tx.execute(_SCANNED_GTIN, {"of_client": client, "the_ways": ways}).first()
    if row is None:
        return None
    # A barcode that is spelled like a SKU cannot be loaded, so both halves mean one product.
    return ScannedProduct(product_from(row), row.pack_quantity)


def sku_of_codes(tx: Connection, client: int, keys: Collection[str]) -> str | None:
    """The SKU that one of these product codes (`product_key`) stands for with a client."""
    ways = list(dict.fromkeys(way for key in keys for way in (key, *spellings(key))))
    if not ways:
        return None
    size = next((size for size in _CODED_SIZES if size >= len(ways)), len(ways))
    ways += ways[:1] * (size - len(ways))
    keys = [*keys, *ways[:1] * (size - len(keys))]
    values = {"of_client": client, **_numbered("key", keys), **_numbered("way", ways)}
    row = _coded(size).first(tx, values)
    return row.sku if row else None


def product_codes(tx: Connection, client: int) -> dict[str, int]:
    """Every SKU and barcode of a client: `product_key` → product id. None of them is ever a serial."""
    codes = dict(
        tx.execute(select(t.barcode.c.text_key, t.barcode.c.product_id).where(t.barcode.c.client_id == client)).all()
    )
    skus = tx.execute(select(t.product.c.sku_key, t.product.c.id).where(t.product.c.client_id == client))
    codes.update({product_key(sku_key): product_id for sku_key, product_id in skus})
    return codes


def barcodes_of(tx: Connection, product_id: int) -> list[Barcode]:
    rows = tx.execute(
        select(t.barcode.c.text, t.barcode.c.pack_quantity)
        .where(t.barcode.c.product_id == product_id)
        .order_by(t.barcode.c.id)
    )
    return [Barcode(row.text, row.pack_quantity) for row in rows]


def locked(tx: Connection, product_ids: Collection[int], *, from_orders_too: bool = False) -> list[Product]:
    """Products as they are, by their ids, which nobody else changes until the transaction ends.

    `from_orders_too`: nor does anybody put one of them on an order.
    """
    meant = select(t.product).where(t.product.c.id.in_(listed_ids(tx, product_ids))).order_by(t.product.c.id)
    return [product_from(row) for row in tx.execute(meant.with_for_update(key_share=not from_orders_too))]


def any_retired(tx: Connection, product_ids: Collection[int]) -> bool:
    """Is one of these products retired?"""
    product = t.product.c
    query = select(product.id).where(product.id.in_(listed_ids(tx, product_ids)), product.retired_at != "").limit(1)
    return tx.execute(query).first() is not None


def save_product(tx: Connection, record: Product) -> int:
    """Insert a product (id 0) or change one; returns its id."""
    values = {
        "client_id": record.client_id,
        "sku": record.sku,
        "sku_key": record.sku_key,
        "description": record.description,
        "track": record.settings.track,
        "both_steps": record.settings.both,
        "only_packing": record.settings.only_packing,
        "skip_scan": record.settings.skip_scan,
        "secondary": record.settings.secondary,
        "serial_pattern": record.serial_pattern,
        "serial_hint": record.serial_hint,
        "secondary_pattern": record.secondary_pattern,
        "secondary_hint": record.secondary_hint,
        "strip": record.strip,
        "secondary_strip": record.secondary_strip,
        "told_apart": ";".join(record.told_apart),
        "serial_takes_unit": record.serial_takes_unit,
    }
    if record.id:
        _described_anew(tx, record.id)
        tx.execute(update(t.product).where(t.product.c.id == record.id).values(values))
        return record.id
    new_id: int = tx.execute(insert(t.product).values(values).returning(t.product.c.id)).scalar_one()
    return new_id


def rename_product(tx: Connection, product: Product, sku: str, stamp: Stamp) -> None:
    """Another SKU. The old one stays as a barcode, so that what is printed can still be scanned."""
    kept = [one for one in barcodes_of(tx, product.id) if product_key(one.text) != product_key(sku)]
    if product_key(product.sku) != product_key(sku):
        kept.append(Barcode(product.sku))
    _described_anew(tx, product.id)
    tx.execute(update(t.product).where(t.product.c.id == product.id).values(sku=sku, sku_key=code_key(sku)))
    save_barcodes(tx, product.client_id, product.id, kept)
    note_changes(tx, {product.id: [Difference("SKU", product.sku, sku)]}, stamp)


def rename_client(tx: Connection, client: int, code: str) -> None:
    """Another name of a client; its products and orders go with it."""
    tx.execute(update(t.client).where(t.client.c.id == client).values(code=code, code_key=code_key(code)))


def retire(tx: Connection, product: Product, stamp: Stamp, *, retired: bool) -> None:
    """A product takes no new order lines any more, or takes them again."""
    at = stamp.at if retired else ""
    tx.execute(update(t.product).where(t.product.c.id == product.id).values(retired_at=at))
    was, became = ("no", "yes") if retired else ("yes", "no")
    note_changes(tx, {product.id: [Difference("retired", was, became)]}, stamp)


def tell_apart(tx: Connection, product: Product, differences: Collection[str], stamp: Stamp) -> None:
    """Keep that codes of different units of a product may differ by these alone."""
    became = sorted({*product.told_apart, *differences})
    _described_anew(tx, product.id)
    tx.execute(update(t.product).where(t.product.c.id == product.id).values(told_apart=";".join(became)))
    change = Difference(TOLD_APART, ", ".join(product.told_apart), ", ".join(became))
    note_changes(tx, {product.id: [change]}, stamp)


def set_shapes(tx: Connection, product_id: int, shapes: Shapes) -> None:
    """Keep what a product's serials look like."""
    _described_anew(tx, product_id)
    tx.execute(update(t.product).where(t.product.c.id == product_id).values(shapes=written(shapes)))


def set_listed(tx: Connection, product_id: int, *, is_listed: bool) -> None:
    """Keep whether lists name units of a product; where that is so already, nothing is changed."""
    if product(tx, product_id).is_listed is not is_listed:
        _described_anew(tx, product_id)
        tx.execute(update(t.product).where(t.product.c.id == product_id).values(is_listed=is_listed))


def _described_anew(tx: Connection, product_id: int) -> None:
    """A product's row is about to change: desks that have its orders at hand read their lines again."""
    _RELINED.run(tx, {"of_product": product_id})


def save_barcodes(tx: Connection, client: int, product_id: int, barcodes: Sequence[Barcode]) -> None:
    """Replace a product's barcodes."""
    tx.execute(delete(t.barcode).where(t.barcode.c.product_id == product_id))
    if barcodes:
        tx.execute(
            insert(t.barcode),
            [
                {
                    "client_id": client,
                    "product_id": product_id,
                    "text": barcode.text,
                    "text_key": product_key(barcode.text),
                    "pack_quantity": barcode.pack_quantity,
                }
                for barcode in barcodes
            ],
        )


def note_changes(tx: Connection, changes: Mapping[int, Sequence[Difference]], stamp: Stamp) -> None:
    """Keep what was changed of products: product id → differences."""
    acts = [
        {
            "of_product": product_id,
            "at": stamp.at,
            "what": one.what,
            "was": one.was,
            "became": one.became,
            "operator": stamp.operator,
            "station": stamp.station,
        }
        for product_id, differences in changes.items()
        for one in differences
    ]
    if acts:
        tx.execute(_NOTE_CHANGE, acts)


def acts_on(tx: Connection, product_id: int, limit: int) -> list[ProductAct]:
    """What was last changed of a product, the newest first."""
    acts = t.product_act
    rows = tx.execute(select(acts).where(acts.c.product_id == product_id).order_by(acts.c.id.desc()).limit(limit))
    return [
        ProductAct(
            at=row.at, difference=Difference(row.what, row.was, row.became), operator=row.operator, station=row.station
        )
        for row in rows
    ]


def learned_of(tx: Connection, product_id: int) -> list[Barcode]:
    """The barcodes that somebody here has taught a product and nobody has taken back since, as they were taught."""
    return learned_of_all(tx, [product_id]).get(product_id, [])


def learned_of_all(tx: Connection, product_ids: Collection[int]) -> dict[int, list[Barcode]]:
    """The same of several products: product id → barcodes, where there are any."""
    acts = t.product_act
    of_learning = acts.c.what.in_((LEARNED, UNLEARNED))
    rows = tx.execute(
        select(acts).where(acts.c.product_id.in_(listed_ids(tx, product_ids)), of_learning).order_by(acts.c.id)
    )
    taught: dict[int, dict[str, None]] = {}
    for row in rows:
        if row.what == LEARNED:
            taught.setdefault(row.product_id, {})[row.became] = None
        else:
            taught.get(row.product_id, {}).pop(row.was, None)
    return {
        product_id: [Barcode(text, int(pack or 1)) for text, _, pack in (one.partition("=") for one in of)]
        for product_id, of in taught.items()
    }


def client_named(tx: Connection, name: str) -> tuple[int, str] | None:
    """A client's id and its name as the store spells it."""
    row = tx.execute(select(t.client).where(t.client.c.code_key == code_key(name))).one_or_none()
    return (row.id, row.code) if row else None


def _named(tx: Connection, table: Table, code: str, *, create: bool) -> int | None:
    key = code_key(code)
    row_id: int | None = tx.execute(select(table.c.id).where(table.c.code_key == key)).scalar_one_or_none()
    if row_id is None and create:
        row_id = tx.execute(insert(table).values(code=code, code_key=key).returning(table.c.id)).scalar_one()
    return row_id


def product_from(row: Row[Any]) -> Product:
    return Product(
        id=row.id,
        client_id=row.client_id,
        sku=row.sku,
        description=row.description,
        settings=TrackingSettings(
            bool(row.track),
            bool(row.both_steps),
            bool(row.only_packing),
            bool(row.skip_scan),
            bool(row.secondary),
        ),
        serial_pattern=row.serial_pattern,
        serial_hint=row.serial_hint,
        secondary_pattern=row.secondary_pattern,
        secondary_hint=row.secondary_hint,
        strip=row.strip,
        secondary_strip=row.secondary_strip,
        told_apart=tuple(row.told_apart.split(";")) if row.told_apart else (),
        serial_takes_unit=bool(row.serial_takes_unit),
        retired_at=row.retired_at,
        shapes=read(row.shapes),
        is_listed=bool(row.is_listed),
    )


# Run by every scan, so built once.
_PRODUCT = Statement(select(t.product).where(t.product.c.id == bindparam("of_product")))
_RELINED = Statement(
    update(t.orders)
    .where(
        t.orders.c.id.in_(select(t.order_line.c.order_id).where(t.order_line.c.product_id == bindparam("of_product"))),
        or_(*(t.orders.c.status == status.value for status in OrderStatus if status.takes_goods)),
    )
    .values(changes=t.orders.c.changes + 1, relined=t.orders.c.changes + 1)
)
_SCANNED = Statement(
    select(t.product, literal(1).label("pack_quantity"))
    .where(t.product.c.client_id == bindparam("of_client"), t.product.c.sku_key == bindparam("the_sku"))
    .union_all(
        select(t.product, t.barcode.c.pack_quantity)
        .join(t.barcode, t.barcode.c.product_id == t.product.c.id)
        .where(t.barcode.c.client_id == bindparam("of_client"), t.barcode.c.text_key == bindparam("the_barcode"))
    )
)
_SCANNED_GTIN = (
    select(t.product, literal(1).label("pack_quantity"))
    .where(
        t.product.c.client_id == bindparam("of_client"), t.product.c.sku_key.in_(bindparam("the_ways", expanding=True))
    )
    .order_by(t.product.c.sku_key)
)
_CODED_SIZES = (2, 8, 32, 128)
"""For how many codes there is a statement; fewer are filled up with the first of them."""


def _numbered(name: str, texts: Sequence[str]) -> dict[str, str]:
    return {f"{name}_{place}": text for place, text in enumerate(texts)}


@cache
def _coded(size: int) -> Statement:
    """The SKU that one of so many product codes stands for."""

    def numbered(name: str) -> list[BindParameter[str]]:
        return [bindparam(f"{name}_{place}", type_=String()) for place in range(size)]

    of_sku = select(t.product.c.sku).where(
        t.product.c.client_id == bindparam("of_client"), t.product.c.sku_key.in_(numbered("way"))
    )
    of_barcode = (
        select(t.product.c.sku)
        .join(t.barcode, t.barcode.c.product_id == t.product.c.id)
        .where(t.barcode.c.client_id == bindparam("of_client"), t.barcode.c.text_key.in_(numbered("key")))
    )
    return Statement(of_sku.union_all(of_barcode))


def ids_by_key(tx: Connection) -> tuple[dict[str, int], dict[str, int]]:
    """All warehouses and all clients: key → id of each."""
    ids = []
    for table in (t.warehouse, t.client):
        ids.append({row.code_key: row.id for row in tx.execute(select(table.c.code_key, table.c.id))})
    return ids[0], ids[1]


def barcodes_of_client(tx: Connection, client: int) -> dict[int, list[Barcode]]:
    """All barcodes of a client: product id → its barcodes."""
    barcodes: dict[int, list[Barcode]] = {}
    for row in tx.execute(select(t.barcode).where(t.barcode.c.client_id == client).order_by(t.barcode.c.id)):
        barcodes.setdefault(row.product_id, []).append(Barcode(row.text, row.pack_quantity))
    return barcodes


def drop_barcodes(tx: Connection, product_ids: Collection[int]) -> None:
    """Free the barcodes of products, so that another may take them in the same act."""
    tx.execute(delete(t.barcode).where(t.barcode.c.product_id.in_(listed_ids(tx, product_ids))))


def in_open_work(tx: Connection, product_ids: Collection[int]) -> set[int]:
    """Which of these products open work or an open return has units of (RULES 2.17)."""
    ids, back = listed_ids(tx, product_ids), t.return_piece.c
    on_orders = select(t.order_line.c.product_id).where(t.order_line.c.product_id.in_(ids), t.order_line.c.in_work > 0)
    at_returns = select(back.product_id).where(back.product_id.in_(ids), back.in_hand.is_(True))
    return {product_id for product_id in tx.execute(on_orders.union(at_returns)).scalars() if product_id is not None}


def products_page(
    tx: Connection, wanted: str, after: tuple[int, str] | None, limit: int, *, client: str = "", sku: str = ""
) -> list[ListedProduct]:
    """Products by client and SKU: those whose SKU or description has a text in it, or that have it as barcode.

    Args:
        tx: the transaction.
        wanted: what is looked for; empty for all.
        after: client id and SKU key of the last product of the page before.
        limit: products at most.
        client, sku: only these very ones.
    """
    product = t.product.c
    query = _listed_products().order_by(product.client_id, product.sku_key).limit(limit)
    if wanted:
        of_barcode = select(t.barcode.c.product_id).where(
            t.barcode.c.client_id.in_(select(t.client.c.id)), t.barcode.c.text_key == product_key(wanted)
        )
        query = query.where(
            or_(
                product.sku_key.contains(code_key(wanted), autoescape=True),
                product.description.icontains(wanted, autoescape=True),
                product.id.in_(of_barcode),
            )
        )
    if client:
        query = query.where(t.client.c.code_key == code_key(client))
    if sku:
        query = query.where(product.sku_key == code_key(sku))
    if after is not None:
        query = query.where(tuple_(product.client_id, product.sku_key) > tuple_(*after))
    return [ListedProduct(product_from(row), row.client) for row in tx.execute(query)]


def count_products(tx: Connection) -> int:
    """How many products there are."""
    counted: int = tx.execute(select(func.count()).select_from(t.product)).scalar_one()
    return counted


def listed_product(tx: Connection, product_id: int) -> ListedProduct:
    """A product by its id."""
    row = tx.execute(_listed_products().where(t.product.c.id == product_id)).one()
    return ListedProduct(product_from(row), row.client)


def products_of_code(tx: Connection, code: str) -> list[ListedProduct]:
    """The products, of whichever clients, that a SKU or a barcode stands for."""
    # Every client is named, as the indexes begin with it: without that, every product would be looked at.
    clients = select(t.client.c.id)
    skus = {code_key(code), *spellings(code_key(code))}
    by_sku = _listed_products().where(t.product.c.client_id.in_(clients), t.product.c.sku_key.in_(skus))
    by_barcode = (
        _listed_products()
        .join(t.barcode, t.barcode.c.product_id == t.product.c.id)
        .where(t.barcode.c.client_id.in_(clients), t.barcode.c.text_key == product_key(code))
    )
    rows = {row.id: row for query in (by_sku, by_barcode) for row in tx.execute(query)}
    return [ListedProduct(product_from(row), row.client) for _, row in sorted(rows.items())]


def on_hand(tx: Connection, product_ids: Collection[int]) -> dict[int, OnHand]:
    """What stands of products in all warehouses, and how much of it has its serials; by product id.

    Which of the units that were packed before their serials were imported is not known: that many serials
    that are still Received are taken to have left.
    """
    ids = listed_ids(tx, product_ids)
    line = t.order_line.c
    done = (
        select(line.product_id, t.orders.c.kind, func.sum(line.done))
        .join(t.orders, t.orders.c.id == line.order_id)
        .where(line.product_id.in_(ids))
        .group_by(line.product_id, t.orders.c.kind)
    )
    done_of = {(product_id, kind): int(total) for product_id, kind, total in tx.execute(done)}
    status, received = t.unit.c.status, UnitStatus.RECEIVED.value
    packed = [UnitStatus.PACKED.value, UnitStatus.SHIPPED.value]
    away = [UnitStatus.DISPOSED.value, UnitStatus.IN_TRANSIT.value]
    opening = (t.unit.c.received_at.is_not(None)) & (t.unit.c.purchase_line_id.is_(None))
    counts = tx.execute(
        select(
            t.unit.c.product_id,
            func.count(case((status == received, 1))).label("received"),
            func.count(case((status.in_(packed), 1))).label("packed"),
            func.count(case((status.in_(away), 1))).label("away"),
            func.count(case((opening & status.in_([received, *packed, *away]), 1))).label("opening"),
        )
        .where(t.unit.c.product_id.in_(ids))
        .group_by(t.unit.c.product_id)
    )
    units_of = {row.product_id: (row.received, row.packed, row.opening, row.away) for row in counts}
    tracked_out = tx.execute(
        # Not narrowed to shipment orders: SQLite would begin with all of them.
        select(line.product_id, t.orders.c.kind, func.sum(t.piece.c.quantity))
        .join(t.piece, t.piece.c.line_id == line.id)
        .join(t.work, t.work.c.id == t.piece.c.work_id)
        .join(t.orders, t.orders.c.id == line.order_id)
        .where(
            line.product_id.in_(ids),
            t.piece.c.scenario > 0,
            t.work.c.status == WorkStatus.COMPLETED.value,
        )
        .group_by(line.product_id, t.orders.c.kind)
    )
    tracked_out_of = {product_id: int(n) for product_id, kind, n in tracked_out if kind == OrderKind.SHIPMENT.value}
    gained = _regraded(tx, ids)
    goods = t.transfer_goods.c
    sent = select(goods.product_id, func.sum(goods.sent - goods.arrived - goods.back))
    gone = dict(tx.execute(sent.where(goods.product_id.in_(ids)).group_by(goods.product_id)).all())
    back_of = _came_back(tx, ids)
    on_hand_counts = {}
    for product_id in product_ids:
        received_units, packed_units, opening_units, away_units = units_of.get(product_id, (0, 0, 0, 0))
        came, left = (done_of.get((product_id, kind.value), 0) for kind in (OrderKind.PURCHASE, OrderKind.SHIPMENT))
        back, had_left, not_opening = back_of.get(product_id, (0, 0, 0))
        total = came + opening_units - not_opening + back - left - away_units
        total += gained.get(product_id, 0) - int(gone.get(product_id, 0))
        with_serials = received_units - max(0, tracked_out_of.get(product_id, 0) - had_left - packed_units)
        on_hand_counts[product_id] = OnHand(max(0, total), max(0, min(with_serials, total)))
    return on_hand_counts


def _regraded(tx: Connection, ids: Select[tuple[int]]) -> dict[int, int]:
    """What units that came as one product and are another now add to each: product id → more or, below 0, fewer."""
    line, unit = t.order_line.c, t.unit.c
    regraded = select(t.unit_event.c.unit_id).where(t.unit_event.c.what == Move.REGRADE.value)
    # A unit that packing created was received as what it was packed as: without its serial, on some line of that. One
    # that came first as an unknown return is counted as what it is now. On what orders it came back is another matter.
    event = t.unit_event.alias("came_first")
    came = event.c.what.in_([Move.RECEIVE.value, Move.PACK.value, Move.RETURN.value])
    first = select(func.min(event.c.id)).where(event.c.unit_id == unit.id, came).correlate(t.unit).scalar_subquery()
    came_on = select(event.c.line_id).where(event.c.id == first).correlate(t.unit).scalar_subquery()
    rows = tx.execute(
        select(unit.product_id, line.product_id.label("came_as"))
        .select_from(t.unit)
        .join(t.order_line, line.id == came_on)
        .where(
            unit.id.in_(regraded),
            unit.product_id != line.product_id,
            or_(unit.product_id.in_(ids), line.product_id.in_(ids)),
            unit.status != UnitStatus.GONE.value,
        )
    )
    gained: dict[int, int] = {}
    for row in rows:
        gained[row.product_id] = gained.get(row.product_id, 0) + 1
        gained[row.came_as] = gained.get(row.came_as, 0) - 1
    return gained


def _came_back(tx: Connection, ids: Select[tuple[int]]) -> dict[int, tuple[int, int, int]]:
    """What came back of products: how much in all, how many units of it were known to have left, and how many of those
    that came so look like opening stock, less those that are some and do not look so; by product id.

    What came back on a purchase order counts there.
    """
    event, received, after = t.unit_event.c, t.unit_event.alias("received"), t.unit_event.alias("after")
    next_one = select(func.min(after.c.id)).where(after.c.unit_id == event.unit_id, after.c.id > event.id)
    is_counted_elsewhere = (
        select(received.c.id)
        .where(received.c.id == next_one.correlate(t.unit_event).scalar_subquery())
        .where(received.c.what == Move.RECEIVE.value)
        .exists()
    )
    was_received = (
        select(received.c.id).where(received.c.unit_id == t.unit.c.id, received.c.what == Move.RECEIVE.value).exists()
    )
    looks_like_opening = t.unit.c.received_at.is_not(None) & t.unit.c.purchase_line_id.is_(None)
    # Back came what had left, whatever it was made since.
    back_as = func.coalesce(t.order_line.c.product_id, t.unit.c.product_id)
    rows = tx.execute(
        select(
            back_as.label("product_id"),
            func.count().filter(~is_counted_elsewhere).label("back"),
            func.count(event.line_id).label("had_left"),
        )
        .select_from(t.unit_event)
        .join(t.unit, t.unit.c.id == event.unit_id)
        .outerjoin(t.order_line, t.order_line.c.id == event.line_id)
        .where(event.what == Move.RETURN.value, back_as.in_(ids))
        .group_by(back_as)
    )
    came_back = {row.product_id: (row.back, row.had_left, 0) for row in rows}
    was_opening = select(received.c.id).where(received.c.unit_id == t.unit.c.id, received.c.line_id.is_(None))
    is_opening = was_opening.where(received.c.what == Move.RECEIVE.value).exists() & ~looks_like_opening
    not_opening = (
        select(
            t.unit.c.product_id,
            func.count(t.unit.c.id.distinct()).filter(looks_like_opening & ~was_received).label("looks_like_some"),
            func.count(t.unit.c.id.distinct()).filter(is_opening).label("is_some"),
        )
        .join(t.unit, t.unit.c.id == event.unit_id)
        .where(
            # Nor is it that, if packing created it and it was taken out again without being gone.
            event.what.in_([Move.RETURN.value, Move.UNPACK.value]),
            t.unit.c.product_id.in_(ids),
            t.unit.c.status != UnitStatus.GONE.value,
        )
        .group_by(t.unit.c.product_id)
    )
    for row in tx.execute(not_opening):
        of_product = came_back.get(row.product_id, (0, 0, 0))
        came_back[row.product_id] = (*of_product[:2], int(row.looks_like_some) - int(row.is_some))
    goods = (
        select(t.return_piece.c.product_id, func.sum(t.return_piece.c.quantity))
        .where(
            t.return_piece.c.product_id.in_(ids),
            t.return_piece.c.unit_id.is_(None),
            t.return_piece.c.in_hand.is_(False),
        )
        .group_by(t.return_piece.c.product_id)
    )
    for product_id, quantity in tx.execute(goods):
        back, had_left, looked_like = came_back.get(product_id, (0, 0, 0))
        came_back[product_id] = (back + int(quantity), had_left, looked_like)
    return came_back


def set_apart(tx: Connection, product_ids: Collection[int]) -> dict[int, SetApart]:
    """What of products in all warehouses is on hold, and what is packed and has not left; by product id."""
    ids, line = listed_ids(tx, product_ids), t.order_line.c
    packed = (
        select(line.product_id, func.sum(line.done))
        .join(t.orders, t.orders.c.id == line.order_id)
        .where(
            line.product_id.in_(ids),
            t.orders.c.kind == OrderKind.SHIPMENT.value,
            t.orders.c.status.not_in([OrderStatus.SHIPPED.value, OrderStatus.CANCELLED.value]),
        )
        .group_by(line.product_id)
    )
    packed_of = {product_id: int(total) for product_id, total in tx.execute(packed)}
    here = [UnitStatus.RECEIVED.value, UnitStatus.PACKED.value]
    on_hold = (
        select(t.unit.c.product_id, func.count())
        .where(t.unit.c.product_id.in_(ids), t.unit.c.status.in_(here), t.unit.c.on_hold.is_not(None))
        .group_by(t.unit.c.product_id)
    )
    on_hold_of: dict[int, int] = dict(tx.execute(on_hold).all())
    in_transit = (
        select(t.unit.c.product_id, func.count())
        .where(t.unit.c.product_id.in_(ids), t.unit.c.status == UnitStatus.IN_TRANSIT.value)
        .group_by(t.unit.c.product_id)
    )
    in_transit_of: dict[int, int] = dict(tx.execute(in_transit).all())
    goods = t.transfer_goods.c
    on_the_way = (
        select(goods.product_id, func.sum(goods.sent - goods.arrived - goods.back - goods.lost))
        .where(goods.product_id.in_(ids))
        .group_by(goods.product_id)
    )
    goods_of = {product_id: int(total) for product_id, total in tx.execute(on_the_way)}
    return {
        one: SetApart(on_hold_of.get(one, 0), packed_of.get(one, 0), in_transit_of.get(one, 0) + goods_of.get(one, 0))
        for one in product_ids
    }


def _listed_products() -> Select[Any]:
    return select(t.product, t.client.c.code.label("client")).join(t.client, t.client.c.id == t.product.c.client_id)


_OF_PRODUCT = select().select_from(t.product).where(t.product.c.id == bindparam("of_product"))
_NOTE_CHANGE = insert(t.product_act).values(
    product_id=bindparam("of_product"),
    client=_OF_PRODUCT.join(t.client, t.client.c.id == t.product.c.client_id)
    .add_columns(t.client.c.code)
    .scalar_subquery(),
    sku=_OF_PRODUCT.add_columns(t.product.c.sku).scalar_subquery(),
)
