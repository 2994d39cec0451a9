"""Stations behind PgBouncer: what they do works in session and in transaction mode, what cannot is refused by name."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreUnreachable
from scanstation.store.store import create_store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports import importing
from scanstation.workflows.orders import purchase_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.on_postgresql.at_once import at_once
from tests.postgresql import Server
from tests.system.pooler import pooler

pytestmark = pytest.mark.system

STATIONS = 4


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database with nothing in it."""
    name = server.new_database()
    yield name
    server.drop_database(name)


# In session mode a station keeps its connections, two of them at most; in transaction mode all share one.
@pytest.mark.parametrize(("mode", "size"), [("session", 2 * STATIONS + 2), ("transaction", 1)])
def test_stations_scan_and_import_at_once(server: Server, empty: str, tmp_path: Path, mode: str, size: int) -> None:
    with ExitStack() as opened:
        at = opened.enter_context(pooler(server, mode, size=size))
        address = f"postgresql://ana@{at}/{empty}"
        create_store(address).close()
        stores = [opened.enter_context(closing(open_store(address))) for _ in range(STATIONS)]
        sites = [Site(store, "Ana", f"dock-{number}") for number, store in enumerate(stores)]
        product(sites[0], "TAB", 5)
        product(sites[0], "CAM", 1)
        sheets = []
        for number, site in enumerate(sites):
            assert isinstance(purchase_orders.receive_all(site, purchase(site, f"N-{number}", {"TAB": 20})), Done)
            purchase(site, f"P-{number}", {"CAM": 5})
            sheets.append(tmp_path / f"{number}.csv")
            rows = "".join(f"W-EAST,NORDWIND,N-{number},TAB,T{number}-{row}\n" for row in range(20))
            sheets[-1].write_text(f"Warehouse,Client,PO Number,SKU,Primary Serial Number\n{rows}", encoding="utf-8")

        def work(number: int) -> object:
            desk = Desk(sites[number], OrderKind.PURCHASE)
            codes = (f"P-{number}", *(code for row in range(5) for code in ("CAM", f"C{number}-{row}")), "SS-COMPLETE")
            before = [desk.answer(Scan(code)).verdict for code in codes[:6]]
            imported = importing.import_serials(sites[number], OrderKind.PURCHASE, sheets[number])
            after = [desk.answer(Scan(code)).verdict for code in codes[6:]]
            wrong = [verdict.text for verdict in before + after if verdict is not None and not verdict.accepted]
            return wrong or imported

        answers = at_once([partial(work, number) for number in range(STATIONS)])
        assert all(isinstance(answer, Done) for answer in answers), answers
        with stores[0].read() as tx:
            assert tx.execute(text("SHOW lock_timeout")).scalar_one() == "30s"
            assert tx.execute(text("SELECT count(*) FROM unit WHERE status = 'Received'")).scalar_one() == 100
        server.terminate_backends()
        purchase(sites[0], "N-9", {"CAM": 1})
        assert findings(stores[0]) == []


@pytest.mark.parametrize(
    ("mode", "setting", "query", "says"),
    [
        ("statement", "", "", "pool_mode"),
        ("transaction", "", "?options=-csearch_path%3Dstock", "options"),
        ("session", "ignore_startup_parameters = options", "?options=-csearch_path%3Dstock", "options"),
    ],
)
def test_what_cannot_work_is_refused_at_the_first_connect(
    server: Server, template: str, mode: str, setting: str, query: str, says: str
) -> None:
    with pooler(server, mode, setting) as at, pytest.raises(StoreUnreachable) as raised:
        open_store(f"postgresql://ana@{at}/{template}{query}")
    assert "pooler" in raised.value.title
    assert says in raised.value.hint
