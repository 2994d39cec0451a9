"""One scan, looked at closely: what came in, how fast, and what was made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from scanstation.domain.heard import CheckUp, Heard
from scanstation.domain.language import shown, worded
from scanstation.domain.scan import KEYBOARD, fault_text
from scanstation.screens.widgets.rows import Row, Rows, fit, wrapped

_LABEL = 9
_WORD, _SHORT_WORD = 7, 6
_NARROW = 60
_MOST_RAW = 3


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A scan and what there is to say about it."""

    number: int
    """Counted from the first since the screen was opened."""
    time: str
    heard: Heard
    barcode: str
    """What kind of barcode the scanner says it was."""
    read_as: str
    check_up: CheckUp | None = None

    @property
    def word(self) -> str:
        """What became of it, in one word."""
        if self.check_up is not None:
            return worded("card")
        if self.heard.scan is None:
            return worded("typed")
        return worded("refused") if self.heard.scan.fault else worded("scan")


class ScanSheet(Rows):
    """The scan that is marked in the list; before the first one, what to do and which scanners are there."""

    def __init__(self) -> None:
        super().__init__(id="scan-sheet")
        self._looked_at: LookedAt | None = None
        self._scanners: tuple[tuple[str, bool, str], ...] = ()

    def show(self, looked_at: LookedAt | None, scanners: Sequence[tuple[str, bool, str]]) -> None:
        """Show this one."""
        shown = (looked_at, tuple(scanners))
        if shown != (self._looked_at, self._scanners):
            self._looked_at, self._scanners = shown
            self.redraw()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """As much as there is room for, the most telling first."""
        edge = " " * (3 if width >= _NARROW else 1)
        room = width - len(edge) - 2
        if self._looked_at is None:
            rows = self._before_the_first(room, height)
        elif self._looked_at.check_up is not None:
            rows = self._card(self._looked_at, self._looked_at.check_up, room)
        else:
            rows = self._scan(self._looked_at, room)
        return [((edge, ""), *row) for row in rows]

    def _before_the_first(self, room: int, height: int) -> list[Row]:
        sentences = [
            worded("Scan anything. What the scanner sends is shown here, byte by byte; nothing is booked."),
            worded(
                "The check card tells how a scanner is set up. It is on the sheet that `scanstation commands` writes."
            ),
        ]
        rows: list[Row] = [((text, ""),) for sentence in sentences for text in wrapped(sentence, room)]
        if not self._scanners:
            return rows
        scanners = [row for scanner in self._scanners for row in _scanner(scanner, room)]
        if len(rows) + 1 + len(scanners) <= height:
            return [*rows, (), *scanners]
        return scanners if len(scanners) <= height else self._scanners_in_a_row_each(room, height)

    def _scanners_in_a_row_each(self, room: int, height: int) -> list[Row]:
        """Those that are not there first."""
        scanners = sorted(self._scanners, key=lambda scanner: scanner[1])
        in_sight = scanners if len(scanners) <= height else scanners[: height - 1]
        rows = [row for name, is_here, text in in_sight for row in _scanner((name, is_here, fit(text, room - 2)), room)]
        return (
            rows
            if in_sight == scanners
            else [*rows, ((worded("… {count} more", count=len(scanners) - len(in_sight)), "quiet"),)]
        )

    def _scan(self, one: LookedAt, room: int) -> list[Row]:
        heard = one.heard
        scan = heard.scan
        became, style = worded("read as"), ""
        if scan is None:
            became, style = worded("typed"), "note"
        elif scan.fault:
            became, style = worded("refused"), "stop-word"
        outcome = shown(fault_text(scan.fault)) if scan is not None and scan.fault else one.read_as
        raw = _wrapped_raw(heard.readable, room - _LABEL)
        return [
            *_labelled(worded("raw"), raw, "strong"),
            *_labelled(became, wrapped(outcome, room - _LABEL), style),
            *_labelled(worded("timing"), wrapped(heard.timing, room - _LABEL)),
            *_labelled(worded("suffix"), [heard.suffix_name]),
            *_labelled(worded("barcode"), wrapped(one.barcode or worded("no AIM identifier"), room - _LABEL)),
            *_labelled(worded("from"), [f"{_source(heard)}, {one.time}"]),
        ]

    def _card(self, one: LookedAt, check: CheckUp, room: int) -> list[Row]:
        rows: list[Row] = []
        word = _WORD if room >= _NARROW - 5 else _SHORT_WORD
        for finding in check.findings:
            first, *more = wrapped(f"{finding.what}: {finding.text}", room - word)
            rows.append(((f"{finding.tone.value:<{word}}", f"{finding.tone.name.lower()}-word"), (first, "")))
            rows += [((" " * word + text, ""),) for text in more]
        rows += _labelled(worded("raw"), _wrapped_raw(one.heard.readable, room - _LABEL), "quiet")
        rows += _labelled(worded("from"), [f"{_source(one.heard)}, {one.time}"], "quiet")
        return rows


def _scanner(scanner: tuple[str, bool, str], room: int) -> list[Row]:
    _, is_here, text = scanner
    sign, style = ("●", "ok-word") if is_here else ("○", "stop-word")
    first, *more = wrapped(text, room - 2)
    return [((f"{sign} ", style), (first, "")), *(((f"  {each}", ""),) for each in more)]


def _wrapped_raw(raw: str, room: int) -> list[str]:
    """A code has no words to wrap at."""
    pieces = [raw[at : at + room] for at in range(0, len(raw), room)] or [""]
    return pieces if len(pieces) <= _MOST_RAW else [*pieces[: _MOST_RAW - 1], pieces[_MOST_RAW - 1][: room - 1] + "…"]


def _labelled(label: str, texts: Sequence[str], style: str = "") -> list[Row]:
    return [
        ((f"{label if number == 0 else '':<{_LABEL}}", "quiet"), (text, style)) for number, text in enumerate(texts)
    ]


def _source(heard: Heard) -> str:
    if heard.scan is not None and heard.scan.device == "paste":
        return worded("a paste")
    return worded("the keyboard") if heard.device == KEYBOARD else heard.device
