"""The station where the dock really has it: over ssh, in tmux, on the Linux console.

Each is set up with the very lines of docs/station.md. The example of the demo is scanned through from receiving to
shipping, with what these ways are known to swallow in between: separators of GS1, the escape character of ssh, the
prefix of tmux.
"""

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from scanstation.domain.gtin import check_digit
from scanstation.domain.reports import Filters
from scanstation.store.reports import serials
from scanstation.store.store import open_store
from tests.acceptance.warehouse import Station
from tests.system.ways import Way, from_the_guide, in_tmux, over_ssh
from tests.terminal import KEYS

pytestmark = pytest.mark.system

CAMERA = "400638133303"
GS1_CAMERA = f"]d2010{CAMERA}{check_digit(CAMERA)}21CAM0000312\x1d250LENS-30012"
"""Product, serial and secondary serial in one label, with the separator between them."""

FUNCTION_KEYS = {f"f{number}": b"\x1b[[" + bytes([0x40 + number]) for number in range(1, 6)}


class Console(Station):
    """The Linux console: its first five function keys are its own, and so are Home and End."""

    keys: ClassVar[Mapping[str, bytes]] = KEYS | FUNCTION_KEYS | {"home": b"\x1b[1~", "end": b"\x1b[4~"}


@pytest.fixture
def login(home: Path, tmp_path: Path) -> Path:
    """The login program of the guide, on the example warehouse."""
    told = from_the_guide("sh").replace("/srv/scanstation", shlex.quote(str(home)))
    started = f"exec {shlex.quote(sys.executable)} -m scanstation"
    path = tmp_path / "station"
    path.write_text(
        told.replace("#!/bin/sh\n", f"#!/bin/sh\nexport HOME={shlex.quote(str(home))}\n")
        .replace("exec scanstation", started)
        .replace('"$(id -un)"', '"$(id -un)" demo'),
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


@contextmanager
def on_the_console(login: Path) -> Iterator[Station]:
    """The Linux console: TERM=linux and sixteen colours."""
    with Console([login], env={"TERM": "linux", "COLORTERM": ""}) as station:
        yield station


def at_the_pace_of_a_scanner(dock: Station, keys: str) -> None:
    """Send keys one by one; tmux takes what comes all at once for a paste and looks for no prefix in it."""
    for key in keys:
        dock.send(key)
        dock.pause(0.004)


def refuse_control_keys(dock: Station) -> None:
    """The prefix of tmux inside a code. What a busy machine held up between two keys was typed, and is sent again."""
    for number in range(10):
        before = dock.verdict
        at_the_pace_of_a_scanner(dock, f"AB\x02d123{number}\r")
        dock.wait_for(lambda _, before=before: dock.verdict != before)  # type: ignore[misc]
        if "contains control keys" in dock.verdict[1]:
            return
        dock.pause(0.4)
    raise AssertionError(f"the last of ten was answered with {dock.verdict}")


@pytest.mark.parametrize("way", [over_ssh, in_tmux, on_the_console])
def test_scenario_3_of_the_example_is_scanned_through(way: Way, login: Path, home: Path) -> None:
    with way(login) as dock:
        dock.wait_for("CAM0000311")  # the codes to try, on Home

        dock.go("SS-RECEIVE", "Receiving")
        dock.ok("N-1003", says="N-1003 is open")
        # One burst: the scans come one right after the other.
        dock.scan("CAM-300", "CAM0000311")
        dock.expect_prompt("Secondary serial", "CAM-300", "1 of 2")
        dock.stop("~.SN-0001", says="~.SN-0001")
        refuse_control_keys(dock)
        dock.stop("SS-COMPLETE", says="A serial is owed")
        dock.expect_prompt("Secondary serial", "CAM-300", "1 of 2")
        dock.ok("LENS-30011", says=("CAM0000311 + LENS-30011", "1 of 2"))
        dock.expect_no_prompt()

        # Esc and the function keys are themselves, and no part of the scan right after them
        dock.press("f1")
        dock.expect_title("Help")
        dock.press("escape")
        dock.scan("SS-UNDO")
        dock.expect_prompt("Secondary serial", "CAM-300", "1 of 2")
        dock.press("f2")
        dock.expect_prompt("Primary serial", "CAM-300", "1 of 2")
        dock.scan("CAM0000311", "LENS-30011")
        dock.expect("OK", "CAM0000311 + LENS-30011", "1 of 2")

        dock.ok(GS1_CAMERA, says=("CAM0000312 + LENS-30012", "2 of 2"))
        dock.expect_no_prompt()
        dock.press("f10")
        dock.expect("OK", "N-1003 complete, 2 units")

        dock.press("escape")
        dock.expect_title("Home")
        dock.pause(0.3)
        dock.go("SS-PACK", "Packing")
        dock.ok("S-9003", says="S-9003 is open")
        dock.scan("CAM-300", "LENS-30011")
        dock.expect("OK", "CAM0000311 + LENS-30011 → CAM-300, 1 of 2")
        dock.expect_no_prompt()
        dock.press("f3")
        dock.expect_title("Trace")
        dock.press("escape")
        dock.expect_title("Packing")
        dock.pause(0.3)
        dock.ok("CAM-300", says="Now its primary serial")
        dock.ok("CAM0000312", says="CAM0000312 + LENS-30012 → CAM-300, 2 of 2")
        dock.ok("SS-COMPLETE", says="S-9003 complete, 2 units")

        dock.open_order("f8", "S-9003")
        dock.choose("Ship")
        dock.expect_question("Has S-9003 left?")
        dock.ok("SS-YES", says="S-9003 is Shipped")
        assert "Traceback" not in dock.raw_output.decode("utf-8", "replace")

    store = open_store(f"sqlite:///{home / '.local/share/scanstation/demo.db'}")
    shipped = [(row.primary, row.secondary) for row in serials(store, Filters(sku="CAM-300")) if row.shipped_at]
    store.close()
    assert shipped == [("CAM0000311", "LENS-30011"), ("CAM0000312", "LENS-30012")]
