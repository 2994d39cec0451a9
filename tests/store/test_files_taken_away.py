"""A SQLite store whose files are taken away, replaced or cut short under a running station (PLATFORM.md)."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.domain.store_errors import StoreVanished
from scanstation.store import orders
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.builders import product, purchase


def taken_away(ending: str) -> Callable[[Path], None]:
    return lambda store: store.with_name(store.name + ending).unlink()


def replaced(store: Path) -> None:
    shutil.copy(store, store.with_name("copy"))
    store.with_name("copy").replace(store)


def cut_short(store: Path) -> None:
    os.truncate(store, store.stat().st_size // 2)


HARM = {
    "the log is gone": (taken_away("-wal"), "store.db-wal"),
    "the index of the log is gone": (taken_away("-shm"), "store.db-shm"),
    "the store is gone": (taken_away(""), "no longer there"),
    "the store is a copy": (replaced, "no longer there"),
    "the store is cut short": (cut_short, "cut short"),
}


def written_back(store: Store) -> None:
    connection = store.engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def worked(site: Site) -> Path:
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 1})
    written_back(site.store)
    with site.store.read():  # the file has grown, and was looked at
        pass
    assert site.store.path is not None
    return site.store.path


@pytest.mark.parametrize("what", HARM)
def test_nothing_is_answered_afterwards(site: Site, what: str) -> None:
    harm, says = HARM[what]
    harm(worked(site))
    for use in (lambda: site.store.act(lambda tx: None), lambda: site.store.read().__enter__()):
        with pytest.raises(StoreVanished) as raised:
            use()
        assert says in raised.value.title


@pytest.mark.parametrize("what", HARM)
def test_in_the_middle_of_an_act_its_answer_is_kept_back(site: Site, what: str) -> None:
    harm, says = HARM[what]
    path = worked(site)

    def act(tx: object) -> str:
        harm(path)
        return "OK"

    with pytest.raises(StoreVanished) as raised:
        site.store.act(act)
    assert says in raised.value.title


def test_a_log_that_is_written_back_and_begun_anew_is_no_alarm(site: Site, store: Store) -> None:
    worked(site)
    for number in range(3):
        purchase(site, f"N-{number + 5}", {"CAM": 1})
        written_back(store)
    with store.read() as tx:
        assert orders.find(tx, "N-7")


def test_files_that_sqlite_takes_away_with_its_last_connection_are_no_alarm(site: Site) -> None:
    worked(site)
    site.store.engine.dispose()
    assert site.store.act(lambda tx: "OK") == "OK"
    with site.store.read() as tx:
        assert orders.find(tx, "N-1")
