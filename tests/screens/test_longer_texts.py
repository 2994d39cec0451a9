"""Texts that are two fifths longer than the English, on a handheld's screen: nothing that matters is cut."""

from collections.abc import Iterator, Sequence

import pytest

from scanstation.domain.language import translated
from scanstation.screens.widgets.entry_slot import Mode
from scanstation.workflows.site import Site
from tests.longer import FIRST, LAST, longer_texts
from tests.screens.pictures import Compare
from tests.screens.rig import Rig, pictured, play, station_app, stock

SMALL = (40, 20)
RECEIVED = ("CAM-300", "SN-1", "L-1")


@pytest.fixture(autouse=True)
def longer() -> Iterator[None]:
    with longer_texts():
        yield


@pytest.mark.parametrize(
    "codes",
    [
        ["N-1003"],
        ["N-1003", "CAM-300"],
        ["N-1003", "CAM-300", "SN-1"],
        ["N-1003", "CAM-300", "SS-COMPLETE"],
        ["N-1003", "CAM-300", "CAM-300"],
        ["N-1003", *RECEIVED, "CAM-300", "SN-1"],
        ["N-1003", "NOPE-1"],
        ["N-1003", "SS-QTY-5"],
        ["N-1003", "SS-QTY-12", "BAT-100", "SS-COMPLETE", "SS-YES"],
        ["NOPE-1"],
        ["S-901", "BAT-100", "CAM-300", "NOPE-1"],
    ],
    ids=" ".join,
)
def test_the_answer_and_what_is_wanted_next_are_whole(site: Site, codes: Sequence[str]) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan(*codes)
        assert rig.verdict.count(FIRST) == rig.verdict.count(LAST) > 0
        assert " ".join(rig.verdict.split()) in rig.words
        if rig.slot.mode is Mode.PROMPT:
            assert any(
                translated(title) in rig.text for title in ("Primary serial", "Secondary serial", "Either serial")
            )
        assert rig.lines[-1].startswith(" F1 ")

    play(site, scenes, SMALL)


def test_a_question_is_whole_in_the_bar_and_the_panel(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", *RECEIVED, "SS-COMPLETE")
        assert rig.slot.mode is Mode.QUESTION
        assert rig.words.count(FIRST) - rig.words.count(LAST) == 0
        assert f"wîth 1 {FIRST}ûnît ôû{LAST}" in rig.words

    play(site, scenes, SMALL)


@pytest.mark.parametrize(
    "codes",
    [[], ["N-1003", "CAM-300"], ["N-1003", "CAM-300", "SS-COMPLETE"], ["N-1003", *RECEIVED, "SS-COMPLETE"]],
    ids=["home", "prompt", "stop", "question"],
)
def test_it_looks_as_in_its_picture(site: Site, snap_compare: Compare, codes: Sequence[str]) -> None:
    stock(site)

    async def scene(rig: Rig) -> None:
        await rig.scan(*codes)

    assert pictured(station_app(site), snap_compare, SMALL, scene)
