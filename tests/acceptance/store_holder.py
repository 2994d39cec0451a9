"""Another program that keeps a store busy: it writes for 100 ms at a time, until its input ends.

`python -m tests.acceptance.store_holder URL`; says `busy` once it has begun and, at the end, how many times it wrote.
"""

import select
import sys
import time

from scanstation.store.store import Transaction, open_store

_WRITING_S = 0.1
_BETWEEN_S = 0.03


def _write(_tx: Transaction) -> None:
    """Hold the one right to write, as a slow disk would make it held."""
    time.sleep(_WRITING_S)


def main() -> None:
    """Be that program."""
    store = open_store(sys.argv[1])
    times = 0
    while not select.select([sys.stdin], [], [], _BETWEEN_S)[0]:
        store.act(_write)
        times += 1
        if times == 1:
            print("busy", flush=True)
    store.close()
    print(times, flush=True)


if __name__ == "__main__":
    main()
