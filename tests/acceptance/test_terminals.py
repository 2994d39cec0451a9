"""Terminals that cannot show the station are told before anything is drawn; others get what they can show."""

import shutil
import subprocess
import sys

import pytest

from tests.acceptance.warehouse import Station, Warehouse

ALTERNATE_SCREEN = b"\x1b[?1049h"


@pytest.mark.parametrize("term", ["dumb", "vt52", "wy60"])
def test_a_terminal_without_a_screen_is_refused_before_anything_is_drawn(warehouse: Warehouse, term: str) -> None:
    with warehouse.station(env={"TERM": term}) as dock:
        assert dock.wait_exit() == 2
        assert f"TERM={term} is a terminal without cursor" in dock.text
        assert b"\x1b" not in dock.raw_output


def test_a_window_too_small_to_read_a_code_in_is_refused(warehouse: Warehouse) -> None:
    with warehouse.station(columns=25, rows=15) as dock:
        assert dock.wait_exit() == 2
        assert "25×15" in " ".join(dock.text.split())
        assert ALTERNATE_SCREEN not in dock.raw_output


def test_a_small_window_is_told_so_and_works(warehouse: Warehouse) -> None:
    with warehouse.station(columns=30, rows=18) as dock:
        dock.wait_for("HOME")
        before = bytes(dock.raw_output).split(ALTERNATE_SCREEN)[0].decode()
        assert "The station needs 40×20" in before


def test_where_the_locale_is_not_utf_8_lines_and_marks_are_ascii(warehouse: Warehouse) -> None:
    environment = warehouse.environment({"PYTHONIOENCODING": "iso-8859-1"})
    argv = [sys.executable, "-m", "scanstation", "--station", "dock-2"]
    with Station(argv, env=environment, cwd=warehouse.folder, fresh=True) as dock:
        dock.wait_for("HOME")
        assert dock.lines[-5].startswith("+- Scan an order")
        assert dock.lines[-4].startswith("|")
        dock.wait_for("> F5")
        assert "?" not in dock.text


@pytest.fixture(scope="module")
def western(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A real locale of Western Europe, or what stands for one where none can be made."""
    folder = tmp_path_factory.mktemp("locales")
    made = 1
    if (localedef := shutil.which("localedef")) is not None:
        words = [localedef, "-i", "en_US", "-f", "ISO-8859-1", str(folder / "en_US.ISO-8859-1")]
        made = subprocess.run(words, check=False, capture_output=True).returncode
    if made == 0:
        name = "en_US.ISO-8859-1"
        return {"LOCPATH": str(folder), "LANG": name, "LC_ALL": name}
    # Python would make UTF-8 of the C locale.
    return {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def test_in_a_western_locale_the_station_draws_in_ascii(warehouse: Warehouse, western: dict[str, str]) -> None:
    warehouse.load(products={"BAT-0": 0}, shipment={"S-1": {"BAT-0": 9}})
    argv = [sys.executable, "-m", "scanstation", "--station", "dock-2"]
    with Station(argv, env=warehouse.environment(western), cwd=warehouse.folder, fresh=True) as dock:
        dock.wait_for("> F5")
        assert dock.lines[-5].startswith("+- Scan an order")
        dock.stop("NO-SUCH", says="NO-SUCH is not known here")
        dock.ok("S-1", "BAT-0", says="1 of 9")
        bar = [row for row in dock.lines[-9:-5] if row.strip("│ ")]
        assert [row.split()[0] for row in bar] == ["OK"], "no big letters, which have no signs there"
        drawn = bytes(dock.raw_output).decode("iso-8859-1")
        assert not [each for each in drawn if ord(each) >= 0x80 and each not in "º·×«»"], "UTF-8 is garbled there"


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        (["report", "serials"], "CAM-1"),
        (["po", "list"], "N-1"),
        (["po", "show", "N-1"], "CAM-1"),
        (["trace", "C-1"], "Received"),
        (["report", "serials", "--since", "soon"], '"soon" is no day'),
        (["report"], 'Try "scanstation report --help"'),
    ],
)
def test_in_a_western_locale_the_lines_of_a_command_are_ascii(
    warehouse: Warehouse, western: dict[str, str], words: list[str], shows: str
) -> None:
    warehouse.load(products={"CAM-1": 1}, purchase={"N-1": {"CAM-1": 3}}, opening=[("CAM-1", "C-1")])
    argv = [sys.executable, "-m", "scanstation", *words]
    with Station(argv, env=warehouse.environment(western), cwd=warehouse.folder, fresh=True, columns=160) as dock:
        dock.wait_exit()
        assert shows in dock.text
        assert bytes(dock.raw_output).isascii(), bytes(dock.raw_output)
        assert "?" not in dock.text


@pytest.mark.parametrize(("env", "names"), [({"VTE_VERSION": "7006"}, "F12 Complete"), ({}, "F10 Complete")])
def test_f12_completes_and_is_named_where_the_terminal_keeps_f10(
    warehouse: Warehouse, env: dict[str, str], names: str
) -> None:
    warehouse.load(products={"BAT-0": 0}, shipment={"S-1": {"BAT-0": 1}})
    with warehouse.station(env=env) as dock:
        dock.expect_title("Home")
        dock.ok("S-1", "BAT-0", says="1 of 1")
        assert names in dock.lines[-1]
        dock.type("?\r")
        dock.expect_title("Help")
        dock.type("?\r")
        dock.expect_title("Packing")
        dock.press("f12")
        dock.expect("OK", "S-1 complete, 1 unit")
