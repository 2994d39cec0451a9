"""A sheet of another program as a map reads it: its header renamed, its rows with our values and constants."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scanstation.domain.codes import shorten
from scanstation.domain.language import word, worded
from scanstation.domain.plurals import counted
from scanstation.domain.sheet_kinds import (
    ALL_KINDS,
    HeaderFit,
    Role,
    SheetKind,
    fit_row,
    fit_row_in_english,
    header_key,
)
from scanstation.domain.sheet_maps import ANY, KindMap, SheetMap, folded
from scanstation.sheets.cells import RawCell, as_text
from scanstation.sheets.tables import RawRow

_whole_with_zeros = re.compile(r"([0-9]{1,15})[.,]0{1,15}").fullmatch


@dataclass(frozen=True, slots=True)
class MappedSheet:
    """What a map makes of one sheet."""

    by: SheetMap
    of: KindMap
    fit: HeaderFit
    header: list[str]
    """With our names in place of theirs, and behind them what the sheet does not have."""
    width: int
    """Of the sheet's own header."""
    origins: dict[str, str]
    """Our columns: where each comes from, in words."""
    _joined: tuple[tuple[int, ...], ...]
    """Of the columns behind the sheet's own: the places that are joined, or none for a constant."""
    _constants: tuple[str, ...]
    _skipped: tuple[tuple[int, frozenset[str]], ...]

    def top(self, rows: Sequence[Sequence[object]]) -> list[list[object]]:
        """The first rows of the sheet as they are read now."""
        below = self.rows([list(row) for row in rows[self.fit.row :]], self.fit, [])  # type: ignore[arg-type]
        top_rows: list[list[object]] = [list(row) for row in rows[: self.fit.row - 1]]
        top_rows.append([*self.header])
        top_rows += [[*row] for row in below if row is not None]
        return top_rows

    def rows(self, rows: Iterable[RawRow], fit: HeaderFit, notes: list[str]) -> Iterator[RawRow | None]:
        """The rows below the header, with ours for their values; None for one that the map leaves out.

        What is to be said of them stands in `notes` when the last has come.
        """
        notes.append(worded("Read by the map {map}.", map=shorten(self.by.name)))
        columns = zip(fit.kind.columns, fit.positions, strict=True)
        places = {column.name: place for column, place in columns if place is not None}
        carry = _Carry(
            [places[name] for name in self.of.carried if name in places],
            [place for place, _ in self._skipped],
            next((places[name] for name in _NUMBERS if name in places and name not in self.of.carried), None),
        )
        changes = [(place, change) for name, place in places.items() if (change := _change(self.of, fit.kind, name))]
        left_out = 0
        for cells in rows:
            if not any(map(_is_filled, cells)):
                yield [""] * len(self.header)
                continue
            row = [*cells[: self.width], *[""] * (self.width - len(cells))]
            for joined, constant in zip(self._joined, self._constants, strict=True):
                texts = [as_text(row[place]).strip() for place in joined]
                row.append(" ".join(filter(None, texts)) if joined else constant)
            asked = carry.fill(row)
            if any(folded(as_text(asked[place])) in values for place, values in self._skipped):
                left_out += 1
                yield None
                continue
            for place, change in changes:
                row[place] = change(row[place])
            yield [*row, *cells[self.width :]]
        if left_out:
            notes.append(
                worded(
                    "{what}, as the map says.",
                    what=counted(left_out, "row was left out", "rows were left out", grouped=True),
                )
            )


_NUMBERS = ("SO Number", "PO Number")


class _Carry:
    """What stands in the first row of an order alone, and is meant for the rows below it."""

    def __init__(self, carried: Sequence[int], asked: Sequence[int], number: int | None) -> None:
        self._carried = carried
        self._asked = asked
        self._number = number
        """The place of the order's number where each row has it."""
        self._first: list[RawCell] | None = None

    def fill(self, row: list[RawCell]) -> dict[int, RawCell]:
        """Fill a row that goes on with what its first one has; the cells by which rows are left out."""
        first = self._first
        goes_on = (
            bool(self._carried)
            and first is not None
            and not any(_is_filled(row[place]) for place in self._carried)
            and (self._number is None or row[self._number] == first[self._number])
        )
        if first is None or not goes_on:
            self._first = [*row]
            return {place: row[place] for place in self._asked}
        for place in self._carried:
            row[place] = first[place]
        return {place: row[place] if _is_filled(row[place]) else first[place] for place in self._asked}


def mapped(sheet_map: SheetMap, rows: Sequence[Sequence[object]], kinds: Sequence[SheetKind]) -> MappedSheet | None:
    """How the map reads a sheet with these first rows; None where the header is one of ours, or none of the map's.

    Where a needed column is still lacking, it is the header that comes nearest. What our columns are called in other
    languages counts after the map, which may mean something else by it.
    """
    candidates = sheet_map.of(kinds)
    if not candidates or any(fit_row_in_english(kind, 1, cells).fits for cells in rows for kind in ALL_KINDS):
        return None
    best: tuple[tuple[bool, int], MappedSheet] | None = None
    for number, cells in enumerate(rows, 1):
        for one in candidates:
            made = _header(sheet_map, one, number, cells)
            if made is None:
                continue
            hits, sheet = made
            if best is None or (sheet.fit.fits, hits) > best[0]:
                best = (sheet.fit.fits, hits), sheet
    if best is None or best[1].fit.fits:
        return best[1] if best else None
    unmapped = [kind for kind in kinds if kind.key not in sheet_map.kinds]
    return None if any(fit_row(kind, 1, cells).fits for cells in rows for kind in unmapped) else best[1]


def _header(sheet_map: SheetMap, one: KindMap, number: int, cells: Sequence[object]) -> tuple[int, MappedSheet] | None:
    """A row as the header of a kind, and how many headers of the map it has; None where it has none, or lacks one."""
    keys = [header_key(cell) if isinstance(cell, str) else "" for cell in cells]
    if not set(one.needs) <= set(keys):
        return None
    at: dict[str, int] = {}
    for place, key in enumerate(keys):
        at.setdefault(key, place)
    meant = {
        column: key
        for column, headers in one.columns.items()
        if (key := next((theirs for theirs in headers if theirs in at), ""))
    }
    if not meant:
        return None
    named = {header: column for column, header in meant.items()}
    given = {header_key(column) for column in meant}
    header = [
        named.get(key) or (f"{cell} (not read)" if key in given else str(cell if cell is not None else ""))
        for key, cell in zip(keys, cells, strict=True)
    ]
    origins = {column: f"“{cells[at[key]]}”" for column, key in meant.items()}
    there = {header_key(cell) for cell in header}
    joined: list[tuple[int, ...]] = []
    constants: list[str] = []
    width = len(header)
    for column, headers in one.joined.items():
        places = tuple(at[key] for key in headers if key in at)
        if places and header_key(column) not in there:
            header.append(column)
            joined.append(places)
            constants.append("")
            origins[column] = " + ".join(f"“{cells[place]}”" for place in places)
    there = {header_key(cell) for cell in header}
    for column, text in one.constants.items():
        if header_key(column) not in there:
            header.append(column)
            joined.append(())
            constants.append(text)
            origins[column] = word("always “{text}”", text=text)
    skipped = tuple((at[key], values) for key, values in one.skipped.items() if key in at)
    fit = fit_row_in_english(one.kind, number, header)
    sheet = MappedSheet(sheet_map, one, fit, header, width, origins, tuple(joined), tuple(constants), skipped)
    return len(meant), sheet


def _is_filled(cell: object) -> bool:
    return cell not in ("", None)


def _change(of: KindMap, kind: SheetKind, name: str) -> Callable[[RawCell], RawCell] | None:
    """What becomes of the cells of a column; None where they stay as they are."""
    values, pattern = of.values.get(name), of.taken.get(name)
    is_quantity = kind.columns[kind.index(name)].role is Role.QUANTITY
    if values is None and pattern is None and not is_quantity:
        return None

    def change(cell: RawCell) -> RawCell:
        if pattern and isinstance(cell, str) and (found := pattern.fullmatch(cell.strip())):
            cell = found[1] or ""
        if values is not None:
            text = folded(as_text(cell))
            if text in values:
                return values[text]
            if text and ANY in values:
                return values[ANY]
        if is_quantity and isinstance(cell, str) and (whole := _whole_with_zeros(cell.strip())):
            return whole[1]  # programs write 2.0 and 2,00 for pieces too
        return cell

    return change
