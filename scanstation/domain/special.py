"""Scans that are more than one code: the station answers them itself, unless the screen in front wants them raw."""

from enum import Enum, auto

from scanstation.domain.scan import Scan


class Special(Enum):
    """What a scan is besides a code."""

    TWICE = auto()
    """The same code from the same scanner a moment ago."""
    CHECK_CARD = auto()
    """The card that shows how a scanner is set up."""
    LINES = auto()
    """A paste of so many lines that it may be a mistake."""


def special(scan: Scan) -> Special | None:
    """What a scan is besides a code; None for all that are nothing else."""
    if scan.repeat:
        return Special.TWICE
    from scanstation.domain.check_card import find_card  # late: no screen needs it to be shown

    if find_card(scan.text):
        return Special.CHECK_CARD
    return Special.LINES if scan.lines else None
