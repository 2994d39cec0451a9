"""Writers of one SQLite store take turns: who has just written queues behind those who wait."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from scanstation.store import turns
from scanstation.store.store import Store, Transaction, open_store
from scanstation.store.turns import in_turn, in_turn_by_lock

_WRITER = """
import sys, time
from scanstation.store.store import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
end, count, worst = time.monotonic() + 10, 0, 0.0
while time.monotonic() < end:
    began = time.monotonic()
    store.act(lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num = version_num"))
    count, worst = count + 1, max(worst, time.monotonic() - began)
print(count, worst)
"""


def write(tx: Transaction) -> None:
    tx.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def place(store: Store) -> Path:
    assert store.path is not None
    return store.path.with_name(store.path.name + "-turn")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o660])
def test_the_place_is_for_those_who_may_write_the_store(store: Store, mode: int) -> None:
    assert store.path is not None
    store.path.chmod(mode)
    place(store).unlink(missing_ok=True)
    store.act(write)
    assert stat.S_IMODE(place(store).stat().st_mode) == mode


def test_where_no_place_can_be_made_writers_go_on(store: Store) -> None:
    place(store).unlink(missing_ok=True)
    place(store).mkdir()
    store.act(write)


def test_a_place_that_is_never_given_back_is_passed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE_S", 0.0)
    assert store.path is not None
    with in_turn(store.path):
        store.act(write)


def test_where_there_is_no_flock_one_stands_in_the_place_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE_S", 0.0)
    assert store.path is not None
    with in_turn_by_lock(store.path):
        assert _is_taken(store)
        with in_turn_by_lock(store.path):  # no patience: it passes
            assert _is_taken(store)
        assert _is_taken(store)
    assert not _is_taken(store)
    place(store).unlink(missing_ok=True)
    place(store).mkdir()
    with in_turn_by_lock(store.path):
        pass


def _is_taken(store: Store) -> bool:
    lock = FileLock(place(store))
    try:
        with lock.acquire(timeout=0):
            return False
    except Timeout:
        return True


def test_a_process_that_is_killed_gives_its_place_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE_S", float("inf"))
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\nfrom scanstation.store.turns import in_turn\n"
            "with in_turn(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()",
            str(store.path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    holder.kill()
    holder.wait()
    store.act(write)
    holder.communicate()


@pytest.mark.long
def test_eight_who_write_without_a_pause_get_as_much_as_each_other(store: Store) -> None:
    assert store.path is not None
    argv = [sys.executable, "-c", _WRITER, f"sqlite:///{store.path}"]
    writers = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(8)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
    said = []
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        out, _ = writer.communicate()
        count, worst = out.split()
        said.append((int(count), float(worst)))
    mean = sum(count for count, _ in said) / len(said)
    assert min(count for count, _ in said) >= mean / 2
    assert max(worst for _, worst in said) <= 0.3
    open_store(f"sqlite:///{store.path}").close()
