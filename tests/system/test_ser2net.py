"""Scanners behind a device server that is not ours: Debian's ser2net, before a serial line that socat makes."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scanstation.devices.port_names import holders
from scanstation.domain.reports import Filters
from scanstation.store.reports import serials
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.system.programs import free_port, program, running
from tests.terminal import Terminal

pytestmark = pytest.mark.system

CONNECTING_MS = 1500
"""Long enough to send something while the station connects, however busy the machine."""
CUT_TAIL = b"CAM-300\r\n"
"""The other half of a code that was cut. By itself it is the barcode of a product, and must not be taken for it."""


class Line:
    """A serial line: socat's pair of pseudo terminals, the scanner at one end and the server at the other."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.scanner_end, self.server_end = folder / f"{name}-gun", folder / f"{name}-line"
        self.port = free_port()
        self._scanner = -1
        self._held = -1

    @contextmanager
    def laid(self) -> Iterator[None]:
        """The line is there for as long as the block lasts."""
        ends = [f"PTY,link={end},rawer" for end in (self.scanner_end, self.server_end)]
        log = self.folder / "socat.log"
        with running([program("socat"), "-d", "-d", *ends], log, "starting data transfer loop"):
            self._scanner = os.open(self.scanner_end, os.O_RDWR | os.O_NOCTTY)
            # A second hand on the server's end: socat takes the line down when the last one lets go of it.
            self._held = os.open(self.server_end, os.O_RDWR | os.O_NOCTTY)
            try:
                yield
            finally:
                os.close(self._scanner)
                os.close(self._held)

    def send(self, data: bytes) -> None:
        """What the scanner sends."""
        os.write(self._scanner, data)


class Server:
    """ser2net before two lines: one as bare bytes, one as RFC 2217."""

    def __init__(self, folder: Path, raw: Line, rfc2217: Line) -> None:
        self._settings = folder / "ser2net.yaml"
        self.log = folder / "ser2net.log"
        self._settings.write_text(
            "%YAML 1.1\n---\n"
            + "".join(
                f"connection: &{line.name}\n"
                f"  accepter: {how},127.0.0.1,{line.port}\n"
                f"  connector: serialdev(nouucplock),{line.server_end},9600n81,local\n"
                for line, how in ((raw, "tcp"), (rfc2217, "telnet(rfc2217),tcp"))
            ),
            encoding="utf-8",
        )

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server runs for as long as the block lasts."""
        with running([program("ser2net"), "-n", "-d", "-c", self._settings], self.log) as serving:
            yield serving


def _pids_at(device: Path) -> set[int]:
    """The processes that have a device open."""
    return {holder.pid for holder in holders(os.fspath(device))}


def _waiting_from(port: int) -> int:
    """Bytes that came from a port of this machine and are not read yet."""
    rows = (row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:])
    return sum(int(row[4].partition(":")[2], 16) for row in rows if int(row[2].partition(":")[2], 16) == port)


def test_what_came_just_before_the_server_ended_is_booked(
    store: Store, site: Site, tmp_path: Path, program_at: list[str]
) -> None:
    product(site, "CAM-300", 1)
    purchase(site, "N-1", {"CAM-300": 2})
    raw, rfc2217 = Line(tmp_path, "raw"), Line(tmp_path, "rfc2217")
    server = Server(tmp_path, raw, rfc2217)
    (tmp_path / "config.toml").write_text(
        f'[[serial]]\nid = "gun1"\nport = "socket://127.0.0.1:{raw.port}"\n'
        f'[[serial]]\nid = "gun2"\nport = "rfc2217://127.0.0.1:{rfc2217.port}"\n',
        encoding="utf-8",
    )
    with raw.laid(), rfc2217.laid(), Terminal([*program_at, "receive", "N-1"], cwd=tmp_path) as station:
        for number, line in ((1, raw), (2, rfc2217)):
            sent = b"CAM-300\r\nSN-%d\r\nCUT-%d" % (number, number)
            with server.started():
                station.wait_for("● gun1 · ● gun2")
                station.kill(signal.SIGSTOP)  # so that nothing is read before the end
                line.send(sent)
                station.wait_for(lambda _, line=line, sent=sent: _waiting_from(line.port) >= len(sent))  # type: ignore[misc]
            station.kill(signal.SIGCONT)
            station.wait_for("○ gun1 lost · ○ gun2 lost")
            station.wait_for(f"CUT-{number} was cut off: the connection to the scanner ended")
        station.press("f10")
        station.wait_for("N-1 complete, 2 units")
    assert [row.primary for row in serials(store, Filters())] == ["SN-1", "SN-2"]


def test_scanners_behind_ser2net_are_read_lost_and_found_again(
    store: Store, site: Site, tmp_path: Path, program_at: list[str]
) -> None:
    product(site, "CAM-300", 1)
    purchase(site, "N-1", {"CAM-300": 4})
    raw, rfc2217 = Line(tmp_path, "raw"), Line(tmp_path, "rfc2217")
    server = Server(tmp_path, raw, rfc2217)
    (tmp_path / "config.toml").write_text(
        f'[[serial]]\nid = "gun1"\nport = "socket://127.0.0.1:{raw.port}"\npartial_timeout_ms = {CONNECTING_MS}\n'
        f'[[serial]]\nid = "gun2"\nport = "rfc2217://127.0.0.1:{rfc2217.port}"\n',
        encoding="utf-8",
    )
    with raw.laid(), rfc2217.laid(), Terminal([*program_at, "receive", "N-1"], cwd=tmp_path) as station:
        station.wait_for("○ gun1 lost · ○ gun2 lost")  # nobody listens there yet

        with server.started():
            station.wait_for("● gun1 · ● gun2")
            raw.send(b"CAM-300\r\n")
            station.wait_for("Primary serial")
            raw.send(b"SN-1\r\n")
            station.wait_for("SN-1 → CAM-300, 1 of 4")
            rfc2217.send(b"CAM-300\r\n")
            station.wait_for("Primary serial")
            rfc2217.send(b"NO-SUCH\xff\r\n")  # the byte that telnet gives a meaning of its own
            station.wait_for("STOP")
            rfc2217.send(b"SN-2\r\n")
            station.wait_for("SN-2 → CAM-300, 2 of 4")
            for line in (raw, rfc2217):
                line.send(b"BOX-")
            station.pause(0.3)  # the halves are on their way through three programs

        station.wait_for("○ gun1 lost · ○ gun2 lost")
        station.wait_for("was cut off: the connection to the scanner ended")
        rfc2217.send(CUT_TAIL)  # waits in the line

        with server.started() as serving:
            station.wait_for(lambda _: serving.pid in _pids_at(raw.server_end))  # the connection
            station.pause(0.3)  # what was in the line before has been dropped by now
            raw.send(CUT_TAIL)
            station.wait_for("CAM-300 came in while the scanner was being connected")
            station.wait_for("● gun1 · ● gun2")
            for number, line in ((3, raw), (4, rfc2217)):
                line.send(b"CAM-300\r\n")
                station.wait_for("Primary serial")
                line.send(b"SN-%d\r\n" % number)
                station.wait_for(f"SN-{number} → CAM-300, {number} of 4")
            station.press("f10")
            station.wait_for("N-1 complete, 4 units")

    assert [row.primary for row in serials(store, Filters())] == ["SN-1", "SN-2", "SN-3", "SN-4"]
