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


STEPS = {"a product": "CAM", "a refused serial": "C-0", "a serial": "D-{}", "undo": "SS-UNDO", "once more": "E-{}"}
ROUNDS = 3


def test_a_scan_goes_few_ways_to_the_server(counted: tuple[Counted, Site]) -> None:
    line, site = counted
    product(site, "CAM", 1)
    purchase(site, "N-1", {"CAM": 90})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "CAM", "C-0"):
        desk.answer(Scan(code))
    ways, planned = dict[str, int](), dict[str, list[str]]()
    for number in range(ROUNDS):  # the last counts: whatever comes for the first time is prepared
        for what, code in STEPS.items():
            line.forget()
            desk.answer(Scan(code.format(number)))
            ways[what], planned[what] = line.ways, [text.split()[0] for text in line.parsed]
    # Seven is what the least takes: BEGIN, five statements one after the other, COMMIT.
    assert ways == {"a product": 4, "a refused serial": 7, "a serial": 4, "undo": 15, "once more": 4}
    assert planned["a product"] == planned["a serial"] == planned["once more"] == ["BEGIN", "COMMIT"]
