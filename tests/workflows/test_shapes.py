"""The known shape of a product's serials (RULES 2.30): learned by completing and importing, asked about, noted."""

import csv
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.shapes import Shape, Shapes
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import CodeKind
from scanstation.store import catalog
from scanstation.workflows.imports.importing import check, import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.sheets_to_load import STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
USUAL = [f"SN{number:05}" for number in range(50)]


def shapes_of(site: Site, product_id: int) -> Shapes:
    with site.store.read() as tx:
        return catalog.product(tx, product_id).shapes


def in_stock(site: Site, folder: Path, serials: list[str]) -> None:
    rows = [["W-EAST", "NORDWIND", "CAM", serial] for serial in serials]
    assert not load(site, [Files(folder)(STOCK_HEADER, *rows)]).refused


@pytest.mark.both_stores
def test_it_is_learned_from_fifty_and_one_yes_makes_another_known(site: Site, tmp_path: Path) -> None:
    camera = builders.product(site, "CAM", 1)
    in_stock(site, tmp_path, USUAL[:48])
    assert shapes_of(site, camera) == ()
    builders.purchase(site, "N-1", {"CAM": 9})
    desk = Desk(site, PO)
    assert said(scan(desk, "N-1", "CAM", "X1"))[0] == "OK"
    desk.undo()
    assert said(scan(desk, USUAL[48], "CAM", USUAL[49]))[0] == "OK"
    assert shapes_of(site, camera) == ()
    desk.complete()
    desk.yes()
    assert shapes_of(site, camera) == ((CodeKind.PRIMARY, Shape(7, "SN")),)

    scan(desk, "N-1", "CAM")
    for unlike in ("SN0051", "SN000520", "XN00053", "9912354"):
        view = scan(desk, unlike)
        assert said(view) == ("CHECK", "unlike-others")
        assert "those have 7 characters, beginning with SN. Is it its serial?" in text(view)
        desk.no()
    assert shapes_of(site, camera) == ((CodeKind.PRIMARY, Shape(7, "SN")),)
    scan(desk, "XN-0001")
    assert said(desk.yes())[0] == "OK"
    assert said(scan(desk, "CAM", "XN-0002"))[0] == "OK"
    assert said(scan(desk, "CAM", "SN00060"))[0] == "OK"
    assert said(scan(desk, "CAM", "XM-0003")) == ("CHECK", "unlike-others")
    with site.store.read() as tx:
        assert [act.difference.became for act in catalog.acts_on(tx, camera, 5)] == ["7 characters, beginning with XN-"]


def test_what_a_pattern_knows_is_not_asked_about_and_known_serials_are_not_either(site: Site, tmp_path: Path) -> None:
    builders.product(site, "CAM", 1)
    in_stock(site, tmp_path, ["OLD-1", *USUAL])
    in_stock(site, tmp_path, [f"SN{number:05}" for number in range(50, 100)])
    builders.shipment(site, "S-1", {"CAM": 2})
    assert said(scan(Desk(site, SO), "S-1", "CAM", "OLD-1"))[0] == "OK"
    builders.change_pattern(site, "CAM", "[A-Z]+-?[0-9]+")
    builders.purchase(site, "N-1", {"CAM": 2})
    assert said(scan(Desk(site, PO), "N-1", "CAM", "ANY1"))[0] == "OK"


def test_a_mark_of_one_letter_is_taken_off_where_the_rest_looks_as_its_serials_do(site: Site, tmp_path: Path) -> None:
    camera = builders.product(site, "CAM", 1, strip="S")
    builders.purchase(site, "N-1", {"CAM": 99})
    desk = Desk(site, PO)
    assert text(scan(desk, "N-1", "CAM", "SSN00070")).startswith("SSN00070 → CAM"), "nothing says that S is a mark"
    scan(desk, "SS-UNDO", "SS-CANCEL")
    in_stock(site, tmp_path, USUAL)
    assert shapes_of(site, camera) == ((CodeKind.PRIMARY, Shape(7, "SN")),)
    for scanned, taken in (("SSN00071", "SN00071"), ("SN00072", "SN00072")):
        assert text(scan(desk, "CAM", scanned)).startswith(f"{taken} → CAM"), scanned
    assert said(scan(desk, "CAM", "SXX00073")) == ("CHECK", "unlike-others")
    assert "SXX00073" in text(desk.view)


@pytest.mark.both_stores
@pytest.mark.parametrize("is_usual", [True, False])
def test_a_serial_of_another_product_is_asked_about_unless_it_looks_as_its_own_do(
    site: Site, tmp_path: Path, *, is_usual: bool
) -> None:
    builders.product(site, "LAP", 1)
    code = "SN00090" if is_usual else "LP00090"
    opening(site, "NORDWIND", "W-EAST", "LAP", code, "SN00091")
    builders.product(site, "CAM", 1)
    builders.purchase(site, "N-1", {"CAM": 3})
    desk = Desk(site, PO)
    assert said(scan(desk, "N-1", "CAM", code)) == ("CHECK", "serial-of-another")
    scan(desk, "SS-NO", "SS-CANCEL")
    in_stock(site, tmp_path, USUAL)
    asked = said(scan(desk, "CAM", code))
    assert asked == (("OK", "") if is_usual else ("CHECK", "serial-of-another"))

    folder = tmp_path / "later"
    folder.mkdir()
    rows = [["W-EAST", "NORDWIND", "CAM", "SN00091"]]
    loaded = load(site, [Files(folder)(STOCK_HEADER, *rows)])
    assert not any("LAP" in note for note in loaded.notes)


@pytest.mark.both_stores
def test_rows_that_look_otherwise_are_noted_and_taken(site: Site, tmp_path: Path) -> None:
    camera = builders.product(site, "CAM", 5)
    in_stock(site, tmp_path, USUAL)
    order = builders.purchase(site, "N-1", {"CAM": 100})
    desk = Desk(site, PO)
    scan(desk, "N-1", *["CAM"] * 60)
    desk.complete()
    desk.yes()

    def sheet(*serials: str) -> Path:
        path = tmp_path / f"serials-{len(serials)}.csv"
        with path.open("w", newline="") as file:
            header = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number"]
            csv.writer(file).writerows([header, *(["W-EAST", "NORDWIND", "N-1", "CAM", one] for one in serials)])
        return path

    plan = check(site, PO, sheet("SN00061", "SN0062"), order)
    assert [(one.name, one.rows) for one in plan.judgement.notes] == [("unlike-others", (3,))]
    others = [f"AB{number}" for number in range(100, 150)]
    assert isinstance(import_serials(site, PO, sheet(*others), order_id=order), Done)
    assert shapes_of(site, camera) == ((CodeKind.PRIMARY, Shape(7, "SN")), (CodeKind.PRIMARY, Shape(5, "AB")))
    assert not check(site, PO, sheet("SN00061", "AB200", "AB201"), order).judgement.notes
