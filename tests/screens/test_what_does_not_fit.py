"""What is too long for its place: the end that matters stays, and what is hidden is told."""

import pytest

from scanstation.screens.widgets.rows import wrapped
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import Rig, play, stock

PATH = "".join(f"/folder{number:02}" for number in range(14))


def test_a_long_path_shows_the_end_that_is_typed_at(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.press("f9", "f8", "enter", "f8")
        rig.slot.show_entry("Where?", "", PATH)
        await rig.settle()
        assert rig.row("/folder13").startswith("│…")
        assert "/folder00" not in rig.text
        await rig.press("home")
        assert rig.row("/folder00").endswith("…│")

    play(site, scenes)


def test_a_list_says_how_many_rows_are_out_of_sight(site: Site) -> None:
    stock(site)
    for number in range(20):
        builders.purchase(site, f"N-2{number:03}", {"BAT-100": 1})

    async def scenes(rig: Rig) -> None:
        await rig.press("f7")
        assert "… 10 more below" in rig.text
        await rig.press("pagedown", "pagedown", "pagedown")
        assert "… 10 more above" in rig.text
        assert "▶" in rig.text

    play(site, scenes)


def test_a_long_question_covers_nothing_of_the_last_answer(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan("NOBODY-KNOWS")
        await rig.press("escape")
        told = " ".join(rig.text.split())
        assert "Close this station? Open work stays │ │ open." in told
        assert "STOP NOBODY-KNOWS is not known here. Scan the number of an order, or a serial." in told

    play(site, scenes, (40, 20))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Przyjęto 12 500 sztuk", ["Przyjęto", "12 500 sztuk"]),
        ("Razem jest 1 000 000 sztuk", ["Razem jest", "1 000 000", "sztuk"]),
        ("Zamówienie 12 sztuk", ["Zamówienie 12", "sztuk"]),
    ],
)
def test_a_number_is_not_broken_between_its_thousands(text: str, rows: list[str]) -> None:
    assert wrapped(text, 13) == rows
