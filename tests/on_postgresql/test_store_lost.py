"""The row that says `store lost` says so until the store is back, and no longer."""

from collections.abc import Callable

import pytest
from psycopg import sql

from scanstation.screens.base import StationScreen
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import station_names
from tests.postgresql import Server
from tests.screens.rig import Rig, play

LOOKS = 1200


def test_it_goes_before_the_next_sign_of_life(
    server: Server, url: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_names, "BEAT_EVERY_S", 3600.0)
    name = sql.Identifier(url.partition("?")[0].rpartition("/")[2])

    async def comes(rig: Rig, shown: Callable[[str], bool]) -> None:
        for _ in range(LOOKS):
            if shown(rig.lines[0]):
                return
            await rig.pilot.pause(0.05)
        pytest.fail(rig.text)

    async def scenes(rig: Rig) -> None:
        server.run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        server.terminate_backends()
        await rig.scan("N-1")
        await comes(rig, lambda row: "store lost" in row)
        front = rig.app.screen
        assert isinstance(front, StationScreen)
        front.look_again()
        await rig.app.workers.wait_for_complete([one for one in rig.app.workers if one.name == "key"])
        assert front.bar.verdict is not None
        assert front.bar.verdict.code == "N-1", "a look takes no scan that was not saved off the bar"
        server.run(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        await comes(rig, lambda row: "store lost" not in row)

    play(site, scenes, size=(120, 40))
