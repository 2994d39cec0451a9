"""Scanners on serial ports: one thread a port, from the first byte to the answer that is sent to the scanner.

The thread alone opens, reads, writes and closes its port. Whoever else wants something leaves it a note and wakes it:
the number of a file that was just closed may belong to the store's file a moment later, and nothing must be written
there.

A port comes back by itself for as long as the station runs. Its state is reported as `ScannerStatus` values.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from scanstation.devices.feedback import feedback
from scanstation.devices.framing import Frame, FrameFault, Framer, framer
from scanstation.devices.open_port import OpenLines, OpenPort, PortState, PortTrouble, Waker, open_port
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Line, Tap
from scanstation.domain.language import worded
from scanstation.domain.scan import Scan

_IDLE_S = 1.0
"""How long a quiet line is waited for in one go."""
_RECONNECT_FIRST_S = 0.1
_CLOSE_S = 2.0


@dataclass(frozen=True, slots=True)
class ScannerStatus:
    """What there is to know about one scanner, until the next value."""

    device: str
    state: PortState
    since: datetime
    """When it came into this state."""
    text: str
    """What happened, to which scanner, and what to do now."""

    @property
    def is_here(self) -> bool:
        """Whether a scan made now is taken."""
        return self.state is PortState.READY

    @property
    def is_connecting(self) -> bool:
        """Is its port open, and not ready yet?"""
        return self.state is PortState.CONNECTING


StatusListener = Callable[[ScannerStatus], None]


class SerialScanner:
    """One scanner on one port.

    Its scans go into the pipe with its id as their device. `on_status` is called from the scanner's thread, once for
    each change, and must not wait for that thread.
    """

    def __init__(
        self,
        settings: SerialSettings,
        pipe: ScanPipe,
        on_status: StatusListener | None = None,
        tap: Tap | None = None,
        lines: OpenLines | None = None,
    ) -> None:
        self.settings = settings
        self._lines = lines or OpenLines()
        self._pipe = pipe
        self._tap = tap or Tap()
        self._on_status = on_status
        self._feedback = feedback(settings.feedback, settings.good, settings.bad)
        self._status = ScannerStatus(
            settings.id, PortState.CONNECTING, _now(), worded("{scanner} is being connected.", scanner=settings.id)
        )
        self._was_here = False
        self._reader = settings.reader()
        self._early: deque[Frame] = deque()
        """Reported once the line has proved that it stays."""
        self._proven_at = 0.0
        self._unanswered: set[str] = set()
        """The scans of this connection that the scanner has no answer to yet; an answer to an older one would be
        taken for an answer to the code it is sending now."""
        self._to_send: deque[bytes] = deque()
        self._answering = threading.Lock()
        self._closing = threading.Event()
        self._waker = Waker()
        # A daemon: while it connects to a host that does not answer, nothing can end it for some seconds.
        self._thread = threading.Thread(target=self._run, name=f"serial {settings.id}", daemon=True)

    @property
    def status(self) -> ScannerStatus:
        """The last status that was reported."""
        return self._status

    def start(self) -> None:
        """Begin to connect, and never give up until `close`."""
        self._tell(self._status)
        self._thread.start()

    def answer(self, scan: Scan, *, ok: bool) -> None:
        """Let the scanner that made the scan hear its answer; from any thread, without waiting.

        To be called when the answer is durable, and no earlier: a scanner that gets `good` forgets the code. Each
        scan is answered once, and not at all if the scanner was unplugged since.
        """
        with self._answering:
            if scan.op_id in self._unanswered:
                self._unanswered.remove(scan.op_id)
                self.sound(ok=ok)

    def sound(self, *, ok: bool) -> None:
        """Send the scanner its good or bad sound, with no scan at all: for trying it out."""
        if data := self._feedback.bytes_for(ok=ok):
            self._to_send.append(data)
            self._waker.wake()

    def close(self) -> None:
        """End the thread and free the port. Returns at once, or after two seconds while a host is being called."""
        self.ask_to_close()
        self.join()

    def ask_to_close(self) -> None:
        """Have the thread end, without waiting for it."""
        self._closing.set()
        self._waker.wake()

    def join(self) -> None:
        """Wait for the thread that was asked to end, and free the port."""
        if self._thread.is_alive():
            self._thread.join(_CLOSE_S)
        self._waker.close()

    # -- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._connect_for_ever()
        finally:
            if not self._closing.is_set():
                # Only an error of our own leads here, and nobody must believe that the scanner still works.
                trouble_text = worded(
                    "{scanner} was given up after an error of the station's own. Start the station again.",
                    scanner=self.settings.id,
                )
                self._become(PortState.MISCONFIGURED, trouble_text)

    def _connect_for_ever(self) -> None:
        wait = _RECONNECT_FIRST_S
        while not self._closing.is_set():
            try:
                with open_port(self.settings, self._lines) as port:
                    self._read(port)
            except PortTrouble as trouble:
                if self._status.is_here:
                    wait = _RECONNECT_FIRST_S
                self._become(trouble.state, trouble.text)
                self._closing.wait(wait)
                wait = min(wait * 2, self.settings.reconnect_max_s)

    def _read(self, port: OpenPort) -> None:
        """Read until the port is lost or the scanner is closed."""
        settings = self.settings
        frames = framer(
            settings.framing,
            opened_at=_now_ms(),
            idle_ms=settings.idle_ms,
            partial_timeout_ms=settings.partial_timeout_ms,
        )
        self._tap.line(settings.id, _now_ms(), Line.OPENED)
        self._early.clear()
        with self._answering:
            self._unanswered.clear()
            self._to_send.clear()
        self._proven_at = _now_ms() + settings.partial_timeout_ms
        self._become(PortState.CONNECTING, worded("{scanner} is being connected.", scanner=settings.id))
        try:
            while not self._closing.is_set():
                self._read_once(port, frames)
        except PortTrouble:
            with suppress(PortTrouble):  # an answer may have found it out, with codes still in the line
                while data := port.read():
                    self._take(data, frames)
            self._tap.line(settings.id, _now_ms(), Line.LOST)
            if self._status.is_here:
                self._hand_in(frames.break_off(settings.cut_off))
            raise

    def _read_once(self, port: OpenPort, frames: Framer) -> None:
        data = port.read()
        now = self._take(data, frames)
        if not self._status.is_here and frames.synchronised and now >= self._proven_at:
            self._become(
                PortState.READY,
                worded("{scanner} is back." if self._was_here else "{scanner} is ready.", scanner=self.settings.id),
            )
            self._was_here = True
            self._hand_in(())
        while self._to_send:
            port.write(self._to_send.popleft())
        if not data:
            awaited = [each for each in (frames.deadline, self._proven_at) if each is not None and each > now]
            port.wait(self._waker, min([_IDLE_S, *((each - now) / 1000 for each in awaited)]))

    def _take(self, data: bytes, frames: Framer) -> float:
        """Hand in what follows from what was just read, and say when that was."""
        now = _now_ms()
        if data:
            self._tap.heard(self.settings.id, now, data)
        self._hand_in(_taken(frames, data, now))
        return now

    def _hand_in(self, frames: Iterable[Frame]) -> None:
        """Hand frames on. One that came too early waits until the line has proved that it stays.

        A device server that is in use says so in a line of text and hangs up, again and again.
        """
        for frame in frames:
            if frame.fault is FrameFault.EARLY and not self._status.is_here:
                self._early.append(frame)
            else:
                self._hand_in_early()
                self._put(frame)
        if self._status.is_here:
            self._hand_in_early()

    def _hand_in_early(self) -> None:
        while self._early:
            self._put(self._early.popleft())

    def _put(self, frame: Frame) -> None:
        scan = self._reader.scan(frame)
        if self._feedback.good or self._feedback.bad:
            with self._answering:
                self._unanswered.add(scan.op_id)
        with _Reported():
            self._pipe.put(scan)

    def _become(self, state: PortState, text: str) -> None:
        before = self._status
        if (state, text) == (before.state, before.text):
            return
        since = before.since if state is before.state else _now()
        self._status = ScannerStatus(self.settings.id, state, since, text)
        self._tell(self._status)

    def _tell(self, status: ScannerStatus) -> None:
        if self._on_status is not None and not self._closing.is_set():
            with _Reported():
                self._on_status(status)


class _Reported:
    """Whatever the station makes wrong with a scan or a status must not end the reader of the next one.

    It is reported as the error that ends a thread is: to `threading.excepthook`.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        threading.excepthook(threading.ExceptHookArgs((kind, error, trace, threading.current_thread())))
        return True


def _taken(frames: Framer, data: bytes, now: float) -> list[Frame]:
    if not data:
        return frames.poll(now)
    is_late = frames.synchronised and frames.deadline is not None and now >= frames.deadline
    return frames.feed_late(data, now) if is_late else frames.feed(data, now)


def _now() -> datetime:
    return datetime.now(UTC)


def _now_ms() -> float:
    return time.monotonic() * 1000
