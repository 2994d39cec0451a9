"""Closing a shipment order short, cancelling it, shipping it."""

import pytest
from sqlalchemy import select

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.plurals import counted
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, OrderStatus, UnitStatus, WorkStatus
from scanstation.domain.units import Moved
from scanstation.store import batches, moves, orders, units, works
from scanstation.store import tables as t
from scanstation.store.store import Transaction
from scanstation.workflows.orders import order_book, shipment_orders
from scanstation.workflows.orders.order_book import OrderLineDetail
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import code, line_of, open_work, packed, received, status_of


def _done(answer: Done | Refused) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def _refused(answer: Done | Refused) -> Refused:
    assert isinstance(answer, Refused), answer
    return answer


def _status(site: Site, order_id: int) -> OrderStatus:
    return order_book.detail(site, order_id).order.status


def _counts(line: OrderLineDetail) -> tuple[int, int, int]:
    return line.ordered, line.done, line.open


def _events(site: Site, what: Move) -> list[tuple[str, str, str]]:
    query = (
        select(t.unit_event.c.primary_serial, t.unit_event.c.source, t.unit_event.c.reason)
        .where(t.unit_event.c.what == what.value)
        .order_by(t.unit_event.c.id)
    )
    with site.store.read() as tx:
        return [(row.primary_serial, row.source, row.reason) for row in tx.execute(query)]


def _import(site: Site, order_id: int, sku: str, *serials: str) -> None:
    """Serials imported on a packed order, new ones or Received."""

    def do(tx: Transaction) -> None:
        line = line_of(tx, order_id, sku)
        warehouse = orders.get(tx, order_id).warehouse_id
        stamp = site.stamp()
        batch = batches.add(tx, OrderKind.SHIPMENT, "serials.xlsx", len(serials), stamp)
        new = [serial for serial in serials if units.by_code(tx, line.product.id, code(serial).key) is None]
        units.create_many(
            tx, [line.product.id] * len(new), [warehouse] * len(new), [(code(serial), None) for serial in new]
        )
        known = batches.units_of_keys(tx, [code(serial).key for serial in serials])[line.product.id]
        moves.move(
            tx,
            Move.PACK,
            [Moved(unit_id=unit.id, line_id=line.id, source=Source.IMPORT, batch_id=batch) for unit in known.values()],
            stamp,
        )

    site.store.act(do)


# Closing short


def test_an_order_closed_short_is_ready_with_what_is_packed(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "CBL-1")
    order_id = shipment(site, "S-1", {"BAT-1": 10, "CBL-1": 2})
    packed(site, order_id, "BAT-1", quantity=7)

    done = _done(shipment_orders.close_short(site, order_id, " no more stock "))

    assert done.text == "S-1 is Ready to Ship, closed short."
    assert done.notes == ("BAT-1 7 of 10", "CBL-1 0 of 2")
    shown = order_book.detail(site, order_id)
    assert shown.order.status is OrderStatus.READY_TO_SHIP
    assert [_counts(line) for line in shown.lines] == [(10, 7, 0), (2, 0, 0)]
    assert [(line.closed_short, line.left) for line in shown.lines] == [(3, 0), (2, 0)]
    assert [(act.act, act.reason) for act in shown.acts] == [
        ("Closed short: BAT-1 7 of 10, CBL-1 0 of 2", "no more stock")
    ]


def test_an_order_with_nothing_packed_is_cancelled_instead(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 10})

    refusal = _refused(shipment_orders.close_short(site, order_id, "no stock"))

    assert refusal.reasons[0].name == "nothing-packed"
    assert refusal.text == "Nothing is packed on S-1. Cancel it instead."
    assert _status(site, order_id) is OrderStatus.OPEN


def test_closing_waits_for_packings_that_hold_units(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 10})
    packed(site, order_id, "BAT-1", quantity=7)
    open_work(site, order_id, "BAT-1", quantity=1, station="bench-2")

    refusal = _refused(shipment_orders.close_short(site, order_id, "no more stock"))

    assert refusal.reasons[0].name == "work-open"
    assert refusal.text.startswith("Ana's packing of S-1 is open at bench-2 since ")
    assert _counts(order_book.detail(site, order_id).lines[0]) == (10, 7, 1)


def test_closing_ends_packings_that_hold_nothing(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 10})
    packed(site, order_id, "BAT-1", quantity=7)
    open_work(site, order_id, station="bench-2")

    _done(shipment_orders.close_short(site, order_id, "no more stock"))

    assert order_book.detail(site, order_id).works == ()


def test_closing_asks_for_a_reason(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 10})
    packed(site, order_id, "BAT-1", quantity=7)

    assert _refused(shipment_orders.close_short(site, order_id, " ")).reasons[0].name == "reason-missing"
    assert _status(site, order_id) is OrderStatus.PACKING


def test_an_order_that_is_packed_needs_no_closing(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})
    packed(site, order_id, "BAT-1", quantity=1)

    assert _refused(shipment_orders.close_short(site, order_id, "no")).reasons[0].name == "order-finished"


# Cancelling


def test_cancelling_unpacks_received_units(site: Site) -> None:
    camera = product(site, "CAM-1", 1)
    received(site, purchase(site, "N-1", {"CAM-1": 2}), "CAM-1", "SN-1", "SN-2")
    order_id = shipment(site, "S-1", {"CAM-1": 2})
    packed(site, order_id, "CAM-1", "SN-1", "SN-2")

    done = _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert done.text == "S-1 is Cancelled. 2 units unpacked: put them back."
    assert done.notes == ("2 units with serials: Received again.",)
    assert status_of(site, camera, "SN-1") is UnitStatus.RECEIVED
    assert _events(site, Move.UNPACK) == [
        ("SN-1", "button", "customer withdrew"),
        ("SN-2", "button", "customer withdrew"),
    ]
    shown = order_book.detail(site, order_id)
    assert shown.order.status is OrderStatus.CANCELLED
    assert _counts(shown.lines[0]) == (2, 0, 0)
    assert (shown.lines[0].serials_needed, shown.lines[0].serials_present) == (0, 0)
    assert [(act.act, act.reason) for act in shown.acts] == [("Cancelled", "customer withdrew")]


def test_a_unit_that_packing_created_is_gone_and_its_code_is_free(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    order_id = shipment(site, "S-1", {"CAM-2": 1})
    packed(site, order_id, "CAM-2", "SN-1")

    done = _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert done.notes == ("1 unit whose serials came in at packing: the serials are free again.",)
    assert status_of(site, camera, "SN-1") is None
    assert _events(site, Move.REMOVE) == [("SN-1", "button", "customer withdrew")]
    again = shipment(site, "S-2", {"CAM-2": 1})
    packed(site, again, "CAM-2", "SN-1")
    assert status_of(site, camera, "SN-1") is UnitStatus.PACKED


def test_what_the_import_of_the_order_created_is_gone_and_what_it_found_is_received(site: Site) -> None:
    camera = product(site, "CAM-8", 8)
    bought = purchase(site, "N-1", {"CAM-8": 1})
    received(site, bought, "CAM-8", "SN-OLD")
    order_id = shipment(site, "S-1", {"CAM-8": 2})
    packed(site, order_id, "CAM-8", quantity=2)
    _import(site, order_id, "CAM-8", "SN-OLD", "SN-NEW")

    _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert status_of(site, camera, "SN-OLD") is UnitStatus.RECEIVED
    assert status_of(site, camera, "SN-NEW") is None
    assert order_book.detail(site, order_id).batches == ()


def test_cancelling_ends_the_open_packings_of_all_stations(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    received(site, purchase(site, "N-1", {"CAM-2": 1}), "CAM-2", "SN-OLD")
    order_id = shipment(site, "S-1", {"CAM-2": 5})
    here = open_work(site, order_id, "CAM-2", serials=["SN-OLD"])
    there = open_work(site, order_id, "CAM-2", serials=["SN-NEW"], station="bench-2")

    done = _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert done.text == "S-1 is Cancelled."
    assert done.notes == (
        "Ana's packing at dock-2 was ended, 1 unit in it.",
        "Ana's packing at bench-2 was ended, 1 unit in it.",
    )
    with site.store.read() as tx:
        assert {works.get(tx, one).status for one in (here, there)} == {WorkStatus.CANCELLED}
        assert works.pieces(tx, here) == []
        old = units.by_code(tx, camera, "SN-OLD")
        assert tx.execute(select(t.unit.c.id).where(t.unit.c.held_by.is_not(None))).all() == []
    assert old is not None
    assert old.free
    assert status_of(site, camera, "SN-NEW") is None
    assert _counts(order_book.detail(site, order_id).lines[0]) == (5, 0, 0)


def test_a_secondary_that_open_packing_added_to_a_received_unit_is_free_again(site: Site) -> None:
    camera = product(site, "CAM-4", 4)
    received(site, purchase(site, "N-1", {"CAM-4": 1}), "CAM-4", "SN-1")
    order_id = shipment(site, "S-1", {"CAM-4": 1})
    open_work(site, order_id, "CAM-4", serials=["SN-1/LENS-1"])
    assert status_of(site, camera, "LENS-1") is UnitStatus.RECEIVED

    _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert status_of(site, camera, "SN-1") is UnitStatus.RECEIVED
    assert status_of(site, camera, "LENS-1") is None


def test_secondaries_that_packing_added_to_received_units_go_with_a_cancelled_order(site: Site) -> None:
    """RULES 2.3: cancelling unpacks, and unpacking takes back what packing had brought (2.15)."""
    camera = product(site, "CAM-4", 4)
    received(site, purchase(site, "N-1", {"CAM-4": 2}), "CAM-4", "SN-1", "SN-2/LENS-2")
    order_id = shipment(site, "S-1", {"CAM-4": 2})
    packed(site, order_id, "CAM-4", "SN-1/LENS-1", "SN-2")

    done = _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert done.notes == (
        "2 units with serials: Received again.",
        "1 secondary serial is free again: packing had added it to received units.",
    )
    assert status_of(site, camera, "SN-1") is UnitStatus.RECEIVED
    assert status_of(site, camera, "LENS-1") is None
    assert status_of(site, camera, "LENS-2") is UnitStatus.RECEIVED
    packed(site, shipment(site, "S-2", {"CAM-4": 1}), "CAM-4", "SN-1/LENS-9")


def test_completed_packings_of_a_cancelled_order_keep_who_completed_them(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})
    packed(site, order_id, "BAT-1", quantity=1)
    with site.store.read() as tx:
        before = tx.execute(select(t.work.c.closed_at, t.work.c.closed_by)).one()

    _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    with site.store.read() as tx:
        after = tx.execute(select(t.work.c.closed_at, t.work.c.closed_by, t.work.c.status)).one()
    assert tuple(after) == (*before, "cancelled")


def test_an_order_nobody_touched_may_be_cancelled(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})

    done = _done(shipment_orders.cancel(site, order_id, "customer withdrew"))

    assert (done.text, done.notes) == ("S-1 is Cancelled.", ())


def test_what_has_left_is_not_cancelled(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    order_id = shipment(site, "S-1", {"CAM-2": 1})
    packed(site, order_id, "CAM-2", "SN-1")
    shipment_orders.ship(site, order_id)

    assert _refused(shipment_orders.cancel(site, order_id, "customer withdrew")).reasons[0].name == "already-shipped"
    assert status_of(site, camera, "SN-1") is UnitStatus.SHIPPED


def test_cancelling_twice_is_refused(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})
    shipment_orders.cancel(site, order_id, "customer withdrew")

    assert _refused(shipment_orders.cancel(site, order_id, "again")).reasons[0].name == "already-cancelled"


def test_cancelling_asks_for_a_reason_and_changes_nothing_without(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    order_id = shipment(site, "S-1", {"CAM-2": 1})
    packed(site, order_id, "CAM-2", "SN-1")

    assert _refused(shipment_orders.cancel(site, order_id, "")).reasons[0].name == "reason-missing"
    assert status_of(site, camera, "SN-1") is UnitStatus.PACKED
    assert _status(site, order_id) is OrderStatus.READY_TO_SHIP


# Shipping


def test_a_shipped_order_takes_its_serials_along(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"CAM-2": 2, "BAT-1": 3})
    packed(site, order_id, "CAM-2", "SN-1")
    packed(site, order_id, "CAM-2", "SN-2", source=Source.TYPED)
    packed(site, order_id, "BAT-1", quantity=3)

    done = _done(shipment_orders.ship(site, order_id))

    assert done.text == "S-1 is Shipped: 5 units, 2 of them with serials."
    assert done.notes == ()
    assert _status(site, order_id) is OrderStatus.SHIPPED
    assert status_of(site, camera, "SN-1") is UnitStatus.SHIPPED
    assert _events(site, Move.SHIP) == [("SN-1", "scan", ""), ("SN-2", "typed", "")]
    assert [(act.act, act.reason) for act in order_book.detail(site, order_id).acts] == [("Shipped", "")]


def test_imported_serials_ship_as_imported(site: Site) -> None:
    product(site, "CAM-8", 8)
    order_id = shipment(site, "S-1", {"CAM-8": 1})
    packed(site, order_id, "CAM-8", quantity=1)
    _import(site, order_id, "CAM-8", "SN-1")

    _done(shipment_orders.ship(site, order_id))

    assert _events(site, Move.SHIP) == [("SN-1", "import", "")]


def test_the_units_of_another_order_stay_where_they_are(site: Site) -> None:
    camera = product(site, "CAM-2", 2)
    mine = shipment(site, "S-1", {"CAM-2": 1})
    other = shipment(site, "S-2", {"CAM-2": 1})
    packed(site, mine, "CAM-2", "SN-1")
    packed(site, other, "CAM-2", "SN-2")

    shipment_orders.ship(site, mine)

    assert status_of(site, camera, "SN-2") is UnitStatus.PACKED
    assert _status(site, other) is OrderStatus.READY_TO_SHIP


def test_missing_serials_refuse_shipping_with_the_counts_of_each_product(site: Site) -> None:
    camera = product(site, "CAM-8", 8)
    product(site, "LENS-6", 6)
    order_id = shipment(site, "S-1", {"CAM-8": 3, "LENS-6": 50})
    packed(site, order_id, "CAM-8", quantity=3)
    packed(site, order_id, "LENS-6", quantity=50)
    _import(site, order_id, "CAM-8", "SN-1")

    refusal = _refused(shipment_orders.ship(site, order_id))

    assert [reason.name for reason in refusal.reasons] == ["serials-missing", "serials-missing"]
    assert refusal.reasons[0].text == ("S-1 lacks serials of CAM-8: 1 of 3 are there. Import the others, then ship it.")
    assert "LENS-6: 0 of 50" in refusal.reasons[1].text
    assert _status(site, order_id) is OrderStatus.READY_TO_SHIP
    assert status_of(site, camera, "SN-1") is UnitStatus.PACKED


def test_a_supervisor_may_ship_without_serials_and_says_why(site: Site) -> None:
    camera = product(site, "CAM-8", 8)
    order_id = shipment(site, "S-1", {"CAM-8": 2})
    packed(site, order_id, "CAM-8", quantity=2)
    _import(site, order_id, "CAM-8", "SN-1")

    blank = _refused(shipment_orders.ship(site, order_id, without_serials_reason="  "))
    done = _done(shipment_orders.ship(site, order_id, without_serials_reason="truck waits"))

    assert blank.reasons[0].name == "reason-missing"
    assert done.notes == ("S-1 still lacks serials: import them on this order.",)
    assert status_of(site, camera, "SN-1") is UnitStatus.SHIPPED
    shown = order_book.detail(site, order_id)
    assert shown.order.status is OrderStatus.SHIPPED
    assert shown.serials_missing == 1
    assert [(act.act, act.reason) for act in shown.acts] == [("Shipped without serials", "truck waits")]


def test_the_override_is_not_noted_where_nothing_was_missing(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})
    packed(site, order_id, "BAT-1", quantity=1)

    _done(shipment_orders.ship(site, order_id, without_serials_reason="truck waits"))

    assert [(act.act, act.reason) for act in order_book.detail(site, order_id).acts] == [("Shipped", "")]


def test_only_a_packed_order_ships(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 5})
    packed(site, order_id, "BAT-1", quantity=2)

    refusal = _refused(shipment_orders.ship(site, order_id))

    assert refusal.reasons[0].name == "not-ready"
    assert refusal.text == (
        "S-1 is Packing, not Ready to Ship, packed so far: BAT-1 2 of 5. Pack the rest, or close it short."
    )


def test_open_packing_keeps_an_order_from_shipping(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 5})
    open_work(site, order_id, "BAT-1", quantity=5)

    assert _refused(shipment_orders.ship(site, order_id)).reasons[0].name == "not-ready"


def test_shipping_twice_is_refused_and_writes_no_second_event(site: Site) -> None:
    product(site, "CAM-2", 2)
    order_id = shipment(site, "S-1", {"CAM-2": 1})
    packed(site, order_id, "CAM-2", "SN-1")
    shipment_orders.ship(site, order_id)

    assert _refused(shipment_orders.ship(site, order_id)).reasons[0].name == "already-shipped"
    assert len(_events(site, Move.SHIP)) == 1


def test_a_cancelled_order_does_not_ship(site: Site) -> None:
    product(site, "BAT-1")
    order_id = shipment(site, "S-1", {"BAT-1": 1})
    shipment_orders.cancel(site, order_id, "customer withdrew")

    assert _refused(shipment_orders.ship(site, order_id)).reasons[0].name == "order-cancelled"


@pytest.mark.parametrize("serials", [1, 501])
def test_an_order_of_many_serials_ships_as_a_whole(site: Site, serials: int) -> None:
    product(site, "CAM-8", 8)
    order_id = shipment(site, "S-1", {"CAM-8": serials})
    packed(site, order_id, "CAM-8", quantity=serials)
    _import(site, order_id, "CAM-8", *(f"SN-{number}" for number in range(serials)))

    done = _done(shipment_orders.ship(site, order_id))

    assert done.text == f"S-1 is Shipped: {counted(serials, 'unit')}, {serials} of them with serials."
    assert len(_events(site, Move.SHIP)) == serials
