"""What a supervisor is told waits, and what is left out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, OrderKind, OrderStatus
from scanstation.domain.verdict import Tone
from scanstation.store import orders
from scanstation.workflows.imports import removing
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.orders import corrections, holding, purchase_orders, shipment_orders
from scanstation.workflows.reports import overview
from scanstation.workflows.reports.overview import Overview, Watch
from scanstation.workflows.reports.today import Hour
from scanstation.workflows.scanning import shipping
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from tests import builders
from tests.conftest import Clock
from tests.screens.conftest import utc  # noqa: F401 - local hours are told
from tests.serials import opening
from tests.workflows.done_work import complete, open_work, packed, received

pytestmark = pytest.mark.both_stores

PO = OrderKind.PURCHASE


@pytest.fixture
def watch(site: Site) -> Watch:
    builders.product(site, "BAT", 0)
    builders.product(site, "PHO", 5)
    return Watch(site)


def seen(watch: Watch) -> Overview:
    """What is told once everything has been looked at."""
    while watch.count_imports():
        pass
    return watch.look()


def test_orders_wait_by_due_date(site: Site, watch: Watch) -> None:
    builders.purchase(site, "N-2", {"BAT": 4}, due="2026-11-21")
    builders.purchase(site, "N-3", {"BAT": 4})
    first = builders.purchase(site, "N-1", {"BAT": 4}, due="2026-11-19")
    full = builders.purchase(site, "N-0", {"BAT": 1})
    received(site, first, "BAT", quantity=1)
    received(site, full, "BAT", quantity=1)

    told = seen(watch)

    assert [(one.order.number, one.counts.done, one.counts.wanted) for one in told.to_receive] == [
        ("N-1", 1, 4),
        ("N-2", 0, 4),
        ("N-3", 0, 4),
    ]
    assert told.today.to_receive == 3
    assert told.to_pack == ()


def test_open_work_says_where_and_since_when(site: Site, watch: Watch, clock: Clock) -> None:
    order = builders.purchase(site, "N-1", {"BAT": 4})
    clock.moment = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    open_work(site, order, "BAT", quantity=3, station="dock-3")
    open_work(site, order, station="dock-4")

    (work,) = seen(watch).works

    assert (work.order.number, work.work.work.station, work.since, work.work.pieces) == ("N-1", "dock-3", "07:30", 3)


def test_since_when_an_order_waits_goes_by_what_was_done_to_it_last(site: Site, watch: Watch, clock: Clock) -> None:
    """Completed, unpacked, closed short, shipped and unshipped: each begins the waiting anew; a hand on it ends it."""

    def at(hour: int) -> None:
        clock.moment = datetime(2026, 11, 20, hour, 0, tzinfo=UTC)

    def waits() -> list[tuple[str, str]]:
        told = seen(watch)
        at_truck = [(one.order.number, one.since) for one in shipping.ready(site)]
        return [(one.order.number, one.since) for one in told.to_pack] + at_truck

    builders.product(site, "CAM", 2)
    order = builders.shipment(site, "S-1", {"CAM": 2, "BAT": 1})
    assert waits() == [("S-1", "")]
    at(7)
    work = open_work(site, order, "CAM", serials=["A1", "A2"])
    assert waits() == [("S-1", "")], "somebody has it in hand"
    at(8)
    complete(site, work, Move.PACK)
    assert waits() == [("S-1", "08:00")]
    at(9)
    packed(site, order, "BAT", quantity=1)
    assert waits() == [("S-1", "09:00")]
    at(10)
    assert isinstance(corrections.unpack(site, unit_of(site, "A1"), "scratched"), Done)
    assert waits() == [("S-1", "10:00")]
    at(11)
    assert isinstance(corrections.unpack(site, unit_of(site, "A2"), "scratched"), Done)
    assert waits() == [("S-1", "11:00")], "its status is the same"
    at(12)
    assert isinstance(shipment_orders.close_short(site, order, "no more of them"), Done)
    assert waits() == [("S-1", "12:00")]
    at(13)
    assert isinstance(shipment_orders.ship(site, order), Done)
    assert waits() == []
    at(14)
    assert isinstance(shipment_orders.unship(site, order, "flat tyre"), Done)
    assert waits() == [("S-1", "14:00")]


def unit_of(site: Site, code: str) -> int:
    one = corrections.choose(site, code)
    assert not isinstance(one, Refused)
    return one.unit.id


def test_an_import_is_told_until_its_last_serial_is_there(site: Site, watch: Watch, tmp_path: Path) -> None:
    order = builders.purchase(site, "N-1", {"PHO": 3})
    assert seen(watch).imports == ()
    purchase_orders.receive_all(site, order)

    (owed,) = watch.look().imports
    assert (owed.order.number, owed.count.present, owed.count.needed) == ("N-1", 0, 3)

    _import(site, order, tmp_path, "A", "B")
    assert watch.look().imports[0].count.present == 2
    _import(site, order, tmp_path, "C")
    assert watch.look().imports == ()


def test_an_import_that_was_removed_is_found_when_the_count_begins_anew(
    site: Site, watch: Watch, tmp_path: Path
) -> None:
    order = builders.purchase(site, "N-1", {"PHO": 1})
    purchase_orders.receive_all(site, order)
    _import(site, order, tmp_path, "A")
    assert seen(watch).imports_counted
    removing.remove_serials(site, PO, order)

    watch.begin_anew()

    assert not watch.look().imports_counted
    assert [one.count.needed for one in seen(watch).imports] == [1]


def test_every_purchase_order_is_counted_however_many_there_are(site: Site, watch: Watch) -> None:
    for number in range(overview._ORDERS_AT_ONCE + 3):
        order = builders.purchase(site, f"N-{number}", {"PHO": 1})
        received(site, order, "PHO", quantity=1)
    # Not looked at before: nothing is known of them by way of their work.

    assert watch.look().imports_count == 0
    assert watch.count_imports()
    told = seen(watch)

    assert told.imports_count == overview._ORDERS_AT_ONCE + 3
    assert len(told.imports) == overview.LISTED


def test_an_order_without_all_its_serials_cannot_ship_and_says_why(site: Site, watch: Watch) -> None:
    order = builders.shipment(site, "S-1", {"PHO": 2, "BAT": 1})
    packed(site, order, "PHO", quantity=2)
    packed(site, order, "BAT", quantity=1)
    ready = builders.shipment(site, "S-2", {"BAT": 1})
    packed(site, ready, "BAT", quantity=1)

    told = seen(watch)

    assert [(one.order.number, one.why) for one in told.stuck] == [("S-1", "lacks serials: PHO 0 of 2")]
    assert told.can_ship_count == 1
    assert [one.order.number for one in told.imports] == ["S-1"]


def test_an_order_shipped_without_its_serials_still_waits_for_them(site: Site, watch: Watch) -> None:
    order = builders.shipment(site, "S-1", {"PHO": 1})
    packed(site, order, "PHO", quantity=1)
    shipment_orders.ship(site, order, without_serials_reason="customer waits")

    told = seen(watch)

    assert [(one.order.number, one.order.status) for one in told.imports] == [("S-1", OrderStatus.SHIPPED)]
    assert told.stuck == ()


def test_an_order_that_should_have_left_says_how_far_it_is(site: Site, watch: Watch) -> None:
    late = builders.shipment(site, "S-1", {"BAT": 4}, due="2026-11-19")
    packed(site, late, "BAT", quantity=1)
    at_work = builders.shipment(site, "S-2", {"BAT": 4}, due="2026-11-18")
    open_work(site, at_work, "BAT", quantity=1, station="bench-1")
    builders.shipment(site, "S-3", {"BAT": 4}, due="2026-11-20")

    assert [(one.order.number, one.why) for one in seen(watch).stuck] == [
        ("S-2", "late: 0 of 4 packed, being packed"),
        ("S-1", "late: 1 of 4 packed, nobody is packing it"),
    ]


def test_units_are_counted_in_the_hour_of_their_scan_once_each(site: Site, watch: Watch, clock: Clock) -> None:
    builders.product(site, "CAM", 1)
    order = builders.purchase(site, "N-1", {"CAM": 9, "BAT": 20})
    clock.moment = datetime(2026, 11, 19, 23, 59, tzinfo=UTC)
    received(site, order, "CAM", "YESTERDAY")
    clock.moment = datetime(2026, 11, 20, 6, 10, tzinfo=UTC)
    assert seen(watch).today.received_by_hour == ()
    open_here = open_work(site, order, "CAM", serials=["A", "B"])
    assert watch.look().today.received_by_hour == (Hour(6, 2),)
    clock.moment = datetime(2026, 11, 20, 8, 10, tzinfo=UTC)
    complete(site, open_here, Move.RECEIVE)
    received(site, order, "BAT", quantity=5)
    packed(site, builders.shipment(site, "S-1", {"BAT": 4}), "BAT", quantity=4)

    today = watch.look().today
    assert today.received_by_hour == (Hour(6, 2), Hour(7, 0), Hour(8, 5))
    assert today.packed_by_hour == (Hour(6, 0), Hour(7, 0), Hour(8, 4))
    assert (today.received, today.packed) == (7, 4)
    assert today == Watch(site).look().today, "another overview tells the same"


def test_what_was_shipped_today_is_told_by_order_and_by_unit(site: Site, watch: Watch, clock: Clock) -> None:
    ids = [builders.shipment(site, f"S-{number}", {"BAT": number}) for number in (1, 2, 3, 4)]
    for number, order in enumerate(ids, 1):
        packed(site, order, "BAT", quantity=number)
    shipment_orders.ship(site, ids[0])
    told = watch.look().today
    assert (told.shipped_orders, told.shipped, told.to_ship) == (1, 1, 3)
    clock.moment = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert (watch.look().today.shipped_orders, watch.look().today.to_ship) == (0, 3)
    shipment_orders.ship(site, ids[1])
    shipment_orders.ship(site, ids[2])
    shipment_orders.unship(site, ids[2], "wrong truck")

    told = watch.look().today

    assert (told.shipped_orders, told.shipped, told.to_ship) == (1, 2, 2)
    assert told == Watch(site).look().today


def test_a_new_day_begins_at_nothing(site: Site, watch: Watch, clock: Clock) -> None:
    order = builders.purchase(site, "N-1", {"BAT": 20, "PHO": 1})
    received(site, order, "BAT", quantity=5)
    assert watch.look().today.received == 5
    purchase_orders.receive_all(site, order)
    clock.moment = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)

    told = watch.look()

    assert (told.today.received, told.today.received_by_hour) == (0, ())
    assert [one.order.number for one in told.imports] == ["N-1"], "the work of the last minutes is not lost"


def test_refusals_are_counted_by_reason_in_words(site: Site, watch: Watch, clock: Clock) -> None:
    shipped = builders.shipment(site, "S-1", {"BAT": 1})
    clock.moment = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
    shipment_orders.ship(site, shipped)
    clock.moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    shipment_orders.ship(site, shipped)
    shipment_orders.ship(site, shipped)
    shipment_orders.cancel(site, shipped, " ")

    told = seen(watch).refusals

    assert [(one.count, one.words) for one in told] == [
        (2, "orders that are not Ready to Ship"),
        (1, "Say why S-1 is cancelled: the reason is kept with the order."),
    ]
    first, second = overview.refusals_today(site, "not-ready")
    assert first.startswith("12:00, dock-2: S-1 is Open, not Ready to Ship")
    assert second == first


def test_what_only_wants_a_look_is_no_refusal(site: Site, watch: Watch) -> None:
    builders.purchase(site, "N-1", {"BAT": 2})
    desk = Desk(site, PO)
    verdicts = [desk.answer(Scan(code)).verdict for code in ("N-1", "BAT", "SS-COMPLETE", "SS-NO", "NOBODYS")]

    assert [verdict.tone for verdict in verdicts if verdict] == [Tone.OK, Tone.OK, Tone.CHECK, Tone.CHECK, Tone.STOP]
    assert [(one.count, one.words) for one in seen(watch).refusals] == [(1, "codes that are not known here")]


def _import(site: Site, order_id: int, folder: Path, *serials: str) -> None:
    with site.store.read() as tx:
        number = orders.get(tx, order_id).number
    sheet = folder / f"{serials[0]}.csv"
    rows = [f"W-EAST,NORDWIND,{number},PHO,{serial}" for serial in serials]
    sheet.write_text("\n".join(["Warehouse,Client,PO Number,SKU,Primary Serial Number", *rows]))
    outcome = import_serials(site, PO, sheet, order_id=order_id)
    assert "imported" in outcome.text, outcome.text


def test_what_is_on_hold_is_told_by_reason_with_what_came_back_apart(site: Site, watch: Watch, clock: Clock) -> None:
    builders.product(site, "CAM", 2)
    builders.product(site, "LAP", 2)
    for sku, codes in (("CAM", ("C1", "C2", "C3")), ("LAP", ("L1",))):
        opening(site, "NORDWIND", "W-EAST", sku, *codes)
    order = builders.shipment(site, "S-9", {"CAM": 2})
    packed(site, order, "CAM", "G1", "G2")
    assert isinstance(shipment_orders.ship(site, order), Done)
    assert seen(watch).on_hold == ()

    clock.moment = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    put_on_hold(site, "wet", "C1", "L1", "G2")  # what has left is not looked for here
    clock.moment = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    put_on_hold(site, "wet", "C2")
    desk = ReturnDesk(site)
    for code in ("RMA-7", "SS-YES", "G1", "SS-COMPLETE"):
        desk.answer(Scan(code))
    clock.moment = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
    told = seen(watch)
    assert [(one.came_back, one.reason, one.sku, one.skus, one.units, one.since[11:16]) for one in told.on_hold] == [
        (False, "wet", "CAM", 2, 3, "10:00"),
        (True, "returned RMA-7", "CAM", 1, 1, "11:00"),
    ]
    assert overview.units_on_hold(site, told.on_hold[0]) == [
        "C1 · CAM · Received",
        "C2 · CAM · Received",
        "L1 · LAP · Received",
    ]
    holding.release(site, [unit_of(site, "G1")], "inspected")
    assert len(seen(watch).on_hold) == 2  # looked at once a minute
    watch.begin_anew()
    assert [one.reason for one in seen(watch).on_hold] == ["wet"]


def put_on_hold(site: Site, why: str, *codes: str) -> None:
    assert isinstance(holding.hold(site, [unit_of(site, code) for code in codes], why), Done)
