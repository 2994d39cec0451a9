"""Where the driver of ours cannot run: what is imported there, what Windows' reader hands in, and a real terminal.

The whole suites of odd and of many scans run so too: tests/acceptance/test_portable_driver.py.
"""

import ast
import importlib.util
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import textual.drivers

from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import Fault
from scanstation.domain.terminals import no_keyboard
from scanstation.portable import CharacterParser, KeysIn, NothingRead, ReadersTime, TextRead
from tests.terminal import DRIVER, Terminal, python_program

ECHO_APP = Path(__file__).parent / "devices" / "echo_app.py"
ON_POSIX_ALONE = ["termios", "tty", "pty", "fcntl", "pwd", "grp", "resource", "syslog"]
GUARDED = ["scanstation.terminal"]
"""What is imported where it fits, and nowhere else."""
EAN = "4006381333931"
GS = "\x1d"

IMPORTS = """
import importlib, json, pkgutil, sys

# These take what fits the system, which this one is not to be.
import filelock, psutil, serial.tools.list_ports, serial.rfc2217

absent, guarded = json.loads(sys.argv[1])


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


for name in absent:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent())
import scanstation

for found in pkgutil.walk_packages(scanstation.__path__, "scanstation."):
    if found.name not in (*guarded, "scanstation.__main__") and ".migrations." not in found.name:
        importlib.import_module(found.name)
for name in guarded:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        assert error.name in absent, error
    else:
        print(name, "need not be guarded")

from scanstation.app.opening import _made_for_this_terminal
from scanstation.config import Settings
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.tap import Tap

made = _made_for_this_terminal(Settings(), ScanPipe(), Tap())
print(made.__name__)
try:
    made(None, Settings(), pipe=ScanPipe(), tap=Tap())
except Exception as error:
    print(error)
"""


def test_every_module_but_the_driver_of_ours_is_imported_where_there_is_no_posix() -> None:
    argv = [sys.executable, "-c", IMPORTS, json.dumps([ON_POSIX_ALONE, GUARDED])]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["PortableStationApp", no_keyboard(sys.platform, "termios")]


def test_textuals_reader_for_windows_still_asks_the_parser_whose_place_ours_takes() -> None:
    source = (Path(textual.drivers.__path__[0]) / "win32.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert {"XTermParser", "parser.feed", "parser.tick"} <= called
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    assert "textual._xterm_parser" in imported
    assert "name='textual-input'" in ast.unparse(tree)
    assert importlib.util.find_spec("textual.drivers.windows_driver") is not None


# -- what the reader hands in, where time is an argument -----------------------------------------------------------


class Reader:
    """Textual's reader: it looks ten times a second, and reads what is there; its process can be stopped."""

    def __init__(
        self, settings: WedgeSettings | None = None, *, for_station: bool = False, tells_modifiers: bool = False
    ) -> None:
        self.real = 0.0
        self.pipe = ScanPipe()
        self.keys_in = KeysIn(
            self.pipe, settings or WedgeSettings(), Tap(), for_station=for_station, tells_modifiers=tells_modifiers
        )
        self.keys_in.time = ReadersTime(lambda: self.real)
        self._parser = type("Parser", (CharacterParser,), {"keys_in": self.keys_in})()
        self._looks_at = 0.0
        self.keys: list[str] = []
        self._hand_in(self._parser.tick())

    def read(self, text: str) -> None:
        """Something comes, and is read at once."""
        self._hand_in(self._parser.feed(text))
        self._look()

    def run_for(self, milliseconds: int) -> None:
        """Nothing comes for so long."""
        until = self.real + milliseconds
        while self._looks_at <= until:
            self.real = self._looks_at
            self._look()
        self.real = until

    def is_stopped_for(self, milliseconds: int) -> None:
        """It looks again where it goes on, and is told in vain that nothing has come."""
        self.real += milliseconds
        self._look()

    def _look(self) -> None:
        self._hand_in(self._parser.tick())
        self._looks_at = self.real + 100

    def _hand_in(self, events: Iterator[object]) -> None:
        for event in events:
            assert isinstance(event, TextRead | NothingRead)
            self.keys += [getattr(message, "key", type(message).__name__) for message in self.keys_in.of(event)]

    @property
    def scans(self) -> list[tuple[str, str | None]]:
        self.run_for(1000)
        return [(scan.text, scan.fault) for scan in self.pipe._scans]


def test_a_code_is_a_scan_and_a_key_is_a_key() -> None:
    reader = Reader()
    reader.read(f"{EAN}\r")
    reader.run_for(500)
    for key in "ab":
        reader.read(key)
        reader.run_for(150)
    assert reader.keys == ["a"]
    assert reader.scans == [(EAN, None)]
    assert reader.keys == ["a", "b"]


def test_a_code_in_pieces_is_refused_and_so_is_its_end() -> None:
    reader = Reader()
    reader.read("40063813")
    reader.run_for(700)
    reader.read("33931\r")
    assert reader.scans == [("40063813", Fault.NO_END), (EAN, Fault.PIECES)]


@pytest.mark.parametrize("suffix", ["enter", "none"])
def test_while_the_reader_is_held_up_no_time_passes_in_a_code(suffix: str) -> None:
    reader = Reader(WedgeSettings(suffix=(suffix,)))  # type: ignore[arg-type]
    reader.read("40063813")
    reader.run_for(50)
    reader.is_stopped_for(5000)
    reader.read("33931\r")
    assert reader.scans == [(EAN, None)]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_question_is_not_answered_by_the_head_of_a_code_while_the_reader_is_held_up(times: int) -> None:
    reader = Reader(for_station=True)
    reader.read("y")
    for _ in range(times):
        reader.is_stopped_for(5000)
    reader.read("N-4711\r")
    assert all(fault for _, fault in reader.scans if times)
    assert "Alone" not in reader.keys
    reader.read("y")
    reader.run_for(600)
    assert reader.keys[-1] == "Alone"


def test_what_a_full_terminal_had_no_room_for_belongs_to_what_it_held() -> None:
    codes = [f"SN-{number:06}" for number in range(600)]
    sent = "".join(f"{code}\r" for code in codes)
    reader = Reader()
    for start in range(0, len(sent), 4096):
        reader.read(sent[start : start + 4096])
        reader.is_stopped_for(600)
    assert reader.scans == [(code, None) for code in codes]


@pytest.mark.parametrize(
    "code",
    ["AB\x1b[31mCD", "AB\x1b[M!!!CD", "AB\x1b[<0;0;5MCD", "AB\x1bCD", "AB\x00CD", "AB\x1b[200~CD", "\x1b[1;2IAB\x11CD"],
)
def test_what_textuals_parser_would_cut_out_of_a_code_is_not_booked(code: str) -> None:
    reader = Reader()
    reader.read(f"{code}\r")
    assert [fault for _, fault in reader.scans] == [Fault.CONTROL_KEYS]
    assert reader.keys == []


def test_separators_and_pastes_are_whole() -> None:
    reader = Reader()
    reader.read(f"]C101{EAN}9\x1d21AB^C\r")
    reader.run_for(500)
    reader.read(f"\x1b[200~01{GS}21A\nSN-2\x1b[201~")
    assert reader.scans == [(f"]C101{EAN}9{GS}21AB^C", None), (f"01{GS}21A", None), ("SN-2", None)]


def test_after_what_could_not_be_read_the_rest_is_refused_up_to_its_end() -> None:
    reader = Reader()
    reader.read("AB")
    reader.keys_in.missed()
    reader.run_for(700)
    reader.read("CDEF\r")
    reader.run_for(700)
    reader.read(f"{EAN}\r")
    (_, first), (_, second), third = reader.scans
    assert (first, second, third) == (Fault.NOT_TEXT, Fault.PIECES, (EAN, None))


@pytest.mark.parametrize(
    ("reads", "scan"),
    [
        (["\0S\0N-\0A1\r"], ("SN-A1", None)),  # Shift before each capital
        (["\0", "S\0", "N-1\r"], ("SN-1", None)),
        (["\0\0@AB-1\r"], ("@AB-1", None)),  # AltGr
        ([f"01{EAN}9\0{GS}21A\0B\r"], (f"01{EAN}9{GS}21AB", None)),  # Ctrl+]
        (["AB\0\0\0CD\r"], ("AB\0\0\0CD", Fault.CONTROL_KEYS)),  # a NUL of the code's own
        (["AB", "\0", "\0", "\0", "\0", "CD\r"], ("AB\0\0\0\0CD", Fault.CONTROL_KEYS)),  # Alt+029, whose GS never comes
        (["AB\x1b0\x1b2\x1b9CD\r"], (f"AB{GS}CD", None)),  # the same, told as Alt and a figure
    ],
)
def test_what_windows_tells_of_shift_is_no_character_and_anything_else_is_refused(
    reads: list[str], scan: tuple[str, str | None]
) -> None:
    reader = Reader(tells_modifiers=True)
    for text in reads:
        reader.read(text)
    assert reader.scans == [scan]


# -- in a real terminal -------------------------------------------------------------------------------------------


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal(python_program(ECHO_APP), env={DRIVER: "portable"}) as running:
        running.wait_for("ready")
        yield running


def reported(terminal: Terminal) -> list[str]:
    return [text for number, _, text in (line.partition(" ") for line in terminal.lines[2:]) if number.isdecimal()]


def test_scans_keys_pastes_and_the_terminals_own_word_in_a_real_terminal(terminal: Terminal) -> None:
    terminal.send(b"\x1b[O")
    terminal.wait_for("1 blur")
    terminal.scan(EAN, "SN-1")
    terminal.send("AB\x1b[31mC\r")
    terminal.wait_for("5 scan")
    terminal.pause(0.4)
    terminal.press("up", "f10", "ctrl+q")
    terminal.wait_for("8 ctrl+q bound")
    terminal.type("A1\r")
    terminal.wait_for("9 typed <A1>")
    terminal.send(b"\x1b[<0;7;5M")
    terminal.wait_for("10 mouse 6,4")
    assert [told.partition(":")[0] for told in reported(terminal)] == [
        "blur",
        "focus",
        f"scan <{EAN}> wedge",
        "scan <SN-1> wedge",
        "scan <AB␛[31mC> wedge fault contains control keys",
        "up bound",
        "f10 bound",
        "ctrl+q bound",
        "typed <A1>",
        "mouse 6,4",
    ]


def test_a_byte_that_is_no_text_ends_neither_the_app_nor_its_reading(terminal: Terminal) -> None:
    terminal.send(b"AB\xe9CD\r")
    terminal.wait_for("cannot be read")
    terminal.scan("SN-1")  # the end of what could not be read may have been lost with it
    terminal.wait_for("came in pieces")
    terminal.scan(EAN)
    terminal.wait_for(f"scan <{EAN}> wedge")
    terminal.scan("QUIT")
    assert terminal.wait_exit() == 0


def test_a_signal_to_go_on_begins_no_second_reader(terminal: Terminal) -> None:
    terminal.scan("SN-1")
    terminal.wait_for("1 scan")
    threads = Path(f"/proc/{terminal.pid}/task")
    before = len([*threads.iterdir()])
    terminal.kill(signal.SIGCONT)
    codes = [f"SN-{number:022}" for number in range(300)]  # two reads, which two readers could exchange
    terminal.scan(*codes)
    terminal.wait_for(f"301 scan <{codes[-1]}>")
    assert len([*threads.iterdir()]) == before


def test_the_app_ends_when_its_terminal_is_closed_though_no_signal_tells_it() -> None:
    with Terminal(python_program(ECHO_APP), env={DRIVER: "portable", "ECHO_IGNORES_HANGUP": "1"}) as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.wait_exit() >= 0
