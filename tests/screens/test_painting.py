"""What is painted piece by piece, and how much of it: the screen against a whole repaint, bytes and rows by count."""

import re
import signal

import pytest

from scanstation.workflows.site import Site
from tests import builders
from tests.screens.in_a_terminal import station
from tests.screens.rig import SIZES, THREE_CAMERAS, stock
from tests.terminal import Terminal


def drawn(terminal: Terminal) -> list[list[object]]:
    """Every cell with its colours, but for the row of the clock."""
    screen = terminal.screen
    return [[screen.buffer[row][column] for column in range(screen.columns)] for row in range(1, screen.lines)]


def repainted(terminal: Terminal) -> list[list[object]]:
    """The same after Textual has painted all of it."""
    before = len(terminal.raw_output)
    terminal.kill(signal.SIGCONT)
    clock = rf"\x1b\[1;1H.*{re.escape(terminal.lines[-1].split()[0])}"
    terminal.wait_for(lambda here: re.search(clock.encode(), here.raw_output[before:], re.DOTALL))
    return drawn(terminal)


@pytest.mark.parametrize(("columns", "rows"), SIZES.values(), ids=SIZES)
def test_what_is_painted_piece_by_piece_is_what_a_whole_repaint_shows(site: Site, columns: int, rows: int) -> None:
    stock(site)
    with station(site, "N-1003", columns=columns, rows=rows) as terminal:
        terminal.wait_for("is open")
        for scans, sign in (
            (THREE_CAMERAS[:5], "SN-0002 is"),  # a serial is owed
            (("N-1003",), "Question"),  # more rows than usual
            (("SS-NO", *THREE_CAMERAS[5:]), "77203"),
            (("ＦＵＬＬ-1", "S-901"), "S-901 "),  # wide characters, and another bar
        ):
            for code in scans:
                terminal.scan(code)
            terminal.wait_for(sign)
            terminal.pause(0.5)
            shown = drawn(terminal)
            assert repainted(terminal) == shown


def frames(terminal: Terminal, begin: int) -> list[bytes]:
    """What was painted since, each picture with what was sent for it."""
    return re.findall(rb"\x1b\[\?2026h(.*?)\x1b\[\?2026l", terminal.raw_output[begin:], re.DOTALL)


def painted_for(terminal: Terminal, number: str, line: int, serial: str) -> tuple[list[int], list[int], list[int]]:
    """Of a product's scan and of its serial's: how many pictures had the answer, rows of the first one, its bytes."""
    pictures, rows, sizes = [], [], []
    for code, answer in ((f"{number}-{line:05}", "Primary serial"), (serial, f"{serial} →")):
        begin = len(terminal.raw_output)
        terminal.scan(code)
        terminal.wait_for(answer)
        terminal.pause(0.1)
        told = [one for one in frames(terminal, begin) if answer.split()[0].encode() in one]
        pictures.append(len(told))
        rows.append(len({int(row) for row in re.findall(rb"\x1b\[(\d+);\d+H", told[0])[:-1]}))
        sizes.append(len(told[0]))
    return pictures, rows, sizes


def test_a_scan_paints_what_it_changes_once_whatever_the_order_has_of_lines(site: Site) -> None:
    painted = []
    for number, count in (("N-5", 5), ("N-500", 500)):
        builders.purchase_of_lines(site, number, count)
        with station(site, number) as terminal:
            terminal.wait_for("is open")
            terminal.pause(0.5)  # the end of the opening would be painted with the answer
            # On a busy machine the screen may be painted between two parts of an answer: once in four is enough.
            for line in (3, 2, 1, 4):
                pictures, rows, sizes = painted_for(terminal, number, line, f"AB{count:04}{line:04}")
                if pictures == [1, 1]:
                    break
            assert pictures == [1, 1]
            painted.append(rows)
            assert max(sizes) < 2500, sizes
    assert painted[0] == painted[1]
    assert max(painted[0]) <= 14, painted[0]
