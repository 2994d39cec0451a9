"""A COMMIT whose answer is lost: every kind of act is looked up, answered as it was, and never done again."""

import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg import sql
from sqlalchemy import text

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreUncertain
from scanstation.domain.verdict import Tone
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.orders import corrections, purchase_orders, shipment_orders
from scanstation.workflows.scanning import shipping
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.scanning.taking_over import take_over
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.conftest import Clock
from tests.cut_line import Cut, CutLine, cut_line
from tests.postgresql import Server
from tests.reliability.rounds import rounds, seen
from tests.serials import opening

Act = Callable[[Site, Desk], object]
SHEET = (
    "Warehouse,Client,PO Number,SKU,Primary Serial Number,Secondary Serial Number\nW-EAST,NORDWIND,N-2,TAB,A-1,B-1\n"
)


def order_id(site: Site, number: str) -> int:
    with site.store.read() as tx:
        found = tx.execute(text("SELECT id FROM orders WHERE number = :it"), {"it": number})
        return int(found.scalar_one())


def unit_id(site: Site, code: str) -> int:
    with site.store.read() as tx:
        found = tx.execute(text("SELECT unit_id FROM unit_code WHERE text = :it AND live"), {"it": code})
        return int(found.scalar_one())


def imported(site: Site, _: Desk) -> object:
    Path("tab.csv").write_text(SHEET)
    return importing.import_serials(site, OrderKind.PURCHASE, Path("tab.csv"))


def taken_over(site: Site, _: Desk) -> object:
    with site.store.read() as tx:
        work = tx.execute(text("SELECT id FROM work WHERE status = 'open' ORDER BY id DESC")).scalars().first()
    assert work is not None
    return take_over(site.at_station("dock-9"), work)


_NUMBER_OR_TIME = re.compile("^(id|at|held_by|op_id|checksum)$|_(id|at|since)$")

ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "a product": (("N-1",), lambda _, desk: desk.answer(Scan("BAT")).verdict),
    "an order is opened": ((), lambda _, desk: desk.answer(Scan("N-1")).verdict),
    "a serial": (("N-1", "CAM"), lambda _, desk: desk.answer(Scan("SN-1")).verdict),
    "undo by key": (("N-1", "BAT", "BAT"), lambda _, desk: desk.undo().verdict),
    "undo by card": (("N-1", "BAT", "BAT"), lambda _, desk: desk.answer(Scan("SS-UNDO")).verdict),
    "cancel": (("N-1", "BAT", "CAM"), lambda _, desk: desk.cancel().verdict),
    "complete": (("N-3", "BAT"), lambda _, desk: desk.complete().verdict),
    "yes": (("N-1", "BAT", "SS-COMPLETE"), lambda _, desk: desk.yes().verdict),
    "no": (("N-1", "BAT", "SS-COMPLETE"), lambda _, desk: desk.no().verdict),
    "Receive PO": ((), lambda site, _: purchase_orders.receive_all(site, order_id(site, "N-3"))),
    "an import": ((), imported),
    "an import is removed": (
        ("import",),
        lambda site, _: removing.remove_serials(site, OrderKind.PURCHASE, order_id(site, "N-2")),
    ),
    "ship": (
        ("ready",),
        lambda site, _: shipping.ship_scanned(site, Scan("S-1")),
    ),
    "close short": (
        ("N-1", "BAT", "SS-COMPLETE", "SS-YES"),
        lambda site, _: purchase_orders.close_short(site, order_id(site, "N-1"), "no more"),
    ),
    "an order is cancelled": ((), lambda site, _: shipment_orders.cancel(site, order_id(site, "S-1"), "not wanted")),
    "a code is corrected": (
        (),
        lambda site, _: corrections.correct(site, unit_id(site, "OLD-1"), "OLD-1", "OLD-7", "x"),
    ),
    "a unit is unreceived": (
        ("N-4", "CAM", "SN-4", "SS-COMPLETE"),
        lambda site, _: corrections.unreceive(site, unit_id(site, "SN-4"), "sent back"),
    ),
    "work is taken over": (("N-1", "BAT"), taken_over),
}
TABLES = [
    "unit",
    "unit_code",
    "unit_event",
    "order_line",
    "orders",
    "work",
    "piece",
    "entry",
    "order_act",
    "import_batch",
    "refusal",
]


def prepared(site: Site, steps: tuple[str, ...]) -> Desk:
    product(site, "CAM", 1)
    product(site, "BAT", 0)
    product(site, "TAB", 7)
    purchase(site, "N-1", {"BAT": 3, "CAM": 1})
    purchase(site, "N-3", {"BAT": 1})
    purchase(site, "N-4", {"CAM": 1})
    shipment(site, "S-1", {"BAT": 1})
    opening(site, "NORDWIND", "W-EAST", "CAM", "OLD-1")
    assert isinstance(purchase_orders.receive_all(site, purchase(site, "N-2", {"TAB": 2})), Done)
    desk = Desk(site, OrderKind.PURCHASE)
    for step in steps:
        if step == "import":
            assert isinstance(imported(site, desk), Done)
        elif step == "ready":
            packing = Desk(site, OrderKind.SHIPMENT)
            for code in ("S-1", "BAT", "SS-COMPLETE"):
                packing.answer(Scan(code))
        else:
            desk.answer(Scan(step))
    return desk


def contents(site: Site) -> dict[str, list[list[str]]]:
    """What is in the store, but for times and for numbers, of which an act that was done again has taken others."""
    found = {}
    with site.store.read() as tx:
        for table in TABLES:
            result = tx.execute(text(f"SELECT * FROM {table} ORDER BY id"))
            kept = [i for i, name in enumerate(result.keys()) if not _NUMBER_OR_TIME.search(name)]
            found[table] = [[str(row[i]) for i in kept] for row in result]
    return found


@pytest.fixture
def line(server: Server) -> Iterator[CutLine]:
    folder = Path(tempfile.mkdtemp(prefix="scanstation-line-"))
    socket = Path(parse_qs(urlsplit(server.address).query)["host"][0]) / ".s.PGSQL.5432"
    with cut_line(folder, str(socket)) as cut:
        yield cut
    shutil.rmtree(folder)


@pytest.fixture
def other_url(server: Server, template: str) -> Iterator[str]:
    name = server.new_database(template)
    yield server.station_url(name)
    server.drop_database(name)


def through(line: CutLine, url: str) -> Store:
    """The store behind a line that can be cut."""
    user, name = urlsplit(url).username, urlsplit(url).path
    return open_store(f"postgresql://{user}@{name}?host={line.folder}", Clock())


def said(answer: Any) -> str:
    """What a person is told."""
    told = str(getattr(answer, "text", "") or answer.verdict.text)
    return re.sub(r"batch \d+", "batch", told)  # done again, it has taken another number


NEVER_ARRIVED = ("a product", "a serial", "undo by key", "complete", "an import")
"""Acts of which it is tried each time; the others, which are looked up in the same way, among the long tests."""


@pytest.mark.parametrize(
    ("name", "where"),
    [
        pytest.param(name, where, marks=() if where is Cut.AFTER or name in NEVER_ARRIVED else pytest.mark.long)
        for name in ACTS
        for where in Cut
    ],
)
def test_it_is_answered_as_it_was_and_done_once(
    line: CutLine, url: str, other_url: str, name: str, where: Cut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cut_at(line, url, other_url, name, where)


@pytest.mark.long
def test_so_it_is_again_and_again(
    line: CutLine, server: Server, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chance, cuts = random.Random(4), 0
    for _ in rounds(1):
        for name in ACTS:
            databases = [server.new_database(template) for _ in range(2)]
            cut_at(line, server.url(databases[0]), server.url(databases[1]), name, chance.choice(list(Cut)))
            for database in databases:
                server.drop_database(database)
            cuts += 1
    seen("COMMITs cut before or after they were done", kinds_of_act=len(ACTS), cuts=cuts, done_twice_or_not_at_all=0)


def cut_at(line: CutLine, url: str, other_url: str, name: str, where: Cut) -> None:
    """Do an act whose COMMIT is cut, and once more elsewhere where none is: the same comes of both."""
    steps, act = ACTS[name]
    whole = Site(open_store(other_url, Clock()), operator="Ana", station="dock-2")
    expected = said(act(whole, prepared(whole, steps)))
    site = Site(through(line, url), operator="Ana", station="dock-2")
    desk = prepared(site, steps)
    line.cut(where)
    answer = said(act(site, desk))
    assert line.was_cut.wait(60)
    assert answer == expected
    assert contents(site) == contents(whole)
    assert findings(site.store) == []
    site.store.close()
    whole.store.close()


def test_while_the_server_stays_away_it_is_waited_for_and_then_answered(line: CutLine, url: str) -> None:
    site = Site(through(line, url), operator="Ana", station="dock-2")
    desk = prepared(site, ("N-1",))
    pieces = len(contents(site)["piece"])
    line.cut(Cut.AFTER, stays_away=True)
    threads = ThreadPoolExecutor(1)
    answer = threads.submit(desk.answer, Scan("BAT"))
    assert line.was_cut.wait(60)
    line.come_back()
    verdict = answer.result(60).verdict
    assert verdict is not None
    assert verdict.tone is Tone.OK
    assert "1 of 3" in verdict.text
    assert len(contents(site)["piece"]) == pieces + 1
    threads.shutdown()
    site.store.close()


def test_who_waits_no_longer_is_told_that_nobody_knows(line: CutLine, url: str) -> None:
    site = Site(through(line, url), operator="Ana", station="dock-2")
    desk = prepared(site, ("N-1",))
    line.cut(Cut.AFTER, stays_away=True)
    threads = ThreadPoolExecutor(1)
    answer = threads.submit(desk.answer, Scan("BAT"))
    assert line.was_cut.wait(60)
    site.store.stop_waiting()
    with pytest.raises(StoreUncertain, match="Perhaps not saved"):
        answer.result(60)
    line.come_back()
    threads.shutdown()
    site.store.close()


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("ALTER DATABASE {} SET default_transaction_read_only = on", "ALTER DATABASE {} RESET ALL"),
        ("ALTER DATABASE {} ALLOW_CONNECTIONS false", "ALTER DATABASE {} ALLOW_CONNECTIONS true"),
    ],
)
def test_while_the_server_cannot_be_asked_nobody_says_that_nothing_was_changed(
    server: Server, line: CutLine, url: str, away: LiteralString, back: LiteralString
) -> None:
    """As a standby is that is about to take over: it may be read, and not written yet."""
    site = Site(through(line, url), operator="Ana", station="dock-2")
    site.store.patience_s = 1.0
    desk = prepared(site, ("N-1",))
    pieces = len(contents(site)["piece"])
    name = sql.Identifier(urlsplit(url).path[1:])
    line.cut(Cut.AFTER, stays_away=True)
    threads = ThreadPoolExecutor(1)
    answer = threads.submit(desk.answer, Scan("BAT"))
    assert line.was_cut.wait(60)
    server.run(sql.SQL(away).format(name))
    line.come_back()
    with pytest.raises(StoreUncertain):
        answer.result(60)
    server.run(sql.SQL(back).format(name))
    assert len(contents(site)["piece"]) == pieces + 1
    threads.shutdown()
    site.store.close()
