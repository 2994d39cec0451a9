"""`commands` and `devices`."""

import json
from pathlib import Path

import pytest

from scanstation import cli


def test_the_sheet_of_commands_is_written_where_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[commands]\nprefix = "WH-"\n', encoding="utf-8")

    assert cli.run(["commands", "--output", "sheet.html"]) == 0

    assert "WH-COMPLETE" in (tmp_path / "sheet.html").read_text(encoding="utf-8")


def test_a_sheet_of_another_kind_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["commands", "--output", str(tmp_path / "sheet.docx")]) == 2

    told = capsys.readouterr().err
    assert told == "sheet.docx is neither .html nor .pdf. Name the file with one of these endings.\n"
    assert not (tmp_path / "sheet.docx").exists()


def test_the_list_of_devices_is_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["devices", "--format", "json"]) == 0

    listed = json.loads(capsys.readouterr().out)

    assert all(set(port) == {"port", "device", "what", "usable", "held_by", "gun"} for port in listed)
