"""The last answers, the newest first."""

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from scanstation.domain.codes import visible
from scanstation.screens.widgets.rows import fit
from scanstation.screens.widgets.tones import WORD
from scanstation.workflows.views import Answered

_TIME, _TONE = 10, 7


class LastScans(Widget):
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
            self.refresh()

    def render(self) -> RenderResult:
        """As many as there is room for."""
        width, height = self.size
        wrapping = self.screen.has_class("-wide")
        rows: list[Content] = [Content.styled("Last scans", "$quiet")] if wrapping and self._answers else []
        for one in self._answers:
            room = width - _TIME - _TONE
            text = Content(visible(one.text)).wrap(room) if wrapping else [Content(fit(one.text, room))]
            head = Content.assemble((f"{one.time:<{_TIME}}", "$quiet"), (f"{one.tone.value:<{_TONE}}", WORD[one.tone]))
            rows.append(head + text[0])
            rows += [Content(" " * (_TIME + _TONE)) + more for more in text[1:]]
            if len(rows) >= height:
                break
        return Content("\n").join(rows[:height])
