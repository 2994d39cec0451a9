"""What a scan stands for: every kind of code at every place that looks codes up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from scanstation.domain.orders import Order
from scanstation.domain.products import Barcode
from scanstation.domain.reading import Reading
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.status import Move, OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.store import orders
from scanstation.store import units as stored_units
from scanstation.workflows.codes import lookup
from scanstation.workflows.codes.lookup import (
    Commanded,
    CountFound,
    NoCode,
    NothingFound,
    OrdersFound,
    ProductFound,
    ProductsFound,
    UnitsFound,
    Unusable,
    find,
    read,
    resolve,
)
from scanstation.workflows.master_data import products
from scanstation.workflows.orders import corrections
from scanstation.workflows.scanning import home, shipping
from scanstation.workflows.scanning.desk import Desk, looks_at
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import moved, opening

EAN, SHARED = "4006381333931", "9506000134352"
BAD, NOTHING = NoCode, NothingFound


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    builders.product(site, "LAP-1", 1, barcodes=[Barcode(EAN, 1)])
    builders.product(site, "BOX")
    builders.product(site, "MM²")
    builders.product(site, "ÄPFEL-1")
    builders.product(site, "TWIN", barcodes=[Barcode(SHARED)])
    builders.product(site, "MATE", client="OTHER", barcodes=[Barcode(SHARED)])
    builders.product(site, "ALIEN", client="OTHER")
    builders.purchase(site, "N-1", {"LAP-1": 3, "BOX": 2, "MM²": 1})
    builders.purchase(site, "N-2", {"BOX": 2})
    builders.purchase(site, "N-2", {"MATE": 2}, client="OTHER")
    builders.shipment(site, "S-1", {"BOX": 2})
    _, gone, _ = opening(site, "NORDWIND", "W-EAST", "LAP-1", "SN-1", "SN-9", "Q77")
    moved(site, Move.REMOVE, [gone])


def of_order(site: Site, number: str = "N-1") -> Order:
    with site.store.read() as tx:
        return orders.find(tx, number)[0]


# A code                           on Home        on N-1's desk  in Ship, on    in Products
#                                                                an empty desk
TABLE: dict[str, tuple[Scan, type, type, type, type]] = {
    "a code in pieces": (Scan("N-1", fault=Fault.PIECES), Unusable, Unusable, Unusable, Unusable),
    "a damaged label": (Scan("]d201123"), Unusable, Unusable, Unusable, Unusable),
    "a command in other letters": (Scan("ss-home"), Unusable, Unusable, Unusable, Unusable),
    "a command": (Scan("SS-HOME"), Commanded, Commanded, Commanded, Commanded),
    "a command behind an AIM identifier": (Scan("]C0SS-QTY-5"), Commanded, Commanded, Commanded, Commanded),
    "a purchase order": (Scan(" n-1 "), OrdersFound, OrdersFound, OrdersFound, NOTHING),
    "a shipment order": (Scan("S-1"), OrdersFound, OrdersFound, OrdersFound, NOTHING),
    "a number of two clients": (Scan("N-2"), OrdersFound, OrdersFound, OrdersFound, NOTHING),
    "a label with an order's number as serial": (Scan("]d221N-1"), NOTHING, NOTHING, NOTHING, NOTHING),
    "an SKU": (Scan("box"), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "a barcode": (Scan(EAN), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "a barcode behind its AIM identifier": (Scan(f"]E0{EAN}"), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "another client's SKU": (Scan("ALIEN"), ProductsFound, NOTHING, NOTHING, ProductsFound),
    "a barcode of two clients": (Scan(SHARED), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "a product behind a data identifier": (Scan("1PBOX"), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "a label of a product": (Scan(f"]d2010{EAN}10LOT"), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "a label of a product and a new serial": (
        Scan(f"]d2010{EAN}21SN-7"),
        ProductsFound,
        ProductFound,
        NOTHING,
        ProductsFound,
    ),
    "a label of a known unit": (Scan(f"]d2010{EAN}21SN-1"), UnitsFound, ProductFound, NOTHING, ProductsFound),
    "an envelope": (Scan("[)>\x1e06\x1d1PBOX\x1e\x04"), ProductsFound, ProductFound, NOTHING, ProductsFound),
    "an SKU named so before": (Scan("MM²"), ProductsFound, ProductFound, BAD, ProductsFound),
    "an SKU with a letter that is on no serial": (Scan("äpfel-1"), ProductsFound, ProductFound, BAD, ProductsFound),
    "what only folds to an SKU": (Scan("BOXº"), BAD, BAD, BAD, BAD),
    "a serial": (Scan("sn-1"), UnitsFound, NOTHING, NOTHING, NOTHING),
    "a serial of a gone unit": (Scan("SN-9"), UnitsFound, NOTHING, NOTHING, NOTHING),
    "a count": (Scan("Q10"), NOTHING, CountFound, NOTHING, NOTHING),
    "a serial that reads as a count": (Scan("Q77"), UnitsFound, NOTHING, NOTHING, NOTHING),
    "a label of nothing": (Scan("]C100340123450000000017"), NOTHING, NOTHING, NOTHING, NOTHING),
    "a code that nobody knows": (Scan("NOBODY"), NOTHING, NOTHING, NOTHING, NOTHING),
    "a code that no label has": (Scan("N\u200b-1"), BAD, BAD, BAD, BAD),
    "a code that is too long": (Scan("X" * 65), BAD, BAD, BAD, BAD),
    "nothing": (Scan(" "), BAD, BAD, BAD, BAD),
}


@pytest.mark.parametrize("kind", TABLE)
def test_every_kind_of_code_is_what_the_place_has_a_use_for(site: Site, kind: str) -> None:
    scan, *wanted = TABLE[kind]
    found = [
        resolve(site, scan, *home.LOOKS),
        resolve(site, scan, *looks_at(of_order(site))),
        resolve(site, scan, lookup.orders),
        resolve(site, scan, *products.LOOKS),
    ]
    assert [type(one) for one in found] == wanted


@contextmanager
def asked(site: Site) -> Iterator[list[str]]:
    """The questions that the store is asked."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            found.append(statement)

    event.listen(site.store.engine, "before_cursor_execute", note)
    yield found
    event.remove(site.store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("code", "at_home", "on_order", "by_number", "of_products"),
    [
        ("SS-HOME", 0, 0, 0, 0),
        ("ss-home", 0, 0, 0, 0),
        ("N-1", 1, 2, 1, 2),
        ("SN-1", 3, 2, 1, 2),
        ("BOX", 5, 1, 1, 2),
        (f"]E0{EAN}", 5, 1, 1, 2),
        ("NOBODY", 7, 2, 1, 2),
        ("1PBOX", 7, 4, 1, 4),
        (f"]d2010{EAN}21SN-1", 1, 1, 0, 2),
    ],
)
def test_nobody_pays_for_what_another_place_asks(
    site: Site, code: str, at_home: int, on_order: int, by_number: int, of_products: int
) -> None:
    looks = [home.LOOKS, looks_at(of_order(site)), (lookup.orders,), products.LOOKS]
    counts = []
    for one in looks:
        with asked(site) as questions:
            resolve(site, Scan(code), *one)
        counts.append(len(questions))
    assert counts == [at_home, on_order, by_number, of_products]


def test_what_is_found_comes_with_what_was_read(site: Site) -> None:
    meant = resolve(site, Scan("]C0n-2"), lookup.orders)
    assert isinstance(meant, OrdersFound)
    assert meant.reading.text == "n-2"
    assert [order.client for order in meant.orders] == ["NORDWIND", "OTHER"]
    units = resolve(site, Scan(f"]d2010{EAN}21sn-1"), *home.LOOKS)
    assert isinstance(units, UnitsFound)
    assert (units.code.text, units.units[0].sku) == ("sn-1", "LAP-1")
    nothing = resolve(site, Scan("]C0NOBODY"), lookup.orders)
    assert isinstance(nothing, NothingFound)
    assert nothing.reading.text == "NOBODY"


def test_the_first_look_that_finds_something_decides(site: Site) -> None:
    builders.purchase(site, "BOX", {"BOX": 1})
    assert isinstance(resolve(site, Scan("BOX"), *home.LOOKS), OrdersFound)
    assert isinstance(resolve(site, Scan("BOX"), *looks_at(of_order(site))), ProductFound)


def test_reading_and_finding_are_two_steps_where_a_question_stands_between(site: Site) -> None:
    heard = read(site, Scan("]C0BOX"))
    assert isinstance(heard, Reading)
    with site.store.read() as tx:
        assert isinstance(find(tx, heard, lookup.orders), NothingFound)
        assert isinstance(find(tx, heard, lookup.products), ProductsFound)


def test_a_label_names_its_product_by_any_of_its_numbers(site: Site) -> None:
    heard = read(site, Scan("[)>\x1e06\x1dPNONE\x1d1PBOX\x1e\x04"))
    assert isinstance(heard, Reading)
    with site.store.read() as tx:
        named = lookup.named_products(tx, of_order(site).client_id, heard)
    assert [one.product.sku for one in named] == ["BOX"]


# The places


def answered(site: Site, scan: Scan) -> dict[str, str]:
    """What every place says of a scan, by reasons."""
    desks = {}
    for name, kind, order in (("empty desk", OrderKind.PURCHASE, ""), ("desk", OrderKind.PURCHASE, "N-1")):
        desk = Desk(site, kind)
        if order:
            desk.answer(Scan(order))
        verdict = desk.answer(scan).verdict
        assert verdict is not None
        desks[name] = verdict.reason
        desk.leave()
    form = products.read(site, 1)
    given = {
        "home": home.meaning(site, scan),
        "ship": shipping.ship_scanned(site, scan),
        "products": products.of_scan(site, scan),
        "try": products.try_code(site, form, scan),
        "add": products.add_barcode(site, form, scan),
    }
    return desks | {place: said.reason for place, said in given.items() if isinstance(said, Verdict)}


@pytest.mark.parametrize("kind", ["a code in pieces", "a damaged label", "a command in other letters"])
def test_what_must_not_be_believed_is_refused_alike_everywhere(site: Site, kind: str) -> None:
    scan = TABLE[kind][0]
    said = answered(site, scan)
    assert said == dict.fromkeys(["empty desk", "desk", "home", "ship", "products", "try", "add"], "faulty-scan")
    with site.store.read() as tx:
        (unit,) = stored_units.with_code(tx, "SN-1")
    new = corrections.code_on(site, unit.unit.id, "SN-1", scan)
    assert not isinstance(new, str)
    assert new.reasons[0].name == "faulty-scan"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("a code that no label has", "bad-code"), ("a code that is too long", "too-long"), ("nothing", "bad-code")],
)
def test_a_code_that_no_label_has_is_told_alike_where_codes_are_looked_up(site: Site, kind: str, reason: str) -> None:
    said = answered(site, TABLE[kind][0])
    places = ["empty desk", "desk", "home", "ship", "products", "try"]
    assert {place: said[place] for place in places} == dict.fromkeys(places, reason)


def test_a_label_of_another_product_gives_no_unit_its_serial(site: Site) -> None:
    """As at the serial prompt of a desk, by a part number in an envelope as well as by a GTIN."""
    with site.store.read() as tx:
        (unit,) = stored_units.with_code(tx, "SN-1")
    for label in ("[)>\x1e06\x1d1PBOX\x1dSSN-8\x1e\x04", f"]d2010{SHARED}21SN-8"):
        new = corrections.code_on(site, unit.unit.id, "SN-1", Scan(label))
        assert not isinstance(new, str)
        assert new.reasons[0].name == "other-product"
    assert corrections.code_on(site, unit.unit.id, "SN-1", Scan(f"]d2010{EAN}21SN-8")) == "SN-8"


def test_a_damaged_label_leaves_an_open_question_as_it_is(site: Site) -> None:
    """Caps Lock on SS-YES is told for what it is, and the question waits."""
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "BOX", "SS-COMPLETE"):
        desk.answer(Scan(code))
    asked_for = desk.view.question
    assert asked_for is not None
    view = desk.answer(Scan("ss-yes"))
    assert view.verdict is not None
    assert "Caps Lock" in view.verdict.text
    assert view.question == asked_for


@pytest.mark.parametrize("code", ["]C1SN-1", "]d2SN10AB", "]Q3(01", "]C10109506000134351"])
def test_a_broken_label_without_its_scanners_prefix_is_told_the_prefix(site: Site, code: str) -> None:
    told = read(site, Scan(code, lacks_prefix=True))
    assert isinstance(told, Unusable)
    assert "has no start mark" in told.verdict.text
    told = read(site, Scan(code))
    assert isinstance(told, Unusable)
    assert "has no start mark" not in told.verdict.text
