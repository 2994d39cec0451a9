"""What a page of a report is asked for."""

import pytest

from scanstation.domain.reports import Filters, Look, RowPosition, Sort


@pytest.mark.parametrize(
    ("filters", "sort", "order"),
    [
        (Filters(), Sort.NEWEST, Sort.NEWEST),
        (Filters(code="SN"), Sort.NEWEST, Sort.CODE),
        (Filters(code="SN", shipment_order="S-1"), Sort.NEWEST, Sort.NEWEST),
        (Filters(purchase_order="N-1"), Sort.CODE, Sort.CODE),
    ],
)
def test_a_search_for_a_code_follows_the_codes(filters: Filters, sort: Sort, order: Sort) -> None:
    assert Look(None, filters, sort).order is order


@pytest.mark.parametrize(("backwards", "including", "then"), [(False, False, 5), (False, True, 6), (True, True, 4)])
def test_where_a_page_begins(backwards: bool, including: bool, then: int) -> None:
    look = Look(None, Filters(), start=RowPosition("t", 1, 5), including=including, backwards=backwards)
    assert look.begin() == RowPosition("t", 1, then)


def test_one_of_the_days_is_enough() -> None:
    assert [each.days for each in (Filters(), Filters(since="2026"), Filters(until="2026"))] == [False, True, True]
