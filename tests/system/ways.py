"""Ways to a station that lead through programs of others, set up with the very lines of docs/station.md."""

import os
import pwd
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.acceptance.warehouse import Station
from tests.system.programs import free_port, program, running

GUIDE = (Path(__file__).parents[2] / "docs" / "station.md").read_text(encoding="utf-8")

Way = Callable[[Path], AbstractContextManager[Station]]
"""From a program that starts the station, in a folder of its own, to the station."""


def from_the_guide(language: str) -> str:
    """The first block of docs/station.md in this language."""
    return GUIDE.partition(f"```{language}\n")[2].partition("```")[0]


@contextmanager
def over_ssh(login: Path) -> Iterator[Station]:
    """A server of our own, which starts the station for whoever signs in."""
    folder, port = login.parent, free_port()
    me = pwd.getpwuid(os.getuid()).pw_name
    for key in ("host", "mine"):
        subprocess.run(
            [program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True, timeout=30
        )
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text('utf-8')}", encoding="utf-8")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\n"
        f"AuthorizedKeysFile {folder / 'mine.pub'}\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
        "PasswordAuthentication no\n"
        + from_the_guide("sshd").replace("dock-1,dock-2", me).replace("/usr/local/bin/station", str(login)),
        encoding="utf-8",
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # as its own service does at every start
    log = folder / "sshd.log"
    argv = [program("ssh"), "-F", os.devnull, "-tt", "-e", "none", "-p", str(port), "-i", str(folder / "mine")]
    argv += ["-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={folder / 'known'}", "-o", "BatchMode=yes"]
    server: list[str | Path] = [program("sshd"), "-D", "-e", "-f", folder / "sshd_config"]
    with running(server, log, "Server listening"), Station([*argv, f"{me}@127.0.0.1"]) as station:
        yield station


@contextmanager
def in_tmux(login: Path) -> Iterator[Station]:
    """A session of our own with the five settings of the guide."""
    settings, socket = login.with_name("tmux.conf"), login.with_name("tmux")
    settings.write_text(from_the_guide("tmux"), encoding="utf-8")
    argv = [program("tmux"), "-S", str(socket), "-f", str(settings)]
    try:
        with Station([*argv, "new-session", str(login)]) as station:
            yield station
    finally:
        # Closed like a window, which only detaches: the server goes on, and ends with its last session.
        subprocess.run([*argv, "kill-server"], check=False, timeout=30, stderr=subprocess.DEVNULL)


@contextmanager
def in_screen(login: Path) -> Iterator[Station]:
    """A session of GNU screen."""
    folder = login.with_name("screen")
    folder.mkdir(mode=0o700)
    settings = folder / "screenrc"
    settings.write_text("startup_message off\n", encoding="utf-8")
    argv, env = [program("screen"), "-c", str(settings), "-S", "dock"], {"SCREENDIR": str(folder)}
    try:
        with Station([*argv, "-U", str(login)], env=env) as station:
            yield station
    finally:
        quitting = [program("screen"), "-S", "dock", "-X", "quit"]
        subprocess.run(quitting, env=os.environ | env, check=False, timeout=30, stdout=subprocess.DEVNULL)


class Window(Station):
    """A station in a terminal of the desktop: seen through a copy of all it writes, its keys pressed with xdotool."""

    def __init__(self, copy: Path, display: str) -> None:
        super().__init__(["sh", "-c", f"stty raw -echo; exec cat {shlex.quote(str(copy))}"])
        self._display = display

    def strike(self, text: str, gap_ms: int) -> None:
        """Press keys, one each so many milliseconds."""
        argv = [program("xdotool"), "type", "--delay", str(gap_ms), "--", text.replace("\r", "\n")]
        subprocess.run(argv, env=os.environ | {"DISPLAY": self._display}, check=True, timeout=60)


@contextmanager
def in_a_window(login: Path, argv: list[str], name: str) -> Iterator[Station]:
    """A terminal on a screen that nobody sees. `argv` ends where the command to run is to stand, as one word."""
    copy = login.with_name("copy")
    os.mkfifo(copy)
    with _x_server(login.with_name("xvfb.log")) as display, Window(copy, display) as station:
        ran = shlex.join([program("script"), "-qfc", str(login), str(copy)])
        env = os.environ | {"DISPLAY": display, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}
        log = login.with_name("terminal.log").open("ab")
        with log, subprocess.Popen([*argv, ran], env=env, stdout=log, stderr=log) as terminal:
            try:
                in_front = ["search", "--sync", "--onlyvisible", "--class", name, "windowfocus", "--sync"]
                subprocess.run([program("xdotool"), *in_front], env=env, check=True, timeout=60)
                yield station
            finally:
                terminal.terminate()


@contextmanager
def in_xterm(login: Path) -> Iterator[Station]:
    """Debian's xterm."""
    with in_a_window(login, [program("xterm"), "-u8", "-geometry", "80x24", "-e", "sh", "-c"], "xterm") as station:
        yield station


@contextmanager
def in_lxterminal(login: Path) -> Iterator[Station]:
    """One of the terminals that are made of VTE."""
    argv = [program("lxterminal"), "--no-remote", "--geometry=80x24", "-e"]
    with in_a_window(login, argv, "lxterminal") as station:
        yield station


@contextmanager
def _x_server(log: Path) -> Iterator[str]:
    """An X server on a display of its own, without a screen."""
    told, tell = os.pipe()
    argv = [program("Xvfb"), "-displayfd", str(tell), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    with log.open("ab") as said, subprocess.Popen(argv, stdout=said, stderr=said, pass_fds=[tell]) as server:
        os.close(tell)
        try:
            with os.fdopen(told, encoding="ascii") as display:
                yield f":{display.readline().strip()}"
        finally:
            server.terminate()
