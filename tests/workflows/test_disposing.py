"""A unit that leaves the stock for good (RULES 2.15): what came has come, and nothing takes it for another."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, UnitStatus
from scanstation.domain.units import Disposal
from scanstation.store import catalog, upkeep
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections, holding, order_book, shipment_orders
from scanstation.workflows.reports import reporting, tracing
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.serials import opening
from tests.workflows.done_work import open_work, packed, received

pytestmark = pytest.mark.both_stores


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert upkeep.findings(site.store) == []


def unit_of(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def dispose(site: Site, code: str, reason: str = "dropped") -> Done | Refused:
    return corrections.dispose(site, unit_of(site, code), reason)


def name_of(answer: object) -> str:
    return answer.reasons[0].name if isinstance(answer, Refused) else ""


def listed(site: Site, report: Report) -> list[str]:
    return [str(row.primary) for row in reporting.rows(site, report, Filters())]


def on_hand(site: Site, product_id: int) -> tuple[int, int]:
    with site.store.read() as tx:
        counted = catalog.on_hand(tx, [product_id])[product_id]
    return counted.units, counted.with_serials


def test_it_leaves_the_stock_and_still_counts_as_received(site: Site) -> None:
    sku = product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", "A1", "A2")
    holding.hold(site, [unit_of(site, "A1")], "wet")

    answer = corrections.dispose(site, unit_of(site, "A1"), "mouldy", how=Disposal.VENDOR, reference="RTV-7")

    assert isinstance(answer, Done)
    assert answer.text == "A1 of CAM is disposed of (return to vendor RTV-7)."
    order = order_book.detail(site, order_id)
    line = order.lines[0]
    assert (order.order.status.value, line.done, line.serials_present, line.serials_needed) == ("Completed", 2, 2, 2)
    assert on_hand(site, sku) == (1, 1)
    assert listed(site, Report.SERIALS) == ["A2"]
    assert listed(site, Report.RECEIVING_HISTORY) == ["A1", "A2"]
    (life,) = tracing.trace(site, "A1")
    assert (life.standing, life.events[-1].what.value) == ("Disposed", "Disposed")
    assert life.events[-1].reason == "return to vendor RTV-7: mouldy"


def test_opening_stock_leaves_the_stock_too(site: Site) -> None:
    sku = product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1", "A2")
    assert isinstance(dispose(site, "A2"), Done)
    assert on_hand(site, sku) == (1, 1)


@pytest.mark.parametrize("scenario", [1, 2, 3, 4])
def test_its_serial_is_refused_wherever_it_is_scanned_again(site: Site, scenario: int) -> None:
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", "A1")
    dispose(site, "A1")
    purchase(site, "N-1", {"CAM": 1})
    shipment(site, "S-1", {"CAM": 1})
    desks = [(OrderKind.SHIPMENT, "S-1")] + [(OrderKind.PURCHASE, "N-1")] * (scenario in (1, 3))
    for kind, number in desks:
        desk = Desk(replace(site, station=f"desk-{kind}"), kind)
        desk.answer(Scan(number))
        desk.answer(Scan("CAM"))
        verdict = desk.answer(Scan("A1")).verdict
        verdict = desk.answer(Scan("A1")).verdict
        assert verdict is not None
        assert verdict.reason == "already-disposed", verdict


@pytest.mark.parametrize(("kind", "scenario", "way"), [("PO", 5, "in-use"), ("SO", 5, "in-use"), ("SO", 8, "in-use")])
def test_no_import_takes_it(site: Site, tmp_path: Path, kind: str, scenario: int, way: str) -> None:
    product(site, "CAM", scenario)
    opening(site, "NORDWIND", "W-EAST", "CAM", ("A1", "B1") if scenario == 8 else "A1")
    dispose(site, "A1")
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", quantity=1)
    packed(site, shipment(site, "S-1", {"CAM": 1}), "CAM", quantity=1)
    path = tmp_path / "serials.csv"
    head, row = f"Warehouse,Client,{kind} Number,SKU,Primary Serial Number", f"W-EAST,NORDWIND,{kind[0]}-1,CAM,A1"
    if scenario == 8:
        head, row = f"{head},Secondary Serial Number", f"{row},B1"
    path.write_text(f"{head}\n{row.replace('P-1', 'N-1')}\n")
    answer = import_serials(site, OrderKind(kind), path)
    assert name_of(answer) == way, answer
    assert "is already Disposed" in answer.text


def test_no_other_act_takes_it(site: Site) -> None:
    product(site, "CAM", 1)
    received(site, purchase(site, "N-1", {"CAM": 1}), "CAM", "A1")
    dispose(site, "A1")
    unit_id = unit_of(site, "A1")
    acts: list[tuple[Callable[[], Done | Refused], str]] = [
        (lambda: corrections.dispose(site, unit_id, "again"), "already-disposed"),
        (lambda: corrections.unreceive(site, unit_id, "never came"), "already-disposed"),
        (lambda: corrections.unpack(site, unit_id, "wrong box"), "already-disposed"),
        (lambda: holding.hold(site, [unit_id], "wet"), "disposed"),
        (lambda: holding.release(site, [unit_id], "dry"), "not-on-hold"),
    ]
    assert [name_of(act()) for act, _ in acts] == [name for _, name in acts]
    assert isinstance(corrections.correct(site, unit_id, "A1", "A9", "misread"), Done)


def test_an_import_that_brought_it_stays(site: Site, tmp_path: Path) -> None:
    product(site, "CAM", 5)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", quantity=2)
    path = tmp_path / "serials.csv"
    path.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,CAM,A1\nW-EAST,NORDWIND,N-1,CAM,A2\n"
    )
    import_serials(site, OrderKind.PURCHASE, path)
    dispose(site, "A1")
    answer = removing.remove_serials(site, OrderKind.PURCHASE, order_id)
    assert name_of(answer) == "moved-on"
    assert isinstance(removing.remove_serials(site, OrderKind.PURCHASE, order_id, only_received=True), Done)
    assert tracing.trace(site, "A1")[0].unit.status is UnitStatus.DISPOSED


@pytest.mark.parametrize(
    ("where", "name"), [("in hand", "held"), ("packed", "packed"), ("shipped", "already-shipped"), ("gone", "gone")]
)
def test_only_what_is_received_is_disposed_of(site: Site, where: str, name: str) -> None:
    product(site, "CAM", 1)
    order_id = purchase(site, "N-1", {"CAM": 2})
    received(site, order_id, "CAM", "A1", "A2")
    unit_id = unit_of(site, "A1")
    out = shipment(site, "S-1", {"CAM": 1})
    if where == "in hand":
        open_work(site, out, "CAM", serials=["A1"])
    elif where == "gone":
        corrections.unreceive(site, unit_id, "never came")
    else:
        packed(site, out, "CAM", "A1")
        if where == "shipped":
            shipment_orders.ship(site, out)
    assert name_of(corrections.dispose(site, unit_id, "broken")) == name
    assert name_of(dispose(site, "A2", " ")) == "reason-missing"
