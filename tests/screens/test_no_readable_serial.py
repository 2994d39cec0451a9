"""SS-NOSERIAL at a desk (RULES 2.8)."""

import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare
from tests.screens.rig import Rig, play, stock
from tests.staff import PIN, badge_of, turn_on


def test_the_panel_asks_why_and_a_key_or_a_card_says_it(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "SS-NOSERIAL")
        assert all(one in rig.text for one in ("1 unreadable", "2 none on the unit", "3 maker's"))
        await rig.press("f1")
        assert "SS-REASON-3" in rig.text
        await rig.press("escape", "y")
        assert rig.verdict.startswith("STOP")
        await rig.press("2")
        assert rig.verdict.startswith("OK Write HS-000001 on the unit, which goes on hold."), rig.verdict
        await rig.scan("LENS-1", "CAM-300", "SS-NOSERIAL")
        await rig.press("escape")
        assert "Primary serial" in rig.text
        await rig.scan("SS-NOSERIAL", "SS-REASON-3")
        assert "Write HS-000002 on the unit" in rig.verdict

    play(site, scenes)


async def pin_is_asked(rig: Rig) -> None:
    while "PIN of Lea" not in rig.text:
        await rig.pilot.pause()


def test_at_packing_it_takes_a_pin_and_asks_on_without_one(site: Site) -> None:
    builders.product(site, "TAB", 2)
    builders.shipment(site, "S-1", {"TAB": 2})
    lead = badge_of(site, "Lea", "supervisor")
    turn_on(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan(lead, "S-1", "TAB", "SS-NOSERIAL", "SS-REASON-1")
        await pin_is_asked(rig)
        await rig.press("escape")
        assert "1 unreadable" in rig.text
        await rig.scan("SS-REASON-1")
        await pin_is_asked(rig)
        await rig.type(PIN)
        await rig.until("OK Write HS-000001 on the unit: TAB, 1 of 2.")

    play(site, scenes)


@pytest.mark.parametrize("size", [(80, 24), (40, 20)], ids=["80x24", "40x20"])
def test_the_question_why(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "SS-NOSERIAL")
        assert "3 maker's duplicate" in rig.text

    assert picture(scene, size)
