"""The last step: what was done, and what can be done next."""

from collections.abc import Sequence

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, worded
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Verdict
from scanstation.screens.base import GoWanted
from scanstation.screens.home import way_to
from scanstation.screens.import_wizard.job import Job
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.removal import remove_batch
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.station import Go, Where
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports.importing import Imported
from scanstation.workflows.scanning.home import ToDesk, Traced


class ResultPage(WizardPage):
    """It is done."""

    step = 5
    name = said_later("done")
    reading = True
    may_leave = True

    def __init__(self, wizard: Wizard, job: Job, done: Done, notes: Sequence[str], order_id: int | None) -> None:
        super().__init__(wizard)
        self._job, self._done, self._notes, self._order_id = job, done, tuple(notes), order_id
        self._removed = ""

    def slot(self) -> tuple[str, str]:
        """Go on."""
        return worded("Choose with ↑ ↓, or scan an order"), worded("Esc leaves the import")

    def text(self) -> Sequence[ReportLine]:
        """What was done."""
        lines = [ReportLine(visible(self._removed or self._done.text), "strong")]
        if not self._removed:
            lines += [ReportLine(f"· {visible(note)}") for note in (*self._notes, *self._done.notes)]
        return lines

    def picks(self) -> Sequence[Pick]:
        """Where to go from here."""
        picks = [Pick("more", (worded("Import another file"),))]
        if self._order_id is not None:
            picks.append(Pick("order", (worded("To the order"),)))
        if isinstance(self._done, Imported) and not self._removed:
            picks.append(Pick("remove", (worded("Take this import back, batch {batch} …", batch=self._done.batch),)))
        return picks

    def take(self, value: object) -> None:
        """Another file, the order, or away with it."""
        if value == "more":
            self.wizard.to_files()
        elif value == "order" and self._order_id is not None:
            if self.wizard.came_from == self._order_id:
                self.wizard.leave_wizard()
            else:
                self.wizard.post_message(GoWanted(Go(Where.ORDER, order_id=self._order_id)))
        elif value == "remove":
            self.wizard.start(self._remove())

    async def _remove(self) -> None:
        assert isinstance(self._done, Imported)
        assert self._job.order_kind is not None
        outcome = await remove_batch(self.wizard, self._job.order_kind, self._done.batch)
        if isinstance(outcome, Done):
            self._removed = outcome.text
            self.wizard.draw()
            self.wizard.mark_first()

    async def scanned(self, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
        """The import is over: a scan is what it is anywhere."""
        if isinstance(meant, Verdict):
            self.wizard.show_verdict(meant)
            return None
        return way_to(meant, scan)

    def back(self) -> None:
        """Esc does not lead back into a preview that is over."""
        self.wizard.leave_wizard()
