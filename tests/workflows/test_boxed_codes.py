"""What is scanned into the box in scenarios 5 to 8 stays with the packing, and its import is held against it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.imports.importing import Plan
from scanstation.workflows.imports.scanned import import_scanned
from scanstation.workflows.orders import corrections, holding, order_book, shipment_orders, transfer_book
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import change_settings, product, purchase, shipment
from tests.on_postgresql.at_once import at_once
from tests.serials import opening
from tests.workflows.at_the_desk import line, said, scan, text
from tests.workflows.done_work import received

HEADER = "Warehouse,Client,SO Number,SKU,Primary Serial Number,Secondary Serial Number"


@pytest.fixture
def packing(site: Site) -> Desk:
    return Desk(site, OrderKind.SHIPMENT)


def stock(site: Site, scenario: int, *codes: str | tuple[str, str], strip: str = "") -> list[int]:
    product(site, "CAM", scenario, strip=strip)
    return opening(site, "NORDWIND", "W-EAST", "CAM", *codes)


def packed(site: Site, number: str, *codes: str, quantity: int = 0) -> int:
    """An order with these codes in its box, and so many units without."""
    order = shipment(site, number, {"CAM": len(codes) + quantity})
    desk = Desk(site.at_station("bench-1"), OrderKind.SHIPMENT)
    scan(desk, number, *codes, *["CAM"] * quantity)
    assert said(desk.complete()) == ("OK", "")
    return order


def checked(site: Site, folder: Path, *rows: tuple[str, str], second: Sequence[str] = ()) -> Plan:
    """A file of rows: order and code; and their secondaries."""
    path = folder / "serials.csv"
    seconds = second or [""] * len(rows)
    cells = [f"W-EAST,NORDWIND,{number},CAM,{code},{two}" for (number, code), two in zip(rows, seconds, strict=True)]
    path.write_text("\n".join([HEADER, *cells]) + "\n")
    return importing.check(site, OrderKind.SHIPMENT, path)


def problems(plan: Plan) -> list[tuple[str, tuple[int, ...]]]:
    return [(problem.name, problem.rows) for problem in plan.problems]


def imported(site: Site, plan: Plan) -> Done:
    done = importing.carry_out(site, plan)
    assert isinstance(done, Done), done
    return done


@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [6, 8])
def test_of_a_file_and_a_box_in_the_same_moment_one_gets_a_serial_that_nobody_knows(
    site: Site, tmp_path: Path, scenario: int
) -> None:
    site = replace(site, rules=replace(site.rules, scenario6_unknown_serials="create"))
    product(site, "CAM", scenario, barcodes=[Barcode("04006381333931", 1)])
    packed(site, "S-1", quantity=1)
    shipment(site, "S-2", {"CAM": 1})
    desk = Desk(site.at_station("dock-9"), OrderKind.SHIPMENT)
    scan(desk, "S-2")
    plan = checked(site, tmp_path, ("S-1", "X1"), second=("Y1",) if scenario == 8 else ())

    answers = at_once(
        [
            lambda: isinstance(importing.carry_out(site, plan), Done),
            lambda: said(scan(desk, "]C1010400638133393121X1"))[0] == "OK",
        ]
    )

    assert sorted(answers) == [False, True]


@pytest.mark.both_stores
def test_a_checked_serial_is_reserved_for_its_order_until_it_is_imported(
    site: Site, packing: Desk, tmp_path: Path
) -> None:
    stock(site, 5, "A1", "A2", "A3")
    packed(site, "S-1", "A1", "A2")
    shipment(site, "S-2", {"CAM": 2})
    view = scan(packing, "S-2", "A1")
    assert said(view) == ("STOP", "reserved")
    assert "A1 was scanned into S-1 at bench-1, by Ana." in text(view)
    assert said(scan(packing, "A3", "CAM")) == ("OK", "")
    packing.complete()
    assert problems(checked(site, tmp_path, ("S-2", "A1"), ("S-2", "A3"))) == [("reserved", (2,))]
    imported(site, checked(site, tmp_path, ("S-1", "A1"), ("S-1", "A2"), ("S-2", "A3")))


def test_it_is_not_regraded_sent_or_removed_without_a_word(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 7)
    product(site, "TAB", 7)
    received(site, purchase(site, "N-1", {"CAM": 2}), "CAM", quantity=2)
    path = tmp_path / "po.csv"
    head = "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number"
    path.write_text(f"{head}\nW-EAST,NORDWIND,N-1,CAM,A1,B1\nW-EAST,NORDWIND,N-1,CAM,A2,B2\n")
    assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, path), Done)
    opening(site, "NORDWIND", "W-WEST", "CAM", ("W1", "X1"))
    packed(site, "S-1", "B1")
    assert isinstance(transfer_book.begin(site, "W-EAST", "W-WEST"), Done)
    transfer = transfer_book.listing(site)[0].of.id
    (order,) = [one.order.id for one in order_book.listing(site, OrderKind.PURCHASE)]
    boxed = corrections.choose(site, "A1")
    assert not isinstance(boxed, Refused)
    for outcome, name in (
        (regrade(site, boxed.unit.id, "TAB", "scratched"), "reserved"),
        (transfer_book.send(site, transfer, ["A1", "A2"]), "reserved"),
        (transfer_book.take_in(site, transfer, ["A1"], unlisted=True), "reserved"),
        (removing.remove_serials(site, OrderKind.PURCHASE, order), "moved-on"),
    ):
        assert isinstance(outcome, Refused), name
        assert [reason.name for reason in outcome.reasons] == [name]
        assert "was scanned into S-1 at bench-1" in outcome.text
    kept = removing.remove_serials(site, OrderKind.PURCHASE, order, only_received=True)
    assert isinstance(kept, Done)
    assert kept.notes == ("Kept: A1 was scanned into S-1 at bench-1.",)


@pytest.mark.parametrize("freed", ["undone", "cancelled", "unpacked"], ids=lambda freed: f"until it is {freed}")
def test_so_it_is(site: Site, packing: Desk, freed: str) -> None:
    (unit, _) = stock(site, 7, ("A1", "B1"), ("A2", "B2"))
    first = shipment(site, "S-1", {"CAM": 1})
    shipment(site, "S-2", {"CAM": 1})
    bench = Desk(site.at_station("bench-1"), OrderKind.SHIPMENT)
    scan(bench, "S-1", "B1")
    assert said(scan(packing, "S-2", "A1")) == ("STOP", "reserved"), "by its other code too"
    assert isinstance(corrections.unreceive(site, unit, "broken"), Refused)
    if freed == "undone":
        bench.undo()
    else:
        assert isinstance(corrections.unpack(site, unit, "broken"), Refused), "it can be undone"
        bench.complete()
    if freed == "cancelled":
        assert isinstance(shipment_orders.cancel(site, first, "not wanted"), Done)
    if freed == "unpacked":
        assert isinstance(corrections.unpack(site, unit, "broken"), Done)
        assert line(site, first, "CAM")[0] == 0
    assert said(scan(packing, "A1")) == ("OK", "")


@pytest.mark.parametrize(
    ("scanned", "without", "rows", "wrong"),
    [
        (("A1", "A2"), 0, ("A1", "A2"), ()),
        (("A1", "A2"), 0, ("A1", "A3"), (3,)),
        (("A1", "A2"), 0, ("A3",), (2,)),
        (("A1", "A2"), 0, ("A2",), ()),  # the other may come in a later file
        (("A1",), 1, ("A1", "A3"), ()),  # one unit was not scanned
        (("A1",), 1, ("A3",), ()),
        (("A1",), 1, ("A2", "A3"), (2, 3)),  # one of these has to be the one that was scanned
        ((), 2, ("A2", "A3"), ()),
    ],
)
@pytest.mark.parametrize("scenario", [5, 6])
def test_each_row_has_to_be_among_what_was_scanned(
    site: Site,
    tmp_path: Path,
    scenario: int,
    scanned: Sequence[str],
    without: int,
    rows: Sequence[str],
    wrong: Sequence[int],
) -> None:
    stock(site, scenario, "A1", "A2", "A3", "A4")
    packed(site, "S-1", *scanned, quantity=without)
    plan = checked(site, tmp_path, *(("S-1", code) for code in rows))
    assert sorted(row for name, numbers in problems(plan) for row in numbers if name == "not-scanned") == [*wrong]
    assert plan.good is not bool(wrong)


def test_what_a_file_lacks_is_listed_and_may_come_later(site: Site, tmp_path: Path) -> None:
    stock(site, 7, ("A1", "B1"), ("A2", "B2"), ("A3", "B3"))
    packed(site, "S-1", "A1", "B2", "A3")
    done = imported(site, checked(site, tmp_path, ("S-1", "B1")))
    assert "Scanned into S-1 and not in this file: B2, A3 of CAM. A later file may bring them." in done.notes
    assert imported(site, checked(site, tmp_path, ("S-1", "A2"), ("S-1", "A3"))).notes == ()


def test_a_supervisor_may_import_other_rows_with_a_reason_that_is_kept(site: Site, tmp_path: Path) -> None:
    stock(site, 5, "A1", "A2")
    order = packed(site, "S-1", "A1")
    plan = checked(site, tmp_path, ("S-1", "A2"))
    assert plan.lacks_only_a_reason
    assert "Take the row out, or have a supervisor import it with a reason." in plan.problems[0].sentence
    plan = importing.with_others(site, plan, "the label was swapped")
    imported(site, plan)
    act = order_book.detail(site, order).acts[-1]
    assert (act.act, act.reason) == ("Imported: 1 serial of CAM that nobody scanned", "the label was swapped")
    shipment(site, "S-2", {"CAM": 1})
    assert said(scan(Desk(site, OrderKind.SHIPMENT), "S-2", "A1")) == ("OK", ""), "A1 is free: S-1 has all its serials"


def test_marks_and_corrections_lead_to_the_unit(site: Site, tmp_path: Path) -> None:
    (unit, _) = stock(site, 5, "A1", "A2", strip="SN:")
    packed(site, "S-1", "SN:A1")
    assert isinstance(corrections.correct(site, unit, "A1", "C1", "misread"), Done)
    imported(site, checked(site, tmp_path, ("S-1", "SN:C1")))


def test_a_text_that_names_no_unit_is_a_warning_only(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 8)
    shipment(site, "S-1", {"CAM": 2})
    desk = Desk(site, OrderKind.SHIPMENT)
    scan(desk, "S-1", "[)>\x1e06\x1dPCAM\x1dSX1\x1e\x04", "[)>\x1e06\x1dPCAM\x1dSX2\x1e\x04")
    assert said(desk.complete()) == ("OK", "")
    plan = checked(site, tmp_path, ("S-1", "X1"), ("S-1", "Y2"), second=("Z1", "Z2"))
    assert plan.good
    assert [note for note in plan.notes if "Nobody knows X2" in note]
    imported(site, plan)


@pytest.mark.both_stores
def test_what_was_scanned_is_imported_in_one_act_where_every_unit_was(site: Site) -> None:
    stock(site, 5, "A1", "A2", "A3")
    order = packed(site, "S-1", "A1", "A2", quantity=1)
    assert reasons(import_scanned(site, order)) == ["not-all-scanned"]
    assert line(site, order, "CAM")[3] == 0
    whole = packed(site, "S-2", "A3")
    done = import_scanned(site, whole)
    assert isinstance(done, Done), done
    assert line(site, whole, "CAM")[2:] == (1, 1)
    assert reasons(import_scanned(site, whole)) == ["nothing-scanned"]
    assert isinstance(removing.remove_serials(site, OrderKind.SHIPMENT, whole), Done)


def test_a_corrected_serial_is_imported_as_it_is_now_and_a_new_unit_needs_both(site: Site) -> None:
    first, _ = stock(site, 5, "A1", "A2")
    order = packed(site, "S-1", "A1", "A2")
    assert isinstance(corrections.correct(site, first, "A1", "A9", "misread"), Done)
    assert isinstance(import_scanned(site, order), Done)
    product(site, "TAB", 8)
    taken = shipment(site, "S-9", {"TAB": 1})
    desk = Desk(site, OrderKind.SHIPMENT)
    scan(desk, "S-9", "TAB")
    assert desk.complete().verdict is not None
    assert reasons(import_scanned(site, taken)) == ["not-all-scanned"]


def reasons(answer: Done | Refused) -> list[str]:
    assert isinstance(answer, Refused), answer
    return [reason.name for reason in answer.reasons]


def test_what_is_put_on_hold_in_a_box_is_not_completed_and_not_shipped_but_comes_out(
    site: Site, packing: Desk, tmp_path: Path
) -> None:
    a1, a2, _ = stock(site, 5, "A1", "A2", "A3")
    order = shipment(site, "S-1", {"CAM": 2})
    scan(packing, "S-1", "A2", "A1")
    put = holding.hold(site, [a1], "wet")
    assert isinstance(put, Done)
    assert put.notes == ("A1 was scanned into S-1 at dock-2: take it out there.",)
    news = packing.look_again()
    assert news is not None
    assert news.text == "A1 was put on hold by Ana: wet. Take it out with Undo, then complete."
    assert said(packing.complete()) == ("STOP", "on-hold")
    packing.undo()
    assert said(scan(packing, "A1")) == ("STOP", "on-hold")
    assert said(scan(packing, "A3", "SS-COMPLETE")) == ("OK", "")
    put = holding.hold(site, [a2], "wet")
    assert isinstance(put, Done)
    assert put.notes == ("A2 was scanned into S-1 at dock-2: unpack it, or its order cannot ship.",)
    assert isinstance(shipment_orders.ship(site, order), Refused)
    shipped = shipment_orders.ship(site, order, without_serials_reason="the truck waits")
    assert isinstance(shipped, Refused)
    assert [reason.name for reason in shipped.reasons] == ["on-hold"]
    assert problems(checked(site, tmp_path, ("S-1", "A2"))) == [("on-hold", (2,))]
    out = corrections.unpack(site, a2, "wet")
    assert isinstance(out, Done)
    assert out.text == "A2 is out of S-1, and stays on hold: put it where nobody packs it."
    assert line(site, order, "CAM")[0] == 1
    assert isinstance(holding.release(site, [a2], "dry"), Done)
    assert said(scan(packing, "S-1", "A2", "SS-COMPLETE")) == ("OK", "")
    assert isinstance(shipment_orders.ship(site, order, without_serials_reason="the truck waits"), Done)


def test_what_has_left_in_a_box_without_its_import_is_not_taken_out(site: Site, packing: Desk, tmp_path: Path) -> None:
    a1, _ = stock(site, 5, "A1", "A2")
    order = packed(site, "S-1", "A1")
    assert isinstance(shipment_orders.ship(site, order, without_serials_reason="the truck waits"), Done)
    for outcome in (corrections.unpack(site, a1, "broken"), corrections.dispose(site, a1, "broken")):
        assert isinstance(outcome, Refused)
        assert outcome.text == "A1 was scanned into S-1 at bench-1, which has left. Import the serials of S-1 first."
    assert line(site, order, "CAM")[0] == 1
    assert order_book.detail(site, order).order.status is OrderStatus.SHIPPED
    shipment(site, "S-2", {"CAM": 1})
    assert text(scan(packing, "S-2", "A1")).endswith("S-1 has left. Put it aside and tell your supervisor.")
    put = holding.hold(site, [a1], "wet")
    assert isinstance(put, Done)
    assert put.notes == ("A1 was scanned into S-1 at bench-1: it has left, and its import waits until it is released.",)
    assert isinstance(holding.release(site, [a1], "dry"), Done)
    imported(site, checked(site, tmp_path, ("S-1", "A1")))


def test_what_is_in_a_box_is_no_answer_to_a_prompt_of_other_settings(site: Site, packing: Desk) -> None:
    stock(site, 5, "A1", "A2")
    packed(site, "S-1", "A1")
    shipment(site, "S-2", {"CAM": 2})
    change_settings(site, "CAM", 1)
    assert said(scan(packing, "S-2", "SS-QTY-2", "CAM", "A1")) == ("STOP", "reserved")
    assert said(scan(packing, "A2")) == ("OK", "")
