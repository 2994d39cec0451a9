"""Child processes: no code of the current folder, no secrets, no files without end, no further processes."""

import ast
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import scanstation
from scanstation.domain.outcome import Done
from scanstation.store.store import Store
from scanstation.workflows.reports.exporting import Export
from scanstation.workflows.reports.reporting import Filters, Report
from scanstation.workflows.site import Site
from tests.builders import product
from tests.cli.conftest import Command
from tests.serials import opening
from tests.workflows.exports import ended

STARTS = re.compile(
    r"subprocess\.(Popen|run|call|check_call|check_output|getoutput|getstatusoutput)"
    r"|os\.(system|popen|fork(pty)?|startfile|(exec|spawn|posix_spawn)\w*)"
    r"|(.*\.)?(create_subprocess|subprocess)_(exec|shell)|(.*\.)?open_url"
    r"|(multiprocessing|pty|webbrowser)(\..*)?|concurrent\.futures\.process(\..*)?"
    r"|concurrent\.futures\.ProcessPoolExecutor|click\.(launch|edit|echo_via_pager)"
)
"""What starts a process, by its whole name."""


def starts_a_process(source: str) -> bool:
    """Does a module name anything that starts a process, under whichever name it goes there?"""
    names: dict[str, str] = {}
    found: list[str] = []
    types: set[ast.AST] = set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
            names |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{one.name}" for one in node.names]
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            types.add(node.value)  # Popen[bytes]
        elif isinstance(node, ast.Name | ast.Attribute) and node not in types:
            first, dot, rest = ast.unparse(node).partition(".")
            found.append(names.get(first, first) + dot + rest)
    return any(STARTS.fullmatch(name) for name in found)


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess\nsubprocess.run(['x'])",
        "import subprocess as one\none.Popen(['x'])",
        "from subprocess import check_output as one\none(['x'])",
        "import os\nmade = os.fork()",
        "from os import execvp",
        "import os as one\nstart = one.posix_spawnp",
        "import asyncio\nasyncio.create_subprocess_exec('x')",
        "asyncio.get_running_loop().subprocess_shell('x')",
        "from concurrent.futures import ProcessPoolExecutor",
        "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor(2)",
        "from multiprocessing.pool import Pool",
        "import webbrowser",
        "self.app.open_url('x')",
        "import click\nclick.edit('x')",
    ],
)
def test_every_way_to_start_a_process_is_known(source: str) -> None:
    assert starts_a_process(source)


def test_nothing_else_starts_a_process() -> None:
    package = Path(scanstation.__file__).parent
    paths = sorted(package.rglob("*.py"))
    found = [path for path in paths if starts_a_process(path.read_text(encoding="utf-8"))]
    assert found == [package / "processes.py"]


MODULES = ("json", "json/__init__", "codecs", "scanstation/__init__", "python_calamine/__init__", "sqlalchemy/__init__")


@pytest.fixture
def trapped(in_folder: Path) -> Path:
    """A current folder with modules of the names of ours; each leaves a mark when it runs."""
    for name in MODULES:
        file = in_folder / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(in_folder / 'was-run')!r}, 'w').write({name!r})\nraise SystemExit(7)\n")
    return in_folder


def test_an_export_runs_no_module_of_the_current_folder(site: Site, trapped: Path) -> None:
    product(site, "CAM", 1)
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-1")
    export = Export(site, Report.SERIALS, Filters(), trapped / "report.csv")
    assert isinstance(ended(export), Done)
    assert "SN-1" in (trapped / "report.csv").read_text()
    assert not (trapped / "was-run").exists()


def test_an_import_runs_no_module_of_the_current_folder(site: Site, ana: Command, trapped: Path) -> None:
    product(site, "CAM", 1)
    sheet = trapped / "stock.csv"
    sheet.write_text("Warehouse,Client,SKU,Primary Serial Number\nW-EAST,NORDWIND,CAM,SN-1\n")
    opening(site, "NORDWIND", "W-EAST", "CAM", "SN-0")
    assert ana("load", sheet).status == 0
    assert not (trapped / "was-run").exists()


def run_confined(body: str, *, folder: Path) -> "subprocess.CompletedProcess[str]":
    code = f"from scanstation import processes\nprocesses.confine(largest_file=1000)\n{textwrap.dedent(body)}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_a_confined_process_fills_no_disk(tmp_path: Path) -> None:
    ran = run_confined("open('large', 'wb', buffering=0).write(b'x' * 1001)", folder=tmp_path)
    assert (tmp_path / "large").stat().st_size <= 1000
    ran = run_confined("f = open('more', 'wb', buffering=0)\nfor _ in range(3): f.write(b'x' * 600)", folder=tmp_path)
    assert "File too large" in ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="Linux' own promise")
def test_a_confined_process_gains_no_rights(tmp_path: Path) -> None:
    ran = run_confined("print(open('/proc/self/status').read())", folder=tmp_path)
    assert "NoNewPrivs:\t1" in ran.stdout


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_confined_process_starts_no_other(tmp_path: Path) -> None:
    """Root is let through by the system; the station's user is not."""
    body = """
        import os
        os.setgid(65534); os.setuid(65534)
        try:
            os.fork()
        except BlockingIOError:
            print("refused")
    """
    assert run_confined(body, folder=tmp_path).stdout == "refused\n"


@pytest.mark.parametrize("name", ["good.xlsx", "good.ods", "good.xls", "good-comma-utf8.csv"])
def test_once_it_is_confined_the_reading_process_starts_no_thread(name: str) -> None:
    """The system counts threads as processes for everybody but root: the station's user could read no workbook."""
    code = """
        import sys, threading
        from scanstation import processes
        from scanstation.sheets import child

        confine = processes.confine

        def confined(**limits):
            def refuse(thread):
                raise RuntimeError("can't start new thread")

            confine(**limits)
            threading.Thread.start = refuse

        processes.confine = confined
        sys.exit(child.main())
    """
    request = {"task": "read", "name": name, "kinds": ["po-serials"], "single": False, "layouts": [], "language": "en"}
    told = json.dumps({**request, "memory": 2**31, "seconds": 60})
    with (Path(__file__).parent.parent / "sheets" / "fixtures" / name).open("rb") as file:
        command = [sys.executable, "-c", textwrap.dedent(code), told]
        ran = subprocess.run(command, stdin=file, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert '["end", [' in ran.stdout


def test_children_get_no_secrets(store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export works by a password that is in no environment but its own, which it sets itself."""
    from scanstation import processes

    monkeypatch.setenv("PGPASSWORD", "hunter2")
    monkeypatch.setenv("SCANSTATION_DATABASE__URL", "postgresql://ana:hunter2@host/db")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("LC_TIME", "C.UTF-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", "somewhere", "/srv/ours"]))
    child = processes.start("tests.security.show_environment", stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    told, _ = child.communicate()
    assert b"hunter2" not in told
    assert b"LC_TIME=C.UTF-8" in told
    assert b"PYTHONPATH=/srv/ours\n" in told, "nothing of the current folder"
