"""Programs from Debian, found or asked for by name."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGES = {
    "ser2net": "ser2net",
    "socat": "socat",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "tmux": "tmux",
}
"""Program → the package that brings it."""
_PATIENCE_S = 20.0


def program(name: str) -> str:
    """The path of a program. Where it is missing the test fails: one that skips would be green for nothing."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.fail(f"{name} is missing: apt-get install {PACKAGES[name]}", pytrace=False)
    return found


@contextmanager
def running(argv: Sequence[str | Path], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server in the background, for as long as the block lasts; what it says is in `log`."""
    with log.open("ab") as told:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_that(is_so: Callable[[], object], what: str, log: Path) -> None:
    """Wait until something holds that no screen shows."""
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"{what} did not come: {log.read_text('utf-8', 'replace')}"
        time.sleep(0.01)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
