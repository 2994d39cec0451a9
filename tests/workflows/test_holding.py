"""On hold (RULES 2.23): what is not to leave does not, whichever way somebody tries; releasing it lets it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store import upkeep
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections, holding, shipment_orders
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import open_work, received

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


@pytest.fixture
def dock(site: Site) -> Site:
    """Four Received cameras and two packed ones, of products of the scenarios 1 and 5."""
    product(site, "CAM", 1)
    product(site, "TAB", 5)
    bought = purchase(site, "N-1", {"CAM": 6, "TAB": 2})
    received(site, bought, "CAM", *(f"SN-{number}" for number in range(1, 5)))
    return site


def units(site: Site, *codes: str) -> list[int]:
    chosen = holding.chosen(site, codes)
    assert not isinstance(chosen, Refused), chosen
    return chosen


def put(site: Site, *codes: str, reason: str = "damaged box") -> Done:
    outcome = holding.hold(site, units(site, *codes), reason)
    assert isinstance(outcome, Done), outcome
    return outcome


def lift(site: Site, *codes: str) -> Done:
    outcome = holding.release(site, units(site, *codes), "looked at, good")
    assert isinstance(outcome, Done), outcome
    return outcome


def standing(site: Site, code: str) -> UnitStatus:
    (life,) = tracing.trace(site, code)
    return life.unit.status


def told(desk: Desk, code: str) -> Verdict:
    verdict = desk.answer(Scan(code)).verdict
    assert verdict is not None
    return verdict


def at(site: Site, kind: OrderKind, *codes: str) -> Desk:
    desk = Desk(site, kind)
    for code in codes:
        desk.answer(Scan(code))
    return desk


@pytest.mark.both_stores
def test_it_is_not_packed_until_it_is_released(dock: Site) -> None:
    shipment(dock, "S-1", {"CAM": 2})
    assert put(dock, "SN-1").text == "SN-1 is on hold now."
    desk = at(dock, SO, "S-1", "CAM")
    verdict = told(desk, "SN-1")
    assert (verdict.tone, verdict.reason) == (Tone.STOP, "on-hold")
    assert "damaged box" in verdict.text
    assert told(desk, "SN-2").accepted
    assert told(desk, "SN-1").reason == "on-hold"  # where no prompt is open
    lift(dock, "SN-1")
    assert told(desk, "SN-1").accepted
    assert told(desk, "SS-COMPLETE").accepted
    assert standing(dock, "SN-1") is UnitStatus.PACKED


@pytest.mark.both_stores
def test_set_in_open_work_it_keeps_that_from_being_completed(dock: Site) -> None:
    sold = shipment(dock, "S-1", {"CAM": 2})
    desk = at(dock, SO, "S-1", "CAM", "SN-1", "CAM", "SN-2")
    notes = put(replace(dock, operator="Bo", station="office"), "SN-2").notes
    assert "open packing S-1 at dock-2" in notes[0]
    news = desk.look_again()
    assert news is not None
    assert (news.tone, news.text) == (
        Tone.STOP,
        "SN-2 was put on hold by Bo: damaged box. Take it out with Undo, then complete.",
    )
    assert desk.look_again() is None, "it is said once"
    verdict = told(desk, "SS-COMPLETE")
    assert (verdict.tone, verdict.reason) == (Tone.STOP, "on-hold")
    assert "SN-2 was put on hold" in verdict.text
    desk.answer(Scan("SS-UNDO"))
    assert desk.look_again() is None
    assert told(desk, "SN-3").accepted
    assert told(desk, "SS-COMPLETE").accepted
    assert isinstance(shipment_orders.ship(dock, sold), Done)


def test_the_next_order_does_not_complete_it_with_one_on_hold(dock: Site) -> None:
    for number in ("S-2", "S-3"):
        shipment(dock, number, {"CAM": 1})
    desk = at(dock, SO, "S-2", "CAM", "SN-1")
    put(dock, "SN-1")
    assert told(desk, "S-3").reason == "on-hold"
    assert told(desk, "SS-UNDO").accepted
    assert told(desk, "SN-2").accepted
    assert told(desk, "S-3").text.startswith("S-2 complete, 1 unit. S-3 is open")


@pytest.mark.both_stores
def test_what_was_only_scanned_into_a_box_keeps_it_from_leaving_too(dock: Site) -> None:
    opening(dock, "NORDWIND", "W-EAST", "TAB", "T-1", "T-2")
    sold = shipment(dock, "S-1", {"TAB": 1})
    desk = at(dock, SO, "S-1", "T-1")
    put(dock, "T-1")
    news = desk.look_again()
    assert news is not None
    assert (news.tone, news.reason) == (Tone.STOP, "on-hold")
    assert desk.look_again() is None, "it is said once"
    assert told(desk, "SS-COMPLETE").reason == "on-hold"
    assert told(desk, "SS-UNDO").accepted
    assert told(desk, "T-2").accepted
    assert told(desk, "SS-COMPLETE").accepted

    put(dock, "T-2")
    for reason in (None, "truck waits"):
        outcome = shipment_orders.ship(dock, sold, without_serials_reason=reason)
        assert isinstance(outcome, Refused)
        assert [one.name for one in outcome.reasons] == ["on-hold" if reason else "serials-missing"]
    assert isinstance(corrections.unpack(dock, units(dock, "T-2")[0], "on hold"), Done)
    assert standing(dock, "T-2") is UnitStatus.RECEIVED


def test_a_hold_in_between_tells_nothing_that_packing_has_not_booked(dock: Site) -> None:
    product(dock, "LAP", 4)
    opening(dock, "NORDWIND", "W-EAST", "LAP", "L-1")
    shipment(dock, "S-1", {"LAP": 1})
    desk = at(dock, SO, "S-1", "LAP", "L-1", "M-1")
    put(dock, "L-1")
    assert tracing.trace(dock, "L-1")[0].events[-1].secondary is None
    lift(dock, "L-1")
    assert told(desk, "SS-COMPLETE").accepted
    (unit_id,) = units(dock, "M-1")
    assert isinstance(corrections.unpack(dock, unit_id, "wrong box"), Done)
    unit = corrections.choose(dock, "L-1")
    assert not isinstance(unit, Refused)
    assert unit.unit.secondary is None  # packing had added it


@pytest.mark.both_stores
def test_its_order_does_not_ship(dock: Site) -> None:
    sold = shipment(dock, "S-1", {"CAM": 1})
    at(dock, SO, "S-1", "CAM", "SN-1", "SS-COMPLETE")
    assert "1 unit is Packed" in put(dock, "SN-1").notes[0]
    outcome = shipment_orders.ship(dock, sold)
    assert isinstance(outcome, Refused)
    assert [one.name for one in outcome.reasons] == ["on-hold"]
    outcome = shipment_orders.ship(dock, sold, without_serials_reason="truck waits")
    assert isinstance(outcome, Refused)
    assert isinstance(corrections.unpack(dock, units(dock, "SN-1")[0], "on hold"), Done)
    assert standing(dock, "SN-1") is UnitStatus.RECEIVED
    lift(dock, "SN-1")


@pytest.mark.both_stores
def test_an_import_refuses_its_row_and_says_why(dock: Site, tmp_path: Path) -> None:
    bought, sold = purchase(dock, "N-2", {"TAB": 2}), shipment(dock, "S-5", {"TAB": 2})
    open_work(dock, bought, "TAB", quantity=2)
    at(dock, PO, "N-2", "SS-COMPLETE")
    head = "Warehouse,Client,{} Number,SKU,Primary Serial Number\n"
    file = tmp_path / "po.csv"
    file.write_text(head.format("PO") + "W-EAST,NORDWIND,N-2,TAB,T-1\nW-EAST,NORDWIND,N-2,TAB,T-2\n")
    assert isinstance(import_serials(dock, PO, file), Done)
    open_work(dock, sold, "TAB", quantity=2)
    at(dock, SO, "S-5", "SS-COMPLETE")
    put(dock, "T-2", reason="recall 7")
    file = tmp_path / "so.csv"
    file.write_text(head.format("SO") + "W-EAST,NORDWIND,S-5,TAB,T-1\nW-EAST,NORDWIND,S-5,TAB,T-2\n")
    outcome = import_serials(dock, SO, file)
    assert isinstance(outcome, Refused)
    assert "T-2 is on hold since" in outcome.text
    assert "recall 7" in outcome.text
    removal = removing.remove_serials(dock, PO, bought)
    assert isinstance(removal, Refused)
    assert "Lift the hold first." in removal.text
    lift(dock, "T-2")
    assert isinstance(import_serials(dock, SO, file), Done)


def test_what_never_came_is_not_said_of_it(dock: Site) -> None:
    put(dock, "SN-1")
    outcome = corrections.unreceive(dock, units(dock, "SN-1")[0], "never came")
    assert isinstance(outcome, Refused)
    assert outcome.reasons[0].name == "on-hold"
    assert isinstance(corrections.correct(dock, units(dock, "SN-1")[0], "SN-1", "SN-9", "misread"), Done)
    (life,) = tracing.trace(dock, "SN-9")
    assert life.unit.on_hold == "damaged box"


def test_all_or_none_and_once(dock: Site) -> None:
    held = open_work(dock, purchase(dock, "N-3", {"CAM": 1}), "CAM", serials=["SN-NEW"])
    assert held
    both = units(dock, "SN-1", "SN-NEW")
    outcome = holding.hold(dock, both, "wet")
    assert isinstance(outcome, Refused)
    assert "complete it there first" in outcome.text.lower()
    assert not [*reporting.rows(dock, Report.SERIALS, Filters(on_hold=True))]
    assert isinstance(holding.hold(dock, units(dock, "SN-1"), "  "), Refused)
    put(dock, "SN-1")
    again = holding.hold(dock, units(dock, "SN-1"), "wet")
    assert isinstance(again, Refused)
    assert "damaged box" in again.text
    assert put(dock, "SN-1", "SN-2", reason="wet").notes == ("1 unit was on hold already.",)
    unknown = holding.chosen(dock, ["SN-1", "SN-77", "SN-78"])
    assert isinstance(unknown, Refused)
    assert len(unknown.reasons) == 2
    assert isinstance(holding.release(dock, units(dock, "SN-3"), "good"), Refused)


def test_by_what_they_are(dock: Site) -> None:
    sold = shipment(dock, "S-1", {"CAM": 1})
    at(dock, SO, "S-1", "CAM", "SN-1", "SS-COMPLETE")
    assert isinstance(shipment_orders.ship(dock, sold), Done)
    chosen = holding.fitting(dock, Filters(sku="cam", purchase_order="N-1"), on_hold=False)
    assert not isinstance(chosen, Refused)
    assert holding.preview(dock, chosen) == ["CAM: 3 units Received", "CAM: 1 unit Shipped"]
    outcome = holding.hold(dock, chosen, "recall")
    assert isinstance(outcome, Done)
    assert outcome.notes == ("1 unit has left: the hold stops nothing there.",)
    assert isinstance(holding.fitting(dock, Filters(sku="TAB"), on_hold=False), Refused)
    assert isinstance(holding.fitting(dock, Filters(sku="CAM"), on_hold=False), Refused)
    assert len(units(dock, *(f"SN-{number}" for number in range(1, 5)))) == 4


def test_the_report_and_the_trace_say_so(dock: Site) -> None:
    put(dock, "SN-2")
    (row,) = reporting.rows(dock, Report.SERIALS, Filters(on_hold=True))
    assert isinstance(row, reporting.SerialRow)
    assert (row.primary, row.hold) == ("SN-2", "damaged box")
    assert "hold" in Report.SERIALS.columns
    (life,) = tracing.trace(dock, "SN-2")
    assert life.standing == "Received, on hold: damaged box"
    assert [event.what.value for event in life.events] == ["Received", "On hold"]
    lift(dock, "SN-2")
    (life,) = tracing.trace(dock, "SN-2")
    assert life.standing == "Received"
    assert [event.reason for event in life.events][1:] == ["damaged box", "looked at, good"]
    assert tracing.as_json([life])[0]["hold"] is None


@pytest.mark.parametrize("way", ["unpacked", "cancelled", "removed"])
def test_a_serial_that_packing_brought_stays_on_hold_whichever_way_it_comes_out(
    site: Site, tmp_path: Path, way: str
) -> None:
    """Gone, its serial would be new to the next packing, and leave after all."""
    product(site, "CAM", 8 if way == "removed" else 2)
    sold = shipment(site, "S-1", {"CAM": 2})
    if way == "removed":
        open_work(site, sold, "CAM", quantity=2)
        at(site, SO, "S-1", "SS-COMPLETE")
        file = tmp_path / "so.csv"
        rows = "".join(f"W-EAST,NORDWIND,S-1,CAM,{n},{n}B\n" for n in ("A1", "A2"))
        file.write_text(f"Warehouse,Client,SO Number,SKU,Primary Serial Number,Secondary Serial Number\n{rows}")
        assert isinstance(import_serials(site, SO, file), Done)
    else:
        at(site, SO, "S-1", "CAM", "A1", "CAM", "A2", "SS-COMPLETE")
    put(site, "A1", reason="recalled")
    done: Done | Refused
    if way == "removed":
        done = removing.remove_serials(site, SO, sold)
    elif way == "cancelled":
        done = shipment_orders.cancel(site, sold, "customer gone")
    else:
        done = corrections.unpack(site, units(site, "A1")[0], "recalled")
    assert isinstance(done, Done), done
    (life,) = tracing.trace(site, "A1")
    assert life.standing == "Received, on hold: recalled"
    if way != "unpacked":
        assert standing(site, "A2") is UnitStatus.GONE
        return
    assert done.notes[-1] == "It is on hold, and stays so."
    assert told(at(site, SO, "S-1", "CAM"), "A1").reason == "on-hold"
    lift(site, "A1")
    assert told(at(site, SO, "S-1"), "A1").accepted
    at(site, SO, "S-1", "SS-COMPLETE")
    assert isinstance(corrections.unpack(site, units(site, "A1")[0], "counted wrong"), Done)
    assert standing(site, "A1") is UnitStatus.RECEIVED, "this packing has not created it"


def test_a_site_may_want_another_person_to_release(dock: Site) -> None:
    two = replace(dock, rules=replace(dock.rules, two_persons=True))
    put(two, "SN-1", "SN-2")
    outcome = holding.release(two, units(two, "SN-1"), "good")
    assert isinstance(outcome, Refused)
    assert outcome.text == "SN-1 was put on hold by Ana: another person releases it."
    assert lift(replace(two, operator="Bo"), "SN-1")
