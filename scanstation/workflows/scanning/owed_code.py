"""One code for a piece that owes one: what is known of it, what that makes of it, and what is written of it."""

from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, shorten
from scanstation.domain.house_serials import WhyNone, reads_like_one
from scanstation.domain.lots import NO_LOT, LotFacts
from scanstation.domain.marks import other_identifier
from scanstation.domain.not_serials import Kind, NoSerial, payload
from scanstation.domain.owed_codes import NewCode, kind_of, refuse_new
from scanstation.domain.reading import Doubt
from scanstation.domain.scan import Scan, Source
from scanstation.domain.shapes import Shape, is_unlike, of_kind, shape_of_one
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Prompt, Verdict
from scanstation.domain.work import OwedPiece
from scanstation.domain.work_rules import GivenCode, Unavailable
from scanstation.store import catalog, house_serials, lots, shapes, units, works
from scanstation.workflows.codes import label_serials, serial_pattern
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.against_lists import NOT_ANNOUNCED, AgainstLists
from scanstation.workflows.scanning.product_codes import DoubtfulCode, ProductCodes


class OwedCode:
    """A text that is to be the code which a piece owes."""

    def __init__(
        self,
        act: ActContext,
        scan: Scan,
        owed: OwedPiece,
        prompt: Prompt,
        text: str,
        doubt: Doubt | None,
        lot: LotFacts = NO_LOT,
    ) -> None:
        self._lot = lot
        """What its label says of the unit's lot and dates."""
        self._new_shape: Shape | None = None
        """A shape that somebody has said is the product's too."""
        self._act, self._scan, self._owed, self._prompt = act, scan, owed, prompt
        self._text, self._doubt = text, doubt
        self._product = act.line(owed.piece.line_id).product
        self._codes = ProductCodes(act, self._product)
        self._policy = act.site.policy_of(owed.piece.scenario)
        self._asks = act.rules.asks(self._policy)
        self._announced = NOT_ANNOUNCED

    def take(self) -> Verdict:
        """Give the piece its code, or say why not."""
        act, text, product = self._act, self._text, self._product
        code = self._codes.read([*CodeKind] if self._prompt.either else [self._prompt.kind], text)
        if isinstance(code, BadCode):
            return self._refuse_bad(code)
        if code_key(text) != code.key and (other := catalog.scanned_product(act.tx, product.client_id, text)):
            return say.is_a_product(text, other.product.sku, self._prompt)
        owner = self._codes.owner(code.key)
        kind = kind_of(self._prompt, self._owed, self._asks, code, owner, self._fitting(code))
        kinds = tuple(CodeKind) if self._prompt.either else (kind,)
        doubtful = DoubtfulCode(self._codes, self._scan, kinds, text, code, None if owner else self._doubt)
        if refusal := doubtful.refusal():
            return refusal
        prompt, new = replace(self._prompt, kind=kind), None
        if owner is None:
            self._codes.ask_ahead(code)
            new = self._codes.new(text, code, prompt)
            known_wanted = act.rules.wants_known(self._owed, kind, self._policy)
            if refusal := self._refuse_new(code, new, prompt, known_wanted=known_wanted):
                return refusal
            meant = self._codes.likely_meant(code, known_wanted=known_wanted)
            if isinstance(meant, Verdict):
                return meant
            if meant:
                code, owner = meant, self._codes.owner(meant.key)
        given = GivenCode(code, kind, owner, self._owed, product.sku, act.order)
        unit = act.rules.identify(given, self._policy)
        if isinstance(unit, Unavailable):
            return act.refuse(code, unit)
        if isinstance(unit, Verdict):
            better = self._better_refusal(code, new, prompt) if new and unit.reason == "unknown-serial" else None
            return better or unit
        if unit is not None and unit.is_boxed and (refusal := self._codes.in_a_box([code], [unit])):
            return refusal  # its product asked nothing at packing then
        if owner is None and (question := doubtful.question()):
            return question
        if unit is None and (question := self._of_the_same_label(prompt, code) or self._left_as_another(prompt, code)):
            return question
        comes_back = unit is not None and act.comes_back(unit)
        if comes_back and unit and unit.held_by is None and (refusal := act.in_return(code, unit)):
            return refusal
        if unit is None or comes_back:
            announced = AgainstLists(act, product, code, kind, self._owed.code(kind.other)).judge()
            if isinstance(announced, Verdict):
                return announced
            self._announced = announced
            code = (announced.code if unit is None else None) or code
        if (unit is None and (question := self._unlike(code, kind))) or (question := self._lot_doubt(code, unit)):
            return question
        return self._book(code, kind, unit)

    def _unlike(self, code: Code, kind: CodeKind) -> Verdict | None:
        """The question where a new code looks like no serial of the product before; yes makes its shape known."""
        act, product = self._act, self._product
        if not is_unlike(product.shapes, kind, code.text) or reads_like_one(act.site.rules.house_prefix, code.key):
            return None
        pattern = label_serials.pattern_of(product, kind)
        if pattern and label_serials.fits(pattern, self._text, code):
            return None
        usual = of_kind(product.shapes, kind)[-1].words
        if question := act.unless_yes(say.unlike_others(code.text, product.sku, usual)):
            return question
        self._new_shape = shape_of_one(code.text)
        return None

    def _lot_doubt(self, code: Code, unit: Unit | None) -> Verdict | None:
        """Why it is too old, or the question where the label says otherwise than what is kept, or the other label."""
        piece, on_label, announced = self._owed.piece, self._lot, self._announced.lot
        kept = unit.lot if unit else NO_LOT
        if unit is None and piece.unit_id is not None and (on_label or announced):  # its other label
            kept = units.known(self._act.tx, piece.unit_id).lot
        on_hold = self._act.lot_on_hold(code.text, self._product.id, kept, on_label.and_of(announced))
        if refusal := on_hold or self._act.past_days(code.text, unit.lot if unit else announced, on_label):
            return refusal
        if unit is not None and piece.unit_id not in (None, unit.id):  # its other label came first
            before = lots.noted(self._act.tx, piece.id)
            if question := self._act.lot_doubt(code, unit.lot, before):
                return question
        if not on_label and not announced:
            return None
        before = NO_LOT if piece.unit_id is None else lots.noted(self._act.tx, piece.id)
        known = kept.and_of(before).and_of(announced)
        self._lot = NO_LOT if announced.and_of(on_label) == before else announced.and_of(on_label)
        return self._act.lot_doubt(code, known, on_label)

    def give_house_serial(self, why: WhyNone) -> Verdict:
        """Give the piece the next house serial, in place of one that nobody can read."""
        act, rules = self._act, self._act.site.rules
        code = house_serials.give(act.tx, self._product.id, rules.house_prefix, why, act.stamp)
        self._scan = replace(self._scan, text=code.text, source=Source.HOUSE)
        return self._book(code, self._prompt.kind, None)

    # Why it is no code, or no new one

    def _refuse_bad(self, code: BadCode) -> Verdict:
        if self._doubt and self._doubt.spelt:
            return say.faulty(self._scan.text, say.spelt_separator(self._doubt.spelt))
        no_serial = payload(self._text)
        return say.not_a_serial(self._text, no_serial, self._prompt) if no_serial else say.bad_code(code)

    def _fitting(self, code: Code) -> list[CodeKind]:
        """Of which kinds there is a pattern that matches, where the product has one of each."""
        patterns = {kind: label_serials.pattern_of(self._product, kind) for kind in CodeKind}
        if not all(patterns.values()):
            return []
        return [kind for kind, pattern in patterns.items() if serial_pattern.fits(pattern, code.text)]

    def _refuse_new(self, code: Code, new: NewCode, prompt: Prompt, *, known_wanted: bool) -> Verdict | None:
        """Why a code that nobody has cannot be a serial, or what has to be asked first."""
        text, product, no_serial = self._text, self._product, new.no_serial
        if no_serial and not no_serial.kind.may_be_taken:
            return say.not_a_serial(text, no_serial, prompt)
        if known_wanted:
            return None
        namesake = self._codes.namesake(code.key) if new.unlike else None
        if refusal := refuse_new(text, product.sku, new, namesake, prompt, self._act.answers, refused=False):
            return refusal
        pattern = label_serials.pattern_of(product, prompt.kind)
        if label_serials.fits(pattern, text, code) or code_key(text) != code.key:
            return None
        if identifier := other_identifier(label_serials.strip_of(product, prompt.kind), code.text):
            return self._act.unless_yes(say.other_identifier(code.text, *identifier, prompt))
        return None

    def _better_refusal(self, code: Code, new: NewCode, prompt: Prompt) -> Verdict | None:
        """A better reason than 'unknown' for refusing a code."""
        namesake = self._codes.namesake(code.key)
        return refuse_new(self._text, self._product.sku, new, namesake, prompt, self._act.answers, refused=True)

    def _of_the_same_label(self, prompt: Prompt, code: Code) -> Verdict | None:
        """A new secondary serial that is the second of two codes in one burst, unless its pattern knows it."""
        if not self._scan.second_of_two or prompt.kind is not CodeKind.SECONDARY:
            return None
        pattern = self._product.secondary_pattern
        if pattern and serial_pattern.fits(pattern, code.text):
            return None
        return self._act.unless_yes(say.of_the_same_label(self._scan.text, self._product.sku))

    def _left_as_another(self, prompt: Prompt, code: Code) -> Verdict | None:
        """On an order that brings units back a new code that is a Shipped unit's of another product is asked about."""
        act = self._act
        others = [unit for unit in act.owners(code.key) if act.order.brings_back and act.comes_back(unit)]
        if not others or self._codes.looks_its_own(self._text, code, prompt):
            return None
        sku = catalog.product(act.tx, others[0].product_id).sku
        return act.unless_yes(say.may_be_a_serial(self._text, NoSerial(Kind.OTHER_SERIAL, sku), prompt))

    # What is written

    def _book(self, code: Code, kind: CodeKind, unit: Unit | None) -> Verdict:
        """Give the piece its code, of a known unit or of a new one."""
        act, tx, owed, piece, product = self._act, self._act.tx, self._owed, self._owed.piece, self._product
        entry_id = act.enter(self._scan, kind.value, f"{product.sku} {shorten(code.text)}", piece.id)
        if self._new_shape:
            shapes.make_known(tx, product, kind, self._new_shape, act.stamp)
        if self._lot:
            lots.note(tx, entry_id, piece.id, self._lot)
        unit_id = piece.unit_id
        back = unit if unit is not None and unit.id != unit_id and act.comes_back(unit) else None
        if unit is not None and unit.id != unit_id:
            act.reserve(unit)
            if unit_id is not None:
                units.merge(tx, unit_id, unit.id)
            unit_id = unit.id
        elif unit_id is None:
            unit_id = units.hold_new(tx, product.id, act.order.warehouse_id, act.work.id)
        if unit is None:
            units.add_code(tx, unit_id, product.id, kind, code, entry_id)
        more = piece.unit_id is None and self._asks is Asks.BOTH
        source = self._scan.source if kind is CodeKind.PRIMARY else piece.source
        works.change_piece(tx, piece.id, owed=more, unit_id=unit_id, source=source)
        act.codes_changed(nothing_owed=owed.waiting_in_all == 1 and not more)
        if unit:
            codes = (unit.primary, unit.secondary or owed.known_secondary)
        elif kind is CodeKind.PRIMARY:
            codes = (code.text, owed.known_secondary)
        else:
            codes = (owed.known, code.text)
        by_house = self._scan.source is Source.HOUSE
        on_list = self._announced.words + (act.back_from(back) if back else "")
        taken = act.serial_taken(piece.line_id, code, kind, codes, unit_owes=more, by_house=by_house, on_list=on_list)
        if self._announced.to_look_at:
            taken = say.taken_unlisted(taken)
        return act.said_hold(taken, back) if back else taken
