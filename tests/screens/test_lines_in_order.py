"""The order's lines as their table has them, changed line by line, against the same put in order from nothing."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scanstation.screens.widgets.lines_in_order import LinesInOrder
from scanstation.workflows.scanning.views import LineView

COUNT = 9

doings = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.sampled_from([0, 3, 4, 5, 10]), st.sampled_from([None, *range(COUNT)])),
    max_size=12,
)


def lines_of(done: Sequence[int], in_work: int | None) -> list[LineView]:
    return [
        LineView(place, f"SKU-{'Ａ' * place}", "", 4, taken, f"{taken} of 4", in_work=place == in_work)
        for place, taken in enumerate(done)
    ]


def assert_in_order(here: LinesInOrder, lines: Sequence[LineView]) -> None:
    ordered = sorted(lines, key=lambda line: line.full and not line.in_work)
    assert list(here.beginning_at(0)) == ordered
    assert here.in_work == next((line for line in ordered if line.in_work), None)
    assert here.at_in_work == next((at for at, line in enumerate(ordered) if line.in_work), 0)
    assert [here.full_beyond(at) for at in range(COUNT)] == [
        sum(line.full for line in ordered[at:]) for at in range(COUNT)
    ]
    assert here.widths == (
        max(cell_len(line.sku) for line in lines),
        1,
        max(len(str(line.done)) for line in lines),
        max(len(line.serials) for line in lines),
    )


@given(doings)
def test_what_is_changed_line_by_line_stands_as_if_put_in_order_anew(
    changes: list[tuple[int, int, int | None]],
) -> None:
    done = [0] * COUNT
    before = lines_of(done, None)
    here = LinesInOrder(before)
    for place, taken, in_work in changes:
        done[place] = taken
        # A line that has not changed is the same object, as a desk hands it out.
        after = [old if old == new else new for old, new in zip(before, lines_of(done, in_work), strict=True)]
        assert here.become(after) is (after != before)
        assert_in_order(here, after)
        before = after


def test_another_order_takes_the_place_of_the_last() -> None:
    here = LinesInOrder(lines_of([4, 0, 4], 2))
    assert here.become(lines_of([0] * COUNT, None))
    assert_in_order(here, lines_of([0] * COUNT, None))
    assert here.become([])
    assert len(here) == 0
