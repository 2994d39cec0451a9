"""A recall at the station: found by what there is, shown, put on hold and exported."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.domain.operators import Right
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.workflows.orders import holding, lot_holding, shipment_orders
from scanstation.workflows.reports import recall, tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders, serials
from tests.outcomes import done
from tests.screens.pictures import Compare, Scene, in_all_sizes
from tests.screens.rig import Rig, pictured, play, station_app
from tests.workflows.at_the_desk import scan
from tests.workflows.seats import turn_on, with_somebody

GTIN = "04006381333931"
PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


def label(serial: str, lot: str, use_by: str = "270331") -> str:
    return f"]C101{GTIN}17{use_by}21{serial}\x1d10{lot}"


@pytest.fixture
def dock(site: Site) -> Site:
    """Twelve pumps of one lot, three of them shipped, one of another, two of which nobody knows it."""
    builders.product(site, "PUMP-7", 1, barcodes=[Barcode(GTIN)])
    builders.product(site, "CBL", 0)
    builders.purchase(site, "N-1", {"PUMP-7": 13})
    desk = Desk(site, PO)
    scan(desk, "N-1", *(label(f"SN-{number:03}", "L-7711") for number in range(12)), label("SN-900", "L-8", "280630"))
    desk.complete()
    serials.opening(site, "NORDWIND", "W-EAST", "PUMP-7", "OLD-1", "OLD-2")
    sold = builders.shipment(site, "S-1", {"PUMP-7": 3}, partner="Clinic South, Ward 4")
    desk = Desk(site, SO)
    scan(desk, "S-1", *(f"SN-{number:03}" for number in range(3)))
    desk.complete()
    shipment_orders.ship(site, sold)
    return site


async def to_recall(rig: Rig) -> None:
    """From Home to the form."""
    await rig.press("f9", "f8", "down", "down", "down", "enter")
    assert rig.lines[0].startswith(" RECALL")


async def to_lot(rig: Rig) -> None:
    """Product and lot by what there is."""
    await to_recall(rig)
    await rig.type("pump")
    await rig.press("enter", "enter")


def test_a_lot_is_picked_from_what_there_is(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.press("f5")
        assert rig.verdict == (
            "CHECK Choose a product and its lot, or a use-by, a PO, days; or scan a piece whose lot is known."
        )
        await rig.press("enter")
        assert "PUMP-7" in rig.text
        await rig.press("down", "enter")
        await rig.type("2027-03")
        assert rig.verdict == "OK Lot L-7711 of PUMP-7. F7 puts all of it on hold, F8 writes the list."
        assert "12 units · 9 Received, 3 Shipped" in rig.text
        assert "lot unknown: 2" in rig.text
        assert "S-1 → Clinic South, Ward 4" in rig.row("SN-000")
        assert "W-EAST" in rig.row("SN-003")
        await rig.press("pagedown")
        assert "lot unknown" in rig.row("OLD-2")
        await rig.press("pagedown")
        assert rig.verdict.endswith("That was the last page.")
        await rig.press("pageup")
        assert "SN-000" in rig.text
        await rig.press("enter")
        assert rig.lines[0].startswith(" TRACE")
        await rig.press("escape", "f6")
        assert "L-7711" in rig.row("▶ Lot")
        await rig.type("L-9")
        assert "Nothing begins so." in rig.text

    play(dock, scenes)


def test_a_piece_says_its_lot_by_a_scan(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.scan("OLD-1")
        assert rig.verdict == "CHECK OLD-1: its lot is not known. Choose the product and the lot."
        await rig.scan("SN-900")
        assert rig.verdict.startswith("OK Lot L-8 of PUMP-7.")
        assert "1 unit · 1 Received" in rig.text
        await rig.press("f5")
        assert "any" in rig.row("▶ SKU")

    play(dock, scenes)


def test_the_whole_lot_goes_on_hold_and_is_released(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_lot(rig)
        await rig.press("f7")
        await rig.type("seal leaks")
        await rig.press("y")
        await rig.until("OK Lot L-7711 of PUMP-7 is on hold")
        assert "lot L-7711 · on hold" in rig.lines[0]
        assert "Received, on hold" in rig.row("SN-003")
        await rig.scan("SN-004")
        assert rig.verdict == "OK Lot L-7711 of PUMP-7 is on hold since 09:00, by Ana: seal leaks"
        await rig.press("f7")
        await rig.type("seals changed")
        await rig.press("y")
        await rig.until("OK Lot L-7711 of PUMP-7 is not on hold any more")
        assert "Received, on hold" not in rig.text

    play(dock, scenes)
    (life,) = tracing.trace(dock, "SN-003")
    assert [event.what.value for event in life.events][-2:] == ["On hold", "Hold lifted"]


def test_a_list_of_serials_is_scanned_shown_and_put_on_hold(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.press("down", "down", "down")
        assert "▶ Serials" in rig.text
        await rig.press("f5")
        assert rig.verdict.startswith("CHECK Scan or type the serials one after the other")
        await rig.scan("SN-001", "SN-004")
        assert rig.verdict == "OK SN-004 is on the list, 2 serials now. Scan the next; F5 shows where they are."
        await rig.scan("sn-004")
        assert rig.verdict == "CHECK sn-004 is on the list already, 2 serials now."
        await rig.scan("SN-77")
        assert rig.verdict.startswith("CHECK No unit has or ever had SN-77; it stays on the list, 3 serials now.")
        await rig.type("OLD-2")
        assert "4 serials" in rig.row("▶ Serials")
        await rig.press("delete")
        assert rig.verdict == "OK OLD-2 is off the list, 3 serials left."
        await rig.press("f5")
        assert "RECALL   3 serials" in rig.lines[0]
        assert "2 units · 1 Received, 1 Shipped" in rig.text
        assert "serial not known: 1" in rig.text
        assert "S-1 → Clinic South, Ward 4" in rig.row("SN-001")
        assert "serial not known" in rig.row("SN-77")
        await rig.scan("SN-900")
        assert "3 units · 2 Received, 1 Shipped" in rig.text
        await rig.press("f7")
        await rig.type("seal leaks")
        assert "Put 3 units on hold?" in rig.text
        await rig.press("y")
        await rig.until("OK 3 units are on hold now.")
        await rig.press("escape")
        assert "Received, on hold" in rig.row("SN-004")
        assert "F7 Lift hold" in rig.text
        await rig.press("f5")
        assert "any" in rig.row("▶ SKU")

    play(dock, scenes)
    (life,) = tracing.trace(dock, "SN-900")
    assert life.unit.on_hold == "seal leaks"


def _held_otherwise(site: Site) -> None:
    units = [tracing.trace(site, code)[0].unit.id for code in ("SN-003", "SN-004")]
    done(holding.release(site, units, "dry"))
    done(holding.hold(site, units[1:], "stolen"))


def _lot_held_otherwise(site: Site) -> None:
    done(lot_holding.release(site, "PUMP-7", "L-7711", "seals changed"))
    done(lot_holding.hold(site, "PUMP-7", "L-7711", "recalled by the maker"))


@pytest.mark.parametrize(
    ("is_lot", "meanwhile", "says"),
    [
        (False, _held_otherwise, "SN-004 is on hold for something else since you looked: stolen. No hold was lifted."),
        (
            True,
            _lot_held_otherwise,
            "Lot L-7711 of PUMP-7 is on hold for something else since you looked: recalled by the maker. It stays so.",
        ),
    ],
    ids=["serials", "lot"],
)
def test_a_hold_that_is_lifted_is_the_one_that_was_shown(
    dock: Site, is_lot: bool, meanwhile: Callable[[Site], None], says: str
) -> None:
    if is_lot:
        done(lot_holding.hold(dock, "PUMP-7", "L-7711", "seal leaks"))
    else:
        done(holding.hold(dock, [tracing.trace(dock, code)[0].unit.id for code in ("SN-003", "SN-004")], "box wet"))

    async def scenes(rig: Rig) -> None:
        if is_lot:
            await to_lot(rig)
        else:
            await to_recall(rig)
            await rig.press("down", "down", "down")
            await rig.scan("SN-003", "SN-004")
            await rig.press("f5")
        await rig.press("f7")
        await rig.type("looked at")
        assert "Lift the hold of" in rig.text
        meanwhile(dock.at_station("office"))
        await rig.press("y")
        assert rig.verdict == f"STOP {says}"

    play(dock, scenes)
    (life,) = tracing.trace(dock, "SN-004")
    assert life.unit.on_hold == ("lot L-7711: recalled by the maker" if is_lot else "stolen")


def test_a_file_of_serials_is_recalled(dock: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("SN-003\n\nSN-004\nSN-X\n")
    (tmp_path / "long.txt").write_text("".join(f"SN-{number}\n" for number in range(recall.LONGEST_ON_A_SCREEN + 1)))
    (tmp_path / ".hidden.txt").write_text("SN-003\n")

    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.press("down", "down", "down")
        for name, says in (
            ("none.txt", "STOP There is no file none.txt."),
            (".hidden.txt", "STOP .hidden.txt is hidden, and nothing for a screen"),
            ("long.txt", "STOP A list of 2,001 serials is too long for the screen, which takes 2,000."),
        ):
            await rig.type(name)
            await rig.until(says)
        await rig.type("list.txt")
        await rig.until("OK 3 serials are on the list, with those of list.txt.")
        await rig.press("f5", "f8")
        assert "recall-list.xlsx" in rig.slot.field.value
        for _ in range(4):
            await rig.press("backspace")
        await rig.type("json")
        await rig.until("OK ")

    play(dock, scenes)
    rows = json.loads((tmp_path / "recall-list.json").read_text())
    assert [(row["match"], row["primary_serial"]) for row in rows] == [
        ("listed", "SN-003"),
        ("listed", "SN-004"),
        ("serial not known", "SN-X"),
    ]


def test_what_runs_out_in_a_month_is_recalled_with_no_lot_and_no_product(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.press("down", "down")
        await rig.press("enter")
        assert "2027-03-31" in rig.text
        assert "12 units" in rig.text
        await rig.press("escape")
        await rig.type("01.06.2028")
        assert rig.verdict.startswith("STOP “01.06.2028” may mean two days: ")
        await rig.type("2028-06")
        assert rig.verdict == "OK use-by 2028-06: 1 unit. F7 puts them on hold or lifts that, F8 writes the list."
        assert "W-EAST" in rig.row("SN-900")
        assert "unknown" not in rig.text  # of which products?
        await rig.press("f6", "up")
        await rig.type("pump")
        await rig.press("f5")
        assert "use-by unknown: 2" in rig.text
        assert "W-EAST" in rig.row("OLD-2")
        await rig.press("f7")
        await rig.type("expired")
        await rig.press("y")
        await rig.until("OK SN-900 is on hold now.")

    play(dock, scenes)


def test_what_came_in_on_an_order_and_between_days_is_recalled(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await to_recall(rig)
        await rig.press("down", "down", "down", "down")
        await rig.type("N-1")
        assert "▶ Since" in rig.text
        await rig.type("tomorrow")
        assert rig.verdict.startswith("STOP “tomorrow” is no day.")
        await rig.type("01.11.2026")
        assert rig.verdict.startswith("STOP “01.11.2026” may mean two days: ")
        await rig.type("2026-11-01")
        await rig.press("f5")
        assert "13 units · 10 Received, 3 Shipped" in rig.text
        assert rig.verdict.startswith("OK PO N-1, since 2026-11-01: 13 units.")

    play(dock, scenes)


def test_all_of_it_is_exported(dock: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def scenes(rig: Rig) -> None:
        await to_lot(rig)
        await rig.press("f8")
        assert "recall-L-7711.xlsx" in rig.slot.field.value
        for _ in range(4):
            await rig.press("backspace")
        await rig.type("json")
        await rig.until("OK ")

    play(dock, scenes)
    rows = json.loads((tmp_path / "recall-L-7711.json").read_text())
    assert [row["match"] for row in rows] == ["lot"] * 12 + ["lot unknown"] * 2
    assert rows[0]["ship_to"] == "Clinic South, Ward 4"


def test_without_the_right_to_read_reports_there_is_none(dock: Site) -> None:
    turn_on(dock)
    packer = with_somebody(dock, Right.PACK)

    async def scenes(rig: Rig) -> None:
        await to_lot(rig)
        assert rig.verdict.startswith("STOP ")
        assert "SN-003" not in rig.text

    play(packer, scenes)


@pytest.fixture
def picture(dock: Site, snap_compare: Compare) -> Callable[[Scene, tuple[int, int]], bool]:
    """Play a scene and compare what is on the screen then."""
    app = station_app(dock)

    def compare(scene: Scene, size: tuple[int, int]) -> bool:
        return pictured(app, snap_compare, size, scene)

    return compare


@in_all_sizes
def test_what_is_recalled(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_recall(rig)
        await rig.type("pump")
        await rig.press("enter")

    assert picture(scene, size)


@in_all_sizes
def test_a_lot(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await to_lot(rig)
        await rig.press("down")

    assert picture(scene, size)
