"""A scan of a product of the order: how many it stands for, and what its label says of serials."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key
from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.lots import NO_LOT
from scanstation.domain.orders import OrderLine
from scanstation.domain.products import ScannedProduct
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Unit
from scanstation.domain.verdict import CodeKind, Verdict
from scanstation.domain.work_rules import Unavailable
from scanstation.store import orders, works
from scanstation.workflows.scanning import receiving
from scanstation.workflows.scanning.act_context import PRODUCT, ActContext, part_of
from scanstation.workflows.scanning.product_codes import DoubtfulCode, ProductCodes
from scanstation.workflows.scanning.serial_scan import SerialScan
from scanstation.workflows.site import local_time


class ProductScan:
    """A label that names a product; it may also carry its serials, or say how many."""

    def __init__(self, act: ActContext, scan: Scan, scanned: ScannedProduct, quantity: int, reading: Reading) -> None:
        self._act, self._scan, self._scanned, self._reading = act, scan, scanned, reading
        self._quantity = quantity
        """How many scans it stands for, or `ALL_LEFT`."""
        self._product = scanned.product
        self._policy = act.policy(scanned.product)
        self._asks = act.rules.asks(self._policy)

    def take(self) -> Verdict:
        """Take units of the product, and their serials from its label: all of it, or nothing."""
        reading = self._reading
        # The serial on the label of a pack is the pack's, and that is nobody's serial here.
        if self._scanned.pack_quantity == 1 and self._policy.tracked:
            if self._asks is Asks.NOTHING:
                return self._take_checked()
            if reading.serial or (reading.secondary and self._asks is not Asks.PRIMARY):
                return self._take_with_serial()
        return self._book(self._quantity, label=reading)

    def take_by_serial(self) -> Verdict:
        """Take units by a label that is the serial of the first one and names no product (RULES 2.10)."""
        return self._take_with_serial()

    def _take_with_serial(self) -> Verdict:
        act = self._act
        with act.trial() as take_back:
            verdict = self._book(self._quantity_of_one_label())
            if verdict.accepted and (owed := act.owed):
                verdict = SerialScan(act, part_of(self._scan, 2), owed, self._reading).take()
                if not verdict.accepted:
                    take_back()
        return verdict

    def _quantity_of_one_label(self) -> int:
        return 1 if self._reading.says_how_many else self._quantity

    # A label with serials that are not asked

    def _take_checked(self) -> Verdict:
        """Take a product whose serials are not asked: those on its label are checked, not booked."""
        act, codes = self._act, ProductCodes(self._act, self._product)
        serials = self._serials_on_label(codes)
        if isinstance(serials, Verdict):
            return serials
        if not serials:
            return self._book(self._quantity, label=self._reading)
        line = orders.line_of(act.tx, act.order.id, self._product.id)
        if line is None:
            return self._book(self._quantity)
        first, owners = serials[0], {code.key: codes.owner(code.key) for code in serials}
        doubt = self._reading.doubt if owners[first.key] is None else None
        text = self._reading.serial or self._reading.secondary or ""
        doubtful = DoubtfulCode(codes, self._scan, [*CodeKind], text, first, doubt)
        if refusal := doubtful.refusal():
            return refusal
        for code in serials:
            # A second serial may be new to a unit that is known by its first.
            if (owners[code.key] or code is first) and (refusal := self._refuse_serial(codes, code)):
                return refusal
        units = {unit.id: unit for unit in owners.values() if unit}
        if len(units) > 1:
            return say.label_of_two_units(first.text, serials[1].text)
        if units and act.rules.kind is OrderKind.PURCHASE:
            return self._take_back(line, serials, next(iter(units.values())))
        if codes.checked_before(line, serials, [*units.values()]):
            return say.checked_before(first.text, act.rules.kind)
        packs = act.rules.kind is OrderKind.SHIPMENT
        if packs and (refusal := codes.in_a_box(serials, [*units.values()])):
            return refusal
        if not line.left and not self._may_go_beyond:  # before anything is asked
            return act.order_finished() or act.too_many(self._scan.text, line, 1)
        if question := doubtful.question() or act.one_unit(self._scan, self._reading):
            return question
        kept = next((unit.lot for unit in units.values()), NO_LOT)
        said = act.label_lot(self._reading)
        on_hold = act.lot_on_hold(first.text, self._product.id, kept, said)
        if refusal := on_hold or act.past_days(first.text, kept, said) or act.lot_doubt(first, kept, said):
            return refusal
        verdict = self._book(self._quantity_of_one_label(), checked=first.text)
        if packs and verdict.accepted:
            entry = works.last_entries(act.tx, act.work.id, 1)[0]
            kinds = [kind for kind in CodeKind if self._is_checked(kind)]
            codes.keep_in_box(line, entry.id, [*zip(kinds, serials, strict=True)], next(iter(units), None))
        return verdict

    def _take_back(self, line: OrderLine, serials: Sequence[Code], unit: Unit) -> Verdict:
        """The label of a unit that comes back: it is booked, though its product asks for no serial."""
        act, first = self._act, serials[0]
        if self._quantity != 1 and not self._reading.says_how_many:
            return say.one_by_one(self._scan.text, self._product.sku, self._quantity)
        its = {code_key(code) for code in (unit.primary, unit.secondary) if code}
        other = next((code for code in serials if code.key not in its), None)
        if other and unit.secondary:
            return say.label_of_two_units(first.text, other.text)
        if question := act.one_unit(self._scan, self._reading):
            return question
        known = [code for code in serials if code.key in its]
        return receiving.take_back(act, self._scan, known, unit, line, act.label_lot(self._reading))

    def _is_checked(self, kind: CodeKind) -> bool:
        """Is there a serial of this kind on the label, and has a unit of the product one?"""
        text = self._reading.serial if kind is CodeKind.PRIMARY else self._reading.secondary
        return bool(text) and (kind is CodeKind.PRIMARY or self._policy.two_codes)

    def _serials_on_label(self, codes: ProductCodes) -> list[Code] | Verdict:
        serials = list[Code]()
        texts = {CodeKind.PRIMARY: self._reading.serial, CodeKind.SECONDARY: self._reading.secondary}
        for kind, text in texts.items():
            if not text or not self._is_checked(kind):
                continue
            code = codes.read([*CodeKind] if self._policy.two_codes else [kind], text)
            if isinstance(code, BadCode):
                return say.bad_code(code)
            # A second serial may be new to a unit that is known by its first.
            if not serials and not codes.is_known(code.key):
                known_wanted = self._act.rules.checks_known(self._policy)
                meant = codes.likely_meant(code, known_wanted=known_wanted)
                if isinstance(meant, Verdict):
                    return meant
                code = meant or code
            serials.append(code)
        return serials

    def _refuse_serial(self, codes: ProductCodes, code: Code) -> Verdict | None:
        """Why a serial on the label stops the product, where no serial is asked."""
        act, product = self._act, self._product
        if unit := codes.owner(code.key):
            refusal = act.rules.refuse_known(code, unit, act.order)
            return act.refuse(code, refusal) if isinstance(refusal, Unavailable) else refusal
        if act.rules.checks_known(self._policy):
            owing = orders.owing_serials(act.tx, product.id, self._policy.scenario)
            return say.not_imported(code.text, product.sku, [order.number for order in owing][:5])
        return None

    # Booking

    def _book(self, quantity: int, *, checked: str = "", label: Reading | None = None) -> Verdict:
        """Take units of the product on its line of the order.

        Args:
            quantity: how many scans it stands for, or `ALL_LEFT`.
            checked: a serial of its label that was checked; it is kept in the label's place.
            label: what the label says of how many, and of which package: a package counts once.
        """
        act, scan, product, tx = self._act, self._scan, self._product, self._act.tx
        line = act.lines.of_product(product.id)
        if line is None:
            wanting = [order.number for order in orders.wanting(tx, act.rules.kind, product.id)]
            return say.not_on_order(scan.text, product.sku, act.order.number, wanting[:5])
        if refusal := act.order_finished():
            return refusal
        package = f"({label.package})" if label and label.package else ""
        if label:
            said = act.label_lot(label)
            if refusal := act.lot_on_hold(scan.text, product.id, NO_LOT, said) or act.past_days(scan.text, said):
                return refusal
            if package and (at := works.package_taken(tx, act.order.id, package)):
                return say.already_counted(scan.text, label.package or "", local_time(at, act.site.store.clock()))
            if label.count is not None and label.says_how_many:
                if not line.left and not self._may_go_beyond:
                    return act.too_many(scan.text, line, label.count * self._scanned.pack_quantity)
                if question := act.unless_yes(say.label_says(scan.text, label.count, self._scanned.pack_quantity)):
                    return question
                quantity = label.count
        wanted = self._scanned.pack_quantity * (quantity or 1)
        if quantity == ALL_LEFT and line.left:
            if refusal := self._not_all(line):
                return refusal
            wanted = line.left
        if not orders.take(tx, line.id, wanted) and (refusal := self._beyond_order(line, wanted)):
            return refusal
        asked = self._asks is not Asks.NOTHING
        summary = f"{wanted} × {product.sku}" if wanted > 1 else product.sku
        works.add_pieces(
            tx,
            act.work.id,
            line.id,
            scenario=self._policy.scenario,
            quantities=[1] * wanted if asked else [wanted],
            owed=asked,
            entry_id=act.enter(replace(scan, text=checked or package or scan.text), PRODUCT, summary),
        )
        act.counts_changed()
        after = act.line(line.id)
        return say.taken(
            product.sku,
            scan.text,
            quantity=wanted,
            done=after.done + after.in_work,
            ordered=after.wanted,
            prompt=act.prompt if asked else None,
            order_full=act.if_full(),
        )

    def _not_all(self, line: OrderLine) -> Verdict | None:
        """Why all that is left is not taken, or the question first: what no serial counts, a person has to count."""
        act, text, sku, pack = self._act, self._scan.text, self._product.sku, self._scanned.pack_quantity
        if line.left % pack:
            return say.no_whole_packs(text, sku, line.left, pack)
        if self._asks is not Asks.NOTHING:
            return None
        if act.rules.kind is not OrderKind.PURCHASE or act.site.rules.qty_all == "off":
            return say.not_all_at_once(text, sku)
        return act.unless_yes(say.take_all(text, sku, line.left))

    @property
    def _may_go_beyond(self) -> bool:
        """May more be taken than the order has, if somebody says so?"""
        return self._act.rules.kind is OrderKind.PURCHASE and self._act.site.rules.over_receipt == "confirm"

    def _beyond_order(self, line: OrderLine, wanted: int) -> Verdict | None:
        """Take more than the order has, where that is allowed and confirmed; else the refusal or the question."""
        act, text = self._act, self._scan.text
        if not self._may_go_beyond:
            return act.too_many(text, line, wanted)
        asked = say.beyond_order(text, line.product.sku, line.wanted, wanted - line.left)
        if question := act.unless_yes(asked):
            return question
        orders.take(act.tx, line.id, wanted, beyond_order=True)
        return None
