"""Where on a sheet its columns are: as its header says, or as a person has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnreadableFile
from scanstation.domain.language import worded
from scanstation.domain.sheet_kinds import HeaderFit, SheetKind, column_letter, fit_row, header_key, kind_by_key
from scanstation.sheets.tables import best_fit, nearest_fit


@dataclass(frozen=True, slots=True)
class SheetTop:
    """A sheet of a file as far down as a header may be."""

    sheet: str
    hidden: bool
    offset: int
    """The sheet's column (from 0) of the first cell of each row."""
    rows: tuple[tuple[str, ...], ...]
    total: int
    """About how many rows the whole sheet has."""

    def letter(self, position: int) -> str:
        """The spreadsheet's name of a cell's column."""
        return column_letter(position + self.offset)

    def header(self, row: int) -> tuple[str, ...]:
        """The cells of a row, counted from 1."""
        return self.rows[row - 1] if 0 < row <= len(self.rows) else ()

    def sample(self, row: int, position: int) -> str:
        """The first filled cell below a header."""
        below = (cells[position] for cells in self.rows[row:] if position < len(cells))
        return next((cell for cell in below if cell), "")

    def layout(self, kinds: Sequence[SheetKind]) -> "Layout":
        """The layout that the sheet's header gives, or the nearest to it; lacking columns are None in it."""
        try:
            fit = best_fit(self.rows, kinds)
        except UnreadableFile:
            fit = None  # it fits two kinds equally: the first is as good, and it is shown before it is read
        fit = fit or nearest_fit(self.rows, kinds)
        return self.layout_at(kinds[0], self._likely_header()) if fit is None else Layout.of(self.sheet, fit, self)

    def fits(self, kinds: Sequence[SheetKind]) -> bool:
        """Does the sheet have the header of one of the kinds?"""
        try:
            return best_fit(self.rows, kinds) is not None
        except UnreadableFile:
            return True

    def layout_at(self, kind: SheetKind, row: int) -> "Layout":
        """The columns of a kind as one row names them."""
        return Layout.of(self.sheet, fit_row(kind, row, self.header(row)), self)

    def _likely_header(self) -> int:
        """Where no row has a known header: the first of those with the most texts in it."""
        filled = [sum(bool(cell) for cell in row) for row in self.rows]
        return filled.index(max(filled)) + 1 if filled else 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a sheet is which column of a kind."""

    sheet: str
    kind: SheetKind
    header_row: int
    positions: tuple[int | None, ...]
    """In the order of the kind's columns, from 0 at the first cell of a row; None for one that is not there."""
    headers: tuple[str, ...]
    """What stands at these positions, so that a file changed since is noticed."""
    doubtful: tuple[int, ...] = ()
    """The kind's columns that the header names twice, until somebody says which is meant."""

    @classmethod
    def of(cls, sheet: str, fit: HeaderFit, top: SheetTop) -> Self:
        """The layout of a row that was held against a kind."""
        firsts = {first for _, first, _ in fit.twice}
        doubtful = tuple(slot for slot, position in enumerate(fit.positions) if position in firsts)
        positions = tuple(None if position in firsts else position for position in fit.positions)
        return cls(sheet, fit.kind, fit.row, positions, _headers(top.header(fit.row), positions), doubtful)

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed columns that are nowhere."""
        places = list(zip(self.kind.columns, self.positions, strict=True))
        there = {column.name for column, position in places if position is not None}
        return tuple(
            column.name
            for slot, (column, position) in enumerate(places)
            if column.required and position is None and slot not in self.doubtful and column.spared_by not in there
        )

    @property
    def twice(self) -> tuple[str, ...]:
        """The columns that the header names twice, of which nobody has said yet which is meant."""
        return tuple(self.kind.columns[slot].name for slot in self.doubtful)

    def with_column(self, slot: int, position: int | None, top: SheetTop) -> "Layout":
        """The same with one of the kind's columns elsewhere; a column of the sheet serves only one of them."""
        positions = [None if one == position else one for one in self.positions]
        positions[slot] = position
        return replace(
            self,
            positions=tuple(positions),
            headers=_headers(top.header(self.header_row), tuple(positions)),
            doubtful=tuple(one for one in self.doubtful if one != slot),
        )

    def fit(self, rows: Sequence[Sequence[object]], name: str) -> HeaderFit:
        """The layout as it serves the reader. Raises UnreadableFile if the header is another than it was."""
        header = [_text(cell) for cell in rows[self.header_row - 1]] if self.header_row <= len(rows) else []
        if _headers(header, self.positions) != self.headers:
            raise UnreadableFile(
                worded(
                    "Row {header_row} of sheet {sheet} in {file} is not the header any more that it was a moment ago.",
                    header_row=self.header_row,
                    sheet=shorten(self.sheet),
                    file=shorten(name),
                ),
                worded("Choose the file again, and look at its columns."),
            )
        return HeaderFit(self.kind, self.header_row, self.positions, self.missing, ())

    def to_message(self) -> list[Any]:
        """As it travels to the child."""
        return [self.sheet, self.kind.key, self.header_row, self.positions, self.headers]

    @classmethod
    def from_message(cls, message: Sequence[Any]) -> Self:
        """As it has travelled."""
        sheet, key, header_row, positions, headers = message
        return cls(sheet, kind_by_key(key), header_row, tuple(positions), tuple(headers))


def texts(cells: Sequence[object]) -> list[str]:
    """Cells as a person would recognise them; long ones cut."""
    return [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    return str(cell)[:_LONGEST]


def _headers(header: Sequence[str], positions: Sequence[int | None]) -> tuple[str, ...]:
    return tuple(
        "" if position is None else header_key(header[position]) if position < len(header) else "(none)"
        for position in positions
    )


_LONGEST = 200
