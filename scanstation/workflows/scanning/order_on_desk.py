"""The order on a desk: put there, changed for another, put down; and whether the work on it is still this station's."""

from collections.abc import Sequence
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key
from scanstation.domain.language import worded
from scanstation.domain.orders import Order
from scanstation.domain.status import OrderKind, WorkStatus
from scanstation.domain.units import Stamp
from scanstation.domain.verdict import Verdict
from scanstation.domain.work import Work
from scanstation.store import acts, orders, works
from scanstation.store.store import Transaction
from scanstation.workflows.scanning import work_acts
from scanstation.workflows.scanning.act_context import ActContext
from scanstation.workflows.scanning.conversation import Conversation, Moment, Step
from scanstation.workflows.scanning.views import ScreenTarget
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site, local_time


class OrderOnDesk:
    """What one station does to have an order of one kind on its desk."""

    def __init__(self, site: Site, kind: OrderKind) -> None:
        self.site, self.kind = site, kind

    def leave_for(self, now: Moment, conversation: Conversation, chosen: Order) -> Step:
        """Put another order on the desk; what the last one lacks is asked about, and it stays open or is completed."""
        act = self.act(now, conversation)
        if isinstance(act, Verdict):
            act, conversation = None, conversation.closed()
        if act and act.order.id == chosen.id:
            return conversation, say.order_already_open(chosen.number)
        if chosen.kind is self.kind and not chosen.status.takes_goods:
            return conversation, say.order_takes_nothing(chosen.number, chosen.kind, chosen.status)
        if act and act.prompt:
            return conversation, say.serial_owed(chosen.number, act.prompt)
        if owing := owes_first(now.tx, now.stamp.station, chosen):
            return conversation, owing
        if act is None:
            return self._go_to(now, chosen)
        mine, lacks = works.tally(act.tx, act.work.id).quantity, act.lines.left
        asked = say.order_lacks(act.order.number, lacks, chosen.number)
        if mine and lacks and (question := act.unless_yes(asked)):
            return conversation, question
        if mine and not lacks:
            done = work_acts.complete(act, is_next_there=True)
            if not done.accepted:
                return conversation, done
            after, verdict = self._go_to(now, chosen)
            after = replace(after, completed=(act.order.id, act.work.id))
            return after, say.completed_and_next(done, verdict)
        self.put_down(now.tx, now.stamp, conversation)
        return self._go_to(now, chosen)

    def _go_to(self, now: Moment, order: Order) -> Step:
        tx, stamp = now.tx, now.stamp
        if order.kind is not self.kind:
            place = ScreenTarget.RECEIVE if order.kind is OrderKind.PURCHASE else ScreenTarget.PACK
            return Conversation(go=place, go_order=order.number), say.order_elsewhere(order.number, order.kind)
        work = works.own(tx, order.id, stamp.station)
        if work:
            works.set_operator(tx, work.id, stamp.operator)
            if in_work := works.tally(tx, work.id).quantity:
                now.facts = WorkFacts(self.site, tx, order, work.id)
                owed = now.facts.owed
                waiting = owed.waiting if owed else 0
                resumed = say.order_resumed(order.number, self.kind, in_work - waiting, now.facts.prompt, waiting)
                return Conversation(order.id, work.id), resumed
        others = [
            worded(
                "{station} ({operator}, since {time}, {count})",
                station=one.work.station,
                operator=one.work.operator,
                time=self._time(one.work.opened_at),
                count=one.pieces,
            )
            for one in works.open_on(tx, order.id)
            if one.pieces and one.work.station != stamp.station
        ]
        work = work or works.start(tx, order.id, stamp)
        now.facts = WorkFacts(self.site, tx, order, work.id)
        opened = say.order_open(order.number, self.kind, now.facts.lines.left, others, brings_back=order.brings_back)
        return Conversation(order.id, work.id), opened

    def put_down(self, tx: Transaction, stamp: Stamp, conversation: Conversation) -> None:
        """Forget work that took nothing; other work stays open."""
        if conversation.work_id is not None:
            work = works.get(tx, conversation.work_id, lock=True)
            mine = work.status is WorkStatus.OPEN and code_key(work.station) == code_key(self.site.station)
            if mine and not works.tally(tx, work.id).quantity:
                if works.has_entries(tx, work.id):
                    works.close(tx, work.id, WorkStatus.CANCELLED, stamp)
                else:
                    works.discard(tx, work.id)

    def act(self, now: Moment, conversation: Conversation) -> ActContext | Verdict | None:
        """The act on the work on the desk; None when there is none; a refusal when it is another station's now."""
        if conversation.order_id is None or conversation.work_id is None:
            return None
        if isinstance(act := now.facts_of(conversation.work_id), ActContext):
            act.answers = conversation.answers
            return act
        order, work = works.lock_with_order(now.tx, conversation.order_id, conversation.work_id)
        if work.status is not WorkStatus.OPEN:
            return self.no_longer_mine(now.tx, order, work, conversation.in_hand)
        act = ActContext(
            self.site,
            now.tx,
            now.stamp,
            order,
            work,
            answers=conversation.answers,
            remembered=now.remembered,
            at_hand=now.lines_at_hand(order.id),
        )
        now.facts = act
        return act

    def no_longer_mine(self, tx: Transaction, order: Order, work: Work, in_hand: int) -> Verdict:
        """Who ended the work that was on the desk, why, and what becomes of the units in hand."""
        at, who = self._time(work.closed_at or ""), work.closed_by or ""
        if work.status is WorkStatus.TAKEN_OVER:
            return say.work_gone(order.number, self.kind, work.closed_at_station or "", who, at, in_hand)
        acts = [act for act in orders.acts_on(tx, order.id) if act.at == work.closed_at]
        if acts and work.status is WorkStatus.CANCELLED:
            return say.order_ended(order.number, acts[-1].act, who, at, acts[-1].reason, in_hand)
        return say.work_ended(order.number, self.kind, work.status.value, who, at)

    def changed(self, tx: Transaction, order: Order, changes: Sequence[tuple[str, int, int]]) -> Verdict:
        """Who has changed what is ordered, and each SKU of which it is another number."""
        last_change = acts.last_of(tx, acts.CHANGED, f"{order.kind} {order.number}", order.client)
        who, at = last_change or ("", "")
        return say.order_changed(order.number, changes, who, self._time(at) if at else "")

    def _time(self, stamp: str) -> str:
        return local_time(stamp, self.site.store.clock())


def owes_first(tx: Transaction, station: str, order: Order) -> Verdict | None:
    """Why an order has to wait: this station's work on another one owes a serial."""
    owing = [one.work.order_id for one in works.open_at(tx, station) if one.owes]
    if not owing or order.id in owing:
        return None
    return say.owes_first(order.number, orders.get(tx, owing[0]).number)
