"""What setting up a seat would write and run, and why it is refused; tests/system/test_seats.py does it for good."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanstation.domain.outcome import Refused
from scanstation.workflows.upkeep.seats import Host, Seat, SeatPlan, going, planned

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhXW1pZWFdWVVRTUlFQT05NTEtKSUhHRkVEQ0JBQD8+ handheld"
SEAT = Seat(name="dock-1", program=Path("/opt/scanstation/bin/scanstation"))
PROGRAMS = ("systemctl", "useradd", "runuser", "setfont", "sshd", "tmux", "udevadm")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """The files of a host that is not running."""
    tmp_path.chmod(0o755)
    for name in PROGRAMS:
        put(tmp_path / "usr/sbin" / name, "", 0o755)
    put(tmp_path / "opt/scanstation/bin/scanstation", "", 0o755)
    put(tmp_path / "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nana:x:1000:1000:Ana:/home/ana:/bin/sh\n")
    put(tmp_path / "etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n")
    return Host(tmp_path)


def put(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def plan_of(seat: Seat, host: Host) -> SeatPlan:
    plan = planned(seat, host)
    assert isinstance(plan, SeatPlan), plan
    return plan


def carried_out(seat: Seat, host: Host) -> None:
    """As setting up would leave the files."""
    for file in plan_of(seat, host).files:
        put(host.at(file.path), file.text, file.mode)
    with host.at(Path("/etc/passwd")).open("a", encoding="utf-8") as users:
        users.write(
            f"{seat.name}:x:1001:1001:ScanStation seat:/home/{seat.name}:/usr/local/lib/scanstation/{seat.name}\n"
        )


def test_at_a_console(host: Host) -> None:
    plan = plan_of(SEAT, host)
    texts = {str(file.path): file.text for file in plan.files}
    assert list(texts) == [
        "/srv/scanstation/config.toml",
        "/usr/local/lib/scanstation/dock-1",
        "/etc/systemd/system/getty@tty1.service.d/scanstation.conf",
        "/etc/systemd/system/scanstation-upgrade.service",
    ]
    assert 'exec /opt/scanstation/bin/scanstation --station "$(id -un)"' in texts["/usr/local/lib/scanstation/dock-1"]
    getty = texts["/etc/systemd/system/getty@tty1.service.d/scanstation.conf"]
    assert "ExecStart=\nExecStart=-/sbin/agetty --autologin dock-1 --noclear %I $TERM\n" in getty
    assert (
        "ExecStart=/opt/scanstation/bin/scanstation db upgrade"
        in texts["/etc/systemd/system/scanstation-upgrade.service"]
    )
    assert [command[0] for command in plan.before] == ["groupadd", "useradd", "install", "install"]
    assert [command[0] for command in plan.after] == ["runuser", "chmod", "systemctl"]
    assert not any(host.at(file.path).exists() for file in plan.files)  # nothing was written


def test_over_ssh_in_tmux_with_scanners(host: Host) -> None:
    texts = {f.path.name: f.text for f in plan_of(replace(SEAT, keys=KEY, in_tmux=True, has_ports=True), host).files}
    assert "scanstation.conf" not in texts
    assert "Match User dock-1\n    ForceCommand /usr/local/lib/scanstation/dock-1\n" in texts["scanstation-dock-1.conf"]
    assert texts["dock-1.keys"].endswith(f"\n{KEY}\n")
    assert "set -g prefix None" in texts["dock-1.tmux"]
    assert "exec tmux -f /usr/local/lib/scanstation/dock-1.tmux new-session" in texts["dock-1"]
    assert 'GROUP="dialout"' in texts["99-scanstation.rules"]


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"name": "Dock 1"}, "seat-name", "Dock 1 cannot be the name"),
        ({"name": "-x"}, "seat-name", "-x"),
        ({"name": "ana"}, "seat-user", "a user ana already"),
        ({"folder": Path("/srv/my store")}, "seat-folder", "/srv/my store"),
        ({"folder": Path("srv")}, "seat-folder", "srv"),
        ({"console": "pts/0"}, "seat-console", "pts/0 is no console"),
        ({"font": "a b"}, "seat-font", "a b"),
        ({"program": Path("/opt/none")}, "seat-program", "There is no program /opt/none"),
        ({"program": Path("/opt/scanstation/bin")}, "seat-program", "There is no program"),
        ({"keys": ""}, "seat-keys", "no public key"),
        ({"keys": "-----BEGIN OPENSSH PRIVATE KEY-----"}, "seat-keys", "no public key"),
        ({"keys": f"{KEY}\n{KEY[:40]}"}, "seat-keys", "no public key"),
        ({"keys": f'command="sh" {KEY}'}, "seat-keys", "no public key"),
    ],
)
def test_what_cannot_be_a_seat(host: Host, changes: dict[str, Any], reason: str, said: str) -> None:
    refusal = planned(replace(SEAT, **changes), host)
    assert isinstance(refusal, Refused)
    assert refusal.reasons[0].name == reason
    assert said in refusal.text


@pytest.mark.parametrize(
    ("lacks", "seat", "package"),
    [("setfont", SEAT, "kbd"), ("sshd", replace(SEAT, keys=KEY), "openssh-server"),
     ("tmux", replace(SEAT, in_tmux=True), "tmux"), ("udevadm", replace(SEAT, has_ports=True), "udev")],
)  # fmt: skip
def test_what_a_host_lacks_is_named_by_its_package(host: Host, lacks: str, seat: Seat, package: str) -> None:
    host.at(Path("/usr/sbin") / lacks).unlink()
    refusal = planned(seat, host)
    assert isinstance(refusal, Refused)
    assert f"apt install {package}" in refusal.text


def test_a_host_without_systemd_or_with_an_sshd_of_its_own(host: Host) -> None:
    put(host.at(Path("/etc/ssh/sshd_config")), "Port 22\n")
    refusal = planned(replace(SEAT, keys=KEY), host)
    assert isinstance(refusal, Refused)
    assert "Include /etc/ssh/sshd_config.d/*.conf" in refusal.text
    host.at(Path("/usr/sbin/systemctl")).unlink()
    refusal = planned(SEAT, host)
    assert isinstance(refusal, Refused)
    assert refusal.reasons[0].name == "seat-host"


def test_a_program_in_a_folder_of_its_owner_alone(host: Host) -> None:
    host.at(Path("/opt/scanstation")).chmod(0o750)
    refusal = planned(SEAT, host)
    assert isinstance(refusal, Refused)
    assert "may not be run by other users" in refusal.text


def test_a_program_that_a_folder_of_its_owner_alone_runs(host: Host) -> None:
    put(host.at(Path("/root/.local/bin/python")), "", 0o755)
    host.at(Path("/root")).chmod(0o700)
    put(host.at(Path("/opt/scanstation/bin/python")), "", 0o755)
    put(host.at(SEAT.program), "#!/opt/scanstation/bin/python\n", 0o755)
    assert isinstance(planned(SEAT, host), SeatPlan)
    host.at(Path("/opt/scanstation/bin/python")).unlink()
    host.at(Path("/opt/scanstation/bin/python")).symlink_to("/root/.local/bin/python")
    refusal = planned(SEAT, host)
    assert isinstance(refusal, Refused)
    assert "may not be run by other users" in refusal.text


def test_what_others_wrote_is_left_alone(host: Host) -> None:
    put(host.at(Path("/srv/scanstation/config.toml")), "[ui]\n")
    put(host.at(Path("/usr/local/lib/scanstation/own-tool")), "#!/bin/sh\n")
    assert isinstance(going("own-tool", host), Refused)
    plan = plan_of(SEAT, host)
    assert "config.toml" not in {file.path.name for file in plan.files}
    assert "/srv/scanstation/config.toml was there and stays as it is." in plan.notes
    assert not any("init" in command for command in plan.after)
    drop_in = host.at(Path("/etc/systemd/system/getty@tty1.service.d/scanstation.conf"))
    put(drop_in, "[Service]\n")
    refusal = planned(SEAT, host)
    assert isinstance(refusal, Refused)
    assert refusal.reasons[0].name == "seat-file"


def test_two_seats_of_a_host(host: Host) -> None:
    carried_out(SEAT, host)
    assert plan_of(SEAT, host).before[1][0] == "usermod"  # once more: as it is to be now
    refusal = planned(replace(SEAT, name="dock-2"), host)
    assert isinstance(refusal, Refused)
    assert refusal.reasons[0].name == "seat-console"
    second = replace(SEAT, name="dock-2", console="tty2")
    carried_out(second, host)
    assert host.seats() == ["dock-1", "dock-2"]
    leaving = going("dock-1", host)
    assert isinstance(leaving, SeatPlan)
    assert [file.path.parts[-2:] for file in leaving.files] == [
        ("getty@tty1.service.d", "scanstation.conf"), ("scanstation", "dock-1")]  # fmt: skip
    last = leaving
    for name in ("dock-2", "dock-1"):
        plan = going(name, host)
        assert isinstance(plan, SeatPlan)
        for file in plan.files:
            host.at(file.path).unlink()
        last = plan
    assert "scanstation-upgrade.service" in {file.path.name for file in last.files}
    refusal = going("dock-1", host)
    assert isinstance(refusal, Refused)
    assert refusal.text == "There is no seat dock-1 on this host. Its seats: none."


def test_the_command_shows_and_changes_nothing_unless_it_is_told_to(host: Host) -> None:
    line = ["setup", "station", "dock-1", "--root", str(host.root), "--program", str(SEAT.program)]
    ran = subprocess.run(
        [sys.executable, "-m", "scanstation", *line],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "write   /usr/local/lib/scanstation/dock-1\n        #!/bin/sh\n" in ran.stderr
    assert ran.stderr.endswith("Nothing was changed. With --yes it is done.\n")
    assert host.seats() == []
