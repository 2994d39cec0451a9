"""What a file's failure is told as: real ones, of SQLite's own library."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from scanstation.domain.store_errors import StoreError, StoreFull, StoreUnreachable
from scanstation.store.store import Store, Transaction
from scanstation.workflows.site import Site
from tests.builders import product


def full(store: Store) -> None:
    connection = store.engine.raw_connection()
    pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
    connection.cursor().execute(f"PRAGMA max_page_count = {pages}")
    connection.close()


def read_only(store: Store) -> None:
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = 1"))


HARM: dict[str, tuple[Callable[[Store], None], type[StoreError], str]] = {
    "no room": (full, StoreFull, "no room on the disk"),
    "read-only": (read_only, StoreUnreachable, "cannot be reached: attempt to write a readonly database"),
}


def test_a_connection_that_was_opened_without_the_right_to_write_is_not_kept(store: Store) -> None:
    """Whose file may be written again goes on by itself."""
    connection = store.engine.raw_connection()
    connection.cursor().execute("PRAGMA query_only = 1")
    connection.close()
    store.act(lambda tx: tx.exec_driver_sql("CREATE TABLE mine (x)") and None)


@pytest.mark.parametrize("what", HARM)
def test_it_is_told(site: Site, what: str, tmp_path: Path) -> None:
    harm, error, says = HARM[what]
    product(site, "CAM", 1)
    harm(site.store)

    def act(tx: Transaction) -> None:
        tx.exec_driver_sql("CREATE TABLE much AS SELECT zeroblob(1000000) AS zeros")

    with pytest.raises(error) as raised:
        site.store.act(act)
    assert says in raised.value.title
