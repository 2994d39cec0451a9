"""Transfers, as the person at either end meets them."""

from dataclasses import replace

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.transfers import Missing
from scanstation.workflows.orders import transfer_book
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, play
from tests.serials import opening


@pytest.fixture
def site(site: Site) -> Site:
    return replace(site, warehouse="W-WEST")


@pytest.fixture(autouse=True)
def on_the_way(site: Site) -> None:
    builders.product(site, "LIT-500", 1)
    builders.product(site, "WIR-010", 0)
    opening(site, "NORDWIND", "W-EAST", "LIT-500", "LIT-0001", "LIT-0002", "LIT-0003")
    opening(site, "NORDWIND", "W-WEST", "LIT-500", "LIT-0009")
    assert isinstance(transfer_book.begin(site, "W-EAST", "W-WEST"), Done)
    transfer = transfer_book.listing(site)[0].of.id
    assert isinstance(transfer_book.send(site, transfer, ["LIT-0001", "LIT-0002"]), Done)
    assert isinstance(transfer_book.send_goods(site, transfer, "NORDWIND", "WIR-010", 20), Done)


def test_what_comes_is_taken_in_and_goes_out_by_cards_and_keys(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SS-TRANSFER")
        assert rig.lines[0].startswith(" TRANSFERS")
        assert "from W-EAST" in rig.row("T-1")
        await rig.scan("T-1", "LIT-0001")
        assert "LIT-0001 → LIT-500 has arrived" in rig.verdict
        await rig.scan("LIT-0003")
        assert "Is it here?" in rig.text
        await rig.press("n")
        await rig.press("f2")
        await rig.until("OK LIT-500 LIT-0001 is taken back: it is still on the way.")
        await rig.scan("SS-QTY-20", "WIR-010", "SS-COMPLETE")
        assert rig.verdict.startswith("CHECK T-1: 20 units taken in, still on the way: 2 of LIT-500.")
        await rig.scan("W-EAST", "SS-YES")
        assert "Scan what goes out" in rig.text
        await rig.scan("LIT-0009", "SS-HELP")
        assert "Goods without serials go by quantity." in rig.text
        await rig.press("escape", "escape")
        await rig.scan("T-2")
        assert "T-2 to W-EAST" in rig.lines[0]

    play(site, scenes)


@pytest.mark.parametrize(("here", "asked"), [("W-WEST", False), ("", True)])
def test_what_was_lost_is_found_again_where_the_station_stands_or_somebody_says(
    site: Site, here: str, asked: bool
) -> None:
    transfer = transfer_book.listing(site)[0].of.id
    assert isinstance(transfer_book.close(site, transfer, Missing.LOST, "truck came empty"), Done)

    async def scenes(rig: Rig) -> None:
        await rig.scan("LIT-0001")
        assert "LIT-0001 is a LIT-500: Disposed, given up as lost." in rig.verdict
        await rig.press("down", "enter")
        if asked:
            assert "W-EAST · W-WEST" in rig.text
            await rig.type("w-west")
        await rig.type("under the seat")
        assert "LIT-0001 is in the stock of" in rig.words
        await rig.press("y")
        assert rig.verdict.startswith("OK LIT-0001 is found again: Received in W-WEST.")

    play(replace(site, warehouse=here), scenes)


@in_all_sizes
def test_what_has_arrived(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("T-1", "LIT-0001", "SS-QTY-5", "WIR-010", "LIT-0003")
        assert "Is it here?" in rig.text

    assert picture(scene, size)
