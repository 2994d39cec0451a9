"""Pages of reports."""

from tests.store.test_report_pages import (  # noqa: F401 - the same tests, with the `store` of this folder
    dock,
    test_a_code_is_found_where_its_row_stands,
    test_a_page_may_begin_at_any_row_and_with_it,
    test_a_unit_whose_codes_both_fit_is_told_once,
    test_pages_turned_to_the_end_are_the_report,
)
