"""When something was done that was written down by hand: a local moment, as people write it (RULES 2.16)."""

import re
from datetime import date, datetime, time, timedelta

MINUTE = timedelta(minutes=1)
"""People write minutes: what happened within the one that they wrote is not later."""

_WRITTEN = re.compile(r"(?:(?P<day>\d{4}-\d\d-\d\d)(?:[ T]|$))?(?P<at>\d{1,2}:\d\d)?", re.ASCII)


def read_moment(text: str, day: date) -> tuple[date, time | None] | None:
    """A day and a time from `09:20` (of that day), `2026-11-30` or `2026-11-30 09:20`; None for any other text.

    >>> read_moment("9:20", date(2026, 11, 30))
    (datetime.date(2026, 11, 30), datetime.time(9, 20))
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None or not any(written.groups()):
        return None
    on, at = written["day"], written["at"]
    try:
        return (
            date.fromisoformat(on) if on else day,
            time.fromisoformat(at.zfill(len("09:20"))) if at else None,
        )
    except ValueError:
        return None


def local_moment(day: date, at: time) -> datetime:
    """That time of that day, where this machine is."""
    return datetime.combine(day, at).astimezone()
