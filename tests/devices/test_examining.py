"""What is heard, from what comes in: the same scans as the decoders give, each with its bytes and its times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk, Line
from scanstation.devices.wedge import Wedge
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.heard import Heard
from scanstation.domain.scan import KEYBOARD, Fault, Scan
from tests.devices.scanners import after, in_one, sent

SCANNER = SerialSettings("gun1", "/dev/null")


def heard(chunks: list[Chunk], settings: WedgeSettings | None = None, scanner: SerialSettings = SCANNER) -> list[Heard]:
    return hear_all(Examiner(settings or WedgeSettings(), [scanner]), chunks)


def one(chunks: list[Chunk], settings: WedgeSettings | None = None, scanner: SerialSettings = SCANNER) -> Heard:
    (only,) = heard(chunks, settings, scanner)
    return only


def code(each: Heard) -> str:
    assert each.scan is not None
    return each.scan.text


def test_a_paste_that_begins_before_a_code_is_over_and_never_ends_is_told_after_the_code() -> None:
    reads = [(0.0, b"AAA]C1"), (200.0, b"\x1b[200~A")]
    told = heard([Chunk(KEYBOARD, at, data) for at, data in reads])
    assert [(code(each), each.scan and each.scan.fault) for each in told] == [
        ("AAA]C1", Fault.NO_END),
        ("A", Fault.OPEN_PASTE),
    ]


def test_a_scan_has_its_bytes_and_its_times() -> None:
    scan = one(sent("SN-0001", gap=5, at=100))
    assert (code(scan), scan.readable, scan.suffix_name, scan.at) == ("SN-0001", "SN-0001␍", "Enter (CR)", 100)
    assert scan.timing == "7 characters in 35 ms: 5.0 ms mean, 5.0 ms largest gap"


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        ("\r", "Enter (CR)"),
        ("\n", "LF"),
        ("\r\n", "CR LF"),
        ("\t", "Tab"),
        ("\t\r", "Tab Enter (CR)"),
        ("", "none sent"),
    ],
)
@pytest.mark.parametrize("gap", [0, 4, 20])
def test_every_suffix_is_told_whole(suffix: str, name: str, gap: float) -> None:
    scans = heard([*sent("SN-0001", gap=gap, suffix=suffix), *sent("SN-0002", gap=gap, at=2000, suffix=suffix)])
    assert [(code(scan), scan.suffix_name) for scan in scans] == [("SN-0001", name), ("SN-0002", name)]


def test_codes_in_one_read_are_taken_apart() -> None:
    scans = heard(in_one("AAAA1\rBBBB2\r\nCCCC3\r"))
    assert [scan.readable for scan in scans] == ["AAAA1␍", "BBBB2␍␊", "CCCC3␍"]
    assert scans[0].timing == "5 characters, all at once"


def test_control_characters_and_lost_bytes_are_made_visible() -> None:
    scan = one([Chunk(KEYBOARD, 0, b"A\x1dB\x1b[31m\xe9C\r")])
    assert scan.readable == "A␝B␛[31m<E9>C␍"
    assert scan.scan
    assert scan.scan.fault == Fault.NOT_TEXT


def test_a_slow_scanner_is_typing_and_the_setting_is_named() -> None:
    slow = one(sent("SN-0001", gap=82))
    assert slow.scan is None
    assert slow.why_typed == "too slow for a scan: 82 ms between characters; max_gap_ms is 35"
    assert slow.readable == "SN-0001␍"


@pytest.mark.parametrize(
    ("chunks", "why"),
    [
        (sent("SN-0001", gap=30), "too slow for a scan: 30 ms between characters; max_avg_ms is 25"),
        (sent("AB", gap=5), "too short for a scan: min_length is 4"),
        (sent("SN-", gap=5, suffix=""), "too short for a scan: min_length is 4"),
        (sent("ssssssss", gap=30), "too slow for a scan: 30 ms between characters; max_avg_ms is 25"),
        (sent("ssssssss", gap=20), "one key that was held down"),
    ],
)
def test_why_it_is_typing_is_told(chunks: list[Chunk], why: str) -> None:
    assert one(chunks).why_typed == why


def test_why_it_is_typing_is_told_where_codes_have_no_suffix() -> None:
    (typed,) = hear_all(Examiner(WedgeSettings(suffix=("none",))), sent("SN-01", gap=5, suffix=""))
    assert typed.why_typed == "too short for a scan without a suffix: min_length_no_suffix is 6"


def test_a_code_in_pieces_shows_all_of_it() -> None:
    scan = one(sent("SN-00012345", gap=4, pause=(5, 250)))
    assert scan.scan
    assert scan.scan.fault == Fault.PIECES
    assert scan.largest_gap == 254


def test_what_was_typed_before_a_scan_is_apart_from_it() -> None:
    typed = sent("ab", gap=90, suffix="")
    fragment, scan = heard([*typed, *sent("SN-0001", at=after(typed, 500))])
    assert (fragment.body, fragment.scan, code(scan), scan.readable) == ("ab", None, "SN-0001", "SN-0001␍")


def test_keys_that_write_nothing_are_not_heard() -> None:
    assert (
        heard([Chunk(KEYBOARD, at * 200, data) for at, data in enumerate([b"\x1bOP", b"\x1b", b"\r", b"\x1b[I"])]) == []
    )


def test_each_line_of_a_paste_is_told() -> None:
    pasted = heard(in_one("\x1b[200~SN-0001\rSN-0002\x1b[201~"))
    assert [code(each) for each in pasted] == ["SN-0001", "SN-0002"]


def test_a_serial_scanner_goes_through_its_framing() -> None:
    scanner = SerialSettings("gun1", "/dev/null", framing="stx-etx")
    scan = one(in_one("\x02SN-0001\x03\r\n", device="gun1"), scanner=scanner)
    assert (scan.device, code(scan), scan.readable) == ("gun1", "SN-0001", "␂SN-0001␃␍␊")


def test_a_serial_code_without_its_end_is_heard_with_its_fault() -> None:
    scan = one(in_one("SN-0001\t", device="gun1"))
    assert scan.scan
    assert scan.scan.fault
    assert scan.scan.fault.startswith("has no end")
    assert scan.suffix_name == "Tab"


def test_what_comes_while_a_line_is_opened_is_not_believed() -> None:
    chunks = [Chunk("gun1", 0, line=Line.OPENED), *in_one("TAIL1\r", at=100, device="gun1")]
    early, good = heard([*chunks, *in_one("SN-0001\r", at=2000, device="gun1")])
    assert early.scan
    assert early.scan.fault
    assert good.scan
    assert not good.scan.fault


def test_a_code_that_was_cut_by_unplugging_is_told() -> None:
    cut = one([*in_one("SN-00", device="gun1"), Chunk("gun1", 50, line=Line.LOST)])
    assert cut.scan
    assert cut.scan.fault == "was cut off: the scanner was unplugged"


def test_two_scanners_at_once_are_never_mixed() -> None:
    chunks = sorted([*sent("SN-0001", gap=6), *sent("SN-0002", gap=6, at=3, device="gun1")], key=lambda each: each.at)
    assert {(each.device, code(each)) for each in heard(chunks)} == {("wedge", "SN-0001"), ("gun1", "SN-0002")}


@pytest.mark.long
def test_a_stuck_scanner_is_held_within_bounds() -> None:
    chunks = [Chunk(KEYBOARD, float(at), b"x" * 60_000) for at in range(0, 200, 10)]
    stuck = heard(chunks)
    assert stuck[0].scan
    assert stuck[0].scan.fault == Fault.TOO_LONG
    assert all(len(each.raw) <= 16_384 for each in stuck)


def test_what_came_with_the_very_byte_that_ends_a_sequence_is_refused_with_it() -> None:
    (refused,) = heard([Chunk(KEYBOARD, 0, b"\x1b"), Chunk(KEYBOARD, 40, b"\xe9"), Chunk(KEYBOARD, 40, b"A")])
    assert refused.scan is not None
    assert (refused.scan.text, refused.scan.fault) == ("\x1b<E9>A", Fault.NOT_TEXT)


_STREAMS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 5, 20, 40, 80, 200, 400, 1500]),
        st.sampled_from(
            [
                b"A",
                b"1",
                b"]C1",
                b"SN-1",
                b"\r",
                b"\n",
                b"\t",
                b"\x1d",
                b"\x1b",
                b"\x1bOP",
                b"\xe9",
                b"\x1b[200~",
                b"\x1b[201~",
                b"\xc3\xa9",
            ]
        ),
    ),
    max_size=40,
)


@given(_STREAMS)
def test_the_same_scans_are_heard_as_the_station_takes(stream: list[tuple[int, bytes]]) -> None:
    at, chunks = 0.0, []
    for gap, data in stream:
        at += gap
        chunks.append(Chunk(KEYBOARD, at, data))
    wedge, taken = Wedge(WedgeSettings()), []
    for chunk in chunks:
        while (due := wedge.deadline) is not None and due < chunk.at:
            taken += wedge.poll(due + 0.001)
        taken += wedge.feed(chunk.data, chunk.at)
    while (due := wedge.deadline) is not None:
        taken += wedge.poll(due + 0.001)
    expected = [(scan.text, scan.fault, scan.repeat) for scan in taken if isinstance(scan, Scan)]
    got = [(each.scan.text, each.scan.fault, each.scan.repeat) for each in heard(chunks) if each.scan]
    assert got == expected
