"""Receiving: a serial that is scanned with no prompt open (RULES 2.10), also one that comes back (RULES 2.22)."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key, shorten
from scanstation.domain.language import word
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.orders import OrderLine
from scanstation.domain.products import Product
from scanstation.domain.scan import Scan
from scanstation.domain.tracking import SCANNED, SCANNED_TWICE, Asks
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work_rules import RECEIVING, Unavailable
from scanstation.store import catalog, lots, orders, returns, works
from scanstation.workflows.codes import label_serials
from scanstation.workflows.scanning.act_context import UNIT, ActContext
from scanstation.workflows.scanning.against_lists import AgainstLists
from scanstation.workflows.scanning.product_codes import ProductCodes, known_meaning, read_otherwise


def known_serial(act: ActContext, scan: Scan, code: Code, lot: LotFacts = NO_LOT) -> Verdict | None:
    """Refuse it with what it is, or take a unit that comes back; None when nobody knows the code."""
    owners = act.owners(code.key)
    if not owners and (known := known_meaning(act, code, act.lines.peculiar_products(read_otherwise))):
        code, owners = known, act.owners(known.key)
    if not owners:
        return None
    unit = RECEIVING.meant(owners, act.work.id, act.lines.product_ids)
    if unit.held_by != act.work.id and (coming := _coming_back(act, owners)):
        if len(coming) > 1:
            skus = [line.product.sku for one in coming if (line := act.lines.of_product(one.product_id))]
            return say.serial_of_several(code.text, skus)
        unit = coming[0]
    if unit.free:
        sku = catalog.product(act.tx, unit.product_id).sku
        return say.serial_without_prompt(
            code.text, sku, word("Received in {warehouse} already", warehouse=unit.warehouse)
        )
    refusal = RECEIVING.refuse_known(code, unit, act.order)
    if isinstance(refusal, Unavailable):
        return act.refuse(code, refusal)
    line = act.lines.of_product(unit.product_id)
    if line is None:
        sku = catalog.product(act.tx, unit.product_id).sku
        return say.serial_of_another(code.text, sku, act.order.number)
    return take_back(act, scan, [code], unit, line, lot)


def _coming_back(act: ActContext, owners: Sequence[Unit]) -> list[Unit]:
    """Those units of the order's products that it may bring back."""
    if not act.order.brings_back:
        return []
    away = [
        one for one in owners if act.comes_back(one) and one.held_by is None and act.lines.of_product(one.product_id)
    ]
    in_hand = returns.in_hand(act.tx, [one.id for one in away]) if len(away) > 1 else {}
    return [one for one in away if one.id not in in_hand]


def take_back(
    act: ActContext, scan: Scan, codes: Sequence[Code], unit: Unit, line: OrderLine, lot: LotFacts = NO_LOT
) -> Verdict:
    """Take a Shipped unit by its serial, on an order that brings units back; by one of its two it owes the other.

    Args:
        act: the act.
        scan: of its serial.
        codes: its codes on the label.
        unit: it.
        line: of its product.
        lot: what the label says of its lot and dates.
    """
    code, product, policy = codes[0], line.product, act.policy(line.product)
    kind = CodeKind.SECONDARY if code.key == code_key(unit.secondary or "") else CodeKind.PRIMARY
    if refused := act.order_finished() or act.in_return(code, unit):
        return refused
    if not line.left:  # before anything is asked
        return act.too_many(code.text, line, 1)
    if question := act.lot_doubt(code, unit.lot, lot):
        return question
    announced = AgainstLists(act, product, code, kind, None).judge()
    if isinstance(announced, Verdict):
        return announced
    if not orders.take(act.tx, line.id, 1):
        return act.too_many(code.text, line, 1)
    two_codes = unit.secondary is not None and policy.two_codes
    owes = len(codes) == 1 and (two_codes or policy.receiving_asks is Asks.BOTH)
    entry_id = act.enter(scan, UNIT, f"{product.sku} {shorten(code.text)}")
    scenario = SCANNED_TWICE if owes else SCANNED
    works.add_pieces(act.tx, act.work.id, line.id, scenario=scenario, quantities=[1], owed=owes, entry_id=entry_id)
    piece = works.pieces_of_entry(act.tx, entry_id)[0]
    act.reserve(unit)
    if lot:
        lots.note(act.tx, entry_id, piece.id, lot)
    source = None if owes and kind is CodeKind.SECONDARY else scan.source
    works.change_piece(act.tx, piece.id, owed=owes, unit_id=unit.id, source=source)
    act.counts_changed()
    words = announced.words + act.back_from(unit)
    both = (unit.primary, unit.secondary) if kind is CodeKind.PRIMARY or not owes else (None, unit.secondary)
    taken = act.serial_taken(line.id, code, kind, both, unit_owes=owes, on_list=words)
    return act.said_hold(say.taken_unlisted(taken) if announced.to_look_at else taken, unit)


def product_of_new(act: ActContext, code: Code) -> Product | None:
    """The one product of the order whose new serial a code must be, where its product lets it take its unit.

    Of every other product, full lines and goods without serials too, a pattern has to say that it is none of theirs.
    """
    takers = [
        product
        for product in act.lines.peculiar_products(_takes_unit)
        if act.policy(product).receiving_asks is not Asks.NOTHING and _fits(act, product, [CodeKind.PRIMARY], code)
    ]
    if len(takers) != 1:
        return None
    others = (line.product for line in act.lines if line.product.id != takers[0].id)
    return None if any(_may_be_of(act, product, code) for product in others) else takers[0]


def _takes_unit(product: Product) -> bool:
    return product.serial_takes_unit and bool(product.serial_pattern)


def _may_be_of(act: ActContext, product: Product, code: Code) -> bool:
    """Could it be a serial of this product? Without a pattern that says otherwise it could."""
    kinds = [*CodeKind] if act.policy(product).two_codes else [CodeKind.PRIMARY]
    without = not all(label_serials.pattern_of(product, kind) for kind in kinds)
    return without or _fits(act, product, kinds, code)


def _fits(act: ActContext, product: Product, kinds: list[CodeKind], code: Code) -> bool:
    codes = ProductCodes(act, product)
    meant = codes.read(kinds, code.text)
    return isinstance(meant, Code) and codes.fits(kinds, code.text, meant)
