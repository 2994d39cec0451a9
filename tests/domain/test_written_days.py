"""A day with points is read where it can mean no other, and never guessed."""

from datetime import date

import pytest

from scanstation.domain.written_days import NoDay, read_day

FIRST_OF_DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "where_day_is_first", "elsewhere"),
    [
        ("2026-12-01", FIRST_OF_DECEMBER, FIRST_OF_DECEMBER),
        ("01.12.2026", FIRST_OF_DECEMBER, NoDay.TWO_DAYS),
        ("1. 12. 2026", FIRST_OF_DECEMBER, NoDay.TWO_DAYS),
        ("12.01.2026", date(2026, 1, 12), NoDay.TWO_DAYS),
        ("24.12.2026", date(2026, 12, 24), date(2026, 12, 24)),
        ("13.1.2026", date(2026, 1, 13), date(2026, 1, 13)),
        ("05.05.2026", date(2026, 5, 5), date(2026, 5, 5)),
        ("31.02.2026", NoDay.NOT_IN_CALENDAR, NoDay.NOT_IN_CALENDAR),
        ("00.12.2026", NoDay.NOT_IN_CALENDAR, NoDay.TWO_DAYS),
        ("13.13.2026", NoDay.NOT_IN_CALENDAR, NoDay.NOT_IN_CALENDAR),
        ("12.24.2026", NoDay.ANOTHER_FORM, NoDay.ANOTHER_FORM),
        ("01.12.26", NoDay.ANOTHER_FORM, NoDay.ANOTHER_FORM),
        ("01/12/2026", NoDay.ANOTHER_FORM, NoDay.ANOTHER_FORM),
        ("2026.12.01", NoDay.ANOTHER_FORM, NoDay.ANOTHER_FORM),
        ("٠١.١٢.٢٠٢٦", NoDay.ANOTHER_FORM, NoDay.ANOTHER_FORM),
    ],
)
def test_a_day_is_read_where_no_other_can_be_meant(
    text: str, where_day_is_first: date | NoDay, elsewhere: date | NoDay
) -> None:
    read = [read_day(text, day_is_first=is_first) for is_first in (True, False)]
    assert read == [where_day_is_first, elsewhere]
