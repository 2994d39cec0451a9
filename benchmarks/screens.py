"""A serial at receiving on the screen: from its last byte to its verdict, beside an app that only echoes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.floor import RawSqlite
from benchmarks.frame import Family, Row, Sizes, Target, absolute, in_turns, timed
from benchmarks.stations import answers, app, station
from benchmarks.stock import ORDER, SKU, address, stocked
from tests.terminal import Terminal

_SCANS, _WARM = 300, 5
_LIMIT = "an app that echoes it + a raw commit"
_IN_THE_WAY = "What the desk takes beyond a raw commit, and the rows of the screen that change with an answer."


def _targets(units: str) -> tuple[Target, Target]:
    figure = f"serial at receiving, last byte → verdict painted, {{}}, {units} units"
    return (
        Target(figure.format("p50"), _LIMIT, 1.6, in_the_way=_IN_THE_WAY),
        Target(figure.format("p99"), _LIMIT, 2, in_the_way=_IN_THE_WAY),
    )


_SMALL, _LARGE = _targets("10,000"), _targets("1,000,000")


def _measure(sizes: Sizes, folder: Path, count: int, targets: tuple[Target, Target]) -> Iterator[Row]:
    units = sizes(count, 1_000)
    site, raw = stocked(folder, units), RawSqlite(folder, units)
    with station(address(site), "dock-2", "receive", ORDER) as terminal, app("echo.py") as echo:
        terminal.wait_for("is open")
        echo.wait_for("ready")

        def ours(number: int) -> float:
            answers(terminal, SKU, f"{SKU} taken")
            return answers(terminal, f"NEW{number:06}", f"NEW{number:06} → ")

        def limit(number: int) -> float:
            echo.scan(f"NEW{number:06}")
            shown = echo.wait_for(f"got NEW{number:06}")
            return shown + timed(lambda: raw.receive(f"NEW{number:06}"))

        rounds, computed = sizes(_SCANS, 20), [_processor_ms(one) for one in (terminal, echo)]
        times, limits = in_turns(rounds, ours, limit, warm=_WARM)
        spent = [_processor_ms(one) - before for one, before in zip((terminal, echo), computed, strict=True)]
    in_a_scan = [absolute(spent[0] / (rounds + _WARM) / 2, "ms"), absolute(spent[1] / (rounds + _WARM), "ms")]
    parts = (f"the station computes {in_a_scan[0]} a scan", f"the echoing app {in_a_scan[1]}")
    for target, share in zip(targets, (0.5, 0.99), strict=True):
        yield replace(target.ratio(times, limits, share=share), profile=parts)


def _processor_ms(terminal: Terminal) -> float:
    """What its program has computed so far."""
    return sum(psutil.Process(terminal.pid).cpu_times()[:2]) * 1000


def _ten_thousand(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _measure(sizes, folder, 10_000, _SMALL)


def _million(sizes: Sizes, folder: Path) -> Iterator[Row]:
    yield from _measure(sizes, folder, 1_000_000, _LARGE)


FAMILIES = (
    Family("screen", _ten_thousand, _SMALL),
    Family("screen-million", _million, _LARGE, full=True, patience_s=900),
)
