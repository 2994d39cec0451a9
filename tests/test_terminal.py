"""The driver in a real terminal: what reaches the pipe, and what never reaches a widget.

The terminal's clock is a real one, so bursts here come in one write, and those in several writes run with settings
that forgive a busy machine. What depends on exact gaps is tested in tests/devices/test_wedge.py, where time is an
argument.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.message import Message

from scanstation.devices.wedge import Wedge
from scanstation.domain.scan import Scan
from tests.terminal import Terminal, python_program

ECHO_APP = Path(__file__).parent / "devices" / "echo_app.py"
PATIENT = json.dumps({"max_gap_ms": 3000, "burst_gap_ms": 3000, "split_guard_ms": 3000, "max_avg_ms": 3000})
EAN = "4006381333931"


def echo(**env: str) -> Terminal:
    return Terminal(python_program(ECHO_APP), env=env)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with echo() as running:
        running.wait_for("ready")
        yield running


def events(terminal: Terminal) -> list[str]:
    """What the app reports, in order, long rows joined."""
    found: list[str] = []
    for line in terminal.lines[2:]:
        number, _, text = line.partition(" ")
        if number.isdecimal():
            found.append(text)
        elif line and line != "ready":
            found[-1] += " " + line
    return found


def test_a_scan_comes_through_and_never_touches_the_line(terminal: Terminal) -> None:
    terminal.scan(EAN)
    terminal.wait_for(f"1 scan <{EAN}> wedge")
    assert terminal.lines[0] == ""


@pytest.mark.parametrize("suffix", ["\r", "\n", "\r\n", "\t", "\t\r"])
def test_no_suffix_of_a_scan_reaches_the_button_with_the_focus(suffix: str) -> None:
    with echo(ECHO_FOCUS="button") as terminal:
        terminal.wait_for("ready")
        terminal.scan(EAN, "SN-0002", suffix=suffix)
        terminal.wait_for("2 scan <SN-0002>")
        terminal.pause(0.1)  # an Enter right after a scan's Tab is its second suffix
        terminal.press("enter")  # the focus is still on the button, and a person may press it
        terminal.wait_for("button pressed")
        assert events(terminal) == [f"scan <{EAN}> wedge", "scan <SN-0002> wedge", "button pressed"]


def test_twenty_codes_in_one_write_are_twenty_scans_in_order(terminal: Terminal) -> None:
    terminal.scan(*(f"SN-{number:04}" for number in range(20)))
    terminal.wait_for("20 scan <SN-0019>")
    assert events(terminal) == [f"scan <SN-{number:04}> wedge" for number in range(2, 20)]


def test_seven_hundred_codes_in_one_write_are_all_taken(terminal: Terminal) -> None:
    codes = [f"SN-{number:022}" for number in range(700)]
    terminal.scan(*codes)
    terminal.wait_for(f"700 scan <{codes[-1]}>")
    assert b"in pieces" not in terminal.raw_output


def test_a_scan_in_many_writes_is_one_scan() -> None:
    with echo(ECHO_WEDGE=PATIENT) as terminal:
        terminal.wait_for("ready")
        for character in f"{EAN}\r":
            terminal.send(character)
        terminal.wait_for("1 scan")
        assert events(terminal) == [f"scan <{EAN}> wedge"]


def test_a_typed_code_arrives_at_the_line_in_order(terminal: Terminal) -> None:
    terminal.type("SN-1")
    terminal.wait_for(lambda seen: seen.lines[0].strip() == "SN-1")
    terminal.press("backspace", "2", "enter")
    terminal.wait_for("1 typed <SN-2>")


def test_a_short_code_in_one_write_becomes_typed_entry(terminal: Terminal) -> None:
    terminal.scan("A1")
    terminal.wait_for("1 typed <A1>")


def test_a_scan_while_something_is_typed_leaves_the_typed_text_alone(terminal: Terminal) -> None:
    terminal.type("12")
    terminal.wait_for(lambda seen: seen.lines[0].strip() == "12")
    terminal.pause(0.4)  # more than the split guard: the typing is over
    terminal.scan(EAN)
    terminal.wait_for("1 scan")
    assert terminal.lines[0].strip() == "12"
    assert events(terminal) == [f"scan <{EAN}> wedge"]


@pytest.mark.parametrize(
    "code", [b"AB\x11CD", b"AB\x1b[31mC", b"12\x083", b"AB\x03CD", b"AB\x1b[<0;5;5MC", b"A\x1b[ABC"]
)
def test_control_keys_in_a_scan_run_nothing_and_type_nothing(terminal: Terminal, code: bytes) -> None:
    terminal.send(code + b"\r")
    terminal.wait_for("1 scan")
    terminal.scan(EAN)
    terminal.wait_for(f"2 scan <{EAN}>")
    first, second = events(terminal)
    assert "fault contains control keys" in first
    assert second == f"scan <{EAN}> wedge"
    assert terminal.lines[0] == ""


@pytest.mark.parametrize("data", [b"AB\xe9CD\r", b"\xff\xfe", b"ABCDEFG\xe2\x82"])
def test_bytes_that_are_not_utf8_are_told_and_the_app_lives(terminal: Terminal, data: bytes) -> None:
    terminal.send(data)
    terminal.wait_for("not UTF-8")
    terminal.send("\r")  # the end of what had none
    terminal.scan(EAN)
    terminal.wait_for(f"scan <{EAN}>")


def test_a_sequence_with_absurd_numbers_does_not_end_the_reader(terminal: Terminal) -> None:
    terminal.send(b"\x1b[48;0;0;0;0t\x1b[<0;5;5M")
    terminal.wait_for("contains control keys")
    terminal.scan(EAN)
    terminal.wait_for(f"scan <{EAN}>")


def test_an_unclosed_paste_does_not_make_the_station_deaf(terminal: Terminal) -> None:
    terminal.send("\x1b[200~SN-1")
    terminal.wait_for("the end of the paste is missing")
    terminal.scan(EAN)
    terminal.wait_for(f"2 scan <{EAN}>")


def test_a_paste_keeps_its_group_separators_and_is_one_scan_a_line(terminal: Terminal) -> None:
    terminal.send("\x1b[200~0104006381333931\x1d21A\nSN-2\x1b[201~")
    terminal.wait_for("2 scan <SN-2> paste")
    assert events(terminal)[0] == "scan <0104006381333931␝21A> paste"


def test_esc_is_the_esc_key_and_arrows_and_function_keys_are_themselves(terminal: Terminal) -> None:
    terminal.press("escape", "up", "f10", "ctrl+q")
    terminal.wait_for("4 ctrl+q bound")
    assert events(terminal) == ["escape bound", "up bound", "f10 bound", "ctrl+q bound"]


def test_focus_and_mouse_reports_still_reach_the_app(terminal: Terminal) -> None:
    terminal.send(b"\x1b[O")
    terminal.wait_for("1 blur")
    terminal.send(b"\x1b[I")
    terminal.wait_for("2 focus")
    terminal.send(b"\x1b[<0;7;5M")
    terminal.wait_for("3 mouse 6,4")


def test_a_key_nobody_has_heard_of_types_nothing(terminal: Terminal) -> None:
    terminal.press("\x1b[99;7z")
    terminal.type("ab")
    terminal.wait_for(lambda seen: seen.lines[0].strip() == "ab")


def test_scans_sent_before_the_app_is_up_are_all_taken() -> None:
    with echo() as terminal:
        terminal.scan("SN-0001", "SN-0002")
        terminal.wait_for("2 scan <SN-0002>")
        assert events(terminal) == ["scan <SN-0001> wedge", "scan <SN-0002> wedge"]


def test_the_app_ends_with_its_status_and_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.scan("QUIT")
    assert terminal.wait_exit() == 0
    assert "ready" not in terminal.text


def test_the_app_ends_when_its_terminal_is_closed(terminal: Terminal) -> None:
    terminal.hang_up()
    # 120 is Python's own, where the last output could not be written any more.
    assert terminal.wait_exit() in (0, 120, -signal.SIGHUP)


def test_the_app_goes_on_whenever_it_is_told_to_go_on(terminal: Terminal) -> None:
    for _ in range(10_000):
        terminal.kill(signal.SIGCONT)
    terminal.scan("SN-0001")
    terminal.wait_for("scan <SN-0001>")


def test_an_app_that_no_signal_ends_still_ends_with_its_terminal() -> None:
    with Terminal(["sh", "-c", 'trap "" HUP; exec "$0" "$@"', *python_program(ECHO_APP)]) as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.wait_exit() is not None


def test_the_app_is_told_of_a_new_window_size(terminal: Terminal) -> None:
    terminal.resize(40, 20)
    terminal.scan(EAN)
    terminal.wait_for(lambda seen: any(f"scan <{EAN}>" in line for line in seen.lines))
    assert len(terminal.lines) == 20
    assert max(map(len, terminal.lines)) <= 40


def test_a_wait_that_fails_shows_the_screen(terminal: Terminal) -> None:
    with pytest.raises(TimeoutError, match="press"):
        terminal.wait_for("no such text", timeout=0.2)
    assert terminal.style_of("press").data == "p"


_NOISE = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[M", b"\x1b[<", b"\x1b[48;0;0;0;0t", b"9" * 10]),
    st.sampled_from([b";", b"u", b"M", b"R", b"$y"]),
)


@given(st.lists(_NOISE, max_size=12))
def test_no_keystroke_whatever_ends_the_reader(noise: list[bytes]) -> None:
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    from scanstation.keyboard import KeyEvents

    wedge, keys = Wedge(), KeyEvents()
    for moment, data in enumerate(noise):
        for taken in wedge.feed(data, moment * 1000.0) + wedge.poll(moment * 1000.0 + 900):
            if not isinstance(taken, Scan):
                with suppress(ValueError, ArithmeticError):  # what the driver makes a refused scan of
                    assert all(isinstance(event, Message) for event in keys.of(taken.text))
