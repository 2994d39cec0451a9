"""SS-NOSERIAL (RULES 2.8): a unit whose serial nobody can read gets one of the house."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from scanstation.domain.outcome import Done
from scanstation.domain.reports import Filters, HistoryRow
from scanstation.domain.status import OrderKind
from scanstation.domain.units import NamedUnit
from scanstation.store import house_serials
from scanstation.store import tables as t
from scanstation.store.store import Store
from scanstation.workflows.access import signing_in
from scanstation.workflows.orders import corrections, holding
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.overview import Watch
from scanstation.workflows.reports.reporting import Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening
from tests.staff import PIN, badge_of, turn_on
from tests.workflows.at_the_desk import said, scan, text

RECEIVE, PACK = OrderKind.PURCHASE, OrderKind.SHIPMENT


@pytest.fixture
def yard(site: Site) -> Site:
    """An order of two of each product, in and out."""
    skus = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4}
    for sku, scenario in skus.items():
        builders.product(site, sku, scenario, pattern="SN-[0-9]+", secondary_pattern="L-[0-9]+" if scenario > 2 else "")
    builders.purchase(site, "N-1", dict.fromkeys(skus, 2))
    builders.shipment(site, "S-1", dict.fromkeys(skus, 2))
    return site


def to_be_found(site: Site) -> int:
    with site.store.read() as tx:
        return house_serials.count(tx)


def happened(site: Site, code: str) -> list[tuple[str, str, str]]:
    (life,) = tracing.trace(site, code)
    return [(event.what.value, event.source, event.reason) for event in life.events]


def test_receiving_gives_it_and_puts_the_unit_on_hold(yard: Site) -> None:
    desk = Desk(yard, RECEIVE)
    asked = scan(desk, "N-1", "ONE", "SS-NOSERIAL")
    assert said(asked) == ("CHECK", "why-no-serial")
    assert asked.question is not None
    assert asked.question.choices == ("unreadable", "none on the unit", "maker's duplicate")
    assert text(scan(desk, "SS-REASON-1")).startswith("Write HS-000001 on the unit, which goes on hold: ONE, 1 of 2.")
    scan(desk, "THREE", "SS-NOSERIAL")
    answer = text(desk.choose(3))
    assert answer == "Write HS-000002 on the unit, which goes on hold. Now the secondary serial of THREE, unit 1."
    scan(desk, "L-1", "SS-COMPLETE")
    assert "2 units are on hold under a house serial" in text(desk.yes())

    assert happened(yard, "HS-000001") == [
        ("Received", "house", ""),
        ("On hold", "house", "no readable serial: unreadable"),
    ]
    assert happened(yard, "L-1")[-1] == ("On hold", "house", "no readable serial: maker's duplicate")
    assert to_be_found(yard) == Watch(yard).look().to_be_found == 2
    (life,) = tracing.trace(yard, "HS-000001")
    assert life.standing == "Received, on hold: no readable serial: unreadable"
    history = [row for row in reporting.rows(yard, Report.RECEIVING_HISTORY, Filters()) if isinstance(row, HistoryRow)]
    assert {(row.source, row.primary) for row in history} == {("house", "HS-000001"), ("house", "HS-000002")}
    assert said(scan(Desk(yard, PACK), "S-1", "ONE", "HS-000001")) == ("STOP", "on-hold")


@pytest.mark.parametrize(
    ("kind", "codes", "goes_on"),
    [
        (RECEIVE, ("N-1", "ONE"), ", which goes on hold: ONE, 1 of 2."),
        (RECEIVE, ("N-1", "THREE"), ", which goes on hold. Now the secondary serial of THREE, unit 1."),
        (PACK, ("S-1", "TWO"), ": TWO, 1 of 2."),
    ],
)
def test_where_its_label_is_printed_nobody_is_told_to_write_it(
    yard: Site, kind: OrderKind, codes: tuple[str, ...], goes_on: str
) -> None:
    desk = Desk(replace(yard, prints_labels=True), kind)
    answer = text(scan(desk, *codes, "SS-NOSERIAL", "SS-REASON-1"))
    assert answer.startswith(f"The label HS-000001 is being printed, stick it on the unit{goes_on}")


def test_the_serial_that_is_found_later_is_a_correction(yard: Site) -> None:
    scan(Desk(yard, RECEIVE), "N-1", "ONE", "SS-NOSERIAL", "SS-REASON-2", "SS-COMPLETE", "SS-YES")
    named = corrections.choose(yard, "HS-000001")
    assert isinstance(named, NamedUnit)
    assert isinstance(corrections.correct(yard, named.unit.id, "HS-000001", "SN-77", "below the sticker"), Done)
    assert to_be_found(yard) == 0
    assert isinstance(holding.release(yard, [named.unit.id], "found"), Done)
    assert text(scan(Desk(yard, PACK), "S-1", "ONE", "SN-77")).startswith("SN-77 → ONE, 1 of 2")


def test_packing_marks_it_without_a_hold_where_a_serial_may_be_new(yard: Site) -> None:
    desk = Desk(yard, PACK)
    assert text(scan(desk, "S-1", "TWO", "SS-NOSERIAL", "SS-REASON-1")).startswith("Write HS-000001 on the unit: TWO")
    scan(desk, "FOUR", "SN-1", "SS-NOSERIAL", "SS-REASON-2", "SS-COMPLETE", "SS-YES")
    assert happened(yard, "HS-000001") == [("Packed", "house", "")]
    (life,) = tracing.trace(yard, "HS-000001")
    assert life.standing == "Packed, its own serial is to be found (unreadable)"
    assert [one["no_serial"] for one in tracing.as_json([life])] == ["unreadable"]
    assert happened(yard, "HS-000002") == [("Packed", "scan", "")]
    assert to_be_found(yard) == 2


@pytest.mark.parametrize("sku", ["ONE", "THREE"])
def test_packing_wants_what_was_received_in_1_and_3(yard: Site, sku: str) -> None:
    assert said(scan(Desk(yard, PACK), "S-1", sku, "SS-NOSERIAL")) == ("STOP", "no-serial-due")
    assert to_be_found(yard) == 0


def test_a_known_units_other_code_is_not_made_up(yard: Site) -> None:
    opening(yard, "NORDWIND", "W-EAST", "FOUR", ("SN-1", "L-1"))
    assert said(scan(Desk(yard, PACK), "S-1", "FOUR", "SN-1", "SS-NOSERIAL")) == ("STOP", "no-serial-due")


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (("SS-NOSERIAL",), "no-order"),
        (("N-1", "SS-NOSERIAL"), "no-serial-due"),
        (("N-1", "TWO", "SS-NOSERIAL"), "no-serial-due"),
        (("N-1", "SS-REASON-1"), "no-such-reason"),
        (("N-1", "ONE", "SS-REASON-1"), "serial-owed"),
        (("N-1", "ONE", "SS-NOSERIAL", "SS-REASON-4"), "no-such-reason"),
        (("N-1", "ONE", "SS-NOSERIAL", "SS-YES"), "which-reason"),
        (("N-1", "ONE", "SS-NOSERIAL", "SN-1"), "question-open"),
        (("N-1", "ONE", "SS-NOSERIAL", "SS-NO"), "answered-no"),
    ],
)
def test_nothing_is_given_where_nothing_is_owed_or_no_reason_said(
    yard: Site, codes: tuple[str, ...], reason: str
) -> None:
    assert scan(Desk(yard, RECEIVE), *codes).verdict.reason == reason  # type: ignore[union-attr]
    with yard.store.read() as tx:
        assert tx.execute(select(t.house_serial)).all() == []


def test_undo_and_cancel_give_no_number_twice(yard: Site) -> None:
    desk = Desk(yard, RECEIVE)
    scan(desk, "N-1", "ONE", "SS-NOSERIAL", "SS-REASON-1", "SS-UNDO")
    assert desk.view.prompt is not None
    assert text(scan(desk, "SS-NOSERIAL", "SS-REASON-1")).startswith("Write HS-000002")
    scan(desk, "THREE", "SS-NOSERIAL", "SS-REASON-1", "SS-CANCEL", "THREE", "SS-NOSERIAL", "SS-REASON-1")
    assert "HS-000004" in text(desk.view)


def test_a_site_has_its_own_prefix(yard: Site) -> None:
    site = replace(yard, rules=replace(yard.rules, house_prefix="NW/"))
    assert text(scan(Desk(site, RECEIVE), "N-1", "ONE", "SS-NOSERIAL", "SS-REASON-1")).startswith("Write NW/000001")


def test_packing_without_one_takes_the_right_and_the_pin(yard: Site) -> None:
    packer, lead = badge_of(yard, "Ana", "packer"), badge_of(yard, "Lea", "supervisor")
    turn_on(yard)
    desk = Desk(yard, PACK)
    signing_in.by_badge(yard, packer)
    assert said(scan(desk, "S-1", "TWO", "SS-NOSERIAL")) == ("STOP", "no-right")
    signing_in.by_badge(yard, lead)
    assert said(scan(desk, "SS-NOSERIAL", "SS-REASON-2")) == ("STOP", "pin")
    assert desk.view.question is not None, "it is asked until the PIN is there"
    assert to_be_found(yard) == 0
    assert isinstance(signing_in.prove(yard, PIN), Done)
    assert text(desk.once_more()).startswith("Write HS-000001 on the unit: TWO")
    assert desk.view.question is None
    assert desk.once_more() is desk.view, "nothing lacks a PIN any more"


@pytest.mark.both_stores
def test_two_stations_at_once(store: Store) -> None:
    site = Site(store, "Ana", "dock-2")
    builders.product(site, "ONE", 1)
    for number in ("N-1", "N-2"):
        builders.purchase(site, number, {"ONE": 2})
    ana, ben = Desk(site, RECEIVE), Desk(site.at_station("dock-1"), RECEIVE)
    for desk, number in ((ana, "N-1"), (ben, "N-2")):
        scan(desk, number, "SS-QTY-2", "ONE", "SS-NOSERIAL")
    given = [text(desk.choose(1)).split()[1] for desk in (ana, ben)]
    for desk in (ana, ben):
        given.append(text(scan(desk, "SS-NOSERIAL", "SS-REASON-1")).split()[1])
        assert "2 units are on hold" in text(desk.complete())
    assert given == [f"HS-00000{number}" for number in range(1, 5)]
    assert to_be_found(site) == 4
