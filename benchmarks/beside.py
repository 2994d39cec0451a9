"""How long a scan waits while another process imports into the same file."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.frame import Family, Row, Sizes, Target, absolute, median, percentile
from benchmarks.importer import prepare
from benchmarks.stations import answers, station
from benchmarks.stock import ORDER, SKU, address, stocked
from scanstation.workflows.site import Site

_SMALL, _LARGE, _FILES = 1_000, 100_000, 40
_LONGEST = Target(
    f"longest wait of a scan on the screen beside an import of {_LARGE:,} rows",
    "two codes a row",
    500,
    "ms",
    in_the_way=(
        "The import's one transaction: SQLite itself, given the same rows in a temporary table, has the write lock "
        "for as long. Shorter is only in parts, which nobody may see before the last."
    ),
)
_P99 = Target(
    f"scan on the screen beside files of {_SMALL:,} rows, one after the other, p99",
    "two codes a row",
    25,
    "ms",
    in_the_way="The import's own transaction, and two processes that compute beside the station's.",
)


def _beside(sizes: Sizes, folder: Path) -> Iterator[Row]:
    for name, files in (("large", [sizes(_LARGE, 500)]), ("small", [sizes(_SMALL, 50)] * sizes(_FILES, 3))):
        (here := folder / name).mkdir()
        site = stocked(here, sizes(10_000, 1_000))
        prepare(site)
        times = _scans_beside(site, files)
        shown = (
            f"p50 {absolute(median(times), 'ms')}, p99 {absolute(percentile(times, 0.99), 'ms')}, {len(times)} scans"
        )
        if name == "large":
            yield _LONGEST.value(max(times), shown)
        else:
            yield _P99.value(percentile(times, 0.99), f"{shown}, longest {absolute(max(times), 'ms')}")


def _scans_beside(site: Site, files: Sequence[int]) -> list[float]:
    """Milliseconds of each scan while files of so many rows are imported."""
    here = address(site)
    command = [sys.executable, "-m", "benchmarks.importer", here, *map(str, files)]
    with (
        station(here, "dock-2", "receive", ORDER) as terminal,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as importer,  # noqa: S603 - our own
    ):
        assert importer.stdin is not None
        assert importer.stdout is not None
        terminal.wait_for("is open")
        importer.stdout.readline()  # it is ready
        importer.stdin.write("go\n")
        importer.stdin.flush()
        times: list[float] = []
        while importer.poll() is None:
            times.append(answers(terminal, SKU, f"{SKU} taken"))
            code = f"BESIDE-{len(times):06}"
            times.append(answers(terminal, code, f"{code} → "))
        assert importer.returncode == 0, "the import failed"
        return times


FAMILIES = (Family("beside", _beside, (_LONGEST, _P99), patience_s=600),)
