"""House serials: what a unit is known by while nobody can read a serial of its own (RULES 2.8)."""

from enum import StrEnum

from scanstation.domain.codes import Code, code_key

_DIGITS = 6


class WhyNone(StrEnum):
    """Why a unit has no serial that could be scanned; people are asked in this order."""

    UNREADABLE = "unreadable"
    NONE = "none on the unit"
    DUPLICATE = "maker's duplicate"


CHOICES = tuple(one.value for one in WhyNone)
"""The same, as a question lists them."""


def house_serial(prefix: str, number: int) -> Code:
    """The code of a number.

    >>> house_serial("HS-", 42).text
    'HS-000042'
    """
    text = f"{prefix}{number:0{_DIGITS}}"
    return Code(text, code_key(text))


def reads_like_one(prefix: str, key: str) -> bool:
    """Might this code stand on a house label? `key` is a `code_key`."""
    digits = key.removeprefix(code_key(prefix))
    return digits != key and len(digits) >= _DIGITS and digits.isascii() and digits.isdigit()


def hold_reason(why: str) -> str:
    """Why a unit under a house serial is on hold from its receipt on.

    >>> hold_reason("unreadable")
    'no readable serial: unreadable'
    """
    return f"no readable serial: {why}"
