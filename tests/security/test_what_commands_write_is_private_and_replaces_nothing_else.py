"""Exports, recordings, error files and state: 0600 whatever the umask; nothing but a file of the same ending goes."""

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation import files
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cli.conftest import Command
from tests.serials import opening


@pytest.fixture(autouse=True)
def as_at_the_start() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)
    files.share(files.PRIVATE, "")
    files.protect(None)


@pytest.fixture
def stocked(site: Site) -> Site:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    purchase(site, "N-1", {"CAM": 1})
    return site


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


WRITES = {
    "report.csv": ["report", "serials", "--format", "csv", "--output"],
    "report.json": ["report", "serials", "--format", "json", "--output"],
    "report.xlsx": ["report", "serials", "--format", "xlsx", "--output"],
    "products.xlsx": ["template", "products"],
    "commands.html": ["commands", "--output"],
    "commands.pdf": ["commands", "--output"],
}


@pytest.mark.parametrize(("name", "words"), WRITES.items())
def test_a_new_file_is_its_users_alone(
    stocked: Site, ana: Command, in_folder: Path, name: str, words: list[str]
) -> None:
    assert ana(*words, name).status == 0
    assert mode(in_folder / name) == 0o600


@pytest.mark.parametrize(("name", "words"), WRITES.items())
def test_it_is_opened_by_the_site(stocked: Site, ana: Command, in_folder: Path, name: str, words: list[str]) -> None:
    group = grp.getgrgid(os.getegid()).gr_name
    (in_folder / "config.toml").write_text(f'[files]\nmode = "0640"\ngroup = "{group}"\n')
    assert ana(*words, name).status == 0
    assert mode(in_folder / name) == 0o640
    assert (in_folder / name).stat().st_gid == os.getegid()


@pytest.mark.parametrize(("name", "words"), WRITES.items())
def test_a_file_of_the_same_ending_is_replaced_and_no_other(
    stocked: Site, ana: Command, in_folder: Path, name: str, words: list[str]
) -> None:
    other = {".html": "x.pdfx", ".pdf": "x.htmlx"}.get(Path(name).suffix, "notes.md")
    (in_folder / name).write_text("before")
    assert ana(*words, name).status == 0
    assert (in_folder / name).read_bytes() != b"before"
    (in_folder / other).write_text("before")
    ran = ana(*words, other)
    assert ran.status in (1, 2)
    assert "Traceback" not in ran.err
    assert (in_folder / other).read_text() == "before"


@pytest.mark.parametrize(("name", "words"), WRITES.items())
def test_no_hidden_name_and_no_configuration(
    stocked: Site, ana: Command, in_folder: Path, name: str, words: list[str]
) -> None:
    ran = ana(*words, f".{name}")
    assert ran.status == 2
    assert "hidden name" in ran.err
    assert not (in_folder / f".{name}").exists()
    config = in_folder / f"config{Path(name).suffix}"
    config.write_text("[feedback]\nbell = false\n")
    ran = ana("--config", config, *words, config)
    assert ran.status == 2
    assert "is the configuration in use" in ran.err
    assert config.read_text() == "[feedback]\nbell = false\n"
    assert ana(*words, "config.toml").status == 2, "the next command would take it for its own"
    assert not (in_folder / "config.toml").exists()


@pytest.mark.parametrize("name", ["n" * 252 + ".csv", "no-such/x.csv"], ids=["long", "folder"])
def test_what_is_no_place_for_a_file_is_said(stocked: Site, ana: Command, name: str) -> None:
    ran = ana("report", "serials", "--format", "csv", "--output", name)
    assert ran.status == 2
    assert "error of its own" not in ran.err


def test_error_files_and_state_are_private(stocked: Site, ana: Command, tmp_path: Path) -> None:
    with stocked.store.engine.connect() as tx:
        tx.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        tx.exec_driver_sql("UPDATE orders SET status = 'nowhere'")
        tx.commit()
        tx.invalidate()
    assert "error of its own" in ana("po", "show", "N-1").err
    written = [*Path(os.environ["HOME"]).rglob("error-*.txt"), *Path(os.environ["HOME"]).rglob("known-stores.txt")]
    assert len(written) >= 2
    assert {mode(path) for path in written} == {0o600}


@pytest.mark.parametrize("value", ["0666", "0777", "644x", "0200", "rw-r--r--", "7"])
def test_a_mode_that_would_let_others_write_is_refused(command: Command, in_folder: Path, value: str) -> None:
    (in_folder / "config.toml").write_text(f'[files]\nmode = "{value}"\n')
    ran = command("po", "list")
    assert ran.status == 2
    assert "[files] mode must be a mode" in ran.err


def test_a_group_that_is_none_is_refused(command: Command, in_folder: Path) -> None:
    (in_folder / "config.toml").write_text('[files]\ngroup = "no-such-group"\n')
    assert "must be a group of this system" in command("po", "list").err


def test_a_root_that_is_no_folder_is_refused(command: Command, in_folder: Path) -> None:
    (in_folder / "config.toml").write_text('[load]\nroot = "/no/such/folder"\n')
    assert "must be a folder that is there" in command("po", "list").err
