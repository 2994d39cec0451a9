"""What the tests with other programs share."""

import sys

import pytest

from scanstation.store.store import Store


@pytest.fixture
def program_at(store: Store) -> list[str]:
    """The command line of the real station on the test's store."""
    return [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "--station", "dock-2"]
