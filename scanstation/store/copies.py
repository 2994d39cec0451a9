"""Copies of a store that is a file: taken while stations work, checked before they count, never in place of another.

Through SQLite's backup interface, not by copying the file: a file copied without its `-wal` lacks the last scans in
silence. A copy is one plain file; nothing of it lies beside it.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from scanstation.domain.language import worded
from scanstation.domain.store_errors import (
    NotAStore,
    StoreBusy,
    StoreFailed,
    StoreFull,
    StoreTampered,
    StoreUnreachable,
)
from scanstation.files import sync_folder
from scanstation.store import schema, turns, upkeep
from scanstation.store.engine import APPLICATION_ID, BUSY_TIMEOUT_MS, sqlite_library
from scanstation.store.schema import StoreFinding
from scanstation.store.store import open_for_upkeep

_PART = ".part"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database in use. Left beside another file of the name, it would be played into it."""


def copy_to(source: Path, target: Path, look: Callable[[Path], None] | None = None) -> None:
    """Copy a store to a path where nothing is, for the same eyes: with the store's mode and group.

    Args:
        source: the store; stations may be writing into it.
        target: where nothing is yet.
        look: looks at the whole copy before it gets its name; what it raises leaves nothing behind.

    Raises:
        FileExistsError: something is at the target.
        NotAStore: the source is not a store, or is damaged; so would be the copy.
        StoreFull, StoreBusy, StoreUnreachable: the disk, the stations or the rights are in the way.
    """
    with _partial_copy(source, target, like=source) as part:
        if look is not None:
            look(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
        _place(part, target)


def leftovers(folder: Path, beginning: str) -> list[Path]:
    """What is left in a folder of copies to names that begin so, whose process was killed."""
    return [path for path in folder.iterdir() if path.name.startswith(f".{beginning}") and _PART in path.name]


def findings_in(copy: Path) -> list[StoreFinding]:
    """What `db check` finds in a copy that nobody uses; one of an older version has to be upgraded to be read."""
    store = open_for_upkeep(f"sqlite:///{copy}")
    try:
        findings = upkeep.findings(store) if upkeep.schema_of(store) == schema.SCHEMA else []
    finally:
        store.close()
    with closing(_connect(copy, "rw")) as connection:  # to be read, it was given a log beside it
        connection.execute("PRAGMA journal_mode=DELETE")
    return findings


def put_back(backup: Path, target: Path, aside: Path) -> bool:
    """Put a backup where the store was; what is there goes aside, and whether anything was there is answered.

    Raises:
        FileExistsError: something is at `aside`.
        StoreBusy: somebody has the store open.
        NotAStore, StoreFull, StoreUnreachable: see `copy_to`.
    """
    with _partial_copy(backup, target, like=target if target.exists() else backup) as part:
        was_there = move_aside(target, aside)
        _place(part, target)
    return was_there


def schema_of_copy(path: Path) -> str:
    """The schema of a store's file, which is read through and held to be sound.

    Raises:
        NotAStore: it is not a store, or is damaged.
        StoreTampered: its tables or triggers are not as this version makes them.
        StoreUnreachable: it cannot be read.
    """
    with _reaching(path, path), closing(_connect(path, "ro")) as connection:
        if _value(connection, "PRAGMA application_id") != APPLICATION_ID:
            raise NotAStore(
                worded("{path} is not a ScanStation store.", path=path),
                worded("Choose a file that `scanstation db backup` wrote."),
            )
        said = _value(connection, "PRAGMA integrity_check(1)")
        if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise _damaged(path)
        versions = [str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version")]
        if len(versions) != 1:
            raise NotAStore(
                worded(
                    "The table of migrations of {path} has {versions} rows, and must have one.",
                    path=path,
                    versions=len(versions),
                ),
                worded("Somebody has changed it by hand. Choose another backup."),
            )
        changed = schema.compared("sqlite", schema.words_of_file(connection.execute(schema.SELECT_WORDS).fetchall()))
        if versions == [schema.SCHEMA] and (found := [one.text for one in changed if not one.is_foreign]):
            raise StoreTampered(
                worded("{path} is not as ScanStation makes it. {what}", path=path, what=found[0]),
                worded("Somebody has changed it by hand, or the store that it was copied from. Choose another backup."),
            )
        return versions[0]


def move_aside(path: Path, aside: Path) -> bool:
    """Give a store's file another name, with what SQLite keeps beside it; returns whether anything was there.

    Raises:
        FileExistsError: something has that name.
        StoreBusy: somebody has the store open.
    """
    settle(path)
    was_there = False
    for ending in ("", *_BESIDE):
        old, new = _beside(path, ending), _beside(aside, ending)
        if new.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
        if old.exists():
            old.rename(new)
            was_there = True
    sync_folder(path.parent)
    return was_there


def throw_away(path: Path) -> None:
    """Delete a store's file, with what SQLite keeps beside it.

    Raises:
        StoreBusy: somebody has the store open.
    """
    settle(path)
    for ending in ("", *_BESIDE, turns.ENDING):
        _beside(path, ending).unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Bring everything into the one file; refused while anybody else has it open.

    SQLite gives up its write-ahead log only to a connection that is alone. A damaged file is left as it is.

    Raises:
        StoreBusy: somebody has the store open.
    """
    if not path.exists():
        return
    library = sqlite_library()
    try:
        with closing(_connect(path, "rw", timeout_ms=0)) as connection:
            if _value(connection, "PRAGMA journal_mode=DELETE") != "delete":
                raise _busy(path)
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except library.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise _busy(path) from error
        # Neither readable nor in use: what is left of it goes as it is.
    except library.DatabaseError:  # damaged, or no database at all
        return


@contextmanager
def _partial_copy(source: Path, target: Path, *, like: Path) -> Iterator[Path]:
    """A sound copy beside the target with the mode and group of `like`, gone again when the block is left."""
    part = target.with_name(f".{target.name[:100]}.{uuid4().hex[:8]}{_PART}")
    try:
        with _reaching(source, target):
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with (
            _reaching(source, target),
            closing(_connect(source, "ro")) as from_connection,
            closing(_connect(part, "rwc")) as to_connection,
        ):
            from_connection.backup(to_connection)
            to_connection.execute("PRAGMA journal_mode=DELETE")
        try:
            schema_of_copy(part)
        except NotAStore as error:
            raise _damaged(source) from error
        except StoreTampered as error:
            raise StoreTampered(error.title.replace(str(part), str(source)), error.hint) from error
        with part.open("rb+") as file:
            _share_like(like, file.fileno())
            os.fsync(file.fileno())
        yield part
    finally:
        for ending in ("", *_BESIDE):
            _beside(part, ending).unlink(missing_ok=True)


def _share_like(like: Path, descriptor: int) -> None:
    """Give a file the group and mode of another; a group that this user may not give it to gets nothing."""
    if sys.platform == "win32":
        return  # the folder's rights hold there
    wanted, mine = like.stat(), os.fstat(descriptor)
    mode = stat.S_IMODE(wanted.st_mode)
    if wanted.st_gid != mine.st_gid:
        try:
            os.fchown(descriptor, -1, wanted.st_gid)
        except PermissionError:
            mode &= ~stat.S_IRWXG
    os.fchmod(descriptor, mode)


def _place(part: Path, target: Path) -> None:
    """Give the copy its name, never in place of another file."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as on many memory sticks
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        part.rename(target)
    sync_folder(target.parent)


def _connect(path: Path, mode: str, timeout_ms: int = BUSY_TIMEOUT_MS) -> Any:
    connection = sqlite_library().connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=timeout_ms / 1000
    )
    connection.isolation_level = None
    return connection


def _value(connection: Any, statement: str) -> object:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


@contextmanager
def _reaching(source: Path, target: Path) -> Iterator[None]:
    """SQLite's errors as the store's."""
    library = sqlite_library()
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull(
                worded("There is no room on the disk of {target}.", target=target), worded("Make room, then try again.")
            ) from error
        if error.errno == errno.EIO:
            raise _failing(source, target, str(error.strerror)) from error
        raise StoreUnreachable(
            worded("{source} cannot be copied to {target}: {why}.", source=source, target=target, why=error.strerror),
            worded("Check both paths and the rights."),
        ) from error
    except library.DatabaseError as error:
        driver_text, name = str(error), getattr(error, "sqlite_errorname", None) or ""
        if name.startswith("SQLITE_FULL") or "is full" in driver_text:
            raise StoreFull(
                worded("There is no room on the disk of {target}.", target=target), worded("Make room, then try again.")
            ) from error
        if name.startswith("SQLITE_IOERR") or "disk I/O" in driver_text:  # copying has no names
            raise _failing(source, target, driver_text) from error
        if "locked" in driver_text:
            raise StoreBusy(
                worded("{source} was kept busy for 5 seconds.", source=source),
                worded("Nothing was changed. Try again."),
            ) from error
        if isinstance(error, library.OperationalError) and "no such table" not in driver_text:
            raise StoreUnreachable(
                worded(
                    "{source} cannot be copied to {target}: {why}.",
                    source=source,
                    target=target,
                    why=driver_text,
                ),
                worded("Check both paths and the rights."),
            ) from error
        raise _damaged(source) from error


def _damaged(path: Path) -> NotAStore:
    return NotAStore(
        worded("{path} is damaged or not a store.", path=path),
        worded("Run `scanstation db check` on a store; of backups, choose another."),
    )


def _failing(source: Path, target: Path, driver_text: str) -> StoreFailed:
    return StoreFailed(
        worded(
            "{source} cannot be copied to {target}: a disk fails, or a file may not be so large ({why}).",
            source=source,
            target=target,
            why=driver_text,
        ),
        worded("Look at both disks and at the limits of this user, then try again."),
    )


def _busy(path: Path) -> StoreBusy:
    return StoreBusy(
        worded("The store {path} is in use.", path=path),
        worded("Close every station that has it open, then try again."),
    )


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
