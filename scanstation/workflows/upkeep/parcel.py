"""What support needs to know of a station, without what is nobody else's business: `support`."""

import getpass
import json
import platform
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scanstation import files, logbook
from scanstation.domain.store_errors import StoreError
from scanstation.store import names, upkeep
from scanstation.store.engine import sqlite_library
from scanstation.store.store import open_for_upkeep

_LIBRARIES = ("scanstation", "textual", "rich", "sqlalchemy", "sqlmodel", "psycopg", "pyserial", "pydantic")
_LAST = timedelta(hours=1)
_SHORTEST_NAME = 2
"""What is shorter stands in too many words to be taken out of them."""
_USER = re.compile(r"://[^\s/@]*@")
_CODE = "code"
_TOLD = """What is in this parcel

log.jsonl       what the station did in its last hour, a line for each thing
doctor.json     what `scanstation doctor` finds
settings.json   the settings that hold, of config.toml, the environment and the options
versions.json   this program, its libraries, the system, the store's schema
errors.txt      errors of the program's own of the last hour, if there are any

{without}
Passwords and PINs are never in it. Look through it before you give it away: it is only text.
"""
_WITHOUT = """There are no serials in it, and the names of people, clients, warehouses and stations are numbered
instead (name-1). `--with-serials` leaves them in.
"""
_WITH = "It was made with --with-serials: codes that were logged and names are in it.\n"


def pack(
    target: Path,
    *,
    url: str,
    station: str | None,
    settings: Mapping[str, Any],
    doctor: Sequence[Mapping[str, str]],
    known_names: Iterable[str],
    with_serials: bool,
    now: datetime,
) -> int:
    """Write the parcel; returns how many lines of log are in it.

    Args:
        target: the zip file.
        url: the store's address.
        station: whose log; None for all of this user's.
        settings: by section and key.
        doctor: what it found.
        known_names: that are not in the store: this station's, its operator's.
        with_serials: leave codes and names in.
        now: the end of the hour.

    Raises:
        UnwritableFile: the file cannot be written there.
    """
    versions, in_store = _about(url)
    clean = _Cleaner([] if with_serials else [*known_names, *in_store, *_own_names()])
    lines = list(logbook.lines_since(now - _LAST, station))
    if not with_serials:
        lines = [{key: value for key, value in line.items() if key != _CODE} for line in lines]
    parts = {
        "README.txt": _TOLD.format(without=_WITH if with_serials else _WITHOUT),
        "log.jsonl": "".join(json.dumps(clean(line)) + "\n" for line in lines),
        "doctor.json": _json(clean(list(doctor))),
        "settings.json": _json(clean(settings)),
        "versions.json": _json(clean(versions)),
    }
    if errors := _errors(now - _LAST, whole=with_serials):
        parts["errors.txt"] = clean(errors)
    with files.replacing(target, {".zip"}) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, text in parts.items():
            parcel.writestr(name, text)
    return len(lines)


class _Cleaner:
    """Takes secrets out of texts, and names unless they may stay; a name has the same number everywhere."""

    def __init__(self, known_names: Iterable[str]) -> None:
        wanted = sorted(
            {name for name in known_names if len(name) >= _SHORTEST_NAME}, key=lambda name: (-len(name), name)
        )
        self._numbers = {name.casefold(): number for number, name in enumerate(wanted, 1)}
        self._form = (
            re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in wanted)})(?!\w)", re.IGNORECASE)
            if wanted
            else None
        )

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {key: self(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self(each) for each in value]
        return value

    def _text(self, text: str) -> str:
        text = _USER.sub("://…@", logbook.without_secrets(text))
        if self._form is None:
            return text
        text = text.replace(str(Path.home()), "~")
        return self._form.sub(lambda match: f"name-{self._numbers[match[0].casefold()]}", text)


def _own_names() -> list[str]:
    try:
        return [getpass.getuser(), platform.node(), platform.node().partition(".")[0]]
    except (KeyError, OSError):  # a process without a login
        return [platform.node()]


def _about(url: str) -> tuple[dict[str, Any], list[str]]:
    """The versions, and the names that the store knows."""
    versions: dict[str, Any] = {name: _version(name) for name in _LIBRARIES}
    versions |= {"python": platform.python_version(), "system": f"{platform.system()} {platform.release()}"}
    versions["sqlite"] = sqlite_library().sqlite_version
    try:
        store = open_for_upkeep(url)
    except StoreError as error:
        return versions | {"store": type(error).__name__}, []
    try:
        with store.read() as tx:
            known = names.of_everybody(tx)
        return versions | {"store": "file" if store.path else "server", "schema": upkeep.schema_of(store)}, known
    except StoreError as error:
        return versions | {"store": type(error).__name__}, []
    finally:
        store.close()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _errors(since: datetime, *, whole: bool) -> str:
    """The error files since then; what their last line says may name anything, so it is left out as serials are."""
    lines = []
    for path in sorted(logbook.folder().glob("error-*.txt")):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= since:
            rows = path.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
            kept = rows if whole else [row for row in rows if row.startswith('  File "')]
            kind = rows[-1].partition(":")[0] if rows else ""
            lines += [f"{path.name}: {kind}", *kept, ""]
    return "\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
