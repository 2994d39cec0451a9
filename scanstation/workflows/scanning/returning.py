"""The return desk: a conversation about what comes back (RULES 2.22). What is kept of it is in the store."""

from collections import Counter
from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.commands import ALL_LEFT, Act, Command
from scanstation.domain.language import said_later, worded
from scanstation.domain.operators import Deed
from scanstation.domain.reading import Reading
from scanstation.domain.returns import Owed, ReturnPiece, ReturnWork
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import Verdict
from scanstation.store import catalog, return_lists, returns
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import CountFound
from scanstation.workflows.scanning.conversation import Conversation, Moment, Step
from scanstation.workflows.scanning.desk import PLACES, Desk, does_not_count
from scanstation.workflows.scanning.return_acts import ReturnAct
from scanstation.workflows.scanning.return_facts import ReturnFacts
from scanstation.workflows.scanning.viewing import AtHand
from scanstation.workflows.scanning.views import NOT_TRACKED, DeskView, LineView, OrderView
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site


class ReturnDesk(Desk):
    """What comes back at one station. Its open return is looked up anew with every act; it has one at most."""

    def __init__(self, site: Site, unseen: Unseen | None = None) -> None:
        super().__init__(site, OrderKind.PURCHASE, unseen)
        self._deed = Deed.RETURN

    @property
    def has_work(self) -> bool:
        """Is there a return here that nobody was told to have ended?"""
        return self.view.order is not None and self.view.order.order_id != self._told_of

    def look_again(self) -> Verdict | None:
        """That another station has taken the return over, told once."""
        order = self.view.order
        if not self.has_work or order is None:
            return None
        with self.site.store.read() as tx:
            news = self._gone(tx, order)
        if news:
            self._told_of = order.order_id
            self.note(news)
        return news

    def _gone(self, tx: Transaction, order: OrderView) -> Verdict | None:
        """Why the return on the screen is not this station's any more; None where it is."""
        mine = returns.own(tx, self.site.station)
        if mine and mine.id == order.order_id:
            return None
        work = returns.get_work(tx, order.order_id)
        station, operator = (work.station, work.operator) if work else ("", "")
        return say.return_taken_over(order.number, station, operator, order.in_hand)

    def leave(self) -> DeskView:
        """Go away from the desk; a return that took something stays open."""
        stamp = self.site.stamp()
        self.site.store.act(lambda tx: ReturnAct(self.site, tx, stamp).put_down())
        self._conversation = Conversation()
        self.view = DeskView(last=self.view.last)
        return self.view

    # What a scan means

    def _act(self, now: Moment, conversation: Conversation) -> ReturnAct | Verdict:
        shown = self.view.order
        if shown and shown.order_id != self._told_of and (gone := self._gone(now.tx, shown)):
            self._told_of = shown.order_id
            return gone
        return ReturnAct(self.site, now.tx, now.stamp, conversation.answers)

    def _meant(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        act = self._act(now, conversation)
        if isinstance(act, Verdict):
            return Conversation(), act
        if act.owing is None and act.of and act.of.client_id is not None:
            meant = lookup.find(act.tx, reading, lookup.client_identifier(act.of.client_id))
            if isinstance(meant, CountFound):
                if question := act.answers.unless_yes(say.label_says_next(scan.text, meant.count)):
                    return conversation, question
                return replace(conversation, quantity=meant.count), say.quantity_set(meant.count)
        verdict = act.scanned(scan, reading, conversation.quantity)
        if verdict.question is not None or verdict.reason in _KEEPS_QUANTITY:
            return conversation, verdict
        return replace(conversation, quantity=1), verdict

    def _kept(self, tx: Transaction, scan: Scan) -> Step | None:
        kept = returns.kept(tx, scan.op_id)
        if kept is None:
            return None
        return replace(self._conversation, quantity=1, pending=None), say.kept_before(scan.text, kept)

    def _open(self, now: Moment, conversation: Conversation, scan: Scan, order_id: int | None = None) -> Step:
        """A return by its number, of a list or of a command: one that nobody knows is new."""
        del order_id

        def take(now: Moment, conversation: Conversation) -> Step:
            act = self._act(now, conversation)
            if isinstance(act, Verdict):
                return Conversation(), act
            return conversation, act.open(returns.find(act.tx, scan.text), scan.text)

        return self._judged(now, replace(conversation, pending=None), scan, take, scan.text)

    def _commanded(self, now: Moment, conversation: Conversation, scan: Scan, command: Command) -> Step:
        what, act = command.act, self._act(now, conversation)
        if isinstance(act, Verdict):
            return Conversation(), act
        if what is Act.NO and (answer := act.part_missing(scan)):
            return conversation, answer
        owing = act.owing
        if owing and what is Act.NO_SERIAL:
            return conversation, act.without_serial(scan, owing)
        if owing and what not in (Act.CANCEL, Act.UNDO, Act.HOME):
            prompt = act.prompt
            return conversation, say.serial_owed(scan.text, prompt) if prompt else say.product_owed_first(
                scan.text, owing.code
            )
        if place := PLACES.get(what):
            of = act.of
            act.put_down()
            shown = say.screen_shown(scan.text, place.title)
            answer = say.home_with_return(scan.text, of.number) if owing and of else shown
            return Conversation(go=place), answer
        if what is Act.QUANTITY:
            if command.quantity == ALL_LEFT:
                return conversation, say.no_quantity_here()
            return replace(conversation, quantity=command.quantity), say.quantity_set(command.quantity)
        if conversation.quantity != 1 and what in (Act.UNDO, Act.CANCEL):
            return replace(conversation, quantity=1), say.quantity_dropped(conversation.quantity)
        if answer := does_not_count(scan, what):
            return conversation, answer
        if act.work is None:
            return conversation, say.no_return(scan.text)
        if what is Act.NO_SERIAL:
            return conversation, say.no_serial_due(scan.text)
        if what is Act.UNDO:
            return conversation, act.undo()
        if what is Act.CANCEL:
            return conversation, act.cancel()
        return self._complete_return(act, conversation)

    def _complete_return(self, act: ReturnAct, conversation: Conversation) -> Step:
        of = act.of
        unseen = self._unseen
        if of and act.pieces and unseen.refusals:
            asked = say.complete_without(of.number, unseen.codes, len(unseen.refusals))
            if question := act.answers.unless_yes(asked):
                return conversation, question
        verdict = act.complete()
        if verdict.accepted:
            unseen.acknowledge()
            conversation = Conversation()
        return conversation, verdict

    # The view

    def _view(
        self,
        tx: Transaction,
        conversation: Conversation,
        verdict: Verdict | None,
        at_hand: AtHand | None,
        facts: WorkFacts | None = None,
    ) -> tuple[DeskView, AtHand | None]:
        del at_hand, facts  # nothing of a return is kept from scan to scan
        view = self._without_order(conversation, verdict)
        work = returns.own(tx, self.site.station)
        if work is None or (conversation.go is not None):
            return view, None
        if work.id == self._told_of:
            self._told_of = None  # it was taken back; when it is taken over again, that is told too
        act = ReturnFacts(self.site, tx, work)
        owing = act.owing
        hindrance = said_later("a serial is owed") if owing is not None else ""
        if owing and owing.owed is Owed.PRODUCT:
            hindrance = said_later("a product is owed")
        if not act.pieces:
            hindrance = said_later("nothing has come back")
        return replace(
            view,
            order=_return_view(tx, work, act.pieces),
            prompt=act.prompt,
            whose=owing.code if owing and owing.owed is Owed.PRODUCT else "",
            complete_hindrance=hindrance,
        ), None


def _return_view(tx: Transaction, work: ReturnWork, pieces: list[ReturnPiece]) -> OrderView:
    of = returns.get(tx, work.return_id)
    expected = Counter[int]()
    for line in return_lists.lines(tx, [of.id]).get(of.id, []):
        expected[line.product_id] += line.quantity
    if expected:
        mine = Counter[int]()
        for piece in pieces:
            mine[piece.product_id or 0] += piece.quantity
        for came in return_lists.came_back(tx, [of.id]).get(of.id, []):
            expected[came.product_id] -= came.quantity
        expected = Counter({product_id: count + mine[product_id] for product_id, count in expected.items()})
    done, unknown, last = Counter[int](), Counter[int](), None
    for piece in pieces:
        if piece.product_id is None:
            continue
        done[piece.product_id] += piece.quantity if piece.owed is Owed.NOTHING else 0
        unknown[piece.product_id] += piece.is_unknown
        last = piece.product_id
    lines = []
    for product_id in dict.fromkeys((*done, *(one for one, count in expected.items() if count > 0))):
        count = done[product_id]
        product = catalog.product(tx, product_id)
        known = worded("{count} unknown", count=unknown[product_id]) if unknown[product_id] else worded("known")
        lines.append(
            LineView(
                product_id,
                product.sku,
                product.description,
                max(count, expected[product_id]),
                count,
                known if product.settings.track else NOT_TRACKED,
                in_work=product_id == last,
                is_open=expected[product_id] <= 0,
            )
        )
    total = sum(piece.quantity for piece in pieces)
    return OrderView(work.id, of.number, of.client, work.warehouse, "", OrderStatus.OPEN, tuple(lines), total)


_KEEPS_QUANTITY = frozenset({"unknown-code", "product-of-several", "bad-code"})
"""Refusals of a product after a quantity: it stays armed, and is said."""
