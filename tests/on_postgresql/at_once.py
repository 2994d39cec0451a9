"""Acts in the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all in the same moment, each in a thread of its own; what one of them raises is raised."""
    barrier = threading.Barrier(len(acts))

    def act(number: int) -> Answer:
        barrier.wait(30)
        return acts[number]()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, range(len(acts))))
