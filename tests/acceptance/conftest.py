"""A warehouse for each test, and the process that runs its command lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.clerk import Clerk
from tests.acceptance.warehouse import Warehouse


@pytest.fixture(scope="session")
def clerk() -> Iterator[Clerk]:
    """Shared by all tests of a worker: it keeps nothing."""
    running = Clerk()
    yield running
    running.close()


@pytest.fixture
def warehouse(tmp_path: Path, clerk: Clerk) -> Warehouse:
    """A warehouse with an empty store."""
    return Warehouse(tmp_path / "warehouse", clerk)
