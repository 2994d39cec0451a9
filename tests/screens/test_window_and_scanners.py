"""What happens beside the scans: the window loses the keyboard, a scanner is lost. In the three sizes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from scanstation.config import Settings
from scanstation.config_model import judged
from scanstation.domain.scan import Scan
from scanstation.screens.widgets.verdict_bar import VerdictBar
from scanstation.workflows.site import Site
from tests.screens.pictures import Scene, in_all_sizes
from tests.screens.rig import Rig, pictured, play, running, station_app, stock

Picture = Callable[..., bool]

ELSEWHERE = "go elsewhere"
LOST = judged(None, {"serial": [{"id": "gun1", "port": "usb:FFFF:0001"}]}, {})


@pytest.fixture
def picture(site: Site, snap_compare: Callable[..., bool]) -> Picture:
    """Play a scene and compare what is on the screen then."""
    stock(site)

    def compare(scene: Scene, size: tuple[int, int], settings: Settings | None = None) -> bool:
        app = station_app(site, settings=settings)

        return pictured(app, snap_compare, size, scene)

    return compare


async def report(rig: Rig, event: events.Event) -> None:
    """What the driver makes of the terminal's report."""
    rig.app.post_message(event)
    await rig.settle()


async def until(rig: Rig, holds: Callable[[], bool]) -> None:
    """Wait for what the station does by itself."""
    async with asyncio.timeout(20):
        while not holds():
            await rig.pilot.pause(0.05)


async def lost(rig: Rig) -> None:
    """Until the station has told that its scanner is not there."""
    await until(rig, lambda: "gun1" in rig.verdict)


@in_all_sizes
def test_a_window_without_the_keyboard_says_so(picture: Picture, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300")
        below = rig.lines[1:]
        await report(rig, events.AppBlur())
        assert ELSEWHERE in rig.lines[0]
        assert rig.lines[1:] == below, "nothing else moves"

    assert picture(scene, size)


@in_all_sizes
def test_a_lost_scanner_is_in_the_header_and_in_the_bar(picture: Picture, size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await lost(rig)
        assert rig.verdict.startswith("CHECK gun1 is unplugged")
        await rig.scan("N-1003")
        assert "○ gun1 lost" in rig.lines[0]
        assert rig.verdict.startswith("OK N-1003 is open")

    assert picture(scene, size, LOST)


def test_the_bar_goes_when_the_keyboard_is_back_and_the_entry_line_never_lost_it(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await report(rig, events.AppBlur())
        assert ELSEWHERE in rig.text
        await rig.scan(Scan("N-1003", device="gun1"))
        assert ELSEWHERE in rig.text, "a scanner on a port proves nothing of the keyboard"
        await report(rig, events.AppFocus())
        assert ELSEWHERE not in rig.text
        await rig.type("CAM-300")
        assert "Now its primary serial" in rig.verdict

    play(site, scenes)


def test_the_bar_shows_under_a_question_and_on_every_screen_that_is_opened(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await report(rig, events.AppBlur())
        rig.app.action_ask_to_quit()
        await rig.settle()
        assert "Close this station?" in rig.text
        assert ELSEWHERE in rig.lines[0]
        await rig.scan("SS-NO", Scan("SS-PACK", device="gun1"))
        assert ELSEWHERE in rig.lines[0]

    play(site, scenes)


def test_the_news_of_a_scanner_takes_no_stop_away(site: Site) -> None:
    stock(site)

    async def scenes() -> None:
        async with running(site, settings=LOST) as rig:
            await lost(rig)
            bar = rig.app.screen.query_one(VerdictBar)
            news = bar.verdict
            assert news is not None
            await rig.scan("NO-SUCH")
            stop = rig.verdict
            assert stop.startswith("STOP NO-SUCH")
            bar.show_news(news)
            assert rig.verdict == f"{stop} {news.text}"
            bar.show_news(news)
            assert rig.verdict == f"{stop} {news.text}", "the newest alone stands behind it"
            await rig.scan("N-1003", "CAM-300")
            assert news.text not in rig.verdict
            assert news.text[:30] in rig.row(" !  "), "it stands on every screen until the scanner is back"
            await rig.press("f3")
            assert news.text[:30] in rig.row(" !  ")

    asyncio.run(scenes())


@pytest.mark.parametrize(
    ("width", "shown"),
    [(80, "○ gun1 busy · ○ gun2 set wrong · 0"), (40, "○ 2 not ready · 0")],
)
def test_a_scanner_that_is_not_ready_says_whether_it_is_away_held_or_set_wrong(
    site: Site, tmp_path: Path, width: int, shown: str
) -> None:
    far, near = os.openpty()
    reader = "import sys; line = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    ports = [{"id": "gun1", "port": os.ttyname(near)}, {"id": "gun2", "port": str(tmp_path)}]

    async def scenes() -> None:
        async with running(site, (width, 24), settings=judged(None, {"serial": ports}, {})) as rig:
            await until(rig, lambda: shown in rig.lines[0])

    with subprocess.Popen(
        [sys.executable, "-c", reader, os.ttyname(near)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        asyncio.run(scenes())
        other.communicate()
    os.close(far)
    os.close(near)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (120, "dock-2 · ● gun1 · ○ forklift scanner lost · ● gun3 · 0"),
        (80, "dock-2 · ○ forklift scanner lost · ●● · 0"),
        (40, "○ 1 lost · ●● · 0"),
    ],
)
def test_every_scanner_has_its_sign_whatever_the_width(site: Site, width: int, shown: str) -> None:
    async def scenes(rig: Rig) -> None:
        rig.app.station.devices.missing |= {"gun1": "", "forklift scanner": "lost", "gun3": ""}
        await until(rig, lambda: shown in rig.lines[0])  # the header looks at them now and then
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes, (width, 24))


@pytest.mark.parametrize("look", ["_look_at_waiting", "_look_at_others"])
def test_a_look_that_falls_into_the_end_of_a_slow_station_is_no_error(site: Site, look: str) -> None:
    """Textual takes the screens away first, and the timers after them."""
    getattr(station_app(site), look)()
