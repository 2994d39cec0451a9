"""`devices test` and `devices replay` in a real terminal: the program as it is started at the dock."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from scanstation.config import load
from scanstation.domain.check_card import GS1_FIELDS, PLAIN_CARD
from scanstation.workflows.site import Site
from tests.acceptance.warehouse import Station
from tests.devices.lines import Cable
from tests.devices.scanners import keyed
from tests.screens.rig import stock
from tests.terminal import Terminal

MARKED = f"]C0{PLAIN_CARD}"


def station(home: Path, *arguments: str | Path, **more: str) -> Station:
    """The command in a terminal, in a folder of its own."""
    env = {"HOME": str(home), "LOGNAME": "ana", "TZ": "UTC", **more}
    return Station([sys.executable, "-m", "scanstation", *arguments], cwd=home, env=env)


def looking(home: Path, *options: str | Path, config: str = "", **more: str) -> Terminal:
    """`devices test`, once it listens."""
    if config:
        (home / "config.toml").write_text(config, encoding="utf-8")
    terminal = station(home, "devices", "test", *options, **more)
    terminal.wait_for("Scan anything, or the check card")
    return terminal


def says(text: str) -> Callable[[Terminal], bool]:
    """Whether the screen says it, however it is wrapped and framed."""
    return lambda terminal: text in " ".join(terminal.text.replace("│", " ").split())


def slowly(terminal: Terminal, code: str, pace: float) -> None:
    """A code at the pace of a slow scanner."""
    terminal.type(code + "\r", pace=pace)


def _has_changed(before: str, terminal: Terminal) -> bool:
    return terminal.text != before


def until_whole(terminal: Terminal, code: str, pace: float, told: str | Callable[[Terminal], bool]) -> None:
    """Scan it as often as it takes: a busy machine may hold keys back, and the code comes in pieces or all at once."""
    for _ in range(10):
        slowly(terminal, code, pace)
        with suppress(TimeoutError):
            terminal.wait_for(told, timeout=10)
            return
        for _ in range(4):  # what a card in pieces asks
            if "Question" in (before := terminal.text):
                terminal.press("n")
                terminal.wait_for(partial(_has_changed, before))
        terminal.press("enter")  # an answer that came too late would be the next code's prefix
    raise AssertionError(terminal.text)


def test_a_scan_is_shown_byte_by_byte_and_nothing_is_made(home: Path) -> None:
    with looking(home) as terminal:
        terminal.scan("]d20106012345678901\x1d21SN-1\x1d10B2")
        terminal.wait_for("raw      ]d20106012345678901␝21SN-1␝10B2␍")
        terminal.wait_for("barcode  GS1 DataMatrix")
        terminal.wait_for("suffix   Enter (CR)")
        terminal.pause(0.3)
        terminal.press("escape")
        assert terminal.wait_exit() == 0
    assert not list(home.rglob("*.db"))
    assert not list(home.rglob("config.toml"))
    assert [line for path in home.rglob("known-stores.txt") for line in path.read_text().splitlines()] == []


def test_a_typed_line_tells_why_it_is_no_scan(home: Path) -> None:
    with looking(home) as terminal:
        until_whole(terminal, "SN-0001", 0.082, "too slow for a scan")
        terminal.wait_for("max_gap_ms is 35")
        terminal.wait_for("SN-0001␍")


def test_a_code_in_pieces_tells_why_it_is_refused(home: Path) -> None:
    # Held for long: on a busy machine the rest may come late, and each piece would be refused by itself.
    with looking(home, config="[wedge]\nsplit_guard_ms = 60000\n") as terminal:
        terminal.send("SN-00")
        terminal.pause(0.2)
        terminal.scan("0123456")
        terminal.wait_for("refused  came in pieces")
        terminal.wait_for("raw      SN-000123456␍")


def test_a_card_that_is_right_offers_only_the_start_mark(home: Path) -> None:
    with looking(home, config="[wedge]\nrequire_aim = true\n") as terminal:
        terminal.scan(MARKED)
        terminal.wait_for("all is right with this scanner")
        terminal.wait_for("OK     Keyboard: the layout is right")


def test_the_wrong_layout_is_named(home: Path) -> None:
    with looking(home) as terminal:
        terminal.scan(keyed(PLAIN_CARD, computer="French"))
        terminal.wait_for(says("this computer's is French"))
        terminal.wait_for("STOP")


def test_what_the_card_shows_is_written_after_yes_and_counts_at_once(home: Path) -> None:
    config = "# ours\n[wedge]\n# slow guns\nmax_gap_ms = 35.0 # default\n"
    with looking(home, config=config) as terminal:
        until_whole(
            terminal, MARKED, 0.045, lambda _: says(f" {MARKED}␍")(terminal) and says("max_avg_ms = ")(terminal)
        )
        terminal.wait_for(says("(now 35)"))
        terminal.pause(0.3)
        terminal.press("y")
        terminal.wait_for(says("written to config.toml."))  # on a busy machine burst_gap_ms too
        terminal.wait_for(says("require_aim = true (now false)"))
        terminal.pause(0.4)
        terminal.scan("SS-NO")
        terminal.wait_for("Nothing was changed")
        written = (home / "config.toml").read_text()
        assert written.startswith("# ours\n[wedge]\n# slow guns\nmax_gap_ms = ")
        assert written.splitlines()[3].endswith(" # default")
        assert load(home / "config.toml").wedge.max_gap_ms > 45
        assert "require_aim" not in written
        terminal.pause(0.4)
        until_whole(terminal, "SN-0001", 0.045, "Read as the code SN-0001")


def test_nothing_is_written_after_no(home: Path) -> None:
    with looking(home) as terminal:
        terminal.scan("]C1" + "~".join(GS1_FIELDS))
        terminal.wait_for(says('gs_substitute = "~" (now "")'))
        terminal.wait_for(says("into [wedge] of …"))
        terminal.press("n")
        terminal.wait_for(says("require_aim = true"))
        terminal.press("escape")
        terminal.wait_for("Scan anything")
    assert not list(home.rglob("config.toml"))


def test_a_file_is_made_where_there_is_none(home: Path) -> None:
    with looking(home) as terminal:
        terminal.scan("]C1" + "~".join(GS1_FIELDS))
        terminal.wait_for(says("gs_substitute"))
        terminal.pause(0.3)
        terminal.press("y")
        terminal.wait_for(says("require_aim = true"))
        terminal.press("n")
    assert (home / ".config/scanstation/config.toml").read_text() == '[wedge]\ngs_substitute = "~"\n'


def test_what_the_environment_sets_is_not_offered(home: Path) -> None:
    more = {"SCANSTATION_WEDGE__GS_SUBSTITUTE": "%", "SCANSTATION_WEDGE__REQUIRE_AIM": "false"}
    with looking(home, **more) as terminal:
        terminal.scan("]C1" + "~".join(GS1_FIELDS))
        terminal.wait_for(says("SCANSTATION_WEDGE__GS_SUBSTITUTE beats config.toml"))
        terminal.pause(0.3)
        assert "Question" not in terminal.text


def test_a_serial_scanner_is_looked_at_and_its_framing_offered(home: Path, tmp_path: Path) -> None:
    cable = Cable(tmp_path / "gun").plug_in()
    config = f'[[serial]]\nid = "gun1"\nport = "{tmp_path / "gun"}"\n'
    with looking(home, config=config) as terminal:
        terminal.wait_for("gun1 is ready")
        cable.send(b"]C0SN-0001\r\n")
        terminal.wait_for("raw      ]C0SN-0001␍␊")
        terminal.wait_for("from     gun1")
        cable.send(MARKED.encode() + b"\t")
        terminal.wait_for(says('framing = "tab" (now "line")'))
        terminal.pause(0.3)
        terminal.press("y")
        terminal.wait_for(says("Start the station again"))
    assert load(home / "config.toml").serial[0].framing == "tab"
    cable.pull()


def test_the_separator_of_a_serial_scanner_is_written_into_its_table(home: Path, tmp_path: Path) -> None:
    cable = Cable(tmp_path / "gun").plug_in()
    config = (
        f'[[serial]]\nid = "gun0"\nport = "{tmp_path / "none"}"\n'
        f'[[serial]]\nid = "gun1"\nport = "{tmp_path / "gun"}"\nencoding = "latin-1"\n[wedge]\n'
    )
    with looking(home, config=config) as terminal:
        terminal.wait_for("gun1 is ready")
        cable.send(b"]C1" + "§".join(GS1_FIELDS).encode("latin-1") + b"\r\n")
        terminal.wait_for(says('gs_substitute = "§" (now "")'))
        terminal.wait_for(says("into [[serial]] gun1 of"))
        terminal.pause(0.3)
        terminal.press("y")
        terminal.wait_for(says("Start the station again"))
    settings = load(home / "config.toml")
    assert [scanner.gs_substitute for scanner in settings.serial] == ["", "§"]
    assert settings.wedge.gs_substitute == ""
    cable.pull()


def test_a_recording_is_played_as_it_was(home: Path) -> None:
    with looking(home, "--record", "trace.jsonl") as terminal:
        terminal.wait_for("recording trace.jsonl")
        terminal.scan("SN-0001", "SN-0001")
        terminal.wait_for("SN-0001")
        terminal.pause(0.4)
        slowly(terminal, "SN-0002", 0.09)
        terminal.wait_for("too slow")
        terminal.scan("AB\x11CD1234")
        terminal.wait_for("control keys")
        terminal.pause(0.3)
        terminal.press("escape")
        assert terminal.wait_exit() == 0
    answers = []
    for _ in range(2):
        with Terminal(
            [*_scanstation(), "devices", "replay", "trace.jsonl", "--dry-run", "--format", "json"],
            cwd=home,
            env={"HOME": str(home)},
            columns=2000,
            rows=100,
        ) as dry:
            assert dry.wait_exit() == 0
            answers.append(dry.text)
    assert answers[0] == answers[1]
    rows = json.loads(answers[0])
    assert [(row["kind"], row["code"]) for row in rows] == [
        ("scan", "SN-0001"),
        ("twice", "SN-0001"),
        ("typed", "SN-0002"),
        ("refused", "AB\x11CD1234"),
    ]


def _scanstation() -> list[str]:
    return [sys.executable, "-m", "scanstation"]


def test_the_key_records_into_a_new_file(home: Path) -> None:
    (home / "old.jsonl").write_text("mine\n")
    with looking(home) as terminal:
        terminal.press("f5")
        terminal.wait_for("Record in which file?")
        terminal.press("ctrl+u")
        terminal.type("old.jsonl")
        terminal.press("enter")
        terminal.wait_for("old.jsonl is there already")
        terminal.press("f5")
        terminal.wait_for("Record in which file?")
        terminal.press("enter")
        terminal.wait_for("F5 End recording")
        terminal.pause(0.4)
        terminal.scan("SN-0001")
        terminal.wait_for("Read as the code SN-0001")
        terminal.wait_for(": 1")
        terminal.press("f5")
        terminal.wait_for("1 scan recorded in")
    assert (home / "old.jsonl").read_text() == "mine\n"
    (trace,) = home.glob("scanners-*.jsonl")
    assert '"code": "SN-0001"' in trace.read_text()


def test_a_trace_is_played_into_the_station(home: Path, site: Site) -> None:
    stock(site)
    with looking(home, "--record", "trace.jsonl") as terminal:
        for code in ("N-1003", "CAM-300", "SN-0001", "LENS-77201"):
            terminal.scan(code)
            terminal.wait_for(f"{code}␍")
    with station(
        home, "--db", f"sqlite:///{site.store.path}", "--station", "dock-2", "devices", "replay", "trace.jsonl"
    ) as terminal:
        terminal.wait_for("SN-0001 + LENS-77201 → CAM-300, 1 of 10.")
        terminal.scan("SS-HOME")
        terminal.wait_for("Go on")


@pytest.mark.parametrize(("content", "status", "told"), [(None, 2, "cannot be read"), ("nonsense", 1, "is no trace")])
def test_what_cannot_be_played_is_told(home: Path, content: str | None, status: int, told: str) -> None:
    if content is not None:
        (home / "trace.jsonl").write_text(content)
    with station(home, "devices", "replay", "trace.jsonl") as terminal:
        assert terminal.wait_exit() == status
        assert told in terminal.text
        assert "Traceback" not in terminal.text


def test_the_check_card_is_no_serial_on_any_other_screen(home: Path, site: Site) -> None:
    stock(site)
    with station(home, "--db", f"sqlite:///{site.store.path}", "--station", "dock-2", "receive", "N-1003") as terminal:
        terminal.wait_for("N-1003")
        terminal.scan("CAM-300")
        terminal.wait_for("Primary serial")
        for card in (MARKED, keyed(PLAIN_CARD, computer="German"), "]C1" + "\x1d".join(GS1_FIELDS)):
            terminal.check(card, says="The check card: open the scanners screen")
            terminal.expect_prompt("Primary serial")
            terminal.stop("CAM-300", says="is the product CAM-300")  # another answer in between
        assert os.environ["HOME"] == str(home)
