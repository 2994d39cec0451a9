"""Codes out of a serial line: every whole one, in order, and never the tail of a cut one."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.devices.framing import MAX_FRAME, Frame, FrameFault, Framer, FrameReader, Framing, framer
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import FOLDED, Fault, Scan

QUIET_MS = 500.0
IDLE_MS = 50.0
SCANNER_MS = 1.0
"""One character at 9600 baud."""
LONG_AFTER_MS = 10_000.0

Arrival = tuple[float, bytes]
"""When bytes are read, and which."""

MARKS: dict[Framing, tuple[bytes, bytes]] = {
    "line": (b"", b"\r\n"),
    "stx-etx": (b"\x02", b"\x03"),
    "tab": (b"", b"\t"),
    "eot": (b"", b"\x04"),
}
MARKED: list[Framing] = list(MARKS)

codes = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40).map(str.encode)
quick_gaps = st.floats(0, QUIET_MS - 1)


def fresh(framing: Framing = "line", *, opened_at: float = 0.0) -> Framer:
    return framer(framing, opened_at=opened_at, idle_ms=IDLE_MS, partial_timeout_ms=QUIET_MS)


def quiet(framing: Framing = "line") -> Framer:
    """A framer of a line that was opened a while ago, with nothing on it since. Its clock begins at 0."""
    line = fresh(framing, opened_at=-LONG_AFTER_MS)
    assert line.poll(0) == []
    assert line.synchronised
    return line


def play(line: Framer, arrivals: Iterable[Arrival]) -> list[Frame]:
    """What a framer makes of it, polled when it asks to be, until it awaits nothing more."""
    frames: list[Frame] = []
    for at, data in arrivals:
        while line.deadline is not None and line.deadline < at:
            frames += line.poll(line.deadline)
        frames += line.feed(data, at)
    while line.deadline is not None:
        frames += line.poll(line.deadline)
    return frames


def whole(frames: Iterable[Frame]) -> list[bytes]:
    return [frame.data for frame in frames if frame.fault is None]


def told(frames: Iterable[Frame]) -> list[tuple[bytes, str | None]]:
    return [(frame.data, frame.fault) for frame in frames]


def marked(framing: Framing, *whole_codes: bytes) -> bytes:
    begin, end = MARKS[framing]
    return b"".join(begin + code + end for code in whole_codes)


def chunked(data: bytes, cuts: Sequence[int], gaps: Sequence[float], start: float = 0.0) -> list[Arrival]:
    """The bytes in pieces, each after its gap."""
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    arrivals, at = [], start
    for index, (begin, end) in enumerate(pairwise(edges)):
        at += gaps[index % len(gaps)]
        arrivals.append((at, data[begin:end]))
    return arrivals


# Whole codes


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\n\r\n"])
def test_each_of_the_line_ends_ends_a_code_once(end: bytes) -> None:
    assert told(play(quiet(), [(0, b"SN-1" + end + b"SN-2" + end)])) == [(b"SN-1", None), (b"SN-2", None)]


@pytest.mark.parametrize("framing", MARKED)
@given(
    burst=st.lists(codes, min_size=1, max_size=5),
    cuts=st.lists(st.integers(0, 400)),
    gaps=st.lists(quick_gaps, min_size=1),
)
def test_a_burst_is_the_same_codes_however_it_was_cut_into_reads(
    framing: Framing, burst: list[bytes], cuts: list[int], gaps: list[float]
) -> None:
    arrivals = chunked(marked(framing, *burst), cuts, gaps)
    assert told(play(quiet(framing), arrivals)) == [(code, None) for code in burst]


@pytest.mark.parametrize("framing", MARKED)
def test_a_burst_split_at_every_byte_is_whole(framing: Framing) -> None:
    burst = marked(framing, b"SN-1", b"4006381333931", b"SN-1")
    arrivals = [(index * SCANNER_MS, bytes([byte])) for index, byte in enumerate(burst)]
    assert whole(play(quiet(framing), arrivals)) == [b"SN-1", b"4006381333931", b"SN-1"]


@given(burst=st.lists(codes, min_size=1, max_size=5), cut=st.integers(1, 39))
def test_with_idle_framing_a_silence_ends_a_code(burst: list[bytes], cut: int) -> None:
    arrivals: list[Arrival] = []
    for index, code in enumerate(burst):
        arrivals += [(index * 1000.0, code[:cut]), (index * 1000.0 + IDLE_MS - 1, code[cut:])]
    assert whole(play(quiet("idle"), arrivals)) == burst


def test_with_idle_framing_what_was_read_late_is_refused_whole_and_elsewhere_it_is_whole() -> None:
    idle = quiet("idle")
    assert idle.feed(b"SN-0", 1000) == []
    assert idle.feed_late(b"001", 3000) == []
    assert [(frame.data, frame.fault) for frame in idle.poll(3060)] == [(b"SN-0001", FrameFault.LATE)]
    assert idle.feed(b"SN-0002", 4000) == []
    assert [(frame.data, frame.fault) for frame in idle.poll(4060)] == [(b"SN-0002", None)]
    line = quiet("line")
    assert line.feed(b"SN-0", 1000) == []
    assert [(frame.data, frame.fault) for frame in line.feed_late(b"001\r", 3000)] == [(b"SN-0001", None)]


def test_with_idle_framing_a_line_end_that_is_sent_all_the_same_is_no_part_of_the_code() -> None:
    assert whole(play(quiet("idle"), [(0, b"SN-1\r\n")])) == [b"SN-1"]


def test_a_frame_remembers_when_its_last_byte_was_read() -> None:
    assert [frame.at for frame in play(quiet(), [(0, b"SN-"), (7, b"1"), (9, b"\r")])] == [9]
    assert [frame.at for frame in play(quiet("idle"), [(0, b"SN-"), (7, b"1")])] == [7]


def test_line_ends_between_bracketed_codes_are_nothing() -> None:
    assert told(play(quiet("stx-etx"), [(0, b"\x02SN-1\x03\r\n\x02SN-2\x03\r\n")])) == [
        (b"SN-1", None),
        (b"SN-2", None),
    ]


def test_nothing_is_awaited_on_a_quiet_line() -> None:
    line = quiet()
    assert line.deadline is None
    line.feed(b"SN-1\r\n", 1)
    assert line.deadline is None


# Half codes


@pytest.mark.parametrize("framing", MARKED)
def test_half_a_code_that_stands_still_is_reported_at_its_deadline_and_not_before(framing: Framing) -> None:
    line = quiet(framing)
    begin, _ = MARKS[framing]
    assert line.feed(begin + b"SN-1", 10) == []
    assert line.deadline == 10 + QUIET_MS
    assert line.poll(10 + QUIET_MS - 1) == []
    assert told(line.poll(10 + QUIET_MS)) == [(b"SN-1", FrameFault.NO_END)]
    assert line.poll(LONG_AFTER_MS) == []


@pytest.mark.parametrize("framing", MARKED)
@given(code=codes.filter(lambda code: len(code) > 1), where=st.integers(0, 100), hole=st.floats(QUIET_MS, 60_000))
def test_the_tail_after_a_hole_is_never_a_code_and_the_next_code_is(
    framing: Framing, code: bytes, where: int, hole: float
) -> None:
    cut = 1 + where % (len(code) - 1)
    begin, end = MARKS[framing]
    frames = play(
        quiet(framing),
        [(0, begin + code[:cut]), (hole, code[cut:] + end), (hole + 5000, marked(framing, b"NEXT"))],
    )
    assert whole(frames) == [b"NEXT"]
    assert told(frames)[:2] == [(code[:cut], FrameFault.NO_END), (code[cut:], FrameFault.REST)]


def test_a_poll_that_comes_late_finds_the_half_code_all_the_same() -> None:
    line = quiet()
    line.feed(b"SN-1", 0)
    assert told(line.feed(b"SN-2\r", LONG_AFTER_MS)) == [(b"SN-1", FrameFault.NO_END), (b"SN-2", FrameFault.REST)]


def test_a_start_mark_within_a_code_means_that_the_first_one_was_cut() -> None:
    frames = play(quiet("stx-etx"), [(0, b"\x02SN-\x02SN-2\x03")])
    assert told(frames) == [(b"SN-", FrameFault.NO_END), (b"SN-2", None)]


def test_a_start_mark_ends_every_doubt() -> None:
    frames = play(quiet("stx-etx"), [(0, b"\x02SN-"), (900, b"\x02SN-2\x03")])
    assert told(frames) == [(b"SN-", FrameFault.NO_END), (b"SN-2", None)]


def test_a_start_mark_alone_does_not_wait_for_ever() -> None:
    frames = play(quiet("stx-etx"), [(0, b"\x02"), (LONG_AFTER_MS, b"34\x03")])
    assert told(frames) == [(b"34", FrameFault.REST)]


def test_what_comes_outside_the_brackets_is_reported_and_not_taken() -> None:
    frames = play(quiet("stx-etx"), [(0, b"SN-1\r\n"), (1000, b"\x02SN-2\x03")])
    assert told(frames) == [(b"SN-1\r\n", Fault.NO_START_MARK), (b"SN-2", None)]


def test_noise_that_stands_still_is_not_reported_and_costs_no_code() -> None:
    frames = play(quiet(), [(0, b"\x00\xff"), (1000, b"SN-1\r")])
    assert told(frames) == [(b"SN-1", None)]


def test_what_is_held_when_the_line_breaks_is_reported() -> None:
    line = quiet()
    line.feed(b"SN-1\rSN-", 0)
    assert told(line.break_off(FrameFault.UNPLUGGED)) == [(b"SN-", FrameFault.UNPLUGGED)]
    assert line.break_off(FrameFault.UNPLUGGED) == []


# A line that was just opened


@pytest.mark.parametrize("framing", [*MARKED, "idle"])
def test_a_line_that_stays_quiet_is_ready_after_that(framing: Framing) -> None:
    line = fresh(framing)
    assert not line.synchronised
    assert line.deadline == QUIET_MS
    assert line.poll(QUIET_MS) == []
    assert line.synchronised


@pytest.mark.parametrize("framing", MARKED)
@given(code=codes.filter(lambda code: len(code) > 1), where=st.integers(0, 100), at=st.floats(0, QUIET_MS - 1))
def test_the_tail_of_a_code_that_was_cut_by_unplugging_is_never_a_code(
    framing: Framing, code: bytes, where: int, at: float
) -> None:
    cut = 1 + where % (len(code) - 1)
    _, end = MARKS[framing]
    frames = play(fresh(framing), [(at, code[cut:] + end + marked(framing, b"NEXT", b"AND-NEXT"))])
    assert whole(frames) == [b"NEXT", b"AND-NEXT"]
    assert told(frames)[0] == (code[cut:], FrameFault.EARLY)


def test_with_idle_framing_the_tail_lasts_until_the_first_silence() -> None:
    frames = play(fresh("idle"), [(10, b"34"), (40, b"56"), (40 + IDLE_MS, b"SN-2")])
    assert told(frames) == [(b"3456", FrameFault.EARLY), (b"SN-2", None)]


def test_a_tail_without_its_end_is_waited_for_however_long_it_takes() -> None:
    frames = play(fresh(), [(10, b"34"), (LONG_AFTER_MS, b"56\rSN-2\r")])
    assert told(frames) == [(b"34", FrameFault.NO_END), (b"56", FrameFault.REST), (b"SN-2", None)]


@pytest.mark.parametrize("noise", [b"\x00", b"\xff\x00", b"\r\n", b"\x00\r\n"])
def test_the_noise_of_plugging_in_is_not_reported(noise: bytes) -> None:
    assert told(play(fresh(), [(10, noise), (1000, b"SN-1\r")])) == [(b"SN-1", None)]


# Too long


@pytest.mark.parametrize("framing", [*MARKED, "idle"])
def test_a_megabyte_without_an_end_is_reported_once_and_not_kept(framing: Framing) -> None:
    line = quiet(framing)
    begin = MARKS[framing][0] if framing in MARKS else b""
    frames = line.feed(begin, 0)
    for number in range(1024):
        frames += line.feed(b"A" * 1024, number * SCANNER_MS)
        assert len(line._held) <= MAX_FRAME
    assert told(frames) == [(b"A" * MAX_FRAME, Fault.TOO_LONG)]


@pytest.mark.parametrize("framing", MARKED)
def test_after_a_code_that_was_too_long_the_next_one_is_taken(framing: Framing) -> None:
    frames = play(quiet(framing), [(0, marked(framing, b"A" * (MAX_FRAME + 1), b"SN-2"))])
    assert told(frames) == [(b"A" * MAX_FRAME, Fault.TOO_LONG), (b"SN-2", None)]


def test_the_longest_code_is_whole() -> None:
    assert whole(play(quiet(), [(0, b"A" * MAX_FRAME + b"\r")])) == [b"A" * MAX_FRAME]


def test_what_is_left_of_a_stuck_scanner_after_a_silence_is_not_a_code() -> None:
    frames = play(quiet(), [(0, b"A" * 5000), (LONG_AFTER_MS, b"AA\r"), (LONG_AFTER_MS * 2, b"SN-2\r")])
    assert told(frames) == [(b"A" * MAX_FRAME, Fault.TOO_LONG), (b"AA", FrameFault.REST), (b"SN-2", None)]


@pytest.mark.parametrize("framing", [*MARKED, "idle"])
@given(arrivals=st.lists(st.tuples(st.floats(0, 2000), st.binary(max_size=60)), max_size=20))
def test_whatever_comes_nothing_fails_and_nothing_readable_disappears(
    framing: Framing, arrivals: list[tuple[float, bytes]]
) -> None:
    at, timed = 0.0, []
    for gap, data in arrivals:
        at += gap
        timed.append((at, data))
    frames = play(fresh(framing), timed)
    readable = bytes(range(0x21, 0x7F))
    sent = bytes(byte for _, data in arrivals for byte in data if byte in readable)
    assert bytes(byte for frame in frames for byte in frame.data if byte in readable) == sent


# What a frame says


def read(*frames: bytes, encoding: str = "utf-8", gap: float = 1000.0) -> list[Scan]:
    reader = FrameReader("gun1", encoding)
    return [reader.scan(Frame(data, index * gap)) for index, data in enumerate(frames)]


def test_a_scan_names_its_scanner_and_keeps_group_separators() -> None:
    (scan,) = read(b"]C10104006381333931\x1d21SN-1")
    assert (scan.text, scan.device, scan.fault) == ("]C10104006381333931\x1d21SN-1", "gun1", None)


def test_bytes_that_are_not_text_are_refused_and_shown_by_their_values() -> None:
    (scan,) = read(b"SN-\xe9")
    assert (scan.text, scan.fault) == ("SN-<E9>", Fault.NOT_TEXT)


def test_another_encoding_is_decoded_as_strictly() -> None:
    good, bad = read("Gerät-1".encode("cp1252"), b"SN-\x81", encoding="cp1252")
    assert (good.text, good.fault) == ("Gerät-1", None)
    assert bad.fault is not None
    assert "not cp1252" in bad.fault


@pytest.mark.parametrize("data", [b"AB\x1b[31mC", b"A\x01B", b"12\x083", b"\x00SN-1", b" \x02SN-1"])
def test_control_keys_are_no_part_of_a_code(data: bytes) -> None:
    (scan,) = read(data)
    assert scan.fault == Fault.CONTROL_KEYS


def test_an_iso_15434_message_keeps_its_end_after_an_aim_identifier_too() -> None:
    for text in (b"[)>\x1e06\x1d1PABC\x1dS123\x1e\x04", b"]d1[)>\x1e06\x1d1PABC\x1dS123\x1e\x04"):
        (scan,) = read(text)
        assert (scan.text, scan.fault) == (text.decode(), None)


def test_full_width_digits_are_folded_with_a_note() -> None:
    (scan,) = read("SN-１２".encode())
    assert (scan.text, scan.note) == ("SN-12", FOLDED)


def test_the_fault_of_a_frame_is_the_fault_of_its_scan_even_if_it_is_not_text() -> None:
    reader = FrameReader("gun1")
    assert reader.scan(Frame(b"34", 0, FrameFault.REST)).fault == FrameFault.REST
    assert reader.scan(Frame(b"\xe9", 0, FrameFault.REST)).fault == FrameFault.REST


@pytest.mark.parametrize(
    ("prefix", "substitute", "data", "text", "fault"),
    [
        ("", "~", b"0104006381333931~21SN-1", "0104006381333931\x1d21SN-1", None),
        ("", "{GS}", b"]C121SN-1{GS}10LOT", "]C121SN-1\x1d10LOT", None),
        ("", "", b"21SN-1~10LOT", "21SN-1~10LOT", None),
        ("~", "", b"~SN-1", "SN-1", None),
        ("~", "", b"]C0~SN-1", "]C0SN-1", None),
        ("~", "", b"~]C0SN-1", "]C0SN-1", None),
        # An AIM identifier proves that the head is there, too.
        ("~", "", b"]C0SN-1", "]C0SN-1", None),
        # Only the first is the scanner's.
        ("~", "", b"~~SN-1", "~SN-1", None),
        # The same for both: the one at the beginning is no separator.
        ("~", "~", b"~21SN-1~10LOT", "21SN-1\x1d10LOT", None),
        ("~", "", b"SN-1", "SN-1", Fault.NO_START_MARK),
        ("<<", "", b"<SN-1", "<SN-1", Fault.NO_START_MARK),
        ("~", "", b"SN~1", "SN~1", Fault.NO_START_MARK),
        ("~", "", b"~", "~", Fault.TOO_SHORT),
        ("~", "", b"~]C0", "~]C0", Fault.TOO_SHORT),
        ("", "", b"]C0", "]C0", Fault.TOO_SHORT),
        ("~", "", b"~A\x01B", "~A\x01B", Fault.CONTROL_KEYS),
    ],
)
def test_prefix_and_separator_of_a_scanner(
    prefix: str, substitute: str, data: bytes, text: str, fault: Fault | None
) -> None:
    scan = FrameReader("gun1", prefix=prefix, gs_substitute=substitute).scan(Frame(data, 0))
    assert (scan.text, scan.fault) == (text, fault)


@pytest.mark.parametrize(
    ("prefix", "data", "is_missing"),
    [("~", b"]C1SN-1", True), ("~", b"~]C1SN-1", False), ("~", b"]C1~SN-1", False), ("", b"]C1SN-1", False)],
)
def test_a_code_that_an_aim_identifier_marks_is_known_by_its_missing_prefix(
    prefix: str, data: bytes, is_missing: bool
) -> None:
    assert FrameReader("gun1", prefix=prefix).scan(Frame(data, 0)).lacks_prefix is is_missing
    wedge = Wedge(WedgeSettings(prefix=prefix))
    assert [scan.lacks_prefix for scan in wedge.feed(data + b"\r", at=0) if isinstance(scan, Scan)] == [is_missing]
    pasted = wedge.feed(b"\x1b[200~" + data + b"\x1b[201~", at=9_000)
    assert [scan.lacks_prefix for scan in pasted if isinstance(scan, Scan)] == [is_missing]


@given(code=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1), cut=st.integers(1, 40))
def test_a_code_whose_head_is_lost_is_never_taken_after_a_prefix(code: str, cut: int) -> None:
    sent = f"<P>{code}".encode()
    scan = FrameReader("gun1", prefix="<P>").scan(Frame(sent[min(cut, len(sent) - 1) :], 0))
    assert scan.fault == Fault.NO_START_MARK


def test_the_same_code_twice_within_a_moment_counts_once() -> None:
    assert [scan.repeat for scan in read(b"SN-1", b"SN-1", b"SN-1", gap=250)] == [False, True, True]
    assert [scan.repeat for scan in read(b"SN-1", b"SN-1", gap=251)] == [False, False]


def test_only_the_same_code_in_a_row_from_the_same_scanner_is_a_repeat() -> None:
    assert [scan.repeat for scan in read(b"SN-1", b"SN-2", b"SN-1", gap=50)] == [False, False, False]
    assert [scan.repeat for scan in read(b"SN-1", b"\x01", b"SN-1", gap=50)] == [False, False, False]
    now = FrameReader("gun1", repeat_ms=0)
    assert [now.scan(Frame(b"SN-1", at)).repeat for at in (0, 1)] == [False, False]
    left, right = FrameReader("left"), FrameReader("right")
    assert not left.scan(Frame(b"SN-1", 0)).repeat
    assert not right.scan(Frame(b"SN-1", 0)).repeat


@pytest.mark.parametrize("framing", MARKED)
@pytest.mark.parametrize("between", [b" ", b"\x00", b"\r", b"\t", b"\x04", b"x"])
def test_a_frame_right_after_anything_else_of_its_line_is_marked(framing: Framing, between: bytes) -> None:
    """A label may hold anything in between, and a slow line takes its time for that."""
    start, end = MARKS[framing]
    for arrivals, follows in (
        ([(0.0, start + b"SS-COMPLETE" + end + between * 400 + start + b"SS-YES" + end)], True),
        ([(0.0, start + b"SS-COMPLETE" + end), *((at, between) for at in range(1, 400))], True),
        ([(0.0, start + b"SS-COMPLETE" + end)], False),
    ):
        line, reader = quiet(framing), FrameReader("gun1")
        sent = arrivals if len(arrivals[0][1]) > 100 else [*arrivals, (400.0, start + b"SS-YES" + end)]
        scans = [reader.scan(frame) for at, data in sent for frame in line.feed(data, at)]
        assert not scans[0].follows
        assert scans[-1].fault or scans[-1].follows is follows


def test_the_first_frame_of_a_line_follows_nothing() -> None:
    assert [scan.follows for scan in read(b"SN-1", b"SN-2")] == [False, False]
