"""Two who want the same in the same moment: one of them gets it, and everything in the store agrees."""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.site import Site
from tests.builders import product
from tests.reliability.races import RACES, Batch
from tests.reliability.rounds import rounds_together, seen

pytestmark = [pytest.mark.long, pytest.mark.both_stores]
_TOGETHER = 25
"""So many rounds are laid out at once."""
_LOOKED_THROUGH = 2000
"""After so many rounds the whole store is looked through."""
_FIRST_STEP_S = 0.001
"""By so much whoever always wins is held back at first."""


class Result(NamedTuple):
    """What came of one side of a round."""

    won: bool
    begun: float
    ended: float


class Racers:
    """The two processes."""

    def __init__(self, url: str, name: str) -> None:
        self._held_back_s = 0.0
        """So much later the first begins, or the second where it is less than 0: neither is to win always."""
        self._step_s = _FIRST_STEP_S
        ends = socket.socketpair()
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.racer", url, station, name, str(side), str(end.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=[end.fileno()],
                cwd=Path(__file__).parents[2],
            )
            for side, (station, end) in enumerate(zip(("dock", "bench"), ends, strict=True))
        ]
        for end in ends:
            end.close()

    def race(self, batch: Batch) -> list[tuple[Result, Result]]:
        """Let both do their rounds; what came of each."""
        for process, held_back in zip(self._processes, (self._held_back_s, -self._held_back_s), strict=True):
            assert process.stdin is not None
            order = [batch.first, batch.count, batch.ids, max(0.0, held_back)]
            print(json.dumps(order), file=process.stdin, flush=True)
        answers = []
        for process in self._processes:
            assert process.stdout is not None
            answer = process.stdout.readline()
            assert answer, "it has ended: see what it said"
            answers.append([Result(*one) for one in json.loads(answer)])
        results = list(zip(*answers, strict=True))
        self._hold_back(results)
        return results

    def _hold_back(self, results: list[tuple[Result, Result]]) -> None:
        """Who nearly always wins has less to do before the moment that decides, and begins later from now on."""
        ours = sum(first.won for first, _ in results) / sum(first.won + second.won for first, second in results)
        if 0.3 <= ours <= 0.7:
            return
        step = abs(self._step_s) * (1 if ours > 0.5 else -1)
        self._step_s = step * (2 if step == self._step_s else 0.5)
        self._held_back_s += self._step_s

    def close(self) -> None:
        """End both."""
        for process in self._processes:
            process.communicate(timeout=60)


@contextmanager
def racers(url: str, name: str) -> Iterator[Racers]:
    running = Racers(url, name)
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: who wins is not for the disk to say, and each act would wait for it."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="scanstation-") as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", RACES)
def test_one_wins(site: Site, store: Store, name: str) -> None:
    for sku, scenario in (("CAM", 1), ("BAT", 0), ("LAP", 5)):
        product(site, sku, scenario)
    race, done, met = RACES[name], 0, 0
    wins = [0, 0]
    with racers(store.url, name) as running:
        for numbers in rounds_together(20, _TOGETHER):
            batch = Batch(numbers[0], len(numbers))
            batch = Batch(batch.first, batch.count, tuple(race.lay_out(site, batch)))
            for number, (ours, theirs) in zip(numbers, running.race(batch), strict=True):
                both = ours.won and theirs.won
                assert ours.won or theirs.won, (number, "nobody")
                assert race.both_may or not both, (number, "both")
                wins[0], wins[1] = wins[0] + ours.won, wins[1] + theirs.won
                met += ours.begun < theirs.ended and theirs.begun < ours.ended
            done += len(numbers)
            if done % _LOOKED_THROUGH == 0:
                assert findings(store) == []
    assert findings(store) == []
    where = "SQLite" if store.path else "PostgreSQL"
    figures = {"rounds": done, "at_the_same_time": met, "won_by_the_first": wins[0], "won_by_the_second": wins[1]}
    seen(f"{name}, {where}", **figures)
