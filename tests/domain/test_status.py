"""Where orders and units stand (RULES 2.3)."""

import pytest

from scanstation.domain.status import ARROWS, Move, OrderKind, OrderStatus, UnitStatus, order_status

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


@pytest.mark.parametrize(
    ("kind", "done", "open_work", "was_packed", "status"),
    [
        (PO, 0, False, False, OrderStatus.OPEN),
        (PO, 0, True, False, OrderStatus.OPEN),
        (PO, 1, False, False, OrderStatus.PARTIALLY_RECEIVED),
        (PO, 3, True, False, OrderStatus.COMPLETED),
        (SO, 0, False, False, OrderStatus.OPEN),
        (SO, 0, True, False, OrderStatus.PACKING),
        (SO, 0, False, True, OrderStatus.PACKING),
        (SO, 1, False, False, OrderStatus.PACKING),
        (SO, 3, True, False, OrderStatus.PACKING),
        (SO, 3, False, False, OrderStatus.READY_TO_SHIP),
    ],
)
def test_what_an_orders_counts_make_it(
    kind: OrderKind, done: int, open_work: bool, was_packed: bool, status: OrderStatus
) -> None:
    assert order_status(kind, wanted=3, done=done, open_work=open_work, was_packed=was_packed) is status


def test_an_order_was_not_packed_unless_somebody_says_so() -> None:
    assert order_status(SO, wanted=3, done=0, open_work=False) is OrderStatus.OPEN


def test_only_what_is_shipped_or_disposed_of_has_left() -> None:
    assert [status for status in UnitStatus if status.has_left] == [UnitStatus.SHIPPED, UnitStatus.DISPOSED]


@pytest.mark.parametrize("status", OrderStatus)
def test_goods_are_taken_until_an_order_is_done(status: OrderStatus) -> None:
    assert status.takes_goods is (status.value in ("Open", "Partially Received", "Packing"))


def test_only_unship_and_returns_come_back_from_the_truck_and_only_what_was_given_up_is_found_again() -> None:
    back = [what for what, arrows in ARROWS.items() if any(one.before is UnitStatus.SHIPPED for one in arrows)]
    assert back == [Move.UNSHIP, Move.RETURN]
    ended = (UnitStatus.GONE, UnitStatus.DISPOSED)
    assert [what for what, arrows in ARROWS.items() if any(one.before in ended for one in arrows)] == [Move.FIND]
    assert [arrow.before for arrow in ARROWS[Move.FIND]] == [UnitStatus.DISPOSED]
    assert [arrow.before for arrow in ARROWS[Move.SHIP]] == [UnitStatus.PACKED]


def test_words_of_the_kinds() -> None:
    assert [(kind.noun, kind.work_word, kind.done_word) for kind in (PO, SO)] == [
        ("purchase order", "receipt", "received"),
        ("shipment order", "packing", "packed"),
    ]
