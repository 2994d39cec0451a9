"""What may be written and read where: private files, hidden names, the configuration in use, a folder for all paths.

A file that the station makes is its user's alone, whatever the umask is; what others must read (an ERP, another seat)
is opened by `files.mode` and `files.group` of config.toml, which `share` gets once, at the start.
"""

import errno
import os
import stat
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import joined, word, worded

PRIVATE = 0o600
LONGEST_NAME = 255
"""Bytes of a file's name on the file systems that stations have."""


@dataclass(slots=True)
class _Sharing:
    mode: int = PRIVATE
    group: int | None = None
    configuration: Path | None = None
    root: Path | None = None
    folder: Path = Path(os.sep)


_sharing = _Sharing()
"""As set at the start of the process."""


def share(mode: int, group: str) -> None:
    """Say who reads what is written from now on.

    Args:
        mode: of new files that people or programs are to read, such as 0o640.
        group: theirs; empty for the user's own.

    Raises:
        LookupError: there is no such group.
    """
    _sharing.mode, _sharing.group = mode, _group_number(group) if group else None


def sharing() -> tuple[int, int | None]:
    """The mode and the group's number, for a process that writes on this one's behalf."""
    return _sharing.mode, _sharing.group


def share_like(mode: int, group: int | None) -> None:
    """Take over what `sharing` of the process gave that this one works for."""
    _sharing.mode, _sharing.group = mode, group


def _group_number(name: str) -> int:
    if sys.platform == "win32":
        raise LookupError("folders say there who may read")
    import grp

    return grp.getgrnam(name).gr_gid


def protect(configuration: Path | None) -> None:
    """Say which config.toml is in use: nothing is written over it but by the station's own writing of settings."""
    _sharing.configuration = configuration


def keep_within(root: Path | None) -> None:
    """Say which folder everything must be in that is chosen or typed on a screen; None for any."""
    _sharing.root = root


def here() -> Path:
    """The folder that the station works in: by its last name, where somebody has taken it away meanwhile."""
    with suppress(FileNotFoundError):
        _sharing.folder = Path.cwd()
    return _sharing.folder


def open_up(descriptor: int) -> None:
    """Give a new file the mode and the group that others read it by. Raises OSError where this user may not."""
    if sys.platform == "win32":
        return
    if _sharing.group is not None:
        os.fchown(descriptor, -1, _sharing.group)
    os.fchmod(descriptor, _sharing.mode)


def private(path: str, flags: int) -> int:
    """An `opener` for files that are nobody else's business: state, recordings, error files."""
    return os.open(path, flags, PRIVATE)


def keep_error(text: str) -> Path:
    """Write down an error of our own, for whoever mends it; returns the file. Raises OSError where nothing can be."""
    from platformdirs import user_log_path  # late: hardly a command ends so

    path = user_log_path("scanstation", ensure_exists=True) / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
    with open(path, "w", encoding="utf-8", errors="backslashreplace", opener=private) as file:
        file.write(text)
    return path


def unfit_for_writing(target: Path, endings: Collection[str]) -> str | None:
    """Why a file must not be written there, to follow its name; None where it may.

    Args:
        target: the path, links followed.
        endings: what a file that is replaced must end in, in small letters; a new one is not asked.
    """
    if target.name.startswith("."):
        return word("is a hidden name")
    if target.name.lower() == "config.toml":
        return word("would be taken for the configuration")
    if not os.path.lexists(target):
        return None
    if _sharing.configuration is not None and _is_same(target, _sharing.configuration):
        return word("is the configuration in use")
    if endings and target.suffix.lower() not in endings:
        return word("is there already and does not end in {endings}", endings=joined([*endings], " or "))
    return None


def typed_path(text: str, folder: Path) -> Path:
    """The path that a person means who types it on a screen: absolute, with ~, or beginning in the folder."""
    path = Path(text.strip(" "))
    with suppress(RuntimeError):  # nobody has this name: it is one of a file
        path = path.expanduser()
    return Path(os.path.normpath(folder / path))


def told(path: Path) -> str:
    """A path as a screen names it: from the folder on that the station works in, and not too long."""
    return shorten(str(path.relative_to(here()) if path.is_relative_to(here()) else path), 80)


def unfit_on_a_screen(path: Path, endings: Collection[str] | None) -> str | None:
    """Why a path that was typed or chosen on a screen is neither read nor written, to follow its name.

    A file's own name and what it leads to are both asked. Folders have no ending to be asked for.

    Args:
        path: absolute; what is not there yet is judged by its name and its folder.
        endings: of the files that are meant, in small letters; None for a folder.
    """
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in path.parts):
        return word("is too long for a name: {most} bytes are the most", most=LONGEST_NAME)
    start = here()
    try:
        real = Path(os.path.realpath(path))
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or word("it is no name of a file")
        return word("cannot be looked at: {why}", why=why)
    for one in (path, real):
        below = one.relative_to(start) if one.is_relative_to(start) else one
        if any(part.startswith(".") for part in below.parts):
            return word("is hidden, and nothing for a screen")
        if endings is not None and not is_folder and one.suffix.lower() not in endings:
            return word("does not end in {endings}", endings=joined([*endings]))
    if _sharing.root is not None and not real.is_relative_to(os.path.realpath(_sharing.root)):
        return word("is outside of {folder}, where the files of this station are", folder=_sharing.root)
    return None


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


_DATABASE = b"SQLite format 3\0"


_BESIDE_DATABASE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by what is added to its name: without its log a store lacks its last scans."""


@contextmanager
def replacing(path: Path, endings: Collection[str] = (), *, is_ours: bool = False) -> Iterator[BinaryIO]:
    """A new file beside the path, which takes the path's place when the block is left without an error.

    Only a file that ends in one of `endings` is replaced, if there are any; never a hidden one, a database, or the
    configuration in use, but by what `is_ours`: the station's own settings and lists.
    """
    file_name = shorten(path.name or str(path), 80)
    try:
        target = Path(os.path.realpath(path))
    except ValueError:  # a NUL
        raise UnwritableFile(
            worded("{file} is no name of a file.", file=file_name), worded("Choose another name.")
        ) from None
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise UnwritableFile(
            worded("{file} is too long for a name.", file=file_name),
            worded("{most} bytes are the most.", most=LONGEST_NAME),
        )
    if any(target.name.endswith(ending) and _is_database(_without(target, ending)) for ending in _BESIDE_DATABASE):
        raise UnwritableFile(
            worded("{file} belongs to the database beside it.", file=file_name), worded("Choose another name.")
        )
    mode = _mode_of_existing(target, file_name)
    if not is_ours and (unfit := unfit_for_writing(target, endings)):
        raise UnwritableFile(worded("{file} {unfit}.", file=file_name, unfit=unfit), worded("Choose another name."))
    part = target.with_name(f".{target.name[:50]}.{uuid4().hex[:8]}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
    except OSError as error:
        raise _unwritable(file_name, target, error) from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            if sys.platform != "win32" and mode is not None:
                os.fchmod(descriptor, mode)
            elif not is_ours:
                open_up(descriptor)
            yield file
            file.flush()
            os.fsync(descriptor)
        put_in_place(part, target)
    except OSError as error:
        raise _unwritable(file_name, target, error) from error
    finally:
        part.unlink(missing_ok=True)


def _mode_of_existing(target: Path, file_name: str) -> int | None:
    """The permissions of the file that will be replaced; raises UnwritableFile for what must not be."""
    try:
        about = target.stat()
    except OSError:
        # Nothing there, or no way there: the attempt to write tells which.
        return None
    if stat.S_ISDIR(about.st_mode):
        raise UnwritableFile(worded("{file} is a folder.", file=file_name), worded("Name a file in it."))
    if not stat.S_ISREG(about.st_mode):
        raise UnwritableFile(
            worded("{file} is a device or a pipe.", file=file_name), worded("Name a file, or write to standard output.")
        )
    if not os.access(target, os.W_OK):
        raise UnwritableFile(
            worded("{file} is there already and may not be changed.", file=file_name), worded("Choose another name.")
        )
    if _is_database(target):
        raise UnwritableFile(
            worded("{file} is a database, perhaps the store itself.", file=file_name), worded("Choose another name.")
        )
    return stat.S_IMODE(about.st_mode)


def _without(path: Path, ending: str) -> Path:
    return path.parent / path.name.removesuffix(ending)


def _is_database(path: Path) -> bool:
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE)) == _DATABASE
    except OSError:  # it may be written, and not be read
        return False


def put_in_place(part: Path, target: Path) -> None:
    """Give a written file its name, in the place of another; the name outlives a power cut."""
    if sys.platform == "win32":
        # Folders cannot be synced there; this returns when the new name is on the disk.
        import pywintypes
        import win32file

        how = win32file.MOVEFILE_REPLACE_EXISTING | win32file.MOVEFILE_WRITE_THROUGH
        try:
            win32file.MoveFileEx(str(part), str(target), how)
        except pywintypes.error as error:
            raise OSError(0, error.strerror, str(target), error.winerror) from error
    else:
        part.replace(target)
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """See to it that a name that is new in the folder outlives a power cut."""
    if sys.platform == "win32":
        return  # Folders cannot be opened there.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(name: str, target: Path, error: OSError) -> UnwritableFile:
    folder = shorten(str(target.parent), 200)
    if isinstance(error, FileNotFoundError):
        return UnwritableFile(
            worded("{file} cannot be written: there is no folder {folder}.", file=name, folder=folder),
            worded("Make the folder first."),
        )
    if isinstance(error, NotADirectoryError):
        return UnwritableFile(
            worded("{file} cannot be written: {folder} is not a folder.", file=name, folder=folder),
            worded("Name a folder that is there."),
        )
    if isinstance(error, PermissionError):
        return UnwritableFile(
            worded("{file} may not be written in {folder}.", file=name, folder=folder),
            worded("Choose another folder, or close the file where it is open."),
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UnwritableFile(
            worded("{file} cannot be written: the disk is full.", file=name), worded("Make room, and try again.")
        )
    return UnwritableFile(
        worded("{file} cannot be written: {why}.", file=name, why=error.strerror or error),
        worded("Look at the path and its disk."),
    )


def write_whole(
    path: str | os.PathLike[str], content: bytes, endings: Collection[str] = (), *, is_ours: bool = False
) -> None:
    """Write a file that is no sheet of rows, whole or not at all. Raises UnwritableFile where it cannot be written.

    For `endings` and `is_ours` see `replacing`.
    """
    with replacing(Path(path), endings, is_ours=is_ours) as file:
        file.write(content)


def may(path: Path, mode: int) -> bool:
    """May this user do it with a path: `os.R_OK`, `os.W_OK` or `os.X_OK`, or several?"""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def identity(path: Path) -> tuple[int, int] | None:
    """By what a file is known however it is called: its device and its number there; None where it is gone."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino
