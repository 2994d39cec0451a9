"""How many rounds a part takes, and what it saw. `ROUNDS=2000 make test-long` takes more than the few by default.

No part takes more than half an hour; `MINUTES=5` gives each less.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice

SEEN: list[str] = []
"""A line for each part that was run, printed at the end."""
_LONGEST_S = 60.0 * float(os.environ.get("MINUTES", "30"))


def rounds(default: int) -> Iterator[int]:
    """The numbers of the rounds, until there were enough of them or the time is over."""
    give_up = time.monotonic() + _LONGEST_S
    for number in range(int(os.environ.get("ROUNDS", default))):
        if time.monotonic() > give_up:
            return
        yield number


def rounds_together(default: int, count: int) -> Iterator[list[int]]:
    """The same, so many at a time; the last may be fewer."""
    numbers = rounds(default)
    while together := list(islice(numbers, count)):
        yield together


def seen(part: str, **figures: int | str) -> None:
    """Keep what a part saw."""
    SEEN.append(f"{part}: " + ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items()))
