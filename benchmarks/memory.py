"""Watches the memory of a process and its children: `python -m benchmarks.memory PID`.

Looks until standard input ends, and then prints the largest sum in bytes.
"""

import selectors
import sys

import psutil

_BETWEEN_LOOKS_S = 0.1


def main(pid: str) -> int:
    """Look again and again until nobody waits any more."""
    watched, most = psutil.Process(int(pid)), 0
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        while not selector.select(_BETWEEN_LOOKS_S):
            most = max(most, _memory_of(watched))
    sys.stdout.write(f"{most}\n")
    return 0


def _memory_of(watched: psutil.Process) -> int:
    total = 0
    try:
        for process in (watched, *watched.children(recursive=True)):
            total += int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended between the two looks
        pass
    return total


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
