"""A desk: one station's conversation about one kind of order, scan by scan.

Every scan is answered by one transaction and one new `DeskView`. What must survive a power cut is in the
store; here is only what a person would have to say again: the question that is open, the quantity asked for.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code
from scanstation.domain.commands import Act, Command
from scanstation.domain.gtin import expected_check_digit
from scanstation.domain.orders import Order, OrderLine
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.domain.tracking import Asks
from scanstation.domain.units import Stamp
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import NOTHING_ASKED, Answers, Tone, Verdict, ok
from scanstation.domain.work import Standing, Work
from scanstation.store import catalog, orders, refusals, units, works
from scanstation.store.store import Transaction, trial
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import Commanded, CountFound, Look, NoCode, OrdersFound, ProductFound, Unusable
from scanstation.workflows.scanning.order_work import OrderWork, Seen, Turn, lacking
from scanstation.workflows.scanning.packing import Packing
from scanstation.workflows.scanning.receiving import Receiving
from scanstation.workflows.scanning.views import Answered, DeskView, LineView, OrderView, Place
from scanstation.workflows.site import Site, local_time

_KEPT_ANSWERS = 30


@dataclass(frozen=True, slots=True)
class _Talk:
    """The conversation between two scans."""

    order_id: int | None = None
    work_id: int | None = None
    quantity: int = 1
    pending: "_Pending | None" = None
    answers: Answers = NOTHING_ASKED
    """What was said to the questions of the scan in hand."""
    go: Place | None = None
    go_order: str = ""

    def closed(self) -> "_Talk":
        """No order is on the desk any longer."""
        return _Talk()


_Step = tuple[_Talk, Verdict]
_Take = Callable[[Transaction, Stamp, _Talk], _Step]
"""A scan or a key, to be judged against a conversation, again and again if it has to be."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A question, and the scan it is about: the answer has the same scan judged again."""

    asked: Verdict
    take: _Take
    scan: Scan
    same: str
    """What the same scan again, or the same key, has in common with it."""
    answers: Answers
    """What was said to the questions before this one."""
    owed_piece: int | None
    """The unit that owed a code when it was asked."""


class Desk:
    """Receiving or packing at one station. Never two calls at once; every call answers the new view."""

    def __init__(self, site: Site, kind: OrderKind, unseen: Unseen | None = None) -> None:
        self.site = site
        self.kind = kind
        self._unseen = unseen or Unseen()
        self._job: OrderWork = Receiving(site) if kind is OrderKind.PURCHASE else Packing(site)
        self._talk = _Talk()
        self._last: deque[Answered] = deque(maxlen=_KEPT_ANSWERS)
        self.view = DeskView()

    # What a person does; each is one transaction

    def answer(self, scan: Scan) -> DeskView:
        """Answer a scan or a typed entry, whatever it turns out to be.

        Raises:
            StoreError: the store cannot be used; nothing was changed.
        """
        return self._step(lambda tx, stamp, talk: self._scan(tx, stamp, talk, scan), scan)

    def open(self, number: str) -> DeskView:
        """Put an order on the desk by its number."""
        scan = Scan(number)
        return self._step(lambda tx, stamp, talk: self._open(tx, stamp, talk, scan), scan)

    def open_order(self, order_id: int) -> DeskView:
        """Put an order on the desk that was chosen from a list."""
        return self._step(lambda tx, stamp, talk: self._open(tx, stamp, talk, Scan(""), order_id), Scan(""))

    def undo(self) -> DeskView:
        """F2."""
        return self._command(Act.UNDO)

    def cancel(self) -> DeskView:
        """Esc while a code is owed."""
        return self._command(Act.CANCEL)

    def complete(self) -> DeskView:
        """F10."""
        return self._command(Act.COMPLETE)

    def yes(self) -> DeskView:
        """Y."""
        return self._command(Act.YES)

    def no(self) -> DeskView:
        """N."""
        return self._command(Act.NO)

    def set_quantity(self, quantity: int) -> DeskView:
        """F4: how many the next product scan takes."""
        return self._command(Act.QUANTITY, quantity)

    def refresh(self) -> DeskView:
        """Look again: other stations work on the same order."""
        with self.site.store.read() as tx:
            self.view = self._view(tx, self._talk, self.view.verdict)
        return self.view

    def note(self, verdict: Verdict) -> None:
        """Keep among the last answers; also what no scan has asked for: a scanner was unplugged."""
        time = self.site.store.clock().astimezone().strftime("%H:%M:%S")
        self._last.appendleft(Answered(time, verdict.tone, verdict.text))

    def leave(self) -> DeskView:
        """Go away from the desk; work that took something stays open."""
        stamp = self.site.stamp()
        self.site.store.act(lambda tx: self._put_down(tx, stamp, self._talk))
        self._talk = self._talk.closed()
        self.view = DeskView(last=self.view.last)
        return self.view

    # One step: transaction, verdict, view

    def _command(self, act: Act, quantity: int = 0) -> DeskView:
        command, scan = Command(act, quantity), Scan("")
        return self._step(lambda tx, stamp, talk: self._obey(tx, stamp, talk, scan, command), scan)

    def _step(self, take: _Take, scan: Scan) -> DeskView:
        stamp, before = self.site.stamp(), self._talk

        def act(tx: Transaction) -> tuple[_Talk, Verdict, DeskView]:
            self._job.seen = None
            talk, verdict = self._kept(tx, scan) or take(tx, stamp, before)
            verdict = _with_note(verdict, scan.note)
            if verdict.tone is Tone.STOP:
                self._log(tx, stamp, talk, verdict)
            return talk, verdict, self._view(tx, talk, verdict, self._job.seen)

        talk, verdict, view = self.site.store.act(act)
        self.note(verdict)
        self._talk = replace(talk, go=None, go_order="", answers=NOTHING_ASKED)
        self.view = replace(view, last=tuple(self._last))
        return self.view

    def _kept(self, tx: Transaction, scan: Scan) -> _Step | None:
        """The answer to a scan that was kept already under the same op_id."""
        kept = works.entry_of_op(tx, scan.op_id)
        if kept is None:
            return None
        return replace(self._talk, quantity=1, pending=None), ok(f"{kept.summary} taken.", scan.text)

    def _log(self, tx: Transaction, stamp: Stamp, talk: _Talk, verdict: Verdict) -> None:
        refusals.log(tx, stamp, order_id=talk.order_id, code=verdict.code, reason=verdict.reason, sentence=verdict.text)

    # Questions: whatever judges a scan may hand back one, with nothing changed

    def _judged(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan, take: _Take, same: str) -> _Step:
        """What a scan leads to; where that is a question, the scan waits for its answer."""
        after, verdict = take(tx, stamp, talk)
        if verdict.question is None:
            return after, verdict
        piece = self._owed_piece(tx, talk)
        return replace(talk, pending=_Pending(verdict, take, scan, same, talk.answers, piece)), verdict

    def _with_question(
        self, tx: Transaction, stamp: Stamp, talk: _Talk, pending: _Pending, scan: Scan, same: str, said: bool | None
    ) -> _Step | None:
        """What a scan or a key does to an open question; None where it drops the question and is judged by itself.

        `said` is yes or no, None for all else.
        """
        question = pending.asked.question
        assert question is not None, "only a question is pending"
        if said is None and same == pending.same:
            if not question.again_is_yes:
                return talk, pending.asked
            said = True
        if said is None:
            return None if question.again_is_yes else (talk, say.answer_first(scan.text, question.text))
        talk = replace(talk, pending=None)
        if kept := self._kept(tx, pending.scan):
            return kept  # a yes before this one was kept, and its answer lost
        if not (said or question.no):
            return talk, say.left_as_it_is()
        if talk.work_id is not None:
            turn = self._turn(tx, stamp, talk)
            if isinstance(turn, Verdict):
                return talk.closed(), turn
            if turn and self._owed_piece(tx, talk) != pending.owed_piece:
                # Work that this station took over meanwhile owes a code.
                prompt = self._job.prompt(tx, turn.work.id)
                return talk, say.serial_owed("", prompt) if prompt else say.left_as_it_is()
        answered = replace(talk, answers=pending.answers.and_(question, said))
        return self._judged(tx, stamp, answered, pending.scan, pending.take, pending.same)

    def _owed_piece(self, tx: Transaction, talk: _Talk) -> int | None:
        owed = works.owed(tx, talk.work_id) if talk.work_id is not None else None
        return owed.piece.id if owed else None

    # What a scan means, in this order

    def _scan(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan) -> _Step:
        heard = lookup.read(self.site, scan)
        if isinstance(heard, Unusable):
            return talk, heard.verdict
        same = repr(heard.command) if isinstance(heard, Commanded) else code_key(heard.text)
        if talk.pending and scan.follows and (isinstance(heard, Commanded) or same == talk.pending.same):
            return talk, say.faulty(scan.text, Fault.TOO_SOON)  # its own label has asked
        if isinstance(heard, Commanded):
            return self._obey(tx, stamp, talk, scan, heard.command)
        reading = heard
        if talk.pending:
            if answer := self._with_question(tx, stamp, talk, talk.pending, scan, same, None):
                return answer
            talk = replace(talk, pending=None)
        scan = replace(scan, text=reading.text)
        talk, verdict = self._judged(
            tx, stamp, talk, scan, lambda tx, stamp, talk: self._meant(tx, stamp, talk, scan, reading), same
        )
        return talk, _with_note(verdict, reading.remark)

    def _meant(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan, reading: Reading) -> _Step:
        """What a code means here and now: the code that is owed, a product, an order, a known serial."""
        turn = self._turn(tx, stamp, talk)
        if turn is None:
            return self._open_or_next(tx, stamp, talk, reading)
        if isinstance(turn, Verdict):
            return talk.closed(), turn
        if owed := works.owed(turn.tx, turn.work.id):
            return talk, self._job.serial(turn, scan, owed, reading)
        meant = lookup.find(turn.tx, reading, *looks_at(turn.order))
        match meant:
            case ProductFound(product):
                return replace(talk, quantity=1), self._job.label(turn, scan, product, talk.quantity, reading)
            case OrdersFound(found):
                return self._go_to_one(tx, stamp, talk, reading.text, found)
            case CountFound(count):
                if question := turn.unless_yes(say.label_says_next(scan.text, count)):
                    return talk, question
                return replace(talk, quantity=count), say.quantity_set(count)
            case _:
                return talk, self._without_product(turn, scan, reading)

    def _without_product(self, turn: Turn, scan: Scan, reading: Reading) -> Verdict:
        """A code that names no product of the client: an order, a serial, or nothing known."""
        number = turn.order.number
        if reading.gtin:
            return say.unknown_here(scan.text, number)
        if reading.code is None:
            return say.unknown_here(scan.text, number, reading.note)
        code, doubt = read_code(reading.code), reading.doubt
        if isinstance(code, BadCode) and not (doubt and doubt.spelt):
            return say.bad_code(code, f"a product of {number}")
        if isinstance(code, Code) and (answer := self._known_unit(turn, scan, code, reading)):
            return answer
        if doubt and doubt.spelt:
            return say.faulty(scan.text, say.spelt_separator(doubt.spelt))
        assert isinstance(code, Code)
        for shorter in doubt.shorter if doubt else ():
            if units.of_client(turn.tx, turn.order.client_id, code_key(shorter)):
                return say.dropped_separator(scan.text, code.text, shorter)
        for digits in (code.text, code.text.removeprefix("01")):  # behind GS1's number of a product as well
            expected = expected_check_digit(digits)
            if expected and catalog.scanned_product(turn.tx, turn.order.client_id, digits[:-1] + expected):
                return say.wrong_check_digit(scan.text, expected)
        # Eight digits are too often something else.
        expected = expected_check_digit(code.text) if len(code.text) > 8 else None
        is_wrong = expected is not None and not code.text.endswith(expected)
        return say.unknown_here(scan.text, number, expected=expected if is_wrong else None)

    def _known_unit(self, turn: Turn, scan: Scan, code: Code, reading: Reading) -> Verdict | None:
        """Take a known unit by its serial; where its label says how many there are, only when that was confirmed."""
        if not reading.says_how_many:
            return self._job.unit(turn, scan, code)
        with trial(turn.tx) as take_back:
            answer = self._job.unit(turn, scan, code)
            if answer and answer.accepted and (question := self._job.one_unit(turn, scan, reading)):
                take_back()
                self._job.seen = None
                return question
        return answer

    # Commands

    def _obey(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan, command: Command) -> _Step:
        act, same = command.act, repr(command)
        if pending := talk.pending:
            if act is Act.CANCEL and not scan.text:
                return self._kept(tx, pending.scan) or (replace(talk, pending=None), say.left_as_it_is())
            said = {Act.YES: True, Act.NO: False}.get(act)
            if answer := self._with_question(tx, stamp, talk, pending, scan, same, said):
                return answer
            talk = replace(talk, pending=None)
        return self._judged(
            tx, stamp, talk, scan, lambda tx, stamp, talk: self._commanded(tx, stamp, talk, scan, command), same
        )

    def _commanded(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan, command: Command) -> _Step:
        act, turn = command.act, self._turn(tx, stamp, talk)
        if isinstance(turn, Verdict):
            return talk.closed(), turn
        prompt = self._job.prompt(tx, turn.work.id) if turn else None
        if prompt and act not in (Act.CANCEL, Act.UNDO, Act.HOME):
            return talk, say.serial_owed(scan.text, prompt)
        if act in (Act.YES, Act.NO):
            return talk, say.no_question(scan.text)
        if place := _PLACES.get(act):
            self._put_down(tx, stamp, talk)
            told = say.home_owing(scan.text, turn.order.number) if turn and prompt else ok(f"{place.title}.", scan.text)
            return replace(talk.closed(), go=place), told
        if turn is None:
            return talk, say.no_order_open(scan.text)
        if act is Act.QUANTITY:
            return replace(talk, quantity=command.quantity), say.quantity_set(command.quantity)
        if act is Act.UNDO:
            return talk, self._job.undo(turn)
        if act is Act.CANCEL:
            return talk, self._job.cancel(turn)
        return self._complete(turn, talk)

    def _complete(self, turn: Turn, talk: _Talk) -> _Step:
        mine = works.tally(turn.tx, turn.work.id).quantity
        lacks = lacking(orders.lines(turn.tx, turn.order.id))
        unseen = say.complete_without(turn.order.number, self._unseen.codes, len(self._unseen.refusals))
        if mine and self._unseen.refusals and (question := turn.unless_yes(unseen)):
            return talk, question
        if mine and lacks and (question := turn.unless_yes(say.complete_in_part(turn.order.number, mine, lacks))):
            return talk, question
        verdict = self._job.complete(turn)
        if not verdict.accepted:
            return talk, verdict
        self._unseen.acknowledge()  # they were named, and were not missed
        return talk.closed(), verdict

    # Orders

    def _open(self, tx: Transaction, stamp: Stamp, talk: _Talk, scan: Scan, order_id: int | None = None) -> _Step:
        """An order that was named, or chosen from a list, and not scanned at the desk."""
        same = code_key(scan.text) if order_id is None else f"from the list {order_id}"
        if talk.pending:
            if answer := self._with_question(tx, stamp, talk, talk.pending, scan, same, None):
                return answer
            talk = replace(talk, pending=None)

        def take(tx: Transaction, stamp: Stamp, talk: _Talk) -> _Step:
            if order_id is None:
                return self._open_or_next(tx, stamp, talk, Reading(scan.text))
            return self._leave_for(tx, stamp, talk, orders.get(tx, order_id))

        return self._judged(tx, stamp, talk, scan, take, same)

    def _open_or_next(self, tx: Transaction, stamp: Stamp, talk: _Talk, reading: Reading) -> _Step:
        meant = lookup.find(tx, reading, lookup.orders)
        match meant:
            case OrdersFound(found):
                return self._go_to_one(tx, stamp, talk, reading.text, found)
            case NoCode(bad) if reading.is_plain:
                return talk, say.bad_code(bad, f"the number of a {self.kind.noun}")
            case _:
                return talk, say.unknown_order(reading.text, self.kind)

    def _go_to_one(self, tx: Transaction, stamp: Stamp, talk: _Talk, number: str, found: Sequence[Order]) -> _Step:
        """Of the orders of a number the one that is meant here: of this kind, and taking goods."""
        candidates = [order for order in found if order.kind is self.kind] or found
        if len(candidates) > 1:
            takers = [order for order in candidates if order.status.takes_goods]
            if len(takers) != 1:
                used = [f"{order.client} ({order.warehouse})" for order in candidates]
                return talk, say.order_used_twice(number, used)
            candidates = takers
        return self._leave_for(tx, stamp, talk, candidates[0])

    def _leave_for(self, tx: Transaction, stamp: Stamp, talk: _Talk, chosen: Order) -> _Step:
        turn = self._turn(tx, stamp, talk)
        if isinstance(turn, Verdict):
            turn, talk = None, talk.closed()
        if turn and turn.order.id == chosen.id:
            return talk, say.order_already_open(chosen.number)
        if chosen.kind is self.kind and not chosen.status.takes_goods:
            return talk, say.order_takes_nothing(chosen.number, chosen.kind, chosen.status)
        if turn and (prompt := self._job.prompt(tx, turn.work.id)):
            return talk, say.serial_owed(chosen.number, prompt)
        if owing := owes_first(tx, stamp.station, chosen):
            return talk, owing
        if turn is None:
            return self._go_to(tx, stamp, chosen)
        mine = works.tally(tx, turn.work.id).quantity
        lacks = lacking(orders.lines(tx, turn.order.id))
        asked = say.order_lacks(turn.order.number, lacks, chosen.number)
        if mine and lacks and (question := turn.unless_yes(asked)):
            return talk, question
        if mine and not lacks:
            self._job.complete(turn)
            after, verdict = self._go_to(tx, stamp, chosen)
            return after, say.completed_and_next(turn.order.number, mine, verdict)
        self._put_down(tx, stamp, talk)
        return self._go_to(tx, stamp, chosen)

    def _go_to(self, tx: Transaction, stamp: Stamp, order: Order) -> _Step:
        if order.kind is not self.kind:
            place = Place.RECEIVE if order.kind is OrderKind.PURCHASE else Place.PACK
            return _Talk(go=place, go_order=order.number), ok(f"{order.number} is a {order.kind.noun}.", order.number)
        work = works.own(tx, order.id, stamp.station)
        lines = orders.lines(tx, order.id)
        if work:
            works.set_operator(tx, work.id, stamp.operator)
            if in_work := works.tally(tx, work.id).quantity:
                prompt = self._job.prompt(tx, work.id)
                return _Talk(order.id, work.id), say.order_resumed(order.number, self.kind, in_work, prompt)
        others = [
            f"{one.work.station} ({one.work.operator}, since {self._time(one.work.opened_at)}, {one.pieces})"
            for one in works.open_on(tx, order.id)
            if one.pieces and one.work.station != stamp.station
        ]
        work = work or works.start(tx, order.id, stamp)
        return _Talk(order.id, work.id), say.order_open(order.number, self.kind, lacking(lines), others)

    def _put_down(self, tx: Transaction, stamp: Stamp, talk: _Talk) -> None:
        """Forget work that took nothing; other work stays open."""
        if talk.work_id is not None:
            work = works.get(tx, talk.work_id, lock=True)
            mine = work.status is WorkStatus.OPEN and code_key(work.station) == code_key(self.site.station)
            if mine and not works.tally(tx, work.id).quantity:
                if works.has_entries(tx, work.id):
                    works.close(tx, work.id, WorkStatus.CANCELLED, stamp)
                else:
                    works.discard(tx, work.id)

    def _turn(self, tx: Transaction, stamp: Stamp, talk: _Talk) -> Turn | Verdict | None:
        """The work on the desk; None when there is none; a refusal when it is no longer this station's."""
        if talk.order_id is None or talk.work_id is None:
            return None
        order = orders.lock(tx, talk.order_id)
        work = works.get(tx, talk.work_id, lock=True)
        if work.status is WorkStatus.OPEN:
            return Turn(tx, stamp, order, work, talk.answers)
        return self._no_longer_mine(order, work)

    def _no_longer_mine(self, order: Order, work: Work) -> Verdict:
        at, who = self._time(work.closed_at or ""), work.closed_by or ""
        if work.status is WorkStatus.TAKEN_OVER:
            return say.work_gone(order.number, self.kind, work.closed_at_station or "", who, at)
        return say.work_ended(order.number, self.kind, work.status.value, who, at)

    def _time(self, stamp: str) -> str:
        return local_time(stamp, self.site.store.clock())

    # The view

    def _view(self, tx: Transaction, talk: _Talk, verdict: Verdict | None, seen: Seen | None = None) -> DeskView:
        view = DeskView(
            verdict=verdict,
            question=talk.pending.asked.question if talk.pending else None,
            quantity=talk.quantity,
            last=tuple(self._last),
            go=talk.go,
            go_order=talk.go_order,
        )
        if talk.order_id is None or talk.work_id is None:
            return view
        if seen is None:
            lines = orders.lines(tx, talk.order_id)
            seen = Seen(orders.get(tx, talk.order_id), lines, self._job.prompt(tx, talk.work_id, lines))
        order, prompt = seen.order, seen.prompt
        standing = works.standing(tx, order.id, talk.work_id)
        hindrance = "nothing is scanned" if standing.last_line is None else ""
        return replace(
            view,
            order=OrderView(
                order.id,
                order.number,
                order.client,
                order.warehouse,
                order.partner,
                order.status,
                self._lines(seen.lines, standing),
            ),
            prompt=prompt,
            complete_hindrance="a serial is owed" if prompt else hindrance,
        )

    def _lines(self, lines: list[OrderLine], standing: Standing) -> tuple[LineView, ...]:
        views = []
        for line in lines:
            taken = line.done + line.in_work
            others = [share for share in standing.others if share.line_id == line.id]
            owed = standing.owed.get(line.id, 0) + sum(share.owed for share in others)
            policy = self.site.policy(line.product.settings)
            if not policy.tracked:
                serials = "not tracked"
            elif self._job.asks(policy) is not Asks.NOTHING:
                serials = f"{taken - owed} of {taken}"
            else:
                serials = "by import" if self._job.imports(policy) else "not asked"
            views.append(
                LineView(
                    line.id,
                    line.product.sku,
                    line.product.description,
                    line.ordered,
                    taken - owed,
                    serials,
                    tuple((share.station, share.quantity - share.owed) for share in others),
                    in_work=line.id == standing.last_line,
                )
            )
        return tuple(views)


def looks_at(order: Order) -> tuple[Look[ProductFound | OrdersFound | CountFound], ...]:
    """What a code may stand for while no code is owed on this order, before the serials of its client."""
    client = order.client_id
    return lookup.client_product(client), lookup.orders, lookup.client_identifier(client)


def _with_note(verdict: Verdict, note: str | None) -> Verdict:
    if not note:
        return verdict
    # A question ends in its question mark.
    told = f"{verdict.text} ({note})" if verdict.question is None else f"({note}) {verdict.text}"
    return replace(verdict, text=told)


def owes_first(tx: Transaction, station: str, order: Order) -> Verdict | None:
    """Why an order has to wait: this station's work on another one owes a serial."""
    owing = [one.work.order_id for one in works.open_at(tx, station) if one.owes]
    if not owing or order.id in owing:
        return None
    return say.owes_first(order.number, orders.get(tx, owing[0]).number)


_PLACES = {Act.HOME: Place.HOME, Act.RECEIVE: Place.RECEIVE, Act.PACK: Place.PACK}
