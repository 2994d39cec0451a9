"""When something was done that was written down by hand: a local moment, as people write it (RULES 2.16)."""

import re
from datetime import date, datetime, time, timedelta

from scanstation.domain.written_days import POINTS, NoDay, read_day

MINUTE = timedelta(minutes=1)
"""People write minutes: what happened within the one that they wrote is not later."""

_WRITTEN = re.compile(rf"(?:(?P<day>\d{{4}}-\d\d-\d\d|{POINTS})(?:[ T]|$))?(?P<at>\d{{1,2}}:\d\d)?", re.ASCII)


def read_moment(text: str, day: date, *, day_is_first: bool) -> tuple[date, time | None] | None:
    """A day and a time from `09:20` (of that day), `2026-11-30` or `2026-11-30 09:20`; None for any other text.

    A day may have points, if it can mean no other or `day_is_first` (`written_days`).

    >>> read_moment("9:20", date(2026, 11, 30), day_is_first=False)
    (datetime.date(2026, 11, 30), datetime.time(9, 20))
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None or not any(written.groups()):
        return None
    on, at = written["day"], written["at"]
    its_day = read_day(on, day_is_first=day_is_first) if on else day
    if isinstance(its_day, NoDay):
        return None
    try:
        return its_day, time.fromisoformat(at.zfill(len("09:20"))) if at else None
    except ValueError:
        return None


def local_moment(day: date, at: time) -> datetime:
    """That time of that day, where this machine is."""
    return datetime.combine(day, at).astimezone()
