"""The keyboard wedge: distinguishes a scanner's scans from a person's typing, by their speed.

Pure: bytes and the time they were read at go in, scans and typed keystrokes come out, in order. Times are
milliseconds on any clock that only goes forward.

A run of keystrokes is held while it could still be a scanner's. At its suffix, or when it has stood still for too long,
it is one of three: a scan; a scan that must not be believed, which goes out with its fault; or typing, which goes
on to the widget with the focus, all of it. Nothing disappears and no control key inside a burst is ever run.

The mark of a whole code is its end, and no time is. A scanner's burst that pauses without one is a piece; whatever
comes up to the next end, however late, is refused with it. Heads too short to tell from typing (up to three keys) are
typed into the line, and there a scan finds them.

What is held (`_run`, `_piece`), what comes, and what becomes of it; the gaps are those of `WedgeSettings`:

    nothing           a key                         a run
    nothing           a suffix                      nothing; it goes on as the key it is
    a run             a key within `max_gap`        the same run
    a run             once within `burst_gap`       the same run, with a hole
    a run             a key after a longer gap      a run in pieces, if surely a scanner's; else typing, and a new run
    a run             a suffix                      nothing; a scan, a refused scan or typing goes out
    a run             nothing for its time          a piece, refused, if surely a scanner's; else typing goes out
    a run in pieces   a key                         the same run
    a run in pieces   a suffix                      nothing; refused: it came in pieces
    a run in pieces   nothing for its time          a piece, refused
    a piece           a key                         the piece, and a run after it
    a piece           a suffix                      nothing; refused with all that came since
"""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf

from scanstation.devices.code_text import (
    MAX_LENGTH,
    distorted,
    fold,
    has_aim_identifier,
    has_control_keys,
    note_on,
    readable,
    with_group_separators,
    without_aim,
    without_prefix,
)
from scanstation.devices.keystrokes import (
    ESC,
    FOCUS_REPORTS,
    Keystroke,
    KeystrokeReader,
    Kind,
    is_control,
    is_unreadable,
)
from scanstation.devices.wedge_settings import SUFFIX_KEYS, WedgeSettings
from scanstation.domain.codes import trim
from scanstation.domain.scan import OWN_ACT_MS, Fault, Scan, Source

PASTED_LINES = 10
"""Codes in one paste. More than that may be a list, and lists are imported: somebody has to say so."""
_ONE_LABEL_MS = 60.0
"""A code that begins this soon after the end of another was not aimed at: the same label holds both."""
_READ_LATE_MS = 2.0
"""Keys without text wait so much longer for a suffix. One that is read late may be a person's: it is too late then."""
_SURE_LENGTH = 3
"""So many keystrokes are needed to distinguish a scanner, by speed, from two fingers rolling over the keys."""
_BACKSPACE = ("\x7f", "\b")
_MOVING = frozenset(f"{ESC}[{letter}" for letter in "ABCDHF") | {f"{ESC}[{key}~" for key in (1, 4, 5, 6)}
"""Arrows, Home, End and the page keys: held, or turned with the wheel, they come in bursts and change nothing."""
_EDITING = _MOVING | {*_BACKSPACE, f"{ESC}[2~", f"{ESC}[3~"}
"""Keys that two quick fingers press right after a character."""
_SLOW_LENGTH = 4
"""So many, the suffix counted, where it is a scanner's pace and still too slow for a scan: fingers roll over three."""
_KEY_REPEAT_MS = 10.0
"""Mean gap above which one character over and over is a held key and not a barcode."""


@dataclass(slots=True)
class _Run:
    """Keystrokes that are held until it is clear whose they are."""

    strokes: list[Keystroke] = field(default_factory=list)
    has_text: bool = False
    holes: int = 0
    in_pieces: bool = False
    interrupted: bool = False
    """The window lost or got the keyboard since the run began; what comes now is no longer sure to follow on."""
    reported: bool = False
    """Grew over any code's length, has been refused for it, and is now only swallowed."""

    def __len__(self) -> int:
        return len(self.strokes)

    @property
    def text(self) -> str:
        return "".join(stroke.text for stroke in self.strokes)

    @property
    def started(self) -> float:
        return self.strokes[0].at

    @property
    def ended(self) -> float:
        last = self.strokes[-1]
        return last.at + last.took

    def add(self, stroke: Keystroke) -> None:
        self.strokes.append(stroke)
        self.has_text = self.has_text or stroke.kind is Kind.TEXT

    def keep_only(self, stroke: Keystroke) -> None:
        self.strokes[:] = [stroke]
        self.has_text = stroke.kind is Kind.TEXT

    def mean_gap(self, until: float | None = None) -> float:
        """The mean gap, to the suffix at `until` if there is one."""
        count = len(self.strokes)
        if until is not None:
            return (until - self.started) / count
        return (self.ended - self.started) / max(1, count - 1)


def _does_something(stroke: Keystroke) -> bool:
    """Whether it is a key that more than moves and mends, and no part of a code."""
    is_key = stroke.kind in (Kind.CONTROL, Kind.FUNCTION_KEY)
    return is_key and stroke.text not in _EDITING and stroke.text not in SUFFIX_KEYS


def _is_a_label_of_keys(run: _Run, suffix: Keystroke | None) -> bool:
    """Whether keys without text are a scanner's: several at once, or with a suffix at once after them."""
    is_turned = run.strokes[0].text in _EDITING and len({stroke.text for stroke in run.strokes}) == 1
    return suffix is not None or (len(run) > 1 and not is_turned)


class Wedge:
    r"""One terminal's keyboard: bytes in, scans and typed keystrokes out.

    Call `feed` with what was read, and `poll` no later than `deadline`. Times are milliseconds.

    >>> wedge = Wedge()
    >>> wedge.feed(b"SN-0001\r", at=0)[0].text
    'SN-0001'
    >>> wedge.feed(b"y", at=5_000), wedge.poll(at=6_000)[0].text
    ([], 'y')
    """

    def __init__(
        self, settings: WedgeSettings | None = None, *, device: str = "wedge", tells_pairs: bool = False
    ) -> None:
        self.settings = settings or WedgeSettings()
        self._tells_pairs = tells_pairs
        """Are two codes in one burst marked? The second then waits until it is clear that no third follows."""
        self._device = device
        self._reader = KeystrokeReader(self.settings.max_gap_ms, self.settings.burst_gap_ms)
        self._suffixes = self.settings.suffix_characters
        self._run = _Run()
        self._typed_at: float | None = None
        """When the last text that went on as typing came in, if no suffix has closed it since."""
        self._typed = ""
        """That text."""
        self._piece: str | None = None
        """What a scanner began and has not ended; None where every code had its end."""
        self._burst = 0
        """How many codes came right after each other."""
        self._burst_ended = -inf
        """When the last of them ended."""
        self._burst_pace = 0.0
        """A code this close after that is the scanner's own, whatever was answered meanwhile."""
        self.answered_at = -inf
        """When the station last answered a scan: whoever has seen that has aimed anew."""
        self._second: Scan | None = None
        """The second of them, until it is clear whether there is a third."""
        self._suffix: Keystroke | None = None
        """The key that ended the last run."""
        self._suffix_was_scan = False
        self._scan_pace = -1.0
        """A key this close after the suffix is the scanner's as well; negative where a person pressed it."""
        self._last_code: tuple[str, float] | None = None
        self._heard_at = -inf
        """When the last key came."""
        self._alone_at: float | None = None
        """When the character that was typed last has stayed alone, if nothing comes before."""

    @property
    def deadline(self) -> float | None:
        """When to call `poll` if no byte comes before; None while nothing is held."""
        second = self._burst_ended + _ONE_LABEL_MS if self._second is not None else None
        run = self._run_deadline() if self._reader.begun_at is None else None
        alone = self._alone_at if self._reader.begun_at is None else None
        moments = (self._reader.deadline, run, second, alone)
        return min((moment for moment in moments if moment is not None), default=None)

    def feed(self, data: bytes, at: float) -> list[Scan | Keystroke]:
        """What follows from bytes read at `at`."""
        out: list[Scan | Keystroke] = []
        for stroke in self._reader.feed(data, at):
            self._take(stroke, out)
        self._release(self._known_until(at), out)
        return out

    def poll(self, at: float) -> list[Scan | Keystroke]:
        """What follows from nothing having come until `at`."""
        out: list[Scan | Keystroke] = []
        for stroke in self._reader.poll(at):
            self._take(stroke, out)
        self._release(self._known_until(at), out)
        return out

    def _known_until(self, at: float) -> float:
        """What has begun already is the next key: how long nothing came before it is known, whenever it ends."""
        begun_at = self._reader.begun_at
        return at if begun_at is None else min(at, begun_at)

    # -- one keystroke ---------------------------------------------------------------------------------------

    def _take(self, stroke: Keystroke, out: list[Scan | Keystroke]) -> None:
        if self._only_goes_on(stroke):
            self._run.strokes.append(stroke)
            self._heard_at = stroke.ended
            return
        self._release(stroke.at, out)
        if stroke.kind is Kind.REPORT:
            self._sort(stroke, out)
            return
        if stroke.at - self._heard_at > OWN_ACT_MS:
            stroke = replace(stroke, apart=True)
        self._heard_at = stroke.ended
        self._sort(stroke, out)
        self._alone_at = None

    def _only_goes_on(self, stroke: Keystroke) -> bool:
        """Is it one more character of a code, as nearly every one is? Then nothing else is to be asked."""
        run = self._run
        return (
            stroke.kind is Kind.TEXT
            and run.has_text
            and not run.reported
            and len(run.strokes) < MAX_LENGTH
            and stroke.at - run.ended <= self._own_pace
            and self._second is None
            and self._alone_at is None
        )

    def _sort(self, stroke: Keystroke, out: list[Scan | Keystroke]) -> None:
        if stroke.text[:1] == ESC and stroke.text[1:] in self._suffixes:
            # Esc with a suffix after it at once looks like Alt and that key, which no person needs here.
            self._hold(replace(stroke, text=ESC), out)
            self._take_suffix(replace(stroke, text=stroke.text[1:]), out)
        elif stroke.kind in (Kind.PASTE, Kind.OPEN_PASTE):
            self._finish(None if self._run.has_text else stroke, out)  # a person pastes no sooner after a key
            self._release_second(out)
            out.extend(self._pasted(stroke))
            # A suffix at once after it is not a person's either.
            self._suffix = Keystroke("\t", stroke.ended, Kind.CONTROL)
            self._suffix_was_scan, self._scan_pace = True, self._own_pace
        elif stroke.text in self._suffixes:
            self._take_suffix(stroke, out)
        elif self._ends_a_suffix(stroke):
            pass  # the LF of a CRLF, on a station whose suffixes do not name LF
        elif stroke.text in FOCUS_REPORTS:
            out.append(stroke)
            # The keyboard went to another window, or came from there: a part of the code may be in that window.
            self._run.interrupted = self._run.has_text
            if self._falls_into_the_run(stroke):
                self._hold(stroke, out)
        elif stroke.kind is Kind.REPORT and not self._falls_into_the_run(stroke):
            out.append(stroke)
        else:
            self._hold(stroke, out)

    def _take_suffix(self, stroke: Keystroke, out: list[Scan | Keystroke]) -> None:
        if self._run.strokes:
            self._continue_run(stroke.at, out)
        if self._run.strokes:
            self._finish(stroke, out)
        elif self._ends_a_suffix(stroke):
            self._suffix = stroke
        else:
            is_late_end = self._piece is not None
            if is_late_end:
                self._end_piece(out)
            else:
                self._type([stroke], out)
            self._suffix, self._suffix_was_scan, self._scan_pace = stroke, is_late_end, -1.0

    def _ends_a_suffix(self, stroke: Keystroke) -> bool:
        """Whether this is the second half of a suffix whose first half has done its work.

        That is LF after CR, CR or LF after the Tab of a scan, and any key that ends codes where it comes at the pace
        of the code itself. A second Enter after a moment is a person's.
        """
        if self._run.strokes or self._suffix is None:
            return False
        gap = stroke.at - self._suffix.at
        if self._suffix.text == "\r" and stroke.text == "\n":
            return gap <= self.settings.burst_gap_ms
        if self._suffix.text == "\t" and self._suffix_was_scan and stroke.text in "\r\n":
            return gap <= self.settings.max_gap_ms
        return stroke.text in SUFFIX_KEYS and gap <= self._scan_pace

    def _falls_into_the_run(self, stroke: Keystroke) -> bool:
        """A report of the terminal is apart from the run, unless it falls right into it.

        The latter looks the same as a code that holds such a sequence, and must not be cut out of it.
        """
        return self._run.has_text and stroke.at - self._run.ended <= self.settings.max_gap_ms

    def _hold(self, stroke: Keystroke, out: list[Scan | Keystroke]) -> None:
        run = self._run
        if run.strokes:
            self._continue_run(stroke.at, out)
            run = self._run
        if run.strokes and stroke.kind is not Kind.TEXT and not run.has_text and self._is_repeat(stroke):
            self._finish(None, out)  # a held key: each press goes on as the next one comes
            run = self._run
        if run.reported:
            run.keep_only(stroke)
            return
        run.add(stroke)
        if run.has_text:
            self._release_second(out, is_last=False)  # a third code follows
        if len(run) > MAX_LENGTH:
            out.append(self._refused(run.text, Fault.TOO_LONG))
            run.keep_only(stroke)
            run.reported = True

    def _is_repeat(self, stroke: Keystroke) -> bool:
        last = self._run.strokes[-1]
        return stroke.text == last.text and stroke.at - last.ended > _KEY_REPEAT_MS

    def _continue_run(self, at: float, out: list[Scan | Keystroke]) -> None:
        """Judge the gap before a keystroke at `at`: within the run, a hole in it, or its end."""
        run, settings = self._run, self.settings
        gap = at - run.ended
        if gap <= settings.max_gap_ms or run.reported:
            return
        may_go_on = run.has_text and run.holes == 0 and not run.in_pieces and not run.interrupted
        if gap <= settings.burst_gap_ms and may_go_on:
            run.holes = 1
        elif run.in_pieces or self._is_surely_a_scanner(run):
            run.in_pieces = True
        else:
            self._finish(None, out)

    # -- the end of a run ------------------------------------------------------------------------------------

    def _is_surely_a_scanner(self, run: _Run) -> bool:
        return len(run.strokes) >= _SURE_LENGTH and run.mean_gap() <= self.settings.max_avg_ms

    def _run_deadline(self) -> float | None:
        """When the run that is held has stood still for too long."""
        run, settings = self._run, self.settings
        if not run.strokes:
            return None
        if run.reported or run.in_pieces or (run.has_text and self._is_surely_a_scanner(run)):
            # What a scanner began is held until its tail can no longer come; it is never typed meanwhile.
            return run.ended + settings.split_guard_ms
        if not run.has_text:
            return run.ended + settings.max_gap_ms + _READ_LATE_MS
        # Twice the gap, so that a single hole after the first or second character does not tear a scan apart.
        return run.ended + min(2 * settings.max_gap_ms, settings.burst_gap_ms)

    def _release(self, at: float, out: list[Scan | Keystroke]) -> None:
        if self._second is not None and at > self._burst_ended + _ONE_LABEL_MS:
            self._release_second(out)
        deadline = self._run_deadline()
        if deadline is not None and at > deadline:
            self._finish(None, out)
        if self._alone_at is not None and at > self._alone_at:
            out.append(Keystroke("", self._alone_at, Kind.SILENCE))
            self._alone_at = None

    def _finish(self, suffix: Keystroke | None, out: list[Scan | Keystroke]) -> None:
        """End the run, at its suffix or because nothing more came."""
        run, self._run = self._run, _Run()
        if not run.strokes or self._is_the_scanners_own_key(run):
            return
        follows = not run.strokes[0].apart
        is_rest = suffix is not None and self._piece is not None
        scan = None if run.reported or is_rest else self._judge(run, suffix)
        is_typing = scan is None and not run.reported and not is_rest
        if is_rest:
            self._end_piece(out, "" if run.reported else run.text)
        elif scan is not None:
            self._tell(replace(scan, follows=follows), run, suffix, out)
        if is_typing:
            in_burst = self._is_a_burst(run, suffix)
            strokes = [replace(stroke, in_burst=True) for stroke in run.strokes] if in_burst else run.strokes
            self._type(strokes if suffix is None else [*strokes, suffix], out)
        else:
            self._typed, self._typed_at = "", None
        if suffix is not None:
            self._suffix, self._suffix_was_scan = suffix, not is_typing
            self._scan_pace = -1.0 if is_typing else self._own_pace
        elif not is_typing and (scan is None or scan.fault is not None):
            self._piece = f"{self._piece or ''}{run.text}"[:MAX_LENGTH]

    def _end_piece(self, out: list[Scan | Keystroke], tail: str = "") -> None:
        """The end of what a scanner began, however late: none of it is a code. An end alone is not reported again."""
        text, self._piece = f"{self._piece}{self._typed}{tail}", None
        if self._typed or tail:
            out.append(self._refused(text[:MAX_LENGTH], Fault.PIECES))
        self._typed, self._typed_at = "", None

    def _tell(self, scan: Scan, run: _Run, suffix: Keystroke | None, out: list[Scan | Keystroke]) -> None:
        """Hand a scan out; the second of a burst as soon as it is clear that no third follows."""
        self._burst = 0 if suffix is None else self._burst + 1 if self._is_in_a_burst(run) else 1
        self._burst_ended = run.ended if suffix is None else suffix.at
        self._burst_pace = 1.5 * run.mean_gap(self._burst_ended)
        self._release_second(out, is_last=False)
        if self._burst == 2 and self._tells_pairs:
            self._second = scan
        else:
            out.append(scan)

    def _release_second(self, out: list[Scan | Keystroke], *, is_last: bool = True) -> None:
        if self._second is not None:
            out.append(replace(self._second, second_of_two=is_last))
            self._second = None

    @property
    def _own_pace(self) -> float:
        """So soon after a suffix a key is the scanner's, however slow its codes may be: a person is never so quick."""
        return min(self.settings.max_gap_ms, OWN_ACT_MS)

    def _is_the_scanners_own_key(self, run: _Run) -> bool:
        """Whether keys without text came at the pace of the code before them: a scanner's second suffix."""
        is_after_suffix = self._suffix is not None and run.started - self._suffix.at <= self._scan_pace
        return is_after_suffix and all(stroke.kind is Kind.CONTROL for stroke in run.strokes)

    def _is_a_burst(self, run: _Run, suffix: Keystroke | None) -> bool:
        """Whether typing came at a scanner's pace: a code too short for a scan, or a scanner too slow for one."""
        mean = run.mean_gap(None if suffix is None else suffix.at)
        if mean <= self.settings.max_avg_ms:
            return suffix is not None or len(run) >= _SURE_LENGTH
        is_held_key = len({stroke.text for stroke in run.strokes}) == 1
        is_long = len(run) + (suffix is not None) >= _SLOW_LENGTH
        return mean <= self.settings.max_gap_ms and is_long and not is_held_key

    def _judge(self, run: _Run, suffix: Keystroke | None) -> Scan | None:
        """The scan a run is, good or refused; None when it is typing."""
        settings = self.settings
        raw = run.text
        if not raw.isascii() and any(map(is_unreadable, raw)):
            return self._refused(raw, Fault.NOT_TEXT)
        if not run.has_text:
            return self._refused(raw, Fault.CONTROL_KEYS) if _is_a_label_of_keys(run, suffix) else None
        if run.in_pieces:
            return self._refused(raw, Fault.PIECES)
        mean = run.mean_gap(None if suffix is None else suffix.at)
        text = fold(with_group_separators(raw, settings.gs_substitute))
        text, has_prefix = without_prefix(text, settings.prefix)
        if has_control_keys(text) and self._has_a_scanners_key(run, suffix):
            return self._refused(raw, Fault.CONTROL_KEYS)
        is_slow = mean > settings.max_avg_ms or (len(set(raw)) == 1 and mean > _KEY_REPEAT_MS)
        if has_control_keys(text) and not is_slow:
            return None if suffix is None and len(run) < _SURE_LENGTH else self._refused(raw, Fault.CONTROL_KEYS)
        is_marked = has_prefix or has_aim_identifier(text)
        if (settings.require_aim or settings.prefix) and not is_marked and self._is_a_burst(run, suffix):
            # However short, or slow: nothing of a scanner's is typing here.
            fault = self._fault(text, run.started, has_prefix=has_prefix)
            return self._refused(text, fault or Fault.NO_START_MARK)
        if is_slow:
            return None
        if suffix is None and len(text) < (
            settings.min_length if settings.needs_end else settings.min_length_no_suffix
        ):
            return None
        if suffix is None and settings.needs_end:
            return self._refused(raw, Fault.NO_END)
        if not is_marked and len(text) < settings.min_length and not self._is_in_a_burst(run):
            # A separator cannot be typed into a field: this was a scanner.
            return self._refused(raw, Fault.CONTROL_KEYS) if any(map(is_control, text)) else None
        fault = self._fault(text, run.started, has_prefix=has_prefix)
        if fault is not None:
            return self._refused(text, fault)
        lacks_prefix = bool(settings.prefix) and not has_prefix
        return replace(self._accepted(text, note_on(raw), run.ended), lacks_prefix=lacks_prefix)

    def _has_a_scanners_key(self, run: _Run, suffix: Keystroke | None) -> bool:
        """Whether a key that does something came at a scanner's pace before or after another key."""
        strokes = run.strokes if suffix is None else [*run.strokes, suffix]
        return any(
            second.at - first.ended <= self.settings.max_gap_ms and (_does_something(first) or _does_something(second))
            for first, second in pairwise(strokes)
        )

    def _is_in_a_burst(self, run: _Run) -> bool:
        """Whether it begins so soon after the end of a scan that it is the same scanner's, however short it is."""
        gap = run.started - self._burst_ended
        was_aimed_at = self._burst_ended < self.answered_at <= run.started and gap > self._burst_pace
        return self._burst > 0 and gap < _ONE_LABEL_MS and not was_aimed_at

    def _fault(self, text: str, started: float, *, has_prefix: bool) -> Fault | None:
        settings = self.settings
        if distortion := distorted(text):
            return distortion
        has_aim = has_aim_identifier(text)
        is_marked = has_prefix or has_aim
        if is_marked and not without_aim(text):
            return Fault.TOO_SHORT
        if settings.prefix and not has_prefix and without_aim(text).swapcase().startswith(settings.prefix):
            return Fault.CAPS_LOCK
        if (settings.require_aim and not has_aim) or (settings.prefix and not is_marked):
            return Fault.NO_START_MARK
        if not is_marked and self._is_right_after_typing(started):
            return Fault.PIECES
        return None

    def _is_right_after_typing(self, at: float) -> bool:
        return self._typed_at is not None and at - self._typed_at < self.settings.split_guard_ms

    def _accepted(self, text: str, note: str | None, ended: float) -> Scan:
        is_repeat = (
            self._last_code is not None
            and self._last_code[0] == text
            and ended - self._last_code[1] <= self.settings.repeat_ms
        )
        self._last_code = (text, ended)
        return Scan(text, Source.SCAN, self._device, note=note, repeat=is_repeat, typed_before=self._typed)

    def _refused(self, text: str, fault: Fault) -> Scan:
        self._last_code = None  # only the same code twice in a row is a repeat
        return Scan(readable(text), Source.SCAN, self._device, fault=fault, typed_before=self._typed)

    def _type(self, strokes: list[Keystroke], out: list[Scan | Keystroke]) -> None:
        self._release_second(out)
        if len(strokes) == 1 and strokes[0].kind is Kind.TEXT and strokes[0].apart:
            # For as long as it may be the beginning of a code that was cut after it.
            self._alone_at = strokes[0].ended + max(OWN_ACT_MS, self.settings.split_guard_ms)
        for stroke in strokes:
            if stroke.text in FOCUS_REPORTS:
                continue  # went on when it came
            if stroke.text in self._suffixes:
                self._typed, self._typed_at = "", None
            elif stroke.kind is Kind.TEXT:
                self._typed = (self._typed + stroke.text)[:MAX_LENGTH]
                self._typed_at = stroke.at
                self._last_code = None
            else:
                self._typed = self._typed[:-1] if stroke.text in _BACKSPACE else ""
            # A terminal that still translates CR, in the first moments after the start, makes LF of the Enter key.
            out.append(replace(stroke, text="\r") if stroke.text == "\n" and "\n" in self._suffixes else stroke)

    # -- pastes ----------------------------------------------------------------------------------------------

    def _pasted(self, stroke: Keystroke) -> list[Scan]:
        """One scan a line, blank ones apart. Never `str.splitlines`, which also splits at the separators of GS1."""
        lines = [line for line in re.split(r"\r\n|\r|\n", stroke.text) if trim(line)]
        if not lines:
            return []
        fault: Fault | None = None
        if len(lines) > PASTED_LINES:
            fault = Fault.TOO_MANY_LINES
        elif stroke.kind is Kind.OPEN_PASTE:
            fault = Fault.TOO_LONG if max(map(len, lines)) > MAX_LENGTH else Fault.OPEN_PASTE
        self._typed, self._typed_at, self._last_code, self._burst = "", None, None, 0
        asked = stroke.kind is Kind.PASTE and fault is Fault.TOO_MANY_LINES
        more = tuple(
            replace(
                _line(line, self.settings, Source.SCAN, "paste", needs_mark=True),
                follows=number > 0 or not stroke.apart,
            )
            for number, line in enumerate(lines if fault is None or asked else ())
        )
        if fault is None:
            return [*more]
        return [Scan(readable(lines[0][:MAX_LENGTH]), Source.SCAN, "paste", fault=fault, lines=more)]


def typed_code(text: str, settings: WedgeSettings, device: str = "keyboard") -> Scan:
    """A typed line, of a person or of a scanner too slow for a scan: the same entry, and what is wrong with it."""
    return _line(text, settings, Source.TYPED, device)


def _line(line: str, settings: WedgeSettings, source: Source, device: str, *, needs_mark: bool = False) -> Scan:
    """A code that came as a whole line: what may have happened to it on its way is looked at all the same."""
    fault: Fault | None
    text, has_prefix = without_prefix(fold(with_group_separators(line, settings.gs_substitute)), settings.prefix)
    has_aim = has_aim_identifier(text)
    is_marked = has_aim if settings.require_aim else has_prefix or has_aim or not settings.prefix
    if any(is_unreadable(character) for character in text):
        fault = Fault.NOT_TEXT
    elif len(text) > MAX_LENGTH:
        fault = Fault.TOO_LONG
    elif has_control_keys(text):
        fault = Fault.CONTROL_KEYS
    else:
        fault = distorted(text) or (Fault.NO_START_MARK if needs_mark and not is_marked else None)
    if fault is not None:
        return Scan(readable(text[:MAX_LENGTH]), source, device, fault=fault)
    lacks_prefix = needs_mark and bool(settings.prefix) and not has_prefix
    return Scan(text, source, device, note=note_on(line), lacks_prefix=lacks_prefix)
