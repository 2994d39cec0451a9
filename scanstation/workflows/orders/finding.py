"""What was given up is there after all: a unit that was written off, or that a transfer lost (RULES 2.27, 2.28)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Product
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.transfers import Leg, Transfer
from scanstation.domain.units import Moved, NamedUnit, Seen, Stamp, Unit
from scanstation.store import acts, batches, counts, events, holds, lot_holds, moves, transfers, units
from scanstation.store.store import Transaction
from scanstation.workflows.orders import transfer_book
from scanstation.workflows.orders.corrections import changed_since
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.site import Site

_WITH_UNIT = "with the unit's history"


def places(site: Site, unit_id: int) -> tuple[str, ...]:
    """Where a unit that was given up may be found: in one warehouse, or in either of two, and somebody has to say."""
    with site.store.read() as tx:
        of = transfers.lost_on(tx, unit_id)
        if of is None:
            return (units.known(tx, unit_id).warehouse,)
        here = _here(site, of)
        return (here,) if here else (of.from_warehouse, of.to_warehouse)


def found_again(
    site: Site, unit_id: int, reason: str, *, warehouse: str = "", seen: Seen | NamedUnit | None = None
) -> Done | Refused:
    """A unit that was given up is there: Received again, the same unit, on hold if it was so.

    A lot that was released meanwhile holds it no longer, and one that was put on hold meanwhile does.

    Args:
        site: where, and on whose behalf.
        unit_id: the unit.
        reason: where it was; kept with it.
        warehouse: of a unit that a transfer lost, at which of its two ends it is; without it, at the station's own.
        seen: the unit as it was looked at: refused where it is not so by now.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.lost_on(tx, unit_id)
        if of is not None:
            transfers.get(tx, of.id, lock=True)
        batches.lock_units(tx, [unit_id])
        one = units.named(tx, unit_id)
        assert one is not None, f"unit {unit_id} was disposed of and has its codes"
        unit = one.unit
        row = counts.last_written_off(tx, unit_id)
        lost_on = transfers.lost_on(tx, unit_id)
        if unit.status is not UnitStatus.DISPOSED or not events.whereabouts(tx, [unit_id])[unit_id].is_lost:
            return say.not_written_off(_code(unit))
        if refusal := changed_since(tx, one, seen):
            return refusal
        if lost_on is not None:
            return _lost(site, tx, unit, lost_on, stamp, reason, warehouse)
        return _written_off(tx, unit, row, stamp, reason)

    return site.logged(site.act(Deed.FIND, act))


def goods_found(
    site: Site, transfer_id: int, client: str, sku: str, quantity: int, reason: str, *, warehouse: str = ""
) -> Done | Refused:
    """So many pieces of goods without serials that a transfer lost are there, at one of its two ends."""
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        of = transfers.get(tx, transfer_id, lock=True)
        product = transfer_book.goods(site, tx, client, sku, quantity)
        if isinstance(product, Refused):
            return product
        leg = _end(site, of, product.sku, warehouse)
        if isinstance(leg, Refused):
            return leg
        lost = _lost_of(tx, of, product)
        if quantity > lost:
            return say.not_so_many_lost(of.number, product.sku, lost, quantity)
        if blank := blank_reason(of.number, reason, "found again", kept="with the transfer"):
            return blank
        transfers.find_goods(tx, of, product.id, leg, quantity)
        there = of.to_warehouse if leg is Leg.ARRIVED else of.from_warehouse
        what = f"{quantity} of {visible(product.sku)} in {visible(there)}"
        acts.note(tx, "Goods found again", of.number, stamp, client=client, became=what, reason=reason.strip())
        return say.goods_found_again(of.number, product.sku, quantity, there)

    return site.logged(site.act(Deed.FIND, act))


def _written_off(
    tx: Transaction, unit: Unit, row: tuple[int, str, str] | None, stamp: Stamp, reason: str
) -> Done | Refused:
    """By a count, whose row it is, or by hand."""
    if blank := blank_reason(_code(unit), reason, "found again", kept=_WITH_UNIT):
        return blank
    if row is None:
        return _found(tx, unit, "", holds.last_reason(tx, unit.id), stamp, reason)
    row_id, number, held_back = row
    counts.set_written_off(tx, [row_id], written_off=False)
    return _found(tx, unit, number, held_back, stamp, reason)


def _lost(
    site: Site, tx: Transaction, unit: Unit, of: Transfer, stamp: Stamp, reason: str, warehouse: str
) -> Done | Refused:
    leg = _end(site, of, _code(unit), warehouse)
    if isinstance(leg, Refused):
        return leg
    if blank := blank_reason(_code(unit), reason, "found again", kept=_WITH_UNIT):
        return blank
    transfers.find_lost(tx, of, unit.id, leg)
    there = units.known(tx, unit.id)
    number = f"{of.number}, in {visible(there.warehouse)}"
    return _found(tx, there, number, holds.last_reason(tx, unit.id), stamp, reason)


def _found(tx: Transaction, unit: Unit, number: str, held_back: str, stamp: Stamp, reason: str) -> Done:
    moved = Moved(unit_id=unit.id, line_id=None, source=Source.BUTTON)
    moves.move(tx, Move.FIND, [moved], stamp, reason=": ".join(word for word in (number, reason.strip()) if word))
    if held_back and not lot_holds.has_ended(tx, unit.product_id, held_back):
        holds.put(tx, [unit.id], held_back, stamp, Source.BUTTON)
        return say.unit_found_again(_code(unit), unit.warehouse, is_on_hold=True)
    as_its_lot = lot_holds.put(tx, [unit.id], stamp, Source.BUTTON) > 0
    return say.unit_found_again(_code(unit), unit.warehouse, is_on_hold=False, as_its_lot=as_its_lot)


def _end(site: Site, of: Transfer, what: str, warehouse: str) -> Leg | Refused:
    """At which end of a transfer something is that never arrived at the other."""
    there = code_key(warehouse or _here(site, of))
    if there == code_key(of.to_warehouse):
        return Leg.ARRIVED
    if there == code_key(of.from_warehouse):
        return Leg.BACK
    return say.found_where(what, of.number, of.from_warehouse, of.to_warehouse)


def _here(site: Site, of: Transfer) -> str:
    """The station's own warehouse, if it is one of a transfer's ends."""
    ends = {code_key(name): name for name in (of.from_warehouse, of.to_warehouse)}
    return ends.get(code_key(site.warehouse), "") if site.warehouse else ""


def _lost_of(tx: Transaction, of: Transfer, product: Product) -> int:
    return sum(one.lost for one in transfers.goods_of(tx, of.id) if one.product_id == product.id)


def _code(unit: Unit) -> str:
    return unit.primary or unit.secondary or ""
