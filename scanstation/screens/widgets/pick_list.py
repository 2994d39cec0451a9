"""A list to choose from with the arrow keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.geometry import Size

from scanstation.domain.language import translated, worded
from scanstation.screens.widgets.rows import Row, Rows, Span, fit, fit_ends, how_far, length, wrapped

_LEAST_FOR_MORE = 3
"""In fewer rows there is no room to say that there are more."""
_LEAST_BAR, _BAR, _LONG_BAR = 4, 8, 24
_LEAST, _LEAST_TOLD = 6, 12
"""Cells that a column, and the one that grows, keep where the others need room; its title is never cut."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One row: `cells` in the list's columns, `note` beneath it, `value` to act on."""

    value: object
    cells: tuple[str, ...]
    note: str = ""
    quiet: bool = False
    heading: str = ""
    """What stands above it where a part of the list begins."""
    brief: str = ""
    """What stands beneath it where only the columns of rank 1 have room: what it differs in from other rows."""
    warns: tuple[int, ...] = ()
    """The places of cells that are coloured: they say that something is late, or why it stays."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: as wide as its widest cell, at most `most`, or its title; the one with `grows` takes the rest."""

    title: str = ""
    right: bool = False
    grows: bool = False
    most: int = 24
    rank: int = 1
    """Columns of a higher rank are left out first where the screen is narrow."""
    is_code: bool = False
    """Numbers differ at their ends: one that is cut is cut in its middle."""
    is_bar: bool = False
    """Its cells say how far something is (`3/10`), and are drawn as bars."""


class PickList(Rows):
    """The chosen row is marked ▶ and reversed. Only visible rows are drawn."""

    def __init__(self, columns: Sequence[Column], *, id: str, empty: str = "") -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._picks: tuple[Pick, ...] = ()
        self._at = 0
        self._first = 0
        self._empty = empty

    @property
    def chosen(self) -> Pick | None:
        """The marked row."""
        return self._picks[self._at] if self._picks else None

    def show(self, picks: Sequence[Pick]) -> None:
        """Show these, the mark on the same value as before if it is still there."""
        if tuple(picks) == self._picks:
            return
        before = self.chosen
        self._picks = tuple(picks)
        self._at = next((at for at, pick in enumerate(picks) if before and pick.value == before.value), 0)
        self.refresh(layout=True)
        self.redraw()

    def mark_first(self) -> None:
        """Mark the first row."""
        self.move(-len(self._picks))

    def mark(self, value: object) -> None:
        """Mark the row of this value, if there is one."""
        self.mark_where(lambda one: one == value)

    def mark_where(self, fits: Callable[[object], bool]) -> None:
        """Mark the first row with a value that fits, if there is one."""
        self._at = next((at for at, pick in enumerate(self._picks) if fits(pick.value)), self._at)
        self.redraw()

    def move(self, by: int) -> None:
        """Mark an earlier or a later row."""
        self._at = max(0, min(self._at + by, len(self._picks) - 1))
        self.redraw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As tall as all rows with their notes, where the style sheet says `auto`."""
        del container, viewport
        return self._title_rows + max(1, self._rows(self._picks, width))

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The visible rows."""
        if not self._picks:
            return [((f"   {translated(self._empty)}", "quiet"),)]
        window = self._window(max(1, height - self._title_rows), width)
        rank = self._rank_that_fits(width)
        columns = [(place, column) for place, column in enumerate(self._columns) if column.rank <= rank]
        widths = self._widths([pick for _, pick in window], columns, width)
        rows: list[Row] = []
        if self._title_rows:
            cells = [fit(translated(column.title), widths[place], right=column.right) for place, column in columns]
            rows.append((("   " + "  ".join(cells), "quiet"),))
        for at, pick in window:
            if pick.heading:
                rows.append(((fit(f" {translated(pick.heading)}", width), "strong"),))
            rows.append(self._row(pick, columns, widths, width, is_marked=at == self._at))
            rows += [((f"     {text}", "note"),) for text in _lines(pick.note, width)]
            if rank == 1:
                rows += [((f"     {text}", "quiet"),) for text in _lines(pick.brief, width)]
        if (len(window) < len(self._picks) or len(rows) > height) and height >= _LEAST_FOR_MORE:
            before, after = window[0][0], len(self._picks) - 1 - window[-1][0]
            more = "…"
            if after:
                more = worded("… {after} more below", after=after)
            elif before:
                more = worded("… {before} more above", before=before)
            rows[height - 1 :] = [((f"   {more}", "quiet"),)]
        return rows

    def _row(
        self,
        pick: Pick,
        columns: Sequence[tuple[int, Column]],
        widths: dict[int, int],
        width: int,
        *,
        is_marked: bool,
    ) -> Row:
        """One pick; what is marked is reversed as a whole, whatever its cells say."""
        style = "marked" if is_marked else "quiet" if pick.quiet else ""
        spans: list[Span] = [(" ▶ " if is_marked else "   ", style)]
        for number, (place, column) in enumerate(columns):
            if number:
                spans.append(("  ", style))
            if column.is_bar:
                done, rest = _bar(pick.cells[place], widths[place])
                spans += [(done, style or "ok-word"), (rest, style or "rule")]
            else:
                told = style or "note" if place in pick.warns else style
                spans.append((_cell(pick.cells[place], widths[place], column), told))
        if is_marked or not any(told != style for _, told in spans):
            return ((fit("".join(text for text, _ in spans), width), style),)
        return tuple(span for span in spans if span[0])

    def _window(self, room: int, width: int) -> list[tuple[int, Pick]]:
        """The visible picks, each with its heading and notes; the last row of a long list counts the others."""
        if self._rows(self._picks, width) <= room:
            self._first = 0
            return list(enumerate(self._picks))
        if room + self._title_rows >= _LEAST_FOR_MORE:
            room -= 1
        self._first = min(self._first, self._at)
        while self._rows(self._picks[self._first : self._at + 1], width) > room and self._first < self._at:
            self._first += 1
        last = self._first
        taken = 0
        while last < len(self._picks) and (last == self._first or taken + _head(self._picks[last]) <= room):
            taken += self._rows(self._picks[last : last + 1], width)
            last += 1
        return list(enumerate(self._picks))[self._first : last]

    @property
    def _title_rows(self) -> int:
        return 1 if any(column.title for column in self._columns) else 0

    def _rows(self, picks: Sequence[Pick], width: int) -> int:
        notes = sum(len(_lines(pick.note, width)) for pick in picks)
        if self._rank_that_fits(width) == 1:
            notes += sum(len(_lines(pick.brief, width)) for pick in picks)
        return len(picks) + notes + sum(1 for pick in picks if pick.heading)

    def _rank_that_fits(self, width: int) -> int:
        return 1 if width < 50 else 2 if width < 96 else 3

    def _widths(self, picks: Sequence[Pick], columns: Sequence[tuple[int, Column]], width: int) -> dict[int, int]:
        """Each column as wide as what stands in it; one long code takes the room of no other column."""
        titles = {place: length(translated(column.title)) for place, column in columns}
        widths = {
            place: _BAR
            if column.is_bar
            else max(titles[place], min(column.most, max(length(pick.cells[place]) for pick in picks)))
            for place, column in columns
        }
        room = width - 3 - 2 * (len(columns) - 1) - 1
        grows = next((place for place, column in columns if column.grows), None)
        full_width = widths[grows] if grows is not None else 0
        if grows is not None:
            widths[grows] = min(full_width, max(_LEAST_TOLD, titles[grows]))
        over = sum(widths.values()) - room
        bar = next((place for place, column in columns if column.is_bar), None)
        if bar is not None and over > 0:  # words tell more
            widths[bar] = max(_LEAST_BAR, _BAR - over)
            over -= _BAR - widths[bar]
        least = {
            place: max(_LEAST, titles[place])
            for place, column in columns
            if not (column.right or column.is_bar or column.grows)
        }
        while over > 0 and (wide := [place for place in least if widths[place] > least[place]]):
            widths[max(wide, key=widths.__getitem__)] -= 1
            over -= 1
        if grows is not None and over > 0:
            widths[grows] = max(4, titles[grows], widths[grows] - over)
        if bar is not None and self._rank_that_fits(width) == 3:
            wanted = full_width - widths[grows] if grows is not None else 0
            longer = max(0, min(-over - wanted, _LONG_BAR - _BAR))
            widths[bar] += longer
            over += longer
        if grows is not None and over < 0:
            widths[grows] -= over
        return widths


def _cell(text: str, width: int, column: Column) -> str:
    return fit_ends(text, width) if column.is_code else fit(text, width, right=column.right)


def _bar(count: str, width: int) -> tuple[str, str]:
    """Of `3/10`; of nothing, blanks."""
    done, _, wanted = count.partition("/")
    return how_far(int(done), int(wanted), width) if wanted else ("", " " * width)


def _lines(note: str, width: int) -> list[str]:
    return wrapped(note, width - 6) if note else []


def _head(pick: Pick) -> int:
    """The rows without which a pick is not there; of its notes some may be cut."""
    return 2 if pick.heading else 1
