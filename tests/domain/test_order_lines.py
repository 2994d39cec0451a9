"""The lines of one order, kept from scan to scan."""

from dataclasses import replace

from scanstation.domain.order_lines import OrderLines
from scanstation.domain.orders import OrderLine
from tests.domain.goods import CAM

FIRST = OrderLine(id=11, order_id=1, product=replace(CAM, id=1), ordered=5, done=2, in_work=1)
SECOND = OrderLine(id=12, order_id=1, product=replace(CAM, id=2), ordered=9, done=4, in_work=0, closed_short=5)


def sums(lines: OrderLines) -> tuple[int, int, int, int, int]:
    return lines.wanted, lines.done, lines.in_work, lines.left, lines.lines_missing


def test_sums_leave_out_what_was_closed_short() -> None:
    assert sums(OrderLines([FIRST, SECOND], 7)) == (9, 6, 1, 2, 1)


def test_a_version_with_changed_lines_leaves_the_one_before_as_it_was() -> None:
    before = OrderLines([FIRST, SECOND], 7)
    full = replace(FIRST, done=5, in_work=0)
    after = before.with_changed([full], 8)
    assert sums(after) == (9, 9, 0, 0, 0)
    assert sums(before) == (9, 6, 1, 2, 1)
    assert (before.of_id(11), after.of_id(11), after.of_product(2)) == (FIRST, full, SECOND)
    assert after.is_version_of(before)
    assert dict(after.changed) == {0: full}

    more = after.with_changed([replace(SECOND, closed_short=0)], 9)
    assert sums(more) == (14, 9, 0, 5, 1)
    assert sorted(more.changed) == [0, 1]


def test_settled_it_is_as_if_it_had_been_read_so() -> None:
    changed = replace(SECOND, done=3, in_work=1)
    lines = OrderLines([FIRST, SECOND], 7).with_changed([changed], 8)
    lines.settle()
    assert not lines.changed
    assert [*lines] == [FIRST, changed]
    assert sums(lines) == sums(OrderLines([FIRST, changed], 8))


def test_what_is_not_on_the_order() -> None:
    lines = OrderLines([FIRST, SECOND], 0)
    assert (len(lines), lines.place(12), lines.has(13), lines.of_product(3)) == (2, 1, False, None)


def test_what_an_order_lacks_counts_no_surplus() -> None:
    lines = [replace(FIRST, ordered=5, done=2, in_work=1), replace(SECOND, ordered=1, done=3, closed_short=0)]
    assert OrderLines(lines, 0).left == 2
