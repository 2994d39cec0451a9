"""Which scanners drop the separators of GS1."""

import pytest

from scanstation.domain.scan import Scan
from scanstation.domain.scanner_traits import KEYBOARDS, ScannerTraits


@pytest.mark.parametrize("device", ["wedge", "keyboard", "paste"])
def test_all_that_type_are_one(device: str) -> None:
    traits = ScannerTraits()
    traits.showed("wedge", separator=False)
    assert traits.drops_separators(Scan("X", device=device))
    assert not traits.drops_separators(Scan("X", device="gun1"))
    traits.showed(device, separator=True)
    assert not traits.drops_separators(Scan("X"))


def test_the_configuration_holds_until_a_card_says_otherwise() -> None:
    traits = ScannerTraits([KEYBOARDS, "gun1"])
    traits.showed("gun1", separator=True)
    assert traits.drops_separators(Scan("X"))
    assert not traits.drops_separators(Scan("X", device="gun1"))
