"""What was written down while the station was away is entered under the rules of the desk (RULES 2.16)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scanstation.domain.operators import Right
from scanstation.domain.outcome import Refused
from scanstation.domain.products import Barcode
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.store import acts
from scanstation.workflows.imports.templates import write_template
from scanstation.workflows.orders import corrections, holding, order_book
from scanstation.workflows.reports import auditing, tracing
from scanstation.workflows.reports.reporting import Filters
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.downtime import (
    MOST_ROWS,
    Entered,
    Looked,
    Written,
    enter,
    enter_sheet,
    look,
    read_sheet,
    save_rows,
)
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.at_the_desk import line, receive, said, scan
from tests.workflows.seats import turn_on, with_somebody

HEADER = "SKU,Primary Serial Number,Secondary Serial Number,Quantity,At"
Enter = Callable[..., Entered | Refused]


@pytest.fixture
def entered(site: Site, tmp_path: Path) -> Enter:
    """Enters rows of an order as Ben's, of two minutes ago where they do not say when."""

    def act(order_id: int, *rows: str, at: str = "", by: str = "Ben", here: Site = site, **how: Any) -> object:
        path = tmp_path / "sheet.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n")
        return enter(here, order_id, path, at=at or ago(site, 2), by=by, **how)

    return act  # type: ignore[return-value]


def ago(site: Site, minutes: int) -> str:
    """A local moment, as it is written."""
    return (site.store.clock() - timedelta(minutes=minutes)).astimezone().strftime("%Y-%m-%d %H:%M")


def problems(answer: Entered | Refused) -> list[tuple[str, str]]:
    """Each cell, and the name of what is wrong."""
    reasons = answer.reasons if isinstance(answer, Refused) else answer.refused
    return [(reason.text.partition(": ")[0].partition("!")[2], reason.name) for reason in reasons]


def done(answer: Entered | Refused) -> Entered:
    assert isinstance(answer, Entered), answer
    return answer


@pytest.mark.both_stores
def test_rows_are_booked_with_the_time_and_the_person_of_the_sheet(site: Site, entered: Enter) -> None:
    product(site, "CAM", 1)
    order = purchase(site, "N-1", {"CAM": 3})
    early, later = ago(site, 40), ago(site, 30)
    answer = done(entered(order, f"CAM,SN-1,,,{later[-5:]}", "CAM,SN-2,,,", "CAM,,,,", at=early))
    assert "2 units of N-1, written down by Ben, entered." in answer.text
    assert "1 row left blank." in answer.notes
    assert line(site, order, "CAM")[:2] == (2, 0)
    for code, when in (("SN-2", early), ("SN-1", later)):
        (life,) = tracing.trace(site, code)
        (event,) = life.events
        assert (event.operator, event.station, event.source) == ("Ben", site.station, "downtime")
        assert datetime.fromisoformat(event.at) == datetime.fromisoformat(when).astimezone()
        assert event.entered_at == event.recorded_at
        assert event.at < (event.recorded_at or "")
    (kept,) = [row for row in auditing.audit(site, Filters()).read() if row[1] == "Entered what was written down"]
    assert kept[7:9] == ("2 units of sheet.csv, written down by Ben", "Ana")


def test_a_unit_that_was_packed_by_hand_is_packed(site: Site, entered: Enter) -> None:
    for scenario, serials, wanted in (
        (1, ["A1,"], {"A1": UnitStatus.PACKED}),
        (2, ["NEW,"], {"NEW": UnitStatus.PACKED}),
        (3, [",B1"], {"A1": UnitStatus.PACKED}),
        (4, ["NEW-1,NEW-2", "A1,B1"], {"NEW-2": UnitStatus.PACKED, "A1": UnitStatus.PACKED}),
    ):
        sku = f"P-{scenario}"
        product(site, sku, scenario)
        site.store.clock.moment -= timedelta(minutes=30)  # type: ignore[attr-defined]
        opening(site, "NORDWIND", "W-EAST", sku, ("A1", "B1") if scenario > 2 else "A1")
        site.store.clock.moment += timedelta(minutes=30)  # type: ignore[attr-defined]
        order = shipment(site, f"S-{scenario}", {sku: len(serials)})
        done(entered(order, *(f"{sku},{codes},," for codes in serials)))
        for code, status in wanted.items():
            lives = [life for life in tracing.trace(site, code) if life.unit.sku == sku]
            assert [life.unit.status for life in lives] == [status]
            assert lives[0].events[-1].source == "downtime"
        assert order_book.detail(site, order).order.status.value == "Ready to Ship"


def test_goods_whose_serials_are_not_asked_have_a_quantity(site: Site, entered: Enter) -> None:
    product(site, "BOX", 0)
    product(site, "TAB", 5)
    order = purchase(site, "N-1", {"BOX": 9, "TAB": 4})
    done(entered(order, "BOX,,,7,", "TAB,,,4,", "BOX,,,0,"))
    assert (line(site, order, "BOX")[0], line(site, order, "TAB")[0]) == (7, 4)


def test_goods_are_not_entered_twice_without_a_yes(site: Site, entered: Enter) -> None:
    product(site, "BOX", 0)
    order, at = purchase(site, "N-1", {"BOX": 9}), ago(site, 2)
    done(entered(order, "BOX,,,1,", "BOX,,,1,", at=at))
    assert problems(entered(order, "BOX,,,1,", at=at)) == [("A2", "written-before")]
    done(entered(order, "BOX,,,1,", at=at, by="Cleo"))
    done(entered(order, "BOX,,,1,", at=ago(site, 3)))
    done(entered(order, "BOX,,,1,", at=at, yes=True))
    assert line(site, order, "BOX")[0] == 5


REFUSED = [
    ("CAM,SN-1,,,", "B", "already-captured"),
    ("CAM,OLD,,,", "B", "already-received"),
    ("CAM,HELD,,,", "B", "held-elsewhere"),
    ("CAM,CAM,,,", "B", "product-not-serial"),
    ("CAM,SS-UNDO,,,", "B", "card-given"),
    ("CAM,N/A,,,", "B", "placeholder-not-serial"),
    ("CAM,1.2E+15,,,", "B", "spoiled"),
    ("CAM,SN-9,,2,", "D", "serials-wanted"),
    ("CAM,,,2,", "D", "serials-wanted"),
    ("CAM,SN-9,B-9,,", "C", "secondary-given"),
    ("CAM,,B-9,,", "C", "secondary-given"),
    ("TWO,SN-9,,,", "C", "serials-wanted"),
    ("TWO,,SN-9,,", "B", "serials-wanted"),
    ("BOX,SN-9,,,", "B", "serial-given"),
    ("BOX,,,99,", "A", "over-order"),
    ("BOX,,,many,", "D", "unreadable-cell"),
    ("BOX-12,,,1,", "A", "not-a-sku"),
    ("NONE,,,1,", "A", "unknown-sku"),
    ("OTHER,,,1,", "A", "not-on-order"),
    ("CAM,SN-9,,,noon", "E", "written-time"),
    ("CAM,SN-9,,,2026-11-20", "E", "written-time"),
    ("CAM,SN-9,,,2030-01-01 09:00", "E", "not-yet"),
]


def test_each_row_is_refused_as_its_scans_would_be_and_the_others_are_entered_if_asked(
    site: Site, entered: Enter
) -> None:
    product(site, "CAM", 1)
    product(site, "TWO", 3)
    product(site, "BOX", 0, barcodes=[Barcode("BOX-12", 12)])
    product(site, "OTHER", 0)
    order = purchase(site, "N-1", {"CAM": 5, "TWO": 5, "BOX": 5})
    receive(site, "N-1", "CAM", "OLD")
    scan(Desk(site.at_station("dock-7"), OrderKind.PURCHASE), "N-1", "CAM", "HELD")
    rows = ["CAM,SN-1,,,", "BOX,,,1,", *(row for row, _, _ in REFUSED)]
    wrong = [(f"{column}{number}", name) for number, (_, column, name) in enumerate(REFUSED, 4)]
    answer = entered(order, *rows)
    assert isinstance(answer, Refused)
    assert problems(answer) == wrong
    assert (line(site, order, "CAM")[:2], line(site, order, "BOX")[:2]) == ((1, 1), (0, 0))
    assert problems(done(entered(order, *rows, good_rows=True))) == wrong
    assert (line(site, order, "CAM")[:2], line(site, order, "BOX")[:2]) == ((2, 1), (1, 0))


def test_what_is_packed_on_hold_or_unknown_is_refused_at_packing(site: Site, entered: Enter) -> None:
    product(site, "CAM", 1)
    order = shipment(site, "S-1", {"CAM": 3})
    site.store.clock.moment -= timedelta(hours=1)  # type: ignore[attr-defined]
    (unit, *_) = opening(site, "NORDWIND", "W-EAST", "CAM", "HOLD", "PACKED", "FREE")
    holding.hold(site, [unit], "wet")
    site.store.clock.moment += timedelta(hours=1)  # type: ignore[attr-defined]
    done(entered(order, "CAM,PACKED,,,"))
    answer = entered(order, *(f"CAM,{code},,," for code in ("HOLD", "PACKED", "NOBODYS", "FREE")))
    assert problems(answer) == [("B2", "on-hold"), ("B3", "already-packed"), ("B4", "unknown-serial")]


def test_no_unit_is_packed_before_its_last_event_and_none_before_its_order_was_there(
    site: Site, entered: Enter
) -> None:
    product(site, "CAM", 2)
    order = shipment(site, "S-1", {"CAM": 3})
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    answer = entered(order, "CAM,A1,,,", "CAM,NEW,,,")
    assert problems(answer) == [("B2", "too-early")]
    assert "its last event, Received, was" in answer.text
    # People write minutes: within the one that was written it is no earlier.
    done(entered(order, "CAM,A1,,,", at=ago(site, 0)))
    site.store.act(lambda tx: acts.note(tx, acts.LOADED, "SO S-1", site.stamp(), client="NORDWIND"))
    answer = entered(order, "CAM,NEW,,,")
    assert problems(answer) == [("E2", "too-early")]
    assert "S-1 was loaded" in answer.text
    done(entered(order, "CAM,NEW,,,", at=ago(site, 0)))


def test_a_question_waits_for_a_yes(site: Site, entered: Enter) -> None:
    site = replace(site, rules=SiteRules(over_receipt="confirm"))
    product(site, "CAM", 1)
    order = purchase(site, "N-1", {"CAM": 1})
    rows = ("CAM,SN-1,,,", "CAM,SN-2,,,")
    answer = entered(order, *rows, here=site)
    assert problems(answer) == [("B3", "over-order")]
    assert answer.text.endswith("? --yes enters it.")
    answer = done(entered(order, *rows, here=site, yes=True))
    assert any(note.startswith("sheet.csv!B3: ") and note.endswith("? Yes.") for note in answer.notes), answer.notes
    assert line(site, order, "CAM")[0] == 2


def test_a_look_says_what_entering_comes_to_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    site = replace(site, rules=SiteRules(over_receipt="confirm"))
    product(site, "CAM", 1)
    order, path = purchase(site, "N-1", {"CAM": 1}), tmp_path / "sheet.csv"
    before = order_book.detail(site, order)
    for rows, units, wrong, with_yes in (
        (("CAM,SN-1,,,",), 1, [], (1, [])),
        (("CAM,SN-1,,,", "CAM,SN-2,,,"), 1, [("B3", "over-order", True)], (2, [])),
        (("CAM,CAM,,,",), 0, [("B2", "product-not-serial", False)], (0, [("B2", "product-not-serial", False)])),
        (("CAM,,,,",), 0, [], (0, [])),
    ):
        path.write_text("\n".join([HEADER, *rows]) + "\n")
        written = Written(order, read_sheet(path), path.name, ago(site, 2), "Ben")
        looked, answered = look(site, written), look(site, written, yes=True)
        assert (looked.units, told(looked)) == (units, wrong)
        assert (answered.units, told(answered)) == with_yes
        assert looked.asks is any(is_question for _, _, is_question in wrong)
        assert order_book.detail(site, order) == before
        assert not tracing.trace(site, "SN-1")
    path.write_text("\n".join([HEADER, "CAM,SN-1,,,", "CAM,SN-2,,,"]) + "\n")
    written = Written(order, read_sheet(path), path.name, ago(site, 2), "Ben")
    errors = tmp_path / "errors.xlsx"
    save_rows(written.table, look(site, written), errors, only_refused=True)
    assert [row[1].value for row in openpyxl.load_workbook(errors).worksheets[0].rows][1:] == ["SN-2"]
    assert problems(enter_sheet(site, written)) == [("B3", "over-order")]
    assert done(enter_sheet(site, written, good_rows=True)).units == 1


def told(looked: Looked) -> list[tuple[str, str, bool]]:
    """Each cell, the name of what is wrong, and whether a yes enters it."""
    return [(one.cell, one.reason.name, one.is_question) for one in looked.problems]


def test_where_people_sign_in_the_person_is_an_operator(site: Site, entered: Enter) -> None:
    product(site, "BOX", 0)
    order = purchase(site, "N-1", {"BOX": 9})
    for name in (" ", "B" * 41, "B\x07"):
        assert [reason for _, reason in problems(entered(order, "BOX,,,1,", by=name))] == ["bad-name"]
    turn_on(site)
    clerk = with_somebody(site, Right.IMPORT)
    assert clerk.seat.operator is not None
    answer = entered(order, "BOX,,,1,", here=clerk)
    assert [reason for _, reason in problems(answer)] == ["unknown-operator"]
    assert "There are: " in answer.text
    with_somebody(site, Right.PACK)
    assert "written down by Ana-pack, entered" in done(entered(order, "BOX,,,1,", here=clerk, by="ana-PACK")).text


def test_a_sheet_that_says_nothing(site: Site, entered: Enter) -> None:
    product(site, "BOX", 0)
    order = purchase(site, "N-1", {"BOX": 9})
    for rows, at, reason in (
        (("BOX,,,,", ",,,,"), "", "nothing-written"),
        ((), "", "nothing-written"),
        (("BOX,,,1,",) * (MOST_ROWS + 1), "", "many-rows"),
        (("BOX,,,1,",), "soon", "written-time"),
        (("BOX,,,1,",), "2026-11-20", "written-time"),
    ):
        assert [name for _, name in problems(entered(order, *rows, at=at))] == [reason]


def test_it_waits_for_this_stations_own_work_and_for_an_order_that_takes_goods(site: Site, entered: Enter) -> None:
    product(site, "BOX", 0)
    order = purchase(site, "N-1", {"BOX": 2})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BOX")
    assert [name for _, name in problems(entered(order, "BOX,,,1,"))] == ["work-open"]
    assert said(desk.complete()) == ("CHECK", "in-part")
    desk.yes()
    done(entered(order, "BOX,,,1,"))
    assert [name for _, name in problems(entered(order, "BOX,,,1,"))] == ["order-finished"]


def test_what_was_entered_is_taken_back_as_scans_are(site: Site, entered: Enter) -> None:
    product(site, "CAM", 1)
    order = purchase(site, "N-1", {"CAM": 1})
    done(entered(order, "CAM,SN-1,,,"))
    (life,) = tracing.trace(site, "SN-1")
    assert not isinstance(corrections.unreceive(site, life.unit.id, "never came"), Refused)
    assert line(site, order, "CAM")[0] == 0


def test_a_workbook_with_a_row_for_each_blank_is_filled_in_and_entered(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 1)
    product(site, "BOX", 0)
    order, path = purchase(site, "N-1", {"CAM": 2, "BOX": 9}), tmp_path / "downtime.xlsx"
    write_template(path, "downtime", site=site, order_id=order)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [next(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] == ["CAM", "CAM", "BOX"]
    written = ago(site, 5)
    sheet["B2"], sheet["E2"] = "SN-1", time.fromisoformat(written[-5:])
    sheet["D4"], sheet["E4"] = 3, datetime.fromisoformat(written)
    sheet["E2"].number_format, sheet["E4"].number_format = "hh:mm", "yyyy-mm-dd hh:mm"
    book.save(path)
    done(enter(site, order, path, at=written[:10], by="Ben"))
    assert (line(site, order, "CAM")[0], line(site, order, "BOX")[0]) == (1, 3)
    (life,) = tracing.trace(site, "SN-1")
    assert datetime.fromisoformat(life.events[0].at) == datetime.fromisoformat(written).astimezone()
    errors = tmp_path / "errors.xlsx"
    sheet["A4"] = "NONE"
    book.save(path)
    answer = enter(site, order, path, at=written[:10], by="Ben", errors_file=errors)
    assert [name for _, name in problems(answer)] == ["already-received", "unknown-sku", "errors-saved"]
    assert errors.exists()
