"""docs/scanners.md: its examples are configurations, and its table of sounds is the program's."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from scanstation import config
from scanstation.devices.feedback import PROFILES
from scanstation.devices.open_port import PortState
from scanstation.devices.serial_settings import SerialSettings
from scanstation.devices.tracefile import MOST_BYTES, VERSION
from scanstation.domain.check_card import GS1_FIELDS, PLAIN_CARD
from scanstation.domain.keyboards import LAYOUTS

GUIDE = (Path(__file__).parents[2] / "docs" / "scanners.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)


def rows_after(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its own heading."""
    section = GUIDE.partition(f"{heading}\n")[2].partition("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_pasted_into_the_configuration(example: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    for scanner in config.load(file).serial:
        SerialSettings(**asdict(scanner))


def test_the_table_of_sounds_is_what_is_sent() -> None:
    told = {name: (good, bad) for name, _, good, bad in rows_after("### What the scanner is told") if name != "custom"}
    assert told == {name: (each.good.hex(" ").upper(), each.bad.hex(" ").upper()) for name, each in PROFILES.items()}


def test_every_state_is_explained() -> None:
    assert [row[0] for row in rows_after("### What a scanner's state means")] == [state.value for state in PortState]


def test_the_check_cards_are_those_that_are_printed() -> None:
    assert all(f"`{code}`" in GUIDE for code in (PLAIN_CARD, *GS1_FIELDS))
    assert f"{len(LAYOUTS)} layouts" in GUIDE


def test_the_trace_is_the_one_that_is_written() -> None:
    assert f"(the version, {VERSION})" in GUIDE
    assert f"at {MOST_BYTES // 1_000_000} MB" in GUIDE
