"""Home stands while the store is opened: what it costs to import, and what becomes of what is scanned meanwhile."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from textual.pilot import Pilot

from scanstation.app import StationApp
from scanstation.domain.scan import Scan
from scanstation.screens.station import Go, Where
from scanstation.settings import Settings
from scanstation.workflows.orders import order_book
from scanstation.workflows.site import Site, StoreToCome
from tests.builders import product, purchase
from tests.heavy import HEAVY
from tests.screens.rig import Rig

MOST_MODULES = 85
"""Of ours, in a first frame: each costs about half a millisecond, and one with many dataclasses five."""

PROGRAM = """
import json, sys
from scanstation.app import StationApp
from scanstation.domain.store_errors import StoreUnreachable
from scanstation.settings import Settings
from scanstation.workflows.site import Site, StoreToCome

def opening():
    print(json.dumps([*sys.modules]), flush=True)
    raise StoreUnreachable("The server is away.", "Look.")

app = StationApp(Site(StoreToCome.stand_in(), "Ana", "dock-2"), Settings(), opening=opening)
app.run(headless=True)
app.close()
print(json.dumps([str(app.not_opened), [*app.screen_stack] == []]))
"""


@asynccontextmanager
async def receiving_before_its_store(
    site: Site, order_id: int
) -> AsyncIterator[tuple[StationApp, Pilot[None], Rig, threading.Event]]:
    """The station begun on an order, whose store is opened when the event is set."""
    go_on = threading.Event()

    def opening() -> tuple[Site, Go]:
        go_on.wait(60)
        return site, Go(Where.RECEIVE, order_id=order_id)

    to_come = replace(site, store=StoreToCome.stand_in())
    app = StationApp(to_come, Settings(), opening=opening, first=Go(Where.RECEIVE, code="N-1"))
    async with app.run_test() as pilot:
        rig = Rig(app, pilot)
        async with asyncio.timeout(60):
            while "The store is being opened" not in rig.text:
                await pilot.pause()
        yield app, pilot, rig, go_on
    app.close()


def test_keys_pressed_while_the_store_is_opened_for_a_desk_count_in_their_turn_among_the_scans(site: Site) -> None:
    product(site, "CAM-300", 0)
    product(site, "BAT-100", 0)
    wanted = purchase(site, "N-1", {"CAM-300": 2, "BAT-100": 1})

    async def run() -> None:
        async with receiving_before_its_store(site, wanted) as (app, pilot, rig, go_on):
            app.pipe.put(Scan("CAM-300"))
            app.pipe.put(Scan("BAT-100"))
            await pilot.press("f2")  # takes BAT-100 back
            app.pipe.put(Scan("CAM-300"))
            await pilot.press("f5")
            app.pipe.put(Scan("BAT-100"))
            await pilot.press("f10", "f4")
            assert app.pipe.arrived == 7, "F5 does nothing at a desk"
            go_on.set()
            await rig.until("STOP F4 was pressed before the desk stood: press it again.")

    asyncio.run(run())
    assert [(line.sku, line.done) for line in order_book.detail(site, wanted).lines] == [("CAM-300", 2), ("BAT-100", 1)]


def test_the_first_frame_needs_no_store_and_a_store_that_cannot_be_opened_ends_the_station() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120)
    imported, ended = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    assert HEAVY & set(imported) == {"textual", "rich", "platformdirs"}
    ours = {name for name in imported if name.startswith("scanstation.")}
    assert not {name for name in ours if name.startswith(("scanstation.store.", "scanstation.domain.sentences."))}
    assert len(ours) <= MOST_MODULES, sorted(ours)
    assert "The server is away." in ended[0]


def test_what_is_scanned_and_keyed_in_while_the_store_is_opened_is_answered_in_its_turn(site: Site) -> None:
    product(site, "CAM-300", 0)
    purchase(site, "N-1", {"CAM-300": 20})
    go_on = threading.Event()
    to_come = replace(site, store=StoreToCome.stand_in())

    def opening() -> tuple[Site, Go]:
        go_on.wait(60)
        return site, Go(Where.HOME)

    async def run() -> None:
        app = StationApp(to_come, Settings(), opening=opening)
        async with app.run_test() as pilot:
            rig = Rig(app, pilot)
            await pilot.press("f6")  # to Packing, as soon as there is one
            app.pipe.put(Scan("N-1"))
            app.pipe.put(Scan("CAM-300"))
            assert app.pipe.waiting == 2
            go_on.set()
            await rig.until("OK CAM-300")
        app.close()

    asyncio.run(run())


def test_receiving_stands_while_the_store_is_opened_and_takes_what_is_scanned_meanwhile(site: Site) -> None:
    product(site, "CAM-300", 0)
    wanted = purchase(site, "N-1", {"CAM-300": 20})

    async def run() -> None:
        async with receiving_before_its_store(site, wanted) as (app, _, rig, go_on):
            assert "RECEIVING" in rig.lines[0]
            assert "N-1" in rig.lines[0]
            app.pipe.put(Scan("CAM-300"))
            assert app.pipe.waiting == 1
            go_on.set()
            await rig.until("OK CAM-300")
            await rig.press("escape")
            assert "Scan an order or a serial number" in rig.text
            assert "N-1" in rig.row("Go on"), "Home has been asked for as it came to the front"

    asyncio.run(run())
