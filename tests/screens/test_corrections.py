"""Corrections on the Trace screen, and lowering a received count on a purchase order's."""

from dataclasses import replace

import pytest

from scanstation.domain.lots import LotFacts
from scanstation.domain.scan import Scan, Source
from scanstation.domain.site_rules import SiteRules
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.store import lots, orders
from scanstation.workflows.orders import order_book
from scanstation.workflows.reports import tracing
from scanstation.workflows.site import Site
from tests import builders
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, play, stock
from tests.workflows.done_work import open_work, packed, received


@pytest.fixture
def dock(site: Site) -> Site:
    """Two cameras are Received, two are Packed, and batteries were counted."""
    stock(site)
    _goods(site)
    return site


def _goods(site: Site) -> None:
    bought, sold = order(site, "N-1003"), order(site, "S-901")
    received(site, bought, "CAM-300", *(f"SN-000{number}/LENS-7720{number}" for number in range(1, 5)))
    received(site, bought, "BAT-100", quantity=40)
    packed(site, sold, "CAM-300", "SN-0001/LENS-77201", "SN-0002/LENS-77202")


def order(site: Site, number: str) -> int:
    with site.store.read() as tx:
        return orders.find(tx, number)[0].id


def happened(site: Site, code: str) -> list[str]:
    return [event.what.value for life in tracing.trace(site, code) for event in life.events]


def test_a_packed_unit_is_unpacked_and_its_life_shown_anew(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("LENS-77201")
        assert "▶ Unpack SN-0001 …" in rig.text
        assert "Unreceive" not in rig.text
        await rig.press("enter")
        assert "Why is SN-0001 unpacked?" in rig.text
        await rig.type("wrong box")
        assert "Unpack SN-0001? Its order will lack a unit again." in rig.text
        await rig.press("y")
        assert rig.verdict.startswith("OK SN-0001 is Received again: take it out of S-901.")
        await rig.press("escape")
        assert "Unpacked on S-901" in rig.text
        assert "wrong box" in rig.text
        assert "▶ Unreceive SN-0001: it never came …" in rig.text

    play(dock, scenes)
    assert happened(dock, "SN-0001") == ["Received", "Packed", "Unpacked"]


@pytest.mark.parametrize(
    "label", ["]C0SN-0001", "]d221SN-0001", "]d2250LENS-77201", "[)>\x1e06\x1d1PCAM-300\x1dSSN-0001\x1e\x04"]
)
def test_a_life_is_found_by_every_label_that_carries_a_serial(dock: Site, label: str) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.press("f3")
        await rig.scan(label)
        assert "is a CAM-300: Packed" in rig.verdict
        await rig.scan("]C121")
        assert "nothing follows its field (21)" in rig.verdict

    play(dock, scenes)


def test_f3_finds_the_life_of_the_longest_code(dock: Site) -> None:
    longest = "S" * 64
    received(dock, order(dock, "N-1003"), "CAM-300", f"{longest}/LENS-77209")

    async def scenes(rig: Rig) -> None:
        await rig.scan("N-1003", longest)
        assert rig.verdict.startswith("STOP SSSS")
        assert rig.verdict.count("(64 characters)") == 1
        await rig.press("f3")
        assert "is a CAM-300: Received" in rig.verdict

    play(dock, scenes)


def test_a_received_unit_is_unreceived_and_then_nothing_is_left_to_do(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("enter")
        await rig.type("never came")
        await rig.scan("SS-YES")
        assert rig.verdict.startswith("OK SN-0003 is gone from N-1003.")
        await rig.press("escape")
        assert "Gone" in rig.text
        assert "▶" not in rig.text

    play(dock, scenes)
    assert happened(dock, "SN-0003") == ["Received", "Removed"]


@pytest.mark.parametrize("how", ["scanned", "typed", "GS1", "DataMatrix of two"])
def test_the_right_code_may_be_scanned_or_typed(dock: Site, how: str) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "down", "enter")
        assert "Right code for LENS-77203" in rig.text
        if how == "scanned":
            await rig.scan("LENS-9")
        elif how == "typed":
            await rig.type("LENS-9")
        elif how == "GS1":
            await rig.scan("]C1010400638133393121SN-0003\x1d250LENS-9")
        else:
            await rig.scan("(01)04006381333931(250)LENS-9")
        assert "Why is LENS-77203 corrected?" in rig.text
        await rig.type("misread")
        assert "LENS-77203 becomes LENS-9. Is that right?" in rig.text
        await rig.press("y")
        assert rig.verdict == "OK LENS-77203 of CAM-300 is LENS-9 now. Trace finds it under both."
        assert "SN-0003 + LENS-9" in rig.text
        assert "▶ Unreceive SN-0003" in rig.text
        await rig.scan("LENS-77203")
        assert "SN-0003 + LENS-9" in rig.text
        assert " ".join(rig.text.split()).count("· as SN-0003 + LENS-77203") == 1, "what it was received as"

    play(dock, scenes)
    (life,) = tracing.trace(dock, "LENS-77203")
    assert life.events[-1].source == ("typed" if how == "typed" else "scan")
    assert (life.unit.primary, life.unit.secondary) == ("SN-0003", "LENS-9")


@pytest.mark.parametrize("same", [True, False], ids=["the same unit", "another unit"])
def test_a_code_that_differs_from_another_units_only_by_marks_is_asked_about(dock: Site, same: bool) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "down", "enter")
        await rig.scan("S/N: SN.0001")
        await rig.type("misread")
        assert "LENS-77203 becomes S/N: SN.0001. Is that right?" in rig.text
        await rig.press("y")
        assert "another unit?" in rig.text
        await rig.press("escape" if same else "y")
        if same:
            assert rig.verdict == "CHECK LENS-77203 is left as it is."
        else:
            assert rig.verdict.startswith("OK LENS-77203 of CAM-300 is S/N: SN.0001 now.")

    play(dock, scenes)
    (life,) = tracing.trace(dock, "SN-0003")
    assert life.unit.secondary == ("LENS-77203" if same else "S/N: SN.0001")


def test_what_cannot_be_the_right_code_is_told_and_nothing_changes(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down")
        for label, said in (
            ("]C10104006381333948\x1d21X-1", "STOP That is a label of BAT-100"),
            ("(01)04006381333931", "STOP There is no primary serial on that label."),
            ("(01)04006381333931(250)X-1", "STOP There is no primary serial on that label."),
        ):
            await rig.press("down", "up", "enter")
            assert "for SN-0003" in rig.text
            await rig.scan(label)
            assert rig.verdict.startswith(said), rig.verdict
        await rig.press("enter")
        await rig.scan(Scan("SN-9", fault="came in pieces: scan it again"))
        assert rig.verdict.startswith("STOP SN-9 came in pieces")
        await rig.scan("SS-COMPLETE")
        assert "for SN-0003" in rig.text, "a command barcode is no code"
        await rig.scan("SS-CANCEL")
        assert "Right code" not in rig.text
        await rig.press("enter")
        await rig.scan("SN-0004")
        await rig.type("misread")
        await rig.press("y")
        assert rig.verdict.startswith("STOP SN-0004 of CAM-300 is already Received on PO N-1003")

    play(dock, scenes)
    assert happened(dock, "SN-0003") == ["Received"]


def test_esc_and_no_leave_everything_as_it_is(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0001")
        await rig.press("enter", "escape", "enter")
        await rig.type("wrong box")
        await rig.press("n", "down", "enter", "escape", "enter")
        await rig.scan("SN-77")
        await rig.press("escape")
        assert "▶ Correct the code SN-0001 …" in rig.text

    play(dock, scenes)
    assert happened(dock, "SN-0001") == ["Received", "Packed"]


def test_a_unit_in_somebodys_hands_offers_nothing(dock: Site) -> None:
    sold = builders.shipment(dock, "S-950", {"CAM-300": 1})
    open_work(dock, sold, "CAM-300", serials=["SN-0003"], station="bench-1")

    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        assert "on Ana's open packing S-950" in rig.text
        assert "▶" not in rig.text
        await rig.press("enter", "down")
        assert rig.lines[0].startswith(" TRACE")

    play(dock, scenes)


def test_a_unit_that_another_station_took_meanwhile_is_refused(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        sold = builders.shipment(dock, "S-950", {"CAM-300": 1})
        open_work(dock, sold, "CAM-300", serials=["SN-0003"], station="bench-1")
        await rig.press("enter")
        await rig.type("never came")
        await rig.press("y")
        assert rig.verdict.startswith("STOP SN-0003 is on Ana's open packing S-950 at bench-1.")
        assert "▶" not in rig.text, "what is shown is how it is now"

    play(dock, scenes)


def test_of_two_units_with_one_code_each_is_named(dock: Site) -> None:
    received(dock, builders.purchase(dock, "N-2", {"LAP-15": 1}), "LAP-15", "SN-0003")

    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        assert "Unreceive SN-0003 of CAM-300: it never came …" in rig.text
        await rig.mark("Unreceive SN-0003 of LAP-15: it never came …")
        await rig.press("enter")
        await rig.type("why not")
        await rig.press("y")
        assert rig.verdict.startswith("OK SN-0003 is gone from N-2.")

    play(dock, scenes)


# A purchase order's counts


async def _to_lower(rig: Rig) -> None:
    await rig.scan("N-1003")
    if "Lower a received" not in rig.text:
        await rig.press("escape", "f7", "enter")
    await rig.mark("Lower")
    await rig.press("enter")


def test_a_received_count_is_lowered(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await _to_lower(rig)
        assert "How many BAT-100 really came?" in rig.text
        assert "now 40" in rig.text
        await rig.type("38")
        await rig.type("two boxes were empty")
        assert "Lower BAT-100 on N-1003 to 38 received?" in rig.text
        await rig.press("y")
        assert rig.verdict.startswith("OK N-1003: 38 of 40 BAT-100 received, no longer 40.")

    play(dock, scenes)
    (act,) = order_book.detail(dock, order(dock, "N-1003")).acts
    assert (act.act, act.reason) == ("Received lowered: BAT-100 40 to 38", "two boxes were empty")


def test_of_several_products_the_one_is_scanned(dock: Site) -> None:
    received(dock, order(dock, "N-1003"), "CBL-010", quantity=7)

    async def scenes(rig: Rig) -> None:
        await _to_lower(rig)
        assert "Which product was counted too high?" in rig.text
        await rig.scan(Scan("S-901", Source.SCAN))
        assert rig.verdict.startswith("STOP S-901 is not on N-1003. Its lines are: CAM-300, BAT-100, CBL-010.")
        await rig.press("enter")
        await rig.scan("4006381333948")
        assert "How many BAT-100 really came?" in rig.text
        await rig.type("many")
        assert rig.verdict.startswith("STOP many is not a number of units.")
        await rig.press("enter")
        await rig.type("CAM-300")
        assert "now 4, not below 4" in rig.text
        await rig.type("3")
        assert rig.verdict.startswith("STOP 4 units have their serials, of the 4 CAM-300 received on N-1003")

    play(dock, scenes)


def test_an_order_with_nothing_to_lower_does_not_offer_it(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.press("f7", "enter")
        assert "Close short" in rig.text
        assert "Lower" not in rig.text

    play(site, scenes)
    with site.store.read() as tx:
        assert orders.find(tx, "N-1003", kind=OrderKind.PURCHASE)[0].status is OrderStatus.OPEN


# Pictures


@in_all_sizes
def test_a_packed_unit_and_its_acts(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    _goods(site)

    async def scene(rig: Rig) -> None:
        await rig.scan("SN-0001")
        assert "▶ Unpack SN-0001 …" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_the_right_code_is_asked(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    _goods(site)

    async def scene(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "down", "enter")
        assert "Esc" in rig.text

    assert picture(scene, size)


@in_all_sizes
def test_a_correction_is_done(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    _goods(site)

    async def scene(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "enter")
        await rig.scan("SN-0013")
        await rig.type("label was covered, read by hand")
        await rig.press("y")
        assert rig.verdict.startswith("OK SN-0003 of CAM-300 is SN-0013 now.")

    assert picture(scene, size)


@in_all_sizes
def test_a_count_is_asked(picture: Compare, site: Site, size: tuple[int, int]) -> None:
    _goods(site)

    async def scene(rig: Rig) -> None:
        await _to_lower(rig)
        assert "really came?" in rig.text

    assert picture(scene, size)


def test_a_unit_is_swapped_by_scans_alone_but_for_the_reason(dock: Site) -> None:
    """The order on the page, at the desk or at the truck is the one that is meant."""

    async def scenes(rig: Rig) -> None:
        await rig.scan("SS-SWAP")
        assert rig.verdict.startswith("CHECK SS-SWAP: No packed order is on the screen.")
        await rig.scan("S-901")
        assert rig.lines[0].startswith(" PACKING")
        await rig.scan("SS-SWAP", "SN-0003")
        await rig.until("STOP SN-0003 is not Packed on S-901 but Received")
        assert rig.lines[0].startswith(" SHIPMENT ORDER   S-901")
        await rig.scan("SS-SWAP", "LENS-77201")
        assert "Which CAM-300 goes in for SN-0001?" in rig.text
        await rig.scan("SN-0003", "SS-YES")
        assert "Why is SN-0001 swapped for SN-0003?" in rig.text
        await rig.press("escape")
        assert happened(dock, "SN-0001") == ["Received", "Packed"]
        await rig.scan("SS-SWAP", "SN-0001", "SN-0003", "SS-YES")
        await rig.type("lens is loose")
        await rig.until("OK SN-0001 is out of S-901, SN-0003 is in its place.")

    play(dock, scenes)
    assert happened(dock, "SN-0001") == ["Received", "Packed", "Unpacked", "On hold"]
    assert happened(dock, "SN-0003") == ["Received", "Packed"]


def test_a_reason_that_the_site_lists_is_given_by_its_card_or_its_number(dock: Site) -> None:
    site = replace(dock, rules=SiteRules(reasons=("box wet", "wrong label")))

    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "down", "down", "enter")
        assert "1 box wet · 2 wrong label" in rig.text
        await rig.type("1")
        await rig.until("OK SN-0003 is on hold now.")
        assert "on hold: box wet" in rig.text
        await rig.press("down", "down", "enter")
        await rig.scan("SS-REASON-3")
        assert rig.verdict.startswith("STOP SS-REASON-3 does not count here: config.toml lists no such reason")
        await rig.scan("SS-REASON-2", "SS-YES")
        await rig.until("OK SN-0003 is not on hold any more.")

    play(site, scenes)
    reasons = [event.reason for event in tracing.trace(site, "SN-0003")[0].events]
    assert reasons == ["", "box wet", "wrong label"]


def test_the_card_puts_the_unit_scanned_last_or_next_on_hold(dock: Site) -> None:
    site = replace(dock, rules=SiteRules(reasons=("box wet",)))

    async def scenes(rig: Rig) -> None:
        await rig.scan("SS-PACK", "S-901", "SS-HOLD")
        await rig.pilot.pause()
        assert "Which unit goes on hold?" in rig.text
        await rig.scan("NO-SUCH")
        await rig.until("STOP")
        await rig.scan("SS-HOLD", "SN-0003")
        assert "Why is SN-0003 on hold?" in rig.text
        await rig.scan("SS-REASON-1")
        await rig.until("OK SN-0003 is on hold now.")
        await rig.scan("SN-0004", "SS-HOLD")
        assert "Why is SN-0004 on hold?" in rig.text
        await rig.scan("SS-REASON-1")
        await rig.until("OK SN-0004 is on hold now.")

    play(site, scenes)
    assert [happened(site, code)[-1] for code in ("SN-0003", "SN-0004")] == ["On hold", "On hold"]


def test_the_lot_of_a_unit_is_put_on_hold_and_released(dock: Site) -> None:
    unit_id = tracing.trace(dock, "SN-0003")[0].unit.id
    dock.store.act(lambda tx: lots.give(tx, [(unit_id, LotFacts(lot="L-1"))]))

    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press(*["down"] * 6, "enter")
        await rig.type("recalled")
        await rig.press("y")
        await rig.until("OK Lot L-1 of CAM-300 is on hold: 1 unit is now")
        assert "on hold: lot L-1: recalled" in rig.text
        await rig.press(*["down"] * 5, "enter")
        await rig.type("all good")
        await rig.press("y")
        await rig.until("OK Lot L-1 of CAM-300 is not on hold any more")

    play(dock, scenes)
    assert happened(dock, "SN-0003") == ["Received", "On hold", "Hold lifted"]


def test_a_unit_is_put_on_hold_released_and_disposed_of(dock: Site) -> None:
    async def scenes(rig: Rig) -> None:
        await rig.scan("SN-0003")
        await rig.press("down", "down", "down", "enter")
        await rig.type("box wet")
        await rig.until("OK SN-0003 is on hold now.")
        assert "on hold: box wet" in rig.text
        assert "Unreceive" not in rig.text
        await rig.press("down", "down", "enter")
        await rig.type("looked at")
        await rig.press("y")
        await rig.until("OK SN-0003 is not on hold any more.")
        await rig.press("down", "down", "down", "down", "enter")
        await rig.type("s")  # scrap, or sample
        await rig.until("STOP s is not known here.")
        await rig.press("enter")
        await rig.type("sc")
        await rig.type("screen is broken")
        await rig.press("y")
        await rig.until("OK SN-0003 of CAM-300 is disposed of (scrap).")
        await rig.press("escape")
        assert "▶ Correct" in rig.text
        assert "hold …" not in rig.text

    play(dock, scenes)
    assert happened(dock, "SN-0003") == ["Received", "On hold", "Hold lifted", "Disposed"]
