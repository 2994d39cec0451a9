"""The answer to the last scan, across the whole width."""

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from scanstation.domain.codes import visible
from scanstation.domain.verdict import Tone, Verdict

_WORD_CELLS = 8
_MOST_ROWS = 8


class VerdictBar(Widget):
    """Word, colour and sentence. It stays until the next answer; nothing else ever empties it."""

    def __init__(self) -> None:
        super().__init__(id="verdict")
        self.verdict: Verdict | None = None
        self._rows: list[Content] = []

    def show(self, verdict: Verdict) -> None:
        """Show an answer; one that is longer than the bar makes the bar taller."""
        self.verdict = verdict
        for tone in Tone:
            self.set_class(tone is verdict.tone, f"-{tone.name.lower()}")
        self._lay_out()
        self.refresh()

    def on_resize(self) -> None:
        """Wrap the sentence anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self.verdict is None:
            return
        self._rows = Content(sentence(self.verdict)).wrap(max(10, self.size.width - _WORD_CELLS - 1))
        usual = self.styles.base.min_height
        least = int(usual.value) if usual is not None else 1
        self.styles.height = max(least, min(len(self._rows), _MOST_ROWS))

    def render(self) -> RenderResult:
        """The word, and the sentence beside it, in the middle of the bar's rows."""
        if self.verdict is None:
            return ""
        above = max(0, (self.size.height - len(self._rows)) // 2)
        parts: list[Content | str] = ["\n" * above]
        for number, row in enumerate(self._rows):
            word = f" {self.verdict.tone.value:<{_WORD_CELLS - 1}}" if number == 0 else " " * _WORD_CELLS
            parts += [Content.styled(word, "bold"), row, "\n"]
        return Content("").join([Content(part) if isinstance(part, str) else part for part in parts[:-1]])


def sentence(verdict: Verdict) -> str:
    """The verdict's text, with the code before it unless the text names it."""
    text, code = visible(verdict.text), visible(verdict.code)
    return text if not code or code in text else f"{code}: {text}"
