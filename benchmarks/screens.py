"""A serial at receiving on the screen: from its last byte to its verdict.

Beside an app that only echoes it; and in another language, and while messages are handed over, beside the same without.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.floor import RawSqlite
from benchmarks.frame import Family, Row, Sizes, Target, absolute, in_turns, timed
from benchmarks.stations import answers, app, station
from benchmarks.stock import ORDER, SKU, address, stocked
from tests.serials import opening
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


_GERMAN = Target(
    "serial at receiving, last byte → verdict painted, p50, in German",
    "the same in English",
    1.1,
    in_the_way="Each sentence is filled in twice, in German to be shown and in English to be kept.",
)
_OUTBOX = Target(
    "serial at receiving, last byte → verdict painted, p50, while messages are handed over",
    "the same without anybody who hands them over",
    1.1,
    in_the_way="Whoever hands over writes down each message that was taken, and a file lets one write at a time.",
)
_MESSAGES = 20_000
"""More than are handed over meanwhile."""


def _in_german(sizes: Sizes, folder: Path) -> Iterator[Row]:
    config = folder / "config.toml"
    config.write_text('[ui]\nlanguage = "de"\n', encoding="utf-8")
    places = [(folder / name) for name in ("german", "english")]
    for place in places:
        place.mkdir()
    german, english = (stocked(place, sizes(10_000, 1_000)) for place in places)
    with (
        station(address(german), "dock-2", "--config", str(config), "receive", ORDER) as one,
        station(address(english), "dock-2", "receive", ORDER) as other,
    ):
        one.wait_for("ist offen")
        other.wait_for("is open")
        told, limits = in_turns(
            sizes(_SCANS, 20), _serials(one, f"{SKU} genommen"), _serials(other, f"{SKU} taken"), warm=_WARM
        )
    yield _GERMAN.ratio(told, limits)


def _handed_over(sizes: Sizes, folder: Path) -> Iterator[Row]:
    config, target = folder / "config.toml", folder / "messages"
    config.write_text(f"[handover]\nfolder = '{target}'\n", encoding="utf-8")
    target.mkdir()
    waiting = sizes(_MESSAGES, 2_000)
    with ExitStack() as stack:
        desks = []
        for name in ("with", "without"):
            (place := folder / name).mkdir()
            site = stocked(place, sizes(10_000, 1_000))
            opening(site, "NORDWIND", "W-EAST", SKU, *(f"OLD{number:06}" for number in range(waiting)))
            desks.append(stack.enter_context(station(address(site), "dock-2", "receive", ORDER)))
            if name == "with":
                words = ["--db", address(site), "--station", "erp", "--config", str(config), "handover", "run"]
                handing = stack.enter_context(Terminal([sys.executable, "-m", "scanstation", *words], fresh=True))
        for desk in desks:
            desk.wait_for("is open")
        handing.wait_for("Handing over")
        handing.wait_for(lambda _: any(target.iterdir()))
        told, limits = in_turns(sizes(_SCANS, 20), *(_serials(desk, f"{SKU} taken") for desk in desks), warm=_WARM)
        handed_over = len(list(target.iterdir()))
        assert handed_over < waiting, "all was handed over before the last scan"
    yield replace(_OUTBOX.ratio(told, limits), profile=(f"{handed_over} messages were handed over meanwhile",))


def _serials(terminal: Terminal, taken: str) -> Callable[[int], float]:
    """What takes a product, and measures a serial of it."""

    def serial(number: int) -> float:
        answers(terminal, SKU, taken)
        return answers(terminal, f"NEW{number:06}", f"NEW{number:06} → ")

    return serial


FAMILIES = (
    Family("screen", _ten_thousand, _SMALL),
    Family("screen-million", _million, _LARGE, full=True, patience_s=900),
    Family("screen-german", _in_german, (_GERMAN,)),
    Family("screen-outbox", _handed_over, (_OUTBOX,)),
)
