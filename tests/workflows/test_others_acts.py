"""What others do to the order on a desk is said there soon, once, with what becomes of the units in hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.workflows.master_data import loading
from scanstation.workflows.orders import order_book, purchase_orders, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.sheets_to_load import PO_HEADER, Files

Act = Callable[[Site, int], object]


def cancel(site: Site, order_id: int) -> object:
    return shipment_orders.cancel(site, order_id, "The customer sent it back.")


def take(site: Site, order_id: int) -> object:
    return take_over(site.at_station("dock-9"), order_book.detail(site, order_id).works[0].work.id)


def close_short(site: Site, order_id: int) -> object:
    return purchase_orders.close_short(site, order_id, "no more comes")


def receive_all(site: Site, order_id: int) -> object:
    return purchase_orders.receive_all(site, order_id)


@pytest.mark.parametrize(
    ("kind", "codes", "act", "says"),
    [
        (
            OrderKind.SHIPMENT,
            ["BAT", "BAT"],
            cancel,
            "S-1 was cancelled by Ana, 09:00: The customer sent it back. Put its 2 units back. Scan another order.",
        ),
        (OrderKind.PURCHASE, [], close_short, "N-1 was closed short by Ana, 09:00: no more comes. Scan another order."),
        (
            OrderKind.PURCHASE,
            ["BAT"],
            take,
            "Ana took this receipt of N-1 over at dock-9, 09:00. Bring its 1 unit there. Scan an order to go on.",
        ),
        (OrderKind.PURCHASE, [], receive_all, "N-1 was received by its button by Ana, 09:00. Scan another order."),
    ],
)
def test_who_ended_it_why_and_what_becomes_of_the_units(
    site: Site, kind: OrderKind, codes: list[str], act: Act, says: str
) -> None:
    builders.product(site, "BAT")
    number, order = {
        OrderKind.PURCHASE: ("N-1", builders.purchase(site, "N-1", {"BAT": 5})),
        OrderKind.SHIPMENT: ("S-1", builders.shipment(site, "S-1", {"BAT": 5})),
    }[kind]
    desk = Desk(site, kind)
    scan(desk, number, *codes)
    assert desk.look_again() is None
    assert isinstance(act(site, order), Done)
    desk.refresh()
    news = desk.look_again()
    assert news is not None
    assert (news.tone.value, news.text) == ("STOP", says)
    assert desk.look_again() is None, "it is said once"
    assert said(scan(desk, "BAT"))[0] == "STOP"
    assert text(desk.view) == says, "and at the next scan again"


def test_a_quantity_that_was_lowered_is_said_with_what_it_was(site: Site, tmp_path: Path) -> None:
    builders.product(site, "BAT")
    builders.purchase(site, "N-1", {"BAT": 5})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BAT")
    loading.load(site, [Files(tmp_path)(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAT", "3"])])
    news = desk.look_again()
    assert news is not None
    assert news.text == "N-1 was changed meanwhile: BAT 3 ordered, it was 5. Scan on."
    assert desk.look_again() is None
    assert said(scan(desk, "BAT", "BAT")) == ("OK", "")
