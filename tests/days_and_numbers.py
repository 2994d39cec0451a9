"""How days and numbers are written in a language: what its catalog has of them comes from Babel (`make catalogs`)."""

import re
from collections.abc import Mapping

from babel import Locale
from babel.dates import get_day_names, get_month_names

_FIELDS = {"E": "{weekday}", "d": "{day}", "MMM": "{month}", "y": "{year}"}
_FOUR_TOGETHER = ("es", "pl")
"""CLDR has thousands apart from five digits on (`minimumGroupingDigits`), which Babel does not tell."""
_BLANKS = str.maketrans("\xa0\u202f", "  ")
"""Blanks that a terminal may have no picture of."""


def translations(language: str) -> dict[str, str]:
    """What is translated here and by nobody else, by its English."""
    in_year, signs = _template(language, "yMMMd"), Locale.parse(language).number_symbols["latn"]
    group, decimal = (signs[sign].translate(_BLANKS) for sign in ("group", "decimal"))
    return {
        **_names(get_month_names("abbreviated", "format", "en"), get_month_names("abbreviated", "format", language)),
        **_names(get_day_names("abbreviated", "format", "en"), get_day_names("abbreviated", "stand-alone", language)),
        "{weekday} {day} {month}": _template(language, "MMMEd"),
        "{day} {month} {year}": in_year,
        "{day} {month} {year} {time}": f"{in_year} {{time}}",
        "1,000": "1000" if language in _FOUR_TOGETHER else f"1{group}000",
        "10,000": f"10{group}000",
        "0.5": f"0{decimal}5",
    }


def _names(english: Mapping[int, str], theirs: Mapping[int, str]) -> dict[str, str]:
    return {english[number]: theirs[number] for number in english}


def _template(language: str, skeleton: str) -> str:
    """Babel's pattern with our fields, and without the comma behind a weekday, which costs a list a column."""
    pattern = Locale.parse(language).datetime_skeletons[skeleton].pattern.replace(",", "")
    return re.sub("[A-Za-z]+", lambda letters: _FIELDS[letters[0]], pattern)
