"""What was refused, as the log has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalCount:
    """How often something was refused, and what was said last."""

    reason: str
    count: int
    last_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRefusal:
    """One refusal as the log has it."""

    at: str
    station: str
    sentence: str
