"""Remove Serial Numbers: imports go again, scans stay."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.store import tables as t
from scanstation.workflows.imports.importing import Imported, import_serials
from scanstation.workflows.imports.removing import preview, preview_batch, remove_batch, remove_serials
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.done_work import events_of, open_work, packed, received, status_of

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


class Desk:
    """Imports without ceremony."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.count = 0

    def imports(self, kind: OrderKind, number: str, sku: str, *serials: str) -> Done | Refused:
        """Import serials, `A/B` for a unit's two."""
        self.count += 1
        path = self.folder / f"batch-{self.count}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ["Warehouse", "Client", f"{kind} Number", "SKU", "Primary Serial Number", "Secondary Serial Number"]
            )
            for serial in serials:
                primary, _, secondary = serial.partition("/")
                writer.writerow(["W-EAST", "NORDWIND", number, sku, primary, secondary])
        return import_serials(self.site, kind, path)


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)


def purchase_with(site: Site, desk: Desk, sku: str, *serials: str) -> int:
    order_id = builders.purchase(site, "N-1", {sku: 10})
    received(site, order_id, sku, quantity=10)
    assert isinstance(desk.imports(PO, "N-1", sku, *serials), Done)
    return order_id


def shipment_with(site: Site, desk: Desk, sku: str, *serials: str) -> int:
    order_id = builders.shipment(site, "S-1", {sku: 4})
    packed(site, order_id, sku, quantity=4)
    assert isinstance(desk.imports(SO, "S-1", sku, *serials), Done)
    return order_id


def test_imported_serials_go_and_may_come_again(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1", "A2")

    answer = remove_serials(site, PO, order_id)

    assert answer == Done("2 serials removed from PO N-1.")
    assert status_of(site, sku, "A1") is None
    assert events_of(site, "A1") == [("Received", "import"), ("Removed", "import")]
    assert isinstance(desk.imports(PO, "N-1", "LAP", "A1", "A2"), Done)


def test_of_a_serial_that_has_left_nobody_is_told_to_take_it_back(site: Site, desk: Desk) -> None:
    builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1", "A2")
    sold = shipment_with(site, desk, "LAP", "A1")
    assert isinstance(shipment_orders.ship(site, sold, without_serials_reason="the truck waits"), Done)

    answer = remove_serials(site, PO, order_id)

    assert isinstance(answer, Refused)
    assert answer.text.endswith("It has left, and stays. Or remove only the 1 serial still Received.")


def test_one_batch_can_be_removed_by_itself(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1")
    desk.imports(PO, "N-1", "LAP", "A2")

    wrong = remove_serials(site, PO, order_id, batch=9)
    assert isinstance(wrong, Refused)
    assert "Its batches are: 1 (batch-1.csv," in wrong.text
    assert isinstance(remove_serials(site, PO, order_id, batch=2), Done)

    assert status_of(site, sku, "A1") is UnitStatus.RECEIVED
    assert status_of(site, sku, "A2") is None


def test_scanned_serials_are_not_touched(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 1)
    order_id = builders.purchase(site, "N-1", {"LAP": 10})
    received(site, order_id, "LAP", "X1")
    assert isinstance(remove_serials(site, PO, order_id), Refused)
    builders.change_settings(site, "LAP", 5)
    received(site, order_id, "LAP", quantity=1)
    assert isinstance(desk.imports(PO, "N-1", "LAP", "A1"), Done)

    assert remove_serials(site, PO, order_id) == Done("1 serial removed from PO N-1.")
    assert status_of(site, sku, "X1") is UnitStatus.RECEIVED


def test_nothing_goes_when_some_have_moved_on_unless_the_rest_is_chosen(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1", "A2", "A3")
    shipment_with(site, desk, "LAP", "A1")
    builders.change_settings(site, "LAP", 1)
    other = builders.shipment(site, "S-2", {"LAP": 1})
    open_work(site, other, "LAP", serials=["A2"], station="bench-1")

    refused = remove_serials(site, PO, order_id)
    assert isinstance(refused, Refused)
    assert [reason.text.split(". ")[0].split(", ")[0] for reason in refused.reasons] == [
        "A1 of N-1 is already Packed on SO S-1",
        "A2 of N-1 is on Ana's open packing S-2 at bench-1",
    ]
    assert "Or remove only the 1 serial still Received." in refused.text
    assert status_of(site, sku, "A3") is UnitStatus.RECEIVED

    done = remove_serials(site, PO, order_id, only_received=True)
    assert isinstance(done, Done)
    assert len(done.notes) == 2
    assert [status_of(site, sku, one) for one in ("A1", "A2", "A3")] == [UnitStatus.PACKED, UnitStatus.RECEIVED, None]


def test_only_received_is_refused_when_none_is(site: Site, desk: Desk) -> None:
    builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1")
    shipment_with(site, desk, "LAP", "A1")

    assert isinstance(remove_serials(site, PO, order_id, only_received=True), Refused)


def test_shipment_serials_are_received_again_or_go_if_the_import_created_them(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "CAM", 8)
    purchase_with(site, desk, "CAM", "A1/B1")
    order_id = shipment_with(site, desk, "CAM", "A1/B1", "A2/B2")

    answer = remove_serials(site, SO, order_id)

    assert answer == Done("2 serials removed from SO S-1: 1 back to Received, 1 gone, which came with the import.")
    assert status_of(site, sku, "B1") is UnitStatus.RECEIVED
    assert status_of(site, sku, "A2") is None
    assert isinstance(desk.imports(SO, "S-1", "CAM", "A1/B1", "A2/B2"), Done)


def test_a_secondary_that_came_with_the_shipment_import_goes_with_it(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "CAM", 6)
    purchase_with(site, desk, "CAM", "A1", "A2")
    builders.change_settings(site, "CAM", 8)
    order_id = shipment_with(site, desk, "CAM", "A1/B1")

    assert isinstance(remove_serials(site, SO, order_id), Done)

    assert status_of(site, sku, "A1") is UnitStatus.RECEIVED
    assert status_of(site, sku, "B1") is None
    assert isinstance(desk.imports(SO, "S-1", "CAM", "A2/B1"), Done)


def test_nothing_is_removed_from_a_shipped_order(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "CAM", 8)
    order_id = shipment_with(site, desk, "CAM", "A1/B1", "A2/B2", "A3/B3", "A4/B4")
    assert isinstance(shipment_orders.ship(site, order_id), Done)

    answer = remove_serials(site, SO, order_id)

    assert isinstance(answer, Refused)
    assert answer.reasons[0].name == "already-shipped"
    assert status_of(site, sku, "A1") is UnitStatus.SHIPPED


def test_a_removal_is_kept_among_the_acts_of_the_order(site: Site, desk: Desk) -> None:
    builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1")
    remove_serials(site, PO, order_id, batch=1)

    with site.store.read() as tx:
        row = tx.execute(select(t.order_act)).one()
    assert (row.order_id, row.act, row.reason) == (order_id, "Serials removed", "batch 1")


def test_a_look_at_a_removal_tells_what_goes_and_what_hinders_it(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 5)
    order_id = purchase_with(site, desk, "LAP", "A1", "A2", "A3")

    all_free = preview(site, order_id)
    assert (all_free.going, all_free.hindrances) == (3, ())
    assert all_free.text == "3 serials go, and may be imported again."

    shipment_with(site, desk, "LAP", "A1")
    some = preview(site, order_id)
    assert (some.going, some.can_keep, [reason.name for reason in some.hindrances]) == (2, True, ["moved-on"])
    assert status_of(site, sku, "A2") is UnitStatus.RECEIVED, "a look changes nothing"

    remove_serials(site, PO, order_id, only_received=True)
    left = preview(site, order_id)
    assert (left.going, left.can_keep) == (0, False)


def test_a_look_at_a_removal_from_a_shipment_tells_what_comes_back(site: Site, desk: Desk) -> None:
    builders.product(site, "CAM", 8)
    purchase_with(site, desk, "CAM", "A1/B1")
    order_id = shipment_with(site, desk, "CAM", "A1/B1", "A2/B2")

    told = preview(site, order_id)

    assert (told.going, told.back) == (1, 1)
    assert told.text == "1 serial is Received again, and 1 serial that came with the import goes."


def test_a_batch_goes_from_all_the_orders_it_was_for_or_from_none(site: Site, desk: Desk) -> None:
    sku = builders.product(site, "LAP", 5)
    first = purchase_with(site, desk, "LAP", "A0")
    second = builders.purchase(site, "N-2", {"LAP": 2})
    received(site, second, "LAP", quantity=2)
    path = desk.folder / "both.csv"
    header = "Warehouse,Client,PO Number,SKU,Primary Serial Number"
    path.write_text(f"{header}\nW-EAST,NORDWIND,N-1,LAP,A1\nW-EAST,NORDWIND,N-2,LAP,A2\nW-EAST,NORDWIND,N-2,LAP,A3")
    imported = import_serials(site, PO, path)
    assert isinstance(imported, Imported)
    shipment_with(site, desk, "LAP", "A3")

    told = preview_batch(site, PO, imported.batch)
    assert (told.going, len(told.hindrances), told.can_keep) == (2, 1, True)
    assert isinstance(remove_batch(site, PO, imported.batch), Refused)
    assert status_of(site, sku, "A1") is UnitStatus.RECEIVED, "nothing goes from either order"

    done = remove_batch(site, PO, imported.batch, only_received=True)
    assert isinstance(done, Done)
    assert done.text == "2 serials removed from PO N-1 and PO N-2."
    assert [status_of(site, sku, one) for one in ("A0", "A1", "A2")] == [UnitStatus.RECEIVED, None, None]
    assert preview(site, first).going == 1


def test_a_batch_of_which_nothing_is_left_is_said_to_be_gone(site: Site, desk: Desk) -> None:
    builders.product(site, "LAP", 5)
    purchase_with(site, desk, "LAP", "A1")
    assert isinstance(remove_batch(site, PO, 1), Done)

    again = remove_batch(site, PO, 1)

    assert isinstance(again, Refused)
    assert again.reasons[0].name == "nothing-imported"
