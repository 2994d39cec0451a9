"""The one pipe: every scan, whichever way it came in, waits here for the screen in front."""

import asyncio
from collections import deque
from threading import Lock

from scanstation.domain.scan import Scan


class ScanPipe:
    """First in, first out, from any number of threads to one consumer. Nothing is dropped, nothing overtakes.

    It has no limit: a scan is small, a refused one is a lost unit, and `waiting` shows when the store is slow.
    It may be filled before the event loop runs, and outlives a consumer that was cancelled.
    """

    def __init__(self) -> None:
        self._scans: deque[Scan] = deque()
        self._lock = Lock()
        self.arrived = 0
        """How many scans have ever been put in."""
        self.answered_at = 0.0
        """When the consumer last answered one, on the clock of `time.monotonic`, as far as it reports that."""
        self._sleeper: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def waiting(self) -> int:
        """How many scans have not been taken yet."""
        return len(self._scans)

    def put(self, scan: Scan) -> None:
        """Add a scan at the end, from any thread. Never blocks on the consumer."""
        with self._lock:
            self._scans.append(scan)
            self.arrived += 1
            # Woken under the lock: the consumer takes its event away under the same lock, so the loop it
            # belongs to is still there.
            if self._sleeper is not None:
                loop, arrived = self._sleeper
                loop.call_soon_threadsafe(arrived.set)

    async def next(self) -> Scan:
        """The oldest scan, as soon as there is one.

        A cancelled wait loses nothing. Raises RuntimeError for a second consumer: with two, answers overtake.
        """
        while True:
            with self._lock:
                if self._sleeper is not None:
                    raise RuntimeError("A scan pipe has one consumer, and it is waiting already.")
                if self._scans:
                    return self._scans.popleft()
                arrived = asyncio.Event()
                self._sleeper = (asyncio.get_running_loop(), arrived)
            try:
                await arrived.wait()
            finally:
                with self._lock:
                    self._sleeper = None
