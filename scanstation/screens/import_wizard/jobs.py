"""The first step: what is to be imported. And workbooks to fill in."""

from collections.abc import Sequence

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import said_later, shown, translated, word, worded
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused, refused
from scanstation.domain.scan import Scan
from scanstation.domain.sheet_kinds import (
    ALL_KINDS,
    DOWNTIME,
    SheetKind,
)
from scanstation.domain.verdict import Verdict
from scanstation.files import here
from scanstation.screens.home import way_to
from scanstation.screens.import_wizard.job import JOBS, Job
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.station import Go
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports import templates
from scanstation.workflows.scanning.home import ToDesk, Traced

_TEMPLATES = "templates"


class JobsPage(WizardPage):
    """What to import."""

    list_id = "jobs"
    name = said_later("what")
    may_leave = True

    def slot(self) -> tuple[str, str]:
        """An order can be scanned as well."""
        return worded("Choose with ↑ ↓, or scan an order"), worded("an order's serials go to that order")

    def picks(self) -> Sequence[Pick]:
        """The jobs, and sheets to fill in."""
        return [
            *(Pick(job, (translated(job.title), translated(job.about))) for job in JOBS),
            Pick(_TEMPLATES, (worded("A sheet to fill in …"), worded("with the right header"))),
        ]

    def take(self, value: object) -> None:
        """Go on to the file."""
        if isinstance(value, Job):
            self.wizard.begin_job(value)
        else:
            self.wizard.go_on(TemplatesPage(self.wizard, (*ALL_KINDS, DOWNTIME)))

    async def scanned(self, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
        """An order chooses itself and what its serials are."""
        return await order_scanned(self, meant, scan)

    def back(self) -> None:
        """Esc leaves the wizard."""
        self.wizard.leave_wizard()

    def help(self) -> Sequence[str]:
        """The kinds of sheets."""
        return (
            worded(
                "Serials come in for units that were received or packed without scanning them. Products, "
                "orders and stock are loaded by their keys: a second time changes what has changed."
            ),
        )


class TemplatesPage(WizardPage):
    """Which empty workbook to write."""

    name = said_later("a sheet to fill in")

    def __init__(self, wizard: Wizard, kinds: Sequence[SheetKind]) -> None:
        super().__init__(wizard)
        self._kinds = kinds

    def picks(self) -> Sequence[Pick]:
        """One for each kind of sheet."""
        return [Pick(kind, (shown(word(kind.title).capitalize()),)) for kind in self._kinds]

    def take(self, value: object) -> None:
        """Ask for its name and write it."""
        assert isinstance(value, SheetKind)
        self.wizard.start(write_template(self, value, None))


async def write_template(page: WizardPage, kind: SheetKind, order: Order | None) -> None:
    """Ask where, and write a workbook to fill in; with an order, a row for each serial that it owes."""
    wizard = page.wizard
    number = "".join(c if c.isalnum() or c in "-_" else "-" for c in visible(order.number)) if order else ""
    suggested = here() / f"{kind.key}{'-' if number else ''}{number}.xlsx"
    path = await wizard.ask_new_file("Write the sheet to which file?", suggested)
    if path is None:
        return
    site = wizard.station.site

    def write() -> Done | Refused:
        try:
            return templates.write_template(path, kind.key, site=site, order_id=order.id if order else None)
        except UnwritableFile as error:
            return refused("template-not-written", str(error))

    outcome = await wizard.apart(write)
    if outcome is not None:
        wizard.show_outcome(outcome)
        await wizard.look_at_files()


async def order_scanned(page: WizardPage, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
    """On the first two steps a scanned order is the one whose serials come."""
    wizard = page.wizard
    if isinstance(meant, Order):
        chosen = say.written_down_for if wizard.is_of_written_down else say.import_to
        wizard.choose_order(meant)
        wizard.show_verdict(chosen(scan.text, meant.kind, meant.number))
        return None
    if isinstance(meant, ToDesk):
        return way_to(meant, scan)
    if isinstance(meant, Traced):
        wizard.show_verdict(say.serial_in_wizard(scan.text))
    else:
        wizard.show_verdict(meant)
    return None
