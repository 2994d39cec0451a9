"""`doctor`: configuration, store, scanners, terminal, and how to mend what is wrong."""

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.terminal import Terminal


def _told(found: list[dict[str, str]], what: str) -> tuple[str, str]:
    [one] = [finding for finding in found if finding["what"] == what]
    return one["verdict"], one["told"]


def test_a_station_that_is_well_is_told_so(ana: Command) -> None:
    ran = ana("doctor")
    assert ran.status == 0
    assert _told(ran.json, "configuration")[0] == "OK"
    assert _told(ran.json, "station") == ("OK", "dock-2, operator Ana")
    verdict, told = _told(ran.json, "store")
    assert verdict == "OK"
    assert "0 orders, 0 units" in told


def test_a_store_that_is_not_there_ends_with_3_and_says_how_to_make_one(command: Command) -> None:
    ran = command("--db", "sqlite:///nowhere.db", "doctor")
    assert ran.status == 3
    verdict, told = _told(ran.json, "store")
    assert verdict == "STOP"
    assert "scanstation db init" in told
    assert not Path("nowhere.db").exists()


def test_a_configuration_that_cannot_be_used_ends_with_2_and_names_each_fault(
    command: Command, in_folder: Path
) -> None:
    (in_folder / "config.toml").write_text('[wedge]\nmax_gap_ms = "x"\nnonsense = 1\n', encoding="utf-8")
    ran = command("doctor")
    assert ran.status == 2
    faults = [finding["told"] for finding in ran.json if finding["what"] == "configuration"]
    assert len(faults) == 2
    assert any("max_gap_ms" in fault for fault in faults)
    assert any("nonsense" in fault for fault in faults)


def test_scanners_are_opened_and_the_missing_one_is_named(ana: Command, in_folder: Path) -> None:
    far, near = os.openpty()
    try:
        (in_folder / "config.toml").write_text(
            f'[[serial]]\nid = "here"\nport = "{os.ttyname(near)}"\n'
            '[[serial]]\nid = "gone"\nport = "/dev/ttyNOWHERE7"\n',
            encoding="utf-8",
        )
        ran = ana("doctor")
    finally:
        os.close(far)
        os.close(near)
    assert ran.status == 3
    assert _told(ran.json, "here")[0] == "OK"
    verdict, told = _told(ran.json, "gone")
    assert verdict == "STOP"
    assert "/dev/ttyNOWHERE7" in told


def test_two_tables_with_one_port_are_told(ana: Command, in_folder: Path) -> None:
    far, near = os.openpty()
    (in_folder / "gun").symlink_to(os.ttyname(near))
    tables = [("one", os.ttyname(near)), ("two", str(in_folder / "gun"))]
    (in_folder / "config.toml").write_text(
        "".join(f'[[serial]]\nid = "{name}"\nport = "{port}"\n' for name, port in tables), encoding="utf-8"
    )
    ran = ana("doctor")
    os.close(far)
    os.close(near)
    assert ran.status == 3
    assert _told(ran.json, "one")[0] == "OK"
    verdict, told = _told(ran.json, "two")
    assert verdict == "STOP"
    assert "is read by one already. Remove one of the two [[serial]] tables" in told


@pytest.mark.parametrize(("columns", "rows", "verdict"), [(80, 24, "OK"), (60, 12, "CHECK")])
def test_the_terminal_it_runs_in_is_measured(tmp_path: Path, columns: int, rows: int, verdict: str) -> None:
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{tmp_path / 'no.db'}", "doctor"]
    with Terminal([*program, "--format", "table"], columns=columns, rows=rows) as terminal:
        terminal.wait_for("terminal")
        terminal.wait_for(f"{columns}×{rows}")
        assert terminal.wait_exit() == 3
        assert any(line.startswith(f"{verdict} ") and " terminal " in line for line in terminal.lines)


def test_the_default_prefix_of_the_command_barcodes_is_told(command: Command, in_folder: Path) -> None:
    verdict, told = _told(command("doctor").json, "commands")
    assert verdict == "CHECK"
    assert "a label from outside may hold one" in told
    (in_folder / "config.toml").write_text('[commands]\nprefix = "W7-"\n', encoding="utf-8")
    assert _told(command("doctor").json, "commands")[0] == "OK"
