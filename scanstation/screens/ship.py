"""Ship: at the truck, with a scanner. Each order scanned leaves at once; what cannot leave stays listed with why."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from scanstation.domain import days
from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.commands import Act
from scanstation.domain.language import worded
from scanstation.domain.outcome import Refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.home import way_to
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.orders import order_book
from scanstation.workflows.scanning import shipping
from scanstation.workflows.scanning.home import ToDesk
from scanstation.workflows.scanning.shipping import AtTruck, ReadyOrder
from scanstation.workflows.site import local_time

if TYPE_CHECKING:
    from scanstation.domain.orders import Order

_LAST_SHOWN = 50


class ShipScreen(ActingScreen, inherit_bindings=True):
    """Counts what has left since the screen was opened."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "ship.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "move(-8)", "Page up", id="page-up"),
        Binding("pagedown", "move(8)", "Page down", id="page-down"),
        Binding("f2", "undo", "Undo", id="undo"),
        Binding("f7", "without_serials", "Ship without serials", id="without-serials"),
        Binding("f10,f12", "all_of_client", "Ship all of a client", id="all-of-client"),
    ]

    live = True

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._here: dict[int, AtTruck] = {}
        """What was refused and has not left since, the last one last."""
        self._left: dict[int, tuple[Order, str]] = {}
        """What left: the order, and when."""
        self._can_leave: dict[int, ReadyOrder] = {}
        """What can leave, and was not scanned yet."""
        self._several = False
        """Are there orders of several warehouses?"""

    def compose_body(self) -> ComposeResult:
        columns = [
            Column(most=24, is_code=True),
            Column(most=28),
            Column(rank=2),
            Column(grows=True, rank=2),
            Column(right=True, rank=2),
        ]
        yield PickList(columns, id="trucked", empty="No order is ready, and none was scanned yet.")

    async def enter(self, go: Go) -> None:
        """Wait for the first order."""
        if go.verdict:
            self.show_verdict(go.verdict)
        await self.refresh_counts()

    async def refresh_counts(self) -> None:
        """What was refused may have left by another way."""
        for order_id in await self.station.run(shipping.has_left, self.station.site, list(self._here.values())):
            del self._here[order_id]
        ready = await self.station.run(shipping.ready, self.station.site)
        self._can_leave = {one.order.id: one for one in ready if one.order.id not in self._here}
        self._draw()

    def help_page(self) -> HelpPage:
        """At the truck."""
        now = [
            "Scan the number of each order as it goes onto the truck: it is Shipped at once. A supervisor can unship.",
            "What is refused stays in the list with why, until it has left. Scan it again once that is mended.",
        ]
        keys = [
            ("↑ ↓ Enter", "the marked order: ship it without its serials, or look at it"),
            ("F7", "ship the marked order without its serials, for a reason that is kept"),
            ("{}SWAP", "a unit of the marked order for another"),
            ("F10  {}COMPLETE", "all that is ready of the marked order's client, with one question"),
            ("Esc  {}HOME", "back"),
        ]
        return HelpPage("Ship", now, keys)

    def _draw(self) -> None:
        here, left = len(self._here), len(self._left)
        here_now, left_now = [one.order for one in self._here.values()], [order for order, _ in self._left.values()]
        seen = [*here_now, *(one.order for one in self._can_leave.values()), *left_now]
        self._several = len({order.warehouse_id for order in seen}) > 1
        told = [worded("{left} shipped", left=left), *([worded("{here} still here", here=here)] if here else [])]
        self.header.show_place("Ship", *told)
        self.slot.show_scan("Scan each order as it leaves", "or type it; it is Shipped at once")
        marked = self._marked
        hints = [KeyHint("F1", "Help"), KeyHint("↑↓ Enter", "Open", rank=2)]
        if marked is not None and marked.serials_only:
            hints.append(KeyHint("F7", "Without serials"))
        if self._of_client:
            hints.append(KeyHint("F10", "All of client", rank=3))
        self.keys.show([*hints, KeyHint("Esc", "Back")])
        picks = [
            self._pick(
                one.order,
                worded("NOT shipped"),
                # What the bar says of it stands there alone.
                note="" if one.verdict == self.bar.verdict else one.verdict.text,
                heading="" if at else worded("Still here: {here}", here=here),
                warns=True,
            )
            for at, one in enumerate(reversed(self._here.values()))
        ]
        picks += [
            self._pick(
                one.order,
                _stands(one),
                counted(one.units, "unit"),
                heading="" if at else worded("Ready: {count}", count=len(self._can_leave)),
                warns=one.lacks is not None,
            )
            for at, one in enumerate(self._can_leave.values())
        ]
        picks += [
            self._pick(
                order,
                worded("shipped {when}", when=when),
                quiet=True,
                heading="" if at else worded("Shipped: {left}", left=left),
            )
            for at, (order, when) in enumerate([*reversed(self._left.values())][:_LAST_SHOWN])
        ]
        self.query_one("#trucked", PickList).show(picks)

    def _pick(
        self,
        order: "Order",
        stands: str,
        units: str = "",
        *,
        note: str = "",
        quiet: bool = False,
        heading: str = "",
        warns: bool = False,
    ) -> Pick:
        """A row: the order, how it stands and since when, its day, whose it is."""
        due = days.due(order, self.station.site.today)
        day = (
            ""
            if quiet
            else visible(due.words)
            if due.is_late or not due.words
            else worded("due {words}", words=visible(due.words))
        )
        coloured = [place for place, is_coloured in ((1, warns), (2, due.is_late and not quiet)) if is_coloured]
        whose = order_book.whose(order, several_warehouses=self._several)
        return Pick(
            order.id,
            (visible(order.number), stands, day, whose, units),
            note=note,
            quiet=quiet,
            heading=heading,
            warns=tuple(coloured),
        )

    def show_verdict(self, verdict: Verdict) -> None:
        """What the bar says of an order is not said beside it too."""
        super().show_verdict(verdict)
        self._draw()

    @property
    def _marked(self) -> AtTruck | None:
        """The marked order, if it is one that was refused."""
        chosen = self.query_one("#trucked", PickList).chosen
        return self._here.get(chosen.value) if chosen is not None and isinstance(chosen.value, int) else None

    @property
    def packed_order(self) -> int:
        """The marked order, which has not left."""
        if self._marked:
            return self._marked.order.id
        chosen = self.query_one("#trucked", PickList).chosen
        return chosen.value if chosen is not None and chosen.value in self._can_leave else 0

    @property
    def _of_client(self) -> "list[Order]":
        """The ready orders of the marked one's client; of all where they are of one client."""
        ready = [one.order for one in self._can_leave.values()]
        chosen = self.query_one("#trucked", PickList).chosen
        marked = self._can_leave.get(chosen.value) if chosen is not None and isinstance(chosen.value, int) else None
        if marked is None:
            return ready if len({order.client_id for order in ready}) == 1 else []
        return [order for order in ready if order.client_id == marked.order.client_id]

    # Scans and keys

    async def answer(self, scan: Scan) -> Go | None:
        """Ship it."""
        command = self.station.command(scan)
        if command is not None and command.act is Act.COMPLETE and self._of_client:
            self._ship_all()
            self.show_verdict(say.ship_all_asked(scan.text))
            return None
        answer = await self.station.run(shipping.ship_scanned, self.station.site, scan)
        if isinstance(answer, ToDesk):
            return way_to(answer, scan)
        if isinstance(answer, Verdict):
            self.show_verdict(answer)
            return None
        self._took(answer)
        return None

    def _took(self, one: AtTruck) -> None:
        """Show how an order fared, and put it where it belongs."""
        order_id = one.order.id
        verdict = one.verdict
        self._here.pop(order_id, None)
        self._can_leave.pop(order_id, None)
        if one.refusal is None:
            self._left[order_id] = one.order, self._now()
        elif order_id in self._left:
            verdict = say.shipped_before(one.order.number, self._left[order_id][1])
        else:
            self._here[order_id] = one
        self._draw()
        if order_id in self._here:
            self.query_one("#trucked", PickList).mark(order_id)
            self._draw()
        self.show_verdict(verdict)

    def _now(self) -> str:
        store = self.station.site.store
        return local_time(store.now(), store.clock())

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone opens what is marked."""
        if text:
            super().entered(text)
            return
        marked = self._marked
        if marked is not None and marked.serials_only:
            self._without_serials(marked)
            return
        chosen = self.query_one("#trucked", PickList).chosen
        if chosen is not None and isinstance(chosen.value, int):
            self.post_message(GoWanted(Go(Where.ORDER, order_id=chosen.value)))

    def action_move(self, by: int) -> None:
        """Mark another order."""
        self.query_one("#trucked", PickList).move(by)
        self._draw()

    def action_undo(self) -> None:
        """F2 is as SS-UNDO."""
        self.station.hand_in(Scan(f"{self.station.site.rules.command_prefix}UNDO", device="keyboard"))

    def action_all_of_client(self) -> None:
        """Ship all that is ready of one client."""
        if self._of_client:
            self._ship_all()
        else:
            self.show_verdict(say.nothing_ready(any_here=bool(self._can_leave)))

    @work
    async def _ship_all(self) -> None:
        """With one question; each order leaves by itself, and what is refused stays listed with why."""
        orders, site = self._of_client, self.station.site
        client = visible(orders[0].client)
        if not await self.sure(say.ship_all(client, [order.number for order in orders])):
            return
        done: list[AtTruck] = []
        for order in orders:

            def ship(order: "Order" = order) -> Refused | None:
                done.append(shipping.ship(site, order))
                return done[-1].refusal

            await self.act(ship)
        async with self.station.turn:
            for one in done:
                self._took(one)
            self.show_verdict(say.all_shipped(client, sum(one.refusal is None for one in done), len(orders)))

    def action_without_serials(self) -> None:
        """Ship the order although serials are missing."""
        marked = self._marked
        if marked is not None and marked.serials_only:
            self._without_serials(marked)
            return
        self.show_verdict(say.nothing_to_ship_anyway(any_here=bool(self._here)))

    @work
    async def _without_serials(self, marked: AtTruck) -> None:
        """A supervisor lets an order go although serials are missing."""
        site, number = self.station.site, visible(marked.order.number)
        assert marked.refusal is not None
        asked = marked.refusal.reasons
        missing = " ".join(reason.text for reason in asked)
        if not await self.sure(
            worded(
                "{missing} Ship {number} without them? Only Unship takes that back.", missing=missing, number=number
            ),
            by_hand=True,
        ):
            return
        reason = await self.reason(worded("Why does {number} leave without them?", number=number))
        if reason is None:
            return
        done: list[AtTruck] = []

        def ship() -> Refused | None:
            done.append(shipping.ship(site, marked.order, without_serials_reason=reason, asked=asked))
            return done[-1].refusal

        outcome = await self.act(ship)
        if done and outcome is done[-1].refusal:
            async with self.station.turn:
                self._took(done[-1])
        else:
            await self.tell(outcome)


def _stands(one: ReadyOrder) -> str:
    """Why an order stays, else since when it waits."""
    if one.lacks is not None:
        return worded("serials {present} of {needed}", present=one.lacks.present, needed=one.lacks.needed)
    return worded("since {since}", since=one.since) if one.since else "ready"
