"""What a keyboard's decoder has made of its keys, on its way: scans into the pipe, keys to the app.

Both ways of reading a terminal share it: the driver of ours (`terminal`), and Textual's own (`portable`).
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from math import inf
from typing import ClassVar

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from scanstation.devices.code_text import readable
from scanstation.devices.keystrokes import ESC, FOCUS_IN, FOCUS_REPORTS, Keystroke, Kind
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import Fault, Scan
from scanstation.screens.widgets.entry_slot import Alone, Together

TERMINAL_HOLDS = 4095
"""Bytes that Linux keeps of what nobody has read yet, a moment's surplus apart."""
REFILLED_WITHIN_MS = 1000.0
"""How long a sender may need to go on once there is room, on a machine with other things to do."""
_LONG, _DECODED_WITHIN_MS = 64, 1000.0
"""Bytes that take a moment to decode, and how long that may be on a machine with other things to do."""
_LONGEST_WAIT_S = 10.0
"""The reader is woken by a key and by the end; this is for whatever nobody has thought of."""


class UnfitTerminal(Exception):
    """Nothing here can read the keyboard; the sentence says so."""


class ScanAfterKeys(Message):
    """A scan that came when keys before it may not have been heard yet: it must not overtake them."""

    def __init__(self, scan: Scan, release: Callable[[], None]) -> None:
        super().__init__()
        self.scan = scan
        self.release = release
        """To be called when the scan is in the pipe."""


class TakesScans:
    """What the app tells a driver that takes scans out of the input."""

    wedge_settings: ClassVar[WedgeSettings]
    """Other settings may be put here while the driver runs; they count from the next key on that nothing waits for."""
    for_station: ClassVar[bool] = False
    """Does the app know `Together`, `Alone` and `ScanAfterKeys`? Else it gets key by key, and a scan may overtake."""


class Delivery:
    """Hands on what the wedge has made of the keys, in order."""

    def __init__(self, pipe: ScanPipe, send: Callable[[Message], None], *, for_station: bool) -> None:
        self._pipe, self._send, self._for_station = pipe, send, for_station
        self._keys = KeyEvents()
        self._has_keyboard = True
        """As far as the terminal has reported it; some never do, and some report only half of it."""
        self._sent = 0
        """How many keys, and scans after keys, have been sent to the app."""
        self._passed = 0
        """How many of them had been sent when the last of such scans was in the pipe."""

    def hand_on(self, taken: Sequence[Scan | Keystroke]) -> None:
        """Characters that come out at once, and the key after them, go to the line with the focus as one."""
        waiting = deque(taken)
        while waiting:
            strokes = [*takewhile(_is_text, waiting)]
            end = _end(waiting[len(strokes)]) if len(strokes) < len(waiting) else ""
            if self._for_station and strokes and (end or len(strokes) > 1 or not _is_apart(strokes[0])):
                for _ in range(len(strokes) + bool(end)):
                    self._note_keyboard(waiting.popleft())
                self._sent += 1
                text, in_burst = "".join(stroke.text for stroke in strokes), any(map(_in_burst, strokes))
                self._send(Together(text, end, apart=_is_apart(strokes[0]), in_burst=in_burst))
            else:
                self._deliver(waiting.popleft())

    def _deliver(self, taken: Scan | Keystroke) -> None:
        if isinstance(taken, Keystroke) and taken.kind is Kind.SILENCE:
            if self._for_station:
                self._send(Alone())
            return
        self._note_keyboard(taken)
        if isinstance(taken, Scan):
            self._hand_in(taken)
            return
        if taken.kind is not Kind.REPORT:
            self._sent += 1
        try:
            messages = list(self._keys.of(taken.text))
        except (ValueError, ArithmeticError):
            # Textual's parser fails on a number out of range in a report. No terminal sends such a thing, a
            # barcode can.
            self._hand_in(Scan(readable(taken.text), fault=Fault.CONTROL_KEYS))
            return
        for message in messages:
            self._send(message)

    def _hand_in(self, scan: Scan) -> None:
        """Into the pipe, from this thread and at once; after keys on the way that these take.

        Where no key has been sent since the last scan, nothing that was typed stands in the line.
        """
        scan = replace(scan, came_at=time.monotonic())  # after the keys of the same piece, which are on their way
        if self._passed == self._sent or not self._for_station:
            self._pipe.put(scan)
            return
        self._sent += 1
        self._send(ScanAfterKeys(scan, partial(self._has_passed, self._sent)))

    def _has_passed(self, sent: int) -> None:
        self._passed = sent

    def _note_keyboard(self, taken: Scan | Keystroke) -> None:
        """Whatever is keyed in here proves that the keyboard is here, whether the terminal has reported that or not."""
        if isinstance(taken, Keystroke) and taken.kind is Kind.REPORT:
            if taken.text in FOCUS_REPORTS:
                self._has_keyboard = taken.text == FOCUS_IN
        elif not self._has_keyboard:
            self._has_keyboard = True
            self._send(events.AppFocus())


def _is_text(taken: Scan | Keystroke) -> bool:
    return isinstance(taken, Keystroke) and taken.kind is Kind.TEXT


def _is_apart(taken: Scan | Keystroke) -> bool:
    return isinstance(taken, Keystroke) and taken.apart


def _in_burst(taken: Scan | Keystroke) -> bool:
    return isinstance(taken, Keystroke) and taken.in_burst


def _end(taken: Scan | Keystroke) -> str:
    """The key that ends a typed line, if it is one."""
    return {"\r": "enter", "\t": "tab"}.get(taken.text, "") if isinstance(taken, Keystroke) else ""


class KeyEvents:
    """Textual's events for single keystrokes, by Textual's own parser."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def of(self, text: str) -> Iterator[Message]:
        """The events of one whole keystroke: a character, a control key, or a complete sequence."""
        if text == ESC:
            # Complete as it is; the parser would wait for more.
            yield events.Key("escape", ESC)
            return
        parser, self._parser = self._parser, XTermParser()
        parsed = list(parser.feed(text))
        if parsed:
            self._parser = parser  # it knows where the mouse was
        elif len(text) == len(ESC) + 1:
            # Alt and a key. The parser would wait for more; told that nothing comes, it yields the key.
            parsed = list(parser.feed(""))
        # A longer sequence without an event is a key nobody has heard of. Its characters are not typed text.
        yield from parsed


def now_ms() -> float:
    """Milliseconds on the clock of `time.monotonic`."""
    return time.monotonic() * 1000


class ReadersClock:
    """The time that the wedge goes by, in milliseconds: it stands still where this process does.

    Where the process was held up (stopped, swapped out, starved) what came in meanwhile waits in the terminal, and
    when it came nobody knows. Two pieces of a code must not be taken for two codes because they were read late.

    Nor is the boundary of a read a gap. A terminal holds 4,096 bytes: the rest is sent when there is room.
    And what came while the last bytes were decoded came right after them, as far as anybody can tell.
    """

    def __init__(self, now_ms: Callable[[], float] = now_ms) -> None:
        self._now_ms = now_ms
        self._lost = 0.0
        self._known = -inf
        """When nothing was waiting to be read, for the last time."""
        self._read = 0
        """How many bytes were read then."""

    def now(self) -> float:
        return self._known if self._refills else self._now_ms() - self._lost

    @property
    def _refills(self) -> bool:
        """Was the terminal full when it was read? Then the time stands still for what the sender has left."""
        return self._read >= TERMINAL_HOLDS and self._now_ms() - self._lost - self._known <= REFILLED_WITHIN_MS

    def at(self, moment: float) -> float:
        """What this clock shows for a moment of the clock behind it, not long ago."""
        return moment - self._lost

    def came(self, deadline: float | None, *, waited: bool = False) -> float:
        """The time of what is there to be read; `waited`: it was there as soon as it was looked for."""
        now = self._now_ms() - self._lost
        since = now - self._known
        if self._refills or (waited and self._read >= _LONG and since <= _DECODED_WITHIN_MS):
            self._lost += since
            now = self._known
        elif deadline is not None and now >= deadline:
            # Before the deadline, as nobody was there to see it pass.
            self._lost += now - deadline + 1
            now = deadline - 1
        self._known = now
        return now

    def has_read(self, size: int) -> None:
        """So many bytes were there."""
        self._read = size

    def found_nothing(self) -> None:
        """Nothing is there to be read."""
        if not self._refills:
            self._known, self._read = self.now(), 0

    def seconds_until(self, deadline: float | None) -> float:
        """How long to wait for a key."""
        if deadline is None:
            return _LONGEST_WAIT_S
        return min(max(0.0, (deadline - self.now()) / 1000), _LONGEST_WAIT_S)
