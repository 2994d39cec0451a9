"""Codes out of a serial line's bytes: where each begins and ends, and which must not be believed.

Pure: bytes and the time they were read at go in, frames come out, however the bytes were chunked. Times are
milliseconds on any clock that only goes forward. What is held is bounded.

The tail of a code that was cut looks just like a code. So a framer begins in doubt, and falls into doubt when a code
stands still before its end: what comes up to the next end is handed out with a fault, never as a code. A line that
is quiet after it was opened is out of doubt; one on which half a code came is not until that code's end has come,
for a network that stalls delivers the rest seconds later.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Final, Literal

from scanstation.devices.code_text import (
    fold,
    has_control_keys,
    note_on,
    readable,
    with_group_separators,
    without_aim,
    without_prefix,
)
from scanstation.domain.language import word
from scanstation.domain.scan import OWN_ACT_MS, Fault, Scan, Source

Framing = Literal["line", "stx-etx", "tab", "eot", "idle"]

MAX_FRAME = 4096
"""Bytes of one code. Far above any barcode; it bounds what a stuck scanner can make the station hold."""
REPEAT_MS = 250.0
"""The same code again from one scanner within this time is a label that was read twice."""

# What plugs, breaks and idle lines put on the wire: control characters, blanks, DEL, all bits set.
_NOISE = bytes(range(0x21)) + b"\x7f\xff"
_STX, _ETX = b"\x02", b"\x03"
_MARKS = re.compile(rb"([\x02\x03])")
_ENDS: Final[dict[str, re.Pattern[bytes]]] = {
    # CRLF is two ends with nothing between them, and nothing is no code.
    "line": re.compile(rb"[\r\n]"),
    "tab": re.compile(rb"\t"),
    "eot": re.compile(rb"\x04"),
}


def suits_framing(encoding: str) -> bool:
    """Are ASCII characters and line ends single bytes of their own in an encoding? UTF-16 would be cut in two."""
    plain = bytes(range(0x20, 0x7F)) + b"\r\n\t"
    try:
        return plain.decode(encoding) == plain.decode("ascii")
    except (LookupError, UnicodeError):
        return False


class FrameFault(StrEnum):
    """Why bytes from a serial line must not be taken as a code; like `Fault`, each follows the code itself."""

    NO_END = "has no end: it was cut off, or the scanner sends another suffix than the station expects"
    REST = "may be the rest of a code that was cut off"
    EARLY = "came in while the scanner was being connected"
    UNPLUGGED = "was cut off: the scanner was unplugged"
    DISCONNECTED = "was cut off: the connection to the scanner ended"
    LATE = "was read late, as the computer is busy: scan it again"


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of one code without their marks, and when the last of them was read, in milliseconds."""

    data: bytes
    at: float
    fault: str | None = None
    """Why this is no whole code, one of `FrameFault` or `Fault`."""
    after: float = inf
    """Milliseconds of silence on the line before the first of them."""


class Framer(ABC):
    """One line that has just been opened: bytes in, frames out. Made by `framer`.

    Call `feed` with what was read, and `poll` no later than `deadline`.
    """

    def __init__(self, quiet_ms: float, opened_at: float) -> None:
        self._quiet_ms = quiet_ms
        """A silence this long lies between two codes, never within one."""
        self._at = opened_at
        self._heard_at = -inf
        self._silence = inf
        """How long nothing came before the next byte; 0 after another one of the same read."""
        self._after = inf
        """The same of what is held."""
        self._held = bytearray()
        self._is_overlong = False
        """Grew over any code's length, has been reported for it, and is now only swallowed."""
        self._doubt: FrameFault | None = FrameFault.EARLY
        """The fault of what is being held, if it must not be believed whatever it looks like."""

    @property
    def synchronised(self) -> bool:
        """Whether the line's opening is over: a scan made now is taken."""
        return self._doubt is not FrameFault.EARLY

    @property
    def deadline(self) -> float | None:
        """When to call `poll` if no byte comes before; None while nothing is awaited."""
        if self._held or self._is_overlong or not self.synchronised:
            return self._at + self._quiet_ms
        return None

    def feed(self, data: bytes, at: float) -> list[Frame]:
        """What follows from bytes read at `at`."""
        frames = self.poll(at)
        self._silence, self._heard_at = at - self._heard_at, at
        self._at = at
        self._take(data, frames)
        return frames

    def poll(self, at: float) -> list[Frame]:
        """What follows from nothing having come until `at`."""
        frames: list[Frame] = []
        deadline = self.deadline
        if deadline is not None and at >= deadline:
            self._stand_still(frames)
        return frames

    def feed_late(self, data: bytes, at: float) -> list[Frame]:
        """What follows from bytes that were read after the deadline, with nobody there to see it pass.

        The process was held up: they may have come in time. What has an end of its own is whole all the same.
        """
        self._at = at
        return self.feed(data, at)

    def break_off(self, fault: FrameFault) -> list[Frame]:
        """What was held when the line broke, refused as `fault`. The framer is of no use afterwards."""
        frames: list[Frame] = []
        self._release(fault, frames)
        return frames

    @abstractmethod
    def _take(self, data: bytes, frames: list[Frame]) -> None:
        """Cut bytes into frames."""

    @abstractmethod
    def _stand_still(self, frames: list[Frame]) -> None:
        """Nothing has come for so long that nothing more belongs to what is held."""

    def _hold(self, data: bytes, frames: list[Frame]) -> None:
        """Keep bytes until their end, unless they are more than any code has; that is reported once."""
        if self._is_overlong or not data:
            return
        if not self._held:
            self._after, self._silence = self._silence, 0.0
        self._held += data
        if len(self._held) > MAX_FRAME:
            frames.append(Frame(bytes(self._held[:MAX_FRAME]), self._at, Fault.TOO_LONG, self._after))
            self._held.clear()
            self._is_overlong = True

    def _end(self, frames: list[Frame]) -> None:
        """Hand out what is held: its end came."""
        if self._doubt is not None:
            self._release(self._doubt, frames)
        elif self._held:
            frames.append(Frame(bytes(self._held), self._at, after=self._after))
            self._held.clear()
        self._silence = 0.0
        self._doubt = None
        self._is_overlong = False

    def _release(self, fault: str, frames: list[Frame]) -> bool:
        """Hand out what is held as what it must not be taken for, unless it is only noise; whether it was more."""
        data = bytes(self._held)
        self._held.clear()
        is_more = bool(data.strip(_NOISE))
        if is_more:
            frames.append(Frame(data, self._at, fault, self._after))
        return is_more


class EndFramer(Framer):
    """Codes that end with a character and begin with nothing in particular."""

    def __init__(self, ends: re.Pattern[bytes], quiet_ms: float, opened_at: float) -> None:
        super().__init__(quiet_ms, opened_at)
        self._ends = ends

    def _take(self, data: bytes, frames: list[Frame]) -> None:
        *ended, rest = self._ends.split(data)
        for piece in ended:
            self._hold(piece, frames)
            self._end(frames)
        self._hold(rest, frames)

    def _stand_still(self, frames: list[Frame]) -> None:
        if self._is_overlong or self._release(FrameFault.NO_END, frames):
            self._is_overlong = False
            self._doubt = FrameFault.REST
        elif self._doubt is FrameFault.EARLY:
            self._doubt = None


class BracketFramer(Framer):
    """Codes between STX and ETX. What comes outside was sent by a scanner that is set up otherwise, or is a tail."""

    def __init__(self, quiet_ms: float, opened_at: float) -> None:
        super().__init__(quiet_ms, opened_at)
        self._is_inside = False

    @property
    def deadline(self) -> float | None:
        """When to call `poll` if no byte comes before; None while nothing is awaited."""
        return self._at + self._quiet_ms if self._is_inside else super().deadline

    def _take(self, data: bytes, frames: list[Frame]) -> None:
        for piece in _MARKS.split(data):
            if piece == _STX:
                self._release(FrameFault.NO_END if self._is_inside else self._outside_fault, frames)
                # A start mark ends every doubt.
                self._doubt = None
                self._is_overlong = False
                self._is_inside = True
            elif piece == _ETX:
                if not self._is_inside:
                    self._release(self._outside_fault, frames)
                self._end(frames)
                self._is_inside = False
            else:
                self._hold(piece, frames)

    def _stand_still(self, frames: list[Frame]) -> None:
        if self._is_inside:
            self._release(FrameFault.NO_END, frames)
            self._doubt = FrameFault.REST
        else:
            self._release(self._outside_fault, frames)
            self._doubt = None
        self._is_inside = False
        self._is_overlong = False

    @property
    def _outside_fault(self) -> str:
        return self._doubt or Fault.NO_START_MARK


class IdleFramer(Framer):
    """Codes that end with nothing at all: the scanner falls silent. A line end that it sends anyway is taken off."""

    def __init__(self, idle_ms: float, quiet_ms: float, opened_at: float) -> None:
        super().__init__(quiet_ms, opened_at)
        self._idle_ms = idle_ms

    @property
    def deadline(self) -> float | None:
        """When to call `poll` if no byte comes before; None while nothing is awaited."""
        if self._held or self._is_overlong:
            return self._at + self._idle_ms
        return super().deadline

    def feed_late(self, data: bytes, at: float) -> list[Frame]:
        """Only a silence ends these codes, and whether there was one nobody knows."""
        if self._held:
            self._doubt = self._doubt or FrameFault.LATE
        return super().feed_late(data, at)

    def _take(self, data: bytes, frames: list[Frame]) -> None:
        self._hold(data, frames)

    def _stand_still(self, frames: list[Frame]) -> None:
        self._held[:] = self._held.strip(b"\r\n")
        self._end(frames)


def framer(framing: Framing, *, opened_at: float, idle_ms: float = 50, partial_timeout_ms: float = 500) -> Framer:
    """The framer of a line that was opened at `opened_at`.

    Args:
        framing: what ends a code.
        opened_at: milliseconds on the clock of `feed` and `poll`.
        idle_ms: the silence that ends a code, with `idle`.
        partial_timeout_ms: the silence after which half a code gets no other half; also how long a line must be
            quiet after it was opened.
    """
    if framing == "idle":
        return IdleFramer(idle_ms, partial_timeout_ms, opened_at)
    if framing == "stx-etx":
        return BracketFramer(partial_timeout_ms, opened_at)
    return EndFramer(_ENDS[framing], partial_timeout_ms, opened_at)


class FrameReader:
    """Makes scans of one scanner's frames.

    Args:
        device: the scanner's id.
        encoding: of its bytes.
        repeat_ms: the same code again within this time is a repeat.
        prefix: what the scanner sends before every code; a code with neither it nor an AIM identifier is refused.
        gs_substitute: what it sends in place of a GS1 group separator.
    """

    def __init__(
        self,
        device: str,
        encoding: str = "utf-8",
        repeat_ms: float = REPEAT_MS,
        *,
        prefix: str = "",
        gs_substitute: str = "",
    ) -> None:
        self._device = device
        self._encoding = encoding
        self._repeat_ms = repeat_ms
        self._prefix = prefix
        self._gs_substitute = gs_substitute
        self._last_code: tuple[str, float] | None = None

    def scan(self, frame: Frame) -> Scan:
        """The scan a frame is, good or refused. Bytes are decoded strictly: a guessed character is another code."""
        return replace(self._judge(frame), follows=frame.after <= OWN_ACT_MS)

    def _judge(self, frame: Frame) -> Scan:
        try:
            raw = frame.data.decode(self._encoding)
        except UnicodeError:
            shown = readable(frame.data.decode("utf-8", "surrogateescape"))
            return self._refused(shown, frame.fault or self._not_text())
        if frame.fault is not None:
            return self._refused(raw, frame.fault)
        whole, has_prefix = without_prefix(raw, self._prefix)
        text = fold(with_group_separators(whole, self._gs_substitute))
        if has_control_keys(text):
            return self._refused(raw, Fault.CONTROL_KEYS)
        has_aim = (body := without_aim(text)) != text
        if self._prefix and not (has_prefix or has_aim):
            return self._refused(raw, Fault.NO_START_MARK)
        if (has_prefix or has_aim) and not body:
            return self._refused(raw, Fault.TOO_SHORT)
        last, self._last_code = self._last_code, (text, frame.at)
        is_repeat = last is not None and last[0] == text and frame.at - last[1] <= self._repeat_ms
        lacks_prefix = bool(self._prefix) and not has_prefix
        return Scan(text, Source.SCAN, self._device, note=note_on(whole), repeat=is_repeat, lacks_prefix=lacks_prefix)

    def _refused(self, text: str, fault: str) -> Scan:
        self._last_code = None  # only the same code twice in a row is a repeat
        return Scan(text, Source.SCAN, self._device, fault=fault)

    def _not_text(self) -> str:
        if self._encoding.lower() in ("utf-8", "utf8"):
            return Fault.NOT_TEXT
        return word("cannot be read: the scanner sends bytes that are not {encoding}", encoding=self._encoding)
