"""CSV as people and programs write it: which encoding, which delimiter, then plain rows of text."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import worded
from scanstation.domain.sheet_kinds import HEADER_WITHIN, HeaderFit, SheetKind, fit_row, header_key

# A blank is one only where the cells are quoted, as R writes them: the header fits no other way.
_DELIMITERS = (",", ";", "\t", "|", " ")
_quote_after_blanks = re.compile(r"[,;\t|] +\"").search
_END_OF_FILE = "\x1a"
# In Windows-1252 letters beyond ASCII stand alone among others, and signs are not followed by such letters.
_SIGN = rb"[\xa2-\xaa\xac-\xb6\xb8-\xba\xbc-\xbe]"
_no_western_text = re.compile(
    rb"[\xc0-\xd6\xd8-\xf6\xf8-\xff]{4}|"
    + _SIGN
    + rb"(?:[\xc0-\xff]|[\xa1-\xff]{3})|[\xa1-\xdf]{2}"
    + _SIGN
    + rb"|[\x81\x83\x88\x8d\x8f\x90\x98\x9d]|(?:[\x80-\x9f][\x80-\xff]){2}|[\xa4-\xa9][\x40-\x7e][\xa4-\xc6]"
).search


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """The decoded text of a CSV file, its delimiter, and what had to be assumed to read it."""

    text: str
    delimiter: str
    notes: tuple[str, ...]
    name: str
    blanks_before_quotes: bool = False
    """Cells are written `, "…"`."""

    def rows(self) -> Iterator[list[str]]:
        """The records, as a spreadsheet would number them; raises UnreadableFile at a broken quotation."""
        reader = _reader(self.text, self.delimiter, self.blanks_before_quotes)
        record = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFile(
                    worded(
                        "{file} breaks off in row {record:,}: {why}.",
                        file=shorten(self.name),
                        record=record + 1,
                        why=error,
                    ),
                    worded("Look for a quotation mark that is not closed, or a stray one, and save the file again."),
                ) from error
            record += 1
            yield cells


def has_row_names(text: str, header: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Does each row begin with a name for which the header has no column, as R's `write.table` writes them?

    A cell that falls apart at a delimiter of its own makes a row longer too: then nothing in it is quoted, and what
    stands first is no running number.
    """
    rows = [cells for cells in below if any(cells)]
    names = [cells[0] for cells in rows]
    return (
        bool(rows)
        and bool(header[-1])
        and all(len(cells) == len(header) + 1 for cells in rows)
        and len(set(names)) == len(names)
        and all(names)
        and (all(map(str.isdigit, names)) or (len(names) > 1 and text.count('"') >= 2 * len(header) * len(rows)))
    )


def row_names_below(text: str, top: Sequence[Sequence[str]], fit: HeaderFit | None) -> int:
    """The row, counted from 1, below which each row begins with such a name; 0 where none does.

    It is that of the header that comes nearest; where no row has a known header, the first one that can be it.
    """
    filled = [row for row, cells in enumerate(top, 1) if any(cells)]
    return next(
        (row for row in ([fit.row] if fit else filled) if has_row_names(text, top[row - 1], top[row:])),
        0,
    )


def without_row_names(rows: Iterable[list[str]], first: int, width: int) -> Iterator[list[str]]:
    """The rows without their names; raises UnreadableFile for a row that has none."""
    for number, cells in enumerate(rows, first):
        if any(cells) and len(cells) <= width:
            raise UnreadableFile(
                worded(
                    "Row {number:,} begins without the name that the rows before have, for which there is no header.",
                    number=number,
                ),
                worded("Write the file without row names (in R: row.names = FALSE), and try again."),
            )
        yield cells[1:]


def read_delimited(
    file: BinaryIO, name: str, kinds: Sequence[SheetKind], mapped: Collection[str] = ()
) -> DelimitedText:
    """Decode the file and choose the delimiter by which a header fits best, ours or one of those that are mapped.

    Raises UnreadableFile for bytes that are no text.
    """
    file.seek(0)
    text, notes = decoded(file.read(), name)
    if text.rstrip("\r\n").endswith(_END_OF_FILE):
        text = text.rstrip("\r\n" + _END_OF_FILE) + "\n"
        notes += (worded("The end mark that DOS writes (0x1A) was passed over."),)
    delimiter = _delimiter(text, kinds, mapped)
    return DelimitedText(text, delimiter, notes, name, _has_blanks_before_quotes(text, delimiter))


def _reader(text: str, delimiter: str, blanks_before_quotes: bool) -> "Iterator[list[str]]":
    return csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=blanks_before_quotes
    )


def _has_blanks_before_quotes(text: str, delimiter: str) -> bool:
    """Are quoted cells written after a blank? Only if all of the text can be read so."""
    if delimiter == " " or _quote_after_blanks(text) is None:
        return False
    try:
        for _ in _reader(text, delimiter, True):
            pass
    except csv.Error:
        return False
    return True


def decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and what had to be assumed; raises UnreadableFile for bytes that are no text."""
    no_text = worded("{file} is not text that could be read.", file=shorten(name))
    mend = worded("Save it as CSV UTF-8 or as .xlsx, and try again.")
    notes: tuple[str, ...] = ()
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise UnreadableFile(no_text, mend) from error
        if _no_western_text(content):
            raise UnreadableFile(
                worded(
                    "{file} is neither UTF-8 nor Western European text; it may be Shift-JIS, GBK, Big5 or another "
                    "encoding, which would have to be guessed.",
                    file=shorten(name),
                ),
                worded("Save it as CSV UTF-8 or as .xlsx, and try again."),
            ) from error
        text = content.decode("cp1252")
        notes = (worded("The file is not UTF-8; it was read as Windows-1252 (Western European). Look at its accents."),)
    if "\0" in text:
        raise UnreadableFile(no_text, mend)
    return text, notes


def _delimiter(text: str, kinds: Sequence[SheetKind], mapped: Collection[str]) -> str:
    """The delimiter that makes the first rows hold the most of a kind's columns; if none are known, the most cells."""

    def matched(delimiter: str) -> tuple[int, int]:
        # Not strict: a stray quotation mark far below is told of later, with its row.
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != " ")
        best = widest = 0
        try:
            for number, cells in enumerate(islice(rows, HEADER_WITHIN), 1):
                of_map = sum(header_key(cell) in mapped for cell in cells) if mapped else 0
                best = max(best, of_map, *(fit_row(kind, number, cells).matched for kind in kinds))
                widest = max(widest, len(cells))
        except csv.Error:
            # A field beyond the limit: this delimiter splits nothing here.
            return best, widest
        return best, widest

    return max(_DELIMITERS, key=matched)
