"""The ship screen: what is scanned leaves, what cannot stays listed with why."""

import sys
from pathlib import Path

import pytest

from scanstation.domain.status import OrderStatus
from scanstation.store import orders
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, Scene
from tests.screens.rig import SIZES, Rig, pictured, play, station_app
from tests.terminal import Terminal
from tests.workflows.done_work import packed

PROGRAM = Path(__file__).parent / "station_program.py"


@pytest.fixture(autouse=True)
def orders_packed(site: Site) -> None:
    builders.product(site, "BAT-100", 0)
    builders.product(site, "PHO-1", 6)
    for number in ("S-901", "S-902", "S-903"):
        packed(site, builders.shipment(site, number, {"BAT-100": 2}), "BAT-100", quantity=2)
    packed(site, builders.shipment(site, "S-777", {"PHO-1": 3}), "PHO-1", quantity=3)
    packed(site, builders.shipment(site, "S-700", {"BAT-100": 6}), "BAT-100", quantity=4)
    builders.purchase(site, "N-1003", {"BAT-100": 2})


def test_each_order_scanned_is_shipped_at_once(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-901")
        assert rig.verdict == "OK S-901 is Shipped: 2 units, 0 of them with serials."
        await rig.scan("S-902")
        assert rig.lines[0].startswith(" SHIP   2 shipped")
        assert "Shipped: 2" in rig.text

    play(site, scenes)
    assert _status(site, "S-901") is _status(site, "S-902") is OrderStatus.SHIPPED
    assert _status(site, "S-903") is OrderStatus.READY_TO_SHIP


def test_what_is_ready_is_listed_and_all_of_a_client_leave_with_one_question(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        assert "Ready: 4" in rig.text
        assert "since 09:00" in rig.row("S-901")
        assert "2 units" in rig.row("S-901")
        assert "serials 0 of 3" in rig.row("S-777"), "it cannot leave"
        await rig.scan("S-901")
        assert "Ready: 3" in rig.text
        await rig.press("f10")
        assert "Have all 3 ready orders of NORDWIND left: S-777, S-902, S-903?" in " ".join(rig.text.split())
        await rig.press("n")
        assert _status(site, "S-902") is OrderStatus.READY_TO_SHIP
        await rig.scan("SS-COMPLETE", "SS-YES")
        await rig.until("STOP 2 orders of NORDWIND shipped, 1 not: the list says why.")
        assert rig.lines[0].startswith(" SHIP   3 shipped · 1 still here")
        assert "S-777 lacks serials of PHO-1" in " ".join(rig.text.split())
        await rig.press("f10")
        assert rig.verdict == "CHECK No order is ready to ship."

    play(site, scenes)
    assert _status(site, "S-777") is OrderStatus.READY_TO_SHIP


def test_a_typed_number_counts_too(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.type("s-901")
        assert rig.verdict.startswith("OK S-901 is Shipped")

    play(site, scenes)


def test_the_same_order_twice_is_check(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-901", "S-901")
        assert rig.verdict == "CHECK S-901 is shipped already, here at 09:00. Scan the next order."
        assert rig.lines[0].startswith(" SHIP   1 shipped")

    play(site, scenes)


def test_refused_orders_stay_listed_with_why_until_they_have_left(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-700", "S-901", "S-777")
        assert rig.verdict.startswith("STOP S-777 lacks serials of PHO-1: 0 of 3 are there.")
        assert rig.lines[0].startswith(" SHIP   1 shipped · 2 still here")
        told = " ".join(rig.text.split())
        assert "S-700 is Packing, not Ready to Ship, packed so far: BAT-100 4 of 6. Pack the rest" in told
        with site.store.read() as tx:
            order_id = orders.find(tx, "S-700")[0].id
        shipment_orders.close_short(site, order_id, "no more")
        await rig.scan("S-700")
        assert rig.verdict.startswith("OK S-700 is Shipped: 4 units")
        assert rig.lines[0].startswith(" SHIP   2 shipped · 1 still here")

    play(site, scenes)


def test_an_order_that_left_by_another_way_leaves_the_list(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-777")
        with site.store.read() as tx:
            order_id = orders.find(tx, "S-777")[0].id
        shipment_orders.ship(site, order_id, without_serials_reason="said by phone")
        rig.app.screen.look_again()  # type: ignore[attr-defined]
        await rig.settle()
        assert "NOT shipped" not in rig.text

    play(site, scenes)


def test_what_has_left_before_says_when_and_by_whom(site: Site) -> None:
    with site.store.read() as tx:
        order_id = orders.find(tx, "S-903")[0].id
    shipment_orders.ship(site.at_station("dock-9"), order_id)

    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-903")
        assert rig.verdict == "STOP S-903 is Shipped already: 09:00, by Ana at dock-9. It must not leave twice."
        rig.app.screen.look_again()  # type: ignore[attr-defined]
        await rig.settle()
        assert "NOT shipped" in rig.row("S-903"), "it is here, and must not leave: it stays listed"

    play(site, scenes)


def test_enter_ships_without_serials_for_a_reason(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.press("f7")
        assert rig.verdict == "CHECK No order here lacks serials."
        await rig.scan("S-777")
        await rig.press("enter")
        assert "Ship S-777 without them? Only Unship takes that back." in " ".join(rig.text.split())
        await rig.press("n")
        assert _status(site, "S-777") is OrderStatus.READY_TO_SHIP
        await rig.press("f7", "y")
        await rig.type("customer waits")
        assert rig.verdict.startswith("OK S-777 is Shipped: 3 units, 0 of them with serials. S-777 still lacks serials")
        assert rig.lines[0].startswith(" SHIP   1 shipped")

    play(site, scenes)
    with site.store.read() as tx:
        order_id = orders.find(tx, "S-777")[0].id
        assert [(act.act, act.reason) for act in orders.acts_on(tx, order_id)] == [
            ("Shipped without serials", "customer waits")
        ]


def test_enter_on_an_order_that_is_not_packed_opens_it(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-700")
        await rig.press("enter")
        assert rig.lines[0].startswith(" SHIPMENT ORDER   S-700")
        await rig.press("escape")
        assert rig.lines[0].startswith(" SHIP   0 shipped · 1 still here")

    play(site, scenes)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("SS-UNDO", "CHECK SS-UNDO: Undo takes no shipment back."),
        ("SS-COMPLETE", "OK SS-COMPLETE: All that is ready of one client"),
        ("SS-YES", "CHECK SS-YES: There is no question to answer."),
        ("SS-QTY-3", "CHECK SS-QTY-3: Each order scanned here leaves at once."),
        ("N-1003", "STOP N-1003 is a purchase order: it is not shipped."),
        ("S-999", "STOP S-999 is not an order here."),
        ("S-9\u200b01", "STOP"),
        ("]d2250L-1\x1d21S-901", "STOP 250L-1␝21S-901 is not an order here."),
    ],
)
def test_what_is_no_shipment_order_is_told(site: Site, code: str, answer: str) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan(code)
        assert rig.verdict.startswith(answer)
        assert rig.lines[0].startswith(" SHIP   0 shipped")

    play(site, scenes)


def test_f2_answers_as_the_undo_barcode_does(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.press("f2")
        assert "Undo takes no shipment back" in rig.verdict
        await rig.scan("SS-HOME")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_a_number_of_two_clients_ships_the_one_that_has_not_left(site: Site) -> None:
    builders.product(site, "BAG", 0, client="LICHT")
    other = builders.shipment(site, "S-901", {"BAG": 1}, client="LICHT")

    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-901")
        assert rig.verdict.startswith("STOP S-901 is an order of NORDWIND in W-EAST and LICHT in W-EAST.")
        shipment_orders.cancel(site, other, "twice")
        await rig.scan("S-901")
        assert rig.verdict.startswith("OK S-901 is Shipped: 2 units")

    play(site, scenes)


def test_orders_of_several_warehouses_are_told_apart_at_the_truck(site: Site) -> None:
    builders.product(site, "BAG", 0, client="LICHT")
    builders.shipment(site, "S-7", {"BAG": 1}, client="LICHT", warehouse="W-[west]")

    async def scenes(rig: Rig) -> None:
        await _to_ship(rig)
        await rig.scan("S-901")
        assert "W-EAST" not in rig.text
        await rig.scan("S-7")
        assert "LICHT · W-[west]" in rig.row("S-7  ")
        assert "NORDWIND · W-EAST" in rig.row("S-901  ")

    play(site, scenes)


def test_at_the_truck_in_a_real_terminal(site: Site) -> None:
    argv: list[str | Path] = [sys.executable, PROGRAM, f"sqlite:///{site.store.path}", "dock-2"]
    with Terminal(argv, columns=80, rows=24, env={"TZ": "UTC"}) as terminal:
        terminal.wait_for("Scan an order or a serial number")
        terminal.press("f9")
        terminal.wait_for("OVERVIEW")
        terminal.press("f5")
        terminal.wait_for("Scan each order as it leaves")
        terminal.pause(0.3)
        terminal.scan("S-901", "S-777", "S-902")
        terminal.wait_for("S-902 is Shipped")
        terminal.wait_for("2 shipped · 1 still here")
        terminal.pause(0.3)
        terminal.scan("S-902")
        terminal.wait_for("S-902 is shipped already, here at")
        terminal.press("f7")
        terminal.wait_for("Ship S-777 without them?")
        terminal.press("y")
        terminal.wait_for("Why does S-777 leave")
        terminal.type("urgent")
        terminal.press("enter")
        terminal.wait_for("3 shipped")
    assert _status(site, "S-777") is OrderStatus.SHIPPED


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_in_pictures(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert _same(site, snap_compare, size, _busy)


def test_in_pictures_with_sixteen_colours(site: Site, snap_compare: Compare) -> None:
    async def scene(rig: Rig) -> None:
        rig.app.theme = "station-16"
        await _busy(rig)

    assert _same(site, snap_compare, (80, 24), scene)


async def _busy(rig: Rig) -> None:
    await _to_ship(rig)
    await rig.scan("S-901", "S-700", "S-902", "S-777")
    assert rig.verdict.startswith("STOP S-777 lacks serials of PHO-1: 0 of 3 are there.")
    assert rig.text.count("lacks serials") == 1, "what the bar says stands there alone"
    assert "2 shipped" in rig.lines[0]


async def _to_ship(rig: Rig) -> None:
    await rig.press("f9", "f5")
    assert rig.lines[0].startswith(" SHIP")


def _status(site: Site, number: str) -> OrderStatus:
    with site.store.read() as tx:
        return orders.find(tx, number)[0].status


def _same(site: Site, snap_compare: Compare, size: tuple[int, int], scene: Scene) -> bool:
    app = station_app(site)

    return pictured(app, snap_compare, size, scene)
