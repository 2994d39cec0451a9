"""Traces: written, read back and played, the same each time; what is no trace is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk, Line
from scanstation.devices.tracefile import BadTrace, Trace, TraceWriter, outcome, played, read_trace
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.check_card import GS1_CARD, PLAIN_CARD
from scanstation.domain.scan import Source
from tests.devices.scanners import after, in_one, keyed, sent

SCANNER = SerialSettings("gun1", "/dev/ttyACM0", framing="tab")
SLOW = WedgeSettings(max_gap_ms=60, max_avg_ms=45)

ALL_KINDS = {
    "right": sent(f"]C0{PLAIN_CARD}"),
    "azerty": sent(keyed(PLAIN_CARD, computer="French")),
    "caps": sent(PLAIN_CARD.swapcase()),
    "gs": sent(f"]C1{GS1_CARD}"),
    "gs-alt": sent(f"]C1{GS1_CARD}".replace("\x1d", "\x1b0\x1b2\x1b9")),
    "no-gs": sent(GS1_CARD.replace("\x1d", "")),
    "crlf": sent("SN-0001", suffix="\r\n"),
    "no-suffix": sent("SN-0001", suffix=""),
    "slow": sent("SN-0001", gap=82),
    "pieces": sent("SN-0001", pause=(3, 200)),
    "twice": [*sent("SN-0001"), *sent("SN-0001", at=100)],
    "not-text": [Chunk("wedge", 0, b"SN\xff\xfe001\r")],
    "paste": in_one("\x1b[200~SN-0001\rSN-0002\x1b[201~"),
    "serial": in_one("SN-0001\t", device="gun1"),
    "cut": [
        Chunk("gun1", 0, line=Line.OPENED),
        *in_one("SN-0", at=900, device="gun1"),
        Chunk("gun1", 950, line=Line.LOST),
    ],
}


def written(path: Path, chunks: list[Chunk], wedge: WedgeSettings | None = None) -> Path:
    """A trace as the station records it."""
    wedge = wedge or WedgeSettings()
    trace = TraceWriter(path, wedge, [SCANNER], {"program": "0.1.0"})
    examiner = Examiner(wedge, [SCANNER])
    for chunk in chunks:
        for heard in examiner.hear(chunk):
            trace.heard(heard, "whatever it was read as")
        trace.chunk(chunk)
    for heard in hear_all(examiner, ()):
        trace.heard(heard, "whatever it was read as")
    trace.close()
    return path


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_trace_gives_what_was_made_of_it_each_time(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path / "a.jsonl", ALL_KINDS[kind])
    first, second = read_trace(file), read_trace(file)
    outcomes = [outcome(heard) for heard in first.heard()]
    assert outcomes
    assert outcomes == list(first.recorded) == [outcome(heard) for heard in second.heard()]
    assert [heard.timing for heard in first.heard()] == [heard.timing for heard in second.heard()]


def test_all_kinds_after_each_other_are_played_as_they_were(tmp_path: Path) -> None:
    chunks: list[Chunk] = []
    for kind in ALL_KINDS.values():
        start = after(chunks) if chunks else 0
        chunks += [Chunk(each.device, each.at + start, each.data, each.line) for each in kind]
    trace = read_trace(written(tmp_path / "a.jsonl", chunks))
    assert [outcome(heard) for heard in trace.heard()] == list(trace.recorded)


def test_the_settings_of_the_trace_count_and_others_can_be_tried(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path / "a.jsonl", sent("SN-0001", gap=40), SLOW))
    assert (trace.wedge, trace.scanners) == (SLOW, (SCANNER,))
    assert [heard.scan is not None for heard in trace.heard()] == [True]
    assert [heard.scan is not None for heard in trace.heard(WedgeSettings())] == [False]


def test_played_scans_say_where_they_come_from(tmp_path: Path) -> None:
    chunks = [*sent("SN-0001"), *sent("SN-0002", gap=90, at=3000), *sent("left", gap=90, at=6000, suffix="")]
    scans = played(read_trace(written(tmp_path / "a.jsonl", chunks)).heard())
    assert [(scan.text, scan.source, scan.device) for scan in scans] == [
        ("SN-0001", Source.SCAN, "replay"),
        ("SN-0002", Source.TYPED, "replay"),
    ]


def test_a_repeat_and_a_fault_are_played_too(tmp_path: Path) -> None:
    twice = played(read_trace(written(tmp_path / "a.jsonl", ALL_KINDS["twice"])).heard())
    assert [scan.repeat for scan in twice] == [False, True]
    (cut,) = played(read_trace(written(tmp_path / "b.jsonl", ALL_KINDS["pieces"])).heard())
    assert cut.fault


def test_a_recording_never_replaces_another(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", ALL_KINDS["right"])
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        TraceWriter(file, WedgeSettings(), (), {})
    assert file.read_bytes() == before


def test_a_trace_is_plain_ascii_and_times_begin_at_nought(tmp_path: Path) -> None:
    chunks = [Chunk("wedge", 5_000_000.25 + chunk.at, chunk.data) for chunk in ALL_KINDS["not-text"]]
    lines = written(tmp_path / "a.jsonl", chunks).read_bytes().decode("ascii").splitlines()
    assert json.loads(lines[0])["scanstation_trace"] == 1
    assert json.loads(lines[1]) == {"ms": 0.0, "from": "wedge", "hex": "53 4e ff fe 30 30 31 0d"}


def test_a_recording_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanstation.devices.tracefile.MOST_BYTES", 5000)
    trace = TraceWriter(tmp_path / "a.jsonl", WedgeSettings(), (), {})
    for at in range(1000):
        trace.chunk(Chunk("wedge", float(at), b"x" * 50))
    assert trace.is_full
    trace.close()
    assert (tmp_path / "a.jsonl").stat().st_size < 5200
    assert read_trace(tmp_path / "a.jsonl").chunks


def edited(line: int, edit: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    """A trace with one line changed."""

    def change(text: str) -> str:
        lines = text.splitlines()
        value = json.loads(lines[line])
        edit(value)
        lines[line] = json.dumps(value)
        return "\n".join(lines)

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: "", "is no trace. Record one"),
        (lambda text: "Warehouse,Client\n", "is no trace. Record one"),
        (lambda text: "{}", "is no trace. Record one"),
        (lambda text: "[1]", "it is no line of a trace"),
        (lambda text: text[:-10], "it is not JSON. Was the file cut off"),
        (edited(0, lambda head: head.update(scanstation_trace=2)), "as version 2"),
        (edited(0, lambda head: head["wedge"].update(max_gap=1)), "cannot be used (“max_gap” is not known"),  # type: ignore[attr-defined]
        (edited(0, lambda head: head["wedge"].update(max_gap_ms="x")), "used (something in it is of another kind"),  # type: ignore[attr-defined]
        (edited(0, lambda head: head.pop("wedge")), "line 1: the settings cannot be used (“wedge” is missing)"),
        (edited(0, lambda head: head["serial"][0].update(baud=-1)), "baud must be above 0"),  # type: ignore[index]
        (edited(0, lambda head: head["serial"][0].update(framing="crlf")), "framing knows line, stx-etx"),  # type: ignore[index]
        (edited(0, lambda head: head["serial"][0].update(idle_ms=True)), "idle_ms cannot be True"),  # type: ignore[index]
        (edited(0, lambda head: head["wedge"].update(gs_substitute=5)), "line 1: the settings cannot be used"),  # type: ignore[attr-defined]
        (edited(0, lambda head: head["wedge"].update(prefix=5)), "prefix cannot be 5"),  # type: ignore[attr-defined]
        (lambda text: text + "[" * 100_000, "it is not JSON. Was the file cut off"),
        (
            edited(1, lambda line: line.update(hex="xyz")),
            "line 2: it cannot be played (“hex” must be bytes, two digits each)",
        ),
        (edited(1, lambda line: line.update({"from": []})), "line 2: it cannot be played (something in it is"),
        (edited(1, lambda line: line.update(ms=float("nan"))), "it is earlier than the line before"),
        (edited(2, lambda line: line.update(ms=-1)), "line 3: it cannot be played (it is earlier"),
        (edited(1, lambda line: line.update({"from": "gun7"})), "there are no settings of gun7"),
        (edited(1, lambda line: line.pop("from")), "line 2: it cannot be played (“from” is missing)"),
    ],
)
def test_what_is_no_trace_is_told(tmp_path: Path, change: Callable[[str], str], told: str) -> None:
    file = written(tmp_path / "a.jsonl", ALL_KINDS["right"])
    file.write_text(change(file.read_text("ascii")), "ascii")
    with pytest.raises(BadTrace) as error:
        read_trace(file)
    assert told in str(error.value)


def test_a_trace_that_an_editor_of_windows_has_saved_is_played(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", ALL_KINDS["right"])
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert played(read_trace(file).heard())


def test_bytes_that_are_no_text_are_no_trace(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(BadTrace, match="not UTF-8"):
        read_trace(tmp_path / "a.jsonl")


def test_an_empty_trace_has_nothing_to_play(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path / "a.jsonl", []))
    assert isinstance(trace, Trace)
    assert played(trace.heard()) == []
