"""Programs from Debian, found or asked for by name."""

import os
import select
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

import pytest

from tests.terminal import PATIENCE_S

PACKAGES = {
    "Xvfb": "xvfb",
    "debootstrap": "debootstrap",
    "etcd": "etcd-server",
    "haproxy": "haproxy",
    "lxterminal": "lxterminal",
    "patroni": "patroni",
    "pgbouncer": "pgbouncer",
    "screen": "screen",
    "script": "bsdutils",
    "ser2net": "ser2net",
    "socat": "socat",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "tmux": "tmux",
    "xdotool": "xdotool",
    "xterm": "xterm",
}
"""Program → the package that brings it."""


def program(name: str) -> str:
    """The path of a program. Where it is missing the test fails: one that skips would be green for nothing."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.fail(f"{name} is missing: apt-get install {PACKAGES[name]}", pytrace=False)
    return found


@contextmanager
def running(argv: Sequence[str | Path], log: Path, ready: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A server in the background, for as long as the block lasts; what it says is in `log`.

    With `ready` the block begins when the server has said that.
    """
    with log.open("ab") as told:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.PIPE if ready else told, bufsize=0
        )
        try:
            if process.stderr is not None:
                _await_line(process.stderr, ready, told)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stderr is not None:
                told.write(process.stderr.read())
                process.stderr.close()


def _await_line(said: IO[bytes], ready: str, told: BinaryIO) -> None:
    deadline = time.monotonic() + PATIENCE_S
    heard = b""
    while ready.encode() not in heard:
        left = deadline - time.monotonic()
        more = os.read(said.fileno(), 4096) if select.select([said], [], [], max(0.0, left))[0] else b""
        told.write(more)
        heard += more
        assert more, f"{ready!r} was not said: {heard.decode('utf-8', 'replace')}"


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
