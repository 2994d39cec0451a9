"""Copies of a store on a PostgreSQL server, by the server's own tools where this machine has them.

What is in the dump cannot be looked at as `db check` does without a server to put it back into: it is read through
by `pg_restore`, from its first table to its last, and no more is said of it.
"""

import os
import shutil
from pathlib import Path
from uuid import uuid4

from scanstation.domain.codes import shorten, visible
from scanstation.domain.language import word, worded
from scanstation.domain.store_errors import StoreForbidden, StoreFull, StoreUnreachable
from scanstation.files import sync_folder
from scanstation.processes import run_tool
from scanstation.store.engine import parsed, server_address

ENDING = ".dump"
_TOOLS = ("pg_dump", "pg_restore")


def lacking_tool() -> str | None:
    """The tool of PostgreSQL's that this machine has not; None where all are there."""
    return next((tool for tool in _TOOLS if shutil.which(tool) is None), None)


def database_of(url: str) -> str:
    """The database that a server's store is."""
    return parsed(url).database or "store"


def dump_to(url: str, target: Path) -> None:
    """Copy a server's store to a file where nothing is, readable by this user alone; read through before it counts.

    Raises:
        FileExistsError: something is at the target.
        StoreFull, StoreForbidden, StoreUnreachable: the tool's complaint, with what to do.
    """
    part = target.with_name(f".{target.name[:100]}.{uuid4().hex[:8]}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _run("pg_dump", url, target, "--format=custom", f"--file={part}", f"--dbname={server_address(url)}")
        _run("pg_restore", url, target, f"--file={os.devnull}", str(part))
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            part.rename(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _run(tool: str, url: str, target: Path, *arguments: str) -> None:
    password = parsed(url).password
    variables = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    if password is not None:
        variables["PGPASSWORD"] = password
    ran = run_tool(shutil.which(tool) or tool, *arguments, variables=variables)
    if ran.returncode == 0:
        return
    lines = [visible(line) for line in ran.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    complaint = shorten(
        next((line for line in lines if "error:" in line), lines[0] if lines else word("no reason")), 300
    )
    where = visible(str(target))
    if "No space left" in complaint or "File too large" in complaint:
        raise StoreFull(
            worded("There is no room on the disk of {where} ({why}).", where=where, why=complaint),
            worded("Make room, then try again."),
        )
    if "permission denied" in complaint:
        raise StoreForbidden(
            worded("The server does not let this user copy the store: {why}.", why=complaint),
            "Let the database's owner make backups, or grant SELECT on all its tables and sequences.",
        )
    if "server version mismatch" in complaint:
        raise StoreUnreachable(
            worded("pg_dump of this machine is older than the server: {why}.", why=complaint),
            worded("Install the server's version of postgresql-client."),
        )
    raise StoreUnreachable(
        worded("{tool} could not copy the store to {where}: {why}.", tool=tool, where=where, why=complaint),
        worded("See what it says."),
    )
