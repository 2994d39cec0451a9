"""One act on a transfer at a station: what a scan sends or takes in, booked as it comes (RULES 2.27)."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, listed, read_code
from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.products import ListedProduct, Product
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import UnitStatus
from scanstation.domain.transfers import Leg, Transfer, TransferEntry, TransferStatus
from scanstation.domain.units import NamedUnit, Stamp
from scanstation.domain.verdict import NOTHING_ASKED, Answers, Verdict
from scanstation.store import acts, batches, boxes, moves, transfers, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.orders import transfer_book
from scanstation.workflows.site import Site

_MOST_NAMED = 3


class TransferAct:
    """One act on the transfer that is open here, which nobody else changes until its transaction ends."""

    def __init__(
        self,
        site: Site,
        tx: Transaction,
        stamp: Stamp,
        transfer_id: int,
        *,
        sends: bool,
        answers: Answers = NOTHING_ASKED,
    ) -> None:
        self.site, self.tx, self.stamp, self.answers = site, tx, stamp, answers
        self.of: Transfer = transfers.get(tx, transfer_id, lock=True)
        self.sends = sends

    @property
    def mine(self) -> list[TransferEntry]:
        """What this station has scanned since it completed last; the last first."""
        return transfers.entries(self.tx, self.of.id, self.stamp.station)

    @property
    def left(self) -> int:
        """How much is on the way."""
        return sum(line.sent - line.arrived for line in transfers.lines(self.tx, self.of.id))

    # What a scan means

    def scanned(self, scan: Scan, reading: Reading, quantity: int) -> Verdict:
        """A unit by either of its serials, or goods without serials."""
        if self.sends and self.of.status is TransferStatus.CLOSED:
            return say.refused_with(say.transfer_closed(self.of.number).reasons[0], scan.text)
        code = read_code(reading.code) if reading.code is not None else None
        known = units.with_code(self.tx, code.key) if isinstance(code, Code) else []
        named = lookup.products(self.tx, reading)
        if named and not (reading.is_plain and known):
            return self._product(scan, reading, named.products, known, quantity)
        if isinstance(code, BadCode):
            return say.bad_code(code, "a serial")
        if code is None:
            return say.unknown_anywhere(scan.text)
        return self._unit(scan, code, known)

    def _product(
        self,
        scan: Scan,
        reading: Reading,
        products: Sequence[ListedProduct],
        known: Sequence[NamedUnit],
        quantity: int,
    ) -> Verdict:
        on_it = {line.product_id for line in transfers.lines(self.tx, self.of.id)}
        meant = [one for one in products if one.product.id in on_it] or list(products)
        if len(meant) > 1:
            return say.sent_product_of_several(scan.text, [one.client for one in meant])
        one = meant[0]
        code = read_code(reading.code) if reading.serial and reading.code is not None else None
        if isinstance(code, Code):
            return self._unit(scan, code, [unit for unit in known if unit.unit.product_id == one.product.id])
        if self.site.policy(one.product.settings).receiving_needs_serials:
            return say.units_one_by_one(scan.text, one.product.sku)
        if quantity == ALL_LEFT:
            return say.no_quantity_of_transfer()
        scanned = lookup.client_product(one.product.client_id)(self.tx, reading)
        pack = scanned.product.pack_quantity if scanned else 1
        many = quantity * pack
        if reading.says_how_many and reading.count and quantity == 1:
            if question := self.answers.unless_yes(say.label_says(scan.text, reading.count, pack)):
                return question
            many = reading.count * pack
        return self._goods(scan, one.product, one.client, many)

    def _goods(self, scan: Scan, product: Product, client: str, many: int) -> Verdict:
        of, what = self.of, f"{many} × {product.sku}"
        if self.sends:
            transfers.send_goods(self.tx, of, product.id, many)
        else:
            left = sum(one.on_the_way for one in transfers.goods_of(self.tx, of.id) if one.product_id == product.id)
            if many > left:
                return say.refused_with(say.not_so_many(of.number, product.sku, left, many).reasons[0], scan.text)
            transfers.end_goods(self.tx, of, product.id, Leg.ARRIVED, many)
        self._keep(scan, product.id, what, quantity=many)
        act = "Goods sent" if self.sends else "Goods arrived"
        acts.note(self.tx, act, of.number, self.stamp, client=client, became=f"{many} of {product.sku}")
        if self.sends:
            return say.goods_sent(scan.text, product.sku, many, of.to_warehouse)
        return say.goods_arrived(scan.text, product.sku, many, self.left)

    def _unit(self, scan: Scan, code: Code, known: Sequence[NamedUnit]) -> Verdict:
        if not known:
            likely = self._likely(scan, code)
            if isinstance(likely, Verdict):
                return likely
            known = [likely]
        meant = self._that_could_go(known) or known
        if len(meant) > 1:
            return say.sent_serial_of_several(scan.text, [f"{one.sku} of {one.client}" for one in meant])
        unit_id = meant[0].unit.id
        batches.lock_units(self.tx, [unit_id])
        one = units.named(self.tx, unit_id)
        if one is None:
            return say.unknown_anywhere(scan.text)
        return self._send(scan, code, one) if self.sends else self._take_in(scan, code, one)

    def _likely(self, scan: Scan, code: Code) -> NamedUnit | Verdict:
        """The unit that an unknown code most likely means: corrected since, or spelled with another mark."""
        replaced = units.once_with_code(self.tx, code.key)
        alike = {other.unit.id for same in units.alike_of_all(self.tx, code.key).values() for other in same}
        for ids, is_replaced in ((replaced, True), (alike, False)):
            meant = self._that_could_go([one for unit_id in ids if (one := units.named(self.tx, unit_id))])
            if len(meant) == 1:
                text = meant[0].unit.primary or meant[0].unit.secondary or ""
                corrected = say.corrected_transfer(scan.text, text)
                asked = corrected if is_replaced else say.alike_transfer(scan.text, text, meant[0].sku)
                return self.answers.unless_yes(asked) or meant[0]
        return say.unknown_anywhere(scan.text)

    def _that_could_go(self, known: Sequence[NamedUnit]) -> list[NamedUnit]:
        """Those of several units that can be meant here: of what is on the list, else of the sending warehouse."""
        legs = transfers.legs(self.tx, self.of.id, [one.unit.id for one in known])
        on_list = [] if self.sends else [one for one in known if legs.get(one.unit.id) is Leg.ON_THE_WAY]
        received = UnitStatus.RECEIVED
        return on_list or [
            one for one in known if one.unit.status is received and one.unit.warehouse_id == self.of.from_id
        ]

    def _send(self, scan: Scan, code: Code, one: NamedUnit) -> Verdict:
        if problems := transfer_book.why_not_sent(self.tx, self.of, {code.text: one}):
            return say.refused_with(problems[0], scan.text)
        stamp = moves.not_before(self.tx, [one.unit.id], self.stamp)
        transfers.send(self.tx, self.of, [one.unit.id], stamp, Source.TRANSFER)
        self._keep(scan, one.unit.product_id, f"{one.sku} {code.text}", unit_id=one.unit.id)
        count = sum(entry.quantity for entry in self.mine)
        return say.unit_sent(code.text, one.sku, self.of.to_warehouse, count, one.unit.on_hold)

    def _take_in(self, scan: Scan, code: Code, one: NamedUnit) -> Verdict:
        problems, not_sent = transfer_book.why_not_taken_in(self.tx, self.of, {code.text: one})
        if problems:
            return say.refused_with(problems[0], scan.text)
        if not_sent:
            asked = say.is_it_here(scan.text, one.sku, self.of.number, self.of.from_warehouse)
            if question := self.answers.unless_yes(asked):
                return question
        stamp = moves.not_before(self.tx, [one.unit.id], self.stamp)
        transfers.send(self.tx, self.of, list(not_sent.values()), stamp, Source.TRANSFER)
        transfers.end_leg(self.tx, self.of, [one.unit.id], Leg.ARRIVED, stamp, Source.TRANSFER)
        summary = f"{one.sku} {code.text}"
        self._keep(scan, one.unit.product_id, summary, unit_id=one.unit.id, was_listed=not not_sent)
        return say.unit_arrived(code.text, one.sku, self.of.to_warehouse, self.left, one.unit.on_hold)

    def _keep(
        self,
        scan: Scan,
        product_id: int,
        summary: str,
        *,
        unit_id: int | None = None,
        quantity: int = 1,
        was_listed: bool = True,
    ) -> None:
        transfers.add_entry(
            self.tx,
            self.of,
            scan,
            self.stamp,
            leg=Leg.ON_THE_WAY if self.sends else Leg.ARRIVED,
            product_id=product_id,
            unit_id=unit_id,
            quantity=quantity,
            was_listed=was_listed,
            summary=summary,
        )

    # The work as a whole

    def undo(self) -> Verdict:
        """Take back the last scan of this station, unless others have gone on with what it moved."""
        last = next(iter(self.mine), None)
        if last is None:
            return say.nothing_of_transfer(self.of.number)
        was_sent = last.leg is Leg.ON_THE_WAY
        if last.unit_id is None:
            if not self._goods_are_there(last):
                return say.moved_on_since(last.summary)
            transfers.take_back_goods(self.tx, self.of, last.product_id, last.leg, last.quantity)
            acts.note(self.tx, "Goods taken back", self.of.number, self.stamp, became=last.summary)
        elif not self._take_back(last, last.unit_id):
            return say.moved_on_since(last.summary)
        transfers.mark_undone(self.tx, last.id)
        return say.transfer_undone(last.summary, was_sent=was_sent or not last.was_listed)

    def _goods_are_there(self, last: TransferEntry) -> bool:
        """Is as much on the way, or has as much arrived, as is to be taken back?"""
        goods = [one for one in transfers.goods_of(self.tx, self.of.id) if one.product_id == last.product_id]
        return bool(goods) and goods[0].count(last.leg) >= last.quantity

    def _take_back(self, last: TransferEntry, unit_id: int) -> bool:
        batches.lock_units(self.tx, [unit_id])
        unit = units.known(self.tx, unit_id)
        if transfers.legs(self.tx, self.of.id, [unit_id]).get(unit_id) is not last.leg:
            return False
        stamp = moves.not_before(self.tx, [unit_id], self.stamp)
        if last.leg is Leg.ARRIVED:
            is_there = unit.status is UnitStatus.RECEIVED and unit.held_by is None
            if not is_there or unit.warehouse_id != self.of.to_id or boxes.of_units(self.tx, [unit_id]):
                return False
            transfers.set_out_again(self.tx, self.of, unit_id, stamp, Source.TRANSFER)
        if last.leg is Leg.ON_THE_WAY or not last.was_listed:
            transfers.take_back(self.tx, self.of, unit_id, stamp, Source.TRANSFER)
        return True

    def complete(self) -> Verdict:
        """This station is done with it. All is booked already; what has not arrived is named."""
        count = sum(entry.quantity for entry in self.mine)
        transfers.mark_past(self.tx, self.of.id, self.stamp.station)
        if self.sends:
            return say.all_sent(self.of.number, count, self.left, self.of.to_warehouse)
        missing = [
            f"{line.sent - line.arrived} of {line.sku}"
            for line in transfers.lines(self.tx, self.of.id)
            if line.sent > line.arrived
        ]
        return say.all_taken_in(self.of.number, count, listed(missing, _MOST_NAMED) if missing else "")
