"""The backups that stations make by themselves, for `doctor` and the overview."""

from datetime import datetime

from scanstation.domain.backups import BackupPlan, BackupsFound, ago, judged
from scanstation.domain.codes import shorten
from scanstation.domain.language import day_and_time
from scanstation.domain.sentences.texts import Texts
from scanstation.domain.verdict import Tone, Verdict

_TEXTS = Texts(
    {
        "backups/off": "No backups are made by themselves: set [backup] folder in config.toml, on another disk.",
        "backups/server": "The server's administrator makes the backups; [backup] in config.toml lets stations do it.",
        "backups/none": "There is no backup in {folder} yet. A station makes one while it is open.",
        "backups/none-made": "There is no backup in {folder}. {trouble}",
        "backups/well": "The last backup was made {ago}, {at}; {kept} in {folder}, each read through.",
        "backups/trouble": "The last backup was made {ago}, {at}; {kept} in {folder}. The last try: {trouble}",
        "backups/old": "The last backup was made {ago}, {at}. Leave a station open, or look at its clock.",
        "backups/far-too-old": "Backups have stopped: the last was made {ago}, {at}. Run `scanstation doctor` here.",
        "backups/stopped": "Backups have stopped: the last was made {ago}, {at}. {trouble}",
    }
)
_PARTS = Texts(
    {
        "kept": "{count} kept",
        "kept-in": "{count} kept in {folder}",
        "none-since": "None was made since, and one was due.",
        "none": "none",
        "none-yet": "none made yet, to {folder}",
    }
)


def no_backups(*, on_server: bool) -> Verdict:
    """No folder is set for them."""
    return _TEXTS.ok("backups/server") if on_server else _TEXTS.check("backups/off")


def backups_stand(backups: BackupsFound, plan: BackupPlan, now: datetime) -> Verdict:
    """How the backups stand: when the last was made, and what is wrong."""
    folder, trouble = shorten(plan.folder, 120), backups.trouble
    tone = judged(backups, plan, now)
    if backups.last is None:
        if trouble:
            return _TEXTS.stop("backups/none-made", folder=folder, trouble=trouble)
        return _TEXTS.check("backups/none", folder=folder)
    age, at = ago(backups.last, now), day_and_time(backups.last)
    kept = _PARTS("kept", count=backups.count)
    if tone is Tone.STOP:
        if trouble:
            return _TEXTS.stop("backups/stopped", ago=age, at=at, trouble=trouble)
        return _TEXTS.stop("backups/far-too-old", ago=age, at=at)
    if trouble:
        return _TEXTS.check("backups/trouble", ago=age, at=at, kept=kept, folder=folder, trouble=trouble)
    if tone is Tone.CHECK:
        return _TEXTS.check("backups/old", ago=age, at=at)
    return _TEXTS.ok("backups/well", ago=age, at=at, kept=kept, folder=folder)


def backups_in_brief(backups: BackupsFound, plan: BackupPlan, now: datetime) -> tuple[str, str, str]:
    """For a row of a list: how old the last is, how many there are, what is wrong if anything is."""
    folder = shorten(plan.folder, 60)
    if backups.last is None:
        return _PARTS("none"), _PARTS("none-yet", folder=folder), backups.trouble
    wrong = backups.trouble
    if not wrong and judged(backups, plan, now) is not Tone.OK:
        wrong = _PARTS("none-since")
    return ago(backups.last, now), _PARTS("kept-in", count=backups.count, folder=folder), wrong
