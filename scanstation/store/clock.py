"""What time it is in a store: on a server, what the server says, for stations' clocks differ and are set wrong.

Each transaction asks the server anyway, as it begins. In between time goes on by a clock that nobody sets.
"""

import time
from datetime import UTC, datetime


def _ticks() -> float:
    """Seconds by a clock that nobody sets, and that goes on while the machine sleeps."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


class ServerClock:
    """The clock of a server, as it was last heard of; this machine's before that."""

    def __init__(self) -> None:
        self._heard: tuple[float, float] | None = None
        self.ahead_s = 0.0
        """How far the server's clock was before this machine's when it was last heard of."""

    def __call__(self) -> datetime:
        if self._heard is None:
            return datetime.now(UTC)
        moment, ticks = self._heard
        return datetime.fromtimestamp(moment + _ticks() - ticks, UTC)

    def hear(self, moment: float) -> None:
        """The server has just said what time it is, in seconds since 1970."""
        self._heard = (moment, _ticks())
        self.ahead_s = moment - time.time()
