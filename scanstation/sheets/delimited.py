"""CSV as people and programs write it: which encoding, which delimiter, then plain rows of text."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from scanstation.domain.codes import shorten
from scanstation.sheets.columns import HEADER_WITHIN, SheetKind, fit_row
from scanstation.sheets.errors import UnreadableFile

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """The decoded text of a CSV file, its delimiter, and what had to be assumed to read it."""

    text: str
    delimiter: str
    notes: tuple[str, ...]
    name: str

    def rows(self) -> Iterator[list[str]]:
        """The records, as a spreadsheet would number them; raises UnreadableFile at a broken quotation."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        record = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFile(
                    f"{shorten(self.name)} breaks off in row {record + 1:,}: {error}.",
                    "Look for a quotation mark that is not closed, or a stray one, and save the file again.",
                ) from error
            record += 1
            yield cells


def read_delimited(file: BinaryIO, name: str, kinds: Sequence[SheetKind]) -> DelimitedText:
    """Decode the file and choose the delimiter by which a header fits best.

    Raises UnreadableFile for bytes that are no text.
    """
    file.seek(0)
    text, notes = _decoded(file.read(), name)
    return DelimitedText(text, _delimiter(text, kinds), notes, name)


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    no_text = f"{shorten(name)} is not text that could be read."
    mend = "Save it as CSV UTF-8 or as .xlsx, and try again."
    notes: tuple[str, ...] = ()
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise UnreadableFile(no_text, mend) from error
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as second:
            raise UnreadableFile(no_text, mend) from second
        notes = ("The file is not UTF-8; it was read as Windows-1252 (Western European). Look at its accents.",)
    if "\0" in text:
        raise UnreadableFile(no_text, mend)
    return text, notes


def _delimiter(text: str, kinds: Sequence[SheetKind]) -> str:
    """The delimiter that makes the first rows hold the most of a kind's columns; if none are known, the most cells."""

    def matched(delimiter: str) -> tuple[int, int]:
        # Not strict: a stray quotation mark far below is told of later, with its row.
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        best = widest = 0
        try:
            for number, cells in enumerate(islice(rows, HEADER_WITHIN), 1):
                best = max(best, *(fit_row(kind, number, cells).matched for kind in kinds))
                widest = max(widest, len(cells))
        except csv.Error:
            # A field beyond the limit: this delimiter splits nothing here.
            return best, widest
        return best, widest

    return max(_DELIMITERS, key=matched)
