"""A day with an ERP on both sides: its files come through a watched folder, and it hears of each act by its server."""

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from scanstation.domain.handover import HandoverPlan
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone
from scanstation.store.store import open_store
from scanstation.workflows.master_data.watched_folder import Watch
from scanstation.workflows.orders import order_book, purchase_orders, return_book, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.handing_over import HandOver, standing, targets_of
from tests import builders
from tests.conftest import Clock
from tests.erp_server import SECRET, erp_server
from tests.workflows.watched import Folder

_A_FILE = 250
"""Orders that the ERP writes into one file."""


@pytest.mark.parametrize("orders", [8, pytest.param(2_000, marks=pytest.mark.long)])
def test_a_day_through_folder_and_server_is_the_same_on_both_sides(
    site: Site, clock: Clock, tmp_path: Path, orders: int
) -> None:
    luck = random.Random(orders)
    builders.product(site, "CAM", 2)
    builders.product(site, "BOX", 0)
    (tmp_path / "in").mkdir()
    watch = Watch(tmp_path / "in", lambda: Site(open_store(f"sqlite:///{site.store.path}", clock), "erp", "office"))
    watch.begin()
    folder = Folder(watch)
    numbers = [f"{number:04}" for number in range(orders)]
    for first in range(0, orders, _A_FILE):
        folder.put(f"{first}.json", _orders(numbers[first : first + _A_FILE]))
    folder.arrive()
    assert {folder.result(file.removesuffix(".result.json"))["outcome"] for file in folder.results} == {"loaded"}

    receipts, packings = (
        {one.order.number: one.order.id for one in order_book.listing(site, kind)} for kind in OrderKind
    )
    desk = Desk(site, OrderKind.SHIPMENT)
    cancelled: list[str] = []
    back: list[str] = []
    with erp_server() as server:
        server.behave = lambda _: luck.choice(("503", "500", "take", "take", "take", "take"))
        plan = HandoverPlan(url=server.url, secret=SECRET, timeout_s=60.0)
        handing, now = HandOver(site, plan, targets_of(plan)), 0.0
        for number in numbers:
            purchase_orders.receive_all(site, receipts[f"N-{number}"])
            for code in (f"S-{number}", "CAM", f"SN-{number}", "BOX", "SS-COMPLETE", "SS-YES"):
                desk.answer(Scan(code))
            sold = packings[f"S-{number}"]
            match int(number) % 5:
                case 0:
                    cancelled.append(number)
                case 1:
                    shipment_orders.close_short(site, sold, "no more")
                    assert isinstance(shipment_orders.ship(site, sold), Done)
                    shipment_orders.unship(site, sold, reason="no truck")
                case 2:
                    shipment_orders.close_short(site, sold, "no more")
                    assert isinstance(shipment_orders.ship(site, sold), Done)
                    back.append(number)
                case _:
                    pass
            if int(number) % 10 == 0:
                clock.moment += timedelta(minutes=10)
                now += 600
                list(handing.look(now))
        for first in range(0, len(cancelled), _A_FILE):
            folder.put(f"off-{first}.json", _cancelled(cancelled[first : first + _A_FILE]))
        for first in range(0, len(back), _A_FILE):
            folder.put(f"back-{first}.json", _expected(f"RMA-{first}", back[first : first + _A_FILE]))
        folder.arrive()
        assert {folder.result(file.removesuffix(".result.json"))["outcome"] for file in folder.results} == {"loaded"}
        _take_back(site, back)
        while True:
            found = standing(site)
            assert not isinstance(found, Refused)
            if not found.acts_waiting and found.upto.get("url") == found.newest and not found.failures:
                break
            clock.moment += timedelta(hours=1)
            now += 3_600
            list(handing.look(now))
        handing.end()
        server.picture.compare(site.store)
        assert len(server.posts) > found.newest * 1.2, "it failed often enough"
    watch.end()


def _orders(numbers: list[str]) -> str:
    row = {"warehouse": "W-EAST", "client": "NORDWIND"}
    wanted = (("CAM", 1), ("BOX", 3))
    lists = {
        column: [
            {**row, column: f"{letter}-{number}", "sku": sku, "quantity": quantity}
            for number in numbers
            for sku, quantity in wanted
        ]
        for letter, column in (("N", "po_number"), ("S", "so_number"))
    }
    return json.dumps(lists)


def _cancelled(numbers: list[str]) -> str:
    row = {"warehouse": "W-EAST", "client": "NORDWIND", "cancelled": True, "reason": "not wanted"}
    return json.dumps([{**row, "so_number": f"S-{number}"} for number in numbers])


def _expected(rma: str, numbers: list[str]) -> str:
    row = {"rma": rma, "client": "NORDWIND", "sku": "CAM"}
    return json.dumps([{**row, "serial": f"SN-{number}", "so_number": f"S-{number}"} for number in numbers])


def _take_back(site: Site, numbers: list[str]) -> None:
    """All that was shipped comes back, under the returns that the ERP expects it on."""
    desk = ReturnDesk(site)
    for first in range(0, len(numbers), _A_FILE):
        some = numbers[first : first + _A_FILE]
        for code in (f"RMA-{first}", *(f"SN-{number}" for number in some), "SS-COMPLETE"):
            verdict = desk.answer(Scan(code)).verdict
            assert verdict is not None
            assert verdict.tone is Tone.OK, verdict
        assert return_book.listed(site)[0].missing == 0
