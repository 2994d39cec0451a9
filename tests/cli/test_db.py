"""`db`."""

import sys
from pathlib import Path

from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command
from tests.serials import opening
from tests.terminal import Terminal


def test_a_new_store_is_made_once(command: Command, tmp_path: Path) -> None:
    db = ("--db", f"sqlite:///{tmp_path / 'new.db'}")
    assert command(*db, "po", "list").status == 3
    ran = command(*db, "db", "init")
    assert (ran.status, ran.out) == (0, "")
    assert command(*db, "po", "list").status == 0
    ran = command(*db, "db", "init")
    assert ran.status == 1
    assert "already" in ran.err


def test_a_sound_store_is_checked_and_needs_no_upgrade(ana: Command) -> None:
    assert ana("db", "check").status == 0
    assert ana("db", "upgrade").status == 0


def test_what_does_not_agree_is_status_1(site: Site, ana: Command) -> None:
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "B-1", "B-2")
    site.store.act(lambda tx: tx.exec_driver_sql("UPDATE unit_code SET live = 0") and None)
    ran = ana("db", "check")
    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 2


def test_a_backup_is_put_back(site: Site, ana: Command, in_folder: Path) -> None:
    builders.purchase(site, "N-1", {})
    assert ana("db", "backup", "copy.db").status == 0
    assert ana("db", "backup", "copy.db").status == 1
    builders.purchase(site, "N-2", {})
    assert len(ana("po", "list").json) == 2
    site.store.close()
    ran = ana("db", "restore", "copy.db")
    assert ran.status == 0, ran.err
    assert "before-restore" in ran.err
    assert [told["number"] for told in ana("po", "list").json] == ["N-1"]


def test_a_backup_without_a_store_or_a_folder_is_told(ana: Command, command: Command, tmp_path: Path) -> None:
    assert ana("db", "backup", "nowhere/copy.db").status == 2
    assert command("--db", f"sqlite:///{tmp_path / 'none.db'}", "db", "backup", "copy.db").status == 3
    assert command("--db", f"sqlite:///{tmp_path / 'none.db'}", "db", "check").status == 3


def test_what_is_no_backup_is_refused(site: Site, ana: Command, in_folder: Path) -> None:
    (in_folder / "x").write_text("x")
    assert ana("db", "restore", "x").status == 1
    assert ana("db", "check").status == 0


def test_a_person_is_asked_before_a_store_is_replaced(site: Site, ana: Command, in_folder: Path, home: Path) -> None:
    builders.purchase(site, "N-1", {})
    assert ana("db", "backup", "copy.db").status == 0
    site.store.close()
    words = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "db", "restore", "copy.db"]
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, columns=200, cwd=in_folder) as terminal:
        terminal.wait_for("Go on? [y/N]")
        assert "0 units with serials, last changed never" in terminal.text
        terminal.press("enter")
        assert terminal.wait_exit() == 0
    assert not list(in_folder.parent.glob("store.before-restore*"))
