"""The backups that stations make by themselves: looked for, made when due, verified, and only then older ones dropped.

Called in a process of its own (`backup_process.py`) or by a command, never by a station itself: a folder on a network
may keep whoever looks at it waiting for minutes.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from scanstation.domain.backups import Backup, BackupPlan, BackupsFound, backups_among, due_in, name_at, to_drop
from scanstation.domain.codes import visible
from scanstation.domain.file_errors import SheetError
from scanstation.domain.language import worded
from scanstation.domain.plurals import counted
from scanstation.domain.store_errors import StoreError
from scanstation.files import sync_folder
from scanstation.store import copies, server_copies
from scanstation.store.schema import StoreFinding
from scanstation.store.store import file_of

_LOCK = ".scanstation-backup.lock"
_ON_SERVER = "postgresql"
"""What the backups of a server's store are called by; of a file's, by its name."""


def look(url: str, plan: BackupPlan) -> BackupsFound:
    """What is in the folder now. Changes nothing."""
    folder = Path(plan.folder)
    try:
        in_folder = _in_folder(folder, url)
    except OSError as error:
        return BackupsFound(trouble=_unreadable(folder, error))
    if not os.access(folder, os.W_OK | os.X_OK):
        return _found(
            in_folder,
            worded("This user may not write into {folder}. Give it the right to.", folder=visible(str(folder))),
        )
    return _found(in_folder)


def make_if_due(url: str, plan: BackupPlan, now: datetime) -> BackupsFound:
    """Make a backup if one is due and nobody else is making one; how it stands then.

    Raises nothing that could be told: what went wrong is the answer's trouble, and nothing half made is left.
    """
    folder = Path(plan.folder)
    try:
        _in_folder(folder, url)  # a lock would make a folder that is gone
        with FileLock(folder / _LOCK, timeout=0, mode=0o660):
            found = _in_folder(folder, url)
            if due_in(found, plan, now):
                return _found(found)
            trouble = _make(url, plan, folder, now)
            return _found(_in_folder(folder, url), trouble)
    except Timeout:  # another station is at it
        return look(url, plan)
    except (FileNotFoundError, NotADirectoryError) as error:
        return BackupsFound(trouble=_unreadable(folder, error))
    except PermissionError:  # which the look tells of
        return look(url, plan)
    except OSError as error:
        return _found(
            look(url, plan),
            worded("No backup was made in {folder}: {why}.", folder=visible(str(folder)), why=error.strerror or error),
        )


def _make(url: str, plan: BackupPlan, folder: Path, now: datetime) -> str:
    """Make one, and drop what is too old. Returns what is wrong; empty where nothing is."""
    stem, ending = _named(url)
    for path in copies.leftovers(folder, f"{stem}.backup."):  # nobody else is at work here
        path.unlink(missing_ok=True)
    made = name_at(stem, ending, now)
    try:
        faults = _copy(url, folder / made)
    except (StoreError, SheetError) as error:
        return worded("{title} {hint}", title=error.title, hint=error.hint)
    except OSError as error:
        return worded(
            "No backup was made in {folder}: {why}.", folder=visible(str(folder)), why=error.strerror or error
        )
    if faults:  # it may be the last one without faults that would go
        return worded(
            "The backup {made} was made, but the store has {faults}, which `scanstation db check` names. "
            "Older backups are kept until it finds none.",
            made=made,
            faults=counted(len(faults), "fault"),
        )
    for old in to_drop(_in_folder(folder, url), plan, made):
        (folder / old.name).unlink(missing_ok=True)
    sync_folder(folder)
    return ""


def _copy(url: str, target: Path) -> list[StoreFinding]:
    """A verified copy; returns the faults that the store had already."""
    source = file_of(url)
    if source is None:
        if tool := server_copies.lacking_tool():
            raise SheetError(
                worded("This machine has no {tool}.", tool=tool),
                worded("Install PostgreSQL's client tools here, or have the server's administrator make backups."),
            )
        server_copies.dump_to(url, target)
        return []
    faults: list[StoreFinding] = []
    copies.copy_to(source, target, lambda part: faults.extend(copies.findings_in(part)))
    return [fault for fault in faults if not fault.is_foreign]


def _in_folder(folder: Path, url: str) -> list[Backup]:
    return backups_among([path.name for path in folder.iterdir()], *_named(url))


def _named(url: str) -> tuple[str, str]:
    path = file_of(url)
    if path is None:
        return f"{_ON_SERVER}.{server_copies.database_of(url)}".replace("/", "_"), server_copies.ENDING
    return path.stem, path.suffix


def _found(backups: Sequence[Backup] | BackupsFound, trouble: str = "") -> BackupsFound:
    if isinstance(backups, BackupsFound):
        return BackupsFound(backups.last, backups.count, backups.trouble or trouble)
    return BackupsFound(backups[0].at if backups else None, len(backups), trouble)


def _unreadable(folder: Path, error: OSError) -> str:
    where = visible(str(folder))
    if isinstance(error, FileNotFoundError):
        return worded(
            "There is no folder {where}. Is its disk missing? Bring it back, or change [backup] folder.", where=where
        )
    if isinstance(error, NotADirectoryError):
        return worded("{where} is not a folder. Change [backup] folder in config.toml.", where=where)
    return worded("The folder {where} cannot be read: {why}.", where=where, why=error.strerror or error)
