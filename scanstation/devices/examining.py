"""Looks at what scanners send: which bytes became which scan, how fast they came, and why what is no scan is none.

Pure, like the decoders it looks through: chunks and their times go in, what was heard comes out. The same chunks give
the same, live at the station and from a trace.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from scanstation.devices.framing import Framer, framer
from scanstation.devices.keystrokes import Keystroke, Kind
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk, Line
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.heard import Heard, milliseconds
from scanstation.domain.language import said_later, worded
from scanstation.domain.scan import KEYBOARD, Scan

SETTLE_MS: Final = 150.0
"""How long the rest of a suffix is waited for: the LF of a CR LF. By then the station has answered the scan."""
_TYPING_PAUSE_MS: Final = 1000.0
"""A person who stops typing for so long has finished."""
_HELD_BYTES: Final = 16_384
"""Of one run; what a stuck scanner sends beyond is looked at by the decoder only."""
_AFTER_MS = 0.001
"""Decoders release what they hold a moment after their deadline."""

_UP_TO_AN_END = re.compile(rb"[^\r\n\t\x03\x04]*[\r\n\t\x03\x04]?", re.DOTALL)
_ENDS = b"\r\n\t\x03\x04"

Taken = Scan | Keystroke
Piece = tuple[float, bytes]


class _Decoder(Protocol):
    """What the station itself decodes a device with."""

    @property
    def deadline(self) -> float | None: ...

    def feed(self, data: bytes, at: float) -> Sequence[Taken]: ...

    def poll(self, at: float) -> Sequence[Taken]: ...


class _SerialDecoder:
    """A serial scanner's framer and the reader of its frames, as `SerialScanner` has them."""

    def __init__(self, settings: SerialSettings) -> None:
        self._settings = settings
        self._reader = settings.reader()
        self._framer = self._opened(-settings.partial_timeout_ms)

    @property
    def deadline(self) -> float | None:
        """See `Framer`."""
        return self._framer.deadline

    def feed(self, data: bytes, at: float) -> Sequence[Scan]:
        """Scans that end in these bytes."""
        return [self._reader.scan(frame) for frame in self._framer.feed(data, at)]

    def poll(self, at: float) -> Sequence[Scan]:
        """Scans that nothing more belongs to."""
        return [self._reader.scan(frame) for frame in self._framer.poll(at)]

    def open(self, at: float) -> None:
        """The line begins anew, in doubt."""
        self._framer = self._opened(at)

    def lose(self) -> Sequence[Scan]:
        """The line broke."""
        return [self._reader.scan(frame) for frame in self._framer.break_off(self._settings.cut_off)]

    def _opened(self, at: float) -> Framer:
        settings = self._settings
        return framer(
            settings.framing,
            opened_at=at,
            idle_ms=settings.idle_ms,
            partial_timeout_ms=settings.partial_timeout_ms,
        )


class _Ear:
    """One device."""

    def __init__(self, device: str, decoder: _Decoder, wedge: WedgeSettings | None = None) -> None:
        self._device = device
        self.decoder = decoder
        self._wedge = wedge
        """Only what is typed can be no scan."""
        self._pieces: list[Piece] = []
        self._held = 0
        self._is_typed = False
        """Text among the pieces went on as typing."""
        self._ended: Heard | None = None
        """Complete but for the rest of its suffix."""
        self._ended_at = 0.0

    @property
    def deadline(self) -> float | None:
        deadlines = []
        if (of_decoder := self.decoder.deadline) is not None:
            deadlines.append(of_decoder + _AFTER_MS)
        if self._ended is not None:
            deadlines.append(self._ended_at + SETTLE_MS)
        if self._is_typed:
            deadlines.append(self._pieces[-1][0] + _TYPING_PAUSE_MS)
        return min(deadlines, default=None)

    def hear(self, data: bytes, at: float, out: list[Heard]) -> None:
        self.poll(at, out)
        for part in _UP_TO_AN_END.findall(data):
            if not part:
                continue
            ended = self._ended
            is_rest = ended is not None and ended.suffix and not part.strip(_ENDS) and ended.suffix[-1] != part.decode()
            if is_rest and ended is not None:
                self._ended = Heard(ended.device, (*ended.pieces, (at, part)), ended.scan, ended.why_typed)
                self.decoder.feed(part, at)
                continue
            self._tell(out)
            self._hold(part, at)
            self.take(self.decoder.feed(part, at), at, out)

    def poll(self, at: float, out: list[Heard]) -> None:
        """Everything that has become due until `at`, in its order."""
        while (deadline := self.deadline) is not None and deadline <= at:
            self.take(self.decoder.poll(deadline), deadline, out)
            if self._ended is not None and self._ended_at + SETTLE_MS <= deadline:
                self._tell(out)
            if self._is_typed and self._pieces[-1][0] + _TYPING_PAUSE_MS <= deadline:
                self._end(None, deadline, out)
                self._tell(out)
            if self.deadline == deadline:
                break

    def take(self, taken: Sequence[Taken], at: float, out: list[Heard]) -> None:
        """What the decoder made of what is held."""
        is_enter = False
        were_told = not self._pieces
        for each in taken:
            if isinstance(each, Scan):
                if self._ended is None or self._pieces:
                    self._end(each, at, out)
                else:  # several codes in one paste
                    ended = self._ended
                    self._tell(out)
                    self._ended = Heard(self._device, ended.pieces, each)
            elif each.kind is Kind.TEXT:
                if were_told:  # its bytes came with the last of a code that was refused
                    self._hold(each.text.encode("utf-8", "surrogateescape"), at)
                self._is_typed = True
            elif each.text in ("\r", "\n", "\t"):
                is_enter = True
        if is_enter and self._is_typed:
            self._end(None, at, out)
        elif not self._is_typed and self.decoder.deadline is None:
            self._forget()  # a function key, the terminal's own word, a line end alone

    def _hold(self, data: bytes, at: float) -> None:
        if self._held + len(data) <= _HELD_BYTES or not self._pieces:
            self._pieces.append((at, data[:_HELD_BYTES]))
            self._held += len(data)

    def _end(self, scan: Scan | None, at: float, out: list[Heard]) -> None:
        pieces = self._pieces
        self._tell(out)
        if scan is not None and self._is_typed and self._wedge is not None:
            before, pieces = _before_the_scan(pieces, self._wedge.split_guard_ms)
            if before:
                out.append(self._heard(before, None))
        if not pieces and scan is not None:
            pieces = [(at, b"")]  # its bytes came with those of the code before it
        if pieces:
            self._ended, self._ended_at = self._heard(pieces, scan), at
        self._forget()

    def _heard(self, pieces: Iterable[Piece], scan: Scan | None) -> Heard:
        heard = Heard(self._device, tuple(pieces), scan)
        if scan is not None or self._wedge is None:
            return heard
        return Heard(self._device, heard.pieces, None, why_typed(heard, self._wedge))

    def _forget(self) -> None:
        self._pieces = []
        self._held = 0
        self._is_typed = False

    def _tell(self, out: list[Heard]) -> None:
        if self._ended is not None:
            out.append(self._ended)
            self._ended = None


class Examiner:
    """All devices of a station. Call `hear` with every chunk, and `poll` no later than `deadline`."""

    def __init__(self, wedge: WedgeSettings, scanners: Iterable[SerialSettings] = ()) -> None:
        self._ears: dict[str, _Ear] = {KEYBOARD: _Ear(KEYBOARD, Wedge(wedge), wedge)}
        self._scanners: dict[str, _SerialDecoder] = {}
        for scanner in scanners:
            self._scanners[scanner.id] = _SerialDecoder(scanner)
            self._ears[scanner.id] = _Ear(scanner.id, self._scanners[scanner.id])

    @property
    def deadline(self) -> float | None:
        """When `poll` will have something to say even if nothing more comes."""
        return min((each for ear in self._ears.values() if (each := ear.deadline) is not None), default=None)

    def hear(self, chunk: Chunk) -> list[Heard]:
        """What is complete with this chunk. Chunks come in the order of their times, of known devices."""
        out: list[Heard] = []
        for ear in self._ears.values():
            ear.poll(chunk.at, out)
        ear = self._ears[chunk.device]
        if chunk.line is Line.LOST:
            ear.take(self._scanners[chunk.device].lose(), chunk.at, out)
        elif chunk.line is Line.OPENED:
            self._scanners[chunk.device].open(chunk.at)
        elif chunk.data:
            ear.hear(chunk.data, chunk.at, out)
        return sorted(out, key=lambda heard: heard.pieces[-1][0])

    def poll(self, at: float) -> list[Heard]:
        """What is complete because nothing came until `at`."""
        out: list[Heard] = []
        for ear in self._ears.values():
            ear.poll(at, out)
        return sorted(out, key=lambda heard: heard.pieces[-1][0])


def hear_all(examiner: Examiner, chunks: Iterable[Chunk]) -> list[Heard]:
    """Everything that was heard in chunks that have come to their end."""
    heard = [each for chunk in chunks for each in examiner.hear(chunk)]
    while (deadline := examiner.deadline) is not None:
        heard += examiner.poll(deadline)
    return heard


_TOO_SLOW = said_later("too slow for a scan: {mean} ms between characters; {key} is {value}")


def why_typed(heard: Heard, settings: WedgeSettings) -> str:
    """Why a run of characters was not taken for a scan, with the setting that says so."""
    slow = [gap for gap in heard.gaps if gap > settings.max_gap_ms]
    mean = milliseconds(heard.mean_gap)
    if len(slow) > 1 or any(gap > settings.burst_gap_ms for gap in slow):
        return worded(_TOO_SLOW, mean=mean, key="max_gap_ms", value=f"{settings.max_gap_ms:g}")
    if heard.mean_gap > settings.max_avg_ms:
        return worded(_TOO_SLOW, mean=mean, key="max_avg_ms", value=f"{settings.max_avg_ms:g}")
    if len(set(heard.body)) == 1 and len(heard.body) > 1:
        return worded("one key that was held down")
    if len(heard.body) < settings.min_length:
        return worded("too short for a scan: min_length is {value}", value=settings.min_length)
    if not heard.suffix and not settings.needs_end and len(heard.body) < settings.min_length_no_suffix:
        return worded(
            "too short for a scan without a suffix: min_length_no_suffix is {value}",
            value=settings.min_length_no_suffix,
        )
    return worded("typed: {mean} ms between characters", mean=mean)


def _before_the_scan(pieces: list[Piece], pause_ms: float) -> tuple[list[Piece], list[Piece]]:
    """What was typed before a scan, and the scan: they are apart where the last long pause is."""
    for place in range(len(pieces) - 1, 0, -1):
        if pieces[place][0] - pieces[place - 1][0] > pause_ms:
            return pieces[:place], pieces[place:]
    return [], pieces
