"""Clocks that are set wrong, or back: nothing that happened later is recorded as earlier."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from scanstation.domain.outcome import Done
from scanstation.domain.scan import Scan
from scanstation.domain.status import OrderKind
from scanstation.store import tables as t
from scanstation.workflows.imports import importing
from scanstation.workflows.orders import purchase_orders, shipment_orders
from scanstation.workflows.scanning.desk import Desk
from scanstation.workflows.site import Site
from tests.builders import product, purchase, shipment
from tests.conftest import Clock


@pytest.mark.both_stores
def test_a_clock_that_is_set_back_makes_nothing_older_than_what_was_before(
    site: Site, clock: Clock, tmp_path: Path
) -> None:
    product(site, "TAB", 7)
    assert isinstance(purchase_orders.receive_all(site, purchase(site, "N-1", {"TAB": 3})), Done)
    order = shipment(site, "S-1", {"TAB": 3})

    def imported(kind: OrderKind, number: str, *serials: str) -> None:
        sheet = tmp_path / "serials.csv"
        rows = "".join(f"W-EAST,NORDWIND,{number},TAB,{serial},B{serial}\n" for serial in serials)
        head = f"Warehouse,Client,{kind.value} Number,SKU,Primary Serial Number,Secondary Serial Number\n"
        sheet.write_text(head + rows, encoding="utf-8")
        answer = importing.import_serials(site, kind, sheet)
        assert isinstance(answer, Done), answer

    imported(OrderKind.PURCHASE, "N-1", "A-1", "A-2", "A-3")
    clock.moment -= timedelta(hours=1)
    desk = Desk(site, OrderKind.SHIPMENT)
    for code in ("S-1", "SS-QTY-3", "TAB", "SS-COMPLETE"):
        desk.answer(Scan(code))
    imported(OrderKind.SHIPMENT, "S-1", "A-1", "A-2", "A-3")
    clock.moment -= timedelta(hours=1)
    assert isinstance(shipment_orders.ship(site, order), Done)
    with site.store.read() as tx:
        lives = tx.execute(select(t.unit.c.received_at, t.unit.c.packed_at, t.unit.c.shipped_at)).all()
        told = tx.execute(select(t.unit_event.c.unit_id, t.unit_event.c.at).order_by(t.unit_event.c.id)).all()
    assert len(lives) == 3
    assert all(received <= packed <= shipped for received, packed, shipped in lives)
    for unit_id in {row.unit_id for row in told}:
        moments = [row.at for row in told if row.unit_id == unit_id]
        assert moments == sorted(moments)
