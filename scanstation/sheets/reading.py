"""Sheets in: every sheet of a file that is of a kind asked for, cell by cell as text, or why not."""

import json
import os
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self, overload

from scanstation import languages, processes
from scanstation.domain.codes import listed, shorten
from scanstation.domain.columns import Texts, by_rows
from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.language import retold, word, worded
from scanstation.domain.progress import Progress
from scanstation.domain.sheet_kinds import Role, SheetKind, kind_by_key
from scanstation.domain.sheet_maps import NO_MAP, SheetMap
from scanstation.sheets import spoiled
from scanstation.sheets.layouts import Layout, SheetTop
from scanstation.sheets.sniffing import LARGEST_FILE, MEGABYTE


class Row(NamedTuple):
    """One row of a sheet. A tuple and no dataclass: a file has a million of them."""

    number: int
    """As the spreadsheet program counts, from 1."""
    values: tuple[str, ...]
    """In the order of the kind's columns; "" where the cell is empty or the column is not there."""


class _Rows(Sequence[Row]):
    """The rows of a table, made when somebody looks at one: whoever takes them by columns never does."""

    def __init__(self, blocks: Sequence[tuple[Sequence[int], Sequence[Texts]]]) -> None:
        self._blocks = blocks
        self._made: list[Row] | None = None

    def __len__(self) -> int:
        return sum(len(numbers) for numbers, _ in self._blocks)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return self._all()[place]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def _all(self) -> list[Row]:
        if self._made is None:
            self._made = []
            for numbers, columns in self._blocks:
                self._made += map(Row, numbers, by_rows(columns))
        return self._made


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be taken. Its row is still in the table, with what the cell shows."""

    sheet: str
    row: int
    cell: str
    """As the spreadsheet program names it: C12."""
    column: str
    value: str
    reason: str
    """Completes the sentence 'The value …'."""
    mend: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a table was read from, and what was asked of it: it can be read once more."""

    path: Path
    identity: tuple[int, int, int, int]
    """Of the content that was read: another one is not the table's."""
    kinds: tuple[SheetKind, ...]
    layouts: tuple[Layout, ...]
    sheet_map: SheetMap = NO_MAP

    @property
    def is_unchanged(self) -> bool:
        """Is the same content still there?"""
        try:
            return _identity(self.path.stat()) == self.identity
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet that is of a kind asked for."""

    kind: SheetKind
    sheet: str
    header_row: int
    columns: dict[str, str]
    """The letters of the kind's columns that the sheet has, by the kind's names for them."""
    rows: Sequence[Row]
    """The rows that are not blank, in the order of the sheet."""
    ignored_columns: tuple[str, ...]
    """Headers that the kind does not know."""
    notes: tuple[str, ...]
    """What was ignored or mended, a sentence each."""
    problems: tuple[Problem, ...]
    """Every cell that cannot be taken, by row."""
    origin: Origin | None = None
    suspects: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Serials that are taken only where the product's pattern matches them: by row and column, why not else.

    The reason completes the sentence 'The value …'.
    """
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where our columns come from: by a map, or because the sheet calls them otherwise; the others have our header."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, and which columns were ignored."""
        if not self.ignored_columns:
            return self.notes
        return (
            *self.notes,
            worded("Columns passed over: {columns}.", columns=listed(self.ignored_columns)),
        )

    def cell(self, row: Row, column: str) -> str:
        """The place of a value as the spreadsheet program names it (C12); the row's number if it has no column."""
        return f"{self.columns.get(column, '')}{row.number}"


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a file holds of the kinds asked for; at least one table."""

    path: Path
    tables: tuple[Table, ...]
    ignored_sheets: tuple[str, ...]
    """Sheets that are of no kind asked for."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which sheets were ignored."""
        return (
            (worded("Sheets passed over: {sheets}.", sheets=listed(self.ignored_sheets)),)
            if self.ignored_sheets
            else ()
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost. A million rows of six columns take 0.8 GB and some seconds."""

    memory: int = 2048 * MEGABYTE
    """Bytes of address space."""
    processor_seconds: int = 120
    seconds: float = 240
    """By the wall clock, waiting included."""
    copied: int = 60 * MEGABYTE
    """Bytes of a workbook's parts, unpacked, up to which it is copied: about a million cells, which take half a minute
    and 0.6 GB."""


@dataclass(slots=True)
class _TableSoFar:
    """What the child has sent so far of one table."""

    kind: SheetKind
    sheet: str
    header_row: int
    columns: dict[str, str]
    ignored_columns: tuple[str, ...]
    origins: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[Sequence[int], Sequence[Texts]]] = field(default_factory=list)
    """The numbers of some rows, and their columns."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    suspects: list[tuple[int, str, str]] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)

    def table(self, origin: Origin) -> Table:
        """All of it."""
        rows = _Rows(self.blocks)
        return Table(
            self.kind,
            self.sheet,
            self.header_row,
            self.columns,
            rows,
            self.ignored_columns,
            self.notes,
            self.problems,
            origin=origin,
            suspects=self._judged_suspects(rows),
            origins=self.origins,
        )

    def _judged_suspects(self, rows: Sequence[Row]) -> dict[int, dict[str, str]]:
        """The suspects by row; whether a day and a month is one, the other cells of its column tell."""
        if not self.suspects:
            return {}
        texts: dict[str, list[str]] = {}
        at = {row.number: position for position, row in enumerate(rows)}
        judged: dict[int, dict[str, str]] = {}
        reasons: dict[tuple[str, str], str | None] = {}
        for row, column, reason in self.suspects:
            if row not in at:
                continue
            if column not in texts:
                slot = self.kind.index(column)
                texts[column] = [one.values[slot] for one in rows]
            text = texts[column][at[row]]
            why: str | None = reason
            if not why:
                form = (column, spoiled.form(text))
                if form not in reasons:
                    reasons[form] = spoiled.among_others(text, texts[column])
                why = reasons[form]
            if why:
                judged.setdefault(row, {})[column] = why
        return judged


def look_into(
    path: str | os.PathLike[str],
    kinds: Sequence[SheetKind],
    *,
    sheet_map: SheetMap = NO_MAP,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> tuple[SheetTop, ...]:
    """The sheets of a file and their first rows, for a person to say which is meant and what its columns are.

    Raises UnreadablePath and UnreadableFile as `read_workbook` does, and ReadingStopped.
    """
    path = Path(path)
    request = {
        "task": "look",
        "name": path.name,
        "kinds": [kind.key for kind in kinds],
        "map": _map_message(sheet_map),
    }
    with _opened(path) as file, _Child(file, request, limits or Limits(), progress or Progress()) as child:
        return tuple(
            SheetTop(sheet, hidden, offset, tuple(map(tuple, rows)), total)
            for sheet, hidden, offset, rows, total in (
                message[1:] for message in child.messages() if message[0] == "top"
            )
        )


def read_workbook(
    path: str | os.PathLike[str],
    kinds: Sequence[SheetKind],
    *,
    single: bool = False,
    layouts: Sequence[Layout] = (),
    sheet_map: SheetMap = NO_MAP,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Workbook:
    """Read every sheet of the file that has the header of one of `kinds`; or those of `layouts`, as these say.

    The file is opened by a process of its own with limits, because a hostile or broken one can make any reader
    swell or abort. Raises UnreadablePath if there is nothing to read at the path, UnreadableFile if the content
    cannot be read, no sheet fits, or `single` is asked and two fit, ReadingStopped if `progress` was stopped.
    Bad cells raise nothing: they are the tables' `problems`. Blocks until the file is read. A sheet with the header of
    none is read by `sheet_map`.
    """
    with reading_of(
        path, kinds, single=single, layouts=layouts, sheet_map=sheet_map, limits=limits, progress=progress
    ) as reading:
        return reading.workbook()


@contextmanager
def reading_of(
    path: str | os.PathLike[str],
    kinds: Sequence[SheetKind],
    *,
    single: bool = False,
    layouts: Sequence[Layout] = (),
    sheet_map: SheetMap = NO_MAP,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Iterator["Reading"]:
    """As `read_workbook`, begun at once and waited for later: in between there are other things to do.

    Raises UnreadablePath; everything else is raised by the reading's `workbook`.
    """
    path = Path(path)
    request = {
        "task": "read",
        "name": path.name,
        "kinds": [kind.key for kind in kinds],
        "single": single,
        "layouts": [layout.to_message() for layout in layouts],
        "map": _map_message(sheet_map),
    }
    with _opened(path) as file:
        before = os.fstat(file.fileno())
        with _Child(file, request, limits or Limits(), progress or Progress()) as child:
            origin = Origin(path.absolute(), _identity(before), tuple(kinds), tuple(layouts), sheet_map)
            yield Reading(origin, path, before, child)


@contextmanager
def asked_again(
    origin: Origin, task: str, *, limits: Limits | None = None, **more: Any
) -> Iterator[Iterator[list[Any]]]:
    """What the reading process says of a file that was read before; another task than reading it.

    Raises UnreadableFile where the file is gone, is another one now, or cannot be read; the messages do so too.
    """
    path = origin.path
    request = {
        "task": task,
        "name": path.name,
        "kinds": [kind.key for kind in origin.kinds],
        "single": False,
        "layouts": [layout.to_message() for layout in origin.layouts],
        "map": _map_message(origin.sheet_map),
        **more,
    }
    with _opened(path) as file, _Child(file, request, limits or Limits(), Progress()) as child:
        if _identity(os.fstat(file.fileno())) != origin.identity:
            raise _changed(path)
        yield child.messages()
        if not origin.is_unchanged:
            raise _changed(path)


def _map_message(sheet_map: SheetMap) -> list[Any] | None:
    return [sheet_map.name, sheet_map.raw] if sheet_map else None


class Reading:
    """A file that another process reads already."""

    def __init__(self, origin: Origin, path: Path, before: os.stat_result, child: "_Child") -> None:
        self._origin = origin
        self._path = path
        self._before = before
        self._child = child

    def workbook(self, each: Callable[[Sequence[int], Sequence[Texts]], None] | None = None) -> Workbook:
        """What `read_workbook` answers and raises.

        `each` is given the rows as they come, some thousands at once, while the other process goes on reading: their
        numbers, and the kind's columns.
        """
        tables: list[_TableSoFar] = []
        ignored: list[str] = []
        progress = self._child.progress
        try:
            for message in self._child.messages():
                _take(message, tables, ignored, progress)
                if each is not None and message[0] == "rows":
                    each(*tables[-1].blocks[-1])
        except UnreadableFile:
            # Half a file that is being written looks damaged; that it is being written is what helps.
            _refuse_changed(self._path, self._child.file, self._before)
            raise
        _refuse_changed(self._path, self._child.file, self._before)
        progress.is_read = True
        return Workbook(self._path, tuple(one.table(self._origin) for one in tables), tuple(ignored))


def read_lines(path: Path) -> list[str]:
    """The lines of a text that are not blank, such as a list of codes; decoded as the text of a sheet is.

    Raises:
        UnreadablePath: there is no such file, or it cannot be read.
        UnreadableFile: it is no text, or larger than a list is.
    """
    from scanstation.sheets.delimited import decoded

    file_name = shorten(path.name or str(path), 80)
    with _opened(path) as file:
        content = file.read(_LARGEST_LIST + 1)
    lines = decoded(content, file_name)[0].splitlines() if len(content) <= _LARGEST_LIST else []
    if len(content) > _LARGEST_LIST or len(lines) > _MOST_LINES:
        raise UnreadableFile(
            worded(
                "{file} is longer than a list that is read: {most:,} lines at most.",
                file=file_name,
                most=_MOST_LINES,
            ),
            worded("Split it into several files."),
        )
    return [line.strip() for line in lines if line.strip()]


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The regular file at the path, open; raises UnreadablePath for anything else that may be there."""
    name = shorten(path.name or str(path), 80)
    try:
        # Without waiting, or a pipe that nobody writes to would hold the station here.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise UnreadablePath(
            worded("There is no file {file}.", file=name),
            worded("Check the path: {path}", path=shorten(str(path), 200)),
        ) from error
    except PermissionError as error:
        if path.is_dir():  # Windows refuses to open a folder at all.
            raise _is_folder(name) from error
        raise UnreadablePath(
            worded("{file} may not be read.", file=name), worded("Ask for the right to read it, or copy it.")
        ) from error
    except OSError as error:
        raise UnreadablePath(
            worded("{file} cannot be opened: {why}.", file=name, why=error.strerror),
            worded("Check the path and its disk."),
        ) from error
    if (refusal := _irregular(os.fstat(descriptor), name)) is not None:
        os.close(descriptor)
        raise refusal
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _irregular(about: os.stat_result, file_name: str) -> UnreadableFile | None:
    """Why what was opened must not be read, if it must not."""
    if stat.S_ISDIR(about.st_mode):
        return _is_folder(file_name)
    if not stat.S_ISREG(about.st_mode):
        return UnreadablePath(
            worded("{file} is a pipe or a device, not a file.", file=file_name),
            worded("Save its content as a file first."),
        )
    if about.st_size > LARGEST_FILE:
        return UnreadableFile(
            worded(
                "{file} has {size:,} MB; the most that is read is {most}.",
                file=file_name,
                size=about.st_size // MEGABYTE,
                most=LARGEST_FILE // MEGABYTE,
            ),
            worded("Split it into several files."),
        )
    return None


def _is_folder(file_name: str) -> UnreadablePath:
    return UnreadablePath(worded("{file} is a folder.", file=file_name), worded("Name the file in it."))


def _refuse_changed(path: Path, file: BinaryIO, before: os.stat_result) -> None:
    """Raise UnreadableFile if the file is no longer the one that was opened, or no longer has its content."""
    now = [os.fstat(file.fileno())]
    with suppress(FileNotFoundError):
        now.append(path.stat())
    if len(now) < 2 or any(_identity(one) != _identity(before) for one in now):
        raise _changed(path)


def _changed(path: Path) -> UnreadableFile:
    return UnreadableFile(
        worded("{file} was changed while it was read.", file=shorten(path.name, 80)),
        worded("Wait until it is saved or copied in full, and try again."),
    )


def _identity(about: os.stat_result) -> tuple[int, int, int, int]:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


class _Child:
    """The process that reads a file, for as long as the `with` lasts."""

    def __init__(self, file: BinaryIO, request: dict[str, Any], limits: Limits, progress: Progress) -> None:
        self.file = file
        self.progress = progress
        of_process = {"memory": limits.memory, "seconds": limits.processor_seconds, "language": languages.site()}
        self._request = {**request, **of_process}
        self._limits = limits
        self._too_late = threading.Event()

    def __enter__(self) -> Self:
        try:
            with ExitStack() as opened:
                self._diagnostics = opened.enter_context(tempfile.TemporaryFile())
                self._process = processes.start(
                    "scanstation.sheets.child", json.dumps(self._request), stdin=self.file, stderr=self._diagnostics
                )
                opened.pop_all()
        except OSError as error:  # no room for it, or too many run
            name = shorten(self._request["name"], 80) or word("The file")
            raise UnreadableFile(
                worded(
                    "{file} cannot be read now: no process was started for it ({why}).",
                    file=name,
                    why=error.strerror or error,
                ),
                worded("Close what else runs here or make room on the disk, and try again."),
            ) from error
        self._watch = threading.Timer(self._limits.seconds, self._give_up)
        self._watch.daemon = True
        self._watch.start()
        self.progress.watch(self._process)
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdout is not None, "the output was asked to be a pipe"
        self.progress.watch(None)
        self._watch.cancel()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._diagnostics.close()

    def _give_up(self) -> None:
        self._too_late.set()
        self._process.kill()

    def messages(self) -> Iterator[list[Any]]:
        """Its messages, one by one; raises UnreadableFile for what it refuses or dies of."""
        assert self._process.stdout is not None, "the output was asked to be a pipe"
        out_of_memory = False
        for line in self._process.stdout:
            if not line.endswith(b"\n"):
                break  # It died while it wrote.
            message = json.loads(line)
            if message[0] == "unreadable":
                raise UnreadableFile(retold(message[1]), retold(message[2]))
            if message[0] == "memory":
                out_of_memory = True
                break
            yield message
            if message[0] == "end":
                return
        status = self._process.wait()
        self._diagnostics.seek(0)
        diagnostics = self._diagnostics.read(4_000).decode(errors="replace").strip()
        self.progress.go_on()
        refusal = self._refusal(status, out_of_memory=out_of_memory or "MemoryError" in diagnostics)
        if diagnostics:
            refusal.add_note(diagnostics)
        raise refusal

    def _refusal(self, status: int, *, out_of_memory: bool) -> UnreadableFile:
        """Why it ended before its last message."""
        name = self._request["name"]
        if self._too_late.is_set() or status == processes.OUT_OF_TIME:
            return _too_slow(name)
        if out_of_memory or status in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 0)):
            return _too_large(self.file, self._request, self._limits)
        return UnreadableFile(
            worded("{file} is damaged: it could not be read to its end.", file=shorten(name, 80)),
            worded("Open it in the spreadsheet program, save it again as .xlsx, and try again."),
        )


def _too_slow(name: str) -> UnreadableFile:
    return UnreadableFile(
        worded("{file} takes too long to read.", file=shorten(name, 80)),
        worded("Copy the rows that are needed into a new workbook and save that."),
    )


def _too_large(file: BinaryIO, request: dict[str, Any], limits: Limits) -> UnreadableFile:
    """Why a file needs more memory than it may have: most often one cell far away from the others."""
    file_name = shorten(request["name"], 80)
    if request["task"] == "read" and (far := _far_cell(file, limits)) is not None:
        return UnreadableFile(
            worded(
                "Sheet {sheet} of {file} reaches to the cell {cell}, too far to be read.",
                sheet=shorten(far[0]),
                file=file_name,
                cell=far[1],
            ),
            worded(
                "Press Ctrl+End to see that cell, delete the columns right of the table and the rows below it, "
                "and save."
            ),
        )
    return UnreadableFile(
        worded(
            "{file} needs more than {memory:,} MB to be copied."
            if request["task"] == "copy"
            else "{file} needs more than {memory:,} MB to be read.",
            file=file_name,
            memory=limits.memory // MEGABYTE,
        ),
        worded("Copy the rows that are needed into a new workbook and save that, or split it into several files."),
    )


_LARGEST_LIST = 16 * MEGABYTE
_MOST_LINES = 100_000
"""Of a list of codes: each is looked up by itself."""
_LARGEST_AREA = 20_000_000
"""Cells in the rectangle of a sheet from which on its far corner is the likely reason for the memory it needs."""


def _far_cell(file: BinaryIO, limits: Limits) -> tuple[str, str] | None:
    """The sheet and the far corner of the largest sheet, if that is what makes the file too large."""
    file.seek(0)
    if file.read(2) != b"PK":
        return None
    reaches: list[tuple[int, str, str]] = []
    try:
        with _Child(file, {"task": "locate", "kinds": [], "name": ""}, limits, Progress()) as child:
            for message in child.messages():
                if message[0] == "reaches":
                    _, sheet, row, column, cell = message
                    reaches.append((row * (column + 1), sheet, cell))
    except UnreadableFile:
        # The file is refused already; only the better reason for it is not to be had.
        return None
    area, sheet, cell = max(reaches, default=(0, "", ""))
    return (sheet, cell) if area > _LARGEST_AREA else None


def _take(message: list[Any], tables: list[_TableSoFar], ignored: list[str], progress: Progress) -> None:
    """Add one message of the child to what it sent before."""
    match message:
        case ["expects", rows]:
            progress.expected += rows
        case ["table", key, sheet, header_row, columns, ignored_columns, origins]:
            tables.append(
                _TableSoFar(
                    kind_by_key(key),
                    sheet,
                    header_row,
                    columns,
                    tuple(ignored_columns),
                    {name: retold(said) for name, said in origins.items()},
                )
            )
        case ["rows", numbers, columns]:
            one = tables[-1]
            one.blocks.append((numbers, _shared(columns, one)))
            progress.rows += len(numbers)
            progress.go_on()
        case ["problems", texts, problems]:
            sheet, sayings = tables[-1].sheet, [*map(retold, texts)]
            tables[-1].problems = tuple(
                Problem(sheet, row, f"{letter}{row}", column, value, sayings[reason], sayings[mend])
                for row, letter, column, value, reason, mend in problems
            )
        case ["suspects", texts, suspects]:
            sayings = [*map(retold, texts)]
            tables[-1].suspects = [(row, column, sayings[reason]) for row, column, reason in suspects]
        case ["notes", notes]:
            tables[-1].notes = tuple(map(retold, notes))
        case ["end", sheets]:
            ignored.extend(sheets)


def _shared(columns: list[list[str] | str | None], table: _TableSoFar) -> list[Texts]:
    """The columns, in which equal clients, SKUs and order numbers are one object: it halves a large sheet's memory."""
    share = table.shared.setdefault
    shared: list[Texts] = []
    for column, texts in zip(table.kind.columns, columns, strict=True):
        if texts is None or column.role is Role.SERIAL:
            shared.append(texts)
        else:
            shared.append(share(texts, texts) if isinstance(texts, str) else list(map(share, texts, texts)))
    return shared
