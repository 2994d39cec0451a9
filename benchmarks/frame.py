"""What all families share: what a row is held to, measuring in turns, medians."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table before it is measured: the figure, and what it is held to."""

    figure: str
    held_to: str
    """The limit or the peer; what `bound` is a multiple of."""
    bound: float | None = None
    """What it must reach; None where the figure is only stated."""
    unit: str = "×"
    at_least: bool = False
    """More is better."""
    in_the_way: str = ""
    """Where it is not reached: what stands in the way."""

    def ratio(self, ours: Sequence[float], limit: Sequence[float], *, share: float = 0.5, unit: str = "ms") -> "Row":
        """Ours over the limit's, each at this share of its times, which are in `unit`."""
        mine, least = percentile(ours, share), percentile(limit, share)
        return Row(self, mine / least, absolute(mine, unit), absolute(least, unit))

    def value(self, value: float, ours: str = "", limit: str = "") -> "Row":
        """A figure that is held to a bound as it stands."""
        return Row(self, value, ours, limit)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    target: Target
    value: float | None
    """None where it could not be measured."""
    ours: str = ""
    """The absolute value."""
    limit: str = ""
    """That of the limit or the peer."""
    failed: str = ""
    """Why it could not be measured."""
    profile: tuple[str, ...] = ()
    """Where the time goes, the largest part first."""

    @property
    def reached(self) -> bool | None:
        """Does it reach what it must? None where nothing is asked. What could not be measured does not."""
        if self.value is None:
            return False
        if self.target.bound is None:
            return None
        return self.value >= self.target.bound if self.target.at_least else self.value <= self.target.bound


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a run is: every count is divided by this, to see in a minute whether all rows can be measured."""

    divided_by: int = 1

    def __call__(self, count: int, least: int = 1) -> int:
        """A count of this run, never below `least`, which a row needs to mean anything."""
        return max(min(least, count), count // self.divided_by)


Measure = Callable[[Sizes, Path], Iterator[Row]]
"""Measures a family's rows in a folder of its own and yields each as soon as it is known."""


@dataclass(frozen=True, slots=True)
class Family:
    """Rows that are measured together, in a process of their own."""

    name: str
    measure: Measure
    targets: tuple[Target, ...]
    full: bool = False
    """Takes longer than one likes to wait: `make bench-full`."""
    patience_s: float = 240
    """After which it has failed; a multiple of what it takes on a quiet machine."""


def timed(act: Callable[[], object]) -> float:
    """The milliseconds that something takes."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def in_turns(rounds: int, *contestants: Callable[[int], float], warm: int = 1) -> list[list[float]]:
    """What each contestant measured in each round, told the round's number; the first `warm` rounds are not kept.

    They take turns, now one first and now the other, so that whatever else the machine does is shared by all.
    """
    kept: list[list[float]] = [[] for _ in contestants]
    for number in range(rounds + warm):
        order = range(len(contestants)) if number % 2 else reversed(range(len(contestants)))
        for at in order:
            measured = contestants[at](number)
            if number >= warm:
                kept[at].append(measured)
    return kept


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of the times does not exceed (nearest rank)."""
    ranked = sorted(times)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def median(times: Sequence[float]) -> float:
    """The time in the middle (nearest rank)."""
    return percentile(times, 0.5)


def absolute(value: float, unit: str) -> str:
    """A value for people: three digits that count, and the unit."""
    if value == 0:
        return f"0 {unit}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f} {unit}"
