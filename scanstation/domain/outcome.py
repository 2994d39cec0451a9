"""How a supervisor's act ends: done, or refused with every reason. Neither is an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """The act was carried out."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why an act was refused."""

    name: str
    """Short and fixed, for the log and for tests: `serials-missing`."""
    text: str
    """What happened, to which thing, and what to do now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    reasons: tuple[Reason, ...]

    @property
    def text(self) -> str:
        """The first reason, for a bar with room for one."""
        return self.reasons[0].text


def refused(name: str, text: str) -> Refused:
    """A refusal for one reason."""
    return Refused((Reason(name, text),))
