"""From the raw rows of one sheet to the table of a kind: find its header, then read its cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, islice

from scanstation.domain.codes import listed, shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import joined, word, worded
from scanstation.domain.plurals import counted
from scanstation.domain.sheet_kinds import (
    ALL_KINDS,
    AS_TEXT,
    Column,
    HeaderFit,
    Role,
    SheetKind,
    column_letter,
    fit_row,
    header_key,
)
from scanstation.sheets.cells import (
    CellReader,
    FoundProblem,
    RawCell,
    Suspect,
    are_plain,
    as_text,
    mend_error,
    mend_formula,
)

ROWS_AT_ONCE = 2000

RawRow = list[RawCell]
Block = tuple[list[int], list[Sequence[str] | None]]
"""Row numbers, and for each of the kind's columns the texts of those rows; None where the sheet has no such column."""


@dataclass(frozen=True, slots=True)
class Irregular:
    """What is known of a sheet beside the values of its cells; columns from 0, rows from 1."""

    hidden_rows: frozenset[int] = frozenset()
    unusable: dict[int, dict[int, tuple[str, bool]]] = field(default_factory=dict)
    """By row and column: an error value, or (True) a formula without a stored value, or with 0 for one."""
    counts_on_load: bool = False
    """The workbook says that its formulas have still to be counted."""
    moments: Mapping[int, Collection[int]] = field(default_factory=dict)
    """By row, the columns that hold a date or a time; the reader gives those of an unusual form as text."""
    merged: Sequence[tuple[int, int, int, int]] = ()
    """First row, first column, last row, last column."""
    ragged: bool = False
    """Rows may have more cells than the header, which only a delimited file can have."""


def best_fit(rows: Sequence[Sequence[object]], kinds: Sequence[SheetKind]) -> HeaderFit | None:
    """The header of a sheet: the row among the first ones that holds all required columns of a kind.

    Where several kinds fit, the one with the most columns is meant: a list of serials on purchase orders has
    all columns of opening stock too. Among equals the kinds asked for win. None if the best is not asked for.
    Raises UnreadableFile where two of the kinds asked for fit equally.
    """
    fits = _all_fits(rows, (*kinds, *(kind for kind in ALL_KINDS if kind not in kinds)))
    complete = [fit for fit in fits if fit.fits]
    if not complete:
        return None

    def weight(fit: HeaderFit) -> int:
        return fit.matched if fit.kind in kinds else fit.matched_of_its_own

    most = max(map(weight, complete))
    first_row = min(fit.row for fit in complete if weight(fit) == most)
    best = [fit for fit in complete if weight(fit) == most and fit.row == first_row and fit.kind in kinds]
    if len(best) > 1:
        titles = joined([word(fit.kind.title) for fit in best], " and ")
        raise UnreadableFile(
            worded("The header in row {row} is that of {titles} at once.", row=best[0].row, titles=titles),
            worded("Give each kind a sheet of its own, with only its own columns."),
        )
    return best[0] if best else None


def nearest_fit(rows: Sequence[Sequence[object]], kinds: Sequence[SheetKind]) -> HeaderFit | None:
    """The row and kind that come closest to a header, for the message; None if no column was found at all."""
    fits = [fit for fit in _all_fits(rows, kinds) if fit.matched]
    return max(fits, key=lambda fit: (-len(fit.missing), fit.matched), default=None)


def other_kind(rows: Sequence[Sequence[object]], kinds: Sequence[SheetKind]) -> SheetKind | None:
    """The kind that the sheet is, if it is one that was not asked for.

    Never one whose columns are all among those of a kind asked for: a list of serials on purchase orders that
    lacks the order's column has the header of opening stock, and must not be taken there.
    """
    wanted = [_own_columns(kind) for kind in kinds]
    others = [kind for kind in ALL_KINDS if not any(_own_columns(kind) <= one for one in wanted)]
    fits = [fit for fit in _all_fits(rows, others) if fit.fits]
    return max(fits, key=lambda fit: fit.matched).kind if fits else None


def _own_columns(kind: SheetKind) -> set[str]:
    return {column.name for column in kind.columns if not column.of_report}


def _all_fits(rows: Sequence[Sequence[object]], kinds: Sequence[SheetKind]) -> list[HeaderFit]:
    return [fit_row(kind, number, cells) for number, cells in enumerate(rows, 1) for kind in kinds]


def _called_otherwise(fit: HeaderFit, header: Sequence[object]) -> dict[str, str]:
    """Our columns whose header is another text, and that text: of another language, or one that stands in."""
    places = zip(fit.kind.columns, fit.positions, strict=True)
    found = {column.name: str(header[place]) for column, place in places if place is not None and place < len(header)}
    return {name: f"“{shorten(text)}”" for name, text in found.items() if text and header_key(text) != header_key(name)}


@dataclass(slots=True)
class _Merge:
    """Merged cells in a column of names, and what stands in them once that was read."""

    slot: int
    column: Column
    index: int
    first_row: int
    last_row: int
    label: str
    value: str = ""
    is_told: bool = False


class TableReader:
    """Reads the rows below a header, in blocks; afterwards `problems` and `notes` tell about all of them."""

    def __init__(
        self,
        fit: HeaderFit,
        header: Sequence[object],
        offset: int,
        reader: CellReader,
        irregular: Irregular,
        width: int | None = None,
        origins: Mapping[str, str] | None = None,
    ) -> None:
        """`offset` is the sheet's column (from 0) of the first cell of each row.

        Where a map reads it, `width` is that of the sheet's own header, and `origins` say where our columns come from.
        """
        self.is_mapped = width is not None
        self.origins = origins or _called_otherwise(fit, header)
        self.kind = fit.kind
        self.header_row = fit.row
        self._offset = offset
        self._reader = reader
        self._irregular = irregular
        self._header = header
        self._width = len(header)
        self._header_width = max((i + 1 for i, cell in enumerate(header) if cell not in ("", None)), default=0)
        self._positions = fit.positions
        self.columns = {
            column.name: column_letter(position + offset) if width is None or position < width else ""
            for column, position in zip(fit.kind.columns, fit.positions, strict=True)
            if position is not None
        }
        used = set(fit.positions)
        self.ignored_columns = [
            str(cell) for i, cell in enumerate(header) if i not in used and isinstance(cell, str) and header_key(cell)
        ]
        self.has_empty_serials = False
        """Is a cell of a serial column empty, in a row that is not?"""
        self._blank_rows = 0
        self._hidden_rows = 0
        self._filled: dict[str, list[str]] = {}
        """The merged cells whose value was taken for all their rows, by column."""

    @property
    def problems(self) -> list[FoundProblem]:
        """Every cell that cannot be taken, by row."""
        return sorted(self._reader.problems, key=lambda problem: (problem.row, len(problem.letter), problem.letter))

    @property
    def suspects(self) -> list[Suspect]:
        """Every serial that a program may have made of another one."""
        return self._reader.suspects

    @property
    def notes(self) -> list[str]:
        """What was ignored or mended, a sentence each."""
        notes = []
        if self._blank_rows:
            notes.append(
                worded(
                    "{what}.",
                    what=counted(
                        self._blank_rows, "blank row was passed over", "blank rows were passed over", grouped=True
                    ),
                )
            )
        if self._hidden_rows:
            notes.append(
                worded(
                    "{what}.",
                    what=counted(
                        self._hidden_rows, "hidden row was read too", "hidden rows were read too", grouped=True
                    ),
                )
            )
        for column, labels in self._filled.items():
            notes.append(
                worded(
                    "{column}: the value of merged cells was taken for each of their rows: {cells}.",
                    column=column,
                    cells=listed(labels, 5),
                )
            )
        return notes + self._reader.notes()

    def blocks(self, rows: Iterable[tuple[int, RawRow]]) -> Iterator[Block]:
        """The values of the rows below the header, by the kind's columns, without blank rows.

        Takes numbered rows. Works on a column of many rows at a time, because a call for each cell of a million
        rows would take longer than the reader itself.
        """
        self._refuse_merged()
        merges = self._merged_names()
        blank_before = 0
        pending = self._with_unusable(rows)
        while chunk := list(islice(pending, ROWS_AT_ONCE)):
            known_problems = len(self._reader.problems)
            numbers = [number for number, _ in chunk]
            values = self._values(numbers, [cells for _, cells in chunk])
            filled = [column for column in values if column is not None]
            if all("" in column for column in filled):
                refused = {problem.row for problem in self._reader.problems[known_problems:]}
                kept = [any(cells) or number in refused for number, *cells in zip(numbers, *filled, strict=True)]
                # Blank rows below the last filled one are the sheet's end, not rows that somebody left out.
                blank = list(accumulate((not keep for keep in kept), initial=blank_before))
                last = max((position for position, keep in enumerate(kept) if keep), default=None)
                if last is None:
                    blank_before = blank[-1]
                    continue
                self._blank_rows += blank[last]
                blank_before = blank[-1] - blank[last]
                numbers = list(compress(numbers, kept))
                values = [None if column is None else list(compress(column, kept)) for column in values]
            else:
                self._blank_rows += blank_before
                blank_before = 0
            if merges:
                self._fill_merged(merges, numbers, values)
            if self._irregular.hidden_rows:
                self._hidden_rows += sum(number in self._irregular.hidden_rows for number in numbers)
            for slot, column in enumerate(self.kind.columns):
                texts = values[slot]
                if column.role is Role.SERIAL and texts is not None and "" in texts:
                    self.has_empty_serials = True
                if column.role is Role.FLAG and texts is not None and not column.unsaid:
                    values[slot] = [text or "False" for text in texts]
            yield numbers, values

    def others(self, rows: Iterable[tuple[int, RawRow]]) -> tuple[list[tuple[str, str]], list[tuple[int, list[str]]]]:
        """What stands beside the kind's columns: the letter and the header of each column, and the numbered rows."""
        read = list(rows)
        filled = {place for place, cell in enumerate(self._header) if cell not in ("", None)}
        for _, cells in read:
            filled.update(place for place, cell in enumerate(cells) if cell not in ("", None))
        places = sorted(filled.difference(place for place in self._positions if place is not None))

        def text(cells: Sequence[object], place: int) -> str:
            return as_text(cells[place]) if place < len(cells) else ""

        columns = [(column_letter(place + self._offset), text(self._header, place)) for place in places]
        return columns, [(number, [text(cells, place) for place in places]) for number, cells in read]

    def _values(self, numbers: list[int], rows: list[RawRow]) -> list[Sequence[str] | None]:
        """The texts of each of the kind's columns in these rows; None for a column that the sheet does not have."""
        if self._irregular.ragged:
            for number, cells in zip(numbers, rows, strict=True):
                if len(cells) != self._header_width:
                    self._refuse_overlong(number, cells)
                    cells[self._header_width :] = []
                    cells.extend([""] * (self._header_width - len(cells)))
        raw_columns = list(zip(*rows, strict=True))
        values: list[Sequence[str] | None] = []
        for column, position in zip(self.kind.columns, self._positions, strict=True):
            if position is None:
                values.append(None)
                continue
            raw = raw_columns[position]
            if column.role in (Role.TEXT, Role.SERIAL) and are_plain(raw, column):
                values.append(raw)
                continue
            read = self._reader.for_role(column.role)
            index = position + self._offset
            values.append(
                [
                    "" if cell == "" else read(cell, number, index, column)
                    for number, cell in zip(numbers, raw, strict=True)
                ]
            )
        if self._irregular.unusable:
            self._put_unusable(numbers, values)
        if self._irregular.moments:
            self._refuse_moments(numbers, rows)
        return values

    def _refuse_moments(self, numbers: list[int], rows: list[RawRow]) -> None:
        """Refuse the dates and times that came as text: they are none."""
        for number, cells in zip(numbers, rows, strict=True):
            if (there := self._irregular.moments.get(number)) is None:
                continue
            for column, position in zip(self.kind.columns, self._positions, strict=True):
                if position is None or column.role not in (Role.TEXT, Role.SERIAL):
                    continue
                index, cell = position + self._offset, cells[position]
                if index in there and isinstance(cell, str) and cell:
                    self._reader.refuse(
                        cell, number, index, column, word("is a date or a time, not text"), word(AS_TEXT)
                    )

    def _put_unusable(self, numbers: list[int], values: list[Sequence[str] | None]) -> None:
        """Refuse the cells that the reader gave as empty and that are not."""
        for at, number in enumerate(numbers):
            if (bad := self._irregular.unusable.get(number)) is None:
                continue
            for slot, (column, position) in enumerate(zip(self.kind.columns, self._positions, strict=True)):
                texts = values[slot]
                if position is None or texts is None or position + self._offset not in bad:
                    continue
                if texts[at] and not self._is_uncounted(texts[at], column):
                    continue
                cell_text = self._refuse_unusable(bad[position + self._offset], number, position, column)
                if not isinstance(texts, list):
                    texts = values[slot] = list(texts)
                texts[at] = cell_text

    def _is_uncounted(self, result: str, column: Column) -> bool:
        """Is the 0 of a formula none?

        Programs that cannot count write it for every result, and a formula that points at an empty cell makes it.
        """
        if result.strip("0"):
            return False
        return column.role in (Role.TEXT, Role.SERIAL) or (
            column.role is Role.QUANTITY and self._irregular.counts_on_load
        )

    def _with_unusable(self, rows: Iterable[tuple[int, RawRow]]) -> Iterator[tuple[int, RawRow]]:
        """The rows, and those below the reader's last one that hold only unusable cells, which it leaves out."""
        if not self._irregular.unusable:
            yield from rows
            return
        last = self.header_row
        for last, cells in rows:
            yield last, cells
        for number in sorted(row for row in self._irregular.unusable if row > last):
            yield number, [""] * self._width

    def _refuse_unusable(self, bad_cell: tuple[str, bool], row: int, position: int, column: Column) -> str:
        cell_text, is_empty_formula = bad_cell
        if is_empty_formula:
            reason = word("is a formula that has no result in the file: it was not counted, or makes nothing")
            mend = mend_formula()
        else:
            reason = word("is an error value")
            mend = mend_error()
        return self._reader.refuse(cell_text, row, position + self._offset, column, reason, mend)

    def _refuse_merged(self) -> None:
        serials = {
            position + self._offset: column
            for column, position in zip(self.kind.columns, self._positions, strict=True)
            if position is not None and column.role is Role.SERIAL
        }
        for first_row, first, last_row, last in self._irregular.merged:
            if last_row <= self.header_row:
                continue
            for index, column in serials.items():
                if first <= index <= last:
                    self._reader.refuse(
                        f"{column_letter(first)}{first_row}:{column_letter(last)}{last_row}",
                        max(first_row, self.header_row + 1),
                        index,
                        column,
                        word("is part of merged cells, and only one of them can hold a serial"),
                        worded("Unmerge the cells and write a serial in each. {as_text}", as_text=word(AS_TEXT)),
                    )

    def _merged_names(self) -> list["_Merge"]:
        """The merged cells in columns of names, below the header. Those that begin in another column are refused."""
        merged = []
        for slot, (column, position) in enumerate(zip(self.kind.columns, self._positions, strict=True)):
            if position is None or not column.is_name:
                continue
            index = position + self._offset
            for first_row, first, last_row, last in self._irregular.merged:
                if not first <= index <= last or first_row <= self.header_row:
                    continue
                label = f"{column_letter(first)}{first_row}:{column_letter(last)}{last_row}"
                if first == index:
                    merged.append(_Merge(slot, column, index, first_row, last_row, label))
                else:
                    self._reader.refuse(
                        label,
                        first_row,
                        index,
                        column,
                        word("is part of merged cells that begin in column {column}", column=column_letter(first)),
                        worded("Unmerge the cells and fill in each."),
                    )
        return merged

    def _fill_merged(self, merges: Iterable["_Merge"], numbers: list[int], values: list[Sequence[str] | None]) -> None:
        """Give the rows of merged cells the value that stands in the first of them."""
        for merge in merges:
            texts = values[merge.slot]
            if merge.last_row < numbers[0] or merge.first_row > numbers[-1] or texts is None:
                continue
            start = bisect_left(numbers, merge.first_row)
            if start < len(numbers) and numbers[start] == merge.first_row:
                merge.value = texts[start]
                start += 1
            if not merge.value:
                continue
            filled = list(texts)
            for at in range(start, bisect_right(numbers, merge.last_row)):
                if filled[at] == "":
                    filled[at] = merge.value
                    if not merge.is_told:
                        merge.is_told = True
                        self._filled.setdefault(merge.column.name, []).append(merge.label)
                elif filled[at] != merge.value:
                    self._reader.refuse(
                        filled[at],
                        numbers[at],
                        merge.index,
                        merge.column,
                        word("is hidden beneath the merged cells {cells}, which show another value", cells=merge.label),
                        worded("Unmerge the cells and fill in each."),
                    )
            values[merge.slot] = filled

    def _refuse_overlong(self, number: int, cells: RawRow) -> None:
        for position in range(self._header_width, len(cells)):
            if cells[position] != "":
                self._reader.refuse(
                    str(cells[position]),
                    number,
                    position,
                    Column("(no header)"),
                    word("is beyond the last column of the header, of {cells} cells in the row", cells=len(cells)),
                    worded("Put cells that contain the delimiter in quotation marks."),
                )
                return


@dataclass(frozen=True, slots=True)
class Unfit:
    """A sheet without the header that is wanted."""

    sheet: str
    rows: Sequence[Sequence[object]] = ()
    """The first ones; none of a sheet that is not looked at."""
    by_map: HeaderFit | None = None
    """The nearest that a map makes of it, which is then all that counts."""


def _nearest(one: Unfit, kinds: Sequence[SheetKind]) -> HeaderFit | None:
    """What comes nearest to a header in a sheet: of the kind that its name says, where it says one."""
    return one.by_map or nearest_fit(one.rows, [kind for kind in kinds if _is_called(one.sheet, kind)] or kinds)


def _is_called(sheet: str, kind: SheetKind) -> bool:
    """Is a sheet's name that of a kind, as `purchase_orders` and `Purchase Orders` are?"""
    return header_key(sheet) in (header_key(kind.key), header_key(kind.title))


def refuse_nearly_fitting(name: str, lists: Sequence[Unfit], kinds: Sequence[SheetKind]) -> None:
    """Raise UnreadableFile for a list that lacks one column, or that is called as a kind is and lacks some.

    Who wrote it meant it to be read with the others.
    """
    for one in lists:
        fit = _nearest(one, kinds)
        if fit is not None and (len(fit.missing) == 1 or _is_called(one.sheet, fit.kind)):
            raise UnreadableFile(
                worded(
                    "{file} was not read: the list {list} would be {kind}, but lacks {missing}.",
                    file=shorten(name),
                    list=shorten(one.sheet),
                    kind=word(fit.kind.title),
                    missing=", ".join(fit.missing),
                ),
                _add_the_columns(len(fit.missing)),
            )


def _add_the_columns(count: int) -> str:
    return worded(
        "Add the column, named so, and try again." if count == 1 else "Add the columns, named so, and try again."
    )


def no_table(name: str, sheets: Sequence[Unfit], kinds: Sequence[SheetKind]) -> UnreadableFile:
    """The refusal of a file of which no sheet fits: what it is instead, or what the nearest header lacks."""
    wanted = joined([word(kind.title) for kind in kinds], " or ")
    for one in sheets:
        if one.by_map is None and (other := other_kind(one.rows, kinds)) is not None:
            return UnreadableFile(
                worded(
                    "{file} holds no {wanted}: sheet {sheet} has the header of {other}.",
                    file=shorten(name),
                    wanted=wanted,
                    sheet=shorten(one.sheet),
                    other=word(other.title),
                ),
                worded("Take the sheet to where {other} are read.", other=word(other.title)),
            )
    nearest: tuple[str, HeaderFit] | None = None
    for one in sheets:
        fit = _nearest(one, kinds)
        if fit is not None and (
            nearest is None or (-len(fit.missing), fit.matched) > (-len(nearest[1].missing), nearest[1].matched)
        ):
            nearest = one.sheet, fit
    if nearest is None:
        columns = ", ".join(column.name for column in kinds[0].columns if column.required)
        return UnreadableFile(
            worded("{file} has no sheet with the header of {wanted}.", file=shorten(name), wanted=wanted),
            worded("Among the first 20 rows one must hold these columns: {columns}.", columns=columns),
        )
    sheet, fit = nearest
    missing = ", ".join(fit.missing)
    return UnreadableFile(
        worded(
            "{file} has no sheet with the header of {wanted}; nearest is row {row} of sheet {sheet}, which "
            "lacks: {missing}.",
            file=shorten(name),
            wanted=wanted,
            row=fit.row,
            sheet=shorten(sheet),
            missing=missing,
        ),
        _add_the_columns(len(fit.missing)),
    )


def refuse_double_columns(fit: HeaderFit, sheet: str, offset: int) -> None:
    """Raise UnreadableFile if the header names a column twice: which of the two is meant?"""
    if fit.twice:
        header, first, second = fit.twice[0]
        raise UnreadableFile(
            worded(
                "Sheet {sheet} has the column {header} twice, in {first}{row} and {second}{row}.",
                sheet=shorten(sheet),
                header=shorten(header),
                first=column_letter(first + offset),
                row=fit.row,
                second=column_letter(second + offset),
            ),
            worded("Delete or rename one of the two."),
        )
