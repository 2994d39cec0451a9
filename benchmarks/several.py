"""Several stations' desks on one store, each scanned at its pace, each in a process of its own."""

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.frame import Family, Row, Sizes, Target, absolute, median, percentile
from benchmarks.servers import synced_server
from benchmarks.stock import SKU, address, desk_at, stocked, taken, with_order
from scanstation.store.store import create_store, open_store
from scanstation.workflows.site import Site

_FORK = multiprocessing.get_context("fork")
_SECONDS, _WARM_S = 15, 2
_IN_THE_WAY = "One writes at a time: a desk waits for the others' commits, and two cores compute for all."

_EIGHT = "eight desks on one file, 10 scans a second each"
_P99 = Target(f"{_EIGHT}, p99", "from the moment a scan is due", 15, "ms", in_the_way=_IN_THE_WAY)
_WORST = Target(f"{_EIGHT}, worst", "the same", 90, "ms", in_the_way=_IN_THE_WAY)
_SERVED = Target(f"{_EIGHT}, least served", "scans answered ÷ due", 95, "%", at_least=True, in_the_way=_IN_THE_WAY)
_FORTY = Target(
    "forty desks on one PostgreSQL, 5 scans a second each, p99",
    "from the moment a scan is due",
    60,
    "ms",
    in_the_way="Forty processes, and the server, compute on two cores.",
)


@dataclass(frozen=True, slots=True)
class _Pace:
    """So many desks, each with so many scans a second."""

    desks: int
    a_second: int
    seconds: int


def _answered(url: str, pace: _Pace, number: int, line: Connection) -> None:
    """One desk, in its own process: a product and a serial in turn, each at its moment or as soon as it can."""
    desk = desk_at(Site(open_store(url), f"Operator {number}", f"dock-{number}"))
    line.send("ready")
    begins = line.recv() + number / pace.desks / pace.a_second  # the desks do not beat in time
    times = []
    for at in range((pace.seconds + _WARM_S) * pace.a_second):
        due = begins + at / pace.a_second
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        if time.monotonic() > begins + pace.seconds + _WARM_S:
            break
        taken(desk, f"D{number}-{at:06}" if at % 2 else SKU)
        times.append((due - begins, (time.monotonic() - due) * 1000))
    line.send([took for since, took in times if since >= _WARM_S])


def _scanned(url: str, pace: _Pace) -> list[list[float]]:
    """Of each desk the milliseconds from a scan's due moment to its answer."""
    lines, processes = [], []
    for number in range(pace.desks):
        ours, its = _FORK.Pipe()
        process = _FORK.Process(target=_answered, args=(url, pace, number, its), daemon=True)
        process.start()
        its.close()
        lines.append(ours)
        processes.append(process)
    for line in lines:
        line.recv()
    begins = time.monotonic() + 0.5
    for line in lines:
        line.send(begins)
    times = [line.recv() for line in lines]
    for process in processes:
        process.join()
    return times


def _eight(sizes: Sizes, folder: Path) -> Iterator[Row]:
    pace = _Pace(8, 10, sizes(_SECONDS, 5))
    site = stocked(folder, sizes(10_000, 1_000))
    url = address(site)
    site.store.close()
    desks = _scanned(url, pace)
    times = [took for desk in desks for took in desk]
    shown = f"p50 {absolute(median(times), 'ms')}, {len(times)} scans"
    yield _P99.value(percentile(times, 0.99), shown)
    yield _WORST.value(max(times), shown)
    yield _SERVED.value(min(len(desk) for desk in desks) / (pace.seconds * pace.a_second) * 100)


def _forty(sizes: Sizes, folder: Path) -> Iterator[Row]:
    del folder  # the server has its own
    pace = _Pace(sizes(40, 4), 5, sizes(_SECONDS, 5))
    with synced_server() as server:
        url = server.url(server.new_database())
        site = with_order(Site(create_store(url), "Ana", "dock-2"))
        site.store.close()
        desks = _scanned(url, pace)
    times = [took for desk in desks for took in desk]
    least = min(len(desk) for desk in desks) / (pace.seconds * pace.a_second)
    shown = f"p50 {absolute(median(times), 'ms')}, worst {absolute(max(times), 'ms')}, least served {least:.0%}"
    yield _FORTY.value(percentile(times, 0.99), shown)


FAMILIES = (
    Family("eight", _eight, (_P99, _WORST, _SERVED)),
    Family("forty", _forty, (_FORTY,), full=True, patience_s=600),
)
