"""Whatever mixture of typing and scanning comes in, in whatever reads: each key and each code once, whole, in order.

The way is the real one, from bytes to the events that Textual acts on; only the clock is ours. tests/devices/
test_wedge.py says what each single thing comes to.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st
from textual import events

from scanstation.devices.keystrokes import Keystroke, Kind
from scanstation.devices.wedge import Wedge, typed_code
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import Fault, Scan

os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
from scanstation.keyboard import KeyEvents  # after the switch, which Textual reads once

SLOT_MS = 20.0
"""What comes within this time may come in one read: OpenSSH sends keystrokes in such slots."""
SPLIT_GUARD_MS = 300.0
REPEAT_MS = 250.0

KEYS = {
    "\r": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x1b": "escape",
    "\x1b[D": "left",
    "\x1b[A": "up",
    "\x1b[3~": "delete",
    "\x1bOP": "f1",
    "\x1b[21~": "f10",
    "\x03": "ctrl+c",
    "\x11": "ctrl+q",
}
"""What a key sends, and what Textual calls it."""
SEQUENCES = ("\x1b[A", "\x1b[3~", "\x1bOP", "\x1b[21~", "\x1b[31m", "\x1b[<0;5;5M", "\x1b[200~", "\x1b[201~")
POISON = ("\x03", "\x08", "\x11", "\x1b", "\x7f", *SEQUENCES)
"""What would do something, were it taken out of a code and run."""
SEPARATORS = (("\x1d",), ("␝",), ("º", "™", "ª"), ("\x1b0", "\x1b2", "\x1b9"), ("\x1b[93;5u",))
"""The keys that a group separator arrives as."""


class Told(NamedTuple):
    """One thing that came out, or must."""

    what: str
    text: str


class Act(NamedTuple):
    """One thing that somebody did."""

    is_typing: bool
    strokes: tuple[tuple[float, str], ...]
    """How long after the stroke before, and what; the first comes that long after the act before."""
    told: tuple[Told, ...]
    """What must come of it; a scan may turn out to be a repeat."""
    code_strokes: int = 0
    """How many strokes the code has, without its suffix; 0 where nothing can be repeated."""


_BODIES = st.text("ABXYZ0123456789-./", min_size=4, max_size=16).filter(lambda code: len(set(code)) > 1)
_SUFFIXES = st.sampled_from(["\r", "\n", "\t", "\r\n", "\t\r"])


@st.composite
def _typing(draw: st.DrawFn) -> Act:
    keys = draw(st.lists(st.one_of(st.sampled_from(sorted(KEYS)), st.sampled_from("aZ09-]é€")), min_size=1, max_size=8))
    gaps = draw(st.lists(st.floats(60, 400), min_size=len(keys), max_size=len(keys)))
    told = tuple(Told("key", KEYS.get(key, key)) for key in keys)
    return Act(True, tuple(zip(gaps, keys, strict=True)), told)


@st.composite
def _burst(draw: st.DrawFn) -> Act:
    """A scanner's: a code, often with separators, sometimes with something in it that must not be run."""
    head, tail = draw(st.sampled_from(["", "", "]C1", "]d2"])) + draw(_BODIES), draw(_BODIES)
    kind = draw(st.sampled_from(["plain", "plain", "separated", "poisoned"]))
    if kind == "separated":
        strokes, code = [*head, *draw(st.sampled_from(SEPARATORS)), *tail], f"{head}\x1d{tail}"
    elif kind == "poisoned":
        poison = draw(st.sampled_from(POISON))
        strokes, code = [*head, poison, *tail], f"{head}{poison}{tail}"
    else:
        strokes, code = [*head], head
    gap = draw(st.floats(0, 12))
    timed = [(gap, stroke) for stroke in [*strokes, *draw(_SUFFIXES)]]
    timed[0] = (draw(st.floats(0, 400)), strokes[0])
    if kind == "poisoned":
        return Act(False, tuple(timed), (Told(Fault.CONTROL_KEYS.name, code),))
    return Act(False, tuple(timed), (Told("scan", code),), len(strokes))


@st.composite
def _paste(draw: st.DrawFn) -> Act:
    lines = draw(st.lists(_BODIES, min_size=1, max_size=4))
    text = "\x1b[200~" + draw(st.sampled_from(["\n", "\r", "\r\n"])).join(lines) + "\x1b[201~"
    return Act(False, ((draw(st.floats(0, 400)), text),), tuple(Told("scan", line) for line in lines))


@st.composite
def _shifts(draw: st.DrawFn) -> tuple[list[tuple[float, bytes]], list[Told], list[float]]:
    """Some acts as they are read, what must come of them, and when else the reader looks at its watch."""
    acts = draw(st.lists(st.one_of(_typing(), _burst(), _burst(), _paste()), min_size=1, max_size=7))
    sent: list[tuple[float, int]] = []
    ends: list[int] = []
    now, was_typing = 0.0, False
    for act in acts:
        if was_typing and not act.is_typing:
            now += SPLIT_GUARD_MS
        for number, (gap, text) in enumerate(act.strokes, 1):
            now += gap
            sent += [(now, byte) for byte in text.encode()]
            if number == act.code_strokes:
                ends.append(len(sent) - 1)
        was_typing = act.is_typing
    reads = _reads(sent, draw(st.integers(0, 2 ** len(sent) - 1)))
    read_at = [at for at, data in reads for _ in data]
    looks = draw(st.lists(st.floats(0, now + 1), max_size=10))
    return reads, _with_repeats(acts, [read_at[end] for end in ends]), looks


def _reads(sent: list[tuple[float, int]], cuts: int) -> list[tuple[float, bytes]]:
    """The bytes in reads, cut where a bit says so and wherever more than a slot's time has passed."""
    reads: list[tuple[float, bytearray]] = []
    began = 0.0
    for number, (at, byte) in enumerate(sent):
        if number == 0 or cuts >> number & 1 or at - began > SLOT_MS:
            reads.append((at, bytearray()))
            began = at
        reads[-1][1].append(byte)
        reads[-1] = (at, reads[-1][1])
    return [(at, bytes(data)) for at, data in reads]


def _with_repeats(acts: list[Act], ended_at: list[float]) -> list[Told]:
    """What must come of the acts, a code that came twice in a row within a moment told as that."""
    told: list[Told] = []
    last: tuple[str, float] | None = None
    ends = iter(ended_at)
    for act in acts:
        if act.code_strokes:
            ended, (_, code) = next(ends), act.told[0]
            is_repeat = last is not None and last[0] == code and ended - last[1] <= REPEAT_MS
            told.append(Told("repeat" if is_repeat else "scan", code))
            last = (code, ended)
        else:
            told += act.told
            if not act.is_typing or any(len(key) == 1 and key > " " and key != "\x7f" for _, key in act.strokes):
                last = None
    return told


def _heard(reads: list[tuple[float, bytes]], looks: list[float] | None = None) -> list[Told]:
    """What the station makes of it: scans, and the keys that Textual acts on."""
    wedge, keys = Wedge(), KeyEvents()
    told: list[Told] = []
    watches = sorted(looks or [])
    for at, data in reads:
        while watches and watches[0] < at:
            told += _told(_polled(wedge, before=watches[0]), keys)
            told += _told(wedge.poll(watches.pop(0)), keys)
        told += _told(_polled(wedge, before=at), keys)
        told += _told(wedge.feed(data, at), keys)
    return told + list(_told(_polled(wedge, before=float("inf")), keys))


def _scans(reads: list[tuple[float, bytes]]) -> list[Scan]:
    wedge = Wedge()
    taken = [each for at, data in reads for each in (*_polled(wedge, before=at), *wedge.feed(data, at))]
    return [each for each in (*taken, *_polled(wedge, before=float("inf"))) if isinstance(each, Scan)]


def _polled(wedge: Wedge, before: float) -> Iterator[Scan | Keystroke]:
    while (deadline := wedge.deadline) is not None and deadline + 0.01 < before:
        yield from wedge.poll(deadline + 0.01)


def _told(taken: Iterable[Scan | Keystroke], keys: KeyEvents) -> Iterator[Told]:
    for each in taken:
        if isinstance(each, Scan):
            what = Fault(each.fault).name if each.fault else "repeat" if each.repeat else "scan"
            yield Told(what, each.text)
        else:
            for event in keys.of(each.text):
                assert isinstance(event, events.Key)
                is_character = event.is_printable and event.character is not None
                yield Told("key", str(event.character) if is_character else event.key)


@given(_shifts())
def test_every_key_and_every_code_comes_out_once_whole_and_in_order(
    shift: tuple[list[tuple[float, bytes]], list[Told], list[float]],
) -> None:
    reads, expected, looks = shift
    assert _heard(reads, looks) == expected


# -- codes with holes ----------------------------------------------------------------------------------------------

SETTINGS = {
    "the defaults": (WedgeSettings(), ""),
    "Enter alone": (WedgeSettings(suffix=("enter",)), ""),
    "Enter and LF": (WedgeSettings(suffix=("enter", "lf")), ""),
    "an AIM identifier": (WedgeSettings(require_aim=True), "]C0"),
    "a prefix": (WedgeSettings(prefix="~"), "~"),
    "a long prefix": (WedgeSettings(prefix="GUN:"), "GUN:"),
    "both": (WedgeSettings(prefix="~", require_aim=True), "]C0~"),
    "a quick scanner": (WedgeSettings(max_gap_ms=12, max_avg_ms=8, burst_gap_ms=40), ""),
    "a slow scanner": (WedgeSettings(max_gap_ms=60, max_avg_ms=45), ""),
    "longer codes": (WedgeSettings(min_length=8), ""),
}
"""Every kind of setting under which a code has an end or a start mark, and what stands before the code then."""


class Line:
    """The entry line between the wedge and the desk: what stands in it is finished by Enter or taken by a scan.

    What the real one does is tested in tests/screens and, in a terminal, in tests/acceptance/test_cut_codes.py.
    """

    def __init__(self, settings: WedgeSettings) -> None:
        self._settings = settings
        self._text = ""
        self.believed: list[str] = []
        self.refused: list[str] = []

    def take(self, taken: Iterable[Scan | Keystroke]) -> None:
        for each in taken:
            if isinstance(each, Scan):
                is_believed = each.fault is None and not self._text
                (self.believed if is_believed else self.refused).append(each.text)
                self._text = ""
            elif each.text in ("\r", "\t"):
                entered, self._text = self._text, ""
                if entered:
                    code = typed_code(entered, self._settings)
                    (self.refused if code.fault else self.believed).append(code.text)
            elif each.kind is Kind.TEXT:
                self._text += each.text


def _booked(strokes: list[tuple[float, str]], settings: WedgeSettings) -> Line:
    """What becomes of keys with the gaps before them."""
    wedge, line = Wedge(settings), Line(settings)
    for at, (_, key) in zip(accumulate(gap for gap, _ in strokes), strokes, strict=True):
        line.take(_polled(wedge, before=at))
        line.take(wedge.feed(key.encode(), at))
    line.take(_polled(wedge, before=float("inf")))
    return line


_CUT_CODES = st.text("ABNXYZ0123456789", min_size=6, max_size=20).filter(lambda code: len(set(code)) > 1)
_HOLES = st.one_of(st.floats(0, 400), st.floats(300, 1500), st.sampled_from([299.9, 300.0, 300.1, 60_000.0]))


@given(
    st.sampled_from(sorted(SETTINGS)),
    _CUT_CODES,
    st.dictionaries(st.integers(1, 24), _HOLES, max_size=5),
    st.floats(0, 70),
    st.sampled_from(["\r", "\r\n"]),
)
@example("the defaults", "SN10AB345678", {6: 350.0}, 4.0, "\r")
@example("the defaults", "SN07AB345678", {2: 350.0}, 4.0, "\r")
@example("the defaults", "SN10AB345678", {4: 500.0, 8: 900.0}, 4.0, "\r")
@example("the defaults", "SN10AB345678", {12: 2000.0}, 4.0, "\r")
@example("the defaults", "SN10AB345678", {6: 350.0, 7: 60.0, 8: 60.0}, 4.0, "\r")
@example("an AIM identifier", "SN10AB345678", {9: 350.0}, 4.0, "\r")
@example("Enter alone", "SN10AB345678", {6: 350.0}, 4.0, "\r")
def test_of_a_code_that_was_cut_anywhere_by_any_gaps_no_part_is_ever_booked(
    name: str, code: str, holes: dict[int, float], gap: float, suffix: str
) -> None:
    settings, mark = SETTINGS[name]
    keys = f"{mark}{code}{suffix}"
    strokes = [(holes.get(number, gap) if number else 0.0, key) for number, key in enumerate(keys)]
    line = _booked(strokes, settings)
    whole = mark.replace(settings.prefix, "") + code if settings.prefix else mark + code
    assert set(line.believed) <= {whole}
    assert line.believed or line.refused, "nothing disappears without a word"
    # And the one after it, at its own pace, is heard at the second try at the latest, glued to nothing.
    again = [(2000.0 if number == 0 else min(gap, 4.0), key) for number, key in enumerate(f"{mark}NEXT-1{suffix}")]
    line = _booked([*strokes, *again, *again], settings)
    assert line.believed[-1].endswith("NEXT-1")
    assert set(line.believed) <= {whole, line.believed[-1]}


@given(
    st.lists(_CUT_CODES, min_size=2, max_size=4),
    st.data(),
    st.floats(0, 60),
)
def test_pieces_of_several_codes_are_never_put_together(codes: list[str], data: st.DataObject, gap: float) -> None:
    """Heads whose tails never come, before a code that comes whole."""
    strokes: list[tuple[float, str]] = []
    for code in codes[:-1]:
        head = code[: data.draw(st.integers(4, len(code)))]
        strokes += [(400.0 if number == 0 else 4.0, key) for number, key in enumerate(head)]
    strokes += [(500.0 if number == 0 else gap, key) for number, key in enumerate(f"{codes[-1]}\r")]
    assert _booked(strokes, WedgeSettings()).believed == []


@given(_CUT_CODES, st.floats(36, 400))
def test_a_code_that_comes_whole_at_a_persons_pace_is_the_same_entry(code: str, gap: float) -> None:
    line = _booked([(gap, key) for key in f"{code}\r"], WedgeSettings())
    assert (line.believed, line.refused) == ([code], [])


@given(
    st.text("ABXYZ0123456789", min_size=6, max_size=16).filter(lambda code: len(set(code)) > 1),
    st.dictionaries(st.integers(1, 16), st.floats(0, SPLIT_GUARD_MS - 1), max_size=4),
)
@example("SN-000123", {1: 290.0, 2: 290.0})
@example("Y4711-000123", {1: 290.0})
def test_no_piece_of_a_code_that_came_with_holes_is_ever_taken_for_a_code(code: str, holes: dict[int, float]) -> None:
    gaps = [holes.get(number, 4.0) for number in range(len(code) + 1)]
    reads = [(at, character.encode()) for at, character in zip(accumulate(gaps), f"{code}\r", strict=True)]
    told = _heard(reads)
    assert {text for what, text in told if what == "scan"} <= {code}
    # A refused tail says what was typed before it: the app asks by both whether it may be the tail of something.
    for tail in _scans(reads):
        assert not tail.typed_before or tail.typed_before + tail.text == code
    # Nothing is lost either: what was not refused aloud and not taken has all been typed.
    if not any(what in (Fault.PIECES.name, "scan") for what, _ in told):
        assert told == [*(Told("key", character) for character in code), Told("key", "enter")]
