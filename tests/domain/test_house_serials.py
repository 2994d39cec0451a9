"""House serials: how they are written, and what reads like one."""

import pytest

from scanstation.domain.house_serials import CHOICES, house_serial, reads_like_one


def test_numbers_have_six_digits_and_more_where_those_do_not_suffice() -> None:
    assert [house_serial("HS-", number).text for number in (1, 999_999, 1_000_000)] == [
        "HS-000001",
        "HS-999999",
        "HS-1000000",
    ]


@pytest.mark.parametrize(
    ("key", "is_one"),
    [
        ("HS-000001", True),
        ("HS-1000000", True),
        ("HS-0001", False),
        ("HS-00000A", False),
        ("HS-", False),
        ("000001", False),
        ("XHS-000001", False),
    ],
)
def test_a_house_serial_is_told_by_its_prefix_and_its_digits(key: str, is_one: bool) -> None:
    assert reads_like_one("hs-", key) is is_one


def test_the_reasons_are_asked_in_the_order_of_the_rule() -> None:
    assert CHOICES == ("unreadable", "none on the unit", "maker's duplicate")
