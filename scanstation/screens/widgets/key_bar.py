"""The keys that do something now."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanstation.domain.terminals import key_here
from scanstation.screens.widgets.rows import Row, Rows, Span

_GAP = 2


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key of the bar and what it does."""

    key: str
    label: str
    note: str = ""
    """Why it would be refused now."""
    rank: int = 1
    """1 is always shown; higher ones are left out first where the screen is narrow."""

    def text(self, *, with_note: bool) -> str:
        """As it is shown."""
        return f"{self.key} {self.label}" + (f" ({self.note})" if with_note and self.note else "")


class KeyBar(Rows):
    """One row: what matters most stays when there is little room. The last key stands at the right."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: tuple[KeyHint, ...] = ()

    def show(self, keys: Sequence[KeyHint]) -> None:
        """Show these."""
        keys = [replace(each, key=key_here(each.key, os.environ)) for each in keys]
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The keys that fit."""
        del height
        room = width - 2
        keys, with_note = self._that_fit(room)
        if not keys:
            return []
        *first, last = keys
        pieces: list[Span] = [(" ", "")]
        for key in first:
            pieces += [*_pieces(key, with_note), (" " * _GAP, "")]
        pieces += [(" " * max(0, room - _length(keys, with_note)), ""), *_pieces(last, with_note)]
        return [tuple(pieces)]

    def _that_fit(self, room: int) -> tuple[list[KeyHint], bool]:
        """Keys beyond rank 2 go first, then the notes, then rank 2."""
        keys, with_note = list(self._keys), True
        while _length(keys, with_note) > room:
            last_rank = max(key.rank for key in keys)
            if last_rank <= 2 and with_note:
                with_note = False
            elif last_rank == 1:
                break
            else:
                keys.remove(next(key for key in reversed(keys) if key.rank == last_rank))
        return keys, with_note


def _length(keys: Sequence[KeyHint], with_note: bool) -> int:
    return sum(len(key.text(with_note=with_note)) + _GAP for key in keys) - _GAP


def _pieces(key: KeyHint, with_note: bool) -> tuple[Span, Span]:
    return (key.key, "strong"), (key.text(with_note=with_note)[len(key.key) :], "quiet")
