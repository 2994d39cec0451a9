"""Home: where a shift begins. Any order number or serial can be scanned here."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Key

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.commands import Act
from scanstation.domain.language import translated, worded
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Fault, Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import key_here
from scanstation.domain.verdict import Verdict
from scanstation.screens.base import GoWanted, HelpPage, QuitWanted, StationScreen, StyleSheets
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.facts import Fact, Facts, Part
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList

if TYPE_CHECKING:
    from datetime import date

    from scanstation.domain.orders import Order
    from scanstation.workflows.reports.today import Day
    from scanstation.workflows.scanning.home import (
        AtHome,
        NextOrder,
        OwnCount,
        OwnReturn,
        OwnWork,
        ToCount,
        ToDesk,
        ToReturn,
        ToTransfer,
        Traced,
    )

DESK = {OrderKind.PURCHASE: Where.RECEIVE, OrderKind.SHIPMENT: Where.PACK}
_CARDS = {"f2": Act.UNDO, "f3": Act.TRACE, "f10": Act.COMPLETE, "f12": Act.COMPLETE}
"""What keys of every desk do that have a card of their own."""
_NEXT = {OrderKind.PURCHASE: "Next to receive", OrderKind.SHIPMENT: "Next to pack"}
_MENU = (
    ("F5", "Receive", "goods of a purchase order", Where.RECEIVE),
    ("F6", "Pack", "a shipment order", Where.PACK),
    ("F4", "Returns", "what comes back", Where.RETURN),
    ("F2", "Transfers", "to or from another warehouse", Where.TRANSFER),
    ("F10", "Counts", "what stands in a warehouse", Where.COUNT),
    ("F7", "Purchase orders", "receive all, import, close", Where.PURCHASE_ORDERS),
    ("F8", "Shipment orders", "import, ship, close", Where.SHIPMENT_ORDERS),
    ("F9", "Supervisor", "overview, ship, import, products, reports", Where.OVERVIEW),
    ("F3", "Trace", "the life of a serial number", Where.TRACE),
)


class HomeScreen(StationScreen, inherit_bindings=True):
    """The menu, and the work that this station left open."""

    CSS_PATH: ClassVar[StyleSheets] = ["station.tcss", "home.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        *(Binding(key.lower(), f"leave_for('{where.name}')", title) for key, title, _, where in _MENU if key != "F3"),
        Binding("f12", f"leave_for('{Where.COUNT.name}')", "Counts"),
    ]

    live = True

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self._own: tuple[OwnWork, ...] = ()
        self._return: OwnReturn | None = None
        self._counts: tuple[OwnCount, ...] = ()
        self._day: Day | None = None
        """Counted where there is room to show it."""
        self.is_entered = False
        """Has the store been asked?"""
        self._stands_for: Where | None = None
        """Which desk is to come, while the store is opened for it."""
        self.is_made = asyncio.Event()
        """Set when all that it is made of is there."""

    def compose_body(self) -> ComposeResult:
        """The menu, and beside it today and what is next; in the demo codes to try."""
        yield Container(
            PickList([Column(), Column(most=40), Column(grows=True, rank=2)], id="menu"),
            Facts(id="beside"),
            id="home",
            classes="-with-examples" if self.station.examples else "",
        )

    def on_mount(self) -> None:
        """Everything is there to be filled."""
        self.is_made.set()

    def show_menu(self) -> None:
        """All that can be said before the store has been asked."""
        self.show_ready()
        self._show_picks()
        self._show_beside()
        self.keys.show([KeyHint("F1", "Help"), KeyHint("↑↓ Enter", "Choose", rank=2), KeyHint("Esc", "Quit")])

    def show_opening(self, where: Where, title: str, number: str) -> None:
        """Stand for the screen that the station begins with, while the store is opened."""
        self._stands_for = where
        self.header.show_place(title, *([number] if number else []))
        self.slot.show_scan("The store is being opened", "what is scanned now is kept")
        self.keys.show([KeyHint("F1", "Help"), KeyHint("Esc", "Quit")])

    async def enter(self, go: Go) -> None:
        """Show what is open here."""
        self._stands_for = None
        self.show_ready()
        self.keys.show([KeyHint("F1", "Help"), KeyHint("↑↓ Enter", "Choose", rank=2), KeyHint("Esc", "Quit")])
        if go.verdict:
            self.show_verdict(go.verdict)
        self.is_entered = True
        await self.refresh_counts()
        self.query_one("#menu", PickList).mark_first()  # what was left open goes on with Enter

    def show_ready(self) -> None:
        """Who is here, and what is wanted first."""
        if self.station.is_signed_out:
            self.header.show_place("Home", worded("signed out"))
            self.slot.show_scan("Scan your badge", "then an order or a serial number")
        else:
            self.header.show_place("Home", self.station.site.who)
            self.slot.show_scan("Scan an order or a serial number", "or type it and press Enter")

    async def refresh_counts(self) -> None:
        """The open work may have been taken over; the day goes on."""
        from scanstation.workflows.reports.today import Day
        from scanstation.workflows.scanning import home

        if not self.has_class("-wide"):
            self._day = None
        elif self._day is None:
            self._day = Day()
        seen = await self.station.run(home.at_home, self.station.site, self._day)
        self._own, self._return, self._counts = seen.works, seen.own_return, seen.own_counts
        self._show_picks()
        self._show_beside(seen)

    def _show_beside(self, seen: AtHome | None = None) -> None:
        parts: list[Part] = []
        if self.station.examples:
            parts.append(Part(worded("Codes to scan or to type here:"), [Fact(*one) for one in self.station.examples]))
        if seen is not None and seen.today is not None:
            counts = [Fact(str(count), words) for count, words in seen.today.counts()]
            parts.append(Part("Today", counts, are_counts=True))
            for kind, orders, count in seen.next:
                facts = [next_fact(one, self.station.site.today, whose=one.order.client) for one in orders]
                parts.append(Part(_NEXT[kind], facts, of=count))
        self.query_one("#beside", Facts).show(*parts)

    def on_resize(self) -> None:
        """There may be room for the day now."""
        if self.has_class("-wide") and self._day is None and self.is_entered:
            self.in_turn(self.refresh_counts, since=0.0)

    def _show_picks(self) -> None:
        picks = [Pick(one, (worded("Go on"), _named(one.order), _progress(one))) for one in self._own]
        if one := self._return:
            picks.append(
                Pick(
                    Where.RETURN,
                    (worded("Go on"), worded("Return {number}", number=visible(one.number)), _progress(one)),
                )
            )
        for count in self._counts:
            counted_so_far = worded(
                "{pieces} counted here since {since}",
                pieces=counted(count.pieces, "piece", grouped=True),
                since=count.since,
            )
            picks.append(
                Pick(count, (worded("Go on"), worded("Count {number}", number=visible(count.number)), counted_so_far))
            )
        picks += [
            Pick(where, (key_here(key, os.environ), translated(title), translated(what)))
            for key, title, what, where in _MENU
        ]
        self.query_one("#menu", PickList).show(picks)

    def help_page(self) -> HelpPage:
        """Home, with or without open work."""
        now = ["Scan the number of an order to open it, or a serial number to see its life."]
        if self._own or self._return or self._counts:
            now.append("“Go on” takes you back to work that this station left open, at the code that is owed.")
        now.append("No scanner at hand? Type the code and press Enter.")
        return HelpPage(
            "Home",
            now,
            [
                *((key, what) for key, what, _, _ in _MENU),
                ("Esc", "close the station; open work stays open"),
                ("{}RECEIVE", "to Receiving"),
                ("{}PACK", "to Packing"),
                ("{}RETURN", "to Returns"),
                ("{}TRANSFER", "to Transfers"),
                ("{}COUNT", "to Counts"),
            ],
        )

    async def answer(self, scan: Scan) -> Go | None:
        """Open the order, trace the unit, or say that the code is not known."""
        from scanstation.domain.orders import Order
        from scanstation.workflows.scanning import home

        meant = await self.station.run(home.opened, self.station.site, scan)
        if isinstance(meant, Verdict):
            self.show_verdict(meant)
            return None
        if isinstance(meant, Order) and meant.status.takes_goods:
            return Go(DESK[meant.kind], order_id=meant.id)
        return way_to(meant, scan)

    def entered(self, text: str) -> None:
        """Typed text is a scan; Enter alone takes the marked row."""
        if text:
            super().entered(text)
            return
        chosen = self.query_one("#menu", PickList).chosen
        if chosen is None:
            return
        if isinstance(chosen.value, Where):
            self.post_message(GoWanted(Go(chosen.value)))
            return
        from scanstation.workflows.scanning.home import OwnCount, OwnWork

        if isinstance(chosen.value, OwnWork):
            order = chosen.value.order
            self.post_message(GoWanted(Go(DESK[order.kind], order_id=order.id)))
        elif isinstance(chosen.value, OwnCount):
            self.post_message(GoWanted(Go(Where.COUNT, code=chosen.value.number)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While this stands for a desk, no key leads elsewhere: it is the desk's."""
        del parameters
        return self._stands_for is None or action not in ("leave_for", "trace")

    def on_key(self, event: Key) -> None:
        """A key of the desk that is to come takes its turn among the scans that it came between, as its card would."""
        if self._stands_for is None:
            return
        notes = event.key == "f7" and self._stands_for is Where.RECEIVE
        if act := Act.NOTE if notes else _CARDS.get(event.key):
            self.station.hand_in(self.station.typed(f"{self.station.site.rules.command_prefix}{act}"))
        elif event.key == "f4" or (event.key == "f7" and self._stands_for is Where.PACK):
            # What these ask first, nobody can have read.
            self.station.hand_in(Scan(event.key.upper(), Source.TYPED, "keyboard", fault=Fault.TOO_EARLY))

    def action_move(self, by: int) -> None:
        """Mark another row."""
        self.query_one("#menu", PickList).move(by)

    def action_leave_for(self, where: str) -> None:
        """A function key of the menu."""
        self.post_message(GoWanted(Go(Where[where])))

    def action_back(self) -> None:
        """Esc: there is nothing behind Home."""
        self.post_message(QuitWanted(say.close_station()))


async def look_up(screen: StationScreen, scan: Scan) -> Go | None:
    """What a scan leads to on a screen that books nothing: the order, the unit's life, another place; or why not."""
    from scanstation.workflows.scanning import home

    meant = await screen.station.run(home.meaning, screen.station.site, scan)
    if isinstance(meant, Verdict):
        screen.show_verdict(meant)
        return None
    return way_to(meant, scan)


def way_to(meant: Order | Traced | ToDesk | ToReturn | ToTransfer | ToCount, scan: Scan) -> Go:
    """The screen for what a scan means where no order is being worked on, and the answer to show there."""
    from scanstation.workflows.scanning.home import ToCount, ToDesk, ToReturn, ToTransfer, Traced

    if isinstance(meant, ToDesk):
        return Go(Where[meant.place.name], verdict=say.screen_shown(scan.text, meant.place.title))
    if isinstance(meant, ToReturn):
        return Go(Where.RETURN, code=meant.number)
    if isinstance(meant, ToTransfer):
        return Go(Where.TRANSFER, code=meant.number)
    if isinstance(meant, ToCount):
        return Go(Where.COUNT, code=meant.number)
    if isinstance(meant, Traced):
        return Go(Where.TRACE, code=meant.code)
    return Go(Where.ORDER, order_id=meant.id, verdict=say.order_shown(scan.text, meant.number, meant.status))


def next_fact(one: NextOrder, today: date, *, whose: str) -> Fact:
    """An order to go on with: why it is its turn, what is left of it, whose it is."""
    due, left = one.why(today)
    return Fact(one.order.number, f"{left} · {whose}", due.words or worded("no date"), due.is_late)


def _named(order: Order) -> str:
    from scanstation.domain.orders import with_kind

    return with_kind(order.kind, visible(order.number))


def _progress(one: OwnWork | OwnReturn) -> str:
    owed = worded(", a serial is owed") if one.owes else ""
    return worded("{pieces} in hand since {since}{owed}", pieces=one.pieces, since=one.since, owed=owed)
