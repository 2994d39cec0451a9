"""Writers to be killed, and what must be true afterwards."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.reliability.writer import PRODUCT

ORDER = "N-1"


def stocked(site: Site) -> None:
    """An order that nobody finishes."""
    product(site, PRODUCT, 1)
    purchase(site, ORDER, {PRODUCT: 10_000_000})


class Writers:
    """Forked from one process that has imported everything."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._folder = url, folder
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.writer", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._nursery.stdout is not None
        assert self._nursery.stdout.readline() == "ready\n"
        self.live: dict[str, int] = {}
        self._lines: list[str] = []
        self._read: Counter[Path] = Counter()
        """How many bytes of each file are among those lines."""

    def start(self, name: str) -> None:
        """Begin, or begin anew."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        print(self._url, ORDER, name, self._folder / f"{name}.acknowledged", file=self._nursery.stdin, flush=True)
        self.live[name] = int(self._nursery.stdout.readline())

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until it is gone."""
        child = self.live.pop(name)
        os.kill(child, signal.SIGKILL)
        while Path(f"/proc/{child}").exists():
            sleep(0.001)

    def acknowledged(self) -> list[str]:
        """The serials that were answered OK."""
        return [line[3:] for line in self._heard() if line.startswith("OK ")]

    def failures(self) -> Counter[str]:
        """What the store's failures were told as."""
        return Counter(line[3:] for line in self._heard() if line.startswith("NO "))

    def wait_for(self, more: int) -> None:
        """Until so many more were acknowledged."""
        wanted, give_up = len(self.acknowledged()) + more, monotonic() + 120
        while len(self.acknowledged()) < wanted:
            assert monotonic() < give_up, "nobody writes any more"
            sleep(0.005)

    def close(self) -> None:
        """End all."""
        for name in [*self.live]:
            self.kill(name)
        with suppress(OSError):
            self._nursery.kill()
        self._nursery.communicate()

    def _heard(self) -> list[str]:
        """All lines so far; what was read before is not read again."""
        for file in self._folder.glob("*.acknowledged"):
            with file.open("rb") as lines:
                lines.seek(self._read[file])
                whole, end, _ = lines.read().rpartition(b"\n")
            self._read[file] += len(whole + end)
            self._lines += whole.decode().splitlines()
        return self._lines


@contextmanager
def writers(url: str, folder: Path, *names: str) -> Iterator[Writers]:
    """Writers of these names, at work."""
    running = Writers(url, folder)
    try:
        for name in names:
            running.start(name)
        yield running
    finally:
        running.close()


def lost(store: Store, acknowledged: list[str]) -> set[str]:
    """What was answered OK and is not there; nothing may be there twice, nor half."""
    with store.read() as tx:
        codes = [row[0] for row in tx.exec_driver_sql("SELECT text FROM unit_code WHERE live")]
    assert len(codes) == len(set(codes))
    assert findings(store) == []
    return set(acknowledged) - set(codes)
