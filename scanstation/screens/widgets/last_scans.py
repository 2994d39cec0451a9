"""The last answers, the newest first."""

from collections.abc import Sequence

from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped
from scanstation.workflows.scanning.views import Answered

_TIME, _TONE = 10, 7


class LastScans(Rows):
    """One row an answer; where the screen is wide, as many as its sentence needs."""

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
        wrapping = self.screen.has_class("-wide")
        marked = {one.text for one in self._marked}
        answers = [*self._marked, *(one for one in self._answers if one.text not in marked)]
        rows: list[Row] = [(("Last scans", "quiet"),)] if wrapping and answers else []
        for number, one in enumerate(answers):
            room = width - _TIME - _TONE
            first, *more = wrapped(one.text, room) if wrapping else [fit(one.text, room)]
            if len(rows) + 1 + len(more) > height and len(rows) > 1:
                break  # no answer ends in its middle
            time, word = f"{one.time:<{_TIME}}", f"{one.tone.value:<{_TONE}}"
            if number < len(self._marked):
                mark: Row = (
                    (f"! {one.tone.value}", "stop-strong"),
                    (" " * (_TONE - 2 - len(one.tone.value)), ""),
                )
            else:
                mark = ((word, "quiet" if one.quiet else f"{one.tone.name.lower()}-word"),)
            rows.append(((time, "quiet"), *mark, (first, "")))
            rows += [((" " * (_TIME + _TONE) + text, ""),) for text in more]
        return rows
