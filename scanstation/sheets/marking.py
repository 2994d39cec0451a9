"""Rows that were refused, saved to be mended: in a copy of the file they came from, or in a plain workbook."""

import json
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import english, retold, word
from scanstation.domain.sheet_kinds import Column, header_key
from scanstation.files import replacing
from scanstation.sheets import spoiled
from scanstation.sheets.cells import is_taken
from scanstation.sheets.copying import LeftOut, error_header, is_error_column
from scanstation.sheets.reading import Limits, Origin, Row, Table, asked_again, read_workbook
from scanstation.sheets.writing import Cell, Sheet, check_workbook_name, write_workbook

Errors = Mapping[int, str | Sequence[str]]
"""Why rows of a sheet were refused, by row number."""


class Refusals(NamedTuple):
    """A sheet that was read, and what is wrong with it."""

    table: Table
    errors: Errors
    cells: Collection[str] = ()
    """The cells that are meant (E5), beside those that could not be read."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written."""

    rows: int
    copy_of: str = ""
    """The file it is a copy of; empty for a plain workbook."""
    why_plain: str = ""
    """Why it is none."""
    lacks: tuple[str, ...] = ()
    """What could not be copied, as nouns."""
    has_formulas: bool = False
    """Do columns that are read hold formulas? The copy has no results of them until it is opened and saved."""


class _NoCopy(Exception):
    """There can be none; its text says why."""


def write_errors(
    path: Path, sheets: Sequence[Refusals], *, only_refused: bool = False, limits: Limits | None = None
) -> Saved:
    """Write the rows of sheets that were read, with why they were refused, to be mended and read again.

    Of one .xlsx or .xlsm a copy of the file is written: its sheets, columns, widths and formats stay, an Error column
    is added, and the cells that are meant are marked. The copy is read once more, and says what the file said, or
    there is none. Everything else becomes a plain workbook: text in all columns of each sheet, and one more, `Error`;
    what was refused only for being a number or a date is empty in it.

    With `only_refused` the good rows are left out. Raises UnwritableFile.
    """
    kept = [one for one in sheets if one.errors or not only_refused]
    try:
        return _write_copy(path, sheets, only_refused=only_refused, limits=limits)
    except _NoCopy as reason:
        why = str(reason)
    try:
        return Saved(_write_plain(path, kept, only_refused=only_refused, whole=True), why_plain=why)
    except UnreadableFile:
        # What stands beside our columns is not to be had any more.
        return Saved(_write_plain(path, kept, only_refused=only_refused, whole=False), why_plain=why)


# The copy


def _write_copy(path: Path, sheets: Sequence[Refusals], *, only_refused: bool, limits: Limits | None) -> Saved:
    origin = _only_origin(sheets)
    if path.suffix.lower() != ".xlsm" or origin.path.suffix.lower() != ".xlsm":
        check_workbook_name(path)
    if not origin.is_unchanged:
        raise _NoCopy(word("{file} was changed since it was read", file=shorten(origin.path.name)))
    left_out = [_left_out(one) if only_refused else set[int]() for one in sheets]
    marks = [
        (
            one.table.sheet,
            one.table.header_row,
            {row: _sentence(said) for row, said in one.errors.items()},
            sorted({*one.cells, *(problem.cell for problem in one.table.problems)}),
            sorted(rows),
        )
        for one, rows in zip(sheets, left_out, strict=True)
    ]
    with tempfile.TemporaryDirectory() as scratch:
        told, to = Path(scratch) / "marks.json", Path(scratch) / f"copy{path.suffix.lower()}"
        told.write_text(json.dumps(marks), encoding="utf-8")
        lacks = _copied(origin, told, to, limits)
        has_formulas = False
        try:
            read = read_workbook(to, origin.kinds, layouts=origin.layouts, sheet_map=origin.sheet_map)
            copies = {table.sheet: table for table in read.tables}
        except UnreadableFile as error:
            raise _NoCopy(word("a copy would not be read as it is")) from error
        for one, rows in zip(sheets, left_out, strict=True):
            copied = copies.get(one.table.sheet)
            if copied is None or not _reads_alike(one.table, copied, LeftOut(rows)):
                raise _NoCopy(word("a copy would not be read as it is"))
            has_formulas = has_formulas or len(copied.problems) > len(one.table.problems)
        with replacing(path, (".xlsx", ".xlsm")) as file, to.open("rb") as whole:
            shutil.copyfileobj(whole, file)
    count = sum(len(one.table.rows) - len(rows) for one, rows in zip(sheets, left_out, strict=True))
    return Saved(count, origin.path.name, lacks=lacks, has_formulas=has_formulas)


def _only_origin(sheets: Sequence[Refusals]) -> Origin:
    origins = {one.table.origin for one in sheets}
    if len(origins) > 1:
        raise _NoCopy(word("the rows are of several files"))
    (origin,) = origins
    if origin is None:
        raise _NoCopy(word("the file is not known any more"))
    return origin


def _left_out(one: Refusals) -> set[int]:
    return {row.number for row in one.table.rows if row.number not in one.errors}


def _copied(origin: Origin, marks: Path, to: Path, limits: Limits | None) -> tuple[str, ...]:
    """Have the reading process write the copy; what it lacks."""
    try:
        limits = limits or Limits()
        more = {"marks": str(marks), "to": str(to), "largest": limits.copied}
        with asked_again(origin, "copy", limits=limits, **more) as messages:
            for message in messages:
                if message[0] == "no copy":
                    raise _NoCopy(retold(message[1]))
                if message[0] == "copied":
                    return tuple(map(retold, message[1]))
    except UnreadableFile as error:
        raise _NoCopy(error.title.strip(".")) from error
    raise _NoCopy(word("the copy was not finished"))


def _reads_alike(table: Table, copied: Table, left_out: LeftOut) -> bool:
    """Would the copy be read as the file was, and nothing pass in it that did not pass there?"""
    refused = {(problem.row, problem.column) for problem in copied.problems}
    if any((left_out.moved(one.row), one.column) not in refused for one in table.problems if one.row not in left_out):
        return False
    for number, why in table.suspects.items():
        if number not in left_out and why.keys() - copied.suspects.get(left_out.moved(number), {}).keys():
            return False
    rows = {row.number: row.values for row in copied.rows}
    columns = table.kind.columns
    for row in table.rows:
        if row.number in left_out:
            continue
        number = left_out.moved(row.number)
        values = rows.pop(number, None)
        if values is None:
            return False
        for column, before, after in zip(columns, row.values, values, strict=True):
            if before != after and (number, column.name) not in refused:
                return False
    return all(any((number, column.name) in refused for column in columns) for number in rows)


# The plain workbook


def _write_plain(path: Path, sheets: Sequence[Refusals], *, only_refused: bool, whole: bool) -> int:
    titles = [one.table.kind.key for one in sheets]
    named = [
        title if titles.count(title) == 1 else f"{title} {titles[:at].count(title) + 1}"
        for at, title in enumerate(titles)
    ]
    with replacing(path, (".xlsx", ".xlsm")) as file:
        return write_workbook(
            file,
            path,
            [
                _plain(title, one, only_refused=only_refused, whole=whole)
                for title, one in zip(named, sheets, strict=True)
            ],
        )


class _Beside(NamedTuple):
    """What a sheet has beside the columns that are read."""

    letters: list[str]
    headers: list[str]
    rows: dict[int, list[str]]


def _plain(title: str, one: Refusals, *, only_refused: bool, whole: bool) -> Sheet:
    table = one.table
    beside = _beside(table) if whole else _Beside([], [], {})
    slots = {column.name: slot for slot, column in enumerate(table.kind.columns) if column.name in table.columns}
    unreadable = {(problem.row, problem.column) for problem in table.problems}
    # In the order of the sheet: each column by its place, ours as its slot, others as their number.
    ours = [(_place(table.columns[name]), name, slot, -1) for name, slot in slots.items()]
    others = [
        (_place(letter), header, -1, at)
        for at, (letter, header) in enumerate(zip(beside.letters, beside.headers, strict=True))
    ]
    ordered = sorted((*ours, *others))

    def cell(row: Row, slot: int) -> str:
        """What the sheet shows; empty where that would pass only because it is text now: a date, a 12.5, a TRUE."""
        text, column = row.values[slot], table.kind.columns[slot]
        if (
            only_refused
            and column.name in table.suspects.get(row.number, ())
            and spoiled.reason_in_serials(text) is None
        ):
            return ""  # what gave it away, a day among serials, were the rows that are left out
        return "" if (row.number, column.name) in unreadable and is_taken(text, column) else text

    def rows() -> Iterator[list[Cell]]:
        empty = [""] * len(beside.headers)
        for row in table.rows:
            reasons = _sentence(one.errors.get(row.number, ()))
            if reasons or not only_refused:
                more = beside.rows.get(row.number, empty)
                yield [*(cell(row, slot) if slot >= 0 else more[at] for _, _, slot, at in ordered), reasons]

    headers = [header for _, header, _, _ in ordered]
    error = error_header(headers)
    columns = [Column(header) for header in (*headers, error)]
    return Sheet(title, columns, rows(), to_fill_in=True, wide=error)


def _beside(table: Table) -> _Beside:
    """The other columns of the sheet, but for the errors of an earlier round; none where they are not to be had.

    Raises UnreadableFile where the file is gone or another one.
    """
    if table.origin is None:
        return _Beside([], [], {})
    columns: list[tuple[str, str]] = []
    rows: dict[int, list[str]] = {}
    with asked_again(table.origin, "others") as messages:
        sheet = None
        for message in messages:
            if message[0] == "others":
                sheet = message[1]
                columns = message[2] if sheet == table.sheet else columns
            elif message[0] == "other rows" and sheet == table.sheet:
                rows.update(message[1])
    kept = [
        at
        for at, (_, header) in enumerate(columns)
        if not is_error_column(header, [cells[at] for cells in rows.values() if cells[at]])
    ]
    known = {header_key(column.name) for column in table.kind.columns}
    # A column that somebody has said is not the one that its header names would be taken for it next time.
    headers = [f"{columns[at][1]} (not read)" if header_key(columns[at][1]) in known else columns[at][1] for at in kept]
    return _Beside(
        [columns[at][0] for at in kept],
        headers,
        {number: [cells[at] for at in kept] for number, cells in rows.items()},
    )


def _place(letters: str) -> tuple[int, str]:
    """What columns are sorted by."""
    return len(letters), letters


def _sentence(sentences: str | Sequence[str]) -> str:
    """What is wrong with a row, as the file says it: in English."""
    return english(sentences) if isinstance(sentences, str) else " ".join(map(english, sentences))
