"""Keystrokes out of a terminal's bytes: characters, control keys, escape sequences, pastes.

Pure: time is an argument, in milliseconds. It comes before Textual's own parser, which cuts colour codes out of a
code without a trace, turns others into mouse presses, and waits for ever for the end of a paste.
"""

import codecs
import re
from dataclasses import dataclass
from enum import Enum, auto

ESC = "\x1b"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"

ESC_DELAY_MS = 50.0
"""How long an ESC waits for the rest of a sequence before it is the Esc key. Sequences come in one piece, even
over SSH; tmux waits no longer itself."""
PASTE_IDLE_MS = 500.0
"""A paste that has stood still this long will not be closed any more."""
PASTE_LIMIT = 65_536
"""Characters of a paste that are kept; whoever pastes more meant the import."""
_SEQUENCE_LIMIT = 40
_PLAIN = re.compile("[ -~]+")

_REPORT = re.compile(
    r"\x1b\[(?:"
    r"<\d+;-?\d+;-?\d+[Mm]|M...|[-\d]+;[-\d]+;[-\d]+M"  # the mouse, in its three encodings
    r"|[IO]"  # focus gained, lost
    r"|\?\d+;\d+\$y"  # a mode the driver asked for
    r"|48;[\d:]+;[\d:]+;[\d:]+;[\d:]+t"  # a new size
    r")",
    re.DOTALL,
)
FOCUS_IN, FOCUS_OUT = f"{ESC}[I", f"{ESC}[O"
"""The window has the keyboard now; it has it no longer."""
FOCUS_REPORTS = frozenset({FOCUS_IN, FOCUS_OUT})
_FUNCTION_KEY = re.compile(r"\x1b(?:O[P-S]|\[\[[A-E]|\[(?:1[1-57-9]|2[01345689]|3[1-4])~)")
# Ctrl+\ Ctrl+] Ctrl+^ Ctrl+_ and Ctrl+D as the kitty protocol and xterm's modifyOtherKeys spell them: the separators
# in a code, and the end of an ISO 15434 message. With Caps Lock or Num Lock on, the kitty protocol says that as well.
_SPELLED = re.compile(
    r"\x1b\[(?:(9[2-5]|100)(?::\d*){0,2};(?:5|69|133|197)(?::1)?u|27;5;(9[2-5]|100)~)",
)


# The keypad in application mode, as some terminals leave it: what its keys are in the other mode.
_KEYPAD = {f"{ESC}OM": "\r", f"{ESC}OI": "\t", f"{ESC}OX": "="} | {
    f"{ESC}O{letter}": character for letter, character in zip("jklmnopqrstuvwxy", "*+,-./0123456789", strict=True)
}


class Kind(Enum):
    """What a keystroke is to the wedge."""

    TEXT = auto()
    """One character. A byte that is not UTF-8 is one of U+DC80–U+DCFF (`is_unreadable`)."""
    CONTROL = auto()
    """A control character, an arrow, or a sequence nobody knows."""
    FUNCTION_KEY = auto()
    """F1 to F20, without Shift or Ctrl."""
    REPORT = auto()
    """The terminal's own word: the mouse, the focus, an answer to a question of the driver."""
    PASTE = auto()
    """A bracketed paste, without its brackets."""
    OPEN_PASTE = auto()
    """A paste whose closing bracket never came, or that is longer than is kept."""
    SILENCE = auto()
    """No key: the character before it stayed alone. Set by the wedge."""


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One key, sequence or paste, and when its first byte was read, in milliseconds."""

    text: str
    at: float
    kind: Kind
    apart: bool = False
    """Did nothing come from this keyboard for a moment before it? Set by the wedge."""
    took: float = 0.0
    """Milliseconds until its last byte was read: a label may spell out what a key sends."""
    in_burst: bool = False
    """Is it of a text that came at a scanner's pace, too short for a scan? Set by the wedge."""

    @property
    def ended(self) -> float:
        """When its last byte was read."""
        return self.at + self.took


def is_control(character: str) -> bool:
    """Whether a single character is a control key (C0, DEL, C1) and not something to read."""
    return character < " " or "\x7f" <= character <= "\x9f"


def is_unreadable(character: str) -> bool:
    """Whether a character stands for a byte that was not UTF-8."""
    return "\udc80" <= character <= "\udcff"


class KeystrokeReader:
    """Cuts bytes into keystrokes, however they were chunked. Never holds anything for ever.

    The bracket of a paste right after characters that came as fast as a scanner's is no paste but a part of their code.
    `max_gap_ms` and `burst_gap_ms` are the wedge's.
    """

    def __init__(self, max_gap_ms: float = 0, burst_gap_ms: float = 0) -> None:
        self._max_gap_ms, self._burst_gap_ms = max_gap_ms, burst_gap_ms
        # surrogateescape keeps each undecodable byte apart and by its value; 'replace' would hide which it was.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._sequence = ""
        self._sequence_at = 0.0
        self._paste: str | None = None
        self._paste_length = 0
        self._paste_at = 0.0
        self._bytes_at = 0.0
        self._characters = 0
        """How many came in a row, as fast as a scanner's; a control key ends the row."""
        self._character_at = 0.0

    @property
    def deadline(self) -> float | None:
        """When `poll` will have something to say even if nothing more comes."""
        if self._paste is not None:
            return self._bytes_at + PASTE_IDLE_MS
        if self._sequence:
            return self._sequence_at + ESC_DELAY_MS
        if self._decoder.getstate()[0]:
            return self._bytes_at + ESC_DELAY_MS
        return None

    @property
    def begun_at(self) -> float | None:
        """When the sequence or paste began that is not whole yet; None while there is none."""
        if self._paste is not None:
            return self._paste_at
        return self._sequence_at if self._sequence else None

    def feed(self, data: bytes, at: float) -> list[Keystroke]:
        """The keystrokes that `data`, read at `at`, completes."""
        strokes = self.poll(at)
        self._bytes_at = at
        self._read(self._decoder.decode(data), at, strokes)
        return strokes

    def poll(self, at: float) -> list[Keystroke]:
        """What has waited too long for its end: a lone ESC, half a sequence, half a character, an open paste."""
        strokes: list[Keystroke] = []
        deadline = self.deadline
        if deadline is None or at < deadline:
            return strokes
        if self._paste is not None:
            took = self._bytes_at - self._paste_at
            strokes.append(Keystroke(self._paste, self._paste_at, Kind.OPEN_PASTE, took=took))
            self._paste = None
        elif self._sequence:
            self._give_up(strokes)
        else:
            self._read(self._decoder.decode(b"", final=True), self._bytes_at, strokes)
        return strokes

    def _read(self, text: str, at: float, strokes: list[Keystroke]) -> None:
        position = 0
        while position < len(text):
            if self._paste is not None:
                position = self._read_paste(text, position, at, strokes)
            elif not self._sequence and (plain := _PLAIN.match(text, position)):
                strokes += [Keystroke(character, at, Kind.TEXT) for character in plain[0]]
                self._count_text(len(plain[0]), at)
                position = plain.end()
            else:
                self._read_character(text[position], at, strokes)
                position += 1

    def _read_paste(self, text: str, position: int, at: float, strokes: list[Keystroke]) -> int:
        assert self._paste is not None
        known = len(self._paste)
        self._paste += text[position:]
        end = self._paste.find(_PASTE_END, max(0, known - len(_PASTE_END) + 1))
        if end < 0:
            surplus = len(self._paste) - PASTE_LIMIT
            if surplus > 0:
                # Keep the beginning, to show, and the last characters, where the closing bracket may begin.
                self._paste_length += surplus
                self._paste = self._paste[: PASTE_LIMIT - len(_PASTE_END)] + self._paste[-len(_PASTE_END) :]
            return len(text)
        whole = self._paste_length == 0
        kind, took = Kind.PASTE if whole else Kind.OPEN_PASTE, at - self._paste_at
        strokes.append(Keystroke(self._paste[:end], self._paste_at, kind, took=took))
        self._paste = None
        return position + end + len(_PASTE_END) - known

    def _read_character(self, character: str, at: float, strokes: list[Keystroke]) -> None:
        sequence = self._sequence
        if character == ESC:
            if sequence:
                self._give_up(strokes)
            self._sequence, self._sequence_at = ESC, at
        elif not sequence:
            strokes.append(_single(character, at))
            self._count(strokes[-1])
        elif sequence == ESC and character in "[O":
            self._sequence += character
        elif sequence == ESC:  # Alt and a key
            self._close(sequence + character, at, strokes)
        elif len(sequence) >= _SEQUENCE_LIMIT or not _continues(sequence, character):
            self._give_up(strokes)
            self._read_character(character, at, strokes)
        elif _completes(sequence, character):
            self._close(sequence + character, at, strokes)
        else:
            self._sequence += character

    def _close(self, sequence: str, at: float, strokes: list[Keystroke]) -> None:
        self._sequence = ""
        if sequence == _PASTE_START and not self._is_in_a_code():
            self._paste, self._paste_length, self._paste_at = "", 0, self._sequence_at
        elif keypad := _KEYPAD.get(sequence):
            strokes.append(_single(keypad, self._sequence_at))
            self._count(strokes[-1])
        elif spelled := _SPELLED.fullmatch(sequence):
            control = chr(int(spelled[1] or spelled[2]) & 0x1F)
            strokes.append(Keystroke(control, self._sequence_at, Kind.CONTROL))
        else:
            kind, took = _kind_of(sequence), at - self._sequence_at
            strokes.append(Keystroke(sequence, self._sequence_at, kind, took=took))

    def _count(self, stroke: Keystroke) -> None:
        if stroke.kind is Kind.TEXT:
            self._count_text(1, stroke.at)
        else:
            self._characters, self._character_at = 0, stroke.at

    def _count_text(self, count: int, at: float) -> None:
        """So many characters came at once."""
        follows = at - self._character_at <= self._max_gap_ms
        self._characters = count + (self._characters if follows else 0)
        self._character_at = at

    def _is_in_a_code(self) -> bool:
        return self._characters > 1 and self._sequence_at - self._character_at <= self._burst_gap_ms

    def _give_up(self, strokes: list[Keystroke]) -> None:
        """Release half a sequence as the keys it could be, so that no code is lost inside it."""
        sequence, self._sequence = self._sequence, ""
        if len(sequence) == 2:  # Alt+[ or Alt+O
            strokes.append(Keystroke(sequence, self._sequence_at, Kind.CONTROL))
        else:
            strokes.extend(_single(character, self._sequence_at) for character in sequence)


def _single(character: str, at: float) -> Keystroke:
    return Keystroke(character, at, Kind.CONTROL if is_control(character) else Kind.TEXT)


def _kind_of(sequence: str) -> Kind:
    if _REPORT.fullmatch(sequence):
        return Kind.REPORT
    return Kind.FUNCTION_KEY if _FUNCTION_KEY.fullmatch(sequence) else Kind.CONTROL


def _continues(sequence: str, character: str) -> bool:
    """Whether `character` may follow in a sequence that began with ESC [ or ESC O."""
    if sequence.startswith(f"{ESC}[M"):  # three characters of any value: the mouse as old terminals report it
        return True
    return " " <= character <= "~"


def _completes(sequence: str, character: str) -> bool:
    if sequence == f"{ESC}[":
        return "@" <= character <= "~" and character not in "[M"
    if sequence == f"{ESC}[[":  # the function keys of the Linux console
        return True
    if sequence.startswith(f"{ESC}[M"):
        return len(sequence) == len(f"{ESC}[Mxy")
    return "@" <= character <= "~"
