"""Counting at a station (RULES 2.28): blind, each scan kept as it comes, ended for all stations at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from scanstation.domain.commands import OF_THE_STATION, Act
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.products import Barcode
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.verdict import Verdict
from scanstation.store import counts
from scanstation.store.upkeep import findings
from scanstation.workflows.orders import corrections, count_book, holding, shipment_orders
from scanstation.workflows.reports import count_report, tracing
from scanstation.workflows.scanning import home
from scanstation.workflows.scanning.counting import CountDesk
from scanstation.workflows.scanning.desk import PLACES, Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening
from tests.workflows.done_work import packed


@pytest.fixture(autouse=True)
def stock(site: Site) -> Iterator[None]:
    """Six cameras, one packed on S-1 and one shipped, a laptop, a tablet that goes by quantity; others elsewhere."""
    for sku, scenario in (("CAM", 1), ("LAP", 3), ("TAB", 2), ("CBL", 0)):
        builders.product(site, sku, scenario)
    builders.product(site, "ACM", 1, client="ACME")
    builders.product(site, "CAM", 1, client="ACME")
    opening(site, "NORDWIND", "W-EAST", "CAM", *(f"A{n}" for n in range(1, 7)))
    opening(site, "NORDWIND", "W-EAST", "LAP", ("L1", "M1"))
    opening(site, "NORDWIND", "W-EAST", "TAB", "T1")
    opening(site, "ACME", "W-EAST", "ACM", "Z1", "A1")
    opening(site, "NORDWIND", "W-WEST", "CAM", "W1")
    packed(site, builders.shipment(site, "S-1", {"CAM": 1}), "CAM", "A5")
    left = builders.shipment(site, "S-2", {"CAM": 1})
    packed(site, left, "CAM", "A6")
    assert isinstance(shipment_orders.ship(site, left), Done)
    yield
    assert findings(site.store) == []


@pytest.fixture
def desk(site: Site) -> CountDesk:
    return CountDesk(replace(site, warehouse="W-EAST"))


@pytest.fixture
def bens(site: Site) -> CountDesk:
    return CountDesk(replace(site, warehouse="W-EAST", operator="Ben", station="dock-9"))


def scan(desk: Desk, *codes: str) -> Verdict:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict


def lines(desk: CountDesk) -> dict[str, tuple[int, tuple[tuple[str, int], ...], bool]]:
    """SKU → counted by all, by the other stations, and whether the last scan was of it."""
    order = desk.refresh().order
    assert order is not None
    assert not any(line.full for line in order.lines)  # nobody is told how many there should be
    return {line.sku: (line.done, line.others, line.in_work) for line in order.lines}


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code, client="NORDWIND")
    assert not isinstance(found, Refused), found
    return found.unit.id


@pytest.mark.both_stores
def test_two_stations_count_blind_and_one_of_them_ends_it(site: Site, desk: CountDesk, bens: CountDesk) -> None:
    assert scan(desk, "nordwind").text == "Begin a count of all of NORDWIND in W-EAST?"
    assert scan(desk, "SS-YES").text == "C-1 is begun: all of NORDWIND in W-EAST. Scan what stands there."
    assert scan(bens, "C-1").text == "C-1 is open: W-EAST, NORDWIND, 0 pieces counted. Scan what stands there."
    assert scan(desk, "A1").text == "A1 → CAM is counted, 1 here."
    assert scan(desk, "m1").text == "m1 → LAP is counted, 1 here."
    assert scan(desk, "SS-QTY-5", "TAB").text == "5 × TAB are counted, 5 here."
    for code in ("A5", "A6", "W1", "A3"):  # Packed, Shipped, in another warehouse: as any other
        assert scan(bens, code).text.startswith(f"{code} → CAM is counted, ")
    again = scan(desk, "A6")
    assert (again.tone.value, again.quiet, again.text.split(",")[0]) == ("OK", True, "A6 is counted already")
    assert scan(desk, "L1").text.startswith("L1 is counted already, at ")  # the same unit, by its other serial
    assert lines(desk) == {
        "CAM": (5, (("dock-9", 4),), False),
        "LAP": (1, (), False),
        "TAB": (5, (), True),
    }
    asked = scan(desk, "SS-COMPLETE")
    assert asked.text == "C-1: 11 pieces counted, dock-9 too. End it for every station?"
    assert scan(desk, "SS-NO").tone.value == "CHECK"
    assert isinstance(holding.hold(site, [unit_of(site, "A4")], "box wet"), Done)  # something happens to it meanwhile
    ended = scan(desk, "SS-COMPLETE", "SS-YES")
    assert (ended.tone.value, ended.text) == (
        "CHECK",
        "C-1 is closed: 3 found, 1 missing, 1 moved, 1 counted, 1 staged, 1 shipped, 1 other warehouse. "
        "Missing: CAM A2. 1 unit found Shipped: on hold now. Another person scans C-1 to look again.",
    )
    assert desk.view.order is None
    told = bens.look_again()
    assert told is not None
    assert (told.tone.value, told.text) == ("STOP", "C-1 was closed elsewhere: nothing more is counted on it.")
    assert bens.look_again() is None
    assert scan(bens, "A2").reason == "count-closed"
    (life,) = tracing.trace(site, "A6")
    assert life.standing == "Shipped, on hold: found on count C-1, though Shipped"
    listing = count_report.report(site, 1)
    rows = [dict(zip(listing.headings, row, strict=True)) for row in listing.read()]
    told_of = {row["primary_serial"]: row["where"] for row in rows}
    assert (told_of["A5"], told_of["W1"]) == ("staged on S-1", "W-WEST")


NOT_COUNTED = [
    (("A1",), "no-count-open"),
    (("C-9",), "no-count-open"),
    (("SS-UNDO",), "no-count-open"),
    (("SS-COMPLETE",), "no-count-open"),
    (("W-WEST",), "count-elsewhere"),
    (("C-1", "Z1"), "not-of-this-count"),
    (("C-1", "ACM"), "not-of-this-count"),
    (("C-1", "CAM"), "by-serial"),
    (("C-1", "SS-QTY-2", "CAM"), "by-serial"),
    (("C-1", "T1"), "by-quantity"),
    (("C-1", "S-1"), "no-serial-here"),
    (("C-1", "https://a.example/1"), "no-serial-here"),
    (("C-1", "SS-QTY-ALL"), "no-quantity-here"),
    (("C-1", "SS-CANCEL"), "nothing-owed"),
    (("C-1", "SS-UNDO"), "nothing-counted"),
    (("C-1", "SS-NOSERIAL"), "no-serial-due"),
    (("C-1", "SS-YES"), "no-question"),
    (("C-1", "X-1", "A1"), "question-open"),
]


def test_what_is_not_counted_says_why(site: Site) -> None:
    assert isinstance(count_book.begin(site, "W-EAST", "NORDWIND"), Done)
    for codes, reason in NOT_COUNTED:
        assert scan(CountDesk(replace(site, warehouse="W-EAST")), *codes).reason == reason, codes
    assert count_book.listing(site)[0].pieces == 0


def test_what_is_not_plain_is_asked(site: Site, desk: CountDesk) -> None:
    scan(desk, "W-EAST", "SS-YES")
    assert scan(desk, "X-1").text == "No unit has the serial X-1. Is it the serial of a unit that is there?"
    assert scan(desk, "SS-NO").tone.value == "CHECK"
    assert scan(desk, "X-1", "SS-YES").text == "X-1 is counted as a serial that no unit has, 1 here."
    assert scan(desk, "x-1").text.startswith("x-1 is counted already, ")
    assert scan(desk, "SN:A2").text == "No unit has SN:A2, but A2 of CAM is much like it. Is it A2?"
    assert scan(desk, "SS-YES").text == "A2 → CAM is counted, 1 here."
    assert isinstance(corrections.correct(site, unit_of(site, "A3"), "A3", "B3", "wrong label"), Done)
    assert scan(desk, "A3").text == "A3 is B3 now. Is it that unit?"
    assert scan(desk, "SS-YES").text == "B3 → CAM is counted, 2 here."
    which = scan(desk, "A1")
    assert which.question is not None
    assert which.question.choices == ("ACM of ACME", "CAM of NORDWIND")
    assert scan(desk, "SS-REASON-1").text == "A1 → ACM is counted, 1 here."
    assert scan(desk, "A1", "SS-REASON-2").text == "A1 → CAM is counted, 3 here."
    # A label of one piece or package counts it once, though its goods go by quantity.
    builders.product(site, "GTI", 2, barcodes=[Barcode("4006381333931")])
    label = "]d201040063813339312142"
    assert scan(desk, label).text.startswith("1 × GTI are counted") or scan(desk, label).text.endswith("1 here.")
    assert "is counted already" in scan(desk, label).text
    assert scan(desk, "GTI").text == "1 × GTI are counted, 2 here."


@pytest.mark.both_stores
def test_undo_takes_back_the_last_scan_of_the_station_again_and_again(
    site: Site, desk: CountDesk, bens: CountDesk
) -> None:
    scan(desk, "W-EAST", "SS-YES", "A2", "SS-QTY-3", "CBL")
    scan(bens, "C-1", "A3")
    assert scan(desk, "SS-QTY-2", "SS-UNDO").text.startswith("The quantity of 2 is dropped")
    assert scan(desk, "SS-UNDO").text == "3 of CBL is taken back: it is not counted."
    assert scan(desk, "SS-UNDO").text == "A2 is taken back: it is not counted."
    assert scan(desk, "SS-UNDO").reason == "nothing-counted"
    assert lines(desk) == {"CAM": (1, (("dock-9", 1),), False)}
    assert scan(desk, "A2").accepted


def test_a_scan_that_was_kept_counts_once_and_its_station_goes_on_after_a_power_cut(
    site: Site, desk: CountDesk, bens: CountDesk
) -> None:
    scan(desk, "W-EAST", "SS-YES")
    again = Scan("CBL")
    desk.answer(again)
    assert desk.answer(again).verdict is not None
    scan(desk, "A2")
    scan(bens, "C-1")
    (own,) = home.at_home(desk.site).own_counts
    assert (own.number, own.pieces) == ("C-1", 2)
    assert home.at_home(bens.site).own_counts == ()
    assert home.meaning(site, Scan("c-1")) == home.ToCount("C-1")
    anew = CountDesk(desk.site)
    assert scan(anew, "C-1").text == "C-1 is open: W-EAST, 2 pieces counted. Scan what stands there."
    assert scan(anew, "SS-UNDO").text == "A2 is taken back: it is not counted."
    assert scan(anew, "SS-HOME").quiet
    scan(anew, "C-1", "SS-COMPLETE", "SS-YES")
    assert home.at_home(desk.site).own_counts == ()


def test_the_second_round_is_another_persons(site: Site, desk: CountDesk, bens: CountDesk) -> None:
    assert scan(desk, "SS-HOME", "LAP").text == "Begin a count of LAP of NORDWIND in W-EAST?"
    assert scan(desk, "CAM").reason == "question-open"
    scan(desk, "SS-NO", "CAM")
    assert desk.view.question is not None
    assert desk.view.question.choices == ("CAM of NORDWIND", "CAM of ACME")
    assert scan(desk, "SS-REASON-1").text == "Begin a count of CAM of NORDWIND in W-EAST?"
    scan(desk, "SS-YES", "A1", "A2", "SS-COMPLETE", "SS-YES")
    assert desk.waiting() == (
        (("C-1", "lacks 2 units, a second person looks again: W-EAST, NORDWIND, some products"),),
        1,
    )
    assert scan(desk, "C-1").reason == "another-person"
    assert scan(bens, "C-1").text == (
        "C-1 is closed and lacks 2 units that nobody has looked for again. Begin a second round?"
    )
    assert scan(bens, "SS-YES").text == (
        "C-2 is begun: a second round over what C-1 lacks, 2 units. Scan those that are there."
    )
    assert bens.waiting() == ((("C-2", "second round of C-1, 0 pieces counted"),), 1)
    assert scan(desk, "C-2").reason == "another-person"
    assert scan(bens, "CBL").reason == "only-units"
    assert scan(bens, "A3", "SS-COMPLETE", "SS-YES").text == (
        "C-2 is closed: 1 found, 1 missing, 0 moved. Missing: CAM A4."
    )
    assert scan(bens, "C-2").reason == "count-closed"
    assert isinstance(count_book.write_off(site, 1, [], "nobody has seen it"), Done)
    assert scan(bens, "C-1").reason == "nothing-missing"


def test_no_card_but_one_ends_a_count(site: Site, desk: CountDesk) -> None:
    scan(desk, "W-EAST", "SS-YES")
    for what in {*Act} - {Act.COMPLETE, *PLACES, *OF_THE_STATION}:
        scan(desk, f"SS-{what}{'-1' if what in (Act.QUANTITY, Act.REASON) else ''}")
        assert desk.view.order is not None, what


def test_a_station_counts_where_it_stands(site: Site) -> None:
    assert scan(CountDesk(site), "NORDWIND").reason == "no-warehouse"
    assert scan(CountDesk(site), "W-WEST", "SS-YES").text.startswith("C-1 is begun: all that stands in W-WEST.")
    assert scan(CountDesk(replace(site, warehouse="W-EAST")), "C-1").text == (
        "C-1 counts in W-WEST, and this station stands in W-EAST."
    )
    with site.store.read() as tx:
        assert counts.open_at(tx, None, 5) == [counts.get(tx, 1)]


@pytest.mark.both_stores
def test_what_a_receipt_takes_back_is_no_hindrance_for_having_been_counted(site: Site, desk: CountDesk) -> None:
    builders.purchase(site, "N-1", {"CAM": 2})
    dock = Desk(site, OrderKind.PURCHASE)
    scan(dock, "N-1", "CAM", "A9", "CAM", "A10")
    scan(desk, "NORDWIND", "SS-YES")
    for code in ("A9", "A10"):
        assert scan(desk, code).text.startswith(f"{code} → CAM is counted")
    for code in ("SS-UNDO", "SS-CANCEL", "SS-UNDO"):
        assert scan(dock, code).accepted
    assert lines(desk) == {"no unit's": (2, (), True)}
    assert scan(desk, "A10").text.startswith("A10 is counted already")
    assert scan(dock, "A9", "SS-COMPLETE", "SS-YES").accepted
