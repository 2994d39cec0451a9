"""Transfers by scan at a station (RULES 2.27): each scan is booked as it comes, and Undo takes back the last."""

from dataclasses import replace

import pytest

from scanstation.domain.commands import OF_THE_STATION, Act
from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.transfers import Leg, Missing
from scanstation.domain.verdict import Verdict
from scanstation.store.upkeep import findings
from scanstation.workflows.orders import corrections, transfer_book
from scanstation.workflows.reports import tracing
from scanstation.workflows.scanning import home
from scanstation.workflows.scanning.desk import PLACES, Desk
from scanstation.workflows.scanning.transferring import TransferDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import opening


@pytest.fixture(autouse=True)
def stock(site: Site) -> None:
    """Three laptops and 50 cables in W-EAST, a laptop in W-WEST, and T-1 from the one to the other."""
    builders.product(site, "LAP", 3)
    builders.product(site, "CBL", 0)
    builders.purchase(site, "N-1", {"CBL": 50})
    opening(site, "NORDWIND", "W-EAST", "LAP", ("A1", "M1"), ("A2", "M2"), ("A3", "M3"))
    opening(site, "NORDWIND", "W-WEST", "LAP", ("W1", "X1"))
    assert isinstance(transfer_book.begin(site, "W-EAST", "W-WEST"), Done)


@pytest.fixture
def east(site: Site) -> TransferDesk:
    return TransferDesk(replace(site, warehouse="W-EAST"))


@pytest.fixture
def west(site: Site) -> TransferDesk:
    return TransferDesk(replace(site, station="gate-2", warehouse="W-WEST"))


def scan(desk: Desk, *codes: str) -> Verdict:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict


def legs(site: Site) -> dict[str | None, Leg]:
    one = transfer_book.detail(site, transfer_book.listing(site)[-1].of.id)
    return {unit.primary: unit.leg for unit in one.units}


def goods(site: Site) -> list[tuple[int, int]]:
    one = transfer_book.detail(site, transfer_book.listing(site)[-1].of.id)
    return [(line.sent, line.arrived) for line in one.goods]


@pytest.mark.both_stores
def test_units_and_goods_go_out_here_and_are_taken_in_there(site: Site, east: TransferDesk, west: TransferDesk) -> None:
    assert scan(east, "t-1").text == "T-1 to W-WEST is open. Scan what goes out."
    assert scan(east, "M1").text == "M1 → LAP goes out, in transit to W-WEST. 1 by this station."
    assert scan(east, "A2", "SS-QTY-5", "CBL").text == "5 × CBL go out, in transit to W-WEST."
    assert (legs(site), goods(site)) == ({"A1": Leg.ON_THE_WAY, "A2": Leg.ON_THE_WAY}, [(5, 0)])
    order = east.view.order
    assert order is not None
    assert [(line.sku, line.ordered, line.done) for line in order.lines] == [("CBL", 5, 5), ("LAP", 2, 2)]
    assert scan(east, "SS-COMPLETE").text == "T-1: 7 units sent, 7 on the way to W-WEST. Scan the next transfer."

    assert scan(west, "T-1").text == "T-1 from W-EAST is open, 7 on the way. Scan what has arrived."
    assert scan(west, "A1").text == "A1 → LAP has arrived, Received in W-WEST. 6 still on the way."
    assert scan(west, "SS-QTY-6", "CBL").text.startswith("T-1 has 5 of CBL on the way, not 6.")
    assert west.view.quantity == 6
    assert scan(west, "SS-UNDO", "SS-QTY-5", "CBL").text == "5 × CBL have arrived. 1 still on the way."
    done = scan(west, "SS-COMPLETE")
    assert (done.tone.value, done.text) == (
        "CHECK",
        "T-1: 6 units taken in, still on the way: 1 of LAP. A supervisor closes it.",
    )
    assert scan(west, "T-1", "M2", "SS-COMPLETE").text.startswith(
        "T-1: 1 unit taken in, all that was sent has arrived."
    )
    (life,) = tracing.trace(site, "A1")
    assert [(event.what.value, event.source) for event in life.events][1:] == [
        ("Sent", "transfer"),
        ("Arrived", "transfer"),
    ]
    assert {finding.name for finding in findings(site.store)} <= {"surplus", "order-status"}


@pytest.mark.both_stores
def test_undo_takes_back_the_last_scan_again_and_again(site: Site, east: TransferDesk, west: TransferDesk) -> None:
    scan(east, "T-1", "A1", "SS-QTY-5", "CBL", "A2")
    scan(west, "T-1", "A1", "CBL")
    assert scan(west, "SS-UNDO").text == "1 × CBL is taken back: it is still on the way."
    assert scan(west, "SS-UNDO").text == "LAP A1 is taken back: it is still on the way."
    assert scan(west, "SS-UNDO").reason == "nothing-taken"
    assert legs(site)["A1"] is Leg.ON_THE_WAY
    scan(west, "A1")
    assert scan(east, "SS-UNDO").text == "LAP A2 is taken back: it was not sent."
    assert scan(east, "SS-UNDO").text == "5 × CBL is taken back: it was not sent."
    assert scan(east, "SS-UNDO").text == "LAP A1 cannot be taken back: it has moved on since."
    assert (legs(site), goods(site)) == ({"A1": Leg.ARRIVED}, [])
    # What was not sent after all has never moved.
    found = corrections.choose(site, "A2")
    assert not isinstance(found, Refused)
    assert isinstance(corrections.unreceive(site, found.unit.id, "never came"), Done)


def test_a_unit_that_is_not_on_the_list_is_asked_about_sent_out_and_taken_in(
    site: Site, east: TransferDesk, west: TransferDesk
) -> None:
    scan(east, "T-1", "A1")
    asked = scan(west, "T-1", "A2")
    assert asked.text == "A2 of LAP is not on the list of T-1: by the books it stands in W-EAST. Is it here?"
    assert scan(west, "SS-NO").tone.value == "CHECK"
    assert legs(site) == {"A1": Leg.ON_THE_WAY}
    assert scan(west, "A2", "SS-YES").text.startswith("A2 → LAP has arrived, Received in W-WEST.")
    assert legs(site)["A2"] is Leg.ARRIVED
    assert scan(west, "SS-UNDO").text == "LAP A2 is taken back: it was not sent."
    assert legs(site) == {"A1": Leg.ON_THE_WAY}


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (("A1",), "no-transfer-open"),
        (("T-9",), "no-transfer-open"),
        (("SS-UNDO",), "no-transfer-open"),
        (("W-EAST",), "no-transfer-open"),
        (("T-1", "NIX"), "unknown-code"),
        (("T-1", "W1"), "other-warehouse"),
        (("T-1", "A1", "M1"), "in-transit"),
        (("T-1", "LAP"), "one-by-one"),
        (("T-1", "SS-QTY-ALL"), "no-quantity-here"),
        (("T-1", "SS-CANCEL"), "nothing-owed"),
        (("T-1", "SS-NOSERIAL"), "no-serial-due"),
        (("T-1", "SS-YES"), "no-question"),
        (("T-1", "SS-LEARN"), "learn-order"),
    ],
)
def test_what_does_not_go_out_says_why(site: Site, east: TransferDesk, codes: tuple[str, ...], reason: str) -> None:
    assert scan(east, *codes).reason == reason


@pytest.mark.parametrize("what", sorted({*Act} - {Act.COMPLETE, *PLACES, *OF_THE_STATION}))
def test_no_card_but_one_ends_what_is_done_here(site: Site, east: TransferDesk, what: Act) -> None:
    scan(east, "T-1", f"SS-{what}{'-1' if what in (Act.QUANTITY, Act.REASON) else ''}")
    assert east.view.order is not None


def test_a_station_works_on_the_transfers_of_its_warehouse(site: Site, east: TransferDesk) -> None:
    assert scan(TransferDesk(site), "T-1").reason == "no-warehouse"
    builders.purchase(site, "N-2", {"LAP": 1}, warehouse="W-NORTH")
    assert scan(TransferDesk(replace(site, warehouse="W-NORTH")), "T-1").text == (
        "T-1 goes from W-EAST to W-WEST, and this station stands in W-NORTH."
    )
    assert scan(east, "W-NORTH").text == "Begin a transfer to W-NORTH?"
    assert scan(east, "SS-YES").text == "T-2 to W-NORTH is begun. Scan what goes out."
    assert east.waiting() == ((("T-2", "to W-NORTH"), ("T-1", "to W-WEST")), 2)
    assert home.meaning(site, Scan("T-2")) == home.ToTransfer("T-2")


def test_a_scan_that_was_kept_is_not_booked_again(site: Site, east: TransferDesk) -> None:
    scan(east, "T-1")
    again = Scan("CBL")
    east.answer(again)
    east.answer(again)
    assert goods(site) == [(1, 0)]
    # It outlives the station.
    other = TransferDesk(east.site)
    scan(other, "T-1", "SS-UNDO")
    assert goods(site) == []


def test_a_closed_transfer_is_told_where_it_goes_out_and_takes_in_what_is_on_the_way(
    site: Site, east: TransferDesk, west: TransferDesk
) -> None:
    scan(east, "T-1", "A1")
    transfer = transfer_book.listing(site)[0].of.id
    assert east.look_again() is None
    assert isinstance(transfer_book.close(site, transfer, Missing.ON_THE_WAY, "late"), Done)
    told = east.look_again()
    assert told is not None
    assert told.text == "T-1 was closed elsewhere: nothing more goes out. What is in your hands stays here."
    assert east.look_again() is None
    assert scan(east, "A2").reason == "transfer-closed"
    assert scan(west, "T-1", "A1").accepted
    assert scan(west, "A2").reason == "not-on-the-way"


def test_a_unit_in_somebodys_hands_stays(site: Site, east: TransferDesk) -> None:
    builders.shipment(site, "S-1", {"LAP": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-1", "LAP", "A2")
    assert scan(east, "T-1", "A2").text.startswith("A2 is on Ana's open packing S-1 at ")


def test_a_code_that_a_correction_replaced_leads_to_its_unit(
    site: Site, east: TransferDesk, west: TransferDesk
) -> None:
    one = corrections.choose(site, "A1")
    assert not isinstance(one, Refused)
    assert isinstance(corrections.correct(site, one.unit.id, "A1", "A1-X", "misread"), Done)
    refused = transfer_book.send(site, transfer_book.listing(site)[0].of.id, ["A1"])
    assert isinstance(refused, Refused)
    assert [reason.name for reason in refused.reasons] == ["corrected"]
    assert scan(east, "T-1", "A1").text == "A1 was corrected to A1-X. Is it that unit?"
    assert scan(east, "SS-YES").accepted
    assert scan(west, "T-1", "A1", "SS-YES").accepted
    assert legs(site) == {"A1-X": Leg.ARRIVED}


def test_a_serial_that_reads_like_the_number_of_another_transfer_is_a_serial(site: Site, east: TransferDesk) -> None:
    assert isinstance(transfer_book.begin(site, "W-EAST", "W-WEST"), Done)
    opening(site, "NORDWIND", "W-EAST", "LAP", ("T-2", "M4"))
    assert scan(east, "T-1", "T-2").text == "T-2 → LAP goes out, in transit to W-WEST. 1 by this station."
