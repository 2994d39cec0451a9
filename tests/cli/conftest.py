"""The command line in this process, and in one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scanstation.cli import run
from scanstation.workflows.site import Site


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder without a config.toml."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command(in_folder: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """A command as given."""

    def ran(*arguments: str | Path) -> Ran:
        status = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(status, out, err)

    return ran


@pytest.fixture
def ana(site: Site, command: Command) -> Command:
    """A command of Ana's at dock-2, on the test's store."""
    before = ("--db", f"sqlite:///{site.store.path}", "--operator", "Ana", "--station", "dock-2")
    return lambda *arguments: command(*before, *arguments)


def process(*arguments: str | Path, home: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "scanstation", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LOGNAME": "ana"},
        cwd=home,
        **more,
    )
