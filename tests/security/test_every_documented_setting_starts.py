"""Each value that config.toml allows is one that the station starts with, and works with."""

import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from scanstation.config import Settings
from scanstation.config_model import SerialSection, WedgeSection
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.terminal import Terminal

Setting = tuple[str, str, Any]
"""Section, key, value."""

BOUNDS: dict[tuple[str, str], list[Any]] = {
    ("station", "name"): ["a", "n" * 40],
    ("station", "operator"): ["a", "n" * 40],
    ("commands", "prefix"): ["S-", "S" * 12],
    ("handover", "folder"): ["/nowhere/erp"],
}
"""The least and the most of what is no choice, and what another choice needs; those of times stand in the model."""


def literals(hint: Any) -> list[Any]:
    if get_origin(hint) is Literal:
        return [*get_args(hint)]
    return [True, False] if hint is bool else []


def choices() -> Iterator[list[Setting]]:
    """For each key outside of the scanners' tables that is a choice: each of its values."""
    for section in fields(Settings):
        if section.name not in ("serial", "wedge"):
            for key, hint in get_type_hints(section.type).items():
                if values := literals(hint) or BOUNDS.get((section.name, key), []):
                    yield [(section.name, key, value) for value in values]


def starts() -> list[list[Setting]]:
    """As few starts as give each value its turn."""
    return [[one for one in together if one] for together in zip_longest(*choices())]


def toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool | int | float) else f'"{value}"'


@pytest.fixture
def ordered(store: Store, site: Site) -> Store:
    product(site, "CAM-300", 0)
    purchase(site, "N-1", {"CAM-300": 20})
    return store


def take_one(store: Store, config: str, folder: Path) -> None:
    """Whatever language it is told in: a language is one of the settings."""
    (folder / "config.toml").write_text(config, encoding="utf-8")
    program = [sys.executable, "-m", "scanstation", "--db", f"sqlite:///{store.path}", "receive", "N-1"]
    with Terminal(program, cwd=folder) as station:
        station.wait_for(lambda _: re.search(r"\bOK +N-1 ", station.text))
        station.scan("CAM-300")
        station.wait_for(lambda _: re.search(r"\b1 \w+ 20\b", station.text))
        station.press("ctrl+q")
        station.wait_for(lambda _: "?" in station.lines[-4])
        station.press("y")
        assert station.wait_exit() == 0


@pytest.mark.wide(6)
@pytest.mark.parametrize("settings", starts(), ids=lambda settings: " ".join(str(value) for *_, value in settings))
def test_every_choice(ordered: Store, tmp_path: Path, settings: list[Setting]) -> None:
    take_one(ordered, "".join(f"{section}.{key} = {toml(value)}\n" for section, key, value in settings), tmp_path)


def test_every_choice_of_a_scanner_on_a_port(ordered: Store, tmp_path: Path) -> None:
    tables: list[str] = []
    for key, hint in get_type_hints(SerialSection, include_extras=False).items():
        for value in literals(hint):
            more = 'good = "06"\n' if value == "custom" else ""
            tables.append(f'[[serial]]\nid = "g{len(tables)}"\nport = "loop://"\n{key} = {toml(value)}\n{more}')
    assert len(tables) > 20
    take_one(ordered, "".join(tables), tmp_path)


def numbers() -> list[str]:
    return [key for key, hint in get_type_hints(WedgeSection).items() if hint in (int, float)]


def test_the_longest_times(ordered: Store, tmp_path: Path) -> None:
    take_one(ordered, "[wedge]\n" + "".join(f"{key} = {most(key)}\n" for key in numbers()), tmp_path)


def most(key: str) -> int:
    return 4 if key.startswith("min_length") else 10_000
