"""The life of a unit, by any code it ever had."""

import pytest
from sqlalchemy import Connection

from scanstation import languages
from scanstation.domain import language
from scanstation.domain.scan import Scan
from scanstation.domain.status import Move, UnitStatus
from scanstation.domain.verdict import Verdict
from scanstation.workflows.reports.tracing import as_json, trace
from scanstation.workflows.scanning.home import Traced, meaning
from scanstation.workflows.site import Site
from tests import builders
from tests.serials import held, moved, opening, received


@pytest.fixture
def camera(site: Site) -> int:
    """A camera that was received, packed and shipped."""
    builders.product(site, "CAM-300", 3)
    bought = builders.purchase(site, "N-1003", {"CAM-300": 10})
    sold = builders.shipment(site, "S-901", {"CAM-300": 5})
    (unit,) = received(site, bought, "CAM-300", ("SN-0001", "LENS-1"))
    moved(site, Move.PACK, [unit], sold, "CAM-300")
    moved(site, Move.SHIP, [unit], sold, "CAM-300")
    return unit


@pytest.mark.parametrize("code", ["SN-0001", " sn-0001 ", "lens-1"])
def test_the_whole_life_is_found_by_either_code(site: Site, camera: int, code: str) -> None:
    (life,) = trace(site, code)
    assert life.unit.id == camera
    assert [event.what for event in life.events] == [Move.RECEIVE, Move.PACK, Move.SHIP]
    assert [event.order for event in life.events] == ["N-1003", "S-901", "S-901"]
    assert life.standing == "Shipped"


def test_the_label_that_a_desk_took_is_found_too(site: Site) -> None:
    """Its marks are no part of its serial (RULES 2.8); a product's own code is that product all the same."""
    builders.product(site, "CAM-300", 1, strip="SN:;S", pattern="[0-9]+")
    builders.product(site, "RTR-1", 3, secondary_pattern="mac", pattern="RTR;(?P<serial>[0-9]+)")
    builders.product(site, "SN:77", 0)
    opening(site, "NORDWIND", "W-EAST", "CAM-300", "4711", "77")
    opening(site, "NORDWIND", "W-EAST", "RTR-1", ("900", "00:1A:2B:3C:4D:5E"))
    for text, primary in (("SN:4711", "4711"), ("s4711", "4711"), ("RTR;900", "900"), ("001a2b3c4d5e", "900")):
        assert [life.unit.primary for life in trace(site, text)] == [primary], text
        at_home = meaning(site, Scan(text))
        assert isinstance(at_home, Traced)
        assert [life.unit.primary for life in at_home.lives] == [primary], text
    assert isinstance(meaning(site, Scan("SN:77")), Verdict)
    for text in ("SN:4712", "X4711", "RTR;901"):
        assert trace(site, text) == ()


def test_a_code_that_nobody_had_has_no_life(site: Site, camera: int) -> None:
    assert trace(site, "SN-000") == ()
    assert trace(site, "") == ()


def test_gone_units_and_the_one_that_took_their_code_are_told_apart(site: Site, camera: int) -> None:
    (gone,) = opening(site, "NORDWIND", "W-EAST", "CAM-300", "SN-7")
    moved(site, Move.REMOVE, [gone])
    (again,) = opening(site, "NORDWIND", "W-EAST", "CAM-300", "SN-7")
    lives = trace(site, "SN-7")
    assert [(life.unit.id, life.unit.status) for life in lives] == [
        (gone, UnitStatus.GONE),
        (again, UnitStatus.RECEIVED),
    ]
    assert [life.unit.primary for life in lives] == ["SN-7", "SN-7"]


def test_the_same_code_of_two_products_is_two_lives(site: Site, camera: int) -> None:
    builders.product(site, "BAT-100", 1)
    opening(site, "NORDWIND", "W-EAST", "BAT-100", "SN-0001")
    assert [life.unit.sku for life in trace(site, "SN-0001")] == ["CAM-300", "BAT-100"]


def test_a_unit_in_hand_says_whose_hands(site: Site, camera: int) -> None:
    held(site, builders.purchase(site, "N-1004", {"CAM-300": 1}), "CAM-300", "SN-8")
    (life,) = trace(site, "SN-8")
    assert life.standing == "on Ana's open receipt N-1004 at dock-2"
    assert life.events == ()
    (told,) = as_json([life])
    assert told["status"] == "Held"
    assert isinstance(told["held"], dict)
    languages.speak("de")
    try:
        assert language.shown(life.standing) == "im offenen Wareneingang N-1004 von Ana an dock-2"
        assert language.english(life.standing) == "on Ana's open receipt N-1004 at dock-2"
    finally:
        language.speak(None)
    assert (told["held"]["po_number"], told["held"]["station"]) == ("N-1004", "dock-2")


def test_a_code_that_was_corrected_still_finds_its_unit(site: Site, camera: int) -> None:
    def correct(tx: Connection) -> None:
        tx.exec_driver_sql("UPDATE unit_code SET live = false WHERE text = 'SN-0001'")
        tx.exec_driver_sql(
            "INSERT INTO unit_code (unit_id, product_id, kind, text, text_key, reversed_key, live) "
            "SELECT unit_id, product_id, kind, 'SN-1000', 'SN-1000', '0001-NS', true FROM unit_code "
            "WHERE text = 'SN-0001'"
        )

    site.store.act(correct)
    (life,) = trace(site, "SN-0001")
    assert (life.unit.id, life.unit.primary) == (camera, "SN-1000")


def test_the_json_of_a_life_has_its_events(site: Site, camera: int) -> None:
    (told,) = as_json(trace(site, "SN-0001"))
    assert (told["primary_serial"], told["secondary_serial"], told["status"]) == ("SN-0001", "LENS-1", "Shipped")
    assert told["held"] is None
    events = told["events"]
    assert isinstance(events, list)
    assert [event["what"] for event in events] == ["Received", "Packed", "Shipped"]
    assert (events[0]["po_number"], events[0]["so_number"]) == ("N-1003", None)
    assert (events[1]["po_number"], events[1]["so_number"]) == (None, "S-901")
    assert events[2]["operator"] == "Ana"
