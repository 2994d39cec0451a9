"""What a supervisor mends after completion, for a reason that is kept (RULES 2.15).

Unpacking and unreceiving take a unit off its order's count, correcting gives it another code, and lowering takes back
received units that no serial backs. Disposing of a unit touches no count: it did come.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from scanstation.domain import marks
from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code, shorten, visible
from scanstation.domain.imports import ImportedCount, room_left
from scanstation.domain.marks import other_identifier
from scanstation.domain.operators import Deed
from scanstation.domain.orders import DonePiece, Order, OrderLine
from scanstation.domain.outcome import Done, Reason, Refused, refused
from scanstation.domain.products import Product
from scanstation.domain.reading import Doubt, Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, OrderKind, UnitStatus
from scanstation.domain.store_errors import ConcurrencyConflict
from scanstation.domain.tracking import ImportRule, TrackingPolicy
from scanstation.domain.units import Disposal, Moved, NamedUnit, Seen, Stamp, Unit
from scanstation.domain.verdict import CodeKind
from scanstation.domain.work import Boxed
from scanstation.store import batches, boxes, catalog, events, moves, orders, reports, transfers, units, works
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials, lookup, serial_pattern
from scanstation.workflows.codes.lookup import Commanded, Unusable
from scanstation.workflows.codes.new_codes import Suspicion, alike_doubt, identifier_doubt, shape_doubt
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.codes.serial_rules import never_a_serial, no_code, whereabouts_words
from scanstation.workflows.orders.order_book import act_on, blank_reason, shortfall
from scanstation.workflows.site import Site

_WITH_UNIT = "with the unit's history"


def choose(
    site: Site, text: str, *, client: str | None = None, sku: str | None = None, sku_option: str = "--sku"
) -> NamedUnit | Refused:
    """The unit that a code belongs to now, or why it stands for none or for several. A refusal is logged."""
    code = read_code(text)
    if isinstance(code, BadCode):
        return site.log_refusal(say.no_code_of_a_unit(text, why=code.reason), code=text)
    with site.store.read() as tx:
        candidates = [
            one
            for one in units.with_code(tx, code.key)
            if (client is None or code_key(one.client) == code_key(client))
            and (sku is None or code_key(one.sku) == code_key(sku))
        ]
        if len(candidates) == 1:
            return candidates[0]
        refusal = _ambiguous(code, candidates, sku_option) if candidates else _unknown(tx, code, client, sku)
    return site.log_refusal(refusal, code=text)


def unpack(site: Site, unit_id: int, reason: str, *, seen: Seen | NamedUnit | None = None) -> Done | Refused:
    """Take a Packed unit out of its shipment: Received again, or gone if packing or an import there created it.

    One that is on hold is never gone. The order's count falls with it, so an order that was Ready to Ship lacks a unit
    again. `seen`: see `on_unit`.
    """

    def act(tx: Transaction, one: NamedUnit, stamp: Stamp) -> Done | Refused:
        unit, unit_text = one.unit, _unit_text(one.unit)
        stands = unit.status is UnitStatus.RECEIVED and unit.held_by is None
        if stands and (boxed := boxes.found(tx, unit.product_id, (), [unit.id])):
            return _out_of_the_box(tx, one, boxed, stamp, reason)
        if unit.status is not UnitStatus.PACKED:
            return _not_packed(tx, unit)
        if blank := blank_reason(_name(unit), reason, "unpacked", kept=_WITH_UNIT):
            return blank
        assert unit.shipment_line_id is not None, "a Packed unit is on a line"
        line = orders.line(tx, unit.shipment_line_id)
        piece = piece_of(site, tx, OrderKind.SHIPMENT, line, unit)
        freed = batches.drop_added_secondaries(tx, [unit.id]) if one.was_received else 0
        stays = one.was_received or unit.on_hold is not None  # else its serial could be packed again as a new one
        what = Move.UNPACK if stays else Move.REMOVE
        moves.move(
            tx, what, [Moved(unit_id=unit.id, line_id=line.id, source=Source.BUTTON)], stamp, reason=reason.strip()
        )
        orders.uncount(tx, line.id, piece, 1)
        order = _after(tx, line.order_id, f"Unpacked: {unit_text} of {visible(one.sku)}", stamp, reason)
        notes = [_standing(tx, order)]
        if freed:
            notes.append(say.secondary_is_free(unit.secondary or ""))
        if unit.on_hold is not None:
            notes.append(say.stays_on_hold())
        return say.unpacked(unit_text, order.number, notes, is_gone=not stays)

    return on_unit(site, Deed.UNPACK, unit_id, act, seen=seen)


def _out_of_the_box(
    tx: Transaction, one: NamedUnit, boxed: Sequence[Boxed], stamp: Stamp, reason: str
) -> Done | Refused:
    """Unpack a unit that was only scanned into its box: its order's count falls, and it is reserved no longer."""
    first, unit_text = boxed[0], _unit_text(one.unit)
    if first.in_work or first.has_left:
        return say.in_a_box(unit_text, first)
    if blank := blank_reason(_name(one.unit), reason, "unpacked", kept=_WITH_UNIT):
        return blank
    piece = next(piece for piece in orders.pieces_without_unit(tx, first.line_id) if piece.id == first.piece_id)
    boxes.drop(tx, [other.id for other in boxed])
    orders.uncount(tx, first.line_id, piece, 1)
    order = _after(tx, first.order_id, f"Unpacked: {unit_text} of {visible(one.sku)}", stamp, reason)
    is_on_hold = one.unit.on_hold is not None
    return say.out_of_the_box(unit_text, order.number, _standing(tx, order), is_on_hold=is_on_hold)


def unreceive(site: Site, unit_id: int, reason: str, *, seen: Seen | NamedUnit | None = None) -> Done | Refused:
    """A Received unit that nobody holds was never received: it is gone, and its purchase order's count falls.

    A Completed order that lacks a unit by it takes goods again. Opening stock has no order, and just goes. `seen`: see
    `on_unit`.
    """

    def act(tx: Transaction, one: NamedUnit, stamp: Stamp) -> Done | Refused:
        unit, unit_text = one.unit, _unit_text(one.unit)
        if not unit.free:
            return not_free(tx, unit, "unreceive", "unreceived")
        if transfers.ever_sent(tx, [unit.id]):
            return say.transferred_since(unit=unit_text)
        if reserved := reserved_by_box(tx, unit):
            return reserved
        if events.returned(tx, [unit.id]):
            where = whereabouts_words(events.whereabouts(tx, [unit.id])[unit.id])
            return Refused((say.came_back_and_stays(primary=unit_text, where=where),))
        if blank := blank_reason(_name(unit), reason, "unreceived", kept=_WITH_UNIT):
            return blank
        moved = Moved(unit_id=unit.id, line_id=unit.purchase_line_id, source=Source.BUTTON)
        if unit.purchase_line_id is None:
            moves.move(tx, Move.REMOVE, [moved], stamp, reason=reason.strip())
            return say.opening_unit_gone(unit_text)
        line = orders.line(tx, unit.purchase_line_id)
        piece = piece_of(site, tx, OrderKind.PURCHASE, line, unit)
        moves.move(tx, Move.REMOVE, [moved], stamp, reason=reason.strip())
        orders.uncount(tx, line.id, piece, 1)
        order = _after(tx, line.order_id, f"Unreceived: {unit_text} of {visible(one.sku)}", stamp, reason)
        return say.unreceived(unit_text, order.number, _standing(tx, order))

    return on_unit(site, Deed.UNRECEIVE, unit_id, act, seen=seen)


def dispose(
    site: Site,
    unit_id: int,
    reason: str,
    *,
    how: Disposal = Disposal.SCRAP,
    reference: str = "",
    seen: Seen | NamedUnit | None = None,
) -> Done | Refused:
    """A Received unit, on hold or not, leaves the stock for good; what was received stays received (RULES 2.15).

    Its codes stay its own, so nobody can receive it again by mistake.

    Args:
        site: where, and on whose behalf.
        unit_id: the unit.
        reason: why.
        how: what becomes of it.
        reference: another paper's number: of the vendor's return, of the insurance.
        seen: see `on_unit`.
    """

    def act(tx: Transaction, one: NamedUnit, stamp: Stamp) -> Done | Refused:
        unit, unit_text = one.unit, _unit_text(one.unit)
        if unit.status is not UnitStatus.RECEIVED or unit.held_by is not None:
            return not_free(tx, unit, "dispose of", "disposed of")
        if reserved := reserved_by_box(tx, unit):
            return reserved
        if blank := blank_reason(_name(unit), reason, "disposed of", kept=_WITH_UNIT):
            return blank
        moved = Moved(unit_id=unit.id, line_id=None, source=Source.BUTTON)
        kept = " ".join(word for word in (how.value, reference.strip()) if word)
        moves.move(tx, Move.DISPOSE, [moved], stamp, reason=f"{kept}: {reason.strip()}")
        return say.disposed_of(unit_text, one.sku, kept)

    return on_unit(site, Deed.DISPOSE, unit_id, act, seen=seen)


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a text means as the new code of a unit."""

    text: str
    """The code, without a mark of its label."""
    doubts: tuple[str, ...] = ()
    """The questions whether it is another unit's, one for each known code that differs from it only by marks."""


def correct(
    site: Site,
    unit_id: int,
    before: str,
    new: str,
    reason: str,
    *,
    source: Source = Source.TYPED,
    another_unit: bool | Collection[str] = False,
    seen: Seen | NamedUnit | None = None,
) -> Done | Refused:
    """Give a unit another code in place of one it has, in any status; the old one stays in its history.

    Args:
        site: where, and on whose behalf.
        unit_id: the unit.
        before: the code that is wrong, its primary or its secondary.
        new: the right one; everything that holds for a new serial holds for it (RULES 2.7, 2.8).
        reason: why.
        source: how the new code came in.
        another_unit: has a person said that a known code which differs only by marks is another unit's, or to which
            of the questions (`new_code`)? That is kept for the product, as at a desk.
        seen: see `on_unit`.
    """

    def act(tx: Transaction, one: NamedUnit, stamp: Stamp) -> Done | Refused:
        unit = one.unit
        if unit.status is UnitStatus.GONE:
            return _gone(tx, unit, say.codes_stay())
        if _is_in_hand(unit):
            return _in_hand(tx, unit)
        if unit.status is UnitStatus.IN_TRANSIT:
            return say.unit_in_transit(unit=_unit_text(unit), where=_where(tx, unit), done="corrected")
        kind = _kind_of(unit, code_key(before))
        if kind is None:
            codes = " + ".join(shorten(code) for code in (unit.primary, unit.secondary) if code)
            return say.not_its_code(before, codes)
        product = catalog.product(tx, unit.product_id)
        code = _meant(tx, product, kind, new)
        if isinstance(code, BadCode):
            if (found := no_code(code)).name != "bad-serial":
                return say.no_new_code(reason=found.name, new=new, why=found.sentence)
            return say.new_code_is_none(new, why=code.reason)
        judged = _not_for(site, tx, one, kind, before, code, new)
        if isinstance(judged, Refused):
            return judged
        notes, differences = [judged.text] if judged else [], set()
        for doubt, difference in _doubts(tx, one, product, kind, code, new):
            if doubt.refuses:
                return refused(doubt.name, doubt.sentence)
            if not difference:
                notes.append(doubt.sentence)
            elif another_unit is True or (another_unit and doubt.question in another_unit):
                differences.add(difference)
            else:
                return say.alike_code(doubt.name, doubt.sentence)
        if blank := blank_reason(before, reason, "corrected", kept=_WITH_UNIT):
            return blank
        if differences:
            catalog.tell_apart(tx, product, differences, stamp)
        moves.correct_code(tx, unit, kind, code_key(before), code, stamp, source=source, reason=reason.strip())
        return say.code_corrected(before, one.sku, code.text, notes)

    return on_unit(site, Deed.CORRECT_CODE, unit_id, act, code=new, seen=seen)


def new_code(site: Site, unit_id: int, before: str, text: str) -> NewCode:
    """What a text means as the new code of a unit in place of another, and what to ask first; changes nothing."""
    with site.store.read() as tx:
        one = units.named(tx, unit_id)
        kind = _kind_of(one.unit, code_key(before)) if one else None
        if one is None or kind is None:
            return NewCode(text)
        product = catalog.product(tx, one.unit.product_id)
        code = _meant(tx, product, kind, text)
        if isinstance(code, BadCode) or units.by_code(tx, product.id, code.key):
            return NewCode(text if isinstance(code, BadCode) else code.text)
        doubts = _doubts(tx, one, product, kind, code, text)
        return NewCode(code.text, tuple(doubt.question for doubt, difference in doubts if difference))


def code_on(site: Site, unit_id: int, before: str, scan: Scan) -> str | Refused:
    """The new code that a scan of a label means for a unit: all of a plain one, its serial on a GS1 or maker's label.

    Args:
        site: where, and on whose behalf.
        unit_id: the unit.
        before: the code that is wrong; the serial of the same kind is looked for.
        scan: the label, or what was typed.
    """
    heard = lookup.read(site, scan)
    if isinstance(heard, Unusable):
        return site.log_refusal(refused(heard.verdict.reason, heard.verdict.text), code=scan.text)
    reading = heard.reading if isinstance(heard, Commanded) else heard
    with site.store.read() as tx:
        one = units.named(tx, unit_id)
        product = catalog.product(tx, one.unit.product_id) if one else None
        named = lookup.named_products(tx, product.client_id, reading) if product else []
    if product and named and product.id not in {other.product.id for other in named}:
        return site.log_refusal(say.label_of_other_product(named[0].product.sku, product.sku), code=scan.text)
    is_secondary = one is not None and _kind_of(one.unit, code_key(before)) is CodeKind.SECONDARY
    if product and reading.doubt:
        pattern = product.secondary_pattern if is_secondary else product.serial_pattern
        if hidden := _more_than_a_serial(reading, reading.doubt, pattern):
            return site.log_refusal(Refused((hidden,)), code=scan.text)
    if reading.is_plain:
        return reading.text
    serial = reading.secondary if is_secondary else reading.serial
    if serial is None:
        kind = CodeKind.SECONDARY if is_secondary else CodeKind.PRIMARY
        return site.log_refusal(say.serial_not_on_label(kind), code=scan.text)
    return serial


def _more_than_a_serial(reading: Reading, doubt: Doubt, pattern: str) -> Reason | None:
    """Why a label's code holds a separator that the scanner spelt out or dropped, as far as the pattern shows."""
    whole = reading.code or ""
    if pattern and serial_pattern.fits(pattern, whole):
        return None
    if doubt.spelt:
        return say.separator_spelt(reading.text, say.spelt_separator(doubt.spelt))
    shorter = next((one for one in doubt.shorter if pattern and serial_pattern.fits(pattern, one)), None)
    dropped = say.dropped_separator(reading.text, whole, shorter) if shorter else None
    return Reason(dropped.reason, dropped.text) if dropped else None


def lower(site: Site, order_id: int, sku: str, to: int, reason: str, *, was: int | None = None) -> Done | Refused:
    """Lower the received count of a product to what really came, as far as no serial backs it.

    Units with a serial, scanned or imported, are taken back one by one with `unreceive`.

    Args:
        site: where, and on whose behalf.
        order_id: the purchase order.
        sku: the product, by its SKU or a barcode of it.
        to: how many units were received in truth.
        reason: why.
        was: how many were received when somebody looked: refused where it is another number by now.
    """

    def act(tx: Transaction, order: Order, stamp: Stamp) -> Done | Refused:
        line = _line_named(tx, order, sku)
        if isinstance(line, Refused):
            return line
        if refusal := _not_lower(tx, order, line, to):
            return refusal
        if was not in (None, line.done):
            return say.counted_otherwise(order.number, line.product.sku, line.done, was)
        if blank := blank_reason(order.number, reason, "lowered"):
            return blank
        _take_off(site, tx, order, line, line.done - to)
        shown = visible(line.product.sku)
        after = _after(tx, order_id, f"Received lowered: {shown} {line.done} to {to}", stamp, reason)
        return say.count_lowered(order.number, shown, to, line.ordered, line.done, _standing(tx, after))

    return act_on(site, Deed.LOWER, order_id, OrderKind.PURCHASE, act)


def counted_line(site: Site, order_id: int, code: str) -> tuple[str, int, int] | Refused:
    """Of the product that a SKU or barcode means on a purchase order: its SKU, how many were received, how low that
    may be set. A refusal is logged.
    """
    with site.store.read() as tx:
        line = _line_named(tx, orders.get(tx, order_id), code)
        if isinstance(line, OrderLine):
            return line.product.sku, line.done, lowest(tx, line)
    return site.log_refusal(line, order_id=order_id, code=code)


def lowest(tx: Transaction, line: OrderLine) -> int:
    """How low the received count of a purchase order's line may be set: the units that have serials stay."""
    return orders.present_units(tx, OrderKind.PURCHASE, [line.order_id]).get(line.id, 0)


# What all of them do


def on_unit(
    site: Site,
    deed: Deed,
    unit_id: int,
    do: Callable[[Transaction, NamedUnit, Stamp], Done | Refused],
    *,
    code: str = "",
    seen: Seen | NamedUnit | None = None,
) -> Done | Refused:
    """Do one act on a unit and its order, which nobody else touches meanwhile; a refusal is logged.

    `seen` is the unit as a person, or the command that chose it, has looked at it: refused where it is not so by now.
    """
    stamp = site.stamp()

    def act(tx: Transaction) -> Done | Refused:
        before = units.named(tx, unit_id)
        if before is None:
            return say.dropped_meanwhile()
        line_id = _line_of(before.unit)
        order_ids = {one.order_id for one in boxes.found(tx, before.unit.product_id, (), [unit_id])}
        if line_id is not None:
            order_ids.add(orders.line(tx, line_id).order_id)
        for order_id in sorted(order_ids):
            orders.lock(tx, order_id)  # the order first, as every act does
            works.lock_open(tx, order_id)
        batches.lock_units(tx, [unit_id])
        one = units.named(tx, unit_id)
        if one is None or _line_of(one.unit) != line_id:
            raise ConcurrencyConflict(f"unit {unit_id} went from line {line_id} meanwhile")
        return changed_since(tx, one, seen) or do(tx, one, stamp)

    answer = site.act(deed, act)
    return site.logged(answer, code=code)


def changed_since(tx: Transaction, one: NamedUnit, seen: Seen | NamedUnit | None) -> Refused | None:
    """The refusal of an act on a unit that is not as it was seen any more."""
    now: Seen | NamedUnit = one
    if isinstance(seen, Seen):
        boxed = boxes.of_units(tx, [one.unit.id]).get(one.unit.id)
        now = Seen(events.count_of(tx, one.unit.id), boxed.order_id if boxed else None)
        if seen.box != now.box and boxed:
            return say.unit_was_boxed(_unit_text(one.unit), boxed)
    return None if seen in (None, now) else say.unit_changed(_unit_text(one.unit), _where(tx, one.unit))


def _line_of(unit: Unit) -> int | None:
    """The line that counts a unit now."""
    if unit.status in (UnitStatus.PACKED, UnitStatus.SHIPPED):
        return unit.shipment_line_id
    return unit.purchase_line_id


def _line_named(tx: Transaction, order: Order, code: str) -> OrderLine | Refused:
    """The line of the product that a SKU or barcode means."""
    scanned = catalog.scanned_product(tx, order.client_id, code)
    line = orders.line_of(tx, order.id, scanned.product.id) if scanned else None
    if line is not None:
        return line
    known = ", ".join(visible(one.product.sku) for one in orders.lines(tx, order.id))
    return say.not_a_line(code=code, number=order.number, known=known)


def piece_of(site: Site, tx: Transaction, kind: OrderKind, line: OrderLine, unit: Unit) -> DonePiece:
    """What counted a unit on a line: its own piece where it was scanned, else the newest that its import filled."""
    if scanned := orders.piece_of_unit(tx, line.id, unit.id):
        return scanned

    boxed = {one.piece_id for one in boxes.of_products(tx, [line.product.id])}  # which are other units'

    def rank(piece: DonePiece) -> tuple[bool, bool, bool]:
        policy = site.policy_of(piece.scenario)
        return not _imports(policy, kind), policy.two_codes is not (unit.secondary is not None), piece.id in boxed

    return min(orders.pieces_without_unit(tx, line.id), key=rank)  # the first, so the newest, of the best


def _imports(policy: TrackingPolicy, kind: OrderKind) -> bool:
    rule = policy.po_import if kind is OrderKind.PURCHASE else policy.so_import
    return rule is not ImportRule.REFUSED


def _take_off(site: Site, tx: Transaction, order: Order, line: OrderLine, quantity: int) -> None:
    """Take a quantity off the newest pieces of a line, and leave room for what was imported under each scenario."""
    pieces = orders.pieces_without_unit(tx, line.id)
    room: dict[int, int] = {}
    for piece in pieces:
        room[piece.scenario] = room.get(piece.scenario, 0) + piece.quantity
    takes = {scenario: count for scenario, count in room.items() if _imports(site.policy_of(scenario), order.kind)}
    imported = batches.imported_counts(tx, order.kind, [order.id]).get(line.id, ImportedCount())
    if takes:
        room.update(room_left(takes, imported, site.policy_of))
    for piece in pieces:
        off = min(quantity, piece.quantity, room[piece.scenario])
        if off > 0:
            orders.uncount(tx, line.id, piece, off)
            room[piece.scenario] -= off
            quantity -= off
    assert quantity == 0, f"{quantity} of line {line.id} had no piece without a serial"


def _after(tx: Transaction, order_id: int, act: str, stamp: Stamp, reason: str) -> Order:
    """Keep the act, and make the order's status what its counts say now."""
    orders.note_act(tx, order_id, act, stamp, reason.strip())
    orders.refresh_status(tx, order_id)
    orders.waits_from(tx, order_id, stamp.at)
    return orders.get(tx, order_id)


def _standing(tx: Transaction, order: Order) -> str:
    return say.standing(order.number, order.status.value, shortfall(orders.lines(tx, order.id)))


# Why not


def _unknown(tx: Transaction, code: Code, client: str | None, sku: str | None) -> Refused:
    elsewhere = units.with_code(tx, code.key)
    if elsewhere:
        return say.serial_of_others(code.text, _owners(elsewhere))
    once = reports.traced_units(tx, code.key)
    if not once:
        return say.serial_of_nobody(code.text, client, sku)
    last = once[-1]
    if last.status is UnitStatus.GONE:
        return say.serial_is_gone(code.text)
    return say.serial_was_corrected(code.text, [one for one in (last.primary, last.secondary) if one])


def now_called(tx: Transaction, code: Code) -> Refused | None:
    """What a unit is called now that a correction took this code away from; None where none has lost it so."""
    found = [one for unit_id in units.once_with_code(tx, code.key) if (one := units.named(tx, unit_id))]
    if not found:
        return None
    unit = found[-1].unit
    return say.serial_was_corrected(code.text, [one for one in (unit.primary, unit.secondary) if one])


def _ambiguous(code: Code, candidates: Sequence[NamedUnit], sku_option: str) -> Refused:
    options = []
    if len({one.client_id for one in candidates}) > 1:
        options.append("--client")
    if len({code_key(one.sku) for one in candidates}) > 1:
        options.append(sku_option)
    return say.several_such_units(code.text, _owners(candidates), options)


def _owners(candidates: Sequence[NamedUnit]) -> list[str]:
    return [f"{visible(one.sku)} of {visible(one.client)}" for one in candidates]


def _not_packed(tx: Transaction, unit: Unit) -> Refused:
    unit_text = _unit_text(unit)
    if _is_in_hand(unit):
        return _in_hand(tx, unit)
    if unit.status is UnitStatus.RECEIVED:
        return say.not_packed(unit=unit_text)
    if unit.status is UnitStatus.SHIPPED:
        return say.unpacked_too_late(unit=unit_text, where=_where(tx, unit))
    if unit.status is UnitStatus.DISPOSED:
        return say.disposed_not_packed(unit=unit_text, where=_where(tx, unit))
    if unit.status is UnitStatus.IN_TRANSIT:
        return say.unit_in_transit(unit=unit_text, where=_where(tx, unit), done="unpacked")
    return _gone(tx, unit, say.nothing_left_to("unpack"))


def reserved_by_box(tx: Transaction, unit: Unit) -> Refused | None:
    """Why a Received unit stays as it is: it was scanned into the box of an order (RULES 2.10)."""
    boxed = next(iter(boxes.found(tx, unit.product_id, (), [unit.id])), None)
    return say.in_a_box(_unit_text(unit), boxed) if boxed else None


def not_free(tx: Transaction, unit: Unit, do: str, done: str) -> Refused:
    unit_text = _unit_text(unit)
    if _is_in_hand(unit):
        return _in_hand(tx, unit)
    if unit.status is UnitStatus.PACKED:
        return say.unpack_first(unit=unit_text, where=_where(tx, unit))
    if unit.status is UnitStatus.SHIPPED:
        return say.unit_has_left(unit=unit_text, where=_where(tx, unit), done=done)
    if unit.status is UnitStatus.DISPOSED:
        return say.unit_is_disposed(unit=unit_text, where=_where(tx, unit), do=do)
    if unit.status is UnitStatus.IN_TRANSIT:
        return say.unit_in_transit(unit=unit_text, where=_where(tx, unit), done=done)
    if unit.status is UnitStatus.RECEIVED:
        return say.lift_first(unit=unit_text, where=_where(tx, unit))
    return _gone(tx, unit, say.nothing_left_to(do))


def _is_in_hand(unit: Unit) -> bool:
    """Has open work a unit reserved, or has an open return one that it is about to create?"""
    return unit.held_by is not None or unit.status is UnitStatus.HELD


def _in_hand(tx: Transaction, unit: Unit) -> Refused:
    return say.in_open_work(unit=_unit_text(unit), where=_where(tx, unit))


def _gone(tx: Transaction, unit: Unit, so: str) -> Refused:
    seen = events.whereabouts(tx, [unit.id])[unit.id]
    return say.gone_meanwhile(operator=seen.operator, so=so)


def _not_lower(tx: Transaction, order: Order, line: OrderLine, to: int) -> Refused | None:
    sku, number = visible(line.product.sku), visible(order.number)
    if to < 0:
        return say.below_nothing(to, sku)
    if to == line.done:
        return say.nothing_to_lower(number, sku, line.done)
    if to > line.done:
        return say.not_lower(number, sku, line.done, to)
    backed = lowest(tx, line)
    return say.serials_back_it(number, sku, line.done, backed) if to < backed else None


def _kind_of(unit: Unit, key: str) -> CodeKind | None:
    for kind, code in ((CodeKind.PRIMARY, unit.primary), (CodeKind.SECONDARY, unit.secondary)):
        if code is not None and code_key(code) == key:
            return kind
    return None


def _meant(tx: Transaction, product: Product, kind: CodeKind, text: str) -> Code | BadCode:
    """The code that a text means for a product: as it stands if a unit has it, else without its mark."""
    return label_serials.serial_on(product, [kind], text, lambda key: units.by_code(tx, product.id, key) is not None)


def _doubts(
    tx: Transaction, one: NamedUnit, product: Product, kind: CodeKind, code: Code, text: str
) -> list[tuple[Suspicion, str]]:
    """What is doubtful of a new code (RULES 2.8, Marks), and by what it differs from another unit's, if it does."""
    suspicions: list[tuple[Suspicion, str]] = []
    for other in units.alike(tx, product.id, code.key):
        if other.unit.id == one.unit.id:
            continue
        if label_serials.is_same_code(product, other.key, code.key):
            known = say.known_unit(code.text, one.sku, _where(tx, other.unit), known=other.text)
            taken = say.in_use(unit=known).reasons[0]
            return [(Suspicion(taken.name, taken.text, True), "")]
        difference = marks.difference(other.key, code.key)
        if difference not in product.told_apart:
            suspicions.append((alike_doubt(code, other.text), difference))
    is_settled = label_serials.fits(label_serials.pattern_of(product, kind), text, code)
    other_one = other_identifier(label_serials.strip_of(product, kind), code.text)
    if other_one and not is_settled and code_key(text) == code.key:
        suspicions.append((identifier_doubt(code, *other_one), ""))
    if not is_settled and (unlike := shape_doubt(product, kind, code)):
        suspicions.append((unlike._replace(sentence=say.as_a_note(unlike.sentence)), ""))
    return suspicions


def _not_for(
    site: Site, tx: Transaction, one: NamedUnit, kind: CodeKind, before: str, code: Code, text: str
) -> Refused | Done | None:
    """Why a code cannot be the new one of a unit; `Done` with what somebody should look at of one that can.

    The text is what it was read from.
    """
    code_text = shorten(code.text)
    old = one.unit.primary if kind is CodeKind.PRIMARY else one.unit.secondary
    if code.text == old:
        return say.its_code_already(code=code_text)
    taken = units.by_code(tx, one.unit.product_id, code.key)
    if taken is not None and taken.id == one.unit.id and code.key != code_key(before):
        other = CodeKind.SECONDARY if kind is CodeKind.PRIMARY else CodeKind.PRIMARY
        return say.its_other_code(code=code_text, other=other.word)
    if taken is not None and taken.id != one.unit.id:
        return say.in_use(unit=say.known_unit(code.text, one.sku, _where(tx, taken)))
    product = catalog.product(tx, one.unit.product_id)
    refusal = never_a_serial(
        code,
        product,
        AtDesk(site, tx, product, one.unit.warehouse_id),
        site.rules.words,
        is_primary=kind is CodeKind.PRIMARY,
        was_taken_out=label_serials.fits(label_serials.pattern_of(product, kind), text, code),
    )
    if refusal is None:
        return None
    if refusal.may_be_taken:
        return Done(say.noted(code.text, refusal.sentence, 1))
    return say.never_its_code(reason=refusal.name, code=code_text, why=refusal.sentence)


def _where(tx: Transaction, unit: Unit) -> str:
    return whereabouts_words(events.whereabouts(tx, [unit.id])[unit.id])


def _name(unit: Unit) -> str:
    """What a unit goes by."""
    return unit.primary or unit.secondary or ""


def _unit_text(unit: Unit) -> str:
    return shorten(_name(unit))
