"""A station without a screen that receives unit after unit and writes down what was answered OK. Killed at any time.

    python -m tests.reliability.writer URL ORDER NAME ACKNOWLEDGED [UNITS] [--normal]

`--normal` weakens SQLite to synchronous=NORMAL: a harness that does not see that lose, sees nothing. With `-` in place
of URL it forks such writers, whose arguments it reads from standard input, a line each, and prints their process ids.
"""

import os
import signal
import sys
import time

from sqlalchemy import Engine, event

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreError
from scanstation.domain.verdict import Tone
from scanstation.store.store import open_store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site

PRODUCT = "CAM"


def weakened(engine: Engine) -> None:
    """As fast as SQLite in WAL mode is said to be safe enough."""

    @event.listens_for(engine, "connect")
    def _weaken(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]


def write(url: str, order: str, name: str, acknowledged: int, units: int, *, normal: bool) -> None:
    """Receive units with serials of this writer's own; `acknowledged` is a file descriptor."""
    while True:
        try:
            store = open_store(url)
            break
        except StoreError:
            time.sleep(0.05)
    if normal:
        store.engine.dispose()
        weakened(store.engine)
    site = Site(store, name, name)
    desk, number = Desk(site, OrderKind.PURCHASE), 0
    is_open = False
    prefix = f"{name}-{os.getpid()}"
    while number < units:
        prompt = desk.view.prompt
        text = order if not is_open else f"{prefix}-{number}" if prompt else PRODUCT
        try:
            verdict = desk.answer(Scan(text)).verdict
        except StoreError as error:
            os.write(acknowledged, f"NO {type(error).__name__}\n".encode())
            desk, is_open = Desk(site, OrderKind.PURCHASE), False
            time.sleep(0.02)
            continue
        assert verdict is not None
        is_open = is_open or verdict.tone is not Tone.STOP
        if prompt:
            if verdict.tone is Tone.OK:
                os.write(acknowledged, f"OK {text}\n".encode())
            number += 1


def _fork_on_demand() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(line.split())
            os._exit(0)
        print(child, flush=True)


def _run(arguments: list[str]) -> None:
    normal = "--normal" in arguments
    url, order, name, file, *units = [one for one in arguments if one != "--normal"]
    descriptor = 1 if file == "-" else os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    write(url, order, name, descriptor, int(units[0]) if units else 1_000_000, normal=normal)


if __name__ == "__main__":
    if sys.argv[1] == "-":
        _fork_on_demand()
    else:
        _run(sys.argv[1:])
