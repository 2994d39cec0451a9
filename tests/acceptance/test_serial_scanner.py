"""A scanner on a serial port beside the keyboard: its scans are booked, and it hears its own answers."""

import os
import select
import sys
import tty
from pathlib import Path

from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.terminal import Terminal

ACK = b"\x06"


def heard(scanner: int, count: int) -> bytes:
    """What the scanner has been told, once it was told that much."""
    told = b""
    while len(told) < count:
        assert select.select([scanner], [], [], 20)[0], f"only {told!r} came"
        told += os.read(scanner, 16)
    return told


def test_a_scanner_on_a_port_receives_and_is_told_what_was_kept(store: Store, site: Site, tmp_path: Path) -> None:
    product(site, "CAM-300", 1)
    purchase(site, "N-1", {"CAM-300": 2})
    scanner, port = os.openpty()
    tty.setraw(scanner)
    (tmp_path / "config.toml").write_text(
        f'[[serial]]\nid = "gun1"\nport = "{os.ttyname(port)}"\nfeedback = "ack"\n', encoding="utf-8"
    )
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "--station", "dock-2"]
    os.close(port)
    with Terminal([*program, "receive", "N-1"], cwd=tmp_path) as station:
        station.wait_for("N-1 is open")
        station.wait_for("● gun1")
        os.write(scanner, b"CAM-300\r\n")
        station.wait_for("Primary serial")
        os.write(scanner, b"SN-1\r\n")
        station.wait_for("SN-1 → CAM-300")
        os.write(scanner, b"NO-SUCH\r\n")
        station.wait_for("STOP")
        station.scan("CAM-300")
        station.wait_for("Primary serial")
        os.write(scanner, b"SN-2\r\n")
        station.wait_for("SN-2 → CAM-300")
    assert heard(scanner, 3) == ACK * 3, "what was refused, and what the keyboard scanned, is not acknowledged"
    os.close(scanner)


def test_why_a_scanner_is_not_there_is_said_after_the_first_screen_has_opened(
    store: Store, site: Site, tmp_path: Path
) -> None:
    product(site, "CAM-300", 1)
    purchase(site, "N-1", {"CAM-300": 2})
    (tmp_path / "config.toml").write_text(f'[[serial]]\nid = "gun1"\nport = "{tmp_path / "gun"}"\n', encoding="utf-8")
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "--station", "dock-2"]
    with Terminal([*program, "receive", "N-1"], cwd=tmp_path) as station:
        station.wait_for("CAM-300 described")
        station.wait_for("○ gun1 lost")
        station.wait_for("CHECK  gun1 is unplugged")
