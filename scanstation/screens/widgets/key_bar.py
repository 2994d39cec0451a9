"""The keys that do something now."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanstation.domain.language import translated
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
    short: str | None = None
    """A shorter label, where otherwise a key would be left out."""

    def text(self, *, with_note: bool) -> str:
        """As it is shown."""
        return f"{self.key} {self.label}".rstrip() + (f" ({self.note})" if with_note and self.note else "")


class KeyBar(Rows):
    """One row: what matters most stays when there is little room. The last key stands at the right."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: tuple[KeyHint, ...] = ()

    def show(self, keys: Sequence[KeyHint]) -> None:
        """Show these."""
        keys = [_here(each) for each in keys]
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The keys that fit."""
        del height
        room = width - 2
        keys, with_note, gap = self._that_fit(room)
        if not keys:
            return []
        *first, last = keys
        pieces: list[Span] = [(" ", "")]
        for key in first:
            pieces += [*_pieces(key, with_note), (" " * gap, "")]
        pieces += [(" " * max(0, room - _length(keys, with_note, gap)), ""), *_pieces(last, with_note)]
        return [tuple(pieces)]

    def _that_fit(self, room: int) -> tuple[list[KeyHint], bool, int]:
        """The keys that stay, do their notes too, and the blanks between two.

        Keys beyond rank 2 go first, then the notes, then long labels, then rank 2, then all but the first and the last.
        """
        keys, with_note, gap = list(self._keys), True, _GAP
        while _length(keys, with_note, gap) > room:
            last_rank = max(key.rank for key in keys)
            if last_rank <= 2 and with_note:
                with_note = False
            elif last_rank <= 2 and gap > 1 and any(key.short is not None for key in keys):
                keys, gap = [key if key.short is None else replace(key, label=key.short) for key in keys], 1
            elif last_rank == 1:
                if len(keys) < 3:
                    break
                keys.pop(-2)  # the first is help, the last the way back
            else:
                keys.remove(next(key for key in reversed(keys) if key.rank == last_rank))
        return keys, with_note, gap


def _here(each: KeyHint) -> KeyHint:
    """With the key that this terminal sends, in the language of who reads it."""
    short = None if each.short is None else translated(each.short)
    return replace(
        each, key=key_here(each.key, os.environ), label=translated(each.label), note=translated(each.note), short=short
    )


def _length(keys: Sequence[KeyHint], with_note: bool, gap: int) -> int:
    return sum(len(key.text(with_note=with_note)) + gap for key in keys) - gap


def _pieces(key: KeyHint, with_note: bool) -> tuple[Span, Span]:
    return (key.key, "strong"), (key.text(with_note=with_note)[len(key.key) :], "quiet")
