"""What may be written and read where: private files, hidden names, the configuration in use, a folder for all paths.

A file that the station makes is its user's alone, whatever the umask is; what others must read (an ERP, another seat)
is opened by `files.mode` and `files.group` of config.toml, which `share` is told once, at the start.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PRIVATE = 0o600
LONGEST_NAME = 255
"""Bytes of a file's name on the file systems that stations have."""


@dataclass(slots=True)
class _Sharing:
    mode: int = PRIVATE
    group: int | None = None
    configuration: Path | None = None
    root: Path | None = None


_sharing = _Sharing()
"""As the process was told at its start."""


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
    import grp  # none on Windows, where folders say who may read

    return grp.getgrnam(name).gr_gid


def protect(configuration: Path | None) -> None:
    """Say which config.toml is in use: nothing is written over it but by the station's own writing of settings."""
    _sharing.configuration = configuration


def keep_within(root: Path | None) -> None:
    """Say which folder everything must be in that is chosen or typed on a screen; None for any."""
    _sharing.root = root


def open_up(descriptor: int) -> None:
    """Give a new file the mode and the group that others read it by. Raises OSError where this user may not."""
    if os.name == "nt":
        return
    if _sharing.group is not None:
        os.fchown(descriptor, -1, _sharing.group)
    os.fchmod(descriptor, _sharing.mode)


def private(path: str, flags: int) -> int:
    """An `opener` for files that are nobody else's business: state, recordings, error files."""
    return os.open(path, flags, PRIVATE)


def unfit_for_writing(target: Path, endings: Collection[str]) -> str | None:
    """Why a file must not be written there, to follow its name; None where it may.

    Args:
        target: the path, links followed.
        endings: what a file that is replaced must end in, in small letters; a new one is not asked.
    """
    if target.name.startswith("."):
        return "is a hidden name"
    if not os.path.lexists(target):
        return None
    if _sharing.configuration is not None and _is_same(target, _sharing.configuration):
        return "is the configuration in use"
    if endings and target.suffix.lower() not in endings:
        return f"is there already and does not end in {' or '.join(endings)}"
    return None


def typed_path(text: str, folder: Path) -> Path:
    """The path that a person means who types it on a screen: absolute, with ~, or beginning in the folder."""
    path = Path(text.strip(" "))
    with suppress(RuntimeError):  # nobody has this name: it is one of a file
        path = path.expanduser()
    return Path(os.path.normpath(folder / path))


def unfit_on_a_screen(path: Path, endings: Collection[str] | None) -> str | None:
    """Why a path that was typed or chosen on a screen is neither read nor written, to follow its name.

    A file's own name and what it leads to are both asked. Folders have no ending to be asked for.

    Args:
        path: absolute; what is not there yet is judged by its name and its folder.
        endings: of the files that are meant, in small letters; None for a folder.
    """
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in path.parts):
        return f"is too long for a name: {LONGEST_NAME} bytes are the most"
    start = Path.cwd()
    try:
        real = Path(os.path.realpath(path))
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        return f"cannot be looked at: {getattr(error, 'strerror', None) or 'it is no name of a file'}"
    for one in (path, real):
        below = one.relative_to(start) if one.is_relative_to(start) else one
        if any(part.startswith(".") for part in below.parts):
            return "is hidden, and nothing for a screen"
        if endings is not None and not is_folder and one.suffix.lower() not in endings:
            return f"does not end in {', '.join(endings)}"
    if _sharing.root is not None and not real.is_relative_to(os.path.realpath(_sharing.root)):
        return f"is outside of {_sharing.root}, where the files of this station are"
    return None


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
