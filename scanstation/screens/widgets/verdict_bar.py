"""The answer to the last scan, across the whole width."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import translated
from scanstation.domain.verdict import Question, Tone, Verdict
from scanstation.screens.widgets import big_letters
from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped

_WORD_CELLS = 8
_MOST_ROWS = 8
_MOST_STANDING = 4
_WIDE, _TALL = 80, 23
"""From so many cells and rows on there is room for big letters beside a sentence of one row, in the bar's three."""
_WIDER, _TALLER = 110, 30
"""And from here on beside longer ones: in fewer cells a sentence is not cut into more rows for them."""
_LEAST_BESIDE = 16
"""Cells of a sentence beside big letters; in fewer its words would be torn."""


class BarVerdicts(NamedTuple):
    """What a bar says."""

    answer: Verdict | None = None
    """The last answer to a person."""
    latest: Verdict | None = None
    """The same with the news that came since, or news alone."""
    how_far: str = ""
    """How far the line is by this answer: `4/10`."""


class Trouble(NamedTuple):
    """What the station itself suffers. It stands on every screen until it is over."""

    tone: Tone
    text: str
    reason: str = ""
    """An answer with this reason says the same."""


class VerdictBar(Rows):
    """Word, colour and sentence of its screen's last answer; only what was booked is green. Empty, it says READY.

    A big one has the word, and how far the line is, in letters of three rows beside the sentence, where that leaves it
    room enough. The word stands before the sentence all the same.
    """

    def __init__(self, *, is_big: bool = False) -> None:
        super().__init__(id="verdict")
        self._is_big = is_big
        self.verdicts = BarVerdicts()
        self.late: Verdict | None = None
        """What covers the last answer while the next one is late; it is no answer itself."""
        self.standing: tuple[Trouble, ...] = ()
        """What stands below every answer until it is over."""
        self._usual: int | None = None
        """The rows that the style sheet gives it; None until a sentence needed more."""

    def show(self, verdict: Verdict, count: str = "") -> None:
        """Show an answer; one that is longer than the bar makes the bar taller, for as long as it is shown."""
        self.put(BarVerdicts(verdict, verdict, count))

    def show_news(self, news: Verdict) -> None:
        """Show what nobody has asked for. What still wants something done stays, and the news stands after it."""
        answer = self.verdicts.answer
        if answer is None or answer.tone is Tone.OK:
            self.put(BarVerdicts(answer, news))
        else:
            self.put(BarVerdicts(answer, replace(answer, text=f"{answer.text} {news.text}")))

    @property
    def verdict(self) -> Verdict | None:
        """What is shown."""
        return self.late or self.verdicts.latest

    def says_why(self, question: Question) -> bool:
        """Does the answer say what a question is about?"""
        answer = self.verdicts.answer
        return answer is not None and (
            answer.question == question or bool(question.why and question.why in answer.text)
        )

    def put(self, verdicts: BarVerdicts) -> None:
        """Say what the bar of an overlay says, or of the screen below one; nothing, where both have begun."""
        self.verdicts, self.late = verdicts, None
        self._show()

    def wait(self, late: Verdict | None) -> None:
        """Cover the last answer with what is not saved yet; None: nothing is late any more."""
        if late != self.late:
            self.late = late
            self._show()

    def stand(self, standing: Sequence[Trouble]) -> None:
        """Have these below every answer, until they are over and handed in no more."""
        if tuple(standing) != self.standing:
            self.standing = tuple(standing)
            self._show()

    def _show(self) -> None:
        self.set_class(bool(self.verdict or self.standing), "-shown")
        self._make_room()
        self.redraw()

    def on_resize(self) -> None:
        """Wrap the sentence anew."""
        self._make_room()

    def _make_room(self) -> None:
        height = self.size.height
        if not height or not (self.verdict or self.standing or self._usual):
            return
        width = self.size.width
        needed = min(len(self._sentence_rows(width)), _MOST_ROWS) + len(self._standing_rows(width))
        if self._usual is None and needed > height:
            self._usual = height
            self.styles.height = needed
        elif self._usual is not None and needed != height:
            self.styles.height = max(needed, self._usual)
            if needed <= self._usual:
                self.styles.height = None
                self._usual = None

    def _sentence_rows(self, width: int) -> list[str]:
        return wrapped(told(self.verdict), width - _WORD_CELLS - 1) if self.verdict else []

    def _standing_rows(self, width: int) -> list[Row]:
        rows = [row for trouble in self.standing if not self._says(trouble) for row in _standing(trouble, width)]
        return rows[:_MOST_STANDING]

    def _says(self, trouble: Trouble) -> bool:
        """Does the answer say the same?"""
        verdict = self.verdict
        return verdict is not None and (trouble.text in verdict.text or verdict.reason == trouble.reason != "")

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The answer, and what stands below it."""
        below = self._standing_rows(width)
        above = list(self._answer_rows(width, max(1, height - len(below))))
        return [*above, *((),) * (height - len(below) - len(above)), *below]

    @property
    def draws_big(self) -> bool:
        """Are the word and the count drawn in big letters? Where the setting asks for it, and where there is room."""
        has_room = self.app.size.width >= _WIDE and self.app.size.height >= _TALL
        return (self._is_big or has_room) and big_letters.can_be_drawn()

    def _answer_rows(self, width: int, height: int) -> Sequence[Row]:
        """The word, and the sentence beside it, in the middle of the bar's rows."""
        if self.verdict is None:
            return [*((),) * ((height - 1) // 2), ((" READY", "quiet"),)]
        is_quiet = self.verdict.quiet
        tone = "" if is_quiet else self.verdict.tone.name.lower()
        is_wanted = self.draws_big and (self._is_big or not is_quiet)
        if is_wanted and (big_rows := self._big_rows(width, height, tone or "strong")):
            return big_rows
        sentence_rows = self._sentence_rows(width)
        above = max(0, (height - len(sentence_rows)) // 2)
        rows: list[Row] = [((" " * width, tone),)] * height
        for number, text in enumerate(sentence_rows[:height]):
            word = f" {self.verdict.tone.value}" if number == 0 else ""
            rows[above + number] = (
                (f"{word:<{_WORD_CELLS}}", "strong" if is_quiet else f"{tone}-strong"),
                (fit(text, width - _WORD_CELLS), "strong" if is_quiet else tone),
            )
        return rows

    def _big_rows(self, width: int, height: int, tone: str) -> Sequence[Row]:
        """The same in big letters, if there is room; the count is left out first."""
        assert self.verdict is not None
        word, count = self.verdict.tone.value, "" if self.late else self.verdicts.how_far
        strong = tone if tone == "strong" else f"{tone}-strong"
        ground = "" if tone == "strong" else tone
        is_roomy = self._is_big or (self.app.size.width >= _WIDER and self.app.size.height >= _TALLER)
        most_rows = height if is_roomy else 1
        for count_text in (count, "") if count else ("",):
            left, right = big_letters.cells(word) + 3, big_letters.cells(count_text) + 2
            room = width - left - right
            texts = wrapped(f"{word} {told(self.verdict)}", room) if room >= _LEAST_BESIDE else []
            if texts and len(texts) <= most_rows and height >= big_letters.HEIGHT:
                break
        else:
            return []
        rows: list[Row] = [((" " * width, ground),)] * height
        above, above_text = (height - big_letters.HEIGHT) // 2, (height - len(texts)) // 2
        at_left, at_right = big_letters.drawn(word), big_letters.drawn(count_text)
        for number in range(height):
            row = number - above
            has_letters = 0 <= row < big_letters.HEIGHT
            text = texts[number - above_text] if 0 <= number - above_text < len(texts) else ""
            rows[number] = (
                (f" {at_left[row] if has_letters else '':<{left - 1}}", strong),
                (fit(text, room), tone),
                (f" {at_right[row] if has_letters else '':<{right - 1}}", strong),
            )
        return rows


def _standing(trouble: Trouble, width: int) -> list[Row]:
    tone, texts = trouble.tone.name.lower(), wrapped(trouble.text, width - _WORD_CELLS - 1)
    if len(texts) > _MOST_STANDING:
        texts = [*texts[: _MOST_STANDING - 1], f"{texts[_MOST_STANDING - 1]}…"]
    return [
        ((f"{'' if number else ' !':<{_WORD_CELLS}}", f"{tone}-strong"), (fit(text, width - _WORD_CELLS), tone))
        for number, text in enumerate(texts)
    ]


def told(verdict: Verdict) -> str:
    """What the bar says of it: of a question what it is about, for what is asked stands in the panel."""
    question = verdict.question
    if question is None or question.text != verdict.text:
        return sentence(verdict)
    return sentence(replace(verdict, text=question.why or translated(say.QUESTION_BELOW)))


def sentence(verdict: Verdict) -> str:
    """The verdict's text, with the code before it unless the text names it."""
    text, code = visible(verdict.text), visible(verdict.code)
    return text if not code or code in text or shorten(code) in text else f"{shorten(code)}: {text}"
