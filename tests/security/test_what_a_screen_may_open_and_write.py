"""Paths of screens: no hidden file is shown, nothing outside of the site's folder, and no name closes the station."""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation import files
from scanstation.domain.backups import BackupPlan
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.backup_process import Backups
from tests.screens.rig import Rig, play

READ = (".csv", ".xlsx")


@pytest.fixture(autouse=True)
def as_at_the_start() -> Iterator[None]:
    yield
    files.keep_within(None)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the station works in, with something beside it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (tmp_path / "secret").write_text("not for a screen")
    (tmp_path / ".secret.csv").write_text("not for a screen")
    (folder / "good.csv").write_text("a\n")
    return folder


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("good.csv", None),
        ("./good.csv", None),
        ("new.xlsx", None),
        ("../other.csv", None),
        (".hidden.csv", "is hidden"),
        ("../.secret.csv", "is hidden"),
        (".git/config.csv", "is hidden"),
        ("../secret", "does not end in .csv, .xlsx"),
        ("good.toml", "does not end in .csv, .xlsx"),
        ("link.csv", "does not end in .csv, .xlsx"),
        ("hidden-link.csv", "is hidden"),
        ("n" * 252 + ".csv", "is too long for a name"),
        ("ö" * 126 + ".csv", "is too long for a name"),
        ("n/" * 2500 + "a.csv", "cannot be looked at: File name too long"),
        ("a\x00b.csv", "cannot be looked at"),
        ("~nobody-of-this-name/x.csv", None),
    ],
)
def test_each_path_is_used_or_refused_in_words(here: Path, typed: str, told: str | None) -> None:
    (here / "link.csv").symlink_to(here.parent / "secret")
    (here / "hidden-link.csv").symlink_to(here.parent / ".secret.csv")
    unfit = files.unfit_on_a_screen(files.typed_path(typed, here), READ)
    assert (unfit is None) if told is None else (unfit is not None and told in unfit)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("good.csv", None),
        ("../x.csv", "is outside of"),
        ("/etc/x.csv", "is outside of"),
        ("out/x.csv", "is outside of"),
    ],
)
def test_a_site_may_name_the_folder_that_all_is_in(here: Path, typed: str, told: str | None) -> None:
    (here / "out").symlink_to(here.parent)
    files.keep_within(here)
    unfit = files.unfit_on_a_screen(files.typed_path(typed, here), READ)
    assert (unfit is None) if told is None else (unfit is not None and told in unfit)


def test_folders_follow_the_same_rule(here: Path) -> None:
    (here / ".git").mkdir()
    assert "is hidden" in (files.unfit_on_a_screen(here / ".git", None) or "")
    assert files.unfit_on_a_screen(here, None) is None


async def until(rig: Rig, text: str) -> None:
    deadline = time.monotonic() + 60
    while text not in " ".join(rig.text.split()):
        assert time.monotonic() < deadline, f"{text!r} is not in\n{rig.text}"
        await rig.pilot.pause(0.02)


def test_a_folder_that_is_taken_away_closes_no_station(site: Site, here: Path) -> None:
    async def scenes(rig: Rig) -> None:
        shutil.rmtree(here)
        await rig.press("f9", "f8", "enter", "f8", "enter")
        await until(rig, "there is no folder")
        await rig.scan("SS-HOME")
        await rig.press("f9", "f6", "enter")
        await until(rig, "cannot be looked into: No such file or directory")

    files.here()
    play(site, scenes)


def test_a_file_of_another_folder_than_the_typed_one_is_not_taken(site: Site, here: Path) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f6", "enter")
        await until(rig, "good.csv")
        await rig.type("no-such/good")
        await until(rig, "STOP")
        assert "2 of 5, file" in rig.text

    play(site, scenes)


@pytest.mark.usefixtures("fresh_processes")
def test_a_process_that_is_not_started_closes_no_station(
    site: Site, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where too many run, or the interpreter may not be executed."""

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "f8", "enter")
        await until(rig, "no process was started for it")
        await rig.scan("SS-HOME")
        await rig.press("f9", "f6", "enter")
        await until(rig, "good.csv")
        await rig.press("enter")
        await until(rig, "good.csv cannot be read now: no process was started for it")

    monkeypatch.setattr(sys, "executable", str(here / "no-python"))
    play(site, scenes)
    made = Backups(f"sqlite:///{site.store.path}", BackupPlan(folder=str(here))).look(0)
    assert made is not None
    assert made.trouble.startswith("No process was started to make a backup: No such file")
    assert not [*here.glob("*.xlsx")]
