"""Rows of serials as they come from a file: what each says before its codes, and its codes read.

By columns of some thousands of rows, because a call for each cell of 100,000 rows takes longer than all that is
looked at in them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, repeat
from operator import attrgetter
from typing import NamedTuple

from scanstation.domain.codes import MAX_LENGTH, BadCode, Code, code_key, read_code
from scanstation.domain.columns import Texts, by_rows
from scanstation.domain.lots import LotFacts

WAREHOUSE, CLIENT, SKU = "Warehouse", "Client", "SKU"
PRIMARY, SECONDARY = "Primary Serial Number", "Secondary Serial Number"
_BEFORE_LOT = 6
"""So many columns does a row have before its lot."""

# Serials that need no second look, one a line: printable ASCII with nothing to take off.
_all_usual = re.compile(rf"(?:(?! )[ -~]{{1,{MAX_LENGTH}}}+(?<! )\n)++").fullmatch


class Head(NamedTuple):
    """What a row says before its codes; one object for all rows that say the same."""

    texts: tuple[str, str, str, str]
    """Warehouse, client, order, SKU as written."""
    place: tuple[str, str, str]
    """Warehouse, client and order as keys."""
    sku_key: str


class ParsedRow(NamedTuple):
    """One row of the sheet, with its codes read."""

    number: int
    head: Head
    primary: Code | BadCode | None
    """None when the cell is empty."""
    secondary: Code | BadCode | None


class Codes(NamedTuple):
    """The codes of a column whose cells all hold usable ones; without an object for each of a million."""

    texts: Sequence[str]
    keys: Sequence[str]


CodeColumn = Codes | Sequence[Code | BadCode | None] | None
"""The codes of some rows: usable ones alone, some that are none among them, or (None) only empty cells."""


class ParsedRows(NamedTuple):
    """Rows that follow each other and say the same before their codes, by columns."""

    numbers: Sequence[int]
    head: Head
    primaries: CodeColumn
    secondaries: CodeColumn

    def rows(self) -> Iterator[ParsedRow]:
        """One by one."""
        columns = (_codes_of(column, len(self.numbers)) for column in (self.primaries, self.secondaries))
        return map(ParsedRow, self.numbers, repeat(self.head), *columns)

    def parts(self, most: int) -> Iterator["ParsedRows"]:
        """At most so many at once."""
        if len(self.numbers) <= most:
            yield self
            return
        for start in range(0, len(self.numbers), most):
            yield self._part(start, start + most)

    def _part(self, start: int, end: int) -> "ParsedRows":
        columns = (_part(column, start, end) for column in (self.primaries, self.secondaries))
        return ParsedRows(self.numbers[start:end], self.head, *columns)


def parsed_rows(rows: Iterable[ParsedRow]) -> Iterator[ParsedRows]:
    """Rows that are there one by one, by columns."""
    for head, same in groupby(rows, key=attrgetter("head")):
        numbers, _, primaries, secondaries = zip(*same, strict=True)
        yield ParsedRows(numbers, head, _column(primaries), _column(secondaries))


def keys_of(column: CodeColumn) -> Iterable[str]:
    """The keys of the usable codes of a column."""
    if column is None:
        return ()
    return column.keys if isinstance(column, Codes) else (code.key for code in column if isinstance(code, Code))


def _codes_of(column: CodeColumn, rows: int) -> Iterable[Code | BadCode | None]:
    if column is None:
        return repeat(None, rows)
    return map(Code, column.texts, column.keys) if isinstance(column, Codes) else column


def _column(codes: Sequence[Code | BadCode | None]) -> CodeColumn:
    usable = [code for code in codes if isinstance(code, Code)]
    if len(usable) == len(codes):
        return Codes([code.text for code in usable], [code.key for code in usable])
    return codes if any(codes) else None


def _part(column: CodeColumn, start: int, end: int) -> CodeColumn:
    if column is None:
        return None
    if isinstance(column, Codes):
        return Codes(column.texts[start:end], column.keys[start:end])
    return _column(column[start:end])


class Parser:
    """Reads the codes of rows as they come from the file."""

    def __init__(self) -> None:
        self._heads = _Heads()
        self._blocks: list[ParsedRows] = []
        self.lots: dict[int, LotFacts] = {}
        """Lot and dates of the rows that say any, by their numbers."""
        self.bad_lots: dict[int, BadCode] = {}

    def take(self, numbers: Sequence[int], columns: Sequence[Texts]) -> None:
        """The next rows, some thousands at once: their numbers, and their values in the order of the kind's columns."""
        *named, primaries, secondaries = columns[:_BEFORE_LOT]
        self._take_lots(numbers, columns[_BEFORE_LOT:])
        codes = [read_serials(column, len(numbers)) for column in (primaries, secondaries)]
        if all(texts is None or isinstance(texts, str) for texts in named):
            warehouse, client, number, sku = (texts if isinstance(texts, str) else "" for texts in named)
            self._blocks.append(ParsedRows(numbers, self._heads[warehouse, client, number, sku], *codes))
            return
        start = 0
        for (warehouse, client, number, sku), same in groupby(by_rows(named)):
            end = start + sum(1 for _ in same)
            part = (_part(column, start, end) for column in codes)
            self._blocks.append(ParsedRows(numbers[start:end], self._heads[warehouse, client, number, sku], *part))
            start = end

    def _take_lots(self, numbers: Sequence[int], columns: Sequence[Texts]) -> None:
        if not any(columns):
            return
        for number, texts in zip(numbers, by_rows(columns), strict=False):
            if any(texts):
                lot = read_lot(texts)
                if isinstance(lot, BadCode):
                    self.bad_lots[number] = lot
                else:
                    self.lots[number] = lot

    def rows(self, unreadable: Collection[int]) -> tuple[ParsedRows, ...]:
        """All rows but those, named by their numbers, of which a cell could not be read."""
        return without(self._blocks, unreadable)


def without(blocks: Iterable[ParsedRows], numbers: Collection[int]) -> tuple[ParsedRows, ...]:
    """All rows but those of these numbers."""
    if not numbers:
        return tuple(blocks)
    kept: list[ParsedRows] = []
    for block in blocks:
        if any(number in numbers for number in block.numbers):
            kept += parsed_rows(row for row in block.rows() if row.number not in numbers)
        else:
            kept.append(block)
    return tuple(kept)


class _Heads(dict[tuple[str, str, str, str], Head]):
    """What rows say before their codes, by the four texts; keys are made once for all rows that say the same."""

    def __missing__(self, texts: tuple[str, str, str, str]) -> Head:
        warehouse, client, number, sku = texts
        head = self[texts] = Head(texts, (code_key(warehouse), code_key(client), code_key(number)), code_key(sku))
        return head


def read_serials(column: Texts, rows: int) -> CodeColumn:
    """What `read_serial` says of each cell of a column; together, where all are as serials mostly are."""
    texts = column if column is None or not isinstance(column, str) else [column] * rows
    if texts is None or not any(texts):
        return None
    lines = "\n".join(texts) + "\n"
    # A text with a line break of its own would look like two.
    if _all_usual(lines) and lines.count("\n") == len(texts):
        folded = lines.upper()
        return Codes(texts, texts if folded == lines else folded.splitlines())
    return _column([read_serial(text) for text in texts])


def read_lot(texts: Sequence[str]) -> LotFacts | BadCode:
    """What the cells of `LOT_COLUMNS` say; days are days already."""
    lot, *days = texts
    code = read_code(lot) if lot else None
    if isinstance(code, BadCode):
        return code
    return LotFacts(code.text if code else None, *(day or None for day in days))


def read_serial(text: str) -> Code | BadCode | None:
    """The code of a cell; None for an empty one."""
    if not text:
        return None
    if _all_usual(f"{text}\n") and "\n" not in text:
        return Code(text, text.upper())  # what read_code answers, without looking at each character
    return read_code(text)
