"""Counts: what stands in a warehouse, scan by scan, and nothing of what should stand there."""

import os
from collections.abc import Sequence
from typing import ClassVar

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, worded
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import key_here
from scanstation.screens.base import HelpPage
from scanstation.screens.desk import ALWAYS, DeskScreen
from scanstation.screens.station import COUNT_WORK, Go
from scanstation.screens.widgets.facts import Fact, Facts, Part
from scanstation.workflows.scanning.counting import CountDesk
from scanstation.workflows.scanning.views import DeskView, OrderView


class CountsScreen(DeskScreen, inherit_bindings=True):
    """What is there. It shows a `DeskView` as the other desks do; its lines are what was counted."""

    kind = OrderKind.PURCHASE
    title_word: ClassVar[str] = "Counts"
    done_word: ClassVar[str] = said_later("counted")
    wanted_word: ClassVar[str] = ""

    @property
    def desk(self) -> CountDesk:
        """The conversation that this screen shows."""
        return self.station.count_desk()

    @property
    def work_word(self) -> str:
        """What work at this desk is called."""
        return COUNT_WORK

    @property
    def count(self) -> str:
        """What is counted of the line in work."""
        if not (self.station.is_big and self.view.order):
            return ""
        return next((str(line.done) for line in self.view.order.lines if line.in_work), "")

    def help_page(self) -> HelpPage:
        """This desk, in this state."""
        view = self.view
        if view.question:
            return self.help_on_question(view.question)
        if view.order is None:
            now = [
                "Scan the number of a count.",
                "The name of this warehouse, of a client or a product begins a count of it.",
                "The number of a closed count that lacks something begins a second round, by another person.",
            ]
            return HelpPage(self.title_word, now, [("Esc", "back to Home"), *ALWAYS])
        now = [
            "Scan a serial of each unit that is there, whether it belongs there or not.",
            "What gets its serials at packing, or has none, goes by quantity. The same unit counts once.",
            "Several stations may scan one count. What is missing is told when it ends.",
        ]
        keys = [
            ("F2  {}UNDO", "take back the last scan of this station, again and again"),
            ("F3  {}TRACE", "the life of the last code"),
            ("F4  {}QTY-5", "the next product that goes by quantity counts five times"),
            ("F10  {}COMPLETE", "end the count, for every station; it asks first"),
            ("↑ ↓", "look at the other lines"),
            ("Esc", "leave it open; it goes on from Home"),
            *ALWAYS,
        ]
        return HelpPage(self.title_word, now, keys)

    async def _present(self, view: DeskView, *, answered: bool = True) -> Go | None:
        """Show a view at once; then, on an empty desk, the counts of this warehouse."""
        go = self._show(view, answered=answered)
        if view.order is None and go is None:
            waiting, many = await self.station.run(self.desk.waiting)
            facts = [Fact(*one) for one in waiting]
            self.query_one("#idle", Facts).show(
                Part("To count" if waiting else "No count is open here.", facts, of=many)
            )
        return go

    def _about(self, order: OrderView) -> Sequence[str]:
        return [word for word in (visible(order.number), order.partner, order.client, order.warehouse) if word]

    def _show_slot(self) -> None:
        view, order = self.view, self.view.order
        if view.question:
            self.ask(view.question)
        elif order is None and self.station.is_signed_out:
            self.slot.show_scan("Scan your badge", "then a count")
        elif order is None:
            self.slot.show_scan("Scan a count, or what to count", "or type it and press Enter")
        elif view.quantity != 1:
            undo = key_here("F2", os.environ)
            self.slot.show_scan(
                worded("Scan the product: {quantity} units", quantity=view.quantity),
                worded("one scan counts them; {undo} or Esc drops this", undo=undo),
            )
        else:
            self.slot.show_scan("Scan what is there", worded("{in_hand} counted here", in_hand=order.in_hand))
        self._show_keys()
