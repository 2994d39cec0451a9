"""The bench on which scanners are looked at: joins the tap, the examiner, traces and config.toml for the screen.

Lives in the event loop, but for the tap's own call. While no screen watches, nothing is listened to. What writes
config.toml is imported when it is first needed: the start of the station waits for nothing of this.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from scanstation import __version__, config
from scanstation.config import Settings
from scanstation.devices.check_up import check_up, check_up_scanner
from scanstation.devices.examining import Examiner
from scanstation.devices.serial_port import ScannerStatus
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk, Tap
from scanstation.devices.tracefile import MOST_BYTES, TraceWriter
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain import sentences as say
from scanstation.domain.check_card import find_card_like
from scanstation.domain.codes import shorten, visible
from scanstation.domain.heard import CardFinding, Change, CheckUp, Heard, read_as, read_as_nothing
from scanstation.domain.language import worded
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Source
from scanstation.domain.scanner_traits import ScannerTraits
from scanstation.domain.verdict import Tone

_STX = "\x02"


class Bench:
    """What the scanner screen sees of the devices (`screens.station.ScannerBench`)."""

    def __init__(
        self,
        tap: Tap,
        settings: Settings,
        *,
        config_file: Path | None,
        statuses: Callable[[], Mapping[str, ScannerStatus]],
        use_wedge: Callable[[WedgeSettings], None],
        traits: ScannerTraits,
        alone: bool = False,
    ) -> None:
        self.alone = alone
        """Nothing but this test is open: there is no store to go to."""
        self._tap = tap
        self._prefix = settings.commands.prefix
        self._wedge: WedgeSettings = settings.wedge
        self._scanners = {scanner.id: scanner for scanner in settings.serial}
        self._config_file = config_file
        self._statuses = statuses
        self._use_wedge = use_wedge
        self._traits = traits
        self._on_heard: Callable[[Heard], None] | None = None
        self._examiner = Examiner(self._wedge, self._scanners.values())
        self._trace: TraceWriter | None = None
        self._trouble = ""
        self._timer: asyncio.TimerHandle | None = None
        self._last_at = float("-inf")

    # Listening

    def watch(self, on_heard: Callable[[Heard], None]) -> None:
        """Hand in everything that is heard from now on. From within the event loop."""
        self._on_heard = on_heard
        self._listen_anew()
        loop = asyncio.get_running_loop()
        self._tap.open(lambda chunk: _call(loop, partial(self._hear, chunk)))

    def leave(self) -> None:
        """Listen no more, and end the recording."""
        self._on_heard = None
        self._tap.close()
        self._stop_timer()
        self.stop_recording()

    def _listen_anew(self) -> None:
        self._stop_timer()
        self._examiner = Examiner(self._wedge, self._scanners.values())

    def _hear(self, chunk: Chunk) -> None:
        if self._on_heard is None:
            return
        # The threads' clocks are one, but what they hand over may be a moment out of order.
        self._last_at = at = max(self._last_at, chunk.at)
        chunk = Chunk(chunk.device, at, chunk.data, chunk.line)
        self._write(lambda trace: trace.chunk(chunk))
        self._tell(self._examiner.hear(chunk))

    def _poll(self, due: float) -> None:
        self._last_at = max(self._last_at, due)
        self._tell(self._examiner.poll(self._last_at))

    def _tell(self, heard: Sequence[Heard]) -> None:
        for each in heard:
            self._write(partial(_write_heard, heard=each, read_text=self.read_as(each)))
            if self._on_heard is not None:
                self._on_heard(each)
        self._stop_timer()
        if (deadline := self._examiner.deadline) is not None and self._on_heard is not None:
            wait = max(0.0, deadline - _now_ms()) / 1000 + 0.001
            self._timer = asyncio.get_running_loop().call_later(wait, self._poll, deadline)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # What is heard

    def read_as(self, heard: Heard) -> str:
        """What it was read as, in words."""
        if heard.scan is None:
            return heard.why_typed
        if heard.scan.fault:
            return read_as_nothing(heard.scan.fault)
        from scanstation.workflows.codes.interpreting import interpret

        told = read_as(interpret(heard.scan.text, command_prefix=self._prefix))
        return worded("{told}; counted once, it was read twice", told=told) if heard.scan.repeat else told

    def barcode(self, heard: Heard) -> str:
        """What kind of barcode the scanner says it was."""
        text = heard.scan.text if heard.scan is not None else heard.body
        from scanstation.workflows.codes.interpreting import interpret

        return interpret(text, command_prefix=self._prefix).symbology

    def check_up(self, heard: Heard) -> CheckUp | None:
        """What a check card shows; None for every other code."""
        scanner = self._scanners.get(heard.device)
        card = find_card_like(_as_sent(heard, scanner).removeprefix(_STX) if scanner else heard.body)
        if card is None and heard.scan is not None:
            card = find_card_like(heard.scan.text)  # a paste, in its brackets
        if card is None:
            return None
        if heard.scan is not None and heard.scan.source is Source.SCAN and heard.scan.device == "paste":
            text = worded("it was pasted, which tells nothing about a scanner.")
            return CheckUp((CardFinding(Tone.CHECK, worded("Paste"), text),))
        if card.is_gs1 and card.is_exact:
            self._traits.showed(heard.device, separator=bool(card.separator))
        found = check_up_scanner(card, heard, scanner) if scanner else check_up(card, heard, self._wedge)
        return self._without_the_environments(found)

    def _without_the_environments(self, check: CheckUp) -> CheckUp:
        """What the environment sets is not written into a file that it beats."""
        from scanstation.config_writing import set_in_environment

        beats = partial(set_in_environment, scanners=list(self._scanners))
        beaten = [(change, name) for change in check.changes if (name := beats(change))]
        overridden = [
            CardFinding(
                Tone.CHECK,
                worded("Environment"),
                worded("{variable} beats config.toml; set {key} there.", variable=name, key=change.key),
            )
            for change, name in beaten
        ]
        if not overridden and not any(map(beats, check.optional)):
            return check
        return CheckUp(
            (*overridden, *check.findings),
            tuple(change for change in check.changes if not beats(change)),
            tuple(change for change in check.optional if not beats(change)),
        )

    def scanners(self) -> Sequence[tuple[str, bool, str]]:
        """Each scanner on a serial port: its id, whether it is there, and what there is to say about it."""
        return [(name, status.is_here, status.text) for name, status in self._statuses().items()]

    # config.toml

    @property
    def config_file(self) -> str:
        """The file that `write` would write."""
        from scanstation.config_writing import file_to_write

        return visible(str(file_to_write(self._config_file).absolute()))

    def write(self, changes: Sequence[Change]) -> Done | Refused:
        """Write what a check card showed, and let the keyboard decoder go by it at once. Waits for the disk."""
        from scanstation.config_writing import file_to_write, write_changes

        file = file_to_write(self._config_file)
        written = write_changes(file, changes)
        if isinstance(written, Refused):
            return written
        self._config_file = file
        return say.settings_in_force(written.text, at_start=any(change.scanner for change in changes))

    def use_written(self) -> None:
        """Go by what was written. In the event loop."""
        self._wedge = config.load(self._config_file).wedge
        self._use_wedge(self._wedge)
        self._listen_anew()

    # Recording

    @property
    def recording(self) -> str:
        """What the header says about the recording; empty where none is made."""
        if self._trace is None:
            return self._trouble
        return worded("recording {file}: {count}", file=shorten(self._trace.path.name), count=self._trace.count)

    @property
    def is_recording(self) -> bool:
        """Is a trace being recorded?"""
        return self._trace is not None

    def record(self, path: Path) -> Done | Refused:
        """Begin a trace in a new file."""
        import platform

        if self._trace is not None:
            return say.recorded_already(file_name=str(self._trace.path))
        file_name = shorten(str(path), 200)
        about = {
            "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "program": __version__,
            "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        }
        try:
            self._trace = TraceWriter(path, self._wedge, self._scanners.values(), about)
        except FileExistsError:
            return say.trace_is_there(file_name)
        except OSError as error:
            return say.trace_unwritable(file_name=file_name, cause=error.strerror)
        self._trouble = ""
        self._listen_anew()  # so that the trace has all that the decoders know
        return say.recording_begun(file_name)

    def stop_recording(self) -> Done | None:
        """End the trace; None where none is recorded."""
        trace, self._trace = self._trace, None
        if trace is None:
            return None
        try:
            trace.close()
        except OSError as error:
            self._trouble = worded("recording stopped: {why}", why=error.strerror)
        return say.recording_ended(trace.count, shorten(str(trace.path), 200))

    def _write(self, what: Callable[[TraceWriter], None]) -> None:
        if self._trace is None:
            return
        try:
            what(self._trace)
        except OSError as error:
            self._trace = None
            self._trouble = worded("recording stopped: {why}", why=error.strerror)
        else:
            if self._trace.is_full:
                self.stop_recording()
                self._trouble = worded("recording stopped: {most} MB are enough", most=MOST_BYTES // 1_000_000)


def _as_sent(heard: Heard, scanner: SerialSettings) -> str:
    """What a serial scanner sent, read as its table says; a byte that does not fit as for UTF-8."""
    return heard.body.encode("utf-8", "surrogateescape").decode(scanner.encoding, "surrogateescape")


def _write_heard(trace: TraceWriter, heard: Heard, read_text: str) -> None:
    trace.heard(heard, read_text)


def _call(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """From a reader's thread; at the very end the loop may be closed already."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(act)


def _now_ms() -> float:
    return time.monotonic() * 1000
