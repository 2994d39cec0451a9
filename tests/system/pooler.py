"""PgBouncer between the stations and a server of the tests' own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.postgresql import Server
from tests.system.programs import free_port, program, running


@contextmanager
def pooler(server: Server, mode: str, *more: str, size: int = 2) -> Iterator[str]:
    """Start it in a pool mode, before a server; gives its host and port.

    Args:
        server: the server behind it.
        mode: `session`, `transaction` or `statement`.
        more: further lines of its settings.
        size: so many connections to the server for everybody.
    """
    # Not in pytest's folders, which another user may not look into.
    folder, port = Path(tempfile.mkdtemp(prefix="scanstation-pool-")), free_port()
    folder.chmod(0o755)
    behind = urlsplit(server.address)
    settings = (
        "[databases]",
        f"* = host={parse_qs(behind.query)['host'][0]} user={behind.username} pool_size={size}",
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        f"listen_port = {port}",
        "unix_socket_dir =",
        "auth_type = any",
        f"pool_mode = {mode}",
        # It refuses to be root, and nobody but the server's own user may look into the folder of its socket.
        *([f"user = {server.data.owner()}"] if os.geteuid() == 0 else []),
        *more,
    )
    ini = folder / "pgbouncer.ini"
    ini.write_text("\n".join(settings) + "\n", encoding="utf-8")
    try:
        with running([program("pgbouncer"), ini], folder / "log", "process up"):
            yield f"127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder)
