"""Purchase orders that bring units back (RULES 2.22): by scan and by import, counted on their lines and only there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.reports import HistoryRow, SerialRow
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store import batches, catalog, orders, upkeep
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data.loading import Loaded, expect, load
from scanstation.workflows.orders import corrections, holding, order_book, purchase_orders, shipment_orders
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import packed, received


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def shipped(
    site: Site, number: str, sku: str, *serials: str, scenario: int | None = None, warehouse: str = "W-EAST"
) -> int:
    """An order that has left with these units; packing creates what is not there."""
    if scenario is not None:
        product(site, sku, scenario)
    order_id = shipment(site, number, {sku: len(serials)}, warehouse=warehouse)
    packed(site, order_id, sku, *serials)
    assert isinstance(shipment_orders.ship(site, order_id), Done)
    return order_id


def bringing(site: Site, number: str, sku: str, quantity: int) -> int:
    """A purchase order that brings units back."""
    order_id = purchase(site, number, {sku: quantity})
    assert isinstance(purchase_orders.mark_returns(site, order_id, "repaired"), Done)
    return order_id


def desk_at(site: Site, number: str) -> Desk:
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, number)
    return desk


def scan(desk: Desk, *codes: str) -> Verdict:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict


def complete(desk: Desk) -> str:
    if desk.complete().question:
        desk.yes()
    assert desk.view.verdict is not None
    return desk.view.verdict.text


def rows(site: Site) -> dict[str, tuple[str, str | None, str | None, str | None, str | None]]:
    """The Serial Number Report: code → status, PO, SO, warehouse, hold."""
    found = [row for row in reporting.rows(site, Report.SERIALS, Filters()) if isinstance(row, SerialRow)]
    return {
        str(row.primary): (row.status.value, row.purchase_order, row.shipment_order, row.warehouse, row.hold)
        for row in found
    }


def history(site: Site, *kinds: Move) -> list[tuple[str, str | None, str | None, str]]:
    """The Receiving History: kind, PO, code and source."""
    found = reporting.rows(site, Report.RECEIVING_HISTORY, Filters(kinds=kinds))
    return [(row.kind, row.order, row.primary, row.source) for row in found if isinstance(row, HistoryRow)]


def counts(site: Site, order_id: int) -> tuple[int, int, int, int]:
    """A line's done, open, needed and present."""
    (line,) = order_book.detail(site, order_id).lines
    return line.done, line.open, line.serials_needed, line.serials_present


def on_hand(site: Site, product_id: int) -> tuple[int, int]:
    with site.store.read() as tx:
        counted = catalog.on_hand(tx, [product_id])[product_id]
    return counted.units, counted.with_serials


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def lift(site: Site, *codes: str) -> None:
    assert isinstance(holding.release(site, [unit_of(site, code) for code in codes], "is fine"), Done)


def sheet(path: Path, number: str, sku: str, *serials: str) -> Path:
    lines = [f"W-EAST,NORDWIND,{number},{sku},{serial.replace('/', ',')}" for serial in serials]
    header = "Warehouse,Client,PO Number,SKU,Primary Serial Number"
    two = ",Secondary Serial Number" if any("/" in serial for serial in serials) else ""
    path.write_text("\n".join([header + two, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("scenario", "came", "scans", "said"),
    [
        (1, "scanned", ("CAM", "A1"), "A1 → CAM, back from S-1, goes on hold, 1 of 2. Scan the next product."),
        (1, "scanned", ("A1",), "A1 → CAM, back from S-1, goes on hold, 1 of 2. Scan the next product."),
        (2, "by quantity", ("A1",), "A1 → CAM, back from S-1, goes on hold, 1 of 2. Scan the next product."),
        (5, "by quantity", ("A1",), "A1 → CAM, back from S-1, goes on hold, 1 of 2. Scan the next product."),
        (6, "opening", ("A1",), "A1 → CAM, back from S-1, goes on hold, 1 of 2. Scan the next product."),
        (3, "scanned", ("CAM", "A1", "B1"), "A1 + B1 → CAM, 1 of 2. Scan the next product."),
        (3, "scanned", ("B1", "A1"), "A1 + B1 → CAM, 1 of 2. Scan the next product."),
        (4, "by quantity", ("A1", "B1"), "A1 + B1 → CAM, 1 of 2. Scan the next product."),
        (7, "by quantity", ("A1", "B1"), "A1 + B1 → CAM, 1 of 2. Scan the next product."),
        (8, "by quantity", ("B1", "A1"), "A1 + B1 → CAM, 1 of 2. Scan the next product."),
    ],
)
def test_a_shipped_serial_comes_in_again_and_counts_once(
    site: Site, scenario: int, came: str, scans: tuple[str, ...], said: str
) -> None:
    unit = "A1/B1" if scenario in (3, 4, 7, 8) else "A1"
    cam = product(site, "CAM", scenario)
    first = purchase(site, "N-1", {"CAM": 1})
    if came == "scanned":
        received(site, first, "CAM", unit)
    elif came == "by quantity":
        received(site, first, "CAM", quantity=1)
    else:
        opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    before = counts(site, first)
    left_on = shipped(site, "S-1", "CAM", unit)
    assert on_hand(site, cam) == (0, 0)

    back_on = bringing(site, "N-2", "CAM", 2)
    desk = desk_at(site, "N-2")
    assert scan(desk, *scans).text == said
    assert rows(site)["A1"][0] == "Shipped"  # nothing before Complete
    assert counts(site, back_on)[:2] == (0, 1)
    (life,) = tracing.trace(site, "A1")
    assert life.standing == "Shipped, on Ana's open receipt N-2 at dock-2"
    assert complete(desk) == (
        "N-2 saved, received in part, 1 unit. N-2 still lacks 1. 1 unit is on hold, having come back. "
        "Scan the next order."
    )

    assert rows(site)["A1"] == ("Received", "N-2", None, "W-EAST", "returned N-2")
    assert counts(site, back_on) == (1, 0, 1, 1)
    assert counts(site, first) == before
    assert counts(site, left_on)[3] == 1
    assert on_hand(site, cam) == (1, 1)
    assert history(site)[-1] == ("Received", "N-2", "A1", "scan")
    (life,) = tracing.trace(site, "A1")
    assert [(event.what.value, event.order) for event in life.events][-3:] == [
        ("Returned", "S-1"),
        ("Received", "N-2"),
        ("On hold", None),
    ]
    refused = corrections.unreceive(site, unit_of(site, "A1"), "no")
    assert isinstance(refused, Refused)

    # It leaves again, and comes back again, at the return desk this time.
    lift(site, "A1")
    shipped(site, "S-2", "CAM", "A1")
    assert on_hand(site, cam) == (0, 0)
    returns = ReturnDesk(site)
    scan(returns, "A1")
    if unit != "A1":
        scan(returns, "B1")
    scan(returns, "SS-COMPLETE")
    assert on_hand(site, cam) == (1, 1)
    assert counts(site, first) == before
    assert counts(site, back_on) == (1, 0, 1, 1)


BOTH_WAYS = "If it has come back, take it in at Returns, or have a supervisor mark this order as bringing units back."


@pytest.mark.parametrize("scans", [("CAM", "A1"), ("A1",)])
def test_without_the_mark_a_shipped_serial_is_stop_that_names_both_ways(site: Site, scans: tuple[str, ...]) -> None:
    shipped(site, "S-1", "CAM", "A1", scenario=1)
    purchase(site, "N-2", {"CAM": 1})
    answer = scan(desk_at(site, "N-2"), *scans)
    assert (answer.reason, answer.text.endswith(BOTH_WAYS)) == ("already-shipped", True)


def test_nobody_else_takes_what_a_receipt_has_in_hand_until_it_is_given_back(site: Site, tmp_path: Path) -> None:
    left_on = shipped(site, "S-1", "CAM", "A1", "A2", scenario=5)
    back_on = bringing(site, "N-2", "CAM", 2)
    received(site, bringing(site, "N-3", "CAM", 1), "CAM", quantity=1)
    desk, other = desk_at(site, "N-2"), desk_at(site.at_station("dock-9"), "N-2")
    scan(desk, "A1")
    assert scan(desk, "A1").reason == "already-captured"
    assert scan(other, "A1").text == "A1 is on Ana's open receipt N-2 at dock-2; scan another unit."
    assert scan(ReturnDesk(site), "A1").reason == "in-hand"
    refused = shipment_orders.unship(site, left_on, "is here")
    assert isinstance(refused, Refused)
    assert [one.text for one in refused.reasons] == [
        "S-1: A1 is on Ana's open receipt N-2 at dock-2 since. It stays Shipped."
    ]
    refused = import_serials(site, OrderKind.PURCHASE, sheet(tmp_path / "one.csv", "N-3", "CAM", "A1"))
    assert isinstance(refused, Refused)
    assert "is on Ana's open receipt N-2 at dock-2" in refused.reasons[0].text
    assert isinstance(corrections.dispose(site, unit_of(site, "A1"), "no"), Refused)

    # Whoever takes the receipt over has it in hand.
    (work,) = (one for one in order_book.detail(site, back_on).works if one.pieces)
    assert isinstance(take_over(site.at_station("dock-9"), work.work.id), Done)
    other = desk_at(site.at_station("dock-9"), "N-2")
    assert scan(other, "A1").reason == "already-captured"
    scan(other, "SS-UNDO")
    assert counts(site, back_on)[:2] == (0, 0)
    back = ReturnDesk(site)
    assert scan(back, "A1").tone.value == "OK"
    assert scan(other, "A1").text == "A1 is on Ana's open return R-1 at dock-2. Put it there, or complete that."
    refused = import_serials(site, OrderKind.PURCHASE, sheet(tmp_path / "two.csv", "N-3", "CAM", "A1"))
    assert isinstance(refused, Refused)


def test_undo_and_cancel_put_every_code_back_where_it_was(site: Site) -> None:
    product(site, "CAM", 3, pattern="A.*", secondary_pattern="B.*")
    shipped(site, "S-1", "CAM", "A1/B1", "A2")
    order_id = bringing(site, "N-2", "CAM", 2)
    desk = desk_at(site, "N-2")
    scan(desk, "CAM", "A1")
    assert scan(desk, "B9").reason == "two-units"  # the unit's other code is known
    assert scan(desk, "A1").reason == "same-as-primary"
    scan(desk, "SS-UNDO")
    assert desk.view.prompt is not None
    assert desk.view.prompt.title == "Primary serial"
    scan(desk, "A1", "SS-CANCEL")
    assert counts(site, order_id)[:2] == (0, 0)

    # A new secondary first, then the primary of a unit that has none: it is that unit's from Complete on.
    scan(desk, "CAM", "B2")
    assert desk.view.prompt is not None
    scan(desk, "A2", "SS-UNDO", "SS-UNDO", "A2")
    assert scan(desk, "B1").reason == "two-units"
    scan(desk, "B2", "A1", "B1")
    complete(desk)
    assert {code: row[:2] for code, row in rows(site).items()} == {"A1": ("Received", "N-2"), "A2": ("Received", "N-2")}
    assert counts(site, order_id) == (2, 0, 2, 2)


@pytest.mark.both_stores
@pytest.mark.parametrize(("scenario", "first", "missing"), [(3, "A1", "B1"), (4, "B1", "A1"), (7, "A1", "B1")])
@pytest.mark.parametrize("on_hold", [True, False])
def test_a_unit_without_one_of_its_parts_comes_in_on_hold_for_that(
    site: Site, scenario: int, first: str, missing: str, on_hold: bool
) -> None:
    site = replace(site, rules=replace(site.rules, returns_on_hold=on_hold))
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("A1", "B1"), ("A2", "B2"))
    shipped(site, "S-1", "CAM", "A1", "A2")
    order_id = bringing(site, "N-2", "CAM", 3)
    desk = desk_at(site, "N-2")
    assert scan(desk, "SS-NO").reason == "no-question"
    scan(desk, first)
    assert desk.view.prompt is not None
    assert desk.view.prompt.may_lack
    assert scan(desk, "SS-NOSERIAL").reason == "no-serial-due"
    taken = scan(desk, "SS-NO")
    assert (taken.tone, taken.text) == (
        Tone.CHECK,
        f"{first} of CAM is taken without {missing}, on hold: part missing.",
    )
    assert desk.view.prompt is None
    assert scan(desk, "SS-UNDO").text.startswith(f"Taken back: CAM {first}, part missing.")
    assert desk.view.prompt is not None
    assert desk.view.prompt.may_lack
    scan(desk, missing)  # it was in the box after all
    scan(desk, "SS-UNDO")
    desk = Desk(site, OrderKind.PURCHASE)  # started anew
    scan(desk, "N-2", "SS-NO")
    scan(desk, "A2", "B2")
    assert counts(site, order_id)[:2] == (0, 2)
    complete(desk)
    assert rows(site)["A1"] == ("Received", "N-2", None, "W-EAST", f"returned N-2, part missing: {missing}")
    assert rows(site)["A2"] == ("Received", "N-2", None, "W-EAST", "returned N-2" if on_hold else None)
    assert counts(site, order_id)[:2] == (2, 0)
    (life,) = tracing.trace(site, missing)
    assert (life.unit.primary, life.unit.secondary) == ("A1", "B1")


def test_a_range_takes_new_units_alone_and_names_those_that_come_back(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A3")
    shipped(site, "S-1", "CAM", "A3")
    order_id = bringing(site, "N-2", "CAM", 5)
    desk = desk_at(site, "N-2")
    first = scan(desk, "SS-QTY-5", "CAM", "SS-RANGE", "A3")
    assert (first.tone, first.reason) == (Tone.STOP, "range-collides")
    across = scan(desk, "SS-CANCEL", "SS-RANGE", "A1", "A5")
    assert (across.tone, across.reason) == (Tone.STOP, "range-collides")
    assert "A3" in across.text
    scan(desk, "SS-CANCEL", "SS-RANGE", "A1", "A2", "SS-YES", "A3", "SS-RANGE", "A4", "A5", "SS-YES")
    complete(desk)
    assert {code: row[4] for code, row in rows(site).items()} == {
        "A1": None,
        "A2": None,
        "A3": "returned N-2",
        "A4": None,
        "A5": None,
    }
    assert counts(site, order_id) == (5, 0, 5, 5)


def test_what_an_import_brought_back_has_moved_on_for_every_removal_of_an_import(site: Site, tmp_path: Path) -> None:
    """Of its first import, of the one that brought it back and of its batch alone, on hold or released."""
    product(site, "CAM", 7)
    first = purchase(site, "N-1", {"CAM": 2})
    received(site, first, "CAM", quantity=2)
    units = sheet(tmp_path / "first.csv", "N-1", "CAM", "A1/B1", "A2/B2")
    assert isinstance(import_serials(site, OrderKind.PURCHASE, units, order_id=first), Done)
    shipped(site, "S-1", "CAM", "A1")
    order_id = bringing(site, "N-2", "CAM", 2)
    received(site, order_id, "CAM", quantity=2)
    whole = sheet(tmp_path / "whole.csv", "N-2", "CAM", "A1/B1", "A9/B9")
    assert isinstance(import_serials(site, OrderKind.PURCHASE, whole, order_id=order_id), Done)
    lift(site, "A1")
    with site.store.read() as tx:
        batch = batches.on_order(tx, OrderKind.PURCHASE, order_id)[-1].id
    for order, which in ((first, None), (order_id, None), (order_id, batch)):
        refused = removing.remove_serials(site, OrderKind.PURCHASE, order, batch=which)
        assert isinstance(refused, Refused)
        assert [reason.name for reason in refused.reasons] == ["moved-on"], which
        assert "A1" in refused.text
    assert isinstance(removing.remove_serials(site, OrderKind.PURCHASE, first, only_received=True), Done)
    assert isinstance(removing.remove_serials(site, OrderKind.PURCHASE, order_id, only_received=True), Done)
    assert {code: row[:2] for code, row in rows(site).items()} == {"A1": ("Received", "N-2")}
    assert counts(site, order_id)[3] == 1


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [7, 8])
@pytest.mark.parametrize("on_hold", [True, False])
def test_a_row_with_one_of_two_codes_brings_its_unit_back_without_the_part(
    site: Site, tmp_path: Path, scenario: int, on_hold: bool
) -> None:
    site = replace(site, rules=replace(site.rules, returns_on_hold=on_hold))
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("A1", "B1"), ("A2", "B2"), ("A3", "B3"), ("A4", "B4"))
    left_on = shipped(site, "S-1", "CAM", "A1", "A2", "A3", "A4")
    assert isinstance(holding.hold(site, [unit_of(site, "A4")], "recall"), Done)
    order_id = bringing(site, "N-2", "CAM", 5)
    received(site, order_id, "CAM", quantity=5)
    file = sheet(tmp_path / "back.csv", "N-2", "CAM", "A1/", "/B2", "A3/B3", "A4/", "A9/B9")
    done = import_serials(site, OrderKind.PURCHASE, file, order_id=order_id)
    assert isinstance(done, Done), done
    assert [note for note in done.notes if "part missing" in note] == [
        "back.csv!E2: A1 comes back without B1, on hold: part missing.",
        "back.csv!F3: B2 comes back without A2, on hold: part missing.",
        "back.csv!E5: A4 comes back without B4, on hold: part missing.",
    ]
    assert {code: row[::4] for code, row in rows(site).items()} == {
        "A1": ("Received", "returned N-2, part missing: B1"),
        "A2": ("Received", "returned N-2, part missing: A2"),
        "A3": ("Received", "returned N-2" if on_hold else None),
        "A4": ("Received", "recall"),
        "A9": ("Received", None),
    }
    (life,) = tracing.trace(site, "B1")  # the code stays the unit's
    assert (life.unit.primary, life.unit.secondary) == ("A1", "B1")
    assert counts(site, order_id)[3] == 5
    assert counts(site, left_on)[3] == 4
    again = import_serials(site, OrderKind.PURCHASE, file, order_id=order_id)
    assert isinstance(again, Refused)
    assert [one.name for one in again.reasons] == ["already-imported"]


@pytest.mark.parametrize(
    ("serials", "names"),
    [
        (("A1/", "A1/B1"), {"twice-in-file"}),
        (("A1/", "/B1"), {"twice-in-file"}),
        (("B1/",), {"empty"}),  # its secondary is no primary
        (("/A1",), {"empty"}),
        (("A5/",), {"empty"}),  # it has no second code yet
        (("A9/",), {"empty"}),  # a new one has both
        (("A6/",), {"empty"}),  # and so has one that never left
    ],
)
def test_only_a_shipped_unit_of_two_codes_can_lack_a_part(
    site: Site, tmp_path: Path, serials: tuple[str, ...], names: set[str]
) -> None:
    product(site, "CAM", 8)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("A1", "B1"), ("A6", "B6"), "A5")
    shipped(site, "S-1", "CAM", "A1", "A5")
    order_id = bringing(site, "N-2", "CAM", 2)
    received(site, order_id, "CAM", quantity=2)
    file = sheet(tmp_path / "back.csv", "N-2", "CAM", *serials)
    refused = import_serials(site, OrderKind.PURCHASE, file)
    assert isinstance(refused, Refused)
    assert {one.name for one in refused.reasons} == names
    assert isinstance(purchase_orders.mark_returns(site, order_id, "no more", off=True), Done)
    refused = import_serials(site, OrderKind.PURCHASE, file)
    assert isinstance(refused, Refused)
    assert "empty" in {one.name for one in refused.reasons}


def test_a_new_unit_lacks_no_part(site: Site) -> None:
    product(site, "CAM", 3)
    bringing(site, "N-2", "CAM", 2)
    desk = desk_at(site, "N-2")
    assert scan(desk, "CAM", "NEW-1", "SS-NO").reason == "serial-owed"


def test_what_is_no_shipped_unit_of_the_order_is_refused_as_ever(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    shipped(site, "S-1", "TAB", "T1", scenario=1)
    shipped(site, "S-2", "CAM", "A2", "A3")
    bringing(site, "N-2", "CAM", 1)
    desk = desk_at(site, "N-2")
    assert scan(desk, "A1").reason == "serial-without-prompt"  # in stock
    assert scan(desk, "T1").reason == "not-on-order"
    scan(desk, "A2")
    assert scan(desk, "A3").reason == "over-order"


@pytest.mark.parametrize("skus", [("CAM", "TAB"), ("TAB", "CAM")])
def test_a_serial_of_several_products_means_the_one_that_can_come_back(site: Site, skus: tuple[str, str]) -> None:
    for sku in skus:
        product(site, sku, 1)
    for sku in skus:
        opening(site, "NORDWIND", "W-EAST", sku, "A1")
    order_id = purchase(site, "N-2", {"CAM": 2, "TAB": 2})
    assert isinstance(purchase_orders.mark_returns(site, order_id, "repaired"), Done)
    desk = desk_at(site, "N-2")
    assert scan(desk, "A1").reason == "serial-without-prompt"
    first, second = skus
    packed(site, shipment(site, "S-1", {first: 1}), first, "A1")
    left_on = shipment(site, "S-2", {second: 1})
    packed(site, left_on, second, "A1")
    assert scan(desk, "A1").reason == "already-packed"
    assert isinstance(shipment_orders.ship(site, left_on), Done)
    answer = scan(desk, "A1")
    assert (answer.tone, f"A1 → {second}, back from S-2" in answer.text) == (Tone.OK, True)
    assert scan(desk, "A1").reason == "already-captured"
    scan(desk, "SS-UNDO")
    with site.store.read() as tx:
        other = orders.find(tx, "S-1")[0].id
    assert isinstance(shipment_orders.ship(site, other), Done)
    answer = scan(desk, "A1")
    assert (answer.tone, answer.reason) == (Tone.STOP, "ambiguous-serial")
    assert scan(ReturnDesk(site), first, "A1").tone is Tone.OK
    assert f"A1 → {second}" in scan(desk, "A1").text  # the other one is in somebody's hands


def test_a_shipped_serial_of_another_product_is_asked_about(site: Site) -> None:
    product(site, "CAM", 1)
    shipped(site, "S-1", "TAB", "T1", scenario=1)
    bringing(site, "N-2", "CAM", 1)
    desk = desk_at(site, "N-2")
    assert scan(desk, "CAM", "T1").text == (
        "T1 is a serial of TAB: wrong unit, or wrong product scanned. Is it the primary serial of this CAM?"
    )
    scan(desk, "SS-YES")
    assert scan(desk, "SS-COMPLETE").text == "N-2 complete, 1 unit. Scan the next order."


@pytest.mark.parametrize("looks", ["pattern", "shape"])
def test_a_serial_that_looks_as_its_own_products_do_is_not_asked_about(site: Site, tmp_path: Path, looks: str) -> None:
    product(site, "CAM", 1, pattern="T[0-9]+" if looks == "pattern" else "")
    shipped(site, "S-1", "TAB", "T100001", scenario=1)
    if looks == "shape":
        rows = "".join(f"W-EAST,NORDWIND,CAM,T2{number:05}\n" for number in range(50))
        (tmp_path / "stock.csv").write_text("Warehouse,Client,SKU,Primary Serial Number\n" + rows)
        assert not load(site, [tmp_path / "stock.csv"]).refused
    bringing(site, "N-2", "CAM", 1)
    assert scan(desk_at(site, "N-2"), "CAM", "T100001").tone is Tone.OK


def test_what_its_line_has_no_room_for_is_refused_and_not_asked_about(site: Site, tmp_path: Path) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2", scenario=1)
    order_id = bringing(site, "N-2", "CAM", 1)
    assert isinstance(expect(site, order_id, sheet(tmp_path / "list.csv", "N-2", "CAM", "A1")), Done)
    desk = desk_at(site, "N-2")
    assert scan(desk, "A1").tone is Tone.OK
    answer = scan(desk, "A2")
    assert (answer.tone, answer.reason) == (Tone.STOP, "over-order")
    scan(desk, "SS-UNDO")
    assert scan(desk, "A2").reason == "unlisted"


def test_what_somebody_wanted_on_hold_is_said_and_a_site_may_go_without_the_others(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2", scenario=2, warehouse="W-WEST")
    assert isinstance(holding.hold(site, [unit_of(site, "A1")], "recall"), Done)
    bringing(site, "N-2", "CAM", 2)
    desk = desk_at(replace(site, rules=replace(site.rules, returns_on_hold=False)), "N-2")
    answer = scan(desk, "A1")
    assert (answer.tone.value, answer.reason) == ("CHECK", "came-back")
    assert answer.text.startswith("A1 → CAM, back from S-1, 1 of 2. Scan the next product. It was put on hold by Ana, ")
    assert (
        scan(desk, "A2").text
        == "A2 → CAM, back from S-1, 2 of 2. N-2 is all scanned: complete it, or scan the next order."
    )
    complete(desk)
    assert rows(site) == {
        "A1": ("Received", "N-2", None, "W-EAST", "recall"),
        "A2": ("Received", "N-2", None, "W-EAST", None),
    }


@pytest.mark.both_stores
@pytest.mark.parametrize(("scenario", "old"), [(5, ("A1", "A2")), (8, ("A1/B1", "A2"))])
def test_an_import_takes_shipped_serials_beside_new_ones(
    site: Site, tmp_path: Path, scenario: int, old: tuple[str, str]
) -> None:
    cam = product(site, "CAM", scenario)
    first = purchase(site, "N-1", {"CAM": 2})
    received(site, first, "CAM", quantity=2)
    before = counts(site, first)
    left_on = shipped(site, "S-1", "CAM", *old)
    plain = purchase(site, "N-2", {"CAM": 4})
    received(site, plain, "CAM", quantity=3)
    two = "/B9" if scenario == 8 else ""
    added = "/B2" if scenario == 8 else ""
    file = sheet(tmp_path / "back.csv", "N-2", "CAM", old[0], f"A2{added}", f"A9{two}")
    refused = import_serials(site, OrderKind.PURCHASE, file, order_id=plain)
    assert isinstance(refused, Refused)
    assert "have the order marked as bringing units back" in refused.reasons[0].text

    assert isinstance(purchase_orders.mark_returns(site, plain, "repaired"), Done)
    done = import_serials(site, OrderKind.PURCHASE, file, order_id=plain)
    assert isinstance(done, Done), done
    assert "2 units have come back, and wait on hold." in done.notes
    assert counts(site, plain) == (3, 0, 3 if scenario == 5 else 0, 3)
    assert counts(site, first) == before
    assert counts(site, left_on)[3] == 2
    assert on_hand(site, cam) == (3, 3)
    assert {code: (row[0], row[1], row[4]) for code, row in rows(site).items()} == {
        "A1": ("Received", "N-2", "returned N-2"),
        "A2": ("Received", "N-2", "returned N-2"),
        "A9": ("Received", "N-2", None),
    }
    assert sorted(row for row in history(site)) == sorted(("Received", "N-2", f"A{n}", "import") for n in (1, 2, 9))
    (life,) = tracing.trace(site, "A2")
    assert [(one.what.value, one.order, one.source) for one in life.events][-3:] == [
        ("Returned", "S-1", "return"),
        ("Received", "N-2", "import"),
        ("On hold", None, "return"),
    ]
    assert [one.secondary for one in life.events][-1] == ("B2" if scenario == 8 else None)

    # The same file again, one serial too many, and taking it back.
    refused = import_serials(site, OrderKind.PURCHASE, file, order_id=plain)
    assert isinstance(refused, Refused)
    assert [one.name for one in refused.reasons] == ["already-imported"]
    more = sheet(tmp_path / "more.csv", "N-2", "CAM", f"A8{two.replace('9', '8')}")
    refused = import_serials(site, OrderKind.PURCHASE, more, order_id=plain)
    assert isinstance(refused, Refused)
    assert [one.name for one in refused.reasons] == ["too-many"]
    refused = removing.remove_serials(site, OrderKind.PURCHASE, plain)
    assert isinstance(refused, Refused)
    assert {one.name for one in refused.reasons} == {"moved-on"}
    assert isinstance(removing.remove_serials(site, OrderKind.PURCHASE, plain, only_received=True), Done)
    assert sorted(rows(site)) == ["A1", "A2"]
    assert on_hand(site, cam) == (3, 2)


@pytest.mark.parametrize(
    ("serials", "name"),
    [
        (("A1/B2",), "two-units"),
        (("B1/A1",), "secondary-given"),
        (("A1/B1", "A1/B1"), "twice-in-file"),
        (("A3/B1",), "in-use"),
    ],
)
def test_a_row_must_name_one_shipped_unit(site: Site, tmp_path: Path, serials: tuple[str, ...], name: str) -> None:
    shipped(site, "S-1", "CAM", "A1/B1", "A2/B2", scenario=7)
    order_id = bringing(site, "N-2", "CAM", 2)
    received(site, order_id, "CAM", quantity=2)
    refused = import_serials(site, OrderKind.PURCHASE, sheet(tmp_path / "back.csv", "N-2", "CAM", *serials))
    assert isinstance(refused, Refused)
    assert name in {one.name for one in refused.reasons}
    assert {row[0] for row in rows(site).values()} == {"Shipped"}


def test_what_was_scanned_leaves_no_room_for_an_import(site: Site, tmp_path: Path) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2", scenario=5)
    order_id = bringing(site, "N-2", "CAM", 2)
    desk = desk_at(site, "N-2")
    scan(desk, "A1", "CAM")
    complete(desk)
    refused = import_serials(site, OrderKind.PURCHASE, sheet(tmp_path / "two.csv", "N-2", "CAM", "A2", "A3"))
    assert isinstance(refused, Refused)
    assert [one.name for one in refused.reasons] == ["too-many"]
    done = import_serials(site, OrderKind.PURCHASE, sheet(tmp_path / "one.csv", "N-2", "CAM", "A2"))
    assert isinstance(done, Done), done
    assert counts(site, order_id) == (2, 0, 2, 2)


@pytest.mark.parametrize("came", ["scanned", "by quantity", "as opening stock", "as an unknown return"])
def test_what_is_another_product_before_or_after_it_comes_back_is_counted_once(site: Site, came: str) -> None:
    cam, tab = product(site, "CAM", 1 if came == "scanned" else 2), product(site, "TAB", 2)
    if came == "as opening stock":
        opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    elif came == "as an unknown return":
        purchase(site, "N-1", {"TAB": 1})  # the station's warehouse
        scan(ReturnDesk(site), "CAM", "A1", "SS-COMPLETE")
        lift(site, "A1")
    else:
        serials = {"scanned": ["A1"]}.get(came, [])
        received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", *serials, quantity=1 - len(serials))
    shipped(site, "S-1", "CAM", "A1")
    bringing(site, "N-2", "CAM", 1)
    desk = desk_at(site, "N-2")
    scan(desk, "A1")
    complete(desk)
    assert (on_hand(site, cam), on_hand(site, tab)) == ((1, 1), (0, 0))
    assert isinstance(regrade(site, unit_of(site, "A1"), "TAB", "scratched"), Done)
    assert (on_hand(site, cam), on_hand(site, tab)) == ((0, 0), (1, 1))
    lift(site, "A1")
    shipped(site, "S-2", "TAB", "A1")
    assert (on_hand(site, cam), on_hand(site, tab)) == ((0, 0), (0, 0))
    bringing(site, "N-3", "TAB", 1)
    scan(desk, "N-3", "A1")
    complete(desk)
    assert (on_hand(site, cam), on_hand(site, tab)) == ((0, 0), (1, 1))


def test_a_unit_may_come_back_on_the_order_that_it_came_in_on(site: Site) -> None:
    product(site, "CAM", 1)
    order_id = bringing(site, "N-1", "CAM", 2)
    received(site, order_id, "CAM", "A1")
    shipped(site, "S-1", "CAM", "A1")
    desk = desk_at(site, "N-1")
    scan(desk, "A1")
    complete(desk)
    assert counts(site, order_id) == (2, 0, 2, 2)


def test_the_mark_is_set_and_taken_away_once(site: Site) -> None:
    product(site, "CAM", 1)
    order_id = bringing(site, "N-2", "CAM", 1)
    again = purchase_orders.mark_returns(site, order_id, "repaired")
    assert isinstance(again, Refused)
    assert again.reasons[0].name == "marked-already"
    assert order_book.as_json(order_book.detail(site, order_id))["returns"] is True
    shipped(site, "S-1", "CAM", "A1")
    desk = desk_at(site, "N-2")
    scan(desk, "A1")
    assert isinstance(purchase_orders.mark_returns(site, order_id, "no more", off=True), Done)
    complete(desk)  # what was in hand still comes back
    assert rows(site)["A1"][:2] == ("Received", "N-2")
    assert [one.act for one in order_book.detail(site, order_id).acts] == [
        "Marked as bringing units back",
        "No longer brings units back",
    ]
    assert "returns" not in order_book.as_json(order_book.detail(site, order_id))
    assert isinstance(purchase_orders.mark_returns(site, order_id, " "), Refused)


def test_a_sheet_marks_an_order_and_an_empty_cell_says_nothing(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    product(site, "TAB", 1)

    def loaded(*marks: str) -> Loaded:
        rows_of = [f"W-EAST,NORDWIND,N-1,{sku},1,{mark}" for sku, mark in zip(("CAM", "TAB"), marks, strict=False)]
        file = tmp_path / "orders.csv"
        header = "Warehouse,Client,PO Number,SKU,Quantity,Returns"
        file.write_text("\n".join([header, *rows_of]) + "\n", encoding="utf-8")
        return load(site, [file])

    def marked() -> bool:
        with site.store.read() as tx:
            return orders.find(tx, "N-1")[0].brings_back

    assert loaded("Yes", "").reasons == ()
    assert marked()
    assert loaded("", "").reasons == ()
    assert marked()
    assert [one.name for one in loaded("No", "Yes").reasons] == ["head-differs"]
    changed = loaded("No")
    assert [one.differences for one in changed.changes] == [("brings no units back",)]
    assert not marked()
