"""How a supervisor's act ends."""

from scanstation.domain.outcome import Reason, Refused, refused


def test_a_refusal_is_told_by_its_first_reason() -> None:
    assert refused("not-ready", "S-1 is Open.") == Refused((Reason("not-ready", "S-1 is Open."),))
    assert Refused((Reason("a", "one"), Reason("b", "two"))).text == "one"
