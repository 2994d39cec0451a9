"""`report recall`: where the units of a lot are, or to whom they went (RULES 2.29)."""

from collections.abc import Mapping
from datetime import date

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind
from scanstation.domain.units import Disposal
from scanstation.workflows.orders import corrections, shipment_orders
from scanstation.workflows.reports import recall
from scanstation.workflows.reports.listing import Listing, Value
from scanstation.workflows.reports.reporting import narrowed
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders, serials
from tests.workflows.at_the_desk import scan

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
GTIN = "04006381333931"


def label(serial: str, lot: str = "") -> str:
    return f"]C101{GTIN}21{serial}" + (f"\x1d10{lot}" if lot else "")


def rows(listing: Listing) -> list[Mapping[str, Value]]:
    return [dict(zip(listing.headings, row, strict=True)) for row in listing.read()]


def worked(desk: Desk, *codes: str) -> None:
    scan(desk, *codes)
    if desk.complete().question:
        desk.yes()


@pytest.fixture
def dock(site: Site) -> Site:
    """Cameras of two lots and of none, in stock, packed, shipped, disposed of, and in somebody's hands."""
    builders.product(site, "CAM", 2, barcodes=[Barcode(GTIN, 1)])
    builders.product(site, "LAP", 1)
    serials.opening(site, "NORDWIND", "W-EAST", "CAM", "SN-0", "SN-9")
    shipped = builders.shipment(site, "S-1", {"CAM": 3})
    worked(Desk(site, SO), "S-1", label("SN-1", "L-1"), label("SN-2"), label("SN-3", "L-2"))
    assert isinstance(shipment_orders.ship(site, shipped), Done)
    builders.purchase(site, "N-1", {"LAP": 1})
    worked(Desk(site, PO), "N-1", "LAP", "SN-1")
    builders.shipment(site, "S-2", {"CAM": 2})
    worked(Desk(site, SO), "S-2", label("SN-4", "l-1"))
    builders.shipment(site, "S-3", {"CAM": 9})
    scan(Desk(site, SO), "S-3", label("SN-5", "L-1"), label("SN-6", "L-2"), label("SN-7"))
    scrapped = corrections.choose(site, "SN-9")
    assert not isinstance(scrapped, Refused)
    corrections.dispose(site, scrapped.unit.id, "broken", how=Disposal("scrap"))
    return site


@pytest.mark.both_stores
def test_every_unit_of_a_lot_and_apart_those_whose_lot_is_unknown(dock: Site) -> None:
    found = rows(recall.of_filters(dock, narrowed(sku="cam", lot="l-1")))
    assert [(row["match"], row["primary_serial"], row["status"], row["so_number"]) for row in found] == [
        ("lot", "SN-1", "Shipped", "S-1"),
        ("lot", "SN-4", "Packed", "S-2"),
        ("lot", "SN-5", "Held", None),
        ("lot unknown", "SN-0", "Received", None),
        ("lot unknown", "SN-9", "Disposed", None),
        ("lot unknown", "SN-2", "Shipped", "S-1"),
        ("lot unknown", "SN-7", "Held", None),
    ]
    assert [row["where"] for row in found[:3]] == [None, "W-EAST", "W-EAST, in Ana's hands at dock-2, on S-3"]
    assert found[0]["shipped_at"]
    assert not rows(recall.of_filters(dock, narrowed(sku="CAM", lot="L-1", warehouse="W-WEST")))
    seen = recall.tally(dock, narrowed(sku="cam", lot="l-1"))
    assert ({str(one): count for one, count in seen.standing.items()}, seen.units, seen.shipped, seen.unknown) == (
        {"Held": 1, "Packed": 1, "Shipped": 1},
        3,
        1,
        4,
    )
    assert recall.tally(dock, narrowed(sku="CAM", lot="L-1", warehouse="W-WEST")).units == 0
    assert recall.hindrance(dock, narrowed(sku="CAN", lot="L-1"))
    assert not recall.has_any(dock, narrowed(sku="CAM", lot="L-3"))


def test_pages_of_a_recall_go_on_from_the_lot_to_the_units_whose_lot_is_unknown(dock: Site) -> None:
    filters = narrowed(sku="CAM", lot="L-1")
    for limit in (1, 2, 3, 7, 9):
        told, after = [], None
        while found := recall.page(dock, filters, after, limit):
            assert len(found) <= limit
            told += [(one.match.value, one.unit.primary, one.where) for one in found]
            after = found[-1]
        assert told == [
            ("lot", "SN-1", "S-1"),
            ("lot", "SN-4", "W-EAST, packed on S-2"),
            ("lot", "SN-5", "W-EAST, in Ana's hands at dock-2, on S-3"),
            ("lot unknown", "SN-0", "W-EAST"),
            ("lot unknown", "SN-9", ""),
            ("lot unknown", "SN-2", "S-1"),
            ("lot unknown", "SN-7", "W-EAST, in Ana's hands at dock-2, on S-3"),
        ], limit


@pytest.mark.both_stores
def test_lots_are_listed_by_how_they_begin_or_by_their_use_by(dock: Site) -> None:
    builders.shipment(dock, "S-4", {"CAM": 1})
    worked(Desk(dock, SO), "S-4", f"]C101{GTIN}1728063021SN-20\x1d10M%1")
    for beginning, found in (
        ("", [("L-1", "2 units"), ("L-2", "1 unit"), ("M%1", "1 unit, use-by 2028-06-30")]),
        ("l-", [("L-1", "2 units"), ("L-2", "1 unit")]),
        ("%", []),
        ("2028-0", [("M%1", "1 unit, use-by 2028-06-30")]),
    ):
        assert recall.lots(dock, narrowed(sku="cam"), beginning) == (found, False), beginning
    assert recall.lots(dock, narrowed(sku="cam", warehouse="W-WEST"), "") == ([], False)


@pytest.mark.both_stores
def test_a_use_by_a_receipt_and_days_say_what_is_recalled(dock: Site) -> None:
    builders.shipment(dock, "S-4", {"CAM": 3})
    worked(Desk(dock, SO), "S-4", f"]C101{GTIN}1728063021SN-20", f"]C101{GTIN}1728070121SN-21")
    scan(Desk(dock.at_station("bench-9"), SO), "S-4", f"]C101{GTIN}1728062921SN-22")
    for filters, found in (
        (narrowed(expiry="2028-06"), [("use-by", "SN-20"), ("use-by", "SN-22")]),
        (narrowed(expiry="2028-07-01"), [("use-by", "SN-21")]),
        (narrowed(expiry="2028-06", warehouse="W-WEST"), []),
        (narrowed(purchase_order="n-1"), [("meant", "SN-1")]),
        (narrowed(purchase_order="N-1", until=date(2020, 1, 1)), []),
        (narrowed(sku="LAP"), [("meant", "SN-1")]),
    ):
        assert [(row["match"], row["primary_serial"]) for row in rows(recall.of_filters(dock, filters))] == found
        assert recall.tally(dock, filters).units == len(found)
        assert [(str(one.match), one.unit.primary) for one in recall.page(dock, filters, None, 9)] == found
    of_cam = rows(recall.of_filters(dock, narrowed(sku="CAM", expiry="2028-06")))
    assert [row["primary_serial"] for row in of_cam if row["match"] == "use-by"] == ["SN-20", "SN-22"]
    assert len([row for row in of_cam if row["match"] == "use-by unknown"]) == 9
    assert recall.use_bys(dock, narrowed(sku="CAM"), "2028") == (
        [("2028-06-30", "1 unit"), ("2028-07-01", "1 unit")],
        False,
    )


@pytest.mark.both_stores
def test_every_unit_of_a_list_and_the_serials_that_none_has(dock: Site) -> None:
    found = rows(recall.of_list(dock, ["sn-4", "SN-1", "SN-8", "SN-4"], narrowed()))
    assert [(row["match"], row["sku"], row["primary_serial"]) for row in found] == [
        ("listed", "CAM", "SN-1"),
        ("listed", "LAP", "SN-1"),
        ("listed", "CAM", "SN-4"),
        ("serial not known", None, "SN-8"),
    ]
    assert len(rows(recall.of_list(dock, ["SN-1"], narrowed(sku="CAM")))) == 1
