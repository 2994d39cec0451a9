"""Codes that were cut on their way to the keyboard, and typing that nobody entered: never a part of one is booked.

The real program in a real terminal, a product with its serials at receiving. The exact gaps are tested where time is an
argument (tests/devices); what stands here holds however long the machine takes.
"""

from collections.abc import Iterator

import pytest

from tests.acceptance.clerk import Clerk
from tests.acceptance.odd_dock import GS, GTIN, OTHER_EAN, SLOW_SCANNER_S, opened, stock
from tests.acceptance.warehouse import CLIENT, FLAGS, SETTINGS, Station, Warehouse

CODE = "SN10AB345678"


@pytest.fixture(scope="module")
def receiving(tmp_path_factory: pytest.TempPathFactory, clerk: Clerk) -> Iterator[Station]:
    """A station with an open order, at which nothing must be booked."""
    warehouse = Warehouse(tmp_path_factory.mktemp("cut") / "warehouse", clerk)
    stock(warehouse)
    with opened(warehouse, "N-101") as station:
        station.ok("LAP-1", says="Now its primary serial")
        yield station
        station.ok("SS-CANCEL", says="dropped")
    assert [line["open"] for line in warehouse.po("N-101")["lines"]] == [0, 0, 0], "a part of a code was booked"


@pytest.fixture
def dock(receiving: Station) -> Iterator[Station]:
    """A serial is owed before and after; the line is empty, and the next scan is heard."""
    receiving.expect_prompt("Primary serial", "LAP-1", "1 of 30")
    yield receiving
    receiving.stop("BAT-0", says="BAT-0 is the product BAT-0, not a serial")
    receiving.expect_prompt("Primary serial", "LAP-1", "1 of 30")
    assert line(receiving) == ""


def line(station: Station) -> str:
    """What stands in the entry line."""
    return station.lines[-4].strip("│ ")


def cut(dock: Station, *pieces: str, hole: float = 0.4) -> None:
    """Each piece in one go, the line standing still between them."""
    for piece in pieces[:-1]:
        dock.send(piece)
        dock.pause(hole)
    dock.send(f"{pieces[-1]}\r")


@pytest.mark.parametrize("hole", [0.35, 0.6, 1.5])
@pytest.mark.parametrize("place", [4, 6, 11])
def test_a_head_without_its_end_is_told_by_itself_and_its_tail_refused(dock: Station, place: int, hole: float) -> None:
    dock.send(CODE[:place])
    dock.expect("STOP", f"{CODE[:place]} is not whole, no end came")
    dock.pause(hole)
    dock.send(f"{CODE[place:]}\r")
    dock.expect("STOP", f"{CODE} came in pieces")


@pytest.mark.parametrize("hole", [0.35, 0.6, 1.5])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_head_too_short_to_tell_from_typing_refuses_its_tail(dock: Station, place: int, hole: float) -> None:
    dock.send(CODE[:place])
    dock.wait_for(lambda _: line(dock) == CODE[:place])
    dock.pause(hole)
    dock.send(f"{CODE[place:]}\r")
    dock.expect("STOP", f"{CODE[place:]} was not taken: an unfinished entry stood in the line")


@pytest.mark.parametrize(
    "pieces",
    [
        ("SN10AB", "34", "5678"),
        ("SN", "10AB", "345678"),
        ("SN", "10AB", "34"),
        ("SN10", "AB34", "5678"),
        (f"01{GTIN}", f"21SN-1{GS}10", "LOT"),
        (f"]C101{GTIN}21SN", "-0001"),
    ],
)
def test_a_code_in_several_pieces(dock: Station, pieces: tuple[str, ...]) -> None:
    cut(dock, *pieces)
    dock.expect("STOP", "came in pieces")


def test_what_is_typed_after_a_piece_goes_with_it_and_so_does_a_whole_code(dock: Station) -> None:
    dock.send("SN10AB")
    dock.expect("STOP", "no end came")
    dock.type("78\r", SLOW_SCANNER_S * 2)
    dock.expect("STOP", "SN10AB78 came in pieces")
    dock.send("SN10AB")
    dock.expect("STOP", "SN10AB is not whole")
    dock.scan(CODE)
    dock.expect("STOP", f"SN10AB{CODE} came in pieces")
    dock.send("SN10AB")
    dock.expect("STOP", "SN10AB is not whole")
    dock.press("enter")


def test_a_refusal_leaves_no_head_that_the_next_slow_code_is_glued_to(dock: Station) -> None:
    dock.type("Sn40", SLOW_SCANNER_S)
    dock.send("-1234\r")
    dock.expect("STOP", "-1234")
    dock.wait_for(lambda _: line(dock) == "")
    dock.type(f"{OTHER_EAN}\r", SLOW_SCANNER_S)
    dock.expect("STOP", f"{OTHER_EAN} is the product BAT-0, not a serial")
    dock.stop("CAM-3", says="is the product CAM-3")


def test_typing_that_was_not_entered_stops_a_scan_and_is_gone(dock: Station) -> None:
    dock.type("SN-9")
    dock.pause(0.4)
    dock.scan("SN-0001")
    dock.expect("STOP", "SN-0001 was not taken: an unfinished entry stood in the line")
    dock.wait_for(lambda _: line(dock) == "")


def test_the_keypads_enter_in_application_mode_enters(dock: Station) -> None:
    dock.type("N-102")
    dock.send("\x1bOM")
    dock.expect("CHECK", "N-102 is the number of an open purchase order")
    dock.check("SS-NO", says="Nothing was changed")
    dock.scan(OTHER_EAN, suffix="\x1bOM")
    dock.expect("STOP", f"{OTHER_EAN} is the product BAT-0")
    dock.send("".join(f"\x1bO{'pqrstuvwxy'[int(digit)]}" for digit in f"0{OTHER_EAN}") + "\x1bOM")
    dock.expect("STOP", f"0{OTHER_EAN} is the product BAT-0")
    dock.stop("CAM-3", says="is the product CAM-3")


def test_two_codes_of_one_label_are_asked_about_and_two_that_were_aimed_at_are_not(warehouse: Warehouse) -> None:
    stock(warehouse)
    with opened(warehouse, "N-101") as dock:
        dock.ok("CAM-3", says="Now its primary serial")
        dock.scan("AAAA1", "BBBB2")
        dock.expect("CHECK", "BBBB2 came right behind the code before it", "from the same label?")
        dock.ok("SS-YES", says="AAAA1 + BBBB2 → CAM-3, 1 of 5")
        dock.scan("CAM-3", "AAAA3", "BBBB4")  # three are a reader's memory, or somebody quick
        dock.expect("OK", "AAAA3 + BBBB4 → CAM-3, 2 of 5")
        dock.ok("CAM-3", says="Now its primary serial")
        dock.ok("AAAA5", says="Now the secondary serial")
        dock.ok("BBBB6", says="AAAA5 + BBBB6 → CAM-3, 3 of 5")  # at once after the answer


def test_typing_that_was_taken_back_and_typing_at_any_pace_is_believed(warehouse: Warehouse) -> None:
    stock(warehouse)
    with opened(warehouse, "N-101") as dock:
        dock.ok("LAP-1", says="Now its primary serial")
        dock.type("SN")
        dock.press("backspace", "backspace")
        dock.pause(0.4)
        dock.ok("SN-0001", says="SN-0001 → LAP-1, 1 of 30")
        dock.ok("LAP-1", says="Now its primary serial")
        for number, pace in enumerate((0.03, 0.05, 0.08, 0.2), start=2):
            dock.type(f"SN-000{number}\r", pace)
            dock.expect("OK", f"SN-000{number} → LAP-1, {number} of 30")
            dock.ok("LAP-1", says="Now its primary serial")


@pytest.mark.parametrize("setting", ['suffix = ["enter"]', "require_aim = true", 'prefix = "GUN:"'])
def test_a_head_without_its_end_under_other_settings(warehouse: Warehouse, setting: str) -> None:
    stock(warehouse)
    (warehouse.folder / "config.toml").write_text(f"[wedge]\n{setting}\n", encoding="utf-8")
    mark = {"r": "]C1", "p": "GUN:"}.get(setting[0], "")
    with opened(warehouse, "N-101") as dock:
        dock.ok(f"{mark.replace('C1', 'C0')}LAP-1", says="Now its primary serial")
        cut(dock, f"{mark}SN10AB", "345678")
        dock.expect("STOP", "came in pieces")
        cut(dock, f"{mark}SN"[:3], f"{mark}SN-10AB345678"[3:])
        dock.expect("STOP", "an unfinished entry stood in the line" if not mark else "")
        dock.ok(f"{mark.replace('C1', 'C0')}SN-1", says="SN-1 → LAP-1, 1 of 30")


def test_scanners_without_a_suffix_are_for_stations_that_say_so(warehouse: Warehouse) -> None:
    stock(warehouse)
    (warehouse.folder / "config.toml").write_text('[wedge]\nsuffix = "none"\n', encoding="utf-8")
    with opened(warehouse, "N-101") as dock:
        for number in (1, 2):
            dock.scan(OTHER_EAN, suffix="")
            dock.expect("OK", f"{number} of 90")
            dock.pause(0.4)
        dock.ok(OTHER_EAN, says="3 of 90")
        dock.type("BAT-0\r")
        dock.expect("OK", "4 of 90")


@pytest.mark.long
def test_seven_hundred_codes_in_one_write_are_taken_one_by_one(warehouse: Warehouse) -> None:
    """A memory scanner's upload, or a paste without brackets: far more than a terminal holds at once."""
    warehouse.done(
        "load",
        warehouse.sheet(
            ["Client", "SKU", "Description", "Barcodes", *FLAGS], [[CLIENT, "LAP-1", "Laptop", "", *SETTINGS[1]]]
        ),
    )
    warehouse.load(purchase={"N-700": {"LAP-1": 800}}, shipment={})
    codes = [f"SN-{number:025}" for number in range(700)]
    with opened(warehouse, "N-700") as dock:
        dock.ok("SS-QTY-700", "LAP-1", says="each with its serial")
        dock.scan(*codes)
        dock.expect("OK", f"{codes[-1]} → LAP-1, 700 of 800", timeout=300)
        dock.wait_for(lambda _: "waiting" not in dock.lines[0])
        dock.scan("SS-COMPLETE")
        dock.expect("CHECK", "Complete it with 700 units?")


def test_seven_hundred_codes_in_one_write_with_refused_ones_between_are_each_told(warehouse: Warehouse) -> None:
    stock(warehouse)
    warehouse.load(purchase={"N-700": {"LAP-1": 800}}, shipment={})
    codes = [f"SN-{number:025}" for number in range(700)]
    sent = [*codes]
    for place, refused in ((699, OTHER_EAN), (400, "SN-½"), (250, "BAT-0")):
        sent.insert(place, refused)
    with opened(warehouse, "N-700", columns=120) as dock:
        dock.ok("SS-QTY-700", "LAP-1", says="each with its serial")
        dock.scan(*sent)
        dock.expect("OK", f"{codes[-1]} → LAP-1, 700 of 800", timeout=300)
        dock.wait_for(lambda _: "waiting" not in dock.lines[0])
        dock.shows(f"3 scans were refused: BAT-0, SN-½, {OTHER_EAN}")
        dock.check("SS-COMPLETE", says=f"3 scans were refused and not acknowledged: BAT-0, SN-½, {OTHER_EAN}.")
        dock.check("SS-YES", says="Complete it with 700 units?")
