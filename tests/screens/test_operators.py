"""Signing in at a station, and the PIN of an act (RULES 2.20)."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.badges import new_badge
from scanstation.domain.orders import Order
from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind, OrderStatus
from scanstation.screens.base import GoWanted
from scanstation.screens.station import Go, Where
from scanstation.workflows.access import operator_book, signing_in
from scanstation.workflows.orders import order_book
from scanstation.workflows.site import Site
from tests.screens.in_a_terminal import station
from tests.screens.pictures import Compare, in_all_sizes
from tests.screens.rig import Rig, pictured, play, station_app, stock
from tests.serials import opening
from tests.staff import PIN, badge_of, turn_on


def signs_in(site: Site, *, role: str = "receiver") -> str:
    """A site where people sign in; the badge of Ben, who has one role."""
    stock(site)
    code = badge_of(site, "Ben", role)
    turn_on(site)
    return code


def test_a_badge_changes_people_in_one_scan_and_the_act_is_of_who_was_there(site: Site) -> None:
    ben = signs_in(site)
    zoe = badge_of_another(site, "Zoe", "receiver", "packer")

    async def scenes(rig: Rig) -> None:
        assert "Scan your badge" in rig.text
        await rig.scan("N-1003")
        assert rig.verdict.startswith("STOP Nobody has signed in here. Scan your badge first, then N-1003 again.")
        await rig.press("f8")
        assert "HOME" in rig.lines[0]
        await rig.scan(ben, "N-1003", "CAM-300")
        assert "Ben · dock-2" in rig.lines[0]
        await rig.scan(zoe)
        assert rig.verdict.startswith("STOP BADGE-… is an operator's badge")
        assert "CAM-300" in rig.row("Primary serial")
        await rig.scan("SS-CANCEL", zoe)
        assert "Zoe · dock-2" in rig.lines[0]
        await rig.scan("BAT-100", "SS-COMPLETE", "SS-YES")
        assert rig.verdict.startswith("OK")
        await rig.scan(ben, "SS-PACK", "S-901")
        assert rig.verdict == "STOP S-901: Ben may not pack: the right “pack” is missing."
        await rig.press("ctrl+l")
        assert rig.verdict.endswith("Ben is signed out. Scan a badge to go on.")
        assert "Scan your badge" in rig.text
        assert not any(code.removeprefix("BADGE-") in rig.text for code in (ben, zoe))

    play(site, scenes)
    assert rows(site, "operator, closed_by", "work")[0] == ("Ben", "Zoe")
    assert not [row for row in rows(site, "code", "refusal") if "BADGE-" in row[0] and row != ("BADGE-…",)]


def test_an_idle_station_asks_its_store_nothing_and_learns_of_sign_in_all_the_same(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        def looks() -> set[str]:
            rig.app._look_at_others()
            rig.app._look_at_desks()
            return {worker.name for worker in rig.app.workers if worker.name in ("seat", "desks")}

        await rig.press("f5")
        assert looks() == set()
        await rig.scan("N-1003", "BAT-100")
        assert looks() == {"desks"}
        turn_on(site)
        await rig.scan("SS-HOME")
        assert "nobody" not in rig.lines[0]
        await rig.app._beat()
        await rig.settle()
        assert "nobody · dock-2" in rig.lines[0]
        assert "seat" in looks()

    play(site, scenes)


def test_sign_in_that_was_turned_on_elsewhere_is_shown_with_the_first_refusal(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        turn_on(site)
        await rig.scan("N-1003")
        assert rig.verdict.startswith("STOP Nobody has signed in here. To receive, scan your badge first.")
        assert "nobody · dock-2" in rig.lines[0]

    play(site, scenes)


def badge_of_another(site: Site, name: str, *roles: str) -> str:
    """An operator who comes while sign-in is on."""
    assert signing_in.by_pin(site, "Mia", PIN)
    code = badge_of(site, name, *roles)
    site.seat.get_up()
    return code


def rows(site: Site, column: str, table: str) -> list[tuple[str, ...]]:
    with site.store.read() as tx:
        return [tuple(row) for row in tx.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY id")]


@pytest.mark.parametrize("codes", [["SS-RECEIVE"], ["N-1003"], ["N-1003", "CAM-300"]], ids=["desk", "order", "owed"])
def test_who_goes_while_the_store_is_away_is_gone_and_the_station_stays(site: Site, codes: list[str]) -> None:
    ben = signs_in(site)
    file = site.store.path
    assert file is not None
    away = file.with_suffix(".away")

    async def scenes(rig: Rig) -> None:
        await rig.scan(ben, *codes)
        file.rename(away)
        await rig.press("ctrl+l")
        assert rig.verdict.endswith("Ben is signed out. Scan a badge to go on.")
        assert "nobody · dock-2" in rig.lines[0]
        away.rename(file)

    play(site, scenes)


def test_without_sign_in_a_badge_is_no_code_anywhere(site: Site) -> None:
    stock(site)

    async def scenes(rig: Rig) -> None:
        await rig.scan(new_badge())
        assert rig.verdict.startswith("STOP That is an operator's badge, and nobody has to sign in here.")
        await rig.scan("N-1003", "CAM-300", new_badge())
        assert rig.verdict.startswith("STOP BADGE-… is an operator's badge, and no code.")
        assert "CAM-300" in rig.row("Primary serial")
        assert "dock-2" in rig.lines[0]

    play(site, scenes)


def test_reports_are_read_by_whoever_may_and_by_nobody_who_comes_after(site: Site) -> None:
    ben = signs_in(site, role="packer")
    zoe = badge_of_another(site, "Zoe", "clerk")

    async def scenes(rig: Rig) -> None:
        await rig.scan(ben)
        await rig.app.ways.go(Go(Where.REPORTS))
        await rig.press("enter")
        assert rig.verdict == "STOP Ben may not read reports: the right “view” is missing."
        await rig.scan(zoe)
        await rig.press("enter")
        assert "Scan or type a serial or an order" in rig.text
        await rig.scan(ben)
        await rig.press("pagedown")
        assert rig.verdict.startswith("STOP Ben may not read reports")
        assert "Choose a report" in rig.text

    play(site, scenes)


async def to_the_pin(rig: Rig) -> None:
    """Close an order short, as far as the PIN."""
    await rig.scan("SS-HOME")
    await rig.press("f7", "enter", "down", "down", "enter", "y")
    await rig.type("the truck is gone")
    assert "PIN of Ben" in rig.text, rig.text


def test_a_pin_is_typed_and_nothing_scanned_is_one(site: Site) -> None:
    ben = signs_in(site, role="supervisor")

    async def scenes(rig: Rig) -> None:
        await rig.scan(ben)
        await to_the_pin(rig)
        await rig.scan(ben, PIN, "SS-YES")
        assert rig.verdict.startswith("STOP A PIN is typed, not scanned.")
        await rig.pilot.press(*"246802")
        assert "246802" not in rig.text
        await rig.press("enter")
        assert rig.verdict.startswith("STOP That is not the PIN.")
        await rig.press("escape", "escape")
        await to_the_pin(rig)
        await rig.press("escape")
        assert rig.verdict.startswith("CHECK Nothing was changed.")
        await rig.press("escape")
        assert status(site) is OrderStatus.OPEN
        await to_the_pin(rig)
        await rig.type(PIN)
        assert rig.verdict.startswith("OK N-1003 is Completed")

    play(site, scenes)
    assert not site.seat.proved_pin, "the next act asks again"


def status(site: Site) -> OrderStatus:
    found = order_book.choose(site, OrderKind.PURCHASE, "N-1003")
    assert isinstance(found, Order)
    return found.status


async def signed_out(rig: Rig) -> None:
    assert "Scan your badge" in rig.text


@in_all_sizes
def test_home_before_anybody_has_signed_in(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    signs_in(site)
    assert pictured(station_app(site), snap_compare, size, signed_out)


@in_all_sizes
def test_a_desk_before_anybody_has_signed_in(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    signs_in(site)

    async def scene(rig: Rig) -> None:
        await rig.press("f5")
        assert "Scan your badge" in rig.text
        await rig.scan("N-1003")
        assert rig.verdict.startswith("STOP N-1003: Nobody has signed in here.")

    assert pictured(station_app(site), snap_compare, size, scene)


@in_all_sizes
def test_a_pin_is_asked(site: Site, snap_compare: Compare, size: tuple[int, int]) -> None:
    ben = signs_in(site, role="supervisor")

    async def scene(rig: Rig) -> None:
        await rig.scan(ben)
        await to_the_pin(rig)
        await rig.pilot.press(*"1357")
        await rig.settle()

    assert pictured(station_app(site), snap_compare, size, scene)


def test_a_badge_and_a_pin_in_a_real_terminal(site: Site) -> None:
    """Scanned as bursts of keys, typed as a person types."""
    ben = signs_in(site)
    with station(site) as terminal:
        terminal.wait_for("Scan your badge")
        terminal.scan(ben)
        terminal.wait_for("Ben · dock-2")
        terminal.scan("N-1003")
        terminal.wait_for("N-1003 is open")


# Each in their own language


@pytest.fixture
def english() -> Iterator[None]:
    """The station's language, whatever is spoken in between."""
    yield
    language.speak(None)


ALIKE = (Where.PACK, Where.SHIPMENT_ORDERS, Where.PRODUCT)
PLACES = [where for where in Where if where not in (Where.BACK, *ALIKE)]


@pytest.mark.usefixtures("english")
def test_a_badge_brings_its_owners_language_to_each_screen(site: Site) -> None:
    stock(site)
    opening(site, "NORDWIND", "W-EAST", "CAM-300", ("C-1", "L-1"))
    zoe, eva = badge_of(site, "Zoe", "manager"), badge_of(site, "Eva", "manager")
    assert isinstance(operator_book.set_language(site, "Eva", "de"), Done)
    turn_on(site)
    (order,) = [one.order.id for one in order_book.listing(site, OrderKind.PURCHASE) if one.order.number == "N-1003"]

    def after_evas_badge(setting: str) -> dict[Where, str]:
        seen: dict[Where, str] = {}

        async def scenes(rig: Rig) -> None:
            for where in PLACES:
                await rig.scan(zoe)
                go = Go(where, order_id=order if where in (Where.RECEIVE, Where.ORDER) else 0)
                rig.app.screen.post_message(GoWanted(replace(go, code="C-1") if where is Where.TRACE else go))
                await rig.settle()
                await rig.scan(eva)
                seen[where] = rig.text

        languages.speak(setting)
        site.seat.speak = partial(languages.speak_to, setting=setting)
        play(site, scenes)
        site.seat.get_up()
        return seen

    whole, changed = after_evas_badge("de"), after_evas_badge("en")
    assert {where: "Eva ist jetzt hier." in text for where, text in changed.items()} == dict.fromkeys(PLACES, True)
    for where in PLACES:
        assert changed[where] == whole[where], where


@pytest.mark.usefixtures("english")
def test_who_is_signed_out_takes_the_language_along_also_from_a_code_that_is_owed(site: Site) -> None:
    stock(site)
    eva = badge_of(site, "Eva", "manager")
    assert isinstance(operator_book.set_language(site, "Eva", "de"), Done)
    turn_on(site)
    site.seat.speak = partial(languages.speak_to, setting="en")

    async def scenes(rig: Rig) -> None:
        await rig.scan(eva, "N-1003")
        assert rig.verdict.startswith("OK N-1003 ist offen")
        await rig.press("ctrl+l")
        assert "Scan your badge" in rig.text
        assert "Purchase orders" in rig.text
        await rig.scan(eva, "N-1003", "CAM-300")
        assert "CAM-300" in rig.row("Primäre Seriennummer")
        await rig.press("ctrl+l")
        assert "CAM-300" in rig.row("Primary serial")
        assert "F1 Help" in rig.text

    play(site, scenes)
