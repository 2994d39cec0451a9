"""How the reports screen looks, in the three sizes."""

from collections.abc import Callable

import pytest

from scanstation.domain.status import Move
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, Scene, in_all_sizes
from tests.screens.rig import Rig, pictured, station_app
from tests.serials import moved, received


@pytest.fixture
def picture(site: Site, snap_compare: Compare) -> Callable[[Scene, tuple[int, int]], bool]:
    """Play a scene on a store with forty cameras and two long codes, and compare what is on the screen then."""
    builders.product(site, "CAM-300", 3)
    builders.product(site, "SER-100-WITH-A-LONG-NAME", 1)
    bought = builders.purchase(site, "N-1003", {"CAM-300": 40, "SER-100-WITH-A-LONG-NAME": 2})
    sold = builders.shipment(site, "S-901", {"CAM-300": 12})
    cameras = received(site, bought, "CAM-300", *((f"SN-{n:04}", f"LENS-{77200 + n}") for n in range(40)))
    received(site, bought, "SER-100-WITH-A-LONG-NAME", "X" * 60 + "4711", "[red]" + "Y" * 40)
    moved(site, Move.PACK, cameras[:12], sold, "CAM-300")
    moved(site, Move.SHIP, cameras[:9], sold, "CAM-300")
    app = station_app(site)

    def compare(scene: Scene, size: tuple[int, int]) -> bool:
        return pictured(app, snap_compare, size, scene)

    return compare


@in_all_sizes
def test_the_choice_of_reports(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8")
        assert "Serial Number Shipment History" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_a_page_of_serials(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "down", "down")
        assert "4711" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_the_serials_of_a_shipment(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8", "down", "down", "enter")
        await rig.scan("S-901")
        assert "SO S-901" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_the_filters(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "f6")
        await rig.type("NORDWIND")
        await rig.press("down", "down", "enter")
        assert "Received" in rig.row("▶ Status")

    assert picture(scene, size)


@in_all_sizes
def test_where_an_export_goes(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "f8")
        assert "Export to which file?" in rig.text

    assert picture(scene, size)
