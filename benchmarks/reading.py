"""What reading a scan costs before anybody looks it up: from keystrokes to a code, from a code to its meaning."""

import time
from pathlib import Path

from benchmarks.figures import show
from scanstation.devices.wedge import Wedge
from scanstation.domain.scan import Scan
from scanstation.workflows.codes.interpreting import interpret

ROUNDS = 300
CODES = (
    "SER-100",
    "4006381333931",
    "N-1003",
    "SN0012345678",
    "]C1010950600013435221ABC123",
    "01095060001343521724123110LOT7\x1d21SN-42",
    "https://id.example.com/01/09506000134352/21/SN-42",
    "SS-COMPLETE",
)


def reading(folder: Path) -> None:
    """Microseconds for a character in the wedge decoder, and for a code in the interpreter."""
    del folder  # nothing is stored
    at, characters, found = 100.0, 0, 0
    wedge = Wedge()
    begun = time.perf_counter()
    for number in range(ROUNDS):
        for code in CODES:
            text = f"{code}{number}"
            for character in text:
                at += 0.001
                wedge.feed(character.encode(), at)
            at += 0.001
            found += sum(isinstance(one, Scan) for one in wedge.feed(b"\r", at))
            characters += len(text) + 1
            at += 1
    decoding = time.perf_counter() - begun
    assert found == ROUNDS * len(CODES), f"{found} scans of {ROUNDS * len(CODES)}"
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        for code in CODES:
            interpret(code, command_prefix="SS-")
    interpreting = time.perf_counter() - begun
    rows = [
        ("wedge decoder, a character", f"{decoding / characters * 1e6:.1f}"),
        ("interpreter, a code", f"{interpreting / ROUNDS / len(CODES) * 1e6:.1f}"),
    ]
    show("Reading a scan", rows, ("", "µs"))
