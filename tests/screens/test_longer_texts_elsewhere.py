"""Orders, the import, the overview, shipping and reports with texts that are two fifths longer, on a handheld."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstation.domain.language import translated
from tests.longer import LAST, longer_texts
from tests.screens.pictures import Compare
from tests.screens.rig import Rig

HANDHELD = (40, 20)


@pytest.fixture(autouse=True)
def longer() -> Iterator[None]:
    with longer_texts():
        yield


def has_way_back(rig: Rig) -> bool:
    """Does the last row end in Esc and, where it says it, all of what that does?"""
    return re.search(rf"Esc(| +[^ ].*{LAST})$", rig.lines[-1]) is not None


def test_an_order(picture: Compare) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f7", "enter")
        assert "N-1003" in rig.text
        assert "CAM-300" in rig.text
        assert has_way_back(rig)

    assert picture(scene, HANDHELD)


def test_the_import(picture: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    rows = ["Warehouse,Client,PO Number,SKU,Primary Serial Number", "W-EAST,NORDWIND,N-1004,LAP-15,12.5E+17"]
    (folder / "rows.csv").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.chdir(folder)

    async def scene(rig: Rig) -> None:
        await rig.press("f7", "down", "enter", "down", "down", "enter")
        await rig.type("rows.csv")
        async with asyncio.timeout(60):  # another process reads it
            while "A  Warehouse" not in rig.text:
                await rig.settle()
        assert has_way_back(rig)

    assert picture(scene, HANDHELD)


def test_the_overview(picture: Compare) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9")
        assert "N-1003" in rig.text
        assert has_way_back(rig)

    assert picture(scene, HANDHELD)


def test_ship(picture: Compare) -> None:
    async def scene(rig: Rig) -> None:
        await rig.scan("S-902", "BAT-100", "SS-COMPLETE", "SS-HOME")
        await rig.press("f9", "f5")
        assert "S-902" in rig.text
        assert has_way_back(rig)

    assert picture(scene, HANDHELD)


def test_reports(picture: Compare) -> None:
    async def scene(rig: Rig) -> None:
        await rig.press("f9", "f8")
        assert translated("Serial Number Report") in rig.text
        assert has_way_back(rig)

    assert picture(scene, HANDHELD)
