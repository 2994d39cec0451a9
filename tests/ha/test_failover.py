"""The leader's server, or its whole member, is killed under load: nothing acknowledged is lost, stations are back.

`make test-ha`; `ROUNDS=40 make test-ha` kills twenty of each, by turns.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.upkeep import check
from tests.acceptance.clerk import Clerk
from tests.acceptance.warehouse import Warehouse
from tests.ha.cluster import OWNER, Cluster, Member, running_cluster, setting
from tests.ha.desks import AtTheTerminal, DeskAtWork, Worker, error_files, stock
from tests.reliability.rounds import rounds, seen
from tests.reliability.writers import lost

pytestmark = pytest.mark.ha

LIMITS_S = {"server": 10.0, "member": setting("ttl") + 10.0}
KILLS = {"server": Member.kill_server, "member": Member.kill}


def test_nothing_is_lost_and_stations_are_back(tmp_path: Path) -> None:
    with running_cluster() as cluster, cluster.haproxy(tmp_path) as by_haproxy:
        workers: list[DeskAtWork] = [Worker(f"w{number}", cluster.url()) for number in range(3)]
        workers.append(Worker("w-haproxy", by_haproxy))
        terminals = [AtTheTerminal("dock-1", cluster.url()), AtTheTerminal("dock-2", by_haproxy)]
        desks = [*workers, *terminals]
        store = open_store(cluster.url(OWNER))
        stock(Site(store, "Mia", "office"), desks)
        store.close()
        (tmp_path / "home").mkdir(exist_ok=True)
        clerk = Clerk()
        warehouse = Warehouse(tmp_path, clerk, made=True)
        try:
            for one in terminals:
                station = warehouse.station(
                    "--db", one.url, name=one.name, env={"PGPASSFILE": os.environ["PGPASSFILE"]}
                )
                one.station = station
                station.expect_title("Home")
            pids = [one.station.pid for one in terminals]
            for desk in desks:
                desk.start()
            _wait_for_more(desks, 20)
            times = _killed_by_turns(cluster, desks)
            for desk in desks:
                desk.finish()
            assert [one.station.pid for one in terminals] == pids
            for one in terminals:
                one.station.close()
        finally:
            clerk.close()
        assert error_files(tmp_path) == []
        _compare(cluster, desks)
        for way, took in times.items():
            took.sort()
            figures = {"stations back after": f"{took[len(took) // 2]:.1f} s, at most {took[-1]:.1f} s"}
            seen(f"leader's {way} killed", times=len(took) // len(desks), **figures)
        assert all(max(took) < LIMITS_S[way] for way, took in times.items())


def _killed_by_turns(cluster: Cluster, desks: list[DeskAtWork]) -> dict[str, list[float]]:
    """Kill, wait until every desk has gone on, put back what was killed; the seconds each desk was away."""
    chance, times = random.Random(3), dict[str, list[float]]()
    for number in rounds(2):
        way = list(KILLS)[number % 2]
        _wait_for_more(desks, chance.randint(1, 20))
        time.sleep(chance.random())  # anywhere in what they are doing
        leader = cluster.leader()
        KILLS[way](leader)
        killed_at = time.monotonic()
        took = _wait_until_back(desks, killed_at)
        print(f"{number} {way} of {leader.name}:", *(f"{one:.1f}" for one in took), flush=True)
        times.setdefault(way, []).extend(took)
        cluster.start()
    _wait_for_more(desks, 20)
    return times


def _wait_until_back(desks: list[DeskAtWork], killed_at: float) -> list[float]:
    """Until each has taken a scan that began afterwards; after how many seconds each did."""
    _wait_for(lambda: all(desk.told.back_after(killed_at) is not None for desk in desks), desks)
    return [desk.told.back_after(killed_at) or 0.0 for desk in desks]


def _wait_for_more(desks: list[DeskAtWork], more: int) -> None:
    wanted = [len(desk.told.oks) + more for desk in desks]
    _wait_for(lambda: all(len(desk.told.oks) >= one for desk, one in zip(desks, wanted, strict=True)), desks)


def _wait_for(condition: Callable[[], bool], desks: list[DeskAtWork]) -> None:
    give_up = time.monotonic() + 180
    while not condition():
        for desk in desks:
            if desk.error:
                raise desk.error
        assert time.monotonic() < give_up, [(desk.name, len(desk.told.oks), desk.told.failures) for desk in desks]
        time.sleep(0.05)


def _compare(cluster: Cluster, desks: list[DeskAtWork]) -> None:
    """What was told against what is there."""
    store = open_store(cluster.url(OWNER))
    acknowledged = [serial for desk in desks for serial in desk.told.serials]
    gone = lost(store, acknowledged)
    counted = Counter[str]()
    for desk in desks:
        there, told = desk.counted(store), desk.told
        counted.update(told.counts)
        for sku, count in there.items():
            assert told.counts[sku] <= count <= told.counts[sku] + told.perhaps[sku], (
                desk.name,
                sku,
                there,
                told.counts,
            )
    store.close()
    failures, perhaps = Counter[str](), 0
    for desk in desks:
        failures.update(desk.told.failures)
        perhaps += sum(desk.told.perhaps.values())
    print(failures)
    seen(
        "three members under load",
        serials_answered_OK=len(acknowledged),
        pieces_answered_OK=counted.total(),
        lost=len(gone),
        told_not_saved=failures.total() - perhaps,
        told_perhaps=perhaps,
    )
    assert gone == set()
    assert isinstance(check(cluster.url(OWNER)), Done)
