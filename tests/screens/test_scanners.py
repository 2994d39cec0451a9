"""The scanners screen: what it says, and how it looks in the three sizes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

import pytest

from scanstation.config import Settings
from scanstation.config_model import judged
from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.tap import Chunk
from scanstation.devices.tracefile import played, read_trace
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.check_card import GS1_FIELDS, PLAIN_CARD
from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.screens.station import Go, Where
from scanstation.workflows.site import Site
from tests.crossed import crossed_out, english_in
from tests.devices.lines import PATIENCE_S, Cable
from tests.devices.scanners import in_one, keyed, sent
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, pictured, running, station_app

MARKED = f"]C0{PLAIN_CARD}"


# On the clock of the readers each scan is some time after the one before, and all of them so long ago that nothing
# has to be waited for.
_LONG_AGO = count(-1e9, 60_000)


async def to_scanners(rig: Rig) -> None:
    async with rig.app.station.turn:
        await rig.app.ways.go(Go(Where.SCANNERS))
    await rig.settle()


async def heard(rig: Rig, *scans: list[Chunk]) -> None:
    """What the readers hand over: bytes for the bench, and scans for the station's pipe."""
    for chunks in scans:
        before = next(_LONG_AGO)
        for chunk in chunks:
            rig.app.tap.heard(chunk.device, before + chunk.at, chunk.data)
        for scan in played(hear_all(Examiner(WedgeSettings()), chunks)):
            await rig.scan(Scan(scan.text, scan.source, "wedge", fault=scan.fault))
        await until(rig, lambda: not rig.app.pipe.waiting)


async def until(rig: Rig, holds: Callable[[], object]) -> None:
    """Until something holds; the timers of the bench are due at once."""
    given_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < given_up:
        await rig.settle()
        if holds():
            return
    raise AssertionError(f"it never came:\n{rig.text}")


async def shown(rig: Rig, text: str) -> None:
    """Until a text is on the screen."""
    await until(rig, lambda: text in " ".join(rig.text.split()))


def play(site: Site, scene: Callable[[Rig], Awaitable[None]], settings: Settings | None = None) -> None:
    """The scanners screen in front, and what is done there."""

    async def run() -> None:
        async with running(site, settings=settings) as rig:
            await to_scanners(rig)
            await scene(rig)

    asyncio.run(run())


def test_an_earlier_scan_is_looked_at_again(site: Site) -> None:
    async def scene(rig: Rig) -> None:
        await heard(rig, sent("SN-0001"), sent("SN-0002", gap=20))
        await shown(rig, "raw SN-0002␍")
        await rig.press("down")
        assert "raw      SN-0001␍" in rig.text
        await heard(rig, sent("SN-0003"))
        await shown(rig, "raw SN-0003␍")

    play(site, scene)


def test_what_was_read_is_answered_like_any_scan(site: Site) -> None:
    async def scene(rig: Rig) -> None:
        await heard(rig, sent("]C10104006381333931\x1d21SN-1"))
        assert rig.verdict.startswith("OK")
        assert "product 04006381333931, serial SN-1" in rig.verdict
        await heard(rig, sent("SS-COMPLETE"))
        assert rig.verdict == "OK The command SS-COMPLETE is read well. Here it does nothing."
        await heard(rig, sent("SN-00012", pause=(4, 250)))
        assert rig.verdict.startswith("STOP SN-00012 came in pieces")

    play(site, scene)


def test_only_where_scanners_are_set_up_is_the_card_taken(site: Site) -> None:
    async def run() -> None:
        async with running(site) as rig:
            await rig.scan(MARKED)
            assert rig.verdict == "CHECK The check card: open the scanners screen (F9, Scanners) and scan it there."
            await rig.press("escape")  # the question whether to close
            await rig.scan(MARKED)
            assert "Answer the question first" in rig.verdict

    asyncio.run(run())


def test_commands_lead_to_other_screens_and_nothing_is_heard_there(site: Site) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("SS-RECEIVE")
        assert "RECEIVING" in rig.text
        rig.app.tap.heard("wedge", 0, b"SN-0001\r")
        await rig.scan("SS-HOME")
        await to_scanners(rig)
        assert "SN-0001" not in rig.text

    play(site, scene)


def test_what_is_asked_and_what_the_keys_do_is_in_the_language(site: Site) -> None:
    async def scene() -> None:
        async with running(site) as rig:
            await to_scanners(rig)
            await heard(rig, sent(PLAIN_CARD, gap=6, suffix=""))
            await until(rig, lambda: "config.toml" in rig.text)
            named = ("Check", "dock-2", "config.toml")
            lines = [line for line in rig.lines if not any(name in line for name in named)]
            assert english_in(lines, ["suffix", '"none"', '["enter"', '"tab"', '"lf"']) == []
            await rig.press("n")
            assert english_in(rig.lines[-1:], ["dock"]) == []

    with crossed_out():
        asyncio.run(scene())


def test_a_recording_ends_with_the_screen(site: Site, tmp_path: Path) -> None:
    async def scene(rig: Rig) -> None:
        assert rig.app.station.bench.record(tmp_path / "a.jsonl")
        await heard(rig, sent("SN-0001"))
        await shown(rig, "recording a.jsonl: 1")
        await rig.scan("SS-HOME")
        assert not rig.app.station.bench.is_recording

    play(site, scene)
    assert [heard.body for heard in read_trace(tmp_path / "a.jsonl").heard()] == ["SN-0001"]


def test_a_disk_that_is_full_ends_the_recording_and_is_told(site: Site) -> None:
    async def scene(rig: Rig) -> None:
        assert isinstance(rig.app.station.bench.record(Path("/dev/full")), Refused)

    play(site, scene)


def test_a_scanner_that_goes_or_comes_is_shown_as_it_is_at_once(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanstation.app.station_app._LOOK_AT_OTHERS_S", 1000)  # not by looking now and then
    cable = Cable(tmp_path / "gun1").plug_in()

    async def scene(rig: Rig) -> None:
        await shown(rig, "● gun1 is ready.")
        cable.pull()
        await shown(rig, "○ gun1 is unplugged")
        cable.plug_in()
        await shown(rig, "● gun1 is back.")

    play(site, scene, judged(None, {"serial": [{"id": "gun1", "port": str(cable.link)}]}, {}))
    cable.pull()


@pytest.mark.parametrize(("size", "lines"), [((80, 24), 4), ((80, 24), 9), ((40, 20), 2), ((40, 20), 14)])
def test_no_scanner_is_cut_off_without_a_word(site: Site, size: tuple[int, int], lines: int) -> None:
    ports = [{"id": f"gun{number}", "port": f"usb:FFFF:{number:04}"} for number in range(1, lines + 1)]

    async def scene() -> None:
        async with running(site, size, settings=judged(None, {"serial": ports}, {})) as rig:
            await to_scanners(rig)
            await until(rig, lambda: f"○ {lines} lost" in rig.lines[0] or f"gun{lines} lost" in rig.lines[0])
            sheet = [line.strip() for line in rig.lines[1:11]]
            named = [line for line in sheet if line.startswith("○ gun")]
            unnamed = [line for line in sheet if line.endswith(" more")]
            assert len(named) == lines or unnamed == [f"… {lines - len(named)} more"]

    asyncio.run(scene())


@pytest.fixture
def picture(site: Site, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Play a scene on the scanners screen and compare what is there then."""
    monkeypatch.setenv("HOME", "/home/ana")

    def compare(
        scene: Callable[[Rig], Awaitable[None]], size: tuple[int, int], settings: Settings | None = None
    ) -> bool:
        app = station_app(site, settings=settings)

        return pictured(app, snap_compare, size, to_scanners, scene)

    return compare


@in_all_sizes
def test_before_the_first_scan(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        assert "The check card tells how a scanner is set up." in " ".join(rig.text.split())

    assert picture(scene, size)


@in_all_sizes
def test_scans_of_all_kinds(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await heard(
            rig,
            sent("SN-0001", gap=82),
            sent("SN-00012", pause=(4, 250)),
            in_one("SN-0001\r"),
            sent("]d20104006381333931\x1d21SN-77201", gap=6.4),
        )
        await shown(rig, "raw ]d20104006381333931␝21SN-7")

    assert picture(scene, size)


@in_all_sizes
def test_a_card_from_the_wrong_layout(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await heard(rig, sent("SN-0001"), sent(keyed(PLAIN_CARD, computer="French"), gap=6, suffix=""))
        await shown(rig, "computer's is French")

    assert picture(scene, size)


@in_all_sizes
def test_what_would_be_written_is_shown_before(picture: Callable[..., bool], size: tuple[int, int]) -> None:
    async def scene(rig: Rig) -> None:
        await heard(rig, sent("]C1" + "~".join(GS1_FIELDS), gap=45))
        await shown(rig, "Write ")
        assert "gs_substitute" in rig.text

    assert picture(scene, size)
