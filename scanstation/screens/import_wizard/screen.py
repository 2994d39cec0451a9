"""The import wizard as one screen: it holds the steps, draws the one in front, and does what takes time apart."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.commands import Act
from scanstation.domain.file_errors import ReadingStopped, UnreadableFile
from scanstation.domain.language import word, worded
from scanstation.domain.orders import Order
from scanstation.domain.progress import Progress
from scanstation.domain.scan import Scan
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Verdict
from scanstation.screens.acting import ActingScreen
from scanstation.screens.base import GoWanted, HelpPage, StyleSheets
from scanstation.screens.files import refused_path
from scanstation.screens.import_wizard import recent
from scanstation.screens.import_wizard.checking import ReadingPage, WritingPage
from scanstation.screens.import_wizard.columns import ColumnsPage, SheetPage, layouts_of
from scanstation.screens.import_wizard.files import FileEntry, FilesPage, given_path, shown_path
from scanstation.screens.import_wizard.job import JOB_OF, WRITTEN_DOWN, Job
from scanstation.screens.import_wizard.jobs import JobsPage
from scanstation.screens.import_wizard.page import STEPS, WizardPage
from scanstation.screens.import_wizard.preview import LoadPreview, PreviewPage, SerialsPreview, judged
from scanstation.screens.import_wizard.report import Report
from scanstation.screens.import_wizard.written_down import OrderPage, WrittenPreview, asked_who_and_when
from scanstation.screens.station import Go, Station, Where
from scanstation.screens.widgets.key_bar import KeyHint
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.codes.lookup import Commanded, Unusable, read
from scanstation.workflows.imports import importing
from scanstation.workflows.imports.opening import Layout, look_into
from scanstation.workflows.master_data import loading
from scanstation.workflows.orders import order_book
from scanstation.workflows.scanning import downtime, home

Answer = TypeVar("Answer")

_LISTS = {
    "jobs": (Column(most=44), Column(grows=True, rank=2)),
    "files": (Column(grows=True), Column(right=True, rank=2), Column(right=True, rank=2)),
    "columns": (Column(most=26), Column(most=30), Column(grows=True, rank=2)),
    "choices": (Column(most=40), Column(grows=True, rank=2)),
    "ways": (Column(grows=True),),
}
_LOOK_AT_PROGRESS_S = 0.1
_LOOK_AT_FILES_S = 2.0


class ImportScreen(ActingScreen, inherit_bindings=True):
    """What, which file, its columns, a preview, and then all of it or nothing."""

    CSS_PATH: ClassVar[StyleSheets] = ["../station.tcss", "import_wizard.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="up"),
        Binding("down", "move(1)", "Down", id="down"),
        Binding("pageup", "read(-1)", "Page up", id="page-up"),
        Binding("pagedown", "read(1)", "Page down", id="page-down"),
    ]

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.order: Order | None = None
        """The order whose serials come; None where each row names its own."""
        self.came_from: int | None = None
        """The order on whose screen the import was started."""
        self._pages: list[WizardPage] = [JobsPage(self)]
        self._marked_while: dict[str, object] = {}
        """What was marked while this was typed: Enter empties the line before anybody can look."""
        self._is_busy = False

    def compose_body(self) -> ComposeResult:
        """Something to read, and a list for each kind of step."""
        lists = [PickList(columns, id=name, empty="Nothing here.") for name, columns in _LISTS.items()]
        yield Container(Report(id="report"), Vertical(*lists, id="lists"), id="wizard")

    def on_mount(self) -> None:
        """Look now and then how far a reading is, and for files that were saved meanwhile."""
        self.set_interval(_LOOK_AT_PROGRESS_S, self._look_at_progress)
        self.set_interval(_LOOK_AT_FILES_S, self._look_for_new_files)

    def on_unmount(self) -> None:
        """Nothing continues without the screen."""
        self._stop_reading()

    async def enter(self, go: Go) -> None:
        """Begin, for an order or for none; from another screen go on where it was."""
        if go.where is Where.IMPORT:
            await self._begin(go)
        await self.look_at_files()
        self.draw()
        if go.verdict:
            self.show_verdict(go.verdict)

    async def leave(self) -> None:
        """End what is going on."""
        self._stop_reading()

    async def refresh_counts(self) -> None:
        """An act of the wizard is done."""
        self.draw()

    async def _begin(self, go: Go) -> None:
        self.order, self.came_from = None, None
        self._pages = [JobsPage(self)]
        if go.order_id:
            detail = await self.station.run(order_book.detail, self.station.site, go.order_id)
            self.order, self.came_from = detail.order, go.order_id
            self._pages = [FilesPage(self, WRITTEN_DOWN if go.written_down else JOB_OF[detail.order.kind])]
        elif go.kind is not None:
            self._pages.append(FilesPage(self, JOB_OF[go.kind]))

    # What is in front

    @property
    def page(self) -> WizardPage:
        """The step in front."""
        return self._pages[-1]

    @property
    def for_order(self) -> str:
        """`, for PO N-1003`; nothing without an order."""
        return (
            worded(", for {kind} {number}", kind=self.order.kind, number=visible(self.order.number))
            if self.order
            else ""
        )

    @property
    def _list(self) -> PickList:
        return self.query_one(f"#{self.page.list_id}", PickList)

    @property
    def is_narrow(self) -> bool:
        """Is there little room, as on a handheld?"""
        return self.has_class("-narrow")

    @property
    def chosen(self) -> Pick | None:
        return self._list.chosen

    def marked_while(self, text: str) -> object:
        """The value that was marked while this text stood in the entry field."""
        return self._marked_while.get(text)

    def draw(self) -> None:
        """Show the step in front as it is now."""
        page = self.page
        subject = [worded("{step} of {STEPS}, {name}", step=page.step, STEPS=STEPS, name=word(page.name))]
        if self.order is not None:
            subject.append(f"{self.order.kind} {visible(self.order.number)}")
        self.header.show_place("Import", *subject)
        picks = [_padded(pick, len(_LISTS[page.list_id])) for pick in page.picks()]
        self.query_one("#wizard").set_class(page.reading, "-reading")
        self.query_one("#wizard").set_class(page.reading and not picks, "-bare")
        for each in self.query("#lists PickList").results(PickList):
            each.set_class(each.id == page.list_id, "-shown")
        self.query_one("#report", Report).show(page.text())
        self._list.show(picks)
        title, hint = page.slot()
        self.slot.show_scan(title, hint)
        keys = [KeyHint("F1", "Help", short="?"), KeyHint("↑↓ Enter", page.enter_does)]
        if page.reading:
            keys.append(KeyHint("PgDn", "Read on", rank=2))
        self.keys.show([*keys, KeyHint("Esc", "Back")])
        self._keep_mark()

    def help_page(self) -> HelpPage:
        """The step in front."""
        page = self.page
        now = [*page.help(), "Esc goes back one step; what was chosen there is kept."]
        keys = [("↑ ↓ Enter", "choose"), ("PgUp PgDn", "read on"), ("Esc  {}CANCEL", "back one step")]
        return HelpPage(
            worded("Import, step {step} of {STEPS}: {name}", step=page.step, STEPS=STEPS, name=word(page.name)),
            now,
            keys,
        )

    def _keep_mark(self) -> None:
        chosen = self.chosen
        self._marked_while[self.page.typed] = chosen.value if chosen else None

    def _look_at_progress(self) -> None:
        if isinstance(self.page, ReadingPage):
            self.query_one("#report", Report).show(self.page.text())

    def _look_for_new_files(self) -> None:
        page = self.page
        if isinstance(page, FilesPage) and page.was_looked_through and self.is_current and not self._is_busy:
            self.run_worker(self.look_for_new_files(page), name="new files", group="look", exclusive=True)

    async def look_for_new_files(self, page: FilesPage) -> None:
        """Show what was saved since; the mark stays on its file, though that was saved anew."""
        if not await page.look_again() or page is not self.page:
            return
        marked = self.chosen.value if self.chosen else None
        self.draw()
        if isinstance(marked, FileEntry):
            self._list.mark_where(lambda value: isinstance(value, FileEntry) and value.path == marked.path)
            self._keep_mark()

    # From step to step

    def go_on(self, page: WizardPage) -> None:
        """The next step."""
        before = self.page
        before.marked = self.chosen.value if self.chosen else None
        if isinstance(before, ReadingPage | WritingPage):
            self._pages.pop()
        self._pages.append(page)
        self._fresh()
        self._list.mark(page.marked)

    def replace(self, page: WizardPage) -> None:
        """The same step with something else on it."""
        self._pages.pop()
        self._pages.append(page)
        self._fresh()

    def go_back(self) -> None:
        """One step back, as it was left."""
        if len(self._pages) == 1:
            self.leave_wizard()
            return
        self._pages.pop()
        self._fresh()
        self._list.mark(self.page.marked)

    def to_files(self) -> None:
        """Back to the choice of a file."""
        while len(self._pages) > 1 and not isinstance(self.page, FilesPage):
            self._pages.pop()
        self._fresh()
        self._list.mark(self.page.marked)
        self._look_soon()

    def _fresh(self) -> None:
        self.page.typed = ""
        self._marked_while.clear()
        self.clear_typed()
        self.draw()
        self.mark_first()

    def mark_first(self) -> None:
        """The mark stands on the first pick."""
        self._list.mark_first()
        self._keep_mark()

    def clear_typed(self) -> None:
        """Nothing stands in the entry field."""
        self.slot.field.value = ""

    def leave_wizard(self) -> None:
        """Back to where the wizard was opened."""
        self.post_message(GoWanted(Go(Where.BACK)))

    # The steps' own acts

    def begin_job(self, job: Job) -> None:
        """What is to be imported is chosen."""
        if self.order is not None and job is not WRITTEN_DOWN and self.order.kind is not job.order_kind:
            self.order = None
        if job is WRITTEN_DOWN and self.order is None:
            self.go_on(OrderPage(self))
            return
        self.go_on(FilesPage(self, job))
        self._look_soon()

    def choose_order(self, order: Order) -> None:
        """The order whose serials come is chosen."""
        self.order = order
        job = WRITTEN_DOWN if self.is_of_written_down else JOB_OF[order.kind]
        if not isinstance(self.page, FilesPage) or self.page.job != job:
            self._pages = [JobsPage(self)]
            self.begin_job(job)
        self.draw()

    @property
    def is_of_written_down(self) -> bool:
        """Is an order asked for whose work was written down?"""
        page = self.page
        return isinstance(page, OrderPage) or (isinstance(page, FilesPage) and page.job is WRITTEN_DOWN)

    async def look_at_files(self) -> None:
        """The folder that the file step shows may have changed."""
        page = next((page for page in self._pages if isinstance(page, FilesPage)), None)
        if page is None:
            return
        is_first = not page.was_looked_through
        await page.look()
        self.draw()
        if is_first and page is self.page:
            self.mark_first()

    def _look_soon(self) -> None:
        self.run_worker(self.look_at_files(), name="look", group="look", exclusive=True)

    def look_there(self, look: Coroutine[Any, Any, None]) -> None:
        """Read the folder of a path that is being typed; one at a time."""
        self.run_worker(look, name="folder", group="folder", exclusive=True)

    async def open_file(self, job: Job, path: Path) -> None:
        """Look which sheets and columns a file has."""

        def look() -> tuple[Any, ...]:
            return look_into(path, job.kinds, sheet_map=self.station.site.rules.sheet_map, progress=progress)

        progress = Progress()
        self.go_on(ReadingPage(self, path.name, progress))
        tops = await self._read(look)
        if tops is None:
            return
        if not tops:
            self.go_back()
            self.show_verdict(say.no_sheet(path))
            return
        layouts = layouts_of(job, tops)
        if layouts is None:
            self.go_on(SheetPage(self, job, path, tops))
        else:
            self.go_on(ColumnsPage(self, job, path, tops, layouts))

    async def check_file(self, job: Job, path: Path, layouts: list[Layout]) -> None:
        """Read a file and hold it against the store."""
        site, order_id = self.station.site, self.order.id if self.order else None
        progress = Progress()
        kind = job.order_kind
        who_and_when = None
        if job is WRITTEN_DOWN:
            who_and_when = await asked_who_and_when(self)
            if who_and_when is None:
                return

        def look() -> PreviewPage:
            if who_and_when is not None:
                table = downtime.read_sheet(path, layouts=layouts, progress=progress)
                progress.go_on()
                return WrittenPreview(
                    self, path, downtime.Written(order_id or 0, table, path.name, who_and_when[1], who_and_when[0])
                )
            if kind is None:
                preview = loading.preview(site, path, job.kinds, layouts=layouts, progress=progress)
                return LoadPreview(self, job, path, preview)
            plan = importing.check(site, kind, path, order_id, layout=layouts[0], progress=progress)
            progress.go_on()
            return SerialsPreview(self, job, path, *judged(plan, self))

        self.go_on(ReadingPage(self, path.name, progress))
        page = await self._read(look)
        if page is not None:
            if trouble := await self.in_thread(recent.remember, path):
                self.show_verdict(say.recent_files_trouble(trouble))
            self.go_on(page)

    async def _read(self, look: Callable[[], Answer]) -> Answer | None:
        """Do what a reading page shows; None, and the step before, where it came to nothing."""
        try:
            return await self.in_thread(look)
        except ReadingStopped:
            verdict = say.reading_stopped()
        except UnreadableFile as error:
            verdict = say.unreadable_file(error)
        except StoreError as error:
            verdict = say.store_trouble(error)
        self.go_back()
        self.show_verdict(verdict)
        return None

    async def write(self, what: str, too_late: Verdict, act: Callable[[], Answer]) -> Answer | None:
        """Write while a page says so; None where the store failed."""
        self.go_on(WritingPage(self, what, too_late))
        written = await self.apart(act)
        self.go_back()
        return written

    async def apart(self, act: Callable[[], Answer]) -> Answer | None:
        """Do something that takes time, beside the thread that answers scans; None where the store failed."""
        try:
            return await self.in_thread(act)
        except StoreError as error:
            self.show_verdict(say.store_trouble(error))
            return None

    async def in_thread(self, act: Callable[..., Answer], *args: object) -> Answer:
        """Do something that waits, for a disk or for the store."""
        return await asyncio.to_thread(act, *args)

    async def ask_new_file(self, title: str, suggested: Path, source: Path | None = None) -> Path | None:
        """The path of a workbook to write; one that is there only after a yes, the source itself never."""
        where = worded("in {shown_path}, or another path", shown_path=shown_path(suggested.parent))
        text = await self.ask_text(title, where, suggested.name)
        if text is None:
            return None
        path = given_path(text, suggested.parent)
        if not path.suffix:
            path = path.with_suffix(".xlsx")
        if refusal := refused_path(path, (".xlsx", ".xlsm")):
            self.show_outcome(refusal)
            return None
        if source is not None and path.resolve() == source.resolve():
            self.show_verdict(say.same_file(path))
            return None
        if path.is_file() and not await self.sure(
            worded("{name} is there already. Replace it?", name=shorten(path.name))
        ):
            return None
        return path

    def start(self, steps: Coroutine[Any, Any, None]) -> None:
        """Do something that waits for a person or a disk; one thing at a time."""
        if self._is_busy:
            steps.close()
            return
        self._is_busy = True

        async def do() -> None:
            try:
                await steps
            finally:
                self._is_busy = False

        self.run_worker(do(), name="step")

    def _stop_reading(self) -> None:
        for page in self._pages:
            if isinstance(page, ReadingPage):
                page.end()

    # Scans and keys

    def hand_in(self, text: str) -> None:
        """Typed text that may be an order goes the way of every scan."""
        self.station.hand_in(self.station.typed(text))

    async def answer(self, scan: Scan) -> Go | None:
        """An order on the first steps chooses itself; nothing that was prepared is lost by a scan."""
        heard = read(self.station.site, scan)
        if isinstance(heard, Commanded) and heard.command.act is Act.CANCEL:
            self.page.back()
            return None
        if scan.device == "paste" and not scan.fault and self.page.pasted(scan.text):
            self.slot.field.insert_text_at_cursor(visible(scan.text))
            return None
        if isinstance(heard, Unusable):
            self.show_verdict(heard.verdict)
            return None
        meant = await self.station.run(home.meaning, self.station.site, scan)
        if isinstance(meant, home.ToReturn | home.ToTransfer | home.ToCount):
            self.show_verdict(say.unknown_anywhere(scan.text))
            return None
        return await self.page.scanned(meant, scan)

    def entered(self, text: str) -> None:
        """The step decides what Enter means."""
        self.page.entered(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typing narrows or filters."""
        event.stop()
        if event.value != self.page.typed:
            self.page.changed(event.value)

    def action_move(self, by: int) -> None:
        """Mark another pick."""
        self._list.move(by)
        self._keep_mark()

    def action_read(self, pages: int) -> None:
        """Read on; on a step without anything to read, move by ten."""
        if self.page.reading:
            self.query_one("#report", Report).read(pages)
        else:
            self.action_move(pages * 10)

    def action_back(self) -> None:
        """Go a step back."""
        self.page.back()


def _padded(pick: Pick, columns: int) -> Pick:
    """A pick with a cell for each column."""
    return replace(pick, cells=(*pick.cells, *[""] * (columns - len(pick.cells))))
