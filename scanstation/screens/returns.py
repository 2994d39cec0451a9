"""Returns: what comes back, scan by scan."""

import os
from collections.abc import Sequence
from typing import ClassVar

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, worded
from scanstation.domain.status import OrderKind
from scanstation.domain.terminals import key_here
from scanstation.screens.base import HelpPage
from scanstation.screens.desk import ALWAYS, DeskScreen
from scanstation.screens.station import RETURN_WORK, Go
from scanstation.screens.widgets.facts import Fact, Facts, Part
from scanstation.workflows.orders import return_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.views import DeskView, OrderView


class ReturnsScreen(DeskScreen, inherit_bindings=True):
    """Goods come back. It shows a `DeskView` as the other desks do; its lines are what has come back."""

    kind = OrderKind.PURCHASE
    title_word: ClassVar[str] = "Returns"
    done_word: ClassVar[str] = said_later("back")
    wanted_word: ClassVar[str] = said_later("expected")

    @property
    def desk(self) -> Desk:
        """The conversation that this screen shows."""
        return self.station.return_desk()

    @property
    def work_word(self) -> str:
        """What work at this desk is called."""
        return RETURN_WORK

    def help_page(self) -> HelpPage:
        """This desk, in this state."""
        view = self.view
        if view.question:
            return self.help_on_question(view.question)
        drop = [("Esc  {}CANCEL", "drop this unit"), ("F2  {}UNDO", "take back the last scan")]
        if view.whose:
            now = [
                worded(
                    "{whose} is not known here. Scan the product of the unit, its SKU or its barcode.",
                    whose=visible(view.whose),
                ),
                "It is taken as an unknown return, on hold until somebody has looked at it.",
            ]
            return HelpPage(self.title_word, now, drop)
        if view.prompt and self._may_lack:
            now = [
                worded("This {sku} has two serials. Scan the other one.", sku=visible(view.prompt.sku)),
                "If the part that carries it did not come back, say No: the unit is taken on hold, part missing.",
            ]
            return HelpPage(self.title_word, now, [("F4  {}NO", "part missing"), *drop])
        if view.prompt:
            now = [worded("Scan the serial of the {sku} that came back.", sku=visible(view.prompt.sku))]
            return HelpPage(self.title_word, now, [*drop, ("{}NOSERIAL", "none to be read: the site gives one")])
        if view.order is None:
            now = [
                "Scan the RMA number of a return, or the first unit that came back.",
                "Units are received again when the return is completed, and go on hold.",
            ]
            return HelpPage(self.title_word, now, [("Esc", "back to Home"), *ALWAYS])
        now = [
            "Scan the serial of each unit that came back, or the product first.",
            "Goods without serials go by quantity. Complete makes it all count.",
            "Esc goes back and leaves this open; it goes on from Home.",
        ]
        keys = [
            ("F2  {}UNDO", "take back the last scan, again and again"),
            ("F3  {}TRACE", "the life of the last code"),
            ("F4  {}QTY-5", "the next product without serials counts five times"),
            ("F10  {}COMPLETE", "complete what came back"),
            *ALWAYS,
        ]
        return HelpPage(self.title_word, now, keys)

    async def _present(self, view: DeskView, *, answered: bool = True) -> Go | None:
        """Show a view at once; then, on an empty desk, the returns that are expected."""
        go = self._show(view, answered=answered)
        if answered and view.verdict and view.verdict.house:
            self.station.prints.house(self.station.site, view.verdict.house)
        if view.order is None and go is None:
            expected = await self.station.run(return_book.expected, self.station.site)
            self.query_one("#idle", Facts).show(
                Part("Expected" if expected else "No return is expected.", [Fact(*one) for one in expected])
            )
        return go

    def _about(self, order: OrderView) -> Sequence[str]:
        return [
            word
            for word in (worded("Return {number}", number=visible(order.number)), order.client, order.warehouse)
            if word
        ]

    def _show_slot(self) -> None:
        view, order = self.view, self.view.order
        if view.question:
            self.ask(view.question)
        elif view.prompt:
            self.slot.show_prompt(view.prompt)
        elif view.whose:
            self.slot.show_scan(
                worded("Scan the product of {whose}", whose=visible(view.whose)), "its SKU or barcode; Esc drops it"
            )
        elif order is None and self.station.is_signed_out:
            self.slot.show_scan("Scan your badge", "then a return")
        elif order is None:
            self.slot.show_scan("Scan an RMA or a unit", "or type its number and press Enter")
        elif view.quantity != 1:
            undo = key_here("F2", os.environ)
            self.slot.show_scan(
                worded("Scan the product: {quantity} units", quantity=view.quantity),
                worded("one scan takes them; {undo} or Esc drops this", undo=undo),
            )
        else:
            self.slot.show_scan("Scan what came back", worded("{in_hand} in hand", in_hand=order.in_hand))
        self._show_keys()
