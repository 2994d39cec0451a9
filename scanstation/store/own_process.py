"""Processes of ours that open the store beside the station: reports, backups, papers."""

import os
import subprocess
from collections.abc import Mapping
from typing import Any

from scanstation import files, processes
from scanstation.domain.language import keep_what_is_told

_PASSWORD = "PGPASSWORD"  # noqa: S105 - the variable's name


def start(module: str) -> "subprocess.Popen[bytes]":
    """Start a module of ours that is to open the store; its input has what `request` says."""
    return processes.start(
        module,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        variables=tuple(name for name in os.environ if name.startswith("PG") and name != _PASSWORD),
        own_session=True,
    )


def request(url: str) -> dict[str, Any]:
    """What such a module needs to be told; a server's password goes through its pipe, not its environment."""
    return {"store": url, "password": os.environ.get(_PASSWORD), "sharing": files.sharing()}


def settle(asked: Mapping[str, Any], *, holds_lock: bool = False) -> None:
    """Become such a process: behind the station, with its files shared as the station's are. To be called by it.

    What it tells is English, to be sent and told again in the station's language. `holds_lock` is for one that writes
    to a store in a file, whose lock a scan may wait for."""
    if holds_lock:
        processes.give_way()
    else:
        processes.step_back()
    keep_what_is_told()
    files.share_like(*asked["sharing"])
    if asked["password"] is not None:
        os.environ[_PASSWORD] = asked["password"]  # of this process alone: none that it could start
