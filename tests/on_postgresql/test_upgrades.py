"""`db upgrade` while stations of the version before run: it waits for what they have begun, and they then stop."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from time import monotonic

import psycopg
import pytest

from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreBusy, WrongSchema
from scanstation.domain.verdict import Tone
from scanstation.store import orders, upkeep, works
from scanstation.store.schema import SCHEMA
from scanstation.store.store import Store, Transaction, open_for_upkeep
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep as supervising
from tests.builders import product, purchase
from tests.postgresql import Server
from tests.store.old_schema import of_first_schema
from tests.terminal import PATIENCE_S

pytestmark = pytest.mark.as_owner


@contextmanager
def upgraded(server: Server, url: str) -> Iterator[None]:
    """A version that this one does not know, and a table that lacks what this one asks of it."""
    name = url.partition("?")[0].rpartition("/")[2]
    server.run_in(name, "UPDATE alembic_version SET version_num = '9999'")
    server.run_in(name, "ALTER TABLE entry RENAME op_id TO op_name")
    yield
    server.run_in(name, "ALTER TABLE entry RENAME op_name TO op_id")
    server.run_in(name, f"UPDATE alembic_version SET version_num = '{SCHEMA}'")


def test_a_station_at_work_stops_with_a_sentence_and_nothing_is_written(server: Server, url: str, site: Site) -> None:
    product(site, "BAT", 0)
    order = purchase(site, "N-1", {"BAT": 3})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "BAT"):
        desk.answer(Scan(code))
    with upgraded(server, url):
        for act in (partial(desk.answer, Scan("BAT")), desk.undo, desk.refresh):
            with pytest.raises(WrongSchema, match=f"upgraded while this station ran, from {SCHEMA} to 9999"):
                act()
    with site.store.read() as tx:
        assert orders.lines(tx, order)[0].in_work == 1
    verdict = desk.answer(Scan("BAT")).verdict
    assert verdict is not None
    assert verdict.tone is Tone.OK


def test_the_upgrade_waits_for_an_act_that_has_begun(server: Server, url: str, store: Store) -> None:
    begun, may_end, done = Event(), Event(), []

    def act(tx: Transaction) -> None:
        works.everywhere(tx)
        begun.set()
        assert may_end.wait(PATIENCE_S)
        done.append("the act")

    def upgrade() -> None:
        other = open_for_upkeep(url)
        other.seals = False
        upkeep.migrate(other)
        done.append("the upgrade")
        other.close()

    with ThreadPoolExecutor(2) as threads, psycopg.connect(server.address, autocommit=True) as looking:
        acting = threads.submit(store.act, act)
        assert begun.wait(PATIENCE_S)
        upgrading = threads.submit(upgrade)
        give_up = monotonic() + PATIENCE_S
        while not upgrading.done() and not looking.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert monotonic() < give_up
        may_end.set()
        acting.result(PATIENCE_S)
        upgrading.result(PATIENCE_S)
    assert done == ["the act", "the upgrade"]


def test_beside_stations_that_would_not_notice_it_nothing_is_upgraded(server: Server) -> None:
    """They would go on, and nothing would seal what they write."""
    name = server.new_database()
    of_first_schema(server.url(name))
    with psycopg.connect(server.url(name)), pytest.raises(StoreBusy, match=r"1 others are connected .* of schema 0001"):
        supervising.upgrade(server.url(name))
    checked = supervising.check(server.url(name))
    assert isinstance(checked, Refused)
    assert checked.text == f"The store has schema 0001, this ScanStation {SCHEMA}: run db upgrade."
    assert f"from schema 0001 to {SCHEMA}" in supervising.upgrade(server.url(name)).text
    server.drop_database(name)
