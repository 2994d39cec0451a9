"""A station without a terminal: scans go into its pipe, keys to its screens, and its rows can be read."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from scanstation.app import Examples, StationApp
from scanstation.config import Settings
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.screens.widgets.entry_slot import Alone, EntrySlot
from scanstation.screens.widgets.verdict_bar import VerdictBar, sentence
from scanstation.workflows.site import Site
from tests import builders

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "40x20": (40, 20)}
EXAMPLES: Examples = (
    ("N-1003", "a purchase order, cameras with two serials"),
    ("CAM-300", "a product of it"),
    ("S-901", "a shipment order"),
    ("SS-COMPLETE", "complete what was scanned"),
)


class Rig:
    """One running station."""

    def __init__(self, app: StationApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        """Until every scan and key is answered and drawn."""
        quiet = 0
        while quiet < 2:  # a key may have become a scan only while it was looked
            await self.pilot.pause()
            quiet = 0 if self._is_answering() else quiet + 1
        await self.pilot.pause()

    def _is_answering(self) -> bool:
        return bool(
            self.app.pipe.waiting
            or self.app.station.turn.locked()
            or self._shows_waiting()
            or any(worker.name in ("key", "go") and worker.is_running for worker in self.app.workers)
        )

    def _shows_waiting(self) -> bool:
        """What is answered may be shown as waiting until the header is looked at again."""
        return self.app.is_running and any(" waiting  " in line for line in self.lines[:1])

    async def scan(self, *codes: str | Scan) -> None:
        """Scan, one after the other, as fast as the station answers."""
        for code in codes:
            self.app.pipe.put(code if isinstance(code, Scan) else Scan(code))
            await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys, each after a moment and with one after it."""
        for key in keys:
            await self.pilot.press(key)
            if len(key) == 1:
                self.app.post_message(Alone())
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a line and press Enter."""
        await self.pilot.press(*text)
        await self.press("enter")

    @property
    def lines(self) -> list[str]:
        """The rows of the screen in front."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """All rows."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """All rows in one, without frames and big letters: a sentence that is wrapped is found in it."""
        return " ".join(part for part in self.text.split() if not set(part) <= set("│─╭╮╰╯█▀▄"))

    def row(self, part: str) -> str:
        """The first row with this text."""
        return next((line for line in self.lines if part in line), "")

    @property
    def verdict(self) -> str:
        """What the verdict bar says: `STOP SN-1 is …`; empty before the first answer."""
        shown = self.app.screen.query_one(VerdictBar).verdict
        return f"{shown.tone.value} {sentence(shown)}" if shown else ""

    async def until(self, verdict: str) -> None:
        """Wait for the answer of an act that a worker does, which begins so."""
        async with asyncio.timeout(60):
            while not self.verdict.startswith(verdict):
                await self.settle()

    async def mark(self, row: str) -> None:
        """Go down a list to the row that begins so."""
        async with asyncio.timeout(60):
            while f"▶ {row}" not in self.text:
                await self.press("down")

    @property
    def slot(self) -> EntrySlot:
        """The entry slot in front."""
        return self.app.screen.query_one(EntrySlot)


@asynccontextmanager
async def running(
    site: Site,
    size: tuple[int, int] = (80, 24),
    *,
    examples: Examples = (),
    settings: Settings | None = None,
) -> AsyncIterator[Rig]:
    """A running station, ended tidily."""
    app = station_app(site, examples=examples, settings=settings)
    async with app.run_test(size=size) as pilot:
        rig = Rig(app, pilot)
        await rig.settle()
        yield rig
        await rig.settle()
        # As a station ends: a look at what others did, begun by its clock just now, is done before the screens go.
        await app.on_exit_app()
    app.close()


def station_app(
    site: Site,
    *,
    examples: Examples = (),
    settings: Settings | None = None,
) -> StationApp:
    """A station that looks the same in any terminal."""
    os.environ["COLORTERM"] = "truecolor"
    return StationApp(site, settings or Settings(), examples=examples)


def play(site: Site, scenes: Callable[[Rig], Awaitable[None]], size: tuple[int, int] = (80, 24)) -> None:
    """Run a station through scenes."""

    async def run() -> None:
        async with running(site, size) as rig:
            await scenes(rig)

    asyncio.run(run())


def pictured(
    app: StationApp,
    snap_compare: Callable[..., bool],
    size: tuple[int, int],
    *scenes: Callable[[Rig], Awaitable[None]],
) -> bool:
    """Play scenes one after the other; does the screen look as in its picture then?"""

    async def play_all(pilot: Pilot[None]) -> None:
        rig = Rig(app, pilot)
        await rig.settle()
        for scene in scenes:
            await scene(rig)
        await rig.settle()

    same = snap_compare(app, terminal_size=size, run_before=play_all)
    app.close()
    return same


def stock(site: Site) -> None:
    """A small warehouse with something of each sort."""
    builders.product(
        site,
        "CAM-300",
        3,
        barcodes=[Barcode("4006381333931")],
        hint="the code on the body, CAM + 7 digits",
        secondary_hint="the code on the lens ring",
    )
    builders.product(site, "BAT-100", 0, barcodes=[Barcode("4006381333948", 12)])
    builders.product(site, "CBL-010", 0)
    builders.product(site, "LAP-15", 5)
    builders.purchase(site, "N-1003", {"CAM-300": 10, "BAT-100": 40, "CBL-010": 200}, due="2026-11-21")
    builders.purchase(site, "N-1004", {"LAP-15": 3}, due="2026-11-23")
    builders.shipment(site, "S-901", {"CAM-300": 2, "BAT-100": 4}, due="2026-11-22")
    builders.shipment(site, "S-902", {"BAT-100": 1})


THREE_CAMERAS = (
    *("CAM-300", "SN-0001", "LENS-77201"),
    *("CAM-300", "SN-0002", "LENS-77202"),
    *("CAM-300", "SN-0003", "LENS-77203"),
)
