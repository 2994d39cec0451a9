"""What each command imports, proved while it runs: a packer's station is not started to list orders.

import-linter sees which module may import which; it does not see when.
"""

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scanstation.cli.root import scanstation
from scanstation.workflows.master_data.example import make_example
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.heavy import HEAVY
from tests.workflows.done_work import received

FILES = {
    "serials.csv": "Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,SUEDLICHT,L-2007,PHN-700,N/A\n",
    "orders.csv": "Warehouse,Client,PO Number,SKU,Quantity\nW-EAST,NORDWIND,N-77,LAP-140,3\n",
}
SETTINGS = {"platformdirs"}
STORE = SETTINGS | {"sqlalchemy", "psutil"}
CODES = STORE | {"rich", "biip", "re2"}
MIGRATED = CODES | {"alembic", "sqlmodel", "pydantic"}
WORKBOOKS = MIGRATED | {"xlsxwriter"}
PORTS = SETTINGS | {"psutil", "serial"}

Line = tuple[str, int, set[str]]
CHAINS: dict[str, list[Line]] = {
    "without a store": [
        ("--version", 0, set()),
        ("setup station no-such-seat --remove", 1, set()),
        ("commands --output sheet.pdf", 0, SETTINGS | {"reportlab"}),
    ],
    # There is no terminal for it to open in.
    "the station": [(line, 2, CODES) for line in ("", "receive", "pack", "return", "transfer", "count")]
    + [(line, 2, MIGRATED) for line in ("demo", "devices test")],
    "scanners": [
        ("devices", 0, PORTS),
        ("devices replay none.jsonl --dry-run", 2, PORTS),
    ],
    "a day with the example": [
        ("po list", 0, STORE),
        ("so list", 0, STORE),
        ("handover list", 0, STORE),
        ("handover show 1", 1, STORE),
        ("handover retry --all", 0, STORE),
        ("handover drop 1 --reason known", 1, STORE),
        ("handover run", 2, STORE),
        ("po show N-1002", 0, STORE),
        ("so show S-9003", 0, STORE),
        ("report serials", 0, STORE),
        ("report receiving-history", 0, STORE),
        ("report stock", 0, STORE),
        ("report recall --sku CAM-300 --lot L-1", 0, STORE),
        ("report shipment-history", 0, STORE),
        ("po receive N-1002", 0, STORE),
        ("po note N-1002 TAB-200 damaged --count 1", 0, CODES),
        ("po settle N-1002 1 --reason credited", 0, CODES),
        ("po discrepancies", 0, CODES),
        ("po expected N-1001", 0, CODES),
        ("po remove-expected N-1001", 1, CODES),
        ("po close N-1001 --reason short", 0, STORE),
        ("po reopen N-1001 --reason late", 0, STORE),
        ("po returns N-1001 --reason repaired", 0, STORE),
        ("so cancel S-9001 --reason twice", 0, STORE),
        ("so close S-9003 --reason short", 1, STORE),
        ("so ship S-9003", 1, STORE),
        ("so unship S-9003 --reason back", 1, STORE),
        ("returns list", 0, STORE),
        ("returns show RMA-1", 1, STORE),
        ("returns close RMA-1", 1, STORE),
        ("so serials S-9003", 0, STORE | {"rich"}),
        ("so swap S-9003 LENS-30011 LENS-30012 --reason broken", 1, CODES),
        ("po lower N-1002 TAB-200 0 --reason wrong", 0, CODES),
        ("so swap S-9003 LENS-30011 LENS-30012 --reason broken", 1, CODES),
        ("trace LENS-30011", 0, CODES),
        ("unpack LENS-30011 --reason wrong", 1, CODES),
        ("unreceive LENS-30011 --reason wrong", 1, CODES),
        ("dispose LENS-30011 --reason broken", 1, CODES),
        ("regrade LENS-30011 TAB-200 --reason scratched", 1, CODES),
        ("products rename NONE SOME", 1, CODES),
        ("products rename-client NONE SOME", 1, CODES),
        ("products retire NONE", 1, CODES),
        ("products unlearn NONE 4006381333931", 1, CODES),
        ("hold LENS-30011 --reason wet", 1, CODES),
        ("release LENS-30011 --reason dry", 1, CODES),
        ("hold --list", 0, CODES),
        ("hold --standing --sku CAM-300 --lot L-1 --reason recalled", 0, CODES),
        ("release --standing --sku CAM-300 --lot L-1 --reason fine", 0, CODES),
        ("correct LENS-30011 LENS-30012 --reason wrong", 1, CODES),
        ("transfers list", 0, CODES),
        ("transfers new --from W-EAST --to W-EAST", 1, CODES),
        *(
            (f"transfers {words}", 1, CODES)
            for words in ("show T-1", "send T-1 A", "receive T-1 A", "close T-1 --reason x", "found A --reason x")
        ),
        ("counts list", 0, CODES),
        ("counts new --warehouse W-EAST", 0, CODES),
        ("counts new --again C-1", 1, CODES),
        *(
            (f"counts {words}", 1, CODES)
            for words in ("scan C-1 NONE", "undo C-1", "write-off C-1 --reason x", "found LENS-30011 --reason x")
        ),
        ("counts show C-1", 0, CODES),
        ("counts close C-1", 0, CODES),
        ("po remove-serials L-2007", 1, CODES),
        ("so remove-serials S-9002", 1, CODES),
        ("db check", 0, CODES),
        ("db init", 1, MIGRATED),
        ("db upgrade", 0, MIGRATED),
        ("db backup copy.db", 0, MIGRATED),
        ("db copy --to sqlite:///moved.db", 0, MIGRATED),
        ("db roles", 1, MIGRATED),
        ("db restore copy.db", 1, MIGRATED),  # the test has the store open
        ("load orders.csv", 0, MIGRATED),
        ("po expect N-1001 orders.csv", 1, MIGRATED),
        ("po import-serials L-2007 serials.csv", 1, MIGRATED),
        ("downtime enter po L-2007 orders.csv --at 09:20 --by Ben", 1, MIGRATED),
        ("so import-scanned S-9002", 1, MIGRATED),
        ("so import-serials S-9002 serials.csv", 1, MIGRATED),
        ("template products products.xlsx", 0, WORKBOOKS),
        ("report serials --output serials.xlsx", 0, WORKBOOKS),
        ("support parcel.zip", 0, WORKBOOKS | {"serial", "filelock"}),
        ("doctor", 0, WORKBOOKS | {"serial", "filelock"}),
    ],
    "operators": [
        ("operators list", 0, STORE),
        ("operators roles", 0, STORE | {"rich"}),
        ("operators sign-in", 0, STORE | {"rich"}),
        ("operators role night --right pack", 0, STORE | {"rich"}),
        ("operators rights ben --right pack", 1, STORE | {"rich"}),
        ("operators language ben de", 1, STORE | {"rich"}),
        ("operators disable ben", 1, STORE | {"rich"}),
        ("operators enable ben", 1, STORE | {"rich"}),
        ("operators reset-pin ben", 2, STORE | {"rich"}),
        ("operators unlock", 0, STORE | {"rich"}),
        ("operators key none", 1, STORE | {"rich"}),
        ("operators badge ben", 1, STORE | {"rich", "reportlab"}),
        ("operators add ben --service", 0, STORE | {"rich", "reportlab", "argon2"}),
        ("print so S-9003 --output slip.pdf", 0, STORE | {"rich", "reportlab", "argon2"}),
    ],
}
"""The command lines of one process, in turn: exit status, and what may have been imported when each has ended."""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups among them."""
    yield path
    for name in group.commands:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


PROGRAM = """
import json, sys
from scanstation.cli import run

heavy, *lines = json.load(sys.stdin)
for line in lines:
    status = run(line)
    print("@" + json.dumps([status, sorted(set(heavy) & set(sys.modules))]), flush=True)
"""


def ran(lines: list[list[str]], folder: Path) -> list[tuple[int, set[str]]]:
    """The exit status of each command, and what heavy things the process had imported after it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([sorted(HEAVY), *lines]),
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
        timeout=120,
    )
    told = [json.loads(line[1:]) for line in done.stdout.splitlines() if line.startswith("@")]
    assert len(told) == len(lines), done.stderr
    return [(status, set(imported)) for status, imported in told]


def test_help_needs_none_of_it(tmp_path: Path) -> None:
    lines = [[*words, "--help"] for words in commands(scanstation)]
    assert len(lines) > 30
    assert ran(lines, tmp_path) == [(0, set())] * len(lines)


def test_the_overview_of_all_commands_says_what_each_says_of_itself() -> None:
    for name, stub in scanstation.commands.items():
        command = scanstation.get_command(click.Context(scanstation), name)
        assert command is not None
        for room in (40, 60, 80, 100):
            assert stub.get_short_help_str(room) == command.get_short_help_str(room)


def test_every_command_is_below() -> None:
    below = [shlex.split(line) for chain in CHAINS.values() for line, *_ in chain]
    for words in commands(scanstation):
        assert any(tuple(line[: len(words)]) == words for line in below), f"no line runs {' '.join(words)}"


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_command_imports_what_it_needs(site: Site, tmp_path: Path, chain: list[tuple[str, int, set[str]]]) -> None:
    make_example(site)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    lines = [["--db", f"sqlite:///{site.store.path}", *shlex.split(line)] for line, *_ in chain]
    for (line, status, may), told in zip(chain, ran(lines, tmp_path), strict=True):
        assert told == (status, told[1] & may), line


WATCHED = """
import json, sys
from sqlalchemy import Engine, event
from scanstation.cli import run
from scanstation.store import engine

usual, here, acts = engine._begin_to_write, set(), []

def begin(*how):
    usual(*how)
    here.clear()
    here.update(sys.modules)

engine._begin_to_write = begin
event.listen(Engine, "commit", lambda _: here and acts.append(sorted(sys.modules.keys() - here)))
status = run(json.load(sys.stdin))
print("@" + json.dumps([status, acts]))
"""


@pytest.mark.parametrize("line", ["po import-serials N-1 lap.csv", "operators role night --right pack"])
def test_what_a_command_imports_it_imports_before_it_keeps_others_from_writing(
    site: Site, tmp_path: Path, line: str
) -> None:
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": 1}), "LAP", quantity=1)
    sheet = "Warehouse,Client,PO Number,SKU,Primary Serial Number\nW-EAST,NORDWIND,N-1,LAP,A-1\n"
    (tmp_path / "lap.csv").write_text(sheet, encoding="utf-8")
    words = ["--db", f"sqlite:///{site.store.path}", *shlex.split(line)]
    command = [sys.executable, "-c", WATCHED]
    done = subprocess.run(command, input=json.dumps(words), capture_output=True, text=True, cwd=tmp_path, check=True)
    (told,) = (json.loads(one[1:]) for one in done.stdout.splitlines() if one.startswith("@"))
    status, acts = told
    assert status == 0, done.stderr
    assert acts
    assert not any(acts)


def test_the_process_that_reads_a_file_needs_neither_the_web_nor_a_store() -> None:
    program = "import sys, scanstation.sheets.child, python_calamine; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    imported = set(done.stdout.split())
    assert "scanstation.sheets.cells" in imported
    not_needed = HEAVY - {"python_calamine", "olefile"} | {"http.client", "ssl", "urllib.request", "asyncio", "click"}
    assert imported & not_needed == set()
