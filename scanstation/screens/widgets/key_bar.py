"""The keys that do something now."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

_GAP = 2


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One key."""

    key: str
    label: str
    note: str = ""
    """Why it would be refused now."""
    rank: int = 1
    """1 is always shown; higher ones give way first where the screen is narrow."""

    def text(self, *, with_note: bool) -> str:
        """As it is shown."""
        return f"{self.key} {self.label}" + (f" ({self.note})" if with_note and self.note else "")


class KeyBar(Widget):
    """One row: what matters most stays when there is little room. The last key stands at the right."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: tuple[KeyHint, ...] = ()

    def show(self, keys: Sequence[KeyHint]) -> None:
        """Show these."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def render(self) -> RenderResult:
        """The keys that fit."""
        keys, with_note = list(self._keys), True
        width = self.size.width - 2
        while _length(keys, with_note) > width and len(keys) > 1:
            last_rank = max(key.rank for key in keys)
            if last_rank > 2:
                keys.remove(next(key for key in reversed(keys) if key.rank == last_rank))
            elif with_note and any(key.note for key in keys):
                with_note = False
            elif last_rank == 1:
                break
            else:
                keys.remove(next(key for key in reversed(keys) if key.rank == last_rank))
        if not keys:
            return ""
        *first, last = keys
        parts: list[Content] = [Content(" ")]
        for key in first:
            parts += [_hint(key, with_note), Content(" " * _GAP)]
        blanks = max(0, width - _length(keys, with_note))
        parts += [Content(" " * blanks), _hint(last, with_note)]
        return Content("").join(parts)


def _length(keys: Sequence[KeyHint], with_note: bool) -> int:
    return sum(len(key.text(with_note=with_note)) + _GAP for key in keys) - _GAP


def _hint(key: KeyHint, with_note: bool) -> Content:
    words = key.text(with_note=with_note)[len(key.key) :]
    return Content.assemble((key.key, "bold"), (words, "$quiet"))
