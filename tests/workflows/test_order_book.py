"""Choosing an order by its number, and what lists and details say about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, insert, select

from scanstation.domain.orders import Order
from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Source
from scanstation.domain.status import Move, OrderKind, OrderStatus
from scanstation.domain.units import Moved
from scanstation.store import batches, moves, orders, units
from scanstation.store import tables as t
from scanstation.store.store import Transaction
from scanstation.workflows.orders import order_book, purchase_orders
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.workflows.done_work import code, line_of, open_work, packed, received


def _refusal(answer: Order | Refused) -> Refused:
    assert isinstance(answer, Refused)
    return answer


def _import(site: Site, order_id: int, sku: str, *serials: str) -> None:
    """Serials imported on a purchase order."""

    def do(tx: Transaction) -> None:
        line = line_of(tx, order_id, sku)
        warehouse = orders.get(tx, order_id).warehouse_id
        stamp = site.stamp()
        batch = batches.add(tx, OrderKind.PURCHASE, "serials.xlsx", len(serials), stamp)
        ids = units.create_many(
            tx, [line.product.id] * len(serials), [warehouse] * len(serials), [(code(one), None) for one in serials]
        )
        moves.move(
            tx,
            Move.RECEIVE,
            [Moved(unit_id=one, line_id=line.id, source=Source.IMPORT, batch_id=batch) for one in ids],
            stamp,
        )

    site.store.act(do)


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_number_is_found_however_it_was_typed(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "n-1003", {"BAT-1": 1})

    chosen = order_book.choose(site, OrderKind.PURCHASE, " N-1003 ")

    assert isinstance(chosen, Order)
    assert chosen.id == order_id


def test_an_unknown_number_is_refused_and_logged(site: Site) -> None:
    refusal = _refusal(order_book.choose(site, OrderKind.PURCHASE, "N-9"))

    assert refusal.reasons[0].name == "unknown-order"
    assert refusal.text == "There is no purchase order N-9. Check the number, or load the order first."
    with site.store.read() as tx:
        logged = tx.execute(select(t.refusal.c.code, t.refusal.c.reason)).all()
    assert [tuple(row) for row in logged] == [("N-9", "unknown-order")]


def test_a_number_of_the_other_kind_or_client_is_named(site: Site) -> None:
    product(site, "BAT-1")
    shipment(site, "S-1", {"BAT-1": 1})

    wrong_kind = _refusal(order_book.choose(site, OrderKind.PURCHASE, "S-1"))
    wrong_client = _refusal(order_book.choose(site, OrderKind.SHIPMENT, "S-1", client="ACME"))

    assert wrong_kind.text == ("There is no purchase order S-1. That number is a shipment order of NORDWIND in W-EAST.")
    assert wrong_client.text.startswith("There is no shipment order S-1 of client ACME. That number is")


def test_a_number_that_two_clients_use_lists_them_and_the_option_that_chooses(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "BAT-1", client="ACME")
    purchase(site, "4500", {"BAT-1": 1})
    acme = purchase(site, "4500", {"BAT-1": 1}, client="ACME")

    refusal = _refusal(order_book.choose(site, OrderKind.PURCHASE, "4500"))
    chosen = order_book.choose(site, OrderKind.PURCHASE, "4500", client="acme")

    assert refusal.reasons[0].name == "ambiguous-order"
    assert refusal.text == (
        "2 purchase orders have the number 4500: NORDWIND in W-EAST, ACME in W-EAST. Choose one with --client."
    )
    assert isinstance(chosen, Order)
    assert chosen.id == acme


def test_a_number_used_across_clients_and_warehouses_names_both_options(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "BAT-1", client="ACME")
    purchase(site, "4500", {"BAT-1": 1})
    purchase(site, "4500", {"BAT-1": 1}, warehouse="W-WEST")
    purchase(site, "4500", {"BAT-1": 1}, client="ACME")

    refusal = _refusal(order_book.choose(site, OrderKind.PURCHASE, "4500"))

    assert refusal.text.endswith("Choose one with --client and --warehouse.")


def test_a_number_with_terminal_escapes_is_shown_and_not_obeyed(site: Site) -> None:
    refusal = _refusal(order_book.choose(site, OrderKind.PURCHASE, "\x1b[2J"))

    assert "\x1b" not in refusal.text
    assert "␛[2J" in refusal.text


def test_details_count_what_is_done_what_is_open_and_the_serials(site: Site) -> None:
    product(site, "CAM-1", 5)
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"CAM-1": 10, "BAT-1": 40})
    received(site, order_id, "CAM-1", quantity=4)
    open_work(site, order_id, "BAT-1", quantity=6, station="dock-3")
    _import(site, order_id, "CAM-1", "SN-1", "SN-2", "SN-3")

    shown = order_book.detail(site, order_id)

    camera, battery = shown.lines
    assert (camera.ordered, camera.done, camera.open, camera.left) == (10, 4, 0, 6)
    assert (camera.serials_needed, camera.serials_present, camera.serials_missing) == (4, 3, 1)
    assert (battery.done, battery.open, battery.left, battery.serials_needed) == (0, 6, 34, 0)
    assert (camera.policy.scenario, battery.policy.scenario) == (5, 0)
    assert [(one.work.station, one.pieces) for one in shown.works] == [("dock-3", 6)]
    assert [(one.file_name, one.serials) for one in shown.batches] == [("serials.xlsx", 3)]
    assert shown.serials_missing == 1


def test_details_tell_what_supervisors_did(site: Site) -> None:
    product(site, "BAT-1")
    order_id = purchase(site, "N-1", {"BAT-1": 2})
    purchase_orders.close_short(site, order_id, "supplier is out of stock")

    (act,) = order_book.detail(site, order_id).acts

    assert (act.act, act.reason, act.operator, act.station) == (
        "Closed short",
        "supplier is out of stock",
        "Ana",
        "dock-2",
    )


def test_the_json_of_a_purchase_order_is_the_contract(site: Site) -> None:
    product(site, "CAM-1", 1)
    order_id = purchase(site, "N-1", {"CAM-1": 3})
    received(site, order_id, "CAM-1", "SN-1", "SN-2")
    open_work(site, order_id, "CAM-1", serials=["SN-3"])

    assert order_book.as_json(order_book.detail(site, order_id)) == {
        "warehouse": "W-EAST",
        "client": "NORDWIND",
        "number": "N-1",
        "status": "Partially Received",
        "lines": [
            {
                "line": None,
                "sku": "CAM-1",
                "ordered": 3,
                "received": 2,
                "open": 1,
                "closed_short": 0,
                "serials_needed": 2,
                "serials_present": 2,
            }
        ],
    }


def test_the_json_of_a_shipment_order_says_packed(site: Site) -> None:
    product(site, "CAM-1", 8)
    order_id = shipment(site, "S-1", {"CAM-1": 3})
    packed(site, order_id, "CAM-1", quantity=3)

    shown = order_book.as_json(order_book.detail(site, order_id))

    assert shown["status"] == "Ready to Ship"
    assert shown["lines"] == [
        {
            "line": None,
            "sku": "CAM-1",
            "ordered": 3,
            "packed": 3,
            "open": 0,
            "closed_short": 0,
            "serials_needed": 3,
            "serials_present": 0,
        }
    ]


def test_a_list_says_the_same_as_the_details(site: Site) -> None:
    product(site, "CAM-1", 5)
    first = purchase(site, "N-1", {"CAM-1": 10}, due="2026-12-01")
    second = purchase(site, "N-2", {"CAM-1": 10}, due="2026-11-01")
    third = purchase(site, "N-0", {"CAM-1": 10})
    shipment(site, "S-1", {"CAM-1": 1})
    received(site, first, "CAM-1", quantity=4)
    open_work(site, second, "CAM-1", quantity=2)

    listed = order_book.listing(site, OrderKind.PURCHASE)

    assert [one.order.number for one in listed] == ["N-2", "N-1", "N-0"]
    for one, order_id in zip(listed, (second, first, third), strict=True):
        alone = order_book.detail(site, order_id)
        assert (one.order, one.lines, one.works) == (alone.order, alone.lines, alone.works)


def test_a_list_may_be_of_one_client_or_of_open_orders_only(site: Site) -> None:
    product(site, "BAT-1")
    product(site, "BAT-1", client="ACME")
    full = purchase(site, "N-1", {"BAT-1": 1})
    purchase(site, "N-2", {"BAT-1": 1}, client="ACME")
    purchase(site, "N-3", {"BAT-1": 1}, warehouse="W-WEST")
    received(site, full, "BAT-1", quantity=1)

    def numbers(**choice: Any) -> list[str]:
        return [one.order.number for one in order_book.listing(site, OrderKind.PURCHASE, **choice)]

    assert numbers(client="acme") == ["N-2"]
    assert numbers(warehouse="w-west") == ["N-3"]
    assert numbers(only_open=True) == ["N-2", "N-3"]


def test_a_list_of_many_orders_takes_no_more_queries_than_a_list_of_one(site: Site) -> None:
    battery = product(site, "BAT-1")
    purchase(site, "N-1", {"BAT-1": 1})
    with _counted(site.store.engine) as for_one:
        order_book.listing(site, OrderKind.PURCHASE)
    for number in range(2, 60):
        purchase(site, f"N-{number}", {"BAT-1": 1})
    with _counted(site.store.engine) as for_many:
        listed = order_book.listing(site, OrderKind.PURCHASE)

    assert len(listed) == 59
    assert len(for_many) == len(for_one)
    assert battery


def test_a_list_is_longer_than_one_statement_takes(site: Site) -> None:
    battery = product(site, "BAT-1")
    first = order_book.detail(site, purchase(site, "N-0", {"BAT-1": 1})).order

    def fill(tx: Transaction) -> None:
        numbers = [f"M-{number:04}" for number in range(1100)]
        ids = tx.execute(
            insert(t.orders).returning(t.orders.c.id),
            [
                {
                    "kind": OrderKind.PURCHASE.value,
                    "warehouse_id": first.warehouse_id,
                    "client_id": first.client_id,
                    "number": number,
                    "number_key": number,
                    "partner": "",
                    "reference": "",
                    "due": "",
                    "status": OrderStatus.OPEN.value,
                }
                for number in numbers
            ],
        ).scalars()
        tx.execute(
            insert(t.order_line),
            [{"order_id": one, "product_id": battery, "ordered": 5, "done": 0, "in_work": 0} for one in ids],
        )

    site.store.act(fill)

    listed = order_book.listing(site, OrderKind.PURCHASE)

    assert len(listed) == 1101
    assert all(len(one.lines) == 1 for one in listed)
