"""Labels that say more than one thing: product and serial in one scan, two serials, GTINs in all their lengths."""

import pytest

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store.catalog import BarcodeRecord
from scanstation.store.store import Store
from scanstation.workflows.desk import Desk
from scanstation.workflows.site import Site, SiteRules
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.test_desk import line, receive, said, scan, text

EAN = "4006381333931"
GTIN = f"0{EAN}"
OTHER = "04012345678901"
GS = "\x1d"


def label(serial: str, gtin: str = GTIN, secondary: str = "") -> str:
    """A GS1 DataMatrix with product and serial."""
    return f"]d201{gtin}21{serial}" + (f"{GS}250{secondary}" if secondary else "")


@pytest.fixture
def receiving(site: Site) -> Desk:
    return Desk(site, OrderKind.PURCHASE)


@pytest.fixture
def packing(site: Site) -> Desk:
    return Desk(site, OrderKind.SHIPMENT)


def camera(site: Site, scenario: int, **more: str) -> None:
    product(site, "CAM", scenario, barcodes=[BarcodeRecord(EAN)], **more)


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
    product(site, "CAM", 1, barcodes=[BarcodeRecord(EAN), BarcodeRecord("14006381333938", 2)])
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
    product(site, "BAT", 1, barcodes=[BarcodeRecord(OTHER)])
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
    assert said(scan(receiving, "N-1", "]C100340123450000000018")) == ("STOP", "unknown-code")
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
        assert text(scan(receiving, code)) == f"{code} is not known here. Scan a product of N-1."


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
