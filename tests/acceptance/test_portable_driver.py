"""The station on Textual's own driver (docs/windows.md): a walk here, and all suites of scans under `long`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.odd_dock import GS, GTIN, OTHER_EAN, opened, stock
from tests.acceptance.warehouse import Warehouse
from tests.terminal import DRIVER

ROOT = Path(__file__).parents[2]
SUITES = ["test_odd_scans.py", "test_cut_codes.py", "test_many_scans.py", "test_run_of_scans.py", "test_scenario_3.py"]
IMPOSSIBLE = ["test_odd_scans.py::test_bytes_that_are_no_text"]
"""What docs/windows.md lists, and these suites hold the driver of ours to."""


def test_a_receipt_with_odd_scans_on_the_portable_driver(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DRIVER, "portable")
    stock(warehouse)
    with opened(warehouse, "N-101") as dock:
        dock.ok("CAM-3", says="Now its primary serial")
        dock.stop("AB\x1b[31mCD", says="contains control keys")
        dock.ok("CAM-0001", says="Now the secondary serial")
        dock.send(b"CAM-\xe9-1\r")
        dock.expect("STOP", "bytes that are not UTF-8")
        dock.stop("CAM-1", says="came in pieces")
        dock.ok("CAM-0002", says="CAM-0001 + CAM-0002 → CAM-3, 1 of 5")
        dock.ok(f"01{GTIN}21SN-0001{GS}10LOT", says="SN-0001 → LAP-1, 1 of 30")
        dock.ok(OTHER_EAN, says="1 of 90")
        dock.type("BAT-0\r")
        dock.expect("OK", "2 of 90")
        dock.check("SS-COMPLETE", says="Complete it with")
        dock.press("y")
        dock.expect("OK", "N-101 saved")
    assert [row["primary_serial"] for row in warehouse.serials()] == ["CAM-0001", "SN-0001"]


@pytest.mark.long
@pytest.mark.parametrize("suite", SUITES)
def test_the_suites_of_scans_on_the_portable_driver(suite: str) -> None:
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"tests/acceptance/{suite}"]
    argv += [word for name in IMPOSSIBLE for word in ("--deselect", f"tests/acceptance/{name}")]
    ran = subprocess.run(
        argv, cwd=ROOT, env={**os.environ, DRIVER: "portable"}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-8000:]
