"""In which language a command speaks before its configuration is read: its help, wrong usage, what is wrong there.

What click says by itself it looks up with gettext, as a program's own texts are by rule: where the program says that
they are, in the language of LANGUAGE.
"""

import copy
import gettext
import inspect
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click

from scanstation import languages
from scanstation.domain.language import spoken, translated

_VARIABLE = "SCANSTATION_UI__LANGUAGE"
_FILE_NAME = "config.toml"
_LANGUAGE = re.compile(r"""^[^#"'\n]*\blanguage\s*=\s*["']([a-z]+)["']""", re.MULTILINE)
_MOST = 1_000_000
"""Characters of a configuration that are looked through."""
_OF_CLICK, _OF_NOBODY = "click", "messages"
"""Names of catalogs, as gettext knows them; the second is what it looks for where no program says anything."""

Told = TypeVar("Told", bound=click.Command)


@contextmanager
def speaking(arguments: Sequence[str]) -> Iterator[None]:
    """Speak what the configuration asks for, as far as can be seen at once; where nothing is, the locale's."""
    setting, before = _asked(arguments), os.environ.get("LANGUAGE")
    languages.speak(setting)
    language = languages.chosen(setting, os.environ)
    if language != languages.ENGLISH:
        gettext.bindtextdomain(_OF_CLICK, os.path.dirname(languages.__file__))  # noqa: PTH120 - without pathlib
        gettext.textdomain(_OF_CLICK)
        os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        if language != languages.ENGLISH:
            gettext.textdomain(_OF_NOBODY)
            os.environ.pop("LANGUAGE") if before is None else os.environ.update(LANGUAGE=before)


def in_words(command: Told) -> Told:
    """The same command with its help in the language that is spoken."""
    if spoken() is None:
        return command
    translation = copy.copy(command)
    translation.help, translation.epilog = _translated(command.help), _translated(command.epilog)
    translation.params = [_in_words(parameter) for parameter in command.params]
    if isinstance(translation, click.Group):
        translation.commands = {name: in_words(one) for name, one in translation.commands.items()}
    return translation


def _in_words(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    translation = copy.copy(parameter)
    translation.help = _translated(parameter.help)
    if isinstance(parameter.show_default, str):
        translation.show_default = translated(parameter.show_default)
    return translation


def paragraphs(text: str) -> list[str]:
    """Those of a command's help, each in one line: as the catalogs have them."""
    return [" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n")]


def _translated(text: str | None) -> str | None:
    return "\n\n".join(map(translated, paragraphs(text))) if text else text


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
