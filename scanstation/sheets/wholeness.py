"""Has a file that somebody copies here arrived to its end? Its last bytes say so, without reading it."""

import zipfile
from pathlib import Path

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_LINE_ENDS = (b"\n", b"\r", b"\n\0", b"\r\0")
"""In one byte a character, and in UTF-16."""
_DELIMITERS = (b",", b";", b"\t", b"|")
_LOOKED_AT = 65_536
"""Bytes at the end of a text; its last two rows are in them."""


def seems_whole(path: Path) -> bool:
    """Does the end of the file look like one?

    Many programs write no last line end: a text without it is whole when its last row has as many cells as the row
    before, and something in the last of them.

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
        file.seek(max(0, length - _LOOKED_AT))
        end = file.read()
    if path.suffix.lower() == ".json":
        return _is_whole_json(beginning, end)
    return length > 0 and (end.endswith(_LINE_ENDS) or _last_row_seems_whole(end))


def _is_whole_json(beginning: bytes, end: bytes) -> bool:
    """Does a list of objects, or an object of such lists, end as it begins? A line end says nothing of it."""
    start, last = beginning.lstrip(b"\xef\xbb\xbf \r\n\t")[:1], b"".join(end.split())
    return last.endswith(b"]") if start == b"[" else last.endswith((b"]}", b"{}"))


def _last_row_seems_whole(end: bytes) -> bool:
    rows = end.splitlines()[-2:]
    if len(rows) < 2 or b"\0" in end:
        return False
    before, last = rows
    delimiter = max(_DELIMITERS, key=before.count)
    cells = last.split(delimiter)
    return len(cells) == len(before.split(delimiter)) > 1 and bool(cells[-1].strip()) and last.count(b'"') % 2 == 0
