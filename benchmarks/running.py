"""Runs families, each in a process and a home of its own: one that fails, hangs or dies costs its own rows alone."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.frame import Family, Row, Sizes
from benchmarks.showing import row_from

_LAST_WORDS_S = 20.0
_FAILED = "failed: "


def run(families: Sequence[Family], sizes: Sizes) -> Iterator[list[Row]]:
    """The rows of one family after the other, in their order."""
    for family in families:
        begun = time.monotonic()
        sys.stderr.write(f"{family.name} …\n")
        rows = run_one(family, sizes)
        for row in rows:
            if row.failed:
                sys.stderr.write(f"  failed: {row.target.figure}: {row.failed}\n")
        sys.stderr.write(f"  {time.monotonic() - begun:.0f} s\n")
        yield rows


def run_one(family: Family, sizes: Sizes) -> list[Row]:
    """A family's rows; those that its process did not come to are failed, with the cause."""
    with tempfile.TemporaryDirectory(prefix="scanstation-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        output, errors = Path(folder) / "rows", Path(folder) / "errors"
        command = [sys.executable, "-m", "benchmarks", "--measure", family.name, "--divide", str(sizes.divided_by)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SCANSTATION_"))}
        with output.open("wb") as rows, errors.open("wb") as words:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command, env=kept | {"HOME": str(home)}, stdin=subprocess.DEVNULL, stdout=rows, stderr=words
            )
            cause = _wait(process, family.patience_s)
        done = [row_from(json.loads(line)) for line in output.read_text("utf-8").splitlines()]
        said = errors.read_text("utf-8", "replace").strip()
    seen = {row.target for row in done}
    if process.returncode:
        sys.stderr.write(f"{said}\n")
        cause = cause or said.rpartition("\n")[2].removeprefix(_FAILED)
    cause = cause or f"it ended with {process.returncode}"
    return done + [Row(target, None, failed=cause) for target in family.targets if target not in seen]


def _wait(process: subprocess.Popen[bytes], patience_s: float) -> str:
    """Wait for its end; what to say if that does not come."""
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # it ends its servers and terminals
        try:
            process.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return f"it was not done after {patience_s:.0f} s"
    return ""


def measure(family: Family, sizes: Sizes) -> None:
    """Measure a family here: each row a line of JSON; where it fails, why, as the last line of the errors."""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            for row in family.measure(sizes, Path(folder)):
                assert row.target in family.targets, row
                sys.stdout.write(json.dumps(asdict(row)) + "\n")
                sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - whatever it was, it is told and the other families go on
        traceback.print_exc()
        first = str(error).partition("\n")[0]
        sys.exit(f"{_FAILED}{type(error).__name__}: {first}")
