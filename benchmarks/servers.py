"""A PostgreSQL server that syncs what it commits, as a site's does."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgresql import Server, running_server

_AS_SHIPPED = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"


@contextmanager
def synced_server() -> Iterator[Server]:
    """The tests' server, without what they take off for speed."""
    with running_server() as server:
        server.stop()
        with (server.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(_AS_SHIPPED)
        server.start()
        yield server
