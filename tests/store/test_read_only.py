"""A store where nothing can be written: what can be read is checked, and the rest is refused in true words."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.store_errors import StoreUnreachable
from scanstation.store.store import Store, create_store, open_store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests.builders import product, purchase

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user who may write nothing of what is looked at, where the tests are run by one who may write all."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not in pytest's folders, which another user may not look into; beside it a home that is anybody's."""
    made = Path(tempfile.mkdtemp(prefix="scanstation-ro-"))
    for path, mode in ((made, 0o755), (made / "home", 0o777), (made / "stock", 0o755)):
        path.mkdir(exist_ok=True)
        path.chmod(mode)
    yield made / "stock"
    for path in made.rglob("*/"):
        path.chmod(0o755)
    shutil.rmtree(made)


@pytest.fixture
def worked_in(folder: Path) -> Iterator[Store]:
    """A store that is open, with an order that stands in its log only."""
    with closing(create_store(f"sqlite:///{folder / 'store.db'}")) as store:
        site = Site(store, operator="Ana", station="dock-2")
        product(site, "CAM", 1)
        purchase(site, "N-1", {"CAM": 1})
        yield store


def closed_to_writing(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)


def checked(folder: Path) -> str:
    closed_to_writing(folder)
    with as_nobody():
        answer = upkeep.check(f"sqlite:///{folder / 'store.db'}")
    assert isinstance(answer, Done), answer
    return answer.text


def test_a_store_on_a_read_only_medium_is_checked(worked_in: Store, folder: Path) -> None:
    worked_in.close()
    assert [path.name for path in folder.glob("*-wal")] == []
    assert "1 orders" in checked(folder)


def test_so_is_one_that_was_copied_with_its_log(worked_in: Store, folder: Path) -> None:
    medium = folder / "medium"
    medium.mkdir()
    for name in ("store.db", "store.db-wal"):
        shutil.copy(folder / name, medium)
    assert "1 orders" in checked(medium)
    assert {path.name for path in medium.iterdir()} == {"store.db", "store.db-wal"}


def test_so_is_one_that_others_work_in(worked_in: Store, folder: Path) -> None:
    with worked_in.read():
        assert "1 orders" in checked(folder)


def test_no_station_opens_where_the_folder_is_closed(
    worked_in: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_in.close()
    monkeypatch.setenv("HOME", str(folder.with_name("home")))
    url = f"sqlite:///{folder / 'store.db'}"
    (folder / "store.db").chmod(0o666)
    folder.chmod(0o555)
    with as_nobody(), pytest.raises(StoreUnreachable, match=r"folder .* cannot be written, and SQLite keeps the log"):
        open_store(url)
    with as_nobody(), pytest.raises(StoreUnreachable, match=r"folder .* cannot be written"):
        create_store(f"sqlite:///{folder / 'other.db'}")
    with as_nobody(), pytest.raises(StoreUnreachable, match=r"folder .* cannot be made: Permission denied"):
        create_store(f"sqlite:///{folder / 'deep' / 'other.db'}")
