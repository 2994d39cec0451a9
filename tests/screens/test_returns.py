"""Returns, as the person in front of it meets it."""

import pytest

from scanstation.domain.outcome import Done
from scanstation.workflows.orders import purchase_orders, shipment_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, play, stock
from tests.workflows.done_work import packed


@pytest.fixture(autouse=True)
def two_cameras_that_have_left(site: Site) -> None:
    builders.product(site, "LENS-500", 4)
    order_id = builders.shipment(site, "S-777", {"LENS-500": 2})
    packed(site, order_id, "LENS-500", "LE-0001/BA-0001", "LE-0002/BA-0002")
    assert isinstance(shipment_orders.ship(site, order_id), Done)


def test_a_day_of_returns_by_cards_and_keys(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan("SS-RETURN")
        assert rig.lines[0].startswith(" RETURNS")
        await rig.scan("RMA-4711")
        assert "Is it the number of a new return?" in rig.text
        await rig.press("y")
        await rig.until("OK Return RMA-4711 is open, into W-EAST.")
        await rig.scan("LE-0001")
        assert "LENS-500" in rig.row("Secondary serial")
        await rig.press("f4")
        await rig.until("CHECK LE-0001 of LENS-500 is taken without BA-0001")
        await rig.scan("X-1")
        assert "Scan the product of X-1" in rig.text
        await rig.press("escape")
        await rig.until("OK X-1 is dropped.")
        await rig.scan("SS-HOME")
        assert "Return RMA-4711" in rig.row("Go on")
        await rig.scan("RMA-4711", "LE-0002", "BA-0002", "SS-COMPLETE")
        assert rig.verdict.startswith("OK Return RMA-4711 complete: 2 units, 2 on hold.")
        assert "Scan an RMA or a unit" in rig.text
        await rig.press("escape")
        await rig.scan("SS-RETURN", "SS-HELP")
        assert "Scan the RMA number of a return" in rig.text

    play(site, scenes)


def test_on_a_purchase_order_that_brings_units_back_a_part_may_be_missing_too(site: Site) -> None:
    order_id = builders.purchase(site, "N-800", {"LENS-500": 2})
    assert isinstance(purchase_orders.mark_returns(site, order_id, "repaired"), Done)

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-800", "LE-0001")
        assert "LENS-500" in rig.row("Secondary serial")
        assert "Part missing" in rig.text
        await rig.scan("SS-HELP")
        assert "part missing: the unit goes on hold" in rig.words
        await rig.press("escape", "f4")
        await rig.until("CHECK LE-0001 of LENS-500 is taken without BA-0001")
        assert "Part missing" not in rig.text

    play(site, scenes)


@in_all_sizes
def test_what_is_in_hand(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("SS-RETURN", "LE-0001", "BA-0001", "BAT-100", "X-1", "LENS-500", "LE-0002")
        assert rig.row("Secondary serial")
        assert "LENS-" in rig.text
        assert not {"ordered", "expected"} & set(rig.words.split()), "nobody said how much comes back"

    assert picture(scene, size)


@in_all_sizes
def test_whose_an_unknown_serial_is(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("SS-RETURN", "LE-0001", "BA-0001", "X-1")
        assert "Scan the product of X-1" in rig.text

    assert picture(scene, size)
