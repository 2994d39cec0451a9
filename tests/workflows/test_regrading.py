"""Regrade (RULES 2.15): a Received unit is another SKU of its client from now on, and its history has both."""

from collections.abc import Iterator

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.store import catalog, upkeep
from scanstation.workflows.orders import corrections, holding, order_book
from scanstation.workflows.orders.regrading import regrade
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import open_work, packed, received


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def unit_of(site: Site, code: str, sku: str | None = None) -> int:
    found = corrections.choose(site, code, sku=sku)
    assert not isinstance(found, Refused), found
    return found.unit.id


def name_of(answer: object) -> str:
    return answer.reasons[0].name if isinstance(answer, Refused) else ""


@pytest.mark.both_stores
def test_it_is_of_the_other_sku_and_counts_where_it_came_in(site: Site) -> None:
    new, used = product(site, "CAM", 1), product(site, "CAM-B", 1)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", "A1", "A2")
    holding.hold(site, [unit_of(site, "A1")], "scratched")

    answer = regrade(site, unit_of(site, "A1"), "cam-b", "scratched")

    assert isinstance(answer, Done)
    assert answer.text == "A1 is a CAM-B now, no longer a CAM."
    assert [(row.sku, row.primary) for row in reporting.rows(site, Report.SERIALS, Filters())] == [
        ("CAM-B", "A1"),
        ("CAM", "A2"),
    ]
    history = [(row.sku, row.primary) for row in reporting.rows(site, Report.RECEIVING_HISTORY, Filters())]
    assert history == [("CAM", "A1"), ("CAM", "A2")]
    (life,) = tracing.trace(site, "A1")
    assert "on hold" in life.standing
    assert [(event.what.value, event.sku, event.formerly(life.unit)) for event in life.events] == [
        ("Received", "CAM", "formerly CAM"),
        ("On hold", "CAM", "formerly CAM"),
        ("Regraded", "CAM-B", ""),
    ]
    assert life.events[-1].reason == "CAM to CAM-B: scratched"
    line = order_book.detail(site, order_id).lines[0]
    assert (line.done, line.serials_present, line.serials_needed) == (2, 2, 2)
    with site.store.read() as tx:
        counted = catalog.on_hand(tx, [new, used])
    assert [(one.units, one.with_serials) for one in (counted[new], counted[used])] == [(1, 1), (1, 1)]
    # It leaves as what it is, and is taken back from where it came.
    holding.release(site, [unit_of(site, "A1")], "looked at")
    packed(site, shipment(site, "S-1", {"CAM-B": 1}), "CAM-B", "A1")
    assert isinstance(corrections.unpack(site, unit_of(site, "A1"), "not sold"), Done)
    assert isinstance(corrections.unreceive(site, unit_of(site, "A1"), "never came"), Done)
    assert order_book.detail(site, order_id).lines[0].done == 1


def test_what_cannot_be_regraded(site: Site) -> None:
    for sku, scenario in (("CAM", 1), ("CAM-B", 3), ("CBL", 0), ("CAM-C", 1)):
        product(site, sku, scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2", "A3", "A4")
    opening(site, "NORDWIND", "W-EAST", "CAM-C", "A1")
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", "A2")
    open_work(site, shipment(site, "S-2", {"CAM": 1}), "CAM", serials=["A3"])
    for code, to, why in (
        ("A1", "CAM-X", "unknown-product"),
        ("A1", "CAM", "as-it-is"),
        ("A1", "CBL", "not-tracked"),
        ("A1", "CAM-C", "in-use"),
        ("A2", "CAM-B", "packed"),
        ("A3", "CAM-B", "held"),
    ):
        assert name_of(regrade(site, unit_of(site, code, "CAM"), to, "dusty")) == why, (code, to)
    assert name_of(regrade(site, unit_of(site, "A4"), "CAM-B", " ")) == "reason-missing"
    answer = regrade(site, unit_of(site, "A4"), "CAM-B", "found a lens")
    assert isinstance(answer, Done)
    assert answer.notes[-1] == "A CAM-B has two serials, and it has one."
