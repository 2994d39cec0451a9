"""Messages of orders that take back another (docs/erp.md)."""

from collections.abc import Callable

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind
from scanstation.store import handover
from scanstation.workflows.orders import purchase_orders, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders, erp
from tests.workflows.at_the_desk import scan


@pytest.mark.both_stores
@pytest.mark.parametrize("each_is_numbered_at_once", [True, False])
def test_an_act_that_takes_back_another_names_its_message(site: Site, each_is_numbered_at_once: bool) -> None:
    builders.product(site, "BOX", 0)
    bought, other = (builders.purchase(site, number, {"BOX": 9}) for number in ("N-1", "N-2"))
    sold = builders.shipment(site, "S-1", {"BOX": 1})
    scan(Desk(site, OrderKind.SHIPMENT), "S-1", "BOX", "SS-COMPLETE")
    acts: list[Callable[[], Done | Refused]] = [
        lambda: shipment_orders.ship(site, sold),
        lambda: purchase_orders.close_short(site, bought, "never comes"),
        lambda: purchase_orders.close_short(site, other, "nor this"),
        lambda: shipment_orders.unship(site, sold, reason="no truck"),
        lambda: purchase_orders.reopen(site, bought, "it does"),
        lambda: purchase_orders.reopen(site, other, "this too"),
    ]
    for _ in range(2):
        for act in acts:
            assert isinstance(act(), Done)
            if each_is_numbered_at_once:
                site.store.act(handover.claim)
    messages = erp.numbered(site.store)[-12:]
    assert [message["kind"] for message in messages[:6]] == [
        *("shipped", "closed-short", "closed-short", "unshipped", "reopened", "reopened"),
    ]
    first = messages[0]["number"]
    none = [None, None, None]
    assert [one["reverses"] and one["reverses"] - first for one in messages] == [*none, 0, 1, 2, *none, 6, 7, 8]
