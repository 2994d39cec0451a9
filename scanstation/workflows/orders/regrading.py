"""Regrade: a Received unit is another SKU of its client from now on (RULES 2.15)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, shorten
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.units import NamedUnit, Seen, Stamp, Unit
from scanstation.store import catalog, lot_holds, moves, units
from scanstation.store.store import Transaction
from scanstation.workflows.orders.corrections import not_free, on_unit, reserved_by_box
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site


def regrade(site: Site, unit_id: int, sku: str, reason: str, *, seen: Seen | NamedUnit | None = None) -> Done | Refused:
    """Make a Received unit, on hold or not, one of another tracked SKU of its client.

    It still counts as received where it came in; its history has both SKUs, each in the events of its time.

    Args:
        site: where, and on whose behalf.
        unit_id: the unit.
        sku: the other product, by its SKU or a barcode.
        reason: why.
        seen: see `corrections.on_unit`.
    """

    def act(tx: Transaction, one: NamedUnit, stamp: Stamp) -> Done | Refused:
        unit = one.unit
        short_code = shorten(unit.primary or unit.secondary or "")
        if unit.status is not UnitStatus.RECEIVED or unit.held_by is not None:
            return not_free(tx, unit, "regrade", "regraded")
        if reserved := reserved_by_box(tx, unit):
            return reserved
        scanned = catalog.scanned_product(tx, one.client_id, sku)
        if scanned is None:
            return say.no_product_to_regrade_to(one.client, sku)
        product = scanned.product
        if product.id == unit.product_id:
            return say.regraded_already(short_code, product.sku)
        if not product.settings.track:
            return say.regraded_to_untracked(short_code, product.sku)
        if taken := _taken(tx, unit, product.id):
            return say.regraded_into_another(product.sku, taken)
        if blank := blank_reason(short_code, reason, "regraded", kept="with the unit's history"):
            return blank
        moves.regrade(tx, unit, product.id, stamp, reason=f"{one.sku} to {product.sku}: {reason.strip()}")
        as_its_lot = unit.on_hold is None and bool(lot_holds.put(tx, [unit.id], stamp, Source.BUTTON))
        lacks_secondary = site.policy(product.settings).two_codes and unit.secondary is None
        return say.unit_regraded(
            short_code, product.sku, one.sku, as_its_lot=as_its_lot, lacks_secondary=lacks_secondary
        )

    return on_unit(site, Deed.REGRADE, unit_id, act, code=sku, seen=seen)


def _taken(tx: Transaction, unit: Unit, product_id: int) -> str:
    """A code of the unit that another one of the product has."""
    codes = [code for code in (unit.primary, unit.secondary) if code]
    return next((code for code in codes if units.by_code(tx, product_id, code_key(code)) is not None), "")
