"""The whole station in a real terminal."""

import sys
from pathlib import Path

from scanstation.workflows.site import Site
from tests.terminal import Terminal

PROGRAM = Path(__file__).parent / "station_program.py"


def station(site: Site, *order: str, name: str = "dock-2", columns: int = 80, rows: int = 24, **env: str) -> Terminal:
    argv: list[str | Path] = [sys.executable, PROGRAM, f"sqlite:///{site.store.path}", name, *order]
    return Terminal(argv, columns=columns, rows=rows, env={"TZ": "UTC", **env})
