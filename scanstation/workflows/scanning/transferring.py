"""The transfer desk: a conversation about what goes to another warehouse or comes from one (RULES 2.27).

Each scan is booked as it comes, so nothing here is open work: several stations scan one transfer at once, and another
goes on where this one left off.
"""

from dataclasses import replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import BadCode, code_key, read_code
from scanstation.domain.commands import ALL_LEFT, Act, Command
from scanstation.domain.language import worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Refused
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.transfers import Transfer, TransferStatus
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import Verdict
from scanstation.store import catalog, transfers, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes.lookup import Heard
from scanstation.workflows.orders import transfer_book
from scanstation.workflows.scanning.conversation import Conversation, Moment, Step, Take
from scanstation.workflows.scanning.desk import PLACES, Desk, does_not_count
from scanstation.workflows.scanning.transfer_acts import TransferAct
from scanstation.workflows.scanning.viewing import AtHand
from scanstation.workflows.scanning.views import DeskView, LineView, OrderView
from scanstation.workflows.scanning.without_order import station_warehouse
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site

_LISTED = 12
_NO_RIGHT = "no-right"


class TransferDesk(Desk):
    """Where goods go out to another warehouse, and come in from one."""

    def __init__(self, site: Site, unseen: Unseen | None = None) -> None:
        super().__init__(site, OrderKind.PURCHASE, unseen)
        self._deed = Deed.TAKE_IN

    @property
    def sends(self) -> bool:
        """Does what is on the desk go out from here?"""
        return self._conversation.sends

    @property
    def has_work(self) -> bool:
        """Does something go out here that a supervisor could close?"""
        transfer_id = self._conversation.transfer_id
        return self.sends and transfer_id is not None and transfer_id != self._told_of

    def look_again(self) -> Verdict | None:
        """That what goes out here was closed elsewhere, told once."""
        transfer_id = self._conversation.transfer_id
        if not self.has_work or transfer_id is None:
            return None
        with self.site.store.read() as tx:
            of = transfers.get(tx, transfer_id)
        if of.status is not TransferStatus.CLOSED:
            return None
        self._told_of = transfer_id
        news = say.closed_elsewhere(of.number)
        self.note(news)
        return news

    def leave(self) -> DeskView:
        """Go away from the desk; all that was scanned is booked."""
        self._conversation = Conversation()
        self.view = DeskView(last=self.view.last)
        return self.view

    def waiting(self) -> tuple[tuple[tuple[str, str], ...], int]:
        """The open transfers of this station's warehouse, and how many they are: number, and where to or from."""
        with self.site.store.read() as tx:
            here = station_warehouse(self.site, tx)
            found = transfers.open_at(tx, here, _LISTED) if here is not None else []
        ways = tuple(
            (one.number, f"to {one.to_warehouse}" if one.from_id == here else f"from {one.from_warehouse}")
            for one in found
        )
        return ways, len(ways)

    # What a scan means

    def _step(self, take: Take, scan: Scan, heard: Heard | None = None) -> DeskView:
        """Sending and taking in are rights of their own; to open a transfer either is enough, until it is known."""
        deeds = [Deed.SEND_OUT if self.sends else Deed.TAKE_IN]
        if self._conversation.transfer_id is None:
            deeds = [Deed.TAKE_IN, Deed.SEND_OUT]
        for deed in deeds:
            answer = self._stepped(take, scan, deed, heard)
            if not isinstance(answer, Refused):
                return answer
            if answer.reasons[0].name != _NO_RIGHT:
                break
        assert isinstance(answer, Refused)
        return self._not_allowed(answer, scan)

    def _act(self, now: Moment, conversation: Conversation) -> TransferAct | None:
        if conversation.transfer_id is None:
            return None
        return TransferAct(
            self.site,
            now.tx,
            now.stamp,
            conversation.transfer_id,
            sends=conversation.sends,
            answers=conversation.answers,
        )

    def _meant(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        act = self._act(now, conversation)
        found = transfers.find(now.tx, reading.text) if reading.is_plain else None
        if found and not (act and units.with_code(now.tx, code_key(reading.text))):  # a serial may read like a number
            return self._go_to(now, conversation, scan, found)
        if act is None:
            return self._begin(now, conversation, scan, reading)
        verdict = act.scanned(scan, reading, conversation.quantity)
        if verdict.question is None and verdict.accepted:
            conversation = replace(conversation, quantity=1)
        elif verdict.question is None and conversation.quantity != 1:
            verdict = say.with_quantity(verdict, conversation.quantity)
        return conversation, verdict

    def _go_to(self, now: Moment, conversation: Conversation, scan: Scan, of: Transfer) -> Step:
        here = station_warehouse(self.site, now.tx)
        if here is None:
            return conversation, say.where_is_this_station()
        if here not in (of.from_id, of.to_id):
            name = catalog.warehouse_code(now.tx, here)
            where = say.transfer_elsewhere(scan.text, of.number, of.from_warehouse, of.to_warehouse, name)
            return conversation, where
        sends = here == of.from_id
        if lacking := self.site.why_not(now.tx, Deed.SEND_OUT if sends else Deed.TAKE_IN):
            return conversation, say.refused_with(lacking, scan.text)
        if sends and of.status is TransferStatus.CLOSED:
            return conversation, say.refused_with(say.transfer_closed(of.number).reasons[0], scan.text)
        left = sum(line.sent - line.arrived for line in transfers.lines(now.tx, of.id))
        opened = Conversation(transfer_id=of.id, sends=sends)
        return opened, say.transfer_open(of.number, of.from_warehouse, of.to_warehouse, left, sends=sends)

    def _begin(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        """With nothing open, the name of another warehouse begins a transfer to it."""
        code, here = read_code(reading.text), station_warehouse(self.site, now.tx)
        to = catalog.warehouse_id(now.tx, code.text) if reading.is_plain and not isinstance(code, BadCode) else None
        if to is None or to == here:
            return conversation, say.no_transfer_open(scan.text)
        if here is None:
            return conversation, say.where_is_this_station()
        if lacking := self.site.why_not(now.tx, Deed.SEND_OUT):
            return conversation, say.refused_with(lacking, scan.text)
        if question := conversation.answers.unless_yes(say.new_transfer(scan.text, reading.text)):
            return conversation, question
        of = transfer_book.begun(now.tx, here, to, now.stamp)
        return Conversation(transfer_id=of.id, sends=True), say.transfer_begun(of.number, of.to_warehouse)

    def _kept(self, tx: Transaction, scan: Scan) -> Step | None:
        kept = transfers.kept(tx, scan.op_id)
        if kept is None:
            return None
        return replace(self._conversation, quantity=1, pending=None), say.kept_before(scan.text, kept)

    def _open(self, now: Moment, conversation: Conversation, scan: Scan, order_id: int | None = None) -> Step:
        """A transfer by its number, of a list or of a command."""
        del order_id

        def take(now: Moment, conversation: Conversation) -> Step:
            return self._meant(now, conversation, scan, Reading(scan.text))

        return self._judged(now, replace(conversation, pending=None), scan, take, code_key(scan.text))

    def _commanded(self, now: Moment, conversation: Conversation, scan: Scan, command: Command) -> Step:
        what = command.act
        if place := PLACES.get(what):
            return Conversation(go=place), say.screen_shown(scan.text, place.title)
        if answer := does_not_count(scan, what):
            return conversation, answer
        act = self._act(now, conversation)
        if act is None:
            return conversation, say.no_transfer_open(scan.text)
        if what is Act.NO_SERIAL:
            return conversation, say.no_serial_due(scan.text)
        if what is Act.QUANTITY and command.quantity == ALL_LEFT:
            return conversation, say.no_quantity_of_transfer()
        if what is Act.QUANTITY:
            return replace(conversation, quantity=command.quantity), say.quantity_set(command.quantity)
        if conversation.quantity != 1 and what in (Act.UNDO, Act.CANCEL):
            return replace(conversation, quantity=1), say.quantity_dropped(conversation.quantity)
        if what is Act.UNDO:
            return conversation, act.undo()
        if what is Act.CANCEL:
            return conversation, say.nothing_waits()
        return self._complete_transfer(act, conversation)

    def _complete_transfer(self, act: TransferAct, conversation: Conversation) -> Step:
        unseen = self._unseen
        if unseen.refusals and act.mine:
            asked = say.complete_without(act.of.number, unseen.codes, len(unseen.refusals))
            if question := act.answers.unless_yes(asked):
                return conversation, question
        verdict = act.complete()
        unseen.acknowledge()
        return Conversation(), verdict

    # The view

    def _view(
        self,
        tx: Transaction,
        conversation: Conversation,
        verdict: Verdict | None,
        at_hand: AtHand | None,
        facts: WorkFacts | None = None,
    ) -> tuple[DeskView, AtHand | None]:
        del at_hand, facts  # nothing of a transfer is kept from scan to scan
        view = self._without_order(conversation, verdict)
        if conversation.transfer_id is None:
            return view, None
        of = transfers.get(tx, conversation.transfer_id)
        mine = transfers.entries(tx, of.id, self.site.station)
        last = mine[0].product_id if mine else None
        lines = tuple(
            LineView(
                line.product_id,
                line.sku,
                line.description,
                line.sent,
                line.sent if conversation.sends else line.arrived,
                worded("by serial") if line.has_units else worded("by quantity"),
                in_work=line.product_id == last,
            )
            for line in transfers.lines(tx, of.id)
        )
        in_hand = sum(entry.quantity for entry in mine)
        left = sum(line.ordered - line.done for line in lines)
        if conversation.sends:
            way = worded("to {warehouse}", warehouse=of.to_warehouse)
        else:
            way = worded("from {warehouse}", warehouse=of.from_warehouse)
        order = OrderView(of.id, of.number, "", way, "", OrderStatus.OPEN, lines, in_hand, left)
        return replace(view, order=order), None
