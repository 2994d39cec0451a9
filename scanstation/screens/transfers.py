"""Transfers: what goes to another warehouse or comes from one, scan by scan."""

import os
from collections.abc import Sequence
from typing import ClassVar

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, worded
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import key_here
from scanstation.screens.base import HelpPage
from scanstation.screens.desk import ALWAYS, DeskScreen
from scanstation.screens.station import TRANSFER_WORK, Go
from scanstation.screens.widgets.facts import Fact, Facts, Part
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.scanning.views import DeskView, OrderView


class TransfersScreen(DeskScreen, inherit_bindings=True):
    """Goods between warehouses. It shows a `DeskView` as the other desks do; its lines are what is on the transfer."""

    kind = OrderKind.PURCHASE
    title_word: ClassVar[str] = "Transfers"
    done_word: ClassVar[str] = said_later("done")
    wanted_word: ClassVar[str] = said_later("sent")

    @property
    def desk(self) -> TransferDesk:
        """The conversation that this screen shows."""
        return self.station.transfer_desk()

    @property
    def work_word(self) -> str:
        """What work at this desk is called."""
        return TRANSFER_WORK

    def help_page(self) -> HelpPage:
        """This desk, in this state."""
        view = self.view
        if view.question:
            return self.help_on_question(view.question)
        if view.order is None:
            now = [
                "Scan the number of a transfer, to send or to take in what is on it.",
                "The name of another warehouse begins a transfer to it.",
            ]
            return HelpPage(self.title_word, now, [("Esc", "back to Home"), *ALWAYS])
        what = "goes out: it is in transit until it has arrived." if self.desk.sends else "has arrived."
        now = [
            worded("Scan a serial of each unit that {what}", what=what),
            "Goods without serials go by quantity. Each scan counts at once.",
            "Several stations may scan one transfer; Complete ends it here.",
        ]
        keys = [
            ("F2  {}UNDO", "take back the last scan, again and again"),
            ("F3  {}TRACE", "the life of the last code"),
            ("F4  {}QTY-5", "the next product without serials counts five times"),
            ("F10  {}COMPLETE", "done here; what has not arrived is named"),
            *ALWAYS,
        ]
        return HelpPage(self.title_word, now, keys)

    async def _present(self, view: DeskView, *, answered: bool = True) -> Go | None:
        """Show a view at once; then, on an empty desk, the transfers of this warehouse."""
        go = self._show(view, answered=answered)
        if view.order is None and go is None:
            waiting, count = await self.station.run(self.desk.waiting)
            facts = [Fact(*one) for one in waiting]
            self.query_one("#idle", Facts).show(
                Part("Open" if waiting else "No transfer is open here.", facts, of=count)
            )
        return go

    def _about(self, order: OrderView) -> Sequence[str]:
        return f"{visible(order.number)} {visible(order.warehouse)}", self.station.site.warehouse

    def _show_slot(self) -> None:
        view, order = self.view, self.view.order
        if view.question:
            self.ask(view.question)
        elif order is None and self.station.is_signed_out:
            self.slot.show_scan("Scan your badge", "then a transfer")
        elif order is None:
            self.slot.show_scan("Scan a transfer, or a warehouse", "or type it and press Enter")
        elif view.quantity != 1:
            undo = key_here("F2", os.environ)
            self.slot.show_scan(
                worded("Scan the product: {quantity} units", quantity=view.quantity),
                worded("one scan takes them; {undo} or Esc drops this", undo=undo),
            )
        elif self.desk.sends:
            self.slot.show_scan("Scan what goes out", worded("{in_hand} sent here", in_hand=order.in_hand))
        else:
            self.slot.show_scan("Scan what has arrived", worded("{left} on the way", left=order.left))
        self._show_keys()
