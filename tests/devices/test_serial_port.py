"""Scanners on serial ports: real pseudo terminals, real sockets; plugged, pulled, held by others."""

import dataclasses
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
import serial
from serial import rfc2217

from scanstation.config_model import SerialSection
from scanstation.devices.framing import FrameFault
from scanstation.devices.open_port import OpenLines, OpenPort, PortState, PortTrouble, open_port
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.scanners import SerialScanners
from scanstation.devices.serial_port import ScannerStatus, SerialScanner
from scanstation.devices.serial_settings import SerialSettings
from scanstation.domain.scan import Fault, Scan
from tests.devices.lines import PATIENCE_S, Cable, Statuses, take

QUIET_MS = 200
"""How long a line must be quiet after it was opened."""
SURE_MS = 1500
"""The same where a test sends before that, or sends a code in pieces, on processors that are busy with other tests."""


@pytest.fixture
def pipe() -> ScanPipe:
    return ScanPipe()


@pytest.fixture
def statuses() -> Statuses:
    return Statuses()


@pytest.fixture
def cables(tmp_path: Path) -> Iterator[Callable[[str], Cable]]:
    made: list[Cable] = []

    def plugged_in(name: str) -> Cable:
        made.append(Cable(tmp_path / name).plug_in())
        return made[-1]

    yield plugged_in
    for cable in made:
        cable.pull()


@pytest.fixture
def cable(cables: Callable[[str], Cable]) -> Cable:
    return cables("gun1")


def settings(port: object, **more: Any) -> SerialSettings:
    given: dict[str, Any] = {"id": "gun1", "partial_timeout_ms": QUIET_MS, "reconnect_max_s": 0.2, **more}
    return SerialSettings(port=str(port), **given)


def serial_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("serial ")]


Start = Callable[..., SerialScanners]


@pytest.fixture
def start(pipe: ScanPipe, statuses: Statuses) -> Iterator[Start]:
    """Start scanners; in the end each thread must be gone."""
    started: list[SerialScanners] = []

    def start_scanners(*given: SerialSettings, on_status: Callable[[ScannerStatus], None] = statuses) -> SerialScanners:
        started.append(SerialScanners(given, pipe, on_status))
        started[-1].start()
        return started[-1]

    yield start_scanners
    for scanners in started:
        scanners.close()
    assert serial_threads() == []


def told(scans: list[Scan]) -> list[tuple[str, str | None]]:
    return [(scan.text, scan.fault) for scan in scans]


# Scans come in


def test_a_scan_comes_with_the_name_of_its_scanner(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link))
    statuses.await_state(PortState.READY)
    cable.send(b"]C10104006381333931\x1d21SN-1\r\n")
    (scan,) = take(pipe, 1)
    assert (scan.text, scan.device, scan.fault) == ("]C10104006381333931\x1d21SN-1", "gun1", None)


def test_a_burst_of_codes_is_all_there_and_in_order_however_it_is_cut(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, partial_timeout_ms=SURE_MS))
    statuses.await_state(PortState.READY)
    codes = [f"SN-{number:03}" for number in range(40)]
    for byte in "".join(f"{code}\r\n" for code in codes).encode():
        cable.send(bytes([byte]))
    assert told(take(pipe, 40)) == [(code, None) for code in codes]


def test_a_code_that_is_not_ended_is_reported(start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses) -> None:
    start(settings(cable.link))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1")
    assert told(take(pipe, 1)) == [("SN-1", FrameFault.NO_END)]


def test_with_idle_framing_a_silence_ends_the_code(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, framing="idle"))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1")
    assert told(take(pipe, 1)) == [("SN-1", None)]
    cable.send(b"SN-2")
    assert told(take(pipe, 1)) == [("SN-2", None)]


def test_a_label_that_is_read_twice_counts_once(start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses) -> None:
    start(settings(cable.link))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\rSN-1\rSN-2\r")
    assert [(scan.text, scan.repeat) for scan in take(pipe, 3)] == [("SN-1", False), ("SN-1", True), ("SN-2", False)]


def test_what_a_table_says_of_prefix_separator_and_repeats_counts(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, prefix="~", gs_substitute="|", repeat_ms=0))
    statuses.await_state(PortState.READY)
    cable.send(b"~21SN-1|250B-1\r~SN-2\rSN-3\r")
    assert told(take(pipe, 3)) == [("21SN-1\x1d250B-1", None), ("SN-2", None), ("SN-3", Fault.NO_START_MARK)]


def test_a_megabyte_without_an_end_is_reported_once_and_the_scanner_goes_on(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, partial_timeout_ms=SURE_MS))
    statuses.await_state(PortState.READY)
    cable.send(b"A" * 1_000_000 + b"\rSN-2\r")
    assert told(take(pipe, 2)) == [("A" * 4096, Fault.TOO_LONG), ("SN-2", None)]
    assert pipe.waiting == 0


# Answers go out


def test_two_scanners_are_never_mixed_and_each_hears_its_own_answer(
    start: Start, cables: Callable[[str], Cable], pipe: ScanPipe, statuses: Statuses
) -> None:
    left, right = cables("left"), cables("right")
    gaps = {"partial_timeout_ms": SURE_MS}
    scanners = start(
        settings(left.link, id="left", feedback="honeywell", **gaps),
        settings(right.link, id="right", feedback="bel", **gaps),
    )
    statuses.await_state(PortState.READY, "left")
    statuses.await_state(PortState.READY, "right")
    for left_byte, right_byte in zip(b"LEFT-1\r\n", b"RIGHT1\r\n", strict=True):
        left.send(bytes([left_byte]))
        right.send(bytes([right_byte]))
    scans = {scan.device: scan for scan in take(pipe, 2)}
    assert {device: scan.text for device, scan in scans.items()} == {"left": "LEFT-1", "right": "RIGHT1"}
    scanners.answer(scans["left"], ok=False)
    scanners.answer(scans["right"], ok=True)
    assert left.hear(6) == b"\x1b8,\x1b8,"
    assert right.hear(1) == b"\x07"


def test_a_scanner_hears_nothing_before_it_is_answered_and_then_once(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    scanners = start(settings(cable.link, feedback="custom", good="01", bad="02"))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\rSN-2\r")
    first, second = take(pipe, 2)
    scanners.answer(second, ok=False)
    scanners.answer(second, ok=True)
    scanners.answer(Scan("SN-1", device="gun1"), ok=True)  # typed, or of another run
    scanners.answer(Scan("SN-1"), ok=True)
    scanners.answer(first, ok=False)
    assert cable.hear(2) == b"\x02\x02"


def test_a_profile_without_a_bad_sound_sends_nothing(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    scanners = start(settings(cable.link, feedback="ack"))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\rSN-2\r")
    first, second = take(pipe, 2)
    scanners.answer(first, ok=False)
    scanners.answer(second, ok=True)
    assert cable.hear(1) == b"\x06"


# Pulled and plugged in


def test_a_scanner_that_is_pulled_in_the_middle_of_a_code_comes_back_and_its_tail_is_no_code(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, partial_timeout_ms=SURE_MS))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-0\rSN-1")
    take(pipe, 1)
    cable.pull()
    lost = statuses.await_state(PortState.UNPLUGGED)
    assert "gun1 is unplugged" in lost.text
    assert not lost.is_here
    cable.plug_in()
    statuses.await_state(PortState.CONNECTING, times=2)
    cable.send(b"234\rSN-2\r")
    back = statuses.await_state(PortState.READY, times=2)
    assert back.text == "gun1 is back."
    assert back.since > lost.since
    assert told(take(pipe, 3)) == [("SN-1", FrameFault.UNPLUGGED), ("234", FrameFault.EARLY), ("SN-2", None)]
    assert statuses.states() == [
        PortState.CONNECTING,
        PortState.READY,
        PortState.UNPLUGGED,
        PortState.CONNECTING,
        PortState.READY,
    ]


def test_a_scanner_is_not_told_of_a_scan_from_before_it_was_pulled(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    scanners = start(settings(cable.link, feedback="custom", good="01", bad="02"))
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\r")
    (before,) = take(pipe, 1)
    cable.pull()
    statuses.await_state(PortState.UNPLUGGED)
    cable.plug_in()
    statuses.await_state(PortState.READY, times=2)
    scanners.answer(before, ok=True)
    cable.send(b"SN-2\r")
    (after,) = take(pipe, 1)
    scanners.answer(after, ok=False)
    assert cable.hear(1) == b"\x02"


def test_a_scanner_that_was_not_there_at_the_start_is_found_later(
    start: Start, tmp_path: Path, pipe: ScanPipe, statuses: Statuses
) -> None:
    cable = Cable(tmp_path / "gun1")
    start(settings(cable.link))
    statuses.await_state(PortState.UNPLUGGED)
    cable.plug_in()
    assert statuses.await_state(PortState.READY).text == "gun1 is ready."
    cable.send(b"SN-1\r")
    assert told(take(pipe, 1)) == [("SN-1", None)]
    cable.pull()


def test_a_usb_name_that_nothing_has_is_unplugged(start: Start, statuses: Statuses) -> None:
    start(settings("usb:fffe:fffe:NOBODY"))
    assert "usb:fffe:fffe:NOBODY" in statuses.await_state(PortState.UNPLUGGED).text


# Held by others, or set wrong


def test_a_port_that_another_program_reads_is_left_to_it_and_taken_afterwards(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    reader = "import sys; line = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(cable.link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        start(settings(cable.link))
        assert f"(process {other.pid})" in statuses.await_state(PortState.BUSY).text
        other.communicate()
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\r")
    assert told(take(pipe, 1)) == [("SN-1", None)]


def test_a_port_that_its_own_maker_has_locked_is_held_by_it(start: Start, statuses: Statuses) -> None:
    maker = (
        "import os, sys, serial; far, near = os.openpty(); lock = serial.Serial(os.ttyname(near), exclusive=True);"
        "print(lock.port, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", maker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        start(settings(other.stdout.readline().strip()))
        assert f"(process {other.pid})" in statuses.await_state(PortState.BUSY).text
        other.communicate()


def one_is_wrong(statuses: Statuses, one: str, other: str) -> str:
    """Wait until one scanner is ready and the other is told to be set wrong; why."""
    statuses.await_that(
        lambda told: (
            any(each.state is PortState.MISCONFIGURED for each in told)
            and any(each.state is PortState.READY for each in told)
        )
    )
    wrong = next(each for each in statuses.told if each.state is PortState.MISCONFIGURED)
    assert {each.device for each in statuses.told if each.state is PortState.READY} == {one, other} - {wrong.device}
    assert wrong.text.startswith(f"{wrong.device} cannot be used: ")
    assert wrong.text.endswith(
        f"is read by {({one, other} - {wrong.device}).pop()} already. Remove one of the two [[serial]] tables."
    )
    return wrong.text


@pytest.mark.parametrize("exclusive", [True, False])
def test_two_tables_that_name_one_device_in_two_ways_are_a_mistake(
    exclusive: bool, start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses
) -> None:
    start(settings(cable.link, id="left", exclusive=exclusive), settings(cable.device, id="right", exclusive=exclusive))
    one_is_wrong(statuses, "left", "right")
    cable.send(b"SN-1\r")
    assert told(take(pipe, 1)) == [("SN-1", None)]
    assert pipe.waiting == 0


@pytest.mark.parametrize("scheme", ["socket", "rfc2217", "SOCKET"])
def test_two_tables_that_name_one_host_in_two_ways_are_a_mistake(scheme: str) -> None:
    lines = OpenLines()
    with listening() as server:
        number = server.getsockname()[1]
        with open_port(settings(f"socket://127.0.0.1:{number}", id="left"), lines):
            with (
                pytest.raises(PortTrouble) as trouble,
                open_port(settings(f"{scheme}://localhost:{number}", id="right"), lines),
            ):
                pass
            assert trouble.value.text.startswith(f"right cannot be used: {scheme}://localhost:{number} is read by left")
        with open_port(settings(f"socket://localhost:{number}", id="right"), lines):
            pass  # it is free again


def test_loops_are_each_scanners_own(start: Start, statuses: Statuses) -> None:
    start(settings("loop://", id="left"), settings("loop://", id="right"))
    statuses.await_state(PortState.READY, "left")
    statuses.await_state(PortState.READY, "right")


def test_a_port_is_free_again_after_closing(start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses) -> None:
    start(settings(cable.link)).close()
    start(settings(cable.link))
    statuses.await_state(PortState.READY)


@pytest.mark.parametrize(
    ("port", "more", "says"),
    [
        ("ttyACM0", {}, "/dev/ttyACM0"),
        ("spy:///dev/ttyACM0", {}, "socket://"),
        ("usb:honeywell", {}, "usb:VID:PID"),
        (__file__, {}, "not a serial port"),
        (Path(__file__).parent, {}, "not a serial port"),
        ("socket://127.0.0.1:1?colour=red", {}, "unknown option"),
        ("loop://", {"baud": 2**40}, "cannot do what is set"),
    ],
)
def test_what_will_not_work_says_what_to_change(
    port: object, more: dict[str, Any], says: str, start: Start, statuses: Statuses
) -> None:
    start(settings(port, **more))
    status = statuses.await_state(PortState.MISCONFIGURED)
    assert status.text.startswith("gun1 cannot be used: ")
    assert says in status.text


needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")


@needs_a_user
def test_nobody_else_can_open_a_port_that_is_read(start: Start, cable: Cable, statuses: Statuses) -> None:
    start(settings(cable.link))
    statuses.await_state(PortState.READY)
    with pytest.raises(OSError, match="busy"):
        os.open(cable.device, os.O_RDWR | os.O_NOCTTY)


@needs_a_user
def test_a_port_that_may_not_be_opened_says_which_group_is_missing(
    start: Start, cable: Cable, statuses: Statuses
) -> None:
    Path(cable.device).chmod(0)
    start(settings(cable.link))
    assert "dialout" in statuses.await_state(PortState.MISCONFIGURED).text


@pytest.mark.parametrize(
    ("nonsense", "says"),
    [
        ({"encoding": "utf-16"}, "not utf-16"),
        ({"encoding": "hex"}, "not hex"),
        ({"encoding": "klingon"}, "not klingon"),
        ({"baud": 0}, "baud must be above 0"),
        ({"repeat_ms": -1}, "repeat_ms must not be below 0"),
        ({"gs_substitute": "029"}, "gs_substitute must be none of the characters of codes"),
        ({"reconnect_max_s": -1}, "reconnect_max_s must be above 0"),
        ({"feedback": "acme"}, "not acme"),
        ({"feedback": "custom", "good": "beep"}, "good must be bytes in hex"),
    ],
)
def test_nonsense_in_the_settings_is_refused(nonsense: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        settings("loop://", **nonsense)


def test_a_table_of_the_configuration_is_the_settings_of_a_scanner() -> None:
    section = SerialSection(id="gun1", port="/dev/ttyACM0")
    assert SerialSettings(**dataclasses.asdict(section)) == SerialSettings("gun1", "/dev/ttyACM0")
    assert {each.name for each in dataclasses.fields(SerialSettings)} == {
        each.name for each in dataclasses.fields(SerialSection)
    }


# What must not end a reader


def test_a_listener_that_fails_is_reported_and_the_scanner_reads_on(
    start: Start, cable: Cable, pipe: ScanPipe, statuses: Statuses, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[type[BaseException] | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda hooked: reported.append(hooked.exc_type))

    def fail_when_ready(status: ScannerStatus) -> None:
        statuses(status)
        if status.is_here:
            raise ZeroDivisionError

    start(settings(cable.link), on_status=fail_when_ready)
    statuses.await_state(PortState.READY)
    cable.send(b"SN-1\r")
    assert told(take(pipe, 1)) == [("SN-1", None)]
    assert reported == [ZeroDivisionError]


@pytest.mark.parametrize("loss", ["closed", "closed by another thread in the middle of a read"])
def test_a_port_that_is_closed_under_its_reader_is_an_unplugged_scanner(loss: str, cable: Cable) -> None:
    port = serial.serial_for_url(str(cable.link), timeout=0)
    line = OpenPort(port, settings(cable.link))
    assert line.read() == b""
    if loss == "closed":
        port.close()
    else:
        os.close(port.fileno())
        port.fd = None
    for use in (line.read, lambda: line.write(b"\x06")):
        with pytest.raises(PortTrouble) as trouble:
            use()
        assert trouble.value.state is PortState.UNPLUGGED


def test_a_port_that_windows_has_given_to_another_program_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"  # pyserial's, without a number
    )

    def refused(*_: object, **__: object) -> None:
        raise serial.SerialException(said)

    monkeypatch.setattr(serial, "serial_for_url", refused)
    with pytest.raises(PortTrouble) as trouble, open_port(settings("COM3"), OpenLines()):
        pass
    assert trouble.value.state is PortState.BUSY
    assert "COM3" in trouble.value.text


# Networks


OLD_THREADS = pytest.mark.filterwarnings(r"ignore:set(Daemon|Name)\(\) is deprecated:DeprecationWarning")  # pyserial's


def listening(port: int = 0) -> socket.socket:
    server = socket.create_server(("127.0.0.1", port))
    server.settimeout(PATIENCE_S)
    return server


def test_a_scanner_in_the_network_scans_hears_its_answer_and_comes_back(
    start: Start, pipe: ScanPipe, statuses: Statuses
) -> None:
    with listening() as server:
        number = server.getsockname()[1]
        scanners = start(settings(f"socket://127.0.0.1:{number}", feedback="ack", partial_timeout_ms=SURE_MS))
        line, _ = server.accept()
        with line:
            statuses.await_state(PortState.READY)
            for piece in (b"S", b"N-1\r", b"\nSN-", b"2\r\n"):
                line.sendall(piece)
            first, second = take(pipe, 2)
            assert told([first, second]) == [("SN-1", None), ("SN-2", None)]
            scanners.answer(first, ok=True)
            assert line.recv(1) == b"\x06"
        assert "does not answer" in statuses.await_state(PortState.UNPLUGGED).text
        line, _ = server.accept()
        with line:
            assert statuses.await_state(PortState.READY, times=2).text == "gun1 is back."
            line.sendall(b"SN-3\r\n")
            assert told(take(pipe, 1)) == [("SN-3", None)]


def test_a_host_that_refuses_is_a_scanner_that_does_not_answer(start: Start, statuses: Statuses) -> None:
    with listening() as server:
        number = server.getsockname()[1]
    start(settings(f"socket://127.0.0.1:{number}"))
    assert "power and the network" in statuses.await_state(PortState.UNPLUGGED).text


def test_a_device_server_that_says_it_is_in_use_is_not_a_scanner_that_scans(
    start: Start, pipe: ScanPipe, statuses: Statuses
) -> None:
    with listening() as server:
        start(settings(f"socket://127.0.0.1:{server.getsockname()[1]}", partial_timeout_ms=SURE_MS))
        for _ in range(2):
            line, _ = server.accept()
            with line:
                statuses.await_that(lambda known: known[-1].state is PortState.CONNECTING)
                line.sendall(b"Port already in use\r\n")
        statuses.await_state(PortState.UNPLUGGED, times=2)
    assert PortState.READY not in statuses.states()
    assert pipe.waiting == 0


class TerminalServer:
    """A scanner behind a terminal server that speaks RFC 2217: pyserial's own end of it, on a loop."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._scanner = serial.serial_for_url("loop://", timeout=0)
        # Its types are written for one of its callers; any port and anything that writes will do.
        self._manager: Any = cast("Any", rfc2217.PortManager)(self._scanner, self)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._line.sendall(data)

    def scan(self, data: bytes) -> None:
        self.write(b"".join(self._manager.escape(data)))

    def _serve(self) -> None:
        # Until the other end hangs up.
        while data := self._line.recv(1024):
            for _ in self._manager.filter(data):
                pass

    def join(self) -> None:
        self._thread.join(PATIENCE_S)
        self._scanner.close()


@OLD_THREADS
def test_a_scanner_behind_a_terminal_server_scans(start: Start, pipe: ScanPipe, statuses: Statuses) -> None:
    with listening() as server:
        scanners = start(settings(f"rfc2217://127.0.0.1:{server.getsockname()[1]}", baud=19200))
        line, _ = server.accept()
        with line:
            terminal = TerminalServer(line)
            statuses.await_state(PortState.READY)
            terminal.scan(b"SN-\xff\r\nSN-2\r\n")
            assert told(take(pipe, 2)) == [("SN-<FF>", Fault.NOT_TEXT), ("SN-2", None)]
            scanners.close()
            terminal.join()


# What a connection held when it ended


NETWORKS = pytest.mark.parametrize("scheme", ["socket", "rfc2217"])


class FarEnd:
    """Where a scanner's line ends in the network, as bare bytes or as RFC 2217."""

    def __init__(self, scheme: str) -> None:
        self._server = listening()
        self.port = f"{scheme}://127.0.0.1:{self._server.getsockname()[1]}"
        self._line: socket.socket | None = None
        self._terminal: TerminalServer | None = None
        self._speaks_telnet = scheme == "rfc2217"
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        self._line, _ = self._server.accept()
        if self._speaks_telnet:
            self._terminal = TerminalServer(self._line)

    def send_and_hang_up(self, data: bytes) -> None:
        self._thread.join(PATIENCE_S)
        assert self._line is not None
        if self._terminal is not None:
            self._terminal.scan(data)
        else:
            self._line.sendall(data)
        self._line.shutdown(socket.SHUT_RDWR)
        if self._terminal is not None:
            self._terminal.join()
        self._line.close()
        self._server.close()


def until_lost(use: Callable[[], bytes | None]) -> bytes:
    """What came out of using a line until it was told to be lost."""
    came = b""
    deadline = time.monotonic() + PATIENCE_S
    with suppress(PortTrouble):
        while time.monotonic() < deadline:
            came += use() or b""
        pytest.fail("the line was never lost")
    return came


@pytest.mark.wide(8)
@OLD_THREADS
@NETWORKS
@pytest.mark.parametrize(
    ("framing", "sent", "taken"),
    [
        ("line", b"SN-1\r\n", [("SN-1", None)]),
        ("line", b"SN-1\r\nSN-2\r\n", [("SN-1", None), ("SN-2", None)]),
        ("line", b"SN-1\r\nSN-", [("SN-1", None), ("SN-", FrameFault.DISCONNECTED)]),
        ("line", b"SN-1", [("SN-1", FrameFault.DISCONNECTED)]),
        ("tab", b"SN-1\tSN-2", [("SN-1", None), ("SN-2", FrameFault.DISCONNECTED)]),
        ("eot", b"SN-1\x04", [("SN-1", None)]),
        ("stx-etx", b"\x02SN-1\x03\x02SN-2", [("SN-1", None), ("SN-2", FrameFault.DISCONNECTED)]),
        # Only a silence says that such a code is whole, and there was none.
        ("idle", b"SN-1", [("SN-1", FrameFault.DISCONNECTED)]),
        pytest.param(
            "line",
            b"9" * 4090 + b"\rSN-2\r\nSN-",
            [("9" * 4090, None), ("SN-2", None), ("SN-", FrameFault.DISCONNECTED)],
            id="more than one read",
        ),
    ],
)
def test_what_came_before_the_connection_ended_is_taken(
    scheme: str,
    framing: str,
    sent: bytes,
    taken: list[tuple[str, str | None]],
    start: Start,
    pipe: ScanPipe,
    statuses: Statuses,
) -> None:
    far_end = FarEnd(scheme)
    start(settings(far_end.port, framing=framing, idle_ms=60_000, partial_timeout_ms=SURE_MS))
    statuses.await_state(PortState.READY)
    far_end.send_and_hang_up(sent)
    statuses.await_state(PortState.UNPLUGGED)
    assert told(take(pipe, len(taken))) == taken
    assert pipe.waiting == 0


@OLD_THREADS
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # pyserial's, of one that was reset
@NETWORKS
def test_a_connection_that_has_ended_takes_no_answer_and_gives_what_it_held(scheme: str) -> None:
    far_end = FarEnd(scheme)
    with open_port(settings(far_end.port), OpenLines()) as line:
        far_end.send_and_hang_up(b"SN-1\r\n")
        # The system finds out at the second try.
        until_lost(lambda: line.write(b"\x06"))
        assert until_lost(line.read) == b"SN-1\r\n"


def test_what_a_scanner_is_told_comes_back_on_a_loop(pipe: ScanPipe, statuses: Statuses) -> None:
    scanner = SerialScanner(settings("loop://", feedback="custom", good=b"SN-1\r".hex()), pipe, statuses)
    scanner.start()
    statuses.await_state(PortState.READY)
    scanner.sound(ok=True)
    assert told(take(pipe, 1)) == [("SN-1", None)]
    scanner.close()
    scanner.close()
    assert serial_threads() == []


def test_a_scanner_that_was_never_started_can_be_closed(pipe: ScanPipe) -> None:
    SerialScanner(settings("loop://"), pipe).close()
