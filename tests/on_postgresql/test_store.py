"""What only a server shows: stations that act in the same moment, and a store behind an address."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from scanstation.domain.outcome import Done, Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind, OrderStatus, UnitStatus, WorkStatus
from scanstation.domain.store_errors import NotAStore, StoreUnreachable, WrongSchema
from scanstation.store import catalog, orders, works
from scanstation.store import tables as t
from scanstation.store.store import Store, Transaction, create_store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.access import operator_book
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.master_data import products
from scanstation.workflows.orders import order_book, purchase_orders, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.conftest import Clock
from tests.machine import make_products
from tests.machine_afterwards import GROUPS, work_at_random
from tests.on_postgresql.at_once import at_once
from tests.postgresql import Server
from tests.serials import opening
from tests.store.old_schema import fill_and_upgrade, of_first_schema

_PATIENCE_S = 60.0


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = server.new_database()
    yield server.url(name)
    server.drop_database(name)


class TestAddress:
    def test_a_store_is_made_once_and_opened_by_its_address(self, empty: str) -> None:
        with pytest.raises(NotAStore):
            open_store(empty)
        create_store(empty).close()
        opened = open_store(empty)
        assert findings(opened) == []
        opened.close()

    def test_a_store_of_the_first_schema_is_upgraded_with_all_that_is_in_it(self, empty: str) -> None:
        of_first_schema(empty)
        fill_and_upgrade(empty)

    @pytest.mark.as_owner
    def test_a_store_of_another_version_is_not_opened(self, url: str, store: Store) -> None:
        with store.engine.begin() as tx:
            tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(WrongSchema, match="newer"):
            open_store(url)

    def test_a_server_that_is_not_there_is_named_without_its_password(self, server: Server, tmp_path: Path) -> None:
        for address in (server.url("no_such_database"), f"postgresql://ana:secret@/store?host={tmp_path}"):
            with pytest.raises(StoreUnreachable) as raised:
                open_store(address)
            assert "secret" not in raised.value.title


@pytest.mark.wide(15)
@pytest.mark.as_owner
@pytest.mark.parametrize("change", ["UPDATE {} SET at = 'never'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["unit_event", "order_act", "product_act", "site_act", "refusal"])
def test_history_is_never_rewritten(store: Store, site: Site, table: str, change: str) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    order = shipment(site, "S-1", {"CAM": 1})
    assert isinstance(shipment_orders.cancel(site, order, "not wanted"), Done)
    assert isinstance(shipment_orders.cancel(site, order, "not wanted"), Refused)
    assert isinstance(operator_book.set_role(site, "night shift", ["receive"]), Done)
    with store.read() as tx:
        (listed,) = catalog.products_of_code(tx, "CAM")
    before = products.read(site, listed.product.id)
    assert isinstance(products.save(site, before, before.with_text("description", "Camera")), Done)
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), store.engine.begin() as tx:
        tx.execute(text(change.format(table)))


def test_a_supervisor_sees_an_order_through(site: Site, tmp_path: Path) -> None:
    """Receive PO, import, packing, import, Remove, import again, shipping: the lists of values in one statement."""
    product(site, "TAB", 7)
    bought, sold = purchase(site, "N-1", {"TAB": 2}), shipment(site, "S-1", {"TAB": 2})
    assert isinstance(purchase_orders.receive_all(site, bought), Done)
    received = tmp_path / "received.csv"
    received.write_text(
        "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\n"
        "W-EAST,NORDWIND,N-1,TAB,A-1,B-1\nW-EAST,NORDWIND,N-1,TAB,A-2,B-2\n"
    )
    packed = tmp_path / "packed.csv"
    packed.write_text(
        "Warehouse,Client,SO Number,SKU,Primary Serial Number\n"
        "W-EAST,NORDWIND,S-1,TAB,A-1\nW-EAST,NORDWIND,S-1,TAB,B-2\n"
    )
    for _ in range(2):
        assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, received), Done)
        assert isinstance(removing.remove_serials(site, OrderKind.PURCHASE, bought), Done)
    assert isinstance(importing.import_serials(site, OrderKind.PURCHASE, received), Done)
    desk = Desk(site, OrderKind.SHIPMENT)
    for code in ("S-1", "SS-QTY-2", "TAB", "SS-COMPLETE"):
        desk.answer(Scan(code))
    assert isinstance(shipment_orders.ship(site, sold), Refused), "the serials are not there yet"
    assert isinstance(importing.import_serials(site, OrderKind.SHIPMENT, packed), Done)
    assert isinstance(removing.remove_serials(site, OrderKind.SHIPMENT, sold), Done)
    assert isinstance(importing.import_serials(site, OrderKind.SHIPMENT, packed), Done)
    assert isinstance(shipment_orders.ship(site, sold), Done)
    assert statuses(site) == {"Shipped": 2}
    assert findings(site.store) == []


# In the same moment


def statuses(site: Site) -> dict[str, int]:
    with site.store.read() as tx:
        rows = tx.execute(select(t.unit.c.status, func.count()).group_by(t.unit.c.status))
        return {status: number for status, number in rows if status != UnitStatus.GONE.value}


@pytest.fixture
def stations(url: str, site: Site) -> Iterator[list[Site]]:
    """Four stations, each connected by itself."""
    stores = [open_store(url, Clock()) for _ in range(4)]
    yield [Site(store, "Ana", f"dock-{number}") for number, store in enumerate(stores, 1)]
    for store in stores:
        store.close()


def scan(desk: Desk, *codes: str) -> str:
    for code in codes:
        desk.answer(Scan(code))
    assert desk.view.verdict is not None
    return desk.view.verdict.reason or desk.view.verdict.tone.value


@pytest.mark.parametrize("kind", OrderKind)
def test_one_code_goes_to_one_station(site: Site, stations: list[Site], kind: OrderKind) -> None:
    """New at receiving, Received at packing: either way it is one unit."""
    product(site, "CAM", 1)
    make = purchase if kind is OrderKind.PURCHASE else shipment
    make(site, "X-1", {"CAM": 40})
    if kind is OrderKind.SHIPMENT:
        opening(site, "NORDWIND", "W-EAST", "CAM", *(f"SN-{number}" for number in range(8)))
    desks = [Desk(station, kind) for station in stations]
    for desk in desks:
        scan(desk, "X-1")
    for number in range(8):
        for desk in desks:
            if desk.view.prompt is None:
                scan(desk, "CAM")
        answers = at_once([partial(scan, desk, f"SN-{number}") for desk in desks])
        assert Counter(answers) == {"OK": 1, "held-elsewhere": 3}, answers
    assert findings(site.store) == []


def test_the_last_units_of_a_line_go_to_whoever_comes_first(site: Site, stations: list[Site]) -> None:
    product(site, "BAT")
    order = purchase(site, "N-1", {"BAT": 6})
    desks = [Desk(station, OrderKind.PURCHASE) for station in stations]
    for desk in desks:
        scan(desk, "N-1")
    answers = [one for _ in range(3) for one in at_once([partial(scan, desk, "BAT") for desk in desks])]
    assert Counter(answers) == {"OK": 6, "over-order": 6}
    at_once([desk.complete for desk in desks])
    detail = order_book.detail(site, order)
    assert (detail.lines[0].done, detail.lines[0].open, detail.order.status.value) == (6, 0, "Completed")
    assert findings(site.store) == []


def test_an_order_is_received_by_its_button_once(site: Site, stations: list[Site]) -> None:
    product(site, "BAT")
    order = purchase(site, "N-1", {"BAT": 5})
    answers = at_once([partial(purchase_orders.receive_all, station, order) for station in stations])
    assert Counter(map(type, answers)) == {Done: 1, Refused: 3}
    assert order_book.detail(site, order).lines[0].done == 5


def test_the_same_file_is_imported_once(site: Site, stations: list[Site], tmp_path: Path) -> None:
    product(site, "TAB", 5)
    assert isinstance(purchase_orders.receive_all(site, purchase(site, "N-1", {"TAB": 9})), Done)
    sheet = tmp_path / "serials.csv"
    rows = "".join(f"W-EAST,NORDWIND,N-1,TAB,SN-{number}\n" for number in range(3))
    sheet.write_text(f"Warehouse,Client,PO Number,SKU,Primary Serial Number\n{rows}")
    plans = [importing.check(station, OrderKind.PURCHASE, sheet) for station in stations]
    acts = [partial(importing.carry_out, *each) for each in zip(stations, plans, strict=True)]
    assert Counter(isinstance(answer, Done) for answer in at_once(acts)) == {True: 1, False: 3}
    assert statuses(site) == {"Received": 3}


@pytest.mark.parametrize("turn", range(3))
def test_work_and_its_order_end_together_or_one_after_the_other(site: Site, stations: list[Site], turn: int) -> None:
    """A station completes, another scans on, a supervisor cancels the order: whoever is first, all agrees."""
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1", "SN-2", "SN-3")
    order = shipment(site, "S-1", {"CAM": 3})
    first, second = (Desk(station, OrderKind.SHIPMENT) for station in stations[:2])
    scan(first, "S-1", "SN-1", "SN-2", "SS-COMPLETE")
    scan(second, "S-1")
    acts: list[Callable[[], object]] = [first.yes, partial(scan, second, "SN-3")]
    acts.insert(turn, partial(shipment_orders.cancel, stations[2], order, "not wanted"))
    at_once(acts)
    detail = order_book.detail(site, order)
    assert (detail.order.status.value, detail.lines[0].done, detail.works) == ("Cancelled", 0, ())
    assert statuses(site) == {"Received": 3}
    assert findings(site.store) == []


def test_work_that_began_as_its_order_ended_takes_nothing(site: Site) -> None:
    """A server lets a station open an order in the moment in which a supervisor cancels it."""
    product(site, "BAT")
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    order = shipment(site, "S-1", {"BAT": 1, "CAM": 1})
    desk = Desk(site, OrderKind.SHIPMENT)
    scan(desk, "S-1")
    assert isinstance(shipment_orders.cancel(site, order, "not wanted"), Done)
    with site.store.engine.begin() as tx:
        tx.execute(text("UPDATE work SET status = 'open', closed_at = NULL"))
    assert scan(desk, "BAT") == "order-finished"
    assert scan(desk, "SN-1") == "order-finished"


def test_work_is_taken_over_while_its_station_scans_on(site: Site, stations: list[Site]) -> None:
    product(site, "BAT")
    order = purchase(site, "N-1", {"BAT": 40})
    desk = Desk(stations[0], OrderKind.PURCHASE)
    for there in stations[1:]:
        scan(desk, "N-1", "BAT")
        mine = next(one for one in order_book.detail(site, order).works if one.work.station == "dock-1")
        acts: list[Callable[[], object]] = [partial(scan, desk, "BAT"), partial(take_over, there, mine.work.id)]
        at_once(acts)
        desk.refresh()
        assert desk.view.order is None or scan(desk, "BAT") == "taken-over"
    counted = order_book.detail(site, order)
    assert sum(one.pieces for one in counted.works) == counted.lines[0].open
    assert findings(site.store) == []


def test_a_scan_that_waited_for_its_order_sees_what_was_done_to_its_work(site: Site, server: Server) -> None:
    """Order and work are locked by one statement, which began before the other act had ended."""
    product(site, "BAT")
    order = purchase(site, "N-1", {"BAT": 40})
    desk = Desk(site, OrderKind.PURCHASE)
    scan(desk, "N-1", "BAT")
    (mine,) = order_book.detail(site, order).works
    begun, may_end = Event(), Event()

    def end_the_work(tx: Transaction) -> None:
        orders.lock(tx, order)
        orders.set_status(tx, order, OrderStatus.COMPLETED)
        works.close(tx, mine.work.id, WorkStatus.TAKEN_OVER, site.stamp())
        begun.set()
        assert may_end.wait(_PATIENCE_S)

    with ThreadPoolExecutor(2) as threads, psycopg.connect(server.address, autocommit=True) as looking:
        ending = threads.submit(site.store.act, end_the_work)
        assert begun.wait(_PATIENCE_S)
        scanning = threads.submit(scan, desk, "BAT")
        give_up = monotonic() + _PATIENCE_S
        while not scanning.done() and not looking.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert monotonic() < give_up
        may_end.set()
        ending.result(_PATIENCE_S)
        assert scanning.result(_PATIENCE_S) == "taken-over"


def test_four_stations_in_a_hurry_leave_a_store_that_agrees(site: Site, stations: list[Site]) -> None:
    for scenario in range(5):
        product(site, f"P{scenario}", scenario)
    lines = {f"P{scenario}": 4 for scenario in range(5)}
    bought = [purchase(site, f"N-{number}", lines) for number in range(1, 3)]
    sold = [shipment(site, f"S-{number}", lines) for number in range(1, 3)]
    codes = [*lines, *(f"{letter}-{number}" for letter in "AB" for number in range(6))]
    commands = ["SS-UNDO", "SS-CANCEL", "SS-COMPLETE", "SS-YES", "SS-HOME", "N-1", "N-2", "S-1", "S-2"]

    def hurry(station: Site, number: int) -> None:
        dice = random.Random(number)
        desks = [Desk(station, kind) for kind in OrderKind]
        for _ in range(60):
            dice.choice(desks).answer(Scan(dice.choice(codes if dice.random() < 0.75 else commands)))
            if dice.random() < 0.05:
                purchase_orders.close_short(station, dice.choice(bought), "lost")
                purchase_orders.reopen(station, dice.choice(bought), "found")
                shipment_orders.ship(station, dice.choice(sold))

    at_once([partial(hurry, station, number) for number, station in enumerate(stations)])
    assert findings(site.store) == []


# The machine


@pytest.fixture(scope="module")
def stocked(server: Server, template: str) -> str:
    """A database with the machine's products."""
    name = server.new_database(template)
    store = open_store(server.url(name), Clock())
    make_products(Site(store, "Ana", "dock-1"))
    store.close()
    return name


@pytest.mark.parametrize("scenarios", GROUPS)
def test_whatever_people_do_the_store_is_as_the_rules_say(
    server: Server, stocked: str, tmp_path: Path, scenarios: tuple[int, ...]
) -> None:
    names: list[str] = []

    def copy() -> Store:
        names.append(server.new_database(stocked))
        return open_store(server.station_url(names[-1]), Clock())

    work_at_random(copy, tmp_path, scenarios, 1)
    for name in names:
        server.drop_database(name)
