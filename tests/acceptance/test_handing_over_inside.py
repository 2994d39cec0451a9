"""A station hands over by itself, in a process of its own that lives as long as the station does."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.cli.conftest import process
from tests.erp_server import SECRET, ErpServer, erp_server
from tests.terminal import DRIVER, PATIENCE_S, READING_S, Terminal


@pytest.fixture
def server() -> Iterator[ErpServer]:
    with erp_server() as running:
        yield running


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def wait_for(holds: Callable[[], object], what: str, *stations: Terminal) -> None:
    """Wait until it is so; stations whose picture nobody takes would stand still."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, what
        for station in stations:
            station.pause(0.02)
        os.sched_yield()


def store_of(site: Site) -> tuple[str, str]:
    return "--db", f"sqlite:///{site.store.path}"


def begin(site: Site, name: str, out: Path, server: ErpServer | None = None, **more: str) -> Terminal:
    settings = f'[handover]\nby_stations = true\nfolder = "{out}"\n'
    if server:
        settings += f'url = "{server.url}"\nsecret = "{SECRET}"\n'
    config = out.parent / f"{name}.toml"
    config.write_text(settings, encoding="utf-8")
    words = [sys.executable, "-m", "scanstation", "--config", str(config)]
    station = Terminal([*words, *store_of(site), "--station", name, "--operator", "Ana"], cwd=out.parent, env=more)
    station.wait_for("HOME")
    return station


def holder(site: Site) -> tuple[str, int]:
    """The station that hands over, and its process; nobody where the targets are free."""
    with site.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT DISTINCT runner FROM handover_target WHERE name <> ''").all()
    name, _, pid = (rows[0].runner if len(rows) == 1 else "").partition("/")
    return name, int(pid or 0)


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def numbers(out: Path) -> list[int]:
    return sorted(int(file.name.partition("-")[0]) for file in out.glob("*.json"))


def receive(station: Terminal, order: str, *serials: str) -> None:
    """All of an order."""
    station.scan(order)
    station.wait_for(f"{order} is open")
    for number, serial in enumerate(serials, 1):
        station.scan("CAM")
        station.wait_for("Primary serial")
        station.scan(serial)
        station.wait_for(f"{number} of {len(serials)}")
    station.scan("SS-COMPLETE")
    station.wait_for(f"{order} complete,")


@pytest.mark.parametrize("driver", ["auto", "portable"])
def test_what_is_scanned_is_heard_whoever_is_killed(site: Site, out: Path, server: ErpServer, driver: str) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 2})
    killed: list[int] = []

    def behave(number: int) -> str:
        if number == 2 and not killed:
            killed.append(holder(site)[1])
            os.kill(killed[0], signal.SIGKILL)
        return "500" if number == 3 and server.posts.count(3) == 1 else "take"

    server.behave = behave
    with begin(site, "dock-1", out, server, **{DRIVER: driver}) as station:
        receive(station, "N-1", "C-1", "C-2")
        wait_for(lambda: numbers(out) == [1, 2, 3] == sorted(server.picture.numbers), "not all was heard", station)
        wait_for(lambda: holder(site)[1] not in (0, *killed), "no other was begun", station)
        assert is_gone(killed[0])
        last = holder(site)[1]
        assert os.sched_getscheduler(last) == os.SCHED_BATCH
        station.kill()
        wait_for(lambda: is_gone(last), "the process outlives its station")
    assert holder(site) == ("", 0), "it gave its targets back"
    assert server.posts.count(3) >= 2
    server.picture.compare(site.store)


def test_of_two_stations_one_hands_over_and_the_other_goes_on_when_it_ends(
    site: Site, out: Path, server: ErpServer, home: Path
) -> None:
    product(site, "CAM", 1)
    for order in ("N-1", "N-2"):
        purchase(site, order, {"CAM": 1})
    with begin(site, "dock-1", out, server) as one:
        wait_for(lambda: holder(site)[0] == "dock-1", "nobody hands over", one)
        with begin(site, "dock-2", out, server) as other:
            other.press("f9")
            other.wait_for("at dock-1")
            receive(one, "N-1", "C-1")
            wait_for(lambda: len(numbers(out)) == len(server.picture.numbers) == 2, "not all was heard", one, other)
            beside = process("--config", out.parent / "dock-1.toml", *store_of(site), "handover", "run", home=home)
            assert (beside.returncode, "at dock-1" in beside.stderr) == (1, True)
            one.press("ctrl+q")
            one.wait_for("Close this station")
            one.pause(READING_S)
            one.press("y")
            assert one.wait_exit() == 0
            other.wait_for("from here to folder and url")
            assert holder(site)[0] == "dock-2"
            other.press("escape")
            receive(other, "N-2", "C-2")
            wait_for(lambda: len(numbers(out)) == len(server.picture.numbers) == 4, "not all was heard", other)
    assert server.posts == [1, 2, 3, 4], "each was posted once"
    server.picture.compare(site.store)


def test_what_keeps_messages_back_stands_on_the_overview_and_in_doctor_and_in_no_scanners_way(
    site: Site, out: Path, home: Path
) -> None:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 1})
    out.rmdir()
    with begin(site, "dock-1", out) as station:
        receive(station, "N-1", "C-1")
        wait_for(lambda: holder(site)[1], "nobody hands over", station)
        assert "folder" not in station.text
        station.press("escape")
        station.wait_for("HOME")
        station.press("f9")
        station.wait_for(lambda seen: "Messages wait." in " ".join(seen.text.replace("│", " ").split()))
        station.press("enter")
        station.wait_for("CHECK  folder: ")
        looked = process("--config", out.parent / "dock-1.toml", *store_of(site), "doctor", home=home)
        assert "handed over at dock-1" in looked.stdout


def test_the_example_is_handed_over_to_nobody(out: Path, home: Path) -> None:
    env = {"HOME": str(home), "SCANSTATION_HANDOVER__BY_STATIONS": "true", "SCANSTATION_HANDOVER__FOLDER": str(out)}
    with Terminal([sys.executable, "-m", "scanstation", "demo"], cwd=home, env=env) as station:
        station.wait_for("HOME")
        station.press("f9")
        station.wait_for("To receive")
        assert "ERP" not in station.text
    ran = process("--db", f"sqlite:///{next(home.rglob('demo.db'))}", "handover", "list", home=home)
    assert "folder" not in ran.stderr, "nobody ever was at it"
