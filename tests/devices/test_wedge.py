"""The keyboard wedge: what is a scan, what is typing, and what must not be believed."""

from collections.abc import Iterable
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.devices.keystrokes import PASTE_LIMIT, Keystroke, KeystrokeReader, Kind
from scanstation.devices.wedge import PASTED_LINES, Wedge
from scanstation.devices.wedge_settings import Suffix, WedgeSettings
from scanstation.domain.scan import FOLDED, Fault, Scan

EAN = "4006381333931"
SCANNER_MS = 4.0
HUMAN_MS = 90.0
APART_MS = 1000.0

Arrival = tuple[float, bytes]
"""When bytes are read, and which."""


class Typed(str):
    """Characters that went on to the focused widget, as one text."""

    __slots__ = ()


def keys(text: str, gap: float, start: float = 0.0) -> list[Arrival]:
    """One key after the other with the same gap; a character of several bytes comes in one piece."""
    return [(start + index * gap, character.encode()) for index, character in enumerate(text)]


def scanner(text: str, start: float = 0.0) -> list[Arrival]:
    return keys(text, SCANNER_MS, start)


def person(text: str, start: float = 0.0) -> list[Arrival]:
    return keys(text, HUMAN_MS, start)


def holed(text: str, position: int, hole: float) -> list[Arrival]:
    """A scanner whose line stood still for `hole` before the character at `position`."""
    gaps = [0.0] + [hole if index == position else SCANNER_MS for index in range(1, len(text))]
    return [(at, character.encode()) for at, character in zip(accumulate(gaps), text, strict=True)]


def one_read(data: bytes | str, at: float = 0.0) -> list[Arrival]:
    return [(at, data.encode() if isinstance(data, str) else data)]


def play(arrivals: Iterable[Arrival], settings: WedgeSettings | None = None) -> list[Scan | Typed]:
    """What a wedge makes of it, polled when it asks to be, until it holds nothing more. Typing is joined."""
    return _joined(taken_of(arrivals, settings))


def taken_of(arrivals: Iterable[Arrival], settings: WedgeSettings | None = None) -> list[Scan | Keystroke]:
    """The same, one by one."""
    wedge = Wedge(settings)
    taken: list[Scan | Keystroke] = []
    for at, data in arrivals:
        taken += _polled(wedge, before=at)
        taken += wedge.feed(data, at)
    return taken + _polled(wedge, before=float("inf"))


def _polled(wedge: Wedge, before: float) -> list[Scan | Keystroke]:
    taken: list[Scan | Keystroke] = []
    while (deadline := wedge.deadline) is not None and deadline + 0.01 < before:
        taken += wedge.poll(deadline + 0.01)
    return taken


def _joined(taken: Iterable[Scan | Keystroke]) -> list[Scan | Typed]:
    joined: list[Scan | Typed] = []
    for each in taken:
        if isinstance(each, Scan):
            joined.append(each)
        elif joined and isinstance(joined[-1], Typed):
            joined[-1] = Typed(joined[-1] + each.text)
        else:
            joined.append(Typed(each.text))
    return joined


def summary(taken: Iterable[Scan | Typed]) -> list[str]:
    """Readable: 'typed …', 'scan …', 'repeat …' or 'refused …: why'."""
    return [_summary(each) for each in taken]


def _summary(each: Scan | Typed) -> str:
    if isinstance(each, Typed):
        return f"typed {each}"
    if each.fault is not None:
        return f"refused {each.text}: {Fault(each.fault).name}"
    return f"{'repeat' if each.repeat else 'scan'} {each.text}"


# -- scans and typing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["\r", "\n", "\t", "\r\n", "\t\r"])
def test_a_fast_burst_with_any_suffix_is_one_scan_and_nothing_reaches_a_widget(suffix: str) -> None:
    assert summary(play(scanner(EAN + suffix))) == [f"scan {EAN}"]
    assert summary(play(one_read(EAN + suffix))) == [f"scan {EAN}"]


@pytest.mark.parametrize("second", ["\r", "\t", "\n", "\r\n", "\x03", "\x04", "\x1b[B", "\x1bOM", "\x03\r"])
@pytest.mark.parametrize("first", ["\r", "\n", "\t", "\r\n"])
def test_a_second_suffix_at_the_pace_of_the_code_reaches_no_widget_either(first: str, second: str) -> None:
    assert summary(play(scanner(EAN + first + second))) == [f"scan {EAN}"]
    assert summary(play(one_read(EAN + first + second))) == [f"scan {EAN}"]
    assert summary(play([*scanner(EAN + first), *scanner("AB\x11CD\r", 100)])) == [
        f"scan {EAN}",
        "refused AB\x11CD: CONTROL_KEYS",
    ]


def test_a_key_after_a_scan_is_a_persons_after_a_moment() -> None:
    for key in ("\r", "\t", "\x1b", "\x1b[B", "\x03"):
        assert summary(play([*scanner(f"{EAN}\r"), *one_read(key, 100)])) == [f"scan {EAN}", f"typed {key}"]
        assert summary(play([*one_read(f"{EAN}\r"), *one_read(key, 40)])) == [f"scan {EAN}", f"typed {key}"]
        assert summary(play([*one_read(f"{EAN}\r"), *one_read(key, 5)])) == [f"scan {EAN}"]


def test_the_lf_of_a_crlf_is_no_enter_even_when_it_comes_late_or_is_no_suffix() -> None:
    late = [*scanner(EAN + "\r"), (13 * SCANNER_MS + 120, b"\n")]
    assert summary(play(late)) == [f"scan {EAN}"]
    assert summary(play(one_read(EAN + "\r\n"), WedgeSettings(suffix=("enter",)))) == [f"scan {EAN}"]


def test_two_codes_in_one_read_are_two_scans_in_order() -> None:
    assert summary(play(one_read("AAAA1\rBBBB2\r"))) == ["scan AAAA1", "scan BBBB2"]


def test_what_a_person_types_goes_on_whole_and_in_order() -> None:
    assert summary(play(person("SN-1\r"))) == ["typed SN-1\r"]
    assert summary(play(person("ab\x7fc\x1b[Dd\t"))) == ["typed ab\x7fc\x1b[Dd\t"]


def test_an_enter_by_itself_is_not_held_back() -> None:
    assert summary(_joined(Wedge().feed(b"\r", 0.0))) == ["typed \r"]
    assert summary(play([*scanner(f"{EAN}\r"), (100, b"\r")])) == [f"scan {EAN}", "typed \r"]


F5, F10, CTRL_Q, DOWN = "\x1b[15~", "\x1b[21~", "\x11", "\x1b[B"


@pytest.mark.parametrize(
    "label",
    [
        *(
            f"{key}{suffix}"
            for key in (F5, F10, CTRL_Q, DOWN, "\x1b", "\x1bOP", "\x1b[3~")
            for suffix in ("\r", "\t", "\n")
        ),
        f"{F10}SN-0001\r",
        f"SN-{F10}0001\r",
        f"SN-0001\r{F10}\r",
        f"{F5}y",
        f"y{F5}",
        f"{F5}{F10}",
        f"{F5}{F5}",
        f"{CTRL_Q}y",
        f"{DOWN}{F5}",
        f"{DOWN}\x1b[A",
        f"{F5}\x1b[200~SN-0001\x1b[201~",
    ],
)
def test_function_and_control_keys_of_a_label_are_refused_and_none_is_run(label: str) -> None:
    for arrive in (one_read, scanner, lambda text: keys(text, 9)):
        taken = play(arrive(label))
        assert [each for each in taken if isinstance(each, Typed)] == []
        assert [each.fault for each in taken if isinstance(each, Scan) and each.fault] == [Fault.CONTROL_KEYS]


@pytest.mark.parametrize("key", [F5, F10, CTRL_Q, DOWN, "\x1b", "\x1bOP"])
def test_the_same_keys_by_themselves_are_a_persons(key: str) -> None:
    assert summary(play(one_read(key))) == [f"typed {key}"]
    assert summary(play([*one_read(key), *one_read("\r", 90)])) == [f"typed {key}\r"]
    assert summary(play([*one_read(key), *one_read(key, 200), *one_read("y", 700)])) == [f"typed {key}{key}y"]


def test_keys_that_are_read_late_are_a_persons() -> None:
    wedge = Wedge()
    wedge.feed(F5.encode(), 0.0)
    assert wedge.deadline is not None
    assert summary(_joined(wedge.feed(b"\r", wedge.deadline - 1))) == [f"typed {F5}\r"]


def test_the_wheel_moves_on_a_slow_line_too() -> None:
    assert summary(play(one_read(DOWN * 3))) == [f"typed {DOWN * 3}"]
    assert summary(play([*person("ab"), *one_read("\x7f\x7f", 300)])) == ["typed ab\x7f\x7f"]


@pytest.mark.parametrize("settings", [WedgeSettings(require_aim=True), WedgeSettings(prefix="~")])
def test_where_a_start_mark_is_demanded_nothing_of_a_scanner_is_typing(settings: WedgeSettings) -> None:
    for code in ("y", "A1", "ab3", "SN-0001"):
        for arrive in (one_read, scanner):
            assert summary(play(arrive(f"{code}\r"), settings)) == [f"refused {code}: NO_START_MARK"]
        if len(code) > 2:
            assert summary(play(keys(f"{code}\r", 32), settings)) == [f"refused {code}: NO_START_MARK"]
        assert summary(play(person(f"{code}\r"), settings)) == [f"typed {code}\r"]
    assert summary(play(pasted("SS-YES"), settings)) == ["refused SS-YES: NO_START_MARK"]


@pytest.mark.parametrize(
    ("arrivals", "follows"),
    [
        (one_read("SN-0001\rSS-YES\r"), [False, True]),
        ([*scanner("SN-0001\r"), *scanner("SS-YES\r", 250)], [False, True]),
        ([*scanner("SN-0001\r"), *scanner("SS-YES\r", 400)], [False, False]),
        ([*scanner("SN-0001\r"), *scanner("X" * 200 + "\r", 100), *scanner("SS-YES\r", 1000)], [False, True, True]),
        ([*one_read("y"), *scanner("]C0SS-YES\r", 250)], [True]),
        (one_read("\x1b[200~SN-0001\rSS-YES\x1b[201~"), [False, True]),
        ([*scanner("SN-0001\r"), *one_read("\x1b[200~SS-YES\x1b[201~", 100)], [False, True]),
    ],
)
def test_what_comes_right_after_anything_else_is_marked(arrivals: list[Arrival], follows: list[bool]) -> None:
    assert [each.follows for each in play(arrivals) if isinstance(each, Scan)] == follows


def test_a_key_tells_whether_it_came_by_itself_and_at_whose_pace() -> None:
    def told(arrivals: list[Arrival]) -> list[tuple[str, bool, bool]]:
        keys = [each for each in taken_of(arrivals) if isinstance(each, Keystroke) and each.kind is not Kind.SILENCE]
        return [(each.text, each.apart, each.in_burst) for each in keys]

    assert told(one_read("y")) == [("y", True, False)]
    assert told(one_read("y\r"))[0] == ("y", True, True)
    assert told([*scanner("SN-0001\r"), *one_read("y", 200)]) == [("y", False, False)]
    assert told([*scanner("SN-0001\r"), *one_read("y", 400)]) == [("y", True, False)]
    assert told([*one_read("n"), *one_read("y", 200)]) == [("n", True, False), ("y", False, False)]
    assert [in_burst for _, _, in_burst in told(scanner("abc"))] == [True] * 3
    assert not any(in_burst for _, _, in_burst in told([*person("because\r"), *keys("th", 20, 2000)]))
    for too_slow_for_a_scan in ("customer waits\r", "abc\r", "abcd"):
        assert all(in_burst for _, _, in_burst in told(keys(too_slow_for_a_scan, 32))[: len(too_slow_for_a_scan) - 1])
    slow_person = [*keys("the", 32), *keys("ab\r", 40, 500), *keys("a" * 9, 33, 900)]
    assert not any(in_burst for _, _, in_burst in told(slow_person))


@pytest.mark.parametrize(
    ("arrivals", "stayed_alone"),
    [
        (one_read("y"), "y"),
        ([*one_read("y"), *one_read("n", 700)], "yn"),
        ([*scanner("SN-0001\r"), *one_read("y", 500)], "y"),
        ([*scanner("SN-0001\r"), *one_read("y", 200)], ""),
        (one_read("y\r"), ""),
        ([*one_read("y"), *one_read("\r", 200)], ""),
        ([*one_read("y"), *one_read("\x1b[B", 200)], ""),
        ([*one_read("y"), *one_read("\x1b[200~1\x1b[201~", 290)], ""),
        *(([*one_read("Y"), *scanner("AIL-1\r", hole)], "") for hole in (60, 80, 150, 299)),
        ([*one_read("Y"), *scanner("AIL-1\r", 400)], "Y"),  # no time can tell
    ],
)
def test_a_character_that_stays_alone_is_told(arrivals: list[Arrival], stayed_alone: str) -> None:
    taken = taken_of(arrivals)
    told = [index for index, each in enumerate(taken) if isinstance(each, Keystroke) and each.kind is Kind.SILENCE]
    assert "".join(taken[index - 1].text for index in told) == stayed_alone


def test_a_short_burst_with_enter_is_typed_entry_and_not_silence() -> None:
    assert summary(play(one_read("A1\r"))) == ["typed A1\r"]


def test_lf_typed_into_a_terminal_that_still_translates_arrives_as_enter() -> None:
    assert summary(play(one_read("A1\n"))) == ["typed A1\r"]


def test_a_burst_without_its_suffix_is_no_code_and_that_is_told_once_its_tail_is_late() -> None:
    wedge = Wedge()
    assert wedge.feed(b"SN0001", 0.0) == []
    assert wedge.deadline == WedgeSettings().split_guard_ms
    assert summary(_joined(wedge.poll(301.0))) == ["refused SN0001: NO_END"]
    assert wedge.deadline is None
    assert summary(play(scanner("SN01"))) == ["refused SN01: NO_END"]
    assert summary(play(scanner("SN0"))) == ["typed SN0"], "too few keys to be surely a scanner's"


@pytest.mark.parametrize("suffix", [("none",), ()])
def test_where_scanners_send_no_suffix_a_burst_is_a_scan_once_its_tail_can_no_longer_come(
    suffix: tuple[Suffix],
) -> None:
    settings = WedgeSettings(suffix=suffix)
    wedge = Wedge(settings)
    assert wedge.feed(b"SN0001", 0.0) == []
    assert wedge.deadline == settings.split_guard_ms
    assert summary(_joined(wedge.poll(301.0))) == ["scan SN0001"]
    assert summary(play(scanner("SN001"), settings)) == ["typed SN001"]
    assert summary(play(holed("SN000123", 6, 250), settings)) == ["refused SN000123: PIECES"]
    assert summary(play(scanner("SN-1\r"), settings)) == ["scan SN-1"]
    assert summary(play([*scanner("SN0001"), *scanner("SN0002", 400)], settings)) == ["scan SN0001", "scan SN0002"]
    assert summary(play(person("ab\r"), settings)) == ["typed ab\r"]


# -- codes without their end -------------------------------------------------------------------------------------

CUT = [
    # what comes, and what becomes of it
    ([("SN10AB", 0), ("345678\r", 370)], ["refused SN10AB: NO_END", "refused SN10AB345678: PIECES"]),
    ([("SN10AB", 0), ("345678\r", 60_000)], ["refused SN10AB: NO_END", "refused SN10AB345678: PIECES"]),
    ([("SN10AB", 0), ("8\r", 2000)], ["refused SN10AB: NO_END", "refused SN10AB8: PIECES"]),
    ([("SN10AB", 0), ("345678\t", 400)], ["refused SN10AB: NO_END", "refused SN10AB345678: PIECES"]),
    ([("SN10AB", 0), ("345678\r\n", 400)], ["refused SN10AB: NO_END", "refused SN10AB345678: PIECES"]),
    ([("SN10AB345678", 0), ("\r", 900)], ["refused SN10AB345678: NO_END"]),
    ([("SN10AB345678", 0), ("\r\n", 900)], ["refused SN10AB345678: NO_END"]),
    ([("]C101040063813339", 0), ("3121SN-1\r", 700)], ["refused ]C101040063813339: NO_END", "refused …: PIECES"]),
    (
        [("SN10", 0), ("AB34", 500), ("5678\r", 1000)],
        ["refused SN10: NO_END", "refused AB34: NO_END", "refused …: PIECES"],
    ),
    ([("SN10", 0), ("AB", 250), ("345678\r", 900)], ["refused SN10AB: PIECES", "refused SN10AB345678: PIECES"]),
    (
        [("SN10AB", 0), ("34", 500), ("5678\r", 800)],
        ["refused SN10AB: NO_END", "typed 34", "refused SN10AB345678: PIECES"],
    ),
    ([("AB\udcff12", 0), ("3456\r", 500)], ["refused AB<FF>12: NOT_TEXT", "refused …: PIECES"]),
    ([("AB\x1112", 0), ("3456\r", 500)], ["refused AB\x1112: CONTROL_KEYS", "refused …: PIECES"]),
    ([("X1" * 2500, 0), ("3456\r", 500)], ["refused …: TOO_LONG", "refused …: PIECES"]),
]


@pytest.mark.parametrize(("bursts", "becomes"), CUT)
@pytest.mark.parametrize("settings", [WedgeSettings(), WedgeSettings(suffix=("enter", "tab"))], ids=["default", "two"])
def test_what_comes_after_a_code_without_its_end_is_refused_with_it_up_to_the_next_end(
    bursts: list[tuple[str, float]], becomes: list[str], settings: WedgeSettings
) -> None:
    cut = [(start, text.encode("utf-8", "surrogateescape")) for text, start in bursts]
    after = bursts[-1][1] + APART_MS
    taken = summary(play([*cut, *scanner(f"{EAN}\r", after)], settings))
    assert len(taken) == len(becomes) + 1
    for told, expected in zip(taken, becomes, strict=False):
        before, _, rest = expected.partition("…")
        assert told == expected or ("…" in expected and told.startswith(before) and told.endswith(rest))
    assert taken[-1] == f"scan {EAN}", "the scan after the end is heard"


def test_a_whole_code_closes_the_piece_before_it_and_only_the_next_one_counts() -> None:
    burst = [*scanner("SN10AB"), *scanner(f"{EAN}\r", 2000), *scanner(f"{EAN}\r", 4000)]
    assert summary(play(burst)) == ["refused SN10AB: NO_END", f"refused SN10AB{EAN}: PIECES", f"scan {EAN}"]


def test_what_a_person_types_after_a_piece_is_refused_with_it_once() -> None:
    burst = [*scanner("SN10AB"), *person("345\r", 2000), *person("SN-1\r", 4000)]
    assert summary(play(burst)) == [
        "refused SN10AB: NO_END",
        "typed 345",  # shown in the line, from which the refusal takes it away
        "refused SN10AB345: PIECES",
        "typed SN-1\r",
    ]


def test_enter_alone_after_a_piece_ends_it_and_presses_nothing() -> None:
    burst = [*scanner("SN10AB"), *person("\r", 2000), *scanner(f"{EAN}\r", 4000)]
    assert summary(play(burst)) == ["refused SN10AB: NO_END", f"scan {EAN}"]


def test_a_paste_after_a_piece_is_whole_and_ends_nothing() -> None:
    burst = [*scanner("SN10AB"), *one_read("\x1b[200~SN-2\x1b[201~", 2000), *scanner(f"{EAN}\r", 4000)]
    assert summary(play(burst)) == ["refused SN10AB: NO_END", "scan SN-2", f"refused SN10AB{EAN}: PIECES"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [(WedgeSettings(require_aim=True), "]C1SN10AB"), (WedgeSettings(prefix="~"), "~SN10AB")],
    ids=["AIM", "prefix"],
)
def test_a_start_mark_makes_no_code_of_a_piece_without_its_end(settings: WedgeSettings, code: str) -> None:
    taken = play([*scanner(code), *scanner("345678\r", 400)], settings)
    assert [each.fault for each in taken if isinstance(each, Scan)] == [Fault.NO_END, Fault.PIECES]


# -- two codes of one label --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrivals", "marked"),
    [
        (one_read("AAAA1\rBBBB2\r"), [False, True]),
        (one_read("AAAA1\r\nBBBB2\r\n"), [False, True]),
        (one_read("AAAA1\rB2\r"), [False, True]),
        (scanner("AAAA1\rBBBB2\r"), [False, True]),
        ([*scanner("AAAA1\r"), *scanner("BBBB2\r", 5 * SCANNER_MS + 59)], [False, True]),
        ([*scanner("AAAA1\r"), *scanner("BBBB2\r", 5 * SCANNER_MS + 61)], [False, False]),
        (one_read("AAAA1\rBBBB2\rCCCC3\r"), [False, False, False]),
        ([*one_read("AAAA1\rBBBB2\r"), *scanner("CCCC3\r", 50)], [False, False, False]),
        ([*one_read("AAAA1\rBBBB2\r"), *scanner("CCCC3\r", 70)], [False, True, False]),
        ([*one_read("AAAA1\rBBBB2\r"), *scanner("CCCC3\rDDDD4\r", 500)], [False, True, False, True]),
        (one_read("\x1b[200~AAAA1\nBBBB2\x1b[201~"), [False, False]),
        ([*person("AA\r"), *one_read("BBBB2\r", 185)], [False]),
    ],
)
def test_the_second_of_exactly_two_codes_in_one_burst_is_marked(arrivals: list[Arrival], marked: list[bool]) -> None:
    wedge = Wedge(tells_pairs=True)
    taken: list[Scan | Keystroke] = []
    for at, data in arrivals:
        taken += _polled(wedge, before=at)
        taken += wedge.feed(data, at)
    taken += _polled(wedge, before=float("inf"))
    scans = [each for each in taken if isinstance(each, Scan)]
    assert [scan.second_of_two for scan in scans] == marked
    assert [scan.text for scan in scans] == sorted(scan.text for scan in scans), "in order"


def test_a_code_at_once_after_the_answer_to_another_was_aimed_at_anew() -> None:
    wedge = Wedge(tells_pairs=True)
    taken = wedge.feed(b"AAAA1\r", 0.0)
    wedge.answered_at = 20.0
    taken += wedge.feed(b"BBBB2\r", 30.0)
    taken += wedge.feed(b"CCCC3\r", 30.0)  # the second of two, and not the third
    taken += _polled(wedge, before=float("inf"))
    assert [scan.second_of_two for scan in taken if isinstance(scan, Scan)] == [False, False, True]
    wedge = Wedge(tells_pairs=True)
    taken = [each for at, data in scanner("AAAA1\r") for each in wedge.feed(data, at)]
    wedge.answered_at = 21.0  # before the next key of the scanner, which knows of no answer
    for at, data in scanner("BBBB2\r", 6 * SCANNER_MS):
        taken += wedge.feed(data, at)
    taken += _polled(wedge, before=float("inf"))
    assert [scan.second_of_two for scan in taken if isinstance(scan, Scan)] == [False, True]


def test_a_key_after_two_codes_waits_for_the_second() -> None:
    wedge = Wedge(tells_pairs=True)
    taken = wedge.feed(b"AAAA1\rBBBB2\r", 0.0)
    taken += wedge.feed(b"\x1b[21~", 40.0)
    taken += _polled(wedge, before=float("inf"))
    assert summary(_joined(taken)) == ["scan AAAA1", "scan BBBB2", "typed \x1b[21~"]


def test_a_held_key_is_typing_however_fast_it_repeats() -> None:
    assert summary(play(keys("xxxxxxxx\r", 33))) == ["typed xxxxxxxx\r"]
    assert summary(play(keys("xxxxxxxx\r", 20))) == ["typed xxxxxxxx\r"]
    assert summary(play(keys("\x1b[A", 0) + keys("\x1b[A", 0, 33) + keys("\x1b[A", 0, 66))) == ["typed " + "\x1b[A" * 3]


def test_a_held_arrow_moves_while_it_is_held() -> None:
    wedge = Wedge()
    assert wedge.feed(b"\x1b[A", 0.0) == []
    assert summary(_joined(wedge.feed(b"\x1b[A", 30.0))) == ["typed \x1b[A"]


def test_a_scanner_slower_than_the_settings_still_arrives_as_typing() -> None:
    assert summary(play(keys(EAN + "\r", 30))) == [f"typed {EAN}\r"]
    assert summary(play(keys(EAN + "\r", 60))) == [f"typed {EAN}\r"]


# -- codes in pieces ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [26, 40, 60, 69])
def test_the_first_characters_of_a_slow_scanner_come_out_together_and_so_answer_no_question(gap: float) -> None:
    wedge = Wedge()
    taken = [_polled(wedge, before=at) + wedge.feed(data, at) for at, data in keys("YES-1\r", gap)]
    first = next(together for together in taken if together)
    assert len(first) > 1


@pytest.mark.parametrize("position", range(1, 14))
def test_one_hole_of_60_ms_anywhere_is_forgiven(position: int) -> None:
    assert summary(play(holed(EAN + "\r", position, 60))) == [f"scan {EAN}"]


@pytest.mark.parametrize("position", range(1, 14))
@pytest.mark.parametrize("hole", [160, 200, 250, 290])
def test_a_hole_of_250_ms_refuses_the_whole_code_wherever_it_is(position: int, hole: float) -> None:
    taken = play(holed(EAN + "\r", position, hole))
    scans = [each for each in taken if isinstance(each, Scan)]
    assert [scan.fault for scan in scans] == [Fault.PIECES]
    # Nothing but a head too short to tell from typing may have reached a widget.
    assert len("".join(each for each in taken if isinstance(each, Typed))) < 3


def test_two_holes_are_one_too_many() -> None:
    burst = [*keys("400638", 4), *keys("1333", 4, 100), *keys("931\r", 4, 200)]
    assert summary(play(burst)) == [f"refused {EAN}: PIECES"]


def test_the_last_of_three_pieces_is_not_taken_for_a_code() -> None:
    burst = [*keys("SN-", 4), *keys("12", 4, 250), *keys("345678\r", 4, 500)]
    assert summary(play(burst)) == ["refused SN-12345678: PIECES"]


def test_a_tail_after_a_typed_looking_piece_is_refused_but_not_after_a_typed_line() -> None:
    assert summary(play([*person("S"), *scanner("N-000123\r", 250)])) == ["typed S", "refused N-000123: PIECES"]
    assert summary(play([*person("S"), *scanner("N-000123\r", 310)])) == ["typed S", "scan N-000123"]
    assert summary(play([*person("S\r"), *scanner("N-000123\r", 200)])) == ["typed S\r", "scan N-000123"]


def test_a_tail_is_told_with_what_was_typed_before_it() -> None:
    typed, tail = play([*person("ny"), *one_read(f"{EAN}\r", 300)])
    assert typed == "ny"
    assert isinstance(tail, Scan)
    assert (tail.text, tail.fault, tail.typed_before) == (EAN, Fault.PIECES, "ny")
    (*_, scan) = play([*person("n"), *one_read("SN-0\r", 400), *person("y", 1000), *one_read(f"{EAN}\r", 1200)])
    assert isinstance(scan, Scan)
    assert (scan.fault, scan.typed_before) == (Fault.PIECES, "y")


def test_a_code_with_a_start_mark_is_whole_whatever_was_typed_before() -> None:
    assert summary(play([*person("S"), *scanner("]C1012345\r", 250)])) == ["typed S", "scan ]C1012345"]


def test_with_require_aim_a_code_without_its_head_is_refused() -> None:
    settings = WedgeSettings(require_aim=True)
    assert summary(play(scanner("]C0SN-1\r"), settings)) == ["scan ]C0SN-1"]
    assert summary(play(scanner("N-00123\r"), settings)) == ["refused N-00123: NO_START_MARK"]
    assert summary(play(person("SN-1\r"), settings)) == ["typed SN-1\r"]


@pytest.mark.parametrize("prefix", ["~", "\x02", "GUN:"])
def test_a_prefix_is_demanded_and_taken_off(prefix: str) -> None:
    settings = WedgeSettings(prefix=prefix)
    assert summary(play(scanner(f"{prefix}A1\r"), settings)) == ["scan A1"]
    assert summary(play(scanner("SN-0001\r"), settings)) == ["refused SN-0001: NO_START_MARK"]


@pytest.mark.parametrize("head", ["GUN:]C0", "]C0GUN:"])
def test_a_prefix_is_taken_off_before_an_aim_identifier_and_after_one(head: str) -> None:
    settings = WedgeSettings(prefix="GUN:", require_aim=True)
    assert summary(play(scanner(f"{head}SN-1\r"), settings)) == ["scan ]C0SN-1"]
    assert summary(play(one_read(f"\x1b[200~{head}SN-1\x1b[201~"), settings)) == ["scan ]C0SN-1"]


def test_caps_lock_shows_in_the_prefix() -> None:
    assert summary(play(scanner("]C0gun:sn-1\r"), WedgeSettings(prefix="GUN:"))) == ["refused ]C0gun:sn-1: CAPS_LOCK"]
    assert summary(play(scanner("gun:sn-1\r"), WedgeSettings(prefix="GUN:"))) == ["refused gun:sn-1: CAPS_LOCK"]
    assert summary(play(scanner("~SN-1\r"), WedgeSettings(prefix="~"))) == ["scan SN-1"]


def test_a_start_mark_with_nothing_after_it_is_too_short() -> None:
    assert summary(play(scanner("GUN:\r"), WedgeSettings(prefix="GUN:"))) == ["refused : TOO_SHORT"]
    assert summary(play(scanner("]C1\r"))) == ["refused ]C1: TOO_SHORT"]


# -- control keys, sequences and bad bytes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "AB\x1b[31mC",
        "A\x11B",
        "12\x083",
        "AB\x1bC",
        "AB\x1b[<0;5;5MCD",
        "\x11ABCD",
        "\x1b[AABCD",
        "AB\x00CD",
        "ABCD\x04",
        "AB\x1b[12",
        "AB\x1bOPCD",
    ],
)
@pytest.mark.parametrize("arrive", [one_read, scanner])
def test_control_keys_inside_a_burst_refuse_it_and_run_nothing(code: str, arrive) -> None:  # type: ignore[no-untyped-def]
    assert summary(play(arrive(code + "\r"))) == [f"refused {code}: CONTROL_KEYS"]


@pytest.mark.parametrize("arrive", [one_read, scanner])
def test_the_keypad_in_application_mode_sends_digits_and_enter(arrive) -> None:  # type: ignore[no-untyped-def]
    assert summary(play(arrive(f"{EAN}\x1bOM"))) == [f"scan {EAN}"]
    keypad = "".join(f"\x1bO{'pqrstuvwxy'[int(digit)]}" for digit in EAN)
    assert summary(play(arrive(f"{keypad}\x1bOM"))) == [f"scan {EAN}"]
    assert summary(play([*person("12"), *one_read("\x1bOM", 1000)])) == ["typed 12\r"]
    assert summary(play(arrive("AB\x1bOn1\x1bOm2\x1bOM"))) == ["scan AB.1-2"]


def test_an_unfinished_sequence_swallows_no_scan() -> None:
    assert summary(play([*one_read("\x1b["), *scanner(EAN + "\r", 500)])) == ["typed \x1b[", f"scan {EAN}"]
    assert summary(play([*one_read("\x1b"), *scanner(EAN + "\r", 500)])) == ["typed \x1b", f"scan {EAN}"]
    (refused,) = play([*one_read("\x1b["), *scanner(EAN + "\r", 20)])
    assert isinstance(refused, Scan)
    assert refused.fault == Fault.CONTROL_KEYS


def test_esc_is_a_key_after_its_delay_and_a_sequence_before() -> None:
    wedge = Wedge()
    assert wedge.feed(b"\x1b", 0.0) == []
    assert wedge.deadline == 50.0
    assert summary(_joined(wedge.poll(50.1))) == ["typed \x1b"]
    assert summary(play([(0.0, b"\x1b"), (30.0, b"[A")])) == ["typed \x1b[A"]


def test_reports_of_the_terminal_pass_beside_a_scan() -> None:
    mouse, focus, answer = "\x1b[<35;5;5M", "\x1b[O", "\x1b[?2026;2$y"
    assert summary(play(one_read(f"{mouse}{focus}{answer}{EAN}\r{mouse}"))) == [
        f"typed {mouse}{focus}{answer}",
        f"scan {EAN}",
        f"typed {mouse}",
    ]
    # While a code without suffix waits for a tail, the mouse moves on.
    without = WedgeSettings(suffix=("none",))
    assert summary(play([*one_read("SN0001"), *one_read(mouse, 100)], without)) == [f"typed {mouse}", "scan SN0001"]


@pytest.mark.parametrize("report", ["\x1b[O", "\x1b[I", "\x1b[O\x1b[I"])
def test_a_code_during_which_the_window_lost_the_keyboard_is_told_of_and_never_believed(report: str) -> None:
    within = [f"typed {report}", f"refused SN-0{report}001: CONTROL_KEYS"]
    assert summary(play(one_read(f"SN-0{report}001\r"))) == within
    assert summary(play(scanner(f"SN-0{report}001\r"))) == within
    without = WedgeSettings(suffix=("none",))
    after = [f"typed {report}", f"refused SN-0001{report}: CONTROL_KEYS"]
    assert summary(play(one_read(f"SN-0001{report}"))) == after
    in_a_hole = [*scanner("SN-0"), *one_read(report, 70), *scanner("001\r", 80)]
    assert summary(play(in_a_hole)) == [f"typed {report}", "refused SN-0001: PIECES"]
    # Beside a code it is nothing but a report: neither a part of the code nor a piece in front of it.
    assert summary(play(one_read(f"{report}{EAN}\r{report}{EAN}1\r"))) == [
        f"typed {report}",
        f"scan {EAN}",
        f"typed {report}",
        f"scan {EAN}1",
    ]
    late = [*one_read("SN-0001"), *one_read(report, 100)]
    assert summary(play(late, without)) == [f"typed {report}", "scan SN-0001"]
    assert summary(play(late)) == [f"typed {report}", "refused SN-0001: NO_END"]
    assert summary(play([*person("ab"), *one_read(report, 220), *person("c", 300)])) == [f"typed ab{report}c"]
    assert summary(play(one_read("a\x1b[O"))) == ["typed \x1b[Oa"], "a key goes on as a key"


@pytest.mark.parametrize("data", [b"AB\xe9CD\r", b"AB\xffCDEF", b"\xc3\r", b"\xff", b"ABCD\xe2\x82"])
def test_bytes_that_are_not_utf8_are_refused_by_name_and_never_accepted(data: bytes) -> None:
    (refused,) = (each for each in play(one_read(data)) if isinstance(each, Scan))
    assert refused.fault == Fault.NOT_TEXT
    assert refused.text.isascii()
    assert "<" in refused.text


def test_a_character_cut_in_two_reads_is_put_together() -> None:
    assert summary(play([(0.0, b"AB\xc3"), (2.0, b"\xa9CD\r")])) == ["scan ABéCD"]


def test_the_station_is_well_after_anything_refused() -> None:
    for bad in (b"\xff\xfe\xc3", b"\x1b[200~stuck", b"\x1b", b"A\x11B\r", b"X" * 9000):
        taken = summary(play([*one_read(bad), *one_read("\r", 1000), *scanner(EAN + "\r", 2000)]))
        assert taken[-1] == f"scan {EAN}"


# -- what keyboards do to a code -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "separator",
    [
        *("\x1d", "º™ª", "ºº™ª", "\x1b0\x1b2\x1b9", "\x1b0\x1b0\x1b2\x1b9", "\x1b2\x1b9", "␝", "\uf70b", "↔"),
        *("\x1b[93;5u", "\x1b[27;5;93~", "\x1b[93;133u", "\x1b[93;69u", "\x1b[93:125;5u", "\x1b[93;5:1u"),
    ],
)
def test_a_group_separator_arrives_in_many_forms(separator: str) -> None:
    assert summary(play(scanner(f"]C110AB{separator}21SN\r"))) == ["scan ]C110AB\x1d21SN"]


def test_a_configured_substitute_is_a_group_separator() -> None:
    assert summary(play(scanner("10AB{GS}21SN\r"), WedgeSettings(gs_substitute="{GS}"))) == ["scan 10AB\x1d21SN"]


def test_an_iso_15434_message_keeps_its_separators_and_its_end() -> None:
    message = "[)>\x1e06\x1d1PABC\x1dS123\x1e\x04"
    assert summary(play(scanner(message + "\r"))) == [f"scan {message}"]
    assert summary(play(scanner(f"]d1{message}\r"))) == [f"scan ]d1{message}"]
    without_rs = message.replace("\x1e", "")
    assert summary(play(scanner(f"{without_rs}\r"))) == [f"scan {without_rs}"]
    # One that lost its separators is refused by what reads it, which knows the cause.
    assert summary(play(scanner("[)>06ABC\x04\r"))) == ["scan [)>06ABC\x04"]
    assert summary(play(scanner("06ABC\x04\r"))) == ["refused 06ABC\x04: CONTROL_KEYS"]


@pytest.mark.parametrize(
    ("gs", "rs", "eot"),
    [
        ("␝", "␞", "␄"),
        ("↔", "▲", "♦"),
        ("º™ª", "º£º", "ºº¢"),
        ("\x1b0\x1b2\x1b9", "\x1b0\x1b3\x1b0", "\x1b0\x1b0\x1b4"),
        ("\x1b0\x1b0\x1b2\x1b9", "\x1b0\x1b0\x1b3\x1b0", "\x1b0\x1b0\x1b0\x1b4"),
        ("\x1b[93;5u", "\x1b[94;5u", "\x1b[100;5u"),
        ("\x1b[27;5;93~", "\x1b[27;5;94~", "\x1b[27;5;100~"),
    ],
)
def test_the_separators_of_an_iso_15434_message_arrive_in_many_forms(gs: str, rs: str, eot: str) -> None:
    message = "[)>{rs}06{gs}1PABC{gs}S123{rs}{eot}"
    whole = message.format(gs="\x1d", rs="\x1e", eot="\x04")
    assert summary(play(one_read(message.format(gs=gs, rs=rs, eot=eot) + "\r"))) == [f"scan {whole}"]


def test_caps_lock_shows_in_the_aim_identifier() -> None:
    assert summary(play(scanner("]c1sn-0001\r"))) == ["refused ]c1sn-0001: CAPS_LOCK"]
    assert summary(play(scanner("]D1sn-0001\r"))) == ["refused ]D1sn-0001: CAPS_LOCK"]
    assert summary(play(scanner("]E00104006381333931\r"))) == ["refused ]E00104006381333931: CAPS_LOCK"]
    for letter in "abcfgijklmnqrtux":
        assert summary(play(scanner(f"]{letter}0sn-0001\r"))) == [f"refused ]{letter}0sn-0001: CAPS_LOCK"]
    for proper in ("]C1SN-1", "]d2SN-1", "]e0SN-1", "]Q3SN-1", "]z1SN-1", "]E04006381333931", "]E30104006381333"):
        assert summary(play(scanner(proper + "\r"))) == [f"scan {proper}"]


@pytest.mark.parametrize(
    "garbled",
    ["àà&é\"'", "&é\"'(-è_çà", "\"&'&é", "SN)àà&é", "+ěščřžýáíé", "ąčęėį", "$))^#*!###(#!", '"§$%&/()=', "!'^+%&/()="],
)
def test_digits_through_the_wrong_keyboard_are_named(garbled: str) -> None:
    assert summary(play(scanner(garbled + "\r"))) == [f"refused {garbled}: KEYBOARD"]


@pytest.mark.parametrize("proper", ["SN-1", "A-B_C", "CAFÉ-100", '=HYPERLINK("x")', "[/]ABC", "[red]x[/red]", "çay1"])
def test_odd_but_honest_codes_are_not_taken_for_a_wrong_keyboard(proper: str) -> None:
    assert summary(play(scanner(proper + "\r"))) == [f"scan {proper}"]


def test_what_copying_leaves_at_the_edges_is_taken_off_with_a_note() -> None:
    for raw, note in (
        ("\ufeffSN-123\r", "taken off its edges: a byte-order mark"),
        (
            "\x1b[200~\ufeff\tSN-123\u200b\x1b[201~",
            "taken off its edges: a byte-order mark, a tab and a zero-width space",
        ),
        ("\x1b[200~\u2028ＳＮ－１２３\t\x1b[201~", f"taken off its edges: a line break and a tab; {FOLDED}"),
    ):
        (scan,) = play(one_read(raw))
        assert isinstance(scan, Scan)
        assert (scan.text, scan.fault, scan.note) == ("SN-123", None, note)
    (scan,) = play(one_read("\x1b[200~SN\t123\x1b[201~"))
    assert isinstance(scan, Scan)
    assert scan.fault == Fault.CONTROL_KEYS


def test_the_end_of_an_iso_15434_message_of_any_format_is_no_control_key() -> None:
    for text in ("[)>\x1eDD\x1dSER123\x1e\x04", "[)>\x1e07FREE TEXT\x1e\x04", "]d4\\000026[)>\x1e06\x1dS1234\x1e\x04"):
        (scan,) = play(scanner(text + "\r"))
        assert isinstance(scan, Scan)
        assert (scan.text, scan.fault) == (text, None)


def test_full_width_characters_are_folded_with_a_note() -> None:
    (scan,) = play(scanner("ＳＮ－１２３\r"))
    assert isinstance(scan, Scan)
    assert (scan.text, scan.note, scan.fault) == ("SN-123", FOLDED, None)


def test_a_code_of_5000_characters_is_refused_once_and_what_is_held_stays_small() -> None:
    assert [text[-8:] for text in summary(play(one_read("X1" * 2500 + "\r")))] == ["TOO_LONG"]
    wedge = Wedge()
    taken: list[Scan | Keystroke] = []
    for at in range(16):
        taken += wedge.feed(b"A1" * 2048, float(at))
    assert [each.fault for each in taken if isinstance(each, Scan)] == [Fault.TOO_LONG]
    assert len(wedge._run) == 1


# -- twice -------------------------------------------------------------------------------------------------------


def test_the_same_code_twice_within_a_moment_is_marked_as_a_repeat() -> None:
    assert summary(play(one_read("SN-1\rSN-1\rSN-2\rSN-1\r"))) == ["scan SN-1", "repeat SN-1", "scan SN-2", "scan SN-1"]
    assert summary(play([*scanner("SN-1\r"), *scanner("SN-1\r", 200)])) == ["scan SN-1", "repeat SN-1"]
    assert summary(play(one_read("SN-1\rA\x11B\rSN-1\r")))[-1] == "scan SN-1"
    assert summary(play(one_read("SN-1\rA1\rSN-1\r"))) == ["scan SN-1", "scan A1", "scan SN-1"]
    apart = [*scanner("SN-1\r"), *scanner("A1\r", 80), *scanner("SN-1\r", 150)]
    assert summary(play(apart)) == ["scan SN-1", "typed A1\r", "scan SN-1"]
    assert summary(play(one_read("SN-1\r\x1b[200~SN-2\x1b[201~SN-1\r")))[-1] == "scan SN-1"
    assert summary(play([*scanner("SN-1\r"), *scanner("SN-1\r", 700)])) == ["scan SN-1", "scan SN-1"]


# -- pastes ------------------------------------------------------------------------------------------------------


def pasted(text: str) -> list[Arrival]:
    return one_read(f"\x1b[200~{text}\x1b[201~")


def test_a_paste_is_as_many_scans_as_it_has_lines() -> None:
    assert summary(play(pasted("01095\x1d21A"))) == ["scan 01095\x1d21A"]
    lines = [f"SN-{number}" for number in range(PASTED_LINES)]
    taken = play(pasted("\r\n".join(lines) + "\n"))
    assert summary(taken) == [f"scan {line}" for line in lines]
    assert {each.device for each in taken if isinstance(each, Scan)} == {"paste"}


def test_the_same_line_pasted_twice_is_no_repeat() -> None:
    assert summary(play(pasted("EAN-1\nEAN-1"))) == ["scan EAN-1", "scan EAN-1"]


def test_more_lines_than_a_paste_may_have_are_held_back_for_a_question() -> None:
    taken = play(pasted("SN-1\n" * 11))
    assert summary(taken) == ["refused SN-1: TOO_MANY_LINES"]
    [held] = taken
    assert isinstance(held, Scan)
    assert summary(list(held.lines)) == ["scan SN-1"] * 11


def test_many_lines_of_a_paste_that_was_not_closed_are_refused() -> None:
    taken = play(one_read(b"\x1b[200~" + b"SN-1\r" * 11))
    assert summary(taken) == ["refused SN-1: TOO_MANY_LINES"]
    assert all(isinstance(each, Scan) and not each.lines for each in taken)


def test_a_pasted_line_is_held_to_the_same_rules_as_a_scan() -> None:
    assert summary(play(pasted("A\x11B\nSN-2"))) == ["refused A\x11B: CONTROL_KEYS", "scan SN-2"]
    assert summary(play(one_read(b"\x1b[200~A\xffB\x1b[201~"))) == ["refused A<FF>B: NOT_TEXT"]
    assert [text[-8:] for text in summary(play(pasted("X" * 5000)))] == ["TOO_LONG"]


def test_a_paste_may_be_cut_anywhere_and_ends_where_it_ends() -> None:
    data = f"\x1b[200~SN-1\x1b[201~{EAN}\r".encode()
    for cut in range(len(data)):
        assert summary(play([(0.0, data[:cut]), (5.0, data[cut:])])) == ["scan SN-1", f"scan {EAN}"]


def test_typing_before_a_paste_goes_first() -> None:
    assert summary(play([*person("a"), (20.0, b"\x1b[200~SN-1\x1b[201~")])) == ["typed a", "scan SN-1"]


@pytest.mark.parametrize("arrive", [one_read, scanner])
@pytest.mark.parametrize(
    "code", ["SN-0001\x1b[200~23", "AB\x1b[200~C", "SN-0001\x1b[200~23\x1b[201~45", "AB\x1b[201~C"]
)
def test_the_brackets_of_a_paste_inside_a_code_cut_no_code_out_of_it(code: str, arrive) -> None:  # type: ignore[no-untyped-def]
    assert summary(play([*arrive(f"{code}\r"), *scanner(f"{EAN}\r", 2000)])) == [
        f"refused {code}: CONTROL_KEYS",
        f"scan {EAN}",
    ]


def test_lines_of_blanks_are_no_codes_of_a_paste() -> None:
    lines = [f"SN-{number}" for number in range(PASTED_LINES)]
    assert summary(play(pasted("\n \n".join(lines) + "\n   \n\n"))) == [f"scan {line}" for line in lines]
    assert play(pasted(" \r\n\n")) == []


def test_a_paste_that_is_never_closed_is_refused_and_the_next_scan_is_heard() -> None:
    assert summary(play([*one_read("\x1b[200~SN-1\r"), *scanner(EAN + "\r", 2000)])) == [
        "refused SN-1: OPEN_PASTE",
        f"scan {EAN}",
    ]


def test_a_huge_paste_is_bounded_and_refused() -> None:
    reads = [(float(read), b"A" * 4096) for read in range(100)]
    (refused,) = play([(0.0, b"\x1b[200~"), *reads, (100.0, b"\x1b[201~")])
    assert isinstance(refused, Scan)
    assert refused.fault == Fault.TOO_LONG
    assert len(refused.text) <= 4096
    reader = KeystrokeReader()
    for at, data in [(0.0, b"\x1b[200~"), *reads]:
        assert reader.feed(data, at) == []
    assert len(reader._paste or "") <= PASTE_LIMIT


# -- any mixture ---------------------------------------------------------------------------------------------------

_CODES = st.text(st.sampled_from("ABCXYZ0123456789-./\x1d"), min_size=4, max_size=24).filter(
    lambda code: len(set(code)) > 1 and code[0] != "\x1d"
)
_LINES = st.text(st.sampled_from("abcXYZ0189-é€ß]"), min_size=1, max_size=8)


@st.composite
def _mixtures(draw: st.DrawFn) -> tuple[list[Arrival], list[str]]:
    """Typing and scans by turns, the bytes cut anywhere, and what must come out."""
    arrivals: list[Arrival] = []
    expected: list[str] = []
    now = 0.0
    last: tuple[str, float] | None = None
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.booleans()):
            now += draw(st.floats(60, 500))
            line = draw(_LINES) + draw(st.sampled_from(["", "\r", "\t", "\x7f", "\x1b[D"]))
            for character in _keys_of(line):
                now += draw(st.floats(60, 300))
                arrivals += _cut(draw, character, now)
            expected.append(f"typed {line}")
            now += 301
        else:
            now += draw(st.floats(5, 400))
            code, suffix = draw(_CODES), draw(st.sampled_from(["\r", "\n", "\t", "\r\n"]))
            gap = draw(st.floats(0, 16))
            for character in code + suffix:
                now += gap
                arrivals += _cut(draw, character, now)
            ended = now - gap * len(suffix)
            is_repeat = last is not None and last[0] == code and ended - last[1] <= 249
            expected.append(f"{'repeat' if is_repeat else 'scan'} {code}")
            last = (code, ended)
    return arrivals, expected


def _keys_of(line: str) -> list[str]:
    return [*line[:-3], line[-3:]] if line.endswith("\x1b[D") else list(line)


def _cut(draw: st.DrawFn, character: str, at: float) -> list[Arrival]:
    """The bytes of one key, in as many reads as they may come in, without a gap."""
    data = character.encode()
    cut = draw(st.integers(0, len(data)))
    return [(at, part) for part in (data[:cut], data[cut:]) if part]


@given(_mixtures())
def test_no_mixture_of_typing_and_scans_loses_doubles_merges_or_reorders_anything(
    mixture: tuple[list[Arrival], list[str]],
) -> None:
    arrivals, expected = mixture
    assert summary(play(arrivals)) == _typing_joined(expected)


def _typing_joined(expected: list[str]) -> list[str]:
    joined: list[str] = []
    for each in expected:
        if each.startswith("typed ") and joined and joined[-1].startswith("typed "):
            joined[-1] += each.removeprefix("typed ")
        else:
            joined.append(each)
    return joined


@given(st.lists(_CODES, min_size=1, max_size=10), st.data())
def test_chunks_of_any_size_change_nothing(codes: list[str], data: st.DataObject) -> None:
    stream = "".join(code + "\r" for code in codes).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    taken = play((float(at), chunk) for at, chunk in enumerate(chunks))
    assert [each.text for each in taken if isinstance(each, Scan)] == codes


@given(st.lists(st.tuples(st.floats(0, 400), st.binary(max_size=40)), max_size=20))
def test_no_bytes_whatever_raise_or_leave_anything_held_for_ever(noise: list[tuple[float, bytes]]) -> None:
    moments = accumulate(gap for gap, _ in noise)
    arrivals = [(at, data) for at, (_, data) in zip(moments, noise, strict=True)]
    last = arrivals[-1][0] if arrivals else 0.0
    # Noise has no end; the next one closes it.
    taken = play([*arrivals, (last + APART_MS, b"\r"), *scanner("SN-0001\r", last + 2 * APART_MS)])
    assert summary(taken)[-1] == "scan SN-0001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_gap_ms": 0},
        {"min_length": 0},
        {"burst_gap_ms": 20},
        {"split_guard_ms": 100},
        {"suffix": ("esc",)},
        {"suffix": ("enter", "none")},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        WedgeSettings(**wrong)  # type: ignore[arg-type]
