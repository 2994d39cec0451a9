"""Warehouses, products and orders for tests, in a line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from scanstation.domain.codes import code_key
from scanstation.domain.products import Barcode, Product
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.tracking import TrackingSettings
from scanstation.store import catalog
from scanstation.store import tables as t
from scanstation.workflows.site import Site

SETTINGS = {
    0: TrackingSettings(),
    1: TrackingSettings(track=True, both=True),
    2: TrackingSettings(track=True, only_packing=True),
    3: TrackingSettings(track=True, both=True, secondary=True),
    4: TrackingSettings(track=True, only_packing=True, secondary=True),
    5: TrackingSettings(track=True, both=True, skip_scan=True),
    6: TrackingSettings(track=True, only_packing=True, skip_scan=True),
    7: TrackingSettings(track=True, both=True, skip_scan=True, secondary=True),
    8: TrackingSettings(track=True, only_packing=True, skip_scan=True, secondary=True),
}
"""The settings that make each scenario."""


def product(
    site: Site,
    sku: str,
    scenario: int = 0,
    *,
    client: str = "NORDWIND",
    barcodes: Sequence[Barcode] = (),
    pattern: str = "",
    hint: str = "",
    secondary_pattern: str = "",
    secondary_hint: str = "",
    strip: str = "",
    secondary_strip: str = "",
    serial_takes_unit: bool = False,
) -> int:
    """A product of this scenario; answers its id."""

    def make(tx: Connection) -> int:
        client_id = catalog.client_id(tx, client, create=True)
        assert client_id is not None
        record = Product(
            id=0,
            client_id=client_id,
            sku=sku,
            description=f"{sku} described",
            settings=SETTINGS[scenario],
            serial_pattern=pattern,
            serial_hint=hint,
            secondary_pattern=secondary_pattern,
            secondary_hint=secondary_hint,
            strip=strip,
            secondary_strip=secondary_strip,
            serial_takes_unit=serial_takes_unit,
        )
        product_id = catalog.save_product(tx, record)
        catalog.save_barcodes(tx, client_id, product_id, barcodes)
        return product_id

    return site.store.act(make)


def purchase_of_lines(site: Site, number: str, count: int, quantity: int = 100) -> None:
    """A purchase order over so many products of scenario 1: NUMBER-00000, NUMBER-00001…"""
    first = product(site, f"{number}-00000", 1)
    order_id = purchase(site, number, {f"{number}-00000": quantity})

    def fill(tx: Connection) -> None:
        row = tx.execute(select(t.product).where(t.product.c.id == first)).mappings().one()
        like = {name: value for name, value in row.items() if name not in ("id", "sku", "sku_key")}
        skus = [f"{number}-{place:05}" for place in range(1, count)]
        tx.execute(insert(t.product), [{**like, "sku": sku, "sku_key": code_key(sku)} for sku in skus])
        ids = tx.execute(select(t.product.c.id).where(t.product.c.sku_key.in_(map(code_key, skus)))).scalars()
        nothing = {"order_id": order_id, "ordered": quantity, "done": 0, "in_work": 0}
        tx.execute(insert(t.order_line), [{**nothing, "product_id": one} for one in ids])

    site.store.act(fill)


def change_settings(site: Site, sku: str, scenario: int) -> None:
    """Let a product of NORDWIND be of another scenario from now on."""
    _change(site, sku, lambda known: replace(known, settings=SETTINGS[scenario]))


def change_pattern(site: Site, sku: str, pattern: str) -> None:
    """Let the serials of a product of NORDWIND look otherwise from now on."""
    _change(site, sku, lambda known: replace(known, serial_pattern=pattern))


def _change(site: Site, sku: str, anew: Callable[[Product], Product]) -> None:
    def change(tx: Connection) -> None:
        client_id = catalog.client_id(tx, "NORDWIND")
        assert client_id is not None
        known = catalog.product_by_sku(tx, client_id, sku)
        assert known is not None, f"no product {sku}"
        catalog.save_product(tx, anew(known))

    site.store.act(change)


def order(
    site: Site,
    kind: OrderKind,
    number: str,
    lines: Mapping[str, int],
    *,
    client: str = "NORDWIND",
    warehouse: str = "W-EAST",
    due: str = "",
    partner: str = "",
) -> int:
    """An order over SKUs that exist: SKU → quantity; answers its id."""
    return site.store.act(lambda tx: _made(tx, kind, number, lines, client, warehouse, due, partner))


def like_orders(site: Site, kind: OrderKind, numbers: Sequence[str], lines: Mapping[str, int]) -> list[int]:
    """Orders of NORDWIND that differ in their numbers alone, made in one act; answers their ids."""
    return site.store.act(lambda tx: [_made(tx, kind, number, lines) for number in numbers])


def _made(
    tx: Connection,
    kind: OrderKind,
    number: str,
    lines: Mapping[str, int],
    client: str = "NORDWIND",
    warehouse: str = "W-EAST",
    due: str = "",
    partner: str = "",
) -> int:
    client_id = catalog.client_id(tx, client, create=True)
    warehouse_id = catalog.warehouse_id(tx, warehouse, create=True)
    assert client_id is not None
    order_id: int = tx.execute(
        insert(t.orders)
        .values(
            kind=kind.value,
            warehouse_id=warehouse_id,
            client_id=client_id,
            number=number,
            number_key=code_key(number),
            partner=partner,
            reference="",
            due=due,
            status=OrderStatus.OPEN.value,
        )
        .returning(t.orders.c.id)
    ).scalar_one()
    for sku, quantity in lines.items():
        found = catalog.product_by_sku(tx, client_id, sku)
        assert found is not None, f"no product {sku}"
        tx.execute(
            insert(t.order_line).values(order_id=order_id, product_id=found.id, ordered=quantity, done=0, in_work=0)
        )
    return order_id


def purchase(site: Site, number: str, lines: Mapping[str, int], **more: str) -> int:
    """A purchase order."""
    return order(site, OrderKind.PURCHASE, number, lines, **more)


def shipment(site: Site, number: str, lines: Mapping[str, int], **more: str) -> int:
    """A shipment order."""
    return order(site, OrderKind.SHIPMENT, number, lines, **more)
