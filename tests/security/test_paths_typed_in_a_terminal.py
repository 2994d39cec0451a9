"""Paths typed into a running station, in a terminal: no hidden file is shown, none of ours replaced, none closes it."""

from pathlib import Path

import pytest

from tests.acceptance.clerk import Clerk
from tests.acceptance.conftest import clerk  # noqa: F401 - a fixture
from tests.acceptance.warehouse import Station, Warehouse

SETTINGS = '[ui]\ntheme = "station"\n'


@pytest.fixture
def warehouse(tmp_path: Path, clerk: Clerk) -> Warehouse:  # noqa: F811
    made = Warehouse(tmp_path / "warehouse", clerk)
    made.load(products={"HDD-5": 5}, purchase={"N-501": {"HDD-5": 1}})
    (made.folder / "config.toml").write_text(SETTINGS)
    (made.folder / ".secret.csv").write_text("a,b\nnot for a screen,1\n")
    (made.folder / "notes.txt.toml").write_text("x = 1\n")
    return made


def exported(office: Station, name: str) -> None:
    office.press("f8")
    office.shows("Export to which file?")
    office.press("ctrl+u")
    office.paste(name)
    office.press("enter")


def test_an_export_is_refused_in_the_bar(warehouse: Warehouse) -> None:
    with warehouse.station() as office:
        office.expect_title("Home")
        office.press("f9")
        office.wait_for(lambda _: not office.lines[0].startswith(" HOME"))
        office.press("f8")
        office.shows("Choose a report")
        office.press("enter")
        office.shows("There is nothing yet")
        for name, says in (
            (".hidden.csv", "is hidden"),
            ("config.toml", "does not say its format"),
            ("~nobody-of-this-name/x.csv", "no folder"),
            ("n" * 252 + ".csv", "too long"),
            (".", "does not say its format"),
            ("no-such-folder/x.csv", "no folder"),
        ):
            exported(office, name)
            office.expect("STOP", says)
        exported(office, "good.csv")
        office.expect("OK", "good.csv")
    assert (warehouse.folder / "good.csv").is_file()
    assert (warehouse.folder / "config.toml").read_text() == SETTINGS


def test_an_import_shows_nothing_of_it(warehouse: Warehouse) -> None:
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Import serials")
        office.expect_step(2)
        for name, says in (
            ("~nobody-of-this-name/x.csv", ""),
            ("./.secret.csv", "is hidden"),
            ("./notes.txt.toml", "does not end in"),
            (f"./{'n' * 300}.csv", "too long"),
        ):
            office.press("ctrl+u")
            office.paste(name)
            office.press("enter")
            office.expect("STOP", says)
            assert "not for a screen" not in office.text
        office.press("escape")


def test_a_site_that_names_its_folder_is_left_by_no_path(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text("a,b\nnot for a screen,1\n")
    (warehouse.folder / "config.toml").write_text(f'[load]\nroot = "{warehouse.folder}"\n')
    with warehouse.station() as office:
        office.expect_title("Home")
        office.open_order("f7", "N-501")
        office.choose("Import serials")
        office.expect_step(2)
        office.type("../elsewhere.csv")
        office.press("enter")
        office.expect("STOP", "is outside of")
        assert "not for a screen" not in office.text
