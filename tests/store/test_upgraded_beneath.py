"""A file that is upgraded while a station has it open; on a server: tests/on_postgresql/test_upgrades.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.domain.store_errors import StoreBusy, WrongSchema
from scanstation.domain.verdict import Tone
from scanstation.store import orders
from scanstation.store.engine import build_engine
from scanstation.store.schema import SCHEMA
from scanstation.store.store import Store, open_for_upkeep
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from scanstation.workflows.upkeep import upkeep
from tests.builders import product, purchase
from tests.store.old_schema import of_first_schema


@contextmanager
def upgraded(store: Store) -> Iterator[None]:
    """A version that this one does not know, put there by somebody else."""

    def become(version: str) -> None:
        with other.begin() as tx:
            tx.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")

    other = build_engine(store.url)
    become("9999")
    yield
    become(SCHEMA)
    other.dispose()


def test_a_station_at_work_stops_with_a_sentence_and_nothing_is_written(site: Site) -> None:
    product(site, "BAT", 0)
    order = purchase(site, "N-1", {"BAT": 3})
    desk = Desk(site, OrderKind.PURCHASE)
    for code in ("N-1", "BAT"):
        desk.answer(Scan(code))
    with upgraded(site.store):
        for act in (partial(desk.answer, Scan("BAT")), desk.undo, desk.refresh):
            with pytest.raises(WrongSchema, match=f"upgraded while this station ran, from {SCHEMA} to 9999"):
                act()
    with site.store.read() as tx:
        assert orders.lines(tx, order)[0].in_work == 1
    verdict = desk.answer(Scan("BAT")).verdict  # and the lock was given back
    assert verdict is not None
    assert verdict.tone is Tone.OK


def test_a_file_that_a_station_has_open_is_not_upgraded(tmp_path: Path) -> None:
    """Stations of earlier versions would not notice, and write what nothing seals."""
    url = f"sqlite:///{tmp_path}/store.db"
    of_first_schema(url)
    station = open_for_upkeep(url)
    with station.read():
        pass
    with pytest.raises(StoreBusy, match="is in use"):
        upkeep.upgrade(url)
    assert {path.name for path in tmp_path.glob("*.db")} == {"store.db"}
    station.close()
    assert isinstance(upkeep.upgrade(url), Done)
