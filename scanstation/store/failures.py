"""What a database's failure means, by its code and never by its words: one table for both databases.

PostgreSQL's codes are the SQLSTATEs of its documentation (appendix A), SQLite's the names of its result codes
(sqlite.org/rescode.html). A failure that stands in no table is an error of our own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from scanstation.domain.codes import visible
from scanstation.domain.language import said_later, word, worded
from scanstation.domain.store_errors import (
    NotAStore,
    StoreBusy,
    StoreError,
    StoreFailed,
    StoreForbidden,
    StoreFull,
    StoreUnreachable,
)
from scanstation.store import schema

_AGAIN = said_later("Nothing was changed. Scan again.")
_BY_ITSELF = said_later("Nothing was changed. The station goes on by itself when the server answers; then scan again.")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a code means: the error, its sentence (`{where}` and `{said}` are filled in), and what to do now."""

    error: Callable[[str, str], StoreError]
    title: str
    hint: str


_GONE = _Meaning(StoreUnreachable, said_later("Not saved: the store {where} cannot be reached ({said})."), _BY_ITSELF)
_CROWDED = _Meaning(
    StoreUnreachable,
    said_later("Not saved: the server of {where} has no connection free ({said})."),
    said_later("Nothing was changed. Close stations that nobody uses, or raise max_connections; then scan again."),
)
_CANCELLED = _Meaning(StoreBusy, said_later("Not saved: the server of {where} cancelled it ({said})."), _AGAIN)
_LOCKED = _Meaning(StoreBusy, said_later("Not saved: other stations kept the store busy for too long."), _AGAIN)
_FULL = _Meaning(
    StoreFull,
    said_later("There is no room on the disk of {where}."),
    said_later("Nothing was changed. Make room, then scan again."),
)
_NO_MEMORY = _Meaning(
    StoreFailed,
    said_later("Not saved: {where} has no memory left ({said})."),
    said_later("Nothing was changed. Tell who runs it."),
)
_NO_MORE = _Meaning(
    StoreFailed,
    said_later("Not saved: the server of {where} is at one of its limits ({said})."),
    said_later("Nothing was changed. Tell who runs the server."),
)
_DISK = _Meaning(
    StoreFailed,
    said_later("Not saved: the disk of {where} fails ({said})."),
    said_later("Nothing was changed. Stop scanning, look at the disk, run `scanstation db check`."),
)
_DAMAGED = _Meaning(
    NotAStore,
    said_later("{where} is damaged or not a store."),
    said_later("Run `scanstation db check`, or restore a backup."),
)
_LOGIN = _Meaning(
    StoreForbidden,
    said_later("The server of {where} lets nobody in ({said})."),
    said_later("Nothing was changed. Check the user and the password."),
)
_NO_DATABASE = _Meaning(
    StoreUnreachable,
    said_later("The store {where} cannot be reached: {said}."),
    said_later("Check the address, the server, the rights."),
)
_NO_RIGHT = _Meaning(
    StoreForbidden,
    said_later("The store {where} refuses: {said}."),
    said_later(
        "Nothing was changed. Ask the database's owner for the right, for example `{grants}`; "
        "`scanstation doctor` names what is missing."
    ),
)
_NO_TABLE = _Meaning(
    StoreForbidden,
    said_later("The store {where} refuses: {said}."),
    said_later(
        "Nothing was changed. This user may lack the right to use the schema (`GRANT USAGE ON SCHEMA … TO …`), or "
        "somebody has changed the store: `scanstation doctor` tells."
    ),
)
_READ_ONLY = _Meaning(
    StoreForbidden,
    said_later("The store {where} refuses: {said}."),
    said_later(
        "Nothing was changed. This user or this server may only read: connect to the server that takes writes, "
        "or run `ALTER ROLE … SET default_transaction_read_only = off`."
    ),
)

_SQLSTATES = {
    "08": _GONE,  # connection exception
    "57P01": _GONE,  # the server is being shut down, or somebody ended this connection
    "57P02": _GONE,  # another backend crashed
    "57P03": _GONE,  # the server starts
    "57P05": _GONE,  # the session was idle for too long
    "25P03": _GONE,  # a transaction was idle for too long, and its connection was closed
    "25P04": _CANCELLED,  # a transaction took too long
    "57014": _CANCELLED,
    "53300": _CROWDED,
    "40001": _LOCKED,  # serialization failure, again and again
    "40P01": _LOCKED,  # deadlock, again and again
    "40003": _GONE,  # nobody knows whether the statement was done
    "55P03": _LOCKED,
    "53100": _FULL,
    "53200": _NO_MEMORY,
    "53": _NO_MORE,
    "58": _DISK,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
    "28": _LOGIN,
    "3D000": _NO_DATABASE,
    "57P04": _NO_DATABASE,  # it was dropped
    "42501": _NO_RIGHT,
    "42P01": _NO_TABLE,
    "25006": _READ_ONLY,
}
"""By SQLSTATE, or by its class of two characters."""

_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_PROTOCOL": _LOCKED,
    "SQLITE_INTERRUPT": _CANCELLED,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _DISK,
    "SQLITE_NOMEM": _NO_MEMORY,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_READONLY": _NO_DATABASE,
    "SQLITE_CANTOPEN": _NO_DATABASE,
    "SQLITE_PERM": _NO_DATABASE,
    "SQLITE_AUTH": _NO_DATABASE,
}
"""By result code; its extended ones (`SQLITE_IOERR_FSYNC`) mean the same."""


def meaning(error: DBAPIError, where: str) -> StoreError | None:
    """What a driver's error says of the store `where`; None for one that is about the act and not the store."""
    if isinstance(error, IntegrityError):
        return None
    error_meaning = _meaning_of(error)
    if error_meaning is None:
        return None
    title, hint = error_meaning.title, error_meaning.hint
    return error_meaning.error(worded(title, where=where, said=first_line(error)), worded(hint, grants=schema.GRANTS))


def is_connection_lost(error: DBAPIError) -> bool:
    """Is the connection gone, so that nobody knows from it whether a COMMIT came through?"""
    found = _meaning_of(error)
    return found is _GONE or (error.connection_invalidated and found is not _READ_ONLY)


def _meaning_of(error: DBAPIError) -> _Meaning | None:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return _SQLITE.get("_".join(name.split("_")[:2]))
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _SQLSTATES.get(state) or _SQLSTATES.get(state[:2])
    # libpq's own failures have no SQLSTATE: nobody answered, or the line was cut.
    return _GONE if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError) else None


def code_of(error: DBAPIError) -> str:
    """The SQLSTATE, or the name of SQLite's result code; empty where the driver gives none."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or ""


def first_line(error: DBAPIError) -> str:
    """What the driver says, as much as a sentence holds."""
    lines = str(error.orig).strip().splitlines()
    return visible(lines[0].rstrip(".")) if lines else word("no answer")
