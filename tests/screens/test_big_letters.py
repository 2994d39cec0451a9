"""`ui.big`: the bar's word and count in letters of three rows, and what stands beside them."""

import asyncio
from dataclasses import replace

import pytest

from scanstation.config import Settings
from scanstation.domain.verdict import Tone
from scanstation.screens.widgets import big_letters
from scanstation.screens.widgets.verdict_bar import VerdictBar
from scanstation.settings import UiSection
from scanstation.workflows.site import Site
from tests.screens.rig import SIZES, Rig, running, stock

BIG = replace(Settings(), ui=UiSection(big=True))


@pytest.mark.parametrize("text", [*Tone, "0123456789/"])
def test_every_word_and_count_has_its_letters(text: str) -> None:
    rows = big_letters.drawn(text)
    assert {len(row) for row in rows} == {big_letters.cells(text)}
    shapes = {tuple(row[at : at + 3] for row in rows) for at in range(0, len(rows[0]), 4)}
    assert len(shapes) == len({*text}), "no two look alike"


def bar(rig: Rig) -> list[str]:
    """The bar's rows."""
    region = rig.app.screen.query_one(VerdictBar).region
    return rig.lines[region.y : region.bottom]


def has_drawn(rig: Rig, text: str) -> bool:
    return all(any(part in row for row in bar(rig)) for part in map(str.rstrip, big_letters.drawn(text)))


@pytest.mark.parametrize("size", [SIZES["80x24"], SIZES["40x20"]], ids=["80x24", "40x20"])
def test_the_plain_word_and_sentence_stand_beside_the_letters(site: Site, size: tuple[int, int]) -> None:
    stock(site)
    is_wide = size[0] == 80

    async def run() -> None:
        async with running(site, size, settings=BIG) as rig:
            assert any(row.strip() == "READY" for row in bar(rig))
            height = len(bar(rig))
            await rig.scan("N-1003")
            assert has_drawn(rig, "OK")
            assert not has_drawn(rig, "/"), "nothing was booked"
            await rig.scan("BAT-100")
            assert has_drawn(rig, "OK")
            assert has_drawn(rig, "1/40") is is_wide
            assert any("OK BAT-100" in row for row in bar(rig))
            await rig.scan("CAM-300")
            assert has_drawn(rig, "1/10") is is_wide, "the unit that is asked about"
            await rig.scan("BAT-100")
            assert has_drawn(rig, "STOP") is is_wide, "beside a long sentence there is no room"
            assert any(" STOP " in row for row in bar(rig))
            assert len(bar(rig)) >= height

    asyncio.run(run())


@pytest.mark.parametrize("size", [SIZES["80x24"], (80, 23), SIZES["120x40"]], ids=["80x24", "80x23", "120x40"])
def test_a_window_of_usual_size_draws_them_by_itself_and_keeps_quiet_answers_small(
    site: Site, size: tuple[int, int]
) -> None:
    stock(site)

    async def run() -> None:
        async with running(site, size) as rig:
            await rig.scan("N-1003")
            assert not has_drawn(rig, "OK")
            await rig.scan("BAT-100")
            assert has_drawn(rig, "OK")
            assert has_drawn(rig, "1/40")
            assert any("OK BAT-100" in row for row in bar(rig))
            await rig.scan("CAM-300")
            await rig.scan("BAT-100")
            refusal = " ".join(rig.verdict.split())
            in_rows = " ".join(" ".join(bar(rig)).split())
            if size[0] == 80:
                assert not has_drawn(rig, "STOP"), "a sentence of two rows"
                assert in_rows == refusal, "in one piece"
            else:
                assert has_drawn(rig, "STOP")

    asyncio.run(run())
