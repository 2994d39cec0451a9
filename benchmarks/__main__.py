"""`python -m benchmarks`: the rows of docs/performance.md, measured (`make bench`, `make bench-full`)."""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import running
from benchmarks.frame import Family, Sizes
from benchmarks.showing import DOCUMENT, show, sitting, write_document

_MODULES = ("scans", "screens", "flat", "starting", "imports", "beside", "reports", "several", "idle", "sizes", "peer")
"""In the order of the table."""


def families() -> list[Family]:
    """All there are."""
    return [family for name in _MODULES for family in importlib.import_module(f"benchmarks.{name}").FAMILIES]


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for.

    The exit status: 0 all rows reach what they must, 1 some do not, 2 wrong usage, 3 some could not be measured.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="the families to measure; all that do not take too long, without")
    parser.add_argument("--full", action="store_true", help="those that take too long, in place of the others")
    parser.add_argument(
        "--divide", type=int, default=1, metavar="N", help="divide all counts, to see whether all works"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the run in this file")
    parser.add_argument("--list", action="store_true", help="name the families")
    parser.add_argument(
        "--write-docs", type=Path, nargs="+", metavar="FILE", help="put runs that were kept into the document"
    )
    parser.add_argument("--measure", metavar="NAME", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.write_docs:
        write_document(asked.write_docs)
        sys.stdout.write(f"{DOCUMENT} holds them.\n")
        return 0
    known = {family.name: family for family in families()}
    if asked.list:
        sys.stdout.writelines(f"{name}{' (full)' if family.full else ''}\n" for name, family in known.items())
        return 0
    if unknown := {*asked.names, *filter(None, [asked.measure])} - known.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    sizes = Sizes(asked.divide)
    if asked.measure:
        running.measure(known[asked.measure], sizes)
        return 0
    chosen = [known[name] for name in asked.names] or [one for one in known.values() if one.full is asked.full]
    ran, begun = sitting(asked.divide), time.monotonic()
    for rows in running.run(chosen, sizes):
        ran = replace(ran, rows=[*ran.rows, *rows], took_s=time.monotonic() - begun)
        if asked.json:  # kept as it grows: who ends a run of hours has what was measured
            asked.json.write_text(ran.as_json(), "utf-8")
    show(ran)
    if any(row.failed for row in ran.rows):
        return 3
    return int(any(row.reached is False for row in ran.rows))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
