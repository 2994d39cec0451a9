"""Marks before serials and separators in them (RULES 2.8). The desks' part is in tests/workflows/test_marks.py."""

import pytest

from scanstation.domain.marks import (
    Spellings,
    alike,
    difference,
    listed,
    other_identifier,
    rough,
    rough_of,
    without_mark,
)


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [("SN:12345", "12345", "marks"), ("SN#12345", "12345", "marks"), ("12-345", "12.345", "separators")],
)
def test_codes_that_are_alike(one: str, other: str, by: str) -> None:
    assert alike(one, other)
    assert alike(other, one)
    assert difference(one, other) == by
    assert rough(one) == rough(other)


@pytest.mark.parametrize(("one", "other"), [("SN12345", "SN12346"), ("X12345", "12345"), ("12345S", "12345")])
def test_codes_that_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize("keys", [[], ["-.-"], ["SN:12-345", "- -", "X 1", "IMEI", "12345"]])
def test_many_keys_are_made_rough_as_each_by_itself(keys: list[str]) -> None:
    assert rough_of(keys) == [rough(key) for key in keys]


def test_spellings_are_found_in_the_order_in_which_they_came() -> None:
    spellings = Spellings[int]()
    for number, key in enumerate(("SN123", "123", "1-23", "999")):
        spellings.add(key, number)
    assert spellings.alike("S/N 123") == [("SN123", 0), ("123", 1)]
    assert spellings.alike("999") == []


@pytest.mark.parametrize(
    ("strip", "text", "found"),
    [
        ("SN;SN:", "SN: 77", ("SN:", "77")),
        ("sn", "SN-77", ("SN", "77")),
        ("SN", "SN", None),
        ("SN", "77", None),
    ],
)
def test_a_listed_mark_is_taken_off(strip: str, text: str, found: tuple[str, str] | None) -> None:
    assert without_mark(strip, text) == found
    assert listed(" sn ;;s/n;SN") == ("S/N", "SN")


def test_other_identifiers_count_only_beside_one_of_serials() -> None:
    assert other_identifier("S", "1PCAM") == ("1P", "the maker's product number")
    assert other_identifier("S", "1P") is None
    assert other_identifier("SN", "1PCAM") is None
