"""The count desk: a conversation about what stands in a warehouse (RULES 2.28).

Each scan is kept as it comes, so nothing here is open work: several stations scan one count at once, and another goes
on where this one left off. What a count holds against the books is told when it ends, and not before.
"""

from dataclasses import dataclass, field, replace

from scanstation.domain import sentences as say
from scanstation.domain.codes import Code, code_key, read_code, visible
from scanstation.domain.commands import ALL_LEFT, Act, Command
from scanstation.domain.counts import Count, CountedLine, CountStatus
from scanstation.domain.language import joined, worded
from scanstation.domain.operators import Deed
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.products import Product
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.unseen import Unseen
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store import catalog, counts, units
from scanstation.store.store import Transaction
from scanstation.workflows.codes import lookup
from scanstation.workflows.orders import count_book
from scanstation.workflows.scanning.conversation import Conversation, Moment, Step
from scanstation.workflows.scanning.count_acts import CountAct
from scanstation.workflows.scanning.desk import PLACES, Desk, does_not_count
from scanstation.workflows.scanning.viewing import AtHand
from scanstation.workflows.scanning.views import DeskView, LineView, OrderView
from scanstation.workflows.scanning.without_order import station_warehouse
from scanstation.workflows.scanning.work_facts import WorkFacts
from scanstation.workflows.site import Site

_LISTED = 12


class CountDesk(Desk):
    """Where somebody says what is there, scan by scan."""

    def __init__(self, site: Site, unseen: Unseen | None = None) -> None:
        super().__init__(site, OrderKind.PURCHASE, unseen)
        self._deed = Deed.COUNT

    @property
    def has_work(self) -> bool:
        """Is there a count here that somebody else could end?"""
        count_id = self._conversation.count_id
        return count_id is not None and count_id != self._told_of

    def look_again(self) -> Verdict | None:
        """That the count was ended elsewhere, told once."""
        count_id = self._conversation.count_id
        if not self.has_work or count_id is None:
            return None
        with self.site.store.read() as tx:
            of = counts.get(tx, count_id)
        if of.status is not CountStatus.CLOSED:
            return None
        self._told_of = count_id
        news = say.count_closed_elsewhere(of.number)
        self.note(news)
        return news

    def leave(self) -> DeskView:
        """Go away from the desk; all that was scanned is kept."""
        self._conversation = Conversation()
        self.view = DeskView(last=self.view.last)
        return self.view

    def waiting(self) -> tuple[tuple[tuple[str, str], ...], int]:
        """The counts of this station's warehouse to go on with, and how many they are: number, and what it is."""
        with self.site.store.read() as tx:
            here = station_warehouse(self.site, tx)
            open_counts = counts.open_at(tx, here, _LISTED)
            again = counts.to_look_for_again(tx, here, _LISTED - len(open_counts)) if len(open_counts) < _LISTED else []
            pieces = counts.quantities(tx, [one.id for one in open_counts])
            missing = counts.missing(tx, [one.id for one in again])
        rows = [
            (
                one.number,
                worded("{what}, {pieces} counted", what=_what(one), pieces=say.counted_units(pieces.get(one.id, 0))),
            )
            for one in open_counts
        ]
        rows += [
            (
                one.number,
                worded(
                    "lacks {units}, a second person looks again: {what}",
                    units=counted(missing[one.id], "unit"),
                    what=_what(one),
                ),
            )
            for one in again
        ]
        return tuple(rows), len(rows)

    # What a scan means

    def _act(self, now: Moment, conversation: Conversation) -> CountAct | Verdict | None:
        """The act on the count that is open here; why there is none where that was ended elsewhere."""
        if conversation.count_id is None:
            return None
        act = CountAct(self.site, now.tx, now.stamp, conversation.count_id, conversation.answers)
        return say.count_closed_elsewhere(act.of.number) if act.of.status is CountStatus.CLOSED else act

    def _meant(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        act = self._act(now, conversation)
        meant = lookup.stock_count(now.tx, reading)
        if meant and not (act and units.with_code(now.tx, code_key(meant.number))):
            found = counts.find(now.tx, meant.number)
            assert found is not None
            return self._go_to(now, conversation, scan, found)
        if act is None:
            return self._begin(now, conversation, scan, reading)
        if isinstance(act, Verdict):
            return Conversation(), act
        verdict = act.scanned(scan, reading, conversation.quantity)
        if verdict.question is None and verdict.accepted and not verdict.quiet:
            conversation = replace(conversation, quantity=1)
        elif verdict.question is None and conversation.quantity != 1:
            verdict = say.with_quantity(verdict, conversation.quantity)
        return conversation, verdict

    def _go_to(self, now: Moment, conversation: Conversation, scan: Scan, of: Count) -> Step:
        here = station_warehouse(self.site, now.tx)
        if here is not None and here != of.warehouse_id:
            name = catalog.warehouse_code(now.tx, here)
            return conversation, say.count_elsewhere(scan.text, of.number, of.warehouse, name)
        if of.status is CountStatus.CLOSED:
            return self._begin_again(now, conversation, scan, of)
        if refusal := count_book.no_counter(now.tx, of, now.stamp):
            return conversation, say.refused_with(refusal.reasons[0], scan.text)
        pieces = counts.quantities(now.tx, [of.id]).get(of.id, 0)
        return Conversation(count_id=of.id), say.count_on_desk(of.number, _what(of), pieces)

    def _begin_again(self, now: Moment, conversation: Conversation, scan: Scan, first: Count) -> Step:
        """The number of a closed count that lacks something begins the second round, which is another person's."""
        first = counts.get(now.tx, first.id, lock=True)
        lacking = [] if first.of_id is not None else count_book.to_look_for(now.tx, first, now.stamp)
        if isinstance(lacking, Refused):
            return conversation, say.refused_with(lacking.reasons[0], scan.text)
        if not lacking:
            return conversation, say.refused_with(say.count_closed(first.number).reasons[0], scan.text)
        if question := conversation.answers.unless_yes(say.second_round(first.number, len(lacking))):
            return conversation, question
        new = count_book.begun_again(now.tx, first, lacking, now.stamp)
        return Conversation(count_id=new.id), say.second_round_begun(new.number, first.number, len(lacking))

    def _begin(self, now: Moment, conversation: Conversation, scan: Scan, reading: Reading) -> Step:
        """With nothing open, the name of a warehouse, a client or a product begins a count of it."""
        of = self._scope(now.tx, conversation, scan, reading)
        if isinstance(of, Verdict):
            return conversation, of
        if question := conversation.answers.unless_yes(say.new_count(scan.text, of.words)):
            return conversation, question
        new, _ = count_book.begun(now.tx, now.stamp, of.warehouse_id, of.client_id, of.products)
        return Conversation(count_id=new.id), say.count_begun(new.number, of.words)

    def _scope(self, tx: Transaction, conversation: Conversation, scan: Scan, reading: Reading) -> "_Scope | Verdict":
        """Of what a count is that a scan begins."""
        code, here = read_code(reading.text), station_warehouse(self.site, tx)
        if reading.is_plain and isinstance(code, Code):
            if (there := catalog.warehouse_id(tx, code.text)) is not None:
                if here is not None and here != there:
                    return say.another_warehouse(scan.text, catalog.warehouse_code(tx, here))
                return _Scope(
                    there,
                    worded("all that stands in {warehouse}", warehouse=visible(catalog.warehouse_code(tx, there))),
                )
            if (client := catalog.client_named(tx, code.text)) is not None:
                return _scope_here(tx, here, worded("all of {client}", client=visible(client[1])), client[0])
        named = lookup.products(tx, reading)
        if named is None:
            return say.no_count_open(scan.text)
        meant = {f"{visible(one.product.sku)} of {visible(one.client)}": one.product for one in named.products}
        words = next(iter(meant))
        if len(meant) > 1:
            asked = say.whose_product(scan.text, [*meant])
            words = conversation.answers.chosen(asked)
            if words not in meant:  # not said yet, or it is called otherwise by now
                return asked
        return _scope_here(tx, here, words, meant[words].client_id, meant[words])

    def _kept(self, tx: Transaction, scan: Scan) -> Step | None:
        kept = counts.kept(tx, scan.op_id)
        if kept is None:
            return None
        summary = count_book.what_was_scanned(kept)
        return replace(self._conversation, quantity=1, pending=None), say.kept_before(scan.text, summary)

    def _open(self, now: Moment, conversation: Conversation, scan: Scan, order_id: int | None = None) -> Step:
        """A count by its number, of a list or of a command."""
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
            return conversation, say.no_count_open(scan.text)
        if isinstance(act, Verdict):
            return Conversation(), act
        if what is Act.NO_SERIAL:
            return conversation, say.no_serial_on_unit()
        if what is Act.QUANTITY and command.quantity == ALL_LEFT:
            return conversation, say.no_quantity_of_count()
        if what is Act.QUANTITY:
            return replace(conversation, quantity=command.quantity), say.quantity_set(command.quantity)
        if conversation.quantity != 1 and what in (Act.UNDO, Act.CANCEL):
            return replace(conversation, quantity=1), say.quantity_dropped(conversation.quantity)
        if what is Act.UNDO:
            return conversation, act.undo()
        if what is Act.CANCEL:
            return conversation, say.nothing_waits_to_count()
        return self._end(act, conversation)

    def _end(self, act: CountAct, conversation: Conversation) -> Step:
        unseen = self._unseen
        if unseen.refusals and act.here:
            asked = say.complete_without(act.of.number, unseen.codes, len(unseen.refusals))
            if question := act.answers.unless_yes(asked):
                return conversation, question
        verdict = act.end()
        if verdict.question is not None or verdict.tone is Tone.STOP:
            return conversation, verdict
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
        del at_hand, facts  # nothing of a count is kept from scan to scan
        view = self._without_order(conversation, verdict)
        if conversation.count_id is None:
            return view, None
        of = counts.get(tx, conversation.count_id)
        counted_lines = counts.lines(tx, of.id, self.site.station)
        lines, here = tuple(map(_line, counted_lines)), sum(line.here for line in counted_lines)
        about = worded("second round of {number}", number=of.of_number) if of.of_number else ""
        order = OrderView(of.id, of.number, of.client, of.warehouse, about, OrderStatus.OPEN, lines, here)
        return replace(view, order=order), None


def _line(line: CountedLine) -> LineView:
    return LineView(
        line.product_id or 0,
        line.sku if line.product_id is not None else worded("no unit's"),
        line.description if line.product_id is not None else worded("serials that nobody knows"),
        line.counted,
        line.counted,
        worded("by serial") if line.is_by_serial else worded("by quantity"),
        line.others,
        in_work=line.is_last,
        is_open=True,
    )


def _what(of: Count) -> str:
    """Of what a count is; its products are not listed."""
    if of.of_number:
        return worded("second round of {number}", number=of.of_number)
    parts = [visible(of.warehouse), visible(of.client) if of.client else ""]
    about = joined([*(part for part in parts if part), *([worded("some products")] if of.is_of_skus else [])])
    return worded("part of {what}", what=about) if of.is_partial else about


@dataclass(frozen=True, slots=True)
class _Scope:
    """Of what a new count is."""

    warehouse_id: int
    words: str
    client_id: int | None = None
    products: dict[int, Product] = field(default_factory=dict)


def _scope_here(
    tx: Transaction, here: int | None, words: str, client_id: int, product: Product | None = None
) -> _Scope | Verdict:
    """The goods of a client, or one of its products, where this station stands."""
    if here is None:
        return say.where_is_this_station()
    where = visible(catalog.warehouse_code(tx, here))
    return _Scope(
        here,
        worded("{what} in {warehouse}", what=words, warehouse=where),
        client_id,
        {product.id: product} if product else {},
    )
