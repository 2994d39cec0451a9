"""Unship (RULES 2.15): a truck that did not leave; all of its order is Packed again, or nothing."""

from dataclasses import replace

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderStatus
from scanstation.store import upkeep
from scanstation.workflows.orders import corrections, count_book, holding, order_book, shipment_orders
from scanstation.workflows.reports import tracing
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import packed, received


@pytest.fixture
def sold(site: Site) -> int:
    """A Shipped order of two received cameras, one that packing created, and three cables."""
    for sku, scenario in (("CAM", 1), ("BAT", 2), ("CBL", 0)):
        product(site, sku, scenario)
    received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", "SN-1", "SN-2")
    order_id = shipment(site, "S-1", {"CAM": 2, "BAT": 1, "CBL": 3})
    packed(site, order_id, "CAM", "SN-1", "SN-2")
    packed(site, order_id, "BAT", "B-1")
    packed(site, order_id, "CBL", quantity=3)
    assert isinstance(shipment_orders.ship(site, order_id), Done)
    return order_id


def status(site: Site, order_id: int) -> OrderStatus:
    return order_book.detail(site, order_id).order.status


@pytest.mark.both_stores
def test_all_of_it_is_packed_again_and_may_leave_anew(site: Site, sold: int) -> None:
    outcome = shipment_orders.unship(site, sold, "the truck broke down")
    assert isinstance(outcome, Done)
    assert outcome.text == "S-1 is Ready to Ship again: 6 units, 3 of them with serials."
    assert status(site, sold) is OrderStatus.READY_TO_SHIP
    for code in ("SN-1", "SN-2", "B-1"):
        (life,) = tracing.trace(site, code)
        assert life.standing == "Packed"
        assert life.events[-1].what.value == "Unshipped"
        assert life.events[-1].reason == "the truck broke down"
    assert upkeep.findings(site.store) == []
    assert isinstance(shipment_orders.unship(site, sold, "again"), Refused)
    assert isinstance(corrections.unpack(site, unit_of(site, "B-1"), "lost"), Done)
    assert tracing.trace(site, "B-1")[0].standing == "Gone", "packing created it"
    assert upkeep.findings(site.store) == []


def test_it_leaves_again(site: Site, sold: int) -> None:
    assert isinstance(shipment_orders.unship(site, sold, "flat tyre"), Done)
    assert isinstance(shipment_orders.ship(site, sold), Done)
    assert status(site, sold) is OrderStatus.SHIPPED
    assert [event.what.value for event in tracing.trace(site, "SN-1")[0].events][-3:] == [
        "Shipped",
        "Unshipped",
        "Shipped",
    ]


def unit_of(site: Site, code: str) -> int:
    one = corrections.choose(site, code)
    assert not isinstance(one, Refused)
    return one.unit.id


@pytest.mark.both_stores
def test_what_a_count_found_here_is_unshipped_and_leaves_once_somebody_has_lifted_its_hold(
    site: Site, sold: int
) -> None:
    strict = replace(site, rules=replace(site.rules, two_persons=True))
    assert isinstance(count_book.begin(strict, "W-EAST"), Done)
    count = count_book.listing(site)[0].of.id
    assert isinstance(count_book.scan(strict, count, ["SN-1", "SN-2"]), Done)
    assert isinstance(count_book.close(strict, count), Done)
    assert tracing.trace(site, "SN-2")[0].standing == "Shipped, on hold: found on count C-1, though Shipped"
    assert isinstance(holding.release(replace(strict, operator="Ben"), [unit_of(site, "SN-1")], "stood here"), Done)

    outcome = shipment_orders.unship(site, sold, "the truck never came")
    assert isinstance(outcome, Done)
    assert outcome.notes == ("On hold: SN-2. Before it ships, have the hold lifted, or swap or unpack.",)
    assert tracing.trace(site, "SN-1")[0].standing == "Packed"
    assert tracing.trace(site, "SN-2")[0].standing == "Packed, on hold: found on count C-1, though Shipped"
    assert upkeep.findings(site.store) == []

    refused = shipment_orders.ship(site, sold)
    assert isinstance(refused, Refused)
    assert [reason.name for reason in refused.reasons] == ["on-hold"]
    assert "SN-2 is on hold" in refused.text
    own = holding.release(strict, [unit_of(site, "SN-2")], "stood here")
    assert isinstance(own, Refused), "who counted it does not release it"
    assert isinstance(holding.release(replace(strict, operator="Ben"), [unit_of(site, "SN-2")], "stood here"), Done)
    assert isinstance(shipment_orders.ship(site, sold), Done)
    assert status(site, sold) is OrderStatus.SHIPPED


def test_with_a_unit_that_something_has_happened_to_since_nothing_changes(site: Site, sold: int) -> None:
    assert isinstance(corrections.correct(site, unit_of(site, "SN-2"), "SN-2", "SN-22", "misread"), Done)
    assert isinstance(holding.hold(site, [unit_of(site, "SN-22")], "box wet"), Done)
    outcome = shipment_orders.unship(site, sold, "flat tyre")
    assert isinstance(outcome, Refused)
    assert [reason.name for reason in outcome.reasons] == ["moved-on"]
    assert "SN-22" in outcome.text
    assert isinstance(shipment_orders.unship(site, sold, " "), Refused)
    assert status(site, sold) is OrderStatus.SHIPPED
    assert tracing.trace(site, "SN-1")[0].standing == "Shipped"
