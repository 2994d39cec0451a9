"""The settings of the engine that no scan may do without."""

import threading
from pathlib import Path

import pytest

from scanstation.store.engine import build_engine, wal_is_safe
from scanstation.store.store import Store


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_without_the_reset_bug(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_every_connection_is_set_to_lose_nothing(store: Store) -> None:
    with store.read() as tx:
        found = {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _WANTED}
    assert found == _WANTED


_WANTED = {
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "mmap_size": 0,
    "busy_timeout": 5000,
}


def test_a_missing_file_is_not_created_by_looking_at_it(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'gone.db'}")
    with pytest.raises(Exception, match="unable to open"):
        engine.connect()
    assert not (tmp_path / "gone.db").exists()


def test_reads_do_not_wait_for_a_writer_and_threads_share_no_connection(store: Store) -> None:
    writing = threading.Barrier(6, timeout=20)
    seen: list[int] = []

    def look() -> None:
        with store.read() as tx:
            writing.wait()  # all five are inside at once, and the writer too
            seen.append(tx.exec_driver_sql("SELECT COUNT(*) FROM client").scalar_one())
            writing.wait()

    threads = [threading.Thread(target=look) for _ in range(5)]
    for thread in threads:
        thread.start()
    with store.engine.begin() as tx:
        tx.exec_driver_sql("INSERT INTO client (code, code_key) VALUES ('A', 'A')")
        writing.wait()
        writing.wait()
    for thread in threads:
        thread.join(20)
    assert seen == [0] * 5
