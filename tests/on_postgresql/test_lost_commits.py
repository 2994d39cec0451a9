"""A COMMIT whose answer is lost: every kind of act is looked up, answered as it was, and never done again."""

import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import LiteralString
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg import sql
from sqlalchemy import text

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreUncertain
from scanstation.domain.verdict import Tone
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import purchase
from tests.conftest import Clock
from tests.cut_line import Cut, CutLine, cut_line
from tests.on_postgresql.acts_to_cut import ACTS, stocked
from tests.postgresql import Server
from tests.reliability.races import Batch, at_desk
from tests.reliability.rounds import rounds_together, seen

_NUMBER_OR_TIME = re.compile("^(id|at|held_by|op_id|checksum)$|_(id|at|since)$")
_OF_ITS_BATCH = re.compile(r"\bB-\d+|\d+-B\b")
"""What tells the names of one batch of rounds from those of another; a code is kept backwards too."""
_OF_ITS_MOMENT = re.compile(r"(?<=batch )\d+|\b\d\d:\d\d\b")
"""Done again, an import has taken another number; and meanwhile a minute may have begun."""
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


def heads(site: Site) -> dict[str, int]:
    """The last row of each table."""
    with site.store.read() as tx:
        return {table: tx.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one() for table in TABLES}


def contents(site: Site, since: dict[str, int]) -> dict[str, list[list[str]]]:
    """What has come into the store since, but for times and for numbers, of which what is done again takes others."""
    found = {}
    with site.store.read() as tx:
        for table in TABLES:
            result = tx.execute(text(f"SELECT * FROM {table} WHERE id > :head ORDER BY id"), {"head": since[table]})
            kept = [i for i, name in enumerate(result.keys()) if not _NUMBER_OR_TIME.search(name)]
            found[table] = [[_OF_ITS_BATCH.sub("B", str(row[i])) for i in kept] for row in result]
    return found


@pytest.fixture
def line(server: Server) -> Iterator[CutLine]:
    folder = Path(tempfile.mkdtemp(prefix="scanstation-line-"))
    socket = Path(parse_qs(urlsplit(server.address).query)["host"][0]) / ".s.PGSQL.5432"
    with cut_line(folder, str(socket)) as cut:
        yield cut
    shutil.rmtree(folder)


def through(line: CutLine, url: str) -> Store:
    """The store behind a line that can be cut."""
    user, name = urlsplit(url).username, urlsplit(url).path
    return open_store(f"postgresql://{user}@{name}?host={line.folder}", Clock())


@pytest.fixture
def site(line: CutLine, url: str) -> Iterator[Site]:
    """A station behind the line, with products."""
    store = through(line, url)
    here = Site(store, operator="Ana", station="dock-2")
    stocked(here)
    yield here
    store.close()


def comes_of(
    site: Site, name: str, batch: Batch, cuts: Callable[[], object]
) -> tuple[list[str], dict[str, list[list[str]]]]:
    """Do an act in each round of a batch; what was told, and what is in the store by it."""
    since, told = heads(site), []
    for act in ACTS[name](site.at_station(f"dock-{batch.name}"), batch):
        cuts()
        told.append(_OF_ITS_BATCH.sub("B", _OF_ITS_MOMENT.sub("", act())))
    return told, contents(site, since)


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
def test_it_is_answered_as_it_was_and_done_once(line: CutLine, site: Site, name: str, where: Cut) -> None:
    whole = comes_of(site, name, Batch(1, 1), lambda: None)
    assert comes_of(site, name, Batch(2, 1), lambda: line.cut(where)) == whole
    assert line.was_cut.wait(60)
    assert findings(site.store) == []


_TOGETHER = 25
"""So many rounds of one kind of act come after another, and are held against as many whose COMMIT is not cut."""
_APART = 1_000_000
"""Between the numbers of the rounds of one kind and of the next."""


@pytest.mark.long
def test_so_it_is_again_and_again(line: CutLine, site: Site) -> None:
    chance, done = random.Random(4), 0
    whole: dict[tuple[str, int], object] = {}
    wheres = Counter[Cut]()

    def cut() -> None:
        assert line.was_cut.wait(60)  # the one before
        where = chance.choice(list(Cut))
        wheres[where] += 1
        line.cut(where)

    line.was_cut.set()
    for numbers in rounds_together(1, _TOGETHER):
        count = len(numbers)
        for place, name in enumerate(ACTS):
            batch = Batch(_APART * place + numbers[0], count)
            if (name, count) not in whole:
                uncut = Batch(batch.first + _APART // 2, count)
                whole[name, count] = comes_of(site, name, uncut, lambda: None)
            assert comes_of(site, name, batch, cut) == whole[name, count], name
        assert line.was_cut.wait(60)
        done += count
        if done % (8 * _TOGETHER) == 0:
            assert findings(site.store) == []
    assert findings(site.store) == []
    figures = {where.name.lower(): wheres[where] for where in Cut}
    seen("COMMITs cut", of_each_kind=done, kinds_of_act=len(ACTS), **figures, done_twice_or_not_at_all=0)


@pytest.fixture
def desk(site: Site) -> Desk:
    """With an order on it."""
    purchase(site, "N-1", {"BAT": 3})
    return at_desk(site, OrderKind.PURCHASE, "N-1")


def test_while_the_server_stays_away_it_is_waited_for_and_then_answered(line: CutLine, site: Site, desk: Desk) -> None:
    since = heads(site)
    line.cut(Cut.AFTER, stays_away=True)
    threads = ThreadPoolExecutor(1)
    answer = threads.submit(desk.answer, Scan("BAT"))
    assert line.was_cut.wait(60)
    line.come_back()
    verdict = answer.result(60).verdict
    assert verdict is not None
    assert verdict.tone is Tone.OK
    assert "1 of 3" in verdict.text
    assert len(contents(site, since)["piece"]) == 1
    threads.shutdown()


def test_who_waits_no_longer_is_told_that_nobody_knows(line: CutLine, site: Site, desk: Desk) -> None:
    line.cut(Cut.AFTER, stays_away=True)
    threads = ThreadPoolExecutor(1)
    answer = threads.submit(desk.answer, Scan("BAT"))
    assert line.was_cut.wait(60)
    site.store.stop_waiting()
    with pytest.raises(StoreUncertain, match="Perhaps not saved"):
        answer.result(60)
    line.come_back()
    threads.shutdown()


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("ALTER DATABASE {} SET default_transaction_read_only = on", "ALTER DATABASE {} RESET ALL"),
        ("ALTER DATABASE {} ALLOW_CONNECTIONS false", "ALTER DATABASE {} ALLOW_CONNECTIONS true"),
    ],
)
def test_while_the_server_cannot_be_asked_nobody_says_that_nothing_was_changed(
    server: Server, line: CutLine, site: Site, desk: Desk, url: str, away: LiteralString, back: LiteralString
) -> None:
    """As a standby is that is about to take over: it may be read, and not written yet."""
    site.store.patience_s = 1.0
    since = heads(site)
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
    assert len(contents(site, since)["piece"]) == 1
    threads.shutdown()
