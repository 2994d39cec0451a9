"""Counts: blind until they end; missing, moved and misplaced apart; written off after two people (RULES 2.28)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan, Source
from scanstation.domain.status import OrderKind
from scanstation.store import holds
from scanstation.store.upkeep import findings
from scanstation.workflows.orders import corrections, count_book, finding, holding, shipment_orders
from scanstation.workflows.reports import count_report, tracing
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done, names
from tests.serials import opening
from tests.workflows.done_work import packed


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert findings(site.store) == []


def number(site: Site, text: str) -> int:
    found = count_book.choose(site, text)
    assert not isinstance(found, Refused)
    return found.id


def rows(site: Site, count_id: int) -> dict[str, tuple[str, str | None]]:
    """What `counts show` has: serial, or SKU and quantity → result, and where."""
    listing = count_report.report(site, count_id)
    read = [dict(zip(listing.headings, row, strict=True)) for row in listing.read()]
    return {
        str(row["primary_serial"] or f"{row['quantity']} {row['sku']} of {row['on_hand']}"): (
            str(row["result"]),
            str(row["where"]) if row["where"] else None,
        )
        for row in read
    }


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def stand(site: Site) -> list[int]:
    """Six cameras Received, one of them packed on S-1 and one shipped on S-2, and thirty cables."""
    builders.product(site, "CAM", 1)
    builders.product(site, "LAP", 3)
    builders.product(site, "TAB", 2)
    units = opening(site, "NORDWIND", "W-EAST", "CAM", *(f"A{n}" for n in range(1, 7)))
    opening(site, "NORDWIND", "W-EAST", "LAP", ("L1", "M1"))
    opening(site, "NORDWIND", "W-EAST", "TAB", "T1")
    packed(site, builders.shipment(site, "S-1", {"CAM": 1}), "CAM", "A5")
    left = builders.shipment(site, "S-2", {"CAM": 1})
    packed(site, left, "CAM", "A6")
    done(shipment_orders.ship(site, left))
    return units


@pytest.mark.both_stores
def test_a_count_is_blind_and_then_tells_what_is_missing_what_moved_and_what_should_not_be_there(site: Site) -> None:
    stand(site)
    ben = replace(site, operator="Ben", station="dock-9")
    assert done(count_book.begin(site, "w-east")).text == "C-1: W-EAST. Nothing is counted yet."
    count = number(site, "c-1")
    assert rows(site, count) == {}  # nothing expected is shown
    assert done(count_book.scan(site, count, ["A1", "M1"])).text == "C-1: 2 units are counted, 2 pieces by now."
    assert done(count_book.scan(ben, count, ["A5"])).text == "C-1: A5 is counted, 3 pieces by now."
    assert done(count_book.scan(ben, count, ["A6"])).text == "C-1: A6 is counted, 4 pieces by now."  # as any other
    assert names(count_book.scan(ben, count, ["L1", "X-1"])) == ["counted-already", "unknown-code"]
    assert names(count_book.scan(ben, count, ["CAM"], unknown=True)) == ["is-product"]
    assert names(count_book.scan(ben, count, ["A2", "a2"])) == ["twice"]
    assert names(count_book.scan(ben, count, ["T1"])) == ["by-quantity"]
    assert names(count_book.count_goods(ben, count, "NORDWIND", "CAM", 3)) == ["by-serial"]
    done(count_book.scan(ben, count, ["X-1"], unknown=True))
    done(count_book.count_goods(ben, count, "NORDWIND", "TAB", 4))
    done(count_book.count_goods(ben, count, "NORDWIND", "TAB", 3))
    assert done(count_book.undo(ben, count)).text == "C-1: 3 of TAB is taken back, 9 pieces by now."
    done(holding.hold(site, [unit_of(site, "A3")], "box wet"))  # something happens to it meanwhile
    assert {what for what, _ in rows(site, count).values()} == {"counted"}
    assert {where for _, where in rows(site, count).values()} == {None}

    closed = done(count_book.close(site, count))
    assert closed.text == (
        "C-1 is closed: 2 found, 2 missing, 1 moved, 1 counted, 1 staged, 1 shipped, 1 unknown serial."
    )
    assert closed.notes == ("1 unit found Shipped: on hold now.",)
    found = rows(site, count)
    assert {code: what for code, (what, _) in found.items()} == {
        "A1": "found",
        "L1": "found",
        "A2": "missing",
        "A4": "missing",
        "A3": "moved",
        "A5": "staged",
        "A6": "shipped",
        "X-1": "unknown serial",
        "4 TAB of 1": "counted",
    }
    assert found["A5"][1] == "staged on S-1"
    (life,) = tracing.trace(site, "A6")
    assert life.standing == "Shipped, on hold: found on count C-1, though Shipped"
    assert names(count_book.scan(site, count, ["A2"])) == ["count-closed"]
    assert [(one.pieces, one.missing) for one in count_book.listing(site)] == [(9, 2)]


@pytest.mark.parametrize(
    ("sku", "codes", "taken_back"),
    [
        ("CAM", ("N-1", "CAM", "A1"), ("SS-UNDO",)),
        ("LAP", ("N-1", "LAP", "A1"), ("SS-CANCEL",)),
        ("CAM", ("R-1", "SS-YES", "CAM", "A1"), ("SS-UNDO", "SS-CANCEL")),
    ],
)
def test_what_open_work_took_back_was_counted_as_a_serial_that_no_unit_has(
    site: Site, sku: str, codes: tuple[str, ...], taken_back: tuple[str, ...]
) -> None:
    builders.product(site, sku, 1 if sku == "CAM" else 3)
    builders.purchase(site, "N-1", {sku: 1})
    desk = ReturnDesk(site) if codes[0] == "R-1" else Desk(site, OrderKind.PURCHASE)
    for code in codes:
        desk.answer(Scan(code))
    done(count_book.begin(site, "W-EAST"))
    count = number(site, "C-1")
    done(count_book.scan(site, count, ["A1"]))
    for code in taken_back:
        desk.answer(Scan(code))
        assert desk.view.verdict is not None
        assert desk.view.verdict.accepted, desk.view.verdict
    assert names(count_book.scan(site, count, ["A1"], unknown=True)) == ["counted-already"]
    assert done(count_book.close(site, count)).text == "C-1 is closed: 0 found, 0 missing, 0 moved, 1 unknown serial."


def test_a_serial_that_was_corrected_since_is_no_unknown_one(site: Site) -> None:
    stand(site)
    done(corrections.correct(site, unit_of(site, "A1"), "A1", "A1-X", "misread"))
    done(count_book.begin(site, "W-EAST"))
    assert names(count_book.scan(site, number(site, "C-1"), ["A1"])) == ["corrected"]
    done(count_book.scan(site, number(site, "C-1"), ["A1"], unknown=True))  # another unit, as somebody says


def test_a_partial_count_has_no_missing_and_a_count_of_skus_takes_no_others(site: Site) -> None:
    stand(site)
    done(count_book.begin(site, "W-EAST", "NORDWIND", ["CAM"], is_partial=True))
    count = number(site, "C-1")
    assert names(count_book.scan(site, count, ["L1"])) == ["not-of-this-count"]
    done(count_book.scan(site, count, ["A1"]))
    assert done(count_book.close(site, count)).text == "C-1 is closed: 1 found."
    assert rows(site, count) == {"A1": ("found", "W-EAST")}
    assert names(count_book.begin_again(site, count)) == ["partial-count"]
    assert names(count_book.write_off(site, count, [], "lost")) == ["partial-count"]
    assert names(count_book.begin(site, "W-NORTH")) == ["no-warehouse"]
    assert names(count_book.begin(site, "W-EAST", "NORDWIND", ["NONE", "CAM"])) == ["unknown-sku"]


@pytest.mark.both_stores
def test_a_write_off_takes_two_people_and_found_again_is_the_same_unit(site: Site) -> None:
    units = stand(site)
    ben = replace(site, operator="Ben", station="dock-9")
    site.store.act(lambda tx: holds.put(tx, units[1:2], "box wet", site.stamp(), Source.TYPED))
    done(count_book.begin(site, "W-EAST", "NORDWIND", ["CAM"]))
    first = number(site, "C-1")
    assert names(count_book.begin_again(ben, first)) == ["count-open"]
    done(count_book.scan(site, first, ["A1"]))
    done(count_book.close(site, first))
    assert names(count_book.write_off(ben, first, [], "gone")) == ["no-second-round"]
    assert names(count_book.begin_again(site, first)) == ["another-person"]

    done(count_book.begin_again(ben, first))
    again = number(site, "C-2")
    assert names(count_book.scan(site, again, ["A3"])) == ["another-person"]
    assert names(count_book.begin_again(ben, again)) == ["second-of-second"]
    done(count_book.scan(ben, again, ["A3"]))  # it was there after all
    assert names(count_book.close(site, again)) == ["another-person"]
    assert done(count_book.close(ben, again)).text == "C-2 is closed: 1 found, 2 missing, 0 moved."
    assert names(count_book.write_off(site, first, ["A3"], "gone")) == ["not-missing"]
    packed(site, builders.shipment(site, "S-3", {"CAM": 1}), "CAM", "A4")  # it moves on before anybody writes it off
    assert names(count_book.write_off(site, first, ["A4"], "gone")) == ["moved-since-count"]
    assert names(count_book.write_off(site, first, [], "")) == ["reason-missing"]

    written = done(count_book.write_off(site, again, [], "nobody has seen it"))
    assert written.text == "C-1: 1 unit is written off."
    assert len(written.notes) == 1  # A4 stays
    (life,) = tracing.trace(site, "A2")
    assert life.standing == "Disposed, given up as lost"
    assert (life.events[-1].what.value, life.events[-1].reason) == ("Disposed", "lost C-1: nobody has seen it")
    assert rows(site, again)["A2"][0] == "written off"
    assert names(count_book.write_off(site, first, [], "again")) == ["moved-since-count"]
    assert names(finding.found_again(site, unit_of(site, "A1"), "here")) == ["not-written-off"]

    told = done(finding.found_again(site, unit_of(site, "A2"), "behind the rack"))
    assert told.text == "A2 is found again: Received in W-EAST."
    assert told.notes == ("It is on hold again, as it was.",)
    (life,) = tracing.trace(site, "A2")
    assert life.unit.id == units[1]
    assert life.standing == "Received, on hold: box wet"
    assert names(finding.found_again(site, units[1], "twice")) == ["not-written-off"]


def test_what_came_of_a_count_is_written_as_every_report(site: Site, tmp_path: Path) -> None:
    stand(site)
    done(count_book.begin(site, "W-EAST"))
    count = number(site, "C-1")
    done(count_book.scan(site, count, ["A1"]))
    done(count_book.close(site, count))
    listing = count_report.report(site, count)
    for format in ("csv", "json", "xlsx"):
        told = listing.export(tmp_path / f"count.{format}", format)
        assert told.text.startswith("Count: 6 rows written to")
    assert (
        (tmp_path / "count.csv")
        .read_text(encoding="utf-8-sig")
        .splitlines()[1]
        .startswith('"missing","NORDWIND","CAM","A2"')
    )


def test_what_somebody_has_seen_since_is_not_written_off(site: Site) -> None:
    """By the other of two second rounds, or by another count: scanning it changes nothing of the unit."""
    stand(site)
    ben, cem = replace(site, operator="Ben", station="dock-9"), replace(site, operator="Cem", station="dock-7")
    done(count_book.begin(site, "W-EAST", "NORDWIND", ["CAM"]))
    first = number(site, "C-1")
    done(count_book.scan(site, first, ["A1"]))
    done(count_book.close(site, first))
    done(count_book.begin_again(cem, first))
    done(count_book.begin_again(ben, first))
    done(count_book.scan(cem, number(site, "C-2"), ["A2"]))
    done(count_book.begin(cem, "W-EAST", is_partial=True))
    done(count_book.scan(cem, number(site, "C-4"), ["A3"]))
    done(count_book.close(ben, number(site, "C-3")))
    assert names(count_book.write_off(site, first, ["A2"], "lost")) == ["seen-since-count"]
    written = done(count_book.write_off(site, first, [], "lost"))
    assert written.text == "C-1: 1 unit is written off."
    assert written.notes == (
        "A2 was scanned on C-2 at dock-7, by Cem: it is there, and stays.",
        "A3 was scanned on C-4 at dock-7, by Cem: it is there, and stays.",
    )


def test_what_an_open_return_has_in_hand_is_in_work_and_not_shipped(site: Site) -> None:
    stand(site)
    back = ReturnDesk(replace(site, station="gate"))
    back.answer(Scan("A6"))
    done(count_book.begin(site, "W-EAST"))
    count = number(site, "C-1")
    done(count_book.scan(site, count, ["A6", "A1"]))
    assert "1 in work" in done(count_book.close(site, count)).text
    assert rows(site, count)["A6"] == ("in work", "is on Ana's open return R-1 at gate")
    assert tracing.trace(site, "A6")[0].unit.on_hold is None


def test_a_site_may_want_a_third_person_to_write_off(site: Site) -> None:
    stand(site)
    two = replace(site, rules=replace(site.rules, two_persons=True))
    ben = replace(two, operator="Ben", station="dock-9")
    done(count_book.begin(two, "W-EAST", "NORDWIND", ["CAM"]))
    first = number(two, "C-1")
    done(count_book.close(two, first))
    done(count_book.begin_again(ben, first))
    done(count_book.close(ben, number(two, "C-2")))
    for who in (two, ben):
        assert names(count_book.write_off(who, first, [], "lost")) == ["counted-it"]
    done(count_book.write_off(replace(two, operator="Cem"), first, [], "lost"))
