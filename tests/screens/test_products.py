"""The products screens: finding one, its settings and the words beside them, barcodes, codes to try, saving."""

import sys
from pathlib import Path

import pytest

from scanstation.domain.products import Barcode, Product
from scanstation.store import catalog
from scanstation.workflows.master_data import products
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, Scene
from tests.screens.rig import SIZES, Rig, pictured, play, station_app, stock
from tests.terminal import Terminal
from tests.workflows.done_work import open_work, received

PROGRAM = Path(__file__).parent / "station_program.py"


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    stock(site)


def record(site: Site, sku: str) -> Product:
    """The product as the store has it."""
    with site.store.read() as tx:
        (found,) = catalog.products_of_code(tx, sku)
    return found.product


async def to_product(rig: Rig, sku: str = "CAM-300") -> None:
    """Open a product by its scan."""
    await rig.press("f9", "f7")
    await rig.scan(sku)
    assert rig.lines[0].startswith(f" PRODUCT   {sku}")


async def mark(rig: Rig, text: str) -> None:
    """Move the mark down to a row."""
    for _ in range(30):
        if f"▶ {text}" in rig.text:
            return
        await rig.press("down")
    raise AssertionError(f"no row {text!r}\n{rig.text}")


def test_typing_narrows_the_list_and_enter_opens(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7")
        assert rig.lines[0].startswith(" PRODUCTS   4 in all")
        assert "scanned, two" in rig.row("CAM-300")
        await rig.press("l", "a", "p")
        assert "CAM-300" not in rig.text
        await rig.press("enter")
        assert rig.lines[0].startswith(" PRODUCT   LAP-15")
        await rig.press("escape")
        assert rig.lines[0].startswith(" PRODUCTS")
        assert "CAM-300" in rig.text

    play(site, scenes)


def test_of_what_typing_has_left_the_marked_one_is_opened(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7", "1", "0")
        assert "LAP-15" not in rig.text
        await rig.press("down", "enter")
        assert rig.lines[0].startswith(" PRODUCT   CBL-010")

    play(site, scenes)


def test_what_no_product_has_is_told(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7")
        await rig.type("xyzzy")
        assert rig.verdict == "STOP No product here has xyzzy in it."
        await rig.scan("NOBODY")
        assert rig.verdict.startswith("STOP NOBODY is no product here.")
        await rig.scan("SS-HOME")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_the_list_reads_on_as_the_mark_goes_down(site: Site) -> None:
    for number in range(products.PAGE + 20):
        builders.product(site, f"ZZ-{number:03}", client="SUEDLICHT")

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7", *["pagedown"] * 12)
        assert f"▶ ZZ-{products.PAGE + 19:03}" in rig.text

    play(site, scenes)


def test_a_code_of_two_clients_is_a_choice(site: Site) -> None:
    builders.product(site, "CAM-300", 1, client="SUEDLICHT")

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7")
        await rig.scan("CAM-300")
        assert rig.verdict == "CHECK CAM-300: NORDWIND and SUEDLICHT have it: choose one with ↑ ↓ and Enter."
        assert "LAP-15" not in rig.text
        await rig.press("down", "enter")
        assert rig.lines[0].startswith(" PRODUCT   CAM-300 · SUEDLICHT")

    play(site, scenes)


def test_settings_show_at_once_what_every_step_will_do(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        assert "Scenario 3" in rig.text
        assert "one code of each" in rig.text
        await mark(rig, "[ ] Skip Scan")
        await rig.press("space")
        assert "Scenario 7" in rig.text
        assert "not saved yet" in rig.lines[0]
        await rig.press("enter")
        assert "Scenario 3" in rig.text
        assert "not saved yet" not in rig.lines[0]

    play(site, scenes)
    assert record(site, "CAM-300").settings == builders.SETTINGS[3]


def test_a_bad_combination_is_refused_with_the_two_settings(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "[ ] Only Packing")
        await rig.press("space")
        assert "Cannot be saved so" in rig.text
        await rig.press("f10")
        assert rig.verdict.startswith("STOP CAM-300: “Both Receiving and Packing” and “Only Packing” are both on")
        await rig.press("f2")
        assert "Scenario 3" in rig.text

    play(site, scenes)
    assert record(site, "CAM-300").settings == builders.SETTINGS[3]


def test_saving_settings_says_how_many_units_lack_serials(site: Site) -> None:
    with site.store.read() as tx:
        from scanstation.store import orders

        order_id = orders.find(tx, "N-1003")[0].id
    received(site, order_id, "BAT-100", quantity=40)

    async def scenes(rig: Rig) -> None:
        await to_product(rig, "BAT-100")
        await rig.press("space", "down", "space", "f10")
        asked = " ".join(rig.text.split())
        assert "40 units of BAT-100 on hand have no serials" in asked
        assert "New settings count for units taken from now on. Save BAT-100?" in asked
        await rig.press("n")
        assert record(site, "BAT-100").settings == builders.SETTINGS[0]
        await rig.press("f10", "y")
        assert rig.verdict == "OK BAT-100 is saved: Track Serial Number, Both Receiving and Packing."
        assert "not saved yet" not in rig.lines[0]

    play(site, scenes)
    assert record(site, "BAT-100").settings == builders.SETTINGS[1]


def test_settings_wait_for_open_work(site: Site) -> None:
    with site.store.read() as tx:
        from scanstation.store import orders

        order_id = orders.find(tx, "N-1003")[0].id
    open_work(site, order_id, "CAM-300", serials=["SN-1/L-1"])

    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "[x] Scan Secondary")
        await rig.press("space", "f10")
        assert rig.verdict.startswith("STOP CAM-300 is in open work, so its settings cannot change now")

    play(site, scenes)
    assert record(site, "CAM-300").settings == builders.SETTINGS[3]


def test_barcodes_are_added_by_scan_and_by_typing_and_taken_off(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await rig.press("f5")
        await rig.scan("5901234123457")
        assert rig.verdict.startswith("OK 5901234123457 is added. It counts once it is saved.")
        await rig.press("f5")
        await rig.type("carton=12")
        assert "carton, a pack of 12" in rig.text
        await rig.scan("4006381333948")
        assert rig.verdict.startswith("STOP 4006381333948 stands for BAT-100 already.")
        for _ in range(12):
            await rig.press("up")
        await mark(rig, "4006381333931")
        await rig.press("enter", "y")
        await rig.press("f10")
        assert rig.verdict == "OK CAM-300 is saved: barcodes."

    play(site, scenes)
    with site.store.read() as tx:
        kept = catalog.barcodes_of(tx, record(site, "CAM-300").id)
    assert kept == [Barcode("5901234123457"), Barcode("carton", 12)]


def test_a_pattern_is_typed_and_a_scan_tries_it(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "Pattern")
        await rig.press("enter")
        await rig.pilot.press(*"[A")
        await rig.press("enter")
        assert rig.verdict.startswith("STOP [A is not a regular expression that can be used here")
        await rig.press("enter")
        await rig.pilot.press(*"CAM[0-9]{7}")
        await rig.press("enter", "f7")
        assert "Scan a serial to try it" in rig.text
        await rig.scan("CAM1234567")
        assert rig.verdict.startswith("OK CAM1234567 looks like a primary serial of CAM-300")
        await rig.scan("4006381333931")
        assert rig.verdict.startswith("STOP 4006381333931 is the product CAM-300, not a serial.")
        await rig.press("f10")
        assert rig.verdict == "OK CAM-300 is saved: serial pattern."

    play(site, scenes)
    assert record(site, "CAM-300").serial_pattern == "CAM[0-9]{7}"


def test_that_units_differ_only_by_marks_is_taken_back(site: Site) -> None:
    known = record(site, "CAM-300")
    site.store.act(lambda tx: catalog.tell_apart(tx, known, ["marks", "separators"], site.stamp()))

    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "Ask “the same unit?” again")
        await rig.press("enter")
        assert "again …" not in rig.text
        await rig.press("f10")
        assert rig.verdict == "OK CAM-300 is saved: what alone may tell units apart."

    play(site, scenes)
    assert record(site, "CAM-300").told_apart == ()


def test_a_text_can_be_emptied(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "Hint")
        await rig.press("enter")
        await rig.press(*["backspace"] * 40, "enter")
        assert "Hint: –" in rig.text
        await rig.press("f10")

    play(site, scenes)
    assert record(site, "CAM-300").serial_hint == ""


def test_a_new_product_is_made_with_the_checks_of_load(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7", "f5")
        assert rig.lines[0].startswith(" PRODUCT   new")
        await rig.press("enter")
        await rig.type("nordwind")
        assert "Client: NORDWIND" in rig.text
        await rig.press("f10")
        assert rig.verdict == "STOP The SKU is empty. Fill it in."
        await rig.press("down")
        await rig.scan("CAM-300")
        assert rig.lines[0].startswith(" PRODUCT   CAM-300 · not saved yet")
        await rig.press("f10")
        assert rig.verdict.startswith("STOP CAM-300 is a product of NORDWIND already.")
        await rig.scan("4006381333931")
        await rig.press("f10")
        assert rig.verdict.startswith("STOP 4006381333931 stands for CAM-300 already.")
        await rig.scan("CAM-900")
        await rig.press("down", "space", "down", "space", "f5")
        await rig.scan("5901234123457")
        await rig.press("f10")
        assert rig.verdict == "OK CAM-900 of NORDWIND is a product now."
        assert "09:00 Ana at dock-2  made" in rig.text
        await mark(rig, "Description")
        await rig.press("enter")
        await rig.type("Camera")
        await rig.press("f10")
        assert rig.verdict == "OK CAM-900 is saved: description."

    play(site, scenes, size=(120, 40))
    made = record(site, "5901234123457")
    assert (made.sku, made.description, made.settings) == ("CAM-900", "Camera", builders.SETTINGS[1])


def test_a_new_clients_first_product_is_asked_about(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7", "f5", "enter")
        await rig.type("OSTWIND")
        await rig.press("down")
        await rig.scan("TAB-1")
        await rig.press("f10")
        assert "There is no client OSTWIND yet: it is made too. Save TAB-1?" in " ".join(rig.text.split())
        await rig.press("y")
        assert rig.verdict == "OK TAB-1 of OSTWIND is a product now."
        await rig.press("escape")
        assert "OSTWIND" in rig.row("TAB-1")

    play(site, scenes)


def test_what_was_changed_is_told_with_who_and_when(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig, "LAP-15")
        assert "Changes" not in rig.text
        await mark(rig, "[x] Skip Scan")
        await rig.press("space", "f10", "y")
        assert "09:00 Ana at dock-2  Skip Scan Serial Number: on → off" in " ".join(rig.text.split(" ")).replace(
            "\n", ""
        )

    play(site, scenes, size=(120, 40))


def test_leaving_with_changes_asks_and_nothing_is_saved(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "[ ] Skip Scan")
        await rig.press("space")
        await rig.scan("SS-HOME")
        assert rig.verdict.startswith("STOP SS-HOME: What was changed is not saved.")
        await rig.press("escape")
        assert "Leave CAM-300 without saving what was changed (Skip Scan Serial Number)?" in " ".join(rig.text.split())
        await rig.press("n")
        assert rig.lines[0].startswith(" PRODUCT   CAM-300")
        await rig.press("escape", "y")
        assert rig.lines[0].startswith(" PRODUCTS")

    play(site, scenes)
    assert record(site, "CAM-300").settings == builders.SETTINGS[3]


def test_command_barcodes_stand_for_their_keys(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_product(rig)
        await rig.scan("SS-UNDO")
        assert rig.verdict == "CHECK SS-UNDO: Nothing was changed."
        await mark(rig, "[x] Scan Secondary")
        await rig.press("space")
        await rig.scan("SS-UNDO")
        assert rig.verdict == "OK SS-UNDO: The last change is taken back."
        await rig.press("space")
        await rig.scan("SS-COMPLETE", "SS-YES")
        assert rig.verdict.startswith("OK CAM-300 is saved")
        await rig.scan("SS-CANCEL")
        assert rig.lines[0].startswith(" PRODUCTS")

    play(site, scenes)
    assert record(site, "CAM-300").settings == builders.SETTINGS[1]


def test_in_a_real_terminal_a_person_changes_a_product(site: Site) -> None:
    argv: list[str | Path] = [sys.executable, PROGRAM, f"sqlite:///{site.store.path}", "dock-2"]
    with Terminal(argv, columns=80, rows=24, env={"TZ": "UTC"}) as terminal:
        terminal.wait_for("Scan an order or a serial number")
        terminal.press("f9")
        terminal.wait_for("OVERVIEW")
        terminal.press("f7")
        terminal.wait_for("PRODUCTS")
        terminal.pause(0.3)
        terminal.scan("LAP-15")
        terminal.wait_for("Scenario 5")
        terminal.press("down", "down", "down")
        terminal.wait_for("▶ [x] Skip Scan Serial Number")
        terminal.press("space")
        terminal.wait_for("Scenario 1")
        terminal.press("f5")
        terminal.wait_for("Scan a barcode to add it")
        terminal.pause(0.3)
        terminal.scan("5901234123457")
        terminal.wait_for("5901234123457 is added")
        terminal.press("f10")
        terminal.wait_for("Save LAP-15?")
        terminal.press("y")
        terminal.wait_for("LAP-15 is saved")
    assert record(site, "LAP-15").settings == builders.SETTINGS[1]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_list_in_pictures(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f7", "down")
        assert "▶ CAM-300" in rig.text

    assert _same(site, snap_compare, size, scene)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_product_in_pictures(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_product(rig)
        await mark(rig, "[ ] Skip Scan")
        await rig.press("space")
        assert "Scenario 7" in rig.text

    assert _same(site, snap_compare, size, scene)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_new_product_in_pictures(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f7", "f5", "enter")
        await rig.type("NORDWIND")
        await rig.press("down")

    assert _same(site, snap_compare, size, scene)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_was_changed_in_pictures(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_product(rig, "LAP-15")
        await mark(rig, "[x] Skip Scan")
        await rig.press("space", "f10", "y", *["pagedown"] * 4)

    assert _same(site, snap_compare, size, scene)


def test_a_bad_combination_in_pictures_with_sixteen_colours(site: Site, snap_compare: Compare) -> None:
    async def scene(rig: Rig) -> None:
        rig.app.theme = "station-16"
        await to_product(rig)
        await mark(rig, "[ ] Only Packing")
        await rig.press("space", "f10")

    assert _same(site, snap_compare, (80, 24), scene)


def _same(site: Site, snap_compare: Compare, size: tuple[int, int], scene: Scene) -> bool:
    app = station_app(site)

    return pictured(app, snap_compare, size, scene)


def test_on_a_handheld_products_of_one_sku_are_told_apart_beneath_it(site: Site) -> None:
    builders.product(site, "BAT-100", 1, client="SÜDWIND")

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f7")
        shown = [line.strip(" ▶") for line in rig.lines]
        beneath = [shown[at + 1] for at, line in enumerate(shown) if line.startswith("BAT-100")]
        assert beneath == ["NORDWIND", "SÜDWIND"]
        assert "NORDWIND" not in rig.text.replace("NORDWIND", "", 1), "only where a SKU is shared"

    play(site, scenes, (40, 20))
