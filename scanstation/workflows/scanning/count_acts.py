"""One act on a count at a station: what a scan says is there, kept as it comes (RULES 2.28).

Blind: no answer tells whether a unit was expected, nor where it stands by the books.
"""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code, visible
from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.counts import Count, CountedLine
from scanstation.domain.not_serials import judge
from scanstation.domain.outcome import Refused
from scanstation.domain.products import ListedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.units import NamedUnit, Stamp
from scanstation.domain.verdict import NOTHING_ASKED, Answers, Verdict
from scanstation.store import catalog, counts, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.orders import count_book
from scanstation.workflows.scanning.without_order import Anybodys
from scanstation.workflows.site import Site, local_time


class CountAct:
    """One act on the count that is open here, which nobody else changes until its transaction ends."""

    def __init__(
        self, site: Site, tx: Transaction, stamp: Stamp, count_id: int, answers: Answers = NOTHING_ASKED
    ) -> None:
        self.site, self.tx, self.stamp, self.answers = site, tx, stamp, answers
        self.of: Count = counts.get(tx, count_id, lock=True)

    @property
    def lines(self) -> list[CountedLine]:
        """What was counted so far."""
        return counts.lines(self.tx, self.of.id, self.stamp.station)

    @property
    def here(self) -> int:
        """How many pieces by this station."""
        return sum(line.here for line in self.lines)

    # What a scan means

    def scanned(self, scan: Scan, reading: Reading, quantity: int) -> Verdict:
        """A unit by either of its serials, or goods that go by quantity."""
        if refusal := count_book.no_counter(self.tx, self.of, self.stamp):
            return say.refused_with(refusal.reasons[0], scan.text)
        code = read_code(reading.code) if reading.code is not None else None
        known = units.with_code(self.tx, code.key) if isinstance(code, Code) else []
        named = lookup.products(self.tx, reading)
        if named and not (reading.is_plain and self._counted_by_serial(known)):
            return self._product(scan, reading, named.products, known, quantity)
        if isinstance(code, BadCode):
            return say.bad_code(code, "a serial")
        if code is None:
            return say.unknown_anywhere(scan.text)
        return self._unit(scan, code, known)

    def _counted_by_serial(self, known: Sequence[NamedUnit]) -> list[NamedUnit]:
        """Those that this count counts by their serials."""
        return [one for one in known if self._why_not(one) is None]

    def _why_not(self, one: NamedUnit) -> Refused | None:
        """Why a unit is not counted by its serial here."""
        if not catalog.product(self.tx, one.unit.product_id).settings.gives_serials_before_packing:
            return Refused((say.counted_by_quantity(one.unit.primary or one.unit.secondary or "", one.sku),))
        if not counts.is_of(self.tx, self.of, one.unit.product_id, one.client_id):
            return Refused((say.not_of_this_count(one.sku, one.client, self.of.number),))
        return None

    # A product

    def _product(
        self,
        scan: Scan,
        reading: Reading,
        products: Sequence[ListedProduct],
        known: Sequence[NamedUnit],
        quantity: int,
    ) -> Verdict:
        one = self._which_product(scan, products)
        if isinstance(one, Verdict):
            return one
        product = one.product
        if not counts.is_of(self.tx, self.of, product.id, product.client_id):
            return say.refused_with(say.not_of_this_count(product.sku, one.client, self.of.number), scan.text)
        if product.settings.gives_serials_before_packing:
            code = read_code(reading.code) if reading.serial and reading.code is not None else None
            if not isinstance(code, Code):
                return say.refused_with(say.counted_by_serial(product.sku), scan.text)
            return self._unit(scan, code, [unit for unit in known if unit.unit.product_id == product.id])
        if self.of.of_id is not None:
            return say.refused_with(say.only_units_again(self.of.number), scan.text)
        if quantity == ALL_LEFT:
            return say.no_quantity_of_count()
        if (reading.serial or reading.package) and (before := self._label_before(scan)):
            return before
        scanned = lookup.client_product(product.client_id)(self.tx, reading)
        pack = scanned.product.pack_quantity if scanned else 1
        many = quantity * pack
        if reading.says_how_many and reading.count and quantity == 1:
            if question := self.answers.unless_yes(say.label_says(scan.text, reading.count, pack)):
                return question
            many = reading.count * pack
        counts.add_scan(self.tx, self.of.id, scan, self.stamp, product_id=product.id, quantity=many)
        return say.goods_counted(scan.text, product.sku, many, self._of_product(product.id))

    def _which_product(self, scan: Scan, products: Sequence[ListedProduct]) -> ListedProduct | Verdict:
        """Of several clients' products the one that is counted; where several are, it is asked whose it is."""
        here = [one for one in products if counts.is_of(self.tx, self.of, one.product.id, one.product.client_id)]
        meant = {f"{visible(one.product.sku)} of {visible(one.client)}": one for one in here or products}
        if len(meant) == 1:
            return next(iter(meant.values()))
        asked = say.whose_product(scan.text, [*meant])
        return meant.get(self.answers.chosen(asked), asked)

    def _of_product(self, product_id: int) -> int:
        return next((line.here for line in self.lines if line.product_id == product_id), 0)

    def _label_before(self, scan: Scan) -> Verdict | None:
        """A label that is of one unit or package counts once, though its goods go by quantity."""
        return self._told_before(scan, counts.label_before(self.tx, self.of.id, code_key(scan.text)))

    # A serial

    def _unit(self, scan: Scan, code: Code, known: Sequence[NamedUnit]) -> Verdict:
        if not known:
            meant = self._likely(scan, code)
            if isinstance(meant, Verdict):
                return meant
            if meant is None:
                return self._unknown(scan, code)
            known, own = [meant], read_code(meant.unit.primary or meant.unit.secondary or "")
            code = own if isinstance(own, Code) else code
        one = self._which_unit(scan, self._counted_by_serial(known) or known)
        if isinstance(one, Verdict):
            return one
        if refusal := self._why_not(one):
            return say.refused_with(refusal.reasons[0], scan.text)
        if before := self._told_before(scan, counts.scanned_before(self.tx, self.of.id, one.unit.id, code.key)):
            return before
        kept, product_id = replace(scan, text=code.text), one.unit.product_id
        place, in_hand = count_book.place_of(self.tx, one)
        counts.add_scan(
            self.tx, self.of.id, kept, self.stamp, product_id=product_id, unit=one.unit, in_hand=in_hand, place=place
        )
        return say.unit_counted(code.text, one.sku, self._of_product(product_id))

    def _which_unit(self, scan: Scan, known: Sequence[NamedUnit]) -> NamedUnit | Verdict:
        meant = {f"{visible(one.sku)} of {visible(one.client)}": one for one in known}
        if len(meant) == 1:
            return known[0]
        asked = say.which_counted(scan.text, sorted(meant))
        return meant.get(self.answers.chosen(asked), asked)

    def _likely(self, scan: Scan, code: Code) -> NamedUnit | Verdict | None:
        """The unit that an unknown code most likely means: corrected since, or spelled with another mark."""
        replaced = [one for one in map(self._named, units.once_with_code(self.tx, code.key)) if one]
        alike = [
            one
            for same in units.alike_of_all(self.tx, code.key).values()
            for unit_id in {other.unit.id for other in same}
            if (one := self._named(unit_id))
        ]
        for found, is_replaced in ((replaced, True), (alike, False)):
            meant = self._counted_by_serial(found)
            if len(meant) != 1:
                continue
            text = meant[0].unit.primary or meant[0].unit.secondary or ""
            asked = (
                say.corrected_counted(scan.text, text)
                if is_replaced
                else say.alike_counted(scan.text, text, meant[0].sku)
            )
            said = self.answers.to(asked)
            if said is None:
                return asked
            if said:
                return meant[0]
        return None

    def _named(self, unit_id: int) -> NamedUnit | None:
        return units.named(self.tx, unit_id)

    def _unknown(self, scan: Scan, code: Code) -> Verdict:
        """A code that no unit has: whether it is a serial at all, then whether its unit is there."""
        if before := self._told_before(scan, counts.scanned_before(self.tx, self.of.id, None, code.key)):
            return before
        if no_serial := judge(code, Anybodys(self.site, self.tx), self.site.rules.words, fits=False):
            return say.no_serial_to_count(scan.text, say.no_serial(no_serial))
        if question := self.answers.unless_yes(say.no_unit_has_it(code.text)):
            return question
        counts.add_scan(self.tx, self.of.id, replace(scan, text=code.text), self.stamp, product_id=None)
        return say.unknown_counted(code.text, self.here)

    def _told_before(self, scan: Scan, before: tuple[str, str, str] | None) -> Verdict | None:
        if before is None:
            return None
        at, station, operator = before
        return say.counted_before(scan.text, station, operator, local_time(at, self.site.store.clock()))

    # The count as a whole

    def undo(self) -> Verdict:
        """Take back the last scan of this station."""
        if refusal := count_book.no_counter(self.tx, self.of, self.stamp):
            return say.refused_with(refusal.reasons[0])
        last = counts.last_scan(self.tx, self.of.id, self.stamp.station)
        if last is None:
            return say.nothing_counted_here(self.of.number)
        counts.take_back(self.tx, last.id)
        return say.count_undone(count_book.what_was_scanned(last))

    def end(self) -> Verdict:
        """End it, for every station, once that was asked: only now it is told what is missing."""
        if refusal := count_book.no_counter(self.tx, self.of, self.stamp):
            return say.refused_with(refusal.reasons[0])
        lines = self.lines
        stations = dict.fromkeys(station for line in lines for station, _ in line.others)
        asked = say.end_count(self.of.number, sum(line.counted for line in lines), [*stations])
        if question := self.answers.unless_yes(asked):
            return question
        end = count_book.ended(self.tx, self.of, self.stamp)
        if isinstance(end, Refused):
            return say.refused_with(end.reasons[0])
        return say.count_ended(end.number, end.sums, end.missing, end.notes, again=self.of.of_id is not None)
