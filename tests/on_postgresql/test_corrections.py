"""Corrections by several supervisors in the same moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from scanstation.domain.outcome import Done, Refused
from scanstation.store.store import open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.orders import corrections
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.conftest import Clock
from tests.on_postgresql.at_once import at_once
from tests.serials import opening
from tests.workflows.done_work import packed, received


@pytest.fixture(autouse=True)
def every_store_agrees_afterwards(site: Site) -> Iterator[None]:
    yield
    assert findings(site.store) == []


@pytest.fixture
def supervisors(url: str, site: Site) -> Iterator[list[Site]]:
    """Four supervisors, each connected by himself."""
    stores = [open_store(url, Clock()) for _ in range(4)]
    yield [Site(store, "Ana", f"office-{number}") for number, store in enumerate(stores, 1)]
    for store in stores:
        store.close()


def test_of_supervisors_who_take_one_unit_back_at_once_one_does(site: Site, supervisors: list[Site]) -> None:
    product(site, "CAM", 1)
    product(site, "LAP", 2)
    bought = purchase(site, "N-1", {"CAM": 3})
    received(site, bought, "CAM", "A1", "A2", "A3")
    packed(site, shipment(site, "S-1", {"CAM": 3}), "CAM", "A1", "A2")
    opening(site, "NORDWIND", "W-EAST", "LAP", "L1")
    acts: list[Callable[[Site], Done | Refused]] = []
    for act, code in (
        (corrections.unpack, "A1"),
        (corrections.unreceive, "A3"),
        (corrections.unreceive, "L1"),
    ):
        found = corrections.choose(site, code)
        assert not isinstance(found, Refused)
        acts.append(partial(act, unit_id=found.unit.id, reason="why"))
    for act_of in acts:
        answers = at_once([partial(act_of, supervisor) for supervisor in supervisors])
        assert Counter(map(type, answers)) == {Done: 1, Refused: 3}, answers


def test_of_supervisors_who_want_one_code_one_gets_it(site: Site, supervisors: list[Site]) -> None:
    product(site, "LAP", 2)
    ids = opening(site, "NORDWIND", "W-EAST", "LAP", "L1", "L2", "L3", "L4")
    acts = [
        partial(corrections.correct, supervisor, unit_id, f"L{number}", "L9", "why")
        for number, (supervisor, unit_id) in enumerate(zip(supervisors, ids, strict=True), 1)
    ]
    assert Counter(map(type, at_once(acts))) == {Done: 1, Refused: 3}


def test_of_supervisors_who_lower_one_count_one_does(site: Site, supervisors: list[Site]) -> None:
    product(site, "CBL")
    bought = purchase(site, "N-1", {"CBL": 10})
    received(site, bought, "CBL", quantity=10)
    answers = at_once([partial(corrections.lower, supervisor, bought, "CBL", 4, "why") for supervisor in supervisors])
    assert Counter(map(type, answers)) == {Done: 1, Refused: 3}
