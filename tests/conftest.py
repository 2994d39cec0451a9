"""A fresh store in a file for each test, and folders of its own for whatever a user's home would hold."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanstation.store.store import Store, create_store
from scanstation.workflows.site import Site


class Clock:
    """A clock that a test moves; each look is a millisecond later, so that times sort as they happened."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = create_store(f"sqlite:///{tmp_path / 'store.db'}", clock)
    yield opened
    opened.close()


@pytest.fixture
def site(store: Store) -> Site:
    return Site(store, operator="Ana", station="dock-2")
