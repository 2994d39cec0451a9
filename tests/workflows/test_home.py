"""What a code means at the front door, and what a station left open."""

from datetime import date

import pytest

from scanstation.domain.orders import Order
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Fault, Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Tone, Verdict
from scanstation.workflows.reports.today import Day
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.home import AtHome, ToDesk, Traced, at_home, due_next, meaning, own_work
from scanstation.workflows.scanning.views import ScreenTarget
from scanstation.workflows.site import Site
from tests import builders


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    builders.product(site, "LAP-1", 1)
    builders.product(site, "BOX", 0)
    builders.purchase(site, "N-1", {"LAP-1": 2}, due="2026-11-23")
    builders.purchase(site, "N-2", {"BOX": 2}, due="2026-11-21")
    builders.shipment(site, "S-1", {"BOX": 2})


def test_an_order_is_found_however_its_number_is_written(site: Site) -> None:
    meant = meaning(site, Scan(" n-1 "))
    assert isinstance(meant, Order)
    assert (meant.number, meant.kind) == ("N-1", OrderKind.PURCHASE)


def test_a_number_that_two_clients_use_is_asked_about(site: Site) -> None:
    builders.product(site, "BOX", 0, client="OTHER")
    builders.purchase(site, "N-2", {"BOX": 1}, client="OTHER")
    assert _stop(meaning(site, Scan("N-2"))) == "ambiguous-order"


def test_of_two_orders_the_one_that_takes_goods_is_meant(site: Site) -> None:
    builders.product(site, "BOX", 0, client="OTHER")
    builders.purchase(site, "N-2", {"BOX": 1}, client="OTHER")
    desk = Desk(site, OrderKind.PURCHASE)
    with site.store.read() as tx:
        from scanstation.store import orders

        first = orders.find(tx, "N-2")[0].id
    desk.open_order(first)
    for code in ("SS-QTY-2", "BOX", "SS-COMPLETE"):
        desk.answer(Scan(code))
    meant = meaning(site, Scan("N-2"))
    assert isinstance(meant, Order)
    assert meant.client == "OTHER"


def test_a_serial_is_traced(site: Site) -> None:
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "LAP-1", "SN-1"):
        desk.answer(Scan(code))
    meant = meaning(site, Scan("sn-1"))
    assert isinstance(meant, Traced)
    assert meant.lives[0].unit.sku == "LAP-1"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("BOX", "BOX is a product. Open orders with it: PO N-2, SO S-1. Scan the number of one."),
        ("box", "BOX is a product. Open orders with it: PO N-2, SO S-1. Scan the number of one."),
        ("4006381333931", "4006381333931 is the product CAM. Open orders with it: PO N-7. Scan the number of one."),
        ("]E04006381333931", "4006381333931 is the product CAM. Open orders with it: PO N-7. Scan the number of one."),
        ("1PCAM", "1PCAM is the product CAM. Open orders with it: PO N-7. Scan the number of one."),
        ("]d20104006381333931\x1d10LOT", "is a label of CAM. Open orders with it: PO N-7. Scan the number of one."),
        ("]d2010400638133393121SN-9", "is a label of CAM. Open orders with it: PO N-7. Scan the number of one."),
        ("IDLE", "IDLE is a product. No open order has it. Scan the number of an order, or a serial."),
        (
            "9506000134352",
            "9506000134352 is the product TWIN of NORDWIND and MATE of OTHER. "
            "Open orders with it: PO N-8. Scan the number of one.",
        ),
    ],
)
def test_a_product_is_told_with_its_open_orders(site: Site, code: str, says: str) -> None:
    builders.product(site, "CAM", 1, barcodes=[Barcode("4006381333931")])
    builders.product(site, "IDLE", 0)
    builders.product(site, "TWIN", 0, barcodes=[Barcode("9506000134352")])
    builders.product(site, "MATE", 0, client="OTHER", barcodes=[Barcode("9506000134352")])
    builders.purchase(site, "N-7", {"CAM": 1})
    builders.purchase(site, "N-8", {"MATE": 1}, client="OTHER")
    meant = meaning(site, Scan(code))
    assert _stop(meant) == "product-alone"
    assert isinstance(meant, Verdict)
    assert meant.text.endswith(says)


def test_of_a_product_the_first_open_orders_are_named_of_each_kind(site: Site) -> None:
    for number in range(7):
        builders.purchase(site, f"P-{number}", {"LAP-1": 1}, due=f"2026-11-1{number}")
        builders.shipment(site, f"T-{number}", {"LAP-1": 1})
    meant = meaning(site, Scan("LAP-1"))
    assert isinstance(meant, Verdict)
    assert "with it: PO P-0, PO P-1, PO P-2, PO P-3, PO P-4, SO T-0, SO T-1, SO T-2, SO T-3, SO T-4." in meant.text


def test_a_label_whose_serial_reads_as_an_orders_number_opens_no_order(site: Site) -> None:
    """A label in fields is never an order's number: as at the desks and at the truck."""
    assert _stop(meaning(site, Scan("]d221N-1"))) == "unknown-code"


def test_a_code_that_no_label_has_is_told_as_at_the_desks(site: Site) -> None:
    for code, reason in (("\u0405N-1", "bad-code"), ("X" * 65, "too-long"), ("BOX\u00ba", "bad-code")):
        assert _stop(meaning(site, Scan(code))) == reason
    meant = meaning(site, Scan("\u0405N-1"))
    assert isinstance(meant, Verdict)
    assert "Scan the number of an order, or a serial; if it says something else, the keyboard" in meant.text


def test_what_is_unknown_is_told_without_the_mark_of_the_scanner(site: Site) -> None:
    meant = meaning(site, Scan("]C0NOBODY"))
    assert isinstance(meant, Verdict)
    assert meant.text.startswith("NOBODY is not known here.")


def test_command_barcodes_lead_to_the_desks(site: Site) -> None:
    assert meaning(site, Scan("SS-RECEIVE")) == ToDesk(ScreenTarget.RECEIVE)
    assert meaning(site, Scan("SS-PACK")) == ToDesk(ScreenTarget.PACK)
    assert meaning(site, Scan("SS-HOME")) == ToDesk(ScreenTarget.HOME)
    complete = meaning(site, Scan("SS-COMPLETE"))
    assert isinstance(complete, Verdict)
    assert complete.tone is Tone.CHECK


def test_what_nobody_knows_and_what_must_not_be_believed_is_stop(site: Site) -> None:
    assert _stop(meaning(site, Scan("XYZ"))) == "unknown-code"
    assert _stop(meaning(site, Scan("N-1", fault=Fault.PIECES))) == "faulty-scan"
    assert _stop(meaning(site, Scan("N\u200b-1"))) == "bad-code"
    assert _stop(meaning(site, Scan("]d20104006381333931\x1d10LOT"))) == "unknown-code", "a label without a serial"


def test_open_work_is_told_and_work_that_took_nothing_is_not(site: Site) -> None:
    desk = Desk(site, OrderKind.PURCHASE)
    desk.answer(Scan("N-1"))
    assert own_work(site) == ()
    desk.answer(Scan("LAP-1"))
    (one,) = own_work(site)
    assert (one.order.number, one.pieces, one.owes) == ("N-1", 1, True)
    assert own_work(site.at_station("dock-3")) == ()


def test_what_is_due_first_comes_first(site: Site) -> None:
    builders.purchase(site, "A-0", {"BOX": 1, "LAP-1": 5})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "LAP-1"):
        desk.answer(Scan(code))

    due, waiting = due_next(site, OrderKind.PURCHASE)

    assert ([one.order.number for one in due], waiting) == (["N-2", "N-1", "A-0"], 3)
    assert [one.why(date(2026, 11, 22)) for one in due] == [
        (("late 1 d", True), "2 units left"),
        (("tomorrow", False), "1 unit left, 1 in hand"),
        (("", False), "6 units left"),
    ]


def test_home_is_read_at_once_and_the_day_only_where_it_is_shown(site: Site) -> None:
    assert at_home(site) == AtHome()

    home = at_home(site, Day())

    assert home.today is not None
    assert (home.today.to_receive, home.today.to_pack) == (2, 1)
    assert [(kind.value, [one.order.number for one in orders], count) for kind, orders, count in home.next] == [
        ("SO", ["S-1"], 1),
        ("PO", ["N-2", "N-1"], 2),
    ]


def _stop(meant: object) -> str:
    assert isinstance(meant, Verdict)
    assert meant.tone is Tone.STOP
    return meant.reason
