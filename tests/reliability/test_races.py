"""Two who want the same in the same moment: one of them gets it, and everything in the store agrees."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store.store import Store, open_store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports import importing, removing
from scanstation.workflows.orders import corrections, purchase_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.on_postgresql.at_once import at_once
from tests.reliability.rounds import rounds, seen
from tests.serials import opening
from tests.workflows.done_work import packed

pytestmark = [pytest.mark.long, pytest.mark.both_stores]

Race = tuple[Callable[[], bool], Callable[[], bool]]
"""Did it get what it wanted?"""
PO_SHEET = "Warehouse,Client,PO Number,SKU,Primary Serial Number\n"
SO_SHEET = "Warehouse,Client,SO Number,SKU,Primary Serial Number\n"


@pytest.fixture
def others(site: Site) -> Iterator[Site]:
    """The same store by connections of another station's."""
    store = open_store(site.store.url)
    yield Site(store, "Ben", "dock-3")
    store.close()


def at_desk(site: Site, kind: OrderKind, *codes: str) -> Desk:
    desk = Desk(site, kind)
    for code in codes:
        verdict = desk.answer(Scan(code)).verdict
        assert verdict is not None
        assert verdict.accepted, verdict
    return desk


def accepted(desk: Desk, code: str) -> Callable[[], bool]:
    def scan() -> bool:
        verdict = desk.answer(Scan(code)).verdict
        return verdict is not None and verdict.accepted

    return scan


def done(act: Callable[[], object]) -> Callable[[], bool]:
    return lambda: isinstance(act(), Done)


def same_serial(one: Site, other: Site, n: int, _: Path) -> Race:
    purchase(one, f"N-{n}", {"CAM": 4})
    a, b = (at_desk(site, OrderKind.PURCHASE, f"N-{n}", "CAM") for site in (one, other))
    return accepted(a, f"SN-{n}"), accepted(b, f"SN-{n}")


def last_unit(one: Site, other: Site, n: int, _: Path) -> Race:
    purchase(one, f"N-{n}", {"BAT": 1})
    a, b = (at_desk(site, OrderKind.PURCHASE, f"N-{n}") for site in (one, other))
    return accepted(a, "BAT"), accepted(b, "BAT")


def unreceive_and_pack(one: Site, other: Site, n: int, _: Path) -> Race:
    (unit,) = opening(one, "NORDWIND", "W-EAST", "CAM", f"SN-{n}")
    shipment(one, f"S-{n}", {"CAM": 1})
    desk = at_desk(other, OrderKind.SHIPMENT, f"S-{n}", "CAM")
    return done(lambda: corrections.unreceive(one, unit, "race")), accepted(desk, f"SN-{n}")


def import_and_import(one: Site, other: Site, n: int, folder: Path) -> Race:
    for number in (f"N-{n}", f"M-{n}"):
        purchase_orders.receive_all(one, purchase(one, number, {"LAP": 1}))
        (folder / f"{number}.csv").write_text(f"{PO_SHEET}W-EAST,NORDWIND,{number},LAP,SN-{n}\n")
    return (
        done(lambda: importing.import_serials(one, OrderKind.PURCHASE, folder / f"N-{n}.csv")),
        done(lambda: importing.import_serials(other, OrderKind.PURCHASE, folder / f"M-{n}.csv")),
    )


def remove_and_pack(one: Site, other: Site, n: int, folder: Path) -> Race:
    """Goods that are not scanned are packed by their import."""
    order = purchase(one, f"N-{n}", {"LAP": 1})
    purchase_orders.receive_all(one, order)
    (folder / "po.csv").write_text(f"{PO_SHEET}W-EAST,NORDWIND,N-{n},LAP,SN-{n}\n")
    assert isinstance(importing.import_serials(one, OrderKind.PURCHASE, folder / "po.csv"), Done)
    packed(one, shipment(one, f"S-{n}", {"LAP": 1}), "LAP", quantity=1)
    (folder / "so.csv").write_text(f"{SO_SHEET}W-EAST,NORDWIND,S-{n},LAP,SN-{n}\n")

    plan = importing.check(other, OrderKind.SHIPMENT, folder / "so.csv")  # both begin where the sheet is read
    return (
        done(lambda: removing.remove_serials(one, OrderKind.PURCHASE, order)),
        done(lambda: importing.carry_out(other, plan)),
    )


def complete_and_scan(one: Site, other: Site, n: int, _: Path) -> Race:
    """Of one work, as from a terminal that was taken for dead: what comes too late begins work of its own."""
    purchase(one, f"N-{n}", {"BAT": 3})
    first = at_desk(one, OrderKind.PURCHASE, f"N-{n}", "BAT")
    second = at_desk(other.at_station(one.station), OrderKind.PURCHASE, f"N-{n}")
    first.answer(Scan("SS-COMPLETE"))
    return accepted(first, "SS-YES"), accepted(second, "BAT")


def complete_and_undo(one: Site, other: Site, n: int, _: Path) -> Race:
    """Of one work: nothing is taken back from it once it is completed."""
    purchase(one, f"N-{n}", {"BAT": 1, "CAM": 1})
    twin = other.at_station(one.station)
    first = at_desk(one, OrderKind.PURCHASE, f"N-{n}", "BAT", "CAM", f"SN-{n}")
    second = at_desk(twin, OrderKind.PURCHASE, f"N-{n}")

    def undo() -> bool:
        verdict = second.answer(Scan("SS-UNDO")).verdict
        return verdict is not None and verdict.accepted

    return accepted(first, "SS-COMPLETE"), undo


RACES = {
    "same serial": same_serial,
    "last unit": last_unit,
    "unreceive and pack": unreceive_and_pack,
    "import and import": import_and_import,
    "remove and pack": remove_and_pack,
    "complete and scan": complete_and_scan,
    "complete and undo": complete_and_undo,
}
BOTH_MAY = "complete and scan"


@pytest.mark.parametrize("name", RACES)
def test_one_wins(site: Site, others: Site, store: Store, tmp_path: Path, name: str) -> None:
    for sku, scenario in (("CAM", 1), ("BAT", 0), ("LAP", 5)):
        product(site, sku, scenario)
    first = second = 0
    for number in rounds(10):
        here, there = site.at_station(f"dock-{number}"), others.at_station(f"bench-{number}")
        ours, theirs = at_once(RACES[name](here, there, number, tmp_path))
        assert ours + theirs == 1 or (name == BOTH_MAY and ours + theirs == 2), (number, ours, theirs)
        first, second = first + ours, second + theirs
    assert findings(store) == []
    where = "SQLite" if store.path else "PostgreSQL"
    seen(f"{name}, {where}", rounds=number + 1, won_by_the_first=first, won_by_the_second=second)
