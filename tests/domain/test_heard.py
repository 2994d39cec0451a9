"""What was heard of a scanner, in words."""

import pytest

from scanstation.domain.commands import Act, Command
from scanstation.domain.heard import CardFinding, Change, CheckUp, Heard, in_toml, milliseconds, read_as
from scanstation.domain.reading import Form, Reading
from scanstation.domain.verdict import Tone


@pytest.mark.parametrize(
    ("data", "body", "suffix"),
    [
        (b"SN-1\r", "SN-1", "Enter (CR)"),
        (b"SN-1\r\n", "SN-1", "CR LF"),
        (b"SN-1\t", "SN-1", "Tab"),
        (b"SN-1", "SN-1", "none sent"),
        (b"SN-1\t\r", "SN-1", "Tab Enter (CR)"),
        (b"SN\xff\r", "SN\udcff", "Enter (CR)"),
    ],
)
def test_the_suffix_is_named(data: bytes, body: str, suffix: str) -> None:
    heard = Heard("wedge", ((0, data),))
    assert (heard.body, heard.suffix_name) == (body, suffix)


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (Reading("SN-1"), "the code SN-1"),
        (Reading("SS-QTY-3", Form.COMMAND, command=Command(Act.QUANTITY, 3)), "the command Qty 3"),
        (Reading("X", fault="came in pieces"), "nothing: it came in pieces"),
        (Reading("X", Form.GS1, gtin="04006381333931", serial="A1"), "GS1: product 04006381333931, serial A1"),
        (Reading("X", Form.LINK), "GS1 Digital Link: no product and no serial"),
    ],
)
def test_a_reading_in_words(reading: Reading, told: str) -> None:
    assert read_as(reading) == told


@pytest.mark.parametrize(("value", "told"), [(True, "true"), ("~", '"~"'), (35.0, "35"), (("tab",), '["tab"]')])
def test_a_value_as_the_configuration_has_it(value: str | float | bool | tuple[str, ...], told: str) -> None:
    assert in_toml(value) == told


def test_a_card_is_as_bad_as_its_worst_finding() -> None:
    tones = (Tone.OK, Tone.STOP, Tone.CHECK)
    assert CheckUp(tuple(CardFinding(tone, "Suffix", "told") for tone in tones)).tone is Tone.STOP
    assert str(Change("repeat_ms", 100, 250)) == "repeat_ms = 100 (now 250)"
    assert (milliseconds(0.26), milliseconds(10.4)) == (0.3, 10)
