"""A day with an ERP on both sides: its files come through a watched folder, and it hears of each act by its server.

`load --watch` and `handover run` are processes, the second one killed now and then; three stations work meanwhile. The
short day takes some ten seconds, most of them spent waiting as after failures in earnest.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scanstation.domain.outcome import Refused
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.transfers import Missing
from scanstation.domain.verdict import Tone
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.imports.removing import remove_serials
from scanstation.workflows.orders import (
    corrections,
    holding,
    purchase_orders,
    regrading,
    return_book,
    shipment_orders,
    swapping,
    transfer_book,
)
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.returning import ReturnDesk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep.handing_over import retry, standing
from tests.erp_server import SECRET, ErpServer, erp_server
from tests.outcomes import done
from tests.reliability.rounds import seen

PO, SO = OrderKind.PURCHASE, OrderKind.SHIPMENT
STATIONS = ("dock-1", "dock-2", "dock-3")
_A_FILE = 250
"""Orders that the ERP writes into one file."""
_LONGEST_S = 40 * 60.0
ODD = {5: "late", 9: "cut", 13: "twice", 17: "lost", 21: "422"}
"""What the server does of a message's first post on the short day; else it refuses a third of them."""
SLOW = ("hang", "late", "cut", "503")
"""What keeps all others waiting, so there is little of it."""
PRODUCTS = (
    "Client,SKU,Description,Barcodes,Track Serial Number,Both Receiving and Packing,Only Packing,"
    "Skip Scan Serial Number,Scan Secondary Serial Number\n"
    "NORDWIND,CAM,Camera,,x,x,,,x\n"
    "NORDWIND,OLD,Camera as used,,x,x,,,x\n"
    "NORDWIND,BOX,Box,,,,,,\n"
    "NORDWIND,TAG,Tag,,x,,x,,\n"
    "NORDWIND,LENS,Lens,,x,x,,x,\n"
)
STOCK = "Warehouse,Client,SKU,Primary Serial Number\nW-WEST,NORDWIND,LENS,G-1\nW-WEST,NORDWIND,LENS,G-2\n"


@pytest.mark.parametrize("orders", [20, pytest.param(2_000, marks=pytest.mark.long)])
def test_a_day_through_folder_and_server_is_the_same_on_both_sides(store: Store, tmp_path: Path, orders: int) -> None:
    numbers = range(orders // 2)
    store = open_store(store.url)  # with the clock that the processes have
    site = Site(store, "Ana", "office", warehouse="W-EAST")
    kills, is_short = max(2, orders // 100), orders <= len(ODD) * 10
    with erp_server() as server, _handing_over(store, server, kills, is_short=is_short) as handing:
        with _watching(store, tmp_path / "in") as folder:
            folder.put({"products.csv": PRODUCTS})
            orders_files = {
                f"orders-{some[0]}.json": json.dumps({**_bought(some), **_sold(some)}) for some in _files(numbers)
            }
            folder.put({"opening.csv": STOCK} | orders_files)
            folder.put(
                {"announced.json": json.dumps(_announced(numbers)), "changed.json": json.dumps(_changed(numbers))}
            )
            with ThreadPoolExecutor(len(STATIONS)) as pool:
                jobs = [pool.submit(_at_station, store.url, tmp_path, place, numbers) for place in range(len(STATIONS))]
                for job in jobs:
                    job.result()
            off, back = ([number for number in numbers if number % 7 == rest] for rest in (0, 2))
            folder.put(
                {f"off-{some[0]}.json": json.dumps(_cancelled(some)) for some in _files(off)}
                | {f"back-{some[0]}.json": json.dumps(_expected(some)) for some in _files(back)}
            )
            for some in _files(back):
                _take_back(site, some)
        newest = _all_taken(site, handing)
        assert sorted(server.picture.numbers) == [*range(1, newest + 1)]
        server.picture.compare(store)
        assert findings(store) == []
        assert handing.killed >= 2
        failed = sum(how not in ("take", "twice") for how in handing.behaved.elements())
        assert failed > newest / 3
        assert {*ODD.values()} <= {*handing.behaved}
    seen(
        "A day through the watched folder and the outbox",
        orders=orders,
        events=_events(store),
        messages=newest,
        posts=len(server.posts),
        failed=failed,
        SIGKILLs=handing.killed,
        units_and_lines_that_differ=0,
    )


def _events(store: Store) -> int:
    with store.read() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM unit_event").scalar_one())


def _files(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), _A_FILE):
        yield numbers[first : first + _A_FILE]


# What the ERP says

WHERE = {"warehouse": "W-EAST", "client": "NORDWIND"}


def _bought(numbers: Sequence[int]) -> dict[str, Any]:
    rows = []
    for number in numbers:
        wanted = {"CAM": 4 if number % 11 == 3 else 3, "BOX": 6} | ({"LENS": 2} if number % 4 == 0 else {})
        rows += [{**WHERE, "po_number": f"N-{number}", "sku": sku, "quantity": count} for sku, count in wanted.items()]
    return {"purchase": rows}


def _sold(numbers: Sequence[int]) -> dict[str, Any]:
    wanted = {"CAM": 1, "BOX": 2, "TAG": 1}
    rows = [
        {**WHERE, "so_number": f"S-{number}", "sku": sku, "quantity": count}
        for number in numbers
        for sku, count in wanted.items()
    ]
    return {"shipment": rows}


def _announced(numbers: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            **WHERE,
            "po_number": f"N-{number}",
            "sku": "CAM",
            "primary_serial_number": f"C-{number}-{which}",
            "secondary_serial_number": f"L-{number}-{which}",
        }
        for number in numbers[::5]
        for which in (1, 2, 3)
    ]


def _changed(numbers: Sequence[int]) -> dict[str, Any]:
    """More boxes come, and some tags are not wanted."""
    more = [{**WHERE, "po_number": f"N-{number}", "sku": "BOX", "quantity": 8} for number in numbers if number % 6 == 1]
    less = [{**WHERE, "so_number": f"S-{number}", "sku": "TAG", "quantity": 0} for number in numbers if number % 6 == 2]
    return {"purchase": more, "shipment": less}


def _cancelled(numbers: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {**WHERE, "so_number": f"S-{number}", "cancelled": True, "reason": "customer withdrew"} for number in numbers
    ]


def _expected(numbers: Sequence[int]) -> list[dict[str, Any]]:
    row = {"rma": f"RMA-{numbers[0]}", "client": "NORDWIND", "sku": "CAM"}
    return [{**row, "serial": f"C-{number}-1", "so_number": f"S-{number}"} for number in numbers]


# What the stations do


def _at_station(url: str, folder: Path, place: int, numbers: Sequence[int]) -> None:
    """The share of one station: everything that can be done to an order and a unit, by turns."""
    store = open_store(url)
    site = Site(store, f"operator {place}", STATIONS[place])
    with store.read() as tx:
        rows = tx.exec_driver_sql("SELECT kind, number, id FROM orders").all()
    ids = {(OrderKind(kind), number): order_id for kind, number, order_id in rows}
    receiving, packing = Desk(site, PO), Desk(site, SO)
    for number in numbers[place :: len(STATIONS)]:
        bought, sold = ids[PO, f"N-{number}"], ids[SO, f"S-{number}"]
        cameras = [code for which in (1, 2, 3) for code in ("CAM", f"C-{number}-{which}", f"L-{number}-{which}")]
        lenses = ("SS-QTY-2", "LENS") if number % 4 == 0 else ()
        _scan(receiving, f"N-{number}", *cameras, "SS-QTY-6", "BOX", *lenses, "SS-COMPLETE")
        _with_one_unit(site, number)
        _with_purchase(site, folder, number, bought)
        tags = () if number % 6 == 2 else ("TAG", f"T-{number}")
        _scan(packing, f"S-{number}", "CAM", f"C-{number}-1", "BOX", "BOX", *tags, "SS-COMPLETE")
        _with_shipment(site, number, sold)
    store.close()


def _scan(desk: Desk, *codes: str) -> None:
    for code in codes:
        view = desk.answer(Scan(code))
        if view.question:
            view = desk.yes()
        assert view.verdict is not None
        assert view.verdict.tone is not Tone.STOP, (codes, view.verdict)


def _unit(site: Site, code: str) -> int:
    found = corrections.choose(site, code)
    assert not isinstance(found, Refused), found
    return found.unit.id


def _with_one_unit(site: Site, number: int) -> None:
    code = f"C-{number}-2"
    unit = _unit(site, code)
    match number % 9:
        case 0:
            done(holding.hold(site, [unit], "wet"))
            done(holding.release(site, [unit], "dry"))
        case 1:
            done(corrections.correct(site, unit, code, f"K-{number}-2", "misread"))
        case 2:
            done(corrections.dispose(site, unit, "dropped"))
        case 3:
            done(corrections.unreceive(site, unit, "never came"))
        case 4:
            done(regrading.regrade(site, unit, "OLD", "scratched"))
        case 5:
            done(transfer_book.take_in(site, _sent(site, code), [code]))
        case 6:
            done(transfer_book.close(site, _sent(site, code), Missing.LOST, "the truck burnt"))
        case 7:
            done(transfer_book.close(site, _sent(site, code), Missing.BACK, "no room"))
        case _:
            done(holding.hold(site, [unit], "to be looked at"))


def _sent(site: Site, code: str) -> int:
    """A transfer of its own, on which a unit goes out."""
    number = done(transfer_book.begin(site, "W-EAST", "W-WEST")).text.partition(":")[0]
    found = transfer_book.choose(site, number)
    assert not isinstance(found, Refused), number
    done(transfer_book.send(site, found.id, [code]))
    return found.id


def _with_purchase(site: Site, folder: Path, number: int, order_id: int) -> None:
    if number % 4 == 0:
        sheet = folder / f"lenses-{number}.csv"
        rows = "".join(f"W-EAST,NORDWIND,N-{number},LENS,G-{number}-{which}\n" for which in (1, 2))
        sheet.write_text(f"Warehouse,Client,PO Number,SKU,Primary Serial Number\n{rows}", encoding="utf-8")
        done(import_serials(site, PO, sheet))
        if number % 8 == 0:
            done(remove_serials(site, PO, order_id))
    if number % 11 == 3:
        done(purchase_orders.close_short(site, order_id, "the last one never comes"))
        done(purchase_orders.reopen(site, order_id, "it does"))
    if number % 10 == 5:
        done(corrections.lower(site, order_id, "BOX", 5, "miscounted"))


def _with_shipment(site: Site, number: int, order_id: int) -> None:
    def ship() -> None:
        done(shipment_orders.ship(site, order_id))

    match number % 7:
        case 0:
            pass  # cancelled by a file
        case 1:
            ship()
            done(shipment_orders.unship(site, order_id, reason="no truck"))
            ship()
        case 2:
            ship()  # and comes back
        case 3:
            done(swapping.swap(site, order_id, f"C-{number}-1", f"C-{number}-3", "dented", on_hold=number % 2 == 0))
            ship()
        case 4:
            done(corrections.unpack(site, _unit(site, f"C-{number}-1"), "broken"))
            done(shipment_orders.close_short(site, order_id, "no other one"))
            ship()
        case 5:
            ship()
            done(shipment_orders.unship(site, order_id, reason="wrong truck"))
        case _:
            done(shipment_orders.cancel(site, order_id, "not wanted"))


def _take_back(site: Site, numbers: Sequence[int]) -> None:
    """All that was shipped comes back, under the return that the ERP expects it on."""
    codes = [code for number in numbers for code in (f"C-{number}-1", f"L-{number}-1")]
    _scan(ReturnDesk(site), f"RMA-{numbers[0]}", *codes, "SS-COMPLETE")
    assert {one.missing for one in return_book.listed(site)} == {0}


# The two processes


class _WatchedFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, files: dict[str, str]) -> None:
        """Put files there, and wait until all of them are loaded."""
        for name, content in files.items():
            (self._folder / name).write_text(content, encoding="utf-8")
            (self._folder / f"{name}.done").touch()
        for name in files:
            result = self._folder / "results" / f"{name}.result.json"
            _wait_for(result.exists, f"{name} is not answered")
            answer = json.loads(result.read_text(encoding="utf-8"))
            assert answer["outcome"] == "loaded", answer


@contextmanager
def _watching(store: Store, folder: Path) -> Iterator[_WatchedFolder]:
    folder.mkdir()
    running = _start(store, {}, "load", "--watch", str(folder))
    try:
        yield _WatchedFolder(folder)
    finally:
        running.terminate()
        said = running.communicate(timeout=60)[1].decode()
    assert running.returncode == 0, said


class _Delivery:
    """`handover run`, killed now and then by the post that it waits for, and started anew."""

    def __init__(self, store: Store, server: ErpServer, kills: int, *, is_short: bool) -> None:
        self._store, self._server = store, server
        self._left_to_kill, self._is_short = kills, is_short
        self._chance = random.Random(kills)
        self._next_kill = 30
        self._is_over = False
        self.killed = 0
        self.behaved: Counter[str] = Counter()
        self._tries: Counter[int] = Counter()
        server.behave = self._behave
        self._running = self._run()
        self._minder = threading.Thread(target=self._mind)
        self._minder.start()

    def _run(self) -> "subprocess.Popen[bytes]":
        to = {"URL": self._server.url, "SECRET": SECRET, "TIMEOUT_S": "0.5" if self._is_short else "1"}
        env = {f"SCANSTATION_HANDOVER__{name}": value for name, value in to.items()}
        return _start(self._store, env, "--station", "erp", "handover", "run")

    def _behave(self, number: int) -> str:
        self._tries[number] += 1
        if self._is_short:
            how = ODD.get(number, "take" if number % 3 else "500")
            how = how if self._tries[number] == 1 else "take"
        else:
            how = self._chance.choices(
                ("take", "twice", "500", "lost", "422", *SLOW), (62, 2, 20, 8, 6, *([0.2] * len(SLOW)))
            )[0]
        self.behaved[how] += 1
        if self._left_to_kill and len(self._server.posts) >= self._next_kill:
            self._left_to_kill -= 1
            self._next_kill += self._chance.randint(30, 120)
            self._running.kill()
        return how

    def _mind(self) -> None:
        while True:
            said = self._running.communicate()[1].decode()
            if self._is_over:
                assert self._running.returncode == 0, said
                return
            assert self._running.returncode == -signal.SIGKILL, said
            self.killed += 1
            self._store.act(lambda tx: tx.exec_driver_sql("UPDATE handover_target SET until = ''") and None)
            self._running = self._run()  # as if a minute had gone by

    def end(self) -> None:
        self._is_over = True
        self._running.terminate()
        self._minder.join(60)


@contextmanager
def _handing_over(store: Store, server: ErpServer, kills: int, *, is_short: bool) -> Iterator[_Delivery]:
    delivery = _Delivery(store, server, kills, is_short=is_short)
    try:
        yield delivery
    finally:
        delivery.end()


def _all_taken(site: Site, handing: _Delivery) -> int:
    """Wait until the server has taken all that there is, and have what it refused tried again; how many there are."""

    def is_all_taken() -> bool:
        found = standing(site)
        assert not isinstance(found, Refused)
        if found.acts_waiting or found.upto.get("url") != found.newest:
            return False
        if found.failures:
            done(retry(site, ()))
        return not found.failures

    _wait_for(is_all_taken, "the server has not taken all")
    found = standing(site)
    assert not isinstance(found, Refused)
    return found.newest


def _start(store: Store, env: dict[str, str], *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "scanstation", "--db", store.url, *words]
    return subprocess.Popen(
        command, env=os.environ | env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _wait_for(is_so: Callable[[], bool], otherwise: str) -> None:
    give_up = time.monotonic() + _LONGEST_S
    while not is_so():
        assert time.monotonic() < give_up, otherwise
        time.sleep(0.05)
