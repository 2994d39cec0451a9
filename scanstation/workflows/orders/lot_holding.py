"""Lots that are on hold: the units that there are, and what is received of them later (RULES 2.23)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, read_code, visible
from scanstation.domain.lots import LotHold
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import ListedProduct
from scanstation.domain.scan import Source
from scanstation.store import acts, batches, catalog, holds, lot_holds
from scanstation.store.store import Transaction
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site

_WITH_UNITS = "with each unit's history"


def listed(site: Site) -> list[LotHold]:
    """The holds that stand, the newest first."""
    with site.store.read() as tx:
        return lot_holds.listed(tx)


def hold(site: Site, sku: str, lot: str, reason: str, *, client: str = "") -> Done | Refused:
    """Put a lot on hold: its units that are not, and from now on those that are received. A refusal is logged."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        one = _product(tx, sku, client)
        if isinstance(one, Refused):
            return one
        lot_holds.keep_others_off(tx)
        named = read_code(lot)
        if isinstance(named, BadCode):
            return say.no_lot(lot, named.reason)
        if before := lot_holds.of_lot(tx, one.product.id, named.text):
            return say.lot_on_hold_already(before)
        name = say.lot_named(named.text, one.product.sku)
        if blank := blank_reason(name, reason, "put on hold", kept=_WITH_UNITS):
            return blank
        begun = lot_holds.begin(tx, one.product.id, named.text, reason.strip(), stamp)
        unit_ids = lot_holds.units_of(tx, begun, on_hold=False)
        batches.lock_units(tx, unit_ids)
        holds.put(tx, unit_ids, begun.mark, stamp, Source.TYPED)
        acts.note(
            tx, "Lot on hold", visible(one.product.sku), stamp, client=one.client, became=named.text, reason=reason
        )
        return say.lot_put_on_hold(named.text, one.product.sku, len(unit_ids))

    return site.logged(site.act(Deed.PUT_ON_HOLD, act))


def release(
    site: Site, sku: str, lot: str, reason: str, *, client: str = "", seen: int | None = None
) -> Done | Refused:
    """End the hold of a lot: what is received of it is on hold no more, and no unit that was so by it alone.

    `seen` is the hold that somebody has looked at: refused where the lot is on hold by another one since.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        one = _product(tx, sku, client)
        if isinstance(one, Refused):
            return one
        lot_holds.keep_others_off(tx)
        begun = lot_holds.of_lot(tx, one.product.id, lot)
        if begun is None:
            return say.lot_not_on_hold(one.product.sku, lot)
        name = say.lot_named(begun.lot, begun.sku)
        if seen not in (None, begun.id):
            return say.lot_held_otherwise(begun.lot, begun.sku, begun.reason)
        if site.rules.two_persons and code_key(begun.operator) == code_key(stamp.operator):
            return say.own_lot_hold(begun.lot, begun.sku, stamp.operator)
        if blank := blank_reason(name, reason, "released", kept=_WITH_UNITS):
            return blank
        unit_ids = lot_holds.units_of(tx, begun, on_hold=True)
        batches.lock_units(tx, unit_ids)
        lot_holds.end(tx, begun.id, stamp)
        holds.lift(tx, unit_ids, reason.strip(), stamp, Source.TYPED)
        acts.note(tx, "Lot released", visible(begun.sku), stamp, client=one.client, became=begun.lot, reason=reason)
        return say.lot_released(begun.lot, begun.sku, len(unit_ids))

    return site.logged(site.act(Deed.RELEASE, act))


def _product(tx: Transaction, sku: str, client: str) -> ListedProduct | Refused:
    """The product of a SKU, of the only client who has it, or of this one."""
    named = [one for one in catalog.products_of_code(tx, sku) if code_key(one.product.sku) == code_key(sku)]
    meant = [one for one in named if not client or code_key(one.client) == code_key(client)]
    if not meant:
        return say.no_sku_of_lot(sku, client)
    return meant[0] if len(meant) == 1 else say.product_of_several_clients(sku, [one.client for one in meant])
