"""The fourth step: what would change, everything that is wrong, and what can be done about it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import english, joined, said_later, translated, word, worded
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.status import OrderKind
from scanstation.screens.import_wizard.job import Job
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.import_wizard.result import ResultPage
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports import importing
from scanstation.workflows.imports.importing import Imported, Plan
from scanstation.workflows.imports.lines import LineCount
from scanstation.workflows.master_data import loading
from scanstation.workflows.master_data.changes import Change, State
from scanstation.workflows.master_data.loading import Preview
from scanstation.workflows.master_data.products import NEW_SETTINGS

OTHER_FILE = "other file"


class PreviewPage(WizardPage, ABC):
    """What both previews have: typing filters the problems."""

    step = 4
    name = said_later("preview")
    reading = True
    problems_first: ClassVar[bool] = False
    """Do the problems stand before the counts, of which there may be thousands?"""

    def __init__(self, wizard: Wizard, job: Job, path: Path) -> None:
        super().__init__(wizard)
        self.job, self.path = job, path
        self._problems: tuple[tuple[ReportLine, str], ...] = ()
        """Each with what it is found by."""

    def slot(self) -> tuple[str, str]:
        """Choose, or look through the problems."""
        if len(self._problems) > 1:
            return worded("↑ ↓ Enter choose; PgDn reads on"), worded("typing filters the problems")
        return worded("↑ ↓ Enter choose; PgDn reads on"), worded("nothing has been changed yet")

    def text(self) -> Sequence[ReportLine]:
        """The summary and the counts, the problems, the notes; with a filter only the problems."""
        wanted = self.typed.strip(" ").casefold()
        if wanted:
            matching = [entry for entry, key in self._problems if wanted in key]
            how_many_match = worded(
                "{count:,} of {count_2:,} problems have “{wanted}”:",
                count=len(matching),
                count_2=len(self._problems),
                wanted=visible(wanted),
            )
            return [ReportLine(how_many_match, "strong"), *matching]
        problems = [entry for entry, _ in self._problems]
        counts = [*self.counts()]
        # In a few rows the reasons come before what would be there afterwards.
        first = self.problems_first or self.wizard.is_narrow
        body = [*problems, *counts] if first else [*counts, *problems]
        return [*self.summary(), *body, *self.notes()]

    def summary(self) -> Iterator[ReportLine]:
        """How it is, in a sentence."""
        return iter(())

    def counts(self) -> Iterator[ReportLine]:
        """What would be there afterwards."""
        return iter(())

    def notes(self) -> Iterator[ReportLine]:
        """What was done to the cells."""
        return iter(())

    def entered(self, text: str) -> None:
        """Enter after a filter ends it: nothing is imported by mistake."""
        if text:
            self.typed = ""
            self.wizard.show_verdict(say.filter_off())
            self.wizard.draw()
        else:
            super().entered(text)

    def take(self, value: object) -> None:
        """Another file is the only thing that both have."""
        if value == OTHER_FILE:
            self.wizard.to_files()

    def show_problem_lines(self, problems: Sequence[tuple[str, str]]) -> None:
        """Keep the problems, each as where and what."""
        self._problems = tuple(
            (ReportLine(said, lead=where, lead_style="stop-word"), f"{where} {said}".casefold())
            for where, said in problems
        )

    @abstractmethod
    def saved(self, path: Path, *, only_refused: bool) -> Done | Refused:
        """Save the rows, or those that are refused, with an Error column. Waits for the disk."""

    async def save(self) -> None:
        """All rows, to be mended."""
        path = await self.wizard.ask_new_file("Save all rows to which file?", self.mended("errors"), self.path)
        if path is not None:
            outcome = await self._save_as(path, only_refused=False)
            if outcome is not None:
                self.wizard.show_outcome(outcome)
                await self.wizard.look_at_files()

    async def _save_as(self, path: Path, *, only_refused: bool) -> Done | Refused | None:
        """The rows in a file, while a page says so: a large workbook takes half a minute to copy."""
        name = path.name
        return await self.wizard.write(
            worded("Saving {name} …", name=shorten(name)),
            say.rows_in_writing(name),
            lambda: self.saved(path, only_refused=only_refused),
        )

    def mended(self, what: str) -> Path:
        """A name for a workbook to mend, beside the file; one with macros keeps them."""
        ending = ".xlsm" if self.path.suffix.lower() == ".xlsm" else ".xlsx"
        return self.path.with_name(f"{self.path.stem}-{what}{ending}")

    def help(self) -> Sequence[str]:
        """How to mend."""
        return (
            worded(
                "All or nothing: a file with one bad row changes nothing, unless you choose to leave its bad rows out."
            ),
            worded(
                "“Save all rows” writes a copy of the workbook with an Error column: mend it there and "
                "import that file."
            ),
        )


class SerialsPreview(PreviewPage):
    """What importing serials would do."""

    def __init__(self, wizard: Wizard, job: Job, path: Path, plan: Plan, good: Plan | None) -> None:
        super().__init__(wizard, job, path)
        self.plan = plan
        self.good = good
        """The same without its bad rows, if that could be imported."""
        self.show_problem_lines([(problem.where, problem.sentence) for problem in plan.problems])

    def summary(self) -> Iterator[ReportLine]:
        """How many rows, and how many of them are refused."""
        table, name = self.plan.table, shorten(self.plan.file_name, 60)
        if table is None:
            yield ReportLine(worded("{name} cannot be read.", name=name), "strong")
            return
        rows, bad = len(table.rows), len(self.plan.bad_rows)
        sheet = (
            worded("sheet {sheet} of {name}", sheet=shorten(table.sheet), name=name)
            if table.sheet != self.plan.file_name
            else name
        )
        if self.plan.good:
            yield ReportLine(
                worded("All {rows} of {sheet} can be imported.", rows=counted(rows, "row", grouped=True), sheet=sheet),
                "strong",
            )
        elif bad:
            problems = counted(len(self.plan.problems), "problem", grouped=True)
            refused = worded("is refused") if bad == 1 else worded("are refused")
            yield ReportLine(
                worded(
                    "{bad:,} of {rows} of {sheet} {refused}: {problems}.",
                    bad=bad,
                    rows=counted(rows, "row", grouped=True),
                    sheet=sheet,
                    refused=refused,
                    problems=problems,
                ),
                "strong",
            )
        else:
            yield ReportLine(worded("{sheet} cannot be imported.", sheet=sheet), "strong")

    def counts(self) -> Iterator[ReportLine]:
        """Each line of each order, before and after."""
        for line in self.plan.lines:
            yield ReportLine(f"{visible(line.number)}  {visible(line.sku)}", right=_count(line))

    def notes(self) -> Iterator[ReportLine]:
        """What was mended or ignored in the file."""
        for note in self.plan.notes:
            yield ReportLine(f"· {note}", "quiet")

    def picks(self) -> Sequence[Pick]:
        """Everything, the good rows, the others to be mended."""
        if self.plan.good:
            picks = [
                Pick(
                    "import",
                    (worded("Import {serials} …", serials=counted(self.plan.serials, "serial", grouped=True)),),
                )
            ]
        else:
            picks = []
            if self.plan.names_other_orders:
                picks.append(Pick("all orders", (worded("Take all orders of the file"),)))
            if self.plan.lacks_only_a_reason:
                picks.append(Pick("others", (worded("Import what was not scanned too, with a reason …"),)))
            if self.plan.table is not None and self.plan.bad_rows:
                picks.append(Pick("save", (worded("Save all rows with an Error column …"),)))
            if self.good is not None:
                kept, bad = self.good.serials, len(self.plan.bad_rows)
                others = worded("{bad:,} others", bad=bad) if bad > 1 else worded("the other")
                picks.append(
                    Pick(
                        "good rows",
                        (
                            worded(
                                "Import {good}, save {others} …",
                                good=counted(kept, "good row", grouped=True),
                                others=others,
                            ),
                        ),
                    )
                )
        return [*picks, Pick(OTHER_FILE, (worded("Choose another file"),))]

    def take(self, value: object) -> None:
        """Do it, asking first."""
        if value == "import":
            self.wizard.start(self._import(self.plan))
        elif value == "all orders":
            self.wizard.start(self._for_all_orders())
        elif value == "save":
            self.wizard.start(self.save())
        elif value == "others":
            self.wizard.start(self._import_others())
        elif value == "good rows" and self.good is not None:
            self.wizard.start(self._import_good(self.good))
        else:
            super().take(value)

    async def _import(self, plan: Plan) -> None:
        into = _places(plan)
        if await self.wizard.sure(
            worded("Import {serials} {into}?", serials=counted(plan.serials, "serial", grouped=True), into=into)
        ):
            await self._carry_out(plan, ())

    async def _import_others(self) -> None:
        """Rows too that were not scanned into the box: a supervisor's act, with a reason and a PIN."""
        hint = worded("the reason is kept; Esc: no change")
        reason = await self.wizard.ask_text("Why is imported what nobody scanned?", hint)
        if reason is None:
            return
        site, plan = self.wizard.station.site, self.plan
        looked = await self.wizard.apart(lambda: importing.with_others(site, plan, reason))
        if looked is None or not await self.wizard.sure(
            worded(
                "Import {serials} {places}, scanned or not?",
                serials=counted(looked.serials, "serial", grouped=True),
                places=_places(looked),
            )
        ):
            return
        outcome = await self.wizard.act(lambda: importing.carry_out(site, looked))
        if isinstance(outcome, Imported):
            self.wizard.go_on(ResultPage(self.wizard, self.job, outcome, (), _order_of(looked)))
        if outcome is not None:
            self.wizard.show_outcome(outcome)

    async def _import_good(self, good: Plan) -> None:
        """First the bad rows are safe in a file of their own, then the good ones come in."""
        bad = counted(len(self.plan.bad_rows), "row", grouped=True)
        title = worded("Save {bad} to which file?", bad=bad)
        path = await self.wizard.ask_new_file(title, self.mended("to-mend"), self.path)
        if path is None:
            return
        question = worded(
            "Import {serials} {places}, and leave {bad} out?",
            serials=counted(good.serials, "serial", grouped=True),
            places=_places(good),
            bad=bad,
        )
        if not await self.wizard.sure(question):
            return
        saved = await self._save_as(path, only_refused=True)
        if isinstance(saved, Refused):
            self.wizard.show_outcome(saved)
        elif saved is not None:
            await self._carry_out(good, (saved.text,))

    async def _carry_out(self, plan: Plan, notes: Sequence[str]) -> None:
        site = self.wizard.station.site
        outcome = await self.wizard.write(
            worded("Writing {serials} …", serials=counted(plan.serials, "serial", grouped=True)),
            say.import_in_writing(),
            lambda: importing.carry_out(site, plan),
        )
        if isinstance(outcome, Imported):
            self.wizard.go_on(ResultPage(self.wizard, self.job, outcome, notes, _order_of(plan)))
            self.wizard.show_outcome(outcome)
        elif isinstance(outcome, Refused):
            # Something has changed since the file was checked.
            await self._again(plan.order_id)
            self.wizard.show_outcome(outcome)

    async def _for_all_orders(self) -> None:
        await self._again(None)
        self.wizard.order = None
        self.wizard.draw()

    async def _again(self, order_id: int | None) -> None:
        site, plan = self.wizard.station.site, self.plan
        looked = await self.wizard.apart(lambda: judged(importing.look_again(site, plan, order_id), self.wizard))
        if looked is not None:
            self.wizard.replace(SerialsPreview(self.wizard, self.job, self.path, *looked))

    def saved(self, path: Path, *, only_refused: bool) -> Done | Refused:
        """Save the rows with an Error column."""
        return importing.save_rows(self.plan, path, only_refused=only_refused)


class LoadPreview(PreviewPage):
    """What loading products, orders or stock would do."""

    problems_first = True

    def __init__(self, wizard: Wizard, job: Job, path: Path, preview: Preview) -> None:
        super().__init__(wizard, job, path)
        self.preview = preview
        self.show_problem_lines(
            [(str(trouble.place) if trouble.place else "", trouble.sentence) for trouble in preview.troubles]
        )

    @property
    def _differs(self) -> bool:
        return any(change.state is not State.SAME for change in self.preview.changes)

    def summary(self) -> Iterator[ReportLine]:
        """What is in the file."""
        name, summary = shorten(self.path.name, 60), self.preview.summary
        if self.preview.troubles:
            count = counted(len(self.preview.troubles), "problem", grouped=True)
            yield ReportLine(worded("{name} has {count}.", name=name, count=count), "strong")
            if summary:
                yield ReportLine(worded("Without a problem: {summary}.", summary=summary))
        elif not summary:
            yield ReportLine(worded("{name} has no rows to load.", name=name), "strong")
        else:
            yield ReportLine(f"{name}: {summary}.", "strong")
        if self.preview.without_serials:
            yield ReportLine(_lacking(self.preview), "check-word")

    def counts(self) -> Iterator[ReportLine]:
        """What is new and what changes; first what leaves units without serials."""
        for change in sorted(self.preview.changes, key=lambda one: not one.warning):
            if change.state is not State.SAME:
                yield _change_line(change)
            if change.warning:
                yield ReportLine(change.warning, lead=" ·", lead_style="check-word")

    def notes(self) -> Iterator[ReportLine]:
        """What was mended or ignored in the file."""
        for note in self.preview.notes:
            yield ReportLine(f"· {note}", "quiet")

    def picks(self) -> Sequence[Pick]:
        """All of it, or the orders that are right."""
        picks = []
        if self.preview.good and self._differs:
            picks.append(Pick("load", (worded("Load what is new and what changes …"),)))
        elif self.preview.wanted.tables and self.preview.troubles:
            picks.append(Pick("save", (worded("Save all rows with an Error column …"),)))
            if self.preview.can_leave_out and self._differs:
                bad = self.preview.bad_orders
                others = worded("{bad:,} others", bad=bad) if bad > 1 else worded("the other")
                picks.append(Pick("good orders", (worded("Load good orders, save {others} …", others=others),)))
        return [*picks, Pick(OTHER_FILE, (worded("Choose another file"),))]

    def take(self, value: object) -> None:
        """Do it, asking first."""
        if value == "load":
            self.wizard.start(self._load())
        elif value == "save":
            self.wizard.start(self.save())
        elif value == "good orders":
            self.wizard.start(self._load_good())
        else:
            super().take(value)

    def saved(self, path: Path, *, only_refused: bool) -> Done | Refused:
        """Save the rows with an Error column; only those of the orders that have a problem, where asked."""
        preview = self.preview
        return loading.save_rows(preview.wanted, preview.troubles, path, only_refused=only_refused)

    async def _load(self) -> None:
        warning = ""
        if lacking := self.preview.without_serials and _lacking(self.preview):
            warning = worded("{lacking} {settings} ", lacking=lacking, settings=word(NEW_SETTINGS))
        if await self.wizard.sure(worded("{warning}Load {summary}?", warning=warning, summary=self.preview.summary)):
            await self._carry_out(())

    async def _load_good(self) -> None:
        """First the orders with a problem are safe in a file of their own, then the others come in."""
        bad = counted(self.preview.bad_orders, "order", grouped=True)
        path = await self.wizard.ask_new_file(
            worded("Save {bad} to which file?", bad=bad), self.mended("to-mend"), self.path
        )
        if path is None or not await self.wizard.sure(
            worded("Load {summary}, and leave {bad} out?", summary=self.preview.summary, bad=bad)
        ):
            return
        saved = await self._save_as(path, only_refused=True)
        if isinstance(saved, Refused):
            self.wizard.show_outcome(saved)
        elif saved is not None:
            await self._carry_out((saved.text,), good_orders=True)

    async def _carry_out(self, notes: Sequence[str], *, good_orders: bool = False) -> None:
        site, preview = self.wizard.station.site, self.preview
        bad_orders = {trouble.order for trouble in preview.troubles}
        loaded = await self.wizard.write(
            worded("Loading {summary} …", summary=self.preview.summary),
            say.load_in_writing(),
            lambda: loading.load_wanted(
                site, preview.wanted, preview.remarks, good_orders=good_orders, leaving_out=bad_orders
            ),
        )
        if loaded is None:
            return
        if english(loaded.text).startswith("Loaded"):
            left_out = tuple(worded("Left out: {text}", text=reason.text) for reason in loaded.reasons)
            done = Done(loaded.text, loaded.notes)
            self.wizard.go_on(ResultPage(self.wizard, self.job, done, (*notes, *left_out), None))
            self.wizard.show_outcome(done)
        else:
            looked = await self.wizard.apart(lambda: loading.look_again(site, preview.wanted, preview.remarks))
            if looked is not None:
                self.wizard.replace(LoadPreview(self.wizard, self.job, self.path, looked))
            self.wizard.show_outcome(Refused(loaded.reasons))


def judged(plan: Plan, wizard: Wizard) -> tuple[Plan, Plan | None]:
    """A plan, and the same without its bad rows where that would import something."""
    if plan.table is None or not 0 < len(plan.bad_rows) < len(plan.table.rows):
        return plan, None
    good = importing.without_bad_rows(wizard.station.site, plan)
    return plan, good if good.good and good.serials else None


def _order_of(plan: Plan) -> int | None:
    ids = {line.order_id for line in plan.lines}
    return ids.pop() if len(ids) == 1 else None


def _places(plan: Plan) -> str:
    numbers = list(dict.fromkeys(visible(line.number) for line in plan.lines))
    if len(numbers) > 3:
        return _on_orders(plan.kind, len(numbers))
    return worded("on {kind} {listed}", kind=plan.kind, listed=" and ".join(numbers))


def _on_orders(kind: OrderKind, count: int) -> str:
    if kind is OrderKind.PURCHASE:
        return worded("on {count} purchase orders", count=count)
    return worded("on {count} shipment orders", count=count)


def _count(line: LineCount) -> str:
    after = line.before + line.new
    change = (
        worded("{before} of {owed} → {after} of {owed}", before=line.before, owed=line.owed, after=after)
        if line.new
        else worded("{before} of {owed}", before=line.before, owed=line.owed)
    )
    return f"{change} {'✓' if after == line.owed else ' '}"


def _change_line(change: Change) -> ReportLine:
    """`changed  N-1: LAP 10 → 12`."""
    what = worded("{noun} {name}", noun=change.noun, name=change.name)
    if change.differences:
        what = worded("{what}: {differences}", what=what, differences=joined(change.differences))
    style = "ok-word" if change.state is State.NEW else "check-word"
    return ReportLine(what, lead=translated(change.state.value), lead_style=style)


def _lacking(preview: Preview) -> str:
    """`40 units on hand have no serials, and packing will then ask for them.`"""
    have = counted(preview.without_serials, "unit on hand has", "units on hand have", grouped=True)
    return worded("{have} no serials, and packing will then ask for them.", have=have)
