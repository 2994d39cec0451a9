"""What is noted beside the counts of a purchase order."""

import pytest

from scanstation.domain.discrepancies import count_of


@pytest.mark.parametrize(
    ("given", "serials", "count"),
    [(None, 0, 1), (None, 1, 1), (None, 3, 3), (5, 3, 5), (3, 3, 3), (2, 3, None), (1, 0, 1)],
)
def test_a_note_is_about_as_many_units_as_it_says_or_has_serials(
    given: int | None, serials: int, count: int | None
) -> None:
    assert count_of(given, serials) == count
