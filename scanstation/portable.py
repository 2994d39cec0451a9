"""The terminal where the driver of ours cannot run: Textual's own reads it, and the app gets the scans out of that.

Of Textual's driver all is kept but its parser of keys, which loses what a code may hold: it cuts a colour code out
without a trace, makes a ^ or a press of the mouse of others, takes NULs out of a paste and waits for ever for its end.
In its place stands one that hands on what was read as it was read. It comes to `App.on_event`, where the same decoder
as everywhere makes scans and keys of it. What that cannot mend is listed in docs/windows.md.
"""

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import inf
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message

from scanstation.devices.keystrokes import Keystroke
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import KEYBOARD, Scan
from scanstation.domain.terminals import no_keyboard
from scanstation.keyboard import REFILLED_WITHIN_MS, TERMINAL_HOLDS, Delivery, ScanAfterKeys, UnfitTerminal, now_ms

_LOOKS_EVERY_MS, _HELD_UP_MS = 100.0, 130.0
"""How long Textual's readers wait for a key, and after how much longer they were held up."""
_READER = "textual-input"
"""The name of the thread that reads, in each of Textual's drivers."""
_LOOK_AT_READER_S = 1.0
_GONE_WITHIN_S = 2.0
"""A reader that ends again so soon has nothing to read: the terminal is gone."""
_READER_ENDS_WITHIN_S = 1.0
_NOT_A_CHARACTER = b"\xff"
_MODIFIERS = re.compile("(?<!\0)\0{1,2}(?!\0)")
"""Windows tells of Shift, Ctrl and AltGr as NUL before the character; more than two of them are no such keys."""
_LEGACY_KEYS = "\x1b[<u"
"""Ends the encoding of keys that Textual's driver for Windows asks for, which its parser would read."""


class TextRead(events.Event, bubble=False):
    """What the driver has read in one go."""

    def __init__(self, text: str, at: float, lost: float = 0.0) -> None:
        super().__init__()
        self.text = text
        self.at = at
        """When, on the reader's clock, in milliseconds."""
        self.lost = lost
        """How far that clock is behind `time.monotonic`."""


class NothingRead(events.Event, bubble=False):
    """The driver has looked again, and until then nothing had come."""

    def __init__(self, until: float, lost: float = 0.0) -> None:
        super().__init__()
        self.until, self.lost = until, lost


class ReadersTime:
    """The time that the decoder goes by, kept by the thread that reads: it stands still while that was held up.

    Textual's readers do not tell whether something waited. But they look ten times a second, so that they were held up
    where more time has passed; less than that makes a hole in a code, and never two codes of one.
    """

    def __init__(self, now_ms: Callable[[], float] = now_ms) -> None:
        self._now_ms = now_ms
        self._looked = now_ms()
        self._read = 0
        self.lost = 0.0

    def look(self, *, in_vain: bool) -> float:
        """The time, as the reader is about to look, or has found nothing."""
        if in_vain:
            self._read = 0
        return self._now()

    def came(self, size: int) -> float:
        """When so many bytes came that are there. The rest of what a full terminal had no room for came with it."""
        before, at = self._looked - self.lost, self._now()
        if self._read >= TERMINAL_HOLDS and at - before <= REFILLED_WITHIN_MS:
            self.lost += at - before
            at = before
        self._read = size
        return at

    def _now(self) -> float:
        now = self._now_ms()
        if (since := now - self._looked) > _HELD_UP_MS:
            self.lost += since - _LOOKS_EVERY_MS
        self._looked = now
        return now - self.lost


class KeysIn:
    """Makes scans and keys of what the driver read, in the app's own thread. The scans go into the pipe."""

    def __init__(
        self,
        pipe: ScanPipe,
        settings: WedgeSettings,
        tap: Tap,
        *,
        for_station: bool = False,
        tells_modifiers: bool = sys.platform == "win32",
    ) -> None:
        self.settings = settings
        """Others may be put here; they count from the next key on that nothing waits for."""
        self.time = ReadersTime()
        self.is_waiting = False
        """Will something be made of nothing coming?"""
        self._pipe, self._tap, self._tells_modifiers = pipe, tap, tells_modifiers
        self._wedge = Wedge(settings, tells_pairs=True)
        self._at, self._lost = 0.0, 0.0
        self._modifiers = ""
        self._made: list[Message] = []
        self._delivery = Delivery(pipe, self._made.append, for_station=for_station)

    def of(self, event: TextRead | NothingRead) -> list[Message]:
        """What is to be passed on, in order."""
        self._lost = event.lost
        if isinstance(event, NothingRead):
            self._at = max(self._at, event.until)
            return self._handed_on(self._wedge.poll(event.until))
        self._at = event.at
        if self._wedge.settings is not self.settings and self._wedge.deadline is None:
            self._wedge = Wedge(self.settings, tells_pairs=True)
        text = self._without_modifiers(event.text) if self._tells_modifiers else event.text
        data = text.encode("utf-8", "surrogatepass")
        self._tap.heard(KEYBOARD, event.at + event.lost, data)
        self._wedge.answered_at = self._pipe.answered_at * 1000 - event.lost
        return self._handed_on(self._wedge.feed(data, event.at))

    def missed(self) -> list[Message]:
        """Something came that could not be read: what is held is refused with it, up to the next end."""
        return self._handed_on(self._wedge.feed(_NOT_A_CHARACTER, self._at))

    def _handed_on(self, taken: list[Scan | Keystroke]) -> list[Message]:
        self._delivery.hand_on(taken)
        self.is_waiting = self._wedge.deadline is not None
        made = self._made.copy()
        self._made.clear()
        for message in made:
            message.time = (self._at + self._lost) / 1000  # Textual's own clock is another one on Windows
        return made

    def _without_modifiers(self, text: str) -> str:
        text = self._modifiers + text
        whole = text.rstrip("\0")
        self._modifiers = text[len(whole) :]  # theirs is the character that comes
        return _MODIFIERS.sub("", whole)


class CharacterParser(XTermParser):
    """Stands in the place of Textual's parser in the thread that reads, and parses nothing."""

    keys_in: KeysIn

    def __init__(self, debug: bool = False) -> None:  # noqa: ARG002 - Textual's
        super().__init__()
        self._looked: float | None = None
        self._was_fed = False

    def feed(self, data: str) -> Iterator[Message]:
        """Something was read."""
        if data:
            self._was_fed = True
            at = self.keys_in.time.came(len(data.encode("utf-8", "surrogatepass")))
            yield TextRead(data, at, self.keys_in.time.lost)

    def tick(self) -> Iterator[Message]:
        """The driver is about to look, or has looked in vain: a process that was stopped is told so, true or not.

        Only the next time round it is certain.
        """
        looked, was_fed = self._looked, self._was_fed
        self._looked, self._was_fed = self.keys_in.time.look(in_vain=not was_fed), False
        if looked is not None and not was_fed and self.keys_in.is_waiting:
            yield NothingRead(looked, self.keys_in.time.lost)


def stock_driver(keys_in: KeysIn) -> type[Driver]:
    """Textual's driver for this platform, handing on what it reads.

    Raises:
        UnfitTerminal: there is none, or not as this version of ScanStation knows it.
    """
    stock: type[Driver]
    if sys.platform == "win32":
        from textual.drivers import win32 as reading
        from textual.drivers.windows_driver import WindowsDriver

        stock = WindowsDriver
    else:
        try:
            from textual.drivers import linux_driver as reading
            from textual.drivers.linux_driver import LinuxDriver
        except ImportError as error:
            raise UnfitTerminal(no_keyboard(sys.platform, str(error.name))) from None
        stock = LinuxDriver

    class Parser(CharacterParser):
        pass

    Parser.keys_in = keys_in
    reading.XTermParser = Parser  # type: ignore[attr-defined]
    return stock


class ReadsPortably(App[Any]):
    """An app on Textual's own driver that takes scans out of the input in `on_event`."""

    keys_in: KeysIn
    """To be set before the app runs, with `stock_driver(keys_in)` as its driver class."""
    _began_again = -inf

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._one_reader = ExitStack()

    def on_mount(self) -> None:
        """See to it that somebody reads, and one reader alone."""
        if self._driver is not None:
            # Textual takes every signal to go on for the end of a Ctrl+Z: a second reader would get half of every code.
            self._one_reader.enter_context(self._driver.no_automatic_restart())
        self._want_plain_keys()
        self.set_interval(_LOOK_AT_READER_S, self._look_at_reader)

    async def on_event(self, event: events.Event) -> None:
        """Scans go into the pipe, keys to the line with the focus, before any widget has seen either."""
        if isinstance(event, TextRead | NothingRead):
            await self._pass_on(self.keys_in.of(event))
        else:
            await super().on_event(event)

    async def _pass_on(self, messages: list[Message]) -> None:
        for message in messages:
            message.set_sender(self)
            if isinstance(message, ScanAfterKeys):
                self.take_after_keys(message)
            elif isinstance(message, events.Key | events.Paste | events.AppFocus | events.AppBlur):
                await super().on_event(message)
            elif self._driver is not None:
                self._driver.process_message(message)  # the terminal's own word, which the driver hears first

    def take_after_keys(self, event: ScanAfterKeys) -> None:
        """A scan came after keys; only with keys that are `for_station`."""
        raise NotImplementedError

    def panic(self, *renderables: Any) -> None:
        """A reader that failed at what it read is begun again; anything else ends the app."""
        if self.return_code is None and not _is_read(wait_s=_READER_ENDS_WITHIN_S):
            self._read_on()
        else:
            super().panic(*renderables)

    def _look_at_reader(self) -> None:
        """Textual's reader for Windows ends in silence; that for Linux reads nothing, for ever, from what is closed."""
        if self.return_code is not None:
            return
        if self._has_no_terminal():
            self.exit()
        elif not _is_read():
            self._read_on()

    def _has_no_terminal(self) -> bool:
        return not self.is_headless and sys.__stdin__ is not None and not sys.__stdin__.isatty()

    def _read_on(self) -> None:
        if self._driver is None or time.monotonic() - self._began_again < _GONE_WITHIN_S:
            self.exit()
            return
        self._began_again = time.monotonic()
        self._driver.suspend_application_mode()
        self._driver.resume_application_mode()
        self._want_plain_keys()
        self.refresh(layout=True)
        self.call_later(self._pass_on, self.keys_in.missed())

    def _want_plain_keys(self) -> None:
        if sys.platform == "win32" and self._driver is not None:
            self._driver.write(_LEGACY_KEYS)


def _is_read(wait_s: float = 0.0) -> bool:
    """Is the thread there that reads? It may be given a moment to end."""
    readers = [thread for thread in threading.enumerate() if thread.name == _READER]
    if wait_s:
        for reader in readers:
            reader.join(wait_s)
    return any(reader.is_alive() for reader in readers)
