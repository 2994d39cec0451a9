"""A run of scans that wait for their answers: no STOP in it passes unseen. On every screen, in the three sizes."""

from collections.abc import Callable

import pytest

from scanstation.domain.scan import Scan
from scanstation.screens.base import GoWanted
from scanstation.screens.station import Go, Where
from scanstation.screens.widgets.verdict_bar import VerdictBar
from scanstation.workflows.site import Site
from tests.screens.rig import SIZES, Rig, pictured, play, station_app, stock

RUN = ("S-901", "BAT-100", "NO-SUCH", "BAT-100", "CBL-010", "BAT-100")
"""Two of them are refused, and the last one is accepted."""


async def in_a_run(rig: Rig, *codes: str) -> None:
    for code in codes:
        rig.app.pipe.put(Scan(code))
    await rig.settle()


def standing(rig: Rig) -> str:
    """What stands below the answer."""
    return " ".join(trouble.text for trouble in rig.app.screen.query_one(VerdictBar).standing)


def told(rig: Rig) -> str:
    """What the screen says, its rows joined."""
    return " ".join(rig.text.split())


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_was_refused_in_a_run_is_counted_and_named(
    site: Site, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    stock(site)

    async def scene(rig: Rig) -> None:
        await in_a_run(rig, *RUN)
        assert rig.verdict.startswith("OK BAT-100 taken, 3 of 4")
        assert "2 scans were refused: NO-SUCH, CBL-010. Acknowledge: SS-SEEN or !" in told(rig)
        if size[0] >= 60:
            assert "! STOP" in rig.row("NO-SUCH is")

    assert pictured(station_app(site), snap_compare, size, scene)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_complete_asks_and_names_them(site: Site, snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    stock(site)

    async def scene(rig: Rig) -> None:
        await in_a_run(rig, "S-902", "X-1", "X-2", "X-3", "X-4", "X-5", "BAT-100")
        await rig.press("f10")
        asked = "5 scans were refused and not acknowledged: X-1, X-2, X-3 and 2 more. Complete S-902 without?"
        assert rig.verdict == f"CHECK {asked}"

    assert pictured(station_app(site), snap_compare, size, scene)


def test_complete_goes_on_with_yes_and_changes_nothing_with_no(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, "S-902", "X-1", "BAT-100")
        await rig.scan("SS-COMPLETE", "SS-NO")
        assert "S-902" in rig.lines[0]
        assert "1 scan was refused: X-1." in told(rig)
        await rig.scan("SS-COMPLETE", "SS-YES")
        assert rig.verdict.startswith("OK S-902 complete, 1 unit")
        assert standing(rig) == ""

    play(site, scenes)


def test_an_order_in_part_asks_both(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, "S-901", "X-1", "BAT-100")
        await rig.press("f10", "y")
        assert rig.verdict == "CHECK S-901 lacks 5: CAM-300 2, BAT-100 3. Complete it with 1 unit?"
        await rig.press("y")
        assert rig.verdict.startswith("OK S-901 saved, packed in part")
        assert standing(rig) == ""

    play(site, scenes)


@pytest.mark.parametrize("way", ["SS-SEEN", "]C0SS-SEEN", "!"])
def test_it_goes_when_somebody_says_that_it_was_seen(site: Site, way: str) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, *RUN)
        if way == "!":
            await rig.type(way)
        else:
            await rig.scan(way)
        assert "2 refused scans are acknowledged" in rig.verdict
        assert "were refused" not in rig.text
        assert "! STOP" not in rig.text
        await rig.scan("SS-SEEN")
        assert rig.verdict.startswith("CHECK")

    play(site, scenes)


def test_esc_and_the_next_scans_leave_it_standing_and_the_code_scanned_well_takes_it_away(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, "N-1003", "CAM-300", "CAM-300", "SN-1", "LENS-1")
        assert "1 scan was refused: CAM-300." in told(rig)
        await rig.scan("SS-QTY-2")
        assert "1 scan was refused: CAM-300." in told(rig)
        await rig.press("escape")
        assert "1 scan was refused: CAM-300." in told(rig)
        await rig.scan("N-1003", "CAM-300")
        assert standing(rig) == ""

    play(site, scenes)


@pytest.mark.wide(28)
@pytest.mark.parametrize(
    "where",
    [
        Where.HOME,
        Where.RECEIVE,
        Where.PURCHASE_ORDERS,
        Where.TRACE,
        Where.OVERVIEW,
        Where.SHIP,
        Where.IMPORT,
        Where.PRODUCTS,
        Where.REPORTS,
        Where.SCANNERS,
    ],
    ids=lambda where: where.value,
)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_it_stands_on_every_screen_and_is_acknowledged_there(site: Site, where: Where, size: tuple[int, int]) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, *RUN)
        rig.app.screen.post_message(GoWanted(Go(where)))
        await rig.settle()
        assert "2 scans were refused: NO-SUCH, CBL-010." in told(rig)
        await rig.scan("SS-SEEN")
        assert rig.verdict.startswith("OK")
        assert "2 scans were refused" not in told(rig)

    play(site, scenes, size)


def test_in_the_panel_it_is_acknowledged_and_the_serial_stays_owed(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, "N-1003", "CAM-300", "CAM-300", "SN-1")
        assert "1 scan was refused: CAM-300." in told(rig)
        await rig.scan("SS-SEEN")
        assert standing(rig) == ""
        assert "CAM-300 · 1 of 10" in rig.row("Secondary serial")
        await rig.scan("LENS-1")
        assert rig.verdict.startswith("OK SN-1 + LENS-1")

    play(site, scenes)


def test_below_a_question_of_the_station_it_stands_too(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await in_a_run(rig, *RUN)
        rig.app.action_ask_to_quit()
        await rig.settle()
        assert "2 scans were refused" in told(rig)
        await rig.scan("SS-SEEN")
        assert rig.verdict.startswith("STOP Answer the question first")
        assert "2 scans were refused" in told(rig)

    play(site, scenes)


def test_refusals_that_somebody_could_read_are_not_counted(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan("S-902", "NO-SUCH", "BAT-100")
        assert standing(rig) == ""
        await rig.press("f10")
        assert rig.verdict.startswith("OK S-902 complete")

    play(site, scenes)
