"""The clock of the keyboard's reader: what comes in while the process is held up is not taken for two codes."""

from collections.abc import Iterable

import pytest

from scanstation.devices.wedge import Wedge
from scanstation.domain.scan import Fault, Scan
from scanstation.keyboard import ReadersClock

EAN = "4006381333931"


class Reader:
    """A reader whose process can be stopped: bytes wait in the terminal until it runs again."""

    def __init__(self) -> None:
        self.real = 0.0
        self._clock = ReadersClock(lambda: self.real)
        self._wedge = Wedge()
        self.scans: list[Scan] = []

    def read(self, text: str, *, waited: bool = False) -> None:
        data, at = text.encode(), self._clock.came(self._wedge.deadline, waited=waited)
        self._clock.has_read(len(data))
        self._take(self._wedge.feed(data, at))

    def run_for(self, milliseconds: int) -> None:
        for _ in range(milliseconds):
            self.real += 1
            self._clock.found_nothing()
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
    assert [scan.fault for scan in reader.scans] == [Fault.NO_END, Fault.PIECES]


CODES = [f"SN-{number:022}" for number in range(700)]


@pytest.mark.parametrize("late", [0, 20, 80, 149, 400, 900])
@pytest.mark.parametrize("size", [4095, 4096])
def test_the_boundary_of_a_full_read_is_no_gap_however_late_the_rest_is_read(size: int, late: int) -> None:
    """A memory scanner's upload of 18,200 bytes: the sender goes on when there is room."""
    upload = "".join(f"{code}\r" for code in CODES)
    reader = Reader()
    for start in range(0, len(upload), size):
        reader.real += late
        reader.read(upload[start : start + size])
    reader.run_for(400)
    assert [(scan.text, scan.fault) for scan in reader.scans] == [(code, None) for code in CODES]


@pytest.mark.parametrize("takes", [90, 900])
def test_what_comes_while_the_last_bytes_are_decoded_is_right_after_them(takes: int) -> None:
    upload = "".join(f"{code}\r" for code in CODES[:40])
    reader = Reader()
    for start in range(0, len(upload), 100):
        reader.read(upload[start : start + 100], waited=start > 0)
        reader.real += takes
    assert [(scan.text, scan.fault) for scan in reader.scans] == [(code, None) for code in CODES[:40]]


def test_a_full_read_without_a_rest_is_the_end_of_it_after_a_second() -> None:
    upload = "".join(f"{code}\r" for code in CODES)[:4095]
    reader = Reader()
    reader.read(upload)
    reader.run_for(900)
    assert reader.scans[-1].text == CODES[156]
    reader.run_for(500)
    assert reader.scans[-1].fault == Fault.NO_END


def test_keys_of_a_person_on_a_busy_machine_are_not_pushed_together() -> None:
    reader = Reader()
    for key in "SN-1":
        reader.read(key, waited=True)
        reader.real += 90
    reader.run_for(400)
    assert reader.scans == []
