"""How commands end: the exit status, what goes to which stream, and that no traceback is ever shown."""

import array
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import IO

import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.cli.conftest import Command, process
from tests.serials import opening
from tests.terminal import Terminal


def test_an_empty_list_is_done_with_machine_output_alone(ana: Command) -> None:
    ran = ana("po", "list")
    assert (ran.status, ran.json, ran.err) == (0, [], "")


def test_a_refusal_is_a_line_on_standard_error_and_status_1(ana: Command) -> None:
    ran = ana("po", "show", "N-1")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "There is no purchase order N-1. Check the number, or load the order first.\n"


def test_control_characters_are_made_visible_and_stay_on_one_line(ana: Command) -> None:
    ran = ana("po", "show", "N\n\x1b[31m1")
    assert ran.status == 1
    assert "N␊␛[31m1" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["po", "nonsense"],
        ["po", "list", "--nonsense"],
        ["po", "show"],
        ["po", "close", "N-1"],
        ["so", "ship"],
        ["print", "N-1"],
        ["print", "po", "N-1"],
        ["print", "po", "N-1", "--paper", "poster"],
        ["print", "po", "N-1", "--output", "x.txt"],
        ["print", "po", "N-1", "--output", "x.zpl"],
        ["handover", "run"],
        ["handover", "run", "--once"],
        ["so", "ship", "S-1", "--without-serials"],
        ["so", "ship", "S-1", "--reason", "why not"],
        ["report", "nonsense"],
        ["report", "serials", "--status", "Gone"],
        ["report", "serials", "--since", "yesterday"],
        ["report", "serials", "--since", "2026-11-22", "--until", "2026-11-21"],
        ["report", "serials", "--format", "xml"],
        ["report", "serials", "--kind", "packed"],
        ["report", "receiving-history", "--kind", "sold"],
        ["handover", "retry"],
        ["handover", "drop", "1"],
        ["report", "serials", "--output", "report.pdf"],
        ["template", "nonsense", "x.xlsx"],
        ["template", "products", "x.xlsx", "--po", "N-1"],
        ["db", "restore", "nowhere.db"],
        ["po", "import-serials", "nowhere.xlsx"],
        ["po", "import-serials", "a", "b", "c"],
        ["downtime", "enter", "po", "N-1", "a.csv", "--at", "09:20"],
        ["downtime", "enter", "po", "N-1", "a.csv", "--by", "Ben"],
        ["po", "expected", "N-1", "--output", "x.pdf"],
        ["po", "show", "\udcff"],
        ["--db", "", "po", "list"],
        ["\x1b[31m"],
    ],
)
def test_wrong_use_is_status_2(ana: Command, arguments: list[str]) -> None:
    ran = ana(*arguments)
    assert ran.status == 2, ran
    assert ran.out == ""
    assert ran.err
    assert "\x1b" not in ran.err
    assert "Traceback" not in ran.err


def test_a_wrong_option_says_where_help_is(ana: Command) -> None:
    assert "Try “scanstation po list --help”." in ana("po", "list", "--nonsense").err


def test_a_group_without_its_command_shows_its_help_line_by_line(ana: Command) -> None:
    ran = ana("po")
    assert (ran.status, ran.out) == (2, "")
    assert "␊" not in ran.err
    assert ran.err.count("Usage:") == 1
    assert any(line.lstrip().startswith("import-serials ") for line in ran.err.splitlines())


def test_what_there_is_to_choose_from_stands_on_one_line(ana: Command) -> None:
    ran = ana("report")
    assert "Choose from: serials, receiving-history, shipment-history, stock, recall, audit\n" in ran.err
    assert "␊" not in ran.err + ana("template", "nonsense", "x.xlsx").err


def test_a_bad_configuration_is_status_2_with_each_problem_on_a_line(command: Command, in_folder: Path) -> None:
    (in_folder / "config.toml").write_text("[wedge]\nmax_gap = 1\n[stations]\nname = 'x'\n")
    ran = command("po", "list")
    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 2
    assert "[wedge] max_gap is not known" in ran.err
    assert command("--config", "nowhere.toml", "po", "list").status == 2
    assert command("--db", "mysql://x/y", "po", "list").status == 2


def test_a_missing_store_is_status_3_and_says_how_to_create_it(command: Command, tmp_path: Path) -> None:
    ran = command("po", "list")
    assert (ran.status, ran.out) == (3, "")
    assert "There is no store at" in ran.err
    assert "scanstation db init" in ran.err
    assert not list(tmp_path.rglob("store.db"))


def test_a_store_that_vanished_is_status_3_and_nothing_is_created(site: Site, ana: Command) -> None:
    assert site.store.path is not None
    site.store.path.rename(site.store.path.with_name("elsewhere.db"))
    for arguments in (["po", "list"], ["db", "init"], []):
        ran = ana(*arguments)
        assert ran.status == 3
        assert "used to be" in ran.err
    assert not site.store.path.exists()


def test_a_file_that_is_no_store_is_status_3(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("hello, this is no database at all")
    ran = command("--db", f"sqlite:///{tmp_path / 'x.db'}", "po", "list")
    assert ran.status == 3
    assert "x.db" in ran.err


def test_an_error_of_our_own_is_written_down_and_not_shown(site: Site, ana: Command, home: Path) -> None:
    builders.purchase(site, "N-1", {})
    with site.store.engine.connect() as tx:  # what no program of ours writes
        tx.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        tx.exec_driver_sql("UPDATE orders SET status = 'nowhere'")
        tx.commit()
        tx.invalidate()
    ran = ana("po", "show", "N-1")
    assert ran.status == 3
    assert "error of its own (ValueError)" in ran.err
    assert "Traceback" not in ran.err
    (log,) = home.rglob("error-*.txt")
    assert str(log) in ran.err
    assert "'nowhere' is not a valid OrderStatus" in log.read_text()


def test_the_station_needs_a_terminal(ana: Command) -> None:
    for arguments in ([], ["receive"], ["pack"]):
        ran = ana(*arguments)
        assert ran.status == 2
        assert "needs a terminal" in ran.err


def test_help_is_there_for_every_command(command: Command) -> None:
    for arguments in ([], ["po"], ["so", "ship"], ["report"], ["db"], ["trace"], ["template"], ["demo"]):
        ran = command(*arguments, "--help")
        assert ran.status == 0
        assert ran.out.startswith("Usage: scanstation")
    assert command("--version").out.startswith("scanstation ")


# Processes


def test_it_runs_as_a_process(home: Path) -> None:
    ran = process("db", "init", home=home)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "There is a new store at" in ran.stderr
    ran = process("po", "list", home=home)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[]\n", "")


@pytest.fixture
def crowded(site: Site) -> Site:
    """More units than fit into a pipe."""
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", *(f"B-{number:05}" for number in range(1500)))
    return site


def start(site: Site, home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "report", "serials"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LOGNAME": "ana"},
        cwd=home,
    )


def wait_until_blocked(ran: subprocess.Popen[bytes]) -> None:
    """Until the process sleeps over a pipe that nobody reads."""
    deadline = time.monotonic() + 60
    while True:
        state = Path(f"/proc/{ran.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        if state == "S" and unread(ran.stdout) > 50_000:
            return
        assert time.monotonic() < deadline, f"it does not wait: {state}, {unread(ran.stdout)} bytes to read"


def unread(pipe: IO[bytes] | None) -> int:
    """How many bytes lie in a pipe."""
    assert pipe is not None
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def test_a_reader_that_has_enough_is_no_error(crowded: Site, home: Path) -> None:
    with start(crowded, home) as ran:
        assert ran.stdout
        assert ran.stderr
        assert ran.stdout.read(1) == b"["
        ran.stdout.close()
        assert ran.stderr.read() == b""
        assert ran.wait(60) == 0


def test_ctrl_c_ends_it_without_a_word(crowded: Site, home: Path) -> None:
    with start(crowded, home) as ran:
        assert ran.stdout
        assert ran.stderr
        assert ran.stdout.read(1) == b"["
        wait_until_blocked(ran)  # a signal that comes just before it waits is heard once it waits no longer
        ran.send_signal(signal.SIGINT)
        assert ran.wait(60) == 130
        assert ran.stderr.read() == b""


def test_a_full_disk_is_told(site: Site, home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "report", "serials"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LOGNAME": "ana"},
        )
    assert ran.returncode == 3
    assert ran.stderr.startswith("The system refuses: No space left on device")
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_refusal_that_nobody_can_read_is_one_all_the_same(ana: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        assert ana("po", "show", "N-1").status == 1


def test_closed_streams_and_another_encoding_change_nothing(site: Site, home: Path) -> None:
    builders.purchase(site, "Nº-1", {}, client="SÜDWIND")
    words = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "po", "list"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LOGNAME": "ana", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(words, capture_output=True, timeout=60, check=False, env=environment, cwd=home)
    assert json.loads(ran.stdout.decode("utf-8"))[0]["client"] == "SÜDWIND"
    line = f"{shlex.join(words)} >&- 2>&-"
    ran = subprocess.run(["/bin/sh", "-c", line], timeout=60, check=False, env=environment, cwd=home)
    assert ran.returncode == 0


def test_a_person_is_asked_before_a_store_is_created(home: Path) -> None:
    words = [sys.executable, "-m", "scanstation"]
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
        terminal.wait_for("Create it? [Y/n]")
        terminal.press("n", "enter")
        assert terminal.wait_exit() == 0
        assert "Traceback" not in terminal.text
    assert not list(home.rglob("store.db"))


def test_a_table_on_a_terminal_folds_and_never_cuts(site: Site, home: Path) -> None:
    builders.product(site, "BAT-100", 1)
    serial = "LONG-" + "0123456789" * 5 + "-END"
    opening(site, "NORDWIND", "W-EAST", "BAT-100", serial)
    words = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "trace", serial]
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, columns=60, rows=100, cwd=home) as terminal:
        assert terminal.wait_exit() == 0
        shown = "".join(character for character in terminal.text if not character.isspace())
        assert "…" not in shown
        assert "-END" in terminal.text


def test_a_report_too_wide_for_the_terminal_is_a_list_of_each_row(site: Site, home: Path) -> None:
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "SN-0000000001", "SN-0000000002")
    words = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "report", "serials"]
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
        assert terminal.wait_exit() == 0
        assert "Primary Serial Number    SN-0000000001" in terminal.lines
        assert "Primary Serial Number    SN-0000000002" in terminal.lines
        assert not any(line.startswith("Shipped At") for line in terminal.lines), "what is empty is left out"


def test_the_station_opens_at_once_on_the_order_asked_for(site: Site, home: Path) -> None:
    builders.product(site, "BAT-100", 1)
    builders.purchase(site, "N-1003", {"BAT-100": 3})
    words = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", "receive", "N-1003"]
    with Terminal(words, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home, fresh=True) as terminal:
        terminal.wait_for("BAT-100")
        terminal.press("ctrl+q")
        terminal.wait_for("Close this station?")
        terminal.press("y")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    ("words", "title", "says"),
    [
        (["receive", "N-9"], "RECEIVING", "There is no purchase order N-9."),
        (["pack", "N-9", "--client", "NORDWIND"], "PACKING", "There is no shipment order N-9"),
    ],
)
def test_an_order_that_is_not_there_ends_the_station_that_stood_for_it(
    site: Site, home: Path, words: list[str], title: str, says: str
) -> None:
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{site.store.path}", *words]
    with Terminal(program, env={"HOME": str(home), "LOGNAME": "ana"}, cwd=home) as terminal:
        assert terminal.wait_exit() == 1
        assert title in terminal.raw_output.decode(errors="replace")
        assert says in terminal.text
