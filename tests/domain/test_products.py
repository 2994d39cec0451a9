"""Products."""

from dataclasses import replace

import pytest

from scanstation.domain.products import OnHand
from tests.domain.goods import CAM


@pytest.mark.parametrize("sku", ["CAM-1", "cam-1", "ｃａｍ-1"])
def test_skus_are_compared_by_their_keys(sku: str) -> None:
    assert replace(CAM, sku=sku).sku_key == "CAM-1"


def test_units_without_serials_are_the_rest() -> None:
    assert OnHand(units=5, with_serials=2).without_serials == 3
