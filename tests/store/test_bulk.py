"""Many rows at once: what SQLite is told to leave out for them is back afterwards, whatever happens."""

from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from scanstation.domain.outcome import Done
from scanstation.domain.status import OrderKind
from scanstation.store import tables as t
from scanstation.store.bulk import without_foreign_keys
from scanstation.store.store import Store
from scanstation.store.upkeep import findings
from scanstation.workflows.imports.importing import import_serials
from scanstation.workflows.site import Site
from tests.builders import product, purchase
from tests.workflows.done_work import received

MANY = 6_000


def guarded(tx: Connection) -> bool:
    """Is an event of a unit that does not exist refused?"""
    event = {"unit_id": 99_999, "at": "", "what": "Received", "status": "Received", "operator": "", "station": ""}
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), tx.begin():
        tx.execute(insert(t.unit_event).values(**event, source="scan", reason=""))
    return True


def all_are_guarded(store: Store) -> bool:
    """Both connections that the store keeps."""
    with store.engine.connect() as one, store.engine.connect() as other:
        return guarded(one) and guarded(other)


def test_an_import_of_many_serials_leaves_every_reference_right_and_guarded(site: Site, tmp_path: Path) -> None:
    product(site, "LAP", 5)
    received(site, purchase(site, "N-1", {"LAP": MANY}), "LAP", quantity=MANY)
    rows = (f"W-EAST,NORDWIND,N-1,LAP,SN-{number:05}\n" for number in range(MANY))
    sheet = tmp_path / "serials.csv"
    sheet.write_text("Warehouse,Client,PO Number,SKU,Primary Serial Number\n" + "".join(rows))
    assert isinstance(import_serials(site, OrderKind.PURCHASE, sheet), Done)
    assert findings(site.store) == []
    assert all_are_guarded(site.store)


def test_references_are_guarded_again_after_a_failure(store: Store) -> None:
    with (
        pytest.raises(RuntimeError, match="the disk"),
        store.engine.connect() as tx,
        without_foreign_keys(tx, MANY),
        tx.begin(),
    ):
        raise RuntimeError("the disk")
    assert all_are_guarded(store)


def test_a_connection_that_stays_unguarded_is_not_used_again(store: Store) -> None:
    with store.engine.connect() as tx:
        with without_foreign_keys(tx, MANY):
            tx.begin()  # still open at the end, when SQLite ignores the pragma to guard
        tx.close()
    assert all_are_guarded(store)


def test_a_few_rows_are_guarded_all_the_time(store: Store) -> None:
    with store.engine.connect() as tx, without_foreign_keys(tx, 10):
        assert guarded(tx)
