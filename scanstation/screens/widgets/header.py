"""Where one is: the screen, the order; the station, its scanners, the time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len

from scanstation.domain.codes import visible
from scanstation.domain.language import shown as as_shown
from scanstation.domain.language import translated, worded
from scanstation.screens.widgets.rows import Row, Rows, Span, fit, fit_ends

_NARROW = 60
_LEAST_LEFT, _LEAST_LEFT_NARROW = 24, 12
"""Cells for the screen's name and what it is about; the names of scanners are truncated first. An order takes more."""
_CUT, _SHORT = 16, 8
"""Cells of a long name of the station or the operator where room is scarce."""
_MOST_DOTS = 4
"""More scanners than that are counted where room is scarce."""


class Header(Rows):
    """One row, and where there is room a rule. The clock changes with the minute and nothing else moves by itself.

    Where room is scarce, this is left out or truncated, in this order: the names of scanners that are there, the
    order's client and warehouse, the end of a long station's name, all of it, the clock, the names of lost scanners
    (then the clock may be back), the dots of the scanners that are there, the end of a long operator's name, the
    screen's name, all of the operator's name, the middle of the order's number. What waits, and how many scanners are
    lost, always stays.
    """

    def __init__(self) -> None:
        super().__init__(id="header")
        self._screen_name = ""
        self._subject: tuple[str, ...] = ()
        self._is_order = False
        self._station = self._who = ""
        self._scanners: tuple[tuple[str, str], ...] = ()
        self._time = ""
        self._waiting = 0
        self._elsewhere = False
        self._progress = 0, 0

    def show_progress(self, done: int, ordered: int) -> None:
        """How far the order is, which the rule below says: of none, where there is no order."""
        if self._progress != (done, ordered):
            self._progress = done, ordered
            self.redraw()

    def show_place(self, screen_name: str, *subject: str, order: bool = False) -> None:
        """Which screen, and what about: the last words are truncated first. An order's number stays."""
        shown = (translated(screen_name), tuple(visible(as_shown(one)) for one in subject), order)
        if shown != (self._screen_name, self._subject, self._is_order):
            self._screen_name, self._subject, self._is_order = shown
            self.redraw()

    def show_station(self, station: str, scanners: Mapping[str, str], now: datetime, who: str = "") -> None:
        """Where, when, and who works here; nobody is named where nobody signs in."""
        shown = (visible(station), visible(who), tuple(scanners.items()), now.astimezone().strftime("%H:%M"))
        if shown != (self._station, self._who, self._scanners, self._time):
            self._station, self._who, self._scanners, self._time = shown
            self.redraw()

    def show_waiting(self, waiting: int) -> None:
        """How many scans wait for their answer."""
        if waiting != self._waiting:
            self._waiting = waiting
            self.redraw()

    def show_front(self, *, in_front: bool) -> None:
        """Does this window have the keyboard? If not, that is all there is to read here."""
        if self._elsewhere is in_front:
            self._elsewhere = not in_front
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """What there is room for, and the rule below it."""
        return [self._first_row(width), *([self._rule(width)] if height > 1 else [])]

    def _rule(self, width: int) -> Row:
        """As far as the order is done it is double, and full only when all of it is."""
        done, ordered = self._progress
        full = width * done // ordered if ordered else 0
        return (("═" * full, "ok-word"), ("─" * (width - full), "rule"))

    def _first_row(self, width: int) -> Row:
        if self._elsewhere:
            return ((fit(f" {self._warning(width)}", width), "stop-strong"),)
        waiting = worded(" {count} waiting ", count=self._waiting) if self._waiting else ""
        room_for_all = max(0, width - len(waiting) - 2)
        for right, wanted in self._rights(width):
            room = max(0, room_for_all - _length(right))
            if room >= wanted:
                break
        return (*self._left(room), (" ", ""), (waiting, "waiting"), (" ", ""), *right)

    def _wanted(self, width: int, *, number_alone: bool = False) -> int:
        """Cells that the left half should have."""
        least = _LEAST_LEFT if width >= _NARROW else _LEAST_LEFT_NARROW
        if not self._is_order:
            return least
        if number_alone:
            return cell_len("".join([" ", *self._subject[:1]]))
        return max(least, cell_len("   ".join([f" {self._screen_name.upper()}", *self._subject[:1]])))

    def _left(self, room: int) -> Row:
        """Screen and subject, in exactly so many cells."""
        name = f" {self._screen_name.upper()}"
        words = list(self._subject)
        while len(words) > 1 and cell_len(name) + 3 + cell_len(" · ".join(words)) > room:
            words.pop()
        subject = " · ".join(words)
        if self._is_order and cell_len(name) + 3 + cell_len(subject) > room:
            # Of what is cut it is the number's beginning and end that tell it from others.
            kind, blank, number = subject.partition(" ")
            before, number = (f" {kind} ", number) if blank else (" ", subject)
            return ((before + fit_ends(number, max(0, room - cell_len(before))), ""),)
        left = fit(f"{name}   {subject}" if subject else name, room)
        return ((left[: len(name)], "strong"), (left[len(name) :], ""))

    def _rights(self, width: int) -> Iterator[tuple[Row, int]]:
        """Operator, station, scanners, time, and the cells that the left half wants beside them. The fullest first.

        Lost scanners are named, or at least counted.
        """
        named = [
            (f"○ {name} {missing}", "note") if missing else (f"● {name}", "quiet") for name, missing in self._scanners
        ]
        lost = [piece for piece in named if piece[1] == "note"]
        count = len(named) - len(lost)
        dots = [("●" * count, "quiet")] if count else []
        few = dots if count <= _MOST_DOTS else [(f"{count} ●", "quiet")]
        words = {missing for _, missing in self._scanners if missing}
        lost_text = [(f"○ {len(lost)} {words.pop() if len(words) == 1 else 'not ready'}", "note")] if lost else []
        time = [(self._time, "quiet")]
        who, who_cut, who_short = (
            [(_cut(self._who, room), "quiet")] if self._who else [] for room in (width, _CUT, _SHORT)
        )
        wanted = self._wanted(width)
        if width >= _NARROW:
            cut, short = ([(_cut(self._station, room), "quiet")] for room in (_CUT, _SHORT))
            whole = [(self._station, "quiet")]
            for form in ([who, whole, named], [who, whole, lost, dots], [who_cut, cut, lost, dots],
                         [who_cut, short, lost, few]):  # fmt: skip
                yield _joined([piece for part in (*form, time) for piece in part]), wanted
        for form in ([who_cut, lost, dots, time], [who_cut, lost, few], [who_cut, lost_text, few, time],
                     [who_cut, lost_text, few], [who_cut, lost_text], [who_short, lost_text]):  # fmt: skip
            yield _joined([piece for part in form for piece in part]), wanted
        if who:
            yield _joined([*who_short, *lost_text]), self._wanted(width, number_alone=True)
        yield _joined(lost_text), wanted

    def _warning(self, width: int) -> str:
        if self._scanners:  # those on ports of their own are heard all the same
            wide = worded("This window is not in front: what is keyed goes elsewhere. Click it.")
            narrow = worded("Keys go elsewhere")
        else:
            wide = worded("This window is not in front: scans go elsewhere. Click it.")
            narrow = worded("Scans go elsewhere")
        return wide if width >= _NARROW else worded("{what}: click this window.", what=narrow)


def _joined(words: Sequence[Span]) -> Row:
    """Words with points between them; neighbours of one style are one piece."""
    if not words:
        return ()
    *others, (last, style) = words
    ended = [*((f"{text} · ", style) for text, style in others), (f"{last} ", style)]
    return tuple(("".join(text for text, _ in group), style) for style, group in groupby(ended, itemgetter(1)))


def _cut(text: str, most: int) -> str:
    return fit(text, min(most, cell_len(text)))


def _length(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
