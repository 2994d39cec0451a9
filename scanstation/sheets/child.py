"""The process that opens a foreign file, so that whatever the file does to it, the station lives on.

Started by `reading`, as `python -m scanstation.sheets.child REQUEST` with the open file as standard input.
It writes one JSON array a line: what it found, then `["end", …]`; a process that ends without it has failed.
"""

import gc
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast
from xml.parsers import expat

from scanstation import languages, processes
from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import keep_what_is_told, sent, word, worded
from scanstation.domain.sheet_kinds import HEADER_WITHIN, HeaderFit, SheetKind, column_letter, fit_row, kind_by_key
from scanstation.domain.sheet_maps import NO_MAP, SheetMap, read_map
from scanstation.sheets.adapting import adapted
from scanstation.sheets.cells import CellReader
from scanstation.sheets.layouts import Layout, texts
from scanstation.sheets.mapping import MappedSheet, mapped
from scanstation.sheets.sniffing import Content, sniff
from scanstation.sheets.tables import (
    ROWS_AT_ONCE,
    Irregular,
    RawRow,
    TableReader,
    Unfit,
    best_fit,
    nearest_fit,
    no_table,
    refuse_double_columns,
    refuse_nearly_fitting,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_COMPLAINTS = 1024**2
"""Bytes: all that a process may write that only reads."""
_COPY = 1024**3
"""Bytes of the copy of a workbook."""
MOST_COLUMNS = 256
"""How far to the right a person is asked to look for a column that its header does not tell."""


class Output(Protocol):
    """Where the lines go."""

    def write(self, line: str, /) -> object: ...


Teller = Callable[[TableReader, str, Iterator[RawRow | None], list[str], Output, Content], None]
"""Tells a table: its reader, its sheet, the rows below its header, notes, where to, what kind of file."""


def main() -> int:
    """Read the file on standard input as the request says; the exit status is 0 where the answer was sent in full."""
    keep_what_is_told()
    gc.disable()  # rows make no cycles, and looking for some takes a twentieth of the reading
    request = json.loads(sys.argv[1])
    languages.settle(request["language"])
    processes.step_back()
    beside = ThreadPoolExecutor(1)
    beside.submit(int).result()  # once it is confined it may start no thread
    processes.confine(
        largest_file=_COPY if request["task"] == "copy" else _COMPLAINTS,
        memory=request["memory"],
        seconds=request["seconds"],
    )
    kinds = [kind_by_key(key) for key in request["kinds"]]
    sheet_map = read_map(*request["map"]) if request.get("map") else NO_MAP
    file = open(0, "rb", closefd=False)  # noqa: SIM115 - it is the process's own standard input
    try:
        if request["task"] == "locate":
            _locate(file, sys.stdout)
        elif request["task"] == "look":
            _look(file, request["name"], kinds, sheet_map, sys.stdout)
        elif request["task"] == "copy":
            from scanstation.sheets.copying import copy_marked

            marks, to, largest = request["marks"], request["to"], request["largest"]
            copy_marked(file, request["name"], marks, to, largest, lambda *marks: _send(sys.stdout, *marks))
            _send(sys.stdout, "end", [])
        else:
            layouts = {marks[0]: Layout.from_message(marks) for marks in request["layouts"]}
            tell = _send_others if request["task"] == "others" else _send_table
            what = _What(request["name"], kinds, request["single"], layouts, sheet_map)
            _read(file, what, sys.stdout, tell, beside)
    except UnreadableFile as refusal:
        _send(sys.stdout, "unreadable", sent(refusal.title), sent(refusal.hint))
    except MemoryError:
        _send(sys.stdout, "memory")
    sys.stdout.flush()
    return 0


@dataclass(frozen=True, slots=True)
class _What:
    """What is asked of a file."""

    name: str
    kinds: Sequence[SheetKind]
    single: bool
    layouts: Mapping[str, Layout]
    sheet_map: SheetMap

    def fit(self, sheet: str, top: Sequence[Sequence[object]]) -> tuple[HeaderFit | None, MappedSheet | None]:
        """The header of a sheet with these first rows, and the map that it was found by, or that came nearest."""
        by = mapped(self.sheet_map, top, self.kinds)
        if self.layouts:
            layout = self.layouts[sheet]
            if by and layout.header_row != by.fit.row:
                by = None  # somebody has said that the header is elsewhere
            return layout.fit(by.top(top) if by else top, self.name), by
        return (by.fit if by.fit.fits else None, by) if by else (best_fit(top, self.kinds), None)


def _look(file: BinaryIO, name: str, kinds: Sequence[SheetKind], sheet_map: SheetMap, out: Output) -> None:
    """Tell the names of the sheets and their first rows, for a person to say what is what."""

    def as_read(top: list[list[Any]]) -> list[list[Any]]:
        return by.top(top) if (by := mapped(sheet_map, top, kinds)) else top

    content = sniff(file, name)
    if content is Content.CSV:
        from scanstation.sheets.delimited import read_delimited, row_names_below

        source = read_delimited(file, name, kinds, sheet_map.headers)
        top = list(islice(source.rows(), HEADER_WITHIN))
        header_row = row_names_below(source.text, top, nearest_fit(top, kinds))
        if header_row:
            top[header_row:] = [cells[1:] for cells in top[header_row:]]
        _send(out, "top", name, False, int(header_row > 0), _first_rows(as_read(top), kinds), source.text.count("\n"))
    elif content is Content.JSON:
        from scanstation.sheets.objects import read_objects

        for sheet in read_objects(file, name, sheet_map.of(kinds))[0]:
            first: list[list[Any]] = [[*sheet.header], *map(list, islice(sheet.rows(), HEADER_WITHIN))]
            _send(out, "top", sheet.name, False, 0, _first_rows(as_read(first), kinds), len(sheet.objects) + 1)
    else:
        with _damage_named(name):
            _look_into_workbook(file, content, kinds, as_read, out)
    _send(out, "end", [])


def _first_rows(rows: Iterable[Sequence[object]], kinds: Sequence[SheetKind]) -> list[list[str]]:
    """The rows where a header may be, as far to the right as a person looks or a known column is."""
    top = list(islice(rows, HEADER_WITHIN))
    fits = [fit_row(kind, number, cells) for number, cells in enumerate(top, 1) for kind in kinds]
    known = {position + 1 for fit in fits for position in fit.positions if position is not None}
    # One named twice is seen at both places.
    known.update(second + 1 for fit in fits for _, _, second in fit.twice)
    reach = max(known | {MOST_COLUMNS})
    return [texts(row[:reach]) for row in top]


def _look_into_workbook(
    file: BinaryIO,
    content: Content,
    kinds: Sequence[SheetKind],
    as_read: Callable[[list[list[Any]]], list[list[Any]]],
    out: Output,
) -> None:
    import python_calamine as calamine

    workbook = calamine.CalamineWorkbook.from_filelike(adapted(file, content))
    sheets = [about for about in workbook.sheets_metadata if about.typ is calamine.SheetTypeEnum.WorkSheet]
    listed = [about for about in sheets if about.visible is not calamine.SheetVisibleEnum.VeryHidden]
    for about in listed or sheets:
        sheet = workbook.get_sheet_by_name(about.name)
        rows = _first_rows(as_read(list(islice(sheet.iter_rows(), HEADER_WITHIN))), kinds)
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        _send(out, "top", about.name, hidden, (sheet.start or (0, 0))[1], rows, _last_row(sheet))


def _read(file: BinaryIO, what: _What, out: Output, tell: Teller, beside: ThreadPoolExecutor) -> None:
    content = sniff(file, what.name)
    if content is Content.CSV:
        _read_delimited(file, what, out, tell)
    elif content is Content.JSON:
        _read_objects(file, what, out, tell)
    else:
        with _damage_named(what.name):
            _read_sheets(file, what, content, out, tell, beside)


def _read_delimited(file: BinaryIO, what: _What, out: Output, tell: Teller) -> None:
    from scanstation.sheets.delimited import has_row_names, read_delimited, without_row_names

    name = what.name
    source = read_delimited(file, name, what.kinds, what.sheet_map.headers)
    rows = source.rows()
    top = list(islice(rows, HEADER_WITHIN))
    fit, by = what.fit(name, top)
    if fit is None:
        raise no_table(name, [Unfit(name, top, by.fit if by else None)], what.kinds)
    refuse_double_columns(fit, name, 0)
    _send(out, "expects", max(0, source.text.count("\n") - fit.row))
    # In text a number is its digits already, so no format is asked for.
    header, below, notes, offset = top[fit.row - 1], top[fit.row :], list(source.notes), 0
    rows = chain(below, rows)
    if has_row_names(source.text, header, below):
        offset = 1
        rows = without_row_names(rows, fit.row + 1, len(header))
        notes.append(worded("The names of the rows, for which the header has no column, were passed over."))
    reader = CellReader(None, is_delimited=True)
    table, told = _table(fit, by, header, offset, reader, Irregular(ragged=True), cast("Iterator[RawRow]", rows), notes)
    tell(table, name, told, notes, out, Content.CSV)
    _send(out, "end", [])


def _table(
    fit: HeaderFit,
    by: MappedSheet | None,
    header: Sequence[object],
    offset: int,
    reader: CellReader,
    irregular: Irregular,
    rows: Iterator[RawRow],
    notes: list[str],
) -> tuple[TableReader, Iterator[RawRow | None]]:
    """A table's reader, and its rows, by the map if there is one."""
    if by is None:
        return TableReader(fit, header, offset, reader, irregular), cast("Iterator[RawRow | None]", rows)
    table = TableReader(fit, by.header, offset, reader, irregular, by.width, by.origins)
    return table, by.rows(rows, fit, notes)


def _read_objects(file: BinaryIO, what: _What, out: Output, tell: Teller) -> None:
    from scanstation.sheets.objects import read_objects

    name = what.name
    sheets, notes = read_objects(file, name, what.sheet_map.of(what.kinds))
    ignored: list[Unfit] = []
    counted = _Counted(name, what.single)
    fitting: list[str] = []
    for sheet in sheets:
        top: list[list[object]] = [[*sheet.header]]
        fit, by = (None, None) if what.layouts and sheet.name not in what.layouts else what.fit(sheet.name, top)
        if fit is None:
            ignored.append(Unfit(sheet.name, top, by.fit if by else None))
            continue
        refuse_double_columns(fit, sheet.name, 0)
        _send(out, "expects", len(sheet.objects))
        said = list(notes)
        # A number is judged as the cell of a spreadsheet is that shows all its digits.
        table, rows = _table(fit, by, sheet.header, 0, CellReader(sheet), Irregular(), sheet.rows(fit), said)
        tell_it = partial(tell, table, sheet.name, rows, said, out, Content.JSON)
        if counted.takes(sheet.name, False, is_empty=not sheet.objects, tell=tell_it):
            tell_it()
        fitting.append(sheet.name)
    counted.close()
    if not fitting:
        raise no_table(name, ignored, what.kinds)
    if not what.single and not what.layouts:
        refuse_nearly_fitting(name, ignored, what.kinds)
    _send(out, "end", [one.sheet for one in ignored])


@contextmanager
def _damage_named(name: str) -> Iterator[None]:
    """What the reader of workbooks says of a broken one, in words that help."""
    import python_calamine as calamine

    file, mend = shorten(name), worded("Open it in the spreadsheet program, save it again as .xlsx, and try again.")
    try:
        yield
    except calamine.PasswordError as error:
        raise UnreadableFile(
            worded("{file} is protected with a password.", file=file),
            worded("Save it without a password, and try again."),
        ) from error
    except (calamine.CalamineError, OSError) as error:
        if "Cannot detect file format" in str(error):
            # It has the parts of a workbook, so it is one; the reader says no more, also of a cell that is too far off.
            raise UnreadableFile(
                worded(
                    "{file} is damaged and cannot be read, or one of its cells is too far away from the others.",
                    file=file,
                ),
                worded(
                    "Open it in the spreadsheet program, press Ctrl+End, delete what is right of the table and "
                    "below it, save it as .xlsx, and try again."
                ),
            ) from error
        raise UnreadableFile(
            worded("{file} is damaged and cannot be read: {why}.", file=file, why=shorten(str(error), 120)), mend
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError) as error:
        raise UnreadableFile(
            worded("{file} is damaged and cannot be read: {why}.", file=file, why=shorten(str(error), 120)), mend
        ) from error


def _read_sheets(
    file: BinaryIO,
    what: _What,
    content: Content,
    out: Output,
    tell: Teller,
    beside: ThreadPoolExecutor,
) -> None:
    import python_calamine as calamine

    from scanstation.sheets.ooxml import Book
    from scanstation.sheets.opendocument import look_closely

    name, layouts = what.name, what.layouts
    file = adapted(file, content)
    workbook = calamine.CalamineWorkbook.from_filelike(file)
    # From here on the reader has the file in memory, so that another thread may move the position in it.
    book = Book(zipfile.ZipFile(file)) if content is Content.XLSX else None
    ignored: list[Unfit] = []
    fitting: list[str] = []
    very_hidden: list[str] = []
    counted = _Counted(what.name, what.single)
    for about in workbook.sheets_metadata:
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        if layouts and about.name not in layouts:
            ignored.append(Unfit(about.name))
            continue
        looked = beside.submit(book.sheet(about.name, (), 0).needs_close_look) if book else None
        sheet = workbook.get_sheet_by_name(about.name)
        if looked:
            wait([looked])
        rows: Iterator[RawRow] = sheet.iter_rows()
        top = list(islice(rows, HEADER_WITHIN))
        fit, by = what.fit(about.name, top)
        if fit is None:
            ignored.append(Unfit(about.name, top, by.fit if by else None))
            continue
        offset = (sheet.start or (0, 0))[1]
        refuse_double_columns(fit, about.name, offset)
        if about.visible is calamine.SheetVisibleEnum.VeryHidden and not layouts:
            very_hidden.append(about.name)
            ignored.append(Unfit(about.name))
            continue
        _send(out, "expects", max(0, _last_row(sheet) - fit.row))
        merged = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ()]
        notes = []
        if about.visible is not calamine.SheetVisibleEnum.Visible:
            notes.append(worded("The sheet {sheet} is hidden; it was read all the same.", sheet=shorten(about.name)))
        columns = {place + offset for place in fit.positions if place is not None}
        reader = CellReader(None)
        irregular = Irregular(merged=merged)
        if book and looked:
            part = book.sheet(about.name, columns, fit.row)
            reader.formats = part
            if looked.result():
                details = part.details
                irregular = Irregular(
                    frozenset(details.hidden_rows),
                    details.unusable,
                    book.counts_on_load,
                    details.moments,
                    merged,
                )
        if content is Content.ODS:
            with zipfile.ZipFile(file) as archive:
                found = look_closely(archive, about.name, columns, fit.row)
            irregular = Irregular(frozenset(found.hidden_rows), found.unusable, False, found.moments, found.merged)
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        below, is_empty = _peeked(chain(top[fit.row :], rows))
        table, told = _table(fit, by, top[fit.row - 1], offset, reader, irregular, below, notes)
        tell_it = partial(tell, table, about.name, told, notes, out, content)
        if counted.takes(about.name, hidden, is_empty=is_empty and not irregular.unusable, tell=tell_it):
            tell_it()
        fitting.append(about.name)
    counted.close()
    if gone := [sheet_name for sheet_name in layouts if sheet_name not in fitting]:
        raise UnreadableFile(
            worded("{file} has no sheet {sheet} any more.", file=shorten(name), sheet=shorten(gone[0])),
            worded("Choose the file again, and look at its sheets."),
        )
    if not fitting and very_hidden:
        raise UnreadableFile(
            worded(
                "{file} has the header only on the sheet {sheet}, which is hidden so that no menu shows it.",
                file=shorten(name),
                sheet=shorten(very_hidden[0]),
            ),
            worded("Copy its rows to a new sheet, and save that."),
        )
    if not fitting:
        raise no_table(name, ignored, what.kinds)
    _send(out, "end", [one.sheet for one in ignored])


class _Counted:
    """Which of the sheets that fit counts where one is expected: one without rows only if it is the only one."""

    def __init__(self, name: str, single: bool) -> None:
        self._name = name
        self._single = single
        self._first: str | None = None
        self._empty: Callable[[], None] | None = None

    def takes(self, sheet: str, hidden: bool, *, is_empty: bool, tell: Callable[[], None]) -> bool:
        """Is the sheet to be sent now? Raises UnreadableFile for a second one."""
        if not self._single:
            return True
        if is_empty:
            self._empty = self._empty or tell
            return False
        sheet_name = word("{sheet} (hidden)", sheet=shorten(sheet)) if hidden else shorten(sheet)
        if self._first is not None:
            raise UnreadableFile(
                worded(
                    "{file} has two sheets that fit: {first} and {second}.",
                    file=shorten(self._name),
                    first=self._first,
                    second=sheet_name,
                ),
                worded("Keep one of them in the file, or save them as two files."),
            )
        self._first = sheet_name
        return True

    def close(self) -> None:
        """Tell the sheet without rows, if there was no other."""
        if self._first is None and self._empty is not None:
            self._empty()


def _peeked(rows: Iterator[RawRow]) -> tuple[Iterator[RawRow], bool]:
    """The rows again, and is nothing in any of them?"""
    before: list[RawRow] = []
    for cells in rows:
        before.append(cells)
        if any(cell != "" for cell in cells):
            return chain(before, rows), False
    return iter(before), True


def _last_row(sheet: "CalamineSheet") -> int:
    return (sheet.start or (0, 0))[0] + sheet.height


def _numbered(table: TableReader, rows: Iterator[RawRow | None]) -> Iterator[tuple[int, RawRow]]:
    """The rows with their numbers, without those that a map leaves out."""
    numbered = enumerate(rows, table.header_row + 1)
    if not table.is_mapped:
        return cast("Iterator[tuple[int, RawRow]]", numbered)  # no look at each of a million
    return ((number, cells) for number, cells in numbered if cells is not None)


def _send_table(
    table: TableReader, sheet: str, rows: Iterator[RawRow | None], notes: list[str], out: Output, content: Content
) -> None:
    origins = {name: sent(said) for name, said in table.origins.items()}
    about = (table.kind.key, sheet, table.header_row, table.columns, table.ignored_columns, origins)
    _send(out, "table", *about)
    for numbers, columns in table.blocks(_numbered(table, rows)):
        _send(out, "rows", numbers, [None if texts is None else _once(texts) for texts in columns])
    if table.has_empty_serials and content in (Content.XLS, Content.XLSB):
        notes.append(
            worded(
                "Some serial cells are empty. In .{content} error values and merged cells look empty too: to be "
                "sure, save the file as .xlsx and read that.",
                content=content,
            )
        )
    sayings = _Sayings()
    problems = [(*problem[:4], sayings.at(problem.reason), sayings.at(problem.mend)) for problem in table.problems]
    _send(out, "problems", sayings.texts, problems)
    sayings = _Sayings()
    suspects = [(row, column, sayings.at(reason)) for row, column, reason in table.suspects]
    _send(out, "suspects", sayings.texts, suspects)
    _send(out, "notes", [sent(note) for note in notes + table.notes])


class _Sayings:
    """What is said of many cells, each text once: the cells have its number."""

    def __init__(self) -> None:
        self.texts: list[object] = []
        self._numbers: dict[str, int] = {}

    def at(self, text: str) -> int:
        """The number of the text."""
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(sent(text))
        return number


def _send_others(
    table: TableReader, sheet: str, rows: Iterator[RawRow | None], _notes: list[str], out: Output, _content: Content
) -> None:
    """Tell what the sheet has beside the kind's columns."""
    columns, numbered = table.others(_numbered(table, rows))
    _send(out, "others", sheet, columns)
    filled = (one for one in numbered if any(one[1]))
    while block := list(islice(filled, ROWS_AT_ONCE)):
        _send(out, "other rows", block)


def _once(texts: Sequence[str]) -> Sequence[str] | str:
    """The one text that all these rows have, as in most columns of a list of serials; else the texts."""
    return texts[0] if texts.count(texts[0]) == len(texts) else texts


def _locate(file: BinaryIO, out: Output) -> None:
    """Tell how far the sheets of an .xlsx reach, for the message about one that is too large to be read."""
    from scanstation.sheets.ooxml import Book

    book = Book(zipfile.ZipFile(file))
    for title in book.parts:
        row, column = book.sheet(title, (), 0).farthest_cell()
        _send(out, "reaches", title, row, column, f"{column_letter(column)}{row}")
    _send(out, "end", [])


def _send(out: Output, *message: object) -> None:
    out.write(json.dumps(message))
    out.write("\n")


if __name__ == "__main__":
    sys.exit(main())
