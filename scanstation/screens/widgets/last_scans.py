"""The last answers, the newest first."""

from collections.abc import Sequence

from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped
from scanstation.workflows.views import Answered

_TIME, _TONE = 10, 7


class LastScans(Rows):
    """One row an answer; where the screen is wide, as many as its sentence needs."""

    def __init__(self) -> None:
        super().__init__(id="last-scans", classes="-empty")
        self._answers: tuple[Answered, ...] = ()

    def show(self, answers: Sequence[Answered], in_the_bar: str = "") -> None:
        """Show these, but for the newest if the verdict bar shows it already."""
        if answers and answers[0].text == in_the_bar:
            answers = answers[1:]
        if tuple(answers) != self._answers:
            self._answers = tuple(answers)
            self.set_class(not answers, "-empty")
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """As many as there is room for."""
        wrapping = self.screen.has_class("-wide")
        rows: list[Row] = [(("Last scans", "quiet"),)] if wrapping and self._answers else []
        for one in self._answers:
            room = width - _TIME - _TONE
            first, *more = wrapped(one.text, room) if wrapping else [fit(one.text, room)]
            if len(rows) + 1 + len(more) > height and len(rows) > 1:
                break  # no answer ends in its middle
            time, word = f"{one.time:<{_TIME}}", f"{one.tone.value:<{_TONE}}"
            rows.append(((time, "quiet"), (word, f"{one.tone.name.lower()}-word"), (first, "")))
            rows += [((" " * (_TIME + _TONE) + text, ""),) for text in more]
        return rows
