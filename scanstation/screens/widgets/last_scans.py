"""What the last scans have led to, the newest first."""

from collections.abc import Sequence

from scanstation.domain.language import translated
from scanstation.domain.verdict import Tone
from scanstation.screens.widgets.rows import Row, Rows, fit
from scanstation.workflows.scanning.views import Answered

_MINUTE = len("14:02")


class LastScans(Rows):
    """Facts, one row each: a unit with its codes, or what was refused."""

    def __init__(self) -> None:
        super().__init__(id="last-scans", classes="-empty")
        self._answers: tuple[Answered, ...] = ()
        self._marked: tuple[Answered, ...] = ()

    def show(self, answers: Sequence[Answered], in_the_bar: str = "") -> None:
        """Show these, but for the newest if the verdict bar shows it already."""
        if answers and answers[0].text == in_the_bar:
            answers = answers[1:]
        if tuple(answers) != self._answers:
            self._answers = tuple(answers)
            self.set_class(not (self._marked or answers), "-empty")
            self.redraw()

    def mark(self, refused: Sequence[Answered]) -> None:
        """Keep these above all others, marked, until they are handed in no more."""
        if tuple(refused) != self._marked:
            self._marked = tuple(refused)
            self.set_class(not (self._marked or self._answers), "-empty")
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """As many as there is room for."""
        marked = {one.text for one in self._marked}
        answers = [*self._marked, *(one for one in self._answers if one.text not in marked)]
        rows: list[Row] = [((translated("Last scans"), "quiet"),)] if self.screen.has_class("-wide") and answers else []
        for number, one in enumerate(answers[:height]):
            mark, style = "", ""
            if number < len(self._marked):
                mark, style = f"! {one.tone.value}", "stop-strong"
            elif one.tone is not Tone.OK:
                mark, style = one.tone.value, f"{one.tone.name.lower()}-word"
            before: Row = ((f"{one.time[:_MINUTE]}  ", "quiet"),)
            if mark:
                before += ((mark, style), ("  ", ""))
            room = width - sum(len(text) for text, _ in before)
            rows.append((*before, (fit(one.fact or one.text, room), "")))
        return rows
