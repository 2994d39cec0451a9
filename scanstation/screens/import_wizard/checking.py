"""Between the steps: a file is being read, or an import is being written."""

from collections.abc import Sequence

from scanstation.domain.codes import shorten
from scanstation.domain.language import said_later, worded
from scanstation.domain.progress import Progress
from scanstation.domain.verdict import Verdict
from scanstation.screens.import_wizard.page import Wizard, WizardPage
from scanstation.screens.import_wizard.report import ReportLine


class ReadingPage(WizardPage):
    """How far the reading is; Esc ends it."""

    step = 4
    name = said_later("reading")
    reading = True

    def __init__(self, wizard: Wizard, file_name: str, progress: Progress) -> None:
        super().__init__(wizard)
        self._file_name, self.progress = file_name, progress

    def slot(self) -> tuple[str, str]:
        """It can be ended."""
        return worded("Reading the file"), worded("Esc stops it; other stations go on")

    def text(self) -> Sequence[ReportLine]:
        """A bar, and what is done now."""
        name, rows, expected = shorten(self._file_name, 60), self.progress.rows, self.progress.expected
        if self.progress.is_read:
            return [
                ReportLine(worded("{rows:,} rows", rows=rows), part=1.0, style="ok-word"),
                ReportLine(worded("Holding the rows of {name} against what is in the store …", name=name)),
            ]
        if not expected:
            return [ReportLine("", part=0.0), ReportLine(worded("Opening {name} …", name=name))]
        told = worded("{min:,} of {expected:,} rows", min=min(rows, expected), expected=expected)
        return [
            ReportLine(told, part=rows / expected, style="ok-word"),
            ReportLine(worded("Reading {name} …", name=name)),
        ]

    def entered(self, text: str) -> None:
        """There is nothing to choose."""
        del text

    def back(self) -> None:
        """Esc: no more of it."""
        self.progress.stop()

    def end(self) -> None:
        """The wizard is going away."""
        self.progress.stop()


class WritingPage(WizardPage):
    """An import, or a workbook to mend, is being written: for this short time nothing can be chosen."""

    step = 4
    name = said_later("writing")
    reading = True

    def __init__(self, wizard: Wizard, what: str, too_late: Verdict) -> None:
        super().__init__(wizard)
        self._what, self._too_late = what, too_late

    def slot(self) -> tuple[str, str]:
        """Nothing can be entered: wait."""
        return "Writing …", worded("all of it or nothing")

    def text(self) -> Sequence[ReportLine]:
        """What is written."""
        return [ReportLine(self._what, "strong")]

    def entered(self, text: str) -> None:
        """There is nothing to choose."""
        del text

    def back(self) -> None:
        """Esc comes too late."""
        self.wizard.show_verdict(self._too_late)
