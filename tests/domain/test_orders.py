"""Orders and their lines."""

import pytest

from scanstation.domain.orders import OrderLine
from tests.domain.goods import CAM


def line(ordered: int, done: int, in_work: int) -> OrderLine:
    return OrderLine(id=1, order_id=1, product=CAM, ordered=ordered, done=done, in_work=in_work)


@pytest.mark.parametrize(("counts", "left"), [((5, 0, 0), 5), ((5, 2, 1), 2), ((5, 5, 0), 0), ((5, 5, 2), 0)])
def test_what_is_left_of_a_line(counts: tuple[int, int, int], left: int) -> None:
    assert line(*counts).left == left
