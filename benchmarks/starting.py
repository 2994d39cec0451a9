"""Starting: the first frame beside a bare Textual app's, and commands beside what any Python program pays."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import profiles
from benchmarks.frame import Family, Row, Sizes, Target, in_turns, timed
from benchmarks.stations import app, says, station
from benchmarks.stock import ORDER, SKU, address, with_order
from scanstation.store.store import create_store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.screens.rig import Rig, running
from tests.terminal import Condition, Terminal

_GERMAN = Target("first usable frame, Home, in German", "the same in English", 1.1, in_the_way="The catalog.")
_OUTBOX = Target(
    "first usable frame, Home, with messages for an ERP", "the same without", 1.1, in_the_way="Who hands them over."
)
_STARTS, _RUNS = 9, 15
_OPENING = "The store is being opened"
"""From then on every scan is kept, and answered once the order is there."""
_IN_THE_WAY = "The modules that the first frame needs."
_LIMIT = "a bare Textual app with as many widgets"
_HOME = Target("first usable frame, Home", _LIMIT, 1.5, in_the_way=_IN_THE_WAY)
_RECEIVING = Target("first usable frame, Receiving with an order", _LIMIT, 2.4, in_the_way=_IN_THE_WAY)
_ON_SCREEN = Target("the order's lines on the screen, from the start of Receiving", _LIMIT)


def _frames(sizes: Sizes, folder: Path) -> Iterator[Row]:
    site = with_order(Site(create_store(f"sqlite:///{folder / 'start.db'}"), "Ana", "dock-2"))
    here, places = address(site), _widgets(site)
    open_desk: tuple[str, ...] = ("receive", ORDER)
    cases: list[tuple[Target, tuple[str, ...], int, str, Condition]] = [
        (_HOME, (), places[0], "Scan an order", "Scan an order"),
        (_RECEIVING, open_desk, places[0], _OPENING, _OPENING),
        (_ON_SCREEN, open_desk, places[1], "is open", says(f"{ORDER} is open")),
    ]
    for target, words, widgets, text, painted in cases:
        ours, limit = in_turns(
            sizes(_STARTS, 2),
            lambda number, words=words, painted=painted: _first_frame(  # type: ignore[misc]
                lambda: station(here, f"dock-{number}", *words), painted
            ),
            lambda _, widgets=widgets: _first_frame(lambda: app("bare.py", str(widgets)), "ready"),  # type: ignore[misc]
        )
        imported = profiles.of_imports_in_a_terminal(["--db", here, "--station", "profiled", *words], text)
        row = replace(target.ratio(ours, limit), profile=imported)
        yield replace(row, limit=f"{row.limit}, {widgets} widgets")
    settings = [
        (_GERMAN, '[ui]\nlanguage = "de"\n', "Seriennummer"),
        (_OUTBOX, f"[handover]\nfolder = '{folder}'\n", "Scan an order"),
    ]
    for target, text, painted in settings:
        (file := folder / "config.toml").write_text(text, encoding="utf-8")
        ours, limit = in_turns(
            sizes(_STARTS, 2),
            lambda number, painted=painted: _first_frame(  # type: ignore[misc]
                lambda: station(here, f"with-{number}", "--config", str(file)), painted
            ),
            lambda number: _first_frame(lambda: station(here, f"without-{number}"), "Scan an order"),
        )
        yield target.ratio(ours, limit)


def _first_frame(start: Callable[[], Terminal], painted: Condition) -> float:
    """Milliseconds from the start of the process until the frame is there to be read."""
    begun = time.monotonic()
    with start() as terminal:
        terminal.wait_for(painted)
        return (terminal.came_at - begun) * 1000


def _widgets(site: Site) -> tuple[int, int]:
    """How many Home has, and Receiving with an order."""

    async def count() -> tuple[int, int]:
        async with running(site) as rig:
            home = _shown(rig)
            await rig.scan(ORDER)
            return home, _shown(rig)

    return asyncio.run(count())


def _shown(rig: Rig) -> int:
    return sum(1 for _ in rig.app.screen.walk_children())


_PYTHON, _SQLALCHEMY = "python -c pass", "import sqlalchemy"
_VERSION = Target("--version", _PYTHON, 5, in_the_way="click, and the package's own metadata.")
_HELP = Target("--help", _PYTHON, 5, in_the_way="click, and the modules of the commands that it names.")
_LISTING = Target("po list of 20 orders", _SQLALCHEMY, 1.4, in_the_way="The tables, the configuration and the store.")


def _commands(sizes: Sizes, folder: Path) -> Iterator[Row]:
    site = Site(create_store(f"sqlite:///{folder / 'start.db'}"), "Ana", "dock-2")
    product(site, SKU, 1)
    for number in range(20):
        purchase(site, f"N-{number}", {SKU: 5})
    here = ["--db", address(site), "po", "list"]
    cases = [
        (_VERSION, ["--version"], "pass"),
        (_HELP, ["--help"], "pass"),
        (_LISTING, here, _SQLALCHEMY),
    ]
    for target, words, limit in cases:
        ours, least = in_turns(
            sizes(_RUNS, 3),
            lambda _, words=words: _run("-m", "scanstation", *words),  # type: ignore[misc]
            lambda _, limit=limit: _run("-c", limit),  # type: ignore[misc]
        )
        yield replace(target.ratio(ours, least), profile=profiles.of_imports(words))


def _run(*words: str) -> float:
    command = [sys.executable, *words]
    return timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))  # noqa: S603 - our own


FAMILIES = (
    Family("frames", _frames, (_HOME, _RECEIVING, _ON_SCREEN, _GERMAN, _OUTBOX)),
    Family("commands", _commands, (_VERSION, _HELP, _LISTING)),
)
