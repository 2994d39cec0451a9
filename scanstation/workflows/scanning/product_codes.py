"""What a text on a label means for one product: the code of a known unit, or one that nobody has."""

from collections.abc import Collection, Sequence

from scanstation.domain import sentences as say
from scanstation.domain import shapes
from scanstation.domain.codes import BadCode, Code, code_key
from scanstation.domain.not_serials import judge
from scanstation.domain.orders import OrderLine
from scanstation.domain.owed_codes import Namesake, NewCode, ToldApart, likely_meant
from scanstation.domain.products import Product
from scanstation.domain.reading import Doubt
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.units import AlikeCode, Unit
from scanstation.domain.verdict import CodeKind, Prompt, Verdict
from scanstation.domain.work import OncePerWork
from scanstation.store import boxes, catalog, names, units, works
from scanstation.workflows.codes import label_serials
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.scanning.act_context import ActContext


class ProductCodes:
    """The codes of one product, as one act sees them."""

    def __init__(self, act: ActContext, product: Product, *, of_all_products: bool = False) -> None:
        self.act, self.product = act, product
        self._of_all_products = of_all_products
        """Are many products asked about one code? Then the store is asked once for all of them."""
        self._neighbours = AtDesk(act.site, act.tx, product, act.order.warehouse_id, act.owners)

    def owner(self, key: str) -> Unit | None:
        """The unit that has a code."""
        return next((unit for unit in self.act.owners(key) if unit.product_id == self.product.id), None)

    def is_known(self, text: str) -> bool:
        """Has a unit this code?"""
        return self.owner(code_key(text)) is not None

    def fits(self, kinds: Collection[CodeKind], text: str, code: Code) -> bool:
        """Does a pattern of the product, for one of these codes, match?"""
        return any(label_serials.fits(label_serials.pattern_of(self.product, kind), text, code) for kind in kinds)

    def read(self, kinds: Collection[CodeKind], text: str) -> Code | BadCode:
        """The code that a label's text means, as a unit spells it where that is the same code."""
        code = label_serials.serial_on(self.product, kinds, text, self.is_known)
        if isinstance(code, BadCode) or not label_serials.ignores_separators(self.product):
            return code
        if self.is_known(code.key):
            return code
        alike = self._alike(code)
        same = next((one for one in alike if label_serials.is_same_code(self.product, one.key, code.key)), None)
        return Code(same.text, same.key) if same else code

    def ask_ahead(self, code: Code) -> None:
        """What is asked of nearly every new code (`new`, `likely_meant`): one wait for all of it."""
        names.key_ahead(self.act.tx, self.product.client_id, code.key)
        units.alike_ahead(self.act.tx, self.product.id, code.key)

    def likely_meant(self, code: Code, *, known_wanted: bool) -> Code | Verdict | None:
        """The code of a known unit that an unknown one most likely means, the question, or None for another unit.

        That two codes are of different units is kept, once a person has said so.
        """
        if (now := self._in_its_place(code, known_wanted=known_wanted)) is not None:
            return now
        alike = self._alike(code)
        meant = likely_meant(code, alike, self.product, self.act.answers, known_wanted=known_wanted)
        if isinstance(meant, ToldApart):
            catalog.tell_apart(self.act.tx, self.product, meant.differences, self.act.stamp)
            return None
        return meant

    def _in_its_place(self, code: Code, *, known_wanted: bool) -> Code | Verdict | None:
        """The known unit's code that a correction put in the place of this one, or the question; None where none is."""
        is_receipt, brings_back = self.act.rules.kind is OrderKind.PURCHASE, self.act.order.brings_back
        if is_receipt and not brings_back:
            return None  # what comes in is new, and the code was taken away from another unit
        replaced = [one for one in self.act.replaced(code.key) if one.product_id == self.product.id]
        if len({one.unit_id for one in replaced}) != 1:
            return None
        if is_receipt and not self.act.comes_back(units.known(self.act.tx, replaced[0].unit_id)):
            return None
        now = Code(replaced[0].text, replaced[0].key)
        if known_wanted and not replaced[0].free:
            return now  # it is refused, by what it is called now
        asked = say.is_now(code.text, now.text, self.product.sku, may_be_new=not known_wanted)
        answer = self.act.answers.to(asked)
        return asked if answer is None else now if answer else None

    def _alike(self, code: Code) -> list[AlikeCode]:
        if self._of_all_products:
            return self.act.alike(code.key).get(self.product.id, [])
        return units.alike(self.act.tx, self.product.id, code.key)

    def new(self, text: str, code: Code, prompt: Prompt) -> NewCode:
        """What a code that nobody has may be in place of a serial (RULES 2.8)."""
        kinds = _kinds(prompt)
        fits, is_usual = self.fits(kinds, text, code), self._is_usual(kinds, code)
        no_serial = judge(code, self._neighbours, self.act.site.rules.words, fits=fits, is_usual=is_usual)
        hints = {CodeKind.PRIMARY: self.product.serial_hint, CodeKind.SECONDARY: self.product.secondary_hint}
        has_patterns = all(label_serials.pattern_of(self.product, kind) for kind in kinds)
        hint = " or ".join(hints[kind] for kind in kinds if hints[kind])
        return NewCode(no_serial, hint, unlike=not fits and has_patterns)

    def looks_its_own(self, text: str, code: Code, prompt: Prompt) -> bool:
        """Does a code fit the product's pattern, or look as its serials do? Then it is none of another product's."""
        kinds = _kinds(prompt)
        return self.fits(kinds, text, code) or self._is_usual(kinds, code)

    def _is_usual(self, kinds: Sequence[CodeKind], code: Code) -> bool:
        return any(shapes.is_usual(self.product.shapes, kind, code.text) for kind in kinds)

    def namesake(self, key: str) -> Namesake | None:
        """A unit of another product that has this code."""
        other = self._neighbours.other_unit(key)
        if other is None:
            return None
        warehouse = "" if other.warehouse_id == self.act.order.warehouse_id else other.warehouse
        return Namesake(catalog.product(self.act.tx, other.product_id).sku, other.status, warehouse)

    def in_a_box(self, codes: Sequence[Code], owners: Sequence[Unit]) -> Verdict | None:
        """Why a serial cannot be scanned into this box: it was scanned into one before (RULES 2.10)."""
        ids = [unit.id for unit in owners]
        keys = {*(code.key for code in codes), *(units.codes_ever(self.act.tx, ids) if ids else ())}
        boxed = next(iter(boxes.found(self.act.tx, self.product.id, keys, ids)), None)
        if boxed is None:
            return None
        if boxed.order_id == self.act.order.id:
            return say.checked_before(codes[0].text, self.act.rules.kind)
        return say.reserved(codes[0].text, boxed.number, boxed.station, boxed.operator, has_left=boxed.has_left)

    def keep_in_box(
        self, line: OrderLine, entry_id: int, codes: Sequence[tuple[CodeKind, Code]], unit_id: int | None
    ) -> None:
        """What was scanned with a unit stays with its packing until it is imported."""
        if unit_id is not None:
            units.lock_free(self.act.tx, unit_id, self.act.order.warehouse_id)
        if unknown := [code.key for _, code in codes if not self.is_known(code.text)]:
            boxes.keep_unknown(self.act.tx, self.product.id, unknown)
        (piece,) = works.pieces_of_entry(self.act.tx, entry_id)
        boxes.keep(self.act.tx, piece.id, line.id, self.product.id, codes, unit_id)

    def checked_before(self, line: OrderLine, codes: Sequence[Code], owners: Sequence[Unit]) -> bool:
        """Was one of these serials checked in this work before? Nothing holds a unit that is only checked."""
        # A code that was corrected since is the same unit's.
        keys = {*(code.key for code in codes), *units.codes_ever(self.act.tx, [unit.id for unit in owners])}
        return not keys.isdisjoint(map(code_key, works.codes_taken(self.act.tx, self.act.work.id, line.id)))


def known_meaning(act: ActContext, code: Code, products: Sequence[Product]) -> Code | None:
    """The known unit's code that an unknown one is with a mark of one of these products, or spelled otherwise."""
    for product in products:
        codes = ProductCodes(act, product, of_all_products=True)
        read = codes.read([*CodeKind], code.text)
        if isinstance(read, Code) and codes.is_known(read.key):
            return read
    return None


def _kinds(prompt: Prompt) -> Sequence[CodeKind]:
    return tuple(CodeKind) if prompt.either else (prompt.kind,)


def read_otherwise(product: Product) -> bool:
    """May a code of this product be another text than its label's?"""
    return label_serials.changes_texts(product) or label_serials.ignores_separators(product)


class DoubtfulCode:
    """A code of a label in which a separator may be hidden: the serial would then be shorter than it reads."""

    def __init__(
        self, codes: ProductCodes, scan: Scan, kinds: Collection[CodeKind], text: str, code: Code, doubt: Doubt | None
    ) -> None:
        self._codes, self._scan, self._kinds, self._text = codes, scan, kinds, text
        self._doubt = None if doubt is None or codes.fits(kinds, text, code) else doubt

    def refusal(self) -> Verdict | None:
        """Why a new code is more than a serial, by what is known of the product."""
        if self._doubt is None:
            return None
        if self._doubt.spelt:
            return say.faulty(self._scan.text, say.spelt_separator(self._doubt.spelt))
        for shorter in self._doubt.shorter:
            other = self._codes.read(self._kinds, shorter)
            if isinstance(other, BadCode):
                continue
            if self._codes.fits(self._kinds, shorter, other) or self._codes.is_known(other.key):
                return say.dropped_separator(self._scan.text, self._text, shorter)
        return None

    def question(self) -> Verdict | None:
        """Where nothing known decides it: the refusal for a scanner that drops separators, else once a question."""
        if self._doubt is None:
            return None
        act, product = self._codes.act, self._codes.product
        if act.site.scanner_traits.drops_separators(self._scan):
            return say.dropping_scanner(self._scan.text, self._text)
        this = (act.work.id, product.id)
        if this not in act.remembered.whole_serials:
            if not works.said(act.tx, act.work.id, OncePerWork.WHOLE_SERIAL, product.id):
                if question := act.unless_yes(say.may_be_run_on(self._scan.text, self._text, product.sku)):
                    return question
                works.keep_said(act.tx, act.work.id, OncePerWork.WHOLE_SERIAL, product.id, yes=True)
            act.remembered.whole_serials.add(this)
        return None
