"""How the screens look, in the three sizes. What they say is asserted first; the pictures hold the rest.

After a change on purpose: look at the new pictures (`pytest tests/screens/test_pictures.py --snapshot-update`,
then open the files in `__snapshots__`), and commit them with it.
"""

from scanstation.domain.status import OrderKind
from scanstation.workflows.site import Site
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import THREE_CAMERAS, Rig
from tests.workflows.done_work import open_work


@in_all_sizes
def test_home(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        assert "Scan an order or a serial number" in rig.text
        for word in ("Receive", "Pack", "Purchase orders", "Shipment orders", "Trace"):
            assert word in rig.text
        if size == (120, 40):
            assert "0  units received" in rig.text
            assert "Sun 22 Nov" in rig.row("6 units left")
            assert rig.text.index("Next to pack") < rig.text.rindex("S-901") < rig.text.rindex("S-902")

    assert picture(scene, size)


@in_all_sizes
def test_home_with_work_left_open(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "SN-0001", "SS-UNDO", "SS-UNDO", "BAT-100", "SS-PACK", "S-902", "SS-HOME")
        assert "PO N-1003" in rig.row("Go on")

    assert picture(scene, size)


@in_all_sizes
def test_receiving_with_the_panel_open(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "SS-QTY-40", "BAT-100", *THREE_CAMERAS, "4006381333931")
        assert rig.verdict == "OK 4006381333931: CAM-300 taken, unit 4 of 10. Now its primary serial."
        assert "CAM-300 · 4 of 10" in rig.row("Primary serial")
        assert "3" in rig.row("▶ CAM-300")

    assert picture(scene, size)


@in_all_sizes
def test_receiving_a_serial_twice(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", *THREE_CAMERAS, "CAM-300", "SN-0002")
        assert rig.verdict.startswith("STOP SN-0002 is already captured")
        assert "STOP " in rig.row("SN-0002 is already")

    assert picture(scene, size)


@in_all_sizes
def test_receiving_with_nothing_on_the_desk(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f5")
        assert "N-1003" in rig.text
        assert "Scan a purchase order" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_packing(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("S-901", "SS-QTY-2", "BAT-100")
        assert rig.lines[0].startswith(" PACKING   SO S-901")
        assert rig.verdict.startswith("OK 2 × BAT-100 taken, 2 of 4.")

    assert picture(scene, size)


@in_all_sizes
def test_a_question(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "SS-COMPLETE")
        assert rig.verdict.startswith("CHECK N-1003 lacks 249: CAM-300 10,")
        assert "Y yes · N no" in rig.row("Question")
        assert rig.text.count("lacks 249") == rig.words.count("Complete it with 1 unit?") == 1, "it is said once"

    assert picture(scene, size)


@in_all_sizes
def test_purchase_orders(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f7")
        assert rig.text.index("N-1003") < rig.text.index("N-1004")
        assert "0 of 250" in rig.row("N-1003")
        assert ("tomorrow" in rig.row("N-1003")) is (size != (40, 20))

    assert picture(scene, size)


@in_all_sizes
def test_an_order(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        with site.store.read() as tx:
            from scanstation.store import orders

            order_id = orders.find(tx, "N-1003", kind=OrderKind.PURCHASE)[0].id
        open_work(site, order_id, "BAT-100", quantity=3, station="dock-3")
        await rig.press("f7", "enter")
        assert "Receive PO" in rig.text
        assert "CAM-300" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_the_life_of_a_unit(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", *THREE_CAMERAS, "SS-COMPLETE", "SS-YES", "S-901", "CAM-300", "SN-0001", "SS-COMPLETE")
        await rig.scan("SS-YES", "SS-HOME", "LENS-77201")
        assert rig.verdict == "OK LENS-77201 is a CAM-300: Packed."
        assert "Received on N-1003" in rig.text
        if size == (40, 20):
            await rig.press("pagedown")
        assert "Packed on S-901" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_help_while_a_serial_is_owed(picture: Compare, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300")
        await rig.press("f1")
        assert "A serial of CAM-300 is owed, unit 1 of 10." in " ".join(rig.text.split())
        assert "SS-CANCEL" in rig.text

    assert picture(scene, size)
