"""Lot and dates of units (RULES 2.29): read with a serial, from sheets, kept, contradicted, found."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scanstation.domain import sentences as say
from scanstation.domain.lots import LotFacts
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind
from scanstation.workflows.imports.importing import carry_out, check, import_serials
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.auditing import audit
from scanstation.workflows.reports.reporting import Report, narrowed
from scanstation.workflows.reports.tracing import as_json, trace
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.conftest import Clock
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.sheets_to_load import STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
GTIN = "04006381333931"
GS = "\x1d"


def label(serial: str, more: str = "", product: str = f"01{GTIN}") -> str:
    """A GS1 label of one unit; `more` are its further fields."""
    return f"]C1{product}21{serial}{GS}{more}" if more else f"]C1{product}21{serial}"


def goods(site: Site, scenario: int) -> None:
    builders.product(site, "CAM", scenario, barcodes=[Barcode(GTIN, 1)])


def lots_of(site: Site, **filters: str) -> dict[str | None, LotFacts]:
    rows = reporting.rows(site, Report.SERIALS, narrowed(**filters))  # type: ignore[arg-type]
    return {row.primary: row.lot for row in rows if isinstance(row, reporting.SerialRow)}


def sheet(folder: Path, header: list[str], *rows: list[str]) -> Path:
    path = folder / f"sheet-{len(list(folder.iterdir()))}.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


SERIALS = ["Warehouse", "Client", "PO Number", "SKU", "Primary Serial Number", "Lot", "Expiry", "Best Before", "Made"]


@pytest.mark.both_stores
def test_a_label_says_lot_and_dates_of_its_unit_and_complete_keeps_them(site: Site) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 5})
    desk = Desk(site, PO)
    scan(desk, "N-1", label("SN-1", f"17270200{'10L-1'}"), GTIN, label("SN-2", f"10l-1{GS}11260105"), GTIN, "SN-3")
    assert lots_of(site) == {}
    desk.complete()
    desk.yes()
    assert lots_of(site) == {
        "SN-1": LotFacts("L-1", "2027-02-28"),
        "SN-2": LotFacts("l-1", made="2026-01-05"),
        "SN-3": LotFacts(),
    }
    assert [*lots_of(site, lot="L-1")] == ["SN-1", "SN-2"]
    assert [*lots_of(site, expiry="2027-02-28")] == [*lots_of(site, expiry="2027-02")] == ["SN-1"]
    assert [*lots_of(site, lot="L-1", code="SN-2")] == ["SN-2"]
    (life,) = as_json(trace(site, "SN-1"))
    assert (life["lot"], life["expiry"], life["best_before"], life["made"]) == ("L-1", "2027-02-28", None, None)


@pytest.mark.parametrize(
    "more",
    ["1000", "17000000", f"10{GS}", "17271332", "17270230"],
    ids=["a lot of 00", "zeros", "empty", "month", "day"],
)
def test_a_field_that_says_nothing_keeps_no_unit_away(site: Site, more: str) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 5})
    desk = Desk(site, PO)
    view = scan(desk, "N-1", label("SN-1", more))
    assert said(view)[0] == "OK"
    assert ("cannot be read" in text(view)) is (more not in ("1000", "17000000"))


def test_what_is_undone_says_nothing(site: Site) -> None:
    goods(site, 3)
    builders.purchase(site, "N-1", {"CAM": 5})
    desk = Desk(site, PO)
    scan(desk, "N-1", GTIN, label("SN-1", "10L-1", ""))
    desk.undo()
    view = scan(desk, label("SN-1", "10L-2", ""), f"]C1250X-77{GS}10L-3")
    assert said(view) == ("CHECK", "other-lot")
    assert "lot L-3, and kept is L-2. Take it as L-2?" in text(view)
    desk.yes()
    desk.complete()
    desk.yes()
    assert lots_of(site) == {"SN-1": LotFacts("L-2")}


@pytest.mark.parametrize("scenario", [1, 5])
def test_a_unit_that_its_order_has_no_room_for_is_refused_before_its_lot_is_asked_about(
    site: Site, scenario: int
) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 2})
    scan(desk := Desk(site, PO), "N-1", label("SN-1", "10L-1"), label("SN-2", "10L-1"))
    desk.complete()
    builders.change_settings(site, "CAM", scenario)
    builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    assert said(scan(desk, "S-1", "SN-1", label("SN-2", "10L-2", ""))) == ("STOP", "over-order")
    assert said(scan(desk, label("SN-2", "10L-2"))) == ("STOP", "over-order")
    assert said(scan(desk, f"]C101{GTIN}3010")) == ("STOP", "over-order"), "not 'The label says 10. Take 10?'"


def test_another_lot_at_packing_is_a_question_and_what_is_kept_stays(site: Site) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 2})
    desk = Desk(site, PO)
    scan(desk, "N-1", label("SN-1", "10L-1"), label("SN-2"))
    desk.complete()
    builders.shipment(site, "S-1", {"CAM": 2})
    desk = Desk(site, SO)
    assert said(scan(desk, "S-1", label("SN-1", "10L-2"))) == ("CHECK", "other-lot")
    desk.no()
    assert said(scan(desk, label("SN-1", f"10l-1{GS}15270131")))[0] == "OK"
    assert said(scan(desk, label("SN-2", "10L-2", "")))[0] == "OK"  # the serial by itself takes its unit
    desk.complete()
    assert lots_of(site) == {"SN-1": LotFacts("L-1", best_before="2027-01-31"), "SN-2": LotFacts("L-2")}


@pytest.mark.both_stores
def test_by_sheet_lots_come_with_the_serials(site: Site, tmp_path: Path) -> None:
    goods(site, 5)
    order = builders.purchase(site, "N-1", {"CAM": 3})
    desk = Desk(site, PO)
    scan(desk, "N-1", GTIN, GTIN, GTIN)
    desk.complete()
    head = ["W-EAST", "NORDWIND", "N-1", "CAM"]
    rows = [
        [*head, "SN-1", "L-1", "2027-02-28", "2027-01-31", "2026-01-05"],
        [*head, "SN-2", "l-1", "", "", ""],
        [*head, "SN-3", "", "", "", ""],
    ]
    ambiguous = [*head, "SN-4", "L-1", "03/04/2027", "", ""]
    plan = check(site, PO, sheet(tmp_path, SERIALS, *rows, ambiguous, [*head, "SN-5", "Lоt", "", "", ""]), order)
    assert [problem.name for problem in plan.problems] == ["unreadable-cell", "bad-lot"]
    assert "03/04/2027 is not a date" in plan.problems[0].text
    done = import_serials(site, PO, sheet(tmp_path, SERIALS, *rows), order_id=order)
    assert isinstance(done, Done)
    first = LotFacts("L-1", "2027-02-28", "2027-01-31", "2026-01-05")
    assert lots_of(site) == {"SN-1": first, "SN-2": LotFacts("l-1"), "SN-3": LotFacts()}


def test_opening_stock_has_lots_and_a_second_run_fills_in_what_was_not_known(site: Site, tmp_path: Path) -> None:
    goods(site, 1)
    header, head = [*STOCK_HEADER, "Lot", "Expiry"], ["W-EAST", "NORDWIND", "CAM"]
    files = Files(tmp_path)
    answer = load(site, [files(header, [*head, "SN-1", "", "L-1", "2027-02-28"], [*head, "SN-2"])])
    assert not answer.refused
    answer = load(site, [files(header, [*head, "SN-1", "", "L-9", "2027-02-28"], [*head, "SN-2", "", "L-2"])])
    assert "2 units (1 changed, 1 as before) of opening stock" in answer.text
    assert [note for note in answer.notes if "L-9" in note] == [
        "sheet-2.csv!D2: SN-1: its lot is kept as L-1, which stays, and not L-9."
    ]
    assert lots_of(site) == {"SN-1": LotFacts("L-1", "2027-02-28"), "SN-2": LotFacts("L-2")}


def test_a_kept_scan_is_not_kept_twice(site: Site) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 2})
    desk = Desk(site, PO)
    scan(desk, "N-1")
    once = Scan(label("SN-1", "10L-1"))
    desk.answer(once)
    desk.answer(once)
    desk.complete()
    desk.yes()
    assert lots_of(site) == {"SN-1": LotFacts("L-1")}


def in_stock(site: Site, scenario: int, tmp_path: Path, *rows: list[str]) -> None:
    """Received units: serial, lot, use-by, best-before."""
    goods(site, scenario)
    header = [*STOCK_HEADER, "Lot", "Expiry", "Best Before"]
    head = ["W-EAST", "NORDWIND", "CAM"]
    stock = [[*head, serial, "L-2ND" if scenario in (3, 7) else "", *rest] for serial, *rest in rows]
    assert not load(site, [Files(tmp_path)(header, *stock)]).refused


OLD, TODAY = "2026-11-19", "2026-11-20"
"""The clock of tests says the 20th."""


@pytest.mark.parametrize(
    ("scenario", "codes", "answer"),
    [
        # What is kept of the unit, what its label says; by prompt, by the serial alone, with the product.
        (1, [GTIN, "SN-OLD"], ("STOP", "expired")),
        (1, ["SN-OLD"], ("STOP", "expired")),
        (1, [label("SN-OLD")], ("STOP", "expired")),
        (1, ["SN-NOW"], ("OK", "")),
        (1, [label("SN-NOW", "17261119")], ("STOP", "expired")),
        (1, [label("SN-NOW", "17261100")], ("CHECK", "other-lot")),
        (1, [label("SN-NOW", "17261000")], ("STOP", "expired")),
        (1, ["SN-BEST"], ("CHECK", "past-best-before")),
        (1, [label("SN-NOW", "15261119")], ("CHECK", "past-best-before")),
        (2, [label("SN-NEW", "17261119")], ("STOP", "expired")),
        (2, [GTIN, label("SN-NEW", "17261119", "")], ("STOP", "expired")),
        (2, [GTIN, "SN-OLD"], ("STOP", "expired")),
        (3, [GTIN, "L-2ND"], ("STOP", "expired")),
        (4, [GTIN, "SN-OLD"], ("STOP", "expired")),
        (5, [label("SN-OLD")], ("STOP", "expired")),
        (5, ["SN-OLD"], ("STOP", "expired")),
        (5, [label("SN-BEST")], ("CHECK", "past-best-before")),
        (6, [label("SN-NEW", "17261119")], ("STOP", "expired")),
        # The label of goods, too.
        (0, [f"]C101{GTIN}17261119"], ("STOP", "expired")),
        (0, [f"]C101{GTIN}17261120"], ("OK", "")),
        (0, [f"]C101{GTIN}17991231"], ("STOP", "expired")),
        (1, [f"]C101{GTIN}17261119"], ("STOP", "expired")),
    ],
)
def test_what_is_behind_its_days_is_not_packed_unasked(
    site: Site, tmp_path: Path, scenario: int, codes: list[str], answer: tuple[str, str]
) -> None:
    rows = [["SN-OLD", "L-1", OLD, ""]]
    if scenario == 0:
        goods(site, 0)
    elif scenario in (3, 4):
        in_stock(site, scenario, tmp_path, *rows)
    else:
        in_stock(site, scenario, tmp_path, *rows, ["SN-NOW", "L-2", TODAY, ""], ["SN-BEST", "L-3", "", OLD])
    builders.shipment(site, "S-1", {"CAM": 5})
    desk = Desk(site, SO)
    assert said(scan(desk, "S-1", *codes)) == answer
    if answer[0] == "CHECK":
        assert said(desk.yes())[0] == "OK"


def test_receiving_takes_what_is_behind_its_days(site: Site) -> None:
    goods(site, 1)
    builders.purchase(site, "N-1", {"CAM": 5})
    assert said(scan(Desk(site, PO), "N-1", label("SN-1", "1726111915261119")))[0] == "OK"


def test_a_site_may_have_it_asked(site: Site, tmp_path: Path) -> None:
    in_stock(site, 1, tmp_path, ["SN-OLD", "L-1", OLD, ""])
    builders.shipment(site, "S-1", {"CAM": 5})
    asking = replace(site, rules=SiteRules(refuse_expired=False))
    desk = Desk(asking, SO)
    assert said(scan(desk, "S-1", "SN-OLD")) == ("CHECK", "expired")
    assert said(desk.yes())[0] == "OK"


@pytest.mark.both_stores
def test_a_shipment_by_sheet_is_held_against_the_same(site: Site, tmp_path: Path) -> None:
    rows = [["SN-OLD", "L-1", OLD, ""], ["SN-NOW", "L-2", TODAY, ""], ["SN-BEST", "", "", OLD], ["SN-4", "", "", ""]]
    in_stock(site, 5, tmp_path, *rows)
    order = builders.shipment(site, "S-1", {"CAM": 4})
    desk = Desk(site, SO)
    scan(desk, "S-1", GTIN, GTIN, GTIN, GTIN)
    desk.complete()
    header = [name.replace("PO ", "SO ") for name in SERIALS]
    head = ["W-EAST", "NORDWIND", "S-1", "CAM"]
    plain = sheet(tmp_path, header[:5], *([*head, serial] for serial, *_ in rows))
    assert [(one.name, one.rows) for one in check(site, SO, plain, order).problems] == [("expired", (2,))]
    asking = replace(site, rules=SiteRules(refuse_expired=False))
    assert [one.name for one in check(asking, SO, plain, order).judgement.notes] == ["expired", "past-best-before"]
    more = [
        [*head, "SN-NOW", "L-9", "", "", ""],
        [*head, "SN-BEST", "", "", "", ""],
        [*head, "SN-4", "L-4", OLD, "", ""],
    ]
    plan = check(site, SO, sheet(tmp_path, header, *more), order)
    assert [(one.name, one.rows) for one in plan.problems] == [("expired", (4,))]
    assert [one.name for one in plan.judgement.notes] == ["other-lot", "past-best-before"]
    more[-1][-3] = TODAY
    assert isinstance(import_serials(site, SO, sheet(tmp_path, header, *more), order_id=order), Done)
    kept = lots_of(site)
    assert (kept["SN-NOW"].lot, kept["SN-4"]) == ("L-2", LotFacts("L-4", TODAY))


def test_what_was_good_until_midnight_is_not_imported_after_it(site: Site, clock: Clock, tmp_path: Path) -> None:
    in_stock(site, 5, tmp_path, ["SN-NOW", "L-2", TODAY, ""])
    order = builders.shipment(site, "S-1", {"CAM": 1})
    desk = Desk(site, SO)
    scan(desk, "S-1", GTIN)
    desk.complete()
    header = [name.replace("PO ", "SO ") for name in SERIALS][:5]
    plan = check(site, SO, sheet(tmp_path, header, ["W-EAST", "NORDWIND", "S-1", "CAM", "SN-NOW"]), order)
    assert plan.good
    clock.moment += timedelta(days=1)

    answer = carry_out(site, plan)

    assert isinstance(answer, Refused)
    assert [one.name for one in answer.reasons] == ["expired"]


def test_somebody_with_the_right_releases_it_and_says_why(site: Site, tmp_path: Path) -> None:
    in_stock(site, 2, tmp_path, ["SN-OLD", "L-1", OLD, ""])
    builders.shipment(site, "S-1", {"CAM": 5})
    desk = Desk(site, SO)
    assert isinstance(desk.release_expired("fair"), Refused)
    for codes, serial in (([label("SN-NEW", "17261119")], "SN-NEW"), ([GTIN, "SN-OLD"], "SN-OLD")):
        assert said(scan(desk, "S-1", *codes)) == ("STOP", "expired")
        assert desk.has_expired
        assert isinstance(desk.release_expired(" "), Refused)
        assert isinstance(desk.release_expired("the customer knows"), Done)
        assert said(desk.view)[0] == "OK"
        assert serial in text(desk.view)
        assert isinstance(desk.release_expired("again"), Refused)
    # Another scan since: the one before it is released no more.
    scan(desk, label("SN-9", "17261119"))
    scan(desk, GTIN)
    assert isinstance(desk.release_expired("late"), Refused)
    kept = [row for row in audit(site, narrowed()).read() if say.RELEASED in row]
    assert [(row[2], row[7]) for row in kept] == [("SN-NEW", "the customer knows"), ("SN-OLD", "the customer knows")]
