"""The example warehouse of `scanstation demo`: a product and orders for each of the eight scenarios."""

from typing import NamedTuple

from scanstation.domain.codes import Code, code_key, read_code
from scanstation.domain.gtin import check_digit
from scanstation.domain.orders import NewOrder
from scanstation.domain.products import Barcode, Product
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind
from scanstation.domain.tracking import TrackingSettings
from scanstation.domain.units import Stamp
from scanstation.store import catalog, moves, orders, units, works
from scanstation.store.store import Transaction
from scanstation.workflows.site import Site


class Example(NamedTuple):
    """One code to scan or type, and what it is."""

    what: str
    code: str


class _Product(NamedTuple):
    client: str
    sku: str
    description: str
    item: str
    """The barcode's first twelve digits; the check digit follows."""
    settings: TrackingSettings
    pack: int = 0
    """Pieces in the carton whose barcode the product also has; 0 for none."""
    pattern: str = ""
    hint: str = ""
    secondary_pattern: str = ""
    secondary_hint: str = ""


class _Order(NamedTuple):
    kind: OrderKind
    client: str
    number: str
    partner: str
    due: str
    lines: dict[str, int]
    warehouse: str = "W-EAST"
    reference: str = ""


_NORDWIND, _SUEDLICHT = "NORDWIND", "SUEDLICHT"
_PO, _SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


def _settings(*, both: bool, skip: bool = False, secondary: bool = False) -> TrackingSettings:
    return TrackingSettings(track=True, both=both, only_packing=not both, skip_scan=skip, secondary=secondary)


_PRODUCTS = (
    _Product(_NORDWIND, "LAP-140", "Laptop 14 inch", "400638133301", _settings(both=True)),
    _Product(_NORDWIND, "TAB-200", "Tablet 10 inch", "400638133302", _settings(both=False)),
    _Product(
        _NORDWIND,
        "CAM-300",
        "Camera, body and lens code",
        "400638133303",
        _settings(both=True, secondary=True),
        pattern=r"CAM\d{7}",
        hint="the code on the body, CAM + 7 digits",
        secondary_pattern=r"LENS-\d{5}",
        secondary_hint="the code on the lens, LENS- + 5 digits",
    ),
    _Product(
        _NORDWIND, "RTR-400", "Router, device and radio code", "400638133304", _settings(both=False, secondary=True)
    ),
    _Product(_SUEDLICHT, "HDP-500", "Headphones", "400638133405", _settings(both=True, skip=True), pack=6),
    _Product(_SUEDLICHT, "WCH-600", "Watch", "400638133406", _settings(both=False, skip=True)),
    _Product(_SUEDLICHT, "PHN-700", "Phone, two IMEI", "400638133407", _settings(both=True, skip=True, secondary=True)),
    _Product(
        _SUEDLICHT, "MOD-800", "Modem, serial and MAC", "400638133408", _settings(both=False, skip=True, secondary=True)
    ),
    _Product(_NORDWIND, "CBL-010", "Cable 1 m", "400638133309", TrackingSettings(), pack=12),
    _Product(_SUEDLICHT, "BOX-020", "Gift box", "400638133410", TrackingSettings()),
)

_ORDERS = (
    _Order(_PO, _NORDWIND, "N-1001", "Fjord Computers", "2026-12-01", {"LAP-140": 2, "CBL-010": 24}),
    _Order(_PO, _NORDWIND, "N-1002", "Fjord Computers", "2026-12-02", {"TAB-200": 3}),
    _Order(_PO, _NORDWIND, "N-1003", "Optik Brandt", "2026-12-03", {"CAM-300": 2}),
    _Order(_PO, _NORDWIND, "N-1004", "Netzwerk Nord", "2026-12-04", {"RTR-400": 2, "CBL-010": 12}),
    _Order(_PO, _NORDWIND, "N-1009", "Optik Brandt", "", {"LAP-140": 2, "CAM-300": 1}, "W-WEST"),
    _Order(_PO, _SUEDLICHT, "L-2005", "Klang und Ton", "2026-12-05", {"HDP-500": 4, "BOX-020": 4}),
    _Order(_PO, _SUEDLICHT, "L-2006", "Zeitwerk", "2026-12-06", {"WCH-600": 2}),
    _Order(_PO, _SUEDLICHT, "L-2007", "Fernruf", "2026-12-07", {"PHN-700": 3}),
    _Order(_PO, _SUEDLICHT, "L-2008", "Fernruf", "2026-12-08", {"MOD-800": 2}),
    _Order(
        _SO, _NORDWIND, "S-9001", "Kiel, Hafenstr. 4", "2026-12-01", {"LAP-140": 2, "CBL-010": 2}, reference="K-771"
    ),
    _Order(_SO, _NORDWIND, "S-9002", "Kiel, Hafenstr. 4", "2026-12-02", {"TAB-200": 2}, reference="K-772"),
    _Order(_SO, _NORDWIND, "S-9003", "Bremen, Am Wall 9", "2026-12-03", {"CAM-300": 2}, reference="K-773"),
    _Order(_SO, _NORDWIND, "S-9004", "Bremen, Am Wall 9", "2026-12-04", {"RTR-400": 2}, reference="K-774"),
    _Order(_SO, _NORDWIND, "S-9009", "Lübeck, Mühlenweg 1", "", {"LAP-140": 1, "TAB-200": 1, "CBL-010": 1}),
    _Order(_SO, _SUEDLICHT, "S-9105", "Graz, Ringweg 2", "2026-12-05", {"HDP-500": 2, "BOX-020": 2}),
    _Order(_SO, _SUEDLICHT, "S-9106", "Graz, Ringweg 2", "2026-12-06", {"WCH-600": 2}),
    _Order(_SO, _SUEDLICHT, "S-9107", "Linz, Donauufer 7", "2026-12-07", {"PHN-700": 2}),
    _Order(_SO, _SUEDLICHT, "S-9108", "Linz, Donauufer 7", "2026-12-08", {"MOD-800": 2}),
)

_STOCK: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    (_NORDWIND, "LAP-140"): (("LAP0000101", ""), ("LAP0000102", ""), ("LAP0000103", "")),
    (_NORDWIND, "CAM-300"): (("CAM0000301", "LENS-30001"), ("CAM0000302", "LENS-30002")),
    (_SUEDLICHT, "HDP-500"): (("HDP0000501", ""), ("HDP0000502", "")),
    (_SUEDLICHT, "WCH-600"): (("WCH0000601", ""), ("WCH0000602", "")),
    (_SUEDLICHT, "PHN-700"): (("350000000000701", "350000000000719"), ("350000000000727", "350000000000735")),
}
"""What packing asks to be Received, so that a person can pack before receiving anything."""

EXAMPLE_WALK: tuple[Example, ...] = (
    Example("opens purchase order N-1003", "N-1003"),
    Example("takes one camera", "CAM-300"),
    Example("its body code", "CAM0000311"),
    Example("its lens code", "LENS-30011"),
    Example("takes another, by its barcode", "400638133303" + check_digit("400638133303")),
    Example("its body code", "CAM0000312"),
    Example("its lens code", "LENS-30012"),
    Example("completes the receipt", "SS-COMPLETE"),
    Example("opens shipment order S-9003", "S-9003"),
    Example("packs a camera", "CAM-300"),
    Example("either of its codes", "LENS-30011"),
)
"""Codes that show scenario 3 from receiving to packing in a minute, in order; typed is as good as scanned."""


def examples(site: Site) -> tuple[Example, ...]:
    """The codes to try on the home screen, if this is an example warehouse; else none."""
    with site.store.read() as tx:
        if not all(orders.find(tx, number) for number in ("N-1003", "S-9003")):
            return ()
        client = catalog.client_id(tx, _NORDWIND)
        if client is None or catalog.product_by_sku(tx, client, "CAM-300") is None:
            return ()
    prefix, scanned = site.rules.command_prefix, scanned_codes(site)
    return tuple(
        Example(one.what, prefix + one.code.removeprefix("SS-"))
        if one.code.startswith("SS-")
        else Example(f"✓ {one.what}" if code_key(one.code) in scanned else one.what, one.code)
        for one in EXAMPLE_WALK
    )


def scanned_codes(site: Site) -> set[str]:
    """The keys of all codes that were scanned and taken, and not taken back: in the example, the used ones."""
    with site.store.read() as tx:
        return {code_key(code) for code in works.all_codes_taken(tx)}


def has_nothing(site: Site) -> bool:
    """Has nobody ever put a product into this store?"""
    with site.store.read() as tx:
        return not catalog.count_products(tx)


def make_example(site: Site) -> None:
    """Fill an empty store with the example warehouse."""
    stamp = site.stamp()
    site.store.act(lambda tx: _make(tx, stamp))


def _make(tx: Transaction, stamp: Stamp) -> None:
    ids: dict[tuple[str, str], int] = {}
    for product in _PRODUCTS:
        client = catalog.client_id(tx, product.client, create=True)
        assert client is not None, "it was made when it was not there"
        record = Product(
            id=0,
            client_id=client,
            sku=product.sku,
            description=product.description,
            settings=product.settings,
            serial_pattern=product.pattern,
            serial_hint=product.hint,
            secondary_pattern=product.secondary_pattern,
            secondary_hint=product.secondary_hint,
        )
        product_id = ids[product.client, product.sku] = catalog.save_product(tx, record)
        catalog.save_barcodes(tx, client, product_id, _barcodes(product))
    for order in _ORDERS:
        client, warehouse = catalog.client_id(tx, order.client), catalog.warehouse_id(tx, order.warehouse, create=True)
        assert client is not None, "every order's client has products"
        assert warehouse is not None, "it was made when it was not there"
        new = NewOrder(
            kind=order.kind,
            warehouse_id=warehouse,
            client_id=client,
            number=order.number,
            partner=order.partner,
            reference=order.reference,
            due=order.due,
        )
        lines = [(ids[order.client, sku], quantity) for sku, quantity in order.lines.items()]
        orders.add_lines(tx, orders.add(tx, new), [(product_id, ordered, ()) for product_id, ordered in lines])
    east = catalog.warehouse_id(tx, "W-EAST")
    assert east is not None, "orders made it"
    for key, serials in _STOCK.items():
        pairs = [(_code(primary), _code(secondary) if secondary else None) for primary, secondary in serials]
        made = units.create_many(tx, [ids[key]] * len(pairs), [east] * len(pairs), pairs)
        moves.move_all(tx, Move.RECEIVE, made, None, stamp, source=Source.OPENING)


def _barcodes(product: _Product) -> list[Barcode]:
    barcodes = [Barcode(product.item + check_digit(product.item))]
    if product.pack:
        carton = f"1{product.item}"
        barcodes.append(Barcode(carton + check_digit(carton), product.pack))
    return barcodes


def _code(text: str) -> Code:
    code = read_code(text)
    assert isinstance(code, Code), text
    assert code.key == code_key(text), text
    return code
