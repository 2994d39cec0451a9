"""Swap (RULES 2.15): of a packed order one unit comes out and another goes in, in one act, and no count changes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.shapes import Shape
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog, shapes, upkeep
from scanstation.store.store import Transaction
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.loading import expect
from scanstation.workflows.orders import corrections, holding, order_book, shipment_orders
from scanstation.workflows.orders.swapping import Outgoing, asks_secondary, outgoing, swap
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests.builders import change_settings, product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import said, scan
from tests.workflows.done_work import open_work, packed, received
from tests.workflows.sheets_to_load import Files

GTIN = "04006381333931"


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def packed_one(site: Site, scenario: int, *codes: str) -> int:
    """A shipment order S-1 of one CAM, packed with the first of these codes; the others are Received."""
    product(site, "CAM", scenario, barcodes=[Barcode(GTIN, 1)])
    known = codes[:1] if scenario in (1, 3) else ()
    opening(site, "NORDWIND", "W-EAST", "CAM", *[_pair(code) for code in (*known, *codes[1:])])
    order_id = shipment(site, "S-1", {"CAM": 1})
    packed(site, order_id, "CAM", codes[0])
    return order_id


def _pair(code: str) -> str | tuple[str, str]:
    primary, _, secondary = code.partition("/")
    return (primary, secondary) if secondary else primary


def name_of(answer: object) -> str:
    return answer.reasons[0].name if isinstance(answer, Refused) else ""


def standing(site: Site, code: str) -> str:
    return tracing.trace(site, code)[-1].standing


def on_hand(site: Site, product_id: int) -> tuple[int, int]:
    """How many there are, and how many of them have serials."""
    with site.store.read() as tx:
        counted = catalog.on_hand(tx, [product_id])[product_id]
    return counted.units, counted.with_serials


def happened(site: Site, code: str) -> list[str]:
    return [event.what.value for event in tracing.trace(site, code)[-1].events]


@pytest.mark.both_stores
def test_one_comes_out_and_another_goes_in(site: Site) -> None:
    order_id = packed_one(site, 1, "A1", "A2")
    answer = swap(site, order_id, "a1", "A2", "dead on arrival", on_hold=True)
    assert answer == Done("A1 is out of S-1, A2 is in its place.", ("A1 is on hold: put it where nobody packs it.",))
    assert (happened(site, "A1"), happened(site, "A2")) == (
        ["Received", "Packed", "Unpacked", "On hold"],
        ["Received", "Packed"],
    )
    assert tracing.trace(site, "A2")[0].events[-1].reason == "swapped for A1: dead on arrival"
    detail = order_book.detail(site, order_id)
    assert (detail.order.status.value, detail.lines[0].done, detail.lines[0].serials_present) == ("Ready to Ship", 1, 1)
    assert [(act.act, act.reason) for act in detail.acts] == [
        ("Swapped: A1 out, A2 in (CAM)", "dead on arrival"),
    ]
    assert isinstance(shipment_orders.ship(site, order_id), Done)
    assert [row.primary for row in reporting.rows(site, Report.SHIPMENT_HISTORY, Filters())] == ["A2"]
    assert name_of(swap(site, order_id, "A2", "A1", "again")) == "already-shipped"


def test_the_new_one_stands_where_the_old_one_stood(site: Site) -> None:
    """Unpacking it takes its own piece off, and leaves the other's."""
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2", "A3")
    order_id = shipment(site, "S-1", {"CAM": 2})
    packed(site, order_id, "CAM", "A1", "A2")
    assert isinstance(swap(site, order_id, "A1", "A3", "dusty"), Done)
    one = corrections.choose(site, "A3")
    assert not isinstance(one, Refused)
    assert isinstance(corrections.unpack(site, one.unit.id, "short"), Done)
    assert order_book.detail(site, order_id).lines[0].done == 1
    assert (standing(site, "A2"), standing(site, "A1")) == ("Packed", "Received")


@pytest.mark.parametrize(
    ("on_hold", "after"),
    [(False, (["Packed", "Removed"], "Gone")), (True, (["Packed", "Unpacked", "On hold"], "on hold"))],
)
def test_one_that_packing_created_is_gone_unless_it_goes_on_hold(
    site: Site, on_hold: bool, after: tuple[list[str], str]
) -> None:
    order_id = packed_one(site, 2, "A1")
    assert isinstance(swap(site, order_id, "A1", "A2", "scratched", on_hold=on_hold), Done)
    assert (happened(site, "A1"), after[1] in standing(site, "A1")) == (after[0], True)
    assert happened(site, "A2") == ["Packed"]
    listed = [row.primary for row in reporting.rows(site, Report.SERIALS, Filters())]
    assert sorted(map(str, listed)) == (["A1", "A2"] if on_hold else ["A2"])


@pytest.mark.both_stores
@pytest.mark.parametrize("taken_out", ["unpacked", "cancelled"])
def test_one_that_stayed_on_hold_is_stock_and_the_next_packing_did_not_create_it(site: Site, taken_out: str) -> None:
    order_id = packed_one(site, 2, "A1")
    received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", quantity=2)
    assert isinstance(swap(site, order_id, "A1", "A2", "scratched", on_hold=True), Done)
    unit = corrections.choose(site, "A1")
    assert not isinstance(unit, Refused)
    assert on_hand(site, unit.unit.product_id) == (1, 1)
    assert isinstance(holding.release(site, [unit.unit.id], "only the box"), Done)
    next_id = shipment(site, "S-2", {"CAM": 1})
    packed(site, next_id, "CAM", "A1")
    assert on_hand(site, unit.unit.product_id) == (0, 0)
    if taken_out == "unpacked":
        assert isinstance(corrections.unpack(site, unit.unit.id, "wrong order"), Done)
    else:
        assert isinstance(shipment_orders.cancel(site, next_id, "not wanted"), Done)
    assert standing(site, "A1") == "Received"
    assert on_hand(site, unit.unit.product_id) == (1, 1)


@pytest.mark.parametrize("scenario", [3, 4])
def test_a_unit_of_two_codes(site: Site, scenario: int) -> None:
    order_id = packed_one(site, scenario, "A1/B1", "A2/B2")
    assert asks_secondary(site, order_id, "A1", "B2") is False
    assert isinstance(swap(site, order_id, "B1", "B2", "wrong lens"), Done)
    assert [standing(site, code) for code in ("A1", "B2")] == ["Received" if scenario == 3 else "Gone", "Packed"]


def test_a_new_unit_gets_both_of_its_codes(site: Site) -> None:
    order_id = packed_one(site, 4, "A1/B1", "A2/B2")
    assert asks_secondary(site, order_id, "A1", "A9") is True
    for secondary, why in (
        ("", "secondary-missing"),
        ("A9", "same-code"),
        ("B2", "in-use"),
        ("CAM", "product-not-serial"),
    ):
        assert name_of(swap(site, order_id, "A1", "A9", "dead", secondary=secondary)) == why
    assert name_of(swap(site, order_id, "A1", "A2", "dead", secondary="B9")) == "other-unit"
    assert isinstance(swap(site, order_id, "A1", "A9", "dead", secondary="B9"), Done)
    assert (standing(site, "B9"), standing(site, "B1")) == ("Packed", "Gone")


def test_what_an_import_brought_may_be_removed_as_before(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 6)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2")
    order_id = shipment(site, "S-1", {"CAM": 1})
    packed(site, order_id, "CAM", quantity=1)
    path = tmp_path / "serials.csv"
    path.write_text("Warehouse,Client,SO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,S-1,CAM,A1\n")
    assert isinstance(import_serials(site, OrderKind.SHIPMENT, path), Done)
    assert name_of(swap(site, order_id, "A1", "A9", "dead")) == "unknown-serial"
    assert isinstance(swap(site, order_id, "A1", "A2", "dead"), Done)
    assert isinstance(removing.remove_serials(site, OrderKind.SHIPMENT, order_id), Done)
    assert [standing(site, code) for code in ("A1", "A2")] == ["Received", "Received"]


def test_in_the_place_of_one_that_was_imported_no_other_is_imported_when_it_comes_back(
    site: Site, tmp_path: Path
) -> None:
    product(site, "CAM", 6)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2", "A3")
    order_id = shipment(site, "S-1", {"CAM": 1})
    packed(site, order_id, "CAM", quantity=1)
    path = tmp_path / "serials.csv"
    header = "Warehouse,Client,SO Number,SKU,Primary Serial Number\n"
    path.write_text(f"{header}W-EAST,NORDWIND,S-1,CAM,A1\n")
    assert isinstance(import_serials(site, OrderKind.SHIPMENT, path), Done)
    assert isinstance(swap(site, order_id, "A1", "A2", "dead"), Done)
    assert isinstance(shipment_orders.ship(site, order_id), Done)
    desk = ReturnDesk(site)
    for code in ("A2", "SS-COMPLETE"):
        desk.answer(Scan(code))
    assert standing(site, "A2").startswith("Received, on hold")
    path.write_text(f"{header}W-EAST,NORDWIND,S-1,CAM,A3\n")
    assert name_of(import_serials(site, OrderKind.SHIPMENT, path)) == "too-many"


def test_what_cannot_go_in(site: Site) -> None:
    order_id = packed_one(site, 1, "A1", "A2", "A3", "A4", "A5", "A6")
    product(site, "LAP", 1)
    opening(site, "NORDWIND", "W-EAST", "LAP", "L1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "W1")
    ids = {}
    for code in ("A2", "A3"):
        one = corrections.choose(site, code)
        assert not isinstance(one, Refused)
        ids[code] = one.unit.id
    holding.hold(site, [ids["A2"]], "wet")
    corrections.dispose(site, ids["A3"], "broken")
    packed(site, shipment(site, "S-2", {"CAM": 1}), "CAM", "A4")
    open_work(site, shipment(site, "S-3", {"CAM": 1}), "CAM", serials=["A5"])
    for new, why in (
        ("A1", "same-unit"),
        ("A2", "on-hold"),
        ("A3", "already-disposed"),
        ("A4", "packed"),
        ("A5", "held"),
        ("L1", "other-product"),
        ("W1", "other-warehouse"),
        ("A 6", "unknown-serial"),
        ("A7", "unknown-serial"),
        ("", "bad-code"),
    ):
        assert name_of(swap(site, order_id, "A1", new, "dead")) == why, new
    assert "A6 is here: is it that one?" in str(swap(site, order_id, "A1", "A 6", "dead"))
    for old, why in (("A4", "not-packed"), ("A6", "not-packed"), ("A8", "unknown-code"), ("", "bad-code")):
        assert name_of(swap(site, order_id, old, "A6", "dead")) == why, old
    assert name_of(swap(site, order_id, "A1", "A6", " ")) == "reason-missing"
    assert happened(site, "A1") == ["Received", "Packed"]


def test_what_is_on_hold_comes_out_and_stays_on_hold(site: Site) -> None:
    order_id = packed_one(site, 2, "A1", "A2")
    one = corrections.choose(site, "A1")
    assert not isinstance(one, Refused)
    holding.hold(site, [one.unit.id], "recall")
    refusal = shipment_orders.ship(site, order_id)
    assert "Swap or unpack it" in str(refusal)
    assert isinstance(swap(site, order_id, "A1", "A2", "recall"), Done)
    assert "on hold" in standing(site, "A1")
    assert isinstance(shipment_orders.ship(site, order_id), Done)


def test_the_unit_that_comes_out_is_found_by_its_label(site: Site) -> None:
    order_id = packed_one(site, 1, "A1", "A2")
    assert isinstance(outgoing(site, order_id, Scan("A1")), Outgoing)
    assert name_of(outgoing(site, order_id, Scan("A2"))) == "not-packed"


def test_a_new_one_is_held_against_lists_and_what_serials_look_like(site: Site, tmp_path: Path) -> None:
    order_id = packed_one(site, 2, "A100")
    announced = purchase(site, "N-1", {"CAM": 2})
    header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"]
    row = ["W-EAST", "NORDWIND", "N-1", "CAM", "A101"]
    assert isinstance(expect(site, announced, Files(tmp_path)(header, row)), Done)
    one = corrections.choose(site, "A100")
    assert not isinstance(one, Refused)

    def know(tx: Transaction) -> None:
        camera = catalog.product(tx, one.unit.product_id)
        shapes.make_known(tx, camera, CodeKind.PRIMARY, Shape(4, "A"), site.stamp())

    site.store.act(know)
    unlike = "X2 looks like none before: those have 4 characters, beginning with A."
    corrected = corrections.correct(site, one.unit.id, "A100", "X2", "misread")
    assert isinstance(corrected, Done)
    assert corrected.notes == (unlike,)
    strict = replace(site, rules=replace(site.rules, unlisted="refuse"))
    refusal = swap(strict, order_id, "X2", "A102", "dead")
    assert name_of(refusal) == "unlisted"
    assert "A102 is on no list of CAM. Put it aside and scan another unit." in str(refusal)
    answer = swap(strict, order_id, "X2", "A101", "dead")
    assert isinstance(answer, Done)
    assert not any("list" in note or "looks" in note for note in answer.notes)
    answer = swap(site, order_id, "A101", "X2", "dead")
    assert isinstance(answer, Done)
    assert answer.notes[:2] == ("X2 is on no list of CAM.", unlike)


def test_no_new_serial_goes_in_that_is_another_orders_or_was_another_units(site: Site) -> None:
    """What stands in another order's box unknown, and what a correction took away from a unit."""
    order_id = packed_one(site, 4, "A1/B1", "A2/B2")
    one = corrections.choose(site, "A2")
    assert not isinstance(one, Refused)
    assert isinstance(corrections.correct(site, one.unit.id, "A2", "A3", "misread"), Done)
    answer = swap(site, order_id, "A1", "A2", "dusty", secondary="B7")
    assert name_of(answer) == "corrected"
    change_settings(site, "CAM", 8)
    shipment(site, "S-2", {"CAM": 1})
    desk = Desk(site.at_station("bench-1"), OrderKind.SHIPMENT)
    scan(desk, "S-2", f"]C101{GTIN}21A9")
    assert said(desk.complete()) == ("OK", "")
    for new, second in (("A9", "B7"), ("A8", "A9")):
        assert name_of(swap(site, order_id, "A1", new, "dusty", secondary=second)) == "reserved"
