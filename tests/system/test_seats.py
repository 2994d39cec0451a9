"""A seat set up for good in a Debian folder: the user, the console's sign-in, ssh, and taken away again.

The folder is made by debootstrap, from Debian and the package index, which takes minutes and root: `make test-long`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.system.programs import free_port, program, running
from tests.terminal import READING_S, Terminal

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PACKAGES = "systemd,systemd-sysv,dbus,udev,kbd,login,openssh-server,tmux,python3-venv"
PROGRAM = "/opt/scanstation/bin/scanstation"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Debian with ScanStation's wheel, for the tests of this file one after the other."""
    root = tmp_path_factory.mktemp("host") / "root"
    ran([program("debootstrap"), "--variant=minbase", f"--include={PACKAGES}", "stable", str(root)])
    wheel, *_ = WheelBuilder(str(ROOT)).build(directory=str(root / "tmp"), versions=["standard"])
    python = inside(root, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
    fetching = ["download", "--quiet", "--only-binary=:all:", "--python-version", python, "--dest", str(root / "tmp")]
    ran([sys.executable, "-m", "pip", *fetching, str(wheel)])  # out here, where the way to the package index is known
    for folder in ("proc", "dev/pts"):
        ran(["mount", "--bind", f"/{folder}", str(root / folder)])
    try:
        inside(root, "python3", "-m", "venv", "/opt/scanstation")
        inside(
            root, "/opt/scanstation/bin/pip", "install", "--quiet", "--no-index", "--find-links", "/tmp", "scanstation"
        )
        yield root
    finally:
        for folder in ("dev/pts", "proc"):
            ran(["umount", "--lazy", str(root / folder)])


def ran(command: list[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout + done.stderr


def inside(root: Path, *command: str) -> str:
    return ran(["chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", *command])


def setup(root: Path, *arguments: str) -> str:
    line = ["setup", "station", *arguments, "--root", str(root), "--yes"]
    return ran([sys.executable, "-m", "scanstation", *line])


def leave(station: Terminal) -> None:
    station.press("ctrl+q")
    station.wait_for("Close this station?")
    station.pause(READING_S)
    station.press("y")
    station.wait_exit()


def test_a_seat_at_the_console_is_made_used_and_taken_away(host: Path) -> None:
    before = {path for path in (host / "etc").rglob("*") if not path.is_dir()}
    assert "The seat dock-1 is set up." in setup(host, "dock-1", "--program", PROGRAM, "--scanners")
    inside(host, "systemd-analyze", "verify", "--man=no", "getty@tty1.service", "scanstation-upgrade.service")
    assert (host / "etc/systemd/system/multi-user.target.wants/scanstation-upgrade.service").is_symlink()
    unit = (host / "etc/systemd/system/scanstation-upgrade.service").read_text(encoding="utf-8")
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).removeprefix("ExecStart=")
    said = inside(host, "runuser", "-u", "dock-1", "--", "sh", "-c", f"cd /srv/scanstation && exec {start}")
    assert "is up to date" in said
    drop_in = host / "etc/systemd/system/getty@tty1.service.d/scanstation.conf"
    lines = drop_in.read_text(encoding="utf-8").splitlines()
    getty = next(line for line in lines if line.startswith("ExecStart=-")).removeprefix("ExecStart=-")
    argv = getty.replace("%I", "-").replace("$TERM", "xterm-256color").split()
    with Terminal(["chroot", str(host), *argv]) as console:  # login hangs up its terminal, and this one with it
        console.wait_for("dock-1 (automatic login)")
    with Terminal(["chroot", str(host), "su", "--login", "dock-1"]) as station:
        station.wait_for("READY")
        station.wait_for("dock-1")
        leave(station)
    assert "is set up" in setup(host, "dock-1", "--program", PROGRAM, "--scanners")  # once more changes nothing
    assert "The seat dock-1 is taken away." in setup(host, "dock-1", "--remove")
    after = {path for path in (host / "etc").rglob("*") if not path.is_dir()}
    assert {path.name for path in after - before} <= {"passwd-", "group-", "shadow-", "gshadow-", "subuid-", "subgid-"}
    assert "dock-1" not in (host / "etc/passwd").read_text(encoding="utf-8")
    assert (host / "srv/scanstation/store/scanstation.db").exists()


def test_a_seat_over_ssh_in_tmux(host: Path, tmp_path: Path) -> None:
    ran([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "mine")])
    setup(host, "bench-2", "--program", PROGRAM, "--tmux", "--ssh-keys", str(tmp_path / "mine.pub"))
    port = free_port()
    (host / "run/sshd").mkdir(exist_ok=True)
    inside(host, "sshd", "-t")
    server = ["chroot", str(host), "/usr/sbin/sshd", "-D", "-e", "-p", str(port)]
    argv = [program("ssh"), "-F", os.devnull, "-tt", "-e", "none", "-p", str(port), "-i", str(tmp_path / "mine")]
    argv += ["-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={os.devnull}", "-o", "StrictHostKeyChecking=no"]
    with running(server, tmp_path / "log", "Server listening"), Terminal([*argv, "bench-2@127.0.0.1"]) as station:
        station.wait_for("READY")
        station.wait_for("bench-2")
        leave(station)
    assert "The seat bench-2 is taken away." in setup(host, "bench-2", "--remove")


def test_what_fails_in_the_middle_leaves_nothing(host: Path) -> None:
    """The seat's folder is a file: making the store fails after the user was made."""
    (host / "srv/blocked").write_text("", encoding="utf-8")
    line = [
        "setup",
        "station",
        "dock-3",
        "--program",
        PROGRAM,
        "--folder",
        "/srv/blocked",
        "--root",
        str(host),
        "--yes",
    ]
    done = subprocess.run([sys.executable, "-m", "scanstation", *line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "What had been written was taken back" in done.stderr
    assert "dock-3" not in (host / "etc/passwd").read_text(encoding="utf-8")
    assert not (host / "usr/local/lib/scanstation").exists()
