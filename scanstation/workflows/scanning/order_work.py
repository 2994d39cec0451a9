"""What receiving and packing have in common: one station's work on one order.

Each method is one act inside the caller's transaction. It checks everything first and answers STOP with
nothing changed, or writes all of it and answers OK.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, shorten
from scanstation.domain.marks import other_identifier
from scanstation.domain.not_serials import Kind, NoSerial, judge, payload
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.products import Product, ScannedProduct
from scanstation.domain.reading import Doubt, Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import Move, OrderKind, UnitStatus, WorkStatus
from scanstation.domain.tracking import Asks, TrackingPolicy
from scanstation.domain.units import Moved, Stamp, Unit
from scanstation.domain.verdict import NOTHING_ASKED, Answers, CodeKind, Prompt, Verdict
from scanstation.domain.work import Entry, OwedPiece, Piece, Work
from scanstation.store import catalog, events, orders, units, works
from scanstation.store.store import Transaction, trial
from scanstation.workflows.codes import label_serials, lookup, serial_pattern
from scanstation.workflows.codes.serial_facts import AtDesk
from scanstation.workflows.site import Site, local_time

PRODUCT, UNIT = "product", "unit"
"""What an entry may be besides a primary or a secondary code: a product scan, or a known unit in one scan."""


_PARTS = 3
"""The most acts one scan can be: product, primary, secondary."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One act on open work: the transaction, the moment, the order and the work as they stand."""

    tx: Transaction
    stamp: Stamp
    order: Order
    work: Work
    answers: Answers = NOTHING_ASKED
    """What was said to the questions of this scan before it was judged this time."""

    def unless_yes(self, asked: Verdict) -> Verdict | None:
        """The question, to be handed back with nothing changed; None once it was answered with yes."""
        return self.answers.unless_yes(asked)


@dataclass(frozen=True, slots=True)
class Seen:
    """What an accepted scan leaves behind, as it was read after the last write: nobody need ask for it again."""

    order: Order
    lines: list[OrderLine]
    prompt: Prompt | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a new code may be in place of a serial."""

    found: NoSerial | None
    facts: AtDesk
    hint: str
    """What the product's serials look like, in words."""
    unlike: bool
    """Has the product patterns, and does none match?"""


class OrderWork(ABC):
    """One kind of work; `Receiving` and `Packing` say what differs."""

    kind: ClassVar[OrderKind]
    move: ClassVar[Move]
    """What completing does to the units."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._whole_serials: set[tuple[int, int]] = set()
        """Work and product of which somebody said that a doubtful serial is whole."""
        self.seen: Seen | None = None
        """What this act has seen of its order at last; whoever begins an act forgets that of the last one."""

    @abstractmethod
    def asks(self, policy: TrackingPolicy) -> Asks:
        """Which codes this work asks of a unit."""

    @abstractmethod
    def identify(
        self,
        turn: Turn,
        product: Product,
        piece: Piece,
        kind: CodeKind,
        code: Code,
        unit: Unit | None,
    ) -> Unit | Verdict | None:
        """The known unit that a serial belongs to, None for a new one, or why it is refused.

        `unit` is the product's that has the code now.
        """

    @abstractmethod
    def wants_known(self, turn: Turn, piece: Piece, kind: CodeKind) -> bool:
        """Must the code that is owed be a known unit's?"""

    @abstractmethod
    def checks_known(self, policy: TrackingPolicy) -> bool:
        """Must a serial on a product's label be known, where none is asked?"""

    @abstractmethod
    def imports(self, policy: TrackingPolicy) -> bool:
        """Do the serials of this step come by import?"""

    @abstractmethod
    def unit(self, turn: Turn, scan: Scan, code: Code) -> Verdict | None:
        """Answer a serial scanned while no prompt is open (RULES 2.10); None when nobody knows the code."""

    @abstractmethod
    def check_serial(self, turn: Turn, product: Product, policy: TrackingPolicy, code: Code) -> Verdict | None:
        """Why a serial on a product's label stops the product, where no serial is asked."""

    # Product scans

    def label(
        self,
        turn: Turn,
        scan: Scan,
        found: ScannedProduct,
        quantity: int,
        reading: Reading,
    ) -> Verdict:
        """Take a product from a label that may also carry its serials, or say how many: all of it, or nothing."""
        policy = self.site.policy(found.product.settings)
        asked = self.asks(policy)
        # The serial on the label of a pack is the pack's, and that is nobody's serial here.
        if found.pack_quantity == 1 and policy.tracked:
            if asked is Asks.NOTHING:
                return self._checked(turn, scan, found, quantity, reading, policy)
            if reading.serial or (reading.secondary and asked is not Asks.PRIMARY):
                with trial(turn.tx) as take_back:
                    verdict = self.take(turn, scan, found, 1 if reading.says_how_many else quantity)
                    if verdict.accepted and (owed := works.owed(turn.tx, turn.work.id)):
                        verdict = self.serial(turn, part_of(scan, 2), owed, reading)
                        if not verdict.accepted:
                            self._take_back(take_back)
                return verdict
        return self.take(turn, scan, found, quantity, label=reading)

    def _checked(
        self,
        turn: Turn,
        scan: Scan,
        found: ScannedProduct,
        quantity: int,
        reading: Reading,
        policy: TrackingPolicy,
    ) -> Verdict:
        """Take a product whose serials are not asked: those on its label are checked, not booked."""
        product, codes = found.product, list[Code]()
        for kind, text in ((CodeKind.PRIMARY, reading.serial), (CodeKind.SECONDARY, reading.secondary)):
            if not text or (kind is CodeKind.SECONDARY and not policy.two_codes):
                continue
            code = self.read_serial(turn, product, [*CodeKind] if policy.two_codes else [kind], text)
            if isinstance(code, BadCode):
                return say.bad_code(code)
            # A second serial may be new to a unit that is known by its first.
            if not codes and not self._is_known(turn, product, code.key):
                same = self.same_unit(turn, product, code, known_wanted=self.checks_known(policy))
                if isinstance(same, Verdict):
                    return same
                code = same or code
            codes.append(code)
        if not codes:
            return self.take(turn, scan, found, quantity, label=reading)
        line = orders.line_of(turn.tx, turn.order.id, product.id)
        if line is None:
            return self.take(turn, scan, found, quantity)
        known = {code.key: units.by_code(turn.tx, product.id, code.key) for code in codes}
        doubt, text = reading.doubt if known[codes[0].key] is None else None, reading.serial or reading.secondary or ""
        if refusal := self._hides_a_separator(turn, scan, product, [*CodeKind], text, codes[0], doubt):
            return refusal
        for code in codes:
            # A second serial may be new to a unit that is known by its first.
            asks = known[code.key] is not None or code is codes[0]
            if asks and (refusal := self.check_serial(turn, product, policy, code)):
                return refusal
        these = {unit.id: unit for unit in known.values() if unit}
        if len(these) > 1:
            return say.label_of_two_units(codes[0].text, codes[1].text)
        if self.checked_before(turn, line, codes, [*these.values()]):
            return say.checked_before(codes[0].text, self.kind)
        if question := self._may_hide_a_separator(turn, scan, product, [*CodeKind], text, codes[0], doubt):
            return question
        if question := self.one_unit(turn, scan, reading):
            return question
        return self.take(turn, scan, found, 1 if reading.says_how_many else quantity, checked=codes[0].text)

    def one_unit(self, turn: Turn, scan: Scan, reading: Reading) -> Verdict | None:
        """The question where a label with a serial says how many: yes takes the one unit."""
        serial = reading.serial or reading.secondary
        if serial is None or reading.count is None or not reading.says_how_many:
            return None
        return turn.unless_yes(say.one_unit_marked(scan.text, serial, reading.count))

    def checked_before(self, turn: Turn, line: OrderLine, codes: list[Code], known: list[Unit]) -> bool:
        """Was one of these serials checked in this work before? Nothing holds a unit that is only checked."""
        # A code that was corrected since is the same unit's.
        keys = {*(code.key for code in codes), *units.codes_ever(turn.tx, [unit.id for unit in known])}
        return not keys.isdisjoint(map(code_key, works.codes_taken(turn.tx, turn.work.id, line.id)))

    def take(
        self,
        turn: Turn,
        scan: Scan,
        found: ScannedProduct,
        quantity: int,
        *,
        checked: str = "",
        label: Reading | None = None,
    ) -> Verdict:
        """Take units of a product of the order.

        Args:
            turn: the act.
            scan: what was scanned.
            found: the product.
            quantity: how many scans it stands for.
            checked: a serial of its label that was checked; it is kept in the label's place.
            label: what the label says of how many, and of which package: a package counts once.
        """
        product = found.product
        line = orders.line_of(turn.tx, turn.order.id, product.id)
        if line is None:
            wanting = [order.number for order in orders.wanting(turn.tx, self.kind, product.id)]
            return say.not_on_order(scan.text, product.sku, turn.order.number, wanting[:5])
        if refusal := self.order_finished(turn):
            return refusal
        package = f"({label.package})" if label and label.package else ""
        if label:
            if package and (at := works.package_taken(turn.tx, turn.order.id, package)):
                counted_at = local_time(at, self.site.store.clock())
                return say.already_counted(scan.text, label.package or "", counted_at)
            if label.count is not None and label.says_how_many:
                if question := turn.unless_yes(say.label_says(scan.text, label.count, found.pack_quantity)):
                    return question
                quantity = label.count
        wanted = found.pack_quantity * quantity
        if not orders.take(turn.tx, line.id, wanted) and (refusal := self._beyond_order(turn, scan, line, wanted)):
            return refusal
        policy = self.site.policy(product.settings)
        asked = self.asks(policy) is not Asks.NOTHING
        summary = f"{wanted} × {product.sku}" if wanted > 1 else product.sku
        entry_id = self._enter(turn, replace(scan, text=checked or package or scan.text), PRODUCT, summary)
        works.add_pieces(
            turn.tx,
            turn.work.id,
            line.id,
            scenario=policy.scenario,
            quantities=[1] * wanted if asked else [wanted],
            owed=asked,
            entry_id=entry_id,
        )
        status = orders.refresh_status(turn.tx, turn.order.id)
        lines = orders.lines(turn.tx, turn.order.id)
        after = _line_of(lines, line.id)
        prompt = self.prompt(turn.tx, turn.work.id, lines)
        self.seen = Seen(replace(turn.order, status=status), lines, prompt)
        return say.taken(
            product.sku,
            scan.text,
            quantity=wanted,
            done=after.done + after.in_work,
            ordered=after.ordered,
            prompt=prompt if asked else None,
            order_full=self._if_full(turn, lines),
        )

    def _beyond_order(self, turn: Turn, scan: Scan, line: OrderLine, wanted: int) -> Verdict | None:
        """Take more than the order has, where that is allowed and confirmed; else the refusal or the question."""
        if self.kind is not OrderKind.PURCHASE or self.site.rules.over_receipt != "confirm":
            return self._too_many(turn, scan.text, line, wanted)
        asked = say.beyond_order(scan.text, line.product.sku, line.ordered, wanted - line.left)
        if question := turn.unless_yes(asked):
            return question
        orders.take(turn.tx, line.id, wanted, beyond_order=True)
        return None

    def order_finished(self, turn: Turn) -> Verdict | None:
        """Why an order takes nothing more: another station may have completed it, or it was cancelled as work began."""
        if turn.order.status.takes_goods:
            return None
        return say.order_takes_nothing(turn.order.number, self.kind, turn.order.status)

    # Serial scans

    def serial(self, turn: Turn, scan: Scan, owed: OwedPiece, reading: Reading) -> Verdict:
        """Take the code that is owed, and the other one too if the label carries both."""
        lines = self.seen.lines if self.seen else orders.lines(turn.tx, turn.order.id)
        line = _line_of(lines, owed.piece.line_id)
        prompt = self._prompt(owed, line)
        if label_serials.takes_out(line.product) and not self._is_known(turn, line.product, reading.text):
            reading = label_serials.with_parts(line.product, reading)
        if refusal := self._other_label(turn, scan.text, line.product, prompt, reading):
            return refusal
        if refusal := self._other_unit(turn, line.product, prompt, reading):
            return refusal
        is_code = reading.is_plain and not (reading.serial or reading.secondary)
        text = reading.text if is_code else _code_on(reading, prompt)
        if not is_code:
            scan = replace(scan, second_of_two=False)  # the label itself says which serial it carries
        is_first = prompt.kind is CodeKind.PRIMARY and owed.piece.unit_id is None
        if text is None and is_first and reading.secondary and self._asks_of(owed.piece) is Asks.BOTH:
            # The label tells which of the two it is, so it may come first.
            text, prompt = reading.secondary, replace(prompt, kind=CodeKind.SECONDARY)
        if reading.is_plain:
            text = text and reading.text  # out of which the patterns take it again
        if text is None and reading.is_sscc:
            return say.not_a_serial(scan.text, NoSerial(Kind.SSCC), prompt)
        if text is None:
            return say.no_such_serial(scan.text, prompt, reading.note)
        other = reading.secondary if prompt.kind is CodeKind.PRIMARY else None
        if other is None and not reading.says_how_many:
            return self._one_code(turn, scan, owed, lines, prompt, text, reading.doubt)
        with trial(turn.tx) as take_back:
            verdict = self._one_code(turn, scan, owed, lines, prompt, text, reading.doubt)
            more = works.owed(turn.tx, turn.work.id)
            if other is not None and verdict.accepted and more and more.piece.id == owed.piece.id:
                second = self._prompt(more, line)
                verdict = self._one_code(
                    turn, part_of(scan, 3), more, lines, second, text if reading.is_plain else other, None
                )
            if verdict.accepted:
                verdict = self.one_unit(turn, scan, reading) or verdict
            if not verdict.accepted:
                self._take_back(take_back)
        return verdict

    def _take_back(self, take_back: Callable[[], None]) -> None:
        take_back()
        self.seen = None

    def _one_code(
        self,
        turn: Turn,
        scan: Scan,
        owed: OwedPiece,
        lines: list[OrderLine],
        prompt: Prompt,
        text: str,
        doubt: Doubt | None,
    ) -> Verdict:
        product, piece = _line_of(lines, owed.piece.line_id).product, owed.piece
        code = self.read_serial(turn, product, [*CodeKind] if prompt.either else [prompt.kind], text)
        if isinstance(code, BadCode):
            if doubt and doubt.spelt:
                return say.faulty(scan.text, say.spelt_separator(doubt.spelt))
            found = payload(text)
            return say.not_a_serial(text, found, prompt) if found else say.bad_code(code)
        if code_key(text) != code.key and (other := catalog.scanned_product(turn.tx, product.client_id, text)):
            return say.is_a_product(text, other.product.sku, prompt)
        kind = self._kind_of(turn, piece, product, prompt.kind, code)
        kinds = tuple(CodeKind) if prompt.either else (kind,)
        known = units.by_code(turn.tx, product.id, code.key)
        doubt = doubt if known is None else None
        if refusal := self._hides_a_separator(turn, scan, product, kinds, text, code, doubt):
            return refusal
        judged: _Judged | None = None
        if known is None:
            prompt, known_wanted = replace(prompt, kind=kind), self.wants_known(turn, piece, kind)
            judged = self._judge(turn, text, product, code, prompt)
            if judged.found and not judged.found.kind.may_be_taken:
                return say.not_a_serial(text, judged.found, prompt)
            if not known_wanted and (refusal := self._not_new(turn, text, product, code, prompt, judged)):
                return refusal
            same = self.same_unit(turn, product, code, known_wanted=known_wanted)
            if isinstance(same, Verdict):
                return same
            if same:
                code, known, doubt = same, units.by_code(turn.tx, product.id, same.key), None
        unit = self.identify(turn, product, piece, kind, code, known)
        is_unknown = isinstance(unit, Verdict) and unit.reason == "unknown-serial"
        if (
            is_unknown
            and judged
            and (better := self._not_a_serial(turn, text, product, code, prompt, judged, refused=True))
        ):
            return better
        if isinstance(unit, Verdict):
            return unit
        if question := self._may_hide_a_separator(turn, scan, product, kinds, text, code, doubt):
            return question
        if unit is None and (question := self._of_the_same_label(turn, scan, product, prompt, code)):
            return question
        piece_owes = self._book_code(turn, scan, piece, product, kind, code, unit)
        codes = (owed.known, owed.known_secondary)
        if unit:
            codes = (unit.primary, unit.secondary or owed.known_secondary)
        if unit is None:
            codes = (code.text, codes[1]) if kind is CodeKind.PRIMARY else (codes[0], code.text)
        # A code changes no counts of the order: its product has taken them.
        return self._serial_taken(turn, code, kind, codes, lines, line_id=piece.line_id, unit_owes=piece_owes)

    def _of_the_same_label(
        self, turn: Turn, scan: Scan, product: Product, prompt: Prompt, code: Code
    ) -> Verdict | None:
        """A new secondary serial that is the second of two codes in one burst, unless its pattern knows it."""
        if not scan.second_of_two or prompt.kind is not CodeKind.SECONDARY:
            return None
        if product.secondary_pattern and serial_pattern.fits(product.secondary_pattern, code.text):
            return None
        return turn.unless_yes(say.of_the_same_label(scan.text, product.sku))

    def _hides_a_separator(
        self,
        turn: Turn,
        scan: Scan,
        product: Product,
        kinds: Sequence[CodeKind],
        text: str,
        code: Code,
        doubt: Doubt | None,
    ) -> Verdict | None:
        """Why a new code of a doubtful label is more than a serial, by what is known of the product."""
        if doubt is None or _fits(product, kinds, text, code):
            return None
        if doubt.spelt:
            return say.faulty(scan.text, say.spelt_separator(doubt.spelt))
        for shorter in doubt.shorter:
            other = self.read_serial(turn, product, kinds, shorter)
            if isinstance(other, BadCode):
                continue
            if _fits(product, kinds, shorter, other) or self._is_known(turn, product, other.key):
                return say.dropped_separator(scan.text, text, shorter)
        return None

    def _may_hide_a_separator(
        self,
        turn: Turn,
        scan: Scan,
        product: Product,
        kinds: Sequence[CodeKind],
        text: str,
        code: Code,
        doubt: Doubt | None,
    ) -> Verdict | None:
        """Where nothing is known that tells: the refusal for a scanner that drops separators, else once a question."""
        if doubt is None or _fits(product, kinds, text, code):
            return None
        if self.site.guns.drops_separators(scan):
            return say.dropping_scanner(scan.text, text)
        this = (turn.work.id, product.id)
        if this not in self._whole_serials:
            if question := turn.unless_yes(say.may_be_run_on(scan.text, text, product.sku)):
                return question
            self._whole_serials.add(this)
        return None

    def read_serial(self, turn: Turn, product: Product, kinds: Sequence[CodeKind], text: str) -> Code | BadCode:
        """The code that a label's text means for a product, as a unit of it spells it where that is the same code."""
        code = label_serials.serial_on(product, kinds, text, lambda key: self._is_known(turn, product, key))
        if isinstance(code, BadCode) or not label_serials.ignores_separators(product):
            return code
        if self._is_known(turn, product, code.key):
            return code
        found = (one for one in units.alike(turn.tx, product.id, code.key))
        same = next((one for one in found if label_serials.is_same_code(product, one.key, code.key)), None)
        return Code(same.text, same.key) if same else code

    def _is_known(self, turn: Turn, product: Product, text: str) -> bool:
        return units.by_code(turn.tx, product.id, code_key(text)) is not None

    def same_unit(self, turn: Turn, product: Product, code: Code, *, known_wanted: bool) -> Code | Verdict | None:
        """The code of a known unit that an unknown one most likely means, the question, or None for another unit.

        Args:
            turn: the act.
            product: whose code it is.
            code: what nobody has just so.
            known_wanted: must it be a Received unit's?
        """
        found = units.alike(turn.tx, product.id, code.key)
        if not known_wanted:
            found = [one for one in found if label_serials.difference(one.key, code.key) not in product.told_apart]
        several = len({one.unit.id for one in found}) > 1
        if known_wanted and (received := [one for one in found if one.unit.status is UnitStatus.RECEIVED]):
            if len({one.unit.id for one in received}) > 1:
                return say.alike_several(code.text, [one.text for one in received])
            asked = say.alike_known(code.text, received[0].text, product.sku)
            return turn.unless_yes(asked) or Code(received[0].text, received[0].key)
        if not found or (known_wanted and several):
            return None
        if not known_wanted:
            asked = say.alike_new(code.text, [one.text for one in found])
            answer = turn.answers.to(asked)
            if answer is None:
                return asked
            if not answer:
                differences = {label_serials.difference(one.key, code.key) for one in found}
                catalog.tell_apart(turn.tx, product, differences, turn.stamp)
                return None
            if several:
                return say.alike_several(code.text, [one.text for one in found])
        return Code(found[0].text, found[0].key)

    def _not_new(
        self, turn: Turn, text: str, product: Product, code: Code, prompt: Prompt, judged: _Judged
    ) -> Verdict | None:
        """Why a code that nobody has cannot be a new serial, or what has to be asked first."""
        if refusal := self._not_a_serial(turn, text, product, code, prompt, judged, refused=False):
            return refusal
        pattern, strip = (of(product, prompt.kind) for of in (label_serials.pattern_of, label_serials.strip_of))
        if (
            label_serials.fits(pattern, text, code)
            or code_key(text) != code.key
            or not (found := other_identifier(strip, code.text))
        ):
            return None
        verdict = say.other_identifier(code.text, *found, prompt)
        return verdict if verdict.question is None else turn.unless_yes(verdict)

    def _kind_of(self, turn: Turn, piece: Piece, product: Product, asked: CodeKind, code: Code) -> CodeKind:
        """Which of the two a first code is: what is known of it or the two patterns tell, else what was asked."""
        if piece.unit_id is not None or self._asks_of(piece) is not Asks.BOTH:
            return asked
        known = units.by_code(turn.tx, product.id, code.key)
        if known is not None:
            return CodeKind.SECONDARY if code.key == code_key(known.secondary or "") else CodeKind.PRIMARY
        if product.serial_pattern and product.secondary_pattern:
            primary, secondary = (
                serial_pattern.fits(pattern, code.text)
                for pattern in (product.serial_pattern, product.secondary_pattern)
            )
            if secondary and not primary:
                return CodeKind.SECONDARY
        return asked

    def _other_label(self, turn: Turn, text: str, product: Product, prompt: Prompt, reading: Reading) -> Verdict | None:
        """Why a label that names a product cannot answer this product's prompt."""
        if reading.is_plain and reading.gtin is None:
            return None
        named = lookup.named_products(turn.tx, turn.order.client_id, reading)
        if not named:
            return say.label_of_unknown(text, reading.gtin, prompt) if reading.gtin else None
        # A customer's and a maker's number may be two products' of this client: one that is asked for will do.
        found = next((one for one in named if one.product.id == product.id), named[0])
        if found.product.id != product.id:
            return say.label_of_another(text, found.product.sku, prompt)
        if found.pack_quantity > 1:
            return say.label_of_pack(text, product.sku, found.pack_quantity, prompt)
        return None if reading.serial or reading.secondary else say.is_a_product(text, product.sku, prompt)

    def _other_unit(self, turn: Turn, product: Product, prompt: Prompt, reading: Reading) -> Verdict | None:
        """Why a label with two serials cannot answer a prompt: it is of another unit, or of two."""
        if not (reading.serial and reading.secondary):
            return None
        if prompt.known:
            other = reading.secondary if prompt.kind is CodeKind.PRIMARY else reading.serial
            meant = self.read_serial(turn, product, [prompt.kind.other], other)
            same = isinstance(meant, Code) and meant.key == code_key(prompt.known)
            return None if same else say.two_units(other, prompt.known, prompt.kind)
        if prompt.either:
            both = [self.read_serial(turn, product, [*CodeKind], text) for text in (reading.serial, reading.secondary)]
            found = [units.by_code(turn.tx, product.id, code.key) for code in both if isinstance(code, Code)]
            if len({unit.id for unit in found if unit}) > 1:
                return say.label_of_two_units(reading.serial, reading.secondary)
        return None

    def _book_code(
        self,
        turn: Turn,
        scan: Scan,
        piece: Piece,
        product: Product,
        kind: CodeKind,
        code: Code,
        unit: Unit | None,
    ) -> bool:
        """Give the piece its code; answers whether it owes another."""
        tx = turn.tx
        entry_id = self._enter(turn, scan, kind.value, f"{product.sku} {shorten(code.text)}", piece.id)
        unit_id = piece.unit_id
        if unit is not None and unit.id != unit_id:
            units.hold(tx, unit.id, turn.work.id)
            if unit_id is not None:
                units.join(tx, unit_id, unit.id)
            unit_id = unit.id
        elif unit_id is None:
            unit_id = units.hold_new(tx, product.id, turn.order.warehouse_id, turn.work.id)
        if unit is None:
            units.add_code(tx, unit_id, product.id, kind, code, entry_id)
        first = piece.unit_id is None
        source = scan.source if kind is CodeKind.PRIMARY else piece.source
        more = first and self._asks_of(piece) is Asks.BOTH
        works.change_piece(tx, piece.id, owed=more, unit_id=unit_id, source=source)
        return more

    def _judge(self, turn: Turn, text: str, product: Product, code: Code, prompt: Prompt) -> _Judged:
        """What a new code may be in place of a serial (RULES 2.8)."""
        looks = {
            CodeKind.PRIMARY: (product.serial_pattern, product.serial_hint),
            CodeKind.SECONDARY: (product.secondary_pattern, product.secondary_hint),
        }
        wanted = [*looks.values()] if prompt.either else [looks[prompt.kind]]
        fits = any(label_serials.fits(pattern, text, code) for pattern, _ in wanted)
        facts = AtDesk(self.site, turn.tx, product, turn.order.warehouse_id)
        found = judge(code, facts, self.site.rules.words, fits=fits)
        unlike = not fits and all(pattern for pattern, _ in wanted)
        return _Judged(found, facts, " or ".join(hint for _, hint in wanted if hint), unlike=unlike)

    def _not_a_serial(
        self,
        turn: Turn,
        text: str,
        product: Product,
        code: Code,
        prompt: Prompt,
        judged: _Judged,
        *,
        refused: bool,
    ) -> Verdict | None:
        """What else a new code is asked about or refused for; where it is refused anyway, what tells better why."""
        found = judged.found
        if (judged.unlike or refused) and (other := judged.facts.other_unit(code.key)):
            sku = catalog.product(turn.tx, other.product_id).sku
            warehouse = "" if other.warehouse_id == turn.order.warehouse_id else other.warehouse
            return say.serial_of_wrong_product(text, sku, other.status, warehouse, prompt)
        if found and (judged.unlike or refused):
            return say.not_a_serial(text, found, prompt)
        if judged.unlike:
            return say.wrong_pattern(text, product.sku, judged.hint)
        return turn.unless_yes(say.may_be_a_serial(text, found, prompt)) if found else None

    def refuse_taken(self, turn: Turn, code: Code, unit: Unit, way: str = say.SCAN_ANOTHER) -> Verdict:
        """The refusal for a code that belongs to a unit which is not free."""
        if unit.held_by == turn.work.id:
            return self._already_captured(turn, code, unit)
        elsewhere = "" if unit.warehouse_id == turn.order.warehouse_id else unit.warehouse
        return refuse_unit(self.site, turn.tx, code.text, unit, here=self.kind, way=way, warehouse=elsewhere)

    def _already_captured(self, turn: Turn, code: Code, unit: Unit) -> Verdict:
        pieces = works.pieces(turn.tx, turn.work.id)
        own = next(piece for piece in pieces if piece.unit_id == unit.id)
        lines = [line.id for line in orders.lines(turn.tx, turn.order.id)]
        position = [piece.id for piece in pieces if piece.line_id == own.line_id].index(own.id) + 1
        sku = catalog.product(turn.tx, unit.product_id).sku
        return say.already_captured(code.text, sku, self.kind, lines.index(own.line_id) + 1, position)

    # Undo, cancel, complete

    def undo(self, turn: Turn) -> Verdict:
        """Take back the last accepted scan of this work and show its prompt again."""
        last = next(iter(works.last_entries(turn.tx, turn.work.id, 1)), None)
        if last is None:
            return say.nothing_to_undo()
        of_scan = [one for one in works.last_entries(turn.tx, turn.work.id, _PARTS) if same_scan(one, last)]
        for entry in of_scan:
            self._undo_entry(turn, entry)
        orders.refresh_status(turn.tx, turn.order.id)
        return say.undone(of_scan[-1].summary, self.prompt(turn.tx, turn.work.id))

    def _undo_entry(self, turn: Turn, entry: Entry) -> None:
        works.mark_undone(turn.tx, [entry.id])
        if entry.act in (PRODUCT, UNIT):
            self._drop(turn, works.pieces_of_entry(turn.tx, entry.id), [entry.id])
            return
        assert entry.piece_id is not None
        piece = works.piece(turn.tx, entry.piece_id)
        units.drop_codes_of_entry(turn.tx, [entry.id])
        unit_id = piece.unit_id
        by_unit_scan = piece.entry_id is not None and works.act_of(turn.tx, piece.entry_id) == UNIT
        others = works.entries_of_pieces(turn.tx, turn.work.id, [piece.id])
        if unit_id is not None and not by_unit_scan and not others:
            units.let_go(turn.tx, [unit_id])
            unit_id = None
        elif unit_id is not None and entry.act == CodeKind.PRIMARY.value:
            unit_id = units.part(turn.tx, unit_id, others)
        source = None if entry.act == CodeKind.PRIMARY.value else piece.source
        works.change_piece(turn.tx, piece.id, owed=True, unit_id=unit_id, source=source)

    def cancel(self, turn: Turn) -> Verdict:
        """Drop the unit that is owed, with the codes it has so far; finished units of the same scan stay."""
        owing = works.owed(turn.tx, turn.work.id)
        if owing is None:
            return say.nothing_to_cancel()
        owed = owing.piece
        run = works.pieces_of_entry(turn.tx, owed.entry_id) if owed.entry_id else [owed]
        unfinished = [piece for piece in run if piece.owed]
        kept = len(run) - len(unfinished)
        entries = works.entries_of_pieces(turn.tx, turn.work.id, [piece.id for piece in unfinished])
        if not kept and owed.entry_id:
            entries.append(owed.entry_id)
        self._drop(turn, unfinished, entries)
        works.mark_undone(turn.tx, entries)
        orders.refresh_status(turn.tx, turn.order.id)
        return say.cancelled(orders.line(turn.tx, owed.line_id).product.sku, len(unfinished), kept)

    def complete(self, turn: Turn) -> Verdict:
        """Book everything this work took: counts, statuses, events; nothing of it was visible before."""
        pieces = works.pieces(turn.tx, turn.work.id)
        if not pieces:
            return say.nothing_to_complete()
        by_line: Counter[int] = Counter()
        for piece in pieces:
            by_line[piece.line_id] += piece.quantity
        for line_id, quantity in by_line.items():
            orders.book(turn.tx, line_id, quantity)
        moved = [
            Moved(unit_id=piece.unit_id, line_id=piece.line_id, source=piece.source or Source.SCAN)
            for piece in pieces
            if piece.unit_id is not None
        ]
        units.move(turn.tx, self.move, moved, turn.stamp, by_work=turn.work.id)
        works.close(turn.tx, turn.work.id, WorkStatus.COMPLETED, turn.stamp)
        orders.refresh_status(turn.tx, turn.order.id)
        lines = orders.lines(turn.tx, turn.order.id)
        return say.completed(
            turn.order.number,
            self.kind,
            by_line.total(),
            lacking(lines),
            elsewhere=sum(line.in_work for line in lines),
        )

    def _drop(self, turn: Turn, pieces: list[Piece], entries: list[int]) -> None:
        units.drop_codes_of_entry(turn.tx, entries)
        units.let_go(turn.tx, [piece.unit_id for piece in pieces if piece.unit_id is not None])
        for piece in pieces:
            orders.give_back(turn.tx, piece.line_id, piece.quantity)
        works.drop_pieces(turn.tx, [piece.id for piece in pieces])

    # What is owed

    def prompt(self, tx: Transaction, work_id: int, lines: list[OrderLine] | None = None) -> Prompt | None:
        """The code that is owed now; the order's lines, where they are at hand as they stand now."""
        owed = works.owed(tx, work_id)
        if owed is None:
            return None
        line_id = owed.piece.line_id
        return self._prompt(owed, orders.line(tx, line_id) if lines is None else _line_of(lines, line_id))

    def _prompt(self, owed: OwedPiece, line: OrderLine) -> Prompt:
        first = owed.piece.source is None
        product = line.product
        return Prompt(
            kind=CodeKind.PRIMARY if first else CodeKind.SECONDARY,
            sku=product.sku,
            unit=line.done + line.in_work - owed.waiting + 1,
            ordered=line.ordered,
            hint=product.serial_hint if first else product.secondary_hint,
            either=self._asks_of(owed.piece) is Asks.EITHER,
            known=(owed.known_secondary if first else owed.known) or "",
        )

    def _asks_of(self, piece: Piece) -> Asks:
        return self.asks(self.site.policy_of(piece.scenario))

    def _enter(self, turn: Turn, scan: Scan, act: str, summary: str, piece_id: int | None = None) -> int:
        return works.add_entry(
            turn.tx,
            turn.work.id,
            op_id=scan.op_id,
            act=act,
            code=scan.text,
            summary=summary,
            stamp=turn.stamp,
            source=scan.source,
            piece_id=piece_id,
        )

    def _serial_taken(
        self,
        turn: Turn,
        code: Code,
        kind: CodeKind,
        codes: tuple[str | None, str | None],
        lines: list[OrderLine],
        *,
        line_id: int,
        unit_owes: bool,
    ) -> Verdict:
        line = _line_of(lines, line_id)
        prompt = self.prompt(turn.tx, turn.work.id, lines)
        self.seen = Seen(self.seen.order if self.seen else turn.order, lines, prompt)
        return say.serial_taken(
            line.product.sku,
            code.text,
            " + ".join(shorten(one) for one in codes if one),
            kind,
            done=line.done + line.in_work,
            ordered=line.ordered,
            prompt=prompt,
            unit_owes=unit_owes,
            order_full="" if prompt else self._if_full(turn, lines),
        )

    def _if_full(self, turn: Turn, lines: list[OrderLine]) -> str:
        return say.all_scanned(turn.order.number) if lacking(lines) == 0 else " Scan the next product."

    def _too_many(self, turn: Turn, text: str, line: OrderLine, wanted: int) -> Verdict:
        others = [
            f"{share.quantity} of them at {share.station}"
            for share in works.standing(turn.tx, turn.order.id, turn.work.id).others
            if share.line_id == line.id
        ]
        return say.too_many(
            text,
            line.product.sku,
            self.kind,
            ordered=line.ordered,
            done=line.done + line.in_work,
            asked=wanted,
            others=others,
        )


def _fits(product: Product, kinds: Iterable[CodeKind], text: str, code: Code) -> bool:
    """Does a pattern of the product, for one of these codes, match?"""
    return any(label_serials.fits(label_serials.pattern_of(product, kind), text, code) for kind in kinds)


def _code_on(reading: Reading, prompt: Prompt) -> str | None:
    """The code of a label that answers a prompt. A serial is never taken from the field of the other kind."""
    if prompt.either:
        return reading.serial or reading.secondary
    return reading.serial if prompt.kind is CodeKind.PRIMARY else reading.secondary


def part_of(scan: Scan, number: int) -> Scan:
    """The same scan as the second or third act of its own: kept apart, undone together."""
    return replace(scan, op_id=f"{scan.op_id}/{number}")


def same_scan(one: Entry, other: Entry) -> bool:
    """Are two entries acts of one scan?"""
    return one.op_id.partition("/")[0] == other.op_id.partition("/")[0]


def refuse_unit(
    site: Site,
    tx: Transaction,
    text: str,
    unit: Unit,
    *,
    here: OrderKind,
    way: str = say.SCAN_ANOTHER,
    warehouse: str = "",
) -> Verdict:
    """Why a unit that somebody has in hand, or that has moved on, cannot be taken; the warehouse, if another one."""
    seen = events.whereabouts(tx, [unit.id])[unit.id]
    if seen.status is UnitStatus.HELD:
        assert seen.order_kind is not None
        assert seen.order_number is not None
        return say.held_elsewhere(
            text, seen.order_kind, seen.order_number, seen.station, seen.operator, here=here, warehouse=warehouse
        )
    at = local_time(seen.at, site.store.clock())
    return say.wrong_status(
        text, unit.status, seen.order_number or "", at, seen.station, seen.operator, way, warehouse=warehouse
    )


def _line_of(lines: list[OrderLine], line_id: int) -> OrderLine:
    return next(line for line in lines if line.id == line_id)


def lacking(lines: list[OrderLine]) -> int:
    """How many units an order still lacks, open work of all stations counted as done."""
    return sum(line.left for line in lines)
