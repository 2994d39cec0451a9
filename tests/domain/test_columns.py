"""Rows of a sheet that come by columns."""

from scanstation.domain.columns import by_rows


def test_each_row_has_what_is_the_same_in_all_and_nothing_where_there_is_no_column() -> None:
    assert [*by_rows(["W-EAST", ("A1", "A2"), None])] == [("W-EAST", "A1", ""), ("W-EAST", "A2", "")]
    assert [*by_rows([[], "W-EAST"])] == []
