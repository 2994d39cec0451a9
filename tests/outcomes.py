"""How an act ended, where a test goes on from it."""

from scanstation.domain.outcome import Done, Refused


def done(outcome: Done | Refused) -> Done:
    """What was done."""
    assert isinstance(outcome, Done), outcome
    return outcome


def names(outcome: Done | Refused) -> list[str]:
    """The reasons of a refusal, by their names."""
    assert isinstance(outcome, Refused), outcome
    return [reason.name for reason in outcome.reasons]
