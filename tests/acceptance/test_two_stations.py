"""Two stations in two terminals on one order: limits count both, each has its own, and work can be taken over."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.acceptance.warehouse import Station
from tests.builders import product, purchase

Open = Callable[..., Station]


@pytest.fixture
def open_station(store: Store, tmp_path: Path) -> Open:
    """Opens the real program on the test's store, at a station of this name."""

    def begin(name: str, operator: str, *command: str) -> Station:
        options = ["--db", f"sqlite:///{store.path}", "--station", name, "--operator", operator]
        return Station([sys.executable, "-m", "scanstation", *options, *command], cwd=tmp_path)

    return begin


@pytest.fixture(autouse=True)
def order(site: Site) -> None:
    product(site, "CAM-300", 3)
    product(site, "BAT-100")
    purchase(site, "N-1", {"CAM-300": 2, "BAT-100": 2})


def test_limits_count_both_and_each_undoes_and_completes_its_own(open_station: Open) -> None:
    with open_station("dock-2", "Ana", "receive", "N-1") as ana, open_station("dock-3", "Ben", "receive", "N-1") as ben:
        ana.wait_for("N-1 is open")
        ben.wait_for("N-1 is open")

        ana.scan("BAT-100")
        ana.wait_for("1 of 2")
        ben.scan("BAT-100")
        ben.wait_for("2 of 2")
        ana.pause(0.3)  # sooner, the same code would be a label that the scanner read twice
        ana.scan("BAT-100")
        ana.expect("STOP", "BAT-100 is full", "at dock-3")

        ben.scan("SS-UNDO")
        ben.wait_for("Taken back")
        ben.press("f2")
        ben.wait_for("nothing of yours")
        ana.pause(0.3)
        ana.scan("BAT-100")
        ana.wait_for("BAT-100 taken, 2 of 2")

        ana.scan("CAM-300", "SN-1", "LENS-1")
        ana.wait_for("SN-1 + LENS-1")
        ben.scan("CAM-300")
        ben.wait_for("Primary serial")
        ben.scan("SN-1")
        ben.wait_for("Ana's open receipt N-1 at dock-2")
        ben.scan("SN-2")
        ben.wait_for("Secondary serial")
        ben.scan("LENS-2")
        ben.wait_for("SN-2 + LENS-2")

        ana.scan("SS-COMPLETE")
        ana.wait_for("3 units")
        ben.scan("SS-COMPLETE")
        ben.wait_for("N-1 complete, 1 unit")


def test_taken_over_work_goes_on_and_stops_the_old_station(open_station: Open) -> None:
    with open_station("dock-2", "Ana", "receive", "N-1") as ana, open_station("dock-3", "Ben") as ben:
        ana.wait_for("N-1 is open")
        ana.scan("CAM-300", "SN-1")
        ana.wait_for("Secondary serial")

        ben.expect_title("Home")
        ben.open_order("f7", "N-1")
        ben.choose("Take over")
        ben.expect_question("Ana left it", "Take it over?")
        ben.press("y")
        ben.expect("OK", "is yours now")

        ana.scan("LENS-1")
        ana.expect("STOP", "took this receipt", "dock-3")

        ben.choose("Receive here")
        ben.expect_prompt("Secondary serial")
        ben.scan("LENS-1")
        ben.wait_for("SN-1 + LENS-1")


def test_a_name_lives_in_one_terminal_at_a_time(open_station: Open) -> None:
    with open_station("dock-2", "Ana") as first:
        first.expect_title("Home")
        with open_station("dock-2", "Ben") as second:
            second.wait_for("as dock-2-2?")
            second.press("y")
            second.wait_for(lambda _: "dock-2-2" in second.lines[0])
            second.expect_title("Home")
