"""A station's process that hands over: when it is begun, and what it says."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from scanstation.domain.handover import HandoverPlan, HandoverStand
from scanstation.store.store import Store, open_store
from scanstation.workflows.access import operator_book
from scanstation.workflows.access.operator_book import Given
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.handover_process import StationHandOver
from tests import builders
from tests.staff import turn_on

MODULE = "scanstation.workflows.upkeep.handover_process"


@pytest.fixture
def site(store: Store) -> Iterator[Site]:
    """With the clock that processes have, and a message that waits."""
    opened = open_store(store.url)
    site = Site(opened, "Ana", "office")
    builders.product(site, "BOX", 0)
    purchase_orders.receive_all(site, builders.purchase(site, "N-1", {"BOX": 1}))
    yield site
    opened.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@contextmanager
def station(site: Site, out: Path, operator: str = "Ana", pin_file: str | Path = "") -> Iterator[StationHandOver]:
    hand_over = StationHandOver(site.store.url, HandoverPlan(folder=str(out)), operator, str(pin_file))
    try:
        yield hand_over
    finally:
        hand_over.close()
        for listener in [one for one in threading.enumerate() if one.name == "handover"]:
            listener.join(60)
            assert not listener.is_alive(), "it goes on without its station"


def processes() -> list[psutil.Process]:
    """Those that hand over for this one, as far as they live."""
    return [
        one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE and MODULE in one.cmdline()
    ]


def until(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, what
        os.sched_yield()


def said(hand_over: StationHandOver, now_s: float) -> HandoverStand:
    """What the process says next."""
    heard: list[HandoverStand] = []

    def look() -> bool:
        if stand := hand_over.look("dock-1", now_s):
            heard.append(stand)
        return bool(heard)

    until(look, "it says nothing")
    return heard[0]


@pytest.mark.both_stores
def test_one_that_is_killed_is_begun_anew_after_longer_and_longer_waits(site: Site, out: Path) -> None:
    now = 100.0
    with station(site, out) as hand_over:
        assert said(hand_over, now) == HandoverStand()
        until(lambda: [*out.iterdir()], "nothing is handed over")
        for wait in (1.0, 2.0, 4.0):
            (running,) = processes()
            os.kill(running.pid, signal.SIGKILL)
            assert "ended by itself (-9); another is begun." in said(hand_over, now).trouble
            assert hand_over.look("dock-1", now + wait - 0.01) is None
            assert not hand_over.runs
            now += wait
            assert said(hand_over, now) == HandoverStand()
        (running,) = processes()
        now += 3_600  # it went well for so long
        os.kill(running.pid, signal.SIGKILL)
        assert said(hand_over, now).trouble
        assert said(hand_over, now + 1.0) == HandoverStand()
        if site.store.path is None:
            assert processes()[0].nice() == os.nice(0) + 10


def test_a_store_that_is_away_is_told_and_looked_for_again(site: Site, out: Path) -> None:
    assert site.store.path is not None
    away = site.store.path.with_suffix(".away")
    site.store.close()
    site.store.path.rename(away)
    with station(site, out) as hand_over:
        assert str(site.store.path) in said(hand_over, 0.0).trouble
        until(lambda: hand_over.look("dock-1", 0.0) is None and not hand_over.runs, "it stays without a store")
        away.rename(site.store.path)
        assert said(hand_over, 1.0) == HandoverStand()


def test_where_people_sign_in_it_is_a_service_account_with_the_right_and_its_pin(
    site: Site, out: Path, tmp_path: Path
) -> None:
    def add(name: str, role: str) -> Path:
        added = operator_book.add(site, name, [role], [], is_service=True)
        assert isinstance(added, Given)
        file = tmp_path / f"{name}.pin"
        file.write_text(added.secret, encoding="utf-8")
        file.chmod(0o600)
        return file

    erp, robot = add("erp", "clerk"), add("robot", "packer")
    turn_on(site)
    for operator, pin_file, trouble in (
        ("erp", "", "Name a service account that has the right import in config.toml"),
        ("erp", tmp_path / "none", "The PIN cannot be read from"),
        ("robot", robot, "robot may not hand messages over"),
    ):
        with station(site, out, operator, pin_file) as hand_over:
            assert trouble in said(hand_over, 0.0).trouble
    with station(site, out, "erp", robot) as hand_over:
        assert "erp" in said(hand_over, 0.0).trouble
        until(lambda: hand_over.look("dock-1", 0.0) is None and not hand_over.runs, "it goes on without its PIN")
        robot.write_text(erp.read_text())
        assert hand_over.look("dock-1", 1_799.0) is None
        assert not hand_over.runs, "a wrong PIN that comes more often keeps everybody waiting"
        assert [*out.iterdir()] == []
        assert said(hand_over, 1_800.0) == HandoverStand()
        until(lambda: [*out.iterdir()], "nothing is handed over")
