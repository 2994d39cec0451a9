"""`commands` and `devices`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from scanstation import cli
from tests.cli.conftest import Command


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

    assert all(set(port) == {"port", "device", "what", "usable", "held_by", "scanner"} for port in listed)


def test_what_the_configuration_names_is_listed_with_rights_and_holder_or_why_it_is_not_there(
    command: Command, in_folder: Path
) -> None:
    far, near = os.openpty()
    link = in_folder / "scanner-1"
    link.symlink_to(os.ttyname(near))
    ports = {
        "gun1": str(link),
        "gun2": "/dev/ttyNOWHERE7",
        "gun3": "socket://10.0.0.5:4001",
        "gun4": "usb:fffe:fffe",
        "gun5": str(in_folder),
    }
    (in_folder / "config.toml").write_text(
        "".join(f'[[serial]]\nid = "{name}"\nport = "{port}"\n' for name, port in ports.items()), encoding="utf-8"
    )
    reader = "import sys; line = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(link)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        ran = command("devices", "--format", "json")
        other.communicate()
    device = os.ttyname(near)
    os.close(far)
    os.close(near)

    rows = {port["scanner"]: port for port in ran.json if port["scanner"]}
    assert rows["gun1"] | {"held_by": ""} == {
        "port": str(link), "device": device, "what": "", "usable": "yes", "held_by": "", "scanner": "gun1"
    }  # fmt: skip
    assert f"({other.pid})" in rows["gun1"]["held_by"]
    assert str(os.getpid()) not in rows["gun1"]["held_by"]
    assert rows["gun2"]["usable"] == "no: it is not plugged in"
    assert rows["gun3"]["what"] == "in the network"
    assert rows["gun5"]["usable"] == "no: it is not a serial port"
    assert rows["gun4"]["usable"] == "no: no usb:fffe:fffe is plugged in"


def test_a_listed_port_tells_its_scanner_whatever_name_the_configuration_gives_it(
    command: Command, in_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ListPortInfo("/dev/ttyACM7", skip_link_detection=True)
    port.vid, port.pid, port.serial_number = 0x0C2E, 0x0B6A, "19246B0C88"
    monkeypatch.setattr("scanstation.devices.port_names.comports", lambda: [port])
    (in_folder / "scanner").symlink_to("/dev/ttyACM7")
    for name in ("usb:0c2e:0b6a", str(in_folder / "scanner"), "/dev/ttyACM7"):
        (in_folder / "config.toml").write_text(f'[[serial]]\nid = "gun1"\nport = "{name}"\n', encoding="utf-8")
        (row,) = command("devices", "--format", "json").json
        assert (row["port"], row["scanner"]) == ("usb:0c2e:0b6a:19246B0C88", "gun1")
