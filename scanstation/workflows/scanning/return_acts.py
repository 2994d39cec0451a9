"""One act on what comes back: what a scan means at the return desk, and what is written of it (RULES 2.22)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code
from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.house_serials import CHOICES, WhyNone
from scanstation.domain.house_serials import hold_reason as why_under_house_serial
from scanstation.domain.lots import NO_LOT, LotFacts, of_label
from scanstation.domain.not_serials import Kind, judge
from scanstation.domain.products import Product, ScannedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.returns import (
    CameBack,
    Doubt,
    EntryText,
    Meeting,
    Owed,
    Return,
    ReturnPiece,
    ReturnStatus,
    ReturnStep,
    ReturnWork,
    Unlisted,
    held_against,
    hold_reason,
    meet,
    other_kind,
    scanned_for,
    settled,
)
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, UnitStatus, WorkStatus
from scanstation.domain.units import Moved, NamedUnit, Stamp, Unit
from scanstation.domain.verdict import NOTHING_ASKED, Answers, CodeKind, Prompt, Verdict
from scanstation.store import (
    acts,
    batches,
    catalog,
    events,
    holds,
    house_serials,
    lot_holds,
    lots,
    moves,
    orders,
    return_lists,
    returns,
    units,
)
from scanstation.store.store import Transaction
from scanstation.workflows.codes import label_serials, lookup
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.codes.serial_rules import whereabouts_words
from scanstation.workflows.scanning.return_facts import ReturnFacts
from scanstation.workflows.scanning.without_order import Anybodys, station_warehouse
from scanstation.workflows.site import Site, local_time


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a scan says of a piece."""

    product_id: int | None
    unit_id: int | None = None
    code: str = ""
    owed: Owed = Owed.NOTHING
    other: CodeKind | None = None
    is_unknown: bool = False
    quantity: int = 1
    doubt: str = ""


class ReturnAct(ReturnFacts):
    """One act at the return desk, in its transaction."""

    def __init__(self, site: Site, tx: Transaction, stamp: Stamp, answers: Answers = NOTHING_ASKED) -> None:
        super().__init__(site, tx, returns.own(tx, stamp.station, lock=True))
        self.stamp, self.answers = stamp, answers

    def _look(self) -> None:
        self.work = returns.own(self.tx, self.stamp.station)
        self.pieces = returns.pieces(self.tx, self.work.id) if self.work else []

    # What a scan means

    def scanned(self, scan: Scan, reading: Reading, quantity: int) -> Verdict:
        """What came back, or what the unit in hand still lacks."""
        piece = self.owing
        if piece is None:
            return self._anything(scan, reading, quantity)
        if piece.owed is Owed.OTHER:
            return self._other(scan, reading, piece)
        if piece.owed is Owed.PRODUCT:
            return self._product_of(scan, reading, piece)
        assert piece.product_id is not None
        return self._serial_of(scan, reading, catalog.product(self.tx, piece.product_id), piece)

    def _anything(self, scan: Scan, reading: Reading, quantity: int) -> Verdict:
        known_code = read_code(reading.code) if reading.code is not None else None
        named = self._named_products(reading)
        if isinstance(named, Verdict):
            return named
        if named and not (reading.is_plain and isinstance(known_code, Code) and self._known(known_code)):
            return self._product(scan, reading, named, quantity)
        if isinstance(known_code, BadCode):
            return say.bad_code(known_code, "a serial that came back")
        if known_code is None:
            return say.unknown_anywhere(scan.text)
        if reading.is_plain and (found := returns.find(self.tx, known_code.text)) and not self._known(known_code):
            return self.open(found, known_code.text)
        return self._unit(scan, reading, known_code, None)

    def _named_products(self, reading: Reading) -> ScannedProduct | Verdict | None:
        """The product that a label names; of one client, or of the one whose return this is."""
        named = lookup.products(self.tx, reading)
        if named is None:
            return None
        of = self.of
        meant = [one for one in named.products if of and one.product.client_id == of.client_id] or named.products
        if len(meant) > 1:
            return say.returned_product_of_several(reading.text, [one.client for one in meant])
        product = meant[0].product
        scanned = lookup.client_product(product.client_id)(self.tx, reading)
        return scanned.product if scanned else ScannedProduct(product, 1)

    def _known(self, code: Code, product: Product | None = None) -> list[NamedUnit]:
        """The units that have a code: of a product, or of those whose return this is; those that left, if any did."""
        units_with_code = units.with_code(self.tx, code.key)
        if product:
            return [one for one in units_with_code if one.unit.product_id == product.id]
        of = self.of
        units_with_code = [one for one in units_with_code if of and one.client_id == of.client_id] or units_with_code
        return [one for one in units_with_code if one.unit.status is UnitStatus.SHIPPED] or units_with_code

    # A product

    def _product(self, scan: Scan, reading: Reading, scanned: ScannedProduct, quantity: int) -> Verdict:
        product, many = scanned.product, quantity * scanned.pack_quantity
        if quantity == ALL_LEFT:
            return say.no_quantity_here()
        if reading.says_how_many and reading.count and quantity == 1:
            if question := self.answers.unless_yes(say.label_says(scan.text, reading.count, scanned.pack_quantity)):
                return question
            many = reading.count * scanned.pack_quantity
        if not product.settings.track:
            return self._goods(scan, product, many)
        if reading.serial or (reading.secondary and not reading.is_plain):
            return self._serial_of(scan, reading, product, None)
        if many != 1:
            return say.one_by_one(scan.text, product.sku, many)
        if isinstance(opened := self._opened(), Verdict):
            return opened
        self._put(opened, scan, None, ReturnStep.TAKEN, product.sku, _Taken(product.id, owed=Owed.SERIAL))
        return say.which_unit(scan.text, product.sku)

    def _goods(self, scan: Scan, product: Product, many: int) -> Verdict:
        if isinstance(opened := self._opened(), Verdict):
            return opened
        of = self.of
        assert of is not None
        doubt = self._doubt_of(product.client_id, "", CameBack(product.id, many, frozenset()), None)
        self._put(opened, scan, None, ReturnStep.TAKEN, f"{many} × {product.sku}", _Taken(product.id, quantity=many))
        if doubt:
            return say.goods_not_expected(scan.text, product.sku, many, of.number, doubt, self.count)
        return say.goods_back(scan.text, product.sku, many, self.count)

    def _doubt_of(
        self, client_id: int, client: str, one: CameBack, order: str | None, piece: ReturnPiece | None = None
    ) -> Doubt | None:
        """What is wrong with something that comes back, as the lists have it; None where nothing is, or none says.

        It is no second one where it has its piece already, its product having been scanned first.
        """
        of = self.of
        assert of is not None
        if of.client_id is not None and of.client_id != client_id:
            return Doubt(Unlisted.OTHER_CLIENT, of.client or client)
        if lines := return_lists.lines(self.tx, [of.id]).get(of.id):
            came = return_lists.came_back(self.tx, [of.id], but_piece=piece.id if piece else None).get(of.id, [])
            if (doubt := held_against(lines, came, one, None if order is None else code_key(order))) is None:
                return None
        else:
            doubt = None
        waiting = return_lists.waiting(self.tx, one.product_id, one.keys) if one.keys else []
        elsewhere = [each.number for each in waiting if each.id != of.id]
        return Doubt(Unlisted.ELSEWHERE, elsewhere[0]) if elsewhere else doubt

    def _product_of(self, scan: Scan, reading: Reading, piece: ReturnPiece) -> Verdict:
        """An unknown serial was scanned: its product."""
        named = self._named_products(reading)
        if isinstance(named, Verdict):
            return named
        if named is None:
            return say.product_owed(scan.text, piece.code)
        product = named.product
        if not product.settings.track:
            return say.return_untracked(scan.text, product.sku, piece.code)
        code = self._read(product, piece.code)
        if isinstance(code, BadCode):
            return say.bad_code(code, "a serial that came back")
        if known := self._known(code, product):
            return self._known_unit(scan, code, known[0], piece, ReturnStep.PRODUCT)
        return self._new_unit(scan, code, product, piece, ReturnStep.PRODUCT)

    # A serial

    def _serial_of(self, scan: Scan, reading: Reading, product: Product, piece: ReturnPiece | None) -> Verdict:
        """The serial of a product that was scanned before, or stands on the same label."""
        named = lookup.client_product(product.client_id)(self.tx, reading)
        text = reading.text if reading.is_plain else reading.serial or reading.secondary
        if named and (reading.is_plain or named.product.product.id != product.id):
            return say.is_a_product(scan.text, named.product.product.sku, self._asked(product))
        if text is None:
            return say.no_such_serial(scan.text, self._asked(product), reading.note)
        code = self._read(product, text)
        if isinstance(code, BadCode):
            return say.bad_code(code)
        if known := self._known(code, product):
            return self._known_unit(scan, code, known[0], piece, ReturnStep.SERIAL, reading)
        return self._unit(scan, reading, code, product, piece)

    def _label_lot(self, reading: Reading | None) -> LotFacts:
        """What a label says of lot and dates."""
        return of_label(reading, self.site.today) if reading else NO_LOT

    def _unit(
        self, scan: Scan, reading: Reading, code: Code, product: Product | None, piece: ReturnPiece | None = None
    ) -> Verdict:
        """A serial, of a product that is known or not."""
        known = self._known(code, product)
        if not known and product and (others := self._known(code)):
            away = [one for one in others if one.unit.status is UnitStatus.SHIPPED]
            if away:
                return say.other_products_serial(scan.text, away[0].sku, product.sku)
        if len(known) > 1:
            return say.returned_serial_of_several(scan.text, [one.sku for one in known])
        if not known:
            meant = self._likely(scan, code, product)
            if isinstance(meant, Verdict):
                return meant
            if meant is None:
                return self._unknown(scan, code, product, piece, self._label_lot(reading))
            known = [meant]
            right = read_code(meant.unit.primary or meant.unit.secondary or "")
            code = right if isinstance(right, Code) else code
        return self._known_unit(scan, code, known[0], piece, ReturnStep.SERIAL, reading)

    def _likely(self, scan: Scan, code: Code, product: Product | None) -> NamedUnit | Verdict | None:
        """The Shipped unit that an unknown code most likely means: corrected since, or spelled with another mark."""
        replaced = [
            one
            for unit_id in units.once_with_code(self.tx, code.key)
            if (one := units.named(self.tx, unit_id)) and one.unit.status is UnitStatus.SHIPPED
        ]
        alike = [
            one
            for same in units.alike_of_all(self.tx, code.key).values()
            for unit in {other.unit.id: other.unit for other in same}.values()
            if unit.status is UnitStatus.SHIPPED and (one := units.named(self.tx, unit.id))
        ]
        for candidates, ask in ((replaced, say.corrected_return), (alike, None)):
            candidates = [one for one in candidates if product is None or one.unit.product_id == product.id]
            if len(candidates) != 1:
                continue
            one = candidates[0]
            known = one.unit.primary or one.unit.secondary or ""
            asked = ask(scan.text, known) if ask else say.alike_return(scan.text, known, one.sku)
            said = self.answers.to(asked)
            if said is None:
                return asked
            if said:
                return one
        return None

    def _known_unit(
        self,
        scan: Scan,
        code: Code,
        one: NamedUnit,
        piece: ReturnPiece | None,
        step: ReturnStep,
        reading: Reading | None = None,
    ) -> Verdict:
        batches.lock_units(self.tx, [one.unit.id])
        unit = units.known(self.tx, one.unit.id)
        in_hand = returns.in_hand(self.tx, [unit.id]).get(unit.id)
        match meet(unit, in_return=in_hand is not None):
            case Meeting.IN_WORK if in_hand and self.work and in_hand.id == self.work.id:
                return say.in_this_return(scan.text)
            case Meeting.IN_WORK if in_hand:
                number = returns.get(self.tx, in_hand.return_id).number
                return say.in_return(scan.text, number, in_hand.station, in_hand.operator)
            case Meeting.IN_WORK:
                return say.in_hand(scan.text, self._where(unit))
            case Meeting.PACKED:
                return say.return_packed(scan.text, self._where(unit))
            case Meeting.IN_STOCK:
                return self._another_unit(scan, code, one, piece, step)
        on_label = self._label_lot(reading)
        for contradiction in unit.lot.against(on_label):
            if question := self.answers.unless_yes(say.other_lot(code.text, contradiction)):
                return question
        if isinstance(opened := self._opened(unit), Verdict):
            return opened
        order = self._order_of(unit)
        came = CameBack(unit.product_id, 1, frozenset(units.codes_ever(self.tx, [unit.id])))
        doubt = self._doubt_of(one.client_id, one.client, came, order, piece)
        secondary = code_key(unit.secondary or "")
        other = other_kind(unit, secondary, code.key if code.key in _keys(unit) else code_key(unit.primary or ""))
        second = _code_of(unit, other) if other else None
        if second and reading and {code_key(one) for one in (reading.serial, reading.secondary) if one} >= _keys(unit):
            second = None  # its label carries both
        owed = Owed.OTHER if second else Owed.NOTHING
        why = ", ".join(filter(None, (self._doubt, doubt.reason if doubt else "")))
        taken = _Taken(unit.product_id, unit.id, code.text, owed, other if second else None, doubt=why)
        self._put(opened, scan, piece, step, f"{one.sku} {code.text}", taken)
        if other and second:
            return say.unit_back_with_other(code.text, one.sku, order, other)
        if said := self._said_hold(unit, code.text, one.sku):
            return said
        if doubt and self.of:
            return say.unit_not_expected(code.text, one.sku, order, self.of.number, doubt, self.count)
        label_lot = on_label.lot if not unit.lot.lot else None
        of_lot_on_hold = bool(label_lot and lot_holds.of_lot(self.tx, unit.product_id, label_lot))
        return say.unit_back(code.text, one.sku, order, self.count, on_hold=of_lot_on_hold or self._goes_on_hold())

    def _another_unit(
        self, scan: Scan, code: Code, one: NamedUnit, piece: ReturnPiece | None, step: ReturnStep
    ) -> Verdict:
        """By the books the unit never left. Was another one shipped, then both are put aside (RULES 2.22)."""
        unit = one.unit
        seen = events.whereabouts(self.tx, [unit.id])[unit.id]
        asked = say.not_away(code.text, one.sku, whereabouts_words(seen), is_lost=seen.is_lost)
        if question := self.answers.unless_yes(asked):
            return question
        if isinstance(opened := self._opened(), Verdict):
            return opened
        of, is_stock = self.of, unit.status is UnitStatus.RECEIVED and unit.on_hold is None
        assert of is not None
        if is_stock:
            holds.put(self.tx, [unit.id], say.came_back_twice(of.number), self.stamp, Source.RETURN)
        house = house_serials.give(
            self.tx, unit.product_id, self.site.rules.house_prefix, WhyNone.DUPLICATE, self.stamp
        )
        unit_id = returns.hold_new(self.tx, unit.product_id, opened.warehouse_id)
        units.add_code(self.tx, unit_id, unit.product_id, CodeKind.PRIMARY, house)
        taken = _Taken(unit.product_id, unit_id, house.text, is_unknown=True, doubt=say.its_label_says(code.text))
        self._put(opened, scan, piece, step, f"{one.sku} {house.text}", taken)
        is_printed = self.site.prints_labels
        return say.under_house_serial(code.text, one.sku, house.text, put_on_hold=is_stock, is_printed=is_printed)

    def _unknown(
        self, scan: Scan, code: Code, product: Product | None, piece: ReturnPiece | None, lot: LotFacts
    ) -> Verdict:
        """A code that no unit has."""
        if product:
            return self._new_unit(scan, code, product, piece, ReturnStep.SERIAL, lot)
        if self.work is None:
            answer = self.answers.to(say.new_return(scan.text))
            if answer is None:
                return say.new_return(scan.text)
            if answer:
                return self.open([], code.text)
        if no_serial := judge(code, Anybodys(self.site, self.tx), self.site.rules.words, fits=False):
            return say.no_serial_here(scan.text, say.no_serial(no_serial))
        if isinstance(opened := self._opened(), Verdict):
            return opened
        taken = _Taken(None, code=code.text, owed=Owed.PRODUCT, is_unknown=True)
        self._put(opened, scan, None, ReturnStep.TAKEN, code.text, taken)
        return say.whose_serial(scan.text)

    def _new_unit(
        self,
        scan: Scan,
        code: Code,
        product: Product,
        piece: ReturnPiece | None,
        step: ReturnStep,
        lot: LotFacts = NO_LOT,
    ) -> Verdict:
        """An unknown return: its unit is made, and reserved."""
        if refusal := self._no_serial(scan, code, product, self._asked(product)):
            return refusal
        if isinstance(opened := self._opened(), Verdict):
            return opened
        unit_id = returns.hold_new(self.tx, product.id, opened.warehouse_id)
        units.add_code(self.tx, unit_id, product.id, CodeKind.PRIMARY, code)
        lots.give(self.tx, [(unit_id, lot)])
        self._put(
            opened,
            scan,
            piece,
            step,
            f"{product.sku} {code.text}",
            _Taken(product.id, unit_id, code.text, is_unknown=True),
        )
        return say.unknown_return(code.text, product.sku, self.count)

    def _no_serial(self, scan: Scan, code: Code, product: Product, prompt: Prompt) -> Verdict | None:
        """Why a code that nobody has cannot be a serial, or what has to be asked first (RULES 2.8)."""
        warehouse_id = self.work.warehouse_id if self.work else None
        fits = label_serials.fits(product.serial_pattern, code.text, code)
        no_serial = judge(code, AtDesk(self.site, self.tx, product, warehouse_id), self.site.rules.words, fits=fits)
        if no_serial and not no_serial.kind.may_be_taken:
            return say.not_a_serial(code.text, no_serial, prompt)
        if product.serial_pattern and not fits:
            return say.wrong_pattern(code.text, product.sku, product.serial_hint)
        if no_serial and no_serial.kind is not Kind.OTHER_SERIAL:
            return self.answers.unless_yes(say.may_be_a_serial(scan.text, no_serial, prompt))
        return None

    def _other(self, scan: Scan, reading: Reading, piece: ReturnPiece) -> Verdict:
        """The other code of a unit that has two."""
        assert piece.unit_id is not None
        assert piece.other is not None
        unit = units.known(self.tx, piece.unit_id)
        product = catalog.product(self.tx, unit.product_id)
        wanted = _code_of(unit, piece.other) or ""
        texts = [reading.text] if reading.is_plain else [one for one in (reading.serial, reading.secondary) if one]
        read = (label_serials.serial_on(product, [piece.other], text, _keys(unit).__contains__) for text in texts)
        keys = {code.key for code in read if isinstance(code, Code)}
        if code_key(wanted) not in keys:
            return say.wrong_part(scan.text, piece.other, piece.code)
        self._enter(scan, ReturnStep.OTHER, f"{product.sku} {wanted}", piece)
        returns.change_piece(self.tx, piece.id, owed=Owed.NOTHING.value)
        self._look()
        if said := self._said_hold(unit, wanted, product.sku):
            return said
        if piece.doubt:
            return say.other_back_doubted(wanted, piece.code, piece.doubt, self.count)
        return say.other_back(wanted, piece.code, self.count, on_hold=self._goes_on_hold())

    def part_missing(self, scan: Scan) -> Verdict | None:
        """No, in the panel: the part with the other code did not come back. None where nothing is owed."""
        piece = self.owing
        if piece is None:
            return None
        if piece.owed is not Owed.OTHER or piece.unit_id is None or piece.other is None:
            which = say.return_owed(piece.code, self.prompt).strip()
            return say.no_part_asked(scan.text, which)
        unit = units.known(self.tx, piece.unit_id)
        missing, sku = _code_of(unit, piece.other) or "", catalog.product(self.tx, unit.product_id).sku
        self._enter(scan, ReturnStep.OTHER, f"{sku} {piece.code}, part missing", piece)
        returns.change_piece(self.tx, piece.id, owed=Owed.NOTHING.value, part_missing=missing)
        self._look()
        return say.part_missing(piece.code, sku, missing)

    def without_serial(self, scan: Scan, piece: ReturnPiece) -> Verdict:
        """Nobody can read the serial of the unit in hand: it is asked why, and the site gives one (RULES 2.8)."""
        if piece.owed is Owed.PRODUCT or piece.product_id is None:
            return say.product_owed_first(scan.text, piece.code)
        if piece.owed is Owed.OTHER and piece.other:
            return say.other_not_due(scan.text, piece.code, piece.other)
        product = catalog.product(self.tx, piece.product_id)
        asked = say.why_no_serial(scan.text, product.sku, CodeKind.PRIMARY, CHOICES)
        why = self.answers.chosen(asked)
        if not why:
            return asked
        if isinstance(opened := self._opened(), Verdict):
            return opened
        house = house_serials.give(self.tx, product.id, self.site.rules.house_prefix, WhyNone(why), self.stamp)
        unit_id = returns.hold_new(self.tx, product.id, opened.warehouse_id)
        units.add_code(self.tx, unit_id, product.id, CodeKind.PRIMARY, house)
        taken = _Taken(product.id, unit_id, house.text, is_unknown=True, doubt=why_under_house_serial(why))
        # The card is no code of the unit's.
        self._put(opened, replace(scan, text=""), piece, ReturnStep.SERIAL, f"{product.sku} {house.text}", taken)
        return say.no_serial_back(house.text, product.sku, self.count, is_printed=self.site.prints_labels)

    # Opening

    def open(self, known_returns: Sequence[Return], number: str) -> Verdict:
        """Put a return on the desk: one that is known, or a new one of this number."""
        of = self.of
        if len(known_returns) > 1:
            return say.return_of_several(number, [one.client for one in known_returns])
        if of and known_returns and known_returns[0].id == of.id:
            return say.return_already_open(of.number)
        is_closed = bool(known_returns) and known_returns[0].status is ReturnStatus.CLOSED
        if is_closed and (question := self.answers.unless_yes(say.return_closed(known_returns[0].number))):
            return question
        if of is None:
            return self._go_to(known_returns, number)
        if self.owing:
            return (
                say.product_owed_first(number, self.owing.code)
                if self.prompt is None
                else say.serial_owed(number, self.prompt)
            )
        count = self.count
        if not count:
            self.put_down()
            return self._go_to(known_returns, number)
        if question := self.answers.unless_yes(say.next_return(of.number, count, number)):
            return question
        done = self.complete()
        if not done.accepted:
            return done
        return say.return_and_next(of.number, count, self._go_to(known_returns, number))

    def _go_to(self, known_returns: Sequence[Return], number: str) -> Verdict:
        warehouse_id = self._warehouse()
        if warehouse_id is None:
            return say.where_is_this_station()
        if known_returns and (answer := self._taken_over(known_returns[0])):
            return answer
        one = known_returns[0] if known_returns else returns.create(self.tx, number, None, self.stamp)
        returns.start(self.tx, one.id, warehouse_id, self.stamp)
        self._look()
        assert self.work is not None
        return say.return_open(one.number, self.work.warehouse, number)

    def _taken_over(self, one: Return) -> Verdict | None:
        """What another station left open of it becomes this station's own, if that is wanted (RULES 2.4)."""
        theirs = next((work for work in returns.everywhere(self.tx) if work.return_id == one.id), None)
        if theirs is None or returns.get_work(self.tx, theirs.id, lock=True) != theirs:
            return None
        count = sum(piece.quantity for piece in returns.pieces(self.tx, theirs.id))
        since = local_time(theirs.opened_at, self.site.store.clock())
        asked = say.take_over_return(one.number, theirs.station, theirs.operator, since, count)
        said = self.answers.to(asked) if count else False
        if said is None:
            return asked
        if not said:
            return None
        returns.take_over(self.tx, theirs.id, self.stamp)
        left_by = f"{theirs.operator} at {theirs.station}"
        acts.note(self.tx, "Took work over", f"Return {one.number}", self.stamp, client=one.client, was=left_by)
        self._look()
        owes = say.return_owed(self.owing.code, self.prompt) if self.owing else ""
        return say.return_resumed(one.number, count, owes)

    def _opened(self, unit: Unit | None = None) -> ReturnWork | Verdict:
        """The work on the desk; the first unit opens the one return whose list has it, or one without a number."""
        if self.work is None:
            warehouse_id = self._warehouse()
            if warehouse_id is None:
                return say.where_is_this_station()
            waiting = return_lists.waiting(self.tx, unit.product_id, _keys(unit)) if unit else []
            one = waiting[0] if len(waiting) == 1 else returns.create(self.tx, "", None, self.stamp)
            returns.start(self.tx, one.id, warehouse_id, self.stamp)
            self._look()
        assert self.work is not None
        return self.work

    def _warehouse(self) -> int | None:
        return station_warehouse(self.site, self.tx)

    def put_down(self) -> None:
        """Forget work that took nothing; other work stays open."""
        if self.work and not self.pieces:
            returns.forget(self.tx, self.work)
            self._look()

    # The work as a whole

    def undo(self) -> Verdict:
        """Take back the last accepted scan."""
        last = returns.last_entry(self.tx, self.work.id) if self.work else None
        if last is None:
            return say.nothing_taken()
        returns.mark_undone(self.tx, [last.id])
        if last.piece_id is None:
            piece = next(one for one in self.pieces if one.entry_id == last.id)
        else:
            piece = returns.piece(self.tx, last.piece_id)
        released = self._release_stock(piece, last.at)
        if last.piece_id is None:
            self._drop(piece)
        else:
            self._take_back(piece, last.act)
        self._look()
        return say.return_undone(last.summary, released, self.owing.code if self.owing else "", self.prompt)

    def _release_stock(self, piece: ReturnPiece, since: str) -> str:
        """The unit in stock that went on hold because this one came back under its serial, not on hold any more.

        Unless somebody has put it on hold otherwise, or another unit in hand says the same; or its lot is on hold.
        Returns its code.
        """
        of, doubt = self.of, piece.doubt
        others = [one for one in self.pieces if one.id != piece.id and one.product_id == piece.product_id]
        if of is None or piece.product_id is None or not doubt or any(one.doubt == doubt for one in others):
            return ""
        for row in holds.for_reason(self.tx, piece.product_id, say.came_back_twice(of.number)):
            unit = units.known(self.tx, row.unit_id)
            codes = [code for code in (unit.primary, unit.secondary) if code and say.its_label_says(code) == doubt]
            if codes and events.holds(self.tx, [unit.id])[unit.id].at >= since:
                holds.lift(self.tx, [unit.id], say.came_back_once(of.number), self.stamp, Source.RETURN)
                # Its lot may have been put on hold since, which passed over what was on hold already.
                as_its_lot = lot_holds.put(self.tx, [unit.id], self.stamp, Source.RETURN)
                return "" if as_its_lot else codes[0]
        return ""

    def _take_back(self, piece: ReturnPiece, act: ReturnStep) -> None:
        if act is ReturnStep.OTHER:
            returns.change_piece(self.tx, piece.id, owed=Owed.OTHER.value, part_missing="")
            return
        if piece.unit_id is not None:
            returns.change_piece(self.tx, piece.id, unit_id=None)
            returns.drop_new(self.tx, piece.unit_id)
        if act is ReturnStep.PRODUCT:
            values: dict[str, object] = {"product_id": None, "owed": Owed.PRODUCT.value, "is_unknown": True}
        else:
            values = {"owed": Owed.SERIAL.value, "is_unknown": False, "code": ""}
        returns.change_piece(self.tx, piece.id, **values, other="", doubt=self._doubt)

    def cancel(self) -> Verdict:
        """Drop the unit that lacks something."""
        piece = self.owing
        if piece is None:
            return say.nothing_owed()
        what = piece.code or catalog.product(self.tx, piece.product_id or 0).sku
        returns.mark_undone(self.tx, returns.entries_of(self.tx, piece))
        self._drop(piece)
        self._look()
        return say.return_cancelled(what)

    def _drop(self, piece: ReturnPiece) -> None:
        returns.drop_piece(self.tx, piece.id)
        if piece.unit_id is not None:
            returns.drop_new(self.tx, piece.unit_id)

    def complete(self) -> Verdict:
        """Book all that came back: statuses, events, holds; nothing of it was visible before."""
        work, of = self.work, self.of
        if work is None or of is None or not self.pieces:
            return say.nothing_back()
        taken = {piece.unit_id: piece for piece in self.pieces if piece.unit_id is not None}
        before = {unit_id: units.known(self.tx, unit_id) for unit_id in taken}
        moved_on = [
            taken[unit_id].code
            for unit_id, unit in before.items()
            if unit.status not in (UnitStatus.SHIPPED, UnitStatus.HELD)
        ]
        if moved_on:
            return say.no_longer_shipped(moved_on)
        stamp = moves.not_before(self.tx, list(taken), self.stamp)
        units.bring_to(self.tx, list(taken), work.warehouse_id)
        scanned = returns.texts(self.tx, work.id)
        moved = [
            Moved(
                unit_id=unit_id,
                line_id=unit.shipment_line_id,
                source=Source.RETURN,
                scanned=scanned_for(taken[unit_id], scanned),
            )
            for unit_id, unit in before.items()
        ]
        moves.move(self.tx, Move.RETURN, moved, stamp, reason=of.number)
        label_lots = {unit_id: self._lot_of(taken[unit_id], before[unit_id], scanned) for unit_id in taken}
        standing = lot_holds.of_products(self.tx, {unit.product_id for unit in before.values()})
        reasons: dict[str, list[int]] = {}
        for unit_id, piece in taken.items():
            reason, unit = hold_reason(piece, of.number, on_hold=self.site.rules.returns_on_hold), before[unit_id]
            if reason and unit.on_hold is None:
                # As its lot stands now, and not as it stood when it was scanned; one known to be of it was released.
                is_new = unit.status is UnitStatus.HELD or not unit.lot.lot
                lot = unit.lot.and_of(label_lots[unit_id]).key if is_new else None
                lot_hold = standing.get((unit.product_id, lot)) if lot else None
                reasons.setdefault(f"{reason}, {lot_hold.mark}" if lot_hold else reason, []).append(unit_id)
        for reason, unit_ids in reasons.items():
            holds.put(self.tx, unit_ids, reason, stamp, Source.RETURN)
        as_their_lots = lot_holds.put(self.tx, lots.give(self.tx, label_lots.items()), stamp, Source.RETURN)
        returns.close(self.tx, work.id, WorkStatus.COMPLETED, stamp)
        if of.number == returns.house_number(of.id):
            returns.set_status(self.tx, of.id, ReturnStatus.CLOSED)
        count = sum(piece.quantity for piece in self.pieces)
        on_hold = sum(unit.on_hold is not None for unit in before.values()) + sum(map(len, reasons.values()))
        on_hold += as_their_lots
        lines = return_lists.lines(self.tx, [of.id]).get(of.id, [])
        back = settled(lines, return_lists.came_back(self.tx, [of.id]).get(of.id, []))
        missing = [
            line.serial or f"{line.quantity - back[line.id]} × {line.sku}"
            for line in lines
            if back[line.id] < line.quantity
        ]
        self._look()
        return say.return_complete(of.number, count, on_hold, missing)

    def _lot_of(self, piece: ReturnPiece, unit: Unit, scanned: Sequence[EntryText]) -> LotFacts:
        """What the labels of a unit have said of its lot and dates; nothing where they contradict what is known."""
        label_facts = NO_LOT
        for entry in scanned:
            if entry.id == piece.entry_id or entry.piece_id == piece.id:
                reading = lookup.read(self.site, Scan(entry.code))
                label_facts = label_facts.and_of(self._label_lot(reading if isinstance(reading, Reading) else None))
        return NO_LOT if any(unit.lot.against(label_facts)) else label_facts

    # Parts

    def _put(
        self,
        work: ReturnWork,
        scan: Scan,
        piece: ReturnPiece | None,
        step: ReturnStep,
        summary: str,
        taken: "_Taken",
    ) -> None:
        """Keep what a scan took, or what it says of the piece that lacked something."""
        if piece is None:
            entry = self._enter(scan, ReturnStep.TAKEN, summary)
            returns.add_piece(
                self.tx,
                work.id,
                entry,
                product_id=taken.product_id,
                quantity=taken.quantity,
                unit_id=taken.unit_id,
                code=taken.code,
                owed=taken.owed,
                other=taken.other,
                is_unknown=taken.is_unknown,
                doubt=taken.doubt or self._doubt,
                source=scan.source,
            )
        else:
            self._enter(scan, step, summary, piece)
            returns.change_piece(
                self.tx,
                piece.id,
                product_id=taken.product_id,
                unit_id=taken.unit_id,
                code=taken.code,
                owed=taken.owed.value,
                other=taken.other.value if taken.other else "",
                is_unknown=taken.is_unknown,
                doubt=taken.doubt or piece.doubt,
            )
        self._look()

    def _enter(self, scan: Scan, act: ReturnStep, summary: str, piece: ReturnPiece | None = None) -> int:
        assert self.work is not None
        return returns.add_entry(self.tx, self.work.id, scan, act, summary, self.stamp, piece.id if piece else None)

    def _said_hold(self, unit: Unit, code: str, sku: str) -> Verdict | None:
        """What is said of a unit that was put on hold while it was away (RULES 2.23)."""
        hold = events.holds(self.tx, [unit.id]).get(unit.id)
        if hold is None:
            return None
        at = local_time(hold.at, self.site.store.clock())
        return say.unit_back_on_hold(code, sku, self._order_of(unit), at, hold.operator, hold.reason)

    def _order_of(self, unit: Unit) -> str:
        """The order that it left on."""
        if unit.shipment_line_id is None:
            return ""
        return orders.get(self.tx, orders.line(self.tx, unit.shipment_line_id).order_id).number

    def _goes_on_hold(self) -> bool:
        return bool(hold_reason(self.pieces[-1], "", on_hold=self.site.rules.returns_on_hold))

    @property
    def _doubt(self) -> str:
        of = self.of
        return "return was closed" if of and of.status is ReturnStatus.CLOSED else ""

    def _asked(self, product: Product) -> Prompt:
        return Prompt(CodeKind.PRIMARY, product.sku, 1, 1, product.serial_hint, either=product.settings.secondary)

    def _read(self, product: Product, text: str) -> Code | BadCode:
        def is_known(key: str) -> bool:
            return units.by_code(self.tx, product.id, key) is not None

        return label_serials.serial_on(product, tuple(CodeKind), text, is_known)

    def _where(self, unit: Unit) -> str:
        return whereabouts_words(events.whereabouts(self.tx, [unit.id])[unit.id])


def _code_of(unit: Unit, kind: CodeKind) -> str | None:
    return unit.primary if kind is CodeKind.PRIMARY else unit.secondary


def _keys(unit: Unit) -> set[str]:
    return {code_key(code) for code in (unit.primary, unit.secondary) if code}
