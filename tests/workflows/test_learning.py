"""An unknown barcode is learned at a desk with SS-LEARN, and taken back."""

from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.products import LEARNED, UNLEARNED, Barcode
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.workflows.access import operator_book, signing_in
from scanstation.workflows.access.operator_book import Given
from scanstation.workflows.master_data import products, renaming
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import change_pattern, product, purchase
from tests.workflows.at_the_desk import line, receive, said, scan, text
from tests.workflows.sheets_to_load import PRODUCT_HEADER, Files

EAN = "4006381333931"


@pytest.fixture
def cam(site: Site) -> int:
    """A product with an order; its id."""
    found = product(site, "CAM", 1)
    product(site, "BAT", barcodes=[Barcode("12345678", 2)])
    purchase(site, "N-1", {"CAM": 4, "BAT": 20})
    return found


def learned(site: Site, product_id: int) -> list[Barcode]:
    assert products.learned_barcodes(site, product_id) == list(products.read(site, product_id).barcodes)
    return products.learned_barcodes(site, product_id)


@pytest.mark.both_stores
def test_a_barcode_is_learned_from_two_pieces_its_sku_and_how_many(site: Site, cam: int) -> None:
    desk = Desk(site, OrderKind.PURCHASE)
    assert said(scan(desk, "N-1", EAN)) == ("STOP", "unknown-code")
    assert text(desk.view).endswith("or type its SKU. A new barcode? SS-LEARN teaches it.")
    assert desk.view.learning == ""
    scan(desk, "SS-LEARN", EAN)
    assert desk.view.learning == "Scan it from another piece"
    scan(desk, EAN, "CAM")
    assert text(desk.view).startswith(f"{EAN} is to mean CAM. How many are in it?")
    assert learned(site, cam) == [], "nothing is in the store before the last step"
    assert (
        text(scan(desk, "SS-QTY-2"))
        == f"{EAN} means 2 × CAM now. Scan it to take it; Undo takes back what was learned."
    )
    assert learned(site, cam) == [Barcode(EAN, 2)]
    assert products.history(site, cam)[0].difference.what == LEARNED
    assert text(scan(desk, EAN)).startswith("CAM taken, 2 units")
    scan(desk, "SS-CANCEL")
    assert isinstance(renaming.unlearn(site, "CAM", EAN), Done)
    assert learned(site, cam) == []
    assert not isinstance(renaming.unlearn(site, "CAM", EAN), Done)
    assert not isinstance(renaming.unlearn(site, "BAT", "12345678"), Done), "nobody has taught it"


def test_undo_right_behind_it_takes_it_back_and_later_means_the_scan(site: Site, cam: int) -> None:
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BAT", "SS-LEARN", EAN, EAN, "CAM")
    desk.answer(Scan("1", source=Source.TYPED))
    assert learned(site, cam) == [Barcode(EAN)]
    assert "is taken back" in text(scan(desk, "SS-UNDO"))
    assert learned(site, cam) == []
    assert products.history(site, cam)[0].difference.what == UNLEARNED
    assert text(scan(desk, "SS-UNDO")).startswith("Taken back: BAT.")
    scan(desk, "SS-LEARN", EAN, EAN, "BAT", "SS-QTY-1", EAN, "SS-UNDO")
    assert learned(site, cam) == []
    assert text(scan(desk, EAN)).startswith("BAT taken")


def test_what_is_no_unknown_barcode_is_not_learned(site: Site, cam: int) -> None:
    receive(site, "N-1", "CAM", "SN-0001")
    product(site, "LENS", 1, client="BETA", barcodes=[Barcode(EAN)])
    change_pattern(site, "CAM", r"CAM\d{7}")
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "SS-LEARN")
    for code, reason in {
        "SN-0001": "learn-no-barcode",
        "CAM": "learn-known",
        "12345678": "learn-known",
        "N-1": "learn-no-barcode",
        "CAM0000311": "learn-no-barcode",
        "(00)340123450000000017": "never-scanned",
        "00340123450000000017": "learn-no-barcode",
        "A=12": "sign-of-lists",
        "4006381333932": "check-digit",
        "SS-COMPLETE": "learn-first",
        "SS-YES": "learn-first",
    }.items():
        assert said(scan(desk, code)) == ("STOP", reason), code
    asked = scan(desk, EAN)
    assert text(asked) == f"{EAN} is LENS of BETA. Learn it for NORDWIND too?"
    scan(desk, "SS-NO")
    assert desk.view.learning == "Scan the unknown barcode"
    scan(desk, EAN, "SS-YES")
    assert said(scan(desk, "OTHER-12")) == ("STOP", "learn-first")
    scan(desk, EAN, "SS-YES")
    assert said(scan(desk, "LENS")) == ("STOP", "learn-first"), "another client's"
    assert said(scan(desk, "CAM", "9")) == ("STOP", "learn-first"), "a scan is no pack size"
    assert text(scan(desk, "SS-CANCEL")) == "Nothing was learned."
    assert line(site, 1, "CAM")[:2] == (1, 0)
    assert learned(site, cam) == []


def test_who_may_not_is_told_who_can(site: Site, cam: int) -> None:
    assert cam
    desk = Desk(site, OrderKind.PURCHASE)
    assert said(scan(desk, "SS-LEARN")) == ("CHECK", "no-order")
    operator_book.add(site, "Mia", ["manager"], [], pin="135790")
    operator_book.add(site, "Ben", ["receiver"], [])
    badges = [operator_book.badge(site, name) for name in ("Mia", "Ben")]
    assert isinstance(operator_book.sign_in(site, on=True), Done)
    assert isinstance(badges[1], Given)
    signing_in.by_badge(site, badges[1].secret)
    assert text(scan(desk, "N-1", EAN)).endswith("or type its SKU. A new barcode? Mia can teach it.")
    for code in ("(00)340123450000000017", "A=12", "4006381333932"):
        assert "teach" not in text(scan(desk, code)), "it can be none"
    told = text(scan(desk, "SS-LEARN"))
    assert told.endswith("Who can: Mia.")
    assert said(desk.view) == ("STOP", "learn-right")
    assert desk.view.learning == ""


def test_a_sheet_of_products_drops_nothing_that_was_learned_here(site: Site, cam: int, tmp_path: Path) -> None:
    scan(Desk(site, OrderKind.PURCHASE), "N-1", "SS-LEARN", EAN, EAN, "CAM", "SS-QTY-2")
    cams, bats = ["NORDWIND", "CAM", "new", "4711", "x", "x"], ["NORDWIND", "BAT", "", "12345678=2"]
    first = load(site, [Files(tmp_path)(PRODUCT_HEADER, cams, bats)])
    assert not first.refused, first.reasons
    told = f"Learned here and in no row, so it stays: {EAN} of CAM. `products unlearn` takes it back."
    assert told in first.notes
    assert [one.text for one in products.read(site, cam).barcodes] == ["4711", EAN]
    assert products.learned_barcodes(site, cam) == [Barcode(EAN, 2)]

    bats[3] = EAN
    refused = load(site, [Files(tmp_path)(PRODUCT_HEADER, cams, bats)])
    assert [reason.name for reason in refused.reasons] == ["barcode-twice"]

    bats[3], cams[3] = "12345678=2", f"{EAN}=5"
    assert told not in load(site, [Files(tmp_path)(PRODUCT_HEADER, cams, bats)]).notes
    assert list(products.read(site, cam).barcodes) == [Barcode(EAN, 5)], "a row that says it otherwise counts"
