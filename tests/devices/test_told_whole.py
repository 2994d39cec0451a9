"""What is said of scanners is said whole in every language: the check card, times, ports, traces."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from serial.tools.list_ports_common import ListPortInfo

from scanstation.devices.code_text import note_on
from scanstation.devices.examining import Examiner, hear_all
from scanstation.devices.port_names import Holder, PortError, find_port
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tap import Chunk
from scanstation.devices.tracefile import BadTrace, read_trace
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.check_card import GS1_CARD, GS1_FIELDS, PLAIN_CARD
from scanstation.domain.heard import read_as
from scanstation.domain.keyboards import mismatches
from scanstation.domain.language import english, shown
from scanstation.domain.sentences.phrases import PHRASES
from scanstation.workflows.codes.interpreting import interpret
from tests.crossed import crossed_out, english_in
from tests.devices.cards import MARKED, checked, checked_scanner
from tests.devices.scanners import keyed, sent

CARDS: list[tuple[list[Chunk], WedgeSettings]] = [
    (sent(MARKED), WedgeSettings(require_aim=True)),
    (sent(f"]C1{GS1_CARD}"), WedgeSettings(drops_separators=True)),
    *((sent("]C1" + between.join(GS1_FIELDS)), WedgeSettings()) for between in ("", "~", "A", "º™ª", "␝", "\u2194")),
    (sent("]C1" + "~".join(GS1_FIELDS)), WedgeSettings(gs_substitute="~")),
    (sent(keyed(PLAIN_CARD, computer="French")), WedgeSettings()),
    (sent(keyed(PLAIN_CARD, scanner="Danish")), WedgeSettings()),
    (sent(keyed(PLAIN_CARD, computer="German").replace("2", "")), WedgeSettings()),
    (sent(PLAIN_CARD.swapcase()), WedgeSettings()),
    (sent(PLAIN_CARD.replace("Q", "")), WedgeSettings()),
    (sent(MARKED, suffix="\t"), WedgeSettings(suffix=("enter",))),
    (sent(MARKED, suffix="\x03"), WedgeSettings()),
    (sent(MARKED, suffix=""), WedgeSettings()),
    (sent(MARKED, suffix=""), WedgeSettings(suffix=("none",))),
    (sent(MARKED), WedgeSettings(suffix=("none",))),
    *((sent(MARKED, gap=gap), WedgeSettings()) for gap in (0, 45, 82)),
    (sent(MARKED, pause=(20, 250)), WedgeSettings()),
    (sent(f"~{PLAIN_CARD}"), WedgeSettings()),
    (sent(PLAIN_CARD), WedgeSettings(prefix="~", require_aim=True)),
]


@pytest.mark.parametrize(("chunks", "settings"), CARDS)
def test_a_check_card_is_told_whole(chunks: list[Chunk], settings: WedgeSettings) -> None:
    plain = checked(chunks, settings)
    with crossed_out():
        found = checked(chunks, settings)
        texts = [text for finding in found.findings for text in (finding.what, finding.text)]
        texts += [change.words for change in (*found.changes, *found.optional)]
    assert english_in(texts, [*WedgeSettings.__slots__, '"none"', '"enter"', '"tab"', '"lf"', "true", "false"]) == []
    assert [english(finding.text) for finding in found.findings] == [finding.text for finding in plain.findings]


@pytest.mark.parametrize("framing", ["line", "idle", "tab"])
@pytest.mark.parametrize("card", [MARKED, f"\x02{MARKED}", "]C1" + "~".join(GS1_FIELDS), PLAIN_CARD.swapcase()])
@pytest.mark.parametrize("suffix", ["\r\n", "\t", "\x03", ""])
def test_a_check_card_at_a_serial_port_is_told_whole(card: str, suffix: str, framing: str) -> None:
    scanner = SerialSettings("gun1", "/dev/null", framing=framing)  # type: ignore[arg-type]
    with crossed_out():
        found = checked_scanner(sent(card, suffix=suffix, device="gun1"), scanner)
    texts = [text for finding in found.findings for text in (finding.what, finding.text)]
    assert english_in(texts, ["“line”", "“idle”", "“tab”"]) == []


def test_every_keyboard_has_its_name_in_the_catalogs() -> None:
    names = {one.computer for one, *_ in mismatches()} | {one.scanner for one, *_ in mismatches()}
    assert names - set(PHRASES) == set()


@pytest.mark.parametrize(
    ("chunks", "settings"),
    [
        (sent("ABC-1", gap=90), WedgeSettings()),
        (sent("ABCDEFGH-1", gap=33), WedgeSettings()),
        (sent("aaaaaa", gap=33), WedgeSettings()),
        (sent("AB"), WedgeSettings(min_length=8)),
        (sent("ABCD", suffix=""), WedgeSettings(suffix=("none",))),
        (sent("A"), WedgeSettings()),
    ],
)
def test_why_it_is_no_scan_is_told_whole(chunks: list[Chunk], settings: WedgeSettings) -> None:
    with crossed_out():
        (heard,) = hear_all(Examiner(settings), chunks)
        said = [heard.why_typed, heard.timing, heard.suffix_name]
    assert heard.why_typed
    assert english_in(map(shown, said), WedgeSettings.__slots__) == []


@pytest.mark.parametrize(
    "code",
    [
        *(
            "SN-1",
            "SS-QTY-5",
            "]C10104006381333931",
            "]C1010400638133393121A",
            "]d2010400638133393121A\x1d240B",
            "]E04006381333931",
        ),
        *(
            "]C100340123450000000017",
            "]C101040063813339313712",
            "[)>\x1e06\x1dSA\x1d1PB\x1e\x04",
            "]C10104006381333930",
        ),
    ],
)
def test_what_a_code_is_read_as_is_told_whole(code: str) -> None:
    plain = read_as(interpret(code, command_prefix="SS-"))
    with crossed_out():
        said = read_as(interpret(code, command_prefix="SS-"))
    assert english_in([said]) == []
    assert english(said) == plain


def test_what_was_mended_is_told_whole() -> None:
    with crossed_out():
        said = note_on("\u00a0ＡＢ\u200b")
    assert said
    assert english_in([said], ["no-break space", "zero width space"]) == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "/dev/x\x00",
            "ttyACM0",
            "socket://USER@HOST:1",
            "telnet://HOST:1",
            "socket://HOST",
            "usb:12",
            "usb:0C2E:0B6A",
        ),
        "usb:1234:5678",
    ],
)
def test_what_is_wrong_with_a_port_is_told_whole(name: str) -> None:
    listed = [ListPortInfo("/dev/A"), ListPortInfo("/dev/B")]
    for number, port in enumerate(listed):
        port.vid, port.pid, port.serial_number = 0x1234, 0x5678, "S1" if number else None
    with pytest.raises(PortError) as plain:
        find_port(name, listed)
    with crossed_out(), pytest.raises(PortError) as caught:
        find_port(name, listed)
    assert english(caught.value) == str(plain.value)
    known = [name, "ttyACM0", "/dev/", "socket://", "rfc2217://", "loop://", "usb"]
    assert english_in([str(caught.value)], known) == []


def test_who_holds_a_port_is_told_whole() -> None:
    with crossed_out():
        assert english_in([shown(Holder(7, "MINICOM"))]) == []


HEAD: dict[str, Any] = {"scanstation_trace": 1, "wedge": asdict(WedgeSettings()), "serial": []}
WHOLE = json.dumps(HEAD)


@pytest.mark.parametrize(
    "lines",
    [
        ["{}"],
        ["no JSON"],
        [json.dumps({**HEAD, "scanstation_trace": 99})],
        [json.dumps({**HEAD, "wedge": {**HEAD["wedge"], "max_gap_ms": -1}})],
        [json.dumps({**HEAD, "wedge": {**HEAD["wedge"], "NOPE": 1}})],
        [json.dumps({**HEAD, "wedge": {**HEAD["wedge"], "repeat_ms": "A"}})],
        [json.dumps({**HEAD, "wedge": {}})],
        [json.dumps({**HEAD, "wedge": []})],
        [WHOLE, "{"],
        [WHOLE, "[]"],
        [WHOLE, '{"from": "GUN", "ms": 1, "hex": ""}'],
        [WHOLE, '{"from": "wedge", "ms": 5, "hex": "Z"}'],
        [WHOLE, '{"from": "wedge", "ms": 5, "hex": "41"}', '{"from": "wedge", "ms": 4, "hex": "41"}'],
        [WHOLE, '{"from": "wedge", "ms": 5, "line": "A"}'],
        [WHOLE, '{"from": "wedge"}'],
    ],
)
def test_what_is_wrong_with_a_trace_is_told_whole(tmp_path: Path, lines: list[str]) -> None:
    file = tmp_path / "T.JSONL"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadTrace) as plain:
        read_trace(file)
    with crossed_out(), pytest.raises(BadTrace) as caught:
        read_trace(file)
    assert english(caught.value.args[0]) == str(plain.value)
    assert english_in([str(caught.value)], [str(file), "max_gap_ms", "repeat_ms", "“ms”", "“suffix”"]) == []
