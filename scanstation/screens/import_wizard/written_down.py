"""What was written down while the station was away: for which order, by whom and when, and what it comes to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from scanstation import languages
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.days import said_day
from scanstation.domain.downtime import read_moment
from scanstation.domain.language import said_later, worded
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.screens.import_wizard.job import WRITTEN_DOWN
from scanstation.screens.import_wizard.jobs import order_scanned
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.preview import OTHER_FILE, PreviewPage
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.import_wizard.result import ResultPage
from scanstation.screens.station import Go
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.scanning import downtime
from scanstation.workflows.scanning.downtime import Entered, Looked, Written
from scanstation.workflows.scanning.home import ToDesk, Traced


class OrderPage(WizardPage):
    """For which order it was written down."""

    name = said_later("order")
    reading = True
    may_leave = True

    def slot(self) -> tuple[str, str]:
        """The order is scanned or typed."""
        return worded("Scan the order of the sheet"), worded("or type its number; Esc goes back")

    def text(self) -> Sequence[ReportLine]:
        """What the order is asked for."""
        return [ReportLine(worded("For which order was it written down?"), "strong")]

    async def scanned(self, meant: Order | Traced | ToDesk | Verdict, scan: Scan) -> Go | None:
        """The order chooses itself."""
        return await order_scanned(self, meant, scan)


class WrittenPreview(PreviewPage):
    """What entering a sheet would do. Made where the store may be waited for."""

    problems_first = True

    def __init__(self, wizard: Wizard, path: Path, written: Written) -> None:
        super().__init__(wizard, WRITTEN_DOWN, path)
        self._written = written
        site = wizard.station.site
        self._looked = downtime.look(site, written)
        self._with_yes: Looked | None = downtime.look(site, written, yes=True) if self._looked.asks else None
        """The same with a yes to what the station would ask of the scans."""
        lines = [(one.cell, one.reason.text) for one in sorted(self._looked.problems, key=lambda one: one.row)]
        if not lines and isinstance(self._looked.answer, Refused):
            lines = [("", reason.text) for reason in self._looked.answer.reasons]
        self.show_problem_lines(lines)

    @property
    def _bad(self) -> int:
        return len(self._looked.bad_rows)

    def summary(self) -> Iterator[ReportLine]:
        """How much of it can be entered, and as whose work."""
        name = shorten(self.path.name, 60)
        if self._bad:
            bad = counted(self._bad, "row", grouped=True)
            yield ReportLine(worded("{name}: {bad} to mend.", name=name, bad=bad), "strong")
        elif self._looked.units:
            units = counted(self._looked.units, "unit", grouped=True)
            yield ReportLine(worded("{name}: {units}, all right.", name=name, units=units), "strong")
        else:
            yield ReportLine(worded("{name} cannot be entered.", name=name), "strong")
        yield ReportLine(worded("written down by {by}, {at}", by=self._who, at=self._at))

    def notes(self) -> Iterator[ReportLine]:
        """What was mended or ignored in the file, and what stays open."""
        if isinstance(self._looked.answer, Entered):
            for note in self._looked.answer.notes:
                yield ReportLine(f"· {note}", "quiet")

    def picks(self) -> Sequence[Pick]:
        """All of it, with a yes or without; the good rows; the others to be mended."""
        picks, units = [], self._looked.units
        if units and not self._bad:
            picks.append(Pick("enter", (worded("Enter {units} …", units=counted(units, "unit", grouped=True)),)))
        if self._with_yes is not None and self._with_yes.units and not self._with_yes.problems:
            asked = counted(sum(one.is_question for one in self._looked.problems), "question")
            all_units = counted(self._with_yes.units, "unit", grouped=True)
            picks.append(Pick("yes", (worded("Enter {units}, yes to {asked} …", units=all_units, asked=asked),)))
        if self._bad:
            picks.append(Pick("save", (worded("Save all rows with an Error column …"),)))
        if self._bad and units:
            good = counted(units, "unit", grouped=True)
            left = counted(self._bad, "row", grouped=True)
            picks.append(Pick("good rows", (worded("Enter {good}, save {left} …", good=good, left=left),)))
        picks.append(Pick("who", (worded("Another person, or time …"),)))
        return [*picks, Pick(OTHER_FILE, (worded("Choose another file"),))]

    def take(self, value: object) -> None:
        """Do it, asking first."""
        if value == "enter":
            self.wizard.start(self._enter(self._looked))
        elif value == "yes" and self._with_yes is not None:
            self.wizard.start(self._enter(self._with_yes, yes=True))
        elif value == "good rows":
            self.wizard.start(self._enter_good())
        elif value == "save":
            self.wizard.start(self.save())
        elif value == "who":
            self.wizard.start(self._ask_again())
        else:
            super().take(value)

    async def _enter(self, looked: Looked, *, yes: bool = False) -> None:
        units = counted(looked.units, "unit", grouped=True)
        if await self.wizard.sure(worded("Enter {units} as {by} wrote them down?", units=units, by=self._who)):
            await self._carry_out((), yes=yes)

    async def _enter_good(self) -> None:
        """First the bad rows are safe in a file of their own, then the good ones are entered."""
        bad = counted(self._bad, "row", grouped=True)
        path = await self.wizard.ask_new_file(
            worded("Save {bad} to which file?", bad=bad), self.mended("to-mend"), self.path
        )
        units = counted(self._looked.units, "unit", grouped=True)
        if path is None or not await self.wizard.sure(
            worded("Enter {units} as {by} wrote them down, and leave {bad} out?", units=units, by=self._who, bad=bad)
        ):
            return
        saved = await self._save_as(path, only_refused=True)
        if isinstance(saved, Refused):
            self.wizard.show_outcome(saved)
        elif saved is not None:
            await self._carry_out((saved.text,), good_rows=True)

    async def _carry_out(self, notes: Sequence[str], *, yes: bool = False, good_rows: bool = False) -> None:
        site, written = self.wizard.station.site, self._written
        looked = self._with_yes if yes else self._looked
        outcome = await self.wizard.act(
            lambda: downtime.enter_sheet(site, written, yes=yes, good_rows=good_rows, looked=looked)
        )
        if isinstance(outcome, Entered):
            left = tuple(worded("Left out: {text}", text=reason.text) for reason in outcome.refused)
            self.wizard.go_on(ResultPage(self.wizard, self.job, outcome, (*notes, *left), written.order_id))
        elif isinstance(outcome, Refused):
            await self._look_again(written)  # something may have changed since it was looked at
        if outcome is not None:
            self.wizard.show_outcome(outcome)

    async def _ask_again(self) -> None:
        said = await asked_who_and_when(self.wizard, self._written.by, self._written.at)
        if said is not None:
            await self._look_again(replace(self._written, by=said[0], at=said[1]))

    async def _look_again(self, written: Written) -> None:
        page = await self.wizard.apart(lambda: WrittenPreview(self.wizard, self.path, written))
        if page is not None:
            self.wizard.replace(page)

    def saved(self, path: Path, *, only_refused: bool) -> Done | Refused:
        """Save the rows with an Error column."""
        return downtime.save_rows(self._written.table, self._looked, path, only_refused=only_refused)

    @property
    def _who(self) -> str:
        return visible(self._written.by)

    @property
    def _at(self) -> str:
        """The day, and the time if one is said of all rows."""
        today = self.wizard.station.site.today
        given = read_moment(self._written.at, today, day_is_first=languages.day_is_first())
        assert given is not None
        day, at = given
        return " ".join([said_day(str(day), today), *([f"{at:%H:%M}"] if at else [])])


async def asked_who_and_when(wizard: Wizard, by: str = "", at: str = "") -> tuple[str, str] | None:
    """The person, and the moment of the rows that have none of their own; None where nothing is to happen."""
    is_purchase = wizard.order is not None and wizard.order.kind is OrderKind.PURCHASE
    who = worded("Who received it?") if is_purchase else worded("Who packed it?")
    text = await wizard.ask_who(who, by)
    if text is None:
        return None
    by = text.strip()
    today = wizard.station.site.today
    at = at or f"{today} "
    while True:
        text = await wizard.ask_text(worded("When?"), worded("the day, and a time if rows have none"), at)
        if text is None:
            return None
        at = text.strip()
        if read_moment(at, today, day_is_first=languages.day_is_first()) is not None:
            return by, at
        wizard.show_outcome(Refused((say.no_time(at),)))
