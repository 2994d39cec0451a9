"""The lists of purchase and of shipment orders, by due date; typing narrows them down."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from scanstation.domain import days
from scanstation.domain import sentences as say
from scanstation.domain.codes import code_key, visible
from scanstation.domain.language import word, worded
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.screens.base import GoWanted, HelpPage, StationScreen, StyleSheets
from scanstation.screens.home import look_up
from scanstation.screens.picking import Found, PickScreen
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.orders import order_book
from scanstation.workflows.orders.order_book import OrderDetail

_COLUMNS = (
    Column("Number", is_code=True),
    Column("Due", rank=2),
    Column("Client", rank=2, most=26),
    Column("", grows=True, rank=3, most=40),
    Column("Status", most=18),
    Column("", rank=2, is_bar=True),
    Column("done", right=True),
    Column("serials", right=True, rank=2),
)


class OrdersScreen(StationScreen, inherit_bindings=True):
    """One kind of orders."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "orders.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "move(-10)", "Page up", id="page-up"),
        Binding("pagedown", "move(10)", "Page down", id="page-down"),
        Binding("f6", "all_or_open", "All or open", id="all-or-open"),
        Binding("f7", "only", "Only", id="only"),
    ]

    kind: ClassVar[OrderKind]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._only_open = True
        self._only = ""
        """A client, a warehouse or a status that was chosen."""
        self._details: list[OrderDetail] = []

    @property
    def plural(self) -> str:
        """What is listed."""
        return word("purchase orders") if self.kind is OrderKind.PURCHASE else word("shipment orders")

    def compose_body(self) -> ComposeResult:
        yield PickList(_COLUMNS, id="orders", empty="No such order.")

    async def enter(self, go: Go) -> None:
        """Read the orders anew: acts on one of them come back here."""
        await self.refresh_counts()
        if go.verdict:
            self.show_verdict(go.verdict)

    async def refresh_counts(self) -> None:
        """Other stations work too."""
        site, kind = self.station.site, self.kind
        self._details = await self.station.run(order_book.listing, site, kind, only_open=self._only_open)
        which = worded("open") if self._only_open else worded("all")
        if self._only:
            which = f"{visible(self._only)}, {which}"
        shown = sum(1 for detail in self._details if self._is_meant(detail))
        self.header.show_place(f"{self.kind.noun}s", f"{which}, {shown}")
        self.slot.show_scan("Scan an order, or type part of it", "of a number, a client or a status")
        other = worded("All") if self._only_open else worded("Only open")
        self.keys.show(
            [
                KeyHint("F1", "Help", short="?"),
                KeyHint("↑↓ Enter", "Open", short=""),
                KeyHint("F6", other),
                KeyHint("F7", "Only", rank=2),
                KeyHint("Esc", "Home"),
            ]
        )
        self._narrow(self.slot.field.value)

    def help_page(self) -> HelpPage:
        now = [
            worded(
                "The {orders} by due date. Type a part of a number, a client or a status to narrow them down.",
                orders=self.plural,
            ),
            "Enter opens the marked order: its lines, the work on it, and what a supervisor can do.",
        ]
        keys = [
            ("↑ ↓ Enter", "open an order"),
            ("F6", "all orders, or only open ones"),
            ("F7", "only those of a client, a warehouse or a status"),
            ("Esc  {}HOME", "to Home"),
        ]
        return HelpPage(self.plural.capitalize(), now, keys)

    def _narrow(self, text: str) -> None:
        wanted = code_key(text)
        several = len({detail.order.warehouse_id for detail in self._details}) > 1
        numbers = Counter(code_key(detail.order.number) for detail in self._details)
        today = self.station.site.today
        self.query_one(PickList).show(
            [
                _pick(detail, order_book.whose(detail.order, several_warehouses=several), numbers, today)
                for detail in self._details
                if self._is_meant(detail) and _fits(detail, wanted)
            ]
        )

    def _is_meant(self, detail: OrderDetail) -> bool:
        return not self._only or self._only in _kinds_of(detail)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while typing."""
        event.stop()
        self._narrow(event.value)

    def entered(self, text: str) -> None:
        """Enter opens the marked order; what was typed has narrowed the list to it."""
        self._narrow(text)  # Enter has emptied the line, which is heard of before it
        chosen = self.query_one(PickList).chosen
        if chosen is None:
            self.show_verdict(say.no_order_with(text, self.kind))
        elif isinstance(chosen.value, int):
            self.post_message(GoWanted(Go(Where.ORDER, order_id=chosen.value)))

    async def answer(self, scan: Scan) -> Go | None:
        """A scanned order is opened here, to be looked at; a serial is traced."""
        return await look_up(self, scan)

    def action_move(self, by: int) -> None:
        """Mark another order."""
        self.query_one(PickList).move(by)

    def action_all_or_open(self) -> None:
        """Show all orders, or the open ones again."""
        self._only_open = not self._only_open
        self.in_turn(self.refresh_counts)

    @work
    async def action_only(self) -> None:
        """F7: only the orders of a client, a warehouse or a status that some of them have."""
        kinds = Counter(kind for detail in self._details for kind in _kinds_of(detail))
        told = [(kind, counted(count, "order")) for kind, count in sorted(kinds.items())]

        def read(beginning: str) -> Found:
            return [one for one in told if code_key(one[0]).startswith(code_key(beginning))], False

        chosen: str | None = await self.app.push_screen_wait(PickScreen(self.station, "Only which?", read))
        if chosen is not None:
            self._only = chosen
            self.in_turn(self.refresh_counts)


class PurchaseOrdersScreen(OrdersScreen, inherit_bindings=True):
    """What comes in."""

    kind = OrderKind.PURCHASE


class ShipmentOrdersScreen(OrdersScreen, inherit_bindings=True):
    """What goes out."""

    kind = OrderKind.SHIPMENT


def _kinds_of(detail: OrderDetail) -> tuple[str, str, str]:
    return detail.order.client, detail.order.warehouse, detail.order.status.value


def _fits(detail: OrderDetail, wanted: str) -> bool:
    order = detail.order
    told = (order.number, order.client, order.warehouse, order.partner, order.reference, order.status.value)
    return any(wanted in code_key(text) for text in told)


def _pick(detail: OrderDetail, whose: str, numbers: Mapping[str, int], today: date) -> Pick:
    order, due = detail.order, days.due(detail.order, today)
    ordered, done = sum(line.ordered for line in detail.lines), sum(line.done for line in detail.lines)
    needed, present = (
        sum(line.serials_needed for line in detail.lines),
        sum(min(line.serials_needed, line.serials_present) for line in detail.lines),
    )
    return Pick(
        order.id,
        (
            visible(order.number),
            visible(due.words),
            whose,
            visible(order.partner or order.reference),
            order.status.value,
            f"{done}/{ordered}",
            worded("{done} of {ordered}", done=done, ordered=ordered),
            worded("{present} of {needed}", present=present, needed=needed) if needed else "–",
        ),
        quiet=not order.status.takes_goods and not detail.serials_missing,
        brief=whose if numbers[code_key(order.number)] > 1 else "",
        warns=(1,) if due.is_late else (),
    )
