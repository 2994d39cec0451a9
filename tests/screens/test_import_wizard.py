"""The import wizard: how its steps look in three sizes, and what scans and keys do to it."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import psutil
import pytest

from scanstation.domain.badges import new_badge
from scanstation.domain.outcome import Done
from scanstation.domain.progress import Progress
from scanstation.domain.status import OrderKind
from scanstation.screens.import_wizard.checking import ReadingPage
from scanstation.screens.import_wizard.files import FileEntry, FilesPage, given_path
from scanstation.screens.import_wizard.recent import MOST, recent_files, remember
from scanstation.screens.import_wizard.report import Report, ReportLine
from scanstation.screens.import_wizard.screen import ImportScreen
from scanstation.store import catalog, orders
from scanstation.workflows.access import operator_book
from scanstation.workflows.orders import order_book
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, Scene, in_all_sizes
from tests.screens.rig import Rig, pictured, play, station_app, stock
from tests.serials import opening
from tests.staff import badge_of, turn_on
from tests.workflows.at_the_desk import said, scan
from tests.workflows.done_work import received

HEADER = "Warehouse,Client,PO Number,SKU,Primary Serial Number"
HALF_PAST_EIGHT = 1_795_163_400  # 20 Nov 2026 08:30 UTC, half an hour before the tests' clock begins


@pytest.fixture(autouse=True)
def deliveries(site: Site, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse with serials owed, and a folder with files that bring them."""
    stock(site)
    builders.product(site, "ROU-1", 7)
    order_id = builders.purchase(site, "N-1005", {"LAP-15": 50, "ROU-1": 2}, due="2026-11-24")
    received(site, order_id, "LAP-15", quantity=50)
    received(site, order_id, "ROU-1", quantity=2)
    with site.store.read() as tx:
        received(site, orders.find(tx, "N-1004")[0].id, "LAP-15", quantity=3)
    folder = home / "Downloads"
    folder.mkdir()
    (folder / "older").mkdir()
    write(folder, "delivery-0412.csv", [f"N-1005,LAP-15,LT-{number:04}" for number in range(37)])
    rows = [*(f"N-1005,LAP-15,LT-{number:04}" for number in range(8)), "N-1005,LAP-15,LAP-15", "N-1003,CAM-300,SN-1"]
    write(folder, "with-faults.csv", [*rows, "N-1005,LAP-15,LT-0003", "N-1005,NIX,LT-9"])
    (folder / "supplier.csv").write_text("Site;Client;Order;SKU;S/N\nW-EAST;NORDWIND;N-1005;LAP-15;LT-0001\n")
    for number, name in enumerate(("delivery-0412.csv", "with-faults.csv", "supplier.csv", "older")):
        os.utime(folder / name, (HALF_PAST_EIGHT - 60 * number,) * 2)
    monkeypatch.chdir(folder)
    return folder


def with_stock_without_serials(site: Site) -> None:
    """40 batteries are here that nobody has scanned."""
    with site.store.read() as tx:
        order_id = orders.find(tx, "N-1003")[0].id
    received(site, order_id, "BAT-100", quantity=40)


def write_master_data(folder: Path) -> None:
    names = ["Track Serial Number", "Both Receiving and Packing", "Only Packing", "Skip Scan Serial Number"]
    header = ",".join(["Client,SKU,Description,Barcodes", *names, "Scan Secondary Serial Number"])
    rows = ["NORDWIND,NEW-1,Newcomer,,x,,x,,", "NORDWIND,BAT-100,BAT-100,4006381333948=12,x,x,,,"]
    (folder / "products.csv").write_text("\n".join([header, *rows]))
    order_rows = ["N-7,BAT-100,5", "N-8,NIX,2", "N-8,BAT-100,2", "N-1003,CAM-300,0"]
    (folder / "orders.csv").write_text(
        "\n".join(["Warehouse,Client,PO Number,SKU,Quantity", *(f"W-EAST,NORDWIND,{row}" for row in order_rows)])
    )
    for name in ("products.csv", "orders.csv"):
        os.utime(folder / name, (HALF_PAST_EIGHT,) * 2)


async def choose(rig: Rig, text: str) -> None:
    """Enter on a row of the list."""
    while f"▶ {text}" not in rig.text:
        before = rig.text
        await rig.press("down")
        assert rig.text != before, f"no {text!r} in\n{before}"
    await rig.press("enter")


def hold_reader() -> psutil.Process:
    """Let the process that will read the file wait, however quick the machine is, until it is ended or resumed.

    To be run in a thread of its own: a busy station may look for the process when it is over already.
    """
    deadline = time.monotonic() + 60
    while not (found := [one for one in psutil.Process().children() if "scanstation.sheets.child" in one.cmdline()]):
        assert time.monotonic() < deadline, "nothing is being read"
        time.sleep(0.001)  # the kernel tells nobody that a process has begun
    found[0].suspend()
    return found[0]


async def to_load_preview(rig: Rig, job: str, name: str) -> None:
    """From Home to the preview of products or orders."""
    write_master_data(Path.cwd())
    await rig.press("f9", "f6")
    await choose(rig, job)
    await until(rig, "2 of 5, file")
    await until(rig, name)
    await rig.type(name)
    await until(rig, "Read and check")
    await rig.press("enter")
    await until(rig, "4 of 5, preview")


def write(folder: Path, name: str, rows: list[str]) -> None:
    (folder / name).write_text("\n".join([HEADER, *(f"W-EAST,NORDWIND,{row}" for row in rows)]))


async def until(rig: Rig, text: str) -> None:
    """Files are read and imports written beside the screen: wait until it shows this."""
    deadline = time.monotonic() + 60
    while text not in " ".join(rig.text.split()):
        assert time.monotonic() < deadline, f"{text!r} is not in\n{rig.text}"
        await rig.pilot.pause(0.02)
    await rig.settle()


async def to_files(rig: Rig) -> None:
    await rig.scan("N-1005")
    while "▶ Import" not in rig.text:
        before = rig.text
        await rig.press("down")
        assert rig.text != before
    await rig.press("enter")
    await until(rig, "2 of 5, file")


async def to_columns(rig: Rig, name: str) -> None:
    await to_files(rig)
    await until(rig, name)
    await rig.type(name)
    await until(rig, "Read and check")


async def to_preview(rig: Rig, name: str) -> None:
    await to_columns(rig, name)
    await rig.press("enter")
    await until(rig, "4 of 5, preview")


async def to_result(rig: Rig) -> None:
    await to_preview(rig, "delivery-0412.csv")
    await rig.press("enter", "y")
    await until(rig, "5 of 5, done")


# Products and orders


def test_before_products_change_it_says_how_many_units_lack_serials(site: Site) -> None:
    with_stock_without_serials(site)

    async def scenes(rig: Rig) -> None:
        await to_load_preview(rig, "Products", "products.csv")
        shown = " ".join(rig.text.split())
        assert "40 units on hand have no serials, and packing will then ask for them." in shown
        assert "Track Serial Number on, Both Receiving and Packing on" in shown
        assert "40 units of BAT-100 on hand have no serials, and packing will want serials that were received" in shown
        await rig.press("enter")
        asked = " ".join(rig.text.replace("│", " ").split())
        assert "40 units on hand have no serials, and packing will then ask for them. New settings count for" in asked
        assert "Load 2 products (1 new, 1 changed)?" in asked
        await rig.press("n")
        with site.store.read() as tx:
            assert not catalog.products_of_code(tx, "BAT-100")[0].product.settings.track
        await rig.press("enter", "y")
        await until(rig, "5 of 5, done")

    play(site, scenes)
    with site.store.read() as tx:
        assert catalog.products_of_code(tx, "BAT-100")[0].product.settings.track


def test_refused_orders_are_saved_to_be_mended_whole_or_beside_the_right_ones(site: Site, deliveries: Path) -> None:
    async def scenes(rig: Rig) -> None:
        await to_load_preview(rig, "Orders", "orders.csv")
        assert "▶ Save all rows" in rig.text
        await rig.press("enter", "enter")
        await until(rig, "All rows are saved")
        assert rig.verdict.startswith("OK All rows are saved with an Error column in ")
        await choose(rig, "Load good orders, save the other")
        assert "Save 1 order to which file?" in rig.text
        await rig.press("enter")
        assert "Load 2 purchase orders (1 new, 1 changed), and leave 1 order out?" in " ".join(rig.text.split())
        await rig.press("y")
        await until(rig, "5 of 5, done")
        assert "2 rows are saved with an Error column in" in " ".join(rig.text.split())

    play(site, scenes)
    for name, rows in (("orders-errors.xlsx", 5), ("orders-to-mend.xlsx", 3)):
        (sheet,) = openpyxl.load_workbook(deliveries / name).worksheets
        assert sheet.max_row == rows, name
    with site.store.read() as tx:
        assert len(orders.find(tx, "N-7")) == 1
        assert not orders.find(tx, "N-8")


# What was written down while the station was away

SHEET = "SKU,Primary Serial Number,Secondary Serial Number,Quantity,At"
FAULTS = ("CAM-300,SN-1,LENS-1,,", "CAM-300,SN-2,,,", "BAT-100,,,30,08:30", "BAT-100,,,99,", "CBL-010,,,,")


async def to_who(rig: Rig, *rows: str) -> None:
    """From Home, by the order's page, to the questions who did it, and when."""
    (Path.cwd() / "sheet.csv").write_text("\n".join([SHEET, *rows]) + "\n")
    await rig.press("f7")
    await rig.type("N-1003")
    await choose(rig, "Enter what was written down")
    await until(rig, "sheet.csv")
    await rig.type("sheet.csv")
    await until(rig, "Read and check")
    await rig.press("enter")
    await until(rig, "Who received it?")


async def to_written(rig: Rig, *rows: str) -> None:
    """From the order's page to the preview of a sheet."""
    await to_who(rig, *rows)
    await rig.type("Ben")
    await rig.type("08:40")
    await until(rig, "4 of 5, preview")


def test_what_was_written_down_is_entered_from_the_orders_page(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_who(rig, "CAM-300,SN-1,LENS-1,,", "BAT-100,,,30,08:30")
        await rig.type("Ben")
        assert "2026-11-20" in rig.slot.field.value  # the day stands there, for a time to be added
        await rig.type("soon")
        await until(rig, "is no time")
        for _ in range(40):
            await rig.press("backspace")
        await rig.type("08:40")
        await until(rig, "sheet.csv: 31 units, all right.")
        assert "written down by Ben, today 08:40" in rig.text
        await rig.press("enter")
        assert "Enter 31 units as Ben wrote them down?" in rig.words
        await rig.press("y")
        await until(rig, "5 of 5, done")
        assert "31 units of N-1003, written down by Ben, entered." in rig.verdict

    play(site, scenes)
    (life,) = tracing.trace(site, "SN-1")
    assert [(one.operator, one.source) for one in life.events] == [("Ben", "downtime")]


def test_who_wrote_it_down_is_said_by_that_persons_badge_which_lets_nobody_in(site: Site) -> None:
    lead, packer, blocked = badge_of(site, "Lea", "supervisor"), badge_of(site, "Ben", "packer"), badge_of(site, "Cleo")
    assert isinstance(operator_book.disable(site, "Cleo"), Done)
    turn_on(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan(lead)
        await to_who(rig, "CAM-300,SN-1,LENS-1,,")
        assert "scan the badge, or type the name" in rig.text
        for badge, says in ((blocked, "That badge is not good"), (new_badge(), "That badge is not good")):
            await rig.scan(badge)
            assert rig.verdict.startswith(f"STOP {says}"), rig.verdict
            assert badge not in rig.text
            assert "Who received it?" in rig.text
        await rig.scan("SN-77")
        assert "Who received it?" in rig.text
        await rig.scan(packer)
        await until(rig, "When?")
        assert rig.app.station.site.who == "Lea"
        await rig.type("08:40")
        await until(rig, "written down by Ben, today 08:40")
        await choose(rig, "Another person, or time")
        for _ in range(3):
            await rig.press("backspace")
        await rig.type(lead)  # a slow scanner types
        await until(rig, "When?")
        await rig.press("enter")
        await until(rig, "written down by Lea, today 08:40")

    play(site, scenes)


def test_rows_that_cannot_be_entered_are_saved_and_the_others_entered_if_asked(site: Site, deliveries: Path) -> None:
    async def scenes(rig: Rig) -> None:
        await to_written(rig, *FAULTS)
        assert "sheet.csv: 2 rows to mend." in rig.text
        assert "C3" in rig.row("secondary serial")
        await choose(rig, "Save all rows")
        await rig.press("enter")
        await until(rig, "All rows are saved")
        await choose(rig, "Enter 31 units, save 2 rows")
        await rig.press("enter", "y")
        await until(rig, "5 of 5, done")
        assert "Left out: sheet.csv!C3: " in rig.words
        assert "2 rows are saved with an Error column" in rig.words

    play(site, scenes)
    for name, rows in (("sheet-errors.xlsx", 6), ("sheet-to-mend.xlsx", 3)):
        (sheet,) = openpyxl.load_workbook(deliveries / name).worksheets
        assert sheet.max_row == rows, name


def test_a_question_of_a_row_is_answered_for_the_sheet(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_written(rig, "BAT-100,,,3,")
        await rig.press("enter", "y")
        await until(rig, "5 of 5, done")
        await rig.scan("SS-HOME")
        await to_written(rig, "BAT-100,,,3,")
        assert "Enter it once more?" in rig.words
        await choose(rig, "Enter 3 units, yes to 1 question")
        await rig.press("y")
        await until(rig, "5 of 5, done")

    play(site, scenes)
    with site.store.read() as tx:
        order = orders.find(tx, "N-1003")[0]
    assert next(line.done for line in order_book.detail(site, order.id).lines if line.sku == "BAT-100") == 6


def test_from_the_menu_the_order_is_asked_first_and_another_person_can_be_said(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        (Path.cwd() / "sheet.csv").write_text(SHEET)
        await rig.press("f9", "f6")
        await choose(rig, "What was written down")
        assert "For which order was it written down?" in rig.text
        await rig.scan("S-901")
        await until(rig, "2 of 5, file")
        assert "SO S-901" in rig.lines[0]
        assert rig.verdict == "OK SO S-901: choose the sheet that was filled in for it."
        await rig.scan("N-1003")
        assert "PO N-1003" in rig.lines[0]
        await rig.type("sheet.csv")
        await until(rig, "Read and check")
        await rig.press("enter")
        await until(rig, "Who received it?")
        await rig.type("Ben")
        await rig.type("08:40")
        await until(rig, "Nothing is filled in below the header.")
        await choose(rig, "Another person, or time")
        for _ in range(3):
            await rig.press("backspace")
        await rig.type("Cleo")
        await rig.press("enter")
        await until(rig, "written down by Cleo, today 08:40")

    play(site, scenes)


# Pictures


@in_all_sizes
def test_a_preview_of_what_was_written_down(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_written(rig, *FAULTS)

    assert picture(scene, size)


@pytest.fixture
def picture(site: Site, snap_compare: Compare) -> Callable[[Scene, tuple[int, int]], bool]:
    """Play a scene and compare what is on the screen then."""
    app = station_app(site)

    def compare(scene: Scene, size: tuple[int, int]) -> bool:
        return pictured(app, snap_compare, size, scene)

    return compare


@in_all_sizes
def test_what(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f6")
        await until(rig, "1 of 5, what")
        assert "Serials of purchase orders" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_which_file(picture: Compare, deliveries: Path, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        remember(deliveries / "with-faults.csv")
        await to_files(rig)
        await until(rig, "supplier.csv")
        assert "Serials of purchase orders, for PO N-1005" in " ".join(rig.text.split())
        assert "~/Downloads" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_which_columns(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_columns(rig, "supplier.csv")
        await until(rig, "3 columns were not found")

    assert picture(scene, size)


@in_all_sizes
def test_reading(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_files(rig)
        progress = Progress()
        progress.rows, progress.expected = 46_000, 100_000
        assert isinstance(rig.app.screen, ImportScreen)
        rig.app.screen.go_on(ReadingPage(rig.app.screen, "delivery-0412.csv", progress))
        await until(rig, "46,000 of 100,000 rows")

    assert picture(scene, size)


@in_all_sizes
def test_a_preview_of_a_good_file(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_preview(rig, "delivery-0412.csv")
        assert "0 of 50 → 37 of 50" in rig.text
        assert "▶ Import 37 serials" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_a_preview_with_problems(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_preview(rig, "with-faults.csv")
        assert "4 of 12 rows of with-faults.csv are refused" in " ".join(rig.text.split())

    assert picture(scene, size)


@in_all_sizes
def test_a_preview_of_products(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    with_stock_without_serials(site)

    async def scene(rig: Rig) -> None:
        await to_load_preview(rig, "Products", "products.csv")

    assert picture(scene, size)


@in_all_sizes
def test_a_preview_of_orders_with_problems(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_load_preview(rig, "Orders", "orders.csv")

    assert picture(scene, size)


@in_all_sizes
def test_done(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_result(rig)
        assert "37 serials imported as batch 1" in " ".join(rig.text.split())

    assert picture(scene, size)


@in_all_sizes
def test_removing(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_result(rig)
        await rig.press("down", "down", "enter")
        await until(rig, "37 serials go, and may be imported again.")

    assert picture(scene, size)


# Scans and keys


def test_esc_goes_back_one_step_with_what_was_chosen(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_columns(rig, "supplier.csv")
        await rig.press("down", "down", "enter")
        await until(rig, "Which column is Warehouse?")
        await rig.press("enter")
        await until(rig, "2 columns were not found")
        await rig.press("escape")
        await until(rig, "2 of 5, file")
        assert "▶ supplier.csv" in rig.text
        await rig.press("escape")
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1005")

    play(site, scenes)


def test_a_file_that_is_saved_while_the_list_is_open_is_shown_and_found(site: Site, deliveries: Path) -> None:
    async def scene(rig: Rig) -> None:
        await to_files(rig)
        screen = rig.app.screen
        assert isinstance(screen, ImportScreen)
        await until(rig, "delivery-0412.csv")
        await rig.press("down")
        marked = screen.chosen
        assert marked is not None
        write(deliveries, "fresh.csv", ["N-1005,LAP-15,LT-0901"])
        assert isinstance(marked.value, FileEntry)
        write(deliveries, marked.value.path.name, ["N-1005,LAP-15,LT-0902"])
        await until(rig, "fresh.csv")
        assert screen.chosen is not None
        assert screen.chosen.cells[0] == marked.cells[0], "the mark stays on its file"
        page = screen.page
        assert isinstance(page, FilesPage)
        write(deliveries, "newest.csv", ["N-1005,LAP-15,LT-0903"])
        page.entered("newe")  # before anybody has looked again
        await until(rig, "newest.csv")
        await until(rig, "3 of 5")

    play(site, scene)


def test_a_file_that_was_refused_is_not_called_imported(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "with-faults.csv")
        await rig.press("escape", "escape", "escape")
        await choose(rig, "Import serials")
        await until(rig, "Read before")
        assert "Imported before" not in rig.text

    play(site, scenes)


def test_a_scan_in_the_middle_is_answered_and_loses_nothing(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "delivery-0412.csv")
        before = rig.row("▶")
        for code in ("N-1004", "SS-HOME", "LT-0001", "SS-YES"):
            await rig.scan(code)
            assert rig.verdict.startswith("STOP An import is being prepared"), code
            assert code in rig.verdict
        assert rig.row("▶") == before
        await rig.scan("SS-CANCEL")
        await until(rig, "3 of 5, columns")

    play(site, scenes)


def test_an_order_scanned_at_the_file_is_the_one_whose_serials_come(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_files(rig)
        await rig.scan("N-1004")
        await until(rig, "for PO N-1004")
        assert rig.verdict.startswith("OK N-1004: The serials go to PO N-1004") or "PO N-1004" in rig.verdict
        await rig.scan("S-901")
        await until(rig, "Serials of shipment orders, for SO S-901")
        await rig.scan("NOBODY")
        assert rig.verdict.startswith("STOP NOBODY is not known here")
        await rig.type("nothing-here")
        await until(rig, "There is no file or order nothing-here here")
        await rig.scan("SS-HOME")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_typing_filters_the_problems_and_enter_after_it_imports_nothing(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "with-faults.csv")
        await rig.pilot.press(*"nix")
        await until(rig, "1 of 4 problems have “nix”")
        await rig.press("enter")
        assert rig.verdict.startswith("CHECK All problems are shown again")
        assert "4 of 12 rows" in " ".join(rig.text.split())

    play(site, scenes)


@pytest.mark.usefixtures("fresh_processes")
def test_a_reading_is_stopped_with_esc(site: Site, deliveries: Path) -> None:
    write(deliveries, "long.csv", [f"N-1005,LAP-15,LT-{number:06}" for number in range(200_000)])

    async def scenes(rig: Rig) -> None:
        await to_columns(rig, "long.csv")
        held = asyncio.create_task(asyncio.to_thread(hold_reader))
        await rig.pilot.press("enter")
        await held
        await until(rig, "reading")
        await rig.scan("N-1004")
        assert rig.verdict.startswith("STOP An import is being prepared"), "scans are answered meanwhile"
        await rig.press("escape")
        await until(rig, "The reading was stopped. Nothing was changed.")
        assert "3 of 5, columns" in rig.text

    play(site, scenes)


@pytest.mark.parametrize(
    "way",
    [pytest.param("Save all rows", marks=pytest.mark.long), "Import 3,000 good rows, save the other"],
)
@pytest.mark.usefixtures("fresh_processes")
def test_esc_while_a_workbook_is_saved_says_what_is_being_done(site: Site, deliveries: Path, way: str) -> None:
    book = openpyxl.Workbook()
    (sheet,) = book.worksheets
    for row in (HEADER, *(f"W-EAST,NORDWIND,N-1009,LAP-15,LT-{number:05}" for number in range(3_000))):
        sheet.append(row.split(","))
    sheet.append(["W-EAST", "NORDWIND", "N-1009", "LAP-15", "LAP-15"])
    book.save(deliveries / "long.xlsx")
    order_id = builders.purchase(site, "N-1009", {"LAP-15": 4_000})
    received(site, order_id, "LAP-15", quantity=4_000)

    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "long.xlsx")
        await choose(rig, "Take all orders of the file")
        await until(rig, "1 of 3,001 rows")
        held = asyncio.create_task(asyncio.to_thread(hold_reader))
        await choose(rig, way)
        await rig.pilot.press("enter")
        if way.startswith("Import"):
            await until(rig, "leave 1 row out?")
            await rig.press("y")
        child = await held
        await until(rig, "4 of 5, writing")
        await rig.press("escape")
        await until(rig, "is being saved, which cannot be stopped")
        assert "Nothing has been imported yet" in " ".join(rig.text.split())
        assert "removed afterwards" not in rig.text
        child.resume()
        await until(rig, "5 of 5, done" if way.startswith("Import") else "All rows are saved")

    play(site, scenes)


def test_names_of_files_and_columns_are_shown_as_they_are(site: Site, deliveries: Path) -> None:
    name = "[red]\x1b[31mx.csv"
    (deliveries / name).write_text("[b]Site[/b];\x1b[2JClient;[@click=x]SKU\n[/];\x07y;z\n")

    async def scenes(rig: Rig) -> None:
        await to_files(rig)
        await until(rig, "[red]␛[31mx.csv")
        await rig.press("[", "r", "e", "d", "enter")
        await until(rig, "3 of 5, columns")
        assert "␛" in rig.text
        await rig.press("down", "down", "enter")
        await until(rig, "[b]Site[/b]")
        assert "\x1b" not in rig.text

    play(site, scenes)


def test_ten_thousand_problems_are_read_page_by_page(site: Site, deliveries: Path) -> None:
    write(deliveries, "faulty.csv", [f"N-1005,LAP-15,TÜR-{number:05}" for number in range(10_000)])

    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "faulty.csv")
        assert "10,000 of 10,000 rows" in " ".join(rig.text.split())
        began = time.monotonic()
        for _ in range(5):
            await rig.press("pagedown")
        await rig.pilot.press(*"07777")
        await until(rig, "1 of 10,001 problems have “07777”")
        assert time.monotonic() - began < 20, "none of it looks at all the problems for each row drawn"

    play(site, scenes)


# Its parts


def test_recent_files_are_few_and_only_those_that_are_there(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.csv" for number in range(MOST + 3)]
    for path in paths:
        path.touch()
        assert remember(path) == ""
    remember(paths[5])
    paths[-1].unlink()

    assert recent_files()[:2] == (paths[5], paths[-2])
    assert len(recent_files()) == MOST - 1


def test_a_list_of_recent_files_that_somebody_wrote_into_starts_anew(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    remember(tmp_path / "a.csv")
    (kept,) = home.rglob("recent-files.json")
    kept.write_text("{")

    assert recent_files() == ()
    assert remember(tmp_path / "a.csv") == ""
    assert recent_files() == (tmp_path / "a.csv",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a.csv", "/here/a.csv"),
        ("../a.csv", "/a.csv"),
        ("/b/./c.csv ", "/b/c.csv"),
        ("'/b/with blank.csv'", "/b/with blank.csv"),
        (r"/b/with\ blank.csv", "/b/with blank.csv"),
        ("it's.csv", "/here/it's.csv"),
        ("bob's and joe's.csv", "/here/bob's and joe's.csv"),
        ("~nobody-such/a.csv", "/here/~nobody-such/a.csv"),
    ],
)
def test_a_path_is_taken_as_it_is_typed_or_dropped(typed: str, meant: str) -> None:
    assert given_path(typed, Path("/here")) == Path(meant)


def test_a_report_ends_with_its_last_page(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_preview(rig, "delivery-0412.csv")
        report = rig.app.screen.query_one(Report)
        report.show([ReportLine(f"entry {number} " + "word " * 30) for number in range(40)])
        await rig.settle()
        assert "entry 0 " in rig.text
        assert "▼ more: PgDn" in rig.text
        for _ in range(24):
            await rig.press("pagedown")
        assert "entry 39 " in rig.text
        assert "▼ more" not in rig.text
        for _ in range(24):
            await rig.press("pageup")
        assert "entry 0 " in rig.text

    play(site, scenes)


def test_what_nobody_scanned_is_imported_with_a_reason(site: Site, deliveries: Path) -> None:
    builders.product(site, "CAM-5", 5)
    opening(site, "NORDWIND", "W-EAST", "CAM-5", "C-1", "C-2")
    builders.shipment(site, "S-905", {"CAM-5": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-905", "C-1")
    assert said(packing.complete()) == ("OK", "")
    header = "Warehouse,Client,SO Number,SKU,Primary Serial Number"
    (deliveries / "packed.csv").write_text(f"{header}\nW-EAST,NORDWIND,S-905,CAM-5,C-2\n")

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f6")
        await choose(rig, "Serials of shipment orders")
        await until(rig, "2 of 5, file")
        await until(rig, "packed.csv")
        await rig.type("packed.csv")
        await until(rig, "Read and check")
        await rig.press("enter")
        await until(rig, "4 of 5, preview")
        assert "is not among what was scanned into S-905" in " ".join(rig.text.split())
        await choose(rig, "Import what was not scanned too")
        await rig.type("labels were swapped")
        await rig.press("enter")
        await until(rig, "scanned or not?")
        await rig.press("y")
        await until(rig, "1 serial imported as batch 1")
        await choose(rig, "Take this import back, batch 1")
        await until(rig, "Take batch 1 back?")
        assert "1 serial is Received again" in rig.text
        assert "Remove" not in rig.text  # nothing goes
        await choose(rig, "Make 1 unit Received again")
        await until(rig, "5 of 5, done")

    play(site, scenes)
    (life,) = tracing.trace(site, "C-2")
    assert life.standing == "Received"
