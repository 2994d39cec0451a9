"""Counts with their nouns."""

import pytest

from scanstation.domain.plurals import counted


@pytest.mark.parametrize(
    ("count", "words", "grouped", "text"),
    [
        (0, ("serial",), False, "0 serials"),
        (1, ("serial",), False, "1 serial"),
        (2, ("serial",), False, "2 serials"),
        (1, ("row is", "rows are"), False, "1 row is"),
        (3, ("row is", "rows are"), False, "3 rows are"),
        (1, ("row",), True, "1 row"),
        (12345, ("row",), True, "12,345 rows"),
        (12345, ("row",), False, "12345 rows"),
    ],
)
def test_a_count_has_its_noun(count: int, words: tuple[str, ...], grouped: bool, text: str) -> None:
    assert counted(count, *words, grouped=grouped) == text
