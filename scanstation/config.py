"""config.toml, SCANSTATION_… in the environment and the options of the command line, in one checked model.

An option beats the environment, which beats the file, which beats the defaults. Every key has a default and is
explained in the project's config.toml. What is plainly right is read here; whatever else there is, `config_model`
judges.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from scanstation.domain.codes import shorten, visible
from scanstation.domain.defaults import PIN_FILE
from scanstation.domain.language import word, worded
from scanstation.settings import ENVIRONMENT_PREFIX, FILE_NAME, BadConfiguration, Settings, data_folder

__all__ = ["ENVIRONMENT_PREFIX", "FILE_NAME", "BadConfiguration", "Settings", "config_file", "data_folder", "load"]


def config_file(asked: Path | None = None) -> Path | None:
    """The file that is read: the one asked for, else the current folder's, else the user's; None without any.

    Raises:
        BadConfiguration: the file asked for is not there, or the current folder's is somebody else's.
    """
    if asked is not None:
        if not asked.is_file():
            what = word("is not a file") if asked.exists() else word("is not there")
            problem = worded(
                "The configuration file {file_name} {what}. Check --config.",
                file_name=shorten(str(asked), 200),
                what=what,
            )
            raise BadConfiguration([problem])
        return asked
    if (here := Path(FILE_NAME)).is_file():
        _refuse_a_strangers(here)
        return here
    from platformdirs import user_config_path  # late: not where a file is named

    return found if (found := user_config_path("scanstation") / FILE_NAME).is_file() else None


def _refuse_a_strangers(file: Path) -> None:
    """A file that lies in wait in a shared folder could lead all scans to another store."""
    if sys.platform == "win32":
        return  # there the folder's rights say who may put files into it
    owners = {file.stat().st_uid, file.lstat().st_uid} - {0, os.geteuid()}
    if owners:
        problem = worded(
            "{file_name} is neither yours nor the system's: it belongs to {owner}, and is not believed. Work in "
            "another folder, or say that you mean it: --config {name}",
            file_name=shorten(str(file.absolute()), 200),
            owner=_user_name(owners.pop()),
            name=FILE_NAME,
        )
        raise BadConfiguration([problem])


def _user_name(number: int) -> str:
    unnamed = word("user {number}", number=str(number))
    if sys.platform == "win32":
        return unnamed
    import pwd

    try:
        return visible(pwd.getpwuid(number).pw_name)
    except KeyError:
        return unnamed


def load(file: Path | None = None, *, options: Mapping[str, Mapping[str, str]] | None = None) -> Settings:
    """The settings that hold.

    Args:
        file: the config.toml to read, if any (see `config_file`).
        options: what the command line says: section → key → value.

    Raises:
        BadConfiguration: a file that cannot be read, an unknown key, a bad value.
    """
    in_file = _from_file(file)
    try:
        return plainly_right(in_file, options or {})
    except ValueError:
        from scanstation.config_model import judged  # late: its libraries take longer than a short command

        return judged(file, in_file, options or {})


def plainly_right(*sources: Mapping[str, Any]) -> Settings:
    """The settings that some sources make, the strongest last, where nothing has to be thought about.

    Raises:
        ValueError: something is wrong, or may be right in another form; there may be something in the environment.
    """
    if any(name.upper().startswith(ENVIRONMENT_PREFIX) and name.upper() != PIN_FILE for name in os.environ):
        raise ValueError("the environment")
    defaults = Settings()
    given: dict[str, dict[str, Any]] = {}
    for source in sources:
        for section, table in source.items():
            if not (_has(section) and isinstance(table, Mapping)):
                raise ValueError(section)
            known = {one.name: one.type for one in fields(getattr(defaults, section))}
            if table.keys() - known:
                raise ValueError(section)
            given.setdefault(section, {}).update({key: _plain(known[key], value) for key, value in table.items()})
    return Settings(**{section: type(getattr(defaults, section))(**keys) for section, keys in given.items()})


def _has(section: str) -> bool:
    """Is it a section of single keys? Tables of scanners are not plain."""
    return section != "serial" and section in Settings.__dataclass_fields__


def _plain(kind: Any, value: Any) -> Any:
    """A value of this type as it is kept."""
    if get_origin(kind) is Annotated:
        kind, *checks = get_args(kind)
        value = _plain(kind, value)
        for check in checks:
            value = check(value)
        return value
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_plain(get_args(kind)[0], one) for one in value)
    if kind is Any:
        is_right = True
    elif get_origin(kind) is Literal:
        is_right = isinstance(value, str) and value in get_args(kind)
    elif kind is float:
        is_right = type(value) in (int, float) and isfinite(value)
    else:
        is_right = type(value) is kind
    if not is_right:
        raise ValueError(value)
    return float(value) if kind is float else value


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    import tomllib  # late: most stations have an address and no file

    file_name = shorten(str(path), 200)
    try:
        # Windows' editors begin a file with a byte-order mark.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problem = worded("{file_name} cannot be read: {why}.", file_name=file_name, why=error.strerror)
        raise BadConfiguration([problem]) from error
    except UnicodeDecodeError as error:
        problem = worded("{file_name} is not UTF-8. Save it as UTF-8.", file_name=file_name)
        raise BadConfiguration([problem]) from error
    except tomllib.TOMLDecodeError as error:
        problem = worded("{file_name} is not TOML: {why}.", file_name=file_name, why=shorten(str(error), 200))
        raise BadConfiguration([problem]) from error
