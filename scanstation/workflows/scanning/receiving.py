"""Receiving: a serial that is scanned with no prompt open (RULES 2.10)."""

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.products import Product
from scanstation.domain.scan import Scan
from scanstation.domain.tracking import Asks
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work_rules import RECEIVING, Unavailable
from scanstation.store import catalog
from scanstation.workflows.codes import label_serials
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.product_codes import ProductCodes, known_meaning, read_otherwise


def known_serial(act: ActContext, scan: Scan, code: Code, lot: LotFacts = NO_LOT) -> Verdict | None:
    """Refuse it with what it is; None when nobody knows the code."""
    del scan, lot  # nothing of it is kept
    owners = act.owners(code.key)
    if not owners and (known := known_meaning(act, code, act.lines.peculiar_products(read_otherwise))):
        code, owners = known, act.owners(known.key)
    if not owners:
        return None
    unit = RECEIVING.meant(owners, act.work.id, act.lines.product_ids)
    if unit.free:
        sku = catalog.product(act.tx, unit.product_id).sku
        return say.serial_without_prompt(code.text, sku, f"Received in {unit.warehouse} already")
    return act.refuse(code, Unavailable(unit))


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
