"""Opening a scanner's port, and what it means when that fails.

pyserial reports most of what can happen in words; here it becomes one of the few states that a person can do something
about.
"""

import errno
import os
import queue
import select
import socket
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from io import UnsupportedOperation
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, cast
from urllib.parse import urlsplit

import serial
from serial import rfc2217

from scanstation.devices.port_names import (
    BadPortName,
    PortMissing,
    SeveralPorts,
    find_port,
    holders,
    is_url,
    is_usb_name,
    listed_ports,
)
from scanstation.devices.serial_settings import SerialSettings
from scanstation.domain.codes import shorten
from scanstation.domain.language import word, worded

try:
    import fcntl
    import termios
except ImportError:  # Windows, where a port cannot be opened twice anyway
    _TERMINAL_ERRORS: tuple[type[Exception], ...] = ()
else:
    _TERMINAL_ERRORS = (termios.error,)

_UNFIT = (ValueError, ArithmeticError, NotImplementedError)
"""What pyserial raises for settings that a port cannot have."""
_LOST: tuple[type[Exception], ...] = (
    OSError,
    *_TERMINAL_ERRORS,
    # pyserial's own slips: it goes on with a file that it has closed, or unpacks an answer that never came.
    TypeError,
    AttributeError,
    *_UNFIT,
)
"""What pyserial raises when a port goes away under it."""

_READ_SIZE = 4096
_LOOK_S = 0.01
"""How often a port that cannot be waited for is looked at."""
_WRITE_TIMEOUT_S = 0.5
_KEEP_ALIVE: Final = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Seconds, seconds, tries: a network scanner whose cable was pulled is noticed after 25 seconds."""

_SETUP_ERRORS: Final = frozenset(
    {errno.ENOTTY, errno.EINVAL, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EOPNOTSUPP}
)
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})
_IN_USE: Final = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})


class PortState(StrEnum):
    """Where a scanner stands, in the word that every screen has for it."""

    CONNECTING = "connecting"
    """The port is open, and its line has not been quiet yet."""
    READY = "ready"
    UNPLUGGED = "lost"
    """The device is not there, or the network has no answer."""
    BUSY = "busy"
    """Another program has it."""
    MISCONFIGURED = "set wrong"
    """It will not work before somebody changes something; tried again all the same."""


class PortTrouble(Exception):
    """A port cannot be opened, or is lost."""

    def __init__(self, state: PortState, text: str) -> None:
        super().__init__(text)
        self.state = state
        self.text = text


class Waker:
    """Wakes a thread that waits for its port, from any other."""

    def __init__(self) -> None:
        self._inner, self._outer = socket.socketpair()
        self._lock = Lock()
        for end in (self._inner, self._outer):
            end.setblocking(False)

    def wake(self) -> None:
        """Have the present wait, or the next, return at once."""
        with self._lock, suppress(BlockingIOError):  # it blocks when it has been woken often enough
            if self._outer.fileno() >= 0:
                self._outer.send(b"\0")

    def fileno(self) -> int:
        """What `select` looks at."""
        return self._inner.fileno()

    def clear(self) -> None:
        """Forget that it was woken."""
        with suppress(BlockingIOError):
            self._inner.recv(_READ_SIZE)

    def close(self) -> None:
        """Wake nobody any more."""
        with self._lock:
            self._inner.close()
            self._outer.close()


class OpenLines:
    """Which scanner of this station has which line: two tables may name one device in two ways."""

    def __init__(self) -> None:
        self._scanners: dict[str, str] = {}
        self._lock = Lock()

    @contextmanager
    def held(self, line: Collection[str], settings: SerialSettings) -> Iterator[None]:
        """A line, by all that it may be called, is this scanner's for as long as the block lasts.

        Raises:
            PortTrouble: another scanner has it.
        """
        with self._lock:
            if others := [self._scanners[name] for name in line if name in self._scanners]:
                port, other = shorten(settings.port, 80), shorten(others[0])
                trouble_text = worded(
                    "{port} is read by {other} already. Remove one of the two [[serial]] tables.",
                    port=port,
                    other=other,
                )
                raise _misconfigured(settings, trouble_text)
            self._scanners |= dict.fromkeys(line, settings.id)
        try:
            yield
        finally:
            with self._lock:
                for name in line:
                    del self._scanners[name]


class _Rfc2217(rfc2217.Serial):
    """pyserial's, but for the end of a connection: what came before it is read, and nothing is written after it.

    In pyserial a thread reads the network and fills a queue. Once it has ended, `read` leaves in the queue what is
    there, and `write` goes on as if somebody listened.
    """

    # Not public: pyserial is pinned, and a test that loses codes without them.
    _socket: socket.socket
    _thread: Thread | None
    _read_buffer: "queue.Queue[bytes | None]"

    def open(self) -> None:
        """Connect."""
        super().open()
        _keep_alive(self._socket)

    @property
    def _is_over(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def read(self, size: int = 1) -> bytes:
        """What has come, without waiting."""
        is_over = self._is_over  # asked first: then the queue holds all there will ever be
        data = bytearray()
        with suppress(queue.Empty):
            while len(data) < size and (piece := self._read_buffer.get_nowait()) is not None:
                data += piece
        if is_over and not data:
            raise serial.SerialException("the connection has ended")
        return bytes(data)

    def write(self, data: bytes) -> int | None:  # type: ignore[override]
        """Send it whole."""
        if self._is_over:
            raise serial.SerialException("the connection has ended")
        return super().write(data)


class OpenPort:
    """An open port. Whatever pyserial raises in its place, a port that is gone is `PortTrouble`."""

    def __init__(self, port: serial.Serial, settings: SerialSettings) -> None:
        self._port = port
        self._settings = settings
        self._fileno: int | None
        try:
            self._fileno = port.fileno()
        except UnsupportedOperation:  # RFC 2217, a loop, Windows: they can only be looked at now and then
            self._fileno = None

    def wait(self, waker: Waker, seconds: float) -> None:
        """Wait until something has come, the waker is woken, or so much time has passed."""
        try:
            if self._fileno is None:
                select.select([waker.fileno()], [], [], min(seconds, _LOOK_S))
            else:
                select.select([waker.fileno(), self._fileno], [], [], seconds)
        except _LOST as error:
            raise _unplugged(self._settings) from error
        waker.clear()

    def read(self) -> bytes:
        """What has come, without waiting. What came before the port was lost is returned before the loss is raised."""
        try:
            data: bytes = self._port.read(_READ_SIZE)
        except _LOST as error:
            raise _unplugged(self._settings) from error
        return data

    def write(self, data: bytes) -> None:
        """Send an answer. One that the scanner does not take is given up: the station shows it as well."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            return
        except _LOST as error:
            raise _unplugged(self._settings) from error


@contextmanager
def open_port(settings: SerialSettings, lines: OpenLines) -> Iterator[OpenPort]:
    """The port, looked up anew, opened for us alone, and closed in the end whatever has become of it.

    Args:
        settings: its table of config.toml.
        lines: what the other scanners of this station have open.

    Raises:
        PortTrouble: it cannot be opened, or was lost.
    """
    try:
        name = find_port(settings.port, listed_ports() if is_usb_name(settings.port) else ())
    except PortMissing as error:
        raise _unplugged(settings) from error
    except (BadPortName, SeveralPorts) as error:
        raise _misconfigured(settings, worded("{why}.", why=error)) from error
    with lines.held(_line(name), settings), _opened(settings, name) as port:
        yield OpenPort(port, settings)


@contextmanager
def _opened(settings: SerialSettings, name: str) -> Iterator[serial.Serial]:
    if settings.exclusive:
        _refuse_if_held(settings, name)
    port = _open(settings, name)
    try:
        yield port
    finally:
        # Closing a port that is gone raises what reading it raises, and there is nothing left to lose.
        if not is_url(name):
            with suppress(*_LOST):
                port.reset_output_buffer()  # a scanner that takes nothing would keep the system from closing
        if settings.exclusive:
            with suppress(*_LOST):
                _share(port)
        with suppress(*_LOST):
            port.close()


def _open(settings: SerialSettings, name: str) -> serial.Serial:
    try:
        port = _for_url(
            _without_control_answers(name),
            baudrate=settings.baud,
            bytesize=settings.bytesize,
            parity=settings.parity,
            stopbits=settings.stopbits,
            rtscts=settings.flow == "rtscts",
            xonxoff=settings.flow == "xonxoff",
            timeout=0,
            # pyserial has none for RFC 2217; there its own five seconds for the network hold.
            write_timeout=None if name.lower().startswith("rfc2217:") else _WRITE_TIMEOUT_S,
            exclusive=settings.exclusive or None,
        )
    except _LOST as error:
        raise _why_not_opened(settings, name, error) from error
    try:
        port.reset_input_buffer()
        if name.lower().startswith("socket:"):
            with socket.fromfd(port.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
                _keep_alive(line)
        elif settings.exclusive and not is_url(name):
            _keep_others_out(port)
    except _LOST as error:
        with suppress(*_LOST):
            port.close()
        raise _unplugged(settings) from error
    return port


def _for_url(name: str, **how: Any) -> serial.Serial:
    if not name.lower().startswith("rfc2217:"):
        return serial.serial_for_url(name, **how)
    port = _Rfc2217(None, **how)
    port.port = name
    port.open()
    return cast("serial.Serial", port)  # as the types of `serial_for_url` say of all its ports


def _without_control_answers(name: str) -> str:
    """The URL, so that a server need not confirm that it switched DTR: pseudo ports and some adapters have none.

    Codes do not need it, and pyserial would give the whole connection up.
    """
    if not name.lower().startswith("rfc2217:"):
        return name
    return f"{name}{'&' if '?' in name else '?'}ign_set_control"


def _line(name: str) -> Collection[str]:
    """The same for every name of a line; none for a loop, which is each scanner's own."""
    if not is_url(name):
        return {os.path.realpath(name)}
    parts = urlsplit(name)
    if parts.scheme.lower() == "loop":
        return ()
    with suppress(OSError, UnicodeError):  # opening it will tell
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
        return {f"{address[0]!s}:{parts.port}" for *_, address in found}
    return ()


def _keep_alive(line: socket.socket) -> None:
    """Have the system notice a network scanner that went away without a word."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEP_ALIVE.items():
        if hasattr(socket, option):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _keep_others_out(port: serial.Serial) -> None:
    """pyserial's lock stops only programs that ask for it; this one stops all but root's."""
    if sys.platform != "win32" and _TERMINAL_ERRORS:
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)


def _share(port: serial.Serial) -> None:
    if sys.platform != "win32" and _TERMINAL_ERRORS and isinstance(port, serial.Serial):
        fcntl.ioctl(port.fileno(), termios.TIOCNXCL)


def _refuse_if_held(settings: SerialSettings, name: str) -> None:
    """Whoever reads the same port takes characters out of our codes, even if they do not lock it.

    Looked at before opening, which already changes the speed of the line for them.
    """
    if is_url(name) or not Path(name).exists():
        return
    rivals = [holder for holder in holders(name) if holder.is_rival]
    if rivals:
        raise _busy(settings, name, rivals[0])


# -- what went wrong -------------------------------------------------------------------------------------------------


def _why_not_opened(settings: SerialSettings, name: str, error: BaseException) -> PortTrouble:
    number, port_name = _errno(error), shorten(name, 80)
    for each in _chain(error):
        if isinstance(each, _UNFIT):
            return _misconfigured(
                settings,
                worded("{port} cannot do what is set ({why}).", port=port_name, why=shorten(str(each), 120)),
            )
    if is_url(name):
        return _unplugged(settings)
    if number in _IN_USE or _is_refused_by_windows(error):
        return _in_use(settings, name)
    if number in _FORBIDDEN:
        return _misconfigured(
            settings,
            worded(
                "{port} may not be opened. Add this user to the group dialout and sign in again.",
                port=port_name,
            ),
        )
    if number in _SETUP_ERRORS:
        return _misconfigured(
            settings, worded("{port} is not a serial port, or cannot do what is set.", port=port_name)
        )
    return _unplugged(settings)


def _is_refused_by_windows(error: BaseException) -> bool:
    """Windows gives a port to one program at a time; pyserial tells of that in words alone."""
    return isinstance(error, serial.SerialException) and "PermissionError(13," in str(error)


def _in_use(settings: SerialSettings, name: str) -> PortTrouble:
    # Somebody has locked it: whoever made it is not above suspicion here, only the last to be suspected.
    others = sorted(
        (holder for holder in holders(name) if not holder.is_this_process), key=lambda holder: holder.made_it
    )
    return _busy(settings, name, others[0] if others else word("a program that cannot be seen from here"))


def _errno(error: BaseException) -> int | None:
    """The system's number of an error."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno is not None:
            return each.errno
        if isinstance(each, _TERMINAL_ERRORS) and each.args and isinstance(each.args[0], int):
            return each.args[0]
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it: pyserial often gives the reason in words only, in the cause."""
    while error is not None:
        yield error
        error = error.__context__


def _unplugged(settings: SerialSettings) -> PortTrouble:
    port = shorten(settings.port, 80)
    if is_url(settings.port):
        problem_text = worded(
            "{scanner} does not answer at {port}. Check its power and the network; it comes back by itself.",
            scanner=settings.id,
            port=port,
        )
    else:
        problem_text = worded(
            "{scanner} is unplugged ({port}). Plug it in; it comes back by itself.", scanner=settings.id, port=port
        )
    return PortTrouble(PortState.UNPLUGGED, problem_text)


def _busy(settings: SerialSettings, name: str, held_by: object) -> PortTrouble:
    return PortTrouble(
        PortState.BUSY,
        worded(
            "{scanner} is held by {program}: {file} is open there. Close that program; the scanner comes "
            "back by itself.",
            scanner=settings.id,
            program=held_by,
            file=shorten(name, 80),
        ),
    )


def _misconfigured(settings: SerialSettings, problem_text: str) -> PortTrouble:
    return PortTrouble(
        PortState.MISCONFIGURED, worded("{scanner} cannot be used: {why}", scanner=settings.id, why=problem_text)
    )
