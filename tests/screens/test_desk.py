"""Receiving and Packing, as the person in front of them meets them."""

import asyncio
import re

import pytest

from scanstation.domain.scan import Fault, Scan, Source
from scanstation.domain.work import OpenWork
from scanstation.keyboard import ScanAfterKeys
from scanstation.screens.base import GoWanted, StationScreen
from scanstation.screens.station import Go, Where
from scanstation.screens.widgets.entry_slot import Alone, Together
from scanstation.screens.widgets.verdict_bar import VerdictBar
from scanstation.store import orders, works
from scanstation.workflows.orders import shipment_orders
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.rig import SIZES, THREE_CAMERAS, Rig, play, stock
from tests.workflows.done_work import open_work


@pytest.fixture(autouse=True)
def warehouse(site: Site) -> None:
    stock(site)


def test_an_order_scanned_on_home_opens_on_its_desk(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("n-1003")
        assert rig.lines[0].startswith(" RECEIVING   PO N-1003 · NORDWIND · W-EAST")
        assert rig.verdict.startswith("OK N-1003 is open, 250 units to be received.")
        await rig.scan("SS-HOME", "S-901")
        assert rig.lines[0].startswith(" PACKING   SO S-901")

    play(site, scenes)


def test_an_order_of_the_other_kind_opens_on_the_other_desk(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        rig.app.screen.post_message(GoWanted(Go(Where.RECEIVE, code="S-901")))
        await rig.until("OK S-901 is open")
        assert rig.lines[0].startswith(" PACKING   SO S-901")

    play(site, scenes)


def test_a_look_at_a_screen_that_was_closed_meanwhile_ends_nothing(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f5")
        desk, looked = rig.app.screen, asyncio.Event()
        assert isinstance(desk, StationScreen)

        async def look() -> None:
            rig.app.pop_screen()
            looked.set()
            desk.query_one("#what-was-there")

        desk.in_turn(look, since=0.0)
        await looked.wait()
        await rig.scan("n-1003")
        assert rig.verdict.startswith("OK N-1003 is open")

    play(site, scenes)


def test_an_unknown_code_on_home_is_stop(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("NOBODY-KNOWS")
        assert rig.verdict.startswith("STOP NOBODY-KNOWS is not known here.")
        assert rig.lines[0].startswith(" HOME")

    play(site, scenes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_bar_belongs_to_its_screen(site: Site, size: tuple[int, int]) -> None:
    async def scenes(rig: Rig) -> None:
        assert rig.row(" READY"), "nothing was scanned yet"
        await rig.scan("NOBODY-KNOWS")
        at_home, height = rig.verdict, rig.app.screen.query_one(VerdictBar).region.height
        assert at_home.startswith("STOP NOBODY-KNOWS")
        await rig.press("f5")
        assert rig.verdict == ""
        assert rig.row(" READY"), "it came by a key"
        assert rig.app.screen.query_one(VerdictBar).region.height == height
        await rig.press("escape")
        assert rig.verdict == at_home, "no scan was answered since"
        await rig.scan("N-1003", "NOT-ON-IT")
        stop = rig.verdict
        for key in ("f1", "escape", "f3", "escape"):
            await rig.press(key)
        assert rig.verdict == stop, "a desk says how it stands, wherever one looks meanwhile"
        await rig.press("escape")
        assert rig.lines[0].startswith(" HOME")
        assert rig.verdict == "", "Esc takes the answer along, and what Home said is over"
        await rig.press("f7")
        await rig.scan("N-1003")
        assert rig.lines[0].startswith(" PURCHASE ORDER")
        assert rig.verdict.startswith("OK N-1003 is"), "the scan that led here is answered here"
        await rig.press("escape")
        assert rig.row(" READY")

    play(site, scenes, size)


@pytest.mark.parametrize(
    ("codes", "is_quiet"),
    [
        (["N-1003"], True),
        (["N-1003", "SS-QTY-4"], True),
        (["N-1003", "CAM-300"], False),
        (["N-1003", "CAM-300", "SN-0001"], False),
        (["N-1003", "CAM-300", "SS-CANCEL"], True),
        (["N-1003", "BAT-100", "SS-UNDO"], True),
        (["N-1003", "BAT-100", "SS-COMPLETE", "SS-YES"], False),
        (["SS-TRACE"], True),
    ],
)
def test_the_bar_is_green_for_what_was_booked_alone(site: Site, codes: list[str], is_quiet: bool) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan(*codes)
        assert rig.verdict.startswith("OK ")
        verdict = rig.app.screen.query_one(VerdictBar).verdict
        assert verdict is not None
        assert verdict.quiet is is_quiet

    play(site, scenes)


def test_what_was_refused_while_a_question_was_open_stays_behind_it_and_no_is_an_answer(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100")
        await rig.press("ctrl+q")
        await rig.scan("N-1003")
        await rig.press("escape")
        assert rig.lines[0].startswith(" RECEIVING")
        assert "STOP Answer the question first" in rig.words
        await rig.press("ctrl+q")
        await rig.scan("SS-NO")
        assert rig.lines[0].startswith(" RECEIVING")
        assert "CHECK Nothing was changed" in rig.words

    play(site, scenes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_panel_is_there_while_a_code_is_owed_and_only_then(site: Site, size: tuple[int, int]) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        assert "Primary serial" not in rig.text
        at = rig.slot.region
        await rig.scan("CAM-300")
        assert rig.text.count("Primary serial") == 1
        assert "Secondary serial" not in rig.text
        assert "CAM-300 · 1 of 10" in rig.row("Primary serial")
        assert "the code on the body, CAM + 7 digits" in rig.text
        assert rig.slot.region == at, "nothing jumps when the panel opens"
        await rig.scan("SN-0001")
        assert rig.text.count("Secondary serial") == 1
        assert "Primary serial" not in rig.text
        assert "the code on the lens ring" in rig.text
        await rig.scan("LENS-77201")
        assert "Primary serial" not in rig.text
        assert "Secondary serial" not in rig.text
        assert rig.slot.region == at

    play(site, scenes, size)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_bar_says_the_word_first_and_keeps_it(site: Site, size: tuple[int, int]) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "NOT-ON-IT")
        stop = rig.verdict
        assert stop.startswith("STOP NOT-ON-IT")
        assert re.match(r"[ █▀▄]+STOP +NOT-ON-IT", rig.row("STOP")), "whatever is drawn beside it"
        await rig.press("escape")
        await rig.scan("SS-RECEIVE")
        assert rig.lines[0].startswith(" RECEIVING")

    play(site, scenes, size)


def test_esc_never_clears_the_bar(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "BAT-100")
        assert rig.verdict.startswith("STOP BAT-100 is the product BAT-100, not a serial.")
        await rig.press("f4")
        assert rig.verdict.startswith("STOP A serial is owed"), "the quantity has to wait"
        await rig.press("escape")
        assert rig.verdict.startswith("OK CAM-300: the unit without its serial is dropped.")
        await rig.press("f4", "escape")
        assert rig.verdict.startswith("OK CAM-300: the unit without its serial is dropped.")

    play(site, scenes)


def test_what_is_typed_takes_the_same_way_as_a_scan(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.type("N-1003")
        await rig.type("CAM-300")
        await rig.type("sn-0001")
        await rig.type("lens-77201")
        assert rig.verdict.startswith("OK sn-0001 + lens-77201 → CAM-300, 1 of 10.")

    play(site, scenes)
    with site.store.read() as tx:
        own = works.open_at(tx, "dock-2")[0]
        sources = {piece.source for piece in works.pieces(tx, own.work.id)}
    assert sources == {Source.TYPED}


def test_a_burst_is_answered_in_order(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        for code in ("N-1003", *THREE_CAMERAS):
            rig.app.pipe.put(Scan(code))
        await rig.settle()
        assert rig.verdict.startswith("OK SN-0003 + LENS-77203 → CAM-300, 3 of 10.")
        assert "3 of 3" in rig.row("▶ CAM-300")

    play(site, scenes)


def test_a_scan_goes_to_the_screen_that_the_scan_before_it_opened(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        for code in ("N-1003", "BAT-100", "SS-PACK", "S-902", "BAT-100", "SS-COMPLETE", "SS-RECEIVE", "N-1003"):
            rig.app.pipe.put(Scan(code))
        await rig.settle()
        assert rig.verdict.startswith("OK N-1003 goes on, 1 unit of this receipt so far.")

    play(site, scenes)


def test_the_line_in_work_is_marked_and_full_lines_sink(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "SS-QTY-40", "BAT-100", "CBL-010")
        skus = [line[3:10] for line in rig.lines if line[3:10] in ("CAM-300", "BAT-100", "CBL-010")]
        assert skus[-1] == "BAT-100"
        assert rig.row("BAT-100").startswith(" ✓ BAT-100")
        assert rig.row("CBL-010").startswith(" ▶ ")

    play(site, scenes)


def test_other_stations_are_told_on_the_line(site: Site) -> None:
    with site.store.read() as tx:
        order_id = orders.find(tx, "N-1003")[0].id
    open_work(site, order_id, "BAT-100", quantity=2, station="dock-3")

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "SS-QTY-4", "BAT-100")
        assert "6, 2 of them at dock-3" in rig.text

    play(site, scenes)


def test_counts_of_other_stations_are_looked_at_again(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        with site.store.read() as tx:
            order_id = orders.find(tx, "N-1003")[0].id
        open_work(site, order_id, "BAT-100", quantity=2, station="dock-3")
        before = rig.verdict
        rig.app._look_at_others()
        await rig.settle()
        assert "2, 2 of them at dock-3" in rig.text
        assert rig.verdict == before

    play(site, scenes)


def test_a_question_is_answered_by_a_key_or_a_barcode_and_by_nothing_else(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100")
        await rig.press("f10")
        why, asked = "N-1003 lacks 249: CAM-300 10, BAT-100 39, CBL-010 200.", "Complete it with 1 unit?"
        assert rig.words.count(why) == rig.words.count(asked) == 1
        await rig.scan(Scan("BAT-1", fault=Fault.TOO_SOON))
        assert why not in rig.verdict
        assert f"{why} {asked}" in rig.words, "nobody answers what they cannot read"
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("STOP Answer the question first")
        assert rig.words.count(why) == rig.words.count(asked) == 1
        await rig.type("BAT-100")
        assert rig.slot.field.value == ""
        await rig.press("n")
        assert rig.verdict.startswith("CHECK Nothing was changed.")
        await rig.press("f10", "y")
        assert rig.verdict.startswith("OK N-1003 saved, received in part, 1 unit.")

    play(site, scenes)


@pytest.mark.parametrize("key", ["y", "Y", "n", "N"])
def test_y_and_n_answer_when_they_have_stayed_alone(site: Site, key: str) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "SS-COMPLETE")
        await rig.pilot.press(key)
        assert rig.slot.field.value == key, "it is seen at once"
        assert "Complete it with 1 unit?" in rig.words
        rig.app.post_message(Alone())
        await rig.settle()
        assert rig.slot.field.value == ""
        assert rig.verdict.startswith("OK N-1003 saved" if key in "yY" else "CHECK Nothing was changed.")

    play(site, scenes)


@pytest.mark.parametrize("code", ["Y1", "NO-17", "nail-1", "y\r", "N\t", "yy", "yn", "y down", "y escape"])
def test_y_and_n_that_begin_something_answer_nothing(site: Site, code: str) -> None:
    """A code that was cut after its first character may begin with either."""

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "SS-COMPLETE")
        first, *others = code.split()
        keys = [*first, *others, *(["enter"] if code.endswith("\r") else ["tab"] if code.endswith("\t") else [])]
        await rig.pilot.press(*keys)
        rig.app.post_message(Alone())
        await rig.settle()
        if "escape" in keys:
            assert "Nothing was changed" in rig.verdict
            return
        while not rig.verdict.startswith("STOP"):
            await rig.settle()
        said = "came too soon to be an answer" if set(first.lower()) <= {"y", "n"} else "Answer the question first"
        assert said in rig.verdict
        assert "Complete it with 1 unit?" in rig.words
        assert rig.slot.field.value == ""
        await rig.press("n")
        assert rig.verdict.startswith("CHECK Nothing was changed.")

    play(site, scenes)


@pytest.mark.parametrize("scan", [Scan("AIL-1", fault=Fault.PIECES, typed_before="n"), Scan("N-1004"), Scan("BAT-100")])
def test_a_scan_right_after_y_or_n_is_refused_and_the_key_answers_nothing(site: Site, scan: Scan) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "SS-COMPLETE")
        await rig.pilot.press("n")
        rig.app.post_message(ScanAfterKeys(scan, lambda: None))
        await rig.settle()
        assert rig.verdict.startswith("STOP")
        rig.app.post_message(Alone())
        await rig.settle()
        assert rig.verdict.startswith("STOP")
        assert "Complete it with 1 unit?" in rig.words

    play(site, scenes)


async def typed_after(rig: Rig, code: str, *keys: str) -> None:
    """Scan, and press keys before the scan is answered."""
    async with rig.app.station.turn:
        rig.app.pipe.put(Scan(code))
        await rig.pilot.press(*keys)
    await rig.settle()


def test_what_is_typed_before_a_question_opens_is_refused_aloud(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100")
        await typed_after(rig, "SS-COMPLETE", "A", "B")
        assert "Complete it with 1 unit?" in rig.words
        assert rig.slot.field.value == ""
        async with asyncio.timeout(60):
            while not rig.verdict.startswith(
                "STOP AB came too soon to be an answer"
            ):  # by and by, as nothing says that it is over
                await rig.pilot.pause(0.02)

    play(site, scenes)


def test_what_is_typed_after_the_answer_to_a_question_is_no_answer_to_it(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100")
        await rig.press("f10")
        await typed_after(rig, "SS-NO", "A", "B")
        assert rig.slot.field.value == "AB"
        await rig.press("enter")
        assert "AB is not known here" in rig.verdict

    play(site, scenes)


def test_characters_that_come_together_are_entered_as_one_on_whichever_screen(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        async with rig.app.station.turn:
            rig.app.pipe.put(Scan("N-1003"))
            rig.app.post_message(Together("B1", "enter"))
            await rig.pilot.pause()
        await rig.settle()
        assert "RECEIVING" in rig.text
        assert "B1 is not known here" in rig.verdict

    play(site, scenes)


def test_a_scan_while_the_quantity_is_typed_is_a_scan(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        await rig.press("f4", "1", "2")
        assert "How many?" in rig.text
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("OK BAT-100 taken, 1 of 40.")
        assert "How many?" not in rig.text
        await rig.press("f4")
        await rig.type("5")
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("OK 5 × BAT-100 taken, 6 of 40.")
        await rig.press("f4")
        await rig.type("0")
        assert rig.verdict.startswith("STOP 0 is no quantity.")

    play(site, scenes)


def test_undo_shows_the_prompt_again(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "SN-0001", "LENS-77201")
        await rig.press("f2")
        assert "Secondary serial" in rig.text
        await rig.press("f2")
        assert "Primary serial" in rig.text

    play(site, scenes)


def test_leaving_keeps_the_work_and_home_leads_back_to_the_missing_code(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100")
        await rig.press("escape")
        assert rig.lines[0].startswith(" HOME")
        assert "PO N-1003" in rig.row("Go on")
        await rig.press("enter")
        assert rig.verdict.startswith("OK N-1003 goes on")

    play(site, scenes)


def test_a_station_that_died_with_a_code_owed_comes_back_to_it(site: Site) -> None:
    async def before(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300", "SN-0001")

    async def after(rig: Rig) -> None:
        assert "a serial is owed" in rig.row("Go on")
        await rig.scan("N-1003")
        assert "Secondary serial" in rig.text
        assert "of SN-0001" in rig.text

    play(site, before)
    play(site, after)


def test_a_double_read_is_counted_once(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", Scan("BAT-100", repeat=True))
        assert rig.verdict.startswith("CHECK BAT-100 was read twice")
        assert _in_hand(site)[0].pieces == 1

    play(site, scenes)


def test_a_code_that_was_refused_is_refused_again_when_it_was_read_twice(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "NO-SUCH", Scan("NO-SUCH", repeat=True), Scan("NO-SUCH", repeat=True))
        assert rig.verdict.startswith("STOP NO-SUCH is not known here")
        await rig.scan("N-1004", Scan("BAT-100", device="gun1"), Scan("N-1004", repeat=True))
        assert rig.verdict.startswith("CHECK N-1003 lacks"), "the word of its own scanner's answer"
        await rig.scan("SS-COMPLETE", Scan("SS-COMPLETE", repeat=True))
        assert "Complete it with 2 units?" in rig.verdict
        await rig.scan("SS-YES", Scan("SS-YES", repeat=True))
        assert rig.verdict.startswith("CHECK SS-YES was read twice")

    play(site, scenes)


def test_a_scan_with_a_fault_is_stop_and_nothing_is_booked(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", Scan("BAT-100", fault=Fault.PIECES))
        assert rig.verdict.startswith("STOP")
        assert "came in pieces" in rig.verdict
        assert _in_hand(site)[0].pieces == 0

    play(site, scenes)


@pytest.mark.parametrize("code", ["[red]x[/red]", "[/]ABC", "[@click=app.exit]x[/]", "AB\x1b[31mC"])
def test_a_code_is_never_markup(site: Site, code: str) -> None:
    async def scenes(rig: Rig) -> None:
        shown = code.replace("\x1b", "␛")
        await rig.scan(code)
        assert rig.verdict.startswith(f"STOP {shown}")
        await rig.scan("N-1003", "CAM-300", code)
        assert "\x1b" not in rig.text
        assert shown in rig.text

    play(site, scenes)


def test_names_from_the_store_are_never_markup(site: Site) -> None:
    builders.product(site, "[/]ODD", 1, client="[b]C[/b]", hint="[/red] here")
    builders.purchase(site, "P[/]1", {"[/]ODD": 1}, client="[b]C[/b]", warehouse="\x1b[2J")

    async def scenes(rig: Rig) -> None:
        await rig.scan("P[/]1", "[/]ODD")
        assert "P[/]1 · [b]C[/b] · ␛[2J" in rig.lines[0]
        assert "[/red] here" in rig.text
        await rig.press("f1", "escape", "escape", "escape", "f7")
        assert "[b]C[/b]" in rig.text
        await rig.press("down", "down", "enter")

    play(site, scenes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_row_is_wider_than_the_screen(site: Site, size: tuple[int, int]) -> None:
    builders.product(site, "X" * 60, 1, hint="look " * 40)
    builders.purchase(site, "N" * 60, {"X" * 60: 12345, "BAT-100": 9999})

    async def scenes(rig: Rig) -> None:
        await rig.scan("N" * 60, "X" * 60)
        assert "1 of 12345" in rig.row("Primary serial")
        assert len(rig.lines) == size[1]
        await rig.scan("BAT-100", "SS-CANCEL", "SS-QTY-9999", "BAT-100")
        assert "9999" in rig.text

    play(site, scenes, size)


def test_many_lines_can_be_looked_through(site: Site) -> None:
    skus = {f"P-{number:03}": 1 for number in range(60)}
    for sku in skus:
        builders.product(site, sku, 0)
    builders.purchase(site, "N-LONG", skus)

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-LONG")
        assert "more" in rig.text
        assert "P-050" not in rig.text
        await rig.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "pagedown", "pagedown")
        assert "P-055" in rig.text
        await rig.scan("P-030")
        assert rig.row("P-030").startswith(" ▶ ")

    play(site, scenes)


def test_when_the_store_is_gone_the_scan_stays_on_the_screen(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        path = site.store.path
        assert path is not None
        away = path.rename(path.with_suffix(".away"))
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("STOP BAT-100: The store at")
        away.rename(path)
        await rig.scan("BAT-100")
        assert rig.verdict.startswith("OK BAT-100 taken, 1 of 40.")

    play(site, scenes)


def _in_hand(site: Site) -> list[OpenWork]:
    with site.store.read() as tx:
        return works.open_at(tx, site.station)


def test_text_half_typed_does_not_come_back_after_help_or_a_question(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        for key, back in (("f1", "escape"), ("ctrl+q", "n"), ("f3", "escape")):
            await rig.press(*"half")
            assert rig.slot.field.value == "half"
            await rig.press(key)
            await rig.settle()
            await rig.press(back)
            await rig.settle()
            assert rig.lines[0].startswith(" RECEIVING")
            assert rig.slot.field.value == "", key

    play(site, scenes)


def test_esc_takes_what_was_typed_out_of_the_line(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press(*"half")
        await rig.press("escape")
        assert rig.slot.field.value == ""

    play(site, scenes)


def test_a_single_key_under_a_question_is_refused_aloud(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "BAT-100", "SS-COMPLETE")
        assert rig.verdict.startswith("CHECK N-1003 lacks")
        await rig.press("x")
        while not rig.verdict.startswith("STOP Answer the question first"):
            await rig.settle()
        assert "x was not kept" in rig.verdict
        await rig.press("n")
        await rig.settle()
        assert rig.verdict.startswith("CHECK Nothing was changed")

    play(site, scenes)


def test_an_order_that_was_cancelled_elsewhere_is_said_before_the_next_scan_and_on_every_screen(site: Site) -> None:
    with site.store.read() as tx:
        order_id = orders.find(tx, "S-901")[0].id

    async def scenes(rig: Rig) -> None:
        await rig.scan("S-901", "BAT-100")
        await rig.press("f3")
        shipment_orders.cancel(site, order_id, "not wanted")
        async with asyncio.timeout(20):
            while not rig.row(" !  "):
                await rig.pilot.pause(0.05)
        told = "S-901 was cancelled by Ana, 09:00: not wanted. Put its 1 unit back."
        assert told[:60] in rig.text, "on the trace too"
        await rig.press("escape")
        assert told[:60] in rig.text
        assert "Scan a shipment order" in rig.text
        assert "left" not in rig.text, "nothing of it is to be scanned"
        await rig.scan("BAT-100")
        assert rig.verdict.startswith(f"STOP {told}")
        await rig.scan("S-902")
        assert "was cancelled" not in rig.row(" !  ")
        assert rig.verdict.startswith("OK S-902 is open")

    play(site, scenes)


def test_on_a_small_screen_the_other_lines_can_be_looked_at_beside_the_line_in_work(site: Site) -> None:
    builders.purchase(site, "N-9", {"CAM-300": 2, "BAT-100": 3, "CBL-010": 4})

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-9", "CAM-300")
        assert "2 other lines, 2 not full" in rig.text
        await rig.press("down")
        assert rig.row(" ▶ CAM-300").endswith("0 of 2"), "the line in work stays"
        assert rig.row("BAT-100").endswith("0 of 3")
        assert rig.row("CBL-010").endswith("0 of 4")
        await rig.press("pagedown")
        assert rig.row("BAT-100"), "there is nothing beyond"
        await rig.press("up")
        assert "2 other lines" in rig.text
        await rig.press("down")
        await rig.scan("SN-0001", "LENS-77201")
        assert "2 other lines" in rig.text, "a unit more has the line in work alone again"

    play(site, scenes, (40, 20))


def test_a_typed_code_that_was_refused_stays_to_be_mended_and_comes_back(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003")
        field = rig.slot.field
        await rig.type("CAM-30X")
        assert rig.verdict.startswith("STOP CAM-30X")
        assert field.value == "CAM-30X"
        await rig.scan("NOT-ON-IT")
        assert field.value == "", "it goes with a scan"
        await rig.press("up")
        assert field.value == "CAM-30X", "and comes back"
        await rig.press("backspace", "0", "enter")
        assert rig.verdict.startswith("OK CAM-300 taken"), "it was mended"
        assert field.value == ""
        await rig.press("up")
        assert field.value == "", "what was refused was made good"
        await rig.type("CAM-300")
        assert (rig.verdict[:4], field.value) == ("STOP", "CAM-300"), "a SKU is no serial"
        await rig.type("CAM0000311")
        assert "CAM0000311" in rig.verdict, "what is typed takes its place"
        assert "CAM-300CAM" not in rig.verdict
        await rig.scan("CAM-300")
        assert field.value == "", "it goes with a scan"
        await rig.press("up")
        assert field.value == "", "a scan's refusal is nobody's typing"

    play(site, scenes)


def test_the_last_scans_are_facts_one_row_a_unit(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", *THREE_CAMERAS[:6], "SS-QTY-5", "BAT-100", "NOBODY-KNOWS", "CBL-010", "SS-COMPLETE")
        rows = [line.strip() for line in rig.lines if line.strip().startswith("09:")]
        assert rows[0].startswith("09:00  CBL-010 1/200")
        assert rows[1].startswith("09:00  STOP  NOBODY-KNOWS")
        assert rows[2].startswith("09:00  5 × BAT-100 5/40")
        assert "Complete" not in "".join(rows), "neither a question nor a command"

    play(site, scenes)


def test_the_rule_below_the_header_is_the_orders_progress(site: Site) -> None:
    builders.purchase(site, "N-9", {"BAT-100": 3, "CBL-010": 1})

    async def scenes(rig: Rig) -> None:
        assert set(rig.lines[1]) == {"─"}
        for code, done in (("N-9", 0), ("BAT-100", 20), ("CBL-010", 40), ("SS-UNDO", 20), ("SS-HOME", 0)):
            await rig.scan(code)
            assert rig.lines[1] == "═" * done + "─" * (80 - done), code

    play(site, scenes)


def test_help_and_quantity_are_named_on_a_small_screen_too(site: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", "CAM-300")
        assert rig.lines[-1].split() == ["F1", "?", "F2", "Undo", "F4", "Qty", "F10", "Complete", "Esc"]
        assert "CAM-300 · 1 of 10" in rig.text
        builders.product(site, "A-LONGER-NAME", 1)
        builders.purchase(site, "N-9", {"A-LONGER-NAME": 10})
        await rig.scan("SS-CANCEL", "N-9", "A-LONGER-NAME")
        assert rig.row("Primary serial ─").endswith("─ 1 of 10 ─╮")
        assert rig.row("│ A-LONGER-NAME · "), "whole, and no half of it in the title"

    play(site, scenes, (40, 20))
