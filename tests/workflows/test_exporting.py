"""An export in a process of its own."""

import json
import signal
import sys
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.exporting import Export
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import received
from tests.workflows.exports import ended, until

COUNT = 5_000


@pytest.fixture
def stock(site: Site) -> Site:
    """Batteries."""
    builders.product(site, "BAT-100", 1)
    bought = builders.purchase(site, "N-1", {"BAT-100": COUNT})
    received(site, bought, "BAT-100", *(f"B-{number:05}" for number in range(COUNT)))
    return site


def test_the_rows_come_into_the_file_and_are_counted(stock: Site, tmp_path: Path) -> None:
    export = Export(stock, Report.SERIALS, Filters(code="*7"), tmp_path / "out.json")
    outcome = ended(export)
    assert isinstance(outcome, Done), outcome
    assert outcome.text.startswith("Serial Number Report: 500 rows written to ")
    assert export.total == 500
    assert [row["primary_serial"] for row in json.loads((tmp_path / "out.json").read_text())][:2] == [
        "B-00007",
        "B-00017",
    ]


def test_a_file_that_cannot_be_written_is_told(stock: Site, tmp_path: Path) -> None:
    outcome = ended(Export(stock, Report.SERIALS, Filters(), tmp_path / "nowhere" / "out.csv"))
    assert isinstance(outcome, Refused)
    assert "there is no folder" in outcome.text


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_a_stopped_export_leaves_what_was_there(stock: Site, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    path = folder / f"out.{form}"
    path.write_text("before")
    export = Export(stock, Report.SERIALS, Filters(), path)
    until(lambda: len(list(folder.iterdir())) == 2)
    export.stop()
    assert ended(export).text.endswith("was not written.")
    assert path.read_text() == "before"
    assert list(folder.iterdir()) == [path]


def test_what_is_stopped_when_it_is_written_already_is_told_as_written(stock: Site, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    export = Export(stock, Report.SERIALS, Filters(code="*77"), path)
    until(path.exists)
    export.stop()
    outcome = ended(export)
    assert isinstance(outcome, Done), outcome
    assert "50 rows written to" in outcome.text


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_what_is_stopped_after_its_last_row_leaves_what_was_there(stock: Site, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    path.write_text("before")

    def stop_at_the_end(rows: int, total: int) -> None:
        if rows == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reporting.export(stock, Report.SERIALS, Filters(code="*77"), path, form, stop_at_the_end)
    assert path.read_text() == "before"
    assert not list(tmp_path.glob(".*"))


def test_a_process_that_was_killed_is_told(stock: Site, tmp_path: Path) -> None:
    export = Export(stock, Report.SERIALS, Filters(), tmp_path / "out.xlsx")
    export._process.send_signal(signal.SIGKILL)
    outcome = ended(export)
    assert isinstance(outcome, Refused)
    assert outcome.text.startswith("The export ended by itself")
    assert not (tmp_path / "out.xlsx").exists()


def test_an_export_to_csv_makes_nothing_for_each_row(stock: Site, tmp_path: Path) -> None:
    def calls(code: str) -> int:
        """How many functions are called."""
        made = 0

        def heard(frame: object, what: str, argument: object) -> None:
            nonlocal made
            del frame, argument
            made += what.endswith("call")

        sys.setprofile(heard)
        try:
            reporting.export(stock, Report.SERIALS, Filters(code=code), tmp_path / "out.csv", "csv")
        finally:
            sys.setprofile(None)
        return made

    calls("*7")  # what is made once is made
    assert (calls("") - calls("*7")) / (COUNT - COUNT / 10) < 10  # one of them is the line that Python's csv writes
