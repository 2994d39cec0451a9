"""What every step of the wizard has: what it shows, and what is chosen on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from scanstation.domain.codes import shorten
from scanstation.domain.orders import Order
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict, stop
from scanstation.screens.home import way_to
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.station import Go
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.scanning.home import ToDesk, Traced

if TYPE_CHECKING:
    from scanstation.screens.import_wizard.screen import ImportScreen

STEPS = 5


class Page:
    """One step. It draws nothing itself: the screen asks it."""

    list_id: ClassVar[str] = "ways"
    """Which of the screen's lists it fills."""
    step: ClassVar[int] = 1
    name: ClassVar[str] = ""
    """The step in the header, behind its number."""
    reading: ClassVar[bool] = False
    """Is the text above the list what matters?"""
    may_leave: ClassVar[bool] = False
    """May a command barcode lead elsewhere? In the middle of an import it would lose what was prepared."""
    enter_does: ClassVar[str] = "Choose"

    def __init__(self, wizard: "ImportScreen") -> None:
        self.wizard = wizard
        self.typed = ""
        """What stands in the entry field."""
        self.marked: object = None
        """The value of the pick that was marked when the page was last left."""

    def slot(self) -> tuple[str, str]:
        """What the entry slot says: what to do, and a hint."""
        return "Choose with ↑ ↓ and Enter", ""

    def text(self) -> Sequence[ReportLine]:
        """What is read above the list."""
        return ()

    def picks(self) -> Sequence[Pick]:
        """What can be chosen."""
        return ()

    def take(self, value: object) -> None:
        """A pick was chosen."""

    def changed(self, text: str) -> None:
        """Something else is typed."""
        self.typed = text
        self.wizard.draw()

    def entered(self, text: str) -> None:
        """Enter was pressed: what was typed, else the marked pick."""
        if text:
            self.wizard.hand_in(text)
        elif (chosen := self.wizard.chosen) is not None:
            self.take(chosen.value)

    def pasted(self, text: str) -> bool:
        """Is a paste meant for the entry field here?"""
        del text
        return False

    async def scanned(self, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
        """A scan was read; the middle of an import has no use for any."""
        if self.may_leave and isinstance(meant, ToDesk):
            return way_to(meant, scan)
        self.wizard.show_verdict(
            stop("import-first", f"An import is being prepared; Esc goes back. {shorten(scan.text)} was not kept.")
        )
        return None

    def back(self) -> None:
        """Esc: the step before."""
        self.wizard.go_back()

    def help(self) -> Sequence[str]:
        """What F1 says of this step."""
        return ()
