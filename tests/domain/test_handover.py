"""Messages: every kind of event has one, an act on an order has the right one, a post is signed and tried again."""

import pytest

from scanstation.domain.handover import (
    COLUMNS,
    NO_LINE,
    ORDER_KINDS,
    REVERSES,
    UNIT_KINDS,
    LineChange,
    LineCounts,
    address_trouble,
    csv_rows,
    order_kind,
    signature,
    wait_s,
)
from scanstation.domain.status import Move, OrderKind

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
FIVE = LineCounts(5, 0, 0)


def test_every_kind_of_event_has_a_message_of_its_own() -> None:
    assert UNIT_KINDS.keys() == set(Move), "a kind of event that an ERP would not hear of: add it to UNIT_KINDS"
    assert len({*UNIT_KINDS.values(), *ORDER_KINDS}) == len(UNIT_KINDS) + len(ORDER_KINDS)
    assert REVERSES.keys() | {one for which in REVERSES.values() for one in which} <= set(Move)


@pytest.mark.parametrize(
    ("kind", "before", "after", "was", "became", "told"),
    [
        (PO, "", "Open", NO_LINE, FIVE, "order-loaded"),
        (PO, "Open", "Open", FIVE, LineCounts(6, 0, 0), "order-loaded"),
        (PO, "Open", "Open", FIVE, NO_LINE, "order-loaded"),
        (PO, "Open", "Partially Received", FIVE, LineCounts(5, 2, 0), "receipt"),
        (PO, "Partially Received", "Completed", LineCounts(5, 2, 0), LineCounts(5, 5, 0), "receipt"),
        (PO, "Completed", "Partially Received", LineCounts(5, 5, 0), LineCounts(5, 4, 0), "taken-back"),
        (PO, "Open", "Completed", FIVE, LineCounts(5, 0, 5), "closed-short"),
        (PO, "Completed", "Open", LineCounts(5, 0, 5), FIVE, "reopened"),
        (SO, "Packing", "Ready to Ship", FIVE, LineCounts(5, 5, 0), "packing"),
        (SO, "Ready to Ship", "Packing", LineCounts(5, 5, 0), LineCounts(5, 4, 0), "taken-back"),
        (SO, "Ready to Ship", "Shipped", FIVE, FIVE, "shipped"),
        (SO, "Shipped", "Ready to Ship", FIVE, FIVE, "unshipped"),
        (SO, "Packing", "Cancelled", LineCounts(5, 3, 0), FIVE, "cancelled"),
        (SO, "Open", "Packing", FIVE, FIVE, "order-status"),
    ],
)
def test_what_an_act_did_to_an_order(
    kind: OrderKind, before: str, after: str, was: LineCounts, became: LineCounts, told: str
) -> None:
    changes = [LineChange(1, "CAM", was, became)] if was != became else []
    assert order_kind(kind, before, after, changes) == told
    assert told in ORDER_KINDS


def test_a_post_is_signed() -> None:
    # RFC 4231, test case 2
    mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert signature("Jefe", b"what do ya want for nothing?") == f"sha256={mac}"


def test_waits_grow_to_five_minutes() -> None:
    assert [wait_s(tries) for tries in (1, 2, 3, 9, 10, 1_000)] == [1, 2, 4, 256, 300, 300]


@pytest.mark.parametrize(
    "url", ["https://erp.example/hook", "http://127.0.0.1:8000/", "http://localhost", "http://[::1]:1/x"]
)
def test_addresses_that_are_posted_to(url: str) -> None:
    assert address_trouble(url) == ""


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://erp.example/hook", "HTTPS"),
        ("http://127.0.0.1.example/", "HTTPS"),
        ("http://localhost@erp.example/", "HTTPS"),
        ("ftp://127.0.0.1/", "HTTPS"),
        ("erp.example", "no address"),
        ("https://", "no address"),
        ("https://erp.example:http/", "no address"),
        ("https://[::1/", "no address"),
    ],
)
def test_addresses_that_are_not(url: str, told: str) -> None:
    assert told in address_trouble(url)


def test_a_message_as_rows() -> None:
    unit = {"number": 7, "kind": "unit-received", "order": {"kind": "PO", "number": "N-1", "line": 4}, "quantity": 1}
    (row,) = csv_rows(unit)
    assert {name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell} == {
        "number": "7",
        "kind": "unit-received",
        "order_kind": "PO",
        "order_number": "N-1",
        "line": "4",
        "quantity": "1",
    }
    lines = [{"line": 4, "done": 2}, {"line": 5, "done": 0}]
    rows = csv_rows({"number": 8, "kind": "receipt", "order": {"kind": "PO", "number": "N-1"}, "lines": lines})
    assert [(row[COLUMNS.index("line")], row[COLUMNS.index("done")]) for row in rows] == [("4", "2"), ("5", "0")]
