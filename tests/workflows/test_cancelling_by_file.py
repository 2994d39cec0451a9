"""Orders that a sheet cancels: by the rules of `so cancel` and `po close`, row by row in the result."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.domain.operators import Right
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.store import orders, upkeep
from scanstation.store.store import open_store
from scanstation.workflows.master_data.changes import State
from scanstation.workflows.master_data.loading import Loaded, load, preview
from scanstation.workflows.master_data.watched_folder import Watch
from scanstation.workflows.orders import order_book, shipment_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.conftest import Clock
from tests.workflows.done_work import events_of, open_work, packed, received, status_of
from tests.workflows.seats import turn_on, with_somebody
from tests.workflows.sheets_to_load import Files
from tests.workflows.watched import Folder

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
SO_ENDS = ["Warehouse", "Client", "SO Number", "Cancelled", "Reason"]
PO_ENDS = ["Warehouse", "Client", "PO Number", "Cancelled", "Reason"]
ORDERED = ["Warehouse", "Client", "SO Number", "SKU", "Quantity", "Cancelled"]
HERE = ("W-EAST", "NORDWIND")


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def status(site: Site, kind: OrderKind, number: str) -> OrderStatus:
    with site.store.read() as tx:
        return orders.find(tx, number, kind=kind)[0].status


def names(answer: Loaded) -> list[str]:
    return [reason.name for reason in answer.reasons]


def test_a_cancelled_order_gives_its_units_back_as_the_command_does(site: Site, files: Files) -> None:
    told, ids = {}, {}
    for sku, number in (("CAM", "S-1"), ("LAP", "S-2")):
        ids[sku] = builders.product(site, sku, 2), builders.product(site, f"{sku}-X", 1)
        bought = builders.purchase(site, f"N-{sku}", {f"{sku}-X": 2})
        received(site, bought, f"{sku}-X", f"{sku}-1", f"{sku}-2")
        sold = builders.shipment(site, number, {sku: 3, f"{sku}-X": 2})
        packed(site, sold, sku, f"{sku}-8", f"{sku}-9")
        packed(site, sold, f"{sku}-X", f"{sku}-1")
        open_work(site, sold, sku, serials=[f"{sku}-7"], station="dock-9")
    by_command = shipment_orders.cancel(site, builders_id(site, "S-1"), "not wanted")
    assert isinstance(by_command, Done)
    path = files(SO_ENDS, [*HERE, "s-2", "x", "not wanted"])
    (change,) = preview(site, path).changes
    assert (change.noun, change.state, change.differences) == ("shipment order", State.CHANGED, ("cancelled",))
    by_file = load(site, [path])
    assert not by_file.refused, by_file.reasons
    assert by_file.text == "Loaded: 1 shipment order (1 changed)."
    assert by_file.notes == (by_command.text.replace("S-1", "S-2"), *by_command.notes)
    for sku, number in (("CAM", "S-1"), ("LAP", "S-2")):
        detail = order_book.detail(site, builders_id(site, number))
        told[number] = (
            detail.order.status,
            [(line.done, line.open) for line in detail.lines],
            [status_of(site, ids[sku][one < 3], f"{sku}-{one}") for one in (1, 2, 7, 8, 9)],
            [(act.act, act.reason) for act in detail.acts],
            events_of(site, f"{sku}-1"),
        )
    assert told["S-1"] == told["S-2"]
    assert told["S-2"][0] is OrderStatus.CANCELLED

    again = load(site, [path])
    assert again == Loaded("Loaded: 1 shipment order (1 as before).")


def builders_id(site: Site, number: str) -> int:
    with site.store.read() as tx:
        return orders.find(tx, number)[0].id


def test_a_cancelled_purchase_order_is_closed_short(site: Site, files: Files) -> None:
    builders.product(site, "BAG", 0)
    order_id = builders.purchase(site, "N-1", {"BAG": 10})
    received(site, order_id, "BAG", quantity=4)
    path = files(PO_ENDS, [*HERE, "N-1", "Yes"])
    answer = load(site, [path])
    assert not answer.refused, answer.reasons
    assert answer.notes == ("N-1 is Completed, closed short: 4 of 10 received.", "BAG 4 of 10")
    detail = order_book.detail(site, order_id)
    assert [(act.act, act.reason) for act in detail.acts] == [("Closed short", f"cancelled by {path.name}")]
    assert load(site, [path]).text == "Loaded: 1 purchase order (1 as before)."


def test_what_cannot_be_cancelled_is_refused_with_the_sentence_of_the_command(site: Site, files: Files) -> None:
    builders.product(site, "BAG", 0)
    gone = builders.shipment(site, "S-1", {"BAG": 1})
    packed(site, gone, "BAG", quantity=1)
    assert isinstance(shipment_orders.ship(site, gone), Done)
    by_command = shipment_orders.cancel(site, gone, "late")
    full = builders.purchase(site, "N-1", {"BAG": 1})
    received(site, full, "BAG", quantity=1)
    busy = builders.purchase(site, "N-2", {"BAG": 5})
    open_work(site, busy, "BAG", quantity=2)
    builders.shipment(site, "S-3", {"BAG": 1}, warehouse="W-WEST")
    answer = load(
        site,
        [
            files(SO_ENDS, [*HERE, "S-1", "1"], [*HERE, "S-2", "1"], [*HERE, "S-3", "1"]),
            files(PO_ENDS, [*HERE, "N-1", "1"], [*HERE, "N-2", "1"]),
        ],
    )
    assert sorted(names(answer)) == [
        *("already-completed", "already-shipped", "unknown-order", "unknown-order", "work-open"),
    ]
    texts = [reason.text for reason in answer.reasons]
    assert isinstance(by_command, Refused)
    assert f"sheet-1.csv!C2: {by_command.reasons[0].text}" in texts
    assert any("S-3" in text and "W-WEST" in text for text in texts)
    assert status(site, PO, "N-2") is not OrderStatus.COMPLETED


def test_rows_of_a_cancelled_order_are_not_loaded_and_a_no_among_them_is_refused(site: Site, files: Files) -> None:
    builders.product(site, "BAG", 0)
    builders.shipment(site, "S-1", {"BAG": 1})
    answer = load(
        site,
        [
            files(
                ORDERED,
                [*HERE, "S-1", "BAG", "9", ""],
                [*HERE, "S-1", "NO-SUCH", "x", "yes"],
                [*HERE, "S-2", "BAG", "2", "no"],
                [*HERE, "S-3", "BAG", "2", "yes"],
            )
        ],
        good_orders=True,
    )
    assert names(answer) == ["unreadable-cell"], "of S-1: even so nothing else is said of a cancelled order"
    answer = load(
        site,
        [
            files(
                ORDERED,
                [*HERE, "S-1", "BAG", "9", ""],
                [*HERE, "S-1", "NO-SUCH", "1", "yes"],
                [*HERE, "S-4", "BAG", "2", "no"],
                [*HERE, "S-3", "BAG", "2", "yes"],
            )
        ],
    )
    assert not answer.refused, answer.reasons
    assert status(site, SO, "S-1") is OrderStatus.CANCELLED
    assert status(site, SO, "S-4") is OrderStatus.OPEN
    assert "shipment order S-3 is cancelled and was never here: left out." in answer.notes
    answer = load(site, [files(ORDERED, [*HERE, "S-4", "BAG", "2", "no"], [*HERE, "S-4", "BAG", "2", "yes"])])
    assert names(answer) == ["cancelled-differs"]


def test_who_may_load_may_not_cancel_by_that(site: Site, files: Files) -> None:
    builders.product(site, "BAG", 0)
    builders.shipment(site, "S-1", {"BAG": 1})
    builders.purchase(site, "N-1", {"BAG": 1})
    builders.shipment(site, "S-2", {"BAG": 1})
    turn_on(site)
    rows = files(ORDERED, [*HERE, "S-1", "", "", "yes"], [*HERE, "S-2", "BAG", "5", ""])
    clerk = with_somebody(site, Right.IMPORT)
    assert names(load(clerk, [rows])) == ["no-right"]
    assert status(site, SO, "S-1") is OrderStatus.OPEN
    partly = load(clerk, [rows, files(PO_ENDS, [*HERE, "N-1", "yes"])], good_orders=True)
    assert names(partly) == ["no-right", "no-right"]
    assert "1 shipment order (1 changed)" in partly.text
    without_pin = with_somebody(site, Right.IMPORT, Right.CORRECT, proved="")
    assert names(load(without_pin, [rows])) == ["pin"]
    may = with_somebody(site, Right.IMPORT, Right.CORRECT)
    assert not load(may, [rows]).refused
    assert status(site, SO, "S-1") is OrderStatus.CANCELLED


def test_a_watched_folder_answers_cancellations_row_by_row(site: Site, clock: Clock, tmp_path: Path) -> None:
    builders.product(site, "BAG", 0)
    builders.shipment(site, "S-1", {"BAG": 1})
    builders.shipment(site, "S-2", {"BAG": 1})
    (tmp_path / "in").mkdir()
    folder = Folder(Watch(tmp_path / "in", lambda: Site(open_store(f"sqlite:///{site.store.path}", clock), "erp", "x")))
    folder.watch.begin()
    row = {"warehouse": "W-EAST", "client": "NORDWIND", "cancelled": True}
    folder.put("off.json", json.dumps([{**row, "so_number": one} for one in ("S-1", "S-9", "S-2")]))
    folder.arrive()
    result = folder.result("off.json")
    assert result["outcome"] == "partly"
    assert [(one["row"], one["taken"]) for one in result["rows"]] == [(2, True), (3, False), (4, True)]
    assert "There is no shipment order S-9" in result["rows"][1]["why"][0]
    assert [one["differences"] for one in result["taken"]] == [["cancelled"], ["cancelled"]]
    assert status(site, SO, "S-2") is OrderStatus.CANCELLED
    folder.watch.end()
