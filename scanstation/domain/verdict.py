"""The station's answer to a scan or an act."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scanstation.domain.codes import MAX_LENGTH, shorten
from scanstation.domain.language import english, word, worded


class Tone(StrEnum):
    """The word in the verdict bar; a colour and a sound say the same."""

    OK = "OK"
    CHECK = "CHECK"
    STOP = "STOP"


class CodeKind(StrEnum):
    """Which of a unit's two serial numbers."""

    PRIMARY = "primary"
    SECONDARY = "secondary"

    @property
    def word(self) -> str:
        """What people call it: `primary`, to be followed by `serial`."""
        return word("primary") if self is CodeKind.PRIMARY else word("secondary")

    @property
    def other(self) -> "CodeKind":
        """The other of the two."""
        return CodeKind.SECONDARY if self is CodeKind.PRIMARY else CodeKind.PRIMARY


@dataclass(frozen=True, slots=True)
class Prompt:
    """One code that is owed: what the prompt panel shows."""

    kind: CodeKind
    sku: str
    unit: int
    """Which unit of the line it is, counted from 1."""
    ordered: int
    hint: str = ""
    either: bool = False
    """Either of the unit's two serials answers this prompt."""
    known: str = ""
    """The unit's code that is already in."""
    in_run: int = 1
    """Which unit of its product scan it is, counted from 1."""
    run: int = 1
    """How many units that scan took."""
    may_lack: bool = False
    """Is it the other code of a unit that comes back, whose part may be missing? Then No says so."""
    end: str = ""
    """Where a range of serials is scanned: `first` or `last`, whichever is next."""

    @property
    def title(self) -> str:
        """The panel's first words."""
        if self.end:
            title = worded("Primary serial") if self.kind is CodeKind.PRIMARY else worded("Secondary serial")
            end = word("first") if self.end == "first" else word("last")
            return worded("{title}, {end} of the range", title=title, end=end)
        if self.either:
            return worded("Either serial: Primary serial or secondary")
        return worded("Primary serial") if self.kind is CodeKind.PRIMARY else worded("Secondary serial")

    @property
    def short_title(self) -> str:
        """The same where there is little room."""
        if self.end:
            return worded("First serial") if self.end == "first" else worded("Last serial")
        return worded("Either serial") if self.either else self.title

    @property
    def which(self) -> str:
        """Which serial is asked: `the primary`, to be followed by `serial`."""
        if self.either:
            return word("either")
        return word("the primary") if self.kind is CodeKind.PRIMARY else word("the secondary")

    @property
    def its(self) -> str:
        """The same after the unit was named: `its primary`."""
        if self.either:
            return word("its primary serial or its secondary: either")
        return word("its primary") if self.kind is CodeKind.PRIMARY else word("its secondary")

    @property
    def counts(self) -> str:
        """Which unit of the line it is, and which of the scan's, where that took several."""
        of_line = worded("{unit} of {ordered}", unit=self.unit, ordered=self.ordered)
        if self.run == 1:
            return of_line
        return worded("{of_line} · run {at}/{run}", of_line=of_line, at=self.in_run, run=self.run)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be answered with yes or no before anything else.

    Two are the same question if they say the same, in whichever language: where a fact that it told is another by the
    time of the answer, it is asked again.
    """

    text: str = field(compare=False)
    reason: str = ""
    about: str = ""
    """All that it told, in English: a yes to receiving 2 too many is none to receiving 5."""
    no: str = field(default="", compare=False)
    """What no means, where it is an answer like yes ("another unit"); else no leaves everything as it is."""
    again_is_yes: bool = field(default=False, compare=False)
    """The same scan again is a yes, and any other drops the question and is answered by itself."""
    choices: tuple[str, ...] = field(default=(), compare=False)
    """What may be said in place of yes, each by its number: a key, or the card SS-REASON-n."""
    by_hand: bool = field(default=False, compare=False)
    """Only the key Y is a yes, and no card: what it leads to cannot be reached by scans alone."""

    @property
    def why(self) -> str:
        """What the question is about: all but its last sentence, '' where it is one."""
        return self.text[: self._last].rstrip(" ")

    @property
    def asked(self) -> str:
        """What is asked: its last sentence."""
        return self.text[self._last :]

    @property
    def _last(self) -> int:
        ends = [self.text.rfind(end) for end in (". ", "? ", "! ")]
        return max(ends) + 2 if max(ends) >= 0 else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The station's answer to one scan."""

    tone: Tone
    text: str
    """What happened and what to do now, the code in it."""
    code: str = ""
    """What was scanned, visible, and whole unless it is longer than any code: its life can be looked up by it."""
    reason: str = ""
    """A short fixed name of a refusal, for the log and the tests."""
    question: Question | None = None
    """What has to be answered before it can be taken; only a CHECK asks."""
    quiet: bool = False
    """An OK to what was opened, found, shown or taken back: the bar keeps its colour for what was booked."""
    fact: str = field(default="", compare=False)
    """What was booked, without what to do now: what the last scans keep of it."""
    booked: bool = False
    """A CHECK that was taken all the same: somebody should look."""
    house: str = field(default="", compare=False)
    """The serial that the site has just given the unit, whose label is printed."""

    @property
    def accepted(self) -> bool:
        """Was it taken?"""
        return self.tone is Tone.OK or self.booked


def ok(text: str, code: str = "") -> Verdict:
    """It was taken."""
    return Verdict(Tone.OK, text, _whole(code))


def shown(text: str, code: str = "") -> Verdict:
    """All is well, and nothing was booked: something was opened, found, shown or taken back."""
    return Verdict(Tone.OK, text, _whole(code), quiet=True)


def check(reason: str, text: str, code: str = "") -> Verdict:
    """Nothing is wrong, but somebody should look. It blocks nothing, and is no question: those are `ask`ed."""
    return Verdict(Tone.CHECK, text, _whole(code), reason)


def ask(
    reason: str,
    text: str,
    code: str = "",
    *,
    whole: Sequence[str] = (),
    apart_from: str = "",
    no: str = "",
    again_is_yes: bool = False,
    choices: tuple[str, ...] = (),
) -> Verdict:
    """A CHECK that must be answered: nothing was changed, and yes carries the same scan on.

    Args:
        reason: its short fixed name.
        text: a sentence that ends in a question mark.
        code: what was scanned.
        whole: what the text shows shortened, such as a known serial.
        apart_from: a text that stands in place of this one where answers are compared: what it leaves out may change
            between question and answer.
        no: what no means, where no carries the scan on too.
        again_is_yes: the same scan again is a yes, and any other scan drops the question.
        choices: what may be said in place of yes.
    """
    about = repr((english(apart_from or text), code, *whole, *map(english, choices)))
    question = Question(text, reason, about, no, again_is_yes, choices)
    return Verdict(Tone.CHECK, text, _whole(code), reason, question)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person has said to the questions that one scan led to so far."""

    given: tuple[tuple[Question, bool | str], ...] = ()
    released: str = ""
    """Why what is past its use-by is packed all the same, as somebody with the right to release has said."""

    def to(self, asked: Verdict) -> bool | None:
        """Yes or no to a question; None while it is open."""
        return next((bool(said) for question, said in self.given if question == asked.question), None)

    def chosen(self, asked: Verdict) -> str:
        """Which of a question's choices was said; '' while it is open."""
        return next((str(said) for question, said in self.given if question == asked.question), "")

    def unless_yes(self, asked: Verdict) -> Verdict | None:
        """The question, to be handed back; None once it was answered with yes."""
        return None if self.to(asked) else asked

    def and_(self, question: Question, answer: bool | str) -> "Answers":
        """These and one more: yes or no, or what was chosen."""
        return replace(self, given=(*self.given, (question, answer)))


NOTHING_ASKED = Answers()


def stop(reason: str, text: str, code: str = "") -> Verdict:
    """It was refused and nothing was changed."""
    return Verdict(Tone.STOP, text, _whole(code), reason)


def _whole(code: str) -> str:
    return shorten(code, MAX_LENGTH) if len(code) <= MAX_LENGTH else shorten(code)
