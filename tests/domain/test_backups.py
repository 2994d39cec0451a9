"""When a backup is due, which may go, and what is said of them."""

from datetime import UTC, datetime, timedelta

import pytest

from scanstation.domain.backups import (
    Backup,
    BackupPlan,
    BackupsFound,
    ago,
    backups_among,
    due_in,
    judged,
    name_at,
    to_drop,
)
from scanstation.domain.verdict import Tone

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
PLAN = BackupPlan("/backups", every_hours=6, keep=3)


def made(*hours_ago: float) -> list[Backup]:
    times = [NOW - timedelta(hours=hours) for hours in hours_ago]
    return [Backup(name_at("store", ".db", at), at) for at in times]


def test_only_names_of_this_stores_backups_are_taken_for_some() -> None:
    names = [
        "store.backup.20261129T120000Z.db",
        "store.backup.20261128T120000Z.db",
        "other.backup.20261129T120000Z.db",
        "store.backup.20261129T120000Z.db-wal",
        ".store.backup.20261129T120000Z.db.1f2e3d4c.part",
        "store.backup.20261399T120000Z.db",
        "store.backup.20261129T120000Z.dump",
        "storeXbackup.20261129T120000Z.db",
        "store.db",
    ]
    assert [one.name for one in backups_among(names, "store", ".db")] == names[:2]


@pytest.mark.parametrize(
    ("hours_ago", "hours"),
    [((), 0), ((7, 13), 0), ((6,), 0), ((2, 8), 4), ((-0.05,), 6.05), ((-30, 2), 4), ((-30,), 0)],
    ids=["none", "old", "just due", "fresh", "a little ahead", "far ahead and a fresh one", "far ahead alone"],
)
def test_the_next_is_due_an_interval_after_the_last(hours_ago: tuple[float, ...], hours: float) -> None:
    assert due_in(made(*hours_ago), PLAN, NOW) == timedelta(hours=hours)


def test_the_newest_stay_and_the_new_one_whatever_the_clock_says() -> None:
    backups = made(0, 6, 12, 18, 24)
    assert to_drop(backups, PLAN, backups[0].name) == backups[3:]
    assert to_drop(backups, PLAN, backups[4].name) == backups[2:4]
    assert to_drop(backups[:3], PLAN, backups[0].name) == []
    assert to_drop(backups, BackupPlan("/b", 6, keep=1), backups[0].name) == backups[1:]


@pytest.mark.parametrize(
    ("found", "tone"),
    [
        (BackupsFound(NOW - timedelta(hours=7), 3), Tone.OK),
        (BackupsFound(NOW - timedelta(hours=13), 3), Tone.CHECK),
        (BackupsFound(NOW - timedelta(hours=25), 3), Tone.STOP),
        (BackupsFound(NOW - timedelta(hours=1), 3, "No room."), Tone.CHECK),
        (BackupsFound(None, 0), Tone.CHECK),
        (BackupsFound(None, 0, "There is no folder."), Tone.STOP),
    ],
)
def test_how_they_stand(found: BackupsFound, tone: Tone) -> None:
    assert judged(found, PLAN, NOW) is tone


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "just now"), (1, "1 minute ago"), (119, "119 minutes ago"), (125, "2 hours ago"), (60 * 50, "2 days ago")],
)
def test_ages_in_words(minutes: int, words: str) -> None:
    assert ago(NOW - timedelta(minutes=minutes), NOW) == words
