"""Where maps are: in config.toml, in a file of their own, or among those that come with the program."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanstation.domain.codes import shorten
from scanstation.domain.language import worded
from scanstation.domain.sheet_maps import NO_MAP, BadMap, SheetMap, merged, read_map

_READY = Path(__file__).with_name("maps")
_LARGEST = 1 << 20
"""Bytes of a map; a larger file is none."""


def ready_maps() -> list[str]:
    """The names of the maps that come with the program."""
    return sorted(path.stem for path in _READY.glob("*.toml"))


def find_map(given: str | Mapping[str, Any]) -> SheetMap:
    """The map that config.toml says: a ready one's name, a file's path, or a table.

    Raises:
        BadMap: there is none, or it cannot be used.
    """
    if isinstance(given, str):
        return _named(given) if given else NO_MAP
    return _built("config.toml", given)


def _named(given: str) -> SheetMap:
    if given in ready_maps():
        return read_map(given, _read(_READY / f"{given}.toml", given))
    path = Path(given)
    return _built(shorten(path.name, 80), _read(path, shorten(given, 200)))


def _built(name: str, raw: Mapping[str, Any]) -> SheetMap:
    """A map with what it uses below it."""
    used = raw.get("use", "")
    if not isinstance(used, str) or (used and used not in ready_maps()):
        raise BadMap(
            worded(
                "The map {name}: use must be a ready map: {ready_maps}.", name=name, ready_maps=", ".join(ready_maps())
            )
        )
    own = {key: value for key, value in raw.items() if key != "use"}
    return read_map(name, merged(_read(_READY / f"{used}.toml", used), own) if used else own)


def _read(path: Path, name: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        there_are = ", ".join(ready_maps())
        raise BadMap(
            worded(
                "The map {name} cannot be read: {why}. Name a file, written from the root on, or one of: {there_are}.",
                name=name,
                why=error.strerror,
                there_are=there_are,
            )
        ) from error
    try:
        if len(content) > _LARGEST:
            raise BadMap(worded("The map {name} is too large to be one.", name=name))
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadMap(worded("The map {name} is not UTF-8. Save it as UTF-8.", name=name)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMap(worded("The map {name} is not TOML: {why}.", name=name, why=shorten(str(error), 200))) from error
