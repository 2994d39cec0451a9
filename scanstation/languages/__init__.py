"""The languages that people are told in: which of them is meant, and its catalog beside this file.

English needs no catalog, and nothing is imported for it. How the others are made: docs/translating.md.
"""

import os
import re
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cache

from scanstation.domain import language

_site = "auto"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español", "pl": "Polski", "fr": "Français"}
_DAY_FIRST = (
    " ab ady az ba be bg bs bua cs da de dsb et fi fo gsw he hr hsb hy ie is ka kaa kbd kk ksh ku ky lb lld ltg lv mk"
    " nb nds nn no os pl prg ro ru sk sl smn sq sr szl tg tk tr tt uk en_ch fr_ch it_ch se_fi sv_ax sv_fi "
)
"""Languages, some in one country only, that write the first of December as 01.12.; a test asks Babel which they are."""
_DAYS_ASKED = ("LC_ALL", "LC_TIME", "LANG")
_ASKED = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment; the first that says something counts, as with every program of the system."""


def chosen(setting: str, environment: Mapping[str, str]) -> str:
    """Which language a setting means; `auto` is that of the environment, or of Windows itself."""
    if setting != "auto":
        return setting
    asked = next((value for name in _ASKED if (value := environment.get(name))), "") or _of_windows()
    wanted = (one.partition(".")[0].partition("_")[0].partition("-")[0].lower() for one in asked.split(":"))
    return next((one for one in wanted if one in LANGUAGES), ENGLISH)


def settle(setting: str) -> None:
    """This is the site's setting, whoever sits at a station of it."""
    global _site
    _site = setting


def site() -> str:
    """The site's setting, for a process beside the station."""
    return _site


def day_is_first() -> bool:
    """Is a day with points written with the day first, as the site's language or the locale has it?"""
    asked = next((value for name in _DAYS_ASKED if (value := os.environ.get(name))), "") or _of_windows()
    language, _, country = re.split("[.@]", asked.lower().replace("-", "_"))[0].partition("_")
    return any(f" {one} " in _DAY_FIRST for one in (_site, language, f"{language}_{country}"))


def speak(setting: str) -> None:
    """Tell people everything in this language from now on."""
    language.speak(_catalog(chosen(setting, os.environ)))


def written_in(code: str) -> AbstractContextManager[None]:
    """Word what stands on a paper in this language, whatever is spoken."""
    return language.written_in(_catalog(code))


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
