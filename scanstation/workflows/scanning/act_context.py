"""One act on open work: what it acts on, and what it has read of it so far."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, shorten
from scanstation.domain.language import worded
from scanstation.domain.lots import NO_LOT, LotFacts, of_label
from scanstation.domain.order_lines import OrderLines
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.units import AlikeCode, ReplacedCode, Stamp, Unit
from scanstation.domain.verdict import NOTHING_ASKED, Answers, CodeKind, Verdict
from scanstation.domain.work import Work
from scanstation.domain.work_rules import Unavailable
from scanstation.store import batches, catalog, events, lot_holds, orders, returns, units, works
from scanstation.store.store import Transaction, trial
from scanstation.workflows.scanning.remembered import Remembered
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site, local_time

PRODUCT, UNIT = "product", "unit"
"""What an entry may be besides a primary or a secondary code: a product scan, or a known unit in one scan."""


class ActContext(WorkFacts):
    """One act on open work, in its transaction; nothing that it has read outlives it.

    Nothing is read twice: whoever writes says what is no longer as it was read (`counts_changed`, `codes_changed`).
    """

    def __init__(
        self,
        site: Site,
        tx: Transaction,
        stamp: Stamp,
        order: Order,
        work: Work,
        *,
        answers: Answers = NOTHING_ASKED,
        remembered: Remembered | None = None,
        at_hand: OrderLines | None = None,
    ) -> None:
        super().__init__(site, tx, order, work.id, at_hand)
        self.stamp, self.work = stamp, work
        self.answers = answers
        """What was said to the questions of this scan before it was judged this time."""
        self.expired_on: dict[str, str] = {}
        """What was taken past its use-by, and that day."""
        self.remembered = remembered or Remembered()
        self.unlisted = work.unlisted
        """What came in a row that is on no supplier's list; it counts where a code of it is refused, too."""
        self.is_aside = False
        """Is another order on the desk, or about to be again, so that nothing of this one leads on?"""
        self._owners: dict[str, list[Unit]] = {}
        self._alike: dict[str, dict[int, list[AlikeCode]]] = {}
        self._replaced: dict[str, list[ReplacedCode]] = {}

    # What is read

    def owners(self, key: str) -> list[Unit]:
        """The client's units that have a code, one of a product at most."""
        if key not in self._owners:
            self._owners[key] = units.of_client(self.tx, self.order.client_id, key)
        return self._owners[key]

    def alike(self, key: str) -> dict[int, list[AlikeCode]]:
        """The codes of all products that differ from this one only by marks or separators: product id → codes."""
        if key not in self._alike:
            self._alike[key] = units.alike_of_all(self.tx, key)
        return self._alike[key]

    def replaced(self, key: str) -> list[ReplacedCode]:
        """The codes of the client's units that a correction put in the place of this one."""
        if key not in self._replaced:
            self._replaced[key] = units.replaced(self.tx, self.order.client_id, key)
        return self._replaced[key]

    @property
    def seen_of_lists(self) -> tuple[tuple[str, ...], set[int]]:
        """What came in a row that is on no supplier's list, and of which work it was asked whether that is wrong."""
        return self.unlisted, set(self.remembered.wrong_lists)

    @seen_of_lists.setter
    def seen_of_lists(self, seen: tuple[tuple[str, ...], set[int]]) -> None:
        self.unlisted, self.remembered.wrong_lists = seen

    # What is written

    def keep_unlisted(self) -> None:
        """Keep with the work what came in a row that is on no list, for whoever goes on with it."""
        if self.unlisted != self.work.unlisted:
            works.keep_unlisted(self.tx, self.work.id, self.unlisted)
            self.work = replace(self.work, unlisted=self.unlisted)

    def enter(self, scan: Scan, act: str, summary: str, piece_id: int | None = None) -> int:
        """Keep an accepted scan; returns its id."""
        return works.add_entry(
            self.tx,
            self.work.id,
            op_id=scan.op_id,
            act=act,
            code=scan.text,
            summary=summary,
            stamp=self.stamp,
            source=scan.source,
            piece_id=piece_id,
        )

    def counts_changed(self) -> None:
        """Pieces were taken or dropped: what changed is read anew, and the order's status follows."""
        lines, shares = self.lines, self.lines.shares
        others_known = shares is not None and (shares.work_id, shares.changes) == (self.work_id, self.order.changes)
        works.standing_ahead(self.tx, self.order.id, self.work_id, others_known=others_known)
        self._lines = self._brought_up(lines, lines.changes)
        self.codes_changed()
        self.order = replace(self.order, status=orders.keep_status(self.tx, self.order, self._lines))

    def codes_changed(self, *, nothing_owed: bool = False) -> None:
        """A unit got a code: what is owed and which codes are known is read anew, the order's counts stay."""
        self._owed, self._standing = [None] if nothing_owed else [], None
        self._owners, self._alike, self._replaced = {}, {}, {}

    @contextmanager
    def trial(self) -> Iterator[Callable[[], None]]:
        """Part of the act that may be taken back by itself: call what is yielded."""
        order, lines = self.order, self.lines
        with trial(self.tx) as roll_back:

            def take_back() -> None:
                roll_back()
                self.order, self._lines = order, lines
                self.codes_changed()

            yield take_back

    def comes_back(self, unit: Unit) -> bool:
        """Is it one that this purchase order brings back, and not a new one?"""
        return self.rules.kind is OrderKind.PURCHASE and unit.status is UnitStatus.SHIPPED

    def in_return(self, code: Code, unit: Unit) -> Verdict | None:
        """Why a Shipped unit cannot come in here: a return desk has it in hand. From now on none can take it."""
        batches.lock_units(self.tx, [unit.id])
        return self.refuse(code, Unavailable(unit)) if returns.in_hand(self.tx, [unit.id]) else None

    def reserve(self, unit: Unit) -> None:
        """Nobody else may take a known unit while this work is open."""
        if self.comes_back(unit):
            units.expect_back(self.tx, unit.id, self.work.id)
        else:
            units.hold(self.tx, unit.id, self.work.id)

    def back_from(self, unit: Unit) -> str:
        """How the answer goes on to a serial whose unit comes back."""
        order_id = orders.line(self.tx, unit.shipment_line_id).order_id if unit.shipment_line_id else None
        number = orders.get(self.tx, order_id).number if order_id else ""
        return say.back_from(number, on_hold=self.site.rules.returns_on_hold and unit.on_hold is None)

    def said_hold(self, taken: Verdict, unit: Unit) -> Verdict:
        """The answer to a unit that came back, with what is said of one that was put on hold while it was away."""
        hold = events.holds(self.tx, [unit.id]).get(unit.id) if unit.on_hold else None
        if hold is None:
            return taken
        return say.back_on_hold(taken, local_time(hold.at, self.site.store.clock()), hold.operator, hold.reason)

    def label_lot(self, reading: Reading) -> LotFacts:
        """What a label says of lot and dates."""
        return of_label(reading, self.site.today)

    # What is refused or asked

    def unless_yes(self, asked: Verdict) -> Verdict | None:
        """The question, to be handed back with nothing changed; None once it was answered with yes."""
        return self.answers.unless_yes(asked)

    def one_unit(self, scan: Scan, reading: Reading) -> Verdict | None:
        """The question where a label with a serial says how many: yes takes the one unit."""
        serial = reading.serial or reading.secondary
        if serial is None or reading.count is None or not reading.says_how_many:
            return None
        return self.unless_yes(say.one_unit_marked(scan.text, serial, reading.count))

    def lot_doubt(self, code: Code, kept: LotFacts, on_label: LotFacts) -> Verdict | None:
        """The question where a label says another lot or date than what is kept: yes takes the unit as it is kept."""
        for one in kept.against(on_label) if kept and on_label else ():
            if question := self.unless_yes(say.other_lot(code.text, one)):
                return question
        return None

    def lot_on_hold(self, code: str, product_id: int, kept: LotFacts, on_label: LotFacts) -> Verdict | None:
        """Why what is to be packed may not leave: its label says a lot that is on hold, and of the unit none is known.

        A unit of a known lot is on hold by itself, or was released.
        """
        if self.rules.kind is not OrderKind.SHIPMENT or kept.lot or not on_label.lot:
            return None
        hold = lot_holds.of_lot(self.tx, product_id, on_label.lot)
        if hold is None:
            return None
        at = local_time(hold.at, self.site.store.clock())
        return say.lot_on_hold(code, hold.lot, hold.reason, at, hold.station, hold.operator)

    def past_days(self, code: str, kept: LotFacts, on_label: LotFacts = NO_LOT) -> Verdict | None:
        """Why what is to be packed may not leave, or the question: behind its use-by, or its best-before (RULES 2.29).

        Args:
            code: what was scanned.
            kept: what is known of the unit.
            on_label: what its label says; the earlier of two days counts.
        """
        if self.rules.kind is not OrderKind.SHIPMENT or not (kept or on_label):
            return None
        today = self.site.today.isoformat()
        use_by, best_before = (kept.first(name, on_label) for name in ("use_by", "best_before"))
        if use_by and use_by < today:
            if self.answers.released:
                self.expired_on[code] = use_by
                return None
            if self.site.rules.refuse_expired:
                return say.expired(code, use_by)
            return self.unless_yes(say.expired_asked(code, use_by))
        if best_before and best_before < today:
            return self.unless_yes(say.past_best_before(code, best_before))
        return None

    def order_finished(self) -> Verdict | None:
        """Why an order takes nothing more: another station may have completed it, or it was cancelled as work began."""
        if self.order.status.takes_goods:
            return None
        return say.order_takes_nothing(self.order.number, self.rules.kind, self.order.status)

    def too_many(self, text: str, line: OrderLine, wanted: int) -> Verdict:
        """The refusal of more than a line has left, with who has it."""
        others = [
            worded("{pieces} of them at {station}", pieces=share.quantity, station=share.station)
            for share in self.standing.others
            if share.line_id == line.id
        ]
        return say.too_many(
            text,
            line.product.sku,
            self.rules.kind,
            ordered=line.wanted,
            done=line.done + line.in_work,
            asked=wanted,
            others=others,
        )

    def refuse(self, code: Code, unavailable: Unavailable) -> Verdict:
        """The refusal of a code whose unit somebody has reserved, or has moved on, with where it is."""
        unit = unavailable.unit
        if unit.held_by == self.work.id:
            return self._already_captured(code, unit)
        warehouse = "" if unit.warehouse_id == self.order.warehouse_id else unit.warehouse
        last = events.whereabouts(self.tx, [unit.id])[unit.id]
        if last.status is UnitStatus.HELD:
            assert last.order_number is not None
            if last.order_kind is None:
                return say.in_return(code.text, last.order_number, last.station, last.operator)
            return say.held_elsewhere(
                code.text,
                last.order_kind,
                last.order_number,
                last.station,
                last.operator,
                here=self.rules.kind,
                warehouse=warehouse,
            )
        now = self.site.store.clock()
        if last.hold and unit.status is UnitStatus.RECEIVED and self.rules.kind is OrderKind.SHIPMENT:
            hold = last.hold
            return say.on_hold(code.text, hold.reason, local_time(hold.at, now), hold.station, hold.operator)
        at = local_time(last.at, now)
        if last.is_lost:
            return say.given_up(code.text, at, last.station, last.operator)
        return say.wrong_status(
            code.text,
            unit.status,
            last.order_number or "",
            at,
            last.station,
            last.operator,
            unavailable.way,
            warehouse=warehouse,
        )

    def _already_captured(self, code: Code, unit: Unit) -> Verdict:
        own = works.piece_of_unit(self.tx, self.work.id, unit.id)
        of_others = sum(share.quantity for share in self.standing.others if share.line_id == own.line_id)
        position = self.line(own.line_id).in_work - of_others - works.taken_later(self.tx, own)
        sku = catalog.product(self.tx, unit.product_id).sku
        return say.already_captured(code.text, sku, self.rules.kind, self.lines.place(own.line_id) + 1, position)

    # What is answered

    def serial_taken(
        self,
        line_id: int,
        code: Code,
        kind: CodeKind,
        codes: tuple[str | None, str | None],
        *,
        unit_owes: bool,
        by_house: bool = False,
        on_list: str = "",
    ) -> Verdict:
        """The answer to an accepted code, with what comes next.

        Args:
            line_id: the unit's line.
            code: what was taken.
            kind: which of the two it is.
            codes: the unit's primary and secondary, as far as they are in.
            unit_owes: does the unit owe the other one now?
            by_house: did the site give it?
            on_list: what lists say of it, to go on with.
        """
        line, prompt = self.line(line_id), self.prompt
        if by_house:
            return say.house_serial_given(
                line.product.sku,
                code.text,
                done=line.done + line.in_work,
                ordered=line.wanted,
                prompt=prompt,
                unit_owes=unit_owes,
                order_full="" if prompt else self.if_full(),
                is_printed=self.site.prints_labels,
                goes_on_hold=self.rules.kind is OrderKind.PURCHASE,
            )
        return say.serial_taken(
            line.product.sku,
            code.text,
            " + ".join(shorten(one) for one in codes if one),
            kind,
            done=line.done + line.in_work,
            ordered=line.wanted,
            prompt=prompt,
            unit_owes=unit_owes,
            order_full="" if prompt else self.if_full(),
            on_list=on_list,
        )

    def if_full(self) -> str:
        """How the answer to the last code ends: that all is scanned, or what comes next."""
        if self.is_aside:
            return ""
        return say.all_scanned(self.order.number) if self.lines.left == 0 else worded(" Scan the next product.")


def part_of(scan: Scan, number: int) -> Scan:
    """The same scan as the second or third act of its own: kept apart, undone together."""
    return replace(scan, op_id=f"{scan.op_id}/{number}")
