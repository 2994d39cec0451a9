"""What of a product's counts is given to the lines of the order's paper."""

import pytest

from scanstation.domain.line_parts import Parts, line_at, merged, packed, shares, unpacked

TWO: Parts = (("10", 3), ("20", 5))


@pytest.mark.parametrize(
    ("done", "open_now", "short", "needed", "present", "given"),
    [
        (0, 0, 0, 0, 0, [(0, 0, 0, 0, 0), (0, 0, 0, 0, 0)]),
        (2, 2, 0, 2, 1, [(2, 1, 0, 2, 1), (0, 1, 0, 0, 0)]),
        (4, 0, 4, 4, 4, [(3, 0, 0, 3, 3), (1, 0, 4, 1, 1)]),
        (1, 0, 6, 0, 0, [(1, 0, 1, 0, 0), (0, 0, 5, 0, 0)]),
        (9, 0, 0, 9, 9, [(3, 0, 0, 3, 3), (6, 0, 0, 6, 6)]),
    ],
)
def test_lines_are_filled_in_their_order_and_closed_short_from_the_end(
    done: int, open_now: int, short: int, needed: int, present: int, given: list[tuple[int, ...]]
) -> None:
    found = shares(TWO, done=done, open=open_now, closed_short=short, serials_needed=needed, serials_present=present)
    assert [(one.done, one.open, one.closed_short, one.serials_needed, one.serials_present) for one in found] == given


def test_a_sheet_changes_adds_and_drops_lines() -> None:
    assert merged(TWO, {"20": 6, "30": 1}) == (("10", 3), ("20", 6), ("30", 1))
    assert merged(TWO, {"10": 0}) == (("20", 5),)
    assert merged((), {"20": 2, "10": 1, "5": 0}) == (("20", 2), ("10", 1))


def test_the_store_keeps_them_as_they_are() -> None:
    for parts in ((), TWO, (('1"\\;é', 2),)):
        assert unpacked(packed(parts)) == parts


@pytest.mark.parametrize(("place", "line"), [(0, "10"), (2, "10"), (3, "20"), (7, "20"), (8, "20")])
def test_the_line_of_one_unit(place: int, line: str) -> None:
    assert line_at(TWO, place) == line
