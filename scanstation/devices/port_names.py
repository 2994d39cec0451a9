"""Serial ports by name: what config.toml calls them, which device that is just now, and who else has it open."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import Telling, joined, word, worded

URL_SCHEMES: Final = ("socket", "rfc2217", "loop")
BY_ID = Path("/dev/serial/by-id")
"""Where Linux keeps a name for each USB port that outlives unplugging."""

_USB = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?", re.IGNORECASE)
_MADE_AT, _GIVEN_AWAY_AT = ("/dev/ptmx", "/dev/pts/ptmx"), Path("/dev/pts")
"""The two ends of pseudo terminals."""
_NUMBER_OF_PAIR = re.compile(r"^tty-index:\s*(\d+)$", re.MULTILINE)
_WINDOWS_PORT = re.compile(r"COM\d+|\\\\.\\.+", re.IGNORECASE)


class PortError(Telling, Exception):
    """A port's name leads to no port. The message is for whoever set it."""

    @property
    def words(self) -> str:
        """What is said of it."""
        words: str = self.args[0]
        return words


class BadPortName(PortError):
    """It can be no port's name, today or tomorrow."""


class PortMissing(PortError):
    """No such device is plugged in."""


class SeveralPorts(PortError):
    """More than one device fits; which is meant cannot be guessed."""


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A serial port of this computer, as `scanstation devices` shows it."""

    device: str
    name: str
    """What to write into config.toml: its by-id link where there is one, else `usb:…`, else the device."""
    what: str
    """Maker and product, as the device reports them; made visible."""


@dataclass(frozen=True, slots=True)
class Holder(Telling):
    """A process that has a port open."""

    pid: int
    command: str
    made_it: bool = False
    """The port is a pseudo terminal, and this is who sends at its other end: socat has both open, and reads neither."""

    @property
    def is_this_process(self) -> bool:
        """Whether it is the station itself."""
        return self.pid == os.getpid()

    @property
    def is_rival(self) -> bool:
        """Whether it takes characters out of our codes, if we read the port too."""
        return not (self.made_it or self.is_this_process)

    @property
    def words(self) -> str:
        """Its program and its number."""
        return worded("{program} (process {number})", program=shorten(self.command), number=str(self.pid))


def is_url(name: str) -> bool:
    """Whether the name is a pyserial URL and no device of this computer."""
    return "://" in name


def holds_account(name: str) -> bool:
    """Whether the name is a URL with a user, and perhaps a password, before its host."""
    return is_url(name) and "@" in name


def is_usb_name(name: str) -> bool:
    """Whether `find_port` needs the list of ports for this name."""
    return name.lower().startswith("usb:")


def listed_ports() -> list[ListPortInfo]:
    """The ports that are plugged in now.

    Raises:
        PortMissing: one was being plugged in or out just as the list was made; try again.
    """
    try:
        return list(comports())
    except (OSError, TypeError, ValueError) as error:
        # pyserial reads what the kernel tells about each port and takes for granted that it is still there.
        raise PortMissing(worded("the list of ports changed while it was read")) from error


def find_port(name: str, listed: Iterable[ListPortInfo] = ()) -> str:
    """What to open for a port's name, now: a path or a URL. Ask again after each unplugging.

    Args:
        name: a path, `usb:VID:PID[:SERIAL]`, or a URL of pyserial.
        listed: the ports that are plugged in (`listed_ports`); only looked at for `usb:`.

    Raises:
        BadPortName, PortMissing, SeveralPorts: see there.
    """
    check_port_name(name)
    return _find_usb(name, listed) if is_usb_name(name) else name


def check_port_name(name: str) -> None:
    """Raise BadPortName for what can be no port's name, whatever is plugged in."""
    if not name.isprintable():
        raise BadPortName(worded("{name} is no port. Write it without control characters", name=shorten(name, 80)))
    if is_url(name):
        _check_url(name)
    elif is_usb_name(name):
        _usb_parts(name)
    elif "/" not in name and not _WINDOWS_PORT.fullmatch(name):
        path = f"/dev/{shorten(name, 60)}"
        raise BadPortName(
            worded("{name} is no port. Write its whole path, such as {path}", name=shorten(name, 80), path=path)
        )


def _check_url(name: str) -> None:
    scheme = name.partition("://")[0].lower()
    if holds_account(name):
        raise BadPortName(
            worded(
                "A scanner's address with a user or a password is no port: none is ever asked for, and all would see "
                "it. Write it without what ends in @"
            )
        )
    if scheme not in URL_SCHEMES:
        known = ", ".join(f"{each}://" for each in URL_SCHEMES)
        raise BadPortName(worded("{name} is no port. There is: {known}", name=shorten(name, 80), known=known))
    if scheme == "loop":
        return
    try:
        parts = urlsplit(name)
        is_whole = bool(parts.hostname) and parts.port is not None
    except ValueError:  # a port number out of range, a bracket that does not close
        is_whole = False
    if not is_whole:
        wanted = f"{scheme}://HOST:PORT"
        raise BadPortName(worded("{name} is no port. Write {wanted}", name=shorten(name, 80), wanted=wanted))


def _usb_parts(name: str) -> tuple[int, int, str | None]:
    wanted = _USB.fullmatch(name)
    if wanted is None:
        raise BadPortName(
            worded(
                "{name} is no port. Write usb:VID:PID or usb:VID:PID:SERIAL, such as usb:0c2e:0b6a",
                name=shorten(name, 80),
            )
        )
    return int(wanted[1], 16), int(wanted[2], 16), wanted[3]


def _find_usb(name: str, listed: Iterable[ListPortInfo]) -> str:
    vendor, product, serial_number = _usb_parts(name)
    fitting = [
        port
        for port in listed
        if (port.vid, port.pid) == (vendor, product) and serial_number in (None, port.serial_number)
    ]
    if not fitting:
        raise PortMissing(worded("no {name} is plugged in", name=shorten(name, 80)))
    if len(fitting) > 1:
        candidates = joined([_candidate(port) for port in sorted(fitting)], " and ")
        raise SeveralPorts(
            worded(
                "{name} is {candidates}. Name one by its serial number or its path",
                name=shorten(name, 80),
                candidates=candidates,
            )
        )
    return fitting[0].device


def _candidate(port: ListPortInfo) -> str:
    if not port.serial_number:
        return worded("{device} (without a serial number)", device=visible(port.device))
    return worded("{device} (serial number {number})", device=visible(port.device), number=visible(port.serial_number))


def found_ports(listed: Iterable[ListPortInfo], by_id: Path = BY_ID) -> list[FoundPort]:
    """The ports that are there, each with the name that is best written into config.toml."""
    links = {str(link.resolve()): str(link) for link in sorted(by_id.iterdir())} if by_id.is_dir() else {}
    ports = sorted(listed)
    described_ports = []
    for port in ports:
        usb = _usb_name(port)
        is_unique = usb is not None and sum(_usb_name(other) == usb for other in ports) == 1
        name = links.get(str(Path(port.device).resolve())) or (usb if usb and is_unique else port.device)
        told = " ".join(word for word in (port.manufacturer, port.product) if word)
        described = "" if port.description in (None, "n/a") else port.description  # pyserial's word for nothing
        described_ports.append(FoundPort(port.device, name, visible(told or described)))
    return described_ports


def _usb_name(port: ListPortInfo) -> str | None:
    if port.vid is None or port.pid is None:
        return None
    usb = f"usb:{port.vid:04x}:{port.pid:04x}"
    return f"{usb}:{port.serial_number}" if port.serial_number else usb


def holders(device: str) -> list[Holder]:
    """Who has the device open, as far as this user may see; nobody on systems that do not tell.

    psutil's own list of open files leaves devices out, so the links that it is made of are read here.
    """
    wanted = str(Path(device).resolve())
    held_by = []
    import psutil  # late: who holds a port is seldom asked

    for pid in psutil.pids():
        files = _open_files(pid)
        if wanted in files.values():
            made_it = any(_is_other_end(file, path, wanted) for file, path in files.items())
            held_by.append(Holder(pid, _command(pid), made_it))
    return held_by


def _open_files(pid: int) -> dict[Path, str]:
    """What a process has open: the link of the kernel, and where it leads."""
    files: dict[Path, str] = {}
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # another user's process, or one that has just ended
        return files
    for link in links:
        try:
            files[link] = os.readlink(link)  # noqa: PTH115 – Path.readlink would make a path of "socket:[4711]"
        except OSError:  # closed meanwhile
            continue
    return files


def _is_other_end(file: Path, path: str, device: str) -> bool:
    """Whether an open file is the end of a pseudo terminal at which it was made, and `device` the one given away."""
    if path not in _MADE_AT or Path(device).parent != _GIVEN_AWAY_AT:
        return False
    try:
        fd_info = (file.parents[1] / "fdinfo" / file.name).read_text("ascii")
    except OSError:  # closed meanwhile
        return False
    return _NUMBER_OF_PAIR.findall(fd_info) == [Path(device).name]


def _command(pid: int) -> str:
    import psutil

    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return word("a program")
