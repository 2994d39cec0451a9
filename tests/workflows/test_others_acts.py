"""What others do to the order on a desk is said there soon, once, with what becomes of the units in hand."""

from collections.abc import Callable
from dataclasses import replace
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


@pytest.mark.parametrize(
    ("quantities", "says"),
    [
        ({"BAT": 3, "LAP": 2}, "N-1 was changed by Mia, 09:00: BAT 3 ordered, it was 5."),
        ({"BAT": 5, "LAP": 0}, "N-1 was changed by Mia, 09:00: LAP is dropped."),
        # as much in all as before
        (
            {"BAT": 3, "LAP": 4},
            "N-1 was changed by Mia, 09:00: BAT 3 ordered, it was 5; LAP 4 ordered, it was 2.",
        ),
        ({"BAT": 5, "LAP": 2, "CAM": 1}, "N-1 was changed by Mia, 09:00: CAM 1 ordered, it was 0."),
    ],
)
def test_a_sheet_that_changed_the_lines_is_said_with_who_and_what_it_was(
    site: Site, tmp_path: Path, quantities: dict[str, int], says: str
) -> None:
    for sku in ("BAT", "LAP", "CAM"):
        builders.product(site, sku)
    builders.purchase(site, "N-1", {"BAT": 5, "LAP": 2})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BAT")
    rows = [["W-EAST", "NORDWIND", "N-1", sku, str(quantity)] for sku, quantity in quantities.items()]
    loading.load(replace(site, operator="Mia"), [Files(tmp_path)(PO_HEADER, *rows)])
    desk.refresh()  # what is shown is looked at more often
    news = desk.look_again()
    assert news is not None
    assert (news.tone.value, news.text) == ("STOP", f"{says} Scan on.")
    desk.refresh()
    assert desk.look_again() is None
    assert said(scan(desk, "BAT", "BAT")) == ("OK", "")
    assert desk.look_again() is None


def test_what_was_changed_before_the_order_was_opened_is_no_news(site: Site, tmp_path: Path) -> None:
    builders.product(site, "BAT")
    builders.purchase(site, "N-1", {"BAT": 5})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BAT")
    desk.leave()
    loading.load(site, [Files(tmp_path)(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAT", "3"])])
    scan(desk, "N-1", "BAT")
    assert desk.look_again() is None


def test_a_yes_to_completing_in_part_is_none_once_another_station_has_scanned(site: Site) -> None:
    builders.product(site, "BAT")
    builders.purchase(site, "N-1", {"BAT": 5})
    desk, other = (Desk(one, OrderKind.PURCHASE) for one in (site, site.at_station("dock-9")))
    scan(desk, "N-1", "BAT", "SS-COMPLETE")
    assert text(desk.view) == "N-1 lacks 4 of BAT. Complete it with 1 unit?"
    scan(other, "N-1", "BAT")
    assert text(scan(desk, "SS-YES")) == "N-1 lacks 3 of BAT. Complete it with 1 unit?"
    assert said(scan(desk, "SS-YES"))[0] == "OK"
