"""The reports screen: pages, filters, search, jumps, files."""

import csv
import json
import signal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scanstation.domain.outcome import Refused
from scanstation.domain.status import Move
from scanstation.screens.widgets.report_rows import room_for
from scanstation.workflows.reports import exporting
from scanstation.workflows.reports.exporting import Export
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import SIZES, Rig, play
from tests.serials import moved, received

COUNT = 60
"""More than two pages at 80x24."""


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    """Sixty batteries, ten of them shipped; one name that a terminal would obey."""
    builders.product(site, "BAT-100", 1)
    builders.product(site, "CAM-300", 3)
    bought = builders.purchase(site, "N-1003", {"BAT-100": COUNT, "CAM-300": 1})
    sold = builders.shipment(site, "S-901", {"BAT-100": 10})
    batteries = received(site, bought, "BAT-100", *(f"B-{number:04}" for number in range(COUNT)))
    received(site, bought, "CAM-300", ("[red]SN-1", "LENS-1"))
    moved(site, Move.PACK, batteries[:10], sold, "BAT-100")
    moved(site, Move.SHIP, batteries[:10], sold, "BAT-100")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the station was started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def opened(rig: Rig, downs: int = 0) -> None:
    """The reports screen with a report on it."""
    await rig.press("f9", "f8", *["down"] * downs, "enter")


def codes(rig: Rig) -> list[str]:
    """The serials in sight."""
    words = (line.replace("▶", " ").split() for line in rig.lines[2:])
    return [row[0] for row in words if row and row[0].startswith(("B-", "[red]"))]


def marked(rig: Rig) -> str:
    return rig.row("▶").split()[1]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_pages_are_turned_to_the_end_and_back(site: Site, size: tuple[int, int]) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        everything = ["[red]SN-1", *(f"B-{number:04}" for number in reversed(range(COUNT)))]
        seen: list[str] = []
        first = codes(rig)
        room = room_for(rig.app.screen.query_one("#reports").size)
        assert len(first) == room
        while "last page" not in rig.verdict:
            seen += codes(rig)
            assert len(codes(rig)) <= room
            await rig.press("pagedown")
        assert seen == everything
        back: list[str] = codes(rig)
        await rig.press("pageup")
        assert codes(rig)[-1] == seen[seen.index(back[0]) - 1]
        await rig.press("home")
        assert codes(rig) == first
        await rig.press("end")
        assert codes(rig)[-1] == "B-0000"
        assert marked(rig) == "B-0000"

    play(site, scenes, size)


def test_the_arrows_go_over_the_edge_of_a_page(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        last = codes(rig)[-1]
        await rig.press(*["down"] * (len(codes(rig)) - 1))
        assert marked(rig) == last
        await rig.press("down")
        assert marked(rig) == f"B-{int(last[2:]) - 1:04}"
        await rig.press("up")
        assert marked(rig) == last

    play(site, scenes)


def test_a_row_leads_to_its_life_and_back(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("pagedown", "down")
        code, page = marked(rig), codes(rig)
        await rig.press("enter")
        assert rig.lines[0].startswith(" TRACE")
        assert code in rig.text
        await rig.press("escape")
        assert codes(rig) == page
        assert marked(rig) == code
        await rig.press("escape", "escape")
        assert "SUPERVISOR" in rig.lines[0] or "OVERVIEW" in rig.lines[0]

    play(site, scenes)


def test_help_leaves_the_page_where_it_was(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter")
        before = rig.text
        await rig.press("f1")
        assert rig.lines[0].startswith(" HELP")
        await rig.press("escape")
        assert rig.text == before

    play(site, scenes)


def test_a_scanned_serial_is_gone_to_in_either_order(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.scan("b-0033")
        assert marked(rig) == "B-0033"
        assert rig.verdict == "OK b-0033 is the marked row."
        assert codes(rig)[:2] == ["B-0033", "B-0032"]
        await rig.press("f7")
        assert "by code" in rig.lines[2]
        assert codes(rig)[:2] == ["B-0000", "B-0001"]
        await rig.scan("B-0033")
        assert codes(rig)[:2] == ["B-0033", "B-0034"]

    play(site, scenes)


def test_a_serial_that_the_filters_leave_out_is_told_where_it_is(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig, 2)
        await rig.scan("B-0040")
        assert rig.verdict.startswith("CHECK B-0040 is a BAT-100, Received: not in this report as it is narrowed.")
        await rig.scan("NOBODY")
        assert rig.verdict.startswith("STOP NOBODY is not known here.")
        assert len(codes(rig)) == 10

    play(site, scenes)


def test_what_is_typed_finds_serials_that_begin_like_a_product(site: Site) -> None:
    builders.product(site, "B-001")

    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.type("B-001")
        assert codes(rig) == [f"B-001{number}" for number in range(10)]
        await rig.scan("B-001")
        assert rig.verdict.startswith("STOP B-001 is a product. No open order has it.")

    play(site, scenes)


def test_the_last_characters_find_a_serial(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.type("*07")
        assert codes(rig) == ["B-0007"]
        assert "ends in 07" in rig.lines[2]
        await rig.type("B-001")
        assert codes(rig) == [f"B-001{number}" for number in range(10)]
        await rig.press("f7")
        assert rig.verdict.startswith("CHECK While a code is searched")
        await rig.type("*LENS-1")
        assert codes(rig) == ["[red]SN-1"]
        await rig.type("*ZZZ")
        assert "Nothing fits" in rig.text
        assert rig.verdict.startswith("CHECK")

    play(site, scenes)


def test_a_scanned_order_narrows_the_report_to_its_serials(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.scan("S-901")
        assert len(codes(rig)) == 10
        assert "SO S-901" in rig.lines[2]
        await rig.scan("n-1003")
        assert "PO N-1003" in rig.lines[2]
        assert codes(rig)[0] == "[red]SN-1"

    play(site, scenes)


def test_a_number_of_several_orders_is_told_with_the_way_on_that_is_here(site: Site) -> None:
    builders.product(site, "BAG", 1, client="LICHT")
    builders.shipment(site, "S-901", {"BAG": 1}, client="LICHT")

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f8", "down", "down", "enter")
        assert rig.lines[0].startswith(" REPORTS   Shipment History")
        told = "STOP S-901 is the number of several orders. F6 narrows by order, client and warehouse."
        await rig.scan("S-901")
        assert rig.verdict == told
        await rig.press("f6", *["down"] * 5)
        await rig.type("S-901")
        assert rig.verdict == "OK SO: S-901."
        await rig.press("f5", "f9")
        assert rig.verdict == told

    play(site, scenes, (40, 20))


def test_the_form_narrows_and_refuses_what_it_does_not_know(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f6")
        await rig.type("NOBODY")
        assert rig.verdict == "STOP There is no client NOBODY. There are NORDWIND."
        await rig.type("nordwind")
        await rig.press("down")
        await rig.type("CAM-9")
        assert rig.verdict.startswith("STOP There is no SKU CAM-9.")
        await rig.type("bat-100")
        await rig.press("enter", "enter", "enter")
        assert "Shipped" in rig.row("▶ Status")
        await rig.press("f5")
        assert codes(rig) == [f"B-{number:04}" for number in reversed(range(10))]
        assert "Shipped · bat-100 · nordwind" in rig.lines[2]
        await rig.press("f6", "delete", "f5")
        assert "Shipped" not in rig.lines[2]

    play(site, scenes)


def test_filters_are_picked_from_what_there_is(site: Site) -> None:
    builders.product(site, "BAT-200", 0)

    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f6", "enter")
        assert "any" in rig.row("▶")
        await rig.press("down", "enter")
        assert rig.verdict == "OK Client: NORDWIND."
        await rig.press("down")
        await rig.type("cam")
        assert "CAM-300" in rig.row("SKU"), "the only one that begins so"
        await rig.press("up")
        await rig.type("BAT")
        assert "BAT-100" in rig.row("▶")
        assert "BAT-200" in rig.text
        await rig.press("escape")
        assert "CAM-300" in rig.row("▶ SKU")
        await rig.type("bat")
        await rig.type("-2")
        assert "BAT-200" in rig.row("SKU")
        await rig.press("down", "enter", "down", "enter")
        assert "N-1003" in rig.row(" PO ")

    play(site, scenes)


def test_days_are_local_and_bad_ones_are_refused(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f6", *["down"] * 7)
        await rig.type("yesterday")
        assert rig.verdict == "STOP “yesterday” is no day. Write it as 2026-11-22."
        await rig.type("20.11.2026")  # no other day can be meant
        await rig.type("2026-11-19")
        assert rig.verdict == "STOP Since 2026-11-20 is later than until 2026-11-19."
        await rig.press("f5")
        assert codes(rig)
        await rig.press("f6", "up")
        await rig.type("2026-11-21")
        await rig.press("f5")
        assert codes(rig) == []

    play(site, scenes)


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_everything_that_is_filtered_is_exported(site: Site, folder: Path, form: str) -> None:
    path = folder / f"out.{form}"

    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.type("B-00")
        await rig.press("f8")
        assert "Export to which file?" in rig.text
        assert rig.slot.field.value.startswith("serials-2026-11-20.xlsx")
        rig.slot.field.value = str(path)
        await rig.press("enter")
        while "Writing the report" in rig.text or not rig.verdict.startswith("OK Serial Number Report"):
            await rig.settle()
        assert "60 rows written" in rig.verdict

    play(site, scenes)
    rows: list[list[object]]
    if form == "xlsx":
        rows = [[cell or "" for cell in row] for row in openpyxl.load_workbook(path).worksheets[0].values]
    elif form == "csv":
        with path.open(newline="") as file:
            rows = [[*row] for row in csv.reader(file)]
    else:
        rows = [["header"], *([*row.values()] for row in json.loads(path.read_text()))]
    assert [row[4] for row in rows[1:]] == [f"B-{number:04}" for number in range(COUNT)]
    assert [name.name for name in folder.iterdir() if name.name.startswith(".out")] == []


def test_a_file_that_is_there_is_asked_about_and_stays_after_a_no(site: Site, folder: Path) -> None:
    (folder / "out.csv").write_text("before")
    (folder / "out.pdf").write_text("nobody is asked about it")

    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f8")
        rig.slot.field.value = "out.csv"
        await rig.press("enter")
        assert "is there already. Write over it?" in " ".join(rig.text.split())
        await rig.press("n")
        assert "Writing" not in rig.text
        await rig.press("f8")
        rig.slot.field.value = "out.pdf"
        await rig.press("enter")
        assert rig.verdict.startswith("STOP out.pdf does not say its format.")

    play(site, scenes)
    assert (folder / "out.csv").read_text() == "before"


def test_esc_stops_an_export_and_nothing_is_left(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Export] = []

    def begin_and_hold(*request: Any) -> Export | Refused:
        """Begin it as ever; its process stands until the test lets it go on."""
        export = begin(*request)
        assert isinstance(export, Export)
        export._process.send_signal(signal.SIGSTOP)
        begun.append(export)
        return export

    begin = exporting.begin
    monkeypatch.setattr(exporting, "begin", begin_and_hold)

    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f8")
        rig.slot.field.value = "out.xlsx"
        await rig.press("enter")
        assert "Writing the report" in rig.text
        await rig.scan("B-0001")
        await rig.press("escape")
        assert "stopping" in rig.text
        assert "was not written" not in rig.text
        begun[0]._process.send_signal(signal.SIGCONT)
        await rig.until("STOP Stopped. out.xlsx was not written.")

    play(site, scenes)
    assert not (folder / "out.xlsx").exists()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_shipments_list_is_written_from_the_report_and_from_its_order(
    site: Site, folder: Path, size: tuple[int, int]
) -> None:
    async def scenes(rig: Rig) -> None:
        await opened(rig)
        await rig.press("f9")
        assert rig.verdict.startswith("CHECK Scan a shipment order first")
        await rig.scan("S-901")
        await rig.press("f9", "enter")
        assert rig.verdict.startswith("OK S-901: 10 serials written to S-901-serials.txt.")
        assert (folder / "S-901-serials.txt").read_text().count("B-00") == 10

    play(site, scenes, size)
