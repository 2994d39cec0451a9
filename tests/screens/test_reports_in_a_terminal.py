"""The reports screen in a real terminal: keys at a person's pace, scans at a scanner's, a file on the disk."""

from pathlib import Path

import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.screens.in_a_terminal import station
from tests.serials import received


@pytest.mark.parametrize(
    ("columns", "rows", "environment"),
    [(80, 24, {}), pytest.param(40, 20, {"TERM": "linux", "COLORTERM": ""}, marks=pytest.mark.long)],
    ids=["80x24", "40x20 in sixteen colours"],
)
def test_a_walk_through_a_report(
    site: Site, tmp_path: Path, columns: int, rows: int, environment: dict[str, str]
) -> None:
    builders.product(site, "BAT-100", 1)
    bought = builders.purchase(site, "N-1003", {"BAT-100": 200})
    received(site, bought, "BAT-100", *(f"B-{number:04}" for number in range(200)))
    with station(site, columns=columns, rows=rows, **environment) as terminal:
        terminal.wait_for("Scan an order or a serial number")
        terminal.press("f9")
        terminal.wait_for("OVERVIEW")
        terminal.press("f8")
        terminal.wait_for("Serial Number Shipment History")
        terminal.press("enter")
        terminal.wait_for("B-0199")
        marked = terminal.style_of("▶")
        assert (marked.fg, marked.bg) == ("black", "white") or not environment
        terminal.press("end")
        terminal.wait_for("B-0000")
        terminal.press("home")
        terminal.wait_for("B-0199")
        terminal.pause(0.3)
        terminal.scan("B-0150")
        terminal.wait_for("B-0150 is the marked row.")
        terminal.type("*77")
        terminal.press("enter")
        terminal.wait_for("ends in 77")
        terminal.wait_for("B-0177")
        terminal.press("f8")
        terminal.wait_for("Export to which file?")
        for _ in range(len("serials-2026-11-20.xlsx") + 2):
            terminal.press("backspace", pace=0.05)
        terminal.type(str(tmp_path / "a.csv"))
        terminal.press("enter")
        terminal.wait_for("2 rows")
        assert (tmp_path / "a.csv").read_text().count("\n") == 3
        terminal.press("escape")
        terminal.wait_for("Serial Number Shipment History")
