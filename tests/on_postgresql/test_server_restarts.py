"""A server that is restarted, crashes, or ends every connection: no station ends, and work goes on by itself."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from scanstation import site_key
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreHalfSafe
from scanstation.site_key import SiteKey
from scanstation.store.store import create_store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.acceptance.clerk import Clerk
from tests.acceptance.warehouse import Station, Warehouse
from tests.builders import product, purchase
from tests.postgresql import Server, running_server
from tests.terminal import PATIENCE_S


def restarted(server: Server) -> None:
    server.stop()
    server.start()


def crashed(server: Server) -> None:
    server.stop("immediate")
    server.start()


CANCEL_WAITING: LiteralString = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@contextmanager
def standby_away(server: Server) -> Iterator[None]:
    """The site asks for two machines, and the second one is away."""
    for name, value in (("synchronous_commit", "on"), ("synchronous_standby_names", "nobody")):
        server.run(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    server.run("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in ("synchronous_standby_names", "synchronous_commit"):
            server.run(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
        server.run("SELECT pg_reload_conf()")


def wait_for_standby(server: Server, answer: "Future[Any]") -> None:
    """Until a COMMIT waits for the standby, or there is an answer."""
    with psycopg.connect(server.address, autocommit=True) as connection:
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        give_up = monotonic() + PATIENCE_S
        while not answer.done() and connection.execute(waiting).fetchone() is None:
            assert monotonic() < give_up


WAYS = {"restarted": restarted, "crashed": crashed, "connections ended": Server.terminate_backends}


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """Not the one that other tests are using, and one that loses no COMMIT when it crashes."""
    with running_server() as running:
        with (running.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("synchronous_commit = on\n")
        running.run("SELECT pg_reload_conf()")
        yield running


@pytest.fixture(scope="module")
def stocked(own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, SiteKey]:
    """A database to be copied, and the key of its site: to run the migrations takes longer than most tests."""
    name = own_server.new_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("stocked")))
        store = create_store(own_server.url(name))
    site = Site(store, operator="Mia", station="office")
    product(site, "CAM-1", 1)
    product(site, "BAT-0", 0)
    purchase(site, "N-1", {"CAM-1": 3, "BAT-0": 9})
    store.close()
    assert store.site_key is not None
    return name, store.site_key


@pytest.fixture
def address(own_server: Server, stocked: tuple[str, SiteKey]) -> Iterator[str]:
    template, key = stocked
    name = own_server.new_database(template)
    site_key.keep(key)
    yield own_server.url(name)
    own_server.drop_database(name)


@pytest.fixture(scope="module")
def clerk() -> Iterator[Clerk]:
    running = Clerk()
    yield running
    running.close()


@pytest.fixture
def opened(address: str, tmp_path: Path, clerk: Clerk) -> Iterator[Station]:
    (tmp_path / "home").mkdir(exist_ok=True)
    warehouse = Warehouse(tmp_path, clerk, made=True)
    with warehouse.station("--db", address) as dock:
        dock.expect_title("Home")
        dock.stop("NOBODY-KNOWS", says="is not known here")  # Home stands before the store is open
        yield dock
        assert list(tmp_path.rglob("error-*.txt")) == [], "an error of our own was written down"
    store = open_store(address)
    assert findings(store) == []
    store.close()


@pytest.mark.parametrize("way", WAYS)
def test_on_home_and_between_two_scans_at_a_desk_none_is_lost(own_server: Server, opened: Station, way: str) -> None:
    WAYS[way](own_server)
    opened.ok("N-1", says="N-1 is open")
    opened.ok("BAT-0", says="1 of 9")
    opened.ok("CAM-1", says="unit 1 of 3")
    WAYS[way](own_server)
    opened.ok("SN-1", says="SN-1")
    opened.ok("BAT-0", says="2 of 9")
    opened.press("f2")
    opened.expect("OK", "Taken back")


def test_while_it_is_down_a_scan_is_not_saved_and_then_all_goes_on(own_server: Server, opened: Station) -> None:
    opened.ok("N-1", says="N-1 is open")
    opened.ok("BAT-0", says="1 of 9")
    own_server.stop()
    opened.pause(0.3)
    opened.stop("BAT-0", says=("BAT-0", "Not saved", "cannot be reached"))
    opened.wait_for("store lost")
    opened.press("f2")
    opened.wait_for(lambda _: "Not saved" in opened.verdict[1] and "BAT-0:" not in opened.verdict[1])
    own_server.start()
    opened.ok("BAT-0", says="2 of 9")
    opened.wait_for(lambda _: "store lost" not in opened.text)


def test_on_home_a_server_that_is_down_ends_nothing(own_server: Server, opened: Station) -> None:
    own_server.stop()
    opened.stop("N-1", says=("N-1", "Not saved"))
    opened.press("f7")
    opened.wait_for(lambda _: opened.verdict[0] == "STOP")
    own_server.start()
    opened.go("SS-HOME", "Home")
    opened.ok("N-1", says="N-1 is open")


def test_while_the_answer_is_late_the_last_one_does_not_stand_for_it(address: str, opened: Station) -> None:
    opened.ok("N-1", says="N-1 is open")
    opened.ok("BAT-0", says="1 of 9")
    store = open_store(address)
    with store.engine.connect() as other, other.begin():
        other.exec_driver_sql("SELECT id FROM orders FOR UPDATE")
        opened.scan("BAT-0", "CAM-1")
        opened.expect("CHECK", "Not saved yet: BAT-0", "1 more waits")
        assert "1 of 9" not in opened.verdict[1]
    opened.expect("OK", "CAM-1 taken, unit 1 of 3")
    opened.wait_for("BAT-0 2/9")
    store.close()


def test_what_the_standby_has_not_confirmed_is_no_ok(own_server: Server, address: str, opened: Station) -> None:
    opened.ok("N-1", says="N-1 is open")
    with standby_away(own_server):
        opened.scan("BAT-0")
        opened.expect("CHECK", "Not saved yet: BAT-0")
        own_server.run(CANCEL_WAITING)
        opened.expect("STOP", "Saved on one machine only", "it is in the store")
    opened.press("f2")
    opened.expect("OK", "Taken back")


def test_nor_is_what_a_server_has_kept_that_crashed_while_it_waited_for_the_standby(
    own_server: Server, address: str
) -> None:
    """The act is found when it is looked up; a standby that takes over would not have it."""
    store = open_store(address)
    desk = Desk(Site(store, "Ana", "dock-2"), OrderKind.PURCHASE)
    desk.answer(Scan("N-1"))
    with ThreadPoolExecutor(1) as threads, standby_away(own_server):
        answer = threads.submit(desk.answer, Scan("BAT-0"))
        wait_for_standby(own_server, answer)
        crashed(own_server)
        wait_for_standby(own_server, answer)
        assert not answer.done(), answer.result()
        own_server.run(CANCEL_WAITING)
        with pytest.raises(StoreHalfSafe):
            answer.result(PATIENCE_S)
    verdict = desk.answer(Scan("BAT-0")).verdict
    assert verdict is not None
    assert "2 of 9" in verdict.text
    store.close()
