"""GTINs: the check digit, and which numbers are the same item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.domain.gtin import check_digit, expected_check_digit, gtin_key

DIGITS = st.text("0123456789", min_size=1, max_size=13)
PAYLOADS = st.one_of(*(st.text("0123456789", min_size=size, max_size=size) for size in (7, 11, 12, 13))).filter(
    lambda digits: digits.strip("0") != ""
)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("4006381333931", "04006381333931"),
        ("96385074", "00000096385074"),
        ("614141123452", "00614141123452"),
        ("0614141123452", "00614141123452"),
        ("00614141123452", "00614141123452"),
        ("14006381333938", "14006381333938"),
    ],
    ids=["EAN-13", "EAN-8", "UPC-A", "UPC-A as EAN-13", "UPC-A as GTIN-14", "another pack level"],
)
def test_numbers_as_they_are_printed_have_fourteen_digit_keys(printed: str, key: str) -> None:
    assert gtin_key(printed) == key


def test_a_pack_is_another_item_than_the_piece_in_it() -> None:
    assert gtin_key("14006381333938") != gtin_key("4006381333931")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "400638133393",
        "4006381333930",
        "40063813339310",
        "4006381333931 ",
        "400638133393１",
        "SN-1",
        "00000000",
        "0" * 14,
        "²²²²²²²²",
    ],
)
def test_other_texts_are_no_item(text: str) -> None:
    assert gtin_key(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4006381333930", "1"),
        ("4006381333931", "1"),
        ("96385070", "4"),
        ("SN-12345", None),
        ("40063", None),
        ("", None),
    ],
)
def test_the_digit_that_should_stand_at_the_end_can_be_named(text: str, expected: str | None) -> None:
    assert expected_check_digit(text) == expected


@given(PAYLOADS)
def test_exactly_one_last_digit_is_right(payload: str) -> None:
    right = [digit for digit in "0123456789" if gtin_key(payload + digit) is not None]
    assert right == [check_digit(payload)]


@given(DIGITS, st.integers(0, 5))
def test_zeros_in_front_never_change_the_check_digit(payload: str, zeros: int) -> None:
    assert check_digit("0" * zeros + payload) == check_digit(payload)


@given(PAYLOADS, st.integers(0, 12), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(payload: str, place: int, change: int) -> None:
    digits = payload + check_digit(payload)
    place %= len(digits)
    mistyped = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert gtin_key(mistyped) is None


@pytest.mark.parametrize("text", ["", "12a", "１２", "²", "-1"])
def test_a_check_digit_is_only_made_of_digits(text: str) -> None:
    with pytest.raises(ValueError, match="digits expected"):
        check_digit(text)
