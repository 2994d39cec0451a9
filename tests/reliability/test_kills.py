"""Writers are killed at random instants: nothing that was answered OK is lost, nothing is half done."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.store.store import Store, create_store, open_store
from scanstation.workflows.site import Site
from tests.postgresql import Server, running_server
from tests.reliability.rounds import rounds, seen
from tests.reliability.writers import lost, stocked, writers

pytestmark = pytest.mark.long
NAMES = ("dock-1", "dock-2", "dock-3")


def test_writers_that_are_killed_lose_nothing(site: Site, store: Store, tmp_path: Path) -> None:
    stocked(site)
    chance, done = random.Random(1), 0
    with writers(f"sqlite:///{store.path}", tmp_path, *NAMES) as running:
        for number in rounds(20):
            running.wait_for(chance.randint(1, 6))
            victims = NAMES if number % 5 == 4 else (chance.choice(NAMES),)
            for name in victims:
                running.kill(name)
            for name in victims:
                running.start(name)
            done += len(victims)
        running.wait_for(10)
    acknowledged = running.acknowledged()
    gone = lost(store, acknowledged)
    seen("SIGKILL of three writers, SQLite", kills=done, acknowledged=len(acknowledged), lost=len(gone))
    assert gone == set()


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server of the test's own that keeps what it has committed when it is killed."""
    with running_server() as server:
        server.run("ALTER SYSTEM SET synchronous_commit = on")
        server.run("SELECT pg_reload_conf()")
        yield server


def test_a_server_that_is_killed_loses_nothing_and_writers_go_on(durable: Server, tmp_path: Path) -> None:
    url = durable.url(durable.new_database())
    store = create_store(url)
    stocked(Site(store, "Mia", "office"))
    store.close()
    chance, done = random.Random(2), 0
    with writers(url, tmp_path, *NAMES) as running:
        for _ in rounds(3):
            running.wait_for(chance.randint(5, 40))
            durable.stop("immediate")
            durable.start()
            done += 1
        running.wait_for(30)
    acknowledged, failures = running.acknowledged(), sum(running.failures().values())
    store = open_store(url)
    gone = lost(store, acknowledged)
    store.close()
    figures = {"times": done, "acknowledged": len(acknowledged), "told_not_saved": failures, "lost": len(gone)}
    seen("PostgreSQL stopped -m immediate", **figures)
    assert gone == set()
