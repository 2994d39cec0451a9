"""Packing what is past its use-by: F7 at the packing desk."""

from scanstation.domain.products import Barcode
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import Rig, play

GTIN = "04006381333931"


def test_what_is_past_its_use_by_is_released_with_a_reason(site: Site) -> None:
    builders.product(site, "MILK", 2, barcodes=[Barcode(GTIN, 1)])
    builders.shipment(site, "S-1", {"MILK": 3})

    async def scenes(rig: Rig) -> None:
        await rig.scan("S-1")
        assert "F7" not in rig.text
        await rig.press("f7")
        assert rig.verdict.startswith("STOP Nothing here is refused for its use-by.")
        await rig.scan(f"]C101{GTIN}1726110121M-1")
        assert rig.verdict.startswith("STOP M-1 is past its use-by, 2026-11-01.")
        assert "F7 Release" in rig.text
        await rig.press("f7")
        assert "Why is it packed all the same?" in rig.text
        await rig.press("escape")
        assert "F7 Release" in rig.text
        await rig.press("f7")
        await rig.type("the customer knows")
        assert rig.verdict.startswith("OK M-1 → MILK, 1 of 3.")
        assert "F7" not in rig.text
        await rig.press("f2")
        assert "0/3" in rig.text or "3 left" in rig.text

    play(site, scenes)
