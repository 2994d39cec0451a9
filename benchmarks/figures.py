"""Percentiles and a table."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of the times does not exceed (nearest rank)."""
    ranked = sorted(times)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def show(title: str, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Print one table."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def spread(times: Sequence[float]) -> tuple[str, str, str]:
    """p50, p99 and the maximum of times in milliseconds, as text."""
    return f"{percentile(times, 0.5):.1f}", f"{percentile(times, 0.99):.1f}", f"{max(times):.1f}"
