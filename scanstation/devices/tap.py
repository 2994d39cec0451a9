"""A place to listen to what the scanners send, byte by byte, before anything is made of it.

Nobody listens most of the time, and then it costs one look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Line(StrEnum):
    """What a serial line did beside sending bytes."""

    OPENED = "opened"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that were read in one go, or what became of their line."""

    device: str
    """`scan.KEYBOARD`, or a scanner's id."""
    at: float
    """When, in milliseconds on the clock of the reader."""
    data: bytes = b""
    line: Line | None = None


Listener = Callable[[Chunk], None]
_ESC = b"\x1b"
_CONTROLS = bytes(range(0x20))


class Tap:
    """Readers put in what they have read, each in its own thread; one listener gets it in that same thread."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self.text_at = float("-inf")
        """When characters were last read, on the clock of the readers: not a suffix alone, no key and no report."""

    def open(self, listener: Listener) -> None:
        """Hand everything to this listener from now on. It must not block, and must not raise."""
        self._listener = listener

    def close(self) -> None:
        """Listen no more."""
        self._listener = None

    def heard(self, device: str, at: float, data: bytes) -> None:
        """Bytes were read."""
        if not data.startswith(_ESC) and data.strip(_CONTROLS):
            self.text_at = at
        if (listener := self._listener) is not None:
            listener(Chunk(device, at, data))

    def line(self, device: str, at: float, line: Line) -> None:
        """A serial line was opened, or lost."""
        if (listener := self._listener) is not None:
            listener(Chunk(device, at, line=line))
