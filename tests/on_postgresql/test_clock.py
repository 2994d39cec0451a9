"""The clock of a store on a server is the server's, whatever a station's own says."""

from contextlib import closing
from typing import cast

from scanstation.store.clock import ServerClock
from scanstation.store.store import open_store
from scanstation.workflows.upkeep import fitness


def test_each_transaction_hears_what_time_it_is(url: str) -> None:
    with closing(open_store(url)) as store:
        cast(ServerClock, store.clock).hear(1_000_000_000)
        assert store.now().startswith("2001-09-09"), "as the server said, and not as this machine says"
        with store.read():
            pass
        assert not store.now().startswith("2001-09-09")


def test_doctor_asks_the_server_without_special_rights(url: str) -> None:
    found = {one.what: one for one in fitness.look(url)}
    assert {*found} == {"store", "invariants", "rights", "server", "standby", "pooler", "clocks", "record"}
    assert "has fsync, full_page_writes, synchronous_commit off" in found["server"].text
    assert found["pooler"].text.startswith("None")
    assert "agree" in found["clocks"].text
