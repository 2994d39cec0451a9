"""How many the next product scan takes: dropped, kept for the right product, and all that is left."""

import pytest

from scanstation.domain.commands import ALL_LEFT
from scanstation.domain.products import Barcode
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.store.store import Store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.at_the_desk import line, said, scan, text


@pytest.fixture
def receiving(site: Site) -> Desk:
    return Desk(site, OrderKind.PURCHASE)


def test_undo_and_cancel_drop_a_quantity_before_anything_else(site: Site, receiving: Desk) -> None:
    product(site, "BAT")
    order = purchase(site, "N-1", {"BAT": 13})
    scan(receiving, "N-1", "BAT")
    for drop in ("SS-UNDO", "SS-CANCEL"):
        assert text(scan(receiving, "SS-QTY-4", drop)).startswith("The quantity of 4 is dropped, and nothing else")
        assert line(site, order, "BAT")[1] == 1
        assert receiving.view.quantity == 1
    assert text(scan(receiving, "SS-QTY-ALL", "SS-UNDO")).startswith("“All that is left” is dropped")
    assert text(scan(receiving, "SS-QTY-4", "SS-QTY-1")) == "The next product scan takes one."
    assert text(scan(receiving, "SS-UNDO")).startswith("Taken back: BAT.")


def test_a_quantity_whose_product_was_refused_waits_for_the_right_one(site: Site, receiving: Desk) -> None:
    product(site, "BAT")
    product(site, "PAD")
    purchase(site, "N-1", {"BAT": 3})
    for refused in ("PAD", "BAT"):
        assert text(scan(receiving, "N-1", "SS-QTY-4", refused)).endswith("4 is still asked for.")
        assert receiving.view.quantity == 4
    product(site, "NET")
    purchase(site, "N-2", {"NET": 2})
    assert text(scan(receiving, "NET", "SS-YES")).endswith("4 is still asked for."), "of another order too"
    assert said(scan(receiving, "SS-QTY-3", "BAT")) == ("OK", "")
    assert receiving.view.quantity == 1


def test_all_that_is_left_is_a_run_where_serials_are_asked(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, barcodes=[Barcode("12345678", 2)])
    order = purchase(site, "N-1", {"CAM": 4})
    elsewhere = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
    scan(elsewhere, "N-1", "CAM", "SN-0")
    assert said(scan(receiving, "N-1", "SS-QTY-ALL", "12345678")) == ("STOP", "take-all")
    assert receiving.view.quantity == ALL_LEFT
    assert "CAM taken, 3 units, each with its serial" in text(scan(receiving, "CAM"))
    assert line(site, order, "CAM")[1] == 4, "what another station has taken is none of it"
    scan(receiving, "SN-1", "SN-2", "SN-3")
    assert said(scan(receiving, "SS-QTY-ALL", "CAM")) == ("STOP", "over-order")


def test_all_that_is_left_of_goods_without_serials_is_counted_by_a_person(store: Store, site: Site) -> None:
    product(site, "BAT", barcodes=[Barcode("12345678", 12)])
    product(site, "LAP", 5)
    purchase(site, "N-1", {"BAT": 137, "LAP": 24})
    shipment(site, "S-1", {"BAT": 5})
    desk = Desk(site, OrderKind.PURCHASE)
    asked = text(scan(desk, "N-1", "SS-QTY-ALL", "BAT"))
    assert asked == "137 of BAT are left. Count them: take 137?"
    assert text(scan(desk, "SS-YES")).startswith("137 × BAT taken, 137 of 137.")
    assert said(scan(desk, "SS-QTY-ALL", "LAP")) == ("CHECK", "take-all")
    scan(desk, "SS-NO", "SS-UNDO", "SS-UNDO")
    assert said(scan(desk, "SS-QTY-ALL", "12345678")) == ("STOP", "take-all"), "137 is no multiple of 12"
    strict = Desk(Site(store, "Ana", "dock-4", SiteRules(qty_all="off")), OrderKind.PURCHASE)
    packing = Desk(site, OrderKind.SHIPMENT)
    for other, number in ((strict, "N-1"), (packing, "S-1")):
        assert said(scan(other, number, "SS-QTY-ALL", "BAT")) == ("STOP", "take-all")


def test_the_panel_tells_how_far_a_run_is_and_that_either_serial_will_do(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 3)
    purchase(site, "N-1", {"CAM": 5})
    shipment(site, "S-1", {"CAM": 2})
    scan(receiving, "N-1", "CAM", "P-1", "L-1", "SS-QTY-3", "CAM", "P-2", "L-2", "P-3")
    prompt = receiving.view.prompt
    assert prompt is not None
    assert (prompt.title, prompt.counts) == ("Secondary serial", "3 of 5 · run 2/3")
    scan(receiving, "L-3", "P-4", "L-4", "SS-COMPLETE", "SS-YES")
    packing = Desk(site, OrderKind.SHIPMENT)
    asked = scan(packing, "S-1", "CAM").prompt
    assert asked is not None
    assert (asked.short_title, asked.counts) == ("Either serial", "1 of 2")
    assert text(packing.view) == "CAM taken, unit 1 of 2. Now its primary serial or its secondary: either serial."
