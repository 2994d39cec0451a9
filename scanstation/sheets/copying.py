"""A copy of a supervisor's own workbook in which is marked what was refused. In the reading process, with its limits.

openpyxl keeps what it knows of a workbook. What it drops is named; what it would change in a cell is found by holding
the copy against the file, cell by cell, and there is no copy then.
"""

import errno
import json
import math
import re
import warnings
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import said_later, sent, word
from scanstation.domain.sheet_kinds import column_letter, header_key
from scanstation.sheets.sniffing import Content, sniff

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.worksheet import Worksheet
    from python_calamine import CalamineSheet

MARK = "FFFFC9CE"
"""The fill of a marked cell. No program offers this red, so that a mark of an earlier round is known by it."""
ERROR_WIDTH = 60
LONGEST_CELL = 32_767
_MOST_COLUMNS = 16_384

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ERROR_HEADER = re.compile(r"error[0-9]*")
# What the copy lacks, by the parts of the archive that are gone. What is worked out anew, or only for a printer or
# another program, is nobody's loss.
_PARTS = (
    (re.compile(r"xl/(?:charts|chartex)/chart"), said_later("charts")),
    (re.compile(r"xl/media/"), said_later("pictures")),
    (re.compile(r"xl/(?:ctrlProps|activeX)/"), said_later("buttons and other controls")),
    (re.compile(r"xl/(?:slicers|slicerCaches|timelines)/"), said_later("slicers")),
    (re.compile(r"xl/(?:threadedComments|persons)/"), said_later("threads of comments (their text is kept)")),
    (re.compile(r"xl/(?:connections|queryTables|model)|customXml/"), said_later("connections to other data")),
    (re.compile(r"xl/embeddings/"), said_later("embedded files")),
    (re.compile(r"xl/diagrams/"), said_later("diagrams")),
    (re.compile(r"xl/pivot"), said_later("pivot tables")),
    (re.compile(r"xl/(?:macrosheets|dialogsheets)/"), said_later("sheets of old macros")),
    (re.compile(r"xl/vbaProject\.bin"), said_later("macros")),
)
_SHAPES = (b":sp>", b":sp ", b":grpSp", b":cxnSp")
_EXTENSIONS = (
    (b"x14:sparklineGroup", said_later("sparklines")),
    (b"x14:conditionalFormatting", said_later("some of the conditional formats")),
    (b"x14:dataValidation ", said_later("some of the data validations")),
)

_SHAPES_NAMED = said_later("shapes and text boxes")
_STRANGE = said_later("something in it cannot be copied")

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Marks:
    """What to write into one sheet."""

    sheet: str
    header_row: int
    errors: dict[int, str]
    cells: list[str]
    left_out: "LeftOut"


class LeftOut:
    """Rows that were taken, and are not in the copy; the rows below each move up."""

    def __init__(self, rows: Iterable[int]) -> None:
        self._rows = sorted(rows)
        self._known = frozenset(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._known

    def __len__(self) -> int:
        return len(self._rows)

    def moved(self, row: int) -> int:
        """Where a row of the file is in the copy; for one that is left out, the row that follows it."""
        return row - bisect_left(self._rows, row)


def copy_marked(file: BinaryIO, name: str, marks_at: str, to: str, largest: int, tell: Tell) -> None:
    """Copy the workbook with an Error column and marked cells, and tell what the copy lacks; or why there is none."""
    if sniff(file, name) is not Content.XLSX:
        tell("no copy", sent(word("only .xlsx and .xlsm are copied")))
        return
    with zipfile.ZipFile(file) as archive:
        large = sum(part.file_size for part in archive.infolist() if part.filename.startswith("xl/"))
        parts = archive.namelist()
        lost = _never_kept(archive)
    if large > largest:
        tell("no copy", sent(word("{file} is too large to be copied", file=shorten(name))))
        return
    marks = json.loads(Path(marks_at).read_text(encoding="utf-8"))
    sheets = [
        _Marks(sheet, header, {int(row): text for row, text in errors.items()}, cells, LeftOut(rows))
        for sheet, header, errors, cells, rows in marks
    ]
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        written = _write(file, sheets, to, with_macros=to.endswith(".xlsm"))
    if isinstance(written, str):
        tell("no copy", sent(written))
        return
    if (place := _difference(file, to, written)) is not None:
        tell("no copy", sent(word("{place} could not be copied as it is", place=place)))
        return
    with zipfile.ZipFile(to) as archive:
        gone = _gone(parts, archive.namelist())
    lost += [what for what in gone if what not in lost]
    if any("DrawingML" in str(one.message) for one in noticed) and _SHAPES_NAMED not in lost:
        lost.append(_SHAPES_NAMED)
    tell("copied", [sent(word(what)) for what in lost])


def _write(file: BinaryIO, sheets: Sequence[_Marks], to: str, *, with_macros: bool) -> "list[_Written] | str":
    """Write the copy; which cells of it may differ from the file, or why there is none."""
    import openpyxl

    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, rich_text=True, keep_vba=with_macros)
        written = _mark_all(file, book, sheets)
        if not isinstance(written, str):
            book.template = False
            book.save(to)
    except MemoryError:
        raise
    except OSError as error:
        return word("there is no room for it on the disk") if error.errno == errno.ENOSPC else word(_STRANGE)
    except Exception:  # noqa: BLE001 - whatever it is about a foreign file that openpyxl does not know
        return word(_STRANGE)
    return written


def _mark_all(file: BinaryIO, book: "Workbook", sheets: Sequence[_Marks]) -> "list[_Written] | str":
    written = []
    _undo_escapes(file, book)
    if any(marks.sheet not in book.sheetnames for marks in sheets):
        return word("it is written in a form that cannot be copied")
    if any(marks.left_out for marks in sheets) and any(_has_formulas(book[marks.sheet], marks) for marks in sheets):
        return word("its formulas would change without the rows that are left out")
    if any(_joins(book[marks.sheet], marks) for marks in sheets):
        return word("merged cells join rows that are left out with others")
    for marks in sheets:
        one = _mark(book, book[marks.sheet], marks)
        if isinstance(one, str):
            return one
        written.append(one)
        if marks.left_out:
            _leave_out(book[marks.sheet], marks)
    marked = {one.title for one in written}
    written += [
        _Written(sheet.title, 0, 0, LeftOut(()), _formulas(sheet))
        for sheet in book.worksheets
        if sheet.title not in marked
    ]
    return written


@dataclass(frozen=True, slots=True)
class _Written:
    """Where a sheet of the copy may differ from the file."""

    title: str
    error_column: int
    """From 1; 0 for a sheet without one."""
    header_row: int
    left_out: LeftOut
    formulas: frozenset[tuple[int, int]]
    """Row and column from 1: the copy has no stored results."""


def _formulas(sheet: "Worksheet") -> frozenset[tuple[int, int]]:
    return frozenset(place for place, cell in sheet._cells.items() if cell.data_type == "f")


def _has_formulas(sheet: "Worksheet", marks: _Marks) -> bool:
    return any(row > marks.header_row and row not in marks.left_out for row, _ in _formulas(sheet))


def _joins(sheet: "Worksheet", marks: _Marks) -> bool:
    """Is there a merged cell that is partly in rows which are left out?"""
    spans = [range(one.min_row, one.max_row + 1) for one in sheet.merged_cells.ranges] if marks.left_out else []
    return any(0 < sum(row in marks.left_out for row in span) < len(span) for span in spans)


def _mark(book: "Workbook", sheet: "Worksheet", marks: _Marks) -> "_Written | str":
    from openpyxl.cell.cell import MergedCell
    from openpyxl.styles import PatternFill

    column = _error_column(sheet, marks.header_row)
    if column is None:
        return word("there is no room for another column")
    fill = PatternFill("solid", fgColor=MARK)
    _take_marks_off(book, sheet, marks.header_row)
    for (row, place), cell in list(sheet._cells.items()):
        if place == column and row > marks.header_row and not isinstance(cell, MergedCell):
            cell.value = None
    for row, text in marks.errors.items():
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            return word("there is no room for another column")
        _write_text(cell, text)
        cell.number_format = "@"
        cell.fill = fill
        if row in sheet.row_dimensions:
            sheet.row_dimensions[row].hidden = False
    for name in marks.cells:
        is_new = sheet[name].value is None
        sheet[name].fill = fill
        if is_new and sheet[name].number_format == "General":
            sheet[name].number_format = "@"  # what is written into it stays text
    return _Written(sheet.title, column, marks.header_row, marks.left_out, _formulas(sheet))


def _error_column(sheet: "Worksheet", header_row: int) -> int | None:
    """The column (from 1) for the errors: that of an earlier round, or the first free one after the header."""
    texts: dict[int, list[object]] = {}
    headers: dict[int, object] = {}
    for (row, column), cell in sheet._cells.items():
        if cell.value not in (None, ""):
            if row == header_row:
                headers[column] = cell.value
            elif row > header_row:
                texts.setdefault(column, []).append(cell.value)
    for column, header in sorted(headers.items()):
        if is_error_column(str(header), texts.get(column, ())):
            return column
    taken = texts.keys() | headers.keys()
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= header_row:
            taken = taken | set(range(merged.min_col, merged.max_col + 1))
    column = max(headers, default=0) + 1
    while column in taken:
        column += 1
    if column > _MOST_COLUMNS:
        return None
    title: Any = sheet.cell(header_row, column)
    if headers:
        last: Any = sheet.cell(header_row, max(headers))
        title._style = copy(last._style)
    _write_text(title, error_header([str(header) for header in headers.values()]))
    _set_width(sheet, column)
    return column


def is_error_column(header: str, cells: Sequence[object]) -> bool:
    """Has an earlier round written this column? Its texts are sentences; somebody's own column has other ones."""
    if not _ERROR_HEADER.fullmatch(header_key(header)):
        return False
    return all(isinstance(cell, str) and cell.rstrip().endswith((".", "…")) for cell in cells)


def error_header(taken: Sequence[str]) -> str:
    """`Error`, or `Error 2` beside somebody's own column of that name."""
    keys = {header_key(header) for header in taken}
    number = 1
    while header_key(f"Error {number}" if number > 1 else "Error") in keys:
        number += 1
    return f"Error {number}" if number > 1 else "Error"


def _set_width(sheet: "Worksheet", column: int) -> None:
    """The width of one column; where it shares its format with its neighbours these keep theirs."""
    dimensions = sheet.column_dimensions
    for letter, shared in list(dimensions.items()):
        first, last = shared.min or 0, shared.max or 0
        if first <= column <= last and first != last:
            if column < last:
                after = copy(shared)
                after.index, after.min = column_letter(column), column + 1
                dimensions[column_letter(column)] = after
            if first < column:
                shared.max = column - 1
            else:
                del dimensions[letter]
    one = dimensions[column_letter(column - 1)]
    one.width, one.hidden = ERROR_WIDTH, False


def _write_text(cell: Any, text: str) -> None:
    """A text that is never a formula, an error value, or another text to whoever decodes it."""
    shown = visible(text)
    cell.value = None
    cell._value = escaped(shown if len(shown) <= LONGEST_CELL else shown[: LONGEST_CELL - 1] + "…")
    cell.data_type = "s"


def escaped(text: str) -> str:
    """A text as it must stand in a sheet to be read as itself: `_x0041_` is an A there, and a line feed a character."""
    guarded = _ESCAPED.sub(r"_x005F_x\1_", text)
    return "".join(c if c >= " " or c in "\t\n" else f"_x{ord(c):04X}_" for c in guarded)


def _undo_escapes(file: BinaryIO, book: "Workbook") -> None:
    """Where a text has `_x0041_` in it, openpyxl forgets whether that stood for an A: the quick reader knows."""
    import python_calamine as calamine

    odd: list[tuple[str, tuple[int, int], Any]] = [
        (sheet.title, place, cell)
        for sheet in book.worksheets
        for place, cell in sheet._cells.items()
        if cell.data_type == "s" and "_x" in str(cell.value)
    ]
    if not odd:
        return
    file.seek(0)
    known = calamine.CalamineWorkbook.from_filelike(file)
    values: dict[str, dict[tuple[int, int], object]] = {}
    for title, place, cell in odd:
        if title not in values:
            values[title] = dict(_cells(known.get_sheet_by_name(title)))
        value = values[title].get(place)
        if isinstance(value, str):
            cell._value = escaped(value)


def _take_marks_off(book: Any, sheet: Any, header_row: int) -> None:
    from openpyxl.styles import PatternFill

    marked = {number for number, fill in enumerate(book._fills) if getattr(fill, "fgColor", None) and _is_mark(fill)}
    for (row, _), cell in sheet._cells.items() if marked else ():
        if row > header_row and cell._style.fillId in marked:
            cell.fill = PatternFill()


def _is_mark(fill: "PatternFill") -> bool:
    # A program that saved it may have given it a second colour, which a solid fill does not show.
    return fill.fill_type == "solid" and fill.fgColor.rgb == MARK


def _leave_out(sheet: Any, marks: _Marks) -> None:
    """Take the rows out; what holds for whole columns, such as a list to choose from, stays as it is."""
    moved, left_out = marks.left_out.moved, marks.left_out
    merged = [one for one in sheet.merged_cells.ranges if one.max_row > marks.header_row]
    again = []
    for one in merged:
        sheet.unmerge_cells(one.coord)
        if one.min_row not in left_out:
            again.append((moved(one.min_row), one.min_col, moved(one.max_row), one.max_col))
    kept = {}
    for (row, column), cell in sheet._cells.items():
        if row not in left_out:
            cell.row = moved(row)
            if cell.hyperlink:
                cell.hyperlink.ref = cell.coordinate
            kept[cell.row, column] = cell
    sheet._cells = kept
    heights = {moved(row): one for row, one in sheet.row_dimensions.items() if row not in left_out}
    sheet.row_dimensions.clear()
    for row, one in heights.items():
        one.index = row
        sheet.row_dimensions[row] = one
    for first_row, first, last_row, last in again:
        sheet.merge_cells(start_row=first_row, start_column=first, end_row=last_row, end_column=last)
    for table in sheet.tables.values():
        table.ref = _shorter(table.ref, left_out)
        if table.autoFilter:
            table.autoFilter.ref = table.ref
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _shorter(sheet.auto_filter.ref, left_out)


def _shorter(reference: str, left_out: LeftOut) -> str:
    """A range of cells without the rows; a table has one row below its header at least."""
    from openpyxl.utils.cell import range_boundaries

    first, top, last, bottom = (place or 1 for place in range_boundaries(reference))
    below = max(left_out.moved(bottom + 1) - 1, top + 1)
    return f"{column_letter(first - 1)}{top}:{column_letter(last - 1)}{below}"


def _difference(file: BinaryIO, to: str, written: Sequence[_Written]) -> str | None:
    """The first cell that says something else in the copy than in the file."""
    import python_calamine as calamine

    file.seek(0)
    before = calamine.CalamineWorkbook.from_filelike(file)
    after = calamine.CalamineWorkbook.from_path(to)
    about = {one.title: one for one in written}
    for metadata in before.sheets_metadata:
        if metadata.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        title = metadata.name
        if title not in after.sheet_names or title not in about:
            return word("sheet {title}", title=shorten(title))
        one = about[title]
        copied = dict(_cells(after.get_sheet_by_name(title)))
        for (row, column), value in _cells(before.get_sheet_by_name(title)):
            if row in one.left_out:
                continue
            other = copied.pop((one.left_out.moved(row), column), "")
            is_ours = column == one.error_column and row >= one.header_row
            if is_ours or (row, column) in one.formulas:
                continue
            if not _same(value, other):
                return f"{shorten(title)}!{column_letter(column - 1)}{row}"
        for row, column in copied:
            if not (column == one.error_column and row >= one.header_row) and (row, column) not in one.formulas:
                return f"{shorten(title)}!{column_letter(column - 1)}{row}"
    return None


def _cells(sheet: "CalamineSheet") -> Iterator[tuple[tuple[int, int], object]]:
    """The filled cells of a sheet by row and column, from 1."""
    first_row, first_column = sheet.start or (0, 0)
    for row, cells in enumerate(sheet.iter_rows(), first_row + 1):
        for column, value in enumerate(cells, first_column + 1):
            if value not in ("", None):
                yield (row, column), value


def _same(one: object, other: object) -> bool:
    """Do two cells say the same? A number of 17 digits may lose its last, a moment what is below a millisecond."""
    if one == other and type(one) is type(other):
        return True
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isinstance(one, bool) == isinstance(other, bool) and math.isclose(one, other, rel_tol=1e-14)
    moments = [_seconds(one), _seconds(other)]
    return None not in moments and type(one) is type(other) and abs(moments[0] - moments[1]) < 0.001  # type: ignore[operator]


def _seconds(moment: object) -> float | None:
    if isinstance(moment, datetime):
        return (moment - datetime(1900, 1, 1)).total_seconds()  # noqa: DTZ001 - a sheet knows no time zones
    if isinstance(moment, timedelta):
        return moment.total_seconds()
    if isinstance(moment, time):
        return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second).total_seconds()
    return float(moment.toordinal()) if isinstance(moment, date) else None


def _never_kept(archive: zipfile.ZipFile) -> list[str]:
    """What openpyxl drops of parts that it keeps: extensions of sheets, and drawings that are no pictures."""
    parts = []
    for part in archive.namelist():
        if part.startswith("xl/drawings/drawing") and any(mark in archive.read(part) for mark in _SHAPES):
            parts.append(_SHAPES_NAMED)
        if part.startswith("xl/worksheets/sheet"):
            tail = archive.read(part).rpartition(b"</sheetData>")[2]
            parts += [what for mark, what in _EXTENSIONS if mark in tail]
    return list(dict.fromkeys(parts))


def _gone(before: Sequence[str], after: Sequence[str]) -> list[str]:
    def count(names: Sequence[str], part: re.Pattern[str]) -> int:
        return sum(part.match(name) is not None and not name.endswith(".rels") for name in names)

    return [what for part, what in _PARTS if count(after, part) < count(before, part)]
