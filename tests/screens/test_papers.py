"""Papers from the station: at completing, and from the order's page; what is not printed is told."""

import asyncio
from dataclasses import replace
from pathlib import Path

from scanstation.config import Settings
from scanstation.settings import PrintSection
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import running


def test_what_is_not_printed_at_completing_is_told_and_printed_from_the_orders_page(site: Site, tmp_path: Path) -> None:
    builders.product(site, "CBL", 0)
    builders.shipment(site, "S-1", {"CBL": 1})
    out = tmp_path / "out"

    async def scenes() -> None:
        settings = Settings(print=PrintSection(slips=str(out), at_packing=("slip",)))
        async with running(site, settings=settings) as rig:
            await rig.scan("S-1", "CBL", "SS-COMPLETE")
            assert rig.verdict.startswith("OK S-1 complete")
            await rig.until("CHECK The slip of S-1 was not printed.")
            assert "Print it again from its page." in rig.verdict
            out.mkdir()
            await rig.press("escape", "f8", "enter")
            await rig.mark("Print the slip")
            assert "Print the serial labels" not in rig.text  # no printer for them
            await rig.press("enter")
            await rig.until("OK The slip of S-1 is on its way to the printer.")
            async with asyncio.timeout(60):
                while not [*out.iterdir()]:
                    await rig.settle()

    asyncio.run(scenes())


def test_a_house_label_is_printed_at_once_and_again_from_its_life(site: Site, tmp_path: Path) -> None:
    builders.product(site, "CAM", 1)
    builders.purchase(site, "N-1", {"CAM": 2})
    out = tmp_path / "out"

    async def scenes() -> None:
        settings = Settings(print=PrintSection(labels=str(out), label_format="zpl"))
        async with running(replace(site, prints_labels=True), settings=settings) as rig:
            await rig.scan("N-1", "CAM", "SS-NOSERIAL", "SS-REASON-1")
            label = "The label HS-000001 is being printed, stick it on the unit, which goes on hold: CAM, 1 of 2."
            assert rig.verdict.startswith(f"OK {label}")
            await rig.scan("CAM", "SN-2")  # nobody waits for the printer
            assert rig.verdict.startswith("OK ")
            await rig.until("CHECK The label of HS-000001 was not printed.")
            assert "Write HS-000001 on the unit, or print it again from its life, F3." in rig.verdict
            out.mkdir()
            await rig.scan("SS-COMPLETE", "SS-TRACE", "HS-000001")
            await rig.mark("Print the label of HS-000001")
            await rig.press("enter")
            async with asyncio.timeout(60):
                while not [*out.iterdir()]:
                    await rig.settle()

    asyncio.run(scenes())
    (label,) = out.iterdir()
    assert label.name.startswith("HS-000001-labels-")
    assert label.read_bytes().count(b"^XA") == 1
