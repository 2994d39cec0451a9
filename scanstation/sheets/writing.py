"""Sheets out: reports, templates, and rows to be mended; whole or not at all."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO, cast

from scanstation.domain.codes import shorten, visible
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.language import word, worded
from scanstation.domain.sheet_kinds import Column, Role, SheetKind
from scanstation.files import replacing

Cell = str | int | date | None
"""A moment (datetime) knows its time zone; a workbook holds it as a date that says how far it is from UTC."""

MOST_ROWS = 1_048_576
"""Of a sheet, its header included."""
_LONGEST_CELL = 32_767
# A spreadsheet program runs a text that starts so as a formula; the full-width ones in East Asian versions.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_SUSPICIOUS = frozenset((" ", *_FORMULA_STARTS))
_TEXTS = frozenset((str, type(None)))
_ROWS_AT_ONCE = 500
_OTHER_EXTENSIONS = (".csv", ".tsv", ".txt", ".json", ".xls", ".xlsb", ".xlsm", ".ods")
_NO_TEXT = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".pdf", ".doc", ".docx", ".odt")
"""A program that opens these finds no text in them, and says that the file is damaged."""


class Format(StrEnum):
    """How rows are written to a file."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def write_rows(
    path: str | os.PathLike[str],
    format: Format | str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    moments: Collection[str] = (),
    whole: Callable[[int], None] | None = None,
) -> int:
    """Write the rows to a file in memory that does not grow with them; the count of rows.

    The file appears under its name only when it is whole and on the disk; what was there before stays until
    then. Just before, `whole` is called with the count: a workbook is packed for long after its last row, and where
    `whole` raises, nothing of it is left. `moments` are the columns that hold dates with their time. Raises
    UnwritableFile where it cannot be written, ValueError for a format that is none.
    """
    path = Path(path)
    with replacing(path, (f".{Format(format).value}",)) as file:
        count = _write_rows(file, path, Format(format), columns, rows, moments)
        if whole is not None:
            whole(count)
        return count


def _write_rows(
    file: BinaryIO,
    path: Path,
    format: Format,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    moments: Collection[str],
) -> int:
    if format is Format.XLSX:
        shown = [Column(name, Role.DATE if name in moments else Role.TEXT) for name in columns]
        return write_workbook(file, path, [Sheet("ScanStation", shown, rows, moments=moments)])
    check_text_name(path, format.value.upper(), f".{format.value}")
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        return write_stream(text, format, columns, rows)
    finally:
        text.detach()


def check_text_name(path: str | os.PathLike[str], what: str, ending: str) -> None:
    """Raise UnwritableFile for the name of a file that is no text."""
    name = Path(path)
    if name.suffix.lower() in _NO_TEXT:
        raise UnwritableFile(
            worded("{file} would be {what} under a misleading name.", file=shorten(name.name), what=word(what)),
            worded("Give it a name that ends in {ending}.", ending=ending),
        )


def check_workbook_name(path: Path) -> None:
    """Raise UnwritableFile for the name of a file that is another thing than a workbook without macros."""
    if path.suffix.lower() in _OTHER_EXTENSIONS:
        raise UnwritableFile(
            worded("{file} would be a workbook under a misleading name.", file=shorten(path.name)),
            worded("Give it a name that ends in .xlsx."),
        )


def write_stream(stream: TextIO, format: Format | str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write the rows to a text stream, standard output for one, as CSV or JSON; the count of rows.

    Raises ValueError for xlsx, which is no text; errors of the stream (a closed pipe) come as they are.
    """
    match Format(format):
        case Format.CSV:
            count = _write_csv(stream, columns, rows)
        case Format.JSON:
            count = _write_json(stream, columns, rows)
        case Format.XLSX:
            raise ValueError("a workbook cannot be written to a text stream")
    stream.flush()
    return count


def write_template(path: str | os.PathLike[str], kind: SheetKind, prefilled_rows: Iterable[Sequence[Cell]] = ()) -> int:
    """Write a workbook with the header of the kind and its text columns formatted as Text; the count of rows.

    `prefilled_rows` have a cell for each of the kind's columns but those of our report, which nobody fills in.
    Raises UnwritableFile.
    """
    path = Path(path)
    columns = [column for column in kind.columns if not column.of_report]
    with replacing(path, (".xlsx",)) as file:
        return write_workbook(file, path, [Sheet(kind.key, columns, prefilled_rows, to_fill_in=True)])


class Sheet(NamedTuple):
    """One sheet to write."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    to_fill_in: bool = False
    """Will somebody write into its empty cells? Then these are text too, for programs that ask the cell itself."""
    wide: str = ""
    """A column of sentences."""
    moments: Collection[str] = ()
    """Columns of dates with their time."""


def write_workbook(file: BinaryIO, path: Path, sheets: Sequence[Sheet]) -> int:
    """Write a workbook into the file that will be at the path; the count of rows. Raises UnwritableFile."""
    check_workbook_name(path)
    # Imported late: a start of the station, and CSV, do without it.
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError, FileSizeError

    sink = _Sink(file)
    with tempfile.TemporaryDirectory() as scratch:
        workbook = xlsxwriter.Workbook(
            sink,
            {
                "constant_memory": True,
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        try:
            # Closed even when the rows broke off, because only that ends its own temporary files.
            try:
                count = sum(_fill(workbook, path, sheet) for sheet in sheets)
            finally:
                workbook.close()
        except FileCreateError as error:
            if error.args and isinstance(error.args[0], OSError):
                raise error.args[0] from error
            raise
        except FileSizeError as error:
            raise UnwritableFile(
                worded("{file} would be larger than a workbook can be.", file=shorten(path.name)),
                worded("Narrow the filters, or write CSV."),
            ) from error
        finally:
            sink.end()
    if sink.error is not None:
        raise sink.error
    return count


class _Sink:
    """The file as the workbook writer sees it: an error is kept and not raised, and after the end nothing is written.

    The writer leaves its archive open when a write fails; the archive then tries again whenever it is collected,
    and Python prints a traceback over the screen.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.error: OSError | None = None
        self._file: BinaryIO | None = file

    def end(self) -> None:
        self._file = None

    def write(self, content: bytes) -> int:
        if self._file is not None and self.error is None:
            try:
                self._file.write(content)
            except OSError as error:
                self.error = error
        return len(content)

    def flush(self) -> None:
        """The file is flushed and synced when it is whole."""

    def tell(self) -> int:
        return 0 if self._file is None else self._file.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        return 0 if self._file is None else self._file.seek(place, whence)


def _fill(workbook: Any, path: Path, wanted: Sheet) -> int:
    text = workbook.add_format({"num_format": "@"})
    bold = workbook.add_format({"num_format": "@", "bold": True})
    sheet = workbook.add_worksheet(wanted.title)
    sheet.freeze_panes(1, 0)
    texts = {index for index, column in enumerate(wanted.columns) if column.role in (Role.TEXT, Role.SERIAL)}
    for index, column in enumerate(wanted.columns):
        width = 60 if column.name == wanted.wide else 28 if column.name in wanted.moments else 14
        width = max(len(column.name) + 2, width)
        sheet.set_column(index, index, width, text if index in texts else None)
        sheet.write_string(0, index, visible(column.name), bold)
        if column.how and wanted.to_fill_in:
            # Shown beside whichever cell of the column is being filled in; nothing is refused by it.
            shown = {"validate": "any", "input_title": column.name, "input_message": column.how}
            sheet.data_validation(1, index, MOST_ROWS - 1, index, shown)
    dates: dict[timedelta | bool | None, Any] = {}
    write_text, count = sheet.write_string, 0
    for row in wanted.rows:
        count += 1
        if count >= MOST_ROWS:
            raise UnwritableFile(
                worded(
                    "{file} would have more than the {most:,} rows of a sheet.",
                    file=shorten(path.name),
                    most=MOST_ROWS,
                ),
                worded("Narrow the filters, or write CSV."),
            )
        for index, cell in enumerate(row):
            if type(cell) is str and cell and len(cell) <= _LONGEST_CELL and cell.isprintable():
                write_text(count, index, cell, text)  # nearly all are so
            elif wanted.to_fill_in and index in texts and (cell is None or cell == ""):
                sheet.write_blank(count, index, None, text)
            elif isinstance(cell, date):
                offset = cell.utcoffset() if isinstance(cell, datetime) else False
                if offset not in dates:
                    dates[offset] = workbook.add_format({"num_format": _date_format(cell)})
                local = cell.replace(microsecond=0, tzinfo=None) if isinstance(cell, datetime) else cell
                sheet.write_datetime(count, index, local, dates[offset])
            else:
                _write_cell(sheet, count, index, cell, text)
    return count


def _date_format(day: date) -> str:
    """A sheet's dates know no time zone: that of a moment is in its format."""
    if not isinstance(day, datetime):
        return "yyyy-mm-dd"
    offset = day.isoformat(timespec="seconds")[19:]
    return f'yyyy-mm-dd hh:mm:ss "{offset}"' if offset else "yyyy-mm-dd hh:mm:ss"


def _write_cell(sheet: Any, row: int, index: int, cell: Cell, text: Any) -> None:
    # Numbers are kept as numbers only as far as a spreadsheet keeps their digits.
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < 10**15:
        sheet.write_number(row, index, cell)
    elif cell is not None and cell != "":
        shown = visible(str(cell))
        sheet.write_string(row, index, shown if len(shown) <= _LONGEST_CELL else shown[: _LONGEST_CELL - 1] + "…", text)


def _write_csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    count, rows = 0, iter(rows)
    part: list[Sequence[Cell]] = [columns]
    while part:
        writer.writerows(zip(*map(_harmless_column, zip(*part, strict=True)), strict=True))
        part = [*islice(rows, _ROWS_AT_ONCE)]
        count += len(part)
    return count


def _harmless_column(cells: Sequence[Cell]) -> Sequence[str | None]:
    """A column as CSV may carry it. Most columns of texts are harmless as they are, which is seen at one look."""
    distinct = set(cells)
    if not {*map(type, distinct)} <= _TEXTS:
        return [_harmless(cell) for cell in cells]
    texts = cast(Collection[str], distinct - {None})
    together = "".join(texts)
    if together.isprintable() and _SUSPICIOUS.isdisjoint({text[:1] for text in texts}):
        return cast(Sequence[str | None], cells)
    ready: dict[Cell, str] = {None: "", **{text: _harmless(text) for text in texts}}
    return [ready[cell] for cell in cells]


def _harmless(cell: Cell) -> str:
    """The cell as CSV may carry it: nothing that a terminal obeys, nothing that a spreadsheet runs."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    shown = cell if cell.isprintable() else visible(cell)
    return f"'{shown}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else shown


def _write_json(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    count = 0
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        line = json.dumps(values, ensure_ascii=False)
        if not line.isprintable():
            # A text direction mark or half a surrogate: as an escape it is the same JSON and does no harm.
            line = json.dumps(values)
        stream.write(f"{',' if count else '['}\n  {line}")
        count += 1
    stream.write("\n]\n" if count else "[]\n")
    return count
