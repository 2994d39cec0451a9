"""Backups that stations make by themselves: one at a time, verified, older ones dropped after; nothing half done."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from scanstation.domain.backups import BackupPlan, BackupsFound
from scanstation.store import upkeep
from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import backups
from tests.builders import product
from tests.serials import opening

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


@pytest.fixture
def url(site: Site) -> str:
    product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "B-1", "B-2")
    return f"sqlite:///{site.store.path}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_when_due_one_is_made_that_can_be_opened_and_has_everything(url: str, folder: Path) -> None:
    plan = BackupPlan(str(folder), every_hours=6)
    found = backups.make_if_due(url, plan, NOW)
    assert (found.last, found.count, found.trouble) == (NOW, 1, "")
    assert names(folder) == ["store.backup.20261129T180000Z.db"]
    kept = open_store(f"sqlite:///{folder / names(folder)[0]}")
    assert upkeep.contents(kept).units == 2
    kept.close()
    assert backups.make_if_due(url, plan, NOW + timedelta(hours=5)).count == 1
    assert backups.make_if_due(url, plan, NOW + timedelta(hours=6)).count == 2


def test_only_so_many_are_kept_and_nothing_else_is_dropped(url: str, folder: Path) -> None:
    others = ["other.backup.20200101T000000Z.db", "store.backup.db", "notes.txt"]
    for name in others:
        (folder / name).write_text("mine")
    left = folder / ".store.backup.20261128T180000Z.db.1f2e3d4c.part"
    left.write_text("of a process that was killed")
    for day in range(5):
        assert backups.make_if_due(url, BackupPlan(str(folder), keep=2), NOW + timedelta(days=day)).trouble == ""
    made = ["store.backup.20261202T180000Z.db", "store.backup.20261203T180000Z.db"]
    assert names(folder) == sorted([*others, *made])
    assert not left.exists()


def test_for_a_backup_of_a_store_with_faults_nothing_is_dropped(site: Site, url: str, folder: Path) -> None:
    plan = BackupPlan(str(folder), keep=1)
    backups.make_if_due(url, plan, NOW)
    site.store.act(lambda tx: tx.exec_driver_sql("UPDATE unit_code SET live = 0") and None)
    found = backups.make_if_due(url, plan, NOW + timedelta(days=1))
    assert "the store has 2 faults, which `scanstation db check` names" in found.trouble
    assert found.count == 2


def test_of_several_stations_one_makes_it(url: str, folder: Path) -> None:
    plan = BackupPlan(str(folder))
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(backups.make_if_due, url, plan, NOW + timedelta(seconds=n)) for n in range(4)]
    assert [answer.result().trouble for answer in answers] == [""] * 4
    assert len(names(folder)) == 1


def test_while_another_makes_one_nothing_is_done(url: str, folder: Path) -> None:
    with FileLock(folder / ".scanstation-backup.lock"):
        assert backups.make_if_due(url, BackupPlan(str(folder)), NOW).count == 0
    assert names(folder) == []


@pytest.mark.parametrize("harm", ["folder", "file", "store", "damage"])
def test_what_keeps_one_from_being_made_is_told_and_nothing_is_left(
    site: Site, url: str, folder: Path, harm: str
) -> None:
    plan = BackupPlan(str(folder))
    path = site.store.path
    assert path is not None
    match harm:
        case "folder":
            folder.rename(folder.with_name("elsewhere"))
            said = "There is no folder"
        case "file":
            folder.rmdir()
            folder.write_text("")
            said = "is not a folder"
        case "store":
            site.store.close()
            path.unlink()
            said = "cannot be copied"
        case _:
            site.store.close()
            with path.open("r+b") as file:
                file.seek(4096 * 3)
                file.write(b"\xff" * 4096)
            said = "is damaged"
    found = backups.make_if_due(url, plan, NOW + timedelta(minutes=1))
    assert said in found.trouble
    if folder.is_dir():
        assert not [one for one in folder.iterdir() if one.name.endswith(".part")]
        assert [one for one in names(folder) if "T180100Z" in one] == []


_WITHOUT_ROOM = """
import resource, sys
from datetime import UTC, datetime
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
from scanstation.domain.backups import BackupPlan
from scanstation.workflows.upkeep import backups
print(backups.make_if_due(sys.argv[1], BackupPlan(sys.argv[2]), datetime.now(UTC)).trouble)
"""


def test_a_file_that_may_not_grow_leaves_nothing_half_made(url: str, folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ROOM, url, str(folder)], capture_output=True, text=True, env=os.environ
    )
    assert "a disk fails, or a file may not be so large" in ran.stdout, ran.stderr
    assert names(folder) == []


def test_looking_changes_nothing_and_says_what_is_wrong(url: str, folder: Path) -> None:
    plan = BackupPlan(str(folder))
    assert backups.look(url, plan) == BackupsFound()
    backups.make_if_due(url, plan, NOW)
    assert backups.look(url, plan) == BackupsFound(NOW, 1)
    assert "There is no folder" in backups.look(url, BackupPlan(str(folder / "gone"))).trouble
