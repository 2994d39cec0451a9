"""Where the time goes, as a few words for docs/performance.md."""

import cProfile
import pstats
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.terminal import Terminal

Act = Callable[[], object]
_FEW = 8


def of_calls(act: Act) -> tuple[str, ...]:
    """Shares of time by library, and by package of ours. The profiler itself makes Python dearer than what it calls."""
    profiler = cProfile.Profile()
    profiler.enable()
    act()
    profiler.disable()
    return _shares(pstats.Stats(profiler))


def of_program(arguments: Sequence[str], folder: Path) -> tuple[str, ...]:
    """The same of a whole run of the command line, without its child processes."""
    kept = folder / "profile"
    command = [sys.executable, "-m", "cProfile", "-o", str(kept), "-m", "scanstation", *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    return _shares(pstats.Stats(str(kept)))


def _shares(stats: pstats.Stats) -> tuple[str, ...]:
    times: Counter[str] = Counter()
    for (file, _, function), (_, _, own, *_) in stats.stats.items():  # type: ignore[attr-defined]
        times[_whose(file, function)] += own
    return _largest(times, " %", 100 / (sum(times.values()) or 1))


def _whose(file: str, function: str) -> str:
    if file == "~":  # written in C
        for word, name in (("sqlite", "SQLite's driver"), ("psycopg", "psycopg"), ("posix", "the system")):
            if word in function:
                return name
        return "Python's own C"
    if (ours := re.search(r"/scanstation/(\w+)[/.]", file)) and "site-packages" not in file:
        return f"scanstation.{ours[1]}"
    found = re.search(r"site-packages/(\w+)", file)
    return found[1] if found else "Python's library"


def of_imports(arguments: Sequence[str]) -> tuple[str, ...]:
    """Milliseconds of imports by package, as Python adds them up for `-m scanstation` with these arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "scanstation", *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr  # noqa: S603 - our own
    return import_times(said)


def of_imports_in_a_terminal(arguments: Sequence[str], painted: str) -> tuple[str, ...]:
    """The same of a station until it has written this text. Screen and times come by the same line, mixed."""
    program = [sys.executable, "-X", "importtime", "-m", "scanstation", *arguments]
    with Terminal(program, fresh=True) as terminal:
        terminal.wait_for(lambda here: painted.encode() in here.raw_output)
        return import_times(terminal.raw_output.decode("utf-8", "replace"))


def import_times(said: str) -> tuple[str, ...]:
    """The largest parts of what `-X importtime` said."""
    times: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s*(\d+) \|\s*\d+ \|\s*([\w.]+)", said):
        package = name.split(".")[0]
        times[package if package not in sys.stdlib_module_names else "Python's library"] += int(own)
    return _largest(times, " ms", 0.001)


def _largest(times: Counter[str], unit: str, factor: float) -> tuple[str, ...]:
    shown = [(name, time * factor) for name, time in times.most_common(_FEW)]
    return tuple(f"{name} {value:.0f}{unit}" for name, value in shown if value >= 1)
