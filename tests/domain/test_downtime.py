"""A moment as people write it."""

from datetime import date, time

import pytest

from scanstation.domain.downtime import local_moment, read_moment

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("09:20", (DAY, time(9, 20))),
        (" 9:20 ", (DAY, time(9, 20))),
        ("0:00", (DAY, time(0, 0))),
        ("2026-11-29", (date(2026, 11, 29), None)),
        ("2026-11-29 09:05", (date(2026, 11, 29), time(9, 5))),
        ("2026-11-29T9:05", (date(2026, 11, 29), time(9, 5))),
        *((text, None) for text in ("", "noon", "24:00", "9:60", "9", "9:2", "09:20:30", "2026-02-30", "31.11.2026")),
        ("30.11.2026", (DAY, None)),
        ("30. 11. 2026 9:05", (DAY, time(9, 5))),
        ("01.12.2026 09:05", None),
        *((text, None) for text in ("2026-11-2909:05", "2026-11-29  09:05", "09:20 2026-11-29", "٠٩:٢٠")),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, moment: tuple[date, time | None] | None) -> None:
    assert read_moment(text, DAY, day_is_first=False) == moment


def test_its_day_may_have_points_where_days_are_written_so() -> None:
    assert read_moment("01.12.2026 09:05", DAY, day_is_first=True) == (date(2026, 12, 1), time(9, 5))


def test_it_is_one_of_this_machine() -> None:
    moment = local_moment(DAY, time(9, 20))
    assert (moment.hour, moment.minute) == (9, 20)
    assert moment.utcoffset() == moment.astimezone().utcoffset()
