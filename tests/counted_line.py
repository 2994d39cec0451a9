"""A line to a PostgreSQL server that counts how often a client waits for an answer: its ways to the server and back.

It speaks for nobody: bytes pass as they come. Of what a client sends only the kinds of its messages are read: a simple
query, or a sync or flush behind any number of others, is what it waits for an answer to. A flush right behind a sync
asks for nothing more.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_QUERY, _PARSE, _SYNC, _FLUSH = b"Q", b"P", b"S", b"H"


@dataclass
class Counted:
    """What clients have sent."""

    ways: int = 0
    """How often somebody waited for an answer."""
    parsed: list[str] = field(default_factory=list)
    """What the server had to parse and plan: the texts of statements."""

    def forget(self) -> None:
        """Count from here on."""
        self.ways, self.parsed = 0, []


class _Reader:
    """Takes one client's messages out of the bytes as they come."""

    def __init__(self, counted: Counted) -> None:
        self._counted, self._rest, self._has_begun, self._last = counted, b"", False, b""

    def read(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= 5:
            kind = self._rest[:1] if self._has_begun else b""  # the first message says no kind
            length = int.from_bytes(self._rest[len(kind) : len(kind) + 4], "big") + len(kind)
            if len(self._rest) < length:
                return
            message, self._rest = self._rest[len(kind) + 4 : length], self._rest[length:]
            self._has_begun = True
            self._count(kind, message)

    def _count(self, kind: bytes, message: bytes) -> None:
        if kind in (_QUERY, _SYNC) or (kind == _FLUSH and self._last != _SYNC):
            self._counted.ways += 1
        self._last = kind
        if kind == _QUERY:
            self._counted.parsed.append(message[:-1].decode())
        elif kind == _PARSE:
            self._counted.parsed.append(message.split(b"\0")[1].decode())


@contextmanager
def counted_line(folder: Path, server: str) -> Iterator[Counted]:
    """A socket in a folder, in front of a server's, until the end of the block."""
    counted, ends = Counted(), list[socket.socket]()

    def pass_on(source: socket.socket, to: socket.socket, reader: _Reader | None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if reader:
                    reader.read(data)
                to.sendall(data)
        with suppress(OSError):
            to.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = listener.accept()
                behind = socket.socket(socket.AF_UNIX)
                behind.connect(server)
                ends.extend((client, behind))
                threading.Thread(target=pass_on, args=(client, behind, _Reader(counted)), daemon=True).start()
                threading.Thread(target=pass_on, args=(behind, client, None), daemon=True).start()

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / ".s.PGSQL.5432"))
    listener.listen()
    threading.Thread(target=accept, daemon=True).start()
    try:
        yield counted
    finally:
        for one in (listener, *ends):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
