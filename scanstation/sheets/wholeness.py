"""Has a file that somebody copies here arrived to its end? Told by its last bytes, without reading it."""

import zipfile
from pathlib import Path

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_LINE_ENDS = (b"\n", b"\r", b"\n\0", b"\r\0")
"""In one byte a character, and in UTF-16."""


def seems_whole(path: Path) -> bool:
    """Does the end of the file look like one? A text without a last line end may be cut in the middle of a number.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(4)
        if beginning.startswith(_ZIP):
            return zipfile.is_zipfile(file)  # the table of contents is at the end
        if beginning == _OLD_EXCEL:
            return True
        length = file.seek(0, 2)
        file.seek(max(0, length - 2))
        return length > 0 and file.read().endswith(_LINE_ENDS)
