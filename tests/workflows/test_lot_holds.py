"""A standing hold on a lot (RULES 2.23): the units that there are, and what comes of it later, whichever way."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.importing import check, import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import (
    corrections,
    count_book,
    finding,
    holding,
    lot_holding,
    regrading,
    shipment_orders,
    swapping,
)
from scanstation.workflows.reports.auditing import audit
from scanstation.workflows.reports.reporting import narrowed
from scanstation.workflows.reports.tracing import trace
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.sheets_to_load import STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
GTIN = "04006381333931"
GS = "\x1d"
MARK = "lot L-1: recalled by the maker"


def label(serial: str, lot: str) -> str:
    return f"]C101{GTIN}21{serial}{GS}10{lot}"


def goods(site: Site, scenario: int, sku: str = "CAM") -> None:
    builders.product(site, sku, scenario, barcodes=[Barcode(GTIN, 1)] if sku == "CAM" else [])


def standing(site: Site, code: str) -> str:
    (life,) = trace(site, code)
    return life.standing


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def stock(site: Site, folder: Path, *rows: tuple[str, str]) -> list[str]:
    """Load serials with their lots as opening stock; the notes."""
    header = [*STOCK_HEADER, "Lot"]
    folder.mkdir(exist_ok=True)
    answer = load(site, [Files(folder)(header, *(["W-EAST", "NORDWIND", "CAM", code, "", lot] for code, lot in rows))])
    assert not answer.refused, answer
    return [*answer.notes]


@pytest.mark.both_stores
def test_what_is_there_and_what_comes_later_is_on_hold_until_the_lot_is_released(site: Site, tmp_path: Path) -> None:
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", "L-1"), ("SN-2", "L-2"), ("SN-3", "l-1"))
    done(holding.hold(site, [unit_of(site, "SN-3")], "box wet"))
    begun = done(lot_holding.hold(site, "cam", "l-1", "recalled by the maker"))
    assert begun.text == "Lot l-1 of CAM is on hold: 1 unit is now, and what is received of it later."
    assert [(one.client, one.sku, one.lot) for one in lot_holding.listed(site)] == [("NORDWIND", "CAM", "l-1")]
    builders.purchase(site, "N-1", {"CAM": 3})
    desk = Desk(site, PO)
    scan(desk, "N-1", label("SN-4", "L-1"), label("SN-5", "L-2"), label("SN-6", "L-1"))
    assert text(desk.complete()).startswith("N-1 complete, 3 units. 2 units are on hold, as the lot is.")
    # It was looked at: this one may go, and no packing puts it on hold again.
    released = done(holding.release(site, [unit_of(site, "SN-6")], "looked at"))
    assert released.notes == ("Lot l-1 of CAM stays on hold for what comes later: --standing ends that.",)
    builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    assert said(scan(desk, "S-1", "SN-4")) == ("STOP", "on-hold")
    scan(desk, label("SN-6", "L-1"))
    assert "on hold" not in text(desk.complete())
    told = done(lot_holding.release(site, "CAM", "L-1", "all were looked at"))
    assert told.text == "Lot l-1 of CAM is not on hold any more: 2 units are released."
    assert [standing(site, f"SN-{n}") for n in (1, 3, 4, 5, 6)] == [
        "Received",
        "Received, on hold: box wet",
        "Received",
        "Received",
        "Packed",
    ]
    assert lot_holding.listed(site) == []
    assert stock(site, tmp_path / "more", ("SN-7", "L-1")) == []
    kept = [row for row in audit(site, narrowed()).read() if str(row[1]).startswith("Lot ")]
    assert [row[7] for row in kept] == ["recalled by the maker", "all were looked at"]


def test_opening_stock_and_another_sku_of_the_lot_go_on_hold_too(site: Site, tmp_path: Path) -> None:
    goods(site, 1)
    goods(site, 1, "CAM-B")
    stock(site, tmp_path, ("SN-1", ""), ("SN-2", "L-1"))
    done(lot_holding.hold(site, "CAM-B", "L-1", "recalled by the maker"))
    assert done(regrading.regrade(site, unit_of(site, "SN-2"), "CAM-B", "seconds")).notes[1:] == (
        "It is on hold now, as its lot of CAM-B is.",
    )
    assert standing(site, "SN-2") == f"Received, on hold: {MARK}"
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    on_hold = "1 unit is on hold, as the lot is."
    assert stock(site, tmp_path / "new", ("SN-3", "L-1"), ("SN-4", "")) == [on_hold]
    assert stock(site, tmp_path / "again", ("SN-1", "L-1"), ("SN-3", "L-1")) == [on_hold]  # filled in
    assert [standing(site, f"SN-{n}") for n in (1, 3, 4)] == [f"Received, on hold: {MARK}"] * 2 + ["Received"]


@pytest.mark.parametrize("scenario", [0, 1, 2, 6])
def test_packing_refuses_a_label_of_the_lot(site: Site, tmp_path: Path, scenario: int) -> None:
    goods(site, scenario)
    if scenario:
        stock(site, tmp_path, ("SN-1", ""))
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    builders.shipment(site, "S-1", {"CAM": 2})
    desk = Desk(site, SO)
    codes = [f"]C101{GTIN}10L-1"] if scenario == 0 else [label("SN-1", "L-1")]
    assert said(scan(desk, "S-1", *codes)) == ("STOP", "on-hold")
    assert "lot L-1 is on hold since" in text(desk.view)
    assert said(scan(desk, *(code.replace("L-1", "L-2") for code in codes)))[0] == "OK"


@pytest.mark.both_stores
def test_sheets_of_serials_are_held_against_it(site: Site, tmp_path: Path) -> None:
    goods(site, 8)
    order, out = builders.purchase(site, "N-1", {"CAM": 2}), builders.shipment(site, "S-1", {"CAM": 3})
    for kind, number, count in ((PO, "N-1", 2), (SO, "S-1", 3)):
        desk = Desk(site, kind)
        scan(desk, number, *[GTIN] * count)
        desk.complete()
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))

    def sheet(kind: OrderKind, number: str, *rows: tuple[str, str]) -> Path:
        path = tmp_path / f"{number}-{len(rows)}.csv"
        header = ["Warehouse", "Client", f"{kind.value} Number", "SKU", "Primary Serial Number"]
        with path.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow([*header, "Secondary Serial Number", "Lot"])
            out.writerows(["W-EAST", "NORDWIND", number, "CAM", code, f"{code}-B", lot] for code, lot in rows)
        return path

    came = done(import_serials(site, PO, sheet(PO, "N-1", ("SN-1", "L-1"), ("SN-2", "")), order_id=order))
    assert "1 unit is on hold, as the lot is." in came.notes
    assert standing(site, "SN-1") == f"Received, on hold: {MARK}"
    plan = check(site, SO, sheet(SO, "S-1", ("SN-2", "L-1"), ("SN-8", "L-1"), ("SN-9", "L-2")), out)
    assert [(one.name, one.rows) for one in plan.problems] == [("on-hold", (2,)), ("on-hold", (3,))]
    done(import_serials(site, SO, sheet(SO, "S-1", ("SN-2", "L-2"), ("SN-9", "")), order_id=out))


def test_what_is_no_lot_on_hold_says_why(site: Site) -> None:
    goods(site, 1)
    builders.product(site, "CAM", 1, client="ACME")
    builders.product(site, "LAP", 1)
    done(lot_holding.hold(site, "LAP", "L-1", "recalled by the maker"))
    refused = {
        "ambiguous-sku": lot_holding.hold(site, "CAM", "L-1", "recalled"),
        "unknown-sku": lot_holding.hold(site, "LAP", "L-1", "recalled", client="ACME"),
        "bad-lot": lot_holding.hold(site, "LAP", " ", "recalled"),
        "lot-on-hold-already": lot_holding.hold(site, "LAP", "l-1", "again"),
        "lot-not-on-hold": lot_holding.release(site, "LAP", "L-2", "fine"),
        "reason-missing": lot_holding.release(site, "LAP", "L-1", " "),
    }
    assert {
        name: [reason.name for reason in one.reasons] for name, one in refused.items() if isinstance(one, Refused)
    } == {name: [name] for name in refused}
    assert isinstance(lot_holding.hold(site, "CAM", "L-1", "recalled", client="acme"), Done)


def test_a_house_serial_of_the_lot_is_on_hold_for_the_lot(site: Site) -> None:
    goods(site, 3)
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    builders.purchase(site, "N-1", {"CAM": 1})
    desk = Desk(site, PO)
    scan(desk, "N-1", GTIN, "SS-NOSERIAL", "SS-REASON-1", f"]C1250X-77{GS}10L-1")
    assert text(desk.complete()).startswith("N-1 complete, 1 unit. 1 unit is on hold, as the lot is.")
    assert standing(site, "X-77").startswith(f"Received, on hold: {MARK}, its own serial")


@pytest.mark.parametrize("first", ["]C121SN-1", "SS-NOSERIAL"])
def test_what_goes_on_hold_as_it_comes_in_is_told_with_both_its_serials(site: Site, first: str) -> None:
    goods(site, 3)
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    builders.purchase(site, "N-1", {"CAM": 1})
    desk = Desk(site, PO)
    by_lot = first != "SS-NOSERIAL"
    scan(desk, "N-1", GTIN, first, *["SS-REASON-1"] * (not by_lot), f"]C1250X-77{GS}10L-1" if by_lot else "X-77")
    assert said(desk.complete())[0] in ("OK", "CHECK")
    (life,) = trace(site, "X-77")
    assert [(one.what.value, one.secondary) for one in life.events] == [("Received", "X-77"), ("On hold", "X-77")]


def test_a_lot_that_is_put_on_hold_while_it_is_packed_does_not_leave(site: Site) -> None:
    goods(site, 2)
    builders.shipment(site, "S-1", {"CAM": 2})
    desk = Desk(site, SO)
    scan(desk, "S-1", label("SN-1", "L-2"), label("SN-2", "L-1"))
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    assert said(desk.complete()) == ("STOP", "on-hold")
    assert text(desk.view) == f"SN-2 was put on hold by Ana: {MARK}. Take it out with Undo, then complete."
    scan(desk, "SS-UNDO", label("SN-3", "L-2"))
    assert said(desk.complete()) == ("OK", "")


@pytest.mark.parametrize(
    ("lot", "reason"), [("L-1", "on-hold"), ("L-2", ""), ("L-3", "other-lot"), ("past", "expired"), ("old", "")]
)
def test_a_swap_reads_the_whole_label(site: Site, tmp_path: Path, lot: str, reason: str) -> None:
    scenario = 1 if lot == "L-3" else 2
    goods(site, scenario)
    stock(site, tmp_path, ("SN-1", "L-2"), ("SN-9", "L-2"))
    order = builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    scan(desk, "S-1", "SN-1")
    assert said(desk.complete()) == ("OK", "")
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    new = "SN-9" if scenario == 1 else "SN-2"
    day = {"past": "17200101", "old": "15200101"}.get(lot, "")
    scanned = Scan(f"]C101{GTIN}{day}21{new}" if day else label(new, lot))
    on_label = swapping.lot_on(site, scanned)
    answer = swapping.swap(site, order, "SN-1", new, "scratched", lot=on_label)
    assert (answer.reasons[0].name if isinstance(answer, Refused) else "") == reason, answer
    if isinstance(answer, Done):
        (life,) = trace(site, new)
        assert life.unit.lot == on_label
        assert ("SN-2 is past its best-before, 2020-01-01." in answer.notes) is (lot == "old")


@pytest.mark.parametrize("was", ["", "released", "by hand"])
def test_a_unit_that_is_found_again_is_on_hold_as_its_lot_is_now(site: Site, tmp_path: Path, was: str) -> None:
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", "L-1"))
    ben = replace(site, operator="Ben")
    if was == "released":
        done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    elif was == "by hand":
        done(holding.hold(site, [unit_of(site, "SN-1")], "box wet"))
    done(count_book.begin(site, "W-EAST"))
    first = count_book.listing(site)[0].of.id
    done(count_book.close(site, first))
    done(count_book.begin_again(ben, first))
    done(count_book.close(ben, count_book.listing(site)[0].of.id))
    done(count_book.write_off(site, first, [], "nobody has seen it"))
    if was == "released":
        done(lot_holding.release(site, "CAM", "L-1", "all good"))
    else:
        done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    done(finding.found_again(site, unit_of(site, "SN-1"), "behind the rack"))
    assert (
        standing(site, "SN-1")
        == {
            "": f"Received, on hold: {MARK}",
            "released": "Received",
            "by hand": "Received, on hold: box wet",
        }[was]
    )


def test_what_comes_back_of_a_lot_on_hold_goes_on_hold_and_its_label_is_held_against_the_unit(
    site: Site, tmp_path: Path
) -> None:
    site = replace(site, rules=replace(site.rules, returns_on_hold=False))
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", ""), ("SN-2", "L-2"))
    order = builders.shipment(site, "S-1", {"CAM": 2})
    desk = Desk(site, SO)
    scan(desk, "S-1", "SN-1", "SN-2")
    desk.complete()
    done(shipment_orders.ship(site, order))
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    back = ReturnDesk(site)
    assert said(scan(back, label("SN-1", "L-1"))) == ("OK", "")
    assert said(scan(back, label("SN-2", "L-1"))) == ("CHECK", "other-lot")
    scan(back, "SS-YES", label("SN-3", "L-1"), "SS-YES", "SS-COMPLETE")
    assert [standing(site, f"SN-{n}") for n in (1, 2, 3)] == [
        f"Received, on hold: {MARK}",
        "Received",
        f"Received, on hold: unknown return R-1, {MARK}",
    ]
    (life,) = trace(site, "SN-3")
    assert life.unit.lot.lot == "L-1"


@pytest.mark.both_stores
@pytest.mark.parametrize("product_first", [False, True])
def test_what_is_in_hand_of_a_return_as_its_lot_is_put_on_hold_goes_on_hold(
    site: Site, tmp_path: Path, product_first: bool
) -> None:
    site = replace(site, rules=replace(site.rules, returns_on_hold=False))
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", ""), ("SN-2", "L-2"), ("SN-3", ""))
    order = builders.shipment(site, "S-1", {"CAM": 3})
    scan(desk := Desk(site, SO), "S-1", "SN-1", "SN-2", "SN-3")
    desk.complete()
    done(shipment_orders.ship(site, order))
    back = ReturnDesk(site)
    for code in (label("SN-1", "L-1"), label("SN-2", "L-1"), "SN-3"):
        scan(back, *["CAM"] * product_first, code)
        if back.view.question:
            scan(back, "SS-YES")
    assert said(back.view) == ("OK", "")
    done(lot_holding.hold(site.at_station("office"), "CAM", "L-1", "recalled by the maker"))

    scan(back, "SS-COMPLETE")

    assert back.view.verdict is not None
    assert "3 units, 1 on hold" in back.view.verdict.text
    assert [standing(site, f"SN-{n}") for n in (1, 2, 3)] == [f"Received, on hold: {MARK}", "Received", "Received"]
    assert [trace(site, f"SN-{n}")[0].unit.lot.lot for n in (1, 2, 3)] == ["L-1", "L-2", None]


@pytest.mark.parametrize(
    ("all_on_hold", "stands", "reasons"),
    [
        (False, True, f"Received, on hold: {MARK}"),
        (False, False, "Received"),
        (True, True, f"Received, on hold: returned R-1, {MARK}"),
        (True, False, "Received, on hold: returned R-1"),
    ],
)
def test_what_comes_back_is_on_hold_as_its_lot_is_when_the_return_is_completed(
    site: Site, tmp_path: Path, all_on_hold: bool, stands: bool, reasons: str
) -> None:
    site = replace(site, rules=replace(site.rules, returns_on_hold=all_on_hold))
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", ""))
    order = builders.shipment(site, "S-1", {"CAM": 1})
    scan(desk := Desk(site, SO), "S-1", "SN-1")
    desk.complete()
    done(shipment_orders.ship(site, order))
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    scan(back := ReturnDesk(site), label("SN-1", "L-1"))
    assert text(back.view).endswith("on hold. 1 unit in hand."), text(back.view)
    if not stands:
        done(lot_holding.release(site.at_station("office"), "CAM", "L-1", "all good"))
    scan(back, "SS-COMPLETE")
    assert standing(site, "SN-1") == reasons


def test_the_other_label_of_a_unit_that_was_released_is_taken_though_its_lot_is_on_hold(
    site: Site, tmp_path: Path
) -> None:
    goods(site, 4)
    stock(site, tmp_path, ("SN-1", "L-1"))
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    done(holding.release(site, [unit_of(site, "SN-1")], "looked at"))
    builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    scan(desk, "S-1", "CAM", label("SN-1", "L-1"))
    assert said(scan(desk, f"]C101{GTIN}250X-1{GS}10L-1")) == ("OK", "")


@pytest.mark.parametrize(("kept", "answer"), [("L-2", ("CHECK", "other-lot")), ("L-1", ("OK", "")), ("", ("OK", ""))])
def test_the_lot_of_a_secondarys_label_that_came_first_is_held_against_the_unit_of_its_primary(
    site: Site, tmp_path: Path, kept: str, answer: tuple[str, str]
) -> None:
    goods(site, 4)
    stock(site, tmp_path, ("SN-1", kept))
    builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    scan(desk, "S-1", "CAM", f"]C101{GTIN}250X-1{GS}10L-1")
    assert said(scan(desk, "SN-1")) == answer
    if answer[0] == "CHECK":
        assert text(desk.view) == "SN-1: its label says lot L-1, and kept is L-2. Take it as L-2?"
        assert said(scan(desk, "SS-YES"))[0] == "OK"
    assert said(scan(desk, "SS-COMPLETE"))[0] == "OK"
    (life,) = trace(site, "SN-1")
    assert (life.unit.secondary, life.unit.lot.lot) == ("X-1", kept or "L-1")


def test_what_undo_at_a_return_takes_off_hold_stays_on_hold_as_its_lot_is(site: Site, tmp_path: Path) -> None:
    goods(site, 1)
    stock(site, tmp_path, ("SN-1", "L-1"), ("SN-2", "L-2"))
    back = ReturnDesk(site)
    scan(back, "SN-1", "SS-YES", "SN-2", "SS-YES")
    done(lot_holding.hold(site, "CAM", "L-1", "recalled by the maker"))
    scan(back, "SS-UNDO", "SS-UNDO")
    assert [standing(site, f"SN-{n}") for n in (1, 2)] == [f"Received, on hold: {MARK}", "Received"]
    builders.shipment(site, "S-1", {"CAM": 2})
    assert said(scan(Desk(site, SO), "S-1", "SN-1")) == ("STOP", "on-hold")


def test_a_site_may_want_another_person_to_release_a_lot(site: Site) -> None:
    goods(site, 1)
    two = replace(site, rules=replace(site.rules, two_persons=True))
    done(lot_holding.hold(two, "CAM", "L-1", "recalled by the maker"))
    outcome = lot_holding.release(two, "CAM", "L-1", "good")
    assert isinstance(outcome, Refused)
    assert outcome.text == "Lot L-1 of CAM was put on hold by Ana: another person releases it."
    done(lot_holding.release(replace(two, operator="Bo"), "CAM", "L-1", "good"))
