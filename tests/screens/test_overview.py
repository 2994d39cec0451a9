"""The overview: what waits is told, Enter opens it, and it looks again by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from scanstation.domain.backups import BackupPlan, BackupsFound
from scanstation.domain.scan import Scan
from scanstation.screens.overview import OverviewScreen
from scanstation.store import orders
from scanstation.workflows.orders import holding, purchase_orders, shipment_orders
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.backup_process import Backups
from tests import builders, serials
from tests.conftest import Clock
from tests.screens.pictures import Compare, Scene
from tests.screens.rig import SIZES, Rig, pictured, play, station_app, stock
from tests.workflows.done_work import open_work, packed, received


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    stock(site)


def test_home_leads_to_the_overview_and_esc_back(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9")
        assert rig.lines[0].startswith(" OVERVIEW")
        assert "To receive: 2 orders" in rig.text
        assert "To pack: 2 orders" in rig.text
        for part in ("Open work", "Imports", "Cannot ship", "Refused"):
            assert part not in rig.text, "a part with nothing in it says nothing"
        await rig.press("escape")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_enter_opens_the_marked_order_and_esc_comes_back_to_its_row(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "down", "enter")
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1004")
        await rig.press("escape")
        assert rig.lines[0].startswith(" OVERVIEW")
        assert "▶ N-1004" in rig.text

    play(site, scenes)


def test_a_scanned_order_is_opened_and_a_command_leads_home(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9")
        await rig.scan("S-901")
        assert rig.lines[0].startswith(" SHIPMENT ORDER   S-901")
        await rig.press("escape")
        await rig.scan("NOBODY")
        assert rig.verdict.startswith("STOP NOBODY is not known here")
        await rig.scan("SS-HOME")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_what_another_station_does_appears_and_the_mark_stays(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "down", "down")
        assert "▶ S-901" in rig.text
        other = builders.purchase(site, "N-0001", {"BAT-100": 7}, due="2026-11-01")
        received(site, other, "BAT-100", quantity=2)
        screen = rig.app.screen
        assert isinstance(screen, OverviewScreen)
        screen.look_again()
        await rig.settle()
        assert "2 of 7" in rig.row("N-0001")
        assert "Today  2 received · 0 packed · 0 orders shipped · 0 to ship" in rig.text
        assert "▶ S-901" in rig.text

    play(site, scenes)


def test_orders_of_one_number_in_two_warehouses_are_told_apart(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f9")
        assert "W-EAST" not in rig.text, "where there is one warehouse it says nothing"
        builders.purchase(site, "N-1004", {"LAP-15": 3}, due="2026-11-23", warehouse="W-[west]")
        await rig.press("escape", "f9")
        assert "NORDWIND · W-EAST" in rig.text
        assert "NORDWIND · W-[west]" in rig.text

    play(site, scenes)


def test_more_shows_the_rest_of_a_part(site: Site) -> None:
    for number in range(8):
        builders.purchase(site, f"N-{number}", {"BAT-100": 1})

    async def scenes(rig: Rig) -> None:
        await rig.press("f9")
        assert "To receive: 10 orders" in rig.text
        assert "7 more" in rig.text
        await rig.press("down", "down", "down", "enter")
        assert "7 more" not in rig.text
        assert "▶ N-1003" in rig.text or "N-3" in rig.text
        await rig.press(*["up"] * 10)
        assert "▶ N-1003" in rig.text

    play(site, scenes)


def test_refusals_of_today_can_be_read(site: Site) -> None:
    builders.product(site, "TAB-8", 1)  # on no order

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "TAB-8", "XXX-1", "TAB-8", "SS-HOME")
        await rig.press("f9")
        async with asyncio.timeout(60):
            await rig.mark("2 ×")
        assert "products that are not on the order" in rig.row("▶ 2 ×")
        await rig.press("enter")
        assert rig.text.count("TAB-8 is not on N-1003") == 2
        assert "dock-2" in rig.text
        await rig.press("escape")
        assert rig.lines[0].startswith(" OVERVIEW")

    play(site, scenes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_in_pictures(site: Site, clock: Clock, snap_compare: Compare, size: tuple[int, int]) -> None:
    _busy_morning(site, clock)
    assert _same(site, snap_compare, size, _look)


def test_in_pictures_with_sixteen_colours(site: Site, clock: Clock, snap_compare: Compare) -> None:
    _busy_morning(site, clock)

    async def scene(rig: Rig) -> None:
        rig.app.theme = "station-16"
        await _look(rig)

    assert _same(site, snap_compare, (80, 24), scene)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_backups_that_are_not_made_stand_first_in_pictures(
    site: Site, clock: Clock, snap_compare: Compare, size: tuple[int, int]
) -> None:
    _busy_morning(site, clock)
    assert _same(site, snap_compare, size, _with_backups(clock, "There is no folder /mnt/backup. Is its disk missing?"))


def test_backups_that_are_well_stand_last(site: Site, clock: Clock) -> None:
    async def scenes(rig: Rig) -> None:
        await _with_backups(clock, "")(rig)
        await rig.press("down", "down", "down", "down", "enter")
        assert "▶ 3 hours ago" in rig.text
        assert "14 kept in /mnt/backup" in rig.row("▶")
        assert rig.verdict.startswith("OK The last backup was made 3 hours ago")

    play(site, scenes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_came_back_and_is_on_hold_in_pictures(
    site: Site, clock: Clock, snap_compare: Compare, size: tuple[int, int]
) -> None:
    builders.product(site, "CAM-7", 2)
    order = builders.shipment(site, "S-9", {"CAM-7": 2})
    packed(site, order, "CAM-7", "GONE-1", "GONE-2")
    shipment_orders.ship(site, order)
    desk = ReturnDesk(site)
    for code in ("RMA-7", "SS-YES", "GONE-1", "GONE-2", "SS-COMPLETE"):
        desk.answer(Scan(code))
    clock.moment = datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
    holding.hold(site, serials.opening(site, "NORDWIND", "W-EAST", "CAM-7", "C1", "C2", "C3"), "box was wet")

    async def scene(rig: Rig) -> None:
        await rig.press("f9")
        await rig.mark("CAM-7")
        await rig.press("enter")
        assert "GONE-2 · CAM-7 · Received" in rig.text
        await rig.press("escape", "down")

    assert _same(site, snap_compare, size, scene)


def _with_backups(clock: Clock, trouble: str) -> Callable[[Rig], Awaitable[None]]:
    async def scene(rig: Rig) -> None:
        backups = rig.app.station.backups = Backups("", BackupPlan("/mnt/backup", every_hours=2))
        backups.found = BackupsFound(clock.moment - timedelta(hours=3), 14, trouble)
        await rig.press("f9")

    return scene


async def _look(rig: Rig) -> None:
    await rig.press("f9")
    wide = "Units received, by the hour" in rig.text
    assert ("214  units received" if wide else "214 received · 8 packed") in rig.text
    assert "late 1 d" in rig.row("N-800")
    assert "To receive: 4 orders" in rig.text


def _busy_morning(site: Site, clock: Clock) -> None:
    for hour, quantity in ((6, 34), (7, 60), (8, 112), (9, 5)):
        clock.moment = datetime(2026, 11, 20, hour, 10, tzinfo=UTC)
        order = builders.purchase(site, f"N-9{hour}", {"BAT-100": quantity})
        received(site, order, "BAT-100", quantity=quantity)
    builders.purchase(site, "N-800", {"BAT-100": 4}, due="2026-11-19")
    builders.purchase(site, "N-1005", {"BAT-100": 4, "CBL-010": 6}, due="2026-11-24")
    with site.store.read() as tx:
        numbers = {number: orders.find(tx, number)[0].id for number in ("N-1003", "N-1004")}
    purchase_orders.receive_all(site, numbers["N-1004"])
    builders.purchase(site, "N-1006", {"BAT-100": 1})
    builders.product(site, "PHO-1", 6)
    packed(site, builders.shipment(site, "S-777", {"PHO-1": 3}), "PHO-1", quantity=3)
    packed(site, builders.shipment(site, "S-778", {"BAT-100": 3}), "BAT-100", quantity=3)
    late = builders.shipment(site, "S-700", {"BAT-100": 3, "CBL-010": 2}, due="2026-11-18")
    packed(site, late, "CBL-010", quantity=2)
    open_work(site, numbers["N-1003"], "BAT-100", quantity=1, station="dock-3")


def _same(site: Site, snap_compare: Compare, size: tuple[int, int], scene: Scene) -> bool:
    app = station_app(site)

    async def counted(rig: Rig) -> None:
        await rig.settle()
        while any(one.name == "imports" for one in app.workers):
            await rig.settle()

    return pictured(app, snap_compare, size, scene, counted)
