"""The station's answer to a scan or an act."""

from dataclasses import dataclass
from enum import StrEnum

from scanstation.domain.codes import MAX_LENGTH, shorten


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

    @property
    def title(self) -> str:
        """The panel's first words."""
        return f"{self.kind.value.capitalize()} serial"


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be answered with yes or no before anything else."""

    text: str


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

    @property
    def accepted(self) -> bool:
        """Was it taken?"""
        return self.tone is Tone.OK


def ok(text: str, code: str = "") -> Verdict:
    """It was taken."""
    return Verdict(Tone.OK, text, _whole(code))


def check(reason: str, text: str, code: str = "") -> Verdict:
    """Nothing is wrong, but somebody should look."""
    return Verdict(Tone.CHECK, text, _whole(code), reason)


def stop(reason: str, text: str, code: str = "") -> Verdict:
    """It was refused and nothing was changed."""
    return Verdict(Tone.STOP, text, _whole(code), reason)


def _whole(code: str) -> str:
    return shorten(code, MAX_LENGTH) if len(code) <= MAX_LENGTH else shorten(code)
