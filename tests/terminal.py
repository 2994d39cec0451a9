"""A real terminal for tests: the program runs in a pty, pyte draws what it writes.

Nothing here sleeps blindly. Whatever waits, pumps the program's output while it waits, so that the program never
stalls on a full pty, and ends as soon as its condition holds. Like most terminals this one draws a picture as a whole
(mode 2026), so that nothing is awaited on half of one; the Linux console, TERM=linux, does not.
"""

import array
import errno
import fcntl
import os
import re
import select
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import pyte
import pyte.modes

from tests.warm import Forked, warm

PATIENCE_S = 60.0
"""How long a program may take for anything on a machine that has other things to do."""
HUMAN_PACE_S = 0.08
"""Between the keys of a person who types well; far above any scanner, and above the station's 35 ms."""
READING_S = 0.5
"""How long a person needs at the very least to read a question; the station takes nothing sooner for an answer."""
_LIST_ROW = re.compile(r"( ▶ |   )\S")

DRIVER = "SCANSTATION_UI__DRIVER"
"""Set for a run of tests, every program of theirs has its keys read so (`tests/acceptance/test_portable_driver.py`)."""

KEYS = {
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "escape": b"\x1b",
    "backspace": b"\x7f",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "insert": b"\x1b[2~",
    "delete": b"\x1b[3~",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f6": b"\x1b[17~",
    "f7": b"\x1b[18~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "f11": b"\x1b[23~",
    "f12": b"\x1b[24~",
} | {f"ctrl+{letter}": bytes([ord(letter) & 0x1F]) for letter in "abcdefghijklmnopqrstuvwxyz"}

Condition = str | Callable[["Terminal"], object]


class _Screen(pyte.Screen):
    """pyte's screen, with the alternate screen that full-screen programs use, and pictures drawn as wholes."""

    _ALTERNATE = 1049
    _SYNCHRONIZED = 2026

    def __init__(self, columns: int, lines: int) -> None:
        self._primary: list[dict[int, pyte.screens.Char]] | None = None
        self.half_drawn = False
        """Has the program begun a picture and not ended it yet?"""
        super().__init__(columns, lines)

    def set_mode(self, *modes: int, **options: bool) -> None:
        if options.get("private") and self._SYNCHRONIZED in modes:
            self.half_drawn = True
        if options.get("private") and self._ALTERNATE in modes and self._primary is None:
            self.save_cursor()
            self._primary = [dict(self.buffer[row]) for row in range(self.lines)]
            self.erase_in_display(2)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes: int, **options: bool) -> None:
        if options.get("private") and self._SYNCHRONIZED in modes:
            self.half_drawn = False
        super().reset_mode(*modes, **options)
        if options.get("private") and self._ALTERNATE in modes and self._primary is not None:
            primary, self._primary = self._primary, None
            self.erase_in_display(2)
            for row, cells in enumerate(primary[: self.lines]):
                self.buffer[row].update(cells)
            self.restore_cursor()

    def report_device_status(self, mode: int = 0, **options: bool) -> None:
        """Unanswered: a slow terminal answers late, and the station must not care."""


class Terminal:
    """A program in a terminal of its own.

    `with Terminal(["scanstation", "demo"]) as terminal:` starts it; leaving the block ends it, hard if need be.
    `env` is added to a clean environment that names an xterm with UTF-8. What this Python is to run is forked from
    a process that has imported the station already; with `fresh` it is started.
    """

    keys: ClassVar[Mapping[str, bytes]] = KEYS
    """What a key sends, by its name; terminals of another kind send something else."""

    _read_at = 0.0
    """When a person will have read what the last scan or answer led to."""
    _is_answered = False
    """Was Y or N the last key? Nothing may come right after it."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        columns: int = 80,
        rows: int = 24,
        cwd: Path | None = None,
        fresh: bool = False,
    ) -> None:
        self.argv = [os.fspath(word) for word in argv]
        self.screen = _Screen(columns, rows)
        self.raw_output = bytearray()
        """Everything the program has written."""
        self.sent_at = time.monotonic()
        """When the last byte was sent."""
        self.answer_ms: float | None = None
        """From the last byte sent until what the last awaited condition shows was there to read, in milliseconds."""
        self.answer_bytes = 0
        """How many bytes the program wrote in that time."""
        self._bytes_before = 0
        self.came_at = self.sent_at
        """When the program last wrote something: drawing it here is no time of the program's."""
        environment = _environment(env or {})
        self._draws_whole = environment["TERM"] != "linux"
        self._unanswered = b""
        self._seen: tuple[int, list[str]] | None = None
        self._stream = pyte.ByteStream(self.screen)
        self._master, child_side = os.openpty()
        self._child_side = os.ttyname(child_side)
        _set_size(child_side, columns, rows)
        self._process = self._start(child_side, cwd, environment, fresh)
        os.close(child_side)
        os.set_blocking(self._master, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._master, selectors.EVENT_READ)
        self._is_open = True

    def _start(
        self, child_side: int, cwd: Path | None, env: Mapping[str, str], fresh: bool
    ) -> subprocess.Popen[bytes] | Forked:
        if self.argv[0] == sys.executable and not fresh:
            return warm().start(self.argv[1:], child_side, cwd=cwd, env=env)
        return subprocess.Popen(
            self.argv,
            stdin=child_side,
            stdout=child_side,
            stderr=child_side,
            cwd=cwd,
            env=env,
            start_new_session=True,
            # The controlling terminal, without which there is no SIGWINCH and no SIGHUP.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- hands ---------------------------------------------------------------------------------------------

    def send(self, data: bytes | str) -> None:
        """Write bytes in one burst, as fast as a scanner or faster."""
        rest = data.encode() if isinstance(data, str) else data
        self._bytes_before = len(self.raw_output)
        deadline = time.monotonic() + PATIENCE_S
        while rest:
            try:
                rest = rest[os.write(self._master, rest) :]
            except BlockingIOError:
                # The program has not read yet, perhaps because it is writing: let it.
                select.select([self._master], [self._master], [], 1)
                self._pump(0)
                if time.monotonic() > deadline:
                    raise TimeoutError(self._dump("the program takes no more input")) from None
        self.sent_at = time.monotonic()

    def scan(self, *codes: str, suffix: str = "\r") -> None:
        """Scan codes one right after the other, all in one burst. Before a card that answers the question is read."""
        if len(codes) == 1 and codes[0].endswith(("YES", "NO")):
            self.pause(READING_S)
        elif self._is_answered or (len(codes) == 1 and "SS-" in codes[0]):
            self._read_first()
        self.send("".join(code + suffix for code in codes))
        self._read_at, self._is_answered = time.monotonic() + READING_S, False

    def paste(self, text: str) -> None:
        """Paste a text; the next key comes from a person who has seen it."""
        self.send(f"\x1b[200~{text}\x1b[201~")
        self._read_at = time.monotonic() + READING_S

    def type(self, text: str, pace: float = HUMAN_PACE_S) -> None:
        """Type as a person does: a key, a moment, the next key."""
        if self._is_answered:
            self._read_first()
        for character in text:
            self.send(character)
            self._pause_until_read(pace)

    def send_each(self, keys: Iterable[bytes | str], pace: float) -> None:
        """Send keys at a scanner's pace, whatever the program draws meanwhile or has not read: no scanner looks."""
        begun = time.monotonic()
        for number, key in enumerate(keys):
            while (left := begun + number * pace - time.monotonic()) > 0:
                self._pump(left)
            self.send(key)

    def press(self, *keys: str, pace: float = HUMAN_PACE_S) -> None:
        """Press keys by name (`f10`, `enter`, `ctrl+q`, `y`), each as a person does."""
        for key in keys:
            is_answer = key in ("y", "n")
            if is_answer:
                self.pause(READING_S)
            elif self._is_answered or len(key) > 1:
                self._read_first()
            self.send(self.keys.get(key, key))
            if is_answer:
                self._read_at, self._is_answered = time.monotonic() + READING_S, True
            self._pause_until_read(pace)

    @property
    def marked(self) -> str:
        """The row with the mark of a list."""
        return next((line for line in self.lines if line.startswith(" ▶ ")), "")

    def mark(self, row: str) -> None:
        """Wait for a list with such a row, and mark it.

        Each key must do what it does in the list that was looked at: one that another screen takes away meanwhile
        would pass the row, or do another thing.
        """
        strayed = 0
        self.wait_for(lambda _: self.marked and (self._row_with(row) is not None or "more below" in self.text))
        while self._row_with(row) is None:
            before = self.marked
            self.press("down")  # it has no room yet
            self.wait_for(lambda _, before=before: self.marked != before)  # type: ignore[misc]
        while row not in (before := self.marked):
            rows, way = self.lines, 1
            target, at = self._row_with(row), rows.index(before)
            assert target is not None, self._dump(f"the list no longer offers {row!r}")
            if target < at:
                way = -1
            step = next(line for line in rows[at + way :: way] if _LIST_ROW.match(line))
            self.press("down" if way > 0 else "up")
            self.wait_for(lambda _, before=before: self.marked != before)  # type: ignore[misc]
            # Rows that were painted anew meanwhile, with what was read for them, are looked at anew, as is a mark
            # that was put back, or a row that changed before the key was read.
            was_painted_anew = not any(line[3:] == step[3:] for line in self.lines)
            strayed += not (was_painted_anew or self.marked[3:] == step[3:])
            assert strayed < 10, self._dump(f"keys passed {row!r} in the list")

    def _row_with(self, text: str) -> int | None:
        return next((at for at, line in enumerate(self.lines) if text in line and _LIST_ROW.match(line)), None)

    def _read_first(self) -> None:
        """A person looks at what a scan, a paste or an answer led to before the next card or key."""
        self._is_answered = False
        if (left := self._read_at - time.monotonic()) > 0:
            self.pause(left)

    def _pause_until_read(self, seconds: float) -> None:
        """A moment between two keys, which the program has to have read apart: a busy machine may have held it."""
        sent = unread_at = time.monotonic()
        while self._is_open and unread_at - sent < PATIENCE_S:
            if (left := unread_at + seconds - time.monotonic()) <= 0:
                return
            self.pause(min(left, 0.01))
            if self._unread:
                unread_at = time.monotonic()

    @property
    def _unread(self) -> int:
        """How many bytes the program has not read yet."""
        count = array.array("i", [0])
        try:
            side = os.open(self._child_side, os.O_RDWR | os.O_NOCTTY)
        except OSError:  # the program has ended
            return 0
        try:
            fcntl.ioctl(side, termios.FIONREAD, count)
        finally:
            os.close(side)
        return count[0]

    def pause(self, seconds: float) -> None:
        """Let time pass for the program's sake, its output pumped. To wait for an answer, use `wait_for`."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 or (self.screen.half_drawn and left > -1):
            if not self._pump(max(left, 0.02)) and not self._is_open:
                return

    def listen(self) -> None:
        """Draw what has come so far, and wait for nothing: a program that nobody hears stands still."""
        while self._pump(0):
            pass

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size; the program is told as by any terminal."""
        self._seen = None
        self.screen.resize(rows, columns)
        _set_size(self._master, columns, rows)

    # -- eyes ----------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The screen's rows, blanks at their ends taken off."""
        at = len(self.raw_output)
        if self._seen is None or self._seen[0] != at:
            self._seen = at, [str(line).rstrip() for line in self.screen.display]
        return self._seen[1]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    def row_of(self, text: str) -> int:
        """The first row that shows `text`. Raises AssertionError with the screen when none does."""
        for row, line in enumerate(self.lines):
            if text in line:
                return row
        raise AssertionError(self._dump(f"no row shows {text!r}"))

    def cell(self, row: int, column: int) -> pyte.screens.Char:
        """One cell: `data`, `fg`, `bg` (a name or six hex digits), `bold`, `reverse`, `underscore`."""
        return self.screen.buffer[row][column]

    def style_of(self, text: str) -> pyte.screens.Char:
        """The cell in which the first occurrence of `text` begins."""
        row = self.row_of(text)
        return self.cell(row, self.lines[row].index(text))

    def wait_for(self, condition: Condition, timeout: float = PATIENCE_S) -> float:
        """Pump output until the screen holds a text, or a predicate of this terminal is true.

        Returns `answer_ms`. Raises TimeoutError with the screen, also when the
        program ends before.
        """
        deadline = time.monotonic() + timeout
        while True:
            if not (self.screen.half_drawn and self._is_open) and self._holds(condition):
                self.answer_ms = max(0.0, self.came_at - self.sent_at) * 1000
                self.answer_bytes = len(self.raw_output) - self._bytes_before
                return self.answer_ms
            left = deadline - time.monotonic()
            if left <= 0 or not self._is_open:
                what = repr(condition) if isinstance(condition, str) else "the condition"
                ended = "" if self._is_open else f"; the program ended with {self._process.wait()}"
                raise TimeoutError(self._dump(f"{what} did not come within {timeout} s{ended}"))
            self._pump(min(left, 0.5 if isinstance(condition, str) else 0.05))

    def _holds(self, condition: Condition) -> bool:
        return condition in self.text if isinstance(condition, str) else bool(condition(self))

    def wait_exit(self, timeout: float = PATIENCE_S) -> int:
        """The program's exit status, once it has ended; negative for a signal."""
        deadline = time.monotonic() + timeout
        while self._process.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(self._dump(f"the program is still running after {timeout} s"))
            if not self._pump(0.02) and not self._is_open:
                # Nothing more to read, and so nothing the program could be waiting for.
                self._process.wait(max(0.1, deadline - time.monotonic()))
        while self._is_open and self._pump(0):
            pass  # its last words
        return self._process.wait()

    # -- the end -------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def fileno(self) -> int:
        """The terminal's own end, for a scanner that writes at its pace from another thread while this one looks on."""
        return self._master

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Close the window: the program gets SIGHUP and reads the end of its input."""
        if self._is_open:
            self._is_open = False
            self._selector.close()
            os.close(self._master)

    def close(self) -> None:
        """End the program: politely, then for good."""
        self.hang_up()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    # -- the wire ------------------------------------------------------------------------------------------

    def _pump(self, timeout: float) -> bool:
        """Draw what the program has written; wait up to `timeout` for something. False when nothing came."""
        if not self._is_open or not self._selector.select(max(0.0, timeout)):
            return False
        try:
            data = os.read(self._master, 65_536)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.EIO:  # how Linux says that the program has closed its end
                raise
            data = b""
        if not data:
            self.hang_up()
            return False
        self.came_at = time.monotonic()
        self.raw_output += data
        self._answer(data)
        self._stream.feed(data)
        return True

    def _answer(self, data: bytes) -> None:
        """Answer the questions about modes."""
        self._unanswered = (self._unanswered + data)[-4096:]
        for mode, state in ((b"2026", b"2" if self._draws_whole else b"0"), (b"2048", b"0")):
            question = b"\x1b[?" + mode + b"$p"
            if question in self._unanswered:
                self._unanswered = self._unanswered.replace(question, b"")
                os.write(self._master, b"\x1b[?" + mode + b";" + state + b"$y")

    def _dump(self, reason: str) -> str:
        width = self.screen.columns
        rows = "\n".join(f"│{line:<{width}}│" for line in self.lines)
        return f"{reason}\n{' '.join(self.argv)}\n╭{'─' * width}╮\n{rows}\n╰{'─' * width}╯"


def python_program(path: Path) -> list[str]:
    """The command line that runs a Python file with the tests' own interpreter."""
    return [sys.executable, os.fspath(path)]


def _environment(added: Mapping[str, str]) -> dict[str, str]:
    passed_on = ("PATH", "HOME", "VIRTUAL_ENV", "TMPDIR", DRIVER)
    kept = {name: os.environ[name] for name in passed_on if name in os.environ}
    fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return kept | fixed | dict(added)


def _set_size(descriptor: int, columns: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
