"""A desk: one station's conversation about one kind of order, scan by scan.

Every scan is answered by one transaction and one new `DeskView`. What must survive a power cut is in the
store; here is only what a person would have to say again: the question that is open, the quantity asked for.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, Code, code_key, read_code
from scanstation.domain.commands import Act, Command
from scanstation.domain.discrepancies import Draft
from scanstation.domain.gtin import expected_check_digit
from scanstation.domain.language import worded
from scanstation.domain.not_serials import is_sscc
from scanstation.domain.operators import PIN, Deed
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import ScannedProduct
from scanstation.domain.reading import PALLET, Reading
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import NOTHING_ASKED, Tone, Verdict
from scanstation.store import acts, catalog, orders, refusals, units, works
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import (
    Commanded,
    CountFound,
    Heard,
    Look,
    NoCode,
    OrdersFound,
    ProductFound,
    Unusable,
)
from scanstation.workflows.orders.order_book import blank_reason
from scanstation.workflows.scanning import learning, noting, packing, ranging, receiving, work_acts
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.conversation import Conversation, Moment, Pending, Step, Take
from scanstation.workflows.scanning.learning import Learning, Taught
from scanstation.workflows.scanning.no_serial import without_serial
from scanstation.workflows.scanning.order_on_desk import OrderOnDesk
from scanstation.workflows.scanning.part_missing import part_missing
from scanstation.workflows.scanning.product_scan import ProductScan
from scanstation.workflows.scanning.remembered import Remembered
from scanstation.workflows.scanning.serial_scan import SerialScan
from scanstation.workflows.scanning.viewing import AtHand, order_view
from scanstation.workflows.scanning.views import Answered, DeskView, LineView, OrderView, ScreenTarget
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site

_KEPT_ANSWERS = 30


class Desk:
    """Receiving or packing at one station. Never two calls at once; every call returns the new view."""

    def __init__(self, site: Site, kind: OrderKind, unseen: Unseen | None = None) -> None:
        self.site = site
        self.kind = kind
        self._unseen = unseen or Unseen()
        self._deed = Deed.RECEIVE if kind is OrderKind.PURCHASE else Deed.PACK
        self._orders = OrderOnDesk(site, kind)
        self._conversation = Conversation()
        self._at_hand: AtHand | None = None
        """What was read of the order, as of the last transaction that was kept."""
        self._remembered = Remembered()
        self._told_of: int | None = None
        """Work of which somebody was told already that it has ended."""
        self._told_on_hold = (0, 0)
        """Work, and how many of its units were on hold when that was last told."""
        self._told_lines: tuple[int, Sequence[LineView]] = (0, ())
        """The order of the work on the desk, and its lines when it was last told what is ordered of them."""
        self._lacks_pin: tuple[Take, Scan] | None = None
        """What was refused for a PIN that was not given; everything stands as before it."""
        self._last: deque[Answered] = deque(maxlen=_KEPT_ANSWERS)
        self.view = DeskView()

    # What a person does; each is one transaction

    def answer(self, scan: Scan) -> DeskView:
        """Answer a scan or a typed entry, whatever it turns out to be.

        Raises:
            StoreError: the store cannot be used; nothing was changed.
        """
        heard = lookup.read(self.site, scan)
        return self._step(lambda now, conversation: self._scan(now, conversation, scan, heard), scan, heard)

    def open(self, number: str) -> DeskView:
        """Put an order on the desk by its number."""
        scan = Scan(number)
        return self._step(lambda now, conversation: self._open(now, conversation, scan), scan)

    def open_order(self, order_id: int) -> DeskView:
        """Put an order on the desk that was chosen from a list."""
        return self._step(lambda now, conversation: self._open(now, conversation, Scan(""), order_id), Scan(""))

    def undo(self) -> DeskView:
        """F2."""
        return self._command(Act.UNDO)

    def range(self) -> DeskView:
        """F4 in a run."""
        return self._command(Act.RANGE)

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

    @property
    def has_expired(self) -> bool:
        """Was the last scan refused for its use-by, so that it can be released?"""
        verdict = self.view.verdict
        return self._conversation.expired is not None and verdict is not None and verdict.reason == say.EXPIRED

    def release_expired(self, reason: str) -> Done | Refused:
        """Take the scan that was refused for its use-by all the same, and keep why; what else is asked of it is asked.

        Refused where whoever is here may not release, with nothing changed.
        """
        expired = self._conversation.expired
        if expired is None:
            return say.nothing_to_release()
        if blank := blank_reason(expired.scan.text, reason, "packed", kept=say.IN_AUDIT):
            return blank

        def release(now: Moment, conversation: Conversation) -> Step:
            if self._owed_piece(now, conversation) != expired.owed_piece:
                return conversation, say.left_as_it_is()
            answers = replace(expired.answers, released=reason.strip())
            released = replace(conversation, answers=answers)
            return self._judged(now, released, expired.scan, expired.take, expired.same)

        answer = self._stepped(release, expired.scan, Deed.RELEASE_EXPIRED)
        return answer if isinstance(answer, Refused) else Done(self.view.verdict.text if self.view.verdict else "")

    def choose(self, number: int) -> DeskView:
        """The key of a number, where one of several reasons is asked."""
        return self._command(Act.REASON, number)

    def once_more(self) -> DeskView:
        """What lacked a PIN, now that it was given."""
        return self._step(*self._lacks_pin) if self._lacks_pin else self.view

    def note_discrepancy(self) -> DeskView:
        """F7 at receiving."""
        return self._command(Act.NOTE)

    def note_words(self, words: str) -> DeskView:
        """What a person says of the discrepancy that is being noted."""

        def take(now: Moment, conversation: Conversation) -> Step:
            del now  # nothing is written before the note is kept
            if conversation.draft is None:
                return conversation, say.left_as_it_is()
            draft, verdict = noting.with_words(conversation.draft, words)
            return replace(conversation, draft=draft), verdict

        return self._step(take, Scan(""))

    def set_quantity(self, quantity: int) -> DeskView:
        """F4: how many the next product scan takes."""
        return self._command(Act.QUANTITY, quantity)

    def refresh(self) -> DeskView:
        """Look again: other stations work on the same order."""
        with self.site.store.read() as tx:
            view, at_hand = self._view(tx, self._conversation, self.view.verdict, self._at_hand)
        self.view = view
        self._keep_at_hand(at_hand)
        self._tell_lines()
        return self.view

    def _tell_lines(self) -> None:
        """What is ordered is seen as it is shown; of work that was begun, what is changed of it has to be told."""
        order = self.view.order
        if order is None:
            self._told_lines = (0, ())
        elif self._told_lines[0] != order.order_id or not self.has_work:
            self._told_lines = (order.order_id, order.lines)

    @property
    def has_work(self) -> bool:
        """Is there work here that nobody was told to have ended?"""
        work_id = self._conversation.work_id
        return work_id is not None and self.view.order is not None and work_id != self._told_of

    @property
    def is_over(self) -> bool:
        """Has somebody else ended the work that is on the desk still?"""
        return self._conversation.work_id is not None and self._conversation.work_id == self._told_of

    def look_again(self) -> Verdict | None:
        """What others have done to the order on the desk since the last answer, told once; None where nothing was.

        One small query, asked every other second. The next scan of work that has ended says the same again.
        """
        work_id, order = self._conversation.work_id, self.view.order
        if not self.has_work or work_id is None or order is None:
            return None
        with self.site.store.read() as tx:
            signs = works.signs_of_change(tx, work_id)
            if self._told_on_hold[0] != work_id:
                self._told_on_hold = (work_id, 0)
            known_lines = self._told_lines[1]
            is_known = known_lines is order.lines or not _changes(known_lines, order.lines)
            wanted = sum(line.ordered for line in known_lines)
            if is_known and signs == (WorkStatus.OPEN, wanted, self._told_on_hold[1]):
                return None
            news = self._news(tx, order, signs)
        if news:
            self.note(news)
        return news

    def _news(self, tx: Transaction, before: OrderView, signs: tuple[WorkStatus, int, int] | None) -> Verdict | None:
        order_now, work_id = orders.get(tx, before.order_id), self._conversation.work_id
        if signs is None or work_id is None:
            return None
        if signs[0] is not WorkStatus.OPEN:
            self._told_of = work_id
            return self._orders.no_longer_mine(tx, order_now, works.get(tx, work_id), self._conversation.in_hand)
        told, self._told_on_hold = self._told_on_hold[1], (work_id, signs[2])
        if signs[2] > told:
            return work_acts.on_hold(tx, work_id)
        self.view, at_hand = self._view(tx, self._conversation, self.view.verdict, self._at_hand)
        self._keep_at_hand(at_hand)
        lines = self.view.order.lines if self.view.order else ()
        changes, self._told_lines = _changes(self._told_lines[1], lines), (before.order_id, lines)
        if not changes:
            return None  # the one on hold was taken out, or released
        return self._orders.changed(tx, order_now, changes)

    def note(self, verdict: Verdict) -> None:
        """Keep among the last answers; also what no scan has asked for: a scanner was unplugged.

        What was opened or shown is none of them, nor is a question, which its answer follows.
        """
        if (verdict.quiet and not verdict.fact) or verdict.question:
            return
        time = self.site.store.clock().astimezone().strftime("%H:%M:%S")
        self._last.appendleft(Answered(time, verdict.tone, verdict.text, verdict.fact))

    def leave(self) -> DeskView:
        """Go away from the desk; work that took something stays open."""
        stamp = self.site.stamp()
        self.site.store.act(lambda tx: self._orders.put_down(tx, stamp, self._conversation))
        self._conversation, self._at_hand = self._conversation.closed(), None
        self.view = DeskView(last=self.view.last)
        self._tell_lines()
        return self.view

    # One step: transaction, verdict, view

    def _command(self, act: Act, quantity: int = 0) -> DeskView:
        command, scan = Command(act, quantity), Scan("")
        return self._step(lambda now, conversation: self._obey(now, conversation, scan, command), scan)

    def _step(self, take: Take, scan: Scan, heard: Heard | None = None) -> DeskView:
        answer = self._stepped(take, scan, self._deed, heard)
        return self._not_allowed(answer, scan) if isinstance(answer, Refused) else answer

    def _stepped(self, take: Take, scan: Scan, deed: Deed, heard: Heard | None = None) -> DeskView | Refused:
        stamp, before = self.site.stamp(), replace(self._conversation, expired=None)

        def act(tx: Transaction) -> tuple[Conversation, Verdict, DeskView, AtHand | None, Remembered]:
            now = Moment(tx, stamp, self._remembered.copy(), at_hand=self._at_hand)
            conversation, verdict = self._kept(tx, scan) or take(now, before)
            if isinstance(now.facts, ActContext):
                now.facts.keep_unlisted()
            conversation, verdict = self._back(now, conversation, verdict)
            verdict = say.with_note(verdict, scan.note)
            if verdict.tone is Tone.STOP and verdict.reason != PIN:
                self._log(now, conversation, verdict)
            facts = now.facts_of(conversation.work_id)
            view, at_hand = self._view(tx, conversation, verdict, self._at_hand, facts)
            return conversation, verdict, view, at_hand, now.remembered

        of_work = before.work_id if deed is self._deed else None
        answer = self.site.act(deed, act, of_work=of_work, ahead=lambda tx: self._ask_ahead(tx, scan, heard))
        if isinstance(answer, Refused):
            return answer
        conversation, verdict, view, at_hand, self._remembered = answer
        self._keep_at_hand(at_hand)
        self._lacks_pin = (take, scan) if verdict.reason == PIN else None
        if verdict.fact or not (view.prompt and verdict.accepted):  # a unit whose code is owed is no fact yet
            self.note(verdict)
        in_hand = view.order.in_hand if view.order else 0
        self._conversation = replace(
            conversation, go=None, go_order="", completed=None, answers=NOTHING_ASKED, in_hand=in_hand
        )
        self.view = replace(view, last=tuple(self._last))
        self._tell_lines()
        return self.view

    def _ask_ahead(self, tx: Transaction, scan: Scan, heard: Heard | None) -> None:
        """What this step is sure to ask the store, or nearly, by what is on the desk: one wait for all of it."""
        at_hand, conversation = self._at_hand, self._conversation
        if at_hand is None or at_hand.work_id != conversation.work_id or isinstance(heard, Unusable):
            return
        works.scan_ahead(tx, scan.op_id, at_hand.order_id, at_hand.work_id)
        if isinstance(heard, Reading) and heard.is_plain:
            if self.view.prompt:
                units.code_ahead(tx, at_hand.client_id, code_key(heard.text))
            else:
                catalog.product_ahead(tx, at_hand.client_id, heard.text)

    def _keep_at_hand(self, at_hand: AtHand | None) -> None:
        """The transaction in which it was read is over, and all that it wrote is kept."""
        if at_hand:
            at_hand.lines.settle()
        self._at_hand = at_hand

    def _not_allowed(self, refusal: Refused, scan: Scan) -> DeskView:
        """Whoever is here may not do that, or nobody is: everything stays as it was."""
        first = self.site.log_refusal(refusal, order_id=self._conversation.order_id, code=scan.text).reasons[0]
        verdict = say.refused_with(first, scan.text)
        self.note(verdict)
        self.view = replace(self.view, verdict=verdict, last=tuple(self._last), go=None, go_order="")
        return self.view

    def _kept(self, tx: Transaction, scan: Scan) -> Step | None:
        """The answer to a scan that was kept already under the same op_id."""
        kept = works.entry_of_op(tx, scan.op_id)
        if kept is None:
            return None
        before = replace(self._conversation, quantity=1, pending=None, ranging=None)
        return before, say.kept_before(scan.text, kept.summary)

    def _log(self, now: Moment, conversation: Conversation, verdict: Verdict) -> None:
        refusals.log(
            now.tx,
            now.stamp,
            order_id=conversation.order_id,
            code=verdict.code,
            reason=verdict.reason,
            sentence=verdict.text,
        )

    # Questions: whatever judges a scan may hand back one, with nothing changed

    def _judged(self, now: Moment, conversation: Conversation, scan: Scan, take: Take, same: str) -> Step:
        """What a scan leads to; where that is a question, the scan waits for its answer."""
        after, verdict = take(now, conversation)
        if verdict.question is None and verdict.reason != say.EXPIRED:
            self._note_released(now, conversation, verdict)
            return after, verdict
        piece = self._owed_piece(now, conversation)
        again = Pending(verdict, take, scan, same, conversation.answers, piece)
        if verdict.question is None:
            return replace(conversation, expired=again), verdict
        return replace(conversation, pending=again), verdict

    def _note_released(self, now: Moment, conversation: Conversation, verdict: Verdict) -> None:
        """Keep what was taken past its use-by, and why."""
        act = now.facts_of(conversation.work_id)
        if isinstance(act, ActContext) and verdict.accepted:
            for code, day in act.expired_on.items():
                about = {"client": act.order.client, "was": day, "became": f"packed on {act.order.number}"}
                acts.note(now.tx, say.RELEASED, code, now.stamp, reason=conversation.answers.released, **about)

    def _with_question(
        self, now: Moment, conversation: Conversation, pending: Pending, scan: Scan, same: str, reply: bool | str | None
    ) -> Step | None:
        """What a scan or a key does to an open question; None where it drops the question and is judged by itself.

        `reply` is False for a no, what was chosen of several, None for all else.
        """
        question, yes = pending.asked.question, reply
        assert question is not None, "only a question is pending"
        if question.choices and yes is True:
            return conversation, say.which_reason(scan.text, self.site.rules.command_prefix, len(question.choices))
        if yes is None and same == pending.same:
            if not question.again_is_yes:
                return conversation, pending.asked
            yes = True
        if yes is None:
            return None if question.again_is_yes else (conversation, say.answer_first(scan.text))
        conversation = replace(conversation, pending=None)
        if kept := self._kept(now.tx, pending.scan):
            return kept  # a yes before this one was kept, and its answer lost
        if not (yes or question.no):
            return conversation, say.left_as_it_is()
        if conversation.work_id is not None:
            act = self._orders.act(now, conversation)
            if isinstance(act, Verdict):
                return conversation.closed(), act
            if act and self._owed_piece(now, conversation) != pending.owed_piece:
                # Work that this station took over meanwhile owes a code.
                return conversation, say.serial_owed("", act.prompt) if act.prompt else say.left_as_it_is()
        answered = replace(conversation, answers=pending.answers.and_(question, yes))
        after, verdict = self._judged(now, answered, pending.scan, pending.take, pending.same)
        return (replace(conversation, pending=pending), verdict) if verdict.reason == PIN else (after, verdict)

    def _owed_piece(self, now: Moment, conversation: Conversation) -> int | None:
        if facts := now.facts_of(conversation.work_id):
            owed = facts.owed
        else:
            owed = works.owed(now.tx, conversation.work_id) if conversation.work_id is not None else None
        return owed.piece.id if owed else None

    # What a scan means, in this order

    def _scan(self, now: Moment, conversation: Conversation, scan: Scan, heard: Heard) -> Step:
        if isinstance(heard, Unusable):
            return conversation, heard.verdict
        same = repr(heard.command) if isinstance(heard, Commanded) else code_key(heard.text)
        pending = conversation.pending
        if pending and scan.follows and (isinstance(heard, Commanded) or same == pending.same):
            return conversation, say.faulty(scan.text, Fault.TOO_SOON)  # its own label has asked
        if isinstance(heard, Commanded):
            return self._obey(now, conversation, scan, heard.command)
        reading = heard
        if pending:
            if answer := self._with_question(now, conversation, pending, scan, same, None):
                return answer
            conversation = replace(conversation, pending=None)
        scan = replace(scan, text=reading.text)
        conversation, verdict = self._judged(
            now, conversation, scan, lambda now, conversation: self._meant(now, conversation, scan, reading), same
        )
        return conversation, say.with_note(verdict, reading.remark)

    def _meant(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        """What a code leads to; what is taken here is what Undo takes back."""
        after, verdict = self._meaning(now, conversation, scan, reading)
        if verdict.accepted and after.aside is not None and after.aside == conversation.aside:
            after = replace(after, aside=None)
        return after, verdict

    def _meaning(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        """What a code means here and now: the code that is owed, a product, an order, a known serial."""
        act = self._orders.act(now, conversation)
        if act is None:
            return self._open_or_next(now, conversation, reading)
        if isinstance(act, Verdict):
            return conversation.closed(), act
        act.is_aside = conversation.back is not None
        if act.owed:
            if conversation.ranging and conversation.ranging.is_for(act.owed):
                after, verdict = ranging.take(act, conversation.ranging, scan, reading, act.owed)
                return replace(conversation, ranging=after), verdict
            return replace(conversation, ranging=None), SerialScan(act, scan, act.owed, reading).take()
        if conversation.learning:
            return self._learned(conversation, *learning.take(act, conversation.learning, scan, reading))
        if conversation.draft:
            if answer := noting.answer(scan):
                return self._command_while_noting(act, conversation, conversation.draft, scan, answer)
            draft, verdict = noting.take(act, conversation.draft, scan, reading)
            return replace(conversation, draft=draft), verdict
        conversation = replace(conversation, taught=None, noted=None)
        meant = lookup.find(act.tx, reading, *looks_at(act.order))
        match meant:
            case ProductFound(product):
                if other := self._other_order(act, product):
                    asked = say.on_another_order(scan.text, product.product.sku, act.order.number, other.number)
                    if question := act.unless_yes(asked):
                        return conversation, question
                    return self._take_aside(now, conversation, other, scan, product, reading)
                taking = ProductScan(act, scan, product, conversation.quantity, reading)
                return self._with_quantity(conversation, taking.take())
            case OrdersFound(same_number):
                return self._go_to_one(now, conversation, reading.text, same_number)
            case CountFound(count):
                if question := act.unless_yes(say.label_says_next(scan.text, count)):
                    return conversation, question
                return replace(conversation, quantity=count), say.quantity_set(count)
            case _:
                return self._without_product(act, conversation, scan, reading)

    def _learned(self, conversation: Conversation, after: Learning | Taught, verdict: Verdict) -> Step:
        """A step of learning a barcode was taken, or the last one."""
        if isinstance(after, Taught):
            return replace(conversation, learning=None, taught=after), verdict
        return replace(conversation, learning=after), verdict

    def _command_while_learning(
        self, act: ActContext, conversation: Conversation, at: Learning, scan: Scan, command: Command
    ) -> Step:
        """How many it is, or that it is dropped; other cards wait."""
        if command.act in (Act.CANCEL, Act.UNDO, Act.NO):
            return replace(conversation, learning=None), say.teaching_dropped(scan.text)
        if command.act is Act.QUANTITY and at.product is not None:
            return self._learned(conversation, *learning.as_many(act, at, at.product, command.quantity))
        return conversation, say.teaching_first(scan.text, at.wanted)

    def _command_while_noting(
        self, act: ActContext, conversation: Conversation, draft: Draft, scan: Scan, command: Command
    ) -> Step:
        """A note is kept or dropped, or says how many; other cards wait."""
        after, verdict, noted = noting.commanded(act, draft, scan, command)
        return replace(conversation, draft=after, noted=noted or conversation.noted), verdict

    def _other_order(self, act: ActContext, product: ScannedProduct) -> Order | None:
        """At receiving, the one other open order of this client and warehouse that wants what this one has not."""
        if self.kind is not OrderKind.PURCHASE or act.lines.of_product(product.product.id) is not None:
            return None
        wanting = orders.wanting(act.tx, self.kind, product.product.id)
        here = [order for order in wanting if order.warehouse_id == act.order.warehouse_id]
        return here[0] if len(here) == 1 else None

    def _take_aside(
        self,
        now: Moment,
        conversation: Conversation,
        other: Order,
        scan: Scan,
        product: ScannedProduct,
        reading: Reading,
    ) -> Step:
        """Take a product on another order, as this station's own receipt of it; the one on the desk stays open.

        While a code of it is owed, the other order is on the desk.
        """
        tx, stamp = now.tx, now.stamp
        orders.lock(tx, other.id)
        own = works.own(tx, other.id, stamp.station) or works.start(tx, other.id, stamp)
        there = Conversation(other.id, own.id)
        act = self._aside_act(now, conversation, there)
        if act.prompt:
            return conversation, say.serial_owed(scan.text, act.prompt)
        verdict = ProductScan(act, scan, product, conversation.quantity, reading).take()
        if not verdict.accepted:
            self._orders.put_down(tx, stamp, there)
            return self._with_quantity(conversation, verdict)
        also_open = tuple(dict.fromkeys((*conversation.also_open, other.number)))
        here = replace(conversation, quantity=1, aside=(other.id, own.id), also_open=also_open)
        return self._aside_or_back(now, here, there, act, say.taken_aside(verdict, other.number))

    def _aside_act(self, now: Moment, conversation: Conversation, there: Conversation) -> ActContext:
        """The act on this station's work on an order that is not on the desk."""
        assert there.order_id is not None
        assert there.work_id is not None
        order, work = works.lock_with_order(now.tx, there.order_id, there.work_id)
        answers = conversation.answers
        remembered = now.remembered
        act = ActContext(self.site, now.tx, now.stamp, order, work, answers=answers, remembered=remembered)
        act.is_aside = True
        return act

    def _aside_or_back(
        self, now: Moment, here: Conversation, there: Conversation, act: ActContext, verdict: Verdict
    ) -> Step:
        """The other order is on the desk while it owes a code; else this one stays there."""
        act.keep_unlisted()
        if act.prompt is None or here.order_id is None or here.work_id is None:
            return here, verdict
        now.facts = act
        return replace(there, back=(here.order_id, here.work_id), also_open=here.also_open), verdict

    def _back(self, now: Moment, conversation: Conversation, verdict: Verdict) -> Step:
        """Back to the order that was on the desk, once the other one owes nothing."""
        if conversation.back is None or conversation.pending or conversation.order_id is None:
            return conversation, verdict
        if self._owed_piece(now, conversation) is not None:
            return conversation, verdict
        order_id, work_id = conversation.back
        assert conversation.work_id is not None
        also_open = conversation.also_open
        left: tuple[int, int] | None = (conversation.order_id, conversation.work_id)
        if not works.tally(now.tx, conversation.work_id).quantity:
            self._orders.put_down(now.tx, now.stamp, conversation)
            left, also_open = None, ()
        number = orders.get(now.tx, order_id).number
        now.facts = None
        return Conversation(order_id, work_id, aside=left, also_open=also_open), say.back_on(verdict, number)

    def _undo_aside(self, now: Moment, conversation: Conversation, aside: tuple[int, int]) -> Step:
        """Undo takes back what another order took last."""
        there = Conversation(*aside)
        if works.get(now.tx, aside[1]).status is not WorkStatus.OPEN:
            return replace(conversation, aside=None), say.nothing_to_undo()
        act = self._aside_act(now, conversation, there)
        verdict = say.taken_aside(work_acts.undo(act), act.order.number)
        here = replace(conversation, aside=None)
        if act.prompt is None and not works.tally(now.tx, act.work.id).quantity:
            self._orders.put_down(now.tx, now.stamp, there)
            here = replace(here, also_open=())
        return self._aside_or_back(now, here, there, act, verdict)

    def _with_quantity(self, conversation: Conversation, verdict: Verdict) -> Step:
        """A product's answer: what was armed is taken with it, or stays armed and is said."""
        if verdict.accepted:
            return replace(conversation, quantity=1), verdict
        if conversation.quantity != 1 and verdict.question is None:
            verdict = say.with_quantity(verdict, conversation.quantity)
        return conversation, verdict

    def _without_product(self, act: ActContext, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        """A code that names no product of the client: a new serial that takes its unit, or what else it may be."""
        verdict = self._of_no_product(act, scan, reading)
        if verdict.reason == say.UNKNOWN and self.kind is OrderKind.PURCHASE and reading.code and not reading.gtin:
            code = read_code(reading.code)
            product = receiving.product_of_new(act, code) if isinstance(code, Code) else None
            if product:
                one = ScannedProduct(product, 1)
                taking = ProductScan(act, scan, one, conversation.quantity, reading)
                return self._with_quantity(conversation, taking.take_by_serial())
        return conversation, learning.offered(act, scan, verdict) if verdict.reason == say.UNKNOWN else verdict

    def _of_no_product(self, act: ActContext, scan: Scan, reading: Reading) -> Verdict:
        """A code that names no product of the client: an order, a serial, or nothing known."""
        number = act.order.number
        if reading.gtin:
            return say.unknown_here(scan.text, number, self.kind)
        if reading.code is None:
            return say.unknown_here(scan.text, number, self.kind, reading.note)
        code, doubt = read_code(reading.code), reading.doubt
        if isinstance(code, BadCode) and not (doubt and doubt.spelt):
            return say.bad_code(code, worded("a product of {number}", number=number))
        if isinstance(code, Code) and (answer := self._known_unit(act, scan, code, reading)):
            return answer
        if doubt and doubt.spelt:
            return say.faulty(scan.text, say.spelt_separator(doubt.spelt))
        assert isinstance(code, Code)
        for shorter in doubt.shorter if doubt else ():
            if act.owners(code_key(shorter)):
                return say.dropped_separator(scan.text, code.text, shorter)
        for digits in (code.text, code.text.removeprefix("01")):  # after GS1's number of a product as well
            expected = expected_check_digit(digits)
            if expected and catalog.scanned_product(act.tx, act.order.client_id, digits[:-1] + expected):
                return say.wrong_check_digit(scan.text, expected)
        # Eight digits are too often something else.
        expected = expected_check_digit(code.text) if len(code.text) > 8 else None
        is_wrong = expected is not None and not code.text.endswith(expected)
        if is_sscc(code.text):
            return say.unknown_here(scan.text, number, self.kind, PALLET)
        return say.unknown_here(scan.text, number, self.kind, expected=expected if is_wrong else None)

    def _known_unit(self, act: ActContext, scan: Scan, code: Code, reading: Reading) -> Verdict | None:
        """Take a known unit by its serial; where its label says how many there are, only when that was confirmed."""
        known_serial = receiving.known_serial if self.kind is OrderKind.PURCHASE else packing.known_serial
        lot = act.label_lot(reading)
        if not reading.says_how_many:
            return known_serial(act, scan, code, lot)
        with act.trial() as take_back:
            answer = known_serial(act, scan, code, lot)
            if answer and answer.accepted and (question := act.one_unit(scan, reading)):
                take_back()
                return question
        return answer

    # Commands

    def _obey(self, now: Moment, conversation: Conversation, scan: Scan, command: Command) -> Step:
        act, same = command.act, repr(command)
        if pending := conversation.pending:
            if act is Act.CANCEL and not scan.text:
                return self._kept(now.tx, pending.scan) or (replace(conversation, pending=None), say.left_as_it_is())
            reply: bool | str | None = {Act.YES: True, Act.NO: False}.get(act)
            if act is Act.REASON and (choices := _choices(pending)):
                if command.quantity > len(choices):
                    return conversation, say.no_such_reason(scan.text, len(choices))
                reply = choices[command.quantity - 1]
            if answer := self._with_question(now, conversation, pending, scan, same, reply):
                return answer
            conversation = replace(conversation, pending=None)
        return self._judged(
            now, conversation, scan, lambda now, conversation: self._commanded(now, conversation, scan, command), same
        )

    def _commanded(self, now: Moment, conversation: Conversation, scan: Scan, command: Command) -> Step:
        what, act = command.act, self._orders.act(now, conversation)
        if isinstance(act, Verdict):
            return conversation.closed(), act
        prompt = act.prompt if act else None
        if act and act.owed and what is Act.RANGE:
            begins = ranging.begin(act, scan, act.owed)
            if isinstance(begins, Verdict):
                return replace(conversation, ranging=None), begins
            sku = act.line(act.owed.piece.line_id).product.sku
            return replace(conversation, ranging=begins), say.range_begun(scan.text, sku)
        at = conversation.ranging
        if act and act.owed and at and at.is_for(act.owed) and what not in PLACES:
            after, verdict = ranging.commanded(act, at, scan, act.owed, command)
            return replace(conversation, ranging=after), verdict
        conversation = replace(conversation, ranging=None)
        if act and act.owed and what is Act.NO_SERIAL:
            return conversation, without_serial(act, scan, act.owed)
        if act and act.owed and prompt and prompt.may_lack and what is Act.NO:
            return conversation, part_missing(act, scan, act.owed)
        if prompt and what not in (Act.CANCEL, Act.UNDO, Act.HOME):
            return conversation, say.serial_owed(scan.text, prompt)
        if act and conversation.learning and what not in PLACES:
            return self._command_while_learning(act, conversation, conversation.learning, scan, command)
        if act and conversation.draft:
            return self._command_while_noting(act, conversation, conversation.draft, scan, command)
        if place := PLACES.get(what):
            self._orders.put_down(now.tx, now.stamp, conversation)
            shown = say.screen_shown(scan.text, place.title)
            answer = say.home_owing(scan.text, act.order.number) if act and prompt else shown
            return replace(conversation.closed(), go=place), answer
        notes = what is Act.NOTE and self.kind is OrderKind.PURCHASE
        if not (notes or what is Act.LEARN) and (refusal := does_not_count(scan, what)):
            return conversation, refusal
        if act is None:
            return conversation, say.no_order_open(scan.text)
        if what is Act.LEARN:
            begun = learning.begin(act, scan)
            if isinstance(begun, Verdict):
                return conversation, begun
            return replace(conversation, quantity=1, learning=begun, taught=None), say.teaching_begun(scan.text)
        if what is Act.NOTE:
            draft, verdict = noting.begin(act, scan, conversation.quantity)
            return (replace(conversation, quantity=1, draft=draft) if draft else conversation), verdict
        if what is Act.NO_SERIAL:
            return conversation, say.no_serial_due(scan.text)
        if what is Act.QUANTITY:
            return replace(conversation, quantity=command.quantity), say.quantity_set(command.quantity)
        if conversation.quantity != 1 and what in (Act.UNDO, Act.CANCEL):
            return replace(conversation, quantity=1), say.quantity_dropped(conversation.quantity)
        if what is Act.UNDO and conversation.taught:
            return replace(conversation, taught=None), learning.take_back(act, conversation.taught)
        if what is Act.UNDO and conversation.noted is not None:
            return replace(conversation, noted=None), noting.take_back(act, conversation.noted, scan.text)
        if what is Act.UNDO:
            if conversation.aside is not None and prompt is None:
                return self._undo_aside(now, conversation, conversation.aside)
            return conversation, work_acts.undo(act)
        if what is Act.CANCEL:
            return conversation, work_acts.cancel(act)
        return self._complete(act, conversation)

    def _complete(self, act: ActContext, conversation: Conversation) -> Step:
        mine, lacks = works.tally(act.tx, act.work.id).quantity, act.lines.left
        unseen = say.complete_without(act.order.number, self._unseen.codes, len(self._unseen.refusals))
        if mine and self._unseen.refusals and (question := act.unless_yes(unseen)):
            return conversation, question
        if mine and lacks:
            missing = [(line.product.sku, line.left) for line in act.lines if line.left]
            asked = say.complete_in_part(act.order.number, mine, missing)
            if question := act.unless_yes(say.before_question(work_acts.not_come(act), asked)):
                return conversation, question
        verdict = work_acts.complete(act)
        if not verdict.accepted:
            return conversation, verdict
        self._unseen.acknowledge()  # they were named, and were not missed
        if conversation.also_open:
            verdict = say.also_open_here(verdict, conversation.also_open)
        return replace(conversation.closed(), completed=(act.order.id, act.work.id)), verdict

    # Orders

    def _open(self, now: Moment, conversation: Conversation, scan: Scan, order_id: int | None = None) -> Step:
        """An order that was named, or chosen from a list, and not scanned at the desk."""
        same = code_key(scan.text) if order_id is None else f"from the list {order_id}"
        if conversation.pending:
            if answer := self._with_question(now, conversation, conversation.pending, scan, same, None):
                return answer
            conversation = replace(conversation, pending=None)

        def take(now: Moment, conversation: Conversation) -> Step:
            if order_id is None:
                return self._open_or_next(now, conversation, Reading(scan.text))
            return self._orders.leave_for(now, conversation, orders.get(now.tx, order_id))

        return self._judged(now, conversation, scan, take, same)

    def _open_or_next(self, now: Moment, conversation: Conversation, reading: Reading) -> Step:
        meant = lookup.find(now.tx, reading, lookup.orders)
        match meant:
            case OrdersFound(same_number):
                return self._go_to_one(now, conversation, reading.text, same_number)
            case NoCode(bad) if reading.is_plain:
                return conversation, say.bad_code(bad, worded("the number of a {kind}", kind=self.kind.noun))
            case _:
                return conversation, say.unknown_order(reading.text, self.kind)

    def _go_to_one(self, now: Moment, conversation: Conversation, number: str, same_number: Sequence[Order]) -> Step:
        """Of the orders of a number the one that is meant here: of this kind, and taking goods."""
        candidates = [order for order in same_number if order.kind is self.kind] or same_number
        if len(candidates) > 1:
            takers = [order for order in candidates if order.status.takes_goods]
            if len(takers) != 1:
                used = [f"{order.client} ({order.warehouse})" for order in candidates]
                return conversation, say.order_used_twice(number, used)
            candidates = takers
        return self._orders.leave_for(now, conversation, candidates[0])

    # The view

    def _view(
        self,
        tx: Transaction,
        conversation: Conversation,
        verdict: Verdict | None,
        at_hand: AtHand | None,
        facts: WorkFacts | None = None,
    ) -> tuple[DeskView, AtHand | None]:
        view = self._without_order(conversation, verdict)
        if conversation.order_id is None or conversation.work_id is None:
            return view, None
        if facts is None:
            order_now = orders.get(tx, conversation.order_id)
            lines = at_hand.lines if at_hand and at_hand.order_id == order_now.id else None
            facts = WorkFacts(self.site, tx, order_now, conversation.work_id, lines)
        order, hindrance, at_hand = order_view(facts, at_hand)
        prompt, owed = facts.prompt, facts.owed
        if prompt and owed and conversation.ranging and conversation.ranging.is_for(owed):
            prompt = conversation.ranging.asked(prompt)
        return replace(view, order=order, prompt=prompt, complete_hindrance=hindrance), at_hand

    def _without_order(self, conversation: Conversation, verdict: Verdict | None) -> DeskView:
        """What every desk shows, whatever is on it."""
        return DeskView(
            verdict=verdict,
            question=conversation.pending.asked.question if conversation.pending else None,
            quantity=conversation.quantity,
            learning=conversation.learning.wanted if conversation.learning else "",
            noting=_of_draft(conversation.draft),
            to_read=conversation.ranging.collisions if conversation.ranging else (),
            can_keep=conversation.draft is not None and conversation.draft.line_id is not None,
            last=tuple(self._last),
            go=conversation.go,
            go_order=conversation.go_order,
            completed=conversation.completed,
        )


def does_not_count(scan: Scan, what: Act) -> Verdict | None:
    """Why a card does not count at a desk that asks nothing; None for those that every desk answers in its way.

    One that teaches counts only where an order is open.
    """
    match what:
        case Act.YES | Act.NO:
            return say.no_question(scan.text)
        case Act.REASON:
            return say.no_such_reason(scan.text, 0)
        case Act.SWAP:
            return say.swap_wants_order(scan.text)
        case Act.HOLD:
            return say.hold_elsewhere(scan.text)
        case Act.LEARN:
            return say.teach_on_order(scan.text)
        case Act.RANGE:
            return say.range_not_due(scan.text)
        case Act.NOTE:
            return say.note_wants_purchase(scan.text)
    return None


def _of_draft(draft: Draft | None) -> str:
    """What is scanned next of a note, or how it reads so far."""
    if draft is None:
        return ""
    return draft.told if draft.line_id is not None else say.product_to_note(draft.differs.past)


def _choices(pending: Pending) -> tuple[str, ...]:
    return pending.asked.question.choices if pending.asked.question else ()


def looks_at(order: Order) -> tuple[Look[ProductFound | OrdersFound | CountFound], ...]:
    """What a code may stand for while no code is owed on this order, before the serials of its client."""
    client = order.client_id
    return lookup.client_product(client), lookup.orders, lookup.client_identifier(client)


PLACES = {
    Act.HOME: ScreenTarget.HOME,
    Act.RECEIVE: ScreenTarget.RECEIVE,
    Act.PACK: ScreenTarget.PACK,
    Act.RETURN: ScreenTarget.RETURN,
    Act.TRANSFER: ScreenTarget.TRANSFER,
    Act.COUNT: ScreenTarget.COUNT,
}
"""Where command barcodes lead to from a desk."""


def _changes(before: Sequence[LineView], now: Sequence[LineView]) -> list[tuple[str, int, int]]:
    """Of which SKUs another number is ordered than before: each with that, and now."""
    wanted = {line.sku: line.ordered for line in now}
    was = {line.sku: line.ordered for line in before}
    pairs = [(sku, was.get(sku, 0), wanted.get(sku, 0)) for sku in {**was, **wanted}]
    return [one for one in pairs if one[1] != one[2]]
