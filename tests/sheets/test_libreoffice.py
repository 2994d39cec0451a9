"""Files made by LibreOffice (`make_fixtures.py`), imported: taken with a note, or refused with what is wrong."""

import shutil
from pathlib import Path

import pytest

from scanstation.domain.file_errors import UnreadableFile, UnreadablePath
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind
from scanstation.store import upkeep
from scanstation.workflows.imports import importing
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.workflows.done_work import received

FIXTURES = Path(__file__).parent / "fixtures"
BLANKS = (
    "SKU: blanks at the edges were taken off in 1 cell, first D4.",
    "Primary Serial Number: blanks at the edges were taken off in 1 cell, first E2.",
    "Primary Serial Number: full-width digits were read as digits in 1 cell, first E3.",
)


@pytest.fixture(autouse=True)
def laptops(site: Site) -> None:
    """Ten of them are received, and their serials are to come by import."""
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": 10}), "LAP", quantity=10)


def imported(site: Site, path: Path) -> Done | Refused:
    """How the import ended, also where the file could not be read at all."""
    try:
        return importing.import_serials(site, OrderKind.PURCHASE, path)
    except UnreadableFile as error:
        raise AssertionError(f"the workflow tells of it, it does not raise: {error}") from error


def serials(site: Site) -> list[str]:
    return [str(row.primary) for row in reporting.rows(site, Report.SERIALS, Filters())]


@pytest.mark.parametrize(
    ("name", "wanted", "noted"),
    [
        ("good.xlsx", ["SN-1", "0042", "1.23"], ()),
        ("good.xls", ["SN-1", "0042", "1.23"], ()),
        ("good.ods", ["SN-1", "0042", "1.23"], ()),
        ("good-comma-utf8.csv", ["SN-1", "0042", "1.23"], ()),
        ("good-tab-utf16.csv", ["SN-1", "0042", "1.23"], ()),
        ("good-semicolon-1252.csv", ["SN-1", "0042", "1.23"], ("Windows-1252",)),
        ("layout.xlsx", ["SN-1", "SN-2", "SN-3"], ("3 blank rows were passed over.", "1 hidden row was read too.")),
        ("layout.ods", ["SN-1", "SN-2", "SN-3"], ("3 blank rows were passed over.", "1 hidden row was read too.")),
        ("layout.xls", ["SN-1", "SN-2", "SN-3"], ("3 blank rows were passed over.",)),
        ("blanks-and-wide.xlsx", ["SN-1", "SN-23", "SN-4"], BLANKS),
        ("blanks-and-wide.ods", ["SN-1", "SN-23", "SN-4"], BLANKS),
    ],
)
def test_a_file_with_nothing_wrong_is_taken(site: Site, name: str, wanted: list[str], noted: tuple[str, ...]) -> None:
    answer = imported(site, FIXTURES / name)
    assert isinstance(answer, Done), answer
    assert serials(site) == wanted
    for note in noted:
        assert any(note in told for told in answer.notes), answer.notes


TOO_LONG, DECIMALS = "a number of more than 15 digits", "a number with decimals"
HIDDEN = "this kind of file does not show how it is displayed"
_ALWAYS = [("E4", TOO_LONG), ("E5", DECIMALS), ("E6", TOO_LONG), ("E7", "is a date"), ("E8", "is a logical value")]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("cells.xlsx", [*_ALWAYS, ("E9", "is an error value"), ("E10", "is an error value")]),
        (
            "cells.ods",
            [
                ("E2", HIDDEN),
                ("E3", HIDDEN),
                *_ALWAYS,
                ("E9", "#DIV/0! is an error value"),
                ("E10", "#N/A is an error value"),
            ],
        ),
        ("cells.xls", [("E2", HIDDEN), ("E3", HIDDEN), *_ALWAYS, ("E9", "is empty"), ("E10", "is empty")]),
        ("times.ods", [("E2", "is a time"), ("E3", "is a date or a time"), ("E4", "is a date or a time")]),
        ("times.xlsx", [("E2", "is a time"), ("E3", "is a time"), ("E4", "is a time")]),
        ("times.xls", [("E2", "is a time"), ("E3", "is a time"), ("E4", "is a time")]),
        ("formulas.ods", [("E4", "is empty")]),
        ("formulas.xlsx", [("E4", "is empty")]),
        ("merged.xlsx", [("E3", "E3:E4 is part of merged cells")]),
        ("merged.ods", [("E3", "E3:E4 is part of merged cells")]),
        ("invisible.xlsx", [("E3", "a zero-width space"), ("E4", "a text direction mark")]),
        ("invisible.ods", [("E3", "a zero-width space"), ("E4", "a text direction mark")]),
        ("invisible.xls", [("E3", "a zero-width space"), ("E4", "a text direction mark")]),
    ],
)
def test_every_bad_cell_is_named_and_nothing_is_changed(site: Site, name: str, bad: list[tuple[str, str]]) -> None:
    answer = imported(site, FIXTURES / name)
    assert isinstance(answer, Refused), answer
    told = [reason.text for reason in answer.reasons]
    for cell, reason in bad:
        place = cell if "is empty" not in reason else "Serials!E"
        assert any(place in one and reason in one for one in told), (cell, reason, told)
    assert serials(site) == []
    assert upkeep.findings(site.store) == []


def test_a_number_whose_format_shows_its_digits_is_no_problem_whatever_its_language(site: Site) -> None:
    answer = imported(site, FIXTURES / "cells.xlsx")
    assert isinstance(answer, Refused), answer
    assert not any("!E2" in reason.text or "!E3:" in reason.text for reason in answer.reasons), answer


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((f"two-sheets.{ending}", "has two sheets that fit: Serials and More.") for ending in ("xlsx", "xls", "ods")),
        *((f"no-such-column.{ending}", "lacks: Primary Serial Number.") for ending in ("xlsx", "xls", "ods")),
        *(
            (f"column-twice.{ending}", "has the column Primary Serial Number twice, in E1 and F1.")
            for ending in ("xlsx", "xls", "ods")
        ),
        ("password.ods", "is protected with a password."),
        ("password.xls", "is protected with a password."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_one_problem(site: Site, name: str, said: str) -> None:
    answer = imported(site, FIXTURES / name)
    assert isinstance(answer, Refused), answer
    assert len(answer.reasons) == 1
    assert said in answer.text
    assert serials(site) == []


@pytest.mark.parametrize("name", ["good.xlsx", "good.xls", "good.ods"])
@pytest.mark.parametrize("how", ["cut", "renamed"])
def test_a_file_that_is_cut_off_or_misnamed_is_refused(site: Site, tmp_path: Path, name: str, how: str) -> None:
    path = tmp_path / (name if how == "cut" else f"{name}.csv")
    shutil.copy(FIXTURES / name, path)
    if how == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    answer = imported(site, path)
    assert isinstance(answer, Refused), answer
    assert len(answer.reasons) == 1
    assert ("damaged" in answer.text) if how == "cut" else ("is not what its name says" in answer.text)
    assert serials(site) == []


def test_a_folder_of_them_is_no_file(site: Site) -> None:
    with pytest.raises(UnreadablePath, match="is a folder"):
        importing.import_serials(site, OrderKind.PURCHASE, FIXTURES)
