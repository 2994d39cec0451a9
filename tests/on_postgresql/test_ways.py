"""How often a scan waits for the server: a way there and back is what a scan on a server costs."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store.store import open_store
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.counted_line import Counted, counted_line
from tests.postgresql import Server


@pytest.fixture
def counted(server: Server, url: str) -> Iterator[tuple[Counted, Site]]:
    """A site whose store is behind a line that counts."""
    folder = Path(tempfile.mkdtemp(prefix="scanstation-line-"))
    socket = Path(parse_qs(urlsplit(server.address).query)["host"][0]) / ".s.PGSQL.5432"
    user, name = urlsplit(url).username, urlsplit(url).path
    with counted_line(folder, str(socket)) as line:
        site = Site(open_store(f"postgresql://{user}@{name}?host={folder}"), operator="Ana", station="dock-2")
        yield line, site
        site.store.close()
    shutil.rmtree(folder)


def test_a_scan_goes_few_ways_to_the_server(counted: tuple[Counted, Site]) -> None:
    line, site = counted
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 90})
    desk = Desk(site, OrderKind.PURCHASE)
    for number in range(9):
        for code in ("N-1", "CAM", f"C-{number}")[number > 0 :]:
            desk.answer(Scan(code))
    ways = {}
    for what, code in {
        "a product": "CAM",
        "a refused serial": "C-1",
        "a serial": "D-1",
        "undo": "SS-UNDO",
        "an unknown code": "NOBODY",
    }.items():
        line.forget()
        desk.answer(Scan(code))
        ways[what] = line.ways
    # Seven is what the least takes: BEGIN, five statements one after the other, COMMIT.
    assert ways == {"a product": 16, "a refused serial": 13, "a serial": 16, "undo": 23, "an unknown code": 16}
