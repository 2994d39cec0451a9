"""House serials in the store: each number once, and the units that are known by one."""

import pytest

from scanstation.domain.house_serials import WhyNone
from scanstation.domain.scan import Source
from scanstation.domain.status import Move
from scanstation.domain.verdict import CodeKind
from scanstation.store import house_serials, moves, units
from scanstation.store.store import Store
from scanstation.workflows.site import Site
from tests import builders
from tests.on_postgresql.at_once import at_once
from tests.serials import code, moved, opening


def give(site: Site, product_id: int, why: WhyNone = WhyNone.UNREADABLE) -> str:
    return site.store.act(lambda tx: house_serials.give(tx, product_id, "HS-", why, site.stamp())).text


@pytest.mark.both_stores
def test_two_stations_at_once_are_never_given_the_same(store: Store) -> None:
    site = Site(store, "Ana", "dock-2")
    product_id = builders.product(site, "CAM-300", 1)
    acts = [lambda station=station: give(site.at_station(station), product_id) for station in ("dock-1", "dock-2") * 3]

    given = at_once(acts)

    assert sorted(given) == [f"HS-{number:06}" for number in range(1, 7)]


def test_what_anything_has_as_its_code_is_passed_over(site: Site) -> None:
    product_id = builders.product(site, "CAM-300", 1)
    builders.product(site, "LENS", 1, client="SUEDWIND")
    opening(site, "SUEDWIND", "W-EAST", "LENS", "hs-000001", "HS-000002")
    moved(site, Move.REMOVE, opening(site, "NORDWIND", "W-EAST", "CAM-300", "HS-000003"))

    assert give(site, product_id) == "HS-000004"


@pytest.mark.both_stores
def test_units_are_counted_until_their_own_serial_is_found(store: Store) -> None:
    site = Site(store, "Ana", "dock-2")
    product_id = builders.product(site, "CAM-300", 1)
    builders.product(site, "CAM-300", 1, client="SUEDWIND")
    first, second = (give(site, product_id, why) for why in (WhyNone.UNREADABLE, WhyNone.DUPLICATE))
    one, other, third = opening(site, "NORDWIND", "W-EAST", "CAM-300", first, second, "C-1")
    opening(site, "SUEDWIND", "W-EAST", "CAM-300", first)
    builders.shipment(site, "S-901", {"CAM-300": 5})

    with store.read() as tx:
        assert house_serials.count(tx) == 2
        assert house_serials.of_units(tx, [one, other, third]) == {one: "unreadable", other: "maker's duplicate"}
        assert house_serials.of_units(tx, []) == {}
        known = units.known(tx, one)
    found = code("C-2")
    store.act(
        lambda tx: moves.correct_code(
            tx, known, CodeKind.PRIMARY, first, found, site.stamp(), source=Source.SCAN, reason="found"
        )
    )
    moved(site, Move.DISPOSE, [other])

    with store.read() as tx:
        assert house_serials.count(tx) == 0
        assert house_serials.of_units(tx, [one]) == {}
