"""One order: its lines, the work and the imports on it, what supervisors did, and what can be done now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from scanstation.domain import days
from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, listed, visible
from scanstation.domain.commands import Act
from scanstation.domain.discrepancies import CHOICES, Differs, Discrepancy
from scanstation.domain.expected import ExpectedList
from scanstation.domain.language import shown, translated, worded
from scanstation.domain.outcome import Refused
from scanstation.domain.papers import Paper
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.domain.tracking import ImportRule
from scanstation.domain.work import OpenWork
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.home import DESK, look_up
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.long_text import LongText, hanging
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.screens.widgets.rows import Row, fit, length
from scanstation.workflows.orders import (
    corrections,
    discrepancies,
    expected_lists,
    order_book,
    purchase_orders,
    shipment_orders,
    swapping,
)
from scanstation.workflows.orders.order_book import OrderDetail, OrderLineDetail
from scanstation.workflows.papers.printing import Job
from scanstation.workflows.scanning import taking_over
from scanstation.workflows.site import local_time

Found = TypeVar("Found")
_LEAST_SKU = 9
"""Cells that a SKU keeps where there is little room; what is at the edge is cut."""
_DESK_WORD = {OrderKind.PURCHASE: "Receive here", OrderKind.SHIPMENT: "Pack here"}
_MOST_NAMED = 3
"""Lines in a question."""


@dataclass(frozen=True)
class TakeOver:
    """The act of taking one work over; the same act while the work is the same."""

    screen: "OrderScreen"
    one: OpenWork

    def __call__(self) -> None:
        """Ask and do."""
        self.screen.take_over(self.one)


@dataclass(frozen=True)
class Print:
    """The act of printing one paper."""

    screen: "OrderScreen"
    paper: Paper

    def __call__(self) -> None:
        """Begin it."""
        self.screen.print_paper(self.paper)


@dataclass(frozen=True)
class RemoveList:
    """The act of removing one list of expected serials."""

    screen: "OrderScreen"
    one: ExpectedList

    def __call__(self) -> None:
        """Ask and do."""
        self.screen.remove_list(self.one)


@dataclass(frozen=True)
class Settle:
    """The act of settling one discrepancy."""

    screen: "OrderScreen"
    one: Discrepancy

    def __call__(self) -> None:
        """Ask what came of it."""
        self.screen.settle(self.one)


class OrderScreen(ActingScreen, inherit_bindings=True):
    """What a supervisor sees of an order, and does to it."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "order.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "read(-5)", "Read up", id="read-up"),
        Binding("pagedown", "read(5)", "Read down", id="read-down"),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._order_id = 0
        self._detail: OrderDetail | None = None
        self._scanned_units = 0
        """How many units were scanned into the box and can be imported so."""

    def compose_body(self) -> ComposeResult:
        """The order, and its acts."""
        yield Container(
            LongText(id="sheet"),
            PickList([Column(grows=True)], id="acts"),
            id="order",
        )

    async def enter(self, go: Go) -> None:
        """Show an order."""
        if go.order_id:
            self._order_id = go.order_id
        await self.refresh_counts()
        if go.verdict:
            self.show_verdict(go.verdict)
        if go.begins is Act.SWAP:
            self.swap()

    async def refresh_counts(self) -> None:
        """Read the order anew."""
        site, order_id = self.station.site, self._order_id
        detail = await self.station.run(order_book.detail, site, order_id)
        hindrance = None
        if detail.order.kind is OrderKind.PURCHASE:
            hindrance = await self.station.run(purchase_orders.receive_all_hindrance, site, order_id)
        self._scanned_units = await self._scanned_into_the_box(detail)
        self._detail = detail
        order = detail.order
        self.header.show_place(order.kind.noun, visible(order.number), order.client, order.warehouse, order=True)
        self.query_one("#acts", PickList).show([*self._acts(detail, hindrance)])
        self.query_one(LongText).show(lambda width: [*self._sheet(detail, width)])
        self.slot.show_scan("Choose with ↑ ↓, or scan an order", "Enter does what is marked")
        keys = [KeyHint("F1", "Help", short="?"), KeyHint("↑↓ Enter", "Do"), KeyHint("PgDn", "Read on", rank=2)]
        self.keys.show([*keys, KeyHint("Esc", "Back")])

    async def _scanned_into_the_box(self, detail: OrderDetail) -> int:
        """How many units were scanned and may be imported as they are."""
        is_packed = detail.order.status in (OrderStatus.READY_TO_SHIP, OrderStatus.SHIPPED)
        if detail.order.kind is OrderKind.PURCHASE or not (is_packed and detail.serials_missing):
            return 0
        from scanstation.workflows.imports.scanned import units_waiting  # Excel is not needed until now

        return await self.station.run(units_waiting, self.station.site, detail.order.id)

    def help_page(self) -> HelpPage:
        """What a supervisor can do to this order."""
        now = ["Choose with ↑ ↓ and press Enter. What would be refused now says why beneath it."]
        if self._purchase:
            now.append("Receive PO takes all that is outstanding, unless a product's serial has to be scanned.")
            if self._order_detail.expected:
                now.append("Expected: what its supplier announced, held against what has come.")
        else:
            now.append("Ship needs every serial; without them it asks for a reason, which is kept.")
        note = ("{}NOTE", "note what is damaged, wrong, short or over")
        swap = [note] if self._purchase else [("{}SWAP", "one unit out, another in")]
        keys = [*swap, ("PgUp PgDn", "read the order"), ("Esc", "back"), ("{}HOME", "to Home")]
        return HelpPage(
            f"{self._order_detail.order.kind.noun.capitalize()} {visible(self._order_detail.order.number)}", now, keys
        )

    # What is shown

    def _sheet(self, detail: OrderDetail, width: int) -> Iterator[Row]:
        order, now = detail.order, self.station.site.store.clock()
        facts = [visible(word) for word in (order.partner, order.reference) if word]
        facts += [worded("brings units back")] * order.brings_back
        due = days.due(order, self.station.site.today)
        if due.words:
            facts.insert(0, due.words if due.is_late else worded("due {words}", words=visible(due.words)))
        about = "".join(f" · {fact}" for fact in facts)
        yield from hanging(order.status.value, about, width, "note" if due.is_late else "", lead_style="strong")
        yield from _lines(detail, width)
        yield from _expected(detail, width)
        for one in detail.works:
            since = local_time(one.work.opened_at, now)
            owes = worded(", a serial is owed") if one.owes else ""
            who = worded(
                "{operator} at {station}", operator=visible(one.work.operator), station=visible(one.work.station)
            )
            yield from hanging(
                worded("In work  "),
                worded(
                    "{who} since {since}: {pieces} in hand{owes}", who=who, since=since, pieces=one.pieces, owes=owes
                ),
                width,
                lead_style="note",
            )
        for noted in detail.noted:
            yield from _noted(noted, now, width)
        for batch in detail.batches:
            at = local_time(batch.at, now)
            file_and_serials = worded(
                "{file_name}: {serials} serials", file_name=visible(batch.file_name), serials=batch.serials
            )
            yield from hanging(worded("Batch {id}  ", id=batch.id), file_and_serials, width, lead_style="")
            yield from hanging(
                "    ",
                worded(
                    "{at}, by {operator} at {station}",
                    at=at,
                    operator=visible(batch.operator),
                    station=visible(batch.station),
                ),
                width,
                "quiet",
            )
        for each in detail.lists:
            who = worded(
                "{local_time}, by {operator} at {station}",
                local_time=local_time(each.at, now),
                operator=visible(each.operator),
                station=visible(each.station),
            )
            file_and_serials = worded(
                "{file_name}: {serials} expected",
                file_name=visible(each.file_name),
                serials=counted(each.serials, "serial"),
            )
            yield from hanging(worded("List {id}  ", id=each.id), file_and_serials, width, lead_style="")
            yield from hanging("    ", who, width, "quiet")
        for act in detail.acts:
            at = local_time(act.at, now)
            who = worded(
                "{at}, by {operator} at {station}", at=at, operator=visible(act.operator), station=visible(act.station)
            )
            yield from hanging(f"{visible(act.act)}  ", who, width, lead_style="")
            if act.reason:
                yield from hanging("    ", visible(act.reason), width, "quiet")

    def _acts(self, detail: OrderDetail, hindrance: Refused | None) -> Iterator[Pick]:
        order = detail.order
        takes = order.status.takes_goods
        if takes:
            yield Pick(self._to_desk, (translated(_DESK_WORD[order.kind]),))
        own = code_key(self.station.site.station)
        for one in detail.works:
            if code_key(one.work.station) != own:
                what = worded(
                    "Take over {operator}'s {work_word} at {station} …",
                    operator=visible(one.work.operator),
                    work_word=order.kind.work_word,
                    station=visible(one.work.station),
                )
                yield Pick(TakeOver(self, one), (what,))
        if order.kind is OrderKind.PURCHASE:
            yield Pick(self.receive_all, (worded("Receive PO: take all, unscanned"),), _why(hindrance))
            yield from self._import_acts(detail, any(_imports(line, order.kind) for line in detail.lines))
            for each in detail.lists:
                what = worded("Remove the list {file_name} of expected serials …", file_name=visible(each.file_name))
                yield Pick(RemoveList(self, each), (what,))
            if takes:
                yield Pick(self.close_short, (worded("Close short …"),))
            else:
                yield Pick(self.reopen, (worded("Reopen …"),))
            yield Pick(self.note, (worded("Note a discrepancy …"),))
            for noted in detail.noted:
                if noted.is_open:
                    yield Pick(Settle(self, noted), (worded("Settle discrepancy {told} …", told=visible(noted.told)),))
            if any(line.unbacked for line in detail.lines):
                yield Pick(self.lower, (worded("Lower a received count …"),))
            if order.brings_back:
                yield Pick(self.mark_returns, (worded("Bring no units back any more …"),))
            else:
                yield Pick(self.mark_returns, (worded("Let it bring units back …"),))
            yield from self._papers(detail)
            return
        if order.status is OrderStatus.READY_TO_SHIP:
            missing = detail.serials_missing
            yield Pick(
                self.ship,
                (worded("Ship"),),
                worded("{missing} serials are missing", missing=missing) if missing else "",
            )
        if self._scanned_units:
            yield Pick(self.import_scanned, (worded("Import what was scanned into the box"),))
        yield from self._import_acts(detail, any(_imports(line, order.kind) for line in detail.lines))
        if takes:
            yield Pick(self.close_short, (worded("Close short: ship what is packed …"),))
        if any(line.done for line in detail.lines):
            yield Pick(self.customers_list, (worded("Serials for the customer …"),))
        yield from self._papers(detail)
        if order.status not in (OrderStatus.SHIPPED, OrderStatus.CANCELLED) and any(
            line.serials_present for line in detail.lines
        ):
            yield Pick(self.swap, (worded("Swap a unit for another …"),))
        if order.status is OrderStatus.SHIPPED:
            yield Pick(self.unship, (worded("Unship: the truck did not leave …"),))
        if order.status not in (OrderStatus.SHIPPED, OrderStatus.CANCELLED):
            yield Pick(self.cancel, (worded("Cancel this order …"),))

    def _papers(self, detail: OrderDetail) -> Iterator[Pick]:
        """Where [print] of config.toml names no printer there are none; a sheet that was filled in is entered."""
        plan, is_done = self.station.prints.plan, any(line.done for line in detail.lines)
        for paper in Paper:
            is_of_use = detail.order.status.takes_goods if paper is Paper.DOWNTIME else is_done
            if is_of_use and plan.printer_of(paper):
                yield Pick(Print(self, paper), (worded("Print the {words}", words=paper.words),))
        if detail.order.status.takes_goods:
            yield Pick(self.enter_written_down, (worded("Enter what was written down …"),))

    def _import_acts(self, detail: OrderDetail, imports: bool) -> Iterator[Pick]:
        if imports:
            yield Pick(self.import_serials, (worded("Import serials …"),))
        if detail.batches:
            yield Pick(self.remove_serials, (worded("Remove the imported serials …"),))

    # Scans and keys

    async def answer(self, scan: Scan) -> Go | None:
        """Another order is shown in place of this one; a serial is traced; SS-NOTE notes something on this one."""
        command = self.station.command(scan)
        if command is None or command.act is not Act.NOTE:
            return await look_up(self, scan)
        if self._purchase:
            self.note()
        else:
            self.show_verdict(say.note_wants_purchase(scan.text))
        return None

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone does what is marked."""
        if text:
            super().entered(text)
            return
        chosen = self.query_one("#acts", PickList).chosen
        if chosen is not None and callable(chosen.value):
            chosen.value()

    def action_move(self, by: int) -> None:
        """Mark another act."""
        self.query_one("#acts", PickList).move(by)

    def action_read(self, by: int) -> None:
        """Read on in the order."""
        self.query_one(LongText).read(by)

    # What a supervisor does

    def _to_desk(self) -> None:
        detail = self._order_detail
        self.post_message(GoWanted(Go(DESK[detail.order.kind], order_id=detail.order.id)))

    @work
    async def take_over(self, one: OpenWork) -> None:
        """Make another station's open work this station's own."""
        site, left = self.station.site, one.work
        since = local_time(left.opened_at, site.store.clock())
        who = worded(
            "{operator} left it at {station}, open since {since}",
            operator=visible(left.operator),
            station=visible(left.station),
            since=since,
        )
        if await self.sure(worded("{who}, {pieces} in hand. Take it over?", who=who, pieces=one.pieces)):
            await self.do(lambda: taking_over.take_over(site, left.id, asked=one.pieces))

    @work
    async def receive_all(self) -> None:
        """The Receive PO button."""
        detail = self._order_detail
        left = sum(line.left for line in detail.lines)
        question = worded(
            "Receive all {left} outstanding units of {number} without scanning?",
            left=left,
            number=visible(detail.order.number),
        )
        site, order_id = self.station.site, detail.order.id
        hindrance = await self.act(lambda: purchase_orders.receive_all_hindrance(site, order_id))
        if hindrance is not None or await self.sure(question):
            await self.do(lambda: purchase_orders.receive_all(site, order_id, asked=left))

    @work
    async def close_short(self) -> None:
        """End the order with less than ordered."""
        detail, site = self._order_detail, self.station.site
        orders = purchase_orders if self._purchase else shipment_orders
        number = visible(detail.order.number)
        lacks = await self.look_up(lambda: orders.lacking(site, detail.order.id))
        if lacks is None:
            return
        question = worded(
            "{number} lacks {lacking} of {ordered}, so far {short}. Close it short?",
            number=number,
            lacking=lacks.units,
            ordered=lacks.ordered,
            short=listed(lacks.texts, _MOST_NAMED),
        )
        if not await self.sure(question, by_hand=True):
            return
        reason = await self.reason(worded("Why is {number} closed short?", number=number))
        if reason is not None:
            await self.do(lambda: orders.close_short(site, detail.order.id, reason, asked=lacks))

    @work
    async def reopen(self) -> None:
        """Take goods again."""
        detail, site = self._order_detail, self.station.site
        reason = await self.reason(worded("Why is {number} reopened?", number=visible(detail.order.number)))
        if reason is not None:
            await self.do(lambda: purchase_orders.reopen(site, detail.order.id, reason))

    @work
    async def mark_returns(self) -> None:
        """Let units that were shipped come in on it again, or no longer."""
        order, site = self._order_detail.order, self.station.site
        number, off = visible(order.number), order.brings_back
        why_not = worded("Why does {number} bring no units back?", number=number)
        reason = await self.reason(why_not if off else worded("Why does {number} bring units back?", number=number))
        if reason is not None:
            await self.do(lambda: purchase_orders.mark_returns(site, order.id, reason, off=off))

    @work
    async def note(self) -> None:
        """Something came damaged, wrong, short or over; no count is changed."""
        detail, site, order_id = self._order_detail, self.station.site, self._order_id
        chosen = await self.choose(worded("What is noted on {number}?", number=visible(detail.order.number)), CHOICES)
        if chosen is None:
            return
        differs, sku = Differs(chosen), detail.lines[0].sku
        if len(detail.lines) > 1:
            scan = await self.ask_code(worded("Which product {past}?", past=differs.past), "scan it, or type its SKU")
            found = await self.look_up(lambda: discrepancies.sku_on(site, order_id, scan.text)) if scan else None
            if found is None:
                return
            sku = found
        count = await self.ask_text(worded("How many {sku}?", sku=visible(sku)), "type the number", "1")
        if count is None:
            return
        if not (count.isascii() and count.strip().isdigit() and len(count) < 10 and int(count)):
            self.show_outcome(say.no_number_of_units(count))
            return
        line = next((one for one in detail.lines if one.sku == sku), detail.lines[0])
        serials = await self._serials_noted(sku, int(count)) if line.policy.tracked else []
        words = await self.reason(
            worded("What is to be said of {count} {sku} {value}?", count=count, sku=visible(sku), value=differs.word)
        )
        if words is not None:
            await self.do(
                lambda: discrepancies.note(site, order_id, sku, differs, count=int(count), words=words, serials=serials)
            )

    async def _serials_noted(self, sku: str, count: int) -> list[str]:
        """The serials of what is noted, as far as somebody gives them."""
        serials: list[str] = []
        while len(serials) < count:
            title = worded("Serial of {sku}, {at} of {count}?", sku=visible(sku), at=len(serials) + 1, count=count)
            scan = await self.ask_code(title, "scan it, or type it; Esc: no more")
            if scan is None:
                break
            serials.append(discrepancies.serial_on(self.station.site, scan))
        return serials

    @work
    async def settle(self, one: Discrepancy) -> None:
        """Say what came of it; it stays in the list."""
        site, order_id = self.station.site, self._order_id
        words = await self.reason(worded("What came of {told}?", told=visible(one.told)))
        if words is not None:
            await self.do(lambda: discrepancies.settle(site, order_id, one.id, words))

    @work
    async def lower(self) -> None:
        """Fewer units came than were counted."""
        if not await self.read_anew():
            return
        detail, site = self._order_detail, self.station.site
        order_id, number = detail.order.id, visible(detail.order.number)
        skus = [line.sku for line in detail.lines if line.unbacked]
        if len(skus) > 1:
            scan = await self.ask_code("Which product was counted too high?", "scan it, or type its SKU")
            skus = [scan.text] if scan else []
        if not skus:
            return
        line = await self.look_up(lambda: corrections.counted_line(site, order_id, skus[0]))
        if line is None:
            return
        sku, done, lowest = line
        limit = worded(", not below {lowest}", lowest=lowest) if lowest else ""
        count = await self.ask_text(
            worded("How many {sku} really came?", sku=visible(sku)), worded("now {done}{limit}", done=done, limit=limit)
        )
        if count is None:
            return
        if not (count.isascii() and count.strip().isdigit() and len(count) < 10):
            self.show_outcome(say.no_number_of_units(count))
            return
        to = int(count)
        if not lowest <= to < done:
            await self.do(lambda: corrections.lower(site, order_id, sku, to, ""))  # it says why not
            return
        reason = await self.reason(worded("Why is {sku} lowered to {to}?", sku=visible(sku), to=to))
        if reason is not None and await self.sure(
            worded("Lower {sku} on {number} to {to} received?", sku=visible(sku), number=number, to=to)
        ):
            await self.do(lambda: corrections.lower(site, order_id, sku, to, reason, was=done))

    @work
    async def cancel(self) -> None:
        """Unpack everything and drop the order."""
        if not await self.read_anew():
            return
        detail, site = self._order_detail, self.station.site
        number = visible(detail.order.number)
        packed, in_work = sum(line.done for line in detail.lines), sum(line.open for line in detail.lines)
        question = worded(
            "Cancel {number}? What was packed for it is unpacked: {packed}, and {in_work} in open work.",
            number=number,
            packed=packed,
            in_work=in_work,
        )
        if not await self.sure(question, by_hand=True):
            return
        reason = await self.reason(worded("Why is {number} cancelled?", number=number))
        if reason is not None:
            await self.do(lambda: shipment_orders.cancel(site, detail.order.id, reason, asked=(packed, in_work)))

    @work
    async def ship(self) -> None:
        """The order leaves; without its serials only for a reason."""
        detail, site, order_id = self._order_detail, self.station.site, self._order_id
        number = visible(detail.order.number)
        if not await self.sure(worded("Has {number} left?", number=number)):
            return
        outcome = await self.act(lambda: shipment_orders.ship(site, order_id))
        only_serials = isinstance(outcome, Refused) and all(one.name == "serials-missing" for one in outcome.reasons)
        if not only_serials:
            await self.tell(outcome)
            return
        assert isinstance(outcome, Refused)
        self.show_outcome(outcome)
        if await self.sure(
            worded("{text} Ship {number} without them?", text=outcome.text, number=number), by_hand=True
        ):
            reason = await self.reason(worded("Why does {number} leave without them?", number=number))
            if reason is not None:
                asked = outcome.reasons
                await self.do(lambda: shipment_orders.ship(site, order_id, without_serials_reason=reason, asked=asked))

    @work
    async def unship(self) -> None:
        """The truck did not leave."""
        site, order_id = self.station.site, self._order_id
        number = visible(self._order_detail.order.number)
        if not await self.sure(
            worded("Is {number} still here? All of it is Packed again then.", number=number), by_hand=True
        ):
            return
        reason = await self.reason(worded("Why did {number} not leave?", number=number))
        if reason is not None:
            await self.do(lambda: shipment_orders.unship(site, order_id, reason))

    def print_paper(self, paper: Paper) -> None:
        """A paper goes to its printer; what becomes of it is told only if nothing does."""
        self.station.prints.ask(self.station.site, Job(self._order_id, paper))
        number = visible(self._order_detail.order.number)
        self.show_outcome(say.paper_on_its_way(number, paper.words))

    @work
    async def swap(self) -> None:
        """One unit comes out, another goes in."""
        site, order_id = self.station.site, self._order_id
        number = visible(self._order_detail.order.number)
        scanned_out = await self._scanned(
            worded("Which unit comes out of {number}?", number=number),
            lambda scan: swapping.outgoing(site, order_id, scan),
        )
        if scanned_out is None:
            return
        out = scanned_out[1]
        old = visible(out.code)
        scanned_in = await self._scanned(
            worded("Which {sku} goes in for {old}?", sku=visible(out.sku), old=old),
            lambda scan: corrections.code_on(site, out.unit_id, out.code, scan),
        )
        if scanned_in is None:
            return
        source, new = scanned_in[0].source, scanned_in[1]
        lot = swapping.lot_on(site, scanned_in[0])
        second = await self.look_up(lambda: swapping.asks_secondary(site, order_id, out.code, new, lot))
        if second is None:
            return
        secondary = ""
        if second:
            other = await self._scanned(
                worded("Secondary serial of {new}", new=visible(new)), lambda scan: swapping.secondary_on(site, scan)
            )
            if other is None:
                return
            secondary = other[1]
        on_hold = await self.sure(worded("Is {old} to go on hold?", old=old))
        reason = await self.reason(worded("Why is {old} swapped for {new}?", old=old, new=visible(new)))
        if reason is None:
            self.show_verdict(say.left_as_it_is())
            return
        await self.do(
            lambda: swapping.swap(
                site, order_id, out.code, new, reason, secondary=secondary, on_hold=on_hold, lot=lot, source=source
            )
        )

    async def _scanned(self, title: str, look: Callable[[Scan], Found | Refused]) -> tuple[Scan, Found] | None:
        """A code that is asked for, and what it stands for; None where nothing is to happen."""
        scan = await self.ask_code(title, "scan its serial, or type it")
        found = await self.look_up(lambda: look(scan)) if scan else None
        return (scan, found) if scan and found is not None else None

    def import_serials(self) -> None:
        """To the import wizard, with this order."""
        self.post_message(GoWanted(Go(Where.IMPORT, order_id=self._order_id)))

    def enter_written_down(self) -> None:
        """To the import wizard, with the sheet of when the station was away."""
        self.post_message(GoWanted(Go(Where.IMPORT, order_id=self._order_id, written_down=True)))

    @work
    async def customers_list(self) -> None:
        """The order's serials in a file, for the customer."""
        from scanstation.screens.files import write_customers_list  # rarely needed

        await write_customers_list(self, self._order_id, self._order_detail.order.number)

    @work
    async def import_scanned(self) -> None:
        """What was scanned is the import: no file is needed."""
        from scanstation.workflows.imports.scanned import import_scanned

        site, order_id, units = self.station.site, self._order_id, self._scanned_units
        number = visible(self._order_detail.order.number)
        if await self.sure(
            worded(
                "Import the serials of {units} as they were scanned into {number}?",
                units=counted(units, "unit"),
                number=number,
            )
        ):
            await self.do(lambda: import_scanned(site, order_id))

    @work
    async def remove_serials(self) -> None:
        """Take back what was imported on this order, all of it or one batch."""
        from scanstation.screens.import_wizard.removal import remove_imports  # Excel is not needed until now

        if await self.read_anew():
            await remove_imports(self, self._order_detail)

    @work
    async def remove_list(self, one: ExpectedList) -> None:
        """A wrong list is held against what comes no longer."""
        site, order_id = self.station.site, self._order_id
        what = worded(
            "{serials} of {file_name}", serials=counted(one.serials, "serial"), file_name=visible(one.file_name)
        )
        if await self.sure(worded("Expect the {what} no longer? No unit is changed.", what=what)):
            await self.do(lambda: expected_lists.remove_expected(site, order_id, list_id=one.id))

    @property
    def packed_order(self) -> int:
        """This order, if it is one that goods leave by."""
        return 0 if self._detail is None or self._purchase else self._order_id

    @property
    def _order_detail(self) -> OrderDetail:
        assert self._detail is not None
        return self._detail

    @property
    def _purchase(self) -> bool:
        return self._order_detail.order.kind is OrderKind.PURCHASE


def _noted(one: Discrepancy, now: datetime, width: int) -> Iterator[Row]:
    """A discrepancy, what was said of it, and what came of it."""
    style = "note" if one.is_open else ""
    told = worded("{count} {sku} {differs}", count=one.count, sku=visible(one.sku), differs=one.differs.word)
    yield from hanging(worded("Discrepancy {id}  ", id=one.id), told, width, lead_style=style)
    words_and_serials = " · ".join(visible(words) for words in (one.words, ", ".join(one.serials)) if words)
    by = worded(
        "{local_time}, by {operator} at {station}",
        local_time=local_time(one.at, now),
        operator=visible(one.operator),
        station=visible(one.station),
    )
    yield from hanging("    ", f"{words_and_serials} · {by}" if words_and_serials else by, width, "quiet")
    if one.settled_at:
        how = worded(
            "settled {local_time}, by {part}: ",
            local_time=local_time(one.settled_at, now),
            part=visible(one.settled_by or ""),
        )
        yield from hanging("    ", f"{how}{visible(one.settled_as or '')}", width, "quiet")


def _why(hindrance: Refused | None) -> str:
    return "" if hindrance is None else worded("refused: {text}", text=hindrance.text)


def _imports(line: OrderLineDetail, kind: OrderKind) -> bool:
    rule = line.policy.po_import if kind is OrderKind.PURCHASE else line.policy.so_import
    return rule is not ImportRule.REFUSED


def _lines(detail: OrderDetail, width: int) -> Iterator[Row]:
    """The lines in columns; where there is little room, counts and serials only."""
    done_word = detail.order.kind.done_word
    narrow = width < 60
    rows: list[Sequence[str]]
    if narrow:
        rows = [("SKU", done_word, worded("serials")), *(_brief_cells(line) for line in detail.lines)]
    else:
        head = ("SKU", worded("ordered"), done_word, worded("in work"), worded("serials"))
        rows = [head, *(_cells(line) for line in detail.lines)]
    wide = [max(length(row[place]) for row in rows) for place in range(len(rows[0]))]
    fixed = sum(wide[1:]) + 2 * len(wide[1:])
    sku = min(wide[0], max(_LEAST_SKU, width - fixed))
    about = 0 if narrow else width - sku - fixed - 2
    for number, row in enumerate(rows):
        told = worded("Description") if number == 0 else detail.lines[number - 1].description
        middle = [fit(told, about)] if about >= length(worded("Description")) else []
        counts = [fit(cell, room, right=True) for cell, room in zip(row[1:-1], wide[1:-1], strict=True)]
        cells = "  ".join([fit(row[0], sku), *middle, *counts, shown(row[-1])])
        yield ((cells if length(cells) <= width else fit(cells, width), "quiet" if number == 0 else ""),)


def _expected(detail: OrderDetail, width: int) -> Iterator[Row]:
    """How the units stand to what suppliers announce."""
    for one in detail.expected:
        verified_counts = worded(
            "{sku} {verified} of {listed} verified", sku=visible(one.sku), verified=one.verified, listed=one.listed
        )
        if detail.order.kind is OrderKind.SHIPMENT:
            verified_counts = worded("{sku} {verified} verified", sku=visible(one.sku), verified=one.verified)
        verified_counts += worded(", {unexpected} unexpected", unexpected=one.unexpected) if one.unexpected else ""
        verified_counts += worded(", {missing} missing", missing=one.missing) if one.missing else ""
        yield from hanging(worded("Expected  "), verified_counts, width, lead_style="")
    if detail.missing:
        yield from hanging("    ", say.missing_words(detail.missing), width, "quiet")


def _cells(line: OrderLineDetail) -> Sequence[str]:
    ordered = (
        worded("{ordered}, {closed_short} short", ordered=line.ordered, closed_short=line.closed_short)
        if line.closed_short
        else str(line.ordered)
    )
    return visible(line.sku), ordered, str(line.done), str(line.open or ""), _serials(line)


def _brief_cells(line: OrderLineDetail) -> Sequence[str]:
    more = f" +{line.open}" if line.open else ""
    short = worded(", {closed_short} short", closed_short=line.closed_short) if line.closed_short else ""
    return (
        visible(line.sku),
        worded("{done}{more} of {ordered}{short}", done=line.done, more=more, ordered=line.ordered, short=short),
        _serials(line),
    )


def _serials(line: OrderLineDetail) -> str:
    if line.serials_needed:
        return worded(
            "{serials_present} of {serials_needed}",
            serials_present=line.serials_present,
            serials_needed=line.serials_needed,
        )
    if line.serials_present:
        return str(line.serials_present)
    return "–" if line.policy.tracked else worded("not tracked")
