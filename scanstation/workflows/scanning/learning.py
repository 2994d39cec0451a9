"""An unknown barcode is learned at a desk (SS-LEARN): twice from two pieces, then its product, then how many it is."""

from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, shorten
from scanstation.domain.commands import MAX_QUANTITY
from scanstation.domain.gtin import product_key
from scanstation.domain.language import worded
from scanstation.domain.not_serials import is_sscc
from scanstation.domain.operators import Deed, Right
from scanstation.domain.outcome import Reason
from scanstation.domain.products import Barcode, Product
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.store import catalog, operators
from scanstation.workflows.codes import label_serials, learned, lookup
from scanstation.workflows.codes.barcodes import learnable_barcode
from scanstation.workflows.codes.lookup import CountFound, NoCode, OrdersFound, ProductFound, UnitsFound
from scanstation.workflows.scanning.act_context import ActContext


@dataclass(frozen=True, slots=True)
class Learning:
    """How far it is. Nothing is in the store before the last step."""

    code: str = ""
    """The barcode, once it was scanned from one piece."""
    is_sure: bool = False
    """Was it scanned from a second piece?"""
    product: Product | None = None
    """Whose it is; then only the pack size is owed."""

    @property
    def wanted(self) -> str:
        """What is scanned next, for the panel."""
        if self.product is not None:
            return worded("How many {sku} is it?", sku=shorten(self.product.sku))
        if self.is_sure:
            return worded("Scan or type the product's SKU")
        return worded("Scan it from another piece") if self.code else worded("Scan the unknown barcode")


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learned last: Undo takes it back as long as nothing else was scanned."""

    product: Product
    barcode: Barcode


def begin(act: ActContext, scan: Scan) -> Learning | Verdict:
    """SS-LEARN: only for whoever may change products; else who that is."""
    lacking = act.site.why_not(act.tx, Deed.LEARN)
    if lacking is None:
        return Learning()
    return say.who_may_teach(scan.text, lacking, _able(act))


def offered(act: ActContext, scan: Scan, unknown: Verdict) -> Verdict:
    """The refusal of an unknown code, with who can teach it where it may be a barcode: whoever is here, or others."""
    code = learnable_barcode(scan.text, act.site.rules.command_prefix)
    if scan.source is Source.TYPED or isinstance(code, Reason) or is_sscc(code):
        return unknown
    if any(_serial_of(product, code) for product in act.lines.peculiar_products(_has_pattern)):
        return unknown
    if act.site.why_not(act.tx, Deed.LEARN) is None:
        return say.to_be_taught(unknown, act.site.rules.command_prefix)
    return say.to_be_taught_by(unknown, _able(act))


def _able(act: ActContext) -> list[str]:
    """Who may teach."""
    return [one.name for one in operators.listed(act.tx) if _may(one.rights, one.is_disabled, one.is_service)]


def _may(rights: frozenset[Right], is_disabled: bool, is_service: bool) -> bool:
    return Right.PRODUCTS in rights and not (is_disabled or is_service)


def take(act: ActContext, at: Learning, scan: Scan, reading: Reading) -> tuple[Learning | Taught, Verdict]:
    """The next step with a scan; a refusal leaves it where it is."""
    if at.product is not None:
        text = scan.text.strip(" ")
        if scan.source is Source.TYPED and text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_QUANTITY:
            return as_many(act, at, at.product, int(text))
        return at, say.teach_how_many(scan.text, at.product.sku, MAX_QUANTITY)
    if at.is_sure:
        return _of_product(act, at, scan, reading)
    code = learnable_barcode(scan.text, act.site.rules.command_prefix)
    if isinstance(code, Reason):
        return at, say.refused_with(code, scan.text)
    if at.code and product_key(code) != product_key(at.code):
        return at, say.teach_same(scan.text, at.code)
    if wrong := _cannot_be(act, scan, reading, code):
        return at, wrong
    if at.code:
        return replace(at, is_sure=True), say.teach_product(at.code)
    return Learning(code), say.teach_again(code)


def _of_product(act: ActContext, at: Learning, scan: Scan, reading: Reading) -> tuple[Learning, Verdict]:
    meant = lookup.find(act.tx, reading, lookup.client_product(act.order.client_id))
    if not isinstance(meant, ProductFound):
        return at, say.teach_no_product(scan.text, at.code, act.order.client)
    product = meant.product.product
    if wrong := _serial_of(product, at.code):
        return at, wrong
    return replace(at, product=product), say.teach_how_many_now(at.code, product.sku)


def as_many(act: ActContext, at: Learning, product: Product, pieces: int) -> tuple[Learning | Taught, Verdict]:
    """The last step: it is learned, unless somebody has made it known meanwhile."""
    if not 1 <= pieces <= MAX_QUANTITY:
        return at, say.teach_how_many("", product.sku, MAX_QUANTITY)
    if lacking := act.site.why_not(act.tx, Deed.LEARN):
        return at, say.refused_with(lacking, at.code)
    if other := catalog.scanned_product(act.tx, act.order.client_id, at.code):
        return at, say.taught_already(at.code, other.product.sku)
    barcode = Barcode(at.code, pieces)
    learned.learn(act.tx, product, barcode, act.stamp)
    return Taught(product, barcode), say.taught(at.code, product.sku, pieces)


def take_back(act: ActContext, taught: Taught) -> Verdict:
    """Undo right behind it."""
    if lacking := act.site.why_not(act.tx, Deed.LEARN):
        return say.refused_with(lacking, taught.barcode.text)
    if not learned.is_learned(act.tx, taught.product, taught.barcode):
        return say.not_taught_any_more(taught.barcode.text)
    learned.forget(act.tx, taught.product, taught.barcode, act.stamp)
    return say.teaching_undone(taught.barcode.text, taught.product.sku)


def _cannot_be(act: ActContext, scan: Scan, reading: Reading, code: str) -> Verdict | None:
    """Why a code is no unknown barcode; another client's product is asked about."""
    client = act.order.client_id
    looks = (lookup.client_product(client), lookup.orders, lookup.units, lookup.client_identifier(client))
    meant = lookup.find(act.tx, reading, *looks)
    match meant:
        case ProductFound(known):
            return say.taught_already(scan.text, known.product.sku)
        case OrdersFound():
            return say.no_barcode_to_teach(scan.text, "the number of an order")
        case UnitsFound():
            return say.no_barcode_to_teach(scan.text, "a serial number that is known here")
        case CountFound():
            return say.no_barcode_to_teach(scan.text, "a count, and not of what")
        case NoCode(bad):
            return say.bad_code(bad, "a barcode")
    if is_sscc(code):
        return say.no_barcode_to_teach(scan.text, "the number of one pallet or parcel")
    for line in act.lines:
        if wrong := _serial_of(line.product, code):
            return wrong
    others = [one for one in catalog.products_of_code(act.tx, code) if one.product.client_id != client]
    if others:
        asked = say.teach_of_another(scan.text, others[0].product.sku, others[0].client, act.order.client)
        return act.unless_yes(asked)
    return None


def _has_pattern(product: Product) -> bool:
    return bool(product.serial_pattern or product.secondary_pattern)


def _serial_of(product: Product, code: str) -> Verdict | None:
    """A code that a product's own pattern says is one of its serials."""
    for kind in CodeKind:
        read = label_serials.serial_on(product, [kind], code, lambda _: False)
        pattern = label_serials.pattern_of(product, kind)
        if pattern and not isinstance(read, BadCode) and label_serials.fits(pattern, code, read):
            return say.no_barcode_to_teach(code, worded("what a serial of {sku} looks like", sku=shorten(product.sku)))
    return None
