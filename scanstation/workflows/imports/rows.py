"""Rows of serials as they come from a file: what each says before its codes, and its codes read.

By columns of some thousands of rows, because a call for each cell of 100,000 rows takes longer than all that is
looked at in them.
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from scanstation.domain.codes import MAX_LENGTH, BadCode, Code, code_key, read_code

WAREHOUSE, CLIENT, SKU = "Warehouse", "Client", "SKU"
PRIMARY, SECONDARY = "Primary Serial Number", "Secondary Serial Number"

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
    """One row of the sheet, with its codes read. A tuple and no dataclass: a file has 100,000 of them."""

    number: int
    head: Head
    primary: Code | BadCode | None
    """None when the cell is empty."""
    secondary: Code | BadCode | None


class Parser:
    """Reads the codes of rows as they come from the file."""

    def __init__(self) -> None:
        self._heads = _Heads()
        self._rows: list[ParsedRow] = []

    def take(self, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """The next rows, some thousands at once: each its number and its values in the order of the kind's columns."""
        numbers, values = zip(*rows, strict=True)
        *named, primaries, secondaries = zip(*values, strict=True)
        heads = map(self._heads.__getitem__, zip(*named, strict=True))
        self._rows += map(ParsedRow, numbers, heads, read_serials(primaries), read_serials(secondaries))

    def rows(self, unreadable: Collection[int]) -> tuple[ParsedRow, ...]:
        """All rows but those, named by their numbers, of which a cell could not be read."""
        return tuple(row for row in self._rows if row.number not in unreadable) if unreadable else tuple(self._rows)


class _Heads(dict[tuple[str, str, str, str], Head]):
    """What rows say before their codes, by the four texts; keys are made once for all rows that say the same."""

    def __missing__(self, texts: tuple[str, str, str, str]) -> Head:
        warehouse, client, number, sku = texts
        head = self[texts] = Head(texts, (code_key(warehouse), code_key(client), code_key(number)), code_key(sku))
        return head


def read_serials(texts: Sequence[str]) -> Sequence[Code | BadCode | None]:
    """What `read_serial` says of each; together, where all are as serials mostly are."""
    if not any(texts):
        return [None] * len(texts)
    lines = "\n".join(texts) + "\n"
    # A text with a line break of its own would look like two.
    if _all_usual(lines) and len(keys := lines.upper().splitlines()) == len(texts):
        return list(map(Code, texts, keys))
    return [read_serial(text) for text in texts]


def read_serial(text: str) -> Code | BadCode | None:
    """The code of a cell; None for an empty one."""
    if not text:
        return None
    if _all_usual(f"{text}\n") and "\n" not in text:
        return Code(text, text.upper())  # what read_code answers, without looking at each character
    return read_code(text)
