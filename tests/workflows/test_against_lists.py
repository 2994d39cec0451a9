"""New serials at a desk are held against suppliers' lists; Complete names what has not come (RULES 2.26)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.products import Barcode
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.store import lots, works
from scanstation.store.batches import units_of_keys
from scanstation.store.store import Store
from scanstation.workflows.master_data.loading import expect
from scanstation.workflows.orders import order_book
from scanstation.workflows.orders.expected_lists import remove_expected
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.sheets_to_load import Files

HEADER = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Secondary Serial Number"]
HEADER += ["Lot", "Expiry"]
Lists = Callable[..., int]


@pytest.fixture
def listed(tmp_path: Path) -> Lists:
    """Makes a purchase order, and a list of it: `P1`, `P1/S1` or `P1/S1/LOT/DAY` for each unit."""
    files = Files(tmp_path)

    def make(site: Site, number: str, sku: str, quantity: int, *units: str) -> int:
        order_id = purchase(site, number, {sku: quantity})
        rows = (["W-EAST", "NORDWIND", number, sku, *unit.split("/")] for unit in units)
        if units:
            assert isinstance(expect(site, order_id, files(HEADER, *rows)), Done)
        return order_id

    return make


def receiving(site: Site, number: str) -> Desk:
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, number)
    return desk


def test_receiving_says_what_was_expected_asks_what_was_not_and_names_what_is_missing(
    site: Site, listed: Lists
) -> None:
    product(site, "CAM", 3)
    listed(site, "N-1", "CAM", 5, "C1/L1", "C2/L2", "C3/L3", "C4", "C5")
    listed(site, "N-2", "CAM", 1, "C7/L7")
    desk = receiving(site, "N-1")
    scan(desk, "CAM", "C1")
    assert text(desk.view) == "C1 is the primary, expected. Now the secondary serial of CAM, unit 1."
    scan(desk, "L2")
    assert said(desk.view) == ("CHECK", "listed-otherwise")
    assert text(desk.view) == "L2 is listed with C2, not with C1. Is L2 the secondary serial of this unit?"
    desk.no()
    scan(desk, "L1")
    assert text(desk.view) == "C1 + L1 → CAM, expected, 1 of 5. Scan the next product."
    scan(desk, "CAM", "L3")
    assert text(desk.view).startswith("L3 is listed as the secondary serial of C3.")
    desk.no()
    scan(desk, "C7")
    assert said(desk.view) == ("CHECK", "unlisted")
    assert text(desk.view) == "C7 is not on the list of N-1. It is on the list of N-2. Take it?"
    assert desk.yes().prompt is not None
    assert text(desk.view) == "C7 is the primary, not on the list. Now the secondary serial of CAM, unit 2."
    scan(desk, "L7")
    assert text(desk.view) == "C7 + L7 → CAM, 2 of 5. Scan the next product."
    desk.complete()
    assert text(desk.view) == "Not come: C2, C3, C4 and 1 more. N-1 lacks 3 of CAM. Complete it with 2 units?"
    assert text(desk.yes()).endswith("N-1 still lacks 3. Scan the next order. Not come: C2, C3, C4 and 1 more.")
    scan(desk, "N-1", "CAM", "C4", "L4")
    assert said(desk.view) == ("OK", "")  # its row has no secondary, and no other one L4


def test_an_order_without_a_list_is_held_against_none(site: Site, listed: Lists, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    order_id = listed(site, "N-1", "CAM", 2, "C1")
    without = listed(site, "N-2", "CAM", 3)
    desk = receiving(site, "N-2")
    scan(desk, "CAM", "C9")
    assert text(desk.view) == "C9 → CAM, 1 of 3. Scan the next product."
    other = receiving(site.at_station("dock-3"), "N-1")
    scan(other, "CAM", "C8")
    assert said(other.view) == ("CHECK", "unlisted")
    other.no()
    remove_expected(site, order_id)
    scan(other, "C8")
    assert text(other.view) == "C8 → CAM, 1 of 2. Scan the next product."
    row = ["W-EAST", "NORDWIND", "N-2", "CAM", "C6"]
    assert isinstance(expect(site, without, Files(tmp_path)(HEADER, row)), Done)
    scan(desk, "CAM", "C7")  # the order is on the desk already
    assert said(desk.view) == ("CHECK", "unlisted")


@pytest.mark.parametrize(
    ("how", "answer", "taken"),
    [
        ("confirm", ("CHECK", "unlisted"), "yes"),
        ("refuse", ("STOP", "unlisted"), "no"),
        ("take", ("CHECK", "unlisted"), ""),
    ],
)
def test_what_is_on_no_list_is_asked_refused_or_taken_as_the_site_says(
    store: Store, listed: Lists, how: str, answer: tuple[str, str], taken: str
) -> None:
    site = Site(store, "Ana", "dock-2", SiteRules(unlisted=how))  # type: ignore[arg-type]
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 5, "C1")
    desk = receiving(site, "N-1")
    scan(desk, "CAM", "C9")
    assert said(desk.view) == answer
    assert (desk.view.question is not None) is (taken == "yes")
    assert (desk.view.prompt is None) is (taken == "")
    if taken == "yes":
        assert text(desk.yes()) == "C9 → CAM, not on the list, 1 of 5. Scan the next product."
    scan(desk, *(["C1"] if taken == "no" else ["CAM", "C1"]))
    assert "expected" in text(desk.view)
    assert desk.view.order is not None
    assert desk.view.order.lines[0].done == (1 if taken == "no" else 2)


def test_three_in_a_row_are_rather_a_wrong_list_and_that_is_asked_once(site: Site, listed: Lists) -> None:
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 20, "C1")
    desk = receiving(site, "N-1")

    def unlisted(*codes: str) -> None:
        for code in codes:
            scan(desk, "CAM", code)
            assert said(desk.view) == ("CHECK", "unlisted")
            assert desk.yes().prompt is None

    unlisted("X1", "X2")
    scan(desk, "CAM", "C1")  # the row is broken
    unlisted("X3", "X4")
    scan(desk, "CAM", "X5")
    assert said(desk.view) == ("CHECK", "wrong-list")
    assert text(desk.view) == "3 in a row are not on the list of N-1. Is it the wrong list?"
    assert said(desk.no()) == ("CHECK", "unlisted")
    desk.yes()
    unlisted("X6", "X7")  # once for the work

    second = receiving(site.at_station("dock-3"), "N-1")
    scan(second, "CAM", "Y1")
    second.yes()
    scan(second, "CAM", "Y2")
    second.yes()
    scan(second, "CAM", "Y3")
    assert said(second.view) == ("CHECK", "wrong-list")
    assert text(second.yes()) == "Y3 → CAM, not on the list, 11 of 20. Scan the next product."
    scan(second, "CAM", "Y4")
    assert said(second.view) == ("OK", "")


@pytest.mark.both_stores
def test_whether_it_is_the_wrong_list_is_asked_once_wherever_the_work_goes_on(site: Site, listed: Lists) -> None:
    """At the station that was started anew, and at the one that takes the work over."""
    product(site, "CAM", 1)
    for number in ("N-1", "N-2"):
        listed(site, number, "CAM", 20, "C1", "C2")

    def asked(desk: Desk, *codes: str) -> list[str]:
        reasons = []
        for code in codes:
            scan(desk, "CAM", f"{code} {number}")
            reasons.append(said(desk.view)[1])
            while desk.view.question:
                desk.yes()
        return reasons

    for number, wrong in (("N-1", False), ("N-2", True)):
        desk = receiving(site, number)
        assert asked(desk, "X1", "X2") == ["unlisted", "unlisted"]
        scan(desk, "CAM", f"X3 {number}")
        assert said(desk.view) == ("CHECK", "wrong-list")
        if wrong:
            desk.yes()
        else:
            desk.no()
            desk.yes()
        later = "" if wrong else "unlisted"
        assert asked(receiving(site, number), "Y1", "Y2", "Y3", "Y4") == [later] * 4
        with site.store.read() as tx:
            (work,) = works.open_at(tx, site.station)
        other = site.at_station("dock-9")
        assert isinstance(take_over(other, work.work.id), Done)
        assert asked(receiving(other, number), "Z1", "Z2", "Z3", "Z4") == [later] * 4
        other_desk = receiving(other, number)
        other_desk.complete()
        other_desk.yes()
        assert asked(receiving(other, number), "V1", "V2") == ["unlisted", "unlisted"], "other work"


@pytest.mark.both_stores
@pytest.mark.parametrize("where", ["started anew", "taken over", "beside work of its own"])
def test_how_many_came_in_a_row_outlives_a_restart_and_a_take_over(site: Site, listed: Lists, where: str) -> None:
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 20, "C1", "C2")

    def unlisted(desk: Desk, code: str) -> str:
        scan(desk, "CAM", code)
        reason = said(desk.view)[1]
        while desk.view.question:
            desk.yes() if desk.view.verdict and desk.view.verdict.reason == "unlisted" else desk.no()
        return reason

    def go_on(number: str) -> Desk:
        """Where the work goes on."""
        if where == "started anew":
            return receiving(site, number)
        here = site.at_station("dock-9")
        desk = receiving(here, number)
        if where != "taken over":
            assert unlisted(desk, "W1") == "unlisted"
        with site.store.read() as tx:
            (work,) = works.open_at(tx, site.station)
        assert isinstance(take_over(here, work.work.id), Done)
        desk.refresh()
        return desk

    first = receiving(site, "N-1")
    assert [unlisted(first, code) for code in ("X1", "X2")] == ["unlisted", "unlisted"]
    desk = go_on("N-1")
    assert unlisted(desk, "X3") == "wrong-list"
    scan(desk, "CAM", "C1")  # the row is broken, which is kept too
    desk = receiving(desk.site, "N-1")
    assert [unlisted(desk, code) for code in ("Y1", "Y2", "Y3")] == ["unlisted"] * 3  # asked once


def test_a_row_that_an_expected_one_broke_begins_anew_after_a_restart(site: Site, listed: Lists) -> None:
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 20, "C1", "C2")
    desk = receiving(site, "N-1")
    for code in ("X1", "X2"):
        scan(desk, "CAM", code, "SS-YES")
    desk = receiving(site, "N-1")
    scan(desk, "CAM", "C1")
    desk = receiving(site, "N-1")
    for code in ("X3", "X4"):
        scan(desk, "CAM", code)
        assert said(desk.view) == ("CHECK", "unlisted"), code
        desk.yes()
    scan(desk, "CAM", "X5")
    assert text(desk.view) == "3 in a row are not on the list of N-1. Is it the wrong list?"


@pytest.mark.parametrize("label", ["", "]C1010400638133393121"])
def test_a_code_that_is_scanned_again_is_not_another_one_in_a_row_and_one_that_is_refused_is(
    site: Site, listed: Lists, label: str
) -> None:
    product(site, "CAM", 1, barcodes=[Barcode("04006381333931")])
    listed(site, "N-1", "CAM", 20, "C1")
    desk = receiving(site, "N-1")
    if not label:
        scan(desk, "CAM")
    for code in ("X1", "X1", "X2", "X1"):
        scan(desk, f"{label}{code}")
        assert said(desk.view) == ("CHECK", "unlisted"), code
        scan(desk, "SS-NO")
    scan(desk, f"{label}X3")
    assert said(desk.view) == ("CHECK", "wrong-list")


def test_where_a_site_refuses_the_third_in_a_row_says_that_the_list_may_be_wrong(store: Store, listed: Lists) -> None:
    site = Site(store, "Ana", "dock-2", SiteRules(unlisted="refuse"))
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 5, "C1")
    desk = receiving(site, "N-1")
    scan(desk, "CAM", "X1", "X2", "X2")
    assert text(desk.view) == "X2 is not on the list of N-1. Put it aside."
    scan(desk, "X3")
    assert text(desk.view).endswith("3 in a row: if it is the wrong list, a supervisor removes it.")


def test_packing_holds_new_codes_alone_against_all_lists_of_the_warehouse(site: Site, listed: Lists) -> None:
    product(site, "BOX", 2)
    product(site, "CAM", 1)
    listed(site, "N-1", "BOX", 1, "B1")
    listed(site, "N-2", "BOX", 1, "B2")
    listed(site, "N-3", "CAM", 2, "C1")
    desk = receiving(site, "N-3")
    scan(desk, "CAM", "C9")
    desk.yes()
    desk.complete()
    desk.yes()
    shipment(site, "S-1", {"BOX": 3, "CAM": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-1", "BOX", "B2")
    assert text(packing.view) == "B2 → BOX, expected, 1 of 3. Scan the next product."
    scan(packing, "CAM", "C9")  # known by now: no list is asked
    assert said(packing.view) == ("OK", "")
    scan(packing, "BOX", "B9")
    assert text(packing.view) == "B9 is on no list of BOX. Take it?"
    packing.yes()
    packing.complete()
    assert text(packing.view) == "S-1 lacks 1 of BOX. Complete it with 3 units?"


def test_a_mac_is_listed_with_separators_or_without(site: Site, listed: Lists) -> None:
    product(site, "MOD", 3, secondary_pattern="mac")
    order_id = listed(site, "N-1", "MOD", 3, "M1/00:1A:2B:3C:4D:5E", "M2/001A2B3C4D5F", "M3/00-1A-2B-3C-4D-60")
    desk = receiving(site, "N-1")
    for codes in (["M1", "001A2B3C4D5E"], ["M2", "00-1A-2B-3C-4D-5F"], ["M3", "00:1a:2b:3c:4d:60"]):
        scan(desk, "MOD", *codes)
        assert "expected" in text(desk.view)
    assert text(desk.complete()) == "N-1 complete, 3 units. Scan the next order."
    (count,) = order_book.detail(site, order_id).expected
    assert (count.verified, count.unexpected, count.missing) == (3, 0, 0)


def test_lot_and_dates_of_a_list_are_the_units_unless_its_label_says_otherwise(site: Site, listed: Lists) -> None:
    product(site, "04006381333931", 1)
    listed(site, "N-1", "04006381333931", 3, "M-1//A-7/2030-03-31", "M-2//A-7/2030-03-31")
    desk = receiving(site, "N-1")
    scan(desk, "04006381333931", "M-1", "]C10104006381333931" + "10B-9\x1d" + "21M-2")
    assert text(desk.view) == "M-2: its label says lot B-9, and kept is A-7. Take it as A-7?"
    desk.yes()
    desk.complete()
    desk.yes()
    with site.store.read() as tx:
        (known,) = units_of_keys(tx, ["M-1", "M-2"], None).values()
        kept = lots.of_units(tx, [unit.id for unit in known.values()])
    assert {(one.lot, one.use_by) for one in kept.values()} == {("A-7", "2030-03-31")}


def test_a_range_is_held_against_the_list_unit_by_unit(site: Site, listed: Lists) -> None:
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 9, "A1", "A2")
    desk = receiving(site, "N-1")
    scan(desk, "SS-QTY-3", "CAM", "SS-RANGE", "A1", "A3")
    assert said(desk.view) == ("STOP", "range-collides")
    assert text(desk.view).endswith("A3 would be asked about: it has to be scanned by itself.")
    scan(desk, "A2", "SS-YES")
    assert text(desk.view).startswith("A1 to A2 → CAM, 2 of 9.")
    takes = Desk(replace(site.at_station("dock-7"), rules=SiteRules(unlisted="take")), OrderKind.PURCHASE)
    scan(takes, "N-1", "SS-QTY-2", "CAM", "SS-RANGE", "A4", "A5", "SS-YES")
    assert said(takes.view) == ("CHECK", "unlisted")
    assert "Of 2 units: A4" in text(takes.view)
    assert takes.view.prompt is None


def test_what_a_range_only_tried_counts_for_no_row(site: Site, listed: Lists) -> None:
    product(site, "CAM", 1)
    listed(site, "N-1", "CAM", 9, "A1")
    desk = receiving(site, "N-1")
    scan(desk, "SS-QTY-6", "CAM", "SS-RANGE", "Z1", "Z2", "A1", "A4", "SS-CANCEL")
    for number in (5, 6):
        assert said(scan(desk, f"Z{number}")) == ("CHECK", "unlisted")
        desk.yes()
    assert said(scan(desk, "Z7")) == ("CHECK", "wrong-list")
