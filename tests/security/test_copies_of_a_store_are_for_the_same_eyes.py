"""A backup, a restored store and the copy before an upgrade have the store's mode and group, whatever the umask is."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests.store.old_schema import of_first_schema


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("wanted", [0o600, 0o640, 0o660, 0o664])
def test_a_backup_is_as_private_as_its_store(site: Site, tmp_path: Path, umask: int, wanted: int) -> None:
    assert site.store.path is not None
    site.store.path.chmod(wanted)
    assert isinstance(upkeep.backup(f"sqlite:///{site.store.path}", tmp_path / "backup.db"), Done)
    assert mode(tmp_path / "backup.db") == wanted


def test_a_restored_store_is_as_private_as_the_one_before(site: Site, tmp_path: Path, umask: int) -> None:
    path, backup = site.store.path, tmp_path / "backup.db"
    assert path is not None
    assert isinstance(upkeep.backup(f"sqlite:///{path}", backup), Done)
    backup.chmod(0o644)  # it came from a memory stick
    path.chmod(0o660)
    site.store.close()
    assert isinstance(upkeep.restore(f"sqlite:///{path}", backup), Done)
    assert mode(path) == 0o660
    (aside,) = tmp_path.glob("*before-restore*.db")
    assert mode(aside) == 0o660


def test_a_store_restored_where_none_is_is_as_private_as_the_backup(site: Site, tmp_path: Path, umask: int) -> None:
    backup, elsewhere = tmp_path / "backup.db", tmp_path / "elsewhere.db"
    assert isinstance(upkeep.backup(f"sqlite:///{site.store.path}", backup), Done)
    backup.chmod(0o600)
    assert isinstance(upkeep.restore(f"sqlite:///{elsewhere}", backup), Done)
    assert mode(elsewhere) == 0o600


def test_the_copy_before_an_upgrade_is_as_private_as_the_store(tmp_path: Path, umask: int) -> None:
    old = tmp_path / "old.db"
    of_first_schema(f"sqlite:///{old}")
    old.chmod(0o600)
    upkeep.upgrade(f"sqlite:///{old}")
    (before,) = tmp_path.glob("old.before-upgrade-*.db")
    assert mode(before) == 0o600
    assert mode(old) == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files to any group")
def test_the_group_goes_along(site: Site, tmp_path: Path) -> None:
    assert site.store.path is not None
    os.chown(site.store.path, -1, 4711)
    site.store.path.chmod(0o660)
    assert isinstance(upkeep.backup(f"sqlite:///{site.store.path}", tmp_path / "backup.db"), Done)
    assert (tmp_path / "backup.db").stat().st_gid == 4711
    assert mode(tmp_path / "backup.db") == 0o660
