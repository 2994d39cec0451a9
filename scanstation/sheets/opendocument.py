"""What the quick reader does not tell about .ods: error values, empty formulas, times, merged cells, hidden rows."""

import zipfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scanstation.sheets.ooxml import by_local_name, holds_any, local_name, pairs, parse_part

if TYPE_CHECKING:
    from xml.parsers import expat

_CONTENT = "content.xml"
_MARKS = (b'"error"', b'"date"', b'"time"', b"-spanned", b"visibility", b"formula", b"='")


@dataclass(slots=True)
class OdsDetails:
    """What a close look at one sheet found, in the columns and below the header that were asked for."""

    hidden_rows: set[int] = field(default_factory=set)
    unusable: dict[int, dict[int, tuple[str, bool]]] = field(default_factory=dict)
    """By row and column: an error value, or (True) a formula without a stored value."""
    moments: dict[int, set[int]] = field(default_factory=dict)
    """By row, the columns that hold a date or a time."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""


def look_closely(archive: zipfile.ZipFile, sheet: str, columns: Container[int], header_row: int) -> OdsDetails:
    """The details of the sheet of this name; columns from 0. Quick where the file holds nothing of the kind."""
    look = _CloseLook(sheet, columns, header_row)
    if holds_any(archive, _CONTENT, _MARKS):
        parse_part(archive, _CONTENT, look.start, look)
        look.settle()
    return look.details


class _CloseLook:
    """The handler that gathers `OdsDetails` from the content's XML; equal rows and cells are written once, counted."""

    def __init__(self, sheet: str, columns: Container[int], header_row: int) -> None:
        self.details = OdsDetails()
        self._sheet = sheet
        self._columns = columns
        self._header_row = header_row
        self._is_here = False
        self._next_row = 1
        self._rows = range(0)
        self._next_column = 0
        self.parser: expat.XMLParserType | None = None
        self._pending: tuple[str, bool] | None = None
        self._pending_columns = range(0)
        self._cell_lines: list[str] | None = None
        """What stands in the cell; None before its first paragraph."""

    def start(self, tag: str, attributes: list[str]) -> None:
        local = local_name(tag)
        if self._pending is not None:
            if local == "p":
                self._listen()
                return
            if local in ("table", "table-row", "table-cell", "covered-table-cell"):
                self.settle()
        if local == "table":
            self._is_here = by_local_name(attributes).get("name") == self._sheet
            self._next_row = 1
        elif not self._is_here:
            return
        elif local == "table-row":
            self._start_row(by_local_name(attributes))
        elif local in ("table-cell", "covered-table-cell"):
            # The type is said twice, as `office:` and as `calcext:`, and only one of the two says 'error'.
            types = [value for name, value in pairs(attributes) if local_name(name) == "value-type"]
            self._start_cell(by_local_name(attributes), types)

    def _start_row(self, values: dict[str, str]) -> None:
        self._rows = range(self._next_row, self._next_row + int(values.get("number-rows-repeated", "1")))
        self._next_row = self._rows.stop
        self._next_column = 0
        if values.get("visibility") in ("collapse", "filter"):
            self.details.hidden_rows.update(self._rows)

    def _start_cell(self, values: dict[str, str], types: Sequence[str]) -> None:
        first = self._next_column
        self._next_column += int(values.get("number-columns-repeated", "1"))
        height = int(values.get("number-rows-spanned", "1"))
        width = int(values.get("number-columns-spanned", "1"))
        if height > 1 or width > 1:
            row = self._rows.start
            self.details.merged.append((row, first, row + height - 1, first + width - 1))
        columns = range(first, self._next_column)
        if "error" in types:
            self._pending, self._pending_columns = ("#ERROR", False), columns
        elif "formula" in values and "value-type" not in values:
            self._pending, self._pending_columns = (values["formula"].removeprefix("of:"), True), columns
        elif "date" in types or "time" in types:
            for row, column in self._wanted(columns):
                self.details.moments.setdefault(row, set()).add(column)

    def settle(self) -> None:
        """The cell before is complete: keep it if it holds nothing that can be used."""
        if self._pending is None:
            return
        (value, is_formula), cell_text = self._pending, self._cell_lines
        self._pending = self._cell_lines = None
        if self.parser is not None:
            self.parser.CharacterDataHandler = None
        if is_formula and cell_text is not None:
            return  # A formula that makes an empty text is written without a type, but with its empty paragraph.
        if not is_formula and cell_text:
            value = "".join(cell_text).strip() or value
        for row, column in self._wanted(self._pending_columns):
            self.details.unusable.setdefault(row, {})[column] = (value, is_formula)

    def _listen(self) -> None:
        """Hear what an error cell shows: #N/A, Err:502."""
        if self._cell_lines is None:
            self._cell_lines = []
        if self.parser is not None and self._pending is not None and not self._pending[1]:
            self.parser.CharacterDataHandler = self._cell_lines.append

    def _wanted(self, columns: range) -> Iterator[tuple[int, int]]:
        """The cells of the row, and of those like it, that were asked for."""
        for row in self._rows:
            if row > self._header_row:
                yield from ((row, column) for column in columns if column in self._columns)
