"""The terminal the station runs in: a Textual driver that takes scans out of the input before any widget sees them.

It replaces the part of Textual's Linux driver that reads the keyboard and keeps the rest. Mended on the way, each
with a test in tests/test_terminal.py: a byte that is not UTF-8 ended the app; an unclosed paste made it deaf; the
Esc key waited 100 ms whatever was set; a sequence inside a code was cut out of it or pressed the mouse; a scan's
Enter pressed the button with the focus.

The driver is not public API of Textual: pyproject.toml pins its minor version.
"""

import os
import selectors
import termios
import threading
import time
import tty
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import takewhile
from math import inf
from typing import Any, ClassVar

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import ExitApp

from scanstation.devices.code_text import readable
from scanstation.devices.keystrokes import ESC, FOCUS_IN, FOCUS_REPORTS, Keystroke, Kind
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.heard import KEYBOARD
from scanstation.domain.scan import Fault, Scan
from scanstation.screens.widgets.entry_slot import Alone, Together

_READ_SIZE = 65_536
_FULL = 4095
"""Bytes that Linux keeps of what nobody has read yet, a moment's surplus apart."""
_REFILLED_WITHIN_MS = 1000.0
"""How long a sender may need to go on once there is room, on a machine with other things to do."""
_LONG, _DECODED_WITHIN_MS = 64, 1000.0
"""Bytes that take a moment to decode, and how long that may be on a machine with other things to do."""
_LONGEST_WAIT_S = 10.0
"""The reader is woken by a key and by the end; this is for whatever nobody has thought of."""


def scan_driver(pipe: ScanPipe, settings: WedgeSettings | None = None, tap: Tap | None = None) -> type["ScanDriver"]:
    """The driver class to give to a Textual app: its scans go into `pipe`, everything else to the app as ever.

    What is read can be listened to at `tap`.
    """

    class StationDriver(ScanDriver):
        scan_pipe = pipe
        wedge_settings = settings or WedgeSettings()
        byte_tap = tap or Tap()

    return StationDriver


class ScanAfterKeys(Message):
    """A scan that came when keys before it may not have been heard yet: it must not overtake them."""

    def __init__(self, scan: Scan, release: Callable[[], None]) -> None:
        super().__init__()
        self.scan = scan
        self.release = release
        """To be called when the scan is in the pipe."""


class ExitEvent(threading.Event):
    """The end of reading; it can be waited for together with a key, so that an idle reader sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = os.pipe()

    def fileno(self) -> int:
        """What can be read once it is set."""
        return self._reader

    def set(self) -> None:
        """Whoever waits, wakes up."""
        if not self.is_set():
            super().set()
            os.write(self._writer, b"!")

    def clear(self) -> None:
        """Reading may begin anew."""
        if self.is_set():
            super().clear()
            os.read(self._reader, 1)

    def __del__(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


class ScanDriver(LinuxDriver):
    """Textual's Linux driver with a wedge in its reader thread. Made by `scan_driver`."""

    scan_pipe: ClassVar[ScanPipe]
    wedge_settings: ClassVar[WedgeSettings]
    """Other settings may be put here while the driver runs; they count from the next key on that nothing waits for."""
    byte_tap: ClassVar[Tap]
    for_station: ClassVar[bool] = False
    """Does the app know `Together`, `Alone` and `ScanAfterKeys`? Else it gets key by key, and a scan may overtake."""

    _has_keyboard = True
    """As far as the terminal has reported it; some never do, and some report only half of it."""

    _sent = 0
    """How many keys, and scans after keys, have been sent to the app."""
    _passed = 0
    """How many of them had been sent when the last of such scans was in the pipe."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exit_event: ExitEvent = ExitEvent()

    def run_input_thread(self) -> None:
        """Read the keyboard until the app ends. Runs in a thread of its own."""
        wedge = Wedge(self.wedge_settings, tells_pairs=True)
        clock = ReadersClock()
        keys = KeyEvents()
        with selectors.DefaultSelector() as selector, selectors.DefaultSelector() as sleeper:
            selector.register(self.fileno, selectors.EVENT_READ)
            sleeper.register(self.fileno, selectors.EVENT_READ)
            sleeper.register(self.exit_event, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                waits = selector.select(0)
                if not waits:
                    sleeper.select(clock.seconds_until(wedge.deadline))
                # A process that was stopped is told that the time is over, whether something waits or not: look again.
                if waits or selector.select(0):
                    # Before it is read: who sees that nothing waits any more may stop this process at once.
                    at = clock.came(wedge.deadline, waited=bool(waits))
                    data = self._read()
                    if not data:
                        # The terminal is gone: the window was closed, the line was cut.
                        self.send_message(ExitApp())
                        return
                    if wedge.settings is not self.wedge_settings and wedge.deadline is None:
                        wedge = Wedge(self.wedge_settings, tells_pairs=True)
                    self.byte_tap.heard(KEYBOARD, _now_ms(), data)
                    clock.has_read(len(data))
                    wedge.answered_at = clock.at(self.scan_pipe.answered_at * 1000)
                    taken = wedge.feed(data, at)
                else:
                    clock.found_nothing()
                    taken = wedge.poll(clock.now())
                self._deliver_all(taken, keys)

    def _sigtstp_application(self, *_: object) -> None:
        """Stop, once what is being written is written."""
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        """Go on where something has stopped this process, once what is being written is written.

        A closed window sends this too. Textual writes at once, which waits for ever where the signal came in the middle
        of a write.
        """
        self._soon(self._go_on)

    def _soon(self, act: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended, and the app with it
            self._loop.call_soon_threadsafe(act)

    def _go_on(self) -> None:
        """Take the terminal back.

        Textual takes every such signal for the end of a Ctrl+Z and starts anew: a second reader would get half of
        every code.
        """
        if self._must_signal_resume:
            super()._sigcont_application()
            return
        if self._writer_thread is None:  # the app is ending
            return
        with suppress(termios.error):
            modes = termios.tcgetattr(self.fileno)
            modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
            modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
            termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h")  # the alternate screen, no cursor, focus reports
        self._enable_bracketed_paste()
        self.flush()
        self._app.call_later(self._app.refresh)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ_SIZE)
        except OSError:  # EIO, how Linux says that the other end of the line has hung up
            return b""

    def _deliver_all(self, taken: Sequence[Scan | Keystroke], keys: "KeyEvents") -> None:
        """Characters that come out at once, and the key after them, go to the line with the focus as one."""
        waiting = deque(taken)
        while waiting:
            strokes = [*takewhile(_is_text, waiting)]
            end = _end(waiting[len(strokes)]) if len(strokes) < len(waiting) else ""
            if self.for_station and strokes and (end or len(strokes) > 1 or not _is_apart(strokes[0])):
                for _ in range(len(strokes) + bool(end)):
                    self._note_keyboard(waiting.popleft())
                self._sent += 1
                text, in_burst = "".join(stroke.text for stroke in strokes), any(map(_in_burst, strokes))
                self.process_message(Together(text, end, apart=_is_apart(strokes[0]), in_burst=in_burst))
            else:
                self._deliver(waiting.popleft(), keys)

    def _deliver(self, taken: Scan | Keystroke, keys: "KeyEvents") -> None:
        if isinstance(taken, Keystroke) and taken.kind is Kind.SILENCE:
            if self.for_station:
                self.process_message(Alone())
            return
        self._note_keyboard(taken)
        if isinstance(taken, Scan):
            self._hand_in(taken)
            return
        if taken.kind is not Kind.REPORT:
            self._sent += 1
        try:
            messages = list(keys.of(taken.text))
        except (ValueError, ArithmeticError):
            # Textual's parser fails on a number out of range in a report. No terminal sends such a thing, a
            # barcode can.
            self._hand_in(Scan(readable(taken.text), fault=Fault.CONTROL_KEYS))
            return
        for message in messages:
            self.process_message(message)

    def _hand_in(self, scan: Scan) -> None:
        """Into the pipe, from this thread and at once; after keys on the way that these take.

        Where no key has been sent since the last scan, nothing that was typed stands in the line.
        """
        scan = replace(scan, came_at=time.monotonic())  # after the keys of the same piece, which are on their way
        if self._passed == self._sent or not self.for_station:
            self.scan_pipe.put(scan)
            return
        self._sent += 1
        self.process_message(ScanAfterKeys(scan, partial(self._has_passed, self._sent)))

    def _has_passed(self, sent: int) -> None:
        self._passed = sent

    def _note_keyboard(self, taken: Scan | Keystroke) -> None:
        """Whatever is keyed in here proves that the keyboard is here, whether the terminal has reported that or not."""
        if isinstance(taken, Keystroke) and taken.kind is Kind.REPORT:
            if taken.text in FOCUS_REPORTS:
                self._has_keyboard = taken.text == FOCUS_IN
        elif not self._has_keyboard:
            self._has_keyboard = True
            self.process_message(events.AppFocus())


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


def _now_ms() -> float:
    return time.monotonic() * 1000


class ReadersClock:
    """The time that the wedge goes by, in milliseconds: it stands still where this process does.

    Where the process was held up (stopped, swapped out, starved) what came in meanwhile waits in the terminal, and
    when it came nobody knows. Two pieces of a code must not be taken for two codes because they were read late.

    Nor is the boundary of a read a gap. A terminal holds 4,096 bytes: the rest is sent when there is room.
    And what came while the last bytes were decoded came right after them, as far as anybody can tell.
    """

    def __init__(self, now_ms: Callable[[], float] = _now_ms) -> None:
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
        return self._read >= _FULL and self._now_ms() - self._lost - self._known <= _REFILLED_WITHIN_MS

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
