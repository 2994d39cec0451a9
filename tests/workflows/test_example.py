"""The example warehouse is one that a person can work in at once."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from scanstation.domain.gtin import gtin_key
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Product
from scanstation.domain.scan import Scan
from scanstation.domain.sheet_kinds import ALL_KINDS, SheetKind
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus
from scanstation.domain.verdict import Tone
from scanstation.store import catalog, orders, units
from scanstation.workflows.imports.templates import write_template
from scanstation.workflows.master_data.example import Example, examples, make_example
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.workflows.done_work import received


def products(site: Site) -> list[Product]:
    with site.store.read() as tx:
        clients = catalog.ids_by_key(tx)[1].values()
        return [product for client in clients for product in catalog.products_of(tx, client)]


def test_every_scenario_has_a_product_and_an_order_each_way(site: Site) -> None:
    make_example(site)

    scenarios = {product.id: site.policy(product.settings).scenario for product in products(site)}
    assert set(scenarios.values()) == set(range(9))
    with site.store.read() as tx:
        for kind in OrderKind:
            ordered = {
                scenarios[line.product.id]
                for order in orders.listed(tx, kind, only_open=True)
                for line in orders.lines(tx, order.id)
            }
            assert ordered == set(range(9))


def test_barcodes_have_right_check_digits(site: Site) -> None:
    make_example(site)

    known = products(site)
    with site.store.read() as tx:
        barcodes = [barcode.text for product in known for barcode in catalog.barcodes_of(tx, product.id)]
    assert len(barcodes) >= 10
    assert all(gtin_key(barcode) for barcode in barcodes)


def test_packing_finds_received_units_where_it_needs_them(site: Site) -> None:
    make_example(site)

    camera = next(product for product in products(site) if product.sku == "CAM-300")
    with site.store.read() as tx:
        known = units.by_code(tx, camera.id, "LENS-30001")
    assert known is not None
    assert known.status is UnitStatus.RECEIVED


def test_the_walk_is_accepted_code_by_code(site: Site) -> None:
    make_example(site)
    desk = Desk(site, OrderKind.PURCHASE)

    for example in examples(site):
        if example.code == "S-9003":
            desk = Desk(site, OrderKind.SHIPMENT)
        verdict = desk.answer(Scan(example.code)).verdict
        assert verdict is not None
        assert verdict.tone is Tone.OK, (example, verdict)

    with site.store.read() as tx:
        (order,) = orders.find(tx, "N-1003")
        assert order.status is OrderStatus.COMPLETED
        (shipment,) = orders.find(tx, "S-9003")
        assert shipment.status is OrderStatus.PACKING


def test_other_stores_have_no_walk(site: Site) -> None:
    assert examples(site) == ()
    builders.product(site, "CAM-300", 3)
    assert examples(site) == ()


def test_the_walk_speaks_the_sites_prefix(site: Site) -> None:
    make_example(site)
    other = replace(site, rules=replace(site.rules, command_prefix="CMD-"))

    assert Example("completes the receipt", "CMD-COMPLETE") in examples(other)


# Templates


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.key)
def test_each_kind_has_a_template_with_its_header(tmp_path: Path, kind: SheetKind) -> None:
    path = tmp_path / "template.xlsx"

    assert isinstance(write_template(path, kind.key), Done)

    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert [cell.value for cell in sheet[1]] == [column.name for column in kind.columns if not column.of_report]


def test_a_template_for_an_order_has_a_row_for_each_serial_owed(site: Site, tmp_path: Path) -> None:
    builders.product(site, "HDP", 5)
    builders.product(site, "WCH", 6)
    order_id = builders.purchase(site, "N-1", {"HDP": 3, "WCH": 2})
    received(site, order_id, "HDP", quantity=2)
    received(site, order_id, "WCH", quantity=2)
    path = tmp_path / "owed.xlsx"

    answer = write_template(path, "po-serials", site=site, order_id=order_id)

    assert answer == Done(f"2 rows to fill in for N-1 in {path}.")
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert [[cell.value for cell in row][:4] for row in sheet.iter_rows(min_row=2)] == [
        ["W-EAST", "NORDWIND", "N-1", "HDP"]
    ] * 2


def test_a_template_offers_what_may_come_where_nothing_is_owed(site: Site, tmp_path: Path) -> None:
    builders.product(site, "WCH", 6)
    order_id = builders.purchase(site, "N-1", {"WCH": 2})
    assert isinstance(write_template(tmp_path / "a.xlsx", "po-serials", site=site, order_id=order_id), Done)
    received(site, order_id, "WCH", quantity=2)

    answer = write_template(tmp_path / "b.xlsx", "po-serials", site=site, order_id=order_id)

    assert isinstance(answer, Done)
    assert answer.text.startswith("2 rows")


def test_a_template_of_the_other_kind_of_order_is_refused(site: Site, tmp_path: Path) -> None:
    builders.product(site, "WCH", 6)
    order_id = builders.purchase(site, "N-1", {"WCH": 2})

    answer = write_template(tmp_path / "a.xlsx", "so-serials", site=site, order_id=order_id)

    assert isinstance(answer, Refused)
    assert not (tmp_path / "a.xlsx").exists()
