"""Rows of a sheet that come by columns."""

from collections.abc import Iterator, Sequence
from itertools import repeat

Texts = Sequence[str] | str | None
"""The texts of a column in some rows; the one that they all have, or None where the sheet has no such column."""


def by_rows(columns: Sequence[Texts]) -> Iterator[tuple[str, ...]]:
    """The values of each row. Without an end where no column has texts of its own.

    >>> [*by_rows([["A1", "A2"], "W-EAST", None])]
    [('A1', 'W-EAST', ''), ('A2', 'W-EAST', '')]
    """
    each = (repeat(texts or "") if texts is None or isinstance(texts, str) else texts for texts in columns)
    return zip(*each, strict=False)
