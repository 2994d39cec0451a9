"""The Receive PO button, closing a purchase order short, reopening it."""

import pytest
from sqlalchemy import select

from scanstation.domain.orders import OrderLine
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind, OrderStatus, WorkStatus
from scanstation.store import orders, works
from scanstation.store import tables as t
from scanstation.workflows.orders import order_book, purchase_orders
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import open_work, received


def _done(answer: Done | Refused) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def _refused(answer: Done | Refused | None) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def _status(site: Site, order_id: int) -> OrderStatus:
    return order_book.detail(site, order_id).order.status


def _lines(site: Site, order_id: int) -> list[OrderLine]:
    with site.store.read() as tx:
        return orders.lines(tx, order_id)


def _logged(site: Site) -> list[str]:
    with site.store.read() as tx:
        return list(tx.execute(select(t.refusal.c.reason).order_by(t.refusal.c.id)).scalars())


# The Receive PO button


def test_the_button_receives_everything_that_is_outstanding(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CBL-1", 2)
    order_id = purchase(site, "N-1", {"BAT-1": 40, "CBL-1": 5})
    received(site, order_id, "BAT-1", quantity=10)

    done = _done(purchase_orders.receive_all(site, order_id))

    assert done.text == "N-1 is Completed: 35 units received."
    assert done.notes == ()
    assert _status(site, order_id) is OrderStatus.COMPLETED
    assert [(line.ordered, line.done, line.in_work) for line in _lines(site, order_id)] == [(40, 40, 0), (5, 5, 0)]


def test_the_button_leaves_completed_work_with_pieces_under_the_scenario_of_now(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CAM-5", 5)
    order_id = purchase(site, "N-1", {"BAT-1": 40, "CAM-5": 3})

    purchase_orders.receive_all(site, order_id)

    with site.store.read() as tx:
        (row,) = tx.execute(select(t.work)).all()
        taken = [(piece.scenario, piece.quantity, piece.owed, piece.entry_id) for piece in works.pieces(tx, row.id)]
    assert (row.status, row.operator, row.closed_by, row.closed_at_station) == ("completed", "Ana", "Ana", "dock-2")
    assert taken == [(0, 40, False, None), (5, 3, False, None)]
    assert [act.act for act in order_book.detail(site, order_id).acts] == ["Received by button"]


@pytest.mark.parametrize("scenario", [5, 7])
def test_the_button_says_which_serials_are_to_be_imported(site: Site, scenario: int) -> None:
    product(site, "CAM-5", scenario)
    order_id = purchase(site, "N-1", {"CAM-5": 3})

    done = _done(purchase_orders.receive_all(site, order_id))

    assert done.notes == ("CAM-5 needs 3 serials: import them on this order.",)
    assert order_book.detail(site, order_id).lines[0].serials_missing == 3


@pytest.mark.parametrize("scenario", [0, 2, 4, 5, 6, 7, 8])
def test_the_button_is_allowed_where_receiving_scans_nothing(site: Site, scenario: int) -> None:
    product(site, "P-1", scenario)
    order_id = purchase(site, "N-1", {"P-1": 3})

    assert purchase_orders.receive_all_hindrance(site, order_id) is None
    _done(purchase_orders.receive_all(site, order_id))


@pytest.mark.parametrize(("scenario", "asks"), [(1, "primary"), (3, "primary and secondary")])
def test_one_product_whose_serial_is_scanned_refuses_the_whole_order(site: Site, scenario: int, asks: str) -> None:
    product(site, "BAT-1")
    product(site, "CAM-1", scenario)
    order_id = purchase(site, "N-1", {"BAT-1": 40, "CAM-1": 3})

    refusal = _refused(purchase_orders.receive_all(site, order_id))

    assert [reason.name for reason in refusal.reasons] == ["receive-po-not-allowed"]
    assert refusal.text == (
        f"CAM-1 has “Both Receiving and Packing” on: receiving asks for its {asks} serial. "
        "Receive N-1 on the Receiving screen."
    )
    assert refusal == purchase_orders.receive_all_hindrance(site, order_id)
    assert [line.done for line in _lines(site, order_id)] == [0, 0]
    assert _logged(site) == ["receive-po-not-allowed"]


def test_such_a_product_refuses_the_button_even_if_its_line_is_full(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CAM-1", 1)
    order_id = purchase(site, "N-1", {"BAT-1": 40, "CAM-1": 1})
    received(site, order_id, "CAM-1", "SN-1")

    assert _refused(purchase_orders.receive_all(site, order_id)).reasons[0].name == "receive-po-not-allowed"


def test_a_line_that_loading_dropped_hinders_nothing(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CAM-1", 1)
    order_id = purchase(site, "N-1", {"BAT-1": 40, "CAM-1": 0})

    _done(purchase_orders.receive_all(site, order_id))


def test_the_button_waits_for_open_work(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 40})
    open_work(site, order_id, "BAT-1", quantity=2, station="dock-3")
    open_work(site, order_id, station="dock-4")

    refusal = _refused(purchase_orders.receive_all(site, order_id))

    assert [reason.name for reason in refusal.reasons] == ["work-open", "work-open"]
    assert refusal.reasons[0].text.startswith("Ana's receipt of N-1 is open at dock-3 since ")
    assert refusal.reasons[0].text.endswith("2 units in it. Complete or cancel it there, then try again.")
    assert [(line.done, line.in_work) for line in _lines(site, order_id)] == [(0, 2)]


def test_the_button_works_from_the_station_that_just_opened_the_order(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 40})
    opened = open_work(site, order_id)

    assert purchase_orders.receive_all_hindrance(site, order_id) is None
    _done(purchase_orders.receive_all(site, order_id))

    with site.store.read() as tx:
        assert works.get(tx, opened).status is WorkStatus.CANCELLED
    assert order_book.detail(site, order_id).works == ()


def test_the_button_waits_for_what_its_own_station_has_scanned(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 40})
    open_work(site, order_id, "BAT-1", quantity=1)

    assert _refused(purchase_orders.receive_all(site, order_id)).reasons[0].name == "work-open"


def test_the_button_refuses_a_completed_order(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 1})
    purchase_orders.receive_all(site, order_id)

    refusal = _refused(purchase_orders.receive_all(site, order_id))

    assert refusal.reasons[0].name == "already-completed"
    assert refusal.text == "N-1 is Completed: it takes no more receiving."
    assert [line.done for line in _lines(site, order_id)] == [1]


def test_asking_for_the_hindrance_logs_nothing(site: Site) -> None:
    product(site, "CAM-1", 1)
    order_id = purchase(site, "N-1", {"CAM-1": 1})

    _refused(purchase_orders.receive_all_hindrance(site, order_id))

    assert _logged(site) == []


def test_a_shipment_order_is_no_purchase_order(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})

    with pytest.raises(AssertionError, match="S-1 is a shipment order"):
        purchase_orders.receive_all(site, order_id)


# Closing short


def test_a_closed_order_is_completed_and_keeps_what_was_ordered(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CBL-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10, "CBL-1": 2})
    received(site, order_id, "BAT-1", quantity=7)
    received(site, order_id, "CBL-1", quantity=2)

    done = _done(purchase_orders.close_short(site, order_id, " out of stock "))

    assert done.text == "N-1 is Completed, closed short: 9 of 12 received."
    assert done.notes == ("BAT-1 7 of 10",)
    assert _status(site, order_id) is OrderStatus.COMPLETED
    assert [(line.ordered, line.done, line.closed_short) for line in _lines(site, order_id)] == [(10, 7, 3), (2, 2, 0)]
    (act,) = order_book.detail(site, order_id).acts
    assert (act.act, act.reason) == ("Closed short", "out of stock")


def test_an_order_of_which_nothing_came_may_be_closed(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})

    _done(purchase_orders.close_short(site, order_id, "never sent"))

    assert _status(site, order_id) is OrderStatus.COMPLETED


@pytest.mark.parametrize("reason", ["", "   "])
def test_closing_asks_for_a_reason(site: Site, reason: str) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})

    refusal = _refused(purchase_orders.close_short(site, order_id, reason))

    assert refusal.reasons[0].name == "reason-missing"
    assert refusal.text == "Say why N-1 is closed short: the reason is kept with the order."
    assert _status(site, order_id) is OrderStatus.OPEN


def test_closing_waits_for_work_that_holds_units(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    open_work(site, order_id, "BAT-1", quantity=1)

    assert _refused(purchase_orders.close_short(site, order_id, "late")).reasons[0].name == "work-open"
    assert _status(site, order_id) is OrderStatus.OPEN


def test_closing_ends_work_that_holds_nothing(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    work_id = open_work(site, order_id, station="dock-3")

    _done(purchase_orders.close_short(site, order_id, "late"))

    with site.store.read() as tx:
        work = works.get(tx, work_id)
    assert (work.status, work.closed_at_station) == (WorkStatus.CANCELLED, "dock-2")


def test_a_completed_order_is_not_closed_again(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    purchase_orders.close_short(site, order_id, "late")

    assert _refused(purchase_orders.close_short(site, order_id, "late")).reasons[0].name == "already-completed"
    assert len(order_book.detail(site, order_id).acts) == 1


# Reopening


@pytest.mark.parametrize(("came", "status"), [(0, OrderStatus.OPEN), (7, OrderStatus.PARTIALLY_RECEIVED)])
def test_a_reopened_order_stands_where_its_counts_say(site: Site, came: int, status: OrderStatus) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    if came:
        received(site, order_id, "BAT-1", quantity=came)
    purchase_orders.close_short(site, order_id, "late")

    done = _done(purchase_orders.reopen(site, order_id, "it came after all"))

    assert done.text == f"N-1 is {status.value} again, {10 - came} units to be received."
    assert _status(site, order_id) is status
    assert [act.act for act in order_book.detail(site, order_id).acts] == ["Closed short", "Reopened"]
    assert purchase_orders.receive_all_hindrance(site, order_id) is None


def test_an_order_that_has_everything_is_not_reopened(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    received(site, order_id, "BAT-1", quantity=10)

    refusal = _refused(purchase_orders.reopen(site, order_id, "why not"))

    assert refusal.reasons[0].name == "nothing-to-reopen"
    assert "unreceive it" in refusal.text
    assert _status(site, order_id) is OrderStatus.COMPLETED
    assert order_book.detail(site, order_id).acts == ()


def test_only_a_completed_order_is_reopened(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})

    assert _refused(purchase_orders.reopen(site, order_id, "why not")).reasons[0].name == "not-completed"


def test_reopening_asks_for_a_reason(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})
    purchase_orders.close_short(site, order_id, "late")

    assert _refused(purchase_orders.reopen(site, order_id, "")).reasons[0].name == "reason-missing"
    assert _status(site, order_id) is OrderStatus.COMPLETED


def test_every_refusal_is_logged_with_its_order(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 10})

    purchase_orders.reopen(site, order_id, "why not")
    purchase_orders.close_short(site, order_id, "")

    with site.store.read() as tx:
        logged = [tuple(row) for row in tx.execute(select(t.refusal.c.order_id, t.refusal.c.reason))]
    assert logged == [(order_id, "not-completed"), (order_id, "reason-missing")]
    assert order_book.listing(site, OrderKind.PURCHASE)[0].order.status is OrderStatus.OPEN
