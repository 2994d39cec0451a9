"""Writing into config.toml what was found out at the station: a few keys, and every comment stays where it is."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from platformdirs import user_config_path
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from scanstation import config
from scanstation.domain import sentences as say
from scanstation.domain.codes import shorten
from scanstation.domain.file_errors import UnwritableFile
from scanstation.domain.heard import Change
from scanstation.domain.language import Telling, word
from scanstation.domain.outcome import Done, Refused
from scanstation.files import write_whole

_BYTE_ORDER_MARK = "\ufeff"


def file_to_write(in_use: Path | None) -> Path:
    """The config.toml that is in use; where there is none, the user's own, which will be made."""
    return in_use or user_config_path("scanstation") / config.FILE_NAME


def set_in_environment(change: Change, scanners: Sequence[str] = ()) -> str | None:
    """The variable that beats what would be written, if it is set.

    Args:
        change: what would be written.
        scanners: the ids of all [[serial]] tables, in their order.
    """
    key = change.key.upper()
    sections = {"SERIAL", f"SERIAL__{scanners.index(change.scanner)}__{key}"} if change.scanner else {f"WEDGE__{key}"}
    variables = {f"{config.ENVIRONMENT_PREFIX}{section}" for section in sections}
    return next((name for name in os.environ if name.upper() in variables), None)


def write_changes(file: Path, changes: Sequence[Change]) -> Done | Refused:
    """Write keys into a config.toml, whole or not at all; a file that is not there is made.

    Refused, with the file as it was: it cannot be read or written, or the station could not start with it.
    """
    file_name = shorten(str(file), 200)
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else word("it is not UTF-8")
        return say.config_unreadable(file_name=file_name, cause=cause)
    try:
        after = _changed(before, changes)
    except _NoSuchTable as error:
        return say.config_unchangeable(file_name=file_name, cause=error)
    except TOMLKitError as error:
        return say.config_unchangeable(file_name=file_name, cause=shorten(str(error), 200))
    if problems := _problems(after):
        return say.config_would_not_start(file_name=file_name, cause=problems[0])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, after.encode("utf-8"), is_ours=True)
    except UnwritableFile as error:
        return say.config_unwritable(trouble=error)
    except OSError as error:
        return say.config_not_written(file_name=file_name, cause=error.strerror)
    return say.settings_written(dict.fromkeys(change.key for change in changes), file_name)


class _NoSuchTable(Telling, Exception):
    """The [[serial]] table that a key belongs to is not in the file."""

    def __init__(self, scanner: str) -> None:
        super().__init__(scanner)
        self.scanner = scanner

    @property
    def words(self) -> str:
        """Which one there is not."""
        return word("there is no [[serial]] table with the id {scanner} in it", scanner=self.scanner)


def _changed(text: str, changes: Sequence[Change]) -> str:
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    document = tomlkit.parse(text.removeprefix(mark))
    for change in changes:
        value = list(change.value) if isinstance(change.value, tuple) else change.value
        _set(_table(document, change), change.key, value)
    written = document.as_string()
    if "\r\n" in text:  # as editors on Windows write it
        written = re.sub(r"(?<!\r)\n", "\r\n", written)
    return mark + written


def _table(document: tomlkit.TOMLDocument, change: Change) -> Any:
    if not change.scanner:
        if "wedge" not in document:
            document["wedge"] = tomlkit.table()
        return document["wedge"]
    tables = document.get("serial", [])
    matching_tables = [it for it in tables if it.get("id") == change.scanner] if isinstance(tables, AoT | list) else []
    if not matching_tables:
        raise _NoSuchTable(change.scanner)
    return matching_tables[0]


def _set(table: Any, key: str, value: object) -> None:
    """Set a key; a new one goes after the last, before the comments that lead over to the next table."""
    if key in table or not isinstance(table, Table):
        table[key] = value
        return
    body = table.value.body
    tail: list[Any] = []
    while body and body[-1][0] is None:
        tail.insert(0, body.pop())
    table.add(key, value)
    body.extend(tail)


def _problems(text: str) -> tuple[str, ...]:
    """What the station would say to it at the start."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / config.FILE_NAME
        file.write_bytes(text.encode("utf-8"))
        try:
            config.load(file)
        except config.BadConfiguration as error:
            return error.problems
    return ()
