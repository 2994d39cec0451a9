"""Stations in terminals, and when what they answer is there to be read."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal, python_program

_BAR = re.compile(r"\W*(OK|CHECK|STOP) ")
"""How the verdict bar's row begins; a row of the last scans begins with its time."""


def station(address: str, name: str, *words: str) -> Terminal:
    """A station started as a person starts it, on the desk of an order if these words say so."""
    program = [sys.executable, "-m", "scanstation", "--db", address, "--station", name, *words]
    return Terminal(program, fresh=True)


def app(name: str, *words: str) -> Terminal:
    """One of the apps beside this file that a station is held against."""
    return Terminal([*python_program(Path(__file__).with_name(name)), *words], fresh=True)


def says(text: str) -> Callable[[Terminal], object]:
    """Does the verdict bar hold this text?"""
    return lambda terminal: any(text in row and _BAR.match(row) for row in terminal.lines)


def answers(terminal: Terminal, code: str, text: str) -> float:
    """Scan; the milliseconds from its last byte until the bar with this text is there to be read."""
    assert not says(text)(terminal), f"the bar says {text!r} before {code} is scanned"
    terminal.scan(code)
    return terminal.wait_for(says(text))
