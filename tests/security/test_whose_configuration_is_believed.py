"""A config.toml that somebody else has left in a shared folder cannot lead a station to another store."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def file(in_folder: Path) -> Path:
    """A config.toml of the current folder, which leads to a store of its own."""
    file = in_folder / "config.toml"
    file.write_text('[database]\nurl = "sqlite:///elsewhere.db"\n')
    return file


root_only = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files to another user"
)


@root_only
@pytest.mark.parametrize("how", ["owned", "linked"])
def test_a_strangers_is_refused_by_every_command(command: Command, file: Path, how: str) -> None:
    if how == "owned":
        os.chown(file, 4711, -1)
    else:
        file.symlink_to(file.rename(file.with_name("mine.toml")))
        os.lchown(file, 4711, -1)
    for arguments in (["po", "list"], ["db", "init"], []):
        ran = command(*arguments)
        assert (ran.status, ran.out) == (2, "")
        assert "it belongs to user 4711" in ran.err
        assert "--config config.toml" in ran.err
    assert "belongs to user 4711" in command("doctor").out
    assert not (file.parent / "elsewhere.db").exists()


@root_only
def test_it_is_believed_when_somebody_says_so(command: Command, file: Path) -> None:
    os.chown(file, 4711, -1)
    ran = command("--config", "config.toml", "db", "init")
    assert ran.status == 0
    assert (file.parent / "elsewhere.db").exists()
    assert "of this folder" not in ran.err


def test_ones_own_is_named_with_the_store_it_leads_to(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "The store is elsewhere.db, by the config.toml of this folder." in command("db", "init").err
    ran = command("po", "list")
    assert (ran.status, ran.out) == (0, "[]\n")
    assert ran.err == "The store is elsewhere.db, by the config.toml of this folder.\n"
    assert command("--db", "sqlite:///elsewhere.db", "po", "list").err == ""
    monkeypatch.setenv("SCANSTATION_DATABASE__URL", "sqlite:///elsewhere.db")
    assert command("po", "list").err == ""


def test_one_that_names_no_store_is_not_talked_about(command: Command, in_folder: Path) -> None:
    (in_folder / "config.toml").write_text("[feedback]\nbell = false\n")
    assert "of this folder" not in command("po", "list").err
