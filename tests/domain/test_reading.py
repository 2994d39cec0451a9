"""What may be a unit's serial in what was read."""

import pytest

from scanstation.domain.reading import Form, Reading


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading("SN-1"), "SN-1"),
        (Reading("0104006381333931", Form.GS1, gtin="04006381333931"), None),
        (Reading("(..)", Form.GS1, serial="SN-1", secondary="L-1"), "SN-1"),
        (Reading("(..)", Form.GS1, secondary="L-1"), "L-1"),
        (Reading("(..)", Form.ENVELOPE, serial="SN-1"), "SN-1"),
    ],
)
def test_the_code_is_all_of_a_plain_text_and_the_serial_of_a_label(reading: Reading, code: str | None) -> None:
    assert reading.code == code


@pytest.mark.parametrize(("count", "several"), [(None, False), (0, False), (1, False), (2, True)])
def test_a_label_that_says_how_many(count: int | None, several: bool) -> None:
    assert Reading("X", Form.GS1, count=count).says_how_many is several
