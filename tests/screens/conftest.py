"""Local time is UTC on the test screens, and a screen is compared with its picture."""

import time
from collections.abc import Callable, Iterator

import pytest

from scanstation.workflows.site import Site
from tests.screens.pictures import Compare, Scene
from tests.screens.rig import EXAMPLES, pictured, station_app, stock


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same hours everywhere."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def picture(site: Site, snap_compare: Compare) -> Callable[[Scene, tuple[int, int]], bool]:
    """Play a scene and compare what is on the screen then."""
    stock(site)
    app = station_app(site, examples=EXAMPLES)

    def compare(scene: Scene, size: tuple[int, int]) -> bool:
        return pictured(app, snap_compare, size, scene)

    return compare
