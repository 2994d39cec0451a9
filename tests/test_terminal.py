"""The driver in a real terminal: what reaches the pipe, and what never reaches a widget."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal, python_program

ECHO_APP = Path(__file__).parent / "devices" / "echo_app.py"


def echo(**env: str) -> Terminal:
    return Terminal(python_program(ECHO_APP), env=env)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with echo() as running:
        running.wait_for("ready")
        yield running


def test_a_scan_comes_through_and_never_touches_the_line(terminal: Terminal) -> None:
    terminal.scan("4006381333931")
    terminal.wait_for("1 scan <4006381333931> wedge")
    assert terminal.lines[0] == ""
