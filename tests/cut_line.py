"""A line to a PostgreSQL server that is cut at a COMMIT, before it arrives or after it was done.

It speaks for nobody: bytes pass as they come. In what a client sends, the simple query `COMMIT` is looked for, where
its transaction may write: that of a look at the store is let pass.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
"""As libpq sends it: a simple query, its length, the word."""
_BEGIN, _ONLY_READS = b"BEGIN ISOLATION LEVEL READ COMMITTED", b" READ ONLY"


class Cut(Enum):
    """Where the line is cut."""

    BEFORE = "before the COMMIT arrives"
    AFTER = "after it was done, before its answer"


class CutLine:
    """A socket in front of a server's; every client gets a connection of its own to the server behind it."""

    def __init__(self, folder: Path | None, server: str) -> None:
        self._server = server
        self.folder = folder
        self._next: Cut | None = None
        self._is_open = threading.Event()
        self._is_open.set()
        self.was_cut = threading.Event()
        self._stays_away = False
        if folder is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
        else:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(folder / ".s.PGSQL.5432"))
            self._listener.listen()
        self._sockets = {self._listener}
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens, if not in a folder."""
        return int(self._listener.getsockname()[1])

    def cut(self, where: Cut, *, stays_away: bool = False) -> None:
        """Cut the line at the next COMMIT; `stays_away`, and nobody is let through until `come_back`."""
        self.was_cut.clear()
        self._stays_away = stays_away
        self._next = where

    def come_back(self) -> None:
        """Let clients through again."""
        self._is_open.set()

    def close(self) -> None:
        """End everything."""
        for one in [*self._sockets]:
            _end(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            if not self._is_open.is_set():
                _end(client)
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._sockets |= {client, server}
            threading.Thread(target=self._to_server, args=(client, server), daemon=True).start()
            threading.Thread(target=self._to_client, args=(server, client), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        is_act = False
        with suppress(OSError):
            while data := client.recv(65536):
                if _BEGIN in data:
                    is_act = not data.rpartition(_BEGIN)[2].startswith(_ONLY_READS)
                if data.endswith(_COMMIT) and is_act and (where := self._next) is not None:
                    self._next = None
                    if self._stays_away:
                        self._is_open.clear()
                    if where is Cut.AFTER:
                        # Nothing of the answer gets through: the client hears no more from here on.
                        client.shutdown(socket.SHUT_RDWR)
                        server.sendall(data)
                        self._wait_for_answer(server)
                    _end(client)
                    _end(server)
                    self._sockets -= {client, server}
                    self.was_cut.set()
                    return
                server.sendall(data)
        _end(server)

    def _wait_for_answer(self, server: socket.socket) -> None:
        # `_to_client` reads the answer and finds nobody to give it to; the server's next words come after the COMMIT.
        server.shutdown(socket.SHUT_WR)

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        _end(client)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def cut_line(folder: Path | None, server: str) -> Iterator[CutLine]:
    """A line to the server's socket until the end of the block: in a folder, or on a port of this machine."""
    line = CutLine(folder, server)
    try:
        yield line
    finally:
        line.close()
