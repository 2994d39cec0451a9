"""One of two that want the same in the same moment, in a process of its own with connections of its own.

    python -m tests.reliability.racer URL STATION RACE SIDE SOCKET

On standard input a line for each batch of rounds, on standard output one for each that was raced. By the socket it
hears from the other: they meet before each round, agree on an instant, and each begins a little after it by chance.
"""

import json
import random
import socket
import sys
from time import monotonic, sleep

from scanstation.store.store import open_store
from scanstation.workflows.site import Site
from tests.reliability.races import RACES, Batch

_TO_GET_READY_S = 0.0003
"""From the last word of the two to the instant: it has to be heard."""
_SPREAD_S = 0.001
"""So late each may be at most, beside what it is held back."""
_MOMENT = 24


class Meeting:
    """Two processes that wait for each other."""

    def __init__(self, other: socket.socket) -> None:
        self._other = other

    def meet(self, at: float = 0.0) -> float:
        """Wait until the other is here too. Returns the later of the two moments that they have named."""
        self._other.sendall(f"{at:{_MOMENT}.6f}".encode())
        heard = self._other.recv(_MOMENT, socket.MSG_WAITALL)
        if not heard:
            sys.exit("the other one is gone")
        return max(float(heard), at)

    def wait_alone(self, until: float) -> None:
        """Both begin at an instant of a clock that they share: awake at the end, for no sleep ends so exactly."""
        if (ahead := until - monotonic() - _SPREAD_S) > 0:
            sleep(ahead)
        while monotonic() < until:
            pass


def race(url: str, station: str, name: str, side: int, other: Meeting) -> None:
    """Run batch after batch until nobody orders more."""
    store, chance = open_store(url), random.Random(side)
    for line in sys.stdin:
        first, count, ids, held_back = json.loads(line)
        batch = Batch(first, count, tuple(ids))
        site, results = Site(store, "Mia", f"{station}-{first}"), []
        sides = (RACES[name].first, RACES[name].second)
        for act in sides[side](site, batch, lambda: void(other.meet())):
            start = other.meet(monotonic()) + _TO_GET_READY_S
            other.wait_alone(start + chance.uniform(0, _SPREAD_S) + chance.uniform(0, 2 * held_back))
            begun = monotonic()
            got = act()
            results.append((got, begun, monotonic()))
        print(json.dumps(results), flush=True)


def void(_: object) -> None:
    """Nobody asks."""


if __name__ == "__main__":
    *arguments, the_side, descriptor = sys.argv[1:]
    race(arguments[0], arguments[1], arguments[2], int(the_side), Meeting(socket.socket(fileno=int(descriptor))))
