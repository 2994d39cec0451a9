"""What an ERP hears of what is done, from the act to the server that takes it."""

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders, erp


def scan(desk: Desk, *codes: str) -> None:
    for code in codes:
        desk.answer(Scan(code))


def a_day(site: Site) -> None:
    """Goods come and go, and some of it is taken back."""
    builders.product(site, "CAM", 3)
    builders.product(site, "BOX", 0)
    builders.purchase(site, "N-1", {"CAM": 2, "BOX": 9})
    out = builders.shipment(site, "S-1", {"CAM": 1, "BOX": 2})
    scan(Desk(site, OrderKind.PURCHASE), "N-1", "CAM", "C-1", "L-1", "CAM", "C-2", "L-2", "SS-COMPLETE", "SS-YES")
    scan(Desk(site, OrderKind.SHIPMENT), "S-1", "CAM", "L-1", "BOX", "BOX", "SS-COMPLETE")
    shipment_orders.ship(site, out)
    shipment_orders.unship(site, out, reason="no truck")


def test_what_is_done_is_heard_and_makes_the_same_picture(site: Site) -> None:
    a_day(site)
    told = erp.numbered(site.store)
    print([(one["kind"], one.get("act")) for one in told])
    erp.compare(site.store)
