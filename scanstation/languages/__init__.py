"""The languages that people are told in: which of them is meant, and its catalog beside this file.

English needs no catalog, and nothing is imported for it. How the others are made: docs/translating.md.
"""

import os
import sys
from collections.abc import Mapping
from functools import cache

from scanstation.domain import language

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español", "pl": "Polski", "fr": "Français"}
_ASKED = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment; the first that says something counts, as with every program of the system."""


def chosen(setting: str, environment: Mapping[str, str]) -> str:
    """Which language a setting means; `auto` is that of the environment, or of Windows itself."""
    if setting != "auto":
        return setting
    asked = next((value for name in _ASKED if (value := environment.get(name))), "") or _of_windows()
    wanted = (one.partition(".")[0].partition("_")[0].partition("-")[0].lower() for one in asked.split(":"))
    return next((one for one in wanted if one in LANGUAGES), ENGLISH)


def speak(setting: str) -> None:
    """Tell people everything in this language from now on."""
    language.speak(_catalog(chosen(setting, os.environ)))


def speak_to(theirs: str, setting: str) -> None:
    """The same for whoever sits at a station now; where they have no language that is known here, the station's."""
    speak(theirs if theirs in LANGUAGES else setting)


@cache
def _catalog(code: str) -> language.Catalog | None:
    if code == ENGLISH:
        return None
    from gettext import GNUTranslations  # late: not for English

    # Without pathlib: the overview of all commands has no other use for it.
    with open(os.path.join(os.path.dirname(__file__), f"{code}.mo"), "rb") as file:  # noqa: PTH118, PTH120, PTH123
        return GNUTranslations(file)


def _of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes  # late: there the environment says nothing
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
