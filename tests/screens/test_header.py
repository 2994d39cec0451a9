"""What the header keeps where there is too little room for all of it: any width, any names, any scanners."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from scanstation.screens.widgets.header import Header

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG = "packing-bench-07-north-hall-dc4"  # 31 characters
WIDE = "梱包台七号・北ホール"

names = st.text(alphabet="ab-7 é梱Ω\u0301", min_size=1, max_size=40)
numbers = st.text(alphabet="AZ09-/. 梱", min_size=1, max_size=64).map(lambda text: f"S{text}9")
words = st.sampled_from(["", "", "lost", "busy", "set wrong", "connecting"])
scanners = st.dictionaries(st.text(alphabet="gun1 梱", min_size=1, max_size=16), words, max_size=12)
widths = st.integers(40, 200)


def row_of(
    width: int, station: str, scanners: Mapping[str, str], *place: str, waiting: int = 0, who: str = ""
) -> tuple[str, Header]:
    header = Header()
    header.show_place(*place, order=place[0] == "Packing")
    header.show_station(station, scanners, NOON, who)
    header.show_waiting(waiting)
    (pieces,) = header.rows(width, 1)
    return "".join(text for text, _ in pieces), header


@pytest.mark.parametrize("width", [40, 50, 59, 60, 61, 70, 80, 100, 120, 200])
@pytest.mark.parametrize("station", ["dock-2", LONG, LONG + "-bench-09", WIDE])
@pytest.mark.parametrize("number", ["S-901", "PO-2026-11-00042-NORDWIND"])
def test_a_long_name_of_the_station_takes_away_neither_the_order_nor_says_that_a_scanner_is_lost(
    width: int, station: str, number: str
) -> None:
    row, _ = row_of(width, station, {}, "Packing", f"SO {number}", "NORDWIND", "W-EAST")
    assert f"SO {number}" in row
    assert "not ready" not in row
    assert "○" not in row


@given(widths, names, numbers, scanners, st.integers(0, 9999))
@example(60, LONG, "S-901", {}, 0)
@example(40, "7", "S00009", {"1": "connecting"}, 1000)
@example(40, LONG, "S" * 63 + "9", {f"gun{n}": "lost" for n in range(12)}, 9999)
@example(40, WIDE, "S" + "梱" * 30 + "9", {f"gun{n}": "" for n in range(12)} | {"x": "lost", "y": "busy"}, 9999)
def test_whatever_there_is_to_say_the_order_the_waiting_scans_and_the_lost_scanners_are_said(
    width: int, station: str, number: str, scanners: dict[str, str], waiting: int
) -> None:
    row, _ = row_of(width, station, scanners, "Packing", f"SO {number}", "NORDWIND", "W-EAST", waiting=waiting)
    assert cell_len(row) <= width
    lost = [word for word in scanners.values() if word]
    if waiting:
        assert f" {waiting} waiting " in row
    count = re.search(r"○ (\d+) (lost|busy|set wrong|connecting|not ready)", row)
    named = all(f"○ {name} {word}" in row for name, word in scanners.items() if word)
    assert not lost or named or (count and int(count[1]) == len(lost))
    if not lost:
        assert "○" not in row
    # The order is whole wherever it can be; where it cannot, its beginning and its end are there.
    told = f"○ {len(lost)} not ready · " if lost else ""
    if cell_len(f" SO {number}  {waiting} waiting   {told} ") <= width:
        assert f"SO {number}" in row
    else:
        assert f"SO {number}" in row or re.search(r"SO S.*….*9", row)


@given(widths, names, scanners)
def test_what_gives_way_gives_way_in_one_order(width: int, station: str, scanners: dict[str, str]) -> None:
    place = ("Packing", "SO S-901", "NORDWIND", "W-EAST")
    narrow, wide = (row_of(each, station, scanners, *place)[0] for each in (width, width + 1))
    for sign in (" PACKING ", "SO S-901"):
        assert sign not in narrow or sign in wide, "more room never shows less"


def test_a_screen_that_is_about_no_order_keeps_its_name() -> None:
    row, _ = row_of(40, LONG, {f"gun{n}": "lost" for n in range(9)}, "Shipment orders", "all, 1042", waiting=12)
    assert row.startswith(" SHIPMENT")
    assert "○ 9 lost" in row
    assert " 12 waiting " in row


@pytest.mark.parametrize(
    ("place", "who", "scanners", "waiting", "ends"),
    [
        (("Home",), "Ben", {}, 0, (" HOME ", " Ben · 12:00 ")),
        (("Home",), "nobody", {"gun1": ""}, 0, (" HOME ", " nobody · ● · 12:00 ")),
        (("Home",), "Maximiliane Obermeier", {}, 12, (" HOME ", " 12 waiting  Maximil… ")),
        (("Packing", "SO S-901"), "Ben", {}, 0, (" PACKING   SO S-901 ", " Ben · 12:00 ")),
        (("Packing", "SO S-901"), "Ben", {"gun1": "lost"}, 0, (" PACKING   SO S-901 ", " Ben · ○ gun1 lost ")),
        (("Packing", "SO PO-2026-11-00042-NORDWIND"), "Ben", {}, 0, (" SO PO-2026-11-00042-NORDWIND ", " Ben ")),
        (
            ("Packing", "SO PO-2026-11-00042-NORDWIND-WEST"),
            "Ben",
            {},
            1,
            (" SO PO-2026-11-…RDWIND-WEST ", " 1 waiting "),
        ),
    ],
)
def test_a_handheld_says_who_works_as_long_as_the_orders_number_has_room(
    place: tuple[str, ...], who: str, scanners: dict[str, str], waiting: int, ends: tuple[str, str]
) -> None:
    row, _ = row_of(40, "dock-2", scanners, *place, waiting=waiting, who=who)
    assert cell_len(row) == 40
    assert row.startswith(ends[0]), row
    assert row.rstrip().endswith(ends[1].rstrip()), row


@given(widths, names, names, numbers, scanners, st.integers(0, 9999))
def test_who_works_takes_the_place_of_neither_order_nor_lost_scanner(
    width: int, who: str, station: str, number: str, scanners: dict[str, str], waiting: int
) -> None:
    place = ("Packing", f"SO {number}", "NORDWIND", "W-EAST")
    row, _ = row_of(width, station, scanners, *place, waiting=waiting, who=who)
    assert cell_len(row) <= width
    lost = sum(1 for word in scanners.values() if word)
    assert row.count("○") in (0, 1, lost) if lost else "○" not in row
    if cell_len(f" SO {number}  {waiting} waiting   ○ {lost} not ready · ") <= width:
        assert f"SO {number}" in row
