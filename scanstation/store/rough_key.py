"""`domain.marks.rough` of a code's key, in SQL: the index of `models` and the statements that it serves must agree.

A key is its own rough one unless it has a separator or begins with a letter of a mark. That is asked of the key's
characters: to make the rough key of each new code, to compare it, costs half of what writing the code costs.
"""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement

from scanstation.domain.marks import MARK_CHARACTERS, SEPARATORS


def _without(column: str, characters: str) -> str:
    for character in characters:
        column = f"replace({column}, '{character}', '')"
    return column


_SEPARATORS = "".join(sorted(SEPARATORS, key="-".__ne__))  # a hyphen that is first in brackets is no range
ROUGH_KEY = f"ltrim({_without('text_key', SEPARATORS)}, '{MARK_CHARACTERS}')"
IS_MARKED_SQLITE = f"(text_key GLOB '[{MARK_CHARACTERS}]*' OR text_key GLOB '*[{_SEPARATORS}]*')"
IS_MARKED_POSTGRESQL = f"text_key ~ '^[{MARK_CHARACTERS}]|[{_SEPARATORS}]'"


class IsMarked(ColumnElement[bool]):
    """Is a code's key another than its rough one? In the words of the index."""

    inherit_cache = True


@compiles(IsMarked, "sqlite")
def _in_sqlite(_element: IsMarked, _compiler: Any, **_: Any) -> str:
    return IS_MARKED_SQLITE


@compiles(IsMarked, "postgresql")
def _in_postgresql(_element: IsMarked, _compiler: Any, **_: Any) -> str:
    return IS_MARKED_POSTGRESQL
