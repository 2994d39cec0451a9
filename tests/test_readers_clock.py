"""The clock of the keyboard's reader: what comes in while the process is held up is not taken for two codes."""

from collections.abc import Iterable

import pytest

from scanstation.devices.wedge import Wedge
from scanstation.domain.scan import Fault, Scan
from scanstation.terminal import ReadersClock

EAN = "4006381333931"


class Reader:
    """A reader whose process can be stopped: bytes wait in the terminal until it runs again."""

    def __init__(self) -> None:
        self.real = 0.0
        self._clock = ReadersClock(lambda: self.real)
        self._wedge = Wedge()
        self.scans: list[Scan] = []

    def read(self, text: str) -> None:
        self._take(self._wedge.feed(text.encode(), self._clock.came(self._wedge.deadline)))

    def run_for(self, milliseconds: int) -> None:
        for _ in range(milliseconds):
            self.real += 1
            self._take(self._wedge.poll(self._clock.now()))

    def _take(self, taken: Iterable[object]) -> None:
        self.scans += [each for each in taken if isinstance(each, Scan)]


@pytest.mark.parametrize("cut", range(3, len(EAN) - 1))
@pytest.mark.parametrize("stopped", [301, 1000, 60_000])
def test_a_code_in_which_the_process_was_stopped_is_refused_whole(cut: int, stopped: int) -> None:
    reader = Reader()
    reader.read(EAN[:cut])
    reader.run_for(5)
    reader.real += stopped
    reader.read(EAN[cut:-1])
    reader.run_for(10)
    reader.read(EAN[-1] + "\r")
    reader.run_for(400)
    assert [(scan.text, scan.fault) for scan in reader.scans] == [(EAN, Fault.PIECES)]
    reader.read(f"{EAN}\r")
    assert reader.scans[-1].fault is None


def test_codes_that_waited_whole_are_taken_one_by_one() -> None:
    reader = Reader()
    reader.read(f"{EAN}\r")
    reader.real += 5000
    reader.read("SN-0001\rSN-0002\r")
    assert [(scan.text, scan.fault) for scan in reader.scans] == [(EAN, None), ("SN-0001", None), ("SN-0002", None)]


def test_a_real_silence_is_a_silence() -> None:
    reader = Reader()
    reader.read("SN-0001")
    reader.run_for(400)
    reader.read("SN-0002\r")
    assert [(scan.text, scan.fault) for scan in reader.scans] == [("SN-0001", None), ("SN-0002", None)]
