"""A process that runs command lines, each in a child of its own.

Starting Python and importing the program costs most of a second, and the scenarios run hundreds of commands. This
process imports it once and forks for every command: each has its own process, folder, environment and exit status,
and runs `scanstation.cli.main` as the installed script does. tests/acceptance/test_walks.py runs the script itself.
"""

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

_IMPORTED_BY_COMMANDS = (
    *("config", "store.store", "workflows.importing", "workflows.loading", "workflows.order_book"),
    *("workflows.purchase_orders", "workflows.removing", "workflows.reporting", "workflows.shipment_orders"),
    *("workflows.tracing", "workflows.upkeep"),
)


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

    def run(self, argv: list[str], *, cwd: Path, env: dict[str, str], out: Path, err: Path) -> int:
        """Run one command line to its end; its exit status, negative for a signal."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        order = {"argv": argv, "cwd": str(cwd), "env": env, "out": str(out), "err": str(err)}
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the clerk has died"
        status: int = json.loads(answer)
        return status

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def _serve() -> None:
    for name in _IMPORTED_BY_COMMANDS:
        importlib.import_module(f"scanstation.{name}")
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _obey(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _obey(order: dict[str, Any]) -> NoReturn:
    """Be the command: never returns into the loop of the parent."""
    status = 70
    try:
        _put(os.open(os.devnull, os.O_RDONLY), 0)
        for path, descriptor in ((order["out"], 1), (order["err"], 2)):
            _put(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        from scanstation.cli import main

        main(order["argv"])
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - as the interpreter does at the top
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _put(opened: int, descriptor: int) -> None:
    os.dup2(opened, descriptor)
    os.close(opened)


if __name__ == "__main__":
    _serve()
