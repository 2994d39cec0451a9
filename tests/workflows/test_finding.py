"""What was given up is there after all: lost on a transfer, and found at one of its ends (RULES 2.27, 2.28)."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.domain.transfers import Leg, Missing
from scanstation.domain.units import Disposal
from scanstation.store import holds
from scanstation.store.upkeep import findings
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections, count_book, finding, holding, transfer_book
from scanstation.workflows.reports import count_report, tracing
from scanstation.workflows.reports.reporting import narrowed
from scanstation.workflows.reports.stock import stock
from scanstation.workflows.reports.tracing import Life
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done, names
from tests.serials import opening
from tests.workflows.at_the_desk import scan
from tests.workflows.done_work import received
from tests.workflows.goods_to_transfer import laptops_and_cables


@pytest.fixture
def lost(site: Site) -> int:
    """Of T-1, from W-EAST to W-WEST, two laptops are lost, one of them on hold, and three cables."""
    laptops = laptops_and_cables(site)
    site.store.act(lambda tx: holds.put(tx, laptops[1:2], "box wet", site.stamp(), Source.TYPED))
    done(transfer_book.begin(site, "W-EAST", "W-WEST"))
    chosen = transfer_book.choose(site, "T-1")
    assert not isinstance(chosen, Refused)
    done(transfer_book.send(site, chosen.id, ["A1", "A2", "A3"]))
    done(transfer_book.take_in(site, chosen.id, ["A3"]))
    done(transfer_book.send_goods(site, chosen.id, "NORDWIND", "CBL", 10))
    done(transfer_book.take_in_goods(site, chosen.id, "NORDWIND", "CBL", 7))
    done(transfer_book.close(site, chosen.id, Missing.LOST, "truck came half empty"))
    return chosen.id


def on_hand(site: Site, sku: str) -> object:
    listing = stock(site, narrowed(sku=sku))
    (row,) = listing.read()
    return dict(zip(listing.headings, row, strict=True))["on_hand"]


def stands(site: Site, code: str) -> tuple[str, str]:
    one = life(site, code)
    return one.unit.warehouse, one.standing


def life(site: Site, code: str) -> Life:
    (one,) = tracing.trace(site, code)
    return one


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("warehouse", "leg"),
    [("w-west", Leg.ARRIVED), ("W-EAST", Leg.BACK)],
)
def test_a_unit_lost_on_a_transfer_is_found_at_either_end_the_same_unit_and_on_hold_as_it_was(
    site: Site, lost: int, warehouse: str, leg: Leg
) -> None:
    before = {code: life(site, code).unit.id for code in ("A1", "A2")}
    assert on_hand(site, "LAP") == 2
    told = done(finding.found_again(site, before["A1"], "under the seat", warehouse=warehouse))
    assert told.text == f"A1 is found again: Received in {warehouse.upper()}."
    assert told.notes == ()
    told = done(finding.found_again(site, before["A2"], "under the seat", warehouse=warehouse))
    assert told.notes == ("It is on hold again, as it was.",)
    assert stands(site, "A1") == (warehouse.upper(), "Received")
    assert stands(site, "A2") == (warehouse.upper(), "Received, on hold: box wet")
    assert on_hand(site, "LAP") == 4
    assert {code: life(site, code).unit.id for code in before} == before
    last = [event for event in life(site, "A1").events if event.what.value == "Found again"]
    assert [event.reason for event in last] == [f"T-1, in {warehouse.upper()}: under the seat"]
    legs = {unit.primary: unit.leg for unit in transfer_book.detail(site, lost).units}
    assert legs == {"A1": leg, "A2": leg, "A3": Leg.ARRIVED}
    assert names(finding.found_again(site, before["A1"], "twice", warehouse=warehouse)) == ["not-written-off"]
    assert findings(site.store) == []


def test_where_it_is_found_is_the_stations_own_end_or_has_to_be_said(site: Site, lost: int) -> None:
    del lost
    unit = life(site, "A1").unit.id
    assert finding.places(site, unit) == ("W-EAST", "W-WEST")
    for warehouse in ("", "W-NORTH"):
        refused = finding.found_again(site, unit, "there", warehouse=warehouse)
        assert names(refused) == ["found-where"]
    assert isinstance(refused, Refused)
    assert refused.text == (
        "T-1, which lost A1, went from W-EAST to W-WEST. Say at which of the two it was found: --warehouse."
    )
    here = replace(site, warehouse="w-west")
    assert finding.places(here, unit) == ("W-WEST",)
    assert names(finding.found_again(here, unit, " ")) == ["reason-missing"]
    done(finding.found_again(here, unit, "on the ramp"))
    assert stands(site, "A1") == ("W-WEST", "Received")


def test_whoever_scans_a_lost_unit_is_told_the_way(site: Site, lost: int) -> None:
    del lost
    west = replace(site, warehouse="W-WEST")
    builders.purchase(site, "N-2", {"LAP": 1})
    builders.shipment(site, "S-2", {"LAP": 1})
    way = "If this is that unit, F3, and whoever may correct finds it again there."
    for order, kind in (("N-2", OrderKind.PURCHASE), ("S-2", OrderKind.SHIPMENT)):
        desk = Desk(replace(site, station=f"bench {kind}"), kind)
        for scans in (("A1",), ("LAP", "A1")):
            scan(desk, order, *scans)
            verdict = desk.view.verdict
            assert verdict is not None
            assert verdict.reason == "already-disposed", order
            assert verdict.text.startswith("A1 was given up as lost, "), order
            assert verdict.text.endswith(way), order
    returns = ReturnDesk(west)
    returns.answer(Scan("A1"))
    assert returns.view.verdict is not None
    assert returns.view.verdict.reason == "not-away"
    assert returns.view.verdict.text.endswith("That unit? Then No, and F3. Was another one shipped?")
    transfers = TransferDesk(west)
    transfers.answer(Scan("T-1"))
    transfers.answer(Scan("A1"))
    assert transfers.view.verdict is not None
    assert transfers.view.verdict.reason == "not-on-the-way"
    assert "may be found again (F3)" in transfers.view.verdict.text


def test_a_code_that_was_corrected_since_does_not_hide_that_it_was_lost(site: Site, lost: int) -> None:
    del lost
    unit = life(site, "A1").unit.id
    done(corrections.correct(site, unit, "A1", "A1-9", "misread"))
    one = life(site, "A1-9")
    assert (one.is_lost, one.standing) == (True, "Disposed, given up as lost")
    done(finding.found_again(site, unit, "on the ramp", warehouse="W-WEST"))
    assert not life(site, "A1-9").is_lost


def test_the_import_of_a_unit_that_was_found_again_is_not_removed_and_nobody_is_sent_to_take_it_back(
    site: Site, tmp_path: Path
) -> None:
    builders.product(site, "PHO", 5)
    opening(site, "NORDWIND", "W-WEST", "PHO", "W1")
    order_id = builders.purchase(site, "N-1", {"PHO": 1})
    received(site, order_id, "PHO", quantity=1)
    file = tmp_path / "serials.csv"
    file.write_text("Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,PHO,P1\n")
    assert isinstance(import_serials(site, OrderKind.PURCHASE, file, order_id=order_id), Done)
    done(transfer_book.begin(site, "W-EAST", "W-WEST"))
    chosen = transfer_book.choose(site, "T-1")
    assert not isinstance(chosen, Refused)
    done(transfer_book.send(site, chosen.id, ["P1"]))
    done(transfer_book.close(site, chosen.id, Missing.LOST, "truck came empty"))
    done(finding.found_again(site, life(site, "P1").unit.id, "on the ramp", warehouse="W-EAST"))
    refused = removing.remove_serials(site, OrderKind.PURCHASE, order_id)
    assert names(refused) == ["moved-on"]
    assert isinstance(refused, Refused)
    assert refused.text.endswith("It was sent to another warehouse since, and stays.")


def disposed_as_lost(site: Site, *, on_hold: str = "", reference: str = "") -> int:
    """One of two laptops of N-1 is given up as lost by hand; the id of the unit."""
    builders.product(site, "LAP", 1)
    received(site, builders.purchase(site, "N-1", {"LAP": 3}), "LAP", "A1", "A2", "A3")
    unit = life(site, "A1").unit.id
    if on_hold:
        done(holding.hold(site, [unit], on_hold))
    done(corrections.dispose(site, unit, "nowhere", how=Disposal.LOST, reference=reference))
    return unit


@pytest.mark.both_stores
@pytest.mark.parametrize(
    ("on_hold", "reference", "standing"),
    [("", "", "Received"), ("box wet", "INS-7", "Received, on hold: box wet"), ("", "C 1:", "Received")],
)
def test_what_was_disposed_of_as_lost_is_found_again_the_same_unit_and_on_hold_as_it_was(
    site: Site, on_hold: str, reference: str, standing: str
) -> None:
    unit = disposed_as_lost(site, on_hold=on_hold, reference=reference)
    assert (life(site, "A1").standing, life(site, "A1").is_lost) == ("Disposed, given up as lost", True)
    assert finding.places(site, unit) == ("W-EAST",)
    assert names(finding.found_again(site, unit, " ")) == ["reason-missing"]
    assert done(finding.found_again(site, unit, "behind the rack")).text == "A1 is found again: Received in W-EAST."
    one = life(site, "A1")
    assert (one.unit.id, one.standing, on_hand(site, "LAP")) == (unit, standing, 3)
    last = [event for event in one.events if event.what.value == "Found again"]
    assert [event.reason for event in last] == ["behind the rack"]
    assert names(finding.found_again(site, unit, "twice")) == ["not-written-off"]
    assert findings(site.store) == []


def test_whoever_scans_what_was_disposed_of_as_lost_is_told_the_way(site: Site) -> None:
    disposed_as_lost(site)
    builders.purchase(site, "N-2", {"LAP": 1})
    builders.shipment(site, "S-2", {"LAP": 1})
    for order, kind in (("N-2", OrderKind.PURCHASE), ("S-2", OrderKind.SHIPMENT)):
        verdict = scan(Desk(replace(site, station=f"bench {kind}"), kind), order, "LAP", "A1").verdict
        assert verdict is not None
        assert verdict.text.startswith("A1 was given up as lost, "), order
        assert verdict.text.endswith("whoever may correct finds it again there."), order
    returns = ReturnDesk(replace(site, warehouse="W-EAST"))
    returns.answer(Scan("A1"))
    assert returns.view.verdict is not None
    assert returns.view.verdict.text.endswith("That unit? Then No, and F3. Was another one shipped?")
    done(count_book.begin(site, "W-EAST"))
    of = count_book.choose(site, "C-1")
    assert not isinstance(of, Refused)
    done(count_book.scan(site, of.id, ["A1", "A2"]))
    done(count_book.close(site, of.id))
    listing = count_report.report(site, of.id)
    rows = [dict(zip(listing.headings, row, strict=True)) for row in listing.read()]
    (row,) = [one for one in rows if one["primary_serial"] == "A1"]
    assert (row["result"], "and may be found again (F3)" in str(row["where"])) == ("disposed of", True)


def test_what_was_scrapped_is_not_found_again(site: Site, lost: int) -> None:
    del lost
    unit = life(site, "A3").unit.id
    outcome = corrections.dispose(site, unit, "T-1 dropped it")
    assert isinstance(outcome, Done)
    assert not life(site, "A3").is_lost
    assert names(finding.found_again(site, unit, "mended", warehouse="W-WEST")) == ["not-written-off"]


@pytest.mark.parametrize(("warehouse", "now"), [("W-WEST", (9, 0, 1)), ("W-EAST", (7, 2, 1))])
def test_goods_that_were_lost_are_found_by_quantity(
    site: Site, lost: int, warehouse: str, now: tuple[int, int, int]
) -> None:
    found = finding.goods_found
    assert on_hand(site, "CBL") == 47
    assert names(found(site, lost, "NORDWIND", "CBL", 4, "there", warehouse=warehouse)) == ["not-so-many"]
    assert names(found(site, lost, "NORDWIND", "CBL", 2, "there")) == ["found-where"]
    assert names(found(site, lost, "NORDWIND", "LAP", 1, "there", warehouse=warehouse)) == ["has-serials"]
    assert names(found(site, lost, "NORDWIND", "CBL", 2, "", warehouse=warehouse)) == ["reason-missing"]
    assert done(found(site, lost, "NORDWIND", "CBL", 2, "on the ramp", warehouse=warehouse)).text == (
        f"T-1: 2 of CBL are found again in {warehouse}."
    )
    (goods,) = transfer_book.detail(site, lost).goods
    assert (goods.arrived, goods.back, goods.lost) == now
    assert on_hand(site, "CBL") == 49
