"""Counts, as whoever counts meets them."""

from dataclasses import replace

import pytest

from scanstation.domain.outcome import Done
from scanstation.workflows.orders import count_book
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, play
from tests.serials import opening


@pytest.fixture
def site(site: Site) -> Site:
    return replace(site, warehouse="W-EAST")


@pytest.fixture(autouse=True)
def stock(site: Site) -> None:
    """Three lamps, and wire by the metre; another station has begun to count them."""
    builders.product(site, "LIT-500", 1)
    builders.product(site, "WIR-010", 0)
    opening(site, "NORDWIND", "W-EAST", "LIT-500", "LIT-0001", "LIT-0002", "LIT-0003")
    bens = replace(site, operator="Ben", station="dock-9")
    assert isinstance(count_book.begin(bens, "W-EAST", "NORDWIND"), Done)
    assert isinstance(count_book.scan(bens, 1, ["LIT-0002"]), Done)
    assert isinstance(count_book.count_goods(bens, 1, "NORDWIND", "WIR-010", 25), Done)


def test_a_count_by_cards_and_keys(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f10")
        assert rig.lines[0].startswith(" COUNTS")
        assert "W-EAST, NORDWIND, 26 pieces counted" in rig.row("C-1")
        await rig.scan("C-1", "LIT-0001")
        assert "LIT-0001 → LIT-500 is counted, 1 here." in rig.verdict
        assert "1 of them at dock-9" in rig.text
        await rig.scan("LIT-0002", "SS-QTY-20", "WIR-010")
        assert "WIR-010 are counted, 20 here." in rig.verdict
        await rig.press("f2")
        await rig.until("OK 20 of WIR-010 is taken back: it is not counted.")
        await rig.scan("SS-HELP")
        assert "The same unit counts once." in rig.words
        await rig.press("escape", "escape")
        assert "1 piece counted here" in rig.row("Count C-1")
        await rig.press("enter")
        assert "C-1" in rig.lines[0]
        await rig.scan("NEW-1")
        assert "Is it the serial of a unit that is there?" in rig.words
        await rig.press("n", "f10")
        assert "End it for every station?" in rig.words
        await rig.press("y")
        await rig.until("CHECK C-1 is closed: 2 found, 1 missing")
        assert "lacks 1 unit" in rig.row("C-1")
        cleos = replace(site, operator="Cleo", station="dock-8")
        assert isinstance(count_book.begin_again(cleos, 1), Done)
        assert isinstance(count_book.close(cleos, 2), Done)
        assert isinstance(count_book.write_off(cleos, 1, [], "nobody has seen it"), Done)
        await rig.press("escape")
        await rig.scan("LIT-0003")
        assert "LIT-0003 is found again …" in rig.text
        await rig.press("down", "enter")
        await rig.type("behind the rack")
        await rig.press("y")
        assert rig.verdict.startswith("OK LIT-0003 is found again: Received in W-EAST.")

    play(site, scenes)


@in_all_sizes
def test_what_is_counted(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("SS-COUNT", "C-1", "LIT-0001", "LIT-0002", "SS-QTY-5", "WIR-010")

    assert picture(scene, size)


@in_all_sizes
def test_the_end_of_a_count(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("SS-COUNT", "C-1", "LIT-0001", "SS-COMPLETE", "SS-YES")

    assert picture(scene, size)
