"""A statement on its way to a server."""

from dataclasses import dataclass
from typing import Any

Key = tuple[str, frozenset[tuple[str, object]]]


@dataclass(frozen=True, slots=True)
class Message:
    """A statement, and what will have its answer."""

    cursor: Any
    sql: str
    arguments: Any = None
    is_kept: bool = True
    """Does the server keep its plan, where no pooler stands between?"""

    @property
    def key(self) -> Key:
        """What the same question has in common with it."""
        return key_of(self.sql, self.arguments)


def key_of(sql: str, arguments: Any) -> Key:
    """What a question has in common with the same one, asked again."""
    return sql, frozenset((arguments or {}).items())
