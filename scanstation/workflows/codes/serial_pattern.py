"""What a product's serials look like: a supervisor's regular expression, matched where it cannot hang a station.

RE2 matches in time that grows with the code's length alone, whatever the pattern: `(a+)+$` would keep Python's
own `re` busy for hours with one scan. What RE2 cannot do (back-references, looking around) is refused where a
pattern is given.

A group `(?P<serial>…)` takes the code out of a longer text. Beside expressions stand three names: `imei`, `mac` and
`luhn:N`, a number of N digits with its Luhn check digit.
"""

import re
from functools import lru_cache

import re2

from scanstation.domain import sentences as say
from scanstation.domain.codes import visible
from scanstation.domain.marks import SEPARATORS, bare

LONGEST = 200
SERIAL = "serial"
"""The group that takes the code out of a longer text."""
_LUHN = re.compile(r"luhn:([1-9][0-9]?)", re.IGNORECASE)
_MOST_DIGITS = 64
_IMEI_DIGITS = 15
_MAC = re.compile(r"[0-9A-F]{2}(?:[-: ]?[0-9A-F]{2}){5}|[0-9A-F]{4}(?:\.[0-9A-F]{4}){2}", re.IGNORECASE)
_IMEI = re.compile(rf"[0-9](?:[{re.escape(SEPARATORS)}]?[0-9]){{14}}")


def refusal(pattern: str) -> str | None:
    """Why a text cannot be a pattern, to follow it; None when it can."""
    if len(pattern) > LONGEST:
        return say.pattern_is_long(LONGEST)
    if pattern.lower().startswith("luhn:"):
        found = _LUHN.fullmatch(pattern)
        usable = found is not None and 2 <= int(found[1]) <= _MOST_DIGITS
        return None if usable else say.pattern_lacks_digits(_MOST_DIGITS)
    if is_named(pattern):
        return None
    try:
        _compiled(pattern)
    except re2.error as error:
        said = error.args[0]
        told = visible(said.decode(errors="replace") if isinstance(said, bytes) else str(said))
        return say.pattern_is_none(told)
    return None


def is_named(pattern: str) -> bool:
    """Is it one of the names, and no expression?"""
    return pattern.lower() in ("imei", "mac") or _LUHN.fullmatch(pattern) is not None


def ignores_separators(pattern: str) -> bool:
    """Are two codes one if they differ only by what stands between their characters?"""
    return pattern.lower() in ("imei", "mac")


def has_check_digit(pattern: str) -> bool:
    """Is a code's last digit made of the others, so that nobody counts the next code?"""
    return pattern.lower() == "imei" or _LUHN.fullmatch(pattern) is not None


def is_imei(code: str) -> bool:
    """Does a code look like one, its check digit right?"""
    return fits("imei", code)


def fits(pattern: str, code: str) -> bool:
    """Does the whole code match, whatever its case? A pattern that cannot be read fits nothing."""
    name = pattern.lower()
    if name == "mac":
        return _MAC.fullmatch(code) is not None
    if name == "imei":
        return _IMEI.fullmatch(code) is not None and _has_luhn_digit(re.sub(r"[^0-9]", "", code))
    if found := _LUHN.fullmatch(pattern):
        return len(code) == int(found[1]) and code.isascii() and code.isdigit() and _has_luhn_digit(code)
    try:
        found_here = _compiled(pattern).fullmatch(code)
        if found_here is None or not takes_out(pattern):
            return found_here is not None
        return found_here.group(SERIAL) is not None
    except re2.error:
        return False


def takes_out(pattern: str) -> bool:
    """Does the pattern take codes out of longer texts?"""
    return "(?P<serial>" in pattern


def taken_out(pattern: str, text: str) -> str | None:
    """The code that a pattern takes out of a whole text; None where it takes none, or does not match."""
    if not takes_out(pattern):
        return None
    try:
        match = _compiled(pattern).fullmatch(text)
    except re2.error:
        return None
    code: str | None = match.group(SERIAL) if match else None
    return code or None


def plain(code: str) -> str:
    """A code of a pattern that ignores separators, without them."""
    return bare(code)


def _has_luhn_digit(digits: str) -> bool:
    """The check digit of IMEIs and bank cards: every second digit from the end counts double."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)
