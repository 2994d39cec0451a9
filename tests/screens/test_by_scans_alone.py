"""Wherever somebody with the keyboard has left the station, a command barcode leads out of there."""

import pytest
from textual import work

from scanstation.domain.verdict import Tone, Verdict
from scanstation.screens.base import GoWanted
from scanstation.screens.home import HomeScreen
from scanstation.screens.overlays import AskScreen, ReadScreen, TextScreen
from scanstation.screens.station import Go, Where
from scanstation.workflows.site import Site
from tests.screens.rig import Rig, play, stock

PLACES = (
    Where.PURCHASE_ORDERS,
    Where.SHIPMENT_ORDERS,
    Where.TRACE,
    Where.OVERVIEW,
    Where.SHIP,
    Where.IMPORT,
    Where.PRODUCTS,
    Where.REPORTS,
    Where.SCANNERS,
)


async def go(rig: Rig, where: Where) -> None:
    rig.app.screen.post_message(GoWanted(Go(where)))
    await rig.settle()


@pytest.mark.parametrize("where", PLACES, ids=lambda where: where.value)
def test_from_every_place_of_a_supervisor_the_desks_and_home_can_be_scanned(site: Site, where: Where) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        for command, name in (("]C0SS-PACK", "PACKING"), ("SS-RECEIVE", "RECEIVING"), ("]Q1SS-HOME", "HOME")):
            await go(rig, where)
            assert not isinstance(rig.app.screen, HomeScreen)
            await rig.scan(command)
            assert rig.lines[0].startswith(f" {name}"), rig.text

    play(site, scenes)


@pytest.mark.parametrize("where", PLACES, ids=lambda where: where.value)
def test_no_other_command_does_anything_there(site: Site, where: Where) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await go(rig, where)
        before = rig.lines[0]
        for command in ("SS-YES", "SS-NO", "SS-QTY-3"):
            await rig.scan(command)
            assert rig.lines[0] == before, command
            tried_out = where is Where.SCANNERS and "does nothing" in rig.verdict
            assert tried_out or rig.verdict.split()[0] in ("CHECK", "STOP"), (command, rig.verdict)

    play(site, scenes)


def test_from_an_order_and_from_the_help_page(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await go(rig, Where.PURCHASE_ORDERS)
        await rig.scan("N-1003")
        assert "N-1003" in rig.lines[0]
        await rig.press("f1")
        assert rig.lines[0].startswith(" HELP")
        await rig.scan("SS-PACK")
        assert rig.lines[0].startswith(" PACKING")

    play(site, scenes)


def test_f3_after_an_order_or_a_product_is_no_stop(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.press("f6")
        await rig.scan("S-902", "BAT-100", "SS-COMPLETE")
        assert rig.verdict.startswith("OK S-902 complete")
        await rig.press("f3")
        assert rig.lines[0].startswith(" TRACE")
        assert "STOP" not in rig.text
        assert "No unit ever had the code S-902." in rig.text
        await rig.scan("S-902")
        assert rig.verdict == "STOP No unit ever had the code S-902."

    play(site, scenes)


def test_f3_after_a_command_looks_nothing_up(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SS-HOME")
        await rig.press("f3")
        assert rig.lines[0].startswith(" TRACE")
        assert rig.verdict == ""

    play(site, scenes)


def test_a_question_is_answered_by_yes_and_no_and_by_no_other_command(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        for command in ("SS-HOME", "SS-CANCEL", "SS-UNDO", "N-1003"):
            rig.app.action_ask_to_quit()
            await rig.settle()
            await rig.scan(command)
            assert isinstance(rig.app.screen, AskScreen)
            assert "STOP" in rig.verdict
            assert "Answer the question first" in rig.verdict
            await rig.scan("]C0SS-NO")
            assert isinstance(rig.app.screen, HomeScreen)

    play(site, scenes)


def test_a_line_of_text_is_left_by_cancel_and_nothing_is_written_into_it(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        told: list[str | None] = []

        @work
        async def ask(app: object) -> None:
            told.append(await rig.app.push_screen_wait(TextScreen(rig.app.station, "Why?", "the reason is kept")))

        ask(rig.app)
        await rig.settle()
        for code in ("SS-YES", "N-1003"):
            await rig.scan(code)
            assert "Answer the question first" in rig.verdict
            assert rig.slot.field.value == ""
        await rig.scan("]C0SS-CANCEL")
        assert told == [None]
        assert isinstance(rig.app.screen, HomeScreen)

    play(site, scenes)


@pytest.mark.parametrize("command", ["SS-CANCEL", "]C0SS-YES"])
def test_a_long_answer_is_closed_by_a_scan(site: Site, command: str) -> None:
    async def scenes(rig: Rig) -> None:
        texts = [f"reason {number}" for number in range(40)]
        rig.app.push_screen(ReadScreen(rig.app.station, Verdict(Tone.STOP, "40 rows are refused."), texts))
        await rig.settle()
        await rig.scan("N-1003")
        assert "Read this first" in rig.verdict
        await rig.scan(command)
        assert isinstance(rig.app.screen, HomeScreen)

    play(site, scenes)
