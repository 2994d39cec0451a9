"""What was looked at, asked or prepared is carried out as it was then, or not at all: other stations act meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.transfers import Missing
from scanstation.workflows.imports.importing import carry_out, check, with_others
from scanstation.workflows.master_data import loading, renaming
from scanstation.workflows.master_data.loading import load
from scanstation.workflows.orders import corrections, lot_holding, order_book, shipment_orders, transfer_book
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning import downtime
from scanstation.workflows.scanning.counting import CountDesk
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done, names
from tests.serials import opening
from tests.workflows.at_the_desk import line, said, scan
from tests.workflows.done_work import packed, status_of
from tests.workflows.sheets_to_load import PO_HEADER, STOCK_HEADER, Files

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
SERIALS = ["Warehouse", "Client", "SO Number", "SKU", "Primary Serial Number", "Secondary Serial Number", "Lot"]


@pytest.fixture
def other(site: Site) -> Site:
    """Another station, at which Ben sits."""
    return site.at_station("dock-9")


def stock(site: Site, files: Files, code: str, **more: str) -> None:
    """A unit of CAM in W-EAST, or what is said of one that is there."""
    answer = load(site, [files([*STOCK_HEADER, *more], ["W-EAST", "NORDWIND", "CAM", code, "", *more.values()])])
    assert not answer.refused, answer


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


# A file that stands checked in the wizard


@pytest.mark.parametrize(
    ("scenario", "codes", "meanwhile", "says"),
    [
        (5, ("A1", ""), lambda other, _: lot_holding.hold(other, "CAM", "L-1", "recalled"), "on-hold"),
        (8, ("NEW", "NEW-2"), lambda other, _: lot_holding.hold(other, "CAM", "L-1", "recalled"), "on-hold"),
        (5, ("A1", ""), lambda other, files: stock(other, files, "A1", Expiry="2026-11-01"), "expired"),
    ],
    ids=["the lot of a known unit on hold", "the lot of a new unit on hold", "a use-by that is over"],
)
def test_a_checked_file_packs_nothing_that_may_not_leave_since(
    site: Site,
    other: Site,
    files: Files,
    scenario: int,
    codes: tuple[str, str],
    meanwhile: Callable[..., object],
    says: str,
) -> None:
    sku = builders.product(site, "CAM", scenario)
    if scenario == 5:
        stock(site, files, "A1")
    packed(site, builders.shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
    plan = check(site, SO, files(SERIALS, ["W-EAST", "NORDWIND", "S-1", "CAM", *codes, "L-1"]))
    assert plan.good, plan.problems
    meanwhile(other, files)

    assert names(carry_out(site, plan)) == [says]

    if scenario == 5:
        assert status_of(site, sku, "A1") is UnitStatus.RECEIVED


def test_a_reason_to_import_what_nobody_scanned_is_one_for_the_rows_that_were_shown(
    site: Site, other: Site, files: Files
) -> None:
    sku = builders.product(site, "CAM", 5)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2", "B1", "B2")
    builders.shipment(site, "S-1", {"CAM": 2})
    desk = Desk(other, SO)
    scan(desk, "S-1", "A1", "A2")
    desk.complete()
    plan = check(site, SO, files(SERIALS[:5], *(["W-EAST", "NORDWIND", "S-1", "CAM", code] for code in ("A1", "B1"))))
    assert [problem.rows for problem in plan.problems] == [(3,)]
    looked = with_others(site, plan, "A2 was left behind, B1 went")
    assert looked.good
    (life,) = tracing.trace(site, "A1")
    done(corrections.unpack(other, life.unit.id, "broken"))
    scan(desk, "S-1", "B2")
    desk.complete()

    assert set(names(carry_out(site, looked))) == {"not-scanned"}

    assert status_of(site, sku, "A1") is UnitStatus.RECEIVED


def test_a_load_without_the_bad_orders_leaves_out_just_those_that_were_shown(
    site: Site, other: Site, files: Files
) -> None:
    for sku in ("CAM", "LAP"):
        builders.product(site, sku)
    order = builders.purchase(site, "N-1", {"CAM": 5})
    rows = [
        ["W-EAST", "NORDWIND", number, sku, "3"] for number, sku in (("N-1", "CAM"), ("N-2", "LAP"), ("N-3", "NIX"))
    ]
    preview = loading.preview(site, files(PO_HEADER, *rows))
    shown = {trouble.order for trouble in preview.troubles}
    assert preview.bad_orders == 1
    desk = Desk(other, PO)
    scan(desk, "N-1", *["CAM"] * 4)  # more than the file orders

    loaded = loading.load_wanted(site, preview.wanted, good_orders=True, leaving_out=shown)

    assert {reason.name for reason in loaded.reasons} == {"below-done", "unknown-sku"}, loaded
    assert [one.order.number for one in order_book.listing(site, PO)] == ["N-1"], "nothing was loaded"
    desk.cancel()
    for _ in range(4):
        desk.undo()
    builders.product(site, "NIX")
    assert not loading.load_wanted(site, preview.wanted, good_orders=True, leaving_out=shown).refused
    assert [one.order.number for one in order_book.listing(site, PO)] == ["N-1", "N-2"], "N-3 was to be mended"
    assert order_book.detail(site, order).lines[0].ordered == 3


@pytest.fixture
def written(site: Site, files: Files) -> Callable[..., downtime.Written]:
    """Rows of an order that Ben wrote down two minutes ago, read."""

    def read(order_id: int, *rows: tuple[str, str]) -> downtime.Written:
        header = ["SKU", "Primary Serial Number", "Secondary Serial Number", "Quantity", "At"]
        path = files(header, *([sku, "", "", quantity, ""] for sku, quantity in rows))
        at = (site.store.clock() - timedelta(minutes=2)).astimezone().strftime("%Y-%m-%d %H:%M")
        return downtime.Written(order_id, downtime.read_sheet(path), path.name, at, "Ben")

    return read


def test_a_yes_for_a_sheet_is_one_to_the_questions_that_were_shown(
    site: Site, other: Site, written: Callable[..., downtime.Written]
) -> None:
    for sku in ("CAM", "LAP"):
        builders.product(site, sku)
    order = builders.purchase(site, "N-1", {"CAM": 20, "LAP": 20})
    done(downtime.enter_sheet(site, written(order, ("CAM", "1"))))
    both = written(order, ("CAM", "1"), ("LAP", "2"))
    looked = downtime.look(site, both, yes=True)
    assert looked.units == 3
    done(downtime.enter_sheet(other, written(order, ("LAP", "2"))))

    answer = downtime.enter_sheet(site, both, yes=True, looked=looked)

    assert names(answer) == ["written-before"]
    assert (line(site, order, "CAM")[0], line(site, order, "LAP")[0]) == (1, 2)
    again = downtime.look(site, both, yes=True)
    done(downtime.enter_sheet(site, both, yes=True, looked=again))
    assert (line(site, order, "CAM")[0], line(site, order, "LAP")[0]) == (2, 4)


def test_the_good_rows_of_a_sheet_are_those_that_were_shown(
    site: Site, other: Site, files: Files, written: Callable[..., downtime.Written]
) -> None:
    for sku in ("CAM", "LAP", "BAT"):
        builders.product(site, sku)
    order = builders.purchase(site, "N-1", {"CAM": 2, "LAP": 2, "BAT": 2})
    sheet = written(order, ("CAM", "2"), ("LAP", "2"), ("BAT", "3"))
    looked = downtime.look(site, sheet)
    assert (looked.units, sorted(looked.bad_rows)) == (4, [4])
    desk = Desk(other, PO)
    scan(desk, "N-1", "LAP")

    answer = downtime.enter_sheet(site, sheet, good_rows=True, looked=looked)

    assert isinstance(answer, Refused), answer
    assert line(site, order, "CAM")[0] == 0
    desk.undo()
    assert not load(site, [files(PO_HEADER, ["W-EAST", "NORDWIND", "N-1", "BAT", "3"])]).refused
    done(downtime.enter_sheet(site, sheet, good_rows=True, looked=looked))
    assert [line(site, order, sku)[0] for sku in ("CAM", "LAP", "BAT")] == [2, 2, 0], "BAT was to be mended"


# A question that stands at a desk


def test_a_yes_to_a_unit_in_stock_is_none_to_one_that_was_lost(site: Site, other: Site) -> None:
    builders.product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "SN-2")
    desk = ReturnDesk(replace(site, warehouse="W-EAST"))
    assert said(scan(desk, "SN-1")) == ("CHECK", "not-away")
    done(transfer_book.begin(other, "W-EAST", "W-WEST"))
    (transfer,) = transfer_book.listing(other)
    done(transfer_book.send(other, transfer.of.id, ["SN-1"]))
    done(transfer_book.close(other, transfer.of.id, Missing.LOST, "fell off the truck"))

    view = desk.yes()

    assert said(view) == ("CHECK", "not-away")
    assert view.question is not None
    assert "That unit?" in view.question.text


def test_a_yes_to_end_a_count_is_none_once_another_station_counts_too(site: Site, other: Site) -> None:
    builders.product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1", "SN-2")
    desk, second = CountDesk(site), CountDesk(other)
    scan(desk, "W-EAST")
    desk.yes()
    scan(desk, "SN-1")
    assert said(desk.complete()) == ("CHECK", "end-count")
    assert desk.view.order is not None
    assert said(scan(second, desk.view.order.number, "SN-2"))[0] == "OK"

    view = desk.yes()

    assert said(view) == ("CHECK", "end-count")
    assert view.question is not None
    assert "dock-9" in view.question.text
    assert said(desk.yes())[0] == "OK"


def test_a_choice_of_what_is_called_otherwise_by_now_is_asked_anew(site: Site, other: Site) -> None:
    for client in ("NORDWIND", "SUEDWIND"):
        builders.product(site, "CAM", 1, client=client)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    desk = CountDesk(site)
    assert said(scan(desk, "CAM")) == ("CHECK", "which-counted")
    done(renaming.rename(other, "CAM", "CAM-2", client="NORDWIND"))

    view = desk.choose(1)

    assert said(view) == ("CHECK", "which-counted")
    assert view.question is not None
    assert "CAM-2 of NORDWIND" in view.question.choices


@pytest.mark.parametrize("at", ["return", "count"])
def test_a_yes_to_what_a_code_is_now_is_none_to_what_it_is_since(site: Site, other: Site, at: str) -> None:
    builders.product(site, "CAM", 1)
    (unit,) = opening(site, "NORDWIND", "W-EAST", "CAM", "OLD-1")
    if at == "return":
        order = builders.shipment(site, "S-1", {"CAM": 1})
        packed(site, order, "CAM", "OLD-1")
        done(shipment_orders.ship(site, order))
    done(corrections.correct(site, unit, "OLD-1", "NEW-77", "misread"))
    desk: ReturnDesk | CountDesk = ReturnDesk(site)
    if at == "count":
        desk = CountDesk(site)
        desk.answer(Scan("W-EAST"))
        desk.yes()
    desk.answer(Scan("OLD-1"))
    assert said(desk.view) == ("CHECK", f"corrected-{at}" if at == "return" else "corrected-counted")
    done(corrections.correct(other, unit, "NEW-77", "LATER-5", "misread again"))

    view = desk.yes()

    assert said(view)[0] == "CHECK"
    assert view.question is not None
    assert "LATER-5" in view.question.text


def test_a_yes_to_take_a_return_over_is_none_once_its_station_goes_on(site: Site, other: Site) -> None:
    builders.product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1", "SN-2")
    order = builders.shipment(site, "S-1", {"CAM": 2})
    packed(site, order, "CAM", "SN-1", "SN-2")
    done(shipment_orders.ship(site, order))
    theirs, desk = ReturnDesk(other), ReturnDesk(site)
    assert said(scan(theirs, "SN-1"))[0] == "OK"
    assert said(scan(desk, "R-1")) == ("CHECK", "return-elsewhere")
    scan(theirs, "SN-2")

    view = desk.yes()

    assert said(view) == ("CHECK", "return-elsewhere")
    assert view.question is not None
    assert "2 units" in view.question.text
