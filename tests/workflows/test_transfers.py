"""Transfers: out is in transit and refused by every other act, in is Received there (RULES 2.27)."""

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Source
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.transfers import Missing
from scanstation.store import holds
from scanstation.store.upkeep import findings
from scanstation.workflows.orders import corrections, holding, transfer_book
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Report, narrowed
from scanstation.workflows.reports.stock import stock
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests import builders
from tests.outcomes import done, names
from tests.workflows.at_the_desk import said, scan, text
from tests.workflows.goods_to_transfer import laptops_and_cables

pytestmark = pytest.mark.both_stores


@pytest.fixture
def begun(site: Site) -> int:
    """Three laptops Received in W-EAST, one of them on hold, one in W-WEST, and T-1 from the one to the other."""
    laptops = laptops_and_cables(site)
    site.store.act(lambda tx: holds.put(tx, laptops[2:], "box wet", site.stamp(), Source.TYPED))
    done(transfer_book.begin(site, "w-east", "W-WEST"))
    found = transfer_book.choose(site, "t-1")
    assert not isinstance(found, Refused)
    return found.id


def standing(site: Site) -> dict[str | None, tuple[str, str, str | None, str | None]]:
    """Primary serial → warehouse, status, where to, and why on hold, as the report has it."""
    rows = [dict(zip(Report.SERIALS.columns, reporting.cells(row), strict=False)) for row in _report(site)]
    return {
        row["primary_serial"]: (row["warehouse"] or "", row["status"] or "", row["in_transit_to"], row["hold"])
        for row in rows
    }


def _report(site: Site) -> list[reporting.ReportRow]:
    return list(reporting.rows(site, Report.SERIALS, narrowed(statuses=[UnitStatus.RECEIVED])))


def in_stock(site: Site, sku: str) -> tuple[object, object]:
    """How many are on hand, and in transit."""
    listing = stock(site, narrowed(sku=sku))
    (row,) = listing.read()
    told = dict(zip(listing.headings, row, strict=True))
    return told["on_hand"], told["in_transit"]


def test_a_unit_goes_out_is_in_transit_and_arrives(site: Site, begun: int) -> None:
    assert done(transfer_book.send(site, begun, ["A1", "m3"])).notes == ("1 unit is on hold, and stay so.",)
    assert standing(site) == {
        "A1": ("W-EAST", "Received", "W-WEST", None),
        "A2": ("W-EAST", "Received", None, None),
        "A3": ("W-EAST", "Received", "W-WEST", "box wet"),
        "W1": ("W-WEST", "Received", None, None),
    }
    assert in_stock(site, "LAP") == (2, 2)
    done(transfer_book.take_in(site, begun, ["M1", "A3"]))
    assert standing(site)["A1"] == ("W-WEST", "Received", None, None)
    assert standing(site)["A3"] == ("W-WEST", "Received", None, "box wet")
    assert in_stock(site, "LAP") == (4, 0)
    (life,) = tracing.trace(site, "A1")
    assert [(event.what.value, event.source, event.reason) for event in life.events][1:] == [
        ("Sent", "transfer", "T-1 to W-WEST"),
        ("Arrived", "transfer", "T-1"),
    ]
    assert done(transfer_book.close(site, begun, None, "truck emptied")).text == "T-1 is closed: all arrived."
    assert {finding.name for finding in findings(site.store)} <= {"surplus", "order-status"}


def test_what_is_in_transit_is_refused_by_every_other_act(site: Site, begun: int) -> None:
    done(transfer_book.send(site, begun, ["A1"]))
    (life,) = tracing.trace(site, "A1")
    unit = life.unit.id
    for outcome in (
        corrections.dispose(site, unit, "broken"),
        corrections.unreceive(site, unit, "never came"),
        corrections.unpack(site, unit, "wrong"),
        corrections.correct(site, unit, "A1", "A9", "misread"),
    ):
        assert names(outcome) == ["in-transit"]
    assert names(transfer_book.send(site, begun, ["A1"])) == ["in-transit"]
    builders.shipment(site, "S-1", {"LAP": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    assert said(scan(packing, "S-1", "LAP", "A1"))[0] == "STOP"
    assert "A1 is in transit to another warehouse since" in text(packing.view)
    builders.purchase(site, "N-2", {"LAP": 1})
    receiving = Desk(site.at_station("dock-3"), OrderKind.PURCHASE)
    assert said(scan(receiving, "N-2", "LAP", "A1"))[0] == "STOP"
    # A recall stops it all the same.
    assert isinstance(holding.hold(site, [unit], "recall"), Done)
    done(transfer_book.take_in(site, begun, ["A1"]))
    assert standing(site)["A1"] == ("W-WEST", "Received", None, "recall")


def test_what_cannot_go_out_or_arrive_says_where_it_is_and_nothing_moves(site: Site, begun: int) -> None:
    assert names(transfer_book.send(site, begun, ["A1", "W1", "NIX", "M1"])) == [
        "unknown-code",
        "twice",
        "other-warehouse",
    ]
    done(transfer_book.send(site, begun, ["A1"]))
    assert names(transfer_book.take_in(site, begun, ["W1", "A2"])) == ["not-on-the-way", "not-on-list"]
    done(transfer_book.take_in(site, begun, ["A1"]))
    assert names(transfer_book.take_in(site, begun, ["A1"])) == ["arrived"]
    packed = builders.shipment(site, "S-1", {"LAP": 1})
    packing = Desk(site, OrderKind.SHIPMENT)
    scan(packing, "S-1", "LAP", "A2")
    assert packed
    assert names(transfer_book.send(site, begun, ["A2"])) == ["not-free"]
    assert names(transfer_book.take_in(site, begun, ["A2"])) == ["not-on-the-way"]


def test_a_unit_that_nobody_sent_is_taken_in_where_somebody_says_so(site: Site, begun: int) -> None:
    outcome = done(transfer_book.take_in(site, begun, ["A2"], unlisted=True))
    assert outcome.notes == ("1 unit was not on its list, and sent out with it.",)
    assert standing(site)["A2"] == ("W-WEST", "Received", None, None)
    (life,) = tracing.trace(site, "A2")
    assert [event.what.value for event in life.events][1:] == ["Sent", "Arrived"]


@pytest.mark.parametrize(
    ("missing", "stands", "stock_after"),
    [
        (Missing.LOST, None, (3, 0)),
        (Missing.BACK, ("W-EAST", "Received", None, None), (4, 0)),
        (Missing.ON_THE_WAY, ("W-EAST", "Received", "W-WEST", None), (3, 1)),
    ],
)
def test_a_supervisor_says_what_became_of_what_is_missing(
    site: Site, begun: int, missing: Missing, stands: object, stock_after: object
) -> None:
    done(transfer_book.send(site, begun, ["A1"]))
    done(transfer_book.send_goods(site, begun, "NORDWIND", "CBL", 10))
    done(transfer_book.take_in_goods(site, begun, "NORDWIND", "CBL", 7))
    asked = transfer_book.close(site, begun, None, "late")
    assert names(asked) == ["missing"]
    assert "lacks A1, 3 of CBL" in asked.text
    assert names(transfer_book.close(site, begun, missing, " ")) == ["reason-missing"]
    done(transfer_book.close(site, begun, missing, "late"))
    assert standing(site).get("A1") == stands
    assert in_stock(site, "LAP") == stock_after
    (goods,) = transfer_book.detail(site, begun).goods
    assert (goods.lost, goods.back, goods.on_the_way) == {
        Missing.LOST: (3, 0, 0),
        Missing.BACK: (0, 3, 0),
        Missing.ON_THE_WAY: (0, 0, 3),
    }[missing]
    assert in_stock(site, "CBL") == (50 - goods.lost - goods.on_the_way, goods.on_the_way)
    assert names(transfer_book.send(site, begun, ["A2"])) == ["transfer-closed"]
    assert isinstance(transfer_book.take_in(site, begun, ["A1"]), Done) is (missing is Missing.ON_THE_WAY)


def test_goods_without_serials_go_by_quantity_and_no_more_arrives_than_was_sent(site: Site, begun: int) -> None:
    done(transfer_book.send_goods(site, begun, "NORDWIND", "cbl", 10))
    done(transfer_book.send_goods(site, begun, "NORDWIND", "CBL", 5))
    assert in_stock(site, "CBL") == (35, 15)
    assert names(transfer_book.take_in_goods(site, begun, "NORDWIND", "CBL", 16)) == ["not-so-many"]
    done(transfer_book.take_in_goods(site, begun, "NORDWIND", "CBL", 15))
    assert in_stock(site, "CBL") == (50, 0)
    assert names(transfer_book.send_goods(site, begun, "NORDWIND", "LAP", 1)) == ["has-serials"]
    assert names(transfer_book.send_goods(site, begun, "NORDWIND", "NIX", 1)) == ["unknown-sku"]


def test_what_was_transferred_since_it_came_is_not_taken_back(site: Site, begun: int) -> None:
    done(transfer_book.send(site, begun, ["A1"]))
    done(transfer_book.take_in(site, begun, ["A1"]))
    (life,) = tracing.trace(site, "A1")
    assert names(corrections.unreceive(site, life.unit.id, "never came")) == ["transferred"]


def test_a_transfer_is_between_two_known_warehouses(site: Site, begun: int) -> None:
    assert names(transfer_book.begin(site, "W-EAST", "w-east")) == ["same-warehouse"]
    assert names(transfer_book.begin(site, "W-EAST", "W-NORTH")) == ["no-warehouse"]
    assert names(transfer_book.close(site, begun, None, "empty")) == ["nothing-sent"]
    missing = transfer_book.choose(site, "T-9")
    assert isinstance(missing, Refused)
