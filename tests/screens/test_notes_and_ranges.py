"""Discrepancies and ranges on the screen: SS-NOTE, SS-RANGE, and what an order's page says of them."""

import pytest

from scanstation.workflows.orders import order_book
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare
from tests.screens.rig import Rig, play

SMALL = pytest.mark.parametrize("size", [(80, 24), (40, 20)], ids=["80x24", "40x20"])


@pytest.fixture
def order_id(site: Site) -> int:
    builders.product(site, "SEN-1", 1, hint="the code on the back")
    return builders.purchase(site, "N-2000", {"SEN-1": 40})


def test_a_note_by_keys_and_what_the_page_of_its_order_makes_of_it(site: Site, order_id: int) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-2000")
        await rig.press("f7")
        assert all(one in rig.text for one in ("1 damaged", "2 wrong", "3 short", "4 over"))
        await rig.press("1")
        assert "Scan the product that is damaged" in rig.text
        await rig.press("f1")
        assert "SS-QTY-ALL" in rig.text
        await rig.press("escape")
        await rig.scan("SEN-1", "SN-1")
        await rig.type("3")
        assert "3 SEN-1 damaged, 1 serial" in rig.text
        await rig.press("f7")
        await rig.type("lens broken")
        assert rig.verdict == "OK 3 SEN-1 damaged, 1 serial: lens broken. Yes keeps it."
        await rig.press("enter")
        assert rig.verdict.startswith("OK Discrepancy 1: 3 SEN-1 damaged")
        await rig.scan("SS-NOTE", "SS-REASON-3", "SEN-1")
        await rig.press("escape")
        assert rig.verdict == "OK Nothing was noted."
        await rig.press("escape")

        await rig.press("f7", "enter")
        assert "Discrepancy 1  3 SEN-1 damaged" in rig.text
        assert "lens broken · SN-1" in rig.text
        await rig.scan("SS-NOTE")
        await rig.scan("SS-YES")
        assert rig.verdict.startswith("STOP")
        await rig.scan("SS-REASON-4")
        await rig.type("2")  # the line has a 1 in it
        assert "Serial of SEN-1, 1 of 12?" in rig.text
        await rig.scan("SN-7")
        await rig.press("escape")
        await rig.type("one box more")
        assert rig.verdict == "OK Noted on N-2000 as discrepancy 2: 12 SEN-1 over. No count was changed."
        await rig.press("down", "down", "down", "down", "enter")
        await rig.type("credited")
        assert rig.verdict == "OK Discrepancy 1: 3 SEN-1 damaged of N-2000 is settled."
        await rig.press("pagedown")
        assert "Discrepancy 2  12 SEN-1 over" in rig.text

    play(site, scenes)
    first, second = order_book.detail(site, order_id).noted
    assert (first.settled_as, second.words, second.count) == ("credited", "one box more", 12)
    assert second.serials == ("SN-7",)


def test_a_range_by_keys(site: Site, order_id: int) -> None:
    assert order_id

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-2000", "SS-QTY-20", "SEN-1")
        assert "F4 Range" in rig.text
        await rig.press("f4")
        assert "Primary serial, first of the range" in rig.text
        await rig.press("f1")
        assert "SS-QTY-ALL" in rig.text
        await rig.press("escape")
        await rig.scan("A01")
        await rig.type("9")
        assert "A01 to A09: 9 units of SEN-1, 20 asked." in rig.text
        assert "Take them all?" in rig.text
        await rig.press("y")
        assert rig.verdict.startswith("OK A01 to A09 → SEN-1, 9 of 40.")
        await rig.press("f2")
        assert rig.verdict.startswith("OK Taken back: SEN-1 A01 to A09.")
        await rig.scan("A02", "A04", "A06", "A08", "A10", "SS-RANGE", "A01", "A11")
        assert "A10 is already captured" in rig.text, "each with its reason"
        await rig.scan("SS-CANCEL")
        await rig.press("escape")
        assert rig.verdict == "OK The range is dropped; the serials are still owed."
        assert "Primary serial" in rig.text

    play(site, scenes)


@SMALL
def test_a_note_so_far(picture: Compare, order_id: int, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-2000", "SS-NOTE", "SS-REASON-1", "SEN-1", "SN-1")
        assert "1 SEN-1 damaged, 1 serial" in rig.text

    assert picture(scene, size)


@SMALL
def test_the_last_of_a_range(picture: Compare, order_id: int, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-2000", "SS-QTY-10", "SEN-1", "SS-RANGE", "SEN-0000017")
        assert "SEN-0000017" in rig.text

    assert picture(scene, size)


@SMALL
def test_what_of_a_range_cannot_be_taken(picture: Compare, order_id: int, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-2000", "SS-QTY-12", "SEN-1", "A13", "A14", "A18", "SS-RANGE", "A11", "A19")
        assert "A13 to A14, A18" in rig.words

    assert picture(scene, size)


@SMALL
def test_values_to_pick_from(picture: Compare, order_id: int, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "f6", "down", "down", "enter")
        assert "SEN-1" in rig.text

    assert picture(scene, size)
