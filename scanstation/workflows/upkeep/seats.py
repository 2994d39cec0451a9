"""A seat of its own on a Linux host: a user whose only program is the station, and what starts it.

What docs/station.md does by hand. `planned` says what would be written and run, `set_up` does it, and takes it back
where a part of it fails; `take_away` undoes it. Every path is below a root, so that the card of a computer that is not
running can be prepared as well: commands are then run in it by `chroot`.
"""

import base64
import binascii
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path

from scanstation import files, processes
from scanstation.domain import sentences as say
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.outcome import Done, Refused

GROUP = "scanstation"
"""All seats of a host; the store is theirs."""
FONT = "Lat15-Terminus16"
"""Of 256 signs: with more of them the console loses its bright colours."""
_MARK = "Made by `scanstation setup station`, and taken away by it with --remove."
_COMMENT = "ScanStation seat"
"""What the list of users says of a seat's: no other user is ever taken away."""
_SEATS = Path("/usr/local/lib/scanstation")
_RULE = Path("/etc/udev/rules.d/99-scanstation.rules")
_UNIT = Path("/etc/systemd/system/scanstation-upgrade.service")
_SSHD = Path("/etc/ssh/sshd_config.d")
_UNITS = Path("/etc/systemd/system")
_GETTY = "getty@{}.service.d"
_PROGRAM_FOLDERS = ("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin")
_CONSOLE_FILE = "scanstation.conf"
_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_CONSOLE = re.compile(r"tty[1-9][0-9]?")
_FONT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_KEY = re.compile(r"((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)(?: [ -~]*)?")
_PATH = re.compile(r"(/[A-Za-z0-9._+-]+)+")
"""Written as they are into units, rules and programs: nothing in them may mean something there."""


_LONGEST_LINE, _MOST_LINKS = 4096, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What is to be set up."""

    name: str
    """Of the user and of the station."""
    program: Path
    """ScanStation's own, as the seat will run it."""
    folder: Path = Path("/srv/scanstation")
    """With config.toml; the station works in it."""
    console: str = "tty1"
    keys: str | None = None
    """Public keys that may sign in over ssh, a line each. None: the seat is at the console."""
    font: str = FONT
    """Of the console. Empty: it stays."""
    in_tmux: bool = False
    has_ports: bool = False
    """Are there scanners on serial ports?"""


@dataclass(frozen=True, slots=True)
class SeatFile:
    """A file that is written, and taken away with its seat, or with the last of all."""

    path: Path
    text: str
    mode: int = 0o644
    is_kept: bool = False
    """It holds what is the site's own: it stays if it is there, and when the seat goes."""


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """In this order: commands that make the user, files, commands that put them in force."""

    files: tuple[SeatFile, ...]
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


class _Failed(Exception):
    def __init__(self, command: Sequence[str], error: str) -> None:
        super().__init__(error)
        self.command, self.error = " ".join(command), error


@dataclass(frozen=True, slots=True)
class Host:
    """Where a seat is set up."""

    root: Path = field(default=Path("/"))

    def at(self, path: Path) -> Path:
        """A path of the host, as this process reaches it."""
        return self.root / path.relative_to("/")

    @property
    def _is_this_one(self) -> bool:
        return self.root == Path("/")

    @property
    def runs_systemd(self) -> bool:
        """Is systemd at work there, or only installed?"""
        return self._is_this_one and Path("/run/systemd/system").is_dir()

    def has(self, program: str) -> bool:
        """Is a program installed there?"""
        folders = [f"{self.root}/{folder}" for folder in ("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin")]
        return (
            shutil.which(program, path=os.pathsep.join([*folders, f"{self.root}/sbin", f"{self.root}/bin"])) is not None
        )

    def run(self, command: Sequence[str]) -> None:
        """Run a command there. Raises _Failed with what it said."""
        program, *arguments = [*command] if self._is_this_one else ["chroot", str(self.root), *command]
        try:
            ran = processes.run_tool(program, *arguments, variables={})
        except OSError as error:
            raise _Failed(command, error.strerror or str(error)) from error
        if ran.returncode:
            raise _Failed(command, _in_one_line(ran.stderr.decode(errors="replace")) or f"status {ran.returncode}")

    def user(self, name: str) -> str | None:
        """What the list of users says of one; None where there is no such user."""
        for line in self.lines(Path("/etc/passwd")):
            fields = line.split(":")
            if fields[0] == name and len(fields) > 4:
                return fields[4]
        return None

    def seats(self) -> list[str]:
        """The names of the seats there are."""
        folder = self.at(_SEATS)
        names = sorted(path.name for path in folder.iterdir() if not path.suffix) if folder.is_dir() else []
        return [name for name in names if self.is_ours(_SEATS / name)]

    def lines(self, path: Path) -> list[str]:
        """Of a text file there; none where there is no such file."""
        try:
            return self.at(path).read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def drop_ins(self) -> list[Path]:
        """What signs seats in at consoles."""
        found = self.at(_UNITS).glob(f"{_GETTY.format('*')}/{_CONSOLE_FILE}")
        return sorted(Path("/", path.relative_to(self.root)) for path in found)

    def is_ours(self, path: Path) -> bool:
        """Was a file made by setting up a seat?"""
        return any(_MARK in line for line in self.lines(path)[:3])


def planned(seat: Seat, host: Host) -> SeatPlan | Refused:
    """What setting up a seat would write and run, or why it cannot be. Changes nothing."""
    if refusal := _unfit(seat, host):
        return refusal
    if seat.name in host.seats():  # once more, with what it is to be now
        if host.user(seat.name) not in (None, _COMMENT):
            return say.user_is_there(seat.name)
    elif host.user(seat.name) is not None:
        return say.user_is_there(seat.name)
    wanted = tuple(_files(seat, host))
    for file in wanted:
        if file.is_kept or not host.at(file.path).exists():
            continue
        if not host.is_ours(file.path):
            return say.seat_file_is_there(str(file.path))
        if file.path.name == _CONSOLE_FILE and _autologin(seat.name) not in host.at(file.path).read_text(
            encoding="utf-8"
        ):
            return say.console_is_taken(str(file.path))
    fresh = tuple(file for file in wanted if not (file.is_kept and host.at(file.path).exists()))
    kept = [say.stays_as_it_is(str(file.path)) for file in wanted if file not in fresh]
    makes_store = any(file.path == seat.folder / "config.toml" for file in fresh)
    return SeatPlan(fresh, tuple(_making(seat, host)), tuple(_starting(seat, host, makes_store)),
                    (*kept, *_notes(seat, host)))  # fmt: skip


def set_up(seat: Seat, host: Host) -> Done | Refused:
    """Set up a seat, whole or not at all."""
    plan = planned(seat, host)
    if isinstance(plan, Refused):
        return plan
    if sys.platform == "win32" or os.geteuid() != 0:
        return say.only_root_sets_up()
    was_there = {file.path: host.at(file.path).read_bytes() for file in plan.files if host.at(file.path).exists()}
    is_new = host.user(seat.name) is None
    try:
        for command in plan.before:
            host.run(command)
        for file in plan.files:
            _write(host, file)
        for command in plan.after:
            host.run(command)
    except (_Failed, UnwritableFile, OSError) as error:
        _take_back(host, plan, was_there, seat.name if is_new else "")
        failed = error if isinstance(error, _Failed) else _Failed(("writing",), str(error))
        return say.seat_failed(failed.command, failed.error)
    return say.seat_is_made(seat.name, plan.notes)


def going(name: str, host: Host) -> SeatPlan | Refused:
    """What taking a seat away would delete, in `files`, and run. Changes nothing."""
    if name not in host.seats():
        return say.seat_is_unknown(name, ", ".join(host.seats()) or "none")
    is_last = host.seats() == [name]
    drop_ins = [path for path in host.drop_ins() if _autologin(name) in host.at(path).read_text(encoding="utf-8")]
    paths = [_SSHD / f"scanstation-{name}.conf", _SEATS / f"{name}.keys", _SEATS / f"{name}.tmux", *drop_ins]
    before: list[tuple[str, ...]] = []
    if is_last:
        paths += [_RULE, _UNIT]
        if host.at(_UNIT).exists():
            before.append(("systemctl", "disable", _UNIT.name))
    # The program is the last: as long as it is there, what failed can be done again.
    present = [path for path in (*paths, _SEATS / name) if host.at(path).exists() and host.is_ours(path)]
    after = _reloading(host, ssh=any(path.parent == _SSHD for path in present), udev=is_last)
    if host.runs_systemd:  # whoever was signed in by itself is signed out: a user at work is not deleted
        after += [("systemctl", "restart", path.parent.name.removesuffix(".d")) for path in drop_ins]
    if host.user(name) == _COMMENT:
        after.append(("userdel", name))
    return SeatPlan(tuple(SeatFile(path, "") for path in present), tuple(before), tuple(after), ())


def take_away(name: str, host: Host) -> Done | Refused:
    """Take a seat away. The store, its configuration and the user's home folder stay."""
    plan = going(name, host)
    if isinstance(plan, Refused):
        return plan
    if sys.platform == "win32" or os.geteuid() != 0:
        return say.only_root_sets_up()
    *first, program = plan.files
    try:
        _hand_on_the_upgrade(host, name)
        for command in plan.before:
            host.run(command)
        for file in first:
            _delete(host, file)
        for command in plan.after:
            host.run(command)
        _delete(host, program)
    except _Failed as error:
        return say.seat_is_left(error.command, error.error)
    except OSError as error:
        return say.seat_is_left("deleting", str(error))
    return say.seat_is_gone(name)


def _unfit(seat: Seat, host: Host) -> Refused | None:
    if not _NAME.fullmatch(seat.name):
        return say.name_of_no_user(seat.name)
    if not _PATH.fullmatch(str(seat.folder)):
        return say.no_plain_folder(str(seat.folder))
    if not _CONSOLE.fullmatch(seat.console):
        return say.no_console(seat.console)
    if seat.font and not _FONT.fullmatch(seat.font):
        return say.no_font(seat.font)
    if not _PATH.fullmatch(str(seat.program)):
        return say.no_program(str(seat.program))
    if seat.keys is not None and not _are_keys(seat.keys):
        return say.no_public_key()
    if not host.has("systemctl"):
        return say.not_a_host("this host has none" if host.root == Path("/") else f"{host.root} has none")
    for program, package in _needed(seat):
        if not host.has(program):
            return say.host_lacks(package)
    if seat.keys and not _reads_its_folder(host):
        return say.sshd_reads_no_folder(str(_SSHD))
    return _unfit_program(seat.program, host)


def _are_keys(text: str) -> bool:
    """Is each line a whole public key?"""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return bool(lines) and all(_is_key(line) for line in lines)


def _is_key(line: str) -> bool:
    """A key is its kind's name and fields, each behind its length in four bytes (RFC 4253, 6.6)."""
    key = _KEY.fullmatch(line)
    if key is None:
        return False
    try:
        left = base64.b64decode(key[2], validate=True)
    except binascii.Error:
        return False
    fields = []
    while left:
        end = 4 + int.from_bytes(left[:4], "big")
        fields.append(left[4:end])
        if len(left) < end:
            return False
        left = left[end:]
    return len(fields) > 1 and fields[0] == key[1].encode()


def _needed(seat: Seat) -> Iterator[tuple[str, str]]:
    yield "useradd", "passwd"
    yield "runuser", "util-linux"
    if seat.keys:
        yield "sshd", "openssh-server"
    elif seat.font:
        yield "setfont", "kbd"
    if seat.in_tmux:
        yield "tmux", "tmux"
    if seat.has_ports:
        yield "udevadm", "udev"


def _reads_its_folder(host: Host) -> bool:
    lines = host.lines(Path("/etc/ssh/sshd_config"))
    return any(line.split()[:1] == ["Include"] and str(_SSHD) in line for line in lines)


def _unfit_program(program: Path, host: Host) -> Refused | None:
    """The seat's user is nobody's owner or group: everything on the way to what it runs has to be open to all."""
    real = _real(program, host)
    if real is None:
        return say.no_program(str(program))
    with host.at(real).open("rb") as file:
        first = file.readline(_LONGEST_LINE)
    interpreter = Path(os.fsdecode(first[2:].split()[0])) if first.startswith(b"#!/") else real
    run_by = _real(interpreter, host)
    if run_by is None:
        return say.no_program(str(interpreter))
    ways = {real, run_by, *(folder for start in (program, real, interpreter, run_by) for folder in start.parents)}
    is_open = all(host.at(path).stat().st_mode & 0o001 for path in ways) and host.at(real).stat().st_mode & 0o004
    return None if is_open else say.program_is_closed(str(program))


def _real(path: Path, host: Host) -> Path | None:
    """Where links lead to, on that host; None where there is no file at their end."""
    for _ in range(_MOST_LINKS):
        if not host.at(path).is_symlink():
            return path if host.at(path).is_file() else None
        path = Path(os.path.normpath(path.parent / host.at(path).readlink()))
    return None


def _files(seat: Seat, host: Host) -> Iterator[SeatFile]:
    store = seat.folder / "store" / "scanstation.db"
    yield SeatFile(
        seat.folder / "config.toml",
        f'# Every key is in the example configuration and in the docs under Settings.\n[database]\nurl = "sqlite:///{store}"\n',
        is_kept=True,
    )
    yield SeatFile(_SEATS / seat.name, _program(seat), 0o755)
    if seat.in_tmux:
        yield SeatFile(_SEATS / f"{seat.name}.tmux", _tmux(seat))
    if seat.keys:
        yield SeatFile(_SEATS / f"{seat.name}.keys", f"# {_MARK}\n{seat.keys.strip()}\n")
        yield SeatFile(_SSHD / f"scanstation-{seat.name}.conf", _sshd(seat))
    else:
        folder = _UNITS / _GETTY.format(seat.console)
        yield SeatFile(folder / _CONSOLE_FILE, _getty(seat))
    if seat.has_ports:
        yield SeatFile(_RULE, f"# {_MARK}\n{package_files(__package__).joinpath(_RULE.name).read_text('utf-8')}")
    if not host.at(_UNIT).exists():
        yield SeatFile(_UNIT, _unit(seat))


def _program(seat: Seat) -> str:
    run = f'{seat.program} --station "$(id -un)"'
    if seat.in_tmux:
        run = f'tmux -f {_SEATS}/{seat.name}.tmux new-session -A -s "$(id -un)" {run}'
    blanking = "" if seat.keys else "setterm --blank 0 --powersave off\n"
    return f"#!/bin/sh\n# {_MARK}\nexport LC_ALL=C.UTF-8\ncd {seat.folder} || exit 1\n{blanking}exec {run}\n"


def _tmux(seat: Seat) -> str:
    lines = ["set -g prefix None", "set -sg escape-time 10", "set -g status off", "set -g default-shell /bin/sh"]
    if seat.keys:  # the console has sixteen colours, and the station has to know it
        lines.append("set -g default-terminal tmux-256color")
    return "\n".join([f"# {_MARK}", *lines, ""])


def _sshd(seat: Seat) -> str:
    return f"""# {_MARK}
Match User {seat.name}
    ForceCommand {_SEATS}/{seat.name}
    AuthorizedKeysFile {_SEATS}/{seat.name}.keys
    AuthenticationMethods publickey
    DisableForwarding yes
    ClientAliveInterval 15
    ClientAliveCountMax 3
"""


def _autologin(name: str) -> str:
    return f"--autologin {name} "


def _getty(seat: Seat) -> str:
    font = f"ExecStartPre=/usr/bin/setfont -C /dev/%I {seat.font}\n" if seat.font else ""
    return f"""# {_MARK}
[Service]
{font}ExecStart=
ExecStart=-/sbin/agetty {_autologin(seat.name)}--noclear %I $TERM
Restart=always
RestartSec=2
"""


def _unit(seat: Seat) -> str:
    return f"""# {_MARK}
[Unit]
Description=Bring the store of ScanStation to the version that is installed, after a copy of it
Before=getty.target ssh.service

[Service]
Type=oneshot
User={seat.name}
WorkingDirectory={seat.folder}
Environment=LC_ALL=C.UTF-8
ExecStart={seat.program} db upgrade

[Install]
WantedBy=multi-user.target
"""


def _making(seat: Seat, host: Host) -> Iterator[tuple[str, ...]]:
    yield ("groupadd", "--force", "--system", GROUP)
    groups = f"{GROUP},dialout" if seat.has_ports else GROUP
    if host.user(seat.name) is None:
        # A password that nothing fits, and not a locked account: sshd lets keys in to the one, not to the other.
        yield ("useradd", "--create-home", "--comment", _COMMENT, "--password", "*", "--groups", groups,
               "--shell", f"{_SEATS}/{seat.name}", seat.name)  # fmt: skip
    else:
        yield ("usermod", "--append", "--groups", groups, seat.name)
    yield ("install", "-d", "-m", "755", str(seat.folder))
    yield ("install", "-d", "-m", "2770", "-g", GROUP, str(seat.folder / "store"))


def _starting(seat: Seat, host: Host, makes_store: bool) -> Iterator[tuple[str, ...]]:
    if makes_store:
        store = seat.folder / "store" / "scanstation.db"
        if not host.at(store).exists():
            yield ("runuser", "-u", seat.name, "--", str(seat.program), "--config", str(seat.folder / "config.toml"),
                   "db", "init")  # fmt: skip
            yield ("chmod", "660", str(store))
    yield from _reloading(host, ssh=bool(seat.keys), udev=seat.has_ports)
    yield ("systemctl", "enable", _UNIT.name)


def _reloading(host: Host, *, ssh: bool, udev: bool) -> list[tuple[str, ...]]:
    commands: list[tuple[str, ...]] = []
    if ssh and host.at(Path("/run/sshd")).is_dir():
        commands.append(("sshd", "-t"))
    if host.runs_systemd:
        commands.append(("systemctl", "daemon-reload"))
        if ssh:
            commands.append(("systemctl", "try-reload-or-restart", "ssh"))
        if udev and host.has("udevadm"):
            commands.append(("udevadm", "control", "--reload"))
    return commands


def _notes(seat: Seat, host: Host) -> Iterator[str]:
    yield say.signs_in_by(seat.name) if seat.keys else say.opens_at(seat.console)
    if any(name != seat.name for name in host.seats()):
        yield say.has_its_own_key()
    if not host.runs_systemd:
        yield say.in_force_later()


def _write(host: Host, file: SeatFile) -> None:
    path = host.at(file.path)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_whole(path, file.text.encode(), is_ours=True)
    path.chmod(file.mode)


def _delete(host: Host, file: SeatFile) -> None:
    path = host.at(file.path)
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()


def _take_back(host: Host, plan: SeatPlan, was_there: dict[Path, bytes], new_user: str) -> None:
    """As it was: each step by itself, since the one that failed may have been in the middle."""
    for file in plan.files:
        path = host.at(file.path)
        if file.path in was_there:
            files.write_whole(path, was_there[file.path], is_ours=True)
            path.chmod(file.mode)
        elif path.exists():
            _delete(host, file)
    if new_user and host.user(new_user) == _COMMENT:
        with suppress(_Failed):  # told is what failed first
            host.run(("userdel", "--remove", new_user))
    if host.runs_systemd:
        with suppress(_Failed):
            host.run(("systemctl", "daemon-reload"))


def _hand_on_the_upgrade(host: Host, name: str) -> None:
    """The unit that upgrades the store runs as one of the seats; another one takes it over."""
    others = [seat for seat in host.seats() if seat != name]
    unit = host.at(_UNIT)
    if others and unit.exists() and f"\nUser={name}\n" in (text := unit.read_text(encoding="utf-8")):
        _write(host, SeatFile(_UNIT, text.replace(f"\nUser={name}\n", f"\nUser={others[0]}\n")))


def _in_one_line(text: str) -> str:
    return " ".join(text.split())[:300]
