"""Packing: a known serial that is scanned with no prompt open takes its unit (RULES 2.10)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.orders import OrderLine
from scanstation.domain.scan import Scan
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work_rules import PACKING, Unavailable
from scanstation.store import catalog, lots, orders, units, works
from scanstation.workflows.scanning.act_context import UNIT, ActContext
from scanstation.workflows.scanning.product_codes import ProductCodes, known_meaning, read_otherwise


def known_serial(act: ActContext, scan: Scan, code: Code, lot: LotFacts = NO_LOT) -> Verdict | None:
    """Take a known unit by its serial; None when nobody knows the code. `lot` is what its label says."""
    owners = act.owners(code.key)
    if not owners:
        meant = _meant(act, code)
        if meant is None or isinstance(meant, Verdict):
            return meant
        code = meant
        owners = act.owners(code.key)
    lines = {unit.product_id: line for unit in owners if (line := act.lines.of_product(unit.product_id))}
    here = [unit for unit in owners if unit.product_id in lines]
    if not here:
        sku = catalog.product(act.tx, owners[0].product_id).sku
        return say.serial_of_another(code.text, sku, act.order.number)
    unit = PACKING.meant(code, here, {product_id: line.product.sku for product_id, line in lines.items()})
    if isinstance(unit, Unit):
        return _take(act, scan, code, unit, lines[unit.product_id], lot)
    return act.refuse(code, unit) if isinstance(unit, Unavailable) else unit


def _meant(act: ActContext, code: Code) -> Code | Verdict | None:
    """The known unit's code that an unknown one means for a product of the order: marks apart, or asked about."""
    may_differ = [product for product in act.lines.peculiar_products(read_otherwise) if act.policy(product).tracked]
    if known := known_meaning(act, code, may_differ):
        return known
    product_ids = {*act.alike(code.key), *(one.product_id for one in act.replaced(code.key))}
    lines = [line for product_id in product_ids if (line := act.lines.of_product(product_id))]
    tracked = [
        line.product
        for line in sorted(lines, key=lambda line: act.lines.place(line.id))
        if act.policy(line.product).tracked
    ]
    likely = [
        ProductCodes(act, product, of_all_products=True).likely_meant(code, known_wanted=True) for product in tracked
    ]
    meant = [one for one in likely if one is not None]
    # Where units of several products are likely, the product has to be scanned first.
    return meant[0] if len(meant) == 1 else None


def _take(act: ActContext, scan: Scan, code: Code, unit: Unit, line: OrderLine, lot: LotFacts) -> Verdict:
    policy = act.policy(line.product)
    if refusal := PACKING.refuse_known(code, unit, act.order):
        return act.refuse(code, refusal) if isinstance(refusal, Unavailable) else refusal
    booked = policy.packing_asks is not Asks.NOTHING
    codes = ProductCodes(act, line.product)
    if not booked and codes.checked_before(line, [code], [unit]):
        return say.checked_before(code.text, act.rules.kind)
    if refusal := codes.in_a_box([code], [unit]):
        return refusal
    if not line.left:  # before anything is asked
        return act.order_finished() or act.too_many(code.text, line, 1)
    refused = act.order_finished() or act.lot_on_hold(code.text, unit.product_id, unit.lot, lot)
    if refused := refused or act.past_days(code.text, unit.lot, lot) or act.lot_doubt(code, unit.lot, lot):
        return refused
    if not orders.take(act.tx, line.id, 1):
        return act.too_many(code.text, line, 1)
    owes = policy.packing_asks is Asks.BOTH
    entry_id = act.enter(scan, UNIT, f"{line.product.sku} {code.text}")
    works.add_pieces(
        act.tx, act.work.id, line.id, scenario=policy.scenario, quantities=[1], owed=owes, entry_id=entry_id
    )
    kind = CodeKind.SECONDARY if code.key == code_key(unit.secondary or "") else CodeKind.PRIMARY
    if not booked:
        codes.keep_in_box(line, entry_id, [(kind, code)], unit.id)
        act.counts_changed()
        after = act.line(line.id)
        return say.serial_checked(
            line.product.sku,
            code.text,
            done=after.done + after.in_work,
            ordered=after.wanted,
            order_full=act.if_full(),
        )
    piece = works.pieces_of_entry(act.tx, entry_id)[0]
    source = None if owes and kind is CodeKind.SECONDARY else scan.source
    units.hold(act.tx, unit.id, act.work.id)
    if lot:
        lots.note(act.tx, entry_id, piece.id, lot)
    works.change_piece(act.tx, piece.id, owed=owes, unit_id=unit.id, source=source)
    act.counts_changed()
    return act.serial_taken(line.id, code, kind, (unit.primary, unit.secondary), unit_owes=owes)
