"""Swap: of a packed order one unit comes out and another goes in, in one act (RULES 2.15).

No count changes by it. The new unit stands where the old one stood, in its piece and in the file that brought its
serial, so that what holds for one unit of the order holds for the other.
"""

from dataclasses import dataclass

from scanstation.domain import marks
from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code, shorten, visible
from scanstation.domain.expected import Standing, held_against
from scanstation.domain.lots import NO_LOT, LotFacts, of_label
from scanstation.domain.operators import Deed
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.products import Product
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.tracking import Admits, Asks, TrackingPolicy
from scanstation.domain.units import Moved, Stamp, Unit
from scanstation.domain.verdict import CodeKind
from scanstation.store import batches, boxes, catalog, expected, holds, lot_holds, lots, moves, orders, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials, lookup
from scanstation.workflows.codes.lookup import Commanded, Unusable
from scanstation.workflows.codes.new_codes import alike_doubt, shape_doubt
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.codes.serial_rules import never_a_serial, no_code
from scanstation.workflows.orders.corrections import not_free, piece_of, reserved_by_box
from scanstation.workflows.orders.order_book import act_on, blank_reason
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A Packed unit of an order, as far as the next question has to know it."""

    unit_id: int
    code: str
    sku: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What takes its place: a known unit, or the codes of one that is new here."""

    unit: Unit | None
    code: Code
    secondary: Code | None
    """One that it gets now."""
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it goes by."""
        return _text(self.unit) if self.unit else shorten(self.code.text)


def swap(
    site: Site,
    order_id: int,
    old: str,
    new: str,
    reason: str,
    *,
    secondary: str = "",
    on_hold: bool = False,
    lot: LotFacts = NO_LOT,
    source: Source = Source.TYPED,
) -> Done | Refused:
    """Take a Packed unit out of its order and put another of the product in. A refusal is logged.

    The old one is Received again; one that packing or an import created is gone, unless it goes on hold.

    Args:
        site: where, and on whose behalf.
        order_id: the shipment order, which has not left.
        old: either code of the unit that comes out.
        new: a code of the one that goes in; it may be new where packing takes new ones.
        reason: why.
        secondary: the other code of the new one, where both are asked and it has none yet.
        on_hold: is the old one not to leave until somebody has looked at it?
        lot: what the label of the new one says of its lot and dates.
        source: how the new code came in.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        out = _out(tx, order, old)
        if isinstance(out, Refused):
            return out
        assert out.shipment_line_id is not None, "a Packed unit is on a line"
        line = orders.line(tx, out.shipment_line_id)
        piece = piece_of(site, tx, OrderKind.SHIPMENT, line, out)
        policy = site.policy_of(piece.scenario)
        incoming = _incoming(site, tx, order, line.product, policy, out, new, secondary, lot)
        if isinstance(incoming, Refused):
            return incoming
        if incoming.unit is not None:
            batches.lock_units(tx, [incoming.unit.id])
            if refusal := _not_to_pack(tx, order, out, units.known(tx, incoming.unit.id)):
                return refusal
        if blank := blank_reason(_text(out), reason, "swapped", kept="with both units' histories"):
            return blank
        was_received = units.was_received(tx, out.id)
        stays = was_received or on_hold or out.on_hold is not None
        freed = batches.drop_added_secondaries(tx, [out.id]) if was_received else 0
        new_id = _unit_of(tx, order, line.product.id, incoming)
        if incoming.unit is None:
            boxes.keep_others_off(tx, [line.product.id])
            if boxes.found(tx, line.product.id, units.codes_ever(tx, [new_id]), ()):
                raise ConcurrencyConflict(f"a serial of unit {new_id} was scanned into a box meanwhile")
        if lot_holds.put(tx, lots.give(tx, [(new_id, lot)]), stamp, Source.BUTTON):
            raise ConcurrencyConflict(f"lot {lot.lot} was put on hold meanwhile")
        moves.move(
            tx,
            Move.PACK,
            [Moved(unit_id=new_id, line_id=line.id, source=source, batch_id=units.packing_batch(tx, out.id))],
            stamp,
            reason=f"swapped for {_text(out)}: {reason.strip()}",
        )
        units.stand_in_for(tx, new_id, out.id, source)
        moves.move(
            tx,
            Move.UNPACK if stays else Move.REMOVE,
            [Moved(unit_id=out.id, line_id=line.id, source=Source.BUTTON)],
            stamp,
            reason=f"swapped for {incoming.text}: {reason.strip()}",
        )
        if on_hold and out.on_hold is None:
            holds.put(tx, [out.id], reason.strip(), stamp, Source.BUTTON)
        what = f"Swapped: {_text(out)} out, {incoming.text} in ({visible(line.product.sku)})"
        orders.note_act(tx, order.id, what, stamp, reason.strip())
        is_on_hold = on_hold or out.on_hold is not None
        notes = [*incoming.notes, say.swapped_out(_text(out), is_on_hold=is_on_hold, stays=stays)]
        if freed:
            notes.append(say.secondary_is_free(out.secondary or ""))
        return say.units_swapped(_text(out), order.number, incoming.text, notes)

    return act_on(site, Deed.SWAP, order_id, OrderKind.SHIPMENT, act)


def outgoing(site: Site, order_id: int, scan: Scan) -> Outgoing | Refused:
    """The Packed unit of an order that a label's serial, or a typed code, means. A refusal is logged."""
    text = _serial_on(site, scan)
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        out = text if isinstance(text, Refused) else _out(tx, order, text)
        if isinstance(out, Unit):
            return Outgoing(out.id, _name(out), catalog.product(tx, out.product_id).sku)
    return site.log_refusal(out, order_id=order_id, code=scan.text)


def secondary_on(site: Site, scan: Scan) -> str | Refused:
    """The secondary serial on a label, or all of a plain one. A refusal is logged."""
    text = _serial_on(site, scan, is_secondary=True)
    return site.logged(text, code=scan.text)


def lot_on(site: Site, scan: Scan) -> LotFacts:
    """What a label says of lot and dates."""
    heard = lookup.read(site, scan)
    return of_label(heard, site.today) if isinstance(heard, Reading) else NO_LOT


def asks_secondary(site: Site, order_id: int, old: str, new: str, lot: LotFacts = NO_LOT) -> bool | Refused:
    """Has the unit that goes in to get a secondary serial too? A code that cannot go in is refused here already."""
    with site.store.read() as tx:
        order = orders.get(tx, order_id)
        out = _out(tx, order, old)
        if isinstance(out, Unit):
            assert out.shipment_line_id is not None, "a Packed unit is on a line"
            line = orders.line(tx, out.shipment_line_id)
            policy = site.policy_of(piece_of(site, tx, OrderKind.SHIPMENT, line, out).scenario)
            incoming = _incoming(site, tx, order, line.product, policy, out, new, "", lot)
            if not isinstance(incoming, Refused):
                return False
            if incoming.reasons[0].name == "secondary-missing":
                return True
            out = incoming
    return site.log_refusal(out, order_id=order_id, code=new)


# The unit that comes out


def _out(tx: Transaction, order: Order, text: str) -> Unit | Refused:
    """The Packed unit of an order that has a code."""
    number = visible(order.number)
    if order.status is OrderStatus.SHIPPED:
        return say.swapped_too_late(number)
    code = read_code(text)
    if isinstance(code, BadCode):
        return say.no_code_of_a_unit(text, why=code.reason)
    owners = units.of_client(tx, order.client_id, code.key)
    lines = {line.id for line in orders.lines(tx, order.id)}
    packed = [one for one in owners if one.status is UnitStatus.PACKED and one.shipment_line_id in lines]
    if len(packed) == 1:
        return packed[0]
    if packed:
        return say.which_to_swap(code=text, number=number)
    if not owners:
        return say.not_of_the_order(number=number, code=text)
    standing = owners[0].status.value
    return say.nothing_to_swap(code=text, number=number, standing=standing)


# The unit that goes in


def _incoming(
    site: Site,
    tx: Transaction,
    order: Order,
    product: Product,
    policy: TrackingPolicy,
    out: Unit,
    text: str,
    secondary: str,
    lot: LotFacts,
) -> Incoming | Refused:
    """What is to take a unit's place, or why it cannot."""
    code = label_serials.serial_on(
        product, [*CodeKind], text, lambda key: units.by_code(tx, product.id, key) is not None
    )
    if isinstance(code, BadCode):
        return _bad(code, text)
    unit = units.by_code(tx, product.id, code.key)
    notes: list[str] = []
    if unit is None:
        if refusal := _not_new(site, tx, order, product, policy, code, text, CodeKind.PRIMARY, notes):
            return refusal
    elif refusal := _not_to_pack(tx, order, out, unit):
        return refusal
    kept = unit.lot if unit else NO_LOT
    if refusal := _of_its_lot(site, tx, product, _text(unit) if unit else shorten(code.text), kept, lot, notes):
        return refusal
    second = _secondary(site, tx, order, product, policy, unit, code, secondary, notes)
    if isinstance(second, Refused):
        return second
    return Incoming(unit, code, second, tuple(notes))


def _not_to_pack(tx: Transaction, order: Order, out: Unit, unit: Unit) -> Refused | None:
    """Why a known unit cannot go in."""
    if unit.id == out.id:
        return say.same_unit(unit=_text(unit))
    if not unit.free:
        return not_free(tx, unit, "put into an order", "put in")
    if reserved := reserved_by_box(tx, unit):
        return reserved
    if unit.warehouse_id != order.warehouse_id:
        there, here = visible(unit.warehouse), visible(order.warehouse)
        return say.swapped_from_elsewhere(unit=_text(unit), there=there, number=order.number, here=here)
    return None


def _of_its_lot(
    site: Site,
    tx: Transaction,
    product: Product,
    short_code: str,
    kept: LotFacts,
    label_lot: LotFacts,
    notes: list[str],
) -> Refused | None:
    """Why what is kept of a unit's lot and dates, or what its label says, keeps it here; adds what to look at.

    A unit of a known lot is on hold by itself, or was released.
    """
    if label_lot.lot and not kept.lot and (hold := lot_holds.of_lot(tx, product.id, label_lot.lot)):
        return say.swapped_of_lot_on_hold(short_code, hold)
    for one in kept.against(label_lot):
        return say.swapped_with_other_lot(short_code, one)
    today = site.today.isoformat()
    use_by, best_before = (kept.first(name, label_lot) for name in ("use_by", "best_before"))
    if use_by and use_by < today:
        if site.rules.refuse_expired:
            return say.swapped_past_use_by(short_code, use_by)
        notes.append(say.past_its_day(short_code, use_by, is_use_by=True))
    elif best_before and best_before < today:
        notes.append(say.past_its_day(short_code, best_before, is_use_by=False))
    return None


def _not_new(
    site: Site,
    tx: Transaction,
    order: Order,
    product: Product,
    policy: TrackingPolicy,
    code: Code,
    text: str,
    kind: CodeKind,
    notes: list[str],
) -> Refused | None:
    """Why a code that no unit of the product has cannot be a new one; adds what somebody should look at."""
    short_code, sku = shorten(code.text), visible(product.sku)
    at_desk = AtDesk(site, tx, product, order.warehouse_id)
    if boxed := next(iter(boxes.found(tx, product.id, [code.key], ())), None):
        return say.in_a_box(short_code, boxed)
    now = [one.text for one in units.replaced(tx, order.client_id, code.key) if one.product_id == product.id]
    if now:
        return say.serial_was_corrected(code.text, now)
    if kind is CodeKind.PRIMARY and not _takes_new(policy):
        if (other := at_desk.other_unit(code.key)) is not None:
            there = visible(catalog.product(tx, other.product_id).sku)
            return say.another_product_goes_in(code=short_code, there=there, sku=sku)
        alike = [one for one in units.alike(tx, product.id, code.key) if one.unit.status is UnitStatus.RECEIVED]
        return say.no_such_unit_to_swap(short_code, sku, alike[0].text if alike else "")
    is_settled = label_serials.fits(label_serials.pattern_of(product, kind), text, code)
    objection = never_a_serial(
        code,
        product,
        at_desk,
        site.rules.words,
        is_primary=kind is CodeKind.PRIMARY,
        was_taken_out=is_settled,
    )
    if objection is not None and not objection.may_be_taken:
        return say.never_its_code(reason=objection.name, code=short_code, why=objection.sentence)
    for near in units.alike(tx, product.id, code.key):
        if marks.difference(near.key, code.key) not in product.told_apart:
            doubt = alike_doubt(code, near.text)
            return say.alike_to_swap(reason=doubt.name, doubt=doubt.sentence)
    if kind is CodeKind.PRIMARY and (refusal := _on_no_list(site, tx, order, product, code, notes)):
        return refusal
    if objection is not None:
        notes.append(say.noted(code.text, objection.sentence, 1))
    if not is_settled and (unlike := shape_doubt(product, kind, code)):
        notes.append(say.as_a_note(unlike.sentence))
    return None


def _on_no_list(
    site: Site, tx: Transaction, order: Order, product: Product, code: Code, notes: list[str]
) -> Refused | None:
    """Why a new code goes not in that no supplier has announced, where the site takes none (RULES 2.26)."""
    if not product.is_listed or not expected.has_any_list(tx, product.id, warehouse_id=order.warehouse_id):
        return None
    key = label_serials.without_separators(product, code).key
    rows = expected.of_codes(tx, product.id, order.warehouse_id, key, None)
    if held_against(key, CodeKind.PRIMARY, None, rows).standing is not Standing.UNLISTED:
        return None
    verdict = say.unlisted_refused(code.text, product.sku, order.number, OrderKind.SHIPMENT, "", 0)
    if site.rules.unlisted == "refuse":
        return refused(verdict.reason, verdict.text)
    notes.append(say.on_no_list(code.text, product.sku))
    return None


def _takes_new(policy: TrackingPolicy) -> bool:
    """Does packing, or the import in its place, take units that are new?"""
    by_scan = policy.packing_asks is not Asks.NOTHING
    return (policy.packing_admits if by_scan else policy.so_import_admits) is Admits.NEW_OR_RECEIVED


def _secondary(
    site: Site,
    tx: Transaction,
    order: Order,
    product: Product,
    policy: TrackingPolicy,
    unit: Unit | None,
    first: Code,
    text: str,
    notes: list[str],
) -> Code | Refused | None:
    """The secondary that the unit gets now, None where it gets none."""
    has = unit.secondary if unit else None
    asked = Asks.BOTH in (policy.packing_asks, policy.so_import_asks)
    if not text:
        if asked and has is None:
            return say.secondary_missing(sku=product.sku, primary=first.text)
        return None
    code = label_serials.serial_on(
        product, [CodeKind.SECONDARY], text, lambda key: units.by_code(tx, product.id, key) is not None
    )
    if isinstance(code, BadCode):
        return _bad(code, text)
    if code.key == first.key:
        return say.same_code_twice(code=code.text)
    if unit is not None and has is not None:
        if code.key in (code_key(has), code_key(unit.primary or "")):
            return None
        return say.code_of_other_unit(code=code.text, unit=_text(unit), has=has)
    if not asked:
        return say.no_secondary(sku=product.sku)
    if units.by_code(tx, product.id, code.key) is not None:
        return say.secondary_in_use(code=code.text)
    return _not_new(site, tx, order, product, policy, code, text, CodeKind.SECONDARY, notes) or code


def _unit_of(tx: Transaction, order: Order, product_id: int, incoming: Incoming) -> int:
    """The unit that goes in, made where it is new."""
    if incoming.unit is None:
        codes = [(incoming.code, incoming.secondary)]
        return units.create_many(tx, [product_id], [order.warehouse_id], codes)[0]
    if incoming.secondary is not None:
        units.add_code(tx, incoming.unit.id, product_id, CodeKind.SECONDARY, incoming.secondary)
    return incoming.unit.id


# Codes


def _serial_on(site: Site, scan: Scan, *, is_secondary: bool = False) -> str | Refused:
    """The serial on a label, or all of a plain one."""
    heard = lookup.read(site, scan)
    if isinstance(heard, Unusable):
        return refused(heard.verdict.reason, heard.verdict.text)
    reading = heard.reading if isinstance(heard, Commanded) else heard
    serials = (reading.secondary,) if is_secondary else (reading.serial, reading.secondary)
    return next((one for one in (*serials, reading.code) if one), reading.text)


def _bad(code: BadCode, text: str) -> Refused:
    found = no_code(code)
    if found.name != "bad-serial":
        return say.no_new_code(reason=found.name, new=text, why=found.sentence)
    return say.no_code_of_a_unit(text, why=code.reason)


def _name(unit: Unit) -> str:
    return unit.primary or unit.secondary or ""


def _text(unit: Unit) -> str:
    return shorten(_name(unit))
