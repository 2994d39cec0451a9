"""PINs that stand in files: a service account's, which nobody types."""

import os
import stat
from pathlib import Path

from scanstation.domain.language import worded


class BadPinFile(Exception):
    """The file cannot be read, or others can: a sentence says which."""


def pin_of(file: str) -> str | None:
    """The first line of a file that nobody else may read; None where none is named.

    Raises:
        BadPinFile: it is not such a file.
    """
    if not file:
        return None
    path = Path(file)
    try:
        if os.name != "nt" and path.stat().st_mode & stat.S_IRWXO:
            raise BadPinFile(worded("Anybody may read the PIN in {file}. Run: chmod 600 {file}", file=file))
        return path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", error)
        raise BadPinFile(worded("The PIN cannot be read from {file}: {why}.", file=file, why=str(why))) from error
