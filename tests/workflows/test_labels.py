"""Labels that say more than one thing: product and serial in one scan, two serials, GTINs in all their lengths."""

from typing import Any

import pytest

from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store.store import Store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import line, receive, said, scan, text

EAN = "4006381333931"
GTIN = f"0{EAN}"
OTHER = "04012345678901"
GS, RS, EOT = "\x1d", "\x1e", "\x04"
CASE = "14006381333938"
SSCC = "340123450000000018"


def label(serial: str, gtin: str = GTIN, secondary: str = "") -> str:
    """A GS1 DataMatrix with product and serial."""
    return f"]d201{gtin}21{serial}" + (f"{GS}250{secondary}" if secondary else "")


def fields(*data: str) -> str:
    """An ISO 15434 label of these data identifiers and values."""
    return f"[)>{RS}06{GS}{GS.join(data)}{RS}{EOT}"


@pytest.fixture
def receiving(site: Site) -> Desk:
    return Desk(site, OrderKind.PURCHASE)


@pytest.fixture
def packing(site: Site) -> Desk:
    return Desk(site, OrderKind.SHIPMENT)


def camera(site: Site, scenario: int, **more: Any) -> None:
    product(site, "CAM", scenario, barcodes=[Barcode(EAN)], **more)


def test_one_label_takes_the_unit_and_answers_the_prompt(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    order = purchase(site, "N-1", {"CAM": 2})
    assert said(scan(receiving, "N-1", label("SN-1"))) == ("OK", "")
    assert receiving.view.prompt is None
    assert line(site, order, "CAM")[1] == 1
    receiving.undo()
    assert line(site, order, "CAM")[1] == 0, "one scan, one undo"


def test_a_refused_serial_on_a_label_takes_no_unit(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    order = purchase(site, "N-1", {"CAM": 3})
    assert said(scan(receiving, "N-1", label("SN-1"), label("SN-1"))) == ("STOP", "already-captured")
    assert receiving.view.prompt is None
    assert line(site, order, "CAM")[1] == 1


def test_a_label_with_both_serials_answers_both_prompts(site: Site, receiving: Desk) -> None:
    camera(site, 3)
    order = purchase(site, "N-1", {"CAM": 3})
    scan(receiving, "N-1", label("SN-1", secondary="LENS-1"))
    assert receiving.view.prompt is None
    scan(receiving, "CAM", label("SN-2", secondary="LENS-2"))
    assert receiving.view.prompt is None
    assert said(scan(receiving, "CAM", label("SN-3", secondary="LENS-1"))) == ("STOP", "already-captured")
    assert receiving.view.prompt is not None
    assert receiving.view.prompt.kind is CodeKind.PRIMARY, "half a label is not taken"
    assert line(site, order, "CAM")[1] == 3


def test_a_secondary_serial_is_never_taken_for_a_primary(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    order = purchase(site, "N-1", {"CAM": 2})
    assert scan(receiving, "N-1", f"]d201{GTIN}250LENS-1").prompt is not None
    assert said(scan(receiving, f"]d201{GTIN}250LENS-1")) == ("STOP", "no-serial-on-label")
    assert said(scan(receiving, "SN-1")) == ("OK", "")
    assert line(site, order, "CAM")[1] == 1


def test_a_label_tells_which_serial_it_has_so_the_secondary_may_come_first(site: Site, receiving: Desk) -> None:
    camera(site, 3)
    purchase(site, "N-1", {"CAM": 3})
    view = scan(receiving, "N-1", f"]d201{GTIN}250LENS-1")
    assert text(view) == "LENS-1 is the secondary. Now the primary serial of CAM, unit 1."
    assert view.prompt is not None
    assert (view.prompt.kind, view.prompt.known) == (CodeKind.PRIMARY, "LENS-1")
    assert said(scan(receiving, f"]d2250LENS-9{GS}21SN-1")) == ("STOP", "two-units"), "of another unit"
    assert said(scan(receiving, f"]d201{GTIN}250LENS-9")) == ("STOP", "no-serial-on-label")
    assert said(scan(receiving, f"]d2250LENS-1{GS}21SN-1")) == ("OK", "")
    assert scan(receiving, "CAM", "]d2250LENS-2", "SS-UNDO").prompt is not None
    assert receiving.view.prompt is not None
    assert receiving.view.prompt.known == "", "one scan, one undo"
    assert scan(receiving, f"]d201{GTIN}250LENS-2", "SN-2").prompt is None
    assert said(scan(receiving, f"]d201{GTIN}250LENS-2")) == ("STOP", "already-captured")
    assert receiving.view.prompt is None, "a refused label takes no unit"
    receiving.complete()
    receiving.yes()
    with site.store.read() as tx:
        kept = tx.exec_driver_sql("SELECT primary_serial, secondary_serial FROM unit_event ORDER BY id").all()
    assert [tuple(row) for row in kept] == [("SN-1", "LENS-1"), ("SN-2", "LENS-2")]


def test_a_label_of_another_unit_does_not_bring_the_secondary(site: Site, receiving: Desk) -> None:
    camera(site, 3)
    purchase(site, "N-1", {"CAM": 1})
    scan(receiving, "N-1", "CAM", "SN-1")
    assert said(scan(receiving, label("SN-2", secondary="LENS-2"))) == ("STOP", "two-units")
    assert said(scan(receiving, label("sn-1", secondary="LENS-1"))) == ("OK", "")


def test_either_serial_of_a_label_packs_a_unit_in_one_scan(site: Site, packing: Desk) -> None:
    camera(site, 3)
    purchase(site, "N-1", {"CAM": 3})
    receive(site, "N-1", *(f"]d201{GTIN}21SN-{n}{GS}250LENS-{n}" for n in (1, 2, 3)))
    order = shipment(site, "S-1", {"CAM": 3})
    assert said(scan(packing, "S-1", f"]d201{GTIN}250LENS-1")) == ("OK", "")
    assert said(scan(packing, label("SN-2", secondary="LENS-3"))) == ("STOP", "two-units")
    assert text(packing.view).startswith("SN-2 and LENS-3 stand on one label and are two units.")
    assert said(scan(packing, f"]d201{GTIN}250LENS-9")) == ("STOP", "unknown-serial")
    assert packing.view.prompt is None
    assert said(scan(packing, label("SN-2", secondary="LENS-2"), "CAM", f"]d201{GTIN}250LENS-3")) == ("OK", "")
    packing.complete()
    assert line(site, order, "CAM") == (3, 0, 3, 3)


def test_the_serial_of_a_packs_label_is_nobodys(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, barcodes=[Barcode(EAN), Barcode("14006381333938", 2)])
    order = purchase(site, "N-1", {"CAM": 3})
    scan(receiving, "N-1", label("CARTON-1", "14006381333938"))
    assert said(scan(receiving, label("CARTON-1", "14006381333938"))) == ("STOP", "product-not-serial")
    assert "the label of a pack of 2 × CAM" in text(receiving.view)
    assert scan(receiving, "SN-1", "SN-2").prompt is None
    assert line(site, order, "CAM")[1] == 2


def test_a_label_keeps_its_serials_while_the_station_asks_about_more_than_ordered(store: Store) -> None:
    site = Site(store, "Ana", "dock-2", SiteRules(over_receipt="confirm"))
    camera(site, 3)
    order = purchase(site, "N-1", {"CAM": 1})
    receiving = Desk(site, OrderKind.PURCHASE)
    scan(receiving, "N-1", label("SN-1", secondary="LENS-1"))
    assert said(scan(receiving, label("SN-2", secondary="LENS-2"))) == ("CHECK", "over-order")
    assert "1 was ordered" in text(receiving.view)
    assert said(scan(receiving, "SS-YES")) == ("OK", "")
    assert receiving.view.prompt is None
    scan(receiving, label("SN-3", secondary="LENS-1"))
    assert said(scan(receiving, "SS-YES")) == ("STOP", "already-captured")
    receiving.complete()
    assert line(site, order, "CAM") == (2, 0, 2, 2)


@pytest.mark.parametrize("scenario", [5, 6, 7, 8])
def test_a_label_that_is_only_checked_stands_for_its_unit_once(site: Site, packing: Desk, scenario: int) -> None:
    camera(site, scenario)
    product(site, "BAT")
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    order = shipment(site, "S-1", {"CAM": 4, "BAT": 1})
    assert said(scan(packing, "S-1", label("SN-1"))) == ("OK", "")
    for again in (label("SN-1"), "sn-1", label("sn-1")):
        assert said(scan(packing, again)) == ("STOP", "already-captured")
    assert line(site, order, "CAM")[1] == 1
    assert said(scan(packing, "SS-UNDO", "SN-1", label("SN-1"))) == ("STOP", "already-captured"), "the other way round"
    assert line(site, order, "CAM")[1] == 1
    if scenario in (6, 8):
        assert said(scan(packing, label("SN-9"))) == ("OK", "")
        assert said(scan(packing, label("SN-9"))) == ("STOP", "already-captured")


def test_a_label_of_a_product_that_is_not_on_the_order_is_told_so_whatever_its_serial(
    site: Site, packing: Desk
) -> None:
    camera(site, 5)
    product(site, "BAT")
    shipment(site, "S-1", {"BAT": 1})
    shipment(site, "S-2", {"CAM": 1})
    assert said(scan(packing, "S-1", label("SN-9"))) == ("STOP", "not-on-order")
    assert "S-2" in text(packing.view)


def test_both_serials_of_a_label_that_is_only_checked_are_looked_at(site: Site, packing: Desk) -> None:
    camera(site, 7)
    for number in (1, 2):
        opening(site, "NORDWIND", "W-EAST", "CAM", (f"SN-{number}", f"LENS-{number}"))
    opening(site, "NORDWIND", "W-WEST", "CAM", ("SN-3", "LENS-3"))
    order = shipment(site, "S-1", {"CAM": 4})
    assert said(scan(packing, "S-1", label("SN-1", secondary="LENS-2"))) == ("STOP", "two-units")
    assert said(scan(packing, f"]d201{GTIN}250LENS-3")) == ("STOP", "other-warehouse")
    assert said(scan(packing, f"]d201{GTIN}250LENS-9")) == ("STOP", "not-imported")
    assert said(scan(packing, label("SN-1", secondary="LENS-1"))) == ("OK", "")
    assert said(scan(packing, f"]d201{GTIN}250LENS-1")) == ("STOP", "already-captured")
    assert line(site, order, "CAM")[1] == 1


@pytest.mark.parametrize("scenario", [2, 4, 5, 6, 7, 8])
def test_a_label_stands_for_its_unit_once_where_receiving_asks_nothing(
    site: Site, receiving: Desk, scenario: int
) -> None:
    camera(site, scenario)
    order = purchase(site, "N-1", {"CAM": 4})
    assert said(scan(receiving, "N-1", label("SN-1"), label("SN-2"))) == ("OK", "")
    assert said(scan(receiving, label("SN-1"))) == ("STOP", "already-captured")
    assert "on this receipt" in text(receiving.view)
    assert said(scan(receiving, "SS-UNDO", label("SN-2"))) == ("OK", "")
    assert line(site, order, "CAM")[1] == 2


def test_a_label_of_a_product_that_is_not_tracked_is_its_product(site: Site, receiving: Desk) -> None:
    camera(site, 0)
    order = purchase(site, "N-1", {"CAM": 4})
    assert said(scan(receiving, "N-1", label("SN-1"), label("SN-1"))) == ("OK", "")
    assert line(site, order, "CAM")[1] == 2


def test_the_words_of_a_command_in_a_serial_field_are_no_serial(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", label("SS-YES"))) == ("STOP", "command-not-serial")
    assert said(scan(receiving, "CAM", label("ss-qty-3"))) == ("STOP", "command-not-serial")


def test_a_label_of_another_product_does_not_answer_a_prompt(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    product(site, "BAT", 1, barcodes=[Barcode(OTHER)])
    purchase(site, "N-1", {"CAM": 1, "BAT": 1})
    scan(receiving, "N-1", "CAM")
    assert said(scan(receiving, label("SN-1", OTHER))) == ("STOP", "other-product")
    assert said(scan(receiving, label("SN-1", "09506000134352"))) == ("STOP", "other-product")
    assert said(scan(receiving, label("SN-1"))) == ("OK", "")


@pytest.mark.parametrize("code", ["4006381333931", "04006381333931", "]E04006381333931", "(01)04006381333931"])
def test_a_gtin_is_the_same_item_in_all_its_lengths(site: Site, receiving: Desk, code: str) -> None:
    camera(site, 0)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", code)) == ("OK", "")


@pytest.mark.parametrize(
    "code", ["614141123452", "0614141123452", "00614141123452", "]C10100614141123452", "]E00614141123452"]
)
def test_a_sku_that_is_a_gtin_is_the_same_item_in_all_its_lengths(site: Site, receiving: Desk, code: str) -> None:
    product(site, "614141123452", 0)
    purchase(site, "N-1", {"614141123452": 1})
    assert said(scan(receiving, "N-1", code)) == ("OK", "")


def test_of_two_skus_that_are_the_same_gtin_the_one_that_is_spelled_so_is_meant(site: Site, receiving: Desk) -> None:
    for sku in ("614141123452", "0614141123452"):
        product(site, sku, 0)
    purchase(site, "N-1", {"614141123452": 1, "0614141123452": 1})
    for sku in ("614141123452", "0614141123452"):
        scan(receiving, "N-1", sku)
        assert text(receiving.view).startswith(f"{sku} taken, 1 of 1.")


def test_a_label_that_is_no_goods_label_says_so(site: Site, receiving: Desk) -> None:
    purchase(site, "N-1", {})
    assert said(scan(receiving, "N-1", "]C18004SN-1")) == ("STOP", "unknown-code")
    assert "is a label of GS1 without a product or a serial" in text(receiving.view)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("      ", "The code has nothing but blanks. Scan the serial label."),
        ("SNß0001", "“ß” (latin small letter sharp s)"),
        ("ЫТ-0001", "if it says something else, the keyboard language of the scanner does not match."),
        ("١٢٣٤٥", "the keyboard language of the scanner does not match."),
        ("SN–0001", "(en dash), which is not on a serial label. Scan the serial label."),
        ("SS-QTY-0", "SS-QTY-0 is no quantity"),
    ],
)
def test_what_no_serial_can_be_says_why(site: Site, receiving: Desk, code: str, part: str) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert scan(receiving, "N-1", "CAM", code).prompt is not None
    assert part in text(receiving.view)


def test_another_pack_level_is_another_code(site: Site, receiving: Desk) -> None:
    camera(site, 0)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "14006381333938")) == ("STOP", "unknown-code")


def test_a_wrong_check_digit_names_the_right_one(site: Site, receiving: Desk) -> None:
    camera(site, 0)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "4006381333932")) == ("STOP", "check-digit")
    assert "should be 1" in text(receiving.view)
    assert said(scan(receiving, "0104006381333932")) == ("STOP", "check-digit")
    assert "0104006381333932 was read wrong: its last digit should be 1." in text(receiving.view)
    assert said(scan(receiving, "4006381333831")) == ("STOP", "unknown-code"), "another digit was read wrong"
    assert "as an EAN or UPC it would end in 2, so it may have been read wrong" in text(receiving.view)
    for code in ("4006381333832", "10293847", "400638133383X"):
        told = f"{code} is not known here. Scan the product's barcode, or type its SKU."
        assert text(scan(receiving, code)).startswith(told)


def test_bare_digits_are_a_serial_and_nothing_else(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "CAM", "10293847")) == ("OK", "")
    assert "10293847" in text(receiving.view)


def test_an_aim_identifier_is_no_part_of_a_code(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "]C0N-1", "]C0CAM", "]C0SN-1")) == ("OK", "")
    assert said(scan(receiving, "]Q1SS-COMPLETE")) == ("OK", "")
    with site.store.read() as tx:
        assert tx.exec_driver_sql("SELECT text FROM unit_code").scalar_one() == "SN-1"


def test_two_patterns_tell_which_serial_is_which(site: Site, receiving: Desk) -> None:
    camera(site, 3, pattern=r"SN-\d+", secondary_pattern=r"LENS-\d+")
    purchase(site, "N-1", {"CAM": 2})
    scan(receiving, "N-1", "CAM", "LENS-1")
    assert receiving.view.prompt is not None
    assert receiving.view.prompt.kind is CodeKind.PRIMARY
    assert said(scan(receiving, "LENS-1")) == ("STOP", "same-as-secondary")
    scan(receiving, "SN-1")
    assert receiving.view.prompt is None
    scan(receiving, "CAM", "LENS-2", "SS-UNDO")
    assert receiving.view.prompt.kind is CodeKind.PRIMARY
    assert said(scan(receiving, "SN-2", "LENS-2")) == ("OK", "")
    receiving.complete()
    with site.store.read() as tx:
        kept = tx.exec_driver_sql("SELECT primary_serial, secondary_serial FROM unit_event ORDER BY id").all()
    assert [tuple(row) for row in kept] == [("SN-1", "LENS-1"), ("SN-2", "LENS-2")]


def test_packing_takes_a_received_unit_by_either_code_first(site: Site, packing: Desk) -> None:
    camera(site, 3)
    purchase(site, "N-1", {"CAM": 2})
    receive(site, "N-1", "CAM", "SN-1", "LENS-1", "CAM", "SN-2", "LENS-2")
    change = "UPDATE product SET both_steps = 0, only_packing = 1"  # scenario 4 from now on
    site.store.act(lambda tx: tx.exec_driver_sql(change) and None)
    order = shipment(site, "S-1", {"CAM": 2})
    scan(packing, "S-1", "CAM", "LENS-1")
    assert packing.view.prompt is not None
    assert packing.view.prompt.kind is CodeKind.PRIMARY
    assert said(scan(packing, "SN-2")) == ("STOP", "two-units")
    assert said(scan(packing, "SN-1")) == ("OK", "")
    assert said(scan(packing, "LENS-2")) == ("OK", ""), "a known unit in one scan; its other code is owed"
    assert packing.view.prompt.kind is CodeKind.PRIMARY
    scan(packing, "SN-2", "SS-COMPLETE")
    assert line(site, order, "CAM") == (2, 0, 2, 2)


def test_where_either_serial_is_asked_either_pattern_will_do(site: Site, packing: Desk) -> None:
    looks = {"pattern": r"SN-\d+", "hint": "SN- and digits", "secondary_pattern": r"LENS-\d+"}
    camera(site, 3, **looks, secondary_hint="LENS- and digits")
    shipment(site, "S-1", {"CAM": 1})
    for code in ("SN-7", "LENS-7"):
        assert said(scan(packing, "S-1", "CAM", code)) == ("STOP", "unknown-serial")
        packing.cancel()
    assert said(scan(packing, "CAM", "BOX-7")) == ("STOP", "pattern")
    assert "SN- and digits or LENS- and digits" in text(packing.view)


@pytest.mark.parametrize("secondary", ["LENS-1", f"]d201{GTIN}250LENS-1"])
def test_a_received_unit_without_a_secondary_gets_the_one_that_was_scanned_first(
    site: Site, packing: Desk, secondary: str
) -> None:
    camera(site, 4, pattern=r"SN-\d+", secondary_pattern=r"LENS-\d+")
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1", ("SN-2", "LENS-2"), "SN-3")
    opening(site, "NORDWIND", "W-WEST", "CAM", "SN-4")
    order = shipment(site, "S-1", {"CAM": 2})
    assert scan(packing, "S-1", "CAM", secondary).prompt is not None
    assert said(scan(packing, "SN-2")) == ("STOP", "two-units")
    assert said(scan(packing, "SN-4")) == ("STOP", "other-warehouse")
    assert text(scan(packing, "SN-3")).startswith("SN-3 + LENS-1 → CAM, 1 of 2.")
    assert scan(packing, "SS-UNDO").prompt is not None
    assert packing.view.prompt is not None
    assert (packing.view.prompt.kind, packing.view.prompt.known) == (CodeKind.PRIMARY, "LENS-1")
    other = Desk(site.at_station("bench-9"), OrderKind.SHIPMENT)
    assert said(scan(other, "S-1", "SN-3")) == ("OK", ""), "it is free again"
    other.undo()
    other.cancel()
    assert said(scan(packing, "SN-9")) == ("OK", ""), "a new primary makes a new unit of it"
    assert said(scan(packing, "SS-UNDO", "SN-1")) == ("OK", "")
    packing.complete()
    packing.yes()
    assert line(site, order, "CAM") == (1, 0, 1, 1)
    with site.store.read() as tx:
        kept = tx.exec_driver_sql("SELECT primary_serial, secondary_serial FROM unit_event WHERE what = 'Packed'").all()
        units = tx.exec_driver_sql("SELECT count(*) FROM unit").scalar_one()
    assert [tuple(row) for row in kept] == [("SN-1", "LENS-1")]
    assert units == 4


def test_a_wrong_barcode_in_the_prompt_of_packing_is_told_for_what_it_is(site: Site, packing: Desk) -> None:
    camera(site, 1, pattern=r"SN-\d", hint="SN- and a digit")
    product(site, "LAP", 1)
    purchase(site, "N-1", {"CAM": 1})
    shipment(site, "S-1", {"CAM": 1, "LAP": 1})
    assert said(scan(packing, "S-1", "CAM", "S-1")) == ("STOP", "order-not-serial")
    assert said(scan(packing, "S-2")) == ("STOP", "pattern")
    assert said(scan(packing, "SN-1")) == ("STOP", "unknown-serial")
    packing.cancel()
    for number in ("S-1", "N-1"):
        assert said(scan(packing, "LAP", number)) == ("STOP", "order-not-serial")
        packing.cancel()
    assert said(scan(packing, "LAP", "SN-1")) == ("STOP", "unknown-serial")


def test_an_unknown_serial_on_a_label_stops_where_it_should_have_been_imported(site: Site, packing: Desk) -> None:
    camera(site, 5)
    purchase(site, "N-1", {"CAM": 1})
    receive(site, "N-1", "CAM")
    shipment(site, "S-1", {"CAM": 1})
    assert said(scan(packing, "S-1", label("SN-9"))) == ("STOP", "not-imported")
    assert "N-1" in text(packing.view)
    assert said(scan(packing, "CAM")) == ("OK", "")


def test_a_digital_link_is_read_and_never_opened(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", f"https://example.com/01/{GTIN}/21/SN-1")) == ("OK", "")


def test_what_cannot_be_a_code_is_told_with_what_is_wanted_in_its_place(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, label("SN-1", secondary="L-1"))) == ("STOP", "unknown-order")
    assert text(receiving.view).endswith("is not an order here. Scan the number of a purchase order.")
    assert text(scan(receiving, "SN–0001")).endswith("Scan the number of a purchase order.")
    assert text(scan(receiving, "N-1", "SN–0001")).endswith("Scan a product of N-1.")
    assert text(scan(receiving, "CAM", "SN–0001")).endswith("Scan the serial label.")


def test_a_broken_label_is_stopped_with_what_is_wrong(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    view = receiving.answer(Scan("N-1"))
    view = receiving.answer(Scan("]d2010400638133393221SN-1"))
    assert said(view) == ("STOP", "faulty-scan")


# ISO 15434: what names a product, and what is in nobody's way


@pytest.mark.parametrize("identifier", ["P", "1P", "2P", "3P", "30P", "9N", "8P"])
def test_every_identifier_of_a_product_finds_it_and_stops_anothers_label(
    site: Site, receiving: Desk, identifier: str
) -> None:
    codes = {"8P": (GTIN, OTHER), "9N": ("110375286414", "111012345627"), "3P": (EAN, "4012345678901")}
    one, other = codes.get(identifier, ("X-200", "X-300"))
    barcodes = {"9N": ("03752864", "10123456"), "8P": (EAN, OTHER), "3P": (EAN, OTHER)}.get(identifier, (one, other))
    product(site, "CAM", 1, barcodes=[Barcode(barcodes[0])])
    product(site, "BAT", 1, barcodes=[Barcode(barcodes[1])])
    purchase(site, "N-1", {"CAM": 2, "BAT": 1})
    assert said(scan(receiving, "N-1", fields(f"{identifier}{one}", "SSN-1", "20TÜ", "ZZ"))) == ("OK", "")
    assert text(receiving.view).startswith("SN-1 → CAM, 1 of 2.")
    assert said(scan(receiving, "CAM", fields("SSN-2", f"{identifier}{other}"))) == ("STOP", "other-product")
    assert "is a label of BAT" in text(receiving.view)
    assert said(scan(receiving, fields("SSN-2", f"{identifier}{one}"))) == ("OK", "")


def test_a_label_whose_second_number_is_another_products_sku_is_still_its_own(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 1, barcodes=[Barcode("C-7")])
    product(site, "B", 1)
    purchase(site, "N-1", {"CAM": 2, "B": 1})
    assert said(scan(receiving, "N-1", "CAM", fields("2PB", "1PC-7", "SSN-1"))) == ("OK", "")
    assert said(scan(receiving, fields("2PB", "1PC-7", "SSN-2"))) == ("OK", "")
    assert "SN-2 → CAM" in text(receiving.view)


@pytest.mark.parametrize(("identifier", "serial"), [("S", "SN-1"), ("18S", "0CVA5SN-1"), ("25S", "UN0123SN-1")])
def test_every_identifier_of_a_serial_answers_the_prompt(
    site: Site, receiving: Desk, identifier: str, serial: str
) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "CAM", fields("1TLOT", f"{identifier}{serial}", "4LDE"))) == ("OK", "")
    assert text(receiving.view).startswith(f"{serial} → CAM")


@pytest.mark.parametrize(
    ("label_text", "cause"),
    [
        (f"[)>{RS}DD{GS}MFR 0CVA5{GS}SER SN-1{RS}{EOT}", "is a part's mark in text identifiers (ISO 15434, format DD)"),
        (
            f"[)>{RS}01{GS}96152382802{GS}840{GS}001{GS}1Z1{GS}UPSN{RS}{EOT}",
            "is a carrier's label (ISO 15434, format 01)",
        ),
        (f"]U1152382802{GS}840{GS}001{GS}1Z1{GS}UPSN", "is a carrier's label (MaxiCode)"),
    ],
)
def test_labels_that_are_not_read_say_what_they_are(site: Site, receiving: Desk, label_text: str, cause: str) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", label_text)) == ("STOP", "unknown-code")
    assert cause in text(receiving.view)
    assert said(scan(receiving, "CAM", label_text)) == ("STOP", "no-serial-on-label")
    assert cause in text(receiving.view)
    assert "again" not in text(receiving.view)


def test_a_plain_text_with_a_group_separator_is_told_what_it_is(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "CAM", f"SN-1{GS}REV-B")) == ("STOP", "faulty-scan")
    assert "a group separator stands between “SN-1” and “REV-B”" in text(receiving.view)
    assert "again" not in text(receiving.view)
    assert said(scan(receiving, f"1PCAM{GS}SSN-1")) == ("STOP", "faulty-scan")
    assert "has fields of an ISO 15434 label (1P, S) without its head" in text(receiving.view)


# Data identifiers as barcodes of their own


def test_a_products_number_after_its_data_identifier_finds_it(site: Site, receiving: Desk) -> None:
    product(site, "CAM", 0, barcodes=[Barcode(EAN), Barcode("C-7"), Barcode("03752864")])
    order = purchase(site, "N-1", {"CAM": 9})
    scan(receiving, "N-1")
    for code in ("PCAM", "1Pcam", "30PC-7", f"8P{GTIN}", f"3P{EAN}", "9N110375286414", "P C-7"):
        assert said(scan(receiving, code)) == ("OK", ""), code
    assert line(site, order, "CAM")[1] == 7
    for code in ("PX-1", "1CAM", "SCAM", "QCAM", "9N110375286415"):
        assert said(scan(receiving, code)) == ("STOP", "unknown-code"), code


def test_a_code_as_it_stands_goes_before_what_stands_after_a_data_identifier(site: Site, packing: Desk) -> None:
    for sku in ("LAP", "PLAP"):
        product(site, sku, 0)
    camera(site, 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "Q10", "PCAM")
    shipment(site, "S-1", {"LAP": 1, "PLAP": 1, "CAM": 2})
    shipment(site, "Q7", {"LAP": 1})
    assert text(scan(packing, "S-1", "PLAP")).startswith("PLAP taken")
    assert text(scan(packing, "Q10")).startswith("Q10 → CAM")
    assert text(scan(packing, "PCAM")).startswith("PCAM → CAM")
    assert said(scan(packing, "Q7")) == ("CHECK", "order-lacks")


def test_a_barcode_that_says_how_many_arms_the_next_product_when_it_is_confirmed(site: Site, receiving: Desk) -> None:
    product(site, "BAT", 0)
    order = purchase(site, "N-1", {"BAT": 30})
    assert said(scan(receiving, "N-1", "SS-QTY-3", "Q10")) == ("CHECK", "label-says")
    assert text(receiving.view) == "The label says 10. Take 10 of the next product?"
    assert scan(receiving, "SS-NO").quantity == 3
    assert said(scan(receiving, "Q10", "Q10")) == ("CHECK", "label-says"), "the same scan repeats it"
    assert said(scan(receiving, "BAT")) == ("STOP", "question-open")
    assert scan(receiving, "SS-YES").quantity == 10
    assert said(scan(receiving, "BAT")) == ("OK", "")
    assert line(site, order, "BAT")[1] == 10
    for no_count in ("Q0", "Q1.5", "Q10PC", "Q10000", "Q"):
        assert said(scan(receiving, no_count))[0] == "STOP", no_count


def test_where_a_serial_is_owed_a_letter_in_front_of_digits_is_part_of_it(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    assert said(scan(receiving, "N-1", "CAM", "Q10")) == ("OK", "")
    assert text(receiving.view).startswith("Q10 → CAM")


# Labels that say how many


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        (f"01{GTIN}3010", 10),
        (f"]C102{GTIN}3710", 10),
        (f"01{CASE}302", 24),
        (f"]C102{CASE}373", 36),
        (fields("1PBAT", "Q10"), 10),
        (fields("Q3", f"8P{CASE}"), 36),
    ],
)
def test_a_label_that_says_how_many_asks_and_takes_them_all(site: Site, receiving: Desk, code: str, taken: int) -> None:
    product(site, "BAT", 0, barcodes=[Barcode(EAN), Barcode(CASE, 12)])
    order = purchase(site, "N-1", {"BAT": 40})
    scan(receiving, "N-1", "SS-QTY-5", code)
    assert said(receiving.view) == ("CHECK", "label-says")
    assert text(receiving.view).endswith(f"Take {taken}?")
    assert line(site, order, "BAT")[1] == 0
    assert said(scan(receiving, "SS-NO")) == ("CHECK", "answered-no")
    assert receiving.view.quantity == 5
    assert said(scan(receiving, code, "SS-YES")) == ("OK", "")
    assert receiving.view.quantity == 1
    assert line(site, order, "BAT")[1] == taken
    if taken > 20:
        assert said(scan(receiving, code, "SS-YES")) == ("STOP", "over-order"), "all or none"
        assert line(site, order, "BAT")[1] == taken
    receiving.undo()
    assert line(site, order, "BAT")[1] == 0


def test_a_label_that_says_how_many_arms_the_run_where_serials_are_asked(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 3})
    scan(receiving, "N-1", f"01{GTIN}303", "SS-YES")
    assert receiving.view.prompt is not None
    assert scan(receiving, "SN-1", "SN-2").prompt is not None
    assert scan(receiving, "SN-3").prompt is None


def test_a_label_that_says_one_asks_nothing(site: Site, receiving: Desk) -> None:
    product(site, "BAT", 0, barcodes=[Barcode(EAN)])
    purchase(site, "N-1", {"BAT": 3})
    assert said(scan(receiving, "N-1", f"01{GTIN}301", fields("1PBAT", "Q1"))) == ("OK", "")


def test_a_count_that_is_no_whole_number_is_left_aside_with_a_note(site: Site, receiving: Desk) -> None:
    product(site, "BAT", 0)
    order = purchase(site, "N-1", {"BAT": 30})
    assert said(scan(receiving, "N-1", fields("1PBAT", "Q10.5"))) == ("OK", "")
    assert text(receiving.view).endswith("(its count “10.5” is no whole number and was left aside)")
    assert line(site, order, "BAT")[1] == 1


@pytest.mark.parametrize("scenario", [1, 2])
def test_a_serial_and_a_count_on_one_label_are_one_unit_when_it_is_confirmed(
    site: Site, receiving: Desk, scenario: int
) -> None:
    camera(site, scenario)
    order = purchase(site, "N-1", {"CAM": 9})
    code = f"]d201{GTIN}21SN-1{GS}305"
    assert said(scan(receiving, "N-1", "SS-QTY-2", code)) == ("CHECK", "one-unit-marked")
    assert "SN-1 is one unit marked 5?" in text(receiving.view)
    assert line(site, order, "CAM")[1] == 0
    assert said(scan(receiving, "SS-YES")) == ("OK", "")
    assert receiving.view.prompt is None
    assert line(site, order, "CAM")[1] == 1
    if scenario == 1:
        assert said(scan(receiving, "CAM", fields("SSN-2", "Q5"))) == ("CHECK", "one-unit-marked")
        assert receiving.view.prompt is not None, "nothing is taken before the answer"
        assert scan(receiving, "SS-YES").prompt is None
        assert said(scan(receiving, "CAM", fields("SSN-2", "Q5"))) == ("STOP", "already-captured")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (f"]C100{SSCC}{GS}02{GTIN}3710", f"00{SSCC}02{GTIN}3710{GS}"),
        (fields("1PBAT", "Q10", "1JUN0123456789"), fields("1JUN0123456789", "1PBAT", "Q5")),
        (fields("1PBAT", "Q10", "3SPKG-1"), fields("1PBAT", "3SPKG-1")),
    ],
)
def test_a_package_counts_once_an_order(site: Site, receiving: Desk, first: str, again: str) -> None:
    product(site, "BAT", 0, barcodes=[Barcode(EAN)])
    order = purchase(site, "N-1", {"BAT": 40})
    purchase(site, "N-2", {"BAT": 40})
    assert said(scan(receiving, "N-1", first, "SS-YES")) == ("OK", "")
    assert said(scan(receiving, again)) == ("STOP", "already-counted")
    assert "is already counted at " in text(receiving.view)
    other = Desk(site.at_station("dock-9"), OrderKind.PURCHASE)
    assert said(scan(other, "N-1", again)) == ("STOP", "already-counted"), "at another station too"
    assert line(site, order, "BAT")[1] == 10
    receiving.undo()
    assert said(scan(receiving, first, "SS-YES")) == ("OK", ""), "not when it was taken back"
    receiving.complete()
    receiving.yes()
    assert said(scan(receiving, "N-1", again)) == ("STOP", "already-counted"), "nor after completion"
    assert said(scan(receiving, "N-2", first, "SS-YES")) == ("OK", ""), "another order counts by itself"


# Separators that do not come as such

DROPPED = f"]d201{GTIN}21ABC12317270131"
SPELT = f"]d201{GTIN}21ABC123<GS>17270131"


@pytest.mark.parametrize("prompted", [True, False])
@pytest.mark.parametrize(
    ("pattern", "code", "answer"),
    [
        (r"ABC\d+", DROPPED, ("OK", "")),
        (r"ABC\d{3}", DROPPED, ("STOP", "separators-dropped")),
        (r"(?P<serial>ABC\d{3})17\d{6}", DROPPED, ("OK", "")),
        (r"(?P<serial>ABC\d{3})(<GS>.*)?", SPELT, ("OK", "")),
        ("luhn:6", f"]d201{GTIN}2112345517270131", ("STOP", "separators-dropped")),
        (r"X\d+", DROPPED, ("STOP", "pattern")),
        ("", DROPPED, ("CHECK", "maybe-run-on")),
        (r"ABC\d+<GS>\d+", SPELT, ("OK", "")),
        (r"ABC\d+", SPELT, ("STOP", "faulty-scan")),
        ("", SPELT, ("STOP", "faulty-scan")),
        ("", f"]d201{GTIN}21ABC123^]10LOT", ("STOP", "faulty-scan")),
        ("", f"01{GTIN}21ABC123°²¹10LOT", ("STOP", "faulty-scan")),
        ("", f"01{GTIN}21ABC12302910LOT", ("STOP", "faulty-scan")),
    ],
)
def test_a_pattern_tells_whether_a_separator_is_hidden_in_a_serial(
    site: Site, receiving: Desk, pattern: str, code: str, answer: tuple[str, str], prompted: bool
) -> None:
    camera(site, 1, pattern=pattern)
    purchase(site, "N-1", {"CAM": 1})
    scan(receiving, "N-1", *(["CAM"] if prompted else []))
    assert said(scan(receiving, code)) == answer
    assert (receiving.view.prompt is not None) is (prompted and answer[0] != "OK")
    if answer == ("STOP", "faulty-scan"):
        assert "the scanner spells the separator as “" in text(receiving.view)


@pytest.mark.parametrize("code", ["SN-1<GS>10LOT7", "SN-1{GS}17270131", "21SN-1^]10LOT", "SN-1°²¹10L", "PCAM<GS>SSN-1"])
def test_a_plain_text_with_a_spelt_separator_is_never_booked_whole(site: Site, receiving: Desk, code: str) -> None:
    camera(site, 1)
    product(site, "ODD", 1, pattern=r"SN-1<GS>10LOT\d")
    purchase(site, "N-1", {"CAM": 1, "ODD": 1})
    for before in ([], ["CAM"]):
        scan(receiving, "N-1" if not before else "CAM", *[])
        assert said(scan(receiving, code)) == ("STOP", "faulty-scan")
        assert "the scanner spells the separator" in text(receiving.view)
    scan(receiving, "SN-5", "ODD")
    if code == "SN-1<GS>10LOT7":
        assert said(scan(receiving, code)) == ("OK", ""), "its product's serials look so"


@pytest.mark.parametrize("mark", ["|", "~", "$$", "#", "§"])
def test_a_label_with_marks_in_place_of_its_separators_is_never_booked_whole(
    site: Site, receiving: Desk, mark: str
) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    scan(receiving, "N-1")
    labels = [
        f"01{GTIN}{mark}21SN-1",
        f"]d201{GTIN}21SN-1{mark}10LOT7",
        f"21SN-1{mark}01{GTIN}",
        f"[)>06{mark}1PCAM{mark}SSN-1",
        f"[)>{mark}06{mark}1PCAM{mark}SSN-1{mark}",
    ]
    for before in ([], ["CAM"]):
        scan(receiving, *before)
        for code in labels:
            assert said(scan(receiving, code)) == ("STOP", "faulty-scan"), code
            assert f"the scanner spells the separator as “{mark}”" in text(receiving.view)
    assert said(scan(receiving, "SN-1")) == ("OK", "")


@pytest.mark.parametrize(
    "code",
    [
        "]C100340123450000000017",
        "]C100340123450000000018",  # with a wrong check digit too: its field says what it is
        f"]d200340123450000000017{GS}10LOT7",
        f"{GS}00340123450000000017",
        "]e000340123450000000017",
        f"[)>{RS}05{GS}00340123450000000017{RS}{EOT}",
        f"]C100340123450000000017{GS}02{GTIN}",
        "00340123450000000017",
        "(00) 340123450000000017",
    ],
)
def test_the_number_of_a_package_is_told_for_what_it_is(site: Site, receiving: Desk, packing: Desk, code: str) -> None:
    camera(site, 1)
    product(site, "TAB", 2)
    purchase(site, "N-1", {"CAM": 1})
    shipment(site, "S-1", {"TAB": 1})
    for desk, order, sku in ((receiving, "N-1", "CAM"), (packing, "S-1", "TAB")):
        scan(desk, order)
        assert said(scan(desk, code)) == ("STOP", "unknown-code")
        assert "is the number of a pallet or carton (SSCC). Scan " in text(desk.view)
        assert said(scan(desk, sku, code)) == ("STOP", "sscc-not-serial")
        assert "is the number of a pallet or carton (SSCC), not a serial" in text(desk.view)
        desk.cancel()


def test_a_licence_plate_is_told_for_what_it_is(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 1})
    scan(receiving, "N-1", "CAM")
    assert said(scan(receiving, f"[)>{RS}06{GS}JUN123456789{RS}{EOT}")) == ("STOP", "no-serial-on-label")
    assert "is the label of a package, without a product or a serial" in text(receiving.view)


def test_known_serials_tell_whether_a_separator_is_hidden_in_one(site: Site, packing: Desk) -> None:
    camera(site, 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "ABC123", "XYZ12310LOT7")
    order = shipment(site, "S-1", {"CAM": 2})
    scan(packing, "S-1")
    for code in (DROPPED, "]d221ABC12310L", SPELT.replace("<GS>", "")):
        assert said(scan(packing, code)) == ("STOP", "separators-dropped")
        assert "is ABC123 with a further field behind it: the scanner drops separators" in text(packing.view)
    assert said(scan(packing, "CAM", DROPPED)) == ("STOP", "separators-dropped")
    packing.cancel()
    assert said(scan(packing, f"]d201{GTIN}21XYZ12310LOT7")) == ("OK", ""), "known as it stands"
    assert line(site, order, "CAM")[1] == 1


def test_where_nothing_tells_it_is_asked_once_for_a_product_and_a_work(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    product(site, "BAT", 1, barcodes=[Barcode(OTHER)])
    order = purchase(site, "N-1", {"CAM": 5, "BAT": 1})
    purchase(site, "N-2", {"CAM": 5})
    assert said(scan(receiving, "N-1", label("A10B"))) == ("CHECK", "maybe-run-on")
    assert text(receiving.view).endswith("?")
    assert said(scan(receiving, "SS-NO")) == ("CHECK", "answered-no")
    assert line(site, order, "CAM")[1] == 0
    assert said(scan(receiving, label("A10B"), "SS-YES")) == ("OK", "")
    assert text(receiving.view).startswith("A10B → CAM, 1 of 5.")
    assert said(scan(receiving, label("A10C"), "CAM", label("A17270131"))) == ("OK", "")
    receiving = Desk(site, OrderKind.PURCHASE)  # the station was started anew
    assert said(scan(receiving, "N-1", label("A10E"))) == ("OK", "")
    assert said(scan(receiving, label("C10B", OTHER))) == ("CHECK", "maybe-run-on"), "another product"
    scan(receiving, "SS-NO")
    assert said(scan(receiving, "N-2", "N-2", label("A10D"))) == ("CHECK", "maybe-run-on"), "other work"


@pytest.mark.parametrize("scenario", [6, 8])
def test_a_doubtful_serial_that_is_only_checked_is_asked_about_too(site: Site, packing: Desk, scenario: int) -> None:
    camera(site, scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", "ABC123")
    shipment(site, "S-1", {"CAM": 3})
    assert said(scan(packing, "S-1", DROPPED)) == ("STOP", "separators-dropped")
    assert said(scan(packing, label("A10B"))) == ("CHECK", "maybe-run-on")
    assert said(scan(packing, "SS-YES", label("A10C"))) == ("OK", "")
    assert said(scan(packing, f"01{GTIN}21ABC12302910LOT")) == ("STOP", "faulty-scan")


def test_a_scanner_that_drops_separators_by_its_card_is_stopped(site: Site, receiving: Desk) -> None:
    camera(site, 1)
    purchase(site, "N-1", {"CAM": 5})
    site.scanner_traits.showed("wedge", separator=False)
    assert said(scan(receiving, "N-1", label("A10B"))) == ("STOP", "separators-dropped")
    assert "by its check card this scanner drops separators" in text(receiving.view)
    assert said(receiving.answer(Scan(label("A10B"), device="paste"))) == ("STOP", "separators-dropped")
    assert said(receiving.answer(Scan(label("A10B"), device="gun1"))) == ("CHECK", "maybe-run-on"), "another scanner"
    receiving.no()
    assert said(scan(receiving, label("A-B"), f"]d201{GTIN}21A10B{GS}")) == ("OK", "")
    site.scanner_traits.showed("wedge", separator=True)
    assert said(scan(receiving, label("A10C"))) == ("CHECK", "maybe-run-on")


def test_a_known_serial_with_a_count_and_without_a_product_is_asked_about(site: Site, packing: Desk) -> None:
    camera(site, 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    order = shipment(site, "S-1", {"CAM": 2})
    assert said(scan(packing, "S-1", f"]d221SN-1{GS}305")) == ("CHECK", "one-unit-marked")
    assert line(site, order, "CAM")[1] == 0
    assert said(scan(packing, "SS-YES")) == ("OK", "")
    assert line(site, order, "CAM")[1] == 1
