"""Heads of lists and titles of forms are of the language in which the station speaks, and none of them is cut."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import scanstation
from scanstation import languages
from scanstation.domain import language
from scanstation.domain.language import translated
from scanstation.domain.plurals import counted
from scanstation.screens.recall import _FIELDS as RECALLED
from scanstation.screens.widgets.pick_list import Column, Pick, PickList
from scanstation.workflows.reports.report_form import FIELDS
from scanstation.workflows.site import Site
from tests import builders
from tests.longer import longer_texts
from tests.screens.rig import Rig, play, stock
from tests.serials import received
from tests.workflows import done_work

OTHERS = ("de", "es", "pl", "fr")
ORDERS = ("Number", "Due", "Client", "Status", "done", "serials")
IN_ENGLISH = {"SKU", "Status", "PO", "SO", "Code", "Client", "Description", "Lot"}
"""Are the same word in one language or another."""


@contextmanager
def spoken(code: str) -> Iterator[None]:
    languages.speak(code)
    try:
        yield
    finally:
        language.speak(None)


@pytest.fixture
def warehouse(site: Site) -> Site:
    """One with a partially received order of goods that are imported, and a few serials."""
    stock(site)
    bought = builders.purchase(site, "N-2005", {"LAP-15": 3, "BAT-100": 5}, due="2026-11-27")
    done_work.received(site, bought, "LAP-15", quantity=2)
    received(
        site, builders.purchase(site, "N-2001", {"CAM-300": 14}), "CAM-300", *((f"SN-{n}", f"L-{n}") for n in "12")
    )
    return site


@pytest.mark.parametrize(
    "code", ["de", "pl", *(pytest.param(one, marks=pytest.mark.long) for one in ("en", "es", "fr"))]
)
def test_no_head_is_cut_and_none_is_left_in_english(warehouse: Site, code: str) -> None:
    async def scenes(rig: Rig) -> None:
        def are_whole(*heads: str, beside: str = "") -> None:
            """In one row, in their order."""
            row = rig.row(translated(beside or heads[0]))
            places = [row.find(translated(head)) for head in heads]
            assert -1 not in places, (heads, row)
            assert places == sorted(places), (heads, row)
            if code != "en":
                words = row.split()
                assert [head for head in {*heads} - IN_ENGLISH if head in words] == []

        await rig.press("f7")
        are_whole(*ORDERS)
        assert "Partially Recei" in rig.text
        await rig.scan("N-2005")
        are_whole("SKU", "Description", "ordered", "received", "in work", "serials", beside="Description")
        await rig.press("escape", "escape", "f9", "f7")
        are_whole("SKU", "Client", "Description", "Serials", beside="Description")
        await rig.press("escape", "f8", "enter")
        are_whole("Serial", "SKU", "Status", "Since", "Order", beside="Since")
        await rig.press("f6")
        for _, title, _ in FIELDS:
            are_whole(title)
        await rig.press("escape", "escape", "down", "enter")
        are_whole("Serial", "SKU", "When", "Order", "By", "At", "Source", beside="Source")
        await rig.press("escape", "down", "down", "enter")
        for _, title, _ in RECALLED:
            are_whole(title)
        await rig.type("CAM-300")
        await rig.press("f5")
        are_whole("Serial", "Where, or to whom", "Status", "Lot", beside="Where, or to whom")
        await rig.scan("SS-HOME", "N-1003")
        are_whole("SKU", "Description", "ordered", "done", "serials", beside="ordered")

    with spoken(code):
        play(warehouse, scenes)


def test_the_bar_gives_way_before_a_word_is_cut_and_a_head_never_does() -> None:
    columns = (
        *(Column("Number"), Column("Due"), Column("Status", most=18), Column(is_bar=True)),
        *(Column("done", right=True), Column("serials", right=True)),
    )
    listed = PickList(columns, id="orders")
    cells = ("N-1003", "Fri 27 Nov", "Partially Received", "7/8", "7 of 8", "0 of 2")
    listed.show([Pick(1, cells)])

    def rows(width: int) -> list[str]:
        return ["".join(text for text, _ in row) for row in listed.rows(width, 5)]

    assert "Partially Received  ═══════─  " in rows(80)[1]
    assert "Partially Received  ═══─  " in rows(65)[1]
    assert "Partially Re…  ═══─  " in rows(60)[1]
    with longer_texts():
        heads, row = rows(76)
        assert [head for head in ORDERS if head != "Client" and translated(head) not in heads] == []
        assert "Parti" in row


@pytest.mark.parametrize("code", OTHERS)
def test_counts_with_their_nouns_are_as_wide_as_they_are_read(code: str) -> None:
    listed = PickList([Column(grows=True), Column(right=True)], id="orders")
    with spoken(code):
        noun = counted(12_345, "unit", grouped=True)
        listed.show([Pick(1, ("S-905", noun))])
        (row,) = listed.rows(40, 5)
        assert "".join(text for text, _ in row).rstrip().endswith(language.shown(noun))


def _titles() -> Iterator[str]:
    """What the entry line of a screen asks for, where it is a fixed text."""
    for file in (Path(scanstation.__file__).parent / "screens").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="show_scan"), args=[ast.Constant(value=str() as title), *_]):
                    yield title
                case ast.Call(
                    func=ast.Attribute(attr="show_scan"),
                    args=[ast.Call(func=ast.Name(id="worded"), args=[ast.Constant(value=str() as title)]), *_],
                ):
                    yield title


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_what_the_entry_line_asks_for_is_whole_on_a_handheld(code: str) -> None:
    titles = {title for title in _titles() if "{" not in title}
    assert len(titles) > 20
    with spoken(code):
        assert [translated(title) for title in titles if len(translated(title)) > 34] == []
