"""What a server's failure is told as, by its SQLSTATE: raised by a real server, in the middle of an act."""

import pytest
from sqlalchemy.exc import DBAPIError

from scanstation.domain.store_errors import (
    NotAStore,
    StoreBusy,
    StoreError,
    StoreFailed,
    StoreForbidden,
    StoreFull,
    StoreUnreachable,
)
from scanstation.store import orders
from scanstation.store.store import Store, Transaction
from scanstation.workflows.site import Site
from tests.builders import product, purchase

MEANS: dict[str, tuple[type[StoreError], str]] = {
    "08006": (StoreUnreachable, "cannot be reached"),
    "57P01": (StoreUnreachable, "cannot be reached"),
    "57P02": (StoreUnreachable, "cannot be reached"),
    "57P03": (StoreUnreachable, "cannot be reached"),
    "53300": (StoreUnreachable, "no connection free"),
    "57014": (StoreBusy, "cancelled"),
    "25P04": (StoreBusy, "cancelled"),
    "40001": (StoreBusy, "kept the store busy"),
    "40P01": (StoreBusy, "kept the store busy"),
    "55P03": (StoreBusy, "kept the store busy"),
    "53100": (StoreFull, "no room on the disk"),
    "53400": (StoreFailed, "one of its limits"),
    "53200": (StoreFailed, "no memory"),
    "58030": (StoreFailed, "disk"),
    "XX001": (NotAStore, "damaged"),
    "XX002": (NotAStore, "damaged"),
    "42501": (StoreForbidden, "refuses"),
    "42P01": (StoreForbidden, "refuses"),
    "25006": (StoreForbidden, "refuses"),
    "28P01": (StoreForbidden, "lets nobody in"),
    "3D000": (StoreUnreachable, "cannot be reached"),
}


def failing(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'the server says so' USING ERRCODE = '{state}'; END $$"


@pytest.mark.wide(20)
@pytest.mark.parametrize("state", MEANS)
def test_it_is_told_and_nothing_is_half_done(site: Site, state: str) -> None:
    product(site, "CAM", 1)
    order = purchase(site, "N-1", {"CAM": 3})

    def act(tx: Transaction) -> None:
        line = orders.lines(tx, order)[0]
        assert orders.take(tx, line.id, 1)
        tx.exec_driver_sql(failing(state))

    error, says = MEANS[state]
    with pytest.raises(error) as raised:
        site.store.act(act)
    assert says in raised.value.title
    assert raised.value.hint
    with site.store.read() as tx:
        assert orders.lines(tx, order)[0].in_work == 0


def test_a_mistake_of_our_own_is_not_told_as_the_servers(store: Store) -> None:
    with pytest.raises(DBAPIError):
        store.act(lambda tx: tx.exec_driver_sql(failing("42601")))
