"""Texts that were numbers or dates before they were texts: what a program made of a serial, not the serial.

Only the product's pattern can tell that such a text is a serial all the same, and patterns are the workflows' to ask.
"""

import re
from collections.abc import Iterable

from scanstation.domain.language import said_later, word

EXPONENT_REASON = said_later("is a number with an exponent: its last digits are lost")
_ZERO_REASON = said_later("was a number, and a program has put a decimal place behind it")
_EMPTY_REASON = said_later("is what a program writes for an empty cell")
_DATE_REASON = said_later("is a date: a program has made it of the serial")
_NAME_REASON = said_later("is a date, or looks like one that a program has made of it")
_DAY_MONTH_REASON = said_later(
    "is a day and a month, and the other cells of its column are not: a program has made it of the serial"
)

# Without a decimal the sign is needed: 12E5 may be a serial.
EXPONENT = r"[+-]?\d++(?:[.,]\d++[eE][+-]?|[eE][+-])\d++"
_ZERO = r"[+-]?\d++[.,]0"
_CLOCK = r"[T ,]++\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d++)?+)?+(?: ?[AaPp]\.?[Mm]\.?| ?Z| ?[+-]\d\d:?\d\d)?+"
_DAY = r"(?:\d{4}|\d{1,2})([-./])\d{1,2}\1(?:\d{4}|\d{1,2})"
_MONTH = (
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
    "|january|february|march|april|june|july|august|september|october|november|december"
    "|jän|mär|mrz|märz|mai|okt|dez|janv|févr|fév|mars|avr|juin|juil|août|déc"
    "|ene|abr|ago|dic|gen|mag|giu|lug|ott|set|mei|mrt|fev|out)"
)
_BETWEEN = r"\.?[-. /]{1,2}"

MAY_BE_NUMBER = (
    r"[+-]?\d++(?:[.,]\d++[eE][+-]?\d|[eE][+-]\d|[.,]0\n|/\d{1,2}/\d{1,4}[T ,\n]|[-.]\d{1,2}[-.]\d{1,4}[T ,])"
)
"""The beginning, and the line end, of the texts that have to be looked at."""
MAY_BE_DAY_AND_MONTH = (
    rf"(?i:\d{{1,2}}\.?[-. /]{{1,2}}{_MONTH}|(?=[a-z]{{3,9}}\.?[-. /']{{1,2}}\d{{1,4}}(?:,? \d{{4}}|\n)){_MONTH})"
)
MAY_BE_EMPTY = r"(?i:<?na[nt]?>?\n)"

_is_exponent = re.compile(EXPONENT, re.ASCII).fullmatch
_is_number_with_zero = re.compile(_ZERO, re.ASCII).fullmatch
_dated = re.compile(rf"{_DAY}({_CLOCK})?+", re.ASCII).fullmatch
_YEAR = r"(?:(?:19|20)\d\d|\d{1,2})"
_is_day_and_month = re.compile(
    rf"\d{{1,2}}{_BETWEEN}{_MONTH}(?:{_BETWEEN}{_YEAR})?+\.?|{_MONTH}{_BETWEEN}'?{_YEAR}"
    rf"|{_MONTH}{_BETWEEN}\d{{1,2}},? \d{{4}}",
    re.IGNORECASE,
).fullmatch
_is_moment = re.compile(
    rf"(?:\d{{1,2}}{_BETWEEN}{_MONTH}{_BETWEEN}{_YEAR}|{_MONTH}{_BETWEEN}\d{{1,2}},? \d{{4}}){_CLOCK}", re.IGNORECASE
).fullmatch
_is_empty = re.compile("nan|nat|<na>", re.IGNORECASE).fullmatch
"""As pandas writes it."""
_digits = re.compile(r"\d++")


def reason(text: str) -> str | None:
    """Why the text is not what it was; None where nothing speaks against it."""
    if _is_exponent(text):
        return word(EXPONENT_REASON)
    if _is_number_with_zero(text):
        return word(_ZERO_REASON)
    if (found := _dated(text)) and _is_day(text) and (found[1] == "/" or found[2]):
        return word(_DATE_REASON)
    return None


def reason_in_names(text: str) -> str | None:
    """The same of an order's number, a SKU or another name, which no pattern can tell from what a program made."""
    said = reason(text)
    return word(_NAME_REASON) if said == _DATE_REASON else said


def reason_in_serials(text: str) -> str | None:
    """The same, and what only serials are asked: months by name with a time of day, cells that were empty."""
    if _is_moment(text):
        return word(_DATE_REASON)
    return word(_EMPTY_REASON) if _is_empty(text) else reason(text)


def is_day_and_month(text: str) -> bool:
    """Is the text a day and a month's name, or a month's name and a year?"""
    return _is_day_and_month(text) is not None


def among_others(text: str, column: Iterable[str]) -> str | None:
    """Why a day and month is not what it was, held against its column; None where the others are built alike.

    A maker may number `MAY-98, MAY-99, MAY-100`: these are alike.
    """
    own = form(text)
    for other in column:
        if other and form(other) != own and not is_day_and_month(other):
            return word(_DAY_MONTH_REASON)
    return None


def form(text: str) -> str:
    """The text with every run of digits as 9, whatever its case."""
    return _digits.sub("9", text).casefold()


def _is_day(text: str) -> bool:
    """Can the three numbers be a day, a month and a year, in any order that people write?"""
    numbers = re.findall(r"\d+", text)[:3]
    first, second, third = map(int, numbers)
    if len(numbers[0]) == 4:
        return len(numbers[2]) < 3 and 1900 <= first < 2200 and 1 <= second <= 12 and 1 <= third <= 31
    if len(numbers[2]) == 4 and not 1900 <= third < 2200:
        return False
    return (1 <= first <= 12 and 1 <= second <= 31) or (1 <= first <= 31 and 1 <= second <= 12)
