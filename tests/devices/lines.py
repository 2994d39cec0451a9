"""Lines to plug a scanner into: pseudo terminals that come and go behind one link, and what comes in over them."""

import asyncio
import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from scanstation.devices.open_port import PortState
from scanstation.devices.pipe import ScanPipe
from scanstation.devices.serial_port import ScannerStatus
from scanstation.domain.scan import Scan

PATIENCE_S = 20.0


class Cable:
    """A scanner on a pseudo terminal. Pulled and plugged in again it is another device behind the same link."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._ends: tuple[int, ...] = ()

    @property
    def device(self) -> str:
        return os.ttyname(self._ends[1])

    @property
    def descriptor(self) -> int:
        """The scanner's own end, for one that sends at its pace from another thread."""
        return self._ends[0]

    def plug_in(self) -> "Cable":
        self._ends = os.openpty()
        tty.setraw(self._ends[1])  # or what is sent before the station opens it would come back as an echo
        fresh = self.link.with_name(f"{self.link.name}.new")
        fresh.symlink_to(self.device)
        fresh.replace(self.link)
        return self

    def pull(self) -> None:
        ends, self._ends = self._ends, ()
        for end in ends:
            os.close(end)

    def send(self, data: bytes) -> None:
        """What the scanner sends; all of it, however slowly it is read."""
        while data:
            data = data[os.write(self._ends[0], data) :]

    def hear(self, count: int) -> bytes:
        """The first `count` bytes that the scanner is told."""
        heard = b""
        while len(heard) < count:
            ready, _, _ = select.select([self._ends[0]], [], [], PATIENCE_S)
            assert ready, f"the scanner heard only {heard!r}"
            heard += os.read(self._ends[0], count - len(heard))
        return heard

    def hears_more(self) -> bool:
        """Whether the scanner was told anything else."""
        return bool(select.select([self._ends[0]], [], [], 0)[0])


class Statuses:
    """Everything the station was told about its scanners."""

    def __init__(self) -> None:
        self.told: list[ScannerStatus] = []
        self._changed = threading.Condition()

    def __call__(self, status: ScannerStatus) -> None:
        with self._changed:
            self.told.append(status)
            self._changed.notify_all()

    def await_that(self, is_so: Callable[[list[ScannerStatus]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_so(self.told), PATIENCE_S), self.told

    def await_state(self, state: PortState, device: str = "gun1", times: int = 1) -> ScannerStatus:
        """Wait until a scanner has come into a state for the nth time."""

        def found() -> list[ScannerStatus]:
            return [status for status in self.told if (status.device, status.state) == (device, state)]

        self.await_that(lambda _: len(found()) >= times)
        return found()[times - 1]

    def states(self, device: str = "gun1") -> list[PortState]:
        return [status.state for status in self.told if status.device == device]


def take(pipe: ScanPipe, count: int) -> list[Scan]:
    """The next scans, as the station takes them."""

    async def next_scans() -> list[Scan]:
        return [await asyncio.wait_for(pipe.next(), PATIENCE_S) for _ in range(count)]

    return asyncio.run(next_scans())
