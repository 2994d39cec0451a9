"""What every step of the wizard has: what it shows, and what is chosen on it."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from textual.message import Message

from scanstation.domain import sentences as say
from scanstation.domain.language import worded
from scanstation.domain.orders import Order
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import Asking
from scanstation.screens.home import way_to
from scanstation.screens.import_wizard.job import Job
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.station import Go
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports.opening import Layout
from scanstation.workflows.scanning.home import ToDesk, Traced

Answer = TypeVar("Answer")

STEPS = 5


class Wizard(Asking, Protocol):
    """What a step may ask of the screen that shows it."""

    order: Order | None
    """The order whose serials come; None where each row names its own."""
    came_from: int | None
    """The order on whose screen the import was started."""

    @property
    def for_order(self) -> str:
        """`, for PO N-1003`; nothing without an order."""

    @property
    def is_narrow(self) -> bool:
        """Is there little room, as on a handheld?"""

    @property
    def chosen(self) -> Pick | None:
        """The marked pick."""

    def marked_while(self, text: str) -> object:
        """The value that was marked while this text stood in the entry field."""

    def draw(self) -> None:
        """Show the step in front as it is now."""

    def mark_first(self) -> None:
        """The mark stands on the first pick."""

    def clear_typed(self) -> None:
        """Nothing stands in the entry field."""

    def hand_in(self, text: str) -> None:
        """Typed text that may be an order goes the way of every scan."""

    def post_message(self, message: Message) -> bool:
        """Ask the app for another screen."""

    # From step to step

    def go_on(self, page: "WizardPage") -> None:
        """The next step."""

    def replace(self, page: "WizardPage") -> None:
        """The same step with something else on it."""

    def go_back(self) -> None:
        """One step back, as it was left."""

    def to_files(self) -> None:
        """Back to the choice of a file."""

    def leave_wizard(self) -> None:
        """Back to where the wizard was opened."""

    # What takes time

    def start(self, steps: Coroutine[Any, Any, None]) -> None:
        """Do something that waits for a person or a disk; one thing at a time."""

    def look_there(self, look: Coroutine[Any, Any, None]) -> None:
        """Read the folder of a path that is being typed; one at a time."""

    async def in_thread(self, act: Callable[..., Answer], *args: object) -> Answer:
        """Do something that waits, for a disk or for the store."""

    async def apart(self, act: Callable[[], Answer]) -> Answer | None:
        """Do something that takes time, beside the thread that answers scans; None where the store failed."""

    async def write(self, what: str, too_late: Verdict, act: Callable[[], Answer]) -> Answer | None:
        """Write while a page says so, and Esc that it comes too late; None where the store failed."""

    async def ask_new_file(self, title: str, suggested: Path, source: Path | None = None) -> Path | None:
        """The path of a workbook to write; one that is there only after a yes, the source itself never."""

    async def look_at_files(self) -> None:
        """The folder that the file step shows may have changed."""

    # What is being imported

    def begin_job(self, job: Job) -> None:
        """What is to be imported is chosen."""

    def choose_order(self, order: Order) -> None:
        """The order whose serials come is chosen."""

    @property
    def is_of_written_down(self) -> bool:
        """Is an order asked for whose work was written down?"""

    async def open_file(self, job: Job, path: Path) -> None:
        """Look which sheets and columns a file has."""

    async def check_file(self, job: Job, path: Path, layouts: list[Layout]) -> None:
        """Read a file and hold it against the store."""


class WizardPage:
    """One step. It draws nothing itself: the screen asks it."""

    list_id: ClassVar[str] = "ways"
    """Which of the screen's lists it fills."""
    step: ClassVar[int] = 1
    name: ClassVar[str] = ""
    """The step in the header, after its number."""
    reading: ClassVar[bool] = False
    """Is the text above the list what matters?"""
    may_leave: ClassVar[bool] = False
    """May a command barcode lead elsewhere? In the middle of an import it would lose what was prepared."""
    enter_does: ClassVar[str] = "Choose"

    def __init__(self, wizard: "Wizard") -> None:
        self.wizard = wizard
        self.typed = ""
        """What stands in the entry field."""
        self.marked: object = None
        """The value of the pick that was marked when the page was last left."""

    def slot(self) -> tuple[str, str]:
        """What the entry slot says: what to do, and a hint."""
        return worded("Choose with ↑ ↓ and Enter"), ""

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
        self.wizard.show_verdict(say.import_first(scan.text))
        return None

    def back(self) -> None:
        """Esc: the step before."""
        self.wizard.go_back()

    def help(self) -> Sequence[str]:
        """What F1 says of this step."""
        return ()
