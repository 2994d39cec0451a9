"""The lists of orders, one order, and what a supervisor does to it."""

from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.screens.widgets.entry_slot import Together
from scanstation.store import orders
from scanstation.workflows.master_data import loading
from scanstation.workflows.orders import order_book
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import Rig, play, stock
from tests.serials import opening
from tests.workflows.at_the_desk import scan
from tests.workflows.done_work import open_work


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    stock(site)


def test_typing_narrows_the_list_and_enter_opens(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7")
        assert "N-1003" in rig.text
        await rig.press("1", "0", "0", "4")
        assert "N-1003" not in rig.text
        await rig.press("enter")
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1004")
        await rig.press("escape")
        assert rig.lines[0].startswith(" PURCHASE ORDERS")
        await rig.press("escape")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_enter_opens_no_order_that_does_not_fit_what_was_typed(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7")
        await rig.press("Q", "7", "enter")
        assert "No purchase order here has Q7 in it" in rig.verdict
        await rig.press("down", "down")
        rig.app.post_message(Together("Q8", "enter"))
        await rig.settle()
        assert "No purchase order here has Q8 in it" in rig.verdict
        rig.app.post_message(Together("004", "enter"))
        await rig.settle()
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1004")

    play(site, scenes)


@pytest.mark.parametrize("way", [(), ("f7",), ("f8",), ("f7", "enter"), ("f9",)])
def test_a_product_scanned_where_nothing_is_booked_is_named_with_its_orders(site: Site, way: tuple[str, ...]) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press(*way)
        place = rig.lines[0]
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("STOP BAT-100 is a product. Open orders with it: PO N-1003")
        assert rig.lines[0] == place

    play(site, scenes)


def test_orders_of_one_number_in_two_warehouses_are_told_apart_in_the_list(site: Site) -> None:
    builders.purchase(site, "N-1004", {"LAP-15": 3}, due="2026-11-23", warehouse="W-[west]")

    async def scenes(rig: Rig) -> None:
        await rig.press("f7")
        rows = [line for line in rig.lines if "N-1004" in line]
        assert ["W-EAST" in row for row in rows] == [True, False]
        assert ["W-[west]" in row for row in rows] == [False, True]

    play(site, scenes)


def test_on_a_handheld_orders_of_one_number_are_told_apart_beneath_it(site: Site) -> None:
    builders.product(site, "LAP-16", 5, client="SÜDWIND")
    builders.purchase(site, "N-1004", {"LAP-16": 3}, due="2026-11-24", client="SÜDWIND")

    async def scenes(rig: Rig) -> None:
        await rig.press("f7")
        shown = [line.strip(" ▶") for line in rig.lines]
        assert [shown[at + 1] for at, line in enumerate(shown) if line.startswith("N-1004")] == ["NORDWIND", "SÜDWIND"]
        assert not shown[[line.startswith("N-1003") for line in shown].index(True) + 1].startswith("NORDWIND")

    play(site, scenes, (40, 20))


def test_an_order_scanned_on_the_list_is_shown(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f8")
        await rig.scan("N-1004")
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1004")
        assert rig.verdict.startswith("OK N-1004 is Open.")
        await rig.scan("SS-HOME")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


def test_receive_po_says_why_it_would_be_refused(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "enter")
        assert "refused: CAM-300 has “Both Receiving and Packing” on" in rig.text
        await rig.press("down", "enter")
        assert rig.verdict.startswith("STOP CAM-300 has “Both Receiving and Packing” on")

    play(site, scenes)
    assert _status(site, "N-1003") is OrderStatus.OPEN


def test_receive_po_takes_everything_after_a_yes(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "down", "enter", "down", "enter")
        assert "Receive all 3 outstanding units of N-1004 without scanning?" in rig.text
        await rig.scan("SS-YES")
        assert rig.verdict.startswith("OK N-1004 is Completed: 3 units received.")
        await rig.press("escape")
        assert "Import serials" in rig.text, "what is owed can be imported"
        assert "Reopen" in rig.text

    play(site, scenes)
    assert _status(site, "N-1004") is OrderStatus.COMPLETED


def test_closing_short_asks_for_a_reason_and_esc_leaves_it(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "enter", "down", "down", "enter")
        assert "N-1003 lacks 250 of 250" in rig.words
        assert "Close it short?" in rig.words
        await rig.scan("SS-YES")
        assert rig.verdict.startswith("STOP SS-YES does not count here")
        await rig.press("y")
        assert "Why is N-1003 closed short?" in rig.text
        await rig.scan(Scan("a reason that was pasted", device="paste"))
        assert rig.verdict.endswith("a reason is typed, not pasted.")
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("STOP Answer the question first")
        await rig.press("l", "tab")
        assert "Why is" in rig.row("╭"), "Tab ends codes and no reasons"
        await rig.press("escape")
        assert "Why is" not in rig.row("╭")
        await rig.press("enter", "y")
        await rig.type("lost at sea")
        assert rig.verdict.startswith("OK N-1003 is Completed")
        assert "CAM-300 0 of 10" in rig.text, "what was not received is listed"
        await rig.press("escape")
        assert "lost at sea" in rig.text

    play(site, scenes)
    assert _status(site, "N-1003") is OrderStatus.COMPLETED


def test_an_order_is_marked_on_its_page_as_one_that_brings_units_back(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "enter")
        assert "brings units back" not in rig.text
        await rig.press("down", "down", "down", "down", "enter")
        assert "Why does N-1003 bring units back?" in rig.text
        await rig.type("repaired")
        assert rig.verdict.startswith("OK N-1003 brings units back")

    play(site, scenes)
    with site.store.read() as tx:
        assert orders.find(tx, "N-1003")[0].brings_back


def test_work_that_another_station_left_can_be_taken_over(site: Site) -> None:
    with site.store.read() as tx:
        order_id = orders.find(tx, "N-1003")[0].id
    open_work(site, order_id, "BAT-100", quantity=3, station="dock-3")

    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "enter", "down", "enter")
        assert "Ana left it at dock-3" in rig.text
        await rig.press("y")
        assert rig.verdict.startswith("OK N-1003: Ana's work at dock-3")
        await rig.press("escape", "escape")
        assert "PO N-1003" in rig.row("Go on")

    play(site, scenes)


def test_shipping_without_serials_takes_a_reason(site: Site) -> None:
    builders.product(site, "PHO-1", 6)
    builders.shipment(site, "S-777", {"PHO-1": 1})

    async def scenes(rig: Rig) -> None:
        await rig.scan("S-777", "PHO-1", "SS-COMPLETE", "SS-HOME", "S-777")
        assert rig.lines[0].startswith(" SHIPMENT ORDER   S-777")
        assert "1 serials are missing" in rig.text
        await rig.press("enter", "y")
        assert "Ship S-777 without them?" in " ".join(rig.text.split())
        await rig.press("y")
        await rig.type("customer waits")
        assert rig.verdict.startswith("OK S-777 is Shipped")

    play(site, scenes)
    assert _status(site, "S-777", OrderKind.SHIPMENT) is OrderStatus.SHIPPED


def test_an_order_shows_what_of_its_list_has_come_and_a_wrong_list_is_taken_back(site: Site, tmp_path: Path) -> None:
    with site.store.read() as tx:
        order_id = orders.find(tx, "N-1003")[0].id
    asn = tmp_path / "asn.csv"
    rows = [f"W-EAST,NORDWIND,N-1003,CAM-300,CAM000010{at}" for at in range(6)]
    asn.write_text("\n".join(["Warehouse,Client,PO Number,SKU,Primary Serial Number", *rows]))
    assert isinstance(loading.expect(site, order_id, asn), Done)

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "CAM0000101")
        assert "CAM0000101 is the primary, expected." in rig.verdict
        await rig.scan("SS-CANCEL", "CAM-300", "CAM0000101", "LENS-00001", "CAM-300", "CAM0000999")
        assert rig.verdict == "CHECK CAM0000999 is not on the list of N-1003. Take it?"
        await rig.scan("SS-YES", "LENS-00002", "SS-HOME")
        await rig.press("f7", "enter")
        assert "CAM-300 1 of 6 verified, 1 unexpected, 5 missing" in rig.text
        assert "Not come: CAM0000100, CAM0000102, CAM0000103 and 2 more." in rig.text
        assert "asn.csv: 6 serials expected" in rig.text
        await rig.mark("Remove the list asn.csv")
        await rig.press("enter", "y")
        assert rig.verdict == "OK 6 serials of N-1003 removed from its list. No unit was changed."
        await rig.press("escape")
        assert "verified" not in rig.text

    play(site, scenes, (80, 40))


def test_import_leads_to_the_wizard_and_esc_back(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "down", "enter", "down", "enter", "y", "escape")
        await rig.mark("Import")
        await rig.press("enter")
        assert rig.lines[0].startswith(" IMPORT   2 of 5, file · PO N-1004")
        await rig.press("escape")
        assert rig.lines[0].startswith(" PURCHASE ORDER   N-1004")

    play(site, scenes)


def _status(site: Site, number: str, kind: OrderKind = OrderKind.PURCHASE) -> OrderStatus:
    with site.store.read() as tx:
        return orders.find(tx, number, kind=kind)[0].status


def test_what_was_scanned_into_the_box_is_imported_from_the_orders_page(site: Site) -> None:
    builders.product(site, "LAP", 6)
    opening(site, "NORDWIND", "W-EAST", "LAP", "L-1")
    order = builders.shipment(site, "S-7", {"LAP": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-7", "L-1")
    packing.complete()

    async def scene(rig: Rig) -> None:
        await rig.scan("S-7")
        while "▶ Import what was scanned" not in rig.text:
            before = rig.text
            await rig.press("down")
            assert rig.text != before
        await rig.press("enter")
        await rig.scan("SS-YES")
        assert rig.verdict.startswith("OK 1 serial imported")
        assert "Import what was scanned" not in rig.text

    play(site, scene)
    assert order_book.detail(site, order).serials_missing == 0
