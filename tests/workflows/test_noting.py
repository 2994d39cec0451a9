"""A discrepancy is noted at the receiving desk with SS-NOTE, kept, taken back, and told as the receipt completes."""

from dataclasses import replace

import pytest

from scanstation.domain.discrepancies import Discrepancy
from scanstation.domain.outcome import Done
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan, Source
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.store.upkeep import findings
from scanstation.workflows.access import operator_book, signing_in
from scanstation.workflows.access.operator_book import Given
from scanstation.workflows.orders import order_book
from scanstation.workflows.orders.discrepancies import settle
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.at_the_desk import line, receive, said, scan, text


@pytest.fixture
def order_id(site: Site) -> int:
    product(site, "CAM", 1)
    product(site, "LENS", 3)
    product(site, "BAT", barcodes=[Barcode("12345678", 2)])
    product(site, "ELSE", 1)
    purchase(site, "N-2", {"CAM": 4})
    return purchase(site, "N-1", {"CAM": 4, "LENS": 2, "BAT": 20})


@pytest.fixture
def desk(site: Site, order_id: int) -> Desk:
    assert order_id
    found = Desk(site, OrderKind.PURCHASE)
    scan(found, "N-1")
    return found


def type_in(desk: Desk, *texts: str) -> None:
    for one in texts:
        desk.answer(Scan(one, source=Source.TYPED))


def noted(site: Site, order_id: int) -> list[tuple[str, int, str, tuple[str, ...], str]]:
    def told(one: Discrepancy) -> tuple[str, int, str, tuple[str, ...], str]:
        return one.sku, one.count, one.differs.value, one.serials, one.words

    return [told(one) for one in order_book.detail(site, order_id).noted]


@pytest.mark.both_stores
def test_scans_alone_note_what_came_damaged_and_no_count_changes(site: Site, order_id: int, desk: Desk) -> None:
    scan(desk, "CAM", "A1")
    asked = scan(desk, "SS-NOTE")
    assert asked.question is not None
    assert asked.question.choices == ("damaged", "wrong", "short", "over")
    assert scan(desk, "SS-REASON-1").noting == "Scan the product that is damaged"
    assert scan(desk, "CAM").noting == "1 CAM damaged"
    assert scan(desk, "A1").noting == "1 CAM damaged, 1 serial"
    assert scan(desk, "sn-unknown").noting == "2 CAM damaged, 2 serials"
    assert noted(site, order_id) == [], "nothing is in the store before the yes"
    assert text(scan(desk, "SS-YES")) == "Discrepancy 1: 2 CAM damaged, noted beside the counts. Undo takes it back."
    assert desk.view.noting == ""
    assert noted(site, order_id) == [("CAM", 2, "damaged", ("A1", "sn-unknown"), "")]
    assert line(site, order_id, "CAM")[:2] == (0, 1)

    scan(desk, "SS-COMPLETE", "SS-YES")
    assert text(desk.view).endswith("1 discrepancy is open on it. Scan the next order.")
    assert isinstance(settle(site, order_id, 1, "credited"), Done)
    scan(desk, "N-1", "CAM", "A2", "SS-COMPLETE", "SS-YES")
    assert "discrepanc" not in text(desk.view)
    assert findings(site.store) == []


NOTES: dict[tuple[str, ...], tuple[str, int, str, tuple[str, ...], str]] = {
    ("SS-REASON-3", "BAT", "SS-QTY-ALL"): ("BAT", 20, "short", (), ""),
    ("SS-REASON-3", "SS-QTY-3", "CAM"): ("CAM", 3, "short", (), ""),
    ("SS-REASON-4", "12345678", "12345678"): ("BAT", 4, "over", (), ""),
    ("SS-REASON-2", "CAM", "CAM", "SS-REASON-2"): ("CAM", 2, "wrong", (), "box open"),
    ("SS-REASON-1", "OLD1"): ("CAM", 1, "damaged", ("OLD1",), ""),
    ("SS-REASON-1", "CAM", "X1", "SS-UNDO", "X2"): ("CAM", 1, "damaged", ("X2",), ""),
    ("SS-REASON-1", "CAM", "SS-QTY-7", "SS-QTY-2"): ("CAM", 2, "damaged", (), ""),
    ("SS-REASON-1", "CAM", "0001"): ("CAM", 1, "damaged", ("0001",), ""),
}
"""What is scanned behind SS-NOTE, and what is kept."""


def test_what_a_note_says(site: Site, order_id: int) -> None:
    receive(site, "N-1", "CAM", "OLD1")
    desk = Desk(replace(site, rules=SiteRules(reasons=("wet", "box open"))), OrderKind.PURCHASE)
    scan(desk, "N-1")
    for codes in NOTES:
        scan(desk, "SS-NOTE", *codes, "SS-YES")
    assert noted(site, order_id) == [*NOTES.values()]


def test_an_armed_quantity_is_how_many_and_words_and_counts_may_be_typed(site: Site, order_id: int, desk: Desk) -> None:
    scan(desk, "SS-QTY-2", "SS-NOTE", "SS-REASON-1", "CAM")
    assert (desk.view.noting, desk.view.quantity) == ("2 CAM damaged", 1)
    type_in(desk, "12")
    assert desk.view.noting == "12 CAM damaged"
    assert text(desk.note_words(" lens broken ")) == "12 CAM damaged: lens broken. Yes keeps it."
    type_in(desk, "y")
    assert noted(site, order_id) == [("CAM", 12, "damaged", (), "lens broken")]
    scan(desk, "SS-NOTE", "SS-REASON-1", "CAM")
    type_in(desk, "N")
    assert (text(desk.view), len(noted(site, order_id))) == ("Nothing was noted.", 1)


def test_undo_right_behind_it_takes_the_note_back_and_later_means_the_scan(
    site: Site, order_id: int, desk: Desk
) -> None:
    scan(desk, "BAT", "SS-NOTE", "SS-REASON-2", "CAM", "SS-YES", "SS-QTY-5")
    assert text(scan(desk, "SS-UNDO")).startswith("The quantity of 5 is dropped")
    assert text(scan(desk, "SS-UNDO")) == "Discrepancy 1: 1 CAM wrong is taken back."
    (one,) = order_book.detail(site, order_id).noted
    assert (one.is_open, one.settled_as) == (False, "taken back at once")
    assert text(scan(desk, "SS-UNDO")).startswith("Taken back: BAT.")
    scan(desk, "SS-NOTE", "SS-REASON-2", "CAM", "SS-YES", "BAT", "SS-UNDO")
    assert [one.is_open for one in order_book.detail(site, order_id).noted] == [False, True]
    scan(desk, "SS-NOTE", "SS-REASON-2", "CAM", "SS-YES")
    settle(site, order_id, 3, "credited")
    assert said(scan(desk, "SS-UNDO")) == ("CHECK", "nothing-to-undo")


def test_what_is_no_part_of_a_note_is_refused_and_leaves_it(site: Site, order_id: int, desk: Desk) -> None:
    receive(site, "N-2", "CAM", "ON-N2")
    receive(site, "N-1", "LENS", "L1", "L1-X")
    scan(desk, "SS-NOTE", "SS-REASON-1")
    for code, reason in {
        "ELSE": "not-on-order",
        "nothing known": "note-first",
        "ON-N2": "note-first",
        "N-2": "note-first",
        "SS-YES": "note-first",
        "SS-QTY-ALL": "note-first",
    }.items():
        assert said(scan(desk, code)) == ("STOP", reason), code
    assert desk.view.noting == "Scan the product that is damaged"
    scan(desk, "CAM", "C1")
    for code, reason in {
        "C1": "serial-twice",
        "LENS": "note-first",
        "l1": "note-first",
        "N-2": "note-first",
        "SS-QTY-ALL": "note-first",
        "SS-COMPLETE": "note-first",
        "SS-HOME": "note-first",
        "SS-NOTE": "note-first",
        "SS-REASON-1": "no-such-reason",
        "A\u200b1": "bad-code",
    }.items():
        assert said(scan(desk, code)) == ("STOP", reason), code
    assert text(desk.complete()).endswith("Cancel drops it."), "a key has no code to scan then"
    scan(desk, "SS-QTY-1")
    assert said(scan(desk, "C2")) == ("STOP", "more-serials")
    assert desk.view.noting == "1 CAM damaged, 1 serial"
    assert text(scan(desk, "SS-CANCEL")) == "Nothing was noted."
    assert noted(site, order_id) == []
    assert line(site, order_id, "CAM")[:2] == (0, 0)


def test_it_is_for_a_purchase_order_and_while_no_serial_is_owed(site: Site, desk: Desk) -> None:
    shipment(site, "S-1", {"CAM": 1})
    for other in (Desk(site, OrderKind.SHIPMENT), ReturnDesk(site), TransferDesk(site)):
        assert said(scan(other, "SS-NOTE")) == ("CHECK", "no-order")
    assert said(scan(Desk(site.at_station("dock-2"), OrderKind.PURCHASE), "SS-NOTE")) == ("CHECK", "no-order")
    assert said(scan(desk, "CAM", "SS-NOTE")) == ("STOP", "serial-owed")


def test_only_who_may_receive_notes(site: Site, order_id: int, desk: Desk) -> None:
    operator_book.add(site, "Mia", ["manager"], [], pin="135790")
    operator_book.add(site, "Ben", ["packer"], [])
    badges = [operator_book.badge(site, name) for name in ("Mia", "Ben")]
    assert isinstance(operator_book.sign_in(site, on=True), Done)
    assert isinstance(badges[1], Given)
    signing_in.by_badge(site, badges[1].secret)
    assert said(scan(desk, "BAT", "SS-NOTE"))[1] == "no-right"
    assert desk.view.question is None
    assert noted(site, order_id) == []
