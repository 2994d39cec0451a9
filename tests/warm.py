"""A process that has imported the station, and forks for every terminal that wants to run it.

Starting Python and importing everything costs a second of processor time, and hundreds of tests want a station. A
forked one is a process like any other: its own session, terminal, folder, environment, signals and exit status, and
it runs what `python -m scanstation` runs, to the interpreter's own end. Imports alone are shared; this process has no
threads and opens nothing. Some tests start Python itself all the same: `Terminal(..., fresh=True)`.

Another such process forks for every sheet that a test or the clerk's commands read: with the imports of the reading
process and no others, since what it may hold in memory is counted. Stations start theirs as they do for a user, and
so do the tests of that process: the fixture `fresh_processes`.
"""

import atexit
import fcntl
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from scanstation import processes

_LARGEST_ORDER = 65_536
_READER = "scanstation.sheets.child"
START = processes.start
"""As a station starts a process."""


class Forked:
    """A forked program, held like a `subprocess.Popen`."""

    def __init__(self, pid: int, ending: int, stdout: IO[bytes] | None = None) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        """Negative for a signal; None until `poll` or `wait` has seen the end."""
        self._ending = ending

    def poll(self) -> int | None:
        """The exit status, if it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended. Raises TimeoutExpired as `subprocess` does."""
        if self.returncode is None:
            if not select.select([self._ending], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            said = os.read(self._ending, 16)
            os.close(self._ending)
            assert said, "the warm process has died"
            self.returncode = int(said)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended: the number may be another's by then."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ends this moment
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it for good."""
        self.send_signal(signal.SIGKILL)


class Warm:
    """The process, as the tests of one worker hold it."""

    def __init__(self, imports: str = "everything") -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno()), imports],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
        )
        theirs.close()
        self._one_order = threading.Lock()

    def start(self, arguments: Sequence[str], terminal: int, *, cwd: Path | None, env: Mapping[str, str]) -> Forked:
        """Run what `python ARGUMENTS` would run, with a terminal of its own as its three streams."""
        return Forked(*self._order(arguments, [terminal], cwd, env))

    def read(self, request: str, *, stdin: IO[bytes], stderr: IO[bytes], env: Mapping[str, str]) -> Forked:
        """Run what `python -m scanstation.sheets.child REQUEST` would run."""
        reading, writing = os.pipe()
        streams = [stdin.fileno(), writing, stderr.fileno()]
        try:
            here = Path.cwd()
        except FileNotFoundError:  # a test has taken the folder away
            here = Path("/")
        pid, ending = self._order(["-m", _READER, request], streams, here, env)
        os.close(writing)
        return Forked(pid, ending, os.fdopen(reading, "rb"))

    def _order(
        self, arguments: Sequence[str], streams: Sequence[int], cwd: Path | None, env: Mapping[str, str]
    ) -> tuple[int, int]:
        """A process's number, and where its exit status can be read."""
        ending, ended = os.pipe()
        order = {"arguments": list(arguments), "cwd": str(cwd or Path.cwd()), "env": dict(env)}
        with self._one_order:
            socket.send_fds(self._orders, [json.dumps(order).encode()], [*streams, ended])
            answer = self._orders.recv(16)
        os.close(ended)
        assert answer, "the warm process has died"
        return int(answer), ending

    def close(self) -> None:
        """End the process."""
        self._orders.close()
        self._process.wait(30)


@functools.cache
def warm() -> Warm:
    """The one of this worker, begun when it is first wanted."""
    begun = Warm()
    atexit.register(begun.close)
    return begun


@functools.cache
def warm_readers() -> Warm:
    """The one that reads sheets for the tests of this worker."""
    begun = Warm("reader")
    atexit.register(begun.close)
    return begun


def start_warm(module: str, *arguments: str, **how: Any) -> "subprocess.Popen[bytes] | Forked":
    """`processes.start`, but a process that reads a sheet is forked."""
    if module != _READER or len(arguments[0]) > _LARGEST_ORDER // 2:
        return START(module, *arguments, **how)
    return warm_readers().read(*arguments, stdin=how["stdin"], stderr=how["stderr"], env=processes.environment())


# -- in the process ------------------------------------------------------------------------------------------------


def import_everything() -> None:
    """Import all that the station and its commands may want, in a process that only forks."""
    importlib.import_module("scanstation.app")  # first: it decides how Textual behaves
    package = importlib.import_module("scanstation")
    for module in pkgutil.walk_packages(package.__path__, "scanstation."):
        if not module.name.endswith(".__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    for name in ("alembic.command", "psutil", "xlsxwriter"):  # imported when they are first used
        importlib.import_module(name)
    assert threading.active_count() == 1
    gc.freeze()  # what is shared stays shared


def _import_reader() -> None:
    """Import what the reading process does, in the process that only forks for it."""
    for name in (
        _READER,
        "scanstation.sheets.delimited",
        "scanstation.sheets.ooxml",
        "scanstation.sheets.opendocument",
    ):
        importlib.import_module(name)
    importlib.import_module("python_calamine")
    gc.freeze()


def _await_orders(orders: socket.socket) -> list[str]:
    """Fork for each order. Returns in the children alone, with what is to be run."""
    woken, waker = socket.socketpair()
    waker.setblocking(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests' own affair
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    endings: dict[int, int] = {}
    with woken, waker, selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if woken in ready:
                woken.recv(4096)
                _tell_endings(endings)
            if orders not in ready:
                continue
            order, descriptors, _, _ = socket.recv_fds(orders, _LARGEST_ORDER, 4)
            if not order:
                sys.exit(0)  # whoever gave the orders has gone
            *streams, ending = descriptors
            if (pid := os.fork()) == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as in any terminal, though the tests run under nohup
                for others in (*endings.values(), ending):
                    os.close(others)
                break
            for stream in streams:
                os.close(stream)
            endings[pid] = ending
            orders.send(str(pid).encode())
    orders.close()
    return _be(streams, **json.loads(order))


def _tell_endings(endings: dict[int, int]) -> None:
    for pid in list(endings):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with suppress(BrokenPipeError), os.fdopen(endings.pop(pid), "wb", buffering=0) as told:
                told.write(str(os.waitstatus_to_exitcode(status)).encode())


def _be(streams: Sequence[int], arguments: list[str], cwd: str, env: Mapping[str, str]) -> list[str]:
    if len(streams) == 1:
        os.setsid()
        fcntl.ioctl(streams[0], termios.TIOCSCTTY, 0)
    for descriptor, stream in enumerate(streams if len(streams) == 3 else [*streams] * 3):
        os.dup2(stream, descriptor)
    for stream in streams:
        os.close(stream)
    # As the interpreter opens them on a terminal; the ones from before do not know that it is one.
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", 1 if len(streams) == 1 else -1, "utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    return arguments


def _run(arguments: list[str]) -> None:
    if arguments[:2] == ["-m", _READER]:
        sys.argv = arguments[1:]
        sys.exit(sys.modules[_READER].main())
    elif arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    {"everything": import_everything, "reader": _import_reader}[sys.argv[2]]()
    _run(_await_orders(socket.socket(fileno=int(sys.argv[1]))))
