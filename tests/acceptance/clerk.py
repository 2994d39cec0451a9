"""A process that runs command lines, each in a child of its own.

Starting Python and importing the program costs most of a second, and the scenarios run hundreds of commands. This
process imports it once and forks for every command: each has its own process, folder, environment and exit status,
and runs what the installed script runs. tests/acceptance/test_walks.py runs the script itself.
"""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from scanstation import processes
from tests.warm import import_everything, start_warm, warm_readers

Command = tuple[Sequence[str], Path, Path]
"""The words behind `scanstation`, and the files for standard output and standard error."""


class Clerk:
    """The process, as a test holds it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.clerk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def run(self, commands: Sequence[Command], *, cwd: Path, env: Mapping[str, str]) -> list[int]:
        """Run command lines one after the other in one child; their exit statuses."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        told = [(list(argv), str(out), str(err)) for argv, out, err in commands]
        stdin.write(json.dumps({"commands": told, "cwd": str(cwd), "env": dict(env)}) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the clerk has died"
        statuses: list[int] = json.loads(answer)
        assert len(statuses) == len(commands), "the command's process died"
        return statuses

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def _serve() -> None:
    import_everything()
    warm_readers()
    vars(processes)["start"] = start_warm
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _obey(json.loads(line), writing)
        os.close(writing)
        with os.fdopen(reading) as answers:
            statuses = [int(answer) for answer in answers]
        os.waitpid(child, 0)
        print(json.dumps(statuses), flush=True)


def _obey(order: dict[str, Any], answers: int) -> NoReturn:
    """Be the command: never returns into the loop of the parent."""
    try:
        _put(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        from scanstation.cli import run

        for argv, out, err in order["commands"]:
            for path, descriptor in ((out, 1), (err, 2)):
                _put(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
            status = run(argv)
            sys.stderr.flush()
            os.write(answers, f"{status}\n".encode())
    except BaseException:  # noqa: BLE001 - as the interpreter does at the top
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _put(opened: int, descriptor: int) -> None:
    os.dup2(opened, descriptor)
    os.close(opened)


if __name__ == "__main__":
    _serve()
