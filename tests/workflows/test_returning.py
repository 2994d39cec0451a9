"""What comes back (RULES 2.22): scan by scan, booked at Complete, and what the rest of the house makes of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.reports import SerialRow
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.store import catalog, upkeep
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.master_data import products
from scanstation.workflows.orders import corrections, holding, order_book, return_book, shipment_orders
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests.builders import SETTINGS, product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import packed, received


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def shipped(
    site: Site, number: str, sku: str, *serials: str, scenario: int | None = 2, client: str = "NORDWIND"
) -> int:
    """An order that has left, with units that its packing created unless they were received before."""
    if scenario is not None:
        product(site, sku, scenario, client=client)
    order_id = shipment(site, number, {sku: len(serials)}, client=client)
    packed(site, order_id, sku, *serials)
    assert isinstance(shipment_orders.ship(site, order_id), Done)
    return order_id


def scan(desk: Desk, *codes: str) -> Verdict:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def rows(site: Site) -> dict[str, tuple[str, str | None, str | None, str | None]]:
    """The Serial Number Report: code → status, SO, warehouse, hold."""
    found = [row for row in reporting.rows(site, Report.SERIALS, Filters()) if isinstance(row, SerialRow)]
    return {str(row.primary): (row.status.value, row.shipment_order, row.warehouse, row.hold) for row in found}


def on_hand(site: Site, product_id: int) -> tuple[int, int]:
    with site.store.read() as tx:
        counted = catalog.on_hand(tx, [product_id])[product_id]
    return counted.units, counted.with_serials


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [1, 2])
def test_a_shipped_unit_is_received_again_and_its_order_keeps_its_counts(site: Site, scenario: int) -> None:
    sku = product(site, "CAM", scenario)
    if scenario == 1:
        received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", "A1", "A2")
    else:
        received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", quantity=2)
    order_id = shipped(site, "S-1", "CAM", "A1", "A2", scenario=None)
    desk = ReturnDesk(site)

    assert scan(desk, "RMA-7").reason == "new-return"
    scan(desk, "SS-YES")
    assert scan(desk, "A1").text == "A1 → CAM, back from S-1. It goes on hold. 1 unit in hand."
    assert rows(site)["A1"][0] == "Shipped"  # nothing before Complete
    (life,) = tracing.trace(site, "A1")
    assert life.standing == "Shipped, on Ana's open return RMA-7 at dock-2"

    assert scan(desk, "SS-COMPLETE").text == (
        "Return RMA-7 complete: 1 unit, 1 on hold. Scan the next return, or a unit."
    )
    assert rows(site)["A1"] == ("Received", None, "W-EAST", "returned RMA-7")
    (life,) = tracing.trace(site, "A1")
    assert [event.what.value for event in life.events][-3:] == ["Shipped", "Returned", "On hold"]
    back = life.events[-2]
    assert (back.order, back.source, back.reason) == ("S-1", "return", "RMA-7")
    line = order_book.detail(site, order_id).lines[0]
    assert (line.done, line.serials_present, line.serials_needed) == (2, 2, 2)
    assert on_hand(site, sku) == (1, 1)
    unshipped = shipment_orders.unship(site, order_id, "truck is back")
    assert isinstance(unshipped, Refused)
    assert unshipped.reasons[0].text == "S-1: A1 is Returned since. It stays Shipped."
    assert isinstance(corrections.unreceive(site, unit_of(site, "A2"), "no"), Refused)

    # It leaves again, and comes back again.
    holding.release(site, [unit_of(site, "A1")], "is fine")
    refused = corrections.unreceive(site, unit_of(site, "A1"), "never came")
    assert isinstance(refused, Refused)
    assert refused.reasons[0].name == "moved-on"
    shipped(site, "S-2", "CAM", "A1", scenario=None)
    assert on_hand(site, sku) == (0, 0)
    assert scan(desk, "A1").text == "A1 → CAM, back from S-2. It goes on hold. 1 unit in hand."
    scan(desk, "SS-COMPLETE")
    assert on_hand(site, sku) == (1, 1)


def test_a_unit_that_a_return_is_about_to_make_is_in_its_hands(site: Site) -> None:
    product(site, "CAM", 1)
    product(site, "TAB", 1)
    purchase(site, "N-1", {"CAM": 1})  # the station's warehouse
    desk = ReturnDesk(site)
    assert scan(desk, "CAM", "A1").reason == "unknown-return"
    unit_id = unit_of(site, "A1")
    for outcome in (
        corrections.correct(site, unit_id, "A1", "A2", "misread"),
        corrections.unpack(site, unit_id, "wrong box"),
        corrections.unreceive(site, unit_id, "never came"),
        corrections.dispose(site, unit_id, "broken"),
        regrade(site, unit_id, "TAB", "scratched"),
    ):
        assert isinstance(outcome, Refused)
        (reason,) = outcome.reasons
        assert reason.name == "held"
        assert reason.text.startswith("A1 is on Ana's open return R-1 at dock-2.")
    assert scan(desk, "SS-UNDO").accepted


def test_what_is_in_hand_keeps_its_settings(site: Site) -> None:
    product_id = product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 1})  # the station's warehouse
    desk = ReturnDesk(site)
    scan(desk, "CAM", "A1")
    before = products.read(site, product_id)
    wanted = replace(before, record=replace(before.record, settings=SETTINGS[0]))
    refused = products.save(site, before, wanted)
    assert isinstance(refused, Refused)
    assert [reason.name for reason in refused.reasons] == ["product-in-work"]
    scan(desk, "SS-COMPLETE")
    assert isinstance(products.save(site, before, wanted), Done)


@pytest.mark.parametrize("came", ["scanned", "by quantity", "as opening stock", "as an unknown return"])
def test_what_came_back_and_is_another_product_since_is_counted_once(site: Site, came: str) -> None:
    cam = product(site, "CAM", 1 if came == "scanned" else 2)
    tab = product(site, "TAB", 2)
    if came == "as opening stock":
        opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    elif came == "scanned":
        received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    elif came == "by quantity":
        received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", quantity=1)
    desk = ReturnDesk(site)
    if came == "as an unknown return":
        purchase(site, "N-1", {"TAB": 1})  # the station's warehouse
        scan(desk, "CAM", "A1")
    else:
        shipped(site, "S-1", "CAM", "A1", scenario=None)
        scan(desk, "A1")
    scan(desk, "SS-COMPLETE")
    assert (on_hand(site, cam), on_hand(site, tab)) == ((1, 1), (0, 0))
    assert isinstance(regrade(site, unit_of(site, "A1"), "TAB", "scratched"), Done)
    assert (on_hand(site, cam), on_hand(site, tab)) == ((0, 0), (1, 1))
    holding.release(site, [unit_of(site, "A1")], "is fine")
    shipped(site, "S-2", "TAB", "A1", scenario=None)
    assert (on_hand(site, cam), on_hand(site, tab)) == ((0, 0), (0, 0))


def test_a_unit_that_came_back_without_a_readable_serial_gets_one_of_the_house(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(site)
    assert scan(desk, "CAM", "SS-NOSERIAL").reason == "why-no-serial"
    assert scan(desk, "SS-REASON-4").reason == "no-such-reason"
    assert scan(desk, "SS-REASON-1").text == (
        "Write HS-000001 on the unit: CAM, an unknown return, on hold. 1 unit in hand."
    )
    scan(desk, "SS-UNDO")
    assert desk.view.prompt is not None
    scan(desk, "A1", "CAM", "SS-NOSERIAL", "SS-REASON-3", "SS-COMPLETE")
    assert rows(site)["A1"][3] == "returned R-1"  # why the other has none is not said of this one
    assert rows(site)["HS-000002"] == (
        "Received",
        None,
        "W-EAST",
        "unknown return R-1, no readable serial: maker's duplicate",
    )
    printing = ReturnDesk(replace(site, prints_labels=True))
    assert scan(printing, "CAM", "SS-NOSERIAL", "SS-REASON-1").text.startswith(
        "The label HS-000003 is being printed, stick it on the unit: CAM, an unknown return, on hold."
    )
    (life,) = tracing.trace(site, "HS-000002")
    first = life.events[0]
    assert (first.what.value, first.source) == ("Returned", "return")
    assert isinstance(corrections.correct(site, unit_of(site, "HS-000002"), "HS-000002", "A2", "found"), Done)


@pytest.mark.parametrize(
    ("scans", "said"),
    [
        (("R-7", "SS-YES", "SS-NOSERIAL"), "No serial is owed. Scan the product first, then SS-NOSERIAL."),
        (("CAM", "SS-UNDO", "X-1", "SS-NOSERIAL"), "Whose is X-1? Scan its product first, or cancel that unit."),
        (
            ("A1", "SS-NOSERIAL"),
            "A1 is known by that serial. If the secondary one cannot be read, say No: it goes on hold.",
        ),
        (("CAM", "SS-NOSERIAL", "SS-NO"), "Nothing was changed. Scan on."),
    ],
)
def test_a_serial_of_the_house_is_given_where_the_first_is_owed_and_nowhere_else(
    site: Site, scans: tuple[str, ...], said: str
) -> None:
    shipped(site, "S-1", "CAM", "A1/B1", scenario=4)
    assert scan(ReturnDesk(site), *scans).text == said


def test_a_site_may_take_what_comes_back_without_a_hold(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(replace(site, rules=replace(site.rules, returns_on_hold=False)))
    assert scan(desk, "A1").text == "A1 → CAM, back from S-1. 1 unit in hand."
    scan(desk, "SS-COMPLETE")
    assert rows(site)["A1"] == ("Received", None, "W-EAST", None)


def test_a_unit_comes_back_to_the_warehouse_of_the_station(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "B1")
    assert scan(ReturnDesk(site), "A1").reason == "no-warehouse"
    west = ReturnDesk(replace(site, warehouse="w-west"))
    scan(west, "A1", "SS-COMPLETE")
    assert rows(site)["A1"][2] == "W-WEST"


@pytest.mark.parametrize(("first", "kind", "other"), [("A1", "secondary", "L1"), ("L1", "primary", "A1")])
def test_of_two_codes_the_other_is_asked(site: Site, first: str, kind: str, other: str) -> None:
    shipped(site, "S-1", "CAM", "A1/L1", scenario=4)
    desk = ReturnDesk(site)
    scan(desk, first)
    prompt = desk.view.prompt
    assert prompt is not None
    assert prompt.kind.value == kind
    assert scan(desk, "SS-COMPLETE").reason == "serial-owed"
    assert scan(desk, "L9").reason == "wrong-part"
    assert scan(desk, other).text == f"{other} came back too, with {first}. It goes on hold. 1 unit in hand."
    scan(desk, "SS-COMPLETE")
    assert rows(site)["A1"][3] == "returned R-1"


def test_a_missing_part_is_an_answer_that_undo_takes_back(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1/L1", scenario=4)
    desk = ReturnDesk(replace(site, rules=replace(site.rules, returns_on_hold=False)))
    scan(desk, "A1")
    assert scan(desk, "SS-NO").reason == "part-missing"
    assert desk.view.prompt is None
    assert scan(desk, "SS-UNDO").text == "CAM A1, part missing is taken back. Scan the secondary serial of CAM."
    scan(desk, "SS-NO", "SS-COMPLETE")
    assert rows(site)["A1"][3] == "returned R-1, part missing: L1"


def test_what_did_not_leave_is_refused_with_what_can_be_done(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2", "A3", "A4")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A2")
    purchase(site, "N-1", {"CAM": 9})
    corrections.dispose(site, unit_of(site, "A4"), "wet")
    dock = Desk(replace(site, station="dock-9"), OrderKind.PURCHASE)
    scan(dock, "N-1", "CAM", "A5")
    desk = ReturnDesk(site)
    for code, reason, words in (
        ("A2", "return-packed", "is already Packed on SO S-1"),
        ("A5", "in-hand", "is on Ana's open receipt N-1 at dock-9"),
    ):
        verdict = scan(desk, code)
        assert verdict.reason == reason
        assert words in verdict.text
    assert desk.view.order is None  # nothing was opened for them


@pytest.mark.parametrize(("code", "says"), [("A1", "is already Received"), ("A4", "is already Disposed")])
def test_what_is_in_stock_or_no_stock_any_more_must_have_been_another_unit(site: Site, code: str, says: str) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A4")
    corrections.dispose(site, unit_of(site, "A4"), "wet")
    desk = ReturnDesk(site)
    asked = scan(desk, code)
    assert (asked.reason, says in asked.text) == ("not-away", True)
    assert scan(desk, "SS-NO").reason == "answered-no"
    assert desk.view.order is None
    scan(desk, code)
    answer = scan(desk, "SS-YES").text
    assert "this unit is HS-000001 from now on" in answer
    assert "Write HS-000001 on the unit." in answer
    on_hold = "another unit with this serial came back, R-1" if code == "A1" else None
    assert rows(site)["A1"][3] == on_hold
    undone = scan(desk, "SS-UNDO").text
    assert ("A1 is not on hold any more." in undone) == (code == "A1")
    assert rows(site)["A1"][3] is None
    scan(desk, code)
    scan(desk, "SS-YES")
    scan(desk, code)
    scan(desk, "SS-YES")
    assert "not on hold any more" not in scan(desk, "SS-UNDO").text, "another one came back under it all the same"
    scan(desk, "SS-COMPLETE")
    found = rows(site)
    assert found["HS-000002"] == ("Received", None, "W-EAST", f"unknown return R-1, its label says {code}")
    assert found["A1"][3] == on_hold


def test_undo_leaves_a_hold_that_it_has_not_put(site: Site) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2")
    holding.hold(site, [unit_of(site, "A1")], "box wet")
    desk = ReturnDesk(site)
    for code in ("A1", "A2"):
        scan(desk, code)
        scan(desk, "SS-YES")
    holding.release(site, [unit_of(site, "A2")], "looked at")
    holding.hold(site, [unit_of(site, "A2")], "box wet")
    scan(desk, "SS-UNDO")
    scan(desk, "SS-UNDO")
    assert [rows(site)[code][3] for code in ("A1", "A2")] == ["box wet", "box wet"]
    assert upkeep.findings(site.store) == []


def test_the_number_of_an_order_or_a_name_is_no_unknown_serial(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(site)
    scan(desk, "A1")
    for code in ("S-1", "W-EAST", "Ana", "N/A"):
        assert scan(desk, code).reason == "no-serial-here", code


def test_an_unknown_serial_is_an_unknown_return_of_the_product_that_is_scanned(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    product(site, "BAT", 0)
    desk = ReturnDesk(site)
    scan(desk, "A1")
    assert scan(desk, "X9").reason == "whose-serial"
    assert desk.view.whose == "X9"
    assert scan(desk, "SS-COMPLETE").reason == "product-owed"
    assert scan(desk, "nothing").reason == "product-owed"
    assert scan(desk, "BAT").reason == "return-untracked"
    assert scan(desk, "CAM").text == "X9 → CAM was never known to leave: an unknown return, on hold. 2 units in hand."
    # Its code is held from now on.
    purchase(site, "N-1", {"CAM": 1})
    product(site, "LENS", 1)
    (life,) = tracing.trace(site, "X9")
    assert life.standing == "on Ana's open return R-1 at dock-2"
    scan(desk, "SS-COMPLETE")
    assert rows(site)["X9"] == ("Received", None, "W-EAST", "unknown return R-1")
    (life,) = tracing.trace(site, "X9")
    assert [event.what.value for event in life.events] == ["Returned", "On hold"]


def test_a_code_of_an_open_return_is_refused_elsewhere(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    product(site, "LENS", 1)
    purchase(site, "N-1", {"LENS": 2})
    desk = ReturnDesk(site)
    scan(desk, "A1", "LENS", "X1")
    other = ReturnDesk(replace(site, station="dock-3"))
    assert scan(other, "A1").reason == "in-return"
    assert scan(other, "X1").reason == "in-return"
    assert scan(desk, "A1").reason == "in-return"
    dock = Desk(replace(site, station="dock-4"), OrderKind.PURCHASE)
    assert scan(dock, "N-1", "LENS", "X1").reason == "in-return"
    refused = shipment_orders.unship(site, 1, "truck is here")
    assert isinstance(refused, Refused)
    assert "open return" in refused.reasons[0].text
    assert isinstance(holding.hold(site, [unit_of(site, "X1")], "why"), Refused)


def test_undo_and_cancel_go_back_step_by_step(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2")
    desk = ReturnDesk(site)
    scan(desk, "A1", "CAM", "A2", "X1", "CAM")
    assert desk.view.order is not None
    assert desk.view.order.in_hand == 3
    said = [scan(desk, "SS-UNDO").text for _ in range(6)]
    assert said == [
        "CAM X1 is taken back. Scan the product of X1.",
        "X1 is taken back. Scan what came back.",
        "CAM A2 is taken back. Scan the primary serial of CAM.",
        "CAM is taken back. Scan what came back.",
        "CAM A1 is taken back. Scan what came back.",
        "There is nothing of this return left to take back.",
    ]
    scan(desk, "X1", "CAM", "X2")
    assert scan(desk, "SS-CANCEL").text == "X2 is dropped. Scan what came back."
    assert scan(desk, "SS-CANCEL").reason == "nothing-owed"
    scan(desk, "CAM", "SS-CANCEL", "SS-COMPLETE")
    assert sorted(rows(site)) == ["A1", "A2", "X1"]


def test_open_returns_outlive_their_desk_and_the_unit_that_lacks_something_goes_on(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1/L1", scenario=4)
    scan(ReturnDesk(site), "A1")
    later = ReturnDesk(replace(site, operator="Ben"))
    later.refresh()
    assert later.view.prompt is not None
    assert scan(later, "L1", "SS-COMPLETE").accepted


def test_a_hold_from_while_it_was_away_is_said_and_stays(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    holding.hold(site, [unit_of(site, "A1")], "recalled by the maker")
    desk = ReturnDesk(site)
    assert "It was on hold" in scan(desk, "A1").text
    scan(desk, "SS-COMPLETE")
    assert rows(site)["A1"][3] == "recalled by the maker"


def test_goods_without_serials_come_back_by_quantity(site: Site) -> None:
    sku = product(site, "BAT", 0)
    received(site, purchase(site, "N-1", {"BAT": 9}), "BAT", quantity=9)
    desk = ReturnDesk(site)
    assert scan(desk, "BAT").text == "1 × BAT taken, 1 unit in hand."
    assert scan(desk, "SS-QTY-4", "BAT").text == "4 × BAT taken, 5 units in hand."
    assert scan(desk, "SS-UNDO").text == "4 × BAT is taken back. Scan what came back."
    scan(desk, "SS-QTY-3", "BAT", "SS-COMPLETE")
    assert on_hand(site, sku) == (13, 0)


def test_units_with_serials_are_taken_one_by_one(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    assert scan(ReturnDesk(site), "SS-QTY-2", "CAM").reason == "one-by-one"


@pytest.mark.parametrize(
    ("code", "reason"),
    [("SS-HOME", "question-open"), ("N/A", "placeholder-not-serial"), ("https://x.example/1", "link-not-serial")],
)
def test_no_unknown_return_is_made_of_what_is_no_serial(site: Site, code: str, reason: str) -> None:
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(site)
    scan(desk, "CAM")
    if code == "SS-HOME":
        assert scan(desk, code).text.startswith("Home.")
        return
    assert scan(desk, code).reason == reason


def test_an_unknown_code_that_differs_only_by_its_mark_is_asked_about(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1-77")
    desk = ReturnDesk(site)
    assert scan(desk, "SN:A1-77").reason == "alike-return"
    assert scan(desk, "SS-YES").text.startswith("A1-77 → CAM, back from S-1.")


def test_a_corrected_code_leads_to_its_unit(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    corrections.correct(site, unit_of(site, "A1"), "A1", "B1", "misread")
    desk = ReturnDesk(site)
    assert scan(desk, "A1").text == "A1 is B1 now. Take that?"
    assert scan(desk, "SS-YES").accepted


def test_another_return_is_begun_after_this_one_is_completed(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2")
    desk = ReturnDesk(site)
    desk.open("RMA-1")
    desk.leave()
    desk.open("RMA-1")
    scan(desk, "A1")
    desk.open("RMA-2")
    assert desk.view.verdict is not None
    assert desk.view.verdict.reason == "next-return"
    assert (
        scan(desk, "SS-YES").text
        == "Return RMA-1 complete, 1 unit. Return RMA-2 is open, into W-EAST. Scan what came back."
    )
    assert rows(site)["A1"][0] == "Received"


@pytest.mark.both_stores
def test_another_station_takes_a_return_over_or_works_beside_it(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1/L1", "A2/L2", scenario=4)
    first, second = ReturnDesk(site), ReturnDesk(replace(site, station="dock-3", operator="Ben"))
    first.open("RMA-1")
    scan(first, "A1")
    second.open("RMA-1")
    assert second.view.question is not None
    assert scan(second, "SS-NO").text == "Return RMA-1 is open, into W-EAST. Scan what came back."
    second.leave()
    second.open("RMA-1")
    assert scan(second, "SS-YES").text == ("Return RMA-1 goes on, 1 unit in hand. Scan the secondary serial of CAM.")
    told = first.look_again()
    assert told is not None
    assert told.reason == "return-taken-over"
    assert first.look_again() is None
    scan(second, "L1", "SS-COMPLETE")
    assert rows(site)["A1"][0] == "Received"
    assert scan(first, "A2").text.startswith("A2 → CAM, back from S-1.")


def test_a_desk_whose_return_was_taken_over_books_nothing_with_its_next_scan(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2")
    first, second = ReturnDesk(site), ReturnDesk(replace(site, station="dock-3", operator="Ben"))
    scan(first, "A1")
    second.open("R-1")
    scan(second, "SS-YES")
    assert scan(first, "A2").reason == "return-taken-over"
    assert first.view.order is None


def test_a_scan_whose_answer_was_lost_counts_once(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(site)
    once = Scan("A1")
    desk.answer(once)
    assert desk.answer(once).verdict is not None
    assert desk.view.order is not None
    assert desk.view.order.in_hand == 1


def test_returns_are_listed_shown_and_closed(site: Site) -> None:
    shipped(site, "S-1", "CAM", "A1", "A2")
    desk = ReturnDesk(site)
    desk.open("RMA-1")
    scan(desk, "A1", "X1", "CAM", "SS-COMPLETE", "A2")
    no_list = {"expected": 0, "missing": 0}
    assert return_book.as_json(return_book.listed(site)) == [
        {"number": "R-2", "client": None, "status": "Open", "came_back": 0, "unknown": 0, "open": 1, **no_list},
        {"number": "RMA-1", "client": None, "status": "Open", "came_back": 2, "unknown": 1, "open": 0, **no_list},
    ]
    one = return_book.choose(site, "rma-1")
    assert not isinstance(one, Refused)
    goods = return_book.detail(site, one.id).goods
    assert [(item.primary, item.is_unknown, item.is_booked) for item in goods] == [
        ("A1", False, True),
        ("X1", True, True),
    ]
    assert isinstance(return_book.close(site, one.id), Done)
    twice = return_book.close(site, one.id)
    assert isinstance(twice, Refused)
    assert isinstance(return_book.choose(site, "RMA-9"), Refused)
    in_work = return_book.choose(site, "R-2")
    assert not isinstance(in_work, Refused)
    assert isinstance(return_book.close(site, in_work.id), Refused)
    # What comes to a closed one all the same goes on hold, whatever the site wants.
    scan(desk, "SS-COMPLETE")
    lax = ReturnDesk(replace(site, rules=replace(site.rules, returns_on_hold=False)))
    lax.open("RMA-1")
    assert lax.view.verdict is not None
    assert lax.view.verdict.reason == "return-closed"
    holding.release(site, [unit_of(site, "A2")], "fine")
    shipped(site, "S-2", "CAM", "A2", scenario=None)
    scan(lax, "SS-YES", "A2", "SS-COMPLETE")
    assert rows(site)["A2"][3] == "returned RMA-1, return was closed"


def test_a_returned_unit_has_moved_on_from_the_import_that_brought_it(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 7)
    bought = purchase(site, "N-1", {"CAM": 1})
    received(site, bought, "CAM", quantity=1)
    sheet = tmp_path / "serials.csv"
    sheet.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\nW-EAST,NORDWIND,N-1,CAM,A1,L1\n"
    )
    assert isinstance(import_serials(site, OrderKind.PURCHASE, sheet), Done)
    sold = shipment(site, "S-1", {"CAM": 1})
    packed(site, sold, "CAM", quantity=1)
    sheet.write_text("Warehouse,Client,SO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,S-1,CAM,A1\n")
    assert isinstance(import_serials(site, OrderKind.SHIPMENT, sheet), Done)
    assert isinstance(shipment_orders.ship(site, sold), Done)
    desk = ReturnDesk(replace(site, rules=replace(site.rules, returns_on_hold=False)))
    scan(desk, "A1", "L1", "SS-COMPLETE")
    refused = removing.remove_serials(site, OrderKind.PURCHASE, bought)
    assert isinstance(refused, Refused)
    assert "has come back" in refused.reasons[0].text
    # The shipment was imported in full all the same: nothing more is taken on it.
    sheet.write_text("Warehouse,Client,SO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,S-1,CAM,A1\n")
    again = import_serials(site, OrderKind.SHIPMENT, sheet)
    assert isinstance(again, Refused), again


def test_a_packed_unit_that_was_returned_before_is_unpacked_to_received(site: Site) -> None:
    """Unpacking removes what this packing created, and no unit that came back."""
    shipped(site, "S-1", "CAM", "A1")
    desk = ReturnDesk(site)
    scan(desk, "A1", "SS-COMPLETE")
    holding.release(site, [unit_of(site, "A1")], "fine")
    packed(site, shipment(site, "S-2", {"CAM": 1}), "CAM", "A1")
    corrections.unpack(site, unit_of(site, "A1"), "wrong one")
    assert rows(site)["A1"][0] == "Received"
