"""The files that this user's imports read last, whatever came of them, kept where the user's other state is."""

import json
from pathlib import Path

from platformdirs import user_state_path

from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import worded
from scanstation.files import write_whole

MOST = 12


def recent_files() -> tuple[Path, ...]:
    """The newest first; those that are gone are left out."""
    return tuple(path for path in _kept() if path.is_file())


def remember(path: Path) -> str:
    """Put a file at the top of the list. Returns a sentence if that could not be kept, else nothing."""
    kept = [path.absolute(), *(one for one in _kept() if one != path.absolute())][:MOST]
    try:
        write_whole(_list(), json.dumps([str(one) for one in kept], indent=1).encode(), is_ours=True)
    except (UnwritableFile, OSError) as error:
        return worded("The list of recent files could not be kept: {error}", error=error)
    return ""


def _list() -> Path:
    return user_state_path("scanstation", ensure_exists=True) / "recent-files.json"


def _kept() -> list[Path]:
    try:
        kept = json.loads(_list().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []  # there is none yet, or somebody wrote into it: it starts anew
    return [Path(one) for one in kept if isinstance(one, str)][:MOST] if isinstance(kept, list) else []
