"""What is a range of serials, and what is none."""

import pytest

from scanstation.domain.ranges import Range, Unfit, between, counted_from, in_runs, is_address, is_counting


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("1", "9", 9),
        ("007", "012", 6),
        ("SN-0001", "sn-0100", 100),
        ("2024-A0098-X", "2024-A0101-x", 4),
        ("A1B2", "A3B2", 3),  # the number in the middle
        ("9" * 63 + "8", "9" * 64, 2),
    ],
)
def test_the_same_text_around_a_number_of_the_same_width(first: str, last: str, count: int) -> None:
    found = between(first, last)
    assert isinstance(found, Range)
    codes = [*found.codes()]
    assert (len(codes), codes[0], codes[-1].upper()) == (count, first, last.upper())
    assert len({len(code) for code in codes}) == 1


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("A1", "a1", Unfit.SAME),
        ("A1", "B2", Unfit.OTHER_TEXT),
        ("A1", "A1B", Unfit.OTHER_TEXT),
        ("A1-1", "A2-2", Unfit.OTHER_TEXT),
        ("A", "B", Unfit.OTHER_TEXT),
        ("00A9", "00B0", Unfit.OTHER_TEXT),
        ("A9", "A10", Unfit.OTHER_WIDTH),
        ("A09", "A9", Unfit.OTHER_WIDTH),
        ("A9", "A8", Unfit.BACKWARDS),
    ],
)
def test_anything_else_is_none(first: str, last: str, why: Unfit) -> None:
    assert between(first, last) is why


def test_so_many_from_one_on_count_its_last_number_up() -> None:
    found = counted_from("24W07-0099/B", 3)
    assert isinstance(found, Range)
    assert [*found.codes()] == ["24W07-0099/B", "24W07-0100/B", "24W07-0101/B"]
    assert counted_from("A98", 2) == Range("A", 98, 99, 2, "")
    assert counted_from("A98", 3) is Unfit.NO_ROOM
    assert counted_from("ABC", 3) is Unfit.OTHER_TEXT
    assert [is_counting(code) for code in ("ABC", "A1C")] == [False, True]


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("00:1A:2B:3C:4D:05", True),
        ("00-1a-2b-3c-4d-05", True),
        ("001A.2B3C.4D05", True),
        ("001A2B3C4D05", True),
        ("00:1A:2B:FF:FE:3C:4D:05", True),
        ("001234567890", False),
        ("AB0000000012", False),
        ("SN-00-11-22", False),
        ("CAM0000012", False),
    ],
)
def test_the_address_of_a_device_is_known(code: str, is_one: bool) -> None:
    assert is_address(code) is is_one


def test_codes_that_follow_each_other_are_named_together() -> None:
    codes = ["A1", "A3", "A4", "A5", "B6", "B7", "C-1-9", "C-2-9", "C-2-10"]
    told = [one if isinstance(one, str) else (one.first, one.last) for one in in_runs(codes)]
    assert told == ["A1", ("A3", "A5"), ("B6", "B7"), ("C-1-9", "C-2-9"), "C-2-10"]
    assert in_runs([]) == []
