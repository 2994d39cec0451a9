"""Lists of what is expected back (RULES 2.22): loaded by key, and held against what comes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.reports import Filters, SerialRow
from scanstation.domain.scan import Scan
from scanstation.domain.verdict import Tone, Verdict
from scanstation.store import upkeep
from scanstation.workflows.master_data.loading import Loaded, load
from scanstation.workflows.orders import return_book, shipment_orders
from scanstation.workflows.reports import reporting
from scanstation.workflows.reports.reporting import Report
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests.builders import product, shipment
from tests.workflows.done_work import packed
from tests.workflows.sheets_to_load import Files

HEADER = ["RMA", "Client", "SKU", "Serial", "Quantity", "SO Number"]


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def away(site: Site) -> Site:
    """A1 to A4 of CAM have left on S-1, A9 on S-2, D1 and E1 of a unit of two codes on S-1; Z1 is another client's."""
    product(site, "CAM", 2)
    product(site, "DUO", 4)
    product(site, "BAG", 0)
    product(site, "CAM", 2, client="SUDSEE")
    for number, client, lines in (
        ("S-1", "NORDWIND", {"CAM": ("A1", "A2", "A3", "A4"), "DUO": ("D1/E1",)}),
        ("S-2", "NORDWIND", {"CAM": ("A9",)}),
        ("S-3", "SUDSEE", {"CAM": ("Z1",)}),
    ):
        order_id = shipment(site, number, {sku: len(some) for sku, some in lines.items()}, client=client)
        for sku, some in lines.items():
            packed(site, order_id, sku, *some)
        assert isinstance(shipment_orders.ship(site, order_id), Done)
    return site


def scan(desk: ReturnDesk, *codes: str) -> Verdict:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict


def held(site: Site) -> dict[str, str | None]:
    """Status and hold of each unit that is Received."""
    found = [row for row in reporting.rows(site, Report.SERIALS, Filters()) if isinstance(row, SerialRow)]
    return {str(row.primary): row.hold for row in found if row.status.value == "Received"}


def shown(site: Site, number: str) -> dict[str, Any]:
    one = return_book.choose(site, number)
    assert not isinstance(one, Refused)
    return return_book.as_json([return_book.detail(site, one.id)], with_goods=True)[0]


def names(answer: Loaded) -> list[str]:
    return [reason.name for reason in answer.reasons]


@pytest.mark.both_stores
def test_a_list_is_held_against_what_comes_back(away: Site, files: Files) -> None:
    site = replace(away, rules=replace(away.rules, returns_on_hold=False))
    answer = load(
        site,
        [
            files(
                HEADER,
                ["RMA-7", "NORDWIND", "CAM", "A1", "", "S-1"],
                ["RMA-7", "NORDWIND", "CAM", "A9", "", "S-1"],
                ["RMA-7", "NORDWIND", "BAG", "", "3", ""],
                ["RMA-7", "NORDWIND", "DUO", "E1", "1", ""],
                ["RMA-8", "NORDWIND", "CAM", "A2", "", ""],
            )
        ],
    )
    assert answer.text == "Loaded: 2 returns (2 new)."
    desk = ReturnDesk(site)
    scan(desk, "RMA-7")
    assert [(line.sku, line.done, line.ordered) for line in desk.view.order.lines] == [  # type: ignore[union-attr]
        ("CAM", 0, 2),
        ("BAG", 0, 3),
        ("DUO", 0, 1),
    ]
    assert scan(desk, "A1").text == "A1 → CAM, back from S-1. 1 unit in hand."
    told = {}
    for code in ("A9", "A3", "A2", "Z1"):
        verdict = scan(desk, code)
        told[code] = verdict.text
        assert (verdict.tone, verdict.question) == (Tone.CHECK, None), verdict
    assert told == {
        "A9": "A9 → CAM, back from S-2, and RMA-7 expects it from S-1. It goes on hold. 2 units in hand.",
        "A3": "A3 → CAM, back from S-1, is not on the list of RMA-7. It goes on hold. 3 units in hand.",
        "A2": "A2 → CAM, back from S-1, is expected on RMA-8, not on RMA-7. It goes on hold. 4 units in hand.",
        "Z1": "Z1 → CAM, back from S-3, and RMA-7 is a return of NORDWIND. It goes on hold. 5 units in hand.",
    }
    assert scan(desk, "D1").tone is Tone.OK
    assert scan(desk, "E1").text == "E1 came back too, with D1. 6 units in hand."
    assert scan(desk, "SS-QTY-3", "BAG").tone is Tone.OK
    verdict = scan(desk, "BAG")
    assert verdict.tone is Tone.CHECK
    assert "more than the 3 that RMA-7 expects" in verdict.text
    assert scan(desk, "SS-COMPLETE").text == (
        "Return RMA-7 complete: 10 units, 4 on hold. Scan the next return, or a unit."
    )
    assert held(site) == {
        "A1": None,
        "A9": "returned RMA-7, of another order",
        "A3": "returned RMA-7, not on its list",
        "A2": "returned RMA-7, expected on another return: RMA-8",
        "Z1": "returned RMA-7, of another client",
        "D1": None,
    }
    assert [(one["sku"], one["serial"], one["quantity"], one["came_back"]) for one in shown(site, "RMA-7")["list"]] == [
        ("CAM", "A1", 1, 1),
        ("CAM", "A9", 1, 1),
        ("BAG", None, 3, 3),
        ("DUO", "E1", 1, 1),
    ]


def test_a_quantity_is_counted_over_all_stations_and_what_is_missing_is_named(away: Site, files: Files) -> None:
    load(away, [files(HEADER, ["RMA-1", "NORDWIND", "CAM", "", "2", "S-1"], ["RMA-1", "NORDWIND", "CAM", "A4"])])
    east, west = ReturnDesk(away), ReturnDesk(replace(away, station="dock-9"))
    assert scan(east, "RMA-1", "A1").tone is Tone.OK
    scan(west, "RMA-1", "SS-NO")
    assert scan(west, "A9").text.startswith("A9 → CAM, back from S-2, and RMA-1 expects it from S-1.")
    assert scan(west, "SS-UNDO", "A2").tone is Tone.OK
    too_many = scan(east, "A3")
    assert too_many.text.startswith("A3 → CAM, back from S-1: RMA-1 expects 2 of it, and has them.")
    assert "Still expected: 1 × CAM, A4." in scan(east, "SS-UNDO", "SS-COMPLETE").text
    scan(west, "SS-COMPLETE")
    told = shown(away, "RMA-1")
    assert (told["expected"], told["missing"], told["came_back"]) == (3, 1, 2)
    assert isinstance(closed := return_book.close(away, return_book.listed(away)[0].of.id), Done)
    assert closed.notes == ("1 unit of its list did not.",)
    # What comes all the same is asked about, and goes on hold.
    assert scan(east, "RMA-1").question is not None
    scan(east, "SS-YES", "A4", "SS-COMPLETE")
    assert held(away)["A4"] == "returned RMA-1, return was closed"


@pytest.mark.parametrize("scans", [("A1",), ("CAM", "A1"), ("CAM", "SS-UNDO", "CAM", "A1")])
def test_a_unit_whose_product_was_scanned_first_counts_once_against_the_list(
    away: Site, files: Files, scans: tuple[str, ...]
) -> None:
    site = replace(away, rules=replace(away.rules, returns_on_hold=False))
    load(site, [files(HEADER, ["RMA-7", "NORDWIND", "CAM", "", "1", ""])])
    desk = ReturnDesk(site)
    assert scan(desk, "RMA-7", *scans).text == "A1 → CAM, back from S-1. 1 unit in hand."
    assert scan(desk, "CAM", "A2").tone is Tone.CHECK
    scan(desk, "SS-COMPLETE")
    assert held(site) == {"A1": None, "A2": "returned RMA-7, more than expected"}


def test_each_taking_over_of_a_return_is_told_once(away: Site) -> None:
    mine, theirs = ReturnDesk(away), ReturnDesk(away.at_station("dock-9"))
    scan(mine, "RMA-7", "SS-YES", "A1")
    for _ in range(2):
        scan(theirs, "RMA-7", "SS-YES")
        assert scan(mine, "SS-UNDO").reason == "return-taken-over"
        assert scan(mine, "SS-UNDO").reason == "no-return"
        scan(mine, "RMA-7", "SS-YES")
        assert scan(theirs, "SS-UNDO").reason == "return-taken-over"


def test_the_first_unit_opens_the_one_return_that_expects_it(away: Site, files: Files) -> None:
    load(away, [files(HEADER, ["RMA-1", "NORDWIND", "CAM", "A1"], ["RMA-2", "NORDWIND", "DUO", "D1"])])
    desk = ReturnDesk(away)
    scan(desk, "A1")
    assert desk.view.order is not None
    assert desk.view.order.number == "RMA-1"
    assert scan(desk, "D1").tone is Tone.OK
    assert (
        scan(desk, "E1").text
        == "E1 came back too, with D1. On hold: expected on another return: RMA-2. 2 units in hand."
    )


def test_a_list_is_loaded_by_key_again_and_again(away: Site, files: Files) -> None:
    first = files(HEADER, ["RMA-1", "NORDWIND", "CAM", "A1"], ["RMA-1", "NORDWIND", "BAG", "", "3", "S-1"])
    load(away, [first])
    assert load(away, [first]) == Loaded("Loaded: 1 return (1 as before).")
    answer = load(
        away,
        [
            files(
                HEADER,
                ["rma-1", "nordwind", "CAM", "A1", "0"],
                ["RMA-1", "NORDWIND", "BAG", "", "4", "S-1"],
                ["RMA-1", "NORDWIND", "CAM", "A2", "", "S-1"],
            )
        ],
    )
    assert answer.notes == ("Return rma-1: CAM A2 expected, BAG 3 → 4, S-1, CAM A1 dropped.",)
    assert [(one["sku"], one["serial"], one["quantity"]) for one in shown(away, "RMA-1")["list"]] == [
        ("BAG", None, 4),
        ("CAM", "A2", 1),
    ]


def test_a_return_that_a_desk_began_gets_its_list_and_its_client(away: Site, files: Files) -> None:
    desk = ReturnDesk(away)
    scan(desk, "RMA-5", "SS-YES", "A1", "SS-COMPLETE")
    answer = load(away, [files(HEADER, ["RMA-5", "NORDWIND", "CAM", "A1"], ["RMA-5", "NORDWIND", "CAM", "A2"])])
    assert answer.text == "Loaded: 1 return (1 changed)."
    told = shown(away, "RMA-5")
    assert (told["client"], told["expected"], told["missing"]) == ("NORDWIND", 2, 1)
    (one,) = return_book.listed(away)
    assert isinstance(return_book.close(away, one.of.id), Done)
    refused = load(away, [files(HEADER, ["RMA-5", "NORDWIND", "CAM", "A3"])])
    assert names(refused) == ["return-closed"]
    assert not load(away, [files(HEADER, ["RMA-5", "NORDWIND", "CAM", "A1"])]).refused, "as before"


def test_bad_rows_of_a_list_are_refused_and_good_returns_are_loaded(away: Site, files: Files) -> None:
    path = files(
        HEADER,
        ["RMA-1", "NORDWIND", "CAM", "A1"],
        ["RMA-2", "NORDWIND", "CAM", "", ""],
        ["RMA-3", "NORDWIND", "NO-SUCH", "A1"],
        ["RMA-4", "NOBODY", "CAM", "A1"],
        ["RMA-5", "NORDWIND", "BAG", "B1"],
        ["RMA-6", "NORDWIND", "CAM", "A1", "2"],
        ["RMA-7", "NORDWIND", "CAM", "A3"],
        ["RMA-7", "NORDWIND", "CAM", "a3"],
        ["RMA-8", "NORDWIND", "CAM", "A\u200b3x"],
    )
    answer = load(away, [path])
    assert names(answer) == [
        *("empty", "quantity", "key-twice", "bad-code", "unknown-sku", "unknown-client", "not-tracked"),
    ]
    assert return_book.listed(away) == []
    answer = load(away, [path], good_orders=True)
    assert [one.of.number for one in return_book.listed(away)] == ["RMA-1"]
    assert "1 return (1 new)" in answer.text
