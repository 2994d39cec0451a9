"""The `store` of all tests in this folder is on PostgreSQL: a database of its own for each."""

from collections.abc import Iterator

import pytest

from scanstation.store.store import Store, create_store, open_store
from tests.conftest import Clock
from tests.postgresql import Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A database with an empty store in it; to copy it is faster than to run the migrations again."""
    name = server.new_database()
    create_store(server.url(name)).close()
    return name


@pytest.fixture
def url(server: Server, template: str) -> Iterator[str]:
    """The address of a fresh store."""
    name = server.new_database(template)
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(url, clock)
    yield opened
    opened.close()
