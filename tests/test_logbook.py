"""What is noted: JSON lines of this user alone, without secrets, control characters escaped, and never too many."""

import json
import logging
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanstation import logbook
from scanstation.logbook import Logbook, lines_since, note, note_seldom, without_secrets


def noted(station: str = "dock-2") -> list[str]:
    return logbook.file_of(station).read_text(encoding="utf-8").splitlines()


def test_a_line_says_when_where_and_what_and_is_its_users_alone() -> None:
    before = logbook.file_of("dock-2")
    before.touch(0o644)
    note("before", code="nobody hears it")
    book = Logbook("dock-2")
    note("answer", verdict="STOP", reason="unknown-code", ms=3.2, waiting=None, code="")
    book.close()
    note("after")
    (line,) = map(json.loads, noted())
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("at")) < timedelta(hours=1)
    assert line == {"station": "dock-2", "event": "answer", "verdict": "STOP", "reason": "unknown-code", "ms": 3.2}
    assert stat.S_IMODE(before.stat().st_mode) == 0o600


def test_nothing_in_a_line_can_speak_to_a_terminal() -> None:
    book = Logbook("dock-2")
    note("answer", code="A\x1b[2J\u202eB\x07\n")
    note("answer", code="Grün")
    book.close()
    first, second = noted()
    assert first.isascii()
    assert "\\u001b[2J\\u202eB\\u0007\\n" in first
    assert "Grün" in second


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ana:s3cret@db/dock?x=1", "postgresql://ana:…@db/dock?x=1"),
        ("could not: password=s3cret host=db", "could not: password=… host=db"),
        ("PIN: 471100, again", "PIN: … again"),
        ("pins and passwords are none", "pins and passwords are none"),
        ("http://h:80/x", "http://h:80/x"),
    ],
)
def test_secrets_are_left_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_what_lasts_is_noted_once_a_minute() -> None:
    book = Logbook("dock-9")
    for _ in range(3):
        note_seldom("store failed", code="57P01-of-this-test")
    note_seldom("store failed", code="53100-of-this-test")
    book.close()
    assert len(noted("dock-9")) == 2


def test_old_lines_go_to_other_files_and_then_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "_MOST_BYTES", 500)
    book = Logbook("dock-2")
    for number in range(60):
        note("answer", ms=number)
    book.close()
    files = sorted(logbook.folder().glob("station-*"))
    assert len(files) == 6
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    kept = [line["ms"] for line in lines_since(datetime.now(UTC) - timedelta(hours=1), "dock-2")]
    assert kept == sorted(kept)
    assert kept[-1] == 59


def test_stations_whose_names_look_alike_have_files_of_their_own() -> None:
    assert len({logbook.file_of(name) for name in ("a b", "a/b", "a_b", "../a_b")}) == 4
    assert logbook.file_of("../x").parent == logbook.folder()


def test_where_nothing_can_be_written_the_station_goes_on(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logbook.file_of("dock-2").mkdir()
    book = Logbook("dock-2")
    note("answer")
    book.close()
    assert capfd.readouterr().err == ""
    assert not logging.getLogger("scanstation").hasHandlers() or len(logging.getLogger("scanstation").handlers) == 1
