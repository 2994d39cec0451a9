"""Scans that are more than one code."""

import pytest

from scanstation.domain.check_card import PLAIN_CARD
from scanstation.domain.scan import Scan
from scanstation.domain.special import Special, special


@pytest.mark.parametrize(
    ("scan", "what"),
    [
        (Scan("SN-1"), None),
        (Scan("SN-1", repeat=True), Special.TWICE),
        (Scan(PLAIN_CARD), Special.CHECK_CARD),
        (Scan(PLAIN_CARD, repeat=True), Special.TWICE),
        (Scan("A\nB", lines=(Scan("A"), Scan("B"))), Special.LINES),
    ],
)
def test_what_a_scan_is_besides_a_code(scan: Scan, what: Special | None) -> None:
    assert special(scan) is what
