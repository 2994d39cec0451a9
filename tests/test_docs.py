"""Every command line of README.md and docs/ is run, or named here with the reason why not."""

import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from scanstation import cli
from scanstation.devices.tap import Chunk
from scanstation.devices.tracefile import TraceWriter
from scanstation.devices.wedge_settings import WedgeSettings
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store.store import open_store
from scanstation.workflows.master_data.example import EXAMPLE_WALK, make_example
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.cli.conftest import Command, Ran, command, in_folder

__all__ = ["command", "in_folder"]

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

OPENS_A_STATION = {
    "scanstation": "the station; it is told below that it needs a terminal",
    'scanstation --station "$(id -un)"': "run in tests/system/test_ways_in.py",
    "scanstation demo": "run in tests/test_wheel.py",
    "scanstation receive N-1003": "an order's own screen, run in tests/acceptance",
    "scanstation pack S-9003": "the same",
    "scanstation devices test": "the scanners screen, run in tests/screens/test_scanners.py",
    "scanstation devices test --record bad-scan.jsonl": "the same",
    "scanstation --db sqlite:///copy.db devices replay bad-scan.jsonl": "played into a station",
}
"""Without a terminal they say so, and that is all that is tested of them here."""
BEGINS = {"scanstation db init": "run with the section of README.md that it begins"}
"""Where there is a store already it is refused."""
ENDLESS = {
    "scanstation --station erp --operator erp handover run": "run in tests/workflows/test_handing_over.py",
    "scanstation handover run": "the same",
    "scanstation load --watch /srv/erp-out": "to its own end it is run in tests/cli/test_watching.py",
}
ON_A_SERVER = {
    "scanstation db copy --to postgresql://keeper@10.0.0.11/stock": "run in tests/on_postgresql/test_moving.py",
    "scanstation --db postgresql://keeper@10.0.0.11/stock db roles --role station"
    " | psql postgresql://keeper@10.0.0.11/stock": "its SQL gives the station of tests/on_postgresql its rights",
    "scanstation --db postgresql://keeper@10.0.0.11/stock db check": "run in tests/on_postgresql/test_moving.py",
    'scanstation --db "$keeper" db init': "run as it stands by `make test-ha`",
    'scanstation --db "$keeper" db roles --role station | psql "$keeper"': "the same",
    'scanstation db copy --to "$keeper"': "as to any server",
}
SERIALS = [
    {"Primary Serial Number": primary, "Secondary Serial Number": secondary}
    for primary, secondary in (("P-701", "Q-701"), ("P-702", "Q-702"), ("P-703", "Q-703"))
]


class Told(NamedTuple):
    """A command line, and where it stands."""

    where: str
    line: str


def told_in(name: str, text: str) -> Iterator[Told]:
    """The command lines of a document: in fenced blocks to the end of the line, in sentences between backticks."""
    fenced = False
    for number, row in enumerate(text.splitlines(), 1):
        if row.startswith("```"):
            fenced = not fenced
        elif fenced and (found := re.search(r"(?:^|\s)(scanstation(?: [^#]*)?)(?:#.*)?$", row)):
            yield Told(f"{name}:{number}", found[1].strip())
        elif not fenced:
            yield from (Told(f"{name}:{number}", line) for line in re.findall(r"`(scanstation(?: [^`]*)?)`", row))


GUIDES = [told for file in sorted((ROOT / "docs").glob("*.md")) for told in told_in(file.name, file.read_text("utf-8"))]
OWN_DATA, _, AT_WORK = README.partition("## Your own data\n")[2].partition("Supervisors find the overview")


@pytest.fixture(scope="module")
def example_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the example warehouse where commands without `--db` look: it is made once, and copied."""
    folder = tmp_path_factory.mktemp("example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.delenv(variable, raising=False)
        patch.chdir(folder)
        assert cli.run(["db", "init"]) == 0
        (file,) = folder.rglob("*.db")
        store = open_store(f"sqlite:///{file}")
        make_example(Site(store, "Ana", "dock-2"))
        store.close()
    return folder


@pytest.fixture
def site(example_home: Path, home: Path) -> Iterator[Site]:
    """The example warehouse of the user."""
    shutil.copytree(example_home, home, dirs_exist_ok=True)
    (file,) = home.rglob("*.db")
    store = open_store(f"sqlite:///{file}")
    yield Site(store, "Ana", "dock-2")
    store.close()


def scan(site: Site, *codes: str) -> None:
    """Scan at receiving, and at packing from the first shipment order on."""
    desk = Desk(site, OrderKind.PURCHASE)
    for code in codes:
        if code.startswith("S-"):
            desk = Desk(site, OrderKind.SHIPMENT)
        desk.answer(Scan(code))
        assert desk.view.verdict is not None
        assert desk.view.verdict.tone.value == "OK", desk.view.verdict


def fill(path: Path, *rows: Mapping[str, str | int]) -> None:
    """Fill a template in: under each heading what a row has for it."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    for number, row in enumerate(rows, 2):
        for heading, value in row.items():
            sheet.cell(number, columns[heading], value)
    book.save(path)


def run(command: Command, line: str, status: int = 0) -> Ran:
    """Run a command line; one that opens a station says that it needs a terminal."""
    ran = command(*shlex.split(line)[1:])
    if line in OPENS_A_STATION:
        assert (ran.status, "needs a terminal" in ran.err) == (2, True), (line, ran)
    else:
        assert ran.status == status, (line, ran)
    return ran


def test_commands_are_found_in_blocks_and_in_sentences() -> None:
    text = "say `scanstation one`, or\n```\nexec scanstation two 'a b'  # why\ncd scanstation-2\nscanstation\n```"
    assert [told.line for told in told_in("it", text)] == ["scanstation one", "scanstation two 'a b'", "scanstation"]


def test_what_is_not_run_stands_in_the_documents() -> None:
    not_run = {*OPENS_A_STATION, *BEGINS, *ENDLESS, *ON_A_SERVER}
    assert not_run <= {told.line for told in (*GUIDES, *told_in("README.md", README))}


def test_the_table_is_the_walk_that_the_station_shows() -> None:
    table = README.partition("## A minute with the example\n")[2].partition("\n## ")[0]
    entered = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert [code for cell in entered for code in re.findall("`(.*?)`", cell)] == [one.code for one in EXAMPLE_WALK]


RUN = [*{told.line: told for told in GUIDES if told.line not in {*BEGINS, *ON_A_SERVER, *ENDLESS}}.values()]
"""Each once, wherever else it stands."""


@pytest.mark.parametrize("told", RUN, ids=lambda told: f"{told.where} {told.line}")
def test_a_command_of_the_guides(told: Told, site: Site, command: Command, in_folder: Path) -> None:
    trace = TraceWriter(in_folder / "bad-scan.jsonl", WedgeSettings(), [], {})
    trace.chunk(Chunk("wedge", 0, b"SN-0001\r"))
    trace.close()
    assert command("db", "backup", "copy.db").status == 0
    # What doctor finds is this machine's business.
    run(command, told.line, command("doctor").status if told.line == "scanstation doctor" else 0)


def test_your_own_data(command: Command, in_folder: Path) -> None:
    """The section as written, in order; between its lines, what it tells a person to do."""

    def fill_in() -> None:
        fill(
            in_folder / "products.xlsx",
            {
                "Client": "NORDWIND",
                "SKU": "CAM-1",
                "Barcodes": "4006381333931; 14006381333938=12",
                "Track Serial Number": "x",
                "Both Receiving and Packing": "x",
                "Strip": "SN:;S/N",
                "Serial Pattern": "[A-Z]{2}[0-9]{8}",
            },
        )
        assert command("template", "purchase-orders", "orders.xlsx").status == 0
        order: dict[str, str | int] = {
            "Warehouse": "W-EAST",
            "Client": "NORDWIND",
            "PO Number": "N-1",
            "SKU": "CAM-1",
            "Quantity": 3,
        }
        fill(in_folder / "orders.xlsx", order)

    lines = [told.line for told in told_in("README.md", OWN_DATA)]
    assert lines[2] == "scanstation load products.xlsx orders.xlsx"
    for line in lines:
        if line == lines[2]:
            fill_in()
        ran = run(command, line)
    assert command("po", "show", "N-1").status == 0
    assert "needs a terminal" in ran.err, "the last line opens the station"


def test_at_work(site: Site, command: Command, in_folder: Path) -> None:
    """The lines for supervisors, in order, after the minute with the example and the rest of its shipment order."""
    scan(site, *(one.code for one in EXAMPLE_WALK), "CAM-300", "CAM0000312", "SS-COMPLETE")
    (in_folder / "media").mkdir()
    for told in told_in("README.md", AT_WORK):
        if told.line == "scanstation po import-serials L-2007 serials.xlsx":
            assert command("template", "po-serials", "serials.xlsx", "--po", "L-2007").status == 0
            fill(in_folder / "serials.xlsx", *SERIALS)
        if "po expect" in told.line:
            told_of = (
                "Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1001,LAP-140,LAP0000999\n"
            )
            (in_folder / "asn.csv").write_text(told_of)
        if told.line in ENDLESS:
            continue
        status = command("doctor").status if told.line == "scanstation doctor" else 0
        if "--errors" in told.line:
            status = 1  # they are imported already
        line = told.line.replace("/media/backup", str(in_folder / "media")).replace("URL", "sqlite:///moved.db")
        run(command, line, status)
    assert {"mend.xlsx", "shipped.xlsx"} <= {file.name for file in in_folder.iterdir()}
    assert (in_folder / "media" / "monday.db").exists()
    assert [row["status"] for row in command("report", "serials", "--so", "S-9003").json] == ["Shipped", "Shipped"]
