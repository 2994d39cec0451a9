"""In which language a command speaks before its configuration is read: its help, wrong usage, what is wrong there."""

import os
import re
import sys
from collections.abc import Sequence

from scanstation import languages

_VARIABLE = "SCANSTATION_UI__LANGUAGE"
_FILE_NAME = "config.toml"
_LANGUAGE = re.compile(r"""^[^#"'\n]*\blanguage\s*=\s*["']([a-z]+)["']""", re.MULTILINE)
_MOST = 1_000_000
"""Characters of a configuration that are looked through."""


def speak(arguments: Sequence[str]) -> None:
    """Speak what the configuration asks for, as far as can be seen at once; where nothing is, the locale's."""
    languages.speak(_asked(arguments))


def _asked(arguments: Sequence[str]) -> str:
    wanted = os.environ.get(_VARIABLE) or _of_file(_named(arguments)) or "auto"
    return wanted if wanted in languages.LANGUAGES else "auto"


def _named(arguments: Sequence[str]) -> str:
    """The configuration that is read, whether it is there or not."""
    for option, value in zip(arguments, [*arguments[1:], ""], strict=False):
        if option == "--config":
            return value
        if option.startswith("--config="):
            return option.partition("=")[2]
    return _FILE_NAME if os.path.isfile(_FILE_NAME) else _users_own()  # noqa: PTH113 - without pathlib


def _users_own() -> str:
    if sys.platform not in ("win32", "darwin"):  # as platformdirs has it, which takes longer to import than all this
        home = os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config"
        return os.path.expanduser(f"{home}/scanstation/{_FILE_NAME}")  # noqa: PTH111
    from platformdirs import user_config_path

    return str(user_config_path("scanstation") / _FILE_NAME)


def _of_file(name: str) -> str:
    """What a configuration asks for, though all else in it were wrong; empty where it says nothing."""
    try:
        with open(name, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            found = _LANGUAGE.search(file.read(_MOST))
    except (OSError, ValueError):
        return ""
    return found[1] if found else ""
