"""What is installed: a wheel holds all of the package, the manual page of the commands and what shells ask."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from scanstation.cli import run
from scanstation.cli.manual import COMPLETE, man_page, shared_files
from scanstation.cli.root import scanstation
from scanstation.workflows.master_data.example import EXAMPLE_WALK
from tests.acceptance.warehouse import Station

ROOT = Path(__file__).parents[1]
SHARED = {
    "share/bash-completion/completions/scanstation",
    "share/fish/vendor_completions.d/scanstation.fish",
    "share/man/man1/scanstation.1",
    "share/scanstation/99-scanstation.rules",
    "share/scanstation/config.toml",
    "share/zsh/site-functions/_scanstation",
}

SAID = (
    *("N-1003 is open", "Now its primary serial", "Now the secondary", "1 of 2"),
    *("Now its primary serial", "Now the secondary", "2 of 2", "N-1003 complete, 2 units"),
    *("S-9003 is open", "Now", "LENS-30011"),
)
"""What the example's walk is answered with."""


def commands_of(parent: click.Context) -> Iterator[str]:
    group = parent.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        yield from commands_of(context) if isinstance(command, click.Group) else [context.command_path]


def test_a_wheel_holds_all_of_the_package_and_what_stands_beside_it(tmp_path: Path) -> None:
    file, *_ = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    held = zipfile.ZipFile(file).namelist()
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "scanstation").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in held if name.startswith("scanstation/")} == files
    assert {name.partition("/data/")[2] for name in held if ".data/" in name} == SHARED
    assert {name.partition("/licenses/")[2] for name in held if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_manual_page_has_every_command_and_its_options() -> None:
    page = man_page(0).replace("\\-", "-")
    for path in commands_of(click.Context(scanstation, info_name="scanstation")):
        assert f"\n.SS {path.removeprefix('scanstation ')} " in page
    assert "\n.TP\n\\fB--reason TEXT\\fR\nWhy; kept with the order." in page
    assert "\n.TH SCANSTATION 1 1970-01-01 " in f"\n{page}".replace("\\", "")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("scanstation po clo", {"close"}),
        ("scanstation po close --rea", {"--reason"}),
        ("scanstation unrec", {"unreceive"}),
    ],
)
def test_a_shell_is_told_what_may_come_next(
    line: str, offered: set[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = line.split()
    monkeypatch.setenv(COMPLETE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert run([]) == 0
    assert {row.partition(",")[2] for row in capfd.readouterr().out.split()} == offered


def test_fish_says_all_of_what_a_word_is() -> None:
    script = shared_files(0)["share/fish/vendor_completions.d/scanstation.fish"]
    assert script.count("string split") == script.count('string split --max 1 ","') == 1


def scan_scenario_3(argv: list[str], folder: Path) -> None:
    """The walk of the example, from receiving to packing."""
    with Station(argv, cwd=folder) as station:
        station.expect_title("Home")
        for example, says in zip(EXAMPLE_WALK, SAID, strict=True):
            station.ok(example.code, says=says)


@pytest.mark.long
def test_from_a_folder_with_nothing_but_python_the_example_is_scanned(tmp_path: Path, home: Path) -> None:
    """The package index has to be reached, as by `make`."""
    built = tmp_path / "built"
    wheel, *_ = WheelBuilder(str(ROOT)).build(directory=str(built), versions=["standard"])
    list(SdistBuilder(str(ROOT)).build(directory=str(built), versions=["standard"]))
    folder = tmp_path / "nothing"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    programs = folder / "env" / "bin"
    install: list[str | Path] = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, wheel], check=True)
    assert (folder / "env/share/man/man1/scanstation.1").is_file()
    scan_scenario_3([str(programs / "scanstation"), "demo"], folder)
    # The same as a module; and the sdist makes a wheel by itself.
    (sdist,) = built.glob("*.tar.gz")
    subprocess.run([*install, "--force-reinstall", "--no-deps", sdist], check=True)
    scan_scenario_3([str(programs / "python"), "-m", "scanstation", "demo", "--reset"], folder)
