"""Backups that a station makes by itself: how they are called, when the next is due, which may go, how they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scanstation.domain.defaults import BACKUP_EVERY_HOURS, BACKUPS_KEPT
from scanstation.domain.language import word, worded
from scanstation.domain.plurals import counted
from scanstation.domain.verdict import Tone

_STAMP = "%Y%m%dT%H%M%SZ"
_AHEAD = timedelta(minutes=5)
"""What is dated further ahead was made before a clock was set back: nothing is put off for it."""
_OLD, _FAR_TOO_OLD = 2, 4
"""So many times its interval."""


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """config.toml's [backup]."""

    folder: str = ""
    every_hours: float = BACKUP_EVERY_HOURS
    keep: int = BACKUPS_KEPT

    @property
    def is_on(self) -> bool:
        """Does the station make backups?"""
        return bool(self.folder)

    @property
    def every(self) -> timedelta:
        """Between two of them."""
        return timedelta(hours=self.every_hours)


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is in the folder, whole and verified: nothing else has such a name."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BackupsFound:
    """What the folder of backups looked like, and how the last try ended."""

    last: datetime | None = None
    """When the newest was begun."""
    count: int = 0
    trouble: str = ""
    """Why the last try made none, or what is wrong with what it made: whole sentences."""


def name_at(stem: str, ending: str, at: datetime) -> str:
    """`store.backup.20261129T183114Z.db`."""
    return f"{stem}.backup.{at.astimezone(UTC).strftime(_STAMP)}{ending}"


def backups_among(names: Sequence[str], stem: str, ending: str) -> list[Backup]:
    """Which of a folder's names are backups of this store, the newest first."""
    form = re.compile(rf"{re.escape(stem)}\.backup\.(\d{{8}}T\d{{6}}Z){re.escape(ending)}")
    backups = []
    for name in names:
        if match := form.fullmatch(name):
            try:
                at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            except ValueError:  # a month 13
                continue
            backups.append(Backup(name, at))
    return sorted(backups, key=lambda one: one.at, reverse=True)


def due_in(backups: Sequence[Backup], plan: BackupPlan, now: datetime) -> timedelta:
    """How long until the next is due; 0 where it is."""
    last = next((one.at for one in backups if one.at <= now + _AHEAD), None)
    return max(timedelta(), last + plan.every - now) if last else timedelta()


def to_drop(backups: Sequence[Backup], plan: BackupPlan, made: str) -> list[Backup]:
    """Which may go once a new one was made: all but the newest, and never that one, whatever a clock says."""
    others = [one for one in backups if one.name != made]
    return others[max(0, plan.keep - 1) :]


def ago(moment: datetime, now: datetime) -> str:
    """`5 minutes ago`, `3 hours ago`, `2 days ago`."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return word("just now")
    if minutes < 120:
        return worded("{time} ago", time=counted(minutes, "minute"))
    hours = minutes // 60
    return worded("{time} ago", time=counted(hours, "hour") if hours < 48 else counted(hours // 24, "day"))


def judged(backups: BackupsFound, plan: BackupPlan, now: datetime) -> Tone:
    """Is all well with the backups?"""
    if backups.last is None:
        return Tone.STOP if backups.trouble else Tone.CHECK
    age = now - backups.last
    if age > _FAR_TOO_OLD * plan.every:
        return Tone.STOP
    return Tone.CHECK if backups.trouble or age > _OLD * plan.every else Tone.OK
