"""The third step: which sheet, and which of its columns is which."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import joined, said_later, word, worded
from scanstation.domain.plurals import counted
from scanstation.screens.import_wizard.job import Job
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.report import ReportLine
from scanstation.screens.widgets.pick_list import Pick
from scanstation.workflows.imports.opening import Layout, SheetTop

_CHECK = "check"


class SheetPage(WizardPage):
    """Which sheet of the file is meant, where that is not plain."""

    list_id = "choices"
    step = 3
    name = said_later("sheet")

    def __init__(self, wizard: Wizard, job: Job, path: Path, tops: Sequence[SheetTop]) -> None:
        super().__init__(wizard)
        self.job, self.path, self._tops = job, path, tuple(tops)

    def slot(self) -> tuple[str, str]:
        """One has to be chosen."""
        return worded("Which sheet is meant? ↑ ↓ Enter"), worded("Esc goes back to the files")

    def text(self) -> Sequence[ReportLine]:
        """Why this is asked."""
        fitting = sum(top.fits(self.job.kinds) for top in self._tops)
        how_many_fit = (
            worded("{fitting} sheets have the header", fitting=fitting)
            if fitting
            else worded("no sheet has the header")
        )
        title = joined([word(kind.title) for kind in self.job.kinds], " or ")
        return [
            ReportLine(
                worded("{name}: {told} of {title}.", name=shorten(self.path.name), told=how_many_fit, title=title),
                "strong",
            )
        ]

    def picks(self) -> Sequence[Pick]:
        """The sheets, those that fit first."""
        tops = sorted(self._tops, key=lambda top: not top.fits(self.job.kinds))
        return [Pick(top.sheet, (visible(top.sheet), _about(top, self.job))) for top in tops]

    def take(self, value: object) -> None:
        """Go on to its columns."""
        top = next(top for top in self._tops if top.sheet == value)
        page = ColumnsPage(self.wizard, self.job, self.path, self._tops, [top.layout(self.job.kinds)])
        self.wizard.go_on(page)


class ColumnsPage(WizardPage):
    """Which column of the sheet is which."""

    list_id = "columns"
    step = 3
    name = said_later("columns")

    def __init__(
        self, wizard: Wizard, job: Job, path: Path, tops: Sequence[SheetTop], layouts: Sequence[Layout]
    ) -> None:
        super().__init__(wizard)
        self.job, self.path = job, path
        self.layouts = list(layouts)
        self._top = {top.sheet: top for top in tops}
        self._left_out: set[str] = set()

    @property
    def read(self) -> list[Layout]:
        """The sheets that are to be read."""
        return [layout for layout in self.layouts if layout.sheet not in self._left_out]

    def slot(self) -> tuple[str, str]:
        """Enter goes on, if all is found."""
        if self._missing:
            are_there = all(not layout.missing for layout in self.read)
            what = worded("Choose which columns are meant") if are_there else worded("Choose the missing columns")
            return what, worded("↑ ↓ Enter; Esc goes back")
        return worded("Enter reads and checks the rows"), worded("↑ ↓ Enter changes a column")

    def text(self) -> Sequence[ReportLine]:
        """Which file, for which order."""
        return [ReportLine(f"{shorten(self.path.name, 60)}{self.wizard.for_order}", "strong")]

    def picks(self) -> Sequence[Pick]:
        """Read it; then each sheet with its columns."""
        rows = sum(self._top[one.sheet].total for one in self.read)
        about = worded("about {rows}", rows=counted(rows, "row", grouped=True))
        picks = [Pick(_CHECK, (worded("Read and check"), about, ""), note=self._missing)]
        for layout in self.layouts:
            top, out = self._top[layout.sheet], layout.sheet in self._left_out
            which = worded(layout.kind.title) if not out else worded("left out")
            hidden = worded(", hidden") if top.hidden else ""
            heading = worded("Sheet {sheet}{hidden}: {which}", sheet=visible(layout.sheet), hidden=hidden, which=which)
            if len(self.layouts) > 1:
                cells = (worded("Read this sheet"), worded("no") if out else worded("yes"), "")
                picks.append(Pick(("sheet", layout.sheet), cells, quiet=out, heading=heading))
                heading = ""
            if out:
                continue
            picks.append(
                Pick(
                    ("header", layout.sheet),
                    (
                        worded("Header"),
                        worded("row {header_row}", header_row=layout.header_row),
                        " · ".join(top.header(layout.header_row)[:6]),
                    ),
                    heading=heading,
                )
            )
            for slot, column in enumerate(layout.kind.columns):
                position = layout.positions[slot]
                if slot in layout.doubtful:
                    cells = (column.name, worded("there twice"), "")
                elif position is None:
                    cells = (column.name, worded("not found") if column.required else worded("none"), "")
                else:
                    cells = (column.name, _named(top, layout, position), top.sample(layout.header_row, position))
                picks.append(Pick((layout.sheet, slot), cells, quiet=position is None and not column.required))
        return [replace(one, cells=tuple(map(visible, one.cells))) for one in picks]

    def take(self, value: object) -> None:
        """Read it, or change what was touched."""
        if value == _CHECK:
            if self._missing:
                self.wizard.show_verdict(say.columns_missing(self._missing))
            else:
                self.wizard.start(self.wizard.check_file(self.job, self.path, self.read))
            return
        assert isinstance(value, tuple)
        what, more = value
        if what == "sheet":
            self._left_out ^= {more}
            self.wizard.draw()
        elif what == "header":
            self._next_header(more)
        else:
            at = next(at for at, layout in enumerate(self.layouts) if layout.sheet == what)
            self.wizard.go_on(ColumnPage(self.wizard, self, at, more, self._top[what]))

    def change(self, at: int, slot: int, position: int | None) -> None:
        """One of the kind's columns is elsewhere."""
        layout = self.layouts[at]
        self.layouts[at] = layout.with_column(slot, position, self._top[layout.sheet])

    def _next_header(self, sheet: str) -> None:
        """The next row that has texts is the header."""
        at = next(at for at, layout in enumerate(self.layouts) if layout.sheet == sheet)
        layout, top = self.layouts[at], self._top[sheet]
        filled = [row for row in range(1, len(top.rows) + 1) if any(top.header(row))]
        later = [row for row in filled if row > layout.header_row]
        if filled:
            self.layouts[at] = top.layout_at(layout.kind, (later or filled)[0])
        self.wizard.draw()

    @property
    def _missing(self) -> str:
        if not self.read:
            return say.all_sheets_left_out()
        missing = [name for layout in self.read for name in layout.missing]
        twice = [name for layout in self.read for name in layout.twice]
        return say.columns_to_choose(missing, twice)

    def help(self) -> Sequence[str]:
        """The mapping."""
        return (
            worded(
                "Each wanted column stands beside the column of the sheet that was found for it, and its first cell."
            ),
            worded("Enter on one chooses another column. Enter on the header's row takes the next row for the header."),
        )


class ColumnPage(WizardPage):
    """Which column of the sheet holds what is wanted."""

    list_id = "choices"
    step = 3
    name = said_later("column")

    def __init__(self, wizard: Wizard, page: ColumnsPage, at: int, slot: int, top: SheetTop) -> None:
        super().__init__(wizard)
        self._page, self._at, self._slot, self._top = page, at, slot, top
        self.marked = page.layouts[at].positions[slot] or 0

    @property
    def _wanted(self) -> str:
        return self._page.layouts[self._at].kind.columns[self._slot].name

    def slot(self) -> tuple[str, str]:
        """Which one."""
        return worded("Which column is {wanted}?", wanted=self._wanted), worded("↑ ↓ Enter, or type a part of it")

    def picks(self) -> Sequence[Pick]:
        """All columns of the sheet, and none."""
        layout = self._page.layouts[self._at]
        width = max((len(row) for row in self._top.rows), default=0)
        wanted = self.typed.casefold()
        samples = [visible(self._top.sample(layout.header_row, position)) for position in range(width)]
        picks = [
            Pick(position, (_named(self._top, layout, position), sample)) for position, sample in enumerate(samples)
        ]
        return [
            *(one for one in picks if wanted in one.cells[0].casefold()),
            Pick(None, (worded("none: it is not there"), "")),
        ]

    def entered(self, text: str) -> None:
        """What was typed has narrowed the list to it."""
        del text
        if (chosen := self.wizard.chosen) is not None:
            self.take(chosen.value)

    def take(self, value: object) -> None:
        """Choose it, and back to all of them."""
        assert value is None or isinstance(value, int)
        self._page.change(self._at, self._slot, value)
        self.wizard.go_back()


def layouts_of(job: Job, tops: Sequence[SheetTop]) -> list[Layout] | None:
    """The sheets to read, as their headers tell; None where a person has to say which."""
    fitting = [top for top in tops if top.fits(job.kinds)]
    if len(tops) == 1:
        return [tops[0].layout(job.kinds)]
    if job.order_kind is None and fitting:
        return [top.layout(job.kinds) for top in fitting]
    # A sheet without rows beside another is not in question.
    layouts = [(top.total, top.layout(job.kinds)) for top in fitting]
    filled = [layout for total, layout in layouts if total > layout.header_row] or [layout for _, layout in layouts]
    return filled if len(filled) == 1 else None


def _named(top: SheetTop, layout: Layout, position: int) -> str:
    header = top.header(layout.header_row)
    text = visible(header[position]) if position < len(header) and header[position] else worded("(no header)")
    return f"{top.letter(position)}  {text}"


def _about(top: SheetTop, job: Job) -> str:
    fits = "fits" if top.fits(job.kinds) else worded("another header")
    return worded("{fits}, about {total:,} rows", fits=fits, total=top.total) + (
        worded(", hidden") if top.hidden else ""
    )
