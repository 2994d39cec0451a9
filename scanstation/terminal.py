"""The terminal the station runs in: a Textual driver that takes scans out of the input before any widget sees them.

It replaces the part of Textual's Linux driver that reads the keyboard and keeps the rest. Mended on the way, each
with a test in tests/test_terminal.py: a byte that is not UTF-8 ended the app; an unclosed paste made it deaf; the
Esc key waited 100 ms whatever was set; a sequence inside a code was cut out of it or pressed the mouse; a scan's
Enter pressed the button with the focus.

The driver is not public API of Textual: pyproject.toml pins its minor version. It needs what only POSIX has, so this
module is imported where it fits and nowhere else; `portable` is for the rest.
"""

import os
import selectors
import termios
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from textual.drivers.linux_driver import LinuxDriver
from textual.messages import ExitApp

from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import KEYBOARD
from scanstation.keyboard import Delivery, ReadersClock, TakesScans, now_ms

_READ_SIZE = 65_536


def scan_driver(pipe: ScanPipe, settings: WedgeSettings | None = None, tap: Tap | None = None) -> type["ScanDriver"]:
    """The driver class to give to a Textual app: its scans go into `pipe`, everything else to the app as ever.

    What is read can be listened to at `tap`.
    """

    class StationDriver(ScanDriver):
        scan_pipe = pipe
        wedge_settings = settings or WedgeSettings()
        byte_tap = tap or Tap()

    return StationDriver


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


class ScanDriver(TakesScans, LinuxDriver):
    """Textual's Linux driver with a wedge in its reader thread. Made by `scan_driver`."""

    scan_pipe: ClassVar[ScanPipe]
    byte_tap: ClassVar[Tap]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exit_event: ExitEvent = ExitEvent()
        self._delivery = Delivery(self.scan_pipe, self.process_message, for_station=self.for_station)

    def run_input_thread(self) -> None:
        """Read the keyboard until the app ends. Runs in a thread of its own."""
        wedge = Wedge(self.wedge_settings, tells_pairs=True)
        clock = ReadersClock()
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
                    self.byte_tap.heard(KEYBOARD, now_ms(), data)
                    clock.has_read(len(data))
                    wedge.answered_at = clock.at(self.scan_pipe.answered_at * 1000)
                    taken = wedge.feed(data, at)
                else:
                    clock.found_nothing()
                    taken = wedge.poll(clock.now())
                self._delivery.hand_on(taken)

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
