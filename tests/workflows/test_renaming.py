"""What is called otherwise, and products that take no order lines any more (RULES 2.16)."""

from pathlib import Path

import pytest

from scanstation.domain.audit import AuditFilters
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import acts, upkeep
from scanstation.workflows.master_data import loading, renaming
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import packed, received


def name_of(answer: object) -> str:
    return answer.reasons[0].name if isinstance(answer, Refused) else ""


def test_a_product_is_called_otherwise_and_what_happened_keeps_its_name(site: Site) -> None:
    product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", "A1")

    answer = renaming.rename(site, "cam", "CAMERA")

    assert isinstance(answer, Done)
    assert answer.text == "CAM of NORDWIND is CAMERA now."
    received(site, order_id, "CAMERA", "A2")
    assert [row.sku for row in reporting.rows(site, Report.SERIALS, Filters(sku="CAMERA"))] == ["CAMERA", "CAMERA"]
    assert [row.sku for row in reporting.rows(site, Report.RECEIVING_HISTORY, Filters())] == ["CAM", "CAMERA"]
    (life,) = tracing.trace(site, "A1")
    assert [event.formerly(life.unit) for event in life.events] == ["formerly CAM"]
    assert name_of(renaming.rename(site, "CAM", "X")) == "unknown-sku"
    assert "that product is CAMERA now" in str(renaming.rename(site, "CAM", "X"))
    desk = Desk(site, OrderKind.SHIPMENT)
    shipment(site, "S-1", {"CAMERA": 1})
    desk.answer(Scan("S-1"))
    view = desk.answer(Scan("CAM"))
    assert view.prompt is not None, "a label with the old SKU still scans"
    assert view.prompt.sku == "CAMERA"
    assert isinstance(renaming.rename(site, "CAMERA", "CAM"), Done), "and back"
    assert upkeep.findings(site.store) == []


def test_a_client_is_called_otherwise(site: Site) -> None:
    product(site, "CAM", 1)
    product(site, "CAM", 1, client="HELIOS")
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    answer = renaming.rename_client(site, "nordwind", "NORDWIND GmbH")
    assert answer == Done(
        "The client NORDWIND is NORDWIND GmbH now.", ("Sheets have to name it so. Histories keep the old name.",)
    )
    (life,) = tracing.trace(site, "A1")
    assert life.unit.client == "NORDWIND GmbH"
    assert [event.formerly(life.unit) for event in life.events] == ["formerly CAM of NORDWIND"]
    assert [row.client for row in reporting.rows(site, Report.RECEIVING_HISTORY, Filters())] == ["NORDWIND"]
    for name, new, why in (
        ("NORDWIND", "X", "unknown-client"),
        ("HELIOS", "nordwind gmbh", "name-taken"),
        ("HELIOS", "HELIOS", "as-it-is"),
        ("HELIOS", "", "empty"),
    ):
        assert name_of(renaming.rename_client(site, name, new)) == why, (name, new)


def test_names_that_are_not_free(site: Site) -> None:
    product(site, "CAM", 1, barcodes=[Barcode("4012345678901")])
    product(site, "LAP", 1)
    product(site, "LAP", 1, client="HELIOS")
    for sku, new, why in (
        ("NONE", "X", "unknown-sku"),
        ("LAP", "X", "ambiguous-sku"),
        ("CAM", "LAP", "name-taken"),
        ("CAM", "CAM", "as-it-is"),
        ("CAM", "", "empty"),
        ("CAM", "SS-YES", "command"),
    ):
        assert name_of(renaming.rename(site, sku, new)) == why, (sku, new)
    assert name_of(renaming.rename(site, "LAP", "4012345678901", client="nordwind")) == "name-taken"
    assert isinstance(renaming.rename(site, "CAM", "4012345678901"), Done), "its own barcode"
    assert isinstance(renaming.rename(site, "LAP", "lap", client="HELIOS"), Done), "another spelling"


def test_a_retired_product_takes_no_new_order_line(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    bought, sold = purchase(site, "N-1", {"CAM": 1}), shipment(site, "S-1", {"CAM": 1})
    assert "is on PO N-1, SO S-1, not finished yet" in str(renaming.retire(site, "CAM"))
    received(site, bought, "CAM", "A2")
    packed(site, sold, "CAM", "A1")
    assert "is on SO S-1" in str(renaming.retire(site, "CAM")), "it has not left"
    shipment_orders.ship(site, sold)
    assert name_of(renaming.retire(site, "CAM")) == "has-stock"
    assert isinstance(renaming.retire(site, "CAM", with_stock=True), Done)
    assert name_of(renaming.retire(site, "CAM")) == "as-it-is"
    sheet = tmp_path / "orders.csv"
    sheet.write_text("Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-2,CAM,3\n")
    refusal = loading.load(site, [sheet])
    assert [reason.name for reason in refusal.reasons] == ["retired"]
    assert "takes no new order lines" in refusal.reasons[0].text
    assert isinstance(renaming.take_back(site, "CAM"), Done)
    assert not loading.load(site, [sheet]).refused
    with site.store.read() as tx:
        listed = [(act.act, act.was, act.became) for act in acts.listed(tx, AuditFilters())]
    assert ("Changed retired", "no", "yes") in listed
    assert ("Changed retired", "yes", "no") in listed


@pytest.mark.both_stores
def test_a_sheet_of_all_products_brings_no_retired_one_back(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    assert isinstance(renaming.retire(site, "CAM"), Done)
    sheet = tmp_path / "products.csv"
    sheet.write_text(
        "Client,SKU,Description,Barcodes,Track Serial Number,Both Receiving and Packing,Only Packing,"
        "Skip Scan Serial Number,Scan Secondary Serial Number\nNORDWIND,CAM,Camera,,Yes,Yes,No,No,No\n"
    )
    assert not loading.load(site, [sheet]).refused
    assert name_of(renaming.retire(site, "CAM")) == "as-it-is"
