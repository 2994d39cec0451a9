"""The `store` of all tests in this folder is on PostgreSQL: a database of its own for each."""

from collections.abc import Iterator

import pytest

from scanstation.store.store import Store, open_store
from tests.conftest import Clock


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    opened = open_store(url, clock)
    yield opened
    opened.close()
