"""What a writer asked the system for, as strace saw it, and what a power cut would have left of it.

A write that was not synced is there or not, and each sector of it by itself; the order means nothing. What a file was
told before its last sync is there. Needs strace.
"""

import random
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_OPENED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One thing that was done to a file, or an answer that was given (`path` is empty then)."""

    what: str
    path: str
    data: bytes = b""
    at: int = 0


def recorded(arguments: list[str], folder: Path) -> list[Call]:
    """Run a writer to its end; what it did to the files in a folder, and what it answered."""
    log = folder.parent / "calls.txt"
    calls = "trace=openat,close,pwrite64,fdatasync,fsync,ftruncate,unlink,write"
    words = ["strace", "-xx", "-s", "100000", "-e", calls, "-o", str(log), sys.executable, *arguments]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    paths: dict[int, str] = {}
    found: list[Call] = []
    with log.open(encoding="ascii") as lines:
        for line in lines:
            if not (call := _LINE.match(line)) or int(call[3]) < 0:
                continue
            name, given, answer = call[1], call[2], int(call[3])
            if name == "openat":
                path = _bytes(given).decode(errors="replace")
                paths[answer] = path if path.startswith(str(folder)) else ""
            elif name == "unlink":
                found.append(Call("unlink", _bytes(given).decode()))
            else:
                number = int(given.partition(",")[0].rstrip(")"))
                path = paths.get(number, "")
                if name == "close":
                    paths.pop(number, None)
                elif name == "write" and number == 1:
                    found.append(Call("answer", "", _bytes(given)))
                elif path and not path.endswith("-shm"):
                    at = int(given.rpartition(",")[2]) if name in ("pwrite64", "ftruncate") else 0
                    found.append(Call(name, path, _bytes(given) if name == "pwrite64" else b"", at))
    return found


def _bytes(given: str) -> bytes:
    text = _OPENED.search(given)
    assert text is not None, given[:200]
    return bytes.fromhex(text[1].replace("\\x", ""))


@dataclass
class Disk:
    """Files as they are for sure, and what was asked of each since."""

    sure: dict[str, bytearray]
    asked: dict[str, list[Call]] = field(default_factory=dict)

    def do(self, call: Call) -> None:
        """One call more."""
        if call.what in ("fdatasync", "fsync"):
            for one in self.asked.pop(call.path, []):
                _apply(self.sure, one)
        else:
            self.asked.setdefault(call.path, []).append(call)

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What might be found when the power is back."""
        left = {path: bytearray(content) for path, content in self.sure.items()}
        for calls in self.asked.values():
            share = chance.choice((0.0, 0.5, 1.0))
            for call in calls:
                if call.what != "pwrite64":
                    if chance.random() < share:
                        _apply(left, call)
                    continue
                for start in range(0, len(call.data), SECTOR):
                    if chance.random() < share:
                        sector = call.data[start : start + SECTOR]
                        _apply(left, Call("pwrite64", call.path, sector, call.at + start))
        return {path: bytes(content) for path, content in left.items()}


def _apply(files: dict[str, bytearray], call: Call) -> None:
    if call.what == "unlink":
        files.pop(call.path, None)
        return
    content = files.setdefault(call.path, bytearray())
    if call.what == "ftruncate":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
    elif call.what == "pwrite64":
        content.extend(bytes(max(0, call.at - len(content))))
        content[call.at : call.at + len(call.data)] = call.data
