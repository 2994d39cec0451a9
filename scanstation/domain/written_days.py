"""A day as people write it with points, `01.12.2026`: read where no other day can be meant, and never guessed."""

import re
from datetime import date
from enum import Enum, auto

POINTS = r"\d{1,2}\. ?\d{1,2}\. ?\d{4}"
"""How such a day looks: the year last, blanks as some languages have them."""
_PARTS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII).fullmatch
_MONTHS = 12


class NoDay(Enum):
    """Why a text is not read as a day."""

    ANOTHER_FORM = auto()
    NOT_IN_CALENDAR = auto()
    TWO_DAYS = auto()
    """It may mean either of two."""


def read_with_points(text: str, *, day_is_first: bool) -> date | NoDay:
    """A day with points between its parts.

    Args:
        text: without blanks at its edges.
        day_is_first: is it written so here? Where nobody says so, only what has one reading is read.

    >>> read_with_points("24.12.2026", day_is_first=False)
    datetime.date(2026, 12, 24)
    """
    if (written := _PARTS(text)) is None:
        return NoDay.ANOTHER_FORM
    day, month, year = map(int, written.groups())
    if month > _MONTHS:
        return NoDay.ANOTHER_FORM if day <= _MONTHS else NoDay.NOT_IN_CALENDAR
    if not (day_is_first or day > _MONTHS or day == month):
        return NoDay.TWO_DAYS
    try:
        return date(year, month, day)
    except ValueError:
        return NoDay.NOT_IN_CALENDAR


def read_day(text: str, *, day_is_first: bool) -> date | NoDay:
    """A day as `2026-12-01`, or with points."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return read_with_points(text, day_is_first=day_is_first)
