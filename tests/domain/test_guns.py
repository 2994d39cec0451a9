"""Which scanners drop the separators of GS1."""

import pytest

from scanstation.domain.guns import KEYBOARDS, Guns
from scanstation.domain.scan import Scan


@pytest.mark.parametrize("device", ["wedge", "keyboard", "paste"])
def test_all_that_type_are_one(device: str) -> None:
    guns = Guns()
    guns.showed("wedge", separator=False)
    assert guns.drops_separators(Scan("X", device=device))
    assert not guns.drops_separators(Scan("X", device="gun1"))
    guns.showed(device, separator=True)
    assert not guns.drops_separators(Scan("X"))


def test_the_configuration_holds_until_a_card_says_otherwise() -> None:
    guns = Guns([KEYBOARDS, "gun1"])
    guns.showed("gun1", separator=True)
    assert guns.drops_separators(Scan("X"))
    assert not guns.drops_separators(Scan("X", device="gun1"))
