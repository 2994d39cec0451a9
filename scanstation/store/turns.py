"""Whose turn it is to write into a SQLite store.

SQLite's lock goes to whoever looks first when it is free, mostly to the one who had it last: a busy writer starves the
others. So a writer stands in a queue of one place before it waits for the lock. Who has just written has to queue
again, after whoever stands there already.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = "-turn"
"""What is added to the store's name: an empty file that stays."""
_PATIENCE_S = 2.0
"""The place belongs to a process that was stopped, perhaps: after so long, others pass it."""
_SHORTEST_LOOK_S, _LONGEST_LOOK_S = 0.0002, 0.002


@contextmanager
def in_turn(store: Path) -> Iterator[None]:
    """Stand at the head of the queue of a store's writers until the block is left."""
    if sys.platform == "win32":
        with in_turn_by_lock(store):
            yield
        return
    place = _open(store)
    if place is None:
        yield
        return
    try:
        _wait(place)
        yield
    finally:
        os.close(place)  # which frees it, however this process ends


@contextmanager
def in_turn_by_lock(store: Path) -> Iterator[None]:
    """The same where there is no flock, and so on Windows; who waits looks as often as anybody else."""
    from filelock import FileLock, Timeout

    lock = FileLock(store.with_name(store.name + ENDING), timeout=_PATIENCE_S, poll_interval=_LONGEST_LOOK_S)
    try:
        lock.acquire()
    except (Timeout, OSError):  # OSError: a folder that cannot be written
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _open(store: Path) -> int | None:
    """The file that is the place; None where none can be made, as in a folder that cannot be written."""
    assert sys.platform != "win32"
    path = store.with_name(store.name + ENDING)
    try:
        try:
            return os.open(path, os.O_RDWR)
        except FileNotFoundError:
            place = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            about = store.stat()
            os.fchmod(place, about.st_mode & 0o666)  # for those who may write the store
            return place
    except OSError:
        return None


def _wait(place: int) -> None:
    assert sys.platform != "win32"
    import fcntl  # late: there is none on Windows

    began = time.monotonic()
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            waited = time.monotonic() - began
        if waited > _PATIENCE_S:
            return
        # Who has waited longer looks more often, and so comes first.
        time.sleep(max(_SHORTEST_LOOK_S, _LONGEST_LOOK_S - waited / 50))
